//! `cargo xtask bench relay`: the relay's process on workerd, beside a bare Durable Object that keeps one row a request.
//!
//! The bare one is written as the relay is, with the same crate, but without routing, authorisation, checks or guard
//! (`tests/bare`). All run at the same time, each on a folder of its own; five rounds, in turns, medians. The load comes from
//! the same two cores. For the record there is one in JavaScript, too: what the platform itself can do.
//!
//! Then 80 messages a second are triggered and sent, with three receipts each, for ten minutes (`--quick`: one), and
//! 100,000 events are read from the feed. Standard output has the figures, and nothing else.

#![allow(clippy::cast_precision_loss)] // Figures for people.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::sunco::ReceiptRules;
use cxconnect_tests::processes;
use cxconnect_tests::relay::RelayDesk;
use cxconnect_tests::wire::Wire;
use serde_json::{Value, json};
use tokio::time::sleep_until;

/// Connections at once.
const LANES: u64 = 16;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);
const MESSAGES_PER_SECOND: u64 = 80;
const RECEIPTS_EACH: u64 = 3;
const FEED: usize = 100_000;

fn main() -> Result<()> {
    let is_quick = std::env::args().any(|it| it == "--quick");
    tokio::runtime::Runtime::new()?.block_on(all(if is_quick { 60 } else { 600 }))
}

async fn all(seconds: u64) -> Result<()> {
    let desk = RelayDesk::start("bench").await?;
    desk.sunco().set_receipt_rules(ReceiptRules { is_on: false, ..ReceiptRules::default() });
    let (path, key) = desk.set_up("acme").await?;
    let mut secrets = Vec::new();
    for _ in 0..5 {
        secrets.push(format!("Bearer {}", desk.webhook("acme", "aviso_envio", "es_MX").await?));
    }
    // As slow as may be: sending isn't what is measured here.
    desk.ask("acme", "PATCH", "/v1/settings", &json!({ "rate_per_second": 1 })).await?;
    let bare = Bare::start("rust")?;
    let script = Bare::start("javascript")?;
    let numbers = Arc::new(AtomicU64::new(0));
    let (mut bares, mut receipts, mut triggers) = (Vec::new(), Vec::new(), Vec::new());
    let mut scripts = Vec::new();
    for round in 0..ROUNDS {
        let load = Load { desk: &desk, numbers: &numbers, path: &path, key: &key, secrets: &secrets };
        bares.push(load.rate(bare.port, What::Bare).await?);
        scripts.push(load.rate(script.port, What::Bare).await?);
        receipts.push(load.rate(0, What::Receipts).await?);
        triggers.push(load.rate(0, What::Triggers).await?);
        eprintln!(
            "round {}: bare {:.0}/s (JavaScript {:.0}/s), receipts {:.0}/s, triggers {:.0}/s",
            round + 1,
            bares[round],
            scripts[round],
            receipts[round],
            triggers[round]
        );
    }
    let bare_rate = median(&mut bares);
    let script_rate = median(&mut scripts);
    let (receipts, triggers) = (median(&mut receipts), median(&mut triggers));
    println!("relay.receipts_vs_bare {:.2} ratio", receipts / bare_rate);
    println!("relay.triggers_vs_bare {:.2} ratio", triggers / bare_rate);
    println!("relay.receipts_vs_bare_javascript {:.2} ratio", receipts / script_rate);
    println!("relay.triggers_vs_bare_javascript {:.2} ratio", triggers / script_rate);
    drop((bare, script));
    desk.finish().await?;

    let desk = RelayDesk::start("bench-long").await?;
    desk.sunco().set_receipt_rules(ReceiptRules { is_on: false, ..ReceiptRules::default() });
    let (path, key) = desk.set_up("acme").await?;
    let secret = format!("Bearer {}", desk.webhook("acme", "aviso_envio", "es_MX").await?);
    long(&desk, &path, &key, &secret, seconds).await?;
    feed(&desk, &path, &key).await?;
    desk.finish().await
}

#[derive(Clone, Copy)]
enum What {
    Bare,
    Receipts,
    Triggers,
}

struct Load<'a> {
    desk: &'a RelayDesk,
    numbers: &'a Arc<AtomicU64>,
    path: &'a str,
    key: &'a str,
    secrets: &'a [String],
}

