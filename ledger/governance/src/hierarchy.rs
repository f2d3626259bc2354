//! Which body stands over which, by their kinds: who elects, who is superior, who appoints, and whose powers a body
//! decides about. Each is one table, and what is not in it is not so: a right over a body (to supervise it, say) makes
//! nobody its superior.
//!
//! | who elects | whom | source |
//! |---|---|---|
//! | residents' meeting, residents' representatives' meeting | residents' committee, supervision committee, election committee | 组织法 14–15, 36 |
//! | owners' assembly | owners' committee | 民法典 278 |
//! | any other body | its own officers | charter default |
//!
//! | superior | below it | source |
//! |---|---|---|
//! | residents' meeting | representatives' meeting, and whom it elects | 组织法 2, 36: they answer to it |
//! | representatives' meeting | whom it elects | the same |
//! | owners' assembly | owners' committee, which carries out what it decides | 物业管理条例 15 |
//! | street office, administrative organ | meetings and committees of residents: what breaks the law is corrected by order | 组织法 6, 31 |
//! | street office, administrative organ | owners' assembly and owners' committee: decisions against the law are corrected by order or annulled | 物业管理条例 19 |
//! | administrative organ | street office, council | charter default |
//! | residents' committee, street office | grid; the committee: residents' groups, which work under it | charter default |
//! | party organisation | compound party branch | charter default |
//!
//! | who appoints | whom | source |
//! |---|---|---|
//! | any body | its own officers | charter default |
//! | who elects | officers who are not elected | charter default |
//! | residents' committee, street office | grid | charter default |
//! | party organisation | compound party branch | charter default |
//! | meetings, assemblies, their committees, a council | expert panel | charter default |
//! | a body that holds an item of the power list in the matter [`APPOINTMENTS`] over another | that other | 权力清单 |

use crate::{
    calendar::Date,
    charter::BodyKind,
    ids::{BodyId, MatterId},
    power,
    state::State,
};

/// The matter of a power to appoint to the offices of the body that it is over.
pub const APPOINTMENTS: &str = "appointments";

/// Whether bodies of one kind elect the members of those of another.
const fn elects(electing: BodyKind, seated: BodyKind) -> bool {
    use BodyKind::{
        ElectionCommittee, OwnersAssembly, OwnersCommittee, RepresentativesMeeting,
        ResidentsCommittee, ResidentsMeeting, SupervisionCommittee,
    };
    matches!(
        (electing, seated),
        (
            ResidentsMeeting | RepresentativesMeeting,
            ResidentsCommittee | SupervisionCommittee | ElectionCommittee
        ) | (OwnersAssembly, OwnersCommittee)
    )
}

/// Whether members of a body of this kind are elected by another body.
pub const fn is_elected(kind: BodyKind) -> bool {
    use BodyKind::{ElectionCommittee, OwnersCommittee, ResidentsCommittee, SupervisionCommittee};
    matches!(
        kind,
        ResidentsCommittee | SupervisionCommittee | ElectionCommittee | OwnersCommittee
    )
}

/// Whether a body of one kind may set aside what one of the other decided.
pub const fn is_superior(above: BodyKind, below: BodyKind) -> bool {
    use BodyKind::{
        AdministrativeOrgan, CompoundPartyBranch, Council, ElectionCommittee, Grid, OwnersAssembly,
        OwnersCommittee, PartyOrganisation, RepresentativesMeeting, ResidentsCommittee,
        ResidentsGroup, ResidentsMeeting, StreetOffice, SupervisionCommittee,
    };
    elects(above, below)
        || matches!(
            (above, below),
            (ResidentsMeeting, RepresentativesMeeting)
                | (
                    StreetOffice | AdministrativeOrgan,
                    ResidentsMeeting
                        | RepresentativesMeeting
                        | ResidentsCommittee
                        | SupervisionCommittee
                        | ElectionCommittee
                        | OwnersAssembly
                        | OwnersCommittee
                )
                | (AdministrativeOrgan, StreetOffice | Council)
                | (ResidentsCommittee | StreetOffice, Grid)
                | (ResidentsCommittee, ResidentsGroup)
                | (PartyOrganisation, CompoundPartyBranch)
        )
}

/// Whether a body of this kind acts through its officers alone; every other one by the vote of its members.
pub const fn acts_by_officers(kind: BodyKind) -> bool {
    use BodyKind::{AdministrativeOrgan, PartyOrganisation, StreetOffice};
    matches!(kind, StreetOffice | AdministrativeOrgan | PartyOrganisation)
}

/// Whether a body of one kind appoints officers of the other, beside its own and those it elects.
const fn appoints(appointing: BodyKind, seated: BodyKind) -> bool {
    use BodyKind::{
        CompoundPartyBranch, Council, ExpertPanel, Grid, OwnersAssembly, OwnersCommittee,
        PartyOrganisation, RepresentativesMeeting, ResidentsCommittee, ResidentsMeeting,
        StreetOffice,
    };
    matches!(
        (appointing, seated),
        (ResidentsCommittee | StreetOffice, Grid)
            | (PartyOrganisation, CompoundPartyBranch)
            | (
                ResidentsMeeting
                    | RepresentativesMeeting
                    | ResidentsCommittee
                    | OwnersAssembly
                    | OwnersCommittee
                    | Council,
                ExpertPanel
            )
    )
}

