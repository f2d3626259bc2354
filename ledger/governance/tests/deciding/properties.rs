//! What holds whatever people do.

use std::collections::{BTreeMap, BTreeSet};

use governance::{
    EntryRef, State,
    action::{Choice, Outcome, RollCallMark, Stance},
    derive, evolve,
    testing::{ABSTAIN, AGAINST, Deed, FOR, World, leaf},
};
use proptest::prelude::*;

use super::support::{DAY, MINUTE, chair, owner, registrar, teller, voting};

/// Five owners, among them one of two units; everything may be tried by anybody.
const OWNERS: [(&str, u64); 6] = [
    ("anna", 5_000),
    ("bao", 10_000),
    ("chen", 7_001),
    ("dina", 9_999),
    ("anna", 2_500),
    ("emil", 1),
];
/// The last is not on the roll.
const NAMES: [&str; 6] = ["anna", "bao", "chen", "dina", "emil", "fang"];

#[derive(Clone, Debug)]
enum Try {
    Vote(usize, Choice),
    VoteFor(usize, usize, Choice),
    Grant(usize, usize),
    Revoke(usize),
    Recuse(usize),
    Paper(u32, BTreeSet<usize>, Choice),
    Close,
    Wait(u64),
}

fn choices() -> impl Strategy<Value = Choice> {
    prop_oneof![
        4 => Just(FOR),
        4 => Just(AGAINST),
        2 => Just(ABSTAIN),
        1 => Just(Choice::Options(vec![0])),
    ]
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let who = || 0..NAMES.len();
    let papers = proptest::collection::btree_set(who(), 1..4);
    let one = prop_oneof![
        6 => (who(), choices()).prop_map(|(a, c)| Try::Vote(a, c)),
        4 => (who(), who(), choices()).prop_map(|(a, b, c)| Try::VoteFor(a, b, c)),
        3 => (who(), who()).prop_map(|(a, b)| Try::Grant(a, b)),
        1 => who().prop_map(Try::Revoke),
        1 => who().prop_map(Try::Recuse),
        3 => (0_u32..3, papers, choices()).prop_map(|(n, v, c)| Try::Paper(n, v, c)),
        1 => Just(Try::Close),
        1 => (0_u64..MINUTE).prop_map(Try::Wait),
    ];
    proptest::collection::vec(one, 0..40)
}

fn area(name: &str) -> u64 {
    let own = OWNERS.iter().filter(|(owner, _)| *owner == name);
    own.map(|(_, area)| area).sum()
}

fn deed(attempt: &Try) -> Option<Deed> {
    let name = |at: &usize| NAMES[*at];
    Some(match attempt {
        Try::Vote(voter, choice) => owner(name(voter)).votes("motion", choice.clone()),
        Try::VoteFor(hand, voter, choice) => {
            owner(name(hand)).votes_for(name(voter), "motion", choice.clone())
        }
        Try::Grant(voter, holder) => owner(name(voter)).grants_proxy("motion", name(holder)),
        Try::Revoke(voter) => owner(name(voter)).revokes_proxy("motion"),
        Try::Recuse(voter) => owner(name(voter)).recuses("motion"),
        Try::Paper(batch, voters, choice) => {
            let voters: Vec<&str> = voters.iter().map(name).collect();
            let heads = u32::try_from(voters.len()).unwrap();
            let total = (choice.clone(), heads, voters.iter().map(|v| area(v)).sum());
            teller("teller-1").records_papers(
                "motion",
                *batch,
                "teller-2",
                &voters,
                &[total],
                (0, 0),
            )
        }
        Try::Close => chair().closes_vote("motion"),
        Try::Wait(_) => return None,
    })
}

/// What a careful clerk would have written down: each voter's one vote.
#[derive(Clone, Debug, Default)]
struct Clerk {
    electronic: BTreeMap<&'static str, Choice>,
    paper: BTreeMap<&'static str, Choice>,
    recused: BTreeSet<&'static str>,
}

