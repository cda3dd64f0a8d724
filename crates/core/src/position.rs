//! Where a template shows: an admin marks each one, and the rule here says what that means for every place.

use std::collections::HashMap;

use crate::{
    ledger::Fault,
    template::{LanguageCode, Template, TemplateKey, TemplateName},
};

/// What an admin marked a template as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Position {
    /// "Todos": everywhere, and in the ticket as long as nothing is marked for it.
    #[default]
    Everywhere,
    /// "1:N": sends to many, from the navigation bar.
    Many,
    /// "1:1": the ticket.
    One,
    /// "Custom": webhooks.
    Custom,
}

/// A place that offers templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The navigation bar's page, which sends to many.
    Many,
    /// The ticket's sidebar.
    Ticket,
    /// Webhooks.
    Webhook,
}

impl Position {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Everywhere, Self::Many, Self::One, Self::Custom];

    /// Its name where it is kept.
    pub fn key(self) -> &'static str {
        match self {
            Self::Everywhere => "all",
            Self::Many => "many",
            Self::One => "one",
            Self::Custom => "custom",
        }
    }

    /// The position of that name.
    pub fn by_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|position| position.key() == key)
    }
}

/// Why a place doesn't offer a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elsewhere {
    /// It is marked so.
    Marked(Position),
    /// Nothing is said of it, and there are templates that are marked for the ticket.
    NotOwn,
    /// How templates are marked was never read.
    Unread,
}

/// The positions of an account's templates. What nobody has marked shows everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Positions {
    by_template: HashMap<TemplateKey, Position>,
}

impl Positions {
    /// A template's position.
    pub fn of(&self, name: &TemplateName, language: &LanguageCode) -> Position {
        self.by_template.get(&(name.clone(), language.clone())).copied().unwrap_or_default()
    }

    /// Those of the templates that a place offers, in their order.
    ///
    /// `templates` are all that the number has, whatever Meta says of them: a template that is marked 1:1 and paused for a
    /// day must not bring all others into the ticket for that day. One that is no longer there counts for nothing.
    pub fn offered(&self, place: Place, templates: &[Template]) -> Vec<Template> {
        let has_own = self.has_own(templates);
        let is_offered = |template: &&Template| self.why_not(place, template, has_own).is_none();
        templates.iter().filter(is_offered).cloned().collect()
    }

    /// Why a place doesn't offer this one of a number's templates; none if it does.
    pub fn elsewhere(&self, place: Place, template: &Template, templates: &[Template]) -> Option<Elsewhere> {
        self.why_not(place, template, self.has_own(templates))
    }

    fn has_own(&self, templates: &[Template]) -> bool {
        templates.iter().any(|template| self.of(&template.name, &template.language) == Position::One)
    }

    fn why_not(&self, place: Place, template: &Template, has_own: bool) -> Option<Elsewhere> {
        let position = self.of(&template.name, &template.language);
        match (place, position) {
            (Place::Many, Position::Everywhere | Position::Many)
            | (Place::Ticket, Position::One)
            | (Place::Webhook, Position::Everywhere | Position::Custom) => None,
            (Place::Ticket, Position::Everywhere) => has_own.then_some(Elsewhere::NotOwn),
            (Place::Many, Position::One | Position::Custom)
            | (Place::Ticket, Position::Many | Position::Custom)
            | (Place::Webhook, Position::Many | Position::One) => Some(Elsewhere::Marked(position)),
        }
    }
}

impl FromIterator<(TemplateKey, Position)> for Positions {
    fn from_iter<I: IntoIterator<Item = (TemplateKey, Position)>>(positions: I) -> Self {
        Self { by_template: positions.into_iter().collect() }
    }
}

/// What a place offers, by what is known of positions. Until they were read once nothing is offered: a template might be for
/// another place alone. Later what was known last counts, since the agent is in the midst of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    place: Place,
    positions: Option<Positions>,
    /// Why the last reading came to nothing.
    fault: Option<Fault>,
}

impl Offer {
    /// Nothing is known yet.
    pub fn new(place: Place) -> Self {
        Self { place, positions: None, fault: None }
    }

    /// Positions were read, or could not be.
    pub fn take(&mut self, read: Result<Positions, Fault>) {
        match read {
            Ok(positions) => (self.positions, self.fault) = (Some(positions), None),
            Err(fault) => self.fault = Some(fault),
        }
    }

    /// Where this is.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Those of a number's templates that are offered.
    pub fn of(&self, templates: &[Template]) -> Vec<Template> {
        self.positions.as_ref().map(|positions| positions.offered(self.place, templates)).unwrap_or_default()
    }

    /// Why this one of a number's templates isn't offered; none if it is.
    pub fn elsewhere(&self, template: &Template, templates: &[Template]) -> Option<Elsewhere> {
        match &self.positions {
            Some(positions) => positions.elsewhere(self.place, template, templates),
            None => Some(Elsewhere::Unread),
        }
    }

