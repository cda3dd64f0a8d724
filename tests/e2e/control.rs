//! A running batch: how many calls at once, and what the agent or Zendesk do meanwhile.

use anyhow::Result;
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::{received_by, sends};
use cxconnect_tests::wait::until;
use serde_json::Value;

/// Makes every send take this long.
fn slow(desk: &Desk, delay_ms: u64) {
    desk.sandbox.sunco().add_fault(FaultRule { delay_ms, ..FaultRule::default() });
}

pub async fn paused_resumed_and_cancelled_the_figures_add_up(desk: &mut Desk) -> Result<()> {
    slow(desk, 120);
    desk.set("messages_per_second", 20)?;
    desk.open().await?;
    let all = phones(200);
    desk.send(&reminders(&all)).await?;
    desk.wait_for_text("#run-title", "Enviando…").await?;
    desk.wait_for_figures(|figures| 2 <= figures.accepted).await?;

    // Paused: calls under way are still counted, and no others leave.
    desk.click("#run-pause").await?;
    desk.wait_for_text("#run-title", "Envío en pausa").await?;
    let sandbox = &desk.sandbox;
    let all_answered =
        async || Ok((sends(sandbox).len() == sandbox.sunco().summary().total).then(|| sends(sandbox).len()));
    let n_sent = until("the calls under way", all_answered).await?;
    let figures = desk.wait_for_figures(|figures| figures.accepted == n_sent).await?;
    assert_eq!(figures.waiting, all.len() - n_sent);

    desk.click("#run-resume").await?;
    desk.wait_for_figures(|figures| n_sent + 2 <= figures.accepted).await?;
    // A double click cancels nothing.
    let twice = "const it = document.getElementById('run-cancel'); it.click(); it.click();";
    desk.js::<()>(twice, &[]).await?;
    desk.see(&["mensajes no se enviarán."]).await?;
    let figures = desk.figures().await?;
    desk.wait_for_figures(|now| figures.accepted < now.accepted).await?;
    desk.click("#run-controls + .ask .ask-no").await?;
    desk.cancel().await?;
    assert_eq!(desk.ended().await?, "Envío cancelado");
    let figures = desk.figures().await?;
    assert_eq!(figures.accepted + figures.not_sent, all.len());
    assert!(0 < figures.not_sent);
    assert_eq!(figures.accepted, desk.sandbox.sunco().summary().total);
    assert_eq!(sends(&desk.sandbox).len(), figures.accepted);

    // Those that did not leave are listed.
    desk.click("#run-filter option[value=not_sent]").await?;
    let n_listed = (figures.not_sent + 1).to_string();
    until("the rows that did not leave", async || {
        let n_rows = desk.attribute(".rows-results", "aria-rowcount").await?;
        Ok((n_rows.as_deref() == Some(n_listed.as_str())).then_some(()))
    })
    .await?;
    for row in desk.results().await? {
        assert_eq!(
            (row.label.as_str(), row.detail.as_str()),
            ("No enviado", "Nunca salió: el envío terminó antes.")
        );
    }
    Ok(())
}

pub async fn as_many_calls_at_once_as_the_rate_needs(desk: &mut Desk) -> Result<()> {
    slow(desk, 400);
    desk.set("messages_per_second", 40)?;
    desk.open().await?;
    let all = phones(200);
    desk.send(&reminders(&all)).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.figures().await?.accepted, all.len());
    let summary = desk.sandbox.sunco().summary();
    assert_eq!((summary.total, summary.n_phones), (all.len(), all.len()));
    // Forty a second that take 0.4 seconds each.
    assert!((14..=32).contains(&summary.max_in_flight), "{summary:?}");
    assert_eq!(sends(&desk.sandbox).len(), all.len());
    Ok(())
}

pub async fn continuar_pressed_twice_sends_once(desk: &mut Desk) -> Result<()> {
    slow(desk, 50);
    desk.open().await?;
    let all = phones(6);
    desk.prepare(&reminders(&all)).await?;
    let script = "const it = document.getElementById('confirm-continue'); it.click(); it.click();";
    desk.js::<()>(script, &[]).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(sends(&desk.sandbox).len(), all.len());
    assert_eq!(desk.sandbox.sunco().summary().n_phones, all.len());
    Ok(())
}

/// As soon as there is something to press.
pub async fn pausar_counts_before_the_first_message(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.prepare(&reminders(phones(6))).await?;
    let script = "const observer = new MutationObserver(() => {
          const pause = document.getElementById('run-pause');
          if (!pause) return;
          observer.disconnect();
          pause.click();
        });
        observer.observe(document.body, { subtree: true, childList: true });
        document.getElementById('confirm-continue').click();";
    desk.js::<()>(script, &[]).await?;
    desk.wait_for_text("#run-title", "Envío en pausa").await?;
    // On a slow computer the first one may have left before.
    let kept = desk.open_kept().await?;
    desk.wait_for_silence().await?;
    let n_sent = sends(&desk.sandbox).len();
    assert!(n_sent < 6 && kept.waiting + n_sent == 6, "{kept:?} of {n_sent} calls");
    desk.resume_kept().await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.sandbox.sunco().summary().n_phones, 6);
    Ok(())
}

pub async fn a_second_registration_sends_nothing_twice(desk: &mut Desk) -> Result<()> {
    slow(desk, 150);
    desk.set("messages_per_second", 20)?;
    desk.open().await?;
    let all = phones(90);
    desk.send(&reminders(&all)).await?;
    desk.wait_for_figures(|figures| 3 <= figures.accepted).await?;
    desk.sandbox.emit("app.registered", Value::Null).await;
    desk.wait_for_figures(|figures| 9 <= figures.accepted).await?;
    desk.sandbox.emit("app.registered", Value::Null).await;
    assert!(0 < desk.figures().await?.waiting, "the sending was over before the second registration");
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.figures().await?.accepted, all.len());
    for phone in &all {
        assert_eq!(received_by(&desk.sandbox, phone), 1, "{phone}");
    }
    assert_eq!(sends(&desk.sandbox).len(), all.len());

    // The app did not start a second time: one page, and its lists were asked for once.
    assert_eq!(desk.count("#app > *").await?, 1);
    let n_starts =
        desk.sandbox.traffic().iter().filter(|it| it.request_line.contains("integrations%3F")).count();
    assert_eq!(n_starts, 1);
    Ok(())
}
