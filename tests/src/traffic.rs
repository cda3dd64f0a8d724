//! What the sandbox saw: calls that were made, messages that were taken.

use cxconnect_sandbox::{Exchange, Sandbox};

/// The calls that were meant to send a message, as they came from the browser, answered or not.
pub fn sends(sandbox: &Sandbox) -> Vec<Exchange> {
    let mut exchanges = sandbox.traffic();
    exchanges.retain(|exchange| {
        exchange.request_line.starts_with("POST") && exchange.request_line.contains("notifications")
    });
    exchanges
}

/// How many calls were made for one number.
pub fn sends_to(sandbox: &Sandbox, phone: &str) -> usize {
    sends(sandbox).iter().filter(|exchange| exchange.request_body.contains(phone)).count()
}

/// How many messages WhatsApp got for one number, given by its digits.
pub fn received_by(sandbox: &Sandbox, phone: &str) -> u32 {
    sandbox.sunco().n_received_by(phone)
}

/// What WhatsApp got, in the order of the numbers: each number, and the text as its owner reads it.
pub fn messages(sandbox: &Sandbox) -> Vec<(String, String)> {
    let received = sandbox.sunco().received().into_iter();
    let mut messages: Vec<(String, String)> = received.map(|it| (it.phone, it.rendered.body)).collect();
    messages.sort_unstable();
    messages
}
