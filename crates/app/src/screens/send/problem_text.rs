//! Problems in the agent's words.

use cxconnect_core::{
    check::{Checked, Fate},
    corrections::Heads,
    problem::{ColumnIdx, Problem, ProblemKind, Repair, Severity},
    sheet::Sheet,
};

use crate::{
    screens::send::work::Work,
    shell::texts::{maybe_tr, t, tn, tr},
};

/// Why it is wrong, and what to do.
pub fn reason_and_fix(checked: &Checked, sheet: &Sheet, problem: &Problem) -> (String, String) {
    let arguments = checked.arguments(sheet, problem);
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("problem.{}", problem.code());
    (tr(&format!("{key}.reason"), &arguments), tr(&format!("{key}.fix"), &arguments))
}

/// The same of a message that no file has, in one text.
pub fn of_one(checked: &Checked, sheet: &Sheet, problem: &Problem) -> String {
    let arguments = checked.arguments(sheet, problem);
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("problem.{}", problem.code());
    let parts = [format!("{key}.reason"), format!("{key}.fix")]
        .map(|key| maybe_tr(&format!("ticket.{key}"), &arguments).unwrap_or_else(|| tr(&key, &arguments)));
    parts.join(" ")
}

/// Everything that keeps a row back, for a cell of the file of rows with problems.
pub fn all_reasons(checked: &Checked, sheet: &Sheet, row_idx: usize) -> String {
    let errors = checked.problems_of(sheet, row_idx).iter().filter(|problem| problem.is_error());
    let mut texts: Vec<String> = errors
        .map(|problem| {
            let (reason, fix) = reason_and_fix(checked, sheet, problem);
            match problem.column {
                Some(column) => format!("{}: {reason} {fix}", column_name(sheet, column)),
                None => format!("{reason} {fix}"),
            }
        })
        .collect();
    if let Some(file) = checked.media_of(row_idx).filter(|file| file.is_refused()) {
        texts.extend(file.findings.iter().flatten().map(kind_text));
    }
    texts.join(" | ")
}

/// Why a row isn't sent: what is wrong with it, or else what keeps it out.
pub fn why_left_out(work: &Work, row_idx: usize) -> String {
    let Some(checked) = &work.checked else { return String::new() };
    let (sheet, is_wrong) = (&work.sheet, checked.fate_of(row_idx) == Some(Fate::Wrong));
    if is_wrong {
        return all_reasons(checked, sheet, row_idx);
    }
    let keeps_out =
        |problem: &&Problem| matches!(problem.kind.repair(), Repair::Duplicates | Repair::Excluded);
    let problem = checked.problems_of(sheet, row_idx).iter().find(keeps_out);
    problem.map(|problem| reason_and_fix(checked, sheet, problem).0).unwrap_or_default()
}

/// What is wrong, without a place.
pub fn kind_text(kind: &ProblemKind) -> String {
    let arguments = kind.arguments();
    let arguments: Vec<_> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let key = format!("problem.{}", kind.code());
    format!("{} {}", tr(&format!("{key}.reason"), &arguments), tr(&format!("{key}.fix"), &arguments))
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
