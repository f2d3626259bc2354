//! Issues 诉求, 投诉, 举报: raised, taken on or not, referred, handled, answered, reviewed, closed.
//!
//! The clocks are the charter's ([`Clocks`](crate::clocks::Clocks)). Nobody handles an issue that is about
//! themself or their body, or reads what is not public about it; whoever reads it leaves an entry.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    action::{Action, IssueAction, IssueKind, IssueRaised, IssueStep, Payload},
    agenda::Due,
    authority::{Act, Standing},
    bounds::{self, ACCUSED_MAX, CITATION_LEN_MAX, NAME_LEN_MAX},
    clocks::Clocks,
    decide::EntryRef,
    ids::{BodyId, Digest, IssueId, Leaf, Millis, PersonId},
    rejection::Rejection,
    state::State,
};

/// How often an issue is referred at most, so that nobody is sent from one to another for ever: from the
/// committee to the street office, to the organ, and back.
const REFERRALS_MAX: u32 = 3;

/// The best score.
const SCORE_MAX: u32 = 5;

/// An issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Issue {
    raised_by: PersonId,
    /// Who is to handle it.
    body: BodyId,
    concerns: Option<BodyId>,
    accused: BTreeSet<PersonId>,
    /// Who handles it.
    handler: Option<PersonId>,
    /// Who answered it first: they do not review their own answer.
    answered_by: Option<PersonId>,
    stage: IssueStage,
    /// When that began.
    since: Millis,
    /// The clocks it was raised under.
    clocks: Clocks,
    referrals: u32,
    extended: bool,
    reviewed: bool,
    rated: bool,
    /// What is not public about it.
    contents: BTreeSet<Digest>,
    pub(crate) latest: Leaf,
}

/// Where an issue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum IssueStage {
    /// Raised, or referred to another body.
    Raised,
    /// Taken on.
    Accepted,
    /// Not taken on.
    Refused,
    /// Answered.
    Answered,
    /// To be answered anew.
    Reopened,
    /// Over.
    Closed,
}

impl fmt::Display for IssueStage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Raised => "raised",
            Self::Accepted => "accepted",
            Self::Refused => "refused",
            Self::Answered => "answered",
            Self::Reopened => "reopened for review",
            Self::Closed => "closed",
        })
    }
}

impl IssueStage {
    /// What its clock runs for.
    const fn step(self) -> Option<IssueStep> {
        match self {
            Self::Raised => Some(IssueStep::Accept),
            Self::Accepted => Some(IssueStep::Answer),
            Self::Reopened => Some(IssueStep::Review),
            Self::Refused | Self::Answered | Self::Closed => None,
        }
    }
}

impl Issue {
    /// Who is to handle it.
    pub(crate) const fn body(&self) -> &BodyId {
        &self.body
    }

    /// Whether a person may have to do with it: it is neither about them nor raised by them.
    fn is_partial(&self, person: &PersonId, state: &State, act: &Act<'_>) -> bool {
        let concerned = self.concerns.as_ref();
        let sits = concerned.is_some_and(|body| state.holds_office_in(person, body, act.today));
        sits || self.accused.contains(person) || self.raised_by == *person
    }

    fn check_impartial(
        &self,
        id: &IssueId,
        person: &PersonId,
        act: &Act<'_>,
    ) -> Result<(), Rejection> {
        if self.is_partial(person, act.state, act) {
            return Err(Rejection::HandlerPartial {
                issue: id.clone(),
                person: person.clone(),
            });
        }
        Ok(())
    }

    fn check_stage(&self, id: &IssueId, among: &[IssueStage]) -> Result<(), Rejection> {
        if among.contains(&self.stage) {
            return Ok(());
        }
        Err(Rejection::IssueStands {
            issue: id.clone(),
            stage: self.stage,
        })
    }

    fn check_raiser(&self, id: &IssueId, act: &Act<'_>) -> Result<(), Rejection> {
        if self.raised_by == *act.person {
            return Ok(());
        }
        Err(Rejection::IssueOfAnother {
            issue: id.clone(),
            person: act.person.clone(),
        })
    }

    fn check_handler(&self, id: &IssueId, act: &Act<'_>) -> Result<(), Rejection> {
        if self.handler.as_ref() == Some(act.person) {
            return Ok(());
        }
        Err(Rejection::IssueHandledByAnother {
            issue: id.clone(),
            person: act.person.clone(),
        })
    }

