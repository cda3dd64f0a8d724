//! The ticket's sidebar: one message to the person who wrote the ticket.

use anyhow::{Context as _, Result};
use cxconnect_sandbox::Session;
use cxconnect_sandbox::sunco::faults::{FaultRule, Operation};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::traffic::{messages, received_by, sends};
use cxconnect_tests::wait::until;

/// Ana's, whose profile has a phone.
pub const WITH_PHONE: usize = 1;
/// José's, whose profile has none.
const WITHOUT_PHONE: usize = 2;
/// Begoña's, whose phone lacks the country code.
pub const WITHOUT_COUNTRY: usize = 3;

/// Ana and Begoña, as requesters.
const ANA: u64 = 910_000_001;
const BEGONA: u64 = 910_000_003;

const FRAME: &str = "iframe[title*='ticket_sidebar']";

/// Opens a ticket, by its place in the list, and steps into the app beside it.
pub async fn open(desk: &Desk, ticket: usize) -> Result<()> {
    desk.browser.driver.goto(desk.sandbox.zendesk_url()).await?;
    desk.click(".navbar [data-place=home]").await?;
    desk.click(&format!("table.list tbody tr:nth-child({ticket})")).await?;
    desk.enter_frame(FRAME).await?;
    desk.wait_for("html[data-boot=done]").await
}

pub async fn choose(desk: &Desk, template: &str) -> Result<()> {
    desk.wait_for("#ticket-template").await?;
    let script = "const select = document.querySelector('#ticket-template');
        const option = [...select.options].find((it) => it.text.trim() === arguments[0]);
        if (!option) return false;
        select.value = option.value; select.dispatchEvent(new Event('change', { bubbles: true })); return true;";
    let is_there: bool = desk.js(script, &[template.into()]).await?;
    anyhow::ensure!(is_there, "there is no template {template}");
    desk.wait_for("#ticket-send").await
}

/// The ticket gets another requester.
async fn change_requester(desk: &Desk, requester: u64, phone: &str) -> Result<()> {
    desk.sandbox.emit("ticket.requester.id.changed", requester.into()).await;
    desk.wait_for_text("#ticket-phone", &format!("Telefono.: {phone}")).await
}

/// Fills in the template `recordatorio_cita`.
pub async fn fill_in(desk: &Desk) -> Result<()> {
    choose(desk, "recordatorio_cita (es_MX)").await?;
    desk.type_into("#ticket-value-0", "Hola").await?;
    desk.type_into("#ticket-value-1", "martes").await
}

pub async fn result(desk: &Desk, state: &str) -> Result<String> {
    desk.wait_for(&format!("#ticket-result[data-state={state}]")).await?;
    desk.text("#ticket-result").await
}

pub async fn a_message_reaches_the_tickets_requester_once(desk: &mut Desk) -> Result<()> {
    open(desk, WITH_PHONE).await?;
    desk.wait_for_text("#ticket-phone", "Telefono.: +525512345678").await?;
    choose(desk, "recordatorio_cita (es_MX)").await?;

    // What is missing is told when Enviar is pressed, not before, and nothing leaves.
    assert!(!desk.visible_text().await?.contains("No se han detectado variables"));
    desk.click("#ticket-send").await?;
    desk.see(&["No se han detectado variables en la plantilla recordatorio_cita"]).await?;
    assert!(sends(&desk.sandbox).is_empty());

    // The bubble follows what is typed.
    desk.type_into("#ticket-value-0", "Ana Muñoz").await?;
    desk.type_into("#ticket-value-1", "martes, 9:00 h").await?;
    desk.wait_for_text(
        ".bubble-body",
        "Hola Ana Muñoz, te recordamos tu cita el martes, 9:00 h. Si no puedes asistir, avísanos con tiempo.",
    )
    .await?;
    // Pressed twice, sent once.
    let twice = "const it = document.querySelector('#ticket-send'); it.click(); it.click(); return null;";
    desk.js::<()>(twice, &[]).await?;
    assert!(result(desk, "accepted").await?.contains("Colocado"));
    let text = "Hola Ana Muñoz, te recordamos tu cita el *martes, 9:00 h*. Si no puedes asistir, avísanos con tiempo.";
    assert_eq!(messages(&desk.sandbox), [("+525512345678".to_owned(), text.to_owned())]);
    assert_eq!(received_by(&desk.sandbox, "525512345678"), 1);

    // It is one of the package's messages.
    desk.leave_frame().await?;
    desk.open().await?;
    assert_eq!(desk.text("#panel-left").await?, "999 / 1.000 Mensajes");
    Ok(())
}

