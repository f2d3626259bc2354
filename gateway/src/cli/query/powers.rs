//! `govledger query powers`, `query power` and `query power-changes`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use governance::{
    calendar::Date,
    ids::{BodyId, MatterId, PowerId},
};
use proto::v1::{self, PowerStatus, diff_powers_request::From as Since, moment::AsOf};

use super::{
    super::{
        connection::{LedgerArgs, Session, Told as _},
        failure::Failure,
        output,
    },
    AtArgs, Gathered, ListArgs, end_of, moment, rows_json, standing,
};

/// The power list, now or at a past day or entry
#[derive(Args)]
pub(super) struct PowersArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only what this body exercises
    #[arg(long, value_name = "BODY")]
    body: Option<BodyId>,
    /// Only what is about this matter
    #[arg(long, value_name = "MATTER")]
    matter: Option<MatterId>,
    /// Only items that stand like this
    #[arg(long)]
    status: Option<StatusArg>,
    #[command(flatten)]
    at: AtArgs,
    #[command(flatten)]
    list: ListArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum StatusArg {
    InForce,
    NotYet,
    Over,
    Revoked,
}

impl From<StatusArg> for PowerStatus {
    fn from(status: StatusArg) -> Self {
        match status {
            StatusArg::InForce => Self::InForce,
            StatusArg::NotYet => Self::NotYet,
            StatusArg::Over => Self::Over,
            StatusArg::Revoked => Self::Revoked,
        }
    }
}

