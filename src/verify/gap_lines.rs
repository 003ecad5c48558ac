//! The lines of `gaps.geojson` and `gaps_all.geojson` add up to the gaps of the ledger. Lengths are those that they tell; where lines were
//! simplified, none may be drawn longer than it tells.

use super::Findings;
use super::opened::{Key, Opened};
use crate::error::Result;
use crate::files::schema::one_line;
use crate::read::record::Record;
use crate::space::units::mm_of_km;
use crate::space::{LonLat, line_mm};
use crate::tables::gaps;
use ::geojson::{GeometryValue, Position};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The layers, and the word of the manifest for what is complete in each.
const LAYERS: [(&str, &str); 2] = [(gaps::NAME, "gap_lines_written"), (gaps::ALL, "gaps_all_written")];

/// Checks the layers that the folder holds.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    LAYERS.into_iter().try_for_each(|layer| check_layer(o, layer, findings))
}

fn check_layer(o: &Opened, (name, complete): (&str, &str), findings: &mut Findings) -> Result<()> {
    let file = format!("{name}.geojson");
    let (Some(ledger), true) = (&o.ledger, o.holds(&file)) else { return Ok(()) };
    let simplify_m = o.folder.manifest["gap_lines_simplify_m"].as_f64().unwrap_or(0.0);
    let (mut sums, mut lines, mut too_long) = (BTreeMap::<Key, u64>::new(), 0u64, Vec::new());
    o.features(name, findings, &mut |f| {
        let text = |k: &str| one_line(f.columns.get(k).and_then(Value::as_str).unwrap_or_default());
        let told_mm = f.columns.get("length_km").and_then(Value::as_f64).and_then(mm_of_km).unwrap_or(0);
        *sums.entry((text("county_code"), text("service"), text("criterion"))).or_default() += told_mm;
        lines += 1;
        if simplify_m > 0.0 && drawn_mm(f).is_none_or(|(mm, slack)| mm > told_mm + slack) {
            too_long.push(text("id"));
        }
    })?;
    findings.faults.extend(too_long.iter().map(|id| format!("{file}: the line of {id} is longer than its length_km")));
    let written = written(&o.folder.manifest[complete]);
    let of_written = |key: &Key| written.contains(&(key.1.as_str(), key.2.as_str()));
    let all: BTreeSet<&Key> = sums.keys().chain(ledger.gaps.keys().filter(|k| of_written(k))).collect();
    for key in all {
        let (got, want) = (sums.get(key).copied().unwrap_or(0), ledger.gaps.get(key).copied());
        // lines that the manifest does not call complete may be fewer
        let fits = want.is_some_and(|want| got == want || (got < want && !of_written(key)));
        if !fits {
            let want = want.map_or_else(|| "nothing".to_owned(), |mm| format!("{mm} mm"));
            let what = format!("the lines of county {} for {} {} add up to {got} mm", key.0, key.1, key.2);
            findings.faults.push(format!("{file}: {what}, the ledger says {want}"));
        }
    }
    let complete = written.len();
    findings.checked.push(if name == gaps::ALL {
        format!("{lines} gap lines of all limits against the ledger, complete for {complete} services and limits")
    } else {
        format!("{lines} gap lines against the ledger, complete for {complete} services and limits")
    });
    if simplify_m > 0.0 {
        findings.checked.push(format!("none of them, simplified to {simplify_m} m, is drawn longer than it tells"));
    }
    Ok(())
}

/// Service and criterion of the gaps whose lines are all there.
fn written(told: &Value) -> BTreeSet<(&str, &str)> {
    let all = told.as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter_map(|x| Some((x["service"].as_str()?, x["criterion"].as_str()?))).collect()
}

/// Length of a line as it is drawn, and by how much that may be too long: six decimals move an end of a segment by up to
/// 80 mm, and lengths of short segments are right to 2 parts in a million. None for what is no line.
fn drawn_mm(f: &Record) -> Option<(u64, u64)> {
    match &f.geometry {
        Some(GeometryValue::LineString { coordinates }) => one_line_mm(coordinates),
        _ => None,
    }
}

/// The same of lines that are one feature; none of them are 0 long.
pub(super) fn lines_mm(f: &Record) -> Option<(u64, u64)> {
    let Some(GeometryValue::MultiLineString { coordinates }) = &f.geometry else { return None };
    coordinates.iter().map(|line| one_line_mm(line)).try_fold((0, 0), |all, one| one.map(|one| (all.0 + one.0, all.1 + one.1)))
}

fn one_line_mm(coordinates: &[Position]) -> Option<(u64, u64)> {
    let points: Vec<LonLat> =
        coordinates.iter().map(|c| c.as_slice()).map(|c| LonLat::new(*c.first()?, *c.get(1)?).ok()).collect::<Option<_>>()?;
    let mm = line_mm(&points);
    (points.len() > 1).then_some((mm, 200 * points.len() as u64 + mm / 100_000))
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const LEDGER: &str = "county_code,service,criterion,road_class,road_km,covered_km,gap_km\n\
        0101,charging,2km,all,9.0,4.0,5.0\n0101,charging,5km,all,9.0,7.0,2.0\n";
    const GAPS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":null,"properties":{"id":"a","county_code":"0101","service":"charging","criterion":"2km","length_km":3.0}},
{"type":"Feature","geometry":null,"properties":{"id":"b","county_code":"0101","service":"charging","criterion":"2km","length_km":2.0}},
{"type":"Feature","geometry":null,"properties":{"id":"c","county_code":"0101","service":"charging","criterion":"5km","length_km":1.5}}]}"#;

    #[test]
    fn complete_lines_add_up_and_others_are_never_more_than_the_gap() {
        let files = [("ledger.csv", LEDGER), ("gaps.geojson", GAPS)];
        // Lines of 2 km are all there (3 + 2 = 5); of those of 5 km half a kilometre was left out.
        let written = json!({ "gap_lines_written": [{ "service": "charging", "criterion": "2km" }] });
        let faults = |change| faults_of(&changed(&files, change), written.clone(), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (from, to, want) in [
            ("\"length_km\":3.0", "\"length_km\":2.9", "0101 for charging 2km add up to 4900000 mm, the ledger says 5000000 mm"),
            ("\"length_km\":1.5", "\"length_km\":2.1", "0101 for charging 5km add up to 2100000 mm, the ledger says 2000000 mm"),
            ("\"5km\"", "\"7km\"", "0101 for charging 7km add up to 1500000 mm, the ledger says nothing"),
        ] {
            let found = faults(("gaps.geojson", from, to));
            assert!(found.len() == 1 && found[0].contains(want), "{to}: {found:?}");
        }
    }
}
