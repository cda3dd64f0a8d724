//! A page of help.

use cxconnect_core::help::{Block, Link, Table, Topic};
use leptos::prelude::*;

use crate::shell::texts::t;

/// The page, from its heading on.
pub fn topic(topic: &Topic) -> AnyView {
    view! {
        <h2 id="support-title" tabindex="-1">
            {topic.title.clone()}
        </h2>
        {topic.blocks.iter().map(block).collect_view()}
    }
    .into_any()
}

fn block(block: &Block) -> AnyView {
    match block {
        Block::Heading(text) => view! { <h3>{text.clone()}</h3> }.into_any(),
        Block::Text(text) => view! { <p>{text.clone()}</p> }.into_any(),
        Block::Steps(steps) => view! { <ol class="support-steps">{items(steps)}</ol> }.into_any(),
        Block::List(all) => view! { <ul class="support-list">{items(all)}</ul> }.into_any(),
        Block::Sample(text) => view! { <pre class="support-sample">{text.clone()}</pre> }.into_any(),
        Block::Note(text) => view! { <p class="notice">{text.clone()}</p> }.into_any(),
        Block::Table(the) => table(the),
        Block::Link(the) => link(the),
    }
}

fn items(texts: &[String]) -> AnyView {
    texts.iter().map(|text| view! { <li>{text.clone()}</li> }.into_any()).collect_view().into_any()
}

fn table(Table { heads, rows }: &Table) -> AnyView {
    let head = |text: &String| view! { <th scope="col">{text.clone()}</th> }.into_any();
    let row = |cells: &Vec<String>| {
        let mut cells = cells.iter().cloned();
        // The first cell names the row.
        let name = cells.next().map(|text| view! { <th scope="row">{text}</th> });
        view! {
            <tr>{name} {cells.map(|text| view! { <td>{text}</td> }.into_any()).collect_view()}</tr>
        }
        .into_any()
    };
    view! {
        <table class="support-table">
            <thead>
                <tr>{heads.iter().map(head).collect_view()}</tr>
            </thead>
            <tbody>{rows.iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// The agent keeps the app: a link opens another tab, and says so to those who can't see it happen.
fn link(Link { text, to }: &Link) -> AnyView {
    view! {
        <p>
            <a href=to.as_str().to_owned() target="_blank" rel="noopener noreferrer">
                {text.clone()}
                <span class="visually-hidden">{t("support.new_tab")}</span>
            </a>
        </p>
    }
    .into_any()
}
