use serde_json::{Value as Json, json};

use crate::support::{Relay, START, payload};

fn receipt(trigger: &str, id: &str, at: f64) -> Json {
    json!({ "trigger": format!("notification:delivery:{trigger}"), "app": { "_id": "a" }, "version": "v1.1", "timestamp": at,
        "destination": { "type": "whatsapp", "integrationId": "i", "destinationId": "525512345678" },
        "isFinalEvent": false, "externalMessages": [{ "id": "g" }], "notification": { "_id": id },
        "matchResult": { "appUser": { "_id": "u1", "conversationStarted": true }, "conversation": { "_id": "c1" } } })
}

fn failure(id: &str, at: f64, error: &Json) -> Json {
    let mut body = receipt("failure", id, at);
    body["error"] = error.clone();
    body.as_object_mut().unwrap().remove("matchResult");
    body
}

fn read(at: f64) -> Json {
    json!({ "trigger": "conversation:read", "app": { "_id": "a" }, "version": "v1.1", "timestamp": at,
        "source": { "type": "whatsapp" }, "appUser": { "_id": "u1" }, "conversation": { "_id": "c1" } })
}

const T: f64 = 1_795_737_600.0;

#[test]
fn any_order_and_any_number_gives_the_same() {
    let meta = json!({ "code": "uncategorized_error", "underlyingError": { "errors": [{ "code": 131_026, "title": "Message undeliverable" }] } });
    let all = [
        receipt("channel", "n1", T + 1.0),
        receipt("user", "n1", T + 2.0),
        read(T + 3.5),
        read(T + 9.0),
        // Its own arrival was never told; it is read after a while.
        receipt("channel", "n2", T + 3.0),
        receipt("channel", "n3", T + 1.0),
        failure("n3", T + 3600.0, &meta),
        receipt("user", "foreign", T + 5.0),
    ];
    let mut outcomes = Vec::new();
    for seed in 0..60_u64 {
        let (relay, secret) = Relay::with_webhook();
        let path = relay.set_up();
        let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut order: Vec<Json> = all.iter().cloned().chain(all.iter().cloned()).collect();
        for idx in (1..order.len()).rev() {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            order.swap(idx, usize::try_from(random % (idx as u64 + 1)).unwrap());
        }
        let ids: Vec<String> = (0..3)
            .map(|n| {
                relay.trigger(&secret, &payload(&format!("5255123456{n:02}"), "Ana")).1["message_id"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        let (before, after) = order.split_at(usize::try_from(seed % 16).unwrap());
        for body in before {
            assert_eq!(relay.receipt(&path, body), 200);
        }
        relay.work();
        for body in after {
            assert_eq!(relay.receipt(&path, body), 200);
            relay.clock.now.set(relay.clock.now.get() + 1_000);
        }
        relay.clock.now.set(relay.clock.now.get() + 3 * 60 * 60 * 1000);
        relay.work();
        let states: Vec<Json> = ids
            .iter()
            .map(|id| {
                let message = relay.message(&secret, id);
                json!([message["status"], message["delivered_at"], message["read_at"], message["error"]])
            })
            .collect();
        outcomes.push(json!([states, relay.status()["allotment"]["used"]]).to_string());
    }
    outcomes.dedup();
    assert_eq!(outcomes.len(), 1, "{outcomes:#?}");
    let at = |millis: i64| START + millis;
    assert_eq!(
        outcomes[0],
        json!([[
            ["read", at(2_000), at(3_500), null],
            ["read", null, at(3_500), null],
            ["failed", null, null, { "code": "131026", "message": "(#131026) Message undeliverable" }],
        ], 2])
        .to_string()
    );
}

#[test]
fn every_form_of_an_error_is_understood() {
    let (relay, _) = Relay::with_webhook();
    let path = relay.set_up();
    let cases = [
        (
            json!({ "code": "uncategorized_error", "message": "m", "underlyingError": { "errors": [{ "code": 131_026, "title": "Message undeliverable" }] } }),
            "131026",
            "(#131026) m",
            "unreachable",
        ),
        (
            json!({ "code": "bad_request", "message": "Destination is invalid" }),
            "bad_request",
            "Destination is invalid",
            "destination",
        ),
        (
            json!({ "code": "unauthorized", "underlyingError": { "message": "(#131000) Something went wrong", "type": "OAuthException", "code": 131_000 } }),
            "131000",
            "(#131000) Something went wrong",
            "generic",
        ),
        (
            json!({ "code": "uncategorized_error", "underlyingError": { "status": 400, "message": "Call +525512345678 failed" } }),
            "",
            "Call +… failed",
            "",
        ),
        (json!({ "code": "uncategorized_error" }), "", "uncategorized_error", ""),
        (json!(null), "", "", ""),
        (json!("x"), "", "", ""),
    ];
    for (n, (error, ..)) in cases.iter().enumerate() {
        assert_eq!(relay.receipt(&path, &failure(&format!("f{n}"), T, error)), 200);
    }
    let events = relay.events();
    for (n, (_, code, text, reason)) in cases.iter().enumerate() {
        let event = events.iter().find(|it| it["notification"] == format!("f{n}")).unwrap();
        let found = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        assert_eq!((found("code").as_str(), found("text").as_str()), (*code, *text), "{event}");
        if !reason.is_empty() && *reason != "destination" {
            assert_eq!(found("reason"), *reason);
        }
    }
}

#[test]
fn v2_batches_and_unknown_kinds_are_kept_without_people() {
    let (relay, _) = Relay::with_webhook();
    let path = relay.set_up();
    let batch = json!({ "app": { "id": "a" }, "webhook": { "id": "w", "version": "v2" }, "events": [
        { "id": "e1", "createdAt": "2026-11-27T00:00:05.000Z", "type": "conversation:message:delivery:failure", "payload": {
            "conversation": { "id": "c9", "type": "personal" }, "user": { "id": "u9", "externalId": "525512345678" }, "message": { "id": "m9" },
            "error": { "code": "uncategorized_error", "message": "Unsupported" } } },
        { "id": "e2", "createdAt": "2026-11-27T00:00:06.000Z", "type": "conversation:read", "payload": {
            "conversation": { "id": "c9" }, "activity": { "type": "conversation:read", "author": { "type": "user", "userId": "u9" } } } },
        { "id": "e3", "type": "user:merge", "payload": { "x": "525512345678" } }] });
    assert_eq!(relay.receipt(&path, &batch), 200);
    assert_eq!(relay.receipt(&path, &batch), 200);
    assert_eq!(
        relay.receipt(&path, &json!({ "trigger": "notification:match:failure", "who": "525512345678" })),
        200
    );
    assert_eq!(relay.receipt(&path, &json!([])), 200);
    let events = relay.events();
    let kinds: Vec<_> = events.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["message_receipt", "conversation_read", "other", "other", "other"]);
    assert!(!json!(events).to_string().contains("5512345678"));
}

#[test]
fn only_suncos_own_calls_count() {
    let (relay, _) = Relay::with_webhook();
    let body = receipt("user", "n1", T);
    // Nobody is registered: there is no such address.
    assert_eq!(relay.receipt("/sunco/acme/guess", &body), 404);
    let path = relay.set_up();
    assert_eq!(relay.receipt("/sunco/acme/guess", &body), 404);
    let head = crate::support::head("POST", &path, None);
    assert_eq!(relay.call(&head, body.to_string().as_bytes()).response.status, 401);
    let head = cxconnect_relay::http::Head { api_key: Some("other".to_owned()), ..head };
    assert_eq!(relay.call(&head, body.to_string().as_bytes()).response.status, 401);
    let head = cxconnect_relay::http::Head { api_key: Some("the-webhooks-key".to_owned()), ..head };
    assert_eq!(relay.call(&head, b"{").response.status, 400);
    assert!(relay.events().is_empty());
}

#[test]
fn a_receipt_that_says_pause_holds_what_it_concerns() {
    let (relay, secret) = Relay::with_webhook();
    let path = relay.set_up();
    relay.trigger(&secret, &payload("525512345678", "Ana"));
    relay.work();
    let paused = json!({ "code": "uncategorized_error", "underlyingError": { "errors": [{ "code": 132_015, "title": "Template is Paused" }] } });
    relay.receipt(&path, &failure("n1", T + 1.0, &paused));
    let status = relay.status();
    assert_eq!(status["holds"][0]["scope"], "aviso es_MX", "{status}");
    let events = relay.events();
    let event = events.iter().find(|it| it["kind"] == "receipt").unwrap();
    assert_eq!((&event["reason"], &event["concern"]), (&json!("template_paused"), &json!("template")));
    relay.trigger(&secret, &payload("525512345679", "Ana"));
    relay.work();
    assert_eq!(relay.sunco.n_accepted.get(), 1);
    // Of the app's own messages only the feed tells.
    relay.receipt(&path, &failure("other", T + 1.0, &json!({ "underlyingError": { "code": 132_015 } })));
    assert_eq!(relay.status()["holds"].as_array().unwrap().len(), 1);
}
