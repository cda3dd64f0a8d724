//! How much memory a tab takes, by what Linux says of its process.

use std::collections::BTreeMap;
use std::fs;
use std::process;

/// A renderer: the process that a tab's pages run in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renderer {
    /// In memory now, in bytes.
    pub resident: u64,
    /// The part of that which is files: Chromium's own code, which all of its processes share.
    pub code: u64,
    /// The most that `resident` ever was, in bytes.
    pub peak: u64,
}

/// The renderers of the browsers that this process has started, by their ids. None where there is no `/proc`.
pub fn renderers() -> BTreeMap<u32, Renderer> {
    let parents: BTreeMap<u32, u32> = processes().filter_map(|id| Some((id, parent(id)?))).collect();
    let own = process::id();
    let is_ours = |mut id: u32| {
        while let Some(&parent) = parents.get(&id) {
            if parent == own {
                return true;
            }
            id = parent;
        }
        false
    };
    parents
        .keys()
        .copied()
        .filter(|id| is_ours(*id) && is_renderer(*id))
        .filter_map(|id| Some((id, renderer(id)?)))
        .collect()
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

// A process may end at any time: what can't be read is gone.

fn parent(id: u32) -> Option<u32> {
    u32::try_from(figure(&status(id)?, "PPid")?).ok()
}

fn is_renderer(id: u32) -> bool {
    // Chromium writes all arguments into one, or keeps them apart by zeros.
    let arguments = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&arguments).contains("--type=renderer")
}

fn renderer(id: u32) -> Option<Renderer> {
    let status = status(id)?;
    let bytes = |name| Some(figure(&status, name)? * 1024);
    Some(Renderer { resident: bytes("VmRSS")?, code: bytes("RssFile")?, peak: bytes("VmHWM")? })
}

fn status(id: u32) -> Option<String> {
    fs::read_to_string(format!("/proc/{id}/status")).ok()
}

/// `VmHWM:    123 kB` is 123.
fn figure(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.split_whitespace().next()?.parse().ok()
}
