use serde_json::{Value as Json, json};

use crate::support::{Relay, head, payload};

const CALLS: [(&str, &str); 13] = [
    ("GET", "/v1/status"),
    ("GET", "/v1/settings"),
    ("PATCH", "/v1/settings"),
    ("GET", "/v1/positions"),
    ("PUT", "/v1/positions"),
    ("GET", "/v1/webhooks"),
    ("POST", "/v1/webhooks"),
    ("PATCH", "/v1/webhooks/x"),
    ("DELETE", "/v1/webhooks/x"),
    ("GET", "/v1/events"),
    ("POST", "/v1/events/collected"),
    ("POST", "/v1/setup"),
    ("POST", "/v1/queue/resume"),
];

#[test]
fn nothing_is_told_without_the_relay_token() {
    let (relay, secret) = Relay::with_webhook();
    for (method, path) in CALLS {
        for token in
            [None, Some(secret.as_str()), Some("cxr_acme_0123456789abcdef0123456789abcdee"), Some("")]
        {
            let response = relay.call(&head(method, path, token), b"{}").response;
            assert_eq!(response.status, 401, "{method} {path} {token:?}");
            assert!(!response.body.contains("acme"));
        }
    }
}

#[test]
fn a_rotated_secret_is_worth_nothing() {
    let (relay, secret) = Relay::with_webhook();
    let id =
        relay.admin("GET", "/v1/webhooks", &Json::Null).1["webhooks"][0]["id"].as_str().unwrap().to_owned();
    let (status, answer) = relay.admin("POST", &format!("/v1/webhooks/{id}/rotate"), &Json::Null);
    assert_eq!(status, 200);
    let new = answer["webhook"]["secret"].as_str().unwrap();
    assert!(new.ends_with(answer["webhook"]["secret_hint"].as_str().unwrap()));
    assert_eq!(relay.trigger(&secret, &payload("525512345678", "Ana")).0, 401);
    assert_eq!(relay.trigger(new, &payload("525512345678", "Ana")).0, 202);
    for (method, path) in [
        ("PATCH", "/v1/webhooks/w_no"),
        ("DELETE", "/v1/webhooks/w_no"),
        ("POST", "/v1/webhooks/w_no/rotate"),
        ("POST", "/v1/webhooks/w_no/test"),
    ] {
        assert_eq!(relay.admin(method, path, &json!({ "active": true })).0, 404, "{method} {path}");
    }
}

#[test]
fn setup_makes_finds_and_mends_the_webhook() {
    let relay = Relay::new();
    relay.sunco.is_old.set(true);
    let path = relay.set_up();
    assert_eq!(relay.set_up(), path);
    assert_eq!(relay.sunco.webhooks.borrow().len(), 1);
    assert_eq!(relay.sunco.webhooks.borrow()[0]["triggers"].as_array().unwrap().len(), 4);
    // Somebody changed it.
    relay.sunco.webhooks.borrow_mut()[0]["triggers"] = json!(["conversation:read"]);
    relay.set_up();
    assert_eq!(relay.sunco.webhooks.borrow()[0]["triggers"].as_array().unwrap().len(), 4);
    // Somebody removed it, and there is no room.
    relay.sunco.webhooks.replace(
        (0..10)
            .map(
                |n| json!({ "_id": n.to_string(), "target": "https://other", "triggers": [], "secret": "s" }),
            )
            .collect(),
    );
    let (status, answer) = relay.admin("POST", "/v1/setup", &json!({}));
    assert_eq!((status, answer["error"]["code"].as_str()), (409, Some("sunco_webhooks_full")));
    assert_eq!(relay.admin("POST", "/v1/setup", &json!({ "url": "http://relay.example" })).0, 422);
    let status = relay.status();
    assert_eq!(status["sunco_webhook"]["url"], "https://relay.example/sunco/acme");
    assert!(
        !status.to_string().contains(path.rsplit('/').next().unwrap()),
        "the address's secret is not shown"
    );
}

#[test]
fn what_was_collected_is_erased() {
    let (relay, secret) = Relay::with_webhook();
    let (_, answer) = relay.trigger(&secret, &payload("525512345678", "Ana"));
    relay.work();
    let last = relay.events().len();
    assert_eq!(
        relay.admin("POST", "/v1/events/collected", &json!({ "through": last - 1 })).1["collected"],
        last - 1
    );
    assert_eq!(relay.events()[0]["phone"], "+525512345678");
    assert_eq!(
        relay.admin("POST", "/v1/events/collected", &json!({ "through": last + 100 })).1["collected"],
        last
    );
    assert_eq!(relay.events()[0]["phone"], Json::Null);
    let (_, page) = relay.admin("GET", "/v1/events", &Json::Null);
    assert_eq!((page["events"].as_array().unwrap().len(), &page["next"]), (0, &json!(last)));
    // The caller still learns what became of it.
    assert_eq!(relay.message(&secret, answer["message_id"].as_str().unwrap())["status"], "accepted");
    for wrong in [json!({}), json!({ "through": -1 }), json!({ "through": "1" })] {
        assert_eq!(relay.admin("POST", "/v1/events/collected", &wrong).0, 422, "{wrong}");
    }
}

#[test]
fn old_things_go_and_numbers_go_on() {
    let (relay, secret) = Relay::with_webhook();
    relay.trigger(&secret, &payload("525512345678", "Ana"));
    relay.work();
    let day = 24 * 60 * 60 * 1000;
    relay.clock.now.set(relay.clock.now.get() + 31 * day);
    relay.work();
    assert_eq!(relay.events()[0]["phone"], Json::Null);
    relay.clock.now.set(relay.clock.now.get() + 91 * day);
    relay.work();
    let page = relay.admin("GET", "/v1/events?after=0", &Json::Null).1;
    assert_eq!((&page["oldest"], &page["last"]), (&json!(2), &json!(2)));
    relay.trigger(&secret, &payload("525512345678", "Ana"));
    assert_eq!(relay.admin("GET", "/v1/events?after=2", &Json::Null).1["events"][0]["seq"], 3);
}
