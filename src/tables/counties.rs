//! The layer of counties: columns and values, of a run or of a round.

use super::layers::{criterion_column, further, short};
use super::{people, rank_tables, trust};
use crate::config::Service;
use crate::config::criteria::Criteria;
use crate::coverage::Cell;
use crate::files::geojson::{Feature, Shape};
use crate::files::schema::{Column, Kind, Value};
use crate::place::StationOut;
use crate::rank::trust::Trust;
use crate::rank::{CountyFigures, INDICATORS, Ranking, Sureness};
use crate::read::county::County;
use crate::results::Outcome;
use geo::Rect;

/// The columns of the layer.
pub fn columns(criteria: &Criteria) -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    let unranked = "the county is not ranked";
    let mut columns = vec![
        Column::new("code", "code", Text, "", "County code as text", "县级行政区划代码（文本）"),
        Column::new("name", "name", Text, "", "Name", "名称"),
        Column::new("name_zh", "name_zh", Text, "", "Chinese name", "中文名称").or_null("not known"),
        Column::new("rank", "rank", Integer, "", "Place, 1 = greatest shortfall; ties as in the manifest", "名次，1 为缺口最大")
            .or_null(unranked),
        Column::new(
            "score_0_100",
            "score",
            Real,
            "points",
            "Score, 0 to 100 over the counties of this run",
            "得分（0–100，仅在本次运行内可比）",
        )
        .or_null(unranked),
        Column::new("tied", "tied", Boolean, "", "Another county has the same score", "是否与他县同分"),
        Column::new(
            "reason_1",
            "reason_1",
            Text,
            "",
            "Indicator that moves the score most against the mean",
            "对得分影响最大的指标",
        )
        .or_null(unranked),
        Column::new("reason_1_points", "r1_points", Real, "points", "By how much", "影响分值").or_null(unranked),
        Column::new("reason_2", "reason_2", Text, "", "The second such indicator", "影响第二的指标")
            .or_null("only one indicator is used"),
        Column::new("reason_2_points", "r2_points", Real, "points", "By how much", "影响分值")
            .or_null("only one indicator is used"),
        Column::new("not_rankable", "not_rank", Text, "", "Why the county is not ranked", "不参与排名的原因")
            .or_null("it is ranked"),
        Column::new(
            "road_km",
            "road_km",
            Real,
            "km",
            "Road length in the ledger; covered + gap, exactly",
            "台账道路长度（=覆盖+缺口）",
        ),
        Column::new(
            "excluded_km",
            "excl_km",
            Real,
            "km",
            "Road cut off from the network, not in the ledger",
            "孤立路段长度（不计入台账）",
        ),
    ];
    for service in criteria.services.iter() {
        let ([s, zh], letter) = (service.names(), service.letter());
        for (i, c) in criteria.all.iter().enumerate() {
            let label = c.label();
            let alias = |kind: &str| short(&format!("{letter}{kind}_{}", c.slug()), &format!("{letter}{kind}_{i}"));
            columns.extend([
                Column::new(
                    &criterion_column(service, "covered_km_within", *c),
                    &alias("v"),
                    Real,
                    "km",
                    format!("Road within {label} of a {s} station"),
                    format!("{zh}：{label}内覆盖道路"),
                ),
                Column::new(
                    &criterion_column(service, "gap_km_beyond", *c),
                    &alias("g"),
                    Real,
                    "km",
                    format!("Road beyond {label} of every {s} station"),
                    format!("{zh}：{label}外缺口道路"),
                ),
                Column::new(
                    &criterion_column(service, "gap_share_of_road_beyond", *c),
                    &alias("p"),
                    Real,
                    "share 0-1",
                    format!("The same as a share of road_km, {s}"),
                    format!("{zh}：缺口占道路长度比例"),
                )
                .or_null("the county has no road"),
            ]);
        }
    }
    let head = criteria.headline_criterion().label();
    columns.extend(criteria.services.iter().map(|service| {
        let [en, zh] = service.names();
        let name = format!("{}_longest_dead_stretch_km", service.as_str());
        let en = format!("Longest dead stretch beyond {head}, {en}");
        Column::new(&name, &format!("{}_longest", service.letter()), Real, "km", en, format!("最长{zh}空白路段"))
    }));
    columns.extend([
        Column::new("charging_stations", "c_stations", Integer, "count", "Charging stations used", "充电站数"),
        Column::new("swap_stations", "s_stations", Integer, "count", "Swap stations used", "换电站数"),
    ]);
    columns.extend(further(criteria).iter().map(|service| {
        let ([en, zh], name) = (service.names(), format!("{}_stations", service.as_str()));
        let en = format!("Stations used that offer {en}; charging_stations counts them too");
        Column::new(&name, &format!("{}_stations", service.letter()), Integer, "count", en, format!("{zh}站数（含于充电站数）"))
    }));
    columns.extend([
        Column::new(
            "charging_points_known",
            "c_points",
            Integer,
            "count",
            "Guns at the stations used, where known",
            "充电枪数（已知部分）",
        ),
        Column::new(
            "rated_power_known_kw",
            "power_kw",
            Real,
            "kW",
            "Rated power of the stations used, where known",
            "额定功率（已知部分）",
        ),
        Column::new("settlements", "settle", Integer, "count", "Settlements placed on the network", "居民点数"),
        Column::new(
            "settlements_in_gap",
            "set_gap",
            Integer,
            "count",
            format!("Settlements beyond {head} of every charging station"),
            "服务距离外居民点数",
        ),
        Column::new("people_known", "people", Integer, "people", "People in settlements of known population", "已知人口"),
        Column::new(
            "people_in_gap",
            "people_gap",
            Integer,
            "people",
            format!("Of them beyond {head} of every charging station"),
            "服务距离外人口",
        ),
        Column::new(
            "residents",
            "residents",
            Integer,
            "people",
            "People in the whole county by the joined table",
            "全县人口（属性表）",
        )
        .or_null("no table joined"),
    ]);
    columns.extend(people::columns(criteria));
    columns.extend(INDICATORS.iter().enumerate().map(|(i, d)| {
        Column::new(
            &format!("ind_{}", d.key),
            &format!("ind_{i}"),
            Real,
            d.unit,
            format!("Indicator: {}", d.en),
            format!("指标：{}", d.zh),
        )
        .or_null("cannot be computed")
    }));
    columns.extend(trust::county_columns());
    columns.extend(rank_tables::layer_columns());
    columns
}

