//! Erasable texts, fetched when a question is answered: what was erased is gone from every answer.

use ledger::{Ledger, ReadError};
use projector::ContentRow;
use proto::v1;

use crate::status::Problem;

/// Most bytes of texts in one answer: 1 MiB, four of the largest, within what clients take.
const TEXTS_LEN_MAX: usize = 1024 * 1024;

/// What became of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// Here it is.
    There(String),
    /// It was erased.
    Erased,
    /// It is not text, there is no room for it, or what is stored is not what was recorded.
    LeftOut,
}

/// Fetches texts for one answer, as long as there is room in it.
pub(crate) struct Texts<'a> {
    ledger: &'a Ledger,
    room: usize,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(ledger: &'a Ledger) -> Self {
        Self {
            ledger,
            room: TEXTS_LEN_MAX,
        }
    }

    /// The text of a content.
    pub(crate) async fn fetch(&mut self, content: &ContentRow) -> Result<Text, Problem> {
        // What the action says of the length was checked when it was recorded.
        let fits = usize::try_from(content.length).is_ok_and(|length| length <= self.room);
        let is_text = content.media_type.starts_with("text/");
        let bytes = match self.ledger.content(&content.digest).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Text::Erased),
            // One damaged text takes nothing else from an answer; an audit names it.
            Err(error @ ReadError::ContentDamaged { .. }) => {
                tracing::error!(ledger = %self.ledger.id(), %error, "a content is left out");
                return Ok(Text::LeftOut);
            }
            Err(error) => return Err(error.into()),
        };
        if !(fits && is_text) {
            return Ok(Text::LeftOut);
        }
        self.room -= bytes.len();
        Ok(String::from_utf8(bytes).map_or(Text::LeftOut, Text::There))
    }

    /// A public text, where there is one, with what became of it.
    pub(super) async fn public(
        &mut self,
        content: Option<&ContentRow>,
    ) -> Result<Option<v1::PublicText>, Problem> {
        let Some(content) = content else {
            return Ok(None);
        };
        let mut public = v1::PublicText::default();
        match self.fetch(content).await? {
            Text::There(text) => public.text = text,
            Text::Erased => public.erased = true,
            Text::LeftOut => public.left_out = true,
        }
        Ok(Some(public))
    }

    /// A published name; empty where there is none, or it was erased.
    pub(crate) async fn name(&mut self, content: Option<&ContentRow>) -> Result<String, Problem> {
        let Some(content) = content else {
            return Ok(String::new());
        };
        match self.fetch(content).await? {
            Text::There(name) => Ok(name),
            Text::Erased | Text::LeftOut => Ok(String::new()),
        }
    }
}
