//! Reading files through the public interface: what may be asked for, what is refused, and what a sheet answers. How
//! nasty files are read stands in `sheet_golden.rs`.

use cxconnect_core::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{
        self, Cells, CsvWriter, Delimiter, Encoding, FileKind, HeaderChoice, HeaderPresence, MAX_BYTES,
        MAX_COLUMNS, MAX_ROWS, MAX_UNDECODED, ReadOptions, Reading, Sheet, SheetError, Source, Step,
        formula_safe,
    },
};

const A: ColumnIdx = ColumnIdx::new(0);
const B: ColumnIdx = ColumnIdx::new(1);

fn read(bytes: impl AsRef<[u8]>) -> Result<Sheet, SheetError> {
    sheet::read(bytes.as_ref(), ReadOptions::default())
}

fn read_with(bytes: impl AsRef<[u8]>, options: ReadOptions) -> Sheet {
    sheet::read(bytes.as_ref(), options).unwrap()
}

fn rows(sheet: &Sheet) -> Vec<String> {
    let mut cells = Cells::new();
    let row = |idx| {
        sheet.cells(idx, &mut cells);
        cells.iter().collect::<Vec<_>>().join(" | ")
    };
    (0..sheet.n_rows()).map(row).collect()
}

/// The source in words: `utf-8 comma`.
fn source(sheet: &Sheet) -> String {
    match &sheet.read_as().source {
        Source::Text { encoding, delimiter } => format!("{} {}", encoding.code(), delimiter.code()),
        Source::Workbook { sheet } => format!("workbook {sheet}"),
    }
}

fn at(row: usize) -> ReadOptions {
    ReadOptions { header: Some(HeaderChoice::At(RowNumber::new(row))), ..ReadOptions::default() }
}

#[test]
fn the_kind_of_a_file_is_seen_from_its_beginning() {
    assert_eq!(sheet::kind(b"PK\x03\x04\x14\0\x06\0"), FileKind::Zip);
    assert_eq!(sheet::kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FileKind::Ole);
    for text in [&b"telefonos"[..], b"", b"P", b"\xff\xfet\0"] {
        assert_eq!(sheet::kind(text), FileKind::Text);
    }
}

