//! Seeded schedules of callers, SunCo, clock and process, in which anything may be slow, refused or lost and the process
//! may die between any two statements of the database, before or after a commit, and with calls under way.
//!
//! What must hold, whatever happens: no message reaches SunCo twice; what was acknowledged is there and ends in exactly one
//! state; the feed has no gaps; the counters say what there is. A failure prints its seed;
//! `CXCONNECT_SCHEDULES=n` runs more.

use std::collections::{BTreeMap, BTreeSet};

use cxconnect_core::dispatch::{Answer, Doubt, NotificationId, Refusal, StopCause, StopKind};
use cxconnect_relay::{
    Db, Ms,
    pump::{Begin, Pump, Step},
    settings::Settings,
};
use serde_json::{Value as Json, json};

use crate::support::{Relay, head, payload};

const SCHEDULES: u64 = 200;
const STEPS: usize = 160;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// A call on its way.
struct Call {
    run: u64,
    message: usize,
    attempt: u32,
    id: String,
    has_arrived: bool,
}

struct World {
    random: Random,
    relay: Relay,
    secret: String,
    path: String,
    pump: Pump,
    settings: Settings,
    wake: Option<Ms>,
    calls: Vec<Call>,
    /// How often each message reached SunCo and was taken.
    taken: BTreeMap<String, Vec<String>>,
    /// Messages that were acknowledged.
    acknowledged: BTreeSet<String>,
    /// Receipts that were, by their key.
    receipts: BTreeSet<(String, String, i64)>,
    n_phones: u64,
    is_healthy: bool,
}

impl World {
    fn new(seed: u64) -> Self {
        let (relay, secret) = Relay::with_webhook();
        let changes = json!({ "webhook_rate_per_minute": 60_000, "max_wait_hours": 10_000 });
        assert_eq!(relay.admin("PATCH", "/v1/settings", &changes).0, 200);
        let path = relay.set_up();
        let settings = Settings::load(relay.account.db()).unwrap();
        Self {
            random: Random(seed),
            relay,
            secret,
            path,
            pump: Pump::default(),
            settings,
            wake: None,
            calls: Vec::new(),
            taken: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            receipts: BTreeSet::new(),
            n_phones: 0,
            is_healthy: false,
        }
    }

    fn now(&self) -> Ms {
        self.relay.clock.now.get()
    }

    fn pass(&mut self, millis: Ms) {
        self.relay.clock.now.set(self.now() + millis);
    }

    /// The process dies if the database said so: what it had in mind is gone, calls on their way may still arrive.
    fn bury(&mut self) -> bool {
        if !self.relay.db.is_dead() {
            return false;
        }
        for call in std::mem::take(&mut self.calls) {
            if !call.has_arrived && self.random.one_in(2) {
                self.arrive(&call.id);
            }
        }
        self.relay.restart();
        self.pump = Pump::default();
        self.wake = None;
        true
    }

    fn arrive(&mut self, id: &str) -> String {
        let notification = format!("n{}-{}", self.taken.len(), self.random.below(1 << 40));
        self.taken.entry(id.to_owned()).or_default().push(notification.clone());
        notification
    }

    fn trigger(&mut self) {
        self.n_phones += 1;
        let phone = format!("52551{:07}", 2_000_000 + self.n_phones);
        let mut head = head("POST", "/api/v2/webhook", Some(&self.secret));
        head.idempotency_key = Some(format!("k{}", self.n_phones));
        let body = payload(&phone, "Ana").to_string();
        let mut acknowledged = None;
        for _ in 0..4 {
            let response = self.relay.call(&head, body.as_bytes()).response;
            match response.status {
                202 => {
                    let answer: Json = serde_json::from_str(&response.body).unwrap();
                    let id = answer["message_id"].as_str().unwrap().to_owned();
                    // The same key, the same message, whatever happened in between.
                    assert!(acknowledged.as_ref().is_none_or(|before| *before == id));
                    self.acknowledged.insert(id.clone());
                    acknowledged = Some(id);
                    if !self.random.one_in(4) {
                        break;
                    }
                }
                503 => {}
                status => panic!("{status} {}", response.body),
            }
            self.bury();
        }
    }

