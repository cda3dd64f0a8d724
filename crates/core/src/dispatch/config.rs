//! How a batch is sent.

/// Whole messages a second: 1 to 80, which is what `WhatsApp` takes from one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u8);

impl Rate {
    /// The fastest.
    pub const MAX: Self = Self(80);
    /// Where the setting says nothing.
    pub const DEFAULT: Self = Self(8);

    /// From the setting: values out of range are brought into it.
    pub fn new(per_second: u32) -> Self {
        Self(
            u8::try_from(per_second).map_or(Self::MAX, |per_second| Self(per_second.clamp(1, Self::MAX.0))).0,
        )
    }

    /// Messages a second.
    pub fn per_second(self) -> u32 {
        u32::from(self.0)
    }
}

/// How a batch is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Never more calls than this are begun in any second.
    pub rate: Rate,
    /// So many refused or unknown messages in a row pause the batch; 0 never does.
    pub failures_that_pause: u32,
    /// Any number, another one for each run: waits after a 429 are spread by it, so that two browsers don't come back at the
    /// same moment.
    pub seed: u64,
}

impl Config {
    /// Failures in a row where the setting says nothing.
    pub const DEFAULT_FAILURES_THAT_PAUSE: u32 = 25;
}
