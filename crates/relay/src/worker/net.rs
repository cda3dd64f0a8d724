//! Calls to SunCo.

use std::{pin::pin, time::Duration};

use ::worker::{AbortController, Delay, Fetch, Headers, Method as HttpMethod, RequestInit, RequestRedirect};
use cxconnect_sunco::{Method, Request, Response, Transport, TransportError};
use futures_util::future::{Either, select};
use wasm_bindgen::JsValue;

use crate::config::Config;

/// How long an answer is waited for.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// Somebody waits for the call that asks: several must fit into half a minute (`js/guard.js`).
    Call,
    /// The pump.
    Pump,
}

/// The network, with the account's own key.
pub struct Net {
    authorization: String,
    patience: Duration,
}

impl Net {
    /// With this account's key.
    pub fn new(config: &Config, patience: Patience) -> Self {
        let seconds = match patience {
            Patience::Call => 7,
            Patience::Pump => 20,
        };
        Self { authorization: config.authorization.clone(), patience: Duration::from_secs(seconds) }
    }

    async fn fetch(&self, request: &Request, signal: &::worker::AbortSignal) -> ::worker::Result<Response> {
        let headers = Headers::new();
        headers.set("authorization", &self.authorization)?;
        headers.set("accept", "application/json")?;
        let mut init = RequestInit::new();
        init.with_method(match request.method {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
            Method::Patch => HttpMethod::Patch,
            Method::Put => HttpMethod::Put,
            Method::Delete => HttpMethod::Delete,
        });
        if let Some(body) = &request.body {
            headers.set("content-type", "application/json")?;
            init.with_body(Some(JsValue::from_str(body)));
        }
        // What is sent to another address is sent again: never by itself.
        init.with_headers(headers).with_redirect(RequestRedirect::Manual);
        let request = ::worker::Request::new_with_init(&request.url, &init)?;
        let mut response = Fetch::Request(request).send_with_signal(signal).await?;
        let retry_after_s = response.headers().get("retry-after")?.and_then(|text| text.trim().parse().ok());
        Ok(Response { status: response.status_code(), body: response.text().await?, retry_after_s })
    }
}

impl Transport for Net {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let controller = AbortController::default();
        let signal = controller.signal();
        let answered = {
            let fetch = pin!(self.fetch(&request, &signal));
            let late = pin!(Delay::from(self.patience.min(request.timeout)));
            match select(fetch, late).await {
                Either::Left((answered, _)) => Some(answered),
                Either::Right(((), _)) => None,
            }
        };
        match answered {
            Some(Ok(response)) => Ok(response),
            // The platform doesn't tell a refused connection from a lost answer, so in doubt it is the latter.
            Some(Err(_)) => Err(TransportError::Lost { detail: "the platform's fetch failed".to_owned() }),
            None => {
                controller.abort();
                Err(TransportError::Timeout)
            }
        }
    }
}
