//! What a line about an entry is about, beside motions and bodies: where it has its page, and what it is called.

use governance::ids::{BodyId, PersonId, RoleId};
use projector::{QueryError, Subject, View, views::offices::AsOf};

use super::{affairs, decisions, issues, lang::Lang, names::Names, terms};

/// Something that a line is about.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    /// Where it has its page.
    pub(super) within: Option<String>,
    called: Called,
}

/// What it is called, as far as that does not hang on the language.
#[derive(Clone, Debug)]
enum Called {
    Text(String),
    Seat(RoleId, BodyId, PersonId),
    /// Whom a case is against, no line says.
    OfficerOf(Option<BodyId>),
    MeetingOf(BodyId),
    RollOf(BodyId),
}

impl Thing {
    /// Looks it up with the names it needs; `None`: its id must do, or it has a name of its own.
    pub(super) fn find(
        view: &View<'_>,
        names: &mut Names,
        subject: &Subject,
    ) -> Result<Option<Self>, QueryError> {
        let (within, called) = match subject {
            Subject::Issue(id) => match view.issue(id)? {
                Some(row) => (
                    Some(format!("/issues/{id}")),
                    Called::Text(issues::headline(&row)),
                ),
                None => return Ok(None),
            },
            Subject::Affair(id) => match affairs::find(view, id)? {
                Some((within, title)) => (Some(within), Called::Text(title)),
                None => return Ok(None),
            },
            Subject::Power(id) => {
                let items = decisions::named(view, vec![id.clone()])?;
                let Some((_, title)) = items.into_iter().next() else {
                    return Ok(None);
                };
                (Some(format!("/powers/{id}")), Called::Text(title))
            }
            Subject::Case(id) => {
                let now = AsOf::Index(view.position().index);
                let body = view.case(id, now)?.and_then(|(case, _)| case.body);
                if let Some(body) = &body {
                    names.body(view, body)?;
                }
                (Some(format!("/sanctions/{id}")), Called::OfficerOf(body))
            }
            Subject::Office(id) => {
                let Some(row) = view.office(id)? else {
                    return Ok(None);
                };
                names.body(view, &row.body)?;
                names.person(view, &row.person)?;
                let seat = Called::Seat(row.role, row.body, row.person);
                (Some(format!("/offices/{id}")), seat)
            }
            Subject::Meeting(id) => {
                let Some(row) = view.meeting(id)? else {
                    return Ok(None);
                };
                names.body(view, &row.body)?;
                (Some(format!("/meetings/{id}")), Called::MeetingOf(row.body))
            }
            Subject::Roll(id) => {
                let Some(row) = view.roll(id)? else {
                    return Ok(None);
                };
                names.body(view, &row.body)?;
                (None, Called::RollOf(row.body))
            }
            Subject::Ledger(_) | Subject::Person(_) | Subject::Body(_) | Subject::Motion(_) => {
                return Ok(None);
            }
        };
        Ok(Some(Self { within, called }))
    }

    /// What it is called in a language.
    pub(super) fn called(&self, lang: Lang, names: &Names) -> String {
        match &self.called {
            Called::Text(text) => text.clone(),
            Called::Seat(role, body, person) => lang.seat_of(
                names.of_person(person),
                lang.role_of(terms::role(lang, role), names.of_body(body)),
            ),
            Called::OfficerOf(Some(body)) => lang.officer_of(names.of_body(body)),
            Called::OfficerOf(None) => lang.officer_unnamed().to_owned(),
            Called::MeetingOf(body) => lang.meeting_of(names.of_body(body)),
            Called::RollOf(body) => lang.roll_of(names.of_body(body)),
        }
    }
}
