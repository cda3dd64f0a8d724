//! The module as the worker calls it, in Chromium.

#![cfg(target_arch = "wasm32")]

use cxconnect_spreadsheet::browser::{open, write};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_workbook_is_opened_and_read() {
    let mut book = open(include_bytes!("books/sheets.xlsx").to_vec()).unwrap();
    assert_eq!(book.sheet_names(), ["Oculta", "Muy oculta", "Vacía", "Datos & más", "Última"]);
    assert_eq!(book.hidden(), [1, 1, 0, 0, 0]);
    assert_eq!(book.row_counts(), [1, 1, 0, 2, 5]);
    let index = book.default_sheet();
    assert_eq!(index, 3);
    assert_eq!(book.read(index).unwrap().to_vec(), b"tel\xc3\xa9fono\r\n525512345678\r\n");
    assert_eq!(book.read(9).unwrap_err(), "no-such-sheet");
}

#[wasm_bindgen_test]
fn every_kind_of_workbook_is_read() {
    for book in [
        include_bytes!("books/nasty.xlsx").as_slice(),
        include_bytes!("books/nasty.xls").as_slice(),
        include_bytes!("books/nasty.ods").as_slice(),
    ] {
        let mut book = open(book.to_vec()).unwrap();
        let index = book.default_sheet();
        let text = String::from_utf8(book.read(index).unwrap().to_vec()).unwrap();
        assert!(text.contains(",525512345678,José Ñandú 🎉,05/11/2025,10:30,1234.5\r\n"), "{text}");
    }
}

#[wasm_bindgen_test]
fn what_cannot_be_read_is_named() {
    let refusal = |book: &[u8]| open(book.to_vec()).err().unwrap();
    assert_eq!(refusal(include_bytes!("books/password.xlsx")), "encrypted");
    assert_eq!(refusal(include_bytes!("books/truncated.xlsx")), "damaged");
    assert_eq!(refusal(include_bytes!("books/page.xls")), "unsupported");
}

#[wasm_bindgen_test]
fn what_is_written_comes_back() {
    let csv = "teléfono,nota\r\n00525512345678,=1+1\r\n";
    let xlsx = write(csv.as_bytes(), "Destinatarios".to_owned(), Some(vec![0])).unwrap();
    let mut book = open(xlsx).unwrap();
    assert_eq!(book.sheet_names(), ["Destinatarios"]);
    assert_eq!(book.read(0).unwrap().to_vec(), csv.as_bytes());
}
