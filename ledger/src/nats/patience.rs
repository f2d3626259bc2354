//! For how long an outage is waited for: as long as the configuration says, and a few seconds more once the
//! process is about to end.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long a server that is away is still waited for once the process is about to end: one that is there has
/// answered long before, and whoever waits for an answer gets it while calls under way may end.
const ENDING: Duration = Duration::from_secs(3);

/// Says to all who wait that the process is about to end.
#[derive(Debug)]
pub(super) struct Ending(watch::Sender<Option<Instant>>);

impl Default for Ending {
    fn default() -> Ending {
        Ending(watch::Sender::new(None))
    }
}

impl Ending {
    /// From now on nothing is waited for any longer than [`ENDING`].
    pub(super) fn begin(&self) {
        self.0.send_if_modified(|until| {
            let first = until.is_none();
            until.get_or_insert_with(|| Instant::now() + ENDING);
            first
        });
    }

    /// Patience for so long at most, from now on.
    pub(super) fn patience(&self, most: Duration) -> Patience {
        Patience {
            until: Instant::now() + most,
            ending: self.0.subscribe(),
        }
    }
}

/// Patience with a server that is away.
#[derive(Debug)]
pub(crate) struct Patience {
    until: Instant,
    ending: watch::Receiver<Option<Instant>>,
}

impl Patience {
    /// Does this as long as it lasts; `None` where it was over before.
    pub(crate) async fn bear<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.over() => None,
        }
    }

    /// Whether it is over.
    pub(crate) fn is_over(&self) -> bool {
        Instant::now() >= self.end()
    }

    /// Returns once it is over.
    async fn over(&mut self) {
        loop {
            let end = self.end();
            tokio::select! {
                () = tokio::time::sleep_until(end) => return,
                Ok(()) = self.ending.changed() => {}
            }
        }
    }

    fn end(&self) -> Instant {
        let ending = *self.ending.borrow();
        ending.map_or(self.until, |ending| ending.min(self.until))
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const MOST: Duration = Duration::from_secs(300);

    #[tokio::test(start_paused = true)]
    async fn it_lasts_as_long_as_was_said_and_is_cut_short_once() {
        let (ending, began) = (Ending::default(), Instant::now());
        let mut patience = ending.patience(MOST);
        assert_eq!(patience.bear(async { 7 }).await, Some(7));
        assert!(!patience.is_over());
        assert_eq!(patience.bear(pending::<()>()).await, None);
        assert_eq!(began.elapsed().as_secs(), 300);
        assert!(patience.is_over());

        let began = Instant::now();
        let mut patience = ending.patience(MOST);
        let waiting = tokio::spawn(async move { patience.bear(pending::<()>()).await });
        tokio::time::sleep(Duration::from_secs(10)).await;
        ending.begin();
        tokio::time::sleep(Duration::from_secs(1)).await;
        ending.begin();
        assert_eq!(waiting.await.unwrap(), None);
        assert_eq!(began.elapsed(), Duration::from_secs(10) + ENDING);
        // Whoever comes later has none, but hears what is there to be heard.
        let mut late = ending.patience(MOST);
        assert_eq!(late.bear(async { 7 }).await, Some(7));
        assert_eq!(late.bear(pending::<()>()).await, None);
    }
}
