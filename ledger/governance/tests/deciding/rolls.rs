use governance::{
    action::{BodiesAction, BodyEstablished, Payload, RollLine},
    charter::BodyKind,
    testing::{Deed, World, by},
};

use super::support::{OWNERS, chair, registrar};

fn line(voter: &str, unit: &str, co_owners: &[&str]) -> RollLine {
    RollLine {
        voter: voter.parse().unwrap(),
        area: 10_000,
        unit: Some(unit.parse().unwrap()),
        co_owners: co_owners.iter().map(|p| p.parse().unwrap()).collect(),
    }
}

fn publishes(lines: Vec<RollLine>) -> [Deed; 2] {
    registrar().publishes_lines("roll", "assembly", lines)
}

fn changed(
    deed: Deed,
    change: impl FnOnce(&mut governance::action::RollPublished) + 'static,
) -> Deed {
    deed.with(move |action| match &mut action.payload {
        Payload::Bodies(BodiesAction::RollPublished(published)) => change(published),
        other => panic!("{}", other.family()),
    })
}

#[test]
fn a_roll_is_published_after_its_parts_and_never_changes() {
    let [part, published] = registrar().publishes_roll("roll", "assembly", &OWNERS);
    let [again, twice] = registrar().publishes_roll("roll", "assembly", &OWNERS);
    let world = World::community().given(part);
    let roll = "roll".parse().unwrap();
    assert!(
        world.state().roll(&roll).is_none(),
        "unusable before it is published"
    );
    let world = world.given(published);
    let total = world.state().roll(&roll).unwrap().total();
    assert_eq!((total.heads, total.area), (4, 40_000));
    world
        .when(again)
        .then_err("ROLL_IS_PUBLISHED")
        .when(twice)
        .then_err("ROLL_IS_PUBLISHED");
}

#[test]
fn a_roll_needs_a_part_and_the_right_to_register() {
    let [_, published] = registrar().publishes_roll("roll", "assembly", &OWNERS);
    World::community().when(published).then_err("ROLL_UNKNOWN");
    let [part, published] = chair().publishes_roll("roll", "assembly", &OWNERS);
    World::community()
        .when(part)
        .then_err("NO_RIGHT")
        .when(published)
        .then_err("NO_RIGHT");
    let [part, _] = registrar().publishes_roll("roll", "nobody", &OWNERS);
    World::community().when(part).then_err("BODY_UNKNOWN");
}

#[test]
fn parts_follow_each_other() {
    let part = |n: u32, body: &'static str| {
        let unit = format!("unit-{n}");
        let voter = ["anna", "bao", "chen"][n as usize];
        let [part, _] = publishes(vec![line(voter, &unit, &[])]);
        part.with(move |action| match &mut action.payload {
            Payload::Bodies(BodiesAction::RollPart(part)) => {
                part.part = n;
                part.body = body.parse().unwrap();
            }
            other => panic!("{}", other.family()),
        })
    };
    World::community()
        .when(part(1, "assembly"))
        .then_err("ROLL_INVALID")
        .given(part(0, "assembly"))
        .when(part(2, "assembly"))
        .then_err("ROLL_INVALID")
        .when(part(1, "residents"))
        .then_err("ROLL_INVALID")
        .when(part(1, "assembly"))
        .then_ok()
        .when(part(1, "assembly"))
        .then_err("ROLL_INVALID");
}

#[test]
fn what_is_published_is_what_the_parts_say() {
    let published = |change: fn(&mut governance::action::RollPublished)| {
        let [part, published] = registrar().publishes_roll("roll", "assembly", &OWNERS);
        World::community()
            .given(part)
            .when(changed(published, change))
    };
    published(|_| {}).then_ok();
    published(|p| p.parts = 2).then_err("ROLL_INVALID");
    published(|p| p.members = 5).then_err("ROLL_INVALID");
    published(|p| p.total_area -= 1).then_err("ROLL_INVALID");
    published(|p| p.digest.0[0] ^= 1).then_err("ROLL_INVALID");
    published(|p| p.body = "residents".parse().unwrap()).then_err("ROLL_INVALID");
}

