//! Files of recipients, in the product's own format.

use std::fmt::Write as _;

/// First and last names with the letters that other encodings lose.
const FIRST: [&str; 10] =
    ["Ana", "José", "Begoña", "Ángel", "María", "Íñigo", "Lucía", "Óscar", "Zoë", "Raúl"];
const LAST: [&str; 7] = ["Muñoz", "Núñez", "Ibáñez", "Peña", "Güiza", "Hernández", "Ordóñez"];

/// How mobile numbers of several countries are written: what comes before the last seven digits.
const PREFIXES: [&str; 10] =
    ["52551", "+52 81 1", "57300", "+57 310 ", "549114", "569 9", "+51 98", "5511 98", "5025", "+1 809 "];

/// A Mexican number that is not among those that fail, by its place in a file.
pub fn phone(n: usize) -> String {
    (525_512_000_000 + n).to_string()
}

/// A file for the seed's template `recordatorio_cita`: name and day.
pub fn reminders<P: AsRef<str>>(phones: impl IntoIterator<Item = P>) -> Vec<u8> {
    let mut text = String::from("telefonos,image,dato1,dato2\n");
    for (n, phone) in phones.into_iter().enumerate() {
        // Writing to a String never fails.
        let _ = writeln!(text, "{},,{},{} de julio", phone.as_ref(), name(n), n % 28 + 1);
    }
    text.into_bytes()
}

/// The numbers of a file of so many rows.
pub fn phones(n_rows: usize) -> Vec<String> {
    (0..n_rows).map(phone).collect()
}

/// A name with accents.
pub fn name(n: usize) -> String {
    format!("{} {}", FIRST[n % FIRST.len()], LAST[n % LAST.len()])
}

/// A large file of different countries' numbers, all good, written in different ways.
pub fn mixed(n_rows: usize) -> Vec<u8> {
    // Seven digits that begin with 5 are a subscriber's in each of the countries.
    let number = |n: usize| format!("{}{}", PREFIXES[n % PREFIXES.len()], 5_500_000 + n / PREFIXES.len());
    reminders((0..n_rows).map(number))
}
