use insta::assert_snapshot;

use super::*;

/// A file as it was read: how, then each line with its physical line and its spreadsheet row.
fn shown(bytes: impl AsRef<[u8]>) -> String {
    let sheet = match read(bytes.as_ref()) {
        Ok(sheet) => sheet,
        Err(error) => {
            let arguments: Vec<String> =
                error.arguments().into_iter().map(|(name, value)| format!(" {name}={value:?}")).collect();
            return format!("{}{}", error.code(), arguments.concat());
        }
    };
    let ReadAs { encoding, delimiter, header, n_columns, n_rows, trailing_blank_lines } = &sheet.read_as;
    assert_eq!(*n_rows, sheet.rows.len());
    let mut lines = vec![format!(
        "{encoding:?} {} {n_columns} columns, {n_rows} rows, {trailing_blank_lines} blank at the end",
        delimiter.as_char()
    )];
    if let HeaderPresence::Present { line, row } = header {
        lines.push(format!("line {line} row {row} header {:?}", sheet.header));
    }
    let mut places: Vec<(LineNumber, String)> = sheet
        .rows
        .iter()
        .map(|row| {
            (
                row.line,
                format!("line {} row {} {:?}", row.line, row.row, row.cells.iter().collect::<Vec<_>>()),
            )
        })
        .collect();
    places
        .extend(sheet.blank_lines.iter().map(|&(line, row)| (line, format!("line {line} row {row} blank"))));
    places.sort();
    lines.extend(places.into_iter().map(|(_, text)| text));
    lines.join("\n")
}

#[test]
fn the_manuals_format() {
    assert_snapshot!(shown("telefonos,image,dato1\n525512345678,,Ana\n525587654321,,José Ñandú\n"), @r#"
    Utf8 , 3 columns, 2 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "image", "dato1"]
    line 2 row 2 ["525512345678", "", "Ana"]
    line 3 row 3 ["525587654321", "", "José Ñandú"]
    "#);
    assert_snapshot!(shown("\u{feff}telefonos;image;dato1\r\n525512345678;;\"Ana; Luis\"\r\n"), @r#"
    Utf8Bom ; 3 columns, 1 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "image", "dato1"]
    line 2 row 2 ["525512345678", "", "Ana; Luis"]
    "#);
}

#[test]
fn byte_order_marks_are_no_characters() {
    let sheet = read("\u{feff}\u{feff}\r\u{feff}telefonos\n\u{feff}525512345678".as_bytes()).unwrap();
    assert_eq!(sheet.header, ["telefonos"]);
    assert_eq!(sheet.blank_lines, [(LineNumber::new(1), RowNumber::new(1))]);
    assert_eq!(sheet.rows[0].value(ColumnIdx::new(0)), Some("525512345678"));
}

