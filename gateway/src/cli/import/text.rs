//! Names and titles from files, as ids and as texts the ledger takes.

use governance::ids::ID_LEN_MAX;

/// How many hexadecimal digits of a digest make an id distinct: one pair in 65,000 names collides by
/// chance, and a collision is then refused, not mixed up.
const DIGEST_DIGITS: usize = 8;

/// A text as an id: lowercase letters and digits, with hyphens between. What loses something by that
/// (letters beyond a–z, or length) gets a part of its digest behind, so that two names stay two ids.
pub(super) fn id_of(text: &str) -> String {
    let mut id = String::new();
    let mut lost = false;
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else {
            lost |= c.is_alphanumeric();
            if !id.is_empty() && !id.ends_with('-') {
                id.push('-');
            }
        }
    }
    let id = id.trim_end_matches('-');
    if !lost && !id.is_empty() && id.len() <= ID_LEN_MAX {
        return id.to_owned();
    }
    let digest = tlog::sha256(text.as_bytes()).to_string();
    let kept: String = id.chars().take(ID_LEN_MAX - DIGEST_DIGITS - 1).collect();
    let parts = [kept.trim_end_matches('-'), &digest[..DIGEST_DIGITS]];
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join("-")
}

/// A text in the form the ledger takes: NFC, white space of every kind made one space.
pub(super) fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    proto::text::to_nfc(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use governance::ids::PersonId;

    use super::*;

    #[test]
    fn a_plain_name_is_its_id() {
        assert_eq!(id_of("Carolyn King Arnold"), "carolyn-king-arnold");
        assert_eq!(id_of("2024-01-10-00000"), "2024-01-10-00000");
        assert_eq!(id_of("  O'Brien,  Jr. "), "o-brien-jr");
    }

    #[test]
    fn what_is_lost_shows_as_a_digest() {
        let ids = ["José", "Jos", "王芳", "李娜", "", "--"].map(id_of);
        assert!(
            ids[0].starts_with("jos-") && ids[0].len() == 12,
            "{}",
            ids[0]
        );
        assert_eq!(ids[1], "jos");
        assert_ne!(ids[2], ids[3]);
        assert_ne!(ids[4], ids[5]);
        for id in ids {
            assert!(PersonId::new(&id).is_ok(), "{id}");
        }
    }

    #[test]
    fn a_long_name_fits_and_stays_distinct() {
        let (a, b) = ("a".repeat(80), "a".repeat(81));
        assert_ne!(id_of(&a), id_of(&b));
        assert!(PersonId::new(&id_of(&a)).is_ok() && PersonId::new(&id_of(&b)).is_ok());
        assert_eq!(id_of(&"a".repeat(64)), "a".repeat(64));
    }

    #[test]
    fn white_space_of_every_kind_becomes_one_space() {
        assert_eq!(tidy(" a\r\n b\t\u{a0}c "), "a b c");
        assert_eq!(tidy("Cafe\u{301}"), "Café");
    }
}
