//! Records one by one, and lists of them.

use cxconnect_sandbox::objects::{PageSize, SeedRecord, ValueForm};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::{Agent, ids};
use crate::common::started;

const RECORDS: &str = "api/v2/custom_objects/cxc_message/records";

#[tokio::test]
async fn an_upsert_makes_a_record_and_then_merges() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let (status, made) = agent.upsert("b42-17", &json!({"batch_id": "b42", "row_no": 17})).await;
    assert_eq!(status, StatusCode::OK);
    let record = &made["custom_object_record"];
    assert_eq!(record["custom_object_fields"]["status"], Value::Null);
    assert_eq!(record["created_by_user_id"], "900000001");
    assert_eq!(record["id"].as_str().unwrap().len(), 26);
    assert!(
        record["url"]
            .as_str()
            .unwrap()
            .starts_with("https://acme.zendesk.com/api/v2/custom_objects/cxc_message/")
    );

    let (status, merged) = agent.upsert("b42-17", &json!({"status": "cxc_failed"})).await;
    assert_eq!(status, StatusCode::OK);
    let fields = &merged["custom_object_record"]["custom_object_fields"];
    assert_eq!((&fields["row_no"], &fields["status"]), (&json!(17), &json!("cxc_failed")));
    assert_eq!(merged["custom_object_record"]["id"], record["id"]);

    for suffix in ["", ".json"] {
        let path = format!("{RECORDS}/{}{suffix}", record["id"].as_str().unwrap());
        assert_eq!(agent.get(&path).await.1, merged, "{suffix}");
    }
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 1);
}

