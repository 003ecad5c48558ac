//! What a piece of network yields for its counties: one pure function, `compute`, the same for a run and for a round. A [`Piece`]
//! goes in, a [`CountyResult`] for each of its counties comes out, and a [`Scene`] that the rows of layers are taken from.

mod compute;
mod doubtful;
mod figures;
mod gaps;
mod judge;
mod needs;
mod ordered;
pub mod people;
mod piece;
mod result;
mod road_rows;
mod rows;
mod scene;
mod trust;
mod ways;
mod whole_network;

pub use compute::{Computed, LATEST_MONTH, OPTIONAL, compute};
pub use doubtful::{doubtful_of, most_speak};
pub use figures::{CountyState, of_balance, of_counties};
pub use judge::{
    CountyReward, CountyRoad, CountyVerdict, Cut, Expected, JointOf, Judged, JudgedLine, LongestWay, RewardFigures, RoadLine,
    RoadStop, RoadVerdict, Untold, check_joint,
};
pub use needs::{Needs, NeedsAsked, PlaceName, Standing, StationName, needs};
pub use piece::{LayerFacts, Piece, Wanted, longest, reach_m};
pub use result::{CountyResult, FiguresAt, ServiceBooks};
pub use road_rows::{RoadEnd, RoadRow, RoadWays};
pub use rows::{
    CrowFly, GapLines, GapRow, ResultRow, RowSink, RowsByCounty, SceneRows, SettlementRow, StationWay, settlement_row,
};
pub use scene::{PeopleRaster, Scene, edges_by_county};
pub use trust::newest_month;
pub use ways::ways_of_counties;
pub use whole_network::WholeNetwork;
