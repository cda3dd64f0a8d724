//! Workbooks as programs other than Excel write them, and files that are none.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::Made;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// Workbooks as programs other than Excel write them.
pub fn books(at: &impl Fn(&str) -> PathBuf) -> Made {
    let styles = format!(
        r#"<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>"#
    );
    // Days counted from 1904.
    book(
        &at("date1904.xlsx"),
        &format!(r#"<workbookPr date1904="1"/>{}"#, sheet_list(1)),
        &[(
            "xl/worksheets/sheet1.xml",
            &sheet(
                r#"<row r="1"><c r="A1" s="1"><v>44504</v></c><c r="B1" s="2"><v>44504.4375</v></c><c r="C1" s="2"><v>0.5</v></c><c r="D1"><v>44504</v></c></row>"#,
            ),
        )],
        Some(&styles),
    )?;
    // As servers write them: no styles, no shared strings, no places, no sizes.
    book(
        &at("inline.xlsx"),
        &sheet_list(1),
        &[(
            "xl/worksheets/sheet1.xml",
            &sheet(
                r#"<row><c t="inlineStr"><is><t>teléfono</t></is></c><c t="inlineStr"><is><t xml:space="preserve"> nombre </t></is></c></row><row><c><v>525512345678</v></c><c t="inlineStr"><is><r><t>Jo</t></r><r><rPr><b/></rPr><t>sé</t></r></is></c></row><row/><row><c t="n"><v>5.25512345678E11</v></c><c/><c t="str"><v>última</v></c><c t="b"><v>true</v></c></row>"#,
            ),
        )],
        None,
    )?;
    // Formulas filled down beyond the data, as people do: blank rows to everybody who looks.
    let blank = (3..40).map(|row| {
        format!(r#"<row r="{row}"><c r="A{row}" t="str"><f>IF(B{row}="","",B{row})</f><v></v></c></row>"#)
    });
    let blank: String = blank.collect();
    book(
        &at("filled-down.xlsx"),
        &sheet_list(1),
        &[(
            "xl/worksheets/sheet1.xml",
            &sheet(&format!(
                r#"<row r="1"><c r="A1" t="str"><f>"a"</f><v>a</v></c></row><row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><v>2</v></c></row>{blank}"#
            )),
        )],
        None,
    )?;
    // With prefixes and dates written out, as "Strict Open XML" has them.
    book(
        &at("strict.xlsx"),
        &sheet_list(1),
        &[(
            "xl/worksheets/sheet1.xml",
            &format!(
                r#"<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="d"><x:v>2025-11-05</x:v></x:c><x:c r="B1" t="d"><x:v>2025-11-05T10:30:00</x:v></x:c><x:c r="C1" t="d"><x:v>2025-11-05T00:00:00Z</x:v></x:c><x:c r="D1" t="d"><x:v>T10:30:00</x:v></x:c></x:row></x:sheetData></x:worksheet>"#
            ),
        )],
        None,
    )?;
    // Errors that Excel didn't know when readers were written.
    book(
        &at("new-errors.xlsx"),
        &sheet_list(1),
        &[(
            "xl/worksheets/sheet1.xml",
            &sheet(
                r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="e"><v>#ERROR!</v></c><c r="C1" t="e"><v>#SPILL!</v></c></row><row r="2"><c r="A2" t="e"><f>X()</f><v>#CALC!</v></c><c r="C2" t="inlineStr"><is><t>después</t></is></c></row><row r="4"><c r="B4" t="e"><v>#N/A</v></c><c r="D4" t="e"><v>#GETTING_DATA</v></c></row>"#,
            ),
        )],
        None,
    )?;
    // Shared strings with ruby, escapes, entities, sections, empty ones and blanks that do not count.
    book(
        &at("shared.xlsx"),
        &sheet_list(1),
        &[
            (
                "xl/worksheets/sheet1.xml",
                &sheet(
                    r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c><c r="F1" t="s"><v>5</v></c></row>"#,
                ),
            ),
            (
                "xl/sharedStrings.xml",
                &format!(
                    r#"<sst xmlns="{MAIN}" count="6" uniqueCount="6"><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh></si><si/><si><t>_x000D_a_x005F_b</t></si><si><t>&lt;&#241;&gt; &amp;</t></si><si><t><![CDATA[<b>]]></t></si><si><t>
 fin </t></si></sst>"#
                ),
            ),
        ],
        None,
    )?;
    // The second sheet broke off; the first is whole.
    book(
        &at("half.xlsx"),
        &sheet_list(2),
        &[
            ("xl/worksheets/sheet1.xml", &sheet(r#"<row r="1"><c r="A1"><v>1</v></c></row>"#)),
            (
                "xl/worksheets/sheet2.xml",
                &format!(r#"<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1"#),
            ),
        ],
        None,
    )
}

fn sheet(rows: &str) -> String {
    format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>"#)
}

fn sheet_list(n_sheets: usize) -> String {
    let list = (1..=n_sheets)
        .map(|number| format!(r#"<sheet name="Hoja{number}" sheetId="{number}" r:id="rId{number}"/>"#));
    format!("<sheets>{}</sheets>", list.collect::<String>())
}

/// Writes a workbook whose main part holds `workbook`, with these parts.
fn book(path: &PathBuf, workbook: &str, parts: &[(&str, &str)], styles: Option<&str>) -> Made {
    let types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let relations =
        parts.iter().filter(|(name, _)| name.contains("worksheets")).enumerate().map(|(index, (name, _))| {
            let target = name.trim_start_matches("xl/");
            let number = index + 1;
            format!(r#"<Relationship Id="rId{number}" Type="{RELATIONS}/worksheet" Target="{target}"/>"#)
        });
    let relations: String = relations.collect();
    let mut all = vec![
        (
            "[Content_Types].xml",
            format!(
                r#"<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="{types}.worksheet+xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{workbook}</workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(r#"<Relationships xmlns="{package}/relationships">{relations}</Relationships>"#),
        ),
    ];
    all.extend(styles.map(|styles| ("xl/styles.xml", styles.to_owned())));
    all.extend(parts.iter().map(|(name, part)| (*name, (*part).to_owned())));
    zipped(path, &all)
}

/// Writes a zip of these parts.
pub fn zipped(path: &PathBuf, parts: &[(&str, impl AsRef<[u8]>)]) -> Made {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(part.as_ref())?;
    }
    Ok(std::fs::write(path, zip.finish()?.into_inner())?)
}

/// What has a workbook's name and is none.
pub fn no_books(at: &impl Fn(&str) -> PathBuf) -> Made {
    zipped(&at("zip.xlsx"), &[("hola.txt", "No soy un libro.")])?;
    zipped(&at("document.xlsx"), &[("word/document.xml", "<document/>")])?;
    std::fs::write(
        at("page.xls"),
        "<html><body><table><tr><td>telefono</td></tr><tr><td>525512345678</td></tr></table></body></html>",
    )?;
    std::fs::write(at("text.xlsx"), "telefono;nombre\r\n525512345678;José\r\n")?;
    let whole = std::fs::read(at("phones.xlsx"))?;
    std::fs::write(at("truncated.xlsx"), &whole[..whole.len() / 2])?;
    Ok(())
}