#[tokio::test]
async fn a_record_is_made_changed_and_deleted() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let body = json!({"custom_object_record": {"name": "x", "external_id": "a/b ñ"}});
    let (status, made) = agent.send("POST", RECORDS, &body).await;
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("{RECORDS}/{}", made["custom_object_record"]["id"].as_str().unwrap());
    let change = json!({"custom_object_record": {"custom_object_fields": {"sent_on": "2026-11-27"}}});
    assert_eq!(agent.send("PATCH", &path, &change).await.0, StatusCode::OK);
    assert_eq!(agent.send("POST", RECORDS, &body).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let by_id = format!("{RECORDS}?external_id=a%2Fb%20%C3%B1");
    assert_eq!(agent.respond("DELETE", &by_id).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(agent.respond("DELETE", &by_id).await.status(), StatusCode::NOT_FOUND);
    assert_eq!(agent.get(&path).await.0, StatusCode::NOT_FOUND);
    // What is gone does not hold its external id any more.
    assert_eq!(agent.send("POST", RECORDS, &body).await.0, StatusCode::CREATED);
}

#[tokio::test]
async fn what_is_wrong_with_a_record_is_said_by_field() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let wrong = [
        (json!({"status": "cxc_nope"}), "status", "InvalidValue"),
        (json!({"nope": 1}), "nope", "InvalidField"),
        (json!({"row_no": 1.5}), "row_no", "InvalidValue"),
        (json!({"row_no": "1"}), "row_no", "InvalidValue"),
        (json!({"sent_on": "2026-11-27T09:00:00Z"}), "sent_on", "InvalidValue"),
        (json!({"is_test": "yes"}), "is_test", "InvalidValue"),
        (json!({"tags": ["cxc_tag_a", "x"]}), "tags", "InvalidValue"),
        (json!({"error_message": "x".repeat(33_000)}), "base", "RecordTooLarge"),
    ];
    for (fields, field, code) in wrong {
        let (status, error) = agent.upsert("a", &fields).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(error["error"], "RecordInvalid");
        assert_eq!(error["details"][field][0]["error"], code, "{error}");
    }
    let path = format!("{RECORDS}?external_id=a");
    let (status, error) = agent.send("PATCH", &path, &json!({"custom_object_record": {}})).await;
    assert_eq!(
        (status, &error["details"]["name"][0]["error"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("BlankValue"))
    );
    let unknown = agent.get("api/v2/custom_objects/nope/records").await;
    assert_eq!((unknown.0, &unknown.1["error"]), (StatusCode::NOT_FOUND, &json!("RecordNotFound")));
}

#[tokio::test]
async fn bad_requests_are_refused() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let body = json!({"custom_object_record": {"name": "x"}});
    for query in ["", "?external_id=a&name=x", "?name=x", "?external_id="] {
        let (status, _) = agent.send("PATCH", &format!("{RECORDS}{query}"), &body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
    }
    for request in
        [agent.request("POST", RECORDS).body("{"), agent.request("POST", RECORDS).body(body.to_string())]
    {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    }
    for query in ["page[after]=x", "page[size]=0", "page[size]=101", "sort=name"] {
        assert_eq!(agent.get(&format!("{RECORDS}?{query}")).await.0, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn lists_see_everything_at_once_and_go_page_by_page() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let seed = |n: i64| SeedRecord {
        external_id: Some(format!("m-{n}")),
        updated_at: Some(1000 - n),
        ..SeedRecord::default()
    };
    assert_eq!(sandbox.objects().seed("cxc_message", (0..7).map(seed)).unwrap(), 7);
    let (_, first) = agent.get(&format!("{RECORDS}?page[size]=3&sort=-updated_at")).await;
    assert_eq!(ids(&first), ["m-0", "m-1", "m-2"]);
    assert_eq!(
        (&first["count"], &first["meta"]["has_more"], &first["links"]["prev"]),
        (&json!(3), &json!(true), &Value::Null)
    );
    let (_, second) = agent.get(first["links"]["next"].as_str().unwrap()).await;
    assert_eq!(ids(&second), ["m-3", "m-4", "m-5"]);
    let after = second["meta"]["after_cursor"].as_str().unwrap();
    let (_, third) = agent.get(&format!("{RECORDS}?page[size]=3&sort=-updated_at&page[after]={after}")).await;
    assert_eq!((ids(&third), &third["links"]["next"]), (vec!["m-6"], &Value::Null));
    let (_, back) = agent.get(third["links"]["prev"].as_str().unwrap()).await;
    assert_eq!(ids(&back), ids(&second));
    let both = format!("{RECORDS}?page[after]={after}&page[before]={after}");
    assert_eq!(agent.get(&both).await.0, StatusCode::BAD_REQUEST);
    sandbox.objects().set(|it| it.page_size = PageSize::Clamp);
    assert_eq!(agent.get(&format!("{RECORDS}?page[size]=500")).await.1["count"], 7);

    agent.upsert("new", &json!({})).await;
    let (_, some) = agent.get(&format!("{RECORDS}?filter[external_ids]=m-3,new,M-4,nope")).await;
    assert_eq!(ids(&some), ["m-3", "new"]);
    let id = some["custom_object_records"][1]["id"].as_str().unwrap();
    assert_eq!(ids(&agent.get(&format!("{RECORDS}?filter[ids]={id}")).await.1), ["new"]);
    let many = vec!["x"; 101].join(",");
    assert_eq!(agent.get(&format!("{RECORDS}?filter[external_ids]={many}")).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn lookups_name_persons_and_the_form_of_values_can_be_set() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let path = "api/v2/custom_objects/cxc_batch/records?external_id=b1";
    let batch = |who: Value| json!({"custom_object_record": {"name": "b1", "custom_object_fields": {"started_by": who, "rows_total": 3}}});
    assert_eq!(agent.send("PATCH", path, &batch(json!("17"))).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, made) = agent.send("PATCH", path, &batch(json!(900_000_002))).await;
    let fields = |it: &Value| it["custom_object_record"]["custom_object_fields"].clone();
    assert_eq!(fields(&made), json!({"rows_total": 3, "started_by": "900000002", "origin": null}));
    sandbox.objects().set(|it| (it.lookups_as, it.numbers_as) = (ValueForm::Number, ValueForm::String));
    let (_, seen) = agent.send("PATCH", path, &batch(json!("900000002"))).await;
    assert_eq!(fields(&seen), json!({"rows_total": "3", "started_by": 900_000_002, "origin": null}));
}
