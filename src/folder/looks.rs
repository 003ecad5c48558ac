//! How QGIS draws each layer of a folder: in its GeoPackage, and beside a layer that is a file of its own.

use crate::config::{Service, Serving};
use crate::files::qgis_style::Style;
use crate::tables::coverage;

/// Style of a layer.
pub(super) fn looks(layer: &str, serving: &Serving) -> Style {
    match layer {
        "counties" => Style::counties_by_score("score_0_100"),
        "gaps" | "gaps_all" => Style::gaps("service"),
        "coverage" => Style::coverage(["charging_tail_km", "charging_head_km"], coverage::classes_km(serving)),
        "settlements" => Style::settlements("in_gap"),
        "townships" => Style::townships("short_holiday_kw", "has_charging"),
        "station_loads" => Style::station_loads("holiday_worst_wait_min"),
        "corridors" => Style::corridors("verdict"),
        "corridor_gaps" => Style::corridor_gaps("too_long", "unknown_count"),
        "stations" => Style::stations(serving.services.has(Service::Hydrogen)),
        "sites" => Style::sites("id"),
        "issue_points" => Style::issues("severity"),
        _ => Style::places(),
    }
}
