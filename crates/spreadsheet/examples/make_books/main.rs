//! Makes those of tests/books that a program can make: `cargo run --package cxconnect-spreadsheet --example make_books`.
//!
//! Some by `rust_xlsxwriter`, which writes as Excel does, and some by hand, since they are what Excel would not write but
//! other programs do. tests/books/README.md says how the others were made.

mod by_hand;
mod xlsb;

use std::path::{Path, PathBuf};

use rust_xlsxwriter::{
    Chart, ChartType, DocProperties, ExcelDateTime, Format, FormatAlign, Formula, Workbook, Worksheet,
};
/// A workbook was made.
type Made = Result<(), Box<dyn std::error::Error>>;

fn main() -> Made {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/books");
    let at = |name: &str| folder.join(name);
    phones(&at("phones.xlsx"))?;
    dates(&at("dates.xlsx"))?;
    formulas(&at("formulas.xlsx"))?;
    texts(&at("texts.xlsx"))?;
    sheets(&at("sheets.xlsx"))?;
    merged(&at("merged.xlsx"))?;
    blank_rows(&at("blank-rows.xlsx"))?;
    numbers(&at("numbers.xlsx"))?;
    empty(&at("empty.xlsx"))?;
    by_hand::books(&at)?;
    by_hand::no_books(&at)?;
    xlsb::book(&at("binary.xlsb"))
}

/// A workbook that is the same whenever it is made.
fn workbook() -> Result<Workbook, Box<dyn std::error::Error>> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?);
    workbook.set_properties(&properties);
    Ok(workbook)
}

/// Phones as numbers and as text, and what Excel makes of them.
fn phones(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    row(sheet, 0, &["teléfono", "cómo está"])?;
    for (index, (phone, how)) in [
        (525_512_345_678.0, "número"),
        (5.255_12e11, "número que ya perdió cifras"),
        (5_215_512_345_678.0, "número de 13 cifras"),
        (999_999_999_999_999.0, "número de 15 cifras"),
        (1_234_567_890_123_456.0, "número de 16 cifras: la última se perdió"),
        (5.0, "una cifra"),
    ]
    .into_iter()
    .enumerate()
    {
        let row = u32::try_from(index)? + 1;
        sheet.write_number(row, 0, phone)?.write_string(row, 1, how)?;
    }
    let formats = [
        ("0.00E+00", "número con formato científico"),
        ("0", "número con formato 0"),
        ("[<=9999999]###-####;(###) ###-####", "número con formato de teléfono"),
    ];
    for (index, (format, how)) in formats.into_iter().enumerate() {
        let row = u32::try_from(index)? + 7;
        sheet.write_number_with_format(row, 0, 525_512_345_678.0, &Format::new().set_num_format(format))?;
        sheet.write_string(row, 1, how)?;
    }
    let text = Format::new().set_num_format("@");
    let texts = [
        ("525512345678", "texto"),
        ("+52 1 55 1234 5678", "texto con signos"),
        ("00525512345678", "texto con ceros"),
        ("5.25512E+11", "texto científico"),
        ("5,25512E+11", "texto científico con coma"),
        ("'525512345678", "texto con apóstrofo a la vista"),
    ];
    for (index, (phone, how)) in texts.into_iter().enumerate() {
        let row = u32::try_from(index)? + 10;
        sheet.write_string_with_format(row, 0, phone, &text)?.write_string(row, 1, how)?;
    }
    // What Excel does with an apostrophe that is typed: it is no part of the value.
    sheet.write_string_with_format(16, 0, "525587654321", &Format::new().set_quote_prefix())?;
    sheet.write_string(16, 1, "texto con apóstrofo de Excel")?;
    Ok(workbook.save(path)?)
}

fn dates(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    row(sheet, 0, &["formato", "valor"])?;
    for (index, (format, serial)) in [
        ("dd/mm/yyyy", 45_966.0),
        ("mm-dd-yy", 45_966.0),
        ("d-mmm-yy", 45_966.0),
        ("yyyy-mm-dd hh:mm:ss", 45_966.437_5),
        ("[$-80A]dddd, d \"de\" mmmm \"de\" yyyy", 45_966.0),
        ("[$-409]m/d/yy h:mm AM/PM;@", 45_966.979_166_666_7),
        ("dd/mm/yyyy hh:mm", 45_966.437_499_999_9),
        ("h:mm", 0.437_5),
        ("h:mm:ss AM/PM", 0.999_988_425_925_9),
        ("[h]:mm:ss", 1.104_166_666_666_7),
        ("mm:ss", 0.007_638_888_888_9),
        ("dd/mm/yyyy", 0.0),
        ("dd/mm/yyyy", 60.0),
        ("dd/mm/yyyy", 2_958_465.0),
        ("dd/mm/yyyy", 525_512_345_678.0),
        ("dd/mm/yyyy", -1.0),
        ("\"día\" 0", 5.0),
        ("0.00\" dms\"", 5.0),
        ("General", 45_966.0),
    ]
    .into_iter()
    .enumerate()
    {
        let row = u32::try_from(index)? + 1;
        sheet.write_string(row, 0, format)?;
        sheet.write_number_with_format(row, 1, serial, &Format::new().set_num_format(format))?;
    }
    Ok(workbook.save(path)?)
}

