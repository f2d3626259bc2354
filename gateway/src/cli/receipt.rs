//! `govledger receipt`: keeps the proof that an entry is in the log, and checks it without a server.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use proto::v1;
use serde_json::{Value, json};
use tlog::{Entry, Hash, Note, OfflineProof, Policy, SignedCheckpoint, Verified, VerifierKey};

use super::{
    connection::{LedgerArgs, Told as _},
    failure::Failure,
    output,
    policy::{self, Trust},
    send,
    time::LocalTime,
};
use crate::code::Code;

/// Keep a proof that an entry is in the log, and check one without a server
#[derive(Args)]
pub(crate) struct ReceiptArgs {
    #[command(subcommand)]
    command: ReceiptCommand,
}

#[derive(Subcommand)]
enum ReceiptCommand {
    /// Fetch an entry and the proof that it is in the log
    Get(GetArgs),
    /// Check a proof, without a server
    Verify(Box<VerifyArgs>),
    /// Show a proof as a code of squares (QR), for printed notices
    ///
    /// Whoever scans it gets the proof's text, byte by byte, to be kept as a file and checked.
    Qr(QrArgs),
}

#[derive(Args)]
struct QrArgs {
    /// The proof
    file: PathBuf,
    /// Where to draw it (SVG), a file that must not be there yet; without: on the terminal
    #[arg(long, value_name = "FILE.svg")]
    out: Option<PathBuf>,
}

#[derive(Args)]
struct GetArgs {
    /// The entry's index
    index: u64,
    #[command(flatten)]
    ledger: LedgerArgs,
    /// Where to write the proof (C2SP tlog-proof); the entry's bytes go beside it, as FILE.entry
    #[arg(long, value_name = "FILE.tlog-proof")]
    out: PathBuf,
}

#[derive(Args)]
struct VerifyArgs {
    /// The proof
    file: PathBuf,
    /// The ledger's verifier key, from where you trust it: <origin>+<id>+<base64>
    #[arg(long, value_name = "VKEY")]
    key: VerifierKey,
    /// A trust policy (C2SP tlog-policy): the checkpoint must be of one of its logs, if it names any, and
    /// be cosigned by a quorum of its witnesses
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The entry's bytes, and show its action; without: those beside the proof, in FILE.entry
    #[arg(long, value_name = "FILE")]
    entry: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &ReceiptArgs) -> Result<(), Failure> {
    match &args.command {
        ReceiptCommand::Get(args) => get(args).await,
        ReceiptCommand::Verify(args) => verify(args),
        ReceiptCommand::Qr(args) => qr(args),
    }
}

fn qr(args: &QrArgs) -> Result<(), Failure> {
    let shown = args.file.display();
    let proof = OfflineProof::parse(&read(&args.file, "the proof")?).map_err(|error| {
        Failure::finding(format!("{shown} is not a proof")).because(chain_of(&error))
    })?;
    let code = Code::of(&proof.to_string()).ok_or_else(|| {
        Failure::usage(format!("{shown} is too long for one code"))
            .because("A code holds 2,953 bytes; each cosignature has some 150.")
    })?;
    let Some(out) = &args.out else {
        return output::bytes(code.text().as_bytes());
    };
    let mut file = fs::OpenOptions::new();
    let written = file.write(true).create_new(true).open(out);
    let written = written.and_then(|mut file| file.write_all(code.svg().as_bytes()));
    written.map_err(|error| Failure::usage(format!("cannot write {}: {error}", out.display())))
}

async fn get(args: &GetArgs) -> Result<(), Failure> {
    let session = args.ledger.open().await?;
    let request = v1::GetReceiptRequest {
        ledger: session.ledger(),
        index: args.index,
    };
    let answer = session.server.record().get_receipt(request).await.told()?;
    let receipt = answer
        .receipt
        .ok_or_else(|| Failure::finding("the server answered without a receipt"))?;
    let keys = session.keys_for(&receipt.checkpoint).await?;
    let signed = send::check_receipt(&receipt, &keys)?;
    let key = keys.at(signed.checkpoint().size).clone();
    let proof = offline(&receipt)?;
    proof.verify_entry(&answer.entry, &key).map_err(|error| {
        Failure::finding("the entry the server gave is not the one its receipt proves")
            .because(chain_of(&error))
    })?;
    let entry_file = args.out.with_extension("entry");
    if entry_file == args.out {
        let what = "the proof cannot end in .entry: that is the entry's own file";
        return Err(Failure::usage(what).next("Name it FILE.tlog-proof."));
    }
    write(&args.out, proof.to_string().as_bytes())?;
    write(&entry_file, &answer.entry)?;
    let (out, entry_file) = (args.out.display(), entry_file.display());
    if receipt.pending_witnesses {
        output::line(
            "pending witnesses: the quorum has not cosigned this checkpoint yet; ask again later.",
        )?;
    }
    output::line(&format!(
        "Entry {} of ledger {} is in {entry_file}, its proof in {out}.\n\
         To check them without this server, now or in years:\n\
         govledger receipt verify {out} --key '{key}'",
        args.index, session.about.ledger,
    ))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes)
        .map_err(|error| Failure::usage(format!("cannot write {}: {error}", path.display())))
}

