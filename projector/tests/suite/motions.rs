//! Given entries about rolls, motions and votes, these rows.

use crate::history::{
    Built, History, START, attestor, body, built, content, day, line, motion, person, result, roll,
    stance, text,
};
use governance::{
    action::{
        BodiesAction, Choice, DeliberationAction, MotionText, Outcome, PaperBallots, PaperTotal,
        PeopleAction, RollCall, RollCallMark, RollPart, Stance,
    },
    ids::Millis,
};
use projector::{
    Gist, PageRequest, Subject, View,
    views::{
        decisions::{DecisionFilter, DecisionRow},
        motions::{MotionFilter, MotionRow, MotionStatus},
        timeline::TimelineFilter,
        votes::BallotRow,
    },
};

fn ask<T>(built: &Built, query: impl FnOnce(&View<'_>) -> Result<T, projector::QueryError>) -> T {
    built.views.read(query).unwrap().value
}

fn motion_row(built: &Built, id: &str) -> MotionRow {
    ask(built, |view| view.motion(&motion(id))).unwrap()
}

fn decision(built: &Built, id: &str) -> DecisionRow {
    ask(built, |view| view.decision(&motion(id))).unwrap()
}

fn all() -> PageRequest {
    PageRequest::default()
}

#[test]
fn a_motion_goes_from_tabled_to_decided() {
    let mut log = History::founded();
    let tabled = log.table("m", "assembly");
    assert_eq!(motion_row(&built(&log), "m").status, MotionStatus::Tabled);
    let closes_at = log.now().plus(Millis::DAY);
    let opened = log.open("m", closes_at);
    let row = motion_row(&built(&log), "m");
    assert_eq!(row.status, MotionStatus::Open);
    let vote = row.vote.unwrap();
    assert_eq!((vote.opened, vote.opened_index), (log.leaf(opened), opened));
    assert_eq!(vote.closes_at, closes_at);
    assert_eq!(row.roll, Some(roll("roll-1")));
    log.later(Millis::DAY);
    log.decide("m", Outcome::Adopted);
    let row = motion_row(&built(&log), "m");
    assert_eq!(row.status, MotionStatus::Decided);
    assert_eq!(row.outcome, Some(Outcome::Adopted));
    assert_eq!(
        (row.tabled_index, row.tabled_by),
        (tabled, Some(person("head")))
    );
}

#[test]
fn an_amendment_changes_text_and_title_and_a_withdrawal_ends_it() {
    let mut log = History::founded();
    log.table("m", "assembly");
    let amended = MotionText {
        title: "修订".to_owned(),
        paragraphs: vec!["只有一条".to_owned()],
    };
    log.deliberate(
        "head",
        DeliberationAction::MotionAmended {
            motion: motion("m"),
            text: amended.clone(),
            contest: None,
            effects: Vec::new(),
        },
    );
    log.deliberate(
        "head",
        DeliberationAction::MotionWithdrawn {
            motion: motion("m"),
        },
    );
    let built = built(&log);
    let row = motion_row(&built, "m");
    assert_eq!(
        (row.title, row.status),
        (amended.title, MotionStatus::Withdrawn)
    );
    let text = ask(&built, |view| view.motion_text(&motion("m"))).unwrap();
    assert_eq!(text.paragraphs, amended.paragraphs);
}

#[test]
fn the_history_of_a_motion_is_every_entry_about_it_but_its_ballots() {
    let mut log = History::founded();
    let tabled = log.table("m", "assembly");
    log.table("other", "assembly");
    let stated = log.state("m", "a", 5);
    let opened = log.open("m", log.now().plus(Millis::DAY));
    log.vote("m", "a", Stance::For);
    let decided = log.decide("m", Outcome::NoQuorum);
    let built = built(&log);
    let page = ask(&built, |view| view.motion_history(&motion("m"), &all()));
    let indices: Vec<u64> = page.rows.iter().map(|row| row.index).collect();
    assert_eq!(indices, [tabled, stated, opened, decided]);
    let kinds: Vec<&str> = page.rows.iter().map(|r| r.summary.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "motion_tabled",
            "statement_made",
            "voting_opened",
            "motion_decided"
        ]
    );
    assert_eq!(page.rows[1].leaf, log.leaf(stated));
    assert_eq!(page.rows[1].content, Some((&content(5)).into()));
    assert_eq!(page.rows[3].summary.actor, None);
    assert_eq!(page.rows[3].summary.gist, Gist::Outcome(Outcome::NoQuorum));
}

