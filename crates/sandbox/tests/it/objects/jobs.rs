//! Bulk jobs: later, item by item, in every shape, and never quite what `completed` seems to say.

use cxconnect_sandbox::Sandbox;
use cxconnect_sandbox::objects::{JobOutcome, ResultShape};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::{Agent, items};
use crate::common::started;

const UPSERT: &str = "create_or_update_by_external_id";

async fn quick() -> Sandbox {
    let sandbox = started().await;
    sandbox.objects().set(|it| (it.jobs.queued_ms, it.jobs.working_ms) = (0, 0));
    sandbox
}

#[tokio::test]
async fn a_job_is_queued_then_working_then_completed() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    // Long enough to be seen at each stage.
    sandbox.objects().set(|it| (it.jobs.queued_ms, it.jobs.working_ms) = (60_000, 0));
    let (status, posted) = agent.post_job(UPSERT, &items("b1", 10)).await;
    let job = &posted["job_status"];
    assert_eq!((status, &job["status"], &job["total"]), (StatusCode::CREATED, &json!("queued"), &json!(10)));
    assert_eq!((&job["progress"], &job["results"]), (&Value::Null, &Value::Null));
    assert_eq!(agent.job(&job["id"]).await.1["job_status"]["status"], "queued");
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 0);

    sandbox.objects().settle().unwrap();
    let (_, ended) = agent.job(&job["id"]).await;
    assert_eq!(
        (&ended["job_status"]["status"], &ended["job_status"]["progress"]),
        (&json!("completed"), &json!(10))
    );
    assert_eq!(ended["job_status"]["results"].as_array().unwrap().len(), 10);
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 10);
}

#[tokio::test]
async fn items_are_applied_one_after_the_other() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    sandbox.objects().set(|it| (it.jobs.queued_ms, it.jobs.working_ms) = (0, 400));
    let (_, posted) = agent.post_job(UPSERT, &items("b1", 100)).await;
    let id = &posted["job_status"]["id"];
    let mut progress = Vec::new();
    loop {
        let (_, seen) = agent.job(id).await;
        let job = &seen["job_status"];
        progress.push(job["progress"].as_u64().unwrap_or_default());
        if job["status"] == "completed" {
            break;
        }
        assert_eq!((&job["status"], &job["results"]), (&json!("working"), &Value::Null));
    }
    assert!(progress.iter().any(|it| (1..100).contains(it)), "{progress:?}");
    assert!(progress.is_sorted());
}

#[tokio::test]
async fn completed_jobs_tell_of_their_failures_item_by_item_in_every_shape() {
    let sandbox = quick().await;
    let agent = Agent::new(&sandbox);
    let mut all = items("b1", 8);
    for n in 0..4 {
        all[n]["custom_object_fields"]["status"] = json!("cxc_nope");
    }
    let results = async |shape| {
        sandbox.objects().set(|it| it.jobs.results = shape);
        let (_, posted) = agent.post_job(UPSERT, &all).await;
        let (_, ended) = agent.job(&posted["job_status"]["id"]).await;
        assert_eq!(ended["job_status"]["status"], "completed");
        ended["job_status"]["results"].clone()
    };
    assert_eq!(results(ResultShape::Null).await, Value::Null);
    let mixed = results(ResultShape::Mixed).await;
    assert_eq!((&mixed[0]["index"], &mixed[0]["error"]), (&json!(0), &json!("RecordInvalid")));
    assert_eq!((&mixed[1]["success"], &mixed[1]["id"]), (&json!(false), &Value::Null));
    assert_eq!((&mixed[2]["status"], &mixed[2].get("index")), (&json!("failed"), &None));
    assert_eq!(mixed[3]["details"], "Status: is invalid");
    assert_eq!(mixed[4]["index"], 4);
    assert_eq!((&mixed[5]["success"], &mixed[5].get("index")), (&json!(true), &None));
    assert_eq!(mixed[7]["external_id"], "b1-7");
    for (shape, key) in [
        (ResultShape::Indexed, "index"),
        (ResultShape::Verbose, "success"),
        (ResultShape::Records, "external_id"),
    ] {
        assert!(results(shape).await[6].get(key).is_some(), "{shape:?}");
    }
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 4);
}

