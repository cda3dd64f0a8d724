//! The calls.

use std::time::Duration;

use cxconnect_core::{phone::E164, position::Position, template::TemplateKey};
use cxconnect_sunco::{Method, Request, Transport};
use serde_json::{Value, json};

use crate::{Outcome, RelayError, RelayHost, Status, Webhook, Webhooks, read::text};

/// How long an answer may take. Making a webhook asks SunCo for the template meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many events are looked through for one message.
const EVENTS_AT_ONCE: u32 = 500;

/// The relay of one account.
#[derive(Clone, Debug)]
pub struct Relay<T> {
    transport: T,
    origin: String,
}

impl<T: Transport> Relay<T> {
    /// The relay at this host; `transport` adds the token.
    pub fn new(transport: T, host: &RelayHost) -> Self {
        Self { transport, origin: host.origin() }
    }

    /// How it is.
    pub async fn status(&self) -> Result<Status, RelayError> {
        let json = self.call(Method::Get, "status", None).await?;
        Status::read(&json).ok_or(RelayError::NotUnderstood("no status"))
    }

    /// Every webhook.
    pub async fn webhooks(&self) -> Result<Webhooks, RelayError> {
        let json = self.call(Method::Get, "webhooks", None).await?;
        Webhooks::read(&json).ok_or(RelayError::NotUnderstood("no list of webhooks"))
    }

    /// Makes one that sends this template from this integration. The answer has its secret, which is never told again.
    pub async fn create(&self, template: &TemplateKey, sender: &str) -> Result<Webhook, RelayError> {
        let (name, language) = template;
        let body = json!({ "template": name.as_str(), "language": language.as_str(), "sender": sender });
        webhook(&self.call(Method::Post, "webhooks", Some(body)).await?)
    }

    /// Switches one on or off.
    pub async fn set_active(&self, id: &str, is_active: bool) -> Result<Webhook, RelayError> {
        let path = ["webhooks/", id].concat();
        webhook(&self.call(Method::Patch, &path, Some(json!({ "active": is_active }))).await?)
    }

    /// Gives one another secret, which is in the answer; the one before is worth nothing from then on.
    pub async fn rotate(&self, id: &str) -> Result<Webhook, RelayError> {
        let path = ["webhooks/", id, "/rotate"].concat();
        webhook(&self.call(Method::Post, &path, Some(json!({}))).await?)
    }

    /// Deletes one. Messages that it has taken are sent all the same.
    pub async fn remove(&self, id: &str) -> Result<(), RelayError> {
        self.call(Method::Delete, &["webhooks/", id].concat(), None).await.map(drop)
    }

    /// "Probar": sends one message with these values, by the names of the payload; gives the message's id.
    pub async fn test(&self, id: &str, to: E164, values: &[(String, String)]) -> Result<String, RelayError> {
        let mut body = json!({ "telefono": to.to_string() });
        if let Value::Object(members) = &mut body {
            members.extend(values.iter().map(|(name, value)| (name.clone(), json!(value))));
        }
        let path = ["webhooks/", id, "/test"].concat();
        let json = self.call(Method::Post, &path, Some(body)).await?;
        text(&json, "message_id").ok_or(RelayError::NotUnderstood("no message"))
    }

    /// What became of a message that was taken after an event of the feed; none while it waits.
    pub async fn outcome(&self, message: &str, after: u64) -> Result<Option<Outcome>, RelayError> {
        let path = format!("events?after={after}&limit={EVENTS_AT_ONCE}");
        let json = self.call(Method::Get, &path, None).await?;
        let events = json["events"].as_array().ok_or(RelayError::NotUnderstood("no events"))?;
        let of_message =
            events.iter().filter(|event| event["kind"] == "message" && event["message"] == message);
        Ok(of_message.filter_map(Outcome::read).next_back())
    }

    /// Makes, finds again or mends SunCo's webhook, by which receipts come.
    pub async fn set_up(&self) -> Result<(), RelayError> {
        self.call(Method::Post, "setup", Some(json!({}))).await.map(drop)
    }

    /// Ends whatever keeps messages waiting.
    pub async fn resume(&self) -> Result<(), RelayError> {
        self.call(Method::Post, "queue/resume", Some(json!({}))).await.map(drop)
    }

    /// Changes the settings that are named, such as `{"allotment": {"messages": 500, "renewal_day": 1}}`.
    pub async fn change_settings(&self, changes: Value) -> Result<(), RelayError> {
        self.call(Method::Patch, "settings", Some(changes)).await.map(drop)
    }

    /// Says where templates show: all of them at once. Whatever isn't named shows everywhere.
    pub async fn set_positions(
        &self,
        positions: impl IntoIterator<Item = (&TemplateKey, Position)>,
    ) -> Result<(), RelayError> {
        let position = |((name, language), position): (&TemplateKey, Position)| json!({ "name": name.as_str(), "language": language.as_str(), "position": position.key() });
        let body = json!({ "positions": positions.into_iter().map(position).collect::<Vec<_>>() });
        self.call(Method::Put, "positions", Some(body)).await.map(drop)
    }

    async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, RelayError> {
        let url = [&self.origin, "/v1/", path].concat();
        let body = body.map(|body| body.to_string());
        let response = self.transport.call(Request { method, url, body, timeout: PATIENCE }).await?;
        match response.status {
            204 => Ok(Value::Null),
            200..=299 => {
                serde_json::from_str(&response.body).map_err(|_| RelayError::NotUnderstood("no JSON"))
            }
            _ => Err(RelayError::of(&response)),
        }
    }
}

fn webhook(json: &Value) -> Result<Webhook, RelayError> {
    Webhook::read(&json["webhook"]).ok_or(RelayError::NotUnderstood("no webhook"))
}
