//! The only mapping of errors to gRPC: code, reason, fields at fault, what to do next.
//!
//! Every no becomes a [`Problem`] first, and a [`Problem`] becomes a [`Status`] with
//! `google.rpc.ErrorInfo`, `BadRequest` and `RetryInfo` (<https://google.aip.dev/193>), or, where one
//! answer of many is a no, a [`v1::Refused`] that says the same.

mod chinese;
mod problems;
pub mod reasons;

use std::{borrow::Cow, collections::HashMap, time::Duration};

use governance::Rejection;
use ledger::{ContentFault, ReadError, SubmitError};
use projector::QueryError;
use proto::{Malformed, v1};
use tlog::signing::SignatureError;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt as _};

/// The locale of what is said in Chinese (`google.rpc.LocalizedMessage.locale`, BCP 47).
pub const CHINESE: &str = "zh-CN";

/// The domain of every reason (`google.rpc.ErrorInfo.domain`).
pub const DOMAIN: &str = "govledger";

/// Longest sentence, in bytes. A status travels in HTTP headers, of which clients take 8 KiB in all by
/// default (grpc-core): percent-encoded, then once more in the base64 of the details, and there in Chinese
/// too. With the two bounds below the largest status has about 7 KiB.
const MESSAGE_LEN_MAX: usize = 768;

/// Longest value of the metadata, and longest description of a field's fault, in bytes.
const VALUE_LEN_MAX: usize = 256;

/// Longest metadata together, in bytes.
const METADATA_LEN_MAX: usize = 1_536;

/// After which time an overloaded ledger is worth asking again: a full queue is worked off in 0.15 s.
const OVERLOADED_RETRY: Duration = Duration::from_millis(200);

/// After which time a node that starts or stops is worth asking again, and one that knows of no leader.
const ABSENT_RETRY: Duration = Duration::from_secs(2);

/// A no, on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    /// One of [`reasons`], unless a node with a newer table gave it.
    reason: Cow<'static, str>,
    said: Box<Said>,
    metadata: Vec<(String, String)>,
    field: Option<String>,
    retry_after: Option<Duration>,
}

/// What is said of it: boxed, since every answer of the services has room for one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    /// What is wrong.
    english: String,
    /// What is wrong and what to do next, where there are words for it.
    chinese: Option<String>,
}

impl Problem {
    /// A reason of [`reasons`], and what is the case in one sentence.
    fn new(reason: &'static str, message: impl Into<String>) -> Self {
        let known = reasons::find(reason);
        let problem = Self {
            code: known.map_or(Code::Unknown, |known| known.code),
            reason: reason.into(),
            said: Box::new(Said {
                english: cut(message.into(), MESSAGE_LEN_MAX),
                chinese: chinese::said(reason).map(str::to_owned),
            }),
            metadata: Vec::new(),
            field: None,
            retry_after: None,
        };
        match known {
            Some(known) => problem.with("remedy", known.remedy),
            None => problem,
        }
    }

    /// Adds to the metadata, unless it is there or there is no room left.
    fn with(mut self, key: &str, value: impl Into<String>) -> Self {
        let value = cut(value.into(), VALUE_LEN_MAX);
        let present = self.metadata.iter().any(|(known, _)| known == key);
        let used: usize = self.metadata.iter().map(|(k, v)| k.len() + v.len()).sum();
        if !present && used + key.len() + value.len() <= METADATA_LEN_MAX {
            self.metadata.push((key.to_owned(), value));
        }
        self
    }

    fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(cut(field.into(), VALUE_LEN_MAX));
        self
    }

    fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// The gRPC code.
    pub fn code(&self) -> Code {
        self.code
    }

    /// The stable reason.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Another node records it, or will: it is no answer yet, while there may be one.
    pub(crate) fn says_not_leading(&self) -> bool {
        matches!(self.reason(), "NOT_LEADING" | "SHUTTING_DOWN")
    }

    /// The field at fault, as a path from the request.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Malformed(malformed) => malformed.into(),
            SubmitError::Signature(error) => signature(error),
            SubmitError::Content(fault) => content(&fault),
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::Read(error) => error.into(),
            SubmitError::Halted(ref halt) => {
                let problem = Self::new(error.code(), error.to_string());
                match halt.index() {
                    Some(index) => problem.with("index", index.to_string()),
                    None => problem,
                }
            }
            SubmitError::Overloaded => {
                Self::new(error.code(), error.to_string()).retry_after(OVERLOADED_RETRY)
            }
            SubmitError::KeyNotHeld { key } => {
                Self::new(error.code(), error.to_string()).with("key", key.to_string())
            }
            SubmitError::LogAway { .. } | SubmitError::ShuttingDown | SubmitError::NotLeading => {
                Self::new(error.code(), error.to_string()).retry_after(ABSENT_RETRY)
            }
        }
    }
}

impl From<Malformed> for Problem {
    fn from(malformed: Malformed) -> Self {
        let field = match malformed.field() {
            "" => "action".to_owned(),
            field => format!("action.{field}"),
        };
        Self::new(malformed.code(), malformed.to_string())
            .with("field", field.clone())
            .at(field)
    }
}

fn signature(error: SignatureError) -> Problem {
    let problem = Problem::new(
        ledger::submission::signature_code(&error),
        error.to_string(),
    );
    match error {
        SignatureError::Count { .. } => problem.at("signatures"),
        SignatureError::Mismatch { place } => problem.at(format!("signatures[{place}].signature")),
        SignatureError::KeyTwice { place }
        | SignatureError::MalformedKey { place }
        | SignatureError::WeakKey { place } => problem.at(format!("signatures[{place}].key")),
    }
}

fn content(fault: &ContentFault) -> Problem {
    let problem = Problem::new(fault.code(), fault.to_string());
    match fault {
        ContentFault::Missing { digest } | ContentFault::Length { digest, .. } => {
            problem.with("digest", digest.to_string()).at("contents")
        }
        ContentFault::TooMany { .. } => problem.at("contents"),
        ContentFault::Mismatch { place, .. }
        | ContentFault::Surplus { place, .. }
        | ContentFault::TooLarge { place, .. } => problem.at(format!("contents[{place}]")),
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let mut problem = Self::new(rejection.code(), rejection.to_string());
        let chinese = format!("{}。{}", rejection.chinese(), rejection.remedy_zh());
        problem.said.chinese = Some(cut(chinese, MESSAGE_LEN_MAX));
        // First, so that it is never what there is no room for.
        if let Some(rule) = rejection.rule() {
            problem = problem.with("rule", rule.as_str());
        }
        if let Some(citation) = rejection.citation() {
            problem = problem.with("citation", citation);
        }
        let data = rejection.metadata();
        let named = data.iter().find(|(key, _)| *key == "field");
        let field = named.map(|(_, field)| format!("action.{field}"));
        for (key, value) in data {
            problem = problem.with(key, value);
        }
        match field.or_else(|| field_of(rejection.code()).map(str::to_owned)) {
            Some(field) => problem.at(field),
            None => problem,
        }
    }
}

