//! What the sandbox brings along: its templates and sample files, and the other settings that an account may need.

use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::desk::{Desk, NAV_BAR};
use cxconnect_tests::files::{phone, reminders};
use cxconnect_tests::traffic::sends;
use serde::Deserialize;
use serde_json::json;

pub async fn every_template_can_be_sent_with_its_own_format(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    let script = "return [...document.querySelectorAll('.template')]
        .filter((it) => !it.querySelector('input').disabled)
        .map((it) => [it.querySelector('.template-name').textContent.trim(),
                      it.querySelector('.tag').textContent.trim()])";
    let templates: Vec<(String, String)> = desk.js(script, &[]).await?;
    assert!(12 <= templates.len(), "{templates:?}");
    for (name, language) in &templates {
        send_with_its_own_format(desk, name, language).await.with_context(|| format!("{name} {language}"))?;
    }
    assert_eq!(desk.sandbox.sunco().received().len(), templates.len());
    Ok(())
}

async fn send_with_its_own_format(desk: &Desk, name: &str, language: &str) -> Result<()> {
    desk.choose_template(name, language).await?;
    desk.press("Descargar formato plantilla").await?;
    let (file, content) = desk.downloaded().await?;
    ensure!(file == format!("{name}_{language}.csv"), "the format is called {file}");
    desk.add_file("formato.csv", &content).await?;
    desk.process().await?;
    let title = format!("Se procesará: 1 mensaje con la Plantilla.: {name}");
    desk.wait_for_text("#confirm-title", &title).await?;
    desk.click("#confirm-continue").await?;
    ensure!(desk.ended().await? == "Envío terminado");
    let received = desk.sandbox.sunco().received();
    let message = received.last().context("nothing was received")?;
    ensure!(message.failure.is_none(), "WhatsApp says {:?}", message.failure);
    let sent = (message.template.as_deref(), message.language.as_deref());
    ensure!(sent == (Some(name), Some(language)), "{sent:?} was sent");
    desk.click("#run-new").await
}

#[derive(Deserialize)]
struct Sample {
    name: String,
    template: String,
}

/// Those that show what the app says of a bad file.
const BAD_SAMPLES: [&str; 3] = ["lineas-malas.csv", "faltan-variables.csv", "sin-telefonos.csv"];

pub async fn the_sample_files_do_what_they_say(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.leave_frame().await?;
    let fetch = "const [path, done] = arguments;
        fetch(`/sandbox/samples${path}`).then((it) => it.bytes()).then((it) => done([...it]))";
    let list: Vec<u8> = desk.js_async(fetch, &[json!("")]).await?;
    let samples: Vec<Sample> = serde_json::from_slice(&list)?;
    let names: Vec<&str> = samples.iter().map(|it| it.name.as_str()).collect();
    assert!(BAD_SAMPLES.iter().all(|bad| names.contains(bad)), "{names:?}");
    for Sample { name, template } in &samples {
        let content: Vec<u8> = desk.js_async(fetch, &[json!(format!("/{name}"))]).await?;
        desk.enter_frame(NAV_BAR).await?;
        try_sample(desk, name, template, &content).await.with_context(|| name.clone())?;
        desk.leave_frame().await?;
    }
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}

async fn try_sample(desk: &Desk, name: &str, template: &str, content: &[u8]) -> Result<()> {
    let language = if template == "saldo_vencido" { "es" } else { "es_MX" };
    desk.choose_template(template, language).await?;
    desk.add_file(name, content).await?;
    desk.process().await?;
    if BAD_SAMPLES.contains(&name) {
        desk.click("#problems-continue").await
    } else {
        desk.wait_for("#confirm-title").await?;
        desk.press("Volver").await
    }
}

pub async fn the_other_ways_to_sunshine_conversations_work(desk: &mut Desk) -> Result<()> {
    let ways = [("sunco_auth", "token"), ("sunco_host", "https://api.eu-1.smooch.io")];
    for (n, (setting, value)) in ways.into_iter().enumerate() {
        desk.set(setting, value)?;
        desk.open().await?;
        // Not twice the same, which would be asked about.
        desk.send(&reminders([phone(n)])).await?;
        assert_eq!(desk.ended().await?, "Envío terminado", "{setting}");
        assert_eq!(desk.figures().await?.accepted, 1, "{setting}");
        desk.sandbox.reset().await?;
    }
    Ok(())
}
