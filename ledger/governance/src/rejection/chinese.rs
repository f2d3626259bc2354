//! The data of a rejection in Chinese. Ids, numbers and days read the same in both languages.

use super::{
    AssessmentUnfit, Bodies, CaseStep, Datum, Hint, Incapacity, Latest, Missing, Names, Nearest,
    NoRunOff, Overreach, Recusal, Rights, Unfit, Unmet, Unsanctionable,
};
use crate::{
    action::{Execution, Outcome, PowerHolder, Sanction, SanctionBasis, Severity},
    authority::{Over, RequiredSigner},
    calendar::Lasting,
    charter::{BodyKind, Comparison, EffectKind, Right, Threshold},
    ids::Millis,
    issue::IssueStage,
    motion::Status,
    roll::RollError,
};

/// What has words of its own in both languages.
macro_rules! spoken {
    ($($type:ty: $chinese:expr;)+) => {
        $(impl Datum for $type {
            fn text(&self) -> String {
                self.to_string()
            }

            fn chinese(&self) -> String {
                let chinese: fn(&$type) -> String = $chinese;
                chinese(self)
            }
        })+
    };
}

spoken! {
    AssessmentUnfit: |why| assessment(*why).to_owned();
    Bodies: |bodies| joined(&bodies.0, " 或 ", ToString::to_string);
    Box<RollError>: |error| roll(error);
    CaseStep: |step| case_step(*step).to_owned();
    EffectKind: |kind| effect(*kind).to_owned();
    Execution: |progress| execution(*progress).to_owned();
    Hint: |hint| match &hint.0 {
        Some(voter) => format!("；其共有的一户由 {voter} 表决"),
        None => String::new(),
    };
    Incapacity: incapacity;
    IssueStage: |stage| issue_stage(*stage).to_owned();
    Lasting: |lasting| lasts(*lasting);
    Latest: |latest| latest.0.map_or_else(|| "尚无（没有相关记录）".to_owned(), |leaf| leaf.to_string());
    Missing: |missing| joined(&missing.0, "；", unmet);
    Names: |names| some(joined(&names.0, "、", ToString::to_string));
    Nearest: |nearest| some(joined(&nearest.0, "、", ToString::to_string));
    NoRunOff: no_run_off;
    Over: |over| match over {
        Over::Ledger => "整个账本".to_owned(),
        Over::Body(body) => format!(" {body} "),
    };
    Overreach: overreach;
    Recusal: recusal;
    RequiredSigner: signer;
    Right: |granted| right(*granted).to_owned();
    Rights: |rights| joined(&rights.0, "或", |granted| right(*granted).to_owned());
    Sanction: |given| sanction(*given).to_owned();
    SanctionBasis: |rests| basis(*rests).to_owned();
    Severity: |how| severity(*how).to_owned();
    Status: |stands| status(*stands).to_owned();
    Threshold: |needed| threshold(*needed);
    Unfit: unfit;
    Unsanctionable: unsanctionable;
}

fn joined<T>(parts: &[T], between: &str, chinese: impl Fn(&T) -> String) -> String {
    parts.iter().map(chinese).collect::<Vec<_>>().join(between)
}

fn some(text: String) -> String {
    if text.is_empty() {
        "无".to_owned()
    } else {
        text
    }
}

pub(super) fn lasts(lasting: Lasting) -> String {
    let ms = lasting.0;
    let whole = [
        (ms / Millis::DAY, "天"),
        (ms % Millis::DAY / Millis::HOUR, "小时"),
        (ms % Millis::HOUR / 60_000, "分钟"),
    ];
    let mut text: String = whole
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}"))
        .collect::<Vec<_>>()
        .join(" ");
    match (ms % 60_000 / 1_000, ms % 1_000) {
        (0, 0) if !text.is_empty() => {}
        (seconds, 0) => text = format!("{text} {seconds} 秒"),
        (seconds, ms) => text = format!("{text} {seconds}.{ms:03} 秒"),
    }
    text.trim_start().to_owned()
}

