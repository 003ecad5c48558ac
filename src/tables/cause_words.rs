//! What happened to a county, in a sentence of English and one of Chinese.

use crate::config::programme_table::ProgrammeTable;
use crate::files::lang::Both;
use crate::results::causes::{Cause, Causes, CountyCauses, StationChange, StationFate};
use crate::results::money::{written, written_change};
use crate::results::split::Parts;
use std::collections::{BTreeMap, BTreeSet};

/// Stations named in a sentence.
const NAMED: usize = 4;

/// The sentence: money first, then the place and what moved it, then faults that somebody accepted.
pub fn sentence(all: &Causes, c: &CountyCauses) -> Both {
    let there = c.ends().map(|end| end.is_some());
    let accepted = all.accepted.bearing_on(&c.code, there).into_iter().map(|i| all.accepted.all[i].said());
    let joined = c.joined.then(|| {
        Both::new(
            "it is several counties of the old round, the first of which stands for all",
            "它由上一轮多个县合并而成，以其中名次最前者代表",
        )
    });
    let parts: Vec<Both> = money(c).into_iter().chain(joined).chain([place(all, c)]).chain(accepted).collect();
    Both::join(&parts, ["; ", "；"])
}

/// What became of its money; none where nothing did.
fn money(c: &CountyCauses) -> Option<Both> {
    let m = c.money();
    if !m.differs() {
        return None;
    }
    let [en, zh] = m.funding().words();
    if m.unknown() {
        return Some(Both::new(en, zh));
    }
    let change = m.change().map_or(String::new(), |by| format!(" ({})", written_change(by)));
    let [old, new] = m.amounts().map(|v| v.map_or_else(String::new, |v| written(v as i64)));
    Some(Both::new(format!("{en}, {old} -> {new}{change}"), format!("{zh}，{old} -> {new}{change}")))
}

fn place(all: &Causes, c: &CountyCauses) -> Both {
    // what the list has to do with it, where it is not in both rankings
    let own = all.list.as_ref().and_then(|l| l.of_county(&c.code));
    let given = given(all, c);
    let by_list = |text: [&str; 2]| {
        let said: Vec<Both> = own.or_else(|| list_of(all, c)).into_iter().chain(given.clone()).collect();
        let why = Both::join(&said, ["; ", "；"]);
        if said.is_empty() {
            return Both::from(text);
        }
        Both::new(format!("{}: {}", text[0], why.en), format!("{}：{}", text[1], why.zh))
    };
    let (old, new) = match c.ends() {
        [None, _] => return by_list(["it did not take part in the old round", "上一轮未参评"]),
        [_, None] => return by_list(["it does not take part any more", "本轮不再参评"]),
        [Some(old), Some(new)] => (old, new),
    };
    let (Some(before), Some(now)) = (old.rank, new.rank) else {
        return by_list(if new.rank.is_some() { ["newly ranked", "新有名次"] } else { ["not ranked", "无名次"] });
    };
    let head = match before.cmp(&now) {
        // who lost or gained money has not stayed, whatever its place
        std::cmp::Ordering::Equal if c.money().differs() => {
            Both::new(format!("in place {now} as before"), format!("名次仍为第 {now} 名"))
        }
        std::cmp::Ordering::Equal => Both::new(format!("stays {now}"), format!("保持第 {now} 名")),
        std::cmp::Ordering::Greater => {
            Both::new(format!("up from {before} to {now}"), format!("由第 {before} 名升至第 {now} 名"))
        }
        std::cmp::Ordering::Less => Both::new(format!("down from {before} to {now}"), format!("由第 {before} 名降至第 {now} 名")),
    };
    let mut parts: Vec<Both> = Vec::new();
    for cause in Cause::ALL {
        let (places, points) = (c.moved_by(cause).unwrap_or(0), c.points_by(cause).unwrap_or(0.0));
        if places == 0 && points.abs() < 5e-4 {
            continue;
        }
        let stations = if cause == Cause::Stations { named(all, c) } else { Both::default() };
        let moved = match places {
            0 => Both::new("no place", "名次不变"),
            n if n < 0 => Both::new(format!("{} up", -n), format!("上升 {} 位", -n)),
            n => Both::new(format!("{n} down"), format!("下降 {n} 位")),
        };
        parts.push(Both::new(
            format!("{} {}, {points:+.2} points{}", cause.as_str(), moved.en, stations.en),
            format!("{} {}，得分{points:+.2}{}", cause.zh(), moved.zh, stations.zh),
        ));
    }
    parts.extend(split(c));
    if let Some(cause) = c.selected_by() {
        let now = if new.selected { ["selected now", "现入选"] } else { ["not selected any more", "现落选"] };
        parts.push(Both::new(format!("{}, by {}", now[0], cause.as_str()), format!("{}（{}所致）", now[1], cause.zh())));
    }
    parts.extend(list_of(all, c));
    parts.extend(given);
    if parts.is_empty() {
        return head;
    }
    let parts = Both::join(&parts, ["; ", "；"]);
    Both::new(format!("{}: {}", head.en, parts.en), format!("{}：{}", head.zh, parts.zh))
}

