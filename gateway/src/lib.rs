//! Services and command line of govledger.
//!
//! [`cli`] is the `govledger` command, one subcommand a file.

pub mod cli;
