//! Evidence bundles: one file for one log, and every other file refused.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;
use tlog::bundle::{
    BUNDLE_MAGIC, MAX_BUNDLE_KEYS, PREAMBLE_LEN, RECORD_HEADER_LEN, Record, RecordHeader,
    RecordKind,
};
use tlog::cosignature::Cosigner;
use tlog::{
    BundleError, BundleHead, BundleReader, BundleWriter, Checkpoint, Hash, NoteSigner, VerifierKey,
};

const ORIGIN: &str = "records.example.org/xinyuanli";

fn head(size: u64, keys: usize) -> BundleHead {
    let signer = NoteSigner::new(ORIGIN, SigningKey::from_bytes(&[1; 32])).unwrap();
    let checkpoint = Checkpoint {
        origin: ORIGIN.to_owned(),
        size,
        root: Hash([9; 32]),
    };
    let witness = |n: usize| -> VerifierKey {
        let key = SigningKey::from_bytes(&[u8::try_from(n).unwrap(); 32]);
        let cosigner = Cosigner::new(&format!("w{n}.example"), key).unwrap();
        cosigner.verifier_key().clone()
    };
    let keys = (0..keys).map(|n| match n {
        0 => signer.verifier_key().clone(),
        n => witness(n),
    });
    BundleHead {
        ledger: "xinyuanli".to_owned(),
        checkpoint: checkpoint.sign(&signer).unwrap().note().clone(),
        cosigned: None,
        keys: keys.collect(),
    }
}

fn written(head: &BundleHead, entries: &[Vec<u8>]) -> Result<Vec<u8>, BundleError> {
    let (mut writer, mut bytes) = BundleWriter::begin(head)?;
    for entry in entries {
        bytes.extend(writer.push(entry.clone())?.unwrap_or_default());
    }
    bytes.extend(writer.finish()?);
    Ok(bytes)
}

/// Reads a bundle as a shell does.
fn read(bytes: &[u8]) -> Result<(BundleHead, Vec<Vec<u8>>), BundleError> {
    let (preamble, mut rest) = bytes
        .split_first_chunk::<PREAMBLE_LEN>()
        .ok_or(BundleError::Incomplete)?;
    let mut reader = BundleReader::begin(preamble)?;
    let mut entries = Vec::new();
    loop {
        let (header, after) = rest
            .split_first_chunk::<RECORD_HEADER_LEN>()
            .ok_or(BundleError::Incomplete)?;
        let header = RecordHeader::parse(*header)?;
        let (body, after) = after
            .split_at_checked(header.body_len())
            .ok_or(BundleError::Incomplete)?;
        rest = after;
        match reader.accept(header, body)? {
            Record::Head => {}
            Record::Entries(more) => entries.extend(more),
            Record::End if rest.is_empty() => break,
            Record::End => return Err(BundleError::AfterEnd),
        }
    }
    Ok((reader.head().expect("it is whole"), entries))
}

fn entries(lens: &[usize]) -> Vec<Vec<u8>> {
    let entry = |(n, len): (usize, &usize)| vec![u8::try_from(n % 251).unwrap(); *len];
    lens.iter().enumerate().map(entry).collect()
}

#[test]
fn what_was_written_is_read() {
    let many = [
        vec![],
        vec![1],
        vec![300; 10],
        vec![1; 2_500],
        vec![65_535; 40],
    ];
    for lens in many {
        let (head, entries) = (head(lens.len() as u64, 3), entries(&lens));
        let bytes = written(&head, &entries).unwrap();
        assert_eq!(read(&bytes), Ok((head, entries)));
    }
}

#[test]
fn a_changed_dropped_or_added_byte_is_refused_wherever_it_is() {
    let bytes = written(&head(5, 2), &entries(&[10, 20, 30, 40, 50])).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(read(&changed).is_err(), "byte {at}");
        assert!(read(&bytes[..at]).is_err(), "cut at {at}");
    }
    assert_eq!(
        read(&[&bytes[..], &[0]].concat()),
        Err(BundleError::AfterEnd)
    );
}

#[test]
fn entries_are_as_many_as_the_checkpoint_says() {
    let three = entries(&[1, 2, 3]);
    let wrong = |size| written(&head(size, 1), &three);
    let count = |expected| BundleError::EntryCount { expected, found: 3 };
    assert_eq!(wrong(2), Err(count(2)));
    assert_eq!(wrong(4), Err(count(4)));
    // The same by a writer that does not look.
    let good = written(&head(3, 1), &three).unwrap();
    let [more, fewer] = [2, 4].map(|size| {
        let head = head(size, 1);
        let (_, mut bytes) = BundleWriter::begin(&head).unwrap();
        let old_head = BundleWriter::begin(&self::head(3, 1)).unwrap().1.len();
        bytes.extend(&good[old_head..good.len() - 37]);
        with_end(bytes)
    });
    assert_eq!(read(&more), Err(count(2)));
    assert_eq!(read(&fewer), Err(count(4)));
}

/// Adds the record at the end, with the right digest.
fn with_end(mut bytes: Vec<u8>) -> Vec<u8> {
    let digest = tlog::sha256(&bytes);
    bytes.extend([0, 32, 0, 0, 0]);
    bytes.extend(digest.0);
    bytes
}

fn record(kind: RecordKind, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![kind.byte()];
    bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
    bytes.extend(body);
    bytes
}

