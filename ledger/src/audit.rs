//! The audit: everything read again, everything recomputed, nothing believed.
//!
//! An auditor needs a ledger's entries and a checkpoint, from a data directory ([`Directory`], read
//! without a lock and without changing a byte, also beside a running node), from a server
//! ([`Fetched`]) or from an evidence bundle ([`Bundle`]). It trusts none of them: each link and leaf is checked, each signature, the tree's root
//! against every checkpoint, the checkpoints' signatures by the key the founding entry names; each
//! rule is executed again, so that tallies, derived entries and outcomes are recomputed and must be
//! the ones recorded, byte for byte.
//!
//! What concerns one entry alone is checked on all cores while the entries before it are decided.

mod bundle;
mod check;
mod finding;
mod report;
mod run;
mod source;
mod stream;

pub use bundle::Bundle;
pub use finding::{Finding, FindingKind};
pub use report::{AuditReport, AuditedDecision};
pub use run::audit;
pub use source::{Contents, Directory, EntrySource, Fetched};
pub(crate) use stream::open_at;
pub use stream::{Stream, open_with_nats};

/// How thorough an audit is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditOptions {
    /// Checks signatures in batches, about 2.7 times faster. A batch can accept a signature crafted so
    /// that verifiers disagree about it, which a strict check refuses; the report says which it was.
    pub quick: bool,
}

/// How far an audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Entries that follow from those before them.
    pub entries: u64,
    /// Entries there are, as far as is known.
    pub total: u64,
}
