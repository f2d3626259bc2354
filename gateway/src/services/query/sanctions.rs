//! The register of sanctions, as of any moment, and one case with its steps.

use governance::{
    action::AppealOutcome,
    explanation::{Explanation, explain_sanction},
    ids::CaseId,
};
use projector::{
    ContentRow, Page, QueryError, View,
    views::{
        offices::AsOf,
        sanctions::{
            CaseClock, CaseFilter, CaseStanding, CaseStatus, CaseStep, Named, Step, StepRow,
        },
    },
};
use proto::v1;

use super::{
    ask::{Books, field, known, long_page, optional_field, page_request},
    contents::Texts,
};
use crate::status::Problem;

/// A case with the published name of whom it names.
pub(super) struct Shown {
    standing: CaseStanding,
    name: Option<ContentRow>,
}

pub(super) async fn list(
    books: &Books,
    request: v1::ListSanctionsRequest,
) -> Result<v1::ListSanctionsResponse, Problem> {
    let filter = CaseFilter {
        body: optional_field("body", &request.body)?,
        person: optional_field("person", &request.person)?,
        step: step_filter(request.step)?,
        status: status_filter(request.status)?,
    };
    let as_of = books.moment.of_intervals(books.now());
    let page = page_request(request.page_size, &request.page_token);
    let told = books
        .ask_intervals(move |view| {
            let Page { rows, next } = view.cases(&filter, as_of, &page)?;
            Ok((shown(view, rows)?, next))
        })
        .await?;
    let (rows, next) = told.value;
    Ok(v1::ListSanctionsResponse {
        cases: cases(books, rows).await?,
        next_page_token: next.unwrap_or_default(),
        position: Some(told.position),
    })
}

/// All cases as of an entry, without the names of whom they name, which are contents: what an auditor's own
/// views say.
pub(crate) fn all(view: &View<'_>, at: u64) -> Result<Vec<v1::SanctionCase>, QueryError> {
    let (filter, at) = (CaseFilter::default(), AsOf::Index(at));
    let page = long_page(usize::MAX, "", |page| view.cases(&filter, at, page))?;
    let unnamed = |standing| case(standing, String::new());
    Ok(page.rows.iter().map(unnamed).collect())
}

pub(super) async fn get(
    books: &Books,
    request: v1::GetSanctionRequest,
) -> Result<v1::GetSanctionResponse, Problem> {
    let id: CaseId = field("case", &request.case)?;
    let as_of = books.moment.of_intervals(books.now());
    let told = books
        .ask_intervals(move |view| {
            let Some((standing, steps)) = view.case(&id, as_of)? else {
                return Ok(None);
            };
            Ok(Some((shown(view, vec![standing])?, steps)))
        })
        .await?;
    let (rows, steps) = told
        .value
        .ok_or_else(|| Problem::no_such_case(books.id(), &request.case))?;
    Ok(v1::GetSanctionResponse {
        case: cases(books, rows).await?.pop(),
        steps: steps.iter().map(step_item).collect(),
        position: Some(told.position),
    })
}

/// Cases with the published names of whom they name.
pub(super) fn shown(
    view: &View<'_>,
    standings: Vec<CaseStanding>,
) -> Result<Vec<Shown>, QueryError> {
    let with_name = |standing: CaseStanding| {
        let named = standing.named.as_ref();
        let person = named.map(|named| view.person(&named.person)).transpose()?;
        let name = person.flatten().and_then(|person| person.name);
        Ok(Shown { standing, name })
    };
    standings.into_iter().map(with_name).collect()
}

/// The cases on the wire, names fetched.
pub(super) async fn cases(
    books: &Books,
    rows: Vec<Shown>,
) -> Result<Vec<v1::SanctionCase>, Problem> {
    let mut texts = Texts::new(&books.ledger);
    let mut cases = Vec::with_capacity(rows.len());
    for row in rows {
        let name = texts.name(row.name.as_ref()).await?;
        cases.push(case(&row.standing, name));
    }
    Ok(cases)
}

fn case(case: &CaseStanding, name: String) -> v1::SanctionCase {
    let explained = case_explained(case);
    let (clock, clock_at) = case
        .clock
        .map_or((v1::CaseClock::Unspecified, 0), |(runs, at)| {
            (clock(runs), at.0)
        });
    let sanction = case.sanction.as_ref();
    let until = sanction.and_then(|sanction| sanction.until);
    let of_named = |says: fn(&Named) -> String| case.named.as_ref().map(says).unwrap_or_default();
    v1::SanctionCase {
        case: case.case.to_string(),
        body: text(case.body.as_ref()),
        basis: v1::SanctionBasis::from(case.basis).into(),
        recall: case.recall,
        step: step(case.step).into(),
        status: status(case.status).into(),
        severity: case
            .severity
            .map_or(0, |severity| v1::Severity::from(severity).into()),
        sanction: sanction.map_or(0, |on| v1::Sanction::from(on.sanction).into()),
        from: text(sanction.map(|on| on.from).as_ref()),
        until: text(until.as_ref()),
        signatures: case.signatures,
        opened_index: case.opened.index,
        opened_at_ms: case.opened.at.0,
        clock: clock.into(),
        clock_at_ms: clock_at,
        masked: case.named.is_none(),
        person: of_named(|named| named.person.to_string()),
        name,
        office: of_named(|named| text(named.office.as_ref())),
        decision: of_named(|named| text(named.decision.as_ref())),
        source: of_named(|named| named.source.clone()),
        explanation: explained.english,
        explanation_zh: explained.chinese,
    }
}

