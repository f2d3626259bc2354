//! Time, as an argument: the system's clock, or one that tests and the demo move by hand.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use governance::ids::Millis;
use tokio::sync::watch;

/// How far the wall clock may move against the monotonic one before the ledger stops extending:
/// 60 s is far beyond what keeping time corrects, and one entry from the future cannot be taken back.
pub const CLOCK_JUMP_MS_MAX: u64 = 60_000;

/// The longest a [`SystemClock`] sleeps before it looks at the wall clock again, so that a corrected
/// clock makes a derived entry late by an hour at most.
const SLEEP_MAX: Duration = Duration::from_secs(3_600);

/// What time it is, and when it will be later.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// The wall clock. It may be wrong and may go back.
    fn now(&self) -> Millis;

    /// The wall clock and, as of the same moment, the time since one that never changes: that never goes
    /// back and is never set.
    fn both(&self) -> (Millis, Duration);

    /// Returns once [`Clock::now`] is at or after `at`. May be dropped at any time.
    async fn wait_until(&self, at: Millis);
}

/// The operating system's clocks.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// The clock, its monotonic time counted from now.
    pub fn new() -> SystemClock {
        SystemClock {
            started: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Millis {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
        // A clock before 1970 is wrong, and time zero makes every action's time too far ahead.
        let ms = since_1970.map_or(0, |since| since.as_millis());
        Millis(u64::try_from(ms).unwrap_or(u64::MAX))
    }

    fn both(&self) -> (Millis, Duration) {
        (self.now(), self.started.elapsed())
    }

    async fn wait_until(&self, at: Millis) {
        loop {
            let left = at.since(self.now());
            if left == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(left).min(SLEEP_MAX)).await;
        }
    }
}

/// A clock that stands still until it is moved. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct ManualClock {
    time: watch::Sender<ManualTime>,
}

#[derive(Clone, Copy, Debug)]
struct ManualTime {
    wall: Millis,
    monotonic: Duration,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: Millis) -> ManualClock {
        let time = ManualTime {
            wall: now,
            monotonic: Duration::ZERO,
        };
        ManualClock {
            time: watch::Sender::new(time),
        }
    }

    /// Time passes: both clocks move, and whoever waited for a moment now reached goes on.
    pub fn advance(&self, ms: u64) {
        self.time.send_modify(|time| {
            time.wall = time.wall.plus(ms);
            time.monotonic += Duration::from_millis(ms);
        });
    }

    /// Time passes until `at`; nothing happens if it is there already.
    pub fn advance_to(&self, at: Millis) {
        self.advance(at.since(self.now()));
    }

    /// The wall clock is set, although no time passes.
    pub fn set_wall(&self, now: Millis) {
        self.time.send_modify(|time| time.wall = now);
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Millis {
        self.time.borrow().wall
    }

    fn both(&self) -> (Millis, Duration) {
        let time = *self.time.borrow();
        (time.wall, time.monotonic)
    }

    async fn wait_until(&self, at: Millis) {
        let mut time = self.time.subscribe();
        // `self` keeps the sender, so waiting ends only by the time being reached.
        let _ = time.wait_for(|time| time.wall >= at).await;
    }
}

/// Notices when the wall clock is set while the node runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClockGuard {
    wall: Millis,
    monotonic: Duration,
}

impl ClockGuard {
    /// Takes the clock as it is now for right.
    pub(crate) fn new(clock: &dyn Clock) -> ClockGuard {
        let (wall, monotonic) = clock.both();
        ClockGuard { wall, monotonic }
    }

    /// The time, unless the wall clock has moved more than [`CLOCK_JUMP_MS_MAX`] against the
    /// monotonic one since the guard was made; then by how much it has, in milliseconds.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Result<Millis, u64> {
        let (now, monotonic) = clock.both();
        let passed = monotonic.saturating_sub(self.monotonic);
        let passed_ms = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        let jump = self.wall.plus(passed_ms).0.abs_diff(now.0);
        if jump > CLOCK_JUMP_MS_MAX {
            Err(jump)
        } else {
            Ok(now)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_jump_is_borne_and_a_millisecond_more_is_not() {
        let clock = ManualClock::at(Millis(1_000_000));
        let guard = ClockGuard::new(&clock);
        clock.advance(5_000);
        clock.set_wall(Millis(1_065_000));
        assert_eq!(guard.now(&clock), Ok(Millis(1_065_000)));
        clock.set_wall(Millis(1_065_001));
        assert_eq!(guard.now(&clock), Err(60_001));
        clock.set_wall(Millis(945_000));
        assert_eq!(guard.now(&clock), Ok(Millis(945_000)));
        clock.set_wall(Millis(944_999));
        assert_eq!(guard.now(&clock), Err(60_001));
    }

    #[test]
    fn time_that_merely_passes_is_no_jump() {
        let clock = ManualClock::at(Millis(0));
        let guard = ClockGuard::new(&clock);
        clock.advance(400 * Millis::DAY);
        assert_eq!(guard.now(&clock), Ok(Millis(400 * Millis::DAY)));
    }

    #[tokio::test]
    async fn a_manual_clock_wakes_who_waits_for_its_moment() {
        let clock = ManualClock::at(Millis(10));
        clock.wait_until(Millis(10)).await;
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.wait_until(Millis(20)).await }
        });
        clock.advance(9);
        assert!(!waiting.is_finished());
        clock.advance_to(Millis(20));
        waiting.await.expect("wakes");
        clock.advance_to(Millis(5));
        assert_eq!(clock.now(), Millis(20));
    }

    #[tokio::test]
    async fn the_system_clock_waits_for_a_moment_close_by() {
        let clock = SystemClock::new();
        let at = clock.now().plus(2);
        clock.wait_until(at).await;
        assert!(clock.now() >= at);
    }
}
