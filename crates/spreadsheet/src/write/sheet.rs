//! The sheet's part: columns, header and rows.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::csv::Records;
use super::parts::{HEADER_STYLE, TEXT_STYLE};
use super::{MAX_CELL_CHARS, Options, TextColumns, xml};
use crate::BookError;
use crate::table::{MAX_COLUMNS, MAX_ROWS};

/// How many rows are looked at for the columns' widths, and how many rows without data are prepared for text.
const N_PREPARED_ROWS: u32 = 1_000;
/// Widths in characters.
const MIN_WIDTH: usize = 10;
const MAX_WIDTH: usize = 60;
/// How much is collected before it is compressed.
const CHUNK_BYTES: usize = 64 * 1024;

/// What has to be known before the first cell is written.
pub(super) struct Layout<'o> {
    /// By column, in characters.
    widths: Vec<usize>,
    text_columns: &'o TextColumns,
}

impl<'o> Layout<'o> {
    pub(super) fn of(csv: &str, options: &'o Options) -> Result<Self, BookError> {
        let mut widths = Vec::new();
        let mut records = Records::new(csv);
        let mut cells = Vec::new();
        let mut n_rows = 0;
        let max_columns = usize::try_from(MAX_COLUMNS).unwrap_or(usize::MAX);
        while records.next(&mut cells) {
            if max_columns < cells.len() || MAX_ROWS <= n_rows {
                return Err(BookError::TooLarge);
            }
            if widths.len() < cells.len() {
                widths.resize(cells.len(), MIN_WIDTH);
            }
            if n_rows < N_PREPARED_ROWS {
                for (width, cell) in widths.iter_mut().zip(&cells) {
                    *width = cell.chars().take(MAX_WIDTH).count().max(*width);
                }
            }
            n_rows += 1;
        }
        Ok(Self { widths, text_columns: &options.text_columns })
    }

    /// Writes the part, piece by piece.
    pub(super) fn write(
        &self,
        mut records: Records<'_>,
        mut out: impl FnMut(&str) -> Result<(), BookError>,
    ) -> Result<(), BookError> {
        let mut text = self.head();
        let mut cells = Vec::new();
        let mut row = 0;
        let is_prepared = (0..self.widths.len()).any(|column| self.is_text_column(column));
        // The header's row, and as many below.
        let n_prepared = if is_prepared { N_PREPARED_ROWS + 1 } else { 0 };
        loop {
            let is_record = records.next(&mut cells);
            if !is_record && n_prepared <= row {
                break;
            }
            self.row(&mut text, row, &cells)?;
            if CHUNK_BYTES < text.len() {
                out(&text)?;
                text.clear();
            }
            row += 1;
        }
        text.push_str("</sheetData>");
        if let Some(last) = self.widths.len().checked_sub(1) {
            // Otherwise Excel puts a green triangle at every phone: "number stored as text".
            text.push_str(r#"<ignoredErrors><ignoredError sqref="A1:"#);
            push_column(&mut text, last);
            push(&mut text, format_args!(r#"{MAX_ROWS}" numberStoredAsText="1"/></ignoredErrors>"#));
        }
        text.push_str("</worksheet>");
        out(&text)
    }

    fn head(&self) -> String {
        let mut text = String::from(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#,
        );
        for (column, width) in self.widths.iter().enumerate() {
            text.push_str(if column == 0 { "<cols>" } else { "" });
            let style = if self.is_text_column(column) { TEXT_STYLE } else { 0 };
            let (number, width) = (column + 1, width + 2);
            push(
                &mut text,
                format_args!(
                    r#"<col min="{number}" max="{number}" width="{width}" style="{style}" customWidth="1"/>"#
                ),
            );
        }
        text.push_str(if self.widths.is_empty() { "<sheetData>" } else { "</cols><sheetData>" });
        text
    }

    fn row(&self, text: &mut String, row: u32, cells: &[Cow<'_, str>]) -> Result<(), BookError> {
        let style = if row == 0 { HEADER_STYLE } else { TEXT_STYLE };
        let number = row + 1;
        push(text, format_args!(r#"<row r="{number}">"#));
        for column in 0..self.widths.len() {
            let value = cells.get(column).map_or("", |cell| &**cell);
            let is_prepared = 0 < row && row <= N_PREPARED_ROWS && self.is_text_column(column);
            if value.is_empty() && !is_prepared {
                continue;
            }
            text.push_str(r#"<c r=""#);
            push_column(text, column);
            push(text, format_args!(r#"{number}" s="{style}""#));
            if value.is_empty() {
                text.push_str("/>");
                continue;
            }
            // Bytes are never fewer than UTF-16 units.
            if MAX_CELL_CHARS < value.len() && MAX_CELL_CHARS < value.encode_utf16().count() {
                return Err(BookError::TooLarge);
            }
            text.push_str(r#" t="inlineStr"><is><t xml:space="preserve">"#);
            text.push_str(&xml::escaped(value));
            text.push_str("</t></is></c>");
        }
        text.push_str("</row>");
        Ok(())
    }

    fn is_text_column(&self, column: usize) -> bool {
        u32::try_from(column).is_ok_and(|column| self.text_columns.has(column))
    }
}

/// Appends a column's letters: 0 → A, 26 → AA.
fn push_column(text: &mut String, column: usize) {
    if let Some(before) = (column / 26).checked_sub(1) {
        push_column(text, before);
    }
    let letter = u8::try_from(column % 26).unwrap_or_default();
    text.push(char::from(b'A' + letter));
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String can't fail.
    let _ = text.write_fmt(arguments);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let letters = |column| {
            let mut text = String::new();
            push_column(&mut text, column);
            text
        };
        assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }
}
