//! A person's public record, a body's profile, and what is overdue, over the wire.

use governance::{
    action::{DecisionImplemented, DeliberationAction, Execution, Payload},
    ids::Millis,
    testing::{Doer, FOR, FOUNDED_AT, by, listed, power_terms},
};
use proto::v1::{self, DutyKind, moment::AsOf};
use tonic::Code;

use crate::{
    http::get,
    support::{Town, content_of, ledger},
};

const MINUTE: u64 = 60_000;

/// From the founding on 2026-03-02 to the end of 2027-01-31.
const REPORT_DUE: Millis = Millis(FOUNDED_AT.0 + 336 * Millis::DAY);

fn at_index(index: u64) -> v1::Moment {
    v1::Moment {
        min_index: 0,
        as_of: Some(AsOf::AtIndex(index)),
    }
}

async fn record(town: &Town, moment: Option<v1::Moment>) -> v1::GetPersonRecordResponse {
    let request = v1::GetPersonRecordRequest {
        ledger: ledger(),
        person: "chair".to_owned(),
        moment,
    };
    let answer = town.client.query().get_person_record(request).await;
    let answer = answer.expect("an answer").into_inner();
    town.assert_stands(answer.position.as_ref()).await;
    answer
}

async fn profile(town: &Town, body: &str, moment: Option<v1::Moment>) -> v1::GetBodyResponse {
    let request = v1::GetBodyRequest {
        ledger: ledger(),
        body: body.to_owned(),
        moment,
        ..v1::GetBodyRequest::default()
    };
    let answer = town.client.query().get_body(request).await;
    let answer = answer.expect("an answer").into_inner();
    town.assert_stands(answer.position.as_ref()).await;
    answer
}

async fn overdue(town: &Town, request: v1::ListOverdueRequest) -> Vec<v1::OverdueDuty> {
    let request = v1::ListOverdueRequest {
        ledger: ledger(),
        ..request
    };
    let answer = town.client.query().list_overdue(request).await;
    let answer = answer.expect("an answer").into_inner();
    town.assert_stands(answer.position.as_ref()).await;
    answer.duties
}

/// The owners adopt a motion that lists a power; the index of the decision.
async fn adopts(town: &mut Town) -> u64 {
    // Owners give the committee's chair a power over themselves.
    let mut terms = power_terms("committee", Some("chair"));
    terms.over = Some("assembly".parse().unwrap());
    let effect = listed("snow", terms);
    adopts_by(town, "snow", "simple", vec![effect]).await
}

/// They adopt this motion by this rule.
async fn adopts_by(
    town: &mut Town,
    motion: &str,
    rule: &str,
    effects: Vec<governance::action::Effect>,
) -> u64 {
    let chair = || by("chair").chair();
    let registrar = by("registrar").clerk();
    let voters = [("anna", 10_000), ("bao", 10_000)];
    town.do_all(registrar.publishes_roll("roll", "assembly", &voters))
        .await;
    let tabled = chair().tables(motion, "assembly", rule);
    town.does(tabled.with_effects(effects)).await;
    town.does(chair().opens(motion, "roll", 5 * MINUTE)).await;
    for voter in ["anna", "bao"] {
        town.does(by(voter).member("assembly").votes(motion, FOR))
            .await;
    }
    let voted = town.size().await;
    town.clock.advance(10 * MINUTE);
    let decided = town.size_reaches(voted + 1).await - 1;
    town.views_see(decided).await;
    decided
}

