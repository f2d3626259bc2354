//! `govledger charter`: charters as files that a secretary can write and read.

mod amend;
mod file;
mod section;
mod words;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use governance::{
    charter::{DecisionRule, Measure, MeasureKind},
    charter_diff::difference,
    explanation::Explanation,
};
use serde_json::json;

pub(crate) use file::{CharterFile, parse};

use super::{failure::Failure, output};

/// Longest charter file, in bytes: a charter must fit the founding entry, and comments may be many times
/// as long.
const FILE_LEN_MAX: u64 = 1024 * 1024;

/// Charters as files
#[derive(Args)]
pub(crate) struct CharterArgs {
    #[command(subcommand)]
    command: CharterCommand,
}

#[derive(Subcommand)]
enum CharterCommand {
    Check(CheckArgs),
    Diff(DiffArgs),
    Amend(amend::AmendArgs),
}

/// Check a charter file, and say what is wrong with it line by line
#[derive(Args)]
struct CheckArgs {
    /// The file (TOML); examples are in deploy/charters
    file: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Compare two charter files, rule by rule
#[derive(Args)]
struct DiffArgs {
    /// The charter as it is (TOML)
    before: PathBuf,
    /// The charter as it is to be (TOML)
    after: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &CharterArgs) -> Result<(), Failure> {
    match &args.command {
        CharterCommand::Check(args) => check(args),
        CharterCommand::Diff(args) => diff(args),
        CharterCommand::Amend(args) => amend::run(args).await,
    }
}

/// Reads a charter file; the failure names every fault with its line.
pub(crate) fn read(path: &Path) -> Result<CharterFile, Failure> {
    let shown = path.display();
    parse(&text(path)?).map_err(|faults| {
        let count = output::counted(
            u64::try_from(faults.len()).unwrap_or(u64::MAX),
            "fault",
            "faults",
        );
        let say = output::in_readers_language;
        let lines: Vec<String> = faults
            .iter()
            .map(|fault| {
                format!(
                    "{shown}:{}: {}",
                    fault.line,
                    say(&fault.what, &fault.what_zh)
                )
            })
            .collect();
        let what = format!("{shown} is no charter: {count}");
        let what_zh = format!("{shown} 不是有效的章程：{} 处错误", faults.len());
        Failure::finding(say(&what, &what_zh).to_owned())
            .because(lines.join("\n"))
            .next(say(
                "Correct these lines, then check it again: govledger charter check FILE",
                "请更正这些行，再检查：govledger charter check FILE",
            ))
    })
}

fn text(path: &Path) -> Result<String, Failure> {
    let shown = path.display();
    let unreadable = |why: String| Failure::usage(format!("cannot read {shown}")).because(why);
    let about = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if about.len() > FILE_LEN_MAX {
        return Err(unreadable(format!(
            "it is longer than {FILE_LEN_MAX} bytes"
        )));
    }
    std::fs::read_to_string(path).map_err(|error| unreadable(error.to_string()))
}

fn check(args: &CheckArgs) -> Result<(), Failure> {
    if args.json {
        let faults = parse(&text(&args.file)?).err().unwrap_or_default();
        let lines: Vec<_> = faults
            .iter()
            .map(|fault| json!({"line": fault.line, "what": fault.what, "what_zh": fault.what_zh}))
            .collect();
        output::json(&json!({"valid": lines.is_empty(), "faults": lines}))?;
        return match lines.len() {
            0 => Ok(()),
            _ => Err(Failure::finding(format!(
                "{} is no charter",
                args.file.display()
            ))),
        };
    }
    let file = read(&args.file)?;
    let charter = &file.charter;
    output::line(&format!(
        "{} is a charter: {}",
        args.file.display(),
        charter.title
    ))?;
    output::line("")?;
    let mut table = output::table(&["rule", "body", "quorum", "approval", "by"]);
    for rule in &charter.rules {
        table.add_row([
            rule.id.to_string(),
            rule.body.to_string(),
            each(rule, |measure| measure.quorum.to_string()),
            each(rule, |measure| measure.approval.to_string()),
            rule.citation.clone(),
        ]);
    }
    output::rows(&table, "")
}

fn diff(args: &DiffArgs) -> Result<(), Failure> {
    let (before, after) = (read(&args.before)?.charter, read(&args.after)?.charter);
    let found = difference(&before, &after);
    if args.json {
        let lines: Vec<_> = found
            .iter()
            .map(|d| {
                let said = d.explain();
                json!({"rule": d.rule.as_ref().map(|(rule, _)| rule.to_string()), "field": d.field,
                    "before": d.before.english, "after": d.after.english, "citation": d.citation,
                    "explanation": said.english, "explanation_zh": said.chinese})
            })
            .collect();
        return output::json(&json!({"differences": lines}));
    }
    let mut table = output::table(&["rule", "what", "before", "after", "by"]);
    for difference in &found {
        let rule = difference.rule.as_ref();
        table.add_row([
            rule.map_or("(the charter)", |(rule, _)| rule.as_str()),
            difference.field,
            in_words(&difference.before),
            in_words(&difference.after),
            &difference.citation,
        ]);
    }
    output::rows(&table, "They say the same.")
}

fn in_words(said: &Explanation) -> &str {
    output::in_readers_language(&said.english, &said.chinese)
}

/// By heads; and by area, where that counts too.
fn each(rule: &DecisionRule, threshold: impl Fn(&Measure) -> String) -> String {
    let parts = rule.measures.iter().map(|measure| {
        let of = match measure.kind {
            MeasureKind::Heads => "heads",
            MeasureKind::Area => "area",
        };
        format!("{} of {of}", threshold(measure))
    });
    parts.collect::<Vec<_>>().join(" and ")
}
