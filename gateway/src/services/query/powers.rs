//! The power list at any moment, what changed on it, and what was done under it.

use governance::{
    action::{Effect, PowerChange},
    explanation::explain_effect,
    ids::{Millis, PowerId},
};
use projector::{
    Page, QueryError, View,
    views::{
        offices::AsOf,
        powers::{
            ChangeRow, PowerActRow, PowerDifference, PowerFilter, PowerRow, PowerStanding,
            PowerStatus,
        },
    },
};
use proto::v1::{self, diff_powers_request::From as Since};

use super::ask::{Books, field, known, long_page, optional_field, page_request};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListPowersRequest,
) -> Result<v1::ListPowersResponse, Problem> {
    let filter = PowerFilter {
        body: optional_field("body", &request.body)?,
        matter: optional_field("matter", &request.matter)?,
        status: status_filter(request.status)?,
    };
    let as_of = books.moment.of_intervals(books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask_intervals(move |view| view.powers(&filter, as_of, &page))
        .await?;
    let Page { rows, next } = told.value;
    Ok(v1::ListPowersResponse {
        items: rows.iter().map(item).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

/// The whole power list as of an entry: what an auditor's own views say.
pub(crate) fn all(view: &View<'_>, at: u64) -> Result<Vec<v1::PowerItem>, QueryError> {
    let (filter, at) = (PowerFilter::default(), AsOf::Index(at));
    let page = long_page(usize::MAX, "", |page| view.powers(&filter, at, page))?;
    Ok(page.rows.iter().map(item).collect())
}

pub(super) async fn diff(
    books: &Books,
    request: v1::DiffPowersRequest,
) -> Result<v1::DiffPowersResponse, Problem> {
    let from = match request.from {
        Some(Since::FromIndex(index)) => AsOf::Index(index),
        Some(Since::FromTimeMs(ms)) => AsOf::Time(Millis(ms)),
        None => {
            return Err(Problem::field_invalid(
                "from",
                "give the index or the time to compare from",
            ));
        }
    };
    let to = books.moment.of_intervals(books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask_intervals(move |view| view.power_differences(from, to, &page))
        .await?;
    let Page { rows, next } = told.value;
    Ok(v1::DiffPowersResponse {
        differences: rows.iter().map(difference).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetPowerRequest,
) -> Result<v1::GetPowerResponse, Problem> {
    let id: PowerId = field("item", &request.item)?;
    let as_of = books.moment.of_intervals(books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask(move |view| {
            let Some(found) = view.power(&id, as_of)? else {
                return Ok(None);
            };
            Ok(Some((found, view.power_acts(&id, &page)?)))
        })
        .await?;
    let ((row, standing), acts) = told
        .value
        .ok_or_else(|| Problem::no_such_power(books.id(), &request.item))?;
    Ok(v1::GetPowerResponse {
        item: standing.as_ref().map(item),
        history: history(&row),
        acts: acts.rows.iter().map(act).collect(),
        next_page_token: acts.next.unwrap_or_default(),
        position: Some(told.position),
    })
}

fn item(standing: &PowerStanding) -> v1::PowerItem {
    let delegation = standing.delegation.as_ref();
    v1::PowerItem {
        item: standing.item.to_string(),
        terms: Some((&standing.terms).into()),
        status: status(standing.status).into(),
        exercised_by: Some((&standing.exercised_by).into()),
        delegation: delegation.map(|(to, from, until)| v1::PowerDelegated {
            item: standing.item.to_string(),
            to: Some(to.into()),
            from: from.to_string(),
            until: until.map(|day| day.to_string()).unwrap_or_default(),
        }),
        decision: standing.decision.to_string(),
        changed_index: standing.changed.index,
        changed_at_ms: standing.changed.at.0,
    }
}

fn difference(difference: &PowerDifference) -> v1::PowerDifference {
    v1::PowerDifference {
        before: difference.before.as_ref().map(item),
        after: difference.after.as_ref().map(item),
    }
}

fn history(row: &PowerRow) -> Vec<v1::PowerHistoryItem> {
    row.changes.iter().map(history_item).collect()
}

fn history_item(row: &ChangeRow) -> v1::PowerHistoryItem {
    v1::PowerHistoryItem {
        effect: Some(explained(&row.change)),
        decision: row.decision.to_string(),
        index: row.made.index,
        recorded_at_ms: row.made.at.0,
        undone_index: row.undone.map_or(0, |undone| undone.index),
        undone_at_ms: row.undone.map_or(0, |undone| undone.at.0),
    }
}

fn explained(change: &PowerChange) -> v1::ExplainedEffect {
    let effect = Effect::Power(change.clone());
    let said = explain_effect(&effect);
    v1::ExplainedEffect {
        effect: Some((&effect).into()),
        explanation: said.english,
        explanation_zh: said.chinese,
        changes: Vec::new(),
    }
}

pub(super) fn act(row: &PowerActRow) -> v1::PowerAct {
    let optional = |text: Option<&dyn ToString>| text.map(ToString::to_string).unwrap_or_default();
    v1::PowerAct {
        index: row.made.index,
        recorded_at_ms: row.made.at.0,
        kind: row.kind.clone(),
        person: optional(row.person.as_ref().map(|id| id as _)),
        capacity: row.capacity.as_ref().map(Into::into),
        over: optional(row.over.as_ref().map(|id| id as _)),
        matter: optional(row.matter.as_ref().map(|id| id as _)),
        summary: row.summary.clone(),
        decision: optional(row.decision.as_ref().map(|id| id as _)),
    }
}

fn status(status: PowerStatus) -> v1::PowerStatus {
    match status {
        PowerStatus::InForce => v1::PowerStatus::InForce,
        PowerStatus::NotYet => v1::PowerStatus::NotYet,
        PowerStatus::Over => v1::PowerStatus::Over,
        PowerStatus::Revoked => v1::PowerStatus::Revoked,
    }
}

fn status_filter(number: i32) -> Result<Option<PowerStatus>, Problem> {
    Ok(match known("status", number)? {
        v1::PowerStatus::Unspecified => None,
        v1::PowerStatus::InForce => Some(PowerStatus::InForce),
        v1::PowerStatus::NotYet => Some(PowerStatus::NotYet),
        v1::PowerStatus::Over => Some(PowerStatus::Over),
        v1::PowerStatus::Revoked => Some(PowerStatus::Revoked),
    })
}
