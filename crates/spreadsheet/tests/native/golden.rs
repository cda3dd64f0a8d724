//! Every workbook in tests/books: what is read from it, as a snapshot.

use std::fmt::Write as _;
use std::fs;

use cxconnect_spreadsheet::Book;

use super::files;

/// All that can be seen of a workbook, with its line ends shown.
fn shown(bytes: Vec<u8>) -> String {
    let mut book = match Book::open(bytes) {
        Ok(book) => book,
        Err(error) => return format!("error: {}", error.code()),
    };
    let mut text = String::new();
    let sheets: Vec<_> = book.sheets().cloned().collect();
    let default = book.default_sheet();
    for (index, sheet) in sheets.into_iter().enumerate() {
        let mark = if index == default { " (default)" } else { "" };
        writeln!(text, "── {:?}: {:?}, {} rows{mark}", sheet.name, sheet.visibility, sheet.n_rows).unwrap();
        match book.read(index) {
            Ok(csv) => {
                let csv = str::from_utf8(csv).unwrap();
                assert!(csv.is_empty() || csv.ends_with("\r\n"));
                for line in csv.split_inclusive('\n') {
                    writeln!(
                        text,
                        "{}",
                        line.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
                    )
                    .unwrap();
                }
            }
            Err(error) => writeln!(text, "error: {}", error.code()).unwrap(),
        }
    }
    text
}

#[test]
fn every_book_reads_as_it_should() {
    for path in files::books() {
        let name = path.file_name().unwrap().to_str().unwrap();
        insta::with_settings!({ snapshot_path => "golden", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, shown(fs::read(&path).unwrap()));
        });
    }
}
