//! The opening of a vote: everything that must have come before.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    authority::Act,
    charter::{BodyKind, DecisionRule, Right},
    decide::EntryRef,
    ids::{BodyId, MeetingId, Millis, MotionId, RollId},
    meeting::{Meeting, days_over},
    motion::{Expert, Motion, Vote, needs_attendance},
    petition,
    rejection::{Cited, Missing, Rejection, Unmet},
    roll::Roll,
    state::State,
};

/// A vote that is to open.
struct Opening<'a> {
    act: &'a Act<'a>,
    motion: &'a Motion,
    rule: &'a DecisionRule,
    roll: &'a Roll,
    closes_at: Millis,
}

/// All that is missing is named at once, so that nobody has to ask twice.
pub(crate) fn decide(
    act: &Act<'_>,
    id: &MotionId,
    roll: &RollId,
    closes_at: Millis,
) -> Result<(), Rejection> {
    let motion = act.state.existing_motion(id)?;
    petition::may(
        act,
        Right::Convene,
        &motion.body,
        motion.was_asked_for(act.state),
    )?;
    act.state.tabled_motion(id)?;
    let rule = &*motion.rule;
    let roll = act.state.published_roll(roll)?;
    let opening = Opening {
        act,
        motion,
        rule,
        roll,
        closes_at,
    };
    let missing = opening.missing();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Rejection::NotReadyToOpen {
        motion: id.clone(),
        missing: Missing(missing),
        rule: Cited::of(rule),
    })
}

