//! Reading a table of a TOML file, and noting every fault in it by its line.

use std::{cell::RefCell, collections::BTreeSet, fmt::Display, str::FromStr};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Why a text cannot be read: in English as it is displayed, and in Chinese.
pub(crate) trait Told: Display {
    fn chinese(&self) -> String;
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fault {
    /// From 1.
    pub(crate) line: usize,
    /// What is wrong, and what would be right.
    pub(crate) what: String,
    /// The same in Chinese.
    pub(crate) what_zh: String,
}

/// The faults found so far, and the text they are in.
pub(crate) struct Faults<'t> {
    text: &'t str,
    found: RefCell<Vec<Fault>>,
}

impl<'t> Faults<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            found: RefCell::default(),
        }
    }

    /// The line, from 1, on which the byte at this offset is.
    pub(crate) fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().iter().take(offset);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    pub(crate) fn note(&self, line: usize, what: impl Display, what_zh: impl Display) {
        let (what, what_zh) = (what.to_string(), what_zh.to_string());
        self.found.borrow_mut().push(Fault {
            line,
            what,
            what_zh,
        });
    }

    /// All of them, in the order of the lines.
    pub(crate) fn into_found(self) -> Vec<Fault> {
        let mut found = self.found.into_inner();
        found.sort();
        found
    }
}

