//! What a cell says of an application: that it stands, that it was withdrawn, or neither. Money goes by it: what may be either is never
//! guessed at, and the reader of the register refuses it.

use super::date::day;

/// Words of withdrawal; each says it alone, and with `已` before it or `申报` behind it.
const ACTS: [&str; 7] = ["撤回", "撤销", "撤件", "退出", "放弃", "取消", "弃权"];
/// The same in English, as words begin.
const ACTS_EN: [&str; 5] = ["withdr", "retract", "rescind", "cancelled", "canceled"];
/// Words that end an application otherwise, or say that it does not stand; whether it was withdrawn, a column of withdrawals has to say.
const ENDS: [&str; 44] = [
    "终止",
    "中止",
    "暂停",
    "作废",
    "不予受理",
    "不受理",
    "注销",
    "无效",
    "失效",
    "不再",
    "驳回",
    "不通过",
    "未通过",
    "不合格",
    "不有效",
    "不继续",
    "不参评",
    "不予",
    "不推荐",
    "未推荐",
    "不同意",
    "退回",
    "不过",
    "未过",
    "未入选",
    "淘汰",
    "terminated",
    "void",
    "dropped out",
    "not accepted",
    "no longer",
    "inactive",
    "invalid",
    "not valid",
    "not active",
    "suspended",
    "discontinued",
    "expired",
    "lapsed",
    "revoked",
    "disqualified",
    "rejected",
    "refused",
    "denied",
];
/// What says that an application stands no more in other words than those of withdrawal.
const NO_MORE: [&str; 11] = [
    "不再申报",
    "不再参加",
    "不再参评",
    "不再参与",
    "不再继续申报",
    "不继续申报",
    "停止申报",
    "no longer applying",
    "no longer applies",
    "not applying any more",
    "does not apply any more",
];
/// What a withdrawal by the office is said with, behind the word: that takes something else away than the application.
const OTHER_THINGS: [&str; 5] = ["资格", "立项", "批复", "处分", "名额"];
/// Behind a withdrawal, that it did not come about. Of one that is said to be done (已撤回) it is a reason.
const FAILED: [&str; 22] = [
    "驳回",
    "未获批",
    "未批准",
    "未通过",
    "不同意",
    "未同意",
    "不予批准",
    "不批准",
    "未受理",
    "待审",
    "待批",
    "待定",
    "审核中",
    "审批中",
    "未生效",
    "reject",
    "pending",
    "not approved",
    "not accepted",
    "not granted",
    "to be confirmed",
    "awaiting",
];
/// Behind a withdrawal, that it was taken back.
const TAKEN_BACK: [&str; 18] = [
    "恢复",
    "重新申报",
    "重新提交",
    "重新申请",
    "又申报",
    "再次申报",
    "再申报",
    "继续申报",
    "reinstat",
    "resubmi",
    "re-submi",
    "reappl",
    "re-appl",
    "restored",
    "reactivat",
    "resumed",
    "reopened",
    "again",
];
/// A later round that it may be meant for.
const LATER: [&str; 9] = ["明年", "来年", "次年", "下年", "下一年", "下批", "下一批", "next year", "next round"];
/// Words of a cell that say no.
pub const NO: [&str; 12] = ["no", "n", "false", "f", "0", "-", "–", "—", "否", "无", "×", "✗"];
/// Words of a cell that say yes.
pub const YES: [&str; 8] = ["yes", "y", "true", "t", "1", "是", "√", "✓"];
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

/// Cells of a review that the application passed; without blanks.
const PASSES: [&str; 20] = [
    "通过",
    "已通过",
    "审核通过",
    "审查通过",
    "初审通过",
    "评审通过",
    "同意",
    "同意推荐",
    "同意申报",
    "推荐",
    "予以推荐",
    "推荐申报",
    "合格",
    "符合条件",
    "已审核",
    "approved",
    "accepted",
    "recommended",
    "passed",
    "ok",
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
        () if begins_with_it(joined).is_some_and(stays) => Says::Withdrawn,
        () if ENDS.iter().chain(&ACTS).chain(&ACTS_EN).any(|word| joined.contains(word)) => Says::Doubtful,
        () => Says::Other,
    }
}

