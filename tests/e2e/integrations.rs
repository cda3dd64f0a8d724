//! Configuración > Integraciones, with the real relay: webhooks by which other systems send.

use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::phone;
use cxconnect_tests::traffic::received_by;
use cxconnect_tests::wait::until;
use cxconnect_tests::wire::{Answer, Wire};
use serde_json::{Value, json};

const REMINDER: &str = "recordatorio_cita (es_MX)";

async fn open_page(desk: &Desk) -> Result<()> {
    desk.open().await?;
    desk.press("Configuración").await?;
    desk.press("Integraciones").await
}

async fn open(desk: &mut Desk) -> Result<()> {
    desk.add_relay().await?;
    open_page(desk).await?;
    desk.wait_for("#integrations-messages").await
}

async fn grant(desk: &Desk, n_messages: u32) -> Result<()> {
    desk.type_into("#integrations-messages", &n_messages.to_string()).await?;
    desk.click("#integrations-grant").await?;
    desk.wait_for_text("#integrations-used dd", &format!("0 de {n_messages}")).await
}

async fn choose(desk: &Desk, template: &str) -> Result<()> {
    desk.wait_for("#integrations-template").await?;
    let script = "const it = document.querySelector('#integrations-template');
        it.value = [...it.options].find((option) => option.textContent.startsWith(arguments[0]))?.value ?? '';
        it.dispatchEvent(new Event('change', { bubbles: true })); return it.value !== ''";
    ensure!(desk.js::<bool>(script, &[json!(template)]).await?, "{template} is not offered");
    Ok(())
}

/// Makes a webhook; gives its secret.
async fn make(desk: &Desk, template: &str) -> Result<String> {
    choose(desk, template).await?;
    desk.click("#integrations-make").await?;
    desk.click("#integrations-add .ask-yes").await?;
    desk.wait_for("#integrations-secret .secret-value").await?;
    let secret = desk.text("#integrations-secret .secret-value").await?;
    desk.click("#integrations-secret-done").await?;
    Ok(secret)
}

/// Calls a webhook as a customer's system would.
async fn call(desk: &Desk, secret: &str, payload: &Value) -> Result<Answer> {
    let url = desk.sandbox.relay().context("a relay")?.url();
    let port = url.rsplit(':').next().unwrap_or_default().parse()?;
    let authorization = format!("Bearer {secret}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    Wire::new(port).call("POST", "/api/v2/webhook", &headers, payload.to_string().as_bytes()).await
}

/// The payload that the page shows, with values in it.
async fn payload(desk: &Desk, to: &str) -> Result<Value> {
    let shown = desk.text("#integrations-payload").await?;
    let mut payload: Value = serde_json::from_str(&shown)?;
    for (name, value) in payload.as_object_mut().context("an object")? {
        if name == "telefono" {
            *value = json!(to);
        } else if value.as_str().is_some_and(|it| it.starts_with("--")) {
            *value = json!(if name == "image" { "https://example.com/a.png" } else { "lunes" });
        }
    }
    Ok(payload)
}

pub async fn a_webhook_is_made_called_and_switched_off(desk: &mut Desk) -> Result<()> {
    open(desk).await?;
    desk.see(&["Webhook activos 0/5", "Todavía no hay webhooks", "Sin mensajes asignados"]).await?;
    desk.click("#integrations-register").await?;
    until("SunCo's webhook", async || Ok((desk.count("#integrations-receipts").await? == 0).then_some(())))
        .await?;
    ensure!(desk.sandbox.sunco().webhook_targets().len() == 1);

    choose(desk, REMINDER).await?;
    desk.see(&["Idioma", "es_MX", "BODY", "te recordamos", "URL Webhook", "Parametros Webhook"]).await?;
    let payload = payload(desk, &phone(1)).await?;
    ensure!(payload["subdominio"] == "acme" && payload["producto_id"] == "0", "{payload}");
    let secret = make(desk, REMINDER).await?;
    ensure!(secret.starts_with("cxw_acme_"), "{secret}");
    desk.see(&["Webhook activos 1/5"]).await?;
    // It is nowhere any more.
    ensure!(
        !desk.js::<bool>("return document.body.innerHTML.includes(arguments[0])", &[json!(secret)]).await?
    );

    // Until messages are granted nothing is taken.
    let answer = call(desk, &secret, &payload).await?;
    ensure!(answer.status == 429 && answer.code() == "package_exhausted", "{answer:?}");
    grant(desk, 100).await?;
    let answer = call(desk, &secret, &payload).await?;
    ensure!(answer.status == 202, "{answer:?}");
    desk.wait_for_received(1).await?;
    ensure!(received_by(&desk.sandbox, &phone(1)) == 1);

    desk.click("#integrations-table .webhook-off").await?;
    desk.wait_for("tr[data-state=inactive]").await?;
    desk.see(&["Webhook activos 0/5"]).await?;
    let answer = call(desk, &secret, &payload).await?;
    ensure!(answer.status == 403 && answer.code() == "webhook_inactive", "{answer:?}");
    desk.click("#integrations-table .webhook-on").await?;
    desk.wait_for("tr[data-state=active]").await?;

    // Another key: the one before is worth nothing.
    desk.click("#integrations-table .webhook-rotate").await?;
    desk.see(&["deja de servir en este momento"]).await?;
    desk.click(".integrations-below .ask-yes").await?;
    desk.wait_for("#integrations-secret .secret-value").await?;
    let other = desk.text("#integrations-secret .secret-value").await?;
    ensure!(other != secret);
    ensure!(call(desk, &secret, &payload).await?.status == 401);
    ensure!(call(desk, &other, &payload).await?.status == 202);
    desk.wait_for_received(2).await?;

    // It is asked about, and then gone.
    desk.click("#integrations-table .webhook-remove").await?;
    desk.click(".integrations-below .ask-no").await?;
    ensure!(desk.count("#integrations-table [data-webhook]").await? == 1);
    desk.click("#integrations-table .webhook-remove").await?;
    desk.click(".integrations-below .ask-yes").await?;
    desk.see(&["Todavía no hay webhooks"]).await?;
    ensure!(call(desk, &other, &payload).await?.status == 401);
    // What was counted is seen by whoever looks again.
    open_page(desk).await?;
    desk.wait_for_text("#integrations-used dd", "2 de 100").await
}

pub async fn a_test_is_sent_and_what_became_of_it_is_said(desk: &mut Desk) -> Result<()> {
    open(desk).await?;
    grant(desk, 10).await?;
    make(desk, REMINDER).await?;
    desk.click("#integrations-table .webhook-trial").await?;
    desk.type_into("#integrations-trial-phone", "no").await?;
    desk.click("#integrations-trial-send").await?;
    desk.see(&["No se entiende como un teléfono"]).await?;
    let empty = "document.querySelector('#integrations-trial-phone').value = ''";
    desk.js::<()>(empty, &[]).await?;
    desk.type_into("#integrations-trial-phone", "+52 55 1200 0007").await?;
    // What the rules refuse is said in the relay's words, and nothing leaves.
    desk.click("#integrations-trial-send").await?;
    desk.see(&["No salió:"]).await?;
    ensure!(desk.sandbox.sunco().summary().total == 0);
    let fill =
        "for (const it of [...document.querySelectorAll('#integrations-trial .filters input')].slice(1)) {
        it.value = 'lunes'; it.dispatchEvent(new Event('input', { bubbles: true })); }";
    desk.js::<()>(fill, &[]).await?;
    desk.click("#integrations-trial-send").await?;
    desk.see(&["Colocado: WhatsApp recibió la prueba."]).await?;
    ensure!(received_by(&desk.sandbox, "525512000007") == 1);
    Ok(())
}

