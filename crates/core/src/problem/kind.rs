//! The catalogue of what can be wrong with a row.

use crate::{
    phone::{E164, PhoneProblem, Rewriting},
    problem::{Repair, Severity},
    template::{MediaKind, SlotId, TemplateName},
};

/// What is wrong. The rules V… are those of Meta's documentation as collected in the project's rule table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// A line without data between lines with data.
    BlankLine,
    /// The row is the downloadable format's own example: its phone is somebody's.
    ExampleRow,
    /// There is no phone.
    PhoneMissing,
    /// The phone is no number that can be sent to (V13).
    Phone(PhoneProblem),
    /// The number is sent to in another form than it is written.
    PhoneRewritten {
        /// What was done.
        rewriting: Rewriting,
        /// The number as it is sent to.
        after: E164,
    },
    /// The agent has accepted that the default country's code be put before it.
    CountryCodeAdded {
        /// The number as it is sent to.
        after: E164,
    },
    /// A fixed line, which seldom has WhatsApp.
    Landline,
    /// A toll-free, premium or service number.
    NotMobile,
    /// The number is on the account's opt-out list: nothing is sent to it.
    OptedOut,
    /// Meta delivers no marketing templates to numbers of the United States (V14).
    UsMarketing,
    /// The same recipient as in an earlier row (V15). Which one changes with each edit, so
    /// [`Checked::arguments`](crate::check::Checked::arguments) names it.
    DuplicatePhone {
        /// Whether the agent has chosen to send to it all the same.
        is_included: bool,
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
    /// A spreadsheet's error in place of a value: `#N/A`, `#¡REF!`.
    FormulaError,
    /// Bytes that are no character in the encoding by which the file was read.
    Undecodable {
        /// The first of them.
        byte: u8,
        /// The character of the line, from 1.
        character: usize,
        /// Whether the cell is part of the message.
        is_sent: bool,
    },
    /// Invisible characters were taken out of a value.
    ValueCleaned,
    /// Line breaks, tabs and runs of blanks were made one blank each, as the agent has accepted.
    BlanksCollapsed,
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
    /// The image is larger than recommended.
    MediaTooWide {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// The file is heavier than recommended.
    MediaHeavy {
        /// Its size.
        kilobytes: u64,
    },
    /// The file is heavier than WhatsApp takes (V10).
    MediaTooHeavy {
        /// Its size, rounded up.
        megabytes: u64,
        /// The most there may be.
        max_megabytes: u64,
    },
    /// The image can't be opened from here.
    MediaNotOpened,
    /// How heavy the file is could not be found out.
    MediaNotWeighed,
}

impl ProblemKind {
    /// All codes: each needs `problem.<code>.reason` and `problem.<code>.fix` in every language.
    pub const CODES: &[&str] = &[
        "blank-line",
        "example-row",
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
        "phone.rewritten.format",
        "phone.rewritten.mexico-one",
        "phone.rewritten.brazil-ninth",
        "phone.rewritten.argentina-fifteen",
        "phone.rewritten.trunk-prefix",
        "phone.country-code-added",
        "phone.landline",
        "phone.not-mobile",
        "phone.opted-out",
        "phone.us-marketing",
        "phone.duplicate",
        "phone.duplicate-included",
        "missing-variables",
        "too-few-columns",
        "value.empty",
        "value.formula-error",
        "value.undecodable",
        "value.cleaned",
        "value.collapsed",
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
        "media.too-wide",
        "media.heavy",
        "media.too-heavy",
        "media.not-opened",
        "media.not-weighed",
    ];

    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BlankLine => "blank-line",
            Self::ExampleRow => "example-row",
            Self::PhoneMissing => "phone.missing",
            Self::Phone(problem) => problem.code(),
            Self::PhoneRewritten { rewriting, .. } => match rewriting {
                Rewriting::Format => "phone.rewritten.format",
                Rewriting::MexicoOne => "phone.rewritten.mexico-one",
                Rewriting::BrazilNinth => "phone.rewritten.brazil-ninth",
                Rewriting::ArgentinaFifteen => "phone.rewritten.argentina-fifteen",
                Rewriting::TrunkPrefix => "phone.rewritten.trunk-prefix",
            },
            Self::CountryCodeAdded { .. } => "phone.country-code-added",
            Self::Landline => "phone.landline",
            Self::NotMobile => "phone.not-mobile",
            Self::OptedOut => "phone.opted-out",
            Self::UsMarketing => "phone.us-marketing",
            Self::DuplicatePhone { is_included: false } => "phone.duplicate",
            Self::DuplicatePhone { is_included: true } => "phone.duplicate-included",
            Self::MissingVariables { .. } => "missing-variables",
            Self::TooFewColumns { .. } => "too-few-columns",
            Self::ValueEmpty { .. } => "value.empty",
            Self::FormulaError => "value.formula-error",
            Self::Undecodable { .. } => "value.undecodable",
            Self::ValueCleaned => "value.cleaned",
            Self::BlanksCollapsed => "value.collapsed",
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
            Self::MediaTooWide { .. } => "media.too-wide",
            Self::MediaHeavy { .. } => "media.heavy",
            Self::MediaTooHeavy { .. } => "media.too-heavy",
            Self::MediaNotOpened => "media.not-opened",
            Self::MediaNotWeighed => "media.not-weighed",
        }
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        match self {
            Self::PhoneRewritten { .. }
            | Self::CountryCodeAdded { .. }
            | Self::ValueCleaned
            | Self::BlanksCollapsed
            | Self::MediaNotWeighed => Severity::Info,
            Self::ExampleRow
            | Self::DuplicatePhone { .. }
            | Self::Landline
            | Self::NotMobile
            | Self::OptedOut
            | Self::UsMarketing
            | Self::Undecodable { is_sent: false, .. }
            | Self::CharacterLost
            | Self::AccentsGarbled
            | Self::CopyCodeLong { .. }
            | Self::MediaNotPdf { .. }
            | Self::MediaKindUnknown { .. }
            | Self::MediaTooWide { .. }
            | Self::MediaHeavy { .. }
            | Self::MediaNotOpened => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Whether the row is left out for it, without keeping the others waiting.
    pub fn excludes(&self) -> bool {
        matches!(self, Self::OptedOut | Self::UsMarketing | Self::DuplicatePhone { is_included: false })
    }

    /// Whether it only says that something isn't there yet.
    pub fn is_missing(&self) -> bool {
        matches!(
            self,
            Self::PhoneMissing
                | Self::MissingVariables { .. }
                | Self::TooFewColumns { .. }
                | Self::ValueEmpty { .. }
                | Self::MediaMissing { .. }
        )
    }

    /// What there is to do, together with all others of its sort.
    pub fn repair(&self) -> Repair {
        match self {
            Self::BlankLine => Repair::BlankLines,
            Self::Phone(PhoneProblem::NoCountryCode { .. }) => Repair::CountryCodes,
            Self::PhoneMissing | Self::Phone(_) => Repair::Phones,
            Self::MissingVariables { .. } | Self::TooFewColumns { .. } | Self::ValueEmpty { .. } => {
                Repair::Values
            }
            Self::LineBreakInValue | Self::TabInValue | Self::TooManySpaces => Repair::Blanks,
            Self::HeaderTooLong { .. }
            | Self::BodyTooLong { .. }
            | Self::CopyCodeTooLong { .. }
            | Self::CopyCodeLong { .. }
            | Self::OneTimeCodeTooLong { .. }
            | Self::UrlTooLong { .. } => Repair::Lengths,
            Self::FormulaError
            | Self::Undecodable { .. }
            | Self::CharacterLost
            | Self::AccentsGarbled
            | Self::UrlNotSuffix { .. } => Repair::Texts,
            Self::MediaMissing { .. }
            | Self::MediaNotUrl
            | Self::MediaNotHttps
            | Self::MediaNotPublic { .. }
            | Self::MediaSampleHost { .. }
            | Self::MediaWrongKind { .. }
            | Self::MediaNotPdf { .. }
            | Self::MediaKindUnknown { .. }
            | Self::MediaTooWide { .. }
            | Self::MediaHeavy { .. }
            | Self::MediaTooHeavy { .. }
            | Self::MediaNotOpened
            | Self::MediaNotWeighed => Repair::Media,
            Self::DuplicatePhone { .. } => Repair::Duplicates,
            Self::OptedOut | Self::UsMarketing => Repair::Excluded,
            Self::ExampleRow | Self::Landline | Self::NotMobile => Repair::Review,
            Self::PhoneRewritten { .. }
            | Self::CountryCodeAdded { .. }
            | Self::ValueCleaned
            | Self::BlanksCollapsed => Repair::Changes,
        }
    }

    /// What its text names, apart from the place. Numbers and names only: nothing that would need translating.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        let length =
            |chars: &usize, max: &usize| vec![("chars", chars.to_string()), ("max", max.to_string())];
        match self {
            Self::BlankLine
            | Self::ExampleRow
            | Self::PhoneMissing
            | Self::LineBreakInValue
            | Self::TabInValue
            | Self::TooManySpaces
            | Self::CharacterLost
            | Self::AccentsGarbled
            | Self::MediaNotUrl
            | Self::MediaNotHttps
            | Self::Landline
            | Self::NotMobile
            | Self::OptedOut
            | Self::UsMarketing
            | Self::DuplicatePhone { .. }
            | Self::FormulaError
            | Self::ValueCleaned
            | Self::BlanksCollapsed
            | Self::MediaNotOpened
            | Self::MediaNotWeighed => Vec::new(),
            Self::Phone(problem) => problem.arguments(),
            Self::PhoneRewritten { after, .. } | Self::CountryCodeAdded { after } => {
                vec![("after", after.to_string())]
            }
            Self::Undecodable { byte, character, .. } => {
                vec![("byte", format!("0x{byte:02X}")), ("character", character.to_string())]
            }
            Self::MediaTooWide { width, height } => {
                vec![("width", width.to_string()), ("height", height.to_string())]
            }
            Self::MediaHeavy { kilobytes } => vec![("kilobytes", kilobytes.to_string())],
            Self::MediaTooHeavy { megabytes, max_megabytes } => {
                vec![("megabytes", megabytes.to_string()), ("max", max_megabytes.to_string())]
            }
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
            ProblemKind::ExampleRow,
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
            ProblemKind::PhoneRewritten { rewriting: Rewriting::Format, after: number("+525512345678") },
            ProblemKind::PhoneRewritten { rewriting: Rewriting::MexicoOne, after: number("+525512345678") },
            ProblemKind::PhoneRewritten {
                rewriting: Rewriting::BrazilNinth,
                after: number("+5511987654321"),
            },
            ProblemKind::PhoneRewritten {
                rewriting: Rewriting::ArgentinaFifteen,
                after: number("+5491123456789"),
            },
            ProblemKind::PhoneRewritten { rewriting: Rewriting::TrunkPrefix, after: number("+593987654321") },
            ProblemKind::CountryCodeAdded { after: number("+525512345678") },
            ProblemKind::Landline,
            ProblemKind::NotMobile,
            ProblemKind::OptedOut,
            ProblemKind::UsMarketing,
            ProblemKind::DuplicatePhone { is_included: false },
            ProblemKind::DuplicatePhone { is_included: true },
            ProblemKind::MissingVariables { template: TemplateName::parse("aviso").unwrap(), expected: 1 },
            ProblemKind::TooFewColumns { found: 2, expected: 4 },
            ProblemKind::ValueEmpty { slot: SlotId::Body(Placeholder::Name("dia".to_owned())) },
            ProblemKind::FormulaError,
            ProblemKind::Undecodable { byte: 0xe9, character: 18, is_sent: true },
            ProblemKind::ValueCleaned,
            ProblemKind::BlanksCollapsed,
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
            ProblemKind::MediaTooWide { width: 1600, height: 900 },
            ProblemKind::MediaHeavy { kilobytes: 600 },
            ProblemKind::MediaTooHeavy { megabytes: 6, max_megabytes: 5 },
            ProblemKind::MediaNotOpened,
            ProblemKind::MediaNotWeighed,
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
        warning example-row
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
        info phone.rewritten.format after=+525512345678
        info phone.rewritten.mexico-one after=+525512345678
        info phone.rewritten.brazil-ninth after=+5511987654321
        info phone.rewritten.argentina-fifteen after=+5491123456789
        info phone.rewritten.trunk-prefix after=+593987654321
        info phone.country-code-added after=+525512345678
        warning phone.landline
        warning phone.not-mobile
        warning phone.opted-out
        warning phone.us-marketing
        warning phone.duplicate
        warning phone.duplicate-included
        error missing-variables template=aviso expected=1
        error too-few-columns found=2 expected=4
        error value.empty variable={{dia}}
        error value.formula-error
        error value.undecodable byte=0xE9 character=18
        info value.cleaned
        info value.collapsed
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
        warning media.too-wide width=1600 height=900
        warning media.heavy kilobytes=600
        error media.too-heavy megabytes=6 max=5
        warning media.not-opened
        info media.not-weighed
        ");
    }
}
