//! `govledger key`: makes and shows the keys people sign with.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{failure::Failure, keyfile::KeyFile, output};

/// Make or show a signing key
#[derive(Args)]
pub(crate) struct KeyArgs {
    #[command(subcommand)]
    command: KeyCommand,
}

#[derive(Subcommand)]
enum KeyCommand {
    /// Make a new Ed25519 key and print its public half
    New {
        /// Where to write the private key (PKCS#8 PEM, mode 0600); the file must not exist
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the public half of a key
    Show {
        /// The private key's file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: &KeyArgs) -> Result<(), Failure> {
    match &args.command {
        KeyCommand::New { out, json } => {
            let key = KeyFile::create(out)?;
            show(&key, *json)?;
            if !json {
                eprintln!(
                    "The private key is in {}. Keep a copy where only you can reach it.",
                    out.display()
                );
            }
            Ok(())
        }
        KeyCommand::Show { file, json } => show(&KeyFile::read(file)?, *json),
    }
}

fn show(key: &KeyFile, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let value = json!({ "public_key": key.public().to_string(), "file": key.path() });
        return output::json(&value);
    }
    output::line(&key.public().to_string())
}
