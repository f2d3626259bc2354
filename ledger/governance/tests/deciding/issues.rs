//! Issues: who handles them, by when, and who reads them.

use governance::{
    action::{IssueAction, IssueKind, IssueStep, Payload},
    calendar::Date,
    ids::{Digest, Millis},
    testing::{Doer, FOUNDED_AT, World, by, complaint, content},
};

use super::support::{DAY, chair, registrar};

/// Midnight, so many days after the founding's day began.
fn midnight(days: u64) -> Millis {
    FOUNDED_AT.plus(days * DAY)
}

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

fn raised() -> World {
    World::community().given(by("anna").raises("lift", IssueKind::Request, "committee", None, &[]))
}

/// Taken on by the committee and given to the clerk.
fn assigned() -> World {
    raised()
        .given(chair().accepts("lift"))
        .given(chair().assigns("lift", "registrar"))
}

fn overdue(world: &World) -> Vec<IssueStep> {
    let overdue = world
        .log()
        .iter()
        .filter_map(|entry| match &entry.action.payload {
            Payload::Issues(IssueAction::IssueOverdue { step, .. }) => Some(*step),
            _ => None,
        });
    overdue.collect()
}

#[test]
fn it_is_accepted_or_refused_within_15_days() {
    // Raised on day 0: the fifteenth day after it ends when day 16 begins.
    let over = midnight(16);
    let world = raised().at(Millis(over.0 - 1)).caught_up();
    assert_eq!(overdue(&world), []);
    let world = world.at(over).caught_up();
    assert_eq!(overdue(&world), [IssueStep::Accept]);
    // Late, but done: the next clock runs from then.
    let world = world
        .given(chair().accepts("lift"))
        .at(midnight(16 + 61))
        .caught_up();
    assert_eq!(overdue(&world), [IssueStep::Accept, IssueStep::Answer]);
    let refused = raised()
        .given(chair().refuses("lift"))
        .at(midnight(99))
        .caught_up();
    assert_eq!(overdue(&refused), []);
}

#[test]
fn it_is_answered_within_60_days_and_30_more_once() {
    let answered = assigned()
        .at(Millis(midnight(61).0 - 1))
        .given(registrar().settles("lift"));
    assert_eq!(overdue(&answered.at(midnight(200)).caught_up()), []);
    let late = assigned().at(midnight(61)).caught_up();
    assert_eq!(overdue(&late), [IssueStep::Answer]);
    late.when(chair().extends("lift"))
        .then_err("ISSUE_EXTENSION");
    let extended = assigned()
        .at(Millis(midnight(61).0 - 1))
        .given(chair().extends("lift"))
        .when(chair().extends("lift"))
        .then_err("ISSUE_EXTENSION");
    let world = extended.at(Millis(midnight(91).0 - 1)).caught_up();
    assert_eq!(overdue(&world), []);
    assert_eq!(
        overdue(&world.at(midnight(91)).caught_up()),
        [IssueStep::Answer]
    );
}

#[test]
fn a_review_is_asked_for_within_30_days_once_and_answered_by_another_within_30() {
    let answered = || assigned().given(registrar().settles("lift"));
    answered()
        .at(midnight(31))
        .when(by("anna").reopens("lift"))
        .then_err("ISSUE_REVIEW");
    let reopened = answered()
        .when(by("bao").reopens("lift"))
        .then_err("ISSUE_OF_ANOTHER")
        .at(Millis(midnight(31).0 - 1))
        .given(by("anna").reopens("lift"));
    let again = reopened
        .clone()
        .when(registrar().settles("lift"))
        .then_err("ISSUE_HANDLED_BY_ANOTHER")
        .when(chair().assigns("lift", "registrar"))
        .then_err("HANDLER_PARTIAL")
        .given(chair().assigns("lift", "chair"))
        .given(chair().settles("lift"));
    again
        .when(by("anna").reopens("lift"))
        .then_err("ISSUE_REVIEW");
    // Reopened on day 30.
    let world = reopened.at(midnight(61)).caught_up();
    assert_eq!(overdue(&world), [IssueStep::Review]);
}

#[test]
fn it_is_raised_once_with_its_category_for_a_body_that_is_not_concerned() {
    let raises = |concerns: Option<&str>, accused: &[&str]| {
        by("anna").raises("bribe", IssueKind::Report, "committee", concerns, accused)
    };
    raised()
        .when(by("bao").raises("lift", IssueKind::Request, "committee", None, &[]))
        .then_err("ISSUE_EXISTS")
        .when(by("bao").raises("x", IssueKind::Request, "nobody", None, &[]))
        .then_err("BODY_UNKNOWN")
        .when(raises(None, &[]))
        .then_err("ISSUE_AGAINST_NOBODY")
        .when(raises(Some("committee"), &[]))
        .then_err("ISSUE_CONCERNS_BODY")
        .when(raises(None, &["nobody"]))
        .then_err("PERSON_UNKNOWN")
        .when(raises(None, &["chair", "chair"]))
        .then_err("NAMED_TWICE")
        .given(raises(None, &["chair"]));
}

