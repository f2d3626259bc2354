//! `REASONS.md` is the table of reasons, and each reason's code and words are a promise.

use std::{fs, path::Path};

use gateway::status::reasons;

#[test]
fn the_document_is_the_table() {
    let kept = include_str!("../REASONS.md");
    let made = reasons::document();
    if kept == made {
        return;
    }
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("REASONS.md");
    fs::write(&out, &made).expect("the build directory can be written");
    let differs = made.lines().find(|line| !kept.contains(line));
    panic!(
        "gateway/REASONS.md is not the table, beginning with {differs:?}; the table is in {}",
        out.display()
    );
}
