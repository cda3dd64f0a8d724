//! "Estado de la instalación": what there is of the objects that the team's record is kept in, and the button that mends it.

use cxconnect_ledger::{
    LedgerError, Role,
    installation::{Account, Finding, Survey, findings, steps},
    schema::OBJECTS,
};
use leptos::prelude::*;

use crate::{
    backend::BackendRef,
    components::{Notice, Tone, dynamic},
    screens::configuration::{
        fault::{FaultNotice, fault_text},
        progress::Progress,
        repair::{Repair, Stage},
        roles::roles,
    },
    shell::texts::{t, tn, tr},
};

/// The page.
#[component]
pub fn InstallationPage(backend: BackendRef) -> impl IntoView {
    let repair = Repair::new(backend);
    let content = dynamic(move || match repair.stage.get() {
        Stage::Looking | Stage::Mending => view! {
            <Progress label=repair.doing done=repair.done total=repair.total />
        }
        .into_any(),
        Stage::Failed(error) => view! {
            <FaultNotice title=t("installation.failed") error on_retry=move |()| repair.look() />
        }
        .into_any(),
        Stage::Seen(Survey::NotAdmin(role)) => view! {
            <Notice tone=Tone::Warning title=t("installation.not_admin.title")>
                <p>{not_admin(&role)}</p>
            </Notice>
        }
        .into_any(),
        Stage::Seen(Survey::NoCustomObjects) => view! {
            <Notice tone=Tone::Danger title=t("installation.no_objects.title")>
                <p>{tr("installation.no_objects.fix", &[("n", &OBJECTS.len().to_string())])}</p>
            </Notice>
            {again(repair)}
        }
        .into_any(),
        Stage::Seen(Survey::Found(account)) => seen(repair, account),
    });
    view! {
        <h2 id="installation-title" tabindex="-1">
            {t("configuration.installation")}
        </h2>
        <p class="muted">{t("installation.intro")}</p>
        {content}
    }
}

fn not_admin(role: &Role) -> String {
    match role {
        Role::LightAgent | Role::Contributor => t("installation.not_admin.looker"),
        _ => t("installation.not_admin.fix"),
    }
}

fn again(repair: Repair) -> AnyView {
    view! {
        <button type="button" class="button" id="installation-again" on:click=move |_| repair.look()>
            {t("installation.again")}
        </button>
    }
    .into_any()
}

/// How it is, object by object and role by role.
fn seen(repair: Repair, account: Account) -> AnyView {
    let found = findings(&account);
    // What is listed below: that there is no room has a notice of its own.
    let n_in_the_way =
        found.iter().filter(|finding| finding.is_in_the_way() && finding.object().is_some()).count();
    let can_repair = found.iter().any(Finding::can_be_repaired) && !steps(&account, &[]).is_empty();
    let objects = OBJECTS
        .iter()
        .map(|object| {
            let of_object = found.iter().filter(|finding| {
                finding.object() == Some(object.key) && !matches!(finding, Finding::RoleLimited { .. })
            });
            let texts: Vec<String> = of_object.filter_map(words).collect();
            object_row(object.key, texts)
        })
        .collect_view();
    let no_room = found.iter().find_map(|finding| match finding {
        Finding::NoRoom { n_missing, room } => {
            let n_missing = n_missing.to_string();
            let text =
                tr("installation.no_room.fix", &[("missing", &n_missing), ("room", &room.to_string())]);
            Some(view! {
                <Notice tone=Tone::Danger title=t("installation.no_room.title")>
                    <p>{text}</p>
                </Notice>
            })
        }
        _ => None,
    });
    let account = StoredValue::new(account);
    let can_mend = Signal::derive(move || {
        can_repair
            || account.with_value(|account| repair.roles.with(|roles| !steps(account, roles).is_empty()))
    });
    view! {
        {troubles(repair)}
        {verdict(repair, n_in_the_way)}
        {no_room}
        <ul class="installation-objects">{objects}</ul>
        {roles(repair, &found)}
        <div class="row">
            <button
                type="button"
                class="button button-primary"
                id="installation-repair"
                disabled=move || !can_mend.get()
                on:click=move |_| account.with_value(|account| repair.mend(account))
            >
                {t("installation.repair")}
            </button>
            {again(repair)}
        </div>
        <p class="hint">{t("installation.never")}</p>
    }
    .into_any()
}

/// All of it in a sentence.
fn verdict(repair: Repair, n_in_the_way: usize) -> AnyView {
    let was_mended = repair.was_mended.get_untracked();
    if 0 < n_in_the_way {
        return view! {
            <Notice tone=Tone::Warning title=tn("installation.wrong", n_in_the_way, &[])>
                <p>{t("installation.wrong_means")}</p>
            </Notice>
        }
        .into_any();
    }
    let title = if was_mended { t("installation.mended") } else { t("installation.complete") };
    view! {
        <div id="installation-right">
            <Notice tone=Tone::Success title=title />
        </div>
    }
    .into_any()
}

/// What of the last repair came to nothing.
fn troubles(repair: Repair) -> Option<AnyView> {
    let troubles = repair.troubles.get_untracked();
    if troubles.is_empty() {
        return None;
    }
    let item = |trouble: &crate::screens::configuration::repair::Trouble| {
        // Zendesk's own words say the most where it refuses something.
        let why = match &trouble.error {
            LedgerError::Refused { text, .. } => tr("installation.refused", &[("text", text)]),
            error => fault_text(error),
        };
        view! { <li>{trouble.step.clone()} " " {why}</li> }.into_any()
    };
    let notice = view! {
        <Notice tone=Tone::Danger title=tn("installation.troubles", troubles.len(), &[])>
            <ul class="support-list">{troubles.iter().map(item).collect_view()}</ul>
        </Notice>
    };
    Some(notice.into_any())
}

fn object_row(key: &'static str, texts: Vec<String>) -> AnyView {
    let (tone, state) = if texts.is_empty() {
        ("tag tag-success", t("installation.ok"))
    } else {
        ("tag tag-warning", tn("installation.points", texts.len(), &[]))
    };
    let list = (!texts.is_empty()).then(|| {
        let items = texts.into_iter().map(|text| view! { <li>{text}</li> }.into_any()).collect_view();
        view! { <ul class="support-list">{items}</ul> }
    });
    view! {
        <li class="installation-object" data-object=key>
            <div class="row">
                <h3>{t(&format!("installation.object.{key}"))}</h3>
                <span class="mono muted">{key}</span>
                <span class=tone>{state}</span>
            </div>
            {list}
        </li>
    }
    .into_any()
}

/// A finding about an object in words.
fn words(finding: &Finding) -> Option<String> {
    Some(match finding {
        Finding::ObjectMissing { .. } => t("installation.finding.object"),
        Finding::FieldMissing { field, .. } => tr("installation.finding.field", &[("field", field.key)]),
        Finding::FieldOff { field, .. } => tr("installation.finding.off", &[("field", field)]),
        Finding::OptionsMissing { field, values, .. } => {
            tr("installation.finding.options", &[("field", field), ("values", &values.join(", "))])
        }
        Finding::OtherType { field, kind, .. } => tr(
            "installation.finding.type",
            &[("field", field.key), ("kind", kind), ("wanted", field.kind.name())],
        ),
        Finding::Required { field, .. } => tr("installation.finding.required", &[("field", field)]),
        Finding::NoRoom { .. }
        | Finding::RoleWithout { .. }
        | Finding::RoleLimited { .. }
        | Finding::OnlyLooks { .. } => return None,
    })
}
