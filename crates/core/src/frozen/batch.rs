//! A batch that doesn't change any more.

use std::{ops::Range, sync::Arc};

use crate::{
    check::Target,
    dispatch::{MessageIdx, UnixMillis},
    frozen::{
        About, FrozenError, FrozenRow, Head, Outcome, Part, PartOf, ROWS_PER_CHUNK, Thaw,
        freezer::{Chunks, slots},
        line,
        row::{Content, Kept},
    },
    phone::E164,
    plan::{BatchId, Message},
    problem::{LineNumber, RowNumber},
    template::{Preview, SlotId, Template, Values},
};

/// A batch that doesn't change any more.
#[derive(Clone, Debug)]
pub struct Frozen {
    pub(super) head: Head,
    pub(super) chunks: Vec<Arc<str>>,
    /// Where each row begins in its chunk.
    pub(super) starts: Vec<u32>,
    /// The messages' rows and numbers.
    pub(super) targets: Vec<Target>,
    /// The template's slots, in the order in which a row has their values.
    pub(super) slots: Vec<SlotId>,
}

impl Frozen {
    /// A batch of one message that no file has: a ticket's, or a test.
    pub fn one(about: About, to: E164, values: &Values) -> Self {
        let slots = slots(&about.template.slots());
        let mut chunks = Chunks::new(about, Vec::new(), 1);
        chunks.message(RowNumber::FIRST, LineNumber::FIRST, to);
        for slot in slots {
            chunks.value(values.get(&slot));
        }
        chunks.end_row();
        chunks.finish(None)
    }

    /// Some of the messages as a batch of its own. Rows of others are not in it; unknown and repeated places are passed
    /// over.
    #[must_use]
    pub fn subset(
        &self,
        id: BatchId,
        agent: String,
        created: UnixMillis,
        part: Part,
        messages: &[MessageIdx],
    ) -> Self {
        let mut wanted: Vec<&Target> = messages.iter().filter_map(|idx| self.targets.get(*idx)).collect();
        wanted.sort_unstable_by_key(|target| target.row);
        wanted.dedup_by_key(|target| target.row);
        let about = About { id, agent, created, ..self.head.about.clone() };
        let mut chunks = Chunks::new(about, self.head.columns.clone(), wanted.len());
        for target in wanted {
            let line = usize::try_from(target.row).ok().and_then(|row_idx| self.line(row_idx));
            chunks.copy(target.to, line.unwrap_or_default());
        }
        chunks.finish(Some(PartOf { batch: self.head.about.id.clone(), part }))
    }

    /// Reads what [`Frozen::head_text`] and [`Frozen::chunks`] gave, at once. See [`Thaw`] for reading in slices.
    pub fn from_parts(head: &str, chunks: Vec<Arc<str>>) -> Result<Self, FrozenError> {
        let mut thaw = Thaw::new(head, chunks)?;
        while !thaw.step(usize::MAX)? {}
        thaw.finish()
    }

    /// What it is, without its rows.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// What it is, as it is kept.
    pub fn head_text(&self) -> String {
        self.head.to_json()
    }

    /// Its rows, as they are kept.
    pub fn chunks(&self) -> &[Arc<str>] {
        &self.chunks
    }

    /// Its id.
    pub fn id(&self) -> &BatchId {
        &self.head.about.id
    }

    /// The template as it was when the batch was made.
    pub fn template(&self) -> &Template {
        &self.head.about.template
    }

    /// Keeps the content's hash, which the shell made.
    pub fn set_digest(&mut self, digest: String) {
        self.head.digest = Some(digest);
    }

    /// How many rows there are, those left out counted.
    pub fn n_rows(&self) -> usize {
        self.starts.len()
    }

    /// How many messages there are.
    pub fn n_messages(&self) -> usize {
        self.targets.len()
    }

    /// Who gets each message.
    pub fn recipients(&self) -> Vec<E164> {
        self.targets.iter().map(|target| target.to).collect()
    }

