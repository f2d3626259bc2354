//! What is done to a log: by whoever has the disk, or the ledger's own keys too.

use governance::action::{Action, Ballot, Choice, DeliberationAction, Outcome, Payload, Stance};
use governance::ids::Millis;
use tlog::{Entry, Hash, leaf_hash};

use crate::common::{LEDGER, checkpoint_over, entry_after, founding_entry, key, ledger_keys};
use crate::observers::Tampered;
use crate::{PAUSE_MS, Story};

/// Something done to a log, at one place or several.
pub(crate) struct Deed {
    pub(crate) what: &'static str,
    pub(crate) with: &'static str,
    /// The checkpoint that somebody kept before.
    pub(crate) kept: When,
    pub(crate) does: fn(&Story) -> Vec<Tampered>,
}

/// Which of a story's checkpoints somebody kept.
pub(crate) enum When {
    /// None.
    Never,
    /// That of so many entries.
    Before(fn(&Story) -> usize),
    /// The last.
    Last,
}

const DISK: &str = "the disk";
const KEYS: &str = "disk and keys";

pub(crate) const fn deed(
    what: &'static str,
    with: &'static str,
    does: fn(&Story) -> Vec<Tampered>,
) -> Deed {
    Deed {
        what,
        with,
        kept: When::Last,
        does,
    }
}

/// What somebody finds.
pub(crate) const FINDABLE: &[Deed] = &[
    deed("a bit of an entry's version is flipped", DISK, |s| {
        flipped(s, Field::Version)
    }),
    deed("a bit of its ledger is flipped", DISK, |s| {
        flipped(s, Field::Ledger)
    }),
    deed("a bit of its index is flipped", DISK, |s| {
        flipped(s, Field::Index)
    }),
    deed("a bit of its time is flipped", DISK, |s| {
        flipped(s, Field::RecordedAt)
    }),
    deed("a bit of its link is flipped", DISK, |s| {
        flipped(s, Field::Previous)
    }),
    deed("a bit of its count of signatures is flipped", DISK, |s| {
        flipped(s, Field::Count)
    }),
    deed("a bit of a signature's key is flipped", DISK, |s| {
        flipped(s, Field::Key)
    }),
    deed("a bit of a signature is flipped", DISK, |s| {
        flipped(s, Field::Signature)
    }),
    deed("a bit of the action's length is flipped", DISK, |s| {
        flipped(s, Field::Length)
    }),
    deed("a bit of the action is flipped", DISK, |s| {
        flipped(s, Field::Action)
    }),
    deed("an entry is dropped", DISK, |s| {
        on_disk(s, |entries, at| drop(entries.remove(at)))
    }),
    deed("an entry stands twice", DISK, |s| {
        on_disk(s, |entries, at| entries.insert(at, entries[at].clone()))
    }),
    deed("two entries change places", DISK, |s| {
        on_disk(s, |entries, at| entries.swap(at, at - 1))
    }),
    deed("an entry is put in between", DISK, |s| {
        let submission = s.people.enrols("ines");
        on_disk(s, |entries, at| {
            let entry = entry_after(&entries[..at], &submission, s.ends_at);
            entries.insert(at, entry);
        })
    }),
    deed("the end is cut off", DISK, |s| on_disk(s, Vec::truncate)),
    deed(
        "an entry of another ledger is put in its place",
        DISK,
        |s| on_disk(s, |entries, at| entries[at] = founding_entry("another")),
    ),
    deed("an entry's signature is another key's", DISK, |s| {
        on_disk(s, |entries, at| {
            let mut entry = Entry::decode(&entries[at]).unwrap();
            let signed = tlog::signing::sign_action(&key("mallory"), &entry.action);
            entry.signatures[0] = signed;
            entries[at] = entry.encode().unwrap();
        })
    }),
    deed("the checkpoint is signed with another key", DISK, |s| {
        let mut entries = s.entries.clone();
        entries.push(newest(s));
        let checkpoint = checkpoint_over(&entries).checkpoint().clone();
        let mallory = ledger::LedgerKeys::new(key("mallory"), key("mallory too"));
        let checkpoint = mallory.sign_checkpoint(&checkpoint).unwrap();
        vec![Tampered {
            entries,
            checkpoint,
        }]
    }),
    deed("log and checkpoint are an older copy", DISK, |s| {
        let older = |size| resigned(s.entries[..size].to_vec());
        [1, s.entries.len() / 2, s.entries.len() - 1]
            .map(older)
            .into()
    }),
    deed(
        "a ballot is changed, everything chained and signed anew",
        KEYS,
        |s| {
            rechained(s, "ballot_cast", |entry| {
                change(entry, |action| {
                    if let Payload::Deliberation(DeliberationAction::BallotCast(cast)) =
                        &mut action.payload
                    {
                        let against = Ballot::Open(Choice::Stance(Stance::Against));
                        let other = Ballot::Open(Choice::Stance(Stance::For));
                        cast.ballot = if cast.ballot == against {
                            other
                        } else {
                            against
                        };
                    }
                });
            })
        },
    ),
    deed(
        "a ballot is left out, everything chained and signed anew",
        KEYS,
        |s| without(s, "ballot_cast"),
    ),
    deed(
        "a derived entry is changed and signed by the record key",
        KEYS,
        |s| {
            rechained(s, "motion_decided", |entry| {
                change(entry, |action| {
                    if let Payload::Deliberation(DeliberationAction::MotionDecided(decided)) =
                        &mut action.payload
                    {
                        decided.outcome = Outcome::Rejected;
                    }
                });
                entry.signatures = vec![ledger_keys().sign_action(&entry.action)];
            })
        },
    ),
    deed("a derived entry is left out", KEYS, |s| {
        without(s, "motion_decided")
    }),
    deed("an act that the rules refuse is recorded", KEYS, |s| {
        appended(s, &s.people.enrols_unlawfully("ines"), s.ends_at)
    }),
    deed("an act is recorded earlier than it was signed", KEYS, |s| {
        s.people.clock.advance(PAUSE_MS);
        let submission = s.people.enrols("ines");
        s.people.clock.set_wall(s.ends_at);
        appended(s, &submission, s.ends_at)
    }),
    deed(
        "an act is held back for longer than its signer allowed",
        KEYS,
        |s| {
            let submission = s.people.enrols("ines");
            appended(s, &submission, Millis(s.ends_at.0 + Millis::HOUR + 1))
        },
    ),
    deed(
        "an act is backdated, with its signer's help, beyond what was cosigned",
        KEYS,
        |s| {
            let submission = s.people.enrols("ines");
            let at = s.ends_at.0 + PAUSE_MS - 5 * 60 * 1_000 - 1;
            appended(s, &submission, Millis(at))
        },
    ),
    deed(
        "history is rewritten lawfully, chained and signed anew",
        KEYS,
        lawfully,
    ),
    deed("two auditors are shown two histories", KEYS, second_history),
];

