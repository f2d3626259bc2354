//! `govledger query bodies`, `query body` and `query overdue`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::ids::BodyId;
use proto::v1::{self, DutyKind};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, officeholders, rows_json, standing, words,
};

/// The bodies there are
#[derive(Args)]
pub(super) struct BodiesArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

/// One body: members, head, composition, rights, rules, decisions
#[derive(Args)]
pub(super) struct BodyArgs {
    /// Its id
    body: BodyId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// How many decisions
    #[arg(long, default_value_t = 20, value_name = "N")]
    limit: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What should have been done and is not: reports, issues, handovers, decisions
#[derive(Args)]
pub(super) struct OverdueArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's duties
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only duties of this kind
    #[arg(long)]
    kind: Option<KindArg>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Report,
    Issue,
    Handover,
    Implementation,
    Appeal,
    Meeting,
    RollRuling,
    Assessment,
    HeadAudit,
    Filing,
}

impl From<KindArg> for DutyKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Report => Self::Report,
            KindArg::Issue => Self::Issue,
            KindArg::Handover => Self::Handover,
            KindArg::Implementation => Self::Implementation,
            KindArg::Appeal => Self::Appeal,
            KindArg::Meeting => Self::Meeting,
            KindArg::RollRuling => Self::RollRuling,
            KindArg::Assessment => Self::Assessment,
            KindArg::HeadAudit => Self::HeadAudit,
            KindArg::Filing => Self::Filing,
        }
    }
}

