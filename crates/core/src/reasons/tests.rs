//! The catalogue against the manual's table and Meta's list of errors.

use std::collections::BTreeSet;

use super::*;

/// Meta's list of errors: code, title, meaning, retryable, remedy.
const ERRORS: &str = include_str!("../../data/whatsapp-errors.csv");

fn key(text: &str) -> Option<&'static str> {
    Reason::find(text).map(Reason::key)
}

#[test]
fn every_line_of_the_list_is_found_with_what_it_says_of_trying_again() {
    let mut found = BTreeSet::new();
    for line in csv::Reader::from_reader(ERRORS.as_bytes()).records() {
        let line = line.unwrap();
        let (code, title, retryable) = (&line[0], &line[1], &line[3]);
        let texts = match code.split_once('-') {
            Some((first, last)) => vec![format!("(#{first}) x"), format!("(#{last}) x")],
            None if code.is_empty() => vec![title.to_owned()],
            None => vec![format!("(#{code}) x")],
        };
        for text in texts {
            let reason = Reason::find(&text).unwrap_or_else(|| panic!("{text}: {title}"));
            let said = match reason.retry() {
                Retry::Now => "yes",
                Retry::Later { .. } => "later",
                Retry::Never => "no",
            };
            assert_eq!(said, retryable, "{text}: {title}");
            found.insert(reason.key());
        }
    }
    // Those that the list doesn't have are Sunshine Conversations' own.
    let others: Vec<_> = Reason::all().map(Reason::key).filter(|key| !found.contains(key)).collect();
    assert_eq!(others, ["integration_not_found", "conversation_full", "too_large"]);
}

#[test]
fn no_number_has_two_reasons() {
    let mut codes: Vec<_> = CATALOGUE.iter().flat_map(|entry| entry.codes).collect();
    codes.sort_unstable();
    for pair in codes.windows(2) {
        let [(_, last), (first, _)] = pair else { continue };
        assert!(last < first, "{pair:?}");
    }
}

#[test]
fn every_reason_has_a_name_and_no_other_has() {
    let keys: Vec<_> = Reason::all().map(Reason::key).collect();
    let named: Vec<_> = TITLES.iter().map(|(key, _)| *key).collect();
    assert_eq!(named, keys);
    assert!(Reason::all().all(|reason| !reason.titles().is_empty()));
}

#[test]
fn every_title_of_the_list_finds_its_reason() {
    let catalogue = Catalogue::new(|_| String::new());
    for line in csv::Reader::from_reader(ERRORS.as_bytes()).records() {
        let line = line.unwrap();
        let (code, title) = (line[0].split('-').next().unwrap(), &line[1]);
        let reason = code.parse().ok().and_then(Reason::by_code).or_else(|| Reason::find(title));
        assert!(catalogue.search(title).contains(&reason.unwrap()), "{code}: {title}");
    }
}

#[test]
fn limits_are_told_apart_by_their_words() {
    let texts = [
        ("Rate limit hit", "rate_limit"),
        ("Spam rate limit hit", "spam_limit"),
        ("(Business Account, Consumer Account) pair rate limit hit", "pair_limit"),
        ("Unable to deliver the message. The user is blocked by the business.", "blocked_by_us"),
        ("File rejected. File extension not allowed", "file_extension"),
    ];
    for (text, expected) in texts {
        assert_eq!(key(text), Some(expected), "{text}");
    }
}

#[test]
fn who_is_held_back_by_meta_waits_a_day() {
    assert_eq!(Reason::ECOSYSTEM.retry(), Retry::Later { wait: 24 * 60 * 60 * 1000 });
}

#[test]
fn both_languages_explain_every_reason() {
    let files = [
        ("es", include_str!("../../../../translations/es.json")),
        ("en", include_str!("../../../../translations/en.json")),
    ];
    for (language, file) in files {
        let file: serde_json::Value = serde_json::from_str(file).unwrap();
        let texts = file["ui"]["reason"].as_object().unwrap();
        for key in Reason::all().map(Reason::key) {
            for part in ["cause", "remedy"] {
                let text = texts[key][part].as_str().unwrap_or_default();
                assert!(text.ends_with('.') && 10 < text.len(), "{language}: {key}.{part}: {text}");
            }
        }
        assert_eq!(texts.len(), CATALOGUE.len(), "{language} has texts for reasons that there are not");
    }
}

#[test]
fn named_reasons_are_in_the_catalogue() {
    let named = [
        Reason::ECOSYSTEM,
        Reason::OPTED_OUT,
        Reason::UNREACHABLE,
        Reason::TEMPLATE_MISSING,
        Reason::TEMPLATE_PAUSED,
        Reason::TEMPLATE_DISABLED,
    ];
    for reason in named {
        assert_eq!(Reason::by_key(reason.key()), Some(reason));
    }
    let about_template = Reason::all().filter(|reason| reason.concern() == Concern::Template);
    assert!(about_template.into_iter().any(|reason| reason == Reason::TEMPLATE_PAUSED));
    assert_eq!(Reason::by_key("none"), None);
}

#[test]
fn every_message_of_the_manual_is_explained() {
    let table = [
        ("(#131000) Something went wrong", "generic"),
        ("(#131008) Required parameter is missing", "missing_parameter"),
        ("(#131053) Media upload error", "media_upload"),
        ("Message failed to send because the user is unreachable", "unreachable"),
        ("This message was not delivered to maintain healthy ecosystem engagement", "ecosystem"),
        ("Unable to deliver the message", "opted_out"),
        ("User's number is part of an experiment", "experiment"),
        ("Error - bad_request - Body not defined", "body_not_defined"),
        ("Error - bad_request - Cannot mix reply actions with other types", "mixed_buttons"),
        ("Error - bad_request - Destination is invalid", "destination"),
        (
            "Error - bad_request - mediaType application/pdf not supported for message of type image",
            "media_type",
        ),
        ("Error - invalid_file - File rejected. File type not allowed", "file_rejected"),
    ];
    for (text, reason) in table {
        assert_eq!(key(text), Some(reason), "{text}");
    }
}

#[test]
fn metas_number_counts_more_than_words() {
    assert_eq!(key("(#132001) Something went wrong"), Some("template_missing"));
}

#[test]
fn unknown_words_and_numbers_have_no_reason() {
    for text in ["", "(#)", "(#99999999999999)", "(#5)", "Whatever", "(#131000"] {
        assert_eq!(Reason::find(text), None, "{text}");
    }
}

#[test]
fn each_reason_has_its_own_key() {
    let mut keys: Vec<_> = Reason::all().map(Reason::key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), CATALOGUE.len());
}
