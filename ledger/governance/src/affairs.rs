//! Consultations 征求意见, tasks from above 准入, records taken over, disclosures 居务公开.
//!
//! A consultation is opened by who convenes, answered by anybody who acts for a body, each once, and closed
//! with a public summary after its time; a motion may cite it, and a rule may ask for that. A task names its
//! legal basis and its funding, and the body may refuse what is not on the list of tasks: an item of the
//! power list over it. What is taken over from elsewhere is attested, and taken over once.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    action::{
        Action, AffairsAction, ConsultationOpened, DisclosurePosted, RecordImported, TaskAssigned,
    },
    authority::{Act, Over, Standing},
    bounds::{self, CITATION_LEN_MAX, PARAGRAPHS_LEN_MAX, TITLE_LEN_MAX},
    charter::{BodyKind, Right},
    decide::EntryRef,
    ids::{AffairId, BodyId, Leaf, MatterId, Millis, PersonId},
    power,
    rejection::Rejection,
    state::State,
};

/// How many days a disclosure hangs out at least (城市居民委员会组织法 2025, 34).
pub const DISCLOSURE_DAYS_MIN: u32 = 15;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Affair {
    pub(crate) body: BodyId,
    pub(crate) what: What,
    /// The entry it began with.
    index: u64,
    pub(crate) latest: Leaf,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum What {
    Consultation {
        matter: MatterId,
        closes_at: Millis,
        answered: BTreeSet<PersonId>,
        closed: bool,
    },
    Task {
        /// Whether it is on the list.
        listed: bool,
        answered: bool,
    },
    Record {
        source: String,
    },
    Disclosure,
}

impl State {
    /// A consultation that is closed: what a motion may rest on.
    pub(crate) fn is_consulted(&self, id: &AffairId) -> bool {
        let what = self.affairs.get(id).map(|affair| &affair.what);
        matches!(what, Some(What::Consultation { closed: true, .. }))
    }

    /// There is such a consultation, held for this body and on this matter: what people were asked about one
    /// thing supports no decision on another.
    pub(crate) fn check_consultation(
        &self,
        id: &AffairId,
        body: &BodyId,
        on: Option<&MatterId>,
    ) -> Result<(), Rejection> {
        let affair = existing(self, id)?;
        let What::Consultation { matter, .. } = &affair.what else {
            return Err(Rejection::AffairUnknown { affair: id.clone() });
        };
        if affair.body == *body && on == Some(matter) {
            return Ok(());
        }
        Err(Rejection::ConsultationOfAnother {
            consultation: id.clone(),
            body: affair.body.clone(),
            matter: matter.clone(),
        })
    }
}

fn existing<'a>(state: &'a State, id: &AffairId) -> Result<&'a Affair, Rejection> {
    let found = state.affairs.get(id);
    found.ok_or_else(|| Rejection::AffairUnknown { affair: id.clone() })
}

fn check_new(state: &State, id: &AffairId) -> Result<(), Rejection> {
    match state.affairs.get(id) {
        None => Ok(()),
        Some(affair) => Err(Rejection::AffairExists {
            affair: id.clone(),
            index: affair.index,
        }),
    }
}

/// A consultation: until when, who has answered, and whether it is closed.
fn consultation<'a>(
    state: &'a State,
    id: &AffairId,
) -> Result<(&'a Affair, Millis, &'a BTreeSet<PersonId>, bool), Rejection> {
    let affair = existing(state, id)?;
    match &affair.what {
        What::Consultation {
            closes_at,
            answered,
            closed,
            ..
        } => Ok((affair, *closes_at, answered, *closed)),
        _ => Err(Rejection::AffairUnknown { affair: id.clone() }),
    }
}

