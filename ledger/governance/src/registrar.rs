//! Somebody can always register: a ledger nobody could change any more is never made, and never becomes
//! one by an act. That a term runs out is seen long before.

use crate::{
    authority::{GrantKey, Over},
    calendar::Date,
    charter::Right,
    ids::{OfficeId, PersonId, PublicKey},
    office::Office,
    rejection::Rejection,
    state::State,
};

/// What an act would take away.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Loss<'a> {
    Grant(&'a GrantKey),
    Office(&'a OfficeId),
    Person(&'a PersonId),
    Key(&'a PublicKey),
}

impl State {
    /// Somebody with a key holds an office that registers over the whole ledger, now or later.
    pub(crate) fn has_registrar(&self, today: Date) -> bool {
        self.has_registrar_without(today, None)
    }

    /// There is a registrar without this too, or there was none with it.
    pub(crate) fn check_registrar_without(
        &self,
        loss: Loss<'_>,
        today: Date,
    ) -> Result<(), Rejection> {
        if self.has_registrar_without(today, Some(loss)) || !self.has_registrar(today) {
            return Ok(());
        }
        Err(Rejection::LastRegistrar {
            ledger: self.ledger.clone(),
        })
    }

    fn has_registrar_without(&self, today: Date, loss: Option<Loss<'_>>) -> bool {
        let mut offices = self.offices.iter();
        offices.any(|(id, office)| {
            let ended = matches!(loss, Some(Loss::Office(gone)) if gone == id);
            let lasts = office.term_to.is_none_or(|last| last >= today);
            let holds = !ended && office.ended.is_none() && lasts;
            holds && self.registers(office, loss) && self.signs(&office.person, loss)
        })
    }

    /// The office carries the right.
    fn registers(&self, office: &Office, loss: Option<Loss<'_>>) -> bool {
        [None, Some(office.role.clone())].into_iter().any(|role| {
            let grant = GrantKey {
                right: Right::Register,
                over: Over::Ledger,
                body: office.body.clone(),
                role,
            };
            let gone = matches!(loss, Some(Loss::Grant(gone)) if *gone == grant);
            !gone && self.grants.contains(&grant)
        })
    }

    /// The person has a key.
    fn signs(&self, person: &PersonId, loss: Option<Loss<'_>>) -> bool {
        if matches!(loss, Some(Loss::Person(gone)) if gone == person) {
            return false;
        }
        let gone = |key: &PublicKey| matches!(loss, Some(Loss::Key(gone)) if gone == key);
        let record = self.people.get(person);
        record.is_some_and(|record| record.keys.iter().any(|key| !gone(key)))
    }
}