    /// When the time for its step is over.
    fn overdue_at(&self, state: &State) -> Option<Millis> {
        let clocks = &self.clocks;
        let days = match self.stage.step()? {
            IssueStep::Accept => clocks.issue_acceptance_days,
            IssueStep::Answer if self.extended => {
                clocks.issue_answer_days + clocks.issue_extension_days
            }
            IssueStep::Answer => clocks.issue_answer_days,
            IssueStep::Review => clocks.issue_review_days,
        };
        Some(state.utc_offsets.after_days(self.since, days))
    }

    /// When a review can no longer be asked for.
    fn review_until(&self, state: &State) -> Millis {
        let days = self.clocks.issue_review_days;
        state.utc_offsets.after_days(self.since, days)
    }
}

impl State {
    fn issue(&self, issue: &IssueId) -> Result<&Issue, Rejection> {
        let found = self.issues.get(issue);
        found.ok_or_else(|| Rejection::IssueUnknown {
            issue: issue.clone(),
        })
    }
}

pub(crate) fn decide(act: &Act<'_>, action: &IssueAction) -> Result<(), Rejection> {
    use IssueStage as S;
    if let IssueAction::IssueRaised(raised) = action {
        return decide_raised(act, raised);
    }
    let id = action.issue();
    let issue = act.state.issue(id)?;
    match action {
        IssueAction::IssueAccepted { .. } => {
            handles(act, id, issue)?;
            issue.check_stage(id, &[S::Raised])
        }
        IssueAction::IssueRefused { reason, .. } => {
            handles(act, id, issue)?;
            issue.check_stage(id, &[S::Raised])?;
            bounds::required_text("reason", reason, CITATION_LEN_MAX)
        }
        IssueAction::IssueReferred { body, reason, .. } => {
            handles(act, id, issue)?;
            issue.check_stage(id, &[S::Raised, S::Accepted, S::Reopened])?;
            bounds::required_text("reason", reason, CITATION_LEN_MAX)?;
            check_referral(act, id, issue, body)
        }
        IssueAction::IssueAssigned { handler, .. } => {
            handles(act, id, issue)?;
            issue.check_stage(id, &[S::Accepted, S::Reopened])?;
            check_handler_fit(act, id, issue, handler)
        }
        IssueAction::IssueExtended { reason, .. } => {
            handles(act, id, issue)?;
            issue.check_stage(id, &[S::Accepted])?;
            bounds::required_text("reason", reason, CITATION_LEN_MAX)?;
            check_extension(act, id, issue)
        }
        IssueAction::IssueAnswered {
            summary, content, ..
        } => {
            handles(act, id, issue)?;
            issue.check_stage(id, &[S::Accepted, S::Reopened])?;
            issue.check_handler(id, act)?;
            bounds::required_text("summary", summary, CITATION_LEN_MAX)?;
            content.as_ref().map_or(Ok(()), bounds::content)
        }
        IssueAction::IssueReopened { content, .. } => {
            issue.check_raiser(id, act)?;
            issue.check_stage(id, &[S::Answered, S::Refused])?;
            check_review(act, id, issue)?;
            bounds::content(content)
        }
        IssueAction::IssueClosed { .. } => decide_closed(act, id, issue),
        IssueAction::SatisfactionRated { score, .. } => decide_rated(act, id, issue, *score),
        IssueAction::IssueRead { content, .. } => decide_read(act, id, issue, content),
        // The first is decided above; persons are turned away from the other before this.
        IssueAction::IssueRaised(_) | IssueAction::IssueOverdue { .. } => {
            Err(Rejection::NotForPersons {
                family: act.action.payload.family(),
            })
        }
    }
}

fn decide_raised(act: &Act<'_>, raised: &IssueRaised) -> Result<(), Rejection> {
    let state = act.state;
    if state.issues.contains_key(&raised.issue) {
        return Err(Rejection::IssueExists {
            issue: raised.issue.clone(),
        });
    }
    state.body(&raised.body)?;
    if let Some(concerned) = &raised.concerns {
        state.body(concerned)?;
        check_not_concerned(&raised.issue, &raised.body, concerned)?;
    }
    bounds::required_text("category", &raised.category, NAME_LEN_MAX)?;
    bounds::text("summary", &raised.summary, CITATION_LEN_MAX)?;
    bounds::list("accused", raised.accused.len(), 0, ACCUSED_MAX)?;
    bounds::distinct("accused", &raised.accused)?;
    for accused in &raised.accused {
        state.known_person(accused)?;
    }
    if raised.kind == IssueKind::Report && raised.concerns.is_none() && raised.accused.is_empty() {
        return Err(Rejection::IssueAgainstNobody {
            issue: raised.issue.clone(),
        });
    }
    bounds::content(&raised.content)
}

