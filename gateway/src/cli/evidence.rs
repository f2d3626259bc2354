//! `govledger evidence`: checks what an auditor found, without believing the auditor.

use std::{
    fs::File,
    io::{Read as _, Seek as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use ledger::audit::{FindingKind, prove_by_bundle};
use serde_json::{Value, json};
use tlog::{
    Evidence, Policy, VerifierKey,
    bundle::BUNDLE_MAGIC,
    evidence::{Disagreement, MAX_EVIDENCE_LEN, Proven},
};

use super::{failure::Failure, output, policy, time::LocalTime};

/// Check the evidence of a finding, without believing whoever found it
#[derive(Args)]
pub(crate) struct EvidenceArgs {
    #[command(subcommand)]
    command: EvidenceCommand,
}

#[derive(Subcommand)]
enum EvidenceCommand {
    /// Say what a file proves against the ledger of a key
    ///
    /// The file is what `govledger audit --evidence` wrote: a few signed lines, or the whole log as a bundle.
    /// Ends with 0 if it proves something against the ledger, with 1 if it proves nothing.
    Verify(VerifyArgs),
}

#[derive(Args)]
struct VerifyArgs {
    /// The file
    file: PathBuf,
    /// The ledger's verifier key, from where you trust it; once for each key it has had
    #[arg(long, value_name = "VKEY", required = true)]
    key: Vec<VerifierKey>,
    /// A trust policy (C2SP tlog-policy): whose cosignatures' times are believed
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(args: &EvidenceArgs) -> Result<(), Failure> {
    match &args.command {
        EvidenceCommand::Verify(args) => verify(args),
    }
}

/// What was proven: a stable code, a sentence, and the rest for programs.
struct Verdict {
    code: &'static str,
    says: String,
    index: Option<u64>,
}

fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let policy = args.policy.as_deref().map(policy::read).transpose()?;
    let witnesses = policy.as_ref().map_or_else(Vec::new, Policy::witness_keys);
    let verdict = match read(&args.file)? {
        Some(bytes) => few_lines(args, &bytes, &witnesses)?,
        None => whole_log(args, witnesses)?,
    };
    if args.json {
        return output::json(&told(&verdict));
    }
    output::line(&format!(
        "Proven, {}: {}\nWhoever has {} signed what this shows; nobody else could make it.",
        verdict.code,
        verdict.says,
        if args.key.len() > 1 {
            "one of the ledger's keys"
        } else {
            "the ledger's key"
        },
    ))
}

fn told(verdict: &Verdict) -> Value {
    json!({
        "proven": true,
        "finding": {
            "code": verdict.code,
            "index": verdict.index,
            "message": verdict.says,
        },
    })
}

/// The bytes of a short file; none of a bundle, which is read a record at a time.
fn read(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let shown = path.display();
    let unreadable =
        |error: std::io::Error| Failure::usage(format!("cannot read {shown}: {error}"));
    let mut file = File::open(path).map_err(unreadable)?;
    let mut magic = [0; BUNDLE_MAGIC.len()];
    if file.read_exact(&mut magic).is_ok() && magic == BUNDLE_MAGIC {
        return Ok(None);
    }
    file.rewind().map_err(unreadable)?;
    let mut bytes = Vec::new();
    // One byte more than may be, so that a longer file is refused for its length.
    let limit = MAX_EVIDENCE_LEN as u64 + 1;
    file.take(limit)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(Some(bytes))
}

fn nothing(args: &VerifyArgs, why: String) -> Failure {
    Failure::finding(format!("{} proves nothing", args.file.display()))
        .because(why)
        .next(
            "Ask whoever gave it to you for the file as the audit wrote it, and for the ledger's key: for each of them \
             where it has exchanged its key, with --key once for each.",
        )
}

fn few_lines(
    args: &VerifyArgs,
    bytes: &[u8],
    witnesses: &[VerifierKey],
) -> Result<Verdict, Failure> {
    let evidence = Evidence::parse(bytes).map_err(|error| nothing(args, error.to_string()))?;
    let proven = evidence.judge(&args.key, witnesses);
    let proven = proven.map_err(|error| nothing(args, error.to_string()))?;
    Ok(match proven {
        Proven::Fork { size, one, other } => Verdict {
            code: "FORKED",
            says: format!(
                "the ledger signed two histories, which part within the first {size} entries: the root over \
                 them is {one} in the one and {other} in the other."
            ),
            index: size.checked_sub(1),
        },
        Proven::RolledBack { before, after } => Verdict {
            code: "ROLLED_BACK",
            says: format!(
                "the ledger signed a checkpoint of {before} entries; whoever is shown only {after} is owed \
                 the rest. That it was shown later is the auditor's word."
            ),
            index: Some(after),
        },
        Proven::Time {
            index,
            recorded_at_ms,
            witness,
            cosigned_at,
            size,
            disagreement,
        } => Verdict {
            code: "TIME_DISAGREES",
            says: times(
                index,
                recorded_at_ms,
                &witness,
                cosigned_at,
                size,
                disagreement,
            ),
            index: Some(index),
        },
    })
}

fn times(
    index: u64,
    recorded_at_ms: u64,
    witness: &str,
    cosigned_at: u64,
    size: u64,
    disagreement: Disagreement,
) -> String {
    let recorded = LocalTime::default().show(recorded_at_ms);
    let cosigned = LocalTime::default().show(cosigned_at.saturating_mul(1_000));
    match disagreement {
        Disagreement::Late => format!(
            "entry {index} says it was recorded {recorded}, but {witness} cosigned it among {size} entries \
             over 5 minutes before, {cosigned}."
        ),
        Disagreement::Early => format!(
            "entry {index} says it was recorded {recorded}, but over 5 minutes later, {cosigned}, {witness} \
             cosigned {size} entries, and it was not among them."
        ),
    }
}

fn whole_log(args: &VerifyArgs, witnesses: Vec<VerifierKey>) -> Result<Verdict, Failure> {
    match prove_by_bundle(&args.file, &args.key, witnesses, &|_| {}) {
        Ok(Some(finding)) => Ok(Verdict {
            code: finding.code(),
            says: match &finding.kind {
                FindingKind::KeyNotInForce(_) => format!("{finding}."),
                _ => format!("the ledger signed a log that does not follow: {finding}."),
            },
            index: finding.index,
        }),
        Ok(None) => Err(nothing(
            args,
            "The ledger signed these entries, and everything follows.".to_owned(),
        )),
        Err(finding) if finding.is_unavailable() => Err(Failure::unavailable(finding.to_string())),
        Err(finding) => Err(nothing(args, finding.to_string())),
    }
}