pub async fn the_sidebar_is_as_high_as_what_it_shows(desk: &mut Desk) -> Result<()> {
    open(desk, WITH_PHONE).await?;
    let fits = async |desk: &Desk| {
        until("a height without a scroll bar", async || {
            let script = "const it = document.documentElement;
                const rest = it.clientHeight - document.querySelector('main').offsetHeight;
                return it.scrollHeight <= it.clientHeight && rest < 40;";
            Ok(desk.js::<bool>(script, &[]).await?.then_some(()))
        })
        .await
    };
    choose(desk, "recordatorio_cita (es_MX)").await?;
    fits(desk).await.context("a small form")?;
    choose(desk, "confirmacion_pago (es_MX)").await?;
    fits(desk).await.context("a larger one")?;
    choose(desk, "recordatorio_cita (es_MX)").await?;
    fits(desk).await.context("the small one again")
}

pub async fn without_a_phone_there_is_nobody_to_send_to(desk: &mut Desk) -> Result<()> {
    open(desk, WITHOUT_PHONE).await?;
    desk.see(&["El solicitante no tiene teléfono", "un teléfono con código de país", "Abrir perfil"]).await?;
    assert_eq!(desk.count("#ticket-send").await?, 0);
    Ok(())
}

pub async fn a_phone_without_country_code_is_said_and_can_be_accepted(desk: &mut Desk) -> Result<()> {
    open(desk, WITHOUT_COUNTRY).await?;
    // At once, before there is a template; the number is named once.
    desk.see(&["Telefono.: 55 1234 9876", "código de país", "Usar +525512349876"]).await?;
    assert_eq!(desk.visible_text().await?.matches("+525512349876").count(), 1);
    assert_eq!(desk.count("#ticket-send").await?, 0);
    choose(desk, "recordatorio_cita (es_MX)").await?;
    desk.type_into("#ticket-value-0", "Begoña").await?;
    desk.type_into("#ticket-value-1", "martes").await?;
    desk.click("#ticket-send").await?;
    assert!(sends(&desk.sandbox).is_empty(), "nobody has said which number is meant");
    desk.click("#ticket-accept").await?;
    desk.wait_for_text("#ticket-phone", "Telefono.: +525512349876").await?;
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    assert_eq!(received_by(&desk.sandbox, "525512349876"), 1);
    Ok(())
}

pub async fn a_value_that_breaks_a_rule_is_not_sent(desk: &mut Desk) -> Result<()> {
    open(desk, WITH_PHONE).await?;
    choose(desk, "oferta_temporada (es_MX)").await?;
    desk.type_into("#ticket-value-0", "https://acme.example/folleto.pdf").await?;
    desk.type_into("#ticket-value-1", "Ana").await?;
    desk.type_into("#ticket-value-2", "40      %").await?;
    desk.wait_for("#ticket-value-0-notes .ticket-error").await?;
    desk.wait_for("#ticket-value-2-notes .ticket-error").await?;
    desk.click("#ticket-send").await?;
    assert_eq!(desk.count("#ticket-result").await?, 0);
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}

