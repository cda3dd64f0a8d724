//! The rules of the page in the iframe.

use super::{Package, Report, Rule};

const PAGE: &str = "assets/iframe.html";
/// The address that Zendesk documents for the SDK in production.
const SDK: &str = "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js";

pub fn check(package: &Package, report: &mut Report) {
    let Some(page) = package.text(PAGE) else {
        return report.breach(Rule::PageFiles, PAGE, "it is missing");
    };
    report.require(page.contains(&format!("src=\"{SDK}\"")), Rule::Page, PAGE, || {
        format!("it does not load {SDK}")
    });
    for tag in page.split('<').skip(1) {
        let (inside, text) = tag.split_once('>').unwrap_or((tag, ""));
        let name =
            inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default().to_lowercase();
        let is_inline = name == "style" || (name == "script" && !text.trim().is_empty());
        report.require(!is_inline, Rule::Page, PAGE, || format!("it has an inline <{name}>"));

        for (attribute, value) in attributes(inside) {
            let is_code =
                attribute.starts_with("on") || attribute == "style" || value.starts_with("javascript:");
            report.require(!is_code, Rule::Page, PAGE, || format!("<{name}> has an inline {attribute}"));
            if matches!(attribute, "src" | "href") && !value.contains(':') && !value.starts_with('#') {
                let file = format!("assets/{}", value.trim_start_matches("./"));
                let is_there = package.files.contains_key(&file);
                report.require(is_there, Rule::PageFiles, PAGE, || {
                    format!("it names {file}, which is missing")
                });
            }
        }
    }
}

/// The attributes that have a value in double quotes, as all of our page's have.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    tag.split("=\"").zip(tag.split("=\"").skip(1)).map(|(before, after)| {
        let name = before.rsplit(|c: char| c.is_whitespace() || c == '"').next().unwrap_or_default();
        (name, after.split('"').next().unwrap_or_default())
    })
}
