//! Zendesk's proxy: takes the app's request to the outside and inserts what the browser may not know
//! (zaf.md §2.3).
//!
//! The host page posts an envelope to `/api/v2/zendesk_apps_proxy/proxy/apps/[secure/]<encoded url>`.
//! Only SunCo's two hosts resolve here, to the local fake, and [`RELAY_HOST`], to the relay beside it; nothing ever leaves the
//! machine.

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;

use crate::installation::Installation;
use crate::zendesk::placeholders::{NotAllowed, Place, fill};

/// The name by which the app knows the relay that runs beside the sandbox.
pub const RELAY_HOST: &str = "relay.cxconnect.test";

/// What the host page sends on the app's behalf.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Envelope {
    method: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    basic_auth: Option<BasicAuth>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct BasicAuth {
    username: String,
    password: String,
}

/// Why the proxy does not forward. No variant carries a value that was, or would have been, inserted.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub(crate) enum Refusal {
    #[error("Proxy error: Invalid request")]
    Invalid,
    #[error("{0} is not a proxyable URI")]
    Zendesk(String),
    #[error("Proxy error: {0} does not exist in the sandbox, and no request leaves this machine")]
    NoRoute(String),
    #[error("Proxy error: Bad gateway")]
    Unreachable,
    #[error("Proxy error: Gateway timeout")]
    Timeout,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::BAD_REQUEST,
            Self::Zendesk(_) => StatusCode::FORBIDDEN,
            Self::NoRoute(_) | Self::Unreachable => StatusCode::BAD_GATEWAY,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    pub(crate) fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}

/// The proxy with its connections to the fake SunCo.
#[derive(Debug)]
pub(crate) struct Proxy {
    client: Client<HttpConnector, Full<Bytes>>,
    /// `host:port` of the fake SunCo.
    sunco: String,
    /// `host:port` of the relay, once one runs.
    relay: OnceLock<String>,
    timeout: Duration,
}

/// A request ready to leave, with everything inserted.
#[derive(Debug, PartialEq, Eq)]
struct Outgoing {
    method: Method,
    host: String,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: String,
}

impl Proxy {
    pub(crate) fn new(sunco: String, timeout: Duration) -> Self {
        // A request that met a broken connection must not be repeated in secret: it may be a message.
        let client = Client::builder(TokioExecutor::new()).retry_canceled_requests(false).build_http();
        Self { client, sunco, relay: OnceLock::new(), timeout }
    }

    /// From now on [`RELAY_HOST`] is there: `host:port`.
    pub(crate) fn find_relay(&self, address: String) {
        // There is one relay for each sandbox.
        let _ = self.relay.set(address);
    }

    /// Forwards a request, and gives back status, content type, `Retry-After` and body.
    pub(crate) async fn forward(
        &self,
        url: &str,
        is_secure: bool,
        envelope: &Envelope,
        installation: &Installation,
    ) -> Response {
        match prepare(url, is_secure, envelope, installation) {
            Ok(outgoing) => self.send(outgoing).await.unwrap_or_else(Refusal::into_response),
            Err(refusal) => refusal.into_response(),
        }
    }

    async fn send(&self, outgoing: Outgoing) -> Result<Response, Refusal> {
        let address = match outgoing.host.as_str() {
            "api.smooch.io" | "api.eu-1.smooch.io" => Some(&self.sunco),
            RELAY_HOST => self.relay.get(),
            _ => None,
        };
        let Some(address) = address else { return Err(Refusal::NoRoute(outgoing.host)) };
        let uri: Uri = format!("http://{address}{}", outgoing.path).parse().map_err(|_| Refusal::Invalid)?;
        let mut request = Request::new(Full::from(outgoing.body));
        *request.method_mut() = outgoing.method;
        *request.uri_mut() = uri;
        request.headers_mut().extend(outgoing.headers);
        let (client, timeout) = (self.client.clone(), self.timeout);
        let exchange = async move {
            let response = client.request(request).await.map_err(|_| Refusal::Unreachable)?;
            let (head, body) = response.into_parts();
            let body = body.collect().await.map_err(|_| Refusal::Unreachable)?.to_bytes();
            Ok::<_, Refusal>((head, body))
        };
        // What has come this far goes on, even if the browser is gone: its messages arrive after its death.
        let exchange = tokio::spawn(tokio::time::timeout(timeout, exchange));
        let in_time = exchange.await.map_err(|_| Refusal::Unreachable)?;
        let (head, body) = in_time.map_err(|_| Refusal::Timeout)??;
        // Bodies cross as text only; redirects are not followed but handed on as they are.
        let mut response = Response::new(Body::from(String::from_utf8_lossy(&body).into_owned()));
        *response.status_mut() = head.status;
        for name in [header::CONTENT_TYPE, header::RETRY_AFTER] {
            if let Some(value) = head.headers.get(&name) {
                response.headers_mut().insert(name, value.clone());
            }
        }
        Ok(response)
    }
}

