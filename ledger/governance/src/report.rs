//! Year-end reports 年终报告: due on the charter's day, asked about, answered, assessed by residents.
//!
//! Each reporting body of the charter has one next report at any time, that of the earliest year it has
//! neither filed nor missed. It is on the agenda; a report that is missed can still be filed.
//!
//! Residents assess the officers at least once a year, under the supervision committee; who is found
//! incompetent two years running is out of office (城市居民委员会组织法 2025, 37). The article speaks of the member and
//! of two assessments that follow each other, not of a term or a seat: who is found incompetent in the last year of a
//! term, is elected again, and is found incompetent in the first year of the next, loses the office held then; so does
//! who moved from one seat of the body to another in between. A year on which they were not found so breaks the run,
//! and so does one on which they held no office there.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    action::{AssessmentLine, OfficeEndCause, Payload, ReportAction, ReportAssessed},
    agenda::Due,
    authority::{Act, Over},
    bounds::{self, LINES_MAX},
    charter::{BodyKind, Right},
    decide::EntryRef,
    ids::{BodyId, Leaf, Millis, OfficeId, PersonId},
    office,
    rejection::{AssessmentUnfit, Rejection},
    state::State,
    tally,
};

/// Most questions about one report: far more than a meeting has time for.
const QUESTIONS_MAX: usize = 1_000;

/// Every report, and what is expected next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reports {
    filed: BTreeMap<(BodyId, u32), Report>,
    /// The year each reporting body is to give account of next.
    next: BTreeMap<BodyId, u32>,
    /// The years on which a person was found incompetent in an office of a body, whichever; years are not always
    /// assessed in their order.
    incompetent: BTreeMap<(BodyId, PersonId), BTreeSet<u32>>,
}

/// A report that was filed, or missed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Report {
    /// The entry that filed it.
    filed: Option<u64>,
    /// Questions, and whether each is answered.
    questions: Vec<bool>,
    /// The entry that assessed it.
    assessed: Option<u64>,
    latest: Leaf,
}

impl Reports {
    fn of(&self, body: &BodyId, year: u32) -> Option<&Report> {
        self.filed.get(&(body.clone(), year))
    }

    fn of_mut(&mut self, body: &BodyId, year: u32) -> Option<&mut Report> {
        self.filed.get_mut(&(body.clone(), year))
    }

    /// The latest entry about one.
    pub(crate) fn latest(&self, body: &BodyId, year: u32) -> Option<Leaf> {
        self.of(body, year).map(|report| report.latest)
    }

    pub(crate) fn latest_mut(&mut self, body: &BodyId, year: u32) -> Option<&mut Leaf> {
        self.of_mut(body, year).map(|report| &mut report.latest)
    }

    /// Whether a person was found incompetent in a body on the year before, or the year after.
    fn was_incompetent_beside(&self, body: &BodyId, person: &PersonId, year: u32) -> bool {
        let beside = [year.checked_sub(1), year.checked_add(1)];
        let years = self.incompetent.get(&(body.clone(), person.clone()));
        years.is_some_and(|years| {
            beside
                .into_iter()
                .flatten()
                .any(|year| years.contains(&year))
        })
    }
}

impl State {
    /// The bodies that report, by the charter in force, are expected to; others no longer. A report that is
    /// expected already keeps its day.
    pub(crate) fn expect_reports(&mut self, now: Millis) {
        let year = self.utc_offsets.date_of(now).year();
        let reporting = self.charter.reporting.clone();
        let gone: Vec<BodyId> = self.reports.next.keys().cloned().collect();
        for body in gone.iter().filter(|body| !reporting.contains(body)) {
            if let Some(year) = self.reports.next.remove(body) {
                self.agenda.cancel(&Due::ReportOverdue(body.clone(), year));
            }
        }
        for body in reporting {
            if !self.reports.next.contains_key(&body) {
                // It may have reported before.
                let mut years = year..u32::MAX;
                let next = years.find(|year| self.reports.of(&body, *year).is_none());
                self.expect_report(&body, next.unwrap_or(u32::MAX));
            }
        }
    }

    /// A body's next report is on that year.
    fn expect_report(&mut self, body: &BodyId, year: u32) {
        if let Some(before) = self.reports.next.insert(body.clone(), year) {
            self.agenda
                .cancel(&Due::ReportOverdue(body.clone(), before));
        }
        // Past the calendar's end nothing is due any more.
        let due = year
            .checked_add(1)
            .and_then(|next| self.charter.clocks.report_due.in_year(next));
        if let Some(last_day) = due {
            let at = self.utc_offsets.end_of(last_day);
            self.agenda.plan(Due::ReportOverdue(body.clone(), year), at);
        }
    }

    /// A report that was filed.
    fn filed_report(&self, body: &BodyId, year: u32) -> Result<&Report, Rejection> {
        let report = self.reports.of(body, year);
        report
            .filter(|report| report.filed.is_some())
            .ok_or_else(|| Rejection::ReportNotFiled {
                body: body.clone(),
                year,
            })
    }
}

