//! Faults of days that cannot be held against the day of the round, of stations that open after it, and of regions that do not read by one rule.

use super::{Fault, FaultCode};
use crate::files::lang::Both;

/// Records that are named in a sentence; all are in the facts.
const NAMED: usize = 10;

/// The first few, in English and Chinese.
fn shown(list: &[[String; 2]]) -> [String; 2] {
    let one = |[who, says]: &[String; 2]| format!("{who} \"{says}\"");
    let first: Vec<String> = list.iter().take(NAMED).map(one).collect();
    let more = list.len().saturating_sub(NAMED);
    let [en, zh] = if more > 0 { [format!(", and {more} more"), format!("，另有 {more} 个")] } else { Default::default() };
    [first.join(", ") + &en, first.join("，") + &zh]
}

/// The day of the round, and all that is held against it.
fn facts(date: &str, list: &[[String; 2]]) -> Vec<String> {
    std::iter::once(date.to_owned()).chain(list.iter().flatten().cloned()).collect()
}

impl Fault {
    /// Days of a file that are none, where the round has one: who or which station it is, and what is written.
    pub fn day_not_read(file: &str, date: &str, list: &[[String; 2]]) -> Self {
        let (n, [en, zh]) = (list.len(), shown(list));
        let what = Both::new(
            format!(
                "{n} days of {file} cannot be read, so that nobody can tell whether they are before the day of the round, {date}: {en}"
            ),
            format!("{file} 中有 {n} 个日期无法识别，因而无从判断是否早于本轮日期 {date}：{zh}"),
        );
        let next = Both::new(
            "write the day as 2026-03-05, or leave the cell empty where it is not known",
            "请将日期写作 2026-03-05；不详的请留空",
        );
        Self::new(FaultCode::DayNotRead, file, facts(date, list), what, next)
    }

    /// Stations of a file that serve and open after the day of the round: the id, and the day as it is written.
    pub fn station_opens_later(file: &str, date: &str, list: &[[String; 2]]) -> Self {
        let (n, [en, zh]) = (list.len(), shown(list));
        let what = Both::new(
            format!("{n} stations of {file} open after the day of the round, {date}, and count as serving: {en}"),
            format!("{file} 中有 {n} 个站点的投运日期晚于本轮日期 {date}，却仍计为已服务：{zh}"),
        );
        let next = Both::new(
            "correct the day or the status, or leave them out with [stations] opened_by in every region; accepted, they count",
            "请更正日期或状态，或在各地区用 [stations] opened_by 将其排除；若予接受，则计入",
        );
        Self::new(FaultCode::StationOpensLater, file, facts(date, list), what, next)
    }

    /// A setting of the regions that decides what counts, and is not the same in all: each region with its own.
    pub fn regions_differ(key: &str, list: &[[String; 2]]) -> Self {
        let [en, zh] = shown(list);
        let what = Both::new(
            format!("{key} is not the same in all regions, so that counties are not held against one rule: {en}"),
            format!("各地区的 {key} 不一致，各县因而未按同一规则衡量：{zh}"),
        );
        let next = Both::new(
            "write the same in every region; accepted, each region is read by its own",
            "请在各地区写成一致；若予接受，则各按其自身设定读取",
        );
        Self::new(FaultCode::RegionsDiffer, key, list.iter().flatten().cloned().collect(), what, next)
    }
}
