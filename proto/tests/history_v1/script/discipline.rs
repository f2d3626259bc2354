//! Cases, sanctions, recall, and the ends of offices.

use governance::{
    action::{
        AppealOutcome, Attestor, Capacity, Effect, OfficeAssumed, OfficeObtained, Sanction,
        Severity,
    },
    testing::{Deed, Doer, by, recalled, sanctioned},
};

use super::{DAY, chair, id, owner, powers::adopts, registrar};
use crate::scribe::Scribe;

pub(super) fn play(scribe: &mut Scribe) {
    kin_and_seats(scribe);
    terms(scribe);
    a_case(scribe);
    an_appeal(scribe);
    a_petition(scribe);
    a_measure(scribe);
}

fn steward() -> Doer {
    by("stew").officer("assembly", "steward")
}

fn supervisor() -> Doer {
    by("supervisor").officer("supervision", "supervisor")
}

fn committee(office: &str, person: &str) -> Deed {
    registrar().seats(office, "committee", person)
}

/// Two are near kin; with emil and bao, seven more are nine.
fn kin_and_seats(scribe: &mut Scribe) {
    for name in ["kin-a", "kin-b", "stew", "owner-x"] {
        scribe.does(registrar().enrols(name));
    }
    let names: Vec<String> = (0..6).map(|n| format!("nine-{n}")).collect();
    for name in &names {
        scribe.does(registrar().enrols(name));
    }
    scribe.does(registrar().declares_kin("kin-a", "kin-b"));
    scribe.fails("KIN_ALREADY", registrar().declares_kin("kin-b", "kin-a"));
    scribe.does(committee("kin-a", "kin-a"));
    scribe.fails("NEAR_KIN_SEAT", committee("kin-b", "kin-b"));
    for name in &names[..5] {
        scribe.does(committee(name, name));
    }
    scribe.fails("NO_WOMAN", committee("nine-5", "nine-5"));
    scribe.does(committee("nine-5", "nine-5").with_office(|office| office.woman = true));
    scribe.fails("COMMITTEE_FULL", committee("ten", "owner-x"));
}

fn terms(scribe: &mut Scribe) {
    let today = scribe.world().state().utc_offsets().date_of(scribe.now());
    let again = move |last: u32| {
        committee("again", "stew").with_office(move |office| {
            office.obtained = OfficeObtained::ByElection;
            office.succeeds = Some(id("nine-0"));
            let term = "2031-03-01".parse().expect("a day");
            office.term_to = Some(if last == 0 {
                term
            } else {
                today.plus_days(last)
            });
        })
    };
    scribe.fails("NO_VACANCY", again(0));
    scribe.does(by("nine-0").resigns("nine-0"));
    scribe.fails("NO_HANDOVER", registrar().hands_over("chair", "teller-1"));
    scribe.fails("BY_ELECTION_TERM", again(1));
    scribe.does(again(0));
    scribe.does(
        registrar()
            .seats("week", "council", "owner-x")
            .with_office(move |office| office.term_to = Some(today.plus_days(7))),
    );
    scribe.does(by("nine-0").hands_over("nine-0", "teller-1"));
    scribe.does(by("nine-1").resigns("nine-1"));
    scribe.later(11 * DAY);
    scribe.catches_up();
    let late = by("anna").objects("representatives", "emil");
    scribe.fails("ROLL_OBJECTION_LATE", late);
}

fn tables(motion: &str, effect: Effect) -> Deed {
    chair()
        .tables(motion, "assembly", "simple")
        .with_effects(vec![effect])
}

