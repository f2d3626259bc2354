//! Comparing this node's clock with what leases say of the time.
//!
//! A lease bears the time of the place that keeps it, or of the node that wrote it. What can be told from that rests
//! on when it may have been written by this node's clock:
//!
//! | a lease | was written |
//! |---|---|
//! | of this node's, which was acknowledged | after it asked for it |
//! | that comes as long after the one before it as it was written after that | a moment ago |
//! | any other: after an outage, or late | at any time up to now |
//!
//! So a lease that was on its way while the keeper was away is no reason to doubt a clock.

use std::time::Duration;

use governance::ids::Millis;

use crate::lease::{Lease, NodeId, SeenLease};

/// By how much two leases may come further apart, or closer together, than they were written, and be on time: half
/// of the time between two that a leader writes.
const PROMPT_MS: u64 = 500;

/// What was seen before.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    /// The time that the last lease told, and when it was seen by the monotonic clock.
    last: Option<(Millis, Duration)>,
}

impl Comparison {
    /// How far this node's clock, which shows `now`, is from the time that a lease tells, in milliseconds; `None`
    /// where that cannot be said. `seen_at` is the moment by the monotonic clock; `asked_at` is when this node
    /// asked for the lease, if it did.
    pub(super) fn apart(
        &mut self,
        told: Millis,
        asked_at: Option<Millis>,
        now: Millis,
        seen_at: Duration,
    ) -> Option<u64> {
        let before = self.last.replace((told, seen_at));
        if told > now {
            return Some(told.0 - now.0);
        }
        let earliest = match asked_at {
            Some(asked_at) => asked_at.min(now),
            None if before.is_some_and(|before| is_prompt(before, (told, seen_at))) => now,
            None => return None,
        };
        Some(earliest.0.saturating_sub(told.0))
    }
}

/// Whether as much time passed between two leases as they say.
fn is_prompt(before: (Millis, Duration), after: (Millis, Duration)) -> bool {
    let written = after.0.since(before.0);
    let seen = after.1.saturating_sub(before.1).as_millis();
    u64::try_from(seen).is_ok_and(|seen| seen.abs_diff(written) < PROMPT_MS)
}

/// What time a lease says it was when it was written, for `node` to compare with its own clock: the keeper's, or,
/// where that has none, that of another node. What it wrote itself is no news to it.
pub(super) fn told_time(seen: &SeenLease, node: &NodeId) -> Option<Millis> {
    let others = |lease: &&Lease| lease.holder.as_ref().is_some_and(|holder| holder != node);
    let theirs = seen.lease.as_ref().filter(others);
    seen.stamped_at.or(theirs.map(|lease| lease.written_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000_000;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn apart(
        comparison: &mut Comparison,
        told: u64,
        asked: Option<u64>,
        now: u64,
        at: Duration,
    ) -> Option<u64> {
        comparison.apart(Millis(told), asked.map(Millis), Millis(now), at)
    }

    #[test]
    fn what_this_node_asked_for_was_written_since() {
        let asked = Some(NOW - 2_000);
        let apart = |told| apart(&mut Comparison::default(), told, asked, NOW, s(1));
        assert_eq!([NOW - 2_000, NOW - 1_000, NOW].map(apart), [Some(0); 3]);
        assert_eq!([NOW - 2_001, NOW + 1].map(apart), [Some(1); 2]);
        assert_eq!(apart(NOW - 62_001), Some(60_001));
    }

    #[test]
    fn a_lease_of_the_future_is_told_at_once_and_one_of_the_past_by_the_second_on_time() {
        let mut comparison = Comparison::default();
        assert_eq!(
            apart(&mut comparison, NOW + 61_000, None, NOW, s(0)),
            Some(61_000)
        );
        let mut comparison = Comparison::default();
        let mut seen = |told, now, at| apart(&mut comparison, told, None, now, at);
        assert_eq!(seen(NOW - 61_000, NOW, s(0)), None);
        assert_eq!(seen(NOW - 60_000, NOW + 1_000, s(1)), Some(61_000));
        assert_eq!(
            seen(NOW - 59_501, NOW + 2_000, s(2)),
            None,
            "501 ms apart, and seen after 1,000"
        );
        assert_eq!(
            seen(NOW - 59_000, NOW + 3_000, s(3)),
            Some(62_000),
            "501 ms, within the bound"
        );
    }

    #[test]
    fn what_was_on_its_way_while_its_keeper_was_away_says_nothing() {
        let mut comparison = Comparison::default();
        let mut seen = |told, asked, now, at| apart(&mut comparison, told, asked, now, at);
        assert_eq!(seen(NOW, Some(NOW), NOW, s(0)), Some(0));
        // Written and not acknowledged, as the keeper died; and one that another node wrote before it noticed.
        assert_eq!(seen(NOW + 1_000, None, NOW + 82_000, s(82)), None);
        assert_eq!(seen(NOW + 2_000, None, NOW + 82_000, s(82)), None);
        // Those written since are on time again.
        assert_eq!(seen(NOW + 83_000, None, NOW + 83_000, s(83)), None);
        assert_eq!(seen(NOW + 84_000, None, NOW + 84_000, s(84)), Some(0));
    }

    #[test]
    fn the_time_is_the_keepers_or_else_another_nodes() {
        let [me, other] = [1, 2].map(|node| NodeId::from_bytes([node; 8]));
        let seen = |holder: Option<&NodeId>, stamped_at: Option<u64>| SeenLease {
            lease: Some(Lease {
                holder: holder.cloned(),
                written_at: Millis(20_000),
            }),
            revision: 7,
            stamped_at: stamped_at.map(Millis),
        };
        for holder in [None, Some(&me), Some(&other)] {
            let told = told_time(&seen(holder, Some(100_000)), &me);
            assert_eq!(told, Some(Millis(100_000)));
        }
        assert_eq!(
            told_time(&seen(Some(&other), None), &me),
            Some(Millis(20_000))
        );
        assert_eq!(told_time(&seen(Some(&me), None), &me), None);
        assert_eq!(told_time(&seen(None, None), &me), None);
    }
}
