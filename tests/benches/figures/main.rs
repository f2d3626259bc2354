//! `make bench`: each figure beside the limit of this machine that was measured in the same run.
//!
//! A server runs in this process, on the loopback, with its clients beside it: they share the cores, so
//! that a figure is what one machine does with both. Ballots are signed before the clock starts. The
//! limits are Ed25519 checks over all cores, before and after the load; a sync of 4 KiB in the same
//! directory; sled's own inserts; and a hash-chained table in `PostgreSQL`.
//!
//! `cargo bench --profile dist --bench figures -- figures` measures all but how a ledger grows, and
//! `-- growth` only that.
//!
//! What it is not: a test. Nothing is asserted about time, only that every ballot got its receipt and
//! that the audit proves them all.

#![allow(
    clippy::cast_precision_loss,
    reason = "figures are printed with three digits"
)]

mod aftermath;
mod community;
mod growth;
mod limits;
mod load;
mod pages;
mod postgres;
mod proving;
mod report;
mod server;

use std::{path::Path, sync::Arc, time::Duration};

use ledger::{Config, SystemClock, nats::NatsConfig};
use mimalloc::MiMalloc;
use proto::v1;
use system_tests::nats::NatsServer;
use tokio::runtime::Runtime;

use crate::{
    community::Community,
    limits::Limits,
    load::Alone,
    report::{Rates, Report, Target, per_second, percentile, thousands},
    server::Running,
};

/// Voters, each of whom votes again and again: what one part of a roll carries.
const VOTERS: usize = 1_000;
/// Ballots sent over streams.
const STREAMED: usize = 60_000;
/// Ballots sent in calls of their own.
const UNARY: usize = 30_000;
/// Calls under way at once, over all connections.
const UNARY_IN_FLIGHT: usize = 256;
/// Ballots sent one after the other.
const ALONE: usize = 1_000;
/// How long the views may take.
const LOOK: Duration = Duration::from_secs(60);

/// As in the program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

type AnyError = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), AnyError> {
    // On the disk the build is on: a temporary directory may be memory.
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtime = Runtime::new()?;
    // `cargo bench` says `--bench`; what else is said is one of two parts.
    let part = std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'));
    let part = part.as_deref();
    if part != Some("growth") {
        let mut report = Report::default();
        let limits = stores(&runtime, place.path(), &mut report)?;
        report.print(&limits);
    }
    if part != Some("figures") {
        growth::measure(&runtime, place.path())?;
    }
    Ok(())
}

/// Admission on both stores, then what is done with a log of the file store's.
fn stores(runtime: &Runtime, place: &Path, report: &mut Report) -> Result<Limits, AnyError> {
    eprintln!("file store:");
    let config = config(place, "file");
    let file = runtime.block_on(load(place, &config))?;
    let audited = audits(&config.data_dir)?;
    let bundle = proving::bundle(&config.data_dir)?;
    let witnessed = proving::witnessed(runtime, place)?;
    let limits = file.limits.measured_again()?;
    file.tell("file store", &limits, report);
    compare_with_postgresql(place, &file, report);
    if std::env::var_os("GOVLEDGER_NATS_SERVER").is_some() {
        jetstream(runtime, place, &file, report)?;
    } else {
        report.missing("JetStream: GOVLEDGER_NATS_SERVER names no nats-server, as make bench does");
    }
    tell_audits(audited, &limits, report);
    report.rates(
        "audit of its bundle",
        &Rates {
            found: bundle,
            limit: limits.strict,
            of: "strict checks",
        },
        Target::AtLeast(0.7),
    );
    report.syncs("a witness's add-checkpoint", &witnessed, limits.sync());
    views(runtime, place, &config, report)?;
    Ok(limits)
}

/// Everything in a directory of this name.
fn config(place: &Path, name: &str) -> Config {
    Config {
        data_dir: place.join(name),
        listen: ([127, 0, 0, 1], 0).into(),
        ..Config::default()
    }
}

/// The same load over a nats-server of its own, which syncs every message.
fn jetstream(
    runtime: &Runtime,
    place: &Path,
    file: &Loaded,
    report: &mut Report,
) -> Result<(), AnyError> {
    eprintln!("JetStream:");
    let server = NatsServer::start_in(place);
    let config = Config {
        nats: Some(NatsConfig::at(server.url())),
        ..config(place, "jetstream")
    };
    let loaded = runtime.block_on(load(place, &config))?;
    if config
        .data_dir
        .join("ledgers")
        .join(community::LEDGER)
        .join("log")
        .exists()
    {
        report.missing("JetStream: the ledger was kept in the file store all the same");
        return Ok(());
    }
    let limits = loaded.limits.measured_again()?;
    loaded.tell("JetStream", &limits, report);
    report.rates(
        "JetStream: ballots over streams",
        &Rates {
            found: loaded.streams.1,
            limit: file.streams.1,
            of: "file store",
        },
        Target::AtLeast(0.7),
    );
    Ok(())
}

