//! One message of a plan, sent to a number of the agent's choice, to see it arrive.

use std::sync::Arc;

use cxconnect_core::{
    dispatch::{MessageState, PauseCause, Phase},
    frozen::{Frozen, Kind},
    phone::E164,
    report::Standing,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::dynamic,
    run::{self, RunRef},
    screens::send::{
        allowance::{self, NotAllowed},
        state::{Plan, SendState},
        verify, wording,
    },
    shell::texts::{t, tr},
};

/// What became of the last test.
#[derive(Clone)]
enum Trial {
    None,
    /// Nothing was sent, and this is why: a text's key.
    Refused(&'static str),
    Sent(RunRef),
}

/// The number, the button, and the outcome.
#[component]
pub fn TestSend(state: SendState, plan: Arc<Plan>, at: RwSignal<usize>) -> impl IntoView {
    let phone = RwSignal::new(String::new());
    let trial = RwSignal::new_local(Trial::None);
    let is_busy = RwSignal::new(false);
    let send = move |_| {
        // Pressing twice sends once.
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        let (plan, text) = (plan.clone(), phone.get_untracked());
        let idx = at.get_untracked();
        spawn_local(async move {
            let sent = try_out(state, &plan, idx, &text).await;
            if let Some(Trial::Sent(before)) = trial.try_update(|trial| {
                let now = sent.map_or_else(Trial::Refused, Trial::Sent);
                std::mem::replace(trial, now)
            }) {
                before.end();
            }
            is_busy.try_set(false);
        });
    };
    on_cleanup(move || {
        if let Trial::Sent(run) = trial.get_untracked() {
            run.end();
        }
    });
    let outcome = move || match trial.get() {
        Trial::None => ().into_any(),
        Trial::Refused(key) => view! { <p role="alert">{t(key)}</p> }.into_any(),
        Trial::Sent(run) => {
            let now = Memo::new(move |_| {
                run.look(|_, dispatch| (dispatch.states().first().cloned(), dispatch.phase().clone()))
            });
            dynamic(move || now.with(|(state, phase)| outcome(state.as_ref(), phase))).into_any()
        }
    };
    view! {
        <div class="field">
            <label for="test-phone">{t("test.label")}</label>
            <div class="row">
                <input
                    id="test-phone"
                    class="input input-inline"
                    type="tel"
                    autocomplete="off"
                    placeholder=t("test.hint")
                    on:input:target=move |event| phone.set(event.target().value())
                />
                <button
                    type="button"
                    class="button button-small"
                    id="test-send"
                    disabled=move || is_busy.get()
                    on:click=send
                >
                    {t("test.send")}
                </button>
            </div>
            <p class="hint">{t("test.explain")}</p>
            <div id="test-result" role="status">
                {dynamic(outcome)}
            </div>
        </div>
    }
}

/// What the agent reads of it.
fn outcome(state: Option<&MessageState>, phase: &Phase) -> AnyView {
    let Some(state) = state else { return ().into_any() };
    let standing = Standing::of(state);
    let key = standing.key();
    let is_moving = matches!(standing, Standing::Waiting | Standing::Claimed)
        && !matches!(phase, Phase::Paused(_) | Phase::Ended(_));
    // A pause is the end of a test: it says why nothing leaves.
    let detail = match (phase, state) {
        (Phase::Paused(PauseCause::Stopped(cause)), _) => tr("detail.provider", &[("text", &cause.text)]),
        (Phase::Paused(PauseCause::Journal(_)), _) => t("pause.journal.title"),
        (_, MessageState::Accepted(id)) => tr("detail.accepted", &[("id", id.as_str())]),
        (_, state) => wording::detail(state),
    };
    view! {
        <p class="row" data-state=key>
            {is_moving.then(|| view! { <span class="spinner"></span> })}
            <span class=wording::tag(standing)>{t(&format!("state.{key}"))}</span>
            <span>{detail}</span>
        </p>
    }
    .into_any()
}

/// Sends it, as everything is sent: kept first.
async fn try_out(state: SendState, plan: &Plan, idx: usize, phone: &str) -> Result<RunRef, &'static str> {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let to = E164::parse_exact(&format!("+{digits}")).map_err(|_| "test.no_phone")?;
    let message = plan.batch.message(idx).ok_or("test.not_sent")?;
    let backend = state.backend.get();
    allowance::check(&backend, vec![to]).await.map_err(|error| match error {
        NotAllowed::Package(_) => "confirm.package.title",
        NotAllowed::Limit(_) => "confirm.limit.title",
    })?;
    let frozen = Frozen::one(verify::about(state, plan, Kind::Test), to, &message.values);
    // One message may leave without being kept: whoever tries it is looking at it.
    let keeper = match backend.journal().await {
        Ok(journal) => Some(run::keep(journal, &frozen, |_, _| ()).await.map_err(|_| "pause.journal.title")?),
        Err(_) => None,
    };
    let run = RunRef::create(backend, frozen, keeper).await.map_err(|_| "test.not_sent")?;
    run.go_on();
    Ok(run)
}
