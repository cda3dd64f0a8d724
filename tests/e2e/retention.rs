//! "Retención": old messages and single numbers are removed from the team's record, counted first.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use cxconnect_sandbox::objects::{FaultRule, JobOutcome, Operation, SeedRecord};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::reminders;
use cxconnect_tests::wait::within;
use serde_json::{Value, json};

const BATCH: &str = "cxc_batch";
const MESSAGE: &str = "cxc_message";
const PLAN: &str = "cxc_plan";
/// 2024-03-01, as all that is old here.
const OLD_S: i64 = 1_709_287_200;

fn record(id: String, fields: &Value) -> SeedRecord {
    SeedRecord {
        external_id: Some(id),
        fields: fields.as_object().cloned().unwrap_or_default(),
        ..SeedRecord::default()
    }
}

/// Messages of a batch, all of one day.
fn messages(batch: &str, n: usize, day: &str, phone: impl Fn(usize) -> String) -> Vec<SeedRecord> {
    let message = |row: usize| {
        let fields = json!({"batch_id": batch, "row_no": row, "phone": phone(row), "sent_on": day,
            "planned_at": format!("{day}T10:00:00.000Z"), "status": "cxc_message_accepted",
            "origin": "cxc_message_many"});
        record(format!("{batch}-{row}"), &fields)
    };
    (1..=n).map(message).collect()
}

fn of_many(row: usize) -> String {
    format!("+52551200{row:04}")
}

async fn open_page(desk: &Desk) -> Result<()> {
    desk.open_app().await?;
    desk.press("Configuración").await?;
    desk.press("Retención").await?;
    desk.wait_for("#retention-count").await
}

/// Waits for the end of a removal, and gives what is said of it.
async fn ended(desk: &Desk, part: &str, end: &str) -> Result<String> {
    let result = format!("{part} .retention-result[data-end={end}]");
    within(Duration::from_mins(2), "the end of the removal", async || {
        Ok((desk.count(&result).await? == 1).then_some(()))
    })
    .await?;
    desk.text(&result).await
}

async fn count_old(desk: &Desk, days: &str) -> Result<()> {
    let script = "const it = document.querySelector('#retention-days'); it.value = arguments[0];
        it.dispatchEvent(new Event('input', { bubbles: true }))";
    desk.js::<()>(script, &[json!(days)]).await?;
    desk.click("#retention-count").await
}

pub async fn old_messages_are_counted_and_removed_and_batches_keep_their_figures(
    desk: &mut Desk,
) -> Result<()> {
    let objects = desk.sandbox.objects();
    objects.seed(MESSAGE, messages("viejo", 250, "2024-03-01", of_many))?;
    objects.seed(MESSAGE, messages("nuevo", 3, "2099-01-01", of_many))?;
    let figures = json!({"n_messages": 250, "n_sent": 250, "template": "aviso", "state": "cxc_batch_completed",
        "origin": "cxc_batch_many", "created_at": "2024-03-01T10:00:00.000Z"});
    objects.seed(BATCH, [record("viejo".to_owned(), &figures)])?;
    open_page(desk).await?;

    // What is no age asks nothing of Zendesk.
    for (days, said) in
        [("3", "al menos 7 días"), ("muchos", "un número entero"), ("9999", "como máximo 3650")]
    {
        count_old(desk, days).await?;
        desk.see(&[said]).await?;
    }
    count_old(desk, "90").await?;
    desk.see(&["250 mensajes de más de 90 días (anteriores al", "Los totales de los lotes se conservan"])
        .await?;
    ensure!(
        desk.sandbox.objects().n_records(MESSAGE)? == 253,
        "something was removed before it was confirmed"
    );
    // Left, and asked once more.
    desk.press("Cancelar").await?;
    count_old(desk, "90").await?;
    desk.press("Sí, borrar 250 mensajes").await?;
    let said = ended(desk, "#retention-age", "Clean").await?;
    ensure!(said.contains("250 mensajes") && said.contains("ya no encuentra ninguno"), "{said}");
    ensure!(desk.sandbox.objects().n_records(MESSAGE)? == 3);
    let batch = desk.sandbox.objects().record(BATCH, "viejo")?.context("the batch's record")?;
    ensure!(batch["custom_object_fields"]["n_messages"] == 250, "{batch}");

    // Once more there is nothing.
    count_old(desk, "90").await?;
    desk.see(&["0 mensajes de más de 90 días", "No hay nada que borrar"]).await
}

