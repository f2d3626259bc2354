//! The way to a server, and the one ledger of it that is meant.

use std::time::Duration;

use clap::Args;
use governance::ids::LedgerId;
use ledger::CheckpointKeys;
use proto::v1::{
    self, audit_service_client::AuditServiceClient, query_service_client::QueryServiceClient,
    record_service_client::RecordServiceClient,
};
use tlog::VerifierKey;
use tokio::time::Instant;
use tonic::{Code, Response, Status, transport::Channel};

use super::{failure::Failure, time::LocalTime};
use crate::client::{Client, ConnectError};

/// How long to wait for views that are being made: those of a million entries take about as long.
const VIEWS_TIMEOUT: Duration = Duration::from_secs(60);

/// How long to wait before the views are asked again: they are a few milliseconds behind the log.
const VIEWS_PAUSE: Duration = Duration::from_millis(20);

/// Which server.
#[derive(Args, Clone, Debug)]
pub(crate) struct ServerArgs {
    /// Where the server is. Over https its certificate must follow from an authority of the system, or of the file (PEM)
    /// that `SSL_CERT_FILE` names
    #[arg(
        long,
        env = "GOVLEDGER_SERVER",
        default_value = "http://127.0.0.1:8420",
        value_name = "URL"
    )]
    pub(crate) server: String,
}

/// Which ledger of which server.
#[derive(Args, Clone, Debug)]
pub(crate) struct LedgerArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// The ledger; may be left out where the server has exactly one
    #[arg(long, value_name = "ID")]
    pub(crate) ledger: Option<LedgerId>,
}

impl ServerArgs {
    /// Connects.
    pub(crate) async fn connect(&self) -> Result<Server, Failure> {
        let connected = Client::connect(&self.server).await;
        let client = connected.map_err(|error| match &error {
            ConnectError::Address { .. } => Failure::usage(error.to_string()),
            ConnectError::Absent { url, source } => {
                Failure::unavailable(format!("there is no server at {url}"))
                    .because(innermost(source))
                    .next("Start one with `govledger serve`, or name another with --server.")
            }
        })?;
        Ok(Server { client })
    }
}

impl LedgerArgs {
    /// Connects and finds the ledger.
    pub(crate) async fn open(&self) -> Result<Session, Failure> {
        let server = self.server.connect().await?;
        let ledgers = server.ledgers().await?;
        let about = choose(ledgers, self.ledger.as_ref())?;
        if about.demo {
            let ledger = &about.ledger;
            eprintln!(
                "Ledger {ledger} is a demonstration: no real community decided anything here."
            );
        }
        let time = LocalTime::new(&about.utc_offsets);
        Ok(Session {
            server,
            about,
            time,
        })
    }

    /// As [`Self::open`], once the ledger's views have seen every entry there was: what one command
    /// recorded the next one finds, also at a server that has just started.
    pub(crate) async fn open_views(&self) -> Result<Session, Failure> {
        let session = self.open().await?;
        let deadline = Instant::now() + VIEWS_TIMEOUT;
        // A halted ledger serves what is proven; its views may never come further.
        let halted = !session.about.halted.is_empty();
        while !halted && !session.views_are_current().await? {
            if Instant::now() > deadline {
                let what = "the server's views are far behind its log";
                return Err(Failure::unavailable(what)
                    .next("They are being made from the log: try again in a few minutes."));
            }
            tokio::time::sleep(VIEWS_PAUSE).await;
        }
        Ok(session)
    }
}

/// The last of a chain of causes: the one that names what happened.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// The one meant of these.
fn choose(
    ledgers: Vec<v1::LedgerSummary>,
    wanted: Option<&LedgerId>,
) -> Result<v1::LedgerSummary, Failure> {
    let names: Vec<String> = ledgers.iter().map(|l| l.ledger.clone()).collect();
    let names = names.join(", ");
    let count = ledgers.len();
    let mut fitting = ledgers
        .into_iter()
        .filter(|ledger| wanted.is_none_or(|id| ledger.ledger == id.as_str()));
    match (fitting.next(), wanted) {
        (Some(only), None) if count == 1 => Ok(only),
        (Some(found), Some(_)) => Ok(found),
        (None, Some(id)) if count > 0 => {
            Err(Failure::finding(format!("the server keeps no ledger {id}"))
                .next(format!("It keeps: {names}.")))
        }
        (None, _) => Err(Failure::finding("the server keeps no ledger yet").next(
            "Found one with `govledger found` in its data directory, then start the server again.",
        )),
        (Some(_), None) => Err(Failure::usage(format!("the server keeps {count} ledgers"))
            .next(format!("Say which with --ledger: {names}."))),
    }
}

/// A server.
pub(crate) struct Server {
    client: Client,
}