    /// Why nothing is offered, if positions could never be read.
    pub fn unread(&self) -> Option<Fault> {
        self.fault.filter(|_| self.positions.is_none())
    }

    /// Whether what counts was read earlier, since it can't be read now.
    pub fn is_old(&self) -> bool {
        self.fault.is_some() && self.positions.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{TemplateStatus, samples};

    fn named(name: &str) -> Template {
        let name = TemplateName::parse(name).unwrap();
        Template { name, ..samples::plain() }
    }

    fn offered(place: Place, marks: &[(&str, Position)], templates: &[Template]) -> Vec<String> {
        let positions: Positions =
            marks.iter().map(|(name, position)| (named(name).key(), *position)).collect();
        let offered = positions.offered(place, templates);
        offered.into_iter().map(|template| template.name.to_string()).collect()
    }

    #[test]
    fn each_place_offers_what_is_marked_for_it() {
        let all = ["everywhere", "many", "one", "custom"].map(named);
        let marks = [("many", Position::Many), ("one", Position::One), ("custom", Position::Custom)];
        assert_eq!(offered(Place::Many, &marks, &all), ["everywhere", "many"]);
        assert_eq!(offered(Place::Ticket, &marks, &all), ["one"]);
        assert_eq!(offered(Place::Webhook, &marks, &all), ["everywhere", "custom"]);
    }

    #[test]
    fn a_ticket_offers_the_common_ones_only_while_none_is_marked_for_it() {
        let all = ["a", "b"].map(named);
        assert_eq!(offered(Place::Ticket, &[("b", Position::Many)], &all), ["a"]);
        assert_eq!(offered(Place::Ticket, &[("b", Position::One)], &all), ["b"]);
        // Paused, it still is the ticket's own.
        let paused = [named("a"), Template { status: TemplateStatus::Paused, ..named("b") }];
        assert_eq!(offered(Place::Ticket, &[("b", Position::One)], &paused), ["b"]);
        // Gone in Meta, it is nobody's.
        assert_eq!(offered(Place::Ticket, &[("gone", Position::One)], &all), ["a", "b"]);
    }

    #[test]
    fn what_nobody_has_marked_shows_everywhere() {
        let all = ["a", "b"].map(named);
        for place in [Place::Many, Place::Ticket, Place::Webhook] {
            assert_eq!(offered(place, &[], &all), ["a", "b"]);
        }
    }

    #[test]
    fn another_language_is_another_template() {
        let english = Template { language: LanguageCode::parse("en").unwrap(), ..named("a") };
        let positions: Positions = [(english.key(), Position::Custom)].into_iter().collect();
        assert_eq!(positions.offered(Place::Many, &[named("a"), english]), [named("a")]);
    }

    #[test]
    fn a_template_that_is_moved_is_no_longer_offered_and_it_is_said_where_it_is() {
        let all = ["a", "b"].map(named);
        let marked = |position| [(named("a").key(), position)].into_iter().collect::<Positions>();
        let mut offer = Offer::new(Place::Many);
        offer.take(Ok(Positions::default()));
        assert_eq!((offer.of(&all).len(), offer.elsewhere(&all[0], &all)), (2, None));
        offer.take(Ok(marked(Position::Custom)));
        assert_eq!(offer.elsewhere(&all[0], &all), Some(Elsewhere::Marked(Position::Custom)));
        assert_eq!(offer.elsewhere(&all[1], &all), None);
        // Another one is the ticket's own from now on.
        let mut offer = Offer::new(Place::Ticket);
        offer.take(Ok(marked(Position::One)));
        assert_eq!(offer.elsewhere(&all[1], &all), Some(Elsewhere::NotOwn));
    }

    #[test]
    fn what_was_never_read_offers_nothing_and_what_was_read_once_still_counts() {
        let all = ["a", "b"].map(named);
        let mut offer = Offer::new(Place::Many);
        assert_eq!((offer.of(&all), offer.unread()), (vec![], None));
        offer.take(Err(Fault::Unavailable));
        assert_eq!((offer.of(&all), offer.unread()), (vec![], Some(Fault::Unavailable)));
        assert_eq!(offer.elsewhere(&all[0], &all), Some(Elsewhere::Unread));
        offer.take(Ok([(named("a").key(), Position::One)].into_iter().collect()));
        offer.take(Err(Fault::SignedOut));
        assert_eq!((offer.of(&all), offer.unread(), offer.is_old()), (vec![named("b")], None, true));
        // An account without the record reads that nobody has marked anything.
        offer.take(Ok(Positions::default()));
        assert_eq!((offer.of(&all).len(), offer.is_old()), (2, false));
    }

    #[test]
    fn every_position_has_its_name() {
        for position in Position::ALL {
            assert_eq!(Position::by_key(position.key()), Some(position));
        }
    }
}
