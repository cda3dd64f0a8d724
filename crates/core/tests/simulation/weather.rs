//! How bad a schedule's world is, and what becomes of its calls and writes.

use cxconnect_core::dispatch::{Doubt, Millis, StopKind};

use crate::random::Random;

/// Chances in a thousand, for one schedule.
pub struct Weather {
    /// Calls that don't go as they should, in a fair mood.
    bad_calls: u64,
    bad_writes: u64,
    slow_writes: u64,
    /// Per event of the browser.
    pub crashes: u64,
    /// Per tick of the agent.
    pub second_owners: u64,
    pub watchers: u64,
    pub meddling: u64,
    /// Per tick: the clock on the wall jumps.
    pub clock_jumps: u64,
    mood: Mood,
}

/// What the provider is like for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Fair,
    /// 429 to everything.
    Throttling,
    /// 5xx, accepted or not.
    Failing,
    /// Nothing comes back for a minute.
    Hanging,
    Refusing,
    /// A captive portal, a proxy's page.
    Html,
    /// 401, 402, 403, the proxy.
    Stopping,
}

/// What the provider makes of a call that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accept,
    /// It takes the message, but what it says doesn't tell.
    AcceptUnclearly(Doubt),
    /// It doesn't, and doesn't tell either.
    Fail(Doubt),
    Refuse(&'static str),
    Throttle(Option<Millis>),
    Stop(StopKind),
}

/// What becomes of one call.
#[derive(Clone, Copy, Debug)]
pub struct CallFate {
    /// `None`: it never reaches the provider.
    pub arrives_after: Option<Millis>,
    pub verdict: Verdict,
    /// After the verdict; `None`: the answer is lost.
    pub returns_after: Option<Millis>,
    /// When the browser notices that the connection is gone, if it does.
    pub breaks_after: Option<Millis>,
}

/// What becomes of one write.
#[derive(Clone, Copy, Debug)]
pub struct WriteFate {
    /// `None`: never kept.
    pub kept_after: Option<Millis>,
    pub reply: Reply,
}

#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// As it is, so long after it was kept.
    True(Millis),
    /// That it failed, so long after it was asked for, whatever became of it.
    Failed(Millis),
}

impl Weather {
    pub fn draw(random: &mut Random) -> Self {
        Self {
            bad_calls: random.weighed(&[(2, 0), (3, 30), (3, 150), (1, 500)]),
            bad_writes: random.weighed(&[(4, 0), (2, 10), (1, 100)]),
            slow_writes: random.weighed(&[(3, 0), (2, 50), (1, 500)]),
            crashes: random.weighed(&[(3, 0), (3, 5), (2, 30), (1, 120)]),
            second_owners: random.weighed(&[(4, 0), (1, 100)]),
            watchers: random.weighed(&[(3, 0), (1, 100)]),
            meddling: random.weighed(&[(1, 0), (2, 100), (1, 600)]),
            clock_jumps: random.weighed(&[(3, 0), (1, 200)]),
            mood: Mood::Fair,
        }
    }

    /// Nothing goes wrong any more.
    pub fn clear_up(&mut self) {
        *self = Self {
            bad_calls: 0,
            bad_writes: 0,
            slow_writes: 0,
            crashes: 0,
            second_owners: 0,
            watchers: 0,
            meddling: 0,
            clock_jumps: 0,
            mood: Mood::Fair,
        };
    }

    /// Another mood, and how long it lasts.
    pub fn change(&mut self, random: &mut Random) -> Millis {
        self.mood = random.weighed(&[
            (8, Mood::Fair),
            (2, Mood::Throttling),
            (2, Mood::Failing),
            (1, Mood::Hanging),
            (1, Mood::Refusing),
            (1, Mood::Html),
            (1, Mood::Stopping),
        ]);
        random.within(100..15_000)
    }

    pub fn call(&self, random: &mut Random) -> CallFate {
        let mood = if random.chance(self.bad_calls) {
            random.weighed(&[
                (2, Mood::Throttling),
                (2, Mood::Failing),
                (1, Mood::Hanging),
                (3, Mood::Refusing),
                (1, Mood::Html),
                (1, Mood::Stopping),
            ])
        } else {
            self.mood
        };
        let mut fate = CallFate {
            arrives_after: Some(random.within(5..120)),
            verdict: verdict(mood, random),
            returns_after: Some(random.within(5..150)),
            breaks_after: None,
        };
        if mood == Mood::Hanging {
            // It may be accepted long after everybody has given up on it.
            fate.arrives_after = Some(random.within(5..70_000));
            fate.returns_after = random.chance(500).then_some(60_000);
        }
        if random.chance(self.bad_calls / 3) {
            match random.within(0..3) {
                0 => fate.arrives_after = None,
                1 => fate.returns_after = None,
                _ => fate.returns_after = Some(random.within(1_000..40_000)),
            }
            fate.breaks_after = random.chance(700).then(|| random.within(1..20_000));
        }
        fate
    }

    pub fn write(&self, random: &mut Random) -> WriteFate {
        let usual =
            if random.chance(self.slow_writes) { random.within(50..8_000) } else { random.within(1..9) };
        if !random.chance(self.bad_writes) {
            return WriteFate { kept_after: Some(usual), reply: Reply::True(random.within(0..5)) };
        }
        let reported = random.within(1..30_000);
        let kept_after = match random.within(0..3) {
            0 => None,
            1 => Some(random.within(0..reported)),
            _ => Some(reported + random.within(1..10_000)),
        };
        WriteFate { kept_after, reply: Reply::Failed(reported) }
    }
}

fn verdict(mood: Mood, random: &mut Random) -> Verdict {
    let is_accepted = random.chance(500);
    let unclear = |doubt| if is_accepted { Verdict::AcceptUnclearly(doubt) } else { Verdict::Fail(doubt) };
    match mood {
        Mood::Fair | Mood::Hanging => Verdict::Accept,
        Mood::Throttling => Verdict::Throttle(random.chance(300).then(|| random.within(0..20) * 1_000)),
        Mood::Failing => unclear(Doubt::Server { status: 502 }),
        Mood::Html => unclear(Doubt::NotUnderstood { status: 200 }),
        Mood::Refusing => Verdict::Refuse(
            random.weighed(&[(9, "Destination is invalid"), (1, "(#132015) Template is paused")]),
        ),
        Mood::Stopping => Verdict::Stop(random.weighed(&[
            (1, StopKind::Unauthorized),
            (1, StopKind::PaymentRequired),
            (1, StopKind::Forbidden),
            (1, StopKind::ProxyRefused),
        ])),
    }
}
