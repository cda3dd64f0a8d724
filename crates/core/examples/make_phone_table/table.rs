//! From the metadata to the table's bytes.

use crate::{automaton, encode, metadata, prefixes::Prefixes};

pub fn make() -> Vec<u8> {
    let codes = metadata::read();
    let mut prefixes = Prefixes::new();
    let rules: Vec<u8> =
        codes.iter().flat_map(|code| &code.regions).map(|region| prefixes.rule_of(region)).collect();
    let mut automaton = automaton::make(&codes);
    let root = prefixes.root(&mut automaton.nodes);
    encode::encode(&codes, &rules, &automaton, root)
}