/// West, south, east, north of all of them.
pub fn bbox(boxes: impl Iterator<Item = Rect<f64>>) -> Option<[f64; 4]> {
    boxes
        .map(|r| [r.min().x, r.min().y, r.max().x, r.max().y])
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

/// What is written of a county, wherever it was kept.
pub struct CountyFacts<'a> {
    /// Criteria.
    pub criteria: &'a Criteria,
    /// The county.
    pub county: &'a County,
    /// Its figures.
    pub figures: &'a CountyFigures,
    /// The ranking and the county's number in it.
    pub ranking: (&'a Ranking, usize),
    /// How sure it is.
    pub sureness: Option<&'a Sureness>,
    /// Trust in its inputs.
    pub trust: &'a Trust,
    /// Road in the ledger, millimetres.
    pub road_mm: u64,
    /// Road cut off from the network, millimetres.
    pub excluded_mm: u64,
    /// Covered and gap of a service and criterion.
    pub cell: &'a dyn Fn(Service, usize) -> Cell,
    /// Longest dead stretch for a service, millimetres.
    pub longest_mm: &'a dyn Fn(Service) -> u64,
    /// Stations used that offer a service.
    pub stations: &'a dyn Fn(Service) -> u64,
    /// Values of the people of a raster.
    pub people: Vec<Value>,
}

/// A county of a run.
pub fn feature(o: &Outcome, i: usize) -> Feature<'_> {
    let here = |service: Service| {
        let here =
            |s: &&StationOut| s.used && s.county == Some(i as u32) && crate::place::offers(&o.criteria, &s.station).has(service);
        o.stations.iter().filter(here).count() as u64
    };
    let values = values(CountyFacts {
        criteria: &o.criteria,
        county: &o.counties[i],
        figures: &o.figures[i],
        ranking: (&o.assessment.ranking, i),
        sureness: o.assessment.sureness.as_ref(),
        trust: &o.trust[i],
        road_mm: o.ledger.road_mm(i),
        excluded_mm: o.ledger.excluded_mm[i],
        cell: &|service, c| o.ledger.total(i, service, c),
        longest_mm: &|service| o.longest_mm[i][service as usize],
        stations: &here,
        people: people::values(o, i),
    });
    Feature { id: o.counties[i].code.clone(), shape: Shape::Area(&o.counties[i].shape), values }
}

/// The values of a county, in the order of [`columns`].
pub fn values(x: CountyFacts<'_>) -> Vec<Value> {
    let (county, f, road, (ranking, i)) = (x.county, x.figures, x.road_mm, x.ranking);
    let row = ranking.rows.iter().find(|r| r.county == i);
    let reason = |k: usize| row.and_then(|r| r.reasons.get(k));
    let mut values = vec![
        Value::Text(county.code.clone()),
        Value::Text(county.name.clone()),
        Value::text_or_null(&county.name_zh),
        Value::opt(row.and_then(|r| r.rank), |r| Value::Integer(r.into())),
        Value::opt(row.and_then(|r| r.score), Value::Real),
        Value::Boolean(row.is_some_and(|r| r.tied)),
        Value::opt(reason(0), |r| Value::Text(ranking.indicators[r.indicator].def.key.clone())),
        Value::opt(reason(0), |r| Value::Real(r.points)),
        Value::opt(reason(1), |r| Value::Text(ranking.indicators[r.indicator].def.key.clone())),
        Value::opt(reason(1), |r| Value::Real(r.points)),
        Value::opt(row.and_then(|r| r.not_rankable.clone()), Value::Text),
        Value::km(road),
        Value::km(x.excluded_mm),
    ];
    for service in x.criteria.services.iter() {
        for c in 0..x.criteria.all.len() {
            let cell = (x.cell)(service, c);
            let share = (road > 0).then(|| cell.gap_mm as f64 / road as f64);
            values.extend([Value::km(cell.covered_mm), Value::km(cell.gap_mm), Value::opt(share, Value::Real)]);
        }
    }
    values.extend(x.criteria.services.iter().map(|s| Value::km((x.longest_mm)(s))));
    values.extend([Value::Integer(f.charging_stations as i64), Value::Integer(f.swap_stations as i64)]);
    values.extend(further(x.criteria).iter().map(|service| Value::Integer((x.stations)(service) as i64)));
    values.extend([
        Value::Integer(f.points as i64),
        Value::Real(f.power_kw),
        Value::Integer(f.settlements as i64),
        Value::Integer(f.settlements_in_gap as i64),
        Value::Integer(f.settlement_people as i64),
        Value::Integer(f.settlement_people_in_gap as i64),
        Value::opt(f.residents, |v| Value::Integer(v as i64)),
    ]);
    values.extend(x.people);
    values.extend((0..INDICATORS.len()).map(|k| Value::opt(row.and_then(|r| r.values[k]), Value::Real)));
    values.extend(trust::county_values(x.trust));
    values.extend(rank_tables::layer_values(x.sureness, i));
    values
}
