//! Every text that the app may show exists, in every language, with the same placeholders.
//!
//! The app shows a key that has no text as it is; these tests see to it that there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cxconnect_core::corrections::CorrectionsError;
use cxconnect_core::dispatch::Milestone;
use cxconnect_core::ledger::{BatchState, Origin};
use cxconnect_core::position::Position;
use cxconnect_core::problem::{ProblemKind, Repair, RowNumber, Severity};
use cxconnect_core::reasons::Reason;
use cxconnect_core::receipt::Status;
use cxconnect_core::report::Standing;
use cxconnect_core::sheet::{Delimiter, SheetError};
use cxconnect_core::stats::Share;
use cxconnect_ledger::{installation::Right, schema::OBJECTS};
use serde_json::Value;

type Texts = BTreeMap<String, String>;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A language's file, flat.
fn texts(language: &str) -> Texts {
    let path = project().join("translations").join(format!("{language}.json"));
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let mut texts = Texts::new();
    flatten("", &file, &mut texts);
    texts
}

fn flatten(prefix: &str, value: &Value, texts: &mut Texts) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, member, texts);
            }
        }
        Value::String(text) => {
            texts.insert(prefix.to_owned(), text.clone());
        }
        other => panic!("{prefix} is {other}, not a text"),
    }
}

/// What the screen shows, without the file's `ui.`.
fn shown() -> Texts {
    texts("es")
        .into_iter()
        .filter_map(|(key, text)| Some((key.strip_prefix("ui.")?.to_owned(), text)))
        .collect()
}

/// The names between double braces.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}")).map(|(name, _)| name).collect()
}

/// Whether a key has a text, or one for each number, or says why and what to do.
fn exists(texts: &Texts, key: &str) -> bool {
    let has = |form: &str| texts.contains_key(&format!("{key}.{form}"));
    texts.contains_key(key) || (has("one") && has("other")) || (has("reason") && has("fix"))
}

#[track_caller]
fn assert_exist(keys: impl IntoIterator<Item = String>) {
    let texts = shown();
    let missing: Vec<String> = keys.into_iter().filter(|key| !exists(&texts, key)).collect();
    assert_eq!(missing, [""; 0], "without a text");
}

#[test]
fn spanish_and_english_have_the_same_keys_and_placeholders() {
    let (es, en) = (texts("es"), texts("en"));
    let keys = |texts: &Texts| texts.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&es), keys(&en));
    for (key, spanish) in &es {
        assert_eq!(placeholders(spanish), placeholders(&en[key]), "{key}");
    }
}

#[test]
fn no_text_is_empty() {
    for (key, text) in texts("es").iter().chain(&texts("en")) {
        assert!(!text.trim().is_empty(), "{key}");
    }
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            found.push(fs::read_to_string(path).unwrap());
        }
    }
}

/// The literals of the app's sources that are keys by their look: dotted, and in one of the file's sections.
fn literal_keys() -> BTreeSet<String> {
    let sections: BTreeSet<String> =
        shown().keys().filter_map(|key| Some(key.split_once('.')?.0.to_owned())).collect();
    let is_key = |text: &str| {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_.-{}".contains(c);
        text.chars().all(is_plain)
            && text.split_once('.').is_some_and(|(section, _)| sections.contains(section))
    };
    let mut files = Vec::new();
    sources(&project().join("crates/app/src"), &mut files);
    let lines =
        files.iter().flat_map(|file| file.lines()).map(str::trim).filter(|line| !line.starts_with("//"));
    // Between any two quotes, whichever of them opens: what is no literal does not look like a key either.
    lines.flat_map(|line| line.split('"')).filter(|text| is_key(text)).map(str::to_owned).collect()
}

#[test]
fn every_key_in_the_apps_sources_has_a_text() {
    let keys = literal_keys();
    assert!(100 < keys.len(), "only {} keys were found", keys.len());
    assert_exist(keys.into_iter().filter(|key| !key.contains('{')));
}

