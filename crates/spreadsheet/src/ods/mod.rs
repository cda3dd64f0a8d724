//! ODS (`OpenDocument` 1.3, part 3): what `LibreOffice`, `OpenOffice` and Google Sheets write.
//!
//! Read here and not by the library, which holds every place of all sheets twice and doesn't end if the file is cut short.
//! Rows and cells that are the same stand once, with how often they are repeated, so a small file can be a large sheet.

mod cell;
mod xml;

use std::collections::HashSet;
use std::io::{Cursor, Read as _};

use quick_xml::events::Event;
use zip::ZipArchive;

use crate::table::{MAX_ROWS, MAX_TEXT_BYTES, SheetText, TableWriter};
use crate::{BookError, SheetInfo, Visibility};
use cell::Cell;
use xml::Xml;

/// A sheet, and its text if it could be read.
pub(crate) type Sheet = (SheetInfo, Result<SheetText, BookError>);

/// The list of the zip's parts is small; whatever is larger is something else.
const MAX_MANIFEST_BYTES: u64 = 1024 * 1024;

/// Reads all sheets.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, BookError> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| BookError::Damaged)?;
    if let Ok(manifest) = zip.by_name("META-INF/manifest.xml") {
        let mut text = Vec::new();
        manifest.take(MAX_MANIFEST_BYTES).read_to_end(&mut text).map_err(|_| BookError::Damaged)?;
        let mark = b"encryption-data";
        if text.windows(mark.len()).any(|part| part == mark) {
            return Err(BookError::Encrypted);
        }
    }
    let content = zip.by_name("content.xml").map_err(|_| BookError::Damaged)?;
    Reader::default().read(&mut Xml::new(content))
}

#[derive(Default)]
struct Reader {
    sheets: Vec<Sheet>,
    /// The names of the styles that hide their sheets.
    hiding: HashSet<String>,
    /// The text of all sheets so far.
    n_bytes: usize,
}

impl Reader {
    fn read(mut self, xml: &mut Xml<'_>) -> Result<Vec<Sheet>, BookError> {
        let mut style = None;
        loop {
            match xml.next()? {
                Event::Start(element) => match element.name().0 {
                    "style:style" => style = xml::attribute(&element, "style:name")?,
                    "style:table-properties" => {
                        let display = xml::attribute(&element, "table:display")?;
                        if display.as_deref() == Some("false") {
                            self.hiding.extend(style.take());
                        }
                    }
                    "table:table" => {
                        let name = xml::attribute(&element, "table:name")?.unwrap_or_default();
                        let style = xml::attribute(&element, "table:style-name")?;
                        self.sheet(xml, name, style.as_deref())?;
                    }
                    // Copies of tables elsewhere, and of what was there before.
                    "table:dde-links" | "table:tracked-changes" => xml.skip()?,
                    _ => (),
                },
                // Inside an element an end of the file is an error.
                Event::Eof => return Ok(self.sheets),
                _ => (),
            }
        }
    }

    fn sheet(&mut self, xml: &mut Xml<'_>, name: String, style: Option<&str>) -> Result<(), BookError> {
        let is_hidden = style.is_some_and(|style| self.hiding.contains(style));
        let visibility = if is_hidden { Visibility::Hidden } else { Visibility::Visible };
        let mut info = SheetInfo { name, visibility, n_rows: 0 };
        let depth = xml.depth() - 1;
        let mut table = Table { writer: TableWriter::default(), row: 0, is_elsewhere: false };
        let text = match table.read(xml, depth) {
            // The file goes on behind a sheet that is too large.
            Err(BookError::TooLarge) => {
                xml.skip_to(depth)?;
                Err(BookError::TooLarge)
            }
            Err(error) => return Err(error),
            Ok(()) if table.is_elsewhere => return Ok(()),
            Ok(()) => table.writer.finish(),
        };
        let text = text.and_then(|text| {
            self.n_bytes += text.text.len();
            if MAX_TEXT_BYTES < self.n_bytes { Err(BookError::TooLarge) } else { Ok(text) }
        });
        info.n_rows = text.as_ref().map_or(0, |text| text.n_rows);
        self.sheets.push((info, text));
        Ok(())
    }
}

/// A sheet that is being read.
struct Table {
    writer: TableWriter,
    /// The next row.
    row: u32,
    /// It is a copy of another file's, kept for formulas.
    is_elsewhere: bool,
}

impl Table {
    /// Reads up to the end of the sheet, which is when the depth is `depth` again.
    fn read(&mut self, xml: &mut Xml<'_>, depth: usize) -> Result<(), BookError> {
        while depth < xml.depth() {
            if let Event::Start(element) = xml.next()? {
                match element.name().0 {
                    "table:table-row" => {
                        let n_times = xml::count(&element, "table:number-rows-repeated")?;
                        self.rows(xml, n_times)?;
                    }
                    "table:table-source" => self.is_elsewhere = true,
                    // What floats above the cells has text of its own.
                    "table:shapes" | "office:forms" => xml.skip()?,
                    _ => (),
                }
            }
        }
        Ok(())
    }

    /// Reads a row that stands for `n_times` rows.
    fn rows(&mut self, xml: &mut Xml<'_>, n_times: u32) -> Result<(), BookError> {
        let depth = xml.depth() - 1;
        let mut cells: Vec<(u32, Cell)> = Vec::new();
        let mut column = 0_u32;
        while depth < xml.depth() {
            let Event::Start(element) = xml.next()? else { continue };
            match element.name().0 {
                "table:table-cell" => {
                    let n_times = xml::count(&element, "table:number-columns-repeated")?;
                    let cell = Cell::of(&element, n_times)?.read(xml)?;
                    if !cell.value.is_empty() {
                        cells.push((column, cell));
                    }
                    column = column.saturating_add(n_times);
                }
                // Behind a merged cell. It may still hold a value, but nobody sees it.
                "table:covered-table-cell" => {
                    let n_times = xml::count(&element, "table:number-columns-repeated")?;
                    xml.skip()?;
                    column = column.saturating_add(n_times);
                }
                _ => (),
            }
        }
        let next = self.row.saturating_add(n_times);
        if !cells.is_empty() {
            // Told before it is written.
            let n_bytes = cells.iter().map(|(_, cell)| cell.n_times().saturating_mul(cell.value.len()));
            let n_bytes = n_bytes.fold(0, usize::saturating_add);
            let n_rows = usize::try_from(n_times).unwrap_or(usize::MAX);
            if MAX_TEXT_BYTES < n_bytes.saturating_mul(n_rows) {
                return Err(BookError::TooLarge);
            }
            for row in self.row..next {
                for (column, cell) in &cells {
                    for column in (*column..).take(cell.n_times()) {
                        self.writer.cell(row, column, &cell.value)?;
                    }
                }
            }
        }
        // Sheets end with all the rows they could have.
        self.row = next.min(MAX_ROWS);
        Ok(())
    }
}
