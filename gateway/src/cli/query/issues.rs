//! `govledger query issues` and `query issue-counts`.

use clap::{Args, ValueEnum};
use governance::ids::BodyId;
use proto::v1::{self, IssueKind, IssueStage, IssueStep};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing,
};

/// What residents raised, as far as it is public
#[derive(Args)]
pub(super) struct IssuesArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only those with this body
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only this kind
    #[arg(long)]
    kind: Option<KindArg>,
    /// Only those that stand here
    #[arg(long)]
    stage: Option<StageArg>,
    /// Only those that should have been dealt with by now
    #[arg(long)]
    overdue: bool,
    /// Only those of this category
    #[arg(
        long,
        value_name = "CATEGORY",
        default_value = "",
        hide_default_value = true
    )]
    category: String,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Request,
    Complaint,
    Report,
}

#[derive(Clone, Copy, ValueEnum)]
enum StageArg {
    Raised,
    Accepted,
    Refused,
    Answered,
    Reopened,
    Closed,
}

impl From<KindArg> for IssueKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Request => Self::Request,
            KindArg::Complaint => Self::Complaint,
            KindArg::Report => Self::Report,
        }
    }
}

impl From<StageArg> for IssueStage {
    fn from(stage: StageArg) -> Self {
        match stage {
            StageArg::Raised => Self::Raised,
            StageArg::Accepted => Self::Accepted,
            StageArg::Refused => Self::Refused,
            StageArg::Answered => Self::Answered,
            StageArg::Reopened => Self::Reopened,
            StageArg::Closed => Self::Closed,
        }
    }
}

/// How bodies deal with what residents raise
#[derive(Args)]
pub(super) struct CountsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// One line a category
    #[arg(long)]
    by_category: bool,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &IssuesArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut gathered = Gathered::new(args.list.limit);
    let body = args.body.as_ref();
    let mut request = v1::ListIssuesRequest {
        ledger: session.ledger(),
        body: body.map(ToString::to_string).unwrap_or_default(),
        kind: args.kind.map_or(IssueKind::Unspecified, Into::into).into(),
        stage: args
            .stage
            .map_or(IssueStage::Unspecified, Into::into)
            .into(),
        overdue: args.overdue,
        category: args.category.clone(),
        moment: args.at.moment(&session)?,
        ..v1::ListIssuesRequest::default()
    };
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_issues(request.clone()).await.told()?;
        if !gathered.take(page.issues, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("issues", &gathered);
    }
    let headings = [
        "issue",
        "kind",
        "category",
        "body",
        "stands",
        "due",
        "what was said",
    ];
    let mut table = output::table(&headings);
    for issue in &gathered.rows {
        let said = if issue.answer.is_empty() {
            &issue.summary
        } else {
            &issue.answer
        };
        table.add_row([
            issue.issue.as_str(),
            kind(issue.kind()),
            &issue.category,
            &issue.body,
            stage(issue.stage()),
            &due(&session, issue),
            &output::cut(said, 40),
        ]);
    }
    output::rows(&table, "No issue fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

fn due(session: &Session, issue: &v1::Issue) -> String {
    match (issue.due_at_ms, issue.overdue()) {
        (0, _) => String::new(),
        (at, IssueStep::Unspecified) => session.time.show(at),
        (at, _) => format!("{} overdue", session.time.show(at)),
    }
}

const fn kind(kind: IssueKind) -> &'static str {
    match kind {
        IssueKind::Unspecified => "",
        IssueKind::Request => "诉求 request",
        IssueKind::Complaint => "投诉 complaint",
        IssueKind::Report => "举报 report",
    }
}

const fn stage(stage: IssueStage) -> &'static str {
    match stage {
        IssueStage::Unspecified => "",
        IssueStage::Raised => "raised",
        IssueStage::Accepted => "accepted",
        IssueStage::Refused => "refused",
        IssueStage::Answered => "answered",
        IssueStage::Reopened => "under review",
        IssueStage::Closed => "closed",
    }
}

pub(super) async fn counts(args: &CountsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let body = args.body.as_ref();
    let request = v1::CountIssuesRequest {
        ledger: session.ledger(),
        body: body.map(ToString::to_string).unwrap_or_default(),
        by_category: args.by_category,
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().count_issues(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let headings = [
        "body",
        "category",
        "received",
        "refused",
        "referred",
        "answered",
        "in time",
        "overdue",
        "closed",
        "reopened",
        "satisfied",
        "mean",
    ];
    let mut table = output::table(&headings);
    for counts in &answer.counts {
        table.add_row([
            counts.body.clone().into(),
            counts.category.clone().into(),
            output::number(counts.received),
            output::number(counts.refused),
            output::number(counts.referred),
            output::number(counts.answered),
            percent(counts.answered_in_time, counts.answered).into(),
            output::number(counts.overdue),
            output::number(counts.closed),
            percent(counts.reopened, counts.answered).into(),
            percent(counts.satisfied, counts.rated).into(),
            mean(counts.score_total, counts.rated).into(),
        ]);
    }
    output::rows(&table, "Nobody raised anything yet.")?;
    standing(&session, answer.position.as_ref())
}

fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => String::new(),
        whole => format!("{part} ({} %)", part.saturating_mul(100) / whole),
    }
}

/// To one decimal, rounded down.
fn mean(total: u64, count: u64) -> String {
    match count {
        0 => String::new(),
        count => {
            let tenths = total.saturating_mul(10) / count;
            format!("{}.{} of 5 ({count})", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_down_and_say_of_how_many() {
        assert_eq!(percent(2, 3), "2 (66 %)");
        assert_eq!(percent(0, 0), "");
        assert_eq!(mean(14, 3), "4.6 of 5 (3)");
        assert_eq!(mean(0, 0), "");
    }
}
