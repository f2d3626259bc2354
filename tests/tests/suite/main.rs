//! Real processes of the `govledger` binary, driven by the command line and by gRPC.

mod kills;
