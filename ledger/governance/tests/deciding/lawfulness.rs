//! What holds of offices, sanctions and seats whatever people try, in whatever order and at whatever time.
//!
//! Anybody tries anything through the real `decide`; what is admitted is applied by the real `evolve`, and what
//! time brings by `derive`. A clerk who knows nothing of the state reads the log alone and says what must never
//! be: each property is computed from the entries, and not from what the rules keep.

mod clerk;

use std::collections::{BTreeMap, BTreeSet};

use governance::{
    action::{
        AppealOutcome, BodiesAction, DeliberationAction, DisciplineAction, Effect, EffectsOutcome,
        IssueKind, OfficeAssumed, OfficeEndCause, OfficeObtained, OverturnedBy, Payload, Sanction,
        Severity,
    },
    calendar::Date,
    charter::OverlapPolicy,
    testing::{Deed, Doer, FOR, Recorded, World, by, community as founding, replaced, sanctioned},
};
use proptest::prelude::*;

use self::clerk::Clerk;
use super::support::{DAY, MINUTE, OWNERS, chair, owner, registrar};

/// Bodies of which some exclude one another.
const BODIES: [&str; 4] = ["committee", "owners-committee", "supervision", "council"];
/// Who is seated, tried and heard. The last is no owner.
const PEOPLE: [&str; 4] = ["anna", "bao", "emil", "fang"];
/// Offices and cases that come and go by these numbers.
const NUMBERS: usize = 6;

#[derive(Clone, Debug)]
enum Try {
    /// Seat somebody in a body, for so many days from so many days on; by election into the seat of another.
    Seat(usize, usize, usize, u32, u32, Option<usize>),
    End(usize, bool),
    Resign(usize),
    /// A step of a case, by its number.
    Open(usize, usize),
    Notice(usize, Severity),
    Defend(usize),
    Find(usize, Option<Severity>),
    /// A decision with this effect: a sanction, or a replacement of an office by a successor.
    Impose(usize, Sanction),
    Replace(usize, usize),
    /// A case all the way, step by step, against an office; it ends in a replacement, or in this.
    Through(usize, usize, Severity, Option<Sanction>),
    Appeal(usize),
    Hear(usize, AppealOutcome),
    Overturn(usize),
    /// Seat a holder in a body that excludes the one of this office.
    SeatAgain(usize, usize),
    /// Act in an office, so much later, before anything that time has brought was entered: its holder, or another.
    Speak(usize, Option<usize>, u64),
    /// Act in an office at the last moment of its term, or at the first after it.
    SpeakAtTheEnd(usize, bool),
    Wait(u64),
}

fn severities() -> impl Strategy<Value = Severity> {
    prop_oneof![
        Just(Severity::Minor),
        Just(Severity::Ordinary),
        Just(Severity::Serious),
        Just(Severity::Grave),
    ]
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let number = || 0..NUMBERS;
    let seat = (
        number(),
        0..BODIES.len(),
        0..PEOPLE.len(),
        0_u32..20,
        0_u32..40,
        proptest::option::weighted(0.2, number()),
    );
    let one = prop_oneof![
        20 => seat.prop_map(|(o, b, p, from, days, s)| Try::Seat(o, b, p, from, days, s)),
        1 => (number(), any::<bool>()).prop_map(|(o, term)| Try::End(o, term)),
        2 => number().prop_map(Try::Resign),
        4 => (number(), number()).prop_map(|(c, o)| Try::Open(c, o)),
        4 => (number(), severities()).prop_map(|(c, s)| Try::Notice(c, s)),
        4 => number().prop_map(Try::Defend),
        4 => (number(), proptest::option::weighted(0.9, severities()))
            .prop_map(|(c, s)| Try::Find(c, s)),
        3 => (number(), prop_oneof![Just(Sanction::Warning), Just(Sanction::Demerit)])
            .prop_map(|(c, s)| Try::Impose(c, s)),
        3 => (number(), number()).prop_map(|(c, o)| Try::Replace(c, o)),
        6 => (number(), number(), severities(), proptest::option::of(Just(Sanction::Demerit)))
            .prop_map(|(c, o, s, to)| Try::Through(c, o, s, to)),
        4 => number().prop_map(Try::Appeal),
        4 => (number(), prop_oneof![
            Just(AppealOutcome::Upheld),
            Just(AppealOutcome::Reduced(Sanction::Warning)),
            Just(AppealOutcome::Annulled),
        ]).prop_map(|(c, o)| Try::Hear(c, o)),
        1 => number().prop_map(Try::Overturn),
        8 => (number(), proptest::option::weighted(0.2, 0..PEOPLE.len()), 0_u64..60 * DAY)
            .prop_map(|(o, by, ms)| Try::Speak(o, by, ms)),
        4 => (number(), any::<bool>()).prop_map(|(o, over)| Try::SpeakAtTheEnd(o, over)),
        3 => (0_u64..25 * DAY).prop_map(Try::Wait),
    ];
    // Somebody removed, seated elsewhere, and to be given the office back.
    // And perhaps when its term is over.
    let waits = prop_oneof![Just(0), 0_u64..40 * DAY];
    let back = (number(), number(), number(), waits).prop_map(|(case, of, other, waited)| {
        vec![
            Try::Through(case, of, Severity::Grave, None),
            Try::SeatAgain(of, other),
            Try::Wait(waited),
            Try::Overturn(0),
        ]
    });
    // A finding without a defence, about when the time for one is over.
    let patient = (number(), number(), severities(), 9 * DAY..12 * DAY).prop_map(
        |(case, of, found, waited)| {
            vec![
                Try::Open(case, of),
                Try::Notice(case, found),
                Try::Wait(waited),
                Try::Find(case, Some(found)),
            ]
        },
    );
    // And somebody who appeals and is heard.
    let outcome = prop_oneof![Just(AppealOutcome::Upheld), Just(AppealOutcome::Annulled)];
    let heard =
        (number(), number(), severities(), outcome).prop_map(|(case, of, found, outcome)| {
            vec![
                Try::Through(case, of, found, Some(Sanction::Demerit)),
                Try::Appeal(case),
                Try::Hear(case, outcome),
            ]
        });
    let some = prop_oneof![
        30 => one.prop_map(|one| vec![one]),
        2 => back,
        2 => heard,
        2 => patient,
    ];
    proptest::collection::vec(some, 0..60).prop_map(|some| some.concat())
}

