//! Consultations, tasks, disclosures and records over the wire, on the command line and on the site, as of any
//! moment; and decisions by the powers and matters they have to do with.

use governance::{
    calendar::Date,
    testing::{Doer, FOR, by, listed, power_terms},
};
use proto::v1::{self, ConsultationStatus, TaskStatus, moment::AsOf};
use tonic::Code;

use crate::{
    http::get,
    support::{Town, ledger},
};

const MINUTE: u64 = 60_000;
const DAY: u64 = 86_400_000;

/// What somebody answered: theirs, and never in an answer of the services.
const ANSWER: &str = "我住三楼，腿脚不便，希望尽快。";

/// What corrects the record that is taken over.
const CORRECTION: &str = "二楼 (the second floor)";

fn chair() -> Doer {
    by("chair").chair()
}

fn at(index: u64) -> v1::Moment {
    v1::Moment {
        min_index: 0,
        as_of: Some(AsOf::AtIndex(index)),
    }
}

/// The day of the founding.
fn today() -> i32 {
    let day: Date = "2026-03-02".parse().expect("a day");
    day.days()
}

/// A town in which each of these took place: entries are told by their index.
struct Played {
    town: Town,
    opened: u64,
    closed: u64,
    assigned: u64,
    refused: u64,
}

async fn played() -> Played {
    let mut town = Town::founded().await;
    let roll = by("registrar").clerk();
    town.do_all(roll.publishes_roll("roll", "assembly", &[("anna", 10_000)]))
        .await;
    let opened = town.does(chair().consults("lifts", "assembly", DAY)).await;
    let answer = by("anna").member("assembly").responds("lifts");
    town.writes(answer, ANSWER).await;
    town.clock.advance(DAY);
    let closed = town.does(chair().closes_consultation("lifts")).await;
    let registrar = || by("registrar").clerk();
    town.does(registrar().seats("street-1", "street-office", "emil"))
        .await;
    let emil = || by("emil").officer("street-office", "street-1");
    let assigned = town
        .does(emil().assigns_task("census", "committee", None))
        .await;
    let refused = town.does(chair().refuses_task("census")).await;
    let imported = town
        .does(registrar().imports("vote", "assembly", "platform/7", today()))
        .await;
    town.does(registrar().corrects_in_words(imported.index))
        .await;
    town.does(chair().posts("accounts", "committee", today() + 40))
        .await;
    town.views_catch_up().await;
    Played {
        opened: opened.index,
        closed: closed.index,
        assigned: assigned.index,
        refused: refused.index,
        town,
    }
}

#[tokio::test]
async fn consultations_are_told_as_of_any_moment_and_never_what_each_answer_says() {
    let played = played().await;
    let town = &played.town;
    let mut query = town.client.query();
    let asked = |moment| v1::GetConsultationRequest {
        ledger: ledger(),
        consultation: "lifts".to_owned(),
        moment,
    };
    let mut told = async |moment| {
        let answer = query.get_consultation(asked(moment)).await;
        let answer = answer.expect("an answer").into_inner();
        town.assert_stands(answer.position.as_ref()).await;
        answer.consultation.expect("it is there")
    };
    let then = told(Some(at(played.opened))).await;
    assert_eq!(then.status(), ConsultationStatus::Open);
    assert_eq!((then.answers, then.closed_index), (0, 0));
    let answered = told(Some(at(played.opened + 1))).await;
    assert_eq!(answered.answers, 1);
    let now = told(None).await;
    assert_eq!(now.status(), ConsultationStatus::Closed);
    assert_eq!((now.answers, now.closed_index), (1, played.closed));
    assert!(!now.summary.is_empty());

    let list = |status: ConsultationStatus, body: &str| v1::ListConsultationsRequest {
        ledger: ledger(),
        body: body.to_owned(),
        status: status.into(),
        ..v1::ListConsultationsRequest::default()
    };
    for (request, expected) in [
        (list(ConsultationStatus::Closed, "assembly"), 1),
        (list(ConsultationStatus::Unspecified, "committee"), 0),
        (list(ConsultationStatus::Open, ""), 0),
    ] {
        let answer = query.list_consultations(request).await.expect("an answer");
        assert_eq!(answer.into_inner().consultations.len(), expected);
    }
    let unknown = v1::GetConsultationRequest {
        consultation: "census".to_owned(),
        ..asked(None)
    };
    let refusal = Town::asked(query.get_consultation(unknown)).await;
    let refusal = refusal.expect_err("a task is no consultation");
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_AFFAIR")
    );

    for line in ["query consultations", "query consultation lifts"] {
        let said = town.tells(line).await;
        assert!(
            said.contains("closed") && said.contains("Stands on entry"),
            "{said}"
        );
    }
    // The matter, which a motion that rests on it shares, is told wherever one of them is shown.
    let told = town.tells("query consultation lifts").await;
    assert!(told.contains("on the matter "), "{told}");
    let page = get(town.address, "/test/consultations/lifts?lang=en").await;
    assert!(page.text().contains("<dt>Matter</dt>"), "{}", page.text());
    let data = get(town.address, "/test/consultations/lifts.json").await;
    assert!(data.text().contains("\"matter\""), "{}", data.text());
    let then = format!("query consultation lifts --at-index {}", played.opened);
    assert!(town.tells(&then).await.contains("open"));
    for path in [
        "/test/affairs",
        "/test/consultations?lang=en",
        "/test/consultations.csv?lang=en",
        "/test/consultations.json",
        "/test/consultations/lifts?lang=en",
        "/test/consultations/lifts.json",
        "/test/consultations/notice",
        "/test/search?query=lifts",
        "/test/timeline",
    ] {
        let answer = get(town.address, path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text().contains("腿脚不便"), "{path}");
    }
    played.town.stop().await;
}

