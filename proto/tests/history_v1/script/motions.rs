//! Motions before their vote.

use governance::{
    action::{Contest, ContestOption, StatementKind},
    testing::{Deed, by},
};

use super::{DAY, MINUTE, chair, id, owner, registrar};
use crate::scribe::Scribe;

/// A choice among people, under their names.
pub(super) fn contest(candidates: &[&str], seats: u32) -> Contest {
    let option = |name: &&str| ContestOption {
        label: (*name).to_owned(),
        candidate: Some(id(name)),
    };
    Contest {
        options: candidates.iter().map(option).collect(),
        seats,
        position: "委员".to_owned(),
    }
}

pub(super) fn tables_contest(
    motion: &str,
    body: &str,
    rule: &str,
    candidates: &[&str],
    seats: u32,
) -> Deed {
    let contest = contest(candidates, seats);
    chair()
        .tables(motion, body, rule)
        .with_motion(move |motion| motion.contest = Some(contest))
}

pub(super) fn play(scribe: &mut Scribe) {
    tabling(scribe);
    an_important_matter(scribe);
}

fn tabling(scribe: &mut Scribe) {
    let tables = |motion: &str| chair().tables(motion, "assembly", "simple");
    scribe.fails(
        "RULE_UNKNOWN",
        chair().tables("garden", "assembly", "nothing"),
    );
    scribe.fails(
        "RULE_OF_ANOTHER_BODY",
        chair().tables("garden", "council", "simple"),
    );
    scribe.does(tables("garden").with_motion(|motion| motion.source = String::from("2026/1")));
    scribe.fails("MOTION_EXISTS", tables("garden"));
    scribe.fails(
        "CONTEST_SEATS",
        tables_contest("panel", "assembly", "simple", &["anna", "bao"], 3),
    );
    scribe.fails(
        "NAMED_TWICE",
        tables_contest("panel", "assembly", "simple", &["anna", "anna"], 1),
    );
    let three = ["anna", "bao", "chen"];
    scribe.does(tables_contest("panel", "assembly", "simple", &three, 2));
    let election = "committee-election-by-voters";
    scribe.fails(
        "NOT_FOR_ELECTIONS",
        tables_contest("election", "residents", "residents-meeting", &three, 2),
    );
    scribe.fails(
        "TOO_FEW_CANDIDATES",
        tables_contest("election", "residents", election, &["anna", "bao"], 2),
    );
    scribe.fails(
        "RECALL_MISSING",
        chair().tables("nobody", "residents", "committee-recall-by-voters"),
    );
    scribe.fails(
        "CONTEST_MISSING",
        chair().tables("election", "residents", election),
    );
    scribe.fails("OPTION_WITHOUT_CANDIDATE", {
        let tables = tables_contest("election", "residents", election, &three, 2);
        tables.with_motion(|motion| {
            let contest = motion.contest.as_mut().expect("candidates");
            contest.options[2].candidate = None;
        })
    });
    scribe.does(tables_contest("election", "residents", election, &three, 2));
    for (motion, rule) in [
        ("wall", "owners-ordinary"),
        ("lamp", "owners-ordinary"),
        ("roof", "owners-special"),
        ("recall", "owners-committee-recall"),
    ] {
        scribe.does(chair().tables(motion, "assembly", rule));
    }
}

/// `facade`: 3 days, supervision, the party, one expert without an interest.
fn an_important_matter(scribe: &mut Scribe) {
    use StatementKind::{Deliberation, Recommendation, Suggestion, Supervision};
    let secretary = || by("secretary").officer("party", "secretary");
    scribe.does(chair().tables("facade", "assembly", "important"));
    scribe.fails("NOT_READY_TO_OPEN", chair().opens("facade", "owners", DAY));
    scribe.fails("NOT_TABLING_BODY", secretary().withdraws("facade"));
    scribe.fails("NO_RIGHT", secretary().states("facade", Supervision));
    scribe.fails(
        "NOT_IN_CAPACITY",
        owner("fang").states("facade", Suggestion),
    );
    scribe.does([
        secretary().states("facade", Deliberation),
        secretary().states("facade", Recommendation),
        by("supervisor")
            .officer("supervision", "supervisor")
            .states("facade", Supervision),
        owner("emil").states("facade", Suggestion),
        chair().invites("facade", "emil"),
        chair().invites("facade", "ivo"),
        by("emil").opines("facade", true),
    ]);
    scribe.fails("EXPERT_NOT_INDEPENDENT", chair().invites("facade", "chair"));
    scribe.fails("EXPERT_INVITED_ALREADY", chair().invites("facade", "emil"));
    scribe.fails("EXPERT_NOT_INVITED", by("fang").opines("facade", false));
    scribe.fails("OPINION_FILED_ALREADY", by("emil").opines("facade", false));
    // The only expert heard so far has an interest; then the days are not over, to a millisecond.
    let over_at = governance::testing::FOUNDED_AT.plus(4 * DAY);
    let opens = || chair().opens("facade", "owners", 2 * MINUTE);
    let ivo = governance::testing::key("spare 0");
    scribe.fails("NOT_READY_TO_OPEN", opens());
    scribe.does(by("ivo").opines("facade", false).signed_by(&[ivo]));
    scribe.does(chair().amends("garden", None));
    scribe.does(owner("chen").recuses("facade"));
    scribe.fails("INTEREST_DECLARED_ALREADY", owner("chen").recuses("facade"));
    scribe.fails("NOT_IN_CAPACITY", registrar().recuses("facade"));
    scribe.at(governance::ids::Millis(over_at.0 - 1));
    scribe.fails("NOT_READY_TO_OPEN", opens());
    scribe.at(over_at);
    scribe.fails("ROLL_UNPUBLISHED", chair().opens("facade", "draft", MINUTE));
    scribe.does(opens());
}
