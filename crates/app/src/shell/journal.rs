//! What the browser keeps of this agent's batches (`journal.js`): durably, in `IndexedDB`, by account and agent.
//!
//! Texts in, texts out: what they mean is core's business.

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast as _, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["cxconnect", "journal"], js_name = open, catch)]
    async fn js_open(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["cxconnect", "journal"], js_name = digest, catch)]
    async fn js_digest(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["cxconnect", "journal"], js_name = pack, catch)]
    async fn js_pack(text: &str) -> Result<JsValue, JsValue>;

    #[derive(Clone)]
    type JsJournal;
    #[wasm_bindgen(method, catch)]
    async fn begin(this: &JsJournal, id: &str, created: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn chunks(this: &JsJournal, id: &str, from: u32, texts: Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn commit(this: &JsJournal, id: &str, created: f64, head: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn append(this: &JsJournal, id: &str, write: f64, text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn summarize(this: &JsJournal, id: &str, summary: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn browser(this: &JsJournal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn list(this: &JsJournal) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn load(this: &JsJournal, id: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn writes(this: &JsJournal, id: &str, from: f64) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn remove(this: &JsJournal, ids: Array) -> Result<JsValue, JsValue>;

    type JsKept;
    #[wasm_bindgen(method, getter)]
    fn id(this: &JsKept) -> String;
    #[wasm_bindgen(method, getter)]
    fn head(this: &JsKept) -> String;
    #[wasm_bindgen(method, getter)]
    fn summary(this: &JsKept) -> Option<String>;
    #[wasm_bindgen(method, getter, js_name = nWrites)]
    fn n_writes(this: &JsKept) -> f64;
}

/// Why something was not kept, or can't be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeepError {
    /// The browser keeps nothing at all.
    #[error("the browser keeps nothing")]
    Denied,
    /// It takes too long to open it; it may be there later.
    #[error("the database doesn't open in time")]
    Slow,
    /// Zendesk doesn't say who the agent is, so that it isn't known which database is theirs.
    #[error("it isn't known who the agent is")]
    Nobody,
    /// Another owner has written there.
    #[error("another owner has written there")]
    Taken,
    /// It did not work this time.
    #[error("not kept")]
    Failed,
}

impl KeepError {
    fn of(thrown: JsValue) -> Self {
        match thrown.as_string().as_deref() {
            Some("denied") => Self::Denied,
            Some("slow") => Self::Slow,
            Some("taken") => Self::Taken,
            _ => Self::Failed,
        }
    }
}

/// A batch in the list of those that are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// What it is.
    pub head: String,
    /// How it stood when that was last noted.
    pub summary: Option<String>,
    /// How many writes its journal has.
    pub n_writes: u64,
}

/// The browser's database of one account and agent.
#[derive(Clone)]
pub struct Journal(JsJournal);

impl Journal {
    /// Opens it.
    pub async fn open(name: &str) -> Result<Self, KeepError> {
        js_open(name).await.map(|it| Self(it.unchecked_into())).map_err(KeepError::of)
    }

    /// Begins to keep a batch.
    pub async fn begin(&self, id: &str, created: u64) -> Result<(), KeepError> {
        done(self.0.begin(id, number(created)).await)
    }

    /// Keeps some of its chunks, the first of which has the number `from`.
    pub async fn chunks<'t>(
        &self,
        id: &str,
        from: usize,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<(), KeepError> {
        let from = u32::try_from(from).map_err(|_| KeepError::Failed)?;
        done(self.0.chunks(id, from, texts.map(JsValue::from).collect()).await)
    }

    /// Its head: from now on the batch exists.
    pub async fn commit(&self, id: &str, created: u64, head: &str) -> Result<(), KeepError> {
        done(self.0.commit(id, number(created), head).await)
    }

    /// Adds a write to its journal; it is durable when this returns.
    pub async fn append(&self, id: &str, write: u64, text: &str) -> Result<(), KeepError> {
        done(self.0.append(id, number(write), text).await)
    }

    /// Notes how a batch stands.
    pub async fn summarize(&self, id: &str, summary: &str) -> Result<(), KeepError> {
        done(self.0.summarize(id, summary).await)
    }

    /// This browser's name in the ledger: no other has it, and a kill doesn't change it.
    pub async fn browser(&self) -> Result<String, KeepError> {
        let name = self.0.browser().await.map_err(KeepError::of)?;
        name.as_string().ok_or(KeepError::Failed)
    }

    /// The batches, the newest first.
    pub async fn list(&self) -> Result<Vec<Kept>, KeepError> {
        let kept = self.0.list().await.map_err(KeepError::of)?;
        let kept = kept.unchecked_into::<Array>();
        let kept = kept.iter().map(JsValue::unchecked_into);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let kept = kept.map(|it: JsKept| Kept {
            id: it.id(),
            head: it.head(),
            summary: it.summary(),
            n_writes: it.n_writes() as u64,
        });
        Ok(kept.collect())
    }

    /// A batch's chunks.
    pub async fn load(&self, id: &str) -> Result<Vec<String>, KeepError> {
        texts(self.0.load(id).await)
    }

    /// The writes of a batch's journal from a number on.
    pub async fn writes(&self, id: &str, from: u64) -> Result<Vec<String>, KeepError> {
        texts(self.0.writes(id, number(from)).await)
    }

    /// Forgets batches.
    pub async fn remove(&self, ids: &[String]) -> Result<(), KeepError> {
        done(self.0.remove(ids.iter().map(JsValue::from).collect()).await)
    }
}

/// SHA-256 of a text, in hexadecimal digits; none where the browser makes none.
pub async fn digest(text: &str) -> Option<String> {
    js_digest(text).await.ok()?.as_string()
}

fn done(answer: Result<JsValue, JsValue>) -> Result<(), KeepError> {
    answer.map(drop).map_err(KeepError::of)
}

fn texts(answer: Result<JsValue, JsValue>) -> Result<Vec<String>, KeepError> {
    let texts = answer.map_err(KeepError::of)?.unchecked_into::<Array>();
    Ok(texts.iter().map(|text| String::from(text.unchecked_into::<JsString>())).collect())
}

#[expect(clippy::cast_precision_loss, reason = "neither writes nor milliseconds reach 2^53")]
fn number(n: u64) -> f64 {
    n as f64
}

/// A text's gzip, as base64; none if the browser can't.
pub async fn pack(text: &str) -> Option<String> {
    js_pack(text).await.ok()?.as_string()
}
