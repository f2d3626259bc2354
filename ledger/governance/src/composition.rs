//! Who may sit where: size, composition, near kin, and seats that exclude one another.
//!
//! - A residents' committee has 5 to 9 members, at least one woman among them, a term of five years, and no
//!   two near kin (组织法 8). Members are its head, deputies and members; its clerks and tellers are staff. That
//!   it has too few, or no woman, cannot be refused while it is being seated, and is shown of it.
//! - No member of the residents' committee, nor near kin of one, sits in the supervision committee (组织法 36).
//! - Seats in both the residents' and the owners' committee: the charter says. Its staff are free in both.
//! - The head of the residents' committee may be the party organisation's secretary 一肩挑 (组织法 8): nothing here
//!   stands against it, and it is shown.

use std::collections::BTreeSet;

use crate::{
    action::{OfficeAssumed, OfficeObtained},
    calendar::Date,
    charter::{BodyKind, OverlapPolicy},
    ids::{BodyId, OfficeId, PersonId, RoleId},
    office::Office,
    rejection::Rejection,
    state::State,
};

/// Fewest and most members of a residents' committee (组织法 8).
pub const COMMITTEE_MEMBERS: std::ops::RangeInclusive<u32> = 5..=9;

/// Months of a residents' committee's term (组织法 8): five years.
pub const COMMITTEE_TERM_MONTHS: u32 = 60;

/// Whether a role in a committee is that of a member, and not of its staff.
pub fn is_member(role: &RoleId) -> bool {
    matches!(role.as_str(), "head" | "deputy" | "member")
}

/// Whether a role in a body of this kind is a seat that only an election fills: a member's of the residents' committee
/// (组织法 14), and every one but a clerk's in the supervision (36) and the owners' committee (民法典 278).
pub fn is_elected_seat(kind: BodyKind, role: &RoleId) -> bool {
    match kind {
        BodyKind::ResidentsCommittee => is_member(role),
        BodyKind::SupervisionCommittee | BodyKind::OwnersCommittee => role.as_str() != "clerk",
        _ => false,
    }
}

/// Whether a role is that of who leads a body.
pub fn is_head(role: &RoleId) -> bool {
    matches!(role.as_str(), "head" | "chair")
}

/// Whether one person is a committee's head and the party organisation's secretary 一肩挑 (组织法 8), who holds
/// offices of these roles in bodies of these kinds.
pub fn is_head_and_secretary<'a>(
    offices: impl IntoIterator<Item = (BodyKind, &'a RoleId)>,
) -> bool {
    let (mut head, mut secretary) = (false, false);
    for (kind, role) in offices {
        match kind {
            BodyKind::ResidentsCommittee => head |= is_head(role),
            BodyKind::PartyOrganisation | BodyKind::CompoundPartyBranch => {
                secretary |= role.as_str() == "secretary";
            }
            _ => {}
        }
    }
    head && secretary
}

/// How a body is composed, beside what the law asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Composition {
    /// Members: of a residents' committee without its staff, of every other body all officeholders.
    pub members: u32,
    /// Women among them, where that is published.
    pub women: u32,
    /// How many are missing to the fewest there may be.
    pub members_missing: u32,
    /// Whether there should be a woman, and is none.
    pub woman_missing: bool,
}

impl Composition {
    /// Of a body of this kind with these officeholders: role, and whether it is a woman.
    pub fn of<'a>(kind: BodyKind, holders: impl IntoIterator<Item = (&'a RoleId, bool)>) -> Self {
        let committee = kind == BodyKind::ResidentsCommittee;
        let mut composition = Self::default();
        for (role, woman) in holders {
            if !committee || is_member(role) {
                composition.members += 1;
                composition.women += u32::from(woman);
            }
        }
        if committee {
            let fewest = *COMMITTEE_MEMBERS.start();
            composition.members_missing = fewest.saturating_sub(composition.members);
            composition.woman_missing = composition.women == 0;
        }
        composition
    }
}

