//! The fuzzer's corpora, as ordinary tests: each seed, and each seed broken in simple ways.

use std::fs;
use std::path::PathBuf;

use system_tests::binary;
use system_tests::parsers::{TARGETS, Target};

/// How many places of a long seed are broken.
const PLACES: usize = 64;

/// Whether a parser takes a seed.
type Takes = fn(&[u8]) -> bool;

fn seeds(name: &str) -> Vec<Vec<u8>> {
    let directory = binary::workspace().join("tests/fuzz/corpus").join(name);
    let files = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
        .iter()
        .map(|file| fs::read(file).expect("a seed"))
        .collect()
}

/// Cut off, with a bit flipped, a byte doubled or left out, at places all over the seed.
fn broken(seed: &[u8]) -> Vec<Vec<u8>> {
    let step = seed.len().div_ceil(PLACES).max(1);
    let mut all = vec![[seed, b"\n"].concat(), [seed, seed].concat()];
    for at in (0..seed.len()).step_by(step) {
        all.push(seed[..at].to_vec());
        for change in [0x01, 0x20, 0x80] {
            let mut flipped = seed.to_vec();
            flipped[at] ^= change;
            all.push(flipped);
        }
        all.push([&seed[..=at], &seed[at..]].concat());
        all.push([&seed[..at], &seed[at + 1..]].concat());
        all.push([&seed[..at], &[0xff; 8], &seed[at..]].concat());
    }
    all
}

fn run(name: &str, target: Target) {
    let seeds = seeds(name);
    assert!(seeds.len() >= 2, "{name} has {} seeds", seeds.len());
    for seed in &seeds {
        target(seed);
        for broken in broken(seed) {
            target(&broken);
        }
    }
}

#[test]
fn no_parser_panics_and_what_one_takes_has_one_spelling() {
    for (name, target) in TARGETS {
        run(name, target);
    }
}

#[test]
fn each_parser_is_fuzzed_and_takes_a_seed() {
    let manifest = fs::read_to_string(binary::workspace().join("tests/fuzz/Cargo.toml")).unwrap();
    for (name, _) in TARGETS {
        let listed = format!("name = \"{name}\"");
        assert!(manifest.contains(&listed), "{name} is not fuzzed");
        let target = format!("tests/fuzz/fuzz_targets/{name}.rs");
        let target = fs::read_to_string(binary::workspace().join(target)).unwrap();
        assert!(target.contains(&format!("system_tests::parsers::{name}(")));
    }
    let takes: [(&str, Takes); 10] = [
        ("action", |b| proto::decode_action(b).is_ok()),
        ("entry", |b| tlog::Entry::decode(b).is_ok()),
        ("block", |b| tlog::Block::decode(b).is_ok()),
        ("note", |b| tlog::Note::parse(b).is_ok()),
        ("checkpoint", |b| {
            std::str::from_utf8(b).is_ok_and(|text| tlog::Checkpoint::parse(text).is_ok())
        }),
        ("tile_path", |b| {
            std::str::from_utf8(b).is_ok_and(|text| text.parse::<tlog::TilePath>().is_ok())
        }),
        ("offline_proof", |b| tlog::OfflineProof::parse(b).is_ok()),
        ("add_checkpoint", |b| tlog::AddCheckpoint::parse(b).is_ok()),
        ("policy", |b| tlog::Policy::parse(b).is_ok()),
        ("evidence", |b| tlog::Evidence::parse(b).is_ok()),
    ];
    for (name, takes) in takes {
        assert!(
            seeds(name).iter().any(|seed| takes(seed)),
            "{name} refuses every seed"
        );
    }
    let whole = |text: &str| gateway::cli::charter_faults(text) == 0;
    let charters = seeds("charter");
    let mut texts = charters
        .iter()
        .filter_map(|seed| std::str::from_utf8(seed).ok());
    assert!(texts.any(whole), "charter refuses every seed");
}
