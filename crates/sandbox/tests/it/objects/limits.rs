//! What the account allows: requests per minute, exports; and faults that are set.

use std::time::{Duration, Instant};

use cxconnect_sandbox::objects::{FaultRule, Operation, Plan, Reset, RetryAfter, SeedRecord};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

use super::client::{Agent, ids};
use crate::common::started;

const RECORDS: &str = "api/v2/custom_objects/cxc_message/records";

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response.headers().get(name).map(|it| it.to_str().unwrap())
}

#[tokio::test]
async fn the_accounts_budget_is_shared_and_a_429_says_when_to_come_back() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let other = Agent::signed_in(&sandbox, "agent").await;
    let first = agent.respond("GET", RECORDS).await;
    assert_eq!(
        [header(&first, "x-rate-limit"), header(&first, "x-rate-limit-remaining")],
        [Some("700"), Some("699")]
    );
    assert_eq!(other.respond("GET", "api/v2/users/me.json").await.headers()["x-rate-limit-remaining"], "698");

    let objects = sandbox.objects();
    objects.set(|it| (it.plan, it.foreign_load) = (Plan::Professional, 1_000_000));
    let refused = other.respond("GET", "api/v2/users/me.json").await;
    assert_eq!(
        (refused.status(), header(&refused, "x-rate-limit")),
        (StatusCode::TOO_MANY_REQUESTS, Some("400"))
    );
    let seconds: u32 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    for (retry_after, expected) in [
        (RetryAfter::Seconds(0), Some("0")),
        (RetryAfter::Seconds(90), Some("90")),
        (RetryAfter::Missing, None),
    ] {
        objects.set(|it| it.retry_after = retry_after);
        let refused = agent.respond("GET", RECORDS).await;
        assert_eq!(header(&refused, "retry-after"), expected);
    }
    assert_eq!(agent.get(RECORDS).await.1["error"], "APIRateLimitExceeded");
    objects.set(|it| it.foreign_load = 0);
    assert_eq!(agent.get(RECORDS).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_user_may_have_a_limit_too() {
    let sandbox = started().await;
    let lucia = Agent::new(&sandbox);
    let diego = Agent::signed_in(&sandbox, "agent").await;
    sandbox.objects().set(|it| it.per_user = Some(2));
    // The minute may end in between, hence more requests than two.
    let mut statuses = Vec::new();
    for _ in 0..6 {
        statuses.push(lucia.get(RECORDS).await.0);
    }
    assert!(statuses.contains(&StatusCode::TOO_MANY_REQUESTS), "{statuses:?}");
    assert_eq!(diego.get(RECORDS).await.0, StatusCode::OK);
}

#[tokio::test]
async fn requests_are_counted_by_kind() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    agent.get(RECORDS).await;
    agent.upsert("a", &json!({})).await;
    agent.post_job("create", &json!([{"name": "x"}])).await;
    agent.get("api/v2/job_statuses").await;
    agent.get(&format!("{RECORDS}/count")).await;
    agent.get("api/v2/users/me.json").await;
    let objects = sandbox.objects();
    assert_eq!((objects.n_requests(), objects.n_requests_of(Operation::Write)), (5, 1));
    let last = objects.requests().pop().unwrap();
    assert_eq!((last.operation, last.status, last.number), (Operation::Count, 200, 5));
    objects.forget_requests();
    assert_eq!(objects.n_requests(), 0);
}

