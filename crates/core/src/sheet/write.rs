//! A table as the CSV that spreadsheets of a region open right: UTF-8 with byte-order mark, its delimiter, CRLF.

use std::borrow::Cow;

use super::Delimiter;

/// Writes rows.
#[derive(Clone, Debug)]
pub struct CsvWriter {
    text: String,
    delimiter: Delimiter,
}

impl CsvWriter {
    /// An empty table for people: see [`Delimiter::of_locale`].
    pub fn new(delimiter: Delimiter) -> Self {
        Self { text: "\u{feff}".to_owned(), delimiter }
    }

    /// An empty table for other parts of the program: `,` and no mark.
    pub fn plain() -> Self {
        Self { text: String::new(), delimiter: Delimiter::Comma }
    }

    /// Adds a row. Cells are written as they are: see [`formula_safe`] for those that others wrote.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (index, cell) in cells.into_iter().enumerate() {
            if 0 < index {
                self.text.push(self.delimiter.as_char());
            }
            self.cell(cell.as_ref());
        }
        self.text.push_str("\r\n");
    }

    /// The file.
    pub fn finish(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    fn cell(&mut self, cell: &str) {
        // Other delimiters are quoted too: a reader that guesses another one still gets one cell.
        let ends_cell = |byte| matches!(byte, b';' | b',' | b'\t' | b'"' | b'\n' | b'\r');
        let needs_quotes = cell.bytes().any(ends_cell)
            || cell.starts_with(char::is_whitespace)
            || cell.ends_with(char::is_whitespace);
        if needs_quotes {
            self.text.push('"');
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(cell);
        }
    }
}

/// The text with an apostrophe before it if a spreadsheet would calculate it (OWASP, "CSV Injection"). Reading such a
/// file takes the apostrophe away again.
pub fn formula_safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}
