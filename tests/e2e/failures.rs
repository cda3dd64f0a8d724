//! The app can't start, or dies: each time a screen that says so, and nothing is sent.

use std::fs;
use std::time::Duration;

use anyhow::Result;
use cxconnect_sandbox::host::{Answering, HostFaults};
use cxconnect_sandbox::sunco::faults::FaultRule;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::sends;
use cxconnect_tests::wait::until;
use serde_json::{Value, json};

/// Waits for a screen of the boot script, and for its title.
async fn failed(desk: &Desk, screen: &str, title: &str) -> Result<()> {
    desk.wait_for(&format!(".boot-card[data-screen={screen}]")).await?;
    desk.wait_for_text(".boot-title", title).await?;
    desk.wait_for(".boot-reload").await?;
    desk.wait_for(".boot-list li").await
}

/// A batch of slow sends that is under way.
async fn sending(desk: &Desk) -> Result<()> {
    desk.set("messages_per_second", 8)?;
    desk.sandbox.sunco().add_fault(FaultRule { delay_ms: 300, ..FaultRule::default() });
    desk.open().await?;
    desk.send(&reminders(phones(60))).await?;
    desk.wait_for_figures(|figures| 2 <= figures.accepted).await?;
    Ok(())
}

/// Waits until the calls that had left are answered, and gives their number.
async fn all_answered(desk: &Desk) -> Result<usize> {
    until("the calls under way", async || {
        let sends = sends(&desk.sandbox);
        Ok(sends.iter().all(|it| it.status != 0).then_some(sends.len()))
    })
    .await
}

/// Until the page has drawn twice: whatever an answer makes it do, it has done by then.
async fn two_frames(desk: &Desk) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1];
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));";
    desk.js_async(script, &[]).await
}

pub async fn a_panic_shows_the_reload_screen_and_nothing_is_sent_after_it(desk: &mut Desk) -> Result<()> {
    sending(desk).await?;
    // The clock fails some times, in the midst of the app's work: what the app had borrowed it never gives back, and its next
    // use of it is a panic.
    let script = "let left = 12;
        performance.now = () => {
          left -= 1;
          if (left === 0) delete performance.now;
          throw new Error('no clock');
        };";
    desk.js::<Value>(script, &[]).await?;
    failed(desk, "crashed", "CXConnect se detuvo").await?;
    // The place in the source is told, nothing of the data.
    let detail = desk.text(".boot-detail pre").await?;
    assert!(detail.contains(".rs:"), "{detail}");
    assert!(!detail.contains("5255"), "{detail}");

    let n_sent = all_answered(desk).await?;
    two_frames(desk).await?;
    assert_eq!(sends(&desk.sandbox).len(), n_sent);
    assert!(n_sent < 60);

    // Reloading gives a working app, which shows the batch; what may have left counts as used.
    desk.sandbox.sunco().clear_faults();
    desk.click(".boot-reload").await?;
    let kept = desk.the_kept_one().await?;
    assert_eq!(kept.total(), 60);
    assert!(n_sent <= kept.accepted + kept.unknown, "{kept:?} of {n_sent}");
    let n_used = kept.accepted + kept.unknown;
    desk.wait_for_text("#panel-left", &format!("{} / 1.000 Mensajes", 1000 - n_used)).await?;
    desk.resume_kept().await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    desk.account_for_all(60).await?;
    Ok(())
}

pub async fn a_crash_of_the_page_blocks_what_the_app_still_tries_to_send(desk: &mut Desk) -> Result<()> {
    sending(desk).await?;
    // The app itself lives on here, so it does try: its attempts are counted.
    let script = "globalThis.cxconnect.crashed('x');
        const { client } = globalThis.cxconnect;
        const blocked = client.request;
        globalThis.nBlocked = 0;
        client.request = (...request) => { globalThis.nBlocked += 1; return blocked(...request); };
        return null;";
    let _: Value = desk.js(script, &[]).await?;
    failed(desk, "crashed", "CXConnect se detuvo").await?;
    desk.see(&["Ningún mensaje se vuelve a enviar por sí solo", "qué salió, qué quedó en duda y qué falta"])
        .await?;
    until("the app's next attempt", async || {
        let n_blocked: usize = desk.js("return globalThis.nBlocked", &[]).await?;
        Ok((0 < n_blocked).then_some(()))
    })
    .await?;
    let n_sent = all_answered(desk).await?;
    two_frames(desk).await?;
    assert_eq!(sends(&desk.sandbox).len(), n_sent);
    Ok(())
}

