//! Files as agents really have them: however they were saved, people get the same messages.

use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::review::ProblemRow;
use cxconnect_tests::traffic::{messages, sends};
use rust_xlsxwriter::{Workbook, Worksheet};

/// The same list as the two of `LibreOffice` below.
const LIST: [[&str; 4]; 4] = [
    ["telefonos", "image", "dato1", "dato2"],
    ["525512345670", "", "José Ñandú", "miércoles 9, a las 10"],
    ["573001234567", "", "Begoña Ibáñez", "jueves 10: 1,5 horas; 20 €"],
    ["5511987654321", "", "Zoë Güiza", "¿viernes 11 «a última hora»?"],
];
/// Saved by `LibreOffice`, the phones as numbers.
const ODS: &[u8] = include_bytes!("books/lista.ods");
const XLS: &[u8] = include_bytes!("books/lista.xls");

/// What they get.
fn expected() -> Vec<(String, String)> {
    let mut messages: Vec<(String, String)> = LIST[1..]
        .iter()
        .map(|[phone, _, name, day]| {
            let body = format!(
                "Hola {name}, te recordamos tu cita el *{day}*. Si no puedes asistir, avísanos con tiempo."
            );
            (format!("+{phone}"), body)
        })
        .collect();
    messages.sort_unstable();
    messages
}

/// The list as text, with quotes where they are needed.
fn text(delimiter: char) -> String {
    let cell =
        |cell: &&str| if cell.contains(delimiter) { format!("\"{cell}\"") } else { (*cell).to_owned() };
    let rows =
        LIST.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(&delimiter.to_string()) + "\r\n");
    rows.collect()
}

fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |character| match character {
        '€' => 0x80,
        other => u8::try_from(u32::from(other)).unwrap_or(b'?'),
    };
    text.chars().map(byte).collect()
}

fn utf16_le(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Cells from A1 on; phones become numbers, as they do when they are typed.
fn fill(sheet: &mut Worksheet, rows: &[&[&str]]) -> Result<()> {
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (u32::try_from(row)?, u16::try_from(column)?);
            match cell.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number)?,
                Err(_) => sheet.write_string(row, column, *cell)?,
            };
        }
    }
    Ok(())
}

/// The list as Excel saves it, with a sheet of notes that somebody has hidden.
fn xlsx() -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    fill(workbook.add_worksheet().set_name("Notas")?.set_hidden(true), &[&["no enviar", "525599999999"]])?;
    let list = workbook.add_worksheet().set_name("Lista")?.set_active(true);
    fill(list, &LIST.iter().map(<[&str; 4]>::as_slice).collect::<Vec<_>>())?;
    Ok(workbook.save_to_buffer()?)
}

pub async fn every_way_of_saving_reads_the_same(desk: &mut Desk) -> Result<()> {
    let files = [
        ("lista.csv", format!("\u{feff}{}", text(';')).into_bytes(), "punto y coma, UTF-8 (BOM)"),
        ("lista.csv", windows_1252(&text(';')), "punto y coma, Windows-1252"),
        ("lista.txt", utf16_le(&text('\t')), "tabulador, UTF-16 LE"),
        ("lista.csv", format!("sep=|\r\n{}", text('|')).into_bytes(), "barra vertical, UTF-8"),
        ("lista.csv", text(',').into_bytes(), "coma, UTF-8"),
        ("lista.xlsx", xlsx()?, "libro de cálculo, hoja «Lista»"),
        ("lista.xls", XLS.to_vec(), "libro de cálculo, hoja «lista»"),
        ("lista.ods", ODS.to_vec(), "libro de cálculo, hoja «lista»"),
        // Whatever its name says: it is what it is.
        ("lista.csv", xlsx()?, "libro de cálculo, hoja «Lista»"),
    ];
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    let n_files = files.len();
    for (n, (name, content, how)) in files.into_iter().enumerate() {
        read_and_send(desk, n == 0, name, &content, how).await.with_context(|| how.to_owned())?;
        ensure!(sends(&desk.sandbox).len() == (n + 1) * expected().len(), "{how}: so many calls were made");
    }
    let received = messages(&desk.sandbox);
    let wanted: Vec<_> = expected().into_iter().flat_map(|it| vec![it; n_files]).collect();
    assert_eq!(received, wanted);
    Ok(())
}

