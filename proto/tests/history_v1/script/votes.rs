//! Ballots, proxies and papers, and the decisions that follow.

use governance::{
    action::{Choice, DeliberationAction, MotionDecided, OfficeAssumed, Outcome, Payload},
    charter::Right,
    ids::Millis,
    testing::{ABSTAIN, AGAINST, Deed, FOR, leaf},
};

use super::{
    DAY, MINUTE, chair, id, owner,
    registers::{grants_as_decided, seats_anna},
    registrar, teller,
};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    the_last_millisecond(scribe);
    proxies(scribe);
    a_contest(scribe);
    owners_week(scribe);
}

/// What the motion came to.
pub(super) fn decided(scribe: &mut Scribe, motion: &str, outcome: Outcome) {
    scribe.catches_up();
    let decision = scribe.world().decision(motion).expect("it is decided");
    assert_eq!(decision.outcome, outcome, "{motion}");
}

fn votes<const N: usize>(motion: &str, ballots: [(&str, Choice); N]) -> [Deed; N] {
    ballots.map(|(voter, choice)| owner(voter).votes(motion, choice))
}

/// `facade` is open for two minutes; Chen takes no part.
fn the_last_millisecond(scribe: &mut Scribe) {
    let closes_at = scribe.world().state().last_recorded_at().plus(2 * MINUTE);
    scribe.fails("VOTER_RECUSED", owner("chen").votes("facade", FOR));
    scribe.does(votes("facade", [("anna", FOR), ("bao", AGAINST)]));
    scribe.does(votes("facade", [("bao", FOR)]));
    scribe.at(Millis(closes_at.0 - 1));
    let early = closes_at;
    scribe.fails_as_derived("NOTHING_DUE", early, |_| {});
    scribe.does(votes("facade", [("dina", FOR)]));
    scribe.at(closes_at);
    let late = scribe.signed(owner("dina").votes("facade", AGAINST));
    scribe.fails_as_signed("DERIVED_ENTRY_DUE", &late);
    scribe.fails_as_derived("DERIVED_MISMATCH", closes_at, |action| {
        decision(&mut action.payload).outcome = Outcome::Rejected;
    });
    scribe.fails_as_derived("DERIVED_MISMATCH", closes_at, |action| {
        decision(&mut action.payload).measures[0].in_favour += 1;
    });
    decided(scribe, "facade", Outcome::Adopted);
    scribe.fails_as_signed("MOTION_NOT_OPEN", &late);
    scribe.fails("MOTION_OVER", owner("anna").recuses("facade"));
    scribe.does(grants_as_decided(
        "panel",
        Right::Recommend,
        "assembly",
        "facade",
    ));
}

fn decision(payload: &mut Payload) -> &mut MotionDecided {
    match payload {
        Payload::Deliberation(DeliberationAction::MotionDecided(decided)) => decided,
        other => panic!("{}", other.family()),
    }
}

/// `garden`: three proxies for Fang, and papers.
fn proxies(scribe: &mut Scribe) {
    let grants = |voter: &str, holder: &str| owner(voter).grants_proxy("garden", holder);
    scribe.fails("MOTION_NOT_OPEN", owner("anna").votes("garden", FOR));
    scribe.does(chair().opens("garden", "owners", 10 * MINUTE));
    scribe.fails("PROXY_TO_SELF", grants("anna", "anna"));
    scribe.fails("NOT_ON_ROLL", grants("emil", "fang"));
    scribe.does([
        grants("anna", "fang"),
        grants("bao", "fang"),
        grants("chen", "fang"),
    ]);
    scribe.fails("PROXY_LIMIT", grants("dina", "fang"));
    scribe.fails("PROXY_STANDS", owner("anna").votes("garden", FOR));
    scribe.fails(
        "PROXY_NOT_HELD",
        owner("fang").votes_for("dina", "garden", FOR),
    );
    scribe.does(owner("anna").revokes_proxy("garden"));
    scribe.fails("NO_PROXY", owner("anna").revokes_proxy("garden"));
    let elsewhere = owner("anna").votes("garden", FOR).with(|action| {
        if let Payload::Deliberation(DeliberationAction::BallotCast(ballot)) = &mut action.payload {
            ballot.voting_opened = leaf(1);
        }
    });
    scribe.fails("WRONG_VOTING_OPENED", elsewhere);
    let options = Choice::Options(vec![0]);
    scribe.fails("CHOICE_UNFIT", owner("anna").votes("garden", options));
    scribe.does([
        owner("fang").votes_for("bao", "garden", FOR),
        owner("fang").votes_for("chen", "garden", FOR),
        owner("fang").votes_for("chen", "garden", AGAINST),
        owner("anna").votes("garden", FOR),
    ]);
    scribe.fails("VOTE_STILL_RUNS", chair().closes_vote("garden"));
    papers(scribe);
    scribe.does(chair().closes_vote("garden"));
    decided(scribe, "garden", Outcome::Rejected);
    let rests_on = |assumed: &mut OfficeAssumed| assumed.decision = Some(id("garden"));
    scribe.fails("DECISION_NOT_ADOPTED", seats_anna("seat-2", rests_on));
    scribe.does(seats_anna("seat-2", |assumed| {
        assumed.decision = Some(id("facade"));
    }));
}

