//! The same log gives the same bytes, however it was cut, interrupted or begun anew.

use std::{fs, path::Path};

use sha2::{Digest as _, Sha256};

use crate::history::{History, apply, built, built_in_blocks, dump_of, ledger, year};
use projector::{
    FORMAT, LedgerViews, Logged, ProjectionError, QueryError, SourceEntry, ViewStore,
    views::timeline::TimelineFilter,
};

#[test]
fn blocks_of_any_size_give_identical_bytes() {
    let log = year();
    let whole = dump_of(&log.entries);
    assert!(whole.len() > log.entries.len());
    for block in [1, 2, 7, 64] {
        let dump = built_in_blocks(&log.entries, block).views.dump().unwrap();
        assert_eq!(dump, whole, "blocks of {block}");
    }
}

#[test]
fn views_that_were_cleared_come_back_identical() {
    let log = year();
    let built = built(&log);
    let before = built.views.dump().unwrap();
    built.views.clear().unwrap();
    assert!(built.views.dump().unwrap().is_empty());
    let nothing = built.views.read(|view| Ok(view.position()));
    assert!(matches!(nothing, Err(QueryError::NotReady)));
    apply(&built.views, &log.entries, 10);
    assert_eq!(built.views.dump().unwrap(), before);
}

#[test]
fn a_directory_that_was_deleted_comes_back_identical() {
    let log = year();
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("views");
    let build = |from: usize| {
        let store = ViewStore::open(&dir).unwrap();
        let views = LedgerViews::open(&store, &ledger()).unwrap();
        apply(&views, &log.entries[from..], 9);
        views.dump().unwrap()
    };
    let before = build(0);
    fs::remove_dir_all(&dir).unwrap();
    assert_eq!(build(0), before);
}

#[test]
fn a_block_with_a_bad_entry_leaves_nothing_behind() {
    let mut log = year();
    let good = log.entries.len();
    log.enrol("new", &[]);
    log.vote("no-such-motion", "new", governance::action::Stance::For);
    log.decide("no-such-motion", governance::action::Outcome::Adopted);
    let built = built_in_blocks(&log.entries[..good], 50);
    let before = built.views.dump().unwrap();
    let block: Vec<Logged<'_>> = log.entries[good..]
        .iter()
        .map(SourceEntry::logged)
        .collect();
    let error = built.views.apply(&block).unwrap_err();
    assert!(matches!(
        error,
        ProjectionError::Unknown { kind: "motion", .. }
    ));
    assert_eq!(built.views.dump().unwrap(), before);
    // What was good in it can still be applied.
    built.views.apply(&block[..2]).unwrap();
    assert_eq!(
        built.views.dump().unwrap(),
        dump_of(&log.entries[..good + 2])
    );
}

#[test]
fn entries_out_of_step_are_refused_at_both_ends() {
    let log = year();
    let built = built_in_blocks(&log.entries[..5], 5);
    for wrong in [3, 4, 6] {
        let error = built.views.apply(&[log.entries[wrong].logged()]);
        assert!(matches!(
            error,
            Err(ProjectionError::OutOfStep { expected: 5, found }) if found == wrong as u64
        ));
    }
    built.views.apply(&[log.entries[5].logged()]).unwrap();
}

/// What a kill leaves is what the files hold at that moment: their copy, made while the store is open
/// and part of it is not flushed. Whatever is found there is a whole prefix, and going on from it gives
/// the same bytes.
#[test]
fn what_a_kill_leaves_agrees_with_its_position_and_can_be_gone_on_from() {
    let log = year();
    let whole = dump_of(&log.entries);
    let home = tempfile::tempdir().unwrap();
    let alive = home.path().join("alive");
    let store = ViewStore::open(&alive).unwrap();
    let views = LedgerViews::open(&store, &ledger()).unwrap();
    for (n, cut) in (10..log.entries.len()).step_by(10).enumerate() {
        let from = usize::try_from(views.progress().borrow().size()).unwrap();
        apply(&views, &log.entries[from..cut], 4);
        if n % 2 == 0 {
            store.flush().unwrap();
        }
        let killed = home.path().join(format!("killed-{cut}"));
        copy(&alive, &killed);
        let store = ViewStore::open(&killed).unwrap();
        let views = LedgerViews::open(&store, &ledger()).unwrap();
        let size = usize::try_from(views.progress().borrow().size()).unwrap();
        assert!(size <= cut);
        assert_eq!(views.dump().unwrap(), dump_of(&log.entries[..size]));
        apply(&views, &log.entries[size..], 4);
        assert_eq!(views.dump().unwrap(), whole);
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn ledgers_in_one_store_do_not_see_each_other() {
    let home = tempfile::tempdir().unwrap();
    let store = ViewStore::open(home.path()).unwrap();
    let other = governance::ids::LedgerId::new("xinyuanli-2").unwrap();
    let one = LedgerViews::open(&store, &ledger()).unwrap();
    let two = LedgerViews::open(&store, &other).unwrap();
    let log = year();
    apply(&one, &log.entries, 100);
    apply(&two, &History::founded().entries, 100);
    two.clear().unwrap();
    assert!(two.dump().unwrap().is_empty());
    assert_eq!(one.dump().unwrap(), dump_of(&log.entries));
}

#[test]
fn a_query_never_sees_a_block_half() {
    let mut log = History::founded();
    for n in 0..3_000 {
        log.enrol(&format!("p-{n}"), &[]);
    }
    let built = built_in_blocks(&log.entries[..1], 1);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| apply(&built.views, &log.entries[1..], 50));
        while !writer.is_finished() {
            let newest = built
                .views
                .read(|view| {
                    let page = view.timeline(
                        &TimelineFilter::default(),
                        &projector::PageRequest::new(1, ""),
                    )?;
                    // The last person enrolled is known, and nobody after.
                    let last = view.position().index;
                    let known = |n: u64| view.person(&crate::history::person(&format!("p-{n}")));
                    Ok((
                        page.rows[0].index,
                        last == 0 || known(last - 1)?.is_some(),
                        known(last)?.is_none(),
                    ))
                })
                .unwrap();
            assert_eq!(newest.value, (newest.position.index, true, true));
        }
    });
    assert_eq!(built.views.progress().borrow().size(), 3_001);
}

/// Rows written by one version are read by the next, so a change of any key or row must be noticed: raise
/// `FORMAT`, and put the new digest here.
#[test]
fn keys_and_rows_are_those_of_this_format() {
    let mut digest = Sha256::new();
    for (key, value) in dump_of(&year().entries) {
        for bytes in [key, value] {
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        }
    }
    let found = (FORMAT, hex::encode(&digest.finalize()[..8]));
    assert_eq!(found, (23, "46631bf1853540f4".to_owned()));
}