fn threshold(needed: Threshold) -> String {
    let (n, d) = (needed.fraction.numerator(), needed.fraction.denominator());
    match needed.comparison {
        Comparison::AtLeast => format!(" {n}/{d} 以上"),
        Comparison::MoreThan => format!("超过 {n}/{d}"),
    }
}

const fn right(right: Right) -> &'static str {
    match right {
        Right::Deliberate => "议事",
        Right::Suggest => "建议",
        Right::Recommend => "推荐",
        Right::Supervise => "监督",
        Right::Convene => "召集",
        Right::Table => "提案",
        Right::Vote => "表决",
        Right::Tell => "计票",
        Right::Register => "登记",
        Right::Discipline => "处分",
        Right::Report => "报告",
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Tabled => "已提出，尚未表决",
        Status::Withdrawn => "已撤回",
        Status::Open => "正在表决",
        Status::Decided(Outcome::Adopted) => "已通过",
        Status::Decided(Outcome::Rejected) => "未通过",
        Status::Decided(Outcome::NoQuorum) => "因人数不足未作出决定",
        Status::Decided(Outcome::PartlyFilled) => "只选出部分名额",
        Status::Overturned => "其决定已被推翻",
    }
}

const fn issue_stage(stage: IssueStage) -> &'static str {
    match stage {
        IssueStage::Raised => "已提出，待受理",
        IssueStage::Accepted => "已受理",
        IssueStage::Refused => "不予受理",
        IssueStage::Answered => "已答复",
        IssueStage::Reopened => "正在复查",
        IssueStage::Closed => "已办结",
    }
}

const fn execution(progress: Execution) -> &'static str {
    match progress {
        Execution::Planned => "已列入计划",
        Execution::UnderWay => "正在落实",
        Execution::Done => "已落实",
    }
}

const fn effect(kind: EffectKind) -> &'static str {
    match kind {
        EffectKind::PowerList => "权力清单的变更",
        EffectKind::CharterAmendment => "章程的修改",
        EffectKind::RulesVersion => "规则版本的更换",
        EffectKind::Appointment => "任命",
        EffectKind::Sanction => "处分",
        EffectKind::Replacement => "更换",
        EffectKind::Recall => "罢免",
    }
}

const fn case_step(step: CaseStep) -> &'static str {
    match step {
        CaseStep::Signatures => "联署",
        CaseStep::Notice => "告知当事人",
        CaseStep::Defence => "申辩",
        CaseStep::Finding => "作出认定",
        CaseStep::Decision => "作出决定",
        CaseStep::Appeal => "申诉",
        CaseStep::AppealDecision => "决定申诉",
        CaseStep::Nothing => "无：已经结束",
    }
}

pub(crate) const fn sanction(sanction: Sanction) -> &'static str {
    match sanction {
        Sanction::Warning => "警告",
        Sanction::Demerit => "记过",
        Sanction::MajorDemerit => "记大过",
        Sanction::Replacement => "更换",
        Sanction::Recall => "罢免",
    }
}

pub(crate) const fn basis(basis: SanctionBasis) -> &'static str {
    match basis {
        SanctionBasis::Charter => "章程纪律",
        SanctionBasis::Recall => "民主罢免",
        SanctionBasis::Contract => "合同约定",
        SanctionBasis::Official => "政务处分",
    }
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "轻微",
        Severity::Ordinary => "一般",
        Severity::Serious => "较重",
        Severity::Grave => "严重",
    }
}

const fn assessment(why: AssessmentUnfit) -> &'static str {
    match why {
        AssessmentUnfit::NotInOffice => "不是该主体今日在任的职务",
        AssessmentUnfit::NoMarks => "没有任何评价",
        AssessmentUnfit::Twice => "列了两次",
        AssessmentUnfit::Missing => "没有列出",
    }
}

