//! What a zip holds, and the rules about it as a whole.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use anyhow::{Context, Result};
use zip::ZipArchive;

use super::{Report, Rule};
use crate::sizes::{ZIP_LIMIT, kb};

/// The files of a package, by their path in the zip.
#[derive(Debug, Default, Clone)]
pub struct Package {
    pub files: BTreeMap<String, Vec<u8>>,
    pub symlinks: Vec<String>,
    pub zip_len: u64,
}

impl Package {
    /// Reads a zip.
    pub fn read(zip: &[u8]) -> Result<Self> {
        let mut archive = ZipArchive::new(Cursor::new(zip)).context("the package is not a readable zip")?;
        let mut package = Self { zip_len: zip.len() as u64, ..Self::default() };
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index)?;
            let name = entry.name()?.into_owned();
            if entry.is_symlink() {
                package.symlinks.push(name);
            } else if !entry.is_dir() {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).with_context(|| format!("{name} cannot be unpacked"))?;
                package.files.insert(name, bytes);
            }
        }
        Ok(package)
    }

    /// The file's content as text; none if it is missing or no UTF-8.
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// The files below `folder`, which ends with a slash.
    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder))
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }
}

pub fn check(package: &Package, report: &mut Report) {
    report.require(package.zip_len < ZIP_LIMIT, Rule::ZipSize, "the zip", || {
        format!("it has {} kB", kb(package.zip_len))
    });
    for link in &package.symlinks {
        report.breach(Rule::Symlinks, link, "it is a symbolic link");
    }
    for (path, bytes) in &package.files {
        let is_known = matches!(path.as_str(), "manifest.json" | "requirements.json")
            || path.starts_with("assets/")
            || path.starts_with("translations/");
        // A manifest in a folder has a rule of its own.
        let is_manifest = path.ends_with("/manifest.json");
        report.require(is_known || is_manifest, Rule::Layout, path, || "it is nothing Zendesk reads".into());
        let is_hidden = path.split('/').any(|part| part.starts_with('.') || part == "tmp");
        report.require(!is_hidden, Rule::Layout, path, || "dotfiles and tmp/ stay out of the zip".into());
        if let Some(kind) = refused_kind(path, bytes) {
            report.breach(Rule::Mime, path, format!("it is {kind}"));
        }
    }
}

/// What the file is, if Zendesk refuses such files: by its extension or by its first bytes.
fn refused_kind(path: &str, bytes: &[u8]) -> Option<String> {
    const EXTENSIONS: &[&str] = &[
        "rar", "zip", "gz", "gzip", "pdf", "doc", "docx", "avi", "bin", "bz", "bz2", "csh", "sh", "jar",
        "mp3", "mpeg", "mpg", "odt", "ppt", "pptx", "xls", "xlsx", "7z",
    ];
    const STARTS: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "a zip archive (or an office document)"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"Rar!\x1a\x07", "a rar archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"BZh", "a bzip2 archive"),
        (b"%PDF-", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
        (b"#!/", "a shell script"),
        (b"ID3", "an audio file"),
        (b"\0\0\x01\xba", "an MPEG video"),
    ];
    let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    if let Some(extension) = extension.filter(|extension| EXTENSIONS.contains(&extension.as_str())) {
        return Some(format!("a .{extension} file"));
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"AVI ") {
        return Some("an AVI video".into());
    }
    STARTS.iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| (*kind).to_owned())
}
