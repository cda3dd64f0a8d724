use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::ReceiptRules;
use cxconnect_tests::relay::RelayDesk;
use serde_json::json;

/// Messages of each way.
const MESSAGES: usize = 12;

/// Receipts duplicated, reordered, before the 201, foreign, late, and failures after `channel`: the same states in the end.
#[tokio::test(flavor = "multi_thread")]
async fn receipts_in_every_order() -> Result<()> {
    let desk = RelayDesk::start("receipts").await?;
    let secret = desk.webhook("acme", "aviso_envio", "es_MX").await?;
    desk.set_up("acme").await?;
    let usual = ReceiptRules {
        channel_ms: 20,
        user_ms: 60,
        read_ms: Some(120),
        unit_ms: 100,
        ..ReceiptRules::default()
    };
    let ways = [
        ("usual", usual.clone()),
        ("duplicated", ReceiptRules { copies: 3, ..usual.clone() }),
        ("reordered", ReceiptRules { is_reversed: true, ..usual.clone() }),
        ("before the 201", ReceiptRules { is_before_answer: true, copies: 2, ..usual.clone() }),
        ("foreign", ReceiptRules { foreign_every: Some(1), ..usual.clone() }),
        ("late", ReceiptRules { late_ms: 1_500, is_reversed: true, ..usual.clone() }),
        ("other ids", ReceiptRules { has_bsuid: true, ..usual.clone() }),
        ("failed", ReceiptRules { fails_every: Some(1), is_reversed: true, copies: 2, ..usual }),
    ];
    let mut wire = desk.wire();
    let bearer = format!("Bearer {secret}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    for (number, (way, rules)) in ways.into_iter().enumerate() {
        let expected = if rules.fails_every.is_some() { "failed" } else { "read" };
        desk.sunco().set_receipt_rules(rules);
        let mut ids = Vec::new();
        for n in 0..MESSAGES {
            let body = json!({ "id": "721242083286702", "telefono": format!("5255123{number:02}{n:03}"), "param1": "Ana" });
            let answer = wire.call("POST", "/api/v2/webhook", &headers, body.to_string().as_bytes()).await?;
            ensure!(answer.status == 202, "{}", answer.body);
            ids.push(answer.json()["message_id"].as_str().unwrap_or_default().to_owned());
        }
        let deadline = Instant::now() + Duration::from_secs(30);
        for id in &ids {
            loop {
                let message =
                    wire.call("GET", &format!("/api/v2/messages/{id}"), &headers, b"").await?.json();
                if message["status"] == expected {
                    ensure!(expected == "read" || message["error"]["code"] == "131026", "{message}");
                    break;
                }
                ensure!(
                    Instant::now() < deadline,
                    "{way}: {message} {:?}",
                    desk.sunco().attempts().iter().rev().take(5).collect::<Vec<_>>()
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    let refused: Vec<_> = desk.sunco().attempts().into_iter().filter(|it| it.status != Some(200)).collect();
    ensure!(refused.is_empty(), "{refused:?}");
    let n_sent = desk.sunco().summary();
    ensure!(n_sent.n_repeated == 0, "{n_sent:?}");
    desk.finish().await
}
