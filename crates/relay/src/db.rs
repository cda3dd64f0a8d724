//! SQLite, as the relay sees it: the very same statements run in a Durable Object and, in tests, natively.

use std::fmt;

/// A statement's argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg<'a> {
    /// `NULL`.
    Null,
    /// A whole number. In JavaScript it travels as a double, so nothing here exceeds 2^53 (relay-runtime.md §4).
    Int(i64),
    /// A text.
    Text(&'a str),
}

impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a, T: Into<Arg<'a>>> From<Option<T>> for Arg<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A value that came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

/// A row that came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The number in this column; `None` for anything else.
    pub fn int(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Int(number)) => Some(*number),
            _ => None,
        }
    }

    /// The text in this column; `None` for anything else.
    pub fn text(&self, column: usize) -> Option<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The text in this column, or an empty one.
    pub fn text_or_empty(&self, column: usize) -> &str {
        self.text(column).unwrap_or_default()
    }

    /// The same, to keep.
    pub fn string(&self, column: usize) -> Option<String> {
        self.text(column).map(ToOwned::to_owned)
    }
}

/// Why the database didn't do what it was asked for.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("the database failed: {0}")]
pub struct DbError(pub String);

/// SQLite names columns and never values, so its words may be logged.
impl fmt::Debug for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DbError({:?})", self.0)
    }
}

/// A database that is this account's own, with one writer.
pub trait Db {
    /// Runs one statement to its end and returns its rows.
    fn query(&self, sql: &str, args: &[Arg<'_>]) -> Result<Vec<Row>, DbError>;

    /// All that `work` does is kept, or, if it fails, nothing of it.
    fn atomically<T, E: From<DbError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E>;

    /// The first row, if there is one.
    fn first(&self, sql: &str, args: &[Arg<'_>]) -> Result<Option<Row>, DbError> {
        Ok(self.query(sql, args)?.into_iter().next())
    }
}
