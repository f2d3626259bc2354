//! What text may be signed: what is seen must be what is there.

use unicode_normalization::{
    IsNormalized, UnicodeNormalization, char::is_public_assigned, is_nfc, is_nfc_quick,
};

use crate::malformed::{Malformed, MalformedReason, TextFault};

/// Whether a character can change, hide or break the text around it: controls (Unicode Cc), line and
/// paragraph separators, bidirectional marks, embeddings, overrides and isolates (UAX #9 §2), the
/// byte order mark, and the 66 non-characters.
fn is_forbidden(c: char) -> bool {
    let code = u32::from(c);
    c.is_control()
        || matches!(
            c,
            '\u{061C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202A}'..='\u{202E}'
                | '\u{2066}'..='\u{2069}'
                | '\u{FDD0}'..='\u{FDEF}'
                | '\u{FEFF}'
        )
        || code & 0xFFFE == 0xFFFE
}

/// The version of Unicode whose assigned characters may be signed, as FORMAT.md names it.
pub const UNICODE_VERSION: (u8, u8, u8) = unicode_normalization::UNICODE_VERSION;

/// Why this character may not be signed, wherever it stands.
///
/// Beyond the forbidden ones, these are the characters that Unicode has not assigned, since only
/// assigned ones keep their normal form in later versions (UAX #15 §3): what is NFC today would
/// cease to be, and a log would stop being canonical. Private-use characters keep theirs, but are
/// refused too: what one looks like is an agreement between two fonts, so that nobody can tell from
/// the log what its signer saw. A name in rare characters is content, which this rule leaves alone.
fn fault_of(character: char, at: usize) -> Option<TextFault> {
    if is_forbidden(character) {
        Some(TextFault::Character { character, at })
    } else if is_public_assigned(character) {
        None
    } else {
        Some(TextFault::NotAssigned { character, at })
    }
}

/// Characters of everyday text (printable ASCII, Chinese, its punctuation and full-width forms), each
/// of which is assigned, allowed, never combines and is its own normal form: texts of them need no tables.
fn is_plain(c: char) -> bool {
    matches!(
        c,
        ' '..='~' | '\u{4E00}'..='\u{9FFF}' | '\u{3000}'..='\u{3029}' | '\u{FF01}'..='\u{FF5E}'
    )
}

/// Checks that a text is NFC (UAX #15), of assigned characters, without forbidden ones.
pub fn check(text: &str) -> Result<(), TextFault> {
    if text.chars().all(is_plain) {
        return Ok(());
    }
    if let Some(fault) = text.char_indices().find_map(|(at, c)| fault_of(c, at)) {
        return Err(fault);
    }
    let normal = match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => true,
        IsNormalized::No => false,
        IsNormalized::Maybe => is_nfc(text),
    };
    if normal {
        Ok(())
    } else {
        Err(TextFault::NotNfc)
    }
}

/// A text in NFC, for clients that build actions from what people typed or files held. Characters
/// that may not be signed stay, and are refused when the action is decoded.
pub fn to_nfc(text: &str) -> String {
    text.nfc().collect()
}

/// A text of 1 to `len_max` bytes.
pub(crate) fn required(text: String, len_max: usize) -> Result<String, Malformed> {
    if text.is_empty() {
        return Err(MalformedReason::FieldMissing.into());
    }
    optional(text, len_max)
}