/// The field of the envelope that a rejection is about.
fn field_of(reason: &str) -> Option<&'static str> {
    let field = match reason {
        "WRONG_LEDGER" => "action.ledger",
        "WRONG_GENESIS" => "action.genesis",
        "ACTION_ID_VERSION" | "ACTION_ID_TIME" | "ACTION_ID_REUSED" => "action.id",
        "CLIENT_TIME_AHEAD" => "action.client_time_ms",
        "EXPIRED" | "VALIDITY_TOO_LONG" => "action.not_after_ms",
        "STALE_EXPECTATION" => "action.expected_leaf",
        "POWER_NOT_LISTED" => "action.basis.power_item",
        "NOT_FOR_PERSONS" | "NOT_FOR_THE_LEDGER" => "action.actor",
        "CAPACITY_MISSING" | "NOT_IN_CAPACITY" | "NO_RIGHT" | "FOUNDING_CAPACITY" => {
            "action.capacity"
        }
        "MISSING_SIGNATURE"
        | "SURPLUS_SIGNATURE"
        | "WRONG_SIGNATURE_ORDER"
        | "KEY_UNKNOWN"
        | "KEY_REVOKED"
        | "KEY_OF_ANOTHER" => "signatures",
        _ => return None,
    };
    Some(field)
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        let problem = Self::new(error.code(), error.to_string());
        match error {
            ReadError::NoSuchEntry { size, .. } | ReadError::NoSuchProof { size, .. } => {
                problem.with("size", size.to_string())
            }
            ReadError::Corrupt { index, .. } => problem.with("index", index.to_string()),
            ReadError::WitnessesPending => problem.retry_after(ABSENT_RETRY),
            ReadError::Store(_) | ReadError::Part { .. } | ReadError::ContentDamaged { .. } => {
                problem
            }
        }
    }
}

impl From<QueryError> for Problem {
    fn from(error: QueryError) -> Self {
        let message = error.to_string();
        match error {
            QueryError::NotReady => Self::new("VIEWS_NOT_READY", message).retry_after(ABSENT_RETRY),
            QueryError::PageToken => Self::new("PAGE_TOKEN_INVALID", message).at("page_token"),
            QueryError::BeyondPosition { last, .. } => {
                Self::new("BEYOND_POSITION", message).with("last", last.to_string())
            }
            QueryError::BeforeFirst { first } => {
                Self::new("BEFORE_FIRST", message).with("first_ms", first.to_string())
            }
            QueryError::Store(_) => Self::new("VIEWS_UNREADABLE", message),
        }
    }
}

impl From<Problem> for Status {
    fn from(problem: Problem) -> Self {
        if matches!(
            problem.code,
            Code::Internal | Code::DataLoss | Code::Unknown
        ) {
            let Problem { reason, said, .. } = &problem;
            tracing::error!(%reason, said = said.english, "answered that something here is broken");
        }
        let mut details = ErrorDetails::new();
        if let Some(field) = problem.field {
            let description = cut(problem.said.english.clone(), VALUE_LEN_MAX);
            details.add_bad_request_violation(field, description);
        }
        let metadata: HashMap<String, String> = problem.metadata.into_iter().collect();
        details.set_error_info(problem.reason, DOMAIN, metadata);
        if let Some(chinese) = problem.said.chinese {
            details.set_localized_message(CHINESE, chinese);
        }
        if problem.retry_after.is_some() {
            details.set_retry_info(problem.retry_after);
        }
        Self::with_error_details(problem.code, problem.said.english, details)
    }
}

impl From<Problem> for v1::Refused {
    fn from(problem: Problem) -> Self {
        let entry = |(key, value)| v1::MetadataEntry { key, value };
        let known = problem.metadata.iter().any(|(key, _)| key == "field");
        let field = problem.field.filter(|_| !known);
        let field = field.map(|field| ("field".to_owned(), field));
        Self {
            code: problem.code.into(),
            message: problem.said.english,
            message_zh: problem.said.chinese.unwrap_or_default(),
            reason: problem.reason.into_owned(),
            metadata: problem
                .metadata
                .into_iter()
                .chain(field)
                .map(entry)
                .collect(),
            retry_after_ms: problem.retry_after.map_or(0, |delay| {
                u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)
            }),
        }
    }
}