/// What nobody finds.
pub(crate) const UNFINDABLE: &[Deed] = &[
    deed(
        "an act is refused, or never recorded; its signer holds it and the refusal",
        KEYS,
        |s| {
            let _never = s.people.enrols("ines");
            appended(s, &s.people.enrols("jun"), after(s))
        },
    ),
    deed(
        "an act is held back within the time its signer allowed; its signer sees the receipt's time",
        KEYS,
        |s| {
            s.people.clock.set_wall(Millis(s.ends_at.0 + 1));
            let submission = s.people.enrols("ines");
            s.people.clock.set_wall(s.ends_at);
            appended(s, &submission, Millis(s.ends_at.0 + 1 + Millis::HOUR))
        },
    ),
    deed("a time is five minutes off, and no more", KEYS, |s| {
        let submission = s.people.enrols("ines");
        let at = s.ends_at.0 + PAUSE_MS - 5 * 60 * 1_000;
        appended(s, &submission, Millis(at))
    }),
    deed(
        "a registrar enrols somebody who does not exist; the log shows who did",
        "an office",
        |s| {
            s.people.clock.set_wall(after(s));
            let submission = s.people.enrols("nobody-at-all");
            s.people.clock.set_wall(s.ends_at);
            appended(s, &submission, after(s))
        },
    ),
    Deed {
        what: "history is rewritten lawfully before anybody kept a checkpoint of it",
        with: KEYS,
        kept: When::Never,
        does: lawfully,
    },
];

/// A moment after the witnesses cosigned.
pub(crate) fn after(story: &Story) -> Millis {
    Millis(story.ends_at.0 + PAUSE_MS - 60_000)
}

/// An honest entry to come.
pub(crate) fn newest(story: &Story) -> Vec<u8> {
    let submission = story.people.enrols("kim");
    entry_after(&story.entries, &submission, after(story))
}

/// Places in the log: near its beginning, within the vote, and its last entry.
fn places(story: &Story) -> [usize; 3] {
    [
        2,
        position(&story.entries, "ballot_cast"),
        story.entries.len() - 1,
    ]
}

/// Somebody changes entries on the disk; the checkpoint is the ledger's own.
fn on_disk(story: &Story, change: impl Fn(&mut Vec<Vec<u8>>, usize)) -> Vec<Tampered> {
    let changed = |at| {
        let mut entries = story.entries.clone();
        change(&mut entries, at);
        Tampered {
            entries,
            checkpoint: checkpoint_over(&story.entries),
        }
    };
    places(story).map(changed).into()
}

/// The fields of an entry, in order.
#[derive(Clone, Copy)]
enum Field {
    Version,
    Ledger,
    Index,
    RecordedAt,
    Previous,
    Count,
    Key,
    Signature,
    Length,
    Action,
}

