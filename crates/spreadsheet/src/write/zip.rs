//! A zip of a few small parts (PKWARE's APPNOTE, 4.3), deflated.
//!
//! The library that reads zips can write them, too, but brings a second and slower compressor along: 25 kB of the module.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::BookError;

/// 01/01/1980, the first day that a zip knows: the same table always gives the same file.
const DATE: u16 = 0x0021;
/// The version of zip that is needed: 2.0, for deflate.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 0x0800;
const DEFLATED: u16 = 8;

/// A zip that is being written.
#[derive(Default)]
pub(super) struct Zip {
    bytes: Vec<u8>,
    /// The list of parts, which comes last.
    list: Vec<u8>,
    n_parts: u16,
}

/// A part that is being written.
pub(super) struct Part {
    encoder: DeflateEncoder<Vec<u8>>,
    crc: Crc,
}

impl Part {
    pub(super) fn new() -> Self {
        Self { encoder: DeflateEncoder::new(Vec::new(), Compression::default()), crc: Crc::new() }
    }

    /// Adds text to its end.
    pub(super) fn push(&mut self, text: &str) -> Result<(), BookError> {
        self.crc.update(text.as_bytes());
        self.encoder.write_all(text.as_bytes()).map_err(|_| BookError::TooLarge)
    }
}

impl Zip {
    /// Adds a part.
    pub(super) fn add(&mut self, name: &str, part: Part) -> Result<(), BookError> {
        // The count wraps at 4 GiB.
        let n_bytes = u32::try_from(part.encoder.total_in()).map_err(|_| BookError::TooLarge)?;
        let content = part.encoder.finish().map_err(|_| BookError::TooLarge)?;
        let n_deflated = length(content.len())?;
        let start = length(self.bytes.len())?;
        let n_name = u16::try_from(name.len()).map_err(|_| BookError::TooLarge)?;

        let mut about = Vec::new();
        for number in [VERSION, FLAGS, DEFLATED, 0, DATE] {
            about.extend_from_slice(&number.to_le_bytes());
        }
        for number in [part.crc.sum(), n_deflated, n_bytes] {
            about.extend_from_slice(&number.to_le_bytes());
        }
        about.extend_from_slice(&n_name.to_le_bytes());
        // No extra field.
        about.extend_from_slice(&[0; 2]);

        self.bytes.extend_from_slice(b"PK\x03\x04");
        self.bytes.extend_from_slice(&about);
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.extend_from_slice(&content);

        self.list.extend_from_slice(b"PK\x01\x02");
        self.list.extend_from_slice(&VERSION.to_le_bytes());
        self.list.extend_from_slice(&about);
        // No comment, the first disk, no attributes.
        self.list.extend_from_slice(&[0; 10]);
        self.list.extend_from_slice(&start.to_le_bytes());
        self.list.extend_from_slice(name.as_bytes());
        self.n_parts += 1;
        Ok(())
    }

    /// The whole file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, BookError> {
        let (start, n_list) = (length(self.bytes.len())?, length(self.list.len())?);
        self.bytes.append(&mut self.list);
        self.bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        // Parts on this disk, and on all.
        self.bytes.extend_from_slice(&self.n_parts.to_le_bytes());
        self.bytes.extend_from_slice(&self.n_parts.to_le_bytes());
        self.bytes.extend_from_slice(&n_list.to_le_bytes());
        self.bytes.extend_from_slice(&start.to_le_bytes());
        // No comment.
        self.bytes.extend_from_slice(&[0; 2]);
        Ok(self.bytes)
    }
}

fn length(n_bytes: usize) -> Result<u32, BookError> {
    u32::try_from(n_bytes).map_err(|_| BookError::TooLarge)
}
