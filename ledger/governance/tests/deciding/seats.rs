//! Who may sit where, and how offices end (组织法 8, 14, 24, 25, 36).

use governance::{
    action::{Effect, ElectedElsewhere, OfficeAssumed, OfficeEndCause, OfficeObtained, Severity},
    charter::{BodyKind, OverlapPolicy},
    ids::Millis,
    testing::{Deed, FOUNDED_AT, World, by, community as founding},
};

use super::support::{DAY, chair, registrar, teller};

fn committee(office: &str, person: &str) -> Deed {
    registrar().seats(office, "committee", person)
}

/// Nine more people, so that a committee can be full.
fn with_people() -> World {
    let names: Vec<String> = (0..9).map(|n| format!("person-{n}")).collect();
    World::community().given(
        names
            .iter()
            .map(|name| registrar().enrols(name))
            .collect::<Vec<_>>(),
    )
}

#[test]
fn a_residents_committee_has_at_most_nine_members_one_of_them_a_woman() {
    let seat = |n: usize| committee(&format!("seat-{n}"), &format!("person-{n}"));
    let eight = with_people().given((0..8).map(seat).collect::<Vec<_>>());
    let woman = || seat(8).with_office(|office| office.woman = true);
    eight.clone().when(seat(8)).then_err("NO_WOMAN");
    eight
        .given(woman())
        .when(committee("seat-9", "anna"))
        .then_err("COMMITTEE_FULL");
    // With a woman among the eight, the ninth may be anybody.
    let first = seat(0).with_office(|office| office.woman = true);
    with_people()
        .given(
            std::iter::once(first)
                .chain((1..8).map(seat))
                .collect::<Vec<_>>(),
        )
        .when(seat(8))
        .then_ok();
}

#[test]
fn article_8_an_elected_member_sits_for_five_years_at_most() {
    let until = |last: Option<&'static str>| {
        committee("seat", "anna").with_office(move |office| {
            office.term_to = last.map(|day| day.parse().unwrap());
        })
    };
    // From 2026-03-02.
    World::community()
        .when(until(Some("2031-03-02")))
        .then_err("TERM_TOO_LONG")
        .when(until(None))
        .then_err("TERM_TOO_LONG")
        .when(until(Some("2031-03-01")))
        .then_ok();
}

#[test]
fn article_14_nobody_is_appointed_to_a_residents_committee() {
    let appointed = |role: &'static str| {
        committee("seat", "anna").with_office(move |office| {
            office.obtained = OfficeObtained::Appointed;
            office.role = role.parse().unwrap();
        })
    };
    for role in ["head", "deputy", "member"] {
        World::community()
            .when(appointed(role))
            .then_rejected(|why| {
                assert_eq!(why.code(), "SEAT_IS_ELECTED");
                assert!(why.to_string().contains("组织法 14"), "{why}");
                assert!(why.chinese().contains("组织法第14条"));
            });
    }
    // Its staff is posted; an election that was held elsewhere is attested.
    let other = registrar().seats("other", "owners-committee", "chen");
    World::community()
        .when(appointed("clerk"))
        .then_ok()
        .when(other.with_office(|office| office.obtained = OfficeObtained::Appointed))
        .then_err("SEAT_IS_ELECTED")
        .when(committee("elected", "bao"))
        .then_ok();
}

