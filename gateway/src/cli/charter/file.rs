//! A charter file: bodies, clocks and rules, as a secretary writes them down.

use std::collections::BTreeMap;

use governance::{
    action::BodyEstablished,
    calendar::Date,
    charter::{
        ACTION_VALIDITY_MS_MAX_DEFAULT, ApprovalBase, BallotVisibility, BodyKind, Charter,
        CharterError, DecisionRule, Measure, OverlapPolicy, PetitionBeside, Prerequisites,
        QuorumBase, StandingMeeting, Threshold,
    },
    clocks::Clocks,
    filing::Filing,
    ids::{BodyId, Millis, RuleId},
    presets::{Preset, important_matter},
    sanction::Discipline,
};
use toml::de::DeTable;

use super::{
    section::{Fault, Faults, Section},
    words::{
        APPROVAL_BASES, BODY_KINDS, EFFECTS, MEASURES, OVERLAPS, Offset, QUORUM_BASES, SANCTIONS,
        VISIBILITIES, Written,
    },
};

/// What a charter file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CharterFile {
    /// The first charter.
    pub(crate) charter: Charter,
    /// The bodies a ledger of this charter is founded with.
    pub(crate) bodies: Vec<BodyEstablished>,
    /// Where the first registrar sits.
    pub(crate) clerk_in: BodyId,
    /// Where the first teller sits.
    pub(crate) teller_in: BodyId,
    /// Local time, in minutes east of UTC.
    pub(crate) utc_offset: i32,
}

/// Reads a charter, or finds everything that is wrong with it.
pub(crate) fn parse(text: &str) -> Result<CharterFile, Vec<Fault>> {
    let faults = Faults::new(text);
    let read = match DeTable::parse(text) {
        Ok(table) => whole(&Section::new(table.get_ref(), 1, &faults)),
        Err(error) => {
            let line = error.span().map_or(1, |span| faults.line(span.start));
            let why = error.message();
            faults.note(
                line,
                format!("this is no TOML: {why}"),
                format!("这不是 TOML：{why}"),
            );
            None
        }
    };
    let found = faults.into_found();
    match read {
        Some(file) if found.is_empty() => Ok(file),
        _ => Err(found),
    }
}

fn whole(root: &Section<'_, '_>) -> Option<CharterFile> {
    let bodies = bodies(root);
    let title = root.required_text("title").map(ToOwned::to_owned);
    let overlap = root
        .word("overlap", OVERLAPS)
        .unwrap_or(OverlapPolicy::Forbid);
    let hours: Option<u64> = root.number("action-validity-hours");
    let reporting = root.list("reporting").unwrap_or_default();
    let clocks = root
        .section("clocks")
        .map_or(Clocks::DEFAULT, |section| clocks(&section));
    let discipline = root
        .section("discipline")
        .map_or_else(Discipline::default, |section| discipline(&section));
    let standing_meetings = standing_meetings(root);
    let (clerk_in, teller_in) = (root.required("clerk-in"), root.required("teller-in"));
    let utc_offset = root.required::<Offset>("utc-offset");
    let rules = rules(root);
    root.finish();
    let validity = hours.map_or(ACTION_VALIDITY_MS_MAX_DEFAULT, |hours| {
        hours.saturating_mul(Millis::HOUR)
    });
    let lines: BTreeMap<RuleId, &Section<'_, '_>> = rules
        .iter()
        .map(|(rule, section)| (rule.id.clone(), section))
        .collect();
    let charter = Charter {
        version: 1,
        title: title?,
        rules: rules.iter().map(|(rule, _)| rule.clone()).collect(),
        overlap,
        action_validity_ms_max: validity,
        clocks,
        reporting,
        discipline,
        standing_meetings,
    };
    check(root, &charter, &bodies, &lines);
    let file = CharterFile {
        charter,
        bodies,
        clerk_in: clerk_in?,
        teller_in: teller_in?,
        utc_offset: utc_offset?.0,
    };
    for (key, body) in [("clerk-in", &file.clerk_in), ("teller-in", &file.teller_in)] {
        if !file.bodies.iter().any(|known| known.body == *body) {
            root.fault(
                key,
                format!("{key}: there is no body {body}"),
                format!("{key}：没有主体 {body}"),
            );
        }
    }
    Some(file)
}

