//! Meetings: called, noticed, attended, closed.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    action::{MeetingConvened, MeetingsAction},
    authority::Act,
    bounds::{self, CITATION_LEN_MAX, LINES_MAX, NAME_LEN_MAX},
    calendar::UtcOffsets,
    charter::{DecisionRule, Right, Threshold},
    decide::EntryRef,
    ids::{BodyId, Leaf, MeetingId, Millis, MotionId, PersonId, RollId},
    petition,
    rejection::{Cited, Rejection},
    roll::Roll,
    rolls::{check_on_roll, check_pinned},
    standing,
    state::State,
};

/// A meeting of a body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meeting {
    pub(crate) body: BodyId,
    /// The rule it was convened under, as it was then.
    pub(crate) rule: Arc<DecisionRule>,
    pub(crate) starts_at: Millis,
    /// Voters asked for it.
    pub(crate) petitioned: bool,
    pub(crate) notice: Option<Notice>,
    pub(crate) attendance: Option<Attendance>,
    /// Motions being voted on in it.
    pub(crate) open_votes: BTreeSet<MotionId>,
    /// The entry that closed it.
    pub(crate) closed: Option<u64>,
    pub(crate) latest: Leaf,
}

/// When notice was given, and whether a reason says why it is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub(crate) at: Millis,
    pub(crate) urgent: bool,
}

/// Who is there: of those on a roll, and others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attendance {
    pub(crate) roll: RollId,
    pub(crate) present: BTreeSet<PersonId>,
    /// Others, who may speak (组织法 28). No quorum and no tally asks for them.
    pub(crate) guests: BTreeSet<PersonId>,
}

impl Meeting {
    /// Whether a person is recorded as present.
    pub(crate) fn attends(&self, person: &PersonId) -> bool {
        let attendance = self.attendance.as_ref();
        attendance.is_some_and(|attendance| attendance.present.contains(person))
    }

    /// Whether a person is recorded as there without being entitled to vote.
    pub(crate) fn has_guest(&self, person: &PersonId) -> bool {
        let attendance = self.attendance.as_ref();
        attendance.is_some_and(|attendance| attendance.guests.contains(person))
    }

    fn check_not_closed(&self, meeting: &MeetingId) -> Result<(), Rejection> {
        match self.closed {
            None => Ok(()),
            Some(index) => Err(Rejection::MeetingIsClosed {
                meeting: meeting.clone(),
                index,
            }),
        }
    }
}

impl State {
    fn existing_meeting(&self, meeting: &MeetingId) -> Result<&Meeting, Rejection> {
        let found = self.meetings.get(meeting);
        found.ok_or_else(|| Rejection::MeetingUnknown {
            meeting: meeting.clone(),
        })
    }

    /// A meeting that is not closed.
    pub(crate) fn running_meeting(&self, meeting: &MeetingId) -> Result<&Meeting, Rejection> {
        let found = self.existing_meeting(meeting)?;
        found.check_not_closed(meeting)?;
        Ok(found)
    }
}

/// Until when a meeting carries votes: the end of the local day so many days after the one it begins on.
/// One: a meeting may run past midnight, but who came to it says nothing of who would come to another.
const CARRIES_VOTES_DAYS_MAX: u32 = 1;

impl Meeting {
    /// The first moment at which no vote opens in it any more.
    pub(crate) fn past_from(&self, offsets: &UtcOffsets) -> Millis {
        offsets.after_days(self.starts_at, CARRIES_VOTES_DAYS_MAX)
    }
}

/// When `days` whole days after a moment are over; without any, at once.
pub(crate) fn days_over(offsets: &UtcOffsets, event: Millis, days: u32) -> Millis {
    match days {
        0 => event,
        _ => offsets.after_days(event, days),
    }
}