/// What another node said, in its own words.
impl From<v1::Refused> for Problem {
    fn from(refused: v1::Refused) -> Self {
        let retry = (refused.retry_after_ms > 0).then_some(refused.retry_after_ms);
        let mut problem = Self {
            code: Code::from_i32(refused.code),
            reason: refused.reason.into(),
            said: Box::new(Said {
                english: cut(refused.message, MESSAGE_LEN_MAX),
                chinese: (!refused.message_zh.is_empty())
                    .then(|| cut(refused.message_zh, MESSAGE_LEN_MAX)),
            }),
            metadata: Vec::new(),
            field: None,
            retry_after: retry.map(Duration::from_millis),
        };
        for entry in refused.metadata {
            if entry.key == "field" {
                problem = problem.at(entry.value.clone());
            }
            problem = problem.with(&entry.key, entry.value);
        }
        problem
    }
}

/// The text, or as much of its beginning as has room, with an ellipsis.
fn cut(mut text: String, len_max: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() > len_max {
        let mut end = len_max.saturating_sub(ELLIPSIS.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str(ELLIPSIS);
    }
    text
}

#[cfg(test)]
mod tests {
    use governance::{
        ids::{MotionId, RuleId},
        rejection::Cited,
    };

    use super::*;
    use crate::client::ServerRefusal;

    fn proxies_not_allowed(citation: &str) -> Rejection {
        Rejection::ProxiesNotAllowed {
            motion: MotionId::new("roof").unwrap(),
            rule: Cited {
                rule: RuleId::new("owners-ordinary").unwrap(),
                citation: citation.into(),
            },
        }
    }

    #[test]
    fn a_refusal_names_rule_citation_remedy_and_its_own_data() {
        let status = Status::from(Problem::from(proxies_not_allowed("民法典 278")));
        let refusal = ServerRefusal::from(&status);
        assert_eq!(refusal.code, Code::FailedPrecondition);
        assert_eq!(refusal.reason, "PROXIES_NOT_ALLOWED");
        let expected = [
            ("citation", "民法典 278"),
            ("motion", "roof"),
            ("remedy", "The voter votes in person."),
            ("rule", "owners-ordinary"),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(refusal.metadata, expected.into());
        assert_eq!(refusal.field, None);
    }

    #[test]
    fn one_answer_of_many_says_what_a_status_says() {
        let problem = Problem::from(proxies_not_allowed("民法典 278"));
        let status = ServerRefusal::from(&Status::from(problem.clone()));
        assert_eq!(ServerRefusal::from(v1::Refused::from(problem)), status);
        let malformed = proto::decode_action(b"\xff\xff").unwrap_err();
        let problem = Problem::from(malformed);
        let status = ServerRefusal::from(&Status::from(problem.clone()));
        let refused = ServerRefusal::from(v1::Refused::from(problem));
        assert_eq!(status.field.as_deref(), Some("action"));
        assert_eq!(refused.field, status.field);
    }

    /// Clients of grpc-core take headers of 8 KiB in all.
    #[test]
    fn a_status_fits_the_headers_of_every_client() {
        let rejection = proxies_not_allowed(&"条".repeat(700));
        let problem = Problem::from(rejection).at("条".repeat(200));
        let status = Status::from(problem);
        assert!(status.message().len() <= MESSAGE_LEN_MAX);
        let response: tonic::codegen::http::Response<()> = status.into_http();
        let headers = response.headers().iter();
        let bytes: usize = headers
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        assert!((4_096..8_000).contains(&bytes), "{bytes} bytes of headers");
    }

    #[test]
    fn what_another_node_says_is_passed_on_in_its_words() {
        let malformed = proto::decode_action(b"\xff\xff").unwrap_err();
        for problem in [
            Problem::from(proxies_not_allowed("民法典 278")),
            Problem::from(SubmitError::Overloaded),
            Problem::from(malformed),
        ] {
            let passed_on = Problem::from(v1::Refused::from(problem.clone()));
            assert_eq!(passed_on, problem);
        }
        let newer = v1::Refused {
            code: Code::NotFound.into(),
            reason: "A_REASON_OF_TOMORROW".to_owned(),
            ..v1::Refused::default()
        };
        let status = ServerRefusal::from(&Status::from(Problem::from(newer)));
        assert_eq!(status.code, Code::NotFound);
        assert_eq!(status.reason, "A_REASON_OF_TOMORROW");
    }

    #[test]
    fn what_the_law_refuses_is_said_in_chinese_too() {
        let problem = Problem::from(proxies_not_allowed("民法典 278"));
        let status = ServerRefusal::from(&Status::from(problem.clone()));
        let refused = ServerRefusal::from(v1::Refused::from(problem));
        let chinese = status.chinese.clone().expect("it is said");
        assert!(chinese.contains("（民法典 278），议题"), "{chinese}");
        assert!(
            chinese.ends_with("不得委托他人投票。请本人投票。"),
            "{chinese}"
        );
        assert_eq!(refused.chinese, status.chinese);
    }

    #[test]
    fn what_no_rule_gives_is_said_in_chinese_too() {
        let shell = Status::from(Problem::from(SubmitError::Overloaded));
        let chinese = ServerRefusal::from(&shell).chinese.expect("it is said");
        assert!(chinese.starts_with("账本同时处理的提交已达上限。"));
        let of_the_rules: Vec<_> = governance::rejection::CODES
            .iter()
            .map(|doc| doc.code)
            .collect();
        let of_the_shell = reasons::reasons()
            .map(|known| known.reason)
            .filter(|reason| !of_the_rules.contains(reason));
        let said: Vec<_> = chinese::SAID.iter().map(|(reason, _)| *reason).collect();
        assert_eq!(
            said,
            of_the_shell.collect::<Vec<_>>(),
            "neither more nor fewer"
        );
        for (reason, said) in chinese::SAID {
            // What is the case, and what to do next.
            assert!(
                said.matches('。').count() >= 2 && said.ends_with('。'),
                "{reason}"
            );
            assert!(said.len() <= MESSAGE_LEN_MAX, "{reason}");
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("abc".to_owned(), 3), "abc");
        assert_eq!(cut("abcdef".to_owned(), 5), "ab…");
        assert_eq!(cut("条条条".to_owned(), 8), "条…");
        assert_eq!(cut("条条条".to_owned(), 9), "条条条");
    }

    #[test]
    fn metadata_is_bounded_and_keeps_what_came_first() {
        let mut problem = Problem::new("EXPIRED", "late");
        for n in 0..100 {
            problem = problem.with(&format!("key-{n}"), "x".repeat(1_000));
        }
        let used: usize = problem
            .metadata
            .iter()
            .map(|(k, v)| k.len() + v.len())
            .sum();
        assert!(used <= METADATA_LEN_MAX, "{used}");
        assert_eq!(
            problem.metadata[0],
            ("remedy".to_owned(), "Sign it again.".to_owned())
        );
        assert_eq!(problem.metadata[1].1.len(), VALUE_LEN_MAX);
        let again = problem.clone().with("remedy", "another");
        assert_eq!(again, problem);
    }

    #[test]
    fn what_is_worth_trying_again_says_when() {
        let retry = |error: SubmitError| ServerRefusal::from(&Status::from(Problem::from(error)));
        let overloaded = retry(SubmitError::Overloaded);
        assert_eq!(overloaded.code, Code::ResourceExhausted);
        assert_eq!(overloaded.retry_after, Some(OVERLOADED_RETRY));
        let down = retry(SubmitError::ShuttingDown);
        assert_eq!(
            (down.code, down.retry_after),
            (Code::Unavailable, Some(ABSENT_RETRY))
        );
    }

    #[test]
    fn what_the_transport_says_of_other_things_is_left_alone() {
        assert_eq!(
            Problem::of_transport(Code::Internal, "failed to do something"),
            None
        );
        assert_eq!(Problem::of_transport(Code::OutOfRange, "beyond"), None);
        let unknown = Problem::of_transport(Code::Unimplemented, "zstd is not supported");
        assert_eq!(unknown, None);
        assert_eq!(Problem::of_transport(Code::NotFound, "no such thing"), None);
    }
}