/// Notes what the law would refuse, each where it stands.
fn check(
    root: &Section<'_, '_>,
    charter: &Charter,
    bodies: &[BodyEstablished],
    lines: &BTreeMap<RuleId, &Section<'_, '_>>,
) {
    let kinds: BTreeMap<BodyId, BodyKind> = bodies
        .iter()
        .map(|body| (body.body.clone(), body.kind))
        .collect();
    for error in charter.faults(&kinds) {
        let field = key_of(&error);
        let chinese = error.chinese();
        let of_rule = error.rule().and_then(|rule| lines.get(rule));
        let own = part_of(&error).and_then(|part| root.section(part));
        match of_rule.copied().or(own.as_ref()) {
            Some(section) => section.fault(&field, error, chinese),
            None => root.fault(&field, error, chinese),
        }
    }
}

/// The table of the file that an error about the charter itself stands in.
const fn part_of(error: &CharterError) -> Option<&'static str> {
    match error {
        CharterError::Clock(_) => Some("clocks"),
        CharterError::DisciplineDays | CharterError::DisciplineMatrix => Some("discipline"),
        _ => None,
    }
}

/// How the file calls the field that is wrong.
fn key_of(error: &CharterError) -> String {
    let field = error.field();
    let field = field.split('.').next().unwrap_or(field);
    match field {
        "notice_days_min" => "notice-days".to_owned(),
        "deliberation_days_min" => "deliberation-days".to_owned(),
        "roll_posted_days_min" => "roll-posted-days".to_owned(),
        "voting_window" => "voting-hours-min".to_owned(),
        "nominators_min" => "nominators".to_owned(),
        "proxies_per_holder_max" => "proxies-per-holder".to_owned(),
        "filing" => "filed-with".to_owned(),
        "quorum_base" => "quorum-of".to_owned(),
        "approval_base" => "approval-of".to_owned(),
        "action_validity_ms_max" => "action-validity-hours".to_owned(),
        "rules" => "rule".to_owned(),
        "standing_meetings" => "standing-meeting".to_owned(),
        other => other.replace('_', "-"),
    }
}

fn bodies(root: &Section<'_, '_>) -> Vec<BodyEstablished> {
    let sections = root.sections("body");
    if sections.is_empty() {
        root.fault(
            "body",
            "a charter has at least one [[body]]",
            "章程至少有一个 [[body]]",
        );
    }
    let mut bodies: Vec<BodyEstablished> = Vec::new();
    for section in &sections {
        let id: Option<BodyId> = section.required("id");
        let kind = section.required_word("kind", BODY_KINDS);
        let name = section.required_text("name");
        section.finish();
        let (Some(body), Some(kind), Some(name)) = (id, kind, name) else {
            continue;
        };
        if bodies.iter().any(|known| known.body == body) {
            section.fault(
                "id",
                format!("body {body} stands in the file twice"),
                format!("主体 {body} 在文件中出现两次"),
            );
        }
        bodies.push(BodyEstablished {
            body,
            kind,
            name: name.to_owned(),
        });
    }
    bodies
}

/// The bodies that meet at least every so often 常态化议事协调.
fn standing_meetings(root: &Section<'_, '_>) -> Vec<StandingMeeting> {
    let sections = root.sections("standing-meeting");
    let read = sections.iter().filter_map(|section| {
        let body = section.required("body");
        let every_months = section.required_number("every-months");
        let citation = section.required_text("citation");
        section.finish();
        Some(StandingMeeting {
            body: body?,
            every_months: every_months?,
            citation: citation?.to_owned(),
        })
    });
    read.collect()
}

fn clocks(section: &Section<'_, '_>) -> Clocks {
    let default = Clocks::DEFAULT;
    let days = |key, default| section.number(key).unwrap_or(default);
    let clocks = Clocks {
        report_due: section.parsed("report-due").unwrap_or(default.report_due),
        issue_acceptance_days: days("issue-acceptance-days", default.issue_acceptance_days),
        issue_answer_days: days("issue-answer-days", default.issue_answer_days),
        issue_extension_days: days("issue-extension-days", default.issue_extension_days),
        issue_review_days: days("issue-review-days", default.issue_review_days),
        head_audit_days: days("head-audit-days", default.head_audit_days),
    };
    section.finish();
    clocks
}

