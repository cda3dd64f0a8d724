//! Language, colours, the tabs, and the keyboard.

use anyhow::{Context as _, Result};
use cxconnect_sandbox::Session;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::wait::until;
use serde_json::json;
use thirtyfour::Key;

pub async fn an_agent_in_english_sees_english(desk: &mut Desk) -> Result<()> {
    desk.sandbox.set_session(Session { locale: "en-US".into(), ..Session::default() });
    desk.open().await?;
    assert_eq!(desk.attribute("html", "lang").await?.as_deref(), Some("en"));
    assert_eq!(
        desk.texts("[role=tab]").await?,
        ["Proactive messages", "Statistics", "Logs", "Settings", "Subscription", "Support"]
    );
    desk.send(&reminders(phones(2))).await?;
    desk.ended().await?;
    let spanish = ["Mensajes", "Envío", "Enviados", "Plantilla", "Teléfono", "Descargar"];
    // The seed's own names are Spanish; the app's words are not.
    let visible = desk.visible_text().await?;
    for word in spanish {
        assert!(!visible.contains(word), "{word} is in: {visible}");
    }
    Ok(())
}

pub async fn the_review_in_english_is_english(desk: &mut Desk) -> Result<()> {
    desk.sandbox.set_session(Session { locale: "en-US".into(), ..Session::default() });
    desk.open().await?;
    // All that the review has to say, at once: errors, warnings, changes, things to decide, and what can be chosen.
    let file = "telefonos;image;dato1;dato2\n\
                12;;Ana;lunes\n\
                5512345671;;Ana;\"lu\nnes\"\n\
                525512345672;;Ana;lunes\n\
                +52 55 1234 5672;;Ana;lunes\n";
    desk.review("x.csv", file.as_bytes()).await?;
    for details in ["details.choices:not(#mapping) > summary", "#mapping > summary"] {
        desk.click(details).await?;
    }
    let words = [
        "Fila",
        "Línea",
        "Columna",
        "Cambiar",
        "Corrija",
        "eléfono",
        "Descargar",
        "Subir",
        "Leído",
        "Deshacer",
        "Aceptar",
        "Aviso",
        "Cambio",
        "errores",
        "repetido",
        "Codificación",
        "Encabezado",
        "elija",
    ];
    for tab in ["Problems and changes", "All rows"] {
        desk.press(tab).await?;
        let visible = desk.visible_text().await?;
        for word in words {
            assert!(!visible.contains(word), "{word} is in: {visible}");
        }
    }
    Ok(())
}

pub async fn the_colours_follow_zendesk(desk: &mut Desk) -> Result<()> {
    let ground = "return getComputedStyle(document.body).backgroundColor";
    desk.open_app().await?;
    assert_eq!(desk.attribute("html", "data-color-scheme").await?.as_deref(), Some("light"));
    let light: String = desk.js(ground, &[]).await?;

    // The switch of the agent's own menu, while the app is open.
    desk.sandbox.emit("colorScheme.changed", json!("dark")).await;
    desk.wait_for("html[data-color-scheme=dark]").await?;
    until("dark colours", async || Ok((desk.js::<String>(ground, &[]).await? != light).then_some(())))
        .await?;

    // And from the beginning for those who have chosen it before.
    desk.sandbox.set_session(Session { color_scheme: "dark".into(), ..Session::default() });
    desk.open_app().await?;
    assert_eq!(desk.attribute("html", "data-color-scheme").await?.as_deref(), Some("dark"));
    Ok(())
}

pub async fn each_tab_shows_its_page_below_the_panel(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    for (tab, told) in [
        ("Estadísticas", "Resumen de envíos"),
        ("Logs", "El equipo todavía no ha enviado nada."),
        ("Suscripción", "Tamaño del paquete"),
    ] {
        desk.press(tab).await?;
        desk.see(&[told, "Panel CXConnect"]).await.context(tab)?;
        // No button of the send screen can be pressed from here.
        assert!(!desk.visible_text().await?.contains("Seleccione una plantilla"), "{tab}");
    }
    desk.press("Mensajes proactivos").await?;
    desk.see(&["Seleccione una plantilla"]).await
}

