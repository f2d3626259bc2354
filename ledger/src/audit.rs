//! The audit: everything read again, everything recomputed, nothing believed.
//!
//! An auditor needs a ledger's entries and a checkpoint, from a data directory ([`Directory`], read
//! without a lock and without changing a byte, also beside a running node), from a server
//! ([`Fetched`]) or from an evidence bundle ([`Bundle`]). It trusts none of them: each link and leaf is checked, each signature, the tree's root
//! against every checkpoint, the checkpoints' signatures by the key in force at each one's size; each
//! rule is executed again, so that tallies, derived entries and outcomes are recomputed and must be
//! the ones recorded, byte for byte.
//!
//! What concerns one entry alone is checked on all cores while the entries before it are decided.
//!
//! An [`Auditor`] goes on where it left off, so that a monitor checks each entry once; what it believed
//! last can be kept in a file ([`Believed`]) and is demanded of whatever is shown next time. What a finding
//! rests on goes into a file that a third party checks (`tlog::evidence`, or the whole log as a bundle).

mod auditor;
mod believed;
mod bundle;
mod check;
mod evidence;
mod finding;
mod other;
mod report;
mod source;
mod stream;

pub use auditor::{Auditor, audit};
pub use believed::{Believed, BelievedError};
pub use bundle::Bundle;
pub use evidence::{WriteBundleError, prove_by_bundle, write_bundle};
pub use finding::{Finding, FindingKind};
pub use other::OtherLog;
pub(crate) use other::follow_keys;
pub use report::{AuditReport, AuditedDecision};
pub use source::{Contents, Directory, EntrySource, Fetched};
pub(crate) use stream::open_at;
pub use stream::{Stream, open_with_nats};

use tlog::VerifierKey;

/// How thorough an audit is, and whom it knows.
#[derive(Clone, Debug, Default)]
pub struct AuditOptions {
    /// Checks signatures in batches, about 2.7 times faster. A batch can accept a signature crafted so
    /// that verifiers disagree about it, which a strict check refuses; the report says which it was.
    pub quick: bool,
    /// Witnesses whose cosignatures are checked, and whose times entries must agree with.
    pub witnesses: Vec<VerifierKey>,
    /// What was believed before, which the log must contain.
    pub believed: Option<Believed>,
    /// Keeps the hashes of the whole tree, 64 bytes an entry: what proves a finding, and what checkpoints
    /// of other servers are held against.
    pub keep_tree: bool,
}

/// How far an audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Entries that follow from those before them.
    pub entries: u64,
    /// Entries there are, as far as is known.
    pub total: u64,
}
