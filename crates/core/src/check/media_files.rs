//! What can be found out about the files themselves: each distinct address once, whoever looks.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::{
    problem::{ProblemKind, Severity},
    template::MediaKind,
};

/// So many different files are followed one by one. A file with more has one address a row, and nobody could look at
/// them all.
const MAX_FILES: usize = 300;
/// Recommended (the user manual): at most 1200 × 1200 pixels and 500 KB.
const RECOMMENDED_PIXELS: u32 = 1200;
const RECOMMENDED_IMAGE_BYTES: u64 = 500 * 1024;
const MEGABYTE: u64 = 1024 * 1024;

/// How large a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaSize {
    /// So many bytes.
    Bytes(u64),
    /// Its server doesn't say, or not to everybody.
    NotTold,
}

/// What was found out about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaFacts {
    /// Width and height in pixels of an image that could be opened; `None` if it couldn't, or is none.
    pub pixels: Option<(u32, u32)>,
    /// Its weight.
    pub size: MediaSize,
}

/// A file that rows name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// Its address.
    pub url: String,
    /// The sheet's rows that name it, from 0, in order.
    pub rows: Vec<u32>,
    /// What is known of it; `None` before anybody has looked.
    pub findings: Option<Vec<ProblemKind>>,
}

impl MediaFile {
    /// Whether a row names it, and nobody has looked at it. Edits can leave a file without rows.
    pub fn is_unknown(&self) -> bool {
        self.findings.is_none() && !self.rows.is_empty()
    }

    /// Whether it keeps its rows from being sent.
    pub fn is_refused(&self) -> bool {
        self.findings.iter().flatten().any(|kind| kind.severity() == Severity::Error)
    }
}

/// The files of a sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct MediaFiles {
    pub(super) files: Vec<MediaFile>,
    /// Their places by their addresses.
    places: HashMap<String, usize, FxBuildHasher>,
    /// Rows whose file isn't among those that are followed.
    pub(super) n_rows_beyond: usize,
}

impl MediaFiles {
    /// Notes that a row names this file.
    pub(super) fn add(&mut self, url: &str, row: u32) {
        let place = match self.places.get(url) {
            Some(&place) => place,
            None if self.files.len() < MAX_FILES => {
                self.places.insert(url.to_owned(), self.files.len());
                self.files.push(MediaFile { url: url.to_owned(), rows: Vec::new(), findings: None });
                self.files.len() - 1
            }
            None => {
                self.n_rows_beyond += 1;
                return;
            }
        };
        if let Some(file) = self.files.get_mut(place)
            && let Err(at) = file.rows.binary_search(&row)
        {
            file.rows.insert(at, row);
        }
    }

    /// A file's place in the list.
    pub(super) fn place(&self, url: &str) -> Option<usize> {
        self.places.get(url).copied()
    }

    /// Forgets what a row names.
    pub(super) fn remove(&mut self, row: u32) {
        for file in &mut self.files {
            if let Ok(place) = file.rows.binary_search(&row) {
                file.rows.remove(place);
            }
        }
    }

    /// Whether a row's file is known to be refused.
    pub(super) fn is_refused(&self, row: u32) -> bool {
        self.files.iter().any(|file| file.is_refused() && file.rows.binary_search(&row).is_ok())
    }
}

/// What is wrong with a file of a header of this kind, by what was found out. Limits: Meta, "Media", supported types;
/// recommendations: the user manual.
pub(super) fn judge(kind: MediaKind, facts: MediaFacts) -> Vec<ProblemKind> {
    let mut found = Vec::new();
    if kind == MediaKind::Image {
        match facts.pixels {
            Some((width, height)) if RECOMMENDED_PIXELS < width.max(height) => {
                found.push(ProblemKind::MediaTooWide { width, height });
            }
            Some(_) => {}
            None => found.push(ProblemKind::MediaNotOpened),
        }
    }
    let max_megabytes = match kind {
        MediaKind::Image => 5,
        MediaKind::Video => 16,
        MediaKind::Document => 100,
    };
    match facts.size {
        MediaSize::Bytes(bytes) if max_megabytes * MEGABYTE < bytes => {
            found.push(ProblemKind::MediaTooHeavy { megabytes: bytes.div_ceil(MEGABYTE), max_megabytes });
        }
        MediaSize::Bytes(bytes) if kind == MediaKind::Image && RECOMMENDED_IMAGE_BYTES < bytes => {
            found.push(ProblemKind::MediaHeavy { kilobytes: bytes.div_ceil(1024) });
        }
        MediaSize::Bytes(_) => {}
        MediaSize::NotTold => found.push(ProblemKind::MediaNotWeighed),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(kind: MediaKind, pixels: Option<(u32, u32)>, size: MediaSize) -> Vec<&'static str> {
        judge(kind, MediaFacts { pixels, size }).iter().map(ProblemKind::code).collect()
    }

    #[test]
    fn images_have_a_recommended_size_and_all_files_a_greatest_weight() {
        use MediaKind::{Document, Image, Video};
        use MediaSize::{Bytes, NotTold};
        let small = Some((1200, 800));
        assert_eq!(codes(Image, small, Bytes(500 * 1024)), [""; 0]);
        assert_eq!(codes(Image, Some((800, 1201)), Bytes(1)), ["media.too-wide"]);
        assert_eq!(codes(Image, small, Bytes(500 * 1024 + 1)), ["media.heavy"]);
        assert_eq!(codes(Image, small, Bytes(5 * MEGABYTE + 1)), ["media.too-heavy"]);
        assert_eq!(codes(Image, None, NotTold), ["media.not-opened", "media.not-weighed"]);
        assert_eq!(codes(Video, None, Bytes(16 * MEGABYTE)), [""; 0]);
        assert_eq!(codes(Video, None, Bytes(16 * MEGABYTE + 1)), ["media.too-heavy"]);
        assert_eq!(codes(Document, None, Bytes(100 * MEGABYTE + 1)), ["media.too-heavy"]);
        assert_eq!(codes(Document, None, NotTold), ["media.not-weighed"]);
    }
}
