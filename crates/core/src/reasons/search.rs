//! The catalogue as people search it: by a number, by words of the explanation, or by a text pasted as the provider gave it.

use super::Reason;
use crate::fold;

/// A number of so many digits is Meta's code wherever it stands; shorter ones in a longer text may count anything.
const N_DIGITS_OF_A_CODE: usize = 5;

/// The catalogue in one language, ready to be searched.
#[derive(Clone, Debug)]
pub struct Catalogue {
    lines: Vec<Line>,
}

#[derive(Clone, Debug)]
struct Line {
    reason: Reason,
    /// All that is said about it, as texts are compared.
    folded: String,
}

/// A part of what is looked for.
enum Word<'a> {
    /// Digits only: a code, its beginning, or a number in a text.
    Number {
        digits: &'a str,
        code: u32,
    },
    Text(&'a str),
}

impl Catalogue {
    /// Of what is said about each reason. Their titles need not be in it.
    pub fn new(said: impl Fn(Reason) -> String) -> Self {
        let line = |reason: Reason| {
            let mut folded = String::new();
            for text in reason.titles() {
                fold::push(&mut folded, text);
                // What no search has in it: nothing is found across the end of a text.
                folded.push('\n');
            }
            fold::push(&mut folded, &said(reason));
            Line { reason, folded }
        };
        Self { lines: Reason::all().map(line).collect() }
    }

    /// The reasons that fit, best first: the one that the text or its code names, then those of the code that is begun, then
    /// those that have all its words, in the catalogue's order. Case and accents don't matter. Nothing finds everything.
    pub fn search(&self, wanted: &str) -> Vec<Reason> {
        let mut folded = String::new();
        fold::push(&mut folded, wanted);
        let words = words(&folded);
        let named = named(wanted, &words);
        // In this order rather than sorted: sorting would be more code than all of this.
        let mut found = Vec::from_iter(named);
        for fits in [Line::has_code, Line::has_all] {
            for line in &self.lines {
                if !found.contains(&line.reason) && fits(line, &words) {
                    found.push(line.reason);
                }
            }
        }
        found
    }
}

impl Line {
    /// Whether nothing is looked for but a code, and it is one of these.
    fn has_code(&self, words: &[Word<'_>]) -> bool {
        matches!(words, [Word::Number { code, .. }] if self.reason.has_code_that_begins_with(*code))
    }

    fn has_all(&self, words: &[Word<'_>]) -> bool {
        words.iter().all(|word| self.has(word))
    }

    fn has(&self, word: &Word<'_>) -> bool {
        match word {
            Word::Number { digits, code } => {
                self.reason.has_code_that_begins_with(*code) || self.folded.contains(digits)
            }
            Word::Text(text) => self.folded.contains(text),
        }
    }
}

/// The reason that what is looked for names, by a code or as a provider says it.
fn named(wanted: &str, words: &[Word<'_>]) -> Option<Reason> {
    let alone = words.len() == 1;
    let by_number = || {
        words.iter().find_map(|word| match word {
            Word::Number { digits, code } if alone || N_DIGITS_OF_A_CODE <= digits.len() => {
                Reason::by_code(*code)
            }
            Word::Number { .. } | Word::Text(_) => None,
        })
    };
    Reason::find(wanted).or_else(by_number)
}

fn words(folded: &str) -> Vec<Word<'_>> {
    let is_between = |c: char| c.is_whitespace() || "#()[]{}<>«»\"'“”‘’,;:=".contains(c);
    folded
        .split(is_between)
        // A stop ends a sentence, a line parts two: neither is looked for. Within a word they stay: `bad-request`, `.png`.
        .map(|word| word.trim_matches(['-', '–', '—', '|', '…', '!', '¡', '?', '¿']).trim_end_matches('.'))
        .filter(|word| !word.is_empty())
        .map(|word| match word.parse() {
            Ok(code) if is_number(word) => Word::Number { digits: word, code },
            Ok(_) | Err(_) => Word::Text(word),
        })
        .collect()
}

/// Digits only, and no zeros before them: so no code is written.
fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) && (word == "0" || !word.starts_with('0'))
}

