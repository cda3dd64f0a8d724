//! The main job, from opening the app to the results.

use anyhow::{Context as _, Result};
use cxconnect_tests::desk::{Desk, NAV_BAR, SALES, SUPPORT};
use cxconnect_tests::traffic::{received_by, sends};
use cxconnect_tests::wait::until;
use serde_json::{Value, json};

const FILE: &str = "telefonos,image,dato1,dato2,dato3,dato4\n\
                    525512345678,,Ana Muñoz,F-1029,1 de marzo,F-1029\n\
                    573001234567,,José Núñez,F-1030,\"3 de marzo, 2026\",F-1030\n\
                    +52 55 8765 4321,,Begoña,F-1031,9 de marzo,F-1031\n";

pub async fn an_agent_sends_a_file_and_sees_what_became_of_each_row(desk: &mut Desk) -> Result<()> {
    desk.set("default_integration_id", SALES)?;
    desk.set("plan_name", "Paquete de prueba")?;
    desk.open().await?;
    sees_the_panel_and_the_tabs(desk).await?;
    chooses_number_and_template(desk).await?;
    downloads_the_format(desk).await?;

    assert!(desk.is_disabled("#process").await?);
    desk.add_file("clientes.csv", FILE.as_bytes()).await?;
    desk.process().await?;
    let shown = walks_through_the_messages(desk).await?;
    assert!(desk.sandbox.sunco().received().is_empty(), "something was sent before Continuar");

    desk.click("#confirm-continue").await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    let told = "CXConnect: envío terminado. 3 enviados.";
    is_told_by_zendesk(desk, told).await?;
    sees_the_results(desk).await?;
    received_once_as_shown(desk, &shown)?;
    downloads_the_results(desk).await?;

    // From here the agent can begin anew; the template is still chosen, the file is not.
    desk.click("#run-new").await?;
    desk.wait_for("#process").await?;
    assert!(desk.is_disabled("#process").await?);
    desk.wait_for(".bubble").await
}

/// The panel's figures are the settings' and this browser's sends.
async fn sees_the_panel_and_the_tabs(desk: &Desk) -> Result<()> {
    assert_eq!(desk.text("#panel-left").await?, "1.000 / 1.000 Mensajes");
    assert_eq!(desk.text("#panel-sent").await?, "0");
    assert_eq!(desk.text("#panel-not-sent").await?, "0");
    let plan = desk.text(".panel-plan").await?;
    assert!(plan.contains("Paquete de prueba"), "{plan}");
    assert!(plan.contains("Reinicio.: 10 "), "{plan}");
    assert_eq!(
        desk.texts("[role=tab]").await?,
        ["Mensajes proactivos", "Estadísticas", "Logs", "Configuración", "Suscripción", "Soporte"]
    );
    Ok(())
}

async fn chooses_number_and_template(desk: &Desk) -> Result<()> {
    assert_eq!(
        desk.texts("#sender option").await?,
        ["Acme Ventas · +525541600001", "Acme Soporte · +525541600002", "Sin nombre · +573014160003"]
    );
    // The templates follow the number.
    desk.click(&format!("#sender option[value='{SUPPORT}']")).await?;
    wait_for_template(desk, "ticket_actualizado").await?;
    assert!(!desk.template_names().await?.contains(&"saldo_vencido".to_owned()));
    desk.click(&format!("#sender option[value='{SALES}']")).await?;
    wait_for_template(desk, "saldo_vencido").await?;
    let names = desk.template_names().await?;
    for unapproved in ["promo_rechazada", "recordatorio_pausado", "lanzamiento_nuevo"] {
        assert!(!names.contains(&unapproved.to_owned()), "{unapproved} is offered");
    }
    desk.see(&["3 plantillas sin aprobar no se muestran."]).await?;

    desk.type_into("#template-search", "venció").await?;
    until("the search", async || Ok((desk.template_names().await? == ["saldo_vencido"]).then_some(())))
        .await?;
    desk.choose_template("saldo_vencido", "es").await?;
    assert_eq!(desk.text(".bubble-header").await?, "Aviso para {{1}}");
    assert_eq!(
        desk.text(".bubble-body").await?,
        "Tu factura {{1}} venció el {{2}}. Puedes pagarla hoy sin recargos."
    );
    assert_eq!(desk.texts(".bubble-body .run-missing").await?, ["{{1}}", "{{2}}"]);
    assert_eq!(
        buttons(desk).await?,
        [["Pagar ahora", "https://pagos.acme.example/f/{{1}}"], ["Llamar", "+525541600001"]]
    );
    Ok(())
}

