//! `lorenz.csv`: the Lorenz curve of the way to the nearest charging station, over the people of the whole region.

use crate::files::schema::Value;
use crate::files::table::{Table, real};
use crate::results::Results;

/// Its file.
pub const FILE: &str = "lorenz.csv";

/// The table. A row is a point of the curve: share of people, share of distance.
pub fn table<'a>() -> Table<'a, [f64; 2]> {
    let (en, zh) = ("Share of the people counted, those with the shortest way first", "人口累计比例（距离由近到远）");
    let (en_distance, zh_distance) = ("Their share of the sum of all ways", "其路程占总路程的累计比例");
    Table::new(vec![
        real("people_share", "people", "share 0-1", en, zh).of(|[people, _]: &[f64; 2]| Value::Real(*people)),
        real("distance_share", "distance", "share 0-1", en_distance, zh_distance)
            .of(|[_, distance]: &[f64; 2]| Value::Real(*distance)),
    ])
}

/// Its rows: points of the curve, at most 101; none without people.
pub fn rows(r: &Results) -> impl Iterator<Item = [f64; 2]> {
    r.equity.lorenz.iter().copied()
}
