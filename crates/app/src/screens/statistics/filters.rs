//! What narrows the statistics: period, template, agent, origin, batch, phone, order.

use chrono::{Days, NaiveDate};
use cxconnect_core::{
    dispatch::UnixMillis,
    ledger::{BatchRecord, Origin},
    plan::BatchId,
    stats::{Filter, Span},
};
use cxconnect_ledger::Order;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    backend::Backend,
    components::{NameFilter, dynamic},
    screens::messages::words,
    shell::{clock, texts::t},
};

/// So many batches at most can be chosen from: nobody reads longer lists.
const MOST_BATCHES: usize = 200;
/// Whoever doesn't type for so long has typed what they look for.
const TYPING_MS: u32 = 500;

/// Stretches of time to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// The package's present period.
    Period,
    Today,
    Week,
    Month,
    Quarter,
    All,
    /// From one day to another.
    Between,
}

impl Stretch {
    const ALL: [Self; 7] =
        [Self::Period, Self::Today, Self::Week, Self::Month, Self::Quarter, Self::All, Self::Between];

    fn key(self) -> &'static str {
        match self {
            Self::Period => "period",
            Self::Today => "today",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::All => "all",
            Self::Between => "between",
        }
    }
}

/// All that is chosen. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Chosen {
    pub stretch: RwSignal<Stretch>,
    /// The ends of [`Stretch::Between`].
    pub from: RwSignal<Option<NaiveDate>>,
    pub to: RwSignal<Option<NaiveDate>>,
    /// The rest; its span is made of the above.
    pub rest: RwSignal<Filter>,
    pub order: RwSignal<Order>,
    /// What is looked for in phones makes no sense.
    pub is_wrong_phone: RwSignal<bool>,
}

impl Chosen {
    /// The package's present period.
    pub fn new() -> Self {
        Self {
            stretch: RwSignal::new(Stretch::Period),
            from: RwSignal::new(None),
            to: RwSignal::new(None),
            rest: RwSignal::new(Filter::default()),
            order: RwSignal::new(Order::NewestFirst),
            is_wrong_phone: RwSignal::new(false),
        }
    }

    /// The whole filter. Can be followed.
    pub fn filter(self, backend: &Backend) -> Filter {
        let begin = |day: NaiveDate| Some(clock::midnight(day));
        let ago = |days: u64| begin(clock::today().checked_sub_days(Days::new(days)).unwrap_or_default());
        let span = match self.stretch.get() {
            // As the panel counts it.
            Stretch::Period => Span { from: Some(backend.usage.begin()), to: None },
            Stretch::Today => Span { from: ago(0), to: None },
            Stretch::Week => Span { from: ago(6), to: None },
            Stretch::Month => Span { from: ago(29), to: None },
            Stretch::Quarter => Span { from: ago(89), to: None },
            Stretch::All => Span::default(),
            Stretch::Between => Span {
                from: self.from.get().and_then(begin),
                to: self.to.get().and_then(|day| begin(day.succ_opt()?)),
            },
        };
        Filter { span, ..self.rest.get() }
    }
}

/// The bar of them.
#[component]
pub fn Filters(
    chosen: Chosen,
    /// The batches of the stretch, whatever else is chosen.
    batches: Memo<Vec<BatchRecord>>,
    #[prop(into)] on_again: Callback<()>,
) -> impl IntoView {
    let stretch = |it: Stretch| {
        let key = it.key();
        view! { <option value=key>{t(&format!("stats.stretch.{key}"))}</option> }
    };
    let choose_stretch = move |value: String| {
        if let Some(it) = Stretch::ALL.into_iter().find(|it| it.key() == value) {
            chosen.stretch.set(it);
        }
    };
    let day = |id: &'static str, key: &str, of: RwSignal<Option<NaiveDate>>| {
        view! {
            <label class="filter">
                <span>{t(key)}</span>
                <input
                    id=id
                    type="date"
                    class="input input-inline"
                    on:change:target=move |event| of.set(event.target().value().parse().ok())
                />
            </label>
        }
    };
    let between = move || {
        (chosen.stretch.get() == Stretch::Between).then(|| {
            view! {
                {day("stats-from", "stats.filter.from", chosen.from)}
                {day("stats-to", "stats.filter.to", chosen.to)}
            }
        })
    };
    let origin = |it: Origin| view! { <option value=it.key()>{words::origin(it)}</option> };
    let is_turned = move || {
        let (from, to) = (chosen.from.get(), chosen.to.get());
        chosen.stretch.get() == Stretch::Between && from.zip(to).is_some_and(|(from, to)| to < from)
    };
    view! {
        <div class="filters" role="search" aria-label=t("stats.filter.label")>
            <label class="filter">
                <span>{t("stats.filter.stretch")}</span>
                <select
                    id="stats-stretch"
                    class="input input-inline"
                    on:change:target=move |event| choose_stretch(event.target().value())
                >
                    {Stretch::ALL.map(stretch).collect_view()}
                </select>
            </label>
            {dynamic(between)}
            {by_name("stats-template", "stats.head.template", "stats.filter.all_templates", batches, |it| &it.template, move |name| {
                chosen.rest.update(|rest| rest.template = name);
            })}
            {by_name("stats-agent", "stats.head.agent", "stats.filter.all", batches, |it| &it.agent, move |name| {
                chosen.rest.update(|rest| rest.agent = name);
            })}
            <label class="filter">
                <span>{t("stats.head.origin")}</span>
                <select
                    id="stats-origin"
                    class="input input-inline"
                    on:change:target=move |event| {
                        let origin = Origin::by_key(&event.target().value());
                        chosen.rest.update(|rest| rest.origin = origin);
                    }
                >
                    <option value="">{t("stats.filter.all")}</option>
                    {Origin::ALL.map(origin).collect_view()}
                </select>
            </label>
            {lots(chosen, batches)}
            {phone(chosen)}
            {order(chosen)}
            <button type="button" class="button button-small" id="stats-again" on:click=move |_| on_again.run(())>
                {t("stats.again")}
            </button>
        </div>
        <Show when=move || chosen.is_wrong_phone.get()>
            <p class="hint" role="alert" id="stats-wrong-phone">{t("stats.filter.wrong_phone")}</p>
        </Show>
        <Show when=is_turned>
            <p class="hint" role="alert" id="stats-turned">{t("stats.filter.turned")}</p>
        </Show>
    }
}

