//! How a request goes through: the account's budget, faults, the call itself, and what is noted of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Uri;
use axum::response::Response;

use super::call::Call;
use super::clock;
use super::error::Refusal;
use super::faults::{FaultRule, Reset, Subject};
use super::log::Seen;
use super::permissions::Actor;
use super::{Allowance, Exceeded, Objects, lock};
use crate::connection::ConnectionHandle;

impl Objects {
    /// Counts a request of any kind under `/api/v2/` in the account's budget.
    pub(crate) async fn admit(self: &Arc<Self>, user_id: u64) -> (Allowance, Result<(), Exceeded>) {
        self.aside(move |it| {
            let settings = it.settings();
            lock(&it.budget).admit(user_id, &settings, clock::now())
        })
        .await
    }

    /// Notes a request that was turned away before anything looked at it.
    pub(crate) fn note_refused(&self, call: &Call, uri: &Uri, actor: &Actor, status: u16) {
        self.note(call, uri, actor, clock::now(), status);
    }

    /// Answers a call.
    pub(crate) async fn serve(
        self: &Arc<Self>,
        call: &Arc<Call>,
        uri: &Uri,
        actor: &Actor,
        connection: &ConnectionHandle,
    ) -> Response {
        let came_at = clock::now();
        let subject = Subject { operation: call.operation(), object: call.object(), user_id: actor.user_id };
        let fault = lock(&self.faults).next(subject, Instant::now());
        let delay_ms = self.aside(|it| it.settings().delay_ms).await;
        pause(delay_ms + fault.delay_ms).await;
        if fault.hang {
            self.note(call, uri, actor, came_at, 0);
            std::future::pending::<()>().await;
        }
        let (asked, by, told) = (Arc::clone(call), actor.clone(), fault.clone());
        let response = self.aside(move |it| it.answer_or_fault(&asked, &by, &told)).await;
        pause(fault.answer_delay_ms).await;
        let status = if fault.reset.is_some() { 0 } else { response.status().as_u16() };
        self.note(call, uri, actor, came_at, status);
        if fault.reset.is_some() {
            connection.cut();
        }
        response
    }

    /// Works where nobody else waits: a job of a hundred records takes its time, and the fake provider counts milliseconds in
    /// the same process.
    async fn aside<T: Send + 'static>(self: &Arc<Self>, work: impl FnOnce(&Self) -> T + Send + 'static) -> T {
        let it = Arc::clone(self);
        match tokio::task::spawn_blocking(move || work(&it)).await {
            Ok(done) => done,
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                // The sandbox is closing.
                Err(_) => std::future::pending().await,
            },
        }
    }

    fn answer_or_fault(&self, call: &Call, actor: &Actor, fault: &FaultRule) -> Response {
        if fault.reset == Some(Reset::Before) {
            return Response::default();
        }
        let told = fault.response();
        if let Some(told) = told {
            if fault.is_applied {
                // What happened is not what is told.
                drop(self.answer(call, actor));
            }
            return told;
        }
        self.answer(call, actor)
    }

    fn answer(&self, call: &Call, actor: &Actor) -> Response {
        self.call(call, actor, clock::now()).unwrap_or_else(Refusal::into_response)
    }

    fn note(&self, call: &Call, uri: &Uri, actor: &Actor, at: clock::Millis, status: u16) {
        let path = uri.path_and_query().map_or_else(|| uri.path().to_owned(), ToString::to_string);
        lock(&self.log).note(Seen {
            number: 0,
            at,
            user_id: actor.user_id,
            operation: call.operation(),
            method: call.method.to_string(),
            path,
            status,
        });
    }
}

async fn pause(ms: u64) {
    if 0 < ms {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
