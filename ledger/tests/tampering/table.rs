//! The table in the documents.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

/// Who is asked, in the table's order.
pub(crate) const OBSERVERS: [&str; 6] = [
    "start-up",
    "tail",
    "auditor",
    "auditor who remembers",
    "witness",
    "resident with a receipt",
];

/// What each observer says; none: nothing.
pub(crate) type Says = [Option<String>; OBSERVERS.len()];

/// One line: what was done, by whoever has what, and all that each said wherever it was done.
pub(crate) struct Row {
    what: &'static str,
    with: &'static str,
    says: [BTreeSet<String>; OBSERVERS.len()],
}

/// What stands where somebody finds nothing.
const NOTHING: &str = "—";

impl Row {
    pub(crate) fn new(what: &'static str, with: &'static str) -> Row {
        Row {
            what,
            with,
            says: Default::default(),
        }
    }

    /// Takes what was said of it at one place.
    pub(crate) fn add(&mut self, says: Says) {
        assert_eq!(
            self.findable().unwrap_or(is_found(&says)),
            is_found(&says),
            "{}: found at one place and not at another",
            self.what
        );
        for (all, one) in self.says.iter_mut().zip(says) {
            all.insert(one.unwrap_or_else(|| NOTHING.to_owned()));
        }
    }

    fn findable(&self) -> Option<bool> {
        let asked = self.says.iter().any(|says| !says.is_empty());
        asked.then(|| self.is_found())
    }

    /// Whether somebody finds it.
    pub(crate) fn is_found(&self) -> bool {
        let mut all = self.says.iter().flatten();
        all.any(|said| said != NOTHING)
    }
}

fn is_found(says: &Says) -> bool {
    says.iter().any(Option::is_some)
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| {} | {} |", self.what, self.with)?;
        for says in &self.says {
            let says: Vec<&str> = says.iter().map(String::as_str).collect();
            write!(f, " {} |", says.join(", "))?;
        }
        Ok(())
    }
}

fn table(rows: &[Row]) -> String {
    let columns = ["what was done", "by whoever has"];
    let head: Vec<&str> = columns.into_iter().chain(OBSERVERS).collect();
    let rule = "|---".repeat(head.len());
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    format!("| {} |\n{rule}|\n{}\n", head.join(" | "), rows.join("\n"))
}

/// Compares both tables with the document, or writes them into it where that is asked for.
pub(crate) fn compare(found: &[Row], unfound: &[Row]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("TAMPERING.md");
    let text = std::fs::read_to_string(&path).expect("the document");
    let mut renewed = text.clone();
    for (name, rows) in [("found", found), ("unfound", unfound)] {
        let (begin, end) = (
            format!("<!-- {name} -->\n"),
            format!("<!-- end of {name} -->"),
        );
        let from = renewed.find(&begin).expect("where it begins") + begin.len();
        let to = renewed.find(&end).expect("where it ends");
        renewed.replace_range(from..to, &table(rows));
    }
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, renewed).expect("the document is ours");
        return;
    }
    assert!(
        renewed == text,
        "ledger/TAMPERING.md says otherwise; what is found:\n{}\n{}",
        table(found),
        table(unfound)
    );
}
