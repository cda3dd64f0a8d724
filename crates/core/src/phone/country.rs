//! Countries.

use std::fmt;

use rlibphonenumber::Region;

use crate::phone::{E164, library::LIBRARY};

/// A country with phone numbers of its own, by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Country {
    code: [u8; 2],
    region: Region,
    calling_code: u16,
}

impl Country {
    /// Reads `MX`, ignoring case and blanks around it; `None` if there is no such country.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_uppercase();
        let code = <[u8; 2]>::try_from(text.as_bytes()).ok()?;
        if !code.iter().all(u8::is_ascii_uppercase) {
            return None;
        }
        let region = Region::from_code(&text).ok()?;
        let calling_code = LIBRARY.get_country_code_for_region(region)?;
        Some(Self { code, region, calling_code: u16::try_from(calling_code).ok()? })
    }

    /// The country of a number; `None` for numbers that are no country's, such as satellite phones. A good default where
    /// the settings name none: the country of the number that sends.
    pub fn of(number: &E164) -> Option<Self> {
        let number = LIBRARY.parse(number.as_str(), None).ok()?;
        let region = LIBRARY.get_region_for_number(&number)?;
        Self::parse(&region.to_string())
    }

    /// `MX`
    pub fn as_str(&self) -> &str {
        // Two ASCII letters by construction, so the fallback is never taken.
        str::from_utf8(&self.code).unwrap_or_default()
    }

    /// What its numbers begin with: 52 for Mexico. Several countries can share one.
    pub fn calling_code(&self) -> u16 {
        self.calling_code
    }

    /// Whether the number begins with this country's calling code.
    pub fn owns(&self, number: &E164) -> bool {
        let digits = number.digits();
        digits.get(..super::metadata::calling_code_length(digits)).and_then(|code| code.parse().ok())
            == Some(self.calling_code)
    }

    pub(super) fn region(self) -> Region {
        self.region
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
        assert_eq!(of("+80012345678"), None);
    }

    #[test]
    fn a_country_is_known_by_its_two_letters() {
        let mexico = Country::parse(" mx ").unwrap();
        assert_eq!((mexico.as_str(), mexico.calling_code()), ("MX", 52));
        for text in ["", "M", "MEX", "ZZ", "52", "ñ", "001"] {
            assert_eq!(Country::parse(text), None, "{text}");
        }
    }
}