#[test]
fn an_encoding_that_is_asked_for_is_used() {
    let asked = |encoding, bytes: &[u8]| {
        let options = ReadOptions { encoding: Some(encoding), ..ReadOptions::default() };
        let sheet = read_with(bytes, options);
        format!("{}: {:?} {} undecoded", source(&sheet), rows(&sheet), sheet.n_undecoded())
    };
    let utf8 = "telefono;nombre\n525512340001;José\n".as_bytes();
    assert_eq!(
        asked(Encoding::Windows1252, utf8),
        r#"windows-1252 semicolon: ["525512340001 | JosÃ©"] 0 undecoded"#
    );
    assert_eq!(asked(Encoding::Utf8Bom, utf8), r#"utf-8-bom semicolon: ["525512340001 | José"] 0 undecoded"#);
    let windows = b"telefono;nombre\n525512340001;Jos\xe9 \xd1and\xfa\n";
    assert_eq!(
        asked(Encoding::Utf8, windows),
        r#"utf-8 semicolon: ["525512340001 | Jos� �and�"] 3 undecoded"#
    );
    // 36 bytes of nonsense, if taken for UTF-16: one row that is no table, and no error.
    let sheet = sheet::read(
        b"5\0,\0a\0\n\0\0\xd86\0,\0b\0",
        ReadOptions {
            encoding: Some(Encoding::Utf16Le),
            header: Some(HeaderChoice::Absent),
            ..ReadOptions::default()
        },
    )
    .unwrap();
    assert_eq!(rows(&sheet), ["5 | a", "�6 | b"]);
    assert_eq!(sheet.undecoded()[0].byte, 0xd8);
}

#[test]
fn what_is_asked_for_is_read_even_if_it_is_no_text() {
    let bytes = b"\0\x01\x02\x03\x04,\x05\n\0\x01a\x02\0,\x05\n";
    assert_eq!(read(bytes).unwrap_err(), SheetError::NotText);
    let options = ReadOptions {
        encoding: Some(Encoding::Windows1252),
        header: Some(HeaderChoice::Absent),
        ..ReadOptions::default()
    };
    let sheet = read_with(bytes, options);
    let mut cells = Cells::new();
    sheet.cells(0, &mut cells);
    assert_eq!(cells.value(A), Some("a"));
    assert!(cells.was_cleaned(A));
}

#[test]
fn a_delimiter_that_is_asked_for_goes_before_the_files_own() {
    let comma = ReadOptions { delimiter: Some(Delimiter::Comma), ..ReadOptions::default() };
    assert_eq!(rows(&read_with("telefono;a\n525512340001;b,c\n", comma)), ["525512340001;b | c"]);
    let sheet = read_with("sep=^\ntelefono,a\n525512340001,b\n", comma);
    assert!(sheet.read_as().has_sep_line);
    assert_eq!(rows(&sheet), ["525512340001 | b"]);
    assert_eq!(sheet.line(0), LineNumber::new(3));
    assert_eq!(sheet.row_number(0), RowNumber::new(2));
}

#[test]
fn a_header_that_is_asked_for_is_taken() {
    let file = "Clientes\n\ntelefono;nombre;x;y\n525512340001;Ana\n\n525512340002;Luis\n";
    let shown = |options| {
        let sheet = read_with(file, options);
        let header = match sheet.read_as().header {
            HeaderPresence::Present { line, row } => format!("header {row}/{line} {:?}", sheet.header()),
            HeaderPresence::Absent => "no header".to_owned(),
        };
        let blank: Vec<usize> = sheet.blank_lines().iter().map(|(line, _)| line.get()).collect();
        let read_as = sheet.read_as();
        format!(
            "{header}, {} above, {} rows, {} columns, blank {blank:?}",
            read_as.rows_above_header, read_as.n_rows, read_as.n_columns
        )
    };
    let names = r#"["telefono", "nombre", "x", "y"]"#;
    assert_eq!(
        shown(ReadOptions::default()),
        format!("header 3/3 {names}, 1 above, 2 rows, 4 columns, blank [5]")
    );
    assert_eq!(shown(at(1)), r#"header 1/1 ["Clientes"], 0 above, 3 rows, 4 columns, blank [2, 5]"#);
    // A blank row has no names: the next one has.
    assert_eq!(shown(at(2)), format!("header 3/3 {names}, 1 above, 2 rows, 4 columns, blank [5]"));
    assert_eq!(shown(at(4)), r#"header 4/4 ["525512340001", "Ana"], 2 above, 1 rows, 2 columns, blank [5]"#);
    let absent = ReadOptions { header: Some(HeaderChoice::Absent), ..ReadOptions::default() };
    assert_eq!(shown(absent), "no header, 0 above, 4 rows, 4 columns, blank [2, 5]");
    for row in [6, 7, 1000] {
        assert_eq!(sheet::read(file.as_bytes(), at(row)).unwrap_err(), SheetError::HeaderOnly);
    }
}

#[test]
fn columns_are_counted_from_the_header_on_however_deep_it_is() {
    let above = "a;b;c;d;e\n".repeat(30);
    let sheet = read_with(format!("{above}telefono;nombre\n525512340001;Ana;x\n"), at(31));
    assert_eq!((sheet.read_as().rows_above_header, sheet.read_as().n_columns), (30, 3));
    assert_eq!(sheet.header(), ["telefono", "nombre"]);
}

#[test]
fn rows_are_found_by_their_number() {
    let sheet = read("telefono;nombre\n525512340001;\"a\nb\"\n\n525512340002;c\n").unwrap();
    let found = |row| sheet.find_row(RowNumber::new(row));
    assert_eq!([found(1), found(2), found(3), found(4), found(5)], [None, Some(0), None, Some(1), None]);
    assert_eq!((sheet.line(1).get(), sheet.row_number(1).get()), (5, 4));
    // There is no third row.
    assert_eq!((sheet.line(2), sheet.row_number(2)), (LineNumber::FIRST, RowNumber::FIRST));
    let mut cells = Cells::new();
    sheet.cells(1, &mut cells);
    assert_eq!(cells.len(), 2);
    sheet.cells(2, &mut cells);
    assert!(cells.is_empty());
    assert_eq!((cells.raw(A), cells.value(A), cells.line_of(B)), (None, None, LineNumber::FIRST));
}

#[test]
fn a_cell_knows_its_own_line_even_when_edited() {
    let mut sheet = read("telefono,a,b\n525500000001,\"x\r\ny\rz\",w\n").unwrap();
    let lines = |sheet: &Sheet| {
        let mut cells = Cells::new();
        sheet.cells(0, &mut cells);
        [0, 1, 2, 9].map(|column| cells.line_of(ColumnIdx::new(column)).get())
    };
    assert_eq!(lines(&sheet), [2, 2, 4, 4]);
    // The file stays as it is.
    sheet.set_cell(0, B, "in one line");
    assert_eq!(lines(&sheet), [2, 2, 4, 4]);
}

#[test]
fn cells_are_edited_and_the_clone_is_not() {
    let original = read("telefono;nombre\n525512340001;Ana\n525512340002\n").unwrap();
    let mut sheet = original.clone();
    assert_eq!(sheet.set_cell(1, B, "Lu\u{200b}is"), "");
    assert_eq!(sheet.set_cell(0, A, "525512340009"), "525512340001");
    assert_eq!(rows(&sheet), ["525512340009 | Ana", "525512340002 | Lu\u{200b}is"]);
    let mut cells = Cells::new();
    sheet.cells(1, &mut cells);
    assert_eq!((cells.value(B), cells.was_cleaned(B)), (Some("Luis"), true));
    assert!(sheet.is_edited(0) && sheet.is_edited(1) && sheet.n_edited() == 2);
    assert_eq!(rows(&original), ["525512340001 | Ana", "525512340002"]);
    assert_eq!(original.n_edited(), 0);

    // Undone, it is no edit any more.
    assert_eq!(sheet.set_cell(1, B, ""), "Lu\u{200b}is");
    assert_eq!((sheet.is_edited(1), sheet.n_edited()), (false, 1));
    sheet.replace_row(1, vec!["x".to_owned()]);
    sheet.replace_row(0, vec!["525512340001".to_owned(), "Ana".to_owned()]);
    assert_eq!(rows(&sheet), ["525512340001 | Ana", "x"]);
    assert_eq!((sheet.is_edited(0), sheet.is_edited(1)), (false, true));

    // No such row, no such column.
    sheet.replace_row(2, vec!["x".to_owned()]);
    assert_eq!(sheet.set_cell(2, A, "x"), "");
    assert_eq!(sheet.set_cell(0, ColumnIdx::new(MAX_COLUMNS), "x"), "");
    assert_eq!(sheet.n_edited(), 1);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let first_step = |bytes: Vec<u8>| Reading::new(bytes, ReadOptions::default()).step(1);
    let error = SheetError::TooLarge { bytes: MAX_BYTES + 1, max: MAX_BYTES };
    assert!(matches!(first_step(vec![b'7'; MAX_BYTES + 1]), Step::Done(Err(found)) if found == error));
    // What it is goes before how large it is.
    let mut zip = vec![0; MAX_BYTES + 1];
    zip[..4].copy_from_slice(b"PK\x03\x04");
    assert!(matches!(first_step(zip), Step::Done(Err(SheetError::Workbook))));
}

#[test]
fn as_many_rows_as_a_spreadsheet_has_are_read_and_no_more() {
    let mut file = b"t\n".repeat(MAX_ROWS);
    assert_eq!(read(&file).unwrap().n_rows(), MAX_ROWS - 1);
    file.push(b't');
    assert_eq!(read(&file).unwrap_err(), SheetError::TooManyRows { max: MAX_ROWS });
    assert_eq!(read("\n".repeat(MAX_ROWS + 1)).unwrap_err(), SheetError::TooManyRows { max: MAX_ROWS });
}

#[test]
fn places_of_undecoded_bytes_are_kept_up_to_a_limit() {
    let n = MAX_UNDECODED + 5;
    let file = [b"t;", &b"\x81".repeat(n)[..], &b"x".repeat(4 * n)].concat();
    let options = ReadOptions { header: Some(HeaderChoice::Absent), ..ReadOptions::default() };
    let sheet = read_with(file, options);
    assert_eq!((sheet.undecoded().len(), sheet.n_undecoded()), (MAX_UNDECODED, n));
    let last = &sheet.undecoded()[MAX_UNDECODED - 1];
    assert_eq!((last.character, last.column, last.row_idx), (MAX_UNDECODED + 2, B, Some(0)));
}

/// A row of megabytes is no reason for a step of megabytes.
#[test]
fn a_giant_cell_is_read_in_slices() {
    let file = format!(
        "telefono;nota\n525512340001;\"{}\"\n525512340002;x\n",
        "líneas \"\"y\"\" más\n".repeat(100_000)
    );
    let n_bytes = 64 * 1024;
    let mut reading = Reading::new(file.clone().into_bytes(), ReadOptions::default());
    let (mut n_steps, mut n_leaps, mut last) = (0, 0, 0);
    let sheet = loop {
        n_steps += 1;
        match reading.step(n_bytes) {
            Step::More { done, .. } => {
                n_leaps += usize::from(n_bytes + 8 < done - last);
                last = done;
            }
            Step::Done(result) => break result.unwrap(),
        }
    };
    assert!(2 * file.len() / (n_bytes + 8) <= n_steps);
    // UTF-8 needs no converting: that part of the work is leapt over.
    assert_eq!(n_leaps, 1);
    assert_eq!((sheet.n_rows(), sheet.line(1).get()), (2, 100_003));
    assert!(matches!(reading.step(1), Step::Done(Err(SheetError::Empty))));
}

/// Beyond 16 MB even the look at the encoding comes in slices, and rows are the same.
#[test]
fn a_large_file_is_read_in_slices() {
    let file = "525512340001;Ñandú, año y más\n".repeat(600_000);
    assert!(16 << 20 < file.len());
    let n_bytes = 1 << 20;
    let mut reading = Reading::new(file.clone().into_bytes(), ReadOptions::default());
    let mut last = 0;
    let sheet = loop {
        match reading.step(n_bytes) {
            Step::More { done, .. } => {
                // Half of the work is for converting, which UTF-8 doesn't need.
                let is_leap = n_bytes + 8 < done - last;
                assert!(!is_leap || done == file.len(), "{last} {done}");
                last = done;
            }
            Step::Done(result) => break result.unwrap(),
        }
    };
    let mut cells = Cells::new();
    sheet.cells(599_999, &mut cells);
    assert_eq!(cells.iter().collect::<Vec<_>>(), ["525512340001", "Ñandú, año y más"]);
}

#[test]
fn a_workbooks_text_is_taken_as_it_is() {
    let read = |csv: &str| {
        let options = ReadOptions {
            encoding: Some(Encoding::Windows1252),
            delimiter: Some(Delimiter::Tab),
            header: None,
        };
        let mut reading = Reading::workbook(csv.as_bytes().to_vec(), "Enero".to_owned(), options);
        loop {
            if let Step::Done(result) = reading.step(5) {
                return result;
            }
        }
    };
    // Nothing in it is Excel's own line, a web page or another delimiter.
    let sheet = read("sep=;,x\r\n\r\nTeléfono,Nombre\r\n525512340001,<b>\r\n").unwrap();
    assert_eq!(source(&sheet), "workbook Enero");
    assert_eq!(rows(&sheet), ["525512340001 | <b>"]);
    assert_eq!((sheet.row_number(0).get(), sheet.read_as().rows_above_header), (4, 1));
    assert!(sheet.blank_lines().is_empty());
    assert_eq!(read("").unwrap_err(), SheetError::Empty);
    assert_eq!(read("\r\n\r\n").unwrap_err(), SheetError::BlankOnly);
}

#[test]
fn every_error_is_in_the_catalogue() {
    let mut found: Vec<&str> =
        [&b""[..], b"\0\0\0", b"PK\x03\x04", b"<html>", b"sep=^\na\n", b"t\n\"a", b"\n", b"t\n"]
            .iter()
            .map(|bytes| read(bytes).unwrap_err().code())
            .collect();
    found.extend(["too-large", "too-many-rows"]);
    let mut expected = SheetError::CODES.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn codes_are_distinct_and_stable() {
    assert_eq!(
        Encoding::ALL.map(Encoding::code),
        ["utf-8", "utf-8-bom", "windows-1252", "utf-16-le", "utf-16-be"]
    );
    assert_eq!(
        Delimiter::ALL.map(|delimiter| (delimiter.code(), delimiter.as_char())),
        [("semicolon", ';'), ("comma", ','), ("tab", '\t'), ("pipe", '|')]
    );
}

#[test]
fn what_is_written_is_formula_safe_and_quoted_where_needed() {
    let mut writer = CsvWriter::new(Delimiter::Semicolon);
    writer.row(["telefonos", "a;b", "c\"d", " e"]);
    writer.row([formula_safe("=1+1"), formula_safe("+52"), formula_safe("Ana"), formula_safe("@x")]);
    assert_eq!(
        String::from_utf8(writer.finish()).unwrap(),
        "\u{feff}telefonos;\"a;b\";\"c\"\"d\";\" e\"\r\n'=1+1;'+52;Ana;'@x\r\n"
    );
}

#[test]
fn files_for_people_have_the_delimiter_of_their_region() {
    for locale in ["es-MX", "es-mx", "es_MX", "es-GT", "en-US", "en", "es-Latn-MX"] {
        assert_eq!(Delimiter::of_locale(locale), Delimiter::Comma, "{locale}");
    }
    for locale in ["es", "es-419", "es-AR", "es-CO", "es-CL", "es-PE", "es-ES", "pt-BR", ""] {
        assert_eq!(Delimiter::of_locale(locale), Delimiter::Semicolon, "{locale}");
    }
    let mut writer = CsvWriter::new(Delimiter::of_locale("es-MX"));
    writer.row(["a,b", "c;d", "e"]);
    assert_eq!(writer.finish(), "\u{feff}\"a,b\",\"c;d\",e\r\n".as_bytes());
}
