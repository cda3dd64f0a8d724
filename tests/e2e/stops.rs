//! What keeps a whole batch from being sent.

use anyhow::{Context as _, Result};
use cxconnect_sandbox::sunco::faults::{FaultRule, Operation};
use cxconnect_tests::desk::{Desk, SALES};
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::{received_by, sends, sends_to};
use serde_json::{Value, json};

pub async fn a_401_while_sending_pauses_the_batch_and_names_the_setting(desk: &mut Desk) -> Result<()> {
    let told = [
        "La clave de Sunshine Conversations no es válida",
        "«Key ID de Sunshine Conversations» y «Clave secreta de Sunshine Conversations»",
    ];
    paused_at_the_third(desk, 401, "unauthorized", told).await?;
    // Put right, the rest leaves, the refused one as well.
    desk.sandbox.sunco().clear_faults();
    desk.click("#run-resume").await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    let tally = desk.account_for_all(6).await?;
    assert_eq!(tally.accepted, 6);
    let calls = phones(6).iter().map(|phone| sends_to(&desk.sandbox, phone)).collect::<Vec<_>>();
    assert_eq!(calls, [1, 1, 2, 1, 1, 1]);
    assert_eq!(desk.text("#panel-left").await?, "994 / 1.000 Mensajes");
    Ok(())
}

pub async fn a_402_while_sending_pauses_the_batch(desk: &mut Desk) -> Result<()> {
    let told = ["La cuenta no incluye este servicio", "Revise el plan"];
    paused_at_the_third(desk, 402, "payment_required", told).await
}

pub async fn a_403_while_sending_pauses_the_batch_and_names_the_setting(desk: &mut Desk) -> Result<()> {
    let told = ["La clave no tiene permiso en esta aplicación", "App ID de Sunshine Conversations"];
    paused_at_the_third(desk, 403, "forbidden", told).await?;
    desk.cancel().await?;
    assert_eq!(desk.ended().await?, "Envío cancelado");
    let all = phones(6);
    for (n, phone) in all.iter().enumerate() {
        let row = desk.result_of(phone).await?;
        let (label, n_received, n_calls) = match n {
            0 | 1 => ("Colocado", 1, 1),
            2 => ("No enviado", 0, 1),
            _ => ("No enviado", 0, 0),
        };
        assert_eq!(row.label, label, "{phone}");
        assert_eq!(received_by(&desk.sandbox, phone), n_received, "{phone}");
        assert_eq!(sends_to(&desk.sandbox, phone), n_calls, "{phone}");
    }
    assert_eq!(desk.text("#panel-left").await?, "998 / 1.000 Mensajes");
    Ok(())
}

async fn paused_at_the_third(desk: &Desk, status: u16, cause: &str, told: [&str; 2]) -> Result<()> {
    // One after the other.
    desk.set("messages_per_second", 2)?;
    desk.sandbox.sunco().add_fault(FaultRule { nth: Some(3), status: Some(status), ..FaultRule::default() });
    desk.open().await?;
    desk.send(&reminders(phones(6))).await?;
    desk.wait_for(&format!("#run-cause[data-cause={cause}]")).await?;
    desk.wait_for_text("#run-title", "Envío en pausa").await?;
    desk.see(&told).await?;
    desk.see(&["Los mensajes que faltan no salieron"]).await?;
    let figures = desk.figures().await?;
    assert_eq!((figures.accepted, figures.waiting, figures.not_sent), (2, 4, 0));
    Ok(())
}

pub async fn a_401_while_loading_can_be_tried_again(desk: &mut Desk) -> Result<()> {
    for operation in [Operation::Integrations, Operation::Templates] {
        desk.sandbox.sunco().add_fault(FaultRule { operation, status: Some(401), ..FaultRule::default() });
        desk.open_app().await?;
        desk.see(&[
            "La clave de Sunshine Conversations no es válida",
            "«Key ID de Sunshine Conversations» y «Clave secreta de Sunshine Conversations»",
        ])
        .await?;
        assert_eq!(desk.count("#template-search").await?, 0);
        desk.sandbox.sunco().clear_faults();
        desk.press("Reintentar").await?;
        desk.wait_for("#template-search").await?;
    }
    Ok(())
}

pub async fn what_else_may_come_instead_of_the_lists_is_told_apart(desk: &mut Desk) -> Result<()> {
    let html = || Some(Value::from("<html><title>Inicie sesión</title></html>"));
    for (status, body, told) in [
        (
            200,
            html(),
            [
                "La respuesta no es la de Sunshine Conversations",
                "Revise «Dirección de Sunshine Conversations»",
            ],
        ),
        (200, Some(json!({"integrations": 7})), ["La respuesta no se entiende", "comparta el detalle"]),
        (403, None, ["La clave no tiene permiso en esta aplicación", "App ID de Sunshine Conversations"]),
        (429, None, ["Demasiadas consultas seguidas", "Espere un momento"]),
        (503, html(), ["Sunshine Conversations no está disponible", "Espere unos minutos"]),
    ] {
        desk.sandbox.sunco().add_fault(FaultRule {
            operation: Operation::Integrations,
            status: Some(status),
            body,
            ..FaultRule::default()
        });
        desk.open_app().await?;
        desk.see(&told).await.with_context(|| status.to_string())?;
        desk.see(&["Reintentar"]).await?;
        desk.sandbox.sunco().clear_faults();
    }
    Ok(())
}

pub async fn a_template_that_vanished_is_not_sent(desk: &mut Desk) -> Result<()> {
    let told =
        ["La plantilla recordatorio_cita ya no existe", "Se eliminó después de que usted la eligiera."];
    changed_before_sending(desk, "GONE", told).await
}

pub async fn a_template_that_was_paused_is_not_sent(desk: &mut Desk) -> Result<()> {
    let told = ["La plantilla recordatorio_cita ya no está aprobada", "Su estado ahora es PAUSED."];
    changed_before_sending(desk, "PAUSED", told).await
}

async fn changed_before_sending(desk: &Desk, status: &str, told: [&str; 2]) -> Result<()> {
    desk.open().await?;
    desk.prepare(&reminders(phones(3))).await?;
    let n_changed = desk.sandbox.sunco().set_template_status(Some(SALES), "recordatorio_cita", status);
    assert_eq!(n_changed, 1);
    desk.click("#confirm-continue").await?;
    desk.see(&told).await?;
    desk.see(&["No se envió ningún mensaje."]).await?;
    assert!(desk.is_disabled("#confirm-continue").await?);

    // Back at the list, it is no longer offered.
    desk.press("Volver").await?;
    desk.wait_for("#template-search").await?;
    assert!(!desk.template_names().await?.contains(&"recordatorio_cita".to_owned()));
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}
