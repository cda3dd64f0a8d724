//! What leaves through `client.request`, and how long it is waited for.

use std::time::Duration;

use cxconnect_sunco::{
    Account, AppId, Host, IntegrationId, Method, Request, Response, SunCo, Transport as _, TransportError,
};
use cxconnect_zendesk::{Authorization, ProxyTransport, RelayTransport, SunCoAuth, ZafRequest};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{client, js};

const ANSWERS_WITH_ITS_OPTIONS: &str =
    "{request: (options) => Promise.resolve({status: 200, responseText: JSON.stringify(options)})}";

fn post(timeout: Duration) -> Request {
    Request {
        method: Method::Post,
        url: "https://api.smooch.io/v1.1/apps/5fed024df3dd8b000cd7ee99/notifications".to_owned(),
        body: Some(r#"{"a":"ñ"}"#.to_owned()),
        timeout,
    }
}

fn basic_auth() -> SunCoAuth {
    SunCoAuth::BasicAuth { key_id: "app_5fed024df3dd8b000cd7ee99".to_owned() }
}

/// The options with which a transport calls.
async fn options(auth: SunCoAuth, request: Request) -> serde_json::Value {
    let transport = ProxyTransport::new(client(ANSWERS_WITH_ITS_OPTIONS), auth);
    serde_json::from_str(&transport.call(request).await.unwrap().body).unwrap()
}

#[wasm_bindgen_test]
async fn the_proxy_makes_the_header_of_key_and_secret() {
    assert_eq!(
        options(basic_auth(), post(Duration::from_secs(30))).await,
        serde_json::json!({
            "url": "https://api.smooch.io/v1.1/apps/5fed024df3dd8b000cd7ee99/notifications",
            "type": "POST",
            "contentType": "application/json",
            "data": "{\"a\":\"ñ\"}",
            "autoRetry": false,
            "cors": false,
            "httpCompleteResponse": true,
            "timeout": 30_000,
            "secure": true,
            "headers": {"Authorization": "Basic {{basic_auth.token}}"},
            "basic_auth": {"username": "app_5fed024df3dd8b000cd7ee99", "password": "{{setting.sunco_secret}}"},
        })
    );
}

#[wasm_bindgen_test]
async fn what_a_customer_wrote_is_never_a_placeholder() {
    for text in ["{{basic_auth.token}}", "{{setting.sunco_secret}}", "{{{x}}}", "{{{{", "a {{1}} b"] {
        let json = serde_json::json!({"a": {"b": text}}).to_string();
        let request = Request { body: Some(json.clone()), ..post(Duration::from_secs(30)) };
        let options = options(basic_auth(), request).await;
        let data = options["data"].as_str().unwrap();
        assert!(!data.contains("{{"), "{data}");
        let parse = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(parse(data), parse(&json));
    }
}

#[wasm_bindgen_test]
async fn the_proxy_puts_in_a_ready_made_token() {
    let get = Request { method: Method::Get, body: None, ..post(Duration::from_secs(30)) };
    assert_eq!(
        options(SunCoAuth::Token, get).await,
        serde_json::json!({
            "url": "https://api.smooch.io/v1.1/apps/5fed024df3dd8b000cd7ee99/notifications",
            "type": "GET",
            "autoRetry": false,
            "cors": false,
            "httpCompleteResponse": true,
            "timeout": 30_000,
            "secure": true,
            "headers": {"Authorization": "Basic {{setting.sunco_token}}"},
        })
    );
}

#[wasm_bindgen_test]
async fn the_proxy_puts_in_the_relays_token() {
    let transport = RelayTransport::new(client(ANSWERS_WITH_ITS_OPTIONS));
    let url = "https://relay.acme.mx/v1/webhooks".to_owned();
    let body = Some(r#"{"param1":"{{setting.relay_token}}"}"#.to_owned());
    let request = Request { url, body, ..post(Duration::from_secs(30)) };
    let options: serde_json::Value =
        serde_json::from_str(&transport.call(request).await.unwrap().body).unwrap();
    assert_eq!(options["headers"], serde_json::json!({"Authorization": "Bearer {{setting.relay_token}}"}));
    assert_eq!((&options["secure"], &options["autoRetry"]), (&true.into(), &false.into()));
    // What somebody types is never taken for a placeholder.
    assert!(!options["data"].as_str().unwrap().contains("{{"));
}

#[wasm_bindgen_test]
async fn the_agents_own_requests_carry_no_secret() {
    let request = ZafRequest {
        method: Method::Get,
        url: "/api/v2/users/me.json".to_owned(),
        body: None,
        authorization: Authorization::Agent,
        timeout: Duration::from_secs(10),
    };
    let response = client(ANSWERS_WITH_ITS_OPTIONS).request(&request).await.unwrap();
    let options: serde_json::Value = serde_json::from_str(&response.body).unwrap();
    for absent in ["secure", "headers", "basic_auth"] {
        assert_eq!(options.get(absent), None, "{absent}");
    }
}

#[wasm_bindgen_test]
async fn zendesks_own_hosts_are_never_called_with_placeholders() {
    let client = client("{request: () => { throw new Error('called'); }}");
    let transport = ProxyTransport::new(client, basic_auth());
    for url in
        ["https://acme.zendesk.com/sc/v1.1/apps", "https://zendesk.com", "https://ACME.Zendesk.com:443/x"]
    {
        let request = Request { url: url.to_owned(), ..post(Duration::from_secs(30)) };
        let detail = "Zendesk doesn't proxy its own hosts".to_owned();
        assert_eq!(transport.call(request).await, Err(TransportError::ProxyRefused { detail }), "{url}");
    }
}

#[wasm_bindgen_test]
async fn no_answer_is_a_timeout_and_the_call_is_made_once() {
    js("globalThis.calls = 0");
    let client = client("{request: () => { globalThis.calls += 1; return new Promise(() => {}); }}");
    let transport = ProxyTransport::new(client, basic_auth());
    assert_eq!(transport.call(post(Duration::from_millis(20))).await, Err(TransportError::Timeout));
    assert_eq!(js("globalThis.calls").as_f64(), Some(1.0));
}

#[wasm_bindgen_test]
async fn a_failure_after_the_timeout_disturbs_nobody() {
    js("(globalThis.late = {disturbances: 0}, addEventListener('unhandledrejection', () => { late.disturbances += 1; }),
         addEventListener('error', () => { late.disturbances += 1; }))");
    let client = client("{request: () => new Promise((_, reject) => { late.reject = reject; })}");
    let transport = ProxyTransport::new(client, basic_auth());
    assert_eq!(transport.call(post(Duration::from_millis(20))).await, Err(TransportError::Timeout));
    // The browser reports unhandled rejections when the present task is over, so the next one is waited for.
    let next_task = js("new Promise((resolve) => { late.reject(new Error('late')); setTimeout(resolve); })");
    wasm_bindgen_futures::JsFuture::from(js_sys::Promise::from(next_task)).await.unwrap();
    assert_eq!(js("late.disturbances").as_f64(), Some(0.0));
}

#[wasm_bindgen_test]
async fn a_foreign_promise_and_a_throw_are_understood() {
    // jQuery's promises and older polyfills are no `Promise`s.
    let thenable = client("{request: () => ({then: (done) => done({status: 201, responseText: 'ok'})})}");
    let transport = ProxyTransport::new(thenable, SunCoAuth::Token);
    let expected = Response { status: 201, body: "ok".to_owned(), retry_after_s: None };
    assert_eq!(transport.call(post(Duration::from_secs(1))).await, Ok(expected));

    let throwing = client("{request: () => { throw new Error('no client'); }}");
    let transport = ProxyTransport::new(throwing, SunCoAuth::Token);
    let expected = TransportError::Lost { detail: "no client".to_owned() };
    assert_eq!(transport.call(post(Duration::from_secs(1))).await, Err(expected));
}

#[wasm_bindgen_test]
async fn the_client_of_sunshine_conversations_runs_on_it() {
    let client = client(
        r#"{request: ({url}) => Promise.resolve(url.includes("after=")
              ? {messageTemplates: [{id: 7137952719659977, name: "b", language: "en", components: []}]}
              : {status: 200, responseText: JSON.stringify({messageTemplates: [{name: "a", language: "es_MX",
                  components: [{type: "BODY", text: "Hola"}]}], after: "NDkZD"})})}"#,
    );
    let account =
        Account { host: Host::default(), app_id: AppId::parse("5fed024df3dd8b000cd7ee99").unwrap() };
    let sunco = SunCo::new(ProxyTransport::new(client, SunCoAuth::Token), account);
    let list = sunco.templates(&IntegrationId::parse("582dedf230e788746891281a").unwrap()).await.unwrap();
    let names: Vec<_> = list.templates.iter().map(|template| template.name.as_str()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(list.templates[1].id.as_ref().unwrap().as_str(), "7137952719659977");
}

/// Every call has its time limit; of a call that was answered nothing may be held until that is over.
#[wasm_bindgen_test]
async fn an_answered_call_lets_go_of_its_time_limit() {
    js("(globalThis.waits = [], globalThis.cxconnect = {wait: (ms) => {
          const wait = {ms, nEnds: 0};
          waits.push(wait);
          return {over: new Promise((resolve) => { wait.resolve = resolve; }), end: () => { wait.nEnds += 1; wait.resolve(); }};
        }})");
    let answered = ProxyTransport::new(client(ANSWERS_WITH_ITS_OPTIONS), basic_auth());
    assert!(answered.call(post(Duration::from_secs(60))).await.is_ok());
    let silent = ProxyTransport::new(client("{request: () => new Promise(() => {})}"), basic_auth());
    js("setTimeout(() => waits[1].resolve(), 20)");
    assert_eq!(silent.call(post(Duration::from_secs(30))).await, Err(TransportError::Timeout));
    let waits = js("(delete globalThis.cxconnect, JSON.stringify(waits))");
    assert_eq!(waits.as_string().unwrap(), r#"[{"ms":60000,"nEnds":1},{"ms":30000,"nEnds":1}]"#);
}

