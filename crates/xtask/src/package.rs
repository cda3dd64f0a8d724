//! `cargo xtask package`: the zip that an administrator uploads to Zendesk.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use anyhow::{Context, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::checker::{self, Package};
use crate::project::Project;
use crate::setup::Tools;
use crate::sizes::{PART_BROTLI_LIMIT, SPREADSHEET_BROTLI_LIMIT, Sizes, WASM_BROTLI_LIMIT, ZIP_LIMIT, kb};
use crate::{setup, stage};

/// Builds the package, checks it, and prints its sizes.
pub fn run(project: &Project) -> Result<()> {
    let tools = setup::build_tools(project)?;
    make(project, &tools)?;
    let sizes = Sizes::measure(project)?;
    println!("main module  {:>8} kB", kb(sizes.wasm as u64));
    println!("  gzip       {:>8} kB", kb(sizes.wasm_gzip as u64));
    println!("  brotli     {:>8} kB of {} kB", kb(sizes.wasm_brotli as u64), kb(WASM_BROTLI_LIMIT as u64));
    println!("fetched when they are needed, brotli:");
    for (name, size) in &sizes.parts_brotli {
        println!("{:>21} kB of {} kB, {name}", kb(*size as u64), kb(PART_BROTLI_LIMIT as u64));
    }
    println!(
        "{:>21} kB of {} kB, spreadsheet",
        kb(sizes.spreadsheet_brotli as u64),
        kb(SPREADSHEET_BROTLI_LIMIT as u64)
    );
    println!("zip          {:>8} kB of {} kB", kb(sizes.zip), kb(ZIP_LIMIT));
    sizes.check()?;
    println!("{}: Zendesk's rules hold.", project.display(&project.zip()));
    Ok(())
}

/// Builds the package and checks it by Zendesk's rules.
pub fn make(project: &Project, tools: &Tools) -> Result<()> {
    stage::run(project, tools)?;
    let zip = zipped(&project.stage())?;
    // Written before it is checked: a refused package can be looked into.
    fs::write(project.zip(), &zip)
        .with_context(|| format!("{} cannot be written", project.zip().display()))?;
    checker::ensure(&Package::read(&zip)?, &project.version)
}

/// The zip of `folder`: the same files always give the same bytes.
fn zipped(folder: &Path) -> Result<Vec<u8>> {
    let mut paths = Vec::new();
    list(folder, folder, &mut paths)?;
    paths.sort();

    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for path in paths {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(&fs::read(folder.join(&path))?)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The files below `folder`, by their paths from `root`, with slashes on every system.
fn list(root: &Path, folder: &Path, paths: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            list(root, &entry.path(), paths)?;
        } else {
            let path = entry.path();
            let parts: Vec<_> = path.strip_prefix(root)?.iter().map(|part| part.to_string_lossy()).collect();
            paths.push(parts.join("/"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_zip() {
        let folder = std::env::temp_dir().join(format!("cxconnect-zip-{}", std::process::id()));
        fs::create_dir_all(folder.join("b")).unwrap();
        for (path, text) in [("b/2", "two"), ("a", "one"), ("b/1", "deep")] {
            fs::write(folder.join(path), text).unwrap();
        }
        let first = zipped(&folder).unwrap();
        fs::write(folder.join("a"), "one").unwrap();
        assert_eq!(first, zipped(&folder).unwrap());

        let package = Package::read(&first).unwrap();
        let paths: Vec<_> = package.files.keys().map(String::as_str).collect();
        assert_eq!(paths, ["a", "b/1", "b/2"]);
        assert_eq!(package.text("b/1"), Some("deep"));
        fs::remove_dir_all(folder).unwrap();
    }
}
