//! The durable ledger: stores, sequencer, checkpoints, snapshots and audit.

pub mod disk;
pub mod store;