fn signer(who: &RequiredSigner) -> String {
    match who {
        RequiredSigner::Actor(person) => format!("行为人 {person} "),
        RequiredSigner::Attestor(person) => format!("证明人 {person} "),
        RequiredSigner::Key(key) => format!("密钥 {key} "),
        RequiredSigner::RecordKey => "账本记录密钥".to_owned(),
    }
}

fn holder(holder: &PowerHolder) -> String {
    match &holder.role {
        Some(role) => format!("{} 的 {role}", holder.body),
        None => holder.body.to_string(),
    }
}

fn overreach(why: &Overreach) -> String {
    match why {
        Overreach::Overturned => "列入该事项的决定已被推翻".to_owned(),
        Overreach::Revoked(index) => format!("已由第 {index} 条记录撤销"),
        Overreach::NotYetInForce(day) => format!("自 {day} 起生效"),
        Overreach::NoLongerInForce(day) => format!("有效期至 {day}"),
        Overreach::HeldBy(by) => format!("该权力属于 {}", holder(by)),
        Overreach::DelegatedTo(to) => format!("现已委托给 {}", holder(to)),
        Overreach::OverAnotherBody(body) => format!("仅对 {body} 有效"),
        Overreach::AnotherMatter(matters) => {
            format!("仅限于 {}", joined(matters, "、", ToString::to_string))
        }
    }
}

fn incapacity(why: &Incapacity) -> String {
    match why {
        Incapacity::NoSuchOffice(office) => format!("没有职务 {office}"),
        Incapacity::OfficeInAnotherBody(office, body) => format!("职务 {office} 属于 {body}"),
        Incapacity::HeldByAnother(office, person) => format!("职务 {office} 由 {person} 担任"),
        Incapacity::OfficeEnded(office, index) => {
            format!("职务 {office} 已由第 {index} 条记录终止")
        }
        Incapacity::TermNotBegun(office, day) => format!("职务 {office} 的任期自 {day} 开始"),
        Incapacity::TermOver(office, day) => format!("职务 {office} 的任期已于 {day} 届满"),
        Incapacity::NotOnRoll(roll) => format!("不在名册 {roll} 上"),
        Incapacity::NoRoll(day) => format!("{day} 没有有效的名册"),
        Incapacity::AnotherBody(body) => format!("所涉事项属于 {body}"),
        Incapacity::NoOfficeNamed => "此事须由任职人员办理，而没有写明职务".to_owned(),
        Incapacity::NoPartyOrganisation => "该主体不是党组织".to_owned(),
    }
}

fn no_run_off(why: &NoRunOff) -> String {
    match why {
        NoRunOff::NoContest => "首次选举和另行选举都应是选举".to_owned(),
        NoRunOff::Rule(rule) => {
            format!("首次选举依规则 {rule}，另行选举须依该规则，且该规则须有规定")
        }
        NoRunOff::Status(stands) => {
            format!(
                "首次选举{}；另行选举用于补足选举留下的名额",
                status(*stands)
            )
        }
        NoRunOff::Held(motion) => format!("议题 {motion} 已是其另行选举"),
        NoRunOff::Seats { seats, left } => format!("提出 {seats} 个名额，只剩 {left} 个"),
        NoRunOff::Option(label) => format!("“{label}”不在首次选举之列，或已当选"),
    }
}

fn recusal(why: &Recusal) -> String {
    match why {
        Recusal::Declared => "其本人，或在委员会中其近亲属，已声明利害关系".to_owned(),
        Recusal::Concerned => {
            "该议题涉及其本人；在委员会中还包括其投诉的案件、对其的任命及其近亲属".to_owned()
        }
        Recusal::SitsInBoth(body) => {
            format!("其同时在提出该议题的 {body} 任职，章程允许兼任，但须回避")
        }
    }
}