    fn receipt(&mut self) {
        let all: Vec<String> = self.taken.values().flatten().cloned().collect();
        let id = if all.is_empty() || self.random.one_in(8) {
            format!("foreign{}", self.random.below(5))
        } else {
            all[usize::try_from(self.random.below(all.len() as u64)).unwrap()].clone()
        };
        let kind = ["channel", "user", "failure"][usize::try_from(self.random.below(3)).unwrap()];
        let at = 1_795_737_600 + i64::try_from(self.random.below(5)).unwrap();
        let body = json!({ "trigger": format!("notification:delivery:{kind}"), "timestamp": at, "notification": { "_id": id },
            "error": { "code": "bad_request", "message": "x" } });
        if self.relay.receipt(&self.path, &body) == 200 {
            let status = match kind {
                "channel" => "sent",
                "user" => "delivered",
                _ => "failed",
            };
            self.receipts.insert((status.to_owned(), id, at * 1000));
        }
        self.bury();
    }

    fn perform(&mut self, steps: Vec<Step>) {
        if self.bury() {
            return;
        }
        for step in steps {
            match step {
                Step::Call { run, message, attempt } => {
                    let outgoing = self.pump.outgoing(run, message).expect("a call has its message");
                    let id = outgoing.message_id().to_owned();
                    // The claim is in the database before the call leaves.
                    let row = self.relay.db.look("SELECT state FROM message WHERE id = ?", &[(&id).into()]);
                    assert_eq!(row[0].int(0), Some(1), "a call without a claim");
                    self.calls.push(Call { run, message, attempt, id, has_arrived: false });
                }
                Step::WakeAt(at) => self.wake = Some(at),
                Step::Done => self.wake = None,
            }
        }
    }

    fn begin(&mut self) {
        let seed = self.random.next();
        let begun = self.pump.begin(self.relay.account.db(), &self.settings, seed, self.now());
        match begun {
            Ok(Begin::Run(steps)) => self.perform(steps),
            Ok(Begin::Stale(key)) => {
                // Fetched again, the same.
                let sql = "UPDATE template SET fetched_at = ? WHERE name = ?";
                let _ = self.relay.db.query(sql, &[self.now().into(), (&key.name).into()]);
                self.bury();
            }
            Ok(Begin::Idle(_)) | Err(_) => {
                self.bury();
            }
        }
    }

    fn answer(&mut self) {
        if self.calls.is_empty() {
            return;
        }
        let at = usize::try_from(self.random.below(self.calls.len() as u64)).unwrap();
        let call = self.calls.swap_remove(at);
        let roll = if self.is_healthy { 0 } else { self.random.below(12) };
        let text = String::new();
        let answer = match roll {
            7 => Answer::Throttled { retry_after_ms: None },
            8 => Answer::Refused(Refusal {
                status: 400,
                code: None,
                text: "Destination is invalid".to_owned(),
            }),
            9 => {
                self.arrive(&call.id);
                Answer::Unknown(Doubt::ConnectionLost)
            }
            10 => Answer::Unknown(Doubt::Timeout),
            11 => Answer::Stop(StopCause { kind: StopKind::Unauthorized, text }),
            _ => Answer::Accepted(NotificationId::parse(&self.arrive(&call.id)).unwrap()),
        };
        if matches!(answer, Answer::Accepted(_)) && !self.is_healthy && self.random.one_in(6) {
            // Its receipt comes first.
            self.receipt();
            if self.calls.is_empty() && !self.pump.is_running() {
                return;
            }
        }
        let now = self.now();
        let answered = (call.run, call.message, call.attempt, answer);
        let steps = self.pump.answered(self.relay.account.db(), answered, now);
        self.perform(steps);
    }

    fn wake(&mut self) {
        let Some(at) = self.wake else { return };
        self.relay.clock.now.set(self.now().max(at));
        if self.pump.is_running() {
            self.wake = None;
            let steps = self.pump.woke(self.relay.account.db(), self.now());
            self.perform(steps);
        }
    }

    fn step(&mut self) {
        match self.random.below(16) {
            0..=3 => self.trigger(),
            4 | 5 => self.receipt(),
            6..=8 => self.begin(),
            9..=11 => self.answer(),
            12 => self.wake(),
            13 => {
                let millis = self.random.below(3_000);
                self.pass(i64::try_from(millis).unwrap());
            }
            14 => {
                let n = u32::try_from(self.random.below(40)).unwrap();
                self.relay.db.dies_after.set(Some(n));
            }
            _ => {
                let n = u32::try_from(self.random.below(40)).unwrap();
                self.relay.db.stumbles_after.set(Some(n));
            }
        }
    }

