//! Message templates as the provider lists them, with all that may be odd about them.

use cxconnect_core::template::{
    Button, Category, Header, IdentError, MediaKind, Placeholder, TemplateStatus, TemplateText, Unsupported,
    UrlTarget,
};
use cxconnect_sunco::{TemplateError, TemplateList, UnreadableTemplate};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::{Script, data, defined, integration, list, response, sunco, template};

/// A list in a form that is quick to review: a line for each part of a template.
fn outline(list: &TemplateList) -> String {
    let mut lines = Vec::new();
    for template in &list.templates {
        let id = template.id.as_ref().map_or("-", |id| id.as_str());
        let (category, status) = (&template.category, &template.status);
        lines.push(format!("{} {} id={id} {category:?} {status:?}", template.name, template.language));
        lines.extend(template.header.as_ref().map(|header| match header {
            Header::Text(text) => format!("  header {}", with_examples(text)),
            Header::Media(kind) => format!("  header {kind:?}"),
        }));
        lines.push(format!("  body {}", with_examples(&template.body)));
        lines.extend(template.footer.as_ref().map(|footer| format!("  footer {footer:?}")));
        lines.extend(template.buttons.iter().map(|button| format!("  {button:?}")));
        if !template.unsupported.is_empty() {
            lines.push(format!("  UNSUPPORTED {:?}", template.unsupported));
        }
    }
    lines.extend(list.unreadable.iter().map(|item| format!("UNREADABLE {:?}: {}", item.name, item.why)));
    lines.join("\n")
}

fn with_examples(text: &TemplateText) -> String {
    let examples: Vec<_> = text
        .placeholders()
        .iter()
        .map(|placeholder| format!("{placeholder}={:?}", text.example(placeholder).unwrap_or_default()))
        .collect();
    format!("{:?} {}", text.filled(|_| None), examples.join(" ")).trim_end().to_owned()
}

#[tokio::test]
async fn lists_of_other_programs() {
    let mut items = data("chatwoot_channel_whatsapp_factory");
    items
        .as_array_mut()
        .unwrap()
        .extend(data("frappe_whatsapp_fixtures").as_array().unwrap().iter().cloned());
    assert_snapshot!(outline(&list(items).await));
}

#[tokio::test]
async fn lists_of_metas_documentation() {
    let mut items = data("meta_docs_get_message_templates")["data"].take();
    let openapi = data("meta_openapi_v23_get_response")["data"].take();
    items.as_array_mut().unwrap().extend(openapi.as_array().unwrap().iter().cloned());
    assert_snapshot!(outline(&list(items).await));
}

#[tokio::test]
async fn definitions_of_every_kind() {
    let mut items: Vec<Value> =
        data("meta_openapi_v23_create_requests").as_object().unwrap().values().cloned().collect();
    items.extend(data("fbsamples_jaspers_market_templates").as_array().unwrap().iter().cloned());
    items.push(data("meta_docs_limited_time_offer")["create"].take());
    items.push(data("meta_docs_media_card_carousel")["create"].take());
    assert_snapshot!(outline(&list(items.into()).await));
}

fn item(components: Value) -> Value {
    json!({"id": "1", "name": "aviso", "language": "es_MX", "category": "UTILITY", "status": "APPROVED",
           "components": components})
}

/// The id that a raw JSON value gives.
async fn id_of(raw: &str) -> Option<String> {
    let script = Script::bodies([format!(
        r#"{{"messageTemplates":[{{"id":{raw},"name":"a","language":"es","components":[]}}]}}"#
    )]);
    let list = sunco(&script).templates(&integration()).await.unwrap();
    assert_eq!(list.unreadable, [], "{raw}");
    list.templates[0].id.as_ref().map(|id| id.as_str().to_owned())
}

#[tokio::test]
async fn ids_keep_every_digit() {
    for (raw, expected) in [
        ("7137952719659977", Some("7137952719659977")),
        ("\"7137952719659977\"", Some("7137952719659977")),
        ("9007199254740993", Some("9007199254740993")),
        ("98765432109876543210", Some("98765432109876543210")),
        ("\"98765432109876543210\"", Some("98765432109876543210")),
        ("\"fetched_tmpl_id\"", Some("fetched_tmpl_id")),
        ("\"\\u0061b\"", Some("ab")),
        ("null", None),
        ("\"\"", None),
        ("true", None),
        ("{}", None),
        ("[1]", None),
    ] {
        assert_eq!(id_of(raw).await.as_deref(), expected, "{raw}");
    }
}

