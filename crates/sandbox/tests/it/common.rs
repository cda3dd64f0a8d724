//! A started sandbox with the stand-in app, and the calls that tests make to it.

use std::path::PathBuf;

use cxconnect_sandbox::{Config, Sandbox, start};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

/// The integration "Acme Ventas" of the seed.
pub const SALES: &str = "65a1f0c2e4b0a1d2c3e4f501";

pub fn stand_in() -> Config {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stand-in");
    // Any script does where no browser runs it.
    let sdk_file = folder.join("assets/app.js");
    Config::new(folder, sdk_file)
}

pub async fn started() -> Sandbox {
    start(stand_in()).await.unwrap()
}

pub fn sunco(sandbox: &Sandbox, method: &str, path: &str) -> RequestBuilder {
    let key = sandbox.sunco().credentials();
    let path = path.replace("{app}", &key.app_id);
    Client::new()
        .request(method.parse().unwrap(), format!("{}{path}", sandbox.sunco_url()))
        .basic_auth(&key.key_id, Some(&key.secret))
}

pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    json_of(request.send().await.unwrap()).await
}

pub async fn json_of(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// A notification with the template `recordatorio_cita`.
pub fn reminder(phone: &str) -> Value {
    message(
        phone,
        "recordatorio_cita",
        "es_MX",
        &json!([
        {"type": "body", "parameters": [
            {"type": "text", "text": "Ana Muñoz"}, {"type": "text", "text": "lunes 14"}]}]),
    )
}

pub fn message(phone: &str, name: &str, language: &str, components: &Value) -> Value {
    json!({
        "destination": {"integrationId": SALES, "destinationId": phone},
        "author": {"role": "appMaker"}, "messageSchema": "whatsapp",
        "message": {"type": "template", "template": {
            "name": name, "language": {"policy": "deterministic", "code": language}, "components": components}},
    })
}

pub async fn send(sandbox: &Sandbox, body: &Value) -> (StatusCode, Value) {
    answer(sunco(sandbox, "POST", "/v1.1/apps/{app}/notifications").json(body)).await
}

/// A request of the app through Zendesk's proxy; `secure` is `secure/` or nothing.
pub fn proxied(sandbox: &Sandbox, secure: &str, url: &str, envelope: &Value) -> RequestBuilder {
    let path = format!("api/v2/zendesk_apps_proxy/proxy/apps/{secure}{}", encode(url));
    Client::new().post(format!("{}{path}", sandbox.zendesk_url())).body(envelope.to_string())
}

pub async fn through_proxy(
    sandbox: &Sandbox,
    secure: &str,
    url: &str,
    envelope: &Value,
) -> (StatusCode, Value) {
    answer(proxied(sandbox, secure, url, envelope)).await
}

/// Where messages are sent to, as the app knows it.
pub fn notifications(sandbox: &Sandbox) -> String {
    format!("https://api.smooch.io/v1.1/apps/{}/notifications", sandbox.sunco().credentials().app_id)
}

/// A message as the app hands it to the proxy.
pub fn envelope(sandbox: &Sandbox, authorization: &str) -> Value {
    json!({
        "method": "POST", "body": reminder("+525512345678").to_string(),
        "headers": {"Authorization": authorization, "Content-Type": "application/json"},
        "basic_auth": {"username": sandbox.sunco().credentials().key_id, "password": "{{setting.sunco_secret}}"},
    })
}

fn encode(url: &str) -> String {
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'.' || it == b'-';
    url.bytes()
        .map(|it| if is_plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") })
        .collect()
}
