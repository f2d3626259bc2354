//! The tiles of a log as files, as any web server can serve them.

use std::fs;
use std::path::{Path, PathBuf};

use tlog::tile::{TILE_WIDTH, encode_bundle, encode_hashes};
use tlog::{Checkpoint, Hash, Note, TileKind, TilePath};

use super::{ExportError, Exported, Sink, pour, write_error};
use crate::audit::{EntrySource, Progress};
use crate::checkpoints::CHECKPOINT_LEN_MAX;
use crate::disk::Disk;
use crate::tiles::{Edge, Place, Subtree};

/// The name of the checkpoint's file.
const CHECKPOINT_FILE: &str = "checkpoint";

/// Writes a log's tiles into a directory, with the checkpoint last: C2SP's tlog-tiles below whatever
/// address the directory is served at.
///
/// Exporting into the same directory again adds what is new. Tiles that are there already must be this
/// log's: they never change, so one that differs is refused and nothing of it is overwritten. Partial
/// tiles of earlier exports stay, for whoever holds an earlier checkpoint.
pub fn export_tiles(
    source: &mut dyn EntrySource,
    directory: &Path,
    progress: &dyn Fn(Progress),
) -> Result<Exported, ExportError> {
    let mut files = TileFiles {
        disk: Disk::system(),
        directory: directory.to_owned(),
        edge: Edge::default(),
        bundle: Vec::new(),
    };
    let exported = pour(source, &mut files, progress)?;
    files.finish(&exported)?;
    Ok(exported)
}

struct TileFiles {
    disk: Disk,
    directory: PathBuf,
    edge: Edge,
    /// The entries of the bundle that is not full yet.
    bundle: Vec<Vec<u8>>,
}

impl Sink for TileFiles {
    fn begin(&mut self, found: &Checkpoint) -> Result<(), ExportError> {
        let path = self.directory.join(CHECKPOINT_FILE);
        let Some(bytes) = self.disk.read(&path, CHECKPOINT_LEN_MAX as u64)? else {
            return Ok(());
        };
        let there = Note::parse(&bytes).ok();
        let there = there.and_then(|note| Checkpoint::parse(note.text()).ok());
        match there {
            Some(there) if there.origin == found.origin && there.size <= found.size => Ok(()),
            Some(there) if there.origin == found.origin => Err(ExportError::Backwards {
                there: there.size,
                found: found.size,
            }),
            _ => Err(ExportError::Differs { path }),
        }
    }

    fn entry(&mut self, bytes: Vec<u8>, leaf: Hash) -> Result<(), ExportError> {
        self.bundle.push(bytes);
        let mut complete: Vec<(Place, Subtree)> = Vec::new();
        let gathered = self.edge.append(leaf, |place, tile| {
            complete.push((place, tile));
            Ok::<_, ExportError>(())
        });
        gathered?;
        for ((level, index), tile) in complete {
            self.write_hashes(level, index, &tile)?;
        }
        if self.bundle.len() == usize::from(TILE_WIDTH) {
            self.write_bundle(TILE_WIDTH)?;
        }
        Ok(())
    }
}

impl TileFiles {
    /// Writes the tiles that are not full, and then the checkpoint.
    fn finish(mut self, exported: &Exported) -> Result<(), ExportError> {
        for level in 0..=tlog::tile::MAX_TILE_LEVEL {
            let index = self.edge.hashes_at(level) / u64::from(TILE_WIDTH);
            let partial = self.edge.subtree(level, index).cloned();
            if let Some(tile) = partial.filter(|tile| !tile.hashes().is_empty()) {
                self.write_hashes(level, index, &tile)?;
            }
        }
        if let Ok(width @ 1..) = u16::try_from(self.bundle.len()) {
            self.write_bundle(width)?;
        }
        let path = self.directory.join(CHECKPOINT_FILE);
        replace(&path, &exported.checkpoint.to_bytes())
    }

    fn write_hashes(&self, level: u8, index: u64, tile: &Subtree) -> Result<(), ExportError> {
        let width = u16::try_from(tile.hashes().len()).unwrap_or(TILE_WIDTH);
        let path = TilePath::new(TileKind::Hashes(level), index, width);
        let path = path.expect("a level below 8 and 1 to 256 hashes");
        self.write(path, &encode_hashes(tile.hashes()))
    }

    /// Writes the bundle of the last entries, and begins the next.
    fn write_bundle(&mut self, width: u16) -> Result<(), ExportError> {
        let entries = std::mem::take(&mut self.bundle);
        let index = (self.edge.size() - 1) / u64::from(TILE_WIDTH);
        let path = TilePath::new(TileKind::Entries, index, width).expect("1 to 256 entries");
        let bytes = encode_bundle(&entries).expect("entries as long as a chain admits");
        self.write(path, &bytes)
    }

    /// Writes a file that never changes.
    fn write(&self, tile: TilePath, bytes: &[u8]) -> Result<(), ExportError> {
        let path = self.directory.join(tile.to_string());
        let there = match self.disk.read(&path, bytes.len() as u64) {
            Err(error) if error.is_too_large() => return Err(ExportError::Differs { path }),
            there => there?,
        };
        match there {
            None => replace(&path, bytes),
            Some(there) if there == bytes => Ok(()),
            Some(_) => Err(ExportError::Differs { path }),
        }
    }
}

/// Makes a file of these bytes, whole for whoever opens it. Unlike a ledger's own files it is anybody's to
/// read: a web server is another user.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let aside = path.with_extension("new");
    let parent = path.parent().unwrap_or(Path::new(""));
    let written = fs::create_dir_all(parent)
        .and_then(|()| fs::write(&aside, bytes))
        .and_then(|()| fs::rename(&aside, path));
    written.map_err(write_error(path))
}
