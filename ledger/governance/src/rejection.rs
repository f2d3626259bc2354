//! Why the law says no: one enum with data, stable codes, causes and remedies.
//!
//! A variant's doc is its cause, its sentence says what is wrong with numbers and ids, and its remedy
//! says what to do next. [`CODES`] is the same as a table, from which documents are made.

mod cases;
mod charters;
mod chinese;
mod list;
mod missing;
mod powers;
mod words;

pub use cases::{CaseStep, Unsanctionable};
pub(crate) use chinese::{basis as basis_zh, body_kind as body_kind_zh, sanction as sanction_zh};
pub use list::{CODES, Rejection};
pub use missing::{Missing, Unmet};
pub use powers::{Names, Nearest, Overreach};
pub use words::{
    AssessmentUnfit, Bodies, Cited, Hint, Incapacity, Latest, NoRunOff, Recusal, Rights, Unfit,
};

use crate::ids::RuleId;

/// What kind of no it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RejectionKind {
    /// A rule says no.
    Refusal,
    /// Someone was faster, or it is done already.
    Conflict,
    /// The action contradicts itself; it can never be recorded as it stands.
    Invalid,
}

/// One code, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeDoc {
    /// Stable for ever, `SCREAMING_SNAKE`.
    pub code: &'static str,
    /// What kind of no it is.
    pub kind: RejectionKind,
    /// When it is given.
    pub cause: &'static str,
    /// What to do next.
    pub remedy: &'static str,
    /// 接下来怎么办: the same in Chinese.
    pub remedy_zh: &'static str,
}

/// A datum of a rejection.
pub(crate) trait Datum {
    /// As text, for metadata.
    fn text(&self) -> String;

    /// As a Chinese sentence says it. Ids, numbers and days read the same in both languages.
    fn chinese(&self) -> String {
        self.text()
    }

    /// The rule, where it is one.
    fn cited(&self) -> Option<&Cited> {
        None
    }
}

/// What a refusal would say of it in Chinese.
pub(crate) fn in_chinese(datum: &impl Datum) -> String {
    datum.chinese()
}

impl Rejection {
    fn doc(&self) -> &'static CodeDoc {
        &CODES[self.position()]
    }

    /// The stable code, `SCREAMING_SNAKE`.
    pub fn code(&self) -> &'static str {
        self.doc().code
    }

    /// What kind of no it is.
    pub fn kind(&self) -> RejectionKind {
        self.doc().kind
    }

    /// What to do next: one or two sentences.
    pub fn remedy(&self) -> &'static str {
        self.doc().remedy
    }

    /// What to do next, in Chinese.
    pub fn remedy_zh(&self) -> &'static str {
        self.doc().remedy_zh
    }

    /// The rule of the charter that said no, where one did.
    pub fn rule(&self) -> Option<&RuleId> {
        self.cited().map(|cited| &cited.rule)
    }

    /// The law that rule rests on.
    pub fn citation(&self) -> Option<&str> {
        self.cited().map(|cited| cited.citation.as_ref())
    }

    /// The data, by name, in the variant's order.
    pub fn metadata(&self) -> Vec<(&'static str, String)> {
        let text = |(name, datum): (&'static str, &dyn Datum)| (name, datum.text());
        self.data().into_iter().map(text).collect()
    }

    fn cited(&self) -> Option<&Cited> {
        self.data().into_iter().find_map(|(_, datum)| datum.cited())
    }
}

/// Makes the enum and [`CODES`] from one list: doc (the cause), variant with data, code, kind,
/// sentence, remedy; and sentence and remedy in Chinese. What lacks one of them does not compile.
macro_rules! rejections {
    ($(
        #[doc = $cause:literal]
        $variant:ident { $($field:ident: $type:ty),* $(,)? }
            $code:literal $kind:ident
            $sentence:literal
            $remedy:literal
            $sentence_zh:literal
            $remedy_zh:literal
    )*) => {
        /// Why an action is not admitted.
        #[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
        #[expect(missing_docs, reason = "the sentence beside a variant says what its data are")]
        pub enum Rejection {
            $(
                #[doc = $cause]
                #[error($sentence)]
                $variant { $($field: $type),* },
            )*
        }

        #[derive(Clone, Copy)]
        enum Position { $($variant),* }

        impl Rejection {
            /// Its place in [`CODES`].
            pub(super) fn position(&self) -> usize {
                match self {
                    $(Self::$variant { .. } => Position::$variant as usize),*
                }
            }

            /// What is wrong, in Chinese: the same sentence as its English one.
            pub fn chinese(&self) -> String {
                match self {
                    $(Self::$variant { $($field),* } => {
                        $(let $field = super::Datum::chinese($field);)*
                        format!($sentence_zh)
                    })*
                }
            }

            /// Its data, by name.
            pub(super) fn data(&self) -> Vec<(&'static str, &dyn super::Datum)> {
                match self {
                    $(Self::$variant { $($field),* } => {
                        vec![$((stringify!($field), $field as &dyn super::Datum)),*]
                    })*
                }
            }
        }

        /// Every code, in the order of the enum.
        pub const CODES: &[super::CodeDoc] = &[$(super::CodeDoc {
            code: $code,
            kind: super::RejectionKind::$kind,
            cause: $cause.trim_ascii(),
            remedy: $remedy,
            remedy_zh: $remedy_zh,
        }),*];
    };
}
use rejections;
