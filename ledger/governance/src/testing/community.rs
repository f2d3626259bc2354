//! The community the tests play in.
//!
//! | body | kind | offices (person) | rights |
//! |---|---|---|---|
//! | `committee` | residents' committee | `clerk` (registrar), `chair`, `teller-1`, `teller-2` | by role: the clerk registers, the chair convenes, tables and reports, tellers tell; all deliberate; over the whole ledger |
//! | `party` | party organisation | `secretary` | deliberates, recommends |
//! | `supervision` | supervision committee | `supervisor`, `supervisor-2` | supervise, tell, deliberate |
//! | `owners-committee` | owners' committee | – | – |
//! | `assembly` | owners' assembly | – | – |
//! | `residents` | residents' meeting | – | – |
//! | `council` | council | – | – |
//! | `street-office` | street office | `inspector` | supervises |
//!
//! Offices and people are called the same, but for the clerk's, which is `registrar`'s. Further people,
//! each with one key: `anna`, `bao`, `chen`, `dina`, `emil`, `fang`, and `ghost`, who has none.

use crate::{
    action::{
        BodyEstablished, Grant, LedgerFounded, OfficeAssumed, OfficeObtained, PersonEnrolled,
    },
    calendar::{Date, UtcOffsets},
    charter::{
        ACTION_VALIDITY_MS_MAX_DEFAULT, BallotVisibility, BodyKind, Charter, DecisionRule,
        EffectKind, OverlapPolicy, Prerequisites, Right,
    },
    clocks::Clocks,
    filing::Filing,
    ids::{BodyId, RuleId},
    presets::{Preset, by_representatives, by_voters, important_matter},
    sanction::Discipline,
};

use super::key;

/// The offices every test may use: office, body, person. The role is the office's name without the
/// number.
const OFFICES: [(&str, &str, &str); 8] = [
    ("clerk", "committee", "registrar"),
    ("chair", "committee", "chair"),
    ("teller-1", "committee", "teller-1"),
    ("teller-2", "committee", "teller-2"),
    ("secretary", "party", "secretary"),
    ("supervisor", "supervision", "supervisor"),
    ("supervisor-2", "supervision", "supervisor-2"),
    ("inspector", "street-office", "inspector"),
];

/// Everybody else who has a key.
const RESIDENTS: [&str; 6] = ["anna", "bao", "chen", "dina", "emil", "fang"];

const BODIES: [(&str, BodyKind); 8] = [
    ("committee", BodyKind::ResidentsCommittee),
    ("party", BodyKind::PartyOrganisation),
    ("supervision", BodyKind::SupervisionCommittee),
    ("owners-committee", BodyKind::OwnersCommittee),
    ("assembly", BodyKind::OwnersAssembly),
    ("residents", BodyKind::ResidentsMeeting),
    ("council", BodyKind::Council),
    ("street-office", BodyKind::StreetOffice),
];

/// Rights over the whole ledger: body, role, right.
const RIGHTS: [(&str, Option<&str>, Right); 13] = [
    ("committee", Some("clerk"), Right::Register),
    ("committee", Some("chair"), Right::Convene),
    ("committee", Some("chair"), Right::Table),
    ("committee", Some("teller"), Right::Tell),
    ("committee", None, Right::Deliberate),
    ("committee", Some("chair"), Right::Report),
    ("assembly", Some("steward"), Right::Discipline),
    ("party", None, Right::Deliberate),
    ("party", None, Right::Recommend),
    ("supervision", None, Right::Supervise),
    ("supervision", None, Right::Tell),
    ("supervision", None, Right::Deliberate),
    ("street-office", None, Right::Supervise),
];

/// An id from a test's literal.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

/// The community's founding.
pub fn community() -> LedgerFounded {
    let officers = OFFICES.map(|(_, _, person)| enrolled(person));
    let mut people: Vec<PersonEnrolled> = officers.into_iter().collect();
    people.extend(RESIDENTS.map(enrolled));
    people.push(PersonEnrolled {
        keys: Vec::new(),
        ..enrolled("ghost")
    });
    LedgerFounded {
        name: "测试社区 (test community)".to_owned(),
        origin: "records.example.org/test".to_owned(),
        record_key: key("record"),
        checkpoint_key: key("checkpoint"),
        utc_offsets: UtcOffsets::fixed(8 * 60).expect("within bounds"),
        rules_version: 1,
        charter: charter(community_rules()),
        bodies: BODIES.map(|(body, kind)| established(body, kind)).to_vec(),
        rights: RIGHTS
            .map(|(body, role, right)| granted(body, role, right))
            .to_vec(),
        people,
        offices: OFFICES
            .map(|(office, body, person)| assumed(office, body, person))
            .to_vec(),
        demo: false,
    }
}

/// The community with a representatives' meeting, `representatives`, which meets, elects and recalls by its presets; a
/// third of them may ask for what residents may ask for, and a tenth of the residents for a recall by them.
pub fn with_representatives() -> LedgerFounded {
    let mut founding = community();
    let body: BodyId = id("representatives");
    founding.bodies.push(established(
        "representatives",
        BodyKind::RepresentativesMeeting,
    ));
    let rules = &mut founding.charter.rules;
    for rule in rules.iter_mut().filter(|rule| rule.petition.is_some()) {
        if rule.body.as_str() == "residents" {
            *rule = by_representatives(rule.clone(), &body);
        }
    }
    let preset = |preset: Preset, body: &BodyId| preset.rule(id(preset.code()), body.clone());
    let residents: BodyId = id("residents");
    rules.extend([
        preset(Preset::RepresentativesMeeting, &body),
        preset(Preset::CommitteeElectionByRepresentatives, &body),
        by_voters(
            preset(Preset::CommitteeRecallByRepresentatives, &body),
            &residents,
        ),
    ]);
    founding
}

