//! The table: search, rows to choose, each one's position, pages.

use cxconnect_core::{position::Position, template::TemplateStatus};
use cxconnect_ledger::Overtaken;
use leptos::prelude::*;

use crate::{
    components::{Icon, Notice, Tone, dynamic, dynamic_text},
    screens::configuration::{
        fault::fault_text,
        positions::{
            list,
            save::save,
            state::{News, PositionsState, ROWS_PER_PAGE, Row, Standing},
        },
    },
    shell::texts::{number, t, tn, tr},
};

/// The table, and what belongs to it.
#[component]
pub fn Table(state: PositionsState) -> impl IntoView {
    let found = Memo::new(move |_| state.found());
    // A search that finds less may leave no such page.
    let page = Memo::new(move |_| {
        let last = found.with(|found| found.len().saturating_sub(1) / ROWS_PER_PAGE);
        state.page.get().min(last)
    });
    let on_page = Memo::new(move |_| {
        let places = found.get().into_iter().skip(page.get() * ROWS_PER_PAGE).take(ROWS_PER_PAGE);
        state.rows.with(|rows| places.filter_map(|place| rows.get(place).cloned()).collect::<Vec<_>>())
    });
    let heads = ["id", "name", "language", "status", "position"];
    let heads =
        heads.map(|head| view! { <th scope="col">{t(&format!("positions.head.{head}"))}</th> }.into_any());
    let is_empty = Memo::new(move |_| found.with(Vec::is_empty));
    view! {
        {dynamic(move || missing_numbers(state))}
        {dynamic(move || state.news.get().into_iter().map(|news| told(state, news)).collect_view())}
        <div class="row row-spread">
            <input
                id="positions-search"
                class="input input-inline"
                type="search"
                autocomplete="off"
                aria-label=t("positions.search")
                placeholder=t("positions.search")
                prop:value=state.search
                on:input:target=move |event| {
                    state.page.set(0);
                    state.search.set(event.target().value());
                }
            />
            <button
                type="button"
                class="button button-basic button-small"
                id="positions-reload"
                on:click=move |_| list::load(state)
            >
                {t("positions.reload")}
            </button>
        </div>
        {dynamic(move || bulk(state))}
        <div class="positions-scroll">
        <table class="positions-table" aria-label=t("configuration.positions") aria-busy=move || state.is_saving.get().to_string()>
            <thead>
                <tr>
                    <th scope="col">{choose_all(state, found)}</th>
                    {heads.into_iter().collect_view()}
                </tr>
            </thead>
            <tbody>
                <For each=move || on_page.get() key=|row| format!("{row:?}") children=move |it| row(state, it) />
            </tbody>
        </table>
        </div>
        <p class="muted" role="status" hidden=move || !is_empty.get()>
            {t("positions.none_found")}
        </p>
        <div class="row row-spread" hidden=move || is_empty.get()>
            <p class="muted numeric" role="status" id="positions-shown">
                {dynamic_text(move || shown(page.get(), found.with(Vec::len)))}
            </p>
            <div class="row">
                {turn(state, page, found, Turn::Back)}
                {turn(state, page, found, Turn::On)}
            </div>
        </div>
    }
}

/// "Mostrando 1-25 de 26".
fn shown(page: usize, n_rows: usize) -> String {
    let first = page * ROWS_PER_PAGE;
    let last = (first + ROWS_PER_PAGE).min(n_rows);
    let [first, last, total] = [first + 1, last, n_rows].map(number);
    tr("positions.shown", &[("first", &first), ("last", &last), ("total", &total)])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Back,
    On,
}

fn turn(state: PositionsState, page: Memo<usize>, found: Memo<Vec<usize>>, turn: Turn) -> AnyView {
    let (label, icon) = match turn {
        Turn::Back => ("positions.previous", Icon::Previous),
        Turn::On => ("positions.next", Icon::Next),
    };
    let is_last = move || found.with(|found| found.len() <= (page.get() + 1) * ROWS_PER_PAGE);
    let to = move || match turn {
        Turn::Back => page.get().checked_sub(1),
        Turn::On => (!is_last()).then(|| page.get() + 1),
    };
    view! {
        <button
            type="button"
            class="button button-icon"
            aria-label=t(label)
            disabled=move || to().is_none()
            on:click=move |_| {
                if let Some(to) = untrack(to) {
                    state.page.set(to);
                }
            }
        >
            {icon.view()}
        </button>
    }
    .into_any()
}

