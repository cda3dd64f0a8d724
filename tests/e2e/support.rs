//! The tab "Soporte": pages of help, and the catalogue of errors.

use std::fs;

use anyhow::{Result, ensure};
use cxconnect_sandbox::Session;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::wait::until;
use serde_json::json;

const FOCUSED: &str = "return document.activeElement.id";

/// Looks for another text in the catalogue.
async fn look_for(desk: &Desk, text: &str) -> Result<()> {
    let script = "const it = document.querySelector('#support-search');
        it.value = arguments[0];
        it.dispatchEvent(new Event('input', { bubbles: true }))";
    desk.js::<()>(script, &[json!(text)]).await
}

/// Waits until what has just been opened has the focus.
async fn goes_to(desk: &Desk, id: &str) -> Result<()> {
    let is_there = async || Ok((desk.js::<String>(FOCUSED, &[]).await? == id).then_some(()));
    until(format!("the focus on {id}"), is_there).await
}

/// The keys of the reasons that are shown.
async fn reasons(desk: &Desk) -> Result<Vec<String>> {
    desk.js("return [...document.querySelectorAll('.reason')].map((it) => it.dataset.reason)", &[]).await
}

pub async fn help_is_read_and_errors_are_found_by_code_and_by_text(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.press("Soporte").await?;
    desk.wait_for_text("#support-title", "Errores y qué hacer").await?;
    // Opening a tab leaves the keyboard on it.
    assert_eq!(desk.js::<String>(FOCUSED, &[]).await?, "tab-5");

    // A page of help: heading, steps, and links that leave the app open.
    desk.press("Crear una plantilla paso a paso").await?;
    desk.wait_for_text("#support-title", "Crear una plantilla paso a paso").await?;
    goes_to(desk, "support-title").await?;
    assert_eq!(desk.texts(".support-nav [aria-current=page]").await?, ["Crear una plantilla paso a paso"]);
    assert_eq!(desk.count(".support-steps li").await?, 9);
    desk.see(&["Presione «Crear plantilla».", "Hola {{1}}, tu cita es el {{2}}", "Un ejemplo"]).await?;
    let links: Vec<[String; 3]> = desk
        .js("return [...document.querySelectorAll('.support-page a')].map((it) => [it.href, it.target, it.rel])", &[])
        .await?;
    assert!(!links.is_empty());
    for [href, target, rel] in links {
        assert!(href.starts_with("https://business.facebook.com/"), "{href}");
        assert_eq!((target.as_str(), rel.as_str()), ("_blank", "noopener noreferrer"));
    }
    // Every other page has something to read, too.
    for title in desk.texts(".support-nav button").await?.iter().skip(1) {
        desk.press(title).await?;
        desk.wait_for_text("#support-title", title).await?;
        ensure!(desk.count(".support-page :is(p, li, td)").await? > 2, "{title} is empty");
    }

    // All errors, then the one of a code, as it is typed.
    desk.press("Errores y qué hacer").await?;
    goes_to(desk, "support-title").await?;
    let all = reasons(desk).await?.len();
    desk.wait_for_text("#support-count", &format!("{all} errores explicados")).await?;
    desk.type_into("#support-search", "131049").await?;
    desk.wait_for_text("#support-count", "1 error coincide").await?;
    assert_eq!(desk.attribute("#support-count", "role").await?.as_deref(), Some("status"));
    assert_eq!(reasons(desk).await?, ["ecosystem"]);
    desk.see(&[
        "131049",
        "This message was not delivered to maintain healthy ecosystem engagement",
        "Meta retuvo el mensaje",
        "Qué hacer: Espere 24 horas",
        "Reintente después de 24 horas",
    ])
    .await?;

    // Texts as providers give them.
    for (pasted, reason) in [
        ("(#131049) This message was not delivered to maintain healthy ecosystem engagement.", "ecosystem"),
        ("Error - bad_request - Destination is invalid", "destination"),
        ("Message failed to send because the user is unreachable", "unreachable"),
    ] {
        look_for(desk, pasted).await?;
        until(format!("{reason} first"), async || {
            Ok((reasons(desk).await?.first().map(String::as_str) == Some(reason)).then_some(()))
        })
        .await?;
    }
    // Neither case nor accents matter.
    look_for(desk, "CREDITO tarjeta").await?;
    desk.wait_for_text("#support-count", "1 error coincide").await?;
    assert_eq!(reasons(desk).await?, ["payment"]);

    // What was looked for is still there after a look at another tab.
    desk.press("Mensajes proactivos").await?;
    desk.see(&["Seleccione una plantilla"]).await?;
    assert!(!desk.visible_text().await?.contains("Errores y qué hacer"));
    desk.press("Soporte").await?;
    desk.see(&["1 error coincide"]).await?;

    // What nobody has explained yet: the text to send, and to whom.
    look_for(desk, "(#999999) <b>Nunca visto</b>").await?;
    desk.wait_for_text("#support-count", "Ningún error coincide").await?;
    desk.wait_for_text(".support-nothing pre", "(#999999) <b>Nunca visto</b>").await?;
    desk.see(&["comuníquese con soporte y envíe este texto"]).await?;
    desk.click("#support-contact").await?;
    desk.wait_for_text("#support-title", "Contactar a soporte").await?;
    goes_to(desk, "support-title").await?;
    desk.press("Errores y qué hacer").await?;
    desk.click("#support-clear").await?;
    goes_to(desk, "support-search").await?;
    desk.wait_for_text("#support-count", &format!("{all} errores explicados")).await
}

pub async fn without_its_pages_support_still_explains_errors(desk: &mut Desk) -> Result<()> {
    let aside = desk.folder().join("en.json");
    let mut file = aside.clone();
    desk.change_app(|app| {
        file = app.join("assets/help/en.json");
        Ok(fs::rename(&file, &aside)?)
    })
    .await?;
    desk.sandbox.set_session(Session { locale: "en-US".into(), ..Session::default() });
    desk.open().await?;
    desk.press("Support").await?;
    desk.see(&["The help could not be loaded", "Errors and what to do", "errors explained"]).await?;

    fs::rename(&aside, &file)?;
    desk.click("#support-again").await?;
    desk.press("What a URL is").await?;
    desk.wait_for_text("#support-title", "What a URL is").await?;
    let visible = desk.visible_text().await?;
    for word in ["Errores", "archivo", "Qué", "ayuda", "Dirección"] {
        assert!(!visible.contains(word), "{word} is in: {visible}");
    }
    Ok(())
}
