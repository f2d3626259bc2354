//! Issues, as far as they are public.

use governance::{
    IssueStage,
    action::IssueKind,
    ids::{BodyId, IssueId},
};
use projector::{
    PageRequest, QueryError, View,
    views::issues::{COUNTS_MAX, IssueCounts, IssueFilter, IssueGroup, IssueRow},
};
use proto::v1;

use super::ask::{Books, field, optional_enum, optional_field, page_request};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListIssuesRequest,
) -> Result<v1::ListIssuesResponse, Problem> {
    let filter = IssueFilter {
        body: optional_field("body", &request.body)?,
        kind: optional_enum::<v1::IssueKind, IssueKind>("kind", request.kind)?,
        stage: stage_filter(request.stage)?,
        overdue: request.overdue,
        category: (!request.category.is_empty()).then_some(request.category),
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let page = view.issues(&filter, &page)?;
            let issues = page.rows.iter().map(|row| issue(view, row));
            Ok((issues.collect::<Result<Vec<_>, _>>()?, page.next))
        })
        .await?;
    let (issues, next) = told.value;
    Ok(v1::ListIssuesResponse {
        issues,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetIssueRequest,
) -> Result<v1::GetIssueResponse, Problem> {
    let id: IssueId = field("issue", &request.issue)?;
    let told = books
        .ask(move |view| {
            let Some(row) = view.issue(&id)? else {
                return Ok(None);
            };
            Ok(Some((issue(view, &row)?, row.contents)))
        })
        .await?;
    let (issue, contents) = told
        .value
        .ok_or_else(|| Problem::no_such_issue(books.id(), &request.issue))?;
    let contents = contents
        .into_iter()
        .map(|(index, digest)| v1::IssueContent {
            index,
            digest: digest.0.to_vec(),
        });
    Ok(v1::GetIssueResponse {
        issue: Some(issue),
        contents: contents.collect(),
        position: Some(told.position),
    })
}

pub(super) async fn counts(
    books: &Books,
    request: v1::CountIssuesRequest,
) -> Result<v1::CountIssuesResponse, Problem> {
    let body: Option<BodyId> = optional_field("body", &request.body)?;
    let by_category = request.by_category;
    let told = books
        .ask(move |view| match body {
            Some(body) => groups(view, body, by_category),
            None => all_groups(view, by_category),
        })
        .await?;
    Ok(v1::CountIssuesResponse {
        counts: told.value.iter().map(count).collect(),
        position: Some(told.position),
    })
}

fn groups(view: &View<'_>, body: BodyId, by_category: bool) -> Result<Vec<IssueGroup>, QueryError> {
    if by_category {
        return view.issue_counts_by_category(&body);
    }
    let counts = view.issue_counts(&body)?;
    Ok(vec![IssueGroup {
        body,
        category: None,
        counts,
    }])
}

/// Of every body that ever had one.
pub(crate) fn all_groups(
    view: &View<'_>,
    by_category: bool,
) -> Result<Vec<IssueGroup>, QueryError> {
    let mut found = Vec::new();
    let mut token = String::new();
    loop {
        let page = view.bodies(&PageRequest::new(0, &token))?;
        for row in page.rows {
            let groups = groups(view, row.body, by_category)?;
            let counted = |group: &IssueGroup| group.counts != IssueCounts::default();
            found.extend(groups.into_iter().filter(counted));
        }
        match page.next {
            Some(next) if found.len() < COUNTS_MAX => token = next,
            _ => break,
        }
    }
    found.truncate(COUNTS_MAX);
    Ok(found)
}

fn count(group: &IssueGroup) -> v1::IssueCounts {
    let counts = &group.counts;
    v1::IssueCounts {
        body: group.body.to_string(),
        received: counts.received,
        refused: counts.refused,
        referred: counts.referred,
        answered: counts.answered,
        answered_in_time: counts.answered_in_time,
        overdue: counts.overdue,
        closed: counts.closed,
        rated: counts.rated,
        score_total: counts.score_total,
        reopened: counts.reopened,
        satisfied: counts.satisfied,
        category: group.category.clone().unwrap_or_default(),
    }
}

fn issue(view: &View<'_>, row: &IssueRow) -> Result<v1::Issue, QueryError> {
    let overdue = row.overdue.map(|(step, _)| v1::IssueStep::from(step));
    Ok(v1::Issue {
        issue: row.issue.to_string(),
        kind: v1::IssueKind::from(row.kind).into(),
        category: row.category.clone(),
        summary: row.summary.clone(),
        body: row.body.to_string(),
        stage: stage(row.stage).into(),
        since_ms: row.since.0,
        raised_index: row.raised_index,
        raised_at_ms: row.raised_at.0,
        answer: row.answer.clone(),
        due_at_ms: view.issue_due(row)?.map_or(0, |at| at.0),
        overdue: overdue.map_or(0, Into::into),
        extended: row.extended,
        score: row.score.unwrap_or(0),
    })
}

fn stage(stage: IssueStage) -> v1::IssueStage {
    match stage {
        IssueStage::Raised => v1::IssueStage::Raised,
        IssueStage::Accepted => v1::IssueStage::Accepted,
        IssueStage::Refused => v1::IssueStage::Refused,
        IssueStage::Answered => v1::IssueStage::Answered,
        IssueStage::Reopened => v1::IssueStage::Reopened,
        IssueStage::Closed => v1::IssueStage::Closed,
    }
}

fn stage_filter(number: i32) -> Result<Option<IssueStage>, Problem> {
    let known = v1::IssueStage::try_from(number).map_err(|_| {
        Problem::field_invalid("stage", format!("{number} is not a value of this enum"))
    })?;
    Ok(match known {
        v1::IssueStage::Unspecified => None,
        v1::IssueStage::Raised => Some(IssueStage::Raised),
        v1::IssueStage::Accepted => Some(IssueStage::Accepted),
        v1::IssueStage::Refused => Some(IssueStage::Refused),
        v1::IssueStage::Answered => Some(IssueStage::Answered),
        v1::IssueStage::Reopened => Some(IssueStage::Reopened),
        v1::IssueStage::Closed => Some(IssueStage::Closed),
    })
}
