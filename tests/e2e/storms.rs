//! A provider, a network and a clock that misbehave in mid-batch: the batch ends or pauses and says why, and nobody gets
//! two messages.

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::faults::{FaultRule, Reset};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::kept::Tally;
use cxconnect_tests::traffic::sends;
use cxconnect_tests::wait::until;
use serde_json::{Value, json};

/// Sends so many messages, so many a second, through these troubles.
async fn send(desk: &Desk, n_messages: usize, rate: u32, troubles: Vec<FaultRule>) -> Result<()> {
    desk.set("messages_per_second", rate)?;
    for trouble in troubles {
        desk.sandbox.sunco().add_fault(trouble);
    }
    desk.open().await?;
    desk.send(&reminders(phones(n_messages))).await
}

/// Waits for a pause of that cause.
async fn paused(desk: &Desk, cause: &str) -> Result<()> {
    until(format!("a pause because of {cause}"), async || {
        let said = desk.attribute("#run-cause", "data-cause").await?;
        Ok((said.as_deref() == Some(cause)).then_some(()))
    })
    .await
}

async fn ended(desk: &Desk, n_messages: usize) -> Result<Tally> {
    ensure!(desk.ended().await? == "Envío terminado");
    desk.account_for_all(n_messages).await
}

pub async fn a_storm_of_429_delays_the_batch_and_loses_nothing(desk: &mut Desk) -> Result<()> {
    let storm = FaultRule { from: Some(25), for_ms: Some(4_000), status: Some(429), ..FaultRule::default() };
    let ceiling = FaultRule {
        limit_per_second: Some(12),
        status: Some(429),
        retry_after: Some(1),
        times: Some(6),
        ..FaultRule::default()
    };
    send(desk, 120, 20, vec![storm, ceiling]).await?;
    desk.see(&["WhatsApp pide ir más despacio"]).await?;
    let tally = ended(desk, 120).await?;
    ensure!(tally.accepted == 120, "{tally:?}");
    // They really were turned away, though by far not for each moment of the storm.
    let n_away = sends(&desk.sandbox).len() - 120;
    ensure!((2..=40).contains(&n_away), "{n_away} calls were turned away");
    Ok(())
}

pub async fn a_burst_of_5xx_pauses_and_leaves_doubts_that_are_never_resent(desk: &mut Desk) -> Result<()> {
    // Sixty in a row, half of which were accepted all the same.
    let burst = |from, every| FaultRule {
        from: Some(from),
        every,
        times: Some(30),
        status: Some(503),
        ..FaultRule::default()
    };
    let troubles = vec![burst(31, Some(2)), FaultRule { is_accepted: true, ..burst(21, None) }];
    send(desk, 160, 20, troubles).await?;
    paused(desk, "doubts").await?;
    desk.see(&["varias respuestas seguidas no llegaron"]).await?;
    // It may pause more than once.
    until("the end", async || {
        desk.click_now("#run-resume").await?;
        Ok((0 < desk.count("#run-new").await?).then_some(()))
    })
    .await?;
    let tally = ended(desk, 160).await?;
    ensure!(tally.unknown == 60 && tally.accepted == 100, "{tally:?}");
    ensure!(desk.sandbox.sunco().summary().total == 130);
    Ok(())
}

/// A minute without an answer, before or after the message was accepted; the others go on meanwhile.
pub async fn calls_that_hang_hold_nobody_up_and_are_never_resent(desk: &mut Desk) -> Result<()> {
    let hang = FaultRule { from: Some(5), times: Some(2), hang: true, ..FaultRule::default() };
    let late = FaultRule { from: Some(9), times: Some(1), answer_delay_ms: 60_000, ..FaultRule::default() };
    send(desk, 60, 20, vec![hang, late]).await?;
    // Three hang; all others are through long before anybody gives up on them.
    until("the others", async || Ok((desk.figures().await?.accepted == 57).then_some(()))).await?;
    ensure!(desk.figures().await?.waiting == 3);
    let tally = ended(desk, 60).await?;
    ensure!((tally.accepted, tally.unknown) == (57, 3), "{tally:?}");
    ensure!(desk.sandbox.sunco().summary().total == 58 && sends(&desk.sandbox).len() == 60);
    Ok(())
}

pub async fn html_and_cut_connections_are_doubts(desk: &mut Desk) -> Result<()> {
    let rule = |from| FaultRule { from: Some(from), every: Some(10), times: Some(2), ..FaultRule::default() };
    let html = || Some(Value::from("<html><body>Inicie sesión</body></html>"));
    let troubles = vec![
        FaultRule { status: Some(200), body: html(), ..rule(3) },
        FaultRule { status: Some(201), body: html(), is_accepted: true, ..rule(5) },
        FaultRule { reset: Some(Reset::Before), ..rule(7) },
        FaultRule { reset: Some(Reset::After), ..rule(9) },
    ];
    send(desk, 60, 20, troubles).await?;
    let tally = ended(desk, 60).await?;
    ensure!((tally.accepted, tally.unknown) == (52, 8), "{tally:?}");
    ensure!(sends(&desk.sandbox).len() == 60, "{} calls", sends(&desk.sandbox).len());
    Ok(())
}