fn unfit(why: &Unfit) -> String {
    match why {
        Unfit::Contest => "该议题是在候选项中选择".to_owned(),
        Unfit::OptionsWithoutContest => "该议题只有赞成或反对，没有候选项".to_owned(),
        Unfit::NotAscending => "候选项须按升序排列，各列一次".to_owned(),
        Unfit::NoSuchOption(option) => format!("没有候选项 {option}"),
        Unfit::MoreThanSeats { chosen, seats } => {
            format!("{seats} 个名额选了 {chosen} 个候选项")
        }
        Unfit::NotOpen => "该规则的表决不公开".to_owned(),
        Unfit::NoMeeting => "该议题没有提交会议".to_owned(),
        Unfit::ShortestWindow(ms) => {
            format!("该规则给表决人至少 {}，各自选择时间", lasts(Lasting(*ms)))
        }
        Unfit::BeforeTheLaw(from) => format!("规则所依据的法律自 {from} 起施行"),
        Unfit::Prerequisites => "规则要求事先听取意见，而会议记录不能证明".to_owned(),
        Unfit::VotesAreIn(votes) => format!("已收到 {votes} 票"),
    }
}

fn unsanctionable(why: &Unsanctionable) -> String {
    match why {
        Unsanctionable::NoOffice => "该案不涉及在任的职务".to_owned(),
        Unsanctionable::NotByDiscipline(given) => {
            format!("{}不能以此类事项给予", sanction(*given))
        }
        Unsanctionable::NoDiscipline(body) => format!("{body} 对该职务所在主体没有处分权"),
        Unsanctionable::TooHarsh(most) => format!("按认定最多给予{}", sanction(*most)),
        Unsanctionable::Elected => "选举产生的人员只能以罢免免职".to_owned(),
        Unsanctionable::NotAppointing(body) => format!("该职务不是由 {body} 任命的"),
        Unsanctionable::Successor => "接任者应为同一主体的另一人，且接任该职务".to_owned(),
        Unsanctionable::AnotherRule(rule) => format!("罢免提议依规则 {rule}"),
        Unsanctionable::Basis(rests) => format!("针对该职务的案件应依据{}", basis(*rests)),
        Unsanctionable::NotReduced(given) => {
            format!("申诉只能将{}减为更轻的处分：警告或记过", sanction(*given))
        }
        Unsanctionable::RecallWhole => "罢免只能维持或撤销，不能减为其他处分".to_owned(),
        Unsanctionable::NotOfficial(given) => format!("{}不是政务处分", sanction(*given)),
        Unsanctionable::InFuture(day) => format!("{day} 尚未到来"),
    }
}

pub(crate) const fn body_kind(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::ResidentsCommittee => "居民委员会",
        BodyKind::ResidentsMeeting => "居民会议",
        BodyKind::RepresentativesMeeting => "居民代表会议",
        BodyKind::SupervisionCommittee => "居务监督委员会",
        BodyKind::PartyOrganisation => "党组织",
        BodyKind::CompoundPartyBranch => "小区党支部",
        BodyKind::OwnersCommittee => "业主委员会",
        BodyKind::OwnersAssembly => "业主大会",
        BodyKind::PropertyCompany => "物业服务企业",
        BodyKind::AdministrativeOrgan => "行政机关",
        BodyKind::SocialOrganisation => "社会组织",
        BodyKind::Grid => "网格",
        BodyKind::ExpertPanel => "专家组",
        BodyKind::ElectionCommittee => "居民选举委员会",
        BodyKind::ResidentsGroup => "居民小组",
        BodyKind::StreetOffice => "街道办事处",
        BodyKind::Council => "议会",
    }
}

