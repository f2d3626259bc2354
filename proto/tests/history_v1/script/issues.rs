//! A lift that does not run, and a report of wrongdoing.

use governance::{
    action::IssueKind::{Complaint, Report, Request},
    ids::{Digest, Millis},
    testing::{by, complaint, content},
};

use super::{DAY, chair, registrar, supervisor};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    raised(scribe);
    handled(scribe);
    reviewed(scribe);
    whistleblown(scribe);
    late(scribe);
}

fn raised(scribe: &mut Scribe) {
    let raises = |issue: &str| by("dina").raises(issue, Request, "committee", None, &[]);
    scribe.does(raises("lift"));
    scribe.fails("ISSUE_EXISTS", raises("lift"));
    scribe.fails("ISSUE_UNKNOWN", chair().accepts("stairs"));
    scribe.does(raises("noise"));
    scribe.does(supervisor().raises("swing", Complaint, "committee", None, &[]));
    scribe.does(chair().refuses("noise"));
    scribe.fails("ISSUE_STANDS", chair().accepts("noise"));
    scribe.fails("ISSUE_REFERRAL", chair().refers("lift", "committee"));
    scribe.does(chair().refers("lift", "supervision"));
    scribe.does(supervisor().refers("lift", "committee"));
}

fn handled(scribe: &mut Scribe) {
    scribe.does(chair().accepts("lift"));
    scribe.does(chair().reads("lift", complaint().digest));
    scribe.fails(
        "ISSUE_CONTENT_UNKNOWN",
        chair().reads("lift", Digest([1; 32])),
    );
    scribe.fails("OFFICER_NEEDED", chair().assigns("lift", "supervisor"));
    scribe.does(chair().assigns("lift", "registrar"));
    scribe.fails("ISSUE_HANDLED_BY_ANOTHER", chair().settles("lift"));
    scribe.does(chair().extends("lift"));
    scribe.fails("ISSUE_EXTENSION", chair().extends("lift"));
    scribe.does(registrar().reads("lift", complaint().digest));
    scribe.does(registrar().settles("lift"));
    scribe.does(by("dina").reads("lift", content().digest));
}

fn reviewed(scribe: &mut Scribe) {
    scribe.fails("ISSUE_OF_ANOTHER", by("emil").reopens("lift"));
    scribe.fails("ISSUE_CLOSE_EARLY", chair().closes_issue("lift"));
    scribe.fails("ISSUE_RATING", by("dina").rates("lift", 6));
    scribe.does(by("dina").reopens("lift"));
    scribe.fails("HANDLER_PARTIAL", chair().assigns("lift", "registrar"));
    scribe.does(chair().assigns("lift", "chair"));
    scribe.does(chair().settles("lift"));
    scribe.fails("ISSUE_REVIEW", by("dina").reopens("lift"));
    scribe.does(by("dina").rates("lift", 4));
    scribe.does(by("dina").closes_issue("lift"));
}

fn whistleblown(scribe: &mut Scribe) {
    let raises = |concerns: Option<&str>, accused: &[&str]| {
        by("dina").raises("gifts", Report, "committee", concerns, accused)
    };
    scribe.fails("ISSUE_AGAINST_NOBODY", raises(None, &[]));
    scribe.fails("ISSUE_CONCERNS_BODY", raises(Some("committee"), &[]));
    scribe.does(raises(Some("owners-committee"), &["chair"]));
    scribe.fails("HANDLER_PARTIAL", chair().accepts("gifts"));
    scribe.fails(
        "HANDLER_PARTIAL",
        chair().reads("gifts", complaint().digest),
    );
    scribe.does(registrar().accepts("gifts"));
    scribe.fails("HANDLER_PARTIAL", registrar().assigns("gifts", "chair"));
    scribe.does(registrar().assigns("gifts", "teller-1"));
}

/// Nobody takes `swing` on; nobody answers `gifts`.
fn late(scribe: &mut Scribe) {
    let entries = scribe.world().log().len();
    scribe.later(99 * DAY);
    scribe.catches_up();
    assert_eq!(scribe.world().log().len(), entries + 2);
    scribe.at(Millis(scribe.now().0 + 1));
}