#[tokio::test]
async fn a_repeated_upsert_changes_nothing_and_an_unnamed_field_may_be_lost() {
    let sandbox = quick().await;
    let agent = Agent::new(&sandbox);
    for _ in 0..2 {
        agent.post_job(UPSERT, &items("b1", 3)).await;
    }
    let records = sandbox.objects().records("cxc_message").unwrap();
    assert_eq!(records.len(), 3);
    assert_eq!(records[2]["custom_object_fields"]["row_no"], 2);
    let bare = json!([{"external_id": "b1-2", "custom_object_fields": {"batch_id": "b2"}}]);
    let row_no = async |keeps| {
        sandbox.objects().set(|it| it.jobs.keeps_fields = keeps);
        agent.post_job(UPSERT, &bare).await;
        sandbox.objects().record("cxc_message", "b1-2").unwrap().unwrap()["custom_object_fields"]["row_no"]
            .clone()
    };
    assert_eq!([row_no(true).await, row_no(false).await], [json!(2), Value::Null]);
}

#[tokio::test]
async fn the_other_actions_create_update_and_delete() {
    let sandbox = quick().await;
    let agent = Agent::new(&sandbox);
    agent.post_job("create", &items("b1", 3)).await;
    let records = sandbox.objects().records("cxc_message").unwrap();
    let id = &records[0]["id"];
    agent.post_job("update", &json!([{"id": id, "custom_object_fields": {"row_no": 9}}])).await;
    let changed = sandbox.objects().record("cxc_message", "b1-0").unwrap().unwrap();
    let fields = &changed["custom_object_fields"];
    assert_eq!((&fields["row_no"], &fields["batch_id"]), (&json!(9), &json!("b1")));
    agent.post_job("delete", &json!([id])).await;
    let (_, posted) = agent.post_job("delete_by_external_id", &json!(["b1-1", "b1-0"])).await;
    let (_, ended) = agent.job(&posted["job_status"]["id"]).await;
    assert_eq!(ended["job_status"]["results"][1]["error"], "RecordNotFound");
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 1);
    for action in ["destroy", "create_or_update"] {
        assert_eq!(
            agent.post_job(action, &items("b1", 1)).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{action}"
        );
    }
}

#[tokio::test]
async fn jobs_end_badly_never_or_are_forgotten() {
    let sandbox = quick().await;
    let agent = Agent::new(&sandbox);
    let outcomes = [
        (JobOutcome::Failed, "failed", 5),
        (JobOutcome::Killed, "killed", 5),
        (JobOutcome::Never, "working", 5),
        (JobOutcome::Completed, "completed", 10),
    ];
    for (outcome, status, n_applied) in outcomes {
        sandbox.objects().set(|it| it.jobs.outcome = outcome);
        let (_, posted) = agent.post_job(UPSERT, &items(status, 10)).await;
        let (_, seen) = agent.job(&posted["job_status"]["id"]).await;
        assert_eq!(seen["job_status"]["status"], status);
        let records = sandbox.objects().records("cxc_message").unwrap();
        let n_found = records.iter().filter(|it| it["custom_object_fields"]["batch_id"] == status).count();
        assert_eq!(n_found, n_applied, "{status}");
    }
    sandbox.objects().set(|it| it.jobs.outcome = JobOutcome::Forgotten);
    let (_, posted) = agent.post_job(UPSERT, &items("gone", 2)).await;
    assert_eq!(agent.job(&posted["job_status"]["id"]).await.0, StatusCode::NOT_FOUND);
    assert!(sandbox.objects().record("cxc_message", "gone-1").unwrap().is_some());
}

#[tokio::test]
async fn jobs_have_limits() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    assert_eq!(agent.post_job(UPSERT, &items("b1", 101)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(agent.post_job(UPSERT, &json!([])).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    sandbox.objects().set(|it| it.jobs.queued_ms = 60_000);
    let mut last = Value::Null;
    for n in 0..30 {
        let (status, posted) = agent.post_job(UPSERT, &items(&format!("b{n}"), 1)).await;
        assert_eq!(status, StatusCode::CREATED);
        last = posted["job_status"]["id"].clone();
    }
    assert_eq!(agent.post_job(UPSERT, &items("x", 1)).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sandbox.objects().n_open_jobs(), 30);
    let ids = format!("api/v2/job_statuses/show_many.json?ids={},nope", last.as_str().unwrap());
    let (_, many) = agent.get(&ids).await;
    assert_eq!((many["job_statuses"].as_array().unwrap().len(), &many["job_statuses"][0]["id"]), (1, &last));
    assert_eq!(agent.get("api/v2/job_statuses").await.1["count"], 30);
}
