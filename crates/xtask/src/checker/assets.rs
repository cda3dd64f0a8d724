//! The rules of the files below assets/.

use super::manifest::Manifest;
use super::png::Png;
use super::{Package, Report, Rule, svg};

/// Documentation: "Zendesk app file structure", Assets.
const TYPES: &[&str] = &[
    "png", "jpg", "jpeg", "gif", "svg", "js", "htm", "html", "css", "map", "eot", "woff", "woff2", "otf",
    "ttf", "json", "xml", "hbs", "hdbs",
];
const NAV_BAR_ICON: &str = "assets/icon_nav_bar.svg";

pub fn check(package: &Package, manifest: Option<&Manifest>, report: &mut Report) {
    for (path, bytes) in package.below("assets/") {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let is_served = TYPES.contains(&extension);
        report
            .require(is_served, Rule::AssetType, path, || "Zendesk does not serve this type of file".into());
        if extension == "svg" {
            svg::check(path, bytes, report);
        }
    }

    logo(package, "assets/logo.png", 320, false, report);
    logo(package, "assets/logo-small.png", 128, true, report);
    if let Some(bytes) = package.files.get("assets/banner.png") {
        let fits = Png::read(bytes).is_some_and(|png| png.is(830, 200) || png.is(1660, 400));
        report.require(fits, Rule::Banner, "assets/banner.png", || "it has another size or is no PNG".into());
    }
    if manifest.is_some_and(|manifest| manifest.has_nav_bar) {
        match package.text(NAV_BAR_ICON) {
            Some(text) => svg::check_nav_bar(NAV_BAR_ICON, text, report),
            None => report.breach(Rule::NavBarIcon, NAV_BAR_ICON, "it is missing"),
        }
    }
}

fn logo(package: &Package, path: &str, side: u32, needs_alpha: bool, report: &mut Report) {
    let Some(bytes) = package.files.get(path) else {
        return report.breach(Rule::Logo, path, "it is missing");
    };
    let Some(png) = Png::read(bytes) else {
        return report.breach(Rule::Logo, path, "it is no PNG");
    };
    report.require(png.is(side, side), Rule::Logo, path, || format!("it is {}x{}", png.width, png.height));
    report.require(png.has_alpha || !needs_alpha, Rule::Logo, path, || "it has no transparency".into());
}
