//! Who reads the log alone, and says what must never be.

use std::collections::BTreeMap;

use governance::{
    action::{
        Actor, AppealOutcome, BodiesAction, DeliberationAction, DisciplineAction, Effect,
        EffectsOutcome, OfficeAssumed, OfficeObtained, Payload, Sanction, Severity,
    },
    calendar::Date,
    charter::OverlapPolicy,
    testing::{Recorded, World},
};

/// An office as the log alone tells of it.
#[derive(Clone, Debug)]
struct Seat {
    assumed: OfficeAssumed,
    ended: bool,
}

/// How far a case has come, by the log.
#[derive(Clone, Debug)]
struct Steps {
    last: &'static str,
    office: String,
    target: String,
    noticed: Option<(Severity, Date)>,
    found: Option<Severity>,
    /// Whether a sanction is in force.
    sanctioned: bool,
}

/// Reads the log from its beginning, and asks of every entry whether it may be.
#[derive(Default)]
pub(super) struct Clerk {
    seats: BTreeMap<String, Seat>,
    effects: BTreeMap<String, Vec<Effect>>,
    cases: BTreeMap<String, Steps>,
    policy: Option<OverlapPolicy>,
    defence_days: u32,
    /// The day of the entry that is read.
    today: Option<Date>,
}

impl Clerk {
    pub(super) fn read(&mut self, world: &World) {
        for entry in world.log() {
            // What time brings holds as of the moment it was due, whenever that was entered.
            let moment = match &entry.action.actor {
                Actor::Ledger => entry.action.client_time,
                Actor::Person { .. } => entry.at.recorded_at,
            };
            let today = world.state().utc_offsets().date_of(moment);
            self.today = Some(today);
            self.holds_office(entry, today);
            self.enters(entry);
            self.nobody_sits_in_both(entry);
        }
    }

    /// Who acts in an office holds it, on a day of its term.
    fn holds_office(&self, entry: &Recorded, today: Date) {
        let Actor::Person { person, capacity } = &entry.action.actor else {
            return;
        };
        let office = capacity
            .as_ref()
            .and_then(|capacity| capacity.office.as_ref());
        if entry.at.index == 0 {
            return;
        }
        let Some(office) = office else { return };
        let seat = self
            .seats
            .get(office.as_str())
            .expect("an office that was given");
        assert_eq!(seat.assumed.person, *person, "{office} is another's");
        assert!(!seat.ended, "{office} had ended when {person} acted in it");
        assert!(seat.assumed.term_from <= today, "{office} had not begun");
        let over = seat.assumed.term_to.is_some_and(|last| last < today);
        assert!(
            !over,
            "the term of {office} was over when {person} acted in it"
        );
    }

    fn today(&self) -> Date {
        self.today.expect("an entry is read")
    }

    fn enters(&mut self, entry: &Recorded) {
        match &entry.action.payload {
            Payload::Founding(founded) => {
                self.policy = Some(founded.charter.overlap);
                self.defence_days = founded.charter.discipline.defence_days;
                for office in &founded.offices {
                    self.seat(office.clone());
                }
            }
            Payload::Bodies(act) => self.bodies(act),
            Payload::Discipline(act) => self.discipline(act),
            Payload::Deliberation(DeliberationAction::MotionTabled(motion)) => {
                let effects = motion.effects.clone();
                self.effects.insert(motion.motion.to_string(), effects);
            }
            Payload::Deliberation(DeliberationAction::MotionDecided(decided))
                if decided.effects == Some(EffectsOutcome::Taken) =>
            {
                for effect in self.effects[decided.motion.as_str()].clone() {
                    self.takes_effect(&effect);
                }
            }
            Payload::Deliberation(DeliberationAction::DecisionOverturned(overturned)) => {
                for effect in self.effects[overturned.motion.as_str()].clone() {
                    self.is_undone(&effect);
                }
            }
            _ => {}
        }
    }

    /// What a decision brought about is undone with it.
    fn is_undone(&mut self, effect: &Effect) {
        let case = match effect {
            Effect::Sanctioned { case, .. } => case,
            Effect::Replaced { case, successor } => {
                self.end(successor.office.as_str());
                case
            }
            _ => return,
        };
        if let Some(steps) = self.cases.get_mut(case.as_str()) {
            steps.sanctioned = false;
            steps.last = "annulled";
        }
    }

    fn seat(&mut self, assumed: OfficeAssumed) {
        let before = self.seats.insert(
            assumed.office.to_string(),
            Seat {
                assumed,
                ended: false,
            },
        );
        assert!(before.is_none(), "an office was given twice");
    }

    fn end(&mut self, office: &str) {
        if let Some(seat) = self.seats.get_mut(office) {
            seat.ended = true;
        }
    }

    fn bodies(&mut self, act: &BodiesAction) {
        match act {
            BodiesAction::OfficeAssumed(assumed) => self.seat(assumed.clone()),
            BodiesAction::OfficeEnded { office, .. }
            | BodiesAction::ResignationFiled { office }
            | BodiesAction::TermEnded { office } => self.end(office.as_str()),
            BodiesAction::RemovalVoided {
                office,
                restored: true,
            } => {
                let today = self.today();
                let seat = self.seats.get_mut(office.as_str()).expect("it was given");
                assert!(seat.ended, "what is given back was taken");
                let over = seat.assumed.term_to.is_some_and(|last| last < today);
                assert!(!over, "{office} is given back, and its term is over");
                seat.ended = false;
            }
            _ => {}
        }
    }

