//! OLE's compound file, a small file system in a file ([MS-CFB]): in it Excel kept everything before 2007, and keeps what
//! has a password since.
//!
//! Read here as far as it takes to know what the file is and that it is whole. The reading library trusts its chains of
//! sectors, and a broken one can be a circle.

use crate::BookError;

/// The first bytes of each.
pub(crate) const SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// Ends a chain. All numbers from `FIRST_SPECIAL` on name no sector.
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FIRST_SPECIAL: u32 = 0xFFFF_FFFA;
/// Streams that are shorter live in small sectors, all of them together in the root's stream.
const SMALL_STREAM_BYTES: usize = 4096;
const ENTRY_BYTES: usize = 128;

/// A compound file whose directory can be read.
pub(crate) struct CompoundFile {
    /// The first is the root.
    entries: Vec<Entry>,
    sectors: Sectors,
    small_sectors: Sectors,
}

struct Entry {
    name: String,
    first_sector: u32,
    n_bytes: usize,
}

/// Pieces of the same size, and for each the one that follows it.
struct Sectors {
    bytes: Vec<u8>,
    size: usize,
    next: Vec<u32>,
}

impl CompoundFile {
    /// Reads the directory.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, BookError> {
        Self::parse(bytes).ok_or(BookError::Damaged)
    }

    /// Whether there is a stream of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entry(name).is_some()
    }

    /// A stream's content.
    pub(crate) fn stream(&self, name: &str) -> Result<Vec<u8>, BookError> {
        let entry = self.entry(name).ok_or(BookError::Unsupported)?;
        let sectors = if entry.n_bytes < SMALL_STREAM_BYTES { &self.small_sectors } else { &self.sectors };
        sectors.chain(entry.first_sector, entry.n_bytes).ok_or(BookError::Damaged)
    }

    /// The first of this name, deleted ones among them: the one that the reading library takes.
    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let size = match u16_at(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let body = bytes.get(size..)?.to_vec();
        let n_sectors = body.len().div_ceil(size);
        let mut sectors = Sectors { bytes: body, size, next: Vec::new() };
        sectors.next = allocation(bytes, &sectors, n_sectors)?;

        let directory = sectors.chain(u32_at(bytes, 48)?, usize::MAX)?;
        let entries: Vec<Entry> =
            directory.chunks_exact(ENTRY_BYTES).filter_map(|entry| Entry::parse(entry, size)).collect();
        let root = entries.first()?;

        let mut small_sectors = Sectors { bytes: Vec::new(), size: 64, next: Vec::new() };
        if 0 < u32_at(bytes, 64)? {
            small_sectors.bytes = sectors.chain(root.first_sector, root.n_bytes)?;
            small_sectors.next = numbers(&sectors.chain(u32_at(bytes, 60)?, usize::MAX)?);
        }
        Some(Self { entries, sectors, small_sectors })
    }
}

/// For each sector the one that follows it. The table is in sectors too, whose numbers are in the header and, for files
/// of more than 7 MB, in sectors that form a list.
fn allocation(bytes: &[u8], sectors: &Sectors, n_sectors: usize) -> Option<Vec<u32>> {
    let mut places = numbers(bytes.get(76..512)?);
    let mut list = u32_at(bytes, 68)?;
    let mut n_visited = 0;
    while list < FIRST_SPECIAL {
        let mut part = numbers(sectors.get(list)?);
        list = part.pop()?;
        places.extend(part);
        n_visited += 1;
        if n_sectors < n_visited {
            return None;
        }
    }
    places.retain(|place| *place < FIRST_SPECIAL);
    // A table has its place once, so there can't be more than sectors.
    if n_sectors < places.len() {
        return None;
    }
    let mut next = Vec::new();
    for place in places {
        next.extend(numbers(sectors.get(place)?));
    }
    Some(next)
}

impl Sectors {
    fn get(&self, number: u32) -> Option<&[u8]> {
        let start = usize::try_from(number).ok()?.checked_mul(self.size)?;
        // The last one may be cut.
        let end = start.checked_add(self.size)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|sector| !sector.is_empty())
    }

    /// The content of a chain, up to so many bytes. `None` if it leaves the file or goes in a circle.
    fn chain(&self, first: u32, max_bytes: usize) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let mut number = first;
        while number != END_OF_CHAIN && content.len() < max_bytes {
            content.extend_from_slice(self.get(number)?);
            number = *self.next.get(usize::try_from(number).ok()?)?;
            // More than there is: a circle.
            if self.bytes.len() < content.len() {
                return None;
            }
        }
        content.truncate(max_bytes);
        Some(content)
    }
}

impl Entry {
    fn parse(entry: &[u8], sector_size: usize) -> Option<Self> {
        let units = entry.get(..64)?.chunks_exact(2).map(|unit| u16_at(unit, 0).unwrap_or_default());
        let name: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        // Small files use only half of the length, and some writers leave anything in the other.
        let n_bytes = match sector_size {
            512 => u64::from(u32_at(entry, 120)?),
            _ => u64::from(u32_at(entry, 120)?) | u64::from(u32_at(entry, 124)?) << 32,
        };
        Some(Self {
            name: String::from_utf16_lossy(&name),
            first_sector: u32_at(entry, 116)?,
            n_bytes: usize::try_from(n_bytes).ok()?,
        })
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|bytes| u32_at(bytes, 0).unwrap_or_default()).collect()
}

/// The number at a place. Little-endian, as everything in these files.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
