//! A piece of a screen whose code may still be on its way.

use std::{future::Future, pin::Pin};

use futures_util::FutureExt as _;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Notice, Tone, dynamic},
    shell::{part::NotLoaded, texts::t},
};

/// Draws the piece as soon as its code is there, at once if it is already; until then says that it is coming, and if it
/// doesn't come, offers to try again. `load` fetches what `draw` needs.
pub fn later<L, D>(load: fn() -> L, draw: impl Fn() -> D + Send + 'static) -> AnyView
where
    L: Future<Output = Result<(), NotLoaded>> + 'static,
    D: Future<Output = Result<AnyView, NotLoaded>>,
{
    place(load, draw, spinner)
}

/// The same for a piece beside others, for which nobody waits: nothing stands in its place until it comes.
pub fn quietly_later<L, D>(load: fn() -> L, draw: impl Fn() -> D + Send + 'static) -> AnyView
where
    L: Future<Output = Result<(), NotLoaded>> + 'static,
    D: Future<Output = Result<AnyView, NotLoaded>>,
{
    place(load, draw, || ().into_any())
}

fn place<L, D>(load: fn() -> L, draw: impl Fn() -> D + Send + 'static, waiting: fn() -> AnyView) -> AnyView
where
    L: Future<Output = Result<(), NotLoaded>> + 'static,
    D: Future<Output = Result<AnyView, NotLoaded>>,
{
    let is_missing = RwSignal::new(false);
    let n_arrivals = RwSignal::new(0_u32);
    dynamic(move || {
        n_arrivals.track();
        if is_missing.get() {
            return view! { <Missing is_missing /> }.into_any();
        }
        let mut loading: Pin<Box<dyn Future<Output = _>>> = Box::pin(load());
        // Drawn here and not by a task: whatever it makes lives as long as this place.
        if let Some(Ok(())) = loading.as_mut().now_or_never()
            && let Some(Ok(drawn)) = draw().now_or_never()
        {
            return drawn;
        }
        spawn_local(async move {
            // The agent may have gone elsewhere in the meantime.
            match loading.await {
                Ok(()) => n_arrivals.try_update(|n| *n += 1),
                Err(_) => is_missing.try_update(|is_missing| *is_missing = true),
            };
        });
        waiting()
    })
    .into_any()
}

fn spinner() -> AnyView {
    view! {
        <p class="row muted" role="status">
            <span class="spinner"></span>
            {t("part.loading")}
        </p>
    }
    .into_any()
}

/// The code did not arrive.
#[component]
fn Missing(is_missing: RwSignal<bool>) -> impl IntoView {
    view! {
        <Notice tone=Tone::Danger title=t("part.missing.title")>
            <p>{t("part.missing.fix")}</p>
            <button
                type="button"
                class="button button-small part-again"
                on:click=move |_| is_missing.set(false)
            >
                {t("api.retry")}
            </button>
        </Notice>
    }
}
