//! Damage to the log's segments.

use std::fs;
use std::path::{Path, PathBuf};

use system_tests::directory::{blocks, copy, edit, flip, ledger, rewrite_segment, segments};
use tlog::{Block, Entry};

use super::good::{LEDGER, NEIGHBOUR};
use super::{Audits, Case, Starts, run};

fn segment(data: &Path, n: usize) -> PathBuf {
    segments(&ledger(data, LEDGER)).swap_remove(n)
}

fn last_segment(data: &Path) -> PathBuf {
    let mut segments = segments(&ledger(data, LEDGER));
    segments.pop().expect("a log has segments")
}

/// Inverts a byte of the body of a block: after the header of 32 bytes and the entry's length. Returns
/// the block's first index.
fn flip_in_body(segment: &Path, block: usize) -> u64 {
    let (bytes, block) = &blocks(segment)[block];
    flip(segment, bytes.start + 32 + 4 + 100);
    block.first_index
}

/// Changes the blocks of a segment, whose checksums are made right again.
fn change_blocks<T>(segment: &Path, change: impl FnOnce(&mut Vec<Block>) -> T) -> T {
    let all = blocks(segment).into_iter().map(|(_, block)| block);
    let mut all: Vec<Block> = all.collect();
    let before = all.clone();
    let changed = change(&mut all);
    assert_ne!(all, before, "the damage changes nothing");
    rewrite_segment(segment, &all);
    changed
}

/// Changes the first entry of a block, and makes its checksum right again. Returns the entry's index.
fn change_entry(segment: &Path, block: usize, change: impl FnOnce(&mut Entry)) -> u64 {
    change_blocks(segment, |blocks| {
        let block = &mut blocks[block];
        let mut entry = Entry::decode(&block.entries[0]).expect("a good entry");
        change(&mut entry);
        block.entries[0] = entry.encode().expect("an entry");
        block.first_index
    })
}

/// The index of the first entry of a segment, by its name.
fn first_index(segment: &Path) -> Option<u64> {
    let name = segment.file_stem()?.to_str()?;
    name.parse().ok()
}

fn remove(file: &Path) {
    fs::remove_file(file).expect("it is there");
}

const CORRUPT: &str = "HALTED_CORRUPTION";
const SHORT: &str = "HALTED_ROLLED_BACK";

#[test]
fn damaged_bytes_are_found_where_they_are() {
    run(vec![
        Case {
            sentence: "The header of the first block is damaged: nothing of the log can be proven.",
            damage: |_, data| {
                flip(&segment(data, 0), 3);
                Some(0)
            },
            starts: Starts::Unread(CORRUPT, &["entry 0", "00000000000000000000.seg"]),
            audits: Audits::Finds("DAMAGED", &["entry 0", "00000000000000000000.seg"]),
        },
        Case {
            sentence: "A byte of the tenth block's body is damaged: the log is read up to there.",
            damage: |_, data| Some(flip_in_body(&segment(data, 0), 10)),
            starts: Starts::Halted(CORRUPT, &["damaged at entry", "00000000000000000000.seg"]),
            audits: Audits::Finds("DAMAGED", &["damaged at entry", "00000000000000000000.seg"]),
        },
        Case {
            sentence: "A byte in the middle of the second segment is damaged.",
            damage: |_, data| Some(flip_in_body(&segment(data, 1), 3)),
            starts: Starts::Halted(CORRUPT, &["a broken block"]),
            audits: Audits::Finds("DAMAGED", &["a broken block"]),
        },
        Case {
            sentence: "A byte of the last block, which was acknowledged, is damaged: no torn write.",
            damage: |_, data| {
                let last = last_segment(data);
                Some(flip_in_body(&last, blocks(&last).len() - 1))
            },
            starts: Starts::Halted(CORRUPT, &["acknowledged"]),
            audits: Audits::Finds("DAMAGED", &["acknowledged"]),
        },
        Case {
            sentence: "There are bytes after a segment's end that no block can have left.",
            damage: |_, data| {
                edit(&segment(data, 0), |bytes| {
                    *bytes.last_mut().expect("a byte") = 7;
                });
                first_index(&segment(data, 1))
            },
            starts: Starts::Halted(CORRUPT, &["after the last block"]),
            audits: Audits::Finds("DAMAGED", &["after the last block"]),
        },
        Case {
            sentence: "What a torn write left at the end was never acknowledged: it is set aside.",
            damage: |_, data| {
                let last = last_segment(data);
                let end = blocks(&last).pop().expect("a block").0.end;
                edit(&last, |bytes| {
                    bytes[end..end + 5].copy_from_slice(b"\x89GOVB");
                });
                None
            },
            starts: Starts::AsEver,
            audits: Audits::Proves,
        },
        Case {
            sentence: "The format file names a format of the future: a newer program may know it.",
            damage: |_, data| {
                let format = ledger(data, LEDGER).join("log/format");
                edit(&format, |bytes| *bytes = b"govledger-log/2\n".to_vec());
                None
            },
            starts: Starts::Unread("HALTED_STORAGE", &["format"]),
            audits: Audits::Cannot(&["format"]),
        },
    ]);
}