#[test]
fn article_14_no_decision_but_an_election_by_residents_seats_a_member() {
    // Owners adopt something: that elects nobody.
    let effect =
        governance::testing::listed("snow", governance::testing::power_terms("assembly", None));
    let world = super::support::adopts(super::support::community(), "motion", vec![effect]);
    let by_it = |obtained| {
        committee("seat", "anna").with_office(move |office| {
            office.obtained = obtained;
            office.decision = Some("motion".parse().unwrap());
        })
    };
    world
        .clone()
        .when(by_it(OfficeObtained::Elected))
        .then_err("SEAT_IS_ELECTED")
        .when(by_it(OfficeObtained::Appointed))
        .then_err("SEAT_IS_ELECTED");
    // As the effect of a decision: refused when it is tabled.
    let appoints = |motion: &str, body: &str, role: &str| {
        let assumed = OfficeAssumed {
            office: "seat".parse().unwrap(),
            body: body.parse().unwrap(),
            person: "anna".parse().unwrap(),
            role: role.parse().unwrap(),
            term_from: "2026-03-02".parse().unwrap(),
            term_to: Some("2031-03-01".parse().unwrap()),
            obtained: OfficeObtained::Appointed,
            decision: None,
            succeeds: None,
            woman: false,
            overlap_disclosed: false,
            elsewhere: None,
        };
        let effects = vec![Effect::Appointed(assumed)];
        chair()
            .tables(motion, "assembly", "simple")
            .with_effects(effects)
    };
    world
        .when(appoints("first", "committee", "member"))
        .then_err("SEAT_IS_ELECTED")
        .when(appoints("second", "owners-committee", "member"))
        .then_err("SEAT_IS_ELECTED")
        .when(appoints("third", "supervision", "member"))
        .then_err("SEAT_IS_ELECTED")
        .when(appoints("fourth", "assembly", "steward"))
        .then_ok();
}

#[test]
fn a_body_appoints_its_own_officers_and_those_where_it_may() {
    let appoints = |motion: &str, (by, rule): (&str, &str), body: &str, role: &'static str| {
        let assumed = OfficeAssumed {
            body: body.parse().unwrap(),
            role: role.parse().unwrap(),
            ..steward(&format!("as-{motion}"), "anna", None)
        };
        chair()
            .tables(motion, by, rule)
            .with_effects(vec![Effect::Appointed(assumed)])
    };
    let owners = ("assembly", "simple");
    let residents = ("residents", "residents-meeting");
    let committee = ("committee", "committee-plain");
    let grid = governance::action::BodyEstablished {
        body: "grid".parse().unwrap(),
        kind: BodyKind::Grid,
        name: "网格".to_owned(),
    };
    let world = super::support::committee::community()
        .given(registrar().does(governance::action::BodiesAction::BodyEstablished(grid).into()));
    let world = world
        // The registrar is the committee's clerk: owners appoint none, the committee and who elects it do.
        .when(appoints("clerk", owners, "committee", "clerk"))
        .then_err("APPOINTED_BY_OTHERS")
        .given(appoints("own-clerk", committee, "committee", "clerk"))
        .given(appoints("their-clerk", residents, "committee", "clerk"))
        .given(appoints("grid-1", committee, "grid", "officer"))
        .when(appoints("grid-2", owners, "grid", "officer"))
        .then_err("APPOINTED_BY_OTHERS")
        .when(appoints("street-2", committee, "street-office", "officer"))
        .then_err("APPOINTED_BY_OTHERS")
        .when(appoints("secretary-2", owners, "party", "secretary"))
        .then_err("APPOINTED_BY_OTHERS");
    // The committee lets owners appoint its clerk: an item of the power list, for as long as it is in force.
    let item = governance::action::PowerTerms {
        over: Some("committee".parse().unwrap()),
        matters: vec![governance::hierarchy::APPOINTMENTS.parse().unwrap()],
        ..governance::testing::power_terms("assembly", None)
    };
    let listed = governance::testing::listed("appoints", item);
    let world = super::support::committee::adopts(world, "lets", vec![listed]);
    let revoked = governance::testing::revoked("appoints");
    world
        .clone()
        .when(appoints("clerk", owners, "committee", "clerk"))
        .then_ok()
        .when(appoints("member", owners, "committee", "member"))
        .then_err("SEAT_IS_ELECTED");
    super::support::committee::adopts(world, "ends", vec![revoked])
        .when(appoints("clerk", owners, "committee", "clerk"))
        .then_err("APPOINTED_BY_OTHERS");
}

#[test]
fn an_appointment_that_names_a_decision_names_one_of_who_appoints_there() {
    let appointed = |office: &'static str, decision: Option<&'static str>| {
        committee(office, "anna").with_office(move |office| {
            office.obtained = OfficeObtained::Appointed;
            office.role = "clerk".parse().unwrap();
            office.elsewhere = None;
            office.decision = decision.map(|decision| decision.parse().unwrap());
        })
    };
    let world = super::support::adopts(super::support::community(), "owners", Vec::new());
    let world = super::support::committee_resolves(world, "own");
    world
        .when(appointed("first", Some("owners")))
        .then_err("APPOINTED_BY_OTHERS")
        .when(appointed("second", Some("own")))
        .then_ok()
        .when(appointed("third", None))
        .then_ok();
}