impl Server {
    /// The ledgers it keeps.
    pub(crate) async fn ledgers(&self) -> Result<Vec<v1::LedgerSummary>, Failure> {
        let mut ledgers = Vec::new();
        let mut request = v1::ListLedgersRequest::default();
        loop {
            let answer = self.query().list_ledgers(request.clone()).await.told()?;
            ledgers.extend(answer.ledgers);
            if answer.next_page_token.is_empty() {
                return Ok(ledgers);
            }
            request.page_token = answer.next_page_token;
        }
    }

    pub(crate) fn query(&self) -> QueryServiceClient<Channel> {
        self.client.query()
    }

    pub(crate) fn record(&self) -> RecordServiceClient<Channel> {
        self.client.record()
    }

    pub(crate) fn audit(&self) -> AuditServiceClient<Channel> {
        self.client.audit()
    }
}

/// A server, and one ledger of it.
pub(crate) struct Session {
    /// The server.
    pub(crate) server: Server,
    /// What it says of the ledger.
    pub(crate) about: v1::LedgerSummary,
    /// The ledger's local time.
    pub(crate) time: LocalTime,
}

impl Session {
    /// The ledger's id.
    pub(crate) fn ledger(&self) -> String {
        self.about.ledger.clone()
    }

    /// Whether the views have seen every entry that there was when the session was opened.
    async fn views_are_current(&self) -> Result<bool, Failure> {
        let request = v1::GetTimelineRequest {
            ledger: self.ledger(),
            page_size: 1,
            ..v1::GetTimelineRequest::default()
        };
        match self.server.query().get_timeline(request).await.told() {
            Ok(answer) => {
                let seen = answer.position.map_or(0, |position| position.index + 1);
                Ok(seen >= self.about.size)
            }
            Err(failure) if failure.reason() == Some("VIEWS_NOT_READY") => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// The keys of the ledger's checkpoints, as the server gave them.
    pub(crate) fn checkpoint_keys(&self) -> Result<CheckpointKeys, Failure> {
        keys_of(&self.about)
    }

    /// The keys to check this checkpoint with: asked for anew where it is not signed by those known, as the ledger
    /// may have exchanged its key since.
    pub(crate) async fn keys_for(&self, checkpoint: &[u8]) -> Result<CheckpointKeys, Failure> {
        let known = self.checkpoint_keys()?;
        if known.open(checkpoint).is_ok() {
            return Ok(known);
        }
        let ledgers = self.server.ledgers().await?;
        let about = ledgers.iter().find(|one| one.ledger == self.about.ledger);
        about.map_or(Ok(known), keys_of)
    }
}

fn keys_of(about: &v1::LedgerSummary) -> Result<CheckpointKeys, Failure> {
    let keys = about.checkpoint_keys.iter().map(|key| {
        let parsed = key.verifier_key.parse::<VerifierKey>();
        parsed.ok().map(|parsed| (key.from_size, parsed))
    });
    let keys: Option<Vec<_>> = keys.collect();
    keys.and_then(CheckpointKeys::claimed)
        .ok_or_else(|| Failure::finding("the verifier keys that the server gives are none"))
}

/// An answer, or what was answered instead.
pub(crate) trait Told<T> {
    /// The answer, or the failure it stands for.
    fn told(self) -> Result<T, Failure>;
}

impl<T> Told<T> for Result<Response<T>, Status> {
    fn told(self) -> Result<T, Failure> {
        self.map(Response::into_inner)
            .map_err(|status| failure_of(&status))
    }
}

/// A refusal in the server's words, or that the server went away.
pub(crate) fn failure_of(status: &Status) -> Failure {
    let lost = matches!(status.code(), Code::Unavailable | Code::Unknown);
    match std::error::Error::source(status) {
        Some(source) if lost => Failure::unavailable("the connection to the server was lost")
            .because(innermost(source))
            .next("Look whether it runs, then try again: what was recorded is not recorded twice."),
        _ => Failure::of_status(status),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::failure::Exit, *};

    fn summaries(ids: &[&str]) -> Vec<v1::LedgerSummary> {
        let one = |id: &&str| v1::LedgerSummary {
            ledger: (*id).to_owned(),
            ..v1::LedgerSummary::default()
        };
        ids.iter().map(one).collect()
    }

    fn chosen(ids: &[&str], wanted: Option<&str>) -> Result<String, Exit> {
        let wanted = wanted.map(|id| LedgerId::new(id).unwrap());
        choose(summaries(ids), wanted.as_ref())
            .map(|ledger| ledger.ledger)
            .map_err(|failure| failure.exit())
    }

    #[test]
    fn the_only_ledger_need_not_be_named() {
        assert_eq!(chosen(&["a"], None), Ok("a".to_owned()));
        assert_eq!(chosen(&["a", "b"], None), Err(Exit::Usage));
        assert_eq!(chosen(&[], None), Err(Exit::Finding));
    }

    #[test]
    fn a_named_ledger_must_be_there() {
        assert_eq!(chosen(&["a", "b"], Some("b")), Ok("b".to_owned()));
        assert_eq!(chosen(&["a"], Some("b")), Err(Exit::Finding));
        assert_eq!(chosen(&[], Some("b")), Err(Exit::Finding));
    }
}
