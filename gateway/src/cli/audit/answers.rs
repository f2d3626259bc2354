//! What a server answers, held against the auditor's own views of the entries that it audited.
//!
//! The views are made by the same projections and read by the same functions as the server's; what differs
//! is who ran them, and on what. A server that shows residents another outcome, office or power than its own
//! entries give is found. Its answers are not signed: that it gave them is the auditor's word, and everybody
//! can ask it the same.

use std::collections::{BTreeMap, BTreeSet};

use governance::{
    action::{BodiesAction, Payload},
    calendar::Date,
    ids::{BodyId, LedgerId},
};
use ledger::{
    LoggedEntry,
    audit::{Finding, FindingKind},
};
use projector::{LedgerViews, Logged, OwnedEntry, SourceEntry as _, ViewStore};
use prost::Message;
use proto::v1;
use tempfile::TempDir;

use super::super::{
    connection::{Server, Told as _},
    failure::Failure,
};
use crate::services::query::{decisions, motions, offices, powers, rolls, sanctions};

/// Entries that are projected at once.
const CHUNK: usize = 1_000;

/// Rows asked for in a page: the most a server gives.
const PAGE: u32 = 1_000;

/// The auditor's own views.
pub(super) struct Own {
    views: LedgerViews,
    waiting: Vec<OwnedEntry>,
    /// Why entries could not be projected, once they could not.
    broken: Option<String>,
    /// Each body's days with a roll, as published.
    rolls: BTreeMap<BodyId, BTreeSet<Date>>,
    /// Those that were compared and are no longer in force: each of them once.
    compared: BTreeSet<(BodyId, Date)>,
    _store: ViewStore,
    _dir: TempDir,
}

/// Rows by what they are about.
type Rows<T> = BTreeMap<String, T>;

impl Own {
    /// Views of no entries, in a directory that goes with them.
    pub(super) fn new(ledger: &LedgerId) -> Result<Self, Failure> {
        let no_room = |error: &dyn std::fmt::Display| {
            Failure::unavailable(format!("there is no room for the auditor's views: {error}"))
        };
        let dir = TempDir::with_prefix("govledger-audit-").map_err(|error| no_room(&error))?;
        let store = ViewStore::open(dir.path()).map_err(|error| no_room(&error))?;
        let views = LedgerViews::open(&store, ledger).map_err(|error| no_room(&error))?;
        Ok(Self {
            views,
            waiting: Vec::new(),
            broken: None,
            rolls: BTreeMap::new(),
            compared: BTreeSet::new(),
            _store: store,
            _dir: dir,
        })
    }

    /// Takes in an entry that follows.
    pub(super) fn follow(&mut self, entry: &LoggedEntry) {
        if let Payload::Bodies(BodiesAction::RollPublished(roll)) = &entry.action.payload {
            let days = self.rolls.entry(roll.body.clone()).or_default();
            days.insert(roll.as_of);
        }
        self.waiting.push(OwnedEntry {
            index: entry.index,
            leaf: entry.leaf,
            recorded_at: entry.recorded_at,
            action: entry.action.clone(),
        });
        if self.waiting.len() >= CHUNK {
            self.project();
        }
    }

    /// All entries so far are in the views.
    pub(super) fn finish(&mut self) {
        self.project();
    }

    fn project(&mut self) {
        let entries: Vec<Logged<'_>> = self.waiting.iter().map(OwnedEntry::logged).collect();
        if let Err(error) = self.views.apply(&entries) {
            self.broken.get_or_insert(error.to_string());
        }
        self.waiting.clear();
    }

