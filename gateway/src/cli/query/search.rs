//! `govledger query search`.

use clap::{Args, ValueEnum};
use proto::v1::{self, TextKind};

use super::{
    super::{
        connection::{LedgerArgs, Told as _},
        failure::Failure,
        output,
    },
    Gathered, rows_json, standing, words,
};

/// Search public texts, in Chinese and English
///
/// Everything given must be there; parts of Chinese words are found, and English ones whatever their ending.
#[derive(Args)]
pub(super) struct SearchArgs {
    /// What to look for
    #[arg(required = true, value_name = "WORDS")]
    query: Vec<String>,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Only texts of this kind
    #[arg(long)]
    kind: Option<KindArg>,
    /// How many at most
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    limit: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum KindArg {
    Motion,
    Statement,
    Progress,
    Report,
    Question,
    Issue,
    Power,
    Body,
    Consultation,
    Task,
    Disclosure,
    Record,
    HeadAudit,
}

impl From<KindArg> for TextKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Motion => Self::Motion,
            KindArg::Statement => Self::Statement,
            KindArg::Progress => Self::Progress,
            KindArg::Report => Self::Report,
            KindArg::Question => Self::Question,
            KindArg::Issue => Self::Issue,
            KindArg::Power => Self::Power,
            KindArg::Body => Self::Body,
            KindArg::Consultation => Self::Consultation,
            KindArg::Task => Self::Task,
            KindArg::Disclosure => Self::Disclosure,
            KindArg::Record => Self::Record,
            KindArg::HeadAudit => Self::HeadAudit,
        }
    }
}

pub(super) async fn run(args: &SearchArgs) -> Result<(), Failure> {
    let session = args.ledger.open_views().await?;
    let mut request = v1::SearchRequest {
        ledger: session.ledger(),
        query: args.query.join(" "),
        kind: args.kind.map_or(0, |kind| TextKind::from(kind).into()),
        ..v1::SearchRequest::default()
    };
    let mut gathered = Gathered::new(args.limit.into());
    let mut query = session.server.query();
    loop {
        request.page_size = gathered.wanted();
        let page = query.search(request.clone()).await.told()?;
        if !gathered.take(page.hits, page.position, &page.next_page_token) {
            break;
        }
        request.page_token = page.next_page_token;
    }
    if args.json {
        return rows_json("hits", &gathered);
    }
    let mut table = output::table(&["entry", "kind", "about", "where it says so"]);
    for hit in &gathered.rows {
        let about = match hit.title.as_str() {
            "" => hit.subject.clone(),
            title => format!("{}: {}", hit.subject, output::cut(title, 40)),
        };
        let pieces = hit.snippet.iter().map(|part| {
            if part.wanted {
                format!("[{}]", part.text)
            } else {
                part.text.replace('\n', " ")
            }
        });
        let kind = words::enum_name(hit.kind().as_str_name(), "TEXT_KIND_");
        table.add_row([
            output::number(hit.index),
            kind.into(),
            about.into(),
            pieces.collect::<String>().into(),
        ]);
    }
    output::rows(&table, "Nothing is found.")?;
    if gathered.more {
        output::line("There are more: --limit shows up to 1,000.")?;
    }
    standing(&session, gathered.position.as_ref())
}
