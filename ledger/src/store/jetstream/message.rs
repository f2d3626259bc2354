//! A block as a message of a stream: its body, and two headers that say where it stands.

use async_nats::HeaderMap;
use bytes::Bytes;
use tlog::{Block, BlockError};

/// The index of the block's first entry, in decimal.
pub(super) const FIRST_INDEX: &str = "Gov-First-Index";

/// How many entries the log holds once the block is in it, in decimal.
pub(super) const SIZE: &str = "Gov-Size";

/// How many messages the stream must hold for the message to be taken, in decimal: NATS compares it.
const EXPECTED_LAST_SEQUENCE: &str = "Nats-Expected-Last-Sequence";

/// A block, ready to be published any number of times.
#[derive(Clone, Debug)]
pub(super) struct Outgoing {
    headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Outgoing {
    pub(super) fn new(block: &Block) -> Result<Outgoing, BlockError> {
        let body = Bytes::from(block.encode_body()?);
        let mut headers = HeaderMap::new();
        headers.insert(FIRST_INDEX, block.first_index.to_string());
        headers.insert(SIZE, block.indices().end.to_string());
        Ok(Outgoing { headers, body })
    }

    /// The headers of a message to be taken only as the one after `last_sequence`.
    pub(super) fn headers_after(&self, last_sequence: u64) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.insert(EXPECTED_LAST_SEQUENCE, last_sequence.to_string());
        headers
    }

    /// Whether this is the message that was published.
    pub(super) fn is(&self, headers: Option<&HeaderMap>, body: &[u8]) -> bool {
        let same = |name| headers.and_then(|found| found.get(name)) == self.headers.get(name);
        self.body == body && same(FIRST_INDEX) && same(SIZE)
    }
}

/// Why a message is no block at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoBlock {
    /// A header is missing, or is no number in its one decimal form.
    #[error("it has no {name} that is a number")]
    Header {
        /// Which.
        name: &'static str,
    },
    /// The headers say that the block ends elsewhere than it does.
    #[error("its Gov-Size is {found}, not {expected}")]
    Size {
        /// What follows from its first index and its entries.
        expected: u64,
        /// What it says.
        found: u64,
    },
    /// Its body is none.
    #[error("its body is no block's: {0}")]
    Body(#[from] BlockError),
}

/// The block that a message holds, by its headers and its body alone.
pub(super) fn read(headers: Option<&HeaderMap>, body: &[u8]) -> Result<Block, NoBlock> {
    let first_index = number(headers, FIRST_INDEX)?;
    let size = number(headers, SIZE)?;
    let block = Block::decode_body(first_index, body)?;
    let expected = block.indices().end;
    if size == expected {
        Ok(block)
    } else {
        let found = size;
        Err(NoBlock::Size { expected, found })
    }
}

/// A number in decimal, without sign or leading zeros: so that everybody reads the same.
fn number(headers: Option<&HeaderMap>, name: &'static str) -> Result<u64, NoBlock> {
    let text = headers.and_then(|headers| headers.get(name));
    let number = text.and_then(|text| {
        let number: u64 = text.as_str().parse().ok()?;
        (number.to_string() == text.as_str()).then_some(number)
    });
    number.ok_or(NoBlock::Header { name })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Block {
        Block {
            first_index: 7,
            entries: vec![b"seven".to_vec(), b"eight".to_vec()],
        }
    }

    #[test]
    fn a_block_comes_back_from_its_message() {
        let outgoing = Outgoing::new(&block()).unwrap();
        let headers = outgoing.headers_after(3);
        let text = |name: &str| headers.get(name).map(|value| value.as_str().to_owned());
        assert_eq!(text("Gov-First-Index").as_deref(), Some("7"));
        assert_eq!(text("Gov-Size").as_deref(), Some("9"));
        assert_eq!(text("Nats-Expected-Last-Sequence").as_deref(), Some("3"));
        assert_eq!(text("Nats-Msg-Id"), None);
        assert_eq!(read(Some(&headers), &outgoing.body), Ok(block()));
        assert!(outgoing.is(Some(&headers), &outgoing.body));
    }

    #[test]
    fn another_message_is_not_taken_for_the_one_published() {
        let outgoing = Outgoing::new(&block()).unwrap();
        let headers = outgoing.headers_after(0);
        let other = Outgoing::new(&Block {
            first_index: 8,
            ..block()
        });
        let other = other.unwrap().headers_after(0);
        assert!(!outgoing.is(Some(&other), &outgoing.body));
        assert!(!outgoing.is(None, &outgoing.body));
        assert!(!outgoing.is(Some(&headers), &outgoing.body[1..]));
    }

    #[test]
    fn what_is_no_block_is_told_by_what_is_wrong() {
        let outgoing = Outgoing::new(&block()).unwrap();
        let with = |name: &'static str, value: &str| {
            let mut headers = outgoing.headers_after(0);
            headers.insert(name, value);
            read(Some(&headers), &outgoing.body)
        };
        assert_eq!(
            read(None, &outgoing.body),
            Err(NoBlock::Header { name: FIRST_INDEX })
        );
        for wrong in ["", "+7", "07", " 7", "-7", "7.0", "18446744073709551616"] {
            let name = FIRST_INDEX;
            assert_eq!(
                with(name, wrong),
                Err(NoBlock::Header { name }),
                "{wrong:?}"
            );
            let name = SIZE;
            assert_eq!(
                with(name, wrong),
                Err(NoBlock::Header { name }),
                "{wrong:?}"
            );
        }
        let (expected, found) = (9, 10);
        assert_eq!(with(SIZE, "10"), Err(NoBlock::Size { expected, found }));
        let headers = outgoing.headers_after(0);
        let cut = &outgoing.body[..outgoing.body.len() - 1];
        assert!(matches!(read(Some(&headers), cut), Err(NoBlock::Body(_))));
        assert!(matches!(read(Some(&headers), b""), Err(NoBlock::Body(_))));
    }
}
