//! Windows-1252: Latin-1 but for 0x80 to 0x9F.

use crate::sheet::decode::{Output, count_nul};

/// No character has this byte.
const NONE: char = char::REPLACEMENT_CHARACTER;
/// What 0x80 to 0x9F are (Unicode's CP1252.TXT).
const FROM_0X80: [char; 32] = [
    '€', NONE, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', NONE, 'Ž', NONE, NONE, '‘', '’', '“',
    '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', NONE, 'ž', 'Ÿ',
];

/// Converts `input[at..until]`. Returns where it stopped.
pub(super) fn convert(input: &[u8], at: usize, until: usize, output: &mut Output) -> usize {
    let mut rest = input.get(at..until).unwrap_or_default();
    output.reserve(3 * rest.len());
    while !rest.is_empty() {
        let n_ascii = rest.iter().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, others) = rest.split_at(n_ascii);
        output.bytes.extend_from_slice(ascii);
        output.n_nul += count_nul(ascii);
        let Some((&byte, after)) = others.split_first() else { break };
        match FROM_0X80.get(usize::from(byte - 0x80)) {
            Some(&NONE) => output.push_undecoded(byte),
            Some(&character) => output.push(character),
            None => output.push(char::from(byte)),
        }
        rest = after;
    }
    until
}
