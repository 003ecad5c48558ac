//! Positions and lengths on the earth: checked coordinates, the metric, unit-sphere points, units.
//!
//! It is not a projection library: `read::crs` brings layers to WGS 84 longitude and latitude.

pub mod cells;
mod compass;
mod datum;
mod frame;
pub mod line;
mod lonlat;
mod metric;
mod point_index;
mod simplify;
mod sphere;
pub mod units;

pub use compass::compass;
pub use datum::Datum;
pub use frame::LocalFrame;
pub use lonlat::{CoordError, LonLat};
pub use metric::{line_mm, metres_between, segment_mm};
pub use point_index::PointIndex;
pub use simplify::simplify;
pub use sphere::{EARTH_RADIUS_M, UnitPoint, chord_of_metres};
