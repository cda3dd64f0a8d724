//! Sending notifications to the fake SunCo: what it accepts, refuses, and breaks on demand.

use std::time::Duration;

use crate::common::{SALES, answer, json_of, message, reminder, send, started, sunco};
use cxconnect_sandbox::sunco::faults::{FaultRule, Operation, Reset};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

async fn refusal(body: &Value) -> (u16, String) {
    let sandbox = started().await;
    let (status, answer) = send(&sandbox, body).await;
    (status.as_u16(), answer["error"]["description"].as_str().unwrap_or_default().to_owned())
}

fn changed(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = reminder("+525512345678");
    change(&mut body);
    body
}

#[tokio::test]
async fn a_good_message_is_accepted_and_shows_on_the_phone() {
    let sandbox = started().await;
    let (status, answer) = send(&sandbox, &reminder("+525512345678")).await;
    assert_eq!(status, StatusCode::CREATED);
    let received = sandbox.sunco().received();
    assert_eq!(answer["notification"]["_id"], received[0].notification_id.as_str());
    assert_eq!(received[0].failure, None);
    assert_eq!(
        received[0].rendered.body,
        "Hola Ana Muñoz, te recordamos tu cita el *lunes 14*. Si no puedes asistir, avísanos con tiempo."
    );
}

