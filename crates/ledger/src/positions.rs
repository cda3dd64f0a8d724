//! Templates' positions as records: what an admin has marked, for all agents.

use cxconnect_core::{
    ledger::{ITEMS_PER_JOB, JobId},
    position::{Position, Positions},
    template::{LanguageCode, TemplateKey, TemplateName},
};
use cxconnect_sunco::Transport;
use serde_json::{Value, json};

use crate::{Ledger, LedgerError, Record, Sort, schema::CONFIG};

/// The form of the records.
const VERSION: u64 = 1;
/// Nobody has more templates than this (Meta: 6,000 per account).
const MOST_PAGES: usize = 60;
const PREFIX: &str = "tpl:";

/// A template's position, and who gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which template.
    pub key: TemplateKey,
    /// Where it shows.
    pub position: Position,
    /// Meta's id of it when it was marked: it is still known when the template is gone.
    pub id: String,
    /// Who marked it.
    pub agent: String,
    /// When that was written, as Zendesk says it.
    pub updated_at: Option<String>,
}

/// Somebody else has marked a template since it was looked at last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overtaken {
    /// Which template.
    pub key: TemplateKey,
    /// How it was when it was looked at.
    pub seen: Position,
    /// How it is.
    pub theirs: Placed,
}

/// Which of these templates somebody else has marked otherwise than as they were seen. To write over them would be to lose
/// the other's word without a word.
pub fn overtaken(seen: &[(TemplateKey, Position)], now: &[Placed]) -> Vec<Overtaken> {
    let other = |(key, seen): &(TemplateKey, Position)| {
        // A record is never removed, so one that isn't there means that nobody has marked the template.
        let theirs = now.iter().find(|placed| placed.key == *key)?;
        let is_other = theirs.position != *seen;
        is_other.then(|| Overtaken { key: key.clone(), seen: *seen, theirs: theirs.clone() })
    };
    seen.iter().filter_map(other).collect()
}

fn external_id((name, language): &TemplateKey) -> String {
    [PREFIX, name.as_str(), ":", language.as_str()].concat()
}

fn write(placed: &Placed) -> Record {
    let body = json!({"position": placed.position.key(), "id": placed.id, "agent": placed.agent});
    Record::new(external_id(&placed.key)).text("body", &body.to_string()).number("schema_version", VERSION)
}

/// None if the record is about something else, or of a form that this version doesn't know.
fn read(record: &Record) -> Option<Placed> {
    let (name, language) = record.external_id.strip_prefix(PREFIX)?.rsplit_once(':')?;
    let body: Value = serde_json::from_str(record.get("body")?).ok()?;
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    Some(Placed {
        key: (TemplateName::parse(name).ok()?, LanguageCode::parse(language).ok()?),
        position: Position::by_key(&text("position"))?,
        id: text("id"),
        agent: text("agent"),
        updated_at: record.updated_at.clone(),
    })
}

impl<T: Transport> Ledger<T> {
    /// What admins have marked: one request, or one for each hundred templates that were ever marked.
    pub async fn placed(&self) -> Result<Vec<Placed>, LedgerError> {
        let mut placed = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..MOST_PAGES {
            let page = self.objects().list(CONFIG, Sort::Oldest, 100, after.as_deref()).await?;
            placed.extend(page.records.iter().filter_map(read));
            after = page.after;
            if after.is_none() {
                break;
            }
        }
        Ok(placed)
    }

    /// Where templates show. Where the objects aren't installed, nobody has marked any.
    pub async fn positions(&self) -> Result<Positions, LedgerError> {
        match self.placed().await {
            Ok(placed) => Ok(placed.into_iter().map(|it| (it.key, it.position)).collect()),
            Err(LedgerError::Missing(_)) => Ok(Positions::default()),
            Err(error) => Err(error),
        }
    }

    /// How these templates are marked at this very moment, at most [`ITEMS_PER_JOB`] of them.
    pub async fn placed_now(&self, keys: &[TemplateKey]) -> Result<Vec<Placed>, LedgerError> {
        let ids: Vec<String> = keys.iter().map(external_id).collect();
        let records = self.objects().get(CONFIG, &ids).await?;
        Ok(records.iter().filter_map(read).collect())
    }

    /// Marks a template.
    pub async fn place(&self, placed: &Placed) -> Result<(), LedgerError> {
        self.objects().upsert(CONFIG, &write(placed)).await.map(drop)
    }

    /// Marks several, at most [`ITEMS_PER_JOB`], some time after this returns.
    pub async fn place_all(&self, placed: &[Placed]) -> Result<JobId, LedgerError> {
        debug_assert!(placed.len() <= ITEMS_PER_JOB);
        let records: Vec<Record> = placed.iter().map(write).collect();
        self.objects().upsert_all(CONFIG, &records).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_back_as_it_was_written() {
        let placed = Placed {
            key: (TemplateName::parse("aviso_2").unwrap(), LanguageCode::parse("es_MX").unwrap()),
            position: Position::One,
            id: "7137952719659977".to_owned(),
            agent: "lucia@acme.mx".to_owned(),
            updated_at: None,
        };
        let record = write(&placed);
        assert_eq!(record.external_id, "tpl:aviso_2:es_MX");
        assert_eq!(read(&record), Some(placed));
    }

    #[test]
    fn what_another_has_marked_meanwhile_is_noticed() {
        let key = |name: &str| (TemplateName::parse(name).unwrap(), LanguageCode::parse("es").unwrap());
        let placed = |name: &str, position| Placed {
            key: key(name),
            position,
            id: String::new(),
            agent: "otra@acme.mx".to_owned(),
            updated_at: None,
        };
        let seen = [
            (key("untouched"), Position::Everywhere),
            (key("same"), Position::Many),
            (key("first_marked"), Position::Everywhere),
            (key("marked_again"), Position::Many),
        ];
        let now = [
            placed("same", Position::Many),
            placed("first_marked", Position::One),
            placed("marked_again", Position::Custom),
            placed("of_no_concern", Position::One),
        ];
        let overtaken = overtaken(&seen, &now);
        let names: Vec<_> =
            overtaken.iter().map(|it| (it.key.0.as_str(), it.seen, it.theirs.position)).collect();
        assert_eq!(
            names,
            [
                ("first_marked", Position::Everywhere, Position::One),
                ("marked_again", Position::Many, Position::Custom)
            ]
        );
    }

    #[test]
    fn what_is_no_position_is_left_alone() {
        let body = r#"{"position":"many"}"#;
        assert!(read(&Record::new("tpl:a:es".to_owned()).text("body", body)).is_some());
        assert_eq!(read(&Record::new("lease:b42".to_owned()).text("body", body)), None);
        assert_eq!(read(&Record::new("tpl:a:es".to_owned()).text("body", r#"{"position":"sms"}"#)), None);
        assert_eq!(read(&Record::new("tpl:a:es".to_owned()).text("body", "many")), None);
    }
}
