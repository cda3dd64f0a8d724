//! A list of names to narrow a table by, or all of them.

use leptos::prelude::*;

use crate::components::dynamic;

/// The list, with its label.
#[component]
pub fn NameFilter(
    id: &'static str,
    label: String,
    /// What it is called when none is chosen.
    all: String,
    /// Drawn anew only when these are others: a list that is open would close.
    names: Memo<Vec<String>>,
    /// What is chosen at first.
    #[prop(optional_no_strip)]
    first: Option<String>,
    /// Hears the name, or none for all.
    choose: impl Fn(Option<String>) + Copy + Send + 'static,
) -> impl IntoView {
    let chosen = RwSignal::new(first);
    let options = move || {
        let now = chosen.get_untracked();
        let option = |name: String| {
            let is_chosen = now.as_ref() == Some(&name);
            view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
        };
        names.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="filter">
            <span>{label}</span>
            <select
                id=id
                class="input input-inline"
                on:change:target=move |event| {
                    let name = Some(event.target().value()).filter(|name| !name.is_empty());
                    chosen.set(name.clone());
                    choose(name);
                }
            >
                <option value="">{all}</option>
                {dynamic(options)}
            </select>
        </label>
    }
}
