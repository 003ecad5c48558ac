//! Where the row of a table lies: from two columns, or from text as databases and scripts write it into one cell: well-known text,
//! with its system before it or not, well-known binary as hexadecimal digits, GeoJSON, a pair of numbers.

use crate::issue::IssueCode;
use crate::read::decimals::coordinate;
use crate::read::fields::FieldMap;
use crate::read::geometry::{from_ewkb, from_wkt};
use crate::read::record::{Columns, Fault};
use geojson::GeometryValue;

/// Columns that hold a pair of numbers, and whether the first is the longitude.
///
/// # References
/// Opendatasoft, `geo_point_2d` (latitude first); schéma IRVE 2.3, `coordonneesXY` (longitude first).
const PAIRS: &[(&str, bool)] = &[
    ("geo_point_2d", false),
    ("Geo Point", false),
    ("geopoint", false),
    ("latlon", false),
    ("coordonneesXY", true),
    ("lonlat", true),
];

/// Whether a column holds a pair of numbers by its name.
pub(crate) fn is_pair(column: &str) -> bool {
    PAIRS.iter().any(|(name, _)| *name == column)
}

/// A geometry and the number of its coordinate system, where the text says one.
pub(crate) type Found = (Option<GeometryValue>, Option<u32>);

/// The geometry of a row. Where there are both, longitude and latitude go before a geometry's text, unless the region file maps that.
pub(crate) fn geometry_of(row: &Columns, columns: &FieldMap) -> Result<Found, Fault> {
    let text = columns.get(row, "wkt");
    let pair = || Some((columns.get(row, "lon")?, columns.get(row, "lat")?));
    let by_text = || {
        let text = text.as_deref()?;
        let what = |e| format!("the geometry \"{}\" is not understood: {e}", short(text));
        Some(parse(text, None).map_err(|e| Fault::bad(what(e))))
    };
    if columns.is_mapped("wkt")
        && let Some(found) = by_text()
    {
        return found;
    }
    if let Some((lon, lat)) = pair() {
        let (Some(x), Some(y)) = (coordinate(&lon), coordinate(&lat)) else {
            return Err(Fault::coordinate(format!("\"{lon}\", \"{lat}\" are not two numbers")));
        };
        return Ok((Some(GeometryValue::Point { coordinates: [x, y].into() }), None));
    }
    if let Some(found) = by_text() {
        return found;
    }
    for (name, lon_first) in PAIRS {
        if let Some(text) = row.get(*name).and_then(|v| v.as_str()).filter(|t| !t.trim().is_empty()) {
            let what = |e| format!("\"{}\" is no position: {e}", short(text));
            return parse(text, Some(*lon_first)).map_err(|e| Fault::coordinate(what(e)));
        }
    }
    let of = |c| columns.met(c).into_iter().find(|name| row.contains_key(name.as_str()));
    let names: Vec<String> = ["lon", "lat", "wkt"].into_iter().filter_map(of).collect();
    Err(Fault { code: IssueCode::MissingField, what: "the row has no position".to_owned(), field: Some(names.join(", ")) })
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(40).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// A geometry from text of any of the kinds. `lon_first` is the order of a bare pair, where the column's name says it.
fn parse(text: &str, lon_first: Option<bool>) -> Result<Found, String> {
    let text = text.trim();
    match text.as_bytes() {
        [b'{', ..] => from_geojson(text).map(|g| (g, None)),
        [b'0', b'0' | b'1', ..] if text.len() >= 10 && text.bytes().all(|b| b.is_ascii_hexdigit()) => {
            from_ewkb(&bytes_of(text).ok_or("an odd number of hexadecimal digits")?)
        }
        // GeoJSON's order
        [b'[', ..] => pair(text, lon_first.or(Some(true))).map(|g| (Some(g), None)),
        [b'(' | b'-' | b'0'..=b'9', ..] => pair(text, lon_first).map(|g| (Some(g), None)),
        _ => {
            let srid = text.split_once(';').and_then(|(head, _)| {
                let number = head.trim().to_ascii_uppercase();
                number.strip_prefix("SRID=")?.trim().parse().ok()
            });
            Ok((from_wkt(text)?, srid))
        }
    }
}

fn from_geojson(text: &str) -> Result<Option<GeometryValue>, String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|e| format!("not GeoJSON: {e}"))?;
    let geometry = if value["type"] == "Feature" { value["geometry"].clone() } else { value };
    if geometry.is_null() {
        return Ok(None);
    }
    let geometry: geojson::Geometry = serde_json::from_value(geometry).map_err(|e| format!("not GeoJSON: {e}"))?;
    Ok(Some(geometry.value))
}

