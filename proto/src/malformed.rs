//! Why bytes are not an action, and which field says so.

use std::fmt;

use governance::{
    calendar::{InvalidDate, InvalidOffsets},
    charter::InvalidFraction,
    clocks::InvalidMonthDay,
    ids::InvalidId,
};

/// Bytes that are not an action, or not the one encoding of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Malformed {
    #[source]
    reason: MalformedReason,
    field: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.field.is_empty() {
            write!(f, "action: {}", self.reason)
        } else {
            write!(f, "{}: {}", self.field, self.reason)
        }
    }
}

impl Malformed {
    /// Where the fault is as a dotted path of proto field names, e.g. `motion_tabled.text.title` or
    /// `roll_part.lines[3].voter`; an unknown field by its number. Empty: the action as a whole.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What the fault is.
    pub fn reason(&self) -> &MalformedReason {
        &self.reason
    }

    /// Stable reason code.
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// What to do next.
    pub fn remedy(&self) -> &'static str {
        let code = self.code();
        CODES
            .iter()
            .find(|known| known.code == code)
            .map_or("", |known| known.remedy)
    }

    pub(crate) fn at(reason: MalformedReason, field: impl Into<String>) -> Self {
        Self {
            reason,
            field: field.into(),
        }
    }

    fn below(mut self, parent: fmt::Arguments<'_>) -> Self {
        self.field = if self.field.is_empty() {
            parent.to_string()
        } else {
            format!("{parent}.{}", self.field)
        };
        self
    }
}

impl From<MalformedReason> for Malformed {
    fn from(reason: MalformedReason) -> Self {
        Self::at(reason, "")
    }
}

macro_rules! invalid_field {
    ($($error:ty),+) => {$(
        impl From<$error> for Malformed {
            fn from(error: $error) -> Self {
                MalformedReason::FieldInvalid(error.into()).into()
            }
        }
    )+};
}
invalid_field!(
    InvalidField,
    InvalidId,
    InvalidDate,
    InvalidMonthDay,
    InvalidFraction,
    InvalidOffsets
);

impl From<TextFault> for Malformed {
    fn from(fault: TextFault) -> Self {
        MalformedReason::TextNotAllowed(fault).into()
    }
}

/// Names the field an error came from, from the inside out, so that nothing is written on the way of
/// a good action.
pub(crate) trait Within<T> {
    fn within(self, field: &str) -> Result<T, Malformed>;
    fn within_item(self, index: usize) -> Result<T, Malformed>;
}

impl<T, E: Into<Malformed>> Within<T> for Result<T, E> {
    fn within(self, field: &str) -> Result<T, Malformed> {
        self.map_err(|error| {
            let error = error.into();
            // `lines` + `[3].voter`.
            if error.field.starts_with('[') {
                Malformed::at(error.reason, format!("{field}{}", error.field))
            } else {
                error.below(format_args!("{field}"))
            }
        })
    }

    fn within_item(self, index: usize) -> Result<T, Malformed> {
        self.map_err(|error| error.into().below(format_args!("[{index}]")))
    }
}

/// What is wrong with the bytes or with a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MalformedReason {
    /// Not a protobuf message of this shape.
    #[error("not a governance.v1.Action: {0}")]
    NotProtobuf(String),
    /// A field the schema does not have.
    #[error("field number {number} is not known here")]
    UnknownField {
        /// Its number.
        number: u32,
    },
    /// Another encoding of the same message.
    #[error("not the canonical encoding: {0}")]
    NotCanonical(EncodingFault),
    /// An enum number the schema does not have.
    #[error("{number} is not a value of this enum")]
    UnknownEnum {
        /// The number.
        number: i32,
    },
    /// A oneof with none of its fields set.
    #[error("none of its alternatives is set")]
    UnsetOneof,
    /// Nothing where something is required: an empty text, an absent message, an unspecified enum.
    #[error("required, and not given")]
    FieldMissing,
    /// A value that its field cannot have.
    #[error(transparent)]
    FieldInvalid(#[from] InvalidField),
    /// A text with a character, or in a form, that signed text may not have.
    #[error(transparent)]
    TextNotAllowed(#[from] TextFault),
    /// More than there may be.
    #[error("{found} {unit}, and at most {max} are allowed")]
    TooLarge {
        /// How many.
        found: usize,
        /// At most how many.
        max: usize,
        /// Of what.
        unit: &'static str,
    },
    /// A person's action of a family that only time brings.
    #[error("only the ledger itself makes such an entry, and it names no actor")]
    DerivedOnly,
    /// No actor on an action that a person must sign.
    #[error("a person must act here, and none is named")]
    ActorMissing,
}

impl MalformedReason {
    /// Stable reason code; one of [`CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotProtobuf(_) => "NOT_PROTOBUF",
            Self::UnknownField { .. } => "UNKNOWN_FIELD",
            Self::NotCanonical(_) => "NOT_CANONICAL",
            Self::UnknownEnum { .. } => "UNKNOWN_ENUM",
            Self::UnsetOneof => "UNSET_ONEOF",
            Self::FieldMissing => "FIELD_MISSING",
            Self::FieldInvalid(_) => "FIELD_INVALID",
            Self::TextNotAllowed(_) => "TEXT_NOT_ALLOWED",
            Self::TooLarge { .. } => "TOO_LARGE",
            Self::DerivedOnly => "DERIVED_ONLY",
            Self::ActorMissing => "ACTOR_MISSING",
        }
    }
}

