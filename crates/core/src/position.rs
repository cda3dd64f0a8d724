//! Where a template shows: an admin marks each one, and the rule here says what that means for every place.

use std::collections::HashMap;

use crate::template::{LanguageCode, Template, TemplateKey, TemplateName};

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
        let of = |template: &Template| self.of(&template.name, &template.language);
        let has_own = templates.iter().any(|template| of(template) == Position::One);
        let is_offered = |template: &&Template| match (place, of(template)) {
            (Place::Many, Position::Everywhere | Position::Many)
            | (Place::Ticket, Position::One)
            | (Place::Webhook, Position::Everywhere | Position::Custom) => true,
            (Place::Ticket, Position::Everywhere) => !has_own,
            (Place::Many, Position::One | Position::Custom)
            | (Place::Ticket, Position::Many | Position::Custom)
            | (Place::Webhook, Position::Many | Position::One) => false,
        };
        templates.iter().filter(is_offered).cloned().collect()
    }
}

impl FromIterator<(TemplateKey, Position)> for Positions {
    fn from_iter<I: IntoIterator<Item = (TemplateKey, Position)>>(positions: I) -> Self {
        Self { by_template: positions.into_iter().collect() }
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
    fn every_position_has_its_name() {
        for position in Position::ALL {
            assert_eq!(Position::by_key(position.key()), Some(position));
        }
    }
}
