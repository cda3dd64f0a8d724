//! Earlier messages to the requester of which nobody knows whether they left: what they are, and what the agent can do.

use cxconnect_core::dispatch::{Event, MessageState, Phase};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Bubble, Notice, Tone, dynamic},
    run::{self, InDoubt, Role},
    screens::{
        send::{results::decision, wording},
        ticket::{draft::Draft, sending::Stage},
    },
    shell::texts::{moment, t, tr},
};

/// Looks for the messages to the number that the draft goes to.
pub fn look(draft: Draft) {
    let to = untrack(|| draft.number());
    let Some(to) = to else {
        replace(draft, Vec::new());
        return;
    };
    spawn_local(async move {
        let found = run::in_doubt(&draft.send().backend.get(), to).await.unwrap_or_default();
        if untrack(|| draft.number()) == Some(to) {
            replace(draft, found);
        } else {
            found.into_iter().for_each(InDoubt::close);
        }
    });
}

/// These are the messages in doubt now.
pub fn replace(draft: Draft, found: Vec<InDoubt>) {
    let before = draft.doubts.try_update(|doubts| std::mem::replace(doubts, found)).unwrap_or_default();
    before.into_iter().for_each(InDoubt::close);
}

/// The boxes, one for each message; they follow the requester's number.
#[component]
pub fn Doubts(draft: Draft) -> impl IntoView {
    Effect::new(move |before: Option<_>| {
        let number = draft.number();
        if before != Some(number) {
            look(draft);
        }
        number
    });
    dynamic(move || draft.doubts.get().into_iter().map(|doubt| one(draft, doubt)).collect_view())
}

fn one(draft: Draft, doubt: InDoubt) -> AnyView {
    let InDoubt { run, message } = doubt;
    let is_alone = doubt.is_alone();
    let glance = Memo::new(move |_| run.glance());
    let state = Memo::new(move |_| {
        glance.with(|glance| glance.counts);
        run.look(|_, dispatch| dispatch.states().get(message).cloned())
    });
    let asked = RwSignal::new(None);
    let not_taken = RwSignal::new(false);
    let act = Callback::new(move |event: Event| {
        spawn_local(async move {
            // Another tab may have it, or may have decided meanwhile.
            if !run.take().await {
                not_taken.try_set(true);
                return;
            }
            decide(draft, doubt, event).await;
        });
    });
    let (what, preview) = run.frozen(|frozen| {
        let about = &frozen.head().about;
        let (when, template) = (moment(about.created), about.template.name.to_string());
        let figures = [("template", &*template), ("when", &*when), ("agent", &*about.agent)];
        (tr("ticket.doubt.text", &figures), frozen.preview(message))
    });
    let preview = StoredValue::new(preview);
    let box_of = move || {
        let is_elsewhere = glance.with(|glance| glance.role == Role::Watcher);
        let (title, said) = match state.get()? {
            MessageState::Claimed if is_elsewhere => ("ticket.doubt.under_way", t("pause.watching.title")),
            MessageState::Claimed => ("ticket.doubt.title", t("doubt.interrupted")),
            state @ MessageState::Unknown(_) => ("ticket.doubt.title", wording::detail(&state)),
            _ => return None,
        };
        let buttons = (is_alone && !is_elsewhere).then(|| decision(act, 0, message, asked));
        // Sending it again would go on with the whole batch.
        let in_batch =
            (!is_alone).then(|| view! { <p class="ticket-doubt-batch">{t("ticket.doubt.in_batch")}</p> });
        let not_taken = not_taken.get().then(|| view! { <p role="alert">{t("ticket.doubt.not_taken")}</p> });
        let message = preview.get_value().map(|preview| {
            view! {
                <details>
                    <summary>{t("ticket.doubt.see")}</summary>
                    <Bubble preview=Signal::stored(preview) />
                </details>
            }
        });
        let what = what.clone();
        Some(view! {
            <div class="ticket-doubt">
                <Notice tone=Tone::Warning title=t(title)>
                    <p>{what}</p>
                    <p>{said}</p>
                    {not_taken}
                    {in_batch}
                    {buttons}
                    {message}
                </Notice>
            </div>
        })
    };
    dynamic(box_of).into_any()
}

/// What the agent says of it, which is this page's now.
async fn decide(draft: Draft, doubt: InDoubt, event: Event) {
    let InDoubt { run, message } = doubt;
    // The last word may be another tab's.
    if !run.look_once(|_, dispatch| run::is_in_doubt(dispatch, message)) {
        look(draft);
        return;
    }
    let is_again = matches!(event, Event::SendAgain { .. });
    run.tell(event);
    if is_again {
        draft.doubts.update(|doubts| doubts.retain(|it| *it != doubt));
        let name = untrack(|| draft.name.get());
        draft.stage.set(Stage::sending(run, name));
        run.go_on();
        return;
    }
    // Nothing is left of it to be sent: it ends.
    if run.look_once(|_, dispatch| !matches!(dispatch.phase(), Phase::Ended(_))) {
        run.go_on();
    }
    // Where that isn't kept, it is still in doubt when it is looked for again.
    run.settled().await;
    look(draft);
}