/// A batch and its plan: head, a chunk in two records, its claim.
fn planned(
    desk: &Desk,
    id: &str,
    state: &str,
    created: &str,
    seen: &str,
    written: Option<i64>,
) -> Result<()> {
    let batch = json!({"template": "aviso", "state": format!("cxc_batch_{state}"), "origin": "cxc_batch_many",
        "created_at": created, "holder": "page", "holder_seen_at": seen,
        "details": json!({"version": 1, "file_name": format!("{id}.csv")}).to_string()});
    desk.sandbox.objects().seed(BATCH, [record(id.to_owned(), &batch)])?;
    let chunk = json!({"batch_id": id, "chunk": 0, "n_parts": 2, "body": "eA=="});
    let parts = [
        record(format!("{id}-head"), &json!({"batch_id": id, "n_parts": 1, "body": "eA=="})),
        record(format!("{id}-0"), &chunk),
        record(format!("{id}-0.1"), &chunk),
        record(
            format!("{id}-0-claim"),
            &json!({"batch_id": id, "claimed_by": "page", "claimed_at": created}),
        ),
    ];
    let parts = parts.map(|part| SeedRecord { created_at: written, ..part });
    desk.sandbox.objects().seed(PLAN, parts)?;
    Ok(())
}

/// The records of plans, by their external ids.
fn plans(desk: &Desk) -> Result<Vec<String>> {
    let records = desk.sandbox.objects().records(PLAN)?;
    let mut ids: Vec<String> =
        records.iter().filter_map(|it| it["external_id"].as_str().map(str::to_owned)).collect();
    ids.sort();
    Ok(ids)
}

pub async fn plans_that_nobody_needs_go_and_those_that_stay_are_named(desk: &mut Desk) -> Result<()> {
    let (old, young, future) =
        ("2024-03-01T10:00:00.000Z", "2099-01-01T10:00:00.000Z", "2099-01-02T10:00:00.000Z");
    planned(desk, "dejado", "paused", old, old, Some(OLD_S))?;
    planned(desk, "acabado", "completed", old, old, Some(OLD_S))?;
    planned(desk, "vivo", "running", old, future, Some(OLD_S))?;
    planned(desk, "nuevo", "cancelled", young, young, None)?;
    open_page(desk).await?;
    count_old(desk, "30").await?;
    desk.see(&[
        "0 mensajes de más de 30 días",
        "2 planes de envío de lotes de antes de esa fecha",
        "se conserva, porque en el último día alguien lo estuvo enviando",
        "vivo.csv",
    ])
    .await?;
    ensure!(plans(desk)?.len() == 16, "something was removed before it was confirmed");
    desk.press("Sí, borrar 2 planes de envío").await?;
    let said = ended(desk, "#retention-age", "Clean").await?;
    ensure!(said.contains("También se borraron 2 planes de envío"), "{said}");
    // Claims stay: they keep others from sending the same.
    let left = plans(desk)?;
    ensure!(left.len() == 10 && left.contains(&"dejado-0-claim".to_owned()), "{left:?}");

    // A number may be in any plan: those that are over go, the others are named.
    desk.type_into("#retention-phone", "+525512345678").await?;
    desk.click("#retention-find").await?;
    desk.see(&[
        "0 mensajes a +525512345678",
        "1 plan de un envío que ya terminó",
        "1 envío sin terminar puede tener el número",
        "vivo.csv",
        "Cancélelos o espere a que terminen",
    ])
    .await?;
    desk.press("Sí, olvidar +525512345678").await?;
    let said = ended(desk, "#retention-number", "Clean").await?;
    ensure!(said.contains("También se borró 1 plan de envío") && said.contains("vivo.csv"), "{said}");
    let left = plans(desk)?;
    let is_meant = |id: &String| id.ends_with("-claim") || id.starts_with("vivo-");
    ensure!(left.len() == 7 && left.iter().all(is_meant), "{left:?}");
    Ok(())
}

