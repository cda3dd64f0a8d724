//! Mending a file where it is shown, and deciding about many rows at once.

use anyhow::Result;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::traffic::{messages, received_by, sends};
use cxconnect_tests::wait::until;

/// A phone with letters, a value that is missing, and rows that are well.
const FILE: &str = "telefonos;image;dato1;dato2\n\
                    525512345671;;Ana Peña;lunes 14\n\
                    55 ABC 5672;;José Núñez;martes 15\n\
                    525512345673;;Íñigo;\n\
                    525512345674;;Zoë Güiza;jueves 17\n";

/// The text of the seed's `recordatorio_cita`.
fn reminder(name: &str, day: &str) -> String {
    format!("Hola {name}, te recordamos tu cita el *{day}*. Si no puedes asistir, avísanos con tiempo.")
}

pub async fn a_phone_is_mended_in_place_and_the_right_person_is_reached(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.review("clientes.csv", FILE.as_bytes()).await?;
    let letters = ["3", "A · telefonos", "El teléfono tiene letras."];
    let missing = ["4", "D · dato2", "Falta el dato {{2}}"];
    desk.wait_for_problems(&[letters, missing]).await?;
    desk.see(&[
        "2 problemas impiden el envío · 2 filas están bien",
        "1 teléfono por corregir",
        "1 dato por completar",
    ])
    .await?;
    // The first row that is wrong is the one that is previewed.
    let (place, body) = desk.preview().await?;
    assert_eq!(place, "Fila 3, línea 3: sin teléfono válido");
    assert!(body.starts_with("Hola José Núñez, te recordamos"), "{body}");

    desk.mend(3, "A", "52 55 1234 5672").await?;
    let rewritten = ["3", "A · telefonos", "Se quitaron signos o espacios del teléfono."];
    desk.wait_for_problems(&[rewritten, missing]).await?;
    desk.see(&["1 problema impide el envío · 3 filas están bien"]).await?;
    desk.wait_for_text("#preview-place", "Fila 3, línea 3: +525512345672").await?;

    // Taken back, all is as it was, and done again.
    desk.click("#undo").await?;
    desk.wait_for_problems(&[letters, missing]).await?;
    desk.see(&["2 problemas impiden el envío · 2 filas están bien"]).await?;
    desk.wait_for_text("#preview-place", "Fila 3, línea 3: sin teléfono válido").await?;
    assert_eq!(desk.count("#undo").await?, 0);
    desk.mend(3, "A", "525512345672").await?;
    desk.wait_for_problems(&[missing]).await?;

    // Then the other one, in the table of all rows.
    desk.press("Todas las filas").await?;
    desk.wait_for(".rows-data").await?;
    let fates: Vec<String> = desk.file_rows().await?.into_iter().map(|row| row.fate).collect();
    assert_eq!(fates, ["Lista", "Lista", "Con error", "Lista"]);
    desk.mend_in_rows(4, "D", "miércoles 16").await?;
    until("the row to be well", async || Ok((desk.file_rows().await?[2].fate == "Lista").then_some(())))
        .await?;
    let row = &desk.file_rows().await?[2];
    assert_eq!(row.cells, ["525512345673", "Íñigo", "miércoles 16"]);
    let (place, body) = desk.preview().await?;
    assert_eq!(place, "Fila 4, línea 4: +525512345673");
    assert_eq!(body, reminder("Íñigo", "miércoles 16").replace('*', ""));
    desk.see(&["No hay errores", "Deshacer (2)"]).await?;

    desk.press("Seguir con 4 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(
        messages(&desk.sandbox),
        [
            ("+525512345671".to_owned(), reminder("Ana Peña", "lunes 14")),
            ("+525512345672".to_owned(), reminder("José Núñez", "martes 15")),
            ("+525512345673".to_owned(), reminder("Íñigo", "miércoles 16")),
            ("+525512345674".to_owned(), reminder("Zoë Güiza", "jueves 17")),
        ]
    );
    // What was sent is what the results say, too.
    desk.click("#run-download").await?;
    let (_, results) = desk.downloaded().await?;
    let results = String::from_utf8(results)?;
    assert!(results.contains("525512345672;;José Núñez;martes 15;3;3;'+525512345672;Colocado"), "{results}");
    Ok(())
}