/// One item of the power list: what it says, its history, what was done under it
#[derive(Args)]
pub(super) struct PowerArgs {
    /// Its id
    item: PowerId,
    #[command(flatten)]
    ledger: LedgerArgs,
    #[command(flatten)]
    at: AtArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What changed on the power list from one day to another
#[derive(Args)]
pub(super) struct PowerChangesArgs {
    #[command(flatten)]
    ledger: LedgerArgs,
    /// From the end of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Date,
    /// To the end of this day; now, where it is left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Date>,
    #[command(flatten)]
    list: ListArgs,
}

pub(super) async fn list(args: &PowersArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let status = args.status.map_or(PowerStatus::Unspecified, Into::into);
    let mut request = v1::ListPowersRequest {
        ledger: session.ledger(),
        body: output::optional(args.body.as_ref()),
        matter: output::optional(args.matter.as_ref()),
        status: status.into(),
        moment: args.at.moment(&session)?,
        ..v1::ListPowersRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.list_powers(request.clone()).await.told()?;
        if !gathered.take(page.items, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("items", &gathered);
    }
    let mut table = output::table(&["item", "exercised by", "in", "stands", "days", "title"]);
    for item in &gathered.rows {
        let terms = item.terms.clone().unwrap_or_default();
        table.add_row([
            item.item.clone(),
            holder(item.exercised_by.as_ref()),
            terms.matters.join(", "),
            stands(item.status()).to_owned(),
            days(&terms.effective_from, &terms.effective_to),
            output::cut(&terms.title, 60),
        ]);
    }
    output::rows(&table, "No item fits.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

pub(super) async fn show(args: &PowerArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let answer = whole(&session, args).await?;
    if args.json {
        return output::message(&answer);
    }
    output::line(&head(&args.item, answer.item.as_ref()))?;
    output::line("")?;
    let mut history = output::table(&["entry", "recorded", "decision", "what"]);
    for made in &answer.history {
        let effect = made.effect.clone().unwrap_or_default();
        let said = output::in_readers_language(&effect.explanation, &effect.explanation_zh);
        let undone = match made.undone_index {
            0 => String::new(),
            index => format!("\n(undone by entry {})", output::grouped(index)),
        };
        history.add_row([
            output::number(made.index),
            session.time.show(made.recorded_at_ms).into(),
            made.decision.as_str().into(),
            format!("{said}{undone}").into(),
        ]);
    }
    output::rows(&history, "Nothing was made of it.")?;
    output::line("")?;
    let mut acts = output::table(&["entry", "recorded", "by", "what was done"]);
    for act in &answer.acts {
        acts.add_row([
            output::number(act.index),
            session.time.show(act.recorded_at_ms).into(),
            act.person.as_str().into(),
            what(act).into(),
        ]);
    }
    output::rows(&acts, "Nothing was done under it.")?;
    standing(&session, answer.position.as_ref())
}

/// An item with all the acts under it.
async fn whole(session: &Session, args: &PowerArgs) -> Result<v1::GetPowerResponse, Failure> {
    let mut query = session.server.query();
    let mut request = v1::GetPowerRequest {
        ledger: session.ledger(),
        item: args.item.to_string(),
        moment: args.at.moment(session)?,
        ..v1::GetPowerRequest::default()
    };
    let mut whole = query.get_power(request.clone()).await.told()?;
    while !whole.next_page_token.is_empty() {
        request.page_token = std::mem::take(&mut whole.next_page_token);
        let page = query.get_power(request.clone()).await.told()?;
        whole.acts.extend(page.acts);
        whole.next_page_token = page.next_page_token;
    }
    Ok(whole)
}

pub(super) async fn changes(args: &PowerChangesArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let to = args.to.map(|day| end_of(&session, day)).transpose()?;
    let mut request = v1::DiffPowersRequest {
        ledger: session.ledger(),
        from: Some(Since::FromTimeMs(end_of(&session, args.from)?)),
        moment: to.map(|at| moment(AsOf::AtTimeMs(at))),
        ..v1::DiffPowersRequest::default()
    };
    let mut gathered = Gathered::new(args.list.limit);
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.diff_powers(request.clone()).await.told()?;
        if !gathered.take(page.differences, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.list.json {
        return rows_json("differences", &gathered);
    }
    let mut table = output::table(&["item", "before", "after"]);
    for difference in &gathered.rows {
        let item = difference.before.as_ref().or(difference.after.as_ref());
        table.add_row([
            item.map(|item| item.item.clone()).unwrap_or_default(),
            in_a_line(difference.before.as_ref()),
            in_a_line(difference.after.as_ref()),
        ]);
    }
    output::rows(&table, "Nothing changed.")?;
    gathered.note_more()?;
    standing(&session, gathered.position.as_ref())
}

fn in_a_line(item: Option<&v1::PowerItem>) -> String {
    let Some(item) = item else {
        return "not on the list".to_owned();
    };
    let terms = item.terms.clone().unwrap_or_default();
    let mut text = format!(
        "{}\n{}, {}\n{}",
        output::cut(&terms.title, 60),
        stands(item.status()),
        days(&terms.effective_from, &terms.effective_to),
        holder(item.exercised_by.as_ref()),
    );
    if !terms.matters.is_empty() {
        // Writing to a text cannot fail.
        let _ = write!(text, "\nin {}", terms.matters.join(", "));
    }
    text
}

fn head(id: &PowerId, item: Option<&v1::PowerItem>) -> String {
    let Some(item) = item else {
        return format!("{id}: its listing was overturned");
    };
    let terms = item.terms.clone().unwrap_or_default();
    let mut text = format!(
        "{id}: {}\nstands: {}, {}\nexercised by: {}",
        terms.title,
        stands(item.status()),
        days(&terms.effective_from, &terms.effective_to),
        holder(item.exercised_by.as_ref()),
    );
    for (name, value) in [
        ("over", terms.over.as_str()),
        ("in", terms.matters.join(", ").as_str()),
        ("by law", terms.legal_basis.as_str()),
        ("procedure", terms.procedure.as_str()),
    ] {
        if !value.is_empty() {
            // Writing to a text cannot fail.
            let _ = write!(text, "\n{name}: {value}");
        }
    }
    text
}

/// What was done, in a line.
pub(super) fn what(act: &v1::PowerAct) -> String {
    let mut text = match act.summary.as_str() {
        "" => act.kind.replace('_', " "),
        summary => summary.to_owned(),
    };
    for (name, value) in [("in", &act.matter), ("over", &act.over)] {
        if !value.is_empty() {
            // Writing to a text cannot fail.
            let _ = write!(text, " ({name} {value})");
        }
    }
    text
}

fn holder(holder: Option<&v1::PowerHolder>) -> String {
    let holder = holder.cloned().unwrap_or_default();
    match holder.role.as_str() {
        "" => holder.body,
        role => format!("{role} of {}", holder.body),
    }
}

fn days(from: &str, to: &str) -> String {
    match to {
        "" => format!("from {from}"),
        to => format!("{from} to {to}"),
    }
}

const fn stands(status: PowerStatus) -> &'static str {
    match status {
        PowerStatus::Unspecified => "",
        PowerStatus::InForce => "in force",
        PowerStatus::NotYet => "not yet in force",
        PowerStatus::Over => "no longer in force",
        PowerStatus::Revoked => "revoked",
    }
}
