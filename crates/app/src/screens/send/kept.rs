//! What fills what, kept in the browser for the next file of the same template.

use cxconnect_core::{mapping::Kept, template::Template};

use crate::{screens::send::work::Work, shell::storage};

/// What was chosen for an earlier file.
pub fn find(template: &Template) -> Option<Kept> {
    let kept = storage::get(&key(template)).ok().flatten()?;
    // What another version has written and this one can't read is as good as nothing.
    serde_json::from_str(&kept).ok()
}

/// Keeps what the agent has chosen, once it is complete.
pub fn keep(work: &Work) {
    let Some(kept) = Kept::of(&work.mapping, work.sheet.header()) else { return };
    if let Ok(text) = serde_json::to_string(&kept) {
        // Where the browser keeps nothing, the agent chooses again the next time.
        let _ = storage::set(&key(&work.origin.template), &text);
    }
}

fn key(template: &Template) -> String {
    format!("cxconnect.mapping.{}.{}", template.name, template.language)
}
