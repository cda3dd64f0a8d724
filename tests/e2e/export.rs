//! Messages as a file while Zendesk is in trouble: what passes is waited for, and what doesn't is told and can be gone on with.

use std::time::Duration;

use anyhow::{Result, ensure};
use cxconnect_sandbox::objects::{FaultRule, Operation};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::team::{Sent, renewal_day, seed};
use cxconnect_tests::wait::until;

const N_MESSAGES: u32 = 350;
/// Longer than the waits of any fault below.
const PATIENCE: Duration = Duration::from_secs(30);

fn of_search(fault: FaultRule) -> FaultRule {
    FaultRule { operation: Operation::Search, ..fault }
}

/// Saves the file, all of whose messages are in it once.
async fn save(desk: &Desk) -> Result<()> {
    let (_, file) = desk.downloaded().await?;
    let text = String::from_utf8(file)?;
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.sort_unstable();
    lines.dedup();
    ensure!(lines.len() == 350 && text.lines().count() == 351, "{} lines", text.lines().count());
    desk.see(&["Archivo listo: 350 mensajes."]).await?;
    desk.sandbox.objects().clear_faults();
    Ok(())
}

pub async fn a_file_of_messages_survives_faults_and_is_whole(desk: &mut Desk) -> Result<()> {
    desk.set("renewal_day", renewal_day()?)?;
    seed(&desk.sandbox, &[Sent::new("batch-ana", [N_MESSAGES, 0, 0, 0, 0])])?;
    desk.open().await?;
    desk.press("Estadísticas").await?;
    desk.wait_for_text("#sent-count", "350 mensajes").await?;
    desk.wait_for("#sent-rows .rows-row").await?;

    // It goes on from its page: only the answers that failed are asked for again.
    let passing = FaultRule { from: Some(2), times: Some(3), status: Some(503), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(of_search(passing));
    desk.click("#sent-csv").await?;
    desk.see(&["En espera: El registro del equipo no responde.", "lo leído no se pierde"]).await?;
    save(desk).await?;

    // Its place in the list is refused.
    let refused = FaultRule { nth: Some(3), status: Some(400), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(of_search(refused));
    desk.click("#sent-csv").await?;
    save(desk).await?;

    // What doesn't pass is told, and gone on with once it is mended.
    let lasting = FaultRule { from: Some(3), status: Some(403), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(of_search(lasting));
    desk.click("#sent-csv").await?;
    desk.see_within(PATIENCE, &["El archivo quedó a medias: 200 mensajes leídos", "Pida permiso"]).await?;
    desk.sandbox.objects().clear_faults();
    desk.click("#sent-export-resume").await?;
    save(desk).await?;

    // Whoever doesn't want to wait leaves it.
    let down = FaultRule { status: Some(503), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(of_search(down));
    desk.click("#sent-csv").await?;
    desk.see(&["En espera:"]).await?;
    desk.click("#sent-export-cancel").await?;
    until("the wait to end", async || Ok((desk.count("#sent-export").await? == 0).then_some(()))).await?;
    desk.sandbox.objects().clear_faults();
    desk.click("#sent-csv").await?;
    save(desk).await
}
