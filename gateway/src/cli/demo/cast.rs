//! Who lives in the demonstration's neighbourhood: bodies, officers, owners and their flats.

use governance::{
    action::{BodyEstablished, Grant, RollLine},
    charter::{BodyKind, Right},
};

use super::kit::{area, id};

/// What the community is called.
pub(super) const NAME: &str = "馨苑里社区 (Xinyuanli, a demonstration)";
/// The ledger's id.
pub(super) const LEDGER: &str = "xinyuanli-demo";
/// The checkpoint's origin: a name that no real community can have.
pub(super) const ORIGIN: &str = "demo.example/xinyuanli";

/// An officer: person, Chinese name, name in Latin letters, office, body, role.
pub(super) struct Officer {
    pub(super) person: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) office: &'static str,
    pub(super) body: &'static str,
    pub(super) role: &'static str,
}

const fn officer(
    person: &'static str,
    (zh, en): (&'static str, &'static str),
    office: &'static str,
    body: &'static str,
    role: &'static str,
) -> Officer {
    Officer {
        person,
        zh,
        en,
        office,
        body,
        role,
    }
}

/// The founder and registrar.
pub(super) const CLERK: Officer = officer(
    "zhou-ming",
    ("周明", "Zhou Ming"),
    "rc-clerk",
    "residents-committee",
    "clerk",
);
/// Chairs the residents' committee and the representatives' meeting.
pub(super) const HEAD: Officer = officer(
    "chen-guilan",
    ("陈桂兰", "Chen Guilan"),
    "rc-head",
    "residents-committee",
    "head",
);
/// First teller.
pub(super) const TELLER: Officer = officer(
    "he-jianguo",
    ("何建国", "He Jianguo"),
    "sc-head",
    "supervision-committee",
    "teller",
);
/// Second teller.
pub(super) const SECOND_TELLER: Officer = officer(
    "wu-fang",
    ("吴芳", "Wu Fang"),
    "sc-member",
    "supervision-committee",
    "teller",
);
/// Chairs the owners' committee and convenes the owners' assembly.
pub(super) const OWNERS_CHAIR: Officer = officer(
    "xu-wei",
    ("徐伟", "Xu Wei"),
    "oc-chair",
    "owners-committee",
    "chair",
);
/// Speaks for the party organisation.
pub(super) const SECRETARY: Officer = officer(
    "lin-xiuying",
    ("林秀英", "Lin Xiuying"),
    "party-secretary",
    "party-branch",
    "secretary",
);
/// Two further members of the residents' committee.
pub(super) const MEMBERS: [Officer; 3] = [
    officer(
        "sun-li",
        ("孙丽", "Sun Li"),
        "rc-member-1",
        "residents-committee",
        "member",
    ),
    officer(
        "ma-jun",
        ("马军", "Ma Jun"),
        "rc-member-2",
        "residents-committee",
        "member",
    ),
    officer(
        "zhao-yan",
        ("赵燕", "Zhao Yan"),
        "rc-member-3",
        "residents-committee",
        "member",
    ),
];

/// Speaks for the street office, which supervises the committee and may give it tasks.
pub(super) const STREET: Officer = officer(
    "qin-yue",
    ("秦越", "Qin Yue"),
    "street-officer",
    "street-office",
    "officer",
);

/// A resident with a published name: person, Chinese name, name in Latin letters.
pub(super) struct Resident {
    pub(super) person: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
    pub(super) woman: bool,
}

/// Who stands in the by-election.
pub(super) const CANDIDATES: [Resident; 3] = [
    Resident {
        person: "gao-min",
        zh: "高敏",
        en: "Gao Min",
        woman: true,
    },
    Resident {
        person: "deng-hua",
        zh: "邓华",
        en: "Deng Hua",
        woman: false,
    },
    Resident {
        person: "luo-jing",
        zh: "罗静",
        en: "Luo Jing",
        woman: true,
    },
];

/// Was head in the term before.
pub(super) const LAST_HEAD: Resident = Resident {
    person: "liu-dehai",
    zh: "刘德海",
    en: "Liu Dehai",
    woman: false,
};

/// Posted to the grid.
pub(super) const GRID_OFFICER: Resident = Resident {
    person: "tang-jie",
    zh: "唐杰",
    en: "Tang Jie",
    woman: false,
};

/// Comes instead, for as long as the replacement stands.
pub(super) const GRID_SUCCESSOR: Resident = Resident {
    person: "fang-ling",
    zh: "方玲",
    en: "Fang Ling",
    woman: true,
};

/// Who sees to the by-election; the second falls ill.
pub(super) const ELECTION_COMMITTEE: [&str; 3] = ["owner-01", "owner-05", "resident-2"];

/// A tenant who moves away before the year is over.
pub(super) const MOVES_AWAY: &str = "tenant-2";

/// Women among the officers: the law asks for one in the residents' committee (组织法 8).
pub(super) const WOMEN: [&str; 5] = [
    "chen-guilan",
    "lin-xiuying",
    "sun-li",
    "wu-fang",
    "zhao-yan",
];

/// Everybody who holds an office from the start; the founder first. Each has one key, which signs the
/// founding, so there can be at most 14 (16 signatures, less record and checkpoint key).
pub(super) fn officers() -> Vec<&'static Officer> {
    let mut all = vec![
        &CLERK,
        &HEAD,
        &TELLER,
        &SECOND_TELLER,
        &OWNERS_CHAIR,
        &SECRETARY,
        &STREET,
    ];
    all.extend(&MEMBERS);
    all
}

