//! items.csv and votes.csv, read row by row: what is sound becomes motions, the rest is skipped with a
//! reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
    path::Path,
};

use csv::{ByteRecord, Reader, ReaderBuilder};
use governance::{
    action::RollCallMark,
    calendar::Date,
    ids::{MotionId, PersonId},
};
use proto::limits::TITLE_LEN_MAX;

use super::{
    super::failure::Failure,
    skips::{Reason, Skips},
    text::{id_of, tidy},
};

/// A motion as the files have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileMotion {
    /// Made of the item's id.
    pub(super) id: MotionId,
    /// The item's id.
    pub(super) item: String,
    /// The day of the vote.
    pub(super) held_on: Date,
    /// What was voted on, at most [`TITLE_LEN_MAX`] bytes.
    pub(super) title: String,
    /// The whole title, where it is longer.
    pub(super) paragraphs: Vec<String>,
    /// What the minutes say of the item.
    pub(super) final_action: String,
    /// Whether the item passed, where the file says so.
    pub(super) passed: Option<bool>,
    /// Who voted what, by person.
    pub(super) votes: BTreeMap<PersonId, RollCallMark>,
}

/// Both files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Files {
    /// Sound motions with their votes, in the order of items.csv.
    pub(super) motions: Vec<FileMotion>,
    /// Everyone who voted: the name they are listed by.
    pub(super) members: BTreeMap<PersonId, String>,
    /// Rows of items.csv.
    pub(super) items_read: u64,
    /// Rows of votes.csv.
    pub(super) votes_read: u64,
}

/// Reads the directory.
pub(super) fn read(dir: &Path, skips: &mut Skips) -> Result<Files, Failure> {
    let items = open(&dir.join("items.csv"))?;
    let votes = open(&dir.join("votes.csv"))?;
    read_from(items, votes, skips)
}

fn open(path: &Path) -> Result<std::fs::File, Failure> {
    std::fs::File::open(path).map_err(|error| {
        Failure::usage(format!("cannot read {}: {error}", path.display()))
            .next("Give a directory that holds items.csv and votes.csv.")
    })
}

/// Reads two files.
pub(super) fn read_from(
    items: impl Read,
    votes: impl Read,
    skips: &mut Skips,
) -> Result<Files, Failure> {
    let mut items = Table::new(
        "items.csv",
        items,
        &["item", "date", "title", "final_action", "passed"],
    )?;
    let mut votes = Table::new("votes.csv", votes, &["item", "member", "vote"])?;
    let mut files = Files::default();
    let mut places = BTreeMap::new();
    while let Some(row) = items.next(skips)? {
        files.items_read += 1;
        match item_of(&row) {
            Ok(motion) if places.contains_key(&motion.id) => {
                skips.add(Reason::ItemTwice, motion.item);
            }
            Ok(motion) => {
                places.insert(motion.id.clone(), files.motions.len());
                files.motions.push(motion);
            }
            Err(reason) => skips.add(reason, row.place()),
        }
    }
    let mut spoilt: BTreeMap<usize, Reason> = BTreeMap::new();
    let mut without_item = BTreeSet::new();
    while let Some(row) = votes.next(skips)? {
        files.votes_read += 1;
        let place = MotionId::new(&id_of(row.get("item"))).ok();
        let place = place.and_then(|id| places.get(&id).copied());
        let Some(place) = place else {
            if without_item.insert(row.get("item").to_owned()) {
                skips.add(Reason::NoSuchItem, row.get("item"));
            }
            continue;
        };
        if let Err(reason) = add_vote(&mut files, place, &row) {
            spoilt.entry(place).or_insert(reason);
        }
    }
    keep_sound(&mut files, &spoilt, skips);
    Ok(files)
}

fn item_of(row: &Row<'_>) -> Result<FileMotion, Reason> {
    let item = tidy(row.get("item"));
    let whole = tidy(row.get("title"));
    if item.is_empty() || whole.is_empty() {
        return Err(Reason::ItemIncomplete);
    }
    let held_on = row
        .get("date")
        .trim()
        .parse()
        .map_err(|_| Reason::BadDate)?;
    let final_action = tidy(row.get("final_action"));
    let texts = [&item, &whole, &final_action];
    if texts.iter().any(|text| proto::text::check(text).is_err()) {
        return Err(Reason::TextNotAllowed);
    }
    let (title, paragraphs) = fitted(whole);
    Ok(FileMotion {
        id: MotionId::new(&id_of(&item)).map_err(|_| Reason::ItemIncomplete)?,
        item,
        held_on,
        title,
        paragraphs,
        final_action,
        passed: match row.get("passed").trim() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
        votes: BTreeMap::new(),
    })
}

/// A title that fits, and the whole where it does not.
fn fitted(whole: String) -> (String, Vec<String>) {
    if whole.len() <= TITLE_LEN_MAX {
        return (whole, Vec::new());
    }
    let ellipsis = '…';
    let mut end = TITLE_LEN_MAX - ellipsis.len_utf8();
    while !whole.is_char_boundary(end) {
        end -= 1;
    }
    let title = format!("{}{ellipsis}", whole[..end].trim_end());
    (title, vec![whole])
}

