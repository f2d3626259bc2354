//! What is public about people and bodies, and what is overdue, as histories give it.

use governance::{
    action::{
        BodiesAction, DecisionFiled, DecisionImplemented, DeliberationAction, Execution, Grant,
        HandoverCompleted, HeadAudited, IssueAction, IssueKind, IssueRaised, IssueStep,
        OfficeAssumed, OfficeEndCause, OfficeObtained, Outcome, Payload, PowerAction,
        PowerExercised, ReportAction, ReportAssessed, RollCallMark, RollObjected,
        RollObjectionRuled,
    },
    calendar::UtcOffsets,
    charter::Right,
    filing::Filing,
    ids::{IssueId, Millis, MotionId, PowerId},
    presets::Preset,
};
use projector::{
    PageRequest, View,
    views::{
        overdue::{Duty, DutyFilter, DutyKind},
        votes::VoteOf,
    },
};

use crate::history::{
    Built, History, attestor, body, built, content, day, motion, office, person, roll, rule,
};

fn ask<T>(built: &Built, query: impl FnOnce(&View<'_>) -> Result<T, projector::QueryError>) -> T {
    built.views.read(query).unwrap().value
}

#[test]
fn every_office_of_a_person_is_listed_by_its_first_day_also_those_that_ended() {
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.assume("later", "a", "2026-01-05", None);
    log.assume("earlier", "a", "2021-01-05", Some("2025-12-31"));
    log.assume("another", "clerk", "2026-01-05", None);
    log.end_office("later", OfficeEndCause::Resignation);
    let rows = ask(&built(&log), |view| view.offices_ever(&person("a")));
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.office.as_str(), row.ended.as_ref().map(|end| end.cause)))
        .collect();
    assert_eq!(
        told,
        [
            ("earlier", None),
            ("later", Some(OfficeEndCause::Resignation))
        ]
    );
}

#[test]
fn votes_by_name_in_a_committee_are_a_members_record_and_those_of_owners_are_not() {
    let mut log = History::founded();
    log.minute("first", "committee", "2024-03-07", Outcome::Adopted);
    log.minute("owners", "assembly", "2024-04-07", Outcome::Adopted);
    log.minute("second", "committee", "2024-02-07", Outcome::Rejected);
    // Cast by ballot under a rule that the charter does not have: nothing says that it was open.
    log.table("ballots", "committee");
    let closes_at = log.now().plus(Millis::DAY);
    log.open("ballots", closes_at);
    log.vote("ballots", "a", governance::action::Stance::For);
    log.later(Millis::DAY);
    log.decide("ballots", Outcome::Adopted);
    let built = built(&log);
    let votes =
        |who: &str, request: &PageRequest| ask(&built, |view| view.votes_of(&person(who), request));
    let told = |who: &str| -> Vec<(String, VoteOf)> {
        let page = votes(who, &PageRequest::default());
        let rows = page.rows.into_iter();
        rows.map(|row| (row.decision.motion.to_string(), row.vote))
            .collect()
    };
    let of = |motion: &str, mark| (motion.to_owned(), VoteOf::Marked(mark));
    assert_eq!(
        told("a"),
        [
            of("second", RollCallMark::For),
            of("first", RollCallMark::For)
        ]
    );
    assert_eq!(told("b")[0], of("second", RollCallMark::Absent));
    assert_eq!(told("nobody"), []);
    let first = votes("a", &PageRequest::new(1, ""));
    let token = first.next.expect("there is more");
    let second = votes("a", &PageRequest::new(1, &token));
    assert_eq!(second.rows[0].decision.motion, motion("first"));
}

#[test]
fn what_a_person_did_under_the_power_list_is_theirs_newest_first() {
    let mut log = History::founded();
    let exercises = |item: &str| {
        Payload::Power(PowerAction::PowerExercised(PowerExercised {
            item: PowerId::new(item).unwrap(),
            over: None,
            matter: None,
            summary: format!("did {item}"),
            record: None,
            decision: None,
        }))
    };
    log.by_person("head", exercises("snow"));
    log.by_person("clerk", exercises("snow"));
    log.by_person("head", exercises("gate"));
    let page = ask(&built(&log), |view| {
        view.acts_of_person(&person("head"), &PageRequest::default())
    });
    let told: Vec<&str> = page.rows.iter().map(|row| row.summary.as_str()).collect();
    assert_eq!(told, ["did gate", "did snow"]);
}

