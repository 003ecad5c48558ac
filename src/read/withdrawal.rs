//! What a cell says of an application: that it stands, that it was withdrawn, or neither.

use super::date::day;

/// Words of withdrawal; each says it alone, and with `已` before it or `申报` behind it.
const ACTS: [&str; 6] = ["撤回", "撤销", "撤件", "退出", "放弃", "取消"];
/// The same in English, as words begin.
const ACTS_EN: [&str; 5] = ["withdr", "retract", "rescind", "cancelled", "canceled"];
/// Words that end an application otherwise; whether it was withdrawn, a column of withdrawals has to say.
const ENDS: [&str; 9] = ["终止", "作废", "不予受理", "不受理", "注销", "terminated", "void", "dropped out", "not accepted"];
/// What says no of a withdrawal where nothing else stands in the cell.
const DENIALS: [&str; 13] =
    ["未", "没有", "没", "不", "尚未", "并未", "从未", "未曾", "无", "无需", "未申请", "未提出", "不申请"];
const DENIALS_EN: [&str; 12] = [
    "not withdrawn",
    "not withdrawn yet",
    "not yet withdrawn",
    "never withdrawn",
    "has not withdrawn",
    "did not withdraw",
    "no withdrawal",
    "not retracted",
    "not rescinded",
    "not cancelled",
    "not canceled",
    "was not withdrawn",
];
/// What may stand before a word of withdrawal that it is said with.
const BEFORE: [&str; 22] = [
    "已经",
    "已",
    "申请已",
    "申报已",
    "现已",
    "该县已",
    "本县已",
    "主动",
    "自愿",
    "书面",
    "同意",
    "批准",
    "准予",
    "于",
    "日",
    "has ",
    "was ",
    "been ",
    "formally ",
    "voluntarily ",
    "application ",
    "applicant ",
];
/// Signs that make it doubtful whether what stands beside the word came about.
const DOUBT: [char; 12] = ['未', '不', '没', '无', '非', '否', '驳', '拒', '待', '审', '拟', '?'];
const DOUBT_EN: [&str; 14] = [
    "not",
    "no",
    "never",
    "none",
    "if",
    "unless",
    "may",
    "reject",
    "refus",
    "denied",
    "pending",
    "requested",
    "propos",
    "consider",
];
/// Cells that say that an application stands.
const STANDS: [&str; 18] = [
    "submitted",
    "applied",
    "active",
    "valid",
    "stands",
    "standing",
    "received",
    "complete",
    "已提交",
    "提交",
    "已申报",
    "申报",
    "申报中",
    "已受理",
    "受理",
    "已收到",
    "有效",
    "正常",
];

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// The application stands.
    Stands,
    /// It was withdrawn.
    Withdrawn,
    /// A word of withdrawal, or of another end, in words of which it is not known what they say.
    Doubtful,
    /// Nothing of this.
    Other,
}

/// What a cell says that is not empty. Only a denial that is the whole cell says that an application stands: `撤回：资金不足` denies nothing.
pub fn says(cell: &str) -> Says {
    let plain = plain(cell);
    let tight: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    let joined = if plain.is_ascii() { &plain } else { &tight };
    match () {
        () if STANDS.contains(&joined.as_str()) || denies(&plain, &tight) => Says::Stands,
        () if begins_with_it(joined) => Says::Withdrawn,
        () if ENDS.iter().chain(&ACTS).chain(&ACTS_EN).any(|word| joined.contains(word)) => Says::Doubtful,
        () => Says::Other,
    }
}

/// Whether something in a cell makes it doubtful what it says beside a day.
pub fn is_doubtful(cell: &str) -> bool {
    doubts(&plain(cell))
}

