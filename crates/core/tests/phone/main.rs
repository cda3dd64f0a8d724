//! The phone table against libphonenumber itself (as rlibphonenumber has it), which judges every number here a second
//! time.
//!
//! Every run compares a few thousand numbers for each country. To compare a million for each country of Latin America
//! and 200,000 for each other one, which takes half an hour:
//!
//! ```text
//! CXCONNECT_NUMBERS=1000000 CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo test -p cxconnect-core --test phone
//! ```

// What makes the table, so that it can be made again, and numbers be drawn from it.
#[path = "../../examples/make_phone_table/automaton.rs"]
mod automaton;
#[path = "../../examples/make_phone_table/encode.rs"]
mod encode;
#[path = "../../examples/make_phone_table/metadata.rs"]
mod metadata;
#[path = "../../examples/make_phone_table/prefixes.rs"]
mod prefixes;
#[path = "../../examples/make_phone_table/table.rs"]
mod table;

mod draw;
mod forms;
mod library;
mod national;
mod verdicts;

#[test]
fn the_table_is_what_the_metadata_says_today() {
    assert!(table::make() == include_bytes!("../../src/phone/table.bin"), "run the example make_phone_table");
}
