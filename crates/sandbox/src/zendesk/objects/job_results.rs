//! What a job says of its items, in each of the shapes that documents and code show.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::Refusal;
use super::settings::ResultShape;

/// What became of an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Done {
    action: String,
    id: Option<String>,
    record: Option<Value>,
    /// Code and text, if it failed.
    failure: Option<(String, String)>,
}

impl Done {
    pub(crate) fn well(action: &str, id: String, record: Option<Value>) -> Self {
        Self { action: action.to_owned(), id: Some(id), record, failure: None }
    }

    pub(crate) fn failed(action: &str, id: Option<&str>, refusal: &Refusal) -> Self {
        let failure = Some((refusal.code().to_owned(), refusal.details()));
        Self { action: action.to_owned(), id: id.map(str::to_owned), record: None, failure }
    }

    fn shown(&self, shape: ResultShape, index: usize) -> Value {
        let shape = match (shape, index % 4) {
            (ResultShape::Mixed, 0) => ResultShape::Indexed,
            (ResultShape::Mixed, 1) => ResultShape::Verbose,
            (ResultShape::Mixed, 2) => ResultShape::Errors,
            (ResultShape::Mixed, _) => ResultShape::Records,
            (shape, _) => shape,
        };
        match (&self.failure, shape) {
            (Some((error, details)), ResultShape::Verbose) => {
                json!({"id": self.id, "index": index, "error": error, "details": details, "success": false})
            }
            (Some((error, details)), ResultShape::Errors) => {
                json!({"status": "failed", "errors": [{"code": error, "message": details}]})
            }
            (Some((error, details)), _) => json!({"index": index, "error": error, "details": details}),
            (None, ResultShape::Verbose) => {
                // This shape has no index: items are told by their place.
                let status = match self.action.as_str() {
                    "create" => "Created",
                    "delete" => "Deleted",
                    _ => "Updated",
                };
                json!({"id": self.id, "action": self.action, "status": status, "success": true})
            }
            (None, ResultShape::Records) => match &self.record {
                Some(record) => record.clone(),
                None => json!({"id": self.id, "index": index}),
            },
            (None, _) => json!({"id": self.id, "index": index}),
        }
    }
}

/// The results; `None` if there are to be none.
pub(crate) fn shown(shape: ResultShape, done: &[Done]) -> Option<Vec<Value>> {
    (shape != ResultShape::Null)
        .then(|| done.iter().zip(0..).map(|(it, index)| it.shown(shape, index)).collect())
}
