//! Step 3: what will be sent, and the only button that sends.

use std::sync::Arc;

use cxconnect_core::{
    check::Checked,
    quota::OverLimit,
    template::{Preview, Values},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    components::{Bubble, Icon, Notice, Tone, dynamic, dynamic_text},
    run::{self, Same, StartError},
    screens::{
        api_notice::ApiNotice,
        send::{
            allowance, elsewhere, load,
            notes::Notes,
            problem_list::{Filter, ProblemList},
            problem_text,
            read_as::ReadAsText,
            state::{Plan, SendState, Step},
            test_send::TestSend,
            verify::{self, Insist, Verification},
        },
    },
    shell::{
        focus,
        journal::KeepError,
        texts::{amount, moment, number, t, tn, tr},
    },
};

/// The step's page.
#[component]
pub fn Confirm(state: SendState, plan: Arc<Plan>) -> impl IntoView {
    let n_messages = plan.batch.n_messages();
    let name = plan.batch.template().name.to_string();
    let title = tn("confirm.title", n_messages, &[("template", &name)]);
    let verification = RwSignal::new(Verification::NotAsked);
    // Everybody who gets nothing is named before anybody gets something.
    let left_out = plan.summary.n_excluded + plan.summary.n_wrong;
    let n_notes = state.peek(|work| {
        let problems = work.checked.as_ref().map(Checked::problems).unwrap_or_default();
        problems.iter().filter(|problem| !problem.is_error()).count()
    });
    let n_notes = n_notes.unwrap_or_default();
    let has_notes = 0 < n_notes + left_out;
    let notes = has_notes.then(|| {
        let title = match (left_out, n_notes) {
            (0, n) => tn("confirm.warnings", n, &[]),
            (n, _) => tn("confirm.left_out", n, &[]),
        };
        let repairs = state.peek(|work| {
            let repairs = work.checked.as_ref().map(Checked::repairs).unwrap_or_default();
            let texts: Vec<String> =
                repairs.into_iter().map(|(repair, n)| problem_text::repair(repair, n)).collect();
            texts.join(" · ")
        });
        view! {
            <Notice tone=Tone::Warning title>
                <p>{repairs}</p>
            </Notice>
        }
    });
    // Over the whole width: it tells what is wrong and what to do side by side.
    let list = (0 < n_notes).then(
        || view! { <ProblemList state filter=Signal::stored(Filter::NotErrors) is_readable_only=true /> },
    );
    view! {
        <section class="card">
            <h2 id="confirm-title" class="step-start" tabindex="-1">{title}</h2>
            <p class="row">
                <ReadAsText state />
                <button
                    type="button"
                    class="button button-basic button-small"
                    id="confirm-review"
                    on:click=move |_| {
                        // An answer that is still under way must not start the sending any more.
                        state.begin();
                        state.step.set(Step::Review);
                    }
                >
                    {t("confirm.review")}
                </button>
            </p>
            <div class="compose">
                <div class="stack">
                    <Summary state plan=plan.clone() />
                    {notes}
                    <Notes state />
                </div>
                <Walk state plan=plan.clone() />
            </div>
            {list}
            <Trouble plan=plan.clone() verification state />
            <Buttons state plan verification />
        </section>
    }
}

/// The figures to agree to.
#[component]
fn Summary(state: SendState, plan: Arc<Plan>) -> impl IntoView {
    let backend = state.backend.get();
    let wanted = plan.batch.n_messages() as u64;
    let package = backend.settings.package.clone();
    let usage = backend.usage;
    let template = plan.batch.template();
    let left_after = move || package.left(usage.get()).saturating_sub(wanted);
    let texts = [
        ("confirm.sender", load::sender_name(&plan.sender, &t("sender.unnamed"))),
        ("confirm.template", format!("{} ({})", template.name, template.language)),
        ("confirm.file", plan.file_name.clone()),
    ];
    let texts = texts.map(|(key, text)| {
        view! {
            <div>
                <dt class="hint">{t(key)}</dt>
                <dd class="file-name">{text}</dd>
            </div>
        }
    });
    view! {
        <dl class="stack">{texts.collect_view()}</dl>
        <dl class="figures">
            <div class="figure">
                <dt>{t("confirm.messages")}</dt>
                <dd>{number(plan.batch.n_messages())}</dd>
            </div>
            <div class="figure">
                <dt>{t("confirm.left_after")}</dt>
                <dd>{dynamic_text(move || amount(left_after()))}</dd>
            </div>
        </dl>
    }
}

