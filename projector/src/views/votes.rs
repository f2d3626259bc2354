//! Who voted what: ballots, roll calls, batches of papers.
//!
//! What a vote came to is not counted here: `governance::tally` counts, and the decision says so.

use governance::{
    action::{
        Ballot, BallotCast, Choice, Correction, DeliberationAction, PaperBallots, Payload,
        RecordCorrected, RollCall, RollCallMark,
    },
    charter::{BallotVisibility, BodyKind},
    ids::{MotionId, PersonId, RollId},
};
use serde::{Deserialize, Serialize};

use super::decisions::DecisionRow;
use crate::{
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::count,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Motion and voter → ballot; motion → roll call; motion and batch → papers; motion → how many.
pub(crate) struct Votes;

const PREFIX: u8 = 10;
const BALLOT: u8 = 1;
const ROLL_CALL: u8 = 2;
const PAPERS: u8 = 3;
/// Beside the ballots, so that a list of motions does not have to count them. Written once a block,
/// however many ballots the block brings.
const RECEIVED: u8 = 4;

/// A voter's ballot: the last one cast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BallotRow {
    /// Whose.
    pub voter: PersonId,
    /// What; `None`: it is hidden, and not opened so far.
    pub choice: Option<Choice>,
    /// Whether it was hidden until the close.
    pub hidden: bool,
    /// By proxy: who cast it.
    pub cast_by: Option<PersonId>,
    /// Index of its entry.
    pub index: u64,
}

/// A vote by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollCallRow {
    /// Index of its entry.
    pub index: u64,
    /// Who took it down.
    pub recorded_by: Option<PersonId>,
    /// Who attested it.
    pub attested_by: PersonId,
    /// Among whom.
    pub roll: RollId,
    /// Every voter of the roll once: as recorded, or as last corrected.
    pub lines: Vec<(PersonId, RollCallMark)>,
    /// Where it was corrected: the lines as they were first recorded.
    pub first: Option<Vec<(PersonId, RollCallMark)>>,
}

/// A batch of papers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PapersRow {
    /// Index of its entry.
    pub index: u64,
    /// From 0.
    pub batch: u32,
    /// The first teller.
    pub first_teller: Option<PersonId>,
    /// The second teller.
    pub second_teller: PersonId,
    /// Who handed in a paper.
    pub voters: Vec<PersonId>,
    /// What the valid ones say.
    pub totals: Vec<PaperTotalRow>,
    /// Heads whose papers say nothing valid.
    pub spoiled_heads: u32,
    /// Their area, in 0.01 m².
    pub spoiled_area: u64,
}

/// How many papers say the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperTotalRow {
    /// What they say.
    pub choice: Choice,
    /// How many voters.
    pub heads: u32,
    /// Their area together, in 0.01 m².
    pub area: u64,
}

/// How a member of a body voted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoteOfRow {
    /// On what.
    pub decision: DecisionRow,
    /// How.
    pub vote: VoteOf,
}

/// A vote in the open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoteOf {
    /// In a roll call.
    Marked(RollCallMark),
    /// By ballot.
    Cast(Choice),
}

/// Whether those who vote in a body do so for themselves, and hold no office by it.
const fn votes_as_private_persons(kind: BodyKind) -> bool {
    matches!(
        kind,
        BodyKind::OwnersAssembly | BodyKind::ResidentsMeeting | BodyKind::ResidentsGroup
    )
}

