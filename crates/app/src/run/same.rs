//! Whether the same was sent today already, as far as this browser knows.

use cxconnect_core::{
    dispatch::{Counts, UnixMillis},
    frozen::{About, Head, Kind},
    plan::{Batch, BatchId},
};

use crate::{
    run::{keep, kept::Summary},
    shell::{
        clock,
        journal::{Journal, KeepError, Kept},
    },
};

/// What was sent today with the same content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Same {
    /// When the newest batch with it was made.
    pub created: UnixMillis,
    /// By whom.
    pub agent: String,
    /// How many of its messages have left, or may have, together with those that left later as a batch of their own, and
    /// how many it has. None while one of them is under way.
    pub sent: Option<(usize, usize)>,
}

/// A kept batch, and its figures if they are known.
struct Known {
    head: Head,
    counts: Option<Counts>,
}

impl Known {
    fn of(kept: &Kept) -> Option<Self> {
        let noted = kept.summary.as_deref().and_then(Summary::parse);
        let counts = noted.filter(|it| it.n_writes == kept.n_writes).map(|it| it.counts);
        Some(Self { head: Head::from_json(&kept.head).ok()?, counts })
    }

    fn is_from_today(&self) -> bool {
        clock::day(self.head.about.created) == clock::today()
    }

    /// What was cancelled before its first message is no reason to ask.
    fn has_left(&self) -> bool {
        self.counts.is_none_or(|counts| counts.not_sent < counts.total)
    }

    fn is_part_of(&self, ids: &[&BatchId]) -> bool {
        self.head.part_of.as_ref().is_some_and(|part_of| ids.contains(&&part_of.batch))
    }
}

/// What was sent today with the same content and template, if anything was.
pub async fn same_content(journal: &Journal, digest: Option<&str>) -> Result<Option<Same>, KeepError> {
    let Some(digest) = digest else { return Ok(None) };
    Ok(find(&known(journal).await?, digest))
}

/// The same for a batch that isn't frozen yet. Its content is looked at only if there is a batch that it may be the same as.
pub async fn same_as(journal: &Journal, batch: &Batch) -> Result<Option<Same>, KeepError> {
    let known = known(journal).await?;
    let may_be_same = known.iter().any(|it| {
        it.is_from_today()
            && it.head.digest.is_some()
            && it.head.n_messages == batch.n_messages()
            && it.head.about.template.key() == batch.template().key()
    });
    if !may_be_same {
        return Ok(None);
    }
    let digest = keep::digest_of(batch).await;
    Ok(digest.and_then(|digest| find(&known, &digest)))
}

async fn known(journal: &Journal) -> Result<Vec<Known>, KeepError> {
    Ok(journal.list().await?.iter().filter_map(Known::of).collect())
}

/// The newest that has left, or whose messages have left as parts of others.
fn find(known: &[Known], digest: &str) -> Option<Same> {
    let is_same = |it: &&Known| {
        it.head.digest.as_deref() == Some(digest) && it.head.about.kind == Kind::Many && it.is_from_today()
    };
    let mut family: Vec<&Known> = known.iter().filter(is_same).collect();
    let total = family.first()?.head.n_messages;
    // Parts of parts, too.
    loop {
        let ids: Vec<&BatchId> = family.iter().map(|it| &it.head.about.id).collect();
        let is_new = |it: &&Known| it.is_part_of(&ids) && !ids.contains(&&it.head.about.id);
        let more: Vec<&Known> = known.iter().filter(is_new).collect();
        if more.is_empty() {
            break;
        }
        family.extend(more);
    }
    let About { created, agent, .. } = &family.iter().find(|it| it.has_left())?.head.about;
    let counts: Option<Vec<Counts>> = family.iter().map(|it| it.counts).collect();
    let sent = counts.map(|counts| {
        let n_sent: usize = counts.iter().map(|it| it.accepted + it.unknown + it.marked_sent).sum();
        (n_sent.min(total), total)
    });
    Some(Same { created: *created, agent: agent.clone(), sent })
}
