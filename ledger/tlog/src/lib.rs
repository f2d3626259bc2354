//! Entries, chain, Merkle tree, proofs, signed notes and blocks of a govledger log.