fn discipline(section: &Section<'_, '_>) -> Discipline {
    let default = Discipline::default();
    let days = |key, default| section.number(key).unwrap_or(default);
    let leads_to = |key, default| section.word(key, SANCTIONS).unwrap_or(default);
    let [minor, ordinary, serious, grave] = default.matrix;
    let discipline = Discipline {
        defence_days: days("defence-days", default.defence_days),
        appeal_days: days("appeal-days", default.appeal_days),
        appeal_decision_days: days("appeal-decision-days", default.appeal_decision_days),
        matrix: [
            leads_to("minor", minor),
            leads_to("ordinary", ordinary),
            leads_to("serious", serious),
            leads_to("grave", grave),
        ],
    };
    section.finish();
    discipline
}

/// The rules, each with where it stands.
fn rules<'s, 't>(root: &Section<'s, 't>) -> Vec<(DecisionRule, Section<'s, 't>)> {
    let sections = root.sections("rule").into_iter();
    let rules = sections.filter_map(|section| Some((rule(&section)?, section)));
    rules.collect()
}

/// A rule: a preset's, with what the file says otherwise, or one of its own.
fn rule(section: &Section<'_, '_>) -> Option<DecisionRule> {
    let named = presets();
    let presets: Vec<(&str, (Preset, bool))> = named
        .iter()
        .map(|(name, preset)| (name.as_str(), *preset))
        .collect();
    let id: Option<RuleId> = section.required("id");
    let body: Option<BodyId> = section.required("body");
    let preset = section.word("preset", &presets);
    let own = section.text("preset").is_none();
    let base = id.zip(body).and_then(|(id, body)| match preset {
        Some((preset, false)) => Some(preset.rule(id, body)),
        Some((preset, true)) => Some(important_matter(&preset.rule(id.clone(), body), id, &[], 0)),
        None if own => Some(bare(id, body)),
        None => None,
    });
    let measures = measures(section);
    if own {
        for key in ["title", "citation", "law-in-force-from"] {
            section.required_text(key);
        }
        if measures.is_none() {
            section.fault(
                "measures",
                "measures are missing: a rule without a preset names them",
                "缺少 measures：没有预设的规则须写明",
            );
        }
    }
    let rule = changed(section, measures, base);
    section.finish();
    rule
}

/// Each preset by its name, and the same for important matters.
fn presets() -> Vec<(String, (Preset, bool))> {
    let plain = Preset::ALL.map(|preset| (preset.code().to_owned(), (preset, false)));
    let important = Preset::ALL.map(|preset| {
        let name = format!("{}+important-matter", preset.code());
        (name, (preset, true))
    });
    plain.into_iter().chain(important).collect()
}

/// What a rule without a preset begins as.
fn bare(id: RuleId, body: BodyId) -> DecisionRule {
    DecisionRule {
        id,
        preset: String::new(),
        title: String::new(),
        body,
        measures: Vec::new(),
        quorum_base: QuorumBase::Participating,
        approval_base: ApprovalBase::Participating,
        notice_days_min: 0,
        deliberation_days_min: 0,
        voting_window_ms_min: 0,
        voting_window_ms_max: 60 * Millis::DAY,
        visibility: BallotVisibility::Open,
        proxies_per_holder_max: 0,
        recused_leave_denominator: false,
        prerequisites: Prerequisites::default(),
        petition: None,
        petition_beside: None,
        tabled_by: Vec::new(),
        filing: None,
        more_candidates_than_seats: false,
        run_off: None,
        roll_posted_days_min: 0,
        law_in_force_from: Date::from_days(0),
        citation: String::new(),
        effects: Vec::new(),
        nominators_min: 0,
    }
}

