//! Who leads a ledger: a lease, for efficiency only.
//!
//! A lease is one record a ledger, in a place that all nodes share and where a record is replaced only
//! by whoever names the revision it replaces. Its holder writes it anew every [`Timing::renew_every`].
//! Nobody trusts anybody's clock: a node takes a lease over when it has itself, on its own monotonic
//! clock, seen no new revision for [`Timing::expires_after`]; a holder stops leading when it has not
//! managed to write for the shorter [`Timing::leads_for`].
//!
//! Two nodes may lead at once all the same, after a pause of one of them. That costs retries and never a
//! fork: the store takes one block in a place.

pub mod memory;
pub mod nats;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use governance::ids::{LedgerId, Millis};
use tokio::sync::watch;

/// A node among others: 16 hexadecimal digits, made once for a data directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(String);

/// Not a node's id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a node's id is 16 hexadecimal digits")]
pub struct NodeIdError;

impl NodeId {
    /// The node of these random bytes.
    pub fn from_bytes(bytes: [u8; 8]) -> NodeId {
        NodeId(format!("{:016x}", u64::from_be_bytes(bytes)))
    }

    /// A new node, of the system's randomness.
    pub fn random() -> std::io::Result<NodeId> {
        let mut bytes = [0; 8];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(NodeId::from_bytes(bytes))
    }

    /// Its 16 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for NodeId {
    type Err = NodeIdError;

    fn from_str(text: &str) -> Result<NodeId, NodeIdError> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 16 && text.bytes().all(digit) {
            Ok(NodeId(text.to_owned()))
        } else {
            Err(NodeIdError)
        }
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a lease's record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Who holds it; nobody, where it was given up.
    pub holder: Option<NodeId>,
    /// What time it was for whoever wrote it.
    pub written_at: Millis,
}

impl Lease {
    /// The record: the holder, or `-`, a space, and the milliseconds.
    pub fn encode(&self) -> String {
        let holder = self.holder.as_ref().map_or("-", NodeId::as_str);
        format!("{holder} {}", self.written_at.0)
    }

    /// Reads a record; `None` where it is none of ours.
    pub fn decode(record: &[u8]) -> Option<Lease> {
        let (holder, at) = std::str::from_utf8(record).ok()?.split_once(' ')?;
        let holder = match holder {
            "-" => None,
            node => Some(node.parse().ok()?),
        };
        let written_at = Millis(at.parse().ok()?);
        Some(Lease { holder, written_at })
    }
}

/// A lease as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLease {
    /// What it says; `None` where nobody can tell.
    pub lease: Option<Lease>,
    /// Its revision, which grows with every write.
    pub revision: u64,
    /// What time it was for the place that keeps it.
    pub stamped_at: Option<Millis>,
}

/// Why a lease could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// Another revision is there by now.
    #[error("another node has written the lease")]
    Raced,
    /// The place that keeps it is away; it may be written all the same.
    #[error("the lease cannot be written: {reason}")]
    Unavailable {
        /// Why.
        reason: String,
    },
}

/// The place that keeps the leases of all ledgers.
///
/// **Concurrency.** Of any number of writers that expect one revision, one writes.
///
/// **Loss.** What is watched may lag behind, but does not go back. After [`LeaseError::Raced`] it shows,
/// soon, what is there.
#[async_trait]
pub trait LeaseStore: Send + Sync + 'static {
    /// A ledger's lease, now and as it changes; `None` while there is none.
    async fn watch(
        &self,
        ledger: &LedgerId,
    ) -> Result<watch::Receiver<Option<SeenLease>>, LeaseError>;

    /// Writes a lease in the place of revision `expected`, or where there is none. Returns the new
    /// revision.
    async fn write(
        &self,
        ledger: &LedgerId,
        lease: &Lease,
        expected: Option<u64>,
    ) -> Result<u64, LeaseError>;
}

/// How long leases last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How often a holder writes its lease anew.
    pub renew_every: Duration,
    /// How long after it began to write it last a holder leads.
    pub leads_for: Duration,
    /// How long after it saw the last revision another node takes the lease.
    pub expires_after: Duration,
    /// How long the other nodes' newest checkpoints are waited for before a node that has the lease
    /// leads.
    pub ask_for: Duration,
}

impl Default for Timing {
    /// Three attempts to renew before a holder gives up, another second before it is replaced: a leader
    /// that dies is replaced within five seconds, and one write a second a ledger is what that costs. The
    /// others are asked for many round trips, and a small part of that time.
    fn default() -> Timing {
        Timing {
            renew_every: Duration::from_secs(1),
            leads_for: Duration::from_secs(3),
            expires_after: Duration::from_secs(4),
            ask_for: Duration::from_millis(300),
        }
    }
}

