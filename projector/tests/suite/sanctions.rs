//! Given the steps of cases, this register, at any moment.

use governance::{
    action::{AppealOutcome, Effect, Sanction, SanctionBasis, Severity},
    ids::Millis,
};
use projector::{
    PageRequest, View,
    views::{
        offices::AsOf,
        sanctions::{CaseFilter, CaseStanding, CaseStatus, CaseStep, Named},
        timeline::TimelineFilter,
    },
};

use crate::{
    affairs::{case, sanctioned},
    history::{Built, History, built, day, motion, office, person},
};

fn with_offices() -> History {
    let mut log = History::founded();
    for who in ["a", "b", "c"] {
        log.enrol(who, &[]);
    }
    log.assume("office-a", "a", "2026-01-05", None);
    log.assume("office-b", "b", "2026-01-05", None);
    log
}

fn ask<T>(built: &Built, query: impl FnOnce(&View<'_>) -> Result<T, projector::QueryError>) -> T {
    built.views.read(query).unwrap().value
}

fn standing(built: &Built, id: &str, as_of: AsOf) -> Option<CaseStanding> {
    ask(built, |view| view.case(&case(id), as_of)).map(|(standing, _)| standing)
}

fn now(built: &Built, id: &str) -> CaseStanding {
    standing(built, id, AsOf::Time(Millis(u64::MAX))).unwrap()
}

#[test]
fn a_case_goes_from_opened_to_over_and_names_its_target_only_in_between() {
    let mut log = with_offices();
    let found = log.find("case-1", "office-a", Severity::Ordinary);
    let row = now(&built(&log), "case-1");
    assert_eq!(
        (row.status, row.step, row.severity),
        (
            CaseStatus::Pending,
            CaseStep::Found,
            Some(Severity::Ordinary)
        )
    );
    assert_eq!((row.named, row.sanction), (None, None));

    let imposed = log.effect("demerit", vec![sanctioned("case-1", Sanction::Demerit)]);
    let row = now(&built(&log), "case-1");
    let on = row.sanction.unwrap();
    assert_eq!(
        (on.sanction, on.from, on.until),
        (
            Sanction::Demerit,
            day("2026-01-06"),
            Some(day("2027-01-06"))
        )
    );
    let named = Named {
        person: person("a"),
        office: Some(office("office-a")),
        decision: Some(motion("demerit")),
        source: String::new(),
    };
    assert_eq!(row.named, Some(named));
    let naming = |built: &Built| {
        let as_of = AsOf::Time(Millis(u64::MAX));
        ask(built, |view| view.cases_naming(&person("a"), as_of)).len()
    };
    assert_eq!(naming(&built(&log)), 1);

    let reduced = log.appeal("case-1", AppealOutcome::Reduced(Sanction::Warning));
    let row = now(&built(&log), "case-1");
    let on = row.sanction.unwrap();
    assert_eq!(
        (on.sanction, on.from, on.until),
        (
            Sanction::Warning,
            day("2026-01-06"),
            Some(day("2026-07-06"))
        ),
        "it runs from the day of the first"
    );

    log.expire("case-1");
    let over = built(&log);
    let row = now(&over, "case-1");
    assert_eq!((row.status, row.named), (CaseStatus::Expired, None));
    assert_eq!(naming(&over), 0);
    for (index, status, sanction) in [
        (found, CaseStatus::Pending, None),
        (imposed, CaseStatus::InForce, Some(Sanction::Demerit)),
        (reduced, CaseStatus::InForce, Some(Sanction::Warning)),
    ] {
        let then = standing(&over, "case-1", AsOf::Index(index)).unwrap();
        let on = then.sanction.map(|on| on.sanction);
        assert_eq!((then.status, on), (status, sanction), "after entry {index}");
        assert_eq!(
            then.named, None,
            "the past does not tell what is masked now"
        );
    }
    assert_eq!(standing(&over, "case-1", AsOf::Index(found - 4)), None);
}

#[test]
fn no_line_tells_who_defended_themself_or_appealed() {
    let mut log = with_offices();
    log.find("case-1", "office-a", Severity::Minor);
    log.effect("warning", vec![sanctioned("case-1", Sanction::Warning)]);
    log.appeal("case-1", AppealOutcome::Upheld);
    let filter = TimelineFilter {
        subject: Some("case-1".to_owned()),
        ..TimelineFilter::default()
    };
    let built = built(&log);
    let lines = ask(&built, |view| {
        view.timeline(&filter, &PageRequest::default())
    });
    assert_eq!(lines.rows.len(), 6);
    let told = lines
        .rows
        .iter()
        .any(|row| row.summary.actor == Some(person("a")));
    assert!(!told);
}

#[test]
fn a_decision_that_is_overturned_annuls_what_it_imposed_and_nothing_else() {
    let mut log = with_offices();
    log.find("case-1", "office-a", Severity::Minor);
    log.find("case-2", "office-b", Severity::Minor);
    log.effect("first", vec![sanctioned("case-1", Sanction::Warning)]);
    log.effect("second", vec![sanctioned("case-2", Sanction::Warning)]);
    log.overturn("first");
    let built = built(&log);
    let (one, two) = (now(&built, "case-1"), now(&built, "case-2"));
    assert_eq!(
        (one.status, one.step, one.named),
        (CaseStatus::Annulled, CaseStep::Annulled, None)
    );
    assert_eq!(two.status, CaseStatus::InForce);
}

#[test]
fn a_petition_names_whom_it_asks_to_recall_and_counts_its_signatures_at_any_moment() {
    let mut log = with_offices();
    let begun = log.petition("recall", "office-b");
    let own = log.sign("recall", "a", &[]);
    let many = log.sign("recall", "clerk", &["x", "y", "z"]);
    let built_before = built(&log);
    for (index, signatures) in [(begun, 1), (own, 2), (many, 5)] {
        let then = standing(&built_before, "recall", AsOf::Index(index)).unwrap();
        assert_eq!(then.signatures, signatures, "after entry {index}");
    }
    let row = now(&built_before, "recall");
    assert_eq!(
        (row.basis, row.recall, row.status, row.step),
        (
            SanctionBasis::Recall,
            true,
            CaseStatus::Pending,
            CaseStep::Petitioned
        )
    );
    assert_eq!(row.named.unwrap().person, person("b"));

    log.effect(
        "recalled",
        vec![Effect::Recalled {
            case: case("recall"),
        }],
    );
    let row = now(&built(&log), "recall");
    let on = row.sanction.unwrap();
    assert_eq!((on.sanction, on.until), (Sanction::Recall, None));
    assert_eq!(row.status, CaseStatus::InForce);
    assert!(row.named.is_some());
}

#[test]
fn an_official_measure_runs_from_the_day_it_was_taken_and_is_not_appealed_here() {
    let mut log = with_offices();
    log.import_measure("measure", "a", "2025-12-01");
    let row = now(&built(&log), "measure");
    let on = row.sanction.unwrap();
    assert_eq!(
        (on.sanction, on.from, on.until),
        (
            Sanction::MajorDemerit,
            day("2025-12-01"),
            Some(day("2027-06-01"))
        )
    );
    assert_eq!((row.body, row.clock), (None, None));
    assert_eq!(row.named.unwrap().source, "measure-measure");
}

#[test]
fn filters_choose_by_body_person_step_and_status() {
    let mut log = with_offices();
    log.find("case-1", "office-a", Severity::Minor);
    log.find("case-2", "office-b", Severity::Minor);
    log.effect("first", vec![sanctioned("case-1", Sanction::Warning)]);
    let built = built(&log);
    let ids = |filter: CaseFilter| -> Vec<String> {
        let as_of = AsOf::Time(Millis(u64::MAX));
        let page = ask(&built, |view| {
            view.cases(&filter, as_of, &PageRequest::default())
        });
        page.rows.iter().map(|row| row.case.to_string()).collect()
    };
    let any = CaseFilter::default;
    assert_eq!(ids(any()), ["case-2", "case-1"]);
    let of = |who: &str| CaseFilter {
        person: Some(person(who)),
        ..any()
    };
    assert_eq!(ids(of("a")), ["case-1"]);
    assert!(
        ids(of("b")).is_empty(),
        "an allegation is found by nobody's name"
    );
    let status = |status| CaseFilter {
        status: Some(status),
        ..any()
    };
    assert_eq!(ids(status(CaseStatus::Pending)), ["case-2"]);
    let step = |step| CaseFilter {
        step: Some(step),
        ..any()
    };
    assert_eq!(ids(step(CaseStep::Imposed)), ["case-1"]);
    let body = |id: &str| CaseFilter {
        body: Some(crate::history::body(id)),
        ..any()
    };
    assert_eq!(ids(body("committee")).len(), 2);
    assert!(ids(body("assembly")).is_empty());
}
