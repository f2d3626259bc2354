//! Motions, where they stand, and their history.

use governance::{
    action::Effect,
    charter_diff::{Difference, difference},
    explanation::explain_effect,
    ids::MotionId,
};
use projector::{
    Page, QueryError, View,
    views::{
        history::HistoryRow,
        motions::{MotionFilter, MotionRow, MotionStatus, TextRow},
    },
};
use proto::v1;

use super::{
    ask::{Books, field, long_page, optional_field, page_request, page_size},
    contents::{Text, Texts},
    sentence::sentence,
};
use crate::status::Problem;

/// Most entries of a history in a page: at some 300 bytes each, with the texts below 1.5 MB.
const HISTORY_MAX: usize = 1_000;

pub(super) async fn list(
    books: &Books,
    request: v1::ListMotionsRequest,
) -> Result<v1::ListMotionsResponse, Problem> {
    let filter = MotionFilter {
        body: optional_field("body", &request.body)?,
        status: status_filter(request.status)?,
        meeting: optional_field("meeting", &request.meeting)?,
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let page = view.motions(&filter, &page)?;
            let motions = page.rows.iter().map(|row| motion(view, row));
            let motions = motions.collect::<Result<Vec<_>, _>>()?;
            Ok((motions, page.next))
        })
        .await?;
    let (motions, next) = told.value;
    Ok(v1::ListMotionsResponse {
        motions,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

/// All motions that views tell of: what an auditor's own views say.
pub(crate) fn all(view: &View<'_>) -> Result<Vec<v1::Motion>, QueryError> {
    let filter = MotionFilter::default();
    let page = long_page(usize::MAX, "", |page| view.motions(&filter, page))?;
    page.rows.iter().map(|row| motion(view, row)).collect()
}

/// Everything about one motion.
struct Found {
    motion: v1::Motion,
    text: Option<TextRow>,
    changes: Vec<Difference>,
    history: Page<HistoryRow>,
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetMotionRequest,
) -> Result<v1::GetMotionResponse, Problem> {
    let motion: MotionId = field("motion", &request.motion)?;
    let id = motion.clone();
    let history_max = page_size(request.page_size, HISTORY_MAX);
    let told = books
        .ask(move |view| find(view, &motion, history_max, &request.page_token))
        .await?;
    let found = told
        .value
        .ok_or_else(|| Problem::no_such_motion(books.id(), &request.motion))?;
    let contest = found.text.as_ref().and_then(|text| text.contest.as_ref());
    Ok(v1::GetMotionResponse {
        motion: Some(found.motion),
        contest: contest.map(v1::Contest::from),
        text: found.text.as_ref().map(motion_text),
        history: history(books, &found.history.rows).await?,
        position: Some(told.position),
        next_page_token: found.history.next.unwrap_or_default(),
        effects: effects(found.text.as_ref(), &found.changes),
        outlook: outlook(books, &id).await?,
    })
}

/// How the vote stands now, if it may be told.
async fn outlook(books: &Books, motion: &MotionId) -> Result<Option<v1::VoteOutlook>, Problem> {
    if !books.moment.is_now() {
        return Ok(None);
    }
    let found = books.ledger.outlook(motion, None).await?;
    Ok(found.as_ref().map(crate::services::outlook::outlook))
}

fn find(
    view: &View<'_>,
    id: &MotionId,
    history_max: usize,
    token: &str,
) -> Result<Option<Found>, QueryError> {
    let Some(row) = view.motion(id)? else {
        return Ok(None);
    };
    let text = view.motion_text(id)?;
    Ok(Some(Found {
        motion: motion(view, &row)?,
        changes: charter_changes(view, row.charter_version, text.as_ref())?,
        text,
        history: long_page(history_max, token, |page| view.motion_history(id, page))?,
    }))
}

pub(super) fn motion(view: &View<'_>, row: &MotionRow) -> Result<v1::Motion, QueryError> {
    let optional = |text: Option<&dyn ToString>| text.map(ToString::to_string).unwrap_or_default();
    Ok(v1::Motion {
        motion: row.motion.to_string(),
        title: row.title.clone(),
        body: row.body.to_string(),
        rule: row.rule.to_string(),
        meeting: optional(row.meeting.as_ref().map(|id| id as _)),
        status: status(row.status).into(),
        tabled_index: row.tabled_index,
        tabled_at_ms: row.tabled_at.0,
        tabled_by: optional(row.tabled_by.as_ref().map(|id| id as _)),
        closes_at_ms: row.vote.map_or(0, |vote| vote.closes_at.0),
        voting_opened: row
            .vote
            .map(|vote| vote.opened.0.to_vec())
            .unwrap_or_default(),
        outcome: row
            .outcome
            .map_or(0, |outcome| v1::Outcome::from(outcome).into()),
        roll: optional(row.roll.as_ref().map(|id| id as _)),
        ballots: view.votes_received(&row.motion)?,
        visibility: view
            .rule_of(row.charter_version, &row.rule)?
            .map_or(0, |rule| v1::BallotVisibility::from(rule.visibility).into()),
        consultation: optional(row.consultation.as_ref().map(|id| id as _)),
    })
}

pub(super) fn motion_text(text: &TextRow) -> v1::MotionText {
    v1::MotionText {
        title: text.title.clone(),
        paragraphs: text.paragraphs.clone(),
    }
}

/// Where a motion amends the charter: everything in which that differs from the version it was tabled under.
pub(crate) fn charter_changes(
    view: &View<'_>,
    version: u32,
    text: Option<&TextRow>,
) -> Result<Vec<Difference>, QueryError> {
    let effects = text.into_iter().flat_map(|text| &text.effects);
    let amended = effects.rev().find_map(|effect| match effect {
        Effect::CharterAmended(charter) => Some(charter),
        _ => None,
    });
    let Some(amended) = amended else {
        return Ok(Vec::new());
    };
    let before = view.charter_version(version)?;
    Ok(before.map_or_else(Vec::new, |before| difference(&before.charter, amended)))
}

/// What a "for" does, with a sentence each.
pub(super) fn effects(text: Option<&TextRow>, changes: &[Difference]) -> Vec<v1::ExplainedEffect> {
    let effects = text.into_iter().flat_map(|text| &text.effects);
    effects
        .map(|effect| {
            let said = explain_effect(effect);
            let amends = matches!(effect, Effect::CharterAmended(_));
            let changes = changes.iter().filter(|_| amends);
            v1::ExplainedEffect {
                effect: Some(effect.into()),
                explanation: said.english,
                explanation_zh: said.chinese,
                changes: changes.map(change).collect(),
            }
        })
        .collect()
}

fn change(difference: &Difference) -> v1::CharterChange {
    let said = difference.explain();
    let rule = difference.rule.as_ref();
    let (before, after) = (&difference.before, &difference.after);
    v1::CharterChange {
        rule: rule.map(|(rule, _)| rule.to_string()).unwrap_or_default(),
        field: difference.field.to_owned(),
        before: before.english.clone(),
        after: after.english.clone(),
        before_zh: before.chinese.clone(),
        after_zh: after.chinese.clone(),
        citation: difference.citation.clone(),
        explanation: said.english,
        explanation_zh: said.chinese,
    }
}

async fn history(books: &Books, rows: &[HistoryRow]) -> Result<Vec<v1::HistoryItem>, Problem> {
    let mut texts = Texts::new(&books.ledger);
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let mut item = item(row);
        if let Some(content) = &row.content {
            match texts.fetch(content).await? {
                Text::There(text) => item.content = text,
                Text::Erased => item.content_erased = true,
                Text::LeftOut => item.content_left_out = true,
            }
        }
        items.push(item);
    }
    Ok(items)
}

fn item(row: &HistoryRow) -> v1::HistoryItem {
    let actor = row.summary.actor.as_ref();
    v1::HistoryItem {
        index: row.index,
        recorded_at_ms: row.recorded_at.0,
        leaf: row.leaf.0.to_vec(),
        actor: actor.map(ToString::to_string).unwrap_or_default(),
        kind: row.summary.kind.clone(),
        summary: sentence(&row.summary),
        content: String::new(),
        content_erased: false,
        content_left_out: false,
    }
}

fn status(status: MotionStatus) -> v1::MotionStatus {
    match status {
        MotionStatus::Tabled => v1::MotionStatus::Tabled,
        MotionStatus::Open => v1::MotionStatus::Open,
        MotionStatus::Closed => v1::MotionStatus::Closed,
        MotionStatus::Decided => v1::MotionStatus::Decided,
        MotionStatus::Withdrawn => v1::MotionStatus::Withdrawn,
        MotionStatus::Overturned => v1::MotionStatus::Overturned,
    }
}

fn status_filter(number: i32) -> Result<Option<MotionStatus>, Problem> {
    let known = v1::MotionStatus::try_from(number).map_err(|_| {
        Problem::field_invalid("status", format!("{number} is not a value of this enum"))
    })?;
    Ok(match known {
        v1::MotionStatus::Unspecified => None,
        v1::MotionStatus::Tabled => Some(MotionStatus::Tabled),
        v1::MotionStatus::Open => Some(MotionStatus::Open),
        v1::MotionStatus::Closed => Some(MotionStatus::Closed),
        v1::MotionStatus::Decided => Some(MotionStatus::Decided),
        v1::MotionStatus::Withdrawn => Some(MotionStatus::Withdrawn),
        v1::MotionStatus::Overturned => Some(MotionStatus::Overturned),
    })
}
