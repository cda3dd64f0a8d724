//! Problems in the agent's words.

use cxconnect_core::{
    check::Checked,
    corrections::Heads,
    problem::{ColumnIdx, Problem, Repair, Severity},
    sheet::Sheet,
};

use crate::shell::texts::{t, tn, tr};

/// Why it is wrong, and what to do.
pub fn reason_and_fix(checked: &Checked, sheet: &Sheet, problem: &Problem) -> (String, String) {
    let arguments = checked.arguments(sheet, problem);
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("problem.{}", problem.code());
    (tr(&format!("{key}.reason"), &arguments), tr(&format!("{key}.fix"), &arguments))
}

/// Everything that is wrong with a row, for a cell of the file of rows with problems.
pub fn all_reasons(checked: &Checked, sheet: &Sheet, problems: &[Problem]) -> String {
    let errors = problems.iter().filter(|problem| problem.is_error());
    let texts: Vec<String> = errors
        .map(|problem| {
            let (reason, fix) = reason_and_fix(checked, sheet, problem);
            match problem.column {
                Some(column) => format!("{}: {reason} {fix}", column_name(sheet, column)),
                None => format!("{reason} {fix}"),
            }
        })
        .collect();
    texts.join(" | ")
}

/// A column as the agent knows it: its letter, and its name if it has one.
pub fn column_name(sheet: &Sheet, column: ColumnIdx) -> String {
    match sheet.header().get(column.get()).filter(|name| !name.is_empty()) {
        Some(name) => format!("{column} · {name}"),
        None => column.to_string(),
    }
}

/// A job, with how often it is to be done: "Corrija 3 teléfonos".
pub fn repair(repair: Repair, n: usize) -> String {
    tn(&format!("repair.{}", repair.code()), n, &[])
}

/// How much a problem weighs, in a word.
pub fn severity(severity: Severity) -> String {
    t(&format!("severity.{}", severity.code()))
}

/// What the columns of the file of rows with problems are called.
pub fn correction_heads() -> Heads {
    ["report.row", "report.line", "report.reason"].map(t)
}
