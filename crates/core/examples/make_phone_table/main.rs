//! Makes `src/phone/table.bin` of the metadata of libphonenumber, as rlibphonenumber carries it. To be run after an update
//! of that crate, from the workspace's root:
//!
//! ```text
//! cargo run -p cxconnect-core --example make_phone_table
//! ```
//!
//! A test of core compares the file with what would be made now.

mod automaton;
mod encode;
mod metadata;
mod prefixes;
mod table;

use std::{error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let bytes = table::make();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/phone/table.bin");
    fs::write(path, &bytes)?;
    println!("{} bytes", bytes.len());
    Ok(())
}
