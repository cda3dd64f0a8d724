//! The catalogue of what can be wrong with a row.

use crate::{
    phone::PhoneProblem,
    problem::{RowNumber, Severity},
    template::{MediaKind, SlotId, TemplateName},
};

/// What is wrong. The rules V… are those of Meta's documentation as collected in the project's rule table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A line without data between lines with data.
    BlankLine,
    /// There is no phone.
    PhoneMissing,
    /// The phone is no number that can be sent to (V13).
    Phone(PhoneProblem),
    /// The same recipient as in an earlier row (V15).
    DuplicatePhone {
        /// The first row with it.
        first_row: RowNumber,
    },
    /// Not one of the template's variables has a value: the manual's own warning.
    MissingVariables {
        /// The template.
        template: TemplateName,
        /// How many it takes.
        expected: usize,
    },
    /// The row ends before the columns that the template needs.
    TooFewColumns {
        /// How many the row has.
        found: usize,
        /// How many are needed.
        expected: usize,
    },
    /// A value is empty, or only blanks (V5).
    ValueEmpty {
        /// What it is for.
        slot: SlotId,
    },
    /// A value has a line break, which WhatsApp refuses (V6).
    LineBreakInValue,
    /// A value has a tab, which WhatsApp refuses (V6).
    TabInValue,
    /// A value has more than four blanks in a row, which WhatsApp refuses (V6).
    TooManySpaces,
    /// A character got lost before the file came here: it has U+FFFD, the mark that programs put for what they can't read.
    CharacterLost,
    /// Accents were garbled before the file came here: UTF-8 that a program took for Windows-1252, `JosÃ©`.
    AccentsGarbled,
    /// The header with its value is too long (V7).
    HeaderTooLong {
        /// UTF-16 units with the values in.
        chars: usize,
        /// The most there may be.
        max: usize,
    },
    /// The body with its values is too long (V7).
    BodyTooLong {
        /// UTF-16 units with the values in.
        chars: usize,
        /// The most there may be.
        max: usize,
    },
    /// A copy-code button's code is longer than any of Meta's pages allows.
    CopyCodeTooLong {
        /// UTF-16 units.
        chars: usize,
        /// The most there may be.
        max: usize,
    },
    /// A copy-code button's code is longer than one of Meta's pages allows and not longer than the other.
    CopyCodeLong {
        /// UTF-16 units.
        chars: usize,
        /// What is safe.
        safe: usize,
    },
    /// An authentication template's code is too long.
    OneTimeCodeTooLong {
        /// UTF-16 units.
        chars: usize,
        /// The most there may be.
        max: usize,
    },
    /// A button's whole URL is too long (V11).
    UrlTooLong {
        /// UTF-16 units of the whole URL, encoded.
        chars: usize,
        /// The most there may be.
        max: usize,
    },
    /// A button's value repeats the URL's beginning, which is the template's own (V11).
    UrlNotSuffix {
        /// What the template supplies.
        base: String,
    },
    /// The header needs media and there is no URL (V8).
    MediaMissing {
        /// The header's kind.
        expected: MediaKind,
    },
    /// The header's media is no URL (V10).
    MediaNotUrl,
    /// The header's media URL is not https.
    MediaNotHttps,
    /// The header's media is on a machine that WhatsApp can't reach (V10).
    MediaNotPublic {
        /// The machine.
        host: String,
    },
    /// The header's media is the sample that Meta keeps of the template; it can't be sent (V9).
    MediaSampleHost {
        /// The machine.
        host: String,
    },
    /// The URL's ending is not of the kind that the header takes.
    MediaWrongKind {
        /// The header's kind.
        expected: MediaKind,
        /// The URL's ending.
        found: String,
    },
    /// A document that is no PDF: WhatsApp may refuse it.
    MediaNotPdf {
        /// The URL's ending.
        found: String,
    },
    /// The URL's ending doesn't tell its kind.
    MediaKindUnknown {
        /// The header's kind.
        expected: MediaKind,
    },
}