pub(crate) fn decide(act: &Act<'_>, action: &MeetingsAction) -> Result<(), Rejection> {
    match action {
        MeetingsAction::MeetingConvened(convened) => decide_convened(act, convened),
        MeetingsAction::MeetingNoticed {
            meeting,
            urgent_reason,
        } => decide_noticed(act, meeting, urgent_reason.as_deref()),
        MeetingsAction::AttendanceRecorded {
            meeting,
            roll,
            present,
            guests,
        } => decide_attendance(act, meeting, roll, (present, guests)),
        MeetingsAction::MeetingClosed { meeting } => {
            let record = act.state.existing_meeting(meeting)?;
            petition::may(act, Right::Convene, &record.body, record.petitioned)?;
            record.check_not_closed(meeting)?;
            match record.open_votes.first() {
                None => check_nothing_waits(act, meeting),
                Some(motion) => Err(Rejection::VoteOpenInMeeting {
                    meeting: meeting.clone(),
                    motion: motion.clone(),
                }),
            }
        }
        // Persons are turned away before this, and what the ledger derives is compared whole.
        MeetingsAction::MeetingMissed { .. } => Err(Rejection::NotForPersons {
            family: act.action.payload.family(),
        }),
    }
}

/// A meeting is not closed, while votes could open in it, before what voters asked for in it is voted on: else closing
/// it would be a way not to hold it.
fn check_nothing_waits(act: &Act<'_>, id: &MeetingId) -> Result<(), Rejection> {
    let mut motions = act.state.motions.iter();
    let waits = motions.find(|(motion, record)| {
        record.meeting.as_ref() == Some(id) && record.is_still_asked_for(act, motion).is_some()
    });
    match waits {
        None => Ok(()),
        Some((motion, _)) => Err(Rejection::MotionWaitsInMeeting {
            meeting: id.clone(),
            motion: motion.clone(),
        }),
    }
}

fn decide_convened(act: &Act<'_>, convened: &MeetingConvened) -> Result<(), Rejection> {
    let state = act.state;
    act.body()?;
    if state.meetings.contains_key(&convened.meeting) {
        return Err(Rejection::MeetingExists {
            meeting: convened.meeting.clone(),
        });
    }
    state.body(&convened.body)?;
    let rule = state.rule_of(&convened.rule, &convened.body)?;
    bounds::required_text("place", &convened.place, NAME_LEN_MAX)?;
    if convened.starts_at < act.recorded_at {
        return Err(Rejection::MeetingInThePast {
            meeting: convened.meeting.clone(),
            starts_at: convened.starts_at,
            recorded_at: act.recorded_at,
        });
    }
    check_petitioners(act, convened, rule)?;
    let by_right = act.may(Right::Convene, &convened.body);
    if by_right.is_err() && !convened.petitioners.is_empty() {
        return check_petition(act, convened, rule);
    }
    by_right
}

/// Whoever is named as a petitioner is a voter of the body, once; or all of them are of the other body whose
/// petition counts too. One entry names at most [`LINES_MAX`]: where a petition needs more, the convener calls the
/// meeting.
fn check_petitioners(
    act: &Act<'_>,
    convened: &MeetingConvened,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    let petitioners = &convened.petitioners;
    bounds::list("petitioners", petitioners.len(), 0, LINES_MAX)?;
    if petitioners.is_empty() {
        return Ok(());
    }
    bounds::distinct("petitioners", petitioners)?;
    if asked_beside(act, convened, rule).is_some() {
        return Ok(());
    }
    let roll = roll_of_today(act, &convened.body)?;
    petitioners
        .iter()
        .try_for_each(|petitioner| check_on_roll(roll, petitioner))
}

/// Where all petitioners are on the roll of the other body whose petition counts too: how many must ask, and of
/// how many.
fn asked_beside(
    act: &Act<'_>,
    convened: &MeetingConvened,
    rule: &DecisionRule,
) -> Option<(Threshold, u64)> {
    let beside = rule.petition_beside.as_ref()?;
    let roll = act.state.roll_in_force(&beside.body, act.today)?;
    let mut petitioners = convened.petitioners.iter();
    petitioners
        .all(|petitioner| roll.weight_of(petitioner).is_some())
        .then(|| (beside.threshold, roll.total().heads))
}

