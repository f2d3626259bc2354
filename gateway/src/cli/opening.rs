//! What opens a hidden ballot, kept by its voter in a file: whoever has it can show what the ballot said, and
//! open it after the close should the ledger not.

use std::{
    fs::{self, File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use governance::{
    action::{BallotOpening, Choice},
    commitment,
    ids::{Digest, Leaf, MotionId, PersonId},
};
use serde_json::{Value, json};

use super::{failure::Failure, keyfile::fill_random};

/// Longest file read, in bytes: 64 options and some ids.
const FILE_LEN_MAX: u64 = 4_096;

/// What opens one ballot on one motion.
#[derive(Clone)]
pub(crate) struct KeptOpening {
    pub(crate) motion: MotionId,
    pub(crate) opening: BallotOpening,
}

impl KeptOpening {
    /// A new one, under a nonce nobody can guess.
    pub(crate) fn new(motion: MotionId, voter: PersonId, choice: Choice) -> Result<Self, Failure> {
        let mut nonce = [0; 32];
        fill_random(&mut nonce)?;
        let opening = BallotOpening {
            voter,
            nonce,
            choice,
        };
        Ok(Self { motion, opening })
    }

    /// What the ballot puts on the log.
    pub(crate) fn commitment(&self, genesis: Leaf, voting_opened: Leaf) -> Digest {
        let BallotOpening {
            voter,
            nonce,
            choice,
        } = &self.opening;
        commitment(genesis, voting_opened, voter, nonce, &choice.to_bytes())
    }

    /// Where it is kept unless said otherwise: a ballot cast again has a file of its own.
    pub(crate) fn default_path(&self, commitment: Digest) -> PathBuf {
        let commitment = commitment.to_string();
        let short = commitment.get(..8).unwrap_or(&commitment);
        let (motion, voter) = (&self.motion, &self.opening.voter);
        PathBuf::from(format!("{motion}-{voter}-{short}.opening.json"))
    }

    /// Writes the file, which must not be there; only its owner may read it.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let value = json!({
            "motion": self.motion.as_str(),
            "voter": self.opening.voter.as_str(),
            "nonce": hex::encode(self.opening.nonce),
            "choice": hex::encode(self.opening.choice.to_bytes()),
        });
        let cannot = |error: std::io::Error| {
            Failure::usage(format!("cannot write {}", path.display())).because(error.to_string())
        };
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file: File = options.open(path).map_err(cannot)?;
        writeln!(file, "{value}")
            .and_then(|()| file.sync_all())
            .map_err(cannot)
    }

    /// Reads such a file.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let cannot = |why: &str| {
            Failure::usage(format!("{shown} does not open a ballot")).because(why.to_owned())
        };
        let about = fs::metadata(path).map_err(|error| cannot(&error.to_string()))?;
        if about.len() > FILE_LEN_MAX {
            return Err(cannot("it is too long"));
        }
        let text = fs::read_to_string(path).map_err(|error| cannot(&error.to_string()))?;
        let value: Value =
            serde_json::from_str(&text).map_err(|error| cannot(&error.to_string()))?;
        parse(&value).ok_or_else(|| cannot("it is not as `govledger vote` writes it"))
    }
}

fn parse(value: &Value) -> Option<KeptOpening> {
    let field = |name: &str| value.get(name)?.as_str();
    let nonce = hex::decode(field("nonce")?).ok()?;
    let choice = hex::decode(field("choice")?).ok()?;
    Some(KeptOpening {
        motion: MotionId::new(field("motion")?).ok()?,
        opening: BallotOpening {
            voter: PersonId::new(field("voter")?).ok()?,
            nonce: nonce.try_into().ok()?,
            choice: Choice::from_bytes(&choice)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use governance::action::Stance;

    use super::*;

    fn kept() -> KeptOpening {
        let choice = Choice::Stance(Stance::Against);
        let (motion, voter) = ("roof".parse().unwrap(), "anna".parse().unwrap());
        KeptOpening::new(motion, voter, choice).unwrap()
    }

    #[test]
    fn a_file_that_was_written_is_read_and_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ballot.json");
        let kept = kept();
        kept.write(&path).unwrap();
        let read = KeptOpening::read(&path).unwrap();
        assert_eq!(
            (read.motion, read.opening),
            (kept.motion.clone(), kept.opening.clone())
        );
        assert!(kept.write(&path).is_err());
        fs::write(&path, "{}").unwrap();
        assert!(KeptOpening::read(&path).is_err());
    }

    #[test]
    fn no_two_ballots_have_one_commitment() {
        let (one, other) = (kept(), kept());
        let leaf = Leaf([1; 32]);
        assert_ne!(one.commitment(leaf, leaf), other.commitment(leaf, leaf));
    }
}
