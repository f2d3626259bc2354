//! What a vote came to: for each measure two bars, each with its exact numbers, what was needed and whether it
//! was met. A bar is a picture of the sentence beside it, never the only one who says it.

use governance::{
    action::{Contest, MeasureTally, MotionDecided, OptionTally},
    charter::{MeasureKind, Threshold},
};
use maud::{Markup, html};

use super::{lang::Lang, layout::said, show, terms};

/// All measures of a decision.
pub(super) fn measures(lang: Lang, decided: &MotionDecided) -> Markup {
    let contest = !decided.options.is_empty();
    html! {
        @if decided.measures.len() > 1 && !contest { p { (lang.both_needed()) } }
        @for tally in &decided.measures {
            section.measure {
                h3 { (measure(lang, tally.kind)) }
                (quorum(lang, tally))
                @if !contest { (approval(lang, tally)) }
            }
        }
    }
}

fn measure(lang: Lang, kind: MeasureKind) -> &'static str {
    match kind {
        MeasureKind::Heads => lang.by_heads(),
        MeasureKind::Area => lang.by_area(),
    }
}

fn quorum(lang: Lang, tally: &MeasureTally) -> Markup {
    // Where as many took part as attended, it makes no difference what was counted.
    let label = if tally.quorum_counted == tally.participating {
        lang.took_part_of()
    } else {
        lang.attended_of()
    };
    bar(
        lang,
        &Bar {
            label,
            kind: tally.kind,
            part: tally.quorum_counted,
            whole: tally.eligible,
            threshold: tally.quorum,
            met: tally.quorum_met,
        },
    )
}

fn approval(lang: Lang, tally: &MeasureTally) -> Markup {
    bar(
        lang,
        &Bar {
            label: lang.for_of(),
            kind: tally.kind,
            part: tally.in_favour,
            whole: tally.approval_whole,
            threshold: tally.approval,
            met: tally.approval_met,
        },
    )
}

struct Bar {
    label: &'static str,
    kind: MeasureKind,
    part: u64,
    whole: u64,
    threshold: Threshold,
    met: bool,
}

fn bar(lang: Lang, bar: &Bar) -> Markup {
    let of_which = of_which(lang, bar.kind, bar.part, bar.whole);
    let needed = show::threshold(lang, bar.threshold);
    let needed = match bar.threshold.smallest_part(bar.whole) {
        Some(least) => lang.needed_so(needed, show::amount(lang, bar.kind, least)),
        None => lang.needed(needed),
    };
    let (sign, verdict) = if bar.met {
        ("✓", lang.met())
    } else {
        ("✗", lang.not_met())
    };
    let class = if bar.met { "bar met" } else { "bar unmet" };
    let width = thousandths(bar.part, bar.whole);
    let fraction = bar.threshold.fraction;
    let mark = thousandths(
        u64::from(fraction.numerator()),
        u64::from(fraction.denominator()),
    );
    html! {
        div class=(class) {
            p {
                strong { (bar.label) } " " (of_which)
            }
            svg viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                rect.whole x="0" y="6" width="1000" height="28" {}
                rect.part x="0" y="6" width=(width) height="28" {}
                rect.mark x=(mark.min(994)) y="0" width="6" height="40" {}
            }
            p {
                (needed) " "
                strong.verdict { span aria-hidden="true" { (sign) " " } (verdict) }
            }
        }
    }
}

/// A part and its whole; English says the unit once.
fn of_which(lang: Lang, kind: MeasureKind, part: u64, whole: u64) -> String {
    let part = match lang {
        Lang::Zh => show::amount(lang, kind, part),
        Lang::En => show::bare(kind, part),
    };
    lang.of_which(part, show::amount(lang, kind, whole))
}

/// A part of a whole in thousandths, rounded down; at most all of it.
fn thousandths(part: u64, whole: u64) -> u64 {
    if whole == 0 {
        return 0;
    }
    let thousandths = u128::from(part) * 1_000 / u128::from(whole);
    u64::try_from(thousandths.min(1_000)).unwrap_or(1_000)
}

/// One part of a tally.
type Part = fn(&MeasureTally) -> u64;

