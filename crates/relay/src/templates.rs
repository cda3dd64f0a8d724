//! The definitions of the webhooks' templates: fetched from SunCo with the account's own key, kept, and fetched again by the
//! pump when they are old. A trigger is checked by what is kept, so it waits for nobody; a message whose template changed
//! after its check is not sent.

use cxconnect_core::{
    frozen::{template_from_json, template_to_json},
    position::{Place, Position, Positions},
    template::{LanguageCode, Template, TemplateName},
};
use serde_json::Value;

use crate::{
    Ms,
    db::{Db, DbError},
    secret,
};

/// After this a definition is fetched again before anything is sent by it. SunCo's own list may be two hours old
/// (sunco.md §9), so looking more often would show nothing new.
pub const FRESH_FOR: Ms = 30 * 60 * 1000;

/// A definition as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The template.
    pub template: Template,
    /// Names exactly this definition.
    pub version: String,
    /// When it was fetched.
    pub fetched_at: Ms,
}

/// A definition, and whether webhooks may send it.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The definition; `None` if none is kept.
    pub kept: Option<Kept>,
    /// Whether its position lets webhooks send it.
    pub is_offered: bool,
}

/// What a trigger has to know of its template.
pub fn prepare<D: Db>(db: &D, key: &Key) -> Result<Prepared, DbError> {
    let kept = load(db, key)?;
    let is_offered = match &kept {
        Some(kept) => is_offered(db, &kept.template)?,
        None => false,
    };
    Ok(Prepared { kept, is_offered })
}

/// Which definition: the number that it belongs to, its name and language.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The integration's id.
    pub sender: String,
    /// The template's name.
    pub name: String,
    /// Its language.
    pub language: String,
}

/// The kept definition.
pub fn load<D: Db>(db: &D, key: &Key) -> Result<Option<Kept>, DbError> {
    let row = db.first(
        "SELECT json, version, fetched_at FROM template WHERE sender = ? AND name = ? AND language = ?",
        &[(&key.sender).into(), (&key.name).into(), (&key.language).into()],
    )?;
    Ok(row.and_then(|row| {
        let json: Value = serde_json::from_str(row.text(0)?).ok()?;
        let template = template_from_json(&json)?;
        Some(Kept { template, version: row.string(1)?, fetched_at: row.int(2)? })
    }))
}

/// Keeps a definition.
pub fn save<D: Db>(db: &D, sender: &str, template: &Template, now: Ms) -> Result<(), DbError> {
    let json = template_to_json(template).to_string();
    db.query(
        "INSERT INTO template VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (sender, name, language) DO UPDATE SET \
         json = excluded.json, version = excluded.version, fetched_at = excluded.fetched_at",
        &[
            sender.into(),
            template.name.as_str().into(),
            template.language.as_str().into(),
            (&json).into(),
            (&version(template)).into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// SunCo has it no longer: it stays as it was, and can't be sent.
pub fn forget<D: Db>(db: &D, key: &Key, now: Ms) -> Result<(), DbError> {
    let Some(Kept { template, .. }) = load(db, key)? else { return Ok(()) };
    let status = cxconnect_core::template::TemplateStatus::Other("DELETED".to_owned());
    save(db, &key.sender, &Template { status, ..template }, now)
}

/// Names what a message is made of: a definition that only got another status, category or id is the same.
pub fn version(template: &Template) -> String {
    let mut json = template_to_json(template);
    if let Value::Object(members) = &mut json {
        for ours_not in ["id", "status", "category"] {
            members.remove(ours_not);
        }
    }
    let mut digest = secret::digest(&json.to_string());
    digest.truncate(16);
    digest
}

/// Whether webhooks may send it, as an admin has placed it.
pub fn is_offered<D: Db>(db: &D, template: &Template) -> Result<bool, DbError> {
    let row = db.first(
        "SELECT position FROM position WHERE name = ? AND language = ?",
        &[template.name.as_str().into(), template.language.as_str().into()],
    )?;
    let position = row.and_then(|row| row.text(0).and_then(Position::by_key)).unwrap_or_default();
    let positions: Positions = [(template.key(), position)].into_iter().collect();
    Ok(!positions.offered(Place::Webhook, std::slice::from_ref(template)).is_empty())
}

/// A position, read.
pub fn position(
    name: &str,
    language: &str,
    position: &str,
) -> Option<(TemplateName, LanguageCode, Position)> {
    Some((TemplateName::parse(name).ok()?, LanguageCode::parse(language).ok()?, Position::by_key(position)?))
}
