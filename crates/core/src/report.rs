//! A batch's results as a sheet: the file's own columns, then what became of each row.
//!
//! Nobody is lost: every row of the file is in it, in the file's order. Cells that a spreadsheet would calculate are made
//! harmless.

use crate::{
    dispatch::MessageState,
    plan::Batch,
    problem::ColumnIdx,
    sheet::{Cells, CsvWriter, Sheet, formula_safe},
};

/// What the added columns are called and what they say, in the agent's language.
pub trait Wording {
    /// The added columns' names: spreadsheet row, file line, phone as sent, state, reason, notification id.
    fn heads(&self) -> [String; 6];
    /// A state's name.
    fn state(&self, state: &MessageState) -> String;
    /// Why it is so; empty where there is nothing to explain.
    fn reason(&self, state: &MessageState) -> String;
}

/// The results as CSV (UTF-8 with byte-order mark, `;`). `states` are the send engine's, by message.
pub fn results_csv(batch: &Batch, states: &[MessageState], wording: &impl Wording) -> Vec<u8> {
    let sheet = batch.sheet();
    let mut csv = CsvWriter::new();
    csv.row(columns(sheet).chain(wording.heads()).map(|head| formula_safe(&head).into_owned()));
    let mut cells = Cells::new();
    for row_idx in 0..sheet.n_rows() {
        sheet.cells(row_idx, &mut cells);
        // Messages are in the file's order, as rows are.
        let row = u32::try_from(row_idx).unwrap_or(u32::MAX);
        let idx = batch.targets().binary_search_by_key(&row, |target| target.row).ok();
        let target = idx.and_then(|idx| batch.targets().get(idx));
        let state = idx.and_then(|idx| states.get(idx)).unwrap_or(&MessageState::NotSent);
        let id = match state {
            MessageState::Accepted(id) => id.as_str(),
            _ => "",
        };
        let added = [
            sheet.row_number(row_idx).to_string(),
            sheet.line(row_idx).to_string(),
            target.map(|target| target.to.to_string()).unwrap_or_default(),
            wording.state(state),
            wording.reason(state),
            id.to_owned(),
        ];
        csv.row(own_cells(sheet, &cells).chain(added).map(|cell| formula_safe(&cell).into_owned()));
    }
    csv.finish()
}

/// The names of the file's own columns.
pub(crate) fn columns(sheet: &Sheet) -> impl Iterator<Item = String> + '_ {
    (0..sheet.read_as().n_columns).map(|idx| match sheet.header().get(idx) {
        Some(name) if !name.is_empty() => name.clone(),
        Some(_) | None => ColumnIdx::new(idx).to_string(),
    })
}

/// A row's cells, one for each of the file's columns.
pub(crate) fn own_cells<'c>(sheet: &Sheet, cells: &'c Cells<'_>) -> impl Iterator<Item = String> + 'c {
    (0..sheet.read_as().n_columns).map(|idx| cells.raw(ColumnIdx::new(idx)).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        check::{CheckConfig, check},
        dispatch::{Doubt, NotificationId, Refusal},
        mapping::Mapping,
        plan::BatchId,
        sheet::{self, ReadOptions},
        template::samples,
    };

    struct English;

    impl Wording for English {
        fn heads(&self) -> [String; 6] {
            ["row", "line", "phone", "state", "reason", "id"].map(ToOwned::to_owned)
        }

        fn state(&self, state: &MessageState) -> String {
            match state {
                MessageState::Accepted(_) => "placed",
                MessageState::Refused(_) => "error",
                MessageState::Unknown(_) => "unknown",
                _ => "not sent",
            }
            .to_owned()
        }

        fn reason(&self, state: &MessageState) -> String {
            match state {
                MessageState::Refused(refusal) => refusal.text.clone(),
                _ => String::new(),
            }
        }
    }

    fn results(file: &str, states: &[MessageState]) -> String {
        let template = samples::with_body("Hola {{1}}");
        let sheet = Arc::new(sheet::read(file.as_bytes(), ReadOptions::default()).unwrap());
        let checked = check(&sheet, &Mapping::manual(&template), &template, CheckConfig::default());
        let batch = Batch::plan(BatchId::new("b".to_owned()), template, sheet, &checked).unwrap();
        String::from_utf8(results_csv(&batch, states, &English)).unwrap()
    }

    #[test]
    fn original_columns_come_first_and_what_became_of_the_row_after() {
        let states = [
            MessageState::Accepted(NotificationId::parse("n1").unwrap()),
            MessageState::Refused(Refusal { status: 400, code: None, text: "=HYPERLINK(1)".into() }),
            MessageState::Unknown(Doubt::Timeout),
            MessageState::NotSent,
        ];
        let file = "telefonos,image,nombre\n525512345678,,Ana\n525512345679,,\"José; Ñ\"\n525512345670,,-x\n525512345671,,=1+1\n";
        let csv = results(file, &states);
        let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(
            lines,
            [
                "telefonos;image;nombre;row;line;phone;state;reason;id",
                "525512345678;;Ana;2;2;'+525512345678;placed;;n1",
                "525512345679;;\"José; Ñ\";3;3;'+525512345679;error;'=HYPERLINK(1);",
                "525512345670;;'-x;4;4;'+525512345670;unknown;;",
                "525512345671;;'=1+1;5;5;'+525512345671;not sent;;",
            ]
        );
    }

    #[test]
    fn a_file_without_header_gets_the_columns_letters() {
        let csv = results("525512345678,,Ana\n", &[MessageState::NotSent]);
        assert!(csv.starts_with("\u{feff}A;B;C;row;line;"), "{csv}");
    }
}
