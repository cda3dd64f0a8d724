//! "Posición de plantillas": what an admin marks shows where it is to show, for everybody, and no admin's word is lost.

use anyhow::{Result, ensure};
use cxconnect_sandbox::Session;
use cxconnect_sandbox::objects::{FaultRule, InstallMode, Operation, SeedRecord};
use cxconnect_tests::desk::{Desk, NAV_BAR};
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::until;
use serde_json::{Value, json};

const CONFIG: &str = "cxc_config";
const REMINDER: &str = "recordatorio_cita (es_MX)";

/// Opens the table.
async fn open_table(desk: &Desk) -> Result<()> {
    desk.open_app().await?;
    desk.press("Configuración").await?;
    desk.press("Posición de plantillas").await?;
    desk.wait_for(".positions-table tbody tr").await
}

fn row(template: &str) -> String {
    format!("tr[data-template='{template}']")
}

/// Gives one template a position in its own row.
async fn place(desk: &Desk, template: &str, position: &str) -> Result<()> {
    choose(desk, &format!("{} select", row(template)), position).await
}

async fn choose(desk: &Desk, select: &str, position: &str) -> Result<()> {
    desk.wait_for(select).await?;
    let script = "const select = document.querySelector(arguments[0]);
        select.value = arguments[1];
        select.dispatchEvent(new Event('change', { bubbles: true }))";
    desk.js::<()>(script, &[json!(select), json!(position)]).await
}

/// How a template is marked in the table.
async fn placed(desk: &Desk, template: &str) -> Result<String> {
    let script = "return document.querySelector(arguments[0])?.value ?? ''";
    desk.js(script, &[json!(format!("{} select", row(template)))]).await
}

async fn wait_placed(desk: &Desk, template: &str, position: &str) -> Result<()> {
    until(format!("{template} to be {position}"), async || {
        Ok((placed(desk, template).await? == position).then_some(()))
    })
    .await
}

/// What is kept of a template.
fn kept(desk: &Desk, id: &str) -> Result<Value> {
    let record = desk.sandbox.objects().record(CONFIG, id)?.unwrap_or_default();
    let body = record["custom_object_fields"]["body"].as_str().unwrap_or("null").to_owned();
    Ok(serde_json::from_str(&body)?)
}

fn position_record(id: &str, position: &str, agent: &str) -> SeedRecord {
    let body = json!({"position": position, "id": "7137952719659977", "agent": agent}).to_string();
    let fields = json!({"body": body, "schema_version": 1});
    SeedRecord {
        external_id: Some(id.to_owned()),
        fields: fields.as_object().cloned().unwrap_or_default(),
        ..SeedRecord::default()
    }
}

/// The templates that the ticket offers.
async fn in_ticket(desk: &Desk) -> Result<Vec<String>> {
    desk.leave_frame().await?;
    desk.browser.driver.goto(desk.sandbox.zendesk_url()).await?;
    desk.click(".navbar [data-place=home]").await?;
    desk.click("table.list tbody tr:nth-child(1)").await?;
    desk.enter_frame("iframe[title*='ticket_sidebar']").await?;
    desk.wait_for("#ticket-template").await?;
    let texts = desk.texts("#ticket-template option").await?;
    Ok(texts.into_iter().skip(1).collect())
}