fn offline(receipt: &v1::Receipt) -> Result<OfflineProof, Failure> {
    let wrong =
        |error: String| Failure::finding(format!("the server's receipt is broken: {error}"));
    let hashes = receipt.inclusion_proof.iter();
    let hashes: Result<Vec<Hash>, _> = hashes.map(|hash| Hash::try_from(hash.as_slice())).collect();
    Ok(OfflineProof {
        extra: None,
        index: receipt.index,
        hashes: hashes.map_err(|error| wrong(error.to_string()))?,
        checkpoint: Note::parse(&receipt.checkpoint).map_err(|error| wrong(error.to_string()))?,
    })
}

/// An error and what it rests on, in one line.
fn chain_of(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let bytes = read(&args.file, "the proof")?;
    let entry_file = args.entry.clone();
    let entry_file = entry_file.unwrap_or_else(|| args.file.with_extension("entry"));
    let entry_bytes = read(&entry_file, "the entry")?;
    let proof = OfflineProof::parse(&bytes).map_err(|error| {
        let what = format!("{} is not a proof", args.file.display());
        Failure::finding(what).because(chain_of(&error))
    })?;
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let witnesses = policy.as_ref().map_or_else(Vec::new, Policy::witness_keys);
    let leaf = tlog::leaf_hash(&entry_bytes);
    let (signed, cosigned) = proof
        .verify_witnessed(&leaf, &args.key, &witnesses)
        .map_err(|error| {
            Failure::finding(format!(
                "the proof does not hold: {} does not stand at index {} of the log {}",
                entry_file.display(),
                proof.index,
                args.key.name(),
            ))
            .because(chain_of(&error))
            .next(what_next(&proof, &args.key))
        })?;
    let entry = opened(&entry_bytes, &proof)?;
    if let Some(policy) = &policy {
        Trust::of(policy, &args.key)?.expect(&signed, &cosigned)?;
    }
    if args.json {
        return output::json(&as_json(&entry, &signed, &cosigned, &args.key)?);
    }
    output::line(&proved(&entry, &signed, &args.key))?;
    for cosigner in policy::cosigners(&cosigned) {
        output::line(&format!("Cosigned by {cosigner}."))?;
    }
    match &args.entry {
        Some(_) => output::json(&action_json(&entry)?),
        None => Ok(()),
    }
}

/// A checkpoint that another key of this name has signed may be one from after the ledger exchanged its key.
fn what_next(proof: &OfflineProof, key: &VerifierKey) -> String {
    let signatures = proof.checkpoint.signatures();
    let exchanged = signatures
        .iter()
        .any(|signature| signature.name() == key.name() && !signature.is_by(key));
    if exchanged {
        return format!(
            "It bears the signature of another key of that name. If the ledger exchanged its key, `govledger audit \
             --server URL --key '{key}'` (or --bundle FILE) shows which entries did so, signed by yours, and the \
             key in force: verify with that."
        );
    }
    "Ask for the receipt again, or keep both files: they may show that somebody lied.".to_owned()
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| {
        let failure = Failure::usage(format!("cannot read {what} in {}: {error}", path.display()));
        failure.next("`govledger receipt get` writes the proof and the entry side by side.")
    })
}

/// The entry, once it is what the proof says and its signatures stand.
fn opened(bytes: &[u8], proof: &OfflineProof) -> Result<Entry, Failure> {
    let wrong = |why: String| {
        Failure::finding("the log contains these bytes, but they are no good entry").because(why)
    };
    let entry = Entry::decode(bytes).map_err(|error| wrong(chain_of(&error)))?;
    if entry.index != proof.index {
        let (says, stands) = (entry.index, proof.index);
        return Err(wrong(format!(
            "it says it is entry {says} and stands at {stands}"
        )));
    }
    tlog::signing::verify_signatures(&entry.action, &entry.signatures)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(entry)
}

fn proved(entry: &Entry, signed: &SignedCheckpoint, key: &VerifierKey) -> String {
    let tree = signed.checkpoint();
    let kind = proto::decode_action(&entry.action);
    let kind = kind.map_or("unknown action", |action| proto::payload_kind(&action));
    let keys: Vec<String> = entry
        .signatures
        .iter()
        .map(|s| hex::encode(s.key))
        .collect();
    format!(
        "Proved: entry {} is in the log of {} of size {}, signed by {key}.\n\
         It is a {kind} of ledger {}, recorded {}, with valid signatures of\n  {}",
        entry.index,
        tree.origin,
        tree.size,
        entry.ledger,
        LocalTime::default().show(entry.recorded_at),
        keys.join("\n  "),
    )
}

fn action_json(entry: &Entry) -> Result<Value, Failure> {
    proto::action_to_json(&entry.action).map_err(|error| {
        Failure::finding(format!("the entry's action cannot be read: {error}"))
            .next("A newer program may know it; the proof stands all the same.")
    })
}

fn as_json(
    entry: &Entry,
    signed: &SignedCheckpoint,
    cosigned: &[Verified],
    key: &VerifierKey,
) -> Result<Value, Failure> {
    let cosigned = cosigned.iter().map(|by| {
        json!({ "name": by.name, "key_id": format!("{:08x}", by.key_id), "time": by.timestamp })
    });
    let tree = signed.checkpoint();
    Ok(json!({
        "proved": true,
        "index": entry.index,
        "ledger": entry.ledger,
        "recorded_at_ms": entry.recorded_at,
        "origin": tree.origin,
        "size": tree.size,
        "root": tree.root.to_string(),
        "key": key.to_string(),
        "cosigned_by": cosigned.collect::<Vec<_>>(),
        "signed_by": entry.signatures.iter().map(|s| hex::encode(s.key)).collect::<Vec<_>>(),
        "action": action_json(entry)?,
    }))
}
