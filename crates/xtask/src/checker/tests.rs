//! A package that keeps every rule, and for each rule packages that break it.

use serde_json::{Value, json};

use super::{Package, Rule, check, package};
use crate::sizes::ZIP_LIMIT;

const VERSION: &str = "1.2.3";

fn manifest() -> Value {
    json!({
        "name": "CXConnect",
        "author": {"name": "X", "email": "x@example.com", "url": "https://example.com"},
        "defaultLocale": "es",
        "private": true,
        "location": {"support": {
            "nav_bar": {"url": "assets/iframe.html"},
            "ticket_sidebar": {"url": "assets/iframe.html", "flexible": true},
        }},
        "domainWhitelist": ["api.smooch.io"],
        "parameters": [
            {"name": "app_id", "type": "text", "required": true},
            {"name": "secret", "type": "text", "secure": true, "scopes": ["basic_auth_password"]},
            {"name": "layout", "type": "hidden", "default": "{}"},
        ],
        "version": VERSION,
        "frameworkVersion": "2.0",
    })
}

fn translation() -> Value {
    json!({"app": {"name": "CXConnect", "parameters": {"app_id": {"label": "App"}, "secret": {"label": "Secret"}}}})
}

fn png(width: u32, height: u32, colour_type: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, colour_type, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

const PAGE: &str = r#"<!DOCTYPE html><html><head><link rel="stylesheet" href="./app.css"></head><body>
    <script src="./boot.js"></script>
    <script async src="https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js"></script></body></html>"#;
const ICON: &str =
    r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 18 18"><path d="M0 0h18v18z"/></svg>"#;

fn sample() -> Package {
    let mut package = Package { zip_len: 500_000, ..Package::default() };
    let files: [(&str, Vec<u8>); 9] = [
        ("manifest.json", manifest().to_string().into()),
        ("translations/es.json", translation().to_string().into()),
        ("translations/en.json", translation().to_string().into()),
        ("assets/iframe.html", PAGE.into()),
        ("assets/boot.js", b"1".to_vec()),
        ("assets/app.css", b"a{}".to_vec()),
        ("assets/logo.png", png(320, 320, 6)),
        ("assets/logo-small.png", png(128, 128, 6)),
        ("assets/icon_nav_bar.svg", ICON.into()),
    ];
    package.files.extend(files.map(|(path, bytes)| (path.to_owned(), bytes)));
    package
}

fn put(package: &mut Package, path: &str, bytes: impl Into<Vec<u8>>) {
    package.files.insert(path.to_owned(), bytes.into());
}

/// The rules broken by the sample after `change`.
fn broken(change: impl FnOnce(&mut Package)) -> Vec<Rule> {
    let mut package = sample();
    change(&mut package);
    check(&package, VERSION).breaches.into_iter().map(|breach| breach.rule).collect()
}

/// The rules broken by a package whose manifest has `value` at `pointer`'s place.
fn broken_manifest(pointer: &str, value: Value) -> Vec<Rule> {
    let mut manifest = manifest();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match manifest.pointer_mut(parent).unwrap() {
        Value::Object(map) if value.is_null() => {
            map.remove(key);
        }
        Value::Object(map) => {
            map.insert(key.to_owned(), value);
        }
        Value::Array(items) => items.push(value),
        other => panic!("{pointer} leads to {other}"),
    }
    broken(|package| put(package, "manifest.json", manifest.to_string()))
}

fn broken_translation(text: &str) -> Vec<Rule> {
    broken(|package| put(package, "translations/en.json", text))
}

#[test]
fn the_sample_keeps_every_rule() {
    assert_eq!(broken(|_| ()), []);
}

#[test]
fn a_breach_names_the_file_and_the_rule() {
    let mut package = sample();
    put(&mut package, "assets/app.wasm", "\0asm");
    let error = super::ensure(&package, VERSION).unwrap_err().to_string();
    assert!(error.contains("assets/app.wasm: Zendesk does not serve this type of file"), "{error}");
    assert!(error.contains("rule: assets are of the documented types"), "{error}");
}

#[test]
fn manifest_as_a_file() {
    assert_eq!(broken(|it| put(it, "manifest.json", "[]")), [Rule::ManifestJson]);
    assert_eq!(broken(|it| put(it, "manifest.json", "{")), [Rule::ManifestJson]);
    assert_eq!(broken(|it| put(it, "manifest.json", r#"{"name":"a","name":"b"}"#)), [Rule::ManifestJson]);
    let missing = broken(|it| {
        it.files.remove("manifest.json");
    });
    assert_eq!(missing, [Rule::ManifestAtRoot]);
    let nested = broken(|it| {
        let manifest = it.files.remove("manifest.json").unwrap();
        put(it, "cxconnect/manifest.json", manifest);
    });
    assert_eq!(nested, [Rule::ManifestAtRoot]);
}

#[test]
fn manifest_fields() {
    for (pointer, value, rule) in [
        ("/author", Value::Null, Rule::ManifestAuthor),
        ("/author/email", json!(7), Rule::ManifestAuthor),
        ("/author/url", json!("example.com"), Rule::ManifestAuthor),
        ("/author/url", json!("https:///x"), Rule::ManifestAuthor),
        ("/private", json!("true"), Rule::ManifestTypes),
        ("/gaID", json!(1), Rule::ManifestTypes),
        ("/experiments", json!([]), Rule::ManifestTypes),
        ("/noTemplate", json!(true), Rule::ManifestTypes),
        ("/frameworkVersion", json!(2.0), Rule::FrameworkVersion),
        ("/frameworkVersion", Value::Null, Rule::FrameworkVersion),
        ("/version", json!("1.2.4"), Rule::Version),
        ("/version", Value::Null, Rule::Version),
        ("/defaultLocale", Value::Null, Rule::DefaultLocale),
        ("/defaultLocale", json!("fr"), Rule::DefaultLocale),
        ("/defaultLocale", json!("spanish"), Rule::DefaultLocale),
        ("/domainWhitelist", json!("api.smooch.io"), Rule::DomainWhitelist),
        ("/domainWhitelist/0", json!("https://api.smooch.io"), Rule::DomainWhitelist),
        ("/domainWhitelist/0", json!("api.smooch.io/v1"), Rule::DomainWhitelist),
        ("/domainWhitelist/0", json!(1), Rule::DomainWhitelist),
    ] {
        assert_eq!(broken_manifest(pointer, value.clone()), [rule], "{pointer}: {value}");
    }
}

#[test]
fn locations() {
    for (pointer, value, rule) in [
        ("/location", Value::Null, Rule::Location),
        ("/location", json!({}), Rule::Location),
        ("/location/helpdesk", json!({"nav_bar": "assets/iframe.html"}), Rule::Location),
        ("/location/support/sidebar", json!("assets/iframe.html"), Rule::Location),
        ("/location/support/ticket_sidebar/flexible", json!("yes"), Rule::Location),
        ("/location/support/modal", json!({}), Rule::LocationUrl),
        ("/location/support/modal", json!("assets/missing.html"), Rule::LocationUrl),
        ("/location/support/modal", json!("./assets/iframe.html"), Rule::LocationUrl),
        ("/location/support/modal", json!("http://example.com"), Rule::LocationUrl),
    ] {
        assert_eq!(broken_manifest(pointer, value.clone()), [rule], "{pointer}: {value}");
    }
    for value in [json!("assets/iframe.html?a#b"), json!({"autoLoad": false}), json!("https://example.com")] {
        assert_eq!(broken_manifest("/location/support/modal", value.clone()), [], "{value}");
    }
}

#[test]
fn parameters() {
    assert_eq!(
        broken_manifest("/parameters", json!({})),
        [
            Rule::Parameters,
            Rule::TranslationLabel,
            Rule::TranslationLabel,
            Rule::TranslationLabel,
            Rule::TranslationLabel
        ]
    );
    for (parameter, rules) in [
        (json!({"type": "hidden"}), vec![Rule::Parameters]),
        (json!({"name": "name", "type": "hidden"}), vec![Rule::Parameters]),
        (json!({"name": "layout", "type": "hidden"}), vec![Rule::Parameters]),
        (json!({"name": "a", "type": "hidden", "required": true}), vec![Rule::Parameters]),
        (json!({"name": "a", "type": "hidden", "secure": "yes"}), vec![Rule::Parameters]),
        (json!({"name": "a", "type": "hidden", "scopes": ["header"]}), vec![Rule::Parameters]),
        (
            json!({"name": "a", "type": "hidden", "secure": true, "scopes": ["cookie"]}),
            vec![Rule::Parameters],
        ),
        (json!({"name": "a", "type": "hidden", "secure": true, "scopes": []}), vec![Rule::Parameters]),
        (json!({"name": "a", "type": "hidden", "secure": true}), vec![Rule::SecureScopes]),
        (
            json!({"name": "a", "type": "hidden", "secure": true, "scopes": ["header"], "default": "x"}),
            vec![Rule::SecureScopes],
        ),
        // Not hidden, so both translations lack its label.
        (
            json!({"name": "a", "type": "password"}),
            vec![Rule::Parameters, Rule::TranslationLabel, Rule::TranslationLabel],
        ),
    ] {
        assert_eq!(broken_manifest("/parameters/-", parameter.clone()), rules, "{parameter}");
    }
    let two = broken_manifest(
        "/parameters/-",
        json!({"name": "a", "type": "oauth", "secure": true, "scopes": ["url"]}),
    );
    assert_eq!(two[0], Rule::Parameters);
}

#[test]
fn translations() {
    let name = broken(|it| put(it, "translations/zh-Hant.json", translation().to_string()));
    assert_eq!(name, [Rule::TranslationName]);
    let name = broken(|it| put(it, "translations/es.txt", translation().to_string()));
    assert_eq!(name, [Rule::TranslationName]);
    assert_eq!(broken_translation("[]"), [Rule::TranslationJson]);
    assert_eq!(broken_translation(r#"{"app":{},"app":{}}"#), [Rule::TranslationJson]);
    let labels = r#""parameters":{"app_id":{"label":"a"},"secret":{"label":"b"}}"#;
    assert_eq!(broken_translation(&format!(r#"{{"app":{{{labels}}}}}"#)), [Rule::AppName]);
    for key in ["package", "support", "chat", "sell", "standalone_chat"] {
        let text = format!(r#"{{"app":{{"name":"x",{labels},"{key}":{{}}}}}}"#);
        assert_eq!(broken_translation(&text), [Rule::TranslationReserved], "{key}");
    }
    let missing = r#"{"app":{"name":"x","parameters":{"app_id":{"label":"a"},"secret":"b"}}}"#;
    assert_eq!(broken_translation(missing), [Rule::TranslationLabel]);
    let stray = r#"{"app":{"name":"x","parameters":{"app_id":{"label":"a"},"secret":{"label":"b"},"c":{"label":"c"}}}}"#;
    assert_eq!(broken_translation(stray), [Rule::TranslationLabel]);
}

#[test]
fn requirements() {
    let with = |text: String| broken(|it| put(it, "requirements.json", text));
    assert_eq!(with(r#"{"custom_objects_v2":{}}"#.into()), []);
    assert_eq!(with("[]".into()), [Rule::Requirements]);
    assert_eq!(with(r#"{"views":{},"views":{}}"#.into()), [Rule::Requirements]);
    assert_eq!(with(r#"{"ticket_forms":{}}"#.into()), [Rule::Requirements]);
    let many: serde_json::Map<_, _> = (0..5001).map(|n| (n.to_string(), json!({}))).collect();
    assert_eq!(with(json!({"triggers": many}).to_string()), [Rule::Requirements]);
}

#[test]
fn the_zip_as_a_whole() {
    assert_eq!(broken(|it| it.zip_len = ZIP_LIMIT), [Rule::ZipSize]);
    assert_eq!(broken(|it| it.symlinks.push("assets/link".into())), [Rule::Symlinks]);
    assert_eq!(broken(|it| put(it, "README.md", "x")), [Rule::Layout]);
    assert_eq!(broken(|it| put(it, "assets/.env.js", "x")), [Rule::Layout]);
    assert_eq!(broken(|it| put(it, "assets/tmp/a.js", "x")), [Rule::Layout]);
}

#[test]
fn refused_kinds() {
    assert_eq!(
        broken(|it| put(it, "translations/a.zip", translation().to_string())),
        [Rule::Mime, Rule::TranslationName]
    );
    for start in [
        &b"PK\x03\x04"[..],
        b"\x1f\x8b",
        b"%PDF-1.7",
        b"Rar!\x1a\x07\0",
        b"BZh9",
        b"#!/bin/sh",
        b"RIFF....AVI ",
    ] {
        assert_eq!(broken(|it| put(it, "assets/disguised.js", start)), [Rule::Mime], "{start:?}");
    }
}

#[test]
fn asset_types() {
    for name in
        ["app.wasm", "app.mjs", "sample.csv", "a.txt", "a.webp", "favicon.ico", "APP.JS", "noextension"]
    {
        assert_eq!(broken(|it| put(it, &format!("assets/{name}"), "x")), [Rule::AssetType], "{name}");
    }
}

#[test]
fn images() {
    assert_eq!(broken(|it| put(it, "assets/logo.png", png(320, 321, 6))), [Rule::Logo]);
    assert_eq!(broken(|it| put(it, "assets/logo.png", "GIF89a")), [Rule::Logo]);
    assert_eq!(broken(|it| put(it, "assets/logo-small.png", png(128, 128, 2))), [Rule::Logo]);
    let missing = broken(|it| {
        it.files.remove("assets/logo.png");
    });
    assert_eq!(missing, [Rule::Logo]);
    assert_eq!(broken(|it| put(it, "assets/banner.png", png(830, 200, 2))), []);
    assert_eq!(broken(|it| put(it, "assets/banner.png", png(800, 200, 2))), [Rule::Banner]);
}

#[test]
fn svgs() {
    for inside in [
        "<script>alert(1)</script>",
        "<style>a{}</style>",
        "<image href='#x'/>",
        "<path onclick='x()'/>",
        "<a href='https://example.com'/>",
        "<path style='fill:red'/>",
        "<foreignObject/>",
    ] {
        let svg = format!("<svg xmlns='x' viewBox='0 0 1 1'>{inside}</svg>");
        assert_eq!(broken(|it| put(it, "assets/a.svg", svg)), [Rule::Svg], "{inside}");
    }
    assert_eq!(broken(|it| put(it, "assets/a.svg", "<html></html>")), [Rule::Svg]);
    assert_eq!(broken(|it| put(it, "assets/a.svg", b"\xff<svg/>".to_vec())), [Rule::Svg]);
    assert_eq!(broken(|it| put(it, "assets/a.svg", "<svg><!-- <script> --><use href=\"#a\"/></svg>")), []);
}

#[test]
fn navigation_bar_icon() {
    for svg in [
        r#"<svg><path d="M0 0"/></svg>"#,
        r##"<svg viewBox="0 0 18 18"><path fill="#fff" d="M0 0"/></svg>"##,
        r#"<svg viewBox="0 0 18 18"><path stroke="red" d="M0 0"/></svg>"#,
        r#"<svg viewBox="0 0 18 18"><path stroke-width="2" d="M0 0"/></svg>"#,
    ] {
        assert_eq!(broken(|it| put(it, "assets/icon_nav_bar.svg", svg)), [Rule::NavBarIcon], "{svg}");
    }
    let missing = broken(|it| {
        it.files.remove("assets/icon_nav_bar.svg");
    });
    assert_eq!(missing, [Rule::NavBarIcon]);
}

#[test]
fn the_page() {
    let with = |from: &str, to: &str| {
        let page = PAGE.replace(from, to);
        assert_ne!(page, PAGE);
        broken(|it| put(it, "assets/iframe.html", page))
    };
    assert_eq!(with("</body>", "<script>run()</script></body>"), [Rule::Page]);
    assert_eq!(with("</body>", "<style>a{}</style></body>"), [Rule::Page]);
    assert_eq!(with("<body>", "<body onload=\"run()\">"), [Rule::Page]);
    assert_eq!(with("<body>", "<body style=\"color:red\">"), [Rule::Page]);
    assert_eq!(with("zaf_sdk.min.js", "zaf_sdk.js"), [Rule::Page]);
    assert_eq!(with("./boot.js", "./start.js"), [Rule::PageFiles]);
}

#[test]
fn a_zip_is_read_with_its_links() {
    use std::io::{Cursor, Write as _};
    use zip::{ZipWriter, write::SimpleFileOptions};

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("assets/a.js", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"1").unwrap();
    zip.add_symlink("assets/b.js", "a.js", SimpleFileOptions::default()).unwrap();
    let bytes = zip.finish().unwrap().into_inner();

    let package = package::Package::read(&bytes).unwrap();
    assert_eq!(package.symlinks, ["assets/b.js"]);
    assert_eq!(package.text("assets/a.js"), Some("1"));
    assert!(Package::read(b"not a zip").is_err());
}
