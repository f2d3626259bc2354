//! Corrected records: the original stays, a roll call is tallied again.

use governance::{
    action::{
        DeliberationAction, MotionDecided, Outcome, Payload,
        RollCallMark::{Absent, Abstain, Against, For},
    },
    testing::{World, by},
};

use super::{
    roll_calls::{ALL, sitting, sitting_on},
    support::{chair, owner, registrar},
};

/// The roll call stands, and the motion is decided: the world, and the entry of the roll call.
fn called() -> (World, u64) {
    let world = sitting().given(registrar().calls_roll("motion", "roll", &ALL));
    let entry = world.state().size() - 1;
    (world.caught_up(), entry)
}

/// Every decision on the motion, the first first.
fn decisions(world: &World) -> Vec<MotionDecided> {
    let log = world.log().iter();
    let decided = log.filter_map(|entry| match &entry.action.payload {
        Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => Some(decided.clone()),
        _ => None,
    });
    decided.collect()
}

const CHANGED: [(&str, governance::action::RollCallMark); 4] = [
    ("anna", For),
    ("bao", Against),
    ("chen", Against),
    ("dina", Absent),
];

#[test]
fn a_corrected_roll_call_is_tallied_again_and_the_first_tally_stays() {
    let (world, entry) = called();
    let world = world
        .given(registrar().corrects_roll_call(entry, "motion", &CHANGED))
        .caught_up();
    let [first, second] = &decisions(&world)[..] else {
        panic!("two decisions");
    };
    assert_eq!(
        (first.outcome, second.outcome),
        (Outcome::Adopted, Outcome::Rejected)
    );
    let measure = &second.measures[0];
    assert_eq!((measure.in_favour, measure.against), (1, 2));
    // It can be corrected again, by the number of the roll call itself.
    let world = world
        .given(registrar().corrects_roll_call(entry, "motion", &ALL))
        .caught_up();
    assert_eq!(decisions(&world)[2].outcome, Outcome::Adopted);
}

#[test]
fn only_the_roll_call_a_decision_rests_on_is_tallied_again() {
    let (world, entry) = called();
    world
        .when(registrar().corrects_roll_call(entry + 1, "motion", &CHANGED))
        .then_err("CORRECTS_NO_ROLL_CALL")
        .when(registrar().corrects_roll_call(entry, "nothing", &CHANGED))
        .then_err("MOTION_UNKNOWN")
        .given(registrar().overturns("motion", governance::action::OverturnedBy::Court, &[]))
        .when(registrar().corrects_roll_call(entry, "motion", &CHANGED))
        .then_err("DECISION_OVERTURNED_ALREADY");
    sitting()
        .when(registrar().corrects_roll_call(0, "motion", &CHANGED))
        .then_err("CORRECTS_NO_ROLL_CALL");
}

#[test]
fn the_clerk_corrects_and_a_teller_attests() {
    let (world, entry) = called();
    world
        .when(chair().corrects_roll_call(entry, "motion", &CHANGED))
        .then_err("NO_RIGHT")
        .when(chair().corrects_in_words(entry))
        .then_err("NO_RIGHT")
        .when(
            registrar()
                .corrects_in_words(entry)
                .with(|action| action_second(action, "registrar", "clerk")),
        )
        .then_err("ATTESTOR_IS_ACTOR")
        .when(
            registrar()
                .corrects_roll_call(entry, "motion", &CHANGED)
                .with(|action| action_second(action, "chair", "chair")),
        )
        .then_err("ATTESTOR_WITHOUT_RIGHT");
}

fn action_second(action: &mut governance::action::Action, person: &str, office: &str) {
    if let Payload::Correction(corrected) = &mut action.payload {
        corrected.second.person = person.parse().unwrap();
        corrected.second.capacity.office = Some(office.parse().unwrap());
    }
}

#[test]
fn what_is_right_is_whole_and_contradicts_neither_interest_nor_attendance() {
    let (world, entry) = called();
    let tried = |lines: &[(&str, governance::action::RollCallMark)], code: &str| {
        world
            .clone()
            .when(registrar().corrects_roll_call(entry, "motion", lines))
            .then_err(code);
    };
    tried(&CHANGED[..3], "ROLL_CALL_INCOMPLETE");
    tried(
        &[CHANGED[0], CHANGED[1], CHANGED[2], ("dina", For)],
        "NOT_ATTENDING",
    );
    tried(
        &[("anna", Absent), CHANGED[1], CHANGED[2], CHANGED[3]],
        "PRESENT_MARKED_ABSENT",
    );
    let recused = sitting_on(|_| {})
        .given(by("chen").member("council").recuses("motion"))
        .given(registrar().calls_roll(
            "motion",
            "roll",
            &[
                ALL[0],
                ALL[1],
                ("chen", governance::action::RollCallMark::NotVoting),
                ALL[3],
            ],
        ));
    let entry = recused.state().size() - 1;
    recused
        .when(registrar().corrects_roll_call(entry, "motion", &ALL))
        .then_err("VOTER_RECUSED");
}

#[test]
fn what_rests_on_an_outcome_keeps_it_from_changing_on_the_way() {
    let (world, entry) = called();
    let begun = world.given(chair().implements("motion", governance::action::Execution::UnderWay));
    begun
        .clone()
        .when(registrar().corrects_roll_call(entry, "motion", &CHANGED))
        .then_err("CORRECTION_UNSETTLES");
    // Marks may change as long as the outcome does not.
    let same = [
        ("anna", For),
        ("bao", For),
        ("chen", Abstain),
        ("dina", Absent),
    ];
    let world = begun
        .given(registrar().corrects_roll_call(entry, "motion", &same))
        .caught_up();
    assert_eq!(decisions(&world)[1].measures[0].abstaining, 1);
}

#[test]
fn any_entry_of_the_log_is_corrected_in_words_and_nothing_else_changes() {
    let world = World::community();
    let last = world.state().size() - 1;
    world
        .when(registrar().corrects_in_words(last + 1))
        .then_err("CORRECTS_NOTHING")
        .when(owner("anna").corrects_in_words(last))
        .then_err("NOT_IN_CAPACITY")
        .given(registrar().corrects_in_words(last));
}
