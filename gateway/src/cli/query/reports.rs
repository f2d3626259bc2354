//! `govledger query reports` and `query report`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::BodyId;
use proto::v1::{self, ReportStatus};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing, words,
};

/// Year-end reports, and when the next are due
#[derive(Args)]
pub(super) struct ReportsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only those on this year
    #[arg(
        long,
        value_name = "YEAR",
        default_value_t = 0,
        hide_default_value = true
    )]
    year: u32,
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
    /// Missed, and not filed since
    Missing,
    /// Filed, and not assessed yet
    Filed,
    /// Assessed by residents
    Assessed,
}

impl From<StatusArg> for ReportStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Missing => Self::Missing,
            StatusArg::Filed => Self::Filed,
            StatusArg::Assessed => Self::Assessed,
        }
    }
}

/// One report with its questions, answers and assessment
#[derive(Args)]
pub(super) struct ReportArgs {
    /// Whose
    body: BodyId,
    /// On which year
    year: u32,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &ReportsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut gathered = Gathered::new(args.list.limit);
    let body = args.body.as_ref();
    let mut request = v1::ListReportsRequest {
        ledger: session.ledger(),
        body: body.map(ToString::to_string).unwrap_or_default(),
        year: args.year,
        status: args
            .status
            .map_or(0, |status| ReportStatus::from(status).into()),
        moment: args.at.moment(&session)?,
        ..v1::ListReportsRequest::default()
    };
    let mut query = session.server.query();
    let due = loop {
        request.page_size = gathered.wanted();
        let page = query.list_reports(request.clone()).await.told()?;
        if !gathered.take(page.reports, page.position, &page.next_page_token) {
            break page.due;
        }
        request.page_token = page.next_page_token;
    };
    if args.list.json {
        return rows_json("reports", &gathered);
    }
    let mut table = output::table(&["body", "year", "report", "questions", "assessed by"]);
    for report in &gathered.rows {
        table.add_row([
            report.body.clone().into(),
            report.year.to_string().into(),
            filed(&session, report).into(),
            format!("{} ({} answered)", report.questions, report.answered).into(),
            match report.assessed_index {
                0 => "".into(),
                index => output::number(index),
            },
        ]);
    }
    output::rows(&table, "No report was filed or missed yet.")?;
    gathered.note_more()?;
    for next in &due {
        let by = session.time.show(next.due_at_ms);
        output::line(&format!(
            "{} reports on {} before {by}.",
            next.body, next.year
        ))?;
    }
    standing(&session, gathered.position.as_ref())
}

fn filed(session: &Session, report: &v1::Report) -> String {
    let missed = match report.overdue_index {
        0 => String::new(),
        _ => format!(" (was due {})", session.time.show(report.due_at_ms)),
    };
    match report.filed_at_ms {
        0 => format!("overdue{missed}"),
        at => format!("filed {}{missed}", session.time.show(at)),
    }
}

pub(super) async fn show(args: &ReportArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetReportRequest {
        ledger: session.ledger(),
        body: args.body.to_string(),
        year: args.year,
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().get_report(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let report = answer.report.clone().unwrap_or_default();
    let mut text = format!(
        "Report of {} on {}: {}",
        report.body,
        report.year,
        filed(&session, &report)
    );
    if let Some(said) = &answer.text {
        let _ = write!(text, "\n\n{}", words::public(said));
    }
    for (at, asked) in answer.questions.iter().enumerate() {
        let question = asked
            .question
            .as_ref()
            .map(words::public)
            .unwrap_or_default();
        let _ = write!(text, "\n\nquestion {at} by {}: {question}", asked.asked_by);
        if let Some(answer) = &asked.answer {
            let _ = write!(text, "\nanswer: {}", words::public(answer));
        }
    }
    output::line(&text)?;
    if !answer.grades.is_empty() {
        output::line("")?;
        let mut table =
            output::table(&["office", "competent", "basically", "incompetent", "grade"]);
        for line in &answer.grades {
            table.add_row([
                line.office.clone(),
                line.competent.to_string(),
                line.basically_competent.to_string(),
                line.incompetent.to_string(),
                words::grade(line.grade()).to_owned(),
            ]);
        }
        output::rows(&table, "")?;
    }
    standing(&session, answer.position.as_ref())
}
