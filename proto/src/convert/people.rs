//! People and keys.

use governance::action::{Attestor, Content, PeopleAction, PersonEnrolled};

use super::common::{id, key, list, required};
use crate::{
    limits::KEYS_MAX,
    malformed::{Malformed, Within},
    v1::{self, action::Payload},
};

impl TryFrom<v1::PersonEnrolled> for PersonEnrolled {
    type Error = Malformed;

    fn try_from(wire: v1::PersonEnrolled) -> Result<Self, Malformed> {
        Ok(Self {
            person: id(&wire.person).within("person")?,
            keys: list(wire.keys, KEYS_MAX, |k| key(&k)).within("keys")?,
            name: wire
                .name
                .map(Content::try_from)
                .transpose()
                .within("name")?,
        })
    }
}

impl From<&PersonEnrolled> for v1::PersonEnrolled {
    fn from(enrolled: &PersonEnrolled) -> Self {
        Self {
            person: enrolled.person.to_string(),
            keys: enrolled.keys.iter().map(|k| k.0.to_vec()).collect(),
            name: enrolled.name.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<v1::KeyAdded> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::KeyAdded) -> Result<Self, Malformed> {
        Ok(Self::KeyAdded {
            key: key(&wire.key).within("key")?,
        })
    }
}

impl TryFrom<v1::KeyRotated> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::KeyRotated) -> Result<Self, Malformed> {
        Ok(Self::KeyRotated {
            old_key: key(&wire.old_key).within("old_key")?,
            new_key: key(&wire.new_key).within("new_key")?,
        })
    }
}

impl TryFrom<v1::LedgerKeyRotated> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::LedgerKeyRotated) -> Result<Self, Malformed> {
        Ok(Self::LedgerKeyRotated {
            old_key: key(&wire.old_key).within("old_key")?,
            new_key: key(&wire.new_key).within("new_key")?,
        })
    }
}

impl TryFrom<v1::KeyReplaced> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::KeyReplaced) -> Result<Self, Malformed> {
        Ok(Self::KeyReplaced {
            person: id(&wire.person).within("person")?,
            second: required(wire.second)
                .and_then(Attestor::try_from)
                .within("second")?,
            new_key: key(&wire.new_key).within("new_key")?,
        })
    }
}

impl TryFrom<v1::KeyRevoked> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::KeyRevoked) -> Result<Self, Malformed> {
        Ok(Self::KeyRevoked {
            person: id(&wire.person).within("person")?,
            key: key(&wire.key).within("key")?,
        })
    }
}

impl TryFrom<v1::KinDeclared> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::KinDeclared) -> Result<Self, Malformed> {
        Ok(Self::KinDeclared {
            person: id(&wire.person).within("person")?,
            kin: id(&wire.kin).within("kin")?,
        })
    }
}

impl TryFrom<v1::PersonDeparted> for PeopleAction {
    type Error = Malformed;

    fn try_from(wire: v1::PersonDeparted) -> Result<Self, Malformed> {
        Ok(Self::PersonDeparted {
            person: id(&wire.person).within("person")?,
        })
    }
}

impl From<&PeopleAction> for Payload {
    fn from(action: &PeopleAction) -> Self {
        match action {
            PeopleAction::PersonEnrolled(enrolled) => Self::PersonEnrolled(enrolled.into()),
            PeopleAction::KeyAdded { key } => Self::KeyAdded(v1::KeyAdded {
                key: key.0.to_vec(),
            }),
            PeopleAction::KeyRotated { old_key, new_key } => Self::KeyRotated(v1::KeyRotated {
                old_key: old_key.0.to_vec(),
                new_key: new_key.0.to_vec(),
            }),
            PeopleAction::LedgerKeyRotated { old_key, new_key } => {
                Self::LedgerKeyRotated(v1::LedgerKeyRotated {
                    old_key: old_key.0.to_vec(),
                    new_key: new_key.0.to_vec(),
                })
            }
            PeopleAction::KeyReplaced {
                person,
                second,
                new_key,
            } => Self::KeyReplaced(v1::KeyReplaced {
                person: person.to_string(),
                second: Some(second.into()),
                new_key: new_key.0.to_vec(),
            }),
            PeopleAction::KeyRevoked { person, key } => Self::KeyRevoked(v1::KeyRevoked {
                person: person.to_string(),
                key: key.0.to_vec(),
            }),
            PeopleAction::KinDeclared { person, kin } => Self::KinDeclared(v1::KinDeclared {
                person: person.to_string(),
                kin: kin.to_string(),
            }),
            PeopleAction::PersonDeparted { person } => Self::PersonDeparted(v1::PersonDeparted {
                person: person.to_string(),
            }),
        }
    }
}
