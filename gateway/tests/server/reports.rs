//! Year-end reports over the wire: the calendar, what was missed, what was filed.

use governance::{
    action::{Content, Payload, ReportAction},
    ids::{Digest, Millis},
    testing::{FOUNDED_AT, by},
};
use proto::v1;
use tlog::signing::content_digest;
use tonic::Code;

use crate::support::{Town, ledger, signed};

/// From the founding on 2026-03-02 to the end of 2027-01-31.
const DUE: Millis = Millis(FOUNDED_AT.0 + 336 * Millis::DAY);

const SALT: [u8; 32] = [5; 32];
const TEXT: &str = "一年来，居民委员会召开会议十二次。";

fn content() -> Content {
    Content {
        digest: Digest(content_digest(&SALT, TEXT.as_bytes()).0),
        length: u32::try_from(TEXT.len()).unwrap(),
        media_type: "text/plain; charset=utf-8".to_owned(),
    }
}

fn listing() -> v1::ListReportsRequest {
    v1::ListReportsRequest {
        ledger: ledger(),
        ..v1::ListReportsRequest::default()
    }
}

#[tokio::test]
async fn a_report_is_expected_missed_filed_late_and_read() {
    let mut town = Town::founded().await;
    let mut query = town.client.query();
    let calendar = query.list_reports(listing()).await.unwrap().into_inner();
    assert_eq!(calendar.reports, []);
    let due = &calendar.due[0];
    assert_eq!((due.body.as_str(), due.year), ("committee", 2026));
    assert_eq!(due.due_at_ms, DUE.0);

    // Nobody did anything: time did.
    town.clock.advance(DUE.since(town.clock_now()));
    let size = town.size_reaches(2).await;
    town.views_see(size - 1).await;
    let overdue = v1::ListReportsRequest {
        status: v1::ReportStatus::Missing.into(),
        ..listing()
    };
    let missed = query
        .list_reports(overdue.clone())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(missed.reports.len(), 1);
    assert_eq!(
        (missed.reports[0].overdue_index, missed.due[0].year),
        (1, 2027)
    );
    town.assert_stands(missed.position.as_ref()).await;

    let deed = by("chair")
        .chair()
        .does(Payload::Reports(ReportAction::ReportFiled {
            body: "committee".parse().unwrap(),
            year: 2026,
            content: content(),
        }));
    let mut request = signed(&town.action(deed));
    request.contents.push(v1::ContentUpload {
        salt: SALT.to_vec(),
        bytes: TEXT.as_bytes().to_vec(),
    });
    let receipt = town.records(request).await;
    town.views_see(receipt.index).await;
    let none = query.list_reports(overdue).await.unwrap().into_inner();
    assert_eq!(none.reports, []);
    let one = v1::GetReportRequest {
        ledger: ledger(),
        body: "committee".to_owned(),
        year: 2026,
        moment: None,
    };
    let report = query.get_report(one.clone()).await.unwrap().into_inner();
    assert_eq!(report.text.unwrap().text, TEXT);
    assert_eq!(report.report.unwrap().filed_index, receipt.index);

    let unknown = v1::GetReportRequest { year: 2031, ..one };
    let refusal = Town::asked(query.get_report(unknown)).await.unwrap_err();
    assert_eq!(
        (refusal.code, refusal.reason.as_str()),
        (Code::NotFound, "NO_SUCH_REPORT")
    );
    // On the command line, and as of before it was filed.
    let said = town.tells("query report committee 2026").await;
    assert!(said.contains(TEXT) && said.contains("filed"), "{said}");
    let then = format!(
        "query report committee 2026 --at-index {}",
        receipt.index - 1
    );
    let said = town.tells(&then).await;
    assert!(said.contains("overdue") && !said.contains(TEXT), "{said}");
    let filed = town.tells("query reports --status filed --year 2026").await;
    assert!(
        filed.contains("committee") && filed.contains("reports on 2027"),
        "{filed}"
    );
    let missing = town.tells("query reports --status missing").await;
    assert!(
        missing.contains("No report was filed or missed yet."),
        "{missing}"
    );
    let none = town.cli("C", "query report committee 2031").await;
    assert!(
        none.code == 1 && none.err.contains("NO_SUCH_REPORT"),
        "{}",
        none.err
    );
    drop(query);
    town.stop().await;
}
