//! A workbook in Excel's binary kind ([MS-XLSB]), which no free program writes: the records that any has.

use std::path::PathBuf;

use crate::Made;
use crate::by_hand::zipped;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Override PartName="/xl/worksheets/sheet1.bin" ContentType="application/vnd.ms-excel.worksheet"/></Types>"#;
const ROOT: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
const WORKBOOK: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>"#;

/// A sheet with a gap, text, numbers, a truth and an error.
pub fn book(path: &PathBuf) -> Made {
    let mut workbook = Records::default();
    workbook.add(131, &[]); // BrtBeginBook
    workbook.add(143, &[]); // BrtBeginBundleShs
    workbook.add(156, &[number(0), number(1), text("rId1"), text("Binaria")].concat()); // BrtBundleSh
    workbook.add(144, &[]); // BrtEndBundleShs
    workbook.add(132, &[]); // BrtEndBook

    let mut sheet = Records::default();
    sheet.add(129, &[]); // BrtBeginSheet
    sheet.add(148, &[number(0), number(2), number(0), number(2)].concat()); // BrtWsDim
    sheet.add(145, &[]); // BrtBeginSheetData
    sheet.row(0);
    sheet.add(6, &[cell(0), text("teléfono")].concat()); // BrtCellSt
    sheet.add(6, &[cell(1), text("nombre")].concat());
    sheet.row(2);
    sheet.add(5, &[cell(0), 525_512_345_678_f64.to_le_bytes().to_vec()].concat()); // BrtCellReal
    sheet.add(6, &[cell(1), text("José 🎉")].concat());
    sheet.row(3);
    sheet.add(2, &[cell(0), number((1234 << 2) | 2)].concat()); // BrtCellRk: a whole number
    sheet.add(4, &[cell(1), vec![1]].concat()); // BrtCellBool
    sheet.add(3, &[cell(2), vec![0x2A]].concat()); // BrtCellError: #N/A
    sheet.add(146, &[]); // BrtEndSheetData
    sheet.add(130, &[]); // BrtEndSheet

    zipped(
        path,
        &[
            ("[Content_Types].xml", TYPES.as_bytes()),
            ("_rels/.rels", ROOT.as_bytes()),
            ("xl/workbook.bin", &workbook.0),
            ("xl/_rels/workbook.bin.rels", WORKBOOK.as_bytes()),
            ("xl/worksheets/sheet1.bin", &sheet.0),
        ],
    )
}

/// A part: records one after the other.
#[derive(Default)]
struct Records(Vec<u8>);

impl Records {
    /// Type and length have seven bits a byte, and the eighth says that there is more.
    fn add(&mut self, kind: u8, data: &[u8]) {
        self.0.push(kind);
        if 0x80 <= kind {
            self.0.push(1);
        }
        assert!(data.len() < 0x80, "longer records need a longer length");
        self.0.extend(u8::try_from(data.len()));
        self.0.extend_from_slice(data);
    }

    /// `BrtRowHdr`: the number, then style, height, flags and no spans.
    fn row(&mut self, row: u32) {
        self.add(0, &[number(row), vec![0; 9], number(0)].concat());
    }
}

fn number(number: u32) -> Vec<u8> {
    number.to_le_bytes().to_vec()
}

/// A cell's column, style and flags.
fn cell(column: u32) -> Vec<u8> {
    [number(column), number(0)].concat()
}

/// `XLWideString`: its length and UTF-16.
fn text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = number(u32::try_from(units.len()).unwrap_or(u32::MAX));
    bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
    bytes
}