fn check_not_concerned(
    issue: &IssueId,
    body: &BodyId,
    concerned: &BodyId,
) -> Result<(), Rejection> {
    if body == concerned {
        return Err(Rejection::IssueConcernsBody {
            issue: issue.clone(),
            body: body.clone(),
        });
    }
    Ok(())
}

/// The actor is an officer of the body that handles it, and not a part of it.
fn handles(act: &Act<'_>, id: &IssueId, issue: &Issue) -> Result<(), Rejection> {
    act.acts_for(&issue.body)?;
    if !matches!(act.standing, Standing::Officer { .. }) {
        return Err(Rejection::OfficerNeeded {
            person: act.person.clone(),
            body: issue.body.clone(),
        });
    }
    issue.check_impartial(id, act.person, act)
}

fn check_referral(
    act: &Act<'_>,
    id: &IssueId,
    issue: &Issue,
    body: &BodyId,
) -> Result<(), Rejection> {
    act.state.body(body)?;
    if let Some(concerned) = &issue.concerns {
        check_not_concerned(id, body, concerned)?;
    }
    if *body == issue.body || issue.referrals == REFERRALS_MAX {
        return Err(Rejection::IssueReferral {
            issue: id.clone(),
            body: body.clone(),
            referrals: issue.referrals,
        });
    }
    Ok(())
}

/// An officer of the body, whom it is not about, and who does not review their own answer.
fn check_handler_fit(
    act: &Act<'_>,
    id: &IssueId,
    issue: &Issue,
    handler: &PersonId,
) -> Result<(), Rejection> {
    issue.check_impartial(id, handler, act)?;
    if issue.answered_by.as_ref() == Some(handler) {
        return Err(Rejection::HandlerPartial {
            issue: id.clone(),
            person: handler.clone(),
        });
    }
    if act.state.holds_office_in(handler, &issue.body, act.today) {
        return Ok(());
    }
    Err(Rejection::OfficerNeeded {
        person: handler.clone(),
        body: issue.body.clone(),
    })
}

fn check_extension(act: &Act<'_>, id: &IssueId, issue: &Issue) -> Result<(), Rejection> {
    let over_at = issue.overdue_at(act.state).unwrap_or(act.recorded_at);
    if issue.extended || act.recorded_at >= over_at {
        return Err(Rejection::IssueExtension {
            issue: id.clone(),
            over_at,
        });
    }
    Ok(())
}

/// Once, and in time.
fn check_review(act: &Act<'_>, id: &IssueId, issue: &Issue) -> Result<(), Rejection> {
    let until = issue.review_until(act.state);
    if issue.reviewed || act.recorded_at >= until {
        return Err(Rejection::IssueReview {
            issue: id.clone(),
            until,
        });
    }
    Ok(())
}

/// By who raised it; by the body once no review can be asked for any more.
fn decide_closed(act: &Act<'_>, id: &IssueId, issue: &Issue) -> Result<(), Rejection> {
    issue.check_stage(id, &[IssueStage::Answered, IssueStage::Refused])?;
    if issue.raised_by == *act.person {
        return Ok(());
    }
    handles(act, id, issue)?;
    let from = issue.review_until(act.state);
    if issue.reviewed || act.recorded_at >= from {
        return Ok(());
    }
    Err(Rejection::IssueCloseEarly {
        issue: id.clone(),
        from,
    })
}

fn decide_rated(act: &Act<'_>, id: &IssueId, issue: &Issue, score: u32) -> Result<(), Rejection> {
    issue.check_raiser(id, act)?;
    issue.check_stage(id, &[IssueStage::Answered, IssueStage::Closed])?;
    if issue.rated || !(1..=SCORE_MAX).contains(&score) {
        return Err(Rejection::IssueRating {
            issue: id.clone(),
            score,
        });
    }
    Ok(())
}