impl State {
    fn kinds(&self, one: &BodyId, other: &BodyId) -> Option<(BodyKind, BodyKind)> {
        Some((self.bodies.get(one)?.kind, self.bodies.get(other)?.kind))
    }

    /// Whether the members of a body elect the officers of another.
    pub(crate) fn elects(&self, electing: &BodyId, seated: &BodyId) -> bool {
        match self.kinds(electing, seated) {
            Some((_, kind)) if !is_elected(kind) => electing == seated,
            Some((one, other)) => elects(one, other),
            None => false,
        }
    }

    /// Whether a body may set aside what another decided.
    pub(crate) fn is_superior(&self, above: &BodyId, below: &BodyId) -> bool {
        let kinds = self.kinds(above, below);
        above != below && kinds.is_some_and(|(above, below)| is_superior(above, below))
    }

    /// Whether a decision of a body gives offices in another; who is elected there is another matter.
    pub(crate) fn appoints(&self, appointing: &BodyId, seated: &BodyId, today: Date) -> bool {
        appointing == seated
            || self.elects(appointing, seated)
            || self
                .kinds(appointing, seated)
                .is_some_and(|(one, other)| appoints(one, other))
            || MatterId::new(APPOINTMENTS)
                .is_ok_and(|matter| power::is_held(self, appointing, seated, &matter, today))
    }

    /// Whether a body decides which powers another has, or others have over it: its own, those of whom it elects or
    /// appoints, and what a property company may do for the owners who hired it (民法典 278).
    pub(crate) fn empowers(&self, deciding: &BodyId, empowered: &BodyId) -> bool {
        let hired = || {
            self.kinds(deciding, empowered)
                == Some((BodyKind::OwnersAssembly, BodyKind::PropertyCompany))
        };
        deciding == empowered
            || self.elects(deciding, empowered)
            || self
                .kinds(deciding, empowered)
                .is_some_and(|(one, other)| appoints(one, other))
            || hired()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BodyKind::{
        AdministrativeOrgan, CompoundPartyBranch, Council, ElectionCommittee, ExpertPanel, Grid,
        OwnersAssembly, OwnersCommittee, PartyOrganisation, PropertyCompany,
        RepresentativesMeeting, ResidentsCommittee, ResidentsGroup, ResidentsMeeting,
        SocialOrganisation, StreetOffice, SupervisionCommittee,
    };

    const ALL: [BodyKind; 17] = [
        ResidentsCommittee,
        ResidentsMeeting,
        RepresentativesMeeting,
        SupervisionCommittee,
        PartyOrganisation,
        CompoundPartyBranch,
        OwnersCommittee,
        OwnersAssembly,
        PropertyCompany,
        AdministrativeOrgan,
        SocialOrganisation,
        Grid,
        ExpertPanel,
        ElectionCommittee,
        ResidentsGroup,
        StreetOffice,
        Council,
    ];

    fn below(above: BodyKind) -> Vec<BodyKind> {
        let mut below = ALL.to_vec();
        below.retain(|kind| is_superior(above, *kind));
        below
    }

    #[test]
    fn each_superior_has_below_it_whom_the_table_names_and_nobody_else() {
        let committees = [ResidentsCommittee, SupervisionCommittee, ElectionCommittee];
        assert_eq!(below(RepresentativesMeeting), committees);
        assert_eq!(
            below(ResidentsMeeting),
            [
                ResidentsCommittee,
                RepresentativesMeeting,
                SupervisionCommittee,
                ElectionCommittee
            ]
        );
        assert_eq!(below(OwnersAssembly), [OwnersCommittee]);
        assert_eq!(below(ResidentsCommittee), [Grid, ResidentsGroup]);
        assert_eq!(below(PartyOrganisation), [CompoundPartyBranch]);
        assert_eq!(
            below(StreetOffice),
            [
                ResidentsCommittee,
                ResidentsMeeting,
                RepresentativesMeeting,
                SupervisionCommittee,
                OwnersCommittee,
                OwnersAssembly,
                Grid,
                ElectionCommittee
            ]
        );
        assert_eq!(
            below(AdministrativeOrgan),
            [
                ResidentsCommittee,
                ResidentsMeeting,
                RepresentativesMeeting,
                SupervisionCommittee,
                OwnersCommittee,
                OwnersAssembly,
                ElectionCommittee,
                StreetOffice,
                Council
            ]
        );
        // Who watches over a committee is not above it, nor is who carries out a decision above who took it.
        for nobody in [
            SupervisionCommittee,
            OwnersCommittee,
            ElectionCommittee,
            Grid,
            Council,
        ] {
            assert_eq!(below(nobody), [], "{nobody:?}");
        }
    }

    #[test]
    fn nobody_is_above_themself_or_above_their_superior() {
        for one in ALL {
            for other in ALL {
                assert!(!(is_superior(one, other) && is_superior(other, one)));
            }
        }
    }

    #[test]
    fn who_is_elected_is_elected_by_somebody_in_the_table() {
        for kind in ALL {
            let by_another = ALL.iter().any(|electing| elects(*electing, kind));
            assert_eq!(by_another, is_elected(kind), "{kind:?}");
        }
    }
}
