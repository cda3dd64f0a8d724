//! Every shape in which a request is known to succeed or fail.

use cxconnect_sunco::{Response, TransportError};
use cxconnect_zendesk::outcome;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::js;

#[expect(clippy::unnecessary_wraps, reason = "written as it is compared")]
fn response(status: u16, body: &str) -> Result<Response, TransportError> {
    Ok(Response { status, body: body.to_owned(), retry_after_s: None })
}

fn lost(detail: &str) -> Result<Response, TransportError> {
    Err(TransportError::Lost { detail: detail.to_owned() })
}

fn proxy_refused(detail: &str) -> Result<Response, TransportError> {
    Err(TransportError::ProxyRefused { detail: detail.to_owned() })
}

#[wasm_bindgen_test]
fn what_a_request_resolves_with() {
    for (value, expected) in [
        // The complete response. Its text counts, because the parsed body has lost the digits of large numbers.
        (
            r#"{readyState: 4, status: 201, statusText: "Created", responseText: '{"id":98765432109876543210}',
                responseJSON: {id: 98765432109876543210}}"#,
            response(201, r#"{"id":98765432109876543210}"#),
        ),
        (
            r#"{status: 201, responseJSON: {notification: {_id: "9d63"}}}"#,
            response(201, r#"{"notification":{"_id":"9d63"}}"#),
        ),
        (r#"{status: 200, responseText: "", responseJSON: {a: 1}}"#, response(200, r#"{"a":1}"#)),
        (r#"{status: 200, responseJSON: '{"a":1}'}"#, response(200, r#"{"a":1}"#)),
        (r#"{status: 204, statusText: "No Content"}"#, response(204, "")),
        (r#"{status: 200, responseText: "<html></html>"}"#, response(200, "<html></html>")),
        // A 4xx or 5xx among the successes.
        (
            r#"{status: 401, responseText: '{"errors":[{"code":"unauthorized"}]}'}"#,
            response(401, r#"{"errors":[{"code":"unauthorized"}]}"#),
        ),
        (r#"{status: 429, statusText: "Too Many Requests", responseText: ""}"#, response(429, "")),
        (r#"{status: 503, responseText: "<html>"}"#, response(503, "<html>")),
        // The parsed body alone, also one that has a status of its own.
        ("{messageTemplates: []}", response(200, r#"{"messageTemplates":[]}"#)),
        (r#"{status: "APPROVED"}"#, response(200, r#"{"status":"APPROVED"}"#)),
        ("{status: 7}", response(200, r#"{"status":7}"#)),
        ("[1, 2]", response(200, "[1,2]")),
        // A text alone, or nothing at all.
        (r#""<html>Sign in</html>""#, response(200, "<html>Sign in</html>")),
        (r#""""#, response(200, "")),
        ("undefined", response(200, "")),
        ("null", response(200, "")),
        // Failures among the successes.
        (
            r#"{name: "TimeoutError", message: 'Timeout when invoking "request"', invocationName: "request"}"#,
            Err(TransportError::Timeout),
        ),
        (r#"new Error("Proxy error: Invalid request")"#, proxy_refused("Proxy error: Invalid request")),
        (
            r#"{status: 400, responseText: "Proxy error: Invalid request"}"#,
            proxy_refused("Proxy error: Invalid request"),
        ),
        // A success that quotes the proxy is none of its refusals: the message may have left.
        (r#""Proxy error: Invalid request""#, response(200, "Proxy error: Invalid request")),
        (
            r#"{status: 201, responseText: "Proxy error: Invalid request"}"#,
            response(201, "Proxy error: Invalid request"),
        ),
        (
            r#"{status: 502, responseText: "Proxy error: Invalid request"}"#,
            response(502, "Proxy error: Invalid request"),
        ),
        (r#"new Error("gone")"#, lost("gone")),
        (r#"{status: 0, statusText: "error", responseText: ""}"#, lost("error")),
    ] {
        assert_eq!(outcome::resolved(&js(value)), expected, "{value}");
    }
}

#[wasm_bindgen_test]
fn what_a_request_is_rejected_with() {
    for (value, expected) in [
        // The failure object: any status is an answer.
        (
            r#"{readyState: 4, status: 400, statusText: "error", responseText: '{"error":{"code":"bad_request"}}',
                responseJSON: {error: {code: "bad_request"}}}"#,
            response(400, r#"{"error":{"code":"bad_request"}}"#),
        ),
        (r#"{status: 403, responseJSON: {error: "no"}}"#, response(403, r#"{"error":"no"}"#)),
        (r#"{status: 500, statusText: "error", responseText: "<html>"}"#, response(500, "<html>")),
        (r#"{status: 201, statusText: "parsererror", responseText: "<html>"}"#, response(201, "<html>")),
        (r#"Object.assign(new Error("HTTP"), {status: 429})"#, response(429, "")),
        // No answer: a refused connection can't be told from a lost answer.
        (r#"{readyState: 0, status: 0, statusText: "error"}"#, lost("error")),
        (r#"{readyState: 0, status: 0, statusText: "timeout"}"#, Err(TransportError::Timeout)),
        ("{readyState: 4}", lost("no answer")),
        (r#"new TypeError("Failed to fetch")"#, lost("Failed to fetch")),
        (r#"new Error("Invocation request timeout")"#, Err(TransportError::Timeout)),
        (r#""network down""#, lost("network down")),
        ("undefined", lost("no answer")),
        ("null", lost("no answer")),
        ("17", lost("no answer")),
        // The proxy refused, wherever it says so.
        (r#"new Error("Proxy error: Invalid request")"#, proxy_refused("Proxy error: Invalid request")),
        (r#""Proxy error: Invalid request""#, proxy_refused("Proxy error: Invalid request")),
        (
            r#"{status: 400, statusText: "error", responseText: "Proxy error: Invalid request"}"#,
            proxy_refused("Proxy error: Invalid request"),
        ),
        (
            r#"{status: 0, statusText: "Proxy error: Invalid request"}"#,
            proxy_refused("Proxy error: Invalid request"),
        ),
        // Nor is a server's failure.
        (
            r#"{status: 500, statusText: "error", responseText: "Proxy error: Invalid request"}"#,
            response(500, "Proxy error: Invalid request"),
        ),
        (
            r#"{status: 201, statusText: "parsererror", responseText: "Proxy error: Invalid request"}"#,
            response(201, "Proxy error: Invalid request"),
        ),
        (r#"{responseText: "Proxy error: Invalid request"}"#, proxy_refused("Proxy error: Invalid request")),
        (
            r#"{status: 403, responseJSON: {error: "https://x.zendesk.com/ is not a proxyable URI"}}"#,
            proxy_refused(r#"{"error":"https://x.zendesk.com/ is not a proxyable URI"}"#),
        ),
    ] {
        assert_eq!(outcome::rejected(&js(value)), expected, "{value}");
    }
}

#[wasm_bindgen_test]
fn a_cyclic_value_is_an_empty_body() {
    let cyclic = js("(() => { const o = {}; o.self = o; return o; })()");
    assert_eq!(outcome::resolved(&cyclic), response(200, ""));
}

#[wasm_bindgen_test]
fn long_details_are_cut() {
    let Err(TransportError::Lost { detail }) = outcome::rejected(&js(r#""x".repeat(5000)"#)) else {
        panic!("a text is a lost connection");
    };
    assert_eq!(detail.len(), 200);
}