#[test]
fn a_bodys_rights_are_those_given_and_not_taken_back() {
    let mut log = History::founded();
    let grant = |right, over: Option<&str>| Grant {
        body: body("committee"),
        role: None,
        right,
        over: over.map(body),
        decision: None,
    };
    log.bodies(BodiesAction::RightGranted(grant(Right::Table, None)));
    log.bodies(BodiesAction::RightGranted(grant(
        Right::Report,
        Some("assembly"),
    )));
    // Given twice, it is one right.
    log.bodies(BodiesAction::RightGranted(grant(Right::Table, None)));
    let rights = |log: &History| ask(&built(log), |view| view.rights_of(&body("committee")));
    assert_eq!(rights(&log).len(), 2);
    log.bodies(BodiesAction::RightWithdrawn(grant(Right::Table, None)));
    assert_eq!(rights(&log), [grant(Right::Report, Some("assembly"))]);
    log.bodies(BodiesAction::RightWithdrawn(grant(Right::Report, None)));
    assert_eq!(
        rights(&log).len(),
        1,
        "over another body it is another right"
    );
}

/// What is overdue at a moment: kind and entry.
fn overdue(log: &History, now: Millis, filter: &DutyFilter) -> Vec<(DutyKind, u64)> {
    let page = ask(&built(log), |view| {
        view.overdue(filter, now, &PageRequest::default())
    });
    let rows = page.rows.iter();
    rows.map(|row| (row.duty.kind(), row.index)).collect()
}

fn all() -> DutyFilter {
    DutyFilter::default()
}

#[test]
fn what_an_entry_says_is_overdue_stays_so_until_it_is_done() {
    let mut log = History::founded();
    let of_2025 = || (body("committee"), 2025);
    let (whose, year) = of_2025();
    let report = log.by_time(Payload::Reports(ReportAction::ReportOverdue {
        body: whose,
        year,
    }));
    let issue = || IssueId::new("lift").unwrap();
    log.by_person(
        "a",
        Payload::Issues(IssueAction::IssueRaised(IssueRaised {
            issue: issue(),
            kind: IssueKind::Complaint,
            category: "lift".to_owned(),
            summary: "lift".to_owned(),
            content: content(70),
            body: body("committee"),
            concerns: None,
            accused: Vec::new(),
        })),
    );
    let late = log.by_time(Payload::Issues(IssueAction::IssueOverdue {
        issue: issue(),
        step: IssueStep::Accept,
    }));
    log.assume("seat", "clerk", "2026-01-05", None);
    log.end_office("seat", OfficeEndCause::Resignation);
    let handover = log.bodies(BodiesAction::HandoverOverdue {
        office: office("seat"),
    });
    let now = log.now();
    assert_eq!(
        overdue(&log, now, &all()),
        [
            (DutyKind::Report, report),
            (DutyKind::Issue, late),
            (DutyKind::Handover, handover)
        ]
    );
    let of = |kind, whose: &str| DutyFilter {
        kind: Some(kind),
        body: Some(body(whose)),
    };
    assert_eq!(
        overdue(&log, now, &of(DutyKind::Issue, "committee")),
        [(DutyKind::Issue, late)]
    );
    assert_eq!(overdue(&log, now, &of(DutyKind::Issue, "assembly")), []);

    let (whose, year) = of_2025();
    log.by_person(
        "head",
        Payload::Reports(ReportAction::ReportFiled {
            body: whose,
            year,
            content: content(71),
        }),
    );
    log.by_person(
        "clerk",
        Payload::Issues(IssueAction::IssueAccepted { issue: issue() }),
    );
    assert_eq!(
        overdue(&log, log.now(), &all()),
        [(DutyKind::Handover, handover)]
    );
    // The next clock of the same issue is a duty of its own.
    let again = log.by_time(Payload::Issues(IssueAction::IssueOverdue {
        issue: issue(),
        step: IssueStep::Answer,
    }));
    log.bodies(BodiesAction::HandoverCompleted(HandoverCompleted {
        office: office("seat"),
        second: attestor(),
        record: None,
    }));
    assert_eq!(overdue(&log, log.now(), &all()), [(DutyKind::Issue, again)]);
    let rows = ask(&built(&log), |view| {
        view.overdue(&all(), log.now(), &PageRequest::default())
    });
    assert_eq!(rows.rows[0].duty, Duty::Issue(issue(), IssueStep::Answer));
    assert_eq!(rows.rows[0].body, body("committee"));
}

