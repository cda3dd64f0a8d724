//! The app's calls that need nothing but the database. Those that ask SunCo something are in `account`.

mod status;
mod webhooks;

pub use status::{is_stuck, status};
pub use webhooks::{change, create, delete, list, rotate, view};

use serde_json::{Value, json};

use crate::{
    db::Db,
    failure::{self, Failure},
    http::Body,
    templates,
};

/// The most templates that have a position: Meta allows 6,000 in several languages each.
const MOST_POSITIONS: usize = 20_000;

/// The body as JSON.
pub fn json(body: &Body) -> Result<Value, Failure> {
    let bytes = match body {
        Body::Bytes(bytes) => bytes.as_slice(),
        Body::Empty | Body::TooLarge => b"",
    };
    serde_json::from_slice(bytes)
        .map_err(|error| failure::malformed(&format!("línea {}, columna {}", error.line(), error.column())))
}

/// A member that is a text.
pub fn text<'v>(json: &'v Value, name: &str) -> Result<&'v str, Failure> {
    let text = json.get(name).and_then(Value::as_str).map(str::trim);
    text.filter(|text| !text.is_empty()).ok_or_else(|| failure::invalid(name, "Falta, o no es un texto."))
}

/// `GET /v1/positions`
pub fn positions<D: Db>(db: &D) -> Result<Value, Failure> {
    let rows = db.query("SELECT name, language, position FROM position ORDER BY name, language", &[])?;
    let positions = rows
        .iter()
        .map(|row| json!({ "name": row.text(0), "language": row.text(1), "position": row.text(2) }));
    Ok(json!({ "positions": positions.collect::<Value>() }))
}

/// `PUT /v1/positions`: all of them. What isn't among them shows everywhere, as in the app.
pub fn replace_positions<D: Db>(db: &D, body: &Value) -> Result<Value, Failure> {
    let wrong = |message: &str| failure::invalid("positions", message);
    let list =
        body.get("positions").and_then(Value::as_array).ok_or_else(|| wrong("Falta, o no es una lista."))?;
    if MOST_POSITIONS < list.len() {
        return Err(wrong("Son demasiadas."));
    }
    let read = |item: &Value| {
        let member = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
        templates::position(member("name"), member("language"), member("position"))
    };
    let positions = list.iter().map(read).collect::<Option<Vec<_>>>();
    let positions = positions.ok_or_else(|| {
        wrong("Cada una tiene `name`, `language` y `position`, que es all, many, one o custom.")
    })?;
    db.atomically(|| -> Result<(), Failure> {
        db.query("DELETE FROM position", &[])?;
        for (name, language, position) in &positions {
            db.query(
                "INSERT INTO position VALUES (?, ?, ?) ON CONFLICT (name, language) DO UPDATE SET position = excluded.position",
                &[name.as_str().into(), language.as_str().into(), position.key().into()],
            )?;
        }
        Ok(())
    })?;
    Ok(json!({ "positions": positions.len() }))
}
