//! The JSON of every send shape, as golden files; and the same messages as Meta's documentation sends them.

use std::time::Duration;

use cxconnect_core::{
    dispatch::{Answer, Doubt, Refusal},
    template::{Placeholder, SlotId, Template, Values},
};
use cxconnect_sunco::{Method, TransportError, payload::MAX_BODY_BYTES};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::support::{Script, data, defined, notify, sent, template};

fn listed(components: Value) -> Value {
    json!({"id": "1", "name": "aviso_pedido", "language": "es_MX", "category": "UTILITY", "status": "APPROVED",
           "components": components})
}

fn body(text: &str) -> Value {
    json!({"type": "BODY", "text": text})
}

fn at(position: u16) -> SlotId {
    SlotId::Body(Placeholder::Position(position))
}

fn named(name: &str) -> SlotId {
    SlotId::Body(Placeholder::Name(name.to_owned()))
}

fn values<const N: usize>(values: [(SlotId, &str); N]) -> Values {
    values.into_iter().map(|(slot, value)| (slot, value.to_owned())).collect()
}

/// The payload of a listed template with these components.
async fn payload<const N: usize>(components: Value, filled: [(SlotId, &str); N]) -> Value {
    let template = template(listed(components)).await;
    serde_json::from_str(&sent(&template, &values(filled), None).await).unwrap()
}

/// Only what differs from shape to shape: the template's components.
async fn components<const N: usize>(components: Value, filled: [(SlotId, &str); N]) -> Value {
    payload(components, filled).await["message"]["template"]["components"].take()
}

#[tokio::test]
async fn the_whole_of_a_send() {
    assert_json_snapshot!(
        payload(json!([body("Hola {{1}}, pedido {{2}}")]), [(at(1), "Ana"), (at(2), "#123")]).await
    );
}

#[tokio::test]
async fn the_same_message_is_the_same_text_byte_for_byte() {
    let template = template(listed(json!([body("Hola {{1}}")]))).await;
    let expected = concat!(
        r#"{"destination":{"integrationId":"582dedf230e788746891281a","destinationId":"+525512345678"},"#,
        r#""author":{"role":"appMaker"},"messageSchema":"whatsapp","#,
        r#""message":{"type":"template","template":{"name":"aviso_pedido","#,
        r#""language":{"policy":"deterministic","code":"es_MX"},"#,
        r#""components":[{"type":"body","parameters":[{"type":"text","text":"Ñandú \"1\""}]}]}},"#,
        r#""metadata":{"batch":"29290745","row":5}}"#,
    );
    assert_eq!(sent(&template, &values([(at(1), "Ñandú \"1\"")]), None).await, expected);
}

#[tokio::test]
async fn a_send_is_one_post_that_is_waited_for_30_seconds() {
    let template = template(listed(json!([body("Hola")]))).await;
    let script = Script::new([Err(TransportError::Timeout)]);
    let answer = notify(&script, &template, &Values::new(), None).await;
    assert_eq!(answer, Answer::Unknown(Doubt::Timeout));
    assert_eq!(script.urls(), ["/v1.1/apps/5fed024df3dd8b000cd7ee99/notifications"]);
    let call = script.calls.borrow().first().cloned().unwrap();
    assert_eq!((call.method, call.timeout), (Method::Post, Duration::from_secs(30)));
}

#[tokio::test]
async fn static_parts_only() {
    let all_static = json!([
        {"type": "HEADER", "format": "TEXT", "text": "Aviso"},
        body("Su pedido está listo."),
        {"type": "FOOTER", "text": "Responda BAJA"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Gracias"},
            {"type": "URL", "text": "Ver", "url": "https://tienda.example/"},
            {"type": "PHONE_NUMBER", "text": "Llamar", "phone_number": "+525500000000"},
            {"type": "VOICE_CALL", "text": "Hablar"}]}
    ]);
    assert_json_snapshot!(payload(all_static, []).await);
}

