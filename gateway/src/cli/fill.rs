//! What an action leaves unsaid and the ledger knows: who acts in which office, the second officer, the
//! entry that opened a vote, ids and times.

use governance::action::Action;
use proto::v1::{self, action::Payload};

use super::{
    connection::{Session, Told as _},
    failure::Failure,
    signing, time,
    whoami::Identity,
};
use prost::Message as _;

/// What was found out to fill an action in with.
pub(crate) struct Known<'a> {
    /// The owner of the signing key.
    pub(crate) me: &'a Identity,
    /// The owner of the first other key that has one.
    pub(crate) second: Option<&'a Identity>,
    /// The motion acted on as a voter.
    pub(crate) motion: Option<&'a v1::Motion>,
    /// The capacity asked for on the command line.
    pub(crate) capacity: Option<&'a v1::Capacity>,
}

/// The motion that must be looked up before the action can be filled in: those that voters act on.
pub(crate) fn motion_asked(draft: &v1::Action) -> Option<&str> {
    match draft.payload.as_ref()? {
        Payload::BallotCast(ballot) => Some(&ballot.motion),
        Payload::ProxyGranted(proxy) => Some(&proxy.motion),
        Payload::ProxyRevoked(proxy) => Some(&proxy.motion),
        Payload::InterestDeclared(interest) => Some(&interest.motion),
        Payload::StatementMade(statement) => Some(&statement.motion),
        _ => None,
    }
}

/// A motion as the ledger's views have it.
pub(crate) async fn motion(session: &Session, id: &str) -> Result<v1::Motion, Failure> {
    let request = v1::GetMotionRequest {
        ledger: session.ledger(),
        motion: id.to_owned(),
        page_size: 1,
        page_token: String::new(),
        moment: None,
    };
    let answer = session.server.query().get_motion(request).await.told()?;
    answer
        .motion
        .ok_or_else(|| Failure::finding(format!("the server says nothing of motion {id}")))
}

/// The action with everything said.
pub(crate) fn filled(
    session: &Session,
    mut draft: v1::Action,
    known: &Known<'_>,
) -> Result<v1::Action, Failure> {
    if draft.ledger.is_empty() {
        draft.ledger = session.ledger();
    }
    if draft.genesis.is_empty() {
        draft.genesis.clone_from(&session.about.genesis);
    }
    if draft.actor.is_empty() {
        draft.actor = known.me.person.to_string();
    }
    let now = time::now();
    if draft.client_time_ms == 0 {
        draft.client_time_ms = now.0;
    }
    if draft.not_after_ms == 0 {
        draft.not_after_ms = signing::not_after(now, session).0;
    }
    if draft.id.is_empty() {
        let made_at = governance::ids::Millis(draft.client_time_ms);
        draft.id = signing::action_id(made_at)?.0.to_vec();
    }
    if let Some(payload) = &mut draft.payload {
        fill_payload(payload, known)?;
        if draft.capacity.is_none() {
            draft.capacity = capacity(payload, known)?;
        }
    }
    Ok(draft)
}

fn fill_payload(payload: &mut Payload, known: &Known<'_>) -> Result<(), Failure> {
    let opened = known.motion.map(|motion| &motion.voting_opened);
    match payload {
        Payload::BallotCast(ballot) => fill_opened(&mut ballot.voting_opened, opened),
        Payload::ProxyGranted(proxy) => fill_opened(&mut proxy.voting_opened, opened),
        Payload::KeyReplaced(replaced) => fill_second(&mut replaced.second, None, known)?,
        Payload::PaperBallotsRecorded(papers) => fill_second(&mut papers.second, None, known)?,
        Payload::ReportAssessed(assessed) => fill_second(&mut assessed.second, None, known)?,
        Payload::RecordImported(imported) => fill_second(&mut imported.second, None, known)?,
        Payload::DecisionOverturned(overturned) => {
            fill_second(&mut overturned.second, None, known)?;
        }
        Payload::RecordCorrected(corrected) => fill_second(&mut corrected.second, None, known)?,
        Payload::MeasureImported(imported) => fill_second(&mut imported.second, None, known)?,
        Payload::HandoverCompleted(completed) => fill_second(&mut completed.second, None, known)?,
        Payload::HeadAudited(audited) => fill_second(&mut audited.second, None, known)?,
        Payload::RollCallRecorded(call) => {
            let body = call.minuted.as_ref().map(|minuted| minuted.body.as_str());
            fill_second(&mut call.second, body, known)?;
        }
        _ => {}
    }
    Ok(())
}

fn fill_opened(field: &mut Vec<u8>, opened: Option<&Vec<u8>>) {
    if let (true, Some(opened)) = (field.is_empty(), opened) {
        field.clone_from(opened);
    }
}

fn fill_second(
    field: &mut Option<v1::Attestor>,
    body: Option<&str>,
    known: &Known<'_>,
) -> Result<(), Failure> {
    if let (None, Some(second)) = (&field, known.second) {
        *field = Some(v1::Attestor {
            person: second.person.to_string(),
            capacity: Some(second.office_for(body)?),
        });
    }
    Ok(())
}

