//! `map.html`: the map to look around in. One file with its data, its scripts and a map library, which opens offline and asks nobody for
//! anything. All that the map tells stands in tables beside it, so that it is of use without a mouse, a screen or WebGL.
//!
//! It is not for print (`map.svg` is), and not a layer to measure on: lines have fewer positions. Kilometres are the program's own.

pub mod blocks;
mod data;
pub mod layers;
pub mod limits;
pub mod roads;

use self::blocks::pack;
use self::roads::Roads;
use super::base::{Home, LIVE, Notices, Press};
use super::i18n::class_name;
use super::map::layers::{CHARGING, ROAD_STYLES, SWAP};
use super::svg::scale::{NO_ROAD_FILL, SHARE_FILLS};
use crate::config::region_file::RegionTable;
use crate::config::{RoadClass, Service};
use crate::error::Result;
use crate::files::lang::Lang;
use crate::files::palette::{DISTANCES, GAP, UNKNOWN};
use crate::results::Results;
use minijinja::context;
use serde_json::{Map, Value, json};

/// Ids of its blocks of data.
pub const BLOCKS: [&str; 2] = ["map-tables", "map-roads"];
/// Packed roads are at most so large; beyond it the least important classes are left out.
const MOST_PACKED: usize = 11 << 20;

/// The page of a run or a round.
///
/// # Errors
/// As the rows of layers; internal, when template and texts do not fit each other.
pub fn live_html(r: &Results, lang: Lang) -> Result<String> {
    let roads = packed_roads(r);
    let tables = data::text(r, roads.as_ref().map(|(roads, _)| roads))?;
    let blocks = [pack(tables.as_bytes()), roads.map_or(String::new(), |(_, packed)| packed)];
    printed(&r.region, (lang, r.round.is_some()), [&blocks[0], &blocks[1]])
}

/// Roads of a run with their packed bytes, as many classes as there is room for.
fn packed_roads(r: &Results) -> Option<(Roads, String)> {
    let run = r.as_run()?;
    let down_to = |last: RoadClass| {
        let roads = roads::of(&run, last);
        let packed = pack(&roads.bytes);
        (roads, packed)
    };
    let [most, ..] = RoadClass::ALL; // drawn however large
    let classes = RoadClass::ALL.into_iter().skip(1).rev();
    classes.map(down_to).find(|(_, packed)| packed.len() <= MOST_PACKED).or_else(|| Some(down_to(most)))
}

/// The page around packed blocks: whoever has these, the region and the language gets the same bytes.
///
/// # Errors
/// Internal, when template and texts do not fit each other.
pub fn printed(region: &RegionTable, (lang, is_round): (Lang, bool), [tables, roads]: [&str; 2]) -> Result<String> {
    let press = Press::new(&LIVE)?;
    let words = words(&press);
    let home = if is_round { Home::ROUND_BESIDE } else { Home::REPORT_BESIDE };
    press.print(lang, &Notices::from(region), Some(home), context! { words, tables, roads, is_round })
}

/// What scripts say and draw with, as JSON that can stand in a page.
fn words(press: &Press) -> String {
    let texts = press.texts().0.iter().filter(|(key, _)| key.starts_with("js_") || key.starts_with("result_"));
    let texts: Map<String, Value> = texts.map(|(key, text)| (key.clone(), json!([text.en, text.zh]))).collect();
    let both = |[en, zh]: [&str; 2]| json!([en, zh]);
    let style = |c: RoadClass| super::map::layers::style_of(c);
    let words = json!({
        "texts": texts,
        "services": Service::ALL.iter().map(|s| (s.as_str().to_owned(), both(s.names()))).collect::<Map<_, _>>(),
        "classes": RoadClass::ALL.map(|c| { let name = class_name(c); json!([name.en, name.zh]) }),
        "class_keys": RoadClass::ALL.map(RoadClass::as_str),
        "styles": RoadClass::ALL.map(style),
        "roads": ROAD_STYLES.iter().map(|s| json!({
            "names": s.names, "covered": [s.covered.0, s.covered.1], "gap": [s.gap.0, s.gap.1],
        })).collect::<Vec<_>>(),
        "shares": SHARE_FILLS, "no_road": NO_ROAD_FILL, "charging": CHARGING, "swap": SWAP,
        "distances": DISTANCE_COLOURS,
    });
    // an element of script ends at the first "</": none stands in it
    words.to_string().replace('<', "\\u003c")
}

/// Colours of classes of distance, near to far, beyond the last, and of what has no way to a station; those of the layer of coverage in QGIS.
const DISTANCE_COLOURS: [&str; 6] = {
    let [a, b, c, d] = DISTANCES;
    [a, b, c, d, GAP, UNKNOWN]
};
