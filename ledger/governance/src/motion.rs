//! Motions 议题: what the rules remember of one, from tabling to decision.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{
    action::{
        Choice, Contest, DeliberationAction, Effect, EffectsOutcome, Execution, MotionDecided,
        Outcome, Payload, RollCallMark,
    },
    agenda::Due,
    calendar::{Date, UtcOffsets},
    charter::{ApprovalBase, DecisionRule, QuorumBase},
    decide::EntryRef,
    effect::{self, Cause},
    ids::{AffairId, BodyId, Digest, Leaf, MeetingId, Millis, MotionId, PersonId, RollId},
    rejection::Rejection,
    roll::{Roll, Weight},
    state::State,
    tally::{self, Count, Electorate},
};

/// Where a motion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Put, and not yet voted on.
    Tabled,
    /// Taken back.
    Withdrawn,
    /// Being voted on.
    Open,
    /// Decided.
    Decided(Outcome),
    /// Decided, and the decision overturned since.
    Overturned,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tabled => "tabled",
            Self::Withdrawn => "withdrawn",
            Self::Open => "open for voting",
            Self::Overturned => "overturned",
            Self::Decided(Outcome::Adopted) => "decided: adopted",
            Self::Decided(Outcome::Rejected) => "decided: rejected",
            Self::Decided(Outcome::NoQuorum) => "decided: no quorum",
            Self::Decided(Outcome::PartlyFilled) => "decided: some seats filled",
        })
    }
}

/// A motion, without its text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Motion {
    pub(crate) body: BodyId,
    /// As it was when the motion was tabled, whatever becomes of the charter.
    pub(crate) rule: Arc<DecisionRule>,
    /// Of this version of the charter.
    pub(crate) charter_version: u32,
    pub(crate) tabled_by: BodyId,
    /// When its text became what it is: tabled, or last amended. Deliberation is on this text.
    pub(crate) text_since: Millis,
    pub(crate) contest: Option<Arc<Contest>>,
    pub(crate) meeting: Option<MeetingId>,
    pub(crate) run_off_of: Option<MotionId>,
    /// What people were asked before.
    pub(crate) consultation: Option<AffairId>,
    /// What a "for" will do.
    pub(crate) effects: Arc<Vec<Effect>>,
    /// The bodies whose officers made a statement on this text.
    pub(crate) heard: BTreeSet<BodyId>,
    /// The bodies that were given the word on this text, since when.
    pub(crate) invited: BTreeMap<BodyId, Millis>,
    pub(crate) experts: BTreeMap<PersonId, Expert>,
    /// Candidates who were nominated.
    pub(crate) nominated: BTreeSet<PersonId>,
    /// Who declared an interest.
    pub(crate) interested: BTreeSet<PersonId>,
    /// They and, once voting is open, whoever else has no vote; then only voters of its roll.
    pub(crate) recused: BTreeSet<PersonId>,
    pub(crate) stage: Stage,
    pub(crate) latest: Leaf,
}

/// How far an expert's part has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Expert {
    Invited,
    Answered,
    /// Answered, with an interest in the outcome.
    AnsweredInterested,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Stage {
    Tabled,
    Withdrawn,
    Voting(Box<Vote>),
    Decided(Box<Decided>),
}

/// What a vote came to, with everything it pinned: later acts rest on it, whatever changes since.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Decided {
    /// The entry that first said so.
    pub(crate) index: u64,
    pub(crate) outcome: Outcome,
    pub(crate) rule: Arc<DecisionRule>,
    pub(crate) roll: RollId,
    /// Voters who took no part.
    pub(crate) recused: BTreeSet<PersonId>,
    /// Positions of the options that fill seats.
    pub(crate) chosen: BTreeSet<u32>,
    /// The latest run-off for the seats it left unfilled.
    pub(crate) run_off: Option<MotionId>,
    /// What became of the motion's effects.
    pub(crate) effects: Option<EffectsOutcome>,
    /// The entry of the roll call it was taken by.
    pub(crate) roll_call: Option<u64>,
    /// That roll call as it should have been, until it is tallied again.
    pub(crate) retallied: Option<Vec<(PersonId, RollCallMark)>>,
    /// The entry that overturned it.
    pub(crate) overturned: Option<u64>,
    /// How far it is carried out.
    pub(crate) progress: Option<Execution>,
    /// Whose hidden ballots nobody opened in time: they took part and abstained.
    pub(crate) unopened: BTreeSet<PersonId>,
    /// The day of the vote: as minuted, or the local day of its last moment.
    pub(crate) held_on: Date,
    /// The entry that says it is filed, where its rule asks for that.
    pub(crate) filed: Option<u64>,
}

