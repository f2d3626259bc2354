//! The evidence bundle as a file.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tlog::{BundleHead, BundleWriter, Hash, SignedCheckpoint, VerifierKey};

use super::{ExportError, Exported, Head, Sink, pour, write_error};
use crate::audit::{EntrySource, Progress};
use crate::disk::Disk;

/// Writes a log's evidence bundle to a new file: whole and synced, or not at all. `witnesses` are the
/// keys that are named in it where the checkpoint bears their cosignature.
///
/// One record of entries is in memory at a time, however long the log is.
pub fn export_bundle(
    source: &mut dyn EntrySource,
    path: &Path,
    witnesses: &[VerifierKey],
    progress: &dyn Fn(Progress),
) -> Result<Exported, ExportError> {
    if path.exists() {
        let path = path.to_owned();
        return Err(ExportError::Exists { path });
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    let aside = path.with_file_name(name);
    let written = write(source, &aside, witnesses, progress).and_then(|head| {
        // Never over one that came meanwhile: a link fails where a rename would replace.
        fs::hard_link(&aside, path).map_err(write_error(path))?;
        Disk::system().sync_dir(path.parent().unwrap_or(Path::new("")))?;
        Ok(head)
    });
    // What stays if this fails is of no use to anybody, and in nobody's way.
    let _ = fs::remove_file(&aside);
    written.map(Exported::from)
}

fn write(
    source: &mut dyn EntrySource,
    aside: &Path,
    witnesses: &[VerifierKey],
    progress: &dyn Fn(Progress),
) -> Result<Head, ExportError> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).open(aside);
    let file = file.map_err(write_error(aside))?;
    let mut bundle = BundleFile {
        path: aside.to_owned(),
        file: BufWriter::new(file),
        witnesses: witnesses.to_vec(),
        writer: None,
    };
    let head = pour(source, &mut bundle, progress)?;
    bundle.finish()?;
    Ok(head)
}

struct BundleFile {
    path: PathBuf,
    file: BufWriter<File>,
    witnesses: Vec<VerifierKey>,
    writer: Option<BundleWriter>,
}

impl Sink for BundleFile {
    fn begin(&mut self, head: &Head) -> Result<(), ExportError> {
        let mut keys = vec![head.verifier_key.clone()];
        keys.extend(cosigners(&head.checkpoint, &self.witnesses));
        let (writer, bytes) = BundleWriter::begin(&BundleHead {
            ledger: head.ledger.as_str().to_owned(),
            checkpoint: head.checkpoint.note().clone(),
            keys,
        })?;
        self.writer = Some(writer);
        self.append(&bytes)
    }

    fn entry(&mut self, bytes: Vec<u8>, _leaf: Hash) -> Result<(), ExportError> {
        let writer = self.writer.as_mut().expect("a bundle is begun first");
        match writer.push(bytes)? {
            Some(record) => self.append(&record),
            None => Ok(()),
        }
    }
}

impl BundleFile {
    fn append(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        let written = self.file.write_all(bytes);
        written.map_err(write_error(&self.path))
    }

    fn finish(mut self) -> Result<(), ExportError> {
        let writer = self.writer.take().expect("a log has a first entry");
        self.append(&writer.finish()?)?;
        let synced = self.file.flush();
        let synced = synced.and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(write_error(&self.path))
    }
}

/// Those of these witnesses whose signature the checkpoint bears, by name and id.
fn cosigners<'a>(
    checkpoint: &'a SignedCheckpoint,
    witnesses: &'a [VerifierKey],
) -> impl Iterator<Item = VerifierKey> + 'a {
    let signatures = checkpoint.note().signatures();
    let signed = move |key: &&VerifierKey| signatures.iter().any(|s| s.is_by(key));
    witnesses.iter().filter(signed).cloned()
}
