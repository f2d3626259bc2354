//! How a command fails: what, why, what to do next, and the exit code.

use std::{collections::BTreeMap, fmt::Write as _, process::ExitCode};

use tonic::{Code, Status};

use super::output;
use crate::client::ServerRefusal;

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A finding or a refusal.
    Finding = 1,
    /// The command was given something it cannot use.
    Usage = 2,
    /// A server or a disk is not there.
    Unavailable = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    exit: Exit,
    what: String,
    why: Vec<String>,
    next: Option<String>,
    reason: Option<String>,
}

impl Failure {
    fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self {
            exit,
            what: what.into(),
            why: Vec::new(),
            next: None,
            reason: None,
        }
    }

    /// Something was found wrong, or refused.
    pub(crate) fn finding(what: impl Into<String>) -> Self {
        Self::new(Exit::Finding, what)
    }

    /// The command was given something it cannot use.
    pub(crate) fn usage(what: impl Into<String>) -> Self {
        Self::new(Exit::Usage, what)
    }

    /// A server or a disk is not there.
    pub(crate) fn unavailable(what: impl Into<String>) -> Self {
        Self::new(Exit::Unavailable, what)
    }

    /// Adds a reason.
    pub(crate) fn because(mut self, why: impl Into<String>) -> Self {
        self.why.push(why.into());
        self
    }

    /// Says what to do.
    pub(crate) fn next(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// What to do, as far as it is known.
    pub(crate) fn advice(&self) -> Option<&str> {
        self.next.as_deref()
    }

    /// The stable reason code, where the ledger gave one.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// What went wrong, in one sentence.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// What a server answered instead of a result.
    pub(crate) fn of_status(status: &Status) -> Self {
        Self::of_refusal(ServerRefusal::from(status))
    }

    /// What a server answered to one action.
    pub(crate) fn of_refusal(refusal: ServerRefusal) -> Self {
        let what = if refusal.message.is_empty() {
            format!("the server answered {:?}", refusal.code)
        } else {
            refusal.message
        };
        let mut failure = Self::new(exit_of(refusal.code), what);
        if refusal.reason.is_empty() {
            return failure;
        }
        failure
            .why
            .push(because(&refusal.reason, &refusal.metadata));
        failure.next = refusal.metadata.get("remedy").cloned();
        if let Some(chinese) = refusal.chinese.filter(|_| output::reads_chinese()) {
            // It says what to do next by itself.
            let english = std::mem::replace(&mut failure.what, chinese);
            failure.next = None;
            if !governance::rejection::CODES
                .iter()
                .any(|doc| doc.code == refusal.reason)
            {
                // Only what the rules refuse is said with its numbers in both languages.
                failure.why.insert(0, english);
            }
        }
        failure.reason = Some(refusal.reason);
        failure
    }

    /// As it is told on a terminal.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("error: {}\n", self.what);
        for why in &self.why {
            let _ = writeln!(text, "  why:  {why}");
        }
        if let Some(next) = &self.next {
            let _ = writeln!(text, "  next: {next}");
        }
        text
    }

    /// Tells it on standard error.
    pub(crate) fn print(&self) {
        eprint!("{}", self.text());
    }
}

fn exit_of(code: Code) -> Exit {
    match code {
        Code::Unavailable
        | Code::DeadlineExceeded
        | Code::ResourceExhausted
        | Code::Cancelled
        | Code::Unknown
        | Code::Unimplemented
        | Code::Internal => Exit::Unavailable,
        _ => Exit::Finding,
    }
}

/// The code, and the rule and law it rests on where a rule said no.
fn because(reason: &str, metadata: &BTreeMap<String, String>) -> String {
    let of = |key: &str| metadata.get(key).filter(|value| !value.is_empty());
    match (of("rule"), of("citation")) {
        (Some(rule), Some(citation)) => format!("{reason}, by rule {rule} ({citation})"),
        (Some(rule), None) => format!("{reason}, by rule {rule}"),
        (None, Some(citation)) => format!("{reason} ({citation})"),
        (None, None) => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_why_and_what_next() {
        let refusal = ServerRefusal {
            code: Code::FailedPrecondition,
            reason: "TOO_FEW".to_owned(),
            message: "no quorum".to_owned(),
            chinese: None,
            metadata: [
                ("citation", "民法典 278"),
                ("remedy", "Wait."),
                ("rule", "owners-ordinary"),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
            field: None,
            retry_after: None,
        };
        let failure = Failure::of_refusal(refusal);
        let text = "error: no quorum\n  why:  TOO_FEW, by rule owners-ordinary (民法典 278)\n  next: Wait.\n";
        assert_eq!(failure.text(), text);
        assert_eq!(failure.exit(), Exit::Finding);
        assert_eq!(failure.reason(), Some("TOO_FEW"));
    }

    #[test]
    fn a_missing_server_is_no_refusal() {
        for code in [
            Code::Unavailable,
            Code::DeadlineExceeded,
            Code::ResourceExhausted,
        ] {
            assert_eq!(exit_of(code), Exit::Unavailable, "{code:?}");
        }
        for code in [
            Code::NotFound,
            Code::Aborted,
            Code::DataLoss,
            Code::PermissionDenied,
        ] {
            assert_eq!(exit_of(code), Exit::Finding, "{code:?}");
        }
    }

    #[test]
    fn an_answer_without_words_names_its_code() {
        let failure = Failure::of_status(&Status::new(Code::Unavailable, ""));
        assert_eq!(failure.text(), "error: the server answered Unavailable\n");
    }
}
