//! Full-text search over public texts, as of the newest moment.
//!
//! A ledger's index is made when it is first searched, and brought up to date by each question. A hit is shown only
//! once its text was fetched again: an erased one is nowhere to be fetched, and leaves the index.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governance::ids::{LedgerId, Millis, MotionId};
use projector::{
    ContentRow, PageRequest, QueryError, View,
    search::{Found, SearchError, SearchIndex, Searchable, Wanted},
    views::texts::{TextKind, TextPlace, TextRow},
};
use proto::v1;
use tokio::{
    sync::OwnedMutexGuard,
    task,
    time::{Instant, timeout_at},
};

use super::{
    ask::{Books, field, known, page_size},
    contents::{Text, Texts},
};
use crate::status::Problem;

/// How long a question waits for the index to be made: some ten thousand texts. What was made by then is kept.
const MAKING_PATIENCE: Duration = Duration::from_secs(15);

/// Entries with texts taken in at once: a commit of some MiB.
const TAKEN_AT_ONCE: usize = 500;

/// Hits in a page: each is fetched, and its text cut.
const HITS_MAX: usize = 100;
const HITS_DEFAULT: usize = 20;

/// Hits that can be paged through. Who has more looks for something else.
const OFFSET_MAX: usize = 1_000;

/// The index of a ledger, once anybody asked, for one question at a time.
type Shelf = Arc<tokio::sync::Mutex<Option<SearchIndex>>>;

/// The indexes of a node's ledgers, as far as anybody asked.
#[derive(Clone, Default)]
pub struct Searches(Arc<Mutex<BTreeMap<LedgerId, Shelf>>>);

impl Searches {
    fn of(&self, ledger: &LedgerId) -> Shelf {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(ledger.clone()).or_default())
    }
}

type Held = OwnedMutexGuard<Option<SearchIndex>>;

pub(crate) async fn search(
    books: &Books,
    searches: &Searches,
    request: v1::SearchRequest,
) -> Result<v1::SearchResponse, Problem> {
    let wanted: Wanted = field("query", &request.query)?;
    let kind = kind_filter(request.kind)?;
    let most = match request.page_size {
        0 => HITS_DEFAULT,
        size => page_size(size, HITS_MAX),
    };
    let from = offset(&request.page_token)?;
    let deadline = Instant::now() + MAKING_PATIENCE;
    let held = timeout_at(deadline, searches.of(books.id()).lock_owned()).await;
    let held = held.map_err(|_| Problem::search_not_ready())?;
    let (held, position) = catch_up(books, held, deadline).await?;
    let asked = Asked { wanted, kind, most };
    let (hits, next) = asked.hits(books, held, from).await?;
    Ok(v1::SearchResponse {
        hits,
        next_page_token: next.map(|next| next.to_string()).unwrap_or_default(),
        position: Some(position),
    })
}

/// A token is how many hits went before.
fn offset(token: &str) -> Result<usize, Problem> {
    if token.is_empty() {
        return Ok(0);
    }
    let offset = token.parse().ok().filter(|offset| *offset <= OFFSET_MAX);
    offset.ok_or_else(|| QueryError::PageToken.into())
}

/// Takes in the texts of entries that the index does not know yet.
async fn catch_up(
    books: &Books,
    mut held: Held,
    deadline: Instant,
) -> Result<(Held, v1::Position), Problem> {
    loop {
        let next = held.as_ref().map_or(0, SearchIndex::next);
        let told = books
            .ask(move |view| {
                let page = PageRequest::new(TAKEN_AT_ONCE, "");
                let page = view.texts_from(next, &page)?;
                let mut texts = Vec::new();
                for (index, rows) in &page.rows {
                    for (part, row) in (0_u64..).zip(rows) {
                        texts.push((*index, part, row.clone(), placed(view, row)?));
                    }
                }
                // Where there is more, the last of these entries is where to go on after.
                let last = page.next.and_then(|_| page.rows.last());
                let seen = last.map_or(view.position().index, |(index, _)| *index);
                Ok((texts, seen, last.is_none()))
            })
            .await?;
        let (texts, seen, all) = told.value;
        let mut fetched = Vec::with_capacity(texts.len());
        for (index, part, row, placed) in texts {
            if let Some((title, text)) = fetch(books, placed).await? {
                // What was said on a motion is not found by the motion's title.
                let own = row.kind == TextKind::Motion;
                let title = if own { title } else { String::new() };
                fetched.push(Searchable {
                    key: row.key,
                    index,
                    part,
                    title,
                    text,
                });
            }
        }
        held = changed(held, move |index| index.add(&fetched, seen + 1)).await?;
        if all {
            return Ok((held, told.position));
        }
        if Instant::now() >= deadline {
            return Err(Problem::search_not_ready());
        }
    }
}

