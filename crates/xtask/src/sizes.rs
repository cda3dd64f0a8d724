//! How large the app is, and how large it may be.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// The app's WebAssembly, compressed with brotli, stays under this. It is what Zendesk's CDN would send of a
/// plain module, and it bounds what a browser has to compile; every later feature has to fit too.
pub const WASM_BROTLI_LIMIT: usize = 300_000;

/// Zendesk refuses private apps from here on (documentation: "Uploading and installing a private app").
pub const ZIP_LIMIT: u64 = 2_000_000;

/// Sizes in bytes.
pub struct Sizes {
    pub wasm: usize,
    pub wasm_gzip: usize,
    pub wasm_brotli: usize,
    pub zip: u64,
}

impl Sizes {
    /// Measures the last build and its package.
    pub fn measure(project: &Project) -> Result<Self> {
        let wasm = fs::read(project.dist().join("cxconnect-app_bg.wasm")).context("the app is not built")?;
        let zip = fs::metadata(project.zip()).context("the package is not made")?.len();
        Ok(Self {
            wasm: wasm.len(),
            wasm_gzip: compressed(&wasm, "gzipSync(b,{level:9})")?,
            wasm_brotli: compressed(&wasm, "brotliCompressSync(b)")?,
            zip,
        })
    }

    /// Fails if the app has outgrown its limit.
    pub fn check(&self) -> Result<()> {
        if self.wasm_brotli >= WASM_BROTLI_LIMIT {
            bail!(
                "the app's WebAssembly is {} kB brotli; the limit is {} kB",
                kb(self.wasm_brotli as u64),
                kb(WASM_BROTLI_LIMIT as u64),
            );
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
    fn the_app_may_not_reach_its_limit() {
        let sizes = |wasm_brotli| Sizes { wasm: 0, wasm_gzip: 0, wasm_brotli, zip: 0 };
        assert!(sizes(WASM_BROTLI_LIMIT - 1).check().is_ok());
        let error = sizes(WASM_BROTLI_LIMIT).check().unwrap_err().to_string();
        assert_eq!(error, "the app's WebAssembly is 300.0 kB brotli; the limit is 300.0 kB");
    }

    #[test]
    fn node_compresses() {
        let bytes = vec![7; 100_000];
        assert!(compressed(&bytes, "brotliCompressSync(b)").unwrap() < 100);
        assert!(compressed(&bytes, "gzipSync(b,{level:9})").unwrap() < 1_000);
    }
}