/// This template's own columns, and a row that shows what goes where.
async fn downloads_the_format(desk: &Desk) -> Result<()> {
    desk.press("Descargar formato plantilla").await?;
    let (name, content) = desk.downloaded().await?;
    assert_eq!(name, "saldo_vencido_es.csv");
    assert_eq!(
        String::from_utf8(content)?,
        "\u{feff}telefonos;image;dato1;dato2;dato3;dato4;dato5;dato6;dato7\r\n\
         525512345678;;Ana;F-1029;1 de marzo;F-1029;;;\r\n"
    );
    Ok(())
}

/// Each message as it will be received. Gives the first one as it is shown.
async fn walks_through_the_messages(desk: &Desk) -> Result<[String; 3]> {
    desk.wait_for_text("#confirm-title", "Se procesaran: 3 mensajes con la Plantilla.: saldo_vencido")
        .await?;
    desk.see(&[
        "Acme Ventas · +525541600001",
        "clientes.csv",
        "Leído como: coma, UTF-8, encabezado en la fila 1, 6 columnas, 3 filas",
    ])
    .await?;
    assert_eq!(desk.text("#confirm-phone").await?, "+525512345678");
    assert_eq!(desk.texts(".bubble-body .run-value").await?, ["F-1029", "1 de marzo"]);
    let first = bubble(desk).await?;

    desk.click("#confirm-next").await?;
    desk.wait_for_text("#confirm-phone", "+573001234567").await?;
    desk.see(&["Mensaje 2 de 3", "fila 3, línea 3", "3 de marzo, 2026"]).await?;
    desk.click("#confirm-next").await?;
    desk.wait_for_text("#confirm-phone", "+525587654321").await?;
    assert!(desk.is_disabled("#confirm-next").await?);
    desk.click("[aria-label='Mensaje anterior']").await?;
    desk.wait_for_text("#confirm-phone", "+573001234567").await?;
    Ok(first)
}

/// Wherever the agent is in Zendesk by now.
async fn is_told_by_zendesk(desk: &Desk, text: &str) -> Result<()> {
    desk.leave_frame().await?;
    desk.see(&[text]).await?;
    desk.enter_frame(NAV_BAR).await
}

async fn sees_the_results(desk: &Desk) -> Result<()> {
    desk.see(&["Todos los mensajes fueron aceptados."]).await?;
    let figures = desk.figures().await?;
    assert_eq!((figures.accepted, figures.refused, figures.unknown, figures.not_sent), (3, 0, 0, 0));
    assert_eq!(desk.text("#panel-left").await?, "997 / 1.000 Mensajes");
    assert_eq!(desk.text("#panel-sent").await?, "3");
    // Under the ids that Sunshine Conversations gave.
    for message in desk.sandbox.sunco().received() {
        let row = desk.result_of(&message.phone[1..]).await?;
        assert_eq!((row.state.as_str(), row.label.as_str()), ("accepted", "Colocado"));
        assert_eq!(row.detail, format!("Id {}", message.notification_id));
    }
    Ok(())
}

/// WhatsApp got each message once, in the documented form, and the first one as it was shown.
fn received_once_as_shown(desk: &Desk, shown: &[String; 3]) -> Result<()> {
    let received = desk.sandbox.sunco().received();
    assert_eq!((received.len(), sends(&desk.sandbox).len()), (3, 3));
    for message in &received {
        assert_eq!(message.failure, None, "{message:?}");
        assert_eq!(received_by(&desk.sandbox, &message.phone[1..]), 1);
    }
    let first = received.iter().find(|it| it.phone == "+525512345678").context("Ana's message")?;
    let header = first.rendered.header.as_ref().and_then(|header| header.text.clone());
    let address = first.rendered.buttons[0].value.clone();
    let as_received = [header.unwrap_or_default(), first.rendered.body.clone(), address.unwrap_or_default()];
    assert_eq!(*shown, as_received);
    assert_is_the_documented_payload(serde_json::from_str(&first.body)?);
    Ok(())
}

