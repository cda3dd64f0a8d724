//! Zendesk's placeholders: which settings may be inserted where (zaf.md §2.3 and §4.2).
//!
//! Substitution is plain string replacement: nothing is escaped.

use crate::installation::Installation;

/// A place of a request in which settings can be inserted; its name is a scope of the manifest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Url,
    Header,
    Body,
    BasicAuthUsername,
    BasicAuthPassword,
}

impl Place {
    fn scope(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Header => "header",
            Self::Body => "body",
            Self::BasicAuthUsername => "basic_auth_username",
            Self::BasicAuthPassword => "basic_auth_password",
        }
    }
}

/// A placeholder that names no setting, or one that may not go there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotAllowed;

const OPEN: &str = "{{setting.";

/// Inserts settings; other braces (a template's own variables, say) stay as they are.
pub(crate) fn fill(text: &str, place: Place, installation: &Installation) -> Result<String, NotAllowed> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        filled.push_str(before);
        let (name, tail) = after.split_once("}}").ok_or(NotAllowed)?;
        let parameter = installation.manifest().parameter(name).ok_or(NotAllowed)?;
        let is_in_scope = match &parameter.scopes {
            Some(scopes) if parameter.secure => scopes.iter().any(|it| it == place.scope()),
            _ => true,
        };
        if !is_in_scope {
            return Err(NotAllowed);
        }
        filled.push_str(&installation.text(name).ok_or(NotAllowed)?);
        rest = tail;
    }
    filled.push_str(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sunco::auth::Credentials;

    fn installation() -> Installation {
        let manifest = json!({"name": "A", "parameters": [
            {"name": "sunco_secret", "secure": true, "scopes": ["basic_auth_password"]},
            {"name": "sunco_token", "secure": true},
            {"name": "plan_name"}]});
        let key = Credentials { app_id: "a".into(), key_id: "k".into(), secret: "s\"3".into() };
        Installation::new(serde_json::from_value(manifest).unwrap(), &key)
    }

    fn check(text: &str, place: Place, expected: Result<&str, NotAllowed>) {
        assert_eq!(fill(text, place, &installation()), expected.map(str::to_owned), "{text} in {place:?}");
    }

    #[test]
    fn a_setting_goes_only_where_its_scopes_allow() {
        check("{{setting.sunco_secret}}", Place::BasicAuthPassword, Ok("s\"3"));
        check("x {{setting.sunco_secret}}", Place::Header, Err(NotAllowed));
        check("{{setting.sunco_secret}}", Place::Body, Err(NotAllowed));
        check("Basic {{setting.sunco_token}}", Place::Header, Ok("Basic azpzIjM="));
        check("{{setting.plan_name}}/{{setting.plan_name}}", Place::Url, Ok("Paquete/Paquete"));
    }

    #[test]
    fn what_is_no_setting_stays_or_is_refused() {
        check("{{1}} {{nombre}}", Place::Body, Ok("{{1}} {{nombre}}"));
        check("{{setting.unknown}}", Place::Body, Err(NotAllowed));
        check("{{setting.plan_name", Place::Body, Err(NotAllowed));
    }
}