/// The keys that the app puts together, and what it puts into them.
#[expect(clippy::too_many_lines, reason = "a list of all of them")]
fn made_keys() -> BTreeMap<&'static str, Vec<&'static str>> {
    let api = vec![
        "unauthorized",
        "payment_required",
        "forbidden",
        "not_found",
        "rate_limited",
        "refused",
        "server",
        "not_json",
        "not_understood",
        "timeout",
        "lost",
        "proxy_refused",
    ];
    let pauses = vec![
        "doubts",
        "failures",
        "journal",
        "reopened",
        "template",
        "account",
        "watching",
        "interrupted",
        "unauthorized",
        "payment_required",
        "forbidden",
        "proxy_refused",
    ];
    let faults = vec!["not_kept", "slow", "nobody"];
    let states = Standing::ALL.map(Standing::key).to_vec();
    let notes = vec!["success", "unknown", "refused", "not_kept"];
    let tabs = vec!["statistics", "logs", "settings", "subscription", "support"];
    let objects: Vec<&str> = OBJECTS.iter().map(|object| object.key).collect();
    let shares = Share::ALL.map(Share::key).to_vec();
    let batch_states = BatchState::ALL.map(BatchState::key).to_vec();
    let milestones = Milestone::ALL.map(Milestone::key).to_vec();
    let heads = vec![
        "date",
        "status",
        "phone",
        "template",
        "origin",
        "lot",
        "description",
        "batch",
        "row",
        "updated",
        "sent",
        "read",
        "rate",
        "number",
        "phone_number",
    ];
    let reasons: Vec<&str> = Reason::all().map(Reason::key).collect();
    let corrections = vec![
        CorrectionsError::OtherColumns.code(),
        CorrectionsError::NoSuchRow { row: RowNumber::FIRST }.code(),
        "not-ours",
        "unreadable",
    ];
    BTreeMap::from([
        ("api.{key}.title", api.clone()),
        ("api.{key}.fix", api),
        ("pause.{key}.title", pauses.clone()),
        ("pause.{key}.fix", pauses),
        ("confirm.{key}.title", faults.clone()),
        ("confirm.{key}.text", faults),
        (
            "integrations.cause.{cause}",
            vec![
                "unauthorized",
                "payment_required",
                "forbidden",
                "refused",
                "doubts",
                "failures",
                "template_unavailable",
            ],
        ),
        ("integrations.error.{key}", vec!["unauthorized", "not_called", "unavailable", "not_understood"]),
        ("integrations.figure.{key}", vec!["waiting", "oldest", "receipt", "used", "version"]),
        ("integrations.head.{head}", vec!["id", "template", "parameters", "actions"]),
        ("integrations.part.{key}", vec!["language", "header", "body", "footer"]),
        ("integrations.state.{standing}", vec!["active", "inactive", "blocked"]),
        ("integrations.steps.{n}", vec!["1", "2", "3", "4", "5"]),
        ("integrations.{key}", vec!["trial", "switch_off", "switch_on", "rotate", "remove"]),
        ("integrations.{key}_of", vec!["trial", "switch_off", "switch_on", "rotate", "remove"]),
        ("integrations.{key}_ask", vec!["rotate", "remove"]),
        ("integrations.{key}_yes", vec!["rotate", "remove"]),
        ("integrations.{wrong}", vec!["not_offered", "not_sendable"]),
        ("state.{}", states.clone()),
        ("state.{key}", states),
        (
            "ticket.state.{key}",
            vec!["waiting", "claimed", "accepted", "refused", "unknown", "marked_sent", "not_sent"],
        ),
        ("tabs.{tab}", tabs),
        ("configuration.{}", vec!["installation", "positions", "retention"]),
        ("positions.position.{key}", Position::ALL.map(Position::key).to_vec()),
        ("positions.meaning.{key}", Position::ALL.map(Position::key).to_vec()),
        ("positions.head.{head}", vec!["id", "name", "language", "status", "position"]),
        (
            "configuration.fault.{key}",
            vec!["forbidden", "missing", "signed_out", "throttled", "refused", "unavailable"],
        ),
        ("installation.object.{}", objects.clone()),
        ("installation.object.{key}", objects.clone()),
        ("installation.object.{object}", objects),
        ("installation.right.{key}", Right::ALL.map(Right::name).to_vec()),
        ("installation.step.{key}", vec!["object", "field", "on", "options", "grant"]),
        ("stats.status.{}", Status::ALL.map(Status::key).to_vec()),
        ("stats.origin.{}", Origin::ALL.map(Origin::key).to_vec()),
        ("stats.share.{}", shares),
        (
            "stats.fault.{key}",
            vec!["forbidden", "missing", "signed_out", "throttled", "refused", "unavailable"],
        ),
        ("stats.head.{head}", heads),
        ("stats.file.{file}", vec!["sent", "not_sent", "batch_good", "batch_bad"]),
        ("stats.stretch.{key}", vec!["period", "today", "week", "month", "quarter", "all", "between"]),
        ("stats.funnel.{key}", vec!["sent", "delivered", "read"]),
        ("logs.head.{head}", vec!["date", "id", "description", "see"]),
        ("logs.state.{key}", batch_states.clone()),
        ("logs.state.{state}", batch_states),
        ("logs.milestone.{}", milestones),
        ("logs.live.{key}", vec!["running", "quiet", "silent", "paused"]),
        ("logs.figure.{key}", vec!["waiting", "not_sent"]),
        (
            "logs.about.{key}",
            vec!["started", "ended", "template", "file", "sender", "origin", "agent", "retry_of"],
        ),
        ("pause.{why}.title", Vec::new()),
        ("subscription.head.{head}", vec!["period", "used", "sent", "failed", "unknown", "batches", "part"]),
        ("ledger.{what}", vec!["forbidden", "signed_out", "refused", "incomplete"]),
        ("steps.{step}", vec!["compose", "check", "confirm", "send"]),
        ("run.{key}", vec!["accepted", "refused", "unknown", "claimed", "not_sent", "waiting"]),
        (
            "run.title.{}",
            vec![
                "running",
                "held_up",
                "paused",
                "draining",
                "completed",
                "cancelled",
                "watching",
                "interrupted",
            ],
        ),
        ("run.note.{key}.title", notes.clone()),
        ("run.note.{key}.text", notes),
        ("told.{key}", vec!["accepted", "refused", "unknown", "not_sent", "waiting"]),
        ("report.{head}", vec!["row", "line", "phone", "state", "reason", "id", "sent_at", "ended_at"]),
        ("problems.{head}", vec!["line", "row", "column", "value", "reason", "fix"]),
        ("reason.{key}.cause", reasons.clone()),
        ("reason.{key}.remedy", reasons),
        ("check.delimiter.{}", Delimiter::ALL.map(Delimiter::code).to_vec()),
        ("severity.{}", [Severity::Error, Severity::Warning, Severity::Info].map(Severity::code).to_vec()),
        ("corrections.{code}.reason", corrections.clone()),
        ("corrections.{code}.fix", corrections),
        // By how many there are, below.
        ("repair.{}", Vec::new()),
        // Each with `.reason` and `.fix`, below.
        ("workbook.{}", Vec::new()),
        ("problem.{}", Vec::new()),
        ("file.{}", Vec::new()),
        // Only where there is something to say.
        ("settings.expected.{name}", Vec::new()),
        ("settings.label.{name}", Vec::new()),
        // Only where one message is spoken of in another way.
        ("ticket.{key}", Vec::new()),
    ])
}

