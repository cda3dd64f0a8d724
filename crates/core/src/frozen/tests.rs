//! Freezing, keeping, reading again.

use proptest::prelude::*;

use super::*;
use crate::{
    check::{CheckConfig, check},
    mapping::Mapping,
    phone::E164,
    plan::{Batch, BatchId},
    sheet::{self, CsvWriter, ReadOptions},
    template::{
        Button, Category, Header, MediaKind, Placeholder, SlotId, Template, TemplateId, TemplateStatus,
        TemplateText, Unsupported, UrlTarget, Values, samples,
    },
};
use std::sync::Arc;

pub(crate) fn about(template: Template) -> About {
    About {
        id: BatchId::new("b1".to_owned()),
        kind: Kind::Many,
        template,
        sender: "5f0".to_owned(),
        sender_name: "+52 55 0000 0000".to_owned(),
        file_name: "clientes.csv".to_owned(),
        agent: "Ana Núñez".to_owned(),
        created: 1_767_225_600_000,
    }
}

/// Freezes a file; rows that are left out say their index as reason.
pub(crate) fn freeze(template: &Template, csv: &str) -> Frozen {
    freeze_in_steps(template, csv, usize::MAX)
}

fn freeze_in_steps(template: &Template, csv: &str, n_rows: usize) -> Frozen {
    let sheet = Arc::new(sheet::read(csv.as_bytes(), ReadOptions::default()).unwrap());
    let checked = check(&sheet, &Mapping::manual(template), template, CheckConfig::default());
    let batch = Batch::plan(BatchId::new("b1".to_owned()), template.clone(), sheet, &checked).unwrap();
    let mut freezer = Freezer::new(about(template.clone()), batch);
    while !freezer.step(n_rows, &|row_idx| format!("row\t{row_idx}")) {}
    freezer.finish()
}

fn people(n: usize) -> String {
    (0..n).map(|n| format!("5255123{n:05},,P{n}\n")).collect::<Vec<_>>().concat()
}

fn thaw(frozen: &Frozen) -> Result<Frozen, FrozenError> {
    Frozen::from_parts(&frozen.head_text(), frozen.chunks().to_vec())
}

/// All that anybody can see of a batch.
fn seen(frozen: &Frozen) -> String {
    let rows: Vec<_> = (0..=frozen.n_rows())
        .map(|idx| frozen.row(idx).map(|row| (row.clone(), row.cells().collect::<Vec<_>>(), row.text())))
        .collect();
    let messages: Vec<_> =
        (0..=frozen.n_messages()).map(|idx| (frozen.message(idx), frozen.row_of(idx))).collect();
    format!("{:?} {rows:?} {messages:?} {:?}", frozen.head(), frozen.recipients())
}

const FILE: &str = "telefonos,image,dato1,nota\n\
    525512345678,,Ana,\"a\tb\\n\"\n\
    123,,Lu,\n\
    525512345679,,\"Eva\\\",-\n";

#[test]
fn every_row_is_kept_in_order_with_its_cells() {
    let frozen = freeze(&samples::with_body("Hola {{1}}"), FILE);
    let rows: Vec<_> = (0..frozen.n_rows()).filter_map(|idx| frozen.row(idx)).collect();
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.row.get(), row.line.get(), row.outcome.clone(), row.cells().collect::<Vec<_>>()))
        .collect();
    let to = |text| E164::parse_exact(text).unwrap();
    let ana = Outcome::Message { idx: 0, to: to("+525512345678") };
    let eva = Outcome::Message { idx: 1, to: to("+525512345679") };
    assert_eq!(
        shown,
        [
            (2, 2, ana, vec!["525512345678".into(), "".into(), "Ana".into(), "a\tb\\n".into()]),
            (
                3,
                3,
                Outcome::LeftOut { why: "row\t1".into() },
                vec!["123".into(), "".into(), "Lu".into(), "".into()]
            ),
            (4, 4, eva, vec!["525512345679".into(), "".into(), "Eva\\".into(), "-".into()]),
        ]
    );
    assert_eq!(frozen.head().columns, ["telefonos", "image", "dato1", "nota"]);
    assert_eq!((frozen.row_of(1), frozen.row_of(2)), (Some(2), None));
    let message = frozen.message(1).unwrap();
    assert_eq!(message.values.get(&SlotId::Body(Placeholder::Position(1))), Some("Eva\\"));
    assert!(frozen.preview(1).is_some() && frozen.message(2).is_none() && frozen.row(3).is_none());
}

