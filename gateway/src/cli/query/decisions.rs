//! `govledger query decisions` and `query decision`.

use std::{collections::BTreeMap, fmt::Write as _};

use clap::{Args, ValueEnum};
use governance::{
    calendar::Date,
    ids::{BodyId, MatterId, MotionId, PowerId},
};
use proto::v1::{self, MeasureKind, Outcome};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output, whole,
    },
    AtArgs, Gathered, ListArgs, rows_json, standing, votes, words,
};

/// What was decided
#[derive(Args)]
pub(super) struct DecisionsArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only this body's
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only those that came out like this
    #[arg(long)]
    outcome: Option<OutcomeArg>,
    /// Only those that changed this item of the power list, rest on it, or are carried out under it
    #[arg(long, value_name = "ITEM")]
    power: Option<PowerId>,
    /// Only those with an item of the power list for this matter
    #[arg(long, value_name = "MATTER")]
    matter: Option<MatterId>,
    /// Held on this day or later
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Date>,
    /// Held on this day or earlier
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Date>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum OutcomeArg {
    Adopted,
    Rejected,
    NoQuorum,
    PartlyFilled,
}

impl From<OutcomeArg> for Outcome {
    fn from(outcome: OutcomeArg) -> Self {
        match outcome {
            OutcomeArg::Adopted => Self::Adopted,
            OutcomeArg::Rejected => Self::Rejected,
            OutcomeArg::NoQuorum => Self::NoQuorum,
            OutcomeArg::PartlyFilled => Self::PartlyFilled,
        }
    }
}

