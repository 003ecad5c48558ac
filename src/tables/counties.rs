//! The layer of counties, `counties.geojson`: place, books and figures of each, of a run or of a round.

use super::criterion_fields::{criterion_column, further, short};
use super::rank_view::{RankView, band_field, range_fields};
use super::ranking::offered;
use super::{headline, people, trust};
use crate::config::Service;
use crate::config::Serving;
use crate::config::criteria::Criterion;
use crate::files::geojson::{Shape, bbox_of_areas};
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::rank::select::Choice;
use crate::rank::uncertainty::{Band, UnitRange};
use crate::rank::{CountyFigures, RankRow, Reason, Used};
use crate::results::{Member, Results};

/// Its name.
pub const NAME: &str = "counties";

const UNRANKED: &str = "the county is not ranked";
const NO_SECOND: &str = "only one indicator is used";

/// What is written of a county.
#[derive(Clone, Copy)]
pub struct CountyRow<'a> {
    /// The county with its result.
    pub member: &'a Member,
    /// Its figures.
    pub figures: &'a CountyFigures,
    /// Its row of the ranking.
    pub row: Option<&'a RankRow>,
    /// The indicators of the ranking.
    pub used: &'a [Used],
    /// The range of its rank, where anything was varied.
    pub range: Option<&'a UnitRange>,
    /// Where it stands against the first line over all draws.
    pub band: Option<Band>,
    /// What became of it, in a round.
    pub choice: Option<&'a Choice>,
}

impl<'a> CountyRow<'a> {
    fn reason(&self, k: usize) -> Option<&'a Reason> {
        self.row.and_then(|r| r.reasons.get(k))
    }
}