fn roll_of_today<'a>(act: &Act<'a>, body: &BodyId) -> Result<&'a Roll, Rejection> {
    match act.state.roll_in_force(body, act.today) {
        Some(roll) => Ok(roll),
        None => Err(Rejection::NoRollInForce {
            body: body.clone(),
            day: act.today,
        }),
    }
}

/// Enough voters ask for the meeting: the registrar, who has checked their signatures, says so. Names in
/// an action prove nothing by themselves.
fn check_petition(
    act: &Act<'_>,
    convened: &MeetingConvened,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    act.may(Right::Register, &convened.body)?;
    let petitioners = convened.petitioners.len() as u64;
    let beside = asked_beside(act, convened, rule);
    if beside.is_some_and(|(needed, voters)| needed.is_met(petitioners, voters)) {
        return Ok(());
    }
    let Some(needed) = rule.petition else {
        return Err(Rejection::NoPetition {
            rule: Cited::of(rule),
        });
    };
    // Who is named may be of the other body alone.
    let roll = roll_of_today(act, &convened.body)?;
    let own = |petitioner: &&PersonId| roll.weight_of(petitioner).is_some();
    let all_own = convened.petitioners.iter().filter(own).count() as u64 == petitioners;
    let (needed, voters) = match beside.filter(|_| !all_own) {
        Some(beside) => beside,
        None => (needed, roll.total().heads),
    };
    if all_own && needed.is_met(petitioners, voters) {
        return Ok(());
    }
    Err(Rejection::PetitionTooSmall {
        petitioners,
        voters,
        needed,
        rule: Cited::of(rule),
    })
}

fn decide_noticed(
    act: &Act<'_>,
    meeting: &MeetingId,
    urgent_reason: Option<&str>,
) -> Result<(), Rejection> {
    let record = act.state.existing_meeting(meeting)?;
    petition::may(act, Right::Convene, &record.body, record.petitioned)?;
    record.check_not_closed(meeting)?;
    if let Some(notice) = record.notice {
        return Err(Rejection::NoticeGiven {
            meeting: meeting.clone(),
            at: notice.at,
        });
    }
    if act.recorded_at > record.starts_at {
        return Err(Rejection::MeetingBegun {
            meeting: meeting.clone(),
            starts_at: record.starts_at,
            recorded_at: act.recorded_at,
        });
    }
    if let Some(reason) = urgent_reason {
        return bounds::required_text("urgent_reason", reason, CITATION_LEN_MAX);
    }
    let rule = &record.rule;
    let over_at = days_over(
        &act.state.utc_offsets,
        act.recorded_at,
        rule.notice_days_min,
    );
    if over_at <= record.starts_at {
        return Ok(());
    }
    Err(Rejection::NoticeTooShort {
        meeting: meeting.clone(),
        days_min: rule.notice_days_min,
        over_at,
        rule: Cited::of(rule),
    })
}

fn decide_attendance(
    act: &Act<'_>,
    meeting: &MeetingId,
    roll: &RollId,
    (present, guests): (&[PersonId], &[PersonId]),
) -> Result<(), Rejection> {
    let record = act.state.existing_meeting(meeting)?;
    act.may(Right::Register, &record.body)?;
    record.check_not_closed(meeting)?;
    if act.recorded_at < record.starts_at {
        return Err(Rejection::MeetingNotStarted {
            meeting: meeting.clone(),
            starts_at: record.starts_at,
            recorded_at: act.recorded_at,
        });
    }
    let taken_by = roll_of_attendance(act, record, roll)?;
    // There is no meeting of guests: those entitled to attend come first, or with them.
    let guests_alone = record.attendance.is_some() && !guests.is_empty();
    bounds::list(
        "present",
        present.len(),
        usize::from(!guests_alone),
        LINES_MAX,
    )?;
    bounds::distinct("present", present)?;
    bounds::list("guests", guests.len(), 0, LINES_MAX)?;
    bounds::distinct("guests", guests)?;
    for person in present {
        check_on_roll(taken_by, person)?;
    }
    for person in guests {
        check_guest(act.state, meeting, taken_by, person)?;
    }
    let mut named = present.iter().chain(guests);
    match named.find(|person| record.attends(person) || record.has_guest(person)) {
        None => Ok(()),
        Some(person) => Err(Rejection::PresentAlready {
            meeting: meeting.clone(),
            person: person.clone(),
        }),
    }
}