/// One decision: the outcome and why, the numbers, the rule, who voted what
#[derive(Args)]
pub(super) struct DecisionArgs {
    /// The motion's id
    motion: MotionId,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(args: &DecisionsArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let outcome = args.outcome.map_or(Outcome::Unspecified, Into::into);
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let request = v1::ListDecisionsRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        power: output::optional(args.power.as_ref()),
        matter: output::optional(args.matter.as_ref()),
        outcome: outcome.into(),
        held_from: day(args.from),
        held_to: day(args.to),
        moment: args.at.moment(&session)?,
        ..v1::ListDecisionsRequest::default()
    };
    let gathered = gather(&session, request, args.list.limit).await?;
    if args.list.json {
        return rows_json("decisions", &gathered);
    }
    let headings = [
        "held on",
        "motion",
        "outcome",
        "for",
        "against",
        "abstained",
        "title",
    ];
    let mut table = output::table(&headings);
    for decision in &gathered.rows {
        let result = decision.result.clone().unwrap_or_default();
        let heads = result.measures.first().copied().unwrap_or_default();
        table.add_row([
            decision.held_on.as_str().into(),
            decision.motion.as_str().into(),
            words::outcome(result.outcome()).into(),
            output::number(heads.in_favour),
            output::number(heads.against),
            output::number(heads.abstaining),
            output::cut(&decision.title, 60).into(),
        ]);
    }
    output::rows(&table, "No decision fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

async fn gather(
    session: &Session,
    mut request: v1::ListDecisionsRequest,
    limit: u64,
) -> Result<Gathered<v1::Decision>, Failure> {
    let mut gathered = Gathered::new(limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_decisions(request.clone()).await.told()?;
        if !gathered.take(page.decisions, page.position, &page.next_page_token) {
            return Ok(gathered);
        }
        request.page_token = page.next_page_token;
    }
}

pub(super) async fn show(args: &DecisionArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let answer = whole::decision(&session, args.motion.to_string()).await?;
    if args.json {
        return output::message(&answer);
    }
    let decision = answer.decision.clone().unwrap_or_default();
    let result = decision.result.clone().unwrap_or_default();
    output::line(&headline(&decision, &result))?;
    output::line(&format!("{}\n", explanation(&decision)))?;
    if decision.corrected_index > 0 {
        output::line(&corrected(&session, &decision))?;
    }
    if decision.overturned_index > 0 {
        output::line(&overturned(&session, &decision))?;
    }
    if decision.progress_index > 0 {
        output::line(&progress(&session, &decision))?;
    }
    if let Some(filing) = &decision.filing {
        let said = output::in_readers_language(&filing.explanation, &filing.explanation_zh);
        output::line(&format!("{said}\n"))?;
    }
    if !answer.effects.is_empty() {
        let effects = words::effects(&answer.effects);
        output::line(&format!("{}\n", effects.trim_start()))?;
    }
    output::rows(&measures(&result), "")?;
    if !result.options.is_empty() {
        output::line("")?;
        output::rows(&options(&result, answer.contest.as_ref()), "")?;
    }
    output::line(&rule(&session, &decision, &result))?;
    let names = names(&session, &decision.body).await?;
    let votes = votes::told(&answer, &names);
    if !votes.is_empty() {
        output::line(&format!("\nWho voted what:\n{votes}"))?;
    }
    output::line("")?;
    standing(&session, answer.position.as_ref())
}

/// Why, in the reader's language.
fn explanation(decision: &v1::Decision) -> &str {
    output::in_readers_language(&decision.explanation, &decision.explanation_zh)
}

fn progress(session: &Session, decision: &v1::Decision) -> String {
    let stands = match decision.progress() {
        v1::Execution::Unspecified => "",
        v1::Execution::Planned => "已列入计划 planned",
        v1::Execution::UnderWay => "正在执行 under way",
        v1::Execution::Done => "已完成 done",
    };
    let due = match decision.progress_due.as_str() {
        "" => String::new(),
        day => format!(", to be done by {day}"),
    };
    format!(
        "Carried out: {stands}{due}: {} (entry {}, {})\n",
        decision.progress_note,
        output::grouped(decision.progress_index),
        session.time.show(decision.progress_at_ms),
    )
}

/// That the roll call was tallied again, and what it had come to.
fn corrected(session: &Session, decision: &v1::Decision) -> String {
    let first = words::enum_name(decision.corrected_from().as_str_name(), "OUTCOME_");
    format!(
        "Its roll call was corrected by entry {} ({}): {}. As first recorded: {first}.",
        output::grouped(decision.corrected_index),
        session.time.show(decision.corrected_at_ms),
        decision.corrected_reason,
    )
}

fn overturned(session: &Session, decision: &v1::Decision) -> String {
    let by = match decision.overturned_by() {
        v1::OverturnedBy::Court => "a court",
        v1::OverturnedBy::OrderedCorrection => "an ordered correction",
        v1::OverturnedBy::SuperiorBody | v1::OverturnedBy::Unspecified => "a superior body",
    };
    format!(
        "OVERTURNED by {by} ({}), entry {}, {}: it stands no longer.\n",
        decision.overturned_order,
        output::grouped(decision.overturned_index),
        session.time.show(decision.overturned_at_ms),
    )
}

/// The outcome before everything: titles may be long.
fn headline(decision: &v1::Decision, result: &v1::MotionDecided) -> String {
    let body = match decision.body_name.as_str() {
        "" => &decision.body,
        name => name,
    };
    let outcome = words::outcome(result.outcome()).to_uppercase();
    format!(
        "{outcome}: {} by {body}, held on {}.",
        decision.motion, decision.held_on
    )
}

fn measures(result: &v1::MotionDecided) -> comfy_table::Table {
    let headings = [
        "",
        "on the roll",
        "present",
        "took part",
        "for",
        "against",
        "abstained",
        "quorum",
        "approval",
    ];
    let mut table = output::table(&headings);
    for tally in &result.measures {
        let kind = tally.kind();
        let amount = |n: u64| words::amount(kind, n);
        let quorum = format!(
            "{}, needed {}",
            amount(tally.quorum_counted),
            words::needed(
                tally.quorum.as_ref(),
                &amount(tally.eligible),
                tally.quorum_met
            )
        );
        let whole = amount(tally.approval_whole);
        let needed = words::needed(tally.approval.as_ref(), &whole, tally.approval_met);
        let approval = if result.options.is_empty() {
            format!("{}, needed {needed}", amount(tally.in_favour))
        } else {
            format!("a seat needed {needed}")
        };
        table.add_row([
            words::measure(tally).to_owned(),
            amount(tally.eligible),
            // Nobody is present at a vote outside a meeting.
            match tally.attending {
                0 => String::new(),
                attending => amount(attending),
            },
            amount(tally.participating),
            amount(tally.in_favour),
            amount(tally.against),
            amount(tally.abstaining),
            quorum,
            approval,
        ]);
    }
    table
}

fn options(result: &v1::MotionDecided, contest: Option<&v1::Contest>) -> comfy_table::Table {
    let mut table = output::table(&["option", "heads", "area, m²", ""]);
    for option in &result.options {
        let chosen = if option.chosen { "elected" } else { "" };
        table.add_row([
            words::label(option.option, contest).into(),
            output::number(option.heads),
            words::amount(MeasureKind::Area, option.area).into(),
            chosen.into(),
        ]);
    }
    table
}

fn rule(session: &Session, decision: &v1::Decision, result: &v1::MotionDecided) -> String {
    let taken = if decision.minuted {
        "minuted; the vote was held on"
    } else {
        "vote held on"
    };
    let mut text = format!(
        "\nrule: {} of charter version {} ({})\nroll: {}\n{taken} {}; decided by entry {}, {}",
        result.rule,
        result.charter_version,
        result.citation,
        result.roll,
        decision.held_on,
        output::grouped(decision.index),
        session.time.show(decision.recorded_at_ms),
    );
    for (name, ids) in [
        ("under the power list", &decision.powers),
        ("in the matter of", &decision.matters),
    ] {
        if !ids.is_empty() {
            let _ = write!(text, "\n{name}: {}", ids.join(", "));
        }
    }
    if !decision.source.is_empty() {
        let _ = write!(text, "\nsource: {}", decision.source);
    }
    if !decision.source_outcome.is_empty() {
        let says = &decision.source_outcome;
        let _ = write!(text, "\nthe source says of the item: {says}");
    }
    text
}

/// Published names of the body's officeholders, by person.
async fn names(session: &Session, body: &str) -> Result<BTreeMap<String, String>, Failure> {
    let request = v1::ListOfficeholdersRequest {
        ledger: session.ledger(),
        body: body.to_owned(),
        ..v1::ListOfficeholdersRequest::default()
    };
    let answer = whole::officeholders(session, request).await?;
    let named = answer
        .officeholders
        .into_iter()
        .filter(|holder| !holder.name.is_empty());
    Ok(named.map(|holder| (holder.person, holder.name)).collect())
}
