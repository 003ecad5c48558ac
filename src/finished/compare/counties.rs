//! The counties of two rankings, side by side: money, place, score, what moved the score most, and the bands at the lines.

use crate::error::Result;
use crate::files::lang::Both;
use crate::finished::Finished;
use crate::rank::select::{self, Why};
use crate::results::accepted::AcceptedFaults;
use crate::results::comparison::{CountyChange, CountyFate};
use crate::results::money::{Grant, MoneyChange, written};
use crate::tables::selection;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// A county in one ranking.
#[derive(Clone, Debug, Default)]
struct Stand {
    name: String,
    name_zh: String,
    rank: Option<u64>,
    score: Option<f64>,
    points: BTreeMap<String, f64>,
    bands: BTreeMap<String, String>,
    grant: Grant,
    /// Its code, where it has another by now.
    old_code: Option<String>,
}

/// Every county of either folder, in the order of a [`super::Comparison`], and a sentence for each that is several counties of the old one.
pub fn counties(old: &Finished, new: &Finished, accepted: &AcceptedFaults) -> Result<(Vec<CountyChange>, Vec<Both>)> {
    let rounds = old.holds(selection::FILE) && new.holds(selection::FILE);
    let same_money = rounds.then(|| currency(old) == currency(new));
    let ((old, joined), new) = (recoded(stands(old)?, new), stands(new)?);
    let codes: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let sides = |code: &String| [old.get(code), new.get(code)];
    let mut all: Vec<CountyChange> =
        codes.into_iter().map(|code| change(code, sides(code), (same_money, joined.contains_key(code)))).collect();
    for c in &mut all {
        // a place and a sum of several are not one that stayed
        if joined.contains_key(&c.code) && !matches!(c.status, CountyFate::OnlyInOld | CountyFate::NoLongerRanked) {
            c.status = CountyFate::Joined;
        }
        c.accepted = accepted.bearing_on(&c.code, sides(&c.code).map(|s| s.is_some()));
        let words: Vec<String> = c.accepted.iter().map(|i| accepted.all[*i].in_short()).collect();
        c.accepted_words = words.join("; ");
    }
    // Money first. Who came or went has no number of places and stands before those that moved; the sort is stable, so ties stay by code.
    all.sort_by_key(|c| {
        let came_or_went =
            !matches!(c.status, CountyFate::Moved | CountyFate::Stayed | CountyFate::OtherFunding | CountyFate::Joined);
        let money = c.money.unwrap_or_default().order();
        (money, !came_or_went, std::cmp::Reverse(c.rank_change().map_or(0, i64::unsigned_abs)))
    });
    Ok((all, joined.iter().map(|(code, of)| joined_words(code, of, same_money.is_some())).collect()))
}

/// Which counties of the old folder a county is, each with its money and its place.
fn joined_words(code: &str, of: &[(String, Stand)], rounds: bool) -> Both {
    let one = |(code, s): &(String, Stand)| {
        let rank = s.rank.map_or(Both::new("not ranked", "无名次"), |n| Both::new(format!("place {n}"), format!("第 {n} 名")));
        let money = match (rounds, s.grant.funded, s.grant.hundredths) {
            (false, ..) => return Both::new(format!("{code} ({})", rank.en), format!("{code}（{}）", rank.zh)),
            (_, false, _) => Both::new("not funded", "未入选"),
            (_, true, None) => Both::new("funded", "入选"),
            (_, true, Some(sum)) => {
                let sum = written(sum as i64);
                Both::new(format!("funded {sum}"), format!("入选，{sum}"))
            }
        };
        Both::new(format!("{code} ({}, {})", money.en, rank.en), format!("{code}（{}，{}）", money.zh, rank.zh))
    };
    let list = Both::join(&of.iter().map(one).collect::<Vec<_>>(), ["; ", "；"]);
    Both::new(
        format!("by the crosswalk of the new round {code} is {} counties of the old one: {}", of.len(), list.en),
        format!("按新轮次的代码对照表，{code} 由旧轮次的 {} 个县合并而成：{}", of.len(), list.zh),
    )
}

/// The money that a round counts in, as typed; empty where it does not say.
pub fn currency(folder: &Finished) -> String {
    folder.manifest["selection"]["asked"]["currency"].as_str().unwrap_or_default().to_owned()
}

/// Counties under the codes that they have by now, as the new folder was told. Of several that became one the first in the ranking
/// stands for all, with the money of all; those are given too, by the new code.
fn recoded(old: BTreeMap<String, Stand>, new: &Finished) -> (BTreeMap<String, Stand>, Joined) {
    let Some(codes) = new.manifest["recoded"].as_object() else { return (old, Joined::new()) };
    let mut all: BTreeMap<String, Stand> = BTreeMap::new();
    let mut joined = Joined::new();
    for (code, stand) in &old {
        let now = codes.get(code).and_then(|c| c.as_str()).unwrap_or(code);
        joined.entry(now.to_owned()).or_default().push((code.clone(), stand.clone()));
    }
    joined.retain(|_, of| of.len() > 1);
    for (code, stand) in old {
        let now = codes.get(&code).and_then(|c| c.as_str()).map(str::to_owned);
        let stand = Stand { old_code: now.as_ref().map(|_| code.clone()), ..stand };
        match all.entry(now.unwrap_or(code)) {
            Entry::Vacant(free) => drop(free.insert(stand)),
            Entry::Occupied(mut there) => {
                let grant = there.get().grant.with(stand.grant);
                let place = |s: &Stand| s.rank.unwrap_or(u64::MAX);
                if place(&stand) < place(there.get()) {
                    there.insert(stand);
                }
                there.get_mut().grant = grant;
            }
        }
    }
    (all, joined)
}

