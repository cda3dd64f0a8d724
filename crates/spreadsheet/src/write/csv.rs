//! CSV text → records, blank ones included: a blank record is a blank row.

use std::borrow::Cow;

/// The records of a text, one after the other.
pub(super) struct Records<'t> {
    rest: &'t str,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text }
    }

    /// Reads the next record into `cells`. False at the end.
    pub(super) fn next(&mut self, cells: &mut Vec<Cow<'t, str>>) -> bool {
        cells.clear();
        if self.rest.is_empty() {
            return false;
        }
        loop {
            cells.push(self.cell());
            match self.rest.strip_prefix(',') {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        let after = self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\r', '\n']));
        self.rest = after.unwrap_or_default();
        true
    }

    /// Reads up to the comma, the line's end or the text's end.
    fn cell(&mut self) -> Cow<'t, str> {
        let Some(quoted) = self.rest.strip_prefix('"') else { return Cow::Borrowed(self.until_end()) };
        let (first, mut rest) = quoted.split_once('"').unwrap_or((quoted, ""));
        let mut cell = Cow::Borrowed(first);
        while let Some(after) = rest.strip_prefix('"') {
            let (part, next) = after.split_once('"').unwrap_or((after, ""));
            let cell = cell.to_mut();
            cell.push('"');
            cell.push_str(part);
            rest = next;
        }
        self.rest = rest;
        // What stands after the closing quote belongs to the cell, as everywhere.
        let tail = self.until_end();
        if !tail.is_empty() {
            cell.to_mut().push_str(tail);
        }
        cell
    }

    fn until_end(&mut self) -> &'t str {
        let end = self.rest.find([',', '\r', '\n']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Vec<String>> {
        let mut records = Records::new(text);
        let mut cells = Vec::new();
        let mut all = Vec::new();
        while records.next(&mut cells) {
            all.push(cells.iter().map(|cell| cell.clone().into_owned()).collect());
        }
        all
    }

    #[test]
    fn records_and_blank_lines() {
        assert_eq!(read("a,b\r\n\r\nc\n"), [vec!["a", "b"], vec![""], vec!["c"]]);
        assert_eq!(read("a,\rb"), [vec!["a", ""], vec!["b"]]);
        assert!(read("").is_empty());
    }

    #[test]
    fn quotes() {
        assert_eq!(read("\"a,\"\"b\"\"\r\nc\",d"), [vec!["a,\"b\"\r\nc", "d"]]);
        assert_eq!(read("\"\",\"\"\"\"\n\"a\"b,c"), [vec!["", "\""], vec!["ab", "c"]]);
        assert_eq!(read("a\"b,\"open"), [vec!["a\"b", "open"]]);
    }
}
