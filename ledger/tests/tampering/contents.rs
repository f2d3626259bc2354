//! What lies beside the log: erased, as it may be, or forged.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ledger::audit::{AuditOptions, Directory, audit};
use ledger::{Clock as _, Config, DataDirectory, ManualClock, Node, found};

use crate::common::{FOUNDED_AT, LEDGER, People, founding, id, recorded, within};
use crate::table::{Row, Says};

/// A content is erased and another written in its place.
pub(crate) async fn forged() -> Row {
    let mut row = Row::new(
        "a content is erased and another forged in its place",
        "the disk",
    );
    row.add(touched(|file| fs::write(file, b"not what was said").unwrap()).await);
    row
}

/// A content is erased.
pub(crate) async fn erased() -> Row {
    let mut row = Row::new(
        "a content beside the log is erased, as contents may be; its digest stays",
        "the disk",
    );
    row.add(touched(|file| fs::remove_file(file).unwrap()).await);
    row
}

async fn touched(touch: impl Fn(&Path)) -> Says {
    let home = tempfile::tempdir().unwrap();
    let config = Config {
        data_dir: home.path().join("data"),
        founders: vec![crate::common::public("registrar")],
        ..Config::default()
    };
    let clock = ManualClock::at(FOUNDED_AT);
    found(&config, founding(LEDGER), clock.now()).await.unwrap();
    let people = People::of(LEDGER, &clock);
    let node = Node::open(&config, Arc::new(clock.clone())).await.unwrap();
    let ledger = node.ledger(&id(LEDGER)).unwrap();
    recorded(&ledger, people.enrols_named("dina", "迪娜")).await;
    within(node.shutdown()).await;
    drop((ledger, node));
    let contents = config.data_dir.join("ledgers").join(LEDGER).join("content");
    touch(&only_file(&contents));

    let node = Node::open(&config, Arc::new(clock.clone())).await.unwrap();
    let ledger = node.ledger(&id(LEDGER)).unwrap();
    let started = ledger.halted().map(|halt| halt.code().to_owned());
    within(node.shutdown()).await;
    let data = DataDirectory::new(&config.data_dir);
    let audited = Directory::open(&data, &id(LEDGER))
        .and_then(|mut source| audit(&mut source, AuditOptions::default(), &|_| {}));
    let found = audited.err().map(|finding| finding.code().to_owned());
    // It is beside the log: who looks at the log alone sees nothing, now as before.
    [started, None, found.clone(), found, None, None]
}

fn only_file(directory: &Path) -> PathBuf {
    let mut open = vec![directory.to_owned()];
    while let Some(next) = open.pop() {
        if next.is_file() {
            return next;
        }
        open.extend(
            fs::read_dir(next)
                .unwrap()
                .map(|entry| entry.unwrap().path()),
        );
    }
    panic!("there is a content")
}
