//! "Estado de la instalación": whatever was not created, or is not allowed, is found, said and mended; then messages go out and
//! are recorded.

use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::Session;
use cxconnect_sandbox::objects::{FaultRule, InstallMode, Operation, Plan};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::within;
use serde_json::{Value, json};
use thirtyfour::By;

const MESSAGE: &str = "cxc_message";
const PLAN: &str = "cxc_plan";

fn role(role: &str) -> Session {
    Session { role: role.into(), ..Session::default() }
}

/// Opens the tab and waits until the installation was looked at.
async fn open_tab(desk: &Desk) -> Result<()> {
    desk.open_app().await?;
    desk.press("Configuración").await?;
    desk.wait_for("#installation-repair").await
}

/// Repairs, and waits until all is in order.
async fn repair(desk: &Desk) -> Result<()> {
    desk.click("#installation-repair").await?;
    within(Duration::from_mins(1), "the installation to be mended", async || {
        Ok((desk.count("#installation-right").await? == 1).then_some(()))
    })
    .await
}

/// What is said of an object, and whether it is in order.
async fn said_of(desk: &Desk, object: &str) -> Result<String> {
    desk.text(&format!(".installation-object[data-object={object}]")).await
}

/// Sends a small file and waits until all of it is in the team's record, and nothing of its plan.
async fn sends_and_records(desk: &Desk) -> Result<()> {
    desk.send(&reminders(phones(3))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    is_recorded(desk).await
}

async fn is_recorded(desk: &Desk) -> Result<()> {
    ensure!(desk.sandbox.sunco().summary().total == 3);
    within(Duration::from_secs(30), "the record to be complete", async || {
        let objects = desk.sandbox.objects();
        let records = objects.records(MESSAGE)?;
        let is_accepted = |record: &Value| record["custom_object_fields"]["status"] == "cxc_message_accepted";
        let n_accepted = records.iter().filter(|record| is_accepted(record)).count();
        Ok((n_accepted == 3 && desk.n_plans()? == 0).then_some(()))
    })
    .await
}

pub async fn what_was_not_created_is_created_and_sending_is_recorded(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().install(InstallMode::NotCreated)?;
    open_tab(desk).await?;
    desk.see(&["Hay 4 puntos por reparar", "El objeto no existe."]).await?;
    repair(desk).await?;
    desk.see(&["Reparado: la instalación está completa"]).await?;
    // Once more there is nothing to do.
    desk.press("Comprobar de nuevo").await?;
    desk.see(&["La instalación está completa"]).await?;
    ensure!(desk.is_disabled("#installation-repair").await?);
    let n_before = desk.sandbox.objects().n_requests();
    desk.press("Mensajes proactivos").await?;
    sends_and_records(desk).await?;
    ensure!(n_before < desk.sandbox.objects().n_requests());
    Ok(())
}

pub async fn objects_without_fields_are_mended_from_the_batch_that_waits(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().install(InstallMode::WithoutFields)?;
    desk.open().await?;
    // It can be read, but nobody counts on it.
    let incomplete = "El registro del equipo está incompleto: no puede anotar envíos. \
        Vea Configuración > Estado de la instalación.";
    desk.wait_for_text("#panel-source", incomplete).await?;
    for (tab, page) in [("Estadísticas", "#statistics"), ("Logs", "#logs")] {
        desk.press(tab).await?;
        desk.wait_for(&format!("{page} [data-incomplete] [data-mend]")).await?;
    }
    desk.press("Mensajes proactivos").await?;
    desk.send(&reminders(phones(3))).await?;
    // Nothing leaves unrecorded, and an admin is led to where it is mended.
    desk.see(&["no sale ningún mensaje"]).await?;
    ensure!(desk.sandbox.sunco().summary().total == 0);
    desk.click("#ledger-mend").await?;
    desk.see(&["Falta el campo phone.", "Falta el campo n_messages."]).await?;
    repair(desk).await?;
    desk.press("Mensajes proactivos").await?;
    desk.click("#ledger-again").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.wait_for_text("#panel-source", "Cuenta los envíos de todo el equipo.").await?;
    is_recorded(desk).await
}

pub async fn single_faults_are_mended_and_what_is_not_ours_stays(desk: &mut Desk) -> Result<()> {
    desk.open_app().await?;
    let fields = |object: &str| format!("custom_objects/{object}/fields");
    let of = |object: &str, field: &str| format!("custom_objects/{object}/fields/{field}");
    desk.zendesk("DELETE", &of(MESSAGE, "phone"), None).await?;
    let off = json!({"custom_object_field": {"active": false}});
    desk.zendesk("PATCH", &of("cxc_batch", "agent"), Some(off)).await?;
    let other = json!({"name": "De otro", "value": "de_otro"});
    let first = json!({"name": "cxc_batch_running", "value": "cxc_batch_running"});
    let options = json!({"custom_object_field": {"custom_field_options": [first, other]}});
    desk.zendesk("PATCH", &of("cxc_batch", "state"), Some(options)).await?;
    let field = json!({"custom_object_field": {"key": "sucursal", "type": "text", "title": "Sucursal"}});
    desk.zendesk("POST", &fields("cxc_batch"), Some(field)).await?;

    open_tab(desk).await?;
    desk.see(&["Hay 3 puntos por reparar", "Falta el campo phone.", "El campo agent está desactivado."])
        .await?;
    desk.see(&["cxc_batch_paused, cxc_batch_completed, cxc_batch_cancelled"]).await?;
    ensure!(said_of(desk, PLAN).await?.contains("Correcto"));
    repair(desk).await?;
    let state = desk.zendesk("GET", &of("cxc_batch", "state"), None).await?;
    let options = state["custom_object_field"]["custom_field_options"].as_array().map_or(0, Vec::len);
    ensure!(options == 5, "{state}");
    desk.zendesk("GET", &of("cxc_batch", "sucursal"), None).await?;
    desk.open().await?;
    sends_and_records(desk).await
}

pub async fn what_cannot_be_mended_is_said(desk: &mut Desk) -> Result<()> {
    desk.open_app().await?;
    // A field of another type.
    let of = |field: &str| format!("custom_objects/{MESSAGE}/fields{field}");
    desk.zendesk("DELETE", &of("/row_no"), None).await?;
    let field = json!({"custom_object_field": {"key": "row_no", "type": "text", "title": "row_no"}});
    desk.zendesk("POST", &of(""), Some(field)).await?;
    open_tab(desk).await?;
    desk.see(&["El campo row_no es de tipo text y debe ser integer."]).await?;
    ensure!(desk.is_disabled("#installation-repair").await?);

    // A plan that allows no more objects.
    desk.sandbox.objects().install(InstallMode::NotCreated)?;
    for n in 0..3 {
        let key = format!("otro_{n}");
        let object = json!({"custom_object": {"key": key, "title": key, "title_pluralized": key}});
        desk.zendesk("POST", "custom_objects", Some(object)).await?;
    }
    desk.sandbox.objects().set(|it| it.plan = Plan::Growth);
    open_tab(desk).await?;
    desk.see(&["Su plan no admite más objetos personalizados", "solo permite crear 2 más"]).await?;
    // Those that are listed.
    desk.see(&["Hay 4 puntos por reparar", "Suite Team permite 3 en total"]).await?;
    ensure!(desk.is_disabled("#installation-repair").await?);

    // A plan without them.
    desk.sandbox.objects().set(|it| it.plan = Plan::SupportTeam);
    desk.press("Comprobar de nuevo").await?;
    desk.see(&["Esta cuenta no tiene objetos personalizados", "CXConnect necesita 4 objetos"]).await
}

pub async fn a_role_without_permission_gets_it_and_sends(desk: &mut Desk) -> Result<()> {
    desk.sandbox.set_session(role("custom_role_without_policy"));
    desk.open_app().await?;
    // The tab is for admins.
    ensure!(!desk.texts("[role=tab]").await?.contains(&"Configuración".to_owned()));
    // Which templates are for this module is a part of what the role may not read.
    desk.see(&["Todavía no se pudo leer en qué módulo va cada plantilla", "Su rol no puede leer"]).await?;
    ensure!(desk.template_names().await?.is_empty());

    desk.sandbox.set_session(role("admin"));
    open_tab(desk).await?;
    desk.see(&["Permitir enviar al rol «Almacén»", "El rol «Light agent» solo puede ver"]).await?;
    ensure!(desk.is_disabled("#installation-repair").await?);
    desk.click_by(input_of("Permitir enviar al rol «Almacén»"), "Almacén").await?;
    repair(desk).await?;
    within(Duration::from_secs(20), "the role to be gone from the list", async || {
        Ok((!desk.visible_text().await?.contains("Permitir enviar al rol «Almacén»")).then_some(()))
    })
    .await?;
    // Nobody may remove what was sent.
    let policies =
        desk.zendesk("GET", &format!("custom_objects/{MESSAGE}/permission_policies"), None).await?;
    for policy in policies["policies"].as_array().into_iter().flatten() {
        ensure!(policy["records"]["delete"]["allowed"] == false, "{policy}");
    }

    desk.sandbox.set_session(role("custom_role_without_policy"));
    desk.open().await?;
    desk.send(&reminders(phones(3))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    is_recorded(desk).await
}

pub async fn a_repair_that_is_refused_says_what_and_can_be_repeated(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().install(InstallMode::WithoutFields)?;
    open_tab(desk).await?;
    // One field is refused, and one answer is lost after its field was made.
    let fault = FaultRule { operation: Operation::Schema, nth: Some(5), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(FaultRule { status: Some(422), ..fault.clone() });
    let lost = FaultRule { nth: Some(9), status: Some(503), is_applied: true, ..fault };
    desk.sandbox.objects().add_fault(lost);
    desk.click("#installation-repair").await?;
    desk.see_within(Duration::from_secs(30), &["Hay 1 punto por reparar", "2 pasos no se pudieron hacer"])
        .await?;
    repair(desk).await
}

/// The input of the label that says this.
fn input_of(text: &str) -> By {
    By::XPath(format!("//label[contains(., '{text}')]//input"))
}
