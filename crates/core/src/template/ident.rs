//! Names and codes that identify and classify a template.

use std::fmt;

/// Why a text can't be a template's name, id or language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdentError {
    /// There is nothing in it.
    #[error("the text is empty")]
    Empty,
    /// It is longer than Meta allows.
    #[error("the text has {length} characters, at most {max} are allowed")]
    TooLong {
        /// Its length in characters.
        length: usize,
        /// The most there may be.
        max: usize,
    },
    /// It has a character that can't be there.
    #[error("the character {0:?} is not allowed")]
    Character(char),
}

macro_rules! text_newtype {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_newtype! {
    /// A template's name: `^[a-z0-9_]+$`, at most 512 characters (Meta, "Templates: naming").
    TemplateName
}
text_newtype! {
    /// A language code exactly as the list gives it (`es_MX`, `en`, once `en-US`): echoed, never validated against a list.
    LanguageCode
}
text_newtype! {
    /// The provider's id of a template, as text.
    TemplateId
}

impl TemplateName {
    /// The most characters a name may have.
    pub const MAX_CHARS: usize = 512;

    /// Checks a name.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let length = text.chars().count();
        if length == 0 {
            return Err(IdentError::Empty);
        }
        if Self::MAX_CHARS < length {
            return Err(IdentError::TooLong { length, max: Self::MAX_CHARS });
        }
        match text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_')) {
            Some(c) => Err(IdentError::Character(c)),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl LanguageCode {
    /// Accepts letters, digits, `_` and `-`: what language codes are made of.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        if text.is_empty() {
            return Err(IdentError::Empty);
        }
        match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))) {
            Some(c) => Err(IdentError::Character(c)),
            None => Ok(Self(text.to_owned())),
        }
    }
}

impl TemplateId {
    /// Accepts any text that is not empty.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        if text.is_empty() { Err(IdentError::Empty) } else { Ok(Self(text.to_owned())) }
    }
}

/// What Meta files a template under. Legacy and new ones are kept as the provider spells them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Promotions; always charged, capped per user.
    Marketing,
    /// About something the person asked for or agreed to.
    Utility,
    /// One-time codes.
    Authentication,
    /// Any other text, upper-cased.
    Other(String),
}

impl Category {
    /// Reads the provider's text, ignoring case.
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "MARKETING" => Self::Marketing,
            "UTILITY" => Self::Utility,
            "AUTHENTICATION" => Self::Authentication,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Where a template stands in Meta's review. Accepts any text: Meta adds statuses.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TemplateStatus {
    /// May be sent.
    Approved,
    /// In review.
    Pending,
    /// Refused by Meta.
    Rejected,
    /// Held back by Meta for low quality; comes back by itself or by hand.
    Paused,
    /// Switched off by Meta.
    Disabled,
    /// Any other text, upper-cased. Not sendable.
    Other(String),
}

impl TemplateStatus {
    /// Reads the provider's text, ignoring case.
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_uppercase().as_str() {
            "APPROVED" => Self::Approved,
            "PENDING" => Self::Pending,
            "REJECTED" => Self::Rejected,
            "PAUSED" => Self::Paused,
            "DISABLED" => Self::Disabled,
            other => Self::Other(other.to_owned()),
        }
    }

    /// V1: only these may be sent.
    pub fn is_approved(&self) -> bool {
        *self == Self::Approved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_only_lower_case_letters_digits_and_underscores() {
        assert_eq!(TemplateName::parse("pedido_2").unwrap().as_str(), "pedido_2");
        assert_eq!(TemplateName::parse(""), Err(IdentError::Empty));
        assert_eq!(TemplateName::parse("Pedido"), Err(IdentError::Character('P')));
        assert_eq!(TemplateName::parse(&"a".repeat(513)), Err(IdentError::TooLong { length: 513, max: 512 }));
    }

    #[test]
    fn status_and_category_ignore_case_and_keep_what_they_do_not_know() {
        assert!(TemplateStatus::parse("approved").is_approved());
        assert_eq!(TemplateStatus::parse("In_Appeal"), TemplateStatus::Other("IN_APPEAL".into()));
        assert_eq!(Category::parse("Utility"), Category::Utility);
        assert_eq!(Category::parse("ALERT_UPDATE"), Category::Other("ALERT_UPDATE".into()));
    }
}
