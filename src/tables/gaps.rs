//! The layer of gaps: columns, ids and features of dead stretches, and how their lines are drawn.

use crate::config::Service;
use crate::config::criteria::{Criteria, Criterion};
use crate::coverage::Stretch;
use crate::files::geojson::{Feature, Shape, around, bbox_of, bbox_of_all};
use crate::files::schema::{Column, Kind, Value};
use crate::network::RoadNetwork;
use crate::read::county::County;
use crate::read::hex;
use crate::read::road::Names;
use crate::results::Outcome;
use crate::space::units::{km, minutes};
use crate::space::{LonLat, simplify};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

/// The columns of the layer.
pub fn columns(criteria: &Criteria) -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let by_time = "the criterion is a time";
    let by_distance = "the criterion is a distance, or there is no way of under 4,294 km and 1,193 h to any station";
    vec![
        Column::new("id", "id", Text, "", "Id, stable as long as the stretch is the same", "编号"),
        Column::new("county_code", "county", Text, "", "County code", "县代码"),
        Column::new("county_name", "cty_name", Text, "", "County name", "县名"),
        service_column(criteria),
        Column::new("criterion", "criterion", Text, "", "Service distance or time", "服务标准"),
        Column::new("limit_km", "limit_km", Real, "km", "Service distance by road", "服务距离").or_null(by_time),
        Column::new("limit_min", "limit_min", Real, "min", "Service time by road", "服务时间")
            .or_null("the criterion is a distance"),
        Column::new("road_name", "road_name", Text, "", "Name of the road with the largest share", "道路名称")
            .or_null("not known"),
        Column::new("road_class", "road_class", Text, "", "Class with the largest share", "道路等级"),
        length_column(criteria.simplify_m),
        Column::new("farthest_km", "far_km", Real, "km", "Farthest point of it from a station, by road", "最远点到站距离")
            .or_null("the criterion is a time, or there is no way of under 4,294 km and 1,193 h to any station"),
        Column::new("farthest_min", "far_min", Real, "min", "The same in minutes", "最远点到站时间").or_null(by_distance),
        Column::new(
            "zone",
            "zone",
            Integer,
            "",
            "Number of its zone (all touching stretches) in county, service and criterion",
            "所属空白区编号",
        ),
        Column::new("zone_km", "zone_km", Real, "km", "Road length of that zone", "空白区道路长度"),
    ]
}

/// The column that names the service of a row.
pub(crate) fn service_column(criteria: &Criteria) -> Column {
    let words: Vec<&str> = criteria.services.iter().map(Service::as_str).collect();
    let zh: Vec<&str> = criteria.services.iter().map(|s| s.names()[1]).collect();
    let en = match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    };
    Column::new("service", "service", Kind::Text, "", en, format!("服务类型（{}）", zh.join("/")))
}

/// Length of a stretch; where lines are simplified, it says that the length is not.
fn length_column(simplify_m: f64) -> Column {
    let (mut en, mut zh) = ("Length of the dead stretch".to_owned(), "空白路段长度".to_owned());
    if simplify_m > 0.0 {
        en += &format!(", of every bend of the road; the line is simplified and lies within {simplify_m} m of it");
        zh += &format!("（按原始线形计算；图形已简化，偏差不超过{simplify_m}米）");
    }
    Column::new("length_km", "length_km", Kind::Real, "km", en, zh)
}

/// What the lines of stretches are drawn from.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// Criteria.
    pub criteria: &'a Criteria,
    /// The network.
    pub network: &'a RoadNetwork,
    /// Names of its roads.
    pub names: &'a Names,
}

impl<'a> Ground<'a> {
    /// That of a run.
    pub fn of(o: &'a Outcome) -> Self {
        Self { criteria: &o.criteria, network: &o.network, names: &o.names }
    }
}

/// The line of a stretch as it is drawn.
fn drawn(o: &Outcome, s: &Stretch) -> Vec<LonLat> {
    let line = s.line(&o.network);
    if o.criteria.simplify_m > 0.0 { simplify(&line, o.criteria.simplify_m) } else { line }
}

/// West, south, east, north of all lines as they are drawn.
pub fn bbox(o: &Outcome) -> Option<[f64; 4]> {
    if o.criteria.simplify_m > 0.0 {
        let of_line = |s: &Stretch| bbox_of(drawn(o, s).into_iter());
        return o.stretches.par_iter().filter_map(of_line).reduce_with(around);
    }
    bbox_of_all(o.stretches.par_iter().map(|s| s.bounds_e7(&o.network)))
}

/// What many stretches say alike.
pub struct Words {
    /// Code and name of each county.
    counties: Vec<[Value; 2]>,
    /// Short name of each criterion, as it stands and as a value.
    criteria: Vec<(String, Value)>,
}

impl Words {
    /// Those of a run.
    pub fn of(o: &Outcome) -> Self {
        Self::new(&o.counties, &o.criteria)
    }

    /// Those of some counties.
    pub fn new(counties: &[County], criteria: &Criteria) -> Self {
        let counties = counties.iter().map(|c| [Value::shared(&c.code), Value::shared(&c.name)]).collect();
        let criteria = criteria.all.iter().map(|c| (c.slug(), Value::shared(&c.slug()))).collect();
        Self { counties, criteria }
    }
}

/// County, service, criterion and a fingerprint of the line, with every bend.
fn id(code: &str, words: &Words, s: &Stretch, line: &[LonLat]) -> String {
    let mut hash = Sha256::new();
    for p in [line.first(), line.get(line.len() / 2), line.last()].into_iter().flatten() {
        let (x, y) = p.e7();
        hash.update(x.to_le_bytes());
        hash.update(y.to_le_bytes());
    }
    hash.update(s.length_mm.to_le_bytes());
    let print = hex(&hash.finalize()[..6]);
    [code, "-", s.service.letter(), words.criteria[s.criterion].0.as_str(), "-", print.as_str()].concat()
}

/// A feature of the county with this code, with its line as it is drawn.
pub fn feature<'a>(o: Ground<'_>, code: &str, words: &Words, s: &Stretch) -> Feature<'a> {
    let mut line = s.line(o.network);
    let id = id(code, words, s, &line);
    if o.criteria.simplify_m > 0.0 {
        line = simplify(&line, o.criteria.simplify_m);
    }
    let (by_km, by_min) = match o.criteria.all[s.criterion] {
        Criterion::Distance(mm) => (Some(km(mm.into())), None),
        Criterion::Time(ms) => (None, Some(minutes(ms.into()))),
    };
    let [county, name] = &words.counties[s.county as usize];
    let values = vec![
        Value::Null, // the id, once it is unique
        county.clone(),
        name.clone(),
        Value::Word(s.service.as_str()),
        words.criteria[s.criterion].1.clone(),
        Value::opt(by_km, Value::Real),
        Value::opt(by_min, Value::Real),
        Value::text_or_null(o.names.get(s.name)),
        Value::Word(s.class.as_str()),
        Value::km(s.length_mm),
        Value::opt(s.worst.filter(|_| by_km.is_some()), |w| Value::km(w.into())),
        Value::opt(s.worst.filter(|_| by_min.is_some()), |w| Value::Real(minutes(w.into()))),
        Value::Integer(s.zone.into()),
        Value::km(s.zone_mm),
    ];
    Feature { id, shape: Shape::Line(line), values }
}

/// Where the farthest points stand in the columns of the gaps; a round does not tell them.
pub const FARTHEST: std::ops::Range<usize> = 10..12;
