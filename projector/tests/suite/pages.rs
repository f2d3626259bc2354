//! Pages fit together, stay stable while entries arrive, and refuse tokens that are none of theirs.

use governance::action::Outcome;

use crate::history::{Built, History, apply, body, built, motion};
use projector::{
    PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Page, PageRequest, QueryError, SCAN_MAX,
    views::{
        motions::{MotionFilter, MotionRow, MotionStatus},
        timeline::{TimelineFilter, TimelineRow},
    },
};

fn timeline(built: &Built, size: usize, token: &str) -> Page<TimelineRow> {
    let request = PageRequest::new(size, token);
    let answer = built
        .views
        .read(|view| view.timeline(&TimelineFilter::default(), &request));
    answer.unwrap().value
}

fn indices(page: &Page<TimelineRow>) -> Vec<u64> {
    page.rows.iter().map(|row| row.index).collect()
}

fn crowd(people: usize) -> History {
    let mut log = History::founded();
    for n in 1..people {
        log.enrol(&format!("p-{n}"), &[]);
    }
    log
}

#[test]
fn pages_fit_together_without_gap_or_overlap() {
    // Lines stand together by the 64.
    let log = crowd(129);
    let built = built(&log);
    for size in [1, 3, 64, 65, 129, 130] {
        let mut all = Vec::new();
        let mut token = String::new();
        loop {
            let page = timeline(&built, size, &token);
            assert!(page.rows.len() <= size);
            all.extend(indices(&page));
            match page.next {
                Some(next) => token = next,
                None => break,
            }
        }
        let newest_first: Vec<u64> = (0..129).rev().collect();
        assert_eq!(all, newest_first, "pages of {size}");
    }
}

#[test]
fn a_last_page_that_is_full_has_no_next_one() {
    let built = built(&crowd(6));
    let first = timeline(&built, 3, "");
    let second = timeline(&built, 3, &first.next.unwrap());
    assert_eq!((indices(&second), second.next), (vec![2, 1, 0], None));
}

#[test]
fn entries_that_arrive_meanwhile_do_not_move_the_next_page() {
    let mut log = crowd(6);
    let built = built(&log);
    let first = timeline(&built, 3, "");
    log.enrol("late", &[]);
    apply(&built.views, &log.entries[6..], 1);
    let second = timeline(&built, 3, &first.next.unwrap());
    assert_eq!(indices(&second), [2, 1, 0]);
}

#[test]
fn pages_are_of_the_default_size_and_never_larger_than_the_largest() {
    let built = built(&crowd(PAGE_SIZE_MAX + 1));
    assert_eq!(timeline(&built, 0, "").rows.len(), PAGE_SIZE_DEFAULT);
    assert_eq!(
        timeline(&built, PAGE_SIZE_MAX, "").rows.len(),
        PAGE_SIZE_MAX
    );
    assert_eq!(timeline(&built, usize::MAX, "").rows.len(), PAGE_SIZE_MAX);
}

/// One motion that was decided, and more that are not than are looked at for one page.
fn one_of_many() -> Built {
    let mut log = History::founded();
    log.table("rare", "assembly");
    log.decide("rare", Outcome::NoQuorum);
    for n in 0..SCAN_MAX {
        log.table(&format!("m-{n}"), "assembly");
    }
    built(&log)
}

fn decided(built: &Built, of: Option<&str>, token: &str) -> Page<MotionRow> {
    let filter = MotionFilter {
        body: of.map(body),
        status: Some(MotionStatus::Decided),
        meeting: None,
    };
    let request = PageRequest::new(10, token);
    let answer = built.views.read(|view| view.motions(&filter, &request));
    answer.unwrap().value
}

#[test]
fn a_filter_that_matches_little_gives_short_pages_that_go_on() {
    let built = one_of_many();
    let first = decided(&built, Some("assembly"), "");
    assert!(first.rows.is_empty());
    let second = decided(&built, Some("assembly"), &first.next.unwrap());
    assert_eq!(second.rows[0].motion, motion("rare"));
    assert_eq!(second.next, None);
}

#[test]
fn what_a_list_has_a_table_for_is_found_at_once_among_any_number() {
    let built = one_of_many();
    let page = decided(&built, None, "");
    assert_eq!(page.rows[0].motion, motion("rare"));
    assert_eq!(page.next, None);
}

#[test]
fn a_token_of_another_list_or_of_nobody_is_refused() {
    let log = crate::history::year();
    let built = built(&log);
    let of_motion = |id: &str, token: &str| {
        let request = PageRequest::new(1, token);
        let answer = built
            .views
            .read(|view| view.motion_history(&motion(id), &request));
        answer.map(|page| page.value)
    };
    let token = of_motion("motion-1", "").unwrap().next.unwrap();
    assert_eq!(of_motion("motion-1", &token).unwrap().rows.len(), 1);
    let too_long = "00".repeat(201);
    for bad in [token.as_str(), "zz", "0", "00", "ffff", &too_long] {
        let answer = of_motion("motion-2", bad);
        assert!(matches!(answer, Err(QueryError::PageToken)), "{bad}");
    }
}
