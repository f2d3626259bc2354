//! Motions: where each one stands, and what is put to the vote.

use governance::{
    action::{
        Contest, DeliberationAction, Effect, Minuted, MotionTabled, MotionText, Outcome, Payload,
        RollCall,
    },
    calendar::Date,
    ids::{AffairId, BodyId, Leaf, MeetingId, Millis, MotionId, PersonId, RollId, RuleId},
};
use serde::{Deserialize, Serialize};

use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    summary::motion_of,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
    views::constitution,
};

/// Motion → where it stands; motion → text; index → motion; body and index → motion; status and index → motion;
/// meeting and index → motion.
pub(crate) struct Motions;

const PREFIX: u8 = 8;
const MOTION: u8 = 1;
/// Apart from the row, so that a change of status does not write 32 KiB of text again.
const TEXT: u8 = 2;
const BY_INDEX: u8 = 3;
const OF_BODY: u8 = 4;
const BY_STATUS: u8 = 5;
const OF_MEETING: u8 = 6;

/// A motion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MotionRow {
    /// Its id.
    pub motion: MotionId,
    /// As last amended.
    pub title: String,
    /// Who decides.
    pub body: BodyId,
    /// By which rule.
    pub rule: RuleId,
    /// Of which version of the charter.
    pub charter_version: u32,
    /// The meeting it is to be decided in.
    pub meeting: Option<MeetingId>,
    /// An import's own id for it; may be empty.
    pub source: String,
    /// Where it stands.
    pub status: MotionStatus,
    /// Index of the entry that tabled it, or of the roll call it came with.
    pub tabled_index: u64,
    /// When that was recorded.
    pub tabled_at: Millis,
    /// By whom.
    pub tabled_by: Option<PersonId>,
    /// The vote, once it was opened.
    pub vote: Option<VoteRow>,
    /// Among whom the vote was taken, once that is known.
    pub roll: Option<RollId>,
    /// When the chair or a roll call ended the vote.
    pub closed_at: Option<Millis>,
    /// Where it was taken from minutes.
    pub minuted: Option<MinutedRow>,
    /// What it came to.
    pub outcome: Option<Outcome>,
    /// The consultation it rests on.
    pub consultation: Option<AffairId>,
}

/// Where a motion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MotionStatus {
    /// Tabled, and may be amended.
    Tabled,
    /// The vote is open.
    Open,
    /// The vote is over.
    Closed,
    /// The outcome is recorded.
    Decided,
    /// Taken back.
    Withdrawn,
    /// The outcome is recorded, and was overturned since.
    Overturned,
}

/// A vote that was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoteRow {
    /// Leaf hash of the entry that opened it: what a ballot names.
    pub opened: Leaf,
    /// Its index.
    pub opened_index: u64,
    /// When it was recorded.
    pub opened_at: Millis,
    /// The first moment that is too late.
    pub closes_at: Millis,
}

/// What minutes say beside the vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutedRow {
    /// The day of the vote.
    pub held_on: Date,
    /// What the source says of the item in its own words.
    pub source_outcome: String,
}

/// What is put to the vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRow {
    /// As last amended.
    pub title: String,
    /// As last amended.
    pub paragraphs: Vec<String>,
    /// The options; `None`: for, against or abstain.
    pub contest: Option<Contest>,
    /// What a "for" will do.
    pub effects: Vec<Effect>,
}

impl TextRow {
    fn new(text: &MotionText, contest: Option<&Contest>, effects: &[Effect]) -> Self {
        Self {
            title: text.title.clone(),
            paragraphs: text.paragraphs.clone(),
            contest: contest.cloned(),
            effects: effects.to_vec(),
        }
    }
}

