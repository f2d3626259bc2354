//! Actions and messages as JSON, by the protobuf JSON mapping.
//!
//! Read with proto field names (`voting_opened`) or JSON names (`votingOpened`), written with proto
//! field names. Bytes are base64, 64-bit integers are strings, defaults are left out, enums are names.

use std::{collections::BTreeSet, fmt};

use prost::{Message, Name};
use prost_reflect::{DeserializeOptions, DynamicMessage, MessageDescriptor, SerializeOptions};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::Value;

use crate::{Malformed, decode_action, pool, v1};

/// JSON that is not an action, or a message that is not JSON.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, or not of the message's shape.
    #[error("{path}: {message}")]
    Shape {
        /// Where, as a dotted path; `.` is the whole.
        path: String,
        /// What is wrong, with line and column where the text has them.
        message: String,
    },
    /// Of the right shape, and not an action.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// No message of that name in the schema.
    #[error("the schema has no message {0}")]
    UnknownMessage(String),
    /// Bytes that are no such message.
    #[error(transparent)]
    Decode(#[from] prost::DecodeError),
}

/// The canonical bytes of the action this JSON says, checked as [`decode_action`] does.
pub fn action_from_json(json: &str) -> Result<Vec<u8>, JsonError> {
    let bytes = draft_from_json(json)?.encode_to_vec();
    decode_action(&bytes)?;
    Ok(bytes)
}

/// The message this JSON says, not yet checked: for tools that fill in ids and times before signing.
/// Unknown field names and enum names are refused.
pub fn draft_from_json(json: &str) -> Result<v1::Action, JsonError> {
    with_path(json, |tracked| Unambiguous::deserialize(tracked))?;
    let schema = descriptor(&v1::Action::full_name())?;
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let message = with_path(json, |tracked| {
        DynamicMessage::deserialize_with_options(schema, tracked, &options)
    })?;
    Ok(message.transcode_to()?)
}

type Text<'de> = serde_json::Deserializer<serde_json::de::StrRead<'de>>;
type Tracked<'a, 'b, 'de> = serde_path_to_error::Deserializer<'a, 'b, &'a mut Text<'de>>;

/// Reads one whole JSON text, and says where it went wrong.
fn with_path<'de, T>(
    json: &'de str,
    read: impl FnOnce(Tracked<'_, '_, 'de>) -> Result<T, serde_json::Error>,
) -> Result<T, JsonError> {
    let mut text = serde_json::Deserializer::from_str(json);
    let mut track = serde_path_to_error::Track::new();
    let value = read(serde_path_to_error::Deserializer::new(
        &mut text, &mut track,
    ));
    let shape = |path: String, error: serde_json::Error| JsonError::Shape {
        path,
        message: error.to_string(),
    };
    let value = value.map_err(|error| shape(track.path().to_string(), error))?;
    text.end().map_err(|error| shape(".".to_owned(), error))?;
    Ok(value)
}

/// JSON in which no object gives a field twice, under either of its names: readers would not agree on
/// which one counts, so a person could be shown one and sign the other.
struct Unambiguous;

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Unambiguous {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut seen = BTreeSet::new();
        while let Some(name) = map.next_key::<String>()? {
            // `voting_opened` and `votingOpened` are one field.
            if !seen.insert(name.replace('_', "").to_ascii_lowercase()) {
                return Err(A::Error::custom(format!("field '{name}' is given twice")));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

/// An action's bytes as JSON; the bytes are checked as [`decode_action`] does.
pub fn action_to_json(bytes: &[u8]) -> Result<Value, JsonError> {
    decode_action(bytes)?;
    to_json(&v1::Action::full_name(), bytes)
}

/// Any message of this schema as JSON.
pub fn message_to_json<M: Message + Name>(message: &M) -> Result<Value, JsonError> {
    to_json(&M::full_name(), &message.encode_to_vec())
}

/// The bytes of a message, given by its full name (`governance.v1.Receipt`), as JSON.
pub fn to_json(full_name: &str, bytes: &[u8]) -> Result<Value, JsonError> {
    let message = DynamicMessage::decode(descriptor(full_name)?, bytes)?;
    let options = SerializeOptions::new().use_proto_field_name(true);
    message
        .serialize_with_options(serde_json::value::Serializer, &options)
        .map_err(|error| JsonError::Shape {
            path: ".".to_owned(),
            message: error.to_string(),
        })
}

fn descriptor(full_name: &str) -> Result<MessageDescriptor, JsonError> {
    pool()
        .get_message_by_name(full_name)
        .ok_or_else(|| JsonError::UnknownMessage(full_name.to_owned()))
}
