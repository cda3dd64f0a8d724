//! Makes `src/phone/metadata.bin` of rlibphonenumber's own metadata. To be run after an update of that crate:
//!
//! ```text
//! cargo run -p cxconnect-core --example trim_phone_metadata -- \
//!     RLIBPHONENUMBER/src/generated/metadata/metadata.bin crates/core/src/phone/metadata.bin
//! ```

use std::{env, error::Error, fs};

use prost::Message as _;
use rlibphonenumber::{PhoneMetadata, PhoneMetadataCollection};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = env::args().skip(1);
    let (Some(from), Some(to)) = (paths.next(), paths.next()) else {
        return Err("two paths are needed: the whole metadata, and where the trimmed one goes".into());
    };
    let mut all = PhoneMetadataCollection::decode(&*fs::read(from)?)?;
    all.metadata.iter_mut().for_each(trim);
    fs::write(to, all.encode_to_vec())?;
    Ok(())
}

/// Leaves out what only formatting, examples and short numbers need.
#[expect(deprecated, reason = "deprecated for readers behind the library's wrapper, which this is not")]
fn trim(region: &mut PhoneMetadata) {
    region.number_format.clear();
    region.intl_number_format.clear();
    region.emergency = None;
    region.short_code = None;
    region.standard_rate = None;
    region.carrier_specific = None;
    region.sms_services = None;
    let descriptions = [
        &mut region.general_desc,
        &mut region.fixed_line,
        &mut region.mobile,
        &mut region.toll_free,
        &mut region.premium_rate,
        &mut region.shared_cost,
        &mut region.personal_number,
        &mut region.voip,
        &mut region.pager,
        &mut region.uan,
        &mut region.voicemail,
        &mut region.no_international_dialling,
    ];
    for description in descriptions.into_iter().flatten() {
        description.example_number = None;
    }
}