impl ProblemKind {
    /// All codes: each needs `problem.<code>.reason` and `problem.<code>.fix` in every language.
    pub const CODES: &[&str] = &[
        "blank-line",
        "phone.missing",
        "phone.scientific",
        "phone.letters",
        "phone.character",
        "phone.extension",
        "phone.several",
        "phone.too-short",
        "phone.too-long",
        "phone.no-such-country",
        "phone.not-in-country",
        "phone.no-country-code",
        "phone.ambiguous",
        "phone.duplicate",
        "missing-variables",
        "too-few-columns",
        "value.empty",
        "value.line-break",
        "value.tab",
        "value.spaces",
        "value.character-lost",
        "value.accents-garbled",
        "header.too-long",
        "body.too-long",
        "code.too-long",
        "code.long",
        "one-time-code.too-long",
        "url.too-long",
        "url.not-suffix",
        "media.missing",
        "media.not-url",
        "media.not-https",
        "media.not-public",
        "media.sample-host",
        "media.wrong-kind",
        "media.not-pdf",
        "media.kind-unknown",
    ];

    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BlankLine => "blank-line",
            Self::PhoneMissing => "phone.missing",
            Self::Phone(problem) => problem.code(),
            Self::DuplicatePhone { .. } => "phone.duplicate",
            Self::MissingVariables { .. } => "missing-variables",
            Self::TooFewColumns { .. } => "too-few-columns",
            Self::ValueEmpty { .. } => "value.empty",
            Self::LineBreakInValue => "value.line-break",
            Self::TabInValue => "value.tab",
            Self::TooManySpaces => "value.spaces",
            Self::CharacterLost => "value.character-lost",
            Self::AccentsGarbled => "value.accents-garbled",
            Self::HeaderTooLong { .. } => "header.too-long",
            Self::BodyTooLong { .. } => "body.too-long",
            Self::CopyCodeTooLong { .. } => "code.too-long",
            Self::CopyCodeLong { .. } => "code.long",
            Self::OneTimeCodeTooLong { .. } => "one-time-code.too-long",
            Self::UrlTooLong { .. } => "url.too-long",
            Self::UrlNotSuffix { .. } => "url.not-suffix",
            Self::MediaMissing { .. } => "media.missing",
            Self::MediaNotUrl => "media.not-url",
            Self::MediaNotHttps => "media.not-https",
            Self::MediaNotPublic { .. } => "media.not-public",
            Self::MediaSampleHost { .. } => "media.sample-host",
            Self::MediaWrongKind { .. } => "media.wrong-kind",
            Self::MediaNotPdf { .. } => "media.not-pdf",
            Self::MediaKindUnknown { .. } => "media.kind-unknown",
        }
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        match self {
            Self::DuplicatePhone { .. }
            | Self::CharacterLost
            | Self::AccentsGarbled
            | Self::CopyCodeLong { .. }
            | Self::MediaNotPdf { .. }
            | Self::MediaKindUnknown { .. } => Severity::Warning,
            Self::BlankLine
            | Self::PhoneMissing
            | Self::Phone(_)
            | Self::MissingVariables { .. }
            | Self::TooFewColumns { .. }
            | Self::ValueEmpty { .. }
            | Self::LineBreakInValue
            | Self::TabInValue
            | Self::TooManySpaces
            | Self::HeaderTooLong { .. }
            | Self::BodyTooLong { .. }
            | Self::CopyCodeTooLong { .. }
            | Self::OneTimeCodeTooLong { .. }
            | Self::UrlTooLong { .. }
            | Self::UrlNotSuffix { .. }
            | Self::MediaMissing { .. }
            | Self::MediaNotUrl
            | Self::MediaNotHttps
            | Self::MediaNotPublic { .. }
            | Self::MediaSampleHost { .. }
            | Self::MediaWrongKind { .. } => Severity::Error,
        }
    }

    /// What its text names, apart from the place. Numbers and names only: nothing that would need translating.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        let length =
            |chars: &usize, max: &usize| vec![("chars", chars.to_string()), ("max", max.to_string())];
        match self {
            Self::BlankLine
            | Self::PhoneMissing
            | Self::LineBreakInValue
            | Self::TabInValue
            | Self::TooManySpaces
            | Self::CharacterLost
            | Self::AccentsGarbled
            | Self::MediaNotUrl
            | Self::MediaNotHttps => Vec::new(),
            Self::Phone(problem) => problem.arguments(),
            Self::DuplicatePhone { first_row } => vec![("first_row", first_row.to_string())],
            Self::MissingVariables { template, expected } => {
                vec![("template", template.to_string()), ("expected", expected.to_string())]
            }
            Self::TooFewColumns { found, expected } => {
                vec![("found", found.to_string()), ("expected", expected.to_string())]
            }
            Self::ValueEmpty { slot } => vec![("variable", variable(slot))],
            Self::HeaderTooLong { chars, max }
            | Self::BodyTooLong { chars, max }
            | Self::CopyCodeTooLong { chars, max }
            | Self::CopyCodeLong { chars, safe: max }
            | Self::OneTimeCodeTooLong { chars, max }
            | Self::UrlTooLong { chars, max } => length(chars, max),
            Self::UrlNotSuffix { base } => vec![("base", base.clone())],
            Self::MediaMissing { expected } | Self::MediaKindUnknown { expected } => {
                vec![("endings", endings(*expected).to_owned())]
            }
            Self::MediaNotPublic { host } | Self::MediaSampleHost { host } => vec![("host", host.clone())],
            Self::MediaWrongKind { expected, found } => {
                vec![("endings", endings(*expected).to_owned()), ("found", found.clone())]
            }
            Self::MediaNotPdf { found } => vec![("found", found.clone())],
        }
    }
}

/// A slot as the template writes it. Slots without a placeholder have no name of their own: the column tells.
fn variable(slot: &SlotId) -> String {
    match slot {
        SlotId::Body(placeholder) => placeholder.in_braces(),
        SlotId::HeaderText => "{{1}}".to_owned(),
        SlotId::HeaderMedia | SlotId::Button(_) => String::new(),
    }
}