#[test]
fn near_kin_do_not_sit_in_one_residents_committee_nor_supervise_each_other() {
    let world = World::community()
        .given(registrar().declares_kin("anna", "bao"))
        .when(registrar().declares_kin("bao", "anna"))
        .then_err("KIN_ALREADY")
        .when(by("chen").declares_kin("anna", "chen"))
        .then_ok()
        .when(by("dina").declares_kin("anna", "emil"))
        .then_err("CAPACITY_MISSING");
    let world = world.given(committee("seat", "anna"));
    world
        .when(committee("other", "bao"))
        .then_err("NEAR_KIN_SEAT")
        .when(registrar().seats("other", "supervision", "bao"))
        .then_err("NEAR_KIN_SEAT")
        .when(registrar().seats("other", "supervision", "anna"))
        .then_err("OVERLAPPING_SEAT")
        .when(registrar().seats("other", "owners-committee", "bao"))
        .then_ok();
}

#[test]
fn seats_in_both_committees_follow_each_of_the_three_policies() {
    let world = |policy| {
        let mut founding = founding();
        founding.charter.overlap = policy;
        World::founded(founding).given(committee("seat", "anna"))
    };
    let second = || registrar().seats("other", "owners-committee", "anna");
    let disclosed = || second().with_office(|office| office.overlap_disclosed = true);
    world(OverlapPolicy::Forbid)
        .when(second())
        .then_err("OVERLAPPING_SEAT")
        .when(disclosed())
        .then_err("OVERLAPPING_SEAT");
    world(OverlapPolicy::DiscloseAndRecuse)
        .when(second())
        .then_err("OVERLAP_UNDISCLOSED")
        .when(disclosed())
        .then_ok();
    world(OverlapPolicy::Allow).when(second()).then_ok();
}

#[test]
fn the_head_of_the_committee_may_be_the_partys_secretary() {
    World::community()
        .when(committee("head", "secretary").with_office(|office| {
            office.role = "head".parse().unwrap();
        }))
        .then_ok();
}

#[test]
fn a_holder_resigns_for_themself_alone() {
    let world = World::community().given(committee("seat", "anna"));
    world
        .when(by("bao").resigns("seat"))
        .then_err("NOT_IN_CAPACITY")
        .when(by("registrar").resigns("clerk"))
        .then_err("LAST_REGISTRAR")
        .when(by("anna").resigns("seat"))
        .then_ok()
        .when(by("anna").resigns("seat"))
        .then_err("NOT_IN_CAPACITY");
}

#[test]
fn a_term_ends_by_itself_when_its_last_day_is_over() {
    let world = World::community().given(committee("seat", "anna").with_office(|office| {
        office.term_to = Some(office.term_from.plus_days(1));
    }));
    let over_at = FOUNDED_AT.plus(2 * DAY);
    let size = world.log().len();
    let before = world.clone().at(Millis(over_at.0 - 1)).caught_up();
    assert_eq!(before.log().len(), size);
    let after = world.at(over_at).caught_up();
    assert_eq!(after.log().len(), size + 1);
    assert_eq!(after.log()[size].action.payload.family(), "term_ended");
    assert_eq!(after.log()[size].action.client_time, over_at);
}

#[test]
fn what_an_office_had_is_handed_over_within_ten_days_or_is_overdue() {
    let resigned = || {
        World::community()
            .given(committee("seat", "anna"))
            .given(by("anna").resigns("seat"))
    };
    let over_at = FOUNDED_AT.plus(11 * DAY);
    let in_time = resigned().at(Millis(over_at.0 - 1)).caught_up();
    let last = in_time.log().last().unwrap();
    assert_eq!(last.action.payload.family(), "resignation_filed");
    let overdue = resigned().at(over_at).caught_up();
    let last = overdue.log().last().unwrap();
    assert_eq!(last.action.payload.family(), "handover_overdue");
    // Late is better than never.
    overdue
        .when(by("anna").hands_over("seat", "chair"))
        .then_ok();
    let world = resigned()
        .when(by("bao").hands_over("seat", "chair"))
        .then_err("CAPACITY_MISSING")
        .when(by("anna").hands_over("chair", "teller-1"))
        .then_err("CAPACITY_MISSING")
        .when(registrar().hands_over("chair", "teller-1"))
        .then_err("NO_HANDOVER")
        .when(registrar().hands_over("seat", "registrar"))
        .then_err("ATTESTOR_IS_ACTOR");
    world
        .when(registrar().hands_over("seat", "chair"))
        .then_ok();
}

