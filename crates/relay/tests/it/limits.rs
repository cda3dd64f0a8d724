use serde_json::json;

use crate::support::{Relay, head, payload};

#[test]
fn the_allotment_holds_and_failures_give_back() {
    let (relay, secret) = Relay::with_webhook();
    relay.admin("PATCH", "/v1/settings", &json!({ "allotment": { "messages": 2 } }));
    let send = || relay.trigger(&secret, &payload("525512345678", "Ana"));
    assert_eq!((send().0, send().0), (202, 202));
    let (status, answer) = send();
    assert_eq!((status, answer["error"]["code"].as_str()), (429, Some("package_exhausted")));
    relay.sunco.answers.borrow_mut().push_back(crate::support::answer(
        400,
        &json!({ "error": { "code": "bad_request", "description": "Destination is invalid" } }),
    ));
    relay.work();
    assert_eq!(relay.status()["allotment"]["used"], 1);
    assert_eq!((send().0, send().0), (202, 429));
    // The next period.
    relay.clock.now.set(relay.status()["allotment"]["renews_at"].as_i64().unwrap());
    assert_eq!(send().0, 202);
    assert_eq!(relay.status()["allotment"]["used"], 1);
}

#[test]
fn nothing_is_sent_before_something_was_granted() {
    let relay = Relay::new();
    let secret = relay.webhook("aviso");
    let response = relay
        .call(
            &head("POST", "/api/v2/webhook", Some(&secret)),
            payload("525512345678", "A").to_string().as_bytes(),
        )
        .response;
    assert_eq!(response.status, 429);
    assert!(0 < response.retry_after_s.unwrap());
}

#[test]
fn the_queue_and_each_webhooks_rate_have_a_limit() {
    let (relay, secret) = Relay::with_webhook();
    let send = || {
        let head = head("POST", "/api/v2/webhook", Some(&secret));
        let response = relay.call(&head, payload("525512345678", "Ana").to_string().as_bytes()).response;
        (response.status, response.retry_after_s)
    };
    relay.admin("PATCH", "/v1/settings", &json!({ "queue_limit": 3 }));
    let statuses: Vec<_> = (0..4).map(|_| send().0).collect();
    assert_eq!(statuses, [202, 202, 202, 429]);
    relay.admin("PATCH", "/v1/settings", &json!({ "queue_limit": 1000, "webhook_rate_per_minute": 60 }));
    relay.clock.now.set(relay.clock.now.get() + 60_000);
    // A tenth of a minute's at once, and the one that begins it.
    let n_taken = (0..20).take_while(|_| send().0 == 202).count();
    assert_eq!(n_taken, 7);
    let (status, wait) = send();
    assert_eq!((status, wait), (429, Some(1)));
    relay.clock.now.set(relay.clock.now.get() + 1_000);
    assert_eq!((send().0, send().0), (202, 429));
}

#[test]
fn webhooks_have_a_limit() {
    let (relay, _) = Relay::with_webhook();
    let create =
        || relay.admin("POST", "/v1/webhooks", &json!({ "template": "aviso", "language": "es_MX" })).0;
    assert_eq!([create(), create(), create(), create(), create()], [201, 201, 201, 201, 409]);
    let list = relay.admin("GET", "/v1/webhooks", &serde_json::Value::Null).1;
    assert_eq!((&list["active"], &list["limit"]), (&json!(5), &json!(5)));
    assert!(!list.to_string().contains("cxw_"), "secrets are shown once");
    let id = list["webhooks"][0]["id"].as_str().unwrap();
    relay.admin("PATCH", &format!("/v1/webhooks/{id}"), &json!({ "active": false }));
    assert_eq!(create(), 201);
    assert_eq!(relay.admin("PATCH", &format!("/v1/webhooks/{id}"), &json!({ "active": true })).0, 409);
}
