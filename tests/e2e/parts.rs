//! The app's code comes in parts; one that does not arrive is said, and asked for again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::files::{phones, reminders};
use cxconnect_tests::traffic::sends;
use cxconnect_tests::wait::until;

/// Moves the files with this in their names from one folder to another.
fn take(from: &Path, to: &Path, part: &str) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().contains(part) {
            fs::rename(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

pub async fn a_part_that_does_not_arrive_is_said_and_asked_for_again(desk: &mut Desk) -> Result<()> {
    let aside = desk.folder().join("aside");
    fs::create_dir(&aside)?;
    let mut assets = PathBuf::new();
    desk.change_app(|app| {
        assets = app.join("assets");
        take(&assets, &aside, "part-")?;
        ensure!(fs::read_dir(&aside)?.next().is_some(), "the app has no parts");
        Ok(())
    })
    .await?;
    // The first screen is whole without them.
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("destinatarios.csv", &reminders(phones(2))).await?;
    for _ in 0..2 {
        desk.process().await?;
        desk.wait_for_text("#process-missing .notice-title", "Falta una parte de CXConnect").await?;
    }

    // What reads the file is there again; the same button goes on. What sends still is not.
    take(&aside, &assets, "-file")?;
    desk.process().await?;
    until("the next step, whose code is missing", async || {
        let is_there = desk.count(".part-again").await? == 1 && desk.count("#process").await? == 0;
        Ok(is_there.then_some(()))
    })
    .await?;
    take(&aside, &assets, "part-")?;
    desk.click(".part-again").await?;

    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(sends(&desk.sandbox).len(), 2);
    Ok(())
}
