//! Where a key's bytes come from: a file of its owner's, a file descriptor, or the environment; and what
//! opens it, if it is encrypted.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::{KeyFileError, check_mode, doing};

/// The longest key file that is read, in bytes. Ed25519 keys in PEM have about 120, encrypted ones 400;
/// comments and attributes may stand around them.
const KEY_FILE_LEN_MAX: u64 = 16 * 1024;

/// The passphrase of encrypted key files itself.
pub const PASSPHRASE: &str = "GOVLEDGER_KEY_PASSPHRASE";
/// Where the passphrase of encrypted key files is: a file that only its owner may read, `fd:N` or `env:NAME`.
pub const PASSPHRASE_FROM: &str = "GOVLEDGER_KEY_PASSPHRASE_FROM";

/// What a path or a file that points elsewhere begins with.
const FROM_DESCRIPTOR: &str = "fd:";
const FROM_ENVIRONMENT: &str = "env:";

/// What opens encrypted keys, and encrypts new ones.
#[derive(Clone)]
pub struct Passphrase(String);

impl Passphrase {
    /// These words.
    pub fn new(words: impl Into<String>) -> Passphrase {
        Passphrase(words.into())
    }

    /// As the environment says it; none if it says nothing. Asked once: a descriptor is read once.
    pub fn of_environment() -> Result<Option<Passphrase>, KeyFileError> {
        static ASKED: OnceLock<Result<Option<Passphrase>, KeyFileError>> = OnceLock::new();
        ASKED.get_or_init(ask_environment).clone()
    }

    /// The words in a file that only its owner may read, or in `fd:N` or `env:NAME`.
    pub fn from_source(source: &Path) -> Result<Passphrase, KeyFileError> {
        let text = read_key_text(source)?;
        // What an editor or `echo` puts at the end of a line is no part of it.
        Ok(Passphrase::new(text.trim_end_matches(['\r', '\n'])))
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase")
    }
}

fn ask_environment() -> Result<Option<Passphrase>, KeyFileError> {
    if let Ok(words) = std::env::var(PASSPHRASE) {
        return Ok(Some(Passphrase(words)).filter(|words| !words.0.is_empty()));
    }
    let from = std::env::var_os(PASSPHRASE_FROM).filter(|from| !from.is_empty());
    from.map(|from| Passphrase::from_source(Path::new(&from)))
        .transpose()
}

/// A secret text: from `fd:N` or `env:NAME`, or from a file that only its owner can use, which may have one
/// of these as its only line.
pub(super) fn read_key_text(path: &Path) -> Result<String, KeyFileError> {
    if let Some(elsewhere) = path.to_str().and_then(|name| read_elsewhere(path, name)) {
        return elsewhere;
    }
    let text = read_secret(path)?;
    let line = text.trim_end_matches(['\r', '\n']);
    let elsewhere = if line.contains('\n') {
        None
    } else {
        read_elsewhere(path, line)
    };
    elsewhere.unwrap_or(Ok(text))
}

/// What `fd:N` or `env:NAME` names; none if it is neither.
fn read_elsewhere(path: &Path, name: &str) -> Option<Result<String, KeyFileError>> {
    let missing = |what: String| KeyFileError::Elsewhere {
        path: path.to_owned(),
        what,
    };
    if let Some(variable) = name.strip_prefix(FROM_ENVIRONMENT) {
        let value = std::env::var(variable);
        return Some(value.map_err(|_| missing(format!("the variable {variable}"))));
    }
    let number = name.strip_prefix(FROM_DESCRIPTOR)?;
    let number: Result<u32, _> = number.parse();
    let Ok(number) = number else {
        return Some(Err(missing(format!("the descriptor {name}"))));
    };
    // Whoever opened it for us decided who may read it.
    let file = File::open(format!("/dev/fd/{number}"));
    let read = file.and_then(|file| {
        let mut text = String::new();
        file.take(KEY_FILE_LEN_MAX).read_to_string(&mut text)?;
        Ok(text)
    });
    Some(read.map_err(|_| missing(format!("the descriptor {number}"))))
}

/// Reads a file whose text is a secret: only its owner may be able to use it.
pub(crate) fn read_secret(path: &Path) -> Result<String, KeyFileError> {
    let file = doing("open", path, File::open(path))?;
    let metadata = doing("read", path, file.metadata())?;
    check_mode(path, &metadata)?;
    let mut text = String::new();
    let read = file.take(KEY_FILE_LEN_MAX + 1).read_to_string(&mut text);
    doing("read", path, read)?;
    if text.len() as u64 > KEY_FILE_LEN_MAX {
        let path = path.to_owned();
        return Err(KeyFileError::TooLong { path });
    }
    Ok(text)
}

/// The name of a file in the making beside another.
pub(super) fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

/// Puts a finished file in the place of another, durably.
pub(super) fn replace(path: &Path, by: &Path) -> Result<(), KeyFileError> {
    doing("replace", path, fs::rename(by, path))?;
    super::sync_parent(path)
}
