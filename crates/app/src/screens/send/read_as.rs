//! How the file was read, and how else it could be.

use cxconnect_core::{
    problem::RowNumber,
    sheet::{Delimiter, Encoding, HeaderChoice, HeaderPresence, ReadAs, Source},
};
use leptos::prelude::*;

use crate::{
    components::dynamic,
    screens::send::{checking, state::SendState, work::Work},
    shell::texts::{number, t, tn, tr},
};

/// So many rows can be chosen as the header.
const HEADER_ROWS: usize = 10;

/// The sentence.
#[component]
pub fn ReadAsText(state: SendState) -> impl IntoView {
    let texts = state.peek(|work| texts(work.sheet.read_as())).unwrap_or_default();
    texts.into_iter().map(|text| view! { <span class="muted">{text}</span> }).collect_view()
}

fn texts(read_as: &ReadAs) -> Vec<String> {
    let source = match &read_as.source {
        Source::Text { encoding, delimiter } => {
            format!("{}, {}", delimiter_name(*delimiter), encoding_name(*encoding))
        }
        Source::Workbook { sheet } => tr("check.sheet", &[("sheet", sheet)]),
    };
    let header = match read_as.header {
        HeaderPresence::Present { row, .. } => tr("check.header.present", &[("row", &row.to_string())]),
        HeaderPresence::Absent => t("check.header.absent"),
    };
    let columns = tn("check.columns", read_as.n_columns, &[]);
    let rows = tn("check.rows", read_as.n_rows, &[]);
    let arguments =
        [("source", source.as_str()), ("header", &header), ("columns", &columns), ("rows", &rows)];
    let mut texts = vec![tr("check.read_as", &arguments)];
    if 0 < read_as.trailing_blank_lines {
        texts.push(tn("check.trailing_blank", read_as.trailing_blank_lines, &[]));
    }
    if 0 < read_as.rows_above_header {
        texts.push(tn("check.above_header", read_as.rows_above_header, &[]));
    }
    texts
}

fn delimiter_name(delimiter: Delimiter) -> String {
    t(&format!("check.delimiter.{}", delimiter.code()))
}

fn encoding_name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "UTF-8",
        Encoding::Utf8Bom => "UTF-8 (BOM)",
        Encoding::Utf16Le => "UTF-16 LE",
        Encoding::Utf16Be => "UTF-16 BE",
        Encoding::Windows1252 => "Windows-1252",
    }
}

/// The sentence, and a way to change each of its parts.
#[component]
pub fn ReadAsChoices(state: SendState) -> impl IntoView {
    let choices = state.peek(|work| {
        let read_as = work.sheet.read_as();
        let mut choices = Vec::new();
        match &read_as.source {
            Source::Text { encoding, delimiter } => {
                let delimiters = Delimiter::ALL.map(|it| (delimiter_name(it), it == *delimiter)).to_vec();
                choices.push(choice("check.choose.delimiter", delimiters, move |idx| {
                    checking::read_again(state, |origin| {
                        origin.options.delimiter = Delimiter::ALL.get(idx).copied();
                    });
                }));
                let encodings =
                    Encoding::ALL.map(|it| (encoding_name(it).to_owned(), it == *encoding)).to_vec();
                choices.push(choice("check.choose.encoding", encodings, move |idx| {
                    checking::read_again(state, |origin| {
                        origin.options.encoding = Encoding::ALL.get(idx).copied();
                    });
                }));
            }
            Source::Workbook { .. } => {
                let book = work.origin.book.as_ref();
                let sheets = book.map(|book| {
                    let chosen = book.sheet_idx;
                    let sheets = book.workbook.sheets().iter().enumerate();
                    sheets.map(|(idx, sheet)| (sheet.name.clone(), idx == chosen)).collect()
                });
                choices.push(choice("check.choose.sheet", sheets.unwrap_or_default(), move |idx| {
                    checking::read_again(state, |origin| {
                        // Where the header is differs from sheet to sheet.
                        origin.options.header = None;
                        if let Some(book) = &mut origin.book {
                            book.sheet_idx = idx;
                        }
                    });
                }));
            }
        }
        let at = match read_as.header {
            HeaderPresence::Present { row, .. } => row.get(),
            HeaderPresence::Absent => 0,
        };
        let last = work.sheet.row_number(work.sheet.n_rows().saturating_sub(1)).get();
        // The last row is left as a recipient's.
        let headers = (0..=HEADER_ROWS.min(last.saturating_sub(1)).max(at)).map(|row| {
            let name = match row {
                0 => t("check.choose.no_header"),
                row => tr("check.choose.row", &[("row", &number(row))]),
            };
            (name, row == at)
        });
        choices.push(choice("check.choose.header", headers.collect(), move |row| {
            checking::read_again(state, |origin| {
                origin.options.header = Some(match row {
                    0 => HeaderChoice::Absent,
                    row => HeaderChoice::At(RowNumber::new(row)),
                });
            });
        }));
        choices
    });
    view! {
        <details class="choices">
            <summary>
                <ReadAsText state />
                " "
                <span class="link">{t("check.change")}</span>
            </summary>
            <div class="row">{choices}</div>
            {dynamic(move || {
                let n = state.look(Work::n_changes).unwrap_or_default();
                (0 < n).then(|| view! { <p class="hint">{tn("check.loses", n, &[])}</p> })
            })}
        </details>
    }
}

/// A list of names, of which one is chosen.
pub fn choice(label: &'static str, names: Vec<(String, bool)>, choose: impl Fn(usize) + 'static) -> AnyView {
    let options = names
        .into_iter()
        .enumerate()
        .map(|(idx, (name, is_chosen))| {
            view! {
                <option value=idx.to_string() selected=is_chosen>
                    {name}
                </option>
            }
        })
        .collect_view();
    view! {
        <label class="field">
            <span class="hint">{t(label)}</span>
            <select
                class="input input-inline"
                data-choice=label
                on:change:target=move |event| {
                    if let Ok(idx) = event.target().value().parse() {
                        choose(idx);
                    }
                }
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}
