//! What the script is made with: ids, areas, erasable texts, random bits.

use std::{fmt::Debug, str::FromStr};

use governance::{action::Content, ids::Digest};
use ledger::ContentUpload;

use super::DemoError;

/// An id of the script; the script is ours, so a wrong one is a mistake of ours.
pub(super) fn id<T: FromStr>(text: &str) -> T
where
    T::Err: Debug,
{
    text.parse().expect("the script's ids are well formed")
}

/// Square metres and hundredths, in 0.01 m².
pub(super) const fn area(metres: u64, hundredths: u64) -> u64 {
    metres * 100 + hundredths
}

/// Erasable text: its name on the log, and what goes beside the log.
pub(super) fn content(text: &str) -> Result<(Content, ContentUpload), DemoError> {
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(DemoError::Randomness)?;
    let bytes = text.as_bytes().to_vec();
    let content = Content {
        digest: Digest(tlog::signing::content_digest(&salt, &bytes).0),
        length: u32::try_from(bytes.len()).expect("the script's texts are short"),
        media_type: "text/plain; charset=utf-8".to_owned(),
    };
    Ok((content, ContentUpload { salt, bytes }))
}

/// Random bits of an action id.
pub(super) fn random() -> [u8; 10] {
    let mut bits = [0; 10];
    // Without randomness the keys above could not have been made.
    getrandom::fill(&mut bits).expect("the system gave randomness before");
    bits
}
