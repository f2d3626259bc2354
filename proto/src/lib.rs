//! The wire of govledger: protobuf messages, services and their conversion to the domain.