    /// Everything works from now on, until nothing waits.
    fn heal(&mut self) {
        self.is_healthy = true;
        self.relay.db.dies_after.set(None);
        self.relay.db.stumbles_after.set(None);
        for _ in 0..5_000 {
            let open = self
                .relay
                .db
                .first("SELECT count(*) FROM message WHERE state < 2", &[])
                .unwrap()
                .unwrap()
                .int(0);
            if open == Some(0) && self.calls.is_empty() && !self.pump.is_running() {
                return;
            }
            while !self.calls.is_empty() {
                self.answer();
            }
            if self.pump.is_running() && self.wake.is_some() {
                self.wake();
            } else {
                self.pass(1_000);
                self.begin();
            }
        }
        panic!("the queue doesn't drain: {}", self.relay.status());
    }

    fn judge(&self) {
        for (id, notifications) in &self.taken {
            assert_eq!(notifications.len(), 1, "{id} was sent more than once");
        }
        // What wasn't acknowledged may be there all the same.
        let events = self.relay.events();
        let mut used = 0;
        for row in self.relay.db.query("SELECT id, state, counts, notification FROM message", &[]).unwrap() {
            let (id, state) = (row.text(0).unwrap(), row.int(1).unwrap());
            let taken = self.taken.get(id);
            match state {
                2 => assert_eq!(taken.map(|it| it[0].as_str()), row.text(3), "{id}"),
                3 => assert_eq!(taken, None, "{id} was taken and is said to have failed"),
                4 => {}
                other => panic!("{id} ended in {other}"),
            }
            let has_failed = row.text(3).is_some_and(|notification| {
                let told = |status: &str| {
                    events.iter().any(|it| it["status"] == status && it["notification"] == notification)
                };
                told("failed") && !told("delivered")
            });
            let counts = i64::from(state != 3 && !has_failed);
            assert_eq!(row.int(2), Some(counts), "{id}");
            used += counts;
        }
        for id in &self.acknowledged {
            let message = self.relay.message(&self.secret, id);
            assert!(message["error"]["code"] != "message_not_found", "{id} is lost");
        }
        let status = self.relay.status();
        assert_eq!(
            (status["queue"]["waiting"].as_i64(), status["allotment"]["used"].as_i64()),
            (Some(0), Some(used))
        );

        for (status, id, at) in &self.receipts {
            // A later moment of the same says nothing new.
            let is_told = |it: &Json| {
                it["status"] == *status
                    && it["notification"] == *id
                    && it["at"].as_i64().is_some_and(|told| told <= *at)
            };
            assert!(events.iter().any(is_told), "{status} {id} {at}");
        }
        let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
        for event in events.iter().filter(|it| it["kind"] == "message" && it["state"] != "queued") {
            *ends.entry(event["message"].as_str().unwrap()).or_default() += 1;
        }
        assert!(ends.values().all(|n| *n == 1), "a message ended twice");
    }
}

#[test]
fn nothing_is_sent_twice_and_nothing_is_lost() {
    let n = std::env::var("CXCONNECT_SCHEDULES").ok().and_then(|text| text.parse().ok()).unwrap_or(SCHEDULES);
    let (mut n_taken, mut n_doubts) = (0, 0);
    for seed in 0..n {
        let result = std::panic::catch_unwind(|| {
            let mut world = World::new(seed);
            for _ in 0..STEPS {
                world.step();
                world.bury();
            }
            world.heal();
            world.judge();
            let doubts = world.relay.db.query("SELECT 1 FROM message WHERE state = 4", &[]).unwrap().len();
            (world.taken.len(), doubts)
        });
        match result {
            Ok((taken, doubts)) => {
                n_taken += taken;
                n_doubts += doubts;
            }
            Err(panic) => {
                eprintln!("the seed is {seed}");
                std::panic::resume_unwind(panic);
            }
        }
    }
    // The schedules are of no use if nothing happens in them.
    assert!(n < 10 || (n_taken as u64 > n && 0 < n_doubts), "{n_taken} {n_doubts}");
}
