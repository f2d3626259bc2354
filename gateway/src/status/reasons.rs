//! Every reason the gateway can give, with the gRPC code it travels under.
//!
//! Most reasons come from the crates below, each with its own table; this file adds the code, and the
//! reasons that only a server has. `gateway/REASONS.md` is this table as a document.

use std::{collections::BTreeMap, fmt::Write as _, sync::LazyLock};

use governance::rejection::{self, RejectionKind};
use tonic::Code;

/// One reason, for people and programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable for ever, `SCREAMING_SNAKE`.
    pub reason: &'static str,
    /// The gRPC code it travels under.
    pub code: Code,
    /// When it is given.
    pub cause: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

/// The reasons whose code does not follow from where they come from: of a rejection's kind, of a
/// malformed action.
const CODES: &[(Code, &[&str])] = &[
    (
        Code::PermissionDenied,
        &[
            "ASSESSED_BY_OTHERS",
            "ASSESSOR_INVOLVED",
            "ATTESTOR_DEPENDENT",
            "ATTESTOR_IS_ACTOR",
            "ATTESTOR_WITHOUT_RIGHT",
            "CAPACITY_MISSING",
            "EXPERT_NOT_INVITED",
            "FOUNDER_NOT_CONFIGURED",
            "HANDLER_PARTIAL",
            "ISSUE_HANDLED_BY_ANOTHER",
            "ISSUE_OF_ANOTHER",
            "KEY_OF_ANOTHER",
            "KEY_REVOKED",
            "KEY_UNKNOWN",
            "NOT_IN_CAPACITY",
            "NOT_ON_ROLL",
            "NOT_TABLING_BODY",
            "TABLED_BY_OTHERS",
            "NO_RIGHT",
            "POWER_NOT_LISTED",
            "OFFICER_NEEDED",
            "PROXY_NOT_HELD",
            "RECALL_BY_OTHERS",
            "ROLL_RULING_PARTIAL",
            "ULTRA_VIRES",
        ],
    ),
    (
        Code::NotFound,
        &[
            "BODY_UNKNOWN",
            "ISSUE_CONTENT_UNKNOWN",
            "ISSUE_UNKNOWN",
            "MEETING_UNKNOWN",
            "MOTION_UNKNOWN",
            "OFFICE_UNKNOWN",
            "PERSON_UNKNOWN",
            "REPORT_QUESTION_UNKNOWN",
            "ROLL_OBJECTION_UNKNOWN",
            "ROLL_UNKNOWN",
            "RULE_UNKNOWN",
        ],
    ),
    (
        Code::AlreadyExists,
        &[
            "ACTION_ID_REUSED",
            "ALREADY_FOUNDED",
            "BODY_EXISTS",
            "ISSUE_EXISTS",
            "KEY_TAKEN",
            "LEDGER_EXISTS",
            "MEETING_EXISTS",
            "MOTION_EXISTS",
            "OFFICE_EXISTS",
            "PERSON_EXISTS",
            "POWER_EXISTS",
        ],
    ),
    // The shell's.
    (
        Code::InvalidArgument,
        &[
            "BAD_SIGNATURE",
            "CONTENT_MISMATCH",
            "CONTENT_MISSING",
            "CONTENT_SURPLUS",
            "CONTENT_TOO_LARGE",
            "DUPLICATE_KEY",
            "KEY_MALFORMED",
            "LEDGER_ID_RESERVED",
            "OTHER_KEYS",
            "SIGNATURE_COUNT",
            "WEAK_KEY",
        ],
    ),
    (Code::OutOfRange, &["NO_SUCH_ENTRY", "NO_SUCH_PROOF"]),
    (Code::ResourceExhausted, &["OVERLOADED"]),
    (
        Code::Unavailable,
        &[
            "DATA_DIRECTORY_UNAVAILABLE",
            "HALTED_BROKEN",
            "HALTED_CHECKPOINT",
            "HALTED_CLOCK_JUMP",
            "HALTED_KEYS",
            "HALTED_NATS",
            "HALTED_STORAGE",
            "LOG_AWAY",
            "NATS_UNAVAILABLE",
            "NOT_LEADING",
            "SHUTTING_DOWN",
            "STORE_UNREADABLE",
            "STORE_UNWRITABLE",
            "WITNESSES_PENDING",
        ],
    ),
    (
        Code::FailedPrecondition,
        &[
            "HALTED_MOVED",
            "HALTED_RULES_UNKNOWN",
            "KEY_NOT_HELD",
            "HALTED_STREAM_SETTING",
        ],
    ),
    (
        Code::DataLoss,
        &[
            "HALTED_CHECKPOINT_DAMAGED",
            "HALTED_CHECKPOINT_FOREIGN",
            "HALTED_CHECKPOINT_MISSING",
            "HALTED_CORRUPTION",
            "HALTED_FORKED",
            "HALTED_ROLLED_BACK",
            "HALTED_STREAM_MISSING",
            "STORED_BYTES_DAMAGED",
        ],
    ),
];