#[tokio::test]
async fn components_come_in_any_order_and_case() {
    let upper = template(item(json!([
        {"type": "HEADER", "format": "DOCUMENT"},
        {"type": "BODY", "text": "Hola {{1}}"},
        {"type": "FOOTER", "text": "Adiós"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Sí"}]}])))
    .await;
    let mut odd = item(json!([
        {"type": "buttons", "buttons": [{"type": "quick_reply", "text": "Sí"}]},
        {"type": "Footer", "text": "Adiós"},
        {"type": "body", "text": "Hola {{1}}"},
        {"type": "header", "format": "document"}]));
    odd["status"] = "approved".into();
    odd["category"] = "utility".into();
    assert_eq!(template(odd).await, upper);
}

#[tokio::test]
async fn nulls_and_absent_fields_are_nothing() {
    let nulls = template(json!({
        "id": null, "name": "aviso", "language": "es", "category": null, "status": null, "components": [
            {"type": "HEADER", "format": "IMAGE", "text": null, "example": null, "buttons": null},
            {"type": "BODY", "text": "Hola {{1}}", "example": null},
            {"type": "FOOTER", "text": null},
            {"type": "BUTTONS", "buttons": null}]}))
    .await;
    assert_eq!(nulls.header, Some(Header::Media(MediaKind::Image)));
    assert_eq!((nulls.footer, nulls.buttons), (None, vec![]));
    assert_eq!(nulls.status, TemplateStatus::Other(String::new()));
    assert_eq!(nulls.category, Category::Other(String::new()));

    let empty = template(json!({"name": "aviso", "language": "es", "components": null})).await;
    assert_eq!(empty.unsupported, [Unsupported::NoBody]);
}

#[tokio::test]
async fn both_spellings_of_a_phone_button_are_read() {
    for (fields, expected) in [
        (json!({"phone_number": "+525512345678"}), "+525512345678"),
        (json!({"phoneNumber": "+525512345678"}), "+525512345678"),
        (json!({"phone_number": "+1", "phoneNumber": "+2"}), "+1"),
        (json!({"phone_number": null, "phoneNumber": "+2"}), "+2"),
        (json!({"phone_number": 525_512_345_678_u64}), "525512345678"),
        (json!({}), ""),
    ] {
        let mut button = fields.clone();
        button["type"] = "PHONE_NUMBER".into();
        button["text"] = "Llamar".into();
        let template = template(item(json!([{"type": "BUTTONS", "buttons": [button]}]))).await;
        let expected = Button::Phone { text: "Llamar".to_owned(), number: expected.to_owned() };
        assert_eq!(template.buttons, [expected], "{fields}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_named_and_keeps_the_template_from_being_sent() {
    let template = template(item(json!([
        {"type": "HEADER", "format": "LOCATION"},
        {"type": "BODY", "text": "Hola"},
        {"type": "CAROUSEL", "cards": [{"components": []}]},
        {"type": "hologram", "depth": 3},
        {"type": null},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Sí"},
            {"type": "FLOW", "text": "Abrir", "flow_id": 1},
            {"type": "CATALOG", "text": "Ver"},
            {"type": "mpm", "text": "Más"},
            {"type": "URL", "text": "Ir", "url": "https://t.example/"}]}])))
    .await;
    assert_eq!(
        template.unsupported,
        [
            Unsupported::Header("LOCATION".to_owned()),
            Unsupported::Component("CAROUSEL".to_owned()),
            Unsupported::Component("hologram".to_owned()),
            Unsupported::Component(String::new()),
            Unsupported::Button("FLOW".to_owned()),
            Unsupported::Button("CATALOG".to_owned()),
            Unsupported::Button("mpm".to_owned()),
        ]
    );
    assert!(!template.is_sendable());
    // Still shown, each button in its place.
    let texts: Vec<_> = template.buttons.iter().map(Button::text).collect();
    assert_eq!(texts, ["Sí", "Abrir", "Ver", "Más", "Ir"]);
}

#[tokio::test]
async fn other_headers_are_unsupported_too() {
    for format in ["GIF", "PRODUCT", "gif"] {
        let template =
            template(item(json!([{"type": "HEADER", "format": format}, {"type": "BODY", "text": "Hola"}])))
                .await;
        assert_eq!(
            (template.header, template.unsupported),
            (None, vec![Unsupported::Header(format.to_owned())])
        );
    }
}

#[tokio::test]
async fn a_header_without_format_is_a_text() {
    let template =
        template(item(json!([{"type": "HEADER", "text": "Hola {{1}}"}, {"type": "BODY", "text": "Hola"}])))
            .await;
    assert_eq!(template.header, Some(Header::Text(TemplateText::parse("Hola {{1}}"))));
}

#[tokio::test]
async fn examples_are_read_in_every_form() {
    let position = |n| Placeholder::Position(n);
    let name = |name: &str| Placeholder::Name(name.to_owned());
    for (text, example, expected) in [
        ("{{1}} {{2}}", json!({"body_text": [["a", "b"]]}), vec![(position(1), "a"), (position(2), "b")]),
        ("{{1}} {{2}}", json!({"body_text": ["a", "b"]}), vec![(position(1), "a"), (position(2), "b")]),
        (
            "{{2}} {{1}}",
            json!({"body_text": [["a", "b"], ["c", "d"]]}),
            vec![(position(1), "a"), (position(2), "b")],
        ),
        ("{{1}} {{2}}", json!({"body_text": [["a"]]}), vec![(position(1), "a")]),
        ("{{1}}", json!({"body_text": [["a", "b", "c"]]}), vec![(position(1), "a")]),
        ("{{1}}", json!({"body_text": "a"}), vec![(position(1), "a")]),
        ("{{1}}", json!({"body_text": [[7]]}), vec![(position(1), "7")]),
        (
            "{{b}} {{a}}",
            json!({"body_text_named_params": [{"param_name": "a", "example": "1"}, {"param_name": "b", "example": "2"}]}),
            vec![(name("a"), "1"), (name("b"), "2")],
        ),
        (
            "{{a}}",
            json!({"body_text_named_params": [{"param_name": "a"}, {"param_name": "z", "example": "1"}, null, "x"]}),
            vec![],
        ),
        ("{{1}}", json!({"body_text": []}), vec![]),
        ("{{1}}", json!({"body_text": [[]]}), vec![]),
        ("{{1}}", json!({"body_text": {"1": "a"}}), vec![]),
        ("{{1}}", json!([]), vec![]),
        ("{{1}}", json!("a"), vec![]),
    ] {
        let template = template(item(json!([{"type": "BODY", "text": text, "example": example}]))).await;
        let expected = expected.into_iter().map(|(placeholder, value)| (placeholder, value.to_owned()));
        assert_eq!(template.body, TemplateText::parse(text).with_examples(expected), "{text} {example}");
    }
}

#[tokio::test]
async fn header_examples_are_read_in_both_forms() {
    for (text, example) in [
        ("Hola {{1}}", json!({"header_text": ["Ana"]})),
        ("Hola {{name}}", json!({"header_text_named_params": [{"param_name": "name", "example": "Ana"}]})),
    ] {
        let shape = json!([{"type": "HEADER", "format": "TEXT", "text": text, "example": example}]);
        let Some(Header::Text(header)) = template(item(shape)).await.header else { panic!("a text header") };
        assert_eq!(header.example(&header.placeholders()[0]).as_deref(), Some("Ana"));
    }
}

#[tokio::test]
async fn button_examples_are_a_list_or_a_text() {
    for example in [json!(["https://t.example/9"]), json!("https://t.example/9")] {
        let shape = json!([{"type": "BUTTONS", "buttons": [
            {"type": "URL", "text": "Ver", "url": "https://t.example/{{1}}", "example": example},
            {"type": "COPY_CODE", "text": "Copiar", "example": example}]}]);
        let example = Some("https://t.example/9".to_owned());
        let target = UrlTarget::parse("https://t.example/{{1}}", example.clone());
        assert_eq!(
            template(item(shape)).await.buttons,
            [
                Button::Url { text: "Ver".to_owned(), target },
                Button::CopyCode { text: "Copiar".to_owned(), example },
            ]
        );
    }
}

#[tokio::test]
async fn an_authentication_templates_button_takes_the_bodys_code() {
    for button in [
        json!({"type": "OTP", "otp_type": "ONE_TAP", "text": "Copiar"}),
        json!({"type": "URL", "text": "Copiar",
               "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}),
    ] {
        let mut listed = item(json!([
            {"type": "BODY", "text": "*{{1}}* es su código.", "add_security_recommendation": true},
            {"type": "FOOTER", "code_expiration_minutes": 10},
            {"type": "BUTTONS", "buttons": [button]}]));
        listed["category"] = "AUTHENTICATION".into();
        let template = template(listed).await;
        assert_eq!(template.buttons, [Button::OneTimeCode { text: "Copiar".to_owned() }]);
        assert_eq!(template.slots().len(), 1);
        assert!(template.is_sendable());
    }
}

#[tokio::test]
async fn an_authentication_template_may_be_listed_without_its_words() {
    let definition =
        data("meta_openapi_v23_create_requests")["Create authentication template w/ OTP copy code button"]
            .take();
    let template = defined(definition).await;
    assert_eq!(template.body, TemplateText::parse("*{{1}}*"));
    assert!(template.is_sendable());
}

#[tokio::test]
async fn voice_call_buttons_need_nothing() {
    let buttons = data("meta_docs_misc_components")[3]["value"].take();
    let template = template(item(json!([{"type": "BODY", "text": "Hola"}, buttons]))).await;
    assert_eq!(template.buttons[0], Button::VoiceCall { text: "Call".to_owned() });
    assert!(template.is_sendable() && template.slots().is_empty());
}

#[tokio::test]
async fn one_unreadable_item_never_costs_the_list() {
    let list = list(json!([
        item(json!([{"type": "BODY", "text": "Hola"}])),
        null,
        "text",
        7,
        [],
        {},
        {"name": "Con Espacios", "language": "es", "components": []},
        {"name": "sin_idioma", "components": []},
        {"name": "idioma_raro", "language": "es MX", "components": []},
        {"name": "componentes", "language": "es", "components": "BODY"},
        {"name": "botones", "language": "es", "components": [{"type": "BUTTONS", "buttons": {"a": 1}}]},
        item(json!([{"type": "BODY", "text": "Adiós"}])),
    ]))
    .await;
    let bodies: Vec<_> = list.templates.iter().map(|template| template.body.filled(|_| None)).collect();
    assert_eq!(bodies, ["Hola", "Adiós"]);
    let names: Vec<_> = list.unreadable.iter().map(|item| item.name.as_deref()).collect();
    assert_eq!(
        names,
        [
            None,
            None,
            None,
            None,
            None,
            Some("Con Espacios"),
            Some("sin_idioma"),
            Some("idioma_raro"),
            Some("componentes"),
            Some("botones"),
        ]
    );
    let unreadable = |name: &str, why| UnreadableTemplate { name: Some(name.to_owned()), why };
    assert_eq!(list.unreadable[4].why, TemplateError::Name(IdentError::Empty));
    assert_eq!(
        list.unreadable[5..8],
        [
            unreadable("Con Espacios", TemplateError::Name(IdentError::Character('C'))),
            unreadable("sin_idioma", TemplateError::Language(IdentError::Empty)),
            unreadable("idioma_raro", TemplateError::Language(IdentError::Character(' '))),
        ]
    );
    assert!(matches!(list.unreadable[8].why, TemplateError::Form(_)));
}

#[tokio::test]
async fn numbers_that_no_computer_holds_cost_only_their_own_item() {
    let body = r#"{"messageTemplates":[
        {"name":"a","language":"es","quality_score":1e999,"components":[{"type":"BODY","text":"x","example":1e999}]},
        {"name":"b","language":"es","components":[]}]}"#;
    let script = Script::new([Ok(response(200, body))]);
    let list = sunco(&script).templates(&integration()).await.unwrap();
    assert_eq!(list.templates.last().unwrap().name.as_str(), "b");
    assert_eq!(list.templates.len() + list.unreadable.len(), 2);
}
