//! The outcome of a check, which follows edits.

use std::ops::Range;

use crate::{
    check::{
        Decisions, MediaFacts, MediaFile, OptOuts,
        duplicates::Duplicates,
        fields::FieldKind,
        media_files::{self, MediaFiles},
        rules::{Report, Rules},
        text,
    },
    phone::E164,
    problem::{ColumnIdx, LineNumber, Place, Problem, ProblemKind, Repair, RowNumber},
    sheet::{Cells, Sheet},
    template::Values,
};

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It can be sent.
    Ready,
    /// It is left out, and keeps nothing waiting: a duplicate, an opt-out, a number that marketing doesn't reach.
    Excluded,
    /// It has errors.
    Wrong,
}

/// A row and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The sheet's row, from 0.
    pub row: u32,
    /// The number.
    pub to: E164,
}

/// Rows by what becomes of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// They can be sent.
    pub n_ready: usize,
    /// They are left out.
    pub n_excluded: usize,
    /// They have errors.
    pub n_wrong: usize,
    /// Blank lines between rows, each an error of the file.
    pub n_blank_lines: usize,
}

impl Summary {
    /// Whether something has to be mended, or left for later by the agent's own decision.
    pub fn has_errors(self) -> bool {
        0 < self.n_wrong + self.n_blank_lines
    }
}

#[derive(Clone, Copy, Debug)]
struct Verdict {
    number: Option<E164>,
    fate: Fate,
}

/// What is wrong with a file's rows, and which of them can be sent.
#[derive(Clone, Debug)]
pub struct Checked {
    rules: Rules,
    verdicts: Vec<Verdict>,
    /// In the file's order.
    problems: Vec<Problem>,
    duplicates: Duplicates,
    media: MediaFiles,
    n_blank_lines: usize,
}

impl Checked {
    pub(super) fn new(rules: Rules, n_rows: usize) -> Self {
        Self {
            rules,
            verdicts: Vec::with_capacity(n_rows),
            problems: Vec::new(),
            duplicates: Duplicates::with_capacity(n_rows),
            media: MediaFiles::default(),
            n_blank_lines: 0,
        }
    }

    /// Judges the next row.
    pub(super) fn push(&mut self, sheet: &Sheet, idx: usize, cells: &Cells<'_>) {
        let row = as_u32(idx);
        let mut problems = std::mem::take(&mut self.problems);
        let n_before = problems.len();
        let number = self.judge(sheet, idx, cells, &mut problems);
        if let Some(number) = number
            && self.duplicates.push(number, row)
        {
            problems.push(self.duplicate(idx));
        }
        if let Some(url) = self.rules.media_url(cells) {
            self.media.add(url, row);
        }
        let fate = self.fate(row, problems.get(n_before..).unwrap_or_default());
        self.verdicts.push(Verdict { number, fate });
        self.problems = problems;
    }

    /// Adds what concerns the file as a whole.
    pub(super) fn finished(mut self, sheet: &Sheet) -> Self {
        self.n_blank_lines = sheet.blank_lines().len();
        let blank = (0..self.n_blank_lines).map(|idx| Problem {
            kind: ProblemKind::BlankLine,
            place: Place::BlankLine(idx),
            column: None,
        });
        let header =
            sheet.undecoded().iter().filter(|undecoded| undecoded.row_idx.is_none()).map(|undecoded| {
                let kind = ProblemKind::Undecodable {
                    byte: undecoded.byte,
                    character: undecoded.character,
                    is_sent: false,
                };
                Problem { kind, place: Place::Header, column: Some(undecoded.column) }
            });
        // Two lists in the file's order become one.
        let mut whole: Vec<Problem> = header.collect();
        let mut of_rows = std::mem::take(&mut self.problems).into_iter().peekable();
        for problem in blank {
            let at = place_key(sheet, problem.place);
            while let Some(earlier) = of_rows.next_if(|earlier| place_key(sheet, earlier.place) < at) {
                whole.push(earlier);
            }
            whole.push(problem);
        }
        if whole.is_empty() {
            self.problems = of_rows.collect();
        } else {
            whole.extend(of_rows);
            self.problems = whole;
        }
        self
    }