impl Projection for Votes {
    fn name(&self) -> &'static str {
        "votes"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::BallotCast(cast)) => {
                ballot(entry, cast, batch)
            }
            Payload::Deliberation(DeliberationAction::BallotsOpened(opened)) => {
                let openings = opened.openings.iter();
                openings.into_iter().try_for_each(|opening| {
                    open(&opened.motion, &opening.voter, &opening.choice, batch)
                })
            }
            Payload::Deliberation(DeliberationAction::OpeningSubmitted(submitted)) => {
                let voter = submitted.on_behalf_of.as_ref().or(entry.person());
                voter.map_or(Ok(()), |voter| {
                    open(&submitted.motion, voter, &submitted.choice, batch)
                })
            }
            Payload::Deliberation(DeliberationAction::PaperBallotsRecorded(recorded)) => {
                papers(entry, recorded, batch)
            }
            Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
                roll_call(entry, call, batch)
            }
            Payload::Correction(RecordCorrected {
                correction: Correction::RollCall { motion, lines },
                ..
            }) => correct(motion, lines, batch),
            _ => Ok(()),
        }
    }
}

fn ballot(
    entry: &Logged<'_>,
    cast: &BallotCast,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let actor = entry
        .person()
        .ok_or_else(|| ProjectionError::unknown(entry, "voter", "(the ledger itself)"))?;
    let voter = cast.on_behalf_of.as_ref().unwrap_or(actor);
    let key = ballots_of(&cast.motion).with(voter);
    if batch.bytes(&key)?.is_none() {
        receive(&cast.motion, 1, batch)?;
    }
    let row = BallotRow {
        voter: voter.clone(),
        choice: match &cast.ballot {
            Ballot::Open(choice) => Some(choice.clone()),
            Ballot::Hidden(_) => None,
        },
        hidden: matches!(cast.ballot, Ballot::Hidden(_)),
        cast_by: cast.on_behalf_of.is_some().then(|| actor.clone()),
        index: entry.index,
    };
    Ok(batch.put(key, &row)?)
}

/// What a hidden ballot said.
fn open(
    motion: &MotionId,
    voter: &PersonId,
    choice: &Choice,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let key = ballots_of(motion).with(voter);
    let Some(mut row) = batch.get::<BallotRow>(&key)? else {
        return Ok(());
    };
    row.choice = Some(choice.clone());
    Ok(batch.put(key, &row)?)
}

fn papers(
    entry: &Logged<'_>,
    recorded: &PaperBallots,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let total = |total: &governance::action::PaperTotal| PaperTotalRow {
        choice: total.choice.clone(),
        heads: total.heads,
        area: total.area,
    };
    let row = PapersRow {
        index: entry.index,
        batch: recorded.batch,
        first_teller: entry.person().cloned(),
        second_teller: recorded.second.person.clone(),
        voters: recorded.voters.clone(),
        totals: recorded.totals.iter().map(total).collect(),
        spoiled_heads: recorded.spoiled.0,
        spoiled_area: recorded.spoiled.1,
    };
    receive(&recorded.motion, count(recorded.voters.len()), batch)?;
    let key = papers_of(&recorded.motion).with(&recorded.batch);
    Ok(batch.put(key, &row)?)
}

fn roll_call(
    entry: &Logged<'_>,
    call: &RollCall,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = RollCallRow {
        index: entry.index,
        recorded_by: entry.person().cloned(),
        attested_by: call.second.person.clone(),
        roll: call.roll.clone(),
        lines: call.lines.clone(),
        first: None,
    };
    receive(&call.motion, voted(&call.lines), batch)?;
    Ok(batch.put(Key::table(PREFIX, ROLL_CALL).with(&call.motion), &row)?)
}

/// How many voted, of those a roll call names.
fn voted(lines: &[(PersonId, RollCallMark)]) -> u32 {
    let voted = |mark: &RollCallMark| match mark {
        RollCallMark::For | RollCallMark::Against | RollCallMark::Abstain => true,
        RollCallMark::Absent | RollCallMark::Away | RollCallMark::NotVoting => false,
    };
    count(lines.iter().filter(|(_, mark)| voted(mark)).count())
}

fn correct(
    motion: &MotionId,
    lines: &[(PersonId, RollCallMark)],
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let key = Key::table(PREFIX, ROLL_CALL).with(motion);
    let Some(mut row) = batch.get::<RollCallRow>(&key)? else {
        return Ok(());
    };
    let before = std::mem::replace(&mut row.lines, lines.to_vec());
    row.first.get_or_insert(before);
    batch.put(received_key(motion), &u64::from(voted(lines)))?;
    Ok(batch.put(key, &row)?)
}

