//! The problems that only a server has: each function is one reason, and says it in a sentence.

use std::time::Duration;

use governance::ids::LedgerId;
use ledger::SubmitError;
use projector::{PastError, QueryError, WaitError, search::SearchError};
use tonic::Code;

use super::{ABSENT_RETRY, Problem};

/// What the transport says first of a request that is framed or compressed otherwise than it says.
const NOT_GRPC: [&str; 4] = [
    "protocol error",
    "Error decompressing",
    "Missing request message",
    "Unexpected EOF decoding stream",
];

impl Problem {
    /// No such ledger on this server; `field` names it.
    pub(crate) fn no_such_ledger(field: &str, ledger: &str) -> Self {
        let message = format!("this server keeps no ledger \"{ledger}\"");
        Self::new("NO_SUCH_LEDGER", message)
            .with("ledger", ledger)
            .at(field)
    }

    /// A field of a request, outside the signed action, that cannot have its value.
    pub(crate) fn field_invalid(field: &str, why: impl std::fmt::Display) -> Self {
        Self::new("REQUEST_FIELD_INVALID", format!("{field}: {why}")).at(field)
    }

    /// Not a page token of this list.
    pub(crate) fn page_token() -> Self {
        Self::from(QueryError::PageToken)
    }

    /// No motion of that id.
    pub(crate) fn no_such_motion(ledger: &LedgerId, motion: &str) -> Self {
        Self::new(
            "NO_SUCH_MOTION",
            format!("ledger {ledger} has no motion {motion}"),
        )
        .with("motion", motion)
    }

    /// No report of that body on that year.
    pub(crate) fn no_such_report(ledger: &LedgerId, body: &str, year: u32) -> Self {
        let message = format!("ledger {ledger} has no report of {body} on {year}");
        Self::new("NO_SUCH_REPORT", message)
            .with("body", body)
            .with("year", year.to_string())
    }

    /// No issue of that id.
    pub(crate) fn no_such_issue(ledger: &LedgerId, issue: &str) -> Self {
        let message = format!("ledger {ledger} has no issue {issue}");
        Self::new("NO_SUCH_ISSUE", message).with("issue", issue)
    }

    /// No consultation, task, disclosure or record of that id.
    pub(crate) fn no_such_affair(ledger: &LedgerId, kind: &str, id: &str) -> Self {
        let message = format!("ledger {ledger} has no {kind} {id}");
        Self::new("NO_SUCH_AFFAIR", message).with(kind, id)
    }

    /// Not an action that reads a content.
    pub(crate) fn not_a_reading(kind: &str) -> Self {
        let message = format!(
            "{kind} reads no content; ReadContent records issue_read and roll_objection_read"
        );
        Self::new("NOT_A_READING", message).at("request.action")
    }

    /// The power list never had that item.
    pub(crate) fn no_such_power(ledger: &LedgerId, item: &str) -> Self {
        let message = format!("the power list of ledger {ledger} never had an item {item}");
        Self::new("NO_SUCH_POWER", message).with("item", item)
    }

    /// No meeting of that id.
    pub(crate) fn no_such_meeting(ledger: &LedgerId, meeting: &str) -> Self {
        let message = format!("ledger {ledger} has no meeting {meeting}");
        Self::new("NO_SUCH_MEETING", message).with("meeting", meeting)
    }

    /// No body of that id.
    pub(crate) fn no_such_body(ledger: &LedgerId, body: &str) -> Self {
        let message = format!("ledger {ledger} has no body {body}");
        Self::new("NO_SUCH_BODY", message).with("body", body)
    }

    /// No case of that id.
    pub(crate) fn no_such_case(ledger: &LedgerId, case: &str) -> Self {
        let message = format!("the register of sanctions of ledger {ledger} has no case {case}");
        Self::new("NO_SUCH_CASE", message).with("case", case)
    }

    /// No decision on that motion.
    pub(crate) fn no_such_decision(ledger: &LedgerId, motion: &str) -> Self {
        let message = format!("ledger {ledger} has no decision on a motion {motion}");
        Self::new("NO_SUCH_DECISION", message).with("motion", motion)
    }

    /// Nobody of that id, or with that key.
    pub(crate) fn no_such_person(ledger: &LedgerId, who: &str) -> Self {
        Self::new(
            "NO_SUCH_PERSON",
            format!("ledger {ledger} knows nobody by {who}"),
        )
    }

    /// The body has no such roll.
    pub(crate) fn no_such_roll(ledger: &LedgerId, body: &str, day: &str) -> Self {
        let when = if day.is_empty() {
            String::new()
        } else {
            format!(" that holds on {day}")
        };
        let message = format!("body {body} has no published roll{when} in ledger {ledger}");
        Self::new("NO_SUCH_ROLL", message).with("body", body)
    }

