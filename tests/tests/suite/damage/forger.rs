//! Writes a ledger's directory anew, as an operator who has the ledger's own keys can: chain, tree,
//! checksums and checkpoint all fit one another.

use std::fs;
use std::path::Path;

use ed25519_dalek::SigningKey;
use prost::Message as _;
use proto::v1;
use system_tests::directory::{blocks, ledger, rewrite_segment, segments};
use system_tests::officer::read_key;
use tlog::{Block, Checkpoint, Entry, Frontier, Hash, NoteSigner};

use super::good::{Good, LEDGER};

/// The longest body of a block, and the most entries the forger puts in one.
const BODY_LEN_MAX: usize = 512 * 1024;
const ENTRIES_MAX: usize = 100;

/// The length of a journal of checkpoints.
const JOURNAL_LEN: usize = 1024 * 1024;

/// Rewrites the damaged ledger's entries, and then everything that rests on them. Returns what the
/// change returns.
pub(crate) fn forge<T>(good: &Good, data: &Path, change: impl FnOnce(&mut Vec<Entry>) -> T) -> T {
    let ledger = ledger(data, LEDGER);
    let mut entries = entries(&ledger);
    let before = entries.clone();
    let changed = change(&mut entries);
    assert_ne!(entries, before, "the forgery changes nothing");
    let (encoded, leaves) = chained(entries);
    write_segments(&ledger, encoded);
    let key = read_key(&ledger.join("keys/checkpoint.pem"));
    write_journal(&ledger, good.key.name(), key, &leaves);
    for part in ["tiles", "snapshots"] {
        fs::remove_dir_all(ledger.join(part)).expect("it is there");
    }
    fs::remove_dir_all(data.join("views")).expect("it is there");
    changed
}

/// Changes the action of an entry, and has the record key sign it, as of derived entries.
pub(crate) fn change_derived(data: &Path, entry: &mut Entry, change: impl FnOnce(&mut v1::Action)) {
    let mut action = v1::Action::decode(entry.action.as_slice()).expect("an action");
    change(&mut action);
    let key = read_key(&ledger(data, LEDGER).join("keys/record.pem"));
    entry.action = action.encode_to_vec();
    entry.signatures = vec![tlog::signing::sign_action(&key, &entry.action)];
}

/// The place of the first entry whose action is like this.
pub(crate) fn position(entries: &[Entry], like: impl Fn(&v1::Action) -> bool) -> usize {
    let fits = |entry: &Entry| v1::Action::decode(entry.action.as_slice()).is_ok_and(|a| like(&a));
    entries
        .iter()
        .position(fits)
        .expect("there is such an entry")
}

/// All entries of a log.
fn entries(ledger: &Path) -> Vec<Entry> {
    let segments = segments(ledger);
    let blocks = segments.iter().flat_map(|segment| blocks(segment));
    let bytes = blocks.flat_map(|(_, block)| block.entries);
    bytes
        .map(|bytes| Entry::decode(&bytes).expect("a good entry"))
        .collect()
}

/// Numbers and chains entries; their bytes and leaves.
fn chained(entries: Vec<Entry>) -> (Vec<Vec<u8>>, Vec<Hash>) {
    let mut previous = Hash::ZERO;
    let mut leaves = Vec::new();
    let encoded = entries.into_iter().zip(0..).map(|(mut entry, index)| {
        entry.index = index;
        entry.previous = previous;
        let bytes = entry.encode().expect("an entry");
        previous = tlog::leaf_hash(&bytes);
        leaves.push(previous);
        bytes
    });
    let encoded = encoded.collect();
    (encoded, leaves)
}

/// Puts entries into blocks, and blocks into segments of the log's length.
fn write_segments(ledger: &Path, entries: Vec<Vec<u8>>) {
    let old = segments(ledger);
    let length = fs::metadata(&old[0]).expect("a segment").len();
    for segment in old {
        fs::remove_file(segment).expect("it is there");
    }
    let length_max = usize::try_from(length).expect("it fits memory");
    let mut open: Vec<Block> = Vec::new();
    for block in grouped(entries) {
        let used: usize = open.iter().map(Block::encoded_len).sum();
        if used + block.encoded_len() > length_max {
            write_segment(ledger, length, &std::mem::take(&mut open));
        }
        open.push(block);
    }
    write_segment(ledger, length, &open);
}

fn write_segment(ledger: &Path, length: u64, blocks: &[Block]) {
    let name = format!("{:020}.seg", blocks[0].first_index);
    let path = ledger.join("log").join(name);
    let file = fs::File::create(&path).expect("there is room");
    file.set_len(length).expect("there is room");
    rewrite_segment(&path, blocks);
}

fn grouped(entries: Vec<Vec<u8>>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for (entry, index) in entries.into_iter().zip(0..) {
        let fits = |block: &Block| {
            block.entries.len() < ENTRIES_MAX && block.body_len() + 4 + entry.len() <= BODY_LEN_MAX
        };
        match blocks.last_mut().filter(|block| fits(block)) {
            Some(block) => block.entries.push(entry),
            None => blocks.push(Block {
                first_index: index,
                entries: vec![entry],
            }),
        }
    }
    blocks
}

/// A journal of one checkpoint, of all leaves.
fn write_journal(ledger: &Path, origin: &str, key: SigningKey, leaves: &[Hash]) {
    let mut tree = Frontier::new();
    for leaf in leaves {
        tree.append(*leaf);
    }
    let signer = NoteSigner::new(origin, key).expect("a key's name");
    let checkpoint = Checkpoint {
        origin: origin.to_owned(),
        size: tree.size(),
        root: tree.root(),
    };
    let note = checkpoint.sign(&signer).expect("a checkpoint").to_bytes();
    let length = u32::try_from(note.len())
        .expect("a note is short")
        .to_le_bytes();
    let checksum = crc32c::crc32c_append(crc32c::crc32c(&length), &note);
    let mut bytes = b"GOVCKPT\x01\x89CKP".to_vec();
    bytes.extend(length);
    bytes.extend(checksum.to_le_bytes());
    bytes.extend(note);
    bytes.resize(JOURNAL_LEN, 0);
    fs::write(ledger.join("checkpoints.journal"), bytes).expect("there is room");
}
