//! A look at an XLS's records ([MS-XLS]) before the library reads them: what text they hold, whether they are encrypted,
//! and how far apart the cells are. The library makes a table of all places between the first and the last cell, which two
//! cells are enough to make as large as memory.

use crate::BookError;
use crate::compound::{u16_at, u32_at};

/// How a file holds its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Excel 95 and before: in the code page that the file names.
    CodePage,
    /// Excel 97 and later: Unicode, whatever code page the file names.
    Unicode,
}

/// The most places that all sheets may take together; a full sheet has 65,536 × 256.
const MAX_PLACES: u64 = 20_000_000;
const MAX_COLUMNS: u16 = 256;

/// The types of records.
mod record {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(super) const EOF: u16 = 0x000A;
    pub(super) const FILE_PASS: u16 = 0x002F;
    pub(super) const BOUND_SHEET: u16 = 0x0085;
    pub(super) const MUL_RK: u16 = 0x00BD;
    pub(super) const R_STRING: u16 = 0x00D6;
    pub(super) const LABEL_SST: u16 = 0x00FD;
    pub(super) const DIMENSIONS: u16 = 0x0200;
    pub(super) const NUMBER: u16 = 0x0203;
    pub(super) const LABEL: u16 = 0x0204;
    pub(super) const BOOL_ERR: u16 = 0x0205;
    pub(super) const RK: u16 = 0x027E;
    pub(super) const BOF: u16 = 0x0809;
}

/// Looks through a workbook's stream.
pub(crate) fn check(stream: &[u8]) -> Result<Text, BookError> {
    let mut text = Text::CodePage;
    let mut n_places = 0;
    for (kind, data) in Records(stream) {
        match kind {
            // Whatever the way: the oldest only obscures, but what is read then makes no sense either.
            record::FILE_PASS => return Err(BookError::Encrypted),
            // Versions: 5 is Excel 95, 6 is Excel 97 and later.
            record::BOF if u16_at(data, 0) == Some(0x0600) => text = Text::Unicode,
            record::BOUND_SHEET => {
                let start = u32_at(data, 0).and_then(|start| usize::try_from(start).ok());
                let sheet = start.and_then(|start| stream.get(start..)).ok_or(BookError::Damaged)?;
                n_places += places(sheet)?;
            }
            record::EOF => break,
            _ => (),
        }
        if MAX_PLACES < n_places {
            return Err(BookError::TooLarge);
        }
    }
    Ok(text)
}

/// How many places there are between a sheet's first and last cells.
fn places(sheet: &[u8]) -> Result<u64, BookError> {
    let (mut rows, mut columns) = (Extent::default(), Extent::default());
    let mut n_declared = 0;
    let mut depth = 0;
    for (kind, data) in Records(sheet) {
        match kind {
            // Charts in a sheet are sheets in it.
            record::BOF => depth += 1,
            record::EOF if depth <= 1 => break,
            record::EOF => depth -= 1,
            record::DIMENSIONS => n_declared = n_declared.max(declared(data)?),
            record::FORMULA
            | record::R_STRING
            | record::LABEL_SST
            | record::NUMBER
            | record::LABEL
            | record::BOOL_ERR
            | record::RK
            | record::MUL_RK => {
                let (row, first) = u16_at(data, 0).zip(u16_at(data, 2)).ok_or(BookError::Damaged)?;
                let last = match kind {
                    record::MUL_RK => data.len().checked_sub(2).and_then(|at| u16_at(data, at)),
                    _ => Some(first),
                };
                let last =
                    last.filter(|last| (first..MAX_COLUMNS).contains(last)).ok_or(BookError::Damaged)?;
                rows.include(row);
                columns.include(first);
                columns.include(last);
            }
            _ => (),
        }
    }
    Ok(n_declared.max(rows.len() * columns.len()))
}

/// How many places a sheet says it has, which the library prepares for.
fn declared(data: &[u8]) -> Result<u64, BookError> {
    let number = |at| u32_at(data, at).map(u64::from);
    let short = |at| u16_at(data, at).map(u64::from);
    let sides = match data.len() {
        // Excel 95.
        10 => [short(0), short(2), short(4), short(6)],
        _ => [number(0), number(4), short(8), short(10)],
    };
    let [Some(top), Some(bottom), Some(left), Some(right)] = sides else { return Err(BookError::Damaged) };
    // One more than the last; all 0 for an empty sheet.
    let height = bottom.checked_sub(top).ok_or(BookError::Damaged)?.max(1);
    let width = right.checked_sub(left).unwrap_or(right).max(1);
    Ok(height.saturating_mul(width))
}

/// The first and the last of something.
#[derive(Default)]
struct Extent(Option<(u16, u16)>);

impl Extent {
    fn include(&mut self, index: u16) {
        self.0 = Some(self.0.map_or((index, index), |(first, last)| (first.min(index), last.max(index))));
    }

    fn len(&self) -> u64 {
        self.0.map_or(0, |(first, last)| u64::from(last - first) + 1)
    }
}

/// Type and data of each record, up to one that is cut.
struct Records<'s>(&'s [u8]);

impl<'s> Iterator for Records<'s> {
    type Item = (u16, &'s [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (u16_at(self.0, 0)?, u16_at(self.0, 2)?);
        let (data, rest) = self.0.get(4..)?.split_at_checked(usize::from(length))?;
        self.0 = rest;
        Some((kind, data))
    }
}