/// Nobody sits in both of these seats. A residents' committee's clerks and tellers are staff, and are no members.
fn excludes(
    policy: OverlapPolicy,
    (one, role): (BodyKind, &RoleId),
    (other, others): (BodyKind, &RoleId),
) -> Option<Exclusion> {
    use BodyKind::{OwnersCommittee, ResidentsCommittee, SupervisionCommittee};
    let is_staff =
        |kind, role: &RoleId| kind == ResidentsCommittee && !is_member(role) && !is_head(role);
    if is_staff(one, role) || is_staff(other, others) {
        return None;
    }
    match (one, other) {
        // 组织法 36: those supervised do not supervise, whatever the charter says.
        (ResidentsCommittee, SupervisionCommittee) | (SupervisionCommittee, ResidentsCommittee) => {
            Some(Exclusion::Always)
        }
        (ResidentsCommittee, OwnersCommittee) | (OwnersCommittee, ResidentsCommittee) => {
            match policy {
                OverlapPolicy::Forbid => Some(Exclusion::Always),
                OverlapPolicy::DiscloseAndRecuse => Some(Exclusion::UnlessDisclosed),
                OverlapPolicy::Allow => None,
            }
        }
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Exclusion {
    Always,
    UnlessDisclosed,
}

/// The person may take this seat beside all others, theirs and others'.
pub(crate) fn check(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    check_overlap(state, assumed)?;
    check_kin(state, assumed)?;
    if state.body(&assumed.body)?.kind == BodyKind::ResidentsCommittee && is_member(&assumed.role) {
        check_term(assumed)?;
        check_committee_term(state, assumed)?;
        check_size(state, assumed)?;
    }
    Ok(())
}

impl State {
    /// Whether a person is a member of a residents' committee on a day.
    pub(crate) fn is_committee_member(&self, person: &PersonId, day: Date) -> bool {
        let offices = self.people.get(person).map(|record| &record.offices);
        let mut seats = offices.into_iter().flatten().filter_map(|id| {
            let office = self.offices.get(id)?;
            Some((id, office))
        });
        seats.any(|(id, office)| {
            let kind = self.bodies.get(&office.body).map(|body| body.kind);
            kind == Some(BodyKind::ResidentsCommittee)
                && is_member(&office.role)
                && office.why_not(id, &office.body, person, day).is_none()
        })
    }
}

/// No other seat of the person excludes this one.
fn check_overlap(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let kind = state.body(&assumed.body)?.kind;
    for id in &state.present_person(&assumed.person)?.offices {
        let Some(office) = state.offices.get(id) else {
            continue;
        };
        let other = state.body(&office.body)?.kind;
        let meets = office.meets(assumed.term_from, assumed.term_to);
        let refused = match excludes(
            state.charter.overlap,
            (kind, &assumed.role),
            (other, &office.role),
        ) {
            Some(Exclusion::Always) => meets,
            Some(Exclusion::UnlessDisclosed) if meets && !assumed.overlap_disclosed => {
                return Err(Rejection::OverlapUndisclosed {
                    person: assumed.person.clone(),
                    office: id.clone(),
                    body: office.body.clone(),
                });
            }
            _ => false,
        };
        if refused {
            return Err(Rejection::OverlappingSeat {
                person: assumed.person.clone(),
                role: assumed.role.clone(),
                office: id.clone(),
                body: office.body.clone(),
            });
        }
    }
    Ok(())
}

/// Whether near kin may not hold two seats of these kinds and roles at once: members of one residents' committee
/// (组织法 8), or one of them in it and the other in the supervision committee (36).
pub fn excludes_kin(
    (kind, role): (BodyKind, &RoleId),
    (other, others): (BodyKind, &RoleId),
    same_body: bool,
) -> bool {
    use BodyKind::{ResidentsCommittee, SupervisionCommittee};
    match (kind, other) {
        (ResidentsCommittee, ResidentsCommittee) => {
            same_body && is_member(role) && is_member(others)
        }
        (ResidentsCommittee, SupervisionCommittee) => is_member(role),
        (SupervisionCommittee, ResidentsCommittee) => is_member(others),
        _ => false,
    }
}

/// No near kin of the person sits where that excludes them: members of one residents' committee, or one in it
/// and the other in the supervision committee.
fn check_kin(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let kind = state.body(&assumed.body)?.kind;
    for kin in state.kin_of(&assumed.person) {
        let offices = state.people.get(kin).map(|record| &record.offices);
        for id in offices.into_iter().flatten() {
            let Some(office) = state.offices.get(id) else {
                continue;
            };
            let other = state.body(&office.body)?.kind;
            let one = (kind, &assumed.role);
            let excluded = excludes_kin(one, (other, &office.role), office.body == assumed.body);
            if excluded && office.meets(assumed.term_from, assumed.term_to) {
                return Err(Rejection::NearKinSeat {
                    person: assumed.person.clone(),
                    kin: kin.clone(),
                    office: id.clone(),
                    body: office.body.clone(),
                });
            }
        }
    }
    Ok(())
}

/// An elected member's term has a last day, at most five years on.
fn check_term(assumed: &OfficeAssumed) -> Result<(), Rejection> {
    if assumed.obtained != OfficeObtained::Elected {
        return Ok(());
    }
    let longest = last_day(assumed.term_from);
    if assumed.term_to.is_some_and(|to| to <= longest) {
        return Ok(());
    }
    Err(Rejection::TermTooLong {
        office: assumed.office.clone(),
        longest,
    })
}

/// While a committee sits, whoever is elected to it sits until its term ends (组织法 24), whatever the election is
/// called.
fn check_committee_term(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let first = assumed.term_from;
    let sitting = state.offices.values().filter(|office| {
        office.body == assumed.body && is_member(&office.role) && office.meets(first, Some(first))
    });
    let Some(until) = sitting.filter_map(|office| office.term_to).max() else {
        return Ok(());
    };
    if assumed.term_to == Some(until) {
        return Ok(());
    }
    Err(Rejection::CommitteeTerm {
        office: assumed.office.clone(),
        body: assumed.body.clone(),
        until,
    })
}

/// The last day of the longest term that begins on this day: the eve of the day five years on.
fn last_day(from: Date) -> Date {
    let next = from.plus_months(COMMITTEE_TERM_MONTHS);
    Date::from_days(next.days() - 1)
}

/// There is a seat left, and the last one is a woman's where there is no other.
fn check_size(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    let most = *COMMITTEE_MEMBERS.end();
    let mut members = 0;
    let mut women = u32::from(assumed.woman);
    for office in state.offices.values() {
        if office.body == assumed.body
            && is_member(&office.role)
            && office.meets(assumed.term_from, assumed.term_to)
        {
            members += 1;
            women += u32::from(office.woman);
        }
    }
    if members >= most {
        return Err(Rejection::CommitteeFull {
            body: assumed.body.clone(),
            max: most,
        });
    }
    if members + 1 == most && women == 0 {
        return Err(Rejection::NoWoman {
            body: assumed.body.clone(),
        });
    }
    Ok(())
}

/// A by-election fills a seat that fell vacant, until the committee's term ends (组织法 24).
pub(crate) fn check_by_election(state: &State, assumed: &OfficeAssumed) -> Result<(), Rejection> {
    if assumed.obtained != OfficeObtained::ByElection && assumed.succeeds.is_none() {
        return Ok(());
    }
    let vacant = assumed.succeeds.as_ref().and_then(|id| vacant(state, id));
    let Some(vacant) = vacant.filter(|office| office.body == assumed.body) else {
        return Err(Rejection::NoVacancy {
            office: assumed.office.clone(),
            body: assumed.body.clone(),
        });
    };
    if assumed.obtained == OfficeObtained::ByElection && assumed.term_to != vacant.term_to {
        return Err(Rejection::ByElectionTerm {
            office: assumed.office.clone(),
            succeeds: assumed
                .succeeds
                .clone()
                .unwrap_or_else(|| assumed.office.clone()),
        });
    }
    Ok(())
}

/// An office that ended before its time, and that nobody has succeeded in.
fn vacant<'a>(state: &'a State, id: &OfficeId) -> Option<&'a Office> {
    let office = state.offices.get(id)?;
    (office.ended.is_some() && office.succeeded_by.is_none()).then_some(office)
}

