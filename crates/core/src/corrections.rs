//! Rows that are mended elsewhere: the file of rows with problems, and its way back.
//!
//! The file has the original's own columns, then where each row is and what is wrong with it. When it comes back, each
//! of its rows replaces the row that it names; its other columns say which one that is, so nothing is replaced on a guess.

use crate::{
    check::{Checked, Fate},
    problem::{ColumnIdx, RowNumber},
    report,
    sheet::{Cells, CsvWriter, Delimiter, Sheet, clean, formula_safe},
};

/// What the added columns are called, in the agent's language: spreadsheet row, file line, reason.
pub type Heads = [String; 3];

/// The rows that have errors as CSV, with `reason` giving the explanation of each, by its place from 0.
pub fn csv(
    sheet: &Sheet,
    checked: &Checked,
    heads: &Heads,
    delimiter: Delimiter,
    reason: impl Fn(usize) -> String,
) -> Vec<u8> {
    let mut csv = CsvWriter::new(delimiter);
    csv.row(report::columns(sheet).chain(heads.iter().cloned()).map(|head| formula_safe(&head).into_owned()));
    let mut cells = Cells::new();
    for idx in (0..sheet.n_rows()).filter(|&idx| checked.fate_of(idx) == Some(Fate::Wrong)) {
        sheet.cells(idx, &mut cells);
        let added = [sheet.row_number(idx).to_string(), sheet.line(idx).to_string(), reason(idx)];
        csv.row(report::own_cells(sheet, &cells).chain(added).map(|cell| formula_safe(&cell).into_owned()));
    }
    csv.finish()
}

/// Why a file of mended rows can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionsError {
    /// It doesn't have the original's columns.
    #[error("the columns are not those of the file that is being mended")]
    OtherColumns,
    /// One of its rows names no row of the original.
    #[error("row {row} of the corrections names no row of the file")]
    NoSuchRow {
        /// Its row in the file of corrections.
        row: RowNumber,
    },
}

impl CorrectionsError {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherColumns => "other-columns",
            Self::NoSuchRow { .. } => "no-such-row",
        }
    }
}

/// Whether a file is one of mended rows: it ends with the three columns that [`csv`] adds.
pub fn are_in(sheet: &Sheet, heads: &Heads) -> bool {
    let header = sheet.header();
    let own = header.len().checked_sub(heads.len());
    own.is_some_and(|own| header.get(own..).is_some_and(|last| last == heads))
}

/// Replaces rows by those of `corrections`: all of them, or none if one of them can't be placed. Returns which rows of the
/// sheet were replaced, from 0.
pub fn apply(sheet: &mut Sheet, corrections: &Sheet) -> Result<Vec<usize>, CorrectionsError> {
    let n_columns = sheet.read_as().n_columns;
    let is_same = corrections.header().len() == n_columns + 3
        && report::columns(sheet).eq(report::columns(corrections).take(n_columns));
    if !is_same {
        return Err(CorrectionsError::OtherColumns);
    }
    let mut replaced = Vec::with_capacity(corrections.n_rows());
    {
        let mut cells = Cells::new();
        for idx in 0..corrections.n_rows() {
            corrections.cells(idx, &mut cells);
            let number = |column: usize| {
                let text = cells.value(ColumnIdx::new(n_columns + column)).unwrap_or_default();
                clean::trim(text).parse::<usize>().ok()
            };
            let no_such_row = CorrectionsError::NoSuchRow { row: corrections.row_number(idx) };
            let (row, line) = number(0).zip(number(1)).ok_or(no_such_row)?;
            let place = sheet.find_row(RowNumber::new(row)).ok_or(no_such_row)?;
            if sheet.line(place).get() != line {
                return Err(no_such_row);
            }
            let mended: Vec<String> = (0..n_columns)
                .map(|column| cells.raw(ColumnIdx::new(column)).unwrap_or_default().to_owned())
                .collect();
            replaced.push((place, mended));
        }
    }
    let rows = replaced.iter().map(|(place, _)| *place).collect();
    for (place, mended) in replaced {
        sheet.replace_row(place, mended);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        check::{CheckConfig, check},
        mapping::Mapping,
        problem::Problem,
        sheet::{self, ReadOptions},
        template::samples,
    };

    fn heads() -> Heads {
        ["fila", "línea", "motivo"].map(ToOwned::to_owned)
    }

    fn read(bytes: &[u8]) -> Sheet {
        sheet::read(bytes, ReadOptions::default()).unwrap()
    }

    fn original() -> Sheet {
        read(
            "telefonos;image;dato1;notas\n525512345678;;Ana;\n12;;Lu;\"a\nb\"\n525512345679;;;=x\n"
                .as_bytes(),
        )
    }

    fn checked(sheet: &Sheet) -> Checked {
        let template = samples::with_body("Hola {{1}}");
        check(sheet, &Mapping::manual(&template), &template, CheckConfig::default())
    }

    fn problem_rows(sheet: &Sheet) -> String {
        let checked = checked(sheet);
        let bytes = csv(sheet, &checked, &heads(), Delimiter::Semicolon, |idx| {
            checked.problems_of(sheet, idx).iter().map(Problem::code).collect::<Vec<_>>().join(" ")
        });
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn rows_with_errors_go_out_with_their_place_and_reason() {
        insta::assert_snapshot!(problem_rows(&original()), @r#"
        ﻿telefonos;image;dato1;notas;fila;línea;motivo
        12;;Lu;"a
        b";3;3;phone.too-short
        525512345679;;;'=x;4;5;missing-variables
        "#);
    }

    #[test]
    fn mended_rows_replace_those_they_name() {
        let mut sheet = original();
        let mended =
            problem_rows(&sheet).replace("\r\n12;", "\r\n525512345670;").replace("79;;;", "79;;Eva;");
        let corrections = read(mended.as_bytes());
        assert!(are_in(&corrections, &heads()) && !are_in(&sheet, &heads()));
        assert_eq!(apply(&mut sheet, &corrections), Ok(vec![1, 2]));
        let summary = checked(&sheet).summary();
        assert_eq!((summary.n_ready, summary.n_wrong), (3, 0));
    }

    #[test]
    fn nothing_is_replaced_on_a_guess() {
        let mut sheet = original();
        let rows = problem_rows(&sheet);
        for (from, to) in [(";3;3;", ";9;3;"), (";3;3;", ";3;4;"), (";4;5;", ";;5;")] {
            let corrections = read(rows.replace(from, to).as_bytes());
            let error = apply(&mut sheet, &corrections).unwrap_err();
            assert_eq!(error.code(), "no-such-row", "{from} {to}");
        }
        let corrections = read(rows.replace("dato1", "dato2").as_bytes());
        assert_eq!(apply(&mut sheet, &corrections), Err(CorrectionsError::OtherColumns));
        assert_eq!(sheet.n_edited(), 0);
    }
}