/// The messages one by one, as they will be received.
#[component]
fn Walk(state: SendState, plan: Arc<Plan>) -> impl IntoView {
    let total = plan.batch.n_messages();
    let at = RwSignal::new(0_usize);
    let test_plan = plan.clone();
    let place = {
        let plan = plan.clone();
        move || {
            plan.batch.message(at.get()).map(|message| {
                let place = tr(
                    "confirm.place",
                    &[("row", &message.row.to_string()), ("line", &message.line.to_string())],
                );
                view! {
                    <strong class="numeric" id="confirm-phone">
                        {message.to.to_string()}
                    </strong>
                    <span class="muted">{place}</span>
                }
            })
        }
    };
    let preview: Signal<Preview> = Signal::derive(move || {
        // There always is a message at this place.
        plan.batch.preview(at.get()).unwrap_or_else(|| plan.batch.template().preview(&Values::new()))
    });
    let position = move || tr("confirm.position", &[("n", &number(at.get() + 1)), ("total", &number(total))]);
    view! {
        <div class="stack">
            <div class="row">
                <button
                    type="button"
                    class="button button-icon"
                    aria-label=t("confirm.previous")
                    disabled=move || at.get() == 0
                    on:click=move |_| at.update(|at| *at = at.saturating_sub(1))
                >
                    {Icon::Previous.view()}
                </button>
                <span class="numeric" role="status">
                    {dynamic_text(position)}
                </span>
                <button
                    type="button"
                    class="button button-icon"
                    id="confirm-next"
                    aria-label=t("confirm.next")
                    disabled=move || total <= at.get() + 1
                    on:click=move |_| at.update(|at| *at = (*at + 1).min(total.saturating_sub(1)))
                >
                    {Icon::Next.view()}
                </button>
                {dynamic(place)}
            </div>
            <Bubble preview />
            <TestSend state plan=test_plan at />
        </div>
    }
}