pub(crate) fn decide(act: &Act<'_>, action: &AffairsAction) -> Result<(), Rejection> {
    match action {
        AffairsAction::ConsultationOpened(opened) => decide_opened(act, opened),
        AffairsAction::ConsultationAnswered {
            consultation,
            content,
        } => {
            decide_answered(act, consultation)?;
            bounds::content(content)
        }
        AffairsAction::ConsultationClosed {
            consultation,
            summary,
            content,
        } => {
            decide_closed(act, consultation)?;
            bounds::required_text("summary", summary, CITATION_LEN_MAX)?;
            content.as_ref().map_or(Ok(()), bounds::content)
        }
        AffairsAction::TaskAssigned(assigned) => decide_assigned(act, assigned),
        AffairsAction::TaskAccepted { task } => answered_by(act, task).map(|_| ()),
        AffairsAction::TaskRefused { task, reason } => {
            let listed = answered_by(act, task)?;
            bounds::required_text("reason", reason, CITATION_LEN_MAX)?;
            if listed {
                return Err(Rejection::TaskListed { task: task.clone() });
            }
            Ok(())
        }
        AffairsAction::RecordImported(imported) => decide_imported(act, imported),
        AffairsAction::DisclosurePosted(posted) => decide_posted(act, posted),
    }
}

fn decide_opened(act: &Act<'_>, opened: &ConsultationOpened) -> Result<(), Rejection> {
    act.may(Right::Convene, &opened.body)?;
    check_new(act.state, &opened.consultation)?;
    act.state.body(&opened.body)?;
    bounds::required_text("question", &opened.question, PARAGRAPHS_LEN_MAX)?;
    if opened.closes_at > act.recorded_at {
        return Ok(());
    }
    Err(Rejection::ConsultationTime {
        consultation: opened.consultation.clone(),
        closes_at: opened.closes_at,
    })
}

/// By anybody who acts for a body, once, in time.
fn decide_answered(act: &Act<'_>, id: &AffairId) -> Result<(), Rejection> {
    act.body()?;
    let (_, closes_at, answered, _) = consultation(act.state, id)?;
    if act.recorded_at >= closes_at {
        return Err(Rejection::ConsultationTime {
            consultation: id.clone(),
            closes_at,
        });
    }
    if answered.contains(act.person) {
        return Err(Rejection::ConsultationAnsweredAlready {
            consultation: id.clone(),
            person: act.person.clone(),
        });
    }
    Ok(())
}

/// Once its time is over.
fn decide_closed(act: &Act<'_>, id: &AffairId) -> Result<(), Rejection> {
    let (affair, closes_at, _, closed) = consultation(act.state, id)?;
    act.may(Right::Convene, &affair.body)?;
    if closed || act.recorded_at < closes_at {
        return Err(Rejection::ConsultationTime {
            consultation: id.clone(),
            closes_at,
        });
    }
    Ok(())
}

/// By an officer of an organ above, with what the law asks a task to come with.
fn decide_assigned(act: &Act<'_>, assigned: &TaskAssigned) -> Result<(), Rejection> {
    let body = act.body()?;
    let kind = act.state.body(body)?.kind;
    let above = matches!(kind, BodyKind::StreetOffice | BodyKind::AdministrativeOrgan);
    if !above || !matches!(act.standing, Standing::Officer { .. }) {
        return Err(Rejection::NotAnOrganAbove { body: body.clone() });
    }
    check_new(act.state, &assigned.task)?;
    act.state.body(&assigned.body)?;
    bounds::required_text("title", &assigned.title, TITLE_LEN_MAX)?;
    for (field, text) in [
        ("legal_basis", &assigned.legal_basis),
        ("funding", &assigned.funding),
    ] {
        if text.trim().is_empty() {
            return Err(Rejection::TaskIncomplete {
                task: assigned.task.clone(),
                field,
            });
        }
        bounds::text(field, text, CITATION_LEN_MAX)?;
    }
    match &assigned.item {
        None => Ok(()),
        Some(item) => {
            let over = Some(&assigned.body);
            power::check_exercised(act, item, power::Scope { over, matter: None })
        }
    }
}

/// By an officer of the body that is to do it, once: whether it is on the list.
fn answered_by(act: &Act<'_>, id: &AffairId) -> Result<bool, Rejection> {
    let affair = existing(act.state, id)?;
    let What::Task { listed, answered } = &affair.what else {
        return Err(Rejection::AffairUnknown { affair: id.clone() });
    };
    act.acts_for(&affair.body)?;
    if !matches!(act.standing, Standing::Officer { .. }) {
        return Err(Rejection::OfficerNeeded {
            person: act.person.clone(),
            body: affair.body.clone(),
        });
    }
    if *answered {
        return Err(Rejection::TaskAnsweredAlready { task: id.clone() });
    }
    Ok(*listed)
}

