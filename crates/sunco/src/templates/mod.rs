//! Message templates as the provider lists them → core's [`Template`]s.
//!
//! The items are Meta's template objects (Meta documentation, "Templates"), passed through. Meta adds kinds, formats and
//! statuses, so what isn't known is kept and named as unsupported, and one item that can't be read never costs the list.

mod convert;
mod wire;

use cxconnect_core::template::{IdentError, Template};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{ApiError, Response, error};

/// A list of templates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateList {
    /// Those that could be read, in the provider's order.
    pub templates: Vec<Template>,
    /// Those that could not.
    pub unreadable: Vec<UnreadableTemplate>,
}

/// An item of the list that is no template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableTemplate {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What is wrong with it.
    pub why: TemplateError,
}

/// Why an item of the list is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Its JSON has another form.
    #[error("unexpected form: {0}")]
    Form(String),
    /// Its name can't be one.
    #[error("name: {0}")]
    Name(IdentError),
    /// Its language can't be one.
    #[error("language: {0}")]
    Language(IdentError),
}

/// One page of the list.
#[derive(Debug)]
pub(crate) struct Page {
    pub list: TemplateList,
    /// Where the next page begins; absent on the last one.
    pub after: Option<String>,
}

/// Reads a page of the list.
pub(crate) fn parse_page(response: &Response) -> Result<Page, ApiError> {
    #[derive(Deserialize)]
    struct WirePage<'a> {
        #[serde(borrow, rename = "messageTemplates")]
        templates: Vec<&'a RawValue>,
        after: Option<String>,
    }
    let page: WirePage = error::parse(response)?;
    let mut list = TemplateList::default();
    for raw in page.templates {
        match parse(raw.get()) {
            Ok(template) => list.templates.push(template),
            Err(unreadable) => list.unreadable.push(unreadable),
        }
    }
    Ok(Page { list, after: page.after.filter(|cursor| !cursor.is_empty()) })
}

/// Reads one item.
fn parse(json: &str) -> Result<Template, UnreadableTemplate> {
    let wire = serde_json::from_str::<wire::Template>(json).map_err(|error| UnreadableTemplate {
        name: name_of(json),
        why: TemplateError::Form(error.to_string()),
    })?;
    convert::template(&wire).map_err(|why| UnreadableTemplate { name: wire.name.0.clone(), why })
}

/// The name of an item that has another form than expected.
fn name_of(json: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(json).ok()?;
    Some(value.get("name")?.as_str()?.to_owned())
}
