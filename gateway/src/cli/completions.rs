//! `govledger completions`: what a shell needs to complete the command.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, failure::Failure, output};

/// Print the completion script of a shell
///
/// For example: govledger completions bash > ~/.local/share/bash-completion/completions/govledger
#[derive(Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

pub(crate) fn run(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    let mut command = Cli::command();
    clap_complete::generate(args.shell, &mut command, "govledger", &mut script);
    output::bytes(&script)
}
