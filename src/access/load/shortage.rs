//! What cannot be served whatever drivers choose, and why.

use super::flow::Flow;
use super::{LoadProblem, Ways};
use std::collections::BTreeMap;

/// Places that ask for more than all stations in their reach can give.
#[derive(Clone, Debug, PartialEq)]
pub struct Short {
    /// The places, by number.
    pub places: Vec<u32>,
    /// All stations that any of them can use, by number; every one is full. None where there is none in reach.
    pub stations: Vec<u32>,
    /// Sessions an hour that the places ask for.
    pub demand_h: f64,
    /// Sessions an hour that the stations can give.
    pub capacity_h: f64,
    /// The difference: what is not served here, whatever drivers choose.
    pub unserved_h: f64,
}

/// What cannot be served.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// Sessions an hour that all places ask for.
    pub demand_h: f64,
    /// The most that can be served.
    pub served_h: f64,
    /// The rest: the sum of `short`.
    pub unserved_h: f64,
    /// The minimum cut nearest the places, in its parts that share no station, by their first place.
    pub short: Vec<Short>,
}

/// Finds the most that can be served when each station takes at most servers ÷ service time, by the largest flow, and the minimum cut.
///
/// Of all minimum cuts the one nearest the places is named: the places that some best assignment leaves unserved in part, and what they
/// can reach. It does not depend on which largest flow was found. Exact in whole billionths of a session an hour (fewer where the sum would
/// not fit), to which demand and capacity are rounded: the parts make up the whole without a remainder.
pub fn shortage(problem: &LoadProblem<'_>) -> Shortage {
    let all: f64 = problem.demand_h().iter().sum();
    let mut unit = 1e9;
    while all * unit > 4e18 {
        unit /= 2.0;
    }
    let whole = |x: f64| (x * unit).round() as u64;
    let supply: Vec<u64> = problem.demand_h().iter().map(|d| whole(*d)).collect();
    let demand: u64 = supply.iter().sum();
    // more than all demand is never needed
    let room: Vec<u64> = problem.stations().iter().map(|q| whole(q.capacity_h()).min(demand)).collect();
    let mut flow = Flow::new(problem.pairs(), supply.clone(), room);
    flow.run();
    let left: u64 = flow.left.iter().sum();
    let hours = |units: u64| units as f64 / unit;
    let part = |(places, stations): (Vec<u32>, Vec<u32>)| {
        let asked: u64 = places.iter().map(|i| supply[*i as usize]).sum();
        let left: u64 = places.iter().map(|i| flow.left[*i as usize]).sum();
        Short { places, stations, demand_h: hours(asked), capacity_h: hours(asked - left), unserved_h: hours(left) }
    };
    let short = parts(problem.pairs(), &flow).into_iter().map(part).collect();
    Shortage { demand_h: hours(demand), served_h: hours(demand - left), unserved_h: hours(left), short }
}

/// The parts of the cut that hang together: places and stations, by number.
fn parts(pairs: &Ways, flow: &Flow<'_>) -> Vec<(Vec<u32>, Vec<u32>)> {
    let stations = flow.room.len();
    let mut group: Vec<u32> = (0..stations as u32).collect();
    let cut: Vec<usize> = (0..pairs.places()).filter(|i| flow.cut_place(*i)).collect();
    for place in &cut {
        let of = pairs.of(*place);
        for pair in of.clone().skip(1) {
            let (a, b) = (find(&mut group, pairs.station(of.start)), find(&mut group, pairs.station(pair)));
            group[a.max(b) as usize] = a.min(b);
        }
    }
    // who has no station stands alone
    let mut parts: BTreeMap<(u32, u32), (Vec<u32>, Vec<u32>)> = BTreeMap::new();
    for place in cut {
        let own = pairs.of(place);
        let key = if own.is_empty() { (u32::MAX, place as u32) } else { (find(&mut group, pairs.station(own.start)), 0) };
        parts.entry(key).or_default().0.push(place as u32);
    }
    for station in (0..stations as u32).filter(|s| flow.cut_station(*s as usize)) {
        let root = find(&mut group, station);
        if let Some(part) = parts.get_mut(&(root, 0)) {
            part.1.push(station);
        }
    }
    let mut parts: Vec<_> = parts.into_values().collect();
    parts.sort_by_key(|p| p.0.first().copied());
    parts
}

/// The lowest of a group.
fn find(group: &mut [u32], of: u32) -> u32 {
    super::smooth::find(group, of)
}
