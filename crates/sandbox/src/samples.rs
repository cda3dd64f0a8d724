//! Sample files to try, in the product's own CSV format (`telefonos,image,dato1,…`).
//!
//! They are made here, byte for byte, so that a person can download them without having anything else.

use serde::Serialize;

/// A sample file, as the page lists it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Sample {
    name: &'static str,
    /// The seed's template it is meant for.
    template: &'static str,
    description: &'static str,
    #[serde(skip)]
    content: Content,
}

#[derive(Debug, Clone, Copy)]
enum Content {
    Text(&'static str),
    Latin1(&'static str),
    /// So many rows of name and date.
    Rows(u32),
}

const SAMPLES: &[Sample] = &[
    Sample {
        name: "recordatorio-cita.csv",
        template: "recordatorio_cita",
        description: "Archivo correcto: 5 filas, dos variables, ñ y acentos en UTF-8.",
        content: Content::Text(
            "telefonos,image,dato1,dato2\n\
             525512345678,,Ana Muñoz,\"lunes 14 de julio, 10:30\"\n\
             525587654321,,José Núñez,martes 15 de julio\n\
             525543218765,,Begoña Ibáñez,miércoles 16 de julio\n\
             528112345670,,Ángel Peñaloza,jueves 17 de julio\n\
             573001234567,,María Güiza,viernes 18 de julio\n",
        ),
    },
    Sample {
        name: "bienvenida-sin-variables.csv",
        template: "bienvenida",
        description: "Plantilla sin variables: solo la columna de teléfonos.",
        content: Content::Text("telefonos,image\n525512345678,\n525587654321,\n525543218765,\n"),
    },
    Sample {
        name: "confirmacion-pago.csv",
        template: "confirmacion_pago",
        description: "Cuatro variables; un nombre con comillas y una coma dentro de un valor.",
        content: Content::Text(
            "telefonos,image,dato1,dato2,dato3,dato4\n\
             525512345678,,\"Ana \"\"La Güera\"\" Muñoz\",\"$1,250.00\",10 de diciembre,REF-88213\n\
             525587654321,,José Núñez,$980.50,11 de diciembre,REF-88214\n",
        ),
    },
    Sample {
        name: "oferta-con-imagen.csv",
        template: "oferta_temporada",
        description: "Encabezado de imagen: la columna B lleva la dirección https de la imagen.",
        content: Content::Text(
            "telefonos,image,dato1,dato2\n\
             525512345678,https://media.acme.example/oferta.png,Ana,40%\n\
             525587654321,https://media.acme.example/oferta.png,José,30%\n",
        ),
    },
    Sample {
        name: "saldo-vencido-boton.csv",
        template: "saldo_vencido",
        description: "Encabezado con variable (columna C), dos variables y un botón con dirección dinámica.",
        content: Content::Text(
            "telefonos,image,dato1,dato2,dato3,dato4\n\
             525512345678,,Ana,F-1029,1 de marzo,F-1029\n\
             525587654321,,José,F-1030,3 de marzo,F-1030\n",
        ),
    },
    Sample {
        name: "punto-y-coma.csv",
        template: "recordatorio_cita",
        description: "Separado por punto y coma, como lo guarda Excel en español, y con marca BOM.",
        content: Content::Text(
            "\u{feff}telefonos;image;dato1;dato2\r\n\
             525512345678;;Ana Muñoz;lunes 14, a las 10\r\n\
             525587654321;;José Núñez;martes 15\r\n",
        ),
    },
    Sample {
        name: "lineas-malas.csv",
        template: "recordatorio_cita",
        description: "Con errores: teléfonos mal escritos, una línea en blanco en medio y celdas vacías.",
        content: Content::Text(
            "telefonos,image,dato1,dato2\n\
             525512345678,,Ana Muñoz,lunes 14\n\
             55-ABC,,José Núñez,martes 15\n\
             \n\
             ,,Begoña Ibáñez,miércoles 16\n\
             123,,Ángel Peñaloza,jueves 17\n\
             525543218765,,María Güiza,\n",
        ),
    },
    Sample {
        name: "faltan-variables.csv",
        template: "recordatorio_cita",
        description: "La línea 3 no trae ninguna variable y la 4 trae solo una.",
        content: Content::Text(
            "telefonos,image,dato1,dato2\n\
             525512345678,,Ana Muñoz,lunes 14\n\
             525587654321,,,\n\
             525543218765,,Begoña Ibáñez,\n",
        ),
    },
    Sample {
        name: "numeros-repetidos.csv",
        template: "recordatorio_cita",
        description: "El mismo teléfono tres veces, escrito de formas distintas: solo se envía a la primera.",
        content: Content::Text(
            "telefonos,image,dato1,dato2\n\
             525512345678,,Ana Muñoz,lunes 14\n\
             +52 55 1234 5678,,Ana Muñoz,lunes 14\n\
             525587654321,,José Núñez,martes 15\n\
             5215512345678,,Ana M.,lunes 14\n",
        ),
    },
    Sample {
        name: "windows-1252.csv",
        template: "recordatorio_cita",
        description: "Guardado sin UTF-8 (Windows-1252), como lo hace Excel: los acentos llegan bien.",
        content: Content::Latin1(
            "telefonos,image,dato1,dato2\r\n\
             525512345678,,Ana Muñoz,miércoles 16\r\n\
             525587654321,,José Núñez,sábado 19\r\n",
        ),
    },
    Sample {
        name: "sin-telefonos.csv",
        template: "recordatorio_cita",
        description: "No trae la columna de teléfonos: hay que indicar qué columna va en cada lugar.",
        content: Content::Text("nombre,fecha\nAna Muñoz,lunes 14\nJosé Núñez,martes 15\n"),
    },
    Sample {
        name: "numeros-con-fallos.csv",
        template: "recordatorio_cita",
        description: "Los números de prueba que hacen fallar a WhatsApp de formas distintas (ver «Fallos»).",
        content: Content::Text(
            "telefonos,image,dato1,dato2\n\
             525512345678,,Se acepta,bien\n\
             525555500400,,Se rechaza,destino inválido\n\
             525555500429,,Espera y reintenta,429 una vez\n\
             525555500500,,Resultado desconocido,500\n\
             525555500601,,Resultado desconocido,conexión cortada\n\
             525587654321,,Se acepta,bien\n",
        ),
    },
    Sample {
        name: "mil-filas.csv",
        template: "recordatorio_cita",
        description: "1 000 filas correctas.",
        content: Content::Rows(1_000),
    },
    Sample {
        name: "diez-mil-filas.csv",
        template: "recordatorio_cita",
        description: "10 000 filas correctas (más que el paquete de 1 000 mensajes).",
        content: Content::Rows(10_000),
    },
];

/// All sample files.
pub(crate) fn list() -> &'static [Sample] {
    SAMPLES
}

/// A sample file's bytes.
pub(crate) fn content(name: &str) -> Option<Vec<u8>> {
    let sample = SAMPLES.iter().find(|it| it.name == name)?;
    Some(match sample.content {
        Content::Text(text) => text.as_bytes().to_vec(),
        Content::Latin1(text) => text.chars().map(|it| u8::try_from(u32::from(it)).unwrap_or(b'?')).collect(),
        Content::Rows(n_rows) => rows(n_rows).into_bytes(),
    })
}

/// Distinct numbers that are no magic ones, with names that have accents.
fn rows(n_rows: u32) -> String {
    const FIRST: [&str; 10] =
        ["Ana", "José", "Begoña", "Ángel", "María", "Íñigo", "Lucía", "Óscar", "Zoë", "Raúl"];
    const LAST: [&str; 7] = ["Muñoz", "Núñez", "Ibáñez", "Peña", "Güiza", "Hernández", "Ordóñez"];
    let mut text = String::from("telefonos,image,dato1,dato2\n");
    for row in 0..n_rows {
        let first = FIRST[row as usize % FIRST.len()];
        let last = LAST[row as usize % LAST.len()];
        let (day, hour) = (row % 28 + 1, row % 10 + 9);
        let phone = 525_512_000_000_u64 + u64::from(row);
        text.extend([format!("{phone},,{first} {last},{day} de julio a las {hour}:00\n")]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sunco::faults::magic_ending;

    #[test]
    fn big_samples_have_their_rows_and_meet_no_fault() {
        let text = String::from_utf8(content("diez-mil-filas.csv").unwrap()).unwrap();
        let phones: Vec<&str> = text.lines().skip(1).filter_map(|it| it.split(',').next()).collect();
        assert_eq!(phones.len(), 10_000);
        assert!(phones.iter().all(|it| magic_ending(it).is_none()));
    }

    #[test]
    fn only_the_one_file_is_not_utf8() {
        for sample in SAMPLES {
            let is_utf8 = String::from_utf8(content(sample.name).unwrap()).is_ok();
            assert_eq!(is_utf8, sample.name != "windows-1252.csv", "{}", sample.name);
        }
    }
}
