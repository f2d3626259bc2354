//! What is done with a log afterwards: it is audited, and its views are rebuilt.

use std::{fs, path::Path, sync::Arc, time::Instant};

use governance::ids::LedgerId;
use ledger::{
    Config, DataDirectory, Node, SystemClock,
    audit::{AuditOptions, Directory},
};
use projector::Projector;

use crate::{AnyError, LOOK, community::LEDGER, limits::Limits, report::Report};

/// Audits the log strictly and quickly. Returns the limits, measured once more.
pub(crate) fn audit(
    place: &Path,
    limits: &Limits,
    report: &mut Report,
) -> Result<Limits, AnyError> {
    for quick in [false, true] {
        eprintln!("audit{} …", if quick { ", quick" } else { "" });
        let begun = Instant::now();
        let directory = DataDirectory::new(place.join("data"));
        let mut source = Directory::open(&directory, &LedgerId::new(LEDGER)?)?;
        let options = AuditOptions { quick };
        let audited = ledger::audit::audit(&mut source, options, &|_| {})?;
        assert_eq!(audited.entries, audited.acknowledged, "all are proven");
        report.audit(quick, audited.entries, begun.elapsed());
    }
    limits.measured_again()
}

/// Deletes the views and has them built again from the log.
pub(crate) async fn rebuild_views(place: &Path, report: &mut Report) -> Result<(), AnyError> {
    let config = Config {
        data_dir: place.join("data"),
        ..Config::default()
    };
    let views = config.data_dir.join("views");
    fs::remove_dir_all(&views)?;
    eprintln!("views …");
    let node = Arc::new(Node::open(&config, Arc::new(SystemClock::new())).await?);
    let id = LedgerId::new(LEDGER)?;
    let ledger = node.ledger(&id).ok_or("the ledger is there")?;
    let size = *ledger.durable_size().borrow();
    let begun = Instant::now();
    let projector = Projector::open(&views, &node)?;
    let followed = projector.views(&id).ok_or("the ledger is followed")?;
    followed.wait_for(size - 1, LOOK).await?;
    report.views(size, begun.elapsed());
    projector.shutdown().await?;
    node.shutdown().await;
    Ok(())
}