fn text(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// How a case stands in a sentence, which names nobody.
pub(crate) fn case_explained(case: &CaseStanding) -> Explanation {
    let said = |english: &str, chinese: &str| Explanation {
        english: english.to_owned(),
        chinese: chinese.to_owned(),
    };
    let Some(on) = &case.sanction else {
        return match case.status {
            CaseStatus::Closed => said(
                "Nothing was found; the case is closed.",
                "经查不成立，已结案。",
            ),
            _ if case.recall => Explanation {
                english: format!("A recall is asked for; {} signed.", case.signatures),
                chinese: format!("提请罢免，已有 {} 人联署。", case.signatures),
            },
            _ => said("The case is under way.", "案件办理中。"),
        };
    };
    let mut explained = explain_sanction(on.sanction, case.basis, on.from, on.until);
    let (english, chinese) = match case.status {
        CaseStatus::Expired => (" It is over.", "已期满。"),
        CaseStatus::Annulled => (" It was annulled, and never was.", "已撤销，自始无效。"),
        CaseStatus::Pending | CaseStatus::Closed | CaseStatus::InForce => ("", ""),
    };
    explained.english.push_str(english);
    explained.chinese.push_str(chinese);
    explained
}

fn step_item(row: &StepRow) -> v1::CaseStepItem {
    let (severity, sanction, appeal) = match &row.step {
        Step::Noticed(severity) => (Some(*severity), None, v1::CaseAppeal::Unspecified),
        Step::Found(severity) => (*severity, None, v1::CaseAppeal::Unspecified),
        Step::Imposed { sanction, .. } => (None, Some(*sanction), v1::CaseAppeal::Unspecified),
        Step::AppealDecided(outcome) => match outcome {
            AppealOutcome::Upheld => (None, None, v1::CaseAppeal::Upheld),
            AppealOutcome::Reduced(to) => (None, Some(*to), v1::CaseAppeal::Reduced),
            AppealOutcome::Annulled => (None, None, v1::CaseAppeal::Annulled),
        },
        Step::Opened
        | Step::Petitioned
        | Step::Defended
        | Step::Appealed
        | Step::Expired
        | Step::Annulled => (None, None, v1::CaseAppeal::Unspecified),
    };
    v1::CaseStepItem {
        index: row.made.index,
        recorded_at_ms: row.made.at.0,
        step: step(row.step.kind()).into(),
        severity: severity.map_or(0, |severity| v1::Severity::from(severity).into()),
        sanction: sanction.map_or(0, |sanction| v1::Sanction::from(sanction).into()),
        appeal: appeal.into(),
    }
}

fn step(step: CaseStep) -> v1::CaseStep {
    match step {
        CaseStep::Opened => v1::CaseStep::Opened,
        CaseStep::Petitioned => v1::CaseStep::Petitioned,
        CaseStep::Noticed => v1::CaseStep::Noticed,
        CaseStep::Defended => v1::CaseStep::Defended,
        CaseStep::Found => v1::CaseStep::Found,
        CaseStep::Closed => v1::CaseStep::Closed,
        CaseStep::Imposed => v1::CaseStep::Imposed,
        CaseStep::Appealed => v1::CaseStep::Appealed,
        CaseStep::AppealDecided => v1::CaseStep::AppealDecided,
        CaseStep::Expired => v1::CaseStep::Expired,
        CaseStep::Annulled => v1::CaseStep::Annulled,
    }
}

fn status(status: CaseStatus) -> v1::CaseStatus {
    match status {
        CaseStatus::Pending => v1::CaseStatus::Pending,
        CaseStatus::Closed => v1::CaseStatus::Closed,
        CaseStatus::InForce => v1::CaseStatus::InForce,
        CaseStatus::Expired => v1::CaseStatus::Expired,
        CaseStatus::Annulled => v1::CaseStatus::Annulled,
    }
}

fn clock(clock: CaseClock) -> v1::CaseClock {
    match clock {
        CaseClock::Defence => v1::CaseClock::Defence,
        CaseClock::Appeal => v1::CaseClock::Appeal,
        CaseClock::AppealDecision => v1::CaseClock::AppealDecision,
    }
}

fn step_filter(number: i32) -> Result<Option<CaseStep>, Problem> {
    Ok(Some(match known::<v1::CaseStep>("step", number)? {
        v1::CaseStep::Unspecified => return Ok(None),
        v1::CaseStep::Opened => CaseStep::Opened,
        v1::CaseStep::Petitioned => CaseStep::Petitioned,
        v1::CaseStep::Noticed => CaseStep::Noticed,
        v1::CaseStep::Defended => CaseStep::Defended,
        v1::CaseStep::Found => CaseStep::Found,
        v1::CaseStep::Closed => CaseStep::Closed,
        v1::CaseStep::Imposed => CaseStep::Imposed,
        v1::CaseStep::Appealed => CaseStep::Appealed,
        v1::CaseStep::AppealDecided => CaseStep::AppealDecided,
        v1::CaseStep::Expired => CaseStep::Expired,
        v1::CaseStep::Annulled => CaseStep::Annulled,
    }))
}

fn status_filter(number: i32) -> Result<Option<CaseStatus>, Problem> {
    Ok(Some(match known::<v1::CaseStatus>("status", number)? {
        v1::CaseStatus::Unspecified => return Ok(None),
        v1::CaseStatus::Pending => CaseStatus::Pending,
        v1::CaseStatus::Closed => CaseStatus::Closed,
        v1::CaseStatus::InForce => CaseStatus::InForce,
        v1::CaseStatus::Expired => CaseStatus::Expired,
        v1::CaseStatus::Annulled => CaseStatus::Annulled,
    }))
}
