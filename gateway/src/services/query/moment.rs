//! The moment a question is about, and how fresh its answer must be.

use std::{sync::Arc, time::Duration};

use governance::ids::Millis;
use projector::{LedgerViews, PastError, QueryError, View, views::offices};
use proto::v1::{self, moment::AsOf as AsOfField};

use super::ask::Books;
use crate::{services::NAMED_PATIENCE, status::Problem};

/// How long a question waits for the views to have seen what the log held when it came, so that who
/// has a receipt sees what it did. They are milliseconds behind; where they are further (after a
/// long import, while they are rebuilt), the answer is an older one and says so by its position.
const FRESH_PATIENCE: Duration = Duration::from_secs(1);

/// How long a question waits for views that are only just being opened.
const OPEN_PATIENCE: Duration = Duration::from_secs(5);

/// The moment of a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moment {
    min_index: u64,
    as_of: AsOf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum AsOf {
    #[default]
    Now,
    Index(u64),
    Time(Millis),
}

impl Moment {
    /// As a request says it.
    pub(super) fn of(moment: Option<v1::Moment>) -> Self {
        let Some(moment) = moment else {
            return Self::default();
        };
        let as_of = match moment.as_of {
            None => AsOf::Now,
            Some(AsOfField::AtIndex(index)) => AsOf::Index(index),
            Some(AsOfField::AtTimeMs(ms)) => AsOf::Time(Millis(ms)),
        };
        Self {
            min_index: moment.min_index,
            as_of,
        }
    }

    /// Whether it is the newest.
    pub(super) fn is_now(&self) -> bool {
        self.as_of == AsOf::Now
    }

    /// What "now" is in an answer: the clock's, or of a past moment the time of its last entry.
    pub(super) fn now_in(&self, view: &View<'_>, clock: Millis) -> Millis {
        match self.as_of {
            AsOf::Now => clock,
            AsOf::Index(_) | AsOf::Time(_) => view.position().recorded_at,
        }
    }

    /// The moment as rows that keep the interval in which they hold understand it: offices, powers.
    pub(super) fn of_intervals(&self, clock: Millis) -> offices::AsOf {
        match self.as_of {
            AsOf::Now => offices::AsOf::Time(clock),
            AsOf::Index(index) => offices::AsOf::Index(index),
            AsOf::Time(at) => offices::AsOf::Time(at),
        }
    }
}

impl Books {
    /// Waits until the views are as fresh as the question asks for.
    pub(super) async fn become_fresh(&self) -> Result<(), Problem> {
        let named = self.moment.min_index;
        if named > 0 {
            let waited = self.views.wait_for(named, NAMED_PATIENCE).await;
            waited.map_err(|error| Problem::views_behind(&error))?;
        }
        let newest = self.ledger.durable_size().borrow().saturating_sub(1);
        // Whoever is not served the newest is served what there is.
        if self.views.wait_for(newest, FRESH_PATIENCE).await.is_err() {
            let _ = self.views.wait_for(0, OPEN_PATIENCE).await;
        }
        Ok(())
    }

    /// The views that answer as of the question's moment.
    pub(super) async fn views_then(&self) -> Result<Arc<LedgerViews>, Problem> {
        let index = match self.moment.as_of {
            AsOf::Now => return Ok(Arc::clone(&self.views)),
            AsOf::Index(index) => {
                // Whether there is such an entry.
                self.read_now(move |view| view.timeline_entry(index))
                    .await?;
                index
            }
            AsOf::Time(at) => self.read_now(move |view| view.last_entry_at(at)).await?,
        };
        let past = self.projector.past(self.id(), index).await;
        let past = past.map_err(Problem::from)?;
        past.ok_or_else(|| Problem::no_such_ledger("ledger", self.id().as_str()))
    }

    async fn read_now<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View<'_>) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, Problem> {
        let answer = Self::read(Arc::clone(&self.views), question).await?;
        Ok(answer.value)
    }
}

impl From<PastError> for Problem {
    fn from(error: PastError) -> Self {
        match error {
            PastError::Busy => Self::past_busy(&error),
            PastError::Store(error) => QueryError::from(error).into(),
            PastError::Beyond { .. } | PastError::Source(_) | PastError::Projection(_) => {
                Self::views_unreadable(&error)
            }
        }
    }
}
