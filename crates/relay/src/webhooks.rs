//! Integration webhooks: each sends one template, with a secret of its own.

use crate::{
    Ms,
    db::{Db, DbError, Row},
    secret,
    templates::Key,
};

/// So many may exist, active or not.
pub const MOST: usize = 200;

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Its id: `w_` and 16 hexadecimal digits.
    pub id: String,
    /// What it sends, and from which number.
    pub template: Key,
    /// SHA-256 of its secret.
    pub secret_hash: String,
    /// The secret's last four characters, by which people tell one from another.
    pub secret_hint: String,
    /// Whether it can be called.
    pub is_active: bool,
    /// When it was made.
    pub created_at: Ms,
    /// When its secret was made anew.
    pub rotated_at: Option<Ms>,
}

const COLUMNS: &str = "SELECT id, sender, template, language, secret_hash, secret_hint, active, created_at, rotated_at FROM webhook";

/// All of them, the oldest first.
pub fn load<D: Db>(db: &D) -> Result<Vec<Webhook>, DbError> {
    let rows = db.query(&[COLUMNS, " ORDER BY created_at, id"].concat(), &[])?;
    Ok(rows.iter().filter_map(read).collect())
}

fn read(row: &Row) -> Option<Webhook> {
    Some(Webhook {
        id: row.string(0)?,
        template: Key { sender: row.string(1)?, name: row.string(2)?, language: row.string(3)? },
        secret_hash: row.string(4)?,
        secret_hint: row.string(5)?,
        is_active: row.int(6)? != 0,
        created_at: row.int(7)?,
        rotated_at: row.int(8),
    })
}

/// The webhook of this secret. All are compared, each in constant time.
pub fn find<'w>(webhooks: &'w [Webhook], token: &str) -> Option<&'w Webhook> {
    let hash = secret::digest(token);
    webhooks.iter().fold(None, |found, webhook| {
        if secret::is_same(&webhook.secret_hash, &hash) { Some(webhook) } else { found }
    })
}

/// The last four characters of a secret.
pub fn hint(token: &str) -> &str {
    token.len().checked_sub(4).and_then(|start| token.get(start..)).unwrap_or_default()
}
