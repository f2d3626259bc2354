//! The wire of govledger: protobuf messages, services and their conversion to the domain.
//!
//! Generated from `governance/v1/*.proto` by tonic-prost-build, fed by protox.

/// Messages and services of the package `governance.v1`, as the .proto files document them.
#[allow(missing_docs, unreachable_pub, clippy::pedantic)]
pub mod v1 {
    tonic::include_proto!("governance.v1");
}

/// The descriptors of every message and service, for reflection and for JSON.
pub static DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