/// By who raised it, who handles it, or, while nobody does, an officer who could.
fn decide_read(
    act: &Act<'_>,
    id: &IssueId,
    issue: &Issue,
    content: &Digest,
) -> Result<(), Rejection> {
    if issue.raised_by != *act.person {
        handles(act, id, issue)?;
        if issue.handler.is_some() {
            issue.check_handler(id, act)?;
        }
    }
    if issue.contents.contains(content) {
        return Ok(());
    }
    Err(Rejection::IssueContentUnknown {
        issue: id.clone(),
        content: *content,
    })
}

pub(crate) fn evolve(state: &mut State, whole: &Action, action: &IssueAction, at: EntryRef) {
    let id = action.issue();
    if let IssueAction::IssueRaised(raised) = action {
        if let Some(person) = whole.actor.person() {
            raise(state, person, raised, at);
        }
    } else if let Some(issue) = state.issues.get_mut(id) {
        change(issue, action, at);
    }
    plan(state, id, action);
}

fn raise(state: &mut State, person: &PersonId, raised: &IssueRaised, at: EntryRef) {
    let issue = Issue {
        raised_by: person.clone(),
        body: raised.body.clone(),
        concerns: raised.concerns.clone(),
        accused: raised.accused.iter().cloned().collect(),
        handler: None,
        answered_by: None,
        stage: IssueStage::Raised,
        since: at.recorded_at,
        clocks: state.charter.clocks,
        referrals: 0,
        extended: false,
        reviewed: false,
        rated: false,
        contents: BTreeSet::from([raised.content.digest]),
        latest: at.leaf,
    };
    state.issues.insert(raised.issue.clone(), issue);
}

fn change(issue: &mut Issue, action: &IssueAction, at: EntryRef) {
    match action {
        IssueAction::IssueAccepted { .. } => issue.enter(IssueStage::Accepted, at),
        IssueAction::IssueRefused { .. } => issue.enter(IssueStage::Refused, at),
        IssueAction::IssueReferred { body, .. } => {
            issue.body = body.clone();
            issue.handler = None;
            issue.referrals = issue.referrals.saturating_add(1);
            issue.enter(IssueStage::Raised, at);
        }
        IssueAction::IssueAssigned { handler, .. } => issue.handler = Some(handler.clone()),
        IssueAction::IssueExtended { .. } => issue.extended = true,
        IssueAction::IssueAnswered { content, .. } => {
            issue
                .contents
                .extend(content.iter().map(|content| content.digest));
            issue.answered_by = issue.handler.clone();
            issue.enter(IssueStage::Answered, at);
        }
        IssueAction::IssueReopened { content, .. } => {
            issue.contents.insert(content.digest);
            issue.reviewed = true;
            issue.handler = None;
            issue.enter(IssueStage::Reopened, at);
        }
        IssueAction::IssueClosed { .. } => issue.enter(IssueStage::Closed, at),
        IssueAction::SatisfactionRated { .. } => issue.rated = true,
        IssueAction::IssueRaised(_)
        | IssueAction::IssueRead { .. }
        | IssueAction::IssueOverdue { .. } => {}
    }
}

impl Issue {
    fn enter(&mut self, stage: IssueStage, at: EntryRef) {
        self.stage = stage;
        self.since = at.recorded_at;
    }
}

/// Its clock runs for what is to be done next; one that has run out does not run again.
fn plan(state: &mut State, id: &IssueId, action: &IssueAction) {
    let sets = !matches!(
        action,
        IssueAction::IssueAssigned { .. }
            | IssueAction::SatisfactionRated { .. }
            | IssueAction::IssueRead { .. }
            | IssueAction::IssueOverdue { .. }
    );
    if !sets {
        return;
    }
    let due = Due::IssueOverdue(id.clone());
    match state
        .issues
        .get(id)
        .and_then(|issue| issue.overdue_at(state))
    {
        Some(at) => state.agenda.plan(due, at),
        None => state.agenda.cancel(&due),
    }
}

/// What an issue whose clock has run out says.
pub(crate) fn derived(state: &State, id: &IssueId) -> Option<Payload> {
    let step = state.issues.get(id)?.stage.step()?;
    let issue = id.clone();
    Some(IssueAction::IssueOverdue { issue, step }.into())
}