#[test]
fn a_ballot_cast_again_replaces_the_first() {
    let mut log = History::founded();
    log.table("m", "assembly");
    log.vote("m", "a", Stance::For);
    let by_proxy = log.vote_for("m", "a", Some("c"), Stance::Abstain);
    let again = log.vote("m", "a", Stance::Against);
    let built = built(&log);
    let page = ask(&built, |view| view.ballots(&motion("m"), &all()));
    assert_eq!(
        page.rows,
        [
            BallotRow {
                voter: person("a"),
                choice: Some(stance(Stance::Against)),
                hidden: false,
                cast_by: None,
                index: again,
            },
            BallotRow {
                voter: person("c"),
                choice: Some(stance(Stance::Abstain)),
                hidden: false,
                cast_by: Some(person("a")),
                index: by_proxy,
            },
        ]
    );
    assert_eq!(ask(&built, |view| view.votes_received(&motion("m"))), 2);
}

#[test]
fn papers_and_roll_calls_are_kept_as_recorded() {
    let mut log = History::founded();
    log.table("on-paper", "assembly");
    let papers = PaperBallots {
        motion: motion("on-paper"),
        batch: 0,
        second: attestor(),
        voters: vec![person("a"), person("b"), person("c")],
        totals: vec![PaperTotal {
            choice: Choice::Stance(Stance::For),
            heads: 2,
            area: 18_000,
        }],
        spoiled: (1, 9_000),
    };
    log.deliberate(
        "clerk",
        DeliberationAction::PaperBallotsRecorded(papers.clone()),
    );
    log.table("by-name", "committee");
    let call = RollCall {
        motion: motion("by-name"),
        second: attestor(),
        roll: roll("roll-2"),
        lines: vec![
            (person("a"), RollCallMark::For),
            (person("b"), RollCallMark::Away),
            (person("c"), RollCallMark::Abstain),
        ],
        minuted: None,
    };
    let called = log.deliberate("clerk", DeliberationAction::RollCallRecorded(call.clone()));
    let built = built(&log);
    let batches = ask(&built, |view| {
        view.paper_batches(&motion("on-paper"), &all())
    });
    let batch = &batches.rows[0];
    assert_eq!(batch.voters, papers.voters);
    assert_eq!((batch.totals[0].heads, batch.totals[0].area), (2, 18_000));
    assert_eq!((batch.spoiled_heads, batch.spoiled_area), (1, 9_000));
    assert_eq!(
        ask(&built, |view| view.votes_received(&motion("on-paper"))),
        3
    );
    let row = ask(&built, |view| view.roll_call(&motion("by-name"))).unwrap();
    assert_eq!((row.index, row.lines), (called, call.lines));
    assert_eq!(
        ask(&built, |view| view.votes_received(&motion("by-name"))),
        2
    );
    let row = motion_row(&built, "by-name");
    assert_eq!(
        (row.status, row.roll),
        (MotionStatus::Closed, Some(roll("roll-2")))
    );
}

#[test]
fn a_decision_says_when_it_was_held_and_what_it_came_to() {
    let mut log = History::founded();
    log.table("m", "assembly");
    // The window ends at 24:00 of the first day: it was held on that day.
    log.open("m", START.plus(Millis::DAY));
    log.later(Millis::DAY);
    let decided = log.decide("m", Outcome::Adopted);
    let row = decision(&built(&log), "m");
    assert_eq!(row.held_on, day("2026-01-05"));
    assert_eq!((row.index, row.minuted), (decided, false));
    assert_eq!(row.title, text("m").title);
    assert_eq!(row.result, result("m", Outcome::Adopted));
}

