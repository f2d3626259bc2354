//! Two versions of a charter compared, rule by rule: what a secretary, and whoever votes on an amendment, wants to
//! see of it. A pure function of the two; nothing rests on it.

pub(crate) mod words;

#[cfg(test)]
mod tests;

use std::fmt::Display;

use self::words::{Worded, listed, same};
use crate::{
    calendar::Lasting,
    charter::{Charter, DecisionRule, Measure, MeasureKind, StandingMeeting, Threshold},
    explanation::Explanation,
    filing::Filing,
    ids::RuleId,
};

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of which rule, and what that is called; `None`: of the charter itself.
    pub rule: Option<(RuleId, String)>,
    /// Which field, as the wire names it; of a rule that is new or gone, `rule`.
    pub field: &'static str,
    /// What it was; empty: nothing.
    pub before: Explanation,
    /// What it is to be; empty: nothing.
    pub after: Explanation,
    /// The law that the rule rests on as it is to be, or rested on, where it is gone; empty: of the charter itself.
    pub citation: String,
    /// What people call the field.
    called: Field,
}

/// A field: its name on the wire, and what people call it, in English and in Chinese.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Field(&'static str, &'static str, &'static str);

/// Of a rule that is new or gone.
const RULE: Field = Field("rule", "the rule", "规则");

impl Difference {
    /// In a sentence, as whoever votes on it reads it.
    pub fn explain(&self) -> Explanation {
        let Field(_, english, chinese) = self.called;
        match &self.rule {
            None => Explanation {
                english: capital(&format!("{english}: {}.", changed(self))),
                chinese: format!("{chinese}：{}。", changed_zh(self)),
            },
            Some((rule, title)) if self.called == RULE => self.comes_or_goes(rule, title),
            Some((rule, title)) => Explanation {
                english: format!("Rule {rule} ({title}), {english}: {}.", changed(self)),
                chinese: format!("规则 {rule}（{title}）{chinese}：{}。", changed_zh(self)),
            },
        }
    }

    fn comes_or_goes(&self, rule: &RuleId, title: &str) -> Explanation {
        let law = &self.citation;
        if self.after.english.is_empty() {
            Explanation {
                english: format!("Rule {rule} ({title}) goes."),
                chinese: format!("删去规则 {rule}（{title}）。"),
            }
        } else {
            Explanation {
                english: format!("Rule {rule} ({title}) is new, by {law}."),
                chinese: format!("新增规则 {rule}（{title}），依据：{law}。"),
            }
        }
    }
}

fn changed(difference: &Difference) -> String {
    let or_nothing = |text: &str| match text {
        "" => "nothing".to_owned(),
        text => text.to_owned(),
    };
    let (before, after) = (&difference.before.english, &difference.after.english);
    format!("{}, until now {}", or_nothing(after), or_nothing(before))
}