impl Field {
    /// Where it lies in an entry of one signature or more.
    fn of(self, entry: &[u8]) -> std::ops::Range<usize> {
        let ledger = 10 + LEDGER.len();
        let signatures = Entry::decode(entry).unwrap().signatures.len();
        let first = ledger + 8 + 8 + 32 + 8;
        let length = first + signatures * 96;
        match self {
            Field::Version => 0..2,
            Field::Ledger => 2..ledger,
            Field::Index => ledger..ledger + 8,
            Field::RecordedAt => ledger + 8..ledger + 16,
            Field::Previous => ledger + 16..ledger + 48,
            Field::Count => ledger + 48..first,
            Field::Key => first..first + 32,
            Field::Signature => first + 32..first + 96,
            Field::Length => length..length + 8,
            Field::Action => length + 8..entry.len(),
        }
    }
}

/// A bit is flipped in the first, the middle and the last byte of a field.
fn flipped(story: &Story, field: Field) -> Vec<Tampered> {
    let mut all = Vec::new();
    for (bit, part) in [0_u8, 3, 6].into_iter().zip(0..3) {
        all.extend(on_disk(story, |entries, at| {
            let place = field.of(&entries[at]);
            let byte = place.start + (place.len() - 1) * part / 2;
            entries[at][byte] ^= 1 << bit;
        }));
    }
    all
}

/// Signed by the ledger's own key over just these.
fn resigned(entries: Vec<Vec<u8>>) -> Tampered {
    let checkpoint = checkpoint_over(&entries);
    Tampered {
        entries,
        checkpoint,
    }
}

/// Chained, so that only what the entries say can tell; and one more, so that the log has grown.
fn grown(story: &Story, entries: Vec<Entry>) -> Tampered {
    let mut chained: Vec<Vec<u8>> = Vec::new();
    for mut entry in entries {
        entry.index = chained.len() as u64;
        entry.previous = chained.last().map_or(Hash::ZERO, |last| leaf_hash(last));
        chained.push(entry.encode().unwrap());
    }
    for person in ["kim", "lou"] {
        let submission = story.people.enrols(person);
        chained.push(entry_after(&chained, &submission, after(story)));
    }
    resigned(chained)
}

fn decoded(story: &Story) -> Vec<Entry> {
    let decode = |bytes: &Vec<u8>| Entry::decode(bytes).unwrap();
    story.entries.iter().map(decode).collect()
}

/// Each entry of a kind is changed in turn.
fn rechained(story: &Story, kind: &str, change: impl Fn(&mut Entry)) -> Vec<Tampered> {
    let one = |at: usize| {
        let mut entries = decoded(story);
        change(&mut entries[at]);
        grown(story, entries)
    };
    all_of(&story.entries, kind).into_iter().map(one).collect()
}

/// Each entry of a kind is left out in turn.
fn without(story: &Story, kind: &str) -> Vec<Tampered> {
    let one = |at: usize| {
        let mut entries = decoded(story);
        entries.remove(at);
        grown(story, entries)
    };
    all_of(&story.entries, kind).into_iter().map(one).collect()
}

/// Recorded at the end, at this time.
fn appended(story: &Story, submission: &ledger::Submission, at: Millis) -> Vec<Tampered> {
    let mut entries = story.entries.clone();
    entries.push(entry_after(&entries, submission, at));
    vec![resigned(entries)]
}

/// The last two enrolments change places, which is lawful either way. Before a vote it would not be: each
/// ballot names the leaf of the entry that opened it, and so everything before.
fn lawfully(story: &Story) -> Vec<Tampered> {
    let enrolments = all_of(&story.entries, "person_enrolled");
    let at = enrolments[enrolments.len() - 2];
    let mut entries = decoded(story);
    entries.swap(at, at + 1);
    vec![grown(story, entries)]
}

/// Another history from some entry on, as large as the first or larger.
fn second_history(story: &Story) -> Vec<Tampered> {
    let from = all_of(&story.entries, "motion_decided")[0] + 1;
    let other = |count: usize| {
        let mut entries = story.entries[..from].to_vec();
        for n in 0..count {
            let submission = story.people.enrols(&format!("other-{n}"));
            entries.push(entry_after(&entries, &submission, story.ends_at));
        }
        resigned(entries)
    };
    [2, 5].map(other).into()
}

pub(crate) fn change(entry: &mut Entry, change: impl Fn(&mut Action)) {
    let mut action = proto::decode_action(&entry.action).unwrap();
    change(&mut action);
    entry.action = proto::encode_action(&action);
}

fn kind_of(bytes: &[u8]) -> &'static str {
    let entry = Entry::decode(bytes).unwrap();
    proto::payload_kind(&proto::decode_action(&entry.action).unwrap())
}

pub(crate) fn all_of(entries: &[Vec<u8>], kind: &str) -> Vec<usize> {
    let places = 0..entries.len();
    let all: Vec<usize> = places.filter(|at| kind_of(&entries[*at]) == kind).collect();
    assert!(!all.is_empty(), "there is one");
    all
}

fn position(entries: &[Vec<u8>], kind: &str) -> usize {
    all_of(entries, kind)[0]
}
