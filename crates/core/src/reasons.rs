//! A provider's refusal → what it means and what to do.
//!
//! The catalogue begins with the manual's table; texts in the agent's language stand under `reason.KEY.cause` and
//! `reason.KEY.remedy` in `translations/`. Sunshine Conversations passes Meta's errors on in several forms, so a reason
//! is found by Meta's number first (`(#131000)` in a text, too), then by known words; what isn't known is shown as the
//! provider gave it.

/// A reason that the catalogue explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// 131000: a general internal error.
    Generic,
    /// 131008: a required field is missing.
    MissingParameter,
    /// 131053: a media file failed.
    MediaUpload,
    /// 131026, "the user is unreachable".
    Unreachable,
    /// 131049: held back by Meta.
    Ecosystem,
    /// 131050, "Unable to deliver the message".
    OptedOut,
    /// 130472: the person is in one of Meta's tests.
    Experiment,
    /// "Body not defined".
    BodyNotDefined,
    /// "Cannot mix reply actions with other types".
    MixedButtons,
    /// "Destination is invalid".
    Destination,
    /// "mediaType … not supported for message of type …".
    MediaType,
    /// "`invalid_file` - File rejected".
    FileRejected,
    /// 132000: another number of values than the template has.
    ParameterCount,
    /// 132001: no such template in that language.
    TemplateMissing,
    /// 132012: a value of the wrong kind.
    ParameterFormat,
    /// 132015 and 132016: paused or disabled template.
    TemplatePaused,
    /// 132018: line breaks, tabs or many spaces in a value.
    ParameterText,
    /// "Integration not found".
    IntegrationNotFound,
    /// 423: the conversation is full.
    ConversationFull,
    /// 413: the message is too large.
    TooLarge,
}

/// One line of the catalogue: how a reason is recognised.
struct Entry {
    reason: Reason,
    key: &'static str,
    codes: &'static [u32],
    /// Lower-case words, any of which is enough.
    words: &'static [&'static str],
}

const fn entry(
    reason: Reason,
    key: &'static str,
    codes: &'static [u32],
    words: &'static [&'static str],
) -> Entry {
    Entry { reason, key, codes, words }
}

/// In order of precedence: the more specific words first.
const CATALOGUE: &[Entry] = &[
    entry(Reason::Generic, "generic", &[131_000], &["something went wrong"]),
    entry(
        Reason::MissingParameter,
        "missing_parameter",
        &[131_008],
        &["required parameter is missing", "is missing text value"],
    ),
    entry(Reason::MediaUpload, "media_upload", &[131_053], &["media upload error"]),
    entry(
        Reason::Unreachable,
        "unreachable",
        &[131_026],
        &["user is unreachable", "message undeliverable", "not a valid whatsapp user"],
    ),
    entry(Reason::Ecosystem, "ecosystem", &[131_049], &["healthy ecosystem"]),
    entry(Reason::OptedOut, "opted_out", &[131_050], &["unable to deliver the message"]),
    entry(Reason::Experiment, "experiment", &[130_472], &["part of an experiment"]),
    entry(Reason::BodyNotDefined, "body_not_defined", &[], &["body not defined"]),
    entry(Reason::MixedButtons, "mixed_buttons", &[], &["cannot mix reply actions"]),
    entry(Reason::Destination, "destination", &[], &["destination is invalid"]),
    entry(Reason::MediaType, "media_type", &[], &["not supported for message of type"]),
    entry(
        Reason::FileRejected,
        "file_rejected",
        &[],
        &["file rejected", "file type not allowed", "invalid_file"],
    ),
    entry(Reason::ParameterCount, "parameter_count", &[132_000], &["number of parameters does not match"]),
    entry(Reason::TemplateMissing, "template_missing", &[132_001], &["template name does not exist"]),
    entry(Reason::ParameterFormat, "parameter_format", &[132_012], &["parameter format does not match"]),
    entry(
        Reason::TemplatePaused,
        "template_paused",
        &[132_015, 132_016],
        &["template is paused", "template is disabled"],
    ),
    entry(Reason::ParameterText, "parameter_text", &[132_018], &["cannot have new-line/tab"]),
    entry(Reason::IntegrationNotFound, "integration_not_found", &[], &["integration not found"]),
    entry(Reason::ConversationFull, "conversation_full", &[], &["message limit of"]),
    entry(Reason::TooLarge, "too_large", &[], &["entity too large", "payload too large"]),
];

impl Reason {
    /// Finds the reason in a provider's words.
    pub fn find(text: &str) -> Option<Self> {
        let code = meta_code(text);
        let by_code = CATALOGUE.iter().find(|entry| code.is_some_and(|code| entry.codes.contains(&code)));
        let text = text.to_ascii_lowercase();
        by_code
            .or_else(|| CATALOGUE.iter().find(|entry| entry.words.iter().any(|words| text.contains(words))))
            .map(|entry| entry.reason)
    }

    /// The middle part of its translation keys.
    pub fn key(self) -> &'static str {
        CATALOGUE.iter().find(|entry| entry.reason == self).map_or("generic", |entry| entry.key)
    }

    /// Every reason, in the catalogue's order.
    pub fn all() -> impl Iterator<Item = Self> {
        CATALOGUE.iter().map(|entry| entry.reason)
    }
}

/// Meta's number in a text such as `(#131000) Something went wrong`.
fn meta_code(text: &str) -> Option<u32> {
    let (_, after) = text.split_once("(#")?;
    let (digits, _) = after.split_once(')')?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_of_the_manual_is_explained() {
        let table = [
            ("(#131000) Something went wrong", Reason::Generic),
            ("(#131008) Required parameter is missing", Reason::MissingParameter),
            ("(#131053) Media upload error", Reason::MediaUpload),
            ("Message failed to send because the user is unreachable", Reason::Unreachable),
            ("This message was not delivered to maintain healthy ecosystem engagement", Reason::Ecosystem),
            ("Unable to deliver the message", Reason::OptedOut),
            ("User's number is part of an experiment", Reason::Experiment),
            ("Error - bad_request - Body not defined", Reason::BodyNotDefined),
            ("Error - bad_request - Cannot mix reply actions with other types", Reason::MixedButtons),
            ("Error - bad_request - Destination is invalid", Reason::Destination),
            (
                "Error - bad_request - mediaType application/pdf not supported for message of type image",
                Reason::MediaType,
            ),
            ("Error - invalid_file - File rejected. File type not allowed", Reason::FileRejected),
        ];
        for (text, reason) in table {
            assert_eq!(Reason::find(text), Some(reason), "{text}");
        }
    }

    #[test]
    fn metas_number_counts_more_than_words() {
        assert_eq!(Reason::find("(#132001) Something went wrong"), Some(Reason::TemplateMissing));
    }

    #[test]
    fn unknown_words_and_numbers_have_no_reason() {
        for text in ["", "(#)", "(#99999999999999)", "(#1)", "Whatever", "(#131000"] {
            assert_eq!(Reason::find(text), None, "{text}");
        }
    }

    #[test]
    fn each_reason_has_its_own_key() {
        let mut keys: Vec<_> = Reason::all().map(Reason::key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), CATALOGUE.len());
    }
}
