//! A stream of blocks, as nodes write it and as others meddle with it.

use std::sync::Arc;
use std::time::Duration;

use governance::ids::LedgerId;
use ledger::nats::{Nats, NatsConfig};
use ledger::store::jetstream::JetStreamLog;
use ledger::store::{LogStore, Opened, StoreError, StoreFactory as _};
use system_tests::DEADLINE;
use system_tests::nats::NatsServer;
use tlog::{Block, Chain, Entry, Signature};

/// The ledger of these tests.
pub(crate) const LEDGER: &str = "xinyuanli";

/// Its stream and its subject.
pub(crate) const STREAM: &str = "GOV_xinyuanli";
pub(crate) const SUBJECT: &str = "gov.xinyuanli.blocks";

/// A connection that asks again soon, so that tests are quick.
pub(crate) async fn connect(url: &str) -> Nats {
    let config = NatsConfig {
        request_timeout: Duration::from_millis(500),
        outage_max: DEADLINE,
        ..NatsConfig::at(url)
    };
    Nats::connect(&config).await.expect("the server is ready")
}

/// The log as one node has it.
pub(crate) async fn log(url: &str) -> JetStreamLog {
    let id = LedgerId::new(LEDGER).expect("an id");
    JetStreamLog::new(connect(url).await, id)
}

/// An empty log as one node has it, made by it.
pub(crate) async fn created(server: &NatsServer) -> JetStreamLog {
    let log = log(&server.url()).await;
    log.create().await.expect("there is none yet");
    log
}

/// Opens a log that must be sound.
pub(crate) async fn open(log: &JetStreamLog) -> Arc<dyn LogStore> {
    opened(log, 0).await.expect("it is sound").store
}

/// Opens a log of which so many entries were acknowledged.
pub(crate) async fn opened(log: &JetStreamLog, checkpoint: u64) -> Result<Opened, StoreError> {
    tokio::time::timeout(DEADLINE, log.open(checkpoint))
        .await
        .expect("it opens in time")
}

/// Waits for something, but not for ever.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, what)
        .await
        .expect("it comes in time")
}

/// Writes blocks that continue one another.
#[derive(Clone, Debug)]
pub(crate) struct Scribe {
    chain: Chain,
}

impl Scribe {
    /// Before the first entry.
    pub(crate) fn new() -> Scribe {
        Scribe::of(LEDGER)
    }

    /// Before the first entry of another ledger.
    pub(crate) fn of(ledger: &str) -> Scribe {
        let chain = Chain::new(ledger);
        Scribe { chain }
    }

    /// After the entries of a log.
    pub(crate) async fn after(store: &dyn LogStore) -> Scribe {
        let mut scribe = Scribe::new();
        for block in read_all(store).await {
            for entry in &block.entries {
                scribe.chain.push(entry).expect("it continues the log");
            }
        }
        scribe
    }

    /// The next block: so many entries with this text.
    pub(crate) fn block(&mut self, entries: usize, text: &str) -> Block {
        let first_index = self.chain.next_index();
        let next = |_| {
            let entry = Entry {
                ledger: self.chain.ledger().to_owned(),
                index: self.chain.next_index(),
                recorded_at: 1_000,
                previous: self.chain.previous(),
                signatures: vec![Signature {
                    key: [1; 32],
                    signature: [2; 64],
                }],
                action: text.as_bytes().to_vec(),
            };
            let bytes = entry.encode().expect("a short entry");
            self.chain.push(&bytes).expect("it continues the log");
            bytes
        };
        Block {
            first_index,
            entries: (0..entries).map(next).collect(),
        }
    }
}

/// Every block of a log.
pub(crate) async fn read_all(store: &dyn LogStore) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    loop {
        let next = blocks.last().map_or(0, |block| block.indices().end);
        let page = store.read(next, usize::MAX).await.expect("it can be read");
        if page.is_empty() {
            return blocks;
        }
        blocks.extend(page);
    }
}