fn prepare(
    url: &str,
    is_secure: bool,
    envelope: &Envelope,
    installation: &Installation,
) -> Result<Outgoing, Refusal> {
    let insert = |text: &str, place: Place| -> Result<String, Refusal> {
        if is_secure { fill(text, place, installation).map_err(Refusal::from) } else { Ok(text.to_owned()) }
    };
    let url = insert(url, Place::Url)?;
    let (host, path) = split_https(&url).ok_or(Refusal::Invalid)?;
    if host == "zendesk.com" || host.ends_with(".zendesk.com") {
        return Err(Refusal::Zendesk(url));
    }
    if is_secure && !is_whitelisted(&host, installation) {
        return Err(Refusal::Invalid);
    }
    let token = match &envelope.basic_auth {
        Some(auth) if is_secure => {
            let username = insert(&auth.username, Place::BasicAuthUsername)?;
            let password = insert(&auth.password, Place::BasicAuthPassword)?;
            Some(STANDARD.encode(format!("{username}:{password}")))
        }
        _ => None,
    };
    let mut headers = Vec::new();
    for (name, value) in &envelope.headers {
        if name.contains('_') {
            return Err(Refusal::Invalid);
        }
        let mut value = insert(value, Place::Header)?;
        if let Some(token) = &token {
            value = value.replace("{{basic_auth.token}}", token);
        }
        let name = HeaderName::try_from(name).map_err(|_| Refusal::Invalid)?;
        headers.push((name, HeaderValue::try_from(value).map_err(|_| Refusal::Invalid)?));
    }
    let body = insert(envelope.body.as_deref().unwrap_or_default(), Place::Body)?;
    if body.contains('\0') {
        return Err(Refusal::Invalid);
    }
    let method = Method::try_from(envelope.method.as_str()).map_err(|_| Refusal::Invalid)?;
    Ok(Outgoing { method, host, path: path.replace(' ', "%20"), headers, body })
}

impl From<NotAllowed> for Refusal {
    fn from(_: NotAllowed) -> Self {
        Self::Invalid
    }
}

fn is_whitelisted(host: &str, installation: &Installation) -> bool {
    let hosts = installation.manifest().domain_whitelist.iter().flatten();
    let mut hosts = hosts.filter_map(|it| fill(it, Place::Url, installation).ok());
    hosts.any(|it| it.eq_ignore_ascii_case(host))
}

/// Host (lower case) and path of an https address.
fn split_https(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("https://")?;
    let (host, path) = match rest.find(['/', '?']) {
        Some(at) if rest[at..].starts_with('/') => (&rest[..at], rest[at..].to_owned()),
        Some(at) => (&rest[..at], format!("/{}", &rest[at..])),
        None => (rest, "/".to_owned()),
    };
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_plain = |it: u8| it.is_ascii_alphanumeric() || it == b'.' || it == b'-';
    (!host.is_empty() && host.bytes().all(is_plain)).then(|| (host.to_ascii_lowercase(), path))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sunco::auth::Credentials;

    fn installation() -> Installation {
        let manifest = json!({"name": "A", "domainWhitelist": ["api.smooch.io"], "parameters": [
            {"name": "sunco_secret", "secure": true, "scopes": ["basic_auth_password"]}]});
        let key = Credentials { app_id: "a".into(), key_id: "k".into(), secret: "s3".into() };
        Installation::new(serde_json::from_value(manifest).unwrap(), &key)
    }

    fn envelope() -> Envelope {
        serde_json::from_value(json!({"method": "POST", "body": "{\"t\":\"{{1}}\"}",
            "headers": {"Authorization": "Basic {{basic_auth.token}}"},
            "basic_auth": {"username": "k", "password": "{{setting.sunco_secret}}"}}))
        .unwrap()
    }

    fn sent(url: &str, is_secure: bool, envelope: &Envelope) -> Result<Outgoing, Refusal> {
        prepare(url, is_secure, envelope, &installation())
    }

    #[test]
    fn the_token_is_made_only_for_secure_requests() {
        let header = |is_secure| {
            sent("https://api.smooch.io/v2/x", is_secure, &envelope()).unwrap().headers[0].1.clone()
        };
        assert_eq!(header(true), "Basic azpzMw==");
        assert_eq!(header(false), "Basic {{basic_auth.token}}");
    }

    #[test]
    fn secure_requests_go_to_listed_hosts_only() {
        let refusal = |url: &str, is_secure| sent(url, is_secure, &envelope()).unwrap_err();
        assert_eq!(refusal("https://evil.example/", true), Refusal::Invalid);
        assert_eq!(refusal("http://api.smooch.io/", true), Refusal::Invalid);
        assert_eq!(refusal("https://api.smooch.io@evil.example/", true), Refusal::Invalid);
        let other = "https://other.zendesk.com/api/v2/users/me.json";
        assert_eq!(refusal(other, false), Refusal::Zendesk(other.into()));
        assert_eq!(sent("https://evil.example/", false, &envelope()).unwrap().host, "evil.example");
    }

    #[test]
    fn header_names_with_an_underscore_are_refused() {
        let mut envelope = envelope();
        envelope.headers.insert("x_y".into(), "1".into());
        assert_eq!(sent("https://api.smooch.io/", true, &envelope).unwrap_err(), Refusal::Invalid);
    }
}