/// The file's own columns, then what became of the row.
async fn downloads_the_results(desk: &Desk) -> Result<()> {
    desk.click("#run-download").await?;
    let (name, content) = desk.downloaded().await?;
    assert!(name.starts_with("clientes_resultados_"), "{name}");
    let content = String::from_utf8(content)?;
    let received = desk.sandbox.sunco().received();
    let id = |phone: &str| {
        received.iter().find(|it| it.phone == phone).map(|it| it.notification_id.clone()).unwrap_or_default()
    };
    let expected = [
        "telefonos;image;dato1;dato2;dato3;dato4;fila;línea;teléfono enviado;estado;motivo;id;hora de envío;hora de resultado".to_owned(),
        format!(
            "525512345678;;Ana Muñoz;F-1029;1 de marzo;F-1029;2;2;'+525512345678;Colocado;;{}",
            id("+525512345678")
        ),
        format!(
            "573001234567;;José Núñez;F-1030;\"3 de marzo, 2026\";F-1030;3;3;'+573001234567;Colocado;;{}",
            id("+573001234567")
        ),
        format!(
            "'+52 55 8765 4321;;Begoña;F-1031;9 de marzo;F-1031;4;4;'+525587654321;Colocado;;{}",
            id("+525587654321")
        ),
    ];
    let lines: Vec<&str> = content.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), expected.len(), "{content}");
    assert_eq!(lines[0], expected[0]);
    for (line, expected) in lines.iter().zip(&expected).skip(1) {
        // The two times follow.
        let times =
            line.strip_prefix(expected.as_str()).with_context(|| format!("{line}, not {expected}"))?;
        assert!(times.starts_with(';') && times.matches(';').count() == 2 && 20 < times.len(), "{line}");
    }
    Ok(())
}

async fn wait_for_template(desk: &Desk, name: &str) -> Result<()> {
    until(name, async || Ok(desk.template_names().await?.contains(&name.to_owned()).then_some(()))).await
}

/// Each button's label, and what it leads to.
async fn buttons(desk: &Desk) -> Result<Vec<[String; 2]>> {
    let script = "return [...document.querySelectorAll('.bubble-button')].map((it) =>
        [it.firstChild.textContent.trim(), it.querySelector('small')?.textContent.trim() ?? ''])";
    desk.js(script, &[]).await
}

/// Header, body, and what the first button leads to.
async fn bubble(desk: &Desk) -> Result<[String; 3]> {
    let [_, address] = buttons(desk).await?.into_iter().next().unwrap_or_default();
    Ok([desk.text(".bubble-header").await?, desk.text(".bubble-body").await?, address])
}

/// Sunshine Conversations' documentation, "Send notification", with Meta's components.
fn assert_is_the_documented_payload(mut body: Value) {
    let batch = body["metadata"]["batch"].take();
    assert!(batch.as_str().is_some_and(|id| !id.is_empty()), "{batch}");
    let text = |text: &str| json!({"type": "text", "text": text});
    assert_eq!(
        body,
        json!({
            "destination": {"integrationId": SALES, "destinationId": "+525512345678"},
            "author": {"role": "appMaker"},
            "messageSchema": "whatsapp",
            "message": {"type": "template", "template": {
                "name": "saldo_vencido",
                "language": {"policy": "deterministic", "code": "es"},
                "components": [
                    {"type": "header", "parameters": [text("Ana Muñoz")]},
                    {"type": "body", "parameters": [text("F-1029"), text("1 de marzo")]},
                    {"type": "button", "sub_type": "url", "index": 0, "parameters": [text("F-1029")]},
                ]}},
            "metadata": {"batch": null, "row": 2},
        })
    );
}

