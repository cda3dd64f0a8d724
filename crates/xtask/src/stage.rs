//! Builds the app and lays out exactly what the zip will hold.
//!
//! Zendesk serves only documented asset types, and `.wasm` is none of them (reference: "App assets" of the apps
//! documentation). So the module travels inside a script: base64 of its gzip, which costs one percent of the zip
//! and which `boot.js` unpacks. The sandbox and the tests load it the same way.

use std::ffi::OsStr;
use std::fs;
use std::num::NonZero;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::command;
use crate::project::{self, Project};
use crate::setup::{self, Tools};
use crate::{parts, spreadsheet};

/// Trunk names its output after the app's binary.
const BINARY: &str = "cxconnect-app";
/// The table of phone numbers, which `boot.js` loads beside the app: data has no place in what a browser compiles.
const PHONES: &str = "crates/core/src/phone/table.bin";

const PACKING_ROUNDS: NonZero<u64> = NonZero::new(5).unwrap();

/// Builds the release and stages it.
pub fn run(project: &Project, tools: &Tools) -> Result<()> {
    let started = Instant::now();
    eprintln!("Building the app (from nothing about 2 minutes on two cores) …");
    setup::fetch_crates(project)?;
    build(project, tools)?;
    parts::build(project, tools)?;
    spreadsheet::build(project, tools)?;
    lay_out(project)?;
    minify(project, tools)?;
    eprintln!("Built {} in {} s.", project.display(&project.stage()), started.elapsed().as_secs());
    Ok(())
}

fn build(project: &Project, tools: &Tools) -> Result<()> {
    let mut trunk = tools.command("trunk");
    trunk
        .current_dir(&project.root)
        // Offline: Trunk must take the pinned tools from PATH, not download others.
        // The release profile without Trunk's own release mode, which would optimize the module before it is taken apart.
        .args(["build", "--quiet", "--cargo-profile", "release", "--offline", "--dist"])
        .arg(project.dist())
        .env("CARGO_TARGET_DIR", &project.target)
        // The app's build script leaves what the splitter needs.
        .env("CXCONNECT_SPLIT", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_our_paths(project)?)
        // Trunk takes this variable for its own option and refuses the usual value, 1.
        .env_remove("NO_COLOR")
        // A failed build is told by the compiler; a backtrace through Trunk adds nothing.
        .env("RUST_BACKTRACE", "0");
    command::run_aside(trunk.stdin(Stdio::null()))
}

/// Compiler options that keep the places of this machine out of the app: panics would name them, and the same sources
/// would give another package elsewhere. They add to those in .cargo/config.toml.
pub fn without_our_paths(project: &Project) -> Result<String> {
    let mut folders = vec![project.root.clone()];
    let sources = project::cargo_home()?.join("registry/src");
    if sources.is_dir() {
        for entry in fs::read_dir(sources)? {
            folders.push(entry?.path());
        }
    }
    let options = folders
        .iter()
        .filter_map(|folder| folder.to_str())
        // The variable is split at blanks. A path that has one stays, which is no reason to fail.
        .filter(|folder| !folder.contains(char::is_whitespace))
        .map(|folder| format!("--remap-path-prefix={folder}{}=", std::path::MAIN_SEPARATOR));
    Ok(options.collect::<Vec<_>>().join(" "))
}

fn lay_out(project: &Project) -> Result<()> {
    let stage = project.stage();
    if stage.exists() {
        fs::remove_dir_all(&stage).context("the last stage cannot be removed")?;
    }
    let assets = stage.join("assets");
    fs::create_dir_all(&assets)?;

    fs::copy(project.root.join("manifest.json"), stage.join("manifest.json")).context("manifest.json")?;
    let requirements = project.root.join("requirements.json");
    if requirements.exists() {
        fs::copy(requirements, stage.join("requirements.json"))?;
    }
    copy_folder(&project.root.join("assets"), &assets)?;
    // Zendesk reads its own folder and does not serve it to the app, so the app's texts are among the assets. Each gets only
    // what it reads.
    let translations = project.root.join("translations");
    copy_translations(&translations, "app", &stage.join("translations"))?;
    copy_translations(&translations, "ui", &assets.join("translations"))?;
    copy_folder(&project.dist(), &assets)?;

    let html = fs::read_to_string(assets.join("index.html")).context("Trunk made no index.html")?;
    fs::write(assets.join("iframe.html"), shipped_page(&html))?;
    fs::remove_file(assets.join("index.html"))?;
    // What Trunk made of the app is not taken apart.
    for name in [".js", "_bg.wasm"] {
        fs::remove_file(assets.join(format!("{BINARY}{name}"))).context("Trunk made no app")?;
    }

    fs::copy(parts::script(project), assets.join("app.js")).context("no script of the app")?;
    fs::copy(parts::loaders(project), assets.join(parts::LOADERS)).context("no script of the parts")?;
    let mut modules = parts::modules(project)?;
    modules.push(parts::main_wasm(project));
    for module in modules {
        let wasm = fs::read(&module).context("no module of the app")?;
        fs::write(assets.join(parts::script_name(&module)), packed_script(&wasm)?)?;
    }
    let phones = fs::read(project.root.join(PHONES)).context(PHONES)?;
    fs::write(assets.join("phones.js"), packed_script(&phones)?)?;

    // Loaded by spreadsheet-worker.js when a workbook arrives.
    fs::copy(spreadsheet::script(project), assets.join("spreadsheet.js")).context("no spreadsheet script")?;
    let wasm = fs::read(spreadsheet::wasm(project)).context("no spreadsheet module")?;
    fs::write(assets.join("spreadsheet_bg.wasm.js"), packed_script(&wasm)?)?;
    Ok(())
}