#[tokio::test]
async fn a_persons_record_is_offices_and_acts_as_of_any_moment() {
    let mut town = Town::founded().await;
    adopts(&mut town).await;
    let before = town.size().await - 1;
    let seated = by("registrar")
        .clerk()
        .seats("secretary-2", "party", "chair")
        .with_office(|office| office.role = "secretary".parse().unwrap());
    town.does(seated).await;
    let done = town
        .does(by("chair").chair().exercises("snow", None))
        .await
        .index;
    town.views_see(done).await;

    let now = record(&town, None).await;
    let offices: Vec<&str> = now.offices.iter().map(|o| o.office.as_str()).collect();
    assert_eq!(offices, ["chair", "secretary-2"]);
    assert!(now.head_and_secretary);
    let then = record(&town, Some(at_index(before))).await;
    assert_eq!((then.offices.len(), then.head_and_secretary), (1, false));

    let resigned = town.does(by("chair").resigns("secretary-2")).await.index;
    town.views_see(resigned).await;
    let now = record(&town, None).await;
    assert!(!now.head_and_secretary);
    assert_eq!(
        (now.offices[1].ended_index, now.offices[1].end_cause()),
        (resigned, v1::OfficeEndCause::Resignation)
    );
    let mut query = town.client.query();
    let acts = v1::ListPersonActsRequest {
        ledger: ledger(),
        person: "chair".to_owned(),
        ..v1::ListPersonActsRequest::default()
    };
    let acts = query
        .list_person_acts(acts)
        .await
        .unwrap()
        .into_inner()
        .acts;
    assert_eq!(acts.len(), 1);
    let act = acts[0].act.as_ref().unwrap();
    assert_eq!((acts[0].item.as_str(), act.index), ("snow", done));
    let votes = |person: &str| v1::ListPersonVotesRequest {
        ledger: ledger(),
        person: person.to_owned(),
        ..v1::ListPersonVotesRequest::default()
    };
    let owner = query.list_person_votes(votes("anna")).await.unwrap();
    assert_eq!(owner.into_inner().votes, [], "an owner's vote is no record");
    let refusal = Town::asked(query.list_person_votes(votes("nobody")))
        .await
        .unwrap_err();
    assert_eq!(refusal.reason, "NO_SUCH_PERSON");

    let told = town.tells("query record chair").await;
    assert!(
        told.contains("secretary-2") && told.contains("snow"),
        "{told}"
    );
    let answer = get(town.address, "/test/people/chair.json").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("secretary-2"));
    let acts = get(town.address, "/test/people/chair/acts.json").await;
    assert!(acts.text().contains("snow"), "{}", acts.text());
    drop(query);
    town.stop().await;
}

#[tokio::test]
async fn a_bodys_profile_shows_its_head_what_it_lacks_and_what_it_decided() {
    let mut town = Town::founded().await;
    let decided = adopts(&mut town).await;
    let before = town.size().await - 1;
    let seats = |office: &str, body: &str, person: &str, role: &str| {
        let role = role.parse().unwrap();
        by("registrar")
            .clerk()
            .seats(office, body, person)
            .with_office(move |office| {
                office.role = role;
                office.woman = true;
            })
    };
    town.does(seats("member-1", "committee", "fang", "member"))
        .await;
    let last = town
        .does(seats("secretary-2", "party", "chair", "secretary"))
        .await
        .index;
    town.views_see(last).await;

    let committee = profile(&town, "committee", None).await;
    assert_eq!(committee.heads.len(), 1);
    let head = &committee.heads[0];
    assert_eq!(head.officeholder.as_ref().unwrap().person, "chair");
    assert!(head.head_and_secretary);
    let composed = committee.composition.unwrap();
    assert_eq!(
        (
            composed.members,
            composed.women,
            composed.members_missing,
            composed.woman_missing
        ),
        (1, 1, 4, false),
        "clerk, chair by another name and tellers are staff"
    );
    let then = profile(&town, "committee", Some(at_index(before))).await;
    assert!(!then.heads[0].head_and_secretary);
    assert_eq!(then.composition.unwrap().members_missing, 5);
    assert_eq!(then.members.len() + 1, committee.members.len());

    let assembly = profile(&town, "assembly", None).await;
    let rules: Vec<&str> = assembly.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert!(rules.contains(&"simple") && !rules.contains(&"council-ordinary"));
    assert_eq!(assembly.rights[0].right(), v1::Right::Discipline);
    let indexes: Vec<u64> = assembly.decisions.iter().map(|d| d.index).collect();
    assert_eq!(indexes, [decided]);

    let told = town.tells("query body committee").await;
    for part in ["一肩挑", "4 too few", "may register", "chair"] {
        assert!(told.contains(part), "no {part} in {told}");
    }
    assert!(
        town.tells("query bodies")
            .await
            .contains("residents committee")
    );
    let answer = get(town.address, "/test/bodies/committee.json").await;
    assert!(
        answer.text().contains("head_and_secretary"),
        "{}",
        answer.text()
    );
    let page = get(town.address, "/test/bodies/committee").await;
    assert!(
        page.text().starts_with("<!DOCTYPE html>"),
        "the page is there still"
    );
    let unknown = v1::GetBodyRequest {
        ledger: ledger(),
        body: "nobody".to_owned(),
        ..v1::GetBodyRequest::default()
    };
    let refusal = Town::asked(town.client.query().get_body(unknown))
        .await
        .unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_BODY")
    );
    town.stop().await;
}