#[test]
fn article_38_the_audit_of_who_was_head_is_due_then_overdue_then_recorded() {
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.enrol("b", &[]);
    for (id, who, role) in [("head-a", "a", "head"), ("deputy-b", "b", "deputy")] {
        log.bodies(BodiesAction::OfficeAssumed(OfficeAssumed {
            role: role.parse().unwrap(),
            ..crate::history::seat(id, who, "2026-01-05", Some("2030-12-31"))
        }));
    }
    let audits = |log: &History| ask(&built(log), |view| view.head_audits(&body("committee")));
    assert_eq!(audits(&log), []);
    log.end_office("deputy-b", OfficeEndCause::Resignation);
    assert_eq!(audits(&log), [], "the head alone");
    log.end_office("head-a", OfficeEndCause::Resignation);
    let due = audits(&log)[0].audit.clone().expect("it is due");
    let ended = audits(&log)[0].ended.clone().expect("it ended");
    let offsets = UtcOffsets::fixed(480).unwrap();
    assert_eq!(due.due_at, offsets.after_days(ended.at, 90));
    assert_eq!((due.overdue, due.recorded), (None, None));

    let late = log.bodies(BodiesAction::HeadAuditOverdue {
        office: office("head-a"),
    });
    assert_eq!(
        overdue(&log, log.now(), &all()),
        [(DutyKind::HeadAudit, late)]
    );
    let index = log.bodies(BodiesAction::HeadAudited(HeadAudited {
        office: office("head-a"),
        auditor: "Street office".to_owned(),
        irregular: true,
        second: attestor(),
        report: content(72),
    }));
    assert_eq!(overdue(&log, log.now(), &all()), []);
    let audit = audits(&log)[0].audit.clone().expect("it is recorded");
    assert_eq!(audit.overdue, Some(late));
    let recorded = audit.recorded.expect("it is recorded");
    assert_eq!((recorded.index, recorded.irregular), (index, true));
    // Everybody may read what was found.
    let texts = ask(&built(&log), |view| view.texts_of(index));
    assert_eq!(texts[0].subject, "head-a");
}

#[test]
fn article_38_an_office_given_back_needs_no_audit_until_it_ends_again() {
    use governance::action::{AppealOutcome, Effect, Severity};
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.bodies(BodiesAction::OfficeAssumed(OfficeAssumed {
        role: "head".parse().unwrap(),
        ..crate::history::seat("office-a", "a", "2026-01-05", None)
    }));
    log.find("case-1", "office-a", Severity::Grave);
    let recalled = Effect::Recalled {
        case: crate::affairs::case("case-1"),
    };
    log.effect("recall", vec![recalled]);
    let overdue_audit = |log: &mut History| {
        log.bodies(BodiesAction::HeadAuditOverdue {
            office: office("office-a"),
        })
    };
    overdue_audit(&mut log);
    log.appeal("case-1", AppealOutcome::Annulled);
    log.restore("office-a", true);
    assert_eq!(overdue(&log, log.now(), &all()), []);
    log.end_office("office-a", OfficeEndCause::Resignation);
    assert_eq!(overdue(&log, log.now(), &all()), [], "not the old duty");
    let again = overdue_audit(&mut log);
    assert_eq!(
        overdue(&log, log.now(), &all()),
        [(DutyKind::HeadAudit, again)]
    );
}