const fn own(
    reason: &'static str,
    code: Code,
    cause: &'static str,
    remedy: &'static str,
) -> Reason {
    Reason {
        reason,
        code,
        cause,
        remedy,
    }
}

/// The reasons that only a server has.
const OWN: &[Reason] = &[
    own(
        "NO_SUCH_LEDGER",
        Code::NotFound,
        "This server keeps no ledger of that id.",
        "List the ledgers, and name one of them.",
    ),
    own(
        "NO_SUCH_MOTION",
        Code::NotFound,
        "The ledger has no motion of that id.",
        "List the motions, and name one of them.",
    ),
    own(
        "NO_SUCH_POWER",
        Code::NotFound,
        "The power list never had an item of that id.",
        "List the items, and name one of them.",
    ),
    own(
        "NO_SUCH_BODY",
        Code::NotFound,
        "The ledger has no body of that id at that moment.",
        "List the bodies, and name one of them.",
    ),
    own(
        "NO_SUCH_CASE",
        Code::NotFound,
        "The register of sanctions has no case of that id at that moment.",
        "List the cases, and name one of them.",
    ),
    own(
        "NO_SUCH_MEETING",
        Code::NotFound,
        "The ledger has no meeting of that id at that moment.",
        "List the meetings, and name one of them.",
    ),
    own(
        "NO_SUCH_DECISION",
        Code::NotFound,
        "The ledger has no decision on that motion: there is no such motion, or it is not decided yet.",
        "List the decisions, or look where the motion stands.",
    ),
    own(
        "NO_SUCH_REPORT",
        Code::NotFound,
        "The body has neither filed nor missed a report on that year.",
        "List the reports, and when the next are due.",
    ),
    own(
        "NO_SUCH_ISSUE",
        Code::NotFound,
        "The ledger has no issue of that id.",
        "List the issues.",
    ),
    own(
        "NO_SUCH_AFFAIR",
        Code::NotFound,
        "The ledger has no consultation, task, disclosure or record of that id.",
        "List them, and name one of them.",
    ),
    own(
        "NOT_A_READING",
        Code::InvalidArgument,
        "ReadContent was given an action that reads no content.",
        "Submit it with Submit, or send an issue_read or a roll_objection_read.",
    ),
    own(
        "NO_SUCH_PERSON",
        Code::NotFound,
        "Nobody of that id, or with that key, is enrolled in the ledger.",
        "Have the registrar enrol them, or correct the id or key.",
    ),
    own(
        "NO_SUCH_ROLL",
        Code::NotFound,
        "The body has no published roll, or none that holds on that day.",
        "Name another body or day, or have a roll published.",
    ),
    own(
        "REQUEST_FIELD_INVALID",
        Code::InvalidArgument,
        "A field of the request, outside the signed action, cannot have its value.",
        "Correct the field named; its form is documented in the .proto files.",
    ),
    own(
        "PAGE_TOKEN_INVALID",
        Code::InvalidArgument,
        "The page token is not one that this list gave out.",
        "Begin again without a token.",
    ),
    own(
        "MESSAGE_NOT_PROTOBUF",
        Code::InvalidArgument,
        "The request does not decode as the message that the method takes.",
        "Make client code from the published .proto files.",
    ),
    own(
        "MESSAGE_NOT_GRPC",
        Code::InvalidArgument,
        "The request is not framed, or not compressed, as gRPC has it or as its own headers say.",
        "Call by a gRPC library, and see that no proxy on the way changes bodies or headers.",
    ),
    own(
        "COMPRESSION_NOT_SUPPORTED",
        Code::Unimplemented,
        "The request is compressed by a method that the server does not know; the header grpc-accept-encoding \
         names those it knows.",
        "Compress with gzip, or not at all.",
    ),
    own(
        "NO_SUCH_SERVICE",
        Code::NotFound,
        "The health of a service was asked for that the server does not have.",
        "Ask for one of governance.v1's services by its full name, or for the empty name: the whole server.",
    ),
    own(
        "MESSAGE_TOO_LARGE",
        Code::InvalidArgument,
        "The request is larger than the server takes.",
        "Send at most 8 MiB at once: fewer or shorter contents.",
    ),
    own(
        "DEADLINE_EXCEEDED",
        Code::DeadlineExceeded,
        "The deadline that the client gave passed before the answer was there. What was submitted may be \
         recorded all the same.",
        "Send the very same bytes again to learn whether they are recorded; give more time.",
    ),
    own(
        "ANSWER_TOO_LATE",
        Code::DeadlineExceeded,
        "The server did not come to an answer within 30 seconds. What was submitted may be recorded all \
         the same.",
        "Send the very same bytes again to learn whether they are recorded; ask for less at once.",
    ),
    own(
        "TOO_MANY_CALLS",
        Code::ResourceExhausted,
        "The server has as many calls, or streams, under way as its configuration lets it.",
        "Ask again after the time that is told.",
    ),
    own(
        "TOO_MANY_STREAMS",
        Code::ResourceExhausted,
        "One address has as many streams under way as the server's configuration lets it.",
        "End one that is no longer needed, and send over one stream what several are used for.",
    ),
    own(
        "TOO_FAST",
        Code::ResourceExhausted,
        "One address calls more often than the server's configuration lets it.",
        "Ask again after the time that is told; send many submissions over one stream.",
    ),
    own(
        "NO_SUCH_METHOD",
        Code::Unimplemented,
        "The server has no such service or method.",
        "Compare the client's release with the server's: a newer client may be asking an older server.",
    ),
    own(
        "BEYOND_POSITION",
        Code::OutOfRange,
        "The answer was asked for as of an entry that the log does not have, or that the views have \
         not come to yet.",
        "Ask as of an entry that is there, or wait a moment.",
    ),
    own(
        "BEFORE_FIRST",
        Code::OutOfRange,
        "The answer was asked for as of a time before the ledger was founded.",
        "Ask as of a later time.",
    ),
    own(
        "VIEWS_BEHIND",
        Code::Unavailable,
        "The node asked did not come in time to the entry that the question names (min_index, or where a stream \
         is to begin), or its views no longer advance.",
        "Ask again in a moment, or another node; or without min_index: the answer then says how far it goes.",
    ),
    own(
        "SEARCH_NOT_READY",
        Code::Unavailable,
        "The full-text index of the ledger is being made, which happens when it is first searched.",
        "Ask again in a moment: what has been made is kept.",
    ),
    own(
        "SEARCH_FAILS",
        Code::Internal,
        "The full-text index failed and was dropped.",
        "Ask again: another is made. If it fails again, report it with the server's log.",
    ),
    own(
        "PAST_BUSY",
        Code::Unavailable,
        "Other past moments of the ledger are being replayed, one at a time.",
        "Ask again in a moment; what has been replayed is kept for a while.",
    ),
    own(
        "VIEWS_NOT_READY",
        Code::Unavailable,
        "The views of the ledger are being built and have seen no entry yet.",
        "Ask again in a moment.",
    ),
    own(
        "VIEWS_UNREADABLE",
        Code::Internal,
        "The views of the ledger cannot be read. The log is not affected.",
        "Have the operator delete the views directory and start the node again: they are rebuilt.",
    ),
    own(
        "GATEWAY_BROKEN",
        Code::Internal,
        "A part of the program failed while answering.",
        "Report this with the node's log.",
    ),
];

