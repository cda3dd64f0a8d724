//! A provider's refusal → what it means, what to do, and whether trying again helps.
//!
//! The catalogue is Meta's list of errors and the manual's table; texts in the agent's language stand under
//! `reason.KEY.cause` and `reason.KEY.remedy` in `translations/`. Sunshine Conversations passes Meta's errors on in several
//! forms, so a reason is found by Meta's number first (`(#131000)` in a text, too), then by known words; what isn't known
//! is shown as the provider gave it.

mod search;
mod table;
mod titles;

pub use search::Catalogue;
use table::{CATALOGUE, Entry};
use titles::TITLES;

use crate::dispatch::Millis;

/// A reason that the catalogue explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reason(&'static str);

/// Whether a message that was refused for this reason may be tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// At once.
    Now,
    /// After this time, by an agent who knows why.
    Later {
        /// Since the refusal.
        wait: Millis,
    },
    /// Not as it is: something has to be mended first, or it does harm.
    Never,
}

/// What a reason is about, and so whether the messages after it will fare better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// This message, its recipient or its values, or a moment.
    Message,
    /// The template: no other message with it will be taken.
    Template,
    /// The sending number, its account or the connection: no other message will be taken.
    Account,
}

impl Reason {
    /// 131049: held back by Meta, which keeps marketing from flooding people.
    pub const ECOSYSTEM: Self = Self("ecosystem");
    /// 131050: the person wants no marketing from this business.
    pub const OPTED_OUT: Self = Self("opted_out");
    /// 131026: the person can't be reached in WhatsApp.
    pub const UNREACHABLE: Self = Self("unreachable");
    /// 132001: no such template in that language.
    pub const TEMPLATE_MISSING: Self = Self("template_missing");
    /// 132015: paused by Meta.
    pub const TEMPLATE_PAUSED: Self = Self("template_paused");
    /// 132016: switched off by Meta.
    pub const TEMPLATE_DISABLED: Self = Self("template_disabled");

    /// Finds the reason in a provider's words.
    pub fn find(text: &str) -> Option<Self> {
        let by_words = || {
            let text = text.to_ascii_lowercase();
            let entry = CATALOGUE.iter().find(|entry| entry.words.iter().any(|words| text.contains(words)));
            entry.map(|entry| Self(entry.key))
        };
        meta_code(text).and_then(Self::by_code).or_else(by_words)
    }

    /// The reason of Meta's number.
    pub fn by_code(code: u32) -> Option<Self> {
        let has_code =
            |entry: &&Entry| entry.codes.iter().any(|&(first, last)| (first..=last).contains(&code));
        CATALOGUE.iter().find(has_code).map(|entry| Self(entry.key))
    }

    /// The reason of this key.
    pub fn by_key(key: &str) -> Option<Self> {
        CATALOGUE.iter().find(|entry| entry.key == key).map(|entry| Self(entry.key))
    }

    /// The middle part of its translation keys.
    pub fn key(self) -> &'static str {
        self.0
    }

    /// Meta's numbers for it, as ranges with both ends included; none for what only others say.
    pub fn codes(self) -> &'static [(u32, u32)] {
        self.entry().map_or(&[], |entry| entry.codes)
    }

    /// What providers call it, in English, the most usual name first.
    pub fn titles(self) -> &'static [&'static str] {
        TITLES.iter().find(|(key, _)| *key == self.0).map_or(&[], |(_, titles)| titles)
    }

    /// Whether a message that was refused for it may be tried again.
    pub fn retry(self) -> Retry {
        self.entry().map_or(Retry::Never, |entry| entry.retry)
    }

    /// What it is about.
    pub fn concern(self) -> Concern {
        self.entry().map_or(Concern::Message, |entry| entry.concern)
    }

    /// Every reason, in the catalogue's order.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| Self(entry.key))
    }

    fn entry(self) -> Option<&'static Entry> {
        CATALOGUE.iter().find(|entry| entry.key == self.0)
    }
}

/// Meta's number in a text such as `(#131000) Something went wrong`.
fn meta_code(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("(#")?;
    let (digits, _) = after.split_once(')')?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests;
