//! Recall 罢免: from the petition of those who elected to the vote (组织法 20).
//!
//! A petition is signed by voters of the roll in force when it was begun, each once; when they are as many
//! as the rule of recall asks for, the target is given notice and time for a defence, and then a motion may
//! be tabled by that rule whose effect the recall is.

use std::{collections::BTreeSet, sync::Arc};

use crate::{
    action::{OfficeObtained, RecallPetitioned, SanctionBasis},
    authority::Act,
    bounds::{self, LINES_MAX},
    case::{Case, Petition, Stage},
    charter::{DecisionRule, EffectKind, Right},
    decide::EntryRef,
    ids::{BodyId, CaseId, OfficeId, PersonId},
    office::Office,
    rejection::{CaseStep, Cited, Rejection},
    roll::Roll,
    rolls::check_on_roll,
    state::State,
};

/// By a voter of the body that recalls.
pub(crate) fn decide_petitioned(
    act: &Act<'_>,
    petitioned: &RecallPetitioned,
) -> Result<(), Rejection> {
    let state = act.state;
    state.check_new_case(&petitioned.case)?;
    let rule = state.rule(&petitioned.rule)?;
    let Some(office) = state.offices.get(&petitioned.office) else {
        return Err(Rejection::OfficeUnknown {
            office: petitioned.office.clone(),
        });
    };
    if let Some(ended) = office.ended {
        return Err(Rejection::OfficeEndedAlready {
            office: petitioned.office.clone(),
            index: ended.index,
        });
    }
    if !rule.effects.contains(&EffectKind::Recall) {
        return Err(Rejection::EffectNotOfRule {
            effect: EffectKind::Recall,
            rule: Cited::of(rule),
        });
    }
    if rule.petition.is_none() {
        return Err(Rejection::NoPetition {
            rule: Cited::of(rule),
        });
    }
    check_electorate(state, &petitioned.office, office, rule)?;
    let beside = rule.petition_beside.as_ref().map(|beside| &beside.body);
    let body = match beside.filter(|body| act.standing.body() == Some(*body)) {
        Some(body) => body,
        None => &rule.body,
    };
    act.acts_for(body)?;
    check_voter(act, body, act.person)
}

/// Those recall who elected (组织法 20): the body whose election gave the office. Where the office names none,
/// residents or their representatives stand for the residents' committee and those who watch over it, owners
/// for the owners' committee, and any other body for itself. Who was appointed is not recalled but replaced.
pub(crate) fn check_electorate(
    state: &State,
    id: &OfficeId,
    office: &Office,
    rule: &DecisionRule,
) -> Result<(), Rejection> {
    let election = office.decision.as_ref();
    let election = election.and_then(|decision| state.motions.get(decision));
    let elected = match election.filter(|motion| motion.contest.is_some()) {
        Some(election) => election.body == rule.body,
        None => {
            office.obtained != OfficeObtained::Appointed && state.elects(&rule.body, &office.body)
        }
    };
    if elected {
        return Ok(());
    }
    Err(Rejection::RecallByOthers {
        office: id.clone(),
        body: rule.body.clone(),
        rule: Cited::of(rule),
    })
}

fn check_voter(act: &Act<'_>, body: &BodyId, person: &PersonId) -> Result<(), Rejection> {
    let Some(roll) = act.state.roll_in_force(body, act.today) else {
        return Err(Rejection::NoRollInForce {
            body: body.clone(),
            day: act.today,
        });
    };
    check_on_roll(roll, person)
}

/// A voter for themself, or the registrar for those whose signatures were checked.
pub(crate) fn decide_signed(
    act: &Act<'_>,
    id: &CaseId,
    signers: &[PersonId],
) -> Result<(), Rejection> {
    let case = act.state.existing_case(id)?;
    let (Some(petition), Stage::Opened) = (&case.petition, &case.stage) else {
        return Err(case.not_at(id, CaseStep::Signatures));
    };
    bounds::list("signers", signers.len(), 0, LINES_MAX)?;
    bounds::distinct("signers", signers)?;
    if !signers.is_empty() {
        act.may(Right::Register, &petition.rule.body)?;
    }
    let roll = act.state.published_roll(&petition.roll)?;
    let beside = petition.beside.as_ref();
    let beside = beside.and_then(|beside| act.state.published_roll(beside).ok());
    let own = std::slice::from_ref(act.person);
    let signers = if signers.is_empty() { own } else { signers };
    for signer in signers {
        if beside.is_none_or(|beside| beside.weight_of(signer).is_none()) {
            check_on_roll(roll, signer)?;
        }
        if petition.signers.contains(signer) {
            return Err(Rejection::SignedAlready {
                case: id.clone(),
                person: signer.clone(),
            });
        }
    }
    Ok(())
}

/// As many have signed as the rule asks for, of all on the roll; or of the other roll that counts too.
pub(crate) fn check_enough(state: &State, petition: &Petition) -> Result<(), Rejection> {
    let rule = &petition.rule;
    let Some(needed) = rule.petition else {
        return Err(Rejection::NoPetition {
            rule: Cited::of(rule),
        });
    };
    let asked = |roll: &Roll| {
        let signed = |signer: &&PersonId| roll.weight_of(signer).is_some();
        let signers = petition.signers.iter().filter(signed).count() as u64;
        (signers, roll.total().heads)
    };
    let beside = petition.beside.as_ref().zip(rule.petition_beside.as_ref());
    if let Some((roll, beside)) = beside {
        let (petitioners, voters) = asked(state.published_roll(roll)?);
        if beside.threshold.is_met(petitioners, voters) {
            return Ok(());
        }
    }
    let (petitioners, voters) = asked(state.published_roll(&petition.roll)?);
    if needed.is_met(petitioners, voters) {
        return Ok(());
    }
    Err(Rejection::PetitionTooSmall {
        petitioners,
        voters,
        needed,
        rule: Cited::of(rule),
    })
}

/// The petition is begun, and its first signature given.
pub(crate) fn petition(
    state: &mut State,
    petitioned: &RecallPetitioned,
    person: &PersonId,
    at: EntryRef,
) {
    let today = state.utc_offsets.date_of(at.recorded_at);
    let Some(office) = state.offices.get(&petitioned.office) else {
        return;
    };
    let Ok(rule) = state.rule(&petitioned.rule) else {
        return;
    };
    let Some(roll) = state.roll_in_force(&rule.body, today) else {
        return;
    };
    let beside = rule.petition_beside.as_ref();
    let beside = beside.and_then(|beside| state.roll_in_force(&beside.body, today));
    let case = Case {
        target: office.person.clone(),
        office: Some(petitioned.office.clone()),
        handled_by: None,
        complainant: None,
        basis: SanctionBasis::Recall,
        petition: Some(Petition {
            rule: Arc::new(rule.clone()),
            roll: roll.id().clone(),
            beside: beside.map(|roll| roll.id().clone()),
            signers: BTreeSet::from([person.clone()]),
        }),
        stage: Stage::Opened,
        discipline: state.charter.discipline,
        source: None,
        latest: at.leaf,
    };
    state.add_case(&petitioned.case, case);
}

pub(crate) fn sign(state: &mut State, case: &CaseId, signers: &[PersonId], person: &PersonId) {
    let petition = state
        .cases
        .get_mut(case)
        .and_then(|case| case.petition.as_mut());
    if let Some(petition) = petition {
        if signers.is_empty() {
            petition.signers.insert(person.clone());
        } else {
            petition.signers.extend(signers.iter().cloned());
        }
    }
}
