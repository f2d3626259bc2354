//! What somebody does who has a key of the ledger's own that was stolen: one given up, or one in force. In the
//! story both keys are exchanged.

use governance::action::{DeliberationAction, Outcome, Payload};
use tlog::Entry;

use crate::Story;
use crate::common::keys::{CHECKPOINT, NEXT_CHECKPOINT, NEXT_RECORD, RECORD, signed_with};
use crate::common::{entry_after, key};
use crate::deeds::{Deed, When, after, all_of, change, deed, newest};
use crate::observers::Tampered;

const OLD_CHECKPOINT: &str = "the checkpoint key given up";
const OLD_RECORD: &str = "the disk and the record key given up";
const NEW_CHECKPOINT: &str = "the checkpoint key in force";
const NEW_RECORD: &str = "the disk and the record key in force";

/// What somebody finds.
pub(crate) const FINDABLE: &[Deed] = &[
    deed(
        "the log as it goes on is signed with a key that was given up",
        OLD_CHECKPOINT,
        |s| {
            let mut grown = s.entries.clone();
            grown.push(newest(s));
            let lengths = [seam(s), s.entries.len() - 1, grown.len()];
            lengths
                .map(|len| grown[..len].to_vec())
                .map(|entries| signed(entries, CHECKPOINT))
                .into()
        },
    ),
    deed(
        "another history, without the exchange, is signed with the key that was given up",
        OLD_CHECKPOINT,
        without_the_exchange,
    ),
    deed(
        "another history is signed with a stolen key in force",
        NEW_CHECKPOINT,
        |s| second_history(s, seam(s) + 1, NEXT_CHECKPOINT),
    ),
    deed(
        "what time brought is signed with a record key that was given up",
        OLD_RECORD,
        |s| derived(s, |entry| sign(entry, RECORD)),
    ),
    deed(
        "another outcome is signed with a stolen record key in force",
        NEW_RECORD,
        |s| {
            derived(s, |entry| {
                change(entry, |action| {
                    if let Payload::Deliberation(DeliberationAction::MotionDecided(decided)) =
                        &mut action.payload
                    {
                        decided.outcome = Outcome::Adopted;
                    }
                });
                sign(entry, NEXT_RECORD);
            })
        },
    ),
];

/// What nobody finds.
pub(crate) const UNFINDABLE: &[Deed] = &[
    Deed {
        what: "another history, without the exchange, is signed with the key that was given up, for who kept \
               nothing since and was told nothing",
        with: OLD_CHECKPOINT,
        kept: When::Before(|s| seam(s) - 1),
        does: without_the_exchange,
    },
    Deed {
        what: "another history is signed with a stolen key in force, for who kept nothing of the first",
        with: NEW_CHECKPOINT,
        kept: When::Never,
        does: |s| second_history(s, seam(s) + 1, NEXT_CHECKPOINT),
    },
];

fn seam(story: &Story) -> usize {
    story.seam.expect("the keys are exchanged")
}

fn signed(entries: Vec<Vec<u8>>, name: &str) -> Tampered {
    let checkpoint = signed_with(&entries, name);
    Tampered {
        entries,
        checkpoint,
    }
}

/// From the entry that exchanges the key on, lawful others: as many as the log has, and more.
fn without_the_exchange(story: &Story) -> Vec<Tampered> {
    second_history(story, seam(story) - 1, CHECKPOINT)
}

fn second_history(story: &Story, from: usize, name: &str) -> Vec<Tampered> {
    let other = |len: usize| {
        let mut entries = story.entries[..from].to_vec();
        for n in from..len {
            let submission = story.people.enrols(&format!("other-{n}"));
            entries.push(entry_after(&entries, &submission, after(story)));
        }
        signed(entries, name)
    };
    [story.entries.len(), story.entries.len() + 3]
        .map(other)
        .into()
}

/// The last entry, which time brought, is another; what was cosigned of the log is shown as it was.
fn derived(story: &Story, make: impl Fn(&mut Entry)) -> Vec<Tampered> {
    let at = *all_of(&story.entries, "motion_decided")
        .last()
        .expect("one");
    assert_eq!(at + 1, story.entries.len(), "it is the last");
    let mut entry = Entry::decode(&story.entries[at]).unwrap();
    make(&mut entry);
    let mut entries = story.entries[..at].to_vec();
    entries.push(entry.encode().unwrap());
    vec![Tampered {
        entries,
        checkpoint: story.signed(&story.entries),
    }]
}

fn sign(entry: &mut Entry, name: &str) {
    entry.signatures = vec![tlog::signing::sign_action(&key(name), &entry.action)];
}
