//! Roles that admins have made (Enterprise): who of them can't send, and who is to be able to.

use cxconnect_ledger::installation::{Finding, Right};
use leptos::prelude::*;

use crate::{
    screens::configuration::repair::Repair,
    shell::texts::{t, tr},
};

/// What there is to say of roles; nothing where all of them can send.
pub fn roles(repair: Repair, findings: &[Finding]) -> Option<AnyView> {
    let items: Vec<AnyView> = findings.iter().filter_map(|finding| item(repair, finding)).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="installation-roles-title" id="installation-roles">
                <h3 id="installation-roles-title">{t("installation.roles.title")}</h3>
                <p class="muted">{t("installation.roles.intro")}</p>
                <ul class="installation-roles">{items}</ul>
            </section>
        }
        .into_any()
    })
}

fn item(repair: Repair, finding: &Finding) -> Option<AnyView> {
    match finding {
        Finding::RoleWithout { policy, role, rights } => {
            let policy = policy.clone();
            let is_chosen = {
                let policy = policy.clone();
                move || repair.roles.with(|roles| roles.contains(&policy))
            };
            let choose = move |is_chosen: bool| {
                repair.roles.update(|roles| {
                    roles.retain(|it| *it != policy);
                    if is_chosen {
                        roles.push(policy.clone());
                    }
                });
            };
            let lacks = rights.iter().map(|(object, rights)| {
                let rights: Vec<String> = rights.iter().map(|right| name(*right)).collect();
                format!("{} ({})", t(&format!("installation.object.{object}")), rights.join(", "))
            });
            let lacks = lacks.collect::<Vec<_>>().join("; ");
            let view = view! {
                <li>
                    <label class="check">
                        <input
                            type="checkbox"
                            class="installation-role"
                            prop:checked=is_chosen
                            on:change:target=move |event| choose(event.target().checked())
                        />
                        <span>
                            <strong>{tr("installation.roles.grant", &[("role", role)])}</strong>
                            <br/>
                            <span class="hint">{tr("installation.roles.lacks", &[("rights", &lacks)])}</span>
                        </span>
                    </label>
                </li>
            };
            Some(view.into_any())
        }
        Finding::RoleLimited { role, object } => {
            let object = t(&format!("installation.object.{object}"));
            let text = tr("installation.roles.limited", &[("role", role), ("object", &object)]);
            Some(view! { <li class="muted">{text}</li> }.into_any())
        }
        Finding::OnlyLooks { role } => {
            let text = tr("installation.roles.looker", &[("role", role)]);
            Some(view! { <li class="muted">{text}</li> }.into_any())
        }
        _ => None,
    }
}

fn name(right: Right) -> String {
    let key = right.name();
    t(&format!("installation.right.{key}"))
}