/// A table of the file.
pub(crate) struct Section<'s, 't> {
    table: &'s DeTable<'t>,
    faults: &'s Faults<'t>,
    /// Where it begins.
    line: usize,
    /// The keys that lead to it from the table it is told of with, each with a dot.
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'s, 't> Section<'s, 't> {
    pub(crate) fn new(table: &'s DeTable<'t>, line: usize, faults: &'s Faults<'t>) -> Self {
        Self {
            table,
            faults,
            line,
            path: String::new(),
            asked: RefCell::default(),
        }
    }

    /// A key as a fault names it: with those that lead to it.
    fn name(&self, key: &str) -> String {
        format!("{}{key}", self.path)
    }

    /// The line of a key; of the section where it has no such key.
    pub(crate) fn line_of(&self, key: &str) -> usize {
        let entry = self.table.iter().find(|(known, _)| known.get_ref() == key);
        entry.map_or(self.line, |(key, _)| self.faults.line(key.span().start))
    }

    fn value(&self, key: &'static str) -> Option<&'s Spanned<DeValue<'t>>> {
        self.asked.borrow_mut().insert(key);
        let mut entries = self.table.iter();
        let (_, value) = entries.find(|(known, _)| known.get_ref() == key)?;
        Some(value)
    }

    /// The value a key has, if it is of the kind asked for.
    fn of_kind<T>(
        &self,
        key: &'static str,
        (kind, kind_zh): (&str, &str),
        take: impl FnOnce(&'s DeValue<'t>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        let taken = take(value.get_ref());
        if taken.is_none() {
            let found = value.get_ref().type_str();
            let name = self.name(key);
            self.fault(
                key,
                format!("{name} is {kind}, not a TOML {found}"),
                format!("{name} 应为{kind_zh}，不是 TOML 的 {found}"),
            );
        }
        taken
    }

    pub(crate) fn fault(&self, key: &str, what: impl Display, what_zh: impl Display) {
        self.faults.note(self.line_of(key), what, what_zh);
    }

    pub(crate) fn text(&self, key: &'static str) -> Option<&'s str> {
        self.of_kind(key, ("a text in quotes", "引号中的文字"), DeValue::as_str)
    }

    pub(crate) fn required_text(&self, key: &'static str) -> Option<&'s str> {
        self.require(key)?;
        self.text(key)
    }

    /// Notes that a key is missing, where it is.
    fn require(&self, key: &'static str) -> Option<()> {
        if self.value(key).is_none() {
            let name = self.name(key);
            self.faults.note(
                self.line,
                format!("{name} is missing"),
                format!("缺少 {name}"),
            );
            return None;
        }
        Some(())
    }

    pub(crate) fn required_number<T: FromStr>(&self, key: &'static str) -> Option<T> {
        self.require(key)?;
        self.number(key)
    }

    pub(crate) fn number<T: FromStr>(&self, key: &'static str) -> Option<T> {
        let number = self.of_kind(key, ("a whole number", "整数"), DeValue::as_integer)?;
        let parsed = number
            .as_str()
            .parse()
            .ok()
            .filter(|_| number.radix() == 10);
        if parsed.is_none() {
            let (name, found) = (self.name(key), number.as_str());
            self.fault(
                key,
                format!("{name} is a whole number from 0 on, not {found}"),
                format!("{name} 应为 0 以上的整数，不是 {found}"),
            );
        }
        parsed
    }

    pub(crate) fn truth(&self, key: &'static str) -> Option<bool> {
        self.of_kind(key, ("true or false", " true 或 false"), DeValue::as_bool)
    }

    /// A text that is read further.
    pub(crate) fn parsed<T: FromStr<Err: Told>>(&self, key: &'static str) -> Option<T> {
        self.read(key, self.text(key)?)
    }

    pub(crate) fn required<T: FromStr<Err: Told>>(&self, key: &'static str) -> Option<T> {
        self.read(key, self.required_text(key)?)
    }

    fn read<T: FromStr<Err: Told>>(&self, key: &'static str, text: &str) -> Option<T> {
        text.parse()
            .map_err(|error: T::Err| {
                let (name, chinese) = (self.name(key), error.chinese());
                self.fault(
                    key,
                    format!("{name}: {error}"),
                    format!("{name} 的写法不对：{chinese}"),
                );
            })
            .ok()
    }

    /// A text that is one of these words.
    pub(crate) fn word<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.among(key, self.text(key)?, words)
    }

    pub(crate) fn required_word<T: Copy>(
        &self,
        key: &'static str,
        words: &[(&str, T)],
    ) -> Option<T> {
        self.among(key, self.required_text(key)?, words)
    }

    fn among<T: Copy>(&self, key: &'static str, text: &str, words: &[(&str, T)]) -> Option<T> {
        let known = words.iter().find(|(word, _)| *word == text);
        if known.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let (name, words) = (self.name(key), words.join(", "));
            self.fault(
                key,
                format!("{name} is \"{text}\", and must be one of: {words}"),
                format!("{name} 写的是“{text}”，应为其中之一：{words}"),
            );
        }
        known.map(|(_, value)| *value)
    }

    /// The texts of a list, each with its line.
    fn texts(&self, key: &'static str) -> Option<Vec<(&'s str, usize)>> {
        let items = self.of_kind(key, ("a list of texts", "文字的列表"), DeValue::as_array)?;
        let texts = items.iter().map(|item| {
            let line = self.faults.line(item.span().start);
            let text = item.get_ref().as_str();
            if text.is_none() {
                self.faults.note(
                    line,
                    format!("{} is a list of texts in quotes", self.name(key)),
                    format!("{} 应为引号中文字的列表", self.name(key)),
                );
            }
            text.map(|text| (text, line))
        });
        texts.collect()
    }

    pub(crate) fn list<T: FromStr<Err: Told>>(&self, key: &'static str) -> Option<Vec<T>> {
        let read = self.texts(key)?.into_iter().map(|(text, line)| {
            text.parse()
                .map_err(|error: T::Err| {
                    let (name, chinese) = (self.name(key), error.chinese());
                    self.faults.note(
                        line,
                        format!("{name}: {error}"),
                        format!("{name} 的写法不对：{chinese}"),
                    );
                })
                .ok()
        });
        // Each is looked at, so that each fault is noted.
        let read: Vec<Option<T>> = read.collect();
        read.into_iter().collect()
    }

    pub(crate) fn words<T: Copy>(&self, key: &'static str, words: &[(&str, T)]) -> Option<Vec<T>> {
        let texts = self.texts(key)?;
        let read = texts
            .into_iter()
            .map(|(text, _)| self.among(key, text, words));
        let read: Vec<Option<T>> = read.collect();
        read.into_iter().collect()
    }

    /// A table within this one.
    pub(crate) fn section(&self, key: &'static str) -> Option<Section<'s, 't>> {
        let table = self.of_kind(key, ("a table", "表"), DeValue::as_table)?;
        Some(Section {
            path: format!("{}.", self.name(key)),
            ..Section::new(table, self.line_of(key), self.faults)
        })
    }

    /// A list of tables.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<Section<'s, 't>> {
        let Some(items) = self.of_kind(key, ("a list of tables", "表的列表"), DeValue::as_array)
        else {
            return Vec::new();
        };
        let sections = items.iter().filter_map(|item| {
            let line = self.faults.line(item.span().start);
            let table = item.get_ref().as_table();
            if table.is_none() {
                self.faults.note(
                    line,
                    format!("{key} is a list of tables"),
                    format!("{key} 应为表的列表"),
                );
            }
            Some(Section::new(table?, line, self.faults))
        });
        sections.collect()
    }

    /// Notes every key that nobody asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !asked.contains(name) {
                let known: Vec<&str> = asked.iter().copied().collect();
                let line = self.faults.line(key.span().start);
                let known = known.join(", ");
                self.faults.note(
                    line,
                    format!("{name} means nothing here; what does: {known}"),
                    format!("这里没有 {name} 这一项；有的是：{known}"),
                );
            }
        }
    }
}
