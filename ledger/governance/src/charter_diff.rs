//! Two versions of a charter compared, rule by rule: what a secretary, and whoever votes on an amendment, wants to
//! see of it. A pure function of the two; nothing rests on it.

use std::fmt::{Debug, Display};

use crate::{
    charter::{Charter, DecisionRule, Measure, MeasureKind},
    ids::RuleId,
};

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of which rule; `None`: of the charter itself.
    pub rule: Option<RuleId>,
    /// Which field, as the wire names it; of a rule that is new or gone, `rule`.
    pub field: &'static str,
    /// What it was; empty: nothing.
    pub before: String,
    /// What it is to be; empty: nothing.
    pub after: String,
    /// The law that the rule rests on as it is to be, or rested on, where it is gone; empty: of the charter itself.
    pub citation: String,
}

/// Everything in which two charters differ: their own settings first, then rule by rule in the order of the later
/// one, then the rules that are gone. The version is not among it.
pub fn difference(before: &Charter, after: &Charter) -> Vec<Difference> {
    let mut found = Found::default();
    found.own(before, after);
    for rule in &after.rules {
        match before.rule(&rule.id) {
            Some(old) => found.rule(old, rule),
            None => found.note_rule(rule, String::new(), rule.title.clone()),
        }
    }
    let gone = before
        .rules
        .iter()
        .filter(|rule| after.rule(&rule.id).is_none());
    for rule in gone {
        found.note_rule(rule, rule.title.clone(), String::new());
    }
    found.differences
}

#[derive(Default)]
struct Found {
    differences: Vec<Difference>,
    /// Of which rule what is found is, and its law.
    of: Option<(RuleId, String)>,
}

impl Found {
    fn note(&mut self, field: &'static str, before: String, after: String) {
        if before == after {
            return;
        }
        let (rule, citation) = self.of.clone().unzip();
        self.differences.push(Difference {
            rule,
            field,
            before,
            after,
            citation: citation.unwrap_or_default(),
        });
    }

    fn note_rule(&mut self, rule: &DecisionRule, before: String, after: String) {
        self.of = Some((rule.id.clone(), rule.citation.clone()));
        self.note("rule", before, after);
        self.of = None;
    }

    /// What reads as its value.
    fn shown(&mut self, field: &'static str, before: impl Display, after: impl Display) {
        self.note(field, before.to_string(), after.to_string());
    }

    /// What reads as its name.
    fn named(&mut self, field: &'static str, before: impl Debug, after: impl Debug) {
        self.note(field, format!("{before:?}"), format!("{after:?}"));
    }

    fn own(&mut self, before: &Charter, after: &Charter) {
        self.shown("title", &before.title, &after.title);
        self.named("overlap", before.overlap, after.overlap);
        self.shown(
            "action_validity_ms_max",
            before.action_validity_ms_max,
            after.action_validity_ms_max,
        );
        let (old, new) = (&before.clocks, &after.clocks);
        self.shown("clocks.report_due", old.report_due, new.report_due);
        for (field, old, new) in [
            (
                "clocks.issue_acceptance_days",
                old.issue_acceptance_days,
                new.issue_acceptance_days,
            ),
            (
                "clocks.issue_answer_days",
                old.issue_answer_days,
                new.issue_answer_days,
            ),
            (
                "clocks.issue_extension_days",
                old.issue_extension_days,
                new.issue_extension_days,
            ),
            (
                "clocks.issue_review_days",
                old.issue_review_days,
                new.issue_review_days,
            ),
        ] {
            self.shown(field, old, new);
        }
        let (old, new) = (&before.discipline, &after.discipline);
        self.shown(
            "discipline.defence_days",
            old.defence_days,
            new.defence_days,
        );
        self.shown("discipline.appeal_days", old.appeal_days, new.appeal_days);
        self.shown(
            "discipline.appeal_decision_days",
            old.appeal_decision_days,
            new.appeal_decision_days,
        );
        self.note(
            "discipline.matrix",
            joined(&old.matrix),
            joined(&new.matrix),
        );
        self.note(
            "reporting",
            joined(&before.reporting),
            joined(&after.reporting),
        );
        let standing = |charter: &Charter| {
            let meetings = charter.standing_meetings.iter();
            let meetings = meetings.map(|m| format!("{} every {} months", m.body, m.every_months));
            meetings.collect::<Vec<_>>().join(", ")
        };
        self.note("standing_meetings", standing(before), standing(after));
    }

