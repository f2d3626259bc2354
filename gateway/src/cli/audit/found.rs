//! What is done with a finding: evidence of it is written, so that others need not believe the auditor.

use std::{fs, fs::OpenOptions, io::Write as _, path::Path};

use ledger::CheckpointKeys;
use ledger::audit::{
    AuditReport, BelievedError, Finding, FindingKind, prove_by_bundle, write_bundle,
};
use tlog::VerifierKey;

use super::{
    super::{failure::Failure, sources::Ledgers},
    AuditArgs, Told,
    look::Look,
};

/// Why a state file cannot be used.
pub(super) fn unusable(error: &BelievedError) -> Failure {
    match error {
        BelievedError::Format { .. } => Failure::usage(error.to_string()).next(
            "Nothing was changed. Bring the file back from a copy; without it, what was believed before is \
             forgotten.",
        ),
        BelievedError::Disk(_) => Failure::unavailable(error.to_string()),
    }
}

/// Writes what proves a finding, where that was asked for. Returns where it is, or why there is none.
pub(super) async fn keep(
    args: &AuditArgs,
    told: &Told,
    ledgers: &Ledgers,
    look: &Look,
    result: &Result<AuditReport, Finding>,
) -> Result<Option<String>, Failure> {
    let (Some(path), Err(finding)) = (&args.evidence, result) else {
        return Ok(None);
    };
    if finding.is_unavailable() {
        return Ok(None);
    }
    let shown = path.display();
    let kept = match &finding.evidence {
        Some(evidence) => write(path, evidence.to_string().as_bytes()),
        None if is_in_the_log(&finding.kind) => whole(args, told, ledgers, look, path).await?,
        None => Err("no signed bytes prove it; it is the auditor's word".to_owned()),
    };
    Ok(Some(match kept {
        Ok(()) => {
            let keys = keys_of(args, told, look);
            let keys: Vec<String> = keys.iter().map(|key| format!(" --key '{key}'")).collect();
            let keys = keys.concat();
            format!("What proves it is in {shown}: govledger evidence verify {shown}{keys}")
        }
        Err(why) => format!("There is no evidence for others: {why}"),
    }))
}

/// Whether the entries under the signed checkpoint show it to whoever audits them.
fn is_in_the_log(kind: &FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::Entry(_)
            | FindingKind::DerivedOverdue { .. }
            | FindingKind::RecordedTime { .. }
            | FindingKind::KeyNotInForce(_)
            | FindingKind::Unfounded
    )
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// Writes the whole log as a bundle, and makes sure that it proves the finding to somebody else.
async fn whole(
    args: &AuditArgs,
    told: &Told,
    ledgers: &Ledgers,
    look: &Look,
    path: &Path,
) -> Result<Result<(), String>, Failure> {
    let keys = keys_of(args, told, look);
    if keys.is_empty() {
        return Ok(Err(
            "the log's key is not known; give it with --key".to_owned()
        ));
    }
    let witnesses = args.options(told).witnesses;
    let opened = ledgers.open(look.ledger()).await?;
    let proven = tokio::task::block_in_place(|| {
        let mut source = opened.map_err(|finding| finding.to_string())?;
        write_bundle(&mut *source, path, &keys, &witnesses).map_err(|error| error.to_string())?;
        match prove_by_bundle(path, &keys, witnesses, &|_| {}) {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err("read again, everything follows".to_owned()),
            Err(_) => Err(
                "the entries given are not those the log signed, so somebody on the way may have changed \
                 them"
                .to_owned(),
            ),
        }
    });
    if proven.is_err() {
        // A file that proves nothing is in the way.
        let _ = fs::remove_file(path);
    }
    Ok(proven)
}

/// The log's keys: as the entries that follow name them, or the one given or believed before.
fn keys_of(args: &AuditArgs, told: &Told, look: &Look) -> Vec<VerifierKey> {
    let believed = told.believed.as_ref().map(|believed| &believed.key);
    let known = args.key.iter().chain(believed);
    let mut keys: Vec<VerifierKey> = known.cloned().collect();
    let named = look.state().map(CheckpointKeys::of);
    if let Some(Ok(named)) = named {
        for (_, key) in named.all() {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
    }
    keys
}