/// A text of 0 to `len_max` bytes.
pub(crate) fn optional(text: String, len_max: usize) -> Result<String, Malformed> {
    if text.len() > len_max {
        return Err(MalformedReason::TooLarge {
            found: text.len(),
            max: len_max,
            unit: "bytes",
        }
        .into());
    }
    check(&text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forbidden_at(text: &str) -> Option<(char, usize)> {
        match check(text) {
            Err(TextFault::Character { character, at }) => Some((character, at)),
            _ => None,
        }
    }

    #[test]
    fn ordinary_text_of_any_script_is_allowed() {
        for text in [
            "",
            "a",
            "~ ",
            "更换物业服务企业",
            "é",
            "한국어",
            "شارع",
            "👩‍🌾",
            "नमस्ते\u{200D}",
            "\u{00A0}",
            "\u{20BB7}",
        ] {
            assert_eq!(check(text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn forbidden_characters_are_named_with_their_place() {
        let single = "\0\t\n\r\u{1F}\u{7F}\u{80}\u{85}\u{9F}\u{61C}\u{200E}\u{200F}\u{2028}\u{2029}\
            \u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\u{FDD0}\u{FDEF}\
            \u{FEFF}\u{FFFE}\u{FFFF}\u{1FFFE}\u{10FFFF}";
        for c in single.chars() {
            assert_eq!(forbidden_at(&format!("好{c}")), Some((c, 3)), "{c:?}");
        }
    }

    #[test]
    fn neighbours_of_forbidden_characters_are_allowed() {
        let single = " ~\u{A0}\u{61B}\u{61D}\u{200D}\u{2010}\u{2027}\u{202F}\u{206A}\u{FDCF}\u{FDF0}\
            \u{FE70}\u{FFFD}\u{10000}\u{20000}";
        for c in single.chars() {
            assert_eq!(forbidden_at(&format!("好{c}")), None, "{c:?}");
        }
    }

    #[test]
    fn only_assigned_public_characters_are_allowed() {
        // Beside assigned ones: Greek, the CJK extensions, the ends of the private-use areas.
        for (allowed, refused) in [
            ('\u{377}', '\u{378}'),
            ('\u{37A}', '\u{379}'),
            ('\u{2064}', '\u{2065}'),
            ('\u{2A6DF}', '\u{2A6E0}'),
            ('\u{20000}', '\u{1FFFD}'),
            ('\u{D7FB}', '\u{D7FC}'),
            ('\u{D7FB}', '\u{E000}'),
            ('\u{FB00}', '\u{F8FF}'),
            ('\u{E0100}', '\u{F0000}'),
            ('\u{E01EF}', '\u{10FFFD}'),
        ] {
            assert_eq!(check(&format!("好{allowed}")), Ok(()), "{allowed:?}");
            let fault = TextFault::NotAssigned {
                character: refused,
                at: 3,
            };
            assert_eq!(check(&format!("好{refused}")), Err(fault), "{refused:?}");
        }
        let words = check("好\u{E000}").unwrap_err().to_string();
        assert!(words.starts_with("U+E000 at byte 3 is not"), "{words}");
    }

    /// A newer table lets more be signed, so a change of it is a change of the rule.
    #[test]
    fn the_version_of_unicode_is_the_one_that_the_format_names() {
        let format = include_str!("../../ledger/tlog/FORMAT.md");
        let (major, minor, _) = UNICODE_VERSION;
        assert_eq!((major, minor), (18, 0));
        assert!(format.contains(&format!("assigned in Unicode {major}.{minor}")));
    }

    #[test]
    fn plain_characters_need_no_tables() {
        let plain = ('\0'..=char::MAX).filter(|c| is_plain(*c));
        let mut count = 0;
        for c in plain {
            assert_eq!(fault_of(c, 0), None, "{c:?}");
            assert_eq!(is_nfc_quick(std::iter::once(c)), IsNormalized::Yes, "{c:?}");
            assert_eq!(
                unicode_normalization::char::canonical_combining_class(c),
                0,
                "{c:?}"
            );
            count += 1;
        }
        assert_eq!(count, 95 + 20_992 + 42 + 94);
    }

    #[test]
    fn only_normalization_form_c_is_allowed() {
        for text in [
            "e\u{301}",
            "\u{1100}\u{1161}",
            "\u{F900}",
            "\u{212B}",
            "a\u{323}\u{307}b\u{307}\u{323}",
        ] {
            assert_eq!(check(text), Err(TextFault::NotNfc), "{text:?}");
            assert_eq!(check(&to_nfc(text)), Ok(()), "{text:?}");
        }
    }
}
