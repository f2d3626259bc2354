//! How rows become bytes: bincode 2 over serde, and the only file of this crate that names it.
//!
//! The bytes are a function of the row alone (rows hold no hash maps), so that views built twice from
//! one log are equal to the byte. They outlive nothing: a change of any row raises
//! [`crate::view_store::FORMAT`], and the views are built anew.

use serde::{Serialize, de::DeserializeOwned};

/// A row that could not be written or read back.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The value has no encoding.
    #[error("a row cannot be encoded: {reason}")]
    Encode {
        /// The encoder's words.
        reason: String,
    },
    /// The bytes are not this row's.
    #[error("a row of {length} bytes cannot be decoded: {reason}")]
    Decode {
        /// How many bytes there are.
        length: usize,
        /// The decoder's words.
        reason: String,
    },
    /// Bytes are left over.
    #[error("a row of {length} bytes ends after {used}")]
    Surplus {
        /// How many bytes there are.
        length: usize,
        /// How many the row takes.
        used: usize,
    },
}

/// The bytes of a row.
pub(crate) fn encode<T: Serialize>(row: &T) -> Result<Vec<u8>, CodecError> {
    bincode::serde::encode_to_vec(row, bincode::config::standard()).map_err(|error| {
        CodecError::Encode {
            reason: error.to_string(),
        }
    })
}

/// Writes a row's bytes after those that are there.
pub(crate) fn append<T: Serialize>(row: &T, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
    bincode::serde::encode_into_std_write(row, bytes, bincode::config::standard())
        .map(drop)
        .map_err(|error| CodecError::Encode {
            reason: error.to_string(),
        })
}

/// The rows that were written one after the other.
pub(crate) fn decode_all<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, CodecError> {
    let (mut rows, mut used) = (Vec::new(), 0);
    while used < bytes.len() {
        let (row, length) = decode_first(&bytes[used..])?;
        rows.push(row);
        used += length;
    }
    Ok(rows)
}

/// The row of these bytes, all of them.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CodecError> {
    let length = bytes.len();
    let (row, used) = decode_first(bytes)?;
    if used == length {
        Ok(row)
    } else {
        Err(CodecError::Surplus { length, used })
    }
}

/// The row these bytes begin with, and how many it takes.
fn decode_first<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, usize), CodecError> {
    bincode::serde::decode_from_slice(bytes, bincode::config::standard()).map_err(|error| {
        CodecError::Decode {
            length: bytes.len(),
            reason: error.to_string(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back() {
        let row = (7_u64, String::from("议题"), Some([1_u8; 32]));
        let bytes = encode(&row).unwrap();
        assert_eq!(decode::<(u64, String, Option<[u8; 32]>)>(&bytes), Ok(row));
    }

    #[test]
    fn rows_written_one_after_the_other_come_back_in_order_and_a_cut_one_is_refused() {
        let rows = ["议题", "", "roll"].map(String::from);
        let mut bytes = Vec::new();
        for row in &rows {
            append(row, &mut bytes).unwrap();
        }
        assert_eq!(decode_all::<String>(&bytes), Ok(rows.to_vec()));
        assert_eq!(decode_all::<String>(&[]), Ok(Vec::new()));
        bytes.pop();
        assert!(matches!(
            decode_all::<String>(&bytes),
            Err(CodecError::Decode { .. })
        ));
    }

    #[test]
    fn one_byte_too_few_or_too_many_is_refused() {
        let bytes = encode(&String::from("roll")).unwrap();
        assert!(matches!(
            decode::<String>(&bytes[..bytes.len() - 1]),
            Err(CodecError::Decode { .. })
        ));
        let mut longer = bytes.clone();
        longer.push(0);
        assert_eq!(
            decode::<String>(&longer),
            Err(CodecError::Surplus {
                length: bytes.len() + 1,
                used: bytes.len()
            })
        );
    }
}
