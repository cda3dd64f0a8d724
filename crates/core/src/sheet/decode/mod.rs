//! Bytes → UTF-8, in slices.
//!
//! UTF-8 is checked and stays where it is. Windows-1252 and UTF-16 are written anew by decoders of a few lines each: a
//! crate for all of the world's encodings costs a third of the app's room.
//!
//! Nothing gets lost or replaced in silence: each byte that is no character in its encoding is noted with its place.

mod utf16;
mod utf8;
mod windows_1252;

use crate::sheet::{
    Encoding, MAX_UNDECODED, SheetError,
    content::{self, Content},
};
use utf8::Checked;
use utf16::ByteOrder;

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// A file's text.
pub(super) struct Text {
    /// UTF-8 but for the bytes in `undecoded`, if the file was UTF-8; those stand for themselves.
    pub(super) content: Content,
    /// Where the text begins in it: after byte-order marks.
    pub(super) start: usize,
    pub(super) encoding: Encoding,
    pub(super) undecoded: Found,
}

impl Text {
    /// The text that was made of a workbook's sheet, which is UTF-8.
    pub(super) fn of_workbook(bytes: Vec<u8>) -> Self {
        Self { content: Content::new(bytes), start: 0, encoding: Encoding::Utf8, undecoded: Found::default() }
    }
}

/// The bytes that are no characters.
#[derive(Default)]
pub(super) struct Found {
    /// The first [`MAX_UNDECODED`], in order.
    pub(super) places: Vec<Place>,
    /// How many there are.
    pub(super) n: usize,
}

/// A byte that is no character.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Where it, or U+FFFD in its stead, is in [`Text::content`].
    pub(super) at: usize,
    /// What the file has there.
    pub(super) byte: u8,
}

impl Found {
    fn add(&mut self, at: usize, byte: u8) {
        self.n += 1;
        if self.places.len() < MAX_UNDECODED {
            self.places.push(Place { at, byte });
        }
    }
}

/// What is written where a character can't be known.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Whether a file is UTF-16, as far as its beginning tells.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    ByteOrder::of_file(bytes).is_some()
}

/// The work of decoding one file.
pub(super) struct Decoding {
    input: Vec<u8>,
    asked: Option<Encoding>,
    at: usize,
    /// The text until here, while all of it is UTF-8 and it isn't large: rows are taken out of a text without another look,
    /// but making one takes its memory once more.
    whole: Option<String>,
    n_nul: usize,
    work: Work,
}

enum Work {
    /// Is it UTF-8?
    Check { start: usize, checked: Checked },
    /// It is something else, which is written anew.
    Convert { from: From, output: Output },
}

#[derive(Clone, Copy)]
enum From {
    Windows1252,
    Utf16(ByteOrder),
}

/// What was converted until now.
struct Output {
    bytes: Vec<u8>,
    undecoded: Found,
    n_nul: usize,
}

impl Decoding {
    /// Begins. `input` is text, not a workbook.
    pub(super) fn new(input: Vec<u8>, asked: Option<Encoding>) -> Self {
        let mut start = 0;
        let order = match asked {
            Some(Encoding::Utf16Le) => Some(ByteOrder::Little),
            Some(Encoding::Utf16Be) => Some(ByteOrder::Big),
            Some(_) => None,
            None => ByteOrder::of_file(&input),
        };
        let work = match (order, asked) {
            (Some(order), _) => {
                if input.starts_with(&order.mark()) {
                    start = order.mark().len();
                }
                Work::Convert { from: From::Utf16(order), output: Output::new(input.len() / 2) }
            }
            (None, Some(Encoding::Windows1252)) => {
                Work::Convert { from: From::Windows1252, output: Output::new(input.len()) }
            }
            (None, _) => {
                // Files that were joined, or saved again by a careless program, have more than one.
                while input.get(start..).is_some_and(|rest| rest.starts_with(UTF8_BOM)) {
                    start += UTF8_BOM.len();
                }
                Work::Check { start, checked: Checked::default() }
            }
        };
        let is_utf8 = matches!(work, Work::Check { .. }) && input.len() <= content::SMALL;
        let whole = is_utf8.then(|| {
            let mut whole = String::with_capacity(input.len());
            // Byte-order marks stay, so that places are the file's.
            whole.extend(std::iter::repeat_n('\u{feff}', start / UTF8_BOM.len()));
            whole
        });
        Self { input, asked, at: start, whole, n_nul: 0, work }
    }