#[test]
fn a_handover_in_time_is_never_overdue() {
    let world = World::community()
        .given(committee("seat", "anna"))
        .given(by("anna").resigns("seat"))
        .given(by("anna").hands_over("seat", "chair"))
        .when(by("anna").hands_over("seat", "chair"))
        .then_err("NO_HANDOVER");
    let size = world.log().len();
    assert_eq!(world.days_later(20).caught_up().log().len(), size);
}

#[test]
fn a_by_elections_seat_ends_with_the_term_of_the_one_that_fell_vacant() {
    let term = "2031-03-01";
    let world = World::community()
        .given(committee("seat", "anna").with_office(move |office| {
            office.term_to = Some(term.parse().unwrap());
        }))
        .when(by_election("2031-03-01"))
        .then_err("NO_VACANCY")
        .given(by("anna").resigns("seat"));
    world
        .when(by_election("2031-03-02"))
        .then_err("BY_ELECTION_TERM")
        .given(by_election("2031-03-01"))
        .when(by_election("2031-03-01").with_office(|office| {
            office.office = "third".parse().unwrap();
            office.person = "chen".parse().unwrap();
        }))
        .then_err("NO_VACANCY");
}

#[test]
fn article_24_whoever_is_elected_while_a_committee_sits_sits_until_its_term_ends() {
    // From 2026-03-02 to 2031-03-01.
    let world = World::community().given(committee("seat", "anna"));
    let elected = |from: &'static str, last: &'static str| {
        committee("other", "bao").with_office(move |office| {
            office.term_from = from.parse().unwrap();
            office.term_to = Some(last.parse().unwrap());
        })
    };
    for last in ["2031-05-31", "2031-03-02", "2031-02-28"] {
        world
            .clone()
            .when(elected("2026-06-01", last))
            .then_rejected(|why| {
                assert_eq!(why.code(), "COMMITTEE_TERM");
                assert!(why.to_string().contains("2031-03-01"), "{why}");
                assert!(why.chinese().contains("组织法第24条"));
            });
    }
    world
        .clone()
        .when(elected("2026-06-01", "2031-03-01"))
        .then_ok();
    // The next committee's term is its own, and so is that of one that follows a committee that is gone.
    world
        .clone()
        .when(elected("2031-03-02", "2036-03-01"))
        .then_ok();
    world
        .given(by("anna").resigns("seat"))
        .when(elected("2026-06-01", "2031-05-31"))
        .then_ok();
}

/// With this change to the election that the ledger did not hold.
fn held_elsewhere(change: impl FnOnce(&mut ElectedElsewhere) + 'static) -> Deed {
    committee("seat", "anna").with_office(move |office| {
        change(office.elsewhere.as_mut().expect("it is attested"));
    })
}

#[test]
fn an_election_that_the_ledger_did_not_hold_is_attested_by_two_with_its_source_and_day() {
    let world = World::community();
    world
        .clone()
        .when(committee("seat", "anna").with_office(|office| office.elsewhere = None))
        .then_err("ELECTION_UNATTESTED")
        .when(held_elsewhere(|held| {
            held.second.person = "anna".parse().unwrap();
        }))
        .then_err("ELECTION_UNATTESTED")
        .when(held_elsewhere(|held| {
            held.second.person = "registrar".parse().unwrap();
        }))
        .then_err("ATTESTOR_IS_ACTOR")
        .when(held_elsewhere(|held| {
            held.second.person = "chair".parse().unwrap();
            held.second.capacity.body = "committee".parse().unwrap();
            held.second.capacity.office = Some("chair".parse().unwrap());
        }))
        .then_err("ATTESTOR_WITHOUT_RIGHT")
        .when(held_elsewhere(|held| held.source.clear()))
        .then_err("TEXT_EMPTY")
        .when(held_elsewhere(|held| {
            held.held_on = "2026-03-03".parse().unwrap();
        }))
        .then_err("ELECTION_NOT_HELD_YET")
        .when(held_elsewhere(|held| {
            held.held_on = "2026-03-02".parse().unwrap();
        }))
        .then_ok()
        .given(registrar().ends("seat", OfficeEndCause::InvalidElection))
        .when(committee("again", "anna"))
        .then_ok();
    // Its staff is posted, and needs none; nor do others' seats.
    world
        .when(committee("posted", "bao").with_office(|office| {
            office.role = "clerk".parse().unwrap();
            office.elsewhere = None;
        }))
        .then_ok()
        .when(registrar().seats("other", "owners-committee", "chen"))
        .then_ok();
}

