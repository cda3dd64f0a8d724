//! What the tests share: a transport that answers from a list, and the example data.

use std::{cell::RefCell, collections::VecDeque};

use cxconnect_core::{
    dispatch::Answer,
    phone::E164,
    plan::BatchId,
    problem::RowNumber,
    template::{Template, Values},
};
use cxconnect_sunco::{
    Account, AppId, Host, IntegrationId, Metadata, Notification, Request, Response, SunCo, TemplateList,
    Transport, TransportError,
};
use serde_json::{Value, json};

/// Answers each call with the next of its answers, and remembers the calls.
#[derive(Default)]
pub struct Script {
    answers: RefCell<VecDeque<Result<Response, TransportError>>>,
    pub calls: RefCell<Vec<Request>>,
}

impl Script {
    /// Answers with these.
    pub fn new(answers: impl IntoIterator<Item = Result<Response, TransportError>>) -> Self {
        Self { answers: RefCell::new(answers.into_iter().collect()), calls: RefCell::default() }
    }

    /// Answers with these bodies, as successes.
    pub fn bodies<B: ToString>(bodies: impl IntoIterator<Item = B>) -> Self {
        Self::new(bodies.into_iter().map(|body| Ok(response(200, &body.to_string()))))
    }

    /// The URLs that were called, without what they all begin with.
    pub fn urls(&self) -> Vec<String> {
        let begin = "https://api.smooch.io";
        let urls = self.calls.borrow();
        urls.iter().map(|call| call.url.strip_prefix(begin).expect("the default host").to_owned()).collect()
    }
}

impl Transport for &Script {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        self.calls.borrow_mut().push(request);
        self.answers.borrow_mut().pop_front().expect("the script has an answer for every call")
    }
}

pub fn response(status: u16, body: &str) -> Response {
    Response { status, body: body.to_owned(), retry_after_s: None }
}

pub fn sunco(script: &Script) -> SunCo<&Script> {
    let app_id = AppId::parse("5fed024df3dd8b000cd7ee99").unwrap();
    SunCo::new(script, Account { host: Host::default(), app_id })
}

pub fn integration() -> IntegrationId {
    IntegrationId::parse("582dedf230e788746891281a").unwrap()
}

/// Reads items as the provider's list would give them.
pub async fn list(items: Value) -> TemplateList {
    let script = Script::bodies([json!({ "messageTemplates": items })]);
    sunco(&script).templates(&integration()).await.unwrap()
}

/// Reads one item that is a template.
pub async fn template(item: Value) -> Template {
    let mut list = list(json!([item])).await;
    assert_eq!(list.unreadable, []);
    list.templates.remove(0)
}

/// Reads a definition: what would be listed once it was approved.
pub async fn defined(mut definition: Value) -> Template {
    definition["status"] = "APPROVED".into();
    template(definition).await
}

/// The `data` of an example file.
pub fn data(file: &str) -> Value {
    let path = format!("{}/tests/data/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let mut json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    json["data"].take()
}

/// Sends the template with these values, and gives the body that left.
pub async fn sent(template: &Template, values: &Values, namespace: Option<&str>) -> String {
    let script = Script::bodies([r#"{"notification":{"_id":"9d633118-27d3-437d-9d81-621b07903e06"}}"#]);
    let answer = notify(&script, template, values, namespace).await;
    assert!(matches!(answer, Answer::Accepted(_)), "{answer:?}");
    let call = script.calls.borrow_mut().remove(0);
    call.body.unwrap()
}

pub async fn notify(
    script: &Script,
    template: &Template,
    values: &Values,
    namespace: Option<&str>,
) -> Answer {
    let batch = BatchId::new("29290745".to_owned());
    let notification = Notification {
        integration: &integration(),
        to: &E164::parse_exact("+525512345678").unwrap(),
        template,
        values,
        namespace,
        metadata: Metadata { batch: &batch, row: RowNumber::new(5) },
    };
    sunco(script).notify(&notification).await
}