    /// The views do not come, or did not come in time, to the entry that a question names.
    pub(crate) fn views_behind(error: &WaitError) -> Self {
        Self::new("VIEWS_BEHIND", error.to_string()).retry_after(ABSENT_RETRY)
    }

    /// This node's log did not come in time to where a question begins, and another node's may have.
    pub(crate) fn log_behind(field: &str, asked: u64, size: u64) -> Self {
        let message = format!(
            "{field} is {asked}, and the log has {size} entries on this node, which follows another"
        );
        Self::new("VIEWS_BEHIND", message)
            .at(field)
            .with("size", size.to_string())
            .retry_after(ABSENT_RETRY)
    }

    /// Other past moments are being replayed.
    pub(crate) fn past_busy(error: &PastError) -> Self {
        Self::new("PAST_BUSY", error.to_string()).retry_after(ABSENT_RETRY)
    }

    /// The full-text index is being made.
    pub(crate) fn search_not_ready() -> Self {
        let message = "the full-text index of this ledger is being made";
        Self::new("SEARCH_NOT_READY", message).retry_after(ABSENT_RETRY)
    }

    /// The full-text index fails.
    pub(crate) fn search_fails(error: &SearchError) -> Self {
        tracing::error!(%error, "a full-text index is dropped");
        Self::new("SEARCH_FAILS", error.to_string())
    }

    /// The views, or what they would be made of, cannot be read.
    pub(crate) fn views_unreadable(error: &impl std::fmt::Display) -> Self {
        Self::new("VIEWS_UNREADABLE", error.to_string())
    }

    /// The node is going down: an endless answer ends.
    pub(crate) fn shutting_down() -> Self {
        Self::from(SubmitError::ShuttingDown)
    }

    /// The client's deadline passed.
    pub(crate) fn deadline_exceeded(asked: Duration) -> Self {
        let message = format!("there was no answer within the {asked:?} that were asked for");
        Self::new("DEADLINE_EXCEEDED", message)
    }

    /// The server's own patience is at an end.
    pub(crate) fn answer_too_late(patience: Duration) -> Self {
        let message = format!("there was no answer within {patience:?}");
        Self::new("ANSWER_TOO_LATE", message).retry_after(ABSENT_RETRY)
    }

    /// No place is left among the calls under way.
    pub(crate) fn too_many_calls(streams: bool, retry: Duration) -> Self {
        let what = if streams { "streams" } else { "calls" };
        let message = format!("the server answers as many {what} as it takes on at once");
        Self::new("TOO_MANY_CALLS", message).retry_after(retry)
    }

    /// The client's address has as many streams as one may have.
    pub(crate) fn too_many_streams(retry: Duration) -> Self {
        let message = "this address has as many streams as the server lets one have";
        Self::new("TOO_MANY_STREAMS", message).retry_after(retry)
    }

    /// The client's address calls too often.
    pub(crate) fn too_fast(retry: Duration) -> Self {
        let message = "this address calls more often than the server lets one";
        Self::new("TOO_FAST", message).retry_after(retry)
    }

    /// No service, or no method of it, has that path.
    pub(crate) fn no_such_method() -> Self {
        Self::new(
            "NO_SUCH_METHOD",
            "this server has no method of that service and name",
        )
    }

    /// A part of the program panicked.
    pub(crate) fn broken(what: &str) -> Self {
        Self::new(
            "GATEWAY_BROKEN",
            format!("{what} failed; the node's log says more"),
        )
    }

    /// The whole log has fewer entries than the question supposes.
    pub(crate) fn beyond(field: &str, asked: u64, size: u64) -> Self {
        let message = format!("{field} is {asked}, and the log has {size} entries");
        Self::new("NO_SUCH_ENTRY", message)
            .at(field)
            .with("size", size.to_string())
    }

    /// What the transport says of a request that it could not hand on; `None` where it is no such
    /// matter. tonic has no types for these, so they are told by code and words; a test sends such
    /// requests.
    pub(crate) fn of_transport(code: Code, message: &str) -> Option<Self> {
        match code {
            Code::Internal if message.starts_with("failed to decode Protobuf message") => {
                Some(Self::new("MESSAGE_NOT_PROTOBUF", message))
            }
            Code::OutOfRange if message.contains("message length too large") => {
                Some(Self::new("MESSAGE_TOO_LARGE", message))
            }
            Code::Internal if NOT_GRPC.iter().any(|word| message.starts_with(word)) => {
                Some(Self::new("MESSAGE_NOT_GRPC", message))
            }
            Code::Unimplemented if message.starts_with("Content is compressed with") => {
                Some(Self::new("COMPRESSION_NOT_SUPPORTED", message))
            }
            Code::NotFound if message == "service not registered" => Some(Self::new(
                "NO_SUCH_SERVICE",
                "the server has no service of that name to tell the health of",
            )),
            Code::Unimplemented if message.is_empty() => Some(Self::no_such_method()),
            _ => None,
        }
    }
}
