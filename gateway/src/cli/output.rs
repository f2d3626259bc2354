//! What commands print: tables for people, JSON for programs, progress on standard error.

use std::{
    io::{self, ErrorKind, IsTerminal as _, Write as _},
    time::Duration,
};

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, TableComponent, presets};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use prost::{Message, Name};
use serde_json::Value;

use super::failure::Failure;

/// Writes bytes to standard output as they are.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let written = out.write_all(bytes).and_then(|()| out.flush());
    match written {
        // The reader has seen enough, as `head` does.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => Err(Failure::unavailable(format!(
            "cannot write to standard output: {error}"
        ))),
        Ok(()) => Ok(()),
    }
}

/// Writes a line to standard output.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    bytes(format!("{text}\n").as_bytes())
}

/// Writes JSON to standard output, indented.
pub(crate) fn json(value: &Value) -> Result<(), Failure> {
    line(&format!("{value:#}"))
}

/// Writes a message to standard output by the protobuf JSON mapping.
pub(crate) fn message<M: Message + Name>(message: &M) -> Result<(), Failure> {
    json(&message_value(message)?)
}

/// A message by the protobuf JSON mapping.
pub(crate) fn message_value<M: Message + Name>(message: &M) -> Result<Value, Failure> {
    proto::message_to_json(message)
        .map_err(|error| Failure::unavailable(format!("cannot write the answer as JSON: {error}")))
}

/// A table with these headings: as wide as the terminal, or as wide as it must be in a file.
pub(crate) fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_style(TableComponent::HeaderLines, '─')
        .set_style(TableComponent::MiddleHeaderIntersections, '─')
        .set_header(headings.iter().copied());
    if io::stdout().is_terminal() {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    }
    table
}

/// Prints a table, or that there is nothing in it.
pub(crate) fn rows(table: &Table, nothing: &str) -> Result<(), Failure> {
    if table.is_empty() {
        line(nothing)
    } else {
        line(&table.trim_fmt())
    }
}

/// A number in a table, with thousands apart.
pub(crate) fn number(n: u64) -> Cell {
    Cell::new(grouped(n)).set_alignment(CellAlignment::Right)
}

/// A number with thousands apart: 19,186.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Chinese where the environment asks for it, and there is any.
pub(crate) fn in_readers_language<'a>(english: &'a str, chinese: &'a str) -> &'a str {
    if reads_chinese() && !chinese.is_empty() {
        chinese
    } else {
        english
    }
}

/// Whether the environment asks for Chinese, by the variables of locales in their order (POSIX 8.2).
pub(crate) fn reads_chinese() -> bool {
    let chosen = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| {
        let value = std::env::var(name).ok();
        value.filter(|value| !value.is_empty())
    });
    chosen.is_some_and(|language| language.starts_with("zh"))
}

/// What a request leaves empty where nothing was given.
pub(crate) fn optional(value: Option<&impl ToString>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
}

/// "1 entry", "2 entries".
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    let noun = if n == 1 { one } else { many };
    format!("{} {noun}", grouped(n))
}

/// A text cut to so many characters, with an ellipsis where something is missing.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A progress bar on standard error, drawn only on a terminal.
pub(crate) fn progress(total: u64, noun: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let shape = format!(
        "{{bar:30}} {{human_pos}} of {{human_len}} {noun}, {{per_sec}}, {{eta}} left {{msg}}"
    );
    if let Ok(style) = ProgressStyle::with_template(&shape) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let shown = [0, 7, 999, 1_000, 19_186, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "7", "999", "1,000", "19,186", "1,234,567"]);
        assert_eq!(counted(1, "entry", "entries"), "1 entry");
        assert_eq!(counted(1_280, "entry", "entries"), "1,280 entries");
    }

    #[test]
    fn a_cut_text_shows_that_it_is_cut() {
        assert_eq!(cut("鑫源里", 3), "鑫源里");
        assert_eq!(cut("鑫源里小区", 3), "鑫源…");
    }

    #[test]
    fn chinese_columns_line_up() {
        let mut table = table(&["name", "n"]);
        table.add_row(["鑫源里", "1"]);
        table.add_row(["abcdef", "2"]);
        let text = table.to_string();
        let at = |wanted: &str| {
            let line = text
                .lines()
                .find(|line| line.contains(wanted))
                .unwrap_or("");
            let before = line.find(wanted).map_or("", |at| &line[..at]);
            // A Chinese character is two columns wide.
            before
                .chars()
                .map(|c| if c.is_ascii() { 1 } else { 2 })
                .sum::<usize>()
        };
        assert_eq!(at(" 1"), at(" 2"));
    }
}