/// What to do about a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Write it, in the place of this revision.
    Write {
        /// The revision; `None` where there is none.
        expected: Option<u64>,
    },
    /// Nothing before this moment of the monotonic clock, unless another revision is seen.
    Wait {
        /// The moment.
        until: Duration,
    },
}

/// One node's knowledge of one lease, and what it does about it. Moments are of its monotonic clock.
#[derive(Clone, Debug)]
pub(crate) struct Candidacy {
    me: NodeId,
    timing: Timing,
    seen: Option<SeenLease>,
    /// When that was seen first.
    seen_at: Duration,
    /// The revision written last, and when writing it began.
    own: Option<(u64, Duration)>,
}

impl Candidacy {
    /// Begins at `now` with what is there.
    pub(crate) fn new(
        me: NodeId,
        timing: Timing,
        seen: Option<SeenLease>,
        now: Duration,
    ) -> Candidacy {
        Candidacy {
            me,
            timing,
            seen,
            seen_at: now,
            own: None,
        }
    }

    /// The lease was seen at `now`. Whether it is a revision that was not seen before.
    pub(crate) fn saw(&mut self, seen: Option<SeenLease>, now: Duration) -> bool {
        let revision = |seen: &Option<SeenLease>| seen.as_ref().map(|seen| seen.revision);
        let (before, after) = (revision(&self.seen), revision(&seen));
        if before == after || after < self.own.map(|(revision, _)| revision) {
            return false;
        }
        if after > self.own.map(|(revision, _)| revision) {
            self.own = None;
        }
        self.seen = seen;
        self.seen_at = now;
        true
    }

    /// This node has written `revision`; it began to at `began`.
    pub(crate) fn wrote(&mut self, revision: u64, began: Duration) {
        self.own = Some((revision, began));
    }

    /// This node no longer holds it, whatever is written.
    pub(crate) fn lost(&mut self) {
        self.own = None;
    }

    /// The revision to give up, if it is this node's.
    pub(crate) fn own_revision(&self) -> Option<u64> {
        self.own.map(|(revision, _)| revision)
    }

    /// Whether this node leads at `now`.
    pub(crate) fn leads(&self, now: Duration) -> bool {
        self.own
            .is_some_and(|(_, began)| now < began + self.timing.leads_for)
    }

    /// Who leads, as far as is known.
    pub(crate) fn leader(&self) -> Option<&NodeId> {
        if self.own.is_some() {
            return Some(&self.me);
        }
        self.seen.as_ref()?.lease.as_ref()?.holder.as_ref()
    }

    /// What to do at `now`. `shy` is how long a free lease is left to others, who may hold fewer.
    pub(crate) fn step(&self, now: Duration, shy: Duration) -> Step {
        if let Some((revision, began)) = self.own {
            let expected = Some(revision);
            return due(now, began + self.timing.renew_every, expected);
        }
        let Some(seen) = &self.seen else {
            return due(now, self.seen_at + shy, None);
        };
        let expected = Some(seen.revision);
        let patience = match seen.lease.as_ref().map(|lease| &lease.holder) {
            Some(None) => shy,
            // An earlier run of this very node's, which alone has its data directory.
            Some(Some(holder)) if *holder == self.me => Duration::ZERO,
            _ => self.timing.expires_after + shy,
        };
        due(now, self.seen_at + patience, expected)
    }
}