#[tokio::test]
async fn a_task_says_its_law_and_funding_and_why_it_was_refused() {
    let played = played().await;
    let town = &played.town;
    let mut query = town.client.query();
    let list = |status: TaskStatus, moment| v1::ListTasksRequest {
        ledger: ledger(),
        body: "committee".to_owned(),
        status: status.into(),
        moment,
        ..v1::ListTasksRequest::default()
    };
    for (status, moment, expected) in [
        (TaskStatus::Refused, None, 1),
        (TaskStatus::Assigned, None, 0),
        (TaskStatus::Assigned, Some(at(played.assigned)), 1),
        (TaskStatus::Unspecified, Some(at(played.assigned - 1)), 0),
    ] {
        let answer = query.list_tasks(list(status, moment)).await;
        let answer = answer.expect("an answer").into_inner();
        assert_eq!(answer.tasks.len(), expected, "{status:?}");
    }
    let request = v1::GetTaskRequest {
        ledger: ledger(),
        task: "census".to_owned(),
        moment: None,
    };
    let answer = query.get_task(request).await.expect("an answer");
    let task = answer.into_inner().task.expect("it is there");
    assert_eq!(
        (task.assigned_by.as_str(), task.item.as_str()),
        ("street-office", "")
    );
    assert_eq!(
        (task.status(), task.answered_index),
        (TaskStatus::Refused, played.refused)
    );
    assert!(!task.refusal.is_empty() && !task.legal_basis.is_empty() && !task.funding.is_empty());

    let said = town.tells("query tasks --status refused").await;
    assert!(
        said.contains("census") && said.contains("refused"),
        "{said}"
    );
    let one = town.tells("query task census").await;
    for part in [&task.refusal, &task.legal_basis, &task.funding] {
        assert!(one.contains(part.as_str()), "{part} in {one}");
    }
    let page = get(town.address, "/test/tasks/census?lang=en").await;
    assert!(page.text().contains("On no list: it may be refused"));
    assert!(page.text().contains(&task.refusal), "{}", page.text());
    let table = get(town.address, "/test/tasks.csv?lang=en").await;
    assert!(table.text().contains("census"), "{}", table.text());
    played.town.stop().await;
}

