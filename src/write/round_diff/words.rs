//! What happened to a county, in a sentence of English and one of Chinese.

use crate::round::causes::{Cause, Causes, CountyCauses};
use crate::round::stations::{Change, StationChange};

/// Stations named in a sentence.
const NAMED: usize = 4;

/// The sentence.
pub fn sentence(all: &Causes, c: &CountyCauses) -> [String; 2] {
    let (old, new) = match c.ends() {
        [None, _] => return ["it did not take part in the old round".to_owned(), "上一轮未参评".to_owned()],
        [_, None] => return ["it does not take part any more".to_owned(), "本轮不再参评".to_owned()],
        [Some(old), Some(new)] => (old, new),
    };
    let (Some(before), Some(now)) = (old.rank, new.rank) else {
        let text = if new.rank.is_some() { ["newly ranked", "新有名次"] } else { ["not ranked", "无名次"] };
        return text.map(str::to_owned);
    };
    let head = match before.cmp(&now) {
        std::cmp::Ordering::Equal => [format!("stays {now}"), format!("保持第 {now} 名")],
        std::cmp::Ordering::Greater => [format!("up from {before} to {now}"), format!("由第 {before} 名升至第 {now} 名")],
        std::cmp::Ordering::Less => [format!("down from {before} to {now}"), format!("由第 {before} 名降至第 {now} 名")],
    };
    let mut parts = [Vec::new(), Vec::new()];
    for cause in Cause::ALL {
        let (places, points) = (c.moved_by(cause).unwrap_or(0), c.points_by(cause).unwrap_or(0.0));
        if places == 0 && points.abs() < 5e-4 {
            continue;
        }
        let stations = if cause == Cause::Stations { named(all, c) } else { [String::new(), String::new()] };
        parts[0].push(format!("{} {places:+} places, {points:+.2} points{}", cause.as_str(), stations[0]));
        parts[1].push(format!("{} 名次{places:+}，得分{points:+.2}{}", cause.zh(), stations[1]));
    }
    let [en, zh] = head;
    if parts[0].is_empty() {
        return [en, zh];
    }
    [format!("{en}: {}", parts[0].join("; ")), format!("{zh}：{}", parts[1].join("；"))]
}

/// Name of a station, or its id where it has none.
pub fn name_of(s: &StationChange) -> &str {
    if s.station.name.is_empty() { &s.station.id } else { &s.station.name }
}

/// Stations that bear on the county: its own, else those across its border; those first that did most.
fn named(all: &Causes, c: &CountyCauses) -> [String; 2] {
    let own = |s: &&StationChange| s.county.as_ref() == Some(&c.code);
    let bears = |s: &&StationChange| s.bears_on.contains(&c.code);
    if all.stations.iter().any(|s| own(&s)) {
        return listed(all.stations.iter().filter(own), ["", ""]);
    }
    if all.stations.iter().any(|s| bears(&s)) {
        return listed(all.stations.iter().filter(bears), [" across its border", "（县外）"]);
    }
    ["; no station near it changed: other counties' scores did".to_owned(), "；周边站点无变化：系他县得分变化所致".to_owned()]
}

/// Stations by what became of them.
fn listed<'s>(stations: impl Iterator<Item = &'s StationChange> + Clone, across: [&str; 2]) -> [String; 2] {
    let mut out = [String::new(), String::new()];
    let kinds = [(Change::Opened, "opened", "新增"), (Change::Closed, "closed", "减少"), (Change::Changed, "changed", "变更")];
    for (change, en, zh) in kinds {
        let here: Vec<&StationChange> = stations.clone().filter(|s| s.change == change).collect();
        if here.is_empty() {
            continue;
        }
        let names: Vec<&str> = here.iter().take(NAMED).map(|s| name_of(s)).collect();
        let more = here.len() - names.len();
        let rest =
            if more > 0 { [format!(" and {more} more"), format!("等共 {} 座", here.len())] } else { Default::default() };
        let people: u64 = here.iter().map(|s| s.gained[1]).sum();
        let gained = if people > 0 {
            [format!(" ({people} people gained)"), format!("（新增覆盖 {people} 人）")]
        } else {
            Default::default()
        };
        out[0] += &format!("; {en}{}: {}{}{}", across[0], names.join(", "), rest[0], gained[0]);
        out[1] += &format!("；{zh}{}：{}{}{}", across[1], names.join("、"), rest[1], gained[1]);
    }
    out
}
