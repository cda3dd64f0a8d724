//! News for the open host pages (server-sent events), and their word that they have heard.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::sync::{broadcast, watch};

/// How long a change waits for the open pages to confirm it.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_secs(2);

/// Where news are published.
#[derive(Debug)]
pub struct EventHub {
    sender: broadcast::Sender<Value>,
    last: AtomicU64,
    n_pages: AtomicUsize,
    heard: watch::Sender<u64>,
    is_open: watch::Sender<bool>,
}

impl Default for EventHub {
    fn default() -> Self {
        Self {
            sender: broadcast::Sender::new(256),
            last: AtomicU64::new(0),
            n_pages: AtomicUsize::new(0),
            heard: watch::Sender::new(0),
            is_open: watch::Sender::new(true),
        }
    }
}

impl EventHub {
    /// Tells the pages, and waits until one has confirmed, so that what a test does next already meets the
    /// change. Without an open page there is nothing to wait for.
    pub async fn tell(&self, kind: &str, data: Value) {
        let number = self.last.fetch_add(1, Ordering::SeqCst) + 1;
        let mut heard = self.heard.subscribe();
        let is_sent = self.sender.send(json!({"number": number, "kind": kind, "data": data})).is_ok();
        if is_sent && 0 < self.n_pages.load(Ordering::SeqCst) {
            // A page that was closed this very moment never confirms; that is no failure.
            let _ = tokio::time::timeout(ACKNOWLEDGE_WITHIN, heard.wait_for(|it| number <= *it)).await;
        }
    }

    /// A page has acted on the news up to this number.
    pub fn acknowledge(&self, number: u64) {
        self.heard.send_if_modified(|heard| {
            let is_news = *heard < number;
            *heard = number.max(*heard);
            is_news
        });
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.is_open.send_replace(false);
    }

    /// The stream for one page.
    pub fn stream(self: std::sync::Arc<Self>) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
        let page = Page { receiver: self.sender.subscribe(), is_open: self.is_open.subscribe(), hub: self };
        page.hub.n_pages.fetch_add(1, Ordering::SeqCst);
        unfold(page, |mut page| async move {
            let Page { receiver, is_open, .. } = &mut page;
            let news = tokio::select! {
                news = next(receiver) => news,
                _ = is_open.wait_for(|is_open| !is_open) => None,
            };
            news.map(|data| (Ok(Event::default().data(data.to_string())), page))
        })
    }
}

struct Page {
    receiver: broadcast::Receiver<Value>,
    is_open: watch::Receiver<bool>,
    hub: std::sync::Arc<EventHub>,
}

async fn next(receiver: &mut broadcast::Receiver<Value>) -> Option<Value> {
    loop {
        match receiver.recv().await {
            Ok(data) => return Some(data),
            // A page that fell behind only misses some news; the next ones are current again.
            Err(broadcast::error::RecvError::Lagged(_)) => (),
            Err(broadcast::error::RecvError::Closed) => return None,
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.hub.n_pages.fetch_sub(1, Ordering::SeqCst);
    }
}