fn changed_zh(difference: &Difference) -> String {
    let or_nothing = |text: &str| match text {
        "" => "无".to_owned(),
        text => text.to_owned(),
    };
    let (before, after) = (&difference.before.chinese, &difference.after.chinese);
    format!("由“{}”改为“{}”", or_nothing(before), or_nothing(after))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Everything in which two charters differ: their own settings first, then rule by rule in the order of the later
/// one, then the rules that are gone. The version is not among it.
pub fn difference(before: &Charter, after: &Charter) -> Vec<Difference> {
    let mut found = Found::default();
    found.own(before, after);
    for rule in &after.rules {
        match before.rule(&rule.id) {
            Some(old) => found.rule(old, rule),
            None => found.note_rule(rule, same(""), same(&rule.title)),
        }
    }
    let gone = before
        .rules
        .iter()
        .filter(|rule| after.rule(&rule.id).is_none());
    for rule in gone {
        found.note_rule(rule, same(&rule.title), same(""));
    }
    found.differences
}

#[derive(Default)]
struct Found {
    differences: Vec<Difference>,
    /// Of which rule what is found is, what that is called, and its law.
    of: Option<(RuleId, String, String)>,
}

impl Found {
    fn note(&mut self, field: Field, before: Explanation, after: Explanation) {
        if before == after {
            return;
        }
        let (rule, citation) = match self.of.clone() {
            None => (None, String::new()),
            Some((rule, title, citation)) => (Some((rule, title)), citation),
        };
        self.differences.push(Difference {
            rule,
            field: field.0,
            before,
            after,
            citation,
            called: field,
        });
    }

    fn petition_beside(&mut self, before: &DecisionRule, after: &DecisionRule) {
        let said = |rule: &DecisionRule| {
            let Some(beside) = &rule.petition_beside else {
                return same("");
            };
            let (of, body) = (beside.threshold.worded(), &beside.body);
            Explanation {
                english: format!("{} of {body}", of.english),
                chinese: format!("{body} 的{}", of.chinese),
            }
        };
        let field = Field(
            "petition_beside",
            "whose petition counts too",
            "同样有效的联名",
        );
        self.note(field, said(before), said(after));
    }

    fn filing(&mut self, before: &DecisionRule, after: &DecisionRule) {
        let said = |rule: &DecisionRule| {
            let Some(Filing { with, days }) = &rule.filing else {
                return same("");
            };
            Explanation {
                english: format!("{with}, within {days} days"),
                chinese: format!("{with}，{days} 日内"),
            }
        };
        let field = Field("filing", "with whom it is filed", "备案机关和期限");
        self.note(field, said(before), said(after));
    }

    fn note_rule(&mut self, rule: &DecisionRule, before: Explanation, after: Explanation) {
        self.enter(rule);
        self.note(RULE, before, after);
        self.of = None;
    }

    fn enter(&mut self, rule: &DecisionRule) {
        self.of = Some((rule.id.clone(), rule.title.clone(), rule.citation.clone()));
    }

    /// What reads the same in both languages.
    fn shown(&mut self, field: Field, before: impl Display, after: impl Display) {
        self.note(field, same(before), same(after));
    }

    /// What has words of its own in each.
    fn worded(&mut self, field: Field, before: &impl Worded, after: &impl Worded) {
        self.note(field, before.worded(), after.worded());
    }

    fn own(&mut self, before: &Charter, after: &Charter) {
        self.shown(
            Field("title", "the title", "名称"),
            &before.title,
            &after.title,
        );
        self.worded(
            Field("overlap", "seats in both committees", "两会交叉任职"),
            &before.overlap,
            &after.overlap,
        );
        self.worded(
            Field(
                "action_validity_ms_max",
                "how long a signed action stays valid at most",
                "已签名事项的最长有效时间",
            ),
            &Lasting(before.action_validity_ms_max),
            &Lasting(after.action_validity_ms_max),
        );
        self.clocks(before, after);
        self.discipline(before, after);
        self.note(
            Field(
                "reporting",
                "bodies that report on every year",
                "提交年终报告的主体",
            ),
            listed(&before.reporting),
            listed(&after.reporting),
        );
        let standing = |charter: &Charter| -> Explanation {
            listed::<StandingMeeting>(&charter.standing_meetings)
        };
        self.note(
            Field("standing_meetings", "standing meetings", "常态化会议"),
            standing(before),
            standing(after),
        );
    }

    fn clocks(&mut self, before: &Charter, after: &Charter) {
        let (old, new) = (&before.clocks, &after.clocks);
        self.shown(
            Field(
                "clocks.report_due",
                "the last day for a year's report (month and day)",
                "年终报告截止日（月-日）",
            ),
            old.report_due,
            new.report_due,
        );
        for (field, old, new) in [
            (
                Field(
                    "clocks.issue_acceptance_days",
                    "days to accept or refuse an issue",
                    "诉求受理期限（日）",
                ),
                old.issue_acceptance_days,
                new.issue_acceptance_days,
            ),
            (
                Field(
                    "clocks.issue_answer_days",
                    "days to answer an issue",
                    "诉求办结期限（日）",
                ),
                old.issue_answer_days,
                new.issue_answer_days,
            ),
            (
                Field(
                    "clocks.issue_extension_days",
                    "days that the one extension adds",
                    "诉求延期天数（日）",
                ),
                old.issue_extension_days,
                new.issue_extension_days,
            ),
            (
                Field(
                    "clocks.issue_review_days",
                    "days to ask for a review, and to answer it",
                    "复查申请和答复期限（日）",
                ),
                old.issue_review_days,
                new.issue_review_days,
            ),
            (
                Field(
                    "clocks.head_audit_days",
                    "days for the audit of the residents' committee's head after the office ends",
                    "居委会主任离任审计期限（日）",
                ),
                old.head_audit_days,
                new.head_audit_days,
            ),
        ] {
            self.shown(field, old, new);
        }
    }

    fn discipline(&mut self, before: &Charter, after: &Charter) {
        let (old, new) = (&before.discipline, &after.discipline);
        for (field, old, new) in [
            (
                Field(
                    "discipline.defence_days",
                    "days for a defence",
                    "申辩期（日）",
                ),
                old.defence_days,
                new.defence_days,
            ),
            (
                Field("discipline.appeal_days", "days to appeal", "申诉期（日）"),
                old.appeal_days,
                new.appeal_days,
            ),
            (
                Field(
                    "discipline.appeal_decision_days",
                    "days to decide an appeal",
                    "申诉处理期限（日）",
                ),
                old.appeal_decision_days,
                new.appeal_decision_days,
            ),
        ] {
            self.shown(field, old, new);
        }
        self.note(
            Field(
                "discipline.matrix",
                "what minor, ordinary, serious and grave matters lead to",
                "轻微、一般、较重、严重情节对应的处分",
            ),
            listed(&old.matrix),
            listed(&new.matrix),
        );
    }

    fn rule(&mut self, before: &DecisionRule, after: &DecisionRule) {
        self.enter(after);
        self.shown(
            Field("title", "the title", "名称"),
            &before.title,
            &after.title,
        );
        self.shown(
            Field("body", "who decides", "决定主体"),
            &before.body,
            &after.body,
        );
        self.measures(before, after);
        self.worded(
            Field("quorum_base", "who counts for the quorum", "参与人数的计算"),
            &before.quorum_base,
            &after.quorum_base,
        );
        self.worded(
            Field(
                "approval_base",
                "what approval is a part of",
                "同意比例的基数",
            ),
            &before.approval_base,
            &after.approval_base,
        );
        self.worded(
            Field("visibility", "who sees a ballot", "表决票的公开"),
            &before.visibility,
            &after.visibility,
        );
        self.counts(before, after);
        self.voting(before, after);
        self.prerequisites(before, after);
        let threshold =
            |threshold: Option<Threshold>| threshold.map_or_else(|| same(""), |t| t.worded());
        self.note(
            Field("petition", "how many may ask for it", "提请人数"),
            threshold(before.petition),
            threshold(after.petition),
        );
        self.petition_beside(before, after);
        self.note(
            Field("tabled_by", "who may table it", "提出议题的主体"),
            listed(&before.tabled_by),
            listed(&after.tabled_by),
        );
        self.filing(before, after);
        self.note(
            Field("run_off", "approval in a run-off", "另行选举的得票比例"),
            threshold(before.run_off),
            threshold(after.run_off),
        );
        self.shown(
            Field("law_in_force_from", "the law's first day", "法律施行日期"),
            before.law_in_force_from,
            after.law_in_force_from,
        );
        self.shown(
            Field("citation", "the law", "依据"),
            &before.citation,
            &after.citation,
        );
        self.note(
            Field(
                "effects",
                "what its decisions may bring about",
                "决定可以产生的效果",
            ),
            listed(&before.effects),
            listed(&after.effects),
        );
        self.of = None;
    }

    fn voting(&mut self, before: &DecisionRule, after: &DecisionRule) {
        for (field, old, new) in [
            (
                Field("voting_window_ms_min", "the shortest vote", "最短表决时间"),
                before.voting_window_ms_min,
                after.voting_window_ms_min,
            ),
            (
                Field("voting_window_ms_max", "the longest vote", "最长表决时间"),
                before.voting_window_ms_max,
                after.voting_window_ms_max,
            ),
        ] {
            self.worded(field, &Lasting(old), &Lasting(new));
        }
        for (field, old, new) in [
            (
                Field(
                    "recused_leave_denominator",
                    "whether the recused no longer count",
                    "回避者是否不计入基数",
                ),
                before.recused_leave_denominator,
                after.recused_leave_denominator,
            ),
            (
                Field(
                    "more_candidates_than_seats",
                    "whether there are more candidates than seats",
                    "是否差额选举",
                ),
                before.more_candidates_than_seats,
                after.more_candidates_than_seats,
            ),
        ] {
            self.worded(field, &old, &new);
        }
    }

    fn measures(&mut self, before: &DecisionRule, after: &DecisionRule) {
        for kind in [MeasureKind::Heads, MeasureKind::Area] {
            let [quorum, approval] = match kind {
                MeasureKind::Heads => [
                    Field("measures.heads.quorum", "quorum by heads", "参与人数比例"),
                    Field(
                        "measures.heads.approval",
                        "approval by heads",
                        "同意人数比例",
                    ),
                ],
                MeasureKind::Area => [
                    Field("measures.area.quorum", "quorum by area", "参与面积比例"),
                    Field("measures.area.approval", "approval by area", "同意面积比例"),
                ],
            };
            let part = |rule: &DecisionRule, of: fn(&Measure) -> Threshold| {
                let measure = rule.measures.iter().find(|measure| measure.kind == kind);
                measure.map_or_else(|| same(""), |measure| of(measure).worded())
            };
            let of = |measure: &Measure| measure.quorum;
            self.note(quorum, part(before, of), part(after, of));
            let of = |measure: &Measure| measure.approval;
            self.note(approval, part(before, of), part(after, of));
        }
    }

    fn counts(&mut self, before: &DecisionRule, after: &DecisionRule) {
        for (field, old, new) in [
            (
                Field(
                    "notice_days_min",
                    "days of notice at least",
                    "最短通知期（日）",
                ),
                before.notice_days_min,
                after.notice_days_min,
            ),
            (
                Field(
                    "deliberation_days_min",
                    "days of deliberation at least",
                    "最短讨论期（日）",
                ),
                before.deliberation_days_min,
                after.deliberation_days_min,
            ),
            (
                Field(
                    "roll_posted_days_min",
                    "days for which the roll is posted before",
                    "名册事先公布天数（日）",
                ),
                before.roll_posted_days_min,
                after.roll_posted_days_min,
            ),
            (
                Field(
                    "proxies_per_holder_max",
                    "how many others one person votes for at most",
                    "每人最多接受委托数",
                ),
                before.proxies_per_holder_max,
                after.proxies_per_holder_max,
            ),
            (
                Field(
                    "nominators_min",
                    "voters who nominate a candidate",
                    "提名人数",
                ),
                before.nominators_min,
                after.nominators_min,
            ),
        ] {
            self.shown(field, old, new);
        }
    }

    fn prerequisites(&mut self, before: &DecisionRule, after: &DecisionRule) {
        let (old, new) = (&before.prerequisites, &after.prerequisites);
        self.note(
            Field(
                "prerequisites.statements_from",
                "who is heard before",
                "事先听取意见的主体",
            ),
            listed(&old.statements_from),
            listed(&new.statements_from),
        );
        self.shown(
            Field(
                "prerequisites.expert_opinions_min",
                "expert opinions",
                "专家论证意见数",
            ),
            old.expert_opinions_min,
            new.expert_opinions_min,
        );
        self.worded(
            Field(
                "prerequisites.party_discussion",
                "whether the party organisation discusses it first",
                "是否经党组织先行讨论",
            ),
            &old.party_discussion,
            &new.party_discussion,
        );
        self.worded(
            Field(
                "prerequisites.consultation",
                "whether people are asked before",
                "是否先征求意见",
            ),
            &old.consultation,
            &new.consultation,
        );
        self.note(
            Field(
                "prerequisites.participants",
                "bodies with the word",
                "有权发言的主体",
            ),
            listed(&old.participants),
            listed(&new.participants),
        );
        self.shown(
            Field(
                "prerequisites.participant_days_min",
                "days they have to speak",
                "发言期限（日）",
            ),
            old.participant_days_min,
            new.participant_days_min,
        );
    }
}
