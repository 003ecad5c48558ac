//! What happened to a county, in a sentence of English and one of Chinese.

use crate::results::causes::{Cause, Causes, Change, CountyCauses, StationChange};

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
        let [moved, moved_zh] = match places {
            0 => ["no place".to_owned(), "名次不变".to_owned()],
            n if n < 0 => [format!("{} up", -n), format!("上升 {} 位", -n)],
            n => [format!("{n} down"), format!("下降 {n} 位")],
        };
        parts[0].push(format!("{} {moved}, {points:+.2} points{}", cause.as_str(), stations[0]));
        parts[1].push(format!("{} {moved_zh}，得分{points:+.2}{}", cause.zh(), stations[1]));
    }
    if let Some(cause) = c.selected_by() {
        let now = if new.selected { ["selected now", "现入选"] } else { ["not selected any more", "现落选"] };
        parts[0].push(format!("{}, by {}", now[0], cause.as_str()));
        parts[1].push(format!("{}（{}所致）", now[1], cause.zh()));
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

/// Stations that changed the county's own figures: its own, and those across its border that reach its settlements.
fn named(all: &Causes, c: &CountyCauses) -> [String; 2] {
    if !all.touched.contains(&c.code) {
        return [
            "; its own figures did not change: other counties' did, and scores are held against each other".to_owned(),
            "；本县数据未变：系他县数据变化使得分重新折算所致".to_owned(),
        ];
    }
    let own = |s: &&StationChange| s.county.as_ref() == Some(&c.code);
    let across = |s: &&StationChange| !own(s) && s.gained_in.contains_key(&c.code);
    let [mut en, mut zh] = listed(all.stations.iter().filter(own), &c.code, ["", ""]);
    let [more, more_zh] = listed(all.stations.iter().filter(across), &c.code, [" across its border", "（县外）"]);
    en += &more;
    zh += &more_zh;
    if en.is_empty() {
        return [
            "; stations across its border changed its figures, and other counties' changed as well".to_owned(),
            "；县外站点改变了本县数据，他县数据亦有变化".to_owned(),
        ];
    }
    [en, zh]
}

/// Stations by what became of them.
fn listed<'s>(stations: impl Iterator<Item = &'s StationChange> + Clone, code: &str, across: [&str; 2]) -> [String; 2] {
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
        let people: u64 = here.iter().filter_map(|s| s.gained_in.get(code)).map(|g| g[1]).sum();
        let gained = if people > 0 {
            [format!(" ({people} of its people gained)"), format!("（本县新增覆盖 {people} 人）")]
        } else {
            Default::default()
        };
        out[0] += &format!("; {en}{}: {}{}{}", across[0], names.join(", "), rest[0], gained[0]);
        out[1] += &format!("；{zh}{}：{}{}{}", across[1], names.join("、"), rest[1], gained[1]);
    }
    out
}
