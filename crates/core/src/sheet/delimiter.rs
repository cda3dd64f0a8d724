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
    pub(super) has_sep_line: bool,
}

/// How much of the text is looked at.
const MAX_SAMPLE_BYTES: usize = 64 * 1024;
const MAX_SAMPLE_RECORDS: usize = 50;
/// In the order of preference when nothing tells them apart: nobody writes a tab or a bar into a text.
const CANDIDATES: [Delimiter; 4] = [Delimiter::Tab, Delimiter::Semicolon, Delimiter::Pipe, Delimiter::Comma];

/// Finds the layout: what is asked for, or what Excel's `sep=` line says, or else what most rows agree on.
pub(super) fn find(text: &[u8], asked: Option<Delimiter>) -> Result<Layout, SheetError> {
    let sep_line = sep_line(text);
    let delimiter = match (asked, &sep_line) {
        (Some(asked), _) => asked,
        (None, &Some((found, _))) => match Delimiter::from_byte(found) {
            Some(delimiter) => delimiter,
            None => return Err(SheetError::WrongDelimiter { found: char::from(found) }),
        },
        (None, None) => sniff(text),
    };
    let start = sep_line.map_or(0, |(_, start)| start);
    Ok(Layout { delimiter, start, has_sep_line: sep_line.is_some() })
}

/// Reads `sep=;` as the first line: Excel's own way to say what parts the cells. It shows no row for it.
fn sep_line(text: &[u8]) -> Option<(u8, usize)> {
    /// `"sep=;"` with blanks around it.
    const MAX_LINE: usize = 32;
    let end = text.iter().take(MAX_LINE).position(|byte| matches!(byte, b'\r' | b'\n'))?;
    let (line, rest) = text.split_at_checked(end)?;
    let mut named = line.trim_ascii_end();
    // The tab is its own blank.
    if named.ends_with(b"=") {
        named = line.get(..=named.len())?;
    }
    named = named.trim_ascii_start();
    named = named.strip_prefix(b"\"").unwrap_or(named);
    let (name, value) = named.split_at_checked(4)?;
    let &delimiter = value.first()?;
    let is_all = matches!(value, [_] | [_, b'"']);
    if !name.eq_ignore_ascii_case(b"sep=")
        || !is_all
        || !delimiter.is_ascii()
        || delimiter.is_ascii_alphanumeric()
    {
        return None;
    }
    Some((delimiter, end + if rest.starts_with(b"\r\n") { 2 } else { 1 }))
}

/// The candidate that parts the most rows into cells: with quotes where they belong, into as many cells in most rows,
/// and into more of them. Prose in the cells has all of these characters, but not in every row; titles above a table
/// have none of the right one.
fn sniff(text: &[u8]) -> Delimiter {
    // If nothing parts the rows, what isn't there does no harm.
    let sample_text = text.get(..MAX_SAMPLE_BYTES).unwrap_or(text);
    let none = if sample_text.contains(&b',') { Delimiter::Semicolon } else { Delimiter::Comma };
    let mut best = (none, (0, 0, 0, 0));
    for candidate in CANDIDATES {
        let mut records = sample(text, candidate.as_byte());
        records.retain(|record| 1 < record.n_cells);
        let n_tidy = records.iter().filter(|record| !record.has_stray_quote).count();
        let n_like = |n_cells: usize| records.iter().filter(|record| record.n_cells == n_cells).count();
        let (n_agreeing, n_columns) =
            records.iter().map(|record| (n_like(record.n_cells), record.n_cells)).max().unwrap_or_default();
        // A wrong one parts quoted cells at their line breaks, and makes more records of them, with stray quotes.
        let score = (n_tidy, records.len(), n_agreeing, n_columns);
        if best.1 < score {
            best = (candidate, score);
        }
    }
    best.0
}

/// What a delimiter makes of a record.
#[derive(Clone, Copy)]
struct Sampled {
    n_cells: usize,
    /// Whether a quote stands in the middle of a cell.
    has_stray_quote: bool,
    is_blank: bool,
}

