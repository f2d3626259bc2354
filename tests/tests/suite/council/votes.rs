//! The files, counted independently of the program.

use std::collections::BTreeMap;
use std::path::Path;

use proto::v1::RollCallMark;

/// How many sit in the council of the files.
const MEMBERS: usize = 15;

/// The files of a year.
#[derive(Debug)]
pub(crate) struct Votes {
    /// Rows of items.csv.
    pub(crate) items_read: u64,
    /// Rows of votes.csv.
    pub(crate) ballots_read: u64,
    /// The items on which every member is listed.
    pub(crate) whole: BTreeMap<String, Item>,
    /// The items on which some are missing.
    pub(crate) fragments: Vec<String>,
}

/// An item and the votes on it.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) held_on: String,
    pub(crate) final_action: String,
    pub(crate) counted: Counted,
    /// Person and mark, in order.
    pub(crate) marks: Vec<(String, i32)>,
}

/// How often each word stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) in_favour: u64,
    pub(crate) against: u64,
    pub(crate) abstaining: u64,
    /// All day, or when the vote was taken.
    pub(crate) absent: u64,
}

impl Counted {
    /// Whether more than half of all members attended, and more than half of those for and against
    /// were for it.
    pub(crate) fn carries(self) -> bool {
        let attending = self.in_favour + self.against + self.abstaining;
        attending * 2 > attending + self.absent && self.in_favour > self.against
    }

    fn count(&mut self, word: &str) -> RollCallMark {
        let (count, mark) = match word {
            "YES" => (&mut self.in_favour, RollCallMark::For),
            "NO" => (&mut self.against, RollCallMark::Against),
            "ABST" => (&mut self.abstaining, RollCallMark::Abstain),
            "ABSNT" => (&mut self.absent, RollCallMark::Absent),
            "AWVT" => (&mut self.absent, RollCallMark::Away),
            other => panic!("the files say {other}"),
        };
        *count += 1;
        mark
    }
}

impl Votes {
    /// Reads the files of a directory.
    pub(crate) fn read(directory: &Path) -> Votes {
        let items = rows(&directory.join("items.csv"));
        let votes = rows(&directory.join("votes.csv"));
        let mut whole: BTreeMap<String, Item> = items
            .iter()
            .map(|row| {
                let item = Item {
                    held_on: row["date"].clone(),
                    final_action: tidy(&row["final_action"]),
                    counted: Counted::default(),
                    marks: Vec::new(),
                };
                (row["item"].clone(), item)
            })
            .collect();
        for vote in &votes {
            let item = whole.get_mut(&vote["item"]).expect("a vote on an item");
            let mark = item.counted.count(&vote["vote"]);
            let person = vote["member"].to_lowercase().replace(' ', "-");
            item.marks.push((person, mark.into()));
        }
        for item in whole.values_mut() {
            item.marks.sort();
        }
        let missing = |item: &Item| item.marks.len() < MEMBERS;
        let fragments = whole.iter().filter(|(_, item)| missing(item));
        let fragments: Vec<String> = fragments.map(|(name, _)| name.clone()).collect();
        whole.retain(|_, item| !missing(item));
        Votes {
            items_read: items.len() as u64,
            ballots_read: votes.len() as u64,
            whole,
            fragments,
        }
    }
}

/// A text with single spaces, as an importer writes it.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows of a file, by heading.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("the file is shipped");
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a sound row")).collect()
}