    /// Asks a server what was decided, where each motion stands, who holds which office, what is on the power list
    /// and on the register of sanctions, and who is on which roll, as of the last entry taken in.
    pub(super) async fn compare(
        &mut self,
        server: &Server,
        ledger: &LedgerId,
    ) -> Result<Result<(), Finding>, Failure> {
        if let Some(why) = &self.broken {
            return Err(Failure::unavailable(format!(
                "the server's answers were not compared: {why}"
            )));
        }
        let Some(position) = self.views.progress().borrow().position else {
            return Ok(Ok(()));
        };
        let asked = Asked {
            server,
            ledger: ledger.to_string(),
            last: position.index,
        };
        let theirs = asked.decisions().await?;
        let own = self.read(decisions::all)?;
        let own = own.into_iter().map(|row| (row.motion.clone(), row));
        if let Err(finding) = same("the decision of", &own.collect(), &theirs) {
            return Ok(Err(finding));
        }
        let theirs = asked.motions().await?;
        let own = self.read(motions::all)?;
        let own = own.into_iter().map(|row| (row.motion.clone(), row));
        if let Err(finding) = same("the motion", &own.collect(), &theirs) {
            return Ok(Err(finding));
        }
        let theirs = asked.officeholders().await?;
        let own = self.read(|view| offices::all(view, position.index))?;
        let own = own.into_iter().map(|row| (row.office.clone(), row));
        if let Err(finding) = same("the office", &own.collect(), &theirs) {
            return Ok(Err(finding));
        }
        let theirs = asked.powers().await?;
        let own = self.read(|view| powers::all(view, position.index))?;
        let own = own.into_iter().map(|row| (row.item.clone(), row));
        if let Err(finding) = same("the power", &own.collect(), &theirs) {
            return Ok(Err(finding));
        }
        let theirs = asked.sanctions().await?;
        let own = self.read(|view| sanctions::all(view, position.index))?;
        let own = own.into_iter().map(|row| (row.case.clone(), row));
        if let Err(finding) = same("the case", &own.collect(), &theirs) {
            return Ok(Err(finding));
        }
        self.compare_rolls(&asked).await
    }

    /// Each body's roll in force, and each earlier one once: what was published does not change, and is long.
    async fn compare_rolls(&mut self, asked: &Asked<'_>) -> Result<Result<(), Finding>, Failure> {
        for (body, days) in self.rolls.clone() {
            let newest = days.last().copied();
            for day in days {
                let once = (body.clone(), day);
                if self.compared.contains(&once) {
                    continue;
                }
                let theirs = asked.roll(&body, day).await?;
                let own = self.read(|view| rolls::whole(view, &body, day))?;
                let about = format!("{body} as of {day}");
                let rows = |roll: Option<v1::GetRollResponse>| -> Rows<v1::GetRollResponse> {
                    roll.into_iter().map(|roll| (about.clone(), roll)).collect()
                };
                if let Err(finding) = same("the roll of", &rows(own), &rows(theirs)) {
                    return Ok(Err(finding));
                }
                if newest != Some(day) {
                    self.compared.insert(once);
                }
            }
        }
        Ok(Ok(()))
    }

    fn read<T>(
        &self,
        query: impl FnOnce(&projector::View<'_>) -> Result<T, projector::QueryError>,
    ) -> Result<T, Failure> {
        let answer = self.views.read(query).map_err(|error| {
            Failure::unavailable(format!("the auditor's views cannot be read: {error}"))
        });
        Ok(answer?.value)
    }
}

/// A server, asked as of an entry.
struct Asked<'a> {
    server: &'a Server,
    ledger: String,
    last: u64,
}

