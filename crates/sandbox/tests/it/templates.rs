//! Template lists and integrations of the fake SunCo, and the seed that fills them.

use std::collections::HashSet;

use crate::common::{SALES, answer, started, sunco};
use cxconnect_sandbox::Sandbox;
use reqwest::StatusCode;
use serde_json::{Value, json};

async fn get(sandbox: &Sandbox, path: &str) -> (StatusCode, Value) {
    answer(sunco(sandbox, "GET", path)).await
}

async fn list(sandbox: &Sandbox, query: &str) -> Value {
    let path = format!("/v1.1/apps/{{app}}/integrations/{SALES}/messageTemplates{query}");
    let (status, page) = get(sandbox, &path).await;
    assert_eq!(status, StatusCode::OK, "{page}");
    page
}

fn names(page: &Value) -> Vec<String> {
    let templates = page["messageTemplates"].as_array().unwrap();
    templates.iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_seed_holds_every_kind_of_template() {
    let sandbox = started().await;
    let page = list(&sandbox, "?limit=100").await;
    let templates = page["messageTemplates"].as_array().unwrap();
    assert!(12 <= templates.len());
    let components: Vec<&Value> =
        templates.iter().flat_map(|it| it["components"].as_array().unwrap()).collect();
    let values = |field: &str| -> HashSet<String> {
        let text = |it: &&Value| it[field].as_str().map(str::to_ascii_uppercase);
        components.iter().filter_map(text).collect()
    };
    for format in ["TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"] {
        assert!(values("format").contains(format), "{format}");
    }
    for kind in ["CAROUSEL", "HOLOGRAM"] {
        assert!(values("type").contains(kind), "{kind}");
    }
    let buttons: HashSet<String> = components
        .iter()
        .flat_map(|it| it["buttons"].as_array().into_iter().flatten())
        .map(|it| it["type"].as_str().unwrap().to_ascii_uppercase())
        .collect();
    for kind in ["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"] {
        assert!(buttons.contains(kind), "{kind}");
    }
    let statuses: HashSet<&str> = templates.iter().filter_map(|it| it["status"].as_str()).collect();
    assert!(statuses.is_superset(&HashSet::from(["APPROVED", "approved", "REJECTED", "PAUSED", "PENDING"])));
    let named = |it: &&Value| it["parameter_format"] == "NAMED" && it["name"] == "seguimiento_pedido";
    assert_eq!(templates.iter().filter(named).count(), 2);
    let pictured = |it: &Value| it["example"]["header_handle"][0].as_str().map(str::to_owned);
    let sample = components.iter().find_map(|it| pictured(it)).unwrap();
    assert_eq!(reqwest::get(sample).await.unwrap().headers()["content-type"], "image/png");
}

#[tokio::test]
async fn pages_follow_each_other_until_there_is_no_cursor() {
    let sandbox = started().await;
    let all = names(&list(&sandbox, "?limit=1000").await);
    let (mut seen, mut query) = (Vec::new(), "?limit=7".to_owned());
    let last = loop {
        let page = list(&sandbox, &query).await;
        seen.extend(names(&page));
        match page["after"].as_str() {
            Some(after) => query = format!("?limit=7&after={after}"),
            None => break page,
        }
    };
    assert_eq!(seen, all);
    let back = list(&sandbox, &format!("?limit=7&before={}", last["before"].as_str().unwrap())).await;
    assert_eq!(names(&back), all[all.len() - names(&last).len() - 7..all.len() - names(&last).len()]);
}

#[tokio::test]
async fn filters_pick_translations_and_states() {
    let sandbox = started().await;
    assert_eq!(names(&list(&sandbox, "?name=seguimiento_pedido").await).len(), 2);
    assert_eq!(names(&list(&sandbox, "?status=PAUSED").await), ["recordatorio_pausado"]);
}

#[tokio::test]
async fn a_template_can_be_made_changed_and_removed() {
    let sandbox = started().await;
    let base = format!("/v1.1/apps/{{app}}/integrations/{SALES}/messageTemplates");
    let body = json!({"name": "nueva", "language": "es", "category": "UTILITY",
                      "components": [{"type": "BODY", "text": "Hola"}]});
    let (status, made) = answer(sunco(&sandbox, "POST", &base).json(&body)).await;
    assert_eq!((status, &made["messageTemplate"]["status"]), (StatusCode::CREATED, &json!("PENDING")));
    let (status, _) = answer(sunco(&sandbox, "POST", &base).json(&body)).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(sandbox.sunco().set_template_status(None, "nueva", "APPROVED"), 1);
    assert_eq!(list(&sandbox, "?name=nueva").await["messageTemplates"][0]["status"], "APPROVED");
    let removed = answer(sunco(&sandbox, "DELETE", &format!("{base}/nueva"))).await;
    assert_eq!(removed, (StatusCode::OK, json!({})));
    assert!(names(&list(&sandbox, "?name=nueva").await).is_empty());
    assert_eq!(answer(sunco(&sandbox, "PUT", &format!("{base}/bienvenida"))).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_stale_list_shows_what_is_gone_already() {
    let sandbox = started().await;
    sandbox.sunco().set_stale_templates(true);
    sandbox.sunco().set_template_status(None, "bienvenida", "GONE");
    assert_eq!(names(&list(&sandbox, "?name=bienvenida").await), ["bienvenida"]);
    sandbox.sunco().set_stale_templates(false);
    assert!(names(&list(&sandbox, "?name=bienvenida").await).is_empty());
}

#[tokio::test]
async fn an_unknown_integration_is_400_in_v1_and_404_in_v2() {
    let sandbox = started().await;
    let path = "/v1.1/integrations/65a1f0c2e4b0a1d2c3e4f5ff/messageTemplates";
    let (status, error) = get(&sandbox, path).await;
    let expected = json!({"error": {"code": "bad_request", "description": "Integration not found"}});
    assert_eq!((status.as_u16(), error), (400, expected));
    let (status, error) = get(&sandbox, "/v2/apps/{app}/integrations/65a1f0c2e4b0a1d2c3e4f5ff").await;
    let expected = json!({"errors": [{"code": "integration_not_found", "title": "Integration not found"}]});
    assert_eq!((status.as_u16(), error), (404, expected));
}

#[tokio::test]
async fn integrations_are_paged_by_cursor_in_v2() {
    let sandbox = started().await;
    let first = "/v2/apps/{app}/integrations?filter[types]=whatsapp&page[size]=3";
    let (_, page) = get(&sandbox, first).await;
    assert_eq!(page["integrations"].as_array().unwrap().len(), 3);
    assert_eq!(page["meta"]["hasMore"], true);
    let after = page["meta"]["afterCursor"].as_str().unwrap();
    let (_, rest) = get(&sandbox, &format!("{first}&page[after]={after}")).await;
    assert_eq!(rest["integrations"].as_array().unwrap().len(), 2);
    assert_eq!((&rest["meta"]["hasMore"], &rest["links"]["next"]), (&json!(false), &Value::Null));
    for bad in ["page[size]=0", "page[size]=101", "page[after]=nope"] {
        let (status, error) = get(&sandbox, &format!("/v2/apps/{{app}}/integrations?{bad}")).await;
        assert_eq!(
            (status.as_u16(), &error["errors"][0]["title"]),
            (400, &json!("Invalid page query parameters"))
        );
    }
}

#[tokio::test]
async fn integrations_are_paged_by_offset_in_v1() {
    let sandbox = started().await;
    let (_, page) = get(&sandbox, "/v1.1/apps/{app}/integrations?types=whatsapp,web&limit=4&offset=4").await;
    let found = page["integrations"].as_array().unwrap();
    assert_eq!((found.len(), &page["hasMore"]), (2, &json!(false)));
    assert!(found[0]["_id"].is_string() && found[0]["id"].is_null());
}
