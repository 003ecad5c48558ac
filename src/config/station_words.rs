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

    /// From a word in English or Chinese.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "public" | "yes" | "permissive" | "customers" | "公共" | "公用" | "对外开放" => Self::Public,
            "private" | "no" | "dedicated" | "restricted" | "permit" | "residents" | "专用" | "私人" => Self::Private,
            "unknown" | "" => Self::Unknown,
            _ => return None,
        })
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

    /// From a word in English or Chinese.
    pub fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "open" | "operational" | "in operation" | "active" | "运营" | "投运" | "在运" => Self::Open,
            "planned" | "proposed" | "construction" | "under construction" | "规划" | "在建" => Self::Planned,
            "closed" | "disused" | "abandoned" | "removed" | "out of order" | "停运" | "关闭" => Self::Closed,
            "unknown" | "" => Self::Unknown,
            _ => return None,
        })
    }
}