impl Reason {
    /// Whether one of its codes is this number or begins with its digits.
    fn has_code_that_begins_with(self, number: u32) -> bool {
        let begins = |mut code: u32| loop {
            if code == number {
                break true;
            }
            code /= 10;
            if code == 0 {
                break false;
            }
        };
        self.codes().iter().any(|&(first, last)| (first..=last).any(begins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the screen says in Spanish.
    fn catalogue() -> Catalogue {
        let file: serde_json::Value =
            serde_json::from_str(include_str!("../../../../translations/es.json")).unwrap();
        Catalogue::new(|reason| {
            let text = |part: &str| file["ui"]["reason"][reason.key()][part].as_str().unwrap().to_owned();
            [text("cause"), text("remedy")].join("\n")
        })
    }

    fn keys(wanted: &str) -> Vec<&'static str> {
        catalogue().search(wanted).into_iter().map(Reason::key).collect()
    }

    #[test]
    fn nothing_finds_everything_in_order() {
        let all: Vec<_> = Reason::all().map(Reason::key).collect();
        for nothing in ["", "  ", "#", "(#", "\n", "- … ."] {
            assert_eq!(keys(nothing), all, "{nothing:?}");
        }
    }

    #[test]
    fn a_code_finds_its_reason_however_it_is_written() {
        for code in
            ["131049", "#131049", "(#131049)", " 131049 ", "error 131049", "Código: 131049.", "código=131049"]
        {
            assert_eq!(keys(code).first(), Some(&"ecosystem"), "{code}");
        }
        assert_eq!(keys("131049"), ["ecosystem"]);
        assert_eq!(keys("138007"), ["calling"]);
        assert_eq!(keys("250").first(), Some(&"permission"));
        assert_eq!(keys("0").first(), Some(&"credentials"));
    }

    #[test]
    fn while_a_code_is_typed_all_that_begin_so_are_there() {
        let begun = keys("1320");
        for key in ["parameter_count", "template_missing", "template_paused", "flow_blocked"] {
            assert!(begun.contains(&key), "{key}");
        }
        assert!(!begun.contains(&"generic"));
        // The one that is whole comes first.
        assert_eq!(keys("10").first(), Some(&"permission"));
        assert!(keys("10").contains(&"invalid_parameter"));
    }

    #[test]
    fn pasted_texts_find_what_the_app_finds() {
        let texts = [
            "(#131049) This message was not delivered to maintain healthy ecosystem engagement.",
            "(#131049) This message was not delivered…",
            "Error - bad_request - Destination is invalid",
            "Error - bad_request - Cannot mix reply actions with other types",
            "bad_request - (#132001) Template name does not exist in the translation",
            "Message failed to send because the user is unreachable",
            "(#100) Invalid parameter",
        ];
        for text in texts {
            assert_eq!(keys(text).first().copied(), Reason::find(text).map(Reason::key), "{text}");
        }
        // Meta's number without its brackets, as in logs.
        assert_eq!(keys("failed: 131026 (whatsapp), retry 2")[0], "unreachable");
    }

    #[test]
    fn every_name_and_every_code_finds_its_reason() {
        let catalogue = catalogue();
        for reason in Reason::all() {
            for title in reason.titles() {
                assert!(catalogue.search(title).contains(&reason), "{title}");
            }
            for &(first, last) in reason.codes() {
                for code in [first, last] {
                    assert_eq!(catalogue.search(&code.to_string()).first(), Some(&reason), "{code}");
                }
            }
        }
    }

    #[test]
    fn words_of_the_explanation_count_without_case_accents_and_order() {
        assert_eq!(keys("TARJETA credito"), ["payment"]);
        assert_eq!(keys("crédito tarjeta"), ["payment"]);
        assert_eq!(keys("grupo de prueba"), ["experiment"]);
        assert!(keys("Pausó").contains(&"template_paused"));
        assert!(keys("template").len() < Reason::all().count());
    }

    #[test]
    fn what_nobody_says_finds_nothing() {
        for text in ["zzz", "999999", "(#999999) Never heard of it", "00131049", "99999999999999999999"] {
            assert!(keys(text).is_empty(), "{text}: {:?}", keys(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_looked_for(text in ".*") {
            let found = catalogue().search(&text);
            if let Some(named) = Reason::find(&text) {
                proptest::prop_assert_eq!(found.first(), Some(&named));
            }
        }
    }
}
