//! What the README says really works.

use std::fs;
use std::process::Command;

use system_tests::binary;
use system_tests::process::Process;
use tempfile::TempDir;

/// The first `sh` block after a heading.
fn block_after(text: &str, heading: &str) -> Option<String> {
    let (_, after) = text.split_once(heading)?;
    let (_, block) = after.split_once("```sh\n")?;
    let (block, _) = block.split_once("```")?;
    Some(block.to_owned())
}

/// Runs a script as a newcomer would: in an empty directory, with the binary on the path. What it
/// leaves running is killed with its process group.
fn run_as_newcomer(script: &str) {
    let home = TempDir::with_prefix("govledger-readme-").expect("there is room for tests");
    let binaries = binary::path()
        .parent()
        .expect("the binary is in a directory");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(binaries.to_owned()).chain(std::env::split_paths(&path));
    let mut command = Command::new("bash");
    binary::without_settings(&mut command);
    command
        .args(["-euo", "pipefail", "-c", script])
        .env("PATH", std::env::join_paths(paths).expect("a path"))
        .env("HOME", home.path())
        .current_dir(home.path());
    Process::spawn(command).finish().expect(0);
}

#[test]
fn a_first_decision_in_five_minutes() {
    let readme = fs::read_to_string(binary::workspace().join("README.md"));
    let readme = readme.expect("there is a README");
    let script = block_after(&readme, "\n## A first decision in five minutes\n");
    run_as_newcomer(&script.expect("the README shows how a first decision is made"));
}