/// Works on the index on a thread that may block.
async fn changed(
    mut held: Held,
    change: impl FnOnce(&mut SearchIndex) -> Result<(), SearchError> + Send + 'static,
) -> Result<Held, Problem> {
    let changed = task::spawn_blocking(move || {
        let mut index = match held.take() {
            Some(index) => index,
            None => SearchIndex::new()?,
        };
        // One that fails is dropped, and the next question makes another.
        change(&mut index)?;
        *held = Some(index);
        Ok::<_, SearchError>(held)
    });
    let changed = changed.await.map_err(|_| Problem::broken("a search"))?;
    changed.map_err(|error| Problem::search_fails(&error))
}

/// A text as the views have it: its title, and the text or where to fetch it.
enum Placed {
    Here(String, String),
    There(String, ContentRow),
}

fn placed(view: &View<'_>, row: &TextRow) -> Result<Placed, QueryError> {
    let title = title(view, row)?;
    Ok(match &row.place {
        TextPlace::Here(text) => Placed::Here(title, text.clone()),
        TextPlace::Content(content) => Placed::There(title, content.clone()),
        TextPlace::Motion(motion) => {
            let text = view.motion_text(motion)?;
            Placed::Here(
                title,
                text.map(|text| text.paragraphs.join("\n"))
                    .unwrap_or_default(),
            )
        }
    })
}

/// What a text is about, where that has a title.
fn title(view: &View<'_>, row: &TextRow) -> Result<String, QueryError> {
    let of_motion = matches!(
        row.kind,
        TextKind::Motion | TextKind::Statement | TextKind::Progress
    );
    let motion = of_motion
        .then(|| MotionId::new(&row.subject).ok())
        .flatten();
    let motion = motion.map(|motion| view.motion(&motion)).transpose()?;
    Ok(motion
        .flatten()
        .map(|motion| motion.title)
        .unwrap_or_default())
}

/// Title and text; nothing where it was erased, or is no text.
async fn fetch(books: &Books, placed: Placed) -> Result<Option<(String, String)>, Problem> {
    match placed {
        Placed::Here(title, text) => Ok(Some((title, text))),
        Placed::There(title, content) => {
            // Each on its own: a content is at most 256 KiB, and none is left out for another.
            match Texts::new(&books.ledger).fetch(&content).await? {
                Text::There(text) => Ok(Some((title, text))),
                Text::Erased | Text::LeftOut => Ok(None),
            }
        }
    }
}

/// What is asked of an index that is up to date.
struct Asked {
    wanted: Wanted,
    kind: Option<TextKind>,
    most: usize,
}

/// A hit as the views have it.
struct Hit {
    row: TextRow,
    index: u64,
    recorded_at: Millis,
    placed: Placed,
}

impl Asked {
    /// A page of hits from an offset on, and where the next begins.
    async fn hits(
        &self,
        books: &Books,
        mut held: Held,
        from: usize,
    ) -> Result<(Vec<v1::SearchHit>, Option<usize>), Problem> {
        let (mut hits, mut erased, mut at) = (Vec::new(), Vec::new(), from);
        let next = loop {
            if at >= OFFSET_MAX {
                break None;
            }
            let (found, back) = self.found(held, at).await?;
            held = back;
            let last = found.len() < self.most;
            for hit in rows(books, found).await? {
                if hits.len() == self.most {
                    break;
                }
                at += 1;
                let Some(hit) = hit.filter(|hit| self.takes(hit)) else {
                    continue;
                };
                match fetch(books, hit.placed).await? {
                    None => erased.push(hit.row.key),
                    Some((title, text)) => {
                        let place = (hit.index, hit.recorded_at);
                        hits.push(self.shown(&hit.row, place, title, &text));
                    }
                }
            }
            if hits.len() == self.most {
                break Some(at);
            }
            if last {
                break None;
            }
        };
        // What leaves the index now stands before nothing any more.
        let next = next.map(|next| next - erased.len());
        if !erased.is_empty() {
            changed(held, move |index| index.forget(&erased)).await?;
        }
        Ok((hits, next))
    }

