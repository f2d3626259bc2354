//! What a word is, in Chinese and in English.
//!
//! Chinese has no spaces, and what its words are is a guess: a dictionary that cuts 业主大会 in one place where the
//! text has it and in another where the question has it finds nothing, and names of people and places are in none.
//! So every character is a word, and a run of characters is looked for as a phrase: what is typed is found wherever
//! it stands, and no dictionary of some megabytes has to be kept. English words are small letters without their
//! endings (Snowball's stemmer), so that "parking" finds "parked".

use std::str::FromStr;

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer, TokenStream as _};

/// Longest question, in characters: a sentence or two.
const WANTED_LEN_MAX: usize = 200;

/// Most phrases in a question.
const PHRASES_MAX: usize = 16;

/// Characters shown before and after what was found.
const AROUND: usize = 60;

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// As it is compared.
    pub(crate) text: String,
    /// Where it begins and ends in the text, in bytes.
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// The words of a text, in order.
pub(crate) fn of(text: &str) -> Vec<Word> {
    let mut stemmer = TextAnalyzer::builder(RawTokenizer::default())
        .filter(Stemmer::new(Language::English))
        .build();
    let mut words = Vec::new();
    let mut begun: Option<usize> = None;
    let mut end = |from: Option<usize>, to: usize, words: &mut Vec<Word>| {
        if let Some(from) = from {
            words.push(Word {
                text: stemmed(&mut stemmer, &text[from..to]),
                from,
                to,
            });
        }
    };
    for (at, character) in text.char_indices() {
        if character.is_alphanumeric() && !stands_alone(character) {
            begun = begun.or(Some(at));
            continue;
        }
        end(begun.take(), at, &mut words);
        if stands_alone(character) {
            words.push(Word {
                text: character.to_string(),
                from: at,
                to: at + character.len_utf8(),
            });
        }
    }
    end(begun, text.len(), &mut words);
    words
}

fn stemmed(stemmer: &mut TextAnalyzer, word: &str) -> String {
    let small = word.to_lowercase();
    if !small.is_ascii() {
        return small;
    }
    let mut stream = stemmer.token_stream(&small);
    let stem = stream.advance().then(|| stream.token().text.clone());
    stem.unwrap_or_default()
}

/// Whether a character is a word by itself: of Chinese, Japanese and Korean, which put no spaces between words or
/// need not.
const fn stands_alone(character: char) -> bool {
    matches!(character,
        '\u{3005}'..='\u{3007}'      // 々 〆 〇
        | '\u{3040}'..='\u{30ff}'    // kana
        | '\u{3400}'..='\u{4dbf}'    // ideographs, extension A
        | '\u{4e00}'..='\u{9fff}'    // ideographs
        | '\u{ac00}'..='\u{d7af}'    // hangul
        | '\u{f900}'..='\u{faff}'    // compatibility ideographs
        | '\u{20000}'..='\u{3ffff}'  // further extensions
    )
}

/// What somebody looks for: phrases, parted by spaces, all of which must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    phrases: Vec<Vec<Word>>,
}

/// Nothing can be looked for by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WantedError {
    /// There is no word in it.
    #[error("there is no word in it")]
    Empty,
    /// It is too long.
    #[error("it has {found} characters, and at most {WANTED_LEN_MAX} are looked for")]
    Long {
        /// How long.
        found: usize,
    },
}

impl FromStr for Wanted {
    type Err = WantedError;

    fn from_str(text: &str) -> Result<Self, WantedError> {
        let found = text.chars().count();
        if found > WANTED_LEN_MAX {
            return Err(WantedError::Long { found });
        }
        let phrases: Vec<Vec<Word>> = text
            .split_whitespace()
            .map(of)
            .filter(|phrase| !phrase.is_empty())
            .take(PHRASES_MAX)
            .collect();
        if phrases.is_empty() {
            return Err(WantedError::Empty);
        }
        Ok(Self { phrases })
    }
}

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnippetPart {
    /// As it stands in the text.
    pub text: String,
    /// Whether it is what was looked for.
    pub wanted: bool,
}

