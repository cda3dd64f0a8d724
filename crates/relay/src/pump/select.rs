//! Which messages are next.

use cxconnect_core::phone::E164;

use super::journal::{self, Outcome};
use crate::{
    Ms,
    db::{Db, DbError},
    holds,
    message::{self, State, Waiting},
    settings::Settings,
    templates::Key,
};

/// Claims whose answer nobody waits for any more are in doubt: the process died between the claim and the answer.
pub fn doubt_interrupted<D: Db>(db: &D, now: Ms) -> Result<(), DbError> {
    let rows = db.query("SELECT id FROM message WHERE state = ?", &[State::Sending.code().into()])?;
    for row in rows {
        db.atomically(|| journal::end(db, row.text_or_empty(0), Outcome::Doubt("interrupted"), now))?;
    }
    Ok(())
}

/// Messages that have waited for too long are given up: nobody wants yesterday's notice.
pub fn give_up_old<D: Db>(db: &D, settings: &Settings, now: Ms) -> Result<(), DbError> {
    let wait = i64::from(settings.max_wait_hours).saturating_mul(60 * 60 * 1000);
    let rows = db.query(
        "SELECT id FROM message WHERE state = ? AND created_at < ? ORDER BY number LIMIT 500",
        &[State::Queued.code().into(), now.saturating_sub(wait).into()],
    )?;
    for row in rows {
        let outcome =
            Outcome::Failed { status: 0, code: Some("expired"), text: "The message could not leave in time" };
        db.atomically(|| journal::end(db, row.text_or_empty(0), outcome, now))?;
    }
    Ok(())
}

/// The template of the oldest message that nothing holds.
pub fn next_template<D: Db>(db: &D) -> Result<Option<Key>, DbError> {
    let row = db.first(
        "SELECT sender, template, language FROM message WHERE state = ?1 AND NOT EXISTS (SELECT 1 FROM hold \
         WHERE scope = ?2 OR scope = template || ' ' || language) ORDER BY number LIMIT 1",
        &[State::Queued.code().into(), holds::ACCOUNT.into()],
    )?;
    Ok(row
        .and_then(|row| Some(Key { sender: row.string(0)?, name: row.string(1)?, language: row.string(2)? })))
}

/// Its oldest messages, and, if none of them may be sent yet, when the first may. A message that was checked by another
/// definition, or can't be read, ends here: what would be sent isn't what was checked.
pub fn messages<D: Db>(
    db: &D,
    key: &Key,
    version: &str,
    most: usize,
    now: Ms,
    rests_until: impl Fn(E164) -> Option<Ms>,
) -> Result<(Vec<Waiting>, Option<Ms>), DbError> {
    let rows = db.query(
        "SELECT id, phone, params, version FROM message WHERE state = ? AND sender = ? AND template = ? AND language = ? \
         ORDER BY number LIMIT ?",
        &[
            State::Queued.code().into(),
            (&key.sender).into(),
            (&key.name).into(),
            (&key.language).into(),
            i64::try_from(most).unwrap_or(1).into(),
        ],
    )?;
    let (mut messages, mut first_rest) = (Vec::new(), None::<Ms>);
    for row in rows {
        let id = row.text_or_empty(0);
        let waiting = row.text(1).and_then(|phone| E164::parse_exact(phone).ok()).and_then(|to| {
            let values = row.text(2).and_then(message::read_values)?;
            Some(Waiting { id: id.to_owned(), to, values, version: row.string(3)? })
        });
        match waiting {
            Some(waiting) if waiting.version == version => {
                match rests_until(waiting.to).filter(|until| now < *until) {
                    Some(until) => first_rest = Some(first_rest.map_or(until, |first| first.min(until))),
                    None => messages.push(waiting),
                }
            }
            Some(_) => {
                let text = "The template changed after the message was checked";
                let outcome = Outcome::Failed { status: 0, code: Some("template_changed"), text };
                db.atomically(|| journal::end(db, id, outcome, now))?;
            }
            None => {
                let text = "The message that was kept can't be read";
                let outcome = Outcome::Failed { status: 0, code: Some("unreadable"), text };
                db.atomically(|| journal::end(db, id, outcome, now))?;
            }
        }
    }
    Ok((messages, first_rest))
}