    /// Each step comes after the one before it, nothing is found before the target was heard or had the time to be,
    /// and no finding is harsher than the notice.
    fn discipline(&mut self, act: &DisciplineAction) {
        if let DisciplineAction::CaseOpened(opened) = act {
            let seat = &self.seats[opened.office.as_str()];
            let steps = Steps {
                last: "opened",
                office: opened.office.to_string(),
                target: seat.assumed.person.to_string(),
                noticed: None,
                found: None,
                sanctioned: false,
            };
            let before = self.cases.insert(opened.case.to_string(), steps);
            assert!(before.is_none(), "{} is opened twice", opened.case);
            return;
        }
        let (today, defence_days) = (self.today(), self.defence_days);
        let case = self
            .cases
            .get_mut(act.case().as_str())
            .expect("it was opened");
        let last = case.last;
        let after =
            |expected: &[&str]| assert!(expected.contains(&last), "{} after {last}", act.case());
        match act {
            DisciplineAction::NoticeServed { severity, .. } => {
                after(&["opened"]);
                case.noticed = Some((*severity, today));
                case.last = "noticed";
            }
            DisciplineAction::DefenceFiled { .. } => {
                after(&["noticed", "defended"]);
                case.last = "defended";
            }
            DisciplineAction::FindingMade { severity, .. } => {
                after(&["noticed", "defended"]);
                let (noticed, on) = case.noticed.expect("it was noticed");
                assert!(*severity <= Some(noticed), "harsher than what was noticed");
                let in_time = today > on.plus_days(defence_days);
                assert!(
                    last == "defended" || in_time,
                    "{} was not heard",
                    act.case()
                );
                case.found = *severity;
                case.last = if severity.is_some() {
                    "found"
                } else {
                    "closed"
                };
            }
            DisciplineAction::AppealFiled { .. } => {
                after(&["imposed", "expired"]);
                case.last = "appealed";
            }
            DisciplineAction::AppealDecided { outcome, .. } => {
                after(&["appealed", "expired"]);
                let annulled = *outcome == AppealOutcome::Annulled;
                case.sanctioned &= !annulled;
                case.last = if annulled { "annulled" } else { "heard" };
            }
            DisciplineAction::SanctionExpired { .. } => {
                after(&["imposed", "appealed", "heard"]);
                assert!(case.sanctioned, "what expires is in force");
                case.sanctioned = false;
                case.last = "expired";
            }
            _ => {}
        }
    }

    /// A sanction is imposed upon a finding, once, and is no heavier than what that leads to: one step more where the
    /// target is under another sanction, and no removal of who was elected.
    fn takes_effect(&mut self, effect: &Effect) {
        let (case, sanction) = match effect {
            Effect::Sanctioned { case, sanction } => (case, *sanction),
            Effect::Replaced { case, .. } => (case, Sanction::Replacement),
            _ => return,
        };
        let steps = &self.cases[case.as_str()];
        assert_eq!(steps.last, "found", "{case}: no sanction without its steps");
        let again = self.cases.iter().any(|(other, found)| {
            *other != case.as_str() && found.target == steps.target && found.sanctioned
        });
        let most = match (steps.found.expect("it was found"), again) {
            (Severity::Minor, false) => Sanction::Warning,
            (Severity::Minor, true) | (Severity::Ordinary, false) => Sanction::Demerit,
            _ => Sanction::Replacement,
        };
        assert!(sanction <= most, "{case}: {sanction} for {:?}", steps.found);
        if let Effect::Replaced { successor, .. } = effect {
            let removed = successor.succeeds.as_ref().expect("it names the office");
            assert_eq!(
                removed.as_str(),
                steps.office,
                "{case} is about another office"
            );
            let elected = self.seats[removed.as_str()].assumed.obtained;
            assert_eq!(
                elected,
                OfficeObtained::Appointed,
                "{removed} is the voters' to take"
            );
            self.end(removed.as_str());
            self.seat(successor.clone());
        }
        let steps = self.cases.get_mut(case.as_str()).expect("it was opened");
        steps.last = "imposed";
        steps.sanctioned = true;
    }

    /// Where the charter forbids it, nobody has for any day a seat in the residents' committee and one in the
    /// owners'; nor, ever, one in it and one in the supervision committee.
    fn nobody_sits_in_both(&self, entry: &Recorded) {
        let mut excluded = vec![["committee", "supervision"]];
        if self.policy == Some(OverlapPolicy::Forbid) {
            excluded.push(["committee", "owners-committee"]);
        }
        let sits: Vec<&OfficeAssumed> = self
            .seats
            .values()
            .filter(|seat| !seat.ended)
            .map(|seat| &seat.assumed)
            .collect();
        for one in &sits {
            for other in &sits {
                let pair = [one.body.as_str(), other.body.as_str()];
                let meet = one.term_to.is_none_or(|last| other.term_from <= last)
                    && other.term_to.is_none_or(|last| one.term_from <= last);
                assert!(
                    !(one.person == other.person && meet && excluded.contains(&pair)),
                    "{} sits in {pair:?} after entry {}",
                    one.person,
                    entry.at.index
                );
            }
        }
    }
}
