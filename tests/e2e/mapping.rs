//! What fills what: by names, by hand, by one value for all, and as it was the last time.

use anyhow::Result;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::traffic::{messages, sends};

/// The list of a shop's own system, whose names are nobody else's.
const ORDERS: &str = "Folio;Cliente;Móvil;Llega\n\
                      A-1;Ana Peña;525512345671;lunes 14\n\
                      A-2;José Núñez;525512345672;martes 15\n";

pub async fn header_names_that_differ_are_matched(desk: &mut Desk) -> Result<()> {
    // Other words, another order, accents, capitals, a slip of the pen, and columns of no use.
    let file = "Id,Fecha de entrega,Nombre(s),Número de pedido,WhatsApp,Botón\n\
                1,viernes 3,Ana Peña,A-17,525512345671,A-17\n\
                2,lunes 6,Zoë Güiza,A-18,573001234567,A-18\n";
    desk.open().await?;
    desk.choose_template("seguimiento_pedido", "es_MX").await?;
    desk.add_file("pedidos.csv", file.as_bytes()).await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    let shown = desk.walk().await?;
    assert_eq!(
        shown,
        [
            ("+525512345671".to_owned(), "Hola Ana Peña, tu pedido llega el viernes 3.".to_owned()),
            ("+573001234567".to_owned(), "Hola Zoë Güiza, tu pedido llega el lunes 6.".to_owned()),
        ]
    );
    desk.click("#confirm-review").await?;
    desk.see(&["Columnas reconocidas por sus nombres."]).await?;
    assert_eq!(
        desk.mapping().await?,
        [
            ["teléfono con código de país", "E · WhatsApp"],
            ["variable {{numero_pedido}} del encabezado", "D · Número de pedido"],
            ["variable {{nombre}} del texto", "C · Nombre(s)"],
            ["variable {{fecha_entrega}} del texto", "B · Fecha de entrega"],
            ["valor del botón «Rastrear»", "F · Botón"],
        ]
    );
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(messages(&desk.sandbox), shown);
    let first = &sends(&desk.sandbox)[0].request_body;
    assert!(first.contains("A-17") || first.contains("A-18"), "{first}");
    Ok(())
}

pub async fn what_nothing_fills_blocks_until_it_is_chosen_and_is_kept(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.review("pedidos.csv", ORDERS.as_bytes()).await?;
    // The phones are found; what the others are, only the agent knows.
    desk.see(&["Indique qué columna va en cada lugar", "Hasta entonces no se puede enviar nada."]).await?;
    assert_eq!(desk.count("#review-go-on").await?, 0);
    assert_eq!(
        desk.mapping().await?,
        [
            ["teléfono con código de país", "C · Móvil"],
            ["variable {{1}} del texto", "— elija —"],
            ["variable {{2}} del texto", "— elija —"],
        ]
    );
    desk.map("variable {{1}} del texto", "B · Cliente").await?;
    desk.see(&["Indique qué columna va en cada lugar"]).await?;
    assert_eq!(desk.count("#review-go-on").await?, 0);
    desk.map("variable {{2}} del texto", "D · Llega").await?;
    desk.see(&["No hay errores", "Seguir con 2 mensajes"]).await?;
    let (_, body) = desk.preview().await?;
    assert!(body.starts_with("Hola Ana Peña, te recordamos tu cita el lunes 14."), "{body}");
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let bodies: Vec<String> = messages(&desk.sandbox).into_iter().map(|(_, body)| body).collect();
    assert!(bodies[1].starts_with("Hola José Núñez, te recordamos tu cita el *martes 15*."), "{bodies:?}");

    // The next file of the same template needs no question, wherever its columns are now.
    desk.click("#run-new").await?;
    let next = "Llega;Móvil;Sucursal;Cliente;Folio\nviernes 18;525512345673;Centro;Raúl;A-3\n";
    next_is_mapped_as_before(desk, next).await?;
    // Nor after the page is loaded again.
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    next_is_mapped_as_before(desk, next).await?;

    // A file that lacks one of the columns is asked about again.
    desk.press("Volver").await?;
    desk.review_again("otros.csv", b"Folio;Cliente;Celular;Llega\nA-4;Eva;525512345674;hoy\n").await?;
    desk.see(&["Indique qué columna va en cada lugar", "Columnas reconocidas por sus nombres."]).await
}

async fn next_is_mapped_as_before(desk: &Desk, file: &str) -> Result<()> {
    desk.add_file("siguiente.csv", file.as_bytes()).await?;
    desk.process().await?;
    let shown = desk.walk().await?;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].0, "+525512345673");
    assert!(shown[0].1.starts_with("Hola Raúl, te recordamos tu cita el viernes 18."), "{shown:?}");
    desk.click("#confirm-review").await?;
    desk.see(&["Columnas como las eligió la última vez."]).await?;
    desk.click("#review-go-on").await?;
    desk.wait_for("#confirm-title").await
}

pub async fn one_value_can_fill_a_place_in_all_rows(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.review("pedidos.csv", ORDERS.as_bytes()).await?;
    desk.map("variable {{1}} del texto", "B · Cliente").await?;
    // A value that WhatsApp would refuse in every row is refused once.
    desk.map_to_value("variable {{2}} del texto", "hoy      mismo").await?;
    desk.see(&["El dato tiene más de 4 espacios seguidos; WhatsApp no lo acepta."]).await?;
    assert_eq!(desk.count("#review-go-on").await?, 0);
    desk.map("variable {{2}} del texto", "A · Folio").await?;
    desk.see(&["No hay errores"]).await?;
    desk.map_to_value("variable {{2}} del texto", "sábado 19, a las 10").await?;
    desk.wait_for_text(
        ".row-preview .bubble-body",
        "Hola Ana Peña, te recordamos tu cita el sábado 19, a las 10. Si no puedes asistir, avísanos con tiempo.",
    )
    .await?;
    assert_eq!(
        desk.mapping().await?[2],
        ["variable {{2}} del texto", "El mismo valor en todas las filas…"].map(str::to_owned)
    );
    desk.press("Seguir con 2 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    for (phone, body) in messages(&desk.sandbox) {
        assert!(body.contains("tu cita el *sábado 19, a las 10*."), "{phone}: {body}");
    }
    Ok(())
}

pub async fn the_phones_column_can_be_changed(desk: &mut Desk) -> Result<()> {
    // Both names say phone; the first one is the office's.
    let file = "telefonos,image,dato1,dato2,celular\n\
                525588887777,,Ana,lunes,525512345671\n\
                525588887777,,José,martes,525512345672\n";
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("oficina.csv", file.as_bytes()).await?;
    desk.process().await?;
    desk.click("#confirm-review").await?;
    desk.see(&["1 fila está bien · 1 fila no se enviará"]).await?;
    desk.map("teléfono con código de país", "E · celular").await?;
    desk.see(&["2 filas están bien"]).await?;
    desk.press("Seguir con 2 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let phones: Vec<String> = messages(&desk.sandbox).into_iter().map(|(phone, _)| phone).collect();
    assert_eq!(phones, ["+525512345671", "+525512345672"]);
    Ok(())
}