#[tokio::test]
async fn disclosures_and_records_are_lists_with_pages_and_sheets() {
    let played = played().await;
    let town = &played.town;
    let mut query = town.client.query();
    let hanging = |hanging| v1::ListDisclosuresRequest {
        ledger: ledger(),
        hanging,
        ..v1::ListDisclosuresRequest::default()
    };
    let answer = query.list_disclosures(hanging(true)).await;
    let disclosures = answer.expect("an answer").into_inner().disclosures;
    assert_eq!(disclosures[0].disclosure, "accounts");
    let imports = v1::ListImportsRequest {
        ledger: ledger(),
        ..v1::ListImportsRequest::default()
    };
    let answer = query.list_imports(imports).await.expect("an answer");
    let import = &answer.into_inner().imports[0];
    assert_eq!(import.source, "platform/7");
    assert_ne!(import.imported_by, import.attested_by);
    let [corrected] = import.corrections.as_slice() else {
        panic!("one correction: {:?}", import.corrections)
    };
    assert_eq!(corrected.index, import.imported_index + 1);
    assert_eq!(corrected.note, CORRECTION);
    assert_ne!(corrected.recorded_by, corrected.attested_by);

    for (line, part) in [
        ("query disclosures --hanging", "accounts"),
        ("query disclosure accounts", &disclosures[0].text),
        ("query imports", "platform/7"),
        ("query imports", "(corrected by entry "),
        ("query import vote", CORRECTION),
        ("query import vote", &import.attested_by),
    ] {
        let said = town.tells(line).await;
        assert!(said.contains(part), "{part} in {said}");
    }
    for path in [
        "/test/disclosures?hanging=yes",
        "/test/disclosures/accounts",
        "/test/disclosures/accounts.json",
        "/test/disclosures/accounts/notice",
        "/test/imports",
        "/test/imports/vote",
        "/test/imports/vote.json",
    ] {
        let answer = get(town.address, path).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    // What corrects a record stands beside it, in the register and in its table too.
    for (path, part) in [
        ("/test/imports?lang=en", "Corrected."),
        ("/test/imports/vote?lang=en", CORRECTION),
        ("/test/imports.csv?lang=en", CORRECTION),
        ("/test/imports/vote.json", CORRECTION),
    ] {
        let answer = get(town.address, path).await;
        let text = answer.text();
        assert!(text.contains(part), "{path}: {text}");
    }
    // On its sheet a disclosure hangs out for as long as it was recorded to.
    let sheet = get(
        town.address,
        "/test/disclosures/accounts/notice?lang=zh&posted=2020-01-01",
    )
    .await;
    assert!(!sheet.text().contains("2020年"), "{}", sheet.text());
    assert!(
        sheet.text().contains("<svg class=\"code\""),
        "it has a code"
    );
    for path in [
        "/test/disclosures/none",
        "/test/imports/none",
        "/test/tasks/lifts",
    ] {
        assert_eq!(get(town.address, path).await.status, 404, "{path}");
    }
    played.town.stop().await;
}

#[tokio::test]
async fn decisions_are_asked_for_by_power_and_matter_everywhere() {
    let mut town = Town::founded().await;
    let voters = [("anna", 10_000), ("bao", 10_000)];
    let roll = by("registrar").clerk();
    town.do_all(roll.publishes_roll("roll", "assembly", &voters))
        .await;
    let mut terms = power_terms("assembly", None);
    terms.matters = vec!["repairs".parse().expect("an id")];
    for (motion, effects) in [
        ("lists", vec![listed("snow", terms)]),
        ("other", Vec::new()),
    ] {
        let tabled = chair().tables(motion, "assembly", "simple");
        town.does(tabled.with_effects(effects)).await;
        town.does(chair().opens(motion, "roll", 5 * MINUTE)).await;
        let ballot = by("anna").member("assembly").votes(motion, FOR);
        town.does(ballot).await;
        let ballot = by("bao").member("assembly").votes(motion, FOR);
        let voted = town.does(ballot).await.index;
        town.clock.advance(10 * MINUTE);
        town.size_reaches(voted + 2).await;
    }
    town.views_catch_up().await;
    let mut query = town.client.query();
    let asked = |power: &str, matter: &str| v1::ListDecisionsRequest {
        ledger: ledger(),
        power: power.to_owned(),
        matter: matter.to_owned(),
        ..v1::ListDecisionsRequest::default()
    };
    for (request, expected) in [
        (asked("snow", ""), 1),
        (asked("", "repairs"), 1),
        (asked("snow", "repairs"), 1),
        (asked("rain", ""), 0),
        (asked("snow", "parking"), 0),
        (asked("", ""), 2),
    ] {
        let answer = query.list_decisions(request).await.expect("an answer");
        let decisions = answer.into_inner().decisions;
        assert_eq!(decisions.len(), expected);
        if expected == 1 {
            assert_eq!(decisions[0].motion, "lists");
            assert_eq!(decisions[0].powers, ["snow"]);
            assert_eq!(decisions[0].matters, ["repairs"]);
        }
    }
    for line in [
        "query decisions --power snow",
        "query decisions --matter repairs",
    ] {
        let said = town.tells(line).await;
        assert!(said.contains("lists") && !said.contains("other"), "{said}");
    }
    let one = town.tells("query decision lists").await;
    assert!(one.contains("under the power list: snow"), "{one}");
    for path in [
        "/test/decisions.json?power=snow",
        "/test/decisions.csv?lang=en&matter=repairs",
        "/test/decisions?lang=en&power=snow&matter=repairs",
    ] {
        let answer = get(town.address, path).await;
        assert_eq!(answer.status, 200, "{path}");
        let text = answer.text();
        assert!(!text.contains("decisions/other"), "{path}: {text}");
        assert!(text.contains("lists"), "{path}: {text}");
    }
    // The form offers what there is, the usual matters by their names.
    let page = get(town.address, "/test/decisions?lang=en").await;
    assert!(
        page.text()
            .contains("<option value=\"repairs\">Repairs</option>"),
        "{}",
        page.text()
    );
    let page = get(town.address, "/test/decisions/lists?lang=en").await;
    assert!(page.text().contains("/test/powers/snow"), "{}", page.text());
    town.stop().await;
}