async fn read_and_send(desk: &Desk, is_first: bool, name: &str, content: &[u8], how: &str) -> Result<()> {
    desk.add_file(name, content).await?;
    desk.process().await?;
    let mut shown = desk.walk().await?;
    shown.sort_unstable();
    // WhatsApp's stars are the bubble's bold.
    let expected: Vec<_> =
        expected().into_iter().map(|(phone, body)| (phone, body.replace('*', ""))).collect();
    assert_eq!(shown, expected);
    let read_as = desk.read_as().await?;
    ensure!(
        read_as == format!("Leído como: {how}, encabezado en la fila 1, 4 columnas, 3 filas"),
        "it says {read_as:?}"
    );
    desk.click("#confirm-continue").await?;
    if !is_first {
        // However it is saved, it says the same as the file before, which the app has noticed.
        desk.click("#confirm-repeat").await?;
    }
    ensure!(desk.ended().await? == "Envío terminado");
    desk.click("#run-new").await?;
    desk.wait_for("#process").await
}

pub async fn how_it_was_read_can_be_changed_on_the_spot_and_back(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("lista.csv", &windows_1252(&text(';'))).await?;
    desk.process().await?;
    desk.click("#confirm-review").await?;
    let as_it_is = "punto y coma, Windows-1252, encabezado en la fila 1, 4 columnas, 3 filas";
    desk.wait_for_reading(as_it_is).await?;
    desk.see(&["No hay errores", "3 filas están bien"]).await?;

    // As UTF-8 its accents are no characters: each is named with its place, and nothing is replaced in silence.
    desk.read_differently("encoding", "UTF-8").await?;
    desk.wait_for_reading("punto y coma, UTF-8, encabezado en la fila 1, 4 columnas, 3 filas").await?;
    desk.see(&["Existen valores incorrectos en la plantilla"]).await?;
    let problems = desk.problems().await?;
    let ProblemRow { line, row, column, severity, reason, .. } = &problems[0];
    assert_eq!([line, row, column, severity], ["2", "2", "C · dato1", "Error"]);
    assert!(reason.starts_with("Hay un byte (0xE9, carácter 18 de la línea)"), "{reason}");
    desk.read_differently("encoding", "Windows-1252").await?;
    desk.wait_for_reading(as_it_is).await?;
    desk.see(&["No hay errores"]).await?;

    // With commas it has other columns, and nobody can be reached.
    desk.read_differently("delimiter", "coma").await?;
    desk.see(&["Leído como: coma, Windows-1252, encabezado en la fila 1"]).await?;
    assert_eq!(desk.count("#review-go-on").await?, 0);
    desk.read_differently("delimiter", "punto y coma").await?;
    desk.wait_for_reading(as_it_is).await?;

    // Without a header its first row is somebody, whose phone has letters.
    desk.read_differently("header", "Sin encabezado").await?;
    desk.wait_for_reading("punto y coma, Windows-1252, sin encabezado, 4 columnas, 4 filas").await?;
    desk.wait_for_problems(&[["1", "A", "El teléfono tiene letras."]]).await?;
    desk.read_differently("header", "Fila 3").await?;
    desk.wait_for_reading("punto y coma, Windows-1252, encabezado en la fila 3, 4 columnas, 1 fila").await?;
    desk.see(&["Se omitieron 2 filas antes del encabezado."]).await?;
    desk.read_differently("header", "Fila 1").await?;
    desk.wait_for_reading(as_it_is).await?;

    // After all of it the messages are those of the file.
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(messages(&desk.sandbox), expected());
    Ok(())
}

pub async fn a_choice_that_leads_nowhere_leaves_the_way_back_and_what_was_mended(
    desk: &mut Desk,
) -> Result<()> {
    let mut workbook = Workbook::new();
    let header: &[&str] = &["telefonos", "image", "dato1", "dato2"];
    fill(workbook.add_worksheet().set_name("Marzo")?, &[header, &["abc", "", "Ana", "lunes"]])?;
    fill(workbook.add_worksheet().set_name("Abril")?, &[header])?;
    workbook.add_worksheet().set_name("Mayo")?;
    desk.open().await?;
    desk.review("citas.xlsx", &workbook.save_to_buffer()?).await?;
    let marzo = "libro de cálculo, hoja «Marzo», encabezado en la fila 1, 4 columnas, 1 fila";
    desk.wait_for_reading(marzo).await?;
    desk.mend(2, "A", "525512345671").await?;
    desk.see(&["No hay errores"]).await?;

    for (sheet, told) in
        [("Abril", "El archivo solo tiene el encabezado."), ("Mayo", "El archivo está vacío.")]
    {
        desk.read_differently("sheet", sheet).await?;
        desk.see(&["No se pudo leer el archivo", told]).await.context(sheet)?;
        // It is still the sheet from before, with what was mended in it.
        desk.wait_for_reading(marzo).await?;
        desk.see(&["No hay errores", "Seguir con 1 mensaje", "Deshacer"]).await?;
    }
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(messages(&desk.sandbox)[0].0, "+525512345671");
    Ok(())
}

