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
