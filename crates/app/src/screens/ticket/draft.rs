//! A message that is being written, and what the rules say of it.

use cxconnect_core::{
    check::{Checked, Decisions, PHONE_COLUMN, check, sheet_of_one, slot_in},
    mapping::Mapping,
    phone::E164,
    problem::{ProblemKind, Severity},
    sheet::Sheet,
    template::{
        Category, LanguageCode, Placeholder, SlotId, Template, TemplateName, TemplateStatus, TemplateText,
        Values,
    },
};
use cxconnect_sunco::Integration;
use leptos::prelude::*;

use crate::{
    run::InDoubt,
    screens::{
        send::{SendState, problem_text::of_one, work},
        ticket::sending::Stage,
    },
};

/// What the agent has written. Copies are handles to the same.
#[derive(Clone, Copy)]
pub struct Draft {
    send: StoredValue<SendState, LocalStorage>,
    /// How far the message is. It outlives the form, which is drawn anew for each requester.
    pub stage: RwSignal<Stage, LocalStorage>,
    /// The requester's name.
    pub name: RwSignal<String>,
    /// The phone of the requester's profile, as it is written there.
    pub profile: RwSignal<Option<String>>,
    /// The number that the agent has accepted in place of a profile's phone. It means that phone and no other.
    accepted: RwSignal<Option<Accepted>>,
    /// Grows whenever the ticket may have got another requester.
    requester: StoredValue<u32>,
    /// What fills the template.
    pub values: RwSignal<Values>,
    /// Earlier messages to the same number of which nobody knows whether they left.
    pub doubts: RwSignal<Vec<InDoubt>, LocalStorage>,
    /// Enviar was pressed: what is missing is told from then on.
    pub is_tried: RwSignal<bool>,
    verdict: Memo<Option<Verdict>>,
}

/// All that makes up a message: one that differs in anything is another message.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    requester: u32,
    /// Whom the agent takes it to go to.
    pub name: String,
    /// Where it goes.
    pub to: E164,
    /// What fills the template.
    pub values: Values,
    /// What is said.
    pub template: Template,
    /// Who says it.
    pub sender: Integration,
}

/// What the agent has said of a profile's phone.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Accepted {
    /// The phone as it is written in the profile.
    profile: String,
    number: E164,
}

/// What the rules say of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The number it goes to, if the profile's phone is one.
    pub number: Option<E164>,
    /// The number that is meant, where the country code is missing.
    pub suggestion: Option<String>,
    /// What will be sent; none if it can't be.
    pub values: Option<Values>,
    /// What there is to say.
    pub findings: Vec<Finding>,
}

/// One thing that the rules say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of which value; none for the phone or the whole.
    pub slot: Option<SlotId>,
    /// Whether it is of the requester's phone.
    pub is_phone: bool,
    /// Whether it keeps the message from being sent.
    pub blocks: bool,
    /// Whether it only says that something is missing.
    pub is_missing: bool,
    /// How much it weighs.
    pub severity: Severity,
    /// Why, and what to do.
    pub text: String,
}

impl Draft {
    /// Nothing written.
    pub fn new(send: SendState) -> Self {
        let profile = RwSignal::new(None::<String>);
        let accepted = RwSignal::new(None::<Accepted>);
        let values = RwSignal::new(Values::new());
        let verdict = Memo::new(move |_| {
            let sender = send.chosen_sender()?;
            // Of the phone something can be said at once.
            let template = send.chosen_template().or_else(nothing)?;
            let phone = phone(profile.get()?, accepted.get());
            values.with(|values| judge(send, &template, &sender, &phone, values))
        });
        Self {
            send: StoredValue::new_local(send),
            stage: RwSignal::new_local(Stage::Writing),
            name: RwSignal::new(String::new()),
            profile,
            accepted,
            requester: StoredValue::new(0),
            values,
            doubts: RwSignal::new_local(Vec::new()),
            is_tried: RwSignal::new(false),
            verdict,
        }
    }

    /// Number and template, which are chosen as for a file.
    pub fn send(self) -> SendState {
        self.send.get_value()
    }

    /// What the rules say. Until there is a template, that is only of the phone.
    pub fn verdict(self) -> Option<Verdict> {
        self.verdict.get()
    }

