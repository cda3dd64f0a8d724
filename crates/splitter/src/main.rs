//! Takes the app's WebAssembly apart: `cxconnect-splitter MODULE FOLDER LOADERS`.
//!
//! `MODULE` is what the linker made, with `--emit-relocs`. `FOLDER` gets `main.wasm`, which is still to be bound by
//! wasm-bindgen, and a module for each part and for whatever several parts share. `LOADERS` is the script from which
//! the main module will import what loads a part. Printed is one line for each part: its name, then the modules that
//! it needs, in the order in which they have to be started. See `shell/part.rs` of the app.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use anyhow::{Context, Result, anyhow, bail};
use wasm_split_cli_support::{Options, SplitWasm, transform};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [module, folder, loaders] = args.as_slice() else {
        bail!("usage: cxconnect-splitter MODULE FOLDER LOADERS");
    };
    let linked = fs::read(module).with_context(|| format!("{} cannot be read", module.display()))?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&linked);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = loaders.to_str().context("the loaders' name is no text")?;
    let SplitWasm { prefetch_map, .. } = transform(options).map_err(|error| anyhow!("{error:#}"))?;
    // The library's loaders fetch plain WebAssembly, which Zendesk does not serve.
    fs::remove_file(folder.join(Path::new(loaders))).context("no loaders were made")?;

    let mut parts: Vec<_> = prefetch_map.into_iter().collect();
    parts.sort();
    for (part, modules) in parts {
        println!("{part} {}", modules.join(" "));
    }
    Ok(())
}