fn due(now: Duration, at: Duration, expected: Option<u64>) -> Step {
    if now >= at {
        Step::Write { expected }
    } else {
        Step::Wait { until: at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(number: u8) -> NodeId {
        NodeId::from_bytes([number; 8])
    }

    fn seen(revision: u64, holder: Option<u8>) -> SeenLease {
        SeenLease {
            lease: Some(Lease {
                holder: holder.map(node),
                written_at: Millis(0),
            }),
            revision,
            stamped_at: None,
        }
    }

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    const NOT_SHY: Duration = ms(0);

    fn candidacy(found: Option<SeenLease>) -> Candidacy {
        Candidacy::new(node(1), Timing::default(), found, ms(100))
    }

    fn write(expected: Option<u64>) -> Step {
        Step::Write { expected }
    }

    #[test]
    fn a_lease_nobody_has_is_taken_at_once_or_a_little_later() {
        for (found, expected) in [(None, None), (Some(seen(5, None)), Some(5))] {
            let candidacy = candidacy(found);
            assert_eq!(candidacy.step(ms(100), NOT_SHY), write(expected));
            let until = ms(120);
            assert_eq!(candidacy.step(ms(119), ms(20)), Step::Wait { until });
            assert_eq!(candidacy.step(ms(120), ms(20)), write(expected));
            assert!(!candidacy.leads(ms(120)));
        }
    }

    #[test]
    fn anothers_lease_is_taken_once_no_revision_has_come_for_its_time() {
        let mut candidacy = candidacy(Some(seen(5, Some(2))));
        assert_eq!(candidacy.leader(), Some(&node(2)));
        assert_eq!(
            candidacy.step(ms(4_099), NOT_SHY),
            Step::Wait { until: ms(4_100) }
        );
        assert!(candidacy.saw(Some(seen(6, Some(2))), ms(4_099)));
        assert_eq!(
            candidacy.step(ms(4_100), NOT_SHY),
            Step::Wait { until: ms(8_099) }
        );
        // The same revision again is no sign of life.
        assert!(!candidacy.saw(Some(seen(6, Some(2))), ms(8_000)));
        assert_eq!(candidacy.step(ms(8_099), NOT_SHY), write(Some(6)));
    }

    #[test]
    fn a_record_that_nobody_understands_expires_like_anothers() {
        let unknown = SeenLease {
            lease: None,
            revision: 5,
            stamped_at: None,
        };
        let candidacy = candidacy(Some(unknown));
        assert_eq!(candidacy.leader(), None);
        assert_eq!(
            candidacy.step(ms(4_099), NOT_SHY),
            Step::Wait { until: ms(4_100) }
        );
        assert_eq!(candidacy.step(ms(4_100), NOT_SHY), write(Some(5)));
    }

    #[test]
    fn ones_own_lease_of_an_earlier_run_is_taken_at_once() {
        let candidacy = candidacy(Some(seen(5, Some(1))));
        assert_eq!(candidacy.step(ms(100), ms(500)), write(Some(5)));
        assert!(!candidacy.leads(ms(100)));
    }

    #[test]
    fn a_holder_renews_in_time_and_leads_for_a_while_without() {
        let mut candidacy = candidacy(None);
        candidacy.wrote(1, ms(150));
        candidacy.saw(Some(seen(1, Some(1))), ms(180));
        assert_eq!(candidacy.leader(), Some(&node(1)));
        assert_eq!(
            candidacy.step(ms(1_149), NOT_SHY),
            Step::Wait { until: ms(1_150) }
        );
        assert_eq!(candidacy.step(ms(1_150), ms(900)), write(Some(1)));
        assert!(candidacy.leads(ms(3_149)));
        assert!(!candidacy.leads(ms(3_150)));
        candidacy.wrote(2, ms(3_200));
        assert!(candidacy.leads(ms(3_200)));
        // What was written before comes late, and says nothing new.
        assert!(!candidacy.saw(Some(seen(1, Some(1))), ms(3_300)));
        assert!(candidacy.leads(ms(3_300)));
    }

    #[test]
    fn who_sees_a_later_revision_than_its_own_has_lost_the_lease() {
        let mut candidacy = candidacy(None);
        candidacy.wrote(1, ms(150));
        assert!(candidacy.saw(Some(seen(2, Some(2))), ms(200)));
        assert!(!candidacy.leads(ms(200)));
        assert_eq!(candidacy.leader(), Some(&node(2)));
        assert_eq!(
            candidacy.step(ms(4_199), NOT_SHY),
            Step::Wait { until: ms(4_200) }
        );
        // Also where another copy of its data directory has written it in its own name.
        candidacy.wrote(3, ms(5_000));
        assert!(candidacy.saw(Some(seen(4, Some(1))), ms(5_100)));
        assert!(!candidacy.leads(ms(5_100)));
    }

    #[test]
    fn records_are_read_as_they_were_written_and_others_are_not() {
        for holder in [None, Some(node(7))] {
            let lease = Lease {
                holder,
                written_at: Millis(1_772_380_800_000),
            };
            assert_eq!(Lease::decode(lease.encode().as_bytes()), Some(lease));
        }
        for record in [
            &b""[..],
            b"-",
            b"- x",
            b"0707070707070707",
            b"07 1",
            b"\xff 1",
        ] {
            assert_eq!(Lease::decode(record), None);
        }
        assert_eq!("07070707070707A7".parse::<NodeId>(), Err(NodeIdError));
    }
}
