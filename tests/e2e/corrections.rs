//! Rows with problems that are mended in a spreadsheet, and rows that go while others wait.

use anyhow::{Context as _, Result};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::traffic::{messages, received_by, sends};

/// Three rows with errors among five, and a column that no message needs.
const FILE: &str = "telefonos;image;dato1;dato2;notas\n\
                    525512345671;;Ana Peña;lunes 14;=1+1\n\
                    12345;;José Núñez;martes 15;\"dos;\nlíneas\"\n\
                    525512345673;;;;nada\n\
                    525512345674;;Zoë Güiza;;\n\
                    525512345675;;Íñigo;viernes 18;\n";

/// The rows with problems, as they are downloaded.
async fn download(desk: &Desk) -> Result<String> {
    desk.click("#problem-rows").await?;
    let (name, content) = desk.downloaded().await?;
    assert!(name.starts_with("clientes_filas_con_problemas_"), "{name}");
    Ok(String::from_utf8(content)?)
}

pub async fn rows_are_mended_elsewhere_and_replace_the_original_ones(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.review("clientes.csv", FILE.as_bytes()).await?;
    desk.see(&["3 problemas impiden el envío · 2 filas están bien"]).await?;
    let rows = download(desk).await?;
    let lines: Vec<&str> = rows.trim_start_matches('\u{feff}').split("\r\n").collect();
    assert_eq!(lines[0], "telefonos;image;dato1;dato2;notas;fila;línea;motivo");
    assert!(
        lines[1].starts_with(
            "12345;;José Núñez;martes 15;\"dos;\nlíneas\";3;3;\"A · telefonos: El número tiene 5 dígitos"
        ),
        "{}",
        lines[1]
    );
    // From here on lines and rows differ, since a cell has two lines.
    assert!(lines[2].starts_with("525512345673;;;;nada;4;5;"), "{}", lines[2]);
    assert!(
        lines[2].contains("No se han detectado variables en la plantilla recordatorio_cita"),
        "{}",
        lines[2]
    );
    assert!(
        lines[3].starts_with("525512345674;;Zoë Güiza;;;5;6;D · dato2: Falta el dato {{2}}"),
        "{}",
        lines[3]
    );
    assert_eq!(lines[4..], [""], "only rows with errors are in it");

    // Two are mended; the third gets another mistake.
    let mended = rows
        .replace("\n12345;", "\n525512345672;")
        .replace("525512345673;;;;", "525512345673;;Raúl;miércoles 16;")
        .replace(";;Zoë Güiza;;", ";;Zoë Güiza;#N/A;");
    desk.upload_corrections("corregidas.csv", mended.as_bytes()).await?;
    desk.wait_for_problems(&[["5", "D · dato2", "La hoja de cálculo dejó un error en lugar del dato."]])
        .await?;
    desk.see(&["1 problema impide el envío · 4 filas están bien", "Deshacer"]).await?;

    // One step back takes all of it back, and the same file can be given once more.
    desk.click("#undo").await?;
    desk.see(&["3 problemas impiden el envío · 2 filas están bien"]).await?;
    desk.upload_corrections("corregidas.csv", mended.as_bytes()).await?;
    desk.see(&["1 problema impide el envío"]).await?;
    desk.mend(5, "D", "jueves 17").await?;
    desk.press("Seguir con 5 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let received: Vec<(String, String)> = messages(&desk.sandbox);
    let wanted = [
        "Ana Peña, te recordamos tu cita el *lunes 14*",
        "José Núñez, te recordamos tu cita el *martes 15*",
        "Raúl, te recordamos tu cita el *miércoles 16*",
        "Zoë Güiza, te recordamos tu cita el *jueves 17*",
        "Íñigo, te recordamos tu cita el *viernes 18*",
    ];
    assert_eq!(received.len(), wanted.len());
    for (n, ((phone, body), wanted)) in received.iter().zip(wanted).enumerate() {
        assert_eq!(*phone, format!("+52551234567{}", n + 1));
        assert!(body.contains(wanted), "{phone}: {body}");
    }
    Ok(())
}

pub async fn a_workbook_is_mended_by_a_workbook(desk: &mut Desk) -> Result<()> {
    let lines = ["telefonos;image;dato1;dato2", "12345;;Ana Peña;lunes 14", "525512345672;;José;martes 15"];
    let cells = |line: &str| line.split(';').map(str::to_owned).collect::<Vec<_>>();
    desk.open().await?;
    desk.review("clientes.xlsx", &workbook(&lines.map(cells))?).await?;
    let rows = download(desk).await?;
    let mended: Vec<Vec<String>> = rows
        .trim_start_matches('\u{feff}')
        .trim_end()
        .lines()
        .map(|line| cells(&line.replace("12345", "525512345671")))
        .collect();
    desk.upload_corrections("corregidas.xlsx", &workbook(&mended)?).await?;
    desk.see(&["No hay errores", "hoja «Sheet1»", "clientes.xlsx"]).await?;
    desk.press("Seguir con 2 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let phones: Vec<String> = messages(&desk.sandbox).into_iter().map(|(phone, _)| phone).collect();
    assert_eq!(phones, ["+525512345671", "+525512345672"]);
    Ok(())
}

/// As somebody types it: what looks like a number becomes one.
fn workbook(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (u32::try_from(row)?, u16::try_from(column)?);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number)?,
                Err(_) => sheet.write_string(row, column, cell)?,
            };
        }
    }
    Ok(workbook.save_to_buffer()?)
}

