//! A ledger whose log and contents are in NATS JetStream, against a real nats-server.

mod connection;
mod scene;
mod store;
