//! How a ledger grows: the same questions at ten thousand, a hundred thousand and a million entries.
//!
//! The log is that of a community of a thousand voters who decide one motion after the other, each in
//! an hour of a clock that is moved on: some thousand ballots a motion, all of them signed, checked and
//! decided as ever. Then the program itself, as a process of its own, is started on it and asked.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use gateway::client::Client;
use governance::ids::Millis;
use ledger::{Clock as _, Config, ManualClock, SystemClock};
use proto::v1;
use system_tests::{dice::Dice, server::Server};
use tokio::{runtime::Runtime, task::JoinSet};

use crate::{
    AnyError, VOTERS,
    community::{Community, LEDGER},
    load,
    pages::{self, PageTimes},
    proving::{self, Requests},
    report::{percentile, rate, thousands, time},
    server::Running,
};

/// The sizes asked about.
const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
/// Named in the environment: the largest size that is asked about.
const SIZE_MAX: &str = "GOVLEDGER_BENCH_ENTRIES";
/// How long a vote is open.
const WINDOW_MS: u64 = Millis::HOUR;
/// When the first vote is opened, before now: a thousand votes need six weeks.
const BEGUN_BEFORE_MS: u64 = 100 * Millis::DAY;
/// Questions of a kind, one after the other.
const QUESTIONS: usize = 1_000;
/// Ballots told with a decision.
const BALLOTS: u32 = 50;
/// Proofs asked for, and how many at once.
const PROOFS: usize = 20_000;
const PROOFS_IN_FLIGHT: usize = 64;

/// Measures at each size, and prints as it goes.
pub(crate) fn measure(runtime: &Runtime, place: &Path) -> Result<(), AnyError> {
    let size_max = match std::env::var(SIZE_MAX) {
        Ok(size) => size.parse()?,
        Err(_) => u64::MAX,
    };
    let config = Config {
        data_dir: place.join("growth"),
        listen: "127.0.0.1:0".parse()?,
        ..Config::default()
    };
    let clock = ManualClock::at(Millis(SystemClock::new().now().0 - BEGUN_BEFORE_MS));
    let mut grown = runtime.block_on(Grown::begin(config, clock))?;
    println!(
        "\nHow it grows:\n\n  {:>9} {:>9} {:>10} {:>10} {:>17} {:>17} {:>13}",
        "entries", "log", "start", "resident", "decision p50/p99", "page of 50", "proofs",
    );
    for size in SIZES.into_iter().filter(|size| *size <= size_max) {
        eprintln!("growing to {} entries …", thousands(size));
        runtime.block_on(grown.grow(size))?;
        grown.ask(runtime)?.print();
    }
    Ok(())
}

/// A ledger that has had some votes.
struct Grown {
    config: Config,
    clock: ManualClock,
    community: Community,
    /// Entries, at the least: derived ones come on top.
    entries: u64,
    motions: u64,
}

impl Grown {
    async fn begin(config: Config, clock: ManualClock) -> Result<Self, AnyError> {
        let mut community = Community::found(&config, Arc::new(clock.clone())).await?;
        let running = Running::start(&config, Arc::new(clock.clone())).await?;
        community.enrol(&running.url, VOTERS).await?;
        running.stop().await?;
        Ok(Self {
            config,
            clock,
            community,
            entries: VOTERS as u64,
            motions: 0,
        })
    }

    /// Has one vote after the other until there are so many entries.
    async fn grow(&mut self, size: u64) -> Result<(), AnyError> {
        let running = Running::start(&self.config, Arc::new(self.clock.clone())).await?;
        while self.entries < size {
            let motion = motion(self.motions);
            let opened = self.community.open(&running.url, &motion, WINDOW_MS);
            opened.await?;
            let ballots = self.community.ballots(VOTERS);
            load::streams(&running.url, 1, ballots).await?;
            self.clock.advance(WINDOW_MS);
            self.motions += 1;
            // Tabled, opened, voted, decided.
            self.entries += VOTERS as u64 + 3;
        }
        running.stop().await
    }