pub async fn templates_show_where_an_admin_says_for_everybody(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    let before = desk.template_names().await?;
    ensure!(before.contains(&"recordatorio_cita".to_owned()), "{before:?}");
    let all_in_ticket = in_ticket(desk).await?;
    ensure!(1 < all_in_ticket.len());

    // One by itself.
    open_table(desk).await?;
    place(desk, REMINDER, "one").await?;
    desk.see(&["1 plantilla guardada"]).await?;
    wait_placed(desk, REMINDER, "one").await?;
    let reminder = kept(desk, "tpl:recordatorio_cita:es_MX")?;
    ensure!(reminder["position"] == "one" && reminder["agent"] == "lucia@acme.example", "{reminder}");

    // Several at once: those that a search finds.
    desk.type_into("#positions-search", "seguimiento").await?;
    let found = desk.count(".positions-table tbody tr").await?;
    let total = desk.text("#positions-shown").await?;
    ensure!(1 < found && total == format!("Mostrando 1-{found} de {found}"), "{found}: {total}");
    desk.click("#positions-all").await?;
    desk.see(&[&format!("{found} seleccionadas")]).await?;
    choose(desk, "#positions-bulk select", "custom").await?;
    desk.see(&[&format!("{found} plantillas guardadas")]).await?;

    // At once in this page, without a reload.
    desk.press("Mensajes proactivos").await?;
    until("the list to change", async || {
        let names = desk.template_names().await?;
        let is_gone = |name: &str| !names.iter().any(|it| it.starts_with(name));
        Ok((!names.is_empty() && is_gone("recordatorio_cita") && is_gone("seguimiento")).then_some(()))
    })
    .await?;
    desk.see(&["plantillas aprobadas se muestran en otros módulos"]).await?;

    // And for another agent, in the ticket too: there it is the only one from now on.
    desk.sandbox.set_session(Session { role: "agent".into(), ..Session::default() });
    ensure!(in_ticket(desk).await? == [REMINDER]);
    desk.open().await?;
    ensure!(!desk.template_names().await?.contains(&"recordatorio_cita".to_owned()));
    Ok(())
}

pub async fn two_admins_at_once_lose_nothing_without_a_word(desk: &mut Desk) -> Result<()> {
    open_table(desk).await?;
    // Another admin marks the same template meanwhile.
    let id = "tpl:recordatorio_cita:es_MX";
    desk.sandbox.objects().seed(CONFIG, [position_record(id, "many", "raul@acme.example")])?;
    place(desk, REMINDER, "custom").await?;
    desk.see(&["Otra persona cambió estas plantillas", "raul@acme.example la cambió de «Todos» a «1:N»"])
        .await?;
    wait_placed(desk, REMINDER, "many").await?;
    ensure!(kept(desk, id)?["position"] == "many");
    // Seen, and wanted all the same.
    desk.click("#positions-insist").await?;
    wait_placed(desk, REMINDER, "custom").await?;
    ensure!(kept(desk, id)?["position"] == "custom");

    // Of several, only those of nobody else's are written.
    let body = json!({"position": "one", "id": "", "agent": "raul@acme.example"}).to_string();
    let record = json!({"custom_object_record": {"name": id, "external_id": id, "custom_object_fields": {"body": body}}});
    let path = format!("custom_objects/{CONFIG}/records?external_id={id}");
    desk.zendesk("PATCH", &path, Some(record)).await?;
    desk.enter_frame(NAV_BAR).await?;
    desk.click("#positions-all").await?;
    choose(desk, "#positions-bulk select", "many").await?;
    desk.see(&["plantillas guardadas", "la cambió de «Custom» a «1:1»"]).await?;
    ensure!(kept(desk, id)?["position"] == "one");
    desk.press("Dejar como está").await?;
    wait_placed(desk, REMINDER, "one").await
}

