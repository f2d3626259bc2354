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
    keys::{Key, last_id},
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, StoreError, View, ViewBatch},
    views::constitution,
};

/// Issue → where it stands; index → issue; body → counts; body and category → counts; body and index → issue; stage
/// and index → issue; index → issue that is late.
pub(crate) struct Issues;

const PREFIX: u8 = 31;
const ISSUE: u8 = 1;
const BY_INDEX: u8 = 2;
const COUNTS: u8 = 3;
const CATEGORY_COUNTS: u8 = 4;
const OF_BODY: u8 = 5;
const BY_STAGE: u8 = 6;
const LATE: u8 = 7;

/// From this score on, who raised an issue was satisfied.
const SATISFIED_FROM: u32 = 4;

/// Most lines of counts in an answer: a body has dozens of categories.
pub const COUNTS_MAX: usize = 1_000;

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
    /// Asked for a review.
    pub reopened: u64,
    /// Rated 4 or 5 of 5.
    pub satisfied: u64,
}

/// What is counted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueGroup {
    /// With whom.
    pub body: BodyId,
    /// Of which category; `None`: of all.
    pub category: Option<String>,
    /// How many.
    pub counts: IssueCounts,
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
    for place in places(&row) {
        batch.put(place, &raised.issue)?;
    }
    count(batch, &raised.body, &row.category, |counts| {
        counts.received += 1;
    })
}

/// The lists that it is in as long as it stands as it does.
fn places(row: &IssueRow) -> Vec<Key> {
    let mut tables = vec![of_body(&row.body), by_stage(row.stage)];
    tables.extend(row.overdue.map(|_| late()));
    let place = |table: Key| table.with(&row.raised_index);
    tables.into_iter().map(place).collect()
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
    let (before, was_late) = (places(&row), row.overdue.is_some());
    let handled_by = row.body.clone();
    if let Some(content) = content_of(act) {
        row.contents.push((entry.index, content.digest));
    }
    step(entry, act, &mut row);
    let category = &row.category;
    count(batch, &handled_by, category, |counts| {
        counts.add(act, was_late);
    })?;
    if let IssueAction::IssueReferred { body: to, .. } = act {
        count(batch, to, category, |counts| counts.received += 1)?;
    }
    for place in before {
        batch.remove(place);
    }
    for place in places(&row) {
        batch.put(place, issue)?;
    }
    Ok(batch.put(key(issue), &row)?)
}

/// Where an act takes an issue.
fn step(entry: &Logged<'_>, act: &IssueAction, row: &mut IssueRow) {
    let stage = match act {
        IssueAction::IssueAccepted { .. } => IssueStage::Accepted,
        IssueAction::IssueRefused { reason, .. } => {
            row.answer.clone_from(reason);
            IssueStage::Refused
        }
        IssueAction::IssueReferred { body, .. } => {
            row.body.clone_from(body);
            IssueStage::Raised
        }
        IssueAction::IssueAnswered { summary, .. } => {
            row.answer.clone_from(summary);
            IssueStage::Answered
        }
        IssueAction::IssueReopened { .. } => IssueStage::Reopened,
        IssueAction::IssueClosed { .. } => IssueStage::Closed,
        IssueAction::IssueExtended { .. } => {
            row.extended = true;
            return;
        }
        IssueAction::SatisfactionRated { score, .. } => {
            row.score = Some(*score);
            return;
        }
        IssueAction::IssueOverdue { step, .. } => {
            row.overdue = Some((*step, entry.action.client_time));
            return;
        }
        IssueAction::IssueRaised(_)
        | IssueAction::IssueAssigned { .. }
        | IssueAction::IssueRead { .. } => return,
    };
    row.stage = stage;
    row.since = entry.recorded_at;
    row.overdue = None;
}

