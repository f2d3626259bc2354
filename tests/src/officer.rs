//! Someone with a key and an office, who signs actions as any client would.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::DecodePrivateKey as _;
use gateway::client::Client;
use governance::ids::{ActionId, Millis};
use prost::Message as _;
use proto::v1::{self, action::Payload};

use crate::DEADLINE;

/// How long an action made here stays good: far longer than a test, far shorter than a charter says.
const VALIDITY_MS: u64 = 60 * 60 * 1_000;

/// Someone with a key and an office in one ledger.
#[derive(Clone, Debug)]
pub struct Officer {
    key: SigningKey,
    person: String,
    capacity: Option<v1::Capacity>,
    ledger: v1::LedgerSummary,
}

impl Officer {
    /// Whoever has the key in this file, in the first office they hold, as the server knows them.
    ///
    /// # Panics
    ///
    /// If there is no such file, ledger or person.
    pub async fn of(client: &Client, ledger: &str, key: &Path) -> Officer {
        let key = read_key(key);
        let by = v1::get_person_request::By::Key(key.verifying_key().to_bytes().to_vec());
        let request = v1::GetPersonRequest {
            ledger: ledger.to_owned(),
            by: Some(by),
            moment: None,
        };
        let summary = summary(client, ledger).await;
        wait_for_views(client, ledger, summary.size).await;
        let found = client.query().get_person(request).await;
        let found = found.expect("the key is somebody's").into_inner();
        let capacity = found.offices.first().map(|office| v1::Capacity {
            body: office.body.clone(),
            office: office.office.clone(),
        });
        Officer {
            key,
            person: found.person,
            capacity,
            ledger: summary,
        }
    }

    /// The person's id.
    pub fn person(&self) -> &str {
        &self.person
    }

    /// The office the officer acts in.
    pub fn capacity(&self) -> Option<&v1::Capacity> {
        self.capacity.as_ref()
    }

    /// The key.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// What the server says of the ledger.
    pub fn ledger(&self) -> &v1::LedgerSummary {
        &self.ledger
    }

    /// An action of now, with an id of its own.
    pub fn action(&self, payload: Payload) -> v1::Action {
        let now = now();
        v1::Action {
            ledger: self.ledger.ledger.clone(),
            genesis: self.ledger.genesis.clone(),
            id: fresh_id(now).0.to_vec(),
            actor: self.person.clone(),
            capacity: self.capacity.clone(),
            client_time_ms: now.0,
            not_after_ms: now.plus(VALIDITY_MS).0,
            payload: Some(payload),
            ..v1::Action::default()
        }
    }

    /// An action with the officer's signature.
    pub fn signed(&self, payload: Payload) -> v1::SubmitRequest {
        signed(&self.action(payload), &[&self.key])
    }

    /// The signed enrolment of a person without keys: the smallest act of a registrar.
    pub fn enrol(&self, person: &str) -> v1::SubmitRequest {
        self.signed(enrolment(person))
    }

    /// The signed enrolment of a person under a published name, and the name's content.
    ///
    /// # Panics
    ///
    /// If the name is longer than 4 GiB.
    pub fn enrol_named(&self, person: &str, name: &str) -> v1::SubmitRequest {
        let salt = [7; tlog::signing::SALT_LEN];
        let digest = tlog::signing::content_digest(&salt, name.as_bytes());
        let enrolled = v1::PersonEnrolled {
            person: person.to_owned(),
            name: Some(v1::Content {
                digest: digest.0.to_vec(),
                length: u32::try_from(name.len()).expect("a name is short"),
                media_type: "text/plain; charset=utf-8".to_owned(),
            }),
            ..v1::PersonEnrolled::default()
        };
        let mut request = self.signed(Payload::PersonEnrolled(enrolled));
        request.contents.push(v1::ContentUpload {
            salt: salt.to_vec(),
            bytes: name.as_bytes().to_vec(),
        });
        request
    }
}

/// The enrolment of a person without keys.
pub fn enrolment(person: &str) -> Payload {
    Payload::PersonEnrolled(v1::PersonEnrolled {
        person: person.to_owned(),
        ..v1::PersonEnrolled::default()
    })
}

/// An action with the signatures of these keys, in this order.
pub fn signed(action: &v1::Action, keys: &[&SigningKey]) -> v1::SubmitRequest {
    let action = action.encode_to_vec();
    let signatures = keys.iter().map(|key| {
        let signature = tlog::signing::sign_action(key, &action);
        v1::Signature {
            key: signature.key.to_vec(),
            signature: signature.signature.to_vec(),
        }
    });
    v1::SubmitRequest {
        signatures: signatures.collect(),
        action,
        contents: Vec::new(),
        ..v1::SubmitRequest::default()
    }
}

/// What a server says of one of its ledgers.
///
/// # Panics
///
/// If it has none of that id.
pub async fn summary(client: &Client, ledger: &str) -> v1::LedgerSummary {
    let listed = client
        .query()
        .list_ledgers(v1::ListLedgersRequest::default())
        .await;
    let listed = listed.expect("ledgers can always be listed").into_inner();
    let mut ledgers = listed.ledgers.into_iter();
    let found = ledgers.find(|summary| summary.ledger == ledger);
    found.unwrap_or_else(|| panic!("there is no ledger {ledger}"))
}

/// Waits until the views have seen the last of so many entries: they follow the log, and each answer
/// says how far they have come.
///
/// # Panics
///
/// If the deadline passes.
pub async fn wait_for_views(client: &Client, ledger: &str, size: u64) {
    // The server answers once its views have come so far, or that they did not in time.
    let request = || v1::GetTimelineRequest {
        ledger: ledger.to_owned(),
        page_size: 1,
        moment: Some(v1::Moment {
            min_index: size.saturating_sub(1),
            as_of: None,
        }),
        ..v1::GetTimelineRequest::default()
    };
    let caught_up = async { while client.query().get_timeline(request()).await.is_err() {} };
    let waited = tokio::time::timeout(DEADLINE, caught_up).await;
    waited.expect("the views catch up");
}

/// Reads a PKCS#8 key as `govledger key new` writes it.
///
/// # Panics
///
/// If there is none.
pub fn read_key(path: &Path) -> SigningKey {
    let pem = std::fs::read_to_string(path).expect("the key file is there");
    SigningKey::from_pkcs8_pem(&pem).expect("the key file holds an Ed25519 key")
}

/// This machine's clock.
///
/// # Panics
///
/// If it stands before 1970.
pub fn now() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let ms = since.expect("it is after 1970").as_millis();
    Millis(u64::try_from(ms).expect("it is before the year 500,000,000"))
}

/// A `UUIDv7` of this moment that no other of this process has: what would be random is a count.
pub fn fresh_id(at: Millis) -> ActionId {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&count.to_be_bytes());
    ActionId::v7(at, bytes)
}
