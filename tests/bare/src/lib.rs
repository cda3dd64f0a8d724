//! A Durable Object that does nothing but keep a request, in the relay's own language and on its own crate: no routing, no
//! authorisation, no checks, no guard.
#![cfg(target_arch = "wasm32")]
#![allow(missing_docs)] // Of what the macro makes.

use worker::{
    Context, DurableObject, Env, Request, Response, Result, SqlStorage, State, durable_object, event,
};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _: Context) -> Result<Response> {
    env.durable_object("ACCOUNT")?.id_from_name("one")?.get_stub()?.fetch_with_request(request).await
}

/// The object.
#[durable_object(fetch)]
pub struct Account {
    sql: SqlStorage,
}

impl DurableObject for Account {
    fn new(state: State, _: Env) -> Self {
        let sql = state.storage().sql();
        // A failure shows at the first insertion.
        let _ =
            sql.exec("CREATE TABLE IF NOT EXISTS request (id INTEGER PRIMARY KEY, body TEXT NOT NULL)", None);
        Self { sql }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let body = request.text().await?;
        self.sql.exec("INSERT INTO request (body) VALUES (?)", vec![body.into()])?;
        Response::empty().map(|response| response.with_status(202))
    }
}
