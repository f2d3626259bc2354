//! What an audit proved, or found, for people and for programs.

use std::collections::BTreeMap;

use governance::{action::Outcome, ids::LedgerId};
use ledger::audit::{AuditReport, Finding, FindingKind};
use serde_json::{Value, json};

use super::{
    super::{failure::Failure, output, time::LocalTime},
    Audited,
};

/// Tells what was proved.
pub(super) fn tell(report: &AuditReport) -> Result<(), Failure> {
    let demo = if report.demo { ", a demonstration" } else { "" };
    output::line(&format!(
        "Ledger {} ({}{demo}): everything follows.\n",
        report.ledger, report.name
    ))?;
    let mut table = output::table(&["", "how many", "what was proved"]);
    for (name, count, proved) in figures(report) {
        table.add_row([name.into(), output::number(count), proved.into()]);
    }
    output::rows(&table, "")?;
    output::line(&format!(
        "\nlast entry    {}\nroot          {}\ngenesis       {}\nverifier key  {}\n\
         Whether that is the community's own key, only the community can say.",
        LocalTime::default().show(report.last_recorded_at.0),
        report.root,
        report.genesis,
        report.verifier_key,
    ))?;
    for (from, key) in report.keys.all().filter(|(from, _)| *from > 0) {
        output::line(&format!(
            "Entry {} exchanged the key that signs checkpoints, signed by the one before: {key}.",
            output::grouped(from - 1),
        ))?;
    }
    if report.skipped > 0 {
        output::line(&format!(
            "Noticed: {} in the stream that no block of the log is; passed over, as every node does.",
            output::counted(report.skipped, "message", "messages"),
        ))?;
    }
    if report.unsigned > 0 {
        output::line(&format!(
            "Noticed: {} to the question for the newest checkpoint that the ledger's key did not sign; passed over, \
             as anybody can give one.",
            output::counted(report.unsigned, "answer", "answers"),
        ))?;
    }
    match &report.torn {
        Some(torn) => output::line(&format!("Noticed: {torn}.")),
        None => Ok(()),
    }
}

fn figures(report: &AuditReport) -> Vec<(&'static str, u64, String)> {
    let manner = if report.quick {
        "valid, checked in batches (a batch can pass a signature made to deceive it)"
    } else {
        "valid, each checked strictly"
    };
    let mut figures = vec![
        (
            "entries",
            report.entries,
            "each names the one before, and was lawful when it was recorded".to_owned(),
        ),
        ("signatures", report.signatures, manner.to_owned()),
        (
            "checkpoints",
            report.checkpoints,
            format!(
                "signed by the ledger's key, over just these entries; the largest covers {}",
                output::grouped(report.acknowledged)
            ),
        ),
        (
            "decisions",
            count(report.decisions.len()),
            format!(
                "every tally recomputed from the votes: {}",
                outcomes(report)
            ),
        ),
        (
            "derived",
            report.derived,
            "what time alone brought, recomputed byte for byte; none is missing".to_owned(),
        ),
    ];
    if report.contents_checked {
        let missing = output::grouped(report.contents_missing);
        let proved = format!("texts kept beside the log have their digests; {missing} not kept");
        figures.push(("contents", report.contents_verified, proved));
    }
    figures
}

fn outcomes(report: &AuditReport) -> String {
    let counts = by_outcome(report);
    if counts.is_empty() {
        return "there are none".to_owned();
    }
    let one = |(name, count): (&&str, &u64)| format!("{} {name}", output::grouped(*count));
    counts.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn by_outcome(report: &AuditReport) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for decision in &report.decisions {
        let name = match decision.decided.outcome {
            Outcome::Adopted => "adopted",
            Outcome::Rejected => "rejected",
            Outcome::NoQuorum => "without quorum",
            Outcome::PartlyFilled => "partly filled",
        };
        *counts.entry(name).or_default() += 1;
    }
    counts
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

/// A finding, or that there was nothing to read, and where what proves it is.
pub(super) fn failure(ledger: &LedgerId, finding: &Finding, evidence: Option<&str>) -> Failure {
    if finding.is_unavailable() {
        return Failure::unavailable(format!("ledger {ledger} was not audited: {finding}"))
            .next("Make it readable, then audit again: this says nothing about the ledger.");
    }
    let found = match &finding.kind {
        // It names the entry itself.
        FindingKind::Damage(damage) => damage.to_string(),
        _ => finding.to_string(),
    };
    let failure =
        Failure::finding(format!("ledger {ledger} does not hold: {found}")).because(finding.code());
    let failure = match evidence {
        Some(evidence) => failure.because(evidence),
        None => failure,
    };
    failure.next(
        "Keep what you have just as it is, compare it with other copies and with receipts, and \
         tell the community.",
    )
}

/// For programs.
pub(super) fn json(one: &Audited) -> Value {
    match &one.result {
        Ok(report) => proved(report),
        Err(finding) => found(&one.ledger, finding, one.evidence.as_deref()),
    }
}

/// A finding, for programs.
pub(super) fn found(ledger: &LedgerId, finding: &Finding, evidence: Option<&str>) -> Value {
    json!({
        "ledger": ledger.as_str(),
        "proved": false,
        "unavailable": finding.is_unavailable(),
        "finding": {
            "code": finding.code(),
            "index": finding.index,
            "message": finding.to_string(),
        },
        "evidence": evidence,
    })
}

fn proved(report: &AuditReport) -> Value {
    let decisions = report.decisions.iter().map(|decision| {
        let decided = &decision.decided;
        json!({
            "motion": decided.motion.as_str(),
            "index": decision.index,
            "recorded_at_ms": decision.recorded_at.0,
            "outcome": format!("{:?}", decided.outcome),
            "rule": decided.rule.as_str(),
            "measures": decided.measures.iter().map(measure).collect::<Vec<_>>(),
        })
    });
    json!({
        "ledger": report.ledger.as_str(),
        "proved": true,
        "name": report.name,
        "demo": report.demo,
        "entries": report.entries,
        "acknowledged": report.acknowledged,
        "signatures": report.signatures,
        "strict": !report.quick,
        "checkpoints": report.checkpoints,
        "actions": report.actions,
        "derived": report.derived,
        "outcomes": by_outcome(report),
        "decisions": decisions.collect::<Vec<_>>(),
        "contents_checked": report.contents_checked,
        "contents_verified": report.contents_verified,
        "contents_missing": report.contents_missing,
        "skipped_messages": report.skipped,
        "unsigned_answers": report.unsigned,
        "torn_write": report.torn.as_ref().map(ToString::to_string),
        "last_recorded_at_ms": report.last_recorded_at.0,
        "rules_version": report.rules_version,
        "root": report.root.to_string(),
        "genesis": report.genesis.to_string(),
        "verifier_key": report.verifier_key.to_string(),
        "checkpoint_keys": checkpoint_keys(report),
    })
}

/// Every key of checkpoints, and from which size on.
fn checkpoint_keys(report: &AuditReport) -> Vec<Value> {
    let keys = report.keys.all();
    keys.map(|(from, key)| json!({"from_size": from, "verifier_key": key.to_string()}))
        .collect()
}

fn measure(tally: &governance::action::MeasureTally) -> Value {
    json!({
        "kind": format!("{:?}", tally.kind),
        "eligible": tally.eligible,
        "attending": tally.attending,
        "participating": tally.participating,
        "in_favour": tally.in_favour,
        "against": tally.against,
        "abstaining": tally.abstaining,
        "quorum_met": tally.quorum_met,
        "approval_met": tally.approval_met,
    })
}