/// Whether a cell of a review says that the application passed it, and nothing else. In a cell of withdrawals it would say that of the withdrawal.
pub fn passes(cell: &str) -> bool {
    let tight: String = plain(cell).chars().filter(|c| !c.is_whitespace()).collect();
    PASSES.contains(&tight.as_str())
}

/// Whether a word of withdrawal stands anywhere in a cell of something else, such as a name or a day.
pub fn mentions_it(cell: &str) -> bool {
    let plain = plain(cell);
    let tight: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
    let word = |word: &str| ACTS_EN.iter().any(|act| word.starts_with(act));
    !denies(&plain, &tight)
        && (ACTS.iter().chain(&NO_MORE).any(|act| tight.contains(act))
            || plain.split(|c: char| !c.is_ascii_alphabetic()).any(word))
}

/// Yes or no, where a cell says one of them and nothing else.
pub fn yes_or_no(cell: &str) -> Option<bool> {
    let word = plain(cell);
    let is = |words: &[&str]| words.contains(&word.as_str());
    if is(&YES) { Some(true) } else { is(&NO).then_some(false) }
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

/// What stands behind a word of withdrawal that a text begins with, and whether the word is said to be done; a day may stand before it. None
/// where it begins with none, where there is doubt in the same clause, or where it takes something else away.
fn begins_with_it(text: &str) -> Option<(&str, bool)> {
    if let Some(behind) = NO_MORE.iter().find_map(|words| text.strip_prefix(words)) {
        return Some((behind, true));
    }
    let (mut rest, mut done) = (text, false);
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "-/.:年月日号时 ".contains(c));
        let Some((word, after)) = BEFORE.iter().find_map(|word| Some((word, rest.strip_prefix(word)?))) else { break };
        done |= word.contains('已') || ["has ", "was ", "been "].contains(word);
        rest = after;
    }
    let end = rest.find(|c: char| "，,：:；;（()）。、-–—并和及且".contains(c)).unwrap_or(rest.len());
    let clause = &rest[..end];
    let acts = || ACTS.iter().chain(&ACTS_EN);
    let word = acts().find(|word| clause.starts_with(**word))?;
    let more = &clause[word.len()..];
    let other = OTHER_THINGS.iter().any(|thing| more.contains(thing)) || acts().any(|word| more.contains(word));
    let ending = rest[word.len()..].trim_start_matches(|c: char| c.is_ascii_alphabetic()); // withdrawn, withdrawal
    (!other && !doubts(clause)).then_some((ending, done))
}

/// Whether what stands behind a word of withdrawal leaves it as it is.
fn stays((behind, done): (&str, bool)) -> bool {
    let signs = |c: char| !c.is_alphanumeric();
    let failed = |text: &str| FAILED.iter().any(|word| text.contains(word));
    let clauses = || behind.split(|c: char| "，,：:；;（()）。".contains(c));
    let taken_back = |clause: &str| {
        let later = LATER.iter().any(|word| clause.contains(word));
        !later && TAKEN_BACK.iter().any(|word| clause.match_indices(word).any(|(at, _)| !is_denied(&clause[..at])))
    };
    yes_or_no(behind.trim_matches(signs)) != Some(false) && (done || !failed(behind)) && !clauses().any(taken_back)
}

/// Whether what stands before a word denies it: `不可`, `不再`, `无法`.
fn is_denied(before: &str) -> bool {
    before.chars().rev().take(3).any(|c| "不未无没难".contains(c))
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
            "已于2026年3月20日撤回",
            "不再申报：资金不足",
            "已撤回（用地未获批准）",
            "撤回，明年再申报",
            "撤回并退出",
            "已撤回，不再继续申报",
            "no longer applying",
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
            "撤回：否",
            "撤回（无）",
            "withdrawn: no",
            "取消撤回",
            "撤销撤回申请",
            "withdrawal cancelled",
            "取消资格",
            "撤回（未获批准）",
            "withdrawn, rejected by the ministry",
            "撤回申请，审核中",
            "已撤回，后恢复申报",
            "已撤回，又重新提交",
            "withdrawn, then reinstated",
            "withdrawn and applied again",
            "无效",
            "inactive",
            "审核不通过",
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
