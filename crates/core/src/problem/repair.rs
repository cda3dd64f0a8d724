//! What there is to do about problems, so that a thousand of them read as a few jobs.

/// A job: everything that is mended in the same way. Its texts are `repair.<code>`, by count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    /// Phones that are no numbers.
    Phones,
    /// Phones without country code, which can be accepted with the default country's.
    CountryCodes,
    /// Values that are missing.
    Values,
    /// Line breaks, tabs and runs of blanks, which can be made one blank each.
    Blanks,
    /// Texts that are too long.
    Lengths,
    /// Texts that were damaged before.
    Texts,
    /// Images, videos, documents.
    Media,
    /// Blank lines.
    BlankLines,
    /// The same person more than once.
    Duplicates,
    /// People to whom nothing may be sent.
    Excluded,
    /// What may be meant so, or not: numbers that may have no WhatsApp, the example row.
    Review,
    /// What was mended already.
    Changes,
}

impl Repair {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 12] = [
        Self::Phones,
        Self::CountryCodes,
        Self::Values,
        Self::Blanks,
        Self::Lengths,
        Self::Texts,
        Self::Media,
        Self::BlankLines,
        Self::Duplicates,
        Self::Excluded,
        Self::Review,
        Self::Changes,
    ];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phones => "phones",
            Self::CountryCodes => "country-codes",
            Self::Values => "values",
            Self::Blanks => "blanks",
            Self::Lengths => "lengths",
            Self::Texts => "texts",
            Self::Media => "media",
            Self::BlankLines => "blank-lines",
            Self::Duplicates => "duplicates",
            Self::Excluded => "excluded",
            Self::Review => "review",
            Self::Changes => "changes",
        }
    }
}
