//! What several tests need, each of them a part of it.

use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cxconnect_spreadsheet::{Book, BookError};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The workbooks in tests/books, by name.
pub fn books() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/books");
    let mut books: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    books.retain(|path| path.extension().is_some_and(|it| it != "md" && it != "fods"));
    books.sort();
    assert!(28 <= books.len(), "only {} books", books.len());
    books
}

/// One of them.
pub fn book(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/books").join(name)).unwrap()
}

/// A part of a zip: its name and what it holds.
pub type Part = (String, Vec<u8>);

/// The parts of a zip, in their order.
pub fn parts(zip: &[u8]) -> Vec<Part> {
    let mut zip = ZipArchive::new(Cursor::new(zip)).unwrap();
    (0..zip.len())
        .map(|index| {
            let mut part = zip.by_index(index).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// A zip of these parts.
pub fn zipped<'p>(parts: impl IntoIterator<Item = (&'p str, &'p [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(name, stored).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A book with one of its parts changed.
pub fn with_part(book: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut parts = parts(book);
    let part = parts.iter_mut().find(|(part, _)| part == name).unwrap();
    part.1 = change(str::from_utf8(&part.1).unwrap()).into_bytes();
    zipped(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
}

/// The text of a book's default sheet, or the error's code.
pub fn read(bytes: Vec<u8>) -> Result<String, &'static str> {
    let mut book = Book::open(bytes).map_err(BookError::code)?;
    let index = book.default_sheet();
    book.read(index).map(|text| str::from_utf8(text).unwrap().to_owned()).map_err(BookError::code)
}
