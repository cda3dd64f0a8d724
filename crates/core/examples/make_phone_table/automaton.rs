//! All numbers of the world as one minimal acyclic automaton.

use std::collections::HashMap;

use regex_automata::util::primitives::StateID;

use crate::metadata::{CallingCode, Description, Pattern, RegionRules};

/// The digits of the numbers that count: what is shorter or longer can't be sent to (V13, E.164).
pub const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;

/// An index into [`Nodes`].
pub type NodeId = u32;

/// The node from which nothing leads to a number.
pub const DEAD: NodeId = 0;

/// What the digits so far are, and what follows on each digit.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Node {
    pub leaf: u16,
    pub next: [NodeId; 10],
}

/// Nodes without two that are equal. Since a node is made after those that it leads to, equal nodes are those with
/// equal languages: the automaton is minimal.
pub struct Nodes {
    pub all: Vec<Node>,
    ids: HashMap<Node, NodeId>,
}

impl Nodes {
    pub fn new() -> Self {
        let mut nodes = Self { all: Vec::new(), ids: HashMap::new() };
        nodes.id_of(Node { leaf: 0, next: [DEAD; 10] });
        nodes
    }

    pub fn id_of(&mut self, node: Node) -> NodeId {
        *self.ids.entry(node).or_insert_with_key(|node| {
            self.all.push(node.clone());
            NodeId::try_from(self.all.len() - 1).unwrap()
        })
    }

    pub fn get(&self, id: NodeId) -> &Node {
        &self.all[id as usize]
    }
}

/// The kind of line, as core has it; 0 is no number.
pub const MOBILE: u8 = 1;
pub const FIXED_OR_MOBILE: u8 = 2;
pub const FIXED_LINE: u8 = 3;
pub const OTHER: u8 = 4;

/// What a valid number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Verdict {
    pub kind: u8,
    /// Which of its calling code's regions the library names.
    pub region: u8,
    /// All of its calling code's regions that have such a number, by bit.
    pub regions: u32,
}

/// The automaton, from the first digit of the calling code on.
pub struct Automaton {
    pub nodes: Nodes,
    pub root: NodeId,
    /// By leaf, from 1 on.
    pub verdicts: Vec<Verdict>,
}

pub fn make(codes: &[CallingCode]) -> Automaton {
    let mut maker = Maker { nodes: Nodes::new(), verdicts: Vec::new() };
    let starts: Vec<(String, NodeId)> =
        codes.iter().map(|code| (code.value.to_string(), maker.code(code))).collect();
    let root = maker.trie(&starts, "");
    Automaton { nodes: maker.nodes, root, verdicts: maker.verdicts }
}

struct Maker {
    nodes: Nodes,
    verdicts: Vec<Verdict>,
}

impl Maker {
    fn code(&mut self, code: &CallingCode) -> NodeId {
        let code_length = code.value.to_string().len();
        let mut regions = Nodes::new();
        let starts: Vec<NodeId> = code
            .regions
            .iter()
            .map(|region| RegionAutomaton::make(region, &mut regions, DIGITS.end() - code_length))
            .collect();
        let mut done = HashMap::new();
        self.joined(&regions, code_length, starts, &mut done)
    }

    /// The regions of a calling code side by side.
    fn joined(
        &mut self,
        regions: &Nodes,
        length: usize,
        states: Vec<NodeId>,
        done: &mut HashMap<(usize, Vec<NodeId>), NodeId>,
    ) -> NodeId {
        if states.iter().all(|&state| state == DEAD) {
            return DEAD;
        }
        let key = (length, states);
        if let Some(&id) = done.get(&key) {
            return id;
        }
        let states = &key.1;
        let leaf = if DIGITS.contains(&length) { self.leaf(regions, states) } else { 0 };
        let mut next = [DEAD; 10];
        if length < *DIGITS.end() {
            for (digit, next) in next.iter_mut().enumerate() {
                let states = states.iter().map(|&state| regions.get(state).next[digit]).collect();
                *next = self.joined(regions, length + 1, states, done);
            }
        }
        let id = self.nodes.id_of(Node { leaf, next });
        done.insert(key, id);
        id
    }

    /// `get_region_for_number`, then `is_valid_number_for_region`.
    fn leaf(&mut self, regions: &Nodes, states: &[NodeId]) -> u16 {
        let found: Vec<Found> = states.iter().map(|&state| Found::of(regions.get(state).leaf)).collect();
        let region = if found.len() == 1 {
            Some(0)
        } else {
            found.iter().position(|it| it.has_leading_digits || it.kind != 0)
        };
        let Some(region) = region.filter(|&it| found[it].kind != 0) else { return 0 };
        let verdict = Verdict {
            kind: found[region].kind,
            region: u8::try_from(region).unwrap(),
            regions: found
                .iter()
                .enumerate()
                .filter(|(_, it)| it.kind != 0)
                .fold(0, |regions, (index, _)| regions | 1 << index),
        };
        let place = self.verdicts.iter().position(|it| *it == verdict).unwrap_or_else(|| {
            self.verdicts.push(verdict);
            self.verdicts.len() - 1
        });
        u16::try_from(place + 1).unwrap()
    }

