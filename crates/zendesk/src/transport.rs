//! Sunshine Conversations and the relay through Zendesk's proxy, and Zendesk's own API.

use cxconnect_sunco::{Host, Request, Response, Transport, TransportError};

use crate::{Authorization, SunCoAuth, ZafClient, ZafRequest};

/// Makes Sunshine Conversations' calls through Zendesk's proxy, which adds the secret.
#[derive(Clone, Debug)]
pub struct ProxyTransport {
    client: ZafClient,
    auth: SunCoAuth,
}

impl ProxyTransport {
    /// A transport that authorises its calls in this way.
    pub fn new(client: ZafClient, auth: SunCoAuth) -> Self {
        Self { client, auth }
    }
}

impl Transport for ProxyTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let Request { method, url, body, timeout } = request;
        if is_zendesk(&url) {
            // Such a call would leave the browser directly, with its placeholders as they stand.
            let detail = "Zendesk doesn't proxy its own hosts".to_owned();
            return Err(TransportError::ProxyRefused { detail });
        }
        let authorization = Authorization::SunCo(self.auth.clone());
        self.client.request(&ZafRequest { method, url, body, authorization, timeout }).await
    }
}

/// Makes the relay's calls through Zendesk's proxy, which adds the relay's token.
#[derive(Clone, Debug)]
pub struct RelayTransport {
    client: ZafClient,
}

impl RelayTransport {
    /// For the relay whose token is in the app's settings.
    pub fn new(client: ZafClient) -> Self {
        Self { client }
    }
}

impl Transport for RelayTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let Request { method, url, body, timeout } = request;
        if is_zendesk(&url) {
            let detail = "Zendesk doesn't proxy its own hosts".to_owned();
            return Err(TransportError::ProxyRefused { detail });
        }
        self.client
            .request(&ZafRequest { method, url, body, authorization: Authorization::Relay, timeout })
            .await
    }
}

/// Makes calls to Zendesk's own API in the agent's name. URLs begin with `/api/v2/`.
#[derive(Clone, Debug)]
pub struct AgentTransport {
    client: ZafClient,
}

impl AgentTransport {
    /// For whoever uses the app.
    pub fn new(client: ZafClient) -> Self {
        Self { client }
    }
}

impl Transport for AgentTransport {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let Request { method, url, body, timeout } = request;
        self.client
            .request(&ZafRequest { method, url, body, authorization: Authorization::Agent, timeout })
            .await
    }
}

fn is_zendesk(url: &str) -> bool {
    let origin_end = url.find("://").map_or(0, |at| at + 3);
    let host_end = url[origin_end..].find('/').map_or(url.len(), |at| origin_end + at);
    Host::parse(&url[..host_end]).is_ok_and(|host| host.is_zendesk())
}
