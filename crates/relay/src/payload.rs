//! A trigger's payload: `{"id", "telefono", "subdominio", …}`.

use std::collections::BTreeMap;

use cxconnect_core::{
    integration::parameters,
    template::{Template, Values},
};
use serde_json::value::RawValue;

use crate::failure::{self, Detail, Failure};

/// A `producto_id` is kept up to this.
const MAX_PRODUCT_CHARS: usize = 200;

/// A payload, read.
#[derive(Debug)]
pub struct Payload<'a> {
    members: BTreeMap<String, &'a RawValue>,
}

/// What a member says.
enum Member {
    Absent,
    Text(String),
    /// A list or an object.
    Other,
}

impl<'a> Payload<'a> {
    /// Reads it. Numbers are kept digit by digit: ids may exceed 2^53.
    pub fn parse(body: &'a [u8]) -> Result<Self, Failure> {
        let text = std::str::from_utf8(body).map_err(|_| failure::malformed("no es UTF-8"))?;
        let members = serde_json::from_str(text).map_err(|error| {
            failure::malformed(&format!("línea {}, columna {}", error.line(), error.column()))
        })?;
        Ok(Self { members })
    }

    fn member(&self, name: &str) -> Member {
        let Some(raw) = self.members.get(name).map(|raw| raw.get().trim()) else { return Member::Absent };
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw).map_or(Member::Other, Member::Text),
            Some(b'{' | b'[') => Member::Other,
            _ if raw == "null" => Member::Absent,
            _ => Member::Text(raw.to_owned()),
        }
    }

    /// A member as text, without blanks around it; `None` if it isn't there.
    pub fn text(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.member(name) {
            Member::Absent => Ok(None),
            Member::Text(text) => Ok(Some(text.trim().to_owned())),
            Member::Other => {
                let details = vec![not_a_text(name)];
                Err(Failure { details, ..unprocessable() }.of(name))
            }
        }
    }

    /// The product's id, which is kept and means nothing here.
    pub fn product(&self) -> Option<String> {
        match self.member("producto_id") {
            Member::Text(text) => Some(text.chars().take(MAX_PRODUCT_CHARS).collect()),
            Member::Absent | Member::Other => None,
        }
    }

    /// The template's values, by name or position. What the template doesn't define is ignored.
    pub fn values(&self, template: &Template) -> Result<Values, Vec<Detail>> {
        let (mut values, mut wrong) = (Values::new(), Vec::new());
        for (slot, names) in parameters(template) {
            for name in names {
                match self.member(&name) {
                    Member::Absent => continue,
                    Member::Text(text) => values.set(slot.clone(), text),
                    Member::Other => wrong.push(not_a_text(&name)),
                }
                break;
            }
        }
        if wrong.is_empty() { Ok(values) } else { Err(wrong) }
    }
}

/// 422: values that can't be sent.
pub fn unprocessable() -> Failure {
    Failure::new(
        422,
        "values",
        "Existen valores incorrectos.",
        "Corrija los campos que se indican en `details`.",
    )
}

fn not_a_text(name: &str) -> Detail {
    Detail {
        code: "value.not-text".to_owned(),
        field: Some(name.to_owned()),
        message: "El valor es una lista o un objeto.".to_owned(),
        fix: "Envíe un texto o un número.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cxconnect_core::template::{
        Category, LanguageCode, Placeholder, SlotId, TemplateName, TemplateStatus, TemplateText,
    };

    fn template(body: &str) -> Template {
        Template {
            id: None,
            name: TemplateName::parse("aviso").unwrap(),
            language: LanguageCode::parse("es").unwrap(),
            category: Category::Utility,
            status: TemplateStatus::Approved,
            header: None,
            body: TemplateText::parse(body),
            footer: None,
            buttons: Vec::new(),
            unsupported: Vec::new(),
        }
    }

    #[test]
    fn ids_keep_every_digit() {
        let payload = Payload::parse(br#"{"id": 71379527196599779999, "telefono": " 52 "}"#).unwrap();
        assert_eq!(payload.text("id").unwrap().unwrap(), "71379527196599779999");
        assert_eq!(payload.text("telefono").unwrap().unwrap(), "52");
        assert_eq!(payload.text("subdominio").unwrap(), None);
    }

    #[test]
    fn values_come_by_name_or_position_and_others_are_ignored() {
        let payload =
            Payload::parse(br#"{"param1":"a","nombre":"Ana","param2":7,"otro":[1],"dia":null}"#).unwrap();
        let values = payload.values(&template("{{nombre}} {{dia}}")).unwrap();
        let named = |name: &str| values.get(&SlotId::Body(Placeholder::Name(name.to_owned())));
        assert_eq!((named("nombre"), named("dia")), (Some("Ana"), Some("7")));
        let wrong = Payload::parse(br#"{"param1":{}}"#).unwrap().values(&template("{{1}}")).unwrap_err();
        assert_eq!(wrong[0].field.as_deref(), Some("param1"));
    }

    #[test]
    fn what_is_no_object_is_malformed() {
        for body in [&b""[..], b"[]", b"7", b"{", b"\xff", b"{\"a\":}", b"null"] {
            assert_eq!(Payload::parse(body).unwrap_err().status, 400, "{body:?}");
        }
    }
}