    /// The ticket may have another requester now: what was known of the one before is forgotten, and what was said of their
    /// phone. What was written stays. The number is for [`Draft::is_for`].
    pub fn forget_requester(self) -> u32 {
        self.requester.update_value(|requester| *requester = requester.wrapping_add(1));
        self.name.set(String::new());
        self.profile.set(None);
        self.accepted.set(None);
        let doubts = self.doubts.try_update(std::mem::take).unwrap_or_default();
        doubts.into_iter().for_each(InDoubt::close);
        // What kept the message from the one before says nothing of this one.
        if self
            .stage
            .with_untracked(|stage| matches!(stage, Stage::Trouble(_) | Stage::Stale | Stage::InDoubt))
        {
            self.stage.set(Stage::Writing);
        }
        self.requester.get_value()
    }

    /// Whether the ticket's requester is still this one.
    pub fn is_for(self, requester: u32) -> bool {
        self.requester.get_value() == requester
    }

    /// Another template is chosen: a value stays where both have a place of its name. The same position, or the same place
    /// in a header or a button, means something else in another template.
    pub fn begin_with(self, template: Option<&Template>) {
        let slots = template.map(Template::slots).unwrap_or_default();
        let is_named = |slot: &SlotId| matches!(slot, SlotId::Body(Placeholder::Name(_)));
        self.values.update(|values| {
            let kept =
                values.iter().filter(|(slot, _)| is_named(slot) && slots.iter().any(|it| it.id == **slot));
            *values = kept.map(|(slot, value)| (slot.clone(), value.to_owned())).collect();
        });
        self.is_tried.set(false);
        // What kept the other template's message from leaving says nothing of this one's.
        if self.stage.with_untracked(|stage| matches!(stage, Stage::Trouble(_) | Stage::Stale)) {
            self.stage.set(Stage::Writing);
        }
    }

    /// The agent means this number by the profile's phone.
    pub fn accept(self, number: E164) {
        self.accepted.set(untrack(|| self.profile.get()).map(|profile| Accepted { profile, number }));
    }

    /// What Enviar would send now, if the rules let it.
    pub fn message(self) -> Option<Message> {
        let send = self.send();
        let (template, sender) = (send.chosen_template()?, send.chosen_sender()?);
        let verdict = self.verdict()?;
        Some(Message {
            requester: self.requester.get_value(),
            name: self.name.get(),
            to: verdict.number?,
            values: verdict.values?,
            template,
            sender,
        })
    }

    /// The number it goes to; followed.
    pub fn number(self) -> Option<E164> {
        self.verdict.with(|verdict| verdict.as_ref()?.number)
    }
}

/// The phone to be judged: what was accepted counts for the very phone that it was accepted for.
fn phone(profile: String, accepted: Option<Accepted>) -> String {
    match accepted {
        Some(accepted) if accepted.profile == profile => accepted.number.to_string(),
        _ => profile,
    }
}

/// No message at all.
fn nothing() -> Option<Template> {
    Some(Template {
        id: None,
        name: TemplateName::parse("nothing").ok()?,
        language: LanguageCode::parse("es").ok()?,
        category: Category::Utility,
        status: TemplateStatus::Approved,
        header: None,
        body: TemplateText::parse(""),
        footer: None,
        buttons: Vec::new(),
        unsupported: Vec::new(),
    })
}

/// A file of one row: so one message is judged by the very rules that judge a hundred thousand.
fn judge(
    send: SendState,
    template: &Template,
    sender: &Integration,
    phone: &str,
    values: &Values,
) -> Option<Verdict> {
    let mapping = Mapping::manual(template);
    let sheet = sheet_of_one(template, &mapping, phone, values)?;
    let config = work::config(&send.backend.get(), sender, Decisions::default());
    let checked = check(&sheet, &mapping, template, config);
    let problems = checked.problems_of(&sheet, 0);
    let findings = problems
        .iter()
        // That is of the downloadable format: here the phone is the requester's own.
        .filter(|problem| !matches!(problem.kind, ProblemKind::ExampleRow))
        .map(|problem| Finding {
            slot: problem.column.and_then(|column| slot_in(template, &mapping, column)),
            is_phone: problem.column == Some(PHONE_COLUMN),
            blocks: problem.is_error() || problem.kind.excludes(),
            is_missing: problem.kind.is_missing(),
            severity: problem.severity(),
            text: of_one(&checked, &sheet, problem),
        })
        .collect();
    let can_go = !checked.targets().is_empty();
    Some(Verdict {
        number: checked.number_of(0),
        suggestion: problems.iter().find_map(|problem| suggestion(&checked, &sheet, problem)),
        values: can_go.then(|| checked.values(&sheet, 0)),
        findings,
    })
}

fn suggestion(
    checked: &Checked,
    sheet: &Sheet,
    problem: &cxconnect_core::problem::Problem,
) -> Option<String> {
    let (_, column, text) = checked.suggestion(sheet, problem)?;
    (column == PHONE_COLUMN).then_some(text)
}
