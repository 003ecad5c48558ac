//! Sites along roads: `plan_corridors.csv` (each direction of each road with its longest way without a station, before and after, and the fewest sites
//! that do) and `plan_corridor_places.csv` (stations and candidates along it, from which anybody asks again).

use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::plan::{LineGroup, PlanCorridors, PlanLine, SitePlan, longest, met, stretches};
use crate::results::Results;

/// A row a direction of a road.
pub const FILE: &str = "plan_corridors.csv";
/// A row a place on one.
pub const PLACES: &str = "plan_corridor_places.csv";

/// A direction of a road, with all that is known of it.
pub struct LineRow<'a> {
    found: &'a PlanCorridors,
    line: &'a PlanLine,
    /// Number of its group, from 1, and the group.
    group: (usize, &'a LineGroup),
    /// Longest way without a station before and with the plan, millimetres; the same with one station out.
    longest_mm: [u64; 2],
    one_out_mm: [u64; 2],
    /// Sites of the plan along it.
    sites: usize,
    /// Whether no way is too long with the plan; none where that cannot be told.
    met: Option<bool>,
    /// What stays too long with the plan, each from and to.
    open: Vec<(u64, u64)>,
}

/// A place on a line.
pub enum Place<'a> {
    /// A station that counts.
    Station(&'a str),
    /// A candidate, by number.
    Candidate(u32),
}

/// A place with its line.
pub struct PlaceRow<'a> {
    line: &'a PlanLine,
    at_mm: u64,
    place: Place<'a>,
}

/// The directions.
pub fn rows(r: &Results) -> Vec<LineRow<'_>> {
    let Some((plan, found)) = r.plan.as_ref().and_then(|p| Some((p, p.corridors.as_ref()?))) else { return Vec::new() };
    (0..found.lines.len()).filter_map(|i| row(plan, found, i)).collect()
}

fn row<'a>(plan: &'a SitePlan, found: &'a PlanCorridors, i: usize) -> Option<LineRow<'a>> {
    let line = &found.lines[i];
    let built = |c: u32| plan.steps.iter().any(|s| s.site == c);
    let places = [found.places(i, &|_| false), found.places(i, &built)];
    let group = found.groups.iter().position(|g| g.lines.contains(&(i as u32)))?;
    let both = |one_out: bool| places.each_ref().map(|p| longest(line, p.clone(), one_out));
    let too_long = |(a, b): &(u64, u64)| b - a > found.most_mm;
    Some(LineRow {
        found,
        line,
        group: (group + 1, &found.groups[group]),
        longest_mm: both(false),
        one_out_mm: both(true),
        sites: line.candidates.iter().filter(|c| built(c.1)).count(),
        met: met(line, places[1].clone(), (found.most_mm, found.one_out)),
        open: stretches(line, places[1].clone(), found.one_out).into_iter().filter(too_long).collect(),
    })
}

/// The places, line by line, rising.
pub fn place_rows(r: &Results) -> Vec<PlaceRow<'_>> {
    let lines = r.plan.as_ref().and_then(|p| p.corridors.as_ref()).map(|c| c.lines.as_slice()).unwrap_or_default();
    let of = |line: &'_ PlanLine| -> Vec<(u64, usize)> {
        let stations = line.stations.iter().enumerate().map(|(i, s)| (s.0, i));
        let candidates = line.candidates.iter().enumerate().map(|(i, c)| (c.0, line.stations.len() + i));
        let mut all: Vec<(u64, usize)> = stations.chain(candidates).collect();
        all.sort_unstable();
        all
    };
    let mut all = Vec::new();
    for line in lines {
        for (at_mm, k) in of(line) {
            let place = match line.stations.get(k) {
                Some((_, id)) => Place::Station(id),
                None => Place::Candidate(line.candidates[k - line.stations.len()].1),
            };
            all.push(PlaceRow { line, at_mm, place });
        }
    }
    all
}

