use std::cell::RefCell;

use cxconnect_core::{
    phone::E164,
    position::Position,
    template::{LanguageCode, TemplateName},
};
use cxconnect_sunco::{Request, Response, Transport, TransportError};
use serde_json::{Value, json};

use super::*;

/// Answers each call with the next of these, and notes what was asked.
struct Fake {
    answers: RefCell<Vec<Result<Response, TransportError>>>,
    asked: RefCell<Vec<String>>,
}

impl Transport for &Fake {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let body = request.body.unwrap_or_default();
        self.asked.borrow_mut().push(format!("{} {} {body}", request.method.as_str(), request.url));
        self.answers.borrow_mut().remove(0)
    }
}

fn answer(status: u16, body: &Value) -> Response {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    Response { status, body, retry_after_s: None }
}

fn fake(answers: Vec<Response>) -> Fake {
    Fake { answers: RefCell::new(answers.into_iter().map(Ok).collect()), asked: RefCell::default() }
}

fn relay(fake: &Fake) -> Relay<&Fake> {
    Relay::new(fake, &RelayHost::parse("relay.acme.mx").unwrap())
}

fn a_webhook() -> Value {
    json!({
        "id": "w_0123456789abcdef", "template": "promo", "language": "es_MX", "template_id": "713", "sender": "65a1",
        "active": true, "sendable": true, "offered": false, "created_at": 1000, "rotated_at": null,
        "secret_hint": "4f2a", "url": "https://relay.acme.mx/api/v2/webhook",
        "payload": {"id": "713", "telefono": "--telefono--", "param1": "--param1--"}, "secret": "cxw_acme_00ff",
    })
}

#[tokio::test]
async fn calls_are_as_the_relay_documents_them() {
    let one = answer(200, &json!({"webhook": a_webhook()}));
    let fake = fake(vec![
        answer(201, &json!({"webhook": a_webhook()})),
        one.clone(),
        one,
        answer(204, &Value::Null),
        answer(202, &json!({"message_id": "m_1"})),
        answer(200, &json!({})),
        answer(200, &json!({"positions": []})),
    ]);
    let relay = relay(&fake);
    let key = (TemplateName::parse("promo").unwrap(), LanguageCode::parse("es_MX").unwrap());
    let made = relay.create(&key, "65a1").await.unwrap();
    assert_eq!(made.secret.as_deref(), Some("cxw_acme_00ff"));
    assert!(made.payload.contains("\n  \"param1\": \"--param1--\""), "{}", made.payload);
    relay.set_active(&made.id, false).await.unwrap();
    relay.rotate(&made.id).await.unwrap();
    relay.remove(&made.id).await.unwrap();
    let to = E164::parse_exact("+525512345678").unwrap();
    let values = [("param1".to_owned(), "Ana \"A\"".to_owned())];
    assert_eq!(relay.test(&made.id, to, &values).await.unwrap(), "m_1");
    relay.change_settings(json!({"allotment": {"messages": 500, "renewal_day": 1}})).await.unwrap();
    relay.set_positions([(&key, Position::Custom)]).await.unwrap();
    assert_eq!(
        *fake.asked.borrow(),
        [
            r#"POST https://relay.acme.mx/v1/webhooks {"language":"es_MX","sender":"65a1","template":"promo"}"#,
            r#"PATCH https://relay.acme.mx/v1/webhooks/w_0123456789abcdef {"active":false}"#,
            "POST https://relay.acme.mx/v1/webhooks/w_0123456789abcdef/rotate {}",
            "DELETE https://relay.acme.mx/v1/webhooks/w_0123456789abcdef ",
            r#"POST https://relay.acme.mx/v1/webhooks/w_0123456789abcdef/test {"param1":"Ana \"A\"","telefono":"+525512345678"}"#,
            r#"PATCH https://relay.acme.mx/v1/settings {"allotment":{"messages":500,"renewal_day":1}}"#,
            r#"PUT https://relay.acme.mx/v1/positions {"positions":[{"language":"es_MX","name":"promo","position":"custom"}]}"#,
        ]
    );
}

