//! The counties of two rankings, side by side: place, score, what moved the score most, and the bands at the lines.

use crate::error::Result;
use crate::finished::Finished;
use crate::results::comparison::{CountyChange, CountyFate};
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
}

/// Every county of either folder, in the order of a [`super::Comparison`].
pub fn counties(old: &Finished, new: &Finished) -> Result<Vec<CountyChange>> {
    let (old, new) = (stands(old)?, stands(new)?);
    let codes: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut all: Vec<CountyChange> = codes.into_iter().map(|code| change(code, old.get(code), new.get(code))).collect();
    // Who came or went has no number of places and stands first; the sort is stable, so ties stay by code.
    all.sort_by_key(|c| {
        let came_or_went = !matches!(c.status, CountyFate::Moved | CountyFate::Stayed);
        (!came_or_went, std::cmp::Reverse(c.rank_change().map_or(0, i64::unsigned_abs)))
    });
    Ok(all)
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
        stands.insert(row.code("code")?, stand);
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
    Ok(stands)
}

fn change(code: &str, old: Option<&Stand>, new: Option<&Stand>) -> CountyChange {
    let nobody = Stand::default();
    let (was, is) = (old.unwrap_or(&nobody), new.unwrap_or(&nobody));
    let status = match (old, new, was.rank, is.rank) {
        (None, ..) => CountyFate::OnlyInNew,
        (_, None, ..) => CountyFate::OnlyInOld,
        (.., None, Some(_)) => CountyFate::NewlyRanked,
        (.., Some(_), None) => CountyFate::NoLongerRanked,
        (.., a, b) if a != b => CountyFate::Moved,
        _ => CountyFate::Stayed,
    };
    let named = new.unwrap_or(was);
    let lines = was.bands.iter().filter_map(|(line, band)| Some((line.clone(), band.clone(), is.bands.get(line)?.clone())));
    CountyChange {
        code: code.to_owned(),
        name: named.name.clone(),
        name_zh: named.name_zh.clone(),
        status,
        rank: [was.rank, is.rank],
        score: [was.score, is.score],
        most: if was.rank.is_some() && is.rank.is_some() { most(&was.points, &is.points) } else { None },
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
