//! An evidence bundle as the source of an audit: the file is read once, a record at a time.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use governance::ids::LedgerId;
use tlog::bundle::{PREAMBLE_LEN, RECORD_HEADER_LEN, Record, RecordHeader};
use tlog::{BundleError, BundleReader, Checkpoint, Note, SignatureKind, VerifierKey};

use super::finding::{Finding, FindingKind};
use super::source::EntrySource;

/// A bundle that is being read. Nothing in it is believed.
pub struct Bundle {
    input: Box<dyn Read + Send>,
    reader: BundleReader,
    ledger: LedgerId,
    checkpoints: Vec<Note>,
    keys: Vec<VerifierKey>,
    total: u64,
    /// The record after the head, which had to be read to know that the head is whole.
    pending: Option<Record>,
}

impl Bundle {
    /// Opens a file and reads as far as its first entries.
    pub fn open(path: &Path) -> Result<Bundle, Finding> {
        let file = File::open(path);
        let file = file.map_err(|error| {
            Finding::unreadable(format!("cannot open {}: {error}", path.display()))
        })?;
        Bundle::read(BufReader::new(file))
    }

    /// Reads as far as the first entries.
    pub fn read(input: impl Read + Send + 'static) -> Result<Bundle, Finding> {
        let mut input: Box<dyn Read + Send> = Box::new(input);
        let mut reader =
            BundleReader::begin(&exactly::<PREAMBLE_LEN>(&mut input)?).map_err(broken)?;
        let pending = loop {
            match next(&mut input, &mut reader)? {
                Record::Head => {}
                record => break record,
            }
        };
        let head = reader
            .head()
            .ok_or_else(|| broken(BundleError::Incomplete))?;
        let size = Checkpoint::parse(head.checkpoint.text()).map(|checkpoint| checkpoint.size);
        Ok(Bundle {
            input,
            ledger: LedgerId::new(&head.ledger).map_err(|_| broken(BundleError::Ledger))?,
            total: size.map_err(|error| FindingKind::Checkpoint(error).at(None))?,
            checkpoints: head.cosigned.into_iter().chain([head.checkpoint]).collect(),
            keys: head.keys,
            reader,
            pending: Some(pending),
        })
    }

    /// The verifier keys it names: the log's, oldest first, then those of witnesses. They are claims.
    pub fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }
}

impl EntrySource for Bundle {
    fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    fn checkpoints(&self) -> &[Note] {
        &self.checkpoints
    }

    fn total(&self) -> u64 {
        self.total
    }

    fn log_keys(&self) -> Option<Vec<VerifierKey>> {
        let keys = self.keys.iter();
        let of_log = keys.filter(|key| key.kind() == SignatureKind::Ed25519);
        Some(of_log.cloned().collect())
    }

    fn next(&mut self) -> Result<Vec<Vec<u8>>, Finding> {
        let record = match self.pending.take() {
            Some(record) => record,
            None => next(&mut self.input, &mut self.reader)?,
        };
        match record {
            Record::Entries(entries) => Ok(entries),
            // Asked again after the end, it is the end again.
            Record::End | Record::Head => {
                self.pending = Some(Record::End);
                Ok(Vec::new())
            }
        }
    }
}

/// The next record; after the last, nothing may follow.
fn next(input: &mut dyn Read, reader: &mut BundleReader) -> Result<Record, Finding> {
    let header = RecordHeader::parse(exactly::<RECORD_HEADER_LEN>(input)?).map_err(broken)?;
    let mut body = vec![0; header.body_len()];
    fill(input, &mut body)?;
    let record = reader.accept(header, &body).map_err(broken)?;
    if record == Record::End {
        let mut after = [0];
        match input.read(&mut after) {
            Ok(0) => {}
            Ok(_) => return Err(broken(BundleError::AfterEnd)),
            Err(error) => return Err(Finding::unreadable(error)),
        }
    }
    Ok(record)
}

fn exactly<const N: usize>(input: &mut dyn Read) -> Result<[u8; N], Finding> {
    let mut bytes = [0; N];
    fill(input, &mut bytes)?;
    Ok(bytes)
}

fn fill(input: &mut dyn Read, bytes: &mut [u8]) -> Result<(), Finding> {
    input.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => broken(BundleError::Incomplete),
        _ => Finding::unreadable(error),
    })
}

fn broken(error: BundleError) -> Finding {
    FindingKind::Bundle(error).at(None)
}