#[tokio::test]
async fn faults_answer_with_statuses_and_bodies_of_all_kinds() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let objects = sandbox.objects();
    let status = |status| FaultRule { status: Some(status), times: Some(1), ..FaultRule::default() };
    objects.add_fault(status(500));
    let response = agent.respond("GET", RECORDS).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(response.text().await.unwrap().starts_with("<html>"));
    objects.add_fault(FaultRule { retry_after: Some(7), body: Some(json!("busy")), ..status(503) });
    let response = agent.respond("GET", RECORDS).await;
    assert_eq!(
        (response.status(), header(&response, "retry-after")),
        (StatusCode::SERVICE_UNAVAILABLE, Some("7"))
    );
    assert_eq!(response.text().await.unwrap(), "busy");
    objects.add_fault(status(401));
    let expired = (StatusCode::UNAUTHORIZED, json!({"error": "Couldn't authenticate you"}));
    assert_eq!(agent.get("api/v2/job_statuses").await, expired);
    objects.add_fault(FaultRule { body: Some(json!("<html>")), ..status(200) });
    assert_eq!(agent.get(RECORDS).await, (StatusCode::OK, json!("<html>")));
    assert_eq!(agent.get(RECORDS).await.0, StatusCode::OK);

    objects.add_fault(FaultRule {
        object: Some("cxc_batch".into()),
        status: Some(500),
        ..FaultRule::default()
    });
    assert_eq!(agent.get(RECORDS).await.0, StatusCode::OK);
    assert_eq!(agent.get("api/v2/custom_objects/cxc_batch").await.0, StatusCode::INTERNAL_SERVER_ERROR);
    objects.clear_faults();
    objects.add_fault(FaultRule {
        operation: Operation::Search,
        user_id: Some(900_000_002),
        status: Some(500),
        ..FaultRule::default()
    });
    assert_eq!(agent.get(&format!("{RECORDS}/search?query=a")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_write_may_be_applied_though_nobody_hears_of_it() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let objects = sandbox.objects();
    let path = |id: &str| format!("{RECORDS}?external_id={id}");
    let cut = async |id: &str, reset| {
        objects.clear_faults();
        objects.add_fault(FaultRule {
            operation: Operation::Write,
            reset: Some(reset),
            ..FaultRule::default()
        });
        let body = json!({"custom_object_record": {"name": id}});
        let sent = agent.request("PATCH", &path(id)).json(&body).send().await;
        assert!(sent.is_err());
        objects.record("cxc_message", id).unwrap().is_some()
    };
    assert!(!cut("before", Reset::Before).await);
    assert!(cut("after", Reset::After).await);
    objects.clear_faults();
    objects.add_fault(FaultRule { status: Some(504), is_applied: true, ..FaultRule::default() });
    assert_eq!(agent.upsert("lost", &json!({})).await.0, StatusCode::GATEWAY_TIMEOUT);
    assert!(objects.record("cxc_message", "lost").unwrap().is_some());
}

#[tokio::test]
async fn every_request_can_be_slow() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    sandbox.objects().set(|it| it.delay_ms = 60);
    sandbox.objects().add_fault(FaultRule {
        operation: Operation::Read,
        delay_ms: 60,
        ..FaultRule::default()
    });
    let taken = async |path: &str| {
        let begin = Instant::now();
        agent.get(path).await;
        begin.elapsed()
    };
    assert!(Duration::from_millis(120) <= taken(RECORDS).await);
    assert!(Duration::from_millis(60) <= taken("api/v2/job_statuses").await);
    assert!(taken("api/v2/users/me.json").await < Duration::from_millis(60));
}

#[tokio::test]
async fn the_export_shows_everything_but_the_latest_minute_and_deletions() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let objects = sandbox.objects();
    objects.set(|it| it.exports_per_minute = 100);
    let seed = |n: i64| SeedRecord {
        external_id: Some(format!("m-{n}")),
        updated_at: Some(1000 + n),
        ..SeedRecord::default()
    };
    objects.seed("cxc_message", (0..5).map(seed)).unwrap();
    agent.upsert("new", &json!({"batch_id": "b1"})).await;
    let path = "api/v2/incremental/custom_objects/cxc_message/cursor";
    let (_, first) = agent.get(&format!("{path}.json?start_time=1001&per_page=3")).await;
    assert_eq!((ids(&first), &first["meta"]["has_more"]), (vec!["m-1", "m-2", "m-3"], &json!(true)));
    let (_, rest) = agent.get(first["after_url"].as_str().unwrap()).await;
    assert_eq!((ids(&rest), &rest["meta"]["has_more"]), (vec!["m-4"], &json!(false)));
    let (_, end) = agent.get(rest["after_url"].as_str().unwrap()).await;
    assert_eq!((ids(&end).len(), &end["after_cursor"]), (0, &rest["after_cursor"]));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let young = agent.get(&format!("{path}?start_time={}", now - 30)).await;
    assert_eq!(
        (young.0, &young.1["details"]["start_time"][0]["error"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("StartTimeTooRecent"))
    );
    for query in ["", "?start_time=x", "?cursor=x", "?start_time=1&per_page=1001"] {
        assert_eq!(agent.get(&format!("{path}{query}")).await.0, StatusCode::BAD_REQUEST, "{query}");
    }

    objects.set(|it| it.export_hold_back_s = 0);
    agent.respond("DELETE", &format!("{RECORDS}?external_id=new")).await;
    let (_, all) = agent.get(&format!("{path}?start_time=1003")).await;
    assert_eq!(ids(&all), ["m-3", "m-4", "new"]);
    let gone = &all["custom_object_records"][2];
    let fields = &gone["custom_object_fields"];
    assert_eq!(
        (&gone["name"], &fields["batch_id"], &fields["row_no"]),
        (&json!("[DELETED]"), &json!("[DELETED]"), &Value::Null)
    );
    let (_, kept) = agent.get(&format!("{path}?start_time=1003&filter[exclude_deleted]=true")).await;
    assert_eq!(ids(&kept), ["m-3", "m-4"]);
    objects.set(|it| it.exports_per_minute = 0);
    assert_eq!(agent.get(&format!("{path}?start_time=1003")).await.0, StatusCode::TOO_MANY_REQUESTS);
}