#[test]
fn articles_8_and_36_near_kin_who_sit_where_they_should_not_are_shown_until_one_is_gone() {
    use governance::{action::PeopleAction, charter::BodyKind};
    let mut log = History::founded();
    for name in ["a", "b", "c"] {
        log.enrol(name, &[]);
    }
    log.bodies(BodiesAction::BodyEstablished(
        governance::action::BodyEstablished {
            body: body("supervisors"),
            kind: BodyKind::SupervisionCommittee,
            name: "supervisors".to_owned(),
        },
    ));
    for (id, of, who, role) in [
        ("seat-a", "committee", "a", "member"),
        ("seat-b", "committee", "b", "deputy"),
        ("staff-b", "committee", "b", "teller"),
        ("seat-c", "supervisors", "c", "member"),
    ] {
        log.bodies(BodiesAction::OfficeAssumed(OfficeAssumed {
            body: body(of),
            role: role.parse().unwrap(),
            ..crate::history::seat(id, who, "2026-01-05", Some("2030-12-31"))
        }));
    }
    let seats = |log: &History, of: &str| -> Vec<(String, String)> {
        let found = ask(&built(log), |view| {
            let row = view.body(&body(of))?.expect("it is there");
            view.kin_seats(&row, log.now())
        });
        let found = found.iter();
        let pair = |seats: &projector::views::kin::KinSeats| {
            (
                seats.seat.office.to_string(),
                seats.other.office.to_string(),
            )
        };
        found.map(pair).collect()
    };
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(seats(&log, "committee"), []);
    for (one, other) in [("a", "b"), ("c", "a")] {
        let (person, kin) = (person(one), person(other));
        log.by_person(
            "clerk",
            Payload::People(PeopleAction::KinDeclared { person, kin }),
        );
    }
    let both = [pair("seat-a", "seat-b"), pair("seat-a", "seat-c")];
    assert_eq!(seats(&log, "committee"), both, "staff are no members");
    assert_eq!(seats(&log, "supervisors"), [pair("seat-c", "seat-a")]);
    log.end_office("seat-b", OfficeEndCause::Resignation);
    assert_eq!(seats(&log, "committee"), both[1..]);
}

#[test]
fn a_decision_is_overdue_once_the_day_its_body_gave_is_over_unless_it_is_done_or_overturned() {
    let mut log = History::founded();
    let implement = |log: &mut History, id: &str, progress, due: Option<&str>| {
        log.deliberate(
            "head",
            DeliberationAction::DecisionImplemented(DecisionImplemented {
                motion: motion(id),
                progress,
                note: "tendered".to_owned(),
                due: due.map(day),
            }),
        )
    };
    for id in ["roof", "gate"] {
        log.table(id, "assembly");
        log.decide(id, Outcome::Adopted);
    }
    implement(&mut log, "roof", Execution::Planned, Some("2026-02-01"));
    let later = implement(&mut log, "roof", Execution::UnderWay, Some("2026-03-01"));
    let gate = implement(&mut log, "gate", Execution::Planned, Some("2026-02-10"));
    // 2026-03-01 ends at 24:00 in Shanghai.
    let end = |text: &str| UtcOffsets::fixed(480).unwrap().end_of(day(text));
    let both = [
        (DutyKind::Implementation, gate),
        (DutyKind::Implementation, later),
    ];
    let before = Millis(end("2026-03-01").0 - 1);
    assert_eq!(overdue(&log, before, &all()), both[..1]);
    assert_eq!(overdue(&log, end("2026-03-01"), &all()), both);
    log.overturn("gate");
    assert_eq!(overdue(&log, end("2026-03-01"), &all()), both[1..]);
    implement(&mut log, "roof", Execution::Done, None);
    assert_eq!(overdue(&log, end("2026-03-01"), &all()), []);
}

