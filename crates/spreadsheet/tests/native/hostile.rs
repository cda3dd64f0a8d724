//! Files that are broken, on purpose or not: they are refused in time and in memory, whatever they say of themselves.

use std::sync::LazyLock;

use cxconnect_spreadsheet::{Book, BookError};
use proptest::prelude::*;

use super::files;

/// The golden books that can be opened, and the parts of those that are zips.
static BOOKS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let books = files::books().into_iter().map(|path| std::fs::read(path).unwrap());
    books.filter(|book| Book::open(book.clone()).is_ok()).collect()
});
static ZIPS: LazyLock<Vec<Vec<files::Part>>> = LazyLock::new(|| {
    BOOKS.iter().filter(|book| book.starts_with(b"PK")).map(|book| files::parts(book)).collect()
});

/// Changes of a file: bytes at places that are told as parts of its length, and where it is cut.
#[derive(Clone, Debug)]
struct Damage {
    bytes: Vec<(prop::sample::Index, u8)>,
    cut: Option<prop::sample::Index>,
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b"<>/\"=&; 09\xff\0".to_vec())];
    let bytes = prop::collection::vec((any::<prop::sample::Index>(), byte), 0..6);
    let cut = prop::option::weighted(0.3, any::<prop::sample::Index>());
    (bytes, cut).prop_map(|(bytes, cut)| Damage { bytes, cut })
}

impl Damage {
    fn apply(&self, content: &mut Vec<u8>) {
        if content.is_empty() {
            return;
        }
        for (at, byte) in &self.bytes {
            let at = at.index(content.len());
            content[at] = *byte;
        }
        if let Some(cut) = self.cut {
            content.truncate(cut.index(content.len()));
        }
    }
}

/// Opens and reads everything, and checks what every text must be.
fn read_all(bytes: Vec<u8>) -> Result<(), TestCaseError> {
    let Ok(mut book) = Book::open(bytes) else { return Ok(()) };
    let sheets: Vec<_> = book.sheets().cloned().collect();
    prop_assert!(book.default_sheet() < sheets.len());
    for (index, sheet) in sheets.iter().enumerate() {
        let Ok(text) = book.read(index) else { continue };
        let text = str::from_utf8(text).unwrap();
        prop_assert!(text.is_empty() || text.ends_with("\r\n"));
        prop_assert_eq!(n_records(text), sheet.n_rows as usize);
    }
    Ok(())
}

/// Line ends outside of quotes.
fn n_records(text: &str) -> usize {
    let outside = text.split('"').step_by(2);
    outside.map(|part| part.matches("\r\n").count()).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn damaged_files_are_read_or_refused(book in any::<prop::sample::Index>(), damage in damage()) {
        let mut bytes = BOOKS[book.index(BOOKS.len())].clone();
        damage.apply(&mut bytes);
        read_all(bytes)?;
    }

    // Apart from the others, since there are few and what reads them is the most trusting.
    #[test]
    fn damaged_xls_are_read_or_refused(book in any::<prop::sample::Index>(), damage in damage()) {
        let xls: Vec<_> = BOOKS.iter().filter(|book| !book.starts_with(b"PK")).collect();
        let mut bytes = xls[book.index(xls.len())].clone();
        damage.apply(&mut bytes);
        read_all(bytes)?;
    }

    #[test]
    fn damaged_parts_are_read_or_refused(
        book in any::<prop::sample::Index>(),
        part in any::<prop::sample::Index>(),
        damage in damage(),
    ) {
        let mut parts = ZIPS[book.index(ZIPS.len())].clone();
        let part = part.index(parts.len());
        damage.apply(&mut parts[part].1);
        read_all(files::zipped(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice()))))?;
    }

    #[test]
    fn any_bytes_are_refused(start in prop::sample::select(vec![&b""[..], b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]), rest in any::<Vec<u8>>()) {
        prop_assert!(Book::open([start, &rest].concat()).is_err());
    }
}

