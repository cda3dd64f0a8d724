//! workerd's requests and answers ↔ the rules'.

use ::worker::{Headers, Request, RequestInit, Response, ResponseBuilder, Result};
use futures_util::StreamExt as _;

use crate::{
    failure::{self, Failure},
    http::{self, Body, Head, Method},
};

/// All of a request but its body.
pub fn head(request: &Request) -> Result<Head> {
    let raw = request.inner();
    let url = raw.url();
    let (origin, path, query) = parts(&url);
    let headers = request.headers();
    Ok(Head {
        method: Method::parse(&raw.method()),
        origin,
        path,
        query,
        authorization: headers.get("authorization")?,
        webhook_secret: headers.get("x-webhook-secret")?,
        api_key: headers.get("x-api-key")?,
        content_type: headers.get("content-type")?,
        idempotency_key: headers.get("idempotency-key")?,
    })
}

/// The same out of one text, as the guard puts it together: method, address, and the headers in its order.
pub fn head_of(text: &str) -> Option<Head> {
    let mut lines = text.split('\n');
    let method = Method::parse(lines.next()?);
    let (origin, path, query) = parts(lines.next()?);
    let mut header = || lines.next().filter(|value| *value != "\0").map(ToOwned::to_owned);
    Some(Head {
        method,
        origin,
        path,
        query,
        authorization: header(),
        webhook_secret: header(),
        api_key: header(),
        content_type: header(),
        idempotency_key: header(),
    })
}

/// An answer as one text: status, `Retry-After` and `Allow` on lines of their own, then the body.
pub fn told(response: &http::Response) -> String {
    let retry_after = response.retry_after_s.map(|seconds| seconds.to_string()).unwrap_or_default();
    [
        &response.status.to_string(),
        "\n",
        &retry_after,
        "\n",
        response.allow.unwrap_or_default(),
        "\n",
        &response.body,
    ]
    .concat()
}

/// Origin, path and query of an address that the platform has parsed already.
fn parts(url: &str) -> (String, String, String) {
    let start = url.find("://").map_or(0, |at| at.saturating_add(3));
    let rest = url.get(start..).unwrap_or_default();
    let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
    let tail = tail.split('#').next().unwrap_or_default();
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let scheme = url.get(..start).unwrap_or_default();
    ([scheme, host].concat(), path.to_owned(), query.to_owned())
}

/// The same request with a body that the object will read to its end: what is too large, or isn't looked at, travels no
/// further.
pub async fn bounded(
    mut request: Request,
    max: Option<usize>,
) -> Result<std::result::Result<Request, Failure>> {
    let length = length(&request)?;
    let has_body = length.map_or(request.headers().has("transfer-encoding")?, |length| 0 < length);
    match (length, max) {
        _ if !has_body => return Ok(Ok(request)),
        (Some(length), Some(max)) if length <= max => return Ok(Ok(request)),
        (Some(_), Some(max)) => return Ok(Err(failure::too_large(max))),
        (None, Some(_)) | (_, None) => {}
    }
    let mut init = RequestInit::new();
    init.with_method(request.method()).with_headers(request.headers().clone());
    if let Some(max) = max {
        let Body::Bytes(bytes) = body(&mut request, Some(max)).await? else {
            return Ok(Err(failure::too_large(max)));
        };
        init.with_body(Some(js_sys::Uint8Array::from(bytes.as_slice()).into()));
    }
    for name in ["content-length", "transfer-encoding"] {
        init.headers.delete(name)?;
    }
    Request::new_with_init(&request.inner().url(), &init).map(Ok)
}

/// The body, if it is looked at, as far as it is taken.
pub async fn body(request: &mut Request, max: Option<usize>) -> Result<Body> {
    let Some(max) = max else { return Ok(Body::Empty) };
    match length(request)? {
        Some(length) if max < length => return Ok(Body::TooLarge),
        // HTTP holds a body to its length.
        Some(_) => return request.bytes().await.map(Body::Bytes),
        None => {}
    }
    let Ok(mut stream) = request.stream() else { return Ok(Body::Empty) };
    let mut bytes = Vec::new();
    while let Some(part) = stream.next().await {
        bytes.extend(part?);
        if max < bytes.len() {
            return Ok(Body::TooLarge);
        }
    }
    Ok(Body::Bytes(bytes))
}

fn length(request: &Request) -> Result<Option<usize>> {
    Ok(request.headers().get("content-length")?.and_then(|text| text.parse().ok()))
}

/// An answer.
pub fn answer(response: &http::Response) -> Result<Response> {
    let headers = Headers::new();
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    if let Some(seconds) = response.retry_after_s {
        headers.set("retry-after", &seconds.to_string())?;
    }
    if let Some(allow) = response.allow {
        headers.set("allow", allow)?;
    }
    if response.status == 401 {
        headers.set("www-authenticate", "Bearer")?;
    }
    let builder = ResponseBuilder::new().with_status(response.status);
    if response.body.is_empty() {
        return Ok(builder.with_headers(headers).empty());
    }
    headers.set("content-type", "application/json; charset=utf-8")?;
    Ok(builder.with_headers(headers).fixed(response.body.clone().into_bytes()))
}