/// What this delimiter makes of each of the first records. Blank lines don't count.
fn sample(text: &[u8], delimiter: u8) -> Vec<Sampled> {
    const NEW: Sampled = Sampled { n_cells: 1, has_stray_quote: false, is_blank: true };
    let sample = text.get(..MAX_SAMPLE_BYTES).unwrap_or(text);
    let mut records = Vec::new();
    let mut record = NEW;
    let mut at_cell_start = true;
    let mut in_quotes = false;
    let mut start = 0;
    let mut bytes = sample.iter().enumerate().peekable();
    while let Some((at, &byte)) = bytes.next() {
        if in_quotes {
            // A doubled quote doesn't end them.
            in_quotes = byte != b'"' || bytes.next_if(|(_, next)| **next == b'"').is_some();
            continue;
        }
        if matches!(byte, b'\n' | b'\r') {
            if is_rounded_number(sample.get(start..at).unwrap_or_default()) {
                record.n_cells = 1;
            }
            if !record.is_blank {
                records.push(record);
            }
            if records.len() == MAX_SAMPLE_RECORDS {
                return records;
            }
            (record, at_cell_start, start) = (NEW, true, at + 1);
            continue;
        }
        record.is_blank = false;
        if byte == delimiter {
            record.n_cells += 1;
        } else if byte == b'"' {
            in_quotes = at_cell_start;
            record.has_stray_quote |= !at_cell_start;
        }
        at_cell_start = byte == delimiter;
    }
    // Nothing closes them: with this delimiter they are no quotes.
    record.has_stray_quote |= in_quotes && sample.len() == text.len();
    // A record cut by the end of the sample would be counted wrong.
    if !record.is_blank && (sample.len() == text.len() || records.is_empty()) {
        records.push(record);
    }
    records
}

/// A column of phones that Excel rounded, «5,25512E+11», has decimal commas and no delimiters.
fn is_rounded_number(record: &[u8]) -> bool {
    str::from_utf8(record).is_ok_and(phone::is_scientific)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> String {
        match find(text.as_bytes(), None) {
            Ok(layout) => format!("{} from byte {}", layout.delimiter.code(), layout.start),
            Err(error) => format!("{error}"),
        }
    }

    #[test]
    fn the_rows_agree() {
        assert_eq!(found("telefonos,image,dato1\n5255;a;b;c,,x\n"), "comma from byte 0");
        assert_eq!(found("telefonos;image;dato1\n5255;;Hola, Ana, hoy, sí\n"), "semicolon from byte 0");
        assert_eq!(found("\"a,b,c\";image\n\"1,2,3\";x\n"), "semicolon from byte 0");
        assert_eq!(found("telefonos\timage\n1\t2\n"), "tab from byte 0");
        assert_eq!(found("telefonos|image\n1|2\n"), "pipe from byte 0");
        assert_eq!(found("apellido, nombre;telefono\nRuiz;1\nPaz;2\n"), "semicolon from byte 0");
        assert_eq!(found("telefonos\n5255;Ana\n5256;Luis\n"), "semicolon from byte 0");
        assert_eq!(found("telefonos\n5255\n5256\n"), "comma from byte 0");
    }

    #[test]
    fn titles_and_prose_do_not_mislead() {
        let title = "Clientes, enero de 2026\n\ntelefono;nombre;direccion\n";
        assert_eq!(
            found(&format!("{title}1;Ana;Calle 5, Centro\n2;Luis;Calle 6, Norte\n")),
            "semicolon from byte 0"
        );
        assert_eq!(
            found("telefonos;mensaje;dia\n1;Hola, Ana, buenos días, por favor;x\n2;Hola, Luis;\n"),
            "semicolon from byte 0"
        );
        // Rows of different lengths, since empty cells at the end were left out.
        assert_eq!(found("a;b;c;d\n1;\"x, y\"\n2;x, y;z\n3;x, y;z;w\n"), "semicolon from byte 0");
        assert_eq!(found("a,\"dijo \"\"x;y;z\"\" y\"\nb,\"dijo \"\"x;y;z\"\" y\"\n"), "comma from byte 0");
    }

    #[test]
    fn decimal_commas_are_no_delimiters() {
        let records = sample(b"telefonos\n5,25512E+11\n5,25513E+11\n", b',');
        assert_eq!(records.iter().map(|record| record.n_cells).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(found("telefonos\n5,25512E+11\n5,25513E+11\n"), "semicolon from byte 0");
        assert_eq!(found("telefonos;image\n5,25512E+11;\n"), "semicolon from byte 0");
    }

    #[test]
    fn excels_own_line_is_obeyed() {
        assert_eq!(found("sep=;\r\na,b\r\n"), "semicolon from byte 7");
        assert_eq!(found("\"SEP=,\"\na;b\n"), "comma from byte 8");
        assert_eq!(found("sep=\t\na;b\n"), "tab from byte 6");
        assert_eq!(found("sep=| \ra;b\r"), "pipe from byte 7");
        assert_eq!(found("sep=,"), "comma from byte 0");
        assert_eq!(found("sep=^\na^b\n"), "cells are parted by '^'");
        let asked = find(b"sep=^\na;b\n", Some(Delimiter::Semicolon));
        assert_eq!(asked, Ok(Layout { delimiter: Delimiter::Semicolon, start: 6, has_sep_line: true }));
    }

    #[test]
    fn a_record_cut_by_the_samples_end_does_not_count() {
        let text = format!("a;b\n1;\"{}\"\n", "x,".repeat(MAX_SAMPLE_BYTES));
        assert_eq!(found(&text), "semicolon from byte 0");
    }
}
