//! What goes on beside votes: consultations, tasks from above, disclosures, records taken over.

use super::catalogue;

catalogue! {
    affairs: "居务", "Public affairs";
    affairs_short: "居务", "Affairs";
    affairs_intro: "正在征求的意见、召集的会议、公开的事项、上级交办的事务。", "What people are asked, which meetings are called, what is made known, what the authorities above ask for.";
    see_all_of(what): "查看全部{what}", "All: {what}";

    consultations: "征求意见", "Consultations";
    consultations_intro: "作决定之前，先问大家的意见。", "What people are asked before something is decided.";
    consultations_none: "还没有征求过意见。", "Nobody has been asked yet.";
    consultations_open: "正在征求意见", "You are asked now";
    no_consultation_open: "现在没有正在征求的意见。", "Nobody is being asked now.";
    consultation_open: "正在征求意见", "Open";
    consultation_over: "已截止，结果待公布", "Over, outcome not told yet";
    consultation_closed: "结果已公布", "Outcome told";
    consultation_prepares: "供谁作决定时参考", "Whose decision it prepares";
    consultation_for(body): "供{body}作决定时参考", "For a decision of the {body}";
    consultation_until(when): "{when}截止", "Until {when}";
    consultation_answers(n): "收到意见 {n} 份", "Answers received: {n}";
    answers: "收到意见", "Answers";
    consultation_question: "问什么", "What is asked";
    consultation_summary: "征求意见的结果", "What came of it";
    consultation_no_summary: "结果还没有公布。", "Nobody has said yet what came of it.";
    consultation_report: "全文", "The whole of it";
    consultation_motions: "依据这次意见提出的议题", "Motions that rest on it";
    consultation_privacy: "每个人的意见不公开，只公开份数和结果。", "What each person said is not public. The number of answers and the outcome are.";
    rests_on_consultation: "提出前征求过意见", "People were asked before it was tabled";

    meetings: "会议", "Meetings";
    meetings_intro: "谁召集、什么时候通知、来了多少人、表决了什么。", "Who called them, how notice was given, how many came, and what was put to the vote.";
    meetings_none: "还没有召集过会议。", "No meeting has been called yet.";
    meeting_convened: "已召集，还没有通知", "Called, no notice given yet";
    meeting_noticed: "已通知", "Notice given";
    meeting_attended: "已到会", "People have come";
    meeting_closed: "已闭会", "Over";
    meeting_begins: "开会时间", "Begins";
    meeting_place: "地点", "Place";
    meeting_whose: "谁的会议", "Whose meeting";
    meeting_by: "由谁召集", "Called by";
    meeting_asked: "联名要求", "Asked for";
    meeting_petition(n): "{n} 位表决权人联名要求召集", "Asked for by {n} voters";
    meeting_notice: "会议通知", "Notice";
    meeting_urgent(reason): "没有等满通知期，理由：{reason}", "The notice is shorter than the rule asks for, as: {reason}";
    meeting_guests(n): "列席 {n} 人", "{n} more without a vote";
    meeting_came: "到会人数", "How many came";
    meeting_came_of(n, all): "{n} 人（名册 {all} 人）", "{n} (the roll has {all})";
    meeting_closed_at: "闭会", "Closed";
    meeting_motions: "会上表决的议题", "Put to the vote in it";
    meeting_no_motions: "还没有要在会上表决的议题。", "Nothing is to be put to the vote in it yet.";
    meeting_in: "在会议上表决", "To be decided in a meeting";
    proxies: "委托表决名单", "Who votes for whom";
    proxies_intro: "委托名单依法公布（组织法第14–19条）。", "The list of proxies is published (组织法 14–19).";
    proxies_more: "全部名单", "The whole list";
    proxy_of(principal, holder): "{principal} 委托 {holder}", "{holder} votes for {principal}";

    tasks: "上级交办事务", "Tasks from above";
    tasks_intro: "上级交给社区办的事。每一件都要写明法律依据和经费。不在准入清单上的，可以拒绝。", "What the authorities above ask for. Each must name its law and who pays. What is on no list may be refused.";
    tasks_none: "上级还没有交办过事务。", "No task has been given yet.";
    task_assigned: "待答复", "Waiting for an answer";
    task_accepted: "已承接", "Taken on";
    task_refused: "已拒绝", "Refused";
    task_from(organ): "{organ}交办", "From the {organ}";
    task_by: "由谁交办", "Given by";
    task_funding: "经费", "Who pays";
    task_item: "准入清单", "On the list";
    task_unlisted: "不在清单上，可以拒绝", "On no list: it may be refused";
    task_answer: "答复", "The answer";
    task_refused_why: "拒绝的理由", "Why it was refused";
    task_waiting: "还没有答复。", "There is no answer yet.";
    assigned_on: "交办日期", "Given on";

    disclosures: "居务公开", "Notices";
    disclosures_intro: "居委会依法公开的事项，每件至少公示 15 天。", "What must be made known. Each hangs out for at least 15 days.";
    disclosures_none: "还没有公开的事项。", "Nothing has been posted yet.";
    disclosures_hanging: "正在公示", "On display now";
    disclosures_hanging_none: "现在没有正在公示的事项。", "Nothing is on display now.";
    only_hanging: "只看正在公示的", "Only what is on display";
    disclosure_hanging: "公示中", "On display";
    disclosure_past: "公示期已满", "No longer on display";
    hangs_until(day): "公示至 {day}", "On display until {day}";
    posted: "公布日期", "Posted";

    imports: "外部记录", "Records from elsewhere";
    imports_intro: "在别处举行或登记的事，由两人核对后记入。", "What took place elsewhere, taken over by two officers.";
    imports_none: "还没有外部记录。", "Nothing has been taken over yet.";
    import_source: "来源编号", "Its number where it comes from";
    import_digest: "原件指纹（SHA-256）", "Fingerprint of the original (SHA-256)";
    import_by: "记入人", "Taken over by";
    import_attested: "核对人", "Attested by";
    import_original: "原件", "The original";
    took_place(day): "发生于 {day}", "It took place on {day}";

    head_audit: "主任审计", "Audit of the head";
    head_audits: "主任审计（组织法第38条）", "Audits of the head (组织法 38)";
    head_audits_intro: "主任任期届满或者离任，都要审计，结果公布。", "Whenever a head's office ends, with the term or before, an audit is due, and what it finds is published.";
    audit_regular(auditor): "{auditor}审计：未发现问题", "{auditor}: nothing found amiss";
    audit_irregular(auditor): "{auditor}审计：发现问题", "{auditor}: not everything is in order";
    duty_kind_head_audit: "主任未审计", "Audit of the head missing";
    duty_kind_filing: "决定未备案", "Decision not filed";
    duty_filing(title): "{title}", "{title}";
    filing: "备案", "Filing";
    to_file: "待备案的决定（组织法第31条）", "Decisions to be filed (组织法 31)";
    duty_head_audit(role): "{role}", "{role}";
    near_kin: "近亲属同时任职", "Near kin in office at once";
    near_kin_sit: "近亲属不得同时担任这两个职务（组织法第8条、第36条）：应有一人辞去；在此之前，凡涉及一方的事项，另一方回避。", "Near kin do not hold these two seats at once (组织法 8, 36): one of them resigns; until then neither votes on what concerns the other.";
    roll_as_of(day): "{day} 起有效的名册", "The roll in force from {day}";
    roll_objections: "名册异议（组织法第14–19条）", "Objections against the roll (组织法 14–19)";
    roll_objections_intro: "名册公布后五日内可以提出异议，三日内处理。内容只供提出人和处理人查阅，每次查阅都有记录；针对谁、由谁提出，不在页面上公布。", "A roll is objected to within five days after it is published, and an objection is ruled on within three. What it says is for who made it and who rules on it, and each reading is recorded; whom it is about and who made it is on no page.";
    duty_kind_appeal: "申诉未处理", "Appeal undecided";
    duty_appeal(officer): "{officer}的申诉", "Appeal: {officer}";

    decision_powers: "有关的权力", "Powers it has to do with";
    matter_name: "事项", "Matter";
    matter_repairs: "维修", "Repairs";
    matter_premises: "社区用房", "Community rooms";
    matter_parking: "停车", "Parking";
    matter_greening: "绿化", "Greenery";
    matter_safety: "安全", "Safety";
    matter_sanitation: "环境卫生", "Cleaning";
    matter_accounts: "账目", "Accounts";
    matter_welfare: "民生服务", "Welfare";
    power_name: "权力", "Power";

    seat_of(person, role): "{person}，{role}", "{person}, {role}";
    roll_of(body): "{body}的名册", "The roll of {body}";
    counts_data: "统计数据（JSON）", "Counts (JSON)";

    unopened(n): "有 {n} 张保密表决票在截止后没有开启，按弃权计算。", "Hidden ballots that were not opened after the close: {n}. They count as abstentions.";
    unopened_who: "没有开启的是谁的票", "Whose were not opened";
    counting: "已截止，正在开票", "Closed, ballots are being opened";
    unopened_yet(n): "还有 {n} 张保密表决票没有开启。投票人可以在截止后 24 小时内自己开启。", "Hidden ballots not opened yet: {n}. Their voters can open them until 24 hours after the close.";

    issue_category: "类别", "Category";
    issues_in_time: "按时答复", "Answered in time";
    issues_reopened: "要求复查", "Sent back for review";
    issues_satisfied: "满意（4 分以上）", "Satisfied (4 or 5 of 5)";
    issue_rates_hint: "比例按已答复、已评分的诉求计算。", "Shares are of those answered, and of those rated.";
    share_of(part, whole, percent): "{part}/{whole}（{percent}%）", "{part} of {whole} ({percent} %)";
    issue_counts_by_category: "按类别统计", "By category";
}
