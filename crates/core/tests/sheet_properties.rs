//! What holds for any file at all, against readers that share nothing with the real one.

mod sheet_oracle;

use cxconnect_core::{
    problem::{ColumnIdx, LineNumber, RowNumber},
    sheet::{
        self, Cells, CsvWriter, Delimiter, Encoding, HeaderChoice, HeaderPresence, ReadOptions, Reading,
        Sheet, SheetError, Source, Step, clean,
    },
};
use proptest::{collection, option, prelude::*, sample};
use sheet_oracle::{Character, Record, encoded};

fn delimiter_of(sheet: &Sheet) -> Delimiter {
    let Source::Text { delimiter, .. } = sheet.read_as().source else { panic!("no workbook was read") };
    delimiter
}

fn encoding_of(sheet: &Sheet) -> Encoding {
    let Source::Text { encoding, .. } = sheet.read_as().source else { panic!("no workbook was read") };
    encoding
}

/// All cells as the file has them.
fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let mut cells = Cells::new();
    let row = |idx| {
        sheet.cells(idx, &mut cells);
        cells.iter().map(str::to_owned).collect()
    };
    (0..sheet.n_rows()).map(row).collect()
}

/// Everything that a sheet says, for comparing two.
fn all(result: &Result<Sheet, SheetError>) -> String {
    match result {
        Ok(sheet) => {
            let places: Vec<_> =
                (0..sheet.n_rows()).map(|idx| (sheet.line(idx), sheet.row_number(idx))).collect();
            format!(
                "{sheet:?} {:?} {places:?} {:?} {:?} {}",
                rows(sheet),
                sheet.blank_lines(),
                sheet.undecoded(),
                sheet.n_undecoded()
            )
        }
        Err(error) => format!("{error:?}"),
    }
}

/// Reads in slices of so many bytes, and checks that they are no larger and don't go on for ever.
fn read_in_slices(bytes: &[u8], options: ReadOptions, n_bytes: usize) -> Result<Sheet, SheetError> {
    let mut reading = Reading::new(bytes.to_vec(), options);
    let (mut n_steps, mut last_done, mut first_total) = (0, 0, None);
    loop {
        n_steps += 1;
        match reading.step(n_bytes) {
            Step::More { done, total } => {
                assert!(last_done <= done && done <= total, "{done} of {total} after {last_done}");
                assert_eq!(*first_total.get_or_insert(total), total);
                last_done = done;
            }
            Step::Done(result) => {
                // Twice through the file if it is UTF-8, three times if not; a text is at most three times its bytes.
                assert!(n_steps <= 5 * bytes.len() / n_bytes.max(1) + 8, "{n_steps} steps");
                if result.is_ok() {
                    // A step may go on for some bytes to the end of a character, of a break, of a doubled quote.
                    assert!(2 * bytes.len() / (n_bytes + 8) / 2 <= n_steps, "{n_steps} steps");
                }
                return result;
            }
        }
    }
}

fn options() -> impl Strategy<Value = ReadOptions> {
    let header = prop_oneof![
        Just(HeaderChoice::Absent),
        (1_usize..16).prop_map(|row| HeaderChoice::At(RowNumber::new(row)))
    ];
    (
        option::of(sample::select(&Encoding::ALL[..])),
        option::of(sample::select(&Delimiter::ALL[..])),
        option::of(header),
    )
        .prop_map(|(encoding, delimiter, header)| ReadOptions { encoding, delimiter, header })
}

/// Bytes that mean something in some encoding or in a table, so that every state of the reader is met.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"525512345678",
        b"telefono",
        b"a",
        b"x y",
        b" ",
        b",",
        b";",
        b"\t",
        b"|",
        b"\"",
        b"\"\"",
        b"\"",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n",
        b"'=",
        b"\0",
        b"\x1a",
        "é".as_bytes(),
        "ñó".as_bytes(),
        "😀".as_bytes(),
        "\u{feff}".as_bytes(),
        "\u{200b}".as_bytes(),
        "\u{a0}".as_bytes(),
        b"\xe9",
        b"\xc3",
        b"\xf0\x9f",
        b"\x81",
        b"\xff\xfe",
        b"\xfe\xff",
        b"a\0",
        b"\0a",
        b"\n\0",
        b"\0\n",
        b"\"\0",
        b"\x3d\xd8",
        b"\x00\xde",
        b"\x3d\xd8\x00\xde",
        b"sep=;\n",
        b"\n\"\"\"\"\n",
        b"abcdefg\x7fabcdefg",
    ];
    prop_oneof![
        1 => collection::vec(any::<u8>(), 0..200),
        4 => collection::vec(sample::select(pieces), 0..60).prop_map(|pieces| pieces.concat()),
    ]
}

