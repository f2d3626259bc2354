//! A name for each call, by which its lines in the log are found again.

use std::{
    fmt,
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

use tonic::codegen::http::{HeaderMap, HeaderValue};

/// Longest id that is taken over from a client: a UUID has 36 characters, and there is room for a prefix.
const LEN_MAX: usize = 64;

/// The id of a call: the client's, if it is well formed, else one of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RequestId(HeaderValue);

impl RequestId {
    /// The header that carries it, there and back.
    pub(in crate::server) const HEADER: &str = "x-request-id";

    /// The id that a request names; a new one where it names none, or one that could mislead a reader of
    /// the log.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self::or_made(headers.get(Self::HEADER))
    }

    /// What another node says that a call of its client's is known by.
    pub(crate) fn told(id: &str) -> Self {
        let id = HeaderValue::from_str(id).ok();
        Self::or_made(id.as_ref())
    }

    fn or_made(named: Option<&HeaderValue>) -> Self {
        let named = named.filter(|id| is_well_formed(id.as_bytes()));
        named.map_or_else(Self::made, |id| Self(id.clone()))
    }

    /// Unlike all others of this process, and of any other with overwhelming likelihood.
    fn made() -> Self {
        static PROCESS: LazyLock<u64> = LazyLock::new(|| {
            let mut bytes = [0; 8];
            // Without randomness ids are still unlike one another within the process.
            let _ = getrandom::fill(&mut bytes);
            u64::from_be_bytes(bytes)
        });
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let id = format!("{:016x}-{count:x}", *PROCESS);
        Self(HeaderValue::try_from(id).expect("hexadecimal digits and a hyphen are visible ASCII"))
    }

    /// As text.
    pub(crate) fn as_str(&self) -> &str {
        self.0
            .to_str()
            .expect("of visible ASCII only: it was made so, or checked")
    }

    /// As a header's value.
    pub(super) fn value(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Letters, digits and the punctuation of usual ids: nothing that could pass for another field of a line.
fn is_well_formed(id: &[u8]) -> bool {
    let fits = (1..=LEN_MAX).contains(&id.len());
    let usual = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(byte);
    fits && id.iter().all(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(id: &[u8]) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert(RequestId::HEADER, HeaderValue::from_bytes(id).unwrap());
        RequestId::of(&headers)
    }

    #[test]
    fn an_id_that_is_well_formed_is_kept() {
        let longest = "a".repeat(LEN_MAX);
        for id in ["1", "01932f6e-8c8a-7000-8000-00000000002a", &longest] {
            assert_eq!(of(id.as_bytes()).as_str(), id);
        }
    }

    #[test]
    fn any_other_is_replaced_by_one_of_ours() {
        let long = "a".repeat(LEN_MAX + 1);
        for id in ["", "a b", "a\"b", "a\tb", "id=1 level=ERROR", &long] {
            let made = of(id.as_bytes());
            assert_ne!(made.as_str(), id);
            assert!(is_well_formed(made.as_str().as_bytes()), "{made}");
        }
        assert!(is_well_formed(of("ü".as_bytes()).as_str().as_bytes()));
        let none = HeaderMap::new();
        assert_ne!(RequestId::of(&none), RequestId::of(&none));
    }
}
