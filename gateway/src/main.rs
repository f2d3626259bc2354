//! The `govledger` command.

fn main() {}
