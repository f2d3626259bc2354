//! Issues, as far as they are public: what kind they are, where they stand, by when something must be done,
//! and how many of them. Who raised one, whom it accuses and what it says are not here.

use governance::{
    IssueStage,
    action::{Content, IssueAction, IssueKind, IssueRaised, IssueStep, Payload},
    clocks::Clocks,
    ids::{BodyId, Digest, IssueId, Millis},
};
use serde::{Deserialize, Serialize};

use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
    views::constitution,
};

/// Issue → where it stands; index → issue; body → counts.
pub(crate) struct Issues;

const PREFIX: u8 = 31;
const ISSUE: u8 = 1;
const BY_INDEX: u8 = 2;
const COUNTS: u8 = 3;

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueRow {
    /// Its id.
    pub issue: IssueId,
    /// What kind it is.
    pub kind: IssueKind,
    /// What it is about in a word or two.
    pub category: String,
    /// What can be said of it in public.
    pub summary: String,
    /// Who is to handle it.
    pub body: BodyId,
    /// Where it stands.
    pub stage: IssueStage,
    /// Since when.
    pub since: Millis,
    /// The clocks it was raised under.
    pub clocks: Clocks,
    /// The entry that raised it.
    pub raised_index: u64,
    /// When.
    pub raised_at: Millis,
    /// What can be said of the latest answer, or why it was refused.
    pub answer: String,
    /// Whether the time for an answer was extended.
    pub extended: bool,
    /// What was not done in time, and is not done yet; with the moment it was due.
    pub overdue: Option<(IssueStep, Millis)>,
    /// How who raised it found it handled, from 1 to 5.
    pub score: Option<u32>,
    /// What is not public about it: the entries that name it, and its digests.
    pub contents: Vec<(u64, Digest)>,
}

/// How a body deals with what is raised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueCounts {
    /// Raised with it, or referred to it.
    pub received: u64,
    /// Not taken on.
    pub refused: u64,
    /// Referred to others.
    pub referred: u64,
    /// Answered, reviews included.
    pub answered: u64,
    /// Of these, in time.
    pub answered_in_time: u64,
    /// Times that a clock ran out.
    pub overdue: u64,
    /// Closed.
    pub closed: u64,
    /// How many were rated.
    pub rated: u64,
    /// All their scores together.
    pub score_total: u64,
}

impl Projection for Issues {
    fn name(&self) -> &'static str {
        "issues"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        let Payload::Issues(act) = &entry.action.payload else {
            return Ok(());
        };
        match act {
            IssueAction::IssueRaised(raised) => raise(entry, raised, batch),
            // Who reads is on the log; where the issue stands does not change.
            IssueAction::IssueRead { .. } => Ok(()),
            act => progress(entry, act, batch),
        }
    }
}

fn raise(
    entry: &Logged<'_>,
    raised: &IssueRaised,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    // The founding entry came first.
    let charter = constitution::charter(batch)?;
    let clocks = charter.map_or(Clocks::DEFAULT, |charter| charter.clocks);
    let row = IssueRow {
        issue: raised.issue.clone(),
        kind: raised.kind,
        category: raised.category.clone(),
        summary: raised.summary.clone(),
        body: raised.body.clone(),
        stage: IssueStage::Raised,
        since: entry.recorded_at,
        clocks,
        raised_index: entry.index,
        raised_at: entry.recorded_at,
        answer: String::new(),
        extended: false,
        overdue: None,
        score: None,
        contents: vec![(entry.index, raised.content.digest)],
    };
    batch.put(key(&raised.issue), &row)?;
    batch.put(by_index().with(&entry.index), &raised.issue)?;
    count(batch, &raised.body, |counts| counts.received += 1)
}