pub(crate) fn decide(act: &Act<'_>, action: &ReportAction) -> Result<(), Rejection> {
    match action {
        ReportAction::ReportFiled {
            body,
            year,
            content,
        } => {
            reports_for(act, body)?;
            check_expected(act, body, *year)?;
            bounds::content(content)
        }
        ReportAction::ReportQuestioned {
            body,
            year,
            content,
        } => {
            act.body()?;
            let report = act.state.filed_report(body, *year)?;
            bounds::list("questions", report.questions.len() + 1, 1, QUESTIONS_MAX)?;
            bounds::content(content)
        }
        ReportAction::ReportAnswered {
            body,
            year,
            question,
            content,
        } => {
            reports_for(act, body)?;
            let report = act.state.filed_report(body, *year)?;
            check_open_question(report, body, *year, *question)?;
            bounds::content(content)
        }
        ReportAction::ReportAssessed(assessed) => decide_assessed(act, assessed),
        // Persons are turned away before this, and what the ledger derives is compared whole.
        ReportAction::ReportOverdue { .. } => Err(Rejection::NotForPersons {
            family: act.action.payload.family(),
        }),
    }
}

/// The actor speaks for the body, and their capacity carries the right to report.
fn reports_for(act: &Act<'_>, body: &BodyId) -> Result<(), Rejection> {
    act.acts_for(body)?;
    act.may(Right::Report, body)
}

/// It is the body's next report, or one that it missed; and the year has come.
fn check_expected(act: &Act<'_>, body: &BodyId, year: u32) -> Result<(), Rejection> {
    let reports = &act.state.reports;
    match reports.of(body, year) {
        Some(Report {
            filed: Some(index), ..
        }) => {
            return Err(Rejection::ReportFiledAlready {
                body: body.clone(),
                year,
                index: *index,
            });
        }
        // Missed.
        Some(_) => return Ok(()),
        None => {}
    }
    let next = reports.next.get(body).copied();
    if next == Some(year) && year <= act.today.year() {
        return Ok(());
    }
    Err(Rejection::ReportNotExpected {
        body: body.clone(),
        year,
    })
}

fn check_open_question(
    report: &Report,
    body: &BodyId,
    year: u32,
    question: u32,
) -> Result<(), Rejection> {
    let at = usize::try_from(question).unwrap_or(usize::MAX);
    let body = body.clone();
    match report.questions.get(at) {
        Some(false) => Ok(()),
        Some(true) => Err(Rejection::ReportAnsweredAlready {
            body,
            year,
            question,
        }),
        None => Err(Rejection::ReportQuestionUnknown {
            body,
            year,
            question,
        }),
    }
}

fn decide_assessed(act: &Act<'_>, assessed: &ReportAssessed) -> Result<(), Rejection> {
    let (state, body, year) = (act.state, &assessed.body, assessed.year);
    act.may(Right::Supervise, body)?;
    check_run_by_supervision(act, body)?;
    let rights = [Right::Supervise, Right::Tell];
    act.check_attestor(&assessed.second, &rights, &Over::Body(body.clone()))?;
    for person in [act.person, &assessed.second.person] {
        check_not_assessed_themself(act, body, person)?;
    }
    let Some(report) = state.reports.of(body, year) else {
        return Err(Rejection::ReportNotFiled {
            body: body.clone(),
            year,
        });
    };
    if let Some(index) = report.assessed {
        return Err(Rejection::ReportAssessedAlready {
            body: body.clone(),
            year,
            index,
        });
    }
    bounds::list("lines", assessed.lines.len(), 1, LINES_MAX)?;
    check_lines(act, assessed)?;
    check_registrar_after(act, assessed)
}

/// 组织法 37: the assessment of the residents' committee is the supervision committee's to run, whoever else has the
/// right to supervise.
fn check_run_by_supervision(act: &Act<'_>, body: &BodyId) -> Result<(), Rejection> {
    let own = act.body()?;
    let residents_committee = act.state.body(body)?.kind == BodyKind::ResidentsCommittee;
    if !residents_committee || act.state.body(own)?.kind == BodyKind::SupervisionCommittee {
        return Ok(());
    }
    Err(Rejection::AssessedByOthers {
        body: body.clone(),
        by: own.clone(),
    })
}

/// 组织法 36: those assessed do not assess, nor their near kin, where these were seated before that was known.
fn check_not_assessed_themself(
    act: &Act<'_>,
    body: &BodyId,
    person: &PersonId,
) -> Result<(), Rejection> {
    let seated = |who: &PersonId| act.state.holds_office_in(who, body, act.today);
    if seated(person) || act.state.kin_of(person).any(seated) {
        return Err(Rejection::AssessorInvolved {
            person: person.clone(),
            body: body.clone(),
        });
    }
    Ok(())
}