/// The day that a text of more than a day says; a year or two figures alone are none.
pub fn day_within(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let whole = matches!(parts[..], [y, _, _] if y.len() == 4) || matches!(parts[..], [d] if d.len() == 8);
    let (year, month, day) = day(text).filter(|_| whole)?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// Lower case, of half width, in simplified signs, without a full stop.
fn plain(cell: &str) -> String {
    let one = |c: char| match c {
        '！'..='～' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        '銷' => '销',
        '棄' => '弃',
        '終' => '终',
        '廢' => '废',
        '報' => '报',
        '請' => '请',
        '審' => '审',
        '無' => '无',
        '沒' => '没',
        '註' => '注',
        '駁' => '驳',
        '擬' => '拟',
        '縣' => '县',
        '經' => '经',
        '動' => '动',
        '願' => '愿',
        '並' => '并',
        '從' => '从',
        '於' => '于',
        _ => c,
    };
    let text: String = cell.trim().chars().map(one).collect::<String>().to_lowercase();
    text.trim_end_matches(|c: char| c.is_whitespace() || "。.!;".contains(c)).to_owned()
}

fn denies(plain: &str, tight: &str) -> bool {
    let tail =
        |no: &str| tight.strip_prefix(no).map(|rest| rest.strip_suffix("申报").or(rest.strip_suffix("申请")).unwrap_or(rest));
    DENIALS_EN.contains(&plain) || DENIALS.iter().filter_map(|no| tail(no)).any(|rest| ACTS.contains(&rest))
}

/// Whether it begins with a word of withdrawal, which a day may stand before, and no doubt is in the same clause.
fn begins_with_it(text: &str) -> bool {
    let mut rest = text.trim_start_matches(|c: char| c.is_ascii_digit() || "-/.:年月日号时 ".contains(c));
    while let Some(after) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after;
    }
    let clause = rest.split(|c: char| "，,：:；;（()）。-–—".contains(c)).next().unwrap_or_default();
    ACTS.iter().chain(&ACTS_EN).any(|word| clause.starts_with(word)) && !doubts(clause)
}

fn doubts(text: &str) -> bool {
    let of_words = |word: &str| DOUBT_EN.iter().any(|d| if d.len() > 4 { word.starts_with(d) } else { word == *d });
    text.contains(DOUBT) || text.split(|c: char| !c.is_ascii_alphabetic()).any(of_words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_denial_that_is_the_whole_cell_stands() {
        for cell in [
            "未撤回",
            "没有撤回",
            "沒有撤銷",
            "不撤回",
            "尚未撤回",
            "未撤回。",
            "未 撤 回",
            "不退出",
            "未放棄",
            "未申请撤回",
            "未撤回申报",
            "not withdrawn",
            "Not withdrawn.",
            "no withdrawal",
            "已提交",
            "Submitted",
            "有效",
        ] {
            assert_eq!(says(cell), Says::Stands, "{cell}");
        }
        for cell in [
            "撤回：资金不足",
            "撤回:资金不足",
            "已撤回，不再申报",
            "已撤回（未说明原因）",
            "withdrawn (no reason given)",
            "已撤回",
            "撤回。",
            "已 撤 回",
            "申请已撤回",
            "withdrawn on 2026-03-01",
            "ｗｉｔｈｄｒａｗｎ",
            "已撤銷",
            "已放棄",
            "Withdrew",
            "Withdrawn at applicant's request",
            "2026-03-20 撤回，资金不足",
            "2026年3月20日已撤回",
            "2026年3月撤回",
            "同意撤回",
            "撤回申请",
            "withdrawn - no funds",
            "cancelled",
            "withdrawal accepted, no objection",
            "withdrawn, see notice: not eligible",
            "主动放弃申报",
            "has been withdrawn",
            "已批准撤回，不可恢复",
            "retracted by letter",
            "退出申报",
        ] {
            assert_eq!(says(cell), Says::Withdrawn, "{cell}");
        }
    }

    #[test]
    fn what_may_be_either_is_doubtful_and_nothing_is_guessed() {
        for cell in [
            "撤回未获批准",
            "withdrawal rejected",
            "withdrawal pending",
            "申请撤回",
            "拟撤回",
            "撤回待审",
            "因资金不足撤回",
            "withdrawn?",
            "领导已撤回意见",
            "未说明撤回",
            "终止",
            "已終止",
            "作废",
            "不予受理",
            "不撤回，继续申报",
            "no, withdrew",
            "terminated",
            "withdrawn no reason given",
        ] {
            assert_eq!(says(cell), Says::Doubtful, "{cell}");
        }
        for cell in ["审核中", "否", "no", "是", "2026-03-20", "perhaps", "1"] {
            assert_eq!(says(cell), Says::Other, "{cell}");
        }
        for (text, want) in
            [("撤回 2026-03-20", Some("2026-03-20")), ("撤回（第3次会议）", None), ("撤回 2026", None), ("2026年3月撤回", None)]
        {
            assert_eq!(day_within(text).as_deref(), want, "{text}");
        }
    }
}
