//! The four layers from GeoJSON and CSV files: one function a layer, each judging record by record.

use super::afdc::{AFDC_COLUMNS, afdc_station};
use super::county::{self, COUNTY_FIELDS, County};
use super::fields::{Attributes, FieldMap};
use super::road::{OneWay, RawRoad, Roads};
use super::settlement::{SETTLEMENT_FIELDS, Settlement, settlement_of};
use super::sniff::{FileKind, kind_of};
use super::station::{STATION_FIELDS, Station, station_of};
use super::{stream, table};
use crate::config::region_file::{LayerTable, RegionFile, RoadsTable};
use crate::config::{Criteria, RoadClass};
use crate::error::{Error, Location, Result, path_text};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{CoordError, LonLat};
use geojson::{Feature, GeometryValue, Position};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Our road fields and the columns they usually come from.
pub const ROAD_FIELDS: &[(&str, &[&str])] = &[
    ("id", &["id", "osm_id", "LINEARID"]),
    ("name", &["name", "ref", "FULLNAME", "NAME", "名称"]),
    ("class", &["class", "highway", "fclass", "MTFCC", "等级"]),
    ("oneway", &["oneway"]),
    ("speed_kmh", &["speed_kmh", "maxspeed"]),
];

/// A file of a layer: where it is, and how it is named to people.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// From where the program stands.
    pub path: PathBuf,
    /// As written in the region file.
    pub shown: String,
}

/// The files of a layer.
pub fn files_of(region: &RegionFile, paths: &crate::config::region_file::Paths) -> Vec<SourceFile> {
    paths.list().iter().map(|p| SourceFile { path: region.resolve(p), shown: path_text(p) }).collect()
}

/// Checks the right-hand side of `[roads.classes]`.
///
/// # Errors
/// Usage, naming the class that is none of ours.
pub fn check_classes(classes: &BTreeMap<String, String>) -> Result<()> {
    let odd = classes.iter().find(|(_, ours)| *ours != "exclude" && RoadClass::from_name(ours).is_none());
    let Some((theirs, ours)) = odd else { return Ok(()) };
    let next = "use motorway, trunk, primary, secondary, tertiary, local, service, track or exclude";
    let at = Location::default().field(format!("roads.classes.{theirs}"));
    Err(Error::usage(format!("\"{ours}\" is not a road class"), next).at(at))
}

/// Reads road lines (`LineString`, `MultiLineString`).
///
/// # Errors
/// As [`stream::each_feature`]; usage for a wrong class map.
pub fn read_roads(files: &[SourceFile], spec: &RoadsTable, criteria: &Criteria, issues: &mut Issues) -> Result<Roads> {
    let map = FieldMap::new("roads", ROAD_FIELDS, &spec.fields)?;
    check_classes(&spec.classes)?;
    let mut roads = Roads::default();
    let mut line = Vec::new();
    for file in files {
        expect(file, spec.format.as_deref(), FileKind::GeoJson, "geojson")?;
        stream::each_feature(&file.path, &file.shown, &mut |number, feature| {
            issues.count_mut(Layer::Roads).read += 1;
            let here = Location::file(file.shown.as_str()).feature(number);
            let Some((feature, geometry)) = usable(feature, Layer::Roads, &here, issues) else { return };
            let lines = match geometry {
                GeometryValue::LineString { coordinates } => vec![coordinates],
                GeometryValue::MultiLineString { coordinates } => coordinates,
                other => return wrong_geometry(&other, "LineString", Layer::Roads, here, issues),
            };
            let props = feature.properties.unwrap_or_default();
            map.observe(&props);
            let text = |ours: &str| map.get(&props, ours);
            let here = text("id").map_or(here.clone(), |id| here.id(id.into_owned()));
            let class_text = text("class").unwrap_or_default();
            let mapped = spec.classes.get(class_text.as_ref()).map(String::as_str);
            let oneway = text("oneway").map_or(Some(OneWay::No), |w| OneWay::from_word(&w));
            if oneway.is_none() {
                issues.push(
                    Layer::Roads,
                    IssueCode::UnknownValue,
                    here.clone().field("oneway"),
                    format!("\"{}\" is not understood; taken as open both ways", text("oneway").unwrap_or_default()),
                );
            }
            let raw = RawRoad {
                name: &text("name").unwrap_or_default(),
                class: mapped.map_or_else(|| RoadClass::from_name(&class_text), RoadClass::from_name),
                class_text: &class_text,
                exclude: mapped == Some("exclude"),
                no_motor: false,
                oneway: oneway.unwrap_or_default(),
                speed_kmh: text("speed_kmh").and_then(|s| s.parse().ok()),
            };
            for part in &lines {
                line.clear();
                match positions(part, &mut line) {
                    Ok(()) => roads.push(&raw, &line, criteria, &here, issues),
                    Err(e) => bad_coordinate(&e, Layer::Roads, here.clone(), issues),
                }
            }
        })?;
    }
    roads.close_books(issues);
    map.require_seen("roads", issues.count(Layer::Roads).read)?;
    Ok(roads)
}

