//! 主任审计 (组织法 38): who was head in the term before is audited, too late.

use governance::{
    action::{
        BodiesAction, ElectedElsewhere, HandoverCompleted, HeadAudited, OfficeAssumed,
        OfficeObtained, PeopleAction, PersonEnrolled,
    },
    calendar::Date,
};

use super::{
    DemoError,
    cast::{CLERK, LAST_HEAD, STREET},
    founding::TERM_DAYS,
    kit::id,
    props::attestor,
    stage::{Player, Stage},
};

const OFFICE: &str = "rc-head-before";

/// The clerk enters the head of the term before, which ended when this committee's began: the audit is due.
pub(super) async fn enter(stage: &mut Stage, term_began: Date) -> Result<(), DemoError> {
    stage.scene(
        1,
        10,
        "离任 The head of the term before is entered: handed over, and to be audited (组织法 38)",
    );
    let clerk = Player::officer(&CLERK);
    let enrolled = PeopleAction::PersonEnrolled(PersonEnrolled {
        person: id(LAST_HEAD.person),
        keys: Vec::new(),
        name: Some(stage.content(&format!("{} {}", LAST_HEAD.zh, LAST_HEAD.en))?),
    });
    let says = format!("enrols {} {}, by name", LAST_HEAD.zh, LAST_HEAD.en);
    stage.act(&clerk, enrolled, &says).await?;
    let assumed = BodiesAction::OfficeAssumed(OfficeAssumed {
        office: id(OFFICE),
        body: id(CLERK.body),
        person: id(LAST_HEAD.person),
        role: id("head"),
        term_from: Date::from_days(term_began.days() - TERM_DAYS.cast_signed() + 1),
        term_to: Some(Date::from_days(term_began.days() - 1)),
        obtained: OfficeObtained::Elected,
        decision: None,
        succeeds: None,
        woman: LAST_HEAD.woman,
        overlap_disclosed: false,
        elsewhere: Some(ElectedElsewhere {
            second: attestor(),
            source: "上届居民委员会选举公告 (notice of the last election)".to_owned(),
            held_on: Date::from_days(term_began.days() - TERM_DAYS.cast_signed()),
        }),
    });
    let says = "enters the last term's head; the ledger itself ends the office";
    stage.act(&clerk, assumed, says).await?;
    stage.minutes(24 * 60);
    let completed = BodiesAction::HandoverCompleted(HandoverCompleted {
        office: id(OFFICE),
        second: attestor(),
        record: None,
    });
    let says = "records the handover; the supervision committee has watched it";
    stage.act(&clerk, completed, says).await?;
    Ok(())
}

/// The street office had it done, and publishes what was found, after the charter's days.
pub(super) async fn record(stage: &mut Stage) -> Result<(), DemoError> {
    stage.scene(
        1,
        10,
        "主任审计 The audit of the last term's head, overdue for weeks, is published (组织法 38)",
    );
    let report = "任期内账目清楚；两笔活动经费发票补交齐全。The accounts of the term are clear; two missing receipts \
                  were brought in.";
    let audited = BodiesAction::HeadAudited(HeadAudited {
        office: id(OFFICE),
        auditor: "街道办事处委托的会计师事务所 (accountants for the street office)".to_owned(),
        irregular: false,
        second: attestor(),
        report: stage.content(report)?,
    });
    let says = "records the audit; the supervision committee attests it";
    stage.act(&Player::officer(&STREET), audited, says).await?;
    Ok(())
}