#[test]
fn what_is_kept_looks_like_this() {
    let frozen = freeze(&samples::with_body("Hola {{1}}"), FILE);
    insta::assert_snapshot!(format!("{}\n\n{}", frozen.head_text(), frozen.chunks().concat()));
}

#[test]
fn a_message_is_what_its_plan_was() {
    let template = samples::with_body("Hola {{1}}");
    let sheet = Arc::new(sheet::read(FILE.as_bytes(), ReadOptions::default()).unwrap());
    let checked = check(&sheet, &Mapping::manual(&template), &template, CheckConfig::default());
    let batch = Batch::plan(BatchId::new("b1".to_owned()), template.clone(), sheet, &checked).unwrap();
    let frozen = freeze(&template, FILE);
    assert_eq!(frozen.n_messages(), batch.n_messages());
    for idx in 0..frozen.n_messages() {
        assert_eq!(frozen.message(idx), batch.message(idx));
    }
}

#[test]
fn the_steps_size_changes_nothing() {
    let rows = people(250);
    let file = format!("telefonos,image,dato1\n{rows}");
    let template = samples::with_body("Hola {{1}}");
    let at_once = freeze(&template, &file);
    assert_eq!(at_once.chunks().len(), 3);
    for n_rows in [1, 7, 100, 249] {
        let frozen = freeze_in_steps(&template, &file, n_rows);
        assert_eq!(frozen.chunks(), at_once.chunks());
        assert_eq!(frozen.head_text(), at_once.head_text());
    }
    let mut thaw = Thaw::new(&at_once.head_text(), at_once.chunks().to_vec()).unwrap();
    let mut n_steps = 1;
    while !thaw.step(1).unwrap() {
        n_steps += 1;
    }
    assert_eq!(n_steps, 3);
    assert_eq!(seen(&thaw.finish().unwrap()), seen(&at_once));
}

#[test]
fn one_message_needs_no_file() {
    let values: Values = [(SlotId::Body(Placeholder::Position(1)), "Ana".to_owned())].into_iter().collect();
    let to = E164::parse_exact("+525512345678").unwrap();
    let about = About { kind: Kind::Test, ..about(samples::with_body("Hola {{1}} {{2}}")) };
    let frozen = Frozen::one(about, to, &values);
    assert_eq!((frozen.n_rows(), frozen.n_messages()), (1, 1));
    assert_eq!(frozen.message(0).unwrap().values, values);
    assert_eq!(frozen.row(0).unwrap().cells().count(), 0);
    assert_eq!(seen(&thaw(&frozen).unwrap()), seen(&frozen));
}

#[test]
fn a_retry_has_those_messages_and_their_rows_only() {
    let frozen = freeze(&samples::with_body("Hola {{1}}"), FILE);
    let retry =
        frozen.subset(BatchId::new("b2".to_owned()), "Eva".to_owned(), 7, Part::NeverLeft, &[1, 9, 1]);
    assert_eq!((retry.n_rows(), retry.n_messages()), (1, 1));
    assert_eq!(retry.message(0), frozen.message(1));
    let part_of = PartOf { batch: frozen.id().clone(), part: Part::NeverLeft };
    assert_eq!(retry.head().part_of, Some(part_of));
    assert_eq!(retry.head().columns, frozen.head().columns);
    assert_eq!((retry.id().as_str(), retry.head().about.agent.as_str()), ("b2", "Eva"));
    let again = thaw(&retry).unwrap();
    assert_eq!((seen(&again), again.head()), (seen(&retry), retry.head()));
    // Nothing else than refused messages became a batch of its own once.
    let before = retry.head_text().replace("\"part\":\"never_left\",", "");
    assert_eq!(Head::from_json(&before).unwrap().part_of.map(|it| it.part), Some(Part::Refused));
    let none = frozen.subset(BatchId::new("b3".to_owned()), String::new(), 7, Part::Refused, &[]);
    assert_eq!(seen(&thaw(&none).unwrap()), seen(&none));
}

