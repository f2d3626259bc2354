//! The register of sanctions: each step over the wire, and nobody named once a sanction is over.

use governance::{
    action::{AppealOutcome, Sanction, Severity},
    testing::{Deed, Doer, FOR, by, sanctioned},
};
use proto::v1::{self, CaseClock, CaseStatus, CaseStep, moment::AsOf};
use tonic::Code;

use crate::{
    http::get,
    support::{Town, ledger},
};

const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

/// What nobody reads here.
const TEXT: &str = "经查，某某多次未按时公布账目。";

fn steward() -> Doer {
    by("emil").officer("assembly", "steward")
}

fn secretary() -> Doer {
    by("secretary")
}

/// A case against the party's secretary, found to be minor. Whom it is against, no id of it says.
async fn found() -> Town {
    let mut town = Town::founded().await;
    let registrar = || by("registrar").clerk();
    let voters = [("anna", 10_000), ("bao", 10_000)];
    town.do_all(registrar().publishes_roll("roll", "assembly", &voters))
        .await;
    let seated = registrar()
        .seats("steward", "assembly", "emil")
        .with_office(|office| office.role = "steward".parse().unwrap());
    town.does(seated).await;
    let steps: [Deed; 4] = [
        steward().opens_case("case-1", "secretary", Some("anna")),
        steward().serves_notice("case-1", Severity::Ordinary),
        secretary().defends("case-1"),
        steward().finds("case-1", Some(Severity::Minor)),
    ];
    for step in steps {
        town.writes(step, TEXT).await;
    }
    town
}

/// The owners impose a warning; the index of the decision.
async fn warned(town: &mut Town) -> u64 {
    let chair = || by("chair").chair();
    let tabled = chair().tables("warning", "assembly", "simple");
    let effect = sanctioned("case-1", Sanction::Warning);
    town.does(tabled.with_effects(vec![effect])).await;
    town.does(chair().opens("warning", "roll", 5 * MINUTE))
        .await;
    for voter in ["anna", "bao"] {
        town.does(by(voter).member("assembly").votes("warning", FOR))
            .await;
    }
    let voted = town.size().await;
    town.clock.advance(10 * MINUTE);
    let decided = town.size_reaches(voted + 1).await - 1;
    town.views_see(decided).await;
    decided
}

fn listing() -> v1::ListSanctionsRequest {
    v1::ListSanctionsRequest {
        ledger: ledger(),
        ..v1::ListSanctionsRequest::default()
    }
}

async fn listed(town: &Town, request: v1::ListSanctionsRequest) -> Vec<v1::SanctionCase> {
    let answer = town.client.query().list_sanctions(request).await;
    let answer = answer.expect("an answer").into_inner();
    town.assert_stands(answer.position.as_ref()).await;
    answer.cases
}

fn at_index(index: u64) -> v1::Moment {
    v1::Moment {
        min_index: 0,
        as_of: Some(AsOf::AtIndex(index)),
    }
}

async fn one(town: &Town, moment: Option<v1::Moment>) -> v1::GetSanctionResponse {
    let request = v1::GetSanctionRequest {
        ledger: ledger(),
        case: "case-1".to_owned(),
        moment,
    };
    let answer = town.client.query().get_sanction(request).await;
    answer.expect("an answer").into_inner()
}

/// Everything public about the case, in every form there is.
async fn everything(town: &Town) -> String {
    let mut told = String::new();
    for path in [
        "/test/sanctions.json",
        "/test/sanctions/case-1.json",
        "/test/sanctions.csv?lang=zh",
        "/test/sanctions.csv?lang=en",
        "/test/timeline.json?subject=case-1",
        "/test/timeline.csv",
    ] {
        let answer = get(town.address, path).await;
        assert_eq!(answer.status, 200, "{path}");
        told.push_str(answer.text());
    }
    told
}

/// Sanctions in force against the secretary.
fn against_the_secretary() -> v1::ListSanctionsRequest {
    v1::ListSanctionsRequest {
        person: "secretary".to_owned(),
        status: CaseStatus::InForce.into(),
        step: CaseStep::Imposed.into(),
        body: "party".to_owned(),
        ..listing()
    }
}

/// The register tells whom the warning is against, in every form.
async fn told_in_force(town: &Town, decided: u64) {
    let in_force = listed(town, against_the_secretary()).await;
    assert_eq!(in_force.len(), 1);
    let case = &in_force[0];
    assert_eq!(
        (
            case.person.as_str(),
            case.office.as_str(),
            case.decision.as_str()
        ),
        ("secretary", "secretary", "warning")
    );
    assert_eq!(
        (case.sanction(), case.from.as_str(), case.until.as_str()),
        (v1::Sanction::Warning, "2026-03-02", "2026-09-02")
    );
    assert_eq!(case.clock(), CaseClock::Appeal);
    assert_eq!(
        case.explanation_zh,
        "警告（依据：章程纪律），登记期自2026年3月2日至2026年9月2日，其间不得评优。"
    );
    assert!(everything(town).await.contains("secretary"));
    let steps: Vec<CaseStep> = one(town, None)
        .await
        .steps
        .iter()
        .map(v1::CaseStepItem::step)
        .collect();
    let all = [
        CaseStep::Opened,
        CaseStep::Noticed,
        CaseStep::Defended,
        CaseStep::Found,
        CaseStep::Imposed,
    ];
    assert_eq!(steps, all);

    let table = town.tells("query sanctions --status in-force").await;
    assert!(
        table.contains("case-1") && table.contains("secretary (secretary)"),
        "{table}"
    );
    let chinese = town.cli("zh_CN.UTF-8", "query sanction case-1").await.out;
    assert!(chinese.contains("警告（依据：章程纪律）"), "{chinese}");
    let line = format!("query sanction case-1 --at-index {}", decided - 1);
    let then = town.tells(&line).await;
    assert!(
        then.contains("The case is under way.") && !then.contains("imposed"),
        "{then}"
    );
}

