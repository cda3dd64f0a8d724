//! The words for what became of a message.

use cxconnect_core::{
    dispatch::{Doubt, MessageState, Refusal, UnixMillis},
    reasons::Reason,
    report::{Standing, Wording},
};

use crate::shell::{
    clock,
    texts::{t, tr},
};

/// Why a message is in its state, in the agent's words; empty where there is nothing to explain.
pub fn detail(state: &MessageState) -> String {
    match state {
        MessageState::Waiting | MessageState::Claimed | MessageState::Accepted(_) => String::new(),
        MessageState::Refused(refusal) => refused(refusal),
        MessageState::Unknown(doubt) => match doubt {
            Doubt::Timeout => t("doubt.timeout"),
            Doubt::ConnectionLost => t("doubt.lost"),
            Doubt::Server { status } => tr("doubt.server", &[("status", &status.to_string())]),
            Doubt::NotUnderstood { status } => tr("doubt.not_understood", &[("status", &status.to_string())]),
            Doubt::Interrupted => t("doubt.interrupted"),
        },
        MessageState::MarkedSent => t("detail.marked_sent"),
        MessageState::NotSent => t("detail.not_sent"),
    }
}

/// How a standing looks.
pub fn tag(standing: Standing) -> &'static str {
    match standing {
        Standing::Claimed => "tag tag-info",
        Standing::Accepted | Standing::MarkedSent => "tag tag-success",
        Standing::Refused => "tag tag-danger",
        Standing::Unknown => "tag tag-warning",
        Standing::Waiting | Standing::NotSent | Standing::LeftOut => "tag",
    }
}

/// Cause and remedy if the catalogue knows them, and always the provider's own words.
fn refused(refusal: &Refusal) -> String {
    let said = match (&refusal.code, refusal.text.as_str()) {
        (Some(code), "") => code.clone(),
        (None, "") => tr("detail.status", &[("status", &refusal.status.to_string())]),
        (Some(code), text) => format!("{code} - {text}"),
        (None, text) => text.to_owned(),
    };
    match Reason::find(&refusal.text) {
        Some(reason) => format!("{} ({said})", cause_and_remedy(reason)),
        None => tr("detail.provider", &[("text", &said)]),
    }
}

/// A known reason in the agent's words.
pub fn cause_and_remedy(reason: Reason) -> String {
    let key = reason.key();
    [t(&format!("reason.{key}.cause")), t(&format!("reason.{key}.remedy"))].join(" ")
}

/// The words of the results file.
pub struct ReportWording;

impl Wording for ReportWording {
    fn heads(&self) -> [String; 8] {
        ["row", "line", "phone", "state", "reason", "id", "sent_at", "ended_at"]
            .map(|head| t(&format!("report.{head}")))
    }

    fn standing(&self, standing: Standing) -> String {
        t(&format!("state.{}", standing.key()))
    }

    fn reason(&self, state: &MessageState) -> String {
        detail(state)
    }

    fn retried(&self) -> String {
        t("detail.retried")
    }

    fn time(&self, time: UnixMillis) -> String {
        clock::written(time)
    }
}