/// Reads county polygons.
///
/// # Errors
/// As [`stream::each_feature`]; input when two counties share a code or none is left.
pub fn read_counties(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Result<Vec<County>> {
    let map = FieldMap::new("counties", COUNTY_FIELDS, &spec.fields)?;
    let mut counties = Vec::new();
    for file in files {
        expect(file, spec.format.as_deref(), FileKind::GeoJson, "geojson")?;
        stream::each_feature(&file.path, &file.shown, &mut |number, feature| {
            let here = Location::file(file.shown.as_str()).feature(number);
            counties.extend(county_of(feature, &map, spec, here, issues));
        })?;
    }
    map.require_seen("counties", issues.count(Layer::Counties).read)?;
    if let Some(only) = &spec.only
        && let Some(missing) = only.iter().find(|code| !counties.iter().any(|c| c.code == **code))
    {
        return Err(Error::input(
            format!("no county has the code \"{missing}\""),
            format!("check [counties] only, and that `{}` is the code", map.columns("code")),
        ));
    }
    issues.count_mut(Layer::Counties).used = counties.len() as u64;
    if counties.is_empty() {
        return Err(Error::input("there is no usable county polygon", "`chargegap check` lists why each was refused")
            .at(files.first().map(|f| Location::file(f.shown.as_str())).unwrap_or_default()));
    }
    county::sort_and_check(counties)
}

fn county_of(
    feature: std::result::Result<Feature, String>,
    map: &FieldMap,
    spec: &LayerTable,
    here: Location,
    issues: &mut Issues,
) -> Option<County> {
    // A county that is not asked for is not judged.
    if let Some(props) = feature.as_ref().ok().and_then(|f| f.properties.as_ref()) {
        map.observe(props);
    }
    let code = feature.as_ref().ok().and_then(|f| {
        let from_props = f.properties.as_ref().and_then(|p| map.get(p, "code")).map(Cow::into_owned);
        from_props.or_else(|| match &f.id {
            Some(geojson::feature::Id::String(s)) => Some(s.clone()),
            Some(geojson::feature::Id::Number(n)) => Some(n.to_string()),
            None => None,
        })
    });
    if let (Some(only), Some(code)) = (&spec.only, &code)
        && !only.contains(code)
    {
        return None;
    }
    issues.count_mut(Layer::Counties).read += 1;
    let (feature, geometry) = usable(feature, Layer::Counties, &here, issues)?;
    let polygons = match geometry {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates,
        other => {
            wrong_geometry(&other, "Polygon", Layer::Counties, here, issues);
            return None;
        }
    };
    let Some(code) = code else {
        issues.push(Layer::Counties, IssueCode::MissingField, here.field(map.columns("code")), "the county has no code");
        return None;
    };
    let here = here.id(code.as_str());
    let mut shape_rings = Vec::new();
    for polygon in &polygons {
        let mut rings = Vec::new();
        for (i, coordinates) in polygon.iter().enumerate() {
            let mut points = Vec::new();
            if let Err(e) = positions(coordinates, &mut points) {
                bad_coordinate(&e, Layer::Counties, here, issues);
                return None;
            }
            match county::ring(&points, &here, issues) {
                Some(ring) => rings.push(ring),
                None if i == 0 => break, // holes without their exterior mean nothing
                None => {}
            }
        }
        shape_rings.push(rings);
    }
    let (shape, valid) = county::shape(shape_rings, &here, issues)?;
    let props = feature.properties.unwrap_or_default();
    let name = map.get(&props, "name").map_or_else(|| code.clone(), Cow::into_owned);
    let name_zh = map.get(&props, "name_zh").map(Cow::into_owned).unwrap_or_default();
    Some(County { code, name, name_zh, shape, valid, source: here })
}

/// Reads stations from GeoJSON points, CSV, or AFDC's CSV.
///
/// # Errors
/// As the reader of the format.
pub fn read_stations(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Result<Vec<Station>> {
    let map = FieldMap::new("stations", STATION_FIELDS, &spec.fields)?;
    let afdc = spec.format.as_deref() == Some("afdc");
    let mut stations = Vec::new();
    for file in files {
        let mut others = 0;
        if afdc {
            let columns = FieldMap::new("stations", &[("lon", &["Longitude"]), ("lat", &["Latitude"])], &Default::default())?;
            let wanted: Vec<String> = AFDC_COLUMNS.iter().map(|c| (*c).to_owned()).collect();
            each_point_row(file, spec, &columns, &wanted, Layer::Stations, issues, &mut |row, at, here, issues| {
                let here = row.text("ID").map_or(here.clone(), |id| here.id(id.into_owned()));
                match afdc_station(row, at, here, issues) {
                    Some(s) => stations.push(s),
                    None => others += 1,
                }
            })?;
        } else {
            each_point(file, spec, &map, Layer::Stations, issues, &mut |record, at, here, issues| {
                let here = record.get(&map, "id").map_or(here.clone(), |id| here.id(id));
                stations.push(record.station(at, &map, here, issues));
            })?;
        }
        if others > 0 {
            issues.push_many(
                Layer::Stations,
                IssueCode::OtherKind,
                Location::file(file.shown.as_str()),
                format!("{others} rows of another fuel were passed over"),
                others,
                0,
            );
        }
    }
    map_seen(afdc, &map, Layer::Stations, issues)?;
    issues.count_mut(Layer::Stations).used = stations.len() as u64;
    Ok(stations)
}

/// Reads settlements from GeoJSON points or CSV.
///
/// # Errors
/// As the reader of the format.
pub fn read_settlements(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Result<Vec<Settlement>> {
    let map = FieldMap::new("settlements", SETTLEMENT_FIELDS, &spec.fields)?;
    let mut settlements = Vec::new();
    for file in files {
        each_point(file, spec, &map, Layer::Settlements, issues, &mut |record, at, here, issues| {
            let here = record.get(&map, "id").map_or(here.clone(), |id| here.id(id));
            settlements.push(record.settlement(at, &map, here, issues));
        })?;
    }
    map_seen(false, &map, Layer::Settlements, issues)?;
    issues.count_mut(Layer::Settlements).used = settlements.len() as u64;
    Ok(settlements)
}

fn map_seen(fixed: bool, map: &FieldMap, layer: Layer, issues: &Issues) -> Result<()> {
    if fixed { Ok(()) } else { map.require_seen(layer.as_str(), issues.count(layer).read) }
}

/// A record of either format.
enum PointRecord<'a> {
    Json(&'a serde_json::Map<String, serde_json::Value>),
    Row(&'a table::Row<'a>),
}

impl PointRecord<'_> {
    fn get(&self, map: &FieldMap, ours: &str) -> Option<String> {
        match self {
            Self::Json(p) => map.get(*p, ours).map(Cow::into_owned),
            Self::Row(r) => map.get(*r, ours).map(Cow::into_owned),
        }
    }

    fn station(&self, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Station {
        match self {
            Self::Json(p) => station_of(*p, at, map, here, issues),
            Self::Row(r) => station_of(*r, at, map, here, issues),
        }
    }

    fn settlement(&self, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Settlement {
        match self {
            Self::Json(p) => settlement_of(*p, at, map, here, issues),
            Self::Row(r) => settlement_of(*r, at, map, here, issues),
        }
    }
}

type EachPoint<'f> = dyn FnMut(PointRecord<'_>, LonLat, Location, &mut Issues) + 'f;

fn each_point(
    file: &SourceFile,
    spec: &LayerTable,
    map: &FieldMap,
    layer: Layer,
    issues: &mut Issues,
    each: &mut EachPoint<'_>,
) -> Result<()> {
    let kind = match spec.format.as_deref() {
        None => kind_of(&file.path, &file.shown)?,
        Some("geojson") => FileKind::GeoJson,
        Some("csv") => FileKind::Table,
        Some(other) => {
            return Err(Error::usage(
                format!("\"{other}\" is not a format of {}", layer.as_str()),
                "use geojson, csv or (stations) afdc",
            )
            .at(Location::default().field(format!("{}.format", layer.as_str()))));
        }
    };
    match kind {
        FileKind::OsmPbf | FileKind::OsmXml => {
            Err(Error::usage("this is an OSM extract", "name it under [osm] path").at(Location::file(file.shown.as_str())))
        }
        FileKind::Table => {
            // A column the user names must be there; guessed ones may be missing.
            let wanted: Vec<String> = spec.fields.values().cloned().collect();
            each_point_row(file, spec, map, &wanted, layer, issues, &mut |row, at, here, issues| {
                each(PointRecord::Row(row), at, here, issues)
            })
        }
        FileKind::GeoJson => stream::each_feature(&file.path, &file.shown, &mut |number, feature| {
            issues.count_mut(layer).read += 1;
            let here = Location::file(file.shown.as_str()).feature(number);
            let Some((feature, geometry)) = usable(feature, layer, &here, issues) else { return };
            let GeometryValue::Point { coordinates } = geometry else {
                return wrong_geometry(&geometry, "Point", layer, here, issues);
            };
            match position(&coordinates) {
                Ok(at) if at == LonLat::default() => issues.push(layer, IssueCode::NullIsland, here, "the position is 0, 0"),
                Ok(at) => {
                    let props = feature.properties.unwrap_or_default();
                    map.observe(&props);
                    each(PointRecord::Json(&props), at, here, issues);
                }
                Err(e) => bad_coordinate(&e, layer, here, issues),
            }
        }),
    }
}

#[allow(clippy::too_many_arguments)] // one call site a layer; a struct would only rename the list
fn each_point_row(
    file: &SourceFile,
    spec: &LayerTable,
    map: &FieldMap,
    wanted: &[String],
    layer: Layer,
    issues: &mut Issues,
    each: &mut dyn FnMut(&table::Row<'_>, LonLat, Location, &mut Issues),
) -> Result<()> {
    let delimiter = match spec.delimiter.as_deref().map(str::as_bytes) {
        None => None,
        Some([one]) => Some(*one),
        Some(_) => {
            return Err(Error::usage("the delimiter is not one character", "use \",\" \";\" or \"\\t\"")
                .at(Location::default().field(format!("{}.delimiter", layer.as_str()))));
        }
    };
    table::each_row(&file.path, &file.shown, delimiter, wanted, &mut |number, line, row| {
        issues.count_mut(layer).read += 1;
        let here = Location::file(file.shown.as_str()).feature(number).line(line, 0);
        let row = match row {
            Ok(row) => row,
            Err(why) => return issues.push(layer, IssueCode::BadRecord, here, why),
        };
        map.observe(row);
        let (Some(lon), Some(lat)) = (map.get(row, "lon"), map.get(row, "lat")) else {
            let columns = format!("{}, {}", map.columns("lon"), map.columns("lat"));
            return issues.push(layer, IssueCode::MissingField, here.field(columns), "the row has no position");
        };
        let (Ok(x), Ok(y)) = (lon.parse::<f64>(), lat.parse::<f64>()) else {
            return issues.push(layer, IssueCode::BadCoordinate, here, format!("\"{lon}\", \"{lat}\" are not two numbers"));
        };
        match LonLat::new(x, y) {
            Ok(at) if at == LonLat::default() => issues.push(layer, IssueCode::NullIsland, here, "the position is 0, 0"),
            Ok(at) => each(row, at, here, issues),
            Err(e) => bad_coordinate(&e, layer, here, issues),
        }
    })
}

fn expect(file: &SourceFile, format: Option<&str>, want: FileKind, name: &str) -> Result<()> {
    match format {
        Some(f) if f == name => return Ok(()),
        Some(f) => {
            return Err(Error::usage(format!("\"{f}\" is not a format of this layer"), format!("use {name}"))
                .at(Location::file(file.shown.as_str())));
        }
        None => {}
    }
    let kind = kind_of(&file.path, &file.shown)?;
    if kind == want {
        return Ok(());
    }
    let seen = match kind {
        FileKind::OsmPbf | FileKind::OsmXml => "an OSM extract",
        FileKind::GeoJson => "JSON",
        FileKind::Table => "a text table",
    };
    Err(Error::input(
        format!("the file is {seen}, and this layer is read as {name}"),
        "export the layer as GeoJSON, or name an OSM extract under [osm] path",
    )
    .at(Location::file(file.shown.as_str())))
}

fn usable(
    feature: std::result::Result<Feature, String>,
    layer: Layer,
    here: &Location,
    issues: &mut Issues,
) -> Option<(Feature, GeometryValue)> {
    let mut feature = match feature {
        Ok(f) => f,
        Err(why) => {
            issues.push(layer, IssueCode::BadRecord, here.clone(), format!("not a GeoJSON feature: {why}"));
            return None;
        }
    };
    let Some(geometry) = feature.geometry.take() else {
        issues.push(layer, IssueCode::NullGeometry, here.clone(), "the feature has no geometry");
        return None;
    };
    Some((feature, geometry.value))
}

fn wrong_geometry(found: &GeometryValue, want: &str, layer: Layer, here: Location, issues: &mut Issues) {
    issues.push(layer, IssueCode::WrongGeometry, here, format!("a {} where a {want} belongs", found.type_name()));
}

fn bad_coordinate(e: &CoordError, layer: Layer, here: Location, issues: &mut Issues) {
    let code = if matches!(e, CoordError::Swapped { .. }) { IssueCode::SwappedCoordinates } else { IssueCode::BadCoordinate };
    issues.push(layer, code, here, e.to_string());
}

fn position(p: &Position) -> std::result::Result<LonLat, CoordError> {
    match p.as_slice() {
        [lon, lat, ..] => LonLat::new(*lon, *lat),
        _ => Err(CoordError::NotFinite),
    }
}

fn positions(list: &[Position], out: &mut Vec<LonLat>) -> std::result::Result<(), CoordError> {
    for p in list {
        out.push(position(p)?);
    }
    Ok(())
}