#[tokio::test]
async fn an_allegation_names_nobody_a_sanction_does_and_one_that_is_over_does_not() {
    let mut town = found().await;
    town.views_catch_up().await;
    let pending = listed(&town, listing()).await;
    assert_eq!(pending.len(), 1);
    let case = &pending[0];
    assert_eq!(
        (case.step(), case.status(), case.severity(), case.masked),
        (
            CaseStep::Found,
            CaseStatus::Pending,
            v1::Severity::Minor,
            true
        )
    );
    assert_eq!(case.body, "party");
    let told = everything(&town).await;
    assert!(!told.contains("secretary"), "{told}");

    let decided = warned(&mut town).await;
    told_in_force(&town, decided).await;

    town.clock.advance(185 * DAY);
    let expired = town.size_reaches(decided + 2).await - 1;
    town.views_see(expired).await;
    assert_eq!(listed(&town, against_the_secretary()).await, []);
    for moment in [None, Some(at_index(decided)), Some(at_index(decided - 1))] {
        let asked = v1::ListSanctionsRequest {
            moment,
            ..listing()
        };
        let cases = listed(&town, asked).await;
        assert_eq!(cases.len(), 1);
        let case = &cases[0];
        assert!(case.masked, "{case:?}");
        let nothing = [&case.person, &case.name, &case.office, &case.decision];
        assert!(nothing.iter().all(|field| field.is_empty()), "{case:?}");
        let person = v1::ListSanctionsRequest {
            moment,
            person: "secretary".to_owned(),
            ..listing()
        };
        assert_eq!(
            listed(&town, person).await,
            [],
            "nor is anybody found by it"
        );
    }
    let told = everything(&town).await;
    assert!(!told.contains("secretary"), "{told}");
    assert!(
        told.contains("已期满") && told.contains("It is over."),
        "{told}"
    );
    let then = one(&town, Some(at_index(decided))).await;
    assert_eq!(then.case.unwrap().status(), CaseStatus::InForce);
    assert_eq!(then.steps.len(), 5, "nothing later is told");
    town.stop().await;
}

#[tokio::test]
async fn an_annulment_stands_where_the_sanction_stood() {
    let mut town = found().await;
    let decided = warned(&mut town).await;
    town.writes(secretary().appeals("case-1"), TEXT).await;
    town.views_catch_up().await;
    let appealed = listed(&town, listing()).await;
    assert_eq!(
        (appealed[0].step(), appealed[0].clock(), appealed[0].masked),
        (CaseStep::Appealed, CaseClock::AppealDecision, false)
    );
    let supervisor = by("supervisor").officer("supervision", "supervisor");
    let annulled = supervisor.decides_appeal("case-1", AppealOutcome::Annulled);
    let index = town.writes(annulled, TEXT).await.index;
    town.views_see(index).await;
    let cases = listed(&town, listing()).await;
    assert_eq!(
        (cases[0].status(), cases[0].masked, cases[0].clock()),
        (CaseStatus::Annulled, true, CaseClock::Unspecified)
    );
    assert!(
        cases[0]
            .explanation
            .ends_with("It was annulled, and never was.")
    );
    assert!(!everything(&town).await.contains("secretary"));
    let answer = one(&town, None).await;
    let last = answer.steps.last().unwrap();
    assert_eq!(
        (last.index, last.appeal()),
        (index, v1::CaseAppeal::Annulled)
    );
    let then = one(&town, Some(at_index(decided))).await.case.unwrap();
    assert_eq!((then.status(), then.masked), (CaseStatus::InForce, true));
    town.stop().await;
}

#[tokio::test]
async fn pages_follow_each_other_and_what_is_not_there_is_refused() {
    let mut town = found().await;
    let again = steward().opens_case("case-2", "secretary", None);
    town.writes(again, TEXT).await;
    town.views_catch_up().await;
    let mut query = town.client.query();
    let mut request = v1::ListSanctionsRequest {
        page_size: 1,
        ..listing()
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        let page = query
            .list_sanctions(request.clone())
            .await
            .unwrap()
            .into_inner();
        seen.extend(page.cases.into_iter().map(|case| case.case));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(seen, ["case-2", "case-1"], "the one opened last first");
    for (step, count) in [
        (CaseStep::Opened, 1),
        (CaseStep::Found, 1),
        (CaseStep::Closed, 0),
    ] {
        let of_step = v1::ListSanctionsRequest {
            step: step.into(),
            ..listing()
        };
        assert_eq!(listed(&town, of_step).await.len(), count, "{step:?}");
    }
    let unknown = v1::GetSanctionRequest {
        ledger: ledger(),
        case: "case-9".to_owned(),
        moment: None,
    };
    let refusal = Town::asked(query.get_sanction(unknown)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_CASE")
    );
    let refused = town.cli("C", "query sanction case-9").await;
    assert!(
        refused.code != 0 && refused.err.contains("NO_SUCH_CASE"),
        "{refused:?}"
    );
    let wrong = v1::ListSanctionsRequest {
        step: 99,
        ..listing()
    };
    let refusal = Town::asked(query.list_sanctions(wrong)).await.unwrap_err();
    assert_eq!(refusal.code, Code::InvalidArgument);
    drop(query);
    town.stop().await;
}