fn progress(
    entry: &Logged<'_>,
    act: &IssueAction,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let issue = act.issue();
    let mut row: IssueRow = batch
        .get(&key(issue))?
        .ok_or_else(|| ProjectionError::unknown(entry, "issue", issue))?;
    let body = row.body.clone();
    let late = row.overdue.is_some();
    if let Some(content) = content_of(act) {
        row.contents.push((entry.index, content.digest));
    }
    let mut enter = |stage| {
        row.stage = stage;
        row.since = entry.recorded_at;
        row.overdue = None;
    };
    match act {
        IssueAction::IssueAccepted { .. } => enter(IssueStage::Accepted),
        IssueAction::IssueRefused { reason, .. } => {
            enter(IssueStage::Refused);
            row.answer.clone_from(reason);
            count(batch, &body, |counts| counts.refused += 1)?;
        }
        IssueAction::IssueReferred { body: to, .. } => {
            enter(IssueStage::Raised);
            row.body = to.clone();
            count(batch, &body, |counts| counts.referred += 1)?;
            count(batch, to, |counts| counts.received += 1)?;
        }
        IssueAction::IssueAnswered { summary, .. } => {
            enter(IssueStage::Answered);
            row.answer.clone_from(summary);
            count(batch, &body, |counts| {
                counts.answered += 1;
                counts.answered_in_time += u64::from(!late);
            })?;
        }
        IssueAction::IssueReopened { .. } => enter(IssueStage::Reopened),
        IssueAction::IssueClosed { .. } => {
            enter(IssueStage::Closed);
            count(batch, &body, |counts| counts.closed += 1)?;
        }
        IssueAction::IssueExtended { .. } => row.extended = true,
        IssueAction::SatisfactionRated { score, .. } => {
            row.score = Some(*score);
            count(batch, &body, |counts| {
                counts.rated += 1;
                counts.score_total += u64::from(*score);
            })?;
        }
        IssueAction::IssueOverdue { step, .. } => {
            row.overdue = Some((*step, entry.action.client_time));
            count(batch, &body, |counts| counts.overdue += 1)?;
        }
        IssueAction::IssueRaised(_)
        | IssueAction::IssueAssigned { .. }
        | IssueAction::IssueRead { .. } => {}
    }
    Ok(batch.put(key(issue), &row)?)
}

fn content_of(act: &IssueAction) -> Option<&Content> {
    match act {
        IssueAction::IssueAnswered { content, .. } => content.as_ref(),
        IssueAction::IssueReopened { content, .. } => Some(content),
        _ => None,
    }
}

fn count(
    batch: &mut ViewBatch<'_>,
    body: &BodyId,
    change: impl FnOnce(&mut IssueCounts),
) -> Result<(), ProjectionError> {
    let key = counts_key(body);
    let mut counts: IssueCounts = batch.get(&key)?.unwrap_or_default();
    change(&mut counts);
    Ok(batch.put(key, &counts)?)
}

/// An issue's row.
pub(crate) fn find(rows: &impl Rows, issue: &IssueId) -> Result<Option<IssueRow>, StoreError> {
    rows.get(&key(issue))
}

fn key(issue: &IssueId) -> Key {
    Key::table(PREFIX, ISSUE).with(issue)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn counts_key(body: &BodyId) -> Key {
    Key::table(PREFIX, COUNTS).with(body)
}

/// Which issues to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IssueFilter {
    /// Only those with this body.
    pub body: Option<BodyId>,
    /// Only this kind.
    pub kind: Option<IssueKind>,
    /// Only those that stand here.
    pub stage: Option<IssueStage>,
    /// Only those that should have been dealt with by now.
    pub overdue: bool,
}

impl IssueFilter {
    fn takes(&self, row: &IssueRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.kind.is_none_or(|kind| row.kind == kind)
            && self.stage.is_none_or(|stage| row.stage == stage)
            && (row.overdue.is_some() || !self.overdue)
    }
}

impl View<'_> {
    /// One issue.
    pub fn issue(&self, issue: &IssueId) -> Result<Option<IssueRow>, QueryError> {
        Ok(find(self, issue)?)
    }

    /// Issues, the one raised last first.
    pub fn issues(
        &self,
        filter: &IssueFilter,
        request: &PageRequest,
    ) -> Result<Page<IssueRow>, QueryError> {
        let span = Span::of(by_index());
        page::read(self, span, Order::Descending, request, |_, issue| {
            let issue: IssueId = codec::decode(issue)?;
            Ok(self.issue(&issue)?.filter(|row| filter.takes(row)))
        })
    }

    /// How a body deals with what is raised.
    pub fn issue_counts(&self, body: &BodyId) -> Result<IssueCounts, QueryError> {
        Ok(self.get(&counts_key(body))?.unwrap_or_default())
    }

    /// By when the next step of an issue must be done; `None`: none must.
    pub fn issue_due(&self, row: &IssueRow) -> Result<Option<Millis>, QueryError> {
        let clocks = row.clocks;
        let days = match row.stage {
            IssueStage::Raised => clocks.issue_acceptance_days,
            IssueStage::Accepted if row.extended => {
                clocks.issue_answer_days + clocks.issue_extension_days
            }
            IssueStage::Accepted => clocks.issue_answer_days,
            IssueStage::Reopened => clocks.issue_review_days,
            IssueStage::Refused | IssueStage::Answered | IssueStage::Closed => return Ok(None),
        };
        Ok(Some(self.utc_offsets()?.after_days(row.since, days)))
    }
}
