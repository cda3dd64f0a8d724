//! The calls.

use std::time::Duration;

use cxconnect_core::{dispatch::Answer, template::TemplateName};

use crate::{
    Account, ApiError, Integration, IntegrationId, Method, Notification, Request, Response, TemplateList,
    Transport, Webhook, error, integrations, notify, payload, templates, webhooks,
};

/// How long any call may take. After it a send is "outcome unknown".
const TIMEOUT: Duration = Duration::from_secs(30);

/// The most pages of a list that are read. Meta allows 6,000 templates an account, each in several languages; a list that
/// goes on after this many is taken for one that never ends.
const MAX_PAGES: usize = 300;

/// A Sunshine Conversations client.
#[derive(Clone, Debug)]
pub struct SunCo<T> {
    transport: T,
    account: Account,
}

impl<T: Transport> SunCo<T> {
    /// A client of this account.
    pub fn new(transport: T, account: Account) -> Self {
        Self { transport, account }
    }

    /// The account's WhatsApp numbers, whatever their status.
    pub async fn integrations(&self) -> Result<Vec<Integration>, ApiError> {
        let first = self.account.v2("/integrations?filter%5Btypes%5D=whatsapp&page%5Bsize%5D=100");
        let mut all = Vec::new();
        let mut cursors = Cursors::new(first, "&page%5Bafter%5D=");
        while let Some(url) = cursors.next()? {
            let page = integrations::parse_page(&self.get(url).await?)?;
            all.extend(page.integrations);
            cursors.continue_at(page.after);
        }
        Ok(all)
    }

    /// All message templates of a number, whatever their status. The provider's list may be two hours old.
    pub async fn templates(&self, integration: &IntegrationId) -> Result<TemplateList, ApiError> {
        self.template_pages(&[TEMPLATES.0, integration.as_str(), TEMPLATES.1, "?limit=100"].concat()).await
    }

    /// All translations of one template: to see just before sending whether it still exists and is approved.
    pub async fn template_translations(
        &self,
        integration: &IntegrationId,
        name: &TemplateName,
    ) -> Result<TemplateList, ApiError> {
        // A template's name is made of characters that need no escaping.
        let path =
            [TEMPLATES.0, integration.as_str(), TEMPLATES.1, "?limit=100&name=", name.as_str()].concat();
        let mut list = self.template_pages(&path).await?;
        list.templates.retain(|template| template.name == *name);
        list.unreadable.retain(|item| item.name.as_deref().is_none_or(|item| item == name.as_str()));
        Ok(list)
    }

    /// Sends one message. Never repeats it: the answer says what may happen next.
    pub async fn notify(&self, notification: &Notification<'_>) -> Answer {
        let body = match payload::payload(notification) {
            Ok(body) => body,
            Err(error) => return notify::not_built(&error),
        };
        let url = self.account.v1_1("/notifications");
        let request = Request { method: Method::Post, url, body: Some(body), timeout: TIMEOUT };
        notify::answer(self.transport.call(request).await)
    }

    /// The app's webhooks that could be read, and how many there are in all.
    pub async fn webhooks(&self) -> Result<(Vec<Webhook>, usize), ApiError> {
        webhooks::parse_list(&self.get(self.account.v1_1("/webhooks")).await?)
    }

    /// Makes a webhook that tells of these events.
    pub async fn create_webhook(&self, target: &str, triggers: &[&str]) -> Result<Webhook, ApiError> {
        let url = self.account.v1_1("/webhooks");
        self.change(Method::Post, url, webhooks::body(target, triggers)).await
    }

    /// Lets a webhook post there, of these events.
    pub async fn update_webhook(
        &self,
        id: &str,
        target: &str,
        triggers: &[&str],
    ) -> Result<Webhook, ApiError> {
        let url = self.account.v1_1(&["/webhooks/", &url_encoded(id)].concat());
        self.change(Method::Put, url, webhooks::body(target, triggers)).await
    }

    async fn change(&self, method: Method, url: String, body: String) -> Result<Webhook, ApiError> {
        let request = Request { method, url, body: Some(body), timeout: TIMEOUT };
        webhooks::parse_one(&error::success(self.transport.call(request).await?)?)
    }

    async fn template_pages(&self, path: &str) -> Result<TemplateList, ApiError> {
        let mut list = TemplateList::default();
        let mut cursors = Cursors::new(self.account.v1_1(path), "&after=");
        while let Some(url) = cursors.next()? {
            let page = templates::parse_page(&self.get(url).await?)?;
            list.templates.extend(page.list.templates);
            list.unreadable.extend(page.list.unreadable);
            cursors.continue_at(page.after);
        }
        Ok(list)
    }

    async fn get(&self, url: String) -> Result<Response, ApiError> {
        let request = Request { method: Method::Get, url, body: None, timeout: TIMEOUT };
        error::success(self.transport.call(request).await?)
    }
}

/// The templates' path, around the integration's id.
const TEMPLATES: (&str, &str) = ("/integrations/", "/messageTemplates");

/// Walks a list page by page, and refuses to walk in a circle or for ever.
struct Cursors {
    first: String,
    parameter: &'static str,
    n_pages: usize,
    /// The cursors so far; the last one leads to the next page.
    seen: Vec<String>,
    state: Walk,
}

enum Walk {
    First,
    Next,
    Circle,
    Done,
}

impl Cursors {
    fn new(first: String, parameter: &'static str) -> Self {
        Self { first, parameter, n_pages: 0, seen: Vec::new(), state: Walk::First }
    }

    /// The next page's URL, or nothing after the last one.
    fn next(&mut self) -> Result<Option<String>, ApiError> {
        match self.state {
            Walk::Done => Ok(None),
            Walk::First => Ok(Some(self.first.clone())),
            Walk::Next if self.n_pages < MAX_PAGES => {
                let cursor = self.seen.last().map(|cursor| url_encoded(cursor)).unwrap_or_default();
                Ok(Some([&self.first, self.parameter, &cursor].concat()))
            }
            Walk::Next | Walk::Circle => Err(ApiError::TooManyPages { pages: self.n_pages }),
        }
    }

    /// A page was read, and the next one begins there.
    fn continue_at(&mut self, after: Option<String>) {
        self.n_pages += 1;
        self.state = match after {
            None => Walk::Done,
            Some(cursor) if self.seen.contains(&cursor) => Walk::Circle,
            Some(cursor) => {
                self.seen.push(cursor);
                Walk::Next
            }
        };
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986: cursors are opaque.
fn url_encoded(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}
