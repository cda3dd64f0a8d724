use std::time::Duration;

use anyhow::Result;
use cxconnect_tests::relay::RelayDesk;
use serde_json::{Value, json};

const TEMPLATE: &str = "aviso_envio";
const ID: &str = "721242083286702";

fn payload(phone: &str) -> Value {
    json!({ "id": ID, "telefono": phone, "subdominio": "acme", "producto_id": "0", "param1": "Ana" })
}

/// Every endpoint, every error, authorisation tried wrong in every way, sizes, forms and types, other accounts' ids.
#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::too_many_lines)] // One process, call after call.
async fn every_call_and_every_refusal() -> Result<()> {
    let desk = RelayDesk::start("calls").await?;
    let secret = desk.webhook("acme", TEMPLATE, "es_MX").await?;
    let foreign = desk.webhook("beta", TEMPLATE, "es_MX").await?;
    let bearer = format!("Bearer {secret}");
    let json_type = ("content-type", "application/json");
    let mut wire = desk.wire();

    // A trigger, in each way that a secret may come.
    let body = payload("525512345678").to_string();
    let own = [("authorization", bearer.as_str()), json_type];
    let first = wire.call("POST", "/api/v2/webhook", &own, body.as_bytes()).await?;
    assert_eq!(first.status, 202, "{}", first.body);
    let id = first.json()["message_id"].as_str().unwrap().to_owned();
    let by_header =
        [("x-webhook-secret", secret.as_str()), ("content-type", "application/json; charset=UTF-8")];
    let by_path = format!("/api/v2/webhook/{ID}");
    assert_eq!(
        wire.call("POST", &by_path, &by_header, payload("525512345679").to_string().as_bytes()).await?.status,
        202
    );
    desk.drained("acme", Duration::from_secs(20)).await?;
    let message = format!("/api/v2/messages/{id}");
    let state = wire.call("GET", &message, &own, b"").await?;
    assert!(state.json()["sent_at"].is_number(), "{}", state.body);
    assert_eq!(desk.sunco().n_received_by("525512345678"), 1);

    // Nobody else's.
    let tokens = [
        String::new(),
        "Bearer".to_owned(),
        "Bearer x".to_owned(),
        format!("Basic {secret}"),
        format!("Bearer {}", secret.to_uppercase()),
        format!("Bearer {}0", &secret[..secret.len() - 1]),
        format!("Bearer {secret}0"),
        "Bearer cxw_acme_0123456789abcdef0123456789abcdef".to_owned(),
        "Bearer cxw_nobody_0123456789abcdef0123456789abcdef".to_owned(),
        "Bearer cxr_acme_0123456789abcdef0123456789abcdef".to_owned(),
        format!("Bearer {}", foreign.replace("cxw_beta", "cxw_acme")),
    ];
    for token in &tokens {
        for (method, path) in [("POST", "/api/v2/webhook"), ("GET", message.as_str())] {
            let answer =
                wire.call(method, path, &[("authorization", token), json_type], body.as_bytes()).await?;
            assert_eq!((answer.status, answer.code().as_str()), (401, "unauthorized"), "{token} {path}");
            assert_eq!(answer.header("www-authenticate"), Some("bearer"));
        }
    }
    let foreign_bearer = format!("Bearer {foreign}");
    let others = [("authorization", foreign_bearer.as_str()), json_type];
    assert_eq!(wire.call("GET", &message, &others, b"").await?.code(), "message_not_found");
    assert_eq!(
        wire.call("POST", "/api/v2/webhook", &others, body.as_bytes()).await?.code(),
        "account_not_found"
    );
    let admin_calls = ["/v1/status", "/v1/settings", "/v1/positions", "/v1/webhooks", "/v1/events"];
    for token in tokens.iter().filter(|it| !it.starts_with("Bearer cxr_acme_")) {
        for path in admin_calls {
            assert_eq!(
                wire.call("GET", path, &[("authorization", token)], b"").await?.status,
                401,
                "{token} {path}"
            );
        }
    }

    // What a trigger may bring.
    let big = format!("{{\"param1\":\"{}\"}}", "x".repeat(70_000));
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("application/json", b"{".to_vec(), 400, "malformed"),
        ("application/json", b"".to_vec(), 400, "malformed"),
        ("application/json", b"[1]".to_vec(), 400, "malformed"),
        ("application/json", b"\xff\xfe".to_vec(), 400, "malformed"),
        ("application/json", "[".repeat(10_000).into_bytes(), 400, "malformed"),
        ("text/plain", b"{}".to_vec(), 415, "content_type"),
        ("application/x-www-form-urlencoded", b"id=1".to_vec(), 415, "content_type"),
        ("multipart/form-data; boundary=x", b"--x--".to_vec(), 415, "content_type"),
        ("application/json", big.into_bytes(), 413, "body_too_large"),
        ("application/json", b"{\"id\":1}".to_vec(), 404, "webhook_not_found"),
        ("application/json", b"{\"subdominio\":\"beta\"}".to_vec(), 404, "account_not_found"),
        ("application/json", b"{\"telefono\":\"5512345678\",\"param1\":\"x\"}".to_vec(), 422, "values"),
        ("application/json", b"{\"telefono\":\"525512345678\"}".to_vec(), 422, "values"),
        ("application/json", b"{\"telefono\":{},\"param1\":\"x\"}".to_vec(), 422, "values"),
    ];
    for (kind, body, status, code) in cases {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        // What isn't read to its end ends the connection.
        let answer = desk.wire().call("POST", "/api/v2/webhook", &headers, &body).await?;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{kind} {}", answer.body);
        assert!(!answer.json()["error"]["fix"].as_str().unwrap_or_default().is_empty());
    }
    // Without a length: chunk by chunk, and more than is taken.
    let mut chunked = format!("POST /api/v2/webhook HTTP/1.1\r\nhost: x\r\nauthorization: {bearer}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..80 {
        chunked.extend(b"400\r\n");
        chunked.extend(vec![b'x'; 1024]);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    assert_eq!(desk.wire().raw(&chunked).await?.status, 413);

    // Where no body is looked at, one does no harm.
    let big = vec![b'x'; 300_000];
    let token = [("authorization", "Bearer cxr_acme_0123456789abcdef0123456789abcdef")];
    assert_eq!(desk.wire().call("POST", "/v1/queue/resume", &token, &big).await?.status, 200);
    assert_eq!(desk.wire().call("POST", "/v1/setup", &token, &vec![b'x'; 3_000_000]).await?.status, 413);

    // Keys.
    let keyed = |key: &'static str| [("authorization", bearer.as_str()), json_type, ("idempotency-key", key)];
    let body = payload("525512345680").to_string();
    let one = wire.call("POST", "/api/v2/webhook", &keyed("k"), body.as_bytes()).await?;
    let two = wire.call("POST", "/api/v2/webhook", &keyed("k"), body.as_bytes()).await?;
    assert_eq!((one.status, &one.body), (202, &two.body));
    let other = payload("525512345681").to_string();
    assert_eq!(wire.call("POST", "/api/v2/webhook", &keyed("k"), other.as_bytes()).await?.status, 409);
    assert_eq!(wire.call("POST", "/api/v2/webhook", &keyed("a b"), other.as_bytes()).await?.status, 400);

    // Paths and methods.
    for (method, path, status) in [
        ("GET", "/", 404),
        ("GET", "/v1", 404),
        ("GET", "/v1/nothing", 404),
        ("POST", "/api/v2/webhook/a/b", 404),
        ("GET", "/api/v2/webhook", 405),
        ("OPTIONS", "/api/v2/webhook", 405),
        ("PUT", "/v1/settings", 405),
        ("DELETE", "/v1/events", 405),
        ("PATCH", "/sunco/acme/x", 405),
    ] {
        let answer = desk.wire().call(method, path, &own, b"").await;
        let answer = answer?;
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(!answer.head.contains("access-control"), "no CORS");
        assert_eq!(status == 405, answer.header("allow").is_some());
    }

    // Limits.
    desk.ask("acme", "PATCH", "/v1/settings", &json!({ "queue_limit": 1, "allotment": { "messages": 1 } }))
        .await?;
    let answer =
        wire.call("POST", "/api/v2/webhook", &own, payload("525512345682").to_string().as_bytes()).await?;
    assert_eq!((answer.status, answer.header("retry-after").is_some()), (429, true), "{}", answer.body);
    desk.ask(
        "acme",
        "PATCH",
        "/v1/settings",
        &json!({ "queue_limit": 1000, "allotment": { "messages": 1_000_000 } }),
    )
    .await?;

    // The app's calls.
    let list = desk.ask("acme", "GET", "/v1/webhooks", &Value::Null).await?;
    let webhook = list["webhooks"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        list["webhooks"][0]["payload"],
        json!({ "id": ID, "telefono": "--telefono--", "subdominio": "acme", "producto_id": "0", "param1": "--param1--" })
    );
    let path = format!("/v1/webhooks/{webhook}");
    let others_list = desk.ask("beta", "GET", "/v1/webhooks", &Value::Null).await?;
    let others_path = format!("/v1/webhooks/{}", others_list["webhooks"][0]["id"].as_str().unwrap());
    for (method, path) in [
        ("PATCH", others_path.clone()),
        ("DELETE", others_path.clone()),
        ("POST", format!("{others_path}/rotate")),
        ("POST", format!("{others_path}/test")),
    ] {
        let answer = desk.admin("acme", method, &path, &json!({ "active": false })).await?;
        assert_eq!(answer.code(), "webhook_not_found", "{method} {path}");
    }
    for (method, path, body, status) in [
        ("POST", "/v1/webhooks", json!({}), 422),
        ("POST", "/v1/webhooks", json!({ "template": "no_such", "language": "es" }), 422),
        ("POST", "/v1/webhooks", json!({ "template": "promo_rechazada", "language": "es_MX" }), 422),
        ("POST", "/v1/webhooks", json!({ "template": "catalogo_carrusel", "language": "es_MX" }), 422),
        ("POST", "/v1/webhooks", json!({ "template": "A B", "language": "es_MX" }), 422),
        ("POST", "/v1/webhooks", json!({ "template": TEMPLATE, "language": "es_MX", "sender": "x" }), 422),
        (
            "POST",
            "/v1/webhooks",
            json!({ "template": TEMPLATE, "language": "es_MX", "sender": "65a1f0c2e4b0a1d2c3e4f5ff" }),
            422,
        ),
        ("PATCH", path.as_str(), json!({ "active": 1 }), 422),
        ("PATCH", "/v1/settings", json!({ "x": 1 }), 422),
        ("PATCH", "/v1/settings", json!([]), 400),
        ("PUT", "/v1/positions", json!({ "positions": [{ "name": "x" }] }), 422),
        ("POST", "/v1/events/collected", json!({ "through": "x" }), 422),
        ("POST", "/v1/setup", json!({ "url": "http://relay.example" }), 422),
    ] {
        let answer = desk.admin("acme", method, path, &body).await?;
        assert_eq!(answer.status, status, "{method} {path} {body} {}", answer.body);
    }
    let position = |position: &str| json!({ "positions": [{ "name": TEMPLATE, "language": "es_MX", "position": position }] });
    desk.ask("acme", "PUT", "/v1/positions", &position("many")).await?;
    let offered =
        wire.call("POST", "/api/v2/webhook", &own, payload("525512345683").to_string().as_bytes()).await?;
    assert_eq!((offered.status, offered.code().as_str()), (403, "template_not_offered"));
    desk.ask("acme", "PUT", "/v1/positions", &position("custom")).await?;
    desk.ask("acme", "PATCH", &path, &json!({ "active": false })).await?;
    let inactive =
        wire.call("POST", "/api/v2/webhook", &own, payload("525512345683").to_string().as_bytes()).await?;
    assert_eq!((inactive.status, inactive.code().as_str()), (403, "webhook_inactive"));
    desk.ask("acme", "POST", &format!("{path}/test"), &payload("525512345684")).await?;
    let rotated = desk.ask("acme", "POST", &format!("{path}/rotate"), &Value::Null).await?;
    assert_ne!(rotated["webhook"]["secret"], secret.as_str());
    assert_eq!(wire.call("POST", "/api/v2/webhook", &own, body.as_bytes()).await?.status, 401);
    desk.drained("acme", Duration::from_secs(20)).await?;
    assert_eq!(desk.admin("acme", "DELETE", &path, &Value::Null).await?.status, 204);

    // Receipts.
    let (path, key) = desk.set_up("acme").await?;
    let receipt =
        json!({ "trigger": "notification:delivery:user", "timestamp": 1.5, "notification": { "_id": "x" } })
            .to_string();
    for (path, key, body, status) in [
        (path.as_str(), key.as_str(), receipt.as_bytes(), 200),
        (path.as_str(), key.as_str(), b"{".as_slice(), 400),
        (path.as_str(), "other", receipt.as_bytes(), 401),
        (path.as_str(), "", receipt.as_bytes(), 401),
        ("/sunco/acme/0123", key.as_str(), receipt.as_bytes(), 404),
        ("/sunco/nobody/0123", key.as_str(), receipt.as_bytes(), 401),
        ("/sunco/ACME/0123", key.as_str(), receipt.as_bytes(), 404),
        (&path.replace("/acme/", "/beta/"), key.as_str(), receipt.as_bytes(), 404),
    ] {
        let answer = wire.call("POST", path, &[("x-api-key", key)], body).await?;
        assert_eq!(answer.status, status, "{} {}", path.len(), answer.body);
    }
    let events = desk.events("acme").await?;
    assert_eq!(events.iter().filter(|it| it["kind"] == "receipt" && it["notification"] == "x").count(), 1);
    let n_events = events.len();
    desk.ask("acme", "POST", "/v1/events/collected", &json!({ "through": n_events })).await?;
    let events = desk.events("acme").await?;
    assert!(events.iter().all(|event| event["phone"].is_null()), "what was collected is erased");
    let log = desk.log();
    for private in ["5255123456", secret.as_str(), key.as_str(), "Ana"] {
        assert!(!log.contains(private), "the log names {private}");
    }
    assert_eq!(wire.call("GET", "/healthz", &[], b"").await?.status, 200);
    desk.finish().await
}