fn receive(motion: &MotionId, more: u32, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    let key = received_key(motion);
    let received: u64 = batch.get(&key)?.unwrap_or(0);
    Ok(batch.put(key, &(received + u64::from(more)))?)
}

fn ballots_of(motion: &MotionId) -> Key {
    Key::table(PREFIX, BALLOT).with(motion)
}

fn papers_of(motion: &MotionId) -> Key {
    Key::table(PREFIX, PAPERS).with(motion)
}

fn received_key(motion: &MotionId) -> Key {
    Key::table(PREFIX, RECEIVED).with(motion)
}

impl View<'_> {
    /// The ballots on a motion, by voter; hidden ones say nothing before they are opened.
    pub fn ballots(
        &self,
        motion: &MotionId,
        request: &PageRequest,
    ) -> Result<Page<BallotRow>, QueryError> {
        let span = Span::of(ballots_of(motion));
        page::read_rows(self, span, Order::Ascending, request, |_| true)
    }

    /// The vote by name on a motion.
    pub fn roll_call(&self, motion: &MotionId) -> Result<Option<RollCallRow>, QueryError> {
        Ok(self.get(&Key::table(PREFIX, ROLL_CALL).with(motion))?)
    }

    /// The batches of papers on a motion, in order.
    pub fn paper_batches(
        &self,
        motion: &MotionId,
        request: &PageRequest,
    ) -> Result<Page<PapersRow>, QueryError> {
        let span = Span::of(papers_of(motion));
        page::read_rows(self, span, Order::Ascending, request, |_| true)
    }

    /// How a person voted, as a member of bodies whose members vote openly by office, on what is decided, the
    /// decision recorded last first. How residents and owners vote in their meetings is nobody's record.
    pub fn votes_of(
        &self,
        person: &PersonId,
        request: &PageRequest,
    ) -> Result<Page<VoteOfRow>, QueryError> {
        // By the rule it was held under: a later version may call a vote open that was not.
        let open = |row: &DecisionRow| {
            let rule = self.rule_of(row.result.charter_version, &row.result.rule)?;
            Ok::<_, QueryError>(rule.is_some_and(|rule| rule.visibility == BallotVisibility::Open))
        };
        self.decisions_recorded(request, |row| {
            let Some(body) = self.body(&row.body)? else {
                return Ok(None);
            };
            if votes_as_private_persons(body.kind) {
                return Ok(None);
            }
            let vote = match self.mark_of(&row.motion, person)? {
                Some(mark) => Some(VoteOf::Marked(mark)),
                None if open(&row)? => self.choice_of(&row.motion, person)?,
                None => None,
            };
            Ok(vote.map(|vote| VoteOfRow {
                decision: row,
                vote,
            }))
        })
    }

    fn mark_of(
        &self,
        motion: &MotionId,
        person: &PersonId,
    ) -> Result<Option<RollCallMark>, QueryError> {
        let call = self.roll_call(motion)?;
        let mut lines = call.iter().flat_map(|call| &call.lines);
        Ok(lines
            .find(|(voter, _)| voter == person)
            .map(|(_, mark)| *mark))
    }

    fn choice_of(
        &self,
        motion: &MotionId,
        person: &PersonId,
    ) -> Result<Option<VoteOf>, QueryError> {
        let ballot: Option<BallotRow> = self.get(&ballots_of(motion).with(person))?;
        Ok(ballot.and_then(|ballot| ballot.choice).map(VoteOf::Cast))
    }

    /// How many voters have voted on a motion: by ballot (a second one replaces the first), on paper, or
    /// with for, against or abstain in a roll call.
    pub fn votes_received(&self, motion: &MotionId) -> Result<u64, QueryError> {
        Ok(self.get(&received_key(motion))?.unwrap_or(0))
    }
}
