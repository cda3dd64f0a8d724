//! The rules of SVG images.

use super::{Report, Rule};

/// What Zendesk takes out of an SVG when it is uploaded.
const UNSAFE_ELEMENTS: &[&str] = &["script", "style", "image", "foreignobject", "iframe", "animate", "set"];

/// Checks what holds for every SVG.
pub fn check(path: &str, bytes: &[u8], report: &mut Report) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return report.breach(Rule::Svg, path, "it is no UTF-8");
    };
    let tags = tags(text);
    let is_svg = tags.iter().any(|tag| tag.name == "svg");
    report.require(is_svg, Rule::Svg, path, || "it has no svg element".into());
    for tag in &tags {
        let is_safe = !UNSAFE_ELEMENTS.contains(&tag.name.as_str());
        report.require(is_safe, Rule::Svg, path, || format!("it has a <{}>", tag.name));
        for (name, value) in &tag.attributes {
            let is_event = name.starts_with("on");
            let is_link_out = name.ends_with("href") && !value.starts_with('#');
            let is_unsafe = is_event || is_link_out || name == "style";
            report.require(!is_unsafe, Rule::Svg, path, || format!("<{}> has {name}={value:?}", tag.name));
        }
    }
}

/// Checks what holds for the navigation bar's icon, which Zendesk colours itself.
pub fn check_nav_bar(path: &str, text: &str, report: &mut Report) {
    let tags = tags(text);
    let has_view_box =
        tags.iter().any(|tag| tag.name == "svg" && tag.attributes.iter().any(|(name, _)| name == "viewBox"));
    report.require(has_view_box, Rule::NavBarIcon, path, || "its svg element has no viewBox".into());
    for tag in &tags {
        for (name, _) in &tag.attributes {
            let is_colour =
                name == "fill" || name.starts_with("stroke") || name == "style" || name == "class";
            report.require(!is_colour, Rule::NavBarIcon, path, || format!("<{}> has {name}", tag.name));
        }
    }
}

struct Tag {
    /// In lower case.
    name: String,
    /// Names as they are written: `viewBox` has a capital.
    attributes: Vec<(String, String)>,
}

/// The start tags of a document. Comments, declarations and end tags are passed over.
fn tags(text: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some((inside, after)) = after.split_once('>') else { break };
        if !inside.starts_with(['/', '!', '?']) {
            let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
            let name = name.trim_end_matches('/').to_lowercase();
            tags.push(Tag { name, attributes: self::attributes(attributes) });
        }
        rest = after;
    }
    tags
}

fn attributes(mut text: &str) -> Vec<(String, String)> {
    let mut attributes = Vec::new();
    while let Some((name, after)) = text.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quote {
            Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        attributes.push((name.trim().to_owned(), value.to_owned()));
        text = rest;
    }
    attributes
}
