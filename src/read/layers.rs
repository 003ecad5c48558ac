//! The four layers from files of any format: one function a layer, each judging record by record.

use super::contradict::Contradictions;
use super::county::{self, County};
use super::county_codes;
use super::county_outlines;
use super::decimals::{Judge, Style, judged};
use super::fields::FieldMap;
use super::formats::{self, Origin, SourceFile};
use super::geometry::point_of;
use super::headers;
use super::lists;
use super::meridian::{crosses, cut_area, cut_line};
use super::record::{Fault, OwnIds, Record};
use super::registers::{Counting, Dialect, Gathered, Readings};
use super::road::{OneWay, RawRoad, Roads, level};
use super::road_class::{ClassOf, ClassWords};
use super::settlement::{Settlement, settlement_of};
use super::speed;
use super::station::Station;
use crate::config::region_file::{LayerTable, RegionFile, RoadsTable};
use crate::config::{Reading, RoadClass};
use crate::error::{Error, Location, Result, path_text};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{CoordError, LonLat};
use geojson::{GeometryValue, Position};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Nobody drives faster, km/h.
const MOST_KMH: f64 = 200.0;

/// A layer with what its files turned out to be, one a file.
pub type Read<T> = Result<(T, Vec<Origin>)>;

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
/// As [`formats::each_record`]; usage for a wrong class map.
pub fn read_roads(files: &[SourceFile], spec: &RoadsTable, reading: &Reading, issues: &mut Issues) -> Read<Roads> {
    let map = FieldMap::new("roads", headers::ROADS, &spec.fields)?;
    check_classes(&spec.classes)?;
    let (mut roads, mut origins, mut classes) = (Roads::default(), Vec::new(), ClassWords::default());
    for file in files {
        let wanted: Vec<String> = spec.fields.values().cloned().collect();
        origins.push(formats::each_record(
            file,
            Layer::Roads,
            &spec.how(),
            &map,
            &wanted,
            issues,
            &mut |place, record, issues| {
                issues.count_mut(Layer::Roads).read += 1;
                let here = place.of(file);
                let Some((record, geometry)) = usable(record, Layer::Roads, &here, issues) else { return };
                let here = standing(here, &geometry);
                map.observe(&record.columns);
                road(&record, geometry, &map, (spec, reading), here, (&mut roads, &mut classes, issues));
            },
        )?);
    }
    roads.close_books(issues);
    map.require_seen("roads", issues.count(Layer::Roads).read)?;
    classes.tell(issues);
    tell_columns(&map, headers::ROADS, (Layer::Roads, "roads"), files, issues);
    if !map.has_column("class") && spec.class.is_none() && issues.count(Layer::Roads).read > issues.refused(Layer::Roads) {
        return Err(without_class(&map, files));
    }
    Ok((roads, origins))
}

/// What became of the columns of a layer.
pub(super) fn tell_columns(
    map: &FieldMap,
    fields: headers::Fields,
    layer: (Layer, &str),
    files: &[SourceFile],
    issues: &mut Issues,
) {
    let file = if let [one] = files { one.shown.as_str() } else { "" };
    super::columns::tell(map, fields, layer, file, &|_| false, issues);
}

fn without_class(map: &FieldMap, files: &[SourceFile]) -> Error {
    let has = map.unused();
    let has = if has.is_empty() { "no other".to_owned() } else { has.iter().take(30).cloned().collect::<Vec<_>>().join(", ") };
    let what = format!("the roads have no column with their class (looked for: {}; it has: {has})", map.columns("class"));
    let next = "map it under [roads] fields, or say [roads] class = \"tertiary\" (or another) for all of them";
    Error::input(what, next).at(first_file(files).field("class"))
}