/// The endings that a header of this kind takes.
fn endings(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Image => ".jpg, .jpeg, .png",
        MediaKind::Video => ".mp4, .3gp",
        MediaKind::Document => ".pdf",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::E164;
    use crate::template::Placeholder;

    /// One of each, in the catalogue's order.
    fn all() -> Vec<ProblemKind> {
        let number = |text| E164::parse_exact(text).unwrap();
        vec![
            ProblemKind::BlankLine,
            ProblemKind::PhoneMissing,
            ProblemKind::Phone(PhoneProblem::Scientific),
            ProblemKind::Phone(PhoneProblem::Letters),
            ProblemKind::Phone(PhoneProblem::Character { character: '*' }),
            ProblemKind::Phone(PhoneProblem::Extension),
            ProblemKind::Phone(PhoneProblem::SeveralNumbers),
            ProblemKind::Phone(PhoneProblem::TooShort { digits: 5 }),
            ProblemKind::Phone(PhoneProblem::TooLong { digits: 16 }),
            ProblemKind::Phone(PhoneProblem::NoSuchCountry),
            ProblemKind::Phone(PhoneProblem::NotInCountry { calling_code: 52 }),
            ProblemKind::Phone(PhoneProblem::NoCountryCode { suggestion: number("+525512345678") }),
            ProblemKind::Phone(PhoneProblem::Ambiguous {
                international: number("+6561234567"),
                national: number("+526561234567"),
            }),
            ProblemKind::DuplicatePhone { first_row: RowNumber::new(4) },
            ProblemKind::MissingVariables { template: TemplateName::parse("aviso").unwrap(), expected: 1 },
            ProblemKind::TooFewColumns { found: 2, expected: 4 },
            ProblemKind::ValueEmpty { slot: SlotId::Body(Placeholder::Name("dia".to_owned())) },
            ProblemKind::LineBreakInValue,
            ProblemKind::TabInValue,
            ProblemKind::TooManySpaces,
            ProblemKind::CharacterLost,
            ProblemKind::AccentsGarbled,
            ProblemKind::HeaderTooLong { chars: 61, max: 60 },
            ProblemKind::BodyTooLong { chars: 1025, max: 1024 },
            ProblemKind::CopyCodeTooLong { chars: 21, max: 20 },
            ProblemKind::CopyCodeLong { chars: 16, safe: 15 },
            ProblemKind::OneTimeCodeTooLong { chars: 16, max: 15 },
            ProblemKind::UrlTooLong { chars: 2001, max: 2000 },
            ProblemKind::UrlNotSuffix { base: "https://a.example/".to_owned() },
            ProblemKind::MediaMissing { expected: MediaKind::Image },
            ProblemKind::MediaNotUrl,
            ProblemKind::MediaNotHttps,
            ProblemKind::MediaNotPublic { host: "localhost".to_owned() },
            ProblemKind::MediaSampleHost { host: "scontent.whatsapp.net".to_owned() },
            ProblemKind::MediaWrongKind { expected: MediaKind::Video, found: ".pdf".to_owned() },
            ProblemKind::MediaNotPdf { found: ".docx".to_owned() },
            ProblemKind::MediaKindUnknown { expected: MediaKind::Document },
        ]
    }

    #[test]
    fn the_catalogue_is_complete() {
        let codes: Vec<&str> = all().iter().map(ProblemKind::code).collect();
        assert_eq!(codes, ProblemKind::CODES);
    }

    /// A changed code, severity or argument breaks translations: it has to show in review.
    #[test]
    fn the_catalogue() {
        let lines = all().into_iter().map(|kind| {
            let arguments: Vec<String> =
                kind.arguments().into_iter().map(|(name, value)| format!(" {name}={value}")).collect();
            format!("{} {}{}\n", kind.severity().code(), kind.code(), arguments.concat())
        });
        insta::assert_snapshot!(lines.collect::<String>(), @"
        error blank-line
        error phone.missing
        error phone.scientific
        error phone.letters
        error phone.character character=*
        error phone.extension
        error phone.several
        error phone.too-short digits=5
        error phone.too-long digits=16
        error phone.no-such-country
        error phone.not-in-country calling_code=52
        error phone.no-country-code suggestion=+525512345678
        error phone.ambiguous international=+6561234567 national=+526561234567
        warning phone.duplicate first_row=4
        error missing-variables template=aviso expected=1
        error too-few-columns found=2 expected=4
        error value.empty variable={{dia}}
        error value.line-break
        error value.tab
        error value.spaces
        warning value.character-lost
        warning value.accents-garbled
        error header.too-long chars=61 max=60
        error body.too-long chars=1025 max=1024
        error code.too-long chars=21 max=20
        warning code.long chars=16 max=15
        error one-time-code.too-long chars=16 max=15
        error url.too-long chars=2001 max=2000
        error url.not-suffix base=https://a.example/
        error media.missing endings=.jpg, .jpeg, .png
        error media.not-url
        error media.not-https
        error media.not-public host=localhost
        error media.sample-host host=scontent.whatsapp.net
        error media.wrong-kind endings=.mp4, .3gp found=.pdf
        warning media.not-pdf found=.docx
        warning media.kind-unknown endings=.pdf
        ");
    }
}