pub async fn of_a_workbook_the_sheet_and_its_header_row_are_chosen(desk: &mut Desk) -> Result<()> {
    let mut workbook = Workbook::new();
    fill(
        workbook.add_worksheet().set_name("Resumen")?,
        &[&["Citas por mes", "total"], &["marzo", "2"], &["abril", "1"]],
    )?;
    fill(
        workbook.add_worksheet().set_name("Marzo")?,
        &[
            &["Citas de marzo"],
            &["Exportado el", "28/02/2026"],
            &[],
            &["Dato 2", "Celular", "Dato 1"],
            &["lunes 2", "525512345671", "Ana Peña"],
            &["martes 3", "525512345672", "José Núñez"],
        ],
    )?;
    fill(
        workbook.add_worksheet().set_name("Abril")?,
        &[&["Celular", "Dato 1", "Dato 2"], &["525512345673", "Íñigo", "jueves 2"]],
    )?;

    desk.open().await?;
    desk.review("citas.xlsx", &workbook.save_to_buffer()?).await?;
    // The first sheet is no list: until it is said what fills what, nothing can be sent.
    desk.see(&["hoja «Resumen»", "Indique qué columna va en cada lugar"]).await?;
    assert_eq!(desk.count("#review-go-on").await?, 0);

    desk.read_differently("sheet", "Marzo").await?;
    desk.wait_for_reading("libro de cálculo, hoja «Marzo», encabezado en la fila 4, 3 columnas, 2 filas")
        .await?;
    desk.see(&[
        "Se omitieron 2 filas antes del encabezado.",
        "Columnas reconocidas por sus nombres.",
        "No hay errores",
    ])
    .await?;
    desk.read_differently("sheet", "Abril").await?;
    desk.wait_for_reading("libro de cálculo, hoja «Abril», encabezado en la fila 1, 3 columnas, 1 fila")
        .await?;
    desk.read_differently("sheet", "Marzo").await?;
    desk.see(&["hoja «Marzo»", "Seguir con 2 mensajes"]).await?;
    desk.click("#review-go-on").await?;

    // The place of each message is the one that the spreadsheet shows.
    desk.wait_for_text("#confirm-phone", "+525512345671").await?;
    desk.see(&["fila 5"]).await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let phones: Vec<String> = messages(&desk.sandbox).into_iter().map(|(phone, _)| phone).collect();
    assert_eq!(phones, ["+525512345671", "+525512345672"]);
    assert!(messages(&desk.sandbox)[0].1.starts_with("Hola Ana Peña, te recordamos tu cita el *lunes 2*."));
    Ok(())
}

pub async fn the_format_in_excel_is_a_workbook_whose_example_is_noticed(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.click("#format-xlsx").await?;
    let (name, content) = desk.downloaded().await?;
    assert_eq!(name, "recordatorio_cita_es_MX.xlsx");

    // Given back as it is, somebody would get the example.
    desk.add_file(&name, &content).await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    let read_as = desk.read_as().await?;
    assert_eq!(
        read_as,
        "Leído como: libro de cálculo, hoja «Destinatarios», encabezado en la fila 1, 9 columnas, 1 fila"
    );
    let problems = desk.problems().await?;
    let told: Vec<[&str; 3]> =
        problems.iter().map(|it| [it.row.as_str(), &it.severity, &it.reason]).collect();
    assert_eq!(told, [["2", "Aviso", "Es la fila de ejemplo del formato: ese teléfono es de otra persona."]]);

    // The CSV says the same.
    desk.press("Volver").await?;
    desk.press("Descargar formato plantilla").await?;
    let (name, content) = desk.downloaded().await?;
    desk.add_file(&name, &content).await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    desk.see(&["punto y coma, UTF-8 (BOM)", "Es la fila de ejemplo del formato"]).await?;
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}