#[tokio::test]
async fn articles_8_and_36_near_kin_in_office_at_once_are_told_of_with_the_body() {
    let mut town = Town::founded().await;
    let registrar = || by("registrar").clerk();
    town.does(registrar().seats("seat", "committee", "anna"))
        .await;
    assert_eq!(composition(&town, "committee").await.near_kin, []);
    let declared = town
        .does(registrar().declares_kin("anna", "supervisor"))
        .await
        .index;
    town.views_see(declared).await;
    let near_kin = composition(&town, "committee").await.near_kin;
    assert_eq!(near_kin.len(), 1);
    let expected = v1::KinSeats {
        office: "seat".to_owned(),
        person: "anna".to_owned(),
        other_office: "supervisor".to_owned(),
        other_person: "supervisor".to_owned(),
        other_body: "supervision".to_owned(),
    };
    assert_eq!(near_kin[0], expected);
    let told = town.tells("query body supervision").await;
    assert!(
        told.contains(
            "near kin: supervisor (supervisor) and anna (seat in committee) do not sit so"
        ),
        "{told}"
    );
    let page = get(town.address, "/test/bodies/committee?lang=zh").await;
    assert!(
        page.text().contains("近亲属不得同时担任这两个职务"),
        "{}",
        page.text()
    );
    town.stop().await;
}

async fn composition(town: &Town, body: &str) -> v1::Composition {
    let profile = profile(town, body, None).await;
    profile.composition.expect("it has one")
}

#[tokio::test]
async fn article_38_the_audit_of_a_head_is_told_due_overdue_and_recorded() {
    let mut town = Town::founded().await;
    let head = by("registrar")
        .clerk()
        .seats("head", "committee", "anna")
        .with_office(|office| office.role = "head".parse().unwrap());
    town.does(head).await;
    let resigned = town.does(by("anna").resigns("head")).await.index;
    town.views_see(resigned).await;
    let due = profile(&town, "committee", None).await.head_audits;
    assert_eq!(due.len(), 1);
    // Ninety days after the day of the resignation, at 24:00.
    let due_at = FOUNDED_AT.0 + 91 * Millis::DAY;
    assert_eq!((due[0].due_at_ms, due[0].recorded_index), (due_at, 0));
    let told = town.tells("query body committee").await;
    assert!(
        told.contains("audit of head (anna, 组织法 38): due before"),
        "{told}"
    );

    town.clock.advance(due_at - town.clock_now().0);
    // The handover, and the audit.
    let late = town.size_reaches(resigned + 3).await - 1;
    town.views_see(late).await;
    let audits = || v1::ListOverdueRequest {
        kind: DutyKind::HeadAudit.into(),
        ..v1::ListOverdueRequest::default()
    };
    let listed = overdue(&town, audits()).await;
    assert_eq!(
        (listed[0].subject.as_str(), listed[0].index),
        ("head", late)
    );
    assert!(listed[0].explanation_zh.contains("组织法第38条"));
    let told = town.tells("query overdue --kind head-audit").await;
    assert!(told.contains("no audit is recorded (组织法 38)"), "{told}");
    let page = get(town.address, "/test/overdue?kind=head-audit&lang=zh").await;
    assert!(page.text().contains("主任未审计"), "{}", page.text());

    let audited = by("supervisor")
        .officer("supervision", "supervisor")
        .audits_head("head", ("supervision", "supervisor-2"));
    let audited = town.writes(audited, "任期内账目清楚。").await.index;
    town.views_see(audited).await;
    assert_eq!(overdue(&town, audits()).await, []);
    let told = &profile(&town, "committee", None).await.head_audits[0];
    assert_eq!(
        (told.overdue_index, told.recorded_index, told.irregular),
        (late, audited, false)
    );
    let report = told.report.as_ref().expect("its text");
    assert_eq!(report.text, "任期内账目清楚。");
    for path in [
        "/test/bodies/committee?lang=zh",
        "/test/offices/head?lang=zh",
    ] {
        let page = get(town.address, path).await;
        let page = page.text();
        assert!(page.contains("Street office审计：未发现问题"), "{page}");
    }
    let page = get(town.address, "/test/offices/head").await;
    let page = page.text();
    assert!(page.contains("任期内账目清楚。"), "{page}");
    let found = town.tells("query search 账目清楚 --kind head-audit").await;
    assert!(found.contains("head"), "{found}");
    town.stop().await;
}