impl Clerk {
    fn notes(&mut self, attempt: &Try) {
        match attempt {
            Try::Vote(voter, choice) | Try::VoteFor(_, voter, choice) => {
                let voter = NAMES[*voter];
                assert!(
                    !self.paper.contains_key(voter),
                    "{voter} voted on paper before"
                );
                assert!(!self.recused.contains(voter), "{voter} is recused");
                self.electronic.insert(voter, choice.clone());
            }
            Try::Paper(_, voters, choice) => {
                for voter in voters.iter().map(|at| NAMES[*at]) {
                    assert!(!self.electronic.contains_key(voter), "{voter} voted before");
                    assert!(!self.recused.contains(voter), "{voter} is recused");
                    let twice = self.paper.insert(voter, choice.clone());
                    assert_eq!(twice, None, "{voter} handed in two papers");
                }
            }
            Try::Recuse(voter) => {
                self.recused.insert(NAMES[*voter]);
            }
            Try::Grant(..) | Try::Revoke(_) | Try::Close | Try::Wait(_) => {}
        }
    }

    fn votes(&self) -> impl Iterator<Item = (&'static str, &Choice)> {
        self.electronic
            .iter()
            .chain(&self.paper)
            .map(|(v, c)| (*v, c))
    }

    /// Heads and area of those who voted so.
    fn sum(&self, stance: Option<Stance>) -> (u64, u64) {
        let counts = |choice: &Choice| stance.is_none_or(|s| *choice == Choice::Stance(s));
        let voters = self.votes().filter(|(_, choice)| counts(choice));
        voters.fold((0, 0), |(heads, sum), (voter, _)| {
            (heads + 1, sum + area(voter))
        })
    }
}

fn round_trip(state: &State) {
    let config = bincode::config::standard();
    let bytes = bincode::serde::encode_to_vec(state, config).expect("it serialises");
    let (back, read): (State, usize) =
        bincode::serde::decode_from_slice(&bytes, config).expect("it deserialises");
    assert_eq!(read, bytes.len());
    assert_eq!(&back, state);
    let again = bincode::serde::encode_to_vec(&back, config).expect("it serialises");
    assert_eq!(again, bytes, "equal states have equal bytes");
}

/// Tries everything in turn; the clerk notes what was admitted.
fn play(attempts: &[Try]) -> (World, Clerk) {
    let mut world = voting("owners-ordinary", &OWNERS, 7 * DAY);
    let mut clerk = Clerk::default();
    for attempt in attempts {
        world = world.later(if let Try::Wait(ms) = attempt { *ms } else { 1 });
        world = world.caught_up();
        let Some(deed) = deed(attempt) else {
            continue;
        };
        let signed = world.signed(deed);
        let before = world.state().clone();
        match world.record(&signed) {
            Ok(_) => clerk.notes(attempt),
            Err(_) => assert_eq!(*world.state(), before, "a refusal changes nothing"),
        }
        round_trip(world.state());
    }
    (world.days_later(8).caught_up(), clerk)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn every_voter_counts_once_with_their_last_vote(attempts in tries()) {
        let (world, clerk) = play(&attempts);
        let decided = world.decision("motion").expect("it is decided");
        let [heads, by_area] = decided.measures.as_slice() else {
            panic!("two measures");
        };
        prop_assert!(heads.participating <= heads.eligible);
        for (stance, found) in [
            (None, (heads.participating, by_area.participating)),
            (Some(Stance::For), (heads.in_favour, by_area.in_favour)),
            (Some(Stance::Against), (heads.against, by_area.against)),
            (Some(Stance::Abstain), (heads.abstaining, by_area.abstaining)),
        ] {
            prop_assert_eq!(clerk.sum(stance), found, "{:?}", stance);
        }
    }

    #[test]
    fn a_tally_does_not_depend_on_the_order_of_ballots(
        attempts in tries(),
        order in Just((0..NAMES.len()).collect::<Vec<_>>()).prop_shuffle(),
    ) {
        let (world, clerk) = play(&attempts);
        let votes: BTreeMap<&str, &Choice> = clerk.votes().collect();
        let anew = voting("owners-ordinary", &OWNERS, 7 * DAY)
            .given(order.iter().filter_map(|at| {
                let name = NAMES[*at];
                votes.get(name).map(|choice| owner(name).votes("motion", (*choice).clone()))
            }))
            .days_later(8)
            .caught_up();
        prop_assert_eq!(world.decision("motion"), anew.decision("motion"));
    }

    #[test]
    fn replaying_a_log_gives_the_same_state(attempts in tries()) {
        let (world, _) = play(&attempts);
        let mut replayed = World::community().state().clone();
        for entry in &world.log()[1..] {
            evolve(&mut replayed, &entry.action, entry.at);
        }
        prop_assert_eq!(&replayed, world.state());
    }

    #[test]
    fn evolve_takes_anything_in_any_order(picks in proptest::collection::vec(0_usize..1_000, 0..40)) {
        let mut world = World::community();
        let mut state = world.state().clone();
        for pick in picks {
            let mut anything = anything();
            let at = pick % anything.len();
            let signed = world.signed(anything.swap_remove(at));
            let entry = EntryRef {
                index: state.size(),
                leaf: leaf(state.size()),
                recorded_at: world.now(),
            };
            evolve(&mut state, &signed.action, entry);
            if let Some(derived) = derive(&state, world.now().plus(30 * DAY)) {
                let entry = EntryRef { index: state.size(), ..entry };
                evolve(&mut state, &derived, entry);
            }
        }
        round_trip(&state);
    }
}