#[test]
fn missing_and_misplaced_segments_are_found() {
    run(vec![
        Case {
            sentence: "A segment is cut in the middle.",
            damage: |_, data| {
                let segment = segment(data, 1);
                let half = fs::metadata(&segment).expect("it is there").len() / 2;
                let half = usize::try_from(half).expect("segments are short");
                let blocks = blocks(&segment).into_iter();
                let whole = blocks.take_while(|(bytes, _)| bytes.end <= half);
                let last = whole.last();
                edit(&segment, |bytes| bytes.truncate(half));
                last.map_or(first_index(&segment), |(_, block)| {
                    Some(block.indices().end)
                })
            },
            starts: Starts::Halted(CORRUPT, &["bytes long"]),
            audits: Audits::Finds("DAMAGED", &["bytes long"]),
        },
        Case {
            sentence: "The second segment is missing.",
            damage: |_, data| {
                let first = first_index(&segment(data, 1));
                remove(&segment(data, 1));
                first
            },
            starts: Starts::Halted(CORRUPT, &["missing"]),
            audits: Audits::Finds("DAMAGED", &["missing"]),
        },
        Case {
            sentence: "The last segment is missing: the log is shorter than its checkpoint.",
            damage: |_, data| {
                let first = first_index(&last_segment(data));
                remove(&last_segment(data));
                first
            },
            starts: Starts::Halted(SHORT, &["checkpoint"]),
            audits: Audits::Finds("DAMAGED", &["checkpoint"]),
        },
        Case {
            sentence: "The first segment is missing: nothing can be proven.",
            damage: |_, data| {
                remove(&segment(data, 0));
                Some(0)
            },
            starts: Starts::Unread(CORRUPT, &["missing"]),
            audits: Audits::Finds("DAMAGED", &["missing"]),
        },
        Case {
            sentence: "All segments are missing.",
            damage: |_, data| {
                for segment in segments(&ledger(data, LEDGER)) {
                    remove(&segment);
                }
                Some(0)
            },
            starts: Starts::Unread(SHORT, &["checkpoint"]),
            audits: Audits::Finds("DAMAGED", &["checkpoint"]),
        },
        Case {
            sentence: "A file that is no segment's stands among them.",
            damage: |_, data| {
                let name = segment(data, 0).with_extension("seg.bak");
                fs::copy(segment(data, 0), name).expect("there is room");
                Some(0)
            },
            starts: Starts::Unread(CORRUPT, &["no segment"]),
            audits: Audits::Finds("DAMAGED", &["no segment"]),
        },
        Case {
            sentence: "Two segments have exchanged their names.",
            damage: |_, data| {
                let (a, b) = (segment(data, 0), segment(data, 1));
                let aside = data.join("aside");
                for (from, to) in [(&a, &aside), (&b, &a), (&aside, &b)] {
                    fs::rename(from, to).expect("it is there");
                }
                Some(0)
            },
            starts: Starts::Unread(CORRUPT, &["entry 0"]),
            audits: Audits::Finds("DAMAGED", &["entry 0"]),
        },
        Case {
            sentence: "The log is an older copy under a newer journal: it was rolled back.",
            damage: |good, data| {
                let log = ledger(data, LEDGER).join("log");
                fs::remove_dir_all(&log).expect("it is there");
                copy(&ledger(good.earlier(), LEDGER).join("log"), &log);
                let last = blocks(&last_segment(data)).pop();
                last.map(|(_, block)| block.indices().end)
            },
            starts: Starts::Halted(SHORT, &["checkpoint"]),
            audits: Audits::Finds("DAMAGED", &["checkpoint"]),
        },
    ]);
}

