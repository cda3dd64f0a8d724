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
    output.n_nul += count_nul(rest);
    while !rest.is_empty() {
        let (ascii, others) = rest.split_at(n_ascii(rest));
        output.bytes.extend_from_slice(ascii);
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

/// How many ASCII bytes come first. Eight at a time: files are long, and have few others.
fn n_ascii(bytes: &[u8]) -> usize {
    let (eights, _) = bytes.as_chunks::<8>();
    let mut n_ascii = 0;
    for eight in eights {
        if u64::from_le_bytes(*eight) & 0x8080_8080_8080_8080 != 0 {
            break;
        }
        n_ascii += 8;
    }
    for byte in bytes.get(n_ascii..).unwrap_or_default() {
        if !byte.is_ascii() {
            break;
        }
        n_ascii += 1;
    }
    n_ascii
}