    /// Who gets a message.
    pub fn recipient(&self, idx: MessageIdx) -> Option<E164> {
        self.targets.get(idx).map(|target| target.to)
    }

    /// The row of a message, from 0.
    pub fn row_of(&self, idx: MessageIdx) -> Option<usize> {
        self.targets.get(idx).and_then(|target| usize::try_from(target.row).ok())
    }

    /// Where each chunk's messages begin, and at last where all end.
    pub fn message_starts(&self) -> Vec<MessageIdx> {
        let start = |chunk: usize| {
            let first_row = chunk.saturating_mul(ROWS_PER_CHUNK);
            self.targets
                .partition_point(|target| usize::try_from(target.row).is_ok_and(|row| row < first_row))
        };
        (0..self.chunks.len()).map(start).chain([self.targets.len()]).collect()
    }

    /// A message; `None` if there are fewer.
    pub fn message(&self, idx: MessageIdx) -> Option<Message> {
        let target = self.targets.get(idx)?;
        let kept = self.kept(usize::try_from(target.row).ok()?)?;
        let (row, line) = kept.numbers().ok()?;
        Some(Message { line, row, to: target.to, values: self.values(&kept) })
    }

    /// A message as its recipient will see it.
    pub fn preview(&self, idx: MessageIdx) -> Option<Preview> {
        self.message(idx).map(|message| self.template().preview(&message.values))
    }

    /// A row of the file, from 0; `None` if there are fewer.
    pub fn row(&self, row_idx: usize) -> Option<FrozenRow<'_>> {
        let kept = self.kept(row_idx)?;
        let (row, line) = kept.numbers().ok()?;
        let outcome = match kept.content {
            Content::Message(..) => {
                let as_u32 = u32::try_from(row_idx).ok()?;
                let idx = self.targets.binary_search_by_key(&as_u32, |target| target.row).ok()?;
                Outcome::Message { idx, to: self.targets.get(idx)?.to }
            }
            Content::LeftOut(why) => Outcome::LeftOut { why: line::part(why).unwrap_or_default() },
        };
        Some(FrozenRow { row, line, outcome, cells: kept.cells, text: kept.text })
    }

    /// What a content's hash is taken over: these messages' share of it, the first one's with the template's key before
    /// it. All shares together are the same for the same template, phones and values in the same order, however the
    /// file is called and whatever else is in it.
    pub fn digest_text(&self, messages: Range<MessageIdx>) -> String {
        let mut text = String::new();
        if messages.start == 0 {
            let Template { name, language, .. } = self.template();
            text.push_str(name.as_str());
            text.push('\t');
            text.push_str(language.as_str());
            text.push('\n');
        }
        for target in
            self.targets.get(messages.start..messages.end.min(self.targets.len())).unwrap_or_default()
        {
            let kept = usize::try_from(target.row).ok().and_then(|row_idx| self.kept(row_idx));
            if let Some(Kept { content: Content::Message(phone, values), .. }) = kept {
                text.push_str(phone);
                text.push_str(values);
                text.push('\n');
            }
        }
        text
    }

    fn values(&self, kept: &Kept<'_>) -> Values {
        let Content::Message(_, values) = kept.content else { return Values::new() };
        let values = self.slots.iter().zip(values.split('\t').skip(1));
        let value = |(slot, value): (&SlotId, &str)| {
            Some((slot.clone(), line::optional_part(value).ok()??.into_owned()))
        };
        values.filter_map(value).collect()
    }

    fn kept(&self, row_idx: usize) -> Option<Kept<'_>> {
        Kept::part(self.line(row_idx)?, self.slots.len())
    }

    pub(super) fn line(&self, row_idx: usize) -> Option<&str> {
        let start = usize::try_from(*self.starts.get(row_idx)?).ok()?;
        let text = self.chunks.get(row_idx / ROWS_PER_CHUNK)?.get(start..)?;
        text.split_once('\n').map(|(line, _)| line)
    }
}
