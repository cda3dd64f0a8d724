//! A file such as a large contact centre has: recipients in nine countries, accents, quotes, `;` between the columns,
//! and something wrong in two rows of a hundred.
//!
//! The same rows come out each time, about 120 bytes each. All of it is arithmetic on the row's place: no number
//! comes twice but where it is meant to, whatever the length.

use std::io::{self, Write};

/// The seed's template that the columns are for: a phone, no media, and four variables.
pub const TEMPLATE: (&str, &str) = ("confirmacion_pago", "es_MX");

/// One row of so many has something wrong.
const BAD_EVERY: usize = 50;
/// Its place among those.
const BAD_AT: usize = 17;
/// So many rows have the number of an earlier one.
const N_DUPLICATES: usize = 3;

const FIRST: [&str; 13] = [
    "Ana",
    "José",
    "Begoña",
    "Ángel",
    "María Fernanda",
    "Íñigo",
    "Lucía",
    "Óscar",
    "Zoë",
    "João",
    "Guadalupe",
    "Conceição",
    "Juan Sebastián",
];
const LAST: [&str; 11] = [
    "Muñoz Ibáñez",
    "Núñez de la Peña",
    "Güiza Hernández",
    "Ordóñez Quiñones",
    "Pérez Rodríguez",
    "Gonçalves",
    "Yáñez Acuña",
    "Echeverría",
    "López Sánchez",
    "Ávila Castañeda",
    "Vásquez Ruiz",
];
const NICKNAMES: [&str; 4] = ["La Güera", "El Ñato", "Pepe", "Toño"];
const DAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
const BRANCHES: [&str; 6] = [
    "Sucursal Cañón del Río",
    "Agencia São Paulo",
    "Módulo Bogotá Norte",
    "Oficina Ñuñoa",
    "Caja Córdoba",
    "Kiosco Málaga",
];

/// A country's mobile numbers: its calling code, and what they begin with. Seven more digits, any at all, follow.
struct Country {
    code: &'static str,
    beginnings: &'static [&'static str],
}

const COUNTRIES: [Country; 9] = [
    Country { code: "52", beginnings: &["551", "555", "333", "811"] },
    Country { code: "57", beginnings: &["300", "310", "315", "320"] },
    Country { code: "54", beginnings: &["9113", "9115", "9116"] },
    Country { code: "51", beginnings: &["91", "94", "98", "99"] },
    Country { code: "56", beginnings: &["95", "96", "98"] },
    Country { code: "593", beginnings: &["98", "99"] },
    Country { code: "55", beginnings: &["1198", "2199", "3198"] },
    Country { code: "502", beginnings: &["4", "5"] },
    Country { code: "34", beginnings: &["61", "62", "65", "66"] },
];

/// What is wrong with a bad row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    PhoneIs(&'static str),
    PhoneTooShort,
    PhoneTooLong,
    PhoneInExcelsWay,
    PhoneWithLetter,
    NameMissing,
    AmountBlank,
    LineBreak,
    FiveSpaces,
    RowCutShort,
}

const FAULTS: [Fault; 12] = [
    Fault::PhoneIs("55-ABC-DEFG"),
    Fault::NameMissing,
    Fault::PhoneTooShort,
    Fault::LineBreak,
    Fault::PhoneInExcelsWay,
    Fault::PhoneIs(""),
    Fault::AmountBlank,
    Fault::PhoneTooLong,
    Fault::FiveSpaces,
    Fault::PhoneIs("pendiente"),
    Fault::RowCutShort,
    Fault::PhoneWithLetter,
];

/// Writes a file of so many rows.
pub fn write(n_rows: usize, out: &mut impl Write) -> io::Result<()> {
    out.write_all("telefonos;image;dato1;dato2;dato3;dato4\r\n".as_bytes())?;
    for row in 0..n_rows {
        out.write_all(line(row, n_rows).as_bytes())?;
    }
    Ok(())
}

fn fault(row: usize) -> Option<Fault> {
    (row % BAD_EVERY == BAD_AT).then(|| FAULTS[row / BAD_EVERY % FAULTS.len()])
}