fn bytes_of(hex: &str) -> Option<Vec<u8>> {
    let digit = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    hex.len().is_multiple_of(2).then_some(())?;
    hex.as_bytes().chunks_exact(2).map(|p| Some(digit(p[0])? << 4 | digit(p[1])?)).collect()
}

/// A pair of degrees, in brackets or not; which is which goes by the column's name, else by the only way in which both are degrees.
fn pair(text: &str, lon_first: Option<bool>) -> Result<GeometryValue, String> {
    let inside = text.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']') || c.is_whitespace());
    let numbers: Option<Vec<f64>> =
        inside.split([',', ';', ' ']).filter(|p| !p.trim().is_empty()).map(|p| p.trim().parse().ok()).collect();
    let Some([a, b]) = numbers.as_deref() else { return Err("not two numbers".to_owned()) };
    let lon_first = match lon_first {
        Some(first) => first,
        None if a.abs() > 90.0 => true,
        None if b.abs() > 90.0 => false,
        None => return Err("nothing says which number is the longitude: map lon and lat, or write POINT(lon lat)".to_owned()),
    };
    let (lon, lat) = if lon_first { (*a, *b) } else { (*b, *a) };
    Ok(GeometryValue::Point { coordinates: [lon, lat].into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(text: &str, lon_first: Option<bool>) -> Result<([f64; 2], Option<u32>), String> {
        match parse(text, lon_first)? {
            (Some(GeometryValue::Point { coordinates: p }), srid) => Ok(([p[0], p[1]], srid)),
            other => Err(format!("{other:?}")),
        }
    }

    #[test]
    fn a_point_in_every_spelling() {
        let at = [10.25, 50.01];
        assert_eq!(point("POINT (10.25 50.01)", None), Ok((at, None)));
        assert_eq!(point("SRID=4326;POINT(10.25 50.01)", None), Ok((at, Some(4326))));
        // little endian, a point with a system (0x20000001), 4326 = 0x10e6
        assert_eq!(point("0101000020E61000000000000000802440E17A14AE47014940", None), Ok((at, Some(4326))));
        assert_eq!(point("01010000000000000000802440e17a14ae47014940", None), Ok((at, None)));
        assert_eq!(point("{\"type\": \"Point\", \"coordinates\": [10.25, 50.01]}", None), Ok((at, None)));
        assert_eq!(
            point("{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[10.25,50.01]}}", None),
            Ok((at, None))
        );
        assert_eq!(point("[10.25, 50.01]", None), Ok((at, None)));
        assert_eq!(point("50.01, 10.25", Some(false)), Ok((at, None)));
        assert_eq!(point("(31.02, 109.46)", None), Ok(([109.46, 31.02], None)));
        assert!(point("(50.01, 10.25)", None).unwrap_err().contains("which number is the longitude"));
        for odd in ["0101", "{\"type\":\"Point\"}", "[1]", "nowhere", "010100002", "(1, 2, 3)", "{"] {
            assert!(parse(odd, None).is_err(), "{odd}");
        }
        assert_eq!(parse("POINT EMPTY", None), Ok((None, None)));
    }
}