/// The rule with what the file says otherwise. Every key is asked for, so that every fault is found.
fn changed(
    section: &Section<'_, '_>,
    measures: Option<Vec<Measure>>,
    base: Option<DecisionRule>,
) -> Option<DecisionRule> {
    let text = |key| section.text(key).map(ToOwned::to_owned);
    let hours = |key| {
        section
            .number::<u64>(key)
            .map(|n| n.saturating_mul(Millis::HOUR))
    };
    let (title, citation) = (text("title"), text("citation"));
    let quorum_base = section.word("quorum-of", QUORUM_BASES);
    let approval_base = section.word("approval-of", APPROVAL_BASES);
    let (notice, deliberation) = (
        section.number("notice-days"),
        section.number("deliberation-days"),
    );
    let (shortest, longest) = (hours("voting-hours-min"), hours("voting-hours-max"));
    let visibility = section.word("visibility", VISIBILITIES);
    let proxies = section.number("proxies-per-holder");
    let recused = section.truth("recused-leave-denominator");
    let prerequisites = section
        .section("prerequisites")
        .map(|asked| prerequisites(&asked));
    let (petition, run_off) = (
        threshold(section, "petition"),
        threshold(section, "run-off"),
    );
    let beside = section.section("petition-beside");
    let beside = beside.and_then(|beside| petition_beside(&beside));
    let tabled_by = section.list("tabled-by");
    let filing = section.section("filed-with");
    let filing = filing.and_then(|filing| filed_with(&filing));
    let candidates = section.truth("more-candidates-than-seats");
    let nominators = section.number("nominators");
    let posted = section.number("roll-posted-days");
    let law = section.parsed("law-in-force-from");
    let effects = section.words("effects", EFFECTS);
    let rule = base?;
    Some(DecisionRule {
        title: title.unwrap_or(rule.title),
        citation: citation.unwrap_or(rule.citation),
        measures: measures.unwrap_or(rule.measures),
        quorum_base: quorum_base.unwrap_or(rule.quorum_base),
        approval_base: approval_base.unwrap_or(rule.approval_base),
        notice_days_min: notice.unwrap_or(rule.notice_days_min),
        deliberation_days_min: deliberation.unwrap_or(rule.deliberation_days_min),
        voting_window_ms_min: shortest.unwrap_or(rule.voting_window_ms_min),
        voting_window_ms_max: longest.unwrap_or(rule.voting_window_ms_max),
        visibility: visibility.unwrap_or(rule.visibility),
        proxies_per_holder_max: proxies.unwrap_or(rule.proxies_per_holder_max),
        recused_leave_denominator: recused.unwrap_or(rule.recused_leave_denominator),
        prerequisites: prerequisites.unwrap_or(rule.prerequisites),
        petition: petition.or(rule.petition),
        petition_beside: beside.or(rule.petition_beside),
        tabled_by: tabled_by.unwrap_or(rule.tabled_by),
        filing: filing.or(rule.filing),
        run_off: run_off.or(rule.run_off),
        more_candidates_than_seats: candidates.unwrap_or(rule.more_candidates_than_seats),
        nominators_min: nominators.unwrap_or(rule.nominators_min),
        roll_posted_days_min: posted.unwrap_or(rule.roll_posted_days_min),
        law_in_force_from: law.unwrap_or(rule.law_in_force_from),
        effects: effects.unwrap_or(rule.effects),
        ..rule
    })
}

/// Whose petition counts too, and how many of them.
fn petition_beside(section: &Section<'_, '_>) -> Option<PetitionBeside> {
    let body = section.required("body");
    let asked = section.required::<Written>("of");
    section.finish();
    Some(PetitionBeside {
        body: body?,
        threshold: asked?.0,
    })
}

/// With whom it is filed, and within how many days.
fn filed_with(section: &Section<'_, '_>) -> Option<Filing> {
    let (with, days) = (section.required("body"), section.required_number("days"));
    section.finish();
    Some(Filing {
        with: with?,
        days: days?,
    })
}

fn threshold(section: &Section<'_, '_>, key: &'static str) -> Option<Threshold> {
    section.parsed::<Written>(key).map(|written| written.0)
}

/// `measures.heads` and `measures.area`, each with its quorum and approval.
fn measures(section: &Section<'_, '_>) -> Option<Vec<Measure>> {
    let tables = section.section("measures")?;
    let measures = MEASURES.iter().filter_map(|(name, kind)| {
        let table = tables.section(name)?;
        let quorum = table.required::<Written>("quorum");
        let approval = table.required::<Written>("approval");
        table.finish();
        Some(Measure {
            kind: *kind,
            quorum: quorum?.0,
            approval: approval?.0,
        })
    });
    let measures = measures.collect();
    tables.finish();
    Some(measures)
}

fn prerequisites(section: &Section<'_, '_>) -> Prerequisites {
    let asked = Prerequisites {
        statements_from: section
            .words("statements-from", BODY_KINDS)
            .unwrap_or_default(),
        expert_opinions_min: section.number("expert-opinions").unwrap_or_default(),
        party_discussion: section.truth("party-discussion").unwrap_or_default(),
        consultation: section.truth("consultation").unwrap_or_default(),
        participants: section.list("participants").unwrap_or_default(),
        participant_days_min: section.number("participant-days").unwrap_or_default(),
    };
    section.finish();
    asked
}