/// What keeps the batch from being sent, found when Continuar was pressed.
#[component]
fn Trouble(state: SendState, plan: Arc<Plan>, verification: RwSignal<Verification>) -> impl IntoView {
    let name = plan.batch.template().name.to_string();
    let before = plan.clone();
    let again = Callback::new(move |insist| verify::start(state, plan.clone(), verification, insist));
    let insisting = move |id: &'static str, key: &str, insist: Insist| {
        view! {
            <button type="button" class="button button-small" id=id on:click=move |_| again.run(insist)>
                {t(key)}
            </button>
        }
    };
    // What may be there after all is asked for again, without sending anything.
    let reopen = move || {
        spawn_local(async move {
            let is_there = state.backend.get().journal().await.is_ok();
            if is_there && verification.try_with_untracked(Verification::is_busy) == Some(false) {
                verification.try_set(Verification::NotAsked);
            }
        });
    };
    let not_kept = move |error: KeepError| {
        let (key, can_come) = match error {
            KeepError::Slow => ("slow", true),
            KeepError::Nobody => ("nobody", true),
            KeepError::Denied | KeepError::Taken | KeepError::Failed => ("not_kept", false),
        };
        let reopen = can_come.then(|| {
            view! {
                <button type="button" class="button button-small" id="confirm-reopen" on:click=move |_| reopen()>
                    {t("api.retry")}
                </button>
            }
        });
        view! {
            <div id="no-journal">
                <Notice tone=Tone::Warning title=t(&format!("confirm.{key}.title"))>
                    <p>{t(&format!("confirm.{key}.text"))}</p>
                    {reopen}
                    {insisting("confirm-no-journal", "confirm.not_kept.go_on", Insist::WithoutJournal)}
                </Notice>
            </div>
        }
        .into_any()
    };
    Effect::new(move |_| {
        // The button that was pressed takes no focus meanwhile.
        if verification.with(|it| !it.is_busy() && !matches!(it, Verification::NotAsked)) {
            focus::keep_in("#confirm-trouble");
        }
    });
    let known = RwSignal::new(None::<Same>);
    look_for_the_same(state, &before, known);
    let trouble = dynamic(move || {
        let named = |key: &str| tr(key, &[("template", &name)]);
        let notice = |title: String, text: String| {
            view! {
                <Notice tone=Tone::Danger title>
                    <p>{text}</p>
                </Notice>
            }
            .into_any()
        };
        let fault = state.backend.get().memory.fault();
        match (verification.get(), fault) {
            (Verification::NotAsked, Some(error)) | (Verification::NotKept(error), _) => not_kept(error),
            (Verification::NotAsked, None) => known.get().map(|same| known_before(&same)).into_any(),
            // Said with the buttons.
            (Verification::OverLimit(_), _) => ().into_any(),
            (Verification::Asking, _) => view! {
                <p class="row" role="status">
                    <span class="spinner"></span>
                    {t("confirm.verifying")}
                </p>
            }
            .into_any(),
            (Verification::Preparing(done, total), _) => view! {
                <p class="row" role="status" id="confirm-preparing">
                    <span class="spinner"></span>
                    {tr("confirm.preparing", &[("done", &number(done)), ("total", &number(total))])}
                </p>
            }
            .into_any(),
            (Verification::Repeated(same), _) => view! {
                <div id="repeat-warning">
                    <Notice tone=Tone::Warning title=repeated_title(&same)>
                        <p>{repeated(&same)}</p>
                        {insisting("confirm-repeat", "confirm.repeated.go_on", Insist::Repeat)}
                    </Notice>
                </div>
            }
            .into_any(),
            (Verification::NotReady(error), _) => {
                let again = matches!(error, StartError::NotReserved)
                    .then(|| insisting("confirm-again", "api.retry", Insist::No));
                view! {
                    <div id="not-ready">
                        <Notice tone=Tone::Danger title=t("confirm.not_ready.title")>
                            <p>{t(verify::not_ready(error))}</p>
                            {again}
                        </Notice>
                    </div>
                }
                .into_any()
            }
            (Verification::Vanished, _) => {
                notice(named("confirm.vanished.title"), t("confirm.vanished.text"))
            }
            (Verification::NotApproved(status), _) => notice(
                named("confirm.unapproved.title"),
                tr("confirm.unapproved.text", &[("status", &status)]),
            ),
            (Verification::Elsewhere(why), _) => {
                let again = Callback::new(move |()| again.run(Insist::No));
                elsewhere::moved(state, &name, why, Some(again))
            }
            (Verification::Changed, _) => notice(named("confirm.changed.title"), t("confirm.changed.text")),
            (Verification::Failed(error), _) => view! {
                <p class="muted">{t("confirm.not_verified")}</p>
                <ApiNotice error on_retry=Callback::new(move |()| again.run(Insist::No)) />
            }
            .into_any(),
        }
    });
    view! {
        <div class="stack" id="confirm-trouble" tabindex="-1">
            {trouble}
        </div>
    }
}

/// Says beforehand that the same was sent today, where that is known; before it is sent that is found out anew.
fn look_for_the_same(state: SendState, plan: &Arc<Plan>, known: RwSignal<Option<Same>>) {
    let plan = plan.clone();
    spawn_local(async move {
        if let Ok(journal) = state.backend.get().journal().await {
            known.try_set(run::same_as(&journal, &plan.batch).await.ok().flatten());
        }
    });
}