#[tokio::test]
async fn what_became_of_a_message_is_found_in_the_feed() {
    let message = |message: &str, state: &str| json!({"kind": "message", "message": message, "state": state});
    let refused =
        json!({"kind": "message", "message": "m_3", "state": "failed", "status": 400, "text": "(#131026) x"});
    let events = json!({"events": [message("m_1", "queued"), message("m_2", "accepted"), message("m_1", "unknown"), refused]});
    let fake =
        fake(vec![answer(200, &events), answer(200, &events), answer(200, &events), answer(200, &events)]);
    let relay = relay(&fake);
    assert_eq!(relay.outcome("m_1", 7).await.unwrap(), Some(Outcome::Unknown));
    assert_eq!(relay.outcome("m_2", 7).await.unwrap(), Some(Outcome::Accepted));
    assert_eq!(relay.outcome("m_3", 7).await.unwrap(), Some(Outcome::Failed("(#131026) x".to_owned())));
    assert_eq!(relay.outcome("m_4", 7).await.unwrap(), None);
    assert_eq!(fake.asked.borrow()[0], "GET https://relay.acme.mx/v1/events?after=7&limit=500 ");
}

#[tokio::test]
async fn what_the_relay_says_of_itself_is_read() {
    let status = json!({
        "account": "acme", "version": "0.1.0", "now": 9, "queue": {"waiting": 3, "sending": 1, "oldest_at": 5, "limit": 10000},
        "holds": [{"scope": "promo es_MX", "cause": "template_paused", "text": "", "since": 1, "until": 99}],
        "webhooks": {"active": 1, "all": 2, "limit": 5},
        "allotment": {"messages": 500, "used": 20, "period": "2026-11-01", "renews_at": 7},
        "events": {"oldest": 1, "last": 8, "collected": 8}, "last_receipt_at": null,
        "sunco_webhook": {"id": "x", "url": "https://relay.acme.mx/sunco/acme/s", "checked_at": 4, "problem": null},
        "something": "new",
    });
    let fake = fake(vec![
        answer(200, &status),
        answer(200, &json!({"webhooks": [a_webhook()], "active": 1, "limit": 5})),
    ]);
    let relay = relay(&fake);
    let status = relay.status().await.unwrap();
    assert_eq!((status.account.as_str(), status.n_active, status.limit), ("acme", 1, 5));
    assert_eq!(status.allotment, Allotment { messages: 500, used: 20 });
    assert_eq!((status.holds.len(), status.last_receipt), (1, None));
    assert!(status.sunco_webhook.is_some_and(|it| it.problem.is_none()));
    let webhooks = relay.webhooks().await.unwrap();
    assert_eq!((webhooks.list.len(), webhooks.n_active), (1, 1));
}

#[tokio::test]
async fn every_other_answer_is_an_error_of_its_own() {
    let refused = json!({"error": {"code": "values", "message": "No se puede enviar.", "fix": "Corrija los datos.",
        "details": [{"code": "value.empty", "field": "param1", "message": "Está vacío.", "fix": "Escriba algo."}]}});
    let fake = fake(vec![
        answer(401, &json!({"error": {"code": "unauthorized", "message": "x", "fix": "y"}})),
        answer(422, &refused),
        answer(404, &Value::Null),
        answer(502, &Value::Null),
        answer(200, &json!({"hello": 1})),
        Response { status: 200, body: "<html>".to_owned(), retry_after_s: None },
    ]);
    fake.answers.borrow_mut().extend([
        Err(TransportError::Timeout),
        Err(TransportError::ProxyRefused { detail: "Invalid request".to_owned() }),
    ]);
    let relay = relay(&fake);
    let mut errors = Vec::new();
    for _ in 0..8 {
        errors.push(relay.status().await.unwrap_err());
    }
    assert_eq!(errors[0], RelayError::Unauthorized);
    let in_doubt: Vec<bool> = errors.iter().map(RelayError::leaves_in_doubt).collect();
    assert_eq!(in_doubt, [false, false, true, true, true, true, true, false]);
    let RelayError::Refused(refusal) = &errors[1] else { panic!("{:?}", errors[1]) };
    assert_eq!((refusal.status, refusal.code.as_str()), (422, "values"));
    assert_eq!(refusal.details, ["param1: Está vacío. Escriba algo."]);
    assert_eq!(errors[2], RelayError::NotUnderstood("no such call"));
    assert!(matches!(&errors[3], RelayError::Unavailable(text) if text == "HTTP 502"));
    assert_eq!(errors[4], RelayError::NotUnderstood("no status"));
    assert_eq!(errors[5], RelayError::NotUnderstood("no JSON"));
    assert!(matches!(errors[6], RelayError::Unavailable(_)) && matches!(errors[7], RelayError::NotCalled(_)));
}
