//! `govledger query consultations` and `query consultation`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::{AffairId, BodyId};
use proto::v1::{self, ConsultationStatus};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing, words,
};

/// What people were or are asked before something is decided
#[derive(Args)]
pub(super) struct ConsultationsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only those that prepare this body's decisions
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
    /// It can be answered
    Open,
    /// Its time is over, and nobody has said yet what came of it
    Over,
    /// What came of it is told
    Closed,
}

impl From<StatusArg> for ConsultationStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Open => Self::Open,
            StatusArg::Over => Self::Over,
            StatusArg::Closed => Self::Closed,
        }
    }
}

/// One consultation: what was asked, what came of it, what rests on it
#[derive(Args)]
pub(super) struct ConsultationArgs {
    /// Its id
    consultation: AffairId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &ConsultationsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListConsultationsRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        status: args
            .status
            .map_or(0, |status| ConsultationStatus::from(status).into()),
        moment: args.at.moment(&session)?,
        ..v1::ListConsultationsRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_consultations(request.clone()).await.told()?;
        if !gathered.take(page.consultations, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("consultations", &gathered);
    }
    let mut table = output::table(&[
        "consultation",
        "body",
        "stands",
        "answers",
        "closes",
        "question",
    ]);
    for row in &gathered.rows {
        table.add_row([
            row.consultation.clone().into(),
            row.body.clone().into(),
            stands(row.status()).into(),
            output::number(row.answers),
            session.time.show(row.closes_at_ms).into(),
            output::cut(&row.question, 50).into(),
        ]);
    }
    output::rows(&table, "No consultation fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &ConsultationArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetConsultationRequest {
        ledger: session.ledger(),
        consultation: args.consultation.to_string(),
        moment: args.at.moment(&session)?,
    };
    let answer = session
        .server
        .query()
        .get_consultation(request)
        .await
        .told()?;
    if args.json {
        return output::message(&answer);
    }
    let row = answer.consultation.unwrap_or_default();
    output::line(&told(&session, &row))?;
    if let Some(report) = &answer.report {
        output::line(&format!("\n{}", words::public(report)))?;
    }
    for motion in &answer.motions {
        output::line(&format!("motion: {} ({})", motion.motion, motion.title))?;
    }
    output::line("")?;
    standing(&session, answer.position.as_ref())
}

fn told(session: &Session, row: &v1::Consultation) -> String {
    let mut text = format!(
        "{}: {}\n\n{}\n\nfor: {}, on the matter {}\nopened {}, entry {}\nanswers until {}, so far {}",
        row.consultation,
        stands(row.status()),
        row.question,
        row.body,
        row.matter,
        session.time.show(row.opened_at_ms),
        output::grouped(row.opened_index),
        session.time.show(row.closes_at_ms),
        output::grouped(row.answers),
    );
    if row.closed_index > 0 {
        let _ = write!(
            text,
            "\nclosed {}, entry {}\n\n{}",
            session.time.show(row.closed_at_ms),
            output::grouped(row.closed_index),
            row.summary,
        );
    }
    text
}

const fn stands(status: ConsultationStatus) -> &'static str {
    match status {
        ConsultationStatus::Unspecified => "",
        ConsultationStatus::Open => "征求意见中 open",
        ConsultationStatus::Over => "已到期 over",
        ConsultationStatus::Closed => "已办结 closed",
    }
}