#[test]
fn article_36_staff_are_no_members() {
    // The registrar is the committee's clerk.
    for body in ["owners-committee", "supervision"] {
        let seats = |person: &str| registrar().seats("other", body, person);
        World::community().when(seats("registrar")).then_ok();
        World::community()
            .given(committee("seat", "anna"))
            .when(seats("anna"))
            .then_err("OVERLAPPING_SEAT");
        // Nor does a member of those bodies become one of the committee.
        World::community()
            .given(seats("bao"))
            .when(committee("seat", "bao"))
            .then_err("OVERLAPPING_SEAT");
    }
}

/// Anna sat in this role until yesterday; whether something is overdue twenty days on.
fn overdue_after(role: &'static str, then: impl FnOnce(World) -> World) -> bool {
    let sat = committee("seat", "anna").with_office(move |office| {
        office.role = role.parse().unwrap();
        office.term_to = Some(office.term_from.plus_days(1));
    });
    // The term ends by itself on the third day.
    let world = then(World::community().given(sat))
        .days_later(3)
        .caught_up();
    let world = world.days_later(20).caught_up();
    let mut log = world.log().iter();
    log.any(|entry| entry.action.payload.family() == "handover_overdue")
}

#[test]
fn article_25_who_sits_again_hands_nothing_over() {
    let again = |role: &'static str| {
        committee("again", "anna").with_office(move |office| {
            office.role = role.parse().unwrap();
            office.term_from = office.term_from.plus_days(2);
        })
    };
    // Seated before the old term ends, or soon after.
    assert!(!overdue_after("member", |world| world.given(again("member"))));
    assert!(!overdue_after("member", |world| {
        world.days_later(3).caught_up().given(again("head"))
    }));
    assert!(!overdue_after("head", |world| world.given(again("head"))));
    // The head's seal goes to the next head; who sits nowhere again keeps nothing.
    assert!(overdue_after("head", |world| world.given(again("member"))));
    assert!(overdue_after("member", |world| world));
    // What was overdue is on record.
    assert!(overdue_after("member", |world| {
        let over = world.days_later(3).caught_up().days_later(11);
        over.given(again("member"))
    }));
}

#[test]
fn article_25_who_was_convicted_hands_over_and_who_cannot_act_does_not() {
    for (cause, owes) in [
        (OfficeEndCause::Conviction, true),
        (OfficeEndCause::Incapacity, false),
        (OfficeEndCause::Departure, false),
    ] {
        let ends = registrar().ends("seat", cause);
        let overdue = overdue_after("member", |world| world.given(ends));
        assert_eq!(overdue, owes, "{cause:?}");
    }
}

fn by_election(last: &'static str) -> Deed {
    committee("again", "bao").with_office(move |office| {
        office.obtained = OfficeObtained::ByElection;
        office.succeeds = Some("seat".parse().unwrap());
        office.term_to = Some(last.parse().unwrap());
    })
}

