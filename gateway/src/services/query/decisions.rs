//! What was decided.

use governance::{
    action::{Contest, Outcome},
    charter_diff::Difference,
    explanation::{explain, explain_filing},
    ids::MotionId,
};
use projector::{
    Page, QueryError, View,
    views::{
        decisions::{DecisionFilter, DecisionRow},
        motions::TextRow,
        votes::{BallotRow, RollCallRow},
    },
};
use proto::v1;

use super::{
    ask::{Books, field, long_page, optional_enum, optional_field, page_request, page_size},
    motions::{charter_changes, effects, motion_text},
    overdue::last_day,
};
use crate::status::Problem;

/// Most ballots in a page: at some 70 bytes each, 0.7 MB.
const BALLOTS_MAX: usize = 10_000;

pub(super) async fn list(
    books: &Books,
    request: v1::ListDecisionsRequest,
) -> Result<v1::ListDecisionsResponse, Problem> {
    let filter = DecisionFilter {
        body: optional_field("body", &request.body)?,
        outcome: optional_enum::<v1::Outcome, Outcome>("outcome", request.outcome)?,
        held_from: optional_field("held_from", &request.held_from)?,
        held_to: optional_field("held_to", &request.held_to)?,
        power: optional_field("power", &request.power)?,
        matter: optional_field("matter", &request.matter)?,
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let page = view.decisions(&filter, &page)?;
            let decisions = page.rows.iter().map(|row| decision(view, row));
            let decisions = decisions.collect::<Result<Vec<_>, _>>()?;
            Ok((decisions, page.next))
        })
        .await?;
    let (decisions, next) = told.value;
    Ok(v1::ListDecisionsResponse {
        decisions,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

/// All decisions that views tell of: what an auditor's own views say.
pub(crate) fn all(view: &View<'_>) -> Result<Vec<v1::Decision>, QueryError> {
    let filter = DecisionFilter::default();
    let page = long_page(usize::MAX, "", |page| view.decisions(&filter, page))?;
    page.rows.iter().map(|row| decision(view, row)).collect()
}

/// Everything about one decision.
struct Found {
    decision: v1::Decision,
    text: Option<TextRow>,
    changes: Vec<Difference>,
    roll_call: Option<RollCallRow>,
    ballots: Page<BallotRow>,
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetDecisionRequest,
) -> Result<v1::GetDecisionResponse, Problem> {
    let motion: MotionId = field("motion", &request.motion)?;
    let ballots_max = page_size(request.page_size, BALLOTS_MAX);
    let told = books
        .ask(move |view| find(view, &motion, ballots_max, &request.page_token))
        .await?;
    let found = told
        .value
        .ok_or_else(|| Problem::no_such_decision(books.id(), &request.motion))?;
    let lines = found.roll_call.iter().flat_map(|call| &call.lines);
    let contest = found.text.as_ref().and_then(|text| text.contest.as_ref());
    Ok(v1::GetDecisionResponse {
        decision: Some(found.decision),
        contest: contest.map(v1::Contest::from),
        text: found.text.as_ref().map(motion_text),
        roll_call: lines.map(v1::RollCallLine::from).collect(),
        ballots: found.ballots.rows.iter().map(ballot).collect(),
        position: Some(told.position),
        next_page_token: found.ballots.next.unwrap_or_default(),
        effects: effects(found.text.as_ref(), &found.changes),
    })
}

fn find(
    view: &View<'_>,
    motion: &MotionId,
    ballots_max: usize,
    token: &str,
) -> Result<Option<Found>, QueryError> {
    let Some(row) = view.decision(motion)? else {
        return Ok(None);
    };
    let text = view.motion_text(motion)?;
    Ok(Some(Found {
        decision: decision(view, &row)?,
        changes: charter_changes(view, row.result.charter_version, text.as_ref())?,
        text,
        roll_call: view.roll_call(motion)?,
        ballots: long_page(ballots_max, token, |page| view.ballots(motion, page))?,
    }))
}

/// Whether it is filed, where that is asked for.
fn filing(view: &View<'_>, row: &DecisionRow) -> Result<Option<v1::DecisionFiling>, QueryError> {
    let Some(filing) = &row.filing else {
        return Ok(None);
    };
    let filed = filing.filed.as_ref();
    let said = explain_filing(
        filing.with.as_str(),
        last_day(filing.due_at, &view.utc_offsets()?),
        filed.map(|filed| (filed.filed_on, filed.reference.as_str())),
        &row.result.citation,
    );
    Ok(Some(v1::DecisionFiling {
        with: filing.with.to_string(),
        due_at_ms: filing.due_at.0,
        filed_index: filed.map_or(0, |filed| filed.index),
        filed_at_ms: filed.map_or(0, |filed| filed.recorded_at.0),
        filed_on: filed
            .map(|filed| filed.filed_on.to_string())
            .unwrap_or_default(),
        reference: filed
            .map(|filed| filed.reference.clone())
            .unwrap_or_default(),
        explanation: said.english,
        explanation_zh: said.chinese,
    }))
}

pub(super) fn decision(view: &View<'_>, row: &DecisionRow) -> Result<v1::Decision, QueryError> {
    let overturned = row.overturned.as_ref();
    let progress = row.progress.as_ref();
    let corrected = row.corrected.as_ref();
    let explanation = explain(&row.result, &row.title, contest(view, row)?.as_ref());
    Ok(v1::Decision {
        motion: row.motion.to_string(),
        title: row.title.clone(),
        body: row.body.to_string(),
        body_name: view
            .body(&row.body)?
            .map(|body| body.name)
            .unwrap_or_default(),
        index: row.index,
        recorded_at_ms: row.recorded_at.0,
        held_on: row.held_on.to_string(),
        result: Some((&row.result).into()),
        source: row.source.clone(),
        source_outcome: row.source_outcome.clone(),
        explanation: explanation.english,
        minuted: row.minuted,
        explanation_zh: explanation.chinese,
        overturned_index: overturned.map_or(0, |row| row.index),
        overturned_at_ms: overturned.map_or(0, |row| row.recorded_at.0),
        overturned_by: overturned.map_or(0, |row| v1::OverturnedBy::from(row.by).into()),
        overturned_order: overturned.map(|row| row.order.clone()).unwrap_or_default(),
        progress: progress.map_or(0, |row| v1::Execution::from(row.progress).into()),
        progress_note: progress.map(|row| row.note.clone()).unwrap_or_default(),
        progress_index: progress.map_or(0, |row| row.index),
        progress_at_ms: progress.map_or(0, |row| row.recorded_at.0),
        progress_due: progress
            .and_then(|row| row.due)
            .map(|day| day.to_string())
            .unwrap_or_default(),
        powers: row.powers.iter().map(ToString::to_string).collect(),
        matters: row.matters.iter().map(ToString::to_string).collect(),
        corrected_index: corrected.map_or(0, |row| row.index),
        corrected_at_ms: corrected.map_or(0, |row| row.recorded_at.0),
        corrected_reason: corrected.map(|row| row.reason.clone()).unwrap_or_default(),
        corrected_from: corrected.map_or(0, |row| v1::Outcome::from(row.first.outcome).into()),
        filing: filing(view, row)?,
    })
}

/// The options, read only where there was a contest: a motion's text can be long.
fn contest(view: &View<'_>, row: &DecisionRow) -> Result<Option<Contest>, QueryError> {
    if row.result.options.is_empty() {
        return Ok(None);
    }
    Ok(view.motion_text(&row.motion)?.and_then(|text| text.contest))
}

fn ballot(row: &BallotRow) -> v1::OpenBallot {
    v1::OpenBallot {
        voter: row.voter.to_string(),
        choice: row.choice.as_ref().map(Into::into),
        cast_by: row
            .cast_by
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        index: row.index,
    }
}
