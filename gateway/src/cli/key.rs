//! `govledger key`: makes and shows the keys people sign with, and exchanges the ledger's own.

mod rotate;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use ledger::keys::{KeyFileError, PASSPHRASE_FROM, Passphrase, protect_key, public_key};
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
    ///
    /// Where the environment gives a passphrase (`GOVLEDGER_KEY_PASSPHRASE_FROM`: a file, fd:N or env:NAME), the
    /// file is encrypted with it.
    New {
        /// Where to write the private key (PKCS#8 PEM, mode 0600); the file must not exist
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Encrypt a key's file in its place, with the passphrase that the environment gives
    ///
    /// The key stays the same. The ledger's own keys are protected so too, while no server has them open.
    Protect {
        /// The private key's file
        file: PathBuf,
        /// What opens it now, if it is encrypted already: a file with the passphrase, fd:N or env:NAME
        #[arg(long, value_name = "SOURCE")]
        opened_by: Option<PathBuf>,
    },
    Rotate(rotate::RotateArgs),
    /// Print the public half of a key
    Show {
        /// The private key's file
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(args: &KeyArgs) -> Result<(), Failure> {
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
        KeyCommand::Protect { file, opened_by } => protect(file, opened_by.as_deref()),
        KeyCommand::Rotate(args) => rotate::run(args).await,
        KeyCommand::Show { file, json } => show(&KeyFile::read(file)?, *json),
    }
}

fn protect(file: &Path, opened_by: Option<&Path>) -> Result<(), Failure> {
    let unusable = |error: KeyFileError| Failure::usage(error.to_string());
    let passphrase = Passphrase::of_environment().map_err(unusable)?;
    let passphrase = passphrase.ok_or_else(|| {
        Failure::usage("there is no passphrase to encrypt it with").next(format!(
            "Say where it is: {PASSPHRASE_FROM}=FILE govledger key protect {}",
            file.display()
        ))
    })?;
    let opened_by = opened_by.map(Passphrase::from_source).transpose();
    let opened_by = opened_by.map_err(unusable)?;
    let key = protect_key(file, opened_by.as_ref(), &passphrase).map_err(unusable)?;
    output::line(&format!(
        "{} in {} is encrypted. Without the passphrase it is lost: keep that elsewhere.",
        public_key(&key),
        file.display()
    ))
}

fn show(key: &KeyFile, as_json: bool) -> Result<(), Failure> {
    if as_json {
        let value = json!({ "public_key": key.public().to_string(), "file": key.path() });
        return output::json(&value);
    }
    output::line(&key.public().to_string())
}
