//! The words of a station layer: who may use a station, and whether it works.

use serde::{Deserialize, Serialize};

/// Who may use a station.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum Access {
    /// Everyone.
    Public,
    /// A fleet, residents, customers only.
    Private,
    /// Not said.
    #[default]
    Unknown,
}

impl Access {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
            Self::Unknown => "unknown",
        }
    }

    /// From a word in English, Chinese, French or German; 是 and 否 answer 对外开放.
    pub fn from_word(word: &str) -> Option<Self> {
        among(ACCESS, word)
    }
}

/// Whether a station works.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub enum Status {
    /// In operation.
    Open,
    /// Not yet.
    Planned,
    /// No longer, or out of order.
    Closed,
    /// Not said.
    #[default]
    Unknown,
}

impl Status {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Planned => "planned",
            Self::Closed => "closed",
            Self::Unknown => "unknown",
        }
    }

    /// From a word in English, Chinese or German; `out_of_order` and `out-of-order` are `out of order`.
    pub fn from_word(word: &str) -> Option<Self> {
        among(STATUS, word).or_else(|| among(STATUS, &word.replace(['_', '-'], " ")))
    }
}

/// The words for each kind of access.
pub const ACCESS: &[(Access, &[&str])] = &[
    (
        Access::Public,
        &[
            "public",
            "yes",
            "permissive",
            "customers",
            "accès libre",
            "公共",
            "公用",
            "公共站",
            "公共充电站",
            "对外开放",
            "对外",
            "开放",
            "全开放",
            "完全开放",
            "公开",
            "是",
            "社会开放",
            "社会公用",
            "社会车辆",
            "全部车辆",
            "社会公共",
        ],
    ),
    (
        Access::Private,
        &[
            "private",
            "no",
            "dedicated",
            "restricted",
            "permit",
            "residents",
            "employees",
            "staff",
            "fleet",
            "accès réservé",
            "专用",
            "专用站",
            "私人",
            "自用",
            "个人",
            "内部",
            "内部使用",
            "内部专用",
            "内部站",
            "不开放",
            "不对外开放",
            "不对外",
            "非开放",
            "否",
            "员工专用",
            "公交专用",
            "物流专用",
            "出租车专用",
            "环卫专用",
            "网约车专用",
            "小区专用",
            "单位内部",
            "专用充电站",
        ],
    ),
    (Access::Unknown, &["unknown", "", "未知", "不详", "-", "—", "n/a", "na", "null"]),
];

/// The words for each status.
pub const STATUS: &[(Status, &[&str])] = &[
    (
        Status::Open,
        &[
            "open",
            "opened",
            "operational",
            "operating",
            "in operation",
            "in service",
            "active",
            "available",
            "in use",
            "in betrieb",
            "working",
            "functional",
            "functioning",
            "online",
            "needs maintenance",
            "partially operational",
            "partly operational",
            "运营",
            "运营中",
            "正常运营",
            "已运营",
            "在运营",
            "投运",
            "已投运",
            "在运",
            "投入运营",
            "正常",
            "正常使用",
            "使用中",
            "启用",
            "已启用",
            "已建成投运",
            "开放",
            "营业",
            "营业中",
            "试运营",
        ],
    ),
    (
        Status::Planned,
        &[
            "planned",
            "proposed",
            "construction",
            "under construction",
            "in construction",
            "coming soon",
            "in planung",
            "im bau",
            "not yet open",
            "not yet in service",
            "not yet operational",
            "in preparation",
            "规划",
            "规划中",
            "计划",
            "拟建",
            "待建",
            "筹建",
            "在建",
            "建设中",
            "施工中",
            "未投运",
            "待投运",
            "未运营",
            "已建未投运",
            "建成未投运",
        ],
    ),
    (
        Status::Closed,
        &[
            "closed",
            "disused",
            "abandoned",
            "removed",
            "out of order",
            "out of service",
            "decommissioned",
            "inactive",
            "retired",
            "temporarily closed",
            "suspended",
            "temporary closed",
            "closed temporarily",
            "permanently closed",
            "closed permanently",
            "shut down",
            "broken",
            "broken down",
            "defect",
            "defective",
            "damaged",
            "faulty",
            "destroyed",
            "vandalized",
            "vandalised",
            "dismantled",
            "demolished",
            "offline",
            "not working",
            "not operational",
            "non operational",
            "nonoperational",
            "non functional",
            "not in use",
            "not in service",
            "inoperative",
            "inoperable",
            "outoforder",
            "disabled",
            "deactivated",
            "unusable",
            "hors service",
            "in wartung",
            "außer betrieb",
            "停运",
            "已停运",
            "停止运营",
            "暂停运营",
            "停用",
            "已停用",
            "关闭",
            "已关闭",
            "关停",
            "拆除",
            "已拆除",
            "退运",
            "报废",
            "维护中",
            "维修",
            "故障",
            "检修",
            "注销",
            "废弃",
        ],
    ),
    (Status::Unknown, &["unknown", "", "未知", "不详", "-", "—", "n/a", "na", "null"]),
];

/// The value whose words have this one, without regard to case and full-width forms.
fn among<T: Copy>(table: &[(T, &[&str])], word: &str) -> Option<T> {
    let plain: String = word.trim().chars().map(half_width).flat_map(char::to_lowercase).collect();
    table.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(value, _)| *value)
}

/// A full-width form as the plain character.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_several_languages() {
        let access =
            ["对外开放", "内部使用", "是", "否", "Public", "accès libre", "ｐｕｂｌｉｃ", "whoever"].map(Access::from_word);
        let (public, private) = (Some(Access::Public), Some(Access::Private));
        assert_eq!(access, [public, private, public, private, public, public, public, None]);
        let status =
            ["运营", "运营中", "规划", "在建", "停运", "In Betrieb", "Außer Betrieb", "", "perhaps"].map(Status::from_word);
        let (open, planned, closed) = (Some(Status::Open), Some(Status::Planned), Some(Status::Closed));
        let scores = ["out_of_order", "Out-of-order", "temporarily_closed", "under_construction", "not_operational", "who_knows"];
        assert_eq!(scores.map(Status::from_word), [closed, closed, closed, planned, closed, None]);
        assert_eq!(status, [open, open, planned, planned, closed, open, closed, Some(Status::Unknown), None]);
    }

    #[test]
    fn no_word_means_two_things() {
        let once = |mut words: Vec<&str>| {
            let before = words.len();
            words.sort_unstable();
            words.dedup();
            before == words.len()
        };
        assert!(once(ACCESS.iter().flat_map(|(_, words)| *words).copied().collect()));
        assert!(once(STATUS.iter().flat_map(|(_, words)| *words).copied().collect()));
    }
}
