//! Many calls at once, and what goes wrong with them on demand.

use std::time::{Duration, Instant};

use crate::common::{envelope, notifications, proxied, reminder, send, started, sunco};
use cxconnect_sandbox::Sandbox;
use cxconnect_sandbox::sunco::faults::FaultRule;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Sets a fault as a test in another language, or a person, would.
async fn set(sandbox: &Sandbox, fault: Value) {
    let url = format!("{}sandbox/faults", sandbox.zendesk_url());
    let answer = Client::new().post(url).json(&fault).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 201, "{fault}");
}

fn phone(n: usize) -> String {
    format!("+{}", 525_512_000_000 + n)
}

/// The answers to so many sends at once, in no order.
async fn at_once(sandbox: &Sandbox, n_calls: usize) -> Vec<Response> {
    let mut calls = JoinSet::new();
    for n in 0..n_calls {
        let call = sunco(sandbox, "POST", "/v1.1/apps/{app}/notifications").json(&reminder(&phone(n)));
        calls.spawn(call.send());
    }
    calls.join_all().await.into_iter().map(Result::unwrap).collect()
}

fn n_with(answers: &[Response], status: u16) -> usize {
    answers.iter().filter(|it| it.status().as_u16() == status).count()
}

#[tokio::test]
async fn above_the_ceiling_calls_are_turned_away() {
    for (retry_after, header) in [(Value::Null, None), (json!(7), Some("7"))] {
        let sandbox = started().await;
        set(&sandbox, json!({"limit_per_second": 5, "status": 429, "retry_after": retry_after})).await;
        let answers = at_once(&sandbox, 8).await;
        assert_eq!((n_with(&answers, 201), n_with(&answers, 429)), (5, 3));
        let turned_away = answers.iter().find(|it| it.status().as_u16() == 429).unwrap();
        let told = turned_away.headers().get("retry-after").and_then(|it| it.to_str().ok());
        assert_eq!(told, header);
        assert_eq!(sandbox.sunco().summary().total, 5);
    }
}

#[tokio::test]
async fn slow_calls_wait_side_by_side() {
    let sandbox = started().await;
    set(&sandbox, json!({"delay_ms": 150, "answer_delay_ms": 50})).await;
    let began = Instant::now();
    let answers = at_once(&sandbox, 40).await;
    let took = began.elapsed();
    assert_eq!(n_with(&answers, 201), 40);
    assert_eq!(sandbox.sunco().summary().max_in_flight, 40);
    // One after the other they would take eight seconds.
    assert!(Duration::from_millis(200) <= took && took < Duration::from_secs(4), "{took:?}");
}

#[tokio::test]
async fn a_burst_of_errors_strikes_in_the_middle() {
    let sandbox = started().await;
    set(&sandbox, json!({"from": 3, "times": 2, "status": 503})).await;
    let mut statuses = Vec::new();
    for n in 0..6 {
        statuses.push(send(&sandbox, &reminder(&phone(n))).await.0.as_u16());
    }
    assert_eq!(statuses, [201, 201, 503, 503, 201, 201]);
    assert_eq!(sandbox.sunco().summary().total, 4);
}

#[tokio::test]
async fn an_error_may_be_told_of_a_message_that_was_accepted() {
    let sandbox = started().await;
    let html = "<html><body>Bad gateway</body></html>";
    set(&sandbox, json!({"times": 1, "status": 502, "body": html, "is_accepted": true})).await;
    let (status, body) = send(&sandbox, &reminder(&phone(1))).await;
    assert_eq!((status.as_u16(), body), (502, json!(html)));
    assert_eq!(sandbox.sunco().n_received_by("525512000001"), 1);
    assert!(sandbox.sunco().received()[0].is_answer_lost);
}

#[tokio::test]
async fn a_late_answer_tells_of_what_has_happened_already() {
    let sandbox = started().await;
    sandbox.sunco().add_fault(FaultRule { answer_delay_ms: 60_000, ..FaultRule::default() });
    let call = sunco(&sandbox, "POST", "/v1.1/apps/{app}/notifications").json(&reminder(&phone(1)));
    let call = tokio::spawn(call.send());
    until(|| sandbox.sunco().summary().total == 1).await;
    assert!(!call.is_finished());
    call.abort();
}

#[tokio::test]
async fn what_has_reached_the_proxy_arrives_without_its_browser() {
    let sandbox = started().await;
    set(&sandbox, json!({"delay_ms": 200})).await;
    let envelope = envelope(&sandbox, "Basic {{basic_auth.token}}");
    let call = proxied(&sandbox, "secure/", &notifications(&sandbox), &envelope);
    let call = tokio::spawn(call.send());
    until(|| sandbox.sunco().summary().n_calls == 1).await;
    assert_eq!(sandbox.sunco().summary().total, 0);
    call.abort();
    until(|| sandbox.sunco().summary().total == 1).await;
}

#[tokio::test]
async fn every_number_has_its_count() {
    let sandbox = started().await;
    at_once(&sandbox, 30).await;
    at_once(&sandbox, 2).await;
    let sunco = sandbox.sunco();
    let summary = sunco.summary();
    assert_eq!((summary.total, summary.n_phones, summary.n_repeated), (32, 30, 2));
    assert_eq!((sunco.n_received_by("525512000001"), sunco.n_received_by("525512000002")), (2, 1));
    assert_eq!(sunco.per_phone().len(), 30);
    let url = format!("{}sandbox/received?per_phone=false&after=31", sandbox.zendesk_url());
    let told: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    assert_eq!((&told["n_repeated"], &told["messages"][0]["number"]), (&json!(2), &json!(32)));
    assert_eq!(told.get("per_phone"), None);
}

async fn until(is_so: impl Fn() -> bool) {
    let look = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), look).await.unwrap();
}