#[test]
fn misplaced_and_missing_blocks_are_found() {
    run(vec![
        Case {
            sentence: "Two blocks have changed places.",
            damage: |_, data| {
                change_blocks(&segment(data, 0), |blocks| {
                    blocks.swap(20, 21);
                    Some(blocks[21].first_index)
                })
            },
            starts: Starts::Halted(CORRUPT, &["missing before a good block"]),
            audits: Audits::Finds("DAMAGED", &["missing before a good block"]),
        },
        Case {
            sentence: "A block stands a second time, and those after it behind.",
            damage: |_, data| {
                change_blocks(&segment(data, 0), |blocks| {
                    let next = blocks[31].first_index;
                    // The last makes room for it.
                    blocks.pop();
                    blocks.insert(31, blocks[30].clone());
                    Some(next)
                })
            },
            starts: Starts::Halted(CORRUPT, &["wrong place"]),
            audits: Audits::Finds("DAMAGED", &["wrong place"]),
        },
        Case {
            sentence: "A block in the middle is gone without a trace.",
            damage: |_, data| {
                change_blocks(&segment(data, 0), |blocks| {
                    Some(blocks.remove(25).first_index)
                })
            },
            starts: Starts::Halted(CORRUPT, &["missing before a good block"]),
            audits: Audits::Finds("DAMAGED", &["missing before a good block"]),
        },
        Case {
            sentence: "The last block is gone without a trace: the checkpoint remembers it.",
            damage: |_, data| {
                change_blocks(&last_segment(data), |blocks| {
                    blocks.pop().map(|block| block.first_index)
                })
            },
            starts: Starts::Halted(SHORT, &["checkpoint"]),
            audits: Audits::Finds("DAMAGED", &["checkpoint"]),
        },
        Case {
            sentence: "A block comes from another ledger's log.",
            damage: |_, data| {
                let founding = blocks(&segments(&ledger(data, NEIGHBOUR))[0])
                    .swap_remove(0)
                    .1;
                change_blocks(&segment(data, 0), |blocks| {
                    blocks[0].entries.clone_from(&founding.entries);
                    Some(0)
                })
            },
            starts: Starts::Unaware,
            audits: Audits::Finds("CHAIN_BROKEN", &["entry 0"]),
        },
    ]);
}

#[test]
fn entries_that_were_changed_with_their_checksums_are_found() {
    run(vec![
        Case {
            sentence: "An entry was recorded an hour earlier than it was.",
            damage: |_, data| {
                Some(change_entry(&segment(data, 0), 12, |entry| {
                    entry.recorded_at -= 3_600_000;
                }))
            },
            starts: Starts::Unaware,
            audits: Audits::Finds("CHAIN_BROKEN", &["recorded"]),
        },
        Case {
            sentence: "A signature of an entry was altered.",
            damage: |_, data| {
                Some(change_entry(&segment(data, 0), 12, |entry| {
                    entry.signatures[0].signature[0] ^= 1;
                }))
            },
            starts: Starts::Unaware,
            audits: Audits::Finds("BAD_SIGNATURE", &["signature 0"]),
        },
        Case {
            sentence: "A name in an action was altered.",
            damage: |_, data| {
                Some(change_entry(&segment(data, 0), 40, |entry| {
                    let place = entry.action.len() - 1;
                    entry.action[place] = b'z';
                }))
            },
            starts: Starts::Unaware,
            audits: Audits::Finds("BAD_SIGNATURE", &["signature 0"]),
        },
        Case {
            sentence: "An entry names another as the one before.",
            damage: |_, data| {
                Some(change_entry(&segment(data, 0), 12, |entry| {
                    entry.previous.0[0] ^= 1;
                }))
            },
            starts: Starts::Unaware,
            audits: Audits::Finds("CHAIN_BROKEN", &["before"]),
        },
        Case {
            sentence: "The last entry was altered: the start replays what the snapshots do not hold.",
            damage: |_, data| {
                let last = last_segment(data);
                Some(change_entry(&last, blocks(&last).len() - 1, |entry| {
                    entry.recorded_at += 1;
                }))
            },
            starts: Starts::Unread("HALTED_FORKED", &["root"]),
            audits: Audits::Finds("ROOT_DIFFERS", &["root"]),
        },
    ]);
}
