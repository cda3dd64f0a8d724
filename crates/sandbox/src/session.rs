//! Who is signed in: each browser has a session of its own, told by a cookie; whoever has none gets the default one.

use std::collections::HashMap;

use axum::http::{HeaderMap, header};

use crate::people::Session;

/// The sessions of all browsers.
#[derive(Debug)]
pub(crate) struct Sessions {
    /// Cookies don't tell ports apart, so that the name has to: another sandbox may run beside this one.
    cookie: String,
    default: Session,
    by_id: HashMap<String, Session>,
}

impl Sessions {
    pub(crate) fn new(port: u16) -> Self {
        let cookie = format!("sandbox_session_{port}");
        Self { cookie, default: Session::default(), by_id: HashMap::new() }
    }

    /// The session of whoever sent these headers.
    pub(crate) fn of(&self, headers: &HeaderMap) -> Session {
        let own = self.id(headers).and_then(|id| self.by_id.get(id));
        own.unwrap_or(&self.default).clone()
    }

    /// The session of all who have none of their own.
    pub(crate) fn set_default(&mut self, session: Session) {
        self.default = session;
    }

    /// Gives the browser that sent these headers a session of its own; the cookie to set.
    pub(crate) fn set_own(&mut self, headers: &HeaderMap, fresh_id: String, session: Session) -> String {
        let known = self.id(headers).filter(|id| self.by_id.contains_key(*id));
        let id = known.map_or(fresh_id, str::to_owned);
        self.by_id.insert(id.clone(), session);
        format!("{}={id}; Path=/; SameSite=Lax; HttpOnly", self.cookie)
    }

    /// Signs everybody out.
    pub(crate) fn clear(&mut self) {
        self.default = Session::default();
        self.by_id.clear();
    }

    fn id<'a>(&self, headers: &'a HeaderMap) -> Option<&'a str> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut cookies = lines.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
        cookies.find(|(name, _)| *name == self.cookie).map(|(_, id)| id)
    }
}
