//! Takes the app apart: the main module, which draws the first screen, and the parts that travel by themselves.
//!
//! What is a part is said in the app (`shell/part.rs`); `crates/splitter` finds out what belongs to it, on the module that
//! the linker made. Only the main module is bound by wasm-bindgen: parts reach the browser through it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::project::{Project, cargo};
use crate::setup::Tools;
use crate::{command, wasm};

/// Cargo names its output after the app's binary.
const BINARY: &str = "cxconnect-app";
/// The script that loads the parts; the main module imports it.
pub const LOADERS: &str = "parts.js";
/// How the files of parts begin. The rest is the name of the part, or those of the parts that share the file.
const PREFIX: &str = "part-";

/// The main module as it is shipped, but not packed yet.
pub fn main_wasm(project: &Project) -> PathBuf {
    folder(project).join("app_bg.wasm")
}

/// The script by which JavaScript calls the main module.
pub fn script(project: &Project) -> PathBuf {
    folder(project).join("app.js")
}

/// The script that loads the parts.
pub fn loaders(project: &Project) -> PathBuf {
    folder(project).join(LOADERS)
}

/// The modules of the parts as they are shipped, but not packed yet, in the order of their names.
pub fn modules(project: &Project) -> Result<Vec<PathBuf>> {
    let mut modules = Vec::new();
    for entry in fs::read_dir(folder(project)).context("the app is not built")? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(".wasm") {
            modules.push(path);
        }
    }
    modules.sort();
    Ok(modules)
}

fn folder(project: &Project) -> PathBuf {
    project.target.join("package/app")
}

/// Takes apart what cargo has made of the app, and makes all of it ready to be packed.
pub fn build(project: &Project, tools: &Tools) -> Result<()> {
    let (folder, split) = (folder(project), project.target.join("package/split"));
    for folder in [&folder, &split] {
        if folder.exists() {
            fs::remove_dir_all(folder).context("the last build cannot be removed")?;
        }
        fs::create_dir_all(folder)?;
    }
    let printed = command::output(
        Command::new(cargo())
            .current_dir(&project.root)
            .args(["run", "--quiet", "--locked", "--offline", "--package", "cxconnect-splitter", "--"])
            .arg(wasm::compiled(project, BINARY))
            .arg(&split)
            .arg(format!("./{LOADERS}"))
            .env("CARGO_TARGET_DIR", &project.target),
    )?;
    let parts = parts(&printed);
    let names = names(&parts);
    for (module, name) in &names {
        let from = split.join(format!("{module}.wasm"));
        fs::rename(&from, folder.join(format!("{name}.wasm"))).with_context(|| format!("no {module}"))?;
    }
    wasm::bind_shared(tools, &split.join("main.wasm"), &folder, "app")?;
    let mut all = modules(project)?;
    all.push(main_wasm(project));
    wasm::optimize(project, tools, &all)?;

    let common = fs::read_to_string(project.root.join("zendesk-app").join(LOADERS)).context(LOADERS)?;
    fs::write(loaders(project), common + &exports(&parts, &names))?;
    Ok(())
}

/// The parts and the splitter's names of their modules, from what it has printed.
fn parts(printed: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut parts = BTreeMap::new();
    for line in printed.lines() {
        let mut words = line.split_whitespace();
        if let Some(part) = words.next() {
            parts.insert(part, words.collect());
        }
    }
    parts
}

/// Our name of each module: that of its part, or of all parts that share it. The splitter numbers those.
fn names<'a>(parts: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeMap<&'a str, String> {
    let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (part, modules) in parts {
        for module in modules {
            users.entry(module).or_default().insert(part);
        }
    }
    let name = |users: BTreeSet<&str>| PREFIX.to_owned() + &Vec::from_iter(users).join("-");
    users.into_iter().map(|(module, users)| (module, name(users))).collect()
}

/// A loader for each part. The main module asks for them by these names.
fn exports(parts: &BTreeMap<&str, Vec<&str>>, names: &BTreeMap<&str, String>) -> String {
    let export = |(part, modules): (&&str, &Vec<&str>)| {
        let scripts: Vec<String> = modules
            .iter()
            .filter_map(|module| names.get(module))
            .map(|name| format!("\"./{}\"", script_name(Path::new(name))))
            .collect();
        format!("export const __wasm_split_load_{part} = part({});\n", scripts.join(", "))
    };
    parts.iter().map(export).collect::<Vec<_>>().concat()
}

/// The script in which a module travels.
pub fn script_name(module: &Path) -> String {
    format!("{}.wasm.js", module.file_stem().unwrap_or_default().to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "file chunk_3 split_file\nsending chunk_3 chunk_4 split_sending\nsidebar chunk_4\n";

    #[test]
    fn modules_are_named_after_the_parts_that_need_them() {
        let parts = parts(PRINTED);
        assert_eq!(parts["sending"], ["chunk_3", "chunk_4", "split_sending"]);
        let names = names(&parts);
        let expected = [
            ("chunk_3", "part-file-sending"),
            ("chunk_4", "part-sending-sidebar"),
            ("split_file", "part-file"),
            ("split_sending", "part-sending"),
        ];
        assert_eq!(names, expected.map(|(module, name)| (module, name.to_owned())).into());
    }

    #[test]
    fn each_part_has_a_loader_that_starts_what_is_shared_first() {
        let parts = parts("file chunk_3 split_file\n");
        let names = names(&self::parts(PRINTED));
        assert_eq!(
            exports(&parts, &names),
            "export const __wasm_split_load_file = part(\"./part-file-sending.wasm.js\", \"./part-file.wasm.js\");\n"
        );
    }
}
