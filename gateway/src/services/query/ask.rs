//! One question to one ledger: fields read, views asked, the position told.

use std::{fmt::Display, str::FromStr, sync::Arc};

use governance::ids::{LedgerId, Millis};
use ledger::{Clock, Ledger};
use projector::{
    Answer, LedgerViews, PAGE_SIZE_MAX, Page, PageRequest, Position, Projector, QueryError, View,
};
use proto::v1;
use tokio::task;

use super::moment::Moment;
use crate::{services::Sources, status::Problem};

/// A ledger and its views, and the moment a question to them is about.
pub(crate) struct Books {
    pub(crate) ledger: Arc<Ledger>,
    pub(super) views: Arc<LedgerViews>,
    pub(super) projector: Arc<Projector>,
    pub(super) moment: Moment,
    clock: Arc<dyn Clock>,
}

/// What was asked for, and what it was computed from.
pub(crate) struct Told<T> {
    pub(crate) value: T,
    pub(crate) position: v1::Position,
    /// When the entry of that position was recorded.
    pub(crate) recorded_at: Millis,
}

impl Books {
    /// The books of a ledger, as of a moment.
    pub(crate) fn of(
        sources: &Sources,
        ledger: &str,
        moment: Option<v1::Moment>,
    ) -> Result<Self, Problem> {
        let ledger = sources.ledger(ledger)?;
        let views = sources.views(ledger.id())?;
        Ok(Self {
            ledger,
            views,
            projector: Arc::clone(&sources.projector),
            moment: Moment::of(moment),
            clock: Arc::clone(&sources.clock),
        })
    }

    /// Which ledger.
    pub(crate) fn id(&self) -> &LedgerId {
        self.ledger.id()
    }

    /// The moment that "as of now" means.
    pub(crate) fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Asks the views, once they are as fresh as the question wants them, as of its moment.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View<'_>) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<Told<T>, Problem> {
        self.become_fresh().await?;
        self.told(self.views_then().await?, question).await
    }

    /// The same of rows that keep the interval in which they hold, and so answer of any moment themselves.
    pub(crate) async fn ask_intervals<T: Send + 'static>(
        &self,
        question: impl FnOnce(&View<'_>) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<Told<T>, Problem> {
        self.become_fresh().await?;
        self.told(Arc::clone(&self.views), question).await
    }

    async fn told<T: Send + 'static>(
        &self,
        views: Arc<LedgerViews>,
        question: impl FnOnce(&View<'_>) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<Told<T>, Problem> {
        let answer = Self::read(views, question).await?;
        Ok(Told {
            value: answer.value,
            recorded_at: answer.position.recorded_at,
            position: self.position(answer.position),
        })
    }

    /// Reads on a thread that may block: sled reads from disk.
    pub(super) async fn read<T: Send + 'static>(
        views: Arc<LedgerViews>,
        question: impl FnOnce(&View<'_>) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<Answer<T>, Problem> {
        let answer = task::spawn_blocking(move || views.read(question)).await;
        Ok(answer.map_err(|_| Problem::broken("a query"))??)
    }

    /// A position with a checkpoint that contains it: views see durable entries only, and what is durable
    /// is in a checkpoint.
    fn position(&self, position: Position) -> v1::Position {
        v1::Position {
            index: position.index,
            leaf: position.leaf.0.to_vec(),
            checkpoint: self.ledger.checkpoint().to_bytes(),
        }
    }
}

/// A field that holds an id, a date or the like.
pub(crate) fn field<T: FromStr<Err: Display>>(name: &str, text: &str) -> Result<T, Problem> {
    text.parse()
        .map_err(|error: T::Err| Problem::field_invalid(name, error))
}

/// As [`field`]; an empty text is nothing.
pub(crate) fn optional_field<T: FromStr<Err: Display>>(
    name: &str,
    text: &str,
) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        Ok(None)
    } else {
        field(name, text).map(Some)
    }
}

