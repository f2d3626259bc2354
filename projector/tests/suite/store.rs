//! A store that is torn is built anew; one that is in use, or not ours to write, is left alone.

use std::{fs, path::Path};

use crate::history::{apply, dump_of, ledger, year};
use projector::{LedgerViews, StoreError, ViewStore};

/// Builds the views in `dir` from wherever they stand, and says from where.
fn build(dir: &Path) -> u64 {
    let log = year();
    let store = ViewStore::open(dir).unwrap();
    let views = LedgerViews::open(&store, &ledger()).unwrap();
    let size = views.progress().borrow().size();
    apply(&views, &log.entries[usize::try_from(size).unwrap()..], 16);
    assert_eq!(views.dump().unwrap(), dump_of(&log.entries));
    size
}

#[test]
fn an_intact_store_is_gone_on_from() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(build(dir.path()), 0);
    assert_eq!(build(dir.path()), year().size());
}

#[test]
fn a_store_overwritten_with_rubbish_is_built_anew() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    for name in ["db", "conf"] {
        let file = dir.path().join(name);
        let length = fs::metadata(&file).unwrap().len();
        fs::write(&file, vec![0xa5; usize::try_from(length).unwrap()]).unwrap();
        let size = build(dir.path());
        assert!(size == 0 || size == year().size(), "{name}: {size}");
    }
}

#[test]
fn a_store_cut_short_is_built_anew_or_gone_on_from_where_it_stands() {
    for part in [0, 1, 2, 3] {
        let dir = tempfile::tempdir().unwrap();
        build(dir.path());
        let file = fs::OpenOptions::new()
            .write(true)
            .open(dir.path().join("db"))
            .unwrap();
        let length = file.metadata().unwrap().len();
        file.set_len(length * part / 4).unwrap();
        drop(file);
        build(dir.path());
    }
}

#[test]
fn a_store_marked_torn_while_in_use_is_built_anew() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path());
    fs::write(dir.path().join("torn"), b"").unwrap();
    assert_eq!(build(dir.path()), 0);
    // The mark went with it.
    assert_eq!(build(dir.path()), year().size());
}

#[test]
fn a_store_in_use_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let log = year();
    let store = ViewStore::open(dir.path()).unwrap();
    let views = LedgerViews::open(&store, &ledger()).unwrap();
    apply(&views, &log.entries, 16);
    let second = ViewStore::open(dir.path());
    assert!(
        matches!(second, Err(StoreError::InUse { .. })),
        "{second:?}"
    );
    assert_eq!(views.dump().unwrap(), dump_of(&log.entries));
}

#[test]
fn a_place_where_nothing_can_be_written_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, b"not a directory").unwrap();
    let opened = ViewStore::open(&file.join("views"));
    assert!(matches!(opened, Err(StoreError::Io(_))), "{opened:?}");
    assert_eq!(fs::read(&file).unwrap(), b"not a directory");
}
