//! Why a batch doesn't go on, and what to do about it.

use cxconnect_core::dispatch::{PauseCause, Phase};
use leptos::prelude::*;

use crate::{
    components::{Notice, Tone, dynamic},
    run::{self, Glance},
    screens::send::{
        running::{Stage, stage},
        wording,
    },
    shell::texts::{maybe_t, t, tr},
};

/// The box, where that isn't plain.
#[component]
pub fn Cause(
    glance: Memo<Glance>,
    /// Of one message some things are said in another way.
    #[prop(optional)]
    is_one: bool,
) -> impl IntoView {
    let cause = Memo::new(move |_| {
        glance.with(|glance| match (stage(glance), &glance.phase) {
            (Stage::Paused, Phase::Paused(cause)) => explained(cause),
            // Whoever has paused it knows why.
            (Stage::Paused, Phase::Ready) if glance.is_held_back => None,
            (Stage::Paused, Phase::Ready) => Some(("reopened", String::new())),
            (stage @ (Stage::Watching | Stage::Interrupted), _) => Some((stage.key(), String::new())),
            _ => None,
        })
    });
    dynamic(move || {
        let (key, said) = cause.get()?;
        let tone = match key {
            "watching" => Tone::Info,
            "reopened" | "interrupted" | "doubts" | "failures" => Tone::Warning,
            _ => Tone::Danger,
        };
        let of_one = |key: &str| is_one.then(|| maybe_t(&format!("ticket.{key}"))).flatten();
        let [title, fix] = [format!("pause.{key}.title"), format!("pause.{key}.fix")]
            .map(|key| of_one(&key).unwrap_or_else(|| t(&key)));
        Some(view! {
            <div id="run-cause" data-cause=key>
                <Notice tone title>
                    <p>{fix}</p>
                    {(!said.is_empty()).then(|| view! { <p class="hint">{tr("api.detail", &[("text", &said)])}</p> })}
                </Notice>
            </div>
        })
    })
}

/// A pause's key, and what the provider said.
fn explained(cause: &PauseCause) -> Option<(&'static str, String)> {
    let said = match cause {
        PauseCause::Template(reason) | PauseCause::Account(reason) => wording::cause_and_remedy(*reason),
        PauseCause::Stopped(cause) => cause.text.clone(),
        _ => String::new(),
    };
    Some((run::pause_key(cause)?, said))
}
