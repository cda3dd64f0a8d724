//! A ticket's message of which nobody knows whether it left, when the ticket is opened again.

use anyhow::{Result, ensure};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phone, reminders};
use cxconnect_tests::traffic::{received_by, sends};
use cxconnect_tests::wait::until;

use crate::ticket::{WITH_PHONE, WITHOUT_COUNTRY, fill_in, open, result};

/// Ana's.
const PHONE: &str = "525512345678";

/// Leaves Ana's message in doubt, and opens the ticket again.
async fn leave_in_doubt(desk: &Desk) -> Result<()> {
    desk.sandbox.sunco().add_fault(FaultRule { status: Some(503), ..FaultRule::default() });
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    result(desk, "unknown").await?;
    desk.sandbox.sunco().clear_faults();
    desk.leave_frame().await?;
    open(desk, WITH_PHONE).await?;
    desk.wait_for(".ticket-doubt").await?;
    desk.see(&[
        "No se sabe si un mensaje anterior salió",
        "recordatorio_cita",
        "Marcar como enviado",
        "Enviar otra vez",
    ])
    .await
}

async fn no_doubt_is_left(desk: &Desk) -> Result<()> {
    until("no message in doubt", async || Ok((desk.count(".ticket-doubt").await? == 0).then_some(()))).await
}

pub async fn it_is_shown_and_can_be_marked_as_sent(desk: &mut Desk) -> Result<()> {
    leave_in_doubt(desk).await?;
    desk.click(".row-mark").await?;
    desk.click(".row-mark-yes").await?;
    no_doubt_is_left(desk).await?;
    // Nobody is told of it again, and nothing has left.
    desk.leave_frame().await?;
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    ensure!(received_by(&desk.sandbox, PHONE) == 1 && sends(&desk.sandbox).len() == 2);
    Ok(())
}

/// It is decided in its batch; whoever writes to the same person is told of it here, too.
pub async fn a_doubt_of_a_batch_is_shown_in_its_persons_ticket(desk: &mut Desk) -> Result<()> {
    let fails = FaultRule { phone: Some(PHONE.to_owned()), status: Some(503), ..FaultRule::default() };
    desk.sandbox.sunco().add_fault(fails);
    desk.open().await?;
    desk.send(&reminders([PHONE.to_owned(), phone(1)])).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.sandbox.sunco().clear_faults();
    desk.leave_frame().await?;
    open(desk, WITH_PHONE).await?;
    desk.wait_for(".ticket-doubt").await?;
    desk.see(&["No se sabe si un mensaje anterior salió", "decídalo en ese envío"]).await?;
    ensure!(desk.count(".row-mark, .row-again").await? == 0);
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    desk.see(&["Puede que esta persona ya haya recibido otro mensaje"]).await?;
    ensure!(sends(&desk.sandbox).len() == 2);
    Ok(())
}

pub async fn it_can_be_sent_again_which_is_asked_about(desk: &mut Desk) -> Result<()> {
    leave_in_doubt(desk).await?;
    desk.click(".row-again").await?;
    desk.see(&["Puede recibirlo dos veces."]).await?;
    ensure!(sends(&desk.sandbox).len() == 1);
    desk.click(".row-again-yes").await?;
    result(desk, "accepted").await?;
    ensure!(received_by(&desk.sandbox, PHONE) == 1);
    desk.click("#ticket-another").await?;
    no_doubt_is_left(desk).await
}

pub async fn another_message_to_the_same_person_is_asked_about(desk: &mut Desk) -> Result<()> {
    leave_in_doubt(desk).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    desk.wait_for("#ticket-in-doubt").await?;
    desk.see(&["puede recibir los dos"]).await?;
    // Enviar alone asks again.
    desk.click("#ticket-send").await?;
    desk.wait_for("#ticket-in-doubt").await?;
    ensure!(sends(&desk.sandbox).len() == 1, "a message left before the agent insisted");
    desk.click("#ticket-insist").await?;
    result(desk, "accepted").await?;
    ensure!(received_by(&desk.sandbox, PHONE) == 1);
    // The first one is still in doubt, and nobody else's concern.
    desk.click("#ticket-another").await?;
    desk.wait_for(".ticket-doubt").await?;
    desk.leave_frame().await?;
    open(desk, WITHOUT_COUNTRY).await?;
    desk.click("#ticket-accept").await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    result(desk, "accepted").await?;
    ensure!(desk.count(".ticket-doubt").await? == 0);
    Ok(())
}

/// Its page is gone before the answer: nothing is left to resume, and it is said so.
pub async fn what_has_nothing_to_resume_is_only_decided(desk: &mut Desk) -> Result<()> {
    desk.sandbox.sunco().add_fault(FaultRule { answer_delay_ms: 20_000, ..FaultRule::default() });
    open(desk, WITH_PHONE).await?;
    fill_in(desk).await?;
    desk.click("#ticket-send").await?;
    desk.wait_for_received(1).await?;
    desk.leave_frame().await?;
    desk.open_kept().await?;
    // Its page may hold it for a moment still.
    until("the message to be in doubt", async || {
        let kept = desk.the_kept_one().await?;
        Ok((kept.unknown == 1 && kept.waiting == 0).then_some(()))
    })
    .await?;
    desk.see(&["No queda nada por enviar"]).await?;
    ensure!(desk.count(".kept-resume").await? == 0 && desk.count(".kept-cancel").await? == 0);
    // The ticket knows of it, too.
    desk.leave_frame().await?;
    open(desk, WITH_PHONE).await?;
    desk.wait_for(".ticket-doubt").await?;
    desk.see(&["La pestaña se cerró antes de la respuesta"]).await?;
    desk.leave_frame().await?;
    desk.open_kept().await?;
    desk.click(".kept-open").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    desk.click(".row-mark").await?;
    desk.click(".row-mark-yes").await?;
    desk.wait_for_figures(|figures| figures.unknown == 0 && figures.accepted == 1).await?;
    ensure!(sends(&desk.sandbox).len() == 1);
    Ok(())
}
