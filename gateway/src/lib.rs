//! Services and command line of govledger.
