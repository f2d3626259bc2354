//! What ledgers do, how far their views have come, and which no longer extend: read when asked for.
//!
//! `deploy/METRICS.md` says what each number means; a test holds the two together.

use std::{fmt, sync::Arc};

use governance::ids::LedgerId;
use ledger::{Ledger, NoKind, Node, nats::Nats, witnesses::WitnessStatus};
use projector::Projector;
use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::families::{Families, Labels, Unit};

/// The ledgers of a node and their views.
#[derive(Debug)]
pub(super) struct Ledgers {
    node: Arc<Node>,
    projector: Arc<Projector>,
}

impl Ledgers {
    pub(super) fn new(node: Arc<Node>, projector: Arc<Projector>) -> Self {
        Self { node, projector }
    }

    /// The ledgers that are served.
    fn served(&self) -> Vec<Arc<Ledger>> {
        let ids = self.node.ledgers();
        ids.iter().filter_map(|id| self.node.ledger(id)).collect()
    }

    /// How many of a ledger's entries its views have seen.
    fn seen(&self, ledger: &LedgerId) -> u64 {
        let views = self.projector.views(ledger);
        let position = views.and_then(|views| views.progress().borrow().position);
        position.map_or(0, |position| position.index + 1)
    }

    /// Why ledgers do not extend, as stable reasons.
    fn halts(&self, served: &[Arc<Ledger>]) -> Vec<(LedgerId, &'static str)> {
        let halted = served.iter().filter_map(|ledger| {
            let halt = ledger.halted()?;
            Some((ledger.id().clone(), halt.code()))
        });
        let failed = self.node.failed().iter();
        let failed = failed.map(|(id, halt)| (id.clone(), halt.code()));
        halted.chain(failed).collect()
    }

    fn sizes(&self, families: &mut Families<'_>, served: &[Arc<Ledger>]) -> fmt::Result {
        families.gauge(
            "ledger_entries",
            "Durable entries of a ledger",
            each(served, size),
        )?;
        families.gauge(
            "ledger_published_entries",
            "Entries under the newest published checkpoint: with witnesses, the one their quorum has cosigned",
            each(served, |ledger| {
                let published = ledger.published();
                published.map_or(0, |published| published.checkpoint.checkpoint().size)
            }),
        )?;
        families.gauge(
            "view_lag_entries",
            "Durable entries that the views have not seen yet",
            each(served, |ledger| {
                size(ledger).saturating_sub(self.seen(ledger.id()))
            }),
        )?;
        families.gauge(
            "ledger_halted",
            "1 for a ledger that no longer extends, by its reason",
            self.halts(served)
                .iter()
                .map(|(id, reason)| (vec![("ledger", id.as_str()), ("reason", *reason)], 1)),
        )
    }
}

impl Collector for Ledgers {
    fn encode(&self, encoder: DescriptorEncoder) -> fmt::Result {
        let (served, mut families) = (self.served(), Families(encoder));
        self.sizes(&mut families, &served)?;
        submissions(&mut families, &served)?;
        blocks(&mut families, &served)?;
        lead(&mut families, &served)?;
        nats(&mut families, &served, self.node.nats())?;
        witnesses(&mut families, &served)
    }
}

fn submissions(families: &mut Families<'_>, served: &[Arc<Ledger>]) -> fmt::Result {
    families.counter(
        "ledger_submissions",
        "Submissions this node has answered, by what became of them and, where not recorded, the reason",
        served.iter().flat_map(|ledger| outcomes(ledger)),
    )?;
    families.counter(
        "ledger_submissions_forwarded",
        "Submissions handed to the node that leads the ledger",
        each(served, |ledger| ledger.measures().forwarded.get()),
    )?;
    families.gauge(
        "ledger_submissions_under_way",
        "Submissions that are worked on or wait for the block they rest on",
        each(served, |ledger| ledger.submissions().0 as u64),
    )?;
    families.gauge(
        "ledger_submissions_max",
        "Submissions that are taken on at once; beyond them the answer is OVERLOADED",
        each(served, |ledger| ledger.submissions().1 as u64),
    )?;
    families.gauge(
        "ledger_queue_submissions",
        "Checked submissions that wait for the one writer",
        each(served, |ledger| ledger.queued() as u64),
    )
}

fn outcomes(ledger: &Ledger) -> Vec<(Labels<'_>, u64)> {
    let labels = |outcome, reason| {
        vec![
            ("ledger", ledger.id().as_str()),
            ("outcome", outcome),
            ("reason", reason),
        ]
    };
    let (recorded, repeated) = ledger.measures().admitted();
    let admitted = [
        (labels("recorded", ""), recorded),
        (labels("repeated", ""), repeated),
    ];
    let declined = ledger.measures().declined();
    let declined = declined
        .into_iter()
        .map(|((kind, reason), count)| (labels(outcome(kind), reason), count));
    admitted.into_iter().chain(declined).collect()
}

