//! How much memory a tab takes, by what Linux says of its process.

use std::collections::BTreeMap;
use std::process;

use cxconnect_tests::processes::{arguments, figure, status, tree};

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
    let ours = tree(process::id()).into_iter();
    let renderers = ours.filter(|id| arguments(*id).contains("--type=renderer"));
    renderers.filter_map(|id| Some((id, renderer(id)?))).collect()
}

/// The memory of the largest renderer's own, in bytes.
pub fn largest() -> u64 {
    renderers().values().map(|it| it.resident.saturating_sub(it.code)).max().unwrap_or_default()
}

fn renderer(id: u32) -> Option<Renderer> {
    let status = status(id)?;
    let bytes = |name| Some(figure(&status, name)? * 1024);
    Some(Renderer { resident: bytes("VmRSS")?, code: bytes("RssFile")?, peak: bytes("VmHWM")? })
}