pub async fn the_keyboard_goes_on_after_a_cell_was_mended(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.review("clientes.csv", FILE.as_bytes()).await?;
    desk.mend(3, "A", "525512345672").await?;
    desk.see(&["1 problema impide el envío"]).await?;
    // Tab led on within the table, and drawing it anew has not taken the focus away.
    let is_there = "return Boolean(document.activeElement.closest('.rows-problems'))";
    assert!(desk.js::<bool>(is_there, &[]).await?);
    Ok(())
}

pub async fn a_value_with_a_line_break_can_be_seen_and_mended(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    let file = "telefonos;image;dato1;dato2\n525512345671;;\"Ana\nPeña\";lunes 14\n";
    desk.review("saltos.csv", file.as_bytes()).await?;
    desk.wait_for_problems(&[["2", "C · dato1", "El dato tiene un salto de línea; WhatsApp no lo acepta."]])
        .await?;
    // First and last name are told apart, or whoever mends the one joins the other to it.
    let problem = desk.problems().await?.remove(0);
    assert_ne!(problem.value, "AnaPeña");

    // In its row.
    assert_eq!(problem.button, "Usar Ana Peña");
    desk.press("Usar Ana Peña").await?;
    desk.see(&["No hay errores"]).await?;
    desk.click("#undo").await?;

    // All of them at once, and back.
    desk.see(&["1 dato tiene saltos de línea, tabuladores o espacios de más."]).await?;
    desk.click("#collapse-blanks").await?;
    desk.wait_for_problems(&[[
        "2",
        "C · dato1",
        "Los saltos y espacios de más se cambiaron por un espacio, como usted aceptó.",
    ]])
    .await?;
    desk.see(&["No hay errores", "Se unieron los espacios y saltos de 1 dato."]).await?;
    desk.click("#keep-blanks").await?;
    desk.see(&["1 problema impide el envío"]).await?;
    desk.click("#collapse-blanks").await?;
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(messages(&desk.sandbox), [("+525512345671".to_owned(), reminder("Ana Peña", "lunes 14"))]);
    Ok(())
}

pub async fn country_codes_are_accepted_one_by_one_or_all_at_once(desk: &mut Desk) -> Result<()> {
    let file = "telefonos;image;dato1;dato2\n\
                5512345671;;Ana;lunes\n\
                8112345672;;José;martes\n\
                3312345673;;Zoë;jueves\n\
                525512345674;;Íñigo;viernes\n";
    let lacks = |row: &'static str| [row, "A · telefonos", "Falta el código de país."];
    desk.open().await?;
    desk.review("locales.csv", file.as_bytes()).await?;
    desk.wait_for_problems(&[lacks("2"), lacks("3"), lacks("4")]).await?;
    let first = desk.problems().await?.remove(0);
    assert_eq!(
        [first.value, first.fix, first.button],
        ["5512345671", "¿Es +525512345671?", "Usar +525512345671"]
    );
    desk.see(&["3 teléfonos no tienen código de país y son válidos en su país.", "1 fila está bien"]).await?;

    // One in its row.
    desk.press("Usar +525512345671").await?;
    desk.wait_for_problems(&[lacks("3"), lacks("4")]).await?;
    desk.wait_for_text("#preview-place", "Fila 2, línea 2: +525512345671").await?;

    // The rest at once: before and after are seen in each row.
    desk.press("Aceptar los 2 cambios").await?;
    let added = |row: &'static str| [row, "A · telefonos", "Se agregó el código de país, como usted aceptó."];
    desk.wait_for_problems(&[added("3"), added("4")]).await?;
    let changes: Vec<[String; 3]> =
        desk.problems().await?.into_iter().map(|it| [it.severity, it.value, it.fix]).collect();
    assert_eq!(
        changes,
        [
            ["Cambio", "8112345672", "Se enviará a +528112345672."],
            ["Cambio", "3312345673", "Se enviará a +523312345673."]
        ]
    );
    desk.see(&["No hay errores", "Se agregó el código de país a 2 teléfonos."]).await?;

    // Taken back, and accepted again: the one that was accepted in its row stays.
    desk.click("#refuse-codes").await?;
    desk.wait_for_problems(&[lacks("3"), lacks("4")]).await?;
    desk.press("Aceptar los 2 cambios").await?;
    desk.press("Seguir con 4 mensajes").await?;
    desk.wait_for_text("#confirm-title", "Se procesaran: 4 mensajes con la Plantilla.: recordatorio_cita")
        .await?;
    desk.see(&["2 avisos o cambios: no impiden el envío", "Se enviará a +528112345672."]).await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let phones: Vec<String> = messages(&desk.sandbox).into_iter().map(|(phone, _)| phone).collect();
    assert_eq!(phones, ["+523312345673", "+525512345671", "+525512345674", "+528112345672"]);
    Ok(())
}