impl Projection for Motions {
    fn name(&self) -> &'static str {
        "motions"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::Deliberation(act) = &entry.action.payload else {
            return Ok(());
        };
        match act {
            DeliberationAction::MotionTabled(tabled) => table(entry, tabled, batch),
            DeliberationAction::RollCallRecorded(call) => roll_call(entry, call, batch),
            DeliberationAction::MotionAmended {
                motion,
                text,
                contest,
                effects,
            } => {
                let text = TextRow::new(text, contest.as_ref(), effects);
                batch.put(text_key(motion), &text)?;
                progress(entry, act, batch)
            }
            DeliberationAction::MotionWithdrawn { .. }
            | DeliberationAction::VotingOpened { .. }
            | DeliberationAction::VotingClosed { .. }
            | DeliberationAction::MotionDecided(_)
            | DeliberationAction::DecisionOverturned(_) => progress(entry, act, batch),
            DeliberationAction::StatementMade { .. }
            | DeliberationAction::ExpertInvited { .. }
            | DeliberationAction::ParticipantsInvited { .. }
            | DeliberationAction::ExpertOpinionFiled { .. }
            | DeliberationAction::CandidateNominated { .. }
            | DeliberationAction::InterestDeclared { .. }
            | DeliberationAction::BallotCast(_)
            | DeliberationAction::BallotsOpened(_)
            | DeliberationAction::OpeningSubmitted(_)
            | DeliberationAction::ProxyGranted { .. }
            | DeliberationAction::ProxyRevoked { .. }
            | DeliberationAction::PaperBallotsRecorded(_)
            | DeliberationAction::DecisionImplemented(_)
            | DeliberationAction::DecisionFiled(_) => Ok(()),
        }
    }
}

fn table(
    entry: &Logged<'_>,
    tabled: &MotionTabled,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let text = TextRow::new(&tabled.text, tabled.contest.as_ref(), &tabled.effects);
    let row = MotionRow {
        motion: tabled.motion.clone(),
        title: tabled.text.title.clone(),
        body: tabled.body.clone(),
        rule: tabled.rule.clone(),
        charter_version: constitution::version_in_force(batch)?.unwrap_or_default(),
        meeting: tabled.meeting.clone(),
        source: tabled.source.clone(),
        status: MotionStatus::Tabled,
        tabled_index: entry.index,
        tabled_at: entry.recorded_at,
        tabled_by: entry.person().cloned(),
        vote: None,
        roll: None,
        closed_at: None,
        minuted: None,
        outcome: None,
        consultation: tabled.consultation.clone(),
    };
    list(&row, &text, batch)
}

fn roll_call(
    entry: &Logged<'_>,
    call: &RollCall,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    match &call.minuted {
        Some(minuted) => take_from_minutes(entry, call, minuted, batch),
        None => change(entry, &call.motion, batch, |row| {
            row.status = MotionStatus::Closed;
            row.roll = Some(call.roll.clone());
            row.closed_at = Some(entry.recorded_at);
        }),
    }
}

fn take_from_minutes(
    entry: &Logged<'_>,
    call: &RollCall,
    minuted: &Minuted,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = MotionRow {
        motion: call.motion.clone(),
        title: minuted.text.title.clone(),
        body: minuted.body.clone(),
        rule: minuted.rule.clone(),
        // Decided at once: the decision says which.
        charter_version: constitution::version_in_force(batch)?.unwrap_or_default(),
        meeting: None,
        source: minuted.source.clone(),
        status: MotionStatus::Closed,
        tabled_index: entry.index,
        tabled_at: entry.recorded_at,
        tabled_by: entry.person().cloned(),
        vote: None,
        roll: Some(call.roll.clone()),
        closed_at: Some(entry.recorded_at),
        minuted: Some(MinutedRow {
            held_on: minuted.held_on,
            source_outcome: minuted.source_outcome.clone(),
        }),
        outcome: None,
        consultation: None,
    };
    list(&row, &TextRow::new(&minuted.text, None, &[]), batch)
}

fn list(row: &MotionRow, text: &TextRow, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
    batch.put(motion_key(&row.motion), row)?;
    batch.put(text_key(&row.motion), text)?;
    batch.put(by_index().with(&row.tabled_index), &row.motion)?;
    let of_body = of_body(&row.body).with(&row.tabled_index);
    batch.put(of_body, &row.motion)?;
    if let Some(meeting) = &row.meeting {
        batch.put(of_meeting(meeting).with(&row.tabled_index), &row.motion)?;
    }
    Ok(batch.put(place(row), &row.motion)?)
}

