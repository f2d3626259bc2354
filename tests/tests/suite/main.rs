//! Real processes of the `govledger` binary, driven by the command line and by gRPC.

mod http;
mod rolls;

mod damage;
mod kills;
mod logs;

mod command_line;
mod refusals;

mod deploy;
mod nats;

mod council;
mod demo;

mod python;
mod readme;
mod verifier;

mod interop;
mod parsers;
