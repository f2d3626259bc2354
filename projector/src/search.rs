//! The full-text index of one ledger: in memory, made of public texts, and thrown away with the process.
//!
//! It is no view: views hold no erasable text, and so no index of one either. It is made when it is first asked
//! for, from the view of texts and the content store, and brought up to date by who asks. Nothing of an erased text
//! outlives the process in it, and who asks looks every hit up in the content store before showing it.
//!
//! [tantivy] keeps the postings, ranks (BM25) and finds phrases. This is the only file that names it. It is built
//! without its parts for disks, compression and other languages. What a word is, `words` says.

mod words;

use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::{
        FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
    },
    tokenizer::{PreTokenizedString, Token},
};

use words::Word;
pub use words::{SnippetPart, Wanted, WantedError};

/// Memory of the writer while it works: tantivy's own least.
const WRITER_BYTES: usize = 15_000_000;

/// How much more a word counts in a title: enough that a title as long as a sentence, among short ones, still does.
const TITLE_BOOST: f32 = 3.0;

/// What keeps the index from working.
#[derive(Debug, thiserror::Error)]
#[error("the full-text index fails: {0}")]
pub struct SearchError(#[from] TantivyError);

/// A text to be found.
#[derive(Clone, Debug)]
pub struct Searchable {
    /// A later text of the same key takes its place.
    pub key: String,
    /// The entry it is of.
    pub index: u64,
    /// Which of the entry's texts, from 0.
    pub part: u64,
    /// What it is called; may be empty.
    pub title: String,
    /// What it says.
    pub text: String,
}

/// Where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The entry.
    pub index: u64,
    /// Which of its texts, from 0.
    pub part: u64,
}

/// The index.
pub struct SearchIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    next: u64,
}

#[derive(Clone, Copy)]
struct Fields {
    key: Field,
    title: Field,
    text: Field,
    entry: Field,
    part: Field,
}

const ENTRY: &str = "entry";
const PART: &str = "part";

impl SearchIndex {
    /// An index of nothing.
    pub fn new() -> Result<Self, SearchError> {
        let mut schema = Schema::builder();
        let phrases =
            TextFieldIndexing::default().set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let texts = TextOptions::default().set_indexing_options(phrases);
        let fields = Fields {
            key: schema.add_text_field("key", STRING),
            title: schema.add_text_field("title", texts.clone()),
            text: schema.add_text_field("text", texts),
            entry: schema.add_u64_field(ENTRY, FAST | INDEXED),
            part: schema.add_u64_field(PART, FAST),
        };
        let index = Index::create_in_ram(schema.build());
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            index,
            reader,
            fields,
            next: 0,
        })
    }

    /// The first entry it does not know.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes in texts of entries before `next`, each in the place of an earlier one of its key. Blocks.
    pub fn add(&mut self, texts: &[Searchable], next: u64) -> Result<(), SearchError> {
        self.change(texts, |index, writer| {
            for text in texts {
                writer.delete_term(Term::from_field_text(index.fields.key, &text.key));
                writer.add_document(index.document(text))?;
            }
            Ok(())
        })?;
        self.next = next;
        Ok(())
    }

    /// Takes texts out for good. Blocks.
    pub fn forget(&mut self, keys: &[String]) -> Result<(), SearchError> {
        self.change(keys, |index, writer| {
            for key in keys {
                writer.delete_term(Term::from_field_text(index.fields.key, key));
            }
            Ok(())
        })
    }

    fn change<T>(
        &self,
        what: &[T],
        change: impl FnOnce(&Self, &IndexWriter) -> Result<(), TantivyError>,
    ) -> Result<(), SearchError> {
        if what.is_empty() {
            return Ok(());
        }
        let mut writer = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        change(self, &writer)?;
        writer.commit()?;
        // Few segments, and none that still holds what was taken out.
        writer.wait_merging_threads()?;
        Ok(self.reader.reload()?)
    }

    fn document(&self, text: &Searchable) -> TantivyDocument {
        let mut document = TantivyDocument::new();
        document.add_text(self.fields.key, &text.key);
        document.add_pre_tokenized_text(self.fields.title, tokenized(&text.title));
        document.add_pre_tokenized_text(self.fields.text, tokenized(&text.text));
        document.add_u64(self.fields.entry, text.index);
        document.add_u64(self.fields.part, text.part);
        document
    }

    /// Where all that is wanted is found, the most relevant first. Blocks.
    pub fn find(
        &self,
        wanted: &Wanted,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<Found>, SearchError> {
        let searcher = self.reader.searcher();
        let best = TopDocs::with_limit(limit.max(1)).and_offset(offset);
        let hits = searcher.search(&self.query(wanted), &best.order_by_score())?;
        let mut found = Vec::with_capacity(hits.len());
        for (_, address) in hits {
            let columns = searcher.segment_reader(address.segment_ord).fast_fields();
            let at = |name: &str| -> Result<u64, TantivyError> {
                let column = columns.u64(name)?;
                Ok(column.first(address.doc_id).unwrap_or_default())
            };
            found.push(Found {
                index: at(ENTRY)?,
                part: at(PART)?,
            });
        }
        Ok(found)
    }

    /// Every phrase, in the title or in the text.
    fn query(&self, wanted: &Wanted) -> BooleanQuery {
        let either = |phrase: &Vec<Word>| -> Box<dyn Query> {
            let title = phrase_query(self.fields.title, phrase);
            let title: Box<dyn Query> = Box::new(BoostQuery::new(title, TITLE_BOOST));
            let text = phrase_query(self.fields.text, phrase);
            Box::new(BooleanQuery::union(vec![title, text]))
        };
        let phrases = wanted.phrases().iter();
        BooleanQuery::new(
            phrases
                .map(|phrase| (Occur::Must, either(phrase)))
                .collect(),
        )
    }
}

