//! The processes that browsers are made of, as Linux lists them in `/proc`; elsewhere there are none to be seen.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// A process and all that it has started, directly or not.
pub fn tree(root: u32) -> Vec<u32> {
    let parents = parents();
    let descends = |mut id: u32| {
        while id != root {
            match parents.get(&id) {
                Some(&parent) => id = parent,
                None => return false,
            }
        }
        true
    };
    parents.keys().copied().filter(|id| descends(*id)).collect()
}

/// Ends them at once; none of them can do anything about it.
pub fn kill(ids: &[u32]) -> Result<()> {
    ensure!(!ids.is_empty(), "there is no such process");
    // One that has ended meanwhile makes `kill` complain, and is what was wanted.
    Command::new("kill").arg("-KILL").args(ids.iter().map(u32::to_string)).output().context("kill")?;
    Ok(())
}

/// Whether it is there and does something: what was killed stays listed until its parent has looked at it.
pub fn is_alive(id: u32) -> bool {
    status(id).is_some_and(|status| !value(&status, "State").is_some_and(|it| it.starts_with(['Z', 'X'])))
}

/// What it was started with, in one text.
pub fn arguments(id: u32) -> String {
    // Chromium writes all arguments into one, or keeps them apart by zeros.
    String::from_utf8_lossy(&fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default()).into_owned()
}

/// A number among what Linux says of it: of `VmHWM:    123 kB` it is 123.
pub fn figure(status: &str, name: &str) -> Option<u64> {
    value(status, name)?.split_whitespace().next()?.parse().ok()
}

/// What Linux says of it. A process may end at any time: what can't be read is gone.
pub fn status(id: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{id}/status")).ok()
}

fn value<'a>(status: &'a str, name: &str) -> Option<&'a str> {
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

/// Each process's parent.
fn parents() -> BTreeMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parent = |id: u32| u32::try_from(figure(&status(id)?, "PPid")?).ok();
    ids.filter_map(|id| Some((id, parent(id)?))).collect()
}
