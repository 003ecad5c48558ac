//! Faults of the people in settlements: those that are not known, and those that count twice.

use super::{Fault, FaultCode};
use crate::files::lang::Both;

/// Settlements of a county of which nobody says how many people they have.
#[derive(Clone, Debug)]
pub struct UnknownPeople {
    /// Code of the county.
    pub code: String,
    /// How many, and of how many in the county.
    pub settlements: [usize; 2],
    /// A digest of which they are: others are another fault.
    pub digest: String,
}

/// Counties or settlements that are named in a sentence; all are in the facts.
const NAMED: usize = 20;

/// The first few of a list, and how many more there are.
pub(super) fn first_few(list: &[Both]) -> Both {
    let more = list.len().saturating_sub(NAMED);
    let shown = Both::join(&list[..list.len() - more], ["; ", "；"]);
    if more == 0 {
        return shown;
    }
    Both::new(
        format!("{}; and {more} more, which are among the facts in --json", shown.en),
        format!("{}；另有 {more} 个，见 --json 的 facts", shown.zh),
    )
}

impl Fault {
    /// Settlements of a file that have no people, in counties where others have; and those of it that were refused for having fewer than none, by id.
    pub fn people_not_known(file: &str, counties: &[UnknownPeople], refused: &[String]) -> Self {
        let one = |u: &UnknownPeople| {
            let [n, of] = u.settlements;
            let share = 100.0 * n as f64 / of.max(1) as f64;
            Both::new(format!("{} {n} of {of} ({share:.0} %)", u.code), format!("{} {of} 个中有 {n} 个（{share:.0}%）", u.code))
        };
        let less_than_none = |id: &String| {
            let en = format!("{id} refused, with fewer people than none");
            Both::new(en, format!("{id} 因人口为负数而被拒收"))
        };
        let list: Vec<Both> = counties.iter().map(one).chain(refused.iter().map(less_than_none)).collect();
        let (n, list) = (counties.iter().map(|u| u.settlements[0]).sum::<usize>() + refused.len(), first_few(&list));
        let what = Both::new(
            format!(
                "{n} settlements of {file} have no number of people, where others of their county have one, so that the share of people beyond the service distance is of those others alone; by county: {}",
                list.en
            ),
            format!(
                "{file} 中有 {n} 个居民点缺少人口数，而同县其他居民点有，因而服务距离外人口比例只由后者算出；各县：{}",
                list.zh
            ),
        );
        let next = Both::new(
            "write their people (0 means not known), or give the region a [population] raster; a settlement that is served and has no people raises the share of its county",
            "请填写其人口（0 表示不详），或为该地区给出 [population] 栅格；已获服务而缺少人口的居民点会抬高本县比例",
        );
        let of = |u: &UnknownPeople| [u.code.clone(), format!("{} of {}", u.settlements[0], u.settlements[1]), u.digest.clone()];
        let facts = counties.iter().flat_map(of).chain(refused.iter().cloned()).collect();
        Self::new(FaultCode::PeopleNotKnown, file, facts, what, next)
    }

    /// Settlements of a file that stand in their county twice: the code of it, the id, and the id of the other.
    pub fn settlement_twice(file: &str, pairs: &[[String; 3]]) -> Self {
        let one = |[code, id, twin]: &[String; 3]| {
            Both::new(format!("{id} and {twin} in county {code}"), format!("县 {code} 的 {id} 与 {twin}"))
        };
        let (n, list) = (pairs.len(), first_few(&pairs.iter().map(one).collect::<Vec<_>>()));
        let what = Both::new(
            format!(
                "{n} settlements of {file} stand within 50 m of another of the same name in the same county, and both count, with their people: {}",
                list.en
            ),
            format!("{file} 中有 {n} 个居民点与同县同名的另一居民点相距不足 50 米，两者及其人口均被计入：{}", list.zh),
        );
        let next = Both::new(
            "delete one of the two where they are the same; accepted, both count",
            "如为同一居民点，请删去其一；若予接受，两者均计入",
        );
        Self::new(FaultCode::SettlementTwice, file, pairs.iter().flatten().cloned().collect(), what, next)
    }
}
