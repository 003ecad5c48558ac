//! The layers of what places and stations are asked for: `townships.geojson` says of every settlement what `townships.csv` says, and
//! `station_loads.geojson` of every charging station what `station_loads.csv` says of it, all days in one feature.

use crate::balance::{self, LoadRow, TownRow};
use crate::config::demand::Day;
use crate::files::geojson::Shape;
use crate::files::schema::Column;
use crate::files::table::{Field, ShapedTable, Table};
use crate::space::LonLat;

/// Settlements.
pub const TOWNS: &str = "townships";
/// Charging stations.
pub const LOADS: &str = "station_loads";

/// The layer of settlements: a column for every one of the table.
pub fn towns<'a>() -> ShapedTable<'a, TownRow<'a>> {
    ShapedTable {
        table: balance::towns(),
        id: Box::new(|t: &TownRow<'_>| t.id.to_owned()),
        shape: Box::new(|t: &TownRow<'_>| Shape::Point(t.at)),
    }
}

/// A charging station on every day.
#[derive(Clone, Debug)]
pub struct StationLoads<'a> {
    /// A row a day; there is one.
    days: Vec<LoadRow<'a>>,
}

impl StationLoads<'_> {
    /// Where it stands.
    pub fn at(&self) -> LonLat {
        self.days[0].at
    }
}

/// Stations from the rows of the table, in which all days of a station follow each other.
pub fn stations<'a>(rows: impl Iterator<Item = LoadRow<'a>>) -> Vec<StationLoads<'a>> {
    let mut all: Vec<StationLoads<'a>> = Vec::new();
    for row in rows {
        // a day that comes again is the next station's
        match all.last_mut().filter(|s| s.days[0].id == row.id && s.days.iter().all(|d| d.day.day != row.day.day)) {
            Some(station) => station.days.push(row),
            None => all.push(StationLoads { days: vec![row] }),
        }
    }
    all
}

/// The layer of stations: what a station is, and behind it what it is asked for on every day.
pub fn loads<'a>(days: &[Day]) -> ShapedTable<'a, StationLoads<'a>> {
    let is = balance::load_station_fields().into_iter().map(|f| f.over(|s: &StationLoads<'a>| s.days.first()));
    let asked = days.iter().flat_map(|day| day_fields(*day));
    ShapedTable {
        table: Table::new(is.collect()).with(asked),
        id: Box::new(|s: &StationLoads<'a>| s.days[0].id.to_owned()),
        shape: Box::new(|s: &StationLoads<'a>| Shape::Point(s.at())),
    }
}

fn day_fields<'a>(day: Day) -> Vec<Field<'a, StationLoads<'a>>> {
    let one = |f: Field<'a, LoadRow<'a>>| {
        f.over(move |s: &StationLoads<'a>| s.days.iter().find(|row| row.day.day == day)).named(|column| column_on(day, column))
    };
    balance::load_day_fields().into_iter().map(one).collect()
}

/// The column of a day: `holiday_worst_wait_min`, `h_wait_min`.
fn column_on(day: Day, column: Column) -> Column {
    let (word, [en, zh]) = (day.as_str(), day.names());
    let alias: String = column.alias.chars().take(8).collect();
    Column {
        name: format!("{word}_{}", column.name),
        alias: format!("{}_{alias}", &word[..1]),
        en: format!("On the {en}: {}", column.en),
        zh: format!("{zh}：{}", column.zh),
        ..column
    }
}