pub async fn no_more_webhooks_are_active_than_the_plan_allows(desk: &mut Desk) -> Result<()> {
    open(desk).await?;
    for n in 1..=5 {
        make(desk, REMINDER).await?;
        desk.wait_for_text("#integrations-active", &format!("Webhook activos {n}/5")).await?;
    }
    desk.see(&["Ya están activos todos los que permite el plan"]).await?;
    ensure!(desk.is_disabled("#integrations-make").await?);
    desk.click("#integrations-table .webhook-off").await?;
    desk.wait_for_text("#integrations-active", "Webhook activos 4/5").await?;
    ensure!(!desk.is_disabled("#integrations-make").await?);
    Ok(())
}

/// A template that is marked for another module is no longer sent by webhooks, from that moment on.
pub async fn what_positions_say_holds_for_webhooks_too(desk: &mut Desk) -> Result<()> {
    open(desk).await?;
    grant(desk, 10).await?;
    choose(desk, REMINDER).await?;
    let payload = payload(desk, &phone(1)).await?;
    let secret = make(desk, REMINDER).await?;
    ensure!(call(desk, &secret, &payload).await?.status == 202);
    desk.press("Posición de plantillas").await?;
    desk.wait_for(".positions-table tbody tr select").await?;
    desk.type_into("#positions-search", "recordatorio_cita es_MX").await?;
    until("the one template", async || {
        Ok((desk.count(".positions-table tbody tr").await? == 1).then_some(()))
    })
    .await?;
    let script = "const it = document.querySelector('.positions-table tbody tr select'); it.value = 'many';
        it.dispatchEvent(new Event('change', { bubbles: true }));";
    desk.js::<()>(script, &[]).await?;
    desk.see(&["1 plantilla guardada"]).await?;
    let answer = call(desk, &secret, &payload).await?;
    ensure!(answer.status == 403 && answer.code() == "template_not_offered", "{answer:?}");
    open_page(desk).await?;
    desk.wait_for("tr[data-state=blocked]").await?;
    desk.see(&["no está en la posición Custom ni Todos"]).await
}

pub async fn a_relay_that_does_not_answer_or_refuses_is_said(desk: &mut Desk) -> Result<()> {
    // Nothing runs there.
    desk.set("relay_host", cxconnect_sandbox::RELAY_HOST)?;
    desk.set("relay_token", "cxr_acme_0123456789abcdef0123456789abcdef")?;
    open_page(desk).await?;
    desk.see(&["No se pudo hablar con el servidor de CXConnect", "El servidor no responde."]).await?;
    // Another key than the relay's.
    desk.add_relay().await?;
    desk.set("relay_token", "cxr_acme_0123456789abcdef0123456789abcdef")?;
    open_page(desk).await?;
    desk.see(&["El servidor no acepta la llave."]).await?;
    // No host at all.
    desk.set("relay_host", "https://relay.acme.mx/")?;
    desk.open_app().await?;
    desk.see(&["Servidor de CXConnect (relay)", "sin https:// ni ruta"]).await
}

pub async fn without_a_relay_the_page_says_how_to_get_one(desk: &mut Desk) -> Result<()> {
    open_page(desk).await?;
    desk.wait_for("#integrations-steps li").await?;
    ensure!(desk.count("#integrations-steps li").await? == 5);
    desk.see(&["Cómo tener el servidor de CXConnect", "registre los avisos de entrega"]).await
}
