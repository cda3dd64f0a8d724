//! Results and search, over batches of which something became.

use proptest::prelude::*;

use super::*;
use crate::{
    dispatch::{
        Config, Dispatch, Doubt, Entry, MessageState, NotificationId, Rate, Record, Refusal, UnixMillis,
    },
    frozen::{Frozen, tests::freeze},
    plan::BatchId,
    sheet::Delimiter,
    template::samples,
};

struct English;

impl Wording for English {
    fn heads(&self) -> [String; 8] {
        ["row", "line", "phone", "state", "reason", "id", "sent", "answered"].map(ToOwned::to_owned)
    }

    fn standing(&self, standing: Standing) -> String {
        standing.key().to_owned()
    }

    fn reason(&self, state: &MessageState) -> String {
        reason(state)
    }

    fn retried(&self) -> String {
        "Tried again.".to_owned()
    }

    fn time(&self, time: UnixMillis) -> String {
        format!("t{time}")
    }
}

fn reason(state: &MessageState) -> String {
    match state {
        MessageState::Refused(refusal) => refusal.text.clone(),
        MessageState::Unknown(_) => "Se cortó la conexión".to_owned(),
        _ => String::new(),
    }
}

/// A batch of which this became: one record a millisecond.
pub(crate) fn dispatch(frozen: &Frozen, records: Vec<Record>) -> Dispatch {
    let entry = |(time, record)| Entry { time, record };
    let entries: Vec<_> = (1..).zip([Record::Started].into_iter().chain(records)).map(entry).collect();
    let config = Config { rate: Rate::DEFAULT, failures_that_pause: 25, seed: 0 };
    Dispatch::replay(frozen.recipients(), config, &[entries]).unwrap()
}

/// A claim and what came of it.
pub(crate) fn refused(message: usize, text: &str) -> [Record; 2] {
    let refusal = Refusal { status: 400, code: None, text: text.to_owned() };
    [Record::Claimed { message, attempt: 1 }, Record::Refused { message, refusal }]
}

const FILE: &str = "telefonos,image,nombre,nota\n\
    525512345678,,Ana\n\
    525512345679,,\"José; Ñ\"\n\
    5,,Lu\n\
    525512345670,,-x\n\
    525512345671,,=1+1\n\
    525512345672,,Bo,\"a\tb\"\n\
    525512345673,,Zoe\n";

/// One message of each state, and a row that is none.
fn some_of_each() -> (Frozen, Dispatch) {
    let frozen = freeze(&samples::with_body("Hola {{1}}"), FILE);
    let claim = |message| Record::Claimed { message, attempt: 1 };
    let doubt = |message| Record::InDoubt { message, doubt: Doubt::Timeout };
    let id = NotificationId::parse("n1").unwrap();
    let mut records = vec![claim(0), Record::Accepted { message: 0, id }];
    records.extend(refused(1, "=HYPERLINK(1)"));
    records.push(Record::Retried { message: 1, batch: BatchId::new("b2".into()) });
    records.extend([claim(2), doubt(2), claim(3), doubt(3), Record::MarkedSent { message: 3 }, claim(4)]);
    let dispatch = dispatch(&frozen, records);
    (frozen, dispatch)
}

fn results(form: Form, frozen: &Frozen, dispatch: &Dispatch, n_rows: usize) -> String {
    let mut results = Results::new(form, frozen, &English);
    while !results.step(n_rows, frozen, dispatch, &English) {}
    String::from_utf8(results.finish()).unwrap()
}

fn found(standing: Option<Standing>, text: &str) -> Vec<u32> {
    let (frozen, dispatch) = some_of_each();
    let mut search = Search::new(standing, text);
    while !search.step(2, &frozen, &dispatch, &reason) {}
    search.finish()
}

