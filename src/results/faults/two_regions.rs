//! Faults of what two regions have: a county with other values, and stations or settlements with others.

use super::{Fault, FaultCode};
use crate::files::lang::Both;
use crate::issue::Layer;

/// In what two regions differ that have the same county.
#[derive(Clone, Debug)]
pub struct Unlike {
    /// What it is, with what each of the two says.
    what: Both,
    /// The same as it makes the fingerprint.
    facts: Vec<String>,
}

impl Unlike {
    /// People of the county table; none where it has no number.
    pub fn people(said: [Option<String>; 2]) -> Self {
        Self::values("people", Both::new("people", "人口"), said)
    }

    /// A column of the county table.
    pub fn column(name: &str, said: [Option<String>; 2]) -> Self {
        Self::values(&format!("column {name}"), Both::new(format!("\"{name}\""), format!("“{name}”")), said)
    }

    fn values(fact: &str, named: Both, said: [Option<String>; 2]) -> Self {
        let [a, b] = &said;
        let en = |v: &Option<String>| v.clone().unwrap_or_else(|| "nothing".to_owned());
        let zh = |v: &Option<String>| v.clone().unwrap_or_else(|| "未填".to_owned());
        let what = Both::new(format!("{} {} and {}", named.en, en(a), en(b)), format!("{} {} 与 {}", named.zh, zh(a), zh(b)));
        Self { what, facts: std::iter::once(fact.to_owned()).chain([en(a), en(b)]).collect() }
    }

    /// People of a raster, thousandths, the cells that they are in, and a digest of where.
    pub fn people_of_raster([a, b]: [(u64, usize, String); 2]) -> Self {
        let people = |milli: u64| milli as f64 / 1e3;
        let what = Both::new(
            format!("people of the raster {} in {} cells and {} in {} cells", people(a.0), a.1, people(b.0), b.1),
            format!("栅格人口 {}（{} 格）与 {}（{} 格）", people(a.0), a.1, people(b.0), b.1),
        );
        Self { what, facts: vec!["raster".to_owned(), a.2, b.2] }
    }

    /// The boundary, by its area in square kilometres and a digest.
    pub fn boundary([a, b]: [String; 2], digests: [String; 2]) -> Self {
        let what = if a == b {
            Both::new(format!("the boundary ({a} km² in both, drawn otherwise)"), format!("边界（面积均为 {a} km²，但画法不同）"))
        } else {
            Both::new(format!("the boundary ({a} km² and {b} km²)"), format!("边界（{a} km² 与 {b} km²）"))
        };
        Self { what, facts: std::iter::once("boundary".to_owned()).chain(digests).collect() }
    }
}

/// Records that are named in a sentence; all are in the facts.
const NAMED: usize = 5;

impl Fault {
    /// A county that two regions have, and in what they differ.
    pub fn county_in_two_regions(code: &str, [first, later]: [&str; 2], unlike: &[Unlike]) -> Self {
        let list = Both::join(unlike.iter().map(|u| &u.what), ["; ", "；"]);
        let what = Both::new(
            format!("county {code} stands in the regions {first} and {later}, and they differ: {}", list.en),
            format!("县 {code} 同时见于地区 {first} 和 {later}，且两处不同：{}", list.zh),
        );
        let facts = [first, later].into_iter().map(str::to_owned).chain(unlike.iter().flat_map(|u| u.facts.clone())).collect();
        Self::new(FaultCode::CountyTwice, code, facts, what, next_for(first))
    }

    /// Stations or settlements of the same id and place that two regions have, each with what differs.
    pub fn records_in_two_regions(layer: Layer, [first, later]: [&str; 2], unlike: Vec<(String, String)>) -> Self {
        let n = unlike.len();
        let named: Vec<String> = unlike.iter().take(NAMED).map(|(id, what)| format!("{id}: {what}")).collect();
        let list = named.join("; ");
        let [more, more_zh] = if n > NAMED {
            [format!("; and {} more", n - NAMED), format!("；另有 {} 个", n - NAMED)]
        } else {
            Default::default()
        };
        let zh = match layer {
            Layer::Stations => "充换电站",
            Layer::Candidates => "候选点",
            _ => "居民点",
        };
        let what = Both::new(
            format!("{n} {} stand in the regions {first} and {later} with other values: {list}{more}", layer.as_str()),
            format!("{n} 个{zh}同时见于地区 {first} 和 {later}，且取值不同：{list}{more_zh}"),
        );
        let head = [layer.as_str().to_owned(), first.to_owned(), later.to_owned()];
        let facts = head.into_iter().chain(unlike.into_iter().flat_map(|(id, what)| [id, what])).collect();
        Self::new(FaultCode::RecordTwice, later, facts, what, next_for(first))
    }
}

/// What is to be done, and whose values count where it is accepted.
fn next_for(first: &str) -> Both {
    Both::new(
        format!(
            "leave it in the region that it belongs to, or make both say the same; where this is accepted, what {first} says counts"
        ),
        format!("请只在其所属地区保留，或使两处一致；若予接受，则以 {first} 为准"),
    )
}