#[test]
fn article_31_a_decision_is_to_be_filed_until_it_is_or_stands_no_longer() {
    let mut by_rule = Preset::CommitteeResolution.rule(rule(), body("assembly"));
    by_rule.filing = Some(Filing {
        with: body("street"),
        days: 10,
    });
    let mut log = History::with_rules(vec![by_rule]);
    let mut decided = |id: &str, outcome| {
        log.table(id, "assembly");
        log.decide(id, outcome)
    };
    decided("fence", Outcome::Rejected);
    let covenant = decided("covenant", Outcome::Adopted);
    let gate = decided("gate", Outcome::Adopted);
    let filing = |log: &History, id: &str| {
        let row = ask(&built(log), |view| view.decision(&motion(id)));
        row.expect("it is decided").filing
    };
    let waiting = |log: &History| -> Vec<MotionId> {
        let rows = ask(&built(log), |view| view.to_file(&body("assembly")));
        rows.into_iter().map(|row| row.motion).collect()
    };
    assert_eq!(filing(&log, "fence"), None);
    let due_at = filing(&log, "covenant").expect("by its rule").due_at;
    // Ten whole days after the entry's.
    assert_eq!(
        UtcOffsets::fixed(480).unwrap().date_of(due_at),
        day("2026-01-16")
    );
    assert_eq!(waiting(&log), [motion("covenant"), motion("gate")]);
    let both = [(DutyKind::Filing, covenant), (DutyKind::Filing, gate)];
    assert_eq!(overdue(&log, Millis(due_at.0 - 1), &all()), []);
    assert_eq!(overdue(&log, due_at, &all()), both);

    let files = |log: &mut History| {
        let filed = DecisionFiled {
            motion: motion("covenant"),
            filed_on: day("2026-01-08"),
            reference: "7".to_owned(),
        };
        log.deliberate("head", DeliberationAction::DecisionFiled(filed))
    };
    let entry = files(&mut log);
    let told = filing(&log, "covenant").and_then(|filing| filing.filed);
    let told = told.expect("it is filed");
    assert_eq!((told.index, told.filed_on), (entry, day("2026-01-08")));
    assert_eq!(waiting(&log), [motion("gate")]);
    assert_eq!(overdue(&log, due_at, &all()), both[1..]);
    // Tallied again: what was to be filed still is, as long as it stands adopted; what is filed is.
    log.decide("gate", Outcome::Adopted);
    log.decide("covenant", Outcome::Adopted);
    assert_eq!(overdue(&log, due_at, &all()), both[1..]);
    log.decide("gate", Outcome::Rejected);
    assert_eq!((filing(&log, "gate"), waiting(&log)), (None, vec![]));
    assert!(filing(&log, "covenant").unwrap().filed.is_some());
    log.table("roof", "assembly");
    log.decide("roof", Outcome::Adopted);
    assert_eq!(waiting(&log), [motion("roof")]);
    log.overturn("roof");
    assert_eq!(waiting(&log), []);
}

#[test]
fn an_office_given_back_needs_no_handover() {
    use governance::action::{AppealOutcome, Effect, Severity};
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.assume("office-a", "a", "2026-01-05", None);
    log.find("case-1", "office-a", Severity::Grave);
    let recalled = Effect::Recalled {
        case: crate::affairs::case("case-1"),
    };
    log.effect("recall", vec![recalled]);
    let handover = log.bodies(BodiesAction::HandoverOverdue {
        office: office("office-a"),
    });
    assert_eq!(
        overdue(&log, log.now(), &all()),
        [(DutyKind::Handover, handover)]
    );
    log.appeal("case-1", AppealOutcome::Annulled);
    log.restore("office-a", true);
    assert_eq!(overdue(&log, log.now(), &all()), []);
}

#[test]
fn articles_14_to_19_an_objection_not_ruled_on_is_overdue_when_three_days_are_over() {
    let mut log = History::founded();
    log.publish_roll("voters", "assembly", "2026-01-05", &["head", "clerk"]);
    let objects = |log: &mut History, about: &str| {
        log.bodies(BodiesAction::RollObjected(RollObjected {
            roll: roll("voters"),
            person: person(about),
            content: content(80),
        }))
    };
    let first = objects(&mut log, "head");
    let made_at = log.now();
    let second = objects(&mut log, "clerk");
    let offsets = UtcOffsets::fixed(480).unwrap();
    let over_at = offsets.after_days(made_at, 3);
    let both = [
        (DutyKind::RollRuling, first),
        (DutyKind::RollRuling, second),
    ];
    assert_eq!(overdue(&log, Millis(over_at.0 - 1), &all()), []);
    assert_eq!(overdue(&log, over_at, &all()), both);
    let ruled = log.bodies(BodiesAction::RollObjectionRuled(RollObjectionRuled {
        roll: roll("voters"),
        objection: 0,
        upheld: true,
        reason: "moved away".to_owned(),
    }));
    assert_eq!(overdue(&log, over_at, &all()), both[1..]);
    let told = ask(&built(&log), |view| view.roll_objections(&roll("voters")));
    let rulings: Vec<_> = told
        .iter()
        .map(|row| {
            (
                row.about.clone(),
                row.ruled.as_ref().map(|r| (r.index, r.upheld)),
            )
        })
        .collect();
    assert_eq!(
        rulings,
        [
            (person("head"), Some((ruled, true))),
            (person("clerk"), None)
        ]
    );
}