fn steward() -> Doer {
    by("chen").officer("assembly", "steward")
}

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

fn office(number: usize) -> String {
    format!("office-{number}")
}

fn case(number: usize) -> String {
    format!("case-{number}")
}

/// Chen is the assembly's steward, who may discipline everybody; the policy on seats is this.
fn beginning(policy: OverlapPolicy) -> World {
    let mut founding = founding();
    founding.charter.overlap = policy;
    World::founded(founding)
        .given(registrar().publishes_roll("roll", "assembly", &OWNERS))
        .given(
            registrar()
                .seats("steward", "assembly", "chen")
                .with_office(|office| office.role = "steward".parse().unwrap()),
        )
        .given(chair().tables("talk", "assembly", "simple"))
}

/// An office that was tried, as the log gave it.
fn held(world: &World, number: usize) -> Option<OfficeAssumed> {
    let wanted = office(number);
    assumed(world.log())
        .find(|(assumed, _)| assumed.office.as_str() == wanted)
        .map(|(assumed, _)| assumed)
}

fn holder(world: &World, number: usize) -> Option<String> {
    held(world, number).map(|held| held.person.to_string())
}

/// The one tried in a case, by the log.
fn target(world: &World, number: usize) -> Option<String> {
    let wanted = case(number);
    let opened = world
        .log()
        .iter()
        .find_map(|entry| match &entry.action.payload {
            Payload::Discipline(DisciplineAction::CaseOpened(opened))
                if opened.case.as_str() == wanted =>
            {
                Some(opened.office.clone())
            }
            _ => None,
        })?;
    let held = assumed(world.log()).find(|(assumed, _)| assumed.office == opened);
    held.map(|(assumed, _)| assumed.person.to_string())
}

/// Every office that was given, with the entry that gave it.
fn assumed(log: &[Recorded]) -> impl Iterator<Item = (OfficeAssumed, u64)> {
    let mut tabled: BTreeMap<String, Vec<Effect>> = BTreeMap::new();
    let mut given = Vec::new();
    for entry in log {
        match &entry.action.payload {
            Payload::Founding(founded) => {
                given.extend(founded.offices.iter().map(|office| (office.clone(), 0)));
            }
            Payload::Bodies(BodiesAction::OfficeAssumed(assumed)) => {
                given.push((assumed.clone(), entry.at.index));
            }
            Payload::Deliberation(DeliberationAction::MotionTabled(motion)) => {
                tabled.insert(motion.motion.to_string(), motion.effects.clone());
            }
            Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                if decided.effects == Some(EffectsOutcome::Taken) =>
            {
                for effect in &tabled[decided.motion.as_str()] {
                    if let Effect::Replaced { successor, .. } = effect {
                        given.push((successor.clone(), entry.at.index));
                    }
                }
            }
            _ => {}
        }
    }
    given.into_iter()
}

