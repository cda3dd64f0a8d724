//! From Enviar to what became of the message.

use cxconnect_core::{
    dispatch::{Event, MessageState, Phase},
    frozen::{About, Frozen, Kind},
    phone::E164,
    report::Standing,
    template::{Template, Values},
};
use cxconnect_sunco::Integration;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    components::{Notice, Tone, dynamic},
    run::{self, RunRef, StartError},
    screens::{
        api_notice::ApiNotice,
        send::{
            load,
            pauses::Cause,
            results::decision,
            verify::{self, Verification, about_of},
            wording,
        },
        ticket::draft::Draft,
    },
    shell::texts::{t, tr},
};

/// How far the message is.
#[derive(Clone)]
pub enum Stage {
    /// It is being written.
    Writing,
    /// Enviar was pressed: is the template still what the agent saw?
    Verifying,
    /// It isn't, or nothing can be told.
    Trouble(Verification),
    /// It was handed to the engine.
    Sent(RunRef),
}

/// Enviar: sends once, if all is well; otherwise what is wrong is told. Pressing twice sends once.
pub fn start(draft: Draft, stage: RwSignal<Stage, LocalStorage>) {
    draft.is_tried.set(true);
    if stage.with_untracked(|stage| matches!(stage, Stage::Verifying | Stage::Sent(_))) {
        return;
    }
    let send = draft.send();
    let (template, sender) = untrack(|| (send.chosen_template(), send.chosen_sender()));
    let verdict = untrack(|| draft.verdict());
    let (Some(template), Some(sender), Some(verdict)) = (template, sender, verdict) else { return };
    let (Some(to), Some(values)) = (verdict.number, verdict.values) else { return };
    stage.set(Stage::Verifying);
    spawn_local(async move {
        let backend = send.backend.get();
        let next = match verify::template(&backend, &sender.id, &template).await {
            Some(trouble) => Stage::Trouble(trouble),
            // The requester may be another one by now, or the values: the agent looks at it again.
            None if untrack(|| draft.verdict())
                .is_none_or(|now| now.number != Some(to) || now.values.as_ref() != Some(&values)) =>
            {
                Stage::Writing
            }
            None => one(&backend, &template, &sender, to, &values).await,
        };
        let run = match &next {
            Stage::Sent(run) => Some(*run),
            _ => None,
        };
        stage.set(next);
        if let Some(run) = run {
            run.go_on();
        }
    });
}

/// A batch of one message, kept like any other. A browser that keeps nothing sends it all the same: one message whose outcome
/// is seen at once has nothing to be resumed.
async fn one(
    backend: &std::rc::Rc<Backend>,
    template: &Template,
    sender: &Integration,
    to: E164,
    values: &Values,
) -> Stage {
    let about: About = about_of(backend, template, sender, Kind::One, String::new());
    let frozen = Frozen::one(about, to, values);
    let kept = match &backend.journal {
        Ok(journal) => run::keep(journal.clone(), &frozen, |_, _| ()).await.map(Some),
        Err(_) => Ok(None),
    };
    let keeper = match kept {
        Ok(keeper) => keeper,
        Err(StartError::NotKept(_)) => None,
        // It may be kept, and would be sent once more from there.
        Err(error) => return Stage::Trouble(error.into()),
    };
    match RunRef::create(backend.clone(), frozen, keeper).await {
        Ok(run) => Stage::Sent(run),
        Err(error) => Stage::Trouble(error.into()),
    }
}

/// What keeps the message from being sent, found when Enviar was pressed.
pub fn trouble(stage: RwSignal<Stage, LocalStorage>, template: &str) -> Option<AnyView> {
    let Stage::Trouble(trouble) = stage.get() else { return None };
    let (title, text) = match trouble {
        Verification::Vanished => ("confirm.vanished.title", t("ticket.vanished")),
        Verification::NotApproved(status) => {
            ("confirm.unapproved.title", tr("ticket.unapproved", &[("status", &status)]))
        }
        Verification::Changed => ("confirm.changed.title", t("ticket.changed")),
        Verification::Failed(error) => {
            let again = move |()| stage.set(Stage::Writing);
            return Some(view! { <ApiNotice error on_retry=again /> }.into_any());
        }
        _ => ("ticket.not_sent.title", t("ticket.not_sent.fix")),
    };
    let view = view! {
        <Notice tone=Tone::Danger title=tr(title, &[("template", template)])>
            <p>{text}</p>
        </Notice>
    };
    Some(view.into_any())
}

/// What became of it.
#[component]
pub fn Sending(draft: Draft, run: RunRef, stage: RwSignal<Stage, LocalStorage>) -> impl IntoView {
    let glance = Memo::new(move |_| run.glance());
    let outcome = Memo::new(move |_| {
        glance.with(|glance| glance.counts);
        run.look(|_, dispatch| dispatch.states().first().cloned())
    });
    let asked = RwSignal::new(None);
    let result = move || {
        let outcome = outcome.get()?;
        let tone = match outcome {
            MessageState::Accepted(_) | MessageState::MarkedSent => Tone::Success,
            MessageState::Refused(_) => Tone::Danger,
            MessageState::Unknown(_) => Tone::Warning,
            MessageState::Waiting | MessageState::Claimed | MessageState::NotSent => Tone::Info,
        };
        let key = Standing::of(&outcome).key();
        let is_open = matches!(outcome, MessageState::Unknown(_));
        Some(view! {
            <div id="ticket-result" data-state=key>
                <Notice tone title=t(&format!("ticket.state.{key}"))>
                    <p>{wording::detail(&outcome)}</p>
                    {is_open.then(|| decision(run, 0, 0, asked))}
                </Notice>
            </div>
        })
    };
    let again = move |_| {
        stage.set(Stage::Writing);
        draft.values.set(Values::new());
        draft.is_tried.set(false);
        draft.send().template.set(None);
        load::templates(draft.send());
        run.close();
    };
    let buttons = move || {
        let button = |id: &'static str, key: &str, act: Callback<()>| {
            view! {
                <button type="button" class="button" id=id on:click=move |_| act.run(())>
                    {t(key)}
                </button>
            }
            .into_any()
        };
        glance.with(|glance| match glance.phase {
            Phase::Ended(_) => vec![
                view! {
                    <button type="button" class="button" id="ticket-another" on:click=again>
                        {t("ticket.another")}
                    </button>
                }
                .into_any(),
            ],
            Phase::Paused(_) | Phase::Ready => vec![
                button("ticket-retry", "api.retry", Callback::new(move |()| run.go_on())),
                button("ticket-cancel", "ticket.cancel", Callback::new(move |()| run.tell(Event::Cancel))),
            ],
            Phase::Running | Phase::Draining => Vec::new(),
        })
    };
    let to = run.frozen(|frozen| frozen.recipient(0)).map(|to| to.to_string()).unwrap_or_default();
    let preview = run.frozen(|frozen| frozen.preview(0));
    view! {
        <p class="numeric">{to}</p>
        {dynamic(result)}
        <Cause glance />
        {preview.map(|preview| view! { <crate::components::Bubble preview=Signal::stored(preview) /> })}
        <div class="actions">{dynamic(buttons)}</div>
    }
}