    fn rule(&mut self, before: &DecisionRule, after: &DecisionRule) {
        self.of = Some((after.id.clone(), after.citation.clone()));
        self.shown("title", &before.title, &after.title);
        self.shown("body", &before.body, &after.body);
        for kind in [MeasureKind::Heads, MeasureKind::Area] {
            let [quorum, approval] = match kind {
                MeasureKind::Heads => ["measures.heads.quorum", "measures.heads.approval"],
                MeasureKind::Area => ["measures.area.quorum", "measures.area.approval"],
            };
            let part = |rule: &DecisionRule, of: fn(&Measure) -> String| {
                let measure = rule.measures.iter().find(|measure| measure.kind == kind);
                measure.map(of).unwrap_or_default()
            };
            let of = |measure: &Measure| measure.quorum.to_string();
            self.note(quorum, part(before, of), part(after, of));
            let of = |measure: &Measure| measure.approval.to_string();
            self.note(approval, part(before, of), part(after, of));
        }
        self.named("quorum_base", before.quorum_base, after.quorum_base);
        self.named("approval_base", before.approval_base, after.approval_base);
        self.named("visibility", before.visibility, after.visibility);
        for (field, old, new) in [
            (
                "notice_days_min",
                before.notice_days_min,
                after.notice_days_min,
            ),
            (
                "deliberation_days_min",
                before.deliberation_days_min,
                after.deliberation_days_min,
            ),
            (
                "roll_posted_days_min",
                before.roll_posted_days_min,
                after.roll_posted_days_min,
            ),
            (
                "proxies_per_holder_max",
                before.proxies_per_holder_max,
                after.proxies_per_holder_max,
            ),
            (
                "nominators_min",
                before.nominators_min,
                after.nominators_min,
            ),
        ] {
            self.shown(field, old, new);
        }
        self.shown(
            "voting_window_ms_min",
            before.voting_window_ms_min,
            after.voting_window_ms_min,
        );
        self.shown(
            "voting_window_ms_max",
            before.voting_window_ms_max,
            after.voting_window_ms_max,
        );
        for (field, old, new) in [
            (
                "recused_leave_denominator",
                before.recused_leave_denominator,
                after.recused_leave_denominator,
            ),
            (
                "more_candidates_than_seats",
                before.more_candidates_than_seats,
                after.more_candidates_than_seats,
            ),
        ] {
            self.shown(field, old, new);
        }
        self.prerequisites(before, after);
        let threshold = |threshold: Option<crate::charter::Threshold>| {
            threshold
                .map(|threshold| threshold.to_string())
                .unwrap_or_default()
        };
        self.note(
            "petition",
            threshold(before.petition),
            threshold(after.petition),
        );
        self.note(
            "run_off",
            threshold(before.run_off),
            threshold(after.run_off),
        );
        self.shown(
            "law_in_force_from",
            before.law_in_force_from,
            after.law_in_force_from,
        );
        self.shown("citation", &before.citation, &after.citation);
        self.note("effects", named(&before.effects), named(&after.effects));
        self.of = None;
    }

    fn prerequisites(&mut self, before: &DecisionRule, after: &DecisionRule) {
        let (old, new) = (&before.prerequisites, &after.prerequisites);
        self.note(
            "prerequisites.statements_from",
            named(&old.statements_from),
            named(&new.statements_from),
        );
        self.shown(
            "prerequisites.expert_opinions_min",
            old.expert_opinions_min,
            new.expert_opinions_min,
        );
        self.shown(
            "prerequisites.party_discussion",
            old.party_discussion,
            new.party_discussion,
        );
        self.shown(
            "prerequisites.consultation",
            old.consultation,
            new.consultation,
        );
        self.note(
            "prerequisites.participants",
            joined(&old.participants),
            joined(&new.participants),
        );
        self.shown(
            "prerequisites.participant_days_min",
            old.participant_days_min,
            new.participant_days_min,
        );
    }
}

fn joined(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.join(", ")
}

fn named(items: &[impl Debug]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
    items.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{presets::Preset, testing::community};

    #[test]
    fn each_difference_is_told_with_its_rule_and_article_and_nothing_else() {
        let before = community().charter;
        assert_eq!(difference(&before, &before), []);
        let mut after = before.clone();
        after.version = 2;
        after.clocks.issue_answer_days = 30;
        let rule = |after: &mut Charter, id: &str| {
            let at = after.rules.iter().position(|rule| rule.id.as_str() == id);
            at.expect("a rule")
        };
        let ordinary = rule(&mut after, "owners-ordinary");
        after.rules[ordinary].notice_days_min = 15;
        after.rules[ordinary].measures.truncate(1);
        let simple = rule(&mut after, "simple");
        after.rules.remove(simple);
        let assembly = "assembly".parse().expect("an id");
        let added = Preset::CommitteeResolution.rule("added".parse().expect("an id"), assembly);
        after.rules.push(added);
        let told: Vec<(Option<String>, &str, String, String)> = difference(&before, &after)
            .into_iter()
            .map(|d| {
                (
                    d.rule.map(|rule| rule.to_string()),
                    d.field,
                    d.before,
                    d.after,
                )
            })
            .collect();
        let of = |rule: &str| Some(rule.to_owned());
        let said = |text: &str| text.to_owned();
        assert_eq!(
            told[0],
            (None, "clocks.issue_answer_days", said("60"), said("30"))
        );
        assert_eq!(
            told[1],
            (
                of("owners-ordinary"),
                "measures.area.quorum",
                said("at least 2/3"),
                String::new()
            )
        );
        assert_eq!(told[2].1, "measures.area.approval");
        assert_eq!(
            told[3],
            (
                of("owners-ordinary"),
                "notice_days_min",
                said("0"),
                said("15")
            )
        );
        assert_eq!((told[4].0.as_deref(), told[4].1), (Some("added"), "rule"));
        assert_eq!(
            (told[4].2.as_str(), told[5].0.as_deref()),
            ("", Some("simple"))
        );
        assert_eq!((told[5].1, told[5].3.as_str(), told.len()), ("rule", "", 6));
        let cited = &difference(&before, &after)[3].citation;
        assert!(cited.contains("278"), "{cited}");
    }
}
