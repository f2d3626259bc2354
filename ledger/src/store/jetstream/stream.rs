//! The stream of a ledger: its name, the settings it is made with, and whether it still has them.

use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::response::Response;
use async_nats::jetstream::stream::{
    Compression, Config, DiscardPolicy, Info, PersistenceMode, RetentionPolicy, StorageType,
};
use governance::ids::LedgerId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::nats::{Nats, NatsError, Replicas};
use crate::store::StoreError;

/// The longest message a stream takes: a block of the largest size, and room for its headers.
pub(super) const MESSAGE_LEN_MAX: i32 = 512 * 1024 + 4_096;

const _: () = assert!(MESSAGE_LEN_MAX as usize == tlog::MAX_BLOCK_LEN + 4_096);

/// JetStream's code for a stream that is not there.
const STREAM_NOT_FOUND: ErrorCode = ErrorCode::STREAM_NOT_FOUND;

/// The name of a ledger's stream.
pub fn stream_name(ledger: &LedgerId) -> String {
    format!("GOV_{ledger}")
}

/// The subject its blocks are published on.
pub fn blocks_subject(ledger: &LedgerId) -> String {
    format!("gov.{ledger}.blocks")
}

/// The settings of a ledger's stream (formats.md §5): nothing that was stored goes away by itself, or
/// by anyone who may not change the stream.
pub(super) fn settings(ledger: &LedgerId, replicas: Replicas) -> Config {
    Config {
        name: stream_name(ledger),
        subjects: vec![blocks_subject(ledger)],
        storage: StorageType::File,
        num_replicas: replicas.count(),
        retention: RetentionPolicy::Limits,
        discard: DiscardPolicy::New,
        max_bytes: -1,
        max_messages: -1,
        max_messages_per_subject: -1,
        max_message_size: MESSAGE_LEN_MAX,
        deny_delete: true,
        deny_purge: true,
        // Several blocks are read at once by it, from whichever server is nearest.
        allow_direct: true,
        ..Config::default()
    }
}

/// A setting that is not what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Deviation {
    /// By the name that NATS gives it.
    pub(super) setting: &'static str,
    pub(super) found: String,
    pub(super) expected: String,
}

/// The first setting that is not what it must be.
pub(super) fn deviation(found: &Config, expected: &Config) -> Option<Deviation> {
    let checks = [
        check("subjects", &found.subjects, &expected.subjects),
        check("storage", &found.storage, &expected.storage),
        check("num_replicas", &found.num_replicas, &expected.num_replicas),
        check("retention", &found.retention, &expected.retention),
        check("discard", &found.discard, &expected.discard),
        check("deny_delete", &found.deny_delete, &expected.deny_delete),
        check("deny_purge", &found.deny_purge, &expected.deny_purge),
        check("max_age", &found.max_age, &expected.max_age),
        check("max_bytes", &found.max_bytes, &expected.max_bytes),
        check("max_msgs", &found.max_messages, &expected.max_messages),
        check(
            "max_msgs_per_subject",
            &found.max_messages_per_subject,
            &expected.max_messages_per_subject,
        ),
        check(
            "max_msg_size",
            &found.max_message_size,
            &expected.max_message_size,
        ),
        check(
            "allow_rollup_hdrs",
            &found.allow_rollup,
            &expected.allow_rollup,
        ),
        check(
            "allow_msg_ttl",
            &found.allow_message_ttl,
            &expected.allow_message_ttl,
        ),
        check(
            "subject_delete_marker_ttl",
            &found.subject_delete_marker_ttl,
            &expected.subject_delete_marker_ttl,
        ),
        check(
            "allow_atomic",
            &found.allow_atomic_publish,
            &expected.allow_atomic_publish,
        ),
        check(
            "allow_msg_counter",
            &found.allow_message_counter,
            &expected.allow_message_counter,
        ),
        check(
            "allow_msg_schedules",
            &found.allow_message_schedules,
            &expected.allow_message_schedules,
        ),
        check(
            "allow_batched",
            &found.allow_batch_publish,
            &expected.allow_batch_publish,
        ),
        check("allow_direct", &found.allow_direct, &expected.allow_direct),
        check("no_ack", &found.no_ack, &expected.no_ack),
        check("sealed", &found.sealed, &expected.sealed),
        check("mirror", &found.mirror.is_some(), &false),
        check("sources", &has_some(found.sources.as_deref()), &false),
        check("republish", &found.republish.is_some(), &false),
        check(
            "subject_transform",
            &found.subject_transform.is_some(),
            &false,
        ),
        check("compression", &compressed(found), &false),
        check("persist_mode", &persists_later(found), &false),
        check("first_seq", &found.first_sequence.unwrap_or(0).max(1), &1),
    ];
    checks.into_iter().flatten().next()
}

fn check<T: PartialEq + std::fmt::Debug>(
    setting: &'static str,
    found: &T,
    expected: &T,
) -> Option<Deviation> {
    (found != expected).then(|| Deviation {
        setting,
        found: format!("{found:?}"),
        expected: format!("{expected:?}"),
    })
}

fn has_some<T>(list: Option<&[T]>) -> bool {
    list.is_some_and(|list| !list.is_empty())
}

/// What is compressed cannot be looked for in the files of the server.
fn compressed(config: &Config) -> bool {
    !matches!(config.compression, None | Some(Compression::None))
}

/// Acknowledged before it is written.
fn persists_later(config: &Config) -> bool {
    config.persist_mode == Some(PersistenceMode::Async)
}

/// A stream as it is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The number of the last message, 0 if none was ever stored.
    pub(super) last_sequence: u64,
    /// The number of the first message that is no longer there, although it was stored.
    pub(super) missing: Option<u64>,
}

