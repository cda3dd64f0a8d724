use serde_json::{Value as Json, json};

use crate::support::{Relay, head, payload, template};

const PHONE: &str = "525512345678";

#[test]
fn a_trigger_is_stored_sent_and_followed() {
    let (relay, secret) = Relay::with_webhook();
    let (status, answer) = relay.trigger(&secret, &payload(PHONE, "Ana"));
    assert_eq!(status, 202, "{answer}");
    let id = answer["message_id"].as_str().unwrap();
    assert_eq!(relay.message(&secret, id)["status"], "queued");
    relay.work();
    assert_eq!(relay.message(&secret, id)["estado"], "Colocado");
    let calls = relay.sunco.calls.borrow();
    let sent: Json = serde_json::from_str(calls.last().unwrap().body.as_deref().unwrap()).unwrap();
    assert_eq!(sent["destination"]["destinationId"], "+525512345678");
    assert_eq!(sent["message"]["template"]["components"][0]["parameters"][0]["text"], "Ana");
    drop(calls);
    let events = relay.events();
    assert_eq!((&events[0]["state"], &events[0]["phone"]), (&json!("queued"), &json!("+525512345678")));
    assert_eq!(events[0]["values"]["body:1"], "Ana");
    assert_eq!((&events[1]["state"], &events[1]["notification"]), (&json!("accepted"), &json!("n1")));
}

#[test]
fn what_is_wrong_is_said_with_field_and_fix() {
    let (relay, secret) = Relay::with_webhook();
    for (change, status, code, field) in [
        (json!({ "telefono": "123" }), 422, "phone.too-short", "telefono"),
        (json!({ "telefono": "" }), 422, "phone.missing", "telefono"),
        (json!({ "telefono": null }), 422, "phone.missing", "telefono"),
        (json!({ "telefono": [1] }), 422, "value.not-text", "telefono"),
        (json!({ "param1": "" }), 422, "value.empty", "param1"),
        (json!({ "param2": "a\nb" }), 422, "value.line-break", "param2"),
        (json!({ "param2": {} }), 422, "value.not-text", "param2"),
    ] {
        let mut payload = payload(PHONE, "Ana");
        payload.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (found, answer) = relay.trigger(&secret, &payload);
        assert_eq!(found, status, "{change} {answer}");
        let detail = &answer["error"]["details"][0];
        assert_eq!(
            (detail["code"].as_str(), detail["field"].as_str()),
            (Some(code), Some(field)),
            "{answer}"
        );
        assert!(!detail["fix"].as_str().unwrap().is_empty());
    }
    for (change, status, code) in [
        (json!({ "id": 1 }), 404, "webhook_not_found"),
        (json!({ "subdominio": "otra" }), 404, "account_not_found"),
    ] {
        let mut payload = payload(PHONE, "Ana");
        payload.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (found, answer) = relay.trigger(&secret, &payload);
        assert_eq!((found, answer["error"]["code"].as_str()), (status, Some(code)), "{answer}");
    }
    assert!(relay.events().is_empty());
    assert_eq!(relay.status()["queue"]["waiting"], 0);
}

#[test]
fn only_the_webhooks_own_secret_opens_it() {
    let (relay, secret) = Relay::with_webhook();
    relay.sunco.templates.borrow_mut().push(template("otra", "Hola"));
    let other = relay.webhook("otra");
    let (_, answer) = relay.trigger(&secret, &payload(PHONE, "Ana"));
    let id = answer["message_id"].as_str().unwrap();
    assert_eq!(relay.message(&other, id)["error"]["code"], "message_not_found");
    let mut wrong = secret.clone();
    wrong.pop();
    wrong.push(if secret.ends_with('0') { '1' } else { '0' });
    for token in [Some(wrong.as_str()), None, Some("x"), Some("cxw_acme_0123456789abcdef0123456789abcdef")] {
        let response = relay.call(&head("POST", "/api/v2/webhook", token), b"{}").response;
        assert_eq!(response.status, 401, "{token:?}");
    }
    // The other webhook's secret doesn't send this one's template.
    assert_eq!(relay.trigger(&other, &payload(PHONE, "Ana")).0, 202, "both templates have the same id here");
    let by_name = json!({ "id": "aviso", "telefono": PHONE });
    assert_eq!(relay.trigger(&other, &by_name).0, 404);
    let header = cxconnect_relay::http::Head {
        webhook_secret: Some(secret),
        ..head("POST", "/api/v2/webhook/aviso", None)
    };
    assert_eq!(relay.call(&header, payload(PHONE, "Ana").to_string().as_bytes()).response.status, 202);
}