/// Somebody sets the computer's clock, forwards by hours and back by days, while messages leave and while it is paused.
pub async fn a_clock_that_jumps_changes_nothing(desk: &mut Desk) -> Result<()> {
    let jumping = "(() => {
        const RealDate = Date;
        let offset = 0;
        globalThis.jumpBy = (ms) => { offset += ms; };
        const now = () => RealDate.now() + offset;
        globalThis.Date = new Proxy(RealDate, {
          construct: (it, args, target) => Reflect.construct(it, args.length ? args : [now()], target),
          apply: () => new RealDate(now()).toString(),
          get: (it, name) => (name === 'now' ? now : Reflect.get(it, name)),
        });
      })();\n";
    desk.change_app(|app| {
        let boot = app.join("assets/boot.js");
        let code = fs::read_to_string(&boot)?;
        Ok(fs::write(&boot, [jumping, &code].concat())?)
    })
    .await?;
    send(desk, 120, 20, vec![FaultRule { answer_delay_ms: 100, ..FaultRule::default() }]).await?;
    let jump = async |hours: i64| desk.js::<()>("jumpBy(arguments[0])", &[json!(hours * 3_600_000)]).await;
    for (n_received, hours) in [(10, 5), (25, -72), (40, 1)] {
        desk.wait_for_received(n_received).await?;
        jump(hours).await?;
    }
    desk.click("#run-pause").await?;
    jump(-2).await?;
    desk.wait_for_silence().await?;
    desk.click("#run-resume").await?;
    desk.wait_for_received(80).await?;
    jump(30).await?;
    let tally = ended(desk, 120).await?;
    ensure!(tally.accepted == 120, "{tally:?}");
    Ok(())
}

pub async fn a_run_of_failures_pauses_the_batch(desk: &mut Desk) -> Result<()> {
    desk.set("failures_in_a_row", 6)?;
    let refused = FaultRule { from: Some(11), times: Some(8), status: Some(400), ..FaultRule::default() };
    send(desk, 60, 20, vec![refused]).await?;
    paused(desk, "failures").await?;
    desk.see(&["demasiados errores seguidos"]).await?;
    desk.wait_for_silence().await?;
    ensure!(desk.sandbox.sunco().summary().n_calls < 60, "nothing was kept back");
    desk.click("#run-resume").await?;
    let tally = ended(desk, 60).await?;
    ensure!((tally.accepted, tally.refused) == (52, 8), "{tally:?}");
    Ok(())
}

pub async fn a_template_that_is_paused_in_mid_batch_pauses_the_batch(desk: &mut Desk) -> Result<()> {
    let said = json!({"error": {"code": "bad_request", "description": "(#132015) Template is paused"}});
    let paused_by_meta =
        FaultRule { from: Some(9), status: Some(400), body: Some(said), ..FaultRule::default() };
    send(desk, 40, 20, vec![paused_by_meta]).await?;
    paused(desk, "template").await?;
    desk.see(&["La plantilla ya no se puede enviar"]).await?;
    desk.wait_for_silence().await?;
    let figures = desk.figures().await?;
    ensure!(figures.accepted == 8 && 10 < figures.waiting, "{figures:?}");
    desk.sandbox.sunco().clear_faults();
    desk.click("#run-resume").await?;
    let tally = ended(desk, 40).await?;
    // Refused are those that were under way when the first one was; all that had not left went on.
    ensure!(tally.accepted + tally.refused == 40 && 8 + 10 < tally.accepted, "{tally:?}");
    Ok(())
}

pub async fn an_account_that_is_locked_in_mid_batch_pauses_the_batch(desk: &mut Desk) -> Result<()> {
    let said = json!({"error": {"code": "bad_request", "description": "(#131031) Account has been locked"}});
    let locked = FaultRule { from: Some(9), status: Some(400), body: Some(said), ..FaultRule::default() };
    send(desk, 40, 20, vec![locked]).await?;
    paused(desk, "account").await?;
    desk.see(&["La cuenta de WhatsApp no puede enviar en este momento"]).await?;
    desk.wait_for_silence().await?;
    let figures = desk.figures().await?;
    ensure!(figures.accepted == 8 && 10 < figures.waiting, "{figures:?}");
    desk.sandbox.sunco().clear_faults();
    desk.click("#run-resume").await?;
    let tally = ended(desk, 40).await?;
    ensure!(tally.accepted + tally.refused == 40 && 8 + 10 < tally.accepted, "{tally:?}");
    Ok(())
}

/// One person is in the file twice, and is not written to twice at once: WhatsApp allows one message in six seconds.
pub async fn the_same_number_waits_and_the_others_go_on(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 20)?;
    desk.open().await?;
    let mut all = phones(20);
    all.insert(1, all[0].clone());
    desk.prepare(&reminders(&all)).await?;
    desk.click("#confirm-review").await?;
    desk.press("Enviar también a los repetidos").await?;
    desk.press("Seguir con 21 mensajes").await?;
    let began = std::time::Instant::now();
    desk.click("#confirm-continue").await?;
    desk.wait_for_received(20).await?;
    ensure!(began.elapsed() < Duration::from_secs(5), "one number held up the others");
    ensure!(desk.ended().await? == "Envío terminado");
    let first: Vec<u64> = desk
        .sandbox
        .sunco()
        .received()
        .iter()
        .filter(|it| it.phone[1..] == all[0])
        .map(|it| it.received_at_ms)
        .collect();
    ensure!(first.len() == 2 && 5_900 <= first[1] - first[0], "{first:?}");
    Ok(())
}
