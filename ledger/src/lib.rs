//! The durable ledger: one node's disks, keys and clock around the law and the bytes.
//!
//! `governance` says what may be recorded and `tlog` how it is written; this crate records it. A
//! [`Node`] holds any number of ledgers, each a [`Ledger`]:
//!
//! * [`intake`](Ledger::submit) checks bytes, signatures and contents in parallel;
//! * one sequencer a ledger decides on a speculative state and groups entries into blocks;
//! * a block is durable in the [`store`], its contents in the [`content`] store before it;
//! * the tree grows, a checkpoint is signed and durable in the [`checkpoints`] store, and only then
//!   does anybody get an answer or see the entries ([`tail`]);
//! * start-up, recovery and [`audit`] re-execute entries through one module, [`replay`].
//!
//! **What always holds.** Nothing is acknowledged before it is durable, refusals and repeats
//! included: each answer waits for the block it rests on. Readers see durable state only. A ledger is
//! extended only if it contains its last checkpoint; otherwise it halts ([`Halt`]) and goes on being
//! served as far as it is proven. Nothing creates a ledger but [`found()`]. Every queue is bounded.
//!
//! Where nodes share a log ([`peers`]), one of them leads it, by a [`lease`], and the others follow: each
//! checks every entry again, and signs for what it has itself checked.
//!
//! What it is not: it knows no gRPC and no views, and a lease decides about speed, never about what is in
//! the log. One process at a time has a data directory.
//!
//! It follows the project's formats (`FORMAT.md` beside the crate `tlog`), RFC 6962, and C2SP's
//! tlog-checkpoint, tlog-tiles and signed-note.

mod blocking;
pub mod disk;
pub mod nats;
pub mod store;

pub mod checkpoints;
pub mod content;
pub mod snapshot;
pub mod tiles;

pub mod backing;
pub mod checkpoint_keys;
pub mod clock;
pub mod config;
pub mod directory;
pub mod keys;
pub mod measures;

pub mod halt;
pub mod submission;

mod events;
mod exchange;
pub mod forward;
mod leadership;
pub mod lease;
pub mod messages;
pub mod peers;

pub mod replay;
mod signatures;
pub mod tail;

mod block_tree;
mod durable;
mod intake;
mod sequencer;
mod snapshots;
mod tree;

pub mod audit;
pub mod export;
pub mod found;
pub mod join;
pub mod ledger;
pub mod migrate;
pub mod node;
pub mod open;
pub mod restore;
pub mod witness;
pub mod witnesses;

pub use checkpoint_keys::{CheckpointKeys, KeyNotInForce, NotTheLogs};
pub use clock::{Clock, ManualClock, SystemClock};
pub use config::Config;
pub use directory::DataDirectory;
pub use found::{FoundError, Founded, Founding, found};
pub use halt::Halt;
pub use keys::{KeyRing, LedgerKeys, LedgerSigner, SignError};
pub use leadership::Standing;
pub use lease::NodeId;
pub use ledger::{Ledger, LedgerInfo};
pub use node::{Node, NodeError};
pub use open::LedgerParts;
pub use peers::Peers;
pub use restore::{RestoreError, Restored, restore, restore_to_nats};
pub use submission::{
    ContentFault, ContentUpload, NoKind, Preview, ReadError, Receipt, Submission, SubmitError,
    Submitted,
};
pub use tail::LoggedEntry;
