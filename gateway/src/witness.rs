//! Witnesses over HTTP: the service of one (C2SP tlog-witness), and the client that asks others.

mod client;
mod service;

pub use client::HttpWitnesses;
pub use service::router;
