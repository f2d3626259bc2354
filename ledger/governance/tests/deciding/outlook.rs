//! What an open vote can still come to, at its exact boundaries.

use governance::{
    action::Outcome,
    charter::BallotVisibility,
    outlook::{Outlook, outlook},
    testing::{AGAINST, FOR, World},
};

use super::support::{MINUTE, OWNERS, chair, owner, registrar, simple, tabled};

fn look(world: &World) -> Option<Outlook> {
    outlook(world.state(), &"motion".parse().unwrap())
}

fn stands(world: &World) -> (bool, bool) {
    let outlook = look(world).expect("it is open");
    (outlook.can_pass(), outlook.must_pass())
}

#[test]
fn it_can_pass_until_too_many_are_against_and_must_once_nobody_can_prevent_it() {
    // More than half of four take part, and more than half of those agree.
    let world = simple();
    assert_eq!(stands(&world), (true, false));
    let one_against = world.clone().given(owner("anna").votes("motion", AGAINST));
    assert_eq!(
        stands(&one_against),
        (true, false),
        "three of four can be for"
    );
    let two_against = one_against.given(owner("bao").votes("motion", AGAINST));
    assert_eq!(
        stands(&two_against),
        (false, false),
        "two of four are not more than half"
    );

    let two_for = world
        .given(owner("anna").votes("motion", FOR))
        .given(owner("bao").votes("motion", FOR));
    assert_eq!(stands(&two_for), (true, false), "alone they have no quorum");
    let three_for = two_for.given(owner("chen").votes("motion", FOR));
    assert_eq!(stands(&three_for), (true, true));
    let outlook = look(&three_for).unwrap();
    assert_eq!(outlook.so_far.outcome, Outcome::Adopted);
    assert_eq!(
        (outlook.still_out.heads, outlook.still_out.area),
        (1, 10_000)
    );
}

#[test]
fn nothing_is_told_before_the_opening_after_the_close_or_of_a_secret_vote() {
    assert_eq!(look(&tabled("simple", &OWNERS)), None);
    let over = simple().later(10 * MINUTE).caught_up();
    assert_eq!(look(&over), None);
    let mut founding = governance::testing::community();
    for rule in &mut founding.charter.rules {
        if rule.id.as_str() == "simple" {
            rule.visibility = BallotVisibility::Secret;
        }
    }
    let secret = World::founded(founding)
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(chair().tables("motion", "assembly", "simple"))
        .given(chair().opens("motion", "roll", 10 * MINUTE));
    assert_eq!(look(&secret), None);
}
