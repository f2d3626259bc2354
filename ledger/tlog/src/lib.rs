//! The bytes of a govledger log: what people sign, what is stored, and how anyone proves it.
//!
//! This crate is specification-level code. It holds the formats that outlive the software:
//!
//! * what a person signs ([`signing`]) and what the ledger stores ([`entry`], [`chain`]);
//! * the Merkle tree over the entries ([`tree`]) and the proofs it gives ([`proof`]);
//! * signed notes, cosignatures and checkpoints ([`note`], [`key`], [`cosignature`],
//!   [`checkpoint`]);
//! * how all of that lies on disk and on the wire ([`block`], [`tile`], [`offline_proof`],
//!   [`bundle`]);
//! * what a witness checks before it cosigns ([`witness`]), and whose cosignatures are enough
//!   ([`policy`]);
//! * what proves a log's lie to a third party ([`evidence`]).
//!
//! It performs no I/O, reads no clock, draws no randomness, and knows nothing of governance: an
//! action is opaque bytes here. Opening files, fetching tiles and choosing whom to trust are its
//! callers' work.
//!
//! Specifications followed: RFC 6962 §2.1 and RFC 9162 §2.1 (tree and proofs), and C2SP's
//! signed-note, tlog-checkpoint, tlog-cosignature (Ed25519), tlog-tiles, tlog-proof, tlog-witness
//! (`add-checkpoint`) and tlog-policy. The project's own bytes, and all of these with worked examples, are described in `FORMAT.md`
//! beside this crate; `testdata/` holds the same examples for any other implementation.

pub mod hash;

pub mod entry;
pub mod signing;

pub mod chain;

pub mod proof;
pub mod tree;

pub mod checkpoint;
pub mod cosignature;
pub mod key;
pub mod note;

pub mod block;
pub mod bundle;
pub mod offline_proof;
pub mod tile;

pub mod policy;
pub mod witness;

pub mod evidence;

pub use block::{Block, BlockError, BlockHeader, MAX_BLOCK_ENTRIES, MAX_BLOCK_LEN};
pub use bundle::{BundleError, BundleHead, BundleReader, BundleWriter};
pub use chain::{Chain, ChainError, Link};
pub use checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
pub use entry::{ENTRY_VERSION, Entry, EntryError, MAX_ENTRY_LEN, MAX_SIGNATURES, Signature};
pub use evidence::{Evidence, EvidenceError};
pub use hash::{Hash, leaf_hash, node_hash, sha256};
pub use key::{KeyError, NoteSigner, SignatureKind, VerifierKey};
pub use note::{Note, NoteError, NoteSignature, Verified};
pub use offline_proof::{OfflineProof, OfflineProofError};
pub use policy::{Policy, PolicyError};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use tile::{TileKind, TilePath};
pub use tree::{Frontier, HashReader, consistency_proof, inclusion_proof};
pub use witness::{AddCheckpoint, WitnessRefusal};
