//! The table's bytes. `src/phone/table.rs` reads them and says what they are.

use std::collections::{HashMap, HashSet};

use crate::{
    automaton::{Automaton, DEAD, Node, NodeId},
    metadata::CallingCode,
};

/// A run of digits that lead to the same node is one byte: how many digits, then what they lead to.
mod token {
    pub const DEAD: u8 = 0;
    pub const NEW: u8 = 1;
    pub const SHARED: u8 = 2;
    pub const FIRST_AGAIN: u8 = 3;
    pub const NEW_SHARED: u8 = 13;
    pub const LEAF: u8 = 0xf0;
}

/// `rules` are the prefix rules of all regions, in the order of the codes: first for within, then for abroad.
pub fn encode(codes: &[CallingCode], rules: &[u8], automaton: &Automaton, prefixes: NodeId) -> Vec<u8> {
    let nodes = Encoded::new(automaton, [automaton.root, prefixes]);
    let mut out = Vec::new();
    for count in [
        codes.len(),
        rules.len() / 2,
        automaton.verdicts.len(),
        nodes.tokens.len(),
        nodes.leaves.len(),
        nodes.places.len(),
    ] {
        out.extend(u16::try_from(count).unwrap().to_le_bytes());
    }
    let mut previous = 0;
    for code in codes {
        out.push(u8::try_from(code.value - previous).unwrap());
        previous = code.value;
    }
    out.extend(codes.iter().map(|code| code.lengths.0 << 4 | code.lengths.1.min(15)));
    out.extend(codes.iter().map(|code| u8::try_from(code.regions.len()).unwrap()));
    let regions = || codes.iter().flat_map(|code| &code.regions);
    out.extend(regions().map(|region| region.id[0]));
    out.extend(regions().map(|region| region.id[1]));
    out.extend(rules);
    out.extend(automaton.verdicts.iter().map(|verdict| verdict.kind));
    out.extend(automaton.verdicts.iter().map(|verdict| verdict.region));
    out.extend(automaton.verdicts.iter().flat_map(|verdict| verdict.regions.to_le_bytes()));
    out.extend(nodes.tokens);
    out.extend(nodes.leaves);
    out.extend(nodes.places.iter().map(|place| place.to_le_bytes()[0]));
    out.extend(nodes.places.iter().map(|place| place.to_le_bytes()[1]));
    out
}

/// Nodes in the order in which they are first led to, breadth first: a node that is new needs no number.
struct Encoded {
    tokens: Vec<u8>,
    leaves: Vec<u8>,
    /// How long ago a shared node was last led to, counted in shared nodes.
    places: Vec<u16>,
}

impl Encoded {
    fn new(automaton: &Automaton, roots: [NodeId; 2]) -> Self {
        let shared = shared(automaton, roots);
        let mut encoded = Self { tokens: Vec::new(), leaves: Vec::new(), places: Vec::new() };
        let mut queue = roots.to_vec();
        let mut known: HashSet<NodeId> = roots.into_iter().collect();
        let mut recent: Vec<NodeId> = Vec::new();
        let mut at = 0;
        while let Some(&id) = queue.get(at) {
            at += 1;
            let node = automaton.nodes.get(id);
            if node.leaf != 0 {
                encoded.tokens.push(token::LEAF);
                encoded.leaves.push(u8::try_from(node.leaf).unwrap());
            }
            let mut targets: Vec<NodeId> = Vec::new();
            for (target, length, is_last) in runs(node) {
                let kind = if target == DEAD {
                    token::DEAD
                } else if let Some(slot) = targets.iter().position(|&it| it == target) {
                    token::FIRST_AGAIN + u8::try_from(slot).unwrap()
                } else {
                    targets.push(target);
                    if known.insert(target) {
                        queue.push(target);
                        if shared.contains(&target) {
                            recent.push(target);
                            token::NEW_SHARED
                        } else {
                            token::NEW
                        }
                    } else {
                        let place = recent.iter().rev().position(|&it| it == target).unwrap();
                        encoded.places.push(u16::try_from(place).unwrap());
                        recent.remove(recent.len() - 1 - place);
                        recent.push(target);
                        token::SHARED
                    }
                };
                encoded.tokens.push(kind | if is_last { 0 } else { length << 4 });
            }
        }
        encoded
    }
}

/// Stretches of digits that lead to the same node: the node, how many, whether they are the last.
fn runs(node: &Node) -> Vec<(NodeId, u8, bool)> {
    let mut runs: Vec<(NodeId, u8, bool)> = Vec::new();
    for &target in &node.next {
        match runs.last_mut() {
            Some((last, length, _)) if *last == target => *length += 1,
            _ => runs.push((target, 1, false)),
        }
    }
    runs.last_mut().unwrap().2 = true;
    runs
}

/// Nodes to which more than one node leads.
fn shared(automaton: &Automaton, roots: [NodeId; 2]) -> HashSet<NodeId> {
    let mut n_leading: HashMap<NodeId, usize> = HashMap::new();
    let mut todo = roots.to_vec();
    let mut seen: HashSet<NodeId> = roots.into_iter().collect();
    while let Some(id) = todo.pop() {
        let targets: HashSet<NodeId> =
            automaton.nodes.get(id).next.into_iter().filter(|&it| it != DEAD).collect();
        for target in targets {
            *n_leading.entry(target).or_default() += 1;
            if seen.insert(target) {
                todo.push(target);
            }
        }
    }
    n_leading.into_iter().filter(|(_, n)| 1 < *n).map(|(id, _)| id).collect()
}