#[test]
fn everybody_on_a_roll_is_known() {
    let part = |lines| {
        let [part, _] = publishes(lines);
        World::community()
            .given(registrar().sees_off("emil"))
            .when(part)
    };
    part(vec![line("ghost", "u", &[])]).then_ok();
    part(vec![line("nobody", "u", &[])]).then_err("PERSON_UNKNOWN");
    // Who has left stands on the rolls of earlier days.
    part(vec![line("emil", "u", &[])]).then_ok();
    part(vec![line("anna", "u", &["nobody"])]).then_err("PERSON_UNKNOWN");
    part(vec![line("anna", "u", &["emil"])]).then_ok();
    part(vec![line("anna", "u", &[]), line("bao", "u", &[])]).then_err("ROLL_INVALID");
    part(vec![line("anna", "u", &["anna"])]).then_err("ROLL_INVALID");
    part(vec![]).then_err("ROLL_INVALID");
}

#[test]
fn co_owners_are_members_but_the_voter_votes() {
    let world = World::community().given(publishes(vec![line("anna", "u", &["bao"])]));
    let world = world
        .given(chair().tables("motion", "assembly", "simple"))
        .given(chair().opens("motion", "roll", 60_000));
    world
        .when(
            by("bao")
                .member("assembly")
                .states("motion", governance::action::StatementKind::Suggestion),
        )
        .then_ok()
        .when(
            by("bao")
                .member("assembly")
                .votes("motion", governance::testing::FOR),
        )
        .then_rejected(|rejection| {
            assert_eq!(rejection.code(), "NOT_ON_ROLL");
            assert!(rejection.to_string().contains("is anna's"), "{rejection}");
        })
        .when(
            by("anna")
                .member("assembly")
                .votes("motion", governance::testing::FOR),
        )
        .then_ok();
}

#[test]
fn the_roll_in_force_is_the_newest_as_of_the_day() {
    let as_of = |roll: &str, voter: &str, days: i32| {
        let [part, published] = registrar().publishes_roll(roll, "council", &[(voter, 0)]);
        let published = changed(published, move |p| {
            p.as_of = governance::calendar::Date::from_days(p.as_of.days() + days);
        });
        [part, published]
    };
    // Published out of order: the newest day wins, and of one day the one published last.
    let world = World::community()
        .given(as_of("march", "anna", 0))
        .given(as_of("january", "bao", -60))
        .given(as_of("april", "chen", 30))
        .given(as_of("march-corrected", "dina", 0));
    let body = "council".parse().unwrap();
    let founding_day = governance::calendar::Date::from_days(20_514);
    let in_force = |days: i32| {
        let day = governance::calendar::Date::from_days(founding_day.days() + days);
        world
            .state()
            .roll_in_force(&body, day)
            .map(|roll| roll.id().to_string())
    };
    assert_eq!(in_force(-61), None);
    assert_eq!(in_force(-60).as_deref(), Some("january"));
    assert_eq!(in_force(-1).as_deref(), Some("january"));
    assert_eq!(in_force(0).as_deref(), Some("march-corrected"));
    assert_eq!(in_force(29).as_deref(), Some("march-corrected"));
    assert_eq!(in_force(30).as_deref(), Some("april"));
}

#[test]
fn article_28_representatives_are_four_fifths_of_their_meeting() {
    let established = BodyEstablished {
        body: "representatives".parse().unwrap(),
        kind: BodyKind::RepresentativesMeeting,
        name: "居民代表会议".to_owned(),
    };
    let world = World::community()
        .given(registrar().does(Payload::Bodies(BodiesAction::BodyEstablished(established))))
        .given(registrar().seats("seat", "committee", "anna"));
    let publishes = |voters: &[(&str, u64)]| {
        let [part, published] = registrar().publishes_roll("roll", "representatives", voters);
        world.clone().given(part).when(published)
    };
    let five = [
        ("anna", 0),
        ("bao", 0),
        ("chen", 0),
        ("dina", 0),
        ("emil", 0),
    ];
    publishes(&five).then_ok();
    publishes(&five[..4]).then_rejected(|why| {
        assert_eq!(why.code(), "TOO_FEW_REPRESENTATIVES");
        assert!(
            why.to_string().contains("of the 4 members on roll roll, 3"),
            "{why}"
        );
    });
    // The clerk is staff, and no member of the committee.
    let staff = [("registrar", 0), ("bao", 0)];
    publishes(&staff).then_ok();
}
