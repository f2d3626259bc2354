//! System tests of govledger: real processes of the one binary, killed for real.
//!
//! This library is the harness; the tests are in `tests/suite/`. It finds the binary cargo has built
//! ([`binary`]), runs commands and servers and never leaves one behind ([`process`], [`server`],
//! [`nats`], [`proxy`]), founds ledgers in directories that go away ([`community`]), signs actions as any client would
//! ([`officer`]), reads and checks whole logs over gRPC ([`log`]), and copies and damages data
//! directories ([`directory`]), and names every parser of bytes from outside ([`parsers`]), for tests and fuzzer.
//!
//! What it is not: it knows nothing of the inside of the program. It holds it to the command line, to
//! the `.proto` files and to `FORMAT.md`, and waits for conditions with a deadline, never for time.

pub mod binary;
pub mod process;

pub mod community;
pub mod nats;
pub mod proxy;
pub mod server;

pub mod log;
pub mod officer;

pub mod dice;
pub mod directory;
pub mod parsers;

use std::time::Duration;

/// How long anything may take before a test calls it stuck. The slowest thing that is waited for is
/// the audit of some thousand entries by a debug build on a busy machine, a few seconds.
pub const DEADLINE: Duration = Duration::from_secs(120);
