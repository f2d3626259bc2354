//! What decisions bring about, and what is done under the power list.

use governance::{
    action::{
        DecisionOverturned, DeliberationAction, Effect, EffectName, OverturnedBy, PowerAction,
        PowerChange, PowerExercised, PowerHolder, PowerTerms, Sanction,
    },
    charter::Charter,
};

use super::{assumed, attestor, charter, content, date, id};

fn holder(body: &str, role: Option<&str>) -> PowerHolder {
    PowerHolder {
        body: id(body),
        role: role.map(id),
    }
}

/// One of every kind.
pub(super) fn all() -> Vec<Effect> {
    let terms = || PowerTerms {
        title: "车位管理 Parking".to_owned(),
        holder: holder("owners-committee", Some("head")),
        over: Some(id("property-company")),
        matters: vec![id("parking"), id("barriers")],
        legal_basis: "民法典 278".to_owned(),
        procedure: "一、公示。二、签约。".to_owned(),
        effective_from: date("2026-04-01"),
        effective_to: Some(date("2028-03-31")),
    };
    let changes = [
        PowerChange::Listed {
            item: id("parking"),
            terms: terms(),
        },
        PowerChange::Amended {
            item: id("parking"),
            terms: terms(),
        },
        PowerChange::Revoked {
            item: id("barriers"),
        },
        PowerChange::Delegated {
            item: id("parking"),
            to: holder("grid-3", Some("head")),
            from: date("2026-05-01"),
            until: Some(date("2026-06-30")),
        },
    ];
    let mut all: Vec<Effect> = changes.map(Effect::Power).into();
    all.extend([
        Effect::Appointed(assumed()),
        Effect::Sanctioned {
            case: id("case-1"),
            sanction: Sanction::Warning,
        },
        Effect::Replaced {
            case: id("case-2"),
            successor: assumed(),
        },
        Effect::Recalled { case: id("case-3") },
        Effect::CharterAmended(Box::new(Charter {
            version: 2,
            ..charter()
        })),
        Effect::RulesVersionAdopted { version: 2 },
    ]);
    all
}

pub(super) fn nominated() -> DeliberationAction {
    DeliberationAction::CandidateNominated {
        motion: id("m-2026-1"),
        candidate: id("li"),
        nominators: vec![id("zhao"), id("qian")],
    }
}

pub(super) fn overturned() -> DeliberationAction {
    DeliberationAction::DecisionOverturned(DecisionOverturned {
        motion: id("m-2026-1"),
        by: OverturnedBy::Court,
        order: "（2026）京0105民初1号".to_owned(),
        grounds: content(12),
        undone: vec![EffectName {
            what: "power_listed".to_owned(),
            subject: "parking".to_owned(),
        }],
        second: attestor(),
        decision: Some(id("m-2026-2")),
    })
}

pub(super) fn exercised() -> PowerAction {
    PowerAction::PowerExercised(PowerExercised {
        item: id("parking"),
        over: Some(id("property-company")),
        matter: Some(id("parking")),
        summary: "与物业签订停车协议".to_owned(),
        record: Some(content(13)),
        decision: Some(id("m-2026-1")),
    })
}
