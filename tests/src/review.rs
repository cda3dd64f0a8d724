//! The screen where a file is reviewed and mended, as an agent uses it.

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use thirtyfour::{By, Key, session::scriptret::ScriptRet};

use crate::desk::Desk;
use crate::wait::until;

/// A problem as its table shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ProblemRow {
    /// The file's line.
    pub line: String,
    /// The spreadsheet's row.
    pub row: String,
    /// The column's letter and name.
    pub column: String,
    /// What the cell says.
    pub value: String,
    /// Error, Aviso or Cambio.
    pub severity: String,
    /// Why.
    pub reason: String,
    /// What to do.
    pub fix: String,
    /// The button that mends it, if there is one.
    pub button: String,
}

/// A row of the file as the table of all rows shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FileRow {
    /// The file's line.
    pub line: String,
    /// The spreadsheet's row.
    pub row: String,
    /// What becomes of it.
    pub fate: String,
    /// Its cells.
    pub cells: Vec<String>,
}

/// A table's rows in their order; they are put into the page in another one.
const ROWS: &str = "const rows = (table) => [...document.querySelectorAll(`${table} .rows-row`)].sort(
      (a, b) => a.ariaRowIndex - b.ariaRowIndex);
    const text = (cell, part) => (part ? cell?.querySelector(part) : cell)?.textContent.trim() ?? '';
    const value = (cell) => cell.querySelector('input')?.value ?? text(cell);";

impl Desk {
    /// From an open app to the review, with the seed's template `recordatorio_cita`.
    pub async fn review(&self, name: &str, content: &[u8]) -> Result<()> {
        self.choose_template("recordatorio_cita", "es_MX").await?;
        self.review_again(name, content).await
    }

    /// [`Desk::review`] with the template that is chosen.
    pub async fn review_again(&self, name: &str, content: &[u8]) -> Result<()> {
        self.add_file(name, content).await?;
        self.process().await?;
        self.wait_for("#mapping").await
    }

