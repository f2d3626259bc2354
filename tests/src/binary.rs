//! The `govledger` binary under test, and running it to its end.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

use crate::process::Process;

/// What is left of a command that ran to its end.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The command, for messages.
    pub command: String,
    /// The exit code; `None` where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Finished {
    /// Itself, if it ended with this code.
    ///
    /// # Panics
    ///
    /// If it did not, with everything it said.
    #[track_caller]
    pub fn expect(self, code: i32) -> Finished {
        assert_eq!(self.code, Some(code), "the exit code of {self}");
        self
    }

    /// Its standard output as JSON.
    ///
    /// # Panics
    ///
    /// If it is not JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON ({error}) from {self}"))
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (command, code) = (&self.command, self.code);
        let (out, err) = (&self.stdout, &self.stderr);
        write!(
            f,
            "`{command}`, exit code {code:?}\n--- stdout\n{out}\n--- stderr\n{err}\n---"
        )
    }
}

/// Where the binary is: beside the test executable, where cargo builds both.
///
/// # Panics
///
/// If it is not there, or older than the sources it is made from, so that no test ever speaks of
/// another program than the one in the tree.
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let test = std::env::current_exe().expect("a process knows its executable");
        // target/<profile>/deps/<test>
        let profile = test.ancestors().nth(2).expect("cargo puts tests in deps/");
        let binary = profile.join(format!("govledger{}", std::env::consts::EXE_SUFFIX));
        let shown = binary.display();
        assert!(
            binary.is_file(),
            "there is no {shown}: build it with `cargo build -p gateway`, or run all tests with \
             `cargo test --workspace`, which does"
        );
        let (newest, source) = newest_source();
        assert!(
            modified(&binary) >= newest,
            "{shown} is older than {}: build it again with `cargo build -p gateway`",
            source.display()
        );
        binary
    })
}

/// The directory of the workspace.
pub fn workspace() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().expect("tests/ is below the workspace")
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|about| about.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// The newest of the files the binary is compiled from, and when it was changed.
fn newest_source() -> (SystemTime, PathBuf) {
    let crates = [
        "gateway",
        "projector",
        "ledger",
        "ledger/tlog",
        "ledger/governance",
        "proto",
    ];
    let mut newest = (SystemTime::UNIX_EPOCH, PathBuf::new());
    let mut open: Vec<PathBuf> = crates
        .map(|name| workspace().join(name).join("src"))
        .to_vec();
    open.push(workspace().join("proto/governance"));
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if ["rs", "proto"].map(Some).contains(&extension(&path)) && !is_test(&path) {
                newest = newest.max((modified(&path), path));
            }
        }
    }
    newest
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

/// Whether a file holds unit tests only, and so is no part of the binary.
fn is_test(path: &Path) -> bool {
    let name = path.file_stem().and_then(|stem| stem.to_str());
    name.is_some_and(|name| name == "tests" || name.ends_with("_tests"))
}

/// The binary with these arguments, ready to be changed and run. Nothing of the environment that the
/// program reads reaches it.
pub fn command<I, S>(arguments: I) -> Command
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    let mut command = Command::new(path());
    command.args(arguments);
    without_settings(&mut command);
    command
}

/// Takes away the environment variables the program reads, so that a developer's do not reach it.
pub fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("GOVLEDGER_") || text.starts_with("RUST_LOG") {
            command.env_remove(name);
        }
    }
}

/// Runs the binary with these arguments to its end.
///
/// # Panics
///
/// If it does not end before the deadline.
#[track_caller]
pub fn run<I, S>(arguments: I) -> Finished
where
    I: IntoIterator<Item = S>,
    S: AsRef<std::ffi::OsStr>,
{
    finish(command(arguments))
}

/// Runs a prepared command to its end.
///
/// # Panics
///
/// If it cannot be started, or does not end before the deadline.
#[track_caller]
pub fn finish(command: Command) -> Finished {
    Process::spawn(command).finish()
}
