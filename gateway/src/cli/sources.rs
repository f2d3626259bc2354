//! Where audits and exports read ledgers from: a data directory, a server, a NATS server, or an
//! evidence bundle. None of them is believed.

use std::{path::PathBuf, sync::mpsc};

use clap::Args;
use governance::ids::LedgerId;
use ledger::{
    DataDirectory,
    audit::{Bundle, Directory, EntrySource, Fetched, Finding, Stream},
    backing::Backing,
    nats::Nats,
};
use proto::v1;
use tlog::Note;
use tonic::Streaming;

use super::{
    connection::{Server, ServerArgs, Told as _, failure_of},
    failure::Failure,
    nats::{self, NatsAccess},
};

/// Pages fetched ahead of the reader, of at most 1 MiB each.
const PAGES_AHEAD: usize = 4;

/// A page of entries, or why there is none.
type Page = Result<Vec<Vec<u8>>, String>;

/// Where ledgers are read from.
#[derive(Args)]
pub(crate) struct SourceArgs {
    /// A data directory; nothing in it is changed
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// A server, which is not believed; an audit takes several, which must show one history. Over https its certificate
    /// must follow from an authority of the system, or of the file (PEM) that `SSL_CERT_FILE` names
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "bundle", "nats"])]
    server: Vec<String>,
    /// An evidence bundle, as `govledger export bundle` writes it; needs no network
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "nats"])]
    bundle: Option<PathBuf>,
    #[arg(
        long,
        value_name = "URL",
        help = "A NATS server, which is not believed; with --data, the one that has that directory's logs \
                [env: GOVLEDGER_NATS_URL]"
    )]
    nats: Option<String>,
    #[command(flatten)]
    access: NatsAccess,
    /// A signed checkpoint that you have, to hold the log on NATS against; without: the newest that
    /// running nodes give
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "server", "bundle"])]
    checkpoint: Option<PathBuf>,
}

/// A ledger that can be read, or what is wrong with it at first sight.
pub(crate) type Opened = Result<Box<dyn EntrySource>, Finding>;

/// Ledgers, opened one after another.
pub(crate) struct Ledgers {
    place: Place,
    /// Those that are meant.
    pub(crate) ids: Vec<LedgerId>,
}

enum Place {
    Data(DataDirectory, Option<Nats>),
    Nats(Nats, Vec<Note>),
    Server(Server),
    Bundle(PathBuf),
}

impl SourceArgs {
    /// The ledgers meant: the one named, or all there are.
    pub(crate) async fn ledgers(&self, wanted: Option<&LedgerId>) -> Result<Ledgers, Failure> {
        let (place, there) = if let Some(data) = &self.data {
            let directory = DataDirectory::new(data);
            let there = in_directory(&directory, wanted)?;
            let nats = match self.nats_beside(&directory, &there) {
                Some(url) => Some(self.access.connect(&url).await?),
                None => None,
            };
            (Place::Data(directory, nats), there)
        } else if let Some(url) = self.nats_alone() {
            let nats = self.access.connect(&url).await?;
            let there = on_nats(&nats, &url, wanted).await?;
            let checkpoint = self
                .checkpoint
                .as_deref()
                .map(read_checkpoint)
                .transpose()?;
            (Place::Nats(nats, checkpoint.into_iter().collect()), there)
        } else if let Some(url) = self.server.first() {
            let server = connect(url).await?;
            let there = match wanted {
                Some(ledger) => vec![ledger.clone()],
                None => on_server(&server).await?,
            };
            (Place::Server(server), there)
        } else if let Some(file) = &self.bundle {
            let there = in_bundle(file, wanted)?;
            (Place::Bundle(file.clone()), there)
        } else {
            return Err(Failure::usage(
                "say what to read: --data, --server, --nats or --bundle",
            ));
        };
        Ok(Ledgers { place, ids: there })
    }

    /// The NATS server that has logs of this directory. What only the environment says is asked where it is needed.
    fn nats_beside(&self, directory: &DataDirectory, there: &[LedgerId]) -> Option<String> {
        let on_nats = |id: &LedgerId| {
            let backing = directory.ledger(id).backing();
            backing.is_ok_and(|backing| backing == Backing::JetStream)
        };
        nats::named(self.nats.as_deref())
            .filter(|_| self.nats.is_some() || there.iter().any(on_nats))
    }