impl Asked<'_> {
    fn moment(&self) -> v1::Moment {
        v1::Moment {
            min_index: self.last,
            as_of: Some(v1::moment::AsOf::AtIndex(self.last)),
        }
    }

    async fn decisions(&self) -> Result<Rows<v1::Decision>, Failure> {
        let mut request = v1::ListDecisionsRequest {
            ledger: self.ledger.clone(),
            page_size: PAGE,
            moment: Some(self.moment()),
            ..v1::ListDecisionsRequest::default()
        };
        let mut rows = Rows::new();
        loop {
            let mut query = self.server.query();
            let answer = query.list_decisions(request.clone()).await.told()?;
            let more = add(&mut rows, answer.decisions, |row| row.motion.clone());
            if answer.next_page_token.is_empty() || !more {
                return Ok(rows);
            }
            request.page_token = answer.next_page_token;
        }
    }

    async fn motions(&self) -> Result<Rows<v1::Motion>, Failure> {
        let mut request = v1::ListMotionsRequest {
            ledger: self.ledger.clone(),
            page_size: PAGE,
            moment: Some(self.moment()),
            ..v1::ListMotionsRequest::default()
        };
        let mut rows = Rows::new();
        loop {
            let mut query = self.server.query();
            let answer = query.list_motions(request.clone()).await.told()?;
            let more = add(&mut rows, answer.motions, |row| row.motion.clone());
            if answer.next_page_token.is_empty() || !more {
                return Ok(rows);
            }
            request.page_token = answer.next_page_token;
        }
    }

    /// A body's roll of a day with all of its lines; none where the server says that there is none.
    async fn roll(&self, body: &BodyId, day: Date) -> Result<Option<v1::GetRollResponse>, Failure> {
        let mut request = v1::GetRollRequest {
            ledger: self.ledger.clone(),
            body: body.to_string(),
            as_of: day.to_string(),
            with_lines: true,
            moment: Some(self.moment()),
            ..v1::GetRollRequest::default()
        };
        let mut whole: Option<v1::GetRollResponse> = None;
        loop {
            let mut query = self.server.query();
            let answer = match query.get_roll(request.clone()).await.told() {
                Err(failure) if failure.reason() == Some("ROLL_UNKNOWN") => return Ok(None),
                answer => answer?,
            };
            let mut answer = answer;
            let next = std::mem::take(&mut answer.next_page_token);
            let lines = std::mem::take(&mut answer.lines);
            let more = !lines.is_empty();
            answer.position = None;
            whole.get_or_insert(answer).lines.extend(lines);
            if next.is_empty() || !more {
                return Ok(whole);
            }
            request.page_token = next;
        }
    }

    async fn officeholders(&self) -> Result<Rows<v1::Officeholder>, Failure> {
        let mut request = v1::ListOfficeholdersRequest {
            ledger: self.ledger.clone(),
            page_size: PAGE,
            moment: Some(self.moment()),
            ..v1::ListOfficeholdersRequest::default()
        };
        let mut rows = Rows::new();
        loop {
            let mut query = self.server.query();
            let mut answer = query.list_officeholders(request.clone()).await.told()?;
            for row in &mut answer.officeholders {
                self.as_recorded(row);
            }
            let more = add(&mut rows, answer.officeholders, |row| row.office.clone());
            if answer.next_page_token.is_empty() || !more {
                return Ok(rows);
            }
            request.page_token = answer.next_page_token;
        }
    }

    /// What entries up to the last say of an officeholder: names are contents beside the log, and an end
    /// that came since is told with the office.
    fn as_recorded(&self, row: &mut v1::Officeholder) {
        row.name.clear();
        if row.ended_index > self.last {
            row.ended_index = 0;
            row.ended_at_ms = 0;
            row.end_cause = 0;
        }
    }

    async fn powers(&self) -> Result<Rows<v1::PowerItem>, Failure> {
        let mut request = v1::ListPowersRequest {
            ledger: self.ledger.clone(),
            page_size: PAGE,
            moment: Some(self.moment()),
            ..v1::ListPowersRequest::default()
        };
        let mut rows = Rows::new();
        loop {
            let mut query = self.server.query();
            let answer = query.list_powers(request.clone()).await.told()?;
            let more = add(&mut rows, answer.items, |row| row.item.clone());
            if answer.next_page_token.is_empty() || !more {
                return Ok(rows);
            }
            request.page_token = answer.next_page_token;
        }
    }

    async fn sanctions(&self) -> Result<Rows<v1::SanctionCase>, Failure> {
        let mut request = v1::ListSanctionsRequest {
            ledger: self.ledger.clone(),
            page_size: PAGE,
            moment: Some(self.moment()),
            ..v1::ListSanctionsRequest::default()
        };
        let mut rows = Rows::new();
        loop {
            let mut query = self.server.query();
            let mut answer = query.list_sanctions(request.clone()).await.told()?;
            // Names are contents beside the log.
            answer.cases.iter_mut().for_each(|row| row.name.clear());
            let more = add(&mut rows, answer.cases, |row| row.case.clone());
            if answer.next_page_token.is_empty() || !more {
                return Ok(rows);
            }
            request.page_token = answer.next_page_token;
        }
    }
}