    /// Judges a row again, after an edit. Rows that have its old or new number are looked at again where that changes
    /// something for them.
    pub fn recheck(&mut self, sheet: &Sheet, idx: usize) {
        let row = as_u32(idx);
        let Some(before) = self.verdicts.get(idx).copied() else { return };
        let mut affected = Vec::new();
        if let Some(number) = before.number {
            affected.extend(self.duplicates.remove(number, row));
        }
        let mut cells = Cells::new();
        sheet.cells(idx, &mut cells);
        let number = self.judge(sheet, idx, &cells, &mut Vec::new());
        if let Some(number) = number {
            affected.extend(self.duplicates.insert(number, row));
        }
        self.media.remove(row);
        if let Some(url) = self.rules.media_url(&cells) {
            self.media.add(url, row);
        }
        drop(cells);
        for idx in [row].into_iter().chain(affected) {
            self.replace(sheet, usize::try_from(idx).unwrap_or(usize::MAX));
        }
    }

    /// Puts a row's problems anew, with its number as it is among the others.
    fn replace(&mut self, sheet: &Sheet, idx: usize) {
        let row = as_u32(idx);
        let mut cells = Cells::new();
        sheet.cells(idx, &mut cells);
        let mut problems = Vec::new();
        let number = self.judge(sheet, idx, &cells, &mut problems);
        if number.is_some_and(|number| self.duplicates.first(number) != Some(row)) {
            problems.push(self.duplicate(idx));
        }
        let fate = self.fate(row, &problems);
        if let Some(verdict) = self.verdicts.get_mut(idx) {
            *verdict = Verdict { number, fate };
        }
        let range = self.problems_range(sheet, idx);
        self.problems.splice(range, problems);
    }

    /// Everything about a row but its relation to others.
    fn judge(
        &self,
        sheet: &Sheet,
        idx: usize,
        cells: &Cells<'_>,
        problems: &mut Vec<Problem>,
    ) -> Option<E164> {
        let place = Place::Row(idx);
        let n_before = problems.len();
        let mut add = |kind, column| problems.push(Problem { kind, place, column });
        let mut report = Report { add: &mut add };
        let number = self.rules.phone(cells, &mut report);
        self.rules.values_problems(cells, &mut report);
        if !sheet.undecoded().is_empty() {
            self.undecodable(sheet, idx, cells, n_before, problems);
        }
        number
    }

    /// Bytes that were no characters. They explain the signs that stand for them, which then are no problem of their own.
    fn undecodable(
        &self,
        sheet: &Sheet,
        idx: usize,
        cells: &Cells<'_>,
        n_before: usize,
        problems: &mut Vec<Problem>,
    ) {
        let all = sheet.undecoded();
        let from = all.partition_point(|undecoded| undecoded.row_idx.is_none_or(|row_idx| row_idx < idx));
        let of_row = all.get(from..).unwrap_or_default().iter();
        let mut last = None;
        for undecoded in of_row.take_while(|undecoded| undecoded.row_idx == Some(idx)) {
            let column = undecoded.column;
            // Mended by hand, or told already.
            let is_still_there = cells.raw(column).is_some_and(|raw| raw.contains('\u{fffd}'));
            if !is_still_there || last == Some(column) {
                continue;
            }
            last = Some(column);
            let is_told = |problem: &Problem| {
                problem.kind == ProblemKind::CharacterLost && problem.column == Some(column)
            };
            if let Some(at) = problems.iter().skip(n_before).position(is_told) {
                problems.remove(n_before + at);
            }
            let kind = ProblemKind::Undecodable {
                byte: undecoded.byte,
                character: undecoded.character,
                is_sent: self.rules.uses(column),
            };
            problems.push(Problem { kind, place: Place::Row(idx), column: Some(column) });
        }
    }

    fn duplicate(&self, idx: usize) -> Problem {
        let is_included = self.rules.config.decisions.includes_duplicates;
        let kind = ProblemKind::DuplicatePhone { is_included };
        Problem { kind, place: Place::Row(idx), column: self.rules.phone }
    }

    fn fate(&self, row: u32, problems: &[Problem]) -> Fate {
        if problems.iter().any(Problem::is_error) || self.media.is_refused(row) {
            Fate::Wrong
        } else if problems.iter().any(|problem| problem.kind.excludes()) {
            Fate::Excluded
        } else {
            Fate::Ready
        }
    }

