//! Finds out what stands between cells.

use crate::{
    phone,
    sheet::{Delimiter, SheetError},
};

/// How a text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) delimiter: Delimiter,
    /// Where the table begins: after Excel's `sep=` line if there is one.
    pub(super) start: usize,
}

/// How much of the text is looked at.
const MAX_SAMPLE_BYTES: usize = 64 * 1024;
const MAX_SAMPLE_RECORDS: usize = 50;
/// In the order of preference when nothing tells them apart.
const CANDIDATES: [u8; 4] = [b';', b',', b'\t', b'|'];

/// Finds the layout: what Excel's `sep=` line says, or else what the header and the first rows agree on.
pub(super) fn find(text: &str) -> Result<Layout, SheetError> {
    let (found, start) = match sep_line(text) {
        Some((found, start)) => (found, start),
        None => (sniff(text.as_bytes()), 0),
    };
    match Delimiter::from_byte(found) {
        Some(delimiter) => Ok(Layout { delimiter, start }),
        None => Err(SheetError::WrongDelimiter { found: char::from(found) }),
    }
}

/// Reads `sep=;` as the first line: Excel's own way to say what parts the cells. It shows no row for it.
fn sep_line(text: &str) -> Option<(u8, usize)> {
    let end = text.find(['\n', '\r'])?;
    let line = text.get(..end)?;
    let named = line.trim_matches(['"', ' ']);
    let (name, value) = named.split_once('=')?;
    let &[delimiter] = value.as_bytes() else { return None };
    if !name.eq_ignore_ascii_case("sep") || delimiter.is_ascii_alphanumeric() {
        return None;
    }
    let after = text.get(end..)?;
    let table = after.strip_prefix("\r\n").or_else(|| after.get(1..))?.trim_start_matches('\u{feff}');
    Some((delimiter, text.len() - table.len()))
}

/// The candidate by which the header falls into cells and most rows into as many. The header decides first, since the
/// values of rows are prose, in which all of these occur.
fn sniff(bytes: &[u8]) -> u8 {
    let mut best = (b',', (false, 0, 0));
    for candidate in CANDIDATES {
        let counts = cell_counts(bytes, candidate);
        let header = counts.first().copied().unwrap_or_default();
        let parts_header = 1 < header;
        let n_agreeing = if parts_header {
            counts.iter().filter(|&&count| count == header).count()
        } else {
            // Without a delimiter in the header, one that most rows have still counts.
            let n_parted = counts.iter().filter(|&&count| 1 < count).count();
            if counts.len() < 2 * n_parted { n_parted } else { 0 }
        };
        let score = (parts_header, n_agreeing, header);
        if best.1 < score && (parts_header || 0 < n_agreeing) {
            best = (candidate, score);
        }
    }
    best.0
}

/// How many cells each of the first records has, by this delimiter. Blank lines are not counted.
fn cell_counts(bytes: &[u8], delimiter: u8) -> Vec<usize> {
    let sample = bytes.get(..MAX_SAMPLE_BYTES).unwrap_or(bytes);
    let mut counts = Vec::new();
    let mut n_cells = 1;
    let mut is_blank = true;
    let mut at_cell_start = true;
    let mut in_quotes = false;
    let mut start = 0;
    for (at, &byte) in sample.iter().enumerate() {
        if in_quotes {
            // A doubled quote closes and opens again, which comes to the same.
            in_quotes = byte != b'"';
            continue;
        }
        match byte {
            b'\n' | b'\r' => {
                if !is_blank {
                    let record = sample.get(start..at).unwrap_or_default();
                    counts.push(if is_rounded_number(record) { 1 } else { n_cells });
                }
                start = at + 1;
                if counts.len() == MAX_SAMPLE_RECORDS {
                    return counts;
                }
                (n_cells, is_blank, at_cell_start) = (1, true, true);
            }
            _ if byte == delimiter => {
                n_cells += 1;
                (is_blank, at_cell_start) = (false, true);
            }
            b'"' if at_cell_start => (in_quotes, is_blank, at_cell_start) = (true, false, false),
            _ => (is_blank, at_cell_start) = (false, false),
        }
    }
    // A record cut by the end of the sample would be counted wrong.
    if !is_blank && (sample.len() == bytes.len() || counts.is_empty()) {
        counts.push(n_cells);
    }
    counts
}

/// A column of phones that Excel rounded, «5,25512E+11», has decimal commas and no delimiters.
fn is_rounded_number(record: &[u8]) -> bool {
    str::from_utf8(record).is_ok_and(phone::is_scientific)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        match find(text) {
            Ok(layout) => format!("{} from byte {}", layout.delimiter.as_char(), layout.start),
            Err(error) => format!("{error}"),
        }
    }

    #[test]
    fn the_header_decides() {
        assert_eq!(found("telefonos,image,dato1\n5255;a;b;c,,x\n"), ", from byte 0");
        assert_eq!(found("telefonos;image;dato1\n5255;;Hola, Ana, hoy, sí\n"), "; from byte 0");
        assert_eq!(found("\"a,b,c\";image\n\"1,2,3\";x\n"), "; from byte 0");
    }

    #[test]
    fn rows_decide_when_the_header_does_not() {
        assert_eq!(found("apellido, nombre;telefono\nRuiz;1\nPaz;2\n"), "; from byte 0");
        assert_eq!(found("telefonos\n5255;Ana\n5256;Luis\n"), "; from byte 0");
        assert_eq!(found("telefonos\n5255\n5256\n"), ", from byte 0");
    }

    #[test]
    fn decimal_commas_are_no_delimiters() {
        assert_eq!(cell_counts(b"telefonos\n5,25512E+11\n5,25513E+11\n", b','), [1, 1, 1]);
        assert_eq!(found("telefonos;image\n5,25512E+11;\n"), "; from byte 0");
    }

    #[test]
    fn other_delimiters_are_named() {
        assert_eq!(found("telefonos\timage\n1\t2\n"), r"cells are parted by '\t'");
        assert_eq!(found("telefonos|image\n1|2\n"), "cells are parted by '|'");
        assert_eq!(found("sep=^\na^b\n"), "cells are parted by '^'");
    }

    #[test]
    fn excels_own_line_is_obeyed() {
        assert_eq!(found("sep=;\r\na,b\r\n"), "; from byte 7");
        assert_eq!(found("\"SEP=,\"\na;b\n"), ", from byte 8");
        assert_eq!(found("sep=,"), ", from byte 0");
        assert_eq!(found("sep=,\n\u{feff}\na"), ", from byte 9");
    }

    #[test]
    fn a_record_cut_by_the_samples_end_does_not_count() {
        let text = format!("a;b\n1;\"{}\"\n", "x,".repeat(MAX_SAMPLE_BYTES));
        assert_eq!(found(&text), "; from byte 0");
    }
}