#[test]
fn every_key_that_is_put_together_has_its_texts() {
    let made = made_keys();
    for pattern in literal_keys().iter().filter(|key| key.contains('{')) {
        assert!(made.contains_key(pattern.as_str()), "{pattern} is not in this test's table");
    }
    assert_exist(made.iter().flat_map(|(pattern, parts)| {
        let (before, rest) = pattern.split_once('{').unwrap();
        let (_, after) = rest.split_once('}').unwrap();
        parts.iter().map(move |part| format!("{before}{part}{after}"))
    }));
}

/// What the app's `shell::spreadsheet` says of a workbook that can't be used.
const WORKBOOK_CODES: [&str; 6] =
    ["not-loaded", "encrypted", "damaged", "unsupported", "no-sheets", "too-large"];

#[test]
fn every_problem_of_a_row_a_file_and_a_workbook_says_why_and_what_to_do() {
    let rows = ProblemKind::CODES.iter().map(|code| format!("problem.{code}"));
    let files = SheetError::CODES.iter().map(|code| format!("file.{code}"));
    let workbooks = WORKBOOK_CODES.iter().map(|code| format!("workbook.{code}"));
    let keys = rows.chain(files).chain(workbooks);
    assert_exist(keys.flat_map(|key| [format!("{key}.reason"), format!("{key}.fix")]));
}

/// What only a file's rows can have.
const OF_FILES: [&str; 6] = [
    "blank-line",
    "example-row",
    "too-few-columns",
    "phone.duplicate",
    "phone.duplicate-included",
    "value.undecodable",
];

#[test]
fn of_a_single_message_nothing_is_said_in_a_files_words() {
    for (language, words) in [
        ("es", ["línea Nro", "fila", "columna", "celda", "CSV", "Continuar"]),
        ("en", ["line no", "the row", "column", "cell", "CSV", "Continue"]),
    ] {
        let texts = texts(language);
        for code in ProblemKind::CODES.iter().filter(|code| !OF_FILES.contains(code)) {
            for part in ["reason", "fix"] {
                let key = format!("problem.{code}.{part}");
                let own = texts.get(&format!("ui.ticket.{key}"));
                let text = own.unwrap_or_else(|| &texts[&format!("ui.{key}")]);
                let of_file = words.iter().find(|word| text.contains(*word));
                assert_eq!(of_file, None, "{key}: {text}");
            }
        }
    }
}

#[test]
fn a_setting_is_called_as_on_the_admins_page() {
    for texts in [texts("es"), texts("en")] {
        for (key, label) in &texts {
            if let Some(name) = key.strip_prefix("ui.settings.label.") {
                assert_eq!(Some(label), texts.get(&format!("app.parameters.{name}.label")));
            }
        }
    }
}

#[test]
fn every_repair_can_be_counted() {
    let repairs = Repair::ALL.iter().map(|repair| format!("repair.{}", repair.code()));
    assert_exist(repairs.flat_map(|key| [format!("{key}.one"), format!("{key}.other")]));
}

#[test]
fn every_setting_has_a_label_and_a_help() {
    let manifest = fs::read_to_string(project().join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let texts = texts("es");
    for parameter in manifest["parameters"].as_array().unwrap() {
        let name = parameter["name"].as_str().unwrap();
        for part in ["label", "helpText"] {
            assert!(texts.contains_key(&format!("app.parameters.{name}.{part}")), "{name}.{part}");
        }
    }
}