impl Load<'_> {
    /// Requests a second, as fast as they are answered.
    async fn rate(&self, bare_port: u16, what: What) -> Result<f64> {
        let began = Instant::now();
        let mut lanes = Vec::new();
        for lane in 0..LANES {
            let mut wire = match what {
                What::Bare => Wire::new(bare_port),
                What::Receipts | What::Triggers => self.desk.wire(),
            };
            let (numbers, path, key) = (self.numbers.clone(), self.path.to_owned(), self.key.to_owned());
            let secret = self.secrets[usize::try_from(lane)? % self.secrets.len()].clone();
            lanes.push(tokio::spawn(async move {
                let mut n = 0_u32;
                while began.elapsed() < ROUND {
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    let answer = match what {
                        What::Bare => wire.call("POST", "/", &[], receipt(number, "user").as_bytes()).await?,
                        What::Receipts => {
                            wire.call(
                                "POST",
                                &path,
                                &[("x-api-key", &key)],
                                receipt(number, "user").as_bytes(),
                            )
                            .await?
                        }
                        What::Triggers => trigger(&mut wire, &secret, number).await?,
                    };
                    ensure!((200..300).contains(&answer.status), "{} {}", answer.status, answer.body);
                    n += 1;
                }
                Ok(n)
            }));
        }
        let mut n = 0;
        for lane in lanes {
            n += lane.await??;
        }
        Ok(f64::from(n) / began.elapsed().as_secs_f64())
    }
}

fn receipt(number: u64, kind: &str) -> String {
    json!({ "trigger": format!("notification:delivery:{kind}"), "app": { "_id": "5fed024df3dd8b000cd7ee99" }, "version": "v1.1",
        "timestamp": 1_795_737_600.25, "destination": { "type": "whatsapp", "destinationId": "525512345678" },
        "isFinalEvent": false, "notification": { "_id": format!("9d633118-27d3-437d-9d81-{number:012}") },
        "matchResult": { "appUser": { "_id": format!("{:024}", number % 5_000) }, "conversation": { "_id": format!("{:024x}", number % 5_000) } } })
    .to_string()
}

async fn trigger(wire: &mut Wire, secret: &str, number: u64) -> Result<cxconnect_tests::wire::Answer> {
    let body = json!({ "id": "721242083286702", "telefono": format!("52551{:07}", 2_000_000 + number % 7_000_000), "subdominio": "acme", "param1": "Ana" });
    wire.call(
        "POST",
        "/api/v2/webhook",
        &[("authorization", secret), ("content-type", "application/json")],
        body.to_string().as_bytes(),
    )
    .await
}