/// Counties of the old folder by the code that several of them have by now.
type Joined = BTreeMap<String, Vec<(String, Stand)>>;

/// What a round gives each of its counties.
fn enter_grants(folder: &Finished, stands: &mut BTreeMap<String, Stand>) -> Result<()> {
    if !folder.holds(selection::FILE) {
        return Ok(());
    }
    let has_budget = !folder.manifest["selection"]["asked"]["budget"].is_null();
    for row in folder.table(selection::FILE)?.rows() {
        let with_lead = row.cell("selection")? == Why::WithLead.as_str();
        let cost = row.number("cost")?.map(select::hundredths);
        let hundredths = if with_lead { Some(0) } else { cost };
        let grant = Grant { funded: row.cell("selected")? == "true", hundredths: hundredths.filter(|_| has_budget) };
        if let Some(stand) = stands.get_mut(&row.code("county_code")?) {
            stand.grant = grant;
        }
    }
    Ok(())
}

fn stands(folder: &Finished) -> Result<BTreeMap<String, Stand>> {
    let ranking = folder.table("ranking.csv")?;
    let mut stands = BTreeMap::new();
    for row in ranking.rows() {
        let mut stand = Stand {
            name: row.text("name")?,
            name_zh: row.text("name_zh")?,
            rank: row.whole("rank")?,
            score: row.number("score_0_100")?,
            ..Stand::default()
        };
        for indicator in ranking.columns_after("points_") {
            let points = row.number(&format!("points_{indicator}"))?.filter(|_| stand.rank.is_some());
            stand.points.extend(points.map(|p| (indicator.to_owned(), p)));
        }
        stands.insert(row.code("county_code")?, stand);
    }
    if folder.holds("why.csv") {
        // It has the user's own indicators too.
        for row in folder.table("why.csv")?.rows() {
            if let (Some(stand), Some(points)) = (stands.get_mut(&row.code("county_code")?), row.number("points")?) {
                stand.points.insert(row.text("indicator")?, points);
            }
        }
    }
    if folder.holds("lines.csv") {
        for row in folder.table("lines.csv")?.rows() {
            if let Some(stand) = stands.get_mut(&row.code("county_code")?) {
                stand.bands.insert(row.text("line")?, row.text("band")?);
            }
        }
    }
    enter_grants(folder, &mut stands)?;
    Ok(stands)
}

fn change(code: &str, [old, new]: [Option<&Stand>; 2], (same_money, joined): (Option<bool>, bool)) -> CountyChange {
    let nobody = Stand::default();
    let (was, is) = (old.unwrap_or(&nobody), new.unwrap_or(&nobody));
    let money = same_money.map(|same_money| MoneyChange { grants: [was.grant, is.grant], same_money, joined });
    let status = match (old, new, was.rank, is.rank) {
        (None, ..) => CountyFate::OnlyInNew,
        (_, None, ..) => CountyFate::OnlyInOld,
        (.., None, Some(_)) => CountyFate::NewlyRanked,
        (.., Some(_), None) => CountyFate::NoLongerRanked,
        (.., a, b) if a != b => CountyFate::Moved,
        _ if money.is_some_and(MoneyChange::differs) => CountyFate::OtherFunding,
        _ => CountyFate::Stayed,
    };
    let named = new.unwrap_or(was);
    let lines = was.bands.iter().filter_map(|(line, band)| Some((line.clone(), band.clone(), is.bands.get(line)?.clone())));
    CountyChange {
        code: code.to_owned(),
        old_code: was.old_code.clone(),
        name: named.name.clone(),
        name_zh: named.name_zh.clone(),
        status,
        money,
        rank: [was.rank, is.rank],
        score: [was.score, is.score],
        most: if was.rank.is_some() && is.rank.is_some() { most(&was.points, &is.points) } else { None },
        accepted: Vec::new(),
        accepted_words: String::new(),
        funded_though: Both::default(),
        bands: lines.filter(|(_, was, is)| was != is).collect(),
    }
}

/// The indicator whose points changed most; one that is not used has none.
fn most(old: &BTreeMap<String, f64>, new: &BTreeMap<String, f64>) -> Option<(String, f64)> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut found: Option<(String, f64)> = None;
    for key in keys {
        let of = |points: &BTreeMap<String, f64>| points.get(key).copied().unwrap_or(0.0);
        let by = ((of(new) - of(old)) * 1e6).round() / 1e6;
        if by != 0.0 && found.as_ref().is_none_or(|(_, most)| by.abs() > most.abs()) {
            found = Some((key.clone(), by));
        }
    }
    found
}
