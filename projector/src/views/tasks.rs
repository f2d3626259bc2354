//! Administrative tasks 准入: what organs above gave a body to do, by which law and at whose cost, and whether the
//! body takes it on.

use governance::{
    action::{AffairsAction, Payload, TaskAssigned},
    ids::{AffairId, BodyId, PowerId},
};
use serde::{Deserialize, Serialize};

use super::powers::Moment;
use crate::{
    codec,
    keys::Key,
    page::{self, Page, PageRequest},
    projection::{Logged, Projection, ProjectionError},
    query::QueryError,
    view_store::{Order, Rows, Span, View, ViewBatch},
};

/// Task → what it is; index → task; body and index → task; status and index → task.
pub(crate) struct Tasks;

const PREFIX: u8 = 18;
const TASK: u8 = 1;
const BY_INDEX: u8 = 2;
const OF_BODY: u8 = 3;
const BY_STATUS: u8 = 4;

/// A task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Its id.
    pub task: AffairId,
    /// Who is to do it.
    pub body: BodyId,
    /// The organ above that gave it.
    pub assigned_by: Option<BodyId>,
    /// What.
    pub title: String,
    /// The law it rests on.
    pub legal_basis: String,
    /// Who pays, and how much.
    pub funding: String,
    /// The item of the list of such tasks; `None`: it is on none, and may be refused.
    pub item: Option<PowerId>,
    /// The entry that assigned it.
    pub assigned: Moment,
    /// What the body said.
    pub answer: Option<TaskAnswer>,
}

/// What a body said to a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskAnswer {
    /// The entry.
    pub made: Moment,
    /// Why it refuses; `None`: it takes the task on.
    pub refusal: Option<String>,
}

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TaskStatus {
    /// The body has not answered.
    Assigned,
    /// It takes the task on.
    Accepted,
    /// It does not.
    Refused,
}

impl TaskRow {
    /// Where it stands.
    pub const fn status(&self) -> TaskStatus {
        match &self.answer {
            None => TaskStatus::Assigned,
            Some(TaskAnswer { refusal: None, .. }) => TaskStatus::Accepted,
            Some(TaskAnswer {
                refusal: Some(_), ..
            }) => TaskStatus::Refused,
        }
    }
}

impl Projection for Tasks {
    fn name(&self) -> &'static str {
        "tasks"
    }

    fn prefix(&self) -> u8 {
        PREFIX
    }

    fn apply(&self, entry: &Logged<'_>, batch: &mut ViewBatch<'_>) -> Result<(), ProjectionError> {
        match &entry.action.payload {
            Payload::Affairs(AffairsAction::TaskAssigned(assigned)) => {
                assign(entry, assigned, batch)
            }
            Payload::Affairs(AffairsAction::TaskAccepted { task }) => {
                answer(entry, task, None, batch)
            }
            Payload::Affairs(AffairsAction::TaskRefused { task, reason }) => {
                answer(entry, task, Some(reason.clone()), batch)
            }
            _ => Ok(()),
        }
    }
}

fn assign(
    entry: &Logged<'_>,
    assigned: &TaskAssigned,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let row = TaskRow {
        task: assigned.task.clone(),
        body: assigned.body.clone(),
        assigned_by: entry.capacity().map(|capacity| capacity.body.clone()),
        title: assigned.title.clone(),
        legal_basis: assigned.legal_basis.clone(),
        funding: assigned.funding.clone(),
        item: assigned.item.clone(),
        assigned: Moment::of(entry),
        answer: None,
    };
    for table in [by_index(), of_body(&row.body), by_status(row.status())] {
        batch.put(table.with(&entry.index), &row.task)?;
    }
    Ok(batch.put(key(&row.task), &row)?)
}

fn answer(
    entry: &Logged<'_>,
    task: &AffairId,
    refusal: Option<String>,
    batch: &mut ViewBatch<'_>,
) -> Result<(), ProjectionError> {
    let mut row: TaskRow = batch
        .get(&key(task))?
        .ok_or_else(|| ProjectionError::unknown(entry, "task", task))?;
    batch.remove(by_status(row.status()).with(&row.assigned.index));
    row.answer = Some(TaskAnswer {
        made: Moment::of(entry),
        refusal,
    });
    batch.put(by_status(row.status()).with(&row.assigned.index), &row.task)?;
    Ok(batch.put(key(task), &row)?)
}

fn key(task: &AffairId) -> Key {
    Key::table(PREFIX, TASK).with(task)
}

fn by_index() -> Key {
    Key::table(PREFIX, BY_INDEX)
}

fn of_body(body: &BodyId) -> Key {
    Key::table(PREFIX, OF_BODY).with(body)
}

fn by_status(status: TaskStatus) -> Key {
    Key::table(PREFIX, BY_STATUS).with_byte(status as u8)
}

/// Which tasks to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskFilter {
    /// Only those this body is to do.
    pub body: Option<BodyId>,
    /// Only those that stand here.
    pub status: Option<TaskStatus>,
}

impl TaskFilter {
    fn table(&self) -> Key {
        match (self.status, &self.body) {
            (Some(status), _) => by_status(status),
            (None, Some(body)) => of_body(body),
            (None, None) => by_index(),
        }
    }

    fn takes(&self, row: &TaskRow) -> bool {
        self.body.as_ref().is_none_or(|body| row.body == *body)
            && self.status.is_none_or(|status| row.status() == status)
    }
}

impl View<'_> {
    /// One task.
    pub fn task(&self, task: &AffairId) -> Result<Option<TaskRow>, QueryError> {
        Ok(self.get(&key(task))?)
    }

    /// Tasks, the one assigned last first.
    pub fn tasks(
        &self,
        filter: &TaskFilter,
        request: &PageRequest,
    ) -> Result<Page<TaskRow>, QueryError> {
        let span = Span::of(filter.table());
        page::read(self, span, Order::Descending, request, |_, task| {
            let task: AffairId = codec::decode(task)?;
            Ok(self.task(&task)?.filter(|row| filter.takes(row)))
        })
    }
}
