//! Columns by their names: whatever a header calls a thing, in Spanish, English or Portuguese.

use crate::{
    fold,
    mapping::{ColumnPurpose, Mapping, Source, columns},
    problem::ColumnIdx,
    template::{Placeholder, Slot, SlotId, SlotKind, Template},
};

/// Parts of words that say phone.
const PHONE_WORDS: [&str; 8] = ["tel", "phone", "cel", "movil", "mobile", "whats", "fono", "lada"];
/// Whole names that do.
const PHONE_NAMES: [&str; 9] =
    ["numero", "numeros", "number", "wa", "wsp", "wpp", "msisdn", "contacto", "destinatario"];
/// Words that have a phone's letters and say something else.
const NOT_PHONES: [&str; 5] = ["cancel", "hotel", "excel", "celebr", "parcel"];
const MEDIA_NAMES: [&str; 19] = [
    "image",
    "imagen",
    "imagenurl",
    "imageurl",
    "img",
    "foto",
    "video",
    "videourl",
    "documento",
    "document",
    "pdf",
    "archivo",
    "adjunto",
    "media",
    "multimedia",
    "url",
    "urlimagen",
    "enlace",
    "link",
];

/// Whether a column's name says that it has phones.
pub fn names_phones(name: &str) -> bool {
    let name = folded(name);
    PHONE_NAMES.contains(&name.as_str())
        || (PHONE_WORDS.iter().any(|word| name.contains(word))
            && !NOT_PHONES.iter().any(|word| name.contains(word)))
}

/// Whether the header is the manual's: a phone in A, media or nothing in B, and no name that says that a column is
/// elsewhere than where the manual has it.
pub(super) fn agree_with_manual(template: &Template, header: &[String]) -> bool {
    let name = |idx: usize| header.get(idx).map(|name| folded(name)).unwrap_or_default();
    let has_media_place = name(1).is_empty() || MEDIA_NAMES.contains(&name(1).as_str()) || header.len() < 2;
    if !names_phones(&name(0)) || !has_media_place {
        return false;
    }
    let manual = Mapping::manual(template);
    let matched = matched(template, header);
    matched.slots.iter().all(|(slot, source)| source.is_none() || source.as_ref() == manual.source(slot))
}

/// What the names say. Each column fills one slot at most, and a slot that no name is meant for stays empty.
pub(super) fn matched(template: &Template, header: &[String]) -> Mapping {
    let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
    let mut is_taken = vec![false; names.len()];
    let mut take = |is_it: &dyn Fn(&str) -> bool| {
        let free = |&(idx, name): &(usize, &String)| {
            !name.is_empty() && is_it(name) && is_taken.get(idx) == Some(&false)
        };
        let (idx, _) = names.iter().enumerate().find(free)?;
        *is_taken.get_mut(idx)? = true;
        Some(ColumnIdx::new(idx))
    };
    // A name that is exactly a variable's belongs to it, even if it also says phone.
    let wanted: Vec<(SlotId, Vec<String>)> = columns(template)
        .into_iter()
        .filter_map(|column| match column.purpose {
            ColumnPurpose::Slot(slot) => Some((slot.id.clone(), names_of(template, &slot, &column.name))),
            ColumnPurpose::Phone | ColumnPurpose::Unused => None,
        })
        .collect();
    let mut slots: Vec<(SlotId, Option<Source>)> = wanted
        .iter()
        .map(|(slot, names)| {
            (slot.clone(), take(&|name| names.iter().any(|own| own == name)).map(Source::Column))
        })
        .collect();
    let phone = take(&|name| names_phones(name));
    // Then those that are nearly so: a slip of the pen, a plural.
    for ((_, source), (_, names)) in slots.iter_mut().zip(&wanted) {
        if source.is_none() {
            *source = take(&|name| names.iter().any(|own| is_near(own, name))).map(Source::Column);
        }
    }
    Mapping { phone, slots }
}

/// What a slot's column may be called, the manual's own name among them.
fn names_of(template: &Template, slot: &Slot, manual: &str) -> Vec<String> {
    let numbered = |n: u16| {
        ["dato", "variable", "var", "param", "parametro", "parameter", "valor", "campo", "body", ""]
            .map(|word| format!("{word}{n}"))
            .to_vec()
    };
    let mut names = match (&slot.id, &slot.kind) {
        (SlotId::HeaderMedia, _) => MEDIA_NAMES.map(ToOwned::to_owned).to_vec(),
        (SlotId::Body(Placeholder::Name(name)), _) => vec![folded(name)],
        (SlotId::Body(Placeholder::Position(position)), _) => {
            // Where the header has a variable, the manual's dato2 is the body's {{1}}: only one of the two may count.
            let own = folded(manual);
            let n = own.strip_prefix("dato").and_then(|n| n.parse().ok());
            if n == Some(*position) { numbered(*position) } else { Vec::new() }
        }
        (SlotId::HeaderText, _) => {
            let own = template.header_placeholder().map(|placeholder| match placeholder {
                Placeholder::Name(name) => folded(&name),
                Placeholder::Position(_) => "encabezado".to_owned(),
            });
            own.into_iter().chain(["encabezado", "header", "titulo"].map(ToOwned::to_owned)).collect()
        }
        (SlotId::Button(_), SlotKind::CopyCode) => {
            ["codigo", "cupon", "code", "coupon"].map(ToOwned::to_owned).to_vec()
        }
        (SlotId::Button(_), _) => {
            ["boton", "button", "urlboton", "sufijo", "suffix"].map(ToOwned::to_owned).to_vec()
        }
    };
    names.push(folded(manual));
    names
}