impl Extent {
    fn of(info: &Info) -> Extent {
        let state = &info.state;
        let deleted = state.deleted.iter().flatten().copied().min();
        let missing = match state.first_sequence {
            first if first > 1 && state.last_sequence > 0 => Some(1),
            _ if state.messages < state.last_sequence => Some(deleted.unwrap_or(1)),
            _ => None,
        };
        Extent {
            last_sequence: state.last_sequence,
            missing,
        }
    }

    /// The number of the last message up to which none is missing.
    pub(super) fn end(&self) -> u64 {
        self.missing.map_or(self.last_sequence, |gone| gone - 1)
    }
}

/// What is asked of a stream's information.
#[derive(Serialize)]
struct InfoRequest {
    deleted_details: bool,
}

/// Looks at a stream, which must have these settings.
pub(crate) async fn inspect(nats: &Nats, expected: &Config) -> Result<Extent, StoreError> {
    let stream = expected.name.clone();
    let request = InfoRequest {
        deleted_details: true,
    };
    let subject = format!("STREAM.INFO.{stream}");
    let info: Info = match ask(nats, "describe the stream", subject, &request).await {
        Err(NatsError::Refused { code, .. }) if code == STREAM_NOT_FOUND.0 => {
            return Err(StoreError::NoStream { stream });
        }
        answer => answer?,
    };
    match deviation(&info.config, expected) {
        None => Ok(Extent::of(&info)),
        Some(Deviation {
            setting,
            found,
            expected,
        }) => Err(StoreError::StreamSetting {
            stream,
            setting,
            found,
            expected,
        }),
    }
}

/// Makes the stream, which must not be there.
pub(super) async fn create(nats: &Nats, settings: &Config) -> Result<(), StoreError> {
    match inspect(nats, settings).await {
        Err(StoreError::NoStream { .. }) => {}
        // An earlier attempt may have come so far and no further: it is as good as new.
        Ok(extent) if extent.last_sequence == 0 => return Ok(()),
        Ok(_) => {
            let stream = settings.name.clone();
            return Err(StoreError::StreamExists { stream });
        }
        Err(error) => return Err(error),
    }
    make(nats, settings).await
}

/// Makes a stream, and sees that it is as it was asked for.
pub(crate) async fn make(nats: &Nats, settings: &Config) -> Result<(), StoreError> {
    let subject = format!("STREAM.CREATE.{}", settings.name);
    let _: Info = ask(nats, "make the stream", subject, settings).await?;
    inspect(nats, settings).await.map(|_| ())
}

/// Asks JetStream's API something.
async fn ask<T: Serialize + Sync, V: DeserializeOwned>(
    nats: &Nats,
    doing: &'static str,
    request: String,
    payload: &T,
) -> Result<V, NatsError> {
    let subject = nats.api_subject(&request);
    let asking = nats.jetstream().request(request, payload);
    let answer: Result<Response<V>, _> = nats.unless_forbidden(doing, &subject, asking).await?;
    match answer {
        Ok(Response::Ok(value)) => Ok(value),
        Ok(Response::Err { error }) => Err(NatsError::Refused {
            doing,
            code: error.error_code().0,
            description: error.to_string(),
        }),
        Err(error) => Err(NatsError::NoAnswer {
            doing,
            reason: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn expected() -> Config {
        settings(&LedgerId::new("xinyuanli").unwrap(), Replicas::One)
    }

    /// What a server gives back: absent settings are spelt out.
    fn found() -> Config {
        Config {
            compression: Some(Compression::None),
            duplicate_window: Duration::from_secs(120),
            max_consumers: -1,
            ..expected()
        }
    }

    #[test]
    fn the_settings_made_are_the_settings_found() {
        assert_eq!(deviation(&found(), &expected()), None);
        assert_eq!(expected().name, "GOV_xinyuanli");
        assert_eq!(expected().subjects, ["gov.xinyuanli.blocks"]);
    }

    #[test]
    fn every_deviation_is_told_by_the_setting_and_both_values() {
        type Change = fn(&mut Config);
        let changes: [(&str, Change); 18] = [
            ("subjects", |c| c.subjects.push("gov.>".to_owned())),
            ("storage", |c| c.storage = StorageType::Memory),
            ("num_replicas", |c| c.num_replicas = 3),
            ("retention", |c| c.retention = RetentionPolicy::WorkQueue),
            ("discard", |c| c.discard = DiscardPolicy::Old),
            ("deny_delete", |c| c.deny_delete = false),
            ("deny_purge", |c| c.deny_purge = false),
            ("max_age", |c| c.max_age = Duration::from_nanos(1)),
            ("max_bytes", |c| c.max_bytes = i64::MAX),
            ("max_msgs", |c| c.max_messages = 1_000_000),
            ("max_msgs_per_subject", |c| {
                c.max_messages_per_subject = 1_000_000;
            }),
            ("max_msg_size", |c| c.max_message_size -= 1),
            ("allow_rollup_hdrs", |c| c.allow_rollup = true),
            ("allow_msg_ttl", |c| c.allow_message_ttl = true),
            ("sealed", |c| c.sealed = true),
            ("no_ack", |c| c.no_ack = true),
            ("persist_mode", |c| {
                c.persist_mode = Some(PersistenceMode::Async);
            }),
            ("first_seq", |c| c.first_sequence = Some(2)),
        ];
        for (setting, change) in changes {
            let mut found = found();
            change(&mut found);
            let deviation = deviation(&found, &expected()).expect(setting);
            assert_eq!(deviation.setting, setting);
            assert_ne!(deviation.found, deviation.expected);
        }
    }
}
