//! The app's page with the rival in it, and what is measured there.

use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use cxconnect_tests::desk::Desk;
use cxconnect_tests::recipients::TEMPLATE;
use cxconnect_tests::wait::{until, within};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use thirtyfour::{By, Key};

/// The scripts that go into the page.
#[derive(Debug)]
pub struct Scripts {
    rival: String,
}

/// One of our checks.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Ours {
    /// From the press of Procesar to the frame that shows the result, in milliseconds.
    pub ms: f64,
    /// If they were watched.
    pub tasks: Option<Tasks>,
}

/// What kept the page from everything else, in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Tasks {
    /// Never less than the longest task.
    gap: f64,
    /// The longest of the tasks that the browser calls long; 0 if there was none.
    long: f64,
}

/// One of the rival's runs.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Rivals {
    /// In milliseconds.
    pub ms: f64,
    /// Without the header.
    pub rows: usize,
    /// Valid phones.
    pub valid: usize,
}

#[derive(Debug, Deserialize)]
struct Outcome<T> {
    value: Option<T>,
    error: Option<String>,
}

/// From the press of Procesar to the result; the app makes this measure.
const CHECK: &str = "cxconnect.check";
/// From the commit of a cell's new value to the answer; the app makes this measure.
const RECHECK: &str = "cxconnect.recheck";

/// Where the result says what it is.
pub const ANSWER: &str = ".card > .notice:first-of-type p:last-child";
/// What leads from any result back to the file.
const BACK: &str = "#problems-continue";
/// What is clicked to edit a problem's cell.
const CELL: &str = ".rows-problems .rows-row input";
/// Where its new value is typed; Enter commits it.
const EDITOR: &str = ".rows-problems .rows-row input";

/// Enough for a million rows in an app that is ten times slower than it should be.
const MINUTES: Duration = Duration::from_mins(10);

impl Tasks {
    /// The longest task.
    pub fn longest(self) -> f64 {
        // The browser calls a task long from 50 ms on. Without one, a longer gap was several tasks.
        if 0.0 < self.long { self.long } else { self.gap.min(49.9) }
    }
}

impl Scripts {
    /// Those that `CXCONNECT_PAPAPARSE` and `CXCONNECT_LIBPHONENUMBER` name.
    pub fn load() -> Result<Self> {
        let script = |name: &str| -> Result<String> {
            let path = env::var_os(name).with_context(|| {
                format!("{name} is not set: run this with `cargo xtask bench recipients`, which sets up what it needs")
            })?;
            fs::read_to_string(&path).with_context(|| path.display().to_string())
        };
        let (papaparse, libphonenumber) =
            (script("CXCONNECT_PAPAPARSE")?, script("CXCONNECT_LIBPHONENUMBER")?);
        // Both define a global on `this`, unless something looks like a module loader.
        let wrapped =
            |code: &str| format!("(function (exports, module, define) {{\n{code}\n}}).call(window);\n");
        let own = include_str!("page.js");
        Ok(Self { rival: [&wrapped(&papaparse), &wrapped(&libphonenumber), own].concat() })
    }
}

/// A page that was loaded anew, with a template and `file` chosen, and the rival in it with the same file.
pub async fn open(desk: &Desk, scripts: &Scripts, file: &Path) -> Result<()> {
    desk.browser.driver.set_script_timeout(Duration::from_mins(1)).await?;
    desk.open().await?;
    desk.choose_template(TEMPLATE.0, TEMPLATE.1).await?;
    choose(desk, "#file", file).await?;
    let name = file.file_name().and_then(|it| it.to_str()).unwrap_or_default();
    desk.wait_for_text(".dropzone .file-name", name).await?;
    desk.js::<()>(&scripts.rival, &[]).await?;
    choose(desk, "#bench-file", file).await
}

async fn choose(desk: &Desk, input: &str, file: &Path) -> Result<()> {
    let input = desk.browser.driver.find(By::Css(input)).await?;
    input.send_keys(file.to_str().ok_or_else(|| anyhow!("{} is not UTF-8", file.display()))?).await?;
    Ok(())
}

/// Whether the main thread's tasks are watched; that takes time, which then is no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watch {
    /// As a rule.
    Off,
    /// For the longest task.
    On,
}

/// Our check of the chosen file, which has so many rows.
pub async fn ours(desk: &Desk, n_rows: usize, watch: Watch) -> Result<Ours> {
    let script = "cxBench.start(() => cxBench.pressed('#process', arguments[0], arguments[1])); return null;";
    let ours: Ours = run(desk, script, &[json!(CHECK), json!(watch == Watch::On)]).await?;
    // A file that could not be read is an answer, too, and a quick one.
    until(format!("the page to say that there are {n_rows} rows"), async || {
        let digits: String =
            desk.visible_text().await?.chars().filter(|it| !".,\u{a0}".contains(*it)).collect();
        Ok(digits.contains(&format!("{n_rows} filas")).then_some(()))
    })
    .await
    .with_context(|| format!("the app's answer is none to {n_rows} rows"))?;
    Ok(ours)
}

/// From the result back to the chosen file.
pub async fn back(desk: &Desk) -> Result<()> {
    desk.click(BACK).await?;
    until("Procesar", async || Ok((!desk.is_disabled("#process").await?).then_some(()))).await
}

/// The rival's run.
pub async fn rivals(desk: &Desk) -> Result<Rivals> {
    run(desk, "cxBench.start(cxBench.rival); return null;", &[]).await
}

/// The time of the last check in milliseconds, by the app's own measure, if there was one.
pub async fn checked(desk: &Desk) -> Result<Option<f64>> {
    let script = "return performance.getEntriesByName(arguments[0], 'measure').at(-1)?.duration ?? null";
    desk.js(script, &[json!(CHECK)]).await
}

/// Gives the first problem's cell this value; the milliseconds from the commit to the answer.
pub async fn recheck(desk: &Desk, value: &str) -> Result<f64> {
    ensure!(0 < desk.count(CELL).await?, "nothing matches {CELL}: there is no cell that can be edited");
    let start = "const [name] = arguments;
        cxBench.start(() => cxBench.measured(name).then((entry) => entry.duration)); return null;";
    desk.js::<()>(start, &[json!(RECHECK)]).await?;
    desk.click(CELL).await?;
    desk.wait_for(EDITOR).await?;
    let editor = desk.browser.driver.find(By::Css(EDITOR)).await?;
    editor.send_keys(Key::Control + "a").await?;
    editor.send_keys(value.to_owned() + Key::Enter).await?;
    finished(desk, "the edited cell's answer").await
}

/// Throws away what earlier runs left, so that nobody has to clear up after the other.
pub async fn tidy(desk: &Desk) -> Result<()> {
    desk.browser.devtools("HeapProfiler.collectGarbage", json!({})).await
}

/// Starts something and waits for it.
async fn run<T: DeserializeOwned>(desk: &Desk, start: &str, arguments: &[Value]) -> Result<T> {
    desk.js::<()>(start, arguments).await?;
    finished(desk, start).await
}

/// Waits for what was started; `what` is for the failure's message.
async fn finished<T: DeserializeOwned>(desk: &Desk, what: &str) -> Result<T> {
    let script = "cxBench.wait().then(arguments[0]);";
    let outcome =
        within(MINUTES, what, async || desk.js_async::<Option<Outcome<T>>>(script, &[]).await).await?;
    match outcome {
        Outcome { value: Some(value), .. } => Ok(value),
        Outcome { error, .. } => bail!("{what}: {}", error.unwrap_or_default()),
    }
}