/// Where the charter allows seats in both committees on condition of recusal: who sits in both has no vote in
/// one on what the other tabled.
pub(crate) fn recused_for_overlap(
    state: &State,
    deciding: &BodyId,
    tabling: &BodyId,
    today: Date,
) -> BTreeSet<PersonId> {
    let kind = |body: &BodyId| state.bodies.get(body).map(|body| body.kind);
    let Some((one, other)) = kind(deciding).zip(kind(tabling)) else {
        return BTreeSet::new();
    };
    let policy = state.charter.overlap;
    let meet = |role: &RoleId, others: &RoleId| {
        excludes(policy, (one, role), (other, others)) == Some(Exclusion::UnlessDisclosed)
    };
    let held = |body: &BodyId, person: &PersonId, meets: &dyn Fn(&RoleId) -> bool| {
        state.offices.iter().any(|(id, office)| {
            let holds = office.why_not(id, body, person, today).is_none();
            holds && meets(&office.role)
        })
    };
    let holders = state.offices.iter().filter(|(id, office)| {
        let acts = office
            .why_not(id, deciding, &office.person, today)
            .is_none();
        acts && held(tabling, &office.person, &|others| {
            meet(&office.role, others)
        })
    });
    holders.map(|(_, office)| office.person.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(text: &str) -> RoleId {
        text.parse().expect("a role")
    }

    #[test]
    fn a_committee_of_four_lacks_one_and_one_of_five_none() {
        let (member, clerk) = (role("member"), role("clerk"));
        let of = |members: usize, women: usize| {
            let holders = (0..members).map(|at| (&member, at < women));
            Composition::of(
                BodyKind::ResidentsCommittee,
                holders.chain([(&clerk, true)]),
            )
        };
        let four = of(4, 0);
        assert_eq!((four.members, four.members_missing), (4, 1));
        assert!(four.woman_missing, "the clerk is staff");
        let five = of(5, 1);
        assert_eq!((five.members, five.members_missing, five.women), (5, 0, 1));
        assert!(!five.woman_missing);
        let council = Composition::of(BodyKind::Council, [(&clerk, false)]);
        assert_eq!((council.members, council.members_missing), (1, 0));
        assert!(!council.woman_missing);
    }

    #[test]
    fn head_and_secretary_in_one_person_are_seen() {
        use BodyKind::{OwnersCommittee, PartyOrganisation, ResidentsCommittee};
        let (head, secretary, member) = (role("head"), role("secretary"), role("member"));
        let party = (PartyOrganisation, &secretary);
        assert!(is_head_and_secretary([(ResidentsCommittee, &head), party]));
        assert!(!is_head_and_secretary([
            (ResidentsCommittee, &member),
            party
        ]));
        assert!(!is_head_and_secretary([(OwnersCommittee, &head), party]));
        assert!(!is_head_and_secretary([(ResidentsCommittee, &head)]));
    }
}