#[tokio::test]
async fn articles_14_to_19_objections_stand_on_the_bodys_page_and_not_whom_they_are_about() {
    let mut town = Town::founded().await;
    let registrar = || by("registrar").clerk();
    town.do_all(registrar().publishes_roll("roll", "residents", &[("anna", 0), ("bao", 0)]))
        .await;
    let objected = town
        .writes(by("anna").objects("roll", "emil"), "他已在此居住两年。")
        .await
        .index;
    town.views_see(objected).await;
    let page = |town: &Town| {
        let address = town.address;
        async move {
            get(address, "/test/bodies/residents?lang=zh")
                .await
                .text()
                .to_owned()
        }
    };
    let waiting = page(&town).await;
    assert!(waiting.contains("名册异议（组织法第14–19条）"), "{waiting}");
    assert!(waiting.contains("截止"), "{waiting}");
    assert!(!waiting.contains("emil") && !waiting.contains("anna"));
    assert!(!waiting.contains("居住两年"), "the text is private");
    let digest = content_of("他已在此居住两年。").digest;
    let reads = |town: &mut Town, who: Doer| v1::ReadContentRequest {
        request: Some(town.request(who.reads_objection("roll", 0, digest))),
    };
    let mut record = town.client.record();
    let size = town.size().await;
    let stranger = reads(&mut town, by("emil"));
    let refusal = Town::asked(record.read_content(stranger))
        .await
        .unwrap_err();
    assert_eq!(refusal.reason, "CAPACITY_MISSING");
    assert_eq!(town.size().await, size, "nothing was read");
    let keeper = reads(&mut town, registrar());
    let answer = record.read_content(keeper).await.unwrap().into_inner();
    let content = answer.content.expect("the content");
    assert_eq!(content.bytes, "他已在此居住两年。".as_bytes());
    assert_eq!(
        answer.receipt.unwrap().index,
        size,
        "the reading is an entry"
    );
    drop(record);
    let late = Millis(FOUNDED_AT.0 + 4 * Millis::DAY);
    town.clock.advance(late.since(town.clock_now()));
    let waiting = page(&town).await;
    assert!(waiting.contains("名册异议未处理"), "{waiting}");
    let ruled = town.does(registrar().rules_on("roll", 0, true)).await.index;
    town.views_see(ruled).await;
    let ruling = page(&town).await;
    assert!(ruling.contains("异议成立"), "{ruling}");
    assert!(!ruling.contains("名册异议未处理"), "{ruling}");
    // It stays there once a newer roll is published.
    let newer = registrar().publishes_roll("newer", "residents", &[("anna", 0)]);
    town.do_all(newer).await;
    let newer = town.size().await - 1;
    town.views_see(newer).await;
    let after = page(&town).await;
    assert!(after.contains("异议成立"), "{after}");
    town.stop().await;
}

#[tokio::test]
async fn article_31_a_decision_tells_whether_it_is_filed_and_is_listed_until_then() {
    let mut town = Town::founded().await;
    let decided = adopts_by(&mut town, "covenant", "filed", Vec::new()).await;
    let [waiting] = profile(&town, "assembly", None)
        .await
        .to_file
        .try_into()
        .unwrap();
    let filing = waiting.filing.expect("by its rule");
    // Ten whole days.
    let due_at = FOUNDED_AT.0 + 11 * Millis::DAY;
    assert_eq!(
        (filing.with.as_str(), filing.due_at_ms, filing.filed_index),
        ("street-office", due_at, 0)
    );
    let told = town.tells("query decision covenant").await;
    assert!(
        told.contains("To be filed with street-office by 2026-03-12"),
        "{told}"
    );
    let told = town.tells("query body assembly").await;
    assert!(told.contains("covenant: To be filed"), "{told}");
    let page = async |town: &Town, path: &str| get(town.address, path).await.text().to_owned();
    let page_zh = page(&town, "/test/decisions/covenant?lang=zh").await;
    assert!(
        page_zh.contains("应在 2026-03-12 当日或之前报street-office备案"),
        "{page_zh}"
    );
    let body = page(&town, "/test/bodies/assembly?lang=zh").await;
    assert!(body.contains("待备案的决定"), "{body}");
    let rule = page(&town, "/test/rules/filed?lang=en").await;
    assert!(
        rule.contains("Filed with street-office within 10 days"),
        "{rule}"
    );

    town.clock.advance(due_at - town.clock_now().0 - 1);
    let filings = || v1::ListOverdueRequest {
        kind: DutyKind::Filing.into(),
        ..v1::ListOverdueRequest::default()
    };
    assert_eq!(overdue(&town, filings()).await, []);
    town.clock.advance(1);
    let late = overdue(&town, filings()).await;
    assert_eq!(
        (late[0].subject.as_str(), late[0].index),
        ("covenant", decided)
    );
    let told = town.tells("query overdue --kind filing").await;
    assert!(told.contains("no filing is recorded (组织法 31)"), "{told}");
    let listed = page(&town, "/test/overdue?kind=filing&lang=zh").await;
    assert!(listed.contains("决定未备案"), "{listed}");

    let filed = by("chair")
        .chair()
        .files("covenant", "2026-03-09".parse().unwrap());
    let filed = town.does(filed).await.index;
    town.views_see(filed).await;
    assert_eq!(overdue(&town, filings()).await, []);
    assert_eq!(profile(&town, "assembly", None).await.to_file, []);
    let told = town.tells("query decision covenant").await;
    assert!(
        told.contains("Filed with street-office on 2026-03-09, number 新街备 2026-7"),
        "{told}"
    );
    let page_en = page(&town, "/test/decisions/covenant?lang=en").await;
    assert!(
        page_en.contains("Filed with street-office on 2026-03-09"),
        "{page_en}"
    );
    let entry = page(&town, &format!("/test/entries/{filed}?lang=zh")).await;
    assert!(entry.contains("决定备案"), "{entry}");
    town.stop().await;
}

