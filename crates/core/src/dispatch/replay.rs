//! Why a journal can't be read.

/// A journal whose records can't have happened in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write {write}, entry {entry}: {problem}")]
pub struct ReplayError {
    /// The write's place in the journal, from 0.
    pub write: u64,
    /// The entry's place in the write, from 0.
    pub entry: usize,
    /// What is wrong with it.
    pub problem: ReplayProblem,
}

/// What is wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayProblem {
    /// Its message isn't in the batch.
    #[error("the batch has no such message")]
    NoSuchMessage,
    /// It can't follow the records before it.
    #[error("this can't have happened then")]
    OutOfOrder,
    /// This engine owns the batch: what it didn't write itself isn't its journal.
    #[error("the batch is sent here, not watched")]
    Owned,
}