    /// What was found out about one of the files (see [`Checked::media_files`]).
    pub fn learn_of_media(&mut self, file_idx: usize, facts: MediaFacts) {
        let kind = self.rules.fields.all.iter().find_map(|field| match field.kind {
            FieldKind::Media(kind) => Some(kind),
            _ => None,
        });
        let Some((file, kind)) = self.media.files.get_mut(file_idx).zip(kind) else { return };
        file.findings = Some(media_files::judge(kind, facts));
        if !file.is_refused() {
            return;
        }
        for &row in &file.rows {
            if let Some(verdict) = self.verdicts.get_mut(usize::try_from(row).unwrap_or(usize::MAX)) {
                verdict.fate = Fate::Wrong;
            }
        }
    }

    /// Nobody could look at one of the files in time, which is no error.
    pub fn give_up_on_media(&mut self, file_idx: usize) {
        if let Some(file) = self.media.files.get_mut(file_idx) {
            file.findings.get_or_insert_with(|| vec![ProblemKind::MediaNotWeighed]);
        }
    }

    /// Takes over what an earlier check of the same file found out about its media.
    pub fn learn_from(&mut self, earlier: &Self) {
        for known in &earlier.media.files {
            let place = self.media.place(&known.url);
            if let Some(file) = place.and_then(|place| self.media.files.get_mut(place)) {
                file.findings.clone_from(&known.findings);
            }
        }
        let refused = self.media.files.iter().filter(|file| file.is_refused());
        for row in refused.flat_map(|file| &file.rows) {
            if let Some(verdict) = self.verdicts.get_mut(usize::try_from(*row).unwrap_or(usize::MAX)) {
                verdict.fate = Fate::Wrong;
            }
        }
    }

    /// The header media's distinct files, in the order in which they are first named.
    pub fn media_files(&self) -> &[MediaFile] {
        &self.media.files
    }

    /// The file that a row names, if it is one of those.
    pub fn media_of(&self, idx: usize) -> Option<&MediaFile> {
        let row = as_u32(idx);
        self.media.files.iter().find(|file| file.rows.binary_search(&row).is_ok())
    }

    /// How many rows name a file beyond those of [`Checked::media_files`].
    pub fn n_rows_with_other_media(&self) -> usize {
        self.media.n_rows_beyond
    }

    /// Everything that is wrong, in the file's order.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The problems of one row.
    pub fn problems_of(&self, sheet: &Sheet, idx: usize) -> &[Problem] {
        self.problems.get(self.problems_range(sheet, idx)).unwrap_or_default()
    }

    fn problems_range(&self, sheet: &Sheet, idx: usize) -> Range<usize> {
        let at = place_key(sheet, Place::Row(idx));
        let start = self.problems.partition_point(|problem| place_key(sheet, problem.place) < at);
        let of_row = self.problems.get(start..).unwrap_or_default().iter();
        let n = of_row.take_while(|problem| problem.place == Place::Row(idx)).count();
        start..start + n
    }

