//! A whole network held against the rules of programmes: every road and county with a verdict both ways, and what new facilities are expected
//! to earn. It asks `programme` and invents nothing: what is not known is named.

mod applying;
mod counties;
mod cut;
mod facilities;
mod lines;
mod reward;
mod roads;
mod tried;

pub use applying::{JointOf, check_joint};
pub use counties::{CountyRoad, CountyVerdict};
pub use cut::Cut;
pub use lines::{JudgedLine, LongestWay, RoadLine, RoadStop};
pub use reward::{CountyReward, Expected, RewardFigures, Untold};
pub use roads::RoadVerdict;

use super::needs::Standing;
use crate::balance::Balance;
use crate::config::programme_table::ProgrammeTable;
use crate::config::rank_table::JointTable;
use crate::coverage::corridors::{Corridor, CorridorsAsked, corridors};
use crate::error::Result;
use crate::place::Site;
use crate::programme::{Answer, Offer, Profile, Rule, qualifies};
use crate::read::station::Station;
use crate::space::LonLat;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is judged, and by what.
pub struct JudgeGround<'a> {
    /// The network with what stands on it.
    pub scene: &'a Standing<'a>,
    /// What its places ask for and its stations give; nothing without `[demand]`.
    pub balance: &'a Balance,
    /// Stations of counties that are planned and would be used if they were open, by number.
    pub planned: &'a [u32],
    /// The programmes.
    pub profiles: &'a [Profile],
    /// Corridors, where some rule is about roads.
    pub asked: Option<&'a CorridorsAsked>,
    /// `[programme]`, for figures of counties.
    pub table: &'a ProgrammeTable,
    /// Counties that apply together, and are judged as one.
    pub joint: &'a [JointTable],
    /// The county at a position.
    pub locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
}

impl JudgeGround<'_> {
    /// A station as it was read.
    fn station(&self, number: u32) -> &Station {
        &self.scene.stations[number as usize].station
    }
}

/// What comes out.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Judged {
    /// By programme, rule and road.
    pub roads: Vec<RoadVerdict>,
    /// Directions of the roads, as they are drawn.
    pub lines: Vec<RoadLine>,
    /// By programme, rule and county.
    pub counties: Vec<CountyVerdict>,
    /// By programme with gates, a reward or standard piles, and county.
    pub rewards: Vec<CountyReward>,
    /// These programmes, with the values that are set for them.
    #[serde(default)]
    pub programmes: Vec<Profile>,
}

/// Answers of a rule for the stations that are used, by number.
type Answers = BTreeMap<u32, Answer>;

/// Judges a scene.
///
/// # Errors
/// Input, where a figure of a county cannot be meant; usage, where a joint application cannot be.
pub fn judge(g: &JudgeGround<'_>) -> Result<Judged> {
    let scene = g.scene;
    let of = |asked| {
        let cut = cut::Cut::new(scene.network, g.locate);
        corridors(scene.network, scene.names, scene.sites, asked, &|v| cut.goes_on(v))
    };
    let found: Vec<Corridor> = g.asked.map(of).unwrap_or_default();
    let (books, near) = (facilities::Books::of(g)?, counties::Near::new());
    let roads = roads::RoadGround { network: scene.network, stations: scene.stations, found: &found };
    let mut all = Judged { lines: lines::all(scene.network, &found), ..Judged::default() };
    for profile in g.profiles {
        for rule in &profile.rules {
            let answers = answers(scene, profile, rule);
            all.roads.extend(roads::of(&roads, (profile, rule), &answers));
            all.counties.extend(counties::of(g, (profile, rule), (&found, &near), &answers));
        }
        let rewards = reward::of(g, &books, profile)?;
        all.programmes.extend((!rewards.is_empty()).then(|| profile.clone()));
        all.rewards.extend(rewards);
    }
    Ok(all)
}

fn answers(scene: &Standing<'_>, profile: &Profile, rule: &Rule) -> Answers {
    let one = |s: &Site| {
        let offer = Offer::of(&scene.stations[s.station as usize].station);
        (s.station, qualifies(profile, &rule.filter, &offer))
    };
    scene.sites.iter().map(one).collect()
}