/// Figures and facts of the county that are given otherwise for programmes: a gate that is met by now, or no more, excludes or lets in.
fn given(all: &Causes, c: &CountyCauses) -> Vec<Both> {
    let [before, after] = &all.programmes;
    let (old, new) = (&before.table, &after.table);
    let was = c.old_code.as_deref().unwrap_or(&c.code);
    let applies = before.applicants.contains(was) || after.applicants.contains(&c.code);
    let applied_for = [before, after].map(|side| side.applied_for.as_deref());
    let other = other_programme(applied_for).filter(|_| applies);
    if other.is_some() && applied_for.contains(&None) {
        // what was given for a programme that is there no more, or was not there yet, is told by that
        return other.into_iter().collect();
    }
    let number = |v: f64| Both::same(v.to_string());
    let so = |v: bool| Both::from(if v { ["yes", "是"] } else { ["no", "否"] });
    let names =
        |pick: fn(&ProgrammeTable) -> BTreeSet<&String>| -> BTreeSet<&String> { pick(old).union(&pick(new)).copied().collect() };
    let figures = names(|t| t.figures.values().flat_map(BTreeMap::keys).collect()).into_iter().map(|name| {
        let values = [old.figure(was, name), new.figure(&c.code, name)].map(|v| v.map(number));
        ("figures", name, values)
    });
    let facts = names(|t| t.facts.values().flat_map(BTreeMap::keys).collect()).into_iter().map(|name| {
        let values = [old.fact(was, name), new.fact(&c.code, name)].map(|v| v.map(so));
        ("facts", name, values)
    });
    let changed = figures.chain(facts).filter(|(_, _, [was, now])| was != now);
    let words = |v: Option<Both>| v.unwrap_or_else(|| Both::new("not given", "未提供"));
    let one = |(list, name, values): (&str, &String, [Option<Both>; 2])| {
        let [was, now] = values.map(words);
        let key = format!("[programme.{list}] {name}");
        Both::new(format!("{key}: {} -> {}", was.en, now.en), format!("{key}：{} -> {}", was.zh, now.zh))
    };
    other.into_iter().chain(changed.map(one)).collect()
}

/// That another programme is applied for.
fn other_programme([old, new]: [Option<&str>; 2]) -> Option<Both> {
    if old == new {
        return None;
    }
    let [en, zh] = ["none", "无"].map(|none| [old.unwrap_or(none), new.unwrap_or(none)]);
    Some(Both::new(
        format!("the programme that is applied for: {} -> {}", en[0], en[1]),
        format!("申报项目：{} -> {}", zh[0], zh[1]),
    ))
}

