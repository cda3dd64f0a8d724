//! The provider: who got what, as it really was.

use std::collections::VecDeque;

use cxconnect_core::dispatch::{Answer, MessageIdx, Millis, NotificationId, Refusal, StopCause};

use crate::weather::Verdict;

/// More calls than this in a second are turned away, whatever else it would say.
const CEILING: usize = 90;

#[derive(Default)]
pub struct Provider {
    /// By message: the ids under which it was taken.
    taken: Vec<Vec<NotificationId>>,
    n_taken: u64,
    arrivals: VecDeque<Millis>,
}

impl Provider {
    pub fn new(n_messages: usize) -> Self {
        Self { taken: vec![Vec::new(); n_messages], ..Self::default() }
    }

    /// A call arrives; what is answered.
    pub fn call(&mut self, now: Millis, message: MessageIdx, verdict: Verdict) -> Answer {
        while self.arrivals.front().is_some_and(|at| at + 1_000 <= now) {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
        if CEILING < self.arrivals.len() {
            return Answer::Throttled { retry_after_ms: None };
        }
        match verdict {
            Verdict::Accept => Answer::Accepted(self.take(message)),
            Verdict::AcceptUnclearly(doubt) => {
                self.take(message);
                Answer::Unknown(doubt)
            }
            Verdict::Fail(doubt) => Answer::Unknown(doubt),
            Verdict::Refuse(text) => {
                let code = Some("bad_request".to_owned());
                Answer::Refused(Refusal { status: 400, code, text: text.to_owned() })
            }
            Verdict::Throttle(retry_after_ms) => Answer::Throttled { retry_after_ms },
            Verdict::Stop(kind) => Answer::Stop(StopCause { kind, text: "No".to_owned() }),
        }
    }

    /// How often a person got this message.
    pub fn n_received(&self, message: MessageIdx) -> usize {
        self.taken[message].len()
    }

    pub fn knows(&self, message: MessageIdx, id: &NotificationId) -> bool {
        self.taken[message].contains(id)
    }

    fn take(&mut self, message: MessageIdx) -> NotificationId {
        self.n_taken += 1;
        let id = NotificationId::parse(&format!("n{}", self.n_taken)).expect("not empty");
        self.taken[message].push(id.clone());
        id
    }
}
