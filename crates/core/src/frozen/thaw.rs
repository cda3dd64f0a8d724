//! Kept text → a batch, if nothing is wrong with it.

use std::sync::Arc;

use crate::{
    check::Target,
    frozen::{
        Damage, Frozen, FrozenError, Head, ROWS_PER_CHUNK,
        freezer::slots,
        line::{self, Checksum},
        row::{Content, Kept},
    },
    phone::E164,
};

/// Reads a kept batch, slice by slice: [`Thaw::step`] until it says that all is done, then [`Thaw::finish`].
pub struct Thaw {
    frozen: Frozen,
    n_done: usize,
}

impl Thaw {
    /// Reads the head.
    pub fn new(head: &str, chunks: Vec<Arc<str>>) -> Result<Self, FrozenError> {
        let head = Head::from_json(head)?;
        let (expected, found) = (head.n_chunks(), chunks.len());
        if expected != found {
            return Err(FrozenError::ChunkCount { expected, found });
        }
        let slots = slots(&head.about.template.slots());
        Ok(Self {
            frozen: Frozen { head, chunks, starts: Vec::new(), targets: Vec::new(), slots },
            n_done: 0,
        })
    }

    /// Reads the next chunks. Returns whether all are done.
    pub fn step(&mut self, n_chunks: usize) -> Result<bool, FrozenError> {
        let n_all = self.frozen.chunks.len();
        let end = self.n_done.saturating_add(n_chunks).min(n_all);
        for chunk in self.n_done..end {
            self.read(chunk)?;
        }
        self.n_done = end;
        Ok(end == n_all)
    }

    /// The batch. Reads what no step has reached.
    pub fn finish(mut self) -> Result<Frozen, FrozenError> {
        self.step(usize::MAX)?;
        let (expected, found) = (self.frozen.head.n_messages, self.frozen.targets.len());
        if expected == found { Ok(self.frozen) } else { Err(FrozenError::MessageCount { expected, found }) }
    }

    fn read(&mut self, chunk: usize) -> Result<(), FrozenError> {
        let Frozen { head, chunks, starts, targets, slots } = &mut self.frozen;
        let text = chunks.get(chunk).map(AsRef::as_ref).unwrap_or_default();
        let n_rows = head.n_rows.saturating_sub(chunk * ROWS_PER_CHUNK).min(ROWS_PER_CHUNK);
        let mut start = 0;
        for row in 0..n_rows {
            let damaged = |damage| FrozenError::Chunk { chunk, row: Some(row), damage };
            let rest: &str = text.get(start..).unwrap_or_default();
            let (line, _) = rest.split_once('\n').ok_or_else(|| damaged(Damage::RowCount))?;
            let to = check(line, slots.len(), head.columns.len()).map_err(damaged)?;
            if let Some(to) = to {
                targets.push(Target { row: u32::try_from(starts.len()).unwrap_or(u32::MAX), to });
            }
            starts.push(u32::try_from(start).unwrap_or(u32::MAX));
            start += line.len() + 1;
        }
        let (rows, end) = text.split_at_checked(start).unwrap_or_default();
        let mut sum = Checksum::new(head.about.id.as_str(), chunk);
        sum.add(rows);
        if end == sum.line() {
            Ok(())
        } else {
            let damage = if end.starts_with('#') { Damage::Checksum } else { Damage::RowCount };
            Err(FrozenError::Chunk { chunk, row: None, damage })
        }
    }
}

/// Looks through a row. Returns its phone, if it is a message.
fn check(text: &str, n_slots: usize, n_columns: usize) -> Result<Option<E164>, Damage> {
    let kept = Kept::part(text, n_slots).ok_or(Damage::PartCount)?;
    kept.numbers()?;
    let to = match kept.content {
        Content::Message(phone, values) => {
            let to = E164::parse_exact(phone).map_err(|_| Damage::Phone)?;
            count_parts(values, n_slots)?;
            Some(to)
        }
        Content::LeftOut(_) => None,
    };
    count_parts(kept.cells, n_columns)?;
    // Most rows have none.
    if kept.text.contains('\\') {
        check_backslashes(&kept)?;
    }
    Ok(to)
}

fn check_backslashes(kept: &Kept<'_>) -> Result<(), Damage> {
    match kept.content {
        Content::Message(_, values) => {
            for value in values.split('\t') {
                line::optional_part(value)?;
            }
        }
        Content::LeftOut(why) => {
            line::part(why)?;
        }
    }
    for cell in kept.cells.split('\t') {
        line::part(cell)?;
    }
    Ok(())
}

/// There is a tab before each part.
fn count_parts(text: &str, n_expected: usize) -> Result<(), Damage> {
    let n_found = text.bytes().filter(|byte| *byte == b'\t').count();
    if n_found == n_expected { Ok(()) } else { Err(Damage::PartCount) }
}
