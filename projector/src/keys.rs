//! How keys are made: bytes whose order is the order of the lists.
//!
//! A key is the prefix of its view, the number of a table in that view, then its parts: ids end in a
//! zero byte (no id contains one, so no id's key is a prefix of another's), numbers are big-endian,
//! days are shifted to be non-negative. Newest first is the same table read backwards.

use governance::{
    calendar::Date,
    ids::{
        ActionId, AffairId, BodyId, CaseId, IssueId, LedgerId, MatterId, MeetingId, MotionId,
        OfficeId, PersonId, PowerId, PublicKey, RollId,
    },
};

/// A key, or the beginning of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    /// The beginning of every key of this table of the view with this prefix.
    pub(crate) fn table(prefix: u8, table: u8) -> Self {
        Self(vec![prefix, table])
    }

    /// With a part added.
    pub(crate) fn with<P: Part + ?Sized>(mut self, part: &P) -> Self {
        part.append_to(&mut self.0);
        self
    }

    /// With one byte added.
    pub(crate) fn with_byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    /// The bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The bytes themselves.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The first key after every key that begins with this one.
    pub(crate) fn after(&self) -> Self {
        let mut bytes = self.0.clone();
        while bytes.last() == Some(&u8::MAX) {
            bytes.pop();
        }
        // Never empty: the prefix of a view is below 255 (`views::tests` checks it).
        if let Some(last) = bytes.last_mut() {
            *last += 1;
        }
        Self(bytes)
    }

    /// A key of these bytes, e.g. out of a page token.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

/// What a key is made of: its bytes sort as it does.
pub(crate) trait Part {
    /// Appends them.
    fn append_to(&self, key: &mut Vec<u8>);
}

impl Part for u32 {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }
}

impl Part for u64 {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.to_be_bytes());
    }
}

impl Part for Date {
    fn append_to(&self, key: &mut Vec<u8>) {
        // Days before 1970 are negative; with the sign bit flipped they sort before the others.
        let shifted = self.days().cast_unsigned() ^ (1 << 31);
        key.extend_from_slice(&shifted.to_be_bytes());
    }
}

/// A text without a zero character: no text of an action has one.
impl Part for str {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(self.as_bytes());
        key.push(0);
    }
}

impl Part for PublicKey {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}

impl Part for ActionId {
    fn append_to(&self, key: &mut Vec<u8>) {
        key.extend_from_slice(&self.0);
    }
}

macro_rules! id_parts {
    ($($id:ty),+) => {$(
        impl Part for $id {
            fn append_to(&self, key: &mut Vec<u8>) {
                self.as_str().append_to(key);
            }
        }
    )+};
}

id_parts!(
    AffairId, BodyId, CaseId, IssueId, LedgerId, MatterId, MeetingId, MotionId, OfficeId, PersonId,
    PowerId, RollId
);

/// The id that stands in a key from `start` on, up to its closing zero byte.
pub(crate) fn id_at(key: &[u8], start: usize) -> Option<&str> {
    let rest = key.get(start..)?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    std::str::from_utf8(&rest[..end]).ok()
}

/// The id that ends a key, between `start` bytes of it and the closing zero byte.
pub(crate) fn last_id(key: &[u8], start: usize) -> Option<&str> {
    let (end, id) = key.get(start..)?.split_last()?;
    (*end == 0).then(|| std::str::from_utf8(id).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(id: &str) -> BodyId {
        BodyId::new(id).unwrap()
    }

    fn key() -> Key {
        Key::table(3, 1)
    }

    #[test]
    fn ids_sort_as_their_texts_and_none_is_anothers_prefix() {
        let ids = ["a", "a-", "a0", "aa", "ab", "b"];
        let keys: Vec<Key> = ids.iter().map(|id| key().with(&body(id))).collect();
        assert!(keys.is_sorted());
        for (at, one) in keys.iter().enumerate() {
            let others = keys.iter().enumerate().filter(|(other, _)| *other != at);
            for (_, other) in others {
                assert!(!other.as_bytes().starts_with(one.as_bytes()));
            }
        }
    }

    #[test]
    fn an_id_goes_before_the_number_after_it() {
        let shorter = key().with(&body("a")).with(&u64::MAX);
        let longer = key().with(&body("a0")).with(&0_u64);
        assert!(shorter < longer);
    }

    #[test]
    fn numbers_sort_as_numbers() {
        let numbers = [0, 1, 255, 256, 65_535, 65_536, u64::MAX - 1, u64::MAX];
        let keys: Vec<Key> = numbers.iter().map(|n| key().with(n)).collect();
        assert!(keys.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn days_before_1970_sort_before_the_others() {
        let days = [
            "1900-01-01",
            "1969-12-31",
            "1970-01-01",
            "1970-01-02",
            "2999-12-31",
        ];
        let keys: Vec<Key> = days
            .iter()
            .map(|day| key().with(&day.parse::<Date>().unwrap()))
            .collect();
        assert!(keys.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn after_is_beyond_every_key_with_the_prefix_and_no_other() {
        let prefix = key().with(&body("a"));
        assert!(prefix.clone().with(&u64::MAX) < prefix.after());
        assert!(prefix.after() < key().with(&body("b")));
        assert_eq!(
            Key::from_bytes(vec![1, 255, 255]).after(),
            Key::from_bytes(vec![2])
        );
    }

    #[test]
    fn an_id_that_ends_a_key_can_be_read_back() {
        let listed = key().with(&body("a-b"));
        assert_eq!(last_id(listed.as_bytes(), 2), Some("a-b"));
        assert_eq!(last_id(&[1, 2, b'a'], 2), None);
        assert_eq!(last_id(&[1, 2], 2), None);
    }

    #[test]
    fn an_id_within_a_key_can_be_read_back() {
        let listed = key().with(&body("a-b")).with(&7_u64);
        assert_eq!(id_at(listed.as_bytes(), 2), Some("a-b"));
        assert_eq!(id_at(&[1, 2, b'a'], 2), None);
        assert_eq!(id_at(&[1], 2), None);
    }
}
