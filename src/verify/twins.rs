//! A layer that stands in the folder as GeoJSON and, because it is large, as FlatGeobuf too says the same in both. Features stand in another
//! order there.

use super::Findings;
use super::opened::Opened;
use crate::error::Result;
use crate::tables::LARGE_LAYER;
use sha2::{Digest, Sha256};

/// Checks every such layer, and that a large one has its twin.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let outputs = o.folder.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let by_ending = |ending: &'static str| {
        let named = outputs.iter().filter_map(move |f| Some((f["name"].as_str()?.strip_suffix(ending)?, f["bytes"].as_u64())));
        named.filter(|(name, _)| !name.contains('/'))
    };
    let indexed: Vec<&str> = by_ending(".fgb").map(|(name, _)| name).collect();
    let has_format = o.folder.manifest["format_version"].as_u64().is_some_and(|v| v >= super::format::FOURTH);
    for (layer, bytes) in by_ending(".geojson") {
        if !indexed.contains(&layer) {
            if has_format && bytes.is_some_and(|b| b > LARGE_LAYER) && o.folder.kind != crate::files::kind::Kind::Difference {
                findings.faults.push(format!("{layer}.fgb is missing: {layer}.geojson is large"));
            }
            continue;
        }
        let [plain, twin] = [".geojson", ".fgb"].map(|ending| format!("{layer}{ending}"));
        let (a, b) = (prints(o, &plain, findings)?, prints(o, &twin, findings)?);
        if a != b {
            findings.faults.push(format!("{twin}: its features are not those of {plain}"));
        }
        findings.checked.push(format!("{} features of {twin} against {plain}", b.len()));
    }
    Ok(())
}

/// A fingerprint of the properties of each feature, sorted.
fn prints(o: &Opened, file: &str, findings: &mut Findings) -> Result<Vec<[u8; 16]>> {
    let mut all = Vec::new();
    o.features_of(file, findings, &mut |f| {
        let mut columns: Vec<(&String, String)> = f.columns.iter().map(|(name, value)| (name, value.to_string())).collect();
        columns.sort_unstable();
        let mut hash = Sha256::new();
        for (name, value) in columns {
            [name.as_str(), "\0", value.as_str(), "\0"].iter().for_each(|part| hash.update(part));
        }
        let mut print = [0; 16];
        print.copy_from_slice(&hash.finalize()[..16]);
        all.push(print);
    })?;
    all.sort_unstable();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use crate::files::flatgeobuf::{LayerHead, write_flatgeobuf};
    use crate::files::geojson::{Feature, Features, GeometryKind, Shape};
    use crate::files::schema::Value;
    use crate::files::table::{real, text};
    use crate::space::LonLat;
    use crate::verify::opened::tests::faults_of_bytes;
    use serde_json::{Value as Json, json};

    fn indexed(lengths: [f64; 2]) -> Vec<u8> {
        let columns = [text("id", "id", "Id", "编号"), real("length_km", "km", "km", "Length", "长度")];
        let row = |k: usize| Feature {
            id: format!("g{k}"),
            shape: Shape::Point(LonLat::new(10.0 - k as f64, 50.0).unwrap()),
            values: vec![Value::Null, Value::Real(lengths[k])],
        };
        let make = |_| Ok(vec![row(0), row(1)]);
        let head = LayerHead { name: "gaps", title: "", description: "", kind: GeometryKind::Point, columns: &columns };
        let mut out = Vec::new();
        write_flatgeobuf(&mut out, head, &Features { chunks: 1, make: &make }).unwrap();
        out
    }

    #[test]
    fn both_say_the_same_and_a_large_layer_has_both() {
        let point = |k: usize, km: f64| {
            let at = json!({ "type": "Point", "coordinates": [10.0 - k as f64, 50.0] });
            json!({ "type": "Feature", "geometry": at, "properties": { "id": format!("g{k}"), "length_km": km } })
        };
        let plain = json!({ "type": "FeatureCollection", "features": [point(0, 1.5), point(1, 2.0)] }).to_string().into_bytes();
        let faults = |twin: [f64; 2], more: Json| {
            faults_of_bytes(&[("gaps.geojson", plain.clone()), ("gaps.fgb", indexed(twin))], more, super::check)
        };
        assert_eq!(faults([1.5, 2.0], json!({})), [""; 0]);
        assert_eq!(faults([1.5, 2.5], json!({})), ["gaps.fgb: its features are not those of gaps.geojson"]);
        let alone = |bytes: u64| {
            let outputs = json!([{ "name": "gaps.geojson", "sha256": "", "bytes": bytes }]);
            faults_of_bytes(&[("gaps.geojson", plain.clone())], json!({ "outputs": outputs }), super::check)
        };
        assert_eq!(alone(20_000_001), ["gaps.fgb is missing: gaps.geojson is large"]);
        assert_eq!(alone(20_000_000), [""; 0]);
    }
}
