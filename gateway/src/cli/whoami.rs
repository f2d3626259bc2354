//! Whose key a key is, and in which capacity its owner may act.

use std::str::FromStr;

use governance::ids::PersonId;
use proto::v1::{self, get_person_request::By};

use super::{
    connection::{Session, Told as _},
    failure::Failure,
    keyfile::KeyFile,
};

/// The owner of a key, as the ledger knows them.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// Who.
    pub(crate) person: PersonId,
    /// The offices held now: body and office.
    pub(crate) offices: Vec<v1::Capacity>,
}

/// Body and office as `--as` gives them: `council/clerk`, or `council` for a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CapacityArg(pub(crate) v1::Capacity);

impl FromStr for CapacityArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (body, office) = text.split_once('/').unwrap_or((text, ""));
        let capacity = v1::Capacity {
            body: body.to_owned(),
            office: office.to_owned(),
        };
        if body.is_empty() || text.ends_with('/') {
            return Err("give BODY/OFFICE, or BODY for a member on its roll".to_owned());
        }
        Ok(Self(capacity))
    }
}

/// Asks the ledger whose key this is.
pub(crate) async fn whoami(session: &Session, key: &KeyFile) -> Result<Identity, Failure> {
    let request = v1::GetPersonRequest {
        ledger: session.ledger(),
        by: Some(By::Key(key.public().0.to_vec())),
        moment: None,
    };
    let answer = session.server.query().get_person(request).await;
    let person = match answer {
        Err(status) if status.code() == tonic::Code::NotFound => {
            return Err(nobodys(session, key));
        }
        other => other.told()?,
    };
    let id = PersonId::new(&person.person)
        .map_err(|error| Failure::finding(format!("the server names a person wrongly: {error}")))?;
    let offices = person.offices.into_iter().map(|office| v1::Capacity {
        body: office.body,
        office: office.office,
    });
    Ok(Identity {
        person: id,
        offices: offices.collect(),
    })
}

fn nobodys(session: &Session, key: &KeyFile) -> Failure {
    let (public, path) = (key.public(), key.path().display());
    Failure::finding(format!(
        "the key in {path} belongs to nobody in ledger {}",
        session.about.ledger
    ))
    .because(format!("Its public half is {public}."))
    .next("Ask the registrar to enrol you with that key, or give another key.")
}

impl Identity {
    /// The one office to act in: the only one in this body, else the only one at all.
    pub(crate) fn office_for(&self, body: Option<&str>) -> Result<v1::Capacity, Failure> {
        let in_body = |capacity: &&v1::Capacity| Some(capacity.body.as_str()) == body;
        let there: Vec<_> = self.offices.iter().filter(in_body).collect();
        match (there.as_slice(), self.offices.as_slice()) {
            ([one], _) => Ok((*one).clone()),
            ([], [one]) => Ok(one.clone()),
            (_, []) => Err(
                Failure::usage(format!("{} holds no office to act in", self.person))
                    .next("Say as which body's member you act, with --as BODY."),
            ),
            _ => Err(
                Failure::usage(format!("{} holds several offices", self.person)).next(format!(
                    "Say in which to act, with --as: {}.",
                    self.listed()
                )),
            ),
        }
    }

    fn listed(&self) -> String {
        let one = |c: &v1::Capacity| format!("{}/{}", c.body, c.office);
        self.offices.iter().map(one).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capacity(body: &str, office: &str) -> v1::Capacity {
        v1::Capacity {
            body: body.to_owned(),
            office: office.to_owned(),
        }
    }

    fn holding(offices: &[(&str, &str)]) -> Identity {
        Identity {
            person: PersonId::new("clerk").unwrap(),
            offices: offices.iter().map(|(b, o)| capacity(b, o)).collect(),
        }
    }

    #[test]
    fn the_only_office_is_acted_in() {
        let clerk = holding(&[("council", "clerk")]);
        assert_eq!(clerk.office_for(None), Ok(capacity("council", "clerk")));
        assert_eq!(
            clerk.office_for(Some("board")),
            Ok(capacity("council", "clerk"))
        );
        assert!(holding(&[]).office_for(None).is_err());
    }

    #[test]
    fn of_several_offices_the_one_in_the_body_is_acted_in() {
        let busy = holding(&[("council", "clerk"), ("board", "head")]);
        assert_eq!(
            busy.office_for(Some("board")),
            Ok(capacity("board", "head"))
        );
        let failure = busy.office_for(None).unwrap_err();
        assert!(failure.text().contains("council/clerk, board/head"));
        let twice = holding(&[("board", "head"), ("board", "member")]);
        assert!(twice.office_for(Some("board")).is_err());
    }

    #[test]
    fn a_capacity_is_a_body_and_perhaps_an_office() {
        let parsed = |text: &str| text.parse::<CapacityArg>().map(|c| c.0);
        assert_eq!(parsed("council/clerk"), Ok(capacity("council", "clerk")));
        assert_eq!(parsed("council"), Ok(capacity("council", "")));
        assert!(parsed("").is_err() && parsed("/clerk").is_err() && parsed("council/").is_err());
    }
}