/// A vote under way, with everything it pins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vote {
    /// The entry that opened it.
    pub(crate) opened: Leaf,
    /// The first moment that is too late; earlier once it is closed.
    pub(crate) closes_at: Millis,
    pub(crate) rule: Arc<DecisionRule>,
    pub(crate) roll: RollId,
    /// Electronic ballots: each voter's last.
    pub(crate) ballots: BTreeMap<PersonId, Choice>,
    /// Hidden ballots: each voter's last.
    pub(crate) hidden: BTreeMap<PersonId, Sealed>,
    /// How many parts the ledger has recorded of what they said.
    pub(crate) opened_parts: u32,
    pub(crate) papers: Papers,
    pub(crate) proxies: Proxies,
    /// Taken by name instead of ballots: by which entry, and how.
    pub(crate) roll_call: Option<(u64, Vec<(PersonId, RollCallMark)>)>,
    /// Taken from minutes: the day they give.
    pub(crate) minuted_on: Option<Date>,
}

/// A hidden ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) commitment: Digest,
    /// What it says, once it is opened.
    pub(crate) choice: Option<Choice>,
}

/// Papers counted so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Papers {
    pub(crate) batches: u32,
    /// Who handed one in, in which batch.
    pub(crate) voters: BTreeMap<PersonId, u32>,
    pub(crate) totals: BTreeMap<Choice, Weight>,
    pub(crate) spoiled: Weight,
}

/// Proxies in one vote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proxies {
    /// Who votes for whom: principal to holder.
    holders: BTreeMap<PersonId, PersonId>,
    /// How many each holder holds.
    held: BTreeMap<PersonId, u32>,
}

impl Proxies {
    pub(crate) fn holder_of(&self, principal: &PersonId) -> Option<&PersonId> {
        self.holders.get(principal)
    }

    pub(crate) fn held_by(&self, holder: &PersonId) -> u32 {
        self.held.get(holder).copied().unwrap_or(0)
    }

    pub(crate) fn grant(&mut self, principal: &PersonId, holder: &PersonId) {
        self.revoke(principal);
        self.holders.insert(principal.clone(), holder.clone());
        let held = self.held.entry(holder.clone()).or_default();
        *held = held.saturating_add(1);
    }

    pub(crate) fn revoke(&mut self, principal: &PersonId) {
        let Some(holder) = self.holders.remove(principal) else {
            return;
        };
        if let Some(held) = self.held.get_mut(&holder) {
            *held -= 1;
            if *held == 0 {
                self.held.remove(&holder);
            }
        }
    }
}

impl Motion {
    /// Where it stands.
    pub fn status(&self) -> Status {
        match &self.stage {
            Stage::Tabled => Status::Tabled,
            Stage::Withdrawn => Status::Withdrawn,
            Stage::Voting(_) => Status::Open,
            Stage::Decided(decided) if decided.overturned.is_some() => Status::Overturned,
            Stage::Decided(decided) => Status::Decided(decided.outcome),
        }
    }

    /// Who decides.
    pub fn body(&self) -> &BodyId {
        &self.body
    }

    /// The entry that opened its vote, while it is open: what a ballot must name.
    pub fn voting_opened(&self) -> Option<Leaf> {
        self.vote().map(|vote| vote.opened)
    }

    /// Whose hidden ballots are not opened, in order: while the vote is open, those cast so far; once it is
    /// decided, those who therefore took part and abstained (formats.md §3).
    pub fn unopened(&self) -> Vec<&PersonId> {
        match &self.stage {
            Stage::Voting(vote) => vote.unopened().map(|(voter, _)| voter).collect(),
            Stage::Decided(decided) => decided.unopened.iter().collect(),
            Stage::Tabled | Stage::Withdrawn => Vec::new(),
        }
    }

