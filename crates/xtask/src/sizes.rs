//! How large the app is, and how large it may be.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::{parts, spreadsheet};

/// The app's main module, compressed with brotli, stays under this. It is what Zendesk's CDN would send of a plain module,
/// and it bounds what a browser has to compile before anything is seen. It is far below the 300 kB that the app may have:
/// reaching it mostly means that a part's code is called from outside of the part, and so has become the main module's.
pub const WASM_BROTLI_LIMIT: usize = 230_000;

/// The same for each module of the parts that are fetched later, one by one.
pub const PART_BROTLI_LIMIT: usize = 150_000;

/// The same for the spreadsheet module, which an agent's browser loads only when a workbook arrives.
pub const SPREADSHEET_BROTLI_LIMIT: usize = 400_000;

/// Three quarters of the size from which on Zendesk refuses private apps (documentation: "Uploading and installing a private
/// app"): the rest is for the features to come.
pub const ZIP_LIMIT: u64 = 1_500_000;

/// Sizes in bytes.
pub struct Sizes {
    pub wasm: usize,
    pub wasm_gzip: usize,
    pub wasm_brotli: usize,
    /// The modules of the parts that travel by themselves, by name.
    pub parts_brotli: Vec<(String, usize)>,
    pub spreadsheet_brotli: usize,
    pub zip: u64,
}

impl Sizes {
    /// Measures the last build and its package.
    pub fn measure(project: &Project) -> Result<Self> {
        let wasm = fs::read(parts::main_wasm(project)).context("the app is not built")?;
        let mut parts_brotli = Vec::new();
        for module in parts::modules(project)? {
            let name = module.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            parts_brotli.push((name, compressed(&fs::read(&module)?, "brotliCompressSync(b)")?));
        }
        let spreadsheet =
            fs::read(spreadsheet::wasm(project)).context("the spreadsheet module is not built")?;
        let zip = fs::metadata(project.zip()).context("the package is not made")?.len();
        Ok(Self {
            wasm: wasm.len(),
            wasm_gzip: compressed(&wasm, "gzipSync(b,{level:9})")?,
            wasm_brotli: compressed(&wasm, "brotliCompressSync(b)")?,
            parts_brotli,
            spreadsheet_brotli: compressed(&spreadsheet, "brotliCompressSync(b)")?,
            zip,
        })
    }

    /// All of the app, whenever it is fetched.
    pub fn all_brotli(&self) -> usize {
        self.wasm_brotli + self.parts_brotli.iter().map(|(_, size)| size).sum::<usize>()
    }

    /// Fails if something has outgrown its limit.
    pub fn check(&self) -> Result<()> {
        let fixed = [
            ("the app's main module (brotli)", self.wasm_brotli as u64, WASM_BROTLI_LIMIT as u64),
            (
                "the spreadsheet module (brotli)",
                self.spreadsheet_brotli as u64,
                SPREADSHEET_BROTLI_LIMIT as u64,
            ),
            ("the package", self.zip, ZIP_LIMIT),
        ];
        let parts =
            self.parts_brotli.iter().map(|(name, size)| (&**name, *size as u64, PART_BROTLI_LIMIT as u64));
        for (what, size, limit) in fixed.into_iter().chain(parts) {
            if limit <= size {
                bail!("{what} has {} kB; the limit is {} kB", kb(size), kb(limit));
            }
        }
        Ok(())
    }
}

/// Thousands of bytes, with one decimal.
pub fn kb(bytes: u64) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

/// The length of `bytes` compressed by Node, which is needed for building anyway and compresses at the highest
/// quality: the figure a CDN would reach.
fn compressed(bytes: &[u8], call: &str) -> Result<usize> {
    let script = format!(
        "const b=require('fs').readFileSync(0);process.stdout.write(String(require('zlib').{call}.length))"
    );
    let mut node = Command::new("node")
        .args(["-e", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("Node.js could not be started")?;
    node.stdin.take().context("Node.js has no input")?.write_all(bytes)?;
    let output = node.wait_with_output()?;
    String::from_utf8_lossy(&output.stdout).parse().context("Node.js could not compress the app")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilobytes_have_one_decimal() {
        assert_eq!(kb(299_999), "299.9");
        assert_eq!(kb(1_050), "1.0");
        assert_eq!(kb(70), "0.0");
    }

    #[test]
    fn nothing_may_reach_its_limit() {
        let refusal = |wasm_brotli, part, spreadsheet_brotli, zip| {
            let parts_brotli = vec![("part-a".to_owned(), 1), ("part-b".to_owned(), part)];
            let sizes = Sizes { wasm: 0, wasm_gzip: 0, wasm_brotli, parts_brotli, spreadsheet_brotli, zip };
            sizes.check().err().map(|error| error.to_string())
        };
        let (app, part) = (WASM_BROTLI_LIMIT - 1, PART_BROTLI_LIMIT - 1);
        let (spreadsheet, zip) = (SPREADSHEET_BROTLI_LIMIT - 1, ZIP_LIMIT - 1);
        assert_eq!(refusal(app, part, spreadsheet, zip), None);
        assert_eq!(
            refusal(app + 1, part, spreadsheet, zip).unwrap(),
            "the app's main module (brotli) has 230.0 kB; the limit is 230.0 kB"
        );
        assert_eq!(
            refusal(app, part + 1, spreadsheet, zip).unwrap(),
            "part-b has 150.0 kB; the limit is 150.0 kB"
        );
        assert_eq!(
            refusal(app, part, spreadsheet + 1, zip).unwrap(),
            "the spreadsheet module (brotli) has 400.0 kB; the limit is 400.0 kB"
        );
        assert_eq!(
            refusal(app, part, spreadsheet, zip + 1).unwrap(),
            "the package has 1500.0 kB; the limit is 1500.0 kB"
        );
    }

    #[test]
    fn node_compresses() {
        let bytes = vec![7; 100_000];
        assert!(compressed(&bytes, "brotliCompressSync(b)").unwrap() < 100);
        assert!(compressed(&bytes, "gzipSync(b,{level:9})").unwrap() < 1_000);
    }
}
