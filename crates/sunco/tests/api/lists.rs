//! Walking lists page by page, and what can go wrong on the way.

use cxconnect_core::template::TemplateName;
use cxconnect_sunco::{ApiError, Method, TransportError};
use serde_json::{Value, json};

use crate::support::{Script, integration, response, sunco};

const TEMPLATES: &str =
    "/v1.1/apps/5fed024df3dd8b000cd7ee99/integrations/582dedf230e788746891281a/messageTemplates";
const INTEGRATIONS: &str =
    "/v2/apps/5fed024df3dd8b000cd7ee99/integrations?filter%5Btypes%5D=whatsapp&page%5Bsize%5D=100";

fn named(name: &str) -> Value {
    json!({"name": name, "language": "es", "status": "APPROVED", "components": [{"type": "BODY", "text": "Hola"}]})
}

#[tokio::test]
async fn templates_are_read_until_there_is_no_cursor() {
    for last in [json!({}), json!({"after": null}), json!({"after": ""})] {
        let mut last_page = last.clone();
        last_page["messageTemplates"] = json!([named("c")]);
        let script = Script::bodies([
            json!({"messageTemplates": [named("a")], "after": "NDkZD"}),
            // Opaque: whatever a URL can't hold is escaped.
            json!({"messageTemplates": [named("b")], "before": "x", "after": "a+/=&?ñ"}),
            last_page,
        ]);
        let list = sunco(&script).templates(&integration()).await.unwrap();
        let names: Vec<_> = list.templates.iter().map(|template| template.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"], "{last}");
        assert_eq!(
            script.urls(),
            [
                format!("{TEMPLATES}?limit=100"),
                format!("{TEMPLATES}?limit=100&after=NDkZD"),
                format!("{TEMPLATES}?limit=100&after=a%2B%2F%3D%26%3F%C3%B1"),
            ]
        );
        assert!(script.calls.borrow().iter().all(|call| call.method == Method::Get && call.body.is_none()));
    }
}

#[tokio::test]
async fn a_list_that_goes_in_a_circle_ends() {
    let script = Script::bodies(["a", "b", "a"].map(|after| json!({"messageTemplates": [], "after": after})));
    let error = sunco(&script).templates(&integration()).await.unwrap_err();
    assert_eq!(error, ApiError::TooManyPages { pages: 3 });
    assert_eq!(script.calls.borrow().len(), 3);
}

#[tokio::test]
async fn a_list_that_never_ends_ends() {
    let script =
        Script::bodies((0..1000).map(|page| json!({"messageTemplates": [], "after": page.to_string()})));
    let error = sunco(&script).templates(&integration()).await.unwrap_err();
    assert_eq!(error, ApiError::TooManyPages { pages: 300 });
    assert_eq!(script.calls.borrow().len(), 300);
}

#[tokio::test]
async fn the_translations_of_one_template_are_asked_for_by_name() {
    // Another name in the answer, as from a server that ignores the filter.
    let script =
        Script::bodies([json!({"messageTemplates": [named("aviso"), named("otro"), named("aviso"), null]})]);
    let name = TemplateName::parse("aviso").unwrap();
    let list = sunco(&script).template_translations(&integration(), &name).await.unwrap();
    assert_eq!(list.templates.len(), 2);
    assert!(list.templates.iter().all(|template| template.name == name));
    assert_eq!(script.urls(), [format!("{TEMPLATES}?limit=100&name=aviso")]);
}

#[tokio::test]
async fn integrations_are_read_to_the_last_page() {
    let id = |last: char| format!("582dedf230e78874689128{last}a");
    let page =
        |last, meta: Value| json!({"integrations": [{"id": id(last), "type": "whatsapp"}], "meta": meta});
    let script = Script::bodies([
        page('1', json!({"hasMore": true, "afterCursor": id('1')})),
        page('2', json!({"hasMore": false})),
    ]);
    let integrations = sunco(&script).integrations().await.unwrap();
    let ids: Vec<_> = integrations.iter().map(|integration| integration.id.as_str().to_owned()).collect();
    assert_eq!(ids, [id('1'), id('2')]);
    assert_eq!(
        script.urls(),
        [INTEGRATIONS.to_owned(), format!("{INTEGRATIONS}&page%5Bafter%5D={}", id('1'))]
    );
}

#[tokio::test]
async fn a_failed_page_fails_the_list() {
    let first = json!({"messageTemplates": [named("a")], "after": "x"}).to_string();
    for (answer, expected) in [
        (Err(TransportError::Timeout), ApiError::Transport(TransportError::Timeout)),
        (Ok(response(503, "<html>")), ApiError::Server { status: 503 }),
        (Ok(response(429, "")), ApiError::RateLimited { retry_after: None }),
        (
            Ok(response(400, r#"{"error":{"code":"bad_request","description":"Integration not found"}}"#)),
            ApiError::Refused {
                status: 400,
                code: Some("bad_request".to_owned()),
                text: "Integration not found".to_owned(),
            },
        ),
        (
            Ok(response(401, r#"{"errors":[{"code":"unauthorized","title":"Authorization is required"}]}"#)),
            ApiError::Unauthorized {
                code: Some("unauthorized".to_owned()),
                text: "Authorization is required".to_owned(),
            },
        ),
        (
            Ok(response(200, "<html><title>Zendesk</title></html>")),
            ApiError::NotJson { status: 200, snippet: "Zendesk".to_owned() },
        ),
        (Ok(response(200, "")), ApiError::NotJson { status: 200, snippet: String::new() }),
    ] {
        let script = Script::new([Ok(response(200, &first)), answer]);
        assert_eq!(sunco(&script).templates(&integration()).await, Err(expected));
    }
}

#[tokio::test]
async fn an_answer_without_a_list_is_no_empty_list() {
    for body in ["{}", "[]", r#"{"messageTemplates":{}}"#, r#"{"messageTemplates":null}"#] {
        let script = Script::bodies([body]);
        let error = sunco(&script).templates(&integration()).await.unwrap_err();
        assert!(matches!(error, ApiError::NotUnderstood { .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn requests_and_responses_do_not_show_their_bodies() {
    let script = Script::bodies([json!({"messageTemplates": [named("secreto")]})]);
    sunco(&script).templates(&integration()).await.unwrap();
    let mut call = script.calls.borrow_mut().remove(0);
    call.body = Some("+525512345678".to_owned());
    assert!(!format!("{call:?}").contains("5512345678"));
    assert!(!format!("{:?}", response(200, "token")).contains("token"));
}
