//! Text → entries.

use std::str::{FromStr, Split};

use super::words::{ENDS, STOPS, value};
use crate::{
    dispatch::{
        Doubt, Entry, JournalFault, NotificationId, PauseCause, Record, Refusal, StopCause, UnixMillis,
    },
    plan::BatchId,
    reasons::Reason,
};

/// A line that is no entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct JournalError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: JournalProblem,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JournalProblem {
    /// A word that this version doesn't know.
    #[error("a kind of entry that this version doesn't know")]
    UnknownWord,
    /// A field is missing, there is one too many, or it is not of its kind.
    #[error("it is damaged")]
    Damaged,
    /// The text ends within the line.
    #[error("it is cut off")]
    CutOff,
}

/// The entries of what [`encode`](super::encode) gave.
pub fn decode(text: &str) -> Result<Vec<Entry>, JournalError> {
    let mut entries = Vec::new();
    for (idx, line) in text.split_inclusive('\n').enumerate() {
        let entry = match line.strip_suffix('\n') {
            Some(line) => entry(line),
            None => Err(JournalProblem::CutOff),
        };
        entries.push(entry.map_err(|problem| JournalError { line: idx + 1, problem })?);
    }
    Ok(entries)
}

fn entry(line: &str) -> Result<Entry, JournalProblem> {
    let mut fields = Fields(line.split('\t'));
    let time: UnixMillis = fields.number()?;
    let record = fields.record()?;
    match fields.0.next() {
        None => Ok(Entry { time, record }),
        Some(_) => Err(JournalProblem::Damaged),
    }
}

struct Fields<'l>(Split<'l, char>);

impl<'l> Fields<'l> {
    fn record(&mut self) -> Result<Record, JournalProblem> {
        Ok(match self.next()? {
            "started" => Record::Started,
            "claimed" => Record::Claimed { message: self.number()?, attempt: self.number()? },
            "accepted" => Record::Accepted {
                message: self.number()?,
                id: NotificationId::parse(&self.text()?).ok_or(JournalProblem::Damaged)?,
            },
            "refused" => Record::Refused { message: self.number()?, refusal: self.refusal()? },
            "doubt" => Record::InDoubt { message: self.number()?, doubt: self.doubt()? },
            "away" => Record::TurnedAway { message: self.number()? },
            "paused" => Record::Paused(self.cause()?),
            "resumed" => Record::Resumed,
            "cancelled" => Record::Cancelled,
            "opened" => Record::Opened,
            "marked" => Record::MarkedSent { message: self.number()? },
            "again" => Record::SendAgain { message: self.number()? },
            "retried" => Record::Retried { message: self.number()?, batch: BatchId::new(self.text()?) },
            "ended" => Record::Ended(self.one_of(&ENDS)?),
            _ => return Err(JournalProblem::UnknownWord),
        })
    }

    fn refusal(&mut self) -> Result<Refusal, JournalProblem> {
        let status = self.number()?;
        let text = self.text()?;
        let code = self.0.next().map(unescaped).transpose()?;
        Ok(Refusal { status, code, text })
    }

    fn doubt(&mut self) -> Result<Doubt, JournalProblem> {
        Ok(match self.next()? {
            "timeout" => Doubt::Timeout,
            "lost" => Doubt::ConnectionLost,
            "server" => Doubt::Server { status: self.number()? },
            "not_understood" => Doubt::NotUnderstood { status: self.number()? },
            "interrupted" => Doubt::Interrupted,
            _ => return Err(JournalProblem::UnknownWord),
        })
    }

    fn cause(&mut self) -> Result<PauseCause, JournalProblem> {
        Ok(match self.next()? {
            "agent" => PauseCause::Agent,
            "doubts" => PauseCause::Doubts,
            "failures" => PauseCause::Failures,
            "journal_failed" => PauseCause::Journal(JournalFault::Failed),
            "journal_taken" => PauseCause::Journal(JournalFault::Taken),
            "stopped" => PauseCause::Stopped(StopCause { kind: self.one_of(&STOPS)?, text: self.text()? }),
            "template" => PauseCause::Template(self.reason()?),
            "account" => PauseCause::Account(self.reason()?),
            "reopened" => PauseCause::Reopened,
            _ => return Err(JournalProblem::UnknownWord),
        })
    }

    fn reason(&mut self) -> Result<Reason, JournalProblem> {
        let key = self.next()?;
        Reason::by_key(key).ok_or(JournalProblem::UnknownWord)
    }

    fn one_of<T: Copy>(&mut self, table: &[(T, &str)]) -> Result<T, JournalProblem> {
        value(table, self.next()?).ok_or(JournalProblem::UnknownWord)
    }

    /// Only digits, as they are written: no sign.
    fn number<T: FromStr>(&mut self) -> Result<T, JournalProblem> {
        let field = self.next()?;
        let is_digits = field.bytes().all(|byte| byte.is_ascii_digit());
        field.parse().ok().filter(|_| is_digits).ok_or(JournalProblem::Damaged)
    }

    fn text(&mut self) -> Result<String, JournalProblem> {
        unescaped(self.next()?)
    }

    fn next(&mut self) -> Result<&'l str, JournalProblem> {
        self.0.next().ok_or(JournalProblem::Damaged)
    }
}

fn unescaped(field: &str) -> Result<String, JournalProblem> {
    let mut text = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        text.push(match c {
            '\\' => match chars.next() {
                Some('\\') => '\\',
                Some('t') => '\t',
                Some('n') => '\n',
                Some('r') => '\r',
                Some(_) | None => return Err(JournalProblem::Damaged),
            },
            // Encoded text has none: something has touched it.
            '\r' => return Err(JournalProblem::Damaged),
            c => c,
        });
    }
    Ok(text)
}