/// Text made of what means something in a table.
fn text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "525512345678",
        "telefono",
        "Ana",
        "a",
        " ",
        ",",
        ";",
        "\t",
        "|",
        "\"",
        "\"\"",
        "\",\"",
        "\";",
        "\n\"\"\"\"\n",
        "\n\"\" \"\n",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        "é",
        "\u{200b}",
        "\u{a0}",
        "\u{2028}",
        "😀",
    ];
    collection::vec(sample::select(pieces), 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Every physical line is the `sep=` line, the header or above it, a row's first or a later one of it, or blank;
    /// and every byte that doesn't decode is found where a plain counter finds it.
    #[test]
    fn no_line_is_lost(bytes in bytes(), options in options()) {
        let sheet = match sheet::read(&bytes, options) {
            Ok(sheet) => sheet,
            Err(error) => {
                prop_assert!(SheetError::CODES.contains(&error.code()));
                return Ok(());
            }
        };
        let (encoding, delimiter) = (encoding_of(&sheet), delimiter_of(&sheet));
        prop_assert!(options.encoding.is_none_or(|asked| asked == encoding));
        prop_assert!(options.delimiter.is_none_or(|asked| asked == delimiter));

        let characters = sheet_oracle::decoded(&bytes, encoding);
        let n_lines = sheet_oracle::n_lines(&characters);
        let has_sep_line = sheet.read_as().has_sep_line;
        let records = sheet_oracle::records(&characters, delimiter.as_char(), has_sep_line).unwrap();
        prop_assert_eq!(records.iter().map(|record| record.n_lines).sum::<usize>() + usize::from(has_sep_line), n_lines);

        let read_as = sheet.read_as();
        let (full, blank): (Vec<&Record>, Vec<&Record>) = records.iter().partition(|record| !record.is_blank());
        let (above, full) = full.split_at(read_as.rows_above_header);
        let (header, data) = match read_as.header {
            HeaderPresence::Present { line, row } => {
                let (header, data) = full.split_first().unwrap();
                prop_assert_eq!((line.get(), row.get()), (header.line, header.row));
                let names: Vec<_> = header.cells.iter().map(|name| clean::value(name).into_owned()).collect();
                prop_assert_eq!(&names[..sheet.header().len()], sheet.header());
                prop_assert!(names[sheet.header().len()..].iter().all(String::is_empty));
                (Some(*header), data)
            }
            HeaderPresence::Absent => {
                prop_assert!(above.is_empty() && sheet.header().is_empty());
                (None, full)
            }
        };

        prop_assert_eq!(read_as.n_rows, data.len());
        let mut cells = Cells::new();
        for (idx, record) in data.iter().enumerate() {
            prop_assert_eq!((sheet.line(idx).get(), sheet.row_number(idx).get()), (record.line, record.row));
            prop_assert_eq!(sheet.find_row(sheet.row_number(idx)), Some(idx));
            sheet.cells(idx, &mut cells);
            prop_assert_eq!(cells.iter().collect::<Vec<_>>(), record.cells.iter().collect::<Vec<_>>());
            for (column, &line) in record.cell_lines.iter().enumerate() {
                let column = ColumnIdx::new(column);
                prop_assert_eq!(cells.line_of(column).get(), line);
                let (raw, value) = (cells.raw(column).unwrap(), cells.value(column).unwrap());
                prop_assert_eq!(value, clean::value(raw));
                prop_assert_eq!(cells.was_cleaned(column), clean::hides_something(raw));
            }
        }
        prop_assert_eq!(
            read_as.n_columns,
            header.iter().chain(data).map(|record| record.n_used()).max().unwrap()
        );

        let first = header.map_or(0, |header| header.row);
        let last = data.last().unwrap().row;
        let inside: Vec<_> = blank
            .iter()
            .filter(|record| first < record.row && record.row < last)
            .map(|record| (LineNumber::new(record.line), RowNumber::new(record.row)))
            .collect();
        prop_assert_eq!(sheet.blank_lines(), inside);
        prop_assert_eq!(read_as.trailing_blank_lines, blank.iter().filter(|record| last < record.row).count());

        let expected: Vec<_> = records.iter().flat_map(|record| record.undecoded.iter()).collect();
        prop_assert_eq!(sheet.n_undecoded(), expected.len());
        for (found, expected) in sheet.undecoded().iter().zip(expected) {
            prop_assert_eq!(
                (found.line.get(), found.row.get(), found.column.get(), found.character, found.byte),
                *expected
            );
            let is_data = first < found.row.get();
            prop_assert_eq!(found.row_idx, if is_data { sheet.find_row(found.row) } else { None });
        }
    }

    /// A quote that isn't closed is found where a plain reader finds it, and nowhere else.
    #[test]
    fn open_quotes_are_found(text in text(), delimiter in sample::select(&Delimiter::ALL[..])) {
        let options = ReadOptions { delimiter: Some(delimiter), encoding: Some(Encoding::Utf8), header: None };
        let characters: Vec<Character> = text.chars().map(|shown| Character { shown, undecoded: None }).collect();
        let expected = sheet_oracle::records(&characters, delimiter.as_char(), false);
        match (sheet::read(text.as_bytes(), options), expected) {
            (Err(SheetError::UnclosedQuote { line, row, column }), expected) => {
                prop_assert_eq!(expected.unwrap_err(), (line.get(), row.get(), column.get()));
            }
            (_, expected) => prop_assert!(expected.is_ok()),
        }
    }

    #[test]
    fn slices_read_as_the_whole(bytes in bytes(), options in options(), n_bytes in prop_oneof![0_usize..20, 1_usize..300]) {
        let whole = all(&sheet::read(&bytes, options));
        prop_assert_eq!(all(&read_in_slices(&bytes, options, n_bytes)), whole);
    }

    #[test]
    fn cells_are_those_of_the_csv_crate(text in text(), delimiter in sample::select(&Delimiter::ALL[..])) {
        let options = ReadOptions {
            delimiter: Some(delimiter),
            encoding: Some(Encoding::Utf8),
            header: Some(HeaderChoice::Absent),
        };
        let Ok(sheet) = sheet::read(text.as_bytes(), options) else { return Ok(()) };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(delimiter.as_char()).unwrap())
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let expected: Vec<Vec<String>> = reader
            .records()
            .map(|record| record.unwrap().iter().map(str::to_owned).collect())
            .filter(|cells: &Vec<String>| !sheet_oracle::is_blank(cells))
            .collect();
        prop_assert_eq!(rows(&sheet), expected);
    }
}

