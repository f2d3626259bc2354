//! `make bench`: each figure beside the limit of this machine that was measured in the same run.
//!
//! A server runs in this process, on the loopback and on the file store, with its clients beside it:
//! they share the cores, so that a figure is what one machine does with both. Ballots are signed before
//! the clock starts. The limits are Ed25519 checks over all cores, before and after the load, and a
//! sync of 4 KiB in the same directory.
//!
//! What it is not: a test. Nothing is asserted about time, only that every ballot got its receipt and
//! that the audit proves them all.

#![allow(
    clippy::cast_precision_loss,
    reason = "figures are printed with three digits"
)]

mod aftermath;
mod community;
mod limits;
mod load;
mod report;

use std::{path::Path, sync::Arc, time::Duration};

use gateway::server::Server;
use ledger::{Config, SystemClock};
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{
    community::Community,
    limits::Limits,
    report::{Report, thousands},
};

/// Voters, each of whom votes again and again: what one part of a roll carries.
const VOTERS: usize = 1_000;
/// Ballots sent over streams.
const STREAMED: usize = 40_000;
/// Ballots sent in calls of their own.
const UNARY: usize = 15_000;
/// Calls under way at once, over all connections.
const UNARY_IN_FLIGHT: usize = 256;
/// Ballots sent one after the other.
const ALONE: usize = 500;
/// How long the views may take.
const LOOK: Duration = Duration::from_secs(60);

type AnyError = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), AnyError> {
    // On the disk the build is on: a temporary directory may be memory.
    let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let (mut report, before) = runtime.block_on(load(place.path()))?;
    let after = aftermath::audit(place.path(), &before, &mut report)?;
    runtime.block_on(aftermath::rebuild_views(place.path(), &mut report))?;
    report.print(&after);
    Ok(())
}

/// A server with its ledger, under load.
async fn load(place: &Path) -> Result<(Report, Limits), AnyError> {
    let config = Config {
        data_dir: place.join("data"),
        listen: "127.0.0.1:0".parse()?,
        ..Config::default()
    };
    let mut community = Community::found(&config).await?;
    let running = Running::start(&config).await?;
    community.settle(&running.url, VOTERS).await?;
    eprintln!("signing {} ballots …", thousands(STREAMED + UNARY + ALONE));
    let mut ballots = community.ballots(STREAMED + UNARY + ALONE);
    let limits = limits::measure(place, &ballots)?;

    let connections = std::thread::available_parallelism()?.get();
    let mut report = Report::default();
    let alone = ballots.split_off(STREAMED + UNARY);
    let unary = ballots.split_off(STREAMED);
    eprintln!("one ballot after the other …");
    let latencies = load::one_by_one(&running.url, alone).await?;
    report.latencies(latencies);
    eprintln!("ballots over streams …");
    let streamed = load::streams(&running.url, connections, ballots).await?;
    let name = format!("admission over {connections} streams");
    report.admission(&name, streamed);
    eprintln!("ballots in calls of their own …");
    let in_calls = load::calls(&running.url, connections, UNARY_IN_FLIGHT, unary).await?;
    let name = format!("admission in calls, {UNARY_IN_FLIGHT} in flight");
    report.admission(&name, in_calls);
    running.stop().await?;
    Ok((report, limits))
}

/// A server in this process.
struct Running {
    url: String,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Result<(), gateway::server::ServeError>>,
}

impl Running {
    async fn start(config: &Config) -> Result<Self, AnyError> {
        let server = Server::open(config, Arc::new(SystemClock::new())).await?;
        let url = format!("http://{}", server.address());
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server.run(async {
            // A sender that is gone means the same.
            let _ = stopped.await;
        }));
        Ok(Self { url, stop, serving })
    }

    async fn stop(self) -> Result<(), AnyError> {
        // A server that has ended says why below.
        let _ = self.stop.send(());
        Ok(self.serving.await??)
    }
}