#[tokio::test]
async fn the_namespace_is_sent_only_where_it_is_set() {
    let template = template(listed(json!([body("Hola")]))).await;
    let with = sent(&template, &Values::new(), Some("XXXXXXXX_XXXX_XXXX")).await;
    assert!(with.contains(r#""template":{"namespace":"XXXXXXXX_XXXX_XXXX","name":"aviso_pedido""#), "{with}");
    assert!(!sent(&template, &Values::new(), None).await.contains("namespace"));
}

#[tokio::test]
async fn body_positional_in_number_order_each_once() {
    let shape = json!([body("{{2}} para {{1}}, otra vez {{2}} y {{10}}")]);
    assert_json_snapshot!(components(shape, [(at(10), "j"), (at(2), "b"), (at(1), "a")]).await);
}

#[tokio::test]
async fn body_named() {
    let shape = json!([body("Mesa para {{guests}} el {{day}}")]);
    assert_json_snapshot!(components(shape, [(named("day"), "sábado"), (named("guests"), "4")]).await);
}

#[tokio::test]
async fn header_text_positional() {
    let shape = json!([{"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}"}, body("Listo.")]);
    assert_json_snapshot!(components(shape, [(SlotId::HeaderText, "A-17")]).await);
}

#[tokio::test]
async fn header_text_named() {
    let shape = json!([{"type": "HEADER", "format": "TEXT", "text": "Hola {{first_name}}"}, body("Listo.")]);
    assert_json_snapshot!(components(shape, [(SlotId::HeaderText, "Ana")]).await);
}

#[tokio::test]
async fn header_image() {
    let shape = json!([{"type": "HEADER", "format": "IMAGE"}, body("Listo.")]);
    assert_json_snapshot!(components(shape, [(SlotId::HeaderMedia, "https://h.example/a.jpg?v=2")]).await);
}

#[tokio::test]
async fn header_video() {
    let shape = json!([{"type": "HEADER", "format": "VIDEO"}, body("Listo.")]);
    assert_json_snapshot!(components(shape, [(SlotId::HeaderMedia, "https://h.example/a.mp4")]).await);
}

#[tokio::test]
async fn header_document_with_the_file_name_of_its_url() {
    let shape = json!([{"type": "HEADER", "format": "DOCUMENT"}, body("Listo.")]);
    let url = "https://h.example/2026/Factura%20ma%C3%B1ana.pdf?token=1";
    assert_json_snapshot!(components(shape, [(SlotId::HeaderMedia, url)]).await);
}

#[tokio::test]
async fn header_document_without_file_name() {
    let shape = json!([{"type": "HEADER", "format": "DOCUMENT"}, body("Listo.")]);
    assert_json_snapshot!(
        components(shape, [(SlotId::HeaderMedia, "https://h.example/download/?id=7")]).await
    );
}

#[tokio::test]
async fn button_url_suffix_encoded() {
    let shape = json!([body("Listo."), {"type": "BUTTONS", "buttons": [
        {"type": "URL", "text": "Ver", "url": "https://t.example/p/{{1}}"}]}]);
    assert_json_snapshot!(components(shape, [(SlotId::Button(0), "pedido 17?año=1&b=%C3%B1")]).await);
}

#[tokio::test]
async fn button_url_suffix_named() {
    let shape = json!([body("Listo."), {"type": "BUTTONS", "buttons": [
        {"type": "URL", "text": "Ver", "url": "https://t.example/p/{{order_id}}"}]}]);
    assert_json_snapshot!(components(shape, [(SlotId::Button(0), "17")]).await);
}

#[tokio::test]
async fn button_copy_code() {
    let shape = json!([body("Cupón"), {"type": "BUTTONS", "buttons": [
        {"type": "COPY_CODE", "example": "CARIBE25"}]}]);
    assert_json_snapshot!(components(shape, [(SlotId::Button(0), "VERANO 25")]).await);
}

#[tokio::test]
async fn button_one_time_code_repeats_the_bodys_code_as_it_is() {
    let shape = json!([body("*{{1}}* es su código."), {"type": "BUTTONS", "buttons": [
        {"type": "URL", "text": "Copiar", "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"}]}]);
    assert_json_snapshot!(components(shape, [(at(1), "J$Fp nY")]).await);
}

#[tokio::test]
async fn button_indexes_count_static_ones() {
    let shape = json!([
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Sí"},
            {"type": "QUICK_REPLY", "text": "No"},
            {"type": "URL", "text": "Inicio", "url": "https://t.example/"},
            {"type": "URL", "text": "Ver", "url": "https://t.example/p/{{1}}"},
            {"type": "PHONE_NUMBER", "text": "Llamar", "phoneNumber": "+525500000000"},
            {"type": "COPY_CODE", "text": "Copiar", "example": ["X"]}]},
        body("Listo.")]);
    assert_json_snapshot!(components(shape, [(SlotId::Button(3), "17"), (SlotId::Button(5), "Y")]).await);
}

