//! The durable ledger: stores, sequencer, checkpoints, snapshots and audit.

mod blocking;
pub mod checkpoints;
pub mod content;
pub mod disk;
pub mod store;
