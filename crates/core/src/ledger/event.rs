//! What the shell tells the scribe, and what the scribe tells the shell.

use std::ops::Range;

use crate::dispatch::{MessageIdx, Millis};

/// A job of Zendesk's, which writes many records some time after it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JobId(String);

impl JobId {
    /// Accepts any text that isn't empty.
    pub fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which request an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestNumber(pub(super) u64);

/// Something to ask of Zendesk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Write the batch's record as the batch stands now. Answered with [`Answer::Done`].
    SaveBatch,
    /// Write the record of one message that hasn't left, as planned: whether the agent may is known before any leaves.
    /// Answered with [`Answer::Done`].
    TryMessages,
    /// Write the records of these chunks of the plan, as one job: [`Answer::Job`].
    SavePlan {
        /// Which chunks.
        chunks: Range<usize>,
    },
    /// Make the record which says that this browser, and no other, is about to send a chunk: [`Answer::Done`], or
    /// [`Answer::Lost`] if there is one that names another.
    Claim {
        /// Which chunk.
        chunk: usize,
    },
    /// Write the records of these messages as they stand now, as one job: [`Answer::Job`]; or [`Answer::Done`] if none of
    /// them is to be written.
    SaveMessages {
        /// Which messages, at most [`ITEMS_PER_JOB`](super::ITEMS_PER_JOB).
        messages: Vec<MessageIdx>,
    },
    /// Look how these jobs stand: [`Answer::Jobs`].
    LookAtJobs {
        /// Which jobs.
        jobs: Vec<JobId>,
    },
    /// Forget these chunks of the plan, as one job: [`Answer::Job`].
    RemovePlan {
        /// Which chunks.
        chunks: Range<usize>,
    },
}

/// How a job stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JobState {
    /// Not over yet.
    Open,
    /// Over; these of its items, by place, were not written.
    Done {
        /// Places from 0.
        failed: Vec<usize>,
    },
    /// It failed as a whole, or Zendesk has forgotten it: nobody knows what of it was written.
    Gone,
}

/// Why a request came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 403: this agent may not write there.
    Forbidden,
    /// 404: the object isn't installed.
    Missing,
    /// 401: the agent's session is over.
    SignedOut,
    /// More than one job takes: chunks of the plan are asked for again in smaller parts.
    TooLarge,
    /// Another 4xx: it would be refused again.
    Refused,
    /// 429.
    Throttled {
        /// How long Zendesk asks to wait, where it says so.
        retry_after: Option<Millis>,
    },
    /// No answer, a 5xx, or one that makes no sense: it may have been written.
    Unavailable,
}

impl Fault {
    /// Whether waiting may help.
    pub fn passes(self) -> bool {
        matches!(self, Self::Throttled { .. } | Self::Unavailable)
    }
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is written.
    Done,
    /// Zendesk has taken it as a job and will write it.
    Job(JobId),
    /// How the jobs stand that were asked for; of those that are missing nothing is known.
    Jobs(Vec<(JobId, JobState)>),
    /// The batch is somebody else's now.
    Lost,
    /// Nothing came of it.
    Failed(Fault),
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The agent has confirmed the batch.
    Start,
    /// The batch is this browser's, which has taken it over: its plan is kept already, and these chunks were claimed.
    TakeOver {
        /// Chunks that were claimed, by their places.
        claimed: Vec<usize>,
    },
    /// A message's outcome has come or has changed.
    Outcome {
        /// The message.
        message: MessageIdx,
    },
    /// Something else about the batch has changed, such as a pause.
    Changed,
    /// The batch has ended: no more outcomes will come.
    Ended,
    /// A request was answered.
    Answered {
        /// Which.
        number: RequestNumber,
        /// How.
        answer: Answer,
    },
    /// The moment of a [`Command::WakeAt`] has come.
    Woke,
    /// The agent says that what stood in the way is mended.
    TryAgain,
}

/// What the shell is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Ask something of Zendesk, and tell [`Event::Answered`].
    Ask {
        /// To be told with the answer.
        number: RequestNumber,
        /// What.
        request: Request,
    },
    /// So many of the first messages may be sent.
    Allow {
        /// How many.
        n_messages: usize,
    },
    /// Tell [`Event::Woke`] at this moment. A later command takes the place of an earlier one.
    WakeAt(Millis),
}

/// How the ledger follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing was asked of it yet.
    Ready,
    /// The batch's record and its plan are being kept: so many of the chunks are.
    Keeping {
        /// Chunks that are kept.
        n_done: usize,
        /// All of them.
        n_all: usize,
    },
    /// It follows the batch.
    Following,
    /// It can't be written just now, and is tried again by itself.
    Waiting(Fault),
    /// It can't be written until somebody mends something.
    Stuck(Fault),
    /// Another computer has the batch.
    Lost,
    /// The batch is over and all of it is in the ledger.
    Complete,
}
