//! Bodies are given the word, records are corrected, a removal is annulled, a month passes without a meeting.

use governance::{
    action::{
        DeliberationAction, Execution, OfficeAssumed, OfficeObtained, OverturnedBy, Payload,
        RollCallMark::{Absent, Against, Away, For},
        Severity,
    },
    charter::StandingMeeting,
    testing::{Deed, Doer, by, replaced},
};

use super::{DAY, chair, id, powers::adopts, registrar};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    the_word(scribe);
    another_consultation(scribe);
    records(scribe);
    a_removal(scribe);
}

/// The months asked for by an amendment, of which none has a meeting.
pub(super) fn missed(scribe: &mut Scribe) {
    scribe.later(70 * DAY);
    scribe.catches_up();
}

/// What that amendment asks for.
pub(super) fn standing() -> StandingMeeting {
    StandingMeeting {
        body: id("council"),
        every_months: 1,
        citation: "章程 7".to_owned(),
    }
}

fn the_word(scribe: &mut Scribe) {
    scribe.does(chair().tables("word", "assembly", "simple"));
    let gives = || chair().gives_the_word("word", &["supervision", "party"]);
    scribe.does(gives());
    scribe.fails("PARTICIPANT_INVITED_ALREADY", gives());
}

/// The one on lifts supports no motion that is about nothing.
fn another_consultation(scribe: &mut Scribe) {
    let cites = chair()
        .tables("lift-shaft", "assembly", "simple")
        .with_motion(|motion| motion.consultation = Some(id("lifts")));
    scribe.fails("CONSULTATION_OF_ANOTHER", cites);
}

/// The roll call of `item-3`, recorded earlier from minutes.
fn records(scribe: &mut Scribe) {
    let of = |scribe: &Scribe, motion: &str| {
        let log = scribe.world().log().iter();
        let mut calls = log.filter(|entry| match &entry.action.payload {
            Payload::Deliberation(DeliberationAction::RollCallRecorded(call)) => {
                call.motion.as_str() == motion
            }
            _ => false,
        });
        calls.next().expect("a roll call").at.index
    };
    let entry = of(scribe, "item-3");
    let lines = [("anna", For), ("bao", For), ("chen", For), ("dina", Away)];
    let corrects = |entry| registrar().corrects_roll_call(entry, "item-3", &lines);
    scribe.fails("CORRECTS_NO_ROLL_CALL", corrects(entry + 1));
    scribe.does(corrects(entry));
    scribe.catches_up();
    scribe.does(registrar().implements("item-3", Execution::Planned));
    let unsettling = [
        ("anna", Against),
        ("bao", Against),
        ("chen", For),
        ("dina", Absent),
    ];
    scribe.fails(
        "CORRECTION_UNSETTLES",
        registrar().corrects_roll_call(entry, "item-3", &unsettling),
    );
    scribe.fails("CORRECTS_NOTHING", registrar().corrects_in_words(1_000_000));
    scribe.does(registrar().corrects_in_words(entry));
}

fn steward() -> Doer {
    by("stew").officer("assembly", "steward")
}

/// The party's secretary is replaced, and a court overturns it.
fn a_removal(scribe: &mut Scribe) {
    scribe.does(steward().opens_case("removal", "secretary", None));
    scribe.does(steward().serves_notice("removal", Severity::Serious));
    scribe.does(by("secretary").defends("removal"));
    scribe.does(steward().finds("removal", Some(Severity::Serious)));
    let successor = OfficeAssumed {
        office: id("secretary-2"),
        body: id("party"),
        person: id("fang"),
        role: id("secretary"),
        term_from: "2026-03-02".parse().expect("a day"),
        term_to: None,
        obtained: OfficeObtained::Appointed,
        decision: None,
        succeeds: Some(id("secretary")),
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    };
    let replaces: Deed = chair()
        .tables("replace", "assembly", "simple")
        .with_effects(vec![replaced("removal", successor)]);
    scribe.does(replaces);
    adopts(scribe, "replace");
    let undone = [("replaced", "removal")];
    scribe.does(registrar().overturns("replace", OverturnedBy::Court, &undone));
    scribe.catches_up();
}
