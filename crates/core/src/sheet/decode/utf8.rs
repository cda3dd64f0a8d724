//! Whether bytes are UTF-8, and which of them are not.

use crate::sheet::decode::{Found, count_nul};

/// So many are counted at least.
const ENOUGH: usize = 1 << 20;

/// What was seen until now.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) bad: Found,
    pub(super) n_nul: usize,
    /// Bytes after the first one of a character: what there would hardly be any of in another encoding.
    n_continuation: usize,
}

impl Checked {
    /// Looks at `bytes[at..until]`, or a little more, so that no character is cut. Returns where it stopped.
    pub(super) fn advance(&mut self, bytes: &[u8], at: usize, until: usize) -> usize {
        let until = end_of_character(bytes, until);
        let mut rest = bytes.get(at..until).unwrap_or_default();
        self.n_nul += count_nul(rest);
        loop {
            let (valid, n_bad) = match str::from_utf8(rest) {
                Ok(valid) => (valid, 0),
                Err(error) => {
                    let (valid, bad) = rest.split_at(error.valid_up_to());
                    // What is cut off is bad to its end: here, that is the file's.
                    (str::from_utf8(valid).unwrap_or_default(), error.error_len().unwrap_or(bad.len()))
                }
            };
            if self.n_continuation < ENOUGH {
                self.n_continuation += valid.len() - valid.chars().count();
            }
            rest = rest.get(valid.len()..).unwrap_or_default();
            let from = until - rest.len();
            for (offset, &byte) in rest.iter().take(n_bad).enumerate() {
                self.bad.add(from + offset, byte);
            }
            rest = rest.get(n_bad..).unwrap_or_default();
            if rest.is_empty() {
                return until;
            }
        }
    }

    /// Whether it is UTF-8, if perhaps a damaged one. In another encoding letters with accents stand alone, and what
    /// happens to look like UTF-8 is very rare.
    pub(super) fn is_utf8(&self) -> bool {
        self.bad.n == 0 || self.bad.n < self.n_continuation
    }
}

/// The end of the character that a cut there would part.
pub(super) fn end_of_character(bytes: &[u8], until: usize) -> usize {
    let cut =
        bytes.get(until..).unwrap_or_default().iter().take(3).take_while(|&&byte| is_continuation(byte));
    until + cut.count()
}

fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}
