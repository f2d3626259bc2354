//! One look at a ledger: what is new since the last one, checked, and what servers say of it compared.

use governance::ids::LedgerId;
use indicatif::ProgressBar;
use ledger::audit::{AuditOptions, AuditReport, Auditor, Believed, Finding, OtherLog};
use proto::v1;
use tlog::{Checkpoint, Hash, Note, verify_consistency};

use super::{
    super::{
        connection::{Server, Told as _, failure_of},
        failure::Failure,
        output,
        sources::{Ledgers, Opened, newest},
    },
    answers::Own,
};

/// A ledger under audit.
pub(super) struct Look {
    ledger: LedgerId,
    auditor: Auditor,
    /// The auditor's own views, where a server's answers are to be compared.
    own: Option<Own>,
    /// The checkpoints shown, smallest first; of those that anybody may have given, the signed ones.
    shown: Vec<Note>,
}

impl Look {
    /// An audit that begins.
    pub(super) fn new(
        ledger: &LedgerId,
        options: AuditOptions,
        compares_answers: bool,
    ) -> Result<Self, Failure> {
        Ok(Self {
            auditor: Auditor::new(ledger, options),
            own: compares_answers.then(|| Own::new(ledger)).transpose()?,
            ledger: ledger.clone(),
            shown: Vec::new(),
        })
    }

    /// Which ledger.
    pub(super) fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// Entries that follow so far.
    pub(super) fn size(&self) -> u64 {
        self.auditor.size()
    }

    /// The checkpoints shown, smallest first.
    pub(super) fn checkpoints(&self) -> Vec<Note> {
        self.shown.clone()
    }

    /// The state that the entries amount to so far.
    pub(super) fn state(&self) -> Option<&governance::State> {
        self.auditor.state()
    }

    /// What is believed, once everything so far has held.
    pub(super) fn believed(&self) -> Option<Believed> {
        self.auditor.believed()
    }

    /// The latest time at which a known witness cosigned, in seconds since 1970.
    pub(super) fn cosigned_at(&self) -> Option<u64> {
        self.auditor.cosigned_at()
    }

    /// Looks once: at what is new, at what the server answers, and at what the other servers show. A failure
    /// is about reading; a finding is about the ledger.
    pub(super) async fn look(
        &mut self,
        ledgers: &Ledgers,
        others: &[(String, Server)],
    ) -> Result<Result<AuditReport, Finding>, Failure> {
        let before = self.size();
        let opened = ledgers.open_from(&self.ledger, before).await?;
        // The audit takes all cores and waits for pages: it leaves the runtime's threads alone.
        let report = match tokio::task::block_in_place(|| self.take(opened)) {
            Ok(report) => report,
            // What comes next does not follow from what was there: is it another history?
            Err(finding) if before > 0 && finding.index == Some(before) => {
                let parted = self.parted(ledgers).await?;
                return Ok(Err(parted.unwrap_or(finding)));
            }
            Err(finding) => return Ok(Err(finding)),
        };
        if let (Some(server), Some(own)) = (ledgers.server(), &mut self.own)
            && let Err(finding) = own.compare(server, &self.ledger).await?
        {
            return Ok(Err(finding));
        }
        for (_, other) in others {
            if let Err(finding) = self.compare(other).await? {
                return Ok(Err(finding));
            }
        }
        Ok(Ok(report))
    }

    fn take(&mut self, opened: Opened) -> Result<AuditReport, Finding> {
        let mut source = opened?;
        let bar: ProgressBar = output::progress(source.total(), "entries");
        let own = &mut self.own;
        let taken = self.auditor.take(
            &mut *source,
            &mut |entry| {
                if let Some(own) = own {
                    own.follow(entry);
                }
            },
            &|progress| {
                bar.set_length(progress.total);
                bar.set_position(progress.entries);
            },
        );
        bar.finish_and_clear();
        taken?;
        if let Some(own) = &mut self.own {
            own.finish();
        }
        let heard = source.hearsay().iter();
        let heard = heard.filter(|note| self.auditor.is_signed(note));
        self.shown = heard.chain(source.checkpoints()).cloned().collect();
        self.shown
            .sort_by_key(|note| Checkpoint::parse(note.text()).map_or(0, |tree| tree.size));
        self.auditor.report(&*source)
    }

    /// Whether the log as it is shown now, from its first entry on, is another than the one looked at before.
    async fn parted(&self, ledgers: &Ledgers) -> Result<Option<Finding>, Failure> {
        let opened = ledgers.open(&self.ledger).await?;
        let hashed = tokio::task::block_in_place(|| {
            let mut source = opened?;
            let mut shown = OtherLog::new();
            loop {
                let entries = source.next()?;
                if entries.is_empty() {
                    break;
                }
                shown.take(&entries);
            }
            match source.newest() {
                Some(note) => self.auditor.compare_longer(note, &shown),
                None => Ok(()),
            }
        });
        // What it may be instead was found already.
        Ok(hashed.err().filter(|found| found.code() == "FORKED"))
    }

    /// Holds what another server shows against what was proven.
    async fn compare(&mut self, other: &Server) -> Result<Result<(), Finding>, Failure> {
        let note = newest(other, &self.ledger).await?;
        let note = Note::parse(&note).map_err(|error| {
            Failure::finding("the other server gave no checkpoint").because(error.to_string())
        })?;
        let shown = Checkpoint::parse(note.text()).map_err(|error| {
            Failure::finding("the other server gave no checkpoint").because(error.to_string())
        })?;
        if shown.size <= self.size() {
            return Ok(self.auditor.compare(&note));
        }
        // A key that the entries here do not name, theirs may: they are a few ahead.
        if self.auditor.is_signed(&note) && self.leads_to(other, &shown).await? {
            return Ok(Ok(()));
        }
        let theirs = whole(other, &self.ledger, shown.size).await?;
        Ok(self.auditor.compare_longer(&note, &theirs))
    }

    /// Whether the other server proves that its larger tree begins with what was proven here.
    async fn leads_to(&self, other: &Server, shown: &Checkpoint) -> Result<bool, Failure> {
        let proven = self.auditor.proven();
        let Some(proven) = proven.and_then(|note| Checkpoint::parse(note.text()).ok()) else {
            return Ok(false);
        };
        let request = v1::GetConsistencyProofRequest {
            ledger: self.ledger.to_string(),
            old_size: proven.size,
            new_size: shown.size,
        };
        let answer = other.audit().get_consistency_proof(request).await.told()?;
        let hashes = answer.proof.iter();
        let hashes: Result<Vec<Hash>, _> = hashes.map(|h| Hash::try_from(h.as_slice())).collect();
        let proof = hashes.unwrap_or_default();
        let (old, new) = (proven.size, shown.size);
        Ok(verify_consistency(old, &proven.root, new, &shown.root, &proof).is_ok())
    }
}

/// Everything that another server gives.
async fn whole(server: &Server, ledger: &LedgerId, size: u64) -> Result<OtherLog, Failure> {
    let request = v1::ListEntriesRequest {
        ledger: ledger.to_string(),
        start: 0,
        count: size,
    };
    let mut theirs = OtherLog::new();
    let mut stream = server.audit().list_entries(request).await.told()?;
    while let Some(part) = stream.message().await.map_err(|s| failure_of(&s))? {
        theirs.take(&part.entries);
    }
    Ok(theirs)
}