#[test]
fn the_digest_is_of_template_phones_and_values_only() {
    let template = samples::with_body("Hola {{1}}");
    let digest = |frozen: &Frozen| frozen.digest_text(0..frozen.n_messages());
    let frozen = freeze(&template, FILE);
    assert_eq!(digest(&frozen), "aviso\tes_MX\n+525512345678\tAna\n+525512345679\tEva\\\\\n");
    assert_eq!(digest(&frozen), frozen.digest_text(0..1) + &frozen.digest_text(1..99));
    // Other columns, another delimiter, another name, the bad row gone.
    let other = freeze(&template, "telefonos;image;dato1\n+52 55 1234 5678;;Ana\n525512345679;;Eva\\\n");
    assert_eq!(digest(&other), digest(&frozen));
    let other = freeze(&template, "telefonos,image,dato1\n525512345678,,Ana\n525512345679,,Eva\n");
    assert_ne!(digest(&other), digest(&frozen));
}

#[test]
fn damage_is_named_by_chunk_and_row() {
    let rows = people(120);
    let frozen = freeze(&samples::with_body("Hola {{1}}"), &format!("telefonos,image,dato1\n{rows}"));
    let head = frozen.head_text();
    let with = |chunk: usize, change: &dyn Fn(&str) -> String| {
        let mut chunks = frozen.chunks().to_vec();
        chunks[chunk] = Arc::from(change(&chunks[chunk]));
        Frozen::from_parts(&head, chunks).map(|_| ()).unwrap_err()
    };
    let damaged = |chunk, row, damage| FrozenError::Chunk { chunk, row, damage };
    assert_eq!(with(1, &|text| text.replace("P105", "P501")), damaged(1, None, Damage::Checksum));
    assert_eq!(with(1, &|text| text.replace("\tP105\n", "\n")), damaged(1, Some(5), Damage::PartCount));
    assert_eq!(with(0, &|text| text.replace("P7\t", "P\\7\t")), damaged(0, Some(7), Damage::Escape));
    assert_eq!(with(0, &|text| text.replace("\t+", "\t")), damaged(0, Some(0), Damage::Phone));
    assert_eq!(with(0, &|text| format!("x{text}")), damaged(0, Some(0), Damage::Number));
    assert_eq!(with(1, &|text| text[..200].to_owned()), damaged(1, Some(4), Damage::RowCount));
    assert_eq!(with(1, &|text| text.to_owned() + text), damaged(1, None, Damage::Checksum));
    assert_eq!(with(1, &|_| String::new()), damaged(1, Some(0), Damage::RowCount));
    // Whole chunks that are in another's place, or of another batch.
    let other = Frozen {
        head: Head {
            about: About { id: BatchId::new("b2".into()), ..frozen.head.about.clone() },
            ..frozen.head.clone()
        },
        ..frozen.clone()
    };
    assert_eq!(thaw(&other).unwrap_err(), damaged(0, None, Damage::Checksum));
    let missing = Frozen::from_parts(&head, frozen.chunks()[..1].to_vec()).unwrap_err();
    assert_eq!(missing, FrozenError::ChunkCount { expected: 2, found: 1 });
    let message = damaged(1, Some(5), Damage::PartCount).to_string();
    assert_eq!(message, "chunk 1, row 5: not as many parts as it should have");
}

#[test]
fn a_head_that_makes_no_sense_is_refused() {
    let frozen = freeze(&samples::plain(), "telefonos\n525512345678\n");
    let with = |from: &str, to: &str| {
        let head = frozen.head_text();
        assert!(head.contains(from), "{from} in {head}");
        Head::from_json(&head.replace(from, to)).unwrap_err()
    };
    assert_eq!(with("\"version\":1", "\"version\":2"), FrozenError::Version(2));
    assert_eq!(with("\"n_rows\":1", "\"n_rows\":-1"), FrozenError::Head("n_rows"));
    assert_eq!(with("\"many\"", "\"some\""), FrozenError::Head("kind"));
    assert_eq!(with("\"aviso\"", "\"Á\""), FrozenError::Head("template"));
    assert_eq!(Head::from_json("").unwrap_err(), FrozenError::Head("version"));
    assert_eq!(Head::from_json("[]").unwrap_err(), FrozenError::Head("version"));
}

