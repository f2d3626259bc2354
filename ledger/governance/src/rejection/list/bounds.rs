//! What is too long, too many or too few.

macro_rules! bounds {
    ($next:ident $rest:tt $before:tt) => {
        $next! { $rest $before {
            /// A text is longer than allowed.
            TextTooLong { field: &'static str, bytes: u64, max: u64 }
                "TEXT_TOO_LONG" Invalid
                "{field} has {bytes} bytes, at most {max} are allowed"
                "Shorten it, or put the long text into a content and cite it."
                "{field} 有 {bytes} 字节，最多 {max} 字节"
                "请缩短，或将长文本作为内容提交并引用。"
            /// A text that must say something is empty.
            TextEmpty { field: &'static str }
                "TEXT_EMPTY" Invalid
                "{field} is empty"
                "Fill it in."
                "{field} 为空"
                "请填写。"
            /// A list has too few or too many members.
            ListSize { field: &'static str, found: u64, min: u64, max: u64 }
                "LIST_SIZE" Invalid
                "{field} has {found} members; {min} to {max} are allowed"
                "Split a long list over several entries; do not send an empty one."
                "{field} 有 {found} 项，应为 {min} 至 {max} 项"
                "长列表请分为几条记录；不要提交空列表。"
            /// A list names somebody twice.
            NamedTwice { field: &'static str, person: PersonId }
                "NAMED_TWICE" Invalid
                "{field} names {person} twice"
                "Name everybody once."
                "{field} 两次列出 {person}"
                "每人只列一次。"
        }}
    };
}
pub(super) use bounds;