/// Chooses all that the search finds, on whatever page they are.
fn choose_all(state: PositionsState, found: Memo<Vec<usize>>) -> AnyView {
    let keys = move || {
        state.rows.with(|rows| {
            found.with(|found| {
                found
                    .iter()
                    .filter_map(|place| rows.get(*place))
                    .map(|row| row.key.clone())
                    .collect::<Vec<_>>()
            })
        })
    };
    let are_all = move || {
        let keys = keys();
        !keys.is_empty() && state.chosen.with(|chosen| keys.iter().all(|key| chosen.contains(key)))
    };
    let choose = move |is_chosen: bool| {
        let keys = untrack(keys);
        state.chosen.update(|chosen| {
            for key in keys {
                if is_chosen {
                    chosen.insert(key)
                } else {
                    chosen.remove(&key)
                };
            }
        });
    };
    view! {
        <input
            type="checkbox"
            id="positions-all"
            aria-label=t("positions.choose_all")
            prop:checked=are_all
            on:change:target=move |event| choose(event.target().checked())
        />
    }
    .into_any()
}

fn row(state: PositionsState, row: Row) -> AnyView {
    let (name, language) = (row.key.0.to_string(), row.key.1.to_string());
    let label = format!("{name} ({language})");
    let is_chosen = {
        let key = row.key.clone();
        move || state.chosen.with(|chosen| chosen.contains(&key))
    };
    let choose = {
        let key = row.key.clone();
        move |is_chosen: bool| {
            state.chosen.update(|chosen| {
                if is_chosen {
                    chosen.insert(key.clone())
                } else {
                    chosen.remove(&key)
                };
            });
        }
    };
    let (position, key) = (row.position(), row.key.clone());
    let place = move |position: Position| save(state, vec![key.clone()], position);
    let by = row.placed.as_ref().filter(|placed| !placed.agent.is_empty());
    let by = by.map(|placed| tr("positions.by", &[("agent", &placed.agent)]));
    view! {
        <tr data-template=label.clone()>
            <td>
                <input
                    type="checkbox"
                    aria-label=tr("positions.choose", &[("template", &label)])
                    prop:checked=is_chosen
                    on:change:target=move |event| choose(event.target().checked())
                />
            </td>
            <td class="mono">{row.id.clone()}</td>
            <th scope="row">{name}</th>
            <td>{language}</td>
            <td>{standing(&row.standing)}</td>
            <td title=by>
                {select(tr("positions.of", &[("template", &label)]), state, Some(position), Box::new(place))}
            </td>
        </tr>
    }
    .into_any()
}

fn standing(standing: &Standing) -> AnyView {
    let (tone, text) = match standing {
        Standing::Listed(TemplateStatus::Approved) => ("tag tag-success", t("positions.status.approved")),
        Standing::Listed(TemplateStatus::Pending) => ("tag", t("positions.status.pending")),
        Standing::Listed(TemplateStatus::Rejected) => ("tag tag-danger", t("positions.status.rejected")),
        Standing::Listed(TemplateStatus::Paused) => ("tag tag-warning", t("positions.status.paused")),
        Standing::Listed(TemplateStatus::Disabled) => ("tag tag-danger", t("positions.status.disabled")),
        Standing::Listed(TemplateStatus::Other(other)) => ("tag", other.clone()),
        Standing::Gone => ("tag tag-warning", t("positions.status.gone")),
        Standing::Unknown => ("tag", t("positions.status.unknown")),
    };
    view! { <span class=tone>{text}</span> }.into_any()
}

/// A choice of positions. Drawn with a row, and so always as that row is: after a change that came to nothing, too.
fn select(
    label: String,
    state: PositionsState,
    position: Option<Position>,
    choose: Box<dyn Fn(Position)>,
) -> AnyView {
    let empty =
        position.is_none().then(|| view! { <option value="">{t("positions.choose_position")}</option> });
    let options = Position::ALL.map(|option| {
        let key = option.key();
        view! {
            <option value=key selected=position == Some(option)>
                {t(&format!("positions.position.{key}"))}
            </option>
        }
        .into_any()
    });
    let changed = move |element: web_sys::HtmlSelectElement| {
        if let Some(chosen) = Position::by_key(&element.value()) {
            // Until it is written, the list says what is written.
            element.set_value(position.map(Position::key).unwrap_or_default());
            choose(chosen);
        }
    };
    view! {
        <select
            class="input input-inline"
            aria-label=label
            disabled=state.is_saving
            on:change:target=move |event| changed(event.target())
        >
            {empty}
            {options.into_iter().collect_view()}
        </select>
    }
    .into_any()
}

