//! The evidence bundle as a file.

use std::fs::{self, File, OpenOptions};
use std::io::{BufReader, BufWriter, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use tlog::{BundleHead, BundleWriter, Checkpoint, Hash, Note, VerifierKey};

use super::{ExportError, Exported, Sink, pour, write_error};
use crate::audit::{EntrySource, Progress};
use crate::disk::Disk;

/// Writes a log's evidence bundle to a new file: whole and synced, or not at all. `witnesses` are the
/// keys that are named in it where a checkpoint bears their cosignature.
///
/// One record of entries is in memory at a time, however long the log is. Entries are set aside first: what
/// stands before them in a bundle, the log's keys, is known once all of them are read.
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
    let (entries, aside) = (beside(path, ".entries"), beside(path, ".unfinished"));
    let written = write(source, &entries, &aside, witnesses, progress).and_then(|exported| {
        // Never over one that came meanwhile: a link fails where a rename would replace.
        fs::hard_link(&aside, path).map_err(write_error(path))?;
        Disk::system().sync_dir(path.parent().unwrap_or(Path::new("")))?;
        Ok(exported)
    });
    // What stays if this fails is of no use to anybody, and in nobody's way.
    let _ = fs::remove_file(&aside);
    let _ = fs::remove_file(&entries);
    written
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(ending);
    path.with_file_name(name)
}

fn write(
    source: &mut dyn EntrySource,
    entries: &Path,
    aside: &Path,
    witnesses: &[VerifierKey],
    progress: &dyn Fn(Progress),
) -> Result<Exported, ExportError> {
    let mut set_aside = SetAside {
        file: BufWriter::new(create(entries)?),
        path: entries.to_owned(),
    };
    let exported = pour(source, &mut set_aside, progress)?;
    let cosigned = cosigned(source, &exported);
    let notes: Vec<&Note> = [exported.checkpoint.note()]
        .into_iter()
        .chain(cosigned.as_ref())
        .collect();
    let mut keys: Vec<_> = exported.keys.all().map(|(_, key)| key.clone()).collect();
    keys.extend(cosigners(&notes, witnesses));
    let (writer, head) = BundleWriter::begin(&BundleHead {
        ledger: exported.ledger.as_str().to_owned(),
        checkpoint: exported.checkpoint.note().clone(),
        cosigned,
        keys,
    })?;
    let mut bundle = BufWriter::new(create(aside)?);
    let read = set_aside.into_reader()?;
    put_together(&mut bundle, writer, &head, read).map_err(|failed| match failed {
        PutTogether::Bundle(error) => error.into(),
        PutTogether::Io(error) => write_error(aside)(error),
    })?;
    Ok(exported)
}

fn create(path: &Path) -> Result<File, ExportError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    options.open(path).map_err(write_error(path))
}

/// Entries that wait for the head of their bundle: each after its length, `u32` LE.
struct SetAside {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Sink for SetAside {
    fn begin(&mut self, _expected: &Checkpoint) -> Result<(), ExportError> {
        Ok(())
    }

    fn entry(&mut self, bytes: Vec<u8>, _leaf: Hash) -> Result<(), ExportError> {
        let len = u32::try_from(bytes.len()).expect("an entry has at most 65,535 bytes");
        let written = self.file.write_all(&len.to_le_bytes());
        let written = written.and_then(|()| self.file.write_all(&bytes));
        written.map_err(write_error(&self.path))
    }
}

impl SetAside {
    fn into_reader(self) -> Result<BufReader<File>, ExportError> {
        let fail = write_error(&self.path);
        let mut file = self.file.into_inner().map_err(|e| fail(e.into_error()))?;
        file.rewind().map_err(&fail)?;
        Ok(BufReader::new(file))
    }
}

enum PutTogether {
    Bundle(tlog::BundleError),
    Io(std::io::Error),
}

impl From<tlog::BundleError> for PutTogether {
    fn from(error: tlog::BundleError) -> PutTogether {
        PutTogether::Bundle(error)
    }
}

impl From<std::io::Error> for PutTogether {
    fn from(error: std::io::Error) -> PutTogether {
        PutTogether::Io(error)
    }
}

fn put_together(
    bundle: &mut BufWriter<File>,
    mut writer: BundleWriter,
    head: &[u8],
    mut entries: BufReader<File>,
) -> Result<(), PutTogether> {
    bundle.write_all(head)?;
    let mut len = [0; 4];
    loop {
        match entries.read_exact(&mut len) {
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break,
            read => read?,
        }
        let len = usize::try_from(u32::from_le_bytes(len)).unwrap_or(usize::MAX);
        let mut entry = vec![0; len];
        entries.read_exact(&mut entry)?;
        if let Some(record) = writer.push(entry)? {
            bundle.write_all(&record)?;
        }
    }
    bundle.write_all(&writer.finish()?)?;
    bundle.flush()?;
    Ok(bundle.get_ref().sync_all()?)
}

/// The newest checkpoint that witnesses cosigned, where that is not the one that covers everything: an auditor
/// wants to know what they vouch for, and a ledger restored from less than was acknowledged would fork.
fn cosigned(source: &dyn EntrySource, exported: &Exported) -> Option<Note> {
    let bears_more = |note: &&Note| note.signatures().len() > 1;
    let newest = exported.checkpoint.note();
    if bears_more(&newest) {
        return None;
    }
    let size = exported.checkpoint.checkpoint().size;
    let smaller = |note: &&Note| {
        let tree = Checkpoint::parse(note.text());
        tree.is_ok_and(|tree| tree.size < size && exported.keys.check((*note).clone(), &[]).is_ok())
    };
    let mut notes = source.checkpoints().iter().rev();
    notes
        .find(|note| bears_more(note) && smaller(note))
        .cloned()
}

/// Those of these witnesses whose signature a checkpoint bears, by name and id.
fn cosigners<'a>(
    notes: &'a [&'a Note],
    witnesses: &'a [VerifierKey],
) -> impl Iterator<Item = VerifierKey> + 'a {
    let signatures = notes.iter().flat_map(|note| note.signatures());
    let signed = move |key: &&VerifierKey| signatures.clone().any(|s| s.is_by(key));
    witnesses.iter().filter(signed).cloned()
}
