//! What goes on beside votes, as histories give it: consultations, tasks, disclosures, records; and the lists of
//! decisions by what they have to do with.

use governance::{
    action::{
        AffairsAction, AppealOutcome, Basis, ConsultationOpened, DeliberationAction,
        DisciplineAction, DisclosurePosted, Effect, MotionTabled, Outcome, Payload, PowerAction,
        PowerChange, PowerExercised, PowerHolder, PowerTerms, RecordImported, Severity,
        TaskAssigned,
    },
    ids::{AffairId, Digest, MatterId, Millis, PowerId},
};
use projector::{
    PageRequest, QueryError, View,
    views::{
        consultations::{ConsultationFilter, ConsultationStatus},
        decisions::DecisionFilter,
        disclosures::DisclosureFilter,
        motions::{MotionFilter, MotionStatus},
        overdue::{DutyFilter, DutyKind},
        tasks::{TaskFilter, TaskStatus},
    },
};

use crate::{
    affairs::{case, sanctioned},
    history::{History, attestor, body, built, content, day, motion, rule, text},
};

fn affair(id: &str) -> AffairId {
    AffairId::new(id).unwrap()
}

fn power(id: &str) -> PowerId {
    PowerId::new(id).unwrap()
}

fn matter(id: &str) -> MatterId {
    MatterId::new(id).unwrap()
}

