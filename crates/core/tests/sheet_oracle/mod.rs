//! A reader of tables that shares nothing with the real one: character by character, as plain as can be, and slow.

use cxconnect_core::sheet::{Encoding, clean};

/// A character of a file.
#[derive(Clone, Copy, Debug)]
pub struct Character {
    pub shown: char,
    /// The byte, if it didn't decode.
    pub undecoded: Option<u8>,
}

/// A record of a file, blank or not.
#[derive(Debug)]
pub struct Record {
    pub line: usize,
    pub row: usize,
    pub n_lines: usize,
    pub cells: Vec<String>,
    pub cell_lines: Vec<usize>,
    /// Line, row, column, character, byte.
    pub undecoded: Vec<(usize, usize, usize, usize, u8)>,
}

impl Record {
    pub fn is_blank(&self) -> bool {
        is_blank(&self.cells)
    }

    /// The cells up to the last one that isn't blank.
    pub fn n_used(&self) -> usize {
        (0..self.cells.len()).rev().find(|&idx| !is_blank(&self.cells[idx..=idx])).map_or(0, |idx| idx + 1)
    }
}

pub fn is_blank(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.chars().all(clean::is_blank))
}

/// Windows-1252 from 0x80 to 0x9F; `?` is nothing.
const FROM_0X80: &str = "€?‚ƒ„…†‡ˆ‰Š‹Œ?Ž??‘’“”•–—˜™š›œ?žŸ";

/// The characters of a file, without byte-order marks at its beginning.
pub fn decoded(bytes: &[u8], encoding: Encoding) -> Vec<Character> {
    let good = |shown| Character { shown, undecoded: None };
    let bad = |byte| Character { shown: '\u{fffd}', undecoded: Some(byte) };
    let mut characters = Vec::new();
    match encoding {
        Encoding::Windows1252 => {
            for &byte in bytes {
                characters.push(match byte {
                    0x80..=0x9f => match FROM_0X80.chars().nth(usize::from(byte) - 0x80).unwrap() {
                        '?' => bad(byte),
                        character => good(character),
                    },
                    _ => good(char::from_u32(u32::from(byte)).unwrap()),
                });
            }
        }
        Encoding::Utf8 | Encoding::Utf8Bom => {
            let mut rest = bytes;
            while let Some(&first) = rest.first() {
                let length = (1..=4.min(rest.len())).find(|&length| str::from_utf8(&rest[..length]).is_ok());
                match length {
                    Some(length) => {
                        characters.extend(str::from_utf8(&rest[..length]).unwrap().chars().map(good));
                    }
                    None => characters.push(bad(first)),
                }
                rest = &rest[length.unwrap_or(1)..];
            }
            let n_marks = characters.iter().take_while(|character| character.shown == '\u{feff}').count();
            characters.drain(..n_marks);
        }
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let unit = |pair: &[u8]| {
                let pair = [pair[0], pair[1]];
                if encoding == Encoding::Utf16Le {
                    u16::from_le_bytes(pair)
                } else {
                    u16::from_be_bytes(pair)
                }
            };
            let units: Vec<u16> = bytes.chunks(2).filter(|chunk| chunk.len() == 2).map(unit).collect();
            characters.extend(char::decode_utf16(units).map(|decoded| match decoded {
                Ok(character) => good(character),
                Err(lone) => bad((lone.unpaired_surrogate() >> 8) as u8),
            }));
            if bytes.len() % 2 == 1 {
                characters.push(bad(*bytes.last().unwrap()));
            }
            if characters.first().is_some_and(|first| first.shown == '\u{feff}') {
                characters.remove(0);
            }
        }
    }
    characters
}

/// A text in an encoding. UTF-16 says so with a byte-order mark.
pub fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => format!("\u{feff}{text}").into_bytes(),
        Encoding::Utf16Le => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect(),
        Encoding::Windows1252 => {
            let byte = |character: char| {
                let high = FROM_0X80.chars().position(|high| high == character && high != '?');
                high.map_or_else(
                    || u8::try_from(character).unwrap(),
                    |high| 0x80 + u8::try_from(high).unwrap(),
                )
            };
            text.chars().map(byte).collect()
        }
    }
}