fn add_vote(files: &mut Files, place: usize, row: &Row<'_>) -> Result<(), Reason> {
    let name = tidy(row.get("member"));
    if name.is_empty() {
        return Err(Reason::NoMember);
    }
    if proto::text::check(&name).is_err() {
        return Err(Reason::TextNotAllowed);
    }
    let member = PersonId::new(&id_of(&name)).map_err(|_| Reason::NoMember)?;
    let mark = mark_of(row.get("vote").trim())?;
    let votes = &mut files.motions[place].votes;
    if votes.insert(member.clone(), mark).is_some() {
        return Err(Reason::MemberTwice);
    }
    files.members.entry(member).or_insert(name);
    Ok(())
}

fn mark_of(word: &str) -> Result<RollCallMark, Reason> {
    match word {
        "YES" => Ok(RollCallMark::For),
        "NO" => Ok(RollCallMark::Against),
        "ABST" => Ok(RollCallMark::Abstain),
        "ABSNT" => Ok(RollCallMark::Absent),
        "AWVT" => Ok(RollCallMark::Away),
        other => Err(Reason::UnknownVote(other.chars().take(20).collect())),
    }
}

/// Drops motions whose votes cannot be taken as they stand, and members that only those knew.
fn keep_sound(files: &mut Files, spoilt: &BTreeMap<usize, Reason>, skips: &mut Skips) {
    let motions = std::mem::take(&mut files.motions).into_iter().enumerate();
    for (place, motion) in motions {
        match spoilt.get(&place) {
            Some(reason) => skips.add(reason.clone(), motion.item),
            None if motion.votes.is_empty() => skips.add(Reason::NoVotes, motion.item),
            None => files.motions.push(motion),
        }
    }
    let voted: BTreeSet<&PersonId> = files.motions.iter().flat_map(|m| m.votes.keys()).collect();
    files.members.retain(|member, _| voted.contains(member));
}

/// A CSV file with the columns that are asked for.
struct Table<R> {
    name: &'static str,
    reader: Reader<R>,
    columns: BTreeMap<&'static str, usize>,
    width: usize,
}

struct Row<'a> {
    name: &'static str,
    columns: &'a BTreeMap<&'static str, usize>,
    record: csv::StringRecord,
    line: u64,
}

impl Row<'_> {
    fn get(&self, column: &str) -> &str {
        let at = self.columns.get(column);
        at.and_then(|at| self.record.get(*at)).unwrap_or("")
    }

    /// The item, or the line where there is none.
    fn place(&self) -> String {
        match self.get("item") {
            "" => format!("{} line {}", self.name, self.line),
            item => item.to_owned(),
        }
    }
}

