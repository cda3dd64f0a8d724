use cxconnect_sunco::TransportError;
use serde_json::json;

use crate::support::{Relay, answer, payload, template};

fn phone(n: usize) -> String {
    format!("5255123456{n:02}")
}

#[test]
fn doubt_is_never_sent_again() {
    let (mut relay, secret) = Relay::with_webhook();
    relay.sunco.answers.borrow_mut().push_back(Err(TransportError::Timeout));
    let (_, answer) = relay.trigger(&secret, &payload(&phone(1), "Ana"));
    relay.work();
    relay.restart();
    relay.work();
    assert_eq!(relay.message(&secret, answer["message_id"].as_str().unwrap())["status"], "unknown");
    assert_eq!(relay.sunco.calls.borrow().iter().filter(|it| it.url.ends_with("/notifications")).count(), 1);
    assert_eq!(relay.status()["allotment"]["used"], 1, "a message in doubt counts");
}

#[test]
fn a_429_waits_and_a_401_holds_everything() {
    let (relay, secret) = Relay::with_webhook();
    let refused = |status| answer(status, &json!({ "error": { "code": "c", "description": "no" } }));
    relay.sunco.answers.borrow_mut().extend([refused(429), refused(401)]);
    let ids: Vec<String> = (0..3)
        .map(|n| {
            relay.trigger(&secret, &payload(&phone(n), "Ana")).1["message_id"].as_str().unwrap().to_owned()
        })
        .collect();
    relay.work();
    let status = relay.status();
    assert_eq!(status["holds"][0]["cause"], "unauthorized", "{status}");
    let due = relay.account.next_due(relay.clock.now.get()).unwrap();
    assert_eq!(due, status["holds"][0]["until"].as_i64().unwrap());
    relay.clock.now.set(due);
    relay.work();
    for id in &ids {
        assert_eq!(relay.message(&secret, id)["status"], "accepted");
    }
    assert_eq!(relay.sunco.n_accepted.get(), 3);
    assert_eq!(relay.status()["queue"]["waiting"], 0);
}

#[test]
fn a_held_queue_goes_on_when_a_person_says_so() {
    let (relay, secret) = Relay::with_webhook();
    relay.sunco.answers.borrow_mut().push_back(answer(403, &json!({})));
    relay.trigger(&secret, &payload(&phone(1), "Ana"));
    relay.work();
    assert_eq!(relay.sunco.n_accepted.get(), 0);
    assert_eq!(relay.admin("POST", "/v1/queue/resume", &serde_json::Value::Null).1["released"], 1);
    // Whom a call was begun for rests, even if it was turned away.
    relay.clock.now.set(relay.clock.now.get() + 6_000);
    relay.work();
    assert_eq!(relay.sunco.n_accepted.get(), 1);
}

#[test]
fn what_cannot_leave_in_time_is_given_up() {
    let (relay, secret) = Relay::with_webhook();
    relay.sunco.answers.borrow_mut().push_back(answer(402, &json!({})));
    let (_, answer) = relay.trigger(&secret, &payload(&phone(1), "Ana"));
    relay.work();
    relay.clock.now.set(relay.clock.now.get() + 25 * 60 * 60 * 1000);
    relay.work();
    let message = relay.message(&secret, answer["message_id"].as_str().unwrap());
    assert_eq!((&message["status"], &message["error"]["code"]), (&json!("failed"), &json!("expired")));
    assert_eq!(relay.status()["allotment"]["used"], 0);
}

#[test]
fn a_template_that_changed_is_not_sent_by_the_old_check() {
    let (relay, secret) = Relay::with_webhook();
    let (_, answer) = relay.trigger(&secret, &payload(&phone(1), "Ana"));
    relay.sunco.templates.replace(vec![template("aviso", "Hola {{1}}, debe {{2}}")]);
    relay.clock.now.set(relay.clock.now.get() + 31 * 60 * 1000);
    relay.work();
    let message = relay.message(&secret, answer["message_id"].as_str().unwrap());
    assert_eq!(message["error"]["code"], "template_changed", "{message}");
    assert_eq!(relay.sunco.n_accepted.get(), 0);
    // What comes now was checked by the new one.
    relay.trigger(&secret, &payload(&phone(1), "Ana"));
    relay.work();
    assert_eq!(relay.sunco.n_accepted.get(), 1);
}

#[test]
fn a_template_that_is_gone_keeps_its_messages_waiting() {
    let (relay, secret) = Relay::with_webhook();
    relay.trigger(&secret, &payload(&phone(1), "Ana"));
    relay.sunco.templates.replace(Vec::new());
    relay.clock.now.set(relay.clock.now.get() + 31 * 60 * 1000);
    relay.work();
    assert_eq!(relay.status()["holds"][0]["cause"], "template_unavailable");
    assert_eq!(relay.trigger(&secret, &payload(&phone(2), "Ana")).0, 403);
    relay.sunco.templates.replace(vec![template("aviso", "Hola {{1}}, su pedido {{2}} llegó")]);
    relay.clock.now.set(relay.account.next_due(relay.clock.now.get()).unwrap());
    relay.work();
    assert_eq!(relay.sunco.n_accepted.get(), 1);
}

#[test]
fn one_person_rests_between_messages() {
    let (relay, secret) = Relay::with_webhook();
    for _ in 0..3 {
        relay.trigger(&secret, &payload(&phone(1), "Ana"));
    }
    let began = relay.clock.now.get();
    for _ in 0..30 {
        relay.work();
        let due = relay.account.next_due(relay.clock.now.get()).unwrap();
        relay.clock.now.set(relay.clock.now.get().max(due.min(relay.clock.now.get() + 1_000)));
    }
    assert_eq!(relay.sunco.n_accepted.get(), 3);
    assert!(12_000 <= relay.clock.now.get() - began);
}
