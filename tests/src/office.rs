//! What an office program makes of a workbook.

use std::path::Path;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context as _, Result, ensure};
use tokio::process::Command;
use tokio::time::timeout;

/// It takes seconds to start.
const PATIENCE: Duration = Duration::from_mins(1);
/// Comma, quote, UTF-8, from the first line; cells as they are shown.
const CSV: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1";

/// The cells of a workbook's first sheet as the office shows them; `folder` is for its files.
pub async fn cells(book: &[u8], folder: &Path) -> Result<Vec<Vec<String>>> {
    let soffice = env::var_os("SOFFICE").context("SOFFICE is not set: run `cargo xtask test e2e`")?;
    let folder = folder.join("office");
    fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    fs::write(folder.join("book.xlsx"), book)?;
    let mut office = Command::new(soffice);
    office
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        .args(["--headless", "--convert-to", CSV, "book.xlsx"])
        .current_dir(&folder)
        .kill_on_drop(true);
    let output = timeout(PATIENCE, office.output()).await.context("LibreOffice takes too long")??;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let sheet = fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|it| it == "csv"))
        .with_context(|| format!("no sheet: {}", String::from_utf8_lossy(&output.stdout)))?;
    let text = fs::read(&sheet)?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&*text);
    let rows = reader.records().map(|row| Ok(row?.iter().map(ToOwned::to_owned).collect()));
    let rows = rows.collect();
    fs::remove_dir_all(&folder)?;
    rows
}