    /// The NATS server to read logs from by itself; another source that is named comes first.
    fn nats_alone(&self) -> Option<String> {
        let elsewhere = !self.server.is_empty() || self.bundle.is_some();
        nats::named(self.nats.as_deref()).filter(|_| !elsewhere)
    }

    /// Whether several servers are named.
    pub(crate) fn is_several(&self) -> bool {
        self.server.len() > 1
    }

    /// The servers named after the first, connected.
    pub(crate) async fn other_servers(&self) -> Result<Vec<(String, Server)>, Failure> {
        let mut servers = Vec::new();
        for url in self.server.iter().skip(1) {
            servers.push((url.clone(), connect(url).await?));
        }
        Ok(servers)
    }

    /// The one ledger meant, opened.
    pub(crate) async fn only(
        &self,
        wanted: Option<&LedgerId>,
    ) -> Result<(LedgerId, Opened), Failure> {
        if self.is_several() {
            return Err(Failure::usage(
                "give one --server: only an audit compares several",
            ));
        }
        let ledgers = self.ledgers(wanted).await?;
        let [id] = ledgers.ids.as_slice() else {
            let names: Vec<&str> = ledgers.ids.iter().map(LedgerId::as_str).collect();
            return Err(Failure::usage(format!("there are {} ledgers", names.len()))
                .next(format!("Say which with --ledger: {}.", names.join(", "))));
        };
        Ok((id.clone(), ledgers.open(id).await?))
    }
}

impl Ledgers {
    /// The server they are on, if they are on one.
    pub(crate) fn server(&self) -> Option<&Server> {
        match &self.place {
            Place::Server(server) => Some(server),
            _ => None,
        }
    }

    /// Whether they are read on NATS itself.
    pub(crate) fn are_on_nats(&self) -> bool {
        matches!(self.place, Place::Nats(..))
    }

    /// Opens one of them.
    pub(crate) async fn open(&self, id: &LedgerId) -> Result<Opened, Failure> {
        self.open_from(id, 0).await
    }

    /// Opens one of them for who has read its first `start` entries, from a place that can be read again.
    pub(crate) async fn open_from(&self, id: &LedgerId, start: u64) -> Result<Opened, Failure> {
        Ok(match &self.place {
            Place::Data(directory, None) => {
                Directory::open(directory, id).map(|opened| boxed(opened.from(start)))
            }
            Place::Data(directory, Some(nats)) => {
                ledger::audit::open_with_nats(directory, nats, id, start).await
            }
            Place::Nats(nats, checkpoints) => {
                let opened = Stream::open(nats, id, checkpoints.clone()).await;
                opened.map(|opened| boxed(opened.from(start)))
            }
            Place::Server(server) => fetch(server, id, start).await?.map(boxed),
            Place::Bundle(file) => Bundle::open(file).map(boxed),
        })
    }
}

fn boxed(source: impl EntrySource + 'static) -> Box<dyn EntrySource> {
    Box::new(source)
}

/// The ledger of a data directory that was asked for, or all that are in it.
fn in_directory(
    directory: &DataDirectory,
    wanted: Option<&LedgerId>,
) -> Result<Vec<LedgerId>, Failure> {
    let shown = directory.path().display();
    let none = |why: String| {
        let what = match wanted {
            Some(ledger) => format!("there is no ledger {ledger} in {shown}"),
            None => format!("there is no ledger in {shown}"),
        };
        Failure::unavailable(what)
            .because(why)
            .next("Name the data directory of `govledger serve` with --data.")
    };
    let there = directory
        .ledgers()
        .map_err(|error| none(error.to_string()))?;
    if there.is_empty() {
        let why = if directory.path().is_dir() {
            "The directory has none."
        } else {
            "There is no such directory."
        };
        return Err(none(why.to_owned()));
    }
    match wanted {
        None => Ok(there),
        Some(ledger) if there.contains(ledger) => Ok(vec![ledger.clone()]),
        Some(_) => {
            let names: Vec<&str> = there.iter().map(LedgerId::as_str).collect();
            let there = format!("The directory has {}.", names.join(", "));
            Err(none(there).next("Name one of these with --ledger, or another directory."))
        }
    }
}