fn road(
    record: &Record,
    geometry: GeometryValue,
    map: &FieldMap,
    (spec, reading): (&RoadsTable, &Reading),
    here: Location,
    (roads, classes, issues): (&mut Roads, &mut ClassWords, &mut Issues),
) {
    let lines = match geometry {
        GeometryValue::LineString { coordinates } => vec![coordinates],
        GeometryValue::MultiLineString { coordinates } => coordinates,
        other => return wrong_geometry(&other, "LineString", Layer::Roads, here, issues),
    };
    if lines.is_empty() {
        return issues.push(Layer::Roads, IssueCode::NullGeometry, here, "the geometry is empty");
    }
    let text = |ours: &str| map.get(&record.columns, ours);
    let here = text("id").map_or(here.clone(), |id| here.id(id.into_owned()));
    let class_text = text("class").unwrap_or_default();
    let known = if class_text.is_empty() {
        spec.class.map_or(ClassOf::Unknown, ClassOf::Class)
    } else {
        classes.of(&class_text, &spec.classes, &here)
    };
    let direction = text("oneway").unwrap_or_default();
    let reversible = direction == "reversible";
    let oneway = if reversible || direction.is_empty() { Some(OneWay::No) } else { OneWay::from_word(&direction) };
    if oneway.is_none() {
        let what = format!("\"{direction}\" is not understood; taken as open both ways");
        issues.push(Layer::Roads, IssueCode::UnknownValue, here.clone().field("oneway"), what);
    }
    let (name, number) = (text("name").unwrap_or_default(), text("number").unwrap_or_default());
    let raw = RawRoad {
        name: &name,
        reference: if number == name { "" } else { &number },
        class: known.class(),
        class_text: &class_text,
        exclude: known == ClassOf::Excluded,
        // A lane whose direction changes by the hour cannot be relied on.
        closed: reversible.then_some(IssueCode::ReversibleRoad),
        oneway: oneway.unwrap_or_default(),
        level: level(text("layer").as_deref(), text("bridge").as_deref(), text("tunnel").as_deref()),
        speed_kmh: text("speed_kmh").and_then(|s| speed_kmh(&s, map.factor(&record.columns, "speed_kmh"), &here, issues)),
    };
    let mut line = Vec::new();
    let cut: Vec<Vec<Position>> = match lines.iter().any(|l| crosses(l)) {
        true => lines.into_iter().flat_map(|l| cut_line(&l).unwrap_or_else(|| vec![l])).collect(),
        false => lines,
    };
    for part in &cut {
        line.clear();
        match positions(part, &mut line) {
            Ok(()) => roads.push(&raw, &line, reading, &here, issues),
            Err(e) => bad_coordinate(&e, Layer::Roads, here.clone(), issues),
        }
    }
}

/// A speed in km/h, written as in OpenStreetMap (`30 mph`, `50;70`, of which the lowest counts) or as a list; 0 and `none` set none.
/// `factor` is that of the unit in the header.
fn speed_kmh(text: &str, factor: f64, here: &Location, issues: &mut Issues) -> Option<f64> {
    let text = lists::bracketed(text).map_or_else(|| text.to_owned(), |parts| parts.join(";"));
    if matches!(text.as_str(), "0" | "") {
        return None;
    }
    let bare = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ';' | ' '));
    let read = speed::speed_kmh(&text).ok();
    let value = read.map(|v| v.map(|v| v * if bare { factor } else { 1.0 }));
    match value {
        Some(None) => None,
        Some(Some(v)) if (3.0..=MOST_KMH).contains(&v) => Some(v),
        _ => {
            let what = format!("\"{text}\" is no speed in km/h; that of the class was taken");
            issues.push(Layer::Roads, IssueCode::BadNumber, here.clone().field("speed_kmh"), what);
            None
        }
    }
}

