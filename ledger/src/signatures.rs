//! Checking signatures by keys that were read before.
//!
//! Reading a key (a square root on the curve) is a tenth of a strict check, and the same people sign again
//! and again. What is kept is what [`strong_key`] says of a key's bytes, so nothing depends on whether it
//! was kept.

use std::sync::LazyLock;

use ed25519_dalek::VerifyingKey;
use quick_cache::sync::Cache;
use tlog::Signature;
use tlog::signing::{SignatureError, strong_key, verify_signatures_by};

/// Keys kept at most, of all ledgers: some 5 MiB. What is asked for once does not push out what is asked
/// for often.
const KEYS_MAX: usize = 16_384;

static KEYS: LazyLock<Cache<[u8; 32], VerifyingKey>> = LazyLock::new(|| Cache::new(KEYS_MAX));

/// Checks an action's signatures as [`tlog::signing::verify_signatures`] does.
pub(crate) fn verify_signatures(
    action_bytes: &[u8],
    signatures: &[Signature],
) -> Result<(), SignatureError> {
    verify_signatures_by(action_bytes, signatures, read)
}

/// The key of these bytes, as [`strong_key`] reads it.
pub(crate) fn read(key: &[u8; 32]) -> Result<VerifyingKey, SignatureError> {
    if let Some(known) = KEYS.get(key) {
        return Ok(known);
    }
    let read = strong_key(key)?;
    KEYS.insert(*key, read);
    Ok(read)
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;
    use tlog::signing::{sign_action, verify_signatures as uncached};

    use super::*;

    #[test]
    fn the_first_and_every_later_check_says_what_an_uncached_one_says() {
        let good = sign_action(&SigningKey::from_bytes(&[7; 32]), b"act");
        let weak = Signature {
            key: [0; 32],
            ..good
        };
        let malformed = Signature {
            key: [2; 32],
            ..good
        };
        let wrong = Signature {
            signature: [1; 64],
            ..good
        };
        for signatures in [
            vec![good],
            vec![weak],
            vec![good, malformed],
            vec![wrong],
            vec![good, good],
            Vec::new(),
        ] {
            let expected = uncached(b"act", &signatures);
            for _ in 0..2 {
                assert_eq!(verify_signatures(b"act", &signatures), expected);
            }
        }
    }
}
