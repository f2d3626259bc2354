//! What this machine can do at most.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use ed25519_dalek::VerifyingKey;
use proto::v1;
use tlog::{
    Signature,
    signing::{signing_message, strong_key, verify_signatures},
};

use crate::{AnyError, report::percentile};

/// How long each rate is measured.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// Signatures checked together: what the audit takes.
const BATCH: usize = 256;
/// What is written and synced at once: a page.
const PAGE: usize = 4_096;
/// How many there are of them.
const SYNCS: u64 = 500;

/// The limits of one machine, and what they were measured with.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Strict checks a second, all cores.
    pub(crate) strict: f64,
    /// Checks in batches a second, all cores.
    pub(crate) batched: f64,
    /// Syncs of a page, shortest first.
    pub(crate) syncs: Vec<Duration>,
    place: PathBuf,
    messages: Vec<Message>,
}

/// A ballot as it is checked.
#[derive(Clone, Debug)]
struct Message {
    action: Vec<u8>,
    signature: Signature,
}

/// Measures with some of these ballots, and a file in this directory.
pub(crate) fn measure(place: &Path, ballots: &[v1::SubmitRequest]) -> Result<Limits, AnyError> {
    let messages = ballots.iter().take(64 * BATCH).map(message);
    let mut limits = Limits {
        strict: 0.0,
        batched: 0.0,
        syncs: syncs(place)?,
        place: place.to_owned(),
        messages: messages.collect::<Result<_, _>>()?,
    };
    limits.measure_checks();
    Ok(limits)
}

impl Limits {
    /// The same, measured again and taken together: other programs may run beside this one.
    pub(crate) fn measured_again(&self) -> Result<Self, AnyError> {
        let mut again = self.clone();
        again.measure_checks();
        again.strict = f64::midpoint(self.strict, again.strict);
        again.batched = f64::midpoint(self.batched, again.batched);
        again.syncs.extend(syncs(&self.place)?);
        again.syncs.sort();
        Ok(again)
    }

    /// The median of a sync.
    pub(crate) fn sync(&self) -> Duration {
        percentile(&self.syncs, 50)
    }

    fn measure_checks(&mut self) {
        self.strict = rate(&self.messages, |messages| {
            for message in messages {
                verify_signatures(&message.action, &[message.signature]).expect("it holds");
            }
        });
        self.batched = rate(&self.messages, |messages| {
            let signed: Vec<_> = messages
                .iter()
                .map(|m| signing_message(&m.action))
                .collect();
            let signed: Vec<&[u8]> = signed.iter().map(Vec::as_slice).collect();
            let signatures = messages.iter().map(|m| &m.signature.signature);
            let signatures: Vec<_> = signatures
                .map(ed25519_dalek::Signature::from_bytes)
                .collect();
            let keys: Vec<VerifyingKey> = messages
                .iter()
                .map(|m| strong_key(&m.signature.key).expect("a key"))
                .collect();
            ed25519_dalek::verify_batch(&signed, &signatures, &keys).expect("they hold");
        });
    }
}

fn message(ballot: &v1::SubmitRequest) -> Result<Message, AnyError> {
    let signature = &ballot.signatures[0];
    Ok(Message {
        action: ballot.action.clone(),
        signature: Signature {
            key: signature.key.as_slice().try_into()?,
            signature: signature.signature.as_slice().try_into()?,
        },
    })
}

/// How many messages a second `check` gets through on all cores, a batch at a time.
fn rate(messages: &[Message], check: impl Fn(&[Message]) + Sync) -> f64 {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let work = |core: usize| {
        let mut checked = 0;
        for batch in messages.chunks(BATCH).cycle().skip(core) {
            if begun.elapsed() >= PATIENCE {
                break;
            }
            check(batch);
            checked += batch.len();
        }
        checked
    };
    let checked: usize = thread::scope(|scope| {
        let working: Vec<_> = (0..cores)
            .map(|core| scope.spawn(move || work(core)))
            .collect();
        let ended = working.into_iter();
        ended.map(|core| core.join().expect("checks")).sum()
    });
    checked as f64 / begun.elapsed().as_secs_f64()
}

/// Syncs of a page at a time, one after the other.
fn syncs(place: &Path) -> Result<Vec<Duration>, AnyError> {
    let mut pages = Pages::create(place)?;
    let mut syncs = Vec::new();
    for _ in 0..SYNCS {
        syncs.push(pages.sync_one()?);
    }
    syncs.sort();
    Ok(syncs)
}

/// A file that has its length already, written a page at a time.
#[derive(Debug)]
pub(crate) struct Pages {
    file: File,
    next: u64,
}

impl Pages {
    /// In this directory.
    pub(crate) fn create(place: &Path) -> Result<Self, AnyError> {
        let mut file = File::create(place.join("syncs"))?;
        for _ in 0..SYNCS {
            file.write_all(&[0; PAGE])?;
        }
        file.sync_all()?;
        Ok(Self { file, next: 0 })
    }

    /// How long it takes to write the next page and sync it.
    pub(crate) fn sync_one(&mut self) -> io::Result<Duration> {
        let begun = Instant::now();
        self.file.seek(SeekFrom::Start(self.next * PAGE as u64))?;
        self.file.write_all(&[7; PAGE])?;
        self.file.sync_data()?;
        self.next = (self.next + 1) % SYNCS;
        Ok(begun.elapsed())
    }
}

/// How many rows a second sled itself takes: so many of so many bytes together, into a database of their
/// own, one after the other in no order that would help it.
pub(crate) fn inserts(place: &Path, rows: u64, bytes: usize) -> Result<f64, AnyError> {
    let database = sled::open(place.join("inserts"))?;
    let value = vec![7; bytes / usize::try_from(rows)?];
    let keys: Vec<_> = (0..rows)
        .map(|row| tlog::sha256(&row.to_be_bytes()).0)
        .collect();
    let begun = Instant::now();
    for key in &keys {
        database.insert(&key[..16], value.as_slice())?;
    }
    Ok(rows as f64 / begun.elapsed().as_secs_f64())
}
