//! Search: what filters may say, what they find, how late, and page by page.

use std::time::Duration;

use cxconnect_sandbox::Sandbox;
use cxconnect_sandbox::objects::{SearchPaging, SeedRecord};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::{Agent, ids};
use crate::common::started;

const RECORDS: &str = "api/v2/custom_objects/cxc_message/records";

fn seed(n: i64, fields: &Value) -> SeedRecord {
    SeedRecord {
        name: format!("Row {n:05}"),
        external_id: Some(format!("m-{n}")),
        fields: fields.as_object().cloned().unwrap_or_default(),
        created_at: Some(1_000_000 + n),
        ..SeedRecord::default()
    }
}

async fn with_records() -> Sandbox {
    let sandbox = started().await;
    let all = [
        json!({"batch_id": "b1", "status": "cxc_accepted", "row_no": 1, "sent_on": "2026-11-01", "tags": ["cxc_tag_a"]}),
        json!({"batch_id": "b1", "status": "cxc_failed", "row_no": 2, "sent_on": "2026-11-02", "price": 0.5,
               "error_message": "Número inválido"}),
        json!({"batch_id": "b2", "status": "cxc_failed", "row_no": 10, "sent_on": "2026-11-03", "is_test": true,
               "tags": ["cxc_tag_a", "cxc_tag_b"]}),
        json!({"batch_id": "b3"}),
    ];
    let seeds = all.iter().zip(0..).map(|(fields, n)| seed(n, fields));
    sandbox.objects().seed("cxc_message", seeds).unwrap();
    sandbox
}

#[tokio::test]
async fn filters_find_what_their_operators_say() {
    let sandbox = with_records().await;
    let agent = Agent::new(&sandbox);
    let is = |field: &str, operator: &str, value: Value| {
        let field = match field {
            "name" | "external_id" | "created_by_user" | "created_at" => field.to_owned(),
            _ => format!("custom_object_fields.{field}"),
        };
        json!({field: {operator: value}})
    };
    let cases: Vec<(Value, &[&str])> = vec![
        (is("batch_id", "$eq", json!("b1")), &["m-0", "m-1"]),
        (is("batch_id", "$eq", json!("B1")), &[]),
        (is("batch_id", "$noteq", json!("b1")), &["m-2", "m-3"]),
        (is("status", "$exists", json!(false)), &["m-3"]),
        (is("status", "$contains", json!("FAIL")), &["m-1", "m-2"]),
        (is("error_message", "$notcontains", json!("número")), &["m-0", "m-2", "m-3"]),
        (is("row_no", "$gte", json!(2)), &["m-1", "m-2"]),
        (is("row_no", "$in", json!([1, 10, 11])), &["m-0", "m-2"]),
        (is("row_no", "$notin", json!([1, 10])), &["m-1", "m-3"]),
        (is("price", "$lt", json!(0.6)), &["m-1"]),
        (is("is_test", "$eq", json!(true)), &["m-2"]),
        (is("tags", "$in", json!(["cxc_tag_b", "cxc_tag_a"])), &["m-0", "m-2"]),
        (is("external_id", "$eq", json!("m-3")), &["m-3"]),
        (is("created_by_user", "$eq", json!("900000001")), &["m-0", "m-1", "m-2", "m-3"]),
        (is("name", "$contains", json!("00002")), &["m-2"]),
        (is("created_at", "$gt", json!("1970-01-12T13:46:41Z")), &["m-2", "m-3"]),
        (
            json!({"$and": [is("sent_on", "$gte", json!("2026-11-02")), is("sent_on", "$lte", json!("2026-11-02"))]}),
            &["m-1"],
        ),
        (
            json!({"$or": [is("batch_id", "$eq", json!("b3")), is("row_no", "$eq", json!(1))],
                   "$and": [is("status", "$exists", json!(true))]}),
            &["m-0"],
        ),
    ];
    for (filter, expected) in cases {
        let (status, found) = agent.find(&filter).await;
        assert_eq!(status, StatusCode::OK, "{filter}: {found}");
        assert_eq!(ids(&found), expected, "{filter}");
        let (_, sorted) = agent.find_paged(&filter, "sort=-created_at").await;
        assert_eq!(ids(&sorted), expected.iter().rev().copied().collect::<Vec<_>>(), "{filter}");
    }
}