fn known_before(same: &Same) -> AnyView {
    let text = [repeated(same), t("confirm.repeated.before")].join(" ");
    view! {
        <div id="repeat-known">
            <Notice tone=Tone::Warning title=repeated_title(same)>
                <p>{text}</p>
            </Notice>
        </div>
    }
    .into_any()
}

fn repeated_title(same: &Same) -> String {
    if same.sent.is_some() { t("confirm.repeated.title") } else { t("confirm.repeated.unfinished_title") }
}

/// What was sent already, and to how many it would go again.
fn repeated(same: &Same) -> String {
    let (when, by) = (moment(same.created), same.agent.as_str());
    match same.sent {
        Some((sent, total)) if sent < total => {
            let (sent, total) = (number(sent), number(total));
            let figures = [("when", &*when), ("agent", by), ("sent", &*sent), ("total", &*total)];
            tr("confirm.repeated.partly", &figures)
        }
        Some(_) => tr("confirm.repeated.text", &[("when", &when), ("agent", by)]),
        None => tr("confirm.repeated.unfinished", &[("when", &when), ("agent", by)]),
    }
}

#[component]
fn Buttons(state: SendState, plan: Arc<Plan>, verification: RwSignal<Verification>) -> impl IntoView {
    let backend = state.backend.get();
    let wanted = plan.batch.n_messages() as u64;
    let package = backend.settings.package.clone();
    let usage = backend.usage;
    let not_enough = Signal::derive(move || package.allows(wanted, usage.get()).err());
    let is_stale = move || verification.with(Verification::is_stale);
    let looked = RwSignal::new(None::<OverLimit>);
    look_at_limit(state, &plan, looked);
    let over = Signal::derive(move || {
        verification.with(|verification| match verification {
            Verification::OverLimit(over) => Some(*over),
            _ => looked.get(),
        })
    });
    let over_limit = move || {
        over.get().map(|over| {
            view! {
                <div id="confirm-limit">
                    <Notice tone=Tone::Danger title=t("confirm.limit.title")>
                        <p>{allowance::over_limit(over)}</p>
                    </Notice>
                </div>
            }
        })
    };
    // Otherwise the way on, if there is one, is beside what is the matter.
    let is_open = move || verification.with(|verification| matches!(verification, Verification::NotAsked));
    let has_journal = move || state.backend.get().memory.fault().is_none();
    let no_room = move || {
        not_enough.get().map(|not_enough| {
            let text = tr(
                "confirm.package.text",
                &[("wanted", &amount(not_enough.wanted)), ("left", &amount(not_enough.left))],
            );
            view! {
                <Notice tone=Tone::Danger title=t("confirm.package.title")>
                    <p>{text}</p>
                </Notice>
            }
        })
    };
    let back = move |_| {
        // An answer that is still under way must not start the sending any more.
        state.begin();
        state.step.set(Step::Compose);
        // What was fetched before may be what has changed.
        if untrack(is_stale) {
            load::templates(state);
        }
    };
    view! {
        {dynamic(no_room)}
        {dynamic(over_limit)}
        <p class="hint">{t("confirm.final")}</p>
        <div class="actions">
            <button type="button" class="button" on:click=back>
                {t("confirm.back")}
            </button>
            <button
                type="button"
                class="button button-primary"
                id="confirm-continue"
                disabled=move || !has_journal() || !is_open() || not_enough.get().is_some() || over.get().is_some()
                on:click=move |_| verify::start(state, plan.clone(), verification, Insist::No)
            >
                {t("confirm.continue")}
            </button>
        </div>
    }
}

/// Says beforehand whether the batch goes over Meta's limit; before it is sent that is found out anew.
fn look_at_limit(state: SendState, plan: &Plan, over: RwSignal<Option<OverLimit>>) {
    let people = plan.batch.targets().iter().map(|target| target.to).collect();
    spawn_local(async move {
        let backend = state.backend.get();
        over.try_set(allowance::within_limit(&backend, people).await.err());
    });
}
