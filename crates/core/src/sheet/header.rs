//! Which row names the columns.
//!
//! Reports begin with a title and a date before the names come, and many files have no names at all. In doubt a row is
//! data: a name too few is seen, a person who was taken for a header is not.

use crate::{
    phone,
    problem::ColumnIdx,
    sheet::{Cells, clean},
};

/// So many rows are looked at.
pub(super) const MAX_ABOVE: usize = 10;

/// A column's name isn't longer, in bytes.
const MAX_NAME: usize = 60;

/// Which of the first rows is the header.
pub(super) fn find<'s>(rows: impl Iterator<Item = Cells<'s>>) -> Option<usize> {
    let mut only_name = None;
    let mut has_plain_first = false;
    for (idx, row) in rows.take(MAX_ABOVE).enumerate() {
        // From the first person on, all is data: nothing above it would be a title.
        if row.iter().any(could_be_person) {
            break;
        }
        if idx == 0 {
            has_plain_first = row.iter().next().is_some_and(|cell| !clean::trim(cell).is_empty());
        }
        if row.iter().any(names_phones) {
            if 1 < n_used(&row) {
                return Some(idx);
            }
            // «Teléfonos de clientes» may be a title, if a better row follows.
            only_name.get_or_insert(idx);
        }
    }
    only_name.or(has_plain_first.then_some(0))
}

/// The names up to the last one that isn't blank: spreadsheets write the columns that were once used, too.
pub(super) fn names(row: &Cells<'_>) -> Vec<String> {
    (0..n_used(row)).map(|column| row.value(ColumnIdx::new(column)).unwrap_or_default().to_owned()).collect()
}

/// How many cells there are up to the last one that isn't blank.
fn n_used(row: &Cells<'_>) -> usize {
    row.iter()
        .enumerate()
        .filter(|(_, cell)| !clean::trim(cell).is_empty())
        .map(|(column, _)| column + 1)
        .last()
        .unwrap_or_default()
}

/// Whether a cell could be a phone, however badly written. A date can't, which titles often have.
fn could_be_person(cell: &str) -> bool {
    let n_digits: usize = cell
        .split([' ', '\u{a0}', '\t', ',', ';', '(', ')'])
        .filter(|word| !is_date_or_time(word))
        .map(|word| word.bytes().filter(u8::is_ascii_digit).count())
        .sum();
    7 <= n_digits
        || phone::is_scientific(cell)
        // Digits of other scripts.
        || (!cell.contains(|character: char| character.is_ascii_digit()) && phone::looks_like_number(cell))
}

/// `31/12/2026`, `2026-12-31`, `31.12.2026`, `10:30:00`.
fn is_date_or_time(word: &str) -> bool {
    let is_small =
        |part: &str| (1..=2).contains(&part.len()) && part.parse().is_ok_and(|number: u16| number < 60);
    if word.contains(':') {
        return word.split(':').all(is_small);
    }
    let is_year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    ['/', '-', '.'].into_iter().any(|separator| {
        let mut parts = word.split(separator);
        let (first, second, third) = (parts.next(), parts.next(), parts.next());
        let is = |part: Option<&str>, what: &dyn Fn(&str) -> bool| part.is_some_and(what);
        parts.next().is_none()
            && is(second, &is_small)
            && ((is(first, &is_year) && is(third, &is_small))
                || (is(first, &is_small) && is(third, &is_year)))
    })
}

/// Whether a header's name says that the column has phones.
fn names_phones(name: &str) -> bool {
    /// In any word, since they are often joined: `numeroTelefonico`, `customer_phone2`.
    const PARTS: [&str; 6] = ["telefon", "celular", "phone", "whatsapp", "mobile", "msisdn"];
    /// Whole words only: «hotel», «Marcela» and «automóvil» are about something else.
    const WORDS: [&str; 17] = [
        "tel", "tels", "telf", "telfs", "tlf", "tfno", "cel", "cels", "movil", "moviles", "fono", "fonos",
        "fone", "whats", "wa", "wsp", "wpp",
    ];
    if MAX_NAME < name.len() {
        return false;
    }
    folded(name).split(' ').any(|word| WORDS.contains(&word) || PARTS.iter().any(|part| word.contains(part)))
}

/// The letters in lower case and without accents; all else is a blank. A new word begins at a capital letter, too:
/// `numTel`.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len() + 4);
    let mut is_lower = false;
    for character in name.chars() {
        // Accents that stand by themselves, and what can't be seen, don't part a word.
        if matches!(character, '\u{300}'..='\u{36f}') || clean::is_invisible(character) {
            continue;
        }
        let plain = match character {
            'á' | 'Á' | 'à' | 'À' | 'â' | 'Â' | 'ã' | 'Ã' => 'a',
            'é' | 'É' | 'è' | 'È' | 'ê' | 'Ê' => 'e',
            'í' | 'Í' | 'ì' | 'Ì' => 'i',
            'ó' | 'Ó' | 'ò' | 'Ò' | 'ô' | 'Ô' | 'õ' | 'Õ' => 'o',
            'ú' | 'Ú' | 'ù' | 'Ù' | 'ü' | 'Ü' => 'u',
            other => other.to_ascii_lowercase(),
        };
        if is_lower && character.is_ascii_uppercase() {
            folded.push(' ');
        }
        folded.push(if plain.is_ascii_lowercase() { plain } else { ' ' });
        is_lower = character.is_ascii_lowercase();
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_phone_columns_are_known() {
        for name in [
            "telefonos",
            "Teléfono",
            "TELÉFONO 1",
            "Tel.",
            "nro_tel",
            "numTel",
            "Nº Celular",
            "cel",
            "Móvil",
            "MOVILES",
            "mo\u{301}vil",
            "WhatsApp",
            "phoneNumber",
            "customer_phone2",
            "Mobile",
            "Telefone",
            "fono",
            "tele\u{ad}fono",
        ] {
            assert!(names_phones(name), "{name}");
        }
        for name in
            ["Hotel", "Marcela", "Celia Estela", "Automóviles", "Cancelado", "dato1", "", "Modelo", "Nombre"]
        {
            assert!(!names_phones(name), "{name}");
        }
        assert!(!names_phones("Estimado cliente: le llamaremos a su teléfono de siempre, el de casa"));
    }

    #[test]
    fn in_doubt_it_is_a_person() {
        for cell in [
            "525512345678",
            "+52 55 1234-5678 (mamá)",
            "RUC 20512345678",
            "5.3E+11",
            "５２５５１２３４５６",
            "15/01/2026 5512345",
        ] {
            assert!(could_be_person(cell), "{cell}");
        }
        for cell in [
            "",
            "Ana",
            "dato1",
            "15/01/2026",
            "Del 2026-01-15 al 2026-02-15",
            "31.12.2026 23:59:59",
            "(15/01/2026)",
            "12345",
        ] {
            assert!(!could_be_person(cell), "{cell}");
        }
        // Written like dates, but no year begins so.
        for cell in ["22-33-4455", "55.12.3456", "99/12/2026"] {
            assert!(could_be_person(cell), "{cell}");
        }
    }
}
