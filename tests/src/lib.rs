//! System tests of govledger: real processes, killed for real.
