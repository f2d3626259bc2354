//! How far the views of a ledger have come, for those who wait for it.

use std::time::Duration;

use tokio::{sync::watch, time};

use crate::position::Position;

/// How far the views of a ledger have come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last entry seen; `None` before the first.
    pub position: Option<Position>,
    /// How many entries the log had when its runner last looked.
    pub log_size: u64,
    /// What the runner is doing.
    pub condition: Condition,
}

/// What a runner is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Condition {
    /// Following the log.
    #[default]
    Following,
    /// The log cannot be read just now; it is tried again.
    Waiting {
        /// Why.
        reason: String,
    },
    /// The views no longer advance. What they hold can still be read, and says its position.
    Failed {
        /// Why.
        reason: String,
    },
    /// Shut down.
    Stopped,
}

impl Progress {
    /// How many entries the views have seen.
    pub fn size(&self) -> u64 {
        self.position.map_or(0, |position| position.index + 1)
    }

    /// The entry at `index` is recorded, and the views have not seen it.
    pub(crate) fn lacks(&self, index: u64) -> bool {
        (self.size()..self.log_size).contains(&index)
    }

    fn has_ended(&self) -> bool {
        matches!(
            self.condition,
            Condition::Failed { .. } | Condition::Stopped
        )
    }
}

/// Why waiting for an entry was given up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WaitError {
    /// The time is over.
    #[error("the views did not come to entry {asked} in time: they stand before entry {size}")]
    TooLate {
        /// The entry waited for.
        asked: u64,
        /// How many the views have seen.
        size: u64,
    },
    /// They will not come to it.
    #[error("the views no longer advance and stand before entry {size}: {reason}")]
    Ended {
        /// How many the views have seen.
        size: u64,
        /// Why.
        reason: String,
    },
}

/// Waits until the entry at `index` has been seen, at most `patience`.
pub(crate) async fn wait_for(
    mut progress: watch::Receiver<Progress>,
    index: u64,
    patience: Duration,
) -> Result<Position, WaitError> {
    let arrived = |now: &Progress| now.position.filter(|position| position.index >= index);
    let settled = |now: &Progress| arrived(now).is_some() || now.has_ended();
    let too_late = time::timeout(patience, progress.wait_for(settled))
        .await
        .is_err();
    if too_late {
        let size = progress.borrow().size();
        return Err(WaitError::TooLate { asked: index, size });
    }
    // A sender that is gone was dropped with its views: what was last said still holds.
    let now = progress.borrow();
    arrived(&now).ok_or_else(|| WaitError::Ended {
        size: now.size(),
        reason: match &now.condition {
            Condition::Failed { reason } => reason.clone(),
            _ => "the projector was shut down".to_owned(),
        },
    })
}