/// Reads county polygons.
///
/// # Errors
/// As [`formats::each_record`]; input when two counties share a code or none is left.
pub fn read_counties(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Read<Vec<County>> {
    let map = FieldMap::new("counties", headers::COUNTIES, &spec.fields)?;
    let (mut counties, mut origins, twofold) = (Vec::new(), Vec::new(), Contradictions::default());
    for file in files {
        origins.push(formats::each_record(
            file,
            Layer::Counties,
            &spec.how(),
            &map,
            &[],
            issues,
            &mut |place, record, issues| {
                let here = place.of(file);
                let columns = record.as_ref().ok().map(|r| r.columns.clone());
                let county = county_of(record, &map, spec, here.clone(), issues);
                if let (Some(_), Some(columns)) = (&county, columns) {
                    twofold.see(&map, &columns, &here);
                }
                counties.extend(county);
            },
        )?);
    }
    map.require_seen("counties", issues.count(Layer::Counties).read)?;
    tell_columns(&map, headers::COUNTIES, (Layer::Counties, "counties"), files, issues);
    twofold.tell(Layer::Counties, issues);
    let is_one = |code: &str, asked: &String| county_codes::is_asked(code, std::slice::from_ref(asked));
    if let Some(only) = &spec.only
        && let Some(missing) = only.iter().find(|code| !counties.iter().any(|c: &County| is_one(&c.code, code)))
    {
        return Err(Error::input(
            format!("no county has the code \"{missing}\""),
            format!("check [counties] only, and that `{}` is the code", map.meant("code")),
        ));
    }
    issues.count_mut(Layer::Counties).used = counties.len() as u64;
    if counties.is_empty() {
        let next = "`chargegap check` lists why each was refused";
        return Err(Error::input("there is no usable county polygon", next).at(first_file(files)));
    }
    county_codes::restore(&mut counties, spec.only.as_deref(), spec.merge, issues)?;
    let counties = county::sort_and_check(counties, spec.merge, issues)?;
    county_outlines::refuse(&counties)?;
    Ok((counties, origins))
}

fn county_of(
    record: std::result::Result<Record, Fault>,
    map: &FieldMap,
    spec: &LayerTable,
    here: Location,
    issues: &mut Issues,
) -> Option<County> {
    // A county that is not asked for is not judged.
    if let Ok(r) = &record {
        map.observe(&r.columns);
    }
    let told = |r: &Record| map.get(&r.columns, "code").map(Cow::into_owned).or_else(|| r.id.clone());
    let code = record.as_ref().ok().and_then(told).and_then(|code| county::plain_code(&code));
    let code = code.map(county::without_country);
    // nor is what has no code, such as the lines of borders in the same file
    if let Some(only) = &spec.only
        && code.as_ref().is_none_or(|code| !county_codes::is_asked(code, only))
    {
        return None;
    }
    issues.count_mut(Layer::Counties).read += 1;
    let (record, geometry) = usable(record, Layer::Counties, &here, issues)?;
    let here = standing(here, &geometry);
    let polygons = match geometry {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates,
        other => {
            let areas =
                if let GeometryValue::GeometryCollection { geometries } = &other { areas_of(geometries) } else { Vec::new() };
            if areas.is_empty() {
                wrong_geometry(&other, "Polygon", Layer::Counties, here, issues);
                return None;
            }
            areas
        }
    };
    if polygons.iter().all(Vec::is_empty) {
        issues.push(Layer::Counties, IssueCode::NullGeometry, here, "the geometry is empty");
        return None;
    }
    let Some(code) = code else {
        issues.push(Layer::Counties, IssueCode::MissingField, here.field(map.meant("code")), "the county has no code");
        return None;
    };
    let here = here.id(code.as_str());
    let mut shape_rings = Vec::new();
    let cut = |p: Vec<Vec<Position>>| cut_area(&p).unwrap_or_else(|| vec![p]);
    let polygons: Vec<Vec<Vec<Position>>> = polygons.into_iter().flat_map(cut).collect();
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
    let drawn = county::shape_or_repaired(shape_rings, spec.repair, &here, issues)?;
    let name_zh = map.get(&record.columns, "name_zh").map(Cow::into_owned).unwrap_or_default();
    let other = || if name_zh.is_empty() { code.clone() } else { name_zh.clone() };
    let name = map.get(&record.columns, "name").map_or_else(other, Cow::into_owned);
    Some(County::drawn([code, name, name_zh], drawn, here))
}

/// The areas of a collection; lines and points beside them (labels, seats) are no ground.
fn areas_of(geometries: &[geojson::Geometry]) -> Vec<Vec<Vec<Position>>> {
    let one = |g: &geojson::Geometry| match &g.value {
        GeometryValue::Polygon { coordinates } => vec![coordinates.clone()],
        GeometryValue::MultiPolygon { coordinates } => coordinates.clone(),
        _ => Vec::new(),
    };
    geometries.iter().flat_map(one).collect()
}

/// Reads stations: points or tables with a field mapping, and the registers that are known by their columns.
///
/// # Errors
/// As the reader of the format; input, where rows of one station cannot be put together, or `format` names another register.
pub fn read_stations(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Read<Vec<Station>> {
    read_stations_for(files, spec, &Counting::default(), issues)
}

/// The same, where other rows of a station than those in service for the public count.
///
/// # Errors
/// As [`read_stations`].
pub fn read_stations_for(
    files: &[SourceFile],
    spec: &LayerTable,
    counting: &Counting,
    issues: &mut Issues,
) -> Read<Vec<Station>> {
    let fixed = Style::of(spec.decimal.as_deref(), spec.thousands.as_deref(), "stations")?;
    judged((fixed, "stations"), issues, &mut |judge, issues| stations_once(files, spec, (counting, &judge), issues))
}

fn stations_once(
    files: &[SourceFile],
    spec: &LayerTable,
    (counting, judge): (&Counting, &Rc<Judge>),
    issues: &mut Issues,
) -> Read<Vec<Station>> {
    let readings = Readings::of(spec, judge)?;
    let wanted: Vec<String> = spec.fields.values().chain(&spec.group_by).cloned().collect();
    let (mut all, mut origins) = (Gathered::of(spec, counting), Vec::new());
    for file in files {
        origins.push(each_point(
            file,
            spec,
            readings.general(),
            &wanted,
            Layer::Stations,
            issues,
            &mut |record, at, here, issues| {
                all.take(readings.read(&record, at, here, issues), &file.shown);
            },
        )?);
    }
    let read = issues.count(Layer::Stations).read;
    if let Some((dialect, column)) = readings.missing().filter(|_| read > 0) {
        let what = format!("format says {}, and the layer has no column \"{column}\"", dialect.label());
        let next = "leave format out: registers are told by their columns";
        return Err(Error::input(what, next).at(first_file(files).field("stations.format")));
    }
    refuse_empty(Layer::Stations, files, spec, issues)?;
    if let Some((name, next)) = readings.flattened().filter(|_| spec.fields.is_empty()) {
        let what = format!("the layer is {name}, which does not say what is void");
        return Err(Error::input(what, next).at(first_file(files)));
    }
    if readings.points_without_station() {
        let what = "the rows are points of IRVE, and no column id_station_itinerance says of which station";
        let next = "say [stations] group_by = with the column that does, or format = \"fields\" to take each row for a station";
        return Err(Error::input(what, next).at(first_file(files).field("id_station_itinerance")));
    }
    tell_stations(&readings, spec, files, issues)?;
    let stations = all.finish(issues)?;
    issues.count_mut(Layer::Stations).used = stations.len() as u64;
    Ok((stations, origins))
}

/// Which registers were met, what became of the columns, and mappings to columns that are not there.
fn tell_stations(readings: &Readings, spec: &LayerTable, files: &[SourceFile], issues: &mut Issues) -> Result<()> {
    let read = issues.count(Layer::Stations).read;
    let met = readings.met();
    let file = if let [one] = files { one.shown.as_str() } else { "" };
    for (dialect, map) in &met {
        if *dialect != Dialect::Fields && Dialect::from_format(spec.format.as_deref()).is_none() {
            let what = format!("the columns are those of {}; it was read by its rules", dialect.label());
            issues.push(Layer::Stations, IssueCode::FormatByContent, first_file(files), what);
        }
        let also = |column: &str| spec.group_by.as_deref() == Some(column);
        super::columns::tell(map, headers::STATIONS, (Layer::Stations, "stations"), file, &also, issues);
    }
    readings.twofold().tell(Layer::Stations, issues);
    if let Some(column) = readings.group_by_missing().filter(|_| read > 0) {
        let what = format!("[stations] group_by names \"{column}\", and no record of the layer has such a field");
        let next = "check its spelling in the file, or leave it out";
        return Err(Error::input(what, next).at(first_file(files).field("stations.group_by")));
    }
    // Where all of it is a list of Open Charge Map or OCPI, nothing is mapped.
    if let [(_, map)] = met.as_slice() {
        map.require_seen("stations", read)?;
    } else if met.is_empty() && issues.refused(Layer::Stations) == read {
        readings.general().require_seen("stations", read)?;
    }
    Ok(())
}

pub(super) fn first_file(files: &[SourceFile]) -> Location {
    files.first().map(|f| Location::file(f.shown.as_str())).unwrap_or_default()
}

/// Reads settlements from points or tables.
///
/// # Errors
/// As the reader of the format.
pub fn read_settlements(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Read<Vec<Settlement>> {
    let fixed = Style::of(spec.decimal.as_deref(), spec.thousands.as_deref(), "settlements")?;
    judged((fixed, "settlements"), issues, &mut |judge, issues| settlements_once(files, spec, judge, issues))
}

fn settlements_once(files: &[SourceFile], spec: &LayerTable, judge: Rc<Judge>, issues: &mut Issues) -> Read<Vec<Settlement>> {
    let map = FieldMap::new("settlements", headers::SETTLEMENTS, &spec.fields)?.with_judge(judge);
    let wanted: Vec<String> = spec.fields.values().cloned().collect();
    let (mut settlements, mut origins, mut ids) = (Vec::new(), Vec::new(), OwnIds::default());
    let twofold = Contradictions::default();
    for file in files {
        origins.push(each_point(file, spec, &map, &wanted, Layer::Settlements, issues, &mut |record, at, here, issues| {
            map.observe(&record.columns);
            let here = match map.get(&record.columns, "id") {
                Some(id) => here.id(id.into_owned()),
                None => ids.name(here, record.id.as_deref(), Layer::Settlements, issues),
            };
            twofold.see(&map, &record.columns, &here);
            settlements.extend(settlement_of(&record.columns, at, &map, here, issues));
        })?);
    }
    map.require_seen("settlements", issues.count(Layer::Settlements).read)?;
    refuse_empty(Layer::Settlements, files, spec, issues)?;
    tell_columns(&map, headers::SETTLEMENTS, (Layer::Settlements, "settlements"), files, issues);
    twofold.tell(Layer::Settlements, issues);
    issues.count_mut(Layer::Settlements).used = settlements.len() as u64;
    Ok((settlements, origins))
}

/// A layer without a single record is a wrong file far more often than a county without a station.
pub(super) fn refuse_empty(layer: Layer, files: &[SourceFile], spec: &LayerTable, issues: &Issues) -> Result<()> {
    if issues.count(layer).read > 0 || spec.allow_empty {
        return Ok(());
    }
    let name = layer.as_str();
    let next = format!("check the file; if there are none, say allow_empty = true under [{name}]");
    Err(Error::input(format!("the layer of {name} is empty: it has not one record"), next).at(first_file(files)))
}

pub(super) type EachPoint<'f> = dyn FnMut(Record, LonLat, Location, &mut Issues) + 'f;

/// Points of a layer, positions checked; `map` finds them in tables. A bundle of one point is a point, as shapefiles and GDAL write them.
pub(super) fn each_point(
    file: &SourceFile,
    spec: &LayerTable,
    map: &FieldMap,
    wanted: &[String],
    layer: Layer,
    issues: &mut Issues,
    each: &mut EachPoint<'_>,
) -> Result<Origin> {
    formats::each_record(file, layer, &spec.how(), map, wanted, issues, &mut |place, record, issues| {
        issues.count_mut(layer).read += 1;
        let here = place.of(file);
        let Some((record, geometry)) = usable(record, layer, &here, issues) else { return };
        let here = standing(here, &geometry);
        let coordinates = match geometry {
            GeometryValue::Point { coordinates } => coordinates,
            GeometryValue::MultiPoint { coordinates } if coordinates.len() == 1 => coordinates[0].clone(),
            other => match point_of(&other) {
                Some(point) => {
                    let what = format!("a {}: a point of it was taken", other.type_name());
                    issues.push(layer, IssueCode::PointOfShape, here.clone(), what);
                    point
                }
                None => return wrong_geometry(&other, "Point", layer, here, issues),
            },
        };
        match position(&coordinates) {
            Ok(at) if at == LonLat::default() => issues.push(layer, IssueCode::NullIsland, here, "the position is 0, 0"),
            Ok(at) => each(record, at, here, issues),
            Err(e) => bad_coordinate(&e, layer, here, issues),
        }
    })
}

fn usable(
    record: std::result::Result<Record, Fault>,
    layer: Layer,
    here: &Location,
    issues: &mut Issues,
) -> Option<(Record, GeometryValue)> {
    let mut record = match record {
        Ok(record) => record,
        Err(fault) => {
            let here = fault.field.into_iter().fold(here.clone(), Location::field);
            issues.push(layer, fault.code, here, fault.what);
            return None;
        }
    };
    let Some(geometry) = record.geometry.take() else {
        issues.push(layer, IssueCode::NullGeometry, here.clone(), "the record has no geometry");
        return None;
    };
    Some((record, geometry))
}

/// The place of a record with the first position of its geometry, where that is one.
fn standing(here: Location, geometry: &GeometryValue) -> Location {
    let first = match geometry {
        GeometryValue::Point { coordinates } => Some(coordinates),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => coordinates.first(),
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.first().and_then(|line| line.first())
        }
        GeometryValue::MultiPolygon { coordinates } => coordinates.first().and_then(|rings| rings.first()?.first()),
        GeometryValue::GeometryCollection { .. } => None,
    };
    match first.map(position) {
        Some(Ok(at)) if at != LonLat::default() => here.on_ground(at),
        _ => here,
    }
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
