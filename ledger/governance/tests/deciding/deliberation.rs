//! Motions before their vote.

use governance::{
    action::{Contest, StatementKind},
    testing::{Deed, World, by},
};

use super::support::{
    MINUTE, OWNERS, chair, contest, owner, registrar, simple, tabled, tables_contest,
};

fn tables() -> Deed {
    chair().tables("motion", "assembly", "simple")
}

#[test]
fn a_motion_is_tabled_once_under_a_rule_of_its_body() {
    World::community()
        .when(chair().tables("motion", "assembly", "nothing"))
        .then_err("RULE_UNKNOWN")
        .when(chair().tables("motion", "council", "simple"))
        .then_err("RULE_OF_ANOTHER_BODY")
        .when(chair().tables("motion", "nobody", "simple"))
        .then_err("BODY_UNKNOWN")
        .when(registrar().tables("motion", "assembly", "simple"))
        .then_err("NO_RIGHT")
        .when(tables())
        .then_ok()
        .when(tables())
        .then_err("MOTION_EXISTS");
}

#[test]
fn texts_are_bounded() {
    let with_text = |title: usize, paragraphs: &'static [usize], source: usize| {
        World::community().when(tables().with_motion(move |motion| {
            motion.text.title = "x".repeat(title);
            motion.text.paragraphs = paragraphs.iter().map(|n| "x".repeat(*n)).collect();
            motion.source = "x".repeat(source);
        }))
    };
    with_text(4_096, &[32_000, 768], 2_048).then_ok();
    with_text(1, &[], 0).then_ok();
    with_text(0, &[], 0).then_err("TEXT_EMPTY");
    with_text(4_097, &[], 0).then_err("TEXT_TOO_LONG");
    with_text(1, &[32_000, 769], 0).then_err("TEXT_TOO_LONG");
    with_text(1, &[], 2_049).then_err("TEXT_TOO_LONG");
    with_text(1, &[0; 1_024], 0).then_ok();
    with_text(1, &[0; 1_025], 0).then_err("LIST_SIZE");
}

#[test]
fn the_meeting_named_is_the_bodys_own() {
    let in_meeting = |body: &str, rule: &str| {
        let world = World::community();
        let starts_at = world.now().plus(MINUTE);
        let convenes = chair().convenes("meeting", body, rule, starts_at, &[]);
        world
            .given(convenes)
            .when(tables().with_motion(|motion| motion.meeting = Some("meeting".parse().unwrap())))
    };
    in_meeting("assembly", "simple").then_ok();
    in_meeting("council", "council-ordinary").then_err("MEETING_OF_ANOTHER_BODY");
    World::community()
        .when(tables().with_motion(|motion| motion.meeting = Some("nothing".parse().unwrap())))
        .then_err("MEETING_UNKNOWN");
}

#[test]
fn a_contest_has_options_and_seats_for_them() {
    let with = |contest: Contest| {
        World::community().when(tables().with_motion(|motion| motion.contest = Some(contest)))
    };
    let options = |n: usize, seats: u32| {
        let mut made = contest(&["anna"], seats);
        made.options[0].candidate = None;
        made.options = vec![made.options[0].clone(); n];
        made
    };
    with(options(64, 64)).then_ok();
    with(options(1, 1)).then_ok();
    with(options(65, 1)).then_err("LIST_SIZE");
    with(options(0, 0)).then_err("LIST_SIZE");
    with(options(2, 0)).then_err("CONTEST_SEATS");
    with(options(2, 3)).then_err("CONTEST_SEATS");
    with(contest(&["anna", "anna"], 1)).then_err("NAMED_TWICE");
    with(contest(&["anna", "nobody"], 1)).then_err("PERSON_UNKNOWN");
    let mut unlabelled = options(2, 1);
    unlabelled.options[1].label.clear();
    with(unlabelled).then_err("TEXT_EMPTY");
}

#[test]
fn an_election_has_more_candidates_than_seats() {
    let election = |candidates: &[&str], seats: u32| {
        let rule = "committee-election-by-voters";
        World::community().when(tables_contest("residents", rule, candidates, seats))
    };
    election(&["anna", "bao", "chen"], 2).then_ok();
    election(&["anna", "bao"], 2).then_rejected(|rejection| {
        assert_eq!(rejection.code(), "TOO_FEW_CANDIDATES");
        assert!(rejection.citation().is_some());
    });
    // A rule that does not ask for it takes as many candidates as seats.
    World::community()
        .when(tables_contest("assembly", "simple", &["anna", "bao"], 2))
        .then_ok();
}

