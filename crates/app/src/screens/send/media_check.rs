//! Looking at the header's images, videos and documents before they are sent: each distinct one once.

use cxconnect_core::{
    check::{Checked, MediaFacts, MediaFile, MediaSize},
    template::{MediaKind, Template},
};
use futures_util::{StreamExt as _, stream::FuturesUnordered};

use crate::{
    screens::send::{checking::Slices, state::Stage},
    shell::{clock, probe},
};

/// So many are looked at at a time.
const AT_ONCE: usize = 6;
/// After this the rest is left unlooked at, which is no error.
const PATIENCE_MS: u64 = 15_000;

/// Looks at all files that rows name and nobody has looked at. Whether the check is still wanted.
pub async fn look_at(slices: &mut Slices, checked: &mut Checked, template: &Template) -> bool {
    let Some(kind) = template.header_media() else { return true };
    let urls: Vec<(usize, String)> = checked
        .media_files()
        .iter()
        .enumerate()
        .filter(|(_, file)| is_to_be_looked_at(file))
        .map(|(idx, file)| (idx, file.url.clone()))
        .collect();
    let total = urls.len();
    let until = clock::now() + PATIENCE_MS;
    let mut rest = urls.into_iter();
    let mut under_way = FuturesUnordered::new();
    let mut done = 0;
    loop {
        while under_way.len() < AT_ONCE && clock::now() < until {
            let Some((idx, url)) = rest.next() else { break };
            under_way.push(async move { (idx, facts(kind, &url).await) });
        }
        let Some((idx, facts)) = under_way.next().await else {
            rest.for_each(|(idx, _)| checked.give_up_on_media(idx));
            return true;
        };
        checked.learn_of_media(idx, facts);
        done += 1;
        slices.report(Stage::Media, done, total);
        if !slices.is_wanted() {
            return false;
        }
    }
}

/// Whether nobody has looked at a file that a page can look at.
pub fn is_to_be_looked_at(file: &MediaFile) -> bool {
    file.is_unknown() && file.url.starts_with("https://")
}

async fn facts(kind: MediaKind, url: &str) -> MediaFacts {
    let pixels = async { if kind == MediaKind::Image { probe::image_pixels(url).await } else { None } };
    let (pixels, size) = futures_util::future::join(pixels, probe::size(url)).await;
    MediaFacts { pixels, size: size.map_or(MediaSize::NotTold, MediaSize::Bytes) }
}
