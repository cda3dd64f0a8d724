//! Why a text is not a phone number that can be sent to.

use crate::phone::E164;

/// What is wrong with a phone cell. All of these keep the row from being sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PhoneProblem {
    /// `5.25512E+11`: a spreadsheet rounded the number when it was saved, so its last digits are lost.
    #[error("scientific notation: the spreadsheet lost the last digits")]
    Scientific,
    /// It has letters.
    #[error("there are letters in it")]
    Letters,
    /// A character that phone numbers don't have.
    #[error("the character {character:?} is not part of a phone number")]
    Character {
        /// The first such character.
        character: char,
    },
    /// An extension, which WhatsApp can't reach.
    #[error("it has an extension")]
    Extension,
    /// More than one number.
    #[error("there is more than one number in it")]
    SeveralNumbers,
    /// Too few digits for a phone number of the country it begins with, or of any.
    #[error("{digits} digits are too few")]
    TooShort {
        /// How many there are.
        digits: usize,
    },
    /// Too many digits for a phone number of the country it begins with, or of any.
    #[error("{digits} digits are too many")]
    TooLong {
        /// How many there are.
        digits: usize,
    },
    /// It begins with no country's code.
    #[error("it begins with no country's code")]
    NoSuchCountry,
    /// The country has no such number.
    #[error("the country +{calling_code} has no such number")]
    NotInCountry {
        /// The country code it begins with.
        calling_code: u16,
    },
    /// It is a number of the default country, without the country code.
    #[error("the country code is missing: {suggestion}")]
    NoCountryCode {
        /// The number with the country code.
        suggestion: E164,
    },
    /// The same digits are a number abroad and, without country code, one of the default country.
    #[error("it can be {international} or {national}")]
    Ambiguous {
        /// Read as written, from the country code on.
        international: E164,
        /// Read as a number of the default country.
        national: E164,
    },
}

impl PhoneProblem {
    /// Its stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Scientific => "phone.scientific",
            Self::Letters => "phone.letters",
            Self::Character { .. } => "phone.character",
            Self::Extension => "phone.extension",
            Self::SeveralNumbers => "phone.several",
            Self::TooShort { .. } => "phone.too-short",
            Self::TooLong { .. } => "phone.too-long",
            Self::NoSuchCountry => "phone.no-such-country",
            Self::NotInCountry { .. } => "phone.not-in-country",
            Self::NoCountryCode { .. } => "phone.no-country-code",
            Self::Ambiguous { .. } => "phone.ambiguous",
        }
    }

    /// What its text names.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Scientific
            | Self::Letters
            | Self::Extension
            | Self::SeveralNumbers
            | Self::NoSuchCountry => Vec::new(),
            Self::Character { character } => vec![("character", character.to_string())],
            Self::TooShort { digits } | Self::TooLong { digits } => vec![("digits", digits.to_string())],
            Self::NotInCountry { calling_code } => vec![("calling_code", calling_code.to_string())],
            Self::NoCountryCode { suggestion } => vec![("suggestion", suggestion.to_string())],
            Self::Ambiguous { international, national } => {
                vec![("international", international.to_string()), ("national", national.to_string())]
            }
        }
    }
}
