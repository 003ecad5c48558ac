//! `plan.csv` and the layer `sites`: where to build, in order, what each site adds, costs and is asked for. The layer can be given to a run as
//! stations: it then has what the plan promises.

use super::parts::Heads;
use crate::balance::StationDay;
use crate::config::Service;
use crate::config::demand::Day;
use crate::config::plan::{NewStation, Objective};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::geojson::Shape;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Field, ShapedTable, Table, integer, real, text};
use crate::plan::{AVAILABILITY, CandidateSite, PlanStep, SitePlan, dc_points};
use crate::results::{Member, Results};

/// Its file.
pub const FILE: &str = "plan.csv";
/// The layer.
pub const NAME: &str = "sites";

/// What the page of a county shows of it.
pub const HEADS: Heads = &[
    ("order", ["Order", "次序"]),
    ("year", ["Year", "年份"]),
    ("name", ["At", "位置"]),
    ("origin", ["Candidate", "候选类型"]),
    ("points", ["Guns", "枪数"]),
    ("cost", ["Cost", "造价"]),
    ("gain", ["Adds", "新增覆盖"]),
    ("covered", ["Covered in all", "累计覆盖"]),
    ("unit", ["Unit", "单位"]),
    ("utilisation", ["Power utilisation", "功率利用率"]),
];

/// A site of the plan.
#[derive(Clone)]
pub struct SiteRow<'a> {
    /// Its number in the order of building, from 1.
    pub order: usize,
    /// The candidate.
    pub site: &'a CandidateSite,
    /// Code and name of its county.
    pub county: Option<&'a Member>,
    /// What it adds.
    pub step: &'a PlanStep,
    /// What it costs as it is.
    pub cost: Option<u64>,
    /// What all up to it cost; none where a cost is not known.
    pub cost_up_to: Option<u64>,
    /// The county whose gap it was chosen for; none for all.
    pub for_county: Option<&'a Member>,
    /// Roads for which it is built.
    pub for_roads: Vec<&'a str>,
    /// The year in which it is built, where the plan has years.
    pub year: Option<u32>,
    /// What it is.
    pub station: NewStation,
    /// What it is asked for.
    pub loads: &'a [StationDay],
    /// Energy of a day that it serves in the best assignment, and at most, Wh; none where capacities are not asked.
    pub serves_wh: Option<[u64; 2]>,
    /// What is lost without it, at least and at most.
    pub lost: Option<[u64; 2]>,
    /// What is planned for, and what it offers.
    pub asked: (Objective, Service),
    /// What is in the gap in all, in whole units.
    pub in_gap: u64,
}

/// The rows: of a run that has a plan.
pub fn rows(r: &Results) -> Vec<SiteRow<'_>> {
    let (Some(plan), Some(asked)) = (&r.plan, &r.criteria.plan) else { return Vec::new() };
    let member = |county: Option<u32>| r.members.get(county? as usize);
    let costs = up_to(plan);
    let row = |i: usize| {
        let step = &plan.steps[i];
        let site = &plan.candidates[step.site as usize];
        SiteRow {
            order: i + 1,
            site,
            county: member(site.county),
            step,
            cost: plan.costs[i],
            cost_up_to: costs[i],
            for_county: member(plan.stages.get(step.stage as usize).and_then(|s| s.county)),
            for_roads: plan.corridors.as_ref().map(|c| c.roads_of(step.site)).unwrap_or_default(),
            year: plan.year_of(step.site),
            station: plan.stations[i],
            loads: &plan.loads[i],
            serves_wh: plan.served_wh.get(i).copied().zip(site.capacity_wh).map(|(a, b)| [a, b]),
            lost: plan.lost[i],
            asked: (asked.objective, asked.service),
            in_gap: plan.in_gap[0],
        }
    };
    (0..plan.steps.len()).map(row).collect()
}

/// What all up to each site cost.
fn up_to(plan: &SitePlan) -> Vec<Option<u64>> {
    let mut sum = Some(0u64);
    let add = |cost: &Option<u64>| {
        sum = sum.and_then(|s| Some(s.saturating_add((*cost)?)));
        sum
    };
    plan.costs.iter().map(add).collect()
}