/// What a cell of an encoding may hold.
fn cell(encoding: Encoding) -> BoxedStrategy<String> {
    let letters = match encoding {
        // Without what would make two of its characters look like one of UTF-8.
        Encoding::Windows1252 => "[a-zA-ZáéíóúñÑüÜ€ ]{0,8}",
        _ => "[a-zA-ZáéíóúñÑ¿¡€😀中\u{301} ]{0,8}",
    };
    prop_oneof![
        4 => letters,
        1 => "[;,\"\\n\\r\t|a]{0,5}",
        1 => Just(String::new()),
        1 => "[a\u{a0}'=-]{0,4}",
    ]
    .boxed()
}

/// A table whose rows all begin with a phone, and its encoding.
fn table() -> impl Strategy<Value = (Encoding, Vec<Vec<String>>)> {
    (sample::select(&Encoding::ALL[..]), 1_usize..5).prop_flat_map(|(encoding, n_columns)| {
        let row =
            ("52551[0-9]{7}", collection::vec(cell(encoding), n_columns)).prop_map(|(phone, mut cells)| {
                cells.insert(0, phone);
                cells
            });
        (Just(encoding), collection::vec(row, 1..12))
    })
}

fn with_header(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let header = (0..rows[0].len()).map(|column| format!("telefono{column}")).collect();
    [&[header], rows].concat()
}