#[test]
fn article_37_the_residents_committee_is_assessed_on_a_year_by_the_end_of_the_next() {
    let mut log = History::founded();
    let of = || (body("committee"), 2026);
    let (whose, year) = of();
    let filed = log.by_person(
        "head",
        Payload::Reports(ReportAction::ReportFiled {
            body: whose,
            year,
            content: content(81),
        }),
    );
    let over_at = UtcOffsets::fixed(480).unwrap().end_of(day("2027-12-31"));
    assert_eq!(overdue(&log, Millis(over_at.0 - 1), &all()), []);
    assert_eq!(
        overdue(&log, over_at, &all()),
        [(DutyKind::Assessment, filed)]
    );
    let (whose, year) = of();
    let assessed = ReportAssessed {
        body: whose,
        year,
        second: attestor(),
        lines: Vec::new(),
    };
    log.by_person(
        "clerk",
        Payload::Reports(ReportAction::ReportAssessed(assessed)),
    );
    assert_eq!(overdue(&log, over_at, &all()), []);
}

#[test]
fn articles_14_to_19_the_list_of_proxies_has_those_that_stand() {
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.table("roof", "assembly");
    let closes_at = Millis(log.now().0 + Millis::DAY);
    log.open("roof", closes_at);
    let grant = |log: &mut History, by: &str, to: &str| {
        log.deliberate(
            by,
            DeliberationAction::ProxyGranted {
                motion: motion("roof"),
                voting_opened: governance::ids::Leaf::ZERO,
                holder: person(to),
            },
        )
    };
    let first = grant(&mut log, "head", "clerk");
    grant(&mut log, "a", "clerk");
    log.deliberate(
        "a",
        DeliberationAction::ProxyRevoked {
            motion: motion("roof"),
        },
    );
    let page = ask(&built(&log), |view| {
        view.proxies(&motion("roof"), &PageRequest::default())
    });
    let told: Vec<_> = page
        .rows
        .iter()
        .map(|row| (row.principal.clone(), row.holder.clone(), row.index))
        .collect();
    assert_eq!(told, [(person("head"), person("clerk"), first)]);
}

#[test]
fn article_24_a_seat_that_ended_before_its_time_is_vacant_until_it_is_filled_or_its_term_is_over() {
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.enrol("b", &[]);
    log.assume("seat", "a", "2026-01-05", Some("2030-12-31"));
    let vacant = |log: &History, now: Millis| -> Vec<String> {
        let rows = ask(&built(log), |view| view.vacancies(&body("committee"), now));
        rows.iter().map(|row| row.office.to_string()).collect()
    };
    assert_eq!(vacant(&log, log.now()), [] as [&str; 0]);
    log.end_office("seat", OfficeEndCause::Recall);
    assert_eq!(vacant(&log, log.now()), ["seat"]);
    let over_at = UtcOffsets::fixed(480).unwrap().end_of(day("2030-12-31"));
    assert_eq!(vacant(&log, Millis(over_at.0 - 1)), ["seat"]);
    assert_eq!(vacant(&log, over_at), [] as [&str; 0]);
    let mut filled = log;
    filled.bodies(BodiesAction::OfficeAssumed(OfficeAssumed {
        office: office("again"),
        person: person("b"),
        obtained: OfficeObtained::ByElection,
        succeeds: Some(office("seat")),
        ..crate::history::seat("again", "b", "2026-02-01", Some("2030-12-31"))
    }));
    assert_eq!(vacant(&filled, filled.now()), [] as [&str; 0]);
}
