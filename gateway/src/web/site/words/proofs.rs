//! What is said about checking.

use super::catalogue;

catalogue! {
    check_title: "自己核对", "Check it yourself";
    check_intro:
        "点一下按钮，您的浏览器会自己计算，不必相信本站。",
        "Press the button and your own browser does the computing. You need not trust this site.";
    check_button: "核对这条记录", "Check this record";
    check_needs_script:
        "核对需要浏览器脚本。没有脚本时，请按“怎样核对”一页用命令行核对。",
        "The check needs a script. Without one, use the command line as the page on checking says.";
    check_running: "正在核对……", "Checking…";
    check_proven: "核对无误", "Proven";
    check_proven_text:
        "这条记录确实在账本里，从记录那天起没有被改动。",
        "This record is in the ledger and has not been changed since it was recorded.";
    check_erased: "文字已删除，账本完整", "A text was erased; the ledger is whole";
    check_erased_text:
        "记录本身核对无误。它附带的文字已依规定删除，但指纹还在。",
        "The record itself is proven. The text beside it was erased under the rules; its fingerprint remains.";
    check_failed: "核对不通过", "Not proven";
    check_failed_text:
        "本站给出的内容前后对不上。请保存下面的文件，告诉居务监督委员会，并到别处再核对一次。",
        "What this site gave does not fit together. Keep the files below, tell the supervision committee, and check again from somewhere else.";
    check_unable: "这个浏览器无法核对", "This browser cannot check";
    check_unable_text:
        "它缺少所需的密码学功能，或者本页不是通过 https 打开的。请更新浏览器，或用命令行核对。",
        "It lacks the cryptography needed, or this page was not opened over https. Update the browser, or use the command line.";
    check_unreachable: "没有取到凭证", "The proof could not be fetched";
    check_unreachable_text:
        "网络中断，或本站没有回答。请稍后再试；如果一直这样，请告诉居务监督委员会。",
        "The network failed or the site did not answer. Try again; if it stays so, tell the supervision committee.";
    step_bytes: "记录的指纹与内容相符", "The record's fingerprint fits its bytes";
    step_place: "记录写明的账本和编号相符", "The record names this ledger and this number";
    step_inclusion: "记录在签名的总目录之中", "The record is included under the signed root";
    step_checkpoint: "总目录的签名有效", "The signature of the root is valid";
    step_signers: "记录的每个签名有效", "Every signature on the record is valid";
    step_content: "附带的文字与指纹相符", "The text beside it fits its fingerprint";
    step_result: "本页的结果与记录一致", "The result on this page is what the record says";
    step_history: "账本没有回退：它包含您上次看到的一切", "Nothing was taken back: the ledger contains all you saw last time";
    step_pinned: "使用您保存的公钥", "Checked against the key you pinned";
    rotated: "账本已更换密钥，新密钥由您保存的密钥签名确认", "the ledger has exchanged it since, and it signed for the new one";
    step_unpinned: "使用本站给出的公钥（还没有保存）", "Checked against the key this site gave (not pinned yet)";
    step_witnesses: "见证人签名", "Witnesses";
    witnesses_none: "没有见证人签名", "No witness has signed";
    witnesses_unknown: "有见证人签名，您还没有保存他们的公钥，所以没有核对", "There are witness signatures; you have pinned no keys for them, so they were not checked";
    witnesses_good: "有效", "valid";
    size_is: "账本共有记录", "Records in the ledger";
    proves_title: "这能证明什么", "What this proves";
    proves_1: "这条记录一字未改。", "The record has not been changed by a single letter.";
    proves_2: "账本用自己的密钥为它签了名，以后不能否认。", "The ledger signed it with its key and cannot deny it later.";
    proves_3: "改动或抽掉任何一条旧记录，都会被发现。", "Changing or removing any earlier record would be noticed.";
    not_proves_title: "这不能证明什么", "What this does not prove";
    not_proves_1: "不能证明记录的人说的是实话。", "Not that whoever recorded it told the truth.";
    not_proves_2: "不能证明没有漏记：被拒绝的事情不在账本里。", "Not that nothing was left out: what was refused is not in the ledger.";
    not_proves_3: "核对的脚本来自本站。完全不信任本站的人，请用自己下载的程序核对。", "The checking script comes from this site. Whoever does not trust it at all should check with a program of their own.";
    key_title: "账本的公钥", "The ledger's key";
    key_intro:
        "请从可信的地方（例如公示栏、居委会的纸质通知）核对这串字符，然后保存在您的浏览器里。",
        "Compare these characters with a place you trust, such as the notice board, then keep them in your browser.";
    key_pin: "保存这个公钥", "Pin this key";
    key_unpin: "忘记已保存的公钥", "Forget the pinned key";
    key_field: "公钥", "Key";
    key_pinned: "已保存。以后都用它核对。", "Pinned. Every check uses it from now on.";
    key_exchanged:
        "您保存的是账本以前的公钥。每次核对都会证明新公钥由它签名确认。",
        "You pinned a key that the ledger has exchanged since. Every check shows that it signed for the new one.";
    key_unpinned: "没有保存公钥。", "No key is pinned.";
    key_wrong: "这不是公钥的格式。", "This is not a key.";
    key_differs:
        "注意：本站现在给出的公钥与您保存的不同。",
        "Careful: the key this site gives now differs from the one you pinned.";
    key_storage: "公钥只存在您的浏览器里，不会发送出去。", "The key stays in your browser and is sent to nobody.";
    witness_field: "见证人的公钥（每行一个，可不填）", "Witnesses' keys (one a line, optional)";
    command_title: "用命令行核对", "Check with the command line";
    command_intro: "下载 govledger 程序，运行：", "With the program govledger, run:";
    command_receipt: "核对一条记录", "Check one record";
    command_audit: "把整个账本重新执行一遍", "Execute the whole ledger again";
    command_audit_text:
        "它重新检查每一个签名，重新执行每一条规则，重新计算每一次表决。",
        "It checks every signature again, executes every rule again and counts every vote again.";
    formats_title: "不用我们的程序", "Without our software";
    formats_text:
        "格式是公开的：RFC 6962 的树，C2SP 的签名目录。任何人都可以自己写程序核对。",
        "The formats are public: an RFC 6962 tree and C2SP signed checkpoints. Anyone can write a checker.";
    checkpoint_now: "现在的总目录", "The checkpoint now";
    proof_file: "凭证文件", "Receipt file";
    entry_file: "记录原文", "Record, as stored";
    how_1: "看公示栏或纸质通知上的公钥。", "Look at the key on the notice board or a printed notice.";
    how_2: "在下面保存这个公钥。只需做一次。", "Pin that key below. You do it once.";
    how_3: "打开任何一项决定，点“核对这条记录”。", "Open any decision and press “Check this record”.";
}