fn progress(
    entry: &Logged<'_>,
    act: &DeliberationAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    change(entry, motion_of(act), batch, |row| match act {
        DeliberationAction::MotionAmended { text, .. } => row.title.clone_from(&text.title),
        DeliberationAction::MotionWithdrawn { .. } => row.status = MotionStatus::Withdrawn,
        DeliberationAction::VotingOpened {
            roll, closes_at, ..
        } => {
            row.status = MotionStatus::Open;
            row.roll = Some(roll.clone());
            row.vote = Some(VoteRow {
                opened: entry.leaf,
                opened_index: entry.index,
                opened_at: entry.recorded_at,
                closes_at: *closes_at,
            });
        }
        DeliberationAction::VotingClosed { .. } => {
            row.status = MotionStatus::Closed;
            row.closed_at = Some(entry.recorded_at);
        }
        DeliberationAction::MotionDecided(decided) => {
            row.status = MotionStatus::Decided;
            row.outcome = Some(decided.outcome);
            row.charter_version = decided.charter_version;
        }
        DeliberationAction::DecisionOverturned(_) => row.status = MotionStatus::Overturned,
        _ => {}
    })
}

fn change(
    entry: &Logged<'_>,
    motion: &MotionId,
    batch: &mut ViewBatch<'_>,
    change: impl FnOnce(&mut MotionRow),
) -> Result<(), ProjectionError> {
    let mut row =
        find(batch, motion)?.ok_or_else(|| ProjectionError::unknown(entry, "motion", motion))?;
    let before = place(&row);
    change(&mut row);
    let now = place(&row);
    if now != before {
        batch.remove(before);
        batch.put(now, &row.motion)?;
    }
    Ok(batch.put(motion_key(motion), &row)?)
}

/// Where it is listed among those that stand where it does.
fn place(row: &MotionRow) -> Key {
    by_status(row.status).with(&row.tabled_index)
}

fn by_status(status: MotionStatus) -> Key {
    Key::table(PREFIX, BY_STATUS).with_byte(status as u8)
}

/// A motion's row.
pub(crate) fn find(rows: &impl Rows, motion: &MotionId) -> Result<Option<MotionRow>, StoreError> {
    rows.get(&motion_key(motion))
}

fn motion_key(motion: &MotionId) -> Key {
    Key::table(PREFIX, MOTION).with(motion)
}

/// The effects of a motion, as last amended.
pub(crate) fn effects(rows: &impl Rows, motion: &MotionId) -> Result<Vec<Effect>, StoreError> {
    let text: Option<TextRow> = rows.get(&text_key(motion))?;
    Ok(text.map(|text| text.effects).unwrap_or_default())
}

fn text_key(motion: &MotionId) -> Key {
    Key::table(PREFIX, TEXT).with(motion)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

fn of_meeting(meeting: &MeetingId) -> Key {
    Key::table(PREFIX, OF_MEETING).with(meeting)
}

/// Which motions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MotionFilter {
    /// Only this body's.
    pub body: Option<BodyId>,
    /// Only those that stand here.
    pub status: Option<MotionStatus>,
    /// Only those of this meeting.
    pub meeting: Option<MeetingId>,
}

impl MotionFilter {
    /// The table with the fewest rows beside those that are wanted: few motions are under way at once.
    fn table(&self) -> Key {
        use MotionStatus as S;
        if let Some(meeting) = &self.meeting {
            return of_meeting(meeting);
        }
        match (&self.body, self.status) {
            (_, Some(status @ (S::Tabled | S::Open | S::Closed))) | (None, Some(status)) => {
                by_status(status)
            }
            (Some(body), _) => of_body(body),
            (None, None) => by_index(),
        }
    }

    fn takes(&self, row: &MotionRow) -> bool {
        let meeting = self.meeting.as_ref();
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.status.is_none_or(|status| row.status == status)
            && meeting.is_none_or(|meeting| row.meeting.as_ref() == Some(meeting))
    }
}

impl View<'_> {
    /// One motion.
    pub fn motion(&self, motion: &MotionId) -> Result<Option<MotionRow>, QueryError> {
        Ok(find(self, motion)?)
    }

    /// What is put to the vote.
    pub fn motion_text(&self, motion: &MotionId) -> Result<Option<TextRow>, QueryError> {
        Ok(self.get(&text_key(motion))?)
    }

    /// Motions, the one tabled last first.
    pub fn motions(
        &self,
        filter: &MotionFilter,
        request: &PageRequest,
    ) -> Result<Page<MotionRow>, QueryError> {
        let span = Span::of(filter.table());
        page::read(self, span, Order::Descending, request, |_, motion| {
            let motion: MotionId = codec::decode(motion)?;
            Ok(self.motion(&motion)?.filter(|row| filter.takes(row)))
        })
    }
}
