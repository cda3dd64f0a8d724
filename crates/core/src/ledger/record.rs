//! What the ledger says of a batch and of a message.

use std::collections::BTreeMap;

use crate::{
    dispatch::{Counts, Dispatch, MessageIdx, MessageState, Track, UnixMillis},
    frozen::{Frozen, Kind},
    phone::E164,
    plan::BatchId,
    problem::RowNumber,
    reasons::Reason,
    receipt::{Event, Receipt, Status},
};

/// Where messages come from (Origen).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// A file's rows: "Zendesk 1:N".
    Many,
    /// One message from a ticket: "Zendesk 1:1".
    One,
    /// A row sent to a number of the agent's choice.
    Test,
    /// The customer's own system, by webhook: "Custom".
    Custom,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Many, Self::One, Self::Test, Self::Custom];

    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Many => "many",
            Self::One => "one",
            Self::Test => "test",
            Self::Custom => "custom",
        }
    }

    /// The origin of this name.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.key() == key)
    }
}

impl From<Kind> for Origin {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Many => Self::Many,
            Kind::One => Self::One,
            Kind::Test => Self::Test,
        }
    }
}

/// What a batch is doing, as far as the ledger was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BatchState {
    /// It is being sent.
    Running,
    /// It was stopped and can go on.
    Paused,
    /// Every message was called for.
    Completed,
    /// The rest was cancelled.
    Cancelled,
}

impl BatchState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Running, Self::Paused, Self::Completed, Self::Cancelled];

    /// Its stable name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this name.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// How many of a batch's messages stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// All of them.
    pub n_messages: u64,
    /// Taken by the provider and not failed: those delivered and read are among them.
    pub n_sent: u64,
    /// Known to have been handed on to WhatsApp, those delivered and read among them.
    pub n_forwarded: u64,
    /// Known to have reached the device, those read among them.
    pub n_delivered: u64,
    /// Opened.
    pub n_read: u64,
    /// Refused or not delivered.
    pub n_failed: u64,
    /// Sent or not, nobody knows.
    pub n_unknown: u64,
}

impl Figures {
    /// What a batch's engine knows.
    pub fn of(counts: &Counts) -> Self {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        Self {
            n_messages: count(counts.total),
            n_sent: count(counts.accepted + counts.marked_sent),
            n_failed: count(counts.refused),
            // What is claimed may have left.
            n_unknown: count(counts.unknown + counts.claimed),
            ..Self::default()
        }
    }

    /// Messages of which it is known what became of them, or that this isn't known: it grows as a batch goes on.
    pub fn n_done(&self) -> u64 {
        self.n_used().saturating_add(self.n_failed)
    }

    /// What counts as used of the package: sent, or nobody knows.
    pub fn n_used(&self) -> u64 {
        self.n_sent.saturating_add(self.n_unknown)
    }
}

impl std::ops::AddAssign for Figures {
    fn add_assign(&mut self, other: Self) {
        let Self { n_messages, n_sent, n_forwarded, n_delivered, n_read, n_failed, n_unknown } = other;
        self.n_messages = self.n_messages.saturating_add(n_messages);
        self.n_sent = self.n_sent.saturating_add(n_sent);
        self.n_forwarded = self.n_forwarded.saturating_add(n_forwarded);
        self.n_delivered = self.n_delivered.saturating_add(n_delivered);
        self.n_read = self.n_read.saturating_add(n_read);
        self.n_failed = self.n_failed.saturating_add(n_failed);
        self.n_unknown = self.n_unknown.saturating_add(n_unknown);
    }
}

/// How many messages failed for which reason, by the reasons' keys ([`Reason::key`]); those that the catalogue doesn't know
/// are together under [`OTHER_REASON`].
pub type Failures = BTreeMap<String, u64>;

/// Failures that the catalogue of reasons doesn't know.
pub const OTHER_REASON: &str = "other";

/// A batch's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchRecord {
    /// Its id.
    pub id: BatchId,
    /// The template's name.
    pub template: String,
    /// The template's language.
    pub language: String,
    /// The provider's id of the number that it is sent from.
    pub sender: String,
    /// That number, for people.
    pub sender_name: String,
    /// The file; empty if there is none.
    pub file_name: String,
    /// Who sends it.
    pub agent: String,
    /// Where it comes from.
    pub origin: Origin,
    /// What it is doing.
    pub state: BatchState,
    /// When it was confirmed.
    pub created: UnixMillis,
    /// When it ended.
    pub ended: Option<UnixMillis>,
    /// Who has it, and when they last said so: see [`Holder`].
    pub holder: Option<Holder>,
    /// The batch whose refused messages these are.
    pub retry_of: Option<BatchId>,
    /// Its messages, counted.
    pub figures: Figures,
    /// Those that failed, by reason.
    pub failures: Failures,
    /// What happened to it as a whole.
    pub track: Track,
}

/// Which page sends a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The page's name: any text that no other page has.
    pub name: String,
    /// When it was last heard of.
    pub seen: UnixMillis,
}