/// The same person three times, written in different ways.
const TWICE: &str = "telefonos;image;dato1;dato2\n\
                     525512345671;;Ana;lunes\n\
                     525512345672;;José;martes\n\
                     +52 55 1234 5671;;Ana;miércoles\n\
                     5215512345671;;Ana P.;jueves\n";

pub async fn duplicates_are_left_out_and_named_with_the_first_row(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("repetidos.csv", TWICE.as_bytes()).await?;
    desk.process().await?;
    desk.wait_for_text("#confirm-title", "Se procesaran: 2 mensajes con la Plantilla.: recordatorio_cita")
        .await?;
    desk.see(&["2 filas del archivo no se enviarán", "2 teléfonos repetidos"]).await?;
    let told = desk.problems().await?.into_iter().filter(|it| it.severity == "Aviso");
    let told: Vec<[String; 4]> = told.map(|it| [it.row, it.value, it.reason, it.fix]).collect();
    let fix = "Esta fila no se enviará, salvo que usted incluya los repetidos.";
    assert_eq!(
        told,
        [
            ["4", "+52 55 1234 5671", "El teléfono ya está en la fila 2.", fix],
            ["5", "5215512345671", "El teléfono ya está en la fila 2.", fix],
        ]
    );
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(sends(&desk.sandbox).len(), 2);
    assert_eq!(received_by(&desk.sandbox, "525512345671"), 1);

    // Nobody is lost: the results have all four rows.
    desk.click("#run-download").await?;
    let (_, results) = desk.downloaded().await?;
    let results = String::from_utf8(results)?;
    let states: Vec<Option<&str>> = results.lines().skip(1).map(|line| line.split(';').nth(7)).collect();
    assert_eq!(states, [Some("Colocado"), Some("Colocado"), Some("Quedó fuera"), Some("Quedó fuera")]);
    Ok(())
}

pub async fn duplicates_are_sent_if_the_agent_says_so(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("repetidos.csv", TWICE.as_bytes()).await?;
    desk.process().await?;
    desk.click("#confirm-review").await?;
    desk.see(&[
        "2 teléfonos están repetidos y no se enviarán otra vez.",
        "2 filas están bien · 2 filas no se enviarán",
    ])
    .await?;
    desk.press("Enviar también a los repetidos").await?;
    desk.see(&["2 teléfonos repetidos recibirán más de un mensaje.", "4 filas están bien"]).await?;
    desk.see(&["El teléfono ya está en la fila 2: esa persona recibirá más de un mensaje."]).await?;
    // Taken back, and said again.
    desk.click("#include-duplicates").await?;
    desk.see(&["2 filas están bien · 2 filas no se enviarán"]).await?;
    desk.click("#include-duplicates").await?;
    desk.press("Seguir con 4 mensajes").await?;
    desk.wait_for_text("#confirm-title", "Se procesaran: 4 mensajes con la Plantilla.: recordatorio_cita")
        .await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(received_by(&desk.sandbox, "525512345671"), 3);
    assert_eq!(received_by(&desk.sandbox, "525512345672"), 1);
    Ok(())
}

pub async fn when_the_first_row_is_mended_its_duplicate_goes(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    let file = "telefonos;image;dato1;dato2\n525512345671;;Ana;lunes\n525512345671;;José;martes\n";
    desk.add_file("repetidos.csv", file.as_bytes()).await?;
    desk.process().await?;
    desk.click("#confirm-review").await?;
    desk.press("Todas las filas").await?;
    desk.wait_for(".rows-data").await?;
    desk.mend_in_rows(2, "A", "525512345672").await?;
    desk.press("Seguir con 2 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(
        messages(&desk.sandbox),
        [
            ("+525512345671".to_owned(), reminder("José", "martes")),
            ("+525512345672".to_owned(), reminder("Ana", "lunes")),
        ]
    );
    Ok(())
}
