//! A ledger whose log and contents are in NATS JetStream, against a real nats-server.

mod access;
mod cluster;
mod connection;
mod contents;
mod founding;
mod hidden;
mod leases;
mod messages;
mod migrating;
mod nodes;
mod scene;
mod serving;
mod store;
