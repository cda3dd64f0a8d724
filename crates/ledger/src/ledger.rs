//! The calls for batches, messages and plans.

use chrono::NaiveDate;
use cxconnect_core::{
    dispatch::UnixMillis,
    ledger::{BatchRecord, ITEMS_PER_JOB, JobId, JobState, MessageRecord},
    plan::BatchId,
    problem::RowNumber,
    stats::{Filter, Panel},
};
use cxconnect_sunco::Transport;

use crate::{
    Claim, LedgerError, Objects, Order, PlanPart, Record, Search, Sort, batch, message, plan,
    schema::{BATCH, MESSAGE, PLAN},
};

/// A part of the list of batches.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchPage {
    /// The batches, each with the moment at which its record was written, by Zendesk's clock.
    pub batches: Vec<(BatchRecord, UnixMillis)>,
    /// Where the next part begins, if there is one.
    pub after: Option<String>,
}

/// A walk through messages that are looked for.
#[derive(Clone, Debug)]
pub struct MessageSearch(Search);

impl MessageSearch {
    /// Whether all were found.
    pub fn is_over(&self) -> bool {
        self.0.is_over()
    }
}

/// The ledger of the account.
#[derive(Clone, Debug)]
pub struct Ledger<T> {
    objects: Objects<T>,
}

impl<T: Transport> Ledger<T> {
    /// Over these objects.
    pub fn new(objects: Objects<T>) -> Self {
        Self { objects }
    }

    /// The objects themselves.
    pub fn objects(&self) -> &Objects<T> {
        &self.objects
    }

    /// Writes a batch's record.
    pub async fn save_batch(&self, batch: &BatchRecord) -> Result<(), LedgerError> {
        self.objects.upsert(BATCH, &batch::write(batch)).await.map(drop)
    }

    /// A batch's record, and when it was written; `None` if there is none.
    pub async fn batch(&self, id: &BatchId) -> Result<Option<(BatchRecord, UnixMillis)>, LedgerError> {
        let records = self.objects.get(BATCH, &[id.as_str().to_owned()]).await?;
        Ok(records.iter().find_map(|record| Some((batch::read(record)?, record.written()?))))
    }

    /// Batches, those first that changed last; and where the next page begins.
    pub async fn batches(&self, size: u32, after: Option<&str>) -> Result<BatchPage, LedgerError> {
        let page = self.objects.list(BATCH, Sort::NewestFirst, size, after).await?;
        let with_moment = |record: &Record| Some((batch::read(record)?, record.written()?));
        Ok(BatchPage { batches: page.records.iter().filter_map(with_moment).collect(), after: page.after })
    }

    /// Begins to look for messages of a panel. `days`: the first and the last day on which they may have been sent, in UTC; what
    /// is found may be more than the filter means, since Zendesk doesn't know when batches began.
    pub fn messages_of(
        filter: &Filter,
        panel: Panel,
        days: (Option<NaiveDate>, Option<NaiveDate>),
        order: Order,
        size: u32,
    ) -> MessageSearch {
        MessageSearch(Search::new(MESSAGE, &message::conditions(filter, panel, days), order, size))
    }

    /// The next page of messages.
    pub async fn next_messages(&self, search: &mut MessageSearch) -> Result<Vec<MessageRecord>, LedgerError> {
        Ok(search.0.next(&self.objects).await?.iter().filter_map(message::read).collect())
    }

    /// Writes a message's record at once.
    pub async fn save_message(&self, message: &MessageRecord) -> Result<(), LedgerError> {
        self.objects.upsert(MESSAGE, &message::write(message)).await.map(drop)
    }

    /// Writes messages, at most a hundred, some time after this returns.
    pub async fn save_messages(&self, messages: &[MessageRecord]) -> Result<JobId, LedgerError> {
        let records: Vec<_> = messages.iter().map(message::write).collect();
        self.objects.upsert_all(MESSAGE, &records).await
    }

    /// Writes chunks of a batch's plan, some time after this returns.
    pub async fn save_plan(&self, batch: &BatchId, parts: &[PlanPart]) -> Result<JobId, LedgerError> {
        let records: Vec<_> = parts.iter().flat_map(|part| plan::write(batch, part)).collect();
        self.objects.upsert_all(PLAN, &records).await
    }

