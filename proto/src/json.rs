//! Actions and messages as JSON, by the protobuf JSON mapping.
//!
//! Read with proto field names (`voting_opened`) or JSON names (`votingOpened`), written with proto
//! field names. Bytes are base64, 64-bit integers are strings, defaults are left out, enums are names.

use prost::{Message, Name};
use prost_reflect::{DeserializeOptions, DynamicMessage, MessageDescriptor, SerializeOptions};
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
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let mut track = serde_path_to_error::Track::new();
    let tracked = serde_path_to_error::Deserializer::new(&mut deserializer, &mut track);
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    let parsed = DynamicMessage::deserialize_with_options(
        descriptor(&v1::Action::full_name())?,
        tracked,
        &options,
    );
    let message = parsed.map_err(|error| JsonError::Shape {
        path: track.path().to_string(),
        message: error.to_string(),
    })?;
    deserializer.end().map_err(|error| JsonError::Shape {
        path: ".".to_owned(),
        message: error.to_string(),
    })?;
    Ok(message.transcode_to()?)
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