#[test]
fn every_kind_of_template_is_kept() {
    let url = |url: &str| Button::Url { text: "x".into(), target: UrlTarget::parse(url, None) };
    let odd = Template {
        id: None,
        category: Category::Other("ALERT".into()),
        status: TemplateStatus::Other("IN_APPEAL".into()),
        header: Some(Header::Media(MediaKind::Document)),
        body: TemplateText::parse("{{name}}, {{x y {{2}} {{{{1}}").with_examples([
            (Placeholder::Name("name".into()), "Á\"".into()),
            (Placeholder::Position(1), String::new()),
        ]),
        buttons: vec![
            url("https://x.example/"),
            url("https://x.example/{{id}}"),
            Button::CopyCode { text: "x".into(), example: None },
            Button::OneTimeCode { text: String::new() },
            Button::VoiceCall { text: "x".into() },
            Button::Unsupported { text: "x".into(), kind: "FLOW".into() },
        ],
        unsupported: vec![
            Unsupported::Header("LOCATION".into()),
            Unsupported::Component("CAROUSEL".into()),
            Unsupported::Button("FLOW".into()),
            Unsupported::NoBody,
        ],
        ..samples::plain()
    };
    let with_id = Template { id: TemplateId::parse("9").ok(), footer: Some(String::new()), ..odd.clone() };
    for template in [samples::plain(), samples::with_image(), samples::everything(), odd, with_id] {
        assert_eq!(template_json::read(&template_json::write(&template)), Some(template));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parts_are_read_as_they_were(parts in prop::collection::vec(prop::option::of("(?s)[\\\\trn0\t\r\n]{0,3}.{0,8}"), 1..6)) {
        let mut line = String::new();
        for (idx, part) in parts.iter().enumerate() {
            if 0 < idx {
                line.push('\t');
            }
            line::push_optional(&mut line, part.as_deref());
        }
        prop_assert!(!line.contains(['\n', '\r']));
        let read: Vec<_> = line.split('\t').map(|part| line::optional_part(part).unwrap()).collect();
        let read: Vec<_> = read.iter().map(Option::as_deref).collect();
        prop_assert_eq!(read, parts.iter().map(Option::as_deref).collect::<Vec<_>>());
    }

    #[test]
    fn any_file_is_read_again_as_it_was(
        rows in prop::collection::vec(("(5255[0-9]{8}|.{0,4})", "(?s).{0,12}", "(?s).{0,12}"), 1..150),
    ) {
        let mut csv = CsvWriter::plain();
        csv.row(["telefonos", "image", "dato1", "otra"]);
        csv.row(["525512345678", "", "Ana", ""]);
        for (phone, value, other) in &rows {
            csv.row([phone, "", value, other]);
        }
        let file = String::from_utf8(csv.finish()).unwrap();
        let template = samples::with_body("Hola {{1}}");
        if let Ok(sheet) = sheet::read(file.as_bytes(), ReadOptions::default()) {
            let checked = check(&sheet, &Mapping::manual(&template), &template, CheckConfig::default());
            let n_targets = checked.targets().len();
            if 0 < n_targets {
                let frozen = freeze(&template, &file);
                prop_assert_eq!((frozen.n_rows(), frozen.n_messages()), (sheet.n_rows(), n_targets));
                prop_assert_eq!(seen(&thaw(&frozen).unwrap()), seen(&frozen));
            }
        }
    }

    #[test]
    fn any_damage_is_found(at in any::<prop::sample::Index>(), with in "(?s).{0,3}", length in 0..4_usize, in_head: bool) {
        let frozen = freeze(&samples::everything(), &format!("telefonos,a,b,c,d,e,f\n{}", "525512345678,,x,A,lunes,s,C\n".repeat(3)));
        let damaged = |text: &str| {
            let mut chars: Vec<char> = text.chars().collect();
            let start = at.index(chars.len());
            let end = (start + length).min(chars.len());
            chars.splice(start..end, with.chars());
            chars.into_iter().collect::<String>()
        };
        let head = frozen.head_text();
        if in_head {
            // A changed name is no damage that anybody could see, but nothing may panic.
            if let Ok(read) = Frozen::from_parts(&damaged(&head), frozen.chunks().to_vec()) {
                seen(&read);
            }
        } else {
            let changed = damaged(&frozen.chunks()[0]);
            let is_same = *changed == *frozen.chunks()[0];
            prop_assert_eq!(Frozen::from_parts(&head, vec![Arc::from(changed)]).is_ok(), is_same);
        }
    }

    #[test]
    fn any_text_of_a_template_is_kept(text in "(?s)[{}1-3a ]{0,12}.{0,6}\\{\\{[0-9a-z _.]{0,3}\\}\\}.{0,6}") {
        let template = Template { body: TemplateText::parse(&text), ..samples::plain() };
        prop_assert_eq!(template_json::read(&template_json::write(&template)), Some(template));
    }
}