    /// Chunks of a batch's plan, `None` its head, at most a hundred: those of which not everything is there are missing.
    pub async fn plan(
        &self,
        batch: &BatchId,
        chunks: &[Option<usize>],
    ) -> Result<Vec<PlanPart>, LedgerError> {
        let ids: Vec<_> = chunks.iter().map(|chunk| plan::external_id(batch, *chunk, 0)).collect();
        let mut records = self.objects.get(PLAN, &ids).await?;
        let goes_on = |chunk: &Option<usize>, id: &String, records: &[Record]| {
            let first = records.iter().find(|record| record.external_id == *id);
            let n_parts = first.and_then(plan::read).map_or(0, |(n_parts, _)| n_parts);
            (1..n_parts).map(|part| plan::external_id(batch, *chunk, part)).collect::<Vec<_>>()
        };
        let more: Vec<_> =
            chunks.iter().zip(&ids).flat_map(|(chunk, id)| goes_on(chunk, id, &records)).collect();
        for ids in more.chunks(ITEMS_PER_JOB) {
            records.extend(self.objects.get(PLAN, ids).await?);
        }
        let body = |chunk: &Option<usize>, id: &String| {
            let piece = |id: &String| records.iter().find(|record| record.external_id == *id);
            let mut body = plan::read(piece(id)?)?.1.to_owned();
            for id in goes_on(chunk, id, &records) {
                body.push_str(plan::read(piece(&id)?)?.1);
            }
            Some(PlanPart { chunk: *chunk, body })
        };
        Ok(chunks.iter().zip(&ids).filter_map(|(chunk, id)| body(chunk, id)).collect())
    }

    /// How many records chunks of a batch's plan take, `None` its head, at most a hundred: those that aren't there are missing.
    pub async fn plan_sizes(
        &self,
        batch: &BatchId,
        chunks: &[Option<usize>],
    ) -> Result<Vec<(Option<usize>, usize)>, LedgerError> {
        let ids: Vec<_> = chunks.iter().map(|chunk| plan::external_id(batch, *chunk, 0)).collect();
        let records = self.objects.get(PLAN, &ids).await?;
        let size = |(chunk, id): (&Option<usize>, &String)| {
            let first = records.iter().find(|record| record.external_id == *id)?;
            plan::read(first).map(|(n_parts, _)| (*chunk, n_parts))
        };
        Ok(chunks.iter().zip(&ids).filter_map(size).collect())
    }

    /// Forgets chunks of a batch's plan, each with the number of its records, some time after this returns. Their claims stay:
    /// they hold nobody's data, and as long as they are there nobody can claim, and send, the same chunk again.
    pub async fn remove_plan(
        &self,
        batch: &BatchId,
        chunks: impl IntoIterator<Item = (Option<usize>, usize)>,
    ) -> Result<JobId, LedgerError> {
        let ids: Vec<_> = chunks
            .into_iter()
            .flat_map(|(chunk, n_records)| {
                (0..n_records).map(move |part| plan::external_id(batch, chunk, part))
            })
            .collect();
        self.objects.remove_all(PLAN, &ids).await
    }

    /// Claims a chunk, unless somebody has; says whose it is then. May be repeated.
    pub async fn claim(&self, batch: &BatchId, chunk: usize, claim: &Claim) -> Result<Claim, LedgerError> {
        let created = self.objects.create(PLAN, &plan::write_claim(batch, chunk, claim)).await;
        let refused = match created {
            Ok(_) => return Ok(claim.clone()),
            // There is one; or the answer to an earlier try was lost, and it is this one's own.
            Err(error @ LedgerError::Refused { .. }) => error,
            Err(error) => return Err(error),
        };
        let records = self.objects.get(PLAN, &[plan::claim_id(batch, chunk)]).await?;
        records.iter().find_map(plan::read_claim).ok_or(refused)
    }

    /// Who has claimed these chunks, at most a hundred: those that nobody has are missing.
    pub async fn claims(
        &self,
        batch: &BatchId,
        chunks: impl IntoIterator<Item = usize>,
    ) -> Result<Vec<(usize, Claim)>, LedgerError> {
        let ids: Vec<_> = chunks.into_iter().map(|chunk| (chunk, plan::claim_id(batch, chunk))).collect();
        let names: Vec<_> = ids.iter().map(|(_, id)| id.clone()).collect();
        let records = self.objects.get(PLAN, &names).await?;
        let claim = |(chunk, id): &(usize, String)| {
            let record = records.iter().find(|record| record.external_id == *id)?;
            Some((*chunk, plan::read_claim(record)?))
        };
        Ok(ids.iter().filter_map(claim).collect())
    }

    /// The records of a batch's messages by their rows, at most a hundred: those that aren't written are missing.
    pub async fn messages(
        &self,
        batch: &BatchId,
        rows: impl IntoIterator<Item = RowNumber>,
    ) -> Result<Vec<MessageRecord>, LedgerError> {
        let ids: Vec<_> = rows.into_iter().map(|row| message::external_id(batch, row)).collect();
        let records = self.objects.get(MESSAGE, &ids).await?;
        Ok(records.iter().filter_map(message::read).collect())
    }

    /// How jobs stand.
    pub async fn jobs(&self, ids: &[JobId]) -> Result<Vec<(JobId, JobState)>, LedgerError> {
        self.objects.jobs(ids).await
    }
}