#[test]
fn original_columns_come_first_and_what_became_of_the_row_after() {
    let (frozen, dispatch) = some_of_each();
    let csv = results(Form::Csv(Delimiter::Semicolon), &frozen, &dispatch, usize::MAX);
    let lines: Vec<&str> = csv.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
    assert_eq!(
        lines,
        [
            "telefonos;image;nombre;nota;row;line;phone;state;reason;id;sent;answered",
            "525512345678;;Ana;;2;2;'+525512345678;accepted;;n1;t2;t3",
            "525512345679;;\"José; Ñ\";;3;3;'+525512345679;refused;'=HYPERLINK(1) Tried again.;;t4;t5",
            "5;;Lu;;4;4;;left_out;\"row\t2\";;;",
            "525512345670;;'-x;;5;5;'+525512345670;unknown;Se cortó la conexión;;t7;t8",
            "525512345671;;'=1+1;;6;6;'+525512345671;marked_sent;;;t9;t11",
            "525512345672;;Bo;\"a\tb\";7;7;'+525512345672;claimed;;;t12;",
            "525512345673;;Zoe;;8;8;'+525512345673;waiting;;;;",
            "",
        ]
    );
    for n_rows in [1, 3] {
        assert_eq!(results(Form::Csv(Delimiter::Semicolon), &frozen, &dispatch, n_rows), csv);
    }
}

#[test]
fn a_workbook_has_the_cells_as_they_are() {
    let (frozen, dispatch) = some_of_each();
    let csv = results(Form::Workbook, &frozen, &dispatch, 2);
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert_eq!(lines[0], "telefonos,image,nombre,nota,row,line,phone,state,reason,id,sent,answered");
    assert_eq!(lines[5], "525512345671,,=1+1,,6,6,+525512345671,marked_sent,,,t9,t11");
}

#[test]
fn a_file_without_header_gets_the_columns_letters() {
    let frozen = freeze(&samples::with_body("Hola {{1}}"), "525512345678,,Ana\n");
    let csv = results(Form::Csv(Delimiter::Semicolon), &frozen, &dispatch(&frozen, Vec::new()), 9);
    assert!(csv.starts_with("\u{feff}A;B;C;row;line;"), "{csv}");
}

#[test]
fn every_row_stands_somewhere() {
    let by_standing: Vec<_> = Standing::ALL.map(|standing| found(Some(standing), "")).to_vec();
    assert_eq!(
        by_standing,
        [vec![2], vec![6], vec![5], vec![0], vec![1], vec![3], vec![4], Vec::<u32>::new()]
    );
    assert_eq!(found(None, " "), [0, 1, 2, 3, 4, 5, 6]);
}

#[test]
fn rows_are_found_by_cells_phones_reasons_and_ids() {
    let table: &[(&str, &[u32])] = &[
        ("jose; n", &[1]),
        ("ZOÉ", &[6]),
        ("+52 (55) 1234-5671", &[4]),
        ("5679", &[1]),
        ("cortó la", &[3]),
        ("CORTO", &[3]),
        ("hyperlink", &[1]),
        ("n1", &[0]),
        ("a\tb", &[5]),
        ("\\t", &[]),
        ("row", &[2]),
        // Neither a row's number nor a line's is its text.
        ("8", &[0]),
        ("Ana5", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(found(None, text), *expected, "{text}");
    }
    assert_eq!(found(Some(Standing::Unknown), "5255"), [3]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_in_a_cell_is_found(cells in prop::collection::vec("(?s).{0,9}", 1..20), from in 0..9_usize) {
        let mut csv = crate::sheet::CsvWriter::plain();
        csv.row(["telefonos", "image", "dato1", "otra"]);
        csv.row(["525512345678", "", "Ana", "x"]);
        for cell in &cells {
            csv.row(["525512345679", "", "Eva", cell]);
        }
        let frozen = freeze(&samples::with_body("Hola {{1}}"), &String::from_utf8(csv.finish()).unwrap());
        let dispatch = dispatch(&frozen, Vec::new());
        for row_idx in 0..frozen.n_rows() {
            let Some(cell) = frozen.row(row_idx).and_then(|row| row.cells().nth(3)) else { continue };
            let text: String = cell.chars().skip(from).collect();
            let mut search = Search::new(None, &text);
            search.step(usize::MAX, &frozen, &dispatch, &reason);
            prop_assert!(search.found().iter().any(|found| usize::try_from(*found) == Ok(row_idx)), "{text:?}");
        }
    }
}
