//! The table's bytes, which are made to be small once compressed.
//!
//! Six counts of two bytes, the low one first: calling codes, regions, verdicts, tokens, leaves, places. Then, each as a
//! stretch by itself: for each calling code how much larger than the one before it is, its fewest and most digits (half
//! a byte each), its number of regions; for each region the first letter, the second letter, the prefix rules within it and for abroad; for each
//! verdict the kind, the region, the regions as four bytes; the tokens; the leaves; the places' low and high bytes.
//!
//! The automaton's nodes come in the order in which they are first led to, breadth first, so that a node that is new
//! needs no number. A node is a token for its leaf, if it has one, then tokens for the runs of digits that lead to the
//! same node: how many digits (0: all that are left), and to what.

use super::{CallingCode, LineKind, PrefixRules, Region, Row, Table, VERDICT, Verdict};

/// The node is a leaf; the next of the leaves says which.
const LEAF: u8 = 0xf0;
/// To nothing.
const DEAD: u8 = 0;
/// To a node that comes for the first time.
const NEW: u8 = 1;
/// To a node that came before; the next of the places says how many shared ones came since.
const SHARED: u8 = 2;
/// The same, and it will come again.
const NEW_SHARED: u8 = 13;
/// From here to `NEW_SHARED`: to where an earlier run of this node leads, the first, the second…
const FIRST_AGAIN: u8 = 3;

impl Table {
    /// `None` if the bytes are not a table.
    pub(super) fn decode(mut bytes: &[u8]) -> Option<Self> {
        let rest = &mut bytes;
        let mut counts = [0; 6];
        for count in &mut counts {
            *count = usize::from(u16::from_le_bytes(*rest.split_off(..2)?.first_chunk()?));
        }
        let [n_codes, n_regions, n_verdicts, n_tokens, n_leaves, n_places] = counts;
        let mut take = |count: usize| rest.split_off(..count);

        let (steps, lengths, region_counts) = (take(n_codes)?, take(n_codes)?, take(n_codes)?);
        let mut codes = Vec::with_capacity(n_codes);
        let (mut value, mut first_region) = (0, 0);
        for ((step, length), count) in steps.iter().zip(lengths).zip(region_counts) {
            value += u16::from(*step);
            let n_regions = usize::from(*count);
            codes.push(CallingCode {
                value,
                shortest: length >> 4,
                longest: length & 15,
                first_region,
                n_regions,
            });
            first_region += n_regions;
        }

        let (first, second) = (take(n_regions)?, take(n_regions)?);
        let (within, abroad) = (take(n_regions)?, take(n_regions)?);
        let regions = (first.iter().zip(second))
            .zip(within.iter().zip(abroad))
            .map(|((&a, &b), (&within, &abroad))| Region {
                letters: [a, b],
                prefixes: PrefixRules { within, abroad },
            })
            .collect();

        let (kinds, own, masks) = (take(n_verdicts)?, take(n_verdicts)?, take(4 * n_verdicts)?);
        let verdicts = kinds
            .iter()
            .zip(own)
            .zip(masks.as_chunks().0)
            .map(|((&kind, &region), &regions)| Verdict {
                kind: match kind {
                    1 => LineKind::Mobile,
                    2 => LineKind::FixedOrMobile,
                    3 => LineKind::FixedLine,
                    _ => LineKind::Other,
                },
                region,
                regions: u32::from_le_bytes(regions),
            })
            .collect();

        let rows = rows(take(n_tokens)?, take(n_leaves)?, take(n_places)?, take(n_places)?)?;
        Some(Self { rows, codes, regions, verdicts })
    }
}

fn rows(tokens: &[u8], leaves: &[u8], places_low: &[u8], places_high: &[u8]) -> Option<Vec<Row>> {
    let mut leaves = leaves.iter();
    let mut places = places_low.iter().zip(places_high).map(|(&low, &high)| u16::from_le_bytes([low, high]));
    // The dead node is nobody's to describe, and both roots are led to by nothing.
    let mut rows: Vec<Row> = vec![[0; 16]];
    let mut last_node = 2;
    let mut shared: Vec<u16> = Vec::new();

    let mut row: Row = [0; 16];
    let mut digit = 0;
    let mut targets = [0; 10];
    let mut n_targets = 0;
    for &token in tokens {
        if token == LEAF {
            *row.get_mut(VERDICT)? = u16::from(*leaves.next()?);
            continue;
        }
        let kind = token & 15;
        let target = match kind {
            DEAD => 0,
            NEW | NEW_SHARED => {
                last_node += 1;
                if kind == NEW_SHARED {
                    shared.push(last_node);
                }
                last_node
            }
            SHARED => to_the_end(&mut shared, usize::from(places.next()?))?,
            again => *targets.get(usize::from(again - FIRST_AGAIN))?,
        };
        if matches!(kind, NEW | NEW_SHARED | SHARED) {
            *targets.get_mut(n_targets)? = target;
            n_targets += 1;
        }
        let length = usize::from(token >> 4);
        let end = if length == 0 { VERDICT } else { digit + length };
        row.get_mut(digit..end)?.fill(target);
        digit = end;
        if length == 0 {
            rows.push(row);
            (row, digit, n_targets) = ([0; 16], 0, 0);
        }
    }
    Some(rows)
}

/// The `place`-th node from the end, which becomes the last one.
fn to_the_end(nodes: &mut [u16], place: usize) -> Option<u16> {
    let tail = nodes.len().checked_sub(place + 1).and_then(|at| nodes.get_mut(at..))?;
    let node = *tail.first()?;
    let mut later = node;
    for slot in tail.iter_mut().rev() {
        std::mem::swap(slot, &mut later);
    }
    Some(node)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::BYTES;
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = Table::decode(BYTES).unwrap();
        assert_eq!((table.codes.len(), table.regions.len()), (215, 254));
        // Each node leads to nodes that there are, and each leaf to a verdict or to a prefix's few digits.
        for row in &table.rows {
            assert!(row.iter().take(VERDICT).all(|&next| usize::from(next) < table.rows.len()));
            assert!(usize::from(row[VERDICT]) <= table.verdicts.len());
        }
    }

    proptest! {
        #[test]
        fn bytes_that_are_no_table_are_refused_without_panic(
            place in 0..BYTES.len(), byte: u8, length in 0..=BYTES.len(),
        ) {
            let mut bytes = BYTES.to_vec();
            bytes[place] = byte;
            let _ = Table::decode(&bytes);
            prop_assert!(Table::decode(&BYTES[..length]).is_none() || length == BYTES.len());
        }
    }
}
