//! What is stripped from a cell before it is used.

/// Whether a character shows nothing: blanks of every width, zero-width characters, byte-order marks, bidirectional
/// marks, soft hyphens. Copying from web pages, PDFs and chats brings them along.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\0'..='\u{1f}' | '\u{7f}'
        )
}

/// The text without blanks at its ends. Those inside stay: a value is sent as the agent wrote it.
pub fn trim(text: &str) -> &str {
    // Most cells have nothing to strip, and most ends are ASCII: two bytes settle it.
    match text.as_bytes() {
        [] => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim_matches(is_blank),
    }
}

/// The value of a cell: trimmed, and without the apostrophe that keeps a spreadsheet from calculating `'=…`, `'+…`,
/// `'-…` or `'@…`.
pub fn value(text: &str) -> &str {
    let text = trim(text);
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => trim(rest),
        Some(_) | None => text,
    }
}
