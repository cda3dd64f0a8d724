//! A fake of Sunshine Conversations: what sunco.md §13 asks for, but v2's delivery events, participants and replies.

pub mod auth;
pub mod error;
pub mod faults;
mod integrations;
mod notifications;
mod receipts;
mod route;
mod templates;
mod webhooks;
pub mod whatsapp;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::Value;

use crate::connection::ConnectionHandle;
use crate::random::Fresh;
use crate::seed::Seed;
use auth::Credentials;
use error::{ApiError, json_response};
use faults::{FaultBook, FaultRule, Operation, Reset};
pub use notifications::{Received, Summary};
use receipts::Courier;
pub use receipts::{Attempt, ReceiptRules};
use route::{Call, Target};
use webhooks::Webhook;

/// JSON bodies above this are refused (sunco.md §5).
const MAX_BODY: usize = 100 * 1024;

/// What a call answers when it went well.
type Answer = Result<(StatusCode, Value), ApiError>;

/// The fake's whole state.
#[derive(Debug)]
pub struct Sunco {
    credentials: Credentials,
    fresh: Arc<Fresh>,
    seed: Seed,
    state: Mutex<Book>,
    courier: Courier,
}

/// What changes while the fake runs.
#[derive(Debug, Default)]
struct Book {
    integrations: Vec<Value>,
    /// Each integration's templates, by its id.
    templates: HashMap<String, Vec<Value>>,
    /// What the list shows while it lags behind; sends always see the present.
    stale_templates: Option<HashMap<String, Vec<Value>>>,
    /// The last messages accepted; older ones are only counted.
    received: VecDeque<Received>,
    n_received: usize,
    n_failed: usize,
    /// Messages in each conversation, by the number's digits.
    per_phone: HashMap<String, u32>,
    /// Conversations with more than one message.
    n_repeated: usize,
    n_in_flight: usize,
    max_in_flight: usize,
    n_calls: u64,
    faults: FaultBook,
    webhooks: Vec<Webhook>,
    receipts: ReceiptRules,
    /// Attempts to tell webhooks something.
    attempts: VecDeque<Attempt>,
}

impl Sunco {
    pub(crate) fn new(credentials: Credentials, fresh: Arc<Fresh>, seed: Seed) -> Self {
        let sunco = Self { credentials, fresh, seed, state: Mutex::default(), courier: Courier::default() };
        sunco.reset();
        sunco
    }

    /// The API key that the fake accepts.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Forgets messages and faults, and brings back the seed's templates and integrations.
    pub fn reset(&self) {
        *self.book() = Book {
            integrations: self.seed.integrations.clone(),
            templates: self.seed.templates.clone(),
            ..Book::default()
        };
    }

    /// Sets a fault.
    pub fn add_fault(&self, rule: FaultRule) {
        self.book().faults.add(rule);
    }

    /// The faults that are set.
    pub fn faults(&self) -> Vec<FaultRule> {
        self.book().faults.rules()
    }