/// Adds a page; whether it brought anything new, without which a server could page for ever.
fn add<T>(rows: &mut Rows<T>, page: Vec<T>, about: impl Fn(&T) -> String) -> bool {
    let before = rows.len();
    rows.extend(page.into_iter().map(|row| (about(&row), row)));
    rows.len() > before
}

/// Both have the same rows; otherwise the first that differs.
fn same<T: PartialEq + Message + std::fmt::Debug>(
    kind: &str,
    own: &Rows<T>,
    theirs: &Rows<T>,
) -> Result<(), Finding> {
    let ids = own.keys().chain(theirs.keys());
    let mut ids: Vec<&String> = ids.collect();
    ids.sort();
    ids.dedup();
    for id in ids {
        let difference = match (own.get(id), theirs.get(id)) {
            (Some(one), Some(other)) if one == other => continue,
            (Some(one), Some(other)) => parting(&format!("{one:?}"), &format!("{other:?}")),
            (Some(_), None) => "it leaves it out".to_owned(),
            (None, _) => "there is none by the entries".to_owned(),
        };
        let about = format!("{kind} {id}");
        return Err(Finding::of(FindingKind::Answer { about, difference }));
    }
    Ok(())
}

/// Where two texts part, with a few words of each.
fn parting(own: &str, theirs: &str) -> String {
    /// How much of each is shown, in characters.
    const SHOWN: usize = 60;
    let alike = own.chars().zip(theirs.chars()).take_while(|(a, b)| a == b);
    let from = alike.count().saturating_sub(20);
    let cut = |text: &str| text.chars().skip(from).take(SHOWN).collect::<String>();
    format!("it says …{}…, they give …{}…", cut(theirs), cut(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(held_on: &[(&str, &str)]) -> Rows<v1::Decision> {
        let row = |(motion, held_on): &(&str, &str)| {
            let row = v1::Decision {
                motion: (*motion).to_owned(),
                held_on: (*held_on).to_owned(),
                ..v1::Decision::default()
            };
            ((*motion).to_owned(), row)
        };
        held_on.iter().map(row).collect()
    }

    fn found(own: &[(&str, &str)], theirs: &[(&str, &str)]) -> Option<String> {
        let same = same("the decision of", &rows(own), &rows(theirs));
        same.err().map(|finding| finding.to_string())
    }

    #[test]
    fn answers_differ_by_a_row_more_less_or_other() {
        let own = [("a", "2026-01-01"), ("b", "2026-02-01")];
        assert_eq!(found(&own, &own), None);
        let lacks = found(&own, &own[..1]).unwrap();
        assert!(lacks.contains("the decision of b") && lacks.contains("leaves it out"));
        let more = found(&own[..1], &own).unwrap();
        assert!(more.contains("the decision of b") && more.contains("there is none"));
        let other = found(&own, &[own[0], ("b", "2026-02-02")]).unwrap();
        assert!(
            other.contains("2026-02-02") && other.contains("2026-02-01"),
            "{other}"
        );
    }

    #[test]
    fn a_page_without_anything_new_is_the_last() {
        let mut all = rows(&[("a", "1")]);
        let page: Vec<_> = rows(&[("a", "1")]).into_values().collect();
        assert!(!add(&mut all, page, |row| row.motion.clone()));
        let page: Vec<_> = rows(&[("b", "1")]).into_values().collect();
        assert!(add(&mut all, page, |row| row.motion.clone()));
    }
}
