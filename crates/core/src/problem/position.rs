//! Places in a file.

use std::fmt;

macro_rules! counted_from_one {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(usize);

        impl $name {
            /// The first one: 1.
            pub const FIRST: Self = Self(1);

            /// From a number that counts from 1; 0 is taken for 1.
            pub fn new(number: usize) -> Self {
                Self(number.max(1))
            }

            /// The number, from 1.
            pub fn get(self) -> usize {
                self.0
            }

            /// The one that is `n` further on.
            #[must_use]
            pub fn plus(self, n: usize) -> Self {
                Self(self.0.saturating_add(n))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

counted_from_one! {
    /// A physical line of the file, from 1, line breaks inside quotes counted: what a text editor shows.
    LineNumber
}
counted_from_one! {
    /// A row as a spreadsheet shows it, from 1: a row with line breaks inside quotes is one.
    RowNumber
}

/// A column, from 0; shown as a spreadsheet names it: A, B, … Z, AA, ….
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ColumnIdx(usize);

impl ColumnIdx {
    /// From a number that counts from 0.
    pub const fn new(index: usize) -> Self {
        Self(index)
    }

    /// The number, from 0.
    pub const fn get(self) -> usize {
        self.0
    }
}

impl fmt::Display for ColumnIdx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = Vec::new();
        // Base 26 without a zero: AA follows Z.
        let mut rest = Some(self.0);
        while let Some(index) = rest {
            letters.extend(u8::try_from(index % 26).map(|letter| char::from(b'A' + letter)));
            rest = (index / 26).checked_sub(1);
        }
        f.write_str(&letters.iter().rev().collect::<String>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        let names =
            [0, 1, 25, 26, 27, 51, 52, 701, 702, 16_383].map(|index| ColumnIdx::new(index).to_string());
        assert_eq!(names, ["A", "B", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn lines_and_rows_count_from_one() {
        assert_eq!(LineNumber::new(0), LineNumber::FIRST);
        assert_eq!(RowNumber::FIRST.plus(4).to_string(), "5");
    }
}
