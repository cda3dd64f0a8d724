//! What may become of a single message.

use anyhow::Result;
use cxconnect_sandbox::host::{FailedResponses, HostFaults};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phone, phones, reminders};
use cxconnect_tests::traffic::{received_by, sends, sends_to};

/// Refused by the sandbox's WhatsApp with 400 "Destination is invalid".
const INVALID: &str = "525555500400";
/// Answered with 429 once; the second one with a `Retry-After`.
const THROTTLED: [&str; 2] = ["525555500429", "525555500430"];
/// Never answered.
const SILENT: &str = "525555500504";
/// Taken, but the connection breaks before the answer.
const CUT_AFTER: &str = "525555500601";
/// Answered with a 201 that is a web page.
const HTML: &str = "525555500700";

pub async fn a_refused_message_is_explained_and_the_others_go(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.send(&reminders([phone(1), INVALID.to_owned(), phone(2)])).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    let figures = desk.figures().await?;
    assert_eq!((figures.accepted, figures.refused), (2, 1));

    let row = desk.result_of(INVALID).await?;
    assert_eq!((row.state.as_str(), row.label.as_str(), row.line.as_str()), ("refused", "Error", "3"));
    // Cause and remedy in the agent's language, and the provider's own words.
    for part in ["El número está mal escrito", "Corrija el número", "bad_request", "Destination is invalid"]
    {
        assert!(row.detail.contains(part), "{}", row.detail);
    }
    // It is counted, and takes nothing from the package.
    assert_eq!(desk.text("#panel-not-sent").await?, "1");
    assert_eq!(desk.text("#panel-sent").await?, "2");
    assert_eq!(desk.text("#panel-left").await?, "998 / 1.000 Mensajes");
    assert_eq!(sends_to(&desk.sandbox, INVALID), 1);

    desk.click("#run-filter option[value=refused]").await?;
    cxconnect_tests::wait::until("only the refused row", async || {
        Ok((desk.results().await?.len() == 1).then_some(()))
    })
    .await?;

    // The results are kept: the next sending can begin, and they can still be seen.
    desk.click("#run-new").await?;
    desk.see(&["Seleccione una plantilla", "Envíos recientes"]).await?;
    desk.click("#recent summary").await?;
    desk.see(&["3 mensajes: 2 enviados, 1 con error"]).await
}

pub async fn an_outage_pauses_and_leaves_the_rest_for_later(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.sandbox.sunco().add_fault(FaultRule { status: Some(503), ..FaultRule::default() });
    desk.send(&reminders(phones(60))).await?;
    desk.see(&["El envío se pausó solo", "Reanudar"]).await?;
    desk.sandbox.sunco().clear_faults();
    desk.click("#run-resume").await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    // A window's worth of doubts and the calls that were under way with them; the rest waited.
    let figures = desk.figures().await?;
    assert!((3..=15).contains(&figures.unknown), "{figures:?}");
    assert_eq!(figures.accepted + figures.unknown, 60);
    Ok(())
}

/// Some of Zendesk's hosts resolve the promise of a call that failed.
pub async fn a_refusal_that_zendesk_resolves_is_a_refusal_too(desk: &mut Desk) -> Result<()> {
    let faults = HostFaults { failed_responses: FailedResponses::Resolve, ..HostFaults::default() };
    desk.sandbox.set_host_faults(faults).await;
    desk.open().await?;
    desk.send(&reminders([INVALID.to_owned(), phone(1)])).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.result_of(INVALID).await?.state, "refused");
    assert_eq!(desk.result_of(&phone(1)).await?.state, "accepted");
    Ok(())
}

pub async fn a_429_delays_messages_and_loses_or_repeats_none(desk: &mut Desk) -> Result<()> {
    // Besides the numbers that fail once, a limit on all: some of eight calls at once are turned away.
    desk.sandbox.sunco().add_fault(FaultRule {
        limit_per_second: Some(6),
        times: Some(4),
        status: Some(429),
        ..FaultRule::default()
    });
    desk.open().await?;
    let mut all = phones(10);
    all.extend(THROTTLED.map(str::to_owned));
    desk.send(&reminders(&all)).await?;
    desk.see(&["WhatsApp pide ir más despacio"]).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.figures().await?.accepted, all.len());
    for phone in &all {
        assert_eq!(received_by(&desk.sandbox, phone), 1, "{phone}");
    }
    // They really were turned away at first.
    for phone in THROTTLED {
        assert!(2 <= sends_to(&desk.sandbox, phone), "{phone}");
    }
    assert_eq!(desk.text("#panel-left").await?, format!("{} / 1.000 Mensajes", 1000 - all.len()));
    Ok(())
}

pub async fn a_message_of_unknown_outcome_is_shown_and_never_resent(desk: &mut Desk) -> Result<()> {
    let bad_gateway = phone(9);
    desk.sandbox.sunco().add_fault(FaultRule {
        phone: Some(bad_gateway.clone()),
        status: Some(502),
        ..FaultRule::default()
    });
    desk.open().await?;
    let all = [phone(1), HTML.into(), bad_gateway.clone(), CUT_AFTER.into(), SILENT.into(), phone(2)];
    desk.send(&reminders(&all)).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    let figures = desk.figures().await?;
    assert_eq!((figures.accepted, figures.unknown), (2, 4));

    for (phone, why) in [
        (HTML, "La respuesta no se entiende (estado 201)."),
        (bad_gateway.as_str(), "El servidor de mensajes falló (estado 502)."),
        (CUT_AFTER, "El servidor de mensajes falló (estado 502)."),
        (SILENT, "Sin respuesta en 30 segundos."),
    ] {
        let row = desk.result_of(phone).await?;
        assert_eq!((row.state.as_str(), row.label.as_str()), ("unknown", "Resultado desconocido"), "{phone}");
        assert_eq!(row.detail, format!("{why} No se sabe si salió; no se reenvía solo."), "{phone}");
        assert_eq!(sends_to(&desk.sandbox, phone), 1, "{phone}");
    }
    desk.see(&["De estas filas no se sabe si el mensaje llegó a WhatsApp. No se vuelven a enviar solas"])
        .await?;
    assert_eq!(received_by(&desk.sandbox, CUT_AFTER), 1);
    assert_eq!(sends(&desk.sandbox).len(), all.len());
    // What may have been sent counts as used, but not as sent.
    assert_eq!(desk.text("#panel-sent").await?, "2");
    assert_eq!(desk.text("#panel-left").await?, "994 / 1.000 Mensajes");
    Ok(())
}
