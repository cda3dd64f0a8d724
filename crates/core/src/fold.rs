//! Texts as they are compared: without accents, in lower case.

/// A character as it is compared.
pub(crate) fn folded(character: char) -> char {
    match character {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'Á' | 'À' | 'Â' | 'Ã' | 'Ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'Í' | 'Ì' | 'Î' | 'Ï' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' | 'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' | 'Ú' | 'Ù' | 'Û' | 'Ü' => 'u',
        'ñ' | 'Ñ' => 'n',
        'ç' | 'Ç' => 'c',
        other => other.to_ascii_lowercase(),
    }
}

/// Adds a text as it is compared.
pub(crate) fn push(folded_text: &mut String, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        // Most texts are ASCII for long stretches.
        let n_ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, after) = rest.split_at(n_ascii);
        let start = folded_text.len();
        folded_text.push_str(ascii);
        if let Some(added) = folded_text.get_mut(start..) {
            added.make_ascii_lowercase();
        }
        let mut characters = after.chars();
        folded_text.extend(characters.next().map(folded));
        rest = characters.as_str();
    }
}