/// A name as names are compared: letters without accents and digits, in lower case.
fn folded(name: &str) -> String {
    let fold = |character: char| {
        let character = fold::folded(character);
        character.is_alphanumeric().then_some(character)
    };
    name.chars().filter_map(fold).collect()
}

/// Whether two names differ by no more than one letter, or two in a long one: `nombre` and `nombres`. Digits count for
/// more than letters: `dato1` is not `dato2`.
fn is_near(own: &str, name: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let shorter = own.chars().count().min(name.chars().count());
    let allowed = match shorter {
        0..4 => return false,
        4..8 => 1,
        _ => 2,
    };
    digits(own) == digits(name) && distance(own, name) <= allowed
}

/// How many letters must be changed, added or taken away to make one of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, from) in a.chars().enumerate() {
        let mut diagonal = n;
        let mut left = n + 1;
        for (to, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let cost = (diagonal + usize::from(from != *to)).min(left + 1).min(*above + 1);
            diagonal = std::mem::replace(above, cost);
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = n + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mapping::{FoundBy, propose},
        template::{Template, TemplateText, samples},
    };

    fn shown(template: &Template, header: &str) -> String {
        let header: Vec<String> = header.split(',').map(ToOwned::to_owned).collect();
        let (mapping, found_by) = propose(template, &header, None);
        let column = |column: Option<ColumnIdx>| column.map_or("-".to_owned(), |column| column.to_string());
        let slots: Vec<String> = mapping
            .slots
            .iter()
            .map(|(slot, source)| match source {
                Some(Source::Column(column)) => format!("{slot:?}={column}"),
                Some(Source::Fixed(value)) => format!("{slot:?}={value:?}"),
                None => format!("{slot:?}=-"),
            })
            .collect();
        let how = match found_by {
            FoundBy::Place => "place",
            FoundBy::Names => "names",
            FoundBy::Kept => "kept",
        };
        format!("{how}: phone={} {}", column(mapping.phone), slots.join(" "))
    }

    fn named(body: &str) -> Template {
        Template { body: TemplateText::parse(body), ..samples::plain() }
    }

    #[test]
    fn the_manuals_header_is_taken_by_place() {
        let template = samples::with_body("{{1}} {{2}}");
        for header in [
            "telefonos,image,dato1,dato2",
            "Teléfono,Imagen,nombre,monto",
            "CELULAR,,x,y",
            "whatsapp,image,dato1,dato2,extra",
        ] {
            assert_eq!(
                shown(&template, header),
                "place: phone=A Body(Position(1))=C Body(Position(2))=D",
                "{header}"
            );
        }
    }

    #[test]
    fn other_headers_are_taken_by_name() {
        let template = samples::with_body("{{1}} {{2}}");
        assert_eq!(
            shown(&template, "dato2,nombre,Móvil,Dato 1"),
            "names: phone=C Body(Position(1))=D Body(Position(2))=A"
        );
        assert_eq!(
            shown(&template, "telefonos,image,dato2,dato1"),
            "names: phone=A Body(Position(1))=D Body(Position(2))=C"
        );
        assert_eq!(
            shown(&template, "id,nombre,tel"),
            "names: phone=C Body(Position(1))=- Body(Position(2))=-"
        );
    }

    #[test]
    fn named_variables_are_found_by_their_names_or_nearly() {
        let template = named("Hola {{nombre}}, su pedido {{numero_pedido}}");
        assert_eq!(
            shown(&template, "Número pedido,Nombres,Tel. celular"),
            r#"names: phone=C Body(Name("nombre"))=B Body(Name("numero_pedido"))=A"#
        );
    }

    #[test]
    fn a_variable_that_is_a_phone_is_not_the_recipients() {
        let template = named("Llame al {{telefono_sucursal}}");
        assert_eq!(
            shown(&template, "telefono_sucursal,celular"),
            r#"names: phone=B Body(Name("telefono_sucursal"))=A"#
        );
    }

    #[test]
    fn media_and_codes_have_names_too() {
        assert_eq!(
            shown(&samples::with_image(), "nombre,celular,Foto"),
            "names: phone=B HeaderMedia=C Body(Position(1))=-"
        );
    }

    #[test]
    fn hotels_are_no_phones() {
        for name in ["Teléfonos", "tel.", "No. de celular", "MÓVIL", "WhatsApp", "Número", "phone_number"]
        {
            assert!(names_phones(name), "{name}");
        }
        for name in ["hotel", "cancelado", "nombre", "dato1", ""] {
            assert!(!names_phones(name), "{name}");
        }
    }

    #[test]
    fn distances_are_levenshteins() {
        for (a, b, expected) in [
            ("", "", 0),
            ("a", "", 1),
            ("nombre", "nombres", 1),
            ("gato", "pato", 1),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }
}
