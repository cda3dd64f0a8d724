use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::ReceiptRules;
use cxconnect_tests::relay::RelayDesk;
use cxconnect_tests::wait::until;
use serde_json::{Value, json};

/// SIGKILLs.
const KILLS: u32 = 32;
/// Connections that trigger, and as many that bring receipts.
const LANES: usize = 3;

/// Messages and receipts that are acknowledged between two kills at least.
const EACH_LIFE: (usize, usize) = (15, 40);

#[derive(Default)]
struct Acknowledged {
    /// Message ids.
    messages: Vec<String>,
    /// Notification ids.
    receipts: BTreeSet<String>,
}

fn counts(acknowledged: &Mutex<Acknowledged>) -> (usize, usize) {
    let acknowledged = acknowledged.lock().unwrap();
    (acknowledged.messages.len(), acknowledged.receipts.len())
}

/// kill -9 at random points under load: nothing that was acknowledged is lost, no message is sent twice, the queue drains.
#[tokio::test(flavor = "multi_thread")]
#[allow(clippy::too_many_lines)] // What happens, in order.
async fn sigkill_under_load() -> Result<()> {
    let mut desk = RelayDesk::start("kills").await?;
    let secret = desk.webhook("acme", "aviso_envio", "es_MX").await?;
    let (path, key) = desk.set_up("acme").await?;
    desk.sunco().set_receipt_rules(ReceiptRules {
        unit_ms: 200,
        read_ms: Some(400),
        ..ReceiptRules::default()
    });
    let acknowledged: Arc<Mutex<Acknowledged>> = Arc::default();
    let is_over = Arc::new(AtomicBool::new(false));
    let mut lanes = Vec::new();
    for lane in 0..LANES {
        let (acked, over, mut wire) = (acknowledged.clone(), is_over.clone(), desk.wire());
        let bearer = format!("Bearer {secret}");
        lanes.push(tokio::spawn(async move {
            let mut n = 0;
            while !over.load(Ordering::Relaxed) {
                n += 1;
                let body = json!({ "id": "721242083286702", "telefono": format!("52551{lane}{n:06}"), "param1": "Ana" }).to_string();
                let idempotency = format!("{lane}-{n}");
                let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), ("idempotency-key", idempotency.as_str())];
                // As a caller does it: the same key until there is an answer.
                loop {
                    if let Ok(answer) = wire.call("POST", "/api/v2/webhook", &headers, body.as_bytes()).await
                        && answer.status == 202
                    {
                        let id = answer.json()["message_id"].as_str().unwrap_or_default().to_owned();
                        acked.lock().unwrap().messages.push(id);
                        break;
                    }
                    if over.load(Ordering::Relaxed) {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
        }));
        let (acked, over, mut wire) = (acknowledged.clone(), is_over.clone(), desk.wire());
        let (path, key) = (path.clone(), key.clone());
        lanes.push(tokio::spawn(async move {
            let mut n = 0;
            while !over.load(Ordering::Relaxed) {
                n += 1;
                let id = format!("foreign-{lane}-{n}");
                let body = json!({ "trigger": "notification:delivery:user", "timestamp": 1_795_737_600.25, "notification": { "_id": id },
                    "matchResult": { "conversation": { "_id": format!("c{n}") } } }).to_string();
                if let Ok(answer) = wire.call("POST", &path, &[("x-api-key", &key)], body.as_bytes()).await
                    && answer.status == 200
                {
                    acked.lock().unwrap().receipts.insert(id);
                }
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
        }));
    }
    let mut random = 0x1234_5678_9abc_def1_u64;
    for _ in 0..KILLS {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        // However slow the machine is, each life has had work to do; when it ends is left to chance.
        let (messages, receipts) = counts(&acknowledged);
        until("a load", async || {
            let (messages_now, receipts_now) = counts(&acknowledged);
            Ok((messages + EACH_LIFE.0 <= messages_now && receipts + EACH_LIFE.1 <= receipts_now)
                .then_some(()))
        })
        .await?;
        tokio::time::sleep(Duration::from_millis(random % 500)).await;
        desk.relay.kill()?;
        desk.relay.restart()?;
    }
    is_over.store(true, Ordering::Relaxed);
    for lane in lanes {
        lane.await?;
    }
    desk.drained("acme", Duration::from_mins(2)).await?;

    let acknowledged = std::mem::take(&mut *acknowledged.lock().unwrap());
    for (phone, n) in desk.sunco().per_phone() {
        ensure!(n == 1, "{phone} was sent {n} messages");
    }
    let events = desk.events("acme").await?;
    let told: BTreeSet<&str> = events
        .iter()
        .filter(|it| it["kind"] == "receipt")
        .filter_map(|it| it["notification"].as_str())
        .collect();
    for id in &acknowledged.receipts {
        ensure!(told.contains(id.as_str()), "the receipt of {id} is lost");
    }
    let outcome = |state: &'static str| -> BTreeSet<&str> {
        let is_it = move |it: &&Value| it["kind"] == "message" && it["state"] == state;
        events.iter().filter(is_it).filter_map(|it| it["message"].as_str()).collect()
    };
    let (accepted, unknown, failed) = (outcome("accepted"), outcome("unknown"), outcome("failed"));
    for id in &acknowledged.messages {
        let n = [&accepted, &unknown, &failed].into_iter().filter(|it| it.contains(id.as_str())).count();
        ensure!(n == 1, "{id} has {n} outcomes");
    }
    ensure!(failed.is_empty(), "{failed:?}");
    ensure!(accepted.len() <= desk.sunco().summary().total, "accepted is what SunCo took");
    // A kill loses the answers that were on their way, and no more.
    ensure!(unknown.len() <= 32 * 34, "{} in doubt", unknown.len());
    eprintln!(
        "{KILLS} kills: {} triggers and {} receipts acknowledged, {} accepted, {} in doubt",
        acknowledged.messages.len(),
        acknowledged.receipts.len(),
        accepted.len(),
        unknown.len()
    );
    desk.finish().await
}
