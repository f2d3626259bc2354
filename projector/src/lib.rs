//! Views over the ledger, rebuilt from it at will.
//!
//! What was decided, who holds which office, where a motion stands: a *projection* turns entries into
//! rows, one view a file in [`views`]; a *runner* a ledger follows the durable log and commits each
//! block's changes together with the *position* they stand at, in one transaction; a query reads rows
//! that all agree with one position, and names it.
//!
//! What it is not: it decides nothing and counts no votes (`governance` does), and nothing rests on it.
//! Every row is a function of the log's entries, so the views may be deleted at any time and come back
//! identical to the byte. Erasable content is not in them, only its digest. They know no wire and no
//! status codes.
//!
//! Specification: ARCHITECTURE.md ("What always holds", 4), and proto/governance/v1/query.proto for what is
//! asked.

mod codec;
mod content;
mod keys;
mod ledger_views;
mod node;
mod page;
mod past;
mod position;
mod progress;
mod projection;
mod projector;
mod query;
mod rebuild;
mod runner;
pub mod search;
mod source;
mod summary;
mod view_store;
pub mod views;

pub use codec::CodecError;
pub use content::ContentRow;
pub use ledger_views::LedgerViews;
pub use page::{PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Page, PageRequest, SCAN_MAX};
pub use past::PastError;
pub use position::Position;
pub use progress::{Condition, Progress, WaitError};
pub use projection::{Logged, ProjectionError};
pub use projector::Projector;
pub use query::{Answer, QueryError};
pub use source::{EntrySource, OwnedEntry, SourceEntry, SourceError};
pub use summary::{Gist, Subject, Summary};
pub use view_store::{FORMAT, Pair, StoreError, View, ViewStore};
