//! The founding of a ledger.

use governance::{
    action::{BodyEstablished, Grant, LedgerFounded, OfficeAssumed, PersonEnrolled},
    calendar::{UtcOffset, UtcOffsets},
    charter::Charter,
    ids::Millis,
};

use super::common::{key, list, required, to_wire};
use crate::{
    limits::{LINES_MAX, NAME_LEN_MAX, ORIGIN_LEN_MAX, UTC_OFFSETS_MAX},
    malformed::{InvalidField, Malformed, Within},
    text, v1,
};

impl TryFrom<v1::LedgerFounded> for LedgerFounded {
    type Error = Malformed;

    fn try_from(wire: v1::LedgerFounded) -> Result<Self, Malformed> {
        Ok(Self {
            name: text::required(wire.name, NAME_LEN_MAX).within("name")?,
            origin: origin(wire.origin).within("origin")?,
            record_key: key(&wire.record_key).within("record_key")?,
            checkpoint_key: key(&wire.checkpoint_key).within("checkpoint_key")?,
            utc_offsets: offsets(wire.utc_offsets).within("utc_offsets")?,
            rules_version: wire.rules_version,
            charter: required(wire.charter)
                .and_then(Charter::try_from)
                .within("charter")?,
            bodies: list(wire.bodies, LINES_MAX, BodyEstablished::try_from).within("bodies")?,
            rights: list(wire.rights, LINES_MAX, Grant::try_from).within("rights")?,
            people: list(wire.people, LINES_MAX, PersonEnrolled::try_from).within("people")?,
            offices: list(wire.offices, LINES_MAX, OfficeAssumed::try_from).within("offices")?,
            demo: wire.demo,
        })
    }
}

impl From<&LedgerFounded> for v1::LedgerFounded {
    fn from(founded: &LedgerFounded) -> Self {
        Self {
            name: founded.name.clone(),
            origin: founded.origin.clone(),
            record_key: founded.record_key.0.to_vec(),
            checkpoint_key: founded.checkpoint_key.0.to_vec(),
            utc_offsets: to_wire(founded.utc_offsets.as_slice()),
            rules_version: founded.rules_version,
            charter: Some((&founded.charter).into()),
            bodies: to_wire(&founded.bodies),
            rights: to_wire(&founded.rights),
            people: to_wire(&founded.people),
            offices: to_wire(&founded.offices),
            demo: founded.demo,
        }
    }
}

impl From<&UtcOffset> for v1::UtcOffset {
    fn from(offset: &UtcOffset) -> Self {
        Self {
            from_ms: offset.from.0,
            minutes: offset.minutes,
        }
    }
}

fn offsets(wire: Vec<v1::UtcOffset>) -> Result<UtcOffsets, Malformed> {
    let offset = |wire: v1::UtcOffset| {
        Ok(UtcOffset {
            from: Millis(wire.from_ms),
            minutes: wire.minutes,
        })
    };
    Ok(UtcOffsets::new(list(wire, UTC_OFFSETS_MAX, offset)?)?)
}

/// A schema-less URL, which is also a signed note's key name: printable ASCII of a host and a path,
/// without the space and plus sign that notes forbid.
fn origin(wire: String) -> Result<String, Malformed> {
    let wire = text::required(wire, ORIGIN_LEN_MAX)?;
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/".contains(&b);
    let good = wire.bytes().all(allowed)
        && wire.as_bytes()[0].is_ascii_alphanumeric()
        && !wire.contains("//");
    if good {
        Ok(wire)
    } else {
        Err(InvalidField::Origin.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_schema_less_url() {
        for good in ["records.example.org/xinyuanli", "127.0.0.1:8420/demo", "a"] {
            assert_eq!(origin(good.to_owned()).as_deref(), Ok(good));
        }
        for bad in [
            "https://a.example",
            "a b",
            "a+b",
            "/a",
            "a\u{e9}",
            "a//b",
            "a\u{a0}b",
        ] {
            assert_eq!(
                origin(bad.to_owned()),
                Err(InvalidField::Origin.into()),
                "{bad}"
            );
        }
    }
}
