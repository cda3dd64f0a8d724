//! Looking at files on the web, as far as their servers let a page look.

use futures_util::{
    FutureExt as _,
    future::{Either, select},
    pin_mut,
};
use gloo_net::http::{Method, RequestBuilder};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::JsFuture;

/// How long one file is waited for.
const TIMEOUT_MS: u32 = 5_000;

/// Width and height of an image; `None` if it can't be opened in time.
pub async fn image_pixels(url: &str) -> Option<(u32, u32)> {
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_referrer_policy("no-referrer");
    image.set_src(url);
    let opened = in_time(JsFuture::from(image.decode()).map(|result| result.ok().map(|_| ()))).await;
    if opened.is_none() {
        // Whatever is still under way is not needed any more.
        image.set_src("");
        return None;
    }
    Some((image.natural_width(), image.natural_height()))
}

/// A file's size in bytes, where its server tells everybody.
pub async fn size(url: &str) -> Option<u64> {
    let request = RequestBuilder::new(url)
        .method(Method::HEAD)
        .credentials(web_sys::RequestCredentials::Omit)
        .referrer_policy(web_sys::ReferrerPolicy::NoReferrer)
        .send();
    let response = in_time(request.map(Result::ok)).await?;
    let length = response.headers().get("content-length").filter(|_| response.ok())?;
    length.parse().ok()
}

async fn in_time<T>(work: impl Future<Output = Option<T>>) -> Option<T> {
    let timeout = TimeoutFuture::new(TIMEOUT_MS);
    pin_mut!(work);
    match select(work, timeout).await {
        Either::Left((result, _)) => result,
        Either::Right(((), _)) => None,
    }
}
