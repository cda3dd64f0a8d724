//! HTTP as bytes on a connection: light enough to load two cores that a server shares, and able to say what no client would.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// No answer takes longer.
const PATIENCE: Duration = Duration::from_secs(40);

/// A connection that is kept.
#[derive(Debug)]
pub struct Wire {
    port: u16,
    stream: Option<TcpStream>,
    read: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The body as JSON; `null` if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    /// The stable code of a refusal.
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    }
}

impl Wire {
    /// To that port of this machine.
    pub fn new(port: u16) -> Self {
        Self { port, stream: None, read: Vec::new() }
    }

    /// An ordinary call.
    pub async fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer> {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: relay.local\r\n").into_bytes();
        for (name, value) in headers {
            request.extend(format!("{name}: {value}\r\n").as_bytes());
        }
        if !body.is_empty() || method != "GET" {
            request.extend(format!("content-length: {}\r\n", body.len()).as_bytes());
        }
        request.extend(b"\r\n");
        request.extend(body);
        self.raw(&request).await.with_context(|| format!("{method} {path}, {} bytes", body.len()))
    }

    /// These very bytes.
    pub async fn raw(&mut self, request: &[u8]) -> Result<Answer> {
        let answered = tokio::time::timeout(PATIENCE, self.exchange(request)).await;
        let answered = answered.context("no answer").and_then(|it| it);
        if answered.as_ref().map_or(true, |answer| answer.header("connection") == Some("close")) {
            self.stream = None;
            self.read.clear();
        }
        answered
    }

    async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            none => {
                let stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
                stream.set_nodelay(true)?;
                none.insert(stream)
            }
        };
        stream.write_all(request).await?;
        let mut part = vec![0; 16 * 1024];
        let end = loop {
            if let Some(at) = self.read.windows(4).position(|it| it == b"\r\n\r\n") {
                break at + 4;
            }
            let n = stream.read(&mut part).await?;
            ensure!(n > 0, "the connection was closed");
            self.read.extend(&part[..n]);
        };
        let head = String::from_utf8_lossy(&self.read[..end]).to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).context("no status")?;
        self.read.drain(..end);
        let answer = Answer { status, head, body: String::new() };
        let body = if let Some(length) = answer.header("content-length") {
            let length: usize = length.parse()?;
            while self.read.len() < length {
                let n = stream.read(&mut part).await?;
                ensure!(n > 0, "the connection was closed");
                self.read.extend(&part[..n]);
            }
            self.read.drain(..length).collect()
        } else if answer.header("transfer-encoding") == Some("chunked") {
            bail!("a chunked answer");
        } else {
            Vec::new()
        };
        Ok(Answer { body: String::from_utf8(body).context("the body is no UTF-8")?, ..answer })
    }
}