#[tokio::test]
async fn everything_at_once() {
    let shape = json!([
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.whatsapp.net/x"]}},
        body("Hola {{1}}, su pedido {{2}}"),
        {"type": "FOOTER", "text": "Tienda"},
        {"type": "BUTTONS", "buttons": [
            {"type": "QUICK_REPLY", "text": "Gracias"},
            {"type": "URL", "text": "Ver", "url": "https://t.example/p/{{1}}"}]}]);
    let filled = [
        (SlotId::HeaderMedia, "https://h.example/a.png"),
        (at(1), "Ana"),
        (at(2), "#123"),
        (SlotId::Button(1), "123"),
    ];
    assert_json_snapshot!(payload(shape, filled).await);
}

// --- The same messages as Meta sends them -------------------------------------------------------------------------

/// Meta's examples leave the policy out and write indexes as texts; both forms are accepted.
fn as_we_send(mut template: Value) -> Value {
    template["language"]["policy"] = "deterministic".into();
    for component in template.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten() {
        let index =
            component.get("index").and_then(Value::as_str).and_then(|index| index.parse::<u64>().ok());
        if let Some(index) = index {
            component["index"] = index.into();
        }
    }
    template
}

async fn template_part(template: &Template, filled: &Values) -> Value {
    let mut sent: Value = serde_json::from_str(&sent(template, filled, None).await).unwrap();
    sent["message"]["template"].take()
}

#[tokio::test]
async fn meta_documentation_named_and_positional() {
    let examples = data("meta_docs_named_and_positional");
    let fillings = [
        values([(named("first_name"), "Jessica"), (named("order_number"), "SKBUP2-4CPIG9")]),
        values([(at(1), "Jessica"), (at(2), "SKBUP2-4CPIG9")]),
    ];
    let examples = examples.as_array().unwrap();
    assert_eq!(examples.len(), fillings.len());
    for (example, filled) in examples.iter().zip(fillings) {
        let template = defined(example["create"].clone()).await;
        assert_eq!(template_part(&template, &filled).await, as_we_send(example["send"]["template"].clone()));
    }
}

/// The fragment of this kind among the miscellaneous ones.
fn fragment(kind: &str) -> Value {
    let fragments = data("meta_docs_misc_components");
    let found = fragments.as_array().unwrap().iter().find(|fragment| fragment["kind"] == kind);
    found.unwrap()["value"].clone()
}

#[tokio::test]
async fn meta_documentation_one_time_code() {
    let mut definition =
        data("meta_openapi_v23_create_requests")["Create authentication template w/ OTP copy code button"]
            .take();
    definition["name"] = "verification_code".into();
    let template = defined(definition).await;
    let sent = template_part(&template, &values([(at(1), "J$FpnYnP")])).await;
    assert_eq!(sent, as_we_send(fragment("otp_copy_code_send")["template"].clone()));
}

