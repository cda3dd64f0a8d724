//! The app's code comes in parts; one that does not arrive is said, and asked for again.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use cxconnect_tests::desk::{Desk, sandbox_config};
use cxconnect_tests::files::{copy_folder, phones, reminders};
use cxconnect_tests::traffic::sends;

/// A copy of the staged app, without these files; they wait beside it.
struct Incomplete {
    assets: PathBuf,
    aside: PathBuf,
}

impl Incomplete {
    fn new(folder: &Path, is_missing: impl Fn(&str) -> bool) -> Result<Self> {
        let app = folder.join("app");
        copy_folder(&sandbox_config()?.app_dir, &app)?;
        let (assets, aside) = (app.join("assets"), folder.join("aside"));
        fs::create_dir(&aside)?;
        for entry in fs::read_dir(&assets)? {
            let entry = entry?;
            if is_missing(&entry.file_name().to_string_lossy()) {
                fs::rename(entry.path(), aside.join(entry.file_name()))?;
            }
        }
        ensure!(fs::read_dir(&aside)?.next().is_some(), "the app has no such files");
        Ok(Self { assets, aside })
    }

    fn app(&self) -> Result<PathBuf> {
        Ok(self.assets.parent().context("no app")?.to_owned())
    }

    /// Puts those of the missing files back whose name begins so.
    fn put_back(&self, beginning: &str) -> Result<()> {
        for entry in fs::read_dir(&self.aside)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(beginning) {
                fs::rename(entry.path(), self.assets.join(entry.file_name()))?;
            }
        }
        Ok(())
    }
}

pub async fn a_part_that_does_not_arrive_is_said_and_asked_for_again(desk: &mut Desk) -> Result<()> {
    let incomplete = Incomplete::new(desk.folder(), |name| name.starts_with("part-"))?;
    let app = incomplete.app()?;
    desk.install(|config| config.app_dir = app).await?;
    // The first screen is whole without them.
    desk.open().await?;
    desk.choose_template("recordatorio_cita", "es_MX").await?;
    desk.add_file("destinatarios.csv", &reminders(phones(2))).await?;
    for _ in 0..2 {
        desk.process().await?;
        desk.see(&["Falta una parte de CXConnect", "no se pierde nada de lo que hizo"]).await?;
    }

    // What reads the file is there again; the same button goes on. What sends still is not.
    incomplete.put_back("part-file")?;
    desk.process().await?;
    desk.wait_for("#part-again").await?;
    desk.see(&["Falta una parte de CXConnect"]).await?;
    assert_eq!(desk.count("#process").await?, 0);
    incomplete.put_back("part-")?;
    desk.click("#part-again").await?;

    desk.wait_for("#confirm-title").await?;
    assert_eq!(desk.go_on().await?, "Envío terminado");
    assert_eq!(sends(&desk.sandbox).len(), 2);
    Ok(())
}
