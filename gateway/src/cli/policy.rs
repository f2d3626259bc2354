//! Trust policies on the command line: a file that says which logs and whose cosignatures are believed.

use std::{fs, path::Path};

use ledger::CheckpointKeys;
use tlog::{Policy, SignedCheckpoint, Verified, VerifierKey};

use super::{failure::Failure, output, time::LocalTime};

/// Reads a policy file.
pub(crate) fn read(path: &Path) -> Result<Policy, Failure> {
    let shown = path.display();
    let bytes = fs::read(path)
        .map_err(|error| Failure::usage(format!("cannot read the policy {shown}: {error}")))?;
    Policy::parse(&bytes).map_err(|error| {
        Failure::usage(format!("{shown} is not a trust policy"))
            .because(error.to_string())
            .next("The format is C2SP's tlog-policy: lines log, witness, group and quorum.")
    })
}

/// A policy, as far as it is about one log.
pub(crate) struct Trust<'a> {
    policy: &'a Policy,
}

impl<'a> Trust<'a> {
    /// The policy for this log, which must be one of its logs if it names any.
    pub(crate) fn of(policy: &'a Policy, log: &VerifierKey) -> Result<Self, Failure> {
        Self::of_any(policy, &[log])
    }

    /// The same for a log of these keys, any of which will do.
    pub(crate) fn of_log(policy: &'a Policy, keys: &CheckpointKeys) -> Result<Self, Failure> {
        let keys: Vec<_> = keys.all().map(|(_, key)| key).collect();
        Self::of_any(policy, &keys)
    }

    fn of_any(policy: &'a Policy, log: &[&VerifierKey]) -> Result<Self, Failure> {
        let named = policy.logs().iter().any(|known| log.contains(&&known.key));
        if named || policy.logs().is_empty() {
            return Ok(Self { policy });
        }
        let logs = policy.logs().iter().map(|log| log.key.to_string());
        let logs: Vec<String> = logs.collect();
        let newest = log.last().map(ToString::to_string).unwrap_or_default();
        Err(
            Failure::finding(format!("the policy does not name the log {newest}"))
                .because(format!("It names {}.", logs.join(", "))),
        )
    }

    /// The checkpoint is cosigned by a quorum.
    pub(crate) fn expect(
        &self,
        signed: &SignedCheckpoint,
        cosigned: &[Verified],
    ) -> Result<(), Failure> {
        if self.policy.is_met_by(cosigned) {
            return Ok(());
        }
        let size = signed.checkpoint().size;
        Err(Failure::finding(format!(
            "pending witnesses: the checkpoint of {size} entries is not cosigned by the quorum that \
             the policy demands"
        ))
        .because(format!("It is cosigned by {}.", names(cosigned)))
        .next("Ask again later; if it stays so, ask the witnesses what they refuse, and why."))
    }
}

/// The cosigners and their times, for people.
pub(crate) fn cosigners(cosigned: &[Verified]) -> Vec<String> {
    let one = |verified: &Verified| {
        let at = verified.timestamp.unwrap_or(0).saturating_mul(1_000);
        let at = LocalTime::default().show(at);
        format!("{}, {at}", verified.name)
    };
    cosigned.iter().map(one).collect()
}

fn names(cosigned: &[Verified]) -> String {
    let names: Vec<&str> = cosigned.iter().map(|v| v.name.as_str()).collect();
    match names.len() {
        0 => "nobody whom it names".to_owned(),
        count => format!(
            "{} ({})",
            output::counted(count as u64, "witness", "witnesses"),
            names.join(", ")
        ),
    }
}
