//! The calls.

use std::time::Duration;

use cxconnect_core::{phone::E164, position::Position, template::TemplateKey};
use cxconnect_sunco::{Method, Request, Transport};
use serde_json::{Value, json};

use crate::{RelayError, RelayHost, Status, Webhook, Webhooks, read::text};

/// How long an answer may take. Making a webhook asks SunCo for the template meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);