#[tokio::test]
async fn meta_documentation_named_url_button() {
    let template = template(listed(json!([body("Hola"), {"type": "BUTTONS", "buttons": [
        {"type": "URL", "text": "Ver", "url": "https://t.example/?name={{customer_name}}"}]}])))
    .await;
    let sent = template_part(&template, &values([(SlotId::Button(0), "Gonçalves")])).await;
    let expected = as_we_send(json!({"components": [fragment("url_button_named_send_component")]}));
    assert_eq!(sent["components"], expected["components"]);
}

#[tokio::test]
async fn meta_openapi_nothing_to_fill() {
    let listed = data("meta_openapi_v23_get_response")["data"][0].take();
    let template = template(listed).await;
    let expected = data("meta_openapi_v23_send_requests")["Send Test Message"]["template"].take();
    assert_eq!(template_part(&template, &Values::new()).await, as_we_send(expected));
}

#[tokio::test]
async fn meta_openapi_image_header_and_text() {
    let template =
        template(json!({"name": "template_name", "language": "es", "status": "APPROVED", "components": [
        {"type": "HEADER", "format": "IMAGE"}, body("{{1}}")]}))
        .await;
    let filled = values([(SlotId::HeaderMedia, "http(s)://the-image-url"), (at(1), "text-string")]);
    let sent = template_part(&template, &filled).await;
    let mut expected =
        data("meta_openapi_v23_send_requests")["Send Message Template Media"]["template"].take();
    // Currencies and dates are sent as plain text here.
    expected["components"][1]["parameters"].as_array_mut().unwrap().truncate(1);
    assert_eq!(sent["components"], expected["components"]);
}

// --- What never leaves --------------------------------------------------------------------------------------------

/// The code of the refusal; the script has no answer, so a call would fail the test.
async fn refused(template: &Template, values: &Values) -> String {
    match notify(&Script::default(), template, values, None).await {
        Answer::Refused(Refusal { status: 0, code: Some(code), .. }) => code,
        answer => panic!("refused before the call: {answer:?}"),
    }
}

#[tokio::test]
async fn a_missing_or_blank_value_never_leaves() {
    let template = template(listed(json!([
        {"type": "HEADER", "format": "IMAGE"}, body("{{1}}"),
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Ver", "url": "https://t.example/{{1}}"}]}])))
    .await;
    let all = [(SlotId::HeaderMedia, "https://h.example/a.png"), (at(1), "Ana"), (SlotId::Button(0), "1")];
    for missing in 0..all.len() {
        for blank in [None, Some(""), Some(" \t")] {
            let mut filled = Values::new();
            for (idx, (slot, value)) in all.iter().enumerate() {
                let value = if idx == missing { blank } else { Some(*value) };
                if let Some(value) = value {
                    filled.set(slot.clone(), value);
                }
            }
            assert_eq!(refused(&template, &filled).await, "missing_value", "{:?} {blank:?}", all[missing].0);
        }
    }
}

#[tokio::test]
async fn what_cannot_be_sent_yet_never_leaves() {
    for definition in [
        data("meta_docs_limited_time_offer")["create"].take(),
        data("meta_docs_media_card_carousel")["create"].take(),
    ] {
        let template = defined(definition).await;
        let filled = values([
            (at(1), "a"),
            (at(2), "b"),
            (at(3), "c"),
            (SlotId::Button(0), "d"),
            (SlotId::Button(1), "e"),
        ]);
        assert_eq!(refused(&template, &filled).await, "unsupported_template");
    }
}

#[tokio::test]
async fn a_body_over_100_kb_never_leaves() {
    let template = template(listed(json!([body("{{1}}")]))).await;
    let around = sent(&template, &values([(at(1), "x")]), None).await.len() - 1;
    let largest = "x".repeat(MAX_BODY_BYTES - 1 - around);
    assert_eq!(sent(&template, &values([(at(1), &largest)]), None).await.len(), MAX_BODY_BYTES - 1);
    assert_eq!(refused(&template, &values([(at(1), &format!("{largest}x"))])).await, "too_large");
}