/// The SDK registers two handlers for each request, which hold what was sent, and never removes them.
#[wasm_bindgen_test]
async fn of_an_answered_request_the_sdk_holds_nothing() {
    js("globalThis.handlers = {'app.registered': [], 'request:other': []}");
    let client = client(
        "{_messageHandlers: globalThis.handlers, n: 0,
          request() {
            this.n += 1;
            handlers[`request:${this.n}.done`] = [this];
            handlers[`request:${this.n}.fail`] = [this];
            return this.n === 2 ? new Promise(() => {}) : Promise.resolve({status: 200, responseText: '{}'});
          }}",
    );
    let names = || js("Object.keys(handlers).join()").as_string().unwrap();
    let transport = ProxyTransport::new(client, basic_auth());
    assert!(transport.call(post(Duration::from_secs(60))).await.is_ok());
    assert_eq!(names(), "app.registered,request:other");
    // One that is under way keeps its own.
    let slow = transport.call(post(Duration::from_millis(50)));
    let fast = async {
        assert!(transport.call(post(Duration::from_secs(60))).await.is_ok());
        assert_eq!(names(), "app.registered,request:other,request:2.done,request:2.fail");
    };
    let (slow, ()) = futures_util::join!(slow, fast);
    assert_eq!(slow, Err(TransportError::Timeout));
    assert_eq!(names(), "app.registered,request:other");
}
