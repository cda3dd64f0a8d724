//! An agent's browser, as far as custom objects go.

use cxconnect_sandbox::Sandbox;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};

use crate::common::json_of;

/// A browser with a session of its own, or the default one.
pub struct Agent {
    base: String,
    cookie: Option<String>,
}

impl Agent {
    /// Whoever the default session is.
    pub fn new(sandbox: &Sandbox) -> Self {
        Self { base: sandbox.zendesk_url(), cookie: None }
    }

    /// Signs in as somebody.
    pub async fn signed_in(sandbox: &Sandbox, role: &str) -> Self {
        let mut agent = Self::new(sandbox);
        agent.sign_in(role).await;
        agent
    }

    pub async fn sign_in(&mut self, role: &str) {
        let session = json!({"role": role, "locale": "es", "color_scheme": "light"});
        let response = self.request("PUT", "sandbox/session").json(&session).send().await.unwrap();
        let cookie = response.headers()["set-cookie"].to_str().unwrap();
        self.cookie = cookie.split(';').next().map(str::to_owned);
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        // Links are absolute, as on the platform.
        let path = path.trim_start_matches("https://acme.zendesk.com").trim_start_matches('/');
        let request = Client::new().request(method.parse().unwrap(), format!("{}{path}", self.base));
        match &self.cookie {
            Some(cookie) => request.header("cookie", cookie),
            None => request,
        }
    }

    pub async fn respond(&self, method: &str, path: &str) -> Response {
        self.request(method, path).send().await.unwrap()
    }

    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        json_of(self.respond("GET", path).await).await
    }

    pub async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        json_of(self.request(method, path).json(body).send().await.unwrap()).await
    }

    pub async fn upsert(&self, id: &str, fields: &Value) -> (StatusCode, Value) {
        let path = format!("api/v2/custom_objects/cxc_message/records?external_id={id}");
        let record = json!({"name": id, "custom_object_fields": fields});
        self.send("PATCH", &path, &json!({"custom_object_record": record})).await
    }

    pub async fn post_job(&self, action: &str, items: &Value) -> (StatusCode, Value) {
        let body = json!({"job": {"action": action, "items": items}});
        self.send("POST", "api/v2/custom_objects/cxc_message/jobs", &body).await
    }

    pub async fn job(&self, id: &Value) -> (StatusCode, Value) {
        self.get(&format!("api/v2/job_statuses/{}.json", id.as_str().unwrap())).await
    }

    pub async fn find(&self, filter: &Value) -> (StatusCode, Value) {
        self.find_paged(filter, "").await
    }

    pub async fn find_paged(&self, filter: &Value, query: &str) -> (StatusCode, Value) {
        let path = format!("api/v2/custom_objects/cxc_message/records/search?{query}");
        self.send("POST", &path, &json!({"filter": filter})).await
    }
}

/// The external ids of a list.
pub fn ids(list: &Value) -> Vec<&str> {
    let records = list["custom_object_records"].as_array().unwrap();
    records.iter().map(|it| it["external_id"].as_str().unwrap()).collect()
}

/// Items for a job: `prefix-0`, `prefix-1`, …
pub fn items(prefix: &str, n: usize) -> Value {
    let item = |n| {
        let id = format!("{prefix}-{n}");
        json!({"name": id, "external_id": id, "custom_object_fields": {"batch_id": prefix, "row_no": n}})
    };
    (0..n).map(item).collect()
}