/// Every family, without regard for what came before.
fn anything() -> Vec<Deed> {
    let starts_at = governance::testing::FOUNDED_AT.plus(DAY);
    let rule = "council-ordinary";
    let mut deeds = vec![
        registrar().enrols("gao"),
        registrar().sees_off("anna"),
        registrar().revokes_key("anna", governance::testing::key("anna")),
        owner("anna").adds_key(governance::testing::key("spare")),
        registrar().grants("council", governance::charter::Right::Table),
        registrar().seats("seat", "council", "anna"),
        chair().convenes("meeting", "council", rule, starts_at, &["anna"]),
        chair().notices("meeting", None),
        registrar().records_attendance("meeting", "roll", &["anna", "bao"]),
        chair().closes_meeting("meeting"),
        chair()
            .tables("motion", "council", rule)
            .with_motion(|motion| {
                motion.meeting = Some("meeting".parse().unwrap());
            }),
        super::support::tables_contest("council", rule, &["anna", "bao"], 1),
        chair().amends("motion", None),
        chair().withdraws("motion"),
        chair().states("motion", governance::action::StatementKind::Deliberation),
        chair().invites("motion", "emil"),
        owner("emil").opines("motion", true),
        owner("anna").recuses("motion"),
        owner("fang").recuses("motion"),
        chair().opens("motion", "roll", MINUTE),
        owner("anna").votes("motion", FOR),
        owner("fang").votes("motion", Choice::Options(vec![7, 7])),
        owner("anna").grants_proxy("motion", "bao"),
        owner("anna").revokes_proxy("motion"),
        chair().closes_vote("motion"),
        registrar().calls_roll("motion", "roll", &[("fang", RollCallMark::For)]),
        teller("teller-1").records_papers(
            "motion",
            u32::MAX,
            "teller-2",
            &["fang", "fang"],
            &[(FOR, u32::MAX, u64::MAX), (FOR, u32::MAX, u64::MAX)],
            (u32::MAX, u64::MAX),
        ),
    ];
    deeds.extend(registrar().publishes_roll("roll", "council", &OWNERS));
    deeds
}

#[test]
fn a_large_vote_comes_to_one_outcome_whichever_way_it_is_cast() {
    // The same wills by ballot, by proxy and on paper.
    let ballots = voting("owners-ordinary", &OWNERS, 7 * DAY)
        .given(["anna", "bao", "chen", "dina"].map(|name| owner(name).votes("motion", FOR)));
    let proxies = voting("owners-ordinary", &OWNERS, 7 * DAY)
        .given(["anna", "bao", "chen"].map(|name| owner(name).grants_proxy("motion", "dina")))
        .given(["anna", "bao", "chen"].map(|name| owner("dina").votes_for(name, "motion", FOR)))
        .given(owner("dina").votes("motion", FOR));
    let four = ["anna", "bao", "chen", "dina"];
    let total = (FOR, 4, four.iter().map(|name| area(name)).sum());
    let papers = voting("owners-ordinary", &OWNERS, 7 * DAY)
        .given(teller("teller-1").records_papers("motion", 0, "teller-2", &four, &[total], (0, 0)));
    let decided = |world: World| {
        let world = world.days_later(8).caught_up();
        world.decision("motion").unwrap().clone()
    };
    let by_ballot = decided(ballots);
    assert_eq!(by_ballot.outcome, Outcome::Adopted);
    assert_eq!(decided(proxies), by_ballot);
    assert_eq!(decided(papers), by_ballot);
}