impl IssueCounts {
    /// Counts an act of the body that handles an issue, or about it.
    fn add(&mut self, act: &IssueAction, was_late: bool) {
        match act {
            IssueAction::IssueRefused { .. } => self.refused += 1,
            IssueAction::IssueReferred { .. } => self.referred += 1,
            IssueAction::IssueAnswered { .. } => {
                self.answered += 1;
                self.answered_in_time += u64::from(!was_late);
            }
            IssueAction::IssueReopened { .. } => self.reopened += 1,
            IssueAction::IssueClosed { .. } => self.closed += 1,
            IssueAction::SatisfactionRated { score, .. } => {
                self.rated += 1;
                self.score_total += u64::from(*score);
                self.satisfied += u64::from(*score >= SATISFIED_FROM);
            }
            IssueAction::IssueOverdue { .. } => self.overdue += 1,
            IssueAction::IssueRaised(_)
            | IssueAction::IssueAccepted { .. }
            | IssueAction::IssueExtended { .. }
            | IssueAction::IssueAssigned { .. }
            | IssueAction::IssueRead { .. } => {}
        }
    }
}

fn content_of(act: &IssueAction) -> Option<&Content> {
    match act {
        IssueAction::IssueAnswered { content, .. } => content.as_ref(),
        IssueAction::IssueReopened { content, .. } => Some(content),
        _ => None,
    }
}

/// Counts for a body, all in all and in a category.
fn count(
    batch: &mut ViewBatch<'_>,
    body: &BodyId,
    category: &str,
    change: impl Fn(&mut IssueCounts),
) -> Result<(), ProjectionError> {
    for key in [counts_key(body), category_counts(body).with(category)] {
        let mut counts: IssueCounts = batch.get(&key)?.unwrap_or_default();
        change(&mut counts);
        batch.put(key, &counts)?;
    }
    Ok(())
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

fn category_counts(body: &BodyId) -> Key {
    Key::table(PREFIX, CATEGORY_COUNTS).with(body)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

fn by_stage(stage: IssueStage) -> Key {
    Key::table(PREFIX, BY_STAGE).with_byte(stage as u8)
}

fn late() -> Key {
    Key::table(PREFIX, LATE)
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
    /// Only those of this category, letter for letter.
    pub category: Option<String>,
}

impl IssueFilter {
    /// The table with the fewest rows beside those that are wanted.
    fn table(&self) -> Key {
        match (self.overdue, self.stage, &self.body) {
            (true, ..) => late(),
            (false, Some(stage), _) => by_stage(stage),
            (false, None, Some(body)) => of_body(body),
            (false, None, None) => by_index(),
        }
    }

    fn takes(&self, row: &IssueRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.kind.is_none_or(|kind| row.kind == kind)
            && self.stage.is_none_or(|stage| row.stage == stage)
            && (row.overdue.is_some() || !self.overdue)
            && self
                .category
                .as_ref()
                .is_none_or(|category| row.category == *category)
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
        let span = Span::of(filter.table());
        page::read(self, span, Order::Descending, request, |_, issue| {
            let issue: IssueId = codec::decode(issue)?;
            Ok(self.issue(&issue)?.filter(|row| filter.takes(row)))
        })
    }

    /// How a body deals with what is raised.
    pub fn issue_counts(&self, body: &BodyId) -> Result<IssueCounts, QueryError> {
        Ok(self.get(&counts_key(body))?.unwrap_or_default())
    }

    /// The same, category by category; at most [`COUNTS_MAX`].
    pub fn issue_counts_by_category(&self, body: &BodyId) -> Result<Vec<IssueGroup>, QueryError> {
        let table = category_counts(body);
        let start = table.as_bytes().len();
        let rows = self.scan(&Span::of(table), Order::Ascending);
        let mut groups = Vec::new();
        for pair in rows.take(COUNTS_MAX) {
            let (key, counts) = pair?;
            groups.push(IssueGroup {
                body: body.clone(),
                category: last_id(&key, start).map(str::to_owned),
                counts: codec::decode(&counts)?,
            });
        }
        Ok(groups)
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
