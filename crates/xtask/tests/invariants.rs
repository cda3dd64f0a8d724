//! The borders between the crates (ARCHITECTURE.md), checked on what cargo resolves and not on what anyone meant.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What would bring a browser, a clock, randomness or I/O into the rules. (Not libc: locks need it on some systems.)
const IMPURE: &[&str] = &[
    "chrono-tz",
    "console_error_panic_hook",
    "getrandom",
    "gloo-net",
    "gloo-timers",
    "iana-time-zone",
    "js-sys",
    "leptos",
    "mio",
    "rand",
    "reqwest",
    "serde-wasm-bindgen",
    "socket2",
    "tokio",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
    "web-time",
];

/// What must stay in native tools.
const NATIVE: &[&str] = &["axum", "cxconnect-sandbox", "hyper", "mio", "reqwest", "tokio", "xtask"];

/// The names of all crates that `package` is made of, itself included, for `target`. Macros run while compiling only.
fn dependencies(package: &str, target: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let output = Command::new(env!("CARGO"))
        .current_dir(root)
        .args(["tree", "--package", package, "--edges", "normal,no-proc-macro", "--target", target])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names: BTreeSet<_> =
        text.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect();
    assert!(names.contains(package), "cargo tree names {package}: {text}");
    names
}

#[track_caller]
fn assert_without(package: &str, target: &str, forbidden: &[&str]) {
    let names = dependencies(package, target);
    let found: Vec<_> = forbidden.iter().filter(|name| names.contains(**name)).collect();
    assert!(found.is_empty(), "{package} must not depend on {found:?} (target {target})");
}

#[test]
fn core_has_no_browser_no_clock_and_no_io() {
    assert_without("cxconnect-core", "wasm32-unknown-unknown", IMPURE);
    assert_without("cxconnect-core", "all", IMPURE);
}

#[test]
fn core_knows_no_other_room() {
    let others = ["cxconnect-app", "cxconnect-sandbox", "cxconnect-sunco", "cxconnect-zendesk"];
    assert_without("cxconnect-core", "all", &others);
}

#[test]
fn sunco_gets_everything_through_its_transport() {
    assert_without("cxconnect-sunco", "wasm32-unknown-unknown", IMPURE);
    assert_without("cxconnect-sunco", "all", IMPURE);
    assert_without("cxconnect-sunco", "all", &["cxconnect-app", "cxconnect-sandbox", "cxconnect-zendesk"]);
}

#[test]
fn dependencies_point_inward() {
    assert_without("cxconnect-zendesk", "wasm32-unknown-unknown", &["cxconnect-app", "leptos"]);
    assert_without("cxconnect-zendesk", "wasm32-unknown-unknown", NATIVE);
    assert_without("cxconnect-app", "wasm32-unknown-unknown", NATIVE);
}

/// A fake that shares code with the client proves nothing.
#[test]
fn the_sandbox_shares_nothing_with_the_product() {
    let product = ["cxconnect-app", "cxconnect-core", "cxconnect-sunco", "cxconnect-zendesk"];
    assert_without("cxconnect-sandbox", "all", &product);
}

/// The check itself has to be able to fail.
#[test]
fn a_forbidden_crate_is_found() {
    assert!(dependencies("cxconnect-zendesk", "wasm32-unknown-unknown").contains("js-sys"));
    assert!(dependencies("cxconnect-sandbox", "all").contains("tokio"));
}
