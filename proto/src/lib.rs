//! The wire of govledger: protobuf messages and services, and their conversion to the domain.
//!
//! [`v1`] is generated from `governance/v1/*.proto`. [`decode_action`] and [`encode_action`] are the
//! one way between the bytes people sign and the domain's [`governance::action::Action`]: they keep
//! the canonical rule of FORMAT.md ("Actions"), by which what was signed is what was understood.
//! [`json`] is the protobuf JSON mapping (<https://protobuf.dev/programming-guides/json/>) for people
//! and programs.
//!
//! What it is not: it decides nothing (`governance` does), checks no signature and no digest (the
//! ledger's intake does), knows no status codes (`gateway` does), and reads no clock.

/// Messages and services of the package `governance.v1`, as the .proto files document them.
#[allow(missing_docs, unreachable_pub, clippy::pedantic)]
pub mod v1 {
    tonic::include_proto!("governance.v1");
}

mod action;
mod convert;
pub mod json;
pub mod limits;
mod malformed;
mod parameters;
pub mod text;
mod wire;

use std::sync::LazyLock;

use prost_reflect::DescriptorPool;

pub use action::{contents_of, decode_action, encode_action, payload_kind};
pub use json::{JsonError, action_from_json, action_to_json, message_to_json};
pub use malformed::{
    CODES, CodeDoc, EncodingFault, InvalidField, Malformed, MalformedReason, TextFault,
};
pub use parameters::{ParameterError, message_from_parameters};

/// The descriptors of every message and service, for reflection and for JSON.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// [`DESCRIPTORS`], decoded once.
pub fn pool() -> &'static DescriptorPool {
    static POOL: LazyLock<DescriptorPool> = LazyLock::new(|| {
        DescriptorPool::decode(DESCRIPTORS)
            .expect("the build script wrote these descriptors, and protox checked them")
    });
    &POOL
}
