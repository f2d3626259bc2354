//! What an open vote can still come to, at its exact boundaries.

use governance::{
    action::Outcome,
    charter::{BallotVisibility, QuorumBase},
    outlook::{Outlook, outlook},
    presets::Preset,
    testing::{AGAINST, FOR, FOUNDED_AT, World, by},
};

use super::support::{MINUTE, OWNERS, chair, outcome, owner, registrar, simple, tabled};

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

/// Of these voters of the council, Bao has an interest, and Anna is near kin of Bao: neither votes. The rule has more than half take part, and more
/// than half of those agree, with or without them in the denominator.
fn kin_recused(voters: &[(&str, u64)], leave: bool, base: QuorumBase) -> World {
    let mut founding = governance::testing::community();
    let body = "council".parse().unwrap();
    let mut rule = Preset::CommitteeResolution.rule("kin".parse().unwrap(), body);
    rule.voting_window_ms_min = 0;
    rule.recused_leave_denominator = leave;
    rule.quorum_base = base;
    founding.charter.rules.push(rule);
    let meets_at = FOUNDED_AT.plus(MINUTE);
    let present: Vec<&str> = voters[2..].iter().map(|(name, _)| *name).collect();
    World::founded(founding)
        .given(registrar().declares_kin("anna", "bao"))
        .given(registrar().publishes_roll("roll", "council", voters))
        .given(chair().convenes("meeting", "council", "kin", meets_at, &[]))
        .given(
            chair()
                .tables("motion", "council", "kin")
                .with_motion(|motion| motion.meeting = Some("meeting".parse().unwrap())),
        )
        .given(by("bao").member("council").recuses("motion"))
        .at(meets_at)
        .given(registrar().records_attendance("meeting", "roll", &present))
        .given(chair().opens("motion", "roll", 10 * MINUTE))
}

const FIVE: [(&str, u64); 5] = [
    ("anna", 0),
    ("bao", 0),
    ("chen", 0),
    ("dina", 0),
    ("emil", 0),
];

#[test]
fn near_kin_who_are_recused_are_counted_out_as_the_tally_does() {
    for base in [QuorumBase::Participating, QuorumBase::Attending] {
        // Two of four are not more than half, whatever they vote; two of two are, and so are three of five.
        for (voters, leave, can) in [
            (&FIVE[..4], false, Outcome::NoQuorum),
            (&FIVE[..4], true, Outcome::Adopted),
            (&FIVE[..], false, Outcome::Adopted),
            (&FIVE[..], true, Outcome::Adopted),
        ] {
            let open = kin_recused(voters, leave, base);
            let told = look(&open).expect("it is open");
            assert_eq!(told.still_out.heads, voters.len() as u64 - 2);
            // Where those attending count, the recused may still come and make a quorum; they do not vote for it.
            let reach = match base {
                QuorumBase::Participating => can,
                QuorumBase::Attending => Outcome::Adopted,
            };
            assert_eq!(told.at_best, reach, "{voters:?} {leave} {base:?}");
            let all: Vec<_> = voters[2..]
                .iter()
                .map(|(name, _)| by(name).member("council").votes("motion", FOR))
                .collect();
            let voted = open.given(all);
            assert_eq!(look(&voted).unwrap().so_far.outcome, can);
            let decided = outcome(voted.clone(), 10 * MINUTE);
            assert_eq!(decided, can, "{voters:?} {leave} {base:?}");
            assert!(!look(&voted).unwrap().must_pass() || decided == Outcome::Adopted);
        }
    }
    // One of the three against: two of three who take part are more than half. Two against: it cannot pass any more.
    let votes = |name: &str, choice| by(name).member("council").votes("motion", choice);
    let one = kin_recused(&FIVE, false, QuorumBase::Participating).given(votes("chen", AGAINST));
    assert_eq!(stands(&one), (true, false));
    let two = one.given(votes("dina", AGAINST));
    assert_eq!(stands(&two), (false, false));
    assert_eq!(
        outcome(two.given(votes("emil", FOR)), 10 * MINUTE),
        Outcome::Rejected
    );
}
