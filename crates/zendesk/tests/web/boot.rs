//! Taking over from the boot script.

use cxconnect_zendesk::{BootError, Location, ZafClient, ZafError};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js;

/// Puts this on `globalThis.cxconnect` and takes over.
fn boot(handed_over: &str) -> Result<(ZafClient, cxconnect_zendesk::Registered), BootError> {
    js(&format!("globalThis.cxconnect = {handed_over}"));
    ZafClient::from_boot()
}

fn with(metadata: &str, context: &str) -> String {
    format!("{{client: {{}}, registered: {{metadata: {metadata}, context: {context}}}}}")
}

const CONTEXT: &str =
    r#"{instanceGuid: "7712c893", product: "support", account: {subdomain: "acme"}, location: "nav_bar"}"#;

#[wasm_bindgen_test]
fn reads_the_installation_and_where_it_runs() {
    let metadata = r#"{appId: 123, installationId: 456, name: "CXConnect", version: "1.0.0", settings: {
        title: "CXConnect", sunco_key_id: "  app_5fed ", blank: "  ", unset: null, package_size: 1000, calls: "8",
        half: 1.5, negative: -1, test: true, off: "false", odd: {a: [1]}, list: [1, {b: 2}]}}"#;
    let context = r#"{instanceGuid: "7712c893", product: "support", account: {subdomain: "acme", more: 1},
        location: "ticket_sidebar", ticketId: 1234}"#;
    let (_, registered) = boot(&with(metadata, context)).unwrap();

    let metadata = registered.metadata;
    assert_eq!((metadata.app_id.as_str(), metadata.installation_id.as_str()), ("123", "456"));
    assert_eq!(metadata.version, "1.0.0");
    let settings = metadata.settings;
    assert_eq!(settings.text("sunco_key_id").as_deref(), Some("app_5fed"));
    assert_eq!(settings.text("package_size").as_deref(), Some("1000"));
    for name in ["blank", "unset", "odd", "list", "absent"] {
        assert_eq!(settings.text(name), None, "{name}");
    }
    assert_eq!((settings.count("package_size"), settings.count("calls")), (Some(1000), Some(8)));
    for name in ["half", "negative", "title", "test", "unset", "absent"] {
        assert_eq!(settings.count(name), None, "{name}");
    }
    assert_eq!(
        (settings.flag("test"), settings.flag("off"), settings.flag("title")),
        (Some(true), Some(false), None)
    );
    assert_eq!(settings.number("half"), Some(1.5));

    let context = registered.context;
    assert_eq!((context.instance_guid.as_str(), context.account.subdomain.as_str()), ("7712c893", "acme"));
    assert_eq!(context.location, Location::TicketSidebar);
    assert_eq!(context.ticket_id.unwrap().as_str(), "1234");
}

#[wasm_bindgen_test]
fn the_development_server_gives_a_uuid_and_no_settings() {
    let (_, registered) = boot(&with(r#"{appId: 0, installationId: "d5b3-uuid"}"#, CONTEXT)).unwrap();
    assert_eq!(registered.metadata.installation_id.as_str(), "d5b3-uuid");
    assert_eq!(registered.metadata.settings.text("x"), None);
    assert_eq!(registered.context.location, Location::NavBar);
    assert_eq!(registered.context.ticket_id, None);
}

#[wasm_bindgen_test]
fn nulls_are_nothing() {
    let metadata = "{appId: null, installationId: null, version: null, settings: null}";
    let context = r#"{instanceGuid: "g", product: null, account: {subdomain: "acme"}, location: "nav_bar", ticketId: null}"#;
    let (_, registered) = boot(&with(metadata, context)).unwrap();
    assert_eq!(registered.metadata.app_id.as_str(), "");
    assert_eq!(registered.metadata.settings.text("x"), None);
    assert_eq!(registered.context.ticket_id, None);
}

#[wasm_bindgen_test]
fn other_places_keep_their_name() {
    let context = CONTEXT.replace("nav_bar", "top_bar");
    let (_, registered) = boot(&with("{}", &context)).unwrap();
    assert_eq!(registered.context.location, Location::Other("top_bar".to_owned()));
}

#[wasm_bindgen_test]
fn there_is_no_client_before_registration() {
    for (handed_over, missing) in [
        ("undefined", "client"),
        ("{}", "client"),
        ("{client: {}}", "registered"),
        ("{client: {}, registered: {context: {}}}", "metadata"),
        ("{client: {}, registered: {metadata: {}}}", "context"),
    ] {
        assert_eq!(boot(handed_over).unwrap_err(), BootError::Missing(missing), "{handed_over}");
    }
}

#[wasm_bindgen_test]
fn a_context_that_cannot_be_read_is_named() {
    let error = boot(&with("{}", "{account: 1}")).unwrap_err();
    assert!(matches!(error, BootError::Unreadable(ZafError::Unreadable { key, .. }) if key == "context"));
}
