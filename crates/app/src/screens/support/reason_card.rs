//! An error of the catalogue: its code and name, why it happens, what to do, and whether trying again helps.

use cxconnect_core::reasons::{Concern, Reason, Retry};
use leptos::prelude::*;

use crate::shell::texts::{t, tn};

const MINUTE: u64 = 60_000;

/// An item of the list.
pub fn reason_card(reason: Reason) -> AnyView {
    let key = reason.key();
    let code = (!reason.codes().is_empty()).then(|| {
        view! {
            <span class="tag mono">
                <span class="visually-hidden">{t("support.errors.code")} " "</span>
                {codes(reason)}
            </span>
        }
    });
    // Providers write English in every country.
    let (title, others) =
        reason.titles().split_first().map_or((key, &[][..]), |(first, others)| (*first, others));
    let others = (!others.is_empty()).then(|| {
        view! {
            <p class="hint">{t("support.errors.also")} " " <span lang="en">{others.join(" · ")}</span></p>
        }
    });
    let concern = match reason.concern() {
        Concern::Message => None,
        Concern::Template => Some(t("support.errors.about_template")),
        Concern::Account => Some(t("support.errors.about_account")),
    };
    let (tone, again) = again(reason.retry());
    view! {
        <li class="reason" data-reason=key>
            <h3 class="reason-name">{code} <span lang="en">{title}</span></h3>
            {others}
            <p>{t(&format!("reason.{key}.cause"))}</p>
            <p>
                <strong>{t("support.errors.remedy")}</strong>
                " "
                {t(&format!("reason.{key}.remedy"))}
            </p>
            <p class="template-tags">
                <span class=tone>{again}</span>
                {concern.map(|concern| view! { <span class="tag">{concern}</span> })}
            </p>
        </li>
    }
    .into_any()
}

/// Its codes: `131049`, `200–299`, `4, 613`.
fn codes(reason: Reason) -> String {
    let range = |&(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}–{last}") }
    };
    reason.codes().iter().map(range).collect::<Vec<_>>().join(", ")
}

/// Whether trying again makes sense, and how it is shown.
fn again(retry: Retry) -> (&'static str, String) {
    match retry {
        Retry::Now => ("tag tag-success", t("support.retry.now")),
        Retry::Later { wait } => {
            let minutes = usize::try_from(wait / MINUTE).unwrap_or_default();
            let text = if minutes % 60 == 0 {
                tn("support.retry.hours", minutes / 60, &[])
            } else {
                tn("support.retry.minutes", minutes, &[])
            };
            ("tag tag-warning", text)
        }
        Retry::Never => ("tag tag-danger", t("support.retry.never")),
    }
}
