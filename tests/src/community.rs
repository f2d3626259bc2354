//! A ledger founded for a test, with its people's keys, in a directory that goes away.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::binary::{self, Finished};
use crate::directory;

/// A data directory with one ledger, and the keys of its first officers.
#[derive(Debug)]
pub struct Community {
    root: TempDir,
    ledger: String,
}

impl Community {
    /// A directory with the keys of a clerk and a teller, and no ledger yet.
    ///
    /// # Panics
    ///
    /// If the keys cannot be made.
    #[track_caller]
    pub fn unfounded(ledger: &str) -> Community {
        let root = TempDir::with_prefix("govledger-test-").expect("there is room for tests");
        let community = Community {
            root,
            ledger: ledger.to_owned(),
        };
        for name in ["clerk", "teller"] {
            community.new_key(name);
        }
        community
    }

    /// Founds a ledger by the command line, under this charter.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[track_caller]
    pub fn found(ledger: &str, charter: &str) -> Community {
        let community = Community::unfounded(ledger);
        community.run_found(charter).expect(0);
        community
    }

    /// Runs `govledger found` for the community's ledger.
    #[track_caller]
    pub fn run_found(&self, charter: &str) -> Finished {
        self.run_found_another(&self.ledger, charter)
    }

    /// Runs `govledger found` for another ledger of the same officers in the same data directory.
    #[track_caller]
    pub fn run_found_another(&self, ledger: &str, charter: &str) -> Finished {
        binary::finish(self.found_command(ledger, charter))
    }

    /// The command that founds a ledger of these officers in the data directory.
    pub fn found_command(&self, ledger: &str, charter: &str) -> Command {
        let origin = format!("records.example.org/{ledger}");
        let mut command = binary::command(["found", "--ledger", ledger]);
        command.args(["--name", "A Community", "--origin", &origin]);
        command.args(["--charter", charter, "--utc-offset", "+08:00"]);
        command.arg("--key").arg(self.key("clerk"));
        command.arg("--attest-key").arg(self.key("teller"));
        command.arg("--data").arg(self.data());
        command
    }

    /// Makes a key by the command line; returns its file.
    ///
    /// # Panics
    ///
    /// If that fails.
    #[track_caller]
    pub fn new_key(&self, name: &str) -> PathBuf {
        let file = self.key(name);
        let mut command = binary::command(["key", "new", "--out"]);
        command.arg(&file);
        binary::finish(command).expect(0);
        file
    }

    /// The file of this person's key.
    pub fn key(&self, name: &str) -> PathBuf {
        self.file(&format!("{name}.pem"))
    }

    /// The ledger's id.
    pub fn ledger(&self) -> &str {
        &self.ledger
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.file("data")
    }

    /// The directory of the ledger within the data directory.
    pub fn ledger_dir(&self) -> PathBuf {
        directory::ledger(&self.data(), &self.ledger)
    }

    /// A path within the community's directory, beside the data directory.
    pub fn file(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The directory everything is in.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// Writes a file beside the data directory; returns its path.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    #[track_caller]
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        fs::write(&path, bytes).expect("there is room for tests");
        path
    }
}

/// Audits the one ledger of a data directory.
#[track_caller]
pub fn audit(data: &Path) -> Finished {
    binary::finish(audit_command(data))
}

/// Audits one ledger of a data directory that may have several.
#[track_caller]
pub fn audit_ledger(data: &Path, ledger: &str) -> Finished {
    let mut command = audit_command(data);
    command.args(["--ledger", ledger]);
    binary::finish(command)
}

/// Audits one ledger of a server.
#[track_caller]
pub fn audit_server(url: &str, ledger: &str) -> Finished {
    let command = binary::command(["audit", "--json", "--server", url, "--ledger", ledger]);
    binary::finish(command)
}

fn audit_command(data: &Path) -> Command {
    let mut command = binary::command(["audit", "--json", "--data"]);
    command.arg(data);
    command
}
