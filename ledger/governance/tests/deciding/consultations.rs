//! Consultations, administrative tasks 准入, records taken over, disclosures.

use governance::{
    action::{AffairsAction, Payload, PowerTerms},
    charter::Prerequisites,
    ids::Millis,
    testing::{Deed, Doer, FOUNDED_AT, World, by, community as founding, listed, power_terms},
};

use super::support::{DAY, MINUTE, OWNERS, chair, committee, community, owner, registrar};

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

fn today() -> i32 {
    let world = World::community();
    world.state().utc_offsets().date_of(FOUNDED_AT).days()
}

/// The rule `simple` asks for a consultation that the motion cites.
fn asking() -> World {
    let mut founding = founding();
    let mut rules = founding.charter.rules.iter_mut();
    let simple = rules.find(|rule| rule.id.as_str() == "simple").unwrap();
    simple.prerequisites = Prerequisites {
        consultation: true,
        ..Prerequisites::default()
    };
    World::founded(founding).given(registrar().publishes_roll("roll", "assembly", &OWNERS))
}

fn citing(motion: &str) -> Deed {
    chair()
        .tables(motion, "assembly", "simple")
        .with_motion(|motion| {
            motion.consultation = Some("lifts".parse().unwrap());
            motion.matter = Some("lifts".parse().unwrap());
        })
}

#[test]
fn a_vote_that_needs_a_consultation_opens_when_the_one_it_cites_is_closed() {
    let world = asking()
        .when(citing("motion"))
        .then_err("AFFAIR_UNKNOWN")
        .given(chair().consults("lifts", "assembly", DAY))
        .given(citing("motion"))
        .given(chair().tables("silent", "assembly", "simple"));
    let missing = |world: &World, motion: &str| {
        world
            .clone()
            .when(chair().opens(motion, "roll", MINUTE))
            .then_rejected(|rejection| {
                assert_eq!(rejection.code(), "NOT_READY_TO_OPEN");
                assert!(
                    rejection.to_string().contains("closed consultation"),
                    "{rejection}"
                );
            });
    };
    missing(&world, "motion");
    let world = world
        .given(owner("anna").responds("lifts"))
        .days_later(1)
        .given(chair().closes_consultation("lifts"));
    missing(&world, "silent");
    world
        .when(chair().opens("motion", "roll", MINUTE))
        .then_ok();
}

#[test]
fn a_consultation_supports_a_decision_of_its_body_on_its_matter_alone() {
    let world = asking().given(chair().consults("lifts", "assembly", DAY));
    let about = |matter: Option<&'static str>| {
        citing("motion").with_motion(move |m| m.matter = matter.map(|m| m.parse().unwrap()))
    };
    world
        .when(about(Some("parking")))
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "CONSULTATION_OF_ANOTHER");
            let said = rejection.to_string();
            assert!(said.ends_with("held for assembly on lifts"), "{said}");
        })
        .when(about(None))
        .then_err("CONSULTATION_OF_ANOTHER")
        .given(about(Some("lifts")));
    asking()
        .given(chair().consults("lifts", "council", DAY))
        .when(citing("motion"))
        .then_err("CONSULTATION_OF_ANOTHER");
}

#[test]
fn answers_come_before_the_close_and_the_end_after_it_and_once() {
    let world = community().given(chair().consults("lifts", "assembly", DAY));
    let Payload::Affairs(AffairsAction::ConsultationOpened(opened)) =
        &world.log().last().unwrap().action.payload
    else {
        panic!("a consultation");
    };
    let closes_at = opened.closes_at;
    world
        .at(Millis(closes_at.0 - 1))
        .when(chair().closes_consultation("lifts"))
        .then_err("CONSULTATION_TIME")
        .given(owner("anna").responds("lifts"))
        .at(closes_at)
        .when(owner("bao").responds("lifts"))
        .then_err("CONSULTATION_TIME")
        .when(owner("bao").closes_consultation("lifts"))
        .then_err("NO_RIGHT")
        .given(chair().closes_consultation("lifts"))
        .when(chair().closes_consultation("lifts"))
        .then_err("CONSULTATION_TIME");
}