#[test]
fn a_vote_the_chair_ended_was_held_on_that_day() {
    let mut log = History::founded();
    log.table("m", "assembly");
    log.open("m", START.plus(9 * Millis::DAY));
    log.later(2 * Millis::DAY);
    log.deliberate(
        "head",
        DeliberationAction::VotingClosed {
            motion: motion("m"),
        },
    );
    log.decide("m", Outcome::Rejected);
    assert_eq!(decision(&built(&log), "m").held_on, day("2026-01-07"));
}

#[test]
fn a_minuted_decision_brings_its_motion_its_day_and_its_source() {
    let mut log = History::founded();
    let decided = log.minute("m", "assembly", "2024-03-07", Outcome::Rejected);
    let built = built(&log);
    let row = decision(&built, "m");
    assert_eq!((row.held_on, row.minuted), (day("2024-03-07"), true));
    assert_eq!(
        (row.source.as_str(), row.source_outcome.as_str()),
        ("source-m", "carried")
    );
    let row = motion_row(&built, "m");
    assert_eq!(row.status, MotionStatus::Decided);
    assert_eq!(row.tabled_index, decided - 1);
    let text_row = ask(&built, |view| view.motion_text(&motion("m"))).unwrap();
    assert_eq!(text_row.paragraphs, text("m").paragraphs);
}

#[test]
fn decisions_are_listed_newest_first_by_the_day_they_were_held() {
    let mut log = History::founded();
    log.minute("b", "assembly", "2024-03-08", Outcome::Adopted);
    log.minute("a", "committee", "2024-03-07", Outcome::Rejected);
    log.minute("c", "assembly", "2024-03-08", Outcome::Rejected);
    log.minute("d", "assembly", "1969-12-31", Outcome::Adopted);
    let built = built(&log);
    let listed = |filter: DecisionFilter| {
        let page = ask(&built, |view| view.decisions(&filter, &all()));
        let ids: Vec<String> = page.rows.iter().map(|r| r.motion.to_string()).collect();
        ids.join(" ")
    };
    let every = DecisionFilter::default;
    assert_eq!(listed(every()), "c b a d");
    let of_assembly = Some(body("assembly"));
    assert_eq!(
        listed(DecisionFilter {
            body: of_assembly.clone(),
            ..every()
        }),
        "c b d"
    );
    let adopted = Some(Outcome::Adopted);
    assert_eq!(
        listed(DecisionFilter {
            outcome: adopted,
            ..every()
        }),
        "b d"
    );
    let seventh = Some(day("2024-03-07"));
    assert_eq!(
        listed(DecisionFilter {
            held_from: seventh,
            ..every()
        }),
        "c b a"
    );
    assert_eq!(
        listed(DecisionFilter {
            held_to: seventh,
            ..every()
        }),
        "a d"
    );
    let on_the_seventh = DecisionFilter {
        held_from: seventh,
        held_to: seventh,
        ..every()
    };
    assert_eq!(listed(on_the_seventh), "a");
    let none = DecisionFilter {
        held_from: Some(day("2024-03-09")),
        held_to: seventh,
        body: of_assembly,
        outcome: None,
        ..DecisionFilter::default()
    };
    assert_eq!(listed(none), "");
}

#[test]
fn motions_are_listed_newest_first_by_body_and_by_where_they_stand() {
    let mut log = History::founded();
    log.table("a", "assembly");
    log.table("b", "committee");
    log.table("c", "assembly");
    log.open("a", START.plus(Millis::DAY));
    let built = built(&log);
    let listed = |of: Option<&str>, status| {
        let filter = MotionFilter {
            body: of.map(body),
            status,
            ..MotionFilter::default()
        };
        let page = ask(&built, |view| view.motions(&filter, &all()));
        let ids: Vec<String> = page.rows.iter().map(|r| r.motion.to_string()).collect();
        ids.join(" ")
    };
    assert_eq!(listed(None, None), "c b a");
    assert_eq!(listed(Some("assembly"), None), "c a");
    assert_eq!(listed(None, Some(MotionStatus::Open)), "a");
    assert_eq!(listed(Some("committee"), Some(MotionStatus::Open)), "");
}

