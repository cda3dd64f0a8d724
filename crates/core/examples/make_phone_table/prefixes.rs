//! What is dialled before a number within a region, as automata.

use std::collections::HashMap;

use regex_automata::util::primitives::StateID;

use crate::{
    automaton::{DEAD, Node, NodeId, Nodes},
    metadata::{Pattern, RegionRules},
};

/// The rules that regions have, each once.
pub struct Prefixes {
    rules: Vec<Rule>,
}

#[derive(PartialEq, Eq)]
struct Rule {
    pattern: String,
    /// What must follow a prefix with a carrier's code, at least.
    rest: u16,
    /// Whether it is for dialling abroad, where core reads 00 by itself.
    is_abroad: bool,
}

impl Prefixes {
    pub fn new() -> Self {
        // The first rule is to have none.
        Self { rules: vec![Rule::simple("")] }
    }

    /// The number of a region's rule for dialling a number within it.
    pub fn within(&mut self, region: &RegionRules) -> u8 {
        self.number(Rule::within(region))
    }

    /// The number of a region's rule for dialling a number abroad.
    pub fn abroad(&mut self, region: &RegionRules) -> u8 {
        self.number(Rule::abroad(region))
    }

    fn number(&mut self, rule: Rule) -> u8 {
        let place = self.rules.iter().position(|it| *it == rule).unwrap_or_else(|| {
            self.rules.push(rule);
            self.rules.len() - 1
        });
        u8::try_from(place).unwrap()
    }

    /// A node from which the two digits of a rule's number lead to its prefixes. Their leaves are the fewest digits that
    /// must follow, and 1 more.
    pub fn root(&self, nodes: &mut Nodes) -> NodeId {
        assert!(self.rules.len() <= 100);
        let mut starts: Vec<NodeId> = self.rules.iter().map(|rule| rule.node(nodes)).collect();
        starts.resize(100, DEAD);
        let tens: Vec<NodeId> = starts
            .chunks(10)
            .map(|next| {
                let is_dead = next.iter().all(|&it| it == DEAD);
                if is_dead { DEAD } else { nodes.id_of(Node { leaf: 0, next: next.try_into().unwrap() }) }
            })
            .collect();
        nodes.id_of(Node { leaf: 0, next: tens.try_into().unwrap() })
    }
}

impl Rule {
    fn simple(pattern: &str) -> Self {
        Self { pattern: pattern.to_owned(), rest: 0, is_abroad: false }
    }

    fn abroad(region: &RegionRules) -> Self {
        match region.international_prefix.as_deref() {
            None | Some("^(?:00)$") => Self::simple(""),
            Some(pattern) => Self { is_abroad: true, ..Self::simple(pattern) },
        }
    }

    /// Of the patterns that transform, only what takes digits away is kept: nothing is ever put before a number, since
    /// a local number without its area code may be anybody's. Argentina's 15 is for core to move.
    fn within(region: &RegionRules) -> Self {
        let pattern = region.national_prefix.as_deref().unwrap_or_default();
        match region.transform.as_deref() {
            None => Self::simple(pattern),
            // Brazil: a carrier's code, if a number with its area code follows.
            Some("$2") => {
                let without = pattern.replace(r"(\d{10,11})", "");
                assert_ne!(without, pattern, "{:?}", region.id);
                Self { pattern: without, rest: 10, is_abroad: false }
            }
            Some(_) => Self::simple(match region.national_prefix_digits.as_str() {
                "" => "",
                "0" => "^(?:0)$",
                "1" => "^(?:1)$",
                other => panic!("the prefix {other} of {:?}", region.id),
            }),
        }
    }

    fn node(&self, nodes: &mut Nodes) -> NodeId {
        if self.pattern.is_empty() {
            return DEAD;
        }
        let pattern = Pattern::new(&self.pattern);
        let start = self.step(&pattern, pattern.start(), 0, nodes, &mut HashMap::new());
        if !self.is_abroad {
            return start;
        }
        let mut start = nodes.get(start).clone();
        let mut zero = nodes.get(start.next[0]).clone();
        zero.next[0] = DEAD;
        start.next[0] = nodes.id_of(zero);
        nodes.id_of(start)
    }

    fn step(
        &self,
        pattern: &Pattern,
        state: StateID,
        length: usize,
        nodes: &mut Nodes,
        done: &mut HashMap<(StateID, usize), NodeId>,
    ) -> NodeId {
        if pattern.is_dead(state) {
            return DEAD;
        }
        if let Some(&id) = done.get(&(state, length)) {
            return id;
        }
        assert!(length < 15, "{} has no longest prefix", self.pattern);
        let mut next = [DEAD; 10];
        for (digit, next) in (0..).zip(&mut next) {
            *next = self.step(pattern, pattern.next(state, digit), length + 1, nodes, done);
        }
        // A carrier's code makes the prefix longer than the two digits of 90.
        let rest = if 2 < length { self.rest } else { 0 };
        let leaf = if 0 < length && pattern.is_match(state) { rest + 1 } else { 0 };
        let id = nodes.id_of(Node { leaf, next });
        done.insert((state, length), id);
        id
    }
}
