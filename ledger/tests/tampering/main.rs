//! Tampering, systematically: each thing that can be done to a log is done, at several places, and each who
//! could notice is asked. What they say is the table in `ledger/TAMPERING.md`, which this test reads.
//!
//! After a deliberate change: `UPDATE_GOLDEN=1 cargo test -p ledger --test tampering`.

#[path = "../common/mod.rs"]
mod common;

mod contents;
mod deeds;
mod observers;
mod table;

use common::{FOUNDED_AT, Memory, recorded};
use governance::action::Stance;
use governance::ids::Millis;

use deeds::{Deed, FINDABLE, UNFINDABLE};
use observers::Kept;
use table::Row;

/// How long after the middle of the story the witnesses cosigned it: nothing was recorded meanwhile.
pub(crate) const PAUSE_MS: u64 = Millis::HOUR;

/// A story to tamper with.
pub(crate) struct Story {
    pub(crate) entries: Vec<Vec<u8>>,
    /// Made by people of the story after its end.
    pub(crate) people: common::People,
    /// When it ends.
    pub(crate) ends_at: Millis,
}

/// A roll, a motion that is adopted, one that is closed early, and some enrolments.
async fn story() -> Story {
    let memory = Memory::founded().await;
    let ledger = memory.open().await.unwrap();
    let people = &memory.people;
    for person in ["dina", "emil", "fang"] {
        recorded(&ledger, people.enrols(person)).await;
    }
    for submission in people.publishes_roll(&["anna", "bao", "chen"]) {
        recorded(&ledger, submission).await;
    }
    let votes = [
        ("anna", Stance::For),
        ("bao", Stance::For),
        ("chen", Stance::Against),
    ];
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", 60_000)).await;
    let opened = opened.receipt;
    for (voter, stance) in votes {
        recorded(&ledger, people.votes(voter, "lamps", opened.leaf, stance)).await;
    }
    memory.clock.advance(60_000);
    common::durable(&ledger, opened.index + 5).await;
    recorded(&ledger, people.enrols("gao")).await;
    recorded(&ledger, people.enrols("hua")).await;
    Story {
        entries: memory.entries(),
        ends_at: Millis(FOUNDED_AT.0 + 60_000),
        people: memory.people.clone(),
    }
}

/// What came of a deed, whoever was asked.
async fn row(story: &Story, deed: &Deed) -> Row {
    let kept = deed.kept.then(|| Kept::of(story));
    let mut row = Row::new(deed.what, deed.with);
    for tampered in (deed.does)(story) {
        assert_ne!(
            tampered.entries, story.entries,
            "{} changes nothing",
            deed.what
        );
        row.add(observers::ask(story, &tampered, kept.as_ref()).await);
    }
    row
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_finds_what_is_as_the_documents_say() {
    let story = story().await;
    let mut found = Vec::new();
    for deed in FINDABLE {
        found.push(row(&story, deed).await);
    }
    found.push(contents::forged().await);
    for row in &found {
        assert!(row.is_found(), "nobody finds it: {row}");
    }
    let mut unfound = Vec::new();
    for deed in UNFINDABLE {
        unfound.push(row(&story, deed).await);
    }
    unfound.push(contents::erased().await);
    for row in &unfound {
        assert!(!row.is_found(), "somebody finds it: {row}");
    }
    table::compare(&found, &unfound);
}