fn a_case(scribe: &mut Scribe) {
    scribe.does(
        registrar()
            .seats("steward", "assembly", "stew")
            .with_office(|office| office.role = id("steward")),
    );
    scribe.fails(
        "HANDLER_CONCERNED",
        steward().opens_case("case", "steward", None),
    );
    scribe.does(steward().opens_case("case", "secretary", Some("anna")));
    scribe.fails(
        "CASE_EXISTS",
        steward().opens_case("case", "secretary", None),
    );
    scribe.fails("CASE_UNKNOWN", steward().finds("no-case", None));
    scribe.fails("CASE_OUT_OF_ORDER", steward().finds("case", None));
    scribe.does(steward().serves_notice("case", Severity::Ordinary));
    scribe.fails("NOT_THE_TARGET", by("anna").defends("case"));
    let finds = |severity| steward().finds("case", Some(severity));
    scribe.fails("DEFENCE_PERIOD", finds(Severity::Ordinary));
    scribe.does(by("secretary").defends("case"));
    scribe.fails("HARSHER_THAN_NOTICED", finds(Severity::Grave));
    scribe.does(finds(Severity::Ordinary));
    let major = sanctioned("case", Sanction::MajorDemerit);
    scribe.fails("SANCTION_UNFIT", tables("sanction", major));
    scribe.does(tables("sanction", sanctioned("case", Sanction::Demerit)));
    adopts(scribe, "sanction");
}

fn an_appeal(scribe: &mut Scribe) {
    let appointed = |obtained| {
        Effect::Appointed(OfficeAssumed {
            office: id("further"),
            body: id("assembly"),
            person: id("secretary"),
            role: id("member"),
            term_from: "2026-04-01".parse().expect("a day"),
            term_to: None,
            obtained,
            decision: None,
            succeeds: None,
            woman: false,
            overlap_disclosed: false,
            elsewhere: None,
        })
    };
    let appoints = |obtained| tables("appoint", appointed(obtained));
    let elsewhere = match appointed(OfficeObtained::Appointed) {
        Effect::Appointed(assumed) => Effect::Appointed(OfficeAssumed {
            body: id("council"),
            person: id("fang"),
            ..assumed
        }),
        other => other,
    };
    scribe.fails("APPOINTED_BY_OTHERS", tables("appoint", elsewhere));
    scribe.fails("NOT_AN_APPOINTMENT", appoints(OfficeObtained::Elected));
    scribe.fails("BARRED_BY_DEMERIT", appoints(OfficeObtained::Appointed));
    scribe.does(by("secretary").appeals("case"));
    scribe.fails(
        "APPEAL_TO_ITSELF",
        steward().decides_appeal("case", AppealOutcome::Upheld),
    );
    let reduced = AppealOutcome::Reduced(Sanction::Warning);
    scribe.does(supervisor().decides_appeal("case", reduced));
    scribe.does(appoints(OfficeObtained::Appointed));
    adopts(scribe, "appoint");
}

fn a_petition(scribe: &mut Scribe) {
    let rule = "owners-committee-recall";
    scribe.does(registrar().seats("owners-seat", "owners-committee", "owner-x"));
    let elected_by_residents = owner("anna").petitions_recall("recall", "nine-2", rule);
    scribe.fails("RECALL_BY_OTHERS", elected_by_residents);
    scribe.does(owner("anna").petitions_recall("recall", "owners-seat", rule));
    scribe.fails(
        "SIGNED_ALREADY",
        owner("anna").signs_petition("recall", &[]),
    );
    scribe.does(owner("bao").signs_petition("recall", &[]));
    scribe.does(registrar().serves_notice("recall", Severity::Grave));
    scribe.later(11 * DAY);
    scribe.fails("CASE_TOO_LATE", by("owner-x").defends("recall"));
    scribe.does(
        chair()
            .tables("recall-owner", "assembly", rule)
            .with_effects(vec![recalled("recall")]),
    );
}

fn a_measure(scribe: &mut Scribe) {
    let imports = |case: &str| {
        let second = Attestor {
            person: id("supervisor"),
            capacity: Capacity {
                body: id("supervision"),
                office: Some(id("supervisor")),
            },
        };
        let day = "2024-02-01".parse().expect("a day");
        let warning = Sanction::Warning;
        registrar().imports_measure(case, "secretary", warning, "〔2024〕1号", day, second)
    };
    scribe.does(imports("measure"));
    scribe.fails("IMPORTED_ALREADY", imports("measure-again"));
    scribe.does(registrar().declares_kin("nine-2", "nine-3"));
}
