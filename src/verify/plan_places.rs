//! Where the sites of a plan stand, as far as the folder tells it: on a road of `coverage.fgb`, where the plan made the candidate itself and in a
//! county. Roads outside the counties are not in the folder, and a site that was given may have met one.

use super::opened::Opened;
use super::plan::PlanFaults;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::space::{LocalFrame, LonLat};
use crate::tables::coverage::FILE as ROADS;
use crate::tables::plan::FILE;
use ::geojson::GeometryValue;

/// A candidate that was made is written with six decimals, and so are the roads: it lies no farther off one, metres.
const ON_ROAD_M: f64 = 0.5;

/// A site that no road was found near yet.
struct Site {
    at: LonLat,
    frame: LocalFrame,
    /// Degrees east and north within which a road is near enough, and metres.
    within: ([f64; 2], f64),
    row: usize,
}

impl Site {
    /// Whether a line is near enough; `span` is the west, east, south and north of it.
    fn is_beside(&self, line: &[LonLat], [west, east, south, north]: [f64; 4]) -> bool {
        let [lon, lat] = self.within.0;
        let (x, y) = (self.at.lon(), self.at.lat());
        let may = west - lon <= x && x <= east + lon && south - lat <= y && y <= north + lat;
        may && line.windows(2).any(|piece| self.frame.project_origin(piece[0], piece[1]).0 <= self.within.1)
    }
}

/// West, east, south and north of a line.
fn span(line: &[LonLat]) -> [f64; 4] {
    let none = [f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY];
    line.iter().fold(none, |s, p| [s[0].min(p.lon()), s[1].max(p.lon()), s[2].min(p.lat()), s[3].max(p.lat())])
}

/// Checks the sites of the table that the plan made and that lie in a county, where the folder holds the roads.
pub(super) fn check(o: &Opened, table: &CsvTable, findings: &mut Findings) -> Result<()> {
    if !o.holds(ROADS) {
        return Ok(());
    }
    let (mut sites, mut faults) = (Vec::new(), PlanFaults::default());
    for (row, cells) in table.rows().enumerate() {
        // those that were given met a road that may lie outside the counties
        if cells.get("origin") == "given" || cells.get("county_code").is_empty() {
            continue;
        }
        let [lon, lat] = ["lon", "lat"].map(|c| cells.number(c));
        let Some(at) = lon?.zip(lat?).and_then(|(lon, lat)| LonLat::new(lon, lat).ok()) else { continue };
        let frame = LocalFrame::at(at);
        sites.push(Site { at, within: (frame.degrees_of(ON_ROAD_M), ON_ROAD_M), frame, row });
    }
    let n = sites.len();
    if n == 0 {
        return Ok(());
    }
    o.features_of(ROADS, findings, &mut |f| {
        if let Some(GeometryValue::LineString { coordinates }) = &f.geometry {
            let point = |p: &::geojson::Position| LonLat::new(*p.as_slice().first()?, *p.as_slice().get(1)?).ok();
            let line: Vec<LonLat> = coordinates.iter().filter_map(point).collect();
            let span = span(&line);
            sites.retain(|site| !site.is_beside(&line, span));
        }
    })?;
    for (row, cells) in table.rows().enumerate() {
        faults.unless(!sites.iter().any(|s| s.row == row), (FILE, &cells), "lon", ROADS);
    }
    first_few(faults.0, findings);
    findings.checked.push(format!("that {n} sites which a plan made stand on roads of {ROADS}"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_beside_a_line_that_passes_near_enough() {
        let at = |lon, lat| LonLat::new(lon, lat).unwrap();
        let site = |lon, lat, near_m: f64| {
            let frame = LocalFrame::at(at(lon, lat));
            Site { at: at(lon, lat), within: (frame.degrees_of(near_m), near_m), frame, row: 0 }
        };
        // the equator from 0 to 0.02°; 0.001° of latitude are 110.574 m
        let line = [at(0.0, 0.0), at(0.02, 0.0)];
        let beside = |s: Site| s.is_beside(&line, span(&line));
        assert!(beside(site(0.01, 0.001, 110.6)) && !beside(site(0.01, 0.001, 110.5)));
        assert!(beside(site(0.01, 0.000_001, ON_ROAD_M)) && !beside(site(0.01, 0.000_005, ON_ROAD_M)));
        // beyond its end by a thousandth of a degree, 111.3 m
        assert!(beside(site(0.021, 0.0, 112.0)) && !beside(site(0.021, 0.0, 111.0)));
    }
}