    /// Whether it was decided in favour, and that still stands; in a contest, whether at least one seat was
    /// filled.
    pub(crate) fn is_adopted(&self) -> bool {
        matches!(
            self.status(),
            Status::Decided(Outcome::Adopted | Outcome::PartlyFilled)
        )
    }

    /// What it came to, once it is decided.
    pub(crate) fn decision(&self) -> Option<&Decided> {
        match &self.stage {
            Stage::Decided(decided) => Some(decided),
            _ => None,
        }
    }

    pub(crate) fn decision_mut(&mut self) -> Option<&mut Decided> {
        match &mut self.stage {
            Stage::Decided(decided) => Some(decided),
            _ => None,
        }
    }

    /// The candidates a decided contest chose; nobody otherwise.
    pub(crate) fn elected(&self) -> impl Iterator<Item = &PersonId> {
        let chosen = self.decision().map(|decided| &decided.chosen);
        let options = self.contest.iter().flat_map(|contest| &contest.options);
        (0_u32..)
            .zip(options)
            .filter(move |(at, _)| chosen.is_some_and(|chosen| chosen.contains(at)))
            .filter_map(|(_, option)| option.candidate.as_ref())
    }

    pub(crate) fn vote(&self) -> Option<&Vote> {
        match &self.stage {
            Stage::Voting(vote) => Some(vote),
            _ => None,
        }
    }

    pub(crate) fn vote_mut(&mut self) -> Option<&mut Vote> {
        match &mut self.stage {
            Stage::Voting(vote) => Some(vote),
            _ => None,
        }
    }

    /// The decision its vote comes to; `None`: it is not being voted on.
    pub(crate) fn decided(&self, id: &MotionId, state: &State) -> Option<MotionDecided> {
        let vote = self.vote()?;
        let roll = state.roll(&vote.roll)?;
        let mut decided = self.tallied(vote, roll, state).decided(
            id.clone(),
            &vote.rule,
            self.charter_version,
            roll,
        );
        decided.unopened = vote.unopened().count() as u64;
        if decided.outcome == Outcome::Adopted {
            let cause = Cause {
                motion: id,
                rule: &vote.rule,
                now: vote.closes_at,
                today: state.utc_offsets.date_of(vote.closes_at),
            };
            decided.effects = effect::outcome(state, cause, &self.effects);
        }
        Some(decided)
    }

    /// What its roll call comes to as it was corrected; `None`: it is not to be tallied again. What rests on the
    /// outcome, effects among it, stays as it is.
    fn retallied(&self, id: &MotionId, state: &State) -> Option<MotionDecided> {
        let before = self.decision()?;
        let lines = before.retallied.as_ref()?;
        let roll = state.roll(&before.roll)?;
        let tally = tally::roll_call(&before.rule, roll, lines, &before.recused);
        let mut decided = tally.decided(id.clone(), &before.rule, self.charter_version, roll);
        if decided.outcome == before.outcome {
            decided.effects.clone_from(&before.effects);
        }
        Some(decided)
    }

    fn tallied(&self, vote: &Vote, roll: &Roll, state: &State) -> tally::Tally {
        if let Some((_, lines)) = &vote.roll_call {
            return tally::roll_call(&vote.rule, roll, lines, &self.recused);
        }
        let (count, electorate) = self.count(vote, roll, state);
        count.tally(&vote.rule, electorate)
    }

