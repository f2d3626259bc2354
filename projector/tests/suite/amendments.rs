//! What the views say of an amended charter is what the law says.

use governance::{
    action::{Effect, IssueKind, OverturnedBy},
    ids::{IssueId, Millis, MotionId},
    next_due,
    testing::{FOR, World, by, charter_amended},
};

use projector::{LedgerViews, views::reports::ReportDue};

use crate::agreement::with_views;

const VOTERS: [(&str, u64); 3] = [("anna", 9_000), ("bao", 8_000), ("chen", 7_000)];

/// An amendment changes the clocks and who reports; another motion, and an issue, were there before.
fn amended() -> World {
    let chair = || by("chair").chair();
    let world = World::community()
        .given(
            by("registrar")
                .clerk()
                .publishes_roll("roll", "assembly", &VOTERS),
        )
        .given(by("anna").raises("before", IssueKind::Request, "committee", None, &[]))
        .given(chair().tables("old", "assembly", "simple"));
    let effect = charter_amended(world.state().charter(), |charter| {
        charter.title = String::from("第二版");
        charter.clocks.issue_acceptance_days = 3;
        charter.clocks.report_due = "01-15".parse().unwrap();
        charter.reporting.push("supervision".parse().unwrap());
    });
    adopts(world, effect)
        .given(by("anna").raises("after", IssueKind::Request, "committee", None, &[]))
        .given(chair().tables("new", "assembly", "simple"))
}

fn adopts(world: World, effect: Effect) -> World {
    let tables = by("chair")
        .chair()
        .tables("amendment", "assembly", "simple");
    let voters = VOTERS.map(|(voter, _)| by(voter).member("assembly").votes("amendment", FOR));
    let world = world
        .given(tables.with_effects(vec![effect]))
        .given(by("chair").chair().opens("amendment", "roll", 60_000))
        .given(voters);
    world.later(60_000).caught_up()
}

fn reports_due(views: &LedgerViews) -> Vec<ReportDue> {
    let due = views.read(|view| {
        let due = view.reports_due()?;
        Ok(due)
    });
    due.unwrap().value
}

fn motion(id: &str) -> MotionId {
    id.parse().unwrap()
}

#[test]
fn the_charter_in_force_is_the_amended_one_and_earlier_versions_are_there() {
    with_views(&amended(), |views| {
        let ask = |version| {
            let row = views.read(|view| view.charter_version(version)).unwrap();
            row.value.map(|row| (row.decision, row.charter.title))
        };
        let (decision, title) = ask(2).unwrap();
        assert_eq!(
            (decision, title.as_str()),
            (Some(motion("amendment")), "第二版")
        );
        assert_eq!(ask(1).unwrap().0, None);
        assert_eq!(ask(3), None);
        let in_force = views.read(|view| Ok(view.charter()?.version)).unwrap();
        assert_eq!(in_force.value, 2);
        for (id, version) in [("old", 1), ("new", 2), ("amendment", 1)] {
            let row = views.read(|view| view.motion(&motion(id))).unwrap().value;
            assert_eq!(row.unwrap().charter_version, version, "{id}");
        }
    });
}

#[test]
fn what_falls_due_next_is_what_the_law_says() {
    let world = amended();
    with_views(&world, |views| {
        let due = |issue: &str| -> Millis {
            let issue: IssueId = issue.parse().unwrap();
            let due = views.read(|view| {
                let row = view.issue(&issue)?.expect("it was raised");
                view.issue_due(&row)
            });
            due.unwrap().value.expect("a clock runs")
        };
        assert_eq!(next_due(world.state()), Some(due("after")));
        let days = (due("before").0 - due("after").0) / Millis::DAY;
        assert_eq!(days, 12, "15 days by the clocks it was raised under");
        let reports = reports_due(views);
        let bodies: Vec<String> = reports.iter().map(|due| due.body.to_string()).collect();
        assert_eq!(bodies, ["committee", "supervision"]);
        let days = (reports[0].due_at.0 - reports[1].due_at.0) / Millis::DAY;
        assert_eq!(
            days, 16,
            "31 January as expected before, 15 January as amended"
        );
    });
}

#[test]
fn an_overturned_amendment_is_in_force_no_more() {
    let world = amended().given(by("registrar").clerk().overturns(
        "amendment",
        OverturnedBy::Court,
        &[("charter_amended", "2")],
    ));
    let overturned = world.state().size() - 1;
    with_views(&world, |views| {
        let in_force = views.read(|view| Ok(view.charter()?.version)).unwrap();
        assert_eq!(in_force.value, 1);
        let marks = views.read(|view| {
            let versions = view.charter_versions()?.into_iter();
            Ok(versions.map(|row| row.overturned).collect::<Vec<_>>())
        });
        assert_eq!(marks.unwrap().value, [None, Some(overturned)]);
        assert_eq!(reports_due(views).len(), 1);
    });
}