pub async fn a_refusal_and_a_doubt_are_explained_and_the_agent_decides(desk: &mut Desk) -> Result<()> {
    open(desk, WITH_PHONE).await?;
    desk.sandbox.sunco().add_fault(FaultRule { status: Some(503), ..FaultRule::default() });
    choose(desk, "recordatorio_cita (es_MX)").await?;
    desk.type_into("#ticket-value-0", "Ana").await?;
    desk.type_into("#ticket-value-1", "martes").await?;
    desk.click("#ticket-send").await?;
    assert!(result(desk, "unknown").await?.contains("Resultado desconocido"));
    desk.sandbox.sunco().clear_faults();
    desk.click(".row-again").await?;
    desk.click(".row-again-yes").await?;
    result(desk, "accepted").await?;
    assert_eq!(received_by(&desk.sandbox, "525512345678"), 1);
    desk.click("#ticket-another").await?;
    desk.wait_for("#ticket-template").await
}

/// What the boxes show is what would be sent, also after another template was chosen.
pub async fn boxes_and_values_agree_when_another_template_is_chosen(desk: &mut Desk) -> Result<()> {
    // Support's, whose templates have names in common.
    desk.set("default_integration_id", "65a1f0c2e4b0a1d2c3e4f502")?;
    open(desk, WITH_PHONE).await?;
    choose(desk, "ticket_status_updated (en)").await?;
    desk.type_into("#ticket-value-0", "Ana").await?;
    desk.type_into("#ticket-value-1", "2332").await?;
    // The same name is the same value.
    choose(desk, "ticket_status_updated (en_US)").await?;
    boxes_show(desk, &["", "2332"]).await?;
    assert!(desk.text(".bubble-body").await?.contains("#2332"));
    // The same place isn't: this is another template's {{1}}.
    choose(desk, "ticket_actualizado (es_MX)").await?;
    boxes_show(desk, &["", ""]).await?;
    desk.type_into("#ticket-value-0", "Ana").await?;
    choose(desk, "bienvenida (es_MX)").await?;
    boxes_show(desk, &[""]).await?;
    desk.click("#ticket-send").await?;
    desk.see(&["Complete las que faltan y presione Enviar"]).await?;
    desk.type_into("#ticket-value-0", "Eva").await?;
    desk.wait_for_text(
        ".bubble-body",
        "Hola Eva, te saluda el equipo de Soporte Acme. ¿En qué podemos ayudarte?",
    )
    .await?;
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    assert_eq!(messages(&desk.sandbox).len(), 1);
    Ok(())
}

async fn boxes_show(desk: &Desk, values: &[&str]) -> Result<()> {
    let script = "return [...document.querySelectorAll('[id^=ticket-value-].input')].map((it) => it.value)";
    until(format!("the boxes to show {values:?}"), async || {
        Ok((desk.js::<Vec<String>>(script, &[]).await? == values).then_some(()))
    })
    .await
}

/// No lines, columns or Continuar: there is no file.
pub async fn of_one_message_nothing_is_said_in_a_files_words(desk: &mut Desk) -> Result<()> {
    open(desk, WITH_PHONE).await?;
    choose(desk, "oferta_temporada (es_MX)").await?;
    desk.click("#ticket-send").await?;
    desk.see(&["Falta la URL del archivo del encabezado", "Escriba la URL completa.", "presione Enviar"])
        .await?;
    let text = desk.visible_text().await?;
    for word in ["Nro.", "columna", "fila", "Continuar"] {
        anyhow::ensure!(!text.contains(word), "{word} in {text}");
    }
    // The notice calls the button as it is called.
    let unauthorized = FaultRule { status: Some(401), ..FaultRule::default() };
    desk.sandbox.sunco().add_fault(unauthorized);
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    desk.wait_for("#run-cause[data-cause=unauthorized]").await?;
    desk.see(&["presione Reintentar", "El mensaje no salió"]).await?;
    assert!(!desk.visible_text().await?.contains("Reanudar"));
    assert_eq!(desk.text("#ticket-retry").await?, "Reintentar");
    desk.sandbox.sunco().clear_faults();
    desk.click("#ticket-retry").await?;
    result(desk, "accepted").await?;
    assert_eq!(received_by(&desk.sandbox, "525512345678"), 1);
    Ok(())
}

