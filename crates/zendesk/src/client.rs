//! The calls to Zendesk.

use std::time::Duration;

use cxconnect_sunco::{Response, TransportError};
use js_sys::{Array, Object};
use wasm_bindgen::JsValue;

use crate::{
    CurrentUser, Requester, Subscription, ZafError, ZafRequest,
    call::{self, Settled},
    js::{JsClient, set},
    leftovers::Leftovers,
    outcome,
};

/// How long Zendesk may take to answer a question about itself: it is on the same page, so only a broken one takes long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Zendesk, as the app sees it. Copies are handles to the same client.
#[derive(Clone, Debug)]
pub struct ZafClient {
    js: JsClient,
}

/// What a notification at the top of the screen looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good or neutral news.
    Notice,
    /// A warning.
    Alert,
    /// A failure.
    Error,
}

/// A place in Zendesk to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    /// A ticket, by its id.
    Ticket(&'a str),
    /// A user, by their id.
    User(&'a str),
    /// An app's page in the navigation bar: its name, and a path within it.
    NavBar {
        /// The app's name with dashes.
        app: &'a str,
        /// The path, which arrives as `app.route.changed`.
        path: &'a str,
    },
}

/// Zendesk's colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorScheme {
    /// Dark text on a light ground.
    Light,
    /// Light text on a dark ground.
    Dark,
}

impl ColorScheme {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}

impl ZafClient {
    /// Wraps a client that has been registered already; see [`ZafClient::from_boot`].
    pub fn new(js: JsClient) -> Self {
        Self { js }
    }

    /// The agent who uses the app.
    pub async fn get_current_user(&self) -> Result<CurrentUser, ZafError> {
        call::read("currentUser", self.get("currentUser").await?)
    }

    /// Who wrote the ticket that the app is shown beside.
    pub async fn get_requester(&self) -> Result<Requester, ZafError> {
        call::read("ticket.requester", self.get("ticket.requester").await?)
    }

    /// Calls back whenever the ticket gets another requester, until the subscription is dropped.
    pub fn on_requester_changed(&self, mut callback: impl FnMut() + 'static) -> Subscription {
        self.on("ticket.requester.id.changed", move |_| callback())
    }

    /// Zendesk's colours at this moment.
    pub async fn get_color_scheme(&self) -> Result<ColorScheme, ZafError> {
        let value = self.get("colorScheme").await?;
        value.as_string().as_deref().and_then(ColorScheme::parse).ok_or_else(|| ZafError::Unreadable {
            key: "colorScheme".to_owned(),
            detail: "neither light nor dark".to_owned(),
        })
    }

    /// Calls back whenever the agent changes Zendesk's colours, until the subscription is dropped.
    pub fn on_color_scheme_changed(&self, mut callback: impl FnMut(ColorScheme) + 'static) -> Subscription {
        self.on("colorScheme.changed", move |payload| {
            if let Some(scheme) = payload.as_string().as_deref().and_then(ColorScheme::parse) {
                callback(scheme);
            }
        })
    }

    /// Shows a notification at the top of the screen.
    pub async fn notify(&self, text: &str, kind: NoticeKind) -> Result<(), ZafError> {
        let kind = match kind {
            NoticeKind::Notice => "notice",
            NoticeKind::Alert => "alert",
            NoticeKind::Error => "error",
        };
        self.invoke("notify", &Array::of2(&text.into(), &kind.into())).await
    }

    /// Sets the height of the iframe in pixels; its width is always Zendesk's. There is no other way to set it.
    pub async fn resize(&self, height_px: u32) -> Result<(), ZafError> {
        let size = Object::new();
        set(&size, "width", &"100%".into());
        set(&size, "height", &[&height_px.to_string(), "px"].concat().into());
        self.invoke("resize", &Array::of1(&size)).await
    }

    /// Goes to another place in Zendesk.
    pub async fn route_to(&self, route: Route<'_>) -> Result<(), ZafError> {
        let arguments = match route {
            Route::Ticket(id) => Array::of2(&"ticket".into(), &id.into()),
            Route::User(id) => Array::of2(&"user".into(), &id.into()),
            Route::NavBar { app, path } => Array::of3(&"nav_bar".into(), &app.into(), &path.into()),
        };
        self.invoke("routeTo", &arguments).await
    }

    /// Calls back at every such event, until the subscription is dropped.
    pub fn on(&self, event: &'static str, callback: impl FnMut(JsValue) + 'static) -> Subscription {
        Subscription::new(self.js.clone(), event, Box::new(callback))
    }

    /// Makes a request: to Zendesk's own API as the agent, or through Zendesk's proxy with a secret that stays there.
    ///
    /// Any HTTP status is a [`Response`]. It is never repeated, here or by the SDK.
    pub async fn request(&self, request: &ZafRequest) -> Result<Response, TransportError> {
        let (returned, _leftovers) = Leftovers::of(&self.js, || self.js.request(&request.options()));
        match call::settled(returned, request.timeout).await {
            Settled::Resolved(value) => outcome::resolved(&value),
            Settled::Rejected(value) => outcome::rejected(&value),
            Settled::TimedOut => Err(TransportError::Timeout),
        }
    }

    async fn get(&self, path: &str) -> Result<JsValue, ZafError> {
        call::value_of(path, self.js.get(path), PATIENCE).await
    }

    async fn invoke(&self, name: &str, arguments: &Array) -> Result<(), ZafError> {
        // What an action returns is null, as a rule, and of no use.
        call::value_of(name, self.js.invoke(name, arguments), PATIENCE).await.map(drop)
    }
}