/// The table.
pub fn table<'a>() -> Table<'a, SiteRow<'a>> {
    Table::new(what_it_is())
        .with(what_is_built())
        .with(what_it_adds())
        .with([(Day::Ordinary, ""), (Day::Holiday, "_holiday")].into_iter().flat_map(|(day, suffix)| load_fields(day, suffix)))
        .rule("sites are numbered from 1, and what all cover is what those before cover and what it adds", adds_up)
        .rule("no more swaps are turned away than are asked for", |row, _| {
            let of = |name: &str| row.number(name).map(|v| v.unwrap_or(0.0));
            Ok(of("swaps_turned_away")? <= of("swaps")? + 1e-6 && of("swaps_turned_away_holiday")? <= of("swaps_holiday")? + 1e-6)
        })
        .rule("no more is delivered than the power gives in a day", |row, _| {
            let most = row.number("total_kw")?.unwrap_or(0.0) * 24.0 * (1.0 + 1e-6) + 1e-5;
            Ok(row.number("delivered_kwh")?.is_none_or(|kwh| kwh <= most))
        })
}

/// The layer: the columns of the table.
pub fn layer<'a>() -> ShapedTable<'a, SiteRow<'a>> {
    ShapedTable {
        table: table(),
        id: Box::new(|s: &SiteRow<'_>| s.site.id.clone()),
        shape: Box::new(|s: &SiteRow<'_>| Shape::Point(s.site.at)),
    }
}

fn adds_up(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let (order, gain, covered) = (row.count("order")?, row.number("gain")?, row.number("covered")?);
    let before = match order.checked_sub(2) {
        None => 0.0,
        Some(_) => match others.row(FILE, &[("order", &(order - 1).to_string())])? {
            Some(before) => before.number("covered")?.unwrap_or(0.0),
            None => return Ok(false),
        },
    };
    let (gain, covered) = (gain.unwrap_or(0.0), covered.unwrap_or(-1.0));
    Ok(order > 0 && gain >= 0.0 && (before + gain - covered).abs() <= 2e-6 * covered.abs().max(1.0))
}

fn what_it_is<'a>() -> Vec<Field<'a, SiteRow<'a>>> {
    let kind = |s: Service| match s {
        Service::Swap => "swap",
        Service::Hydrogen => "hydrogen",
        _ => "charging",
    };
    vec![
        text("id", "id", "Id of the candidate", "候选点编号").of(|r: &SiteRow<'_>| Value::Text(r.site.id.clone())),
        integer("order", "order", "count", "Order of building, from 1", "建设次序")
            .of(|r: &SiteRow<'_>| Value::Integer(r.order as i64)),
        text("name", "name", "Its name, or that of the settlement or road", "名称（候选点、居民点或道路）")
            .or_null("none is known")
            .of(|r: &SiteRow<'_>| Value::text_or_null(&r.site.names[0])),
        text("name_zh", "name_zh", "The same in Chinese", "中文名")
            .or_null("none is known")
            .of(|r: &SiteRow<'_>| Value::text_or_null(&r.site.names[1])),
        text("kind", "kind", "What is built: charging, swap or hydrogen", "设施类型")
            .of(move |r: &SiteRow<'_>| Value::Word(kind(r.asked.1))),
        text(
            "origin",
            "origin",
            "Where the candidate comes from: given, settlement, gap_middle, along_gap, junction or along_corridor",
            "候选点来源：given 给定、settlement 居民点、gap_middle 空白路段中点、along_gap 空白路段沿线、junction 交叉口、along_corridor 路线沿线",
        )
        .of(|r: &SiteRow<'_>| Value::Word(r.site.kind.as_str())),
        text("county_code", "county", "County where it stands", "所在县代码")
            .or_null("outside every county")
            .of(|r: &SiteRow<'_>| Value::opt(r.county, |m| Value::Text(m.county.code.clone()))),
        text("county_name", "cty_name", "Its name", "所在县名称")
            .or_null("outside every county")
            .of(|r: &SiteRow<'_>| Value::opt(r.county, |m| Value::Text(m.county.name.clone()))),
        real("lon", "lon", "degree", "Longitude", "经度").of(|r: &SiteRow<'_>| Value::Real(r.site.at.lon())),
        real("lat", "lat", "degree", "Latitude", "纬度").of(|r: &SiteRow<'_>| Value::Real(r.site.at.lat())),
    ]
}

/// What is built there, in the names that a layer of stations has.
fn what_is_built<'a>() -> Vec<Field<'a, SiteRow<'a>>> {
    let plug = |s: Service| !matches!(s, Service::Swap | Service::Hydrogen);
    vec![
        integer("points", "points", "count", "Guns", "充电枪数")
            .or_null("it charges nobody by plug")
            .of(move |r: &SiteRow<'_>| if plug(r.asked.1) { Value::Integer(r.station.guns.into()) } else { Value::Null }),
        real("power_kw", "power_kw", "kW", "Power of a gun", "单枪功率")
            .or_null("it charges nobody by plug")
            .of(move |r: &SiteRow<'_>| if plug(r.asked.1) { Value::Real(r.station.gun_kw) } else { Value::Null }),
        real("total_kw", "total_kw", "kW", "Rated power", "额定总功率")
            .or_null("it charges nobody by plug")
            .of(move |r: &SiteRow<'_>| if plug(r.asked.1) { Value::Real(r.station.rated_kw()) } else { Value::Null }),
        integer("swap_bays", "swap_bays", "count", "Bays of the swap station", "换电工位")
            .or_null("no swap station is planned")
            .of(|r: &SiteRow<'_>| Value::opt(Some(r.station.bays).filter(|n| *n > 0), |n| Value::Integer(n.into()))),
        integer(
            "swap_batteries",
            "swap_batt",
            "count",
            "Battery packs that it keeps, each with a charger",
            "备用电池数（每块配一台充电机）",
        )
        .or_null("no swap station is planned")
        .of(|r: &SiteRow<'_>| Value::opt(Some(r.station.packs).filter(|n| *n > 0), |n| Value::Integer(n.into()))),
        text("trucks", "trucks", "yes where it is planned for trucks", "规划供货车使用时为 yes")
            .or_null("not planned for trucks")
            .of(|r: &SiteRow<'_>| if r.asked.1 == Service::TruckCharging { Value::Word("yes") } else { Value::Null }),
        text("access", "access", "For whom it is planned: public", "规划开放对象（公共）")
            .of(|_: &SiteRow<'_>| Value::Word("public")),
        real("availability", "avail", "share", "Share of the time in which it is planned to work", "规划可用率")
            .of(|_: &SiteRow<'_>| Value::Real(AVAILABILITY)),
        integer(
            "dc_points",
            "dc_points",
            "count",
            "Of its guns, those of direct current: all above 43.5 kW",
            "其中直流枪数（43.5 千瓦以上均为直流）",
        )
        .or_null("it charges nobody by plug, or guns of this power may be of either current")
        .of(|r: &SiteRow<'_>| Value::opt(dc_points(r.asked.1, r.station), |n| Value::Integer(n.into()))),
        text(
            "certified",
            "certified",
            "yes: it is planned with certified equipment (CCC where that is asked for)",
            "规划采用获认证设备（如要求则为 CCC）",
        )
        .of(|_: &SiteRow<'_>| Value::Word("yes")),
        real("headroom_kw", "headroom", "kW", "Power that the grid has left there", "配变可用容量")
            .or_null("not known")
            .of(|r: &SiteRow<'_>| Value::opt(r.site.headroom_kw, Value::Real)),
    ]
}

fn what_it_adds<'a>() -> Vec<Field<'a, SiteRow<'a>>> {
    let units = |r: &SiteRow<'_>, whole: u64| Value::Real(r.asked.0.shown(whole));
    vec![
        integer("cost", "cost", "currency", "What it costs, with the grid that it needs", "造价（含接网）")
            .or_null("not known")
            .of(|r: &SiteRow<'_>| Value::opt(r.cost, |c| Value::Integer(c as i64))),
        integer("cost_up_to", "cost_sum", "currency", "What all sites up to it cost", "累计造价")
            .or_null("a cost is not known")
            .of(|r: &SiteRow<'_>| Value::opt(r.cost_up_to, |c| Value::Integer(c as i64))),
        text("unit", "unit", "Unit of the objective: km, people, settlements or kWh/day", "目标单位")
            .of(|r: &SiteRow<'_>| Value::Word(r.asked.0.unit().0)),
        real("gain", "gain", "unit of the objective", "What it covers beyond those before it", "新增覆盖量")
            .of(move |r: &SiteRow<'_>| units(r, r.step.gain)),
        real("covered", "covered", "unit of the objective", "What all up to it cover", "累计覆盖量")
            .of(move |r: &SiteRow<'_>| units(r, r.step.covered)),
        real("covered_percent", "cov_pct", "percent", "The same of all that was in the gap", "累计覆盖占缺口比例")
            .or_null("nothing was in the gap")
            .of(
                |r: &SiteRow<'_>| {
                    if r.in_gap == 0 { Value::Null } else { Value::Real(r.step.covered as f64 / r.in_gap as f64 * 100.0) }
                },
            ),
        real("assigned_kwh", "assigned", "kWh/day", "Energy in the gap that it serves in an assignment that reaches what all cover; drivers may go elsewhere", "最优分配中由其服务的缺口电量（驾驶员实际去向可不同）")
            .or_null("no capacity is asked for")
            .of(|r: &SiteRow<'_>| Value::opt(r.serves_wh, |wh| Value::Real(wh[0] as f64 / 1e3))),
        real("capacity_kwh", "capacity", "kWh/day", "Energy that it serves at most", "每日最大服务电量")
            .or_null("no capacity is asked for")
            .of(|r: &SiteRow<'_>| Value::opt(r.serves_wh, |wh| Value::Real(wh[1] as f64 / 1e3))),
        real(
            "lost_at_least",
            "lost0",
            "unit of the objective",
            "Without it the best possible covers less than the plan by so much at least, all chosen again",
            "去掉该站点后最优覆盖量至少减少",
        )
        .or_null("it is in the plan anyhow, was chosen for a county that comes first or over several years, or capacities are asked for")
        .of(move |r: &SiteRow<'_>| Value::opt(r.lost, |l| units(r, l[0]))),
        real("lost_at_most", "lost1", "unit of the objective", "And by so much at most", "去掉该站点后最优覆盖量至多减少")
            .or_null("it is in the plan anyhow, was chosen for a county that comes first or over several years, or capacities are asked for")
            .of(move |r: &SiteRow<'_>| Value::opt(r.lost, |l| units(r, l[1]))),
        text("for_county", "for_county", "County whose gap it was chosen for, where one comes first", "优先县代码")
            .or_null("chosen for all counties")
            .of(|r: &SiteRow<'_>| Value::opt(r.for_county, |m| Value::Text(m.county.code.clone()))),
        text(
            "for_roads",
            "for_roads",
            "Roads along which it leaves no way without a station too long",
            "为缩短无站里程而建的路线",
        )
        .or_null("it is not built for a road")
        .of(|r: &SiteRow<'_>| Value::text_or_null(&r.for_roads.join("; "))),
        integer("year", "year", "", "Year in which it is built", "建设年份")
            .or_null("the plan has no years")
            .of(|r: &SiteRow<'_>| Value::opt(r.year, |y| Value::Integer(y.into()))),
    ]
}

fn load_fields<'a>(day: Day, suffix: &'static str) -> Vec<Field<'a, SiteRow<'a>>> {
    let [en, zh] = if suffix.is_empty() {
        [" on an ordinary day", "（平日）"]
    } else {
        [" on the holiday peak", "（节假日高峰）"]
    };
    let alias = if suffix.is_empty() { "" } else { "_h" };
    let column = move |name: &str, short: &str, unit: &'static str, words: [&str; 2], get: fn(&StationDay) -> Option<f64>| {
        real(
            &format!("{name}{suffix}"),
            &format!("{short}{alias}"),
            unit,
            format!("{}{en}", words[0]),
            format!("{}{zh}", words[1]),
        )
        .or_null("no [demand], or nobody comes")
        .of(move |r: &SiteRow<'_>| Value::opt(r.loads.iter().find(|l| l.day == day).and_then(get), Value::Real))
    };
    vec![
        column(
            "delivered_kwh",
            "deliv",
            "kWh/day",
            ["Energy delivered with all of the plan there", "全部建成后送出电量"],
            |l| l.swaps.is_none().then_some(l.kwh),
        ),
        column(
            "utilisation",
            "util",
            "share 0-1",
            ["Energy delivered / (rated power x 24 h)", "功率利用率＝送出电量÷（额定功率×24小时）"],
            |l| l.swaps.is_none().then_some(l.power_utilisation),
        ),
        column("wait_min", "wait", "min", ["Mean wait at its guns in the worst hour", "最忙小时平均排队时间"], |l| {
            l.wait_min
        }),
        column(
            "swaps",
            "swaps",
            "swaps/day",
            ["Swaps that are asked of a swap station", "换电站被提出的换电次数"],
            |l| l.swaps.map(|s| s.asked),
        ),
        column(
            "swaps_turned_away",
            "sw_away",
            "swaps/day",
            ["Of them, those turned away: no bay or no full pack", "其中未能换电的次数（无工位或无满电电池）"],
            |l| l.swaps.map(|s| s.turned_away),
        ),
    ]
}