impl Opening<'_> {
    fn missing(&self) -> Vec<Unmet> {
        let mut missing = Vec::new();
        missing.extend(self.law());
        missing.extend(self.roll_in_force());
        missing.extend(self.roll_posted());
        missing.extend(self.roll_unobjected());
        missing.extend(self.deliberated());
        missing.extend(self.window());
        missing.extend(self.prerequisites());
        missing.extend(self.nominations());
        missing.extend(self.met());
        missing
    }

    fn law(&self) -> Option<Unmet> {
        let from = self.rule.law_in_force_from;
        (self.act.today < from).then_some(Unmet::LawInForce(from))
    }

    /// Those at the meeting came by the roll of its attendance, whatever is published meanwhile; else it
    /// is the roll in force.
    fn roll_in_force(&self) -> Option<Unmet> {
        let state = self.act.state;
        let meeting = self.motion.meeting.as_ref();
        let meeting = meeting.and_then(|id| state.meetings.get(id));
        if let Some(attendance) = meeting.and_then(|meeting| meeting.attendance.as_ref()) {
            return (attendance.roll != *self.roll.id())
                .then(|| Unmet::AttendanceByRoll(attendance.roll.clone()));
        }
        match state.roll_in_force(&self.motion.body, self.act.today) {
            None => Some(Unmet::NoRoll),
            Some(in_force) => (in_force.id() != self.roll.id()).then(|| Unmet::RollNotInForce {
                in_force: in_force.id().clone(),
            }),
        }
    }

    /// So many whole days since an event are not over yet: until when.
    fn days_left(&self, event: Millis, days: u32) -> Option<Millis> {
        let over_at = days_over(&self.act.state.utc_offsets, event, days);
        (self.act.recorded_at < over_at).then_some(over_at)
    }

    fn roll_posted(&self) -> Option<Unmet> {
        let days_min = self.rule.roll_posted_days_min;
        let since = self.act.state.posted_since(self.roll);
        let over_at = self.days_left(since, days_min)?;
        Some(Unmet::RollPosted { days_min, over_at })
    }

    /// What is said against a posted roll is ruled on, and nothing of it was right.
    fn roll_unobjected(&self) -> Vec<Unmet> {
        let record = self.act.state.rolls.get(self.roll.id());
        let Some(record) = record.filter(|_| self.rule.roll_posted_days_min > 0) else {
            return Vec::new();
        };
        let waiting = Some(record.waiting()).filter(|waiting| *waiting > 0);
        let wrong = record.upheld().into_iter().cloned();
        let waiting = waiting.map(Unmet::RollRulings);
        waiting
            .into_iter()
            .chain(wrong.map(Unmet::RollCorrected))
            .collect()
    }

    fn deliberated(&self) -> Option<Unmet> {
        let days_min = self.rule.deliberation_days_min;
        let over_at = self.days_left(self.motion.text_since, days_min)?;
        Some(Unmet::Deliberation { days_min, over_at })
    }

    /// A vote lasts at least a millisecond, whatever the rule says.
    fn window(&self) -> Option<Unmet> {
        let ms = self.closes_at.since(self.act.recorded_at);
        let ms_min = self.rule.voting_window_ms_min.max(1);
        let ms_max = self.rule.voting_window_ms_max;
        if ms < ms_min {
            Some(Unmet::WindowTooShort { ms, ms_min })
        } else {
            (ms > ms_max).then_some(Unmet::WindowTooLong { ms, ms_max })
        }
    }

    fn prerequisites(&self) -> Vec<Unmet> {
        let needed = &self.rule.prerequisites;
        let bodies = &self.act.state.bodies;
        let kinds = self.motion.heard.iter().filter_map(|body| bodies.get(body));
        let kinds: BTreeSet<BodyKind> = kinds.map(|body| body.kind).collect();
        let heard = |kind: &BodyKind| kinds.contains(kind);
        let unheard = needed.statements_from.iter().filter(|kind| !heard(kind));
        let mut missing: Vec<Unmet> = unheard.copied().map(Unmet::StatementFrom).collect();
        // An opinion with an interest in the outcome is on the record, but does not count.
        let answered = |expert: &&Expert| **expert == Expert::Answered;
        let found = self.motion.experts.values().filter(answered).count();
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        let min = needed.expert_opinions_min;
        if found < min {
            missing.push(Unmet::ExpertOpinions { found, min });
        }
        let party = [BodyKind::PartyOrganisation, BodyKind::CompoundPartyBranch];
        if needed.party_discussion && !party.iter().any(heard) {
            missing.push(Unmet::PartyDiscussion);
        }
        let cited = self.motion.consultation.as_ref();
        if needed.consultation && !cited.is_some_and(|id| self.act.state.is_consulted(id)) {
            missing.push(Unmet::Consultation);
        }
        missing.extend(
            needed
                .participants
                .iter()
                .filter_map(|body| self.unheard(body)),
        );
        missing
    }

    /// A body that is to be given the word, and was not, or may still take it.
    fn unheard(&self, body: &BodyId) -> Option<Unmet> {
        if self.motion.heard.contains(body) {
            return None;
        }
        let Some(since) = self.motion.invited.get(body) else {
            return Some(Unmet::NotInvited(body.clone()));
        };
        let days_min = self.rule.prerequisites.participant_days_min;
        let over_at = self.days_left(*since, days_min)?;
        Some(Unmet::StillToSpeak {
            body: body.clone(),
            over_at,
        })
    }

    /// Every candidate was nominated, where the rule asks for it. In a run-off they were for the first ballot.
    fn nominations(&self) -> Vec<Unmet> {
        if self.rule.nominators_min == 0 || self.motion.run_off_of.is_some() {
            return Vec::new();
        }
        let options = self
            .motion
            .contest
            .iter()
            .flat_map(|contest| &contest.options);
        let candidates = options.filter_map(|option| option.candidate.as_ref());
        let missing = candidates.filter(|person| !self.motion.nominated.contains(*person));
        missing.cloned().map(Unmet::Nomination).collect()
    }

    /// The meeting, where the rule or the motion wants one.
    fn met(&self) -> Vec<Unmet> {
        let wanted = needs_attendance(self.rule) || self.rule.notice_days_min > 0;
        let Some(id) = &self.motion.meeting else {
            return wanted.then_some(Unmet::Meeting).into_iter().collect();
        };
        let Some(meeting) = self.act.state.meetings.get(id) else {
            return vec![Unmet::Meeting];
        };
        let mut missing = Vec::new();
        if meeting.closed.is_some() {
            missing.push(Unmet::MeetingClosed(id.clone()));
        }
        if self.act.recorded_at < meeting.starts_at {
            missing.push(Unmet::MeetingNotStarted(id.clone()));
        }
        let past_from = meeting.past_from(&self.act.state.utc_offsets);
        if self.act.recorded_at >= past_from {
            missing.push(Unmet::MeetingLongPast(id.clone()));
        }
        missing.extend(self.noticed(id, meeting));
        if needs_attendance(self.rule) && meeting.attendance.is_none() {
            missing.push(Unmet::Attendance(id.clone()));
        }
        missing
    }

    fn noticed(&self, id: &MeetingId, meeting: &Meeting) -> Option<Unmet> {
        let days_min = self.rule.notice_days_min;
        match meeting.notice {
            _ if days_min == 0 => None,
            None => Some(Unmet::NotNoticed(id.clone())),
            Some(notice) if notice.urgent => None,
            Some(notice) => {
                let over_at = self.days_left(notice.at, days_min)?;
                Some(Unmet::NoticeTooShort { days_min, over_at })
            }
        }
    }
}

/// Text, contest, charter, rule and roll are pinned from here on.
pub(crate) fn evolve(
    state: &mut State,
    id: &MotionId,
    roll: &RollId,
    closes_at: Millis,
    at: EntryRef,
) {
    let Some(motion) = state.motions.get(id) else {
        return;
    };
    let rule = &motion.rule;
    let run_off = motion.run_off_of.as_ref().and_then(|_| rule.for_run_off());
    let rule = run_off.map_or_else(|| Arc::clone(rule), Arc::new);
    let vote = Vote::new(at, closes_at, rule, roll);
    state.begin_vote(id, vote, at.recorded_at);
}
