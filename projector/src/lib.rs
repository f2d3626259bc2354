//! Views over the ledger, rebuilt from it at will.