/// How an encoding differs from the canonical one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingFault {
    /// A field after one with a higher number.
    #[error("fields must come in the order of their numbers")]
    OutOfOrder,
    /// A singular field, or a oneof, twice.
    #[error("the field is given more than once")]
    Repeated,
    /// A varint with more bytes than it needs.
    #[error("a varint is longer than it needs to be")]
    LongVarint,
    /// A field that holds its default and so must be absent.
    #[error("a default value must be left out")]
    ExplicitDefault,
    /// Repeated numbers one by one.
    #[error("repeated numbers must be packed, in one piece")]
    NotPacked,
    /// A number wider than its field.
    #[error("the number is too large for its field")]
    OutOfRange,
    /// None of the above.
    #[error("encoding the decoded action gives other bytes")]
    Other,
}

/// Why a field cannot have its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidField {
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// Not a date.
    #[error(transparent)]
    Date(#[from] InvalidDate),
    /// Not a day of the year.
    #[error(transparent)]
    MonthDay(#[from] InvalidMonthDay),
    /// Not a part of a whole.
    #[error(transparent)]
    Fraction(#[from] InvalidFraction),
    /// Not a list of UTC offsets.
    #[error(transparent)]
    Offsets(#[from] InvalidOffsets),
    /// Bytes of the wrong length.
    #[error("{found} bytes, and must be {expected}")]
    Length {
        /// As given.
        found: usize,
        /// As required.
        expected: usize,
    },
    /// An action id that is not the UUID it must be.
    #[error("not a UUIDv{expected} (RFC 9562)")]
    ActionId {
        /// 7 for a person's action, 8 for a derived one.
        expected: u8,
    },
    /// Not a media type.
    #[error("not a media type like text/plain; charset=utf-8, in lower case")]
    MediaType,
    /// Not an origin.
    #[error("not a schema-less URL like records.example.org/xinyuanli")]
    Origin,
    /// Positions that do not ascend.
    #[error("positions must ascend")]
    NotAscending,
    /// A message without content, which is encoded by leaving it out.
    #[error("says nothing: leave it out")]
    Empty,
    /// A field that this family, or this actor, does not have.
    #[error("must not be given here")]
    NotHere,
}

/// Why a text may not be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// A control, line-separating, bidirectional or non-character.
    #[error("U+{:04X} at byte {at} is not allowed in signed text", u32::from(*.character))]
    Character {
        /// Which.
        character: char,
        /// Where it begins.
        at: usize,
    },
    /// Not assigned in this version of Unicode, or assigned for private use.
    #[error(
        "U+{:04X} at byte {at} is not a character that Unicode {}.{} assigns to the public, and only \
         those may be signed",
        u32::from(*.character),
        crate::text::UNICODE_VERSION.0,
        crate::text::UNICODE_VERSION.1
    )]
    NotAssigned {
        /// Which.
        character: char,
        /// Where it begins.
        at: usize,
    },
    /// Not in Unicode Normalization Form C.
    #[error("not in Unicode normalization form C (NFC)")]
    NotNfc,
}

/// One reason code, for documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeDoc {
    /// The code.
    pub code: &'static str,
    /// What it means.
    pub cause: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

/// Every code of [`MalformedReason`].
pub const CODES: &[CodeDoc] = &[
    CodeDoc {
        code: "NOT_PROTOBUF",
        cause: "The bytes do not decode as a governance.v1.Action.",
        remedy: "Serialise the action with the published .proto files and send those bytes.",
    },
    CodeDoc {
        code: "UNKNOWN_FIELD",
        cause: "The action has a field that this version's schema does not have.",
        remedy: "Use this ledger's .proto files; nobody may sign what the ledger does not understand.",
    },
    CodeDoc {
        code: "NOT_CANONICAL",
        cause: "The bytes are another encoding of an action than the canonical one.",
        remedy: "Serialise deterministically: fields by number, shortest varints, defaults left out, numbers packed.",
    },
    CodeDoc {
        code: "UNKNOWN_ENUM",
        cause: "An enum has a number that this version's schema does not have.",
        remedy: "Use one of the enum's named values.",
    },
    CodeDoc {
        code: "UNSET_ONEOF",
        cause: "A oneof (the payload, a ballot's choice) has none of its fields set.",
        remedy: "Set exactly one of its fields.",
    },
    CodeDoc {
        code: "FIELD_MISSING",
        cause: "A required field is empty, absent or unspecified.",
        remedy: "Fill in the field named.",
    },
    CodeDoc {
        code: "FIELD_INVALID",
        cause: "A field has a value of the wrong form: an id, a date, a key, a fraction, a media type.",
        remedy: "Correct the field named; its form is documented in the .proto files.",
    },
    CodeDoc {
        code: "TEXT_NOT_ALLOWED",
        cause: "A text is not NFC, or has a control, bidirectional, unassigned, private-use or non-character.",
        remedy: "Normalise the text to NFC and remove the character; split lines into paragraphs.",
    },
    CodeDoc {
        code: "TOO_LARGE",
        cause: "A text, a list, a content or the whole action is larger than its bound.",
        remedy: "Shorten it, send it in parts, or put it into a content.",
    },
    CodeDoc {
        code: "DERIVED_ONLY",
        cause: "A person tries to make an entry that only time brings.",
        remedy: "Do nothing: the ledger makes the entry itself when it falls due.",
    },
    CodeDoc {
        code: "ACTOR_MISSING",
        cause: "An action that a person must sign names no actor.",
        remedy: "Name the signer's person id as the actor.",
    },
];