pub(super) async fn list(args: &BodiesArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListBodiesRequest {
        ledger: session.ledger(),
        moment: args.at.moment(&session)?,
        ..v1::ListBodiesRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_bodies(request.clone()).await.told()?;
        if !gathered.take(page.bodies, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("bodies", &gathered);
    }
    let mut table = output::table(&["body", "kind", "name"]);
    for body in &gathered.rows {
        let kind = words::enum_name(body.kind().as_str_name(), "BODY_KIND_");
        table.add_row([body.body.as_str(), &kind, &body.name]);
    }
    output::rows(&table, "There is no body.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &BodyArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let request = v1::GetBodyRequest {
        ledger: session.ledger(),
        body: args.body.to_string(),
        page_size: args.limit,
        page_token: String::new(),
        moment: args.at.moment(&session)?,
    };
    let answer = session.server.query().get_body(request).await.told()?;
    if args.json {
        return output::message(&answer);
    }
    output::line(&head(&answer))?;
    for audit in &answer.head_audits {
        output::line(&head_audit_line(audit, &session))?;
    }
    for decision in &answer.to_file {
        output::line(&to_file(decision))?;
    }
    output::line("")?;
    let mut members = output::table(&["office", "role", "person", "name", "term"]);
    for member in &answer.members {
        members.add_row([
            member.office.as_str(),
            &member.role,
            &member.person,
            &member.name,
            &officeholders::term(member),
        ]);
    }
    output::rows(&members, "Nobody holds an office in it.")?;
    output::line("")?;
    for right in &answer.rights {
        output::line(&right_line(right))?;
    }
    for rule in &answer.rules {
        let (id, title, citation) = (&rule.id, &rule.title, &rule.citation);
        output::line(&format!("decides by rule {id}: {title} ({citation})"))?;
    }
    output::line("")?;
    let mut decisions = output::table(&["held", "motion", "title", "came to"]);
    for decision in &answer.decisions {
        let result = decision.result.clone().unwrap_or_default();
        decisions.add_row([
            decision.held_on.as_str(),
            &decision.motion,
            &output::cut(&decision.title, 60),
            words::outcome(result.outcome()),
        ]);
    }
    output::rows(&decisions, "It has decided nothing.")?;
    if !answer.next_page_token.is_empty() {
        output::line(&format!(
            "There are more: govledger query decisions --body {}",
            args.body
        ))?;
    }
    standing(&session, answer.position.as_ref())
}

fn head(answer: &v1::GetBodyResponse) -> String {
    let body = answer.body.clone().unwrap_or_default();
    let kind = words::enum_name(body.kind().as_str_name(), "BODY_KIND_");
    let mut text = format!("{}: {} ({kind})", body.body, body.name);
    for head in &answer.heads {
        let of = head.officeholder.clone().unwrap_or_default();
        let who = match of.name.as_str() {
            "" => of.person,
            name => format!("{name} {}", of.person),
        };
        let both = if head.head_and_secretary {
            ", also secretary of the party organisation (一肩挑)"
        } else {
            ""
        };
        // Writing to a text cannot fail.
        let _ = write!(text, "\nhead: {who}{both}");
    }
    let composed = answer.composition.clone().unwrap_or_default();
    let _ = write!(text, "\nmembers: {}", composed.members);
    if composed.members_missing > 0 {
        let _ = write!(text, ", {} too few (组织法 8)", composed.members_missing);
    }
    if composed.woman_missing {
        text.push_str(", and no woman among them (组织法 8)");
    }
    for kin in &composed.near_kin {
        let v1::KinSeats {
            office,
            person,
            other_office,
            other_person,
            other_body,
        } = kin;
        let _ = write!(
            text,
            "\nnear kin: {person} ({office}) and {other_person} ({other_office} in {other_body}) do not sit so: one \
             of them resigns, and until then neither votes on what concerns the other (组织法 8, 36)"
        );
    }
    for seat in &answer.vacant {
        let cause = words::enum_name(seat.cause().as_str_name(), "OFFICE_END_CAUSE_");
        let until = match seat.term_to.as_str() {
            "" => String::new(),
            day => format!(", for the term that ends on {day}"),
        };
        let _ = write!(
            text,
            "\nvacant: {} ({}), since entry {} by {cause}: a by-election is due{until} (组织法 24)",
            seat.role, seat.office, seat.ended_index
        );
    }
    text
}

/// A decision that is still to be filed.
fn to_file(decision: &v1::Decision) -> String {
    let filing = decision.filing.clone().unwrap_or_default();
    let said = output::in_readers_language(&filing.explanation, &filing.explanation_zh);
    format!("{}: {said}", decision.motion)
}

/// How far the audit of who was head has come.
fn head_audit_line(audit: &v1::HeadAudit, session: &Session) -> String {
    let of = audit.officeholder.clone().unwrap_or_default();
    let who = format!("audit of {} ({}, 组织法 38)", of.office, of.person);
    let due = session.time.show(audit.due_at_ms);
    if audit.recorded_index == 0 {
        let late = match audit.overdue_index {
            0 => String::new(),
            index => format!(", and is overdue since entry {index}"),
        };
        return format!("{who}: due before {due}{late}");
    }
    let found = if audit.irregular {
        "not everything is in order"
    } else {
        "nothing found amiss"
    };
    let (by, index) = (&audit.auditor, audit.recorded_index);
    let report = audit.report.clone().unwrap_or_default();
    let text = match report.text.as_str() {
        "" => String::new(),
        text => format!("; {}", output::cut(text, 200)),
    };
    format!("{who}: recorded by entry {index}, {by}: {found}{text}")
}

fn right_line(right: &v1::RightGranted) -> String {
    let name = words::enum_name(right.right().as_str_name(), "RIGHT_");
    let role = match right.role.as_str() {
        "" => "its officers".to_owned(),
        role => format!("its {role}"),
    };
    let over = match right.over.as_str() {
        "" => "every body",
        body => body,
    };
    format!("{role} may {name}, over {over}")
}

pub(super) async fn overdue(args: &OverdueArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::ListOverdueRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        kind: args.kind.map_or(0, |kind| DutyKind::from(kind).into()),
        moment: args.at.moment(&session)?,
        ..v1::ListOverdueRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_overdue(request.clone()).await.told()?;
        if !gathered.take(page.duties, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("duties", &gathered);
    }
    let mut table = output::table(&["due before", "body", "what", "entry"]);
    for duty in &gathered.rows {
        let said = output::in_readers_language(&duty.explanation, &duty.explanation_zh);
        table.add_row([
            session.time.show(duty.due_at_ms).into(),
            duty.body.as_str().into(),
            said.into(),
            output::number(duty.index),
        ]);
    }
    output::rows(&table, "Nothing is overdue.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}