#[test]
fn everybody_answers_a_consultation_once() {
    community()
        .given(chair().consults("lifts", "assembly", DAY))
        .given(owner("anna").responds("lifts"))
        .when(owner("anna").responds("lifts"))
        .then_err("CONSULTATION_ANSWERED_ALREADY")
        .when(owner("bao").consults("other", "assembly", DAY))
        .then_err("NO_RIGHT");
}

/// A street office, in which Emil is an officer, with the census on the list of its tasks.
fn street() -> World {
    let world =
        committee::community().given(registrar().seats("street-1", "street-office", "emil"));
    let census = PowerTerms {
        over: Some("committee".parse().unwrap()),
        ..power_terms("street-office", None)
    };
    committee::adopts(world, "list", vec![listed("census", census)])
}

fn emil() -> Doer {
    by("emil").officer("street-office", "street-1")
}

#[test]
fn a_task_that_is_not_on_the_list_may_be_refused_and_one_that_is_may_not() {
    street()
        .given(emil().assigns_task("listed", "committee", Some("census")))
        .given(emil().assigns_task("other", "committee", None))
        .when(chair().refuses_task("listed"))
        .then_err("TASK_LISTED")
        .given(chair().accepts_task("listed"))
        .given(chair().refuses_task("other"))
        .when(chair().accepts_task("other"))
        .then_err("TASK_ANSWERED_ALREADY");
}

#[test]
fn a_task_gives_its_legal_basis_and_its_funding() {
    let without = |change: fn(&mut governance::action::TaskAssigned)| {
        emil()
            .assigns_task("task", "committee", None)
            .with(move |action| {
                if let Payload::Affairs(AffairsAction::TaskAssigned(task)) = &mut action.payload {
                    change(task);
                }
            })
    };
    street()
        .when(without(|task| task.legal_basis.clear()))
        .then_err("TASK_INCOMPLETE")
        .when(without(|task| task.funding.clear()))
        .then_err("TASK_INCOMPLETE")
        .when(without(|_| {}))
        .then_ok();
}

#[test]
fn tasks_come_from_an_organ_above_under_items_it_holds() {
    street()
        .when(chair().assigns_task("task", "committee", None))
        .then_err("NOT_AN_ORGAN_ABOVE")
        .when(emil().assigns_task("task", "committee", Some("none")))
        .then_err("POWER_NOT_LISTED")
        .given(emil().assigns_task("task", "committee", None))
        .when(supervisor().accepts_task("task"))
        .then_err("NOT_IN_CAPACITY");
}

#[test]
fn a_record_is_taken_over_once_attested_and_of_a_day_that_has_come() {
    let imports =
        |record: &str, source: &str, day: i32| registrar().imports(record, "assembly", source, day);
    community()
        .when(imports("vote", "platform/7", today() + 1))
        .then_err("RECORD_IN_FUTURE")
        .given(imports("vote", "platform/7", today()))
        .when(imports("again", "platform/7", today()))
        .then_err("RECORD_IMPORTED_ALREADY")
        .when(imports("vote", "platform/8", today()))
        .then_err("AFFAIR_EXISTS")
        .when(chair().imports("other", "assembly", "platform/8", today()))
        .then_err("NO_RIGHT");
}

/// 组织法 34.
#[test]
fn a_disclosure_hangs_out_for_15_days() {
    community()
        .when(chair().posts("accounts", "committee", today() + 14))
        .then_err("DISCLOSURE_TOO_SHORT")
        .when(chair().posts("accounts", "committee", today() + 15))
        .then_ok()
        .when(supervisor().posts("others", "committee", today() + 15))
        .then_err("NO_RIGHT");
}
