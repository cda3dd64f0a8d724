//! What an admin does in Zendesk itself, outside the app.

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use crate::desk::Desk;

impl Desk {
    /// A request to Zendesk's own API as whoever is signed in, from Zendesk's page; its answer, which has to be a success.
    /// The look is at Zendesk's page afterwards.
    pub async fn zendesk(&self, method: &str, path: &str, body: Option<Value>) -> Result<Value> {
        self.browser.driver.enter_default_frame().await?;
        let script = "const [method, path, body, done] = arguments;
            const options = { method, headers: { 'content-type': 'application/json' } };
            if (body) options.body = JSON.stringify(body);
            fetch('/api/v2/' + path, options).then(
              async (answer) => done([answer.status, await answer.text()]), (error) => done([0, String(error)]))";
        let (status, text): (u16, String) =
            self.js_async(script, &[json!(method), json!(path), body.unwrap_or(Value::Null)]).await?;
        ensure!((200..300).contains(&status), "{method} {path}: {status} {text}");
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }
}