#[test]
fn a_candidate_is_nominated_by_the_party_or_by_ten_voters() {
    let names: Vec<String> = (0..10).map(|n| format!("voter-{n}")).collect();
    let mut voters: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 0)).collect();
    voters.push(("anna", 0));
    let world = World::community()
        .given(
            names
                .iter()
                .map(|name| registrar().enrols(name))
                .collect::<Vec<_>>(),
        )
        .given(registrar().publishes_roll("roll", "residents", &voters))
        .given(super::support::tables_contest(
            "residents",
            "committee-election-by-voters",
            &["anna", "bao"],
            1,
        ));
    let ten: Vec<&str> = names.iter().map(String::as_str).collect();
    world
        .when(registrar().nominates("motion", "anna", &ten[..9]))
        .then_err("TOO_FEW_NOMINATORS")
        .when(registrar().nominates("motion", "emil", &ten))
        .then_err("NO_SUCH_CANDIDATE")
        .when(teller("teller-1").nominates("motion", "anna", &ten))
        .then_err("NO_RIGHT")
        .when(chair().nominates("motion", "anna", &[]))
        .then_err("NOT_IN_CAPACITY")
        .given(registrar().nominates("motion", "anna", &ten))
        .when(registrar().nominates("motion", "anna", &ten))
        .then_err("NOMINATED_ALREADY")
        .when(
            by("secretary")
                .officer("party", "secretary")
                .nominates("motion", "bao", &[]),
        )
        .then_ok();
}

#[test]
fn every_other_cause_is_the_registrars_to_attest() {
    for cause in [
        OfficeEndCause::Resignation,
        OfficeEndCause::Incapacity,
        OfficeEndCause::Conviction,
        OfficeEndCause::InvalidElection,
        OfficeEndCause::Departure,
    ] {
        World::community()
            .given(committee("seat", "anna"))
            .when(registrar().ends("seat", cause))
            .then_ok();
    }
    assert_eq!(
        governance::sanction::basis_of(BodyKind::PropertyCompany),
        governance::action::SanctionBasis::Contract
    );
}

#[test]
fn article_37_two_incompetent_years_are_not_the_registrars_to_attest() {
    World::community()
        .given(committee("seat", "anna"))
        .when(registrar().ends("seat", OfficeEndCause::TwoIncompetent))
        .then_err("NOT_ASSESSED_SO");
}

/// Whom owners appoint as the assembly's steward, after whom.
fn steward(office: &str, person: &str, succeeds: Option<&str>) -> OfficeAssumed {
    OfficeAssumed {
        office: office.parse().unwrap(),
        body: "assembly".parse().unwrap(),
        person: person.parse().unwrap(),
        role: "steward".parse().unwrap(),
        term_from: "2026-03-02".parse().unwrap(),
        term_to: None,
        obtained: OfficeObtained::Appointed,
        decision: None,
        succeeds: succeeds.map(|office| office.parse().unwrap()),
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    }
}

#[test]
fn an_appointment_succeeds_in_a_seat_that_is_vacant_and_once() {
    let appoints = |motion: &str, effects: Vec<Effect>| {
        chair()
            .tables(motion, "assembly", "simple")
            .with_effects(effects)
    };
    let after = |office: &str| Effect::Appointed(steward(office, "bao", Some("first")));
    let world = super::support::community()
        .given(registrar().seats("first", "assembly", "anna"))
        .when(appoints("early", vec![after("second")]))
        .then_err("NO_VACANCY")
        .given(by("anna").resigns("first"))
        .when(appoints("both", vec![after("second"), after("third")]))
        .then_err("NO_VACANCY");
    let world = super::support::adopts(world, "appoints", vec![after("second")]);
    world
        .when(appoints("again", vec![after("third")]))
        .then_err("NO_VACANCY");
}

#[test]
fn who_resigned_is_not_replaced() {
    let replaces = |motion: &str| {
        let successor = steward("third", "chen", Some("first"));
        chair()
            .tables(motion, "assembly", "simple")
            .with_effects(vec![governance::testing::replaced("case", successor)])
    };
    let found = super::support::adopts(
        super::support::community(),
        "appoints",
        vec![Effect::Appointed(steward("first", "fang", None))],
    )
    .given(registrar().grants("committee", governance::charter::Right::Discipline))
    .given(chair().opens_case("case", "first", None))
    .given(chair().serves_notice("case", Severity::Serious))
    .given(by("fang").defends("case"))
    .given(chair().finds("case", Some(Severity::Serious)));
    found
        .clone()
        .when(replaces("in-time"))
        .then_ok()
        .given(by("fang").resigns("first"))
        .when(replaces("late"))
        .then_err("SANCTION_UNFIT");
}
