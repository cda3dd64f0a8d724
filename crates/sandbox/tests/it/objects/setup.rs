//! Objects, fields, roles, installation, and what a restart keeps.

use std::path::PathBuf;

use cxconnect_sandbox::objects::{InstallMode, Plan, Policy};
use cxconnect_sandbox::{Config, start};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::client::{Agent, items};
use crate::common::{json_of, stand_in, started};

const MESSAGES: &str = "api/v2/custom_objects/cxc_message";

#[tokio::test]
async fn objects_and_fields_are_made_changed_and_removed_by_admins() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let object = json!({"custom_object": {"key": "cxc_plan", "title": "Plan", "title_pluralized": "Plans", "include_in_list_view": false}});
    let (status, made) = agent.send("POST", "api/v2/custom_objects.json", &object).await;
    assert_eq!(
        (status, &made["custom_object"]["created_by_user_id"]),
        (StatusCode::CREATED, &json!("900000001"))
    );
    assert_eq!(
        agent.send("POST", "api/v2/custom_objects", &object).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(agent.get("api/v2/custom_objects").await.1["custom_objects"].as_array().unwrap().len(), 3);

    let fields = "api/v2/custom_objects/cxc_plan/fields";
    let field = |it: Value| json!({"custom_object_field": it});
    let (status, made) = agent.send("POST", fields, &field(json!({"key": "body", "title": "Body"}))).await;
    assert_eq!((status, &made["custom_object_field"]["type"]), (StatusCode::CREATED, &json!("text")));
    let wrong = [
        json!({"key": "body", "title": "Again"}),
        json!({"key": "12", "title": "Digits"}),
        json!({"key": "a-b", "title": "Dash"}),
        json!({"key": "kind", "title": "Kind", "type": "datetime"}),
        json!({"key": "who", "title": "Who", "type": "lookup"}),
        json!({"key": "who", "title": "Who", "type": "lookup", "relationship_target_type": "zen:custom_object:nope"}),
        json!({"key": "untitled"}),
        // Taken by a field of another object.
        json!({"key": "s", "title": "S", "type": "dropdown", "custom_field_options": [{"name": "F", "value": "cxc_failed"}]}),
    ];
    for it in wrong {
        assert_eq!(
            agent.send("POST", fields, &field(it.clone())).await.0,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{it}"
        );
    }
    let one = format!("{fields}/body");
    assert_eq!(
        agent.send("PATCH", &one, &field(json!({"title": "Text"}))).await.1["custom_object_field"]["title"],
        "Text"
    );
    assert_eq!(
        agent.send("PATCH", &one, &field(json!({"type": "integer"}))).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let by_id = format!("{fields}/{}", made["custom_object_field"]["id"]);
    assert_eq!(agent.get(&by_id).await.1["custom_object_field"]["key"], "body");
    let (_, all) = agent.get(&format!("{fields}?include_standard_fields=true")).await;
    assert!(all["custom_object_fields"].as_array().unwrap().iter().any(|it| it["system"] == true));
    assert_eq!(
        agent.get("api/v2/custom_objects/cxc_plan/limits/field_limit").await.1,
        json!({"count": 1, "limit": 100})
    );
    assert_eq!(
        agent.get("api/v2/custom_objects/limits/object_limit").await.1,
        json!({"count": 3, "limit": 50})
    );
    assert_eq!(agent.respond("DELETE", &by_id).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(
        agent.respond("DELETE", "api/v2/custom_objects/cxc_plan").await.status(),
        StatusCode::NO_CONTENT
    );
    assert_eq!(agent.get(fields).await.0, StatusCode::NOT_FOUND);

    sandbox.objects().set(|it| it.plan = Plan::SupportTeam);
    assert_eq!(agent.get("api/v2/custom_objects").await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn two_browsers_are_two_agents_and_each_role_may_what_it_may() {
    let sandbox = started().await;
    // Read, make, change, delete a record; see the schema; change it; see policies.
    let expected = [
        ("admin", [200, 200, 200, 204, 200, 201, 200]),
        ("agent", [200, 200, 200, 204, 200, 403, 403]),
        ("light_agent", [200, 403, 403, 403, 200, 403, 403]),
        ("contributor", [200, 403, 403, 403, 200, 403, 403]),
        ("custom_role", [200, 200, 200, 403, 200, 403, 403]),
        ("custom_role_without_policy", [403, 403, 403, 403, 403, 403, 403]),
    ];
    let mut agents = Vec::new();
    for (role, _) in expected {
        agents.push(Agent::signed_in(&sandbox, role).await);
    }
    for (agent, (role, expected)) in agents.iter().zip(expected) {
        let field = json!({"custom_object_field": {"key": format!("of_{role}"), "title": "T"}});
        let list = agent.get(&format!("{MESSAGES}/records")).await;
        let statuses = [
            list.0,
            agent.upsert("a", &json!({})).await.0,
            agent.upsert("a", &json!({"row_no": 1})).await.0,
            agent.respond("DELETE", &format!("{MESSAGES}/records?external_id=a")).await.status(),
            agent.get(&format!("{MESSAGES}/fields")).await.0,
            agent.send("POST", &format!("{MESSAGES}/fields"), &field).await.0,
            agent.get(&format!("{MESSAGES}/permission_policies")).await.0,
        ];
        assert_eq!(statuses.map(|it| it.as_u16()), expected, "{role}");
        if list.0 == StatusCode::FORBIDDEN {
            assert_eq!(list.1["error"]["title"], "Forbidden");
        }
        let posted = agent.post_job("delete", &json!(["x"])).await.0.as_u16();
        assert_eq!(posted == 403, expected[3] == 403, "{role}");
    }
    let me = async |agent: &Agent| agent.get("api/v2/users/me.json").await.1["user"].clone();
    assert_eq!(me(&agents[0]).await["name"], "Lucía Herrera");
    assert_eq!(me(&agents[1]).await["name"], "Diego Peña");
    let light = me(&agents[2]).await;
    assert_eq!((&light["role"], &light["role_type"]), (&json!("agent"), &json!(1)));
    // Whoever has no cookie is the default.
    assert_eq!(me(&Agent::new(&sandbox)).await["role"], "admin");
    assert_eq!(agents[1].get("sandbox/bootstrap").await.1["agent"]["name"], "Diego Peña");
}

#[tokio::test]
async fn a_granted_policy_works_at_once() {
    let sandbox = started().await;
    let admin = Agent::new(&sandbox);
    let agent = Agent::signed_in(&sandbox, "custom_role_without_policy").await;
    let role = agent.get("api/v2/users/me.json").await.1["user"]["custom_role_id"].clone();
    let (_, roles) = agent.get("api/v2/custom_roles").await;
    let found = roles["custom_roles"].as_array().unwrap().iter().find(|it| it["id"] == role).unwrap();
    assert_eq!(found["role_type"], 0);
    let policy = format!("{MESSAGES}/permission_policies/custom-role-{role}");
    let grant = |right: &str| json!({"policy": {"records": {right: {"allowed": true, "rule_id": null}}}});
    assert_eq!(admin.send("PATCH", &policy, &grant("create")).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(agent.upsert("a", &json!({})).await.0, StatusCode::FORBIDDEN);
    admin.send("PATCH", &policy, &grant("read")).await;
    let (status, granted) = admin.send("PATCH", &policy, &grant("create")).await;
    assert_eq!((status, &granted["policy"]["records"]["create"]["allowed"]), (StatusCode::OK, &json!(true)));
    assert_eq!(agent.upsert("a", &json!({})).await.0, StatusCode::OK);
    assert_eq!(agent.upsert("a", &json!({})).await.0, StatusCode::FORBIDDEN);
    // A job may begin with one of the rights; its items need theirs.
    sandbox.objects().set(|it| (it.jobs.queued_ms, it.jobs.working_ms) = (0, 0));
    let (_, posted) = agent
        .post_job(
            "create_or_update_by_external_id",
            &json!([{"name": "a", "external_id": "a"}, {"name": "b", "external_id": "b"}]),
        )
        .await;
    let (_, ended) = agent.job(&posted["job_status"]["id"]).await;
    assert_eq!(ended["job_status"]["results"][0]["error"], "Forbidden");
    assert!(sandbox.objects().record("cxc_message", "b").unwrap().is_some());

    let (_, all) = admin.get(&format!("{MESSAGES}/permission_policies")).await;
    assert_eq!(all["policies"].as_array().unwrap().len(), 3);
    assert_eq!(
        admin.get(&format!("{MESSAGES}/permission_policies/end-user")).await.1["policy"]["id"],
        "end-user"
    );
    assert_eq!(
        admin.get(&format!("{MESSAGES}/permission_policies/custom-role-1")).await.0,
        StatusCode::NOT_FOUND
    );
    sandbox.objects().grant("cxc_message", "Almacén", None).unwrap();
    assert_eq!(agent.get(&format!("{MESSAGES}/records")).await.0, StatusCode::FORBIDDEN);
    sandbox
        .objects()
        .grant("cxc_message", "Almacén", Some(Policy { read: true, ..Policy::default() }))
        .unwrap();
    assert_eq!(agent.get(&format!("{MESSAGES}/records")).await.0, StatusCode::OK);
    sandbox.objects().set(|it| it.plan = Plan::Professional);
    assert_eq!(admin.get("api/v2/custom_roles").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_installation_goes_wrong_in_every_way() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let n_fields = async || {
        agent.get(&format!("{MESSAGES}/fields")).await.1["custom_object_fields"].as_array().map(Vec::len)
    };
    let is_enabled =
        async || agent.get("api/v2/apps/installations").await.1["installations"][0]["enabled"].clone();
    assert_eq!(n_fields().await, Some(9));
    let cases = [
        ("not_created", None, true),
        ("without_fields", Some(0), true),
        ("disabled", None, false),
        ("created", Some(9), true),
    ];
    for (mode, expected, enabled) in cases {
        let (status, report) =
            agent.send("PUT", "sandbox/objects/installation", &json!({"mode": mode})).await;
        assert_eq!((status, &report["problems"]), (StatusCode::OK, &json!([])), "{mode}");
        assert_eq!((n_fields().await, is_enabled().await), (expected, json!(enabled)), "{mode}");
        let icon = &agent.get("sandbox/bootstrap").await.1["locations"]["nav_bar"];
        assert_eq!(icon.is_null(), !enabled, "{mode}");
    }
    sandbox.objects().install(InstallMode::NotCreated).unwrap();
    sandbox.reset().await.unwrap();
    assert_eq!(n_fields().await, Some(9));
}

#[tokio::test]
async fn a_restart_keeps_records_fields_policies_and_jobs() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("restart-{}", std::process::id()));
    let config = || Config { data_dir: Some(folder.clone()), ..stand_in() };
    let sandbox = start(config()).await.unwrap();
    let agent = Agent::new(&sandbox);
    agent.upsert("a", &json!({"batch_id": "b1"})).await;
    agent.upsert("gone", &json!({})).await;
    agent.respond("DELETE", &format!("{MESSAGES}/records?external_id=gone")).await;
    let field = json!({"custom_object_field": {"key": "extra", "title": "Extra"}});
    agent.send("POST", &format!("{MESSAGES}/fields"), &field).await;
    let policy = Policy { read: true, ..Policy::default() };
    sandbox.objects().grant("cxc_message", "Almacén", Some(policy)).unwrap();
    sandbox.objects().set(|it| (it.jobs.queued_ms, it.jobs.working_ms) = (1, 1));
    let (_, posted) = agent.post_job("create_or_update_by_external_id", &items("b1", 3)).await;
    assert!(matches!(start(config()).await, Err(cxconnect_sandbox::SandboxError::Store(_))));
    sandbox.stop().await;

    let sandbox = start(config()).await.unwrap();
    let agent = Agent::new(&sandbox);
    let (_, ended) = agent.job(&posted["job_status"]["id"]).await;
    assert_eq!(ended["job_status"]["status"], "completed");
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 4);
    let kept = sandbox.objects().record("cxc_message", "a").unwrap().unwrap();
    assert_eq!(
        (&kept["custom_object_fields"]["batch_id"], &kept["custom_object_fields"]["extra"]),
        (&json!("b1"), &Value::Null)
    );
    let (_, found) = agent.find(&json!({"external_id": {"$eq": "a"}})).await;
    assert_eq!(found["count"], 1);
    let other = Agent::signed_in(&sandbox, "custom_role_without_policy").await;
    assert_eq!(other.get(&format!("{MESSAGES}/records")).await.0, StatusCode::OK);
    sandbox.reset().await.unwrap();
    assert_eq!(sandbox.objects().n_records("cxc_message").unwrap(), 0);
    sandbox.stop().await;
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn the_control_calls_set_and_show_it_all() {
    let sandbox = started().await;
    let agent = Agent::new(&sandbox);
    let change = json!({"plan": "growth", "retry_after": {"seconds": 90}, "jobs": {"outcome": "never"}});
    let (status, settings) = agent.send("PUT", "sandbox/objects/settings", &change).await;
    assert_eq!(
        (status, &settings["jobs"]["queued_ms"], &settings["plan"]),
        (StatusCode::OK, &json!(300), &json!("growth"))
    );
    let refused = agent.send("PUT", "sandbox/objects/settings", &json!({"nope": 1})).await;
    assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
    let seeds = json!({"records": [{"external_id": "s1", "custom_object_fields": {"row_no": 1}, "created_at": 1000}]});
    assert_eq!(
        agent.send("POST", "sandbox/objects/cxc_message/records", &seeds).await.1,
        json!({"n_records": 1})
    );
    let (_, seen) = agent.get("sandbox/objects/cxc_message/records?external_id=s1").await;
    assert_eq!(seen["created_at"], "1970-01-01T00:16:40Z");
    let again = agent.send("POST", "sandbox/objects/cxc_message/records", &seeds).await;
    assert_eq!(again.0, StatusCode::UNPROCESSABLE_ENTITY);
    let fault = json!({"operation": "write", "reset": "after", "times": 1});
    assert_eq!(agent.send("POST", "sandbox/objects/faults", &fault).await.0, StatusCode::CREATED);
    assert_eq!(agent.get("sandbox/objects/faults").await.1[0]["reset"], "after");
    agent.get(&format!("{MESSAGES}/records")).await;
    let (_, summary) = agent.get("sandbox/objects").await;
    assert_eq!((&summary["n_records"]["cxc_message"], &summary["n_requests"]), (&json!(1), &json!(1)));
    assert_eq!(agent.get("sandbox/objects/requests").await.1["requests"][0]["operation"], "read");
    let reset = agent.respond("POST", "sandbox/reset").await;
    let (_, after) = json_of(agent.respond("GET", "sandbox/objects").await).await;
    assert_eq!(
        (reset.status(), &after["n_records"]["cxc_message"], &after["settings"]["plan"]),
        (StatusCode::NO_CONTENT, &json!(0), &json!("enterprise"))
    );
}