/// In which capacity the actor acts: as asked; for oneself with one's own keys; as a voter on a
/// motion; else in the one office that fits.
fn capacity(payload: &Payload, known: &Known<'_>) -> Result<Option<v1::Capacity>, Failure> {
    if let Some(asked) = known.capacity {
        return Ok(Some(asked.clone()));
    }
    let member = known.motion.map(|motion| v1::Capacity {
        body: motion.body.clone(),
        office: String::new(),
    });
    match payload {
        Payload::LedgerFounded(_)
        | Payload::KeyAdded(_)
        | Payload::KeyRotated(_)
        | Payload::ExpertOpinionFiled(_)
        | Payload::RollObjected(_) => Ok(None),
        Payload::KeyRevoked(revoked) if revoked.person == known.me.person.as_str() => Ok(None),
        Payload::BallotCast(_)
        | Payload::ProxyGranted(_)
        | Payload::ProxyRevoked(_)
        | Payload::InterestDeclared(_) => Ok(member),
        Payload::StatementMade(_) if known.me.offices.is_empty() => Ok(member),
        // What a resident raises, and asks about it, needs no office.
        Payload::IssueRaised(_) | Payload::IssueReopened(_) | Payload::SatisfactionRated(_) => {
            Ok(None)
        }
        _ => known.me.office_for(body_of(payload)).map(Some),
    }
}

/// The body a payload names, where it names one.
fn body_of(payload: &Payload) -> Option<&str> {
    let body = match payload {
        Payload::OfficeAssumed(assumed) => &assumed.body,
        Payload::RollPart(part) => &part.body,
        Payload::RollPublished(published) => &published.body,
        Payload::MeetingConvened(convened) => &convened.body,
        Payload::MotionTabled(tabled) => &tabled.body,
        Payload::ReportFiled(report) => &report.body,
        Payload::ReportAnswered(report) => &report.body,
        Payload::RollCallRecorded(call) => &call.minuted.as_ref()?.body,
        _ => return None,
    };
    Some(body)
}

/// The action these fields make, or the field that is wrong.
pub(crate) fn decoded(draft: &v1::Action) -> Result<Action, Failure> {
    proto::decode_action(&draft.encode_to_vec()).map_err(|malformed| {
        Failure::usage(malformed.to_string())
            .because(malformed.code())
            .next(malformed.remedy())
    })
}

#[cfg(test)]
mod tests {
    use governance::ids::PersonId;

    use super::*;

    fn holder(person: &str, body: &str, office: &str) -> Identity {
        Identity {
            person: PersonId::new(person).unwrap(),
            offices: vec![v1::Capacity {
                body: body.to_owned(),
                office: office.to_owned(),
            }],
        }
    }

    fn motion() -> v1::Motion {
        v1::Motion {
            motion: "lift".to_owned(),
            body: "owners".to_owned(),
            voting_opened: vec![7; 32],
            ..v1::Motion::default()
        }
    }

    fn known<'a>(
        me: &'a Identity,
        second: Option<&'a Identity>,
        motion: Option<&'a v1::Motion>,
    ) -> Known<'a> {
        Known {
            me,
            second,
            motion,
            capacity: None,
        }
    }

    #[test]
    fn a_ballot_names_the_opening_and_is_cast_as_a_member() {
        let (me, motion) = (holder("p1", "council", "clerk"), motion());
        let known = known(&me, None, Some(&motion));
        let mut payload = Payload::BallotCast(v1::BallotCast::default());
        fill_payload(&mut payload, &known).unwrap();
        let Payload::BallotCast(ballot) = &payload else {
            panic!("still a ballot")
        };
        assert_eq!(ballot.voting_opened, vec![7; 32]);
        let capacity = capacity(&payload, &known).unwrap().unwrap();
        assert_eq!(
            (capacity.body.as_str(), capacity.office.as_str()),
            ("owners", "")
        );
    }

    #[test]
    fn what_the_action_says_is_kept() {
        let (me, motion) = (holder("p1", "council", "clerk"), motion());
        let said = v1::BallotCast {
            voting_opened: vec![1; 32],
            ..v1::BallotCast::default()
        };
        let mut payload = Payload::BallotCast(said.clone());
        fill_payload(&mut payload, &known(&me, None, Some(&motion))).unwrap();
        assert_eq!(payload, Payload::BallotCast(said));
    }

    #[test]
    fn own_keys_are_acted_on_for_oneself_and_others_keys_in_office() {
        let me = holder("p1", "council", "clerk");
        let known = known(&me, None, None);
        let revoked = |person: &str| {
            Payload::KeyRevoked(v1::KeyRevoked {
                person: person.to_owned(),
                key: vec![],
            })
        };
        assert_eq!(capacity(&revoked("p1"), &known), Ok(None));
        let of_another = capacity(&revoked("p2"), &known).unwrap().unwrap();
        assert_eq!(of_another.office, "clerk");
    }

    #[test]
    fn the_second_officer_is_the_owner_of_the_other_key() {
        let (me, teller) = (
            holder("clerk", "council", "clerk"),
            holder("teller", "council", "teller"),
        );
        let mut payload = Payload::RollCallRecorded(v1::RollCallRecorded::default());
        fill_payload(&mut payload, &known(&me, Some(&teller), None)).unwrap();
        let Payload::RollCallRecorded(call) = payload else {
            panic!("still a roll call")
        };
        let second = call.second.unwrap();
        assert_eq!(
            (
                second.person.as_str(),
                second.capacity.unwrap().office.as_str()
            ),
            ("teller", "teller")
        );
    }
}
