//! Takes the texts of the rules' problems out of the screen's translations: an integration reads the same words as an agent.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

use serde_json::Value;

const TEXTS: &str = "../../translations/es.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={TEXTS}");
    println!("cargo::rerun-if-changed=build.rs");
    let texts: Value = serde_json::from_str(&fs::read_to_string(TEXTS)?)?;
    let mut found = Vec::new();
    collect(&texts["ui"]["problem"], "", &mut found);
    found.sort();
    let mut code = String::from("&[\n");
    for (problem, reason, fix) in &found {
        writeln!(code, "    ({problem:?}, {reason:?}, {fix:?}),")?;
    }
    code.push_str("]\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("problems.rs"), code)?;
    Ok(())
}

/// A problem's texts are `reason` and `fix`, below its code, whose parts are joined by dots.
fn collect(texts: &Value, code: &str, found: &mut Vec<(String, String, String)>) {
    let Some(texts) = texts.as_object() else { return };
    if let (Some(reason), Some(fix)) = (texts.get("reason"), texts.get("fix"))
        && let (Some(reason), Some(fix)) = (reason.as_str(), fix.as_str())
    {
        found.push((code.to_owned(), reason.to_owned(), fix.to_owned()));
    }
    for (key, below) in texts {
        let code = if code.is_empty() { key.clone() } else { format!("{code}.{key}") };
        collect(below, &code, found);
    }
}