/// The table of directions.
pub fn table<'a>() -> Table<'a, LineRow<'a>> {
    Table::new(which()).with(ways()).with(answer()).rule(
        "the plan makes no way longer, and what is met has none that is too long",
        |row, _| {
            let km = |name: &str| row.number(name).map(|v| v.unwrap_or(0.0));
            let shorter = km("longest_km_after")? <= km("longest_km_before")? + 1e-6
                && km("one_out_km_after")? <= km("one_out_km_before")? + 1e-6;
            let out = row.get("n_minus_one") == "true";
            let after = if out { km("one_out_km_after")? } else { km("longest_km_after")? };
            let short = after <= km("limit_km")? + 1e-9;
            let want = if !row.get("goes_on").is_empty() && short {
                ""
            } else if short {
                "true"
            } else {
                "false"
            };
            Ok(shorter && row.get("met") == want)
        },
    )
}

fn which<'a>() -> Vec<Field<'a, LineRow<'a>>> {
    vec![
        text("road", "road", "Number of the road", "路线编号").of(|r: &LineRow<'_>| Value::Text(r.line.road.clone())),
        integer("part", "part", "", "Number of its part, from 1, the longest first", "路段序号（最长者为 1）")
            .of(|r: &LineRow<'_>| Value::Integer(r.line.part.into())),
        integer("direction", "direction", "", "1, or 2 for the way back", "方向：1，返程为 2")
            .of(|r: &LineRow<'_>| Value::Integer(r.line.direction.into())),
        real("length_km", "length_km", "km", "Its length", "长度").of(|r: &LineRow<'_>| Value::km(r.line.length_mm)),
        boolean("ring", "ring", "It begins where it ends", "是否环线").of(|r: &LineRow<'_>| Value::Boolean(r.line.closed)),
        text(
            "goes_on",
            "goes_on",
            "Where the road may go on beyond the given roads, so that a way without a station may be longer: begin, end or both",
            "道路可能在数据边界外延伸的一端（无站里程可能更长）：begin 起点、end 终点、both 两端",
        )
        .or_null("at neither end")
        .of(|r: &LineRow<'_>| match r.line.cut {
            [false, false] => Value::Null,
            [true, false] => Value::Word("begin"),
            [false, true] => Value::Word("end"),
            [true, true] => Value::Word("both"),
        }),
        real("limit_km", "limit_km", "km", "No longer way without a station was asked for", "要求的最大无站里程")
            .of(|r: &LineRow<'_>| Value::km(r.found.most_mm)),
        boolean("n_minus_one", "n_minus_1", "Also with any one station out of service", "是否含任一站点停运（N-1）")
            .of(|r: &LineRow<'_>| Value::Boolean(r.found.one_out)),
        integer("stations", "stations", "count", "Stations along it that count", "沿线计入的站点数")
            .of(|r: &LineRow<'_>| Value::Integer(r.line.stations.len() as i64)),
    ]
}

fn ways<'a>() -> Vec<Field<'a, LineRow<'a>>> {
    let km = |get: fn(&LineRow<'_>) -> u64| move |r: &LineRow<'_>| Value::km(get(r));
    vec![
        real(
            "longest_km_before",
            "longest0",
            "km",
            "Longest way along it without a station, without the plan",
            "规划前最长无站里程",
        )
        .of(km(|r| r.longest_mm[0])),
        real("longest_km_after", "longest1", "km", "The same with it", "规划后最长无站里程").of(km(|r| r.longest_mm[1])),
        real(
            "one_out_km_before",
            "one_out0",
            "km",
            "The same with any one station out, without the plan",
            "规划前任一站点停运时最长无站里程",
        )
        .of(km(|r| r.one_out_mm[0])),
        real("one_out_km_after", "one_out1", "km", "The same with it", "规划后任一站点停运时最长无站里程")
            .of(km(|r| r.one_out_mm[1])),
        boolean("met", "met", "With the plan no way is longer than was asked for", "规划后是否达到要求")
            .or_null("it cannot be told, as the road may go on beyond the given roads (goes_on)")
            .of(|r: &LineRow<'_>| Value::opt(r.met, Value::Boolean)),
        text(
            "open",
            "open",
            "Ways that stay too long, which no candidate closes: from and to in km, with semicolons between",
            "无候选点可缩短的路段：起讫里程（公里）",
        )
        .or_null("none does")
        .of(|r: &LineRow<'_>| {
            let one = |(a, b): &(u64, u64)| format!("{:.6}-{:.6}", *a as f64 / 1e6, *b as f64 / 1e6);
            Value::text_or_null(&r.open.iter().map(one).collect::<Vec<_>>().join("; "))
        }),
        integer("sites", "sites", "count", "Sites of the plan along it", "沿线规划站点数")
            .of(|r: &LineRow<'_>| Value::Integer(r.sites as i64)),
    ]
}

fn answer<'a>() -> Vec<Field<'a, LineRow<'a>>> {
    vec![
        integer("group", "group", "", "Lines that share candidates have one number", "共用候选点的线路编号")
            .of(|r: &LineRow<'_>| Value::Integer(r.group.0 as i64)),
        integer("group_taken", "taken", "sites or currency", "Sites, or money, that close these lines", "该组所用站点数或资金")
            .of(|r: &LineRow<'_>| Value::Integer(r.group.1.cost as i64)),
        integer("group_bound", "bound", "sites or currency", "No choice among the candidates takes less", "该组下界")
            .of(|r: &LineRow<'_>| Value::Integer(r.group.1.bound as i64)),
        real("gap_percent", "gap_pct", "percent", "At most so far above the least: (taken - bound) / taken", "与最少的最大差距")
            .of(|r: &LineRow<'_>| {
                let g = r.group.1;
                Value::Real(if g.cost == 0 { 0.0 } else { (g.cost - g.bound.min(g.cost)) as f64 / g.cost as f64 * 100.0 })
            }),
        text(
            "proof",
            "proof",
            "along: all choices along the one line were weighed; multipliers or search: of what each stretch of the lines needs",
            "证明方式：along 沿线动态规划、multipliers 乘子、search 搜索",
        )
        .of(|r: &LineRow<'_>| Value::Word(r.group.1.proof.as_str())),
    ]
}

/// The table of places.
pub fn places<'a>() -> Table<'a, PlaceRow<'a>> {
    Table::new(vec![
        text("road", "road", "Number of the road", "路线编号").of(|r: &PlaceRow<'_>| Value::Text(r.line.road.clone())),
        integer("part", "part", "", "Number of its part", "路段序号").of(|r: &PlaceRow<'_>| Value::Integer(r.line.part.into())),
        integer("direction", "direction", "", "1, or 2 for the way back", "方向：1，返程为 2")
            .of(|r: &PlaceRow<'_>| Value::Integer(r.line.direction.into())),
        real("at_km", "at_km", "km", "Where the road is left for it, from the beginning of the direction", "驶离里程")
            .of(|r: &PlaceRow<'_>| Value::km(r.at_mm)),
        text("station_id", "station", "Id of a station that counts", "计入的站点编号").or_null("a candidate").of(
            |r: &PlaceRow<'_>| match &r.place {
                Place::Station(id) => Value::Text((*id).to_owned()),
                Place::Candidate(_) => Value::Null,
            },
        ),
        integer("candidate", "candidate", "count", "Number of a candidate, as in plan_candidates.csv", "候选点序号")
            .or_null("a station")
            .of(|r: &PlaceRow<'_>| match &r.place {
                Place::Station(_) => Value::Null,
                Place::Candidate(n) => Value::Integer((*n).into()),
            }),
    ])
    .rule("a place is a station or a candidate", |row, _| Ok(row.get("station_id").is_empty() != row.get("candidate").is_empty()))
}
