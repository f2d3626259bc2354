//! The real binary in a directory of its own, and servers that end with their test.

#![allow(dead_code, reason = "each test binary uses a part")]

use std::{
    fs,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// How long a server may take to answer on a busy machine.
const START_DEADLINE: Duration = Duration::from_secs(60);

/// A directory that commands run in.
pub(crate) struct Place {
    dir: TempDir,
}

/// What a command came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().expect("the command ended by itself"),
            out: String::from_utf8(output.stdout.clone()).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr.clone()).expect("standard error is UTF-8"),
        }
    }

    /// The command ended with this code.
    #[track_caller]
    pub(crate) fn code(self, expected: i32) -> Self {
        let Self { code, out, err } = &self;
        assert_eq!(
            *code, expected,
            "standard output:\n{out}\nstandard error:\n{err}"
        );
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        let parsed = serde_json::from_str(&self.out);
        parsed.unwrap_or_else(|error| panic!("{error} in:\n{}", self.out))
    }

    /// Standard output has this text.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.out.contains(text), "no \"{text}\" in:\n{}", self.out);
        self
    }

    /// Standard error has this text.
    #[track_caller]
    pub(crate) fn warns(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no \"{text}\" in:\n{}", self.err);
        self
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a file has a parent")).expect("a directory");
        fs::write(path, text).expect("a file");
    }

    /// The command line, away from this machine's settings.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_govledger"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GOVLEDGER_")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C");
        command.current_dir(self.dir.path()).args(args);
        command
    }

    /// Runs `govledger` with these arguments.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).stdin(Stdio::null()).output();
        Ran::of(&output.expect("the binary runs"))
    }

    /// Runs a line of arguments parted by spaces.
    pub(crate) fn line(&self, line: &str) -> Ran {
        self.run(&line.split_whitespace().collect::<Vec<_>>())
    }

    /// Starts a line of arguments, and lets it run.
    pub(crate) fn spawn(&self, line: &str) -> Child {
        let mut command = self.command(&line.split_whitespace().collect::<Vec<_>>());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).spawn().expect("it runs")
    }

    /// Runs a line of arguments where people read this language, such as `zh_CN.UTF-8`.
    pub(crate) fn line_in(&self, language: &str, line: &str) -> Ran {
        let mut command = self.command(&line.split_whitespace().collect::<Vec<_>>());
        let output = command
            .env("LC_ALL", language)
            .stdin(Stdio::null())
            .output();
        Ran::of(&output.expect("the binary runs"))
    }

    /// Makes keys for a clerk and a teller, and founds a ledger `town` with this charter.
    pub(crate) fn found(&self, charter: &str) -> Value {
        for name in ["clerk.pem", "teller.pem"] {
            self.run(&["key", "new", "--out", name]).code(0);
        }
        let line = format!(
            "found --ledger town --name Town --origin town.example/ledger --charter {charter} \
             --key clerk.pem --attest-key teller.pem --json"
        );
        self.line(&line).code(0).json()
    }

    /// Serves the directory's ledgers.
    pub(crate) fn serve(&self) -> Server {
        self.start(&["serve", "--listen", "127.0.0.1:0"])
    }

    /// The same, and writes into this file all there is to say of what it does.
    pub(crate) fn serve_telling(&self, log: &str) -> Server {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("GOVLEDGER_LOG", "trace");
        let log = fs::File::create(self.path(log)).expect("a file");
        Self::watch(command.stderr(log))
    }

    /// Starts a command that says where it listens and then answers.
    pub(crate) fn start(&self, args: &[&str]) -> Server {
        Self::watch(self.command(args).stderr(Stdio::null()))
    }

    fn watch(command: &mut Command) -> Server {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary runs");
        let stdout = child.stdout.take().expect("it is piped");
        let (send, receive) = mpsc::channel();
        thread::spawn(move || {
            let mut lines = BufReader::new(stdout);
            let mut line = String::new();
            let read = lines.read_line(&mut line);
            // The test may have given up waiting.
            let _ = send.send(read.map(|_| line));
            // Its output ends when it does, and so does the channel.
            let _ = io::copy(&mut lines, &mut io::sink());
        });
        // From here on it ends with the test, however that ends.
        let mut server = Server {
            child,
            output: receive,
            url: String::new(),
        };
        let line = server
            .output
            .recv_timeout(START_DEADLINE)
            .expect("the server answers in time")
            .expect("its output can be read");
        let url = line.trim().split_once(" listening on ");
        let (_, url) = url.unwrap_or_else(|| panic!("not ready: {line}"));
        url.clone_into(&mut server.url);
        server
    }
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    /// The first line of its output; closed when it ends.
    output: mpsc::Receiver<io::Result<String>>,
    pub(crate) url: String,
}

impl Server {
    /// Kills it, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    /// Asks it to end, as a supervisor does, and waits until it has: its exit code.
    #[cfg(unix)]
    pub(crate) fn asked_to_end(mut self) -> Option<i32> {
        let asked = Command::new("kill")
            .args(["-TERM", &self.child.id().to_string()])
            .status();
        assert!(asked.expect("kill runs").success());
        let ended = self.child.wait();
        ended.expect("it ends").code()
    }

    /// Waits until it has ended by itself: its exit code.
    #[track_caller]
    pub(crate) fn ended(mut self, deadline: Duration) -> Option<i32> {
        let ended = self.output.recv_timeout(deadline).expect_err("one line");
        assert_eq!(ended, mpsc::RecvTimeoutError::Disconnected, "it goes on");
        self.child.wait().expect("it ends").code()
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Looks again and again until there is something, and gives up after a while. For what has nothing to wait on:
/// a look asks another process.
#[track_caller]
pub(crate) fn within<T>(deadline: Duration, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + deadline;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "what is waited for does not come");
        thread::yield_now();
    }
}

/// Three members of a town's council vote by name to build a shed, which is decided by two to one.
pub(crate) fn decide_shed(place: &Place, server: &Server) {
    let act = |action: &str, attested: &str| {
        place.write("a.json", action);
        let url = &server.url;
        let line = format!("submit a.json --key clerk.pem {attested} --server {url}");
        place.line(&line).code(0);
    };
    for member in ["ana", "bo", "chen"] {
        act(
            &format!(r#"{{"person_enrolled": {{"person": "{member}"}}}}"#),
            "",
        );
    }
    act(
        r#"{"roll_part": {"roll": "2026", "body": "council",
            "lines": [{"voter": "ana"}, {"voter": "bo"}, {"voter": "chen"}]}}"#,
        "",
    );
    act(
        r#"{"roll_published": {"roll": "2026", "body": "council", "as_of": "2026-01-01"}}"#,
        "",
    );
    act(
        r#"{"roll_call_recorded": {"motion": "shed", "roll": "2026",
            "lines": [{"voter": "ana", "mark": "ROLL_CALL_MARK_FOR"},
                      {"voter": "bo", "mark": "ROLL_CALL_MARK_AGAINST"},
                      {"voter": "chen", "mark": "ROLL_CALL_MARK_FOR"}],
            "minuted": {"held_on": "2026-11-02", "body": "council", "rule": "council-ordinary",
                        "text": {"title": "Build a bicycle shed"}}}}"#,
        "--attest-key teller.pem",
    );
    let query = format!("query decision shed --server {}", server.url);
    within(START_DEADLINE, || {
        (place.line(&query).code == 0).then_some(())
    });
}

/// The council's year that ships with the tests.
pub(crate) fn council_2024() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/testdata/council-2024")
}
