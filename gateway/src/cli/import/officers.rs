//! Who records an import, and by which rule the votes are counted.

use governance::{
    action::{Actor, Attestor, Capacity},
    ids::{BodyId, OfficeId, RuleId},
};

use super::{
    super::{
        connection::Session,
        failure::Failure,
        keyfile::KeyFile,
        signing::Signer,
        whoami::{Identity, whoami},
    },
    CouncilArgs,
};

/// Who records, and for which body.
pub(super) struct Officers {
    pub(super) body: BodyId,
    pub(super) rule: RuleId,
    pub(super) actor: Actor,
    pub(super) second: Attestor,
    pub(super) signers: [Signer; 2],
}

impl Officers {
    /// Asks the ledger whose keys these are, and in which offices they act.
    pub(super) async fn find(
        session: &Session,
        args: &CouncilArgs,
        keys: (KeyFile, KeyFile),
    ) -> Result<Self, Failure> {
        let body = args.body.clone();
        let rule = rule_of(session, &body, args.rule.as_ref())?;
        let (clerk, teller) = (
            whoami(session, &keys.0).await?,
            whoami(session, &keys.1).await?,
        );
        if clerk.person == teller.person {
            let what = format!(
                "both keys are {}'s: an import needs two officers",
                clerk.person
            );
            return Err(Failure::usage(what).next("Give another officer's key with --attest-key."));
        }
        Ok(Self {
            actor: Actor::Person {
                person: clerk.person.clone(),
                capacity: Some(office(&clerk, &body)?),
            },
            second: Attestor {
                person: teller.person.clone(),
                capacity: office(&teller, &body)?,
            },
            signers: [(clerk, keys.0), (teller, keys.1)].map(|(who, key)| Signer {
                person: Some(who.person),
                key,
            }),
            body,
            rule,
        })
    }
}

fn office(officer: &Identity, body: &BodyId) -> Result<Capacity, Failure> {
    let capacity = officer.office_for(Some(body.as_str()))?;
    let wrong = |_| Failure::finding("the server names an office wrongly");
    Ok(Capacity {
        body: BodyId::new(&capacity.body).map_err(wrong)?,
        office: Some(OfficeId::new(&capacity.office).map_err(wrong)?),
    })
}

/// The rule asked for, or the only one the body has.
fn rule_of(session: &Session, body: &BodyId, asked: Option<&RuleId>) -> Result<RuleId, Failure> {
    let rules = session
        .about
        .charter
        .iter()
        .flat_map(|charter| &charter.rules);
    let of_body: Vec<&str> = rules
        .filter(|rule| rule.body == body.as_str())
        .map(|rule| rule.id.as_str())
        .collect();
    let found = match (asked, of_body.as_slice()) {
        (Some(rule), rules) if rules.contains(&rule.as_str()) => rule.as_str(),
        (None, [only]) => only,
        (_, []) => {
            let what = format!("the charter has no rule by which body {body} decides");
            return Err(Failure::usage(what).next("Name the body that voted with --body."));
        }
        (Some(rule), rules) => {
            let what = format!("body {body} does not decide by rule {rule}");
            return Err(Failure::usage(what).next(format!("It decides by: {}.", rules.join(", "))));
        }
        (None, rules) => {
            let what = format!("body {body} decides by several rules");
            let next = format!("Say by which with --rule: {}.", rules.join(", "));
            return Err(Failure::usage(what).next(next));
        }
    };
    RuleId::new(found)
        .map_err(|error| Failure::finding(format!("the server names a rule wrongly: {error}")))
}