impl<R: Read> Table<R> {
    fn new(name: &'static str, source: R, wanted: &[&'static str]) -> Result<Self, Failure> {
        let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
        let headings = reader
            .headers()
            .map_err(|error| Failure::usage(format!("{name} has no headings: {error}")))?
            .clone();
        let mut columns = BTreeMap::new();
        for column in wanted {
            // A byte order mark stands before the first heading of files that spreadsheets write.
            let named = |heading: &str| heading.trim_start_matches('\u{feff}').trim() == *column;
            let at = headings.iter().position(named).ok_or_else(|| {
                Failure::usage(format!("{name} has no column \"{column}\""))
                    .next(format!("Its first line must name: {}.", wanted.join(", ")))
            })?;
            columns.insert(*column, at);
        }
        let width = headings.len();
        Ok(Self {
            name,
            reader,
            columns,
            width,
        })
    }

    /// The next sound row; what is not one is skipped.
    fn next(&mut self, skips: &mut Skips) -> Result<Option<Row<'_>>, Failure> {
        let mut record = ByteRecord::new();
        loop {
            let more = self.reader.read_byte_record(&mut record);
            let more = more
                .map_err(|error| Failure::usage(format!("cannot read {}: {error}", self.name)))?;
            if !more {
                return Ok(None);
            }
            let line = record.position().map_or(0, csv::Position::line);
            let fits = record.len() == self.width;
            let text = csv::StringRecord::from_byte_record(record.clone());
            if let (true, Ok(record)) = (fits, text) {
                return Ok(Some(Row {
                    name: self.name,
                    columns: &self.columns,
                    record,
                    line,
                }));
            }
            skips.add(Reason::BadRow, format!("{} line {line}", self.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: &str = "item,date,agenda_number,title,section,final_action,passed\n";
    const VOTES: &str = "item,member,vote\n";

    fn reading(items: &str, votes: &str) -> (Files, Skips) {
        let mut skips = Skips::default();
        let (items, votes) = (format!("{ITEMS}{items}"), format!("{VOTES}{votes}"));
        let files = read_from(items.as_bytes(), votes.as_bytes(), &mut skips).unwrap();
        (files, skips)
    }

    #[test]
    fn every_vote_word_has_its_mark() {
        let words = "a,A,YES\na,B,NO\na,C,ABST\na,D,ABSNT\na,E,AWVT\n";
        let (files, skips) = reading("a,2024-01-10,1.,T,S,APPROVED,1\n", words);
        let marks: Vec<RollCallMark> = files.motions[0].votes.values().copied().collect();
        let all = [
            RollCallMark::For,
            RollCallMark::Against,
            RollCallMark::Abstain,
            RollCallMark::Absent,
            RollCallMark::Away,
        ];
        assert_eq!(marks, all);
        assert_eq!(skips.total(), 0);
        assert_eq!((files.items_read, files.votes_read), (1, 5));
    }

    #[test]
    fn an_item_keeps_its_words_and_its_passed() {
        let items = "a,2024-01-10,1.,\"Big,  title\",S,DEFERRED TO 6/26/24,\nb,2024-01-11,2.,T,S,DENIED,0\n";
        let (files, _) = reading(items, "a,A,YES\nb,A,YES\n");
        let [a, b] = files.motions.as_slice() else {
            panic!("two motions")
        };
        assert_eq!(a.title, "Big, title");
        assert_eq!((a.passed, b.passed), (None, Some(false)));
        assert_eq!(a.final_action, "DEFERRED TO 6/26/24");
        assert_eq!(a.held_on.to_string(), "2024-01-10");
    }

    #[test]
    fn odd_rows_are_skipped_with_a_reason_each() {
        let items = "ok,2024-01-10,,T,,,1\n\
                     ok,2024-01-10,,T,,,1\n\
                     day,2024-02-30,,T,,,1\n\
                     bare,2024-01-10,,,,,1\n\
                     bidi,2024-01-10,,a\u{202e}b,,,1\n\
                     silent,2024-01-10,,T,,,1\n\
                     word,2024-01-10,,T,,,1\n\
                     twice,2024-01-10,,T,,,1\n\
                     nobody,2024-01-10,,T,,,1\n\
                     short,2024-01-10\n";
        let votes = "ok,A,YES\n\
                     word,A,MAYBE\n\
                     twice,A,YES\n\
                     twice,A,YES\n\
                     nobody,,YES\n\
                     ghost,A,YES\n\
                     ghost,B,YES\n\
                     day,A,YES\n\
                     ok\n";
        let (files, skips) = reading(items, votes);
        let ids: Vec<&str> = files.motions.iter().map(|m| m.item.as_str()).collect();
        assert_eq!(ids, ["ok"]);
        let found: Vec<(&str, u64)> = skips
            .iter()
            .map(|(reason, skipped)| (reason.code(), skipped.count))
            .collect();
        let expected = [
            ("BAD_ROW", 2),
            ("ITEM_INCOMPLETE", 1),
            ("ITEM_TWICE", 1),
            ("BAD_DATE", 1),
            ("TEXT_NOT_ALLOWED", 1),
            ("NO_VOTES", 1),
            ("NO_SUCH_ITEM", 2),
            ("NO_MEMBER", 1),
            ("MEMBER_TWICE", 1),
            ("UNKNOWN_VOTE", 1),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_member_known_only_from_skipped_items_is_not_enrolled() {
        let items = "a,2024-01-10,,T,,,1\nb,2024-01-10,,T,,,1\n";
        let (files, _) = reading(items, "a,Ada,YES\nb,Bob,YES\nb,Bob,NO\n");
        let members: Vec<&str> = files.members.keys().map(PersonId::as_str).collect();
        assert_eq!(members, ["ada"]);
    }

    #[test]
    fn a_missing_column_and_a_missing_file_are_usage() {
        let mut skips = Skips::default();
        let items = read_from("item,date\n".as_bytes(), VOTES.as_bytes(), &mut skips);
        let failure = items.unwrap_err();
        assert!(failure.what().contains("items.csv has no column \"title\""));
        assert!(read(Path::new("/nowhere/at/all"), &mut skips).is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_skipped() {
        let mut skips = Skips::default();
        let items = [ITEMS.as_bytes(), b"a,2024-01-10,,\xff\xfe,,,1\n"].concat();
        let files = read_from(items.as_slice(), VOTES.as_bytes(), &mut skips).unwrap();
        assert!(files.motions.is_empty());
        let found: Vec<&Reason> = skips.iter().map(|(reason, _)| reason).collect();
        assert_eq!(found, [&Reason::BadRow]);
    }

    #[test]
    fn a_title_too_long_is_cut_and_kept_whole_beside() {
        let long = "é".repeat(TITLE_LEN_MAX / 2 + 1);
        let (title, paragraphs) = fitted(long.clone());
        assert!(title.len() <= TITLE_LEN_MAX && title.ends_with('…'));
        assert_eq!(paragraphs, [long]);
        let just = "é".repeat(TITLE_LEN_MAX / 2);
        assert_eq!(fitted(just.clone()), (just, vec![]));
    }
}
