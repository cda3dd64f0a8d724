//! Sunshine Conversations' record ids.

use std::fmt;

/// Why a text is no record id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a Sunshine Conversations id has exactly 24 hexadecimal digits")]
pub struct IdError;

macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Accepts 24 hexadecimal digits; spaces around them, which come with copying, are dropped.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }

            /// The id as text.
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

record_id! {
    /// Identifies the Conversations app: a setting.
    AppId
}
record_id! {
    /// Identifies one of the app's integrations: here always a WhatsApp number.
    IntegrationId
}

fn parse(text: &str) -> Result<String, IdError> {
    let text = text.trim();
    let is_id = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_id.then(|| text.to_owned()).ok_or(IdError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_24_hexadecimal_digits() {
        assert_eq!(AppId::parse(" 5fed024df3dd8b000cd7ee99\n").unwrap().as_str(), "5fed024df3dd8b000cd7ee99");
        for text in [
            "",
            "5fed024df3dd8b000cd7ee9",
            "5fed024df3dd8b000cd7ee99a",
            "../../../../../../../../a",
            "app_5fed024df3dd8b000cd7",
        ] {
            assert_eq!(IntegrationId::parse(text), Err(IdError), "{text}");
        }
    }
}
