//! The audit as a monitor: it looks again and again, checks what is new, and ends with the first finding.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ledger::audit::Finding;
use tokio::time::{sleep, timeout};

use super::{
    super::{
        connection::Server,
        failure::{Exit, Failure},
        output,
        sources::Ledgers,
    },
    AuditArgs, Audited, Told, expected_key, expected_policy, found,
    look::Look,
    metrics::{self, Figures},
    remember, report,
};
use crate::{server::asked_to_stop, witness::HttpWitnesses};

/// How long a webhook may take.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn run(
    args: &AuditArgs,
    told: &Told,
    ledgers: &Ledgers,
    others: &[(String, Server)],
) -> Result<(), Failure> {
    let stop = asked_to_stop().map_err(|error| Failure::unavailable(error.to_string()))?;
    let figures = Arc::new(Figures::new());
    if let Some(at) = args.follow.metrics {
        metrics::serve(Arc::clone(&figures), at).await?;
    }
    let monitor = Monitor {
        args,
        told,
        ledgers,
        others,
        figures: &figures,
    };
    tokio::select! {
        ended = monitor.run() => ended,
        () = stop => Ok(()),
    }
}

/// What a monitor is told, and what it tells.
struct Monitor<'a> {
    args: &'a AuditArgs,
    told: &'a Told,
    ledgers: &'a Ledgers,
    others: &'a [(String, Server)],
    figures: &'a Figures,
}

impl Monitor<'_> {
    async fn run(&self) -> Result<(), Failure> {
        let mut looks = Vec::new();
        for ledger in &self.ledgers.ids {
            let options = self.args.options(self.told);
            looks.push(Look::new(ledger, options, self.ledgers.server().is_some())?);
        }
        let pause = Duration::from_secs(self.args.follow.every);
        let mut round = 0;
        loop {
            for look in &mut looks {
                self.look(look).await?;
            }
            round += 1;
            if self.args.follow.looks.is_some_and(|most| round >= most) {
                return Ok(());
            }
            sleep(pause).await;
        }
    }

    /// Looks at one ledger. What cannot be read now may be read later; a finding ends the monitor.
    async fn look(&self, look: &mut Look) -> Result<(), Failure> {
        let before = look.size();
        let result = match look.look(self.ledgers, self.others).await {
            Ok(result) => result,
            Err(failure) if failure.exit() == Exit::Unavailable => {
                self.unread(look, &failure);
                return Ok(());
            }
            Err(failure) => return Err(failure),
        };
        let mut one = Audited {
            ledger: look.ledger().clone(),
            checkpoints: look.checkpoints(),
            result,
            evidence: None,
        };
        if let Err(finding) = &one.result {
            let finding = finding.clone();
            let (args, told) = (self.args, self.told);
            one.evidence = found::keep(args, told, self.ledgers, look, &one.result).await?;
            let failure = report::failure(&one.ledger, &finding, one.evidence.as_deref());
            if finding.is_unavailable() {
                self.unread(look, &failure);
                return Ok(());
            }
            self.figures.found(look);
            self.tell(&one, &finding).await;
            return Err(failure);
        }
        expected_key(self.args, &one)?;
        // The quorum may come later; that it never does, the metrics of times tell.
        let pending = expected_policy(self.told.policy.as_ref(), &one).err();
        remember(self.args, look)?;
        self.figures.held(look, now());
        if look.size() == before && before > 0 {
            return Ok(());
        }
        let pending = pending.map_or_else(String::new, |failure| format!("; {}", failure.what()));
        // Progress: a monitor whose output nobody reads any more goes on.
        eprintln!(
            "Ledger {}: {}, everything follows{pending}.",
            one.ledger,
            output::counted(look.size(), "entry", "entries"),
        );
        Ok(())
    }

    fn unread(&self, look: &Look, failure: &Failure) {
        self.figures.unread(look);
        failure.print();
    }

    /// Posts a finding to the webhook, if there is one.
    async fn tell(&self, one: &Audited, finding: &Finding) {
        let Some(url) = &self.args.follow.webhook else {
            return;
        };
        let json = report::found(&one.ledger, finding, one.evidence.as_deref()).to_string();
        let told = match HttpWitnesses::new() {
            Err(error) => Err(error.to_string()),
            Ok(client) => match timeout(WEBHOOK_TIMEOUT, client.tell(url, json)).await {
                Ok(Ok((200..=299, _))) => return,
                Ok(Ok((status, _))) => Err(format!("it answered {status}")),
                Ok(Err(why)) => Err(why),
                Err(_) => Err("it does not answer".to_owned()),
            },
        };
        let told: Result<(), String> = told;
        if let Err(why) = told {
            Failure::unavailable(format!("the finding could not be posted to {url}: {why}"))
                .print();
        }
    }
}

/// Seconds since 1970, by this machine's clock.
fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |now| now.as_secs())
}