/// A number that was accepted for one person is not the next one's, even if both are written alike.
pub async fn an_accepted_number_is_only_its_own_requesters(desk: &mut Desk) -> Result<()> {
    open(desk, WITHOUT_COUNTRY).await?;
    fill_in(desk).await?;
    desk.click("#ticket-accept").await?;
    desk.wait_for_text("#ticket-phone", "Telefono.: +525512349876").await?;
    change_requester(desk, ANA, "+525512345678").await?;
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    assert_eq!(messages(&desk.sandbox).len(), 1);
    assert_eq!(received_by(&desk.sandbox, "525512345678"), 1);
    // The first one again: what was accepted then has to be accepted anew.
    desk.click("#ticket-another").await?;
    change_requester(desk, BEGONA, "55 1234 9876").await?;
    choose(desk, "recordatorio_cita (es_MX)").await?;
    desk.wait_for_text("#ticket-phone", "Telefono.: 55 1234 9876").await?;
    desk.wait_for("#ticket-accept").await
}

pub async fn what_became_of_a_message_stays_when_the_requester_changes(desk: &mut Desk) -> Result<()> {
    desk.sandbox.sunco().add_fault(FaultRule { answer_delay_ms: 1500, ..FaultRule::default() });
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    desk.wait_for("#ticket-to").await?;
    desk.sandbox.emit("ticket.requester.id.changed", BEGONA.into()).await;
    assert!(result(desk, "accepted").await?.contains("Colocado"));
    // It says to whom it went, and the new requester comes after it.
    let to = desk.text("#ticket-to").await?;
    assert!(to.starts_with("Ana Muñoz") && to.ends_with("+525512345678"), "{to}");
    desk.click("#ticket-another").await?;
    desk.see(&["Begoña Ibáñez"]).await?;
    assert_eq!(received_by(&desk.sandbox, "525512345678"), 1);
    Ok(())
}

/// While it is asked whether the template is still approved, nothing may become another message.
pub async fn what_changes_while_the_template_is_checked_is_not_sent(desk: &mut Desk) -> Result<()> {
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    let slow = FaultRule { operation: Operation::Templates, delay_ms: 1500, ..FaultRule::default() };
    desk.sandbox.sunco().add_fault(slow);
    desk.click("#ticket-send").await?;
    change_requester(desk, BEGONA, "55 1234 9876").await?;
    desk.wait_for("#ticket-stale").await?;
    // The same person again is somebody else than before, too: the agent looks at it once more.
    change_requester(desk, ANA, "+525512345678").await?;
    desk.click("#ticket-send").await?;
    desk.type_into("#ticket-value-1", " a las 9").await?;
    desk.wait_for("#ticket-stale").await?;
    assert!(sends(&desk.sandbox).is_empty());
    desk.sandbox.sunco().clear_faults();
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    assert_eq!(messages(&desk.sandbox).len(), 1);
    Ok(())
}

pub async fn a_message_beyond_metas_limit_is_not_sent(desk: &mut Desk) -> Result<()> {
    desk.set("meta_limit", "1")?;
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    desk.click("#ticket-another").await?;
    change_requester(desk, BEGONA, "55 1234 9876").await?;
    fill_in(desk).await?;
    desk.click("#ticket-accept").await?;
    desk.click("#ticket-send").await?;
    desk.see(&["Este envío pasa del límite de Meta"]).await?;
    assert_eq!(sends(&desk.sandbox).len(), 1);
    Ok(())
}

pub async fn who_may_not_write_the_teams_record_is_told_in_the_ticket(desk: &mut Desk) -> Result<()> {
    desk.sandbox.set_session(Session { role: "light_agent".into(), ..Session::default() });
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    desk.see(&["Su rol no puede escribir en el registro del equipo", "Reintentar"]).await?;
    desk.click("#ticket-cancel").await?;
    result(desk, "not_sent").await?;
    anyhow::ensure!(sends(&desk.sandbox).is_empty());
    Ok(())
}
