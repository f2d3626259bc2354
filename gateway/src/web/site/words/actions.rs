//! What is said of entries: kinds, outcomes, offices. Codes on the log, words here.

use super::catalogue;

catalogue! {
    outcome_adopted: "通过", "Adopted";
    outcome_rejected: "未通过", "Not adopted";
    outcome_no_quorum: "人数不足，未形成决定", "No decision: too few took part";
    outcome_partly_filled: "部分名额选出", "Some seats filled";
    sentence_adopted(body): "{body}通过了这项议题。", "The motion was adopted by the {body}.";
    sentence_rejected(body): "{body}没有通过这项议题。", "The motion was not adopted by the {body}.";
    sentence_no_quorum(body): "参加的人太少，{body}没有形成决定。", "Too few took part, so the {body} decided nothing.";
    sentence_partly_filled(body): "{body}选出了部分名额。", "The {body} filled some of the seats.";
    sentence_elected(body, names): "{body}选出：{names}。", "The {body} elected: {names}.";

    status_tabled: "讨论中", "Under discussion";
    status_open: "正在表决", "Open for voting";
    status_closed: "表决已截止", "Voting closed";
    status_decided: "已决定", "Decided";
    status_overturned: "已撤销", "Overturned";
    status_withdrawn: "已撤回", "Withdrawn";

    kind_residents_committee: "居民委员会", "residents' committee";
    kind_residents_meeting: "居民会议", "residents' meeting";
    kind_representatives_meeting: "居民代表会议", "residents' representatives' meeting";
    kind_supervision_committee: "居务监督委员会", "supervision committee";
    kind_party_organisation: "党组织", "party organisation";
    kind_compound_party_branch: "小区党支部", "compound party branch";
    kind_owners_committee: "业主委员会", "owners' committee";
    kind_owners_assembly: "业主大会", "owners' assembly";
    kind_property_company: "物业服务企业", "property company";
    kind_administrative_organ: "行政机关", "administrative organ";
    kind_social_organisation: "社会组织", "social organisation";
    kind_grid: "网格", "grid";
    kind_expert_panel: "专家组", "expert panel";
    kind_election_committee: "居民选举委员会", "election committee";
    kind_residents_group: "居民小组", "residents' group";
    kind_street_office: "街道办事处", "street office";
    kind_council: "议会", "council";

    right_deliberate: "议事", "deliberate";
    right_suggest: "建议", "suggest";
    right_recommend: "推荐", "recommend";
    right_supervise: "监督", "supervise";
    right_convene: "召集", "convene and chair";
    right_table: "提案", "table motions";
    right_vote: "表决", "vote";
    right_tell: "计票", "count votes";
    right_register: "登记", "keep the register";
    right_discipline: "处分", "discipline";
    right_report: "报告", "report";

    role_head: "主任", "head";
    role_deputy: "副主任", "deputy head";
    role_member: "委员", "member";
    role_clerk: "文书", "clerk";
    role_teller: "计票人", "teller";
    role_chair: "主任", "chair";
    role_secretary: "书记", "secretary";

    obtained_elected: "选举", "elected";
    obtained_appointed: "委派", "appointed";
    obtained_by_election: "补选", "by-election";
    obtained_founding: "建账时登记", "named at the founding";

    end_term: "任期届满", "the term was over";
    end_resignation: "辞职", "resigned";
    end_recall: "罢免", "recalled";
    end_replacement: "更换", "replaced";
    end_two_incompetent: "连续两次评议不称职", "judged incompetent twice in a row";
    end_incapacity: "丧失行为能力或被判刑", "incapacity or conviction";
    end_invalid_election: "选举无效", "the election was invalid";
    end_departure: "离开社区", "left the community";

    statement_deliberation: "议事发言", "Statement";
    statement_suggestion: "建议", "Suggestion";
    statement_recommendation: "推荐", "Recommendation";
    statement_supervision: "监督意见", "Supervisory statement";

    stance_for: "同意", "for";
    stance_against: "反对", "against";
    stance_abstain: "弃权", "abstained";
    mark_absent: "缺席", "absent";
    mark_away: "表决时不在场", "away when the vote was taken";
    mark_not_voting: "在场未表决", "present, did not vote";

    visible_open: "公开表决：谁投什么票当场可见", "An open vote: who votes what is visible at once";
    visible_hidden: "截止前保密：截止后只公布总数", "Hidden until the close; then totals are published";
    visible_secret: "无记名投票：永不公开谁投什么票", "A secret ballot: who voted what is never known";

    did_ledger_founded: "建立账本", "Ledger founded";
    did_person_enrolled: "登记人员", "Person enrolled";
    did_key_added: "增加密钥", "Key added";
    did_key_rotated: "更换密钥", "Key changed";
    did_key_replaced: "补办密钥", "Lost key replaced";
    did_key_revoked: "作废密钥", "Key revoked";
    did_person_departed: "人员离开", "Person left";
    did_body_established: "设立组织", "Body established";
    did_right_granted: "赋予权利", "Right granted";
    did_right_withdrawn: "收回权利", "Right withdrawn";
    did_office_assumed: "就任", "Office assumed";
    did_office_ended: "卸任", "Office ended";
    did_roll_part: "提交名册", "Part of a roll filed";
    did_roll_published: "公布名册", "Roll published";
    did_meeting_convened: "召集会议", "Meeting called";
    did_meeting_noticed: "发出会议通知", "Meeting announced";
    did_attendance_recorded: "登记到会", "Attendance taken";
    did_meeting_closed: "会议结束", "Meeting closed";
    did_motion_tabled: "提出议题", "Motion tabled";
    did_motion_amended: "修改议题", "Motion amended";
    did_motion_withdrawn: "撤回议题", "Motion withdrawn";
    did_statement_made: "发表意见", "Statement made";
    did_expert_invited: "邀请专家", "Expert invited";
    did_expert_opinion_filed: "专家提交意见", "Expert opinion filed";
    did_interest_declared: "声明回避", "Interest declared";
    did_voting_opened: "开始表决", "Voting opened";
    did_ballot_cast: "收到一张表决票", "A ballot was received";
    did_proxy_granted: "委托表决", "Proxy given";
    did_proxy_revoked: "撤销委托", "Proxy withdrawn";
    did_paper_ballots_recorded: "登记纸质票", "Paper ballots recorded";
    did_roll_call_recorded: "登记唱名表决", "Roll call recorded";
    did_voting_closed: "结束表决", "Voting closed";
    did_decision_overturned: "决定被撤销", "Decision overturned";
    did_decision_implemented: "决定执行进展", "Decision carried out";
    did_power_exercised: "行使权力", "Power exercised";
    did_motion_decided: "得出结果", "Result established";
    did_report_filed: "提交年终报告", "Report filed";
    did_report_questioned: "就报告提问", "Question about a report";
    did_report_answered: "答复提问", "Question answered";
    did_report_assessed: "居民评议", "Officers assessed";
    did_report_overdue: "报告逾期", "Report overdue";
    did_issue_raised: "提出事项", "Issue raised";
    did_issue_accepted: "受理", "Issue accepted";
    did_issue_refused: "不予受理", "Issue refused";
    did_issue_referred: "转交", "Issue referred";
    did_issue_assigned: "交办", "Issue assigned";
    did_issue_extended: "延长办理期限", "Time extended";
    did_issue_answered: "答复", "Issue answered";
    did_issue_reopened: "申请复查", "Review asked for";
    did_issue_closed: "办结", "Issue closed";
    did_satisfaction_rated: "满意度评价", "Satisfaction rated";
    did_issue_read: "查阅非公开内容", "Content read that is not public";
    did_issue_overdue: "办理逾期", "Issue overdue";

    progress_planned: "已列入计划", "planned";
    progress_under_way: "正在执行", "under way";
    progress_done: "已完成", "done";
    issue_request: "诉求", "request";
    issue_complaint: "投诉", "complaint";
    issue_report: "举报", "report of wrongdoing";
    step_accept: "未按期受理", "to accept or refuse";
    step_answer: "未按期答复", "to answer";
    step_review: "未按期复查", "to review";
    detail_year(year): "{year} 年度", "on {year}";
    detail_score(score): "{score} 分（满分 5 分）", "{score} of 5";

    overturned_superior: "上级主体撤销", "by a superior body";
    overturned_court: "法院判决撤销", "by a court";
    overturned_order: "责令改正", "by an ordered correction";

    detail_keys(n): "密钥 {n} 把", "keys: {n}";
    detail_right(right, over): "{right}（{over}）", "to {right} ({over})";
    over_all: "对所有组织", "over every body";
    over(body): "对{body}", "over {body}";
    detail_seat(person, role, body): "{person}，{body}{role}", "{person}, {role} of {body}";
    detail_roll_part(n, lines): "第 {n} 部分，{lines} 行", "part {n}, {lines} lines";
    detail_meeting(body, when): "{body}，{when}", "{body}, {when}";
    detail_urgent(reason): "紧急，原因：{reason}", "at short notice: {reason}";
    detail_present(n): "到会 {n} 人", "{n} present";
    detail_expert(who): "{who}", "{who}";
    detail_opened(when): "截止 {when}", "closes {when}";
    detail_papers(n): "{n} 张", "{n} papers";
    detail_roll_call(n): "名册 {n} 人", "{n} on the roll";
    detail_roll_call_minuted(title, day): "{title}（{day}）", "{title} ({day})";
}