/// What a try becomes; nothing, if nobody can try it now.
#[expect(
    clippy::too_many_lines,
    reason = "one arm for each thing that is tried"
)]
fn deeds(world: &World, attempt: &Try, at: usize) -> Vec<Deed> {
    let today = world.state().utc_offsets().date_of(world.now());
    let day = |days: u32| Date::from_days(today.days() + i32::try_from(days).unwrap());
    let adopted = |effect: Effect| {
        let motion = format!("motion-{at}");
        let mut deeds = vec![
            chair()
                .tables(&motion, "assembly", "simple")
                .with_effects(vec![effect]),
            chair().opens(&motion, "roll", MINUTE),
        ];
        deeds.extend(["anna", "bao", "chen"].map(|voter| owner(voter).votes(&motion, FOR)));
        deeds
    };
    match attempt {
        Try::Seat(number, body, person, from, days, into) => {
            let (from, to) = (day(*from), day(from + days));
            let into = into.map(office);
            let deed = registrar()
                .seats(&office(*number), BODIES[*body], PEOPLE[*person])
                .with_office(move |office| {
                    office.term_from = from;
                    office.term_to = Some(to);
                    if let Some(into) = into {
                        office.obtained = OfficeObtained::ByElection;
                        office.succeeds = Some(into.parse().unwrap());
                    } else if office.body.as_str() != "committee" {
                        office.obtained = OfficeObtained::Appointed;
                    }
                });
            vec![deed]
        }
        Try::End(number, term) => {
            let cause = if *term {
                OfficeEndCause::Term
            } else {
                OfficeEndCause::Incapacity
            };
            vec![registrar().ends(&office(*number), cause)]
        }
        Try::Resign(number) => holder(world, *number)
            .map(|holder| by(&holder).resigns(&office(*number)))
            .into_iter()
            .collect(),
        Try::Open(number, of) => vec![steward().opens_case(&case(*number), &office(*of), None)],
        Try::Notice(number, severity) => vec![steward().serves_notice(&case(*number), *severity)],
        Try::Defend(number) => target(world, *number)
            .map(|target| by(&target).defends(&case(*number)))
            .into_iter()
            .collect(),
        Try::Find(number, severity) => vec![steward().finds(&case(*number), *severity)],
        Try::Impose(number, sanction) => adopted(sanctioned(&case(*number), *sanction)),
        Try::Replace(number, of) => {
            let body = assumed(world.log())
                .find(|(assumed, _)| assumed.office.as_str() == office(*of))
                .map_or_else(|| "council".parse().unwrap(), |(assumed, _)| assumed.body);
            let successor = OfficeAssumed {
                office: format!("successor-{at}").parse().unwrap(),
                body,
                person: "dina".parse().unwrap(),
                role: "member".parse().unwrap(),
                term_from: today,
                term_to: None,
                obtained: OfficeObtained::Appointed,
                decision: None,
                succeeds: Some(office(*of).parse().unwrap()),
                woman: true,
                overlap_disclosed: false,
                elsewhere: None,
            };
            adopted(replaced(&case(*number), successor))
        }
        Try::Through(number, of, severity, sanction) => {
            let number = *number;
            let holder = holder(world, *of);
            let mut steps = vec![
                steward().opens_case(&case(number), &office(*of), None),
                steward().serves_notice(&case(number), *severity),
            ];
            steps.extend(holder.map(|holder| by(&holder).defends(&case(number))));
            steps.push(steward().finds(&case(number), Some(*severity)));
            let decision = match sanction {
                Some(sanction) => Try::Impose(number, *sanction),
                None => Try::Replace(number, *of),
            };
            steps.extend(deeds(world, &decision, at));
            steps
        }
        Try::Appeal(number) => target(world, *number)
            .map(|target| by(&target).appeals(&case(*number)))
            .into_iter()
            .collect(),
        Try::Hear(number, outcome) => vec![supervisor().decides_appeal(&case(*number), *outcome)],
        Try::Overturn(number) => decided(world)
            .into_iter()
            .rev()
            .nth(*number)
            .map(|(motion, effect)| {
                let undone = effect.name();
                let undone = [(undone.what.as_str(), undone.subject.as_str())];
                registrar().overturns(&motion, OverturnedBy::Court, &undone)
            })
            .into_iter()
            .collect(),
        Try::SeatAgain(of, number) => held(world, *of)
            .map(|held| {
                let body = match held.body.as_str() {
                    "committee" => "owners-committee",
                    _ => "committee",
                };
                registrar().seats(&office(*number), body, held.person.as_str())
            })
            .into_iter()
            .collect(),
        Try::Speak(number, another, _) => speaks(world, *number, *another, at),
        Try::SpeakAtTheEnd(number, _) => speaks(world, *number, None, at),
        Try::Wait(_) => Vec::new(),
    }
}

