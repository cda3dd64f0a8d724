//! A record of everything that crosses between the browser and the sandbox, so that a test can prove that
//! a secret is not among it.
//!
//! Recorded: the app's own server, and the Zendesk server with its proxy. Not recorded: `/sandbox/…`, the
//! sandbox's own panel and control calls, which no real Zendesk has.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use serde::Serialize;

/// Of a longer body the record keeps the beginning; secrets are looked for in the whole.
const KEPT_OF_BODY: usize = 256 * 1024;
/// Older exchanges are dropped beyond these; what was found in them is remembered.
const KEPT_EXCHANGES: usize = 50_000;
const KEPT_BYTES: usize = 128 * 1024 * 1024;

/// One request and, once it came, its response.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Exchange {
    /// Counts from 1.
    pub number: u64,
    /// Which server: `zendesk`, `proxy` or `app`.
    pub server: &'static str,
    /// Method and path with query.
    pub request_line: String,
    /// The request's headers, one per line.
    pub request_headers: String,
    /// The request's body, as text.
    pub request_body: String,
    /// The response's status; 0 while there is none.
    pub status: u16,
    /// The response's headers, one per line.
    pub response_headers: String,
    /// The response's body, as text.
    pub response_body: String,
}

/// The recorder.
#[derive(Debug, Default)]
pub struct Traffic {
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    exchanges: VecDeque<Exchange>,
    n_recorded: u64,
    /// The size of what is kept.
    n_bytes: usize,
    /// Texts that must never cross; looked for in whole bodies when they pass.
    watched: Vec<String>,
    seen: Vec<String>,
}

impl Traffic {
    /// From now on also looks for this text in what is too long or too old to keep.
    pub fn watch(&self, text: String) {
        let mut book = self.book();
        if !text.is_empty() && !book.watched.contains(&text) {
            book.watched.push(text);
        }
    }

    /// The exchanges kept, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.book().exchanges.iter().cloned().collect()
    }

    /// Whether the text crossed, in either direction, in a line, header or body.
    pub fn contains(&self, text: &str) -> bool {
        let book = self.book();
        book.seen.iter().any(|it| it.contains(text))
            || book.exchanges.iter().any(|exchange| exchange.contains(text))
    }

    /// Forgets everything recorded.
    pub fn clear(&self) {
        let mut book = self.book();
        book.exchanges.clear();
        book.n_bytes = 0;
        book.seen.clear();
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look(book: &mut Book, bytes: &[u8]) {
        let hits = book.watched.iter().filter(|it| find(bytes, it));
        let hits: Vec<String> = hits.cloned().collect();
        book.seen.extend(hits);
    }

    fn request(&self, mut exchange: Exchange, body: &[u8]) -> u64 {
        let mut book = self.book();
        Self::look(&mut book, body);
        book.n_recorded += 1;
        exchange.number = book.n_recorded;
        exchange.request_body = kept(body);
        book.make_room(exchange.n_bytes());
        book.exchanges.push_back(exchange);
        book.n_recorded
    }

    fn response(&self, number: u64, status: StatusCode, headers: &HeaderMap, body: &[u8]) {
        let mut book = self.book();
        let book = &mut *book;
        Self::look(book, body);
        if let Some(exchange) = book.exchanges.iter_mut().rev().find(|it| it.number == number) {
            exchange.status = status.as_u16();
            exchange.response_headers = lines(headers);
            exchange.response_body = kept(body);
            book.n_bytes += exchange.response_headers.len() + exchange.response_body.len();
        }
    }
}

impl Book {
    /// Drops the oldest exchanges until there is room for one of so many bytes more.
    fn make_room(&mut self, n_bytes: usize) {
        self.n_bytes += n_bytes;
        while KEPT_EXCHANGES <= self.exchanges.len() || KEPT_BYTES < self.n_bytes {
            let Some(dropped) = self.exchanges.pop_front() else { return };
            self.n_bytes = self.n_bytes.saturating_sub(dropped.n_bytes());
            for part in dropped.parts() {
                Traffic::look(self, part.as_bytes());
            }
        }
    }
}

impl Exchange {
    /// Whether the text occurs in what is kept of it.
    pub fn contains(&self, text: &str) -> bool {
        self.parts().iter().any(|part| part.contains(text))
    }

    fn n_bytes(&self) -> usize {
        self.parts().iter().map(|part| part.len()).sum()
    }

    fn parts(&self) -> [&str; 5] {
        [
            &self.request_line,
            &self.request_headers,
            &self.request_body,
            &self.response_headers,
            &self.response_body,
        ]
    }
}

/// What the middleware needs: where to write, and which server it stands before.
#[derive(Debug, Clone)]
pub struct Recorder {
    /// Where to write.
    pub traffic: Arc<Traffic>,
    /// Which server.
    pub server: &'static str,
}

/// Records an exchange on its way through.
pub async fn record(State(recorder): State<Recorder>, request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/sandbox/") {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let Ok(body) = collect(body).await else { return StatusCode::BAD_REQUEST.into_response() };
    let exchange = Exchange {
        server: recorder.server,
        request_line: format!("{} {}", head.method, head.uri),
        request_headers: lines(&head.headers),
        ..Exchange::default()
    };
    let number = recorder.traffic.request(exchange, &body);
    let response = next.run(Request::from_parts(head, Body::from(body))).await;
    let (head, body) = response.into_parts();
    let Ok(body) = collect(body).await else { return StatusCode::BAD_GATEWAY.into_response() };
    recorder.traffic.response(number, head.status, &head.headers, &body);
    Response::from_parts(head, Body::from(body))
}

async fn collect(body: Body) -> Result<Bytes, axum::Error> {
    Ok(body.collect().await?.to_bytes())
}

fn lines(headers: &HeaderMap) -> String {
    let line = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))
    };
    headers.iter().map(line).collect()
}

fn kept(body: &[u8]) -> String {
    String::from_utf8_lossy(&body[..body.len().min(KEPT_OF_BODY)]).into_owned()
}

/// Goes from one of the text's first characters to the next, which is quick even where nothing is optimised.
fn find(bytes: &[u8], needle: &str) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let first = needle.chars().next();
    first.is_some_and(|first| text.match_indices(first).any(|(at, _)| text[at..].starts_with(needle)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watched_text_is_found_even_beyond_what_is_kept() {
        let traffic = Traffic::default();
        traffic.watch("s3cret".into());
        let mut body = vec![b'x'; KEPT_OF_BODY + 10];
        body.extend_from_slice(b"s3cret");
        let number = traffic.request(Exchange::default(), b"hello");
        assert!(!traffic.contains("s3cret"));
        traffic.response(number, StatusCode::OK, &HeaderMap::new(), &body);
        assert!(traffic.contains("s3cret"));
        assert!(traffic.contains("hello"));
        assert!(!traffic.contains("absent"));
    }
}
