//! People to whom nothing may be sent, and problems of every weight.

use anyhow::Result;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::{received_by, sends};
use cxconnect_tests::wait::until;

/// On the list of opt-outs, in two ways of writing; in the United States; and well.
const PEOPLE: &str = "telefonos;image;dato1;dato2\n\
                      525512345671;;Ana;lunes\n\
                      +57 300 123 4567;;José;martes\n\
                      12025550123;;Zoë;jueves\n\
                      17872345678;;Íñigo;viernes\n\
                      525512345674;;Raúl;sábado\n";

pub async fn opt_outs_and_marketing_to_the_united_states_are_left_out(desk: &mut Desk) -> Result<()> {
    desk.set("opt_outs", "+52 1 55 1234 5671\n573001234567; no es un número")?;
    desk.open().await?;
    desk.choose_template("encuesta_satisfaccion", "es_MX").await?;
    desk.add_file("campaña.csv", PEOPLE.as_bytes()).await?;
    desk.process().await?;
    desk.wait_for_text(
        "#confirm-title",
        "Se procesaran: 2 mensajes con la Plantilla.: encuesta_satisfaccion",
    )
    .await?;
    desk.see(&["3 filas del archivo no se enviarán", "3 personas a las que no se debe enviar"]).await?;
    // An entry that is no number protects nobody, so it is named.
    desk.see(&["no es un número"]).await?;
    let warnings = desk.problems().await?.into_iter().filter(|it| it.severity == "Aviso");
    let opted_out = "Esta persona pidió no recibir mensajes: está en la lista de bajas.";
    let of_the_us = "Meta no entrega plantillas de marketing a números de Estados Unidos.";
    assert_eq!(
        warnings.map(|it| [it.row, it.reason, it.fix]).collect::<Vec<_>>(),
        [
            ["2", opted_out, "No se le enviará."],
            ["3", opted_out, "No se le enviará."],
            ["4", of_the_us, "No se le enviará."]
        ]
    );
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(sends(&desk.sandbox).len(), 2);
    for phone in ["17872345678", "525512345674"] {
        assert_eq!(received_by(&desk.sandbox, phone), 1, "{phone}");
    }

    // What isn't marketing reaches the United States, and still nobody who opted out.
    desk.click("#run-new").await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("recordatorio.csv", PEOPLE.as_bytes()).await?;
    desk.process().await?;
    desk.wait_for_text("#confirm-title", "Se procesaran: 3 mensajes con la Plantilla.: recordatorio_cita")
        .await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(received_by(&desk.sandbox, "12025550123"), 1);
    for phone in ["525512345671", "573001234567"] {
        assert_eq!(received_by(&desk.sandbox, phone), 0, "{phone}");
    }
    Ok(())
}

pub async fn where_nobody_is_left_the_review_says_why(desk: &mut Desk) -> Result<()> {
    desk.set("opt_outs", "525512345671")?;
    desk.open().await?;
    desk.review("bajas.csv", "telefonos;image;dato1;dato2\n525512345671;;Ana;lunes\n".as_bytes()).await?;
    desk.see(&["No queda nadie a quien enviar", "1 fila no se enviará", "está en la lista de bajas"]).await?;
    assert_eq!(desk.count("#review-go-on").await?, 0);
    // An edit that names somebody else opens the way again.
    desk.mend(2, "A", "525512345672").await?;
    desk.press("Seguir con 1 mensaje").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(received_by(&desk.sandbox, "525512345671"), 0);
    assert_eq!(received_by(&desk.sandbox, "525512345672"), 1);
    Ok(())
}

