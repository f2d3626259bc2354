//! What the law admits, the views take in; and they say what the law says.

use governance::{
    Motion, State, Status,
    action::{Choice, Stance},
    ids::{BodyId, MotionId, PersonId},
    testing::{ABSTAIN, AGAINST, FOR, World, by, key},
};
use projector::{
    LedgerViews, Logged, PageRequest, ViewStore,
    views::{
        decisions::DecisionFilter,
        motions::MotionStatus,
        offices::{AsOf, OfficeFilter},
    },
};

const MOTIONS: [&str; 4] = ["voted", "withdrawn", "running", "unattended"];
const VOTERS: [(&str, u64); 6] = [
    ("anna", 9_000),
    ("bao", 8_000),
    ("chen", 7_000),
    ("dina", 6_000),
    ("emil", 5_000),
    ("fang", 4_000),
];

/// The worlds of a month, each with everything of the one before.
fn month() -> Vec<World> {
    let chair = || by("chair").chair();
    let clerk = || by("registrar").clerk();
    let owner = |name| by(name).member("assembly");
    let begun = World::community()
        .given(clerk().publishes_roll("roll", "assembly", &VOTERS))
        .given(MOTIONS.map(|motion| chair().tables(motion, "assembly", "simple")))
        .given(chair().withdraws("withdrawn"))
        .given(by("anna").adds_key(key("anna's second")));
    let voting = begun
        .clone()
        .given(chair().opens("voted", "roll", 3_600_000))
        .given(chair().opens("unattended", "roll", 3_600_000))
        .given(owner("anna").votes("voted", FOR))
        .given(owner("bao").grants_proxy("voted", "anna"))
        .given(owner("anna").votes_for("bao", "voted", ABSTAIN))
        .given(owner("anna").votes("voted", AGAINST))
        .given(
            by("teller-1")
                .officer("committee", "teller-1")
                .records_papers(
                    "voted",
                    0,
                    "teller-2",
                    &["chen", "dina"],
                    &[(Choice::Stance(Stance::For), 2, 13_000)],
                    (0, 0),
                ),
        );
    let decided = voting
        .clone()
        .days_later(1)
        .given(chair().opens("running", "roll", 3_600_000))
        .given(owner("emil").votes("running", FOR));
    let parted = decided
        .clone()
        .given(clerk().sees_off("anna"))
        .given(clerk().sees_off("supervisor"));
    vec![World::community(), begun, voting, decided, parted]
}

fn motion(id: &str) -> MotionId {
    MotionId::new(id).unwrap()
}

fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

pub(crate) fn with_views<T>(world: &World, look: impl FnOnce(&LedgerViews) -> T) -> T {
    let dir = tempfile::tempdir().unwrap();
    let store = ViewStore::open(dir.path()).unwrap();
    let views = LedgerViews::open(&store, world.state().ledger()).unwrap();
    let entries = world.log().iter().map(|recorded| Logged {
        index: recorded.at.index,
        leaf: recorded.at.leaf,
        recorded_at: recorded.at.recorded_at,
        action: &recorded.action,
    });
    views.apply(&entries.collect::<Vec<_>>()).unwrap();
    look(&views)
}

#[test]
fn position_and_action_ids_are_the_laws() {
    for world in month() {
        let state = world.state();
        with_views(&world, |views| {
            let position = views.progress().borrow().position.unwrap();
            assert_eq!(position.index + 1, state.size());
            assert_eq!(position.leaf, state.last_leaf());
            assert_eq!(position.recorded_at, state.last_recorded_at());
            for recorded in world.log() {
                let id = recorded.action.id;
                let found = views.read(|view| view.recorded_action(id)).unwrap().value;
                assert_eq!(found, Some(recorded.at.index));
            }
        });
    }
}

fn expected(state: &State, id: &str) -> Option<MotionStatus> {
    let status = state.motion(&motion(id))?.status();
    Some(match status {
        Status::Tabled => MotionStatus::Tabled,
        Status::Open => MotionStatus::Open,
        Status::Decided(_) => MotionStatus::Decided,
        Status::Withdrawn => MotionStatus::Withdrawn,
        Status::Overturned => MotionStatus::Overturned,
    })
}

#[test]
fn motions_stand_where_the_law_has_them() {
    for world in month() {
        let state = world.state();
        with_views(&world, |views| {
            for id in MOTIONS {
                let row = views.read(|view| view.motion(&motion(id))).unwrap().value;
                let status = row.as_ref().map(|row| row.status);
                assert_eq!(status, expected(state, id), "{id}");
                let opened = state.motion(&motion(id)).and_then(Motion::voting_opened);
                if opened.is_some() {
                    assert_eq!(row.and_then(|row| row.vote).map(|vote| vote.opened), opened);
                }
            }
        });
    }
}