impl Wanted {
    pub(crate) fn phrases(&self) -> &[Vec<Word>] {
        &self.phrases
    }

    /// The part of a text around the first of what is wanted in it, in pieces; from its beginning where nothing is.
    pub fn snippet(&self, text: &str) -> Vec<SnippetPart> {
        let matches = self.matches(text);
        let first = matches.first().map_or(0, |(from, _)| *from);
        let from = back(text, first, AROUND);
        let until = forth(text, first, AROUND * 2);
        let mut parts = Vec::new();
        let mut at = from;
        let mut push = |text: &str, wanted| {
            if !text.is_empty() {
                let text = text.to_owned();
                parts.push(SnippetPart { text, wanted });
            }
        };
        for (begin, end) in matches {
            if begin < at || end > until {
                continue;
            }
            push(&text[at..begin], false);
            push(&text[begin..end], true);
            at = end;
        }
        push(&text[at..until], false);
        parts
    }

    /// Where the phrases stand in a text, in order.
    fn matches(&self, text: &str) -> Vec<(usize, usize)> {
        let words = of(text);
        let mut matches = Vec::new();
        for phrase in &self.phrases {
            for window in words.windows(phrase.len()) {
                let same = window
                    .iter()
                    .zip(phrase)
                    .all(|(one, other)| one.text == other.text);
                if let (true, Some(first), Some(last)) = (same, window.first(), window.last()) {
                    matches.push((first.from, last.to));
                }
            }
        }
        matches.sort_unstable();
        matches
    }
}

/// So many characters before a place.
fn back(text: &str, at: usize, characters: usize) -> usize {
    let mut before = text[..at].char_indices().rev().take(characters);
    before.by_ref().last().map_or(at, |(from, _)| from)
}

/// So many characters after a place.
fn forth(text: &str, at: usize, characters: usize) -> usize {
    let after = text[at..].char_indices().nth(characters);
    after.map_or(text.len(), |(offset, _)| at + offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        of(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn characters_are_words_and_words_lose_their_endings() {
        assert_eq!(texts("3号楼停车"), ["3", "号", "楼", "停", "车"]);
        assert_eq!(texts("Parking, PARKED — parks!"), ["park", "park", "park"]);
        assert_eq!(texts("民法典278条"), ["民", "法", "典", "278", "条"]);
        assert_eq!(texts("Café ，。"), ["café"]);
        assert_eq!(texts(""), [""; 0]);
        let words = of("a 停");
        assert_eq!((words[1].from, words[1].to), (2, 5));
    }

    #[test]
    fn a_question_has_words_and_is_not_a_book() {
        assert_eq!("  ，。".parse::<Wanted>(), Err(WantedError::Empty));
        let long = "停".repeat(201);
        assert_eq!(
            long.parse::<Wanted>(),
            Err(WantedError::Long { found: 201 })
        );
        assert!("停".repeat(200).parse::<Wanted>().is_ok());
    }

    #[test]
    fn a_snippet_shows_what_was_looked_for_among_its_neighbours() {
        let wanted: Wanted = "停车 tree".parse().expect("a question");
        let told = |text: &str| -> String {
            let parts = wanted.snippet(text).into_iter();
            parts
                .map(|part| {
                    if part.wanted {
                        format!("[{}]", part.text)
                    } else {
                        part.text
                    }
                })
                .collect()
        };
        assert_eq!(told("东侧停车，种 Trees。"), "东侧[停车]，种 [Trees]。");
        assert_eq!(told("什么也没有"), "什么也没有");
        let far = format!("{}停车{}", "甲".repeat(500), "乙".repeat(500));
        let shown = told(&far);
        assert!(shown.contains("[停车]"));
        assert_eq!(shown.chars().count(), AROUND + 2 * AROUND + 2);
    }
}
