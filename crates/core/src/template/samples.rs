//! Templates that the tests of several modules share.

use crate::template::{
    Button, Category, Header, LanguageCode, MediaKind, Placeholder, Template, TemplateId, TemplateName,
    TemplateStatus, TemplateText, UrlTarget,
};

/// An approved Spanish utility template with only this body.
pub(crate) fn with_body(body: &str) -> Template {
    Template {
        id: Some(TemplateId::parse("1387372356726668").unwrap()),
        name: TemplateName::parse("aviso").unwrap(),
        language: LanguageCode::parse("es_MX").unwrap(),
        category: Category::Utility,
        status: TemplateStatus::Approved,
        header: None,
        body: TemplateText::parse(body),
        footer: None,
        buttons: Vec::new(),
        unsupported: Vec::new(),
    }
}

/// Nothing to supply.
pub(crate) fn plain() -> Template {
    with_body("Hola, su pedido está listo.")
}

/// An image header and one body variable.
pub(crate) fn with_image() -> Template {
    Template { header: Some(Header::Media(MediaKind::Image)), ..with_body("Hola {{1}}") }
}

/// Header variable, two body variables, footer, and one button of each kind.
pub(crate) fn everything() -> Template {
    Template {
        header: Some(Header::Text(TemplateText::parse("Pedido {{1}}"))),
        body: TemplateText::parse("Hola *{{1}}*, llega el {{2}}.").with_examples([
            (Placeholder::Position(1), "Ana".to_owned()),
            (Placeholder::Position(2), "lunes".to_owned()),
        ]),
        footer: Some("Responda BAJA".to_owned()),
        buttons: vec![
            Button::QuickReply { text: "Gracias".to_owned() },
            Button::Url {
                text: "Seguir".to_owned(),
                target: UrlTarget::parse(
                    "https://tienda.example/p/{{1}}",
                    Some("https://tienda.example/p/A-17".to_owned()),
                ),
            },
            Button::CopyCode { text: "Copiar código".to_owned(), example: Some("VERANO".to_owned()) },
            Button::Phone { text: "Llamar".to_owned(), number: "+525512345678".to_owned() },
        ],
        ..plain()
    }
}
