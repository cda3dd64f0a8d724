//! Finding rows in the results.

use crate::{
    dispatch::{Dispatch, MessageState},
    fold,
    frozen::{Frozen, Outcome},
    phone::E164,
    report::Standing,
};

/// So many reasons that were looked through last are remembered: most refusals of a batch say the same.
const N_REMEMBERED: usize = 16;

/// Looks for rows, slice by slice: [`Search::step`] until it says that all were looked at, then [`Search::finish`].
#[derive(Clone, Debug)]
pub struct Search {
    standing: Option<Standing>,
    /// What is looked for, as texts are compared; empty if for any.
    text: String,
    /// What is looked for in phones: digits, at least three.
    digits: Option<String>,
    found: Vec<u32>,
    n_done: usize,
    folded: String,
    remembered: Vec<(MessageState, bool)>,
}

impl Search {
    /// For rows that stand so, if it matters, and that have this text in their cells or values, in their phone, or in
    /// what is said about their state. Case and accents don't matter, nor do blanks and signs in a phone.
    pub fn new(standing: Option<Standing>, text: &str) -> Self {
        let mut folded = String::new();
        fold::push(&mut folded, text.trim());
        let is_phone = folded.chars().all(|c| c.is_ascii_digit() || "+-.() ".contains(c));
        let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
        Self {
            standing,
            digits: (is_phone && 3 <= digits.len()).then_some(digits),
            text: folded,
            found: Vec::new(),
            n_done: 0,
            folded: String::new(),
            remembered: Vec::new(),
        }
    }

    /// Looks at the next rows. `reason` says what is said about a state. Returns whether all were looked at.
    pub fn step(
        &mut self,
        n_rows: usize,
        frozen: &Frozen,
        dispatch: &Dispatch,
        reason: &dyn Fn(&MessageState) -> String,
    ) -> bool {
        let end = self.n_done.saturating_add(n_rows).min(frozen.n_rows());
        for row_idx in self.n_done..end {
            if self.is_found(row_idx, frozen, dispatch, reason) {
                // A batch has fewer rows.
                self.found.push(u32::try_from(row_idx).unwrap_or(u32::MAX));
            }
        }
        self.n_done = end;
        end == frozen.n_rows()
    }

    /// The rows that were found so far, from 0, in the file's order.
    pub fn found(&self) -> &[u32] {
        &self.found
    }

    /// The rows that were found.
    pub fn finish(self) -> Vec<u32> {
        self.found
    }

    fn is_found(
        &mut self,
        row_idx: usize,
        frozen: &Frozen,
        dispatch: &Dispatch,
        reason: &dyn Fn(&MessageState) -> String,
    ) -> bool {
        let Some(row) = frozen.row(row_idx) else { return false };
        let (standing, state) = Standing::of_row(&row.outcome, dispatch);
        if self.standing.is_some_and(|wanted| wanted != standing) {
            return false;
        }
        if self.text.is_empty() {
            return true;
        }
        let to = match row.outcome {
            Outcome::Message { to, .. } => Some(to),
            Outcome::LeftOut { .. } => None,
        };
        self.is_in_phone(to)
            || self.is_in(&row.text())
            || state.is_some_and(|state| self.is_said(state, reason))
    }

    fn is_in_phone(&self, to: Option<E164>) -> bool {
        let digits = self.digits.as_deref().zip(to);
        digits.is_some_and(|(digits, to)| to.digits().as_str().contains(digits))
    }

    fn is_in(&mut self, text: &str) -> bool {
        self.folded.clear();
        fold::push(&mut self.folded, text);
        self.folded.contains(&self.text)
    }

    fn is_said(&mut self, state: &MessageState, reason: &dyn Fn(&MessageState) -> String) -> bool {
        if let MessageState::Accepted(id) = state {
            return self.is_in(id.as_str());
        }
        if let Some((_, is_in)) = self.remembered.iter().find(|(known, _)| known == state) {
            return *is_in;
        }
        let is_in = self.is_in(&reason(state));
        if self.remembered.len() == N_REMEMBERED {
            self.remembered.remove(0);
        }
        self.remembered.push((state.clone(), is_in));
        is_in
    }
}
