use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::processes;
use cxconnect_tests::relay::RelayDesk;
use serde_json::{Value, json};

/// Generated requests.
const REQUESTS: u64 = 10_000;
/// Connections that send them.
const LANES: u64 = 4;

struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % (n as u64)).unwrap_or_default()
    }

    fn one<'t, T: ?Sized>(&mut self, of: &[&'t T]) -> &'t T {
        of[self.below(of.len())]
    }

    fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 8 }) {
            0 => Value::Null,
            1 => json!(self.below(2) == 0),
            2 => json!(self.0),
            3 => json!(-1.5e300),
            4 => json!(self.text()),
            5 => json!(self.one(&[
                "525512345678",
                "all",
                "es_MX",
                "aviso_envio",
                "conversation:read",
                "'; DROP TABLE event;--"
            ])),
            6 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            _ => {
                let mut object = json!({});
                for _ in 0..self.below(6) {
                    let name = self.one(NAMES).to_owned();
                    object[name] = self.value(depth - 1);
                }
                object
            }
        }
    }

    fn text(&mut self) -> String {
        let piece = self.one(&[
            "a", "ñ", "\u{0}", "\"", "{{1}}", "'", "%s", "\n", "😀", "\u{202e}", "../", "5", "-", "=",
        ]);
        piece.repeat(1 + self.below(40))
    }
}

const NAMES: &[&str] = &[
    "id",
    "telefono",
    "subdominio",
    "producto_id",
    "param1",
    "image",
    "trigger",
    "notification",
    "_id",
    "timestamp",
    "events",
    "payload",
    "type",
    "error",
    "underlyingError",
    "errors",
    "code",
    "matchResult",
    "conversation",
    "appUser",
    "template",
    "language",
    "active",
    "positions",
    "name",
    "position",
    "through",
    "settings",
    "allotment",
    "messages",
    "opt_outs",
    "default_country",
    "rate_per_second",
    "sender",
];
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];

/// Whatever comes: no 5xx, no crash, and nothing of the other account.
#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::too_many_lines)] // What happens, in order.
async fn ten_thousand_hostile_requests() -> Result<()> {
    let desk = RelayDesk::start("hostile").await?;
    let secret = desk.webhook("acme", "aviso_envio", "es_MX").await?;
    let (path, key) = desk.set_up("acme").await?;
    let hidden = desk.webhook("beta", "recordatorio_cita", "es_MX").await?;
    let list = desk.ask("beta", "GET", "/v1/webhooks", &Value::Null).await?;
    let hidden_id = list["webhooks"][0]["id"].as_str().context("an id")?.to_owned();
    let tokens: Vec<String> = vec![
        format!("Bearer {secret}"),
        "Bearer cxr_acme_0123456789abcdef0123456789abcdef".to_owned(),
        "Bearer cxr_beta_ffffffffffffffffffffffffffffffff".to_owned(),
        "Bearer cxw_beta_0123456789abcdef0123456789abcdef".to_owned(),
        "Basic YTpi".to_owned(),
        "Bearer ".to_owned(),
        format!("Bearer {}", "x".repeat(5_000)),
    ];
    let paths: Vec<String> = [
        "/api/v2/webhook",
        "/api/v2/webhook/721242083286702",
        "/api/v2/messages/m_00",
        "/v1/status",
        "/v1/settings",
        "/v1/positions",
        "/v1/webhooks",
        "/v1/webhooks/w_00",
        "/v1/webhooks/w_00/rotate",
        "/v1/webhooks/w_00/test",
        "/v1/events",
        "/v1/events?after=-1",
        "/v1/events?after=99999999999999999999&limit=0",
        "/v1/events?limit=4000000000",
        "/v1/events/collected",
        "/v1/queue/resume",
        "/sunco/acme/x",
        "/sunco/beta/x",
        "/healthz",
        "/",
        "//",
        "/%00",
        "/v1/%2e%2e/status",
        "/api/v2/messages/%F0%28",
    ]
    .into_iter()
    .map(str::to_owned)
    .chain([path, format!("/v1/webhooks/{hidden_id}"), format!("/api/v2/webhook/{hidden_id}")])
    .collect();
    let types = [
        "application/json",
        "application/json;charset=latin1",
        "text/html",
        "",
        "application/json, text/plain",
        "\u{7f}",
    ];

    let before = desk.log().len();
    let mut lanes = Vec::new();
    for lane in 0..LANES {
        let (tokens, paths, key, mut wire) = (tokens.clone(), paths.clone(), key.clone(), desk.wire());
        let (hidden, hidden_id) = (hidden.clone(), hidden_id.clone());
        lanes.push(tokio::spawn(async move {
            let (mut random, mut n_closed) = (Random(lane), 0);
            for n in 0..REQUESTS / LANES {
                let path = paths[random.below(paths.len())].clone();
                let method = if random.below(2) == 0 { "POST" } else { random.one(METHODS) };
                let token = tokens[random.below(tokens.len())].clone();
                let body = match random.below(6) {
                    0 => random.text().into_bytes(),
                    1 => vec![0xff; random.below(300)],
                    2 => vec![b'['; random.below(3_000)],
                    _ => random.value(4).to_string().into_bytes(),
                };
                let mut headers =
                    vec![("authorization", token.as_str()), ("content-type", random.one(&types))];
                if random.below(3) == 0 {
                    headers.push(("x-api-key", &key));
                }
                if random.below(4) == 0 {
                    headers.push(("idempotency-key", random.one(&["k", "", "a b", "kkkkkkkkkkkk"])));
                }
                // A body that isn't read to its end, and what is no HTTP, end the connection.
                let Ok(answer) = wire.call(method, &path, &headers, &body).await else {
                    n_closed += 1;
                    continue;
                };
                ensure!(answer.status < 500, "{lane} {n}: {method} {path} {} {}", answer.status, answer.body);
                for other in [hidden.as_str(), "recordatorio_cita"] {
                    ensure!(!answer.body.contains(other), "{method} {path} tells of another account");
                }
                let names_itself = path.contains(&hidden_id);
                ensure!(
                    names_itself || !answer.body.contains(&hidden_id),
                    "{method} {path} tells of another account"
                );
            }
            ensure!(n_closed < REQUESTS / LANES / 10, "{n_closed} had no answer");
            Ok(())
        }));
    }
    for lane in lanes {
        lane.await??;
    }
    // It is the same process, it is well, it works, and the other account is as it was.
    assert!(processes::is_alive(desk.relay.pid()));
    assert_eq!(desk.wire().call("GET", "/healthz", &[], b"").await?.status, 200);
    assert_eq!(desk.ask("beta", "GET", "/v1/webhooks", &Value::Null).await?, list);
    let log = desk.log().split_off(before);
    for word in ["panic", "Critical", "RuntimeError", hidden.as_str(), "525512345678"] {
        assert!(!log.contains(word), "the log has {word}: {log}");
    }
    let status = processes::status(desk.relay.pid()).context("no such process")?;
    let resident = processes::figure(&status, "VmRSS").context("no VmRSS")?;
    assert!(resident < 700_000, "{resident} kB");
    desk.finish().await
}
