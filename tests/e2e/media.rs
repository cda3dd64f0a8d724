//! The header's images: looked at before they are sent, as far as their servers let a page look.

use anyhow::Result;
use cxconnect_tests::desk::Desk;
use cxconnect_tests::traffic::{messages, sends};
use serde_json::json;

/// Puts images of these sizes at addresses that can't be had in a test, and tells these weights of them. The page gets a
/// real image and decodes it itself; only where it comes from is another.
const PUBLISH: &str = "
    const images = Object.fromEntries(arguments[0].map(({ url, width, height, bytes }) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width, height });
      canvas.getContext('2d').fillRect(0, 0, width, height);
      return [url, { data: canvas.toDataURL('image/png'), bytes }];
    }));
    const source = Object.getOwnPropertyDescriptor(HTMLImageElement.prototype, 'src');
    Object.defineProperty(HTMLImageElement.prototype, 'src', {
      ...source, set(url) { source.set.call(this, images[url]?.data ?? url); } });
    const { fetch } = window;
    window.fetch = (request, ...rest) => {
      const image = images[request.url ?? request];
      if (image?.bytes === undefined) return fetch(request, ...rest);
      return Promise.resolve(new Response(null, { headers: { 'content-length': image.bytes } }));
    };
    return null;";

fn file(rows: &[(&str, &str)]) -> Vec<u8> {
    let rows = rows.iter().map(|(phone, url)| format!("{phone};{url};Ana;40%\n"));
    format!("telefonos;image;dato1;dato2\n{}", rows.collect::<String>()).into_bytes()
}

pub async fn an_image_that_cannot_be_opened_warns_and_goes(desk: &mut Desk) -> Result<()> {
    let url = "https://media.acme.example/no-existe.png";
    desk.open().await?;
    desk.choose_template("oferta_temporada", "es_MX").await?;
    desk.add_file("ofertas.csv", &file(&[("525512345671", url), ("525512345672", url)])).await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    desk.see(&[
        &format!("{url} Fila 2 y otras (2 en total). La imagen no se pudo abrir desde aquí."),
        "No se pudo comprobar el peso de 1 archivo; no es un error.",
    ])
    .await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(messages(&desk.sandbox).len(), 2);
    assert!(sends(&desk.sandbox).iter().all(|it| it.request_body.contains(url)));
    Ok(())
}

pub async fn images_that_are_too_large_are_told(desk: &mut Desk) -> Result<()> {
    let url = |name: &str| format!("https://media.acme.example/{name}.png");
    let image = |name: &str, width: u32, height: u32, bytes: u64| json!({"url": url(name), "width": width, "height": height, "bytes": bytes});
    desk.open().await?;
    let images = json!([
        image("buena", 1200, 1200, 80_000),
        image("ancha", 1600, 900, 80_000),
        image("pesada", 800, 800, 600 * 1024),
        image("enorme", 800, 800, 6 * 1024 * 1024),
    ]);
    desk.js::<()>(PUBLISH, &[images]).await?;
    desk.choose_template("oferta_temporada", "es_MX").await?;
    let rows = ["buena", "ancha", "pesada", "enorme"].map(url);
    let phones = ["525512345671", "525512345672", "525512345673", "525512345674"];
    let rows: Vec<(&str, &str)> = phones.into_iter().zip(rows.iter().map(String::as_str)).collect();
    desk.review_again("ofertas.csv", &file(&rows)).await?;
    let told = |name: &str, what: &str| format!("{} Fila {what}", url(name));
    desk.see(&[
        &told("ancha", "3. La imagen mide 1600 × 900 píxeles; se recomiendan 1200 × 1200 como máximo."),
        &told("pesada", "4. La imagen pesa 600 KB; se recomiendan 500 KB como máximo."),
        &told("enorme", "5. El archivo pesa 6 MB; WhatsApp acepta hasta 5 MB."),
        "3 filas están bien",
    ])
    .await?;
    assert!(!desk.visible_text().await?.contains("buena.png Fila"));
    desk.see(&["1 problema impide el envío · 3 filas están bien"]).await?;
    // Whoever mends it elsewhere reads why.
    desk.click("#problem-rows").await?;
    let (_, rows) = desk.downloaded().await?;
    let rows = String::from_utf8(rows)?;
    assert!(rows.contains(";5;5;") && rows.contains("El archivo pesa 6 MB"), "{rows}");

    // Another image in its place: what was wrong with the first is gone.
    desk.press("Todas las filas").await?;
    desk.wait_for(".rows-data").await?;
    desk.mend_in_rows(5, "B", &url("buena")).await?;
    desk.see(&["No hay errores"]).await?;
    assert!(!desk.visible_text().await?.contains("enorme.png"));
    desk.press("Seguir con 4 mensajes").await?;
    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    let n_good = sends(&desk.sandbox).iter().filter(|it| it.request_body.contains(&url("buena"))).count();
    assert_eq!((n_good, sends(&desk.sandbox).len()), (2, 4));
    Ok(())
}

pub async fn an_image_that_is_named_later_is_looked_at_too(desk: &mut Desk) -> Result<()> {
    let url = "https://media.acme.example/nueva.png";
    desk.open().await?;
    desk.js::<()>(PUBLISH, &[json!([{"url": url, "width": 1600, "height": 900, "bytes": 80_000}])]).await?;
    desk.choose_template("oferta_temporada", "es_MX").await?;
    desk.review_again("ofertas.csv", &file(&[("525512345671", "foto.png")])).await?;
    desk.wait_for_problems(&[["2", "B · image", "Esto no es una URL."]]).await?;
    desk.mend(2, "B", url).await?;
    desk.see(&["No hay errores"]).await?;
    // Before it is sent, at the latest.
    desk.press("Seguir con 1 mensaje").await?;
    desk.wait_for("#confirm-title").await?;
    desk.see(&[&format!("{url} Fila 2. La imagen mide 1600 × 900 píxeles")]).await
}

pub async fn an_address_of_the_wrong_sort_is_an_error_with_its_reason(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("oferta_temporada", "es_MX").await?;
    let rows = [
        ("525512345671", "https://media.acme.example/factura.pdf"),
        ("525512345672", "http://media.acme.example/foto.png"),
        ("525512345673", "C:\\fotos\\foto.png"),
        ("525512345674", "https://192.168.0.7/foto.png"),
        ("525512345675", "https://scontent.whatsapp.net/v/t61.jpg"),
        ("525512345676", ""),
    ];
    desk.review_again("ofertas.csv", &file(&rows)).await?;
    let errors = desk.problems().await?.into_iter().filter(|it| it.severity == "Error");
    assert_eq!(
        errors.map(|it| [it.row, it.reason]).collect::<Vec<_>>(),
        [
            ["2", "El archivo termina en .pdf y la plantilla lleva .jpg, .jpeg, .png."],
            ["3", "La URL no empieza con https://"],
            ["4", "Esto no es una URL."],
            ["5", "WhatsApp no puede llegar a 192.168.0.7."],
            ["6", "scontent.whatsapp.net solo guarda la muestra que pidió Meta: no se puede enviar."],
            ["7", "Falta la URL del archivo del encabezado (.jpg, .jpeg, .png)."],
        ]
    );
    assert_eq!(desk.count("#review-go-on").await?, 0);
    assert!(sends(&desk.sandbox).is_empty());
    Ok(())
}
