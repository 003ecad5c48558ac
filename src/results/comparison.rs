//! What differs between two finished folders: settings, inputs, and of every county its money and its place.

use super::accepted::AcceptedFaults;
use super::applied::ListChange;
use super::hand_funded::HandFundedTold;
use super::money::{MoneyChange, MoneyTotals};
use crate::files::lang::Both;

/// What differs between an old and a new folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Settings that differ, by key.
    pub settings: Vec<SettingChange>,
    /// Inputs that differ, by role and path.
    pub inputs: Vec<InputChange>,
    /// Who came to the list of applicants and who left it, of two rounds that tell it.
    pub list: Option<ListChange>,
    /// Faults that somebody answered for in one of two rounds.
    pub accepted: AcceptedFaults,
    /// Counties of the old folder that are one in the new by its crosswalk: a sentence for each such county.
    pub joined: Vec<Both>,
    /// Counties that a round funds by hand although they do not meet a gate, that cannot be told, or they are not ranked.
    pub funded_though: Vec<HandFundedTold>,
    /// Money in all, of two rounds.
    pub money: Option<MoneyTotals>,
    /// Every county of either folder: those with other funding first, by the size of the change; then those that came or went, then by
    /// how far the rank moved, then by code.
    pub counties: Vec<CountyChange>,
}

impl Comparison {
    /// Counties of which anything differs.
    pub fn changed(&self) -> impl Iterator<Item = &CountyChange> {
        self.counties.iter().filter(|c| c.differs())
    }

    /// Whether nothing differs.
    pub fn is_nothing(&self) -> bool {
        self.settings.is_empty()
            && self.inputs.is_empty()
            && self.list.is_none()
            && self.accepted.all.is_empty()
            && self.changed().next().is_none()
    }
}

/// A setting that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// Its key, from `criteria` or `rank`.
    pub key: String,
    /// As it was, as JSON; none where it was not set.
    pub old: Option<String>,
    /// As it is.
    pub new: Option<String>,
}

/// An input that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputChange {
    /// What it supplied.
    pub role: String,
    /// Its path, as in the region file.
    pub path: String,
    /// SHA-256 as it was; none where it was not read.
    pub old: Option<String>,
    /// SHA-256 as it is.
    pub new: Option<String>,
}

/// What became of a county.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CountyFate {
    /// It is in the new folder only.
    OnlyInNew,
    /// It is in the old folder only.
    OnlyInOld,
    /// It was not ranked, and is.
    NewlyRanked,
    /// It was ranked, and is not.
    NoLongerRanked,
    /// It is ranked in both, in another place.
    Moved,
    /// It is several counties of the old folder, by the crosswalk of the new.
    Joined,
    /// It is in the same place, or ranked in neither, and gets other funding.
    OtherFunding,
    /// It is in the same place, or ranked in neither, with the same funding.
    Stayed,
}

impl CountyFate {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnlyInNew => "only_in_new",
            Self::OnlyInOld => "only_in_old",
            Self::NewlyRanked => "newly_ranked",
            Self::NoLongerRanked => "no_longer_ranked",
            Self::Moved => "moved",
            Self::Joined => "joined",
            Self::OtherFunding => "other_funding",
            Self::Stayed => "stayed",
        }
    }
}

/// A county in both rankings.
#[derive(Clone, Debug, PartialEq)]
pub struct CountyChange {
    /// Code, the new one where it changed.
    pub code: String,
    /// Code in the old folder, where it is another.
    pub old_code: Option<String>,
    /// Name, of the new folder where it is in that.
    pub name: String,
    /// Chinese name, may be empty.
    pub name_zh: String,
    /// What became of it.
    pub status: CountyFate,
    /// Its money, of two rounds.
    pub money: Option<MoneyChange>,
    /// Place, old and new.
    pub rank: [Option<u64>; 2],
    /// Score, old and new.
    pub score: [Option<f64>; 2],
    /// The indicator whose points changed most, and by how much; none where no points changed. Ties go to the first by name.
    pub most: Option<(String, f64)>,
    /// Accepted faults that bear on it, by number in the comparison's.
    pub accepted: Vec<usize>,
    /// The same in words, for a cell.
    pub accepted_words: String,
    /// What stands against it where it is funded by hand; empty where nothing does.
    pub funded_though: Both,
    /// Line, old and new band, of the lines of both folders where the band differs.
    pub bands: Vec<(String, String, String)>,
}

impl CountyChange {
    /// Places down (+) or up (−), where it is ranked in both.
    pub fn rank_change(&self) -> Option<i64> {
        let [old, new] = self.rank;
        old.zip(new).map(|(old, new)| new as i64 - old as i64)
    }

    /// Whether anything differs.
    pub fn differs(&self) -> bool {
        self.status != CountyFate::Stayed || self.score[0] != self.score[1] || self.most.is_some() || !self.bands.is_empty()
    }
}