pub async fn a_dropped_file_with_accents_arrives_as_it_is(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    // As Excel writes it in Spanish: a mark, semicolons, and line ends of two characters.
    let file =
        "\u{feff}telefonos;image;dato1;dato2\r\n525512345678;;Íñigo Ordóñez Güiza;miércoles 9, a las 10\r\n";
    desk.drop_file("reunión ñandú.csv", file).await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    desk.see(&[
        "reunión ñandú.csv",
        "Leído como: punto y coma, UTF-8 (BOM), encabezado en la fila 1, 4 columnas, 1 fila",
    ])
    .await?;
    desk.click("#confirm-continue").await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    let received = desk.sandbox.sunco().received();
    assert_eq!(received.len(), 1);
    assert_eq!(
        received[0].rendered.body,
        "Hola Íñigo Ordóñez Güiza, te recordamos tu cita el *miércoles 9, a las 10*. Si no puedes asistir, \
         avísanos con tiempo."
    );
    Ok(())
}

pub async fn a_template_looks_as_in_whatsapp(desk: &mut Desk) -> Result<()> {
    desk.open().await?;
    desk.choose_template("confirmacion_pago", "es_MX").await?;
    assert_eq!(desk.texts(".bubble-body .run-bold").await?, ["{{2}}"]);
    assert_eq!(desk.texts(".bubble-body .run-mono").await?, ["{{4}}"]);
    assert_eq!(desk.texts(".bubble-body .run-strike").await?, ["Saldo pendiente"]);
    assert_eq!(desk.text(".bubble-footer").await?, "Acme");

    desk.choose_template("bienvenida", "es_MX").await?;
    until("the other template", async || {
        Ok((desk.texts(".bubble-body .run-italic").await? == ["responde este mensaje"]).then_some(()))
    })
    .await?;
    assert_eq!(desk.count(".bubble-body .run-missing").await?, 0);

    for (name, kind) in
        [("oferta_temporada", "Imagen"), ("tutorial_video", "Video"), ("factura_mensual", "Documento")]
    {
        desk.choose_template(name, "es_MX").await?;
        until(kind, async || Ok(desk.text(".bubble-media").await?.starts_with(kind).then_some(()))).await?;
    }
    desk.choose_template("oferta_temporada", "es_MX").await?;
    until("its buttons", async || {
        let expected =
            [["Me interesa", ""], ["No, gracias", ""], ["Ver ofertas", "https://acme.example/ofertas"]];
        Ok((buttons(desk).await? == expected).then_some(()))
    })
    .await?;

    // What can't be sent yet is in the list, says why, and can't be chosen.
    let script = "const label = [...document.querySelectorAll('.template')].find(
          (it) => it.querySelector('.template-name').textContent.trim() === arguments[0]);
        return [label.querySelector('input').disabled, label.querySelector('.hint').textContent]";
    let (is_disabled, why): (bool, String) = desk.js(script, &[json!("invitacion_experimental")]).await?;
    assert!(is_disabled);
    assert_eq!(why, "Aún no se puede enviar: contiene HOLOGRAM.");
    Ok(())
}

pub async fn the_number_of_the_settings_is_chosen_first(desk: &mut Desk) -> Result<()> {
    desk.set("default_integration_id", SUPPORT)?;
    desk.open().await?;
    wait_for_template(desk, "ticket_actualizado").await?;
    let chosen: String = desk.js("return document.getElementById('sender').value", &[]).await?;
    assert_eq!(chosen, SUPPORT);

    desk.choose_template("bienvenida", "es_MX").await?;
    desk.add_file("uno.csv", b"telefonos,image,dato1\n525512345678,,Ana\n").await?;
    desk.process().await?;
    desk.wait_for("#confirm-title").await?;
    desk.see(&["Acme Soporte · +525541600002"]).await?;
    desk.click("#confirm-continue").await?;
    assert_eq!(desk.ended().await?, "Envío terminado");
    assert_eq!(desk.sandbox.sunco().received()[0].integration_id, SUPPORT);
    Ok(())
}