    /// The problems that are drawn.
    pub async fn problems(&self) -> Result<Vec<ProblemRow>> {
        let script = "return rows('.rows-problems').map((it) => {
            const [line, row, column, cell, why, how] = it.querySelectorAll('[role=cell]');
            return { line: text(line), row: text(row), column: text(column), value: value(cell),
              severity: text(why, '.weight'), reason: text(why, '.cell'),
              fix: text(how, '.cell'), button: text(how, 'button') };
          })";
        self.js(&format!("{ROWS} {script}"), &[]).await
    }

    /// Waits until the problems are these: row, column, and why.
    pub async fn wait_for_problems(&self, expected: &[[&str; 3]]) -> Result<()> {
        let mut last = Vec::new();
        until("the problems", async || {
            last = self.problems().await?;
            let shown = last.iter().map(|it| [it.row.as_str(), it.column.as_str(), it.reason.as_str()]);
            Ok(shown.eq(expected.iter().copied()).then_some(()))
        })
        .await
        .with_context(|| format!("at last there were {last:#?}"))
    }

    /// The drawn rows of the file.
    pub async fn file_rows(&self) -> Result<Vec<FileRow>> {
        let script = "return rows('.rows-data').map((it) => {
            const [line, row, fate, ...cells] = it.querySelectorAll('[role=cell]');
            return { line: text(line), row: text(row), fate: text(fate), cells: cells.slice(0, -1).map(value) };
          })";
        self.js(&format!("{ROWS} {script}"), &[]).await
    }

    /// Writes over a cell in the table of problems, as one does: select all, type, Tab.
    pub async fn mend(&self, row: usize, column: &str, text: &str) -> Result<()> {
        let script = "const [row, column] = arguments;
          return rows('.rows-problems').find((it) => {
            const [, own, name] = it.querySelectorAll('[role=cell]');
            return text(own) === row && text(name).startsWith(column);
          }).querySelector('input')";
        self.write_into(script, row, column, text).await
    }

    /// Writes over a cell in the table of all rows.
    pub async fn mend_in_rows(&self, row: usize, column: &str, text: &str) -> Result<()> {
        let script = "const [row, column] = arguments;
          const heads = [...document.querySelectorAll('.rows-data [role=columnheader]')];
          const at = heads.findIndex((it) => text(it).startsWith(column));
          const found = rows('.rows-data').find((it) => text(it.querySelectorAll('[role=cell]')[1]) === row);
          return found.querySelectorAll('[role=cell]')[at].querySelector('input')";
        self.write_into(script, row, column, text).await
    }

    async fn write_into(&self, find: &str, row: usize, column: &str, text: &str) -> Result<()> {
        let arguments = vec![json!(row.to_string()), json!(column)];
        let script = format!("{ROWS} {find}");
        let found = self.browser.driver.execute(script.as_str(), arguments).await;
        let input =
            found.and_then(ScriptRet::element).with_context(|| format!("no cell {column} in row {row}"))?;
        input.send_keys(Key::Control + "a").await?;
        input.send_keys(text).await?;
        input.send_keys(Key::Tab).await?;
        Ok(())
    }

    /// The sentence that says how the file was read.
    pub async fn read_as(&self) -> Result<String> {
        let texts = self.texts(".muted").await?;
        let sentence = texts.into_iter().find(|it| it.starts_with("Leído como: "));
        sentence.context("nothing says how the file was read")
    }

    /// Waits until the file was read in this way.
    pub async fn wait_for_reading(&self, how: &str) -> Result<()> {
        let mut last = String::new();
        until("the other reading", async || {
            last = self.read_as().await?;
            Ok((last == format!("Leído como: {how}")).then_some(()))
        })
        .await
        .with_context(|| format!("wanted {how}; at last it was {last:?}"))
    }

    /// Opens what can be opened, if it is closed.
    async fn open_details(&self, css: &str) -> Result<()> {
        self.wait_for(css).await?;
        if self.attribute(css, "open").await?.is_none() {
            self.click(&format!("{css} > summary")).await?;
        }
        Ok(())
    }

    /// Reads the file in another way: `choice` is `encoding`, `delimiter`, `header` or `sheet`.
    pub async fn read_differently(&self, choice: &str, option: &str) -> Result<()> {
        self.open_details("details.choices:not(#mapping)").await?;
        let path =
            format!("//select[@data-choice='check.choose.{choice}']/option[normalize-space(.)='{option}']");
        self.click_by(By::XPath(path), option).await
    }

    /// What fills what: each slot's name, and the choice that is made for it.
    pub async fn mapping(&self) -> Result<Vec<[String; 2]>> {
        let script = "return [...document.querySelectorAll('#mapping .mapping-line')].map((it) =>
            [it.querySelector('span').textContent.trim(),
             it.querySelector('select').selectedOptions[0]?.textContent.trim() ?? ''])";
        self.js(script, &[]).await
    }

    /// Lets something else fill a slot.
    pub async fn map(&self, slot: &str, option: &str) -> Result<()> {
        self.open_details("#mapping").await?;
        let path = format!(
            "//*[@id='mapping']//label[./span[normalize-space(.)='{slot}']]//option[normalize-space(.)='{option}']"
        );
        self.click_by(By::XPath(path), option).await
    }

    /// Lets one value fill a slot in all rows.
    pub async fn map_to_value(&self, slot: &str, value: &str) -> Result<()> {
        self.map(slot, "El mismo valor en todas las filas…").await?;
        let path = format!(
            "//*[@id='mapping']//div[contains(@class,'mapping-line')][.//span[normalize-space(.)='{slot}']]//input"
        );
        let input = until("the place for the value", async || {
            Ok(Some(self.browser.driver.find(By::XPath(path.clone())).await?))
        })
        .await?;
        input.send_keys(value).await?;
        input.send_keys(Key::Tab).await?;
        Ok(())
    }

    /// What the problems can be filtered by, in its order.
    pub async fn filters(&self) -> Result<Vec<String>> {
        self.texts(".chips[role=group] .chip").await
    }

    /// Which row is previewed and to whom it goes, and its text.
    pub async fn preview(&self) -> Result<(String, String)> {
        let body = self.texts(".row-preview .bubble-body").await?;
        ensure!(body.len() == 1, "{} messages are previewed", body.len());
        Ok((self.text("#preview-place").await?, body.concat()))
    }

    /// Gives a file of mended rows back.
    pub async fn upload_corrections(&self, name: &str, content: &[u8]) -> Result<()> {
        let path = self.folder().join(name);
        std::fs::write(&path, content)?;
        let input = self.browser.driver.find(By::Css("#corrections")).await?;
        input.send_keys(path.to_str().context("a path that is not UTF-8")?).await?;
        Ok(())
    }

    /// Scrolls a table to its end.
    pub async fn scroll_to_end(&self, table: &str) -> Result<()> {
        let script = "const view = document.querySelector(`${arguments[0]} .rows-view`);
            view.scrollTop = view.scrollHeight; return null;";
        self.js(script, &[json!(table)]).await
    }
}