    /// Does about `n_bytes` of work. `None`: there is more.
    pub(super) fn step(&mut self, n_bytes: usize) -> Option<Result<Text, SheetError>> {
        let until = self.at.saturating_add(n_bytes).min(self.input.len());
        match &mut self.work {
            // Nearly every file is small and undamaged UTF-8.
            Work::Check { start, checked } if self.whole.is_some() => {
                let start = *start;
                let until = utf8::end_of_character(&self.input, until);
                let piece = self.input.get(self.at..until).unwrap_or_default();
                let (Ok(valid), Some(whole)) = (str::from_utf8(piece), &mut self.whole) else {
                    // From here on it is looked at byte by byte.
                    self.whole = None;
                    self.at = checked.advance(&self.input, start, self.at);
                    return None;
                };
                whole.push_str(valid);
                self.n_nul += count_nul(piece);
                self.at = until;
                if until < self.input.len() {
                    return None;
                }
                self.input = Vec::new();
                let content = Content::Utf8(self.whole.take().unwrap_or_default());
                let text = Text { content, start, encoding: self.utf8(start), undecoded: Found::default() };
                Some(self.finished(text, self.n_nul))
            }
            Work::Check { start, checked } => {
                self.at = checked.advance(&self.input, self.at, until);
                if self.at < self.input.len() {
                    return None;
                }
                let start = *start;
                if self.asked.is_some() || 0 < start || checked.is_utf8() {
                    let (undecoded, n_nul) = (std::mem::take(&mut checked.bad), checked.n_nul);
                    let bytes = std::mem::take(&mut self.input);
                    let text =
                        Text { content: Content::Bytes(bytes), start, encoding: self.utf8(start), undecoded };
                    return Some(self.finished(text, n_nul));
                }
                self.at = 0;
                self.work = Work::Convert { from: From::Windows1252, output: Output::new(self.input.len()) };
                None
            }
            Work::Convert { from, output } => {
                self.at = match from {
                    From::Windows1252 => windows_1252::convert(&self.input, self.at, until, output),
                    From::Utf16(order) => utf16::convert(*order, &self.input, self.at, until, output),
                };
                if self.at < self.input.len() {
                    return None;
                }
                let encoding = match from {
                    From::Windows1252 => Encoding::Windows1252,
                    From::Utf16(ByteOrder::Little) => Encoding::Utf16Le,
                    From::Utf16(ByteOrder::Big) => Encoding::Utf16Be,
                };
                let Output { bytes, undecoded, n_nul } = std::mem::replace(output, Output::new(0));
                self.input = Vec::new();
                Some(
                    self.finished(
                        Text { content: Content::new(bytes), start: 0, encoding, undecoded },
                        n_nul,
                    ),
                )
            }
        }
    }

    /// How much of the work is done, in bytes of the file: half of each for finding out, half for converting.
    pub(super) fn done(&self) -> usize {
        match self.work {
            Work::Check { .. } => self.at / 2,
            Work::Convert { .. } => self.input.len() / 2 + self.at / 2,
        }
    }

    /// What UTF-8 that begins there is called.
    fn utf8(&self, start: usize) -> Encoding {
        self.asked.unwrap_or(if start == 0 { Encoding::Utf8 } else { Encoding::Utf8Bom })
    }

    fn finished(&self, text: Text, n_nul: usize) -> Result<Text, SheetError> {
        if text.content.len() <= text.start {
            return Err(SheetError::Empty);
        }
        // A damaged text is read, and each damage shown; but a quarter of it, and it is something else.
        if self.asked.is_none() && text.content.len() / 4 < text.undecoded.n + n_nul {
            return Err(SheetError::NotText);
        }
        Ok(text)
    }
}

impl Output {
    /// `n_bytes` is how long the text would be if all of it were ASCII.
    fn new(n_bytes: usize) -> Self {
        // One letter in sixteen with an accent is more than Spanish has.
        Self { bytes: Vec::with_capacity(n_bytes + n_bytes / 16), undecoded: Found::default(), n_nul: 0 }
    }

    /// Makes room for so many bytes. Not by doubling: a browser may not have so much.
    fn reserve(&mut self, n_bytes: usize) {
        if self.bytes.capacity() - self.bytes.len() < n_bytes {
            self.bytes.reserve_exact(n_bytes.max(self.bytes.len() / 8));
        }
    }

    fn push(&mut self, character: char) {
        self.bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn push_undecoded(&mut self, byte: u8) {
        self.undecoded.add(self.bytes.len(), byte);
        self.bytes.extend_from_slice(REPLACEMENT);
    }
}

/// How many bytes are 0. Nearly always none is.
fn count_nul(bytes: &[u8]) -> usize {
    if bytes.contains(&0) { bytes.split(|&byte| byte == 0).count() - 1 } else { 0 }
}