    /// Removes all faults; magic numbers fail afresh.
    pub fn clear_faults(&self) {
        self.book().faults.clear();
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn respond(self: &Arc<Self>, connection: &ConnectionHandle, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let call = Call::read(&head.method, &head.uri);
        let version = call.version;
        let body = match Limited::new(body, MAX_BODY).collect().await {
            Ok(body) => body.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => {
                return ApiError::of_status(StatusCode::PAYLOAD_TOO_LARGE).into_response(version);
            }
            Err(_) => return ApiError::bad_request("Invalid body").into_response(version),
        };
        let _in_flight = InFlight::enter(self);

        let phone = notifications::destination(&body);
        let fault =
            self.book().faults.next(call.operation(), phone.as_deref(), Instant::now()).unwrap_or_default();
        if 0 < fault.delay_ms {
            tokio::time::sleep(fault.delay()).await;
        }
        if fault.hang {
            std::future::pending::<()>().await;
        }
        if fault.reset == Some(Reset::Before) {
            connection.cut();
            return Response::default();
        }
        let response = match fault.response(version) {
            Some(told) if !fault.is_accepted => told,
            told => {
                let authorization = head.headers.get(header::AUTHORIZATION).and_then(|it| it.to_str().ok());
                let answer = self.answer(&call, authorization, &body);
                if answer.is_ok() && (told.is_some() || fault.reset == Some(Reset::After)) {
                    self.mark_answer_lost(phone.as_deref());
                }
                if let Ok((_, accepted)) = &answer
                    && let Some(message) = self.accepted(&accepted["notification"]["_id"])
                {
                    self.tell_of(&message).await;
                }
                match (told, answer) {
                    (Some(told), _) => told,
                    (None, Ok((status, body))) => json_response(status, body),
                    (None, Err(error)) => error.into_response(version),
                }
            }
        };
        if 0 < fault.answer_delay_ms {
            tokio::time::sleep(fault.answer_delay()).await;
        }
        if fault.reset == Some(Reset::After) {
            connection.cut();
        }
        response
    }

    fn answer(&self, call: &Call, authorization: Option<&str>, body: &[u8]) -> Answer {
        if call.target == Target::Unknown {
            return Err(ApiError::route_not_found());
        }
        self.credentials.check(authorization)?;
        self.credentials.check_app(call.app_id.as_deref())?;
        match &call.target {
            Target::SendNotification => self.accept(body),
            Target::ListTemplates(integration) => self.list_templates(integration, &call.query),
            Target::CreateTemplate(integration) => self.create_template(integration, body),
            Target::DeleteTemplate(integration, name) => self.delete_template(integration, name),
            Target::ListIntegrations => self.list_integrations(call.version, &call.query),
            Target::Integration(id) => self.integration(call.version, id),
            Target::ListWebhooks => self.list_webhooks(call.version),
            Target::CreateWebhook => self.create_webhook(call.version, body),
            Target::Webhook(id) => self.webhook(call.version, id),
            Target::ChangeWebhook(id) => self.change_webhook(call.version, id, body),
            Target::DeleteWebhook(id) => self.delete_webhook(call.version, id),
            Target::Unknown => Err(ApiError::route_not_found()),
        }
    }
}

/// The entry for every request to SunCo, on its own port and under `/sc`.
pub(crate) async fn handle(
    State(sunco): State<Arc<Sunco>>,
    ConnectInfo(connection): ConnectInfo<ConnectionHandle>,
    request: Request,
) -> Response {
    sunco.respond(&connection, request).await
}

/// Counts calls that are being worked on, so that a test can see how many came at once.
struct InFlight<'a>(&'a Sunco);

impl<'a> InFlight<'a> {
    fn enter(sunco: &'a Sunco) -> Self {
        let mut book = sunco.book();
        book.n_calls += 1;
        book.n_in_flight += 1;
        book.max_in_flight = book.max_in_flight.max(book.n_in_flight);
        drop(book);
        Self(sunco)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let mut book = self.0.book();
        book.n_in_flight = book.n_in_flight.saturating_sub(1);
    }
}

impl Call {
    fn operation(&self) -> Operation {
        match self.target {
            Target::SendNotification => Operation::Notifications,
            Target::ListTemplates(_) | Target::CreateTemplate(_) | Target::DeleteTemplate(..) => {
                Operation::Templates
            }
            Target::ListIntegrations | Target::Integration(_) => Operation::Integrations,
            Target::ListWebhooks
            | Target::CreateWebhook
            | Target::Webhook(_)
            | Target::ChangeWebhook(_)
            | Target::DeleteWebhook(_) => Operation::Webhooks,
            Target::Unknown => Operation::Any,
        }
    }
}

/// Reads a JSON object from a request's body.
fn object(body: &[u8]) -> Result<Value, ApiError> {
    match serde_json::from_slice::<Value>(body) {
        Ok(value) if value.is_object() => Ok(value),
        _ => Err(ApiError::bad_request("Invalid JSON body")),
    }
}
