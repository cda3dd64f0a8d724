//! What of a batch is still to be sent: a record for each chunk of its rows, and one for its head.
//!
//! A chunk's text is compressed by the shell. Where it doesn't fit into one record (32 KB) it goes on in others.

use cxconnect_core::plan::BatchId;

use crate::{Record, moment};

/// The longest piece of a text in one record: with all else it stays under 32 KB.
const MAX_BODY_BYTES: usize = 30_000;

/// A chunk's compressed text, as base64.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanPart {
    /// Which chunk; none for the batch's head.
    pub chunk: Option<usize>,
    /// Its text.
    pub body: String,
}

/// Who has claimed a chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The page's name.
    pub by: String,
    /// When, as milliseconds since 1970.
    pub at: u64,
}

/// The external id of a chunk's record, or of one that it goes on in.
pub(crate) fn external_id(batch: &BatchId, chunk: Option<usize>, part: usize) -> String {
    let chunk = chunk.map_or_else(|| "head".to_owned(), |chunk| chunk.to_string());
    if part == 0 { format!("{batch}-{chunk}") } else { format!("{batch}-{chunk}.{part}") }
}

impl PlanPart {
    /// How many records it takes.
    pub fn n_records(&self) -> usize {
        self.body.len().div_ceil(MAX_BODY_BYTES).max(1)
    }
}

/// The records of a chunk.
pub(crate) fn write(batch: &BatchId, part: &PlanPart) -> Vec<Record> {
    let n_parts = part.n_records();
    // Base64 is ASCII: any place is one between two characters.
    let piece = |place: usize| {
        let end = ((place + 1) * MAX_BODY_BYTES).min(part.body.len());
        part.body.get(place * MAX_BODY_BYTES..end).unwrap_or_default()
    };
    let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    (0..n_parts)
        .map(|place| {
            let record = Record::new(external_id(batch, part.chunk, place))
                .text("batch_id", batch.as_str())
                .number("n_parts", count(n_parts))
                .text("body", piece(place));
            match part.chunk {
                Some(chunk) => record.number("chunk", count(chunk)),
                None => record,
            }
        })
        .collect()
}

/// The external id of a chunk's claim. It is a record of its own, since only making one is for one alone: whoever changes a
/// record can't know whether another has just done so.
pub(crate) fn claim_id(batch: &BatchId, chunk: usize) -> String {
    format!("{batch}-{chunk}-claim")
}

/// The record of a claim.
pub(crate) fn write_claim(batch: &BatchId, chunk: usize, claim: &Claim) -> Record {
    Record::new(claim_id(batch, chunk))
        .text("batch_id", batch.as_str())
        .text("claimed_by", &claim.by)
        .optional("claimed_at", moment::iso(claim.at).as_deref())
}

/// Whose claim a record is.
pub(crate) fn read_claim(record: &Record) -> Option<Claim> {
    let at = record.get("claimed_at").and_then(moment::parse).unwrap_or_default();
    record.get("claimed_by").map(|by| Claim { by: by.to_owned(), at })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_chunk_goes_on_in_other_records() {
        let batch = BatchId::new("b".to_owned());
        let part = PlanPart { chunk: Some(3), body: "x".repeat(70_000) };
        let records = write(&batch, &part);
        let ids: Vec<_> = records.iter().map(|record| record.external_id.as_str()).collect();
        assert_eq!(ids, ["b-3", "b-3.1", "b-3.2"]);
        let whole: String = records.iter().filter_map(|record| record.get("body")).collect();
        assert_eq!(whole, part.body);
        assert!(records.iter().all(|record| record.to_json().to_string().len() < 32_000));
    }

    #[test]
    fn a_claim_is_read_back() {
        let claim = Claim { by: "page".to_owned(), at: 1_795_741_323_456 };
        let record = write_claim(&BatchId::new("b".to_owned()), 3, &claim);
        assert_eq!(read_claim(&record), Some(claim));
    }
}
