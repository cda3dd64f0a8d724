//! A Durable Object's SQLite and its alarm.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{
    Ms,
    db::{Arg, Db, DbError, Row, Value},
};

#[wasm_bindgen]
extern "C" {
    /// `ctx.storage`, with what the worker crate doesn't bind: its `transaction` takes an async closure only, and here
    /// nothing may come between a transaction's statements.
    #[derive(Clone)]
    type RawStorage;

    #[wasm_bindgen(method, getter)]
    fn sql(this: &RawStorage) -> RawSql;

    #[wasm_bindgen(method, catch, js_name = transactionSync)]
    fn transaction_sync(
        this: &RawStorage,
        work: &mut dyn FnMut() -> Result<JsValue, JsValue>,
    ) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch, js_name = setAlarm)]
    fn set_alarm(this: &RawStorage, at: f64) -> Result<Promise, JsValue>;

    #[derive(Clone)]
    type RawSql;

    #[wasm_bindgen(method, catch, variadic)]
    fn exec(this: &RawSql, sql: &str, args: Array) -> Result<RawCursor, JsValue>;

    type RawCursor;

    #[wasm_bindgen(method, catch)]
    fn raw(this: &RawCursor) -> Result<RawRows, JsValue>;

    type RawRows;

    #[wasm_bindgen(method, catch, js_name = toArray)]
    fn to_array(this: &RawRows) -> Result<Array, JsValue>;
}

/// An object's storage. Copies are handles to the same.
#[derive(Clone)]
pub struct Storage {
    raw: RawStorage,
    sql: RawSql,
}

impl Storage {
    /// Of this object.
    pub fn new(state: &::worker::State) -> Self {
        let raw: JsValue = js_sys::Reflect::get(state.as_raw(), &"storage".into()).unwrap_or_default();
        let raw: RawStorage = raw.unchecked_into();
        Self { sql: raw.sql(), raw }
    }

    /// Sets the alarm; it takes the place of the one before.
    pub fn set_alarm(&self, at: Ms) {
        #[allow(clippy::cast_precision_loss)] // Milliseconds are far below 2^53.
        match self.raw.set_alarm(at as f64) {
            // Durable before any answer leaves (the platform's output gate), so nobody has to wait for it here.
            Ok(promise) => spawn_local(async move {
                let _ = JsFuture::from(promise).await;
            }),
            Err(error) => ::worker::console_error!("alarm: {}", words(&error)),
        }
    }
}

impl Db for Storage {
    fn query(&self, sql: &str, args: &[Arg<'_>]) -> Result<Vec<Row>, DbError> {
        let values = Array::new();
        for arg in args {
            values.push(&match arg {
                Arg::Null => JsValue::NULL,
                #[allow(clippy::cast_precision_loss)] // Nothing here exceeds 2^53.
                Arg::Int(number) => JsValue::from_f64(*number as f64),
                Arg::Text(text) => JsValue::from_str(text),
            });
        }
        let failed = |error: JsValue| DbError(words(&error));
        let rows =
            self.sql.exec(sql, values).and_then(|cursor| cursor.raw()).and_then(|rows| rows.to_array());
        let rows = rows.map_err(failed)?;
        Ok(rows
            .iter()
            .map(|row| Row(row.unchecked_into::<Array>().iter().map(|it| value(&it)).collect()))
            .collect())
    }

    fn atomically<T, E: From<DbError>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let mut work = Some(work);
        let mut done = None;
        let kept = self.raw.transaction_sync(&mut || {
            let result = work.take().map(|work| work());
            let is_ok = matches!(result, Some(Ok(_)));
            done = result;
            // What is thrown rolls back.
            if is_ok { Ok(JsValue::UNDEFINED) } else { Err(JsValue::NULL) }
        });
        match (kept, done) {
            (Ok(_), Some(done)) => done,
            (Err(_), Some(Err(error))) => Err(error),
            (Err(error), _) => Err(DbError(words(&error)).into()),
            (Ok(_), None) => Err(DbError("the transaction was not run".to_owned()).into()),
        }
    }
}

fn value(value: &JsValue) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    match value.as_f64() {
        #[allow(clippy::cast_possible_truncation)] // All numbers that are kept are whole.
        Some(number) => Value::Int(number as i64),
        None => Value::Null,
    }
}

/// An error's words.
fn words(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| "unknown error".to_owned())
}
