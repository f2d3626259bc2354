//! A ledger whose log and contents are in NATS JetStream, against a real nats-server.

mod access;
mod changes;
mod cluster;
mod connection;
mod contents;
mod founding;
mod hidden;
mod leases;
mod messages;
mod migrating;
mod nodes;
mod outages;
mod scene;
mod serving;
mod store;