/// Somebody the ledger knows, who is not on the roll: whoever is has a vote, and is present.
fn check_guest(
    state: &State,
    meeting: &MeetingId,
    roll: &Roll,
    person: &PersonId,
) -> Result<(), Rejection> {
    state.present_person(person)?;
    if roll.weight_of(person).is_none() {
        return Ok(());
    }
    Err(Rejection::GuestHasVote {
        meeting: meeting.clone(),
        person: person.clone(),
        roll: roll.id().clone(),
    })
}

/// The roll in force; but the first attendance fixes the roll of the whole meeting.
fn roll_of_attendance<'a>(
    act: &Act<'a>,
    meeting: &Meeting,
    named: &RollId,
) -> Result<&'a Roll, Rejection> {
    let published = act.state.published_roll(named);
    if let Some(attendance) = &meeting.attendance {
        let roll = published?;
        check_pinned(named, &attendance.roll)?;
        return Ok(roll);
    }
    let in_force = roll_of_today(act, &meeting.body)?;
    published?;
    if named == in_force.id() {
        return Ok(in_force);
    }
    Err(Rejection::RollNotInForce {
        roll: named.clone(),
        in_force: in_force.id().clone(),
        day: act.today,
    })
}

pub(crate) fn evolve(state: &mut State, action: &MeetingsAction, at: EntryRef) {
    match action {
        MeetingsAction::MeetingConvened(convened) => {
            let Ok(rule) = state.rule(&convened.rule) else {
                return;
            };
            let meeting = Meeting {
                body: convened.body.clone(),
                rule: Arc::new(rule.clone()),
                starts_at: convened.starts_at,
                petitioned: !convened.petitioners.is_empty(),
                notice: None,
                attendance: None,
                open_votes: BTreeSet::new(),
                closed: None,
                latest: at.leaf,
            };
            state.meetings.insert(convened.meeting.clone(), meeting);
        }
        MeetingsAction::MeetingNoticed {
            meeting,
            urgent_reason,
        } => {
            if let Some(meeting) = state.meetings.get_mut(meeting) {
                meeting.notice = Some(Notice {
                    at: at.recorded_at,
                    urgent: urgent_reason.is_some(),
                });
            }
        }
        MeetingsAction::AttendanceRecorded {
            meeting,
            roll,
            present,
            guests,
        } => {
            if let Some(meeting) = state.meetings.get_mut(meeting) {
                let attendance = meeting.attendance.get_or_insert_with(|| Attendance {
                    roll: roll.clone(),
                    present: BTreeSet::new(),
                    guests: BTreeSet::new(),
                });
                attendance.present.extend(present.iter().cloned());
                attendance.guests.extend(guests.iter().cloned());
                let on = state.utc_offsets.date_of(meeting.starts_at);
                let body = meeting.body.clone();
                standing::held(state, &body, on);
            }
        }
        MeetingsAction::MeetingMissed { body, last_day, .. } => {
            standing::missed(state, body, *last_day);
        }
        MeetingsAction::MeetingClosed { meeting } => {
            if let Some(meeting) = state.meetings.get_mut(meeting) {
                meeting.closed = Some(at.index);
                // Every vote in it is decided, so nobody asks any more who was there.
                meeting.attendance = None;
            }
        }
    }
}
