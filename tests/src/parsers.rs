//! Every parser of bytes from outside, and what must hold of whatever it takes.
//!
//! `tests/fuzz` feeds them what a fuzzer thinks of (`make fuzz`), `tests/suite/parsers.rs` the corpora in the tree. A
//! parser may refuse anything and must never panic; what it takes has one spelling, and is written back to
//! just that.

use tlog::bundle::{PREAMBLE_LEN, RECORD_HEADER_LEN, Record, RecordHeader};
use tlog::{
    AddCheckpoint, Block, BundleReader, Checkpoint, Entry, Evidence, Note, OfflineProof, Policy,
    TilePath,
};

/// A parser under test.
pub type Target = fn(&[u8]);

/// All of them, by the names of their directories in `tests/fuzz/corpus`.
pub const TARGETS: [(&str, Target); 12] = [
    ("action", action),
    ("entry", entry),
    ("block", block),
    ("note", note),
    ("checkpoint", checkpoint),
    ("tile_path", tile_path),
    ("offline_proof", offline_proof),
    ("bundle", bundle),
    ("charter", charter),
    ("add_checkpoint", add_checkpoint),
    ("policy", policy),
    ("evidence", evidence),
];

/// What people sign.
pub fn action(bytes: &[u8]) {
    if let Ok(action) = proto::decode_action(bytes) {
        assert_eq!(proto::encode_action(&action), bytes);
        // Whoever looks at a log gets it as JSON.
        proto::action_to_json(bytes).expect("what is understood can be shown");
    }
}

/// What the ledger stores.
pub fn entry(bytes: &[u8]) {
    if let Ok(entry) = Entry::decode(bytes) {
        assert_eq!(entry.encode().expect("it was encoded"), bytes);
    }
}

/// A group commit, with its header and without.
pub fn block(bytes: &[u8]) {
    if let Ok(block) = Block::decode(bytes) {
        // What follows a block on a disk is the next one, or zeros.
        let written = block.encode().expect("it was encoded");
        assert_eq!(written, bytes[..block.encoded_len()]);
    }
    if let Ok(block) = Block::decode_body(7, bytes) {
        assert_eq!(block.encode_body().expect("it was encoded"), bytes);
    }
}

/// A text and its signatures.
pub fn note(bytes: &[u8]) {
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
    }
}

/// A log's size and root.
pub fn checkpoint(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes);
    if let Some((text, checkpoint)) = text
        .ok()
        .and_then(|t| Some((t, Checkpoint::parse(t).ok()?)))
    {
        assert_eq!(checkpoint.text(), text);
    }
}

/// The address of a tile.
pub fn tile_path(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes);
    if let Some((text, path)) = text
        .ok()
        .and_then(|t| Some((t, t.parse::<TilePath>().ok()?)))
    {
        assert_eq!(path.to_string(), text);
    }
}

/// A receipt as a file.
pub fn offline_proof(bytes: &[u8]) {
    if let Ok(proof) = OfflineProof::parse(bytes) {
        assert_eq!(proof.to_string().as_bytes(), bytes);
    }
}

/// A whole log as a file, read a record at a time as everybody reads it.
pub fn bundle(bytes: &[u8]) {
    let Some((preamble, mut rest)) = bytes.split_first_chunk::<PREAMBLE_LEN>() else {
        return;
    };
    let Ok(mut reader) = BundleReader::begin(preamble) else {
        return;
    };
    while let Some((header, after)) = rest.split_first_chunk::<RECORD_HEADER_LEN>() {
        let Ok(header) = RecordHeader::parse(*header) else {
            return;
        };
        let Some((body, after)) = after.split_at_checked(header.body_len()) else {
            return;
        };
        match reader.accept(header, body) {
            Ok(Record::End) | Err(_) => return,
            Ok(Record::Head | Record::Entries(_)) => rest = after,
        }
    }
}

/// A charter as a secretary writes it.
pub fn charter(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        gateway::cli::charter_faults(text);
    }
}

/// What a log asks of a witness, and what a witness answers.
pub fn add_checkpoint(bytes: &[u8]) {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
        assert!(!request.origin().is_empty());
    }
    let _ = tlog::witness::parse_cosignatures(bytes);
    let _ = tlog::witness::parse_size(bytes);
}

/// Whose cosignatures are enough.
pub fn policy(bytes: &[u8]) {
    if let Ok(policy) = Policy::parse(bytes) {
        // Nobody has cosigned: the quorum is met only where none is asked for.
        assert_eq!(policy.is_met_by(&[]), !policy.needs_witnesses());
    }
}

/// What an auditor found.
pub fn evidence(bytes: &[u8]) {
    if let Ok(evidence) = Evidence::parse(bytes) {
        assert_eq!(evidence.to_string().as_bytes(), bytes);
        let nobody = evidence.judge(&[], &[]);
        assert!(nobody.is_err(), "nothing is proven to who knows nobody");
    }
}