/// A message's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRecord {
    /// Its batch.
    pub batch: BatchId,
    /// Its row in the file.
    pub row: RowNumber,
    /// Who gets it.
    pub to: E164,
    /// The template's name.
    pub template: String,
    /// The template's language.
    pub language: String,
    /// Who sent it.
    pub agent: String,
    /// Where it comes from.
    pub origin: Origin,
    /// When its batch was confirmed.
    pub created: UnixMillis,
    /// What became of it.
    pub receipt: Receipt,
}

/// Whoever sends a batch is heard of every few seconds. One that wasn't for so long may be taken over: too soon would do no
/// harm either, since each chunk of rows is sent by whoever claims it first.
pub const ABANDONED_MS: u64 = 2 * 60 * 1000;

/// Minutes since 1970 when a batch was confirmed: the number by which people know it (Lote).
pub fn lot(created: UnixMillis) -> u64 {
    created / 60_000
}

impl BatchRecord {
    /// Whether nothing of it will leave any more.
    pub fn is_over(&self) -> bool {
        matches!(self.state, BatchState::Completed | BatchState::Cancelled)
    }

    /// Whether it isn't over and nobody was heard of for [`ABANDONED_MS`]: then another computer may take it over.
    pub fn is_abandoned(&self, now: UnixMillis) -> bool {
        let seen = self.holder.as_ref().map_or(0, |holder| holder.seen);
        !self.is_over() && seen.saturating_add(ABANDONED_MS) <= now
    }

    /// A batch as it stands.
    pub fn of(
        frozen: &Frozen,
        dispatch: &Dispatch,
        ended: Option<UnixMillis>,
        holder: Option<Holder>,
    ) -> Self {
        use crate::dispatch::{End, Phase};
        let head = frozen.head();
        let about = &head.about;
        let state = match dispatch.phase() {
            Phase::Ended(End::Completed) => BatchState::Completed,
            Phase::Ended(End::Cancelled) | Phase::Draining => BatchState::Cancelled,
            Phase::Paused(_) => BatchState::Paused,
            Phase::Ready | Phase::Running => BatchState::Running,
        };
        Self {
            id: about.id.clone(),
            template: about.template.name.to_string(),
            language: about.template.language.to_string(),
            sender: about.sender.clone(),
            sender_name: about.sender_name.clone(),
            file_name: about.file_name.clone(),
            agent: about.agent.clone(),
            origin: about.kind.into(),
            state,
            created: about.created,
            ended,
            holder,
            retry_of: head.part_of.as_ref().map(|part_of| part_of.batch.clone()),
            figures: Figures::of(&dispatch.counts()),
            failures: failures(dispatch),
            track: dispatch.track().clone(),
        }
    }
}

impl BatchRecord {
    /// The same after what the record said before: what happened to the batch elsewhere stays known, and so do the receipts,
    /// of which a batch's sender knows nothing.
    #[must_use]
    pub fn after(self, earlier: Self) -> Self {
        let Figures { n_forwarded, n_delivered, n_read, .. } = self.figures;
        let figures = Figures {
            n_forwarded: n_forwarded.max(earlier.figures.n_forwarded),
            n_delivered: n_delivered.max(earlier.figures.n_delivered),
            n_read: n_read.max(earlier.figures.n_read),
            ..self.figures
        };
        Self { figures, track: self.track.merge(earlier.track), ..self }
    }
}

/// Most refusals of a batch say the same, so each text is looked up once.
fn failures(dispatch: &Dispatch) -> Failures {
    let mut by_text: BTreeMap<&str, u64> = BTreeMap::new();
    for state in dispatch.states() {
        if let MessageState::Refused(refusal) = state {
            *by_text.entry(&refusal.text).or_default() += 1;
        }
    }
    let mut failures = Failures::new();
    for (text, n) in by_text {
        let key = Reason::find(text).map_or(OTHER_REASON, Reason::key);
        *failures.entry(key.to_owned()).or_default() += n;
    }
    failures
}

impl MessageRecord {
    /// A message as it stands; `None` if there is no such message.
    pub fn of(frozen: &Frozen, dispatch: &Dispatch, message: MessageIdx) -> Option<Self> {
        let about = &frozen.head().about;
        let content = frozen.message(message)?;
        let state = dispatch.states().get(message)?;
        let times = dispatch.times(message);
        let ended = times.ended_at.or(times.claimed_at).unwrap_or(about.created);
        let mut receipt = Receipt::new().with(Event::Planned, about.created);
        if let Some(at) = times.claimed_at {
            receipt = receipt.with(Event::Claimed, at);
        }
        receipt = match state {
            MessageState::Waiting | MessageState::NotSent | MessageState::Claimed => receipt,
            MessageState::Accepted(id) => receipt.accepted(ended, id.clone()),
            MessageState::MarkedSent => receipt.with(Event::Accepted, ended),
            MessageState::Refused(refusal) => receipt.failed(ended, &refusal.text),
            MessageState::Unknown(_) => receipt.with(Event::Unknown, ended),
        };
        Some(Self {
            batch: about.id.clone(),
            row: content.row,
            to: content.to,
            template: about.template.name.to_string(),
            language: about.template.language.to_string(),
            agent: about.agent.clone(),
            origin: about.kind.into(),
            created: about.created,
            receipt,
        })
    }

    /// Where it stands.
    pub fn status(&self) -> Status {
        self.receipt.status()
    }
}
