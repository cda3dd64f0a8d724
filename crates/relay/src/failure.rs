//! Refusals: a status, a stable code, the field, and in plain Spanish what is wrong and what to do.
//!
//! The words for what is wrong with a value are the screen's own (see `build.rs`).

use serde_json::{Value, json};

use crate::{db::DbError, http::Response};

/// (code, reason, fix) of each problem that the rules know.
const PROBLEMS: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/problems.rs"));

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status.
    pub status: u16,
    /// A stable code.
    pub code: &'static str,
    /// The field that it is about.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
    /// When to try again, in seconds.
    pub retry_after_s: Option<i64>,
    /// Of values: each thing that is wrong.
    pub details: Vec<Detail>,
    /// The methods that the path has, for a 405.
    pub allow: Option<&'static str>,
}

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// A stable code: that of the rules' problem.
    pub code: String,
    /// The payload's field; `None` if it is about the message as a whole.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub fix: String,
}

impl Failure {
    /// A refusal with nothing special.
    pub fn new(status: u16, code: &'static str, message: &str, fix: &str) -> Self {
        Self {
            status,
            code,
            field: None,
            message: message.to_owned(),
            fix: fix.to_owned(),
            retry_after_s: None,
            details: Vec::new(),
            allow: None,
        }
    }

    /// The same about a field.
    #[must_use]
    pub fn of(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same, to be tried again after so many seconds.
    #[must_use]
    pub fn after(mut self, seconds: i64) -> Self {
        self.retry_after_s = Some(seconds.max(1));
        self
    }

    /// The answer.
    pub fn response(&self) -> Response {
        let mut error = json!({ "code": self.code, "message": self.message, "fix": self.fix });
        if let Value::Object(fields) = &mut error {
            if let Some(field) = &self.field {
                fields.insert("field".to_owned(), json!(field));
            }
            if !self.details.is_empty() {
                let details = self.details.iter().map(|detail| {
                    json!({ "code": detail.code, "field": detail.field, "message": detail.message, "fix": detail.fix })
                });
                fields.insert("details".to_owned(), details.collect());
            }
        }
        Response {
            status: self.status,
            body: json!({ "error": error }).to_string(),
            retry_after_s: self.retry_after_s,
            allow: self.allow,
        }
    }
}

/// A database that fails is a passing problem of the relay's own; its words go to the log and not to the caller.
impl From<DbError> for Failure {
    fn from(_: DbError) -> Self {
        Self::new(
            503,
            "unavailable",
            "El relay no pudo guardar ni leer sus datos.",
            "Reintente en unos segundos; lo que no se confirmó con 202 no quedó guardado.",
        )
        .after(5)
    }
}

/// A problem that the rules found, in words.
pub fn detail(code: &str, field: Option<String>, arguments: &[(&'static str, String)]) -> Detail {
    let texts = PROBLEMS.iter().find(|(known, _, _)| *known == code);
    let (reason, fix) = texts.map_or((code, ""), |(_, reason, fix)| (*reason, *fix));
    Detail { code: code.to_owned(), field, message: filled(reason, arguments), fix: filled(fix, arguments) }
}

fn filled(text: &str, arguments: &[(&'static str, String)]) -> String {
    arguments
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&["{{", name, "}}"].concat(), value))
}

/// 404: no such path.
pub fn unknown_path() -> Failure {
    Failure::new(404, "not_found", "Esta dirección no existe en el relay.", "Revise la ruta.")
}

/// 405: no such method here.
pub fn wrong_method(allow: &'static str) -> Failure {
    let failure = Failure::new(
        405,
        "method_not_allowed",
        "El método no corresponde a esta dirección.",
        "Use uno de los que indica Allow.",
    );
    Failure { allow: Some(allow), ..failure }
}

/// 401: no token, or a wrong one. The same words for both, and for accounts that don't exist.
pub fn unauthorized() -> Failure {
    Failure::new(
        401,
        "unauthorized",
        "Falta el secreto, o no es válido.",
        "Envíelo como `Authorization: Bearer …`, tal como se mostró al crearlo o rotarlo.",
    )
}

/// 413: too large.
pub fn too_large(max: usize) -> Failure {
    let kilobytes = max / 1024;
    Failure::new(
        413,
        "body_too_large",
        &format!("El cuerpo pasa de {kilobytes} KB."),
        "Envíe un mensaje por llamada, y los archivos por su URL.",
    )
}

/// 415: not JSON.
pub fn not_json() -> Failure {
    Failure::new(
        415,
        "content_type",
        "El cuerpo no dice ser JSON.",
        "Envíe `Content-Type: application/json`.",
    )
}

/// 400: JSON that can't be read.
pub fn malformed(what: &str) -> Failure {
    Failure::new(
        400,
        "malformed",
        &format!("El cuerpo no se puede leer: {what}."),
        "Envíe un objeto JSON en UTF-8.",
    )
}

/// 422: a field of the admin API.
pub fn invalid(field: &str, message: &str) -> Failure {
    Failure::new(422, "invalid", message, "Corrija ese campo.").of(field)
}

/// 503: the account's configuration can't be used.
pub fn configuration() -> Failure {
    Failure::new(
        503,
        "configuration",
        "La configuración de esta cuenta en el relay no se puede usar.",
        "Quien opera el relay ve en su registro qué campo falta.",
    )
    .after(60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cxconnect_core::problem::ProblemKind;

    #[test]
    fn every_problem_has_its_words() {
        for code in ProblemKind::CODES {
            let detail = detail(code, None, &[]);
            assert!(!detail.fix.is_empty() && detail.message != *code, "{code}");
        }
    }

    #[test]
    fn a_refusal_says_all_it_knows() {
        let mut failure = invalid("telefono", "No sirve.").after(0);
        failure.details.push(detail(
            "phone.too-short",
            Some("telefono".to_owned()),
            &[("digits", "5".to_owned())],
        ));
        let response = failure.response();
        assert_eq!((response.status, response.retry_after_s), (422, Some(1)));
        let json: Value = serde_json::from_str(&response.body).unwrap();
        assert_eq!(json["error"]["field"], "telefono");
        assert_eq!(json["error"]["details"][0]["message"], "El número tiene 5 dígitos: son pocos.");
    }
}
