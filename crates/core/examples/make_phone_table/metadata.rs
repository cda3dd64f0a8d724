//! What the library's metadata says, as far as the table needs it.

use regex_automata::{
    Anchored,
    dfa::{Automaton as _, dense},
    util::{primitives::StateID, start, syntax},
};
use rlibphonenumber::{PHONE_NUMBER_UTIL, Region, interfaces::AsOriginal as _};

/// Everything that shares a calling code.
pub struct CallingCode {
    pub value: u16,
    /// The fewest and most digits after the calling code, by the main region's general description.
    pub lengths: (u8, u8),
    /// In the order in which the library tries them.
    pub regions: Vec<RegionRules>,
}

/// A region: a country, or `001` for a calling code that is no country's.
pub struct RegionRules {
    pub id: [u8; 2],
    /// General description first, then in the order in which the library tries the types.
    pub general: Description,
    pub others: Vec<Description>,
    pub fixed_line: Description,
    pub mobile: Description,
    pub same_mobile_and_fixed_line: bool,
    /// Numbers that begin so are the region's, valid or not.
    pub leading_digits: Option<Pattern>,
    /// What is dialled before a number within the region, as digits and as the pattern for reading.
    pub national_prefix_digits: String,
    pub national_prefix: Option<String>,
    /// What the pattern's groups become.
    pub transform: Option<String>,
    /// What is dialled within the region before a country code.
    pub international_prefix: Option<String>,
}

/// One kind of numbers: what the library's `is_number_matching_desc` looks at.
pub struct Description {
    pub pattern: Option<Pattern>,
    /// Empty if the lengths are the general description's.
    lengths: Vec<usize>,
}

impl Description {
    pub fn allows(&self, length: usize) -> bool {
        self.lengths.is_empty() || self.lengths.contains(&length)
    }
}

/// A pattern as an automaton.
pub struct Pattern {
    dfa: dense::DFA<Vec<u32>>,
}

impl Pattern {
    /// Patterns come anchored, as `^(?:…)$`.
    pub fn new(pattern: &str) -> Self {
        let dfa = dense::Builder::new()
            .configure(dense::Config::new().start_kind(regex_automata::dfa::StartKind::Anchored))
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build(pattern)
            .unwrap_or_else(|error| panic!("{pattern}: {error}"));
        Self { dfa }
    }

    /// One that matches whatever begins as the given one says.
    pub fn prefix(pattern: &str) -> Self {
        Self::new(pattern.strip_suffix('$').unwrap_or(pattern))
    }

    pub fn start(&self) -> StateID {
        self.dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).unwrap()
    }

    pub fn next(&self, state: StateID, digit: u8) -> StateID {
        self.dfa.next_state(state, b'0' + digit)
    }

    /// Whether the digits so far are a whole match.
    pub fn is_match(&self, state: StateID) -> bool {
        self.dfa.is_match_state(self.dfa.next_eoi_state(state))
    }

    pub fn is_dead(&self, state: StateID) -> bool {
        self.dfa.is_dead_state(state)
    }
}

/// All calling codes, smallest first.
pub fn read() -> Vec<CallingCode> {
    let mut codes: Vec<i32> = PHONE_NUMBER_UTIL.get_supported_calling_codes().collect();
    codes.sort_unstable();
    codes.dedup();
    codes.into_iter().map(code).collect()
}

fn code(calling_code: i32) -> CallingCode {
    let library = PHONE_NUMBER_UTIL.as_original();
    let regions: Vec<Region> =
        PHONE_NUMBER_UTIL.get_regions_for_country_calling_code(calling_code).unwrap().collect();
    let main = library.get_metadata_for_region_or_calling_code(calling_code, regions[0]).unwrap();
    let lengths: Vec<u8> =
        main.general_desc.original.possible_length.iter().map(|&it| u8::try_from(it).unwrap()).collect();
    CallingCode {
        value: u16::try_from(calling_code).unwrap(),
        lengths: (*lengths.iter().min().unwrap(), *lengths.iter().max().unwrap()),
        regions: regions.into_iter().map(|region| region_rules(calling_code, region)).collect(),
    }
}

fn region_rules(calling_code: i32, region: Region) -> RegionRules {
    let metadata = PHONE_NUMBER_UTIL
        .as_original()
        .get_metadata_for_region_or_calling_code(calling_code, region)
        .unwrap();
    macro_rules! description {
        ($name:ident) => {
            Description {
                pattern: metadata.$name.national_number_pattern().pattern_base.as_deref().map(Pattern::new),
                lengths: metadata
                    .$name
                    .original
                    .possible_length
                    .iter()
                    // -1 says that there are none: no number is so long.
                    .map(|&it| usize::try_from(it).unwrap_or(usize::MAX))
                    .collect(),
            }
        };
    }
    let id = region.to_string();
    RegionRules {
        id: if region == Region::World { *b"00" } else { id.as_bytes().try_into().unwrap() },
        general: description!(general_desc),
        others: vec![
            description!(premium_rate),
            description!(toll_free),
            description!(shared_cost),
            description!(voip),
            description!(personal_number),
            description!(pager),
            description!(uan),
            description!(voicemail),
        ],
        fixed_line: description!(fixed_line),
        mobile: description!(mobile),
        same_mobile_and_fixed_line: metadata.original.same_mobile_and_fixed_line_pattern(),
        leading_digits: metadata.leading_digits().pattern_base.as_deref().map(Pattern::prefix),
        national_prefix_digits: metadata.original.national_prefix().to_owned(),
        international_prefix: metadata.international_prefix().pattern_base.clone(),
        transform: metadata.original.national_prefix_transform_rule.clone(),
        national_prefix: metadata.national_prefix_for_parsing().pattern_base.clone(),
    }
}