/// For, against, abstaining, by each measure.
pub(super) fn votes(lang: Lang, decided: &MotionDecided) -> Markup {
    if !decided.options.is_empty() {
        return html! {};
    }
    let rows: [(&str, Part); 4] = [
        (lang.in_favour(), |t| t.in_favour),
        (lang.against(), |t| t.against),
        (lang.abstaining(), |t| t.abstaining),
        (lang.not_taking_part(), |t| {
            t.eligible.saturating_sub(t.participating)
        }),
    ];
    html! {
        div.scroll tabindex="0" role="group" aria-label=(lang.votes_table()) {
            table {
                caption { (lang.votes_table()) }
                thead {
                    tr {
                        th scope="col" { (lang.vote()) }
                        @for tally in &decided.measures {
                            th scope="col" { (measure(lang, tally.kind)) }
                        }
                    }
                }
                tbody {
                    @for (name, part) in rows {
                        tr {
                            th scope="row" { (name) }
                            @for tally in &decided.measures {
                                td { (show::amount(lang, tally.kind, part(tally))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// What each option got, most first as the decision lists them.
pub(super) fn options(lang: Lang, decided: &MotionDecided, contest: Option<&Contest>) -> Markup {
    if decided.options.is_empty() {
        return html! {};
    }
    let by_area = decided.measures.iter().any(|m| m.kind == MeasureKind::Area);
    html! {
        div.scroll tabindex="0" role="group" aria-label=(lang.votes_table()) {
            table {
                caption { (lang.votes_table()) }
                thead {
                    tr {
                        th scope="col" { (lang.option()) }
                        th scope="col" { (lang.votes()) }
                        @if by_area { th scope="col" { (lang.area()) } }
                        th scope="col" { (lang.outcome()) }
                    }
                }
                tbody {
                    @for tally in &decided.options { (option(lang, tally, contest, by_area)) }
                }
            }
        }
    }
}

fn option(lang: Lang, tally: &OptionTally, contest: Option<&Contest>, by_area: bool) -> Markup {
    html! {
        tr {
            th scope="row" { (said(lang, &terms::option(tally.option, contest))) }
            td { (show::number(tally.heads)) }
            @if by_area { td { (show::area(lang, tally.area)) } }
            td { @if tally.chosen { strong { "✓ " (lang.elected()) } } @else { "—" } }
        }
    }
}

/// The same for a sheet of paper: a row a measure, numbers and verdicts in words.
pub(super) fn on_paper(lang: Lang, decided: &MotionDecided, contest: Option<&Contest>) -> Markup {
    if !decided.options.is_empty() {
        return options(lang, decided, contest);
    }
    html! {
        div.scroll tabindex="0" role="group" aria-label=(lang.votes_table()) { table {
            thead {
                tr {
                    td {}
                    th scope="col" { (lang.took_part_of()) }
                    th scope="col" { (lang.in_favour()) }
                    th scope="col" { (lang.against()) }
                    th scope="col" { (lang.abstaining()) }
                }
            }
            tbody {
                @for tally in &decided.measures {
                    @let amount = |n| show::amount(lang, tally.kind, n);
                    tr {
                        th scope="row" { (measure(lang, tally.kind)) }
                        td {
                            (of_which(lang, tally.kind, tally.quorum_counted, tally.eligible))
                            br; (verdict(lang, tally.quorum, tally.quorum_met))
                        }
                        td {
                            (amount(tally.in_favour))
                            br; (verdict(lang, tally.approval, tally.approval_met))
                        }
                        td { (amount(tally.against)) }
                        td { (amount(tally.abstaining)) }
                    }
                }
            }
        } }
    }
}

fn verdict(lang: Lang, threshold: Threshold, met: bool) -> Markup {
    let (sign, verdict) = if met {
        ("✓", lang.met())
    } else {
        ("✗", lang.not_met())
    };
    html! { (show::threshold(lang, threshold)) ": " (sign) " " (verdict) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_never_longer_than_the_whole_nor_full_before_it_is() {
        assert_eq!(thousandths(0, 0), 0);
        assert_eq!(thousandths(1, 3), 333);
        assert_eq!(thousandths(999_999, 1_000_000), 999);
        assert_eq!(thousandths(7, 5), 1_000);
        assert_eq!(thousandths(u64::MAX, u64::MAX), 1_000);
    }
}