fn ask<T>(log: &History, query: impl FnOnce(&View<'_>) -> Result<T, QueryError>) -> T {
    built(log).views.read(query).unwrap().value
}

fn all() -> PageRequest {
    PageRequest::default()
}

impl History {
    fn affairs(&mut self, act: AffairsAction) -> u64 {
        self.by_person("clerk", Payload::Affairs(act))
    }

    fn consult(&mut self, id: &str, of: &str, closes_at: Millis) -> u64 {
        self.affairs(AffairsAction::ConsultationOpened(ConsultationOpened {
            consultation: affair(id),
            body: body(of),
            matter: "lifts".parse().unwrap(),
            question: format!("{id}?"),
            closes_at,
        }))
    }

    fn assign(&mut self, id: &str, item: Option<&str>) -> u64 {
        self.affairs(AffairsAction::TaskAssigned(TaskAssigned {
            task: affair(id),
            body: body("committee"),
            title: id.to_owned(),
            legal_basis: "law".to_owned(),
            funding: "100".to_owned(),
            item: item.map(power),
        }))
    }

    /// Something of each.
    pub(crate) fn add_affairs(&mut self) {
        let closes_at = self.now().plus(Millis::DAY);
        self.consult("asked", "assembly", closes_at);
        let answered = |id: &str| AffairsAction::ConsultationAnswered {
            consultation: affair(id),
            content: content(70),
        };
        self.affairs(answered("asked"));
        self.later(Millis::DAY);
        self.affairs(AffairsAction::ConsultationClosed {
            consultation: affair("asked"),
            summary: "most agree".to_owned(),
            content: Some(content(71)),
        });
        self.assign("listed", Some("item-1"));
        self.assign("unlisted", None);
        self.affairs(AffairsAction::TaskAccepted {
            task: affair("listed"),
        });
        self.affairs(AffairsAction::TaskRefused {
            task: affair("unlisted"),
            reason: "on no list".to_owned(),
        });
        self.affairs(AffairsAction::DisclosurePosted(DisclosurePosted {
            disclosure: affair("accounts"),
            body: body("committee"),
            title: "accounts".to_owned(),
            text: "so much".to_owned(),
            until: day("2026-02-20"),
        }));
        self.affairs(AffairsAction::RecordImported(RecordImported {
            record: affair("platform"),
            body: body("assembly"),
            source: "vote-7".to_owned(),
            digest: Digest([7; 32]),
            held_on: day("2025-06-01"),
            summary: "a vote".to_owned(),
            content: None,
            second: attestor(),
        }));
    }
}

#[test]
fn a_consultation_is_open_then_over_then_closed_and_leaves_the_list_of_those_under_way() {
    let mut log = History::founded();
    let closes_at = log.now().plus(Millis::DAY);
    let opened = log.consult("asked", "assembly", closes_at);
    log.consult("other", "committee", log.now().plus(10 * Millis::DAY));
    log.affairs(AffairsAction::ConsultationAnswered {
        consultation: affair("asked"),
        content: content(1),
    });
    let listed = |log: &History, now, status, of: Option<&str>| {
        let filter = ConsultationFilter {
            body: of.map(body),
            status,
        };
        let page = ask(log, |view| view.consultations(&filter, now, &all()));
        let ids = page.rows.iter().map(|row| row.consultation.to_string());
        ids.collect::<Vec<_>>()
    };
    let (open, over) = (ConsultationStatus::Open, ConsultationStatus::Over);
    let last_moment = Millis(closes_at.0 - 1);
    assert_eq!(
        listed(&log, last_moment, Some(open), None),
        ["other", "asked"]
    );
    assert_eq!(listed(&log, closes_at, Some(open), None), ["other"]);
    assert_eq!(listed(&log, closes_at, Some(over), None), ["asked"]);
    assert_eq!(
        listed(&log, closes_at, Some(over), Some("committee")),
        [""; 0]
    );
    assert_eq!(listed(&log, closes_at, None, Some("assembly")), ["asked"]);

    log.later(Millis::DAY);
    let closed = log.affairs(AffairsAction::ConsultationClosed {
        consultation: affair("asked"),
        summary: "most agree".to_owned(),
        content: Some(content(2)),
    });
    let now = log.now();
    assert_eq!(listed(&log, now, Some(over), None), [""; 0]);
    assert_eq!(
        listed(&log, now, Some(ConsultationStatus::Closed), None),
        ["asked"]
    );
    assert_eq!(listed(&log, now, None, None), ["other", "asked"]);
    let row = ask(&log, |view| view.consultation(&affair("asked"))).unwrap();
    assert_eq!((row.opened.index, row.answers), (opened, 1));
    let told = row.closed.unwrap();
    assert_eq!(
        (told.made.index, told.summary.as_str()),
        (closed, "most agree")
    );
    assert_eq!(told.content.unwrap().digest, content(2).digest);

    // A motion that rests on it is told with it, and says so itself.
    let tabled = MotionTabled {
        motion: motion("rests"),
        body: body("assembly"),
        rule: rule(),
        text: text("rests"),
        contest: None,
        meeting: None,
        source: String::new(),
        run_off_of: None,
        consultation: Some(affair("asked")),
        effects: Vec::new(),
        matter: Some("lifts".parse().unwrap()),
    };
    log.deliberate("head", DeliberationAction::MotionTabled(tabled));
    let resting = ask(&log, |view| view.motions_resting_on(&affair("asked")));
    assert_eq!(resting, [motion("rests")]);
    let row = ask(&log, |view| view.motion(&motion("rests"))).unwrap();
    assert_eq!(row.consultation, Some(affair("asked")));
}

#[test]
fn a_task_is_listed_where_it_stands() {
    let mut log = History::founded();
    log.assign("listed", Some("item-1"));
    log.assign("unlisted", None);
    log.assign("waiting", None);
    log.affairs(AffairsAction::TaskAccepted {
        task: affair("listed"),
    });
    let refused = log.affairs(AffairsAction::TaskRefused {
        task: affair("unlisted"),
        reason: "on no list".to_owned(),
    });
    let listed = |status, of: Option<&str>| {
        let filter = TaskFilter {
            body: of.map(body),
            status,
        };
        let page = ask(&log, |view| view.tasks(&filter, &all()));
        let ids = page.rows.iter().map(|row| row.task.to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(listed(None, None), ["waiting", "unlisted", "listed"]);
    assert_eq!(listed(Some(TaskStatus::Assigned), None), ["waiting"]);
    assert_eq!(
        listed(Some(TaskStatus::Accepted), Some("committee")),
        ["listed"]
    );
    assert_eq!(listed(Some(TaskStatus::Refused), None), ["unlisted"]);
    assert_eq!(listed(None, Some("assembly")), [""; 0]);
    let row = ask(&log, |view| view.task(&affair("unlisted"))).unwrap();
    let answer = row.answer.unwrap();
    assert_eq!(answer.made.index, refused);
    assert_eq!(answer.refusal.as_deref(), Some("on no list"));
    assert_eq!(ask(&log, |view| view.task(&affair("none"))), None);
}

#[test]
fn a_disclosure_hangs_out_through_its_last_day_and_a_record_is_found_with_its_source() {
    let mut log = History::founded();
    log.add_affairs();
    let hanging = |on: &str| {
        let filter = DisclosureFilter {
            body: None,
            hanging_on: Some(day(on)),
        };
        ask(&log, |view| view.disclosures(&filter, &all()))
            .rows
            .len()
    };
    assert_eq!((hanging("2026-02-20"), hanging("2026-02-21")), (1, 0));
    let every = ask(&log, |view| {
        view.disclosures(&DisclosureFilter::default(), &all())
    });
    assert_eq!(every.rows[0].text, "so much");
    let of = |id: &str| ask(&log, |view| view.imports(Some(&body(id)), &all())).rows;
    assert_eq!(of("assembly")[0].source, "vote-7");
    assert_eq!(of("committee"), []);
    let row = ask(&log, |view| view.import(&affair("platform"))).unwrap();
    assert_eq!(
        (row.digest, row.held_on),
        (Digest([7; 32]), day("2025-06-01"))
    );
}

/// An item of the power list for these matters.
fn listed(item: &str, matters: &[&str]) -> Effect {
    Effect::Power(PowerChange::Listed {
        item: power(item),
        terms: PowerTerms {
            title: item.to_owned(),
            holder: PowerHolder {
                body: body("committee"),
                role: None,
            },
            over: None,
            matters: matters.iter().map(|id| matter(id)).collect(),
            legal_basis: "law".to_owned(),
            procedure: "so".to_owned(),
            effective_from: day("2026-01-05"),
            effective_to: None,
        },
    })
}

fn decisions(log: &History, filter: &DecisionFilter) -> Vec<String> {
    let page = ask(log, |view| view.decisions(filter, &all()));
    let ids = page.rows.iter().map(|row| row.motion.to_string());
    ids.collect()
}

#[test]
fn decisions_are_found_by_the_powers_they_change_rest_on_and_are_carried_out_under() {
    let mut log = History::founded();
    log.effect(
        "lists",
        vec![listed("repairs-5000", &["repairs"]), listed("any", &[])],
    );
    log.effect(
        "revokes",
        vec![Effect::Power(PowerChange::Revoked {
            item: power("repairs-5000"),
        })],
    );
    // Brought under an item before it is decided.
    log.table("rests", "assembly");
    let last = log.entries.last_mut().unwrap();
    last.action.basis = Some(Basis {
        power_item: Some(power("any")),
        citation: String::new(),
    });
    log.later(Millis::DAY);
    log.decide("rests", Outcome::Rejected);
    // Carried out under an item, in one of its matters, afterwards.
    log.table("carried", "committee");
    log.decide("carried", Outcome::Adopted);
    log.by_person(
        "clerk",
        Payload::Power(PowerAction::PowerExercised(PowerExercised {
            item: power("any"),
            over: None,
            matter: Some(matter("premises")),
            summary: "done".to_owned(),
            record: None,
            decision: Some(motion("carried")),
        })),
    );
    log.table("neither", "assembly");
    log.decide("neither", Outcome::Adopted);

    let of_power = |id: &str| DecisionFilter {
        power: Some(power(id)),
        ..DecisionFilter::default()
    };
    let in_matter = |id: &str| DecisionFilter {
        matter: Some(matter(id)),
        ..DecisionFilter::default()
    };
    assert_eq!(
        decisions(&log, &of_power("repairs-5000")),
        ["revokes", "lists"]
    );
    assert_eq!(
        decisions(&log, &of_power("any")),
        ["carried", "rests", "lists"]
    );
    assert_eq!(decisions(&log, &of_power("none")), [""; 0]);
    // What revokes an item is in the item's matters too.
    assert_eq!(decisions(&log, &in_matter("repairs")), ["revokes", "lists"]);
    assert_eq!(decisions(&log, &in_matter("premises")), ["carried"]);
    // With the other filters.
    let rejected = DecisionFilter {
        outcome: Some(Outcome::Rejected),
        ..of_power("any")
    };
    assert_eq!(decisions(&log, &rejected), ["rests"]);
    let committees = DecisionFilter {
        body: Some(body("committee")),
        ..of_power("any")
    };
    assert_eq!(decisions(&log, &committees), ["carried"]);
    let both = DecisionFilter {
        matter: Some(matter("repairs")),
        ..of_power("any")
    };
    assert_eq!(decisions(&log, &both), ["lists"]);
    // What there is to choose from.
    let (powers, matters) = ask(&log, |view| {
        Ok((
            view.powers_of_decisions(10)?,
            view.matters_of_decisions(10)?,
        ))
    });
    assert_eq!(powers, [power("any"), power("repairs-5000")]);
    assert_eq!(matters, [matter("premises"), matter("repairs")]);
    assert_eq!(
        ask(&log, |view| view.powers_of_decisions(1)),
        [power("any")]
    );
}

#[test]
fn decisions_of_a_body_with_an_outcome_are_a_list_of_their_own_and_days_bound_each_list() {
    let mut log = History::founded();
    log.minute("a", "committee", "2024-01-01", Outcome::Adopted);
    log.minute("b", "committee", "2024-02-01", Outcome::Rejected);
    log.minute("c", "assembly", "2024-03-01", Outcome::Rejected);
    log.minute("d", "committee", "2024-04-01", Outcome::Rejected);
    let rejected = DecisionFilter {
        outcome: Some(Outcome::Rejected),
        ..DecisionFilter::default()
    };
    assert_eq!(decisions(&log, &rejected), ["d", "c", "b"]);
    let of_committee = DecisionFilter {
        body: Some(body("committee")),
        ..rejected.clone()
    };
    assert_eq!(decisions(&log, &of_committee), ["d", "b"]);
    let until = |filter: &DecisionFilter, last: &str| DecisionFilter {
        held_to: Some(day(last)),
        ..filter.clone()
    };
    assert_eq!(decisions(&log, &until(&of_committee, "2024-03-31")), ["b"]);
    assert_eq!(decisions(&log, &until(&rejected, "2024-03-01")), ["c", "b"]);
    let from = DecisionFilter {
        held_from: Some(day("2024-04-01")),
        ..of_committee
    };
    assert_eq!(decisions(&log, &from), ["d"]);
}

#[test]
fn a_motion_is_listed_where_it_stands_now_and_nowhere_else() {
    let mut log = History::founded();
    log.table("m", "assembly");
    log.table("n", "committee");
    let closes_at = log.now().plus(Millis::DAY);
    log.open("m", closes_at);
    let standing = |log: &History, status, of: Option<&str>| {
        let filter = MotionFilter {
            body: of.map(body),
            status: Some(status),
            meeting: None,
        };
        let page = ask(log, |view| view.motions(&filter, &all()));
        let ids = page.rows.iter().map(|row| row.motion.to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(standing(&log, MotionStatus::Tabled, None), ["n"]);
    assert_eq!(standing(&log, MotionStatus::Open, None), ["m"]);
    assert_eq!(
        standing(&log, MotionStatus::Open, Some("committee")),
        [""; 0]
    );
    log.later(Millis::DAY);
    log.decide("m", Outcome::Adopted);
    assert_eq!(standing(&log, MotionStatus::Open, None), [""; 0]);
    assert_eq!(standing(&log, MotionStatus::Decided, None), ["m"]);
    assert_eq!(
        standing(&log, MotionStatus::Decided, Some("assembly")),
        ["m"]
    );
    log.overturn("m");
    assert_eq!(standing(&log, MotionStatus::Decided, None), [""; 0]);
    assert_eq!(standing(&log, MotionStatus::Overturned, None), ["m"]);
}

#[test]
fn an_appeal_is_overdue_from_its_last_day_until_it_is_decided_or_falls_with_the_decision() {
    let mut log = History::founded();
    log.enrol("a", &[]);
    log.assume("office-a", "a", "2026-01-05", None);
    log.find("case-1", "office-a", Severity::Minor);
    let warning = governance::action::Sanction::Warning;
    log.effect("warns", vec![sanctioned("case-1", warning)]);
    let filed = log.discipline(
        "a",
        DisciplineAction::AppealFiled {
            case: case("case-1"),
            content: content(65),
        },
    );
    let appeals = DutyFilter {
        kind: Some(DutyKind::Appeal),
        body: None,
    };
    let overdue = |log: &History, now| {
        let page = ask(log, |view| view.overdue(&appeals, now, &all()));
        page.rows.iter().map(|row| row.index).collect::<Vec<_>>()
    };
    // Thirty days, the day of filing not counted: until 24:00 of the thirtieth.
    let filed_at = log.now();
    let due_at = ask(&log, |view| {
        Ok(view.utc_offsets()?.after_days(filed_at, 30))
    });
    assert_eq!(overdue(&log, Millis(due_at.0 - 1)), [0; 0]);
    assert_eq!(overdue(&log, due_at), [filed]);
    let mut overturned = log.clone();
    overturned.overturn("warns");
    assert_eq!(overdue(&overturned, due_at), [0; 0]);
    log.discipline(
        "head",
        DisciplineAction::AppealDecided {
            case: case("case-1"),
            outcome: AppealOutcome::Upheld,
            content: content(66),
        },
    );
    assert_eq!(overdue(&log, due_at), [0; 0]);
}