/// A council like those whose minutes are imported: one body, `council`, decided by
/// `council-ordinary`; `registrar` is its clerk, `teller-1` attests.
pub fn council() -> LedgerFounded {
    let rule = Preset::CouncilOrdinary.rule(id("council-ordinary"), id("council"));
    LedgerFounded {
        charter: Charter {
            reporting: Vec::new(),
            ..charter(vec![rule])
        },
        ..community()
    }
}

fn charter(rules: Vec<DecisionRule>) -> Charter {
    Charter {
        version: 1,
        title: "测试章程 (test charter)".to_owned(),
        rules,
        overlap: OverlapPolicy::Forbid,
        action_validity_ms_max: ACTION_VALIDITY_MS_MAX_DEFAULT,
        clocks: Clocks::DEFAULT,
        reporting: vec![id("committee")],
        discipline: Discipline::default(),
        standing_meetings: Vec::new(),
    }
}

/// The presets the tests use, under their own names, those of owners with open ballots, which most tests count;
/// and rules made for tests:
///
/// - `simple` (assembly): the numbers of an owners' ordinary decision, which the law leaves no rule of theirs to
///   go below; any window up to 60 days; three proxies; any effect;
/// - `hidden` (assembly): `simple`, with ballots hidden until the close;
/// - `filed` (assembly): `simple`, to be filed with `street-office` within 10 days;
/// - `committee-plain` (committee), `owners-plain` (owners-committee): a committee's resolution, in any window;
/// - `important` (assembly): `simple`, after 3 days of deliberation, a supervision committee's
///   statement, the party's discussion and one expert opinion.
pub fn community_rules() -> Vec<DecisionRule> {
    let preset = |preset: Preset, body: &str| -> DecisionRule {
        let name: RuleId = id(preset.code());
        let body: BodyId = id(body);
        preset.rule(name, body)
    };
    let open = |preset: DecisionRule| DecisionRule {
        visibility: BallotVisibility::Open,
        ..preset
    };
    let owners = open(preset(Preset::OwnersOrdinary, "assembly"));
    let simple = DecisionRule {
        id: id("simple"),
        preset: String::new(),
        voting_window_ms_min: 0,
        voting_window_ms_max: owners.voting_window_ms_max,
        proxies_per_holder_max: 3,
        effects: EffectKind::ALL.to_vec(),
        petition: preset(Preset::OwnersCommitteeRecall, "assembly").petition,
        ..owners.clone()
    };
    let hidden = DecisionRule {
        id: id("hidden"),
        visibility: BallotVisibility::HiddenUntilClose,
        ..simple.clone()
    };
    let filed = DecisionRule {
        id: id("filed"),
        filing: Some(Filing {
            with: id("street-office"),
            days: 10,
        }),
        ..simple.clone()
    };
    let owners_window_ms = simple.voting_window_ms_max;
    let plain = |rule: &str, body: &str| DecisionRule {
        id: id(rule),
        preset: String::new(),
        voting_window_ms_min: 0,
        voting_window_ms_max: owners_window_ms,
        ..preset(Preset::CommitteeResolution, body)
    };
    let important = DecisionRule {
        deliberation_days_min: 3,
        prerequisites: Prerequisites {
            statements_from: vec![BodyKind::SupervisionCommittee],
            expert_opinions_min: 1,
            party_discussion: true,
            ..Prerequisites::default()
        },
        ..important_matter(&simple, id("important"), &[], 0)
    };
    vec![
        owners,
        open(preset(Preset::OwnersSpecial, "assembly")),
        preset(Preset::OwnersCommitteeRecall, "assembly"),
        simple,
        important,
        preset(Preset::ResidentsMeeting, "residents"),
        preset(Preset::CommitteeElectionByVoters, "residents"),
        preset(Preset::CouncilOrdinary, "council"),
        hidden,
        filed,
        preset(Preset::CommitteeRecallByVoters, "residents"),
        plain("committee-plain", "committee"),
        plain("owners-plain", "owners-committee"),
    ]
}

/// A person with the key of their name.
pub(crate) fn enrolled(person: &str) -> PersonEnrolled {
    PersonEnrolled {
        person: id(person),
        keys: vec![key(person)],
        name: None,
    }
}

fn established(body: &str, kind: BodyKind) -> BodyEstablished {
    BodyEstablished {
        body: id(body),
        kind,
        name: body.to_owned(),
    }
}

fn granted(body: &str, role: Option<&str>, right: Right) -> Grant {
    Grant {
        body: id(body),
        role: role.map(id),
        right,
        over: None,
        decision: None,
    }
}

fn assumed(office: &str, body: &str, person: &str) -> OfficeAssumed {
    let role = office.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit());
    OfficeAssumed {
        office: id(office),
        body: id(body),
        person: id(person),
        role: id(role),
        // 2026-01-01.
        term_from: Date::from_days(20_454),
        term_to: None,
        obtained: OfficeObtained::Founding,
        decision: None,
        succeeds: None,
        woman: false,
        overlap_disclosed: false,
        elsewhere: None,
    }
}
