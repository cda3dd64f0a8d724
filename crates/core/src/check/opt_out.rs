//! The people who don't want messages: a list that the account keeps in its settings for now.

use crate::phone::{self, Country};

/// Numbers to which nothing is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptOuts {
    /// In the form in which numbers that reach the same person are equal, sorted.
    keys: Vec<u64>,
    unreadable: Vec<String>,
}

impl OptOuts {
    /// Reads a list: numbers one a line, or parted by `,` or `;`. A number without country code is taken for one of
    /// `default`: on this list too much harms less than too little.
    pub fn parse(text: &str, default: Option<&Country>) -> Self {
        let mut opt_outs = Self::default();
        let entries = text.split(['\n', '\r', ',', ';']).map(str::trim).filter(|entry| !entry.is_empty());
        for entry in entries {
            use phone::PhoneProblem::{Ambiguous, NoCountryCode};
            match phone::read(entry, default) {
                Ok(phone) => opt_outs.keys.push(phone::comparable_key(&phone.number)),
                Err(NoCountryCode { suggestion }) => opt_outs.keys.push(phone::comparable_key(&suggestion)),
                Err(Ambiguous { international, national }) => {
                    opt_outs
                        .keys
                        .extend([international, national].map(|number| phone::comparable_key(&number)));
                }
                Err(_) => opt_outs.unreadable.push(entry.to_owned()),
            }
        }
        opt_outs.keys.sort_unstable();
        opt_outs.keys.dedup();
        opt_outs
    }

    /// Whether this number is on the list.
    pub fn has(&self, number: &phone::E164) -> bool {
        !self.keys.is_empty() && self.keys.binary_search(&phone::comparable_key(number)).is_ok()
    }

    /// The entries that are no numbers: they protect nobody, so somebody has to look at them.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// How many numbers there are.
    pub fn n_numbers(&self) -> usize {
        self.keys.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phone::E164;

    #[test]
    fn numbers_are_found_however_they_are_written() {
        let opt_outs = OptOuts::parse(
            "525512345678, 5215512345679\n5512345670;\n\n+54 11 2345-6789\nAna",
            Country::parse("MX").as_ref(),
        );
        let has = |text| opt_outs.has(&E164::parse_exact(text).unwrap());
        assert!(has("+525512345678") && has("+525512345679") && has("+525512345670"));
        assert!(has("+5491123456789"), "the same person with Argentina's 9");
        assert!(!has("+525512345671"));
        assert_eq!((opt_outs.n_numbers(), opt_outs.unreadable()), (4, &["Ana".to_owned()][..]));
    }
}