/// What is done with all that are chosen.
fn bulk(state: PositionsState) -> Option<AnyView> {
    let n_chosen = state.chosen.with(std::collections::BTreeSet::len);
    let is_saving = state.is_saving.get();
    if is_saving {
        return Some(
            view! {
                <p class="row positions-bulk" role="status">
                    <span class="spinner"></span>
                    {t("positions.saving")}
                </p>
            }
            .into_any(),
        );
    }
    if n_chosen == 0 {
        return None;
    }
    let place = move |position| {
        let keys = state.chosen.with_untracked(|chosen| chosen.iter().cloned().collect());
        save(state, keys, position);
    };
    let view = view! {
        <div class="row positions-bulk" id="positions-bulk">
            <strong role="status">{tn("positions.chosen", n_chosen, &[])}</strong>
            {select(t("positions.set"), state, None, Box::new(place))}
            <button
                type="button"
                class="button button-basic button-small"
                on:click=move |_| state.chosen.update(std::collections::BTreeSet::clear)
            >
                {t("positions.choose_none")}
            </button>
        </div>
    };
    Some(view.into_any())
}

fn missing_numbers(state: PositionsState) -> Option<AnyView> {
    let numbers = state.missing_numbers.get();
    (!numbers.is_empty()).then(|| {
        let text = tr("positions.missing.fix", &[("numbers", &numbers.join(", "))]);
        view! {
            <Notice tone=Tone::Warning title=t("positions.missing.title")>
                <p>{text}</p>
            </Notice>
        }
        .into_any()
    })
}

/// What came of a change.
fn told(state: PositionsState, news: News) -> AnyView {
    match news {
        News::Saved(n) => {
            view! { <Notice tone=Tone::Success title=tn("positions.saved", n, &[]) /> }.into_any()
        }
        News::NotTold => view! {
            <Notice tone=Tone::Warning title=t("positions.not_told")>
                <p>{t("positions.not_told_fix")}</p>
            </Notice>
        }
        .into_any(),
        News::NotWritten(n) => view! {
            <Notice tone=Tone::Danger title=tn("positions.not_written", n, &[])>
                <p>{t("positions.not_written_fix")}</p>
            </Notice>
        }
        .into_any(),
        News::Failed(error) => view! {
            <Notice tone=Tone::Danger title=t("positions.not_saved")>
                <p>{fault_text(&error)}</p>
                <p class="hint">{tr("api.detail", &[("text", &error.to_string())])}</p>
            </Notice>
        }
        .into_any(),
        News::Overtaken { by, wanted } => overtaken(state, by, wanted),
    }
}

/// Another admin's change, which was not written over; and the way to do so all the same.
fn overtaken(state: PositionsState, by: Vec<Overtaken>, wanted: Position) -> AnyView {
    let name = |position: Position| {
        let key = position.key();
        t(&format!("positions.position.{key}"))
    };
    let wanted_name = name(wanted);
    let items = by.iter().map(|it| {
        let template = format!("{} ({})", it.key.0, it.key.1);
        let text = tr(
            "positions.overtaken.item",
            &[
                ("template", &template),
                ("agent", &it.theirs.agent),
                ("theirs", &name(it.theirs.position)),
                ("seen", &name(it.seen)),
            ],
        );
        view! { <li>{text}</li> }.into_any()
    });
    let items = items.collect_view();
    let keys: Vec<_> = by.into_iter().map(|it| it.key).collect();
    view! {
        <div id="positions-overtaken">
            <Notice tone=Tone::Warning title=t("positions.overtaken.title")>
                <ul class="support-list">{items}</ul>
                <p>{t("positions.overtaken.fix")}</p>
                <div class="row">
                    <button
                        type="button"
                        class="button button-small"
                        id="positions-insist"
                        on:click=move |_| save(state, keys.clone(), wanted)
                    >
                        {tr("positions.overtaken.insist", &[("position", &wanted_name)])}
                    </button>
                    <button
                        type="button"
                        class="button button-basic button-small"
                        on:click=move |_| state.news.set(Vec::new())
                    >
                        {t("positions.overtaken.leave")}
                    </button>
                </div>
            </Notice>
        </div>
    }
    .into_any()
}