fn unmet(missing: &Unmet) -> String {
    match missing {
        Unmet::LawInForce(from) => format!("施行中的法律（自 {from} 起施行）"),
        Unmet::NoRoll => "有效的已公布名册".to_owned(),
        Unmet::RollNotInForce { in_force } => format!("有效的名册，即 {in_force}"),
        Unmet::RollPosted { days_min, over_at } => {
            format!("名册公布满 {days_min} 日（至 {over_at}）")
        }
        Unmet::RollRulings(waiting) => format!("对名册的 {waiting} 项异议的处理决定"),
        Unmet::RollCorrected(person) => {
            format!("按处理决定就 {person} 更正后重新公布的名册")
        }
        Unmet::Deliberation { days_min, over_at } => {
            format!("讨论满 {days_min} 日（至 {over_at}）")
        }
        Unmet::WindowTooShort { ms, ms_min } => format!(
            "至少 {} 的表决期，而不是 {}",
            lasts(Lasting(*ms_min)),
            lasts(Lasting(*ms))
        ),
        Unmet::WindowTooLong { ms, ms_max } => format!(
            "最多 {} 的表决期，而不是 {}",
            lasts(Lasting(*ms_max)),
            lasts(Lasting(*ms))
        ),
        Unmet::StatementFrom(kind) => format!("{}的意见", body_kind(*kind)),
        Unmet::ExpertOpinions { found, min } => {
            format!("{min} 份无利害关系的专家意见（已提交 {found} 份）")
        }
        Unmet::PartyDiscussion => "党组织的先行讨论".to_owned(),
        Unmet::Consultation => "所引用并已结束的征求意见".to_owned(),
        Unmet::NotInvited(body) => format!("{body} 的意见：其未发表意见，也未受邀"),
        Unmet::StillToSpeak { body, over_at } => {
            format!("{body} 的意见：其已受邀，可在 {over_at} 前发表")
        }
        Unmet::Nomination(person) => format!("对 {person} 的提名"),
        Unmet::Meeting => "作出决定的会议".to_owned(),
        Unmet::MeetingClosed(meeting) => format!("进行中的会议（{meeting} 已结束）"),
        Unmet::MeetingNotStarted(meeting) => format!("会议 {meeting} 的开始"),
        Unmet::MeetingLongPast(meeting) => format!("今日或昨日的会议（{meeting} 更早开始）"),
        Unmet::NotNoticed(meeting) => format!("会议 {meeting} 的通知"),
        Unmet::NoticeTooShort { days_min, over_at } => {
            format!("会议通知满 {days_min} 日（至 {over_at}），或紧急理由")
        }
        Unmet::Attendance(meeting) => format!("会议 {meeting} 的出席记录"),
        Unmet::AttendanceByRoll(roll) => format!("会议出席所依的名册，即 {roll}"),
    }
}

fn roll(error: &RollError) -> String {
    match error {
        RollError::OtherBody { expected, found } => {
            format!("该名册为 {expected} 而立，不是 {found}")
        }
        RollError::PartOutOfOrder { expected, found } => {
            format!("第 {found} 部分顺序不对，下一部分是第 {expected} 部分")
        }
        RollError::TooManyParts => "名册的部分过多".to_owned(),
        RollError::LineCount { found } => format!("一个部分的行数不能是 {found}"),
        RollError::UnitRepeated { unit } => format!("单元 {unit} 出现两次"),
        RollError::VoterRepeated { voter } => {
            format!("表决权人 {voter} 出现两次，其中一次没有单元")
        }
        RollError::CoOwnerRepeated { voter, co_owner } => {
            format!("{voter} 的共有人 {co_owner} 是其本人，或在一行中重复")
        }
        RollError::OwnersTwice { voter, other } => {
            format!("{voter} 与 {other} 代表相同的业主，应为一人：请在每一行写同一人")
        }
        RollError::TooManyCoOwners { voter, found } => {
            format!("{voter} 一行有 {found} 名共有人，过多")
        }
        RollError::PartsDiffer { stated, found } => {
            format!("公布为 {stated} 个部分，已记录 {found} 个")
        }
        RollError::MembersDiffer { stated, found } => {
            format!("公布为 {stated} 人，各行合计 {found} 人")
        }
        RollError::AreaDiffers { stated, found } => {
            format!("公布面积 {stated}（0.01 平方米），各行合计 {found}")
        }
        RollError::AreaOverflow => "面积合计过大".to_owned(),
        RollError::DigestDiffers { .. } => "名册摘要与各行不符".to_owned(),
    }
}