/// The holder, or another, acts in an office.
fn speaks(world: &World, number: usize, another: Option<usize>, at: usize) -> Vec<Deed> {
    let Some(held) = held(world, number) else {
        return Vec::new();
    };
    let speaker = another.map_or(held.person.as_str(), |another| PEOPLE[another]);
    let speaker = by(speaker).officer(held.body.as_str(), held.office.as_str());
    let issue = format!("issue-{at}");
    vec![speaker.raises(&issue, IssueKind::Request, "council", None, &[])]
}

/// How long it is to the end of an office's term, or to the moment before it; nothing where that is past.
fn to_the_end(world: &World, number: usize, over: bool) -> u64 {
    let last = held(world, number).and_then(|held| held.term_to);
    let Some(last) = last else { return 0 };
    let end = world.state().utc_offsets().end_of(last).0;
    let moment = if over { end } else { end - 1 };
    moment.saturating_sub(world.now().0)
}

/// Motions whose one effect took place.
fn decided(world: &World) -> Vec<(String, Effect)> {
    let mut tabled: BTreeMap<String, Effect> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in world.log() {
        match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::MotionTabled(motion)) => {
                if let Some(effect) = motion.effects.first() {
                    tabled.insert(motion.motion.to_string(), effect.clone());
                }
            }
            Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                if decided.effects == Some(EffectsOutcome::Taken) =>
            {
                let motion = decided.motion.to_string();
                if let Some(effect) = tabled.get(&motion) {
                    found.push((motion, effect.clone()));
                }
            }
            _ => {}
        }
    }
    found
}

/// Tries everything in turn.
fn play(policy: OverlapPolicy, attempts: &[Try]) -> World {
    let mut world = beginning(policy);
    for (at, attempt) in attempts.iter().enumerate() {
        world = match attempt {
            Try::Wait(ms) => world.later(*ms).caught_up(),
            Try::Speak(_, _, ms) => world.later(*ms),
            Try::SpeakAtTheEnd(number, over) => {
                let ms = to_the_end(&world, *number, *over);
                world.later(ms)
            }
            _ => world.later(1_000).caught_up(),
        };
        for deed in deeds(&world, attempt, at) {
            let signed = world.signed(deed);
            // Refused or not: nothing that follows depends on it.
            let _ = world.record(&signed);
            world = world.later(10);
        }
        if matches!(
            attempt,
            Try::Impose(..) | Try::Replace(..) | Try::Through(..)
        ) {
            world = world.later(MINUTE).caught_up();
        }
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_office_is_held_outside_its_term_no_sanction_comes_without_its_steps_no_seats_overlap(
        attempts in tries(),
        forbid in prop_oneof![3 => Just(OverlapPolicy::Forbid), 1 => Just(OverlapPolicy::Allow)],
    ) {
        let world = play(forbid, &attempts);
        Clerk::default().read(&world);
    }
}

/// So that the property is known to look at something: sequences do come to sanctions, removals and overlaps
/// that are tried.
#[test]
fn the_tries_reach_what_the_clerk_looks_at() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeSet<&'static str> = BTreeSet::new();
    for _ in 0..200 {
        let attempts = tries().new_tree(&mut runner).expect("a sequence").current();
        let world = play(OverlapPolicy::Forbid, &attempts);
        kinds.extend(
            world
                .log()
                .iter()
                .map(|entry| entry.action.payload.family()),
        );
        if decided(&world)
            .iter()
            .any(|(_, effect)| matches!(effect, Effect::Replaced { .. }))
        {
            kinds.insert("replaced");
        }
        if !decided(&world).is_empty() {
            kinds.insert("sanctioned");
        }
    }
    for kind in [
        "issue_raised",
        "office_assumed",
        "term_ended",
        "resignation_filed",
        "finding_made",
        "sanctioned",
        "replaced",
        "appeal_decided",
        "decision_overturned",
        "removal_voided",
    ] {
        assert!(kinds.contains(kind), "{kind} never happens: {kinds:?}");
    }
}
