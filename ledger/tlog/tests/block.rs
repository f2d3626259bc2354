//! Blocks: their bounds, and that damage of every kind has its own error.

use proptest::prelude::*;
use tlog::block::{BLOCK_MAGIC, BLOCK_VERSION, body_len_of};
use tlog::{Block, BlockError, BlockHeader, MAX_BLOCK_ENTRIES, MAX_BLOCK_LEN, MAX_ENTRY_LEN};

fn block(first_index: u64, lengths: &[usize]) -> Block {
    let entries = lengths.iter().map(|len| vec![0x5a; *len]).collect();
    Block {
        first_index,
        entries,
    }
}

/// Lengths that fill a body to exactly `body_len`.
fn filling(body_len: usize) -> Vec<usize> {
    let widest = body_len_of(MAX_ENTRY_LEN);
    let mut lengths = vec![MAX_ENTRY_LEN; body_len / widest];
    lengths.push(body_len % widest - body_len_of(0));
    lengths
}

#[test]
fn a_block_is_read_back_with_whatever_follows_it() {
    for lengths in [&[1][..], &[300, 1, 65_535], &[7; 1_000]] {
        let block = block(41, lengths);
        let mut bytes = block.encode().unwrap();
        assert_eq!(bytes.len(), block.encoded_len());
        let header = BlockHeader::parse(&bytes).unwrap();
        assert_eq!(header.first_index(), 41);
        assert_eq!(header.count(), lengths.len());
        assert_eq!(header.block_len(), bytes.len());
        bytes.extend_from_slice(&[0, 1, 2]);
        assert_eq!(Block::decode(&bytes).unwrap(), block);
        assert_eq!(block.indices(), 41..41 + lengths.len() as u64);
    }
}

#[test]
fn a_thousand_entries_are_taken_and_not_one_more() {
    assert!(block(0, &[1; MAX_BLOCK_ENTRIES]).encode().is_ok());
    for found in [0, MAX_BLOCK_ENTRIES + 1] {
        let refused = block(0, &vec![1; found]).encode();
        assert_eq!(refused, Err(BlockError::EntryCount { found }));
    }
    let body = [1, 0, 0, 0, 9].repeat(MAX_BLOCK_ENTRIES + 1);
    let found = MAX_BLOCK_ENTRIES + 1;
    let refused = Block::decode_body(0, &body);
    assert_eq!(refused, Err(BlockError::EntryCount { found }));
}

#[test]
fn a_body_is_at_most_half_a_mebibyte() {
    let longest = block(0, &filling(MAX_BLOCK_LEN));
    assert_eq!(longest.body_len(), MAX_BLOCK_LEN);
    let body = longest.encode_body().unwrap();
    assert_eq!(Block::decode_body(0, &body).unwrap(), longest);
    assert_eq!(Block::decode(&longest.encode().unwrap()).unwrap(), longest);

    let found = MAX_BLOCK_LEN + 1;
    let longer = block(0, &filling(found));
    let refused = BlockError::BodyLength { found };
    assert_eq!(longer.encode(), Err(refused));
    assert_eq!(Block::decode_body(0, &vec![1; found]), Err(refused));
    assert_eq!(
        Block::decode_body(0, &[]),
        Err(BlockError::BodyLength { found: 0 })
    );
}

#[test]
fn an_empty_and_an_overlong_entry_are_refused() {
    for found in [0, MAX_ENTRY_LEN + 1] {
        let refused = BlockError::EntryLength { place: 1, found };
        assert_eq!(block(0, &[1, found]).encode(), Err(refused));
    }
    let refused = Block::decode_body(0, &[0, 0, 0, 0, 1]);
    assert_eq!(refused, Err(BlockError::EntryLength { place: 0, found: 0 }));
    let refused = Block::decode_body(0, &[0xff; 9]);
    let found = 0xffff_ffff;
    assert_eq!(refused, Err(BlockError::EntryLength { place: 0, found }));
}

#[test]
fn entries_that_do_not_fill_the_body_are_refused() {
    let body = block(0, &[2, 3]).encode_body().unwrap();
    for len in [5, 7, 9, 10, body.len() - 1] {
        let refused = Block::decode_body(0, &body[..len]);
        assert_eq!(refused, Err(BlockError::Mismatch), "{len}");
    }
    let longer = [body.as_slice(), &[1, 0]].concat();
    assert_eq!(Block::decode_body(0, &longer), Err(BlockError::Mismatch));
}

