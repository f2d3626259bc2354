//! Whatever day it is played on, the demonstration touches everything there is.

use std::collections::BTreeSet;

use governance::action::{DeliberationAction, Effect, EffectsOutcome, Payload};

use super::*;

const SCHEMA: &str = include_str!("../../../../proto/governance/v1/action.proto");

/// What the demonstration does not show, and why.
const LEFT_OUT: [(&str, &str); 1] = [(
    "rules_version_adopted",
    "there is one version of the rules so far, and none to go on to",
)];

/// The fields of a message's oneof, by the schema.
fn fields(message: &str, oneof: &str) -> BTreeSet<String> {
    let (_, rest) = SCHEMA
        .split_once(&format!("\nmessage {message} {{\n"))
        .expect("the message");
    let (_, rest) = rest
        .split_once(&format!("  oneof {oneof} {{\n"))
        .expect("the oneof");
    let (fields, _) = rest.split_once("  }\n").expect("its end");
    let lines = fields.lines().filter(|line| line.contains(" = "));
    lines
        .map(|line| line.split_whitespace().nth(1).expect("a name").to_owned())
        .collect()
}

/// Every family of actions, and every effect of decisions that took place.
async fn touched(dir: &Path, clock: &ManualClock, entries: u64) -> BTreeSet<String> {
    let config = Config {
        data_dir: dir.to_owned(),
        ..Config::default()
    };
    let node = Node::open(&config, Arc::new(clock.clone())).await.unwrap();
    let ledger = node.ledger(&kit::id(cast::LEDGER)).expect("it was played");
    let mut touched = BTreeSet::new();
    let mut effects: BTreeMap<MotionId, Vec<Effect>> = BTreeMap::new();
    let mut next = 0;
    while next < entries {
        for entry in ledger.entries(next, 1_000).await.unwrap() {
            next = entry.index + 1;
            touched.insert(entry.action.payload.family().to_owned());
            let Payload::Deliberation(act) = &entry.action.payload else {
                continue;
            };
            match act {
                DeliberationAction::MotionTabled(tabled) => {
                    effects.insert(tabled.motion.clone(), tabled.effects.clone());
                }
                DeliberationAction::MotionDecided(decided)
                    if decided.effects == Some(EffectsOutcome::Taken) =>
                {
                    let taken = &effects[&decided.motion];
                    touched.extend(taken.iter().map(|effect| effect.name().what));
                }
                _ => {}
            }
        }
    }
    node.shutdown().await;
    touched
}

/// Played on days of every quarter, of a year's first and last weeks among them: what the calendar brings comes at other
/// moments of the story.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_family_of_actions_and_every_effect_occurs_on_whatever_day_it_is_played() {
    let mut expected = fields("Action", "payload");
    expected.extend(fields("Effect", "effect"));
    for (left_out, _) in LEFT_OUT {
        assert!(expected.remove(left_out), "{left_out} is none");
    }
    assert!(expected.contains("meeting_missed") && expected.contains("power_revoked"));
    for today in ["2026-11-27", "2027-02-01", "2027-05-15", "2027-12-31"] {
        let now = founding::utc_offsets().end_of(today.parse().unwrap());
        let clock = ManualClock::at(opening_night(now));
        let home = tempfile::tempdir().unwrap();
        let told = perform(home.path(), &clock).await.unwrap();
        let over = clock.now();
        assert!(over < now, "it ends in the future");
        assert!(now.since(over) < 3 * Millis::DAY, "it ends long ago");
        let found = touched(home.path(), &clock, told.entries).await;
        let missing: Vec<_> = expected.difference(&found).collect();
        assert!(missing.is_empty(), "played on {today} without {missing:?}");
    }
}
