//! Faults of borders and of whole regions: ground of two counties, a county without a road, a region without settlements, and one that adds
//! nothing.

use super::{Fault, FaultCode};
use crate::files::lang::Both;

/// Ground that two counties cover; the first has the lower code, which has its road.
#[derive(Clone, Debug)]
pub struct SharedGround<'a> {
    /// Codes.
    pub codes: [&'a str; 2],
    /// Names.
    pub names: [&'a str; 2],
    /// Road on it, kilometres.
    pub km: f64,
    /// Road that the first has with it, and that lies on the ground of the second, kilometres.
    pub road_km: [f64; 2],
    /// Digests of the two boundaries.
    pub digests: [String; 2],
}

impl Fault {
    /// Two counties that cover the same ground. Its facts are the two boundaries, so that it is the same before the network is built.
    pub fn county_overlap(s: &SharedGround<'_>) -> Self {
        let ([a, b], [name_a, name_b], km, [of_a, of_b]) = (s.codes, s.names, s.km, s.road_km);
        let what = Both::new(
            format!(
                "the boundaries of county {a} ({name_a}) and county {b} ({name_b}) both cover {km:.3} km of road, booked in {a} (which has {of_a:.3} km with it) and taken from the {of_b:.3} km of {b}"
            ),
            format!(
                "县 {a}（{name_a}）与县 {b}（{name_b}）的边界同时覆盖 {km:.3} 公里道路，已计入 {a}（连同其在内共 {of_a:.3} 公里），并从 {b} 的 {of_b:.3} 公里中扣去"
            ),
        );
        let next = Both::new(
            format!("mend the boundary that is wrong; accepted, road, settlements and people on that ground count in {a}"),
            format!("请修正有误的边界；若予接受，该范围内的道路、居民点和人口均计入 {a}"),
        );
        let facts = std::iter::once(b.to_owned()).chain(s.digests.iter().cloned()).collect();
        Self::new(FaultCode::CountyOverlap, a, facts, what, next)
    }

    /// A county that takes part and has no road, with the digest of its boundary.
    pub fn county_without_road(code: &str, name: &str, boundary: String) -> Self {
        let what = Both::new(
            format!("no road lies in county {code} ({name}), so nothing is known of it and it is not ranked"),
            format!("县 {code}（{name}）内没有道路，因而对其一无所知，不参与排名"),
        );
        let next = Both::new(
            "check the boundary, and that the road layer covers the county; leave it out of the round where that is right",
            "请检查县界以及道路图层是否覆盖该县；如确无道路，请不要将其列入本轮",
        );
        Self::new(FaultCode::CountyWithoutRoad, code, vec![boundary], what, next)
    }

    /// A region without a settlement or a person of a raster in any of its counties, while others have them.
    pub fn settlements_missing(region: &str, counties: Vec<String>) -> Self {
        let n = counties.len();
        let what = Both::new(
            format!(
                "no settlement lies in any of the {n} counties of region {region}, and other regions have settlements: {n} counties stand by their bounds"
            ),
            format!("地区 {region} 的 {n} 个县内均没有居民点，而其他地区有：这 {n} 个县按上下界确定名次"),
        );
        let next = Both::new(
            "add [settlements] to the region, or check that the layer covers it",
            "请为该地区补充 [settlements]，或检查该图层是否覆盖该地区",
        );
        Self::new(FaultCode::SettlementsMissing, region, counties, what, next)
    }

    /// A region of which another one has all counties.
    pub fn region_adds_nothing(region: &str, other: &str, counties: Vec<String>) -> Self {
        let n = counties.len();
        let what = Both::new(
            format!("all {n} counties of region {region} are counties of region {other} too, so that it adds none to the round"),
            format!("地区 {region} 的全部 {n} 个县也都是地区 {other} 的县，因而没有为本轮增加任何县"),
        );
        let next = Both::new(
            "look whether one is a copy that stands in the place of another region; else leave it out",
            "请检查其是否为顶替了另一地区的副本；如不是，请将其删去",
        );
        let facts = std::iter::once(other.to_owned()).chain(counties).collect();
        Self::new(FaultCode::RegionAddsNothing, region, facts, what, next)
    }
}
