//! Names of things: ids, keys, hashes and moments.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::calendar::Date;

/// Longest id, in bytes: a `UUID` with room to spare, and short enough for any view key.
pub const ID_LEN_MAX: usize = 64;

/// Longest ledger id, in bytes: it is also a path, a stream name and a NATS subject token.
pub const LEDGER_ID_LEN_MAX: usize = 40;

/// A text that is not an id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not an id: 1 to {max} of a-z, 0-9 and -, beginning with a letter or digit")]
pub struct InvalidId {
    /// What was given, cut to 80 characters.
    pub text: String,
    /// Longest allowed, in bytes.
    pub max: usize,
}

fn checked(text: &str, max: usize) -> Result<Arc<str>, InvalidId> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let good = !text.is_empty()
        && text.len() <= max
        && !text.starts_with('-')
        && text.bytes().all(allowed);
    if good {
        Ok(text.into())
    } else {
        Err(InvalidId {
            text: text.chars().take(80).collect(),
            max,
        })
    }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Parses an id.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                checked(text, $max).map(Self)
            }

            /// The id's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;
            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.as_ref().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &self.0)
            }
        }
    };
}

id!(/// A ledger 账本.
    LedgerId, LEDGER_ID_LEN_MAX);
id!(/// A pseudonymous person 个人.
    PersonId, ID_LEN_MAX);
id!(/// A body 主体.
    BodyId, ID_LEN_MAX);
id!(/// An office 职务: one person's seat in a body.
    OfficeId, ID_LEN_MAX);
id!(/// A role within a body: `head`, `member`, `clerk`, …
    RoleId, ID_LEN_MAX);
id!(/// A published roll 名册.
    RollId, ID_LEN_MAX);
id!(/// A unit (house, flat, shop) of a roll of owners.
    UnitId, ID_LEN_MAX);
id!(/// A meeting.
    MeetingId, ID_LEN_MAX);
id!(/// A motion 议题, and the decision on it.
    MotionId, ID_LEN_MAX);
id!(/// A decision rule of the charter.
    RuleId, ID_LEN_MAX);
id!(/// Something a resident raised 诉求 / 投诉 / 举报.
    IssueId, ID_LEN_MAX);
id!(/// An item of the power list 权力清单.
    PowerId, ID_LEN_MAX);
id!(
    /// Names a consultation, a task, an imported record or a disclosure within a ledger.
    AffairId, ID_LEN_MAX);
id!(/// A disciplinary case 案件.
    CaseId, ID_LEN_MAX);
id!(/// A matter that powers are listed for: `parking`, `repair-fund`, …
    MatterId, ID_LEN_MAX);

macro_rules! bytes32 {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub struct $name(pub [u8; 32]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

bytes32!(/// An Ed25519 public key.
    PublicKey);
bytes32!(/// The leaf hash of an entry: what it is called by those who refer to it.
    Leaf);
bytes32!(/// A SHA-256 digest of something that is not an entry.
    Digest);

impl Leaf {
    /// What the first entry names as its predecessor, and the founding action as its genesis.
    pub const ZERO: Self = Self([0; 32]);
}

/// An action's id: a `UUIDv7` made by the signer, or a `UUIDv8` derived from the log.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActionId(pub [u8; 16]);

impl ActionId {
    /// The UUID's version digit.
    pub fn version(self) -> u8 {
        self.0[6] >> 4
    }

    /// Whether the variant bits are RFC 9562's.
    pub fn has_rfc_variant(self) -> bool {
        self.0[8] >> 6 == 0b10
    }

    /// The millisecond a `UUIDv7` was made at.
    pub fn unix_ms(self) -> Millis {
        let mut wide = [0; 8];
        wide[2..].copy_from_slice(&self.0[..6]);
        Millis(u64::from_be_bytes(wide))
    }

    /// A `UUIDv7` of this moment and 74 of these random bits.
    pub fn v7(at: Millis, random: [u8; 10]) -> Self {
        let mut id = [0; 16];
        id[..6].copy_from_slice(&at.0.to_be_bytes()[2..]);
        id[6..].copy_from_slice(&random);
        Self(id).stamped(7)
    }

    /// A `UUIDv8` of these bytes.
    pub fn v8(mut bytes: [u8; 16]) -> Self {
        bytes[6] &= 0x0f;
        Self(bytes).stamped(8)
    }

    fn stamped(mut self, version: u8) -> Self {
        self.0[6] = (self.0[6] & 0x0f) | (version << 4);
        self.0[8] = (self.0[8] & 0x3f) | 0x80;
        self
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A moment: milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Millis(pub u64);

impl Millis {
    /// One hour.
    pub const HOUR: u64 = 3_600_000;
    /// One day of 24 hours.
    pub const DAY: u64 = 24 * Self::HOUR;

    /// This much later, at most the end of time.
    pub fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// How long since `earlier`; 0 where it is later.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Millis {
    /// In UTC by RFC 3339: `2026-11-24T04:30:27.858Z`. Moments beyond the calendar are shown as its
    /// last day.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = i32::try_from(self.0 / Self::DAY).unwrap_or(i32::MAX);
        let (day, of_day) = (Date::from_days(days), self.0 % Self::DAY);
        let (hour, of_hour) = (of_day / Self::HOUR, of_day % Self::HOUR);
        let (minute, of_minute) = (of_hour / 60_000, of_hour % 60_000);
        let (second, ms) = (of_minute / 1_000, of_minute % 1_000);
        write!(f, "{day}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_shown_in_utc() {
        let shown = |ms| Millis(ms).to_string();
        assert_eq!(shown(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(shown(1_795_494_627_858), "2026-11-24T04:30:27.858Z");
        assert_eq!(shown(1_709_251_199_999), "2024-02-29T23:59:59.999Z");
        assert!(shown(u64::MAX).starts_with("2999-12-31T"));
    }
}