/// The layer; a `round` says who is selected, and with `demand` its indicators are offered.
pub fn layer<'a>(serving: &'a Serving, round: bool, demand: bool) -> ShapedTable<'a, CountyRow<'a>> {
    let table = Table::new(names())
        .with(place_fields())
        .with(reason_fields())
        .with(road_fields())
        .with(book_fields(serving))
        .with(headline::of_counties(serving))
        .with(if round { Vec::new() } else { no_way_fields(serving) })
        .with(longest_fields(serving))
        .with(station_fields(serving))
        .with(figure_fields(serving))
        .with(people::fields(serving, round, |r: &CountyRow<'a>| r.member.result.people.as_ref()))
        .with(indicator_fields(demand))
        .with(trust::county_fields(|r: &CountyRow<'a>| &r.member.trust))
        .with(sure_fields())
        .with(if round { choice_fields() } else { Vec::new() });
    let shape = |r: &CountyRow<'a>| -> Shape<'a> {
        let member: &'a Member = r.member;
        Shape::Area(&member.county.shape)
    };
    ShapedTable { table, id: Box::new(|r: &CountyRow<'a>| r.member.county.code.clone()), shape: Box::new(shape) }
}

/// Its rows, by code.
pub fn rows(r: &Results) -> Vec<CountyRow<'_>> {
    let ranking = &r.assessment.ranking;
    let mut ranked: Vec<Option<&RankRow>> = vec![None; r.members.len()];
    ranking.rows.iter().for_each(|row| ranked[row.county] = Some(row));
    let choices = r.round.as_ref().map(|part| part.choices.as_slice()).unwrap_or_default();
    let view = RankView::of(r);
    let row = |(i, (member, figures)): (usize, (_, _))| {
        let (range, band) = (view.range(i), view.band(i));
        CountyRow { member, figures, row: ranked[i], used: &ranking.indicators, range, band, choice: choices.get(i) }
    };
    r.members.iter().zip(r.evidence.nominal()).enumerate().map(row).collect()
}

/// West, south, east, north of all of them.
pub fn bbox<'m>(members: impl Iterator<Item = &'m Member>) -> Option<[f64; 4]> {
    bbox_of_areas(members.map(|m| &m.county.shape))
}

fn names<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    vec![
        text("county_code", "county", "County code as text", "县级行政区划代码（文本）")
            .of(|r: &CountyRow<'_>| Value::Text(r.member.county.code.clone())),
        text("name", "name", "Name", "名称").of(|r: &CountyRow<'_>| Value::Text(r.member.county.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|r: &CountyRow<'_>| Value::text_or_null(&r.member.county.name_zh)),
    ]
}

fn place_fields<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    let place = ("Place, 1 = greatest shortfall; ties as in the manifest", "名次，1 为缺口最大");
    let score = ("Score, 0 to 100 over the counties of this run", "得分（0–100，仅在本次运行内可比）");
    vec![
        integer("rank", "rank", "", place.0, place.1)
            .or_null(UNRANKED)
            .of(|r: &CountyRow<'_>| Value::opt(r.row.and_then(|x| x.rank), |n| Value::Integer(n.into()))),
        real("score_0_100", "score", "points", score.0, score.1)
            .or_null(UNRANKED)
            .of(|r: &CountyRow<'_>| Value::opt(r.row.and_then(|x| x.score), Value::Real)),
        boolean("tied", "tied", "Another county has the same score", "是否与他县同分")
            .of(|r: &CountyRow<'_>| Value::Boolean(r.row.is_some_and(|x| x.tied))),
    ]
}

fn reason_fields<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    let key = |r: &CountyRow<'_>, k| Value::opt(r.reason(k), |x| Value::Text(r.used[x.indicator].def.key.clone()));
    let points = |r: &CountyRow<'_>, k| Value::opt(r.reason(k), |x| Value::Real(x.points));
    let most = "Indicator that moves the score most against the mean";
    vec![
        text("reason_1", "reason_1", most, "对得分影响最大的指标").or_null(UNRANKED).of(move |r: &CountyRow<'_>| key(r, 0)),
        real("reason_1_points", "r1_points", "points", "By how much", "影响分值")
            .or_null(UNRANKED)
            .of(move |r: &CountyRow<'_>| points(r, 0)),
        text("reason_2", "reason_2", "The second such indicator", "影响第二的指标")
            .or_null(NO_SECOND)
            .of(move |r: &CountyRow<'_>| key(r, 1)),
        real("reason_2_points", "r2_points", "points", "By how much", "影响分值")
            .or_null(NO_SECOND)
            .of(move |r: &CountyRow<'_>| points(r, 1)),
        text("not_rankable", "not_rank", "Why the county is not ranked", "不参与排名的原因")
            .or_null("it is ranked")
            .of(|r: &CountyRow<'_>| Value::opt(r.row.and_then(|x| x.not_rankable.clone()), Value::Text)),
    ]
}

fn road_fields<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    let road = ("Road length in the ledger; covered + gap, exactly", "台账道路里程（=覆盖+缺口）");
    let excluded = ("Road cut off from the network, not in the ledger", "孤立路段长度（不计入台账）");
    vec![
        real("road_km", "road_km", "km", road.0, road.1).of(|r: &CountyRow<'_>| Value::km(r.member.result.road_total_mm())),
        real("excluded_km", "excl_km", "km", excluded.0, excluded.1)
            .of(|r: &CountyRow<'_>| Value::km(r.member.result.excluded_mm)),
    ]
}

fn book_fields<'a>(serving: &Serving) -> Vec<Field<'a, CountyRow<'a>>> {
    let of_service = |s| serving.all.iter().enumerate().flat_map(move |(c, criterion)| books_of(s, c, *criterion));
    serving.services.iter().flat_map(of_service).collect()
}

/// Covered, gap and its share for one service and criterion, which has this number.
fn books_of<'a>(service: Service, c: usize, criterion: Criterion) -> [Field<'a, CountyRow<'a>>; 3] {
    let ([s, zh], letter, label) = (service.names(), service.letter(), criterion.label());
    let name = |what: &str| criterion_column(service, what, criterion);
    let alias = |kind: &str| short(&format!("{letter}{kind}_{}", criterion.slug()), &format!("{letter}{kind}_{c}"));
    let covered = (format!("Road within {label} of a {s} station"), format!("{zh}：{label}内覆盖道路"));
    let gap = (format!("Road beyond {label} of every {s} station"), format!("{zh}：{label}外缺口道路"));
    let share = (format!("The same as a share of road_km, {s}"), format!("{zh}：缺口占道路里程比例"));
    let cell = move |r: &CountyRow<'_>| r.member.result.total(service, c);
    let share_of = move |r: &CountyRow<'_>| {
        let road = r.member.result.road_total_mm();
        Value::opt((road > 0).then(|| cell(r).gap_mm as f64 / road as f64), Value::Real)
    };
    [
        real(&name("covered_km_within"), &alias("v"), "km", covered.0, covered.1)
            .of(move |r: &CountyRow<'_>| Value::km(cell(r).covered_mm)),
        real(&name("gap_km_beyond"), &alias("g"), "km", gap.0, gap.1).of(move |r: &CountyRow<'_>| Value::km(cell(r).gap_mm)),
        real(&name("gap_share_of_road_beyond"), &alias("p"), "share 0-1", share.0, share.1)
            .or_null("the county has no road")
            .of(share_of),
    ]
}

/// What no limit would take out of the gap; a round looks no farther than its limits, and cannot tell it.
fn no_way_fields<'a>(serving: &Serving) -> Vec<Field<'a, CountyRow<'a>>> {
    let of_service = |service: Service| {
        let [en, zh] = service.names();
        let name = format!("{}_no_way_km", service.as_str());
        let en = format!(
            "Road from which no {en} station can be driven to at all: cut off at the edge of the data, behind one-way streets, on islands; part of every gap"
        );
        let zh = format!("完全无法驶达{zh}站的道路（数据边界、单行路、岛屿），计入各标准缺口");
        real(&name, &format!("{}_no_way", service.letter()), "km", en, zh)
            .or_null("the county could not be computed")
            .of(move |r: &CountyRow<'_>| Value::opt(r.member.result.no_way_mm(service), Value::km))
    };
    serving.services.iter().map(of_service).collect()
}

fn longest_fields<'a>(serving: &Serving) -> Vec<Field<'a, CountyRow<'a>>> {
    let head = serving.headline_criterion().label();
    let of_service = |service: Service| {
        let [en, zh] = service.names();
        let name = format!("{}_longest_dead_stretch_km", service.as_str());
        let en = format!("Longest dead stretch beyond {head}, {en}");
        real(&name, &format!("{}_longest", service.letter()), "km", en, format!("最长{zh}空白路段"))
            .of(move |r: &CountyRow<'_>| Value::km(r.member.result.longest_mm(service)))
    };
    serving.services.iter().map(of_service).collect()
}

fn station_fields<'a>(serving: &Serving) -> Vec<Field<'a, CountyRow<'a>>> {
    let of_further = |service: Service| {
        let ([en, zh], name) = (service.names(), format!("{}_stations", service.as_str()));
        let en = format!("Stations used that offer {en}; charging_stations counts them too");
        integer(&name, &format!("{}_stations", service.letter()), "count", en, format!("{zh}站数（含于充电站数）"))
            .of(move |r: &CountyRow<'_>| Value::Integer(r.member.result.stations(service) as i64))
    };
    let points = ("Guns at the stations used, where known", "充电枪数（已知部分）");
    let power = ("Rated power of the stations used, where known", "额定功率（已知部分）");
    let mut fields = vec![
        count("charging_stations", "c_stations", "count", ("Charging stations used", "充电站数"), |f| f.charging_stations),
        count("swap_stations", "s_stations", "count", ("Swap stations used", "换电站数"), |f| f.swap_stations),
    ];
    fields.extend(further(serving).iter().map(of_further));
    fields.extend([
        count("charging_points_known", "c_points", "count", points, |f| f.points),
        real("rated_power_known_kw", "power_kw", "kW", power.0, power.1).of(|r: &CountyRow<'_>| Value::Real(r.figures.power_kw)),
    ]);
    fields
}

/// A count of the figures.
fn count<'a>(
    name: &str,
    alias: &str,
    unit: &'static str,
    (en, zh): (&str, &str),
    of: fn(&CountyFigures) -> u64,
) -> Field<'a, CountyRow<'a>> {
    integer(name, alias, unit, en, zh).of(move |r: &CountyRow<'_>| Value::Integer(of(r.figures) as i64))
}

fn figure_fields<'a>(serving: &Serving) -> Vec<Field<'a, CountyRow<'a>>> {
    let head = serving.headline_criterion().label();
    let in_gap = format!("Settlements beyond {head} of every charging station");
    let of_them = format!("Of them beyond {head} of every charging station");
    let placed = ("Settlements placed on the network", "居民点数");
    let known = ("People in settlements of known population", "已知人口");
    let residents = ("People in the whole county by the joined table", "全县人口（属性表）");
    vec![
        count("settlements", "settle", "count", placed, |f| f.settlements),
        count("settlements_in_gap", "set_gap", "count", (&in_gap, "服务距离外居民点数"), |f| f.settlements_in_gap),
        count("people_known", "people", "people", known, |f| f.settlement_people),
        count("people_in_gap", "people_gap", "people", (&of_them, "服务距离外人口"), |f| f.settlement_people_in_gap),
        integer("residents", "residents", "people", residents.0, residents.1)
            .or_null("no table joined")
            .of(|r: &CountyRow<'_>| Value::opt(r.figures.residents, |v| Value::Integer(v as i64))),
    ]
}

fn indicator_fields<'a>(demand: bool) -> impl Iterator<Item = Field<'a, CountyRow<'a>>> {
    offered(demand).map(|(i, d)| {
        let (en, zh) = (format!("Indicator: {}", d.en), format!("指标：{}", d.zh));
        real(&format!("ind_{}", d.key), &format!("ind_{i}"), d.unit, en, zh)
            .or_null("cannot be computed")
            .of(move |r: &CountyRow<'_>| Value::opt(r.row.and_then(|x| x.values[i]), Value::Real))
    })
}

/// How sure its rank is: 5 % and 95 % rank, and where it stands against the first line.
fn sure_fields<'a>() -> impl Iterator<Item = Field<'a, CountyRow<'a>>> {
    range_fields(|r: &CountyRow<'a>| r.range).into_iter().chain([band_field(|r: &CountyRow<'a>| r.band)])
}

/// What became of it in a round.
fn choice_fields<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    vec![
        boolean("selected", "selected", "Funded in this round", "是否入选")
            .of(|r: &CountyRow<'_>| Value::Boolean(r.choice.is_some_and(|c| c.why.is_selected()))),
        text("selection", "selection", super::selection::WORDS, "入选结果")
            .of(|r: &CountyRow<'_>| Value::opt(r.choice, |c| Value::Word(c.why.as_str()))),
    ]
}