#[tokio::test]
async fn what_is_overdue_is_listed_from_its_moment_on_until_it_is_done() {
    let mut town = Town::founded().await;
    adopts(&mut town).await;
    let implemented = DecisionImplemented {
        motion: "snow".parse().unwrap(),
        progress: Execution::Planned,
        note: "招标".to_owned(),
        due: Some("2026-03-10".parse().unwrap()),
    };
    let said = by("chair").chair().does(Payload::Deliberation(
        DeliberationAction::DecisionImplemented(implemented),
    ));
    let said = town.does(said).await.index;
    town.views_see(said).await;
    let all = v1::ListOverdueRequest::default;
    assert_eq!(overdue(&town, all()).await, []);
    // To 00:00 of the 11th in Shanghai, the day being over.
    let eve = Millis(FOUNDED_AT.0 + 9 * Millis::DAY);
    town.clock.advance(eve.since(town.clock_now()) - 1);
    assert_eq!(overdue(&town, all()).await, []);
    town.clock.advance(1);
    let late = overdue(&town, all()).await;
    assert_eq!(late.len(), 1);
    assert_eq!(
        (late[0].kind(), late[0].subject.as_str(), late[0].index),
        (DutyKind::Implementation, "snow", said)
    );
    assert_eq!(
        late[0].explanation_zh,
        "关于 snow 的决定应在 2026-03-10 当日或之前落实，尚未完成。"
    );

    town.clock.advance(REPORT_DUE.since(town.clock_now()));
    let missed = town.size_reaches(said + 2).await - 1;
    town.views_see(missed).await;
    let reports = || v1::ListOverdueRequest {
        kind: DutyKind::Report.into(),
        body: "committee".to_owned(),
        ..all()
    };
    let late = overdue(&town, reports()).await;
    assert_eq!(late.len(), 1);
    assert_eq!((late[0].year, late[0].due_at_ms), (2026, REPORT_DUE.0));
    assert_eq!(overdue(&town, all()).await.len(), 2);
    let told = town.tells("query overdue").await;
    assert!(told.contains("its report on 2026 by 2027-01-31"), "{told}");
    let chinese = town.cli("zh_CN.UTF-8", "query overdue --kind report").await;
    assert!(
        chinese.out.contains("未提交 2026 年度报告"),
        "{}",
        chinese.out
    );
    let json = get(town.address, "/test/overdue.json?kind=DUTY_KIND_REPORT").await;
    assert!(json.text().contains("2026"), "{}", json.text());

    let filed = by("chair").chair().reports("committee", 2026);
    let filed = town.writes(filed, "一年来，召开会议十二次。").await.index;
    town.views_see(filed).await;
    assert_eq!(overdue(&town, reports()).await, []);
    let then = v1::ListOverdueRequest {
        moment: Some(at_index(missed)),
        ..reports()
    };
    assert_eq!(overdue(&town, then).await.len(), 1);
    town.stop().await;
}