pub async fn a_dead_webassembly_shows_the_reload_screen(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    // Any other error is not the app's death: it may be an extension's.
    let script = "dispatchEvent(new ErrorEvent('error', { error: new TypeError('x'), message: 'x' }));
        return document.querySelectorAll('.boot-card').length";
    assert_eq!(desk.js::<usize>(script, &[]).await?, 0);

    // A module whose one function f is the instruction `unreachable`, called by the browser itself: a trap like those of
    // the app's own module, without a panic before it.
    let script =
        "const module = new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0,
          3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11));
        setTimeout(new WebAssembly.Instance(module).exports.f);";
    desk.js::<()>(script, &[]).await?;
    failed(desk, "crashed", "CXConnect se detuvo").await?;
    desk.click(".boot-reload").await?;
    desk.wait_for("#template-search").await
}

pub async fn zendesk_that_does_not_answer_is_said_and_a_late_answer_is_taken(desk: &mut Desk) -> Result<()> {
    let mute = HostFaults { handshake: Answering::Ignore, ..HostFaults::default() };
    desk.sandbox.set_host_faults(mute).await;
    desk.open_frame().await?;
    desk.see(&["Cargando CXConnect…"]).await?;
    failed(desk, "handshake", "Zendesk no responde").await?;
    desk.sandbox.set_host_faults(HostFaults::default()).await;
    desk.sandbox.emit("app.registered", Value::Null).await;
    desk.wait_for("#template-search").await?;
    assert_eq!(desk.count(".boot-card").await?, 0);
    Ok(())
}

pub async fn a_blocked_sdk_is_said(desk: &mut Desk) -> Result<()> {
    // Not in Zendesk's page, where the protocol's commands don't reach the frame; the screen is the same.
    desk.browser.devtools("Network.enable", json!({})).await?;
    desk.browser.devtools("Network.setBlockedURLs", json!({"urls": ["*zaf_sdk*"]})).await?;
    desk.browser.driver.goto(format!("{}iframe.html", desk.sandbox.app_url())).await?;
    failed(desk, "sdk", "No se pudo conectar con Zendesk").await?;
    desk.see(&["static.zdassets.com"]).await?;
    desk.browser.devtools("Network.setBlockedURLs", json!({"urls": []})).await?;
    desk.browser.devtools("Network.disable", json!({})).await?;

    // A script that arrives and is something else, as from a proxy that wants a sign-in.
    let other = desk.folder().join("other.js");
    fs::write(&other, "document.title = 'Sign in';")?;
    desk.install(|config| config.sdk_file = other).await?;
    desk.open_frame().await?;
    failed(desk, "sdk", "No se pudo conectar con Zendesk").await
}

pub async fn the_page_alone_says_to_open_it_in_zendesk(desk: &mut Desk) -> Result<()> {
    desk.browser.driver.goto(format!("{}iframe.html", desk.sandbox.app_url())).await?;
    failed(desk, "outside", "CXConnect se abre desde Zendesk").await
}

pub async fn a_policy_that_forbids_webassembly_is_said(desk: &mut Desk) -> Result<()> {
    desk.change_app(|app| {
        let page = app.join("assets/iframe.html");
        // A second policy only ever forbids more.
        let policy = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'\">";
        let html = fs::read_to_string(&page)?.replacen("<head>", policy, 1);
        assert!(html.contains(policy));
        Ok(fs::write(&page, html)?)
    })
    .await?;
    desk.open_frame().await?;
    failed(desk, "csp", "Una regla de seguridad impide iniciar CXConnect").await?;
    desk.see(&["'wasm-unsafe-eval'"]).await
}

pub async fn settings_that_cannot_be_used_are_named(desk: &mut Desk) -> Result<()> {
    for (name, value, told) in [
        ("sunco_app_id", "", "El valor «App ID de Sunshine Conversations» está vacío."),
        ("package_size", "mil", "El valor «Mensajes del paquete» no es válido: mil"),
    ] {
        desk.set(name, value)?;
        desk.open_app().await?;
        desk.see_within(
            Duration::from_secs(15),
            &["Falta configurar CXConnect", told, "Centro de administración"],
        )
        .await?;
        desk.sandbox.reset().await?;
    }
    Ok(())
}
