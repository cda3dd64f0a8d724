//! Fetching the templates of all numbers, and how they are marked.

use std::collections::BTreeMap;

use cxconnect_core::template::{Template, TemplateKey};
use cxconnect_ledger::{LedgerError, Placed};
use cxconnect_sunco::{ApiError, IntegrationStatus};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    screens::{
        configuration::{
            patience::patiently,
            positions::state::{PositionsState, Row, Stage, Standing},
        },
        send::load::sender_name,
    },
    shell::texts::t,
};

/// Fetches all of it.
pub fn load(state: PositionsState) {
    state.stage.set(Stage::Loading);
    state.news.set(Vec::new());
    spawn_local(async move {
        let fetched = fetch(state).await;
        // The page may be gone by now.
        state.stage.try_set(fetched);
    });
}

async fn fetch(state: PositionsState) -> Stage {
    let backend = state.backend.get();
    let placed = match patiently(|| backend.ledger.placed()).await {
        Ok(placed) => placed,
        Err(LedgerError::Missing(_)) => return Stage::NotInstalled,
        Err(error) => return Stage::NoPositions(error),
    };
    let mut numbers = match backend.sunco.integrations().await {
        Ok(numbers) => numbers,
        Err(error) => return Stage::NoTemplates(error),
    };
    numbers.retain(|number| number.status == IntegrationStatus::Active);
    let mut templates: Vec<Template> = Vec::new();
    let mut missing = Vec::new();
    let mut last_error: Option<ApiError> = None;
    for number in &numbers {
        match backend.sunco.templates(&number.id).await {
            Ok(list) => templates.extend(list.templates),
            Err(error) => {
                missing.push(sender_name(number, &t("sender.unnamed")));
                last_error = Some(error);
            }
        }
    }
    if let Some(error) = last_error.filter(|_| missing.len() == numbers.len()) {
        return Stage::NoTemplates(error);
    }
    let rows = rows(templates, placed, missing.is_empty());
    state.missing_numbers.try_set(missing);
    state.rows.try_set(rows);
    Stage::Ready
}

/// Each template once, by name and language; and those that are marked and no longer there.
fn rows(templates: Vec<Template>, placed: Vec<Placed>, is_complete: bool) -> Vec<Row> {
    let mut rows: BTreeMap<TemplateKey, Row> = BTreeMap::new();
    for template in templates {
        let key = template.key();
        let id = template.id.map(|id| id.to_string()).unwrap_or_default();
        let standing = Standing::Listed(template.status);
        rows.entry(key.clone()).or_insert(Row { key, id, standing, placed: None });
    }
    for placed in placed {
        let key = placed.key.clone();
        let standing = if is_complete { Standing::Gone } else { Standing::Unknown };
        let row =
            rows.entry(key.clone()).or_insert(Row { key, id: placed.id.clone(), standing, placed: None });
        row.placed = Some(placed);
    }
    rows.into_values().collect()
}