    /// The ballots so far, and those who could vote.
    pub(crate) fn count(&self, vote: &Vote, roll: &Roll, state: &State) -> (Count, Electorate) {
        let mut count = Count::new(self.contest.as_deref());
        for (voter, choice) in &vote.ballots {
            if let Some(weight) = roll.weight_of(voter) {
                count.ballot(weight, choice);
            }
        }
        for (voter, ballot) in &vote.hidden {
            if let Some(weight) = roll.weight_of(voter) {
                match &ballot.choice {
                    Some(choice) => count.ballot(weight, choice),
                    None => count.spoiled(weight),
                }
            }
        }
        for (choice, weight) in &vote.papers.totals {
            count.ballot(*weight, choice);
        }
        count.spoiled(vote.papers.spoiled);
        let meeting = self.meeting.as_ref().and_then(|id| state.meetings.get(id));
        let present = meeting.and_then(|meeting| meeting.attendance.as_ref());
        let present = present
            .into_iter()
            .flat_map(|attendance| &attendance.present);
        let electorate = Electorate::new(&vote.rule, roll, &self.recused, present);
        (count, electorate)
    }
}

impl Decided {
    /// Whether the motion's effects took place.
    pub(crate) fn effects_taken(&self) -> bool {
        self.effects == Some(EffectsOutcome::Taken)
    }
}

impl Vote {
    /// A vote nobody has voted in.
    pub(crate) fn new(
        opened: EntryRef,
        closes_at: Millis,
        rule: Arc<DecisionRule>,
        roll: &RollId,
    ) -> Self {
        Self {
            opened: opened.leaf,
            closes_at,
            rule,
            roll: roll.clone(),
            ballots: BTreeMap::new(),
            hidden: BTreeMap::new(),
            opened_parts: 0,
            papers: Papers::default(),
            proxies: Proxies::default(),
            roll_call: None,
            minuted_on: None,
        }
    }

    /// The day it is held on: as minuted, or the local day of its last moment.
    fn held_on(&self, offsets: &UtcOffsets) -> Date {
        let last = Millis(self.closes_at.0.saturating_sub(1));
        self.minuted_on.unwrap_or_else(|| offsets.date_of(last))
    }

    /// How many have voted, electronically or on paper.
    pub(crate) fn voted(&self) -> u64 {
        (self.ballots.len() + self.hidden.len() + self.papers.voters.len()) as u64
    }

    pub(crate) fn has_voted(&self, voter: &PersonId) -> bool {
        self.has_cast(voter) || self.papers.voters.contains_key(voter)
    }

    /// Whether a voter has cast a ballot, open or hidden.
    pub(crate) fn has_cast(&self, voter: &PersonId) -> bool {
        self.ballots.contains_key(voter) || self.hidden.contains_key(voter)
    }

    /// Hidden ballots that are not opened, with their commitments.
    pub(crate) fn unopened(&self) -> impl Iterator<Item = (&PersonId, &Digest)> {
        let sealed = self
            .hidden
            .iter()
            .filter(|(_, ballot)| ballot.choice.is_none());
        sealed.map(|(voter, ballot)| (voter, &ballot.commitment))
    }
}

/// What a vote that is over comes to.
pub(crate) fn derived(state: &State, id: &MotionId) -> Option<Payload> {
    let motion = state.motions.get(id)?;
    let decided = motion.decided(id, state);
    let decided = decided.or_else(|| motion.retallied(id, state))?;
    Some(DeliberationAction::MotionDecided(decided).into())
}

/// Whether a rule counts those attending a meeting.
pub(crate) fn needs_attendance(rule: &DecisionRule) -> bool {
    rule.quorum_base == QuorumBase::Attending || rule.approval_base == ApprovalBase::Attending
}

impl State {
    pub(crate) fn existing_motion(&self, motion: &MotionId) -> Result<&Motion, Rejection> {
        let found = self.motions.get(motion);
        found.ok_or_else(|| Rejection::MotionUnknown {
            motion: motion.clone(),
        })
    }

    /// A motion not yet opened.
    pub(crate) fn tabled_motion(&self, id: &MotionId) -> Result<&Motion, Rejection> {
        let motion = self.existing_motion(id)?;
        match motion.stage {
            Stage::Tabled => Ok(motion),
            _ => Err(Rejection::MotionNotTabled {
                motion: id.clone(),
                status: motion.status(),
            }),
        }
    }

    /// A motion being voted on, and its vote.
    pub(crate) fn open_motion(&self, id: &MotionId) -> Result<(&Motion, &Vote), Rejection> {
        let motion = self.existing_motion(id)?;
        let vote = motion.vote().ok_or_else(|| Rejection::MotionNotOpen {
            motion: id.clone(),
            status: motion.status(),
        })?;
        Ok((motion, vote))
    }

