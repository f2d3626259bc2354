//! People and keys.

use super::{Attestor, Content};
use crate::ids::{PersonId, PublicKey};

/// People and keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeopleAction {
    /// The registrar enrols a person.
    PersonEnrolled(PersonEnrolled),
    /// A person adds a key.
    KeyAdded {
        /// The new key; it signs too.
        key: PublicKey,
    },
    /// A person exchanges a key for another.
    KeyRotated {
        /// The key given up; it signs first.
        old_key: PublicKey,
        /// The new key; it signs too.
        new_key: PublicKey,
    },
    /// A lost phone: registrar and a second officer bind a new key and revoke all earlier ones.
    KeyReplaced {
        /// Whose keys.
        person: PersonId,
        /// The second officer.
        second: Attestor,
        /// The new key; it signs too.
        new_key: PublicKey,
    },
    /// One of the ledger's own two keys is exchanged for another.
    LedgerKeyRotated {
        /// The record key or the checkpoint key in force; it signs too.
        old_key: PublicKey,
        /// What takes its place from the next entry on; it signs too.
        new_key: PublicKey,
    },
    /// A key is no longer good, from this entry on.
    KeyRevoked {
        /// Whose key.
        person: PersonId,
        /// The key.
        key: PublicKey,
    },
    /// Two people are near kin 近亲属.
    KinDeclared {
        /// One of them.
        person: PersonId,
        /// The other.
        kin: PersonId,
    },
    /// A person left: keys are revoked and offices end.
    PersonDeparted {
        /// Who left.
        person: PersonId,
    },
}

/// A person becomes known to the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEnrolled {
    /// The pseudonymous id.
    pub person: PersonId,
    /// 0 to 5 keys, each of which signs too.
    pub keys: Vec<PublicKey>,
    /// The published name, where there is one.
    pub name: Option<Content>,
}
