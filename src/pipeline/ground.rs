//! The stages before stations meet roads: read, and build the bare network. What comes out can be prepared once and run often.

use super::{Options, Timings, read};
use crate::config::{Criteria, RegionFile};
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{self, CountyIndex, Draft, NO_COUNTY, Overlap};
use crate::read::county::County;
use crate::read::road::{Names, Roads};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::read::{InputFile, Inputs};
use serde::{Deserialize, Serialize};

/// A region that has been read, with its bare network: cut at county borders, without islands, without stations.
#[derive(Clone, Debug)]
pub struct Ground {
    /// What was asked for.
    pub region: RegionFile,
    /// Counties by code.
    pub counties: Vec<County>,
    /// Stations in reading order.
    pub stations: Vec<Station>,
    /// Settlements in reading order.
    pub settlements: Vec<Settlement>,
    /// Files read.
    pub files: Vec<InputFile>,
    /// What was found so far.
    pub issues: Issues,
    /// The network.
    pub draft: Draft,
    /// Names of its roads.
    pub names: Names,
    /// Road length that two counties claim.
    pub overlap: Overlap,
    /// Road length that is not in the network any more.
    pub books: RoadBooks,
}

/// Where the length went that was read and is not in the network, millimetres.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoadBooks {
    /// All that was read.
    pub read_mm: u64,
    /// Left out by class or access.
    pub left_out_mm: u64,
    /// Drawn twice.
    pub repeated_mm: u64,
    /// Cut off from the network, by county.
    pub islands_mm: Vec<u64>,
    /// Cut off, outside every county.
    pub islands_outside_mm: u64,
}

/// Reads a region and builds its bare network; its counties are indexed on the way.
///
/// # Errors
/// Input and usage from the readers; input, when no road lies in any county.
pub fn build(region: &RegionFile, options: &Options<'_>, timings: &mut Timings) -> Result<(Ground, CountyIndex)> {
    let mut stage = |name| {
        timings.start(name);
        (options.on_stage)(name);
    };
    stage("read");
    let mut issues = Issues::default();
    let (inputs, criteria) = read(region, &mut issues)?;
    issues.check_refused_share(criteria.max_refused_share, options.strict)?;
    let Inputs { counties, roads, stations, settlements, files } = inputs;

    stage("network");
    let mut books = RoadBooks {
        read_mm: roads.read_mm,
        left_out_mm: roads.left_out_mm,
        islands_mm: vec![0; counties.len()],
        ..RoadBooks::default()
    };
    let mut draft = Draft::from_roads(&roads)?;
    books.repeated_mm = merge_repeats(&mut draft, &roads, &mut issues);
    let index = CountyIndex::new(&counties);
    let overlap = network::cut_at_borders(&mut draft, &index);
    take_out_islands(&mut draft, &criteria, &mut books, &mut issues);
    if draft.edges.iter().all(|e| e.county == NO_COUNTY) {
        return Err(Error::input("no road lies in any county", "check that roads and counties cover the same ground, in WGS 84"));
    }
    timings.stop();
    let (region, names) = (region.clone(), roads.names);
    Ok((Ground { region, counties, stations, settlements, files, issues, draft, names, overlap, books }, index))
}

/// Merges roads drawn twice and books them, one issue a pair of names. Returns their length, millimetres.
fn merge_repeats(draft: &mut Draft, roads: &Roads, issues: &mut Issues) -> u64 {
    let repeats = network::merge_repeats(draft, roads);
    for ((kept, gone), (count, mm)) in &repeats {
        let say = |name: &str| if name.is_empty() { "without a name".to_owned() } else { format!("\"{name}\"") };
        let what = format!("the road {} is drawn again as the road {} on the same line", say(kept), say(gone));
        issues.push_many(Layer::Roads, IssueCode::RepeatedRoad, Default::default(), what, *count, *mm);
    }
    repeats.values().map(|r| r.1).sum()
}

/// Takes out what is cut off from the network and books it.
fn take_out_islands(draft: &mut Draft, criteria: &Criteria, books: &mut RoadBooks, issues: &mut Issues) {
    for island in network::remove_islands(draft, criteria.min_island_mm) {
        for (county, mm) in &island.length_mm {
            match books.islands_mm.get_mut(*county as usize) {
                Some(sum) => *sum += mm,
                None => books.islands_outside_mm += mm,
            }
        }
        let what = format!("a piece of {:.3} km at {} is cut off from the network", island.total_mm() as f64 / 1e6, island.at);
        issues.push_many(Layer::Roads, IssueCode::IslandExcluded, Default::default(), what, island.edges, island.total_mm());
    }
}