    /// Starts the program on the log and asks it.
    fn ask(&self, runtime: &Runtime) -> Result<Answers, AnyError> {
        let log = self.config.data_dir.join("ledgers").join(LEDGER);
        let begun = Instant::now();
        let mut server = Server::start(&self.config.data_dir);
        let start = begun.elapsed();
        let (decision, page, proofs) = runtime.block_on(async {
            let client = server.client().await;
            let decision = self.decisions(&client).await?;
            let page = newest(&client).await?;
            Ok::<_, AnyError>((decision, page, proofs(server.url(), self.entries).await?))
        })?;
        let process = server.process().id();
        let before = resident(process)?;
        let requests = proving::requests(server.url(), self.entries)?;
        let pages = pages::measure(server.url(), self.motions, self.entries)?;
        let after = resident(process)?;
        server.stop().expect(0);
        Ok(Answers {
            entries: self.entries,
            log: length_of(&log.join("log"))?,
            start,
            resident: before,
            resident_after_pages: after,
            decision,
            page,
            proofs,
            requests,
            pages,
        })
    }

    /// How long it takes to be told a decision, any of them.
    async fn decisions(&self, client: &Client) -> Result<Vec<Duration>, AnyError> {
        let mut query = client.query();
        let mut dice = Dice::new(1);
        let mut latencies = Vec::with_capacity(QUESTIONS);
        for _ in 0..QUESTIONS {
            let request = v1::GetDecisionRequest {
                ledger: LEDGER.to_owned(),
                motion: motion(dice.below(self.motions)),
                page_size: BALLOTS,
                ..v1::GetDecisionRequest::default()
            };
            let begun = Instant::now();
            query.get_decision(request).await?;
            latencies.push(begun.elapsed());
        }
        latencies.sort();
        Ok(latencies)
    }
}

fn motion(number: u64) -> String {
    format!("motion-{number}")
}

/// How long it takes to be told the newest fifty.
async fn newest(client: &Client) -> Result<Vec<Duration>, AnyError> {
    let mut query = client.query();
    let mut latencies = Vec::with_capacity(QUESTIONS);
    for _ in 0..QUESTIONS {
        let request = v1::ListDecisionsRequest {
            ledger: LEDGER.to_owned(),
            ..v1::ListDecisionsRequest::default()
        };
        let begun = Instant::now();
        query.list_decisions(request).await?;
        latencies.push(begun.elapsed());
    }
    latencies.sort();
    Ok(latencies)
}

/// How many inclusion proofs a second, of entries anywhere in the log.
async fn proofs(url: &str, entries: u64) -> Result<f64, AnyError> {
    let begun = Instant::now();
    let mut asking = JoinSet::new();
    for asker in 0..PROOFS_IN_FLIGHT {
        let client = Client::connect(url).await?;
        asking.spawn(async move {
            let mut audit = client.audit();
            let mut dice = Dice::new(asker as u64);
            for _ in 0..PROOFS / PROOFS_IN_FLIGHT {
                let request = v1::GetInclusionProofRequest {
                    ledger: LEDGER.to_owned(),
                    index: dice.below(entries),
                    // The newest checkpoint's.
                    size: 0,
                };
                audit.get_inclusion_proof(request).await?;
            }
            Ok::<_, AnyError>(())
        });
    }
    while let Some(ended) = asking.join_next().await {
        ended??;
    }
    Ok(PROOFS as f64 / begun.elapsed().as_secs_f64())
}

/// What was told at one size.
struct Answers {
    entries: u64,
    log: u64,
    start: Duration,
    resident: u64,
    /// Once the pages were asked for, the search's index among them.
    resident_after_pages: u64,
    decision: Vec<Duration>,
    page: Vec<Duration>,
    proofs: f64,
    requests: Requests,
    /// Of the public site.
    pages: Vec<PageTimes>,
}

impl Answers {
    fn print(&self) {
        let both = |latencies: &[Duration]| {
            let of = |percent| time(percentile(latencies, percent));
            format!("{}/{}", of(50), of(99))
        };
        println!(
            "  {:>9} {:>9} {:>10} {:>10} {:>17} {:>17} {:>13}",
            thousands(self.entries),
            mebibytes(self.log),
            time(self.start),
            mebibytes(self.resident),
            both(&self.decision),
            both(&self.page),
            rate(self.proofs),
        );
        self.requests.print(self.proofs);
        for times in &self.pages {
            times.print();
        }
        let after = mebibytes(self.resident_after_pages);
        println!("    resident once these were asked for: {after}");
    }
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MiB", bytes >> 20)
}

/// The bytes of a directory's files.
fn length_of(directory: &Path) -> Result<u64, AnyError> {
    let mut length = 0;
    for entry in fs::read_dir(directory)? {
        length += entry?.metadata()?.len();
    }
    Ok(length)
}

/// The memory a process has, in bytes.
fn resident(process: u32) -> Result<u64, AnyError> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next());
    let kibibytes: u64 = kibibytes.ok_or("no VmRSS")?.parse()?;
    Ok(kibibytes << 10)
}
