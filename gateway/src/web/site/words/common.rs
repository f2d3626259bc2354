//! What every page says.

use super::catalogue;

catalogue! {
    skip: "跳到正文", "Skip to content";
    menu: "目录", "Menu";
    home: "首页", "Home";
    decisions: "决定", "Decisions";
    motions: "议题", "Motions";
    offices: "任职", "Offices";
    bodies: "组织", "Bodies";
    rules: "规则", "Rules";
    timeline: "全部记录", "Timeline";
    how_to_check: "核对", "Check";
    communities: "社区账本", "Communities";
    communities_intro:
        "这里公开各社区决定了什么、由谁决定、依据哪条规则。",
        "What each community decided, by whom, and under which rule.";
    large_on: "大字版", "Large print";
    large_off: "标准版", "Standard print";
    read_aloud: "朗读", "Read aloud";
    read_stop: "停止朗读", "Stop reading";
    demo_banner:
        "演示：这里的人和事都是虚构的。",
        "A demonstration: none of these people or decisions are real.";
    as_of(entries, when):
        "本页根据截至 {when} 的 {entries} 条记录生成。",
        "This page is computed from {entries} records, the last of {when}.";
    footer_check:
        "每一条都可以核对，不必相信本站。",
        "Everything here can be checked. You need not trust this site.";
    how_to_check_long: "怎样核对", "How to check it";
    no_account: "无需注册，不用 Cookie。", "No account, no cookies.";
    halted:
        "注意：本账本已停止新增记录。已有的内容仍可查看和核对。",
        "Note: this ledger takes no new records. What is here can still be read and checked.";
    next_page: "下一页", "Next page";
    first_page: "回到第一页", "Back to the first page";
    no_match: "没有符合条件的内容。", "Nothing matches.";
    show: "查看", "Show";
    everything: "全部", "All";
    body: "组织", "Body";
    outcome: "结果", "Outcome";
    day_from: "从哪天起", "From day";
    day_until: "到哪天止", "To day";
    day: "日期", "Day";
    filter: "筛选", "Filter";
    number: "编号", "Number";
    title: "标题", "Title";
    files: "下载与订阅", "Files and feeds";
    csv: "表格（CSV）", "Table (CSV)";
    json: "数据（JSON）", "Data (JSON)";
    atom: "订阅（Atom）", "Feed (Atom)";
    ics: "日历（ICS）", "Calendar (ICS)";
    print_form: "张贴版（A4）", "Notice to print (A4)";
    missing_title: "没有这一页", "There is no such page";
    missing_next:
        "地址可能有误。请从首页重新查找。",
        "The address may be mistyped. Please start again from the home page.";
    wrong_title: "这个请求无法处理", "This request cannot be answered";
    wrong_next: "请检查地址或筛选条件，再试一次。", "Please check the address or the filter, and try again.";
    later_title: "请稍后再试", "Please try again shortly";
    later_next: "内容正在准备。过一会儿刷新本页。", "The page is being made ready. Reload it in a moment.";
    too_many_next: "访问的人太多。过一会儿刷新本页。", "Too many visits at once. Reload the page in a moment.";
    failed_title: "本页暂时打不开", "This page cannot be shown";
    failed_next: "这是本站的问题，请告知管理员。", "This is the site's fault. Please tell whoever runs it.";
    problem_code(code): "代码：{code}", "Code: {code}";
    api: "接口说明（OpenAPI）", "API description (OpenAPI)";
}