fn outcome(kind: NoKind) -> &'static str {
    match kind {
        NoKind::Invalid => "invalid",
        NoKind::Refusal => "refused",
        NoKind::Conflict => "conflict",
        NoKind::Overloaded => "overloaded",
        NoKind::Unavailable => "unavailable",
        NoKind::Corruption => "corruption",
    }
}

fn blocks(families: &mut Families<'_>, served: &[Arc<Ledger>]) -> fmt::Result {
    families.histogram(
        "ledger_block_entries",
        "Entries of each block this node appended",
        Unit::Itself,
        each(served, |ledger| &ledger.measures().block_entries),
    )?;
    families.histogram(
        "ledger_block_bytes",
        "Bytes of each block this node appended",
        Unit::Itself,
        each(served, |ledger| &ledger.measures().block_bytes),
    )?;
    families.histogram(
        "ledger_append_seconds",
        "Time until a block this node appended was durable, with its contents",
        Unit::Seconds,
        each(served, |ledger| &ledger.measures().append),
    )?;
    families.counter(
        "ledger_appends_failed",
        "Appends that failed, or of which it was not known whether they did",
        each(served, |ledger| ledger.measures().appends_failed.get()),
    )?;
    families.histogram(
        "ledger_checkpoint_seconds",
        "Time until a checkpoint was durable",
        Unit::Seconds,
        each(served, |ledger| &ledger.measures().checkpoint),
    )
}

fn lead(families: &mut Families<'_>, served: &[Arc<Ledger>]) -> fmt::Result {
    families.gauge(
        "ledger_leads",
        "1 where this node leads the ledger, or alone has it; else 0",
        each(served, |ledger| u64::from(leads(ledger))),
    )?;
    families.counter(
        "ledger_lead_changes",
        "How often this node came to lead the ledger, or ceased to",
        each(served, |ledger| ledger.measures().lead_changes.get()),
    )?;
    families.counter(
        "ledger_events_left_out",
        "Entries that were not announced to other systems, as there was too much to announce",
        each(served, Ledger::events_left_out),
    )
}

fn nats(families: &mut Families<'_>, served: &[Arc<Ledger>], nats: Option<&Nats>) -> fmt::Result {
    families.gauge(
        "ledger_log_away",
        "1 while the log, which is on NATS, cannot be reached and was given up; else 0",
        each(served, |ledger| u64::from(ledger.away().is_some())),
    )?;
    families.counter(
        "ledger_skipped_messages",
        "Messages in the ledger's stream that are no blocks of the log and were passed over",
        each(served, Ledger::skipped_messages),
    )?;
    families.gauge(
        "nats_connected",
        "1 while there is a connection to NATS; else 0",
        nats.map(|nats| (Labels::new(), u64::from(nats.is_connected()))),
    )?;
    families.counter(
        "nats_connections",
        "How often the connection to NATS was made",
        nats.map(|nats| (Labels::new(), nats.connections().borrow().made)),
    )
}

fn leads(ledger: &Ledger) -> bool {
    let standing = ledger.standing();
    ledger.halted().is_none() && standing.is_none_or(|standing| standing.borrow().leads)
}

fn witnesses(families: &mut Families<'_>, served: &[Arc<Ledger>]) -> fmt::Result {
    let asked: Vec<(&Ledger, Vec<WitnessStatus>)> = served
        .iter()
        .map(|ledger| (&**ledger, ledger.witnesses()))
        .collect();
    families.gauge(
        "ledger_witness_late",
        "1 for a witness that did not cosign what it was asked for last; else 0",
        asked.iter().flat_map(|(ledger, witnesses)| {
            witnesses.iter().map(|witness| {
                let labels = vec![
                    ("ledger", ledger.id().as_str()),
                    ("witness", &*witness.name),
                ];
                (labels, u64::from(witness.late.is_some()))
            })
        }),
    )
}

/// A value of each ledger.
fn each<'a, T>(
    served: &'a [Arc<Ledger>],
    value: impl Fn(&'a Ledger) -> T,
) -> impl Iterator<Item = (Labels<'a>, T)> {
    served
        .iter()
        .map(move |ledger| (vec![("ledger", ledger.id().as_str())], value(ledger)))
}

fn size(ledger: &Ledger) -> u64 {
    *ledger.durable_size().borrow()
}
