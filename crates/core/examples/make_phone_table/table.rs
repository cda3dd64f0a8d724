//! From the metadata to the table's bytes.

use crate::{automaton, encode, metadata, prefixes::Prefixes};

pub fn make() -> Vec<u8> {
    let codes = metadata::read();
    let mut prefixes = Prefixes::new();
    let regions = || codes.iter().flat_map(|code| &code.regions);
    let mut rules: Vec<u8> = regions().map(|region| prefixes.within(region)).collect();
    rules.extend(regions().map(|region| prefixes.abroad(region)));
    let mut automaton = automaton::make(&codes);
    let root = prefixes.root(&mut automaton.nodes);
    encode::encode(&codes, &rules, &automaton, root)
}
