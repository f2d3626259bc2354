//! The law of the neighbourhood: what a governance ledger admits, and what follows from it.