/// The number that is looked for; whoever doesn't type any more has typed it.
fn phone(chosen: Chosen) -> AnyView {
    let n_typed = StoredValue::new(0_u32);
    let set_phone = move |text: String| {
        let mut is_fine = true;
        chosen.rest.maybe_update(|rest| {
            let before = rest.phone.clone();
            is_fine = rest.set_phone(&text);
            before != rest.phone
        });
        chosen.is_wrong_phone.set(!is_fine);
    };
    // Each number that is looked for is a request.
    let typed = move |text: String| {
        n_typed.update_value(|n| *n = n.wrapping_add(1));
        let this = n_typed.get_value();
        spawn_local(async move {
            clock::after(TYPING_MS).await;
            if n_typed.try_get_value() == Some(this) {
                set_phone(text);
            }
        });
    };
    view! {
        <label class="filter">
            <span>{t("stats.head.phone")}</span>
            <input
                id="stats-phone"
                type="search"
                inputmode="tel"
                autocomplete="off"
                class="input input-inline"
                placeholder=t("stats.filter.phone")
                aria-invalid=move || chosen.is_wrong_phone.get().to_string()
                aria-describedby="stats-wrong-phone"
                on:input:target=move |event| typed(event.target().value())
            />
        </label>
    }
    .into_any()
}

/// The order of the lists.
fn order(chosen: Chosen) -> AnyView {
    view! {
        <label class="filter">
            <span>{t("stats.filter.order")}</span>
            <select
                id="stats-order"
                class="input input-inline"
                on:change:target=move |event| {
                    chosen.order.set(match event.target().value().as_str() {
                        "oldest" => Order::OldestFirst,
                        "changed" => Order::ChangedFirst,
                        _ => Order::NewestFirst,
                    });
                }
            >
                <option value="newest">{t("stats.order.newest")}</option>
                <option value="oldest">{t("stats.order.oldest")}</option>
                <option value="changed">{t("stats.order.changed")}</option>
            </select>
        </label>
    }
    .into_any()
}

fn by_name(
    id: &'static str,
    key: &str,
    all: &str,
    batches: Memo<Vec<BatchRecord>>,
    of: fn(&BatchRecord) -> &str,
    choose: impl Fn(Option<String>) + Copy + Send + 'static,
) -> AnyView {
    view! { <NameFilter id label=t(key) all=t(all) names=names(batches, of) first=None choose /> }.into_any()
}

/// Names that occur in batches.
fn names(batches: Memo<Vec<BatchRecord>>, of: fn(&BatchRecord) -> &str) -> Memo<Vec<String>> {
    Memo::new(move |_| {
        batches.with(|batches| {
            let mut names: Vec<String> = batches.iter().map(|it| of(it).to_owned()).collect();
            names.sort();
            names.dedup();
            names.retain(|name| !name.is_empty());
            names
        })
    })
}

/// The batches to choose from, by their numbers.
fn lots(chosen: Chosen, batches: Memo<Vec<BatchRecord>>) -> AnyView {
    let list = Memo::new(move |_| {
        batches.with(|batches| {
            let one = |it: &BatchRecord| {
                let what = if it.file_name.is_empty() { it.template.clone() } else { it.file_name.clone() };
                (it.id.clone(), format!("{} · {what}", words::lot_of(it.created)))
            };
            batches.iter().take(MOST_BATCHES).map(one).collect::<Vec<_>>()
        })
    });
    let options = move || {
        let now = chosen.rest.with_untracked(|rest| rest.batch.clone());
        let option = |(id, name): (BatchId, String)| {
            let is_chosen = now.as_ref() == Some(&id);
            view! { <option value=id.to_string() selected=is_chosen>{name}</option> }
        };
        list.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="filter">
            <span>{t("stats.head.lot")}</span>
            <select
                id="stats-lot"
                class="input input-inline filter-lot"
                on:change:target=move |event| {
                    let id = event.target().value();
                    let id = (!id.is_empty()).then(|| BatchId::new(id));
                    chosen.rest.update(|rest| rest.batch = id);
                }
            >
                <option value="">{t("stats.filter.all")}</option>
                {dynamic(options)}
            </select>
        </label>
    }
    .into_any()
}

/// When a stretch begins: batches have to be known back to then.
pub fn beginning(filter: &Filter) -> UnixMillis {
    filter.span.from.unwrap_or_default()
}
