//! A box that tells something, as Garden's notifications do.

use leptos::prelude::*;

/// How serious it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Success,
    Info,
    Warning,
    Danger,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Success => "notice notice-success",
            Self::Info => "notice",
            Self::Warning => "notice notice-warning",
            Self::Danger => "notice notice-danger",
        }
    }

    /// Bad news interrupts a screen reader, other news waits its turn.
    fn role(self) -> &'static str {
        match self {
            Self::Success | Self::Info => "status",
            Self::Warning | Self::Danger => "alert",
        }
    }
}

/// A box with a title and whatever belongs below it.
#[component]
pub fn Notice(
    tone: Tone,
    /// The one sentence that everybody reads.
    #[prop(into)]
    title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class=tone.class() role=tone.role()>
            <p class="notice-title">{title}</p>
            {children.map(|children| children())}
        </div>
    }
}
