//! Entries → text.

use std::fmt::Write as _;

use super::words::{ENDS, STOPS, word};
use crate::dispatch::{Doubt, Entry, JournalFault, PauseCause, Record};

/// Entries as text, one line for each.
pub fn encode(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        Line { text: &mut text }.entry(entry);
    }
    text
}

struct Line<'t> {
    text: &'t mut String,
}

impl Line<'_> {
    fn entry(mut self, entry: &Entry) {
        // Writing to a String doesn't fail.
        let _ = write!(self.text, "{}", entry.time);
        self.record(&entry.record);
        self.text.push('\n');
    }

    fn record(&mut self, record: &Record) {
        match record {
            Record::Started => self.word("started"),
            Record::Claimed { message, attempt } => self.word("claimed").number(message).number(attempt),
            Record::Accepted { message, id } => self.word("accepted").number(message).escaped(id.as_str()),
            Record::Refused { message, refusal } => {
                let line =
                    self.word("refused").number(message).number(&refusal.status).escaped(&refusal.text);
                // Last, so that no code and an empty one are two things.
                match &refusal.code {
                    Some(code) => line.escaped(code),
                    None => line,
                }
            }
            Record::InDoubt { message, doubt } => self.word("doubt").number(message).doubt(*doubt),
            Record::TurnedAway { message } => self.word("away").number(message),
            Record::Paused(cause) => self.word("paused").cause(cause),
            Record::Resumed => self.word("resumed"),
            Record::Cancelled => self.word("cancelled"),
            Record::Opened => self.word("opened"),
            Record::MarkedSent { message } => self.word("marked").number(message),
            Record::SendAgain { message } => self.word("again").number(message),
            Record::Retried { message, batch } => {
                self.word("retried").number(message).escaped(batch.as_str())
            }
            Record::Ended(end) => self.word("ended").word(word(&ENDS, end)),
        };
    }

    fn doubt(&mut self, doubt: Doubt) -> &mut Self {
        match doubt {
            Doubt::Timeout => self.word("timeout"),
            Doubt::ConnectionLost => self.word("lost"),
            Doubt::Server { status } => self.word("server").number(&status),
            Doubt::NotUnderstood { status } => self.word("not_understood").number(&status),
            Doubt::Interrupted => self.word("interrupted"),
        }
    }

    fn cause(&mut self, cause: &PauseCause) -> &mut Self {
        match cause {
            PauseCause::Agent => self.word("agent"),
            PauseCause::Doubts => self.word("doubts"),
            PauseCause::Failures => self.word("failures"),
            PauseCause::Journal(JournalFault::Failed) => self.word("journal_failed"),
            PauseCause::Journal(JournalFault::Taken) => self.word("journal_taken"),
            PauseCause::Stopped(cause) => {
                self.word("stopped").word(word(&STOPS, &cause.kind)).escaped(&cause.text)
            }
            PauseCause::Template(reason) => self.word("template").word(reason.key()),
            PauseCause::Account(reason) => self.word("account").word(reason.key()),
            PauseCause::Reopened => self.word("reopened"),
        }
    }

    fn word(&mut self, word: &str) -> &mut Self {
        self.text.push('\t');
        self.text.push_str(word);
        self
    }

    fn number(&mut self, number: &impl std::fmt::Display) -> &mut Self {
        let _ = write!(self.text, "\t{number}");
        self
    }

    fn escaped(&mut self, text: &str) -> &mut Self {
        self.text.push('\t');
        for c in text.chars() {
            match c {
                '\\' => self.text.push_str("\\\\"),
                '\t' => self.text.push_str("\\t"),
                '\n' => self.text.push_str("\\n"),
                '\r' => self.text.push_str("\\r"),
                c => self.text.push(c),
            }
        }
        self
    }
}
