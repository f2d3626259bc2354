//! The gateway: gRPC services over the ledger and its views, and the command line of govledger.
//!
//! * [`services`] answer the three services of `governance/v1/*.proto`, one a file, from a
//!   [`ledger::Node`] and a [`projector::Projector`];
//! * [`status`] is the only mapping of errors to gRPC, one table of reasons under it;
//! * `web` serves what is no gRPC: health, metrics, files and pages, one a file;
//! * [`metrics`] says what the node measures of itself;
//! * [`server`] puts them behind one port, with limits, and takes everything down in order;
//! * [`client`] turns what a server says back into types;
//! * [`cli`] is the `govledger` command, one subcommand a file.
//!
//! What it is not: it decides nothing, counts nothing and keeps nothing. An action goes to the ledger as
//! it came, an answer comes from the log or from the views and says which position it stands on.
//!
//! It follows `proto/governance/v1`, and for errors Google's AIP-193 (google.rpc.ErrorInfo).

pub mod status;

pub mod metrics;

pub mod services;

pub mod witness;

mod code;

mod web;

pub mod server;

pub mod client;

pub mod cli;
