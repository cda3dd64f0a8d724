//! Why a kept batch can't be read.

/// Why a kept batch can't be read. Nothing of it is sent then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrozenError {
    /// The head is no JSON, or this part of it is missing or makes no sense.
    #[error("the batch's head has no valid `{0}`")]
    Head(&'static str),
    /// A version of the app that is newer than this one has made it.
    #[error("the batch is kept in form {0}, which this version doesn't know")]
    Version(u64),
    /// There are more or fewer chunks than the head's rows fill.
    #[error("the batch has {found} chunks instead of {expected}")]
    ChunkCount {
        /// As many as the rows fill.
        expected: usize,
        /// As many as there are.
        found: usize,
    },
    /// A chunk is damaged.
    #[error("chunk {chunk}{}: {damage}", .row.map(|row| format!(", row {row}")).unwrap_or_default())]
    Chunk {
        /// Its place, from 0.
        chunk: usize,
        /// The row's place within it, from 0, if the damage is in one.
        row: Option<usize>,
        /// What is wrong with it.
        damage: Damage,
    },
    /// There are more or fewer messages than the head says.
    #[error("the batch has {found} messages instead of {expected}")]
    MessageCount {
        /// As many as the head says.
        expected: usize,
        /// As many as there are.
        found: usize,
    },
}

/// What is wrong with a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It ends too soon, or goes on.
    #[error("not as many rows as it should have")]
    RowCount,
    /// A row has more or fewer parts than it should.
    #[error("not as many parts as it should have")]
    PartCount,
    /// A row's or a line's number is none.
    #[error("no number where one should be")]
    Number,
    /// A phone is none.
    #[error("no phone where one should be")]
    Phone,
    /// A backslash that stands for nothing.
    #[error("a backslash that stands for nothing")]
    Escape,
    /// Something was changed, or the chunk has another place, or belongs to another batch.
    #[error("its checksum is another")]
    Checksum,
}
