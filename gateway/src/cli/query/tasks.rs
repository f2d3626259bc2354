//! `govledger query tasks` and `query task`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::{AffairId, BodyId};
use proto::v1::{self, TaskStatus};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing,
};

/// What organs above gave bodies to do, and whether these take it on
#[derive(Args)]
pub(super) struct TasksArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only those this body is to do
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only those that stand like this
    #[arg(long)]
    status: Option<StatusArg>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum StatusArg {
    /// The body has not answered
    Assigned,
    /// The body takes it on
    Accepted,
    /// The body does not
    Refused,
}

impl From<StatusArg> for TaskStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Assigned => Self::Assigned,
            StatusArg::Accepted => Self::Accepted,
            StatusArg::Refused => Self::Refused,
        }
    }
}

/// One task: the law it rests on, who pays, and what the body said
#[derive(Args)]
pub(super) struct TaskArgs {
    /// Its id
    task: AffairId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &TasksArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListTasksRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        status: args
            .status
            .map_or(0, |status| TaskStatus::from(status).into()),
        moment: args.at.moment(&session)?,
        ..v1::ListTasksRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_tasks(request.clone()).await.told()?;
        if !gathered.take(page.tasks, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("tasks", &gathered);
    }
    let mut table = output::table(&["task", "body", "from", "stands", "assigned", "title"]);
    for row in &gathered.rows {
        table.add_row([
            row.task.clone(),
            row.body.clone(),
            row.assigned_by.clone(),
            stands(row.status()).to_owned(),
            session.time.show(row.assigned_at_ms),
            output::cut(&row.title, 50),
        ]);
    }
    output::rows(&table, "No task fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &TaskArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetTaskRequest {
        ledger: session.ledger(),
        task: args.task.to_string(),
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().get_task(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let row = answer.task.unwrap_or_default();
    output::line(&told(&session, &row))?;
    output::line("")?;
    standing(&session, answer.position.as_ref())
}

fn told(session: &Session, row: &v1::Task) -> String {
    let listed = match row.item.as_str() {
        "" => "on no list: the body may refuse it",
        item => item,
    };
    let mut text = format!(
        "{}: {}\n\n{}\n\nto be done by: {}\nassigned by: {}, {}, entry {}\nlaw: {}\nfunding: {}\nitem of the list: {listed}",
        row.task,
        stands(row.status()),
        row.title,
        row.body,
        row.assigned_by,
        session.time.show(row.assigned_at_ms),
        output::grouped(row.assigned_index),
        row.legal_basis,
        row.funding,
    );
    if row.answered_index > 0 {
        let _ = write!(
            text,
            "\nanswered {}, entry {}",
            session.time.show(row.answered_at_ms),
            output::grouped(row.answered_index),
        );
    }
    if !row.refusal.is_empty() {
        let _ = write!(text, "\nrefused: {}", row.refusal);
    }
    text
}

const fn stands(status: TaskStatus) -> &'static str {
    match status {
        TaskStatus::Unspecified => "",
        TaskStatus::Assigned => "待答复 assigned",
        TaskStatus::Accepted => "已承接 accepted",
        TaskStatus::Refused => "已拒绝 refused",
    }
}
