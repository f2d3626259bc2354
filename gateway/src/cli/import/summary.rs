//! What an import came to.

use std::time::Duration;

use serde_json::{Value, json};

use super::{
    super::{failure::Failure, output},
    skips::Skips,
};

/// How many of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Recorded now.
    pub(super) recorded: u64,
    /// There before.
    pub(super) there: u64,
}

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Summary {
    pub(super) ledger: String,
    pub(super) items_read: u64,
    pub(super) votes_read: u64,
    pub(super) members: Counts,
    pub(super) offices: Counts,
    pub(super) rolls: Counts,
    pub(super) calls: Counts,
    pub(super) skips: Skips,
    /// Decided motions whose tally equals the file's votes.
    pub(super) tallies_equal: u64,
    /// Decided motions whose tally does not.
    pub(super) tallies_differ: Vec<String>,
    /// Recorded motions that have no outcome yet.
    pub(super) undecided: u64,
    /// Decided motions of which the file says whether the item passed.
    pub(super) passed_compared: u64,
    /// Those where it says otherwise than the outcome.
    pub(super) passed_differ: Vec<String>,
    pub(super) elapsed: Duration,
}

/// How many motions are named one by one in a sentence.
const NAMED_MAX: usize = 10;

impl Summary {
    /// Tells it, and fails where the ledger's tallies are not the file's.
    pub(super) fn tell(&self, as_json: bool) -> Result<(), Failure> {
        if as_json {
            output::json(&self.json())?;
        } else {
            self.tell_people()?;
        }
        if self.tallies_differ.is_empty() {
            return Ok(());
        }
        let named = named(&self.tallies_differ);
        Err(Failure::finding(format!(
            "the ledger's tally differs from the file's votes on {named}"
        ))
        .next("Compare with: govledger query decision MOTION"))
    }

    fn tell_people(&self) -> Result<(), Failure> {
        output::rows(&self.counts(), "")?;
        if self.skips.total() > 0 {
            output::line("\nSkipped:")?;
            output::rows(&self.skipped(), "")?;
        }
        output::line("")?;
        for sentence in self.sentences() {
            output::line(&sentence)?;
        }
        Ok(())
    }

    fn counts(&self) -> comfy_table::Table {
        let mut table = output::table(&["", "recorded", "already recorded"]);
        let rows = [
            ("members", self.members),
            ("offices", self.offices),
            ("rolls", self.rolls),
            ("roll calls", self.calls),
        ];
        for (name, counts) in rows {
            let (recorded, there) = (
                output::number(counts.recorded),
                output::number(counts.there),
            );
            table.add_row([name.into(), recorded, there]);
        }
        table
    }

    fn skipped(&self) -> comfy_table::Table {
        let mut table = output::table(&["reason", "how many", "where", "what it means"]);
        for (reason, skipped) in self.skips.iter() {
            let more = skipped.count > u64::try_from(skipped.examples.len()).unwrap_or(u64::MAX);
            let dots = if more { ", …" } else { "" };
            table.add_row([
                reason.code().into(),
                output::number(skipped.count),
                format!("{}{dots}", skipped.examples.join(", ")).into(),
                skipped
                    .said
                    .clone()
                    .unwrap_or_else(|| reason.meaning())
                    .into(),
            ]);
        }
        table
    }

    fn sentences(&self) -> Vec<String> {
        let mut told = Vec::new();
        let recorded = self.members.recorded + self.offices.recorded + self.rolls.recorded;
        let ledger = &self.ledger;
        if recorded + self.calls.recorded == 0 && self.calls.there > 0 {
            told.push(format!(
                "Already recorded: nothing was added to ledger {ledger}."
            ));
        } else {
            told.push(format!(
                "{} and {} were read; {} recorded in {:.1} s.",
                output::counted(self.items_read, "item", "items"),
                output::counted(self.votes_read, "vote", "votes"),
                output::counted(self.calls.recorded, "roll call was", "roll calls were"),
                self.elapsed.as_secs_f64(),
            ));
        }
        let decided = self.tallies_equal + count(&self.tallies_differ);
        told.push(format!(
            "{} of {} derived tallies equal the file's votes.",
            output::grouped(self.tallies_equal),
            output::grouped(decided),
        ));
        if self.undecided > 0 {
            let undecided = output::counted(self.undecided, "motion has", "motions have");
            told.push(format!(
                "{undecided} no outcome yet; the ledger derives it in a moment."
            ));
        }
        if self.passed_compared > 0 {
            told.push(self.passed());
        }
        told
    }

    fn passed(&self) -> String {
        let compared = output::grouped(self.passed_compared);
        if self.passed_differ.is_empty() {
            return format!("All {compared} outcomes agree with the file's `passed`.");
        }
        format!(
            "{} of {compared} outcomes differ from the file's `passed`, which speaks of the item and \
             not of the motion that was voted on (an item denied by an adopted motion to deny reads \
             0): {}.",
            output::grouped(count(&self.passed_differ)),
            named(&self.passed_differ),
        )
    }

    fn json(&self) -> Value {
        let counts =
            |counts: Counts| json!({"recorded": counts.recorded, "already_recorded": counts.there});
        json!({
            "ledger": self.ledger,
            "items_read": self.items_read,
            "votes_read": self.votes_read,
            "members": counts(self.members),
            "offices": counts(self.offices),
            "rolls": counts(self.rolls),
            "roll_calls": counts(self.calls),
            "skipped": self.skips.json(),
            "tallies_equal": self.tallies_equal,
            "tallies_differ": self.tallies_differ,
            "undecided": self.undecided,
            "passed_compared": self.passed_compared,
            "passed_differ": self.passed_differ,
            "elapsed_ms": u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

fn count(list: &[String]) -> u64 {
    u64::try_from(list.len()).unwrap_or(u64::MAX)
}

fn named(list: &[String]) -> String {
    let first = list
        .iter()
        .take(NAMED_MAX)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match list.len().checked_sub(NAMED_MAX) {
        Some(more) if more > 0 => format!("{first} and {more} more"),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(recorded: u64, there: u64) -> Summary {
        Summary {
            ledger: "dallas".to_owned(),
            calls: Counts { recorded, there },
            tallies_equal: recorded + there,
            ..Summary::default()
        }
    }

    #[test]
    fn a_second_import_says_that_nothing_was_added() {
        let told = summary(0, 40).sentences();
        assert_eq!(
            told[0],
            "Already recorded: nothing was added to ledger dallas."
        );
        assert!(summary(1, 39).sentences()[0].contains("1 roll call was recorded"));
    }

    #[test]
    fn a_tally_that_differs_is_a_finding() {
        let mut summary = summary(1, 0);
        summary.tallies_differ = vec!["m-1".to_owned()];
        assert_eq!(
            summary.sentences()[1],
            "1 of 2 derived tallies equal the file's votes."
        );
    }

    #[test]
    fn many_are_named_in_part() {
        let list: Vec<String> = (0..12).map(|n| n.to_string()).collect();
        assert_eq!(named(&list), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more");
        assert_eq!(named(&list[..2]), "0, 1");
    }
}
