//! From Enviar to what became of the message.

use std::rc::Rc;

use cxconnect_core::{
    dispatch::{Event, MessageState, Phase},
    frozen::{About, Frozen, Kind},
    ledger,
    report::Standing,
    template::Values,
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    components::{Notice, Tone, dynamic},
    run::{self, LedgerGlance, Role, RunRef, StartError},
    screens::{
        api_notice::ApiNotice,
        ledger_notice::LedgerNotice,
        send::{
            allowance::{self, NotAllowed},
            elsewhere, load,
            pauses::Cause,
            results::decision,
            verify::{self, Verification, about_of},
            wording,
        },
        ticket::{
            doubts,
            draft::{Draft, Message},
        },
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
    /// The requester or the message has changed meanwhile, so nothing was sent.
    Stale,
    /// There is one to the same person of which nobody knows whether it left: they could get both.
    InDoubt,
    /// It was handed to the engine.
    Sent(Sent),
}

/// A message that was handed to the engine.
#[derive(Clone, PartialEq)]
pub struct Sent {
    run: RunRef,
    /// Whom it goes to: the ticket may have another requester by now.
    name: String,
}

impl Stage {
    /// A message that is the engine's.
    pub fn sending(run: RunRef, name: String) -> Self {
        Self::Sent(Sent { run, name })
    }

    /// The message that was handed over, if one was.
    pub fn sent(&self) -> Option<Sent> {
        match self {
            Self::Sent(sent) => Some(sent.clone()),
            _ => None,
        }
    }
}

/// Enviar: sends once, if all is well; otherwise what is wrong is told. Pressing twice sends once. Whoever was warned of a
/// message in doubt may insist.
pub fn start(draft: Draft, insists: bool) {
    draft.is_tried.set(true);
    if draft.stage.with_untracked(|stage| matches!(stage, Stage::Verifying | Stage::Sent(_))) {
        return;
    }
    let Some(message) = untrack(|| draft.message()) else { return };
    draft.stage.set(Stage::Verifying);
    spawn_local(async move {
        let next = ready(draft, message, insists).await;
        let sent = next.sent();
        draft.stage.set(next);
        if let Some(sent) = sent {
            sent.run.go_on();
        }
    });
}

/// Makes the message ready to be sent, as long as it is the one that the agent sees.
async fn ready(draft: Draft, message: Message, insists: bool) -> Stage {
    let backend = draft.send().backend.get();
    let send = draft.send();
    if let Some(trouble) = verify::template(send, &backend, &message.sender.id, &message.template).await {
        return Stage::Trouble(trouble);
    }
    match allowance::check(&backend, vec![message.to]).await {
        Ok(()) => (),
        // The form follows the package by itself, and says why nothing starts.
        Err(NotAllowed::Package(_)) => return Stage::Writing,
        Err(NotAllowed::Limit(over)) => return Stage::Trouble(Verification::OverLimit(over)),
    }
    if !insists {
        // What can't be read is unknown, and is no reason to refuse.
        let doubts = run::in_doubt(&backend, message.to).await.unwrap_or_default();
        if !doubts.is_empty() {
            doubts::replace(draft, doubts);
            return Stage::InDoubt;
        }
    }
    let is_as_seen = || untrack(|| draft.message()).as_ref() == Some(&message);
    if !is_as_seen() {
        return Stage::Stale;
    }
    let run = match one(&backend, &message).await {
        Ok(run) => run,
        Err(error) => return Stage::Trouble(error.into()),
    };
    if !is_as_seen() {
        run.forget().await;
        return Stage::Stale;
    }
    Stage::sending(run, message.name)
}

/// A batch of one message, kept like any other. A browser that keeps nothing sends it all the same: one message whose outcome
/// is seen at once has nothing to be resumed.
async fn one(backend: &Rc<Backend>, message: &Message) -> Result<RunRef, StartError> {
    let about: About = about_of(backend, &message.template, &message.sender, Kind::One, String::new());
    let frozen = Frozen::one(about, message.to, &message.values);
    let kept = match backend.journal().await {
        Ok(journal) => run::keep(journal, &frozen, |_, _| ()).await.map(Some),
        Err(_) => Ok(None),
    };
    let keeper = match kept {
        Err(StartError::NotKept(_)) => None,
        // Otherwise it may be kept, and would be sent once more from there.
        kept => kept?,
    };
    RunRef::create(backend.clone(), frozen, keeper).await
}

/// What keeps the message from being sent, found when Enviar was pressed.
pub fn trouble(draft: Draft, template: &str) -> Option<AnyView> {
    let stage = draft.stage;
    let trouble = match stage.get() {
        Stage::Trouble(trouble) => trouble,
        Stage::Stale => {
            let view = view! {
                <div id="ticket-stale">
                    <Notice tone=Tone::Warning title=t("ticket.stale.title")>
                        <p>{t("ticket.stale.fix")}</p>
                    </Notice>
                </div>
            };
            return Some(view.into_any());
        }
        Stage::InDoubt => {
            let view = view! {
                <div id="ticket-in-doubt">
                    <Notice tone=Tone::Warning title=t("ticket.doubt.warning")>
                        <p>{t("ticket.doubt.both")}</p>
                        <button
                            type="button"
                            class="button button-small"
                            id="ticket-insist"
                            on:click=move |_| start(draft, true)
                        >
                            {t("confirm.repeated.go_on")}
                        </button>
                    </Notice>
                </div>
            };
            return Some(view.into_any());
        }
        Stage::Writing | Stage::Verifying | Stage::Sent(_) => return None,
    };
    let (title, text) = match trouble {
        Verification::OverLimit(over) => ("confirm.limit.title", allowance::over_limit(over)),
        Verification::NotReady(error) => ("confirm.not_ready.title", t(verify::not_ready(error))),
        Verification::Vanished => ("confirm.vanished.title", t("ticket.vanished")),
        Verification::NotApproved(status) => {
            ("confirm.unapproved.title", tr("ticket.unapproved", &[("status", &status)]))
        }
        Verification::Changed => ("confirm.changed.title", t("ticket.changed")),
        Verification::Elsewhere(why) => return Some(elsewhere::moved(draft.send(), template, why, None)),
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
pub fn Sending(draft: Draft, sent: Sent) -> impl IntoView {
    let Sent { run, name } = sent;
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
        let is_owned = glance.with(|glance| glance.role == Role::Owner);
        let is_open = is_owned && matches!(outcome, MessageState::Unknown(_));
        Some(view! {
            <div id="ticket-result" data-state=key>
                <Notice tone title=t(&format!("ticket.state.{key}"))>
                    <p>{wording::detail(&outcome)}</p>
                    {is_open.then(|| decision(Callback::new(move |event| run.tell(event)), 0, 0, asked))}
                </Notice>
            </div>
        })
    };
    let again = move |()| {
        draft.stage.set(Stage::Writing);
        draft.values.set(Values::new());
        draft.is_tried.set(false);
        draft.send().template.set(None);
        load::templates(draft.send());
        run.close();
        doubts::look(draft);
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
        // A message that another tab had, and that nobody has any more, is taken over first.
        let take = move |act: fn(RunRef)| {
            Callback::new(move |()| {
                spawn_local(async move {
                    if run.take().await {
                        act(run);
                    }
                });
            })
        };
        let another = || button("ticket-another", "ticket.another", Callback::new(again));
        let is_in_doubt = outcome.with(|outcome| matches!(outcome, Some(MessageState::Unknown(_))));
        glance.with(|glance| match (&glance.phase, glance.role) {
            // Only its owner can say what becomes of it.
            (Phase::Ended(_), Role::Heir) if is_in_doubt => {
                vec![button("ticket-take", "run.take", take(|_| ())), another()]
            }
            // Another tab sends it, and shows what becomes of it.
            (Phase::Ended(_), _) | (_, Role::Watcher) => vec![another()],
            (_, Role::Heir) | (Phase::Paused(_) | Phase::Ready, Role::Owner) => vec![
                button("ticket-retry", "api.retry", take(RunRef::go_on)),
                button("ticket-cancel", "ticket.cancel", take(|run| run.tell(Event::Cancel))),
            ],
            // It waits for somebody to mend something, which may be never.
            (Phase::Running, Role::Owner) if is_stuck(glance.ledger) => {
                vec![button("ticket-cancel", "ticket.cancel", take(|run| run.tell(Event::Cancel)))]
            }
            (Phase::Running | Phase::Draining, Role::Owner) => Vec::new(),
        })
    };
    let to = run.frozen(|frozen| frozen.recipient(0)).map(|to| to.to_string()).unwrap_or_default();
    let preview = run.frozen(|frozen| frozen.preview(0));
    view! {
        <p id="ticket-to">
            <strong>{name}</strong>
            <br />
            <span class="numeric">{to}</span>
        </p>
        {dynamic(result)}
        <Cause glance is_one=true />
        <LedgerNotice run glance />
        {preview.map(|preview| view! { <crate::components::Bubble preview=Signal::stored(preview) /> })}
        <div class="actions">{dynamic(buttons)}</div>
    }
}

/// Whether the team's record keeps the message from leaving until something is mended.
fn is_stuck(ledger: LedgerGlance) -> bool {
    matches!(ledger, LedgerGlance::On(ledger::Standing::Stuck(_) | ledger::Standing::Lost))
}