/// From the foot of each page to the top of the next, where the keyboard goes on.
pub async fn each_step_is_seen_from_its_top_and_has_the_keyboard(desk: &mut Desk) -> Result<()> {
    // So low that every step has to be scrolled.
    desk.browser.driver.set_window_rect(0, 0, 900, 420).await?;
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    let bad = "telefonos;image;dato1;dato2\n525512345671;;Ana;lunes\n123;;José;martes\n";
    desk.add_file("uno-mal.csv", bad.as_bytes()).await?;
    desk.process().await?;
    desk.wait_for("#review-go-on").await?;
    begins_at(desk, "Existen valores incorrectos").await?;
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await?;
    begins_at(desk, "Se procesará: 1 mensaje").await?;
    desk.click("#confirm-continue").await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    begins_at(desk, "Envío terminado").await?;
    // The row that was left out is told.
    desk.see(&["1 fila del archivo quedó fuera", "Quedaron fuera"]).await?;
    desk.click("#run-new").await?;
    desk.wait_for("#template-search").await?;
    begins_at(desk, "Seleccione una plantilla").await?;

    // A warning takes the keyboard, too.
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("uno-mal.csv", bad.as_bytes()).await?;
    desk.process().await?;
    desk.click("#review-go-on").await?;
    desk.click("#confirm-continue").await?;
    desk.wait_for("#repeat-warning").await?;
    begins_at(desk, "Hoy ya se envió lo mismo").await
}

/// Waits until what has the focus begins with this text and is in view.
async fn begins_at(desk: &Desk, text: &str) -> Result<()> {
    let focused = "const it = document.activeElement;
        const { top } = it.getBoundingClientRect();
        return [it.tagName === 'BODY' ? '' : it.textContent.trim().slice(0, 60), 0 <= top && top < innerHeight]";
    let mut last = (String::new(), false);
    until(format!("the keyboard at {text:?}"), async || {
        last = desk.js(focused, &[]).await?;
        Ok((last.0.starts_with(text) && last.1).then_some(()))
    })
    .await
    .with_context(|| format!("at last it was at {last:?}"))
}

pub async fn the_keyboard_is_enough(desk: &mut Desk) -> Result<()> {
    let focused = "const it = document.activeElement;
        return it.id || it.getAttribute('name') || it.textContent.trim()";
    desk.open().await?;
    // As the first click into the page; from here on no pointer is used.
    desk.click(".brand").await?;

    desk.keys(Key::Tab).await?;
    assert_eq!(desk.js::<String>(focused, &[]).await?, "tab-0");
    desk.keys(Key::Right).await?;
    assert_eq!(desk.js::<String>(focused, &[]).await?, "tab-1");
    desk.see(&["Resumen de envíos"]).await?;
    desk.keys(Key::Left).await?;
    desk.keys(Key::Left).await?;
    assert_eq!(desk.js::<String>(focused, &[]).await?, "tab-5");
    desk.keys(Key::Home).await?;
    assert_eq!(desk.js::<String>(focused, &[]).await?, "tab-0");
    desk.wait_for(".templates").await?;

    // Only the open tab is in the tab order, then comes the content.
    tab_to(desk, "sender").await?;
    tab_to(desk, "template-search").await?;
    tab_to(desk, "template").await?;
    let chosen = "return document.querySelector('.template:has(:checked) .template-name')?.textContent ?? ''";
    for _ in 0..30 {
        if desk.js::<String>(chosen, &[]).await? == "recordatorio_cita" {
            break;
        }
        desk.keys(Key::Down).await?;
    }
    desk.wait_for_text(".bubble-header", "Recordatorio de tu cita").await?;

    desk.add_file("uno.csv", &reminders(phones(1))).await?;
    tab_to(desk, "process").await?;
    desk.keys(Key::Enter).await?;
    desk.wait_for("#confirm-title").await?;
    tab_to(desk, "confirm-continue").await?;
    desk.keys(Key::Enter).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    tab_to(desk, "run-new").await
}

/// Presses Tab until the element of that id or name has the focus.
async fn tab_to(desk: &Desk, name: &str) -> Result<()> {
    let focused = "return [document.activeElement.id, document.activeElement.getAttribute('name')]";
    let mut passed = Vec::new();
    for _ in 0..40 {
        desk.keys(Key::Tab).await?;
        let at: (String, Option<String>) = desk.js(focused, &[]).await?;
        if at.0 == name || at.1.as_deref() == Some(name) {
            return Ok(());
        }
        passed.push(at.0);
    }
    anyhow::bail!("Tab does not reach {name}; it passed {passed:?}")
}