/// An enum's number; 0 is nothing.
pub(crate) fn optional_enum<W: TryFrom<i32>, T: TryFrom<W>>(
    name: &str,
    number: i32,
) -> Result<Option<T>, Problem> {
    if number == 0 {
        return Ok(None);
    }
    let known = W::try_from(number)
        .ok()
        .and_then(|wire| T::try_from(wire).ok());
    known.map(Some).ok_or_else(|| {
        Problem::field_invalid(name, format!("{number} is not a value of this enum"))
    })
}

/// An enum of questions alone, by its number.
pub(crate) fn known<W: TryFrom<i32>>(name: &str, number: i32) -> Result<W, Problem> {
    W::try_from(number)
        .map_err(|_| Problem::field_invalid(name, format!("{number} is not a value of this enum")))
}

/// As many as are asked for: `most`, where nothing is said or more is asked.
pub(crate) fn page_size(asked: u32, most: usize) -> usize {
    match usize::try_from(asked) {
        Ok(0) | Err(_) => most,
        Ok(asked) => asked.min(most),
    }
}

/// The page of a list that a request asks for.
pub(crate) fn page_request(size: u32, token: &str) -> PageRequest {
    PageRequest::new(usize::try_from(size).unwrap_or(PAGE_SIZE_MAX), token)
}

/// A page longer than the views give at once, put together of several.
pub(crate) fn long_page<T>(
    rows_max: usize,
    token: &str,
    mut read: impl FnMut(&PageRequest) -> Result<Page<T>, QueryError>,
) -> Result<Page<T>, QueryError> {
    let mut rows = Vec::new();
    let mut token = token.to_owned();
    loop {
        let missing = rows_max - rows.len();
        let page = read(&PageRequest::new(missing.min(PAGE_SIZE_MAX), &token))?;
        rows.extend(page.rows);
        match page.next {
            Some(next) if rows.len() < rows_max => token = next,
            next => return Ok(Page { rows, next }),
        }
    }
}

#[cfg(test)]
mod tests {
    use governance::{action::Outcome, ids::BodyId};

    use super::*;

    fn numbers(upto: u64) -> impl FnMut(&PageRequest) -> Result<Page<u64>, QueryError> {
        let mut given = 0;
        move |_| {
            let rows: Vec<u64> = (given..upto.min(given + 3)).collect();
            given += 3;
            let next = (given < upto).then(|| given.to_string());
            Ok(Page { rows, next })
        }
    }

    #[test]
    fn a_long_page_is_put_together_of_short_ones() {
        let page = long_page(6, "", numbers(7)).unwrap();
        assert_eq!((page.rows.len(), page.next.as_deref()), (6, Some("6")));
        let page = long_page(10, "", numbers(7)).unwrap();
        assert_eq!((page.rows.len(), page.next), (7, None));
        let page = long_page(10, "", numbers(0)).unwrap();
        assert_eq!((page.rows.len(), page.next), (0, None));
    }

    #[test]
    fn a_page_has_what_is_asked_for_and_at_most_what_is_given() {
        assert_eq!(page_size(0, 100), 100);
        assert_eq!(page_size(1, 100), 1);
        assert_eq!(page_size(100, 100), 100);
        assert_eq!(page_size(u32::MAX, 100), 100);
    }

    #[test]
    fn fields_name_themselves_when_they_are_wrong() {
        let wrong = field::<BodyId>("body", "No Such").unwrap_err();
        assert_eq!(
            (wrong.reason(), wrong.field()),
            ("REQUEST_FIELD_INVALID", Some("body"))
        );
        assert_eq!(optional_field::<BodyId>("body", ""), Ok(None));
        let outcome = |number| optional_enum::<v1::Outcome, Outcome>("outcome", number);
        assert_eq!(outcome(0), Ok(None));
        assert_eq!(outcome(1), Ok(Some(Outcome::Adopted)));
        assert_eq!(outcome(99).unwrap_err().field(), Some("outcome"));
    }
}