/// Every officer of the body who is in office today, each once, with at least one mark.
fn check_lines(act: &Act<'_>, assessed: &ReportAssessed) -> Result<(), Rejection> {
    let unfit = |office: &OfficeId, why| {
        Err(Rejection::AssessmentUnfit {
            office: office.clone(),
            why,
        })
    };
    let mut lines: BTreeMap<&OfficeId, &AssessmentLine> = BTreeMap::new();
    for line in &assessed.lines {
        let office = &line.office;
        let Some(record) = act.state.offices.get(office) else {
            return unfit(office, AssessmentUnfit::NotInOffice);
        };
        if record
            .why_not(office, &assessed.body, &record.person, act.today)
            .is_some()
        {
            return unfit(office, AssessmentUnfit::NotInOffice);
        }
        if tally::grade(line).is_none() {
            return unfit(office, AssessmentUnfit::NoMarks);
        }
        if lines.insert(office, line).is_some() {
            return unfit(office, AssessmentUnfit::Twice);
        }
    }
    // Once a body and year: every office is looked at.
    let seated = act.state.offices.iter().find(|(id, office)| {
        let serves = office
            .why_not(id, &assessed.body, &office.person, act.today)
            .is_none();
        serves && !lines.contains_key(id)
    });
    match seated {
        None => Ok(()),
        Some((office, _)) => unfit(office, AssessmentUnfit::Missing),
    }
}

/// Whom a line finds incompetent.
fn incompetent<'a>(state: &'a State, line: &AssessmentLine) -> Option<&'a PersonId> {
    let found = tally::grade(line) == Some(tally::Grade::Incompetent);
    let office = state.offices.get(&line.office).filter(|_| found)?;
    Some(&office.person)
}

/// The offices that end with this assessment.
fn ending<'a>(
    state: &'a State,
    assessed: &'a ReportAssessed,
) -> impl Iterator<Item = &'a OfficeId> {
    let (body, year) = (&assessed.body, assessed.year);
    let twice = move |line: &&AssessmentLine| {
        let holder = incompetent(state, line);
        holder.is_some_and(|person| state.reports.was_incompetent_beside(body, person, year))
    };
    assessed.lines.iter().filter(twice).map(|line| &line.office)
}

/// Somebody can still register once they are out of office.
fn check_registrar_after(act: &Act<'_>, assessed: &ReportAssessed) -> Result<(), Rejection> {
    let ending: Vec<&OfficeId> = ending(act.state, assessed).collect();
    if ending.is_empty() || !act.state.has_registrar(act.today) {
        return Ok(());
    }
    // Rare enough for a copy: an office ends so at most once.
    let mut after = act.state.clone();
    let at = EntryRef {
        index: after.size,
        leaf: after.last_leaf,
        recorded_at: act.recorded_at,
    };
    for office in ending {
        office::end(&mut after, office, OfficeEndCause::TwoIncompetent, at);
    }
    if after.has_registrar(act.today) {
        return Ok(());
    }
    Err(Rejection::LastRegistrar {
        ledger: act.state.ledger.clone(),
    })
}

pub(crate) fn evolve(state: &mut State, action: &ReportAction, at: EntryRef) {
    let (body, year) = action.report();
    match action {
        ReportAction::ReportFiled { .. } => {
            note(state, body, year, at).filed = Some(at.index);
            expect_after(state, body, year);
        }
        ReportAction::ReportOverdue { .. } => {
            note(state, body, year, at);
            expect_after(state, body, year);
        }
        ReportAction::ReportQuestioned { .. } => {
            if let Some(report) = state.reports.of_mut(body, year) {
                report.questions.push(false);
            }
        }
        ReportAction::ReportAnswered { question, .. } => {
            let at = usize::try_from(*question).unwrap_or(usize::MAX);
            let report = state.reports.of_mut(body, year);
            if let Some(answered) = report.and_then(|report| report.questions.get_mut(at)) {
                *answered = true;
            }
        }
        ReportAction::ReportAssessed(assessed) => assess(state, assessed, at),
    }
}

fn note<'a>(state: &'a mut State, body: &BodyId, year: u32, at: EntryRef) -> &'a mut Report {
    let report = state.reports.filed.entry((body.clone(), year));
    report.or_insert(Report {
        filed: None,
        questions: Vec::new(),
        assessed: None,
        latest: at.leaf,
    })
}

/// The year after, if it is that year's report that was next.
fn expect_after(state: &mut State, body: &BodyId, year: u32) {
    if state.reports.next.get(body) == Some(&year) {
        state.expect_report(body, year.saturating_add(1));
    }
}

fn assess(state: &mut State, assessed: &ReportAssessed, at: EntryRef) {
    let ending: Vec<OfficeId> = ending(state, assessed).cloned().collect();
    for office in &ending {
        office::end(state, office, OfficeEndCause::TwoIncompetent, at);
    }
    for line in &assessed.lines {
        if let Some(person) = incompetent(state, line).cloned() {
            let of = (assessed.body.clone(), person);
            let years = state.reports.incompetent.entry(of).or_default();
            years.insert(assessed.year);
        }
    }
    if let Some(report) = state.reports.of_mut(&assessed.body, assessed.year) {
        report.assessed = Some(at.index);
    }
}

/// What a report that was missed says.
pub(crate) fn derived(body: &BodyId, year: u32) -> Payload {
    let body = body.clone();
    ReportAction::ReportOverdue { body, year }.into()
}
