//! Writes `requirements.json`, which the package carries, as the schema has it.

use std::fs;

fn main() -> Result<(), std::io::Error> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../requirements.json");
    fs::write(path, format!("{:#}\n", cxconnect_ledger::schema::requirements()))
}
