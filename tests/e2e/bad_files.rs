//! Files that can't be sent.

use anyhow::{Context as _, Result};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::sends;

/// A line break inside quotes first, so that lines and rows differ from there on.
const BAD: &str = "telefonos,image,dato1,dato2\n\
                   525512345678,,\"Ana\nMuñoz\",lunes 14\n\
                   55-ABC,,José Núñez,martes 15\n\
                   \n\
                   525543218765,,,\n\
                   ,,Begoña Ibáñez,miércoles 16\n\
                   525543218766,,María Güiza,\n\
                   525543218767,,Raúl Peña,viernes 18\n\
                   \n";

pub async fn every_problem_says_where_why_and_what_to_do(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("malas.csv", BAD.as_bytes()).await?;
    desk.process().await?;
    desk.wait_for("#problems-continue").await?;

    // The manual's two warnings, word for word.
    assert_eq!(
        desk.text(".notice-title").await?,
        "Existen valores incorrectos en la plantilla, por favor revise! Luego presione, Continuar"
    );
    let none_at_all = "No se han detectado variables en la plantilla recordatorio_cita en la línea Nro.: 6. El Nro. de \
                       variables a incluir es: 2. Por favor revise y presione, Continuar";
    let shown = desk.problems().await?.into_iter().map(|it| {
        assert_eq!((it.severity.as_str(), it.button.as_str()), ("Error", ""), "{it:?}");
        [it.line, it.row, it.column, it.value, it.reason, it.fix]
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        [
            [
                "2",
                "2",
                "C · dato1",
                "Ana Muñoz",
                "El dato tiene un salto de línea; WhatsApp no lo acepta.",
                "Escríbalo en una sola línea."
            ],
            [
                "4",
                "3",
                "A · telefonos",
                "55-ABC",
                "El teléfono tiene letras.",
                "Deje solo los dígitos, con código de país."
            ],
            [
                "5",
                "4",
                "",
                "",
                "La línea está en blanco.",
                "Bórrela: no puede haber líneas en blanco entre las filas."
            ],
            ["6", "5", "", "", none_at_all, "Complete las variables de esa fila."],
            [
                "7",
                "6",
                "A · telefonos",
                "",
                "Falta el teléfono.",
                "Escriba el número con código de país, por ejemplo 525512345678."
            ],
            ["8", "7", "D · dato2", "", "Falta el dato {{2}}", "Escríbalo: no puede quedar vacío."],
        ]
        .map(|cells| cells.map(str::to_owned))
    );
    desk.see(&[
        "6 problemas impiden el envío",
        "1 fila está bien",
        "malas.csv",
        "Se ignoró 1 línea en blanco al final del archivo.",
    ])
    .await?;

    // Continuar goes back to the file and sends nothing.
    desk.click("#problems-continue").await?;
    desk.wait_for("#process").await?;
    assert_eq!(desk.text(".dropzone .file-name").await?, "malas.csv");
    assert!(sends(&desk.sandbox).is_empty());
    assert_eq!(desk.text("#panel-left").await?, "1000 / 1000 Mensajes");
    Ok(())
}

/// What a file is, and what the agent must be told.
fn unreadable_files() -> Vec<(&'static str, Vec<u8>, [&'static str; 2])> {
    let latin1 = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let forty_megabytes = 40 * 1024 * 1024;
    let large = reminders(phones(1_000)).repeat(1_200);
    assert!(forty_megabytes < large.len());
    vec![
        (
            "foto.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x02\0\x08\x06\0\0\0".to_vec(),
            ["No es un archivo de texto.", "Agregue un archivo CSV"],
        ),
        ("vacio.csv", Vec::new(), ["El archivo está vacío.", "Descargue el formato de la plantilla"]),
        (
            "solo-encabezado.csv",
            b"telefonos,image,dato1,dato2\n".to_vec(),
            ["El archivo solo tiene el encabezado.", "Agregue una fila por destinatario."],
        ),
        (
            "tabuladores.csv",
            b"telefonos\timage\tdato1\tdato2\n525512345678\t\tAna\tlunes\n".to_vec(),
            ["Las columnas están separadas por ⇥ (tab)", "Guárdelo como CSV UTF-8 (delimitado por comas)."],
        ),
        (
            "sin-telefonos.csv",
            "nombre,fecha\nAna Muñoz,lunes 14\n".into(),
            [
                "La columna A debe tener los teléfonos y tiene «nombre».",
                "Ponga los teléfonos en la columna A",
            ],
        ),
        (
            "comillas.csv",
            "telefonos,image,dato1,dato2\n525512345678,,Ana,lunes\n525587654321,,José,\"martes\n".into(),
            [
                "Hay unas comillas que se abren en la línea 3, columna D, y no se cierran.",
                "Cierre las comillas",
            ],
        ),
        ("ceros.csv", vec![0; forty_megabytes], ["No es un archivo de texto.", "Agregue un archivo CSV"]),
        ("enorme.csv", large, ["MB; el máximo es", "Divídalo en archivos más pequeños."]),
        (
            "windows-1252.csv",
            latin1("telefonos,image,dato1,dato2\r\n525512345678,,Ana,lunes\r\n525587654321,,José,martes\r\n"),
            ["no está guardado como UTF-8: en la línea 3, carácter 18", "Guárdelo como CSV UTF-8"],
        ),
        (
            "libro.csv",
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml".to_vec(),
            ["Es un libro de Excel, no un CSV.", "Guardar como > CSV UTF-8"],
        ),
    ]
}

pub async fn each_file_that_is_no_table_has_its_own_message(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    for (name, content, told) in unreadable_files() {
        desk.add_file(name, &content).await?;
        desk.process().await?;
        desk.see(&["No se pudo leer el archivo", told[0], told[1]]).await.context(name)?;
        desk.click("#problems-continue").await?;
        desk.wait_for("#process").await.context(name)?;
    }
    // The page is alive: a good file goes through.
    desk.prepare(&reminders(phones(2))).await?;
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}