/// Every part of every book, cut after its elements: nothing waits for an end that doesn't come.
#[test]
fn books_that_end_early_are_read_or_refused() {
    for parts in &*ZIPS {
        for (index, (_, content)) in parts.iter().enumerate() {
            let ends = content.iter().enumerate().filter(|(_, byte)| **byte == b'>').map(|(at, _)| at);
            // Ten or twenty of them in the large ones, which repeat themselves.
            let step = ends.clone().count() / 10 + 1;
            for at in ends.step_by(step) {
                let cut = parts.iter().enumerate().map(|(other, (name, content))| {
                    let end = if other == index { at + 1 } else { content.len() };
                    (name.as_str(), &content[..end])
                });
                read_all(files::zipped(cut)).unwrap();
            }
        }
    }
}

#[test]
fn a_zip_that_would_be_too_large_is_not_unpacked() {
    let mut zip = files::book("phones.xlsx");
    // The unpacked size of the first part, in the zip's list at its end.
    let entry = zip.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    zip[entry + 24..entry + 28].copy_from_slice(&(2_u32 << 30).to_le_bytes());
    assert_eq!(files::read(zip), Err("too-large"));
}

#[test]
fn repetitions_are_counted_before_they_are_written() {
    let change = |rows: &str, columns: &str| {
        let long = "x".repeat(1_000);
        files::with_part(&files::book("nasty.ods"), "content.xml", |content| {
            let (before, rest) = content.split_once("<table:table-row").unwrap();
            let (_, after) = rest.split_once("</table:table>").unwrap();
            format!(
                r#"{before}<table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>{long}</text:p></table:table-cell></table:table-row></table:table>{after}"#
            )
        })
    };
    let opened = |bytes| {
        let mut book = Book::open(bytes).unwrap();
        let n_rows = book.sheets().map(|sheet| sheet.n_rows).collect::<Vec<_>>();
        (n_rows, book.read(0).map(<[u8]>::len).map_err(BookError::code))
    };
    // The sheets behind it are read all the same.
    assert_eq!(opened(change("1048576", "16384")), (vec![0, 1, 0], Err("too-large")));
    assert_eq!(opened(change("1", "4294967296")), (vec![0, 1, 0], Err("too-large")));
    assert_eq!(opened(change("3", "2")), (vec![3, 1, 0], Ok(3 * 2_003)));
}

#[test]
fn cells_far_away_cost_what_is_between() {
    let sheet = |rows: &str| {
        files::with_part(&files::book("inline.xlsx"), "xl/worksheets/sheet1.xml", |_| {
            format!(
                r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
            )
        })
    };
    let last = files::read(sheet(r#"<row r="1048576"><c r="A1048576"><v>1</v></c></row>"#)).unwrap();
    assert_eq!(last.len(), 2 * 1_048_576 + 1);
    assert_eq!(
        files::read(sheet(r#"<row r="1048577"><c r="A1048577"><v>1</v></c></row>"#)),
        Err("too-large")
    );
    assert_eq!(files::read(sheet(r#"<row r="1"><c r="XFE1"><v>1</v></c></row>"#)), Err("too-large"));
    // A column of values at the right end of 20,000 rows: 320 MB of commas.
    let right = |row: u32| format!(r#"<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>"#);
    assert_eq!(files::read(sheet(&(1..20_000).map(right).collect::<String>())).err(), Some("too-large"));
    // Rows out of order, which no spreadsheet writes.
    let back = r#"<row r="2"><c r="A2"><v>2</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>"#;
    assert_eq!(files::read(sheet(back)), Err("damaged"));
    // Cells out of order, and one place twice.
    let cells = r#"<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c><c r="A1"><v>3</v></c></row>"#;
    assert_eq!(files::read(sheet(cells)).unwrap(), "1,2\r\n");
}

#[test]
fn a_directory_that_goes_in_a_circle_is_refused() {
    let mut xls = files::book("list.xls");
    let number = |at: usize| u32::from_le_bytes(xls[at..at + 4].try_into().unwrap()) as usize;
    let (table, directory) = ((number(76) + 1) * 512, number(48));
    let next = u32::try_from(directory).unwrap().to_le_bytes();
    xls[table + 4 * directory..][..4].copy_from_slice(&next);
    assert_eq!(files::read(xls), Err("damaged"));
}
