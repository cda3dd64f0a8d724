//! Settings that can't be used: which one, and who can mend it where.

use leptos::prelude::*;

use crate::{
    components::{Notice, Tone},
    settings::SettingsError,
    shell::texts::{maybe_t, t, tr},
};

/// The page in place of all others.
#[component]
pub fn SettingsScreen(error: SettingsError) -> impl IntoView {
    // As the admin's page has it.
    let label = |name: &str| maybe_t(&format!("settings.label.{name}")).unwrap_or_else(|| name.to_owned());
    let (name, what) = match error {
        SettingsError::Missing { name } => (name, tr("settings.missing", &[("name", &label(name))])),
        // Fields that stand beside the secret's: an admin may have put it into the wrong one.
        SettingsError::Invalid { name: name @ ("sunco_key_id" | "sunco_app_id"), .. } => {
            (name, tr("settings.invalid_hidden", &[("name", &label(name))]))
        }
        SettingsError::Invalid { name, value } => {
            (name, tr("settings.invalid", &[("name", &label(name)), ("value", &value)]))
        }
    };
    let expected = maybe_t(&format!("settings.expected.{name}"));
    view! {
        <main class="page-body">
            <Notice tone=Tone::Danger title=t("settings.title")>
                <p>{what}</p>
                {expected.map(|expected| view! { <p>{expected}</p> })}
                <p>{t("settings.fix")}</p>
            </Notice>
        </main>
    }
}
