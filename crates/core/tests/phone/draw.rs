//! Numbers drawn from a region's own patterns, and numbers close to them.

use std::env;

use crate::{
    automaton::{DIGITS, Node, NodeId, Nodes, RegionAutomaton},
    metadata::RegionRules,
};

/// Countries whose agents this is for: they are looked at most.
pub const LATIN_AMERICA: [&str; 22] = [
    "MX", "AR", "BR", "CL", "CO", "PE", "EC", "VE", "BO", "PY", "UY", "PA", "CR", "GT", "SV", "HN", "NI",
    "DO", "PR", "CU", "US", "ES",
];

/// How many numbers to compare for a country, few enough for every day or as `CXCONNECT_NUMBERS` says; where reading one
/// takes the library long, `share` of them. Elsewhere than in Latin America it is a fifth.
pub fn how_many(id: &str, few: usize, share: usize) -> usize {
    let count = match env::var("CXCONNECT_NUMBERS") {
        Ok(text) => text.parse::<usize>().expect("CXCONNECT_NUMBERS is a count") / share,
        Err(_) => few,
    };
    if LATIN_AMERICA.contains(&id) { count } else { count / 5 }
}

/// Random numbers that are the same in every run (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: &str) -> Self {
        // FNV-1a, so that no country's numbers are another's.
        Self(
            seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
            }),
        )
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        usize::try_from(high).unwrap() % bound
    }

    fn digit(&mut self) -> u8 {
        b"0123456789"[self.below(10)]
    }
}

/// Draws national numbers of a region.
pub struct Draw {
    nodes: Nodes,
    root: NodeId,
    /// By node: the digits that lead on to a number.
    ways: Vec<Vec<u8>>,
    random: Random,
    longest: usize,
}

impl Draw {
    pub fn new(calling_code: u16, region: &RegionRules) -> Self {
        let longest = DIGITS.end() - calling_code.to_string().len();
        let mut nodes = Nodes::new();
        let root = RegionAutomaton::make(region, &mut nodes, longest);
        let mut ways: Vec<Vec<u8>> = Vec::new();
        // Nodes are made after those that they lead to.
        for node in &nodes.all {
            let is_live = |id: NodeId| {
                // The dead node leads to itself.
                ways.get(id as usize).is_some_and(|it| !it.is_empty()) || is_number(nodes.get(id))
            };
            ways.push((0..10).filter(|&digit| is_live(node.next[usize::from(digit)])).collect());
        }
        let random = Random::new(&format!("{calling_code}{:?}", region.id));
        Self { nodes, root, ways, random, longest }
    }

    /// A number of the region. Every branch of the patterns is as likely as its siblings, however few numbers it has.
    pub fn valid(&mut self) -> String {
        let mut digits = String::new();
        let mut id = self.root;
        loop {
            let node = self.nodes.get(id);
            let ways = &self.ways[id as usize];
            if is_number(node) && (ways.is_empty() || self.random.below(2) == 0) {
                return digits;
            }
            let digit = ways[self.random.below(ways.len())];
            digits.push(char::from(b'0' + digit));
            id = node.next[usize::from(digit)];
        }
    }

    /// At most so many digits.
    pub fn digits(&mut self, longest: usize) -> String {
        let length = self.random.below(longest + 1);
        (0..length).map(|_| char::from(self.random.digit())).collect()
    }

    /// A number of the region, or one that differs from it a little or a lot.
    pub fn any(&mut self) -> String {
        let mut digits = self.valid().into_bytes();
        let place = self.random.below(digits.len());
        match self.random.below(10) {
            0 | 1 => digits[place] = self.random.digit(),
            2 => digits.insert(place, self.random.digit()),
            3 => {
                digits.remove(place);
            }
            4 => {
                let other = self.random.below(digits.len());
                digits.swap(place, other);
            }
            5 => {
                for digit in &mut digits[place..] {
                    *digit = self.random.digit();
                }
            }
            6 => {
                let length = 1 + self.random.below(self.longest);
                digits = (0..length).map(|_| self.random.digit()).collect();
            }
            _ => (),
        }
        digits.truncate(self.longest);
        if digits.is_empty() {
            digits.push(self.random.digit());
        }
        String::from_utf8(digits).unwrap()
    }
}

/// Whether the region has this number.
fn is_number(node: &Node) -> bool {
    node.leaf & 7 != 0
}