fn written(rows: &[Vec<String>], delimiter: char, line_break: &str) -> String {
    let quoted = |cell: &String| {
        if cell.contains([';', ',', '\t', '|', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let line = |row: &Vec<String>| {
        let cells: Vec<String> = row.iter().map(quoted).collect();
        cells.join(&delimiter.to_string()) + line_break
    };
    rows.iter().map(line).collect()
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        (encoding, rows_written) in table(),
        delimiter in sample::select(&Delimiter::ALL[..]),
        line_break in sample::select(vec!["\n", "\r\n", "\r"]),
        has_sep_line in any::<bool>(),
        is_told in any::<bool>(),
        n_bytes in prop_oneof![1_usize..20, 1_usize..5000],
    ) {
        let mut text = written(&with_header(&rows_written), delimiter.as_char(), line_break);
        if has_sep_line {
            text.insert_str(0, &format!("sep={}{line_break}", delimiter.as_char()));
        }
        let file = encoded(&text, encoding);
        // Ü and € of Windows-1252 are one letter of UTF-8: where all of a file happens to be both, nobody can know.
        let is_both = encoding == Encoding::Windows1252 && !text.is_ascii() && str::from_utf8(&file).is_ok();
        let options = if is_told || is_both {
            ReadOptions { encoding: Some(encoding), delimiter: Some(delimiter), header: None }
        } else {
            ReadOptions::default()
        };
        let sheet = read_in_slices(&file, options, n_bytes).unwrap();
        prop_assert_eq!(rows(&sheet), rows_written);
        prop_assert_eq!(delimiter_of(&sheet), delimiter);
        prop_assert_eq!(sheet.read_as().has_sep_line, has_sep_line);
        prop_assert_eq!(sheet.n_undecoded(), 0);
        // ASCII is the same in both.
        if encoding != Encoding::Windows1252 || !text.is_ascii() {
            prop_assert_eq!(encoding_of(&sheet), encoding);
        }
    }

    #[test]
    fn our_own_files_are_read_again(
        (_, rows_written) in table(),
        delimiter in prop_oneof![Just(Delimiter::Comma), Just(Delimiter::Semicolon)],
    ) {
        let mut writer = CsvWriter::new(delimiter);
        for row in with_header(&rows_written) {
            writer.row(row);
        }
        let sheet = sheet::read(&writer.finish(), ReadOptions::default()).unwrap();
        prop_assert_eq!(rows(&sheet), rows_written);
    }

    /// As the spreadsheet module hands it over: every row a record, blank ones empty lines.
    #[test]
    fn a_workbooks_rows_keep_their_numbers((_, mut rows_written) in table(), blank in collection::vec(0_usize..12, 0..4)) {
        for &at in &blank {
            rows_written.insert(at.min(rows_written.len()), Vec::new());
        }
        let csv = written(&rows_written, ',', "\r\n");
        let options = ReadOptions { header: Some(HeaderChoice::Absent), ..ReadOptions::default() };
        let mut reading = Reading::workbook(csv.into_bytes(), "Hoja 1".to_owned(), options);
        let sheet = loop {
            if let Step::Done(result) = reading.step(7) {
                break result.unwrap();
            }
        };
        prop_assert_eq!(&sheet.read_as().source, &Source::Workbook { sheet: "Hoja 1".to_owned() });
        let mut found = rows(&sheet).into_iter();
        for (idx, row) in rows_written.iter().enumerate() {
            let number = RowNumber::new(idx + 1);
            if row.is_empty() {
                let last = sheet.row_number(sheet.n_rows() - 1);
                prop_assert_eq!(sheet.blank_lines().iter().any(|(_, row)| *row == number), number < last);
            } else {
                prop_assert!(sheet.find_row(number).is_some());
                prop_assert_eq!(&found.next().unwrap(), row);
            }
        }
        prop_assert_eq!(found.next(), None);
    }

    #[test]
    fn edits_are_read_and_undone(
        (_, rows_written) in table(),
        edits in collection::vec((0_usize..12, 0_usize..8, cell(Encoding::Utf8)), 0..20),
    ) {
        let text = written(&with_header(&rows_written), ';', "\n");
        let original = sheet::read(text.as_bytes(), ReadOptions::default()).unwrap();
        let mut sheet = original.clone();
        let mut expected = rows_written.clone();
        let mut undo = Vec::new();
        for (idx, column, cell) in edits {
            let before = sheet.set_cell(idx, ColumnIdx::new(column), &cell);
            let Some(row) = expected.get_mut(idx) else {
                prop_assert_eq!(before, "");
                continue;
            };
            if row.len() <= column {
                row.resize(column + 1, String::new());
            }
            prop_assert_eq!(&std::mem::replace(&mut row[column], cell), &before);
            undo.push((idx, column, before));
        }
        let without_blank_ends = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
            let trimmed = |row: &Vec<String>| {
                let n = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
                row[..n].to_vec()
            };
            rows.iter().map(trimmed).collect()
        };
        prop_assert_eq!(without_blank_ends(&rows(&sheet)), without_blank_ends(&expected));
        let n_edited = without_blank_ends(&expected)
            .iter()
            .zip(without_blank_ends(&rows_written))
            .filter(|(now, before)| *now != before)
            .count();
        prop_assert_eq!(sheet.n_edited(), n_edited);
        for (idx, column, before) in undo.into_iter().rev() {
            sheet.set_cell(idx, ColumnIdx::new(column), &before);
        }
        prop_assert_eq!(sheet.n_edited(), 0);
        prop_assert_eq!(rows(&sheet), rows_written);
    }
}
