//! Recusal 回避: who has no vote on a motion, and why.
//!
//! The target of a case never votes on it. Where a committee decides, and not everybody's own meeting, neither do who
//! complained, whom the motion would appoint, who declared an interest, and the near kin of each of them (组织法 8);
//! and where the charter allows seats in both committees on that condition, who sits in both does not vote in one on
//! what the other tabled. How the recused count, the rule says (see [`tally`](crate::tally)).

use std::collections::BTreeSet;

use crate::{
    composition, effect,
    ids::{Millis, MotionId, PersonId},
    motion::Motion,
    rejection::Recusal,
    roll::{Roll, Weight},
    state::State,
};

impl Motion {
    /// What those of the recused weigh that are such.
    pub(crate) fn recused_of(&self, roll: &Roll, such: impl Fn(&PersonId) -> bool) -> Weight {
        let recused = self.recused.iter().filter(|voter| such(voter));
        recused.filter_map(|voter| roll.weight_of(voter)).sum()
    }

    /// Why a person who is recused takes no part in its vote.
    pub(crate) fn why_recused(&self, state: &State, person: &PersonId) -> Recusal {
        let today = state.utc_offsets.date_of(state.last_recorded_at);
        let in_both =
            || composition::recused_for_overlap(state, &self.body, &self.tabled_by, today);
        if effect::concerned(state, &self.body, &self.effects).contains(person) {
            Recusal::Concerned
        } else if in_both().contains(person) {
            Recusal::SitsInBoth(self.tabled_by.clone())
        } else {
            Recusal::Declared
        }
    }
}

impl State {
    /// Who has no vote on a motion, beside those who declared an interest themselves.
    pub(crate) fn barred_from(&self, motion: &Motion, now: Millis) -> BTreeSet<PersonId> {
        let today = self.utc_offsets.date_of(now);
        let (deciding, tabling) = (&motion.body, &motion.tabled_by);
        let in_both = composition::recused_for_overlap(self, deciding, tabling, today);
        let mut barred = self.concerned_by(motion);
        barred.extend(in_both);
        barred
    }

    /// Whom its effects concern and, in a committee, the near kin of those who declared an interest.
    fn concerned_by(&self, motion: &Motion) -> BTreeSet<PersonId> {
        let mut concerned = effect::concerned(self, &motion.body, &motion.effects);
        if !effect::decides_for_all(self, &motion.body) {
            let kin = motion.interested.iter().flat_map(|who| self.kin_of(who));
            concerned.extend(kin.cloned());
        }
        concerned
    }

    /// An interest, or near kin, became known while the vote runs: whom that bars and who has not voted does not vote
    /// any more. A ballot that was cast before stands.
    pub(crate) fn recuse_again(&mut self, id: &MotionId) {
        let Some(motion) = self.motions.get(id) else {
            return;
        };
        let Some(vote) = motion.vote() else {
            return;
        };
        let Some(roll) = self.rolls.get(&vote.roll).and_then(|r| r.published()) else {
            return;
        };
        let mut barred = self.concerned_by(motion);
        barred.retain(|voter| roll.weight_of(voter).is_some() && !vote.has_voted(voter));
        if let Some(motion) = self.motions.get_mut(id) {
            motion.recused.extend(barred);
        }
    }
}