fn phrase_query(field: Field, phrase: &[Word]) -> Box<dyn Query> {
    let mut terms: Vec<Term> = phrase
        .iter()
        .map(|word| Term::from_field_text(field, &word.text))
        .collect();
    if terms.len() == 1 {
        let term = terms.remove(0);
        return Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
    }
    Box::new(PhraseQuery::new(terms))
}

fn tokenized(text: &str) -> PreTokenizedString {
    let tokens = words::of(text).into_iter().enumerate();
    let token = |(position, word): (usize, Word)| Token {
        offset_from: word.from,
        offset_to: word.to,
        position,
        text: word.text,
        position_length: 1,
    };
    PreTokenizedString {
        text: String::new(),
        tokens: tokens.map(token).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(key: &str, index: u64, title: &str, text: &str) -> Searchable {
        Searchable {
            key: key.to_owned(),
            index,
            part: 0,
            title: title.to_owned(),
            text: text.to_owned(),
        }
    }

    fn found(index: &SearchIndex, query: &str) -> Vec<u64> {
        let wanted: Wanted = query.parse().expect("a query");
        let hits = index.find(&wanted, 0, 10).expect("it works");
        hits.iter().map(|hit| hit.index).collect()
    }

    fn filled() -> SearchIndex {
        let mut index = SearchIndex::new().expect("an index");
        let texts = [
            text(
                "motion/1",
                1,
                "利用公共绿地经营停车",
                "在东侧公共绿地划出二十个停车位。",
            ),
            text(
                "motion/2",
                2,
                "Paid parking",
                "Cars are parked along the north road.",
            ),
            text("said/3", 3, "", "停车难，绿地少。"),
        ];
        index.add(&texts, 4).expect("it is taken in");
        index
    }

    #[test]
    fn chinese_is_found_by_any_run_of_characters_and_not_by_scattered_ones() {
        let index = filled();
        assert_eq!(found(&index, "停车"), [1, 3], "a title counts more");
        assert_eq!(found(&index, "公共绿地"), [1]);
        assert_eq!(found(&index, "绿地 停车难"), [3], "all that is wanted");
        assert_eq!(found(&index, "停地"), [0; 0]);
        assert_eq!(found(&index, "车"), [1, 3]);
    }

    #[test]
    fn english_is_found_whatever_the_ending_and_the_capitals() {
        let index = filled();
        assert_eq!(found(&index, "PARK"), [2]);
        assert_eq!(found(&index, "car roads"), [2]);
        assert_eq!(found(&index, "north-road"), [2], "a phrase");
        assert_eq!(found(&index, "road-north"), [0; 0]);
    }

    #[test]
    fn a_later_text_takes_the_place_of_an_earlier_and_a_forgotten_one_is_gone() {
        let mut index = filled();
        let amended = [text("motion/1", 9, "种树", "在东侧种树。")];
        index.add(&amended, 10).expect("it is taken in");
        assert_eq!(found(&index, "停车"), [3]);
        assert_eq!(found(&index, "东侧"), [9]);
        index.forget(&["said/3".to_owned()]).expect("it is out");
        assert_eq!(found(&index, "停车"), [0; 0]);
        assert_eq!(index.next(), 10);
    }

    #[test]
    fn pages_follow_each_other() {
        let mut index = SearchIndex::new().expect("an index");
        let texts: Vec<Searchable> = (0..5)
            .map(|n| text(&format!("said/{n}"), n, "", "同意"))
            .collect();
        index.add(&texts, 5).expect("they are taken in");
        let wanted: Wanted = "同意".parse().expect("a query");
        let mut seen = Vec::new();
        for offset in [0, 2, 4, 6] {
            let page = index.find(&wanted, offset, 2).expect("it works");
            seen.extend(page.iter().map(|hit| hit.index));
        }
        seen.sort_unstable();
        assert_eq!(seen, [0, 1, 2, 3, 4]);
    }
}
