//! One visitor's question to one community: its books, its time, and addresses within it.

use governance::ids::Millis;
use ledger::LedgerInfo;
use proto::v1;

use super::{
    layout::{Heading, Page, Section},
    reader::Reader,
    show::Times,
};
use crate::{services::Sources, services::query::Books, status::Problem};

/// What every page of a community is made from.
pub(super) struct Desk {
    pub(super) books: Books,
    pub(super) info: LedgerInfo,
    pub(super) times: Times,
    pub(super) reader: Reader,
}

impl Desk {
    /// The desk of a community for a visitor.
    pub(super) fn open(sources: &Sources, ledger: &str, reader: &Reader) -> Result<Self, Problem> {
        let books = Books::of(sources, ledger, None)?;
        let info = books.ledger.info();
        let times = Times::new(reader.lang, info.utc_offsets.clone());
        Ok(Self {
            books,
            info,
            times,
            reader: reader.clone(),
        })
    }

    /// A path within the community: `/decisions` → `/xinyuanli/decisions`.
    pub(super) fn path(&self, within: &str) -> String {
        format!("/{}{within}", self.info.ledger)
    }

    /// The address of a page within the community, for this visitor.
    pub(super) fn link(&self, within: &str) -> String {
        self.reader.link(&self.path(within))
    }

    /// The same, with parameters.
    pub(super) fn link_with(&self, within: &str, parameters: &[(&str, &str)]) -> String {
        self.reader.link_with(&self.path(within), parameters)
    }

    /// A page of the community without content yet.
    pub(super) fn page(&self, section: Section, title: impl Into<String>) -> Page {
        Page::new(section, title).under(Heading {
            ledger: self.info.ledger.to_string(),
            name: self.info.name.clone(),
            demo: self.info.demo,
            halted: self.books.ledger.halted().is_some(),
        })
    }

    /// What the foot of a page says it was computed from.
    pub(super) fn standing(&self, position: &v1::Position, recorded_at: Millis) -> String {
        let entries = super::show::number(position.index + 1);
        let when = self.times.moment(recorded_at);
        self.reader.lang.as_of(entries, when)
    }
}