/// What a busy day is, for a while: each on its own moment, however late the answers are.
async fn long(desk: &RelayDesk, path: &str, key: &str, secret: &str, seconds: u64) -> Result<()> {
    let began = tokio::time::Instant::now();
    let mut lanes = Vec::new();
    let per_lane = |per_second: u64, n_lanes: u64, lane: u64| {
        let every = Duration::from_micros(1_000_000 * n_lanes / per_second);
        (every, Duration::from_micros(1_000_000 * lane / per_second), per_second * seconds / n_lanes)
    };
    for lane in 0..LANES {
        let (mut wire, path, key) = (desk.wire(), path.to_owned(), key.to_owned());
        let (every, first, n) = per_lane(MESSAGES_PER_SECOND * RECEIPTS_EACH, LANES, lane);
        lanes.push(tokio::spawn(async move {
            let mut late = Vec::new();
            for idx in 0..n {
                let due = began + first + every * u32::try_from(idx)?;
                sleep_until(due).await;
                let number = idx * LANES + lane;
                let kind = ["channel", "user", "user"][usize::try_from(number % 3)?];
                let answer = wire
                    .call("POST", &path, &[("x-api-key", &key)], receipt(1_000_000 + number, kind).as_bytes())
                    .await?;
                ensure!(answer.status == 200, "{}", answer.body);
                late.push(due.elapsed());
            }
            Ok((late, Vec::new()))
        }));
        let (mut wire, secret) = (desk.wire(), secret.to_owned());
        let (every, first, n) = per_lane(MESSAGES_PER_SECOND, LANES, lane);
        lanes.push(tokio::spawn(async move {
            let mut late = Vec::new();
            for idx in 0..n {
                let due = began + first + every * u32::try_from(idx)?;
                sleep_until(due).await;
                let answer = trigger(&mut wire, &secret, idx * LANES + lane).await?;
                ensure!(answer.status == 202, "{}", answer.body);
                late.push(due.elapsed());
            }
            Ok((Vec::new(), late))
        }));
    }
    let pid = desk.relay.pid();
    let watch = tokio::spawn(async move {
        let mut resident = Vec::new();
        while began.elapsed().as_secs() < seconds {
            let status = processes::status(pid).unwrap_or_default();
            resident.extend(processes::figure(&status, "VmRSS"));
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        resident
    });
    let (mut receipts, mut triggers) = (Vec::new(), Vec::new());
    for lane in lanes {
        let (of_receipts, of_triggers) = lane.await??;
        receipts.push(of_receipts);
        triggers.push(of_triggers);
    }
    let resident = watch.await?;
    let quarter = |which: usize| {
        let of = receipts
            .iter()
            .flat_map(|lane: &Vec<Duration>| &lane[lane.len() * which / 4..lane.len() * (which + 1) / 4]);
        p95(&mut of.copied().collect::<Vec<_>>())
    };
    eprintln!(
        "receipts' p95 by quarters of {seconds} s: {:.1} {:.1} {:.1} {:.1} ms",
        quarter(0),
        quarter(1),
        quarter(2),
        quarter(3)
    );
    println!("relay.trigger_p95_ms {:.1} ms", p95(&mut triggers.concat()));
    let mean = |from: usize, to: usize| {
        let part = &resident[resident.len() * from / 100..resident.len() * to / 100];
        part.iter().sum::<u64>() as f64 / part.len().max(1) as f64
    };
    eprintln!(
        "memory: {:.0} MB at half time, {:.0} MB at the end",
        mean(45, 55) / 1024.0,
        mean(90, 100) / 1024.0
    );
    println!("relay.rss_growth_percent {:.1} %", (mean(90, 100) / mean(45, 55) - 1.0) * 100.0);
    desk.drained("acme", Duration::from_mins(1)).await
}

/// The feed, page by page.
async fn feed(desk: &RelayDesk, path: &str, key: &str) -> Result<()> {
    let mut wire = desk.wire();
    let last = desk.ask("acme", "GET", "/v1/status", &Value::Null).await?["events"]["last"]
        .as_u64()
        .context("last")?;
    let n_missing = u64::try_from(FEED)?.saturating_sub(last);
    for batch in 0..n_missing.div_ceil(500) {
        let event = |n: u64| {
            json!({ "id": format!("e{batch}-{n}"), "createdAt": "2026-11-27T00:00:00Z",
            "type": "conversation:message:delivery:user", "payload": { "message": { "id": format!("m{batch}-{n}") },
            "conversation": { "id": "65a1f0c2e4b0a1d2c3e4f501" }, "user": { "id": "65a1f0c2e4b0a1d2c3e4f502" } } })
        };
        let body = json!({ "app": { "id": "a" }, "webhook": { "id": "w", "version": "v2" }, "events": (0..500).map(event).collect::<Value>() });
        let answer = wire.call("POST", path, &[("x-api-key", key)], body.to_string().as_bytes()).await?;
        ensure!(answer.status == 200, "{}", answer.body);
    }
    let began = Instant::now();
    let (mut after, mut n_events) = (0, 0);
    while n_events < FEED {
        let path = format!("/v1/events?after={after}&limit=2000");
        let token = "Bearer cxr_acme_0123456789abcdef0123456789abcdef";
        let page = wire.call("GET", &path, &[("authorization", token)], b"").await?;
        // Read as it is: what the client makes of it isn't the relay's.
        let next = page
            .body
            .rsplit_once("\"next\":")
            .and_then(|(_, rest)| rest.split(',').next()?.parse::<usize>().ok());
        let next = next.context("no next")?;
        ensure!(after < next, "the feed ends at {after}");
        n_events += next - after;
        after = next;
    }
    println!("relay.feed_events_per_second {:.0} events/s", n_events as f64 / began.elapsed().as_secs_f64());
    Ok(())
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

/// In milliseconds.
fn p95(late: &mut [Duration]) -> f64 {
    late.sort_unstable();
    late.get(late.len() * 95 / 100).map_or(0.0, |it| it.as_secs_f64() * 1000.0)
}

/// The bare object's process. It ends with this value.
struct Bare {
    port: u16,
    child: Child,
    folder: PathBuf,
}

impl Bare {
    fn start(kind: &str) -> Result<Self> {
        let place = |name: &str| {
            std::env::var_os(name).map(PathBuf::from).with_context(|| format!("{name} is not set"))
        };
        let workerd = place("CXCONNECT_WORKERD")?;
        let folder = std::env::temp_dir().join(format!("cxconnect-bare-{kind}-{}", std::process::id()));
        fs::create_dir_all(folder.join("disk"))?;
        let config = include_str!("bare.capnp");
        if kind == "rust" {
            let dist = place("CXCONNECT_BARE")?;
            for file in ["relay.js", "index_bg.wasm"] {
                fs::copy(dist.join(file), folder.join(file))?;
            }
            let modules = "modules = [(name = \"relay.js\", esModule = embed \"relay.js\"), \
                 (name = \"index_bg.wasm\", wasm = embed \"index_bg.wasm\")],";
            let script = "modules = [(name = \"bare.js\", esModule = embed \"bare.js\")],";
            fs::write(folder.join("bare.capnp"), config.replace(script, modules))?;
        } else {
            fs::write(folder.join("bare.js"), include_str!("bare.js"))?;
            fs::write(folder.join("bare.capnp"), config)?;
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(workerd)
            .current_dir(&folder)
            .args(["serve", "bare.capnp", "--directory-path=disk=disk"])
            .arg(format!("--socket-addr=http=127.0.0.1:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()?;
        let bare = Self { port, child, folder };
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(Instant::now() < deadline, "workerd doesn't listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(bare)
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It may have ended already, and its folder is only a temporary one.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