#[test]
fn a_motion_is_amended_and_withdrawn_by_the_body_that_tabled_it_before_the_vote() {
    let others = || by("secretary").officer("party", "secretary");
    let world = tabled("simple", &OWNERS)
        .given(registrar().grants("party", governance::charter::Right::Table));
    world
        .when(others().amends("motion", None))
        .then_err("NOT_TABLING_BODY")
        .when(others().withdraws("motion"))
        .then_err("NOT_TABLING_BODY")
        .when(registrar().withdraws("motion"))
        .then_err("NO_RIGHT")
        .when(chair().amends("nothing", None))
        .then_err("MOTION_UNKNOWN")
        .when(chair().amends("motion", Some(contest(&["anna", "bao"], 3))))
        .then_err("CONTEST_SEATS")
        .when(chair().amends("motion", Some(contest(&["anna", "bao"], 1))))
        .then_ok()
        .when(chair().withdraws("motion"))
        .then_ok()
        .when(chair().withdraws("motion"))
        .then_err("MOTION_NOT_TABLED")
        .when(chair().amends("motion", None))
        .then_err("MOTION_NOT_TABLED")
        .when(chair().opens("motion", "roll", MINUTE))
        .then_err("MOTION_NOT_TABLED")
        .when(tables())
        .then_err("MOTION_EXISTS");
    simple()
        .when(chair().amends("motion", None))
        .then_err("MOTION_NOT_TABLED")
        .when(chair().withdraws("motion"))
        .then_err("MOTION_NOT_TABLED");
}

#[test]
fn officers_speak_by_right_and_members_on_their_own_bodys_motions() {
    use StatementKind::{Deliberation, Recommendation, Suggestion, Supervision};
    let world = tabled("simple", &OWNERS);
    let party = || by("secretary").officer("party", "secretary");
    let supervisor = || by("supervisor").officer("supervision", "supervisor");
    let world = world
        .given([
            chair().states("motion", Deliberation),
            party().states("motion", Recommendation),
            supervisor().states("motion", Supervision),
            owner("anna").states("motion", Deliberation),
            owner("anna").states("motion", Suggestion),
        ])
        .when(chair().states("motion", Suggestion))
        .then_err("NO_RIGHT")
        .when(party().states("motion", Supervision))
        .then_err("NO_RIGHT")
        .when(owner("anna").states("motion", Recommendation))
        .then_err("NO_RIGHT")
        .when(owner("emil").states("motion", Suggestion))
        .then_err("NOT_IN_CAPACITY")
        .when(by("anna").states("motion", Suggestion))
        .then_err("CAPACITY_MISSING")
        .when(owner("anna").states("nothing", Suggestion))
        .then_err("MOTION_UNKNOWN");
    // A member of another body has no say here.
    world
        .given(registrar().publishes_roll("others", "residents", &[("emil", 0)]))
        .when(by("emil").member("residents").states("motion", Suggestion))
        .then_err("NOT_IN_CAPACITY");
}

#[test]
fn a_statement_is_made_until_the_decision() {
    let suggests = || owner("anna").states("motion", StatementKind::Suggestion);
    simple()
        .when(suggests())
        .then_ok()
        .later(10 * MINUTE)
        .when(suggests())
        .then_err("MOTION_OVER");
    tabled("simple", &OWNERS)
        .given(chair().withdraws("motion"))
        .when(suggests())
        .then_err("MOTION_OVER");
}

#[test]
fn an_expert_is_invited_once_and_answers_once() {
    tabled("simple", &OWNERS)
        .when(registrar().invites("motion", "emil"))
        .then_err("NO_RIGHT")
        .when(chair().invites("motion", "nobody"))
        .then_err("PERSON_UNKNOWN")
        .when(by("emil").opines("motion", false))
        .then_err("EXPERT_NOT_INVITED")
        .when(chair().invites("motion", "emil"))
        .then_ok()
        .when(chair().invites("motion", "emil"))
        .then_err("EXPERT_INVITED_ALREADY")
        .when(by("fang").opines("motion", false))
        .then_err("EXPERT_NOT_INVITED")
        .when(by("emil").opines("motion", false))
        .then_ok()
        .when(by("emil").opines("motion", false))
        .then_err("OPINION_FILED_ALREADY");
    simple()
        .when(chair().invites("motion", "emil"))
        .then_err("MOTION_NOT_TABLED");
}

#[test]
fn an_expert_neither_invites_themself_nor_sits_in_the_body_that_decides() {
    // An owner on the assembly's roll is no officer of it.
    tabled("simple", &OWNERS)
        .when(chair().invites("motion", "chair"))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "EXPERT_NOT_INDEPENDENT");
            assert!(rejection.to_string().contains("the inviter"), "{rejection}");
        })
        .when(chair().invites("motion", "anna"))
        .then_ok()
        .given(registrar().seats("seat", "assembly", "bao"))
        .when(chair().invites("motion", "bao"))
        .then_err("EXPERT_NOT_INDEPENDENT")
        // Another body's officer may be asked, and so may one whose office ended.
        .when(chair().invites("motion", "secretary"))
        .then_ok()
        .given(registrar().ends("seat", governance::action::OfficeEndCause::Resignation))
        .when(chair().invites("motion", "bao"))
        .then_ok();
}

#[test]
fn an_interest_is_declared_before_the_vote_by_anybody_of_the_body() {
    tabled("simple", &OWNERS)
        .when(by("anna").recuses("motion"))
        .then_err("CAPACITY_MISSING")
        .when(owner("emil").recuses("motion"))
        .then_err("NOT_IN_CAPACITY")
        .when(chair().recuses("motion"))
        .then_err("NOT_IN_CAPACITY")
        .when(owner("anna").recuses("motion"))
        .then_ok()
        .when(owner("anna").recuses("motion"))
        .then_err("INTEREST_DECLARED_ALREADY");
}
