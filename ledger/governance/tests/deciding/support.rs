//! Where most tests begin.

use governance::{
    action::{Contest, ContestOption, Effect, EffectsOutcome, Outcome},
    ids::Millis,
    testing::{Deed, Doer, FOR, World, by},
};

pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const DAY: u64 = Millis::DAY;

pub(crate) fn registrar() -> Doer {
    by("registrar").clerk()
}

pub(crate) fn chair() -> Doer {
    by("chair").chair()
}

/// A member of the owners' assembly.
pub(crate) fn owner(name: &str) -> Doer {
    by(name).member("assembly")
}

pub(crate) fn teller(name: &str) -> Doer {
    by(name).officer("committee", name)
}

/// Four owners of 100 m² each on the assembly's roll.
pub(crate) const OWNERS: [(&str, u64); 4] = [
    ("anna", 10_000),
    ("bao", 10_000),
    ("chen", 10_000),
    ("dina", 10_000),
];

/// The assembly has a roll of these owners, and a motion under this rule is tabled.
pub(crate) fn tabled(rule: &str, owners: &[(&str, u64)]) -> World {
    World::community()
        .given(registrar().publishes_roll("roll", "assembly", owners))
        .given(chair().tables("motion", "assembly", rule))
}

/// And its vote is open for so long.
pub(crate) fn voting(rule: &str, owners: &[(&str, u64)], ms: u64) -> World {
    tabled(rule, owners).given(chair().opens("motion", "roll", ms))
}

/// A simple vote among four owners, open for ten minutes.
pub(crate) fn simple() -> World {
    voting("simple", &OWNERS, 10 * MINUTE)
}

/// The community with the assembly's roll of four owners.
pub(crate) fn community() -> World {
    World::community().given(registrar().publishes_roll("roll", "assembly", &OWNERS))
}

/// Three owners of four adopt a motion with these effects, in ten minutes.
pub(crate) fn adopts(world: World, motion: &str, effects: Vec<Effect>) -> World {
    vote_for(
        world.given(
            chair()
                .tables(motion, "assembly", "simple")
                .with_effects(effects),
        ),
        motion,
    )
}

/// Those on a new roll of a body, called like the motion, adopt it with these effects, all of them, in ten minutes.
pub(crate) fn adopted_by(
    world: World,
    (body, rule): (&str, &str),
    voters: &[&str],
    motion: &str,
    effects: Vec<Effect>,
) -> World {
    let heads: Vec<(&str, u64)> = voters.iter().map(|voter| (*voter, 0)).collect();
    let tabled = chair().tables(motion, body, rule).with_effects(effects);
    let world = world
        .given(registrar().publishes_roll(motion, body, &heads))
        .given(tabled)
        .given(chair().opens(motion, motion, 10 * MINUTE));
    let cast = |voter: &&str| by(voter).member(body).votes(motion, FOR);
    let world = world.given(voters.iter().map(cast).collect::<Vec<_>>());
    world.later(10 * MINUTE).caught_up()
}

/// The members of the residents' committee resolve something without effects.
pub(crate) fn committee_resolves(world: World, motion: &str) -> World {
    let members = ["registrar", "chair", "teller-1"];
    adopted_by(
        world,
        ("committee", "committee-plain"),
        &members,
        motion,
        Vec::new(),
    )
}

/// Three owners of four vote for a tabled motion, and it is decided after ten minutes.
pub(crate) fn vote_for(world: World, motion: &str) -> World {
    let world = world.given(chair().opens(motion, "roll", 10 * MINUTE));
    let voters = ["anna", "bao", "chen"];
    let world = world.given(voters.map(|voter| owner(voter).votes(motion, FOR)));
    world.later(10 * MINUTE).caught_up()
}

/// What became of the effects of a decided motion.
pub(crate) fn effects_outcome(world: &World, motion: &str) -> Option<EffectsOutcome> {
    let decided = world.decision(motion).expect("it is decided");
    decided.effects.clone()
}

/// So much later everything is decided: what the motion came to.
pub(crate) fn outcome(world: World, later: u64) -> Outcome {
    let world = world.later(later).caught_up();
    world.decision("motion").expect("it is decided").outcome
}

/// A contest among people, under their names.
pub(crate) fn contest(candidates: &[&str], seats: u32) -> Contest {
    let option = |name: &&str| ContestOption {
        label: (*name).to_owned(),
        candidate: Some(name.parse().expect("an id")),
    };
    Contest {
        options: candidates.iter().map(option).collect(),
        seats,
        position: "委员".to_owned(),
    }
}

/// Tables a contest.
pub(crate) fn tables_contest(body: &str, rule: &str, candidates: &[&str], seats: u32) -> Deed {
    let contest = contest(candidates, seats);
    chair()
        .tables("motion", body, rule)
        .with_motion(move |motion| motion.contest = Some(contest))
}

/// The same in the residents' committee: who decides about its powers.
pub(crate) mod committee {
    use governance::{
        action::Effect,
        testing::{Doer, FOR, World, by},
    };

    use super::{MINUTE, chair, registrar};

    /// A member of the committee, who votes there.
    pub(crate) fn member(name: &str) -> Doer {
        by(name).member("committee")
    }

    /// The community with the committee's roll of four.
    pub(crate) fn community() -> World {
        let members = ["anna", "bao", "chen", "dina"].map(|name| (name, 0));
        World::community().given(registrar().publishes_roll("roll", "committee", &members))
    }

    /// Three members of four adopt a motion with these effects, in ten minutes.
    pub(crate) fn adopts(world: World, motion: &str, effects: Vec<Effect>) -> World {
        let tabled = chair().tables(motion, "committee", "committee-plain");
        vote_for(world.given(tabled.with_effects(effects)), motion)
    }

    /// Three members of four vote for a tabled motion, and it is decided after ten minutes.
    pub(crate) fn vote_for(world: World, motion: &str) -> World {
        let world = world.given(chair().opens(motion, "roll", 10 * MINUTE));
        let voters = ["anna", "bao", "chen"];
        let world = world.given(voters.map(|voter| member(voter).votes(motion, FOR)));
        world.later(10 * MINUTE).caught_up()
    }
}
