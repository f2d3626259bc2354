//! What is done with a log afterwards: it is audited, and its views are built again.

use std::{fs, path::Path, sync::Arc, time::Instant};

use governance::ids::LedgerId;
use ledger::{
    Config, DataDirectory, Node, SystemClock,
    audit::{AuditOptions, Directory},
};
use projector::Projector;

use crate::{AnyError, LOOK, community::LEDGER};

/// Audits a log with all rules. Returns the entries a second.
pub(crate) fn audit(data: &Path, quick: bool) -> Result<f64, AnyError> {
    let begun = Instant::now();
    let directory = DataDirectory::new(data);
    let mut source = Directory::open(&directory, &LedgerId::new(LEDGER)?)?;
    let options = AuditOptions {
        quick,
        ..AuditOptions::default()
    };
    let audited = ledger::audit::audit(&mut source, options, &|_| {})?;
    assert_eq!(audited.entries, audited.acknowledged, "all are proven");
    Ok(audited.entries as f64 / begun.elapsed().as_secs_f64())
}

/// Views that were built from nothing.
pub(crate) struct Views {
    /// How many entries they were built from.
    pub(crate) entries: u64,
    /// Entries a second.
    pub(crate) rate: f64,
    /// The bytes of all their rows.
    pub(crate) bytes: usize,
}

/// Deletes the views and has them built again from the log.
pub(crate) async fn rebuild_views(config: &Config) -> Result<Views, AnyError> {
    let views = config.data_dir.join("views");
    fs::remove_dir_all(&views)?;
    let node = Arc::new(Node::open(config, Arc::new(SystemClock::new())).await?);
    let id = LedgerId::new(LEDGER)?;
    let ledger = node.ledger(&id).ok_or("the ledger is there")?;
    let size = *ledger.durable_size().borrow();
    let begun = Instant::now();
    let projector = Projector::open(&views, &node)?;
    let followed = projector.views(&id).ok_or("the ledger is followed")?;
    followed.wait_for(size - 1, LOOK).await?;
    let elapsed = begun.elapsed().as_secs_f64();
    let rows = followed.dump()?;
    projector.shutdown().await?;
    node.shutdown().await;
    Ok(Views {
        entries: size,
        rate: size as f64 / elapsed,
        bytes: rows.iter().map(|(_, value)| value.len()).sum(),
    })
}
