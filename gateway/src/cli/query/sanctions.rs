//! `govledger query sanctions` and `query sanction`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::{BodyId, CaseId, PersonId};
use proto::v1::{self, CaseAppeal, CaseClock, CaseStatus, CaseStep, Sanction, Severity};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing,
};

/// The register of sanctions, now or at a past day or entry
///
/// It names whom a case is against while a sanction is in force, or a recall is asked for; else nobody.
#[derive(Args)]
pub(super) struct SanctionsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only cases about offices of this body
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only cases that name this person
    #[arg(long, value_name = "PERSON")]
    person: Option<PersonId>,
    /// Only cases whose latest step is this
    #[arg(long)]
    step: Option<StepArg>,
    /// Only cases that stand like this
    #[arg(long)]
    status: Option<StatusArg>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum StepArg {
    Opened,
    Petitioned,
    Noticed,
    Defended,
    Found,
    Closed,
    Imposed,
    Appealed,
    AppealDecided,
    Expired,
    Annulled,
}

impl From<StepArg> for CaseStep {
    fn from(step: StepArg) -> Self {
        match step {
            StepArg::Opened => Self::Opened,
            StepArg::Petitioned => Self::Petitioned,
            StepArg::Noticed => Self::Noticed,
            StepArg::Defended => Self::Defended,
            StepArg::Found => Self::Found,
            StepArg::Closed => Self::Closed,
            StepArg::Imposed => Self::Imposed,
            StepArg::Appealed => Self::Appealed,
            StepArg::AppealDecided => Self::AppealDecided,
            StepArg::Expired => Self::Expired,
            StepArg::Annulled => Self::Annulled,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum StatusArg {
    Pending,
    Closed,
    InForce,
    Expired,
    Annulled,
}

impl From<StatusArg> for CaseStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::Pending => Self::Pending,
            StatusArg::Closed => Self::Closed,
            StatusArg::InForce => Self::InForce,
            StatusArg::Expired => Self::Expired,
            StatusArg::Annulled => Self::Annulled,
        }
    }
}

/// One case with its steps
#[derive(Args)]
pub(super) struct SanctionArgs {
    /// Its id
    case: CaseId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &SanctionsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListSanctionsRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        person: output::optional(args.person.as_ref()),
        step: args.step.map_or(0, |step| CaseStep::from(step).into()),
        status: args
            .status
            .map_or(0, |status| CaseStatus::from(status).into()),
        moment: args.at.moment(&session)?,
        ..v1::ListSanctionsRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_sanctions(request.clone()).await.told()?;
        if !gathered.take(page.cases, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("cases", &gathered);
    }
    output::rows(&table(&gathered.rows), "No case fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

/// Cases as a table.
pub(super) fn table(cases: &[v1::SanctionCase]) -> comfy_table::Table {
    let mut table = output::table(&["case", "body", "against", "step", "stands"]);
    for case in cases {
        let said = output::in_readers_language(&case.explanation, &case.explanation_zh);
        table.add_row([
            case.case.as_str(),
            case.body.as_str(),
            &against(case),
            step(case.step()),
            said,
        ]);
    }
    table
}

pub(super) async fn show(args: &SanctionArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetSanctionRequest {
        ledger: session.ledger(),
        case: args.case.to_string(),
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().get_sanction(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    let case = answer.case.unwrap_or_default();
    output::line(&head(&session, &case))?;
    output::line("")?;
    let mut table = output::table(&["entry", "recorded", "step", "detail"]);
    for taken in &answer.steps {
        table.add_row([
            output::number(taken.index),
            session.time.show(taken.recorded_at_ms).into(),
            step(taken.step()).into(),
            detail(taken).into(),
        ]);
    }
    output::rows(&table, "No step was taken.")?;
    standing(&session, answer.position.as_ref())
}

fn head(session: &Session, case: &v1::SanctionCase) -> String {
    let said = output::in_readers_language(&case.explanation, &case.explanation_zh);
    let mut text = format!("{}: {said}\nagainst: {}", case.case, against(case));
    for (name, value) in [
        ("body", &case.body),
        ("decided by", &case.decision),
        ("measure", &case.source),
    ] {
        if !value.is_empty() {
            // Writing to a text cannot fail.
            let _ = write!(text, "\n{name}: {value}");
        }
    }
    if let Some(runs) = clock(case.clock()) {
        let _ = write!(text, "\n{runs} {}", session.time.show(case.clock_at_ms));
    }
    text
}

/// Whom a case is against, where that is told.
fn against(case: &v1::SanctionCase) -> String {
    let office = match case.office.as_str() {
        "" => String::new(),
        office => format!(" ({office})"),
    };
    match (case.masked, case.name.as_str()) {
        (true, _) => "not named".to_owned(),
        (false, "") => format!("{}{office}", case.person),
        (false, name) => format!("{name} {}{office}", case.person),
    }
}

fn detail(taken: &v1::CaseStepItem) -> String {
    let parts = [
        appeal(taken.appeal()),
        sanction(taken.sanction()),
        severity(taken.severity()),
    ];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" ")
}

const fn step(step: CaseStep) -> &'static str {
    match step {
        CaseStep::Unspecified => "",
        CaseStep::Opened => "opened",
        CaseStep::Petitioned => "petition being signed",
        CaseStep::Noticed => "notice served",
        CaseStep::Defended => "defence filed",
        CaseStep::Found => "finding made",
        CaseStep::Closed => "nothing found",
        CaseStep::Imposed => "imposed",
        CaseStep::Appealed => "appeal filed",
        CaseStep::AppealDecided => "appeal decided",
        CaseStep::Expired => "expired",
        CaseStep::Annulled => "decision overturned",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Unspecified => "",
        Severity::Minor => "minor",
        Severity::Ordinary => "ordinary",
        Severity::Serious => "serious",
        Severity::Grave => "grave",
    }
}

const fn sanction(sanction: Sanction) -> &'static str {
    match sanction {
        Sanction::Unspecified => "",
        Sanction::Warning => "a warning",
        Sanction::Demerit => "a demerit",
        Sanction::MajorDemerit => "a major demerit",
        Sanction::Replacement => "a replacement",
        Sanction::Recall => "a recall",
    }
}

const fn appeal(appeal: CaseAppeal) -> &'static str {
    match appeal {
        CaseAppeal::Unspecified => "",
        CaseAppeal::Upheld => "upheld",
        CaseAppeal::Reduced => "reduced to",
        CaseAppeal::Annulled => "annulled",
    }
}

const fn clock(clock: CaseClock) -> Option<&'static str> {
    match clock {
        CaseClock::Unspecified => None,
        CaseClock::Defence => Some("a defence may be filed before"),
        CaseClock::Appeal => Some("an appeal may be filed before"),
        CaseClock::AppealDecision => Some("the appeal is to be decided before"),
    }
}