#[test]
fn another_grouping_of_the_same_entries_is_refused() {
    let (_, begun) = BundleWriter::begin(&head(2, 1)).unwrap();
    let one = |byte: u8| record(RecordKind::Entries, &[1, 0, 0, 0, byte]);
    let parted = with_end([begun, one(7), one(8)].concat());
    assert_eq!(read(&parted), Err(BundleError::Grouping { index: 1 }));
    // 1,000 and 1 is how it must be.
    let bytes = written(&head(1_001, 1), &entries(&vec![1; 1_001])).unwrap();
    assert!(read(&bytes).is_ok());
}

#[test]
fn records_stand_in_one_order() {
    let (_, begun) = BundleWriter::begin(&head(1, 1)).unwrap();
    let entries = record(RecordKind::Entries, &[1, 0, 0, 0, 7]);
    let good = with_end([begun.clone(), entries.clone()].concat());
    assert!(read(&good).is_ok());
    let key = record(RecordKind::Key, head(1, 1).keys[0].to_string().as_bytes());
    let order = |found| Err(BundleError::Order { found });
    let late = with_end([&begun[..], &entries, &key].concat());
    assert_eq!(read(&late), order(RecordKind::Key));
    let early = [&begun[..PREAMBLE_LEN], &entries].concat();
    assert_eq!(read(&early), order(RecordKind::Entries));
    let keyless = with_end([&begun[..begun.len() - key.len()], &entries].concat());
    assert_eq!(read(&keyless), order(RecordKind::Entries));
    let twice = [
        &begun[..PREAMBLE_LEN],
        &begun[PREAMBLE_LEN..][..14],
        &begun[PREAMBLE_LEN..][..14],
    ];
    assert_eq!(read(&twice.concat()), order(RecordKind::Ledger));
}

#[test]
fn bounds_are_kept() {
    assert!(BundleWriter::begin(&head(0, MAX_BUNDLE_KEYS)).is_ok());
    let found = MAX_BUNDLE_KEYS + 1;
    let refused = BundleWriter::begin(&head(0, found)).map(|_| ());
    assert_eq!(refused, Err(BundleError::KeyCount { found }));
    assert_eq!(
        BundleWriter::begin(&head(0, 0)).map(|_| ()),
        Err(BundleError::KeyCount { found: 0 })
    );
    let header = |kind: u8, len: u32| {
        let [a, b, c, d] = len.to_le_bytes();
        RecordHeader::parse([kind, a, b, c, d])
    };
    assert!(header(4, 512 * 1024).is_ok());
    assert!(header(4, 512 * 1024 + 1).is_err());
    assert!(header(2, 0).is_err());
    assert_eq!(header(9, 1), Err(BundleError::UnknownRecord { found: 9 }));
    let mut newer = [0; PREAMBLE_LEN];
    newer[..8].copy_from_slice(&BUNDLE_MAGIC);
    newer[8] = 2;
    let refused = BundleReader::begin(&newer).map(|_| ());
    assert_eq!(refused, Err(BundleError::UnknownVersion { found: 2 }));
    assert_eq!(
        BundleReader::begin(&[0; 10]).map(|_| ()),
        Err(BundleError::Magic)
    );
}

proptest! {
    #[test]
    fn no_bytes_panic(tail in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..400) {
        let bytes = written(&head(2, 1), &entries(&[3, 4])).unwrap();
        let _ = read(&[&bytes[..cut.min(bytes.len())], &tail[..]].concat());
    }

    #[test]
    fn one_log_has_one_bundle(lens in prop::collection::vec(1_usize..60_000, 0..60)) {
        let (head, entries) = (head(lens.len() as u64, 1), entries(&lens));
        let bytes = written(&head, &entries).unwrap();
        let (read_head, read_entries) = read(&bytes).unwrap();
        prop_assert_eq!(written(&read_head, &read_entries).unwrap(), bytes);
    }
}

#[test]
fn a_second_checkpoint_covers_fewer_entries_and_comes_once() {
    let all = entries(&[10, 20, 30]);
    for (size, good) in [(0, true), (2, true), (3, false), (4, false)] {
        let mut two = head(3, 2);
        two.cosigned = Some(head(size, 1).checkpoint);
        let bundle = written(&two, &all);
        if good {
            assert_eq!(read(&bundle.unwrap()), Ok((two, all.clone())));
        } else {
            let found = size;
            assert_eq!(bundle, Err(BundleError::CosignedSize { size: 3, found }));
        }
    }
    // The same by a reader, whoever wrote it; and three are one too many.
    let record = |note: &tlog::Note| {
        let body = note.to_string().into_bytes();
        let len = u32::try_from(body.len()).unwrap().to_le_bytes();
        [&[2][..], &len, &body].concat()
    };
    let good = written(&head(3, 1), &all).unwrap();
    let end = PREAMBLE_LEN + RECORD_HEADER_LEN + "xinyuanli".len();
    let end = end + record(&head(3, 1).checkpoint).len();
    let with = |notes: &[tlog::Note]| {
        let more: Vec<u8> = notes.iter().flat_map(record).collect();
        read(&[&good[..end], &more, &good[end..]].concat()).unwrap_err()
    };
    let size = 3;
    let found = 3;
    assert_eq!(
        with(&[head(3, 1).checkpoint]),
        BundleError::CosignedSize { size, found }
    );
    let found = RecordKind::Checkpoint;
    assert_eq!(
        with(&[head(2, 1).checkpoint, head(1, 1).checkpoint]),
        BundleError::Order { found }
    );
    // Well formed, it is the digest that misses it.
    assert!(matches!(
        with(&[head(2, 1).checkpoint]),
        BundleError::Digest { .. }
    ));
}
