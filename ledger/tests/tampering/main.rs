//! Tampering, systematically: each thing that can be done to a log is done, at several places, and each who
//! could notice is asked. What they say is the table in `ledger/TAMPERING.md`, which this test reads.
//!
//! After a deliberate change: `UPDATE_GOLDEN=1 cargo test -p ledger --test tampering`.

#[path = "../common/mod.rs"]
mod common;

mod contents;
mod deeds;
mod observers;
mod stolen;
mod table;

use common::keys::{
    CHECKPOINT, Keys, NEXT_CHECKPOINT, NEXT_RECORD, RECORD, open_with, signed_with,
};
use common::{FOUNDED_AT, LEDGER_KEYS, Memory, recorded};
use governance::action::Stance;
use governance::ids::Millis;
use tlog::SignedCheckpoint;

use deeds::{Deed, FINDABLE, UNFINDABLE, When};
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
    /// How many entries it has once its checkpoint key is exchanged; none if it never is.
    pub(crate) seam: Option<usize>,
}

impl Story {
    /// The key that signs its checkpoint of so many entries.
    pub(crate) fn key_at(&self, size: usize) -> &'static str {
        if self.seam.is_some_and(|seam| size >= seam) {
            NEXT_CHECKPOINT
        } else {
            CHECKPOINT
        }
    }

    /// The checkpoint over these entries by the key that signs so many of the story's.
    pub(crate) fn signed(&self, entries: &[Vec<u8>]) -> SignedCheckpoint {
        signed_with(entries, self.key_at(entries.len()))
    }
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
        seam: None,
    }
}

/// The same, and then both keys of the ledger's own are exchanged, somebody is enrolled, and time decides a motion.
async fn exchanged() -> Story {
    let memory = Memory::founded().await;
    let ledger = open_with(&memory, &Keys::of(&LEDGER_KEYS)).await.unwrap();
    let people = &memory.people;
    for person in ["dina", "emil"] {
        recorded(&ledger, people.enrols(person)).await;
    }
    for submission in people.publishes_roll(&["anna", "bao", "chen"]) {
        recorded(&ledger, submission).await;
    }
    let rotated = recorded(&ledger, people.rotates(CHECKPOINT, NEXT_CHECKPOINT)).await;
    recorded(&ledger, people.rotates(RECORD, NEXT_RECORD)).await;
    recorded(&ledger, people.enrols("fang")).await;
    recorded(&ledger, people.tables("lamps")).await;
    let opened = recorded(&ledger, people.opens("lamps", 60_000)).await;
    memory.clock.advance(60_000);
    common::durable(&ledger, opened.receipt.index + 2).await;
    Story {
        entries: memory.entries(),
        ends_at: Millis(FOUNDED_AT.0 + 60_000),
        people: memory.people.clone(),
        seam: usize::try_from(rotated.receipt.index + 1).ok(),
    }
}

/// What came of a deed, whoever was asked.
async fn row(story: &Story, deed: &Deed) -> Row {
    let kept = match deed.kept {
        When::Never => None,
        When::Before(size) => Some(Kept::of(story, &story.entries[..size(story)])),
        When::Last => Some(Kept::of(story, &story.entries)),
    };
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
    let (story, exchanged) = (story().await, exchanged().await);
    let mut found = Vec::new();
    for deed in FINDABLE {
        found.push(row(&story, deed).await);
    }
    for deed in stolen::FINDABLE {
        found.push(row(&exchanged, deed).await);
    }
    found.push(contents::forged().await);
    for row in &found {
        assert!(row.is_found(), "nobody finds it: {row}");
    }
    let mut unfound = Vec::new();
    for deed in UNFINDABLE {
        unfound.push(row(&story, deed).await);
    }
    for deed in stolen::UNFINDABLE {
        unfound.push(row(&exchanged, deed).await);
    }
    unfound.push(contents::erased().await);
    for row in &unfound {
        assert!(!row.is_found(), "somebody finds it: {row}");
    }
    table::compare(&found, &unfound);
}
