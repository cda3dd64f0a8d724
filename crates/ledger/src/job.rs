//! What Zendesk says of a bulk job. Shapes of results differ between its documentation and its code, so they are read
//! leniently; what stays in doubt counts as written, since whoever reads the record sees what is there.

use cxconnect_core::ledger::{JobId, JobState};
use serde_json::Value;

/// `{"job_status": {…}}` → the job's id.
pub(crate) fn id(json: &Value) -> Option<JobId> {
    let id = &json["job_status"]["id"];
    JobId::parse(id.as_str()?)
}

/// One of `job_statuses`.
pub(crate) fn state(json: &Value) -> Option<(JobId, JobState)> {
    let id = JobId::parse(json["id"].as_str()?)?;
    let state = match json["status"].as_str()? {
        "queued" | "working" => JobState::Open,
        "completed" => JobState::Done { failed: failed(&json["results"]) },
        _ => JobState::Gone,
    };
    Some((id, state))
}

fn failed(results: &Value) -> Vec<usize> {
    let results = results.as_array().map(Vec::as_slice).unwrap_or_default();
    let place = |(position, result): (usize, &Value)| {
        let is_failed = result["success"] == false
            || result["status"].as_str().is_some_and(|status| status.eq_ignore_ascii_case("failed"))
            || is_there(&result["error"])
            || is_there(&result["errors"]);
        let index = result["index"].as_u64().and_then(|index| usize::try_from(index).ok());
        is_failed.then(|| index.unwrap_or(position))
    };
    results.iter().enumerate().filter_map(place).collect()
}

fn is_there(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(items) => !items.is_empty(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_shape_of_result_is_read() {
        let results = json!([
            {"id": "1", "index": 0},
            {"id": "2", "action": "update", "status": "Updated", "success": true},
            {"index": 5, "error": "RecordInvalid", "details": "x"},
            {"id": "3", "success": false},
            {"status": "failed", "errors": ["x"]},
            {"custom_object_fields": {}, "external_id": "b-1"},
            {"index": 6, "error": null, "errors": []},
        ]);
        let job = json!({"id": "j", "status": "completed", "results": results});
        let done = JobState::Done { failed: vec![5, 3, 4] };
        assert_eq!(state(&job), Some((JobId::parse("j").unwrap(), done)));
        let job = json!({"id": "j", "status": "completed", "results": null});
        assert_eq!(state(&job).unwrap().1, JobState::Done { failed: vec![] });
        assert_eq!(state(&json!({"id": "j", "status": "killed"})).unwrap().1, JobState::Gone);
        assert_eq!(state(&json!({"id": "j", "status": "working"})).unwrap().1, JobState::Open);
    }
}
