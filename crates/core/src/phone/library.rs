//! Google's phone library, with the part of its metadata that deciding needs.
//!
//! Formats, example numbers and emergency numbers are left out: half of the bytes. `examples/trim_phone_metadata.rs`
//! makes the file of the library's own, and a test compares the verdicts of both.

use std::sync::LazyLock;

use prost::Message as _;
use rlibphonenumber::{PhoneMetadataCollection, PhoneNumberUtil};

/// Derived from libphonenumber's metadata (Apache-2.0), as rlibphonenumber 2.2.15 carries it.
const METADATA: &[u8] = include_bytes!("metadata.bin");

/// The library. The first use unpacks the metadata.
pub(super) static LIBRARY: LazyLock<PhoneNumberUtil> = LazyLock::new(|| {
    let metadata = PhoneMetadataCollection::decode(METADATA).unwrap_or_default();
    PhoneNumberUtil::new_for_metadata(metadata).expect("regions the library knows") // ok: a test reads these bytes
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberType};

    use super::*;

    const TYPES: [PhoneNumberType; 10] = [
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

    fn assert_same(number: &PhoneNumber) {
        let whole = &*PHONE_NUMBER_UTIL;
        assert_eq!(LIBRARY.is_valid_number(number), whole.is_valid_number(number), "{number:?}");
        assert_eq!(LIBRARY.get_number_type(number), whole.get_number_type(number), "{number:?}");
        assert_eq!(
            LIBRARY.is_possible_number_with_reason(number),
            whole.is_possible_number_with_reason(number),
            "{number:?}"
        );
        assert_eq!(LIBRARY.get_region_for_number(number), whole.get_region_for_number(number), "{number:?}");
    }

    #[test]
    fn every_regions_example_numbers_are_judged_as_by_the_whole_metadata() {
        let mut n_compared = 0;
        for region in PHONE_NUMBER_UTIL.get_supported_regions() {
            for kind in TYPES {
                if let Ok(number) = PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(region, kind) {
                    assert_same(&number);
                    n_compared += 1;
                }
            }
        }
        assert!(500 < n_compared, "{n_compared}");
    }

    proptest! {
        #[test]
        fn so_are_numbers_of_any_digits(
            code in prop::sample::select(PHONE_NUMBER_UTIL.get_supported_calling_codes().collect::<Vec<_>>()),
            national in 100_000..9_999_999_999_999u64,
        ) {
            assert_same(&PhoneNumber { country_code: code, national_number: national, ..PhoneNumber::default() });
        }
    }
}