fn line(row: usize, n_rows: usize) -> String {
    let fault = fault(row);
    let phone = match fault {
        Some(Fault::PhoneIs(text)) => text.to_owned(),
        Some(Fault::PhoneTooShort) => "52551234".to_owned(),
        Some(Fault::PhoneTooLong) => format!("5255{row:014}"),
        Some(Fault::PhoneInExcelsWay) => "5.2551E+11".to_owned(),
        Some(Fault::PhoneWithLetter) => format!("{}O", phone(row)),
        _ => phone(original_of(row, n_rows)),
    };
    let scattered = scattered(row);
    let name = match fault {
        Some(Fault::NameMissing) => String::new(),
        _ => name(row),
    };
    if fault == Some(Fault::RowCutShort) {
        return format!("{phone};;{name}\r\n");
    }
    let amount = match fault {
        Some(Fault::AmountBlank) => "  ".to_owned(),
        _ => format!("${}.{:03},{:02}", row % 97 + 1, scattered % 1000, row % 100),
    };
    let gap = match fault {
        Some(Fault::LineBreak) => "\r\n",
        Some(Fault::FiveSpaces) => "     ",
        _ => " ",
    };
    let (day, of_month, hour) = (DAYS[row % DAYS.len()], row % 28 + 1, row % 10 + 9);
    let branch = BRANCHES[scattered % BRANCHES.len()];
    format!(
        "{phone};;{name};{amount};\"{day} {of_month} de diciembre;{gap}{hour}:30 h\";REF-{row:08} · {branch}\r\n"
    )
}

/// Every fourth one is in quotes, every eighth one has quotes of its own.
fn name(row: usize) -> String {
    let (first, last) = (FIRST[row % FIRST.len()], LAST[row % LAST.len()]);
    match row % 8 {
        3 => format!("\"{first} \"\"{}\"\" {last}\"", NICKNAMES[row / 8 % NICKNAMES.len()]),
        7 => format!("\"{last}; {first}\""),
        _ => format!("{first} {last}"),
    }
}

/// The row whose number this one has: its own, but for a few in a file that is long enough to hide them.
fn original_of(row: usize, n_rows: usize) -> usize {
    let apart = n_rows / (N_DUPLICATES + 1);
    let is_repeated = 100 < apart && 0 < row && row.is_multiple_of(apart) && row / apart <= N_DUPLICATES;
    if is_repeated { row - 9 } else { row }
}

/// Seven digits that no other row of the same country has: a multiplication by a number prime to 10 that cuts off
/// the carry only moves them about.
fn scattered(row: usize) -> usize {
    (row / COUNTRIES.len() * 7_654_321 + 1_234_567) % 10_000_000
}

/// A good number, in one of the ways in which people write them.
fn phone(row: usize) -> String {
    let Country { code, beginnings } = &COUNTRIES[row % COUNTRIES.len()];
    let beginning = beginnings[row / COUNTRIES.len() % beginnings.len()];
    let rest = scattered(row);
    let (first, last) = (rest / 10_000, rest % 10_000);
    match row / 5 % 20 {
        0..9 => format!("{code}{beginning}{rest:07}"),
        9..13 => format!("+{code}{beginning}{rest:07}"),
        13..18 => format!("+{code} {beginning} {first:03} {last:04}"),
        _ => format!("{code} {beginning} {first:03} {last:04}"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn file(n_rows: usize) -> String {
        let mut bytes = Vec::new();
        write(n_rows, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_hundred_thousand_rows_are_about_twelve_megabytes_the_same_each_time() {
        let text = file(100_000);
        assert!((11_500_000..12_500_000).contains(&text.len()), "{} bytes", text.len());
        assert!(text == file(100_000));
    }

    #[test]
    fn two_rows_of_a_hundred_are_bad_and_every_fault_comes() {
        let faults: Vec<Fault> = (0..100_000).filter_map(fault).collect();
        assert_eq!(faults.len(), 2_000);
        assert!(FAULTS.iter().all(|fault| faults.contains(fault)));
    }

    #[test]
    fn good_rows_have_six_columns_and_some_of_them_quotes_and_accents() {
        let text = file(2_000);
        let mut n_quoted = 0;
        for (row, line) in (0..17).zip(text.lines().skip(1)) {
            // A `;` within quotes is none between columns.
            let columns = line.split('"').step_by(2).map(|it| it.matches(';').count()).sum::<usize>() + 1;
            assert_eq!(columns, 6, "row {row}: {line}");
            n_quoted += usize::from(line.contains("\"\""));
        }
        assert!(1 < n_quoted);
        assert!(text.contains("María") && text.contains("Muñoz") && text.contains("São"));
    }

    #[test]
    fn no_number_comes_twice_but_three() {
        let n_rows = 100_000;
        let numbers = (0..n_rows).map(|row| phone(original_of(row, n_rows)));
        let digits = numbers.map(|it| it.chars().filter(char::is_ascii_digit).collect::<String>());
        assert_eq!(digits.collect::<BTreeSet<_>>().len(), n_rows - N_DUPLICATES);
        // The last million's place must not come round to the first one's.
        assert_eq!(
            (0..1_000_000).map(|row| (row % 9, scattered(row))).collect::<BTreeSet<_>>().len(),
            1_000_000
        );
    }
}