#[test]
fn line_endings_may_be_mixed() {
    assert_snapshot!(shown("telefonos,dato1\r\n525500000001,a\r525500000002,b\n525500000003,c\n\r525500000004,d"), @r#"
    Utf8 , 2 columns, 4 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "dato1"]
    line 2 row 2 ["525500000001", "a"]
    line 3 row 3 ["525500000002", "b"]
    line 4 row 4 ["525500000003", "c"]
    line 5 row 5 blank
    line 6 row 6 ["525500000004", "d"]
    "#);
    assert_snapshot!(shown("telefonos\r525500000001\r525500000002\r"), @r#"
    Utf8 , 1 columns, 2 rows, 0 blank at the end
    line 1 row 1 header ["telefonos"]
    line 2 row 2 ["525500000001"]
    line 3 row 3 ["525500000002"]
    "#);
    // Some mail programs double the CR: each of them ends a line.
    assert_snapshot!(shown("telefonos\r\r\n525500000001\r\r\n"), @r#"
    Utf8 , 1 columns, 1 rows, 1 blank at the end
    line 1 row 1 header ["telefonos"]
    line 2 row 2 blank
    line 3 row 3 ["525500000001"]
    "#);
}

#[test]
fn breaks_inside_quotes_are_lines_and_no_rows() {
    assert_snapshot!(
        shown("telefonos,dato1,dato2\r\n525500000001,\"a\r\nb\",c\r\n525500000002,\"d\n\n\re\"\"f\",\"\"\r\n525500000003,g,h\r\n"),
        @r#"
    Utf8 , 3 columns, 3 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "dato1", "dato2"]
    line 2 row 2 ["525500000001", "a\r\nb", "c"]
    line 4 row 3 ["525500000002", "d\n\n\re\"f", ""]
    line 8 row 4 ["525500000003", "g", "h"]
    "#
    );
}

#[test]
fn a_cell_knows_its_own_line() {
    let sheet = read(b"telefonos,a,b\n525500000001,\"x\r\ny\rz\",w\n").unwrap();
    let lines = [0, 1, 2, 9].map(|column| sheet.rows[0].line_of(ColumnIdx::new(column)).get());
    assert_eq!(lines, [2, 2, 4, 4]);
}

#[test]
fn blank_lines_are_found_in_the_middle_and_counted_at_the_end() {
    assert_snapshot!(
        shown("\n \ntelefonos;dato1\n525500000001;a\n\n525500000002;b\n;;;\n\u{a0};\u{200b}\n525500000003;c\n\n;\n  \n"),
        @r#"
    Utf8 ; 2 columns, 3 rows, 3 blank at the end
    line 3 row 3 header ["telefonos", "dato1"]
    line 1 row 1 blank
    line 2 row 2 blank
    line 4 row 4 ["525500000001", "a"]
    line 5 row 5 blank
    line 6 row 6 ["525500000002", "b"]
    line 7 row 7 blank
    line 8 row 8 blank
    line 9 row 9 ["525500000003", "c"]
    "#
    );
    assert_snapshot!(shown("telefonos;dato1\r\n\r\n\r\n525500000001;a"), @r#"
    Utf8 ; 2 columns, 1 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "dato1"]
    line 2 row 2 blank
    line 3 row 3 blank
    line 4 row 4 ["525500000001", "a"]
    "#);
}

#[test]
fn a_file_may_lack_its_header() {
    assert_snapshot!(shown("525500000001,a\n525500000002,b\n"), @r#"
    Utf8 , 2 columns, 2 rows, 0 blank at the end
    line 1 row 1 ["525500000001", "a"]
    line 2 row 2 ["525500000002", "b"]
    "#);
    assert_snapshot!(shown("5.25512E+11;a\n"), @r#"
    Utf8 ; 2 columns, 1 rows, 0 blank at the end
    line 1 row 1 ["5.25512E+11", "a"]
    "#);
    assert_snapshot!(shown("'+52 55 0000 0001\n"), @r#"
    Utf8 , 1 columns, 1 rows, 0 blank at the end
    line 1 row 1 ["'+52 55 0000 0001"]
    "#);
}

#[test]
fn a_first_row_with_a_person_in_it_is_no_header() {
    for first in ["525500000001 mamá,a", "Tel: 525500000001,a", ",a"] {
        let sheet = read(format!("{first}\n525500000002,b\n").as_bytes()).unwrap();
        assert_eq!(sheet.read_as.header, HeaderPresence::Absent, "{first}");
        assert_eq!(sheet.rows.len(), 2, "{first}");
    }
}

#[test]
fn excels_delimiter_line_is_a_line_and_no_row() {
    assert_snapshot!(shown("sep=;\r\ntelefonos;dato1\r\n525500000001;a,b\r\n"), @r#"
    Utf8 ; 2 columns, 1 rows, 0 blank at the end
    line 2 row 1 header ["telefonos", "dato1"]
    line 3 row 2 ["525500000001", "a,b"]
    "#);
}

#[test]
fn columns_that_were_never_filled_do_not_count() {
    assert_snapshot!(shown("telefonos;dato1;;;\n525500000001;a;;;\n525500000002\n525500000003;b;;c;\n"), @r#"
    Utf8 ; 4 columns, 3 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "dato1"]
    line 2 row 2 ["525500000001", "a", "", "", ""]
    line 3 row 3 ["525500000002"]
    line 4 row 4 ["525500000003", "b", "", "c", ""]
    "#);
}

#[test]
fn quotes_that_harm_nothing_pass() {
    assert_snapshot!(shown("telefonos,dato1\n525500000001,pulgada 5\"\n525500000002,\"Juan\" Paz\n525500000003,\"a\" ,b\n"), @r#"
    Utf8 , 3 columns, 3 rows, 0 blank at the end
    line 1 row 1 header ["telefonos", "dato1"]
    line 2 row 2 ["525500000001", "pulgada 5\""]
    line 3 row 3 ["525500000002", "Juan Paz"]
    line 4 row 4 ["525500000003", "a ", "b"]
    "#);
}

#[test]
fn files_of_another_kind_are_named() {
    assert_snapshot!(shown(b""), @"empty");
    assert_snapshot!(shown(b"\xef\xbb\xbf"), @"empty");
    assert_snapshot!(shown(b"PK\x03\x04\x14\0\x06\0"), @"workbook");
    assert_snapshot!(shown(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"), @"workbook");
    assert_snapshot!(shown(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), @"not-text");
    assert_snapshot!(shown(b"%PDF-1.7\n1 0 obj"), @r#"not-table looks_like="PDF""#);
    assert_snapshot!(shown(b"<!DOCTYPE html><table><tr><td>525512345678"), @r#"not-table looks_like="HTML""#);
    assert_snapshot!(shown(b" \n<?xml version=\"1.0\"?>"), @r#"not-table looks_like="XML""#);
    assert_snapshot!(shown(b"{\"telefonos\":[\"525512345678\"]}"), @r#"not-table looks_like="JSON""#);
    assert_snapshot!(shown(b"telefonos,dato1\n525512345678,a\0b\n"), @"not-text");
    assert_snapshot!(shown(b"telefonos|dato1\n525512345678|a\n"), @r#"wrong-delimiter found="|""#);
    assert_snapshot!(shown(b"telefonos\tdato1\n525512345678\ta\n"), @r#"wrong-delimiter found="⇥ (tab)""#);
}

#[test]
fn other_encodings_are_named_with_the_place() {
    // Windows-1252, as Excel saves «CSV» here.
    assert_snapshot!(shown(b"telefonos;dato1\r\n525512345678;Ana\r\n525512345679;a\xf1o Jos\xe9\r\n"), @r#"not-utf-8 line="3" column="15" byte="0xF1""#);
    let utf16 =
        |text: &str, order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    assert_snapshot!(shown(utf16("\u{feff}telefonos\tdato1", u16::to_le_bytes)), @"utf-16");
    assert_snapshot!(shown(utf16("\u{feff}telefonos\tdato1", u16::to_be_bytes)), @"utf-16");
    assert_snapshot!(shown(utf16("telefonos;dato1\n525512345678", u16::to_le_bytes)), @"utf-16");
    // A character cut in half by the end of the file.
    assert_snapshot!(shown(b"telefonos\n525512345678;\xc3"), @r#"not-utf-8 line="2" column="14" byte="0xC3""#);
}

#[test]
fn large_files_are_refused_by_what_they_are() {
    assert_snapshot!(shown(vec![0; 40 * 1024 * 1024]), @"not-text");
    assert_snapshot!(shown(vec![b'7'; 40 * 1024 * 1024]), @r#"too-large megabytes="40" max_megabytes="30""#);
    let mut late = vec![b'7'; MAX_BYTES];
    late[MAX_BYTES - 1] = 0;
    assert_snapshot!(shown(late), @"not-text");
}

#[test]
fn a_file_of_too_many_rows_is_refused() {
    assert_snapshot!(shown(format!("telefonos\n{}", "1\n".repeat(MAX_ROWS + 1))), @r#"too-many-rows max="1000000""#);
    assert_snapshot!(shown("\n".repeat(MAX_ROWS + 2)), @r#"too-many-rows max="1000000""#);
}

#[test]
fn files_without_rows_or_phones_are_named() {
    assert_snapshot!(shown("telefonos,image,dato1\n"), @"header-only");
    assert_snapshot!(shown("telefonos,image,dato1\n\n,,\n"), @"header-only");
    assert_snapshot!(shown("\n\r\n;;;\n \n"), @"blank-only");
    assert_snapshot!(shown("Nombre,Teléfono\nAna,525512345678\n"), @r#"no-phone-column column_a="Nombre""#);
    assert_snapshot!(shown("Estimado cliente:\nsu pedido está listo\n"), @r#"no-phone-column column_a="Estimado cliente:""#);
    // A column of phones that happens to have none is read: each row says what is missing.
    assert_snapshot!(shown("Celular,dato1\n,Ana\n"), @r#"
    Utf8 , 2 columns, 1 rows, 0 blank at the end
    line 1 row 1 header ["Celular", "dato1"]
    line 2 row 2 ["", "Ana"]
    "#);
}

#[test]
fn a_quote_that_is_not_closed_is_found() {
    assert_snapshot!(shown("telefonos,dato1\n525500000001,a\n525500000002,\"b\n525500000003,c\n"), @r#"unclosed-quote line="3" row="3" column="B""#);
    assert_snapshot!(shown("telefonos,dato1,dato2\n525500000001,\"x\ny\",\"b\n525500000003,\"c\"\n"), @r#"unclosed-quote line="3" row="2" column="C""#);
    assert_snapshot!(shown("\"telefonos,dato1\n525500000001,a\n"), @r#"unclosed-quote line="1" row="1" column="A""#);
    assert_snapshot!(shown("telefonos,dato1\n525500000001,\""), @r#"unclosed-quote line="2" row="2" column="B""#);
    assert_snapshot!(shown("telefonos,dato1\n525500000001,\"\"\""), @r#"unclosed-quote line="2" row="2" column="B""#);
}

#[test]
fn values_are_trimmed_and_cells_are_kept() {
    let sheet = read("telefonos;dato1\n 525512345678\u{a0};\u{feff}\u{200e} Ana  Paz\u{ad}\t\n1234567;'=1+1\n7654321;'tis\n".as_bytes()).unwrap();
    let value = |row: usize, column| sheet.rows[row].value(ColumnIdx::new(column));
    assert_eq!(value(0, 0), Some("525512345678"));
    assert_eq!(value(0, 1), Some("Ana  Paz"));
    assert_eq!(value(0, 2), None);
    assert_eq!(value(1, 1), Some("=1+1"));
    assert_eq!(value(2, 1), Some("'tis"));
    assert_eq!(&sheet.rows[0].cells[1], "\u{feff}\u{200e} Ana  Paz\u{ad}\t");
}

#[test]
fn what_is_written_is_formula_safe_and_quoted_where_needed() {
    let mut writer = CsvWriter::new();
    writer.row(["telefonos", "a;b", "c\"d", " e"]);
    writer.row([formula_safe("=1+1"), formula_safe("+52"), formula_safe("Ana"), formula_safe("@x")]);
    assert_eq!(
        String::from_utf8(writer.finish()).unwrap(),
        "\u{feff}telefonos;\"a;b\";\"c\"\"d\";\" e\"\r\n'=1+1;'+52;Ana;'@x\r\n"
    );
}

#[test]
fn every_error_is_in_the_catalogue() {
    for bytes in [&b""[..], b"\0", b"a\n", b"PK\x03\x04", b"\xff\xfea\0", b"a\n\xf1", b"a\tb\n"] {
        assert!(SheetError::CODES.contains(&read(bytes).unwrap_err().code()));
    }
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// What each character of a file is, found by a plain automaton that shares nothing with the reader: the lines at
    /// which records begin, and how many lines there are.
    fn record_lines(text: &str, delimiter: char) -> Vec<(usize, String)> {
        let mut records = Vec::new();
        let (mut line, mut first_line, mut raw) = (1, 1, String::new());
        let (mut in_quotes, mut at_cell_start) = (false, true);
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let mut is_break = character == '\n' || character == '\r';
            if character == '\r' && characters.peek() == Some(&'\n') {
                characters.next();
                is_break = true;
            }
            line += usize::from(is_break);
            if in_quotes {
                raw.push(character);
                if character == '"' {
                    if characters.peek() == Some(&'"') {
                        characters.next();
                    } else {
                        in_quotes = false;
                    }
                }
            } else if is_break {
                records.push((first_line, std::mem::take(&mut raw)));
                first_line = line;
                at_cell_start = true;
            } else {
                raw.push(character);
                if character == '"' && at_cell_start {
                    in_quotes = true;
                }
                at_cell_start = character == delimiter;
            }
        }
        if !raw.is_empty() {
            records.push((first_line, raw));
        }
        records
    }

    fn cell() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => "[a-zñáé ]{0,6}",
            1 => "[;,\"\\n\\r\\t|a]{0,5}",
            1 => Just(String::new()),
            1 => "\\PC{0,4}",
        ]
    }

    /// A table whose rows all begin with a phone.
    fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
        (1_usize..5).prop_flat_map(|n_columns| {
            prop::collection::vec(
                ("52551[0-9]{7}", prop::collection::vec(cell(), n_columns)).prop_map(|(phone, mut cells)| {
                    cells.insert(0, phone);
                    cells
                }),
                1..12,
            )
        })
    }

    fn written(rows: &[Vec<String>], delimiter: u8, line_break: &str) -> String {
        let quoted = |cell: &String| {
            if cell.contains([char::from(delimiter), '"', '\n', '\r', ';', ',']) || cell.starts_with(' ') {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().map(quoted).collect();
            cells.join(&char::from(delimiter).to_string()) + line_break
        };
        rows.iter().map(line).collect()
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        /// Texts made of what means something in a CSV, so that every state of the reader is met.
        #[test]
        fn any_text_is_read_without_panic_and_loses_no_line(
            text in "(52551234567[0-9]|[;,\"\\n\\r a\u{feff}é]|\r\n){0,60}",
        ) {
            let Ok(sheet) = read(text.as_bytes()) else { return Ok(()) };
            prop_assert!(!text.starts_with("sep="));
            let text = text.trim_start_matches('\u{feff}');
            let expected = record_lines(text, sheet.read_as.delimiter.as_char());
            // Every record is a row, a blank line or the header, each at the line that the automaton found.
            let mut lines: Vec<usize> = sheet.rows.iter().map(|row| row.line.get()).collect();
            lines.extend(sheet.blank_lines.iter().map(|(line, _)| line.get()));
            if let HeaderPresence::Present { line, .. } = sheet.read_as.header {
                lines.push(line.get());
            }
            lines.sort_unstable();
            let n_trailing = sheet.read_as.trailing_blank_lines;
            prop_assert_eq!(lines.len() + n_trailing, expected.len());
            let expected_lines: Vec<usize> = expected.iter().map(|(line, _)| *line).take(lines.len()).collect();
            prop_assert_eq!(lines, expected_lines);
            // Spreadsheet rows are the records, counted.
            for row in &sheet.rows {
                prop_assert_eq!(expected[row.row.get() - 1].0, row.line.get());
            }
        }

        #[test]
        fn what_is_written_is_read_again(
            rows in table(),
            delimiter in prop::sample::select(vec![b',', b';']),
            line_break in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            has_bom in any::<bool>(),
            says_delimiter in any::<bool>(),
        ) {
            let mut text = written(&rows, delimiter, line_break);
            if says_delimiter {
                text = format!("sep={}{line_break}{text}", char::from(delimiter));
            } else {
                // A header, so that the delimiter is not guessed from prose.
                let names: Vec<String> = rows[0].iter().enumerate().map(|(index, _)| format!("dato{index}")).collect();
                text = written(&[names], delimiter, line_break) + &text;
            }
            if has_bom {
                text.insert(0, '\u{feff}');
            }
            let sheet = read(text.as_bytes()).unwrap();
            prop_assert_eq!(sheet.read_as.delimiter.as_char(), char::from(delimiter));
            let cells: Vec<Vec<String>> =
                sheet.rows.iter().map(|row| row.cells.iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(cells, rows);
        }

        #[test]
        fn our_own_files_are_read_again(rows in table()) {
            let mut writer = CsvWriter::new();
            writer.row(rows[0].iter().enumerate().map(|(index, _)| format!("dato{index}")));
            for row in &rows {
                writer.row(row);
            }
            let sheet = read(&writer.finish()).unwrap();
            let cells: Vec<Vec<String>> =
                sheet.rows.iter().map(|row| row.cells.iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(cells, rows);
        }
    }
}