    fn takes(&self, hit: &Hit) -> bool {
        self.kind.is_none_or(|kind| hit.row.kind == kind)
    }

    async fn found(&self, held: Held, at: usize) -> Result<(Vec<Found>, Held), Problem> {
        let (wanted, most) = (self.wanted.clone(), self.most);
        let found = task::spawn_blocking(move || {
            let found = match held.as_ref() {
                Some(index) => index.find(&wanted, at, most)?,
                None => Vec::new(),
            };
            Ok::<_, SearchError>((found, held))
        });
        let found = found.await.map_err(|_| Problem::broken("a search"))?;
        found.map_err(|error| Problem::search_fails(&error))
    }

    fn shown(
        &self,
        row: &TextRow,
        (index, recorded_at): (u64, Millis),
        title: String,
        text: &str,
    ) -> v1::SearchHit {
        let snippet = self.wanted.snippet(text).into_iter();
        v1::SearchHit {
            kind: kind(row.kind).into(),
            subject: row.subject.clone(),
            title,
            index,
            recorded_at_ms: recorded_at.0,
            snippet: snippet
                .map(|part| v1::SnippetPart {
                    text: part.text,
                    wanted: part.wanted,
                })
                .collect(),
        }
    }
}

/// What the views say of what was found; nothing of what they do not know, e.g. while they are rebuilt.
async fn rows(books: &Books, found: Vec<Found>) -> Result<Vec<Option<Hit>>, Problem> {
    let told = books
        .ask(move |view| {
            let mut hits = Vec::with_capacity(found.len());
            for found in found {
                let part = usize::try_from(found.part).unwrap_or(usize::MAX);
                let row = view.texts_of(found.index)?.into_iter().nth(part);
                let hit = |row: TextRow| {
                    Ok::<_, QueryError>(Hit {
                        placed: placed(view, &row)?,
                        recorded_at: view.timeline_entry(found.index)?.recorded_at,
                        row,
                        index: found.index,
                    })
                };
                hits.push(row.map(hit).transpose()?);
            }
            Ok(hits)
        })
        .await?;
    Ok(told.value)
}

fn kind(kind: TextKind) -> v1::TextKind {
    match kind {
        TextKind::Motion => v1::TextKind::Motion,
        TextKind::Statement => v1::TextKind::Statement,
        TextKind::Progress => v1::TextKind::Progress,
        TextKind::Report => v1::TextKind::Report,
        TextKind::Question => v1::TextKind::Question,
        TextKind::Issue => v1::TextKind::Issue,
        TextKind::Power => v1::TextKind::Power,
        TextKind::Body => v1::TextKind::Body,
        TextKind::Consultation => v1::TextKind::Consultation,
        TextKind::Task => v1::TextKind::Task,
        TextKind::Disclosure => v1::TextKind::Disclosure,
        TextKind::Record => v1::TextKind::Record,
        TextKind::HeadAudit => v1::TextKind::HeadAudit,
    }
}

fn kind_filter(number: i32) -> Result<Option<TextKind>, Problem> {
    Ok(Some(match known::<v1::TextKind>("kind", number)? {
        v1::TextKind::Unspecified => return Ok(None),
        v1::TextKind::Motion => TextKind::Motion,
        v1::TextKind::Statement => TextKind::Statement,
        v1::TextKind::Progress => TextKind::Progress,
        v1::TextKind::Report => TextKind::Report,
        v1::TextKind::Question => TextKind::Question,
        v1::TextKind::Issue => TextKind::Issue,
        v1::TextKind::Power => TextKind::Power,
        v1::TextKind::Body => TextKind::Body,
        v1::TextKind::Consultation => TextKind::Consultation,
        v1::TextKind::Task => TextKind::Task,
        v1::TextKind::Disclosure => TextKind::Disclosure,
        v1::TextKind::Record => TextKind::Record,
        v1::TextKind::HeadAudit => TextKind::HeadAudit,
    }))
}
