//! `fountain`: a vote whose ballots are hidden until its close.

use governance::{
    action::Outcome,
    testing::{AGAINST, FOR, ballot_opening},
};

use super::{MINUTE, chair, owner, votes::decided};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    scribe.does(chair().tables("fountain", "assembly", "hidden"));
    scribe.does(chair().tables("sandpit", "assembly", "simple"));
    scribe.does(chair().opens("fountain", "owners", MINUTE));
    scribe.does(chair().opens("sandpit", "owners", MINUTE));
    scribe.fails(
        "BALLOT_MUST_BE_HIDDEN",
        owner("anna").votes("fountain", FOR),
    );
    scribe.fails(
        "BALLOT_MUST_BE_OPEN",
        owner("anna").votes_hidden("sandpit", FOR),
    );
    scribe.does([
        owner("anna").votes_hidden("fountain", AGAINST),
        owner("anna").votes_hidden("fountain", FOR),
        owner("bao").votes_hidden("fountain", FOR),
        owner("dina").votes_hidden("fountain", AGAINST),
    ]);
    scribe.fails(
        "BALLOTS_STILL_HIDDEN",
        owner("anna").opens_ballot("fountain", FOR),
    );
    scribe.later(MINUTE);
    scribe.fails("VOTE_OVER", owner("bao").votes_hidden("fountain", FOR));
    let replaced = vec![ballot_opening("anna", AGAINST)];
    scribe.fails_to_open("OPENING_MISMATCH", "fountain", replaced);
    scribe.opens("fountain", vec![ballot_opening("anna", FOR)]);
    scribe.fails(
        "NOTHING_TO_OPEN",
        owner("anna").opens_ballot("fountain", FOR),
    );
    scribe.does(owner("bao").opens_ballot("fountain", FOR));
    scribe.opens("fountain", vec![ballot_opening("dina", AGAINST)]);
    // 2 of 3 heads, and 2 of 5 parts of the area.
    decided(scribe, "fountain", Outcome::Rejected);
}
