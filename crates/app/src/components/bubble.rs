//! A message as `WhatsApp` shows it.

use cxconnect_core::template::{MediaKind, Origin, Preview, PreviewButton, PreviewHeader, Run};
use leptos::prelude::*;

use crate::{
    components::{Icon, dynamic},
    shell::texts::t,
};

/// The rendered message.
#[component]
pub fn Bubble(
    #[prop(into)] preview: Signal<Preview>,
    /// What stands in the place of a header's address that isn't there; without it, that it comes with the file.
    #[prop(optional, into)]
    no_media: Option<String>,
) -> impl IntoView {
    let no_media = no_media.unwrap_or_else(|| t("bubble.media_missing"));
    view! {
        <div class="chat">
            <div class="bubble" role="figure" aria-label=t("bubble.label")>
                {dynamic(move || message(preview.get(), no_media.clone()))}
            </div>
        </div>
    }
}

fn message(preview: Preview, no_media: String) -> impl IntoView {
    let (media, title) = match preview.header {
        Some(PreviewHeader::Media { kind, url }) => (Some(view! { <Media kind url no_media /> }), None),
        Some(PreviewHeader::Text(runs)) => (None, Some(view! { <p class="bubble-header">{spans(runs)}</p> })),
        None => (None, None),
    };
    view! {
        {media}
        <div class="bubble-text">
            {title} <p class="bubble-body">{spans(preview.body)}</p>
            {preview.footer.map(|footer| view! { <p class="bubble-footer">{footer}</p> })}
        </div>
        {preview.buttons.into_iter().map(button).collect_view()}
    }
}

fn spans(runs: Vec<Run>) -> impl IntoView {
    runs.into_iter().map(span).collect_view()
}

fn span(run: Run) -> impl IntoView {
    let mut class = String::new();
    let marks = [
        (run.style.bold, "run-bold "),
        (run.style.italic, "run-italic "),
        (run.style.strike, "run-strike "),
        (run.style.mono, "run-mono "),
        (matches!(run.origin, Origin::Value(_)), "run-value"),
        (matches!(run.origin, Origin::Missing(_)), "run-missing"),
    ];
    for (_, name) in marks.iter().filter(|(is_on, _)| *is_on) {
        class.push_str(name);
    }
    view! { <span class=class>{run.text}</span> }
}

fn button(button: PreviewButton) -> impl IntoView {
    let (text, below) = match button {
        PreviewButton::QuickReply(text) | PreviewButton::Other(text) => (text, None),
        PreviewButton::Phone { text, number } => (text, Some(view! { <small>{number}</small> }.into_any())),
        PreviewButton::Url { text, url } => (text, Some(view! { <small>{spans(url)}</small> }.into_any())),
        PreviewButton::CopyCode { text, code } => {
            (text, Some(view! { <small>{span(code)}</small> }.into_any()))
        }
    };
    view! { <div class="bubble-button">{text} {below}</div> }
}

/// The header's media: an image is shown if it can be loaded, anything else by its kind and address.
#[component]
fn Media(kind: MediaKind, url: Option<String>, no_media: String) -> impl IntoView {
    let has_failed = RwSignal::new(false);
    let shown = url.clone().filter(|url| kind == MediaKind::Image && url.starts_with("https://"));
    let (icon, key) = match kind {
        MediaKind::Image => (Icon::Image, "media.image"),
        MediaKind::Video => (Icon::Video, "media.video"),
        MediaKind::Document => (Icon::Document, "media.document"),
    };
    let stand_in = move || {
        let address = url.clone().unwrap_or_else(|| no_media.clone());
        view! {
            {icon.view()}
            <span>{t(key)}</span>
            <span class="bubble-media-url">{address}</span>
        }
    };
    let image = move |url: String| {
        view! {
            <img
                src=url
                alt=t("media.image")
                referrerpolicy="no-referrer"
                on:error=move |_| has_failed.set(true)
            />
        }
    };
    let content = dynamic(move || match shown.clone() {
        Some(url) if !has_failed.get() => image(url).into_any(),
        _ => stand_in().into_any(),
    });
    view! { <div class="bubble-media">{content}</div> }
}