    /// A motion not yet decided or withdrawn.
    pub(crate) fn pending_motion(&self, id: &MotionId) -> Result<&Motion, Rejection> {
        let motion = self.existing_motion(id)?;
        match motion.stage {
            Stage::Tabled | Stage::Voting(_) => Ok(motion),
            Stage::Withdrawn | Stage::Decided(_) => Err(Rejection::MotionOver {
                motion: id.clone(),
                status: motion.status(),
            }),
        }
    }

    /// The motion's vote begins, and its decision falls due. Whom its effects concern has no vote on it.
    pub(crate) fn begin_vote(&mut self, id: &MotionId, vote: Vote, now: Millis) {
        let Some(motion) = self.motions.get(id) else {
            return;
        };
        let barred = self.barred_from(motion, now);
        let Some(motion) = self.motions.get_mut(id) else {
            return;
        };
        motion.recused.extend(barred);
        if let Some(roll) = self.rolls.get(&vote.roll).and_then(|r| r.published()) {
            motion
                .recused
                .retain(|voter| roll.weight_of(voter).is_some());
        }
        let meeting = motion.meeting.as_ref();
        if let Some(meeting) = meeting.and_then(|meeting| self.meetings.get_mut(meeting)) {
            meeting.open_votes.insert(id.clone());
        }
        let due = vote.closes_at;
        motion.stage = Stage::Voting(Box::new(vote));
        self.agenda.plan(Due::MotionDecided(id.clone()), due);
    }

    /// The vote ends now rather than at its time.
    pub(crate) fn end_vote(&mut self, id: &MotionId, now: Millis) {
        let Some(vote) = self.motions.get_mut(id).and_then(Motion::vote_mut) else {
            return;
        };
        let before = std::mem::replace(&mut vote.closes_at, now);
        self.agenda.plan(Due::MotionDecided(id.clone()), now);
        self.to_open.remove(&(before, id.clone()));
        self.expect_openings(id);
    }

    /// The motion is decided, and its effects take place. Its ballots are on the log; the rules need them
    /// no longer.
    pub(crate) fn settle(&mut self, decision: &MotionDecided, at: EntryRef) {
        let id = &decision.motion;
        let Some(motion) = self.motions.get_mut(id) else {
            return;
        };
        if let Some(before) = motion.decision_mut() {
            before.outcome = decision.outcome;
            before.retallied = None;
            return;
        }
        let Stage::Voting(vote) = &motion.stage else {
            return;
        };
        self.to_open.remove(&(vote.closes_at, id.clone()));
        let meeting = motion.meeting.as_ref();
        if let Some(meeting) = meeting.and_then(|meeting| self.meetings.get_mut(meeting)) {
            meeting.open_votes.remove(id);
        }
        let chosen = decision.options.iter().filter(|option| option.chosen);
        let unopened = vote.unopened().map(|(voter, _)| voter.clone()).collect();
        let decided = Decided {
            index: at.index,
            outcome: decision.outcome,
            rule: Arc::clone(&vote.rule),
            roll: vote.roll.clone(),
            recused: std::mem::take(&mut motion.recused),
            chosen: chosen.map(|option| option.option).collect(),
            run_off: None,
            effects: decision.effects.clone(),
            roll_call: vote.roll_call.as_ref().map(|(entry, _)| *entry),
            retallied: None,
            overturned: None,
            progress: None,
            unopened,
            held_on: vote.held_on(&self.utc_offsets),
            filed: None,
        };
        motion.stage = Stage::Decided(Box::new(decided));
        motion.retire();
        if decision.effects == Some(EffectsOutcome::Taken) {
            let effects = Arc::clone(&motion.effects);
            effect::apply_all(self, id, &effects, at);
        }
    }
}

impl Motion {
    /// What only mattered before the vote is forgotten.
    pub(crate) fn retire(&mut self) {
        self.heard.clear();
        self.invited.clear();
        self.experts.clear();
        self.nominated.clear();
        self.interested.clear();
        self.recused.clear();
    }
}
