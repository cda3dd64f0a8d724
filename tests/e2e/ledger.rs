//! The team's shared record: what was planned, claimed and sent, in the account's own custom objects.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::Session;
use cxconnect_sandbox::objects::{FaultRule, InstallMode, Operation};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::{until, within};
use serde_json::Value;
use tokio::time::sleep;

const BATCH: &str = "cxc_batch";
const MESSAGE: &str = "cxc_message";
const PLAN: &str = "cxc_plan";

/// The one batch's record, once there is one.
async fn batch(desk: &Desk) -> Result<Value> {
    until("the batch's record", async || Ok(desk.sandbox.objects().records(BATCH)?.pop())).await
}

fn field<'v>(record: &'v Value, name: &str) -> &'v Value {
    &record["custom_object_fields"][name]
}

/// Waits until the ledger has all of the batch, and nothing of its plan.
async fn wait_until_complete(desk: &Desk) -> Result<()> {
    within(Duration::from_mins(1), "the ledger to be complete", async || {
        let is_over = !field(&batch(desk).await?, "ended_at").is_null();
        let n_plan = desk.n_plans()?;
        Ok((is_over && n_plan == 0).then_some(()))
    })
    .await
}

/// How many messages' records have each status.
fn n_of(desk: &Desk, status: &str) -> Result<usize> {
    let records = desk.sandbox.objects().records(MESSAGE)?;
    Ok(records.iter().filter(|record| field(record, "status") == status).count())
}

pub async fn a_batch_and_its_messages_are_in_the_ledger_when_it_ends(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 80)?;
    desk.open().await?;
    desk.send(&reminders(phones(250))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    wait_until_complete(desk).await?;
    let batch = batch(desk).await?;
    let number = |name| field(&batch, name).as_u64().context("a number");
    ensure!(number("n_messages")? == 250 && number("n_sent")? == 250, "{batch}");
    ensure!(field(&batch, "state") == "cxc_batch_completed" && field(&batch, "origin") == "cxc_batch_many");
    ensure!(field(&batch, "template") == "recordatorio_cita", "{batch}");
    ensure!(n_of(desk, "cxc_message_accepted")? == 250);
    // Each message's own id, by which its receipts will be known.
    let records = desk.sandbox.objects().records(MESSAGE)?;
    let received = desk.sandbox.sunco().received();
    for record in &records {
        let id = field(record, "notification_id").as_str().context("an id")?;
        ensure!(received.iter().any(|it| it.notification_id == id), "{record}");
    }
    Ok(())
}

pub async fn without_the_ledger_a_batch_waits_and_goes_on_by_itself(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 40)?;
    desk.open().await?;
    desk.send(&reminders(phones(600))).await?;
    desk.wait_for_received(20).await?;
    desk.sandbox.objects().add_fault(FaultRule { status: Some(503), ..FaultRule::default() });
    desk.see_within(Duration::from_secs(30), &["El registro del equipo no responde"]).await?;
    // At most three chunks were claimed; once these have left, it waits.
    desk.wait_for_text("#run-title", "Esperando al registro del equipo…").await?;
    desk.wait_for_silence().await?;
    let n_sent = desk.sandbox.sunco().summary().total;
    ensure!(n_sent <= 400, "{n_sent}");
    sleep(Duration::from_mins(1)).await;
    ensure!(n_sent == desk.sandbox.sunco().summary().total, "something left without a claim");
    desk.sandbox.objects().clear_faults();
    within(Duration::from_mins(2), "the end", async || {
        Ok((desk.sandbox.sunco().summary().total == 600).then_some(()))
    })
    .await?;
    ensure!(desk.ended().await? == "Envío terminado");
    wait_until_complete(desk).await?;
    ensure!(desk.sandbox.sunco().summary().n_repeated == 0);
    ensure!(n_of(desk, "cxc_message_accepted")? == 600);
    Ok(())
}

pub async fn who_may_not_write_in_the_ledger_sends_nothing_and_is_told(desk: &mut Desk) -> Result<()> {
    desk.sandbox.set_session(Session { role: "light_agent".into(), ..Session::default() });
    desk.open().await?;
    // Before anything is prepared, and again if it is all the same.
    desk.wait_for("#no-right").await?;
    desk.see(&["Su rol no puede escribir en el registro del equipo"]).await?;
    desk.send(&reminders(phones(3))).await?;
    desk.wait_for_text("#run-title", "Esperando al registro del equipo…").await?;
    desk.see(&["Su rol no puede escribir en el registro del equipo"]).await?;
    desk.wait_for_silence().await?;
    ensure!(desk.sandbox.sunco().summary().total == 0);
    Ok(())
}

pub async fn an_account_without_the_objects_sends_as_before(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().install(InstallMode::NotCreated)?;
    desk.open().await?;
    desk.send(&reminders(phones(5))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    ensure!(desk.sandbox.sunco().summary().total == 5);
    Ok(())
}

pub async fn a_record_that_goes_missing_in_mid_batch_stops_it(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 40)?;
    desk.open().await?;
    desk.send(&reminders(phones(700))).await?;
    desk.wait_for_received(20).await?;
    let gone = FaultRule { status: Some(404), object: Some(PLAN.into()), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(gone);
    desk.wait_for("#ledger-again").await?;
    desk.wait_for_silence().await?;
    // What is sent without a claim, another computer would send again.
    let n_sent = desk.sandbox.sunco().summary().total;
    ensure!(n_sent <= 400, "{n_sent}");
    desk.sandbox.objects().clear_faults();
    desk.click("#ledger-again").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    wait_until_complete(desk).await?;
    ensure!(desk.sandbox.sunco().summary().n_repeated == 0);
    ensure!(n_of(desk, "cxc_message_accepted")? == 700);
    Ok(())
}

pub async fn who_may_not_write_messages_records_sends_nothing(desk: &mut Desk) -> Result<()> {
    let refused = FaultRule { status: Some(403), object: Some(MESSAGE.into()), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(refused);
    desk.open().await?;
    desk.send(&reminders(phones(3))).await?;
    desk.see(&["Su rol no puede escribir en el registro del equipo"]).await?;
    desk.wait_for_silence().await?;
    ensure!(desk.sandbox.sunco().summary().total == 0);
    Ok(())
}

pub async fn jobs_that_fail_are_written_again_and_change_nothing_twice(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 40)?;
    // Every second job's answer is lost after it was taken.
    desk.sandbox.objects().add_fault(FaultRule {
        operation: Operation::Jobs,
        every: Some(2),
        status: Some(502),
        is_applied: true,
        ..FaultRule::default()
    });
    desk.open().await?;
    desk.send(&reminders(phones(150))).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    wait_until_complete(desk).await?;
    ensure!(desk.sandbox.objects().n_records(MESSAGE)? == 150);
    ensure!(n_of(desk, "cxc_message_accepted")? == 150);
    Ok(())
}

pub async fn a_batch_that_is_resumed_is_in_the_ledger_once(desk: &mut Desk) -> Result<()> {
    desk.set("messages_per_second", 40)?;
    desk.open().await?;
    desk.send(&reminders(phones(220))).await?;
    desk.wait_for_received(30).await?;
    desk.open_kept().await?;
    desk.resume_kept().await?;
    ensure!(desk.ended().await? == "Envío terminado");
    wait_until_complete(desk).await?;
    ensure!(desk.sandbox.sunco().summary().n_repeated == 0);
    let n_known = n_of(desk, "cxc_message_accepted")? + n_of(desk, "cxc_message_unknown")?;
    ensure!(n_known == 220, "{n_known}");
    Ok(())
}
