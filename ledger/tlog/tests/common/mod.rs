//! Reads the vectors in `testdata/`.

// Each test binary compiles this module for itself and uses its own part of it.
#![allow(dead_code, reason = "each test file uses the part it needs")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tlog::Hash;

/// Where the vectors are.
pub(crate) fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// The whole of a file of vectors.
pub(crate) fn read(name: &str) -> Vec<u8> {
    fs::read(testdata().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A file of `name = value` lines; lines that begin with `#` are comments.
pub(crate) struct Vectors {
    file: String,
    rows: Vec<(String, String)>,
}

impl Vectors {
    pub(crate) fn read(file: &str) -> Vectors {
        let text = String::from_utf8(read(file)).expect("vectors are UTF-8");
        let rows = text
            .lines()
            .filter(|line| !line.starts_with('#'))
            .map(|line| {
                line.split_once('=')
                    .unwrap_or_else(|| panic!("{file}: {line}"))
            })
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        let file = file.to_owned();
        Vectors { file, rows }
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        let row = self.rows.iter().find(|(key, _)| key == name);
        let row = row.unwrap_or_else(|| panic!("{}: no {name}", self.file));
        &row.1
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        hex::decode(self.text(name)).unwrap_or_else(|_| panic!("{}: {name}", self.file))
    }

    pub(crate) fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        let bytes = self.bytes(name);
        bytes
            .try_into()
            .unwrap_or_else(|_| panic!("{}: {name} is not {N} bytes", self.file))
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.text(name).parse().expect("a number")
    }

    pub(crate) fn hash(&self, name: &str) -> Hash {
        Hash(self.array(name))
    }

    /// Hashes with spaces between them.
    pub(crate) fn hashes(&self, name: &str) -> Vec<Hash> {
        let text = self.text(name);
        text.split_whitespace()
            .map(|hash| hash.parse().expect("a hash"))
            .collect()
    }

    /// The values whose name begins with `prefix`, joined in the file's order.
    pub(crate) fn joined(&self, prefix: &str) -> Vec<u8> {
        let rows = self
            .rows
            .iter()
            .filter(|(name, _)| name.starts_with(prefix));
        rows.flat_map(|(name, _)| self.bytes(name)).collect()
    }

    /// The `<a>.<b>` of names `<prefix>.<a>.<b>`, with the hashes they name.
    pub(crate) fn pairs(&self, prefix: &str) -> BTreeMap<(u64, u64), Vec<Hash>> {
        let of = |name: &str| -> Option<(u64, u64)> {
            let (a, b) = name
                .strip_prefix(prefix)?
                .strip_prefix('.')?
                .split_once('.')?;
            Some((a.parse().ok()?, b.parse().ok()?))
        };
        let rows = self.rows.iter();
        rows.filter_map(|(name, _)| Some((of(name)?, self.hashes(name))))
            .collect()
    }
}
