//! Countries.

use std::fmt;

use crate::phone::{
    E164,
    table::{CallingCode, PrefixRules, Region, table},
};

/// A country with phone numbers of its own, by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Country {
    letters: [u8; 2],
    calling_code: u16,
    /// The calling code's digits, and how many they are.
    code_digits: [u8; 3],
    n_code_digits: u8,
    /// Which of the calling code's regions it is.
    pub(super) index: u8,
    pub(super) prefixes: PrefixRules,
}

impl Country {
    /// Reads `MX`, ignoring case and blanks around it; `None` if there is no such country.
    pub fn parse(text: &str) -> Option<Self> {
        let letters: [u8; 2] = text.trim().as_bytes().try_into().ok()?;
        let letters = letters.map(|letter| letter.to_ascii_uppercase());
        if !letters.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let (code, index) = table().region(letters)?;
        let region = *table().regions_of(code).get(usize::from(index))?;
        Some(Self::new(code, index, region))
    }

    /// The country of a number; `None` for numbers that are no country's, such as satellite phones. A good default where
    /// the settings name none: the country of the number that sends.
    pub fn of(number: &E164) -> Option<Self> {
        let digits = number.digits();
        let digits = digits.as_str().as_bytes();
        let code = table().code(digits)?;
        let index = match table().number(digits) {
            Some(found) => found.verdict.region,
            // A country that shares its code with none has the invalid ones too, such as Mexico's with the old 1.
            None if code.n_regions == 1 => 0,
            None => return None,
        };
        let region = *table().regions_of(code).get(usize::from(index))?;
        region.letters.iter().all(u8::is_ascii_uppercase).then(|| Self::new(code, index, region))
    }

    fn new(code: &CallingCode, index: u8, region: Region) -> Self {
        Self {
            letters: region.letters,
            calling_code: code.value,
            code_digits: code.digits(),
            n_code_digits: code.n_digits(),
            index,
            prefixes: region.prefixes,
        }
    }

    /// `MX`
    pub fn as_str(&self) -> &str {
        // Two ASCII letters by construction, so the fallback is never taken.
        str::from_utf8(&self.letters).unwrap_or_default()
    }

    /// What its numbers begin with: 52 for Mexico. Several countries can share one.
    pub fn calling_code(&self) -> u16 {
        self.calling_code
    }

    /// Whether the number begins with this country's calling code.
    pub fn owns(&self, number: &E164) -> bool {
        self.begins(number.digits().as_str().as_bytes())
    }

    /// Whether the digits begin with its calling code. Since the codes are free of prefixes, they begin with no other then.
    pub(super) fn begins(&self, digits: &[u8]) -> bool {
        digits.starts_with(self.code_digits())
    }

    /// Its calling code's digits.
    pub(super) fn code_digits(&self) -> &[u8] {
        self.code_digits.get(..usize::from(self.n_code_digits)).unwrap_or_default()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Country({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_tells_its_country() {
        let of = |text| Country::of(&E164::parse_exact(text).unwrap());
        assert_eq!(of("+525512345678"), Country::parse("MX"));
        assert_eq!(of("+18095551234"), Country::parse("DO"));
        assert_eq!(of("+5215512345678"), Country::parse("MX"));
        assert_eq!(of("+80012345678"), None);
        assert_eq!(of("+99912345678"), None);
    }

    #[test]
    fn a_country_is_known_by_its_two_letters() {
        let mexico = Country::parse(" mx ").unwrap();
        assert_eq!((mexico.as_str(), mexico.calling_code()), ("MX", 52));
        for text in ["", "M", "MEX", "ZZ", "52", "ñ", "001", "00"] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_country_owns_what_begins_with_its_calling_code() {
        let owns = |country, text| Country::parse(country).unwrap().owns(&E164::parse_exact(text).unwrap());
        assert!(owns("MX", "+525512345678"));
        assert!(owns("DO", "+12025550123"));
        assert!(!owns("PE", "+525512345678"));
        // 5 alone is no code, and neither is 510 one of Peru's.
        assert!(owns("PE", "+51012345678"));
    }
}