/// Who came to the list and who left it, where the rules of selection, of which the list is one, did anything to a county.
fn list_of(all: &Causes, c: &CountyCauses) -> Option<Both> {
    let (list, of) = (all.list.as_ref()?, Cause::Selection);
    let points = c.points_by(of).is_some_and(|p| p.abs() >= 5e-4);
    let moved = c.moved_by(of).is_some_and(|n| n != 0) || c.money_by(of).is_some_and(|m| m != 0);
    let said = list.short();
    (points || moved || c.selected_by() == Some(of))
        .then(|| Both::new(format!("the list of who applies: {}", said.en), format!("申报名单：{}", said.zh)))
}

/// What of it came from its own figures, from the scale and from others; none where nothing did.
fn split(c: &CountyCauses) -> Option<Both> {
    let p = c.parts().filter(|p| *p != Parts::default())?;
    let (points, places) = ([p.own_points, p.scale_points], [p.own_places, p.scale_places, p.others_places]);
    let [a, b] = points.map(|v| if v.abs() < 5e-4 { "0".to_owned() } else { format!("{v:+.2}") });
    let [x, y, z] = places.map(|n| if n == 0 { "0".to_owned() } else { format!("{n:+}") });
    Some(Both::new(
        format!("of the points own figures {a}, the scale {b}; of the places own figures {x}, the scale {y}, others {z}"),
        format!("其中得分：本县数据 {a}、标尺变动 {b}；名次：本县数据 {x}、标尺变动 {y}、他县变动 {z}"),
    ))
}

/// Name of a station, or its id where it has none.
pub fn name_of(s: &StationChange) -> &str {
    if s.station.name.is_empty() { &s.station.id } else { &s.station.name }
}

/// Stations that changed the county's own figures: its own, and those across its border that reach its settlements.
fn named(all: &Causes, c: &CountyCauses) -> Both {
    if !all.touched.contains(&c.code) {
        return Both::new(
            "; its own figures did not change: other counties' did, and scores are held against each other",
            "；本县数据未变：系他县数据变化使得分重新折算所致",
        );
    }
    let own = |s: &&StationChange| s.county.as_ref() == Some(&c.code);
    let across = |s: &&StationChange| !own(s) && s.gained_in.contains_key(&c.code);
    let here = listed(all.stations.iter().filter(own), &c.code, ["", ""]);
    let beyond = listed(all.stations.iter().filter(across), &c.code, [" across its border", "（县外）"]);
    let both = Both::join([&here, &beyond], ["", ""]);
    if both.en.is_empty() {
        return Both::new(
            "; stations across its border changed its figures, and other counties' changed as well",
            "；县外站点改变了本县数据，他县数据亦有变化",
        );
    }
    both
}

/// Stations by what became of them.
fn listed<'s>(stations: impl Iterator<Item = &'s StationChange> + Clone, code: &str, across: [&str; 2]) -> Both {
    let mut out = Both::default();
    let kinds = [
        (StationFate::Opened, "opened", "新增"),
        (StationFate::Closed, "closed", "减少"),
        (StationFate::Changed, "changed", "变更"),
    ];
    for (change, en, zh) in kinds {
        let here: Vec<&StationChange> = stations.clone().filter(|s| s.change == change).collect();
        if here.is_empty() {
            continue;
        }
        let names: Vec<&str> = here.iter().take(NAMED).map(|s| name_of(s)).collect();
        let more = here.len() - names.len();
        let rest =
            if more > 0 { Both::new(format!(" and {more} more"), format!("等共 {} 座", here.len())) } else { Both::default() };
        let people: u64 = here.iter().filter_map(|s| s.gained_in.get(code)).map(|g| g[1]).sum();
        let gained = if people > 0 {
            Both::new(format!(" ({people} of its people gained)"), format!("（本县新增覆盖 {people} 人）"))
        } else {
            Both::default()
        };
        out.en += &format!("; {en}{}: {}{}{}", across[0], names.join(", "), rest.en, gained.en);
        out.zh += &format!("；{zh}{}：{}{}{}", across[1], names.join("、"), rest.zh, gained.zh);
    }
    out
}