pub async fn problems_of_every_weight_are_told_apart_and_filtered(desk: &mut Desk) -> Result<()> {
    // Errors in rows 2, 3 and 7; warnings in 4 and 5; changes in 6 and 8.
    let file = "telefonos;image;dato1;dato2\n\
                5.25512E+11;;Ana;lunes\n\
                525512345672 / 525512345673;;José;martes\n\
                5255123456;;JosÃ©;jueves\n\
                525512345674;;MarÃ\u{ad}a;viernes\n\
                +52 (55) 1234-5675;;Íñigo;sábado\n\
                525512345676;;#N/A;lunes\n\
                5215512345677;;Zo\u{200b}ë;martes\n";
    desk.open().await?;
    desk.review("mezcla.csv", file.as_bytes()).await?;
    desk.see(&["3 filas están bien"]).await?;
    let all = desk.problems().await?;
    let told: Vec<[&str; 3]> = all.iter().map(|it| [it.row.as_str(), &it.severity, &it.reason]).collect();
    let garbled = "Los acentos parecen dañados.";
    assert_eq!(
        told,
        [
            [
                "2",
                "Error",
                "La hoja de cálculo convirtió el número a notación científica y se perdieron dígitos."
            ],
            ["3", "Error", "Hay más de un número en la celda."],
            ["4", "Error", "El número tiene 10 dígitos: son pocos."],
            ["4", "Aviso", garbled],
            ["5", "Aviso", garbled],
            ["6", "Cambio", "Se quitaron signos o espacios del teléfono."],
            ["7", "Error", "La hoja de cálculo dejó un error en lugar del dato."],
            ["8", "Cambio", "Se quitó el 1 después del 52, que México ya no usa."],
            ["8", "Cambio", "Se quitaron caracteres invisibles del dato."],
        ]
    );
    assert_eq!(
        desk.filters().await?,
        [
            "Todos (9)",
            "Error (4)",
            "Aviso (2)",
            "Cambio (3)",
            "3 teléfonos por corregir",
            "3 textos dañados",
            "3 cambios hechos"
        ]
    );
    for (chip, rows) in [
        ("Error (4)", &["2", "3", "4", "7"][..]),
        ("Aviso (2)", &["4", "5"]),
        ("Cambio (3)", &["6", "8", "8"]),
        ("3 teléfonos por corregir", &["2", "3", "4"]),
        ("3 textos dañados", &["4", "5", "7"]),
        ("Todos (9)", &["2", "3", "4", "4", "5", "6", "7", "8", "8"]),
    ] {
        desk.press(chip).await?;
        until(chip, async || {
            let shown = desk.problems().await?;
            Ok(shown.iter().map(|it| it.row.as_str()).eq(rows.iter().copied()).then_some(()))
        })
        .await?;
    }
    // Nothing of the table is cut.
    let cut = "return ['.rows-head', '.rows-view'].filter((css) => {
        const it = document.querySelector(`.rows-problems ${css}`);
        return it.clientWidth < it.scrollWidth; })";
    assert_eq!(desk.js::<Vec<String>>(cut, &[]).await?, Vec::<String>::new());
    // Any row can be looked at from its problem.
    desk.click(".rows-problems .rows-row:last-child [aria-label='Ver el mensaje de esta fila']").await?;
    let (place, body) = desk.preview().await?;
    assert_eq!(place, "Fila 8, línea 8: +525512345677");
    assert!(body.starts_with("Hola Zoë,"), "{body}");
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}

pub async fn all_of_three_thousand_problems_are_in_the_list(desk: &mut Desk) -> Result<()> {
    let n_rows = 3_000;
    let bad = (0..n_rows).map(|n| format!("12{}", n % 10));
    let mut file = reminders(bad);
    file.extend(reminders(phones(1)).split(|byte| *byte == b'\n').nth(1).unwrap_or_default());
    desk.open().await?;
    desk.review("muchos.csv", &file).await?;
    // As the interface writes large numbers.
    desk.see(&["3.000 teléfonos por corregir", "Todos (3.000)", "1 fila está bien"]).await?;
    assert_eq!(desk.attribute(".rows-problems", "aria-rowcount").await?.as_deref(), Some("3001"));
    let n_drawn = desk.count(".rows-problems .rows-row").await?;
    assert!(0 < n_drawn && n_drawn < 60, "{n_drawn} rows are in the page");
    desk.scroll_to_end(".rows-problems").await?;
    until("the last problem", async || {
        let shown = desk.problems().await?;
        Ok(shown.last().is_some_and(|it| it.row == "3001" && it.value == "129").then_some(()))
    })
    .await?;
    // Even there it can be mended; the place in the list is kept.
    desk.mend(3001, "A", "525512345679").await?;
    desk.see(&["2.999 teléfonos por corregir", "2 filas están bien"]).await?;
    assert!(desk.problems().await?.iter().any(|it| it.row == "3000"));
    Ok(())
}
