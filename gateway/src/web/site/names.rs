//! What ids are called: titles of motions, names of bodies, published names of officeholders. Residents have
//! none here but their pseudonyms.

use std::collections::BTreeMap;

use governance::ids::{BodyId, MotionId, PersonId};
use projector::{ContentRow, Gist, QueryError, Subject, Summary, View};

use super::things::Thing;
use crate::{
    services::query::{Books, Texts},
    status::Problem,
};

/// Names gathered for one page.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    motions: BTreeMap<MotionId, String>,
    bodies: BTreeMap<BodyId, String>,
    people: BTreeMap<PersonId, Option<ContentRow>>,
    told: BTreeMap<PersonId, String>,
    /// What lines are about that is no motion, body or person.
    things: BTreeMap<Subject, Thing>,
}

impl Names {
    /// Looks up what a line about an entry speaks of.
    pub(super) fn gather(&mut self, view: &View<'_>, summary: &Summary) -> Result<(), QueryError> {
        // Who votes is nobody's business here, so nobody is looked up.
        if !matches!(summary.kind.as_str(), "ballot_cast" | "opening_submitted")
            && let Some(actor) = &summary.actor
        {
            self.person(view, actor)?;
        }
        match &summary.subject {
            Subject::Motion(motion) => self.motion(view, motion)?,
            Subject::Body(body) => self.body(view, body)?,
            Subject::Person(person) => self.person(view, person)?,
            subject => self.thing(view, subject)?,
        }
        match &summary.gist {
            Gist::Seat { person, body, .. } => {
                self.person(view, person)?;
                self.body(view, body)
            }
            Gist::Right {
                over: Some(body), ..
            }
            | Gist::RollPart { body, .. }
            | Gist::Roll { body, .. }
            | Gist::Meeting { body, .. }
            | Gist::Issue { body, .. }
            | Gist::Referred(body) => self.body(view, body),
            Gist::Expert(person) | Gist::Candidate(person) => self.person(view, person),
            Gist::Invited(bodies) => bodies.iter().try_for_each(|body| self.body(view, body)),
            _ => Ok(()),
        }
    }

    /// Looks up a motion's title.
    pub(super) fn motion(&mut self, view: &View<'_>, motion: &MotionId) -> Result<(), QueryError> {
        if !self.motions.contains_key(motion)
            && let Some(row) = view.motion(motion)?
        {
            self.motions.insert(motion.clone(), row.title);
        }
        Ok(())
    }

    /// Looks up what else a line is about.
    fn thing(&mut self, view: &View<'_>, subject: &Subject) -> Result<(), QueryError> {
        if !self.things.contains_key(subject)
            && let Some(found) = Thing::find(view, self, subject)?
        {
            self.things.insert(subject.clone(), found);
        }
        Ok(())
    }

    /// Looks up a body's name.
    pub(super) fn body(&mut self, view: &View<'_>, body: &BodyId) -> Result<(), QueryError> {
        if !self.bodies.contains_key(body)
            && let Some(row) = view.body(body)?
        {
            self.bodies.insert(body.clone(), row.name);
        }
        Ok(())
    }

    /// Looks up whether a person has a published name.
    pub(super) fn person(&mut self, view: &View<'_>, person: &PersonId) -> Result<(), QueryError> {
        if !self.people.contains_key(person) {
            let name = view.person(person)?.and_then(|row| row.name);
            self.people.insert(person.clone(), name);
        }
        Ok(())
    }

    /// Fetches the published names that are still there.
    pub(super) async fn fetch(mut self, books: &Books) -> Result<Self, Problem> {
        let mut texts = Texts::new(&books.ledger);
        for (person, content) in &self.people {
            let name = texts.name(content.as_ref()).await?;
            if !name.is_empty() {
                self.told.insert(person.clone(), name);
            }
        }
        Ok(self)
    }

    /// A motion's title, or its id.
    pub(super) fn of_motion<'a>(&'a self, motion: &'a MotionId) -> &'a str {
        self.motions
            .get(motion)
            .map_or(motion.as_str(), String::as_str)
    }

    /// What a line is about, where it was looked up.
    pub(super) fn of_thing(&self, subject: &Subject) -> Option<&Thing> {
        self.things.get(subject)
    }

    /// A body's name, or its id.
    pub(super) fn of_body<'a>(&'a self, body: &'a BodyId) -> &'a str {
        self.bodies.get(body).map_or(body.as_str(), String::as_str)
    }

    /// A person's published name.
    pub(super) fn published(&self, person: &PersonId) -> Option<&str> {
        self.told.get(person).map(String::as_str)
    }

    /// A person's published name, or their pseudonym.
    pub(super) fn of_person<'a>(&'a self, person: &'a PersonId) -> &'a str {
        self.published(person).unwrap_or(person.as_str())
    }
}
