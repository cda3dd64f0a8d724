//! One row as one line: parts between tabs, with backslashes for what would end a part or a line.

use std::borrow::Cow;

use crate::frozen::Damage;

/// Stands for a part that isn't there, which is something else than an empty one.
const NONE: &str = "\\0";

/// Adds a part as it is kept.
pub(super) fn push(line: &mut String, part: &str) {
    let mut rest = part;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r')) {
        let (before, after) = rest.split_at(at);
        line.push_str(before);
        line.push_str(match after.as_bytes().first() {
            Some(b'\t') => "\\t",
            Some(b'\n') => "\\n",
            Some(b'\r') => "\\r",
            _ => "\\\\",
        });
        // All four are one byte.
        rest = after.get(1..).unwrap_or_default();
    }
    line.push_str(rest);
}

/// Adds a part that may not be there.
pub(super) fn push_optional(line: &mut String, part: Option<&str>) {
    match part {
        Some(part) => push(line, part),
        None => line.push_str(NONE),
    }
}

/// A part as it was.
pub(super) fn part(kept: &str) -> Result<Cow<'_, str>, Damage> {
    if !kept.contains('\\') {
        return Ok(Cow::Borrowed(kept));
    }
    let mut part = String::with_capacity(kept.len());
    let mut rest = kept;
    while let Some((before, after)) = rest.split_once('\\') {
        part.push_str(before);
        part.push(match after.as_bytes().first() {
            Some(b't') => '\t',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b'\\') => '\\',
            _ => return Err(Damage::Escape),
        });
        rest = after.get(1..).unwrap_or_default();
    }
    part.push_str(rest);
    Ok(Cow::Owned(part))
}

/// A part that may not be there.
pub(super) fn optional_part(kept: &str) -> Result<Option<Cow<'_, str>>, Damage> {
    if kept == NONE { Ok(None) } else { part(kept).map(Some) }
}

/// A whole line or a piece of it for searching in. A part that isn't there has no text.
pub(super) fn text(kept: &str) -> Cow<'_, str> {
    if !kept.contains('\\') {
        return Cow::Borrowed(kept);
    }
    let parts = kept.split('\t').map(|kept| optional_part(kept).ok().flatten().unwrap_or_default());
    Cow::Owned(parts.collect::<Vec<_>>().join("\t"))
}

/// Eight bytes at a time, as FNV-1a does one: for damage, not for attacks. The same on every computer.
///
/// Each step can be undone, so a change within eight bytes is always found.
#[derive(Clone, Copy)]
pub(super) struct Checksum(u64);

impl Checksum {
    /// Of a chunk of which nothing is known but its place.
    pub(super) fn new(batch: &str, chunk: usize) -> Self {
        let mut sum = Self(0xcbf2_9ce4_8422_2325);
        sum.add(batch);
        sum.step(u64::try_from(chunk).unwrap_or(u64::MAX));
        sum
    }

    pub(super) fn add(&mut self, text: &str) {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        for word in words {
            self.step(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (place, byte) in last.iter_mut().zip(rest) {
            *place = *byte;
        }
        self.step(u64::from_le_bytes(last));
        self.step(u64::try_from(text.len()).unwrap_or(u64::MAX));
    }

    /// As a chunk's last line has it.
    pub(super) fn line(self) -> String {
        format!("#{:016x}\n", self.0)
    }

    fn step(&mut self, word: u64) {
        // What is multiplied moves up only, so the upper half is brought down.
        self.0 = (self.0 ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(32);
    }
}