/// Formulas with the results that Excel kept.
fn formulas(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    row(sheet, 0, &["fórmula", "resultado"])?;
    let date = Format::new().set_num_format("dd/mm/yyyy");
    for (index, (formula, result)) in [
        ("=5255*100000000+12345678", "525512345678"),
        ("=\"Hola, \"&\"mundo\"", "Hola, mundo"),
        ("=1=1", "TRUE"),
        ("=1=2", "FALSE"),
        ("=0.1+0.2", "0.30000000000000004"),
        ("=1/0", "#DIV/0!"),
        ("=NA()", "#N/A"),
        ("=SUMA(1)", "#NAME?"),
        ("=A1 B2", "#NULL!"),
        ("=10^400", "#NUM!"),
        ("=#REF!", "#REF!"),
        ("=1+\"a\"", "#VALUE!"),
    ]
    .into_iter()
    .enumerate()
    {
        let row = u32::try_from(index)? + 1;
        sheet.write_string(row, 0, &formula[1..])?;
        sheet.write_formula(row, 1, Formula::new(formula).set_result(result))?;
    }
    sheet.write_string(13, 0, "TODAY()")?;
    sheet.write_formula_with_format(13, 1, Formula::new("=TODAY()").set_result("45966"), &date)?;
    Ok(workbook.save(path)?)
}

fn texts(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    let (bold, red) = (Format::new().set_bold(), Format::new().set_font_color(0x00FF_0000));
    row(sheet, 0, &["Ñandú; \"cómo\"", "a,b", "tab\there", "línea 1\nlínea 2", " blancos "])?;
    sheet.write_rich_string(1, 0, &[(&bold, "Hola "), (&red, "Jos\u{e9} "), (&bold, "🎉")])?;
    row_at(sheet, 1, 1, &["e\u{301} combinado", "\u{a0}NBSP\u{a0}", "cero\u{200b}ancho", "CR\r\nLF"])?;
    row(sheet, 2, &["=1+1", "+52", "-1", "@usuario", "_x0041_ y \u{1}"])?;
    row(sheet, 3, &["<b>&amp;</b>", "👩\u{200d}👩\u{200d}👧", "العربية", "日本語", "|"])?;
    row(sheet, 4, &[" ", "\t", "\n", "\"", "'"])?;
    Ok(workbook.save(path)?)
}

fn sheets(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    row(workbook.add_worksheet().set_name("Oculta")?.set_hidden(true), 0, &["secreto"])?;
    row(workbook.add_worksheet().set_name("Muy oculta")?.set_very_hidden(true), 0, &["más secreto"])?;
    workbook.add_worksheet().set_name("Vacía")?.set_active(true);
    let full = workbook.add_worksheet().set_name("Datos & más")?;
    row(full, 0, &["teléfono"])?;
    row(full, 1, &["525512345678"])?;
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values("='Datos & más'!$A$1:$A$2");
    workbook.add_chartsheet().set_name("Gráfico")?.insert_chart(0, 0, &chart)?;
    row(workbook.add_worksheet().set_name("Última")?, 4, &["fila 5"])?;
    Ok(workbook.save(path)?)
}

fn merged(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    let center = Format::new().set_align(FormatAlign::Center);
    sheet.merge_range(0, 0, 0, 2, "Campaña de noviembre", &center)?;
    row(sheet, 1, &["teléfono", "nombre", "saldo"])?;
    sheet.merge_range(2, 0, 3, 0, "525512345678", &center)?;
    row_at(sheet, 2, 1, &["José", "10"])?;
    row_at(sheet, 3, 1, &["Ana", "20"])?;
    Ok(workbook.save(path)?)
}

/// A title, a gap, the header in row 3 and column B, gaps between the rows, and cells below that have only colours.
fn blank_rows(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    row_at(sheet, 2, 1, &["teléfono", "nombre"])?;
    row_at(sheet, 3, 1, &["525512345678", "José"])?;
    row_at(sheet, 6, 1, &["525587654321", "Ana"])?;
    row_at(sheet, 7, 2, &["sin teléfono"])?;
    let yellow = Format::new().set_background_color(0x00FF_FF00);
    for row in 8..50 {
        sheet.write_blank(row, 1, &yellow)?;
    }
    sheet.write_string_with_format(60, 4, "lejos", &yellow)?;
    Ok(workbook.save(path)?)
}

fn numbers(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    let sheet = workbook.add_worksheet();
    row(sheet, 0, &["formato", "valor"])?;
    for (index, (format, number)) in [
        ("General", 0.1 + 0.2),
        ("General", 1234.5),
        ("General", -0.05),
        ("General", 0.000_001),
        ("General", 1e-12),
        ("General", 1e300),
        ("0%", 0.25),
        ("$#,##0.00", 1234.5),
        ("#,##0", 1_000_000.0),
        ("00000", 1234.0),
        ("0.00", 2.0),
        ("#,##0.00;[Red]-#,##0.00", -1_234.56),
    ]
    .into_iter()
    .enumerate()
    {
        let row = u32::try_from(index)? + 1;
        sheet.write_string(row, 0, format)?;
        sheet.write_number_with_format(row, 1, number, &Format::new().set_num_format(format))?;
    }
    sheet.write_string(13, 0, "lógicos")?.write_boolean(13, 1, true)?.write_boolean(13, 2, false)?;
    Ok(workbook.save(path)?)
}

fn empty(path: &PathBuf) -> Made {
    let mut workbook = workbook()?;
    workbook.add_worksheet();
    Ok(workbook.save(path)?)
}

fn row(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Made {
    row_at(sheet, row, 0, cells)
}

fn row_at(sheet: &mut Worksheet, row: u32, first_column: u16, cells: &[&str]) -> Made {
    for (column, cell) in (first_column..).zip(cells) {
        sheet.write_string(row, column, *cell)?;
    }
    Ok(())
}
