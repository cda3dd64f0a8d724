//! What the batches' counters say, as pictures.

use cxconnect_core::{
    ledger::{BatchRecord, Figures},
    stats::{Groups, Share, Totals, days},
};
use leptos::prelude::*;

use super::chart::{Item, Part, Shape, Table, chart};
use crate::{
    screens::messages::words,
    shell::{
        clock,
        texts::{amount, date, short_date, t, tr},
    },
};

/// So many reasons and templates at most; the rest is in no picture, but in the tables below.
const MOST_BARS: usize = 10;

/// The pictures that have data.
pub fn pictures(batches: &[BatchRecord]) -> AnyView {
    let totals: Totals = batches.iter().collect();
    let all = [per_day(batches), funnel(&totals.figures), failures(&totals), read_rate(batches)];
    let all: Vec<_> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| view! { <div class="charts">{all}</div> }).into_any()
}

fn share_class(share: Share) -> &'static str {
    match share {
        Share::Read => "chart-read",
        Share::Delivered => "chart-delivered",
        Share::Sent => "chart-sent",
        Share::Placed => "chart-placed",
        Share::Unknown => "chart-unknown",
        Share::Failed => "chart-failed",
    }
}

fn share_name(share: Share) -> String {
    t(&format!("stats.share.{}", share.key()))
}

fn written(n: u64) -> String {
    amount(n)
}

/// Messages per day, by state.
fn per_day(batches: &[BatchRecord]) -> Option<AnyView> {
    let days = days(batches, clock::day);
    if days.iter().all(|(_, figures)| figures.n_done() == 0) {
        return None;
    }
    // States that nothing is in need no colour.
    let shares: Vec<Share> = Share::ALL
        .into_iter()
        .filter(|share| days.iter().any(|(_, figures)| share.of(figures) != 0))
        .collect();
    let item = |(day, figures): &(chrono::NaiveDate, Figures)| {
        let said =
            shares.iter().map(|share| format!("{}: {}", share_name(*share), written(share.of(figures))));
        Item {
            name: short_date(*day),
            // The worst at the top.
            parts: shares.iter().map(|it| Part { class: share_class(*it), n: it.of(figures) }).collect(),
            value: written(figures.n_done()),
            said: [date(*day), said.collect::<Vec<_>>().join(" · ")].join(" — "),
        }
    };
    let row = |(day, figures): &(chrono::NaiveDate, Figures)| {
        let cells = shares.iter().map(|share| written(share.of(figures)));
        std::iter::once(date(*day)).chain(cells).collect()
    };
    let heads = std::iter::once(t("stats.head.day")).chain(shares.iter().map(|it| share_name(*it)));
    let table = Table { heads: heads.collect(), rows: days.iter().map(row).collect() };
    let legend = shares.iter().map(|share| (share_class(*share), share_name(*share))).collect();
    let items = days.iter().map(item).collect();
    Some(chart(t("stats.chart.days"), "chart-days", Shape::Columns, items, legend, table))
}

fn rate(n: u64, of: u64) -> String {
    let percent = n.saturating_mul(100).checked_div(of).unwrap_or_default();
    format!("{percent} %")
}

/// Sent → delivered → read; nothing where no message is known to have been delivered.
fn funnel(all: &Figures) -> Option<AnyView> {
    // Where no receipt has come, nobody knows what was delivered.
    if all.n_delivered == 0 && all.n_read == 0 {
        return None;
    }
    let steps = [
        ("sent", "chart-placed", all.n_sent),
        ("delivered", "chart-delivered", all.n_delivered),
        ("read", "chart-read", all.n_read),
    ];
    let name = |key: &str| t(&format!("stats.funnel.{key}"));
    let item = |(key, class, n): (&str, &'static str, u64)| Item {
        name: name(key),
        parts: vec![Part { class, n }],
        value: format!("{} · {}", written(n), rate(n, all.n_sent)),
        said: tr(
            "stats.funnel.said",
            &[("name", &name(key)), ("n", &written(n)), ("rate", &rate(n, all.n_sent))],
        ),
    };
    let row = |(key, _, n): (&str, &str, u64)| vec![name(key), written(n), rate(n, all.n_sent)];
    let table = Table {
        heads: vec![t("stats.head.status"), t("stats.head.messages"), t("stats.head.rate")],
        rows: steps.into_iter().map(row).collect(),
    };
    let items = steps.into_iter().map(item).collect();
    let shape = Shape::Bars { of: Some(all.n_sent) };
    Some(chart(t("stats.chart.funnel"), "chart-funnel", shape, items, Vec::new(), table))
}

/// Failures by reason, the most frequent first.
fn failures(totals: &Totals) -> Option<AnyView> {
    let mut reasons: Vec<(&String, &u64)> = totals.failures.iter().filter(|(_, n)| **n != 0).collect();
    if reasons.is_empty() {
        return None;
    }
    reasons.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let all: u64 = reasons.iter().map(|(_, n)| **n).sum();
    let row = |(key, n): &(&String, &u64)| vec![words::reason(key), written(**n), rate(**n, all)];
    let table = Table {
        heads: vec![t("stats.head.reason"), t("stats.head.messages"), t("stats.head.rate")],
        rows: reasons.iter().map(row).collect(),
    };
    let item = |(key, n): &(&String, &u64)| Item {
        name: words::reason(key),
        parts: vec![Part { class: "chart-failed", n: **n }],
        value: written(**n),
        said: format!("{} — {} ({})", words::reason(key), written(**n), rate(**n, all)),
    };
    let items = reasons.iter().take(MOST_BARS).map(item).collect();
    Some(chart(
        t("stats.chart.failures"),
        "chart-failures",
        Shape::Bars { of: None },
        items,
        Vec::new(),
        table,
    ))
}

/// How many of a template's messages are read; nothing where no message is known to have been.
fn read_rate(batches: &[BatchRecord]) -> Option<AnyView> {
    let groups = Groups::by(batches, |batch| &batch.template);
    let sent: Vec<(&str, &Figures)> = groups.iter().filter(|(_, it)| it.n_sent != 0).collect();
    if sent.iter().all(|(_, it)| it.n_read == 0) {
        return None;
    }
    let row = |(name, it): &(&str, &Figures)| {
        vec![(*name).to_owned(), written(it.n_sent), written(it.n_read), rate(it.n_read, it.n_sent)]
    };
    let table = Table {
        heads: ["template", "sent", "read", "rate"].map(|head| t(&format!("stats.head.{head}"))).to_vec(),
        rows: sent.iter().map(row).collect(),
    };
    let item = |(name, it): &(&str, &Figures)| {
        let percent = it.n_read.saturating_mul(100).checked_div(it.n_sent).unwrap_or_default();
        Item {
            name: (*name).to_owned(),
            parts: vec![Part { class: "chart-read", n: percent }],
            value: rate(it.n_read, it.n_sent),
            said: tr(
                "stats.read_rate_said",
                &[
                    ("template", name),
                    ("rate", &rate(it.n_read, it.n_sent)),
                    ("read", &written(it.n_read)),
                    ("sent", &written(it.n_sent)),
                ],
            ),
        }
    };
    let items = sent.iter().take(MOST_BARS).map(item).collect();
    let shape = Shape::Bars { of: Some(100) };
    Some(chart(t("stats.chart.read_rate"), "chart-read-rate", shape, items, Vec::new(), table))
}
