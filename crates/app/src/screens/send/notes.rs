//! What there is to know besides the rows: the files that they name, and a list that protects fewer than it should.

use cxconnect_core::{check::MediaFile, problem::ProblemKind};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    screens::send::{problem_text::kind_text, state::SendState, work::Work},
    shell::texts::{tn, tr},
};

/// The notes, if there are any.
#[component]
pub fn Notes(state: SendState) -> impl IntoView {
    dynamic(move || state.look(notes))
}

fn notes(work: &Work) -> Option<AnyView> {
    let checked = work.checked.as_ref()?;
    let mut texts: Vec<(String, String)> = Vec::new();
    let mut tone = Tone::Warning;
    let mut n_not_weighed = 0;
    for file in checked.media_files().iter().filter(|file| !file.rows.is_empty()) {
        let found = file.findings.iter().flatten();
        let (unknown, told): (Vec<_>, Vec<_>) =
            found.partition(|kind| **kind == ProblemKind::MediaNotWeighed);
        n_not_weighed += usize::from(!unknown.is_empty() || file.findings.is_none());
        if file.is_refused() {
            tone = Tone::Danger;
        }
        if !told.is_empty() {
            let told: Vec<String> = told.into_iter().map(kind_text).collect();
            texts.push((file.url.clone(), format!("{} {}", rows(work, file), told.join(" "))));
        }
    }
    let mut lines: Vec<String> = Vec::new();
    if 0 < n_not_weighed {
        lines.push(tn("media.not_weighed", n_not_weighed, &[]));
    }
    if 0 < checked.n_rows_with_other_media() {
        lines.push(tn("media.not_looked_at", checked.n_rows_with_other_media(), &[]));
    }
    let unreadable = checked.opt_outs().unreadable();
    if !unreadable.is_empty() {
        lines.push(tr("opt_outs.unreadable", &[("entries", &unreadable.join(", "))]));
    }
    if texts.is_empty() && lines.is_empty() {
        return None;
    }
    let files = texts.into_iter().map(|(url, text)| {
        view! {
            <p>
                <span class="mono">{url}</span>
                " "
                {text}
            </p>
        }
    });
    let files = files.collect_view();
    let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    let title = tn("media.title", checked.media_files().len(), &[]);
    Some(
        view! {
            <Notice tone title>
                {files}
                {lines}
            </Notice>
        }
        .into_any(),
    )
}

/// Which rows name a file.
fn rows(work: &Work, file: &MediaFile) -> String {
    let first = file.rows.first().and_then(|row| usize::try_from(*row).ok()).unwrap_or_default();
    let row = work.sheet.row_number(first).to_string();
    tn("media.rows", file.rows.len(), &[("row", &row)])
}