#[test]
fn the_last_index_of_all_is_the_end() {
    assert!(block(u64::MAX - 2, &[1, 1]).encode().is_ok());
    let first_index = u64::MAX - 1;
    let refused = BlockError::IndexOverflow { first_index };
    assert_eq!(block(first_index, &[1, 1]).encode(), Err(refused));
}

#[test]
fn zeros_are_no_block_and_other_bytes_begin_none() {
    for len in [0, 1, 31, 32, 4_096] {
        assert_eq!(
            BlockHeader::parse(&vec![0; len]),
            Err(BlockError::Empty),
            "{len}"
        );
    }
    let mut late = vec![0; 64];
    late[40] = 1;
    assert_eq!(Block::decode(&late), Err(BlockError::Empty));
    late[31] = 1;
    assert_eq!(Block::decode(&late), Err(BlockError::Magic));
    assert_eq!(Block::decode(&[b'x'; 64]), Err(BlockError::Magic));
}

#[test]
fn a_block_cut_anywhere_is_incomplete() {
    let bytes = block(3, &[20, 30]).encode().unwrap();
    for found in 1..bytes.len() {
        let needed = if found < BlockHeader::LEN {
            BlockHeader::LEN
        } else {
            bytes.len()
        };
        let refused = BlockError::Incomplete { needed, found };
        assert_eq!(Block::decode(&bytes[..found]), Err(refused));
    }
}

#[test]
fn a_block_torn_in_prewritten_zeros_fails_its_checksum() {
    let bytes = block(3, &[20, 30]).encode().unwrap();
    for durable in BlockHeader::LEN..bytes.len() - 1 {
        let mut torn = bytes.clone();
        torn[durable..].fill(0);
        let refused = Block::decode(&torn);
        assert!(
            matches!(refused, Err(BlockError::Checksum { .. })),
            "{durable}"
        );
    }
}

#[test]
fn another_version_is_named() {
    let mut bytes = block(3, &[20]).encode().unwrap();
    assert_eq!(bytes[..8], BLOCK_MAGIC);
    bytes[8] = 2;
    assert_ne!(BLOCK_VERSION, 2);
    assert_eq!(
        Block::decode(&bytes),
        Err(BlockError::UnknownVersion { found: 2 })
    );
}

#[test]
fn numbers_beyond_their_bounds_are_refused_before_the_body_is_looked_for() {
    let bytes = block(3, &[20]).encode().unwrap();
    let with = |at: usize, number: u32| {
        let mut changed = bytes.clone();
        changed[at..at + 4].copy_from_slice(&number.to_le_bytes());
        BlockHeader::parse(&changed)
    };
    for (number, found) in [(0, 0), (1_001, 1_001), (u32::MAX, u32::MAX as usize)] {
        assert_eq!(with(20, number), Err(BlockError::EntryCount { found }));
    }
    for (number, found) in [(0, 0), (4, 4), (512 * 1024 + 1, 512 * 1024 + 1)] {
        assert_eq!(with(24, number), Err(BlockError::BodyLength { found }));
    }
    assert!(with(24, 5).is_ok() && with(24, 512 * 1024).is_ok());
    // The body of 24 bytes has room for four entries of a byte each, not for five.
    assert!(with(20, 4).is_ok());
    assert_eq!(with(20, 5), Err(BlockError::BodyLength { found: 24 }));
}

#[test]
fn a_block_with_any_bit_flipped_is_refused() {
    let bytes = block(3, &[20, 1, 50]).encode().unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(Block::decode(&flipped).is_err(), "bit {bit}");
        if bit / 8 >= BlockHeader::LEN {
            let refused = Block::decode(&flipped);
            assert!(
                matches!(refused, Err(BlockError::Checksum { .. })),
                "bit {bit}"
            );
        }
    }
}

proptest! {
    #[test]
    fn any_block_is_read_back(
        first_index in 0..u64::MAX / 2,
        entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..200), 1..40),
    ) {
        let block = Block { first_index, entries };
        prop_assert_eq!(Block::decode(&block.encode().unwrap()).unwrap(), block.clone());
        let body = block.encode_body().unwrap();
        prop_assert_eq!(Block::decode_body(first_index, &body).unwrap(), block);
    }

    #[test]
    fn arbitrary_bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300), begin in any::<bool>()
    ) {
        let mut whole = bytes.clone();
        if begin {
            whole = [&BLOCK_MAGIC[..], &[1, 0, 0, 0], &bytes].concat();
        }
        // A checksum of 32 bits does not come out right by chance in a few hundred cases.
        prop_assert!(Block::decode(&whole).is_err());
        if let Ok(block) = Block::decode_body(0, &bytes) {
            prop_assert_eq!(block.encode_body().unwrap(), bytes);
        }
    }
}