static ALL: LazyLock<BTreeMap<&'static str, Reason>> = LazyLock::new(|| {
    let law = rejection::CODES.iter().map(|doc| {
        let usual = match doc.kind {
            RejectionKind::Refusal => Code::FailedPrecondition,
            RejectionKind::Conflict => Code::Aborted,
            RejectionKind::Invalid => Code::InvalidArgument,
        };
        let code = listed(doc.code).unwrap_or(usual);
        own(doc.code, code, doc.cause, doc.remedy)
    });
    let wire = proto::CODES
        .iter()
        .map(|doc| own(doc.code, Code::InvalidArgument, doc.cause, doc.remedy));
    let shell = ledger::submission::CODES.iter().map(|doc| {
        // Each is listed: a test sees to it.
        let code = listed(doc.code).unwrap_or(Code::Unknown);
        own(doc.code, code, doc.cause, doc.remedy)
    });
    let all = law.chain(wire).chain(shell).chain(OWN.iter().copied());
    all.map(|reason| (reason.reason, reason)).collect()
});

fn listed(reason: &str) -> Option<Code> {
    let found = CODES.iter().find(|(_, reasons)| reasons.contains(&reason));
    found.map(|(code, _)| *code)
}

/// Every reason, by name.
pub fn reasons() -> impl Iterator<Item = &'static Reason> {
    ALL.values()
}

