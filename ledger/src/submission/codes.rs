//! The codes of this crate's own noes, each with its cause and its remedy.

/// One of this crate's own codes, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeDoc {
    /// Stable for ever, `SCREAMING_SNAKE`.
    pub code: &'static str,
    /// When it is given.
    pub cause: &'static str,
    /// What to do next.
    pub remedy: &'static str,
}

const fn code(code: &'static str, cause: &'static str, remedy: &'static str) -> CodeDoc {
    CodeDoc {
        code,
        cause,
        remedy,
    }
}

/// The codes that this crate gives besides those of `proto` and `governance`.
pub const CODES: &[CodeDoc] = &[
    code(
        "SIGNATURE_COUNT",
        "There is no signature, or more than 16.",
        "Send the signatures the payload calls for.",
    ),
    code(
        "DUPLICATE_KEY",
        "Two of the signatures are by one key.",
        "Send each signature once; two officers sign with two keys.",
    ),
    code(
        "KEY_MALFORMED",
        "A key is not the encoding of an Ed25519 public key.",
        "Send the 32 bytes of the public key.",
    ),
    code(
        "WEAK_KEY",
        "A key is of small order: signatures by it fit any message.",
        "Make a new key the usual way.",
    ),
    code(
        "BAD_SIGNATURE",
        "A signature is not by its key over this action.",
        "Sign the domain separator and exactly the bytes that are sent.",
    ),
    code(
        "CONTENT_MISSING",
        "A content the action names was not sent along and is not stored.",
        "Send salt and bytes of every content the action names.",
    ),
    code(
        "CONTENT_MISMATCH",
        "A content has another digest or length than the action names.",
        "Compute digest and length from the very salt and bytes that are sent.",
    ),
    code(
        "CONTENT_SURPLUS",
        "A content is not named by the action, or was sent twice.",
        "Send only what the action names.",
    ),
    code(
        "CONTENT_TOO_LARGE",
        "A content is longer than 262,144 bytes.",
        "Shorten or part it.",
    ),
    code(
        "OVERLOADED",
        "As many submissions are being worked on as the ledger takes on at once.",
        "Send the very same bytes again in a moment.",
    ),
    code(
        "LOG_AWAY",
        "The ledger's log is on NATS, which has been away for longer than is waited for; what was sent \
         meanwhile may be recorded all the same. The ledger goes on by itself once NATS is back.",
        "See that the NATS server runs and can be reached; then send the very same bytes again.",
    ),
    code(
        "SHUTTING_DOWN",
        "The node is shutting down.",
        "Send the very same bytes again once it is back.",
    ),
    code(
        "NOT_LEADING",
        "The node asked does not lead the ledger, and the one that does gave no answer in time; \
         the action may be recorded all the same.",
        "Send the very same bytes again in a moment; what is recorded is answered with its receipt.",
    ),
    code(
        "KEY_NOT_HELD",
        "A key of the ledger's own is to be exchanged for one that the node does not hold: it could sign nothing after.",
        "Put the new key's file into the ledger's keys directory, under a name that ends in .pem, on every node; then \
         send the very same bytes again.",
    ),
    code(
        "NO_SUCH_ENTRY",
        "The log does not have that many entries.",
        "Ask for an entry below the newest checkpoint's size.",
    ),
    code(
        "NO_SUCH_PROOF",
        "The newest tree does not have such a leaf or prefix.",
        "Ask within the newest checkpoint's size.",
    ),
    code(
        "WITNESSES_PENDING",
        "No checkpoint is published yet: the quorum of witnesses has not cosigned the first.",
        "Ask again in a few seconds; if it lasts, the witnesses that are late are named in the node's log.",
    ),
    code(
        "STORE_UNREADABLE",
        "The node cannot read what it keeps.",
        "Try again; if it lasts, check the node's disk and log.",
    ),
    code(
        "STORED_BYTES_DAMAGED",
        "What the node keeps is not what it recorded.",
        "Run govledger audit, and bring the directory back from a copy.",
    ),
    code(
        "HALTED_STORAGE",
        "The log could not be written or read; the ledger no longer extends.",
        "Check the disk, then start the node again.",
    ),
    code(
        "HALTED_CHECKPOINT",
        "A checkpoint could not be made durable; the ledger no longer extends.",
        "Check the disk, then start the node again.",
    ),
    code(
        "HALTED_CHECKPOINT_MISSING",
        "There is a log, but no checkpoint of it.",
        "Bring the checkpoint journal back from a copy.",
    ),
    code(
        "HALTED_CHECKPOINT_FOREIGN",
        "The last checkpoint in the journal is not one of this ledger's.",
        "Bring the ledger's own checkpoint journal back.",
    ),
    code(
        "HALTED_CHECKPOINT_DAMAGED",
        "The checkpoint journal is damaged.",
        "Bring the checkpoint journal back from a copy; never delete it.",
    ),
    code(
        "HALTED_ROLLED_BACK",
        "The log holds fewer entries than were acknowledged.",
        "Bring back a copy that holds the last checkpoint.",
    ),
    code(
        "HALTED_FORKED",
        "The entries are not those of the last checkpoint.",
        "Run govledger audit, and bring back a copy that holds the last checkpoint.",
    ),
    code(
        "HALTED_CORRUPTION",
        "Stored bytes are damaged, or an entry does not follow from those before it.",
        "Run govledger audit, and bring the directory back from a copy.",
    ),
    code(
        "HALTED_RULES_UNKNOWN",
        "The ledger is kept under rules this program does not know.",
        "Use a release that knows them.",
    ),
    code(
        "HALTED_CLOCK_JUMP",
        "The wall clock was set by more than 60 s while the node ran.",
        "Set the clock right, then start the node again.",
    ),
    code(
        "HALTED_KEYS",
        "The ledger's own keys cannot be read, or are not those the founding entry names.",
        "Put the key files back with mode 0600, or give what opens them, then start the node again.",
    ),
    code(
        "HALTED_NATS",
        "The ledger's log is on NATS, which was not named, or did not answer when the node started.",
        "Name the NATS server with --nats, see that it answers, then start the node again.",
    ),
    code(
        "HALTED_STREAM_MISSING",
        "The stream that held the ledger's log is gone from the NATS server.",
        "Bring the stream back from a backup that holds the last checkpoint.",
    ),
    code(
        "HALTED_STREAM_SETTING",
        "A setting of the ledger's stream is not what a log needs; the message names it.",
        "Set the stream as it was made, find out who changed it, then start the node again.",
    ),
    code(
        "HALTED_MOVED",
        "The ledger was moved and goes on elsewhere.",
        "Use it where it went; delete <ledger>.moved only if that copy was never served.",
    ),
    code(
        "NATS_UNAVAILABLE",
        "The NATS server that a new ledger's log should be on does not answer, or says no.",
        "See that it runs, has JetStream, and lets this user in; then found again.",
    ),
    code(
        "LEDGER_EXISTS",
        "A ledger of that id is there already.",
        "Choose another id, or go on with the ledger there is.",
    ),
    code(
        "LEDGER_ID_RESERVED",
        "A node serves something else under that name, so the ledger's pages could not be reached.",
        "Choose another id: any but api, healthz, livez, log, metrics, readyz, search and static.",
    ),
    code(
        "FOUNDER_NOT_CONFIGURED",
        "The configuration names who may found a ledger here, and the founder is not among them.",
        "Found with a configured key, or add the key to the configuration.",
    ),
    code(
        "OTHER_KEYS",
        "The founding action names other record or checkpoint keys than those given.",
        "Make the founding action with the keys it is founded with.",
    ),
    code(
        "DATA_DIRECTORY_UNAVAILABLE",
        "The data directory is missing, in use by another process, or cannot be read.",
        "Stop the other process, or name the right directory.",
    ),
    code(
        "STORE_UNWRITABLE",
        "The new ledger could not be written; nothing of it is left.",
        "Check the disk and its permissions, then found again.",
    ),
    code(
        "HALTED_BROKEN",
        "A part of the program failed.",
        "Report this with the node's log.",
    ),
];

/// What is said of a code, if it is one of these.
pub(super) fn doc(code: &str) -> Option<&'static CodeDoc> {
    CODES.iter().find(|doc| doc.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_that_were_released() {
        let listed = CODES.iter().map(|doc| format!("{}\n", doc.code));
        assert_eq!(
            listed.collect::<String>(),
            include_str!("../../testdata/codes.txt")
        );
    }

    #[test]
    fn each_code_is_listed_once_and_belongs_to_no_other_crate() {
        for (at, doc) in CODES.iter().enumerate() {
            assert!(
                !CODES[..at].iter().any(|other| other.code == doc.code),
                "{}",
                doc.code
            );
            let elsewhere = proto::CODES.iter().map(|doc| doc.code);
            let mut elsewhere =
                elsewhere.chain(governance::rejection::CODES.iter().map(|doc| doc.code));
            assert!(elsewhere.all(|code| code != doc.code), "{}", doc.code);
            assert!(!doc.cause.is_empty() && !doc.remedy.is_empty());
        }
    }
}
