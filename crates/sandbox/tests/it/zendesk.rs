//! The fake Zendesk: its proxy, its REST API, the app's files, and what the recorder sees.

use crate::common::{envelope, json_of, notifications, reminder, stand_in, started, through_proxy};
use cxconnect_sandbox::{Sandbox, SandboxError, Session, start};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const REFUSED: &str = "Proxy error: Invalid request";

#[tokio::test]
async fn the_proxy_inserts_the_secret_and_the_browser_never_sees_it() {
    let sandbox = started().await;
    for authorization in ["Basic {{basic_auth.token}}", "Basic {{setting.sunco_token}}"] {
        let envelope = envelope(&sandbox, authorization);
        let (status, _) = through_proxy(&sandbox, "secure/", &notifications(&sandbox), &envelope).await;
        assert_eq!(status, StatusCode::CREATED, "{authorization}");
    }
    assert_eq!(sandbox.sunco().received().len(), 2);
    assert!(sandbox.traffic_contains("{{setting.sunco_secret}}"));
    assert!(!sandbox.traffic_contains(sandbox.secret()));
    assert!(!sandbox.traffic_contains(&sandbox.sunco().credentials().basic_token()));
}

#[tokio::test]
async fn both_hosts_of_sunco_are_reached() {
    let sandbox = started().await;
    let url = notifications(&sandbox).replace("api.smooch.io", "api.eu-1.smooch.io");
    let envelope = envelope(&sandbox, "Basic {{basic_auth.token}}");
    assert_eq!(through_proxy(&sandbox, "secure/", &url, &envelope).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn without_secure_placeholders_stay_what_they_are() {
    let sandbox = started().await;
    let envelope = envelope(&sandbox, "Basic {{basic_auth.token}}");
    let (status, error) = through_proxy(&sandbox, "", &notifications(&sandbox), &envelope).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(error["error"]["description"], "Invalid authorization header format");
}

#[tokio::test]
async fn the_own_accounts_sunco_gets_placeholders_literally() {
    let sandbox = started().await;
    let path = format!("sc/v1.1/apps/{}/notifications", sandbox.sunco().credentials().app_id);
    let request = Client::new().post(format!("{}{path}", sandbox.zendesk_url()));
    let request =
        request.header("Authorization", "Basic {{basic_auth.token}}").json(&reminder("+525512345678"));
    let (status, error) = json_of(request.send().await.unwrap()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(error["error"]["description"], "Invalid authorization header format");
}

#[tokio::test]
async fn what_the_proxy_does_not_allow_is_refused() {
    let sandbox = started().await;
    let good = envelope(&sandbox, "Basic {{basic_auth.token}}");
    let url = notifications(&sandbox);
    let invalid = (StatusCode::BAD_REQUEST, json!(REFUSED));

    let elsewhere = "https://example.com/";
    assert_eq!(through_proxy(&sandbox, "secure/", elsewhere, &good).await, invalid);
    let (status, error) = through_proxy(&sandbox, "", elsewhere, &good).await;
    assert_eq!(status, StatusCode::BAD_GATEWAY);
    assert!(error.as_str().unwrap().contains("no request leaves this machine"));

    let out_of_scope = envelope(&sandbox, "Basic {{setting.sunco_secret}}");
    assert_eq!(through_proxy(&sandbox, "secure/", &url, &out_of_scope).await, invalid);
    let mut in_body = good.clone();
    in_body["body"] = json!("{{setting.sunco_token}}");
    assert_eq!(through_proxy(&sandbox, "secure/", &url, &in_body).await, invalid);
    let mut underscore = good.clone();
    underscore["headers"]["x_batch"] = json!("1");
    assert_eq!(through_proxy(&sandbox, "secure/", &url, &underscore).await, invalid);

    let other_account = "https://other.zendesk.com/api/v2/users/me.json";
    let refused = (StatusCode::FORBIDDEN, json!(format!("{other_account} is not a proxyable URI")));
    assert_eq!(through_proxy(&sandbox, "", other_account, &good).await, refused);
    assert_eq!(sandbox.sunco().summary().n_calls, 0);
}

#[tokio::test]
async fn a_wrong_secret_is_refused_by_sunco() {
    let sandbox = started().await;
    assert!(sandbox.set_setting("sunco_secret", "wrong"));
    let envelope = envelope(&sandbox, "Basic {{basic_auth.token}}");
    let (status, error) = through_proxy(&sandbox, "secure/", &notifications(&sandbox), &envelope).await;
    assert_eq!((status, &error["error"]["code"]), (StatusCode::UNAUTHORIZED, &json!("unauthorized")));
}

async fn get(sandbox: &Sandbox, path: &str) -> (StatusCode, Value) {
    json_of(reqwest::get(format!("{}{path}", sandbox.zendesk_url())).await.unwrap()).await
}

async fn put_settings(sandbox: &Sandbox, settings: &Value) -> StatusCode {
    let (_, found) = get(sandbox, "api/v2/apps/installations.json").await;
    let id = &found["installations"][0]["id"];
    let url = format!("{}api/v2/apps/installations/{id}.json", sandbox.zendesk_url());
    Client::new().put(url).json(&json!({"settings": settings})).send().await.unwrap().status()
}

#[tokio::test]
async fn admins_change_settings_and_agents_may_not() {
    let sandbox = started().await;
    assert_eq!(put_settings(&sandbox, &json!({"layout": "{\"a\":1}"})).await, StatusCode::OK);
    let (_, found) = get(&sandbox, "api/v2/apps/installations.json").await;
    let settings = &found["installations"][0]["settings"];
    // Merged: what was not named is still there, and secure settings never show.
    assert_eq!((&settings["layout"], &settings["plan_name"]), (&json!("{\"a\":1}"), &json!("Paquete")));
    assert_eq!(settings.get("sunco_secret"), None);
    assert_eq!(put_settings(&sandbox, &json!({"unknown": "x"})).await, StatusCode::UNPROCESSABLE_ENTITY);

    sandbox.set_session(Session { role: "agent".into(), ..Session::default() });
    assert_eq!(get(&sandbox, "api/v2/users/me.json").await.1["user"]["role"], "agent");
    assert_eq!(put_settings(&sandbox, &json!({"layout": "{}"})).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn people_have_phones_and_identities() {
    let sandbox = started().await;
    assert_eq!(get(&sandbox, "api/v2/users/910000001.json").await.1["user"]["phone"], "+525512345678");
    let (_, found) = get(&sandbox, "api/v2/users/910000001/identities.json").await;
    assert_eq!(found["identities"][1]["type"], "phone_number");
    assert_eq!(get(&sandbox, "api/v2/users/1.json").await.0, StatusCode::NOT_FOUND);
}

async fn asset(sandbox: &Sandbox, path: &str) -> Response {
    reqwest::get(format!("{}{path}", sandbox.app_url())).await.unwrap()
}

#[tokio::test]
async fn the_app_is_served_on_its_own_origin_with_a_strict_policy_and_the_local_sdk() {
    let sandbox = started().await;
    let page = asset(&sandbox, "iframe.html").await;
    assert_eq!(page.headers()["content-type"], "text/html");
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(!html.contains("static.zdassets.com"), "{html}");
    let sdk = html.split('"').find(|it| it.ends_with("zaf_sdk.min.js")).unwrap();
    assert_eq!(reqwest::get(sdk).await.unwrap().status(), StatusCode::OK);
    assert_eq!(asset(&sandbox, "%2e%2e/manifest.json").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_page_is_told_nothing_secret() {
    let sandbox = started().await;
    for path in ["sandbox/bootstrap", "sandbox/settings", "sandbox/received", "agent/dashboard"] {
        let text =
            reqwest::get(format!("{}{path}", sandbox.zendesk_url())).await.unwrap().text().await.unwrap();
        assert!(!text.contains(sandbox.secret()), "{path}");
    }
    let (_, bootstrap) = get(&sandbox, "sandbox/bootstrap").await;
    let settings = bootstrap["metadata"]["settings"].as_object().unwrap();
    assert_eq!((&settings["package_size"], &settings["layout"]), (&json!("1000"), &json!("{}")));
    assert!(!settings.contains_key("sunco_secret") && !settings.contains_key("sunco_token"));
}

#[tokio::test]
async fn a_reset_brings_back_the_beginning() {
    let sandbox = started().await;
    let id = sandbox.sunco().credentials().app_id.clone();
    sandbox.set_setting("plan_name", "trial");
    sandbox.sunco().set_template_status(None, "bienvenida", "GONE");
    crate::common::send(&sandbox, &reminder("+525512345678")).await;
    sandbox.reset().await.unwrap();
    assert_eq!(sandbox.sunco().summary().total, 0);
    assert_eq!(get(&sandbox, "sandbox/settings").await.1["plan_name"], "Paquete");
    assert_eq!(sandbox.sunco().set_template_status(None, "bienvenida", "APPROVED"), 2);
    assert_eq!(sandbox.sunco().credentials().app_id, id);
}

#[tokio::test]
async fn it_says_why_it_cannot_start() {
    let mut config = stand_in();
    config.settings.insert("nope".into(), json!("x"));
    assert!(matches!(start(config).await, Err(SandboxError::UnknownSetting(name)) if name == "nope"));
    let mut config = stand_in();
    config.app_dir = "does/not/exist".into();
    assert!(matches!(start(config).await, Err(SandboxError::Manifest(_))));
}

#[tokio::test]
async fn stopping_ends_open_streams_and_frees_the_port() {
    let sandbox = started().await;
    let url = sandbox.zendesk_url();
    let stream = reqwest::get(format!("{url}sandbox/events")).await.unwrap();
    sandbox.stop().await;
    assert!(stream.text().await.is_ok());
    assert!(reqwest::get(url).await.is_err());
}
