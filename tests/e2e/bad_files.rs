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
    let problems = desk.problems().await?;
    let values: Vec<&str> = problems.iter().skip(1).map(|it| it.value.as_str()).collect();
    assert_eq!(values, ["55-ABC", "", "", "", ""]);
    let told: Vec<[&str; 5]> = problems
        .iter()
        .map(|it| {
            // The one that can be mended without knowing more.
            let button = if it.line == "2" { "Usar Ana Muñoz" } else { "" };
            assert_eq!((it.severity.as_str(), it.button.as_str()), ("Error", button), "{it:?}");
            [it.line.as_str(), &it.row, &it.column, &it.reason, &it.fix]
        })
        .collect();
    assert_eq!(
        told,
        [
            [
                "2",
                "2",
                "C · dato1",
                "El dato tiene un salto de línea; WhatsApp no lo acepta.",
                "Escríbalo en una sola línea."
            ],
            [
                "4",
                "3",
                "A · telefonos",
                "El teléfono tiene letras.",
                "Deje solo los dígitos, con código de país."
            ],
            [
                "5",
                "4",
                "",
                "La línea está en blanco.",
                "Bórrela: no puede haber líneas en blanco entre las filas."
            ],
            ["6", "5", "", none_at_all, "Complete las variables de esa fila."],
            [
                "7",
                "6",
                "A · telefonos",
                "Falta el teléfono.",
                "Escriba el número con código de país, por ejemplo 525512345678."
            ],
            ["8", "7", "D · dato2", "Falta el dato {{2}}", "Escríbalo: no puede quedar vacío."],
        ]
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
    assert_eq!(desk.text("#panel-left").await?, "1.000 / 1.000 Mensajes");
    Ok(())
}

/// What a file is, and what the agent must be told.
fn unreadable_files() -> Vec<(&'static str, Vec<u8>, [&'static str; 2])> {
    let start_of_a_workbook = b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml".to_vec();
    let with_password = include_bytes!("books/con-clave.xlsx").to_vec();
    vec![
        (
            "foto.csv",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x02\0\x08\x06\0\0\0".to_vec(),
            ["No es un archivo de texto.", "Agregue un archivo de Excel o CSV"],
        ),
        ("vacio.csv", Vec::new(), ["El archivo está vacío.", "Descargue el formato de la plantilla"]),
        (
            "en-blanco.csv",
            b"\n  \n;;;\n".to_vec(),
            ["El archivo solo tiene líneas en blanco.", "Complete una fila por destinatario."],
        ),
        (
            "solo-encabezado.csv",
            b"telefonos,image,dato1,dato2\n".to_vec(),
            ["El archivo solo tiene el encabezado.", "Agregue una fila por destinatario."],
        ),
        (
            "almohadillas.csv",
            b"sep=#\ntelefonos#image#dato1#dato2\n525512345671##Ana#lunes\n".to_vec(),
            [
                "están separadas por #, que no se admite",
                "Use coma, punto y coma, tabulador o barra vertical.",
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
        (
            "ceros.csv",
            vec![0; 40 * 1024 * 1024],
            ["No es un archivo de texto.", "Agregue un archivo de Excel o CSV"],
        ),
        (
            "pagina.xls",
            b"<html><body><table><tr><td>525512345671</td></tr></table></body></html>".to_vec(),
            ["Es un archivo HTML, no una tabla.", "Agregue un archivo de Excel o CSV"],
        ),
        (
            "cortado.xlsx",
            start_of_a_workbook,
            ["El libro está dañado o incompleto.", "guárdelo de nuevo y agréguelo otra vez"],
        ),
        ("con-clave.xlsx", with_password, ["El libro está protegido con contraseña.", "quite la contraseña"]),
        (
            "fotos.xlsx",
            another_zip(),
            [
                "Es un archivo comprimido o de otro programa, no un libro de cálculo.",
                "Agregue un archivo de Excel, ODS o CSV.",
            ],
        ),
    ]
}

/// A zip of something else: its end, which is a whole zip of nothing.
fn another_zip() -> Vec<u8> {
    [b"PK\x05\x06".as_slice(), &[0; 18]].concat()
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
    // One that is too large isn't even read.
    let is_too_large = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(201 * 1024 * 1024)], 'enorme.csv'));
        document.querySelector('.dropzone').dispatchEvent(
          new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));";
    desk.js::<()>(is_too_large, &[]).await?;
    desk.wait_for_text(".dropzone .file-name", "enorme.csv").await?;
    desk.process().await?;
    desk.see(&["El archivo pesa 201 MB; el máximo es 200 MB.", "Divídalo en archivos más pequeños."]).await?;
    desk.click("#problems-continue").await?;

    // The page is alive: a good file goes through.
    desk.prepare(&reminders(phones(2))).await?;
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}
