//! Issues over the wire: what is public, who reads the rest, and that each reading is an entry.

use governance::{
    action::{Content, IssueAction, IssueKind, IssueRaised, Payload},
    ids::Digest,
    testing::{Deed, Doer, by},
};
use proto::v1;
use tlog::signing::content_digest;
use tonic::Code;

use crate::support::{Town, ledger, signed};

const SALT: [u8; 32] = [6; 32];
const TEXT: &str = "三号楼电梯停运两周，住户姓名和电话：……";

fn digest() -> Digest {
    Digest(content_digest(&SALT, TEXT.as_bytes()).0)
}

fn raises() -> Deed {
    by("anna").does(Payload::Issues(IssueAction::IssueRaised(IssueRaised {
        issue: "lift".parse().unwrap(),
        kind: IssueKind::Complaint,
        category: "物业维修".to_owned(),
        summary: "三号楼电梯".to_owned(),
        content: Content {
            digest: digest(),
            length: u32::try_from(TEXT.len()).unwrap(),
            media_type: "text/plain; charset=utf-8".to_owned(),
        },
        body: "committee".parse().unwrap(),
        concerns: None,
        accused: vec!["chair".parse().unwrap()],
    })))
}

/// Raised with its text.
async fn raised() -> Town {
    let mut town = Town::founded().await;
    let mut request = signed(&town.action(raises()));
    request.contents.push(v1::ContentUpload {
        salt: SALT.to_vec(),
        bytes: TEXT.as_bytes().to_vec(),
    });
    town.records(request).await;
    town
}

fn registrar() -> Doer {
    by("registrar").clerk()
}

fn reading(town: &mut Town, deed: Deed) -> v1::ReadContentRequest {
    v1::ReadContentRequest {
        request: Some(town.request(deed)),
    }
}

#[tokio::test]
async fn the_handler_reads_it_and_leaves_an_entry_and_the_accused_does_not() {
    let mut town = raised().await;
    let before = town.size().await;
    let mut record = town.client.record();

    let accused = reading(&mut town, by("chair").chair().reads("lift", digest()));
    let refusal = Town::asked(record.read_content(accused)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::PermissionDenied, "HANDLER_PARTIAL")
    );
    let stranger = reading(&mut town, by("bao").reads("lift", digest()));
    let refusal = Town::asked(record.read_content(stranger))
        .await
        .unwrap_err();
    assert_eq!(refusal.reason, "CAPACITY_MISSING");
    assert_eq!(town.size().await, before, "nothing was read");

    let request = reading(&mut town, registrar().reads("lift", digest()));
    let answer = record
        .read_content(request.clone())
        .await
        .unwrap()
        .into_inner();
    let content = answer.content.expect("the content");
    assert_eq!(content.bytes, TEXT.as_bytes());
    assert_eq!(content.salt, SALT);
    assert_eq!(answer.receipt.as_ref().unwrap().index, before);
    assert_eq!(town.size().await, before + 1);
    // The same bytes again are the same reading.
    let again = record.read_content(request).await.unwrap().into_inner();
    assert_eq!(again.receipt.unwrap().index, before);
    assert_eq!(town.size().await, before + 1);

    let other = v1::ReadContentRequest {
        request: Some(town.request(registrar().accepts("lift"))),
    };
    let refusal = Town::asked(record.read_content(other)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::InvalidArgument, "NOT_A_READING")
    );
    assert_eq!(
        town.size().await,
        before + 1,
        "and nothing else is recorded"
    );
    drop(record);
    town.stop().await;
}