pub async fn a_refused_write_is_said_and_changes_nothing(desk: &mut Desk) -> Result<()> {
    open_table(desk).await?;
    let fault = FaultRule { operation: Operation::Write, status: Some(403), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(fault);
    place(desk, REMINDER, "one").await?;
    desk.see(&["No se guardó el cambio", "Zendesk no le permite hacer esto"]).await?;
    ensure!(placed(desk, REMINDER).await? == "all");
    desk.sandbox.objects().clear_faults();

    // Until they can be read nothing is offered, and it is said.
    let fault = FaultRule { object: Some(CONFIG.into()), status: Some(403), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(fault);
    desk.open_app().await?;
    desk.see(&["Todavía no se pudo leer en qué módulo va cada plantilla", "Su rol no puede leer"]).await?;
    ensure!(desk.template_names().await?.is_empty() && desk.is_disabled("#process").await?);
    desk.sandbox.objects().clear_faults();
    desk.click("#positions-again").await?;
    desk.wait_for("#template-search").await?;
    ensure!(desk.template_names().await?.contains(&"recordatorio_cita".to_owned()));
    // Read once, that still counts when they can't be read any more.
    let fault = FaultRule { object: Some(CONFIG.into()), status: Some(503), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(fault);
    desk.send(&reminders(phones(2))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.sandbox.objects().clear_faults();
    desk.sandbox.objects().install(InstallMode::NotCreated)?;
    desk.open().await?;
    ensure!(desk.template_names().await?.contains(&"recordatorio_cita".to_owned()));
    desk.press("Configuración").await?;
    desk.press("Posición de plantillas").await?;
    desk.see(&["Falta instalar el registro del equipo"]).await
}

/// Another admin marks the reminder in another browser.
async fn mark(desk: &Desk, position: &str) -> Result<()> {
    let id = "tpl:recordatorio_cita:es_MX";
    let body = json!({"position": position, "id": "", "agent": "raul@acme.example"}).to_string();
    let fields = json!({"body": body, "schema_version": 1});
    let record =
        json!({"custom_object_record": {"name": id, "external_id": id, "custom_object_fields": fields}});
    desk.zendesk("PATCH", &format!("custom_objects/{CONFIG}/records?external_id={id}"), Some(record)).await?;
    Ok(())
}

pub async fn an_open_page_sends_nothing_of_a_template_that_was_moved(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    // Before Procesar.
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("destinatarios.csv", &reminders(phones(3))).await?;
    mark(desk, "custom").await?;
    desk.enter_frame(NAV_BAR).await?;
    desk.process().await?;
    desk.see(&["La plantilla recordatorio_cita ya no se envía desde este módulo", "la puso en «Custom»"])
        .await?;
    ensure!(desk.text(".dropzone .file-name").await? == "destinatarios.csv");
    ensure!(!desk.template_names().await?.contains(&"recordatorio_cita".to_owned()));

    // Before Continuar, with the file checked already.
    mark(desk, "all").await?;
    desk.enter_frame(NAV_BAR).await?;
    desk.press("Actualizar lista").await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.process().await?;
    desk.wait_for("#confirm-continue").await?;
    mark(desk, "one").await?;
    desk.enter_frame(NAV_BAR).await?;
    desk.click("#confirm-continue").await?;
    desk.see(&["ya no se envía desde este módulo", "la puso en «1:1»", "No se envió ningún mensaje"]).await?;
    desk.wait_for_silence().await?;
    ensure!(desk.sandbox.sunco().summary().total == 0);
    // A mistake: brought back, it goes.
    mark(desk, "many").await?;
    desk.enter_frame(NAV_BAR).await?;
    desk.click("#moved-again").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    ensure!(desk.sandbox.sunco().summary().total == 3);

    // In the ticket, too, before Enviar.
    mark(desk, "all").await?;
    crate::ticket::open(desk, 1).await?;
    crate::ticket::fill_in(desk).await?;
    mark(desk, "many").await?;
    desk.enter_frame("iframe[title*='ticket_sidebar']").await?;
    desk.click("#ticket-send").await?;
    desk.see(&["ya no se envía desde este módulo", "la puso en «1:N»", "Lo que escribió sigue aquí"]).await?;
    desk.wait_for_silence().await?;
    ensure!(desk.sandbox.sunco().summary().total == 3);
    Ok(())
}

pub async fn templates_that_are_gone_keep_their_row_and_pages_turn(desk: &mut Desk) -> Result<()> {
    let gone =
        (0..30).map(|n| position_record(&format!("tpl:zz_eliminada_{n}:es"), "one", "lucia@acme.example"));
    desk.sandbox.objects().seed(CONFIG, gone)?;
    open_table(desk).await?;
    ensure!(desk.count(".positions-table tbody tr").await? == 25);
    let shown = desk.text("#positions-shown").await?;
    ensure!(shown.starts_with("Mostrando 1-25 de "), "{shown}");
    desk.click("[aria-label='Página siguiente']").await?;
    until("the second page", async || {
        Ok(desk.text("#positions-shown").await?.starts_with("Mostrando 26-").then_some(()))
    })
    .await?;
    desk.type_into("#positions-search", "zz_eliminada_7").await?;
    until("the one row", async || Ok((desk.count(".positions-table tbody tr").await? == 1).then_some(())))
        .await?;
    let row = desk.text(".positions-table tbody tr").await?;
    ensure!(row.contains("Eliminada en Meta") && row.contains("7137952719659977"), "{row}");
    // What is gone counts for nothing in the ticket.
    ensure!(in_ticket(desk).await?.contains(&REMINDER.to_owned()));
    Ok(())
}
