//! A process that is watched while it runs, and killed whatever happens.

use std::io::{BufRead as _, BufReader, Read};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid,
};

use crate::DEADLINE;
use crate::binary::Finished;

/// A running process, the head of a process group of its own. Dropping it kills the whole group.
#[derive(Debug)]
pub struct Process {
    command: String,
    child: Child,
    /// Whether the child has been waited for, so that its number may be another's by now.
    reaped: bool,
    /// Whether the child is known to have ended.
    ended: bool,
    /// What each stream has said so far.
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
    /// Closed once the process has ended and nobody holds its streams any more.
    events: Receiver<Event>,
}

#[derive(Debug)]
enum Event {
    /// A line of either stream.
    Line(String),
    /// The process has ended; what it started may live on.
    Ended,
}

impl Process {
    /// Starts a command without standard input.
    ///
    /// # Panics
    ///
    /// If it cannot be started.
    #[track_caller]
    pub fn spawn(mut command: Command) -> Process {
        let shown = format!("{command:?}");
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let started = command.spawn();
        let mut child = started.unwrap_or_else(|error| panic!("cannot start {shown}: {error}"));
        let (sender, events) = channel();
        let stdout = follow(child.stdout.take(), sender.clone());
        let stderr = follow(child.stderr.take(), sender.clone());
        let id = WaitId::Pid(Pid::from_child(&child));
        thread::spawn(move || {
            // Leaves the child to be waited for, and so its number taken.
            let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            while let Err(rustix::io::Errno::INTR) = waitid(id.clone(), options) {}
            let _ = sender.send(Event::Ended);
        });
        Process {
            command: shown,
            child,
            reaped: false,
            ended: false,
            stdout,
            stderr,
            events,
        }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the first line (of those not yet waited for, of either stream) that `find` makes
    /// something of; `None` if the process ends and closes both streams before.
    ///
    /// # Panics
    ///
    /// If the deadline passes.
    #[track_caller]
    pub fn wait_for<T>(&mut self, mut find: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Event::Line(line) = self.next(deadline)?
                && let Some(found) = find(line.trim_end())
            {
                return Some(found);
            }
        }
    }

    /// Lets it run for so long, or until it ends and closes both streams.
    pub fn run_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => self.ended |= matches!(event, Event::Ended),
                Err(_) => return,
            }
        }
    }

    /// Sends SIGTERM, which asks for an orderly end.
    pub fn terminate(&self) {
        // It may have ended by itself.
        let _ = kill_process(self.pid(), Signal::TERM);
    }

    /// Sends SIGKILL, and waits until the process is gone.
    ///
    /// # Panics
    ///
    /// If it cannot be killed.
    pub fn kill(mut self) -> Finished {
        self.child.kill().expect("a process of ours can be killed");
        self.gone()
    }

    /// Waits until it ends by itself, then kills whatever it started and left behind.
    ///
    /// # Panics
    ///
    /// If the deadline passes.
    #[track_caller]
    pub fn finish(mut self) -> Finished {
        let deadline = Instant::now() + DEADLINE;
        while !self.ended {
            self.next(deadline);
        }
        self.gone()
    }

    /// The next event; `None` when there are no more.
    #[track_caller]
    fn next(&mut self, deadline: Instant) -> Option<Event> {
        let left = deadline.saturating_duration_since(Instant::now());
        let event = match self.events.recv_timeout(left) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("in vain waited for {}", self.so_far(None)),
        };
        self.ended |= !matches!(event, Some(Event::Line(_)));
        event
    }

    /// Buries the process, which has ended or was killed.
    fn gone(&mut self) -> Finished {
        let deadline = Instant::now() + DEADLINE;
        while !self.ended {
            self.next(deadline);
        }
        let status = self.reap();
        while self.events.recv().is_ok() {}
        self.so_far(status)
    }

    /// Kills what is left of the group while its number is surely its own, and waits for its head.
    fn reap(&mut self) -> Option<ExitStatus> {
        if self.reaped {
            return None;
        }
        let _ = kill_process_group(self.pid(), Signal::KILL);
        self.reaped = true;
        self.child.wait().ok()
    }

    fn so_far(&self, status: Option<ExitStatus>) -> Finished {
        let said = |text: &Mutex<String>| {
            let text = text.lock().unwrap_or_else(PoisonError::into_inner);
            text.clone()
        };
        Finished {
            command: self.command.clone(),
            code: status.and_then(|status| status.code()),
            stdout: said(&self.stdout),
            stderr: said(&self.stderr),
        }
    }

    fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.reap();
    }
}

/// Keeps what a stream says, and passes it on line by line.
fn follow<R: Read + Send + 'static>(
    stream: Option<R>,
    sender: Sender<Event>,
) -> Arc<Mutex<String>> {
    let said = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&said);
    thread::spawn(move || {
        let mut stream = BufReader::new(stream.expect("both streams are piped"));
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let text = String::from_utf8_lossy(&line).into_owned();
            line.clear();
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.push_str(&text);
            // Whether anybody still listens does not matter: the text is kept.
            let _ = sender.send(Event::Line(text));
        }
    });
    said
}
