//! The one catalogue of the pages' texts: each line has both languages, side by side.
//!
//! It is data the compiler checks: a text that lacks a language, or a page that names a text that is not
//! there, does not compile. A text with blanks is a function of what fills them.

mod actions;
mod affairs;
mod common;
mod pages;
mod proofs;
mod registers;

/// One text a line: `name: "中文", "English";`, or `name(blank, …): "中文 {blank}", "English {blank}";`.
macro_rules! catalogue {
    ($( $name:ident $(( $($blank:ident),+ ))? : $zh:literal, $en:literal ; )+) => {
        impl $crate::web::site::lang::Lang {
            $( catalogue!(@one $name $(( $($blank),+ ))? : $zh, $en); )+
        }
    };
    (@one $name:ident : $zh:literal, $en:literal) => {
        pub(in crate::web::site) const fn $name(self) -> &'static str {
            match self {
                Self::Zh => $zh,
                Self::En => $en,
            }
        }
    };
    (@one $name:ident ( $($blank:ident),+ ) : $zh:literal, $en:literal) => {
        pub(in crate::web::site) fn $name(
            self,
            $($blank: impl std::fmt::Display),+
        ) -> String {
            match self {
                Self::Zh => format!($zh),
                Self::En => format!($en),
            }
        }
    };
}

use catalogue;