pub async fn a_removal_survives_lost_jobs_and_says_what_it_cannot_do(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().seed(MESSAGE, messages("viejo", 420, "2024-03-01", of_many))?;
    // Nobody ever learns what became of jobs, and every third answer is lost after its job was taken.
    desk.sandbox.objects().set(|it| it.jobs.outcome = JobOutcome::Forgotten);
    let lost = FaultRule {
        operation: Operation::Jobs,
        every: Some(3),
        status: Some(502),
        is_applied: true,
        ..FaultRule::default()
    };
    desk.sandbox.objects().add_fault(lost);
    open_page(desk).await?;
    count_old(desk, "30").await?;
    desk.press("Sí, borrar 420 mensajes").await?;
    ended(desk, "#retention-age", "Clean").await?;
    ensure!(desk.sandbox.objects().n_records(MESSAGE)? == 0);

    // Refused.
    desk.sandbox.objects().clear_faults();
    desk.sandbox.objects().seed(MESSAGE, messages("otro", 5, "2024-03-01", of_many))?;
    let refused = FaultRule { operation: Operation::Jobs, status: Some(403), ..FaultRule::default() };
    desk.sandbox.objects().add_fault(refused);
    count_old(desk, "30").await?;
    desk.press("Sí, borrar 5 mensajes").await?;
    desk.see(&["No se pudo continuar; 0 mensajes ya se borraron", "Zendesk no le permite hacer esto"])
        .await?;
    ensure!(desk.sandbox.objects().n_records(MESSAGE)? == 5);
    // Reintentar counts anew.
    desk.sandbox.objects().clear_faults();
    desk.click("#retention-age .configuration-again").await?;
    desk.press("Sí, borrar 5 mensajes").await?;
    ended(desk, "#retention-age", "Clean").await?;
    ensure!(desk.sandbox.objects().n_records(MESSAGE)? == 0);
    Ok(())
}

pub async fn a_removal_that_is_stopped_stops(desk: &mut Desk) -> Result<()> {
    desk.sandbox.objects().seed(MESSAGE, messages("viejo", 900, "2024-03-01", of_many))?;
    desk.sandbox.objects().set(|it| it.jobs.working_ms = 4_000);
    open_page(desk).await?;
    count_old(desk, "30").await?;
    desk.press("Sí, borrar 900 mensajes").await?;
    desk.press("Detener el borrado").await?;
    let said = ended(desk, "#retention-age", "Cancelled").await?;
    ensure!(said.contains("Se detuvo"), "{said}");
    desk.sandbox.objects().settle()?;
    let n_left = desk.sandbox.objects().n_records(MESSAGE)?;
    ensure!((600..=900).contains(&n_left), "{n_left}");
    Ok(())
}

pub async fn a_number_is_forgotten_everywhere_it_can_be(desk: &mut Desk) -> Result<()> {
    let phone = "+525512345678";
    let objects = desk.sandbox.objects();
    objects.seed(
        MESSAGE,
        messages("uno", 3, "2024-03-01", |row| if row == 2 { phone.to_owned() } else { of_many(row) }),
    )?;
    desk.open().await?;
    // And one that this browser has just sent.
    desk.send(&reminders([phone, "525512000001"])).await?;
    ensure!(desk.ended().await? == "Envío terminado");
    within(Duration::from_secs(30), "the record to be complete", async || {
        Ok((desk.sandbox.objects().n_records(MESSAGE)? == 5).then_some(()))
    })
    .await?;
    desk.sandbox.objects().settle()?;

    open_page(desk).await?;
    desk.type_into("#retention-phone", "hola").await?;
    desk.click("#retention-find").await?;
    desk.see(&["No se entiende como un teléfono"]).await?;
    // As people write it, without the country's code.
    let script = "const it = document.querySelector('#retention-phone'); it.value = '(55) 1234-5678';
        it.dispatchEvent(new Event('input', { bubbles: true }))";
    desk.js::<()>(script, &[]).await?;
    desk.click("#retention-find").await?;
    desk.see(&["2 mensajes a +525512345678", "1 envío de las últimas 24 horas"]).await?;
    ensure!(desk.sandbox.objects().n_records(MESSAGE)? == 5);
    desk.press("Sí, olvidar +525512345678").await?;
    desk.see_within(Duration::from_secs(30), &["2 mensajes borrados. Comprobando que no quede ninguno"])
        .await?;
    // Written just now by somebody else: the check finds it.
    desk.sandbox.objects().seed(MESSAGE, messages("tarde", 1, "2024-03-02", |_| phone.to_owned()))?;
    let said = ended(desk, "#retention-number", "Clean").await?;
    ensure!(said.contains("3 mensajes a +525512345678: borrados"), "{said}");
    let records = desk.sandbox.objects().records(MESSAGE)?;
    ensure!(records.len() == 3 && !records.iter().any(|it| it["custom_object_fields"]["phone"] == phone));
    Ok(())
}