#[test]
fn the_roll_of_a_day_is_the_last_that_holds_from_it_or_before() {
    let mut log = History::founded();
    log.publish_roll("roll-1", "assembly", "2026-01-05", &["a"]);
    log.publish_roll("roll-3", "assembly", "2026-03-01", &["a", "b"]);
    log.publish_roll("roll-2", "assembly", "2026-02-01", &["a", "b", "c"]);
    let later = log.publish_roll("roll-2b", "assembly", "2026-02-01", &["c"]);
    let built = built(&log);
    let on = |text: Option<&str>| {
        let row = ask(&built, |view| {
            view.roll_as_of(&body("assembly"), text.map(day))
        });
        row.map(|row| row.roll.to_string())
    };
    assert_eq!(on(Some("2026-01-04")), None);
    assert_eq!(on(Some("2026-01-05")).as_deref(), Some("roll-1"));
    assert_eq!(on(Some("2026-01-31")).as_deref(), Some("roll-1"));
    assert_eq!(on(Some("2026-02-01")).as_deref(), Some("roll-2b"));
    assert_eq!(on(None).as_deref(), Some("roll-3"));
    let row = ask(&built, |view| view.roll(&roll("roll-2b"))).unwrap();
    assert_eq!((row.members, row.published_index), (1, later));
    assert_eq!(
        ask(&built, |view| view.roll_as_of(&body("committee"), None)),
        None
    );
}

#[test]
fn a_roll_can_be_read_part_by_part() {
    let mut log = History::founded();
    for part in 0..2 {
        log.bodies(BodiesAction::RollPart(RollPart {
            roll: roll("r"),
            body: body("assembly"),
            part,
            lines: vec![line(if part == 0 { "a" } else { "b" })],
        }));
    }
    let built = built(&log);
    let part = |n| ask(&built, |view| view.roll_part(&roll("r"), n));
    assert_eq!(part(0), Some(vec![line("a")]));
    assert_eq!(part(1), Some(vec![line("b")]));
    assert_eq!(part(2), None);
    // It is not published yet.
    assert_eq!(ask(&built, |view| view.roll(&roll("r"))), None);
}

#[test]
fn the_timeline_has_every_entry_and_actions_lead_to_theirs() {
    let log = crate::history::year();
    let built = built(&log);
    let page = ask(&built, |view| {
        view.timeline(&TimelineFilter::default(), &PageRequest::new(1_000, ""))
    });
    let indices: Vec<u64> = page.rows.iter().map(|row| row.index).collect();
    let newest_first: Vec<u64> = (0..log.size()).rev().collect();
    assert_eq!(indices, newest_first);
    let oldest = &page.rows.last().unwrap().summary;
    assert_eq!(oldest.kind, "ledger_founded");
    assert_eq!(oldest.subject, Subject::Ledger(crate::history::ledger()));
    assert_eq!(oldest.gist, Gist::Title("欣苑里".to_owned()));
    for index in 0..log.size() {
        let id = History::action_id(index);
        assert_eq!(ask(&built, |view| view.recorded_action(id)), Some(index));
    }
    let unknown = History::action_id(log.size());
    assert_eq!(ask(&built, |view| view.recorded_action(unknown)), None);
}

#[test]
fn an_own_key_is_about_its_owner() {
    let mut log = History::founded();
    let added = log.people(
        "head",
        PeopleAction::KeyAdded {
            key: crate::history::key(77),
        },
    );
    let row = ask(&built(&log), |view| view.timeline_entry(added));
    assert_eq!(row.summary.subject, Subject::Person(person("head")));
}

#[test]
fn bodies_and_charter_are_those_of_the_founding() {
    let built = built(&History::founded());
    let row = ask(&built, |view| view.body(&body("assembly"))).unwrap();
    assert_eq!(row.name, "业主大会");
    let page = ask(&built, |view| view.bodies(&all()));
    let ids: Vec<String> = page.rows.iter().map(|row| row.body.to_string()).collect();
    assert_eq!(ids, ["assembly", "committee"]);
    let title = ask(&built, |view| Ok(view.charter()?.title));
    assert_eq!(title, "章程");
}
