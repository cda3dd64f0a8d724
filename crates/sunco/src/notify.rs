//! What the answer to a sent notification means for its message: accepted, refused, to be repeated, or unknown.

use cxconnect_core::dispatch::{Answer, Doubt, NotificationId, Refusal, StopCause, StopKind};
use serde::Deserialize;

use crate::{PayloadError, Response, TransportError, fault::Fault};

/// Reads the answer to a send. In doubt, the outcome is unknown: there is no idempotency key, so only what provably was
/// turned away may ever be repeated.
pub(crate) fn answer(result: Result<Response, TransportError>) -> Answer {
    match result {
        Ok(response) => read(&response),
        Err(TransportError::Timeout) => Answer::Unknown(Doubt::Timeout),
        Err(TransportError::Lost { .. }) => Answer::Unknown(Doubt::ConnectionLost),
        Err(TransportError::ProxyRefused { detail }) => {
            Answer::Stop(StopCause { kind: StopKind::ProxyRefused, text: detail })
        }
    }
}

/// A message that can't be built never leaves. Status 0 says so: there was no call.
pub(crate) fn not_built(error: &PayloadError) -> Answer {
    Answer::Refused(Refusal { status: 0, code: Some(error.code().to_owned()), text: error.to_string() })
}

fn read(response: &Response) -> Answer {
    let status = response.status;
    match status {
        200..=299 => accepted(&response.body)
            .map_or(Answer::Unknown(Doubt::NotUnderstood { status }), Answer::Accepted),
        401 => stop(StopKind::Unauthorized, response),
        402 => stop(StopKind::PaymentRequired, response),
        403 => stop(StopKind::Forbidden, response),
        // A gateway that gave up waiting (408, nginx's 499) may have passed the message on before.
        408 | 499 => Answer::Unknown(Doubt::Timeout),
        429 => {
            let retry_after_ms = response.retry_after_s.map(|seconds| u64::from(seconds) * 1000);
            Answer::Throttled { retry_after_ms }
        }
        400..=499 => {
            let Fault { code, text } = Fault::read(&response.body);
            Answer::Refused(Refusal { status, code, text })
        }
        500..=599 => Answer::Unknown(Doubt::Server { status }),
        _ => Answer::Unknown(Doubt::NotUnderstood { status }),
    }
}

fn stop(kind: StopKind, response: &Response) -> Answer {
    Answer::Stop(StopCause { kind, text: Fault::read(&response.body).text })
}

/// The id in `{"notification":{"_id":"…"}}` (Sunshine Conversations API v1.1, "Notifications").
fn accepted(body: &str) -> Option<NotificationId> {
    #[derive(Deserialize)]
    struct Accepted {
        notification: Created,
    }
    #[derive(Deserialize)]
    struct Created {
        #[serde(rename = "_id")]
        id: String,
    }
    serde_json::from_str::<Accepted>(body)
        .ok()
        .and_then(|accepted| NotificationId::parse(&accepted.notification.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<html><body><h1>Not Found</h1></body></html>";

    fn answered(status: u16, body: &str) -> Answer {
        answer(Ok(Response { status, body: body.to_owned(), retry_after_s: None }))
    }

    fn refused(status: u16, code: Option<&str>, text: &str) -> Answer {
        Answer::Refused(Refusal { status, code: code.map(ToOwned::to_owned), text: text.to_owned() })
    }

    #[test]
    fn a_success_with_an_id_is_accepted() {
        let body = r#"{"notification":{"_id":"9d633118-27d3-437d-9d81-621b07903e06","more":1},"x":null}"#;
        let id = NotificationId::parse("9d633118-27d3-437d-9d81-621b07903e06").unwrap();
        assert_eq!(answered(201, body), Answer::Accepted(id.clone()));
        assert_eq!(answered(200, body), Answer::Accepted(id));
    }

    #[test]
    fn a_success_without_an_id_is_unknown() {
        for body in
            ["", "{}", HTML, r#"{"notification":{}}"#, r#"{"notification":{"_id":""}}"#, "null", "201"]
        {
            assert_eq!(answered(201, body), Answer::Unknown(Doubt::NotUnderstood { status: 201 }), "{body}");
        }
    }

    #[test]
    fn other_4xx_refuse_this_message_only() {
        let body = r#"{"error":{"code":"bad_request","description":"Destination is invalid"}}"#;
        for status in [400, 404, 409, 413, 415, 422, 423] {
            assert_eq!(
                answered(status, body),
                refused(status, Some("bad_request"), "Destination is invalid")
            );
        }
        assert_eq!(answered(413, ""), refused(413, None, ""));
        assert_eq!(answered(404, HTML), refused(404, None, "the answer is HTML instead of JSON: Not Found"));
    }

    #[test]
    fn what_concerns_every_message_stops_the_batch() {
        let body = r#"{"errors":[{"code":"unauthorized","title":"Authorization is required"}]}"#;
        for (status, kind) in
            [(401, StopKind::Unauthorized), (402, StopKind::PaymentRequired), (403, StopKind::Forbidden)]
        {
            let text = "Authorization is required".to_owned();
            assert_eq!(answered(status, body), Answer::Stop(StopCause { kind, text }));
        }
        let detail = "Proxy error: Invalid request".to_owned();
        assert_eq!(
            answer(Err(TransportError::ProxyRefused { detail: detail.clone() })),
            Answer::Stop(StopCause { kind: StopKind::ProxyRefused, text: detail })
        );
    }

    #[test]
    fn a_429_was_not_sent() {
        assert_eq!(answered(429, HTML), Answer::Throttled { retry_after_ms: None });
        let response = Response { status: 429, body: String::new(), retry_after_s: Some(2) };
        assert_eq!(answer(Ok(response)), Answer::Throttled { retry_after_ms: Some(2000) });
    }

    #[test]
    fn whatever_may_have_been_sent_is_unknown() {
        for status in [500, 502, 503, 504] {
            assert_eq!(answered(status, HTML), Answer::Unknown(Doubt::Server { status }));
        }
        for status in [0, 100, 302, 600] {
            assert_eq!(answered(status, ""), Answer::Unknown(Doubt::NotUnderstood { status }));
        }
        assert_eq!(answered(408, ""), Answer::Unknown(Doubt::Timeout));
        assert_eq!(answered(499, ""), Answer::Unknown(Doubt::Timeout));
        assert_eq!(answer(Err(TransportError::Timeout)), Answer::Unknown(Doubt::Timeout));
        let lost = TransportError::Lost { detail: "status 0".to_owned() };
        assert_eq!(answer(Err(lost)), Answer::Unknown(Doubt::ConnectionLost));
    }
}
