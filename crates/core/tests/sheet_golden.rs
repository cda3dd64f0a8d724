//! A folder of nasty files, each with the reading that is expected of it.
//!
//! The files are bytes as agents have them; `.gitattributes` keeps git from changing their line endings. A new one is
//! added to the folder, and its reading reviewed and accepted like any snapshot.

use std::{fmt::Write as _, fs, path::PathBuf};

use cxconnect_core::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{self, Cells, HeaderPresence, ReadAs, ReadOptions, Sheet, Source},
};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/sheets")
}

fn file_names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_file_is_read_as_expected() {
    let names = file_names();
    assert!(60 <= names.len());
    insta::with_settings!({
        snapshot_path => folder().join("readings"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        for name in names {
            let bytes = fs::read(folder().join(&name)).unwrap();
            insta::assert_snapshot!(name.clone(), shown(&bytes));
        }
    });
}

#[test]
fn every_reading_has_its_file() {
    let names = file_names();
    for entry in fs::read_dir(folder().join("readings")).unwrap() {
        let snapshot = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = snapshot.strip_suffix(".snap") else { continue };
        assert!(names.iter().any(|file| file == name), "{name}");
    }
}

/// How a file was read: the screen's line, then the places in the order of the file.
fn shown(bytes: &[u8]) -> String {
    match sheet::read(bytes, ReadOptions::default()) {
        Ok(sheet) => shown_sheet(&sheet),
        Err(error) => {
            let arguments: Vec<String> =
                error.arguments().into_iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
            format!("error {}{}", error.code(), arguments.concat())
        }
    }
}

fn shown_sheet(sheet: &Sheet) -> String {
    let ReadAs { source, header, n_columns, n_rows, trailing_blank_lines, rows_above_header, has_sep_line } =
        sheet.read_as();
    let mut text = match source {
        Source::Text { encoding, delimiter } => format!("{}, {}", encoding.code(), delimiter.code()),
        Source::Workbook { sheet } => format!("workbook {sheet:?}"),
    };
    write!(text, ", {n_columns} columns, {n_rows} rows").unwrap();
    if *has_sep_line {
        text.push_str(", sep= line");
    }
    if 0 < *rows_above_header {
        write!(text, ", {rows_above_header} rows above the header").unwrap();
    }
    if 0 < *trailing_blank_lines {
        write!(text, ", {trailing_blank_lines} blank lines at the end").unwrap();
    }
    text.push('\n');
    let mut places: Vec<(LineNumber, RowNumber, String)> = Vec::new();
    if let HeaderPresence::Present { line, row } = header {
        places.push((*line, *row, format!("header {:?}", sheet.header())));
    }
    places.extend(sheet.blank_lines().iter().map(|&(line, row)| (line, row, "blank".to_owned())));
    let mut cells = Cells::new();
    for idx in 0..sheet.n_rows() {
        sheet.cells(idx, &mut cells);
        places.push((sheet.line(idx), sheet.row_number(idx), shown_row(&cells)));
    }
    for undecoded in sheet.undecoded() {
        let place = match undecoded.row_idx {
            Some(idx) => format!("row {}", sheet.row_number(idx)),
            None => "header".to_owned(),
        };
        assert!(place == "header" || place == format!("row {}", undecoded.row));
        let text = format!(
            "undecoded {:#04x} in {place}, column {}, character {}",
            undecoded.byte, undecoded.column, undecoded.character
        );
        places.push((undecoded.line, undecoded.row, text));
    }
    assert_eq!(sheet.undecoded().len(), sheet.n_undecoded());
    // Stable: what is undecoded comes after its row.
    places.sort_by_key(|(line, row, _)| (*line, *row));
    for (line, row, what) in places {
        writeln!(text, "line {line} row {row} {what}").unwrap();
    }
    text
}

/// The cells; `a → b` if the value isn't what the cell has, `a ⇒ b` if something invisible was taken out.
fn shown_row(cells: &Cells<'_>) -> String {
    let shown = (0..cells.len()).map(ColumnIdx::new).map(|column| {
        let (raw, value) = (cells.raw(column).unwrap(), cells.value(column).unwrap());
        match (raw == value, cells.was_cleaned(column)) {
            (true, false) => format!("{raw:?}"),
            (false, false) => format!("{raw:?} → {value:?}"),
            (false, true) => format!("{raw:?} ⇒ {value:?}"),
            (true, true) => unreachable!("{raw:?} was cleaned of nothing"),
        }
    });
    format!("[{}]", shown.collect::<Vec<_>>().join(", "))
}