/// The bodies, with their names.
pub(super) fn bodies() -> Vec<BodyEstablished> {
    let body = |code: &str, kind, name: &str| BodyEstablished {
        body: id(code),
        kind,
        name: name.to_owned(),
    };
    vec![
        body(
            "party-branch",
            BodyKind::PartyOrganisation,
            "社区党支部 (party branch)",
        ),
        body(
            "residents-committee",
            BodyKind::ResidentsCommittee,
            "居民委员会 (residents' committee)",
        ),
        body(
            "residents-meeting",
            BodyKind::ResidentsMeeting,
            "居民会议 (residents' meeting)",
        ),
        body(
            "representatives-meeting",
            BodyKind::RepresentativesMeeting,
            "居民代表会议 (representatives' meeting)",
        ),
        body(
            "supervision-committee",
            BodyKind::SupervisionCommittee,
            "居务监督委员会 (supervision committee)",
        ),
        body(
            "owners-assembly",
            BodyKind::OwnersAssembly,
            "业主大会 (owners' assembly)",
        ),
        body(
            "owners-committee",
            BodyKind::OwnersCommittee,
            "业主委员会 (owners' committee)",
        ),
        body(
            "street-office",
            BodyKind::StreetOffice,
            "新城街道办事处 (street office)",
        ),
    ]
}

/// Who may do what from the start.
pub(super) fn rights() -> Vec<Grant> {
    let grant = |body: &str, role: Option<&str>, right, over: Option<&str>| Grant {
        body: id(body),
        role: role.map(id),
        right,
        over: over.map(id),
        decision: None,
    };
    let committee = "residents-committee";
    let mut rights = vec![
        grant(committee, Some("clerk"), Right::Register, None),
        grant(committee, None, Right::Deliberate, None),
        grant("supervision-committee", None, Right::Tell, None),
        grant("supervision-committee", None, Right::Supervise, None),
        grant("party-branch", None, Right::Deliberate, None),
        grant("owners-committee", None, Right::Deliberate, None),
    ];
    for over in ["residents-meeting", "representatives-meeting", committee] {
        rights.push(grant(committee, Some("head"), Right::Convene, Some(over)));
        rights.push(grant(committee, None, Right::Table, Some(over)));
    }
    for body in [committee, "supervision-committee", "owners-committee"] {
        rights.push(grant(body, None, Right::Report, Some(body)));
    }
    rights.push(grant(
        "street-office",
        None,
        Right::Supervise,
        Some(committee),
    ));
    let supervisors = "supervision-committee";
    rights.push(grant(supervisors, None, Right::Discipline, Some(committee)));
    for right in [Right::Convene, Right::Table] {
        rights.push(grant(supervisors, None, right, Some(supervisors)));
        rights.push(grant(
            "owners-committee",
            Some("chair"),
            right,
            Some("owners-assembly"),
        ));
    }
    rights
}

/// Owners, by number: `owner-01` to `owner-18`.
pub(super) const OWNERS: usize = 18;
/// Who owns three shops, and with them more than a quarter of the area.
pub(super) const SHOPKEEPER: &str = "owner-18";
/// Elderly owners without a key of their own; they vote on paper.
pub(super) const ON_PAPER: [&str; 3] = ["owner-15", "owner-16", "owner-17"];
/// The area of a flat, in 0.01 m².
pub(super) const FLAT: u64 = area(89, 50);
/// The area of a shop, in 0.01 m².
pub(super) const SHOP: u64 = area(210, 0);

/// Pseudonym of an owner.
pub(super) fn owner(number: usize) -> String {
    format!("owner-{number:02}")
}

/// Owners who hold keys.
pub(super) fn owners_with_keys() -> Vec<String> {
    (1..=OWNERS)
        .map(owner)
        .filter(|person| !ON_PAPER.contains(&person.as_str()))
        .collect()
}

/// The owners' roll: a flat each, and three shops of one owner, who is one head.
pub(super) fn owners_roll() -> Vec<RollLine> {
    let line = |voter: &str, unit: &str, area| RollLine {
        voter: id(voter),
        area,
        unit: Some(id(unit)),
        co_owners: Vec::new(),
    };
    let mut lines: Vec<RollLine> = (1..OWNERS)
        .map(|number| {
            let unit = format!(
                "block-{}-{:03}",
                (number - 1) / 6 + 1,
                101 + (number - 1) % 6 * 100
            );
            line(&owner(number), &unit, FLAT)
        })
        .collect();
    lines.extend((1..=3).map(|shop| line(SHOPKEEPER, &format!("shop-{shop}"), SHOP)));
    lines
}

/// Residents of age: the owners, the representatives, and who stands for election.
pub(super) fn residents() -> Vec<String> {
    let owners = (1..=OWNERS).map(owner);
    let representatives = (1..=REPRESENTATIVES).map(representative);
    let candidates = CANDIDATES
        .iter()
        .map(|candidate| candidate.person.to_owned());
    owners.chain(representatives).chain(candidates).collect()
}

/// Residents' representatives, by number: `resident-1` to `resident-9`.
pub(super) const REPRESENTATIVES: usize = 9;

/// Pseudonym of a representative.
pub(super) fn representative(number: usize) -> String {
    format!("resident-{number}")
}