/// One reason.
pub fn find(reason: &str) -> Option<&'static Reason> {
    ALL.get(reason)
}

/// The table as a document.
pub fn document() -> String {
    let mut text = String::from(
        "# Reasons\n\n\
         Every no of the server, as `google.rpc.ErrorInfo.reason` under the domain `govledger`. Made from\n\
         the tables in the code; a test holds this file against them.\n\n\
         | reason | gRPC code | when | what to do |\n\
         |---|---|---|---|\n",
    );
    for Reason {
        reason,
        code,
        cause,
        remedy,
    } in reasons()
    {
        let code = code_name(*code);
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| {reason} | {code} | {cause} | {remedy} |");
    }
    text
}

/// A gRPC code as its specification writes it.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_crates_give_the_same_reason() {
        let tables = rejection::CODES.len()
            + proto::CODES.len()
            + ledger::submission::CODES.len()
            + OWN.len();
        assert_eq!(ALL.len(), tables);
    }

    #[test]
    fn each_exception_is_a_reason_that_exists_and_is_listed_once() {
        let mut seen = std::collections::BTreeSet::new();
        for reason in CODES.iter().flat_map(|(_, reasons)| *reasons) {
            assert!(seen.insert(reason), "{reason} twice");
            assert!(ALL.contains_key(reason), "{reason} is nobody's");
        }
    }

    #[test]
    fn every_reason_has_a_code_a_cause_and_a_remedy() {
        for reason in reasons() {
            assert!(
                !matches!(reason.code, Code::Unknown | Code::Ok),
                "{reason:?}"
            );
            assert!(
                !reason.cause.is_empty() && !reason.remedy.is_empty(),
                "{reason:?}"
            );
        }
    }
}