#[tokio::test]
async fn the_same_message_twice_is_two_messages() {
    let sandbox = started().await;
    let first = send(&sandbox, &reminder("+525512345678")).await;
    let second = send(&sandbox, &reminder("+525512345678")).await;
    assert_ne!(first.1, second.1);
    assert_eq!(sandbox.sunco().n_received_by("525512345678"), 2);
    assert_eq!(sandbox.sunco().summary().n_repeated, 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_said() {
    let no_phone = changed(|it| it["destination"] = json!({"integrationId": SALES}));
    assert_eq!(refusal(&no_phone).await, (400, "destination.destinationId is required".into()));
    let wrong_role = changed(|it| it["author"]["role"] = json!("business"));
    assert_eq!(refusal(&wrong_role).await, (400, "author.role must be appMaker".into()));
    let unknown = changed(|it| it["destination"]["integrationId"] = json!("65a1f0c2e4b0a1d2c3e4f5ff"));
    assert_eq!(refusal(&unknown).await, (400, "Integration not found".into()));
    let not_whatsapp = changed(|it| it["destination"]["integrationId"] = json!("65a1f0c2e4b0a1d2c3e4f503"));
    assert_eq!(refusal(&not_whatsapp).await, (400, "Integration not found".into()));
    assert_eq!(refusal(&reminder("525512345678")).await, (400, "Destination is invalid".into()));
    let no_schema = changed(|it| it["messageSchema"] = Value::Null);
    assert_eq!(refusal(&no_schema).await, (400, "messageSchema must be whatsapp".into()));
    let huge = changed(|it| it["metadata"] = json!("x".repeat(101 * 1024)));
    assert_eq!(refusal(&huge).await.0, 413);
}

#[tokio::test]
async fn template_trouble_is_accepted_and_fails_afterwards() {
    let sandbox = started().await;
    let cases = [
        (message("+525512345678", "no_existe", "es_MX", &json!([])), 132_001),
        (message("+525512345678", "recordatorio_cita", "es", &json!([])), 132_001),
        (message("+525512345678", "recordatorio_pausado", "es_MX", &json!([])), 132_015),
        (message("+525512345678", "recordatorio_cita", "es_MX", &json!([])), 132_000),
        (reminder("+525555500800"), 131_026),
    ];
    for (body, code) in cases {
        assert_eq!(send(&sandbox, &body).await.0, StatusCode::CREATED);
        let last = sandbox.sunco().received().pop().unwrap();
        assert_eq!(last.failure.map(|it| it.code), Some(code));
    }
    assert_eq!(sandbox.sunco().summary().n_delivered, 0);
}

#[tokio::test]
async fn every_alias_of_the_address_works_and_other_routes_do_not_exist() {
    let sandbox = started().await;
    for path in ["/v1/apps/{app}/notifications", "/sc/v1.1/apps/{app}/notifications"] {
        let (status, _) = answer(sunco(&sandbox, "POST", path).json(&reminder("+525512345678"))).await;
        assert_eq!(status, StatusCode::CREATED, "{path}");
    }
    let (status, error) = answer(sunco(&sandbox, "POST", "/v2/apps/{app}/notifications")).await;
    assert_eq!((status.as_u16(), &error["errors"][0]["code"]), (404, &json!("route_not_found")));
    let (status, error) = answer(sunco(&sandbox, "GET", "/v1.1/apps/{app}/notifications")).await;
    assert_eq!((status.as_u16(), &error["error"]["code"]), (404, &json!("route_not_found")));
}

#[tokio::test]
async fn only_the_right_key_of_the_right_app_gets_in() {
    let sandbox = started().await;
    let url = format!("{}/v1.1/apps/x/notifications", sandbox.sunco_url());
    for (authorization, text) in [
        (None, "Authorization is required"),
        (Some("Basic eDp5"), "Authorization is required"),
        (Some("Bearer {{jwt.token}}"), "Invalid authorization header format"),
    ] {
        let mut request = Client::new().post(&url).json(&reminder("+525512345678"));
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/json; charset=utf-8");
        assert_eq!(response.headers().get("access-control-allow-origin"), None);
        let (status, error) = json_of(response).await;
        assert_eq!((status.as_u16(), &error["error"]["description"]), (401, &json!(text)));
    }

    let (status, _) =
        answer(sunco(&sandbox, "POST", "/v1.1/apps/0123456789abcdef01234567/notifications")).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(sandbox.sunco().summary().total, 0);
}

#[tokio::test]
async fn a_429_number_is_refused_once_and_then_accepted() {
    let sandbox = started().await;
    assert_eq!(send(&sandbox, &reminder("+525555500429")).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(send(&sandbox, &reminder("+525555500429")).await.0, StatusCode::CREATED);
    let path = "/v1.1/apps/{app}/notifications";
    let response = sunco(&sandbox, "POST", path).json(&reminder("+525555500430")).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "2");
}

#[tokio::test]
async fn a_connection_breaks_before_or_after_the_message_is_accepted() {
    let sandbox = started().await;
    for (reset, n_received) in [(Reset::Before, 0), (Reset::After, 1)] {
        sandbox.sunco().add_fault(FaultRule { reset: Some(reset), times: Some(1), ..FaultRule::default() });
        let path = "/v1.1/apps/{app}/notifications";
        let outcome = sunco(&sandbox, "POST", path).json(&reminder("+525512345678")).send().await;
        assert!(outcome.is_err(), "{reset:?}: {outcome:?}");
        assert_eq!(sandbox.sunco().received().len(), n_received, "{reset:?}");
    }
    assert!(sandbox.sunco().received()[0].is_answer_lost);
}

#[tokio::test]
async fn faults_last_until_they_are_removed() {
    let sandbox = started().await;
    sandbox.sunco().add_fault(FaultRule {
        operation: Operation::Any,
        status: Some(200),
        body: Some(json!("<html></html>")),
        ..FaultRule::default()
    });
    for _ in 0..2 {
        let (status, body) = send(&sandbox, &reminder("+525512345678")).await;
        assert_eq!((status, body), (StatusCode::OK, json!("<html></html>")));
    }
    sandbox.sunco().clear_faults();
    assert_eq!(send(&sandbox, &reminder("+525512345678")).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn a_hanging_call_gets_no_answer_and_holds_nobody_up() {
    let sandbox = started().await;
    let path = "/v1.1/apps/{app}/notifications";
    let hanging = sunco(&sandbox, "POST", path).json(&reminder("+525555500504"));
    let hanging = hanging.timeout(Duration::from_millis(200)).send();
    let other = reminder("+525512345678");
    let (hung, accepted) = tokio::join!(hanging, send(&sandbox, &other));
    assert!(hung.unwrap_err().is_timeout());
    assert_eq!(accepted.0, StatusCode::CREATED);
    assert_eq!(sandbox.sunco().summary().total, 1);
}
