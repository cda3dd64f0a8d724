//! The secret stays between Zendesk and Sunshine Conversations.

use anyhow::{Result, ensure};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};

/// Everything that a script of the page could read: the document, what is kept, and all objects within reach of the
/// window.
const READ_EVERYTHING: &str = "
    const texts = [document.documentElement.outerHTML, document.cookie,
                   JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    const seen = new Set();
    const visit = (value, depth) => {
      if (typeof value === 'string') texts.push(value);
      if (value === null || typeof value !== 'object' && typeof value !== 'function') return;
      if (seen.has(value) || depth > 6 || value instanceof Node || value instanceof StyleSheet) return;
      seen.add(value);
      for (const name of Object.getOwnPropertyNames(value)) {
        texts.push(name);
        try { visit(value[name], depth + 1); } catch { /* A getter that refuses shows nothing. */ }
      }
    };
    visit(globalThis, 0);
    return texts.join('\\n');";

pub async fn the_secret_never_reaches_the_browser(desk: &mut Desk) -> Result<()> {
    desk.log_network().await?;
    desk.open().await?;
    desk.send(&reminders(phones(3))).await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    desk.click("#run-download").await?;
    let (_, results) = desk.downloaded().await?;

    let secrets = [desk.sandbox.secret().to_owned(), desk.sandbox.sunco().credentials().basic_token()];
    let in_frame: String = desk.js(READ_EVERYTHING, &[]).await?;
    desk.leave_frame().await?;
    let in_page: String = desk.js(READ_EVERYTHING, &[]).await?;
    let network = desk.browser.log("performance").await?.join("\n");
    let console = desk.browser.log("browser").await?.join("\n");
    let results = String::from_utf8(results)?;

    // First that these places were really looked into.
    ensure!(in_frame.contains("sunco_key_id"), "the app's settings are not in its frame");
    ensure!(in_page.contains("CXConnect"), "the page could not be read");
    ensure!(network.contains("notifications"), "the network's log has no sends");
    ensure!(desk.sandbox.traffic_contains("{{setting.sunco_secret}}"), "no placeholder crossed");
    for secret in &secrets {
        ensure!(!desk.sandbox.traffic_contains(secret), "the secret crossed between browser and servers");
        for (place, text) in [
            ("the app's frame", &in_frame),
            ("Zendesk's page", &in_page),
            ("the network's log", &network),
            ("the console", &console),
            ("the results", &results),
        ] {
            ensure!(!text.contains(secret.as_str()), "the secret is in {place}");
        }
    }
    Ok(())
}

/// People whom nobody else knows, in a file with something to mend.
const PEOPLE: &str = "telefonos;image;dato1;dato2\n\
                      525512349876;;Ximena Quezada;lunes 14\n\
                      5512349877;;Wenceslao Iturbide;martes 15\n\
                      55 ABC;;Yolotzin Bracamontes;jueves 17\n";

/// What must not be seen of them: numbers as they are dialled at home and names, which stand in any encoding as they are.
const THEIRS: [&str; 7] =
    ["5512349876", "5512349877", "5512349878", "Quezada", "Iturbide", "Yolotzin", "Bracamontes"];

pub async fn the_file_stays_here_until_continuar(desk: &mut Desk) -> Result<()> {
    desk.log_network().await?;
    desk.open().await?;
    desk.see(&["El archivo no sale de su equipo hasta que presione Continuar."]).await?;

    // Everything that can be done with a file before it is sent.
    desk.review("clientes.csv", PEOPLE.as_bytes()).await?;
    desk.read_differently("encoding", "Windows-1252").await?;
    desk.see(&["Leído como: punto y coma, Windows-1252"]).await?;
    desk.click("#problem-rows").await?;
    let (_, rows) = desk.downloaded().await?;
    ensure!(String::from_utf8_lossy(&rows).contains("Yolotzin"));
    desk.mend(4, "A", "525512349878").await?;
    desk.press("Aceptar el cambio").await?;
    desk.see(&["No hay errores"]).await?;
    desk.press("Todas las filas").await?;
    desk.wait_for(".rows-data").await?;
    desk.press("Seguir con 3 mensajes").await?;
    desk.walk().await?;
    desk.press("Volver").await?;
    // A workbook, too: what reads it is fetched, and gets it from the page.
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, line) in PEOPLE.lines().enumerate() {
        sheet.write_row(u32::try_from(row)?, 0, line.split(';'))?;
    }
    desk.review_again("clientes.xlsx", &workbook.save_to_buffer()?).await?;
    desk.see(&["hoja «Sheet1»"]).await?;
    desk.mend(4, "A", "525512349878").await?;
    desk.press("Aceptar el cambio").await?;
    desk.press("Seguir con 3 mensajes").await?;
    desk.wait_for("#confirm-title").await?;

    let network = desk.browser.log("performance").await?.join("\n");
    ensure!(network.contains("Network.requestWillBeSent"), "the network was not logged");
    // The worker's own calls are not in this log, but they are in the sandbox's.
    ensure!(desk.sandbox.traffic().iter().any(|it| it.request_line.contains("spreadsheet_bg.wasm.js")));
    for theirs in THEIRS {
        ensure!(!network.contains(theirs), "{theirs} is in the network's log");
        ensure!(!desk.sandbox.traffic_contains(theirs), "{theirs} left");
    }

    // And then it does leave, as far as these messages need it.
    ensure!(desk.go_on().await? == "Envío terminado");
    let network = desk.browser.log("performance").await?.join("\n");
    for theirs in THEIRS {
        ensure!(desk.sandbox.traffic_contains(theirs), "{theirs} was not sent");
        ensure!(network.contains(theirs), "{theirs} is not in the network's log, so it would not have been");
    }
    Ok(())
}