pub async fn a_file_that_is_not_that_of_the_rows_with_problems_changes_nothing(
    desk: &mut Desk,
) -> Result<()> {
    desk.open().await?;
    desk.review("clientes.csv", FILE.as_bytes()).await?;
    let rows = download(desk).await?;
    let other_rows = rows.replace(";4;5;", ";9;9;");
    let no_place = rows.replace(";4;5;", ";;;");
    let other_columns = rows.replace("dato1;dato2", "dato2;dato1");
    let damaged = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0".to_vec();
    for (name, content, told) in [
        ("otra.csv", FILE.as_bytes().to_vec(), "Ese archivo no es el de filas con problemas."),
        (
            "otras-filas.csv",
            other_rows.into_bytes(),
            "Una de las filas no dice a qué fila del original reemplaza.",
        ),
        (
            "sin-lugar.csv",
            no_place.into_bytes(),
            "Una de las filas no dice a qué fila del original reemplaza.",
        ),
        ("otras-columnas.csv", other_columns.into_bytes(), "Las columnas no son las del archivo original."),
        ("roto.xlsx", damaged, "El archivo de filas corregidas no se pudo leer."),
        ("vacio.csv", Vec::new(), "El archivo de filas corregidas no se pudo leer."),
    ] {
        desk.upload_corrections(name, &content).await?;
        desk.see(&[told, "No se cambió nada."]).await.context(name)?;
        desk.see(&["3 problemas impiden el envío · 2 filas están bien", "clientes.csv"])
            .await
            .context(name)?;
        assert_eq!(desk.count("#undo").await?, 0, "{name}");
        assert_eq!(desk.problems().await?.len(), 3, "{name}");
    }
    // After the right one nothing of it is left to be seen.
    let mended = rows.replace("\n12345;", "\n525512345672;");
    desk.upload_corrections("corregidas.csv", mended.as_bytes()).await?;
    desk.see(&["2 problemas impiden el envío · 3 filas están bien"]).await?;
    assert!(!desk.visible_text().await?.contains("No se cambió nada."));
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}

pub async fn good_rows_go_while_the_others_wait(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.review("clientes.csv", FILE.as_bytes()).await?;
    desk.see(&["3 filas con errores quedarían fuera."]).await?;
    desk.press("Seguir solo con las 2 filas correctas").await?;
    desk.wait_for_text("#confirm-title", "Se procesaran: 2 mensajes con la Plantilla.: recordatorio_cita")
        .await?;
    desk.see(&["3 filas del archivo no se enviarán", "1 teléfono por corregir", "2 datos por completar"])
        .await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(sends(&desk.sandbox).len(), 2);
    for (phone, n) in [("525512345671", 1), ("525512345673", 0), ("525512345674", 0), ("525512345675", 1)] {
        assert_eq!(received_by(&desk.sandbox, phone), n, "{phone}");
    }

    desk.click("#run-download").await?;
    let (name, results) = desk.downloaded().await?;
    assert!(name.starts_with("clientes_resultados_"), "{name}");
    let results = String::from_utf8(results)?;
    let lines: Vec<&str> = results.trim_start_matches('\u{feff}').trim_end().split("\r\n").collect();
    assert_eq!(lines.len(), 6, "{results}");
    for (line, part) in lines.iter().zip([
        ";fila;línea;teléfono enviado;estado;motivo;id;hora de envío;hora de resultado",
        ";2;2;'+525512345671;Colocado;;",
        ";3;3;;Quedó fuera;",
        ";4;5;;Quedó fuera;",
        ";5;6;;Quedó fuera;",
        ";6;7;'+525512345675;Colocado;;",
    ]) {
        assert!(line.contains(part), "{part} is not in {line}");
    }
    Ok(())
}