/// The ledger asked for, or all that have a stream on a NATS server.
async fn on_nats(
    nats: &Nats,
    url: &str,
    wanted: Option<&LedgerId>,
) -> Result<Vec<LedgerId>, Failure> {
    if let Some(ledger) = wanted {
        return Ok(vec![ledger.clone()]);
    }
    let there = Stream::ledgers(nats).await;
    let there = there.map_err(|error| nats::failure(&error))?;
    if there.is_empty() {
        return Err(Failure::unavailable(format!(
            "there is no ledger's stream on {url}"
        )));
    }
    Ok(there)
}

/// A signed checkpoint in a file.
fn read_checkpoint(file: &std::path::Path) -> Result<Note, Failure> {
    let shown = file.display();
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::usage(format!("cannot read {shown}: {error}")))?;
    Note::parse(&bytes)
        .map_err(|error| Failure::usage(format!("{shown} is no signed checkpoint: {error}")))
}

/// The ledger of a bundle. One that is broken is opened again, and told of, under the name asked for.
fn in_bundle(file: &std::path::Path, wanted: Option<&LedgerId>) -> Result<Vec<LedgerId>, Failure> {
    if !file.is_file() {
        let shown = file.display();
        return Err(Failure::usage(format!("there is no file {shown}")));
    }
    let found = match (Bundle::open(file), wanted) {
        (Ok(bundle), _) => bundle.ledger().clone(),
        (Err(_), Some(wanted)) => wanted.clone(),
        (Err(finding), None) => {
            let shown = file.display();
            return Err(Failure::finding(format!("{shown} is no evidence bundle"))
                .because(finding.to_string())
                .next("Get the file again, and compare it with the one that was sent."));
        }
    };
    match wanted {
        Some(wanted) if *wanted != found => Err(Failure::finding(format!(
            "the bundle is of ledger {found}, not {wanted}"
        ))),
        _ => Ok(vec![found]),
    }
}

/// The ledgers a server keeps.
async fn on_server(server: &Server) -> Result<Vec<LedgerId>, Failure> {
    let ledgers = server.ledgers().await?;
    let id = |summary: v1::LedgerSummary| LedgerId::new(&summary.ledger);
    let ids: Result<Vec<LedgerId>, _> = ledgers.into_iter().map(id).collect();
    let ids = ids
        .map_err(|error| Failure::finding(format!("the server names a ledger wrongly: {error}")))?;
    if ids.is_empty() {
        return Err(Failure::unavailable("the server keeps no ledger yet"));
    }
    Ok(ids)
}

async fn connect(url: &str) -> Result<Server, Failure> {
    let server = ServerArgs {
        server: url.to_owned(),
    };
    server.connect().await
}

/// The newest checkpoint that a server shows, as it gives it.
pub(crate) async fn newest(server: &Server, ledger: &LedgerId) -> Result<Vec<u8>, Failure> {
    let request = v1::GetCheckpointRequest {
        ledger: ledger.to_string(),
    };
    let answer = server.audit().get_checkpoint(request).await.told()?;
    Ok(answer.checkpoint)
}

/// The newest checkpoint, and the entries it covers as they are asked for.
async fn fetch(
    server: &Server,
    ledger: &LedgerId,
    start: u64,
) -> Result<Result<Fetched<mpsc::IntoIter<Page>>, Finding>, Failure> {
    let checkpoint = newest(server, ledger).await?;
    let (pages, receiver) = mpsc::sync_channel(PAGES_AHEAD);
    let fetched = Fetched::new(ledger.clone(), &checkpoint, receiver.into_iter());
    if let Ok(fetched) = &fetched
        && fetched.total() > start
    {
        let request = v1::ListEntriesRequest {
            ledger: ledger.to_string(),
            start,
            count: fetched.total() - start,
        };
        let stream = server.audit().list_entries(request).await.told()?;
        tokio::spawn(forward(stream, pages));
    }
    Ok(fetched)
}

/// Hands pages on until there are no more, or nobody wants them.
async fn forward(mut stream: Streaming<v1::ListEntriesResponse>, pages: mpsc::SyncSender<Page>) {
    loop {
        let page = match stream.message().await {
            Ok(None) => return,
            // A page without entries would read as the end.
            Ok(Some(part)) if part.entries.is_empty() => continue,
            Ok(Some(part)) => Ok(part.entries),
            Err(status) => Err(failure_of(&status).what().to_owned()),
        };
        let last = page.is_err();
        // The audit takes its time, and a full channel waits for it.
        let sent = tokio::task::block_in_place(|| pages.send(page));
        if last || sent.is_err() {
            return;
        }
    }
}