#[tokio::test]
async fn other_operators_are_refused() {
    let sandbox = with_records().await;
    let agent = Agent::new(&sandbox);
    let wrong = [
        json!({"updated_at": {"$gte": "2026-11-01"}}),
        json!({"created_at": {"$gt": "soon"}}),
        json!({"external_id": {"$in": ["a"]}}),
        json!({"name": {"$eq": "a"}}),
        json!({"custom_object_fields.batch_id": {"$in": ["b1"]}}),
        json!({"custom_object_fields.sent_on": {"$in": ["2026-11-01"]}}),
        json!({"custom_object_fields.sent_on": {"$gt": "2026-11-01T00:00:00Z"}}),
        json!({"custom_object_fields.sent_on": {"$gte": "2026-11-01", "$lte": "2026-11-02"}}),
        json!({"custom_object_fields.is_test": {"$noteq": true}}),
        json!({"custom_object_fields.row_no": {"$eq": "1"}}),
        json!({"custom_object_fields.nope": {"$eq": "1"}}),
        json!({"batch_id": {"$eq": "b1"}}),
        json!({"$and": []}),
        json!({"$not": [{"name": {"$contains": "a"}}]}),
        json!([]),
    ];
    for filter in wrong {
        assert_eq!(agent.find(&filter).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{filter}");
    }
    let all = json!({"name": {"$contains": "row"}});
    for sort in ["row_no", "custom_object_fields.row_no", "id"] {
        assert_eq!(
            agent.find_paged(&all, &format!("sort={sort}")).await.0,
            StatusCode::BAD_REQUEST,
            "{sort}"
        );
    }
}

#[tokio::test]
async fn texts_are_found_by_the_beginnings_of_their_words() {
    let sandbox = with_records().await;
    let agent = Agent::new(&sandbox);
    let cases: [(&str, &[&str]); 5] = [
        ("search?query=inv", &["m-1"]),
        ("search?query=n%C3%BAmero+inv", &["m-1"]),
        ("search?query=lido", &[]),
        ("search?query=b1&sort=-name", &["m-1", "m-0"]),
        ("autocomplete?name=0000", &["m-0", "m-1", "m-2", "m-3"]),
    ];
    for (path, expected) in cases {
        assert_eq!(ids(&agent.get(&format!("{RECORDS}/{path}")).await.1), expected, "{path}");
    }
    assert_eq!(agent.get(&format!("{RECORDS}/search")).await.0, StatusCode::BAD_REQUEST);
    let path = format!("{RECORDS}/search?query=row");
    let filter = json!({"filter": {"custom_object_fields.batch_id": {"$eq": "b2"}}});
    assert_eq!(ids(&agent.send("POST", &path, &filter).await.1), ["m-2"]);
}

#[tokio::test]
async fn search_and_count_lag_behind_with_changes_and_deletions_too() {
    let sandbox = with_records().await;
    let agent = Agent::new(&sandbox);
    let lag = |ms| sandbox.objects().set(|it| it.search_lag_ms = ms);
    lag(60_000);
    let failed = json!({"custom_object_fields.status": {"$eq": "cxc_failed"}});
    agent.upsert("m-1", &json!({"status": "cxc_delivered"})).await;
    agent.upsert("new", &json!({"status": "cxc_failed"})).await;
    agent.respond("DELETE", &format!("{RECORDS}?external_id=m-2")).await;
    let (_, found) = agent.find(&failed).await;
    assert_eq!(ids(&found), ["m-1", "m-2"]);
    // In the form that search knows.
    assert_eq!(found["custom_object_records"][0]["custom_object_fields"]["status"], "cxc_failed");
    assert_eq!(agent.get(&format!("{RECORDS}/count")).await.1["count"]["value"], 4);
    assert_eq!(ids(&agent.get(&format!("{RECORDS}/autocomplete?name=new")).await.1), [""; 0]);
    // Reading and listing are of now.
    assert_eq!(ids(&agent.get(RECORDS).await.1), ["m-0", "m-1", "m-3", "new"]);
    assert_eq!(ids(&agent.get(&format!("{RECORDS}?filter[external_ids]=m-2,new")).await.1), ["new"]);

    lag(0);
    let (_, found) = agent.find(&failed).await;
    assert_eq!(ids(&found), ["new"]);
    assert_eq!(agent.get(&format!("{RECORDS}/count")).await.1["count"]["value"], 4);
    let delivered = json!({"custom_object_fields.status": {"$eq": "cxc_delivered"}});
    assert_eq!(agent.find(&delivered).await.1["count"], 1);

    lag(300);
    agent.upsert("m-1", &json!({"status": "cxc_failed"})).await;
    assert_eq!(ids(&agent.find(&failed).await.1), ["new"]);
    tokio::time::sleep(Duration::from_millis(320)).await;
    assert_eq!(ids(&agent.find(&failed).await.1), ["m-1", "new"]);
}

#[tokio::test]
async fn without_sort_only_ten_thousand_results_exist() {
    let sandbox = started().await;
    sandbox.objects().set(|it| it.per_minute = Some(10_000));
    let agent = Agent::new(&sandbox);
    let fields = json!({"batch_id": "b1"});
    sandbox.objects().seed("cxc_message", (0..10_150).map(|n| seed(n, &fields))).unwrap();
    let filter = json!({"custom_object_fields.batch_id": {"$eq": "b1"}});
    for (sort, expected) in [("", 10_000_usize), ("&sort=name", 10_150)] {
        let (mut n_found, mut n_pages, mut cursor) = (0, 0, String::new());
        loop {
            let (_, page) = agent.find_paged(&filter, &format!("page[size]=100{sort}{cursor}")).await;
            n_found += ids(&page).len();
            n_pages += 1;
            if page["meta"]["has_more"] == false {
                break;
            }
            cursor = format!("&page[after]={}", page["meta"]["after_cursor"].as_str().unwrap());
        }
        assert_eq!((n_found, n_pages), (expected, expected.div_ceil(100)), "{sort}");
    }
}

#[tokio::test]
async fn pages_are_taken_from_the_address_the_body_or_both() {
    let sandbox = with_records().await;
    let agent = Agent::new(&sandbox);
    let path = format!("{RECORDS}/search");
    let filter = json!({"name": {"$contains": "row"}});
    let (_, first) = agent.find_paged(&filter, "page[size]=1&sort=name").await;
    let after = first["meta"]["after_cursor"].as_str().unwrap();
    assert!(first["links"]["next"].as_str().unwrap().starts_with("https://acme.zendesk.com/api/v2/"));
    let next = first["links"]["next"].as_str().unwrap();
    assert_eq!(ids(&agent.send("POST", next, &json!({"filter": filter})).await.1), ["m-1"]);

    let in_query = format!("{path}?page[size]=1&sort=name&page[after]={after}");
    let only_filter = json!({"filter": filter});
    let in_body = json!({"filter": filter, "page": {"after": after, "size": "1"}, "sort": "name"});
    let cases = [
        (SearchPaging::Both, vec!["m-1"], vec!["m-1"]),
        (SearchPaging::Query, vec!["m-1"], vec!["m-0", "m-1", "m-2", "m-3"]),
        (SearchPaging::Body, vec!["m-0", "m-1", "m-2", "m-3"], vec!["m-1"]),
    ];
    for (paging, by_query, by_body) in cases {
        sandbox.objects().set(|it| it.search_paging = paging);
        assert_eq!(ids(&agent.send("POST", &in_query, &only_filter).await.1), by_query, "{paging:?}");
        assert_eq!(ids(&agent.send("POST", &path, &in_body).await.1), by_body, "{paging:?}");
    }
    sandbox.objects().set(|it| it.search_paging = SearchPaging::Both);
    let both = format!("page[after]={after}&page[before]={after}");
    assert_eq!(agent.find_paged(&filter, &both).await.0, StatusCode::BAD_REQUEST);
}
