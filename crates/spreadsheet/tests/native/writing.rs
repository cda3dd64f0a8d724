//! What is written: that it comes back, and that Excel gets what it needs to leave it alone.

use calamine::Reader as _;
use cxconnect_spreadsheet::BookError;
use cxconnect_spreadsheet::write::{Options, TextColumns, write};
use proptest::prelude::*;

use super::files;

fn options(text_columns: TextColumns) -> Options {
    Options { sheet_name: "Destinatarios".to_owned(), text_columns }
}

fn written(csv: &str) -> Vec<u8> {
    write(csv.as_bytes(), &options(TextColumns::All)).unwrap()
}

/// The same without the thousand rows for what is yet to come.
fn unprepared(csv: &str) -> Vec<u8> {
    write(csv.as_bytes(), &options(TextColumns::Only(Vec::new()))).unwrap()
}

fn sheet_part(xlsx: &[u8]) -> String {
    let parts = files::parts(xlsx);
    let (_, content) = parts.into_iter().find(|(name, _)| name == "xl/worksheets/sheet1.xml").unwrap();
    String::from_utf8(content).unwrap()
}

/// CSV with every cell in quotes.
fn quoted(table: &[Vec<String>]) -> String {
    let cell = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    table.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n").collect()
}

/// What reading gives: without the empty cells at the ends of rows and the empty rows at the end of the table.
fn as_read(table: &[Vec<String>]) -> String {
    let needs_quotes =
        |cell: &str| cell.contains([',', ';', '\t', '|', '"', '\n', '\r']) || cell.trim() != cell;
    let row = |row: &Vec<String>| {
        let n_used = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let cells = row[..n_used].iter().map(|cell| {
            if needs_quotes(cell) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
        });
        cells.collect::<Vec<_>>().join(",")
    };
    let mut rows: Vec<String> = table.iter().map(row).collect();
    rows.truncate(rows.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1));
    rows.iter().flat_map(|row| [row.as_str(), "\r\n"]).collect()
}

/// Cells as people and programs write them, and some that nobody should.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[0-9+ ]{0,14}",
        3 => "[a-zñáé ,;\"'=+@|\t\r\n-]{0,12}",
        1 => "_x00[0-9a-fA-F]{2}_{0,2}[a-z]?",
        1 => Just(String::new()),
        1 => any::<String>(),
    ]
}

proptest! {
    #[test]
    fn any_table_comes_back(table in prop::collection::vec(prop::collection::vec(cell(), 1..6), 1..12)) {
        let xlsx = unprepared(&quoted(&table));
        prop_assert_eq!(files::read(xlsx).unwrap(), as_read(&table));
    }

    #[test]
    fn any_text_can_be_written(csv in any::<String>()) {
        let read = files::read(unprepared(&csv));
        prop_assert!(read.is_ok(), "{read:?}");
    }
}

#[test]
fn phones_and_formulas_are_text() {
    let xlsx = written("teléfono,nota\r\n00525512345678,=1+1\r\n5.25512E+11,@x\r\n");
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(xlsx.clone())).unwrap();
    let range = book.worksheet_range("Destinatarios").unwrap();
    assert!(range.used_cells().all(|(_, _, cell)| matches!(cell, calamine::Data::String(_))));
    assert_eq!(range.get_value((1, 0)).unwrap(), "00525512345678");
    assert_eq!(range.get_value((1, 1)).unwrap(), "=1+1");

    let styles = book.worksheet_style("Destinatarios").unwrap();
    for row in 0..3 {
        let style = styles.get((row, 0)).unwrap();
        assert_eq!(style.number_format.as_ref().unwrap().format_code, "@");
        assert_eq!(style.font.as_ref().unwrap().is_bold(), row == 0, "only the header is bold");
    }
    assert!(!sheet_part(&xlsx).contains("<f>"));
}

#[test]
fn the_header_stays_in_sight_and_phones_get_no_triangles() {
    let sheet = sheet_part(&written("a,b\r\n"));
    assert!(sheet.contains(r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>"#));
    assert!(sheet.contains(r#"<ignoredError sqref="A1:B1048576" numberStoredAsText="1"/>"#));
}

#[test]
fn empty_cells_are_prepared_for_text() {
    let only_first = write("teléfono,nombre\r\n".as_bytes(), &options(TextColumns::Only(vec![0]))).unwrap();
    let sheet = sheet_part(&only_first);
    assert!(sheet.contains(r#"<row r="2"><c r="A2" s="1"/></row>"#));
    assert!(sheet.contains(r#"<row r="1001"><c r="A1001" s="1"/></row></sheetData>"#));
    assert!(sheet.contains(r#"<col min="1" max="1" width="12" style="1" customWidth="1"/>"#));
    assert!(sheet.contains(r#"<col min="2" max="2" width="12" style="0" customWidth="1"/>"#));
    assert!(sheet_part(&written("a,b\r\n")).contains(r#"<c r="A2" s="1"/><c r="B2" s="1"/>"#));
    // Prepared is not used: the file has one row.
    assert_eq!(files::read(only_first).unwrap(), "teléfono,nombre\r\n");
}

#[test]
fn columns_are_as_wide_as_their_texts_within_reason() {
    let sheet = sheet_part(&written(&format!("a,{}\r\nquince letras ñ,b\r\n", "x".repeat(500))));
    assert!(sheet.contains(r#"<col min="1" max="1" width="17""#));
    assert!(sheet.contains(r#"<col min="2" max="2" width="62""#));
}

#[test]
fn the_same_table_is_the_same_file() {
    let xlsx = written("teléfono\r\n525512345678\r\n");
    assert_eq!(xlsx, written("teléfono\r\n525512345678\r\n"));
    let names: Vec<_> = files::parts(&xlsx).into_iter().map(|(name, _)| name).collect();
    // Those who tell a file's kind by its first bytes look for the first of them.
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/worksheets/sheet1.xml"
        ]
    );
}

#[test]
fn a_byte_order_mark_is_no_text() {
    assert_eq!(files::read(written("\u{feff}a\r\n")).unwrap(), "a\r\n");
}

#[test]
fn what_excel_could_not_open_is_not_written() {
    let refusal = |csv: &[u8]| write(csv, &options(TextColumns::All)).unwrap_err();
    assert_eq!(refusal(b"\xff"), BookError::NotText);
    assert_eq!(refusal("x".repeat(32_768).as_bytes()), BookError::TooLarge);
    assert_eq!(refusal(",".repeat(16_384).as_bytes()), BookError::TooLarge);
    assert_eq!(refusal("\n".repeat(1_048_577).as_bytes()), BookError::TooLarge);
    // 32,767 characters that are more bytes.
    assert!(write("ñ".repeat(32_767).as_bytes(), &options(TextColumns::All)).is_ok());
}

#[test]
fn an_empty_table_is_an_empty_sheet() {
    assert_eq!(files::read(written("")).unwrap(), "");
}
