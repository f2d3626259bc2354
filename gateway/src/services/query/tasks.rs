//! What organs above gave bodies to do, and whether these take it on.

use governance::ids::AffairId;
use projector::{
    Page,
    views::tasks::{TaskFilter, TaskRow, TaskStatus},
};
use proto::v1;

use super::ask::{Books, field, known, optional_field, page_request};
use crate::status::Problem;

pub(super) async fn list(
    books: &Books,
    request: v1::ListTasksRequest,
) -> Result<v1::ListTasksResponse, Problem> {
    let filter = TaskFilter {
        body: optional_field("body", &request.body)?,
        status: status_filter(request.status)?,
    };
    let page = page_request(request.page_size, &request.page_token);
    let told = books.ask(move |view| view.tasks(&filter, &page)).await?;
    let Page { rows, next } = told.value;
    Ok(v1::ListTasksResponse {
        tasks: rows.iter().map(task).collect(),
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetTaskRequest,
) -> Result<v1::GetTaskResponse, Problem> {
    let id: AffairId = field("task", &request.task)?;
    let told = books.ask(move |view| view.task(&id)).await?;
    let row = told
        .value
        .ok_or_else(|| Problem::no_such_affair(books.id(), "task", &request.task))?;
    Ok(v1::GetTaskResponse {
        task: Some(task(&row)),
        position: Some(told.position),
    })
}

fn task(row: &TaskRow) -> v1::Task {
    let optional = |text: Option<&dyn ToString>| text.map(ToString::to_string).unwrap_or_default();
    let answer = row.answer.as_ref();
    v1::Task {
        task: row.task.to_string(),
        body: row.body.to_string(),
        assigned_by: optional(row.assigned_by.as_ref().map(|id| id as _)),
        title: row.title.clone(),
        legal_basis: row.legal_basis.clone(),
        funding: row.funding.clone(),
        item: optional(row.item.as_ref().map(|id| id as _)),
        status: status(row.status()).into(),
        assigned_index: row.assigned.index,
        assigned_at_ms: row.assigned.at.0,
        answered_index: answer.map_or(0, |answer| answer.made.index),
        answered_at_ms: answer.map_or(0, |answer| answer.made.at.0),
        refusal: answer
            .and_then(|answer| answer.refusal.clone())
            .unwrap_or_default(),
    }
}

fn status(status: TaskStatus) -> v1::TaskStatus {
    match status {
        TaskStatus::Assigned => v1::TaskStatus::Assigned,
        TaskStatus::Accepted => v1::TaskStatus::Accepted,
        TaskStatus::Refused => v1::TaskStatus::Refused,
    }
}

fn status_filter(number: i32) -> Result<Option<TaskStatus>, Problem> {
    Ok(match known("status", number)? {
        v1::TaskStatus::Unspecified => None,
        v1::TaskStatus::Assigned => Some(TaskStatus::Assigned),
        v1::TaskStatus::Accepted => Some(TaskStatus::Accepted),
        v1::TaskStatus::Refused => Some(TaskStatus::Refused),
    })
}