/// By the registrar, attested, of a day that has come, and once.
fn decide_imported(act: &Act<'_>, imported: &RecordImported) -> Result<(), Rejection> {
    let state = act.state;
    act.may(Right::Register, &imported.body)?;
    let over = Over::Body(imported.body.clone());
    act.check_attestor(&imported.second, &[Right::Tell, Right::Supervise], &over)?;
    check_new(state, &imported.record)?;
    state.body(&imported.body)?;
    bounds::required_text("source", &imported.source, CITATION_LEN_MAX)?;
    bounds::required_text("summary", &imported.summary, CITATION_LEN_MAX)?;
    if imported.held_on > act.today {
        return Err(Rejection::RecordInFuture {
            held_on: imported.held_on,
            today: act.today,
        });
    }
    let same = |affair: &&Affair| matches!(&affair.what, What::Record { source } if *source == imported.source);
    if let Some(affair) = state.affairs.values().find(same) {
        return Err(Rejection::RecordImportedAlready {
            source_id: imported.source.as_str().into(),
            index: affair.index,
        });
    }
    imported.content.as_ref().map_or(Ok(()), bounds::content)
}

/// By an officer of the body, or the registrar; for 15 days at least.
fn decide_posted(act: &Act<'_>, posted: &DisclosurePosted) -> Result<(), Rejection> {
    let own = *act.body()? == posted.body && matches!(act.standing, Standing::Officer { .. });
    if !own {
        act.may(Right::Register, &posted.body)?;
    }
    check_new(act.state, &posted.disclosure)?;
    act.state.body(&posted.body)?;
    bounds::required_text("title", &posted.title, TITLE_LEN_MAX)?;
    bounds::required_text("text", &posted.text, PARAGRAPHS_LEN_MAX)?;
    let days = i64::from(posted.until.days()) - i64::from(act.today.days());
    if days >= i64::from(DISCLOSURE_DAYS_MIN) {
        return Ok(());
    }
    Err(Rejection::DisclosureTooShort {
        until: posted.until,
        days_min: DISCLOSURE_DAYS_MIN,
    })
}

pub(crate) fn evolve(state: &mut State, whole: &Action, action: &AffairsAction, at: EntryRef) {
    let (body, what) = match action {
        AffairsAction::ConsultationOpened(opened) => (
            &opened.body,
            What::Consultation {
                matter: opened.matter.clone(),
                closes_at: opened.closes_at,
                answered: BTreeSet::new(),
                closed: false,
            },
        ),
        AffairsAction::TaskAssigned(assigned) => (
            &assigned.body,
            What::Task {
                listed: assigned.item.is_some(),
                answered: false,
            },
        ),
        AffairsAction::RecordImported(imported) => (
            &imported.body,
            What::Record {
                source: imported.source.clone(),
            },
        ),
        AffairsAction::DisclosurePosted(posted) => (&posted.body, What::Disclosure),
        _ => return change(state, whole, action),
    };
    let affair = Affair {
        body: body.clone(),
        what,
        index: at.index,
        latest: at.leaf,
    };
    state.affairs.insert(action.affair().clone(), affair);
}

fn change(state: &mut State, whole: &Action, action: &AffairsAction) {
    let affair = state.affairs.get_mut(action.affair());
    match (action, affair.map(|affair| &mut affair.what)) {
        (AffairsAction::ConsultationAnswered { .. }, Some(What::Consultation { answered, .. })) => {
            answered.extend(whole.actor.person().cloned());
        }
        (AffairsAction::ConsultationClosed { .. }, Some(What::Consultation { closed, .. })) => {
            *closed = true;
        }
        (
            AffairsAction::TaskAccepted { .. } | AffairsAction::TaskRefused { .. },
            Some(What::Task { answered, .. }),
        ) => *answered = true,
        _ => {}
    }
}