#[tokio::test]
async fn what_is_public_is_the_kind_the_category_the_deadline_and_the_counts() {
    let mut town = raised().await;
    let receipt = town.does(registrar().accepts("lift")).await;
    town.views_see(receipt.index).await;
    let mut query = town.client.query();
    let request = v1::ListIssuesRequest {
        ledger: ledger(),
        ..v1::ListIssuesRequest::default()
    };
    let answer = query
        .list_issues(request.clone())
        .await
        .unwrap()
        .into_inner();
    let issue = &answer.issues[0];
    assert_eq!(
        (issue.kind(), issue.stage(), issue.category.as_str()),
        (
            v1::IssueKind::Complaint,
            v1::IssueStage::Accepted,
            "物业维修"
        )
    );
    // The sixtieth day after the founding's ends at 24:00.
    assert_eq!(
        issue.due_at_ms,
        governance::testing::FOUNDED_AT.0 + 61 * 86_400_000
    );
    let told = format!("{answer:?}");
    assert!(!told.contains("anna") && !told.contains("chair"), "{told}");
    town.assert_stands(answer.position.as_ref()).await;

    let with_stage = |stage: v1::IssueStage| v1::ListIssuesRequest {
        stage: stage.into(),
        ..request.clone()
    };
    let raised = with_stage(v1::IssueStage::Raised);
    let none = query.list_issues(raised).await.unwrap().into_inner();
    assert_eq!(none.issues, []);
    let accepted = with_stage(v1::IssueStage::Accepted);
    let one = query.list_issues(accepted).await.unwrap().into_inner();
    assert_eq!(one.issues.len(), 1);

    // Nobody answers it.
    town.clock.advance(62 * 86_400_000);
    let size = town.size_reaches(receipt.index + 2).await;
    town.views_see(size - 1).await;
    let overdue = v1::ListIssuesRequest {
        overdue: true,
        ..request
    };
    let late = query.list_issues(overdue).await.unwrap().into_inner();
    assert_eq!(late.issues[0].overdue(), v1::IssueStep::Answer);
    let counts = v1::CountIssuesRequest {
        ledger: ledger(),
        ..v1::CountIssuesRequest::default()
    };
    let counts = query
        .count_issues(counts)
        .await
        .unwrap()
        .into_inner()
        .counts;
    assert_eq!(counts.len(), 1);
    assert_eq!((counts[0].received, counts[0].overdue), (1, 1));
    let by_category = v1::CountIssuesRequest {
        ledger: ledger(),
        by_category: true,
        ..v1::CountIssuesRequest::default()
    };
    let groups = query.count_issues(by_category).await.unwrap().into_inner();
    assert_eq!(groups.counts.len(), 1);
    assert_eq!(groups.counts[0].category, "物业维修");
    assert_eq!(
        (groups.counts[0].received, groups.counts[0].overdue),
        (1, 1)
    );

    told_on_the_command_line(&town, receipt.index).await;
    drop(query);
    town.stop().await;
}

/// The same for a terminal, and as of before anything was raised; `accepted` is the entry that takes it up.
async fn told_on_the_command_line(town: &Town, accepted: u64) {
    let said = town.tells("query issue-counts --by-category").await;
    assert!(
        said.contains("committee") && said.contains("物业维修"),
        "{said}"
    );
    let before = format!("query issue-counts --at-index {}", accepted - 2);
    let said = town.tells(&before).await;
    assert!(said.contains("Nobody raised anything yet."), "{said}");
    let listed = town
        .tells("query issues --category 物业维修 --overdue")
        .await;
    assert!(
        listed.contains("三号楼电梯") && listed.contains("overdue"),
        "{listed}"
    );
    let other = town.tells("query issues --category 停车").await;
    assert!(other.contains("No issue fits."), "{other}");

    let lines = town.tells("query timeline --kind issue_raised").await;
    assert!(
        lines.contains("物业维修") && !lines.contains("Issue overdue"),
        "{lines}"
    );
    let lines = town.tells("query timeline --subject lift --limit 1").await;
    assert!(
        lines.contains("the ledger") && lines.contains("there are more"),
        "{lines}"
    );
    let lines = town.tells("query timeline --actor registrar").await;
    assert!(
        lines.contains("registrar") && !lines.contains(" anna "),
        "{lines}"
    );
}
