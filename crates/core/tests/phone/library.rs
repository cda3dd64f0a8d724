//! What the library says.

use rlibphonenumber::{
    PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType, Region, get_national_significant_number_owned,
};

/// The number with these parts, as the library holds it.
pub fn number(calling_code: u16, national: &str) -> PhoneNumber {
    let mut number = PhoneNumber {
        country_code: i32::from(calling_code),
        national_number: national.parse().unwrap(),
        ..PhoneNumber::default()
    };
    // The library's convention: leading zeros are counted apart, the last digit never among them.
    let zeros = national.bytes().take_while(|&digit| digit == b'0').count().min(national.len() - 1);
    if 0 < zeros {
        number.italian_leading_zero = Some(true);
        number.number_of_leading_zeros = Some(i32::try_from(zeros).unwrap());
    }
    number
}

/// `+5255…`
pub fn e164(number: &PhoneNumber) -> String {
    format!("+{}{}", number.country_code, get_national_significant_number_owned(number))
}

/// What the library reads in a text, if that is a valid number.
pub fn read(text: &str, region: Option<Region>) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(text, region).ok().filter(|number| PHONE_NUMBER_UTIL.is_valid_number(number))
}

/// All regions, in a fixed order.
pub fn regions() -> Vec<Region> {
    let mut regions: Vec<Region> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(ToString::to_string);
    regions
}

pub const TYPES: [PhoneNumberType; 10] = [
    PhoneNumberType::FixedLine,
    PhoneNumberType::Mobile,
    PhoneNumberType::TollFree,
    PhoneNumberType::PremiumRate,
    PhoneNumberType::SharedCost,
    PhoneNumberType::PersonalNumber,
    PhoneNumberType::VoIP,
    PhoneNumberType::Pager,
    PhoneNumberType::UAN,
    PhoneNumberType::VoiceMail,
];