#[test]
fn decisions_are_those_of_the_log() {
    for world in month() {
        with_views(&world, |views| {
            let filter = DecisionFilter::default();
            let all = PageRequest::default();
            let page = views.read(|view| view.decisions(&filter, &all)).unwrap();
            let recorded = MOTIONS.iter().filter_map(|id| world.decision(id)).count();
            assert_eq!(page.value.rows.len(), recorded);
            for row in page.value.rows {
                assert_eq!(Some(&row.result), world.decision(row.motion.as_str()));
            }
        });
    }
}

#[test]
fn what_was_received_is_what_took_part() {
    let worlds = month();
    with_views(worlds.last().unwrap(), |views| {
        let decided = worlds.last().unwrap().decision("voted").unwrap();
        let received = views
            .read(|view| view.votes_received(&motion("voted")))
            .unwrap();
        assert_eq!(received.value, decided.measures[0].participating);
        assert_eq!(received.value, 4);
    });
}

#[test]
fn the_roll_in_force_is_the_laws() {
    let assembly = BodyId::new("assembly").unwrap();
    for world in month() {
        let state = world.state();
        let today = state.utc_offsets().date_of(world.now());
        with_views(&world, |views| {
            for day in [today, governance::calendar::Date::from_days(0)] {
                let row = views
                    .read(|view| view.roll_as_of(&assembly, Some(day)))
                    .unwrap();
                let law = state.roll_in_force(&assembly, day);
                assert_eq!(
                    row.value.as_ref().map(|row| &row.roll),
                    law.map(|roll| roll.id())
                );
                let members = row.value.map(|row| u64::from(row.members));
                assert_eq!(members, law.map(|roll| roll.total().heads));
            }
        });
    }
}

/// The chair is found incompetent two years running, and the tellers' years are apart.
#[test]
fn article_37_who_was_found_incompetent_twice_is_out_of_office_in_law_and_views() {
    let supervisor = || by("supervisor").officer("supervision", "supervisor");
    let assessed = |world: World, year: u32, bad: &[&str]| {
        let mark = |office: &'static str| {
            let incompetent = if bad.contains(&office) { 9 } else { 0 };
            (office, [5, 0, incompetent])
        };
        let lines = ["clerk", "chair", "teller-1", "teller-2"].map(mark);
        world
            .given(by("chair").chair().reports("committee", year))
            .given(supervisor().assesses("committee", year, "supervisor-2", &lines))
            .days_later(365)
    };
    let world = assessed(World::community(), 2026, &["chair", "teller-1"]);
    let world = assessed(world, 2027, &["chair", "teller-2"]);
    let committee = BodyId::new("committee").unwrap();
    let law: Vec<String> = world
        .state()
        .offices_of(&committee)
        .map(ToString::to_string)
        .collect();
    assert_eq!(law, ["clerk", "teller-1", "teller-2"]);
    with_views(&world, |views| {
        let filter = OfficeFilter {
            body: Some(committee.clone()),
            ..OfficeFilter::default()
        };
        let now = AsOf::Time(world.now());
        let page = views.read(|view| view.officeholders(&filter, now, &PageRequest::default()));
        let rows = page.unwrap().value.rows;
        let told: Vec<String> = rows.iter().map(|row| row.office.to_string()).collect();
        assert_eq!(told, law);
    });
}

#[test]
fn who_left_holds_nothing() {
    let worlds = month();
    let world = worlds.last().unwrap();
    with_views(world, |views| {
        let now = AsOf::Time(world.now());
        let page = views
            .read(|view| view.officeholders(&OfficeFilter::default(), now, &PageRequest::default()))
            .unwrap();
        let holders = page.value.rows.iter().map(|row| row.person.as_str());
        let holders: Vec<&str> = holders.collect();
        assert_eq!(
            holders,
            [
                "chair",
                "registrar",
                "teller-1",
                "teller-2",
                "secretary",
                "inspector",
                "supervisor-2"
            ]
        );
        let anna = views.read(|view| view.person(&person("anna"))).unwrap();
        let keys = anna.value.unwrap().keys;
        assert_eq!(keys.len(), 2);
        assert!(keys.iter().all(|key| key.revoked_index.is_some()));
    });
}