#[test]
fn a_key_makes_a_repetition_the_same_message() {
    let (relay, secret) = Relay::with_webhook();
    let mut head = head("POST", "/api/v2/webhook", Some(&secret));
    head.idempotency_key = Some("k1".to_owned());
    let body = payload(PHONE, "Ana").to_string();
    let first = relay.call(&head, body.as_bytes()).response;
    assert_eq!(relay.call(&head, body.as_bytes()).response, first);
    assert_eq!(relay.call(&head, payload(PHONE, "Eva").to_string().as_bytes()).response.status, 409);
    relay.work();
    relay.clock.now.set(relay.clock.now.get() + 24 * 60 * 60 * 1000 + 1);
    assert_ne!(relay.call(&head, body.as_bytes()).response.body, first.body);
    head.idempotency_key = Some("a b".to_owned());
    assert_eq!(relay.call(&head, body.as_bytes()).response.status, 400);
    relay.work();
    assert_eq!(relay.sunco.n_accepted.get(), 2);
}

#[test]
fn positions_activity_and_approval_decide() {
    let (relay, secret) = Relay::with_webhook();
    let position = |position: &str| {
        let body = json!({ "positions": [{ "name": "aviso", "language": "es_MX", "position": position }] });
        assert_eq!(relay.admin("PUT", "/v1/positions", &body).0, 200);
        relay.trigger(&secret, &payload(PHONE, "Ana"))
    };
    for (name, status) in [("many", 403), ("one", 403), ("custom", 202), ("all", 202)] {
        assert_eq!(position(name).0, status, "{name}");
    }
    let id =
        relay.admin("GET", "/v1/webhooks", &Json::Null).1["webhooks"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/webhooks/{id}");
    assert_eq!(relay.admin("PATCH", &path, &json!({ "active": false })).0, 200);
    let (status, answer) = relay.trigger(&secret, &payload(PHONE, "Ana"));
    assert_eq!((status, answer["error"]["code"].as_str()), (403, Some("webhook_inactive")));
    // The app's own test goes through all the same.
    assert_eq!(relay.admin("POST", &format!("{path}/test"), &payload(PHONE, "Ana")).0, 202);
    assert_eq!(relay.admin("PATCH", &path, &json!({ "active": true })).0, 200);
    assert_eq!(relay.trigger(&secret, &payload(PHONE, "Ana")).0, 202);
    assert_eq!(relay.admin("DELETE", &path, &Json::Null).0, 204);
    assert_eq!(relay.trigger(&secret, &payload(PHONE, "Ana")).0, 401);
}

#[test]
fn bodies_must_be_json() {
    let (relay, secret) = Relay::with_webhook();
    let mut head = head("POST", "/api/v2/webhook", Some(&secret));
    for body in ["", "[]", "{", "null", "\u{0}"] {
        assert_eq!(relay.call(&head, body.as_bytes()).response.status, 400, "{body:?}");
    }
    head.content_type = Some("text/plain".to_owned());
    assert_eq!(relay.call(&head, b"{}").response.status, 415);
    head.content_type = None;
    assert_eq!(relay.call(&head, b"{}").response.status, 415);
}