#[test]
fn the_accused_never_handles_or_reads_a_report() {
    let reported = World::community().given(by("anna").raises(
        "bribe",
        IssueKind::Report,
        "committee",
        None,
        &["chair"],
    ));
    reported
        .when(chair().accepts("bribe"))
        .then_err("HANDLER_PARTIAL")
        .when(chair().reads("bribe", complaint().digest))
        .then_err("HANDLER_PARTIAL")
        .when(chair().refers("bribe", "supervision"))
        .then_err("HANDLER_PARTIAL")
        .given(registrar().accepts("bribe"))
        .when(registrar().assigns("bribe", "chair"))
        .then_err("HANDLER_PARTIAL")
        .given(registrar().assigns("bribe", "registrar"))
        .given(registrar().reads("bribe", complaint().digest));
}

#[test]
fn officers_of_the_body_concerned_handle_nothing_wherever_it_is() {
    let reported = World::community()
        .given(registrar().seats("clerk-2", "supervision", "fang"))
        .given(registrar().seats("owner-1", "owners-committee", "fang"))
        .given(by("anna").raises(
            "accounts",
            IssueKind::Report,
            "supervision",
            Some("owners-committee"),
            &[],
        ));
    let fang = || by("fang").officer("supervision", "clerk-2");
    reported
        .when(fang().accepts("accounts"))
        .then_err("HANDLER_PARTIAL")
        .when(supervisor().refers("accounts", "owners-committee"))
        .then_err("ISSUE_CONCERNS_BODY")
        .given(supervisor().accepts("accounts"))
        .when(supervisor().assigns("accounts", "fang"))
        .then_err("HANDLER_PARTIAL")
        .when(supervisor().assigns("accounts", "chair"))
        .then_err("OFFICER_NEEDED");
}

#[test]
fn only_who_raised_it_and_its_handler_read_it_and_each_reading_is_an_entry() {
    let text = complaint().digest;
    raised()
        .when(by("anna").reads("lift", Digest([1; 32])))
        .then_err("ISSUE_CONTENT_UNKNOWN")
        .given(by("anna").reads("lift", text))
        .when(by("bao").reads("lift", text))
        .then_err("CAPACITY_MISSING")
        .when(supervisor().reads("lift", text))
        .then_err("NOT_IN_CAPACITY")
        // While nobody handles it, any officer of the body may.
        .given(chair().reads("lift", text))
        .given(chair().accepts("lift"))
        .given(chair().assigns("lift", "registrar"))
        .when(chair().reads("lift", text))
        .then_err("ISSUE_HANDLED_BY_ANOTHER")
        .given(registrar().reads("lift", text))
        .given(registrar().settles("lift"))
        .given(by("anna").reads("lift", content().digest));
}

#[test]
fn it_takes_one_step_after_the_other() {
    raised()
        .when(by("anna").accepts("lift"))
        .then_err("CAPACITY_MISSING")
        .when(by("registrar").member("committee").accepts("lift"))
        .then_err("NOT_IN_CAPACITY")
        .when(chair().accepts("nothing"))
        .then_err("ISSUE_UNKNOWN")
        .when(chair().assigns("lift", "registrar"))
        .then_err("ISSUE_STANDS")
        .when(by("anna").closes_issue("lift"))
        .then_err("ISSUE_STANDS")
        .given(chair().accepts("lift"))
        .when(chair().accepts("lift"))
        .then_err("ISSUE_STANDS")
        .when(chair().settles("lift"))
        .then_err("ISSUE_HANDLED_BY_ANOTHER")
        .given(chair().assigns("lift", "chair"))
        .given(chair().settles("lift"))
        .when(chair().settles("lift"))
        .then_err("ISSUE_STANDS");
}

#[test]
fn it_is_referred_to_another_body_at_most_three_times_and_the_clock_begins_again() {
    let world = raised()
        .when(chair().refers("lift", "committee"))
        .then_err("ISSUE_REFERRAL")
        .at(midnight(10))
        .given(chair().refers("lift", "supervision"))
        .when(chair().accepts("lift"))
        .then_err("NOT_IN_CAPACITY");
    assert_eq!(
        overdue(&world.clone().at(Millis(midnight(26).0 - 1)).caught_up()),
        []
    );
    assert_eq!(
        overdue(&world.clone().at(midnight(26)).caught_up()),
        [IssueStep::Accept]
    );
    world
        .given(supervisor().refers("lift", "committee"))
        .given(chair().refers("lift", "supervision"))
        .when(supervisor().refers("lift", "committee"))
        .then_err("ISSUE_REFERRAL");
}

#[test]
fn who_raised_it_closes_and_rates_it_the_body_only_after_the_time_for_a_review() {
    let answered = || assigned().given(registrar().settles("lift"));
    answered()
        .when(chair().closes_issue("lift"))
        .then_err("ISSUE_CLOSE_EARLY")
        .at(midnight(31))
        .given(chair().closes_issue("lift"))
        .given(by("anna").rates("lift", 1));
    answered()
        .when(by("bao").rates("lift", 5))
        .then_err("ISSUE_OF_ANOTHER")
        .when(by("anna").rates("lift", 0))
        .then_err("ISSUE_RATING")
        .when(by("anna").rates("lift", 6))
        .then_err("ISSUE_RATING")
        .given(by("anna").rates("lift", 5))
        .when(by("anna").rates("lift", 5))
        .then_err("ISSUE_RATING")
        .given(by("anna").closes_issue("lift"))
        .when(by("anna").reopens("lift"))
        .then_err("ISSUE_STANDS");
}

#[test]
fn the_founding_day_is_where_these_days_are_counted_from() {
    // So that the numbers above mean what they say.
    assert_eq!(Date::of(2026, 3, 2).map(Date::days), Some(20_514));
}