    /// The calling codes, which are free of prefixes.
    fn trie(&mut self, starts: &[(String, NodeId)], so_far: &str) -> NodeId {
        if let Some((_, start)) = starts.iter().find(|(code, _)| code == so_far) {
            return *start;
        }
        if !starts.iter().any(|(code, _)| code.starts_with(so_far)) {
            return DEAD;
        }
        let next = std::array::from_fn(|digit| self.trie(starts, &format!("{so_far}{digit}")));
        self.nodes.id_of(Node { leaf: 0, next })
    }
}

/// What a region says of some digits; the leaves of a region's own automaton.
struct Found {
    kind: u8,
    has_leading_digits: bool,
}

impl Found {
    fn of(leaf: u16) -> Self {
        Self { kind: u8::try_from(leaf & 7).unwrap(), has_leading_digits: leaf & 8 != 0 }
    }

    fn leaf(&self) -> u16 {
        u16::from(self.kind) | if self.has_leading_digits { 8 } else { 0 }
    }
}

/// One region's patterns side by side.
pub struct RegionAutomaton<'a> {
    nodes: &'a mut Nodes,
    longest: usize,
    region: &'a RegionRules,
    /// General description, the other kinds, fixed line, mobile.
    descriptions: Vec<&'a Description>,
    done: HashMap<(usize, bool, Vec<Option<StateID>>), NodeId>,
}

impl<'a> RegionAutomaton<'a> {
    /// The node before a national number's first digit. A leaf is the number's kind, 8 more if it has the region's leading
    /// digits.
    pub fn make(region: &'a RegionRules, nodes: &'a mut Nodes, longest: usize) -> NodeId {
        let mut descriptions = vec![&region.general];
        descriptions.extend(&region.others);
        descriptions.extend([&region.fixed_line, &region.mobile]);
        let mut states: Vec<Option<StateID>> =
            descriptions.iter().map(|it| it.pattern.as_ref().map(Pattern::start)).collect();
        states.push(region.leading_digits.as_ref().map(Pattern::start));
        Self { nodes, longest, region, descriptions, done: HashMap::new() }.node(0, false, states)
    }

    /// `states` are those of the descriptions, then that of the leading digits; none where nothing can match any more.
    fn node(&mut self, length: usize, has_leading_digits: bool, mut states: Vec<Option<StateID>>) -> NodeId {
        let patterns: Vec<Option<&Pattern>> = self
            .descriptions
            .iter()
            .map(|it| it.pattern.as_ref())
            .chain([self.region.leading_digits.as_ref()])
            .collect();
        for (state, pattern) in states.iter_mut().zip(&patterns) {
            *state = state.filter(|&state| pattern.is_some_and(|it| !it.is_dead(state)));
        }
        let leading = *states.last().unwrap();
        let is_leading = |state| self.region.leading_digits.as_ref().is_some_and(|it| it.is_match(state));
        let has_leading_digits = has_leading_digits || leading.is_some_and(is_leading);
        if !has_leading_digits && states.iter().all(Option::is_none) {
            return DEAD;
        }
        let key = (length, has_leading_digits, states);
        if let Some(&id) = self.done.get(&key) {
            return id;
        }
        let leaf = Found { kind: self.kind(length, &key.2), has_leading_digits }.leaf();
        let mut next = [DEAD; 10];
        if length < self.longest {
            for (digit, next) in (0..).zip(&mut next) {
                let states = key
                    .2
                    .iter()
                    .zip(&patterns)
                    .map(|(state, pattern)| Some(pattern.as_ref()?.next((*state)?, digit)))
                    .collect();
                *next = self.node(length + 1, has_leading_digits, states);
            }
        }
        let id = self.nodes.id_of(Node { leaf, next });
        self.done.insert(key, id);
        id
    }

    /// `get_number_type_helper`.
    fn kind(&self, length: usize, states: &[Option<StateID>]) -> u8 {
        let matches: Vec<bool> = self
            .descriptions
            .iter()
            .zip(states)
            .map(|(description, state)| {
                description.allows(length)
                    && state
                        .zip(description.pattern.as_ref())
                        .is_some_and(|(state, pattern)| pattern.is_match(state))
            })
            .collect();
        let [general, others @ .., fixed_line, mobile] = &*matches else { unreachable!() };
        let is_same = self.region.same_mobile_and_fixed_line;
        match () {
            () if !general => 0,
            () if others.contains(&true) => OTHER,
            () if *fixed_line && (is_same || *mobile) => FIXED_OR_MOBILE,
            () if *fixed_line => FIXED_LINE,
            () if !is_same && *mobile => MOBILE,
            () => 0,
        }
    }
}