    /// How many rows there are of each fate.
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { n_blank_lines: self.n_blank_lines, ..Summary::default() };
        for verdict in &self.verdicts {
            match verdict.fate {
                Fate::Ready => summary.n_ready += 1,
                Fate::Excluded => summary.n_excluded += 1,
                Fate::Wrong => summary.n_wrong += 1,
            }
        }
        summary
    }

    /// How many problems of each sort there are, the most urgent first; none that has none.
    pub fn repairs(&self) -> Vec<(Repair, usize)> {
        let mut counts = Repair::ALL.map(|repair| (repair, 0));
        for problem in &self.problems {
            let repair = problem.kind.repair();
            if let Some((_, count)) = counts.iter_mut().find(|(other, _)| *other == repair) {
                *count += 1;
            }
        }
        counts.into_iter().filter(|(_, count)| 0 < *count).collect()
    }

    /// What becomes of a row; `None` if there is no such row.
    pub fn fate_of(&self, idx: usize) -> Option<Fate> {
        self.verdicts.get(idx).map(|verdict| verdict.fate)
    }

    /// The number that a row would be sent to.
    pub fn number_of(&self, idx: usize) -> Option<E164> {
        self.verdicts.get(idx).and_then(|verdict| verdict.number)
    }

    /// The rows that can be sent, in the file's order.
    pub fn targets(&self) -> Vec<Target> {
        let is_ready = |(_, verdict): &(usize, &Verdict)| verdict.fate == Fate::Ready;
        let ready = self.verdicts.iter().enumerate().filter(is_ready);
        ready.filter_map(|(idx, verdict)| Some(Target { row: as_u32(idx), to: verdict.number? })).collect()
    }

    /// What a row's message is filled with, as far as it has values.
    pub fn values(&self, sheet: &Sheet, idx: usize) -> Values {
        let mut cells = Cells::new();
        sheet.cells(idx, &mut cells);
        self.rules.values(&cells)
    }

    /// The rules that were applied.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// To whom nothing may be sent.
    pub fn opt_outs(&self) -> &OptOuts {
        &self.rules.config.opt_outs
    }

    /// What the agent has decided so far.
    pub fn decisions(&self) -> Decisions {
        self.rules.config.decisions
    }

    /// The file line and spreadsheet row of a problem.
    pub fn position(&self, sheet: &Sheet, problem: &Problem) -> (LineNumber, RowNumber) {
        match problem.place {
            Place::Row(idx) => {
                let line = problem.column.map(|column| {
                    let mut cells = Cells::new();
                    sheet.cells(idx, &mut cells);
                    cells.line_of(column)
                });
                (line.unwrap_or_else(|| sheet.line(idx)), sheet.row_number(idx))
            }
            Place::BlankLine(idx) => {
                sheet.blank_lines().get(idx).copied().unwrap_or((LineNumber::FIRST, RowNumber::FIRST))
            }
            Place::Header => {
                let found = sheet.undecoded().iter().find(|undecoded| {
                    undecoded.row_idx.is_none() && Some(undecoded.column) == problem.column
                });
                found.map_or((LineNumber::FIRST, RowNumber::FIRST), |found| (found.line, found.row))
            }
        }
    }

    /// What a problem's cell says; `None` if it is about no cell, or the row ends before.
    pub fn cell(&self, sheet: &Sheet, problem: &Problem) -> Option<String> {
        let mut cells = Cells::new();
        sheet.cells(problem.row_idx()?, &mut cells);
        cells.raw(problem.column?).map(ToOwned::to_owned)
    }

    /// What fills the placeholders of a problem's translated texts: the kind's own, then `line`, `row`, `column` and,
    /// for a duplicate, `first_row`.
    pub fn arguments(&self, sheet: &Sheet, problem: &Problem) -> Vec<(&'static str, String)> {
        let mut arguments = problem.kind.arguments();
        if let (ProblemKind::DuplicatePhone { .. }, Some(idx)) = (&problem.kind, problem.row_idx()) {
            let first = self.number_of(idx).and_then(|number| self.duplicates.first(number));
            let first = first.and_then(|first| usize::try_from(first).ok()).unwrap_or(idx);
            arguments.push(("first_row", sheet.row_number(first).to_string()));
        }
        let (line, row) = self.position(sheet, problem);
        let column = problem.column.map(|column| column.to_string()).unwrap_or_default();
        arguments.extend([("line", line.to_string()), ("row", row.to_string()), ("column", column)]);
        arguments
    }

    /// What would mend a problem with one press: the text that the cell should have.
    pub fn suggestion(&self, sheet: &Sheet, problem: &Problem) -> Option<(usize, ColumnIdx, String)> {
        use crate::phone::PhoneProblem::NoCountryCode;
        let text = match &problem.kind {
            ProblemKind::Phone(NoCountryCode { suggestion }) => suggestion.to_string(),
            ProblemKind::LineBreakInValue | ProblemKind::TabInValue | ProblemKind::TooManySpaces => {
                text::collapsed(&self.cell(sheet, problem)?).into_owned()
            }
            _ => return None,
        };
        Some((problem.row_idx()?, problem.column?, text))
    }
}

/// What orders places of a file.
fn place_key(sheet: &Sheet, place: Place) -> usize {
    match place {
        Place::Header => 0,
        Place::Row(idx) => sheet.row_number(idx).get(),
        Place::BlankLine(idx) => sheet.blank_lines().get(idx).map_or(0, |(_, row)| row.get()),
    }
}

/// A sheet has at most 2^20 rows.
fn as_u32(idx: usize) -> u32 {
    u32::try_from(idx).unwrap_or(u32::MAX)
}