/// A script whose default export is base64 of the gzip of these bytes.
pub fn packed_script(bytes: &[u8]) -> Result<String> {
    // More rounds hardly make it smaller.
    let options = zopfli::Options { iteration_count: PACKING_ROUNDS, ..zopfli::Options::default() };
    let mut gzip = Vec::new();
    // Writes no time and no file name: the same module always gives the same script.
    zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut gzip)?;
    Ok(format!("export default \"{}\";\n", BASE64_STANDARD.encode(gzip)))
}

/// The page as it is shipped: without our comments, without Trunk's instructions, whose paths mean nothing outside
/// the clone, and without Trunk's hashes, which are those of the files before they were minified.
fn shipped_page(html: &str) -> String {
    let html = without(html, "<!--", "-->");
    let html = without(&html, " integrity=\"", "\"");
    html.lines()
        .filter(|line| !(line.trim_start().starts_with("<link") && line.contains("data-trunk")))
        .filter(|line| !line.trim().is_empty())
        .fold(String::with_capacity(html.len()), |page, line| page + line + "\n")
}

/// `text` without all that is between `from` and `to`, and without those.
fn without(text: &str, from: &str, to: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(from) {
        kept.push_str(before);
        rest = after.split_once(to).map_or("", |(_, after)| after);
    }
    kept + rest
}

fn minify(project: &Project, tools: &Tools) -> Result<()> {
    let assets = project.stage().join("assets");
    let mut esbuild = tools.command(&tools.esbuild);
    esbuild.current_dir(&assets).args([
        "--minify",
        "--allow-overwrite",
        "--outdir=.",
        "--log-level=warning",
        // wasm-bindgen imports the parts' loaders once for each, from the same script.
        "--log-override:duplicate-object-key=silent",
        // One statement a line costs nothing and keeps the positions in an error report useful.
        "--line-limit=200",
    ]);
    for name in scripts_and_styles(&assets)? {
        esbuild.arg(format!("./{name}"));
    }
    command::run_aside(&mut esbuild)
}

/// The files on the top level that esbuild can shrink. What holds packed bytes is only one long string.
fn scripts_and_styles(assets: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(assets)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let extension = Path::new(&name).extension().and_then(OsStr::to_str);
        if matches!(extension, Some("js" | "css")) && !name.ends_with(".wasm.js") && name != "phones.js" {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// Copies of each language's texts the member `part`, without blanks.
fn copy_translations(from: &Path, part: &str, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let path = entry?.path();
        let (Some(name), Some("json")) = (path.file_name(), path.extension().and_then(OsStr::to_str)) else {
            continue;
        };
        let texts: Value =
            serde_json::from_slice(&fs::read(&path)?).with_context(|| path.display().to_string())?;
        let texts = texts.get(part).with_context(|| format!("{} has no {part}", path.display()))?;
        fs::write(to.join(name), json!({ part: texts }).to_string())?;
    }
    Ok(())
}

/// Copies what `from` holds into `to`, without dotfiles.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        if kind.is_symlink() {
            bail!("{} is a symbolic link, which Zendesk refuses", entry.path().display());
        }
        if kind.is_dir() {
            copy_folder(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn the_script_holds_the_module() {
        let wasm = b"\0asm\x01\0\0\0".repeat(100);
        let script = packed_script(&wasm).unwrap();
        let text = script.strip_prefix("export default \"").unwrap().strip_suffix("\";\n").unwrap();
        let gzip = BASE64_STANDARD.decode(text).unwrap();
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&gzip[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, wasm);
        assert_eq!(script, packed_script(&wasm).unwrap(), "the same module gives the same script");
    }

    #[test]
    fn zendesk_and_the_app_get_their_own_texts() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../translations");
        let folder = std::env::temp_dir().join(format!("cxconnect-texts-{}", std::process::id()));
        copy_translations(&root, "ui", &folder).unwrap();
        let texts: Value = serde_json::from_slice(&fs::read(folder.join("es.json")).unwrap()).unwrap();
        assert!(texts["ui"]["tabs"]["send"].is_string());
        assert!(texts.get("app").is_none());
        assert!(folder.join("en.json").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn the_page_is_shipped_without_what_only_the_build_needs() {
        let page = "<head>\n  <!-- For\n  us. -->\n  <link data-trunk rel=\"rust\" href=\"../x\">\n\
            <link rel=\"stylesheet\" href=\"./a.css\" integrity=\"sha384-DSG5\"/>\n";
        assert_eq!(shipped_page(page), "<head>\n<link rel=\"stylesheet\" href=\"./a.css\"/>\n");
    }
}