/// Entries a second of an audit, strict and quick.
fn audits(data: &Path) -> Result<[f64; 2], AnyError> {
    eprintln!("  audits …");
    Ok([
        aftermath::audit(data, false)?,
        aftermath::audit(data, true)?,
    ])
}

fn tell_audits([strictly, quickly]: [f64; 2], limits: &Limits, report: &mut Report) {
    report.rates(
        "audit of all rules",
        &Rates {
            found: strictly,
            limit: limits.strict,
            of: "strict checks",
        },
        Target::AtLeast(0.7),
    );
    report.rates(
        "audit of all rules, --quick",
        &Rates {
            found: quickly,
            limit: limits.batched,
            of: "in batches",
        },
        Target::AtLeast(0.6),
    );
}

/// The views built again, beside sled's own inserts of one row an entry, with as many bytes together.
/// Views keep three facts of a ballot: which action it is, its line, whose it is.
fn views(
    runtime: &Runtime,
    place: &Path,
    config: &Config,
    report: &mut Report,
) -> Result<(), AnyError> {
    eprintln!("views …");
    let views = runtime.block_on(aftermath::rebuild_views(config))?;
    let inserts = limits::inserts(place, views.entries, views.bytes)?;
    report.rates(
        "views caught up, entries",
        &Rates {
            found: views.rate,
            limit: inserts,
            of: "sled inserts",
        },
        Target::AtLeast(0.5),
    );
    Ok(())
}

/// What the load came to.
struct Loaded {
    limits: Limits,
    alone: Alone,
    streams: (usize, f64),
    calls: f64,
    /// Of an entry with a ballot in it, in bytes.
    entry_len: usize,
}

/// A server with its ledger, under load.
async fn load(place: &Path, config: &Config) -> Result<Loaded, AnyError> {
    let mut community = Community::found(config, Arc::new(SystemClock::new())).await?;
    let running = Running::start(config, Arc::new(SystemClock::new())).await?;
    community.enrol(&running.url, VOTERS).await?;
    let opened = community.open(&running.url, "motion", community::VALID_MS);
    opened.await?;
    eprintln!(
        "signing {} ballots …",
        thousands((STREAMED + UNARY + ALONE) as u64)
    );
    let mut ballots = community.ballots(STREAMED + UNARY + ALONE);
    let limits = limits::measure(place, &ballots)?;
    let entry_len = entry_len(&ballots[0]);

    let connections = std::thread::available_parallelism()?.get();
    let alone = ballots.split_off(STREAMED + UNARY);
    let unary = ballots.split_off(STREAMED);
    eprintln!("  one ballot after the other …");
    // A task like the others: what the runtime's first thread waits for comes over another.
    let pages = limits::Pages::create(place)?;
    let alone = load::one_by_one(running.url.clone(), pages, alone);
    let alone = tokio::spawn(alone).await??;
    eprintln!("  ballots over streams …");
    let streamed = load::streams(&running.url, connections, ballots).await?;
    eprintln!("  ballots in calls of their own …");
    let in_calls = load::calls(&running.url, connections, UNARY_IN_FLIGHT, unary).await?;
    running.stop().await?;
    Ok(Loaded {
        limits,
        alone,
        streams: (connections, per_second(streamed)),
        calls: per_second(in_calls),
        entry_len,
    })
}

impl Loaded {
    fn tell(&self, store: &str, limits: &Limits, report: &mut Report) {
        let (streams, rate) = self.streams;
        let of_strict = |found| Rates {
            found,
            limit: limits.strict,
            of: "strict checks",
        };
        report.rates(
            format!("{store}: ballots over {streams} streams"),
            &of_strict(rate),
            Target::AtLeast(0.6),
        );
        report.rates(
            format!("{store}: in calls, {UNARY_IN_FLIGHT} in flight"),
            &of_strict(self.calls),
            Target::AtLeast(0.35),
        );
        let what = format!("{store}: one ballot alone");
        let sync = percentile(&self.alone.syncs, 50);
        report.syncs(&what, &self.alone.latencies, sync);
    }
}

/// The streams beside a chained table of the same entries.
fn compare_with_postgresql(place: &Path, loaded: &Loaded, report: &mut Report) {
    eprintln!("a chained table in PostgreSQL …");
    match postgres::measure(place, loaded.entry_len) {
        Ok(chained) => report.rates(
            "file store: ballots over streams",
            &Rates {
                found: loaded.streams.1,
                limit: chained.rows,
                of: &format!("PostgreSQL, {} clients", chained.clients),
            },
            Target::AtLeast(5.0),
        ),
        Err(error) => report.missing(format!("a chained table in PostgreSQL: {error}")),
    }
}

/// How many bytes the entry of a ballot has: the action, a signature, and some 100 bytes.
fn entry_len(ballot: &v1::SubmitRequest) -> usize {
    let entry = tlog::Entry {
        ledger: community::LEDGER.to_owned(),
        index: 0,
        recorded_at: 0,
        previous: tlog::Hash([0; 32]),
        signatures: vec![tlog::Signature {
            key: [0; 32],
            signature: [0; 64],
        }],
        action: ballot.action.clone(),
    };
    entry.encode().map_or(0, |bytes| bytes.len())
}