/// How many lines a text editor shows, the empty one after the last break not counted, nor one of byte-order marks.
pub fn n_lines(characters: &[Character]) -> usize {
    let text: String = characters.iter().map(|character| character.shown).collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let after_last = text.rsplit('\n').next().unwrap_or_default();
    text.matches('\n').count() + usize::from(!after_last.trim_start_matches('\u{feff}').is_empty())
}

/// The records of a text; or line, row and column of a quote that isn't closed.
pub fn records(
    characters: &[Character],
    delimiter: char,
    has_sep_line: bool,
) -> Result<Vec<Record>, (usize, usize, usize)> {
    #[derive(PartialEq)]
    enum State {
        RecordStart,
        CellStart,
        Plain,
        Quoted,
        /// After a quote in quotes.
        MaybeClosed,
    }
    let mut records = Vec::new();
    let mut state = State::RecordStart;
    let (mut line, mut row, mut character_in_line) = (1, 1, 0);
    let mut rest = characters;
    if has_sep_line {
        let end = rest.iter().position(|character| matches!(character.shown, '\r' | '\n')).unwrap();
        let is_crlf = rest[end].shown == '\r' && rest.get(end + 1).is_some_and(|next| next.shown == '\n');
        rest = &rest[end + if is_crlf { 2 } else { 1 }..];
        line = 2;
    }
    let new = |line, row| Record {
        line,
        row,
        n_lines: 1,
        cells: vec![String::new()],
        cell_lines: vec![line],
        undecoded: Vec::new(),
    };
    let mut record = new(line, row);
    let (mut opened_at, mut has_break_in_quotes) = ((0, 0, 0), false);
    let mut is_begun = false;
    let mut characters = rest.iter().peekable();
    while let Some(&Character { shown, undecoded }) = characters.next() {
        character_in_line += 1;
        if state == State::RecordStart && shown == '\u{feff}' {
            continue;
        }
        is_begun = true;
        if let Some(byte) = undecoded {
            record.undecoded.push((line, row, record.cells.len() - 1, character_in_line, byte));
        }
        let is_break = matches!(shown, '\r' | '\n');
        let mut broken = String::from(shown);
        if shown == '\r' && characters.next_if(|next| next.shown == '\n').is_some() {
            broken.push('\n');
        }
        if state == State::MaybeClosed && shown == '"' {
            record.cells.last_mut().unwrap().push('"');
            state = State::Quoted;
            continue;
        }
        if state == State::MaybeClosed
            && !is_break
            && shown != delimiter
            && shown != ' '
            && has_break_in_quotes
        {
            return Err(opened_at);
        }
        if state == State::Quoted {
            if shown == '"' {
                state = State::MaybeClosed;
            } else {
                record.cells.last_mut().unwrap().push_str(&broken);
                if is_break {
                    has_break_in_quotes = true;
                    (line, character_in_line) = (line + 1, 0);
                    record.n_lines += 1;
                }
            }
        } else if is_break {
            (line, row, character_in_line) = (line + 1, row + 1, 0);
            records.push(std::mem::replace(&mut record, new(line, row)));
            (state, is_begun) = (State::RecordStart, false);
        } else if shown == delimiter {
            record.cells.push(String::new());
            record.cell_lines.push(line);
            state = State::CellStart;
        } else if shown == '"' && matches!(state, State::RecordStart | State::CellStart) {
            (opened_at, has_break_in_quotes) = ((line, row, record.cells.len() - 1), false);
            state = State::Quoted;
        } else {
            record.cells.last_mut().unwrap().push(shown);
            state = State::Plain;
        }
    }
    if state == State::Quoted {
        return Err(opened_at);
    }
    if is_begun {
        records.push(record);
    }
    Ok(records)
}
