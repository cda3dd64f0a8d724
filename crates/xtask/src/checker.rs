//! Would Zendesk take this package?
//!
//! The rules are those that Zendesk documents and that its open-source validator (the Ruby gem
//! `zendesk_apps_support`, 4.52) applies, and some of our own about what an upload shows too late. They are checked
//! on what the zip really holds. A breach fails; there is nothing to switch off.

mod assets;
mod json;
mod manifest;
mod package;
mod page;
mod parameters;
mod png;
mod requirements;
mod rule;
mod svg;
mod translations;

#[cfg(test)]
mod tests;

use std::fmt;

use anyhow::{Result, bail};

pub use package::Package;
pub use rule::Rule;

/// A rule that a file breaks.
#[derive(Debug)]
pub struct Breach {
    pub rule: Rule,
    pub file: String,
    pub what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    rule: {}", self.file, self.what, self.rule.statement())
    }
}

/// All breaches found so far.
#[derive(Debug, Default)]
pub struct Report {
    pub breaches: Vec<Breach>,
}

impl Report {
    fn breach(&mut self, rule: Rule, file: &str, what: impl Into<String>) {
        self.breaches.push(Breach { rule, file: file.to_owned(), what: what.into() });
    }

    /// Records a breach unless `holds`.
    fn require(&mut self, holds: bool, rule: Rule, file: &str, what: impl FnOnce() -> String) {
        if !holds {
            self.breach(rule, file, what());
        }
    }
}

/// Applies every rule. `version` is the workspace's.
pub fn check(package: &Package, version: &str) -> Report {
    let mut report = Report::default();
    package::check(package, &mut report);
    let manifest = manifest::check(package, version, &mut report);
    translations::check(package, manifest.as_ref(), &mut report);
    requirements::check(package, &mut report);
    assets::check(package, manifest.as_ref(), &mut report);
    page::check(package, &mut report);
    report
}

/// Applies every rule and fails with all breaches.
pub fn ensure(package: &Package, version: &str) -> Result<()> {
    let breaches = check(package, version).breaches;
    if breaches.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = breaches.iter().map(|breach| format!("  - {breach}")).collect();
    bail!("Zendesk would refuse this package or not show it right:\n{}", list.join("\n"));
}