fn papers(scribe: &mut Scribe) {
    let batch = |batch: u32, voters: &[&str], totals: &[(Choice, u32, u64)]| {
        teller().records_papers("garden", batch, "teller-2", voters, totals, (0, 0))
    };
    let dinas = [(AGAINST, 1, 30_000)];
    scribe.fails("PAPER_BATCH_ORDER", batch(1, &["dina"], &dinas));
    let short = [(AGAINST, 1, 29_999)];
    scribe.fails("PAPER_TOTALS_DIFFER", batch(0, &["dina"], &short));
    let annas = [(FOR, 1, 10_000)];
    scribe.fails("VOTED_ELECTRONICALLY", batch(0, &["anna"], &annas));
    scribe.fails("LIST_SIZE", batch(0, &[], &[]));
    scribe.does(batch(0, &["dina"], &dinas));
    scribe.fails("VOTED_ON_PAPER", owner("dina").votes("garden", FOR));
    scribe.fails("INTEREST_AFTER_VOTE", owner("dina").recuses("garden"));
}

/// `panel`: two seats, three candidates, one of whom everybody chooses.
fn a_contest(scribe: &mut Scribe) {
    scribe.does(chair().opens("panel", "owners", MINUTE));
    let candidate = owner("dina").grants_proxy("panel", "anna");
    scribe.fails("PROXY_HOLDER_IS_CANDIDATE", candidate);
    scribe.fails("CHOICE_UNFIT", owner("anna").votes("panel", FOR));
    let chosen = |options: &[u32]| Choice::Options(options.to_vec());
    scribe.does(votes(
        "panel",
        [
            ("anna", chosen(&[0, 2])),
            ("bao", chosen(&[1, 2])),
            ("chen", chosen(&[2])),
            ("dina", chosen(&[2])),
        ],
    ));
    scribe.later(MINUTE);
    decided(scribe, "panel", Outcome::PartlyFilled);
}

/// Four votes at the law's edges, open together for a week.
fn owners_week(scribe: &mut Scribe) {
    let week = 7 * DAY;
    scribe.fails(
        "NOT_READY_TO_OPEN",
        chair().opens("wall", "owners", week - 1),
    );
    for motion in ["wall", "lamp", "roof", "recall"] {
        scribe.does(chair().opens(motion, "owners", week));
    }
    // 3 of 4 heads, and exactly half of the area.
    scribe.does(votes(
        "wall",
        [
            ("anna", FOR),
            ("bao", FOR),
            ("chen", FOR),
            ("dina", AGAINST),
        ],
    ));
    // 3 of 4 heads take part, with half of the area.
    scribe.does(votes("lamp", [("anna", FOR), ("bao", FOR), ("chen", FOR)]));
    // Exactly 3 of 4 heads; of the area 5 of 6.
    let roof = |totals: &[(Choice, u32, u64)], spoiled| {
        let voters = ["anna", "bao", "chen"];
        teller().records_papers("roof", 0, "teller-2", &voters, totals, spoiled)
    };
    let twice = [(FOR, 1, 10_000), (FOR, 2, 20_000)];
    scribe.fails("PAPER_CHOICE_TWICE", roof(&twice, (0, 0)));
    scribe.does(roof(&[(FOR, 2, 20_000)], (1, 10_000)));
    scribe.does(votes("roof", [("dina", FOR)]));
    // Secret: on paper.
    scribe.fails("SECRET_ON_PAPER", owner("anna").votes("recall", FOR));
    scribe.does(owner("anna").grants_proxy("recall", "bao"));
    let recall = [(FOR, 1, 10_000), (AGAINST, 1, 10_000), (ABSTAIN, 1, 30_000)];
    scribe.does(teller().records_papers(
        "recall",
        0,
        "teller-2",
        &["bao", "chen", "dina"],
        &recall,
        (0, 0),
    ));
    scribe.does(registrar().revokes_key("chen", governance::testing::key("chen")));
    scribe.later(week);
    decided(scribe, "wall", Outcome::Rejected);
    decided(scribe, "lamp", Outcome::NoQuorum);
    decided(scribe, "roof", Outcome::Adopted);
    decided(scribe, "recall", Outcome::Rejected);
}
