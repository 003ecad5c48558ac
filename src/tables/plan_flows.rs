//! Vehicles from place to place in a plan: `plan_flows.csv` (each pair with what becomes of it), `plan_flow_legs.csv` (how far places and sites are
//! from each other) and `plan_flow_cuts.csv` (sites of which every way needs one), from which anybody computes values and bounds again.

use crate::config::plan::Objective;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::plan::{FlowLeg, FlowRow, FlowState, PlanFlows, SitePlan};
use crate::results::Results;

/// A row a pair.
pub const FILE: &str = "plan_flows.csv";
/// A row a distance.
pub const LEGS: &str = "plan_flow_legs.csv";
/// A row a cut.
pub const CUTS: &str = "plan_flow_cuts.csv";

/// A pair with its number from 1.
pub type PairRow<'a> = (usize, &'a FlowRow, &'a PlanFlows, &'a SitePlan);
/// A cut: the number of its pair from 0, its sites, and its multiplier.
pub type CutRow = (u32, Vec<u32>, u64);

fn flows(r: &Results) -> Option<(&SitePlan, &PlanFlows)> {
    r.plan.as_ref().and_then(|p| Some((p, p.flows.as_ref()?)))
}

/// The pairs.
pub fn rows(r: &Results) -> Vec<PairRow<'_>> {
    let Some((plan, flows)) = flows(r) else { return Vec::new() };
    flows.rows.iter().enumerate().map(|(k, row)| (k + 1, row, flows, plan)).collect()
}

/// The distances.
pub fn leg_rows(r: &Results) -> impl Iterator<Item = &FlowLeg> {
    flows(r).into_iter().flat_map(|(_, f)| &f.legs)
}

/// The cuts.
pub fn cut_rows(r: &Results) -> impl Iterator<Item = &CutRow> {
    flows(r).into_iter().flat_map(|(_, f)| &f.cuts)
}

/// Ids of sites by number.
fn ids(row: &PairRow<'_>) -> Value {
    let (_, flow, flows, plan) = row;
    let id = |s: &u32| {
        let standing = || flows.standing.get((*s as usize).checked_sub(plan.candidates.len())?);
        plan.candidates.get(*s as usize).map(|c| &c.id).or_else(standing).cloned().unwrap_or_default()
    };
    let list: Vec<String> = flow.stops.iter().map(id).collect();
    Value::text_or_null(&list.join("; "))
}

/// The table of pairs.
pub fn table<'a>() -> Table<'a, PairRow<'a>> {
    let mut fields: Vec<Field<'a, PairRow<'a>>> =
        vec![integer("flow", "flow", "count", "Its number, from 1", "序号").of(|r: &PairRow<'_>| Value::Integer(r.0 as i64))];
    fields.extend(end_fields());
    fields.extend([
        real("vehicles", "vehicles", "vehicles/day", "Vehicles that go there, of all rows of the pair", "车流量（辆/日）")
            .of(|r: &PairRow<'_>| Value::Real(Objective::Flows.shown(r.1.weight))),
        real("way_km", "way_km", "km", "The shortest way by road", "最短路程")
            .or_null("no way leads there")
            .of(|r: &PairRow<'_>| Value::opt(r.1.way_mm, Value::km)),
        text(
            "state",
            "state",
            "needs_none: they get there without charging; before: past stations that stand; with_plan: with sites of the plan; not: they do not, and would with all candidates; never: not even then",
            "状态：needs_none 无需补能、before 现有站点即可、with_plan 借助规划站点、not 仍不可达（全部候选点建成则可达）、never 全部候选点建成亦不可达",
        )
        .of(|r: &PairRow<'_>| Value::Word(r.1.state.as_str())),
        text(
            "stops",
            "stops",
            "Ids of the sites of the plan and the stations where they charge, from the origin on",
            "途中补能站点编号（自起点起）",
        )
        .or_null("they charge nowhere, or do not get there")
        .of(ids),
        text("stop_sites", "stop_sites", "The same by number of the site", "途中补能站点序号")
            .or_null("they charge nowhere, or do not get there")
            .of(|r: &PairRow<'_>| numbers(&r.1.stops)),
    ]);
    Table::new(fields).rule("the state is one of those that there are", |row, _| {
        Ok(FlowState::ALL.iter().any(|s| s.as_str() == row.get("state")))
    })
}

/// Where vehicles start, and where they go.
fn end_fields<'a>() -> [Field<'a, PairRow<'a>>; 6] {
    let place = |k: usize| move |r: &PairRow<'_>| Value::Integer(r.1.places[k].into());
    let word = |k: usize, of: usize| move |r: &PairRow<'_>| Value::Text(r.2.places[r.1.places[k] as usize][of].clone());
    [
        integer("origin_place", "from_place", "count", "Number of the place where they start", "起点序号").of(place(0)),
        text("origin_id", "from_id", "Its settlement", "起点居民点编号").of(word(0, 0)),
        text("origin", "from", "Its name", "起点名称").of(word(0, 1)),
        integer("destination_place", "to_place", "count", "Number of the place where they go", "终点序号").of(place(1)),
        text("destination_id", "to_id", "Its settlement", "终点居民点编号").of(word(1, 0)),
        text("destination", "to", "Its name", "终点名称").of(word(1, 1)),
    ]
}

fn numbers(sites: &[u32]) -> Value {
    let list: Vec<String> = sites.iter().map(u32::to_string).collect();
    Value::text_or_null(&list.join(" "))
}

/// The table of distances.
pub fn legs<'a>() -> Table<'a, &'a FlowLeg> {
    const PLACE: &str = "it begins at a site";
    const END: &str = "it ends at a site";
    let of = |get: fn(&FlowLeg) -> Option<u32>| move |l: &&FlowLeg| Value::opt(get(l), |n| Value::Integer(n.into()));
    Table::new(vec![
        integer("from_place", "from_place", "count", "Place that it begins at", "起始地点序号").or_null(PLACE).of(of(
            |l| match l {
                FlowLeg::First(place, ..) => Some(*place),
                _ => None,
            },
        )),
        integer(
            "from_site",
            "from_site",
            "count",
            "Site that it begins at: a candidate by its number, or behind all candidates a station that stands",
            "起始站点序号（候选点之后为现有站点）",
        )
        .or_null("it begins at a place")
        .of(of(|l| match l {
            FlowLeg::First(..) => None,
            FlowLeg::Between(site, ..) | FlowLeg::Last(site, ..) => Some(*site),
        })),
        integer("to_site", "to_site", "count", "Site that it ends at", "到达站点序号").or_null("it ends at a place").of(of(
            |l| match l {
                FlowLeg::First(_, site, _) | FlowLeg::Between(_, site, _) => Some(*site),
                FlowLeg::Last(..) => None,
            },
        )),
        integer("to_place", "to_place", "count", "Place that it ends at", "到达地点序号").or_null(END).of(of(|l| match l {
            FlowLeg::Last(_, place, _) => Some(*place),
            _ => None,
        })),
        integer("mm", "mm", "mm", "How far it is by road", "路程（毫米）").of(|l: &&FlowLeg| {
            let (FlowLeg::First(_, _, mm) | FlowLeg::Between(_, _, mm) | FlowLeg::Last(_, _, mm)) = l;
            Value::Integer(*mm as i64)
        }),
    ])
}

/// The table of cuts.
pub fn cuts<'a>() -> Table<'a, &'a CutRow> {
    Table::new(vec![
        integer("flow", "flow", "count", "Number of the pair in plan_flows.csv", "车流序号")
            .of(|c: &&CutRow| Value::Integer(i64::from(c.0) + 1)),
        text(
            "sites",
            "sites",
            "Numbers of the sites of which every way needs one, with blanks between",
            "割集站点序号（任何路线必经其一）",
        )
        .or_null("none")
        .of(|c: &&CutRow| numbers(&c.1)),
        text(
            "multiplier",
            "multiplier",
            "Its multiplier, from which the bound is computed: a whole number of 1,024ths of a thousandth of a vehicle",
            "乘子（千分之一辆的 1/1024）",
        )
        .of(|c: &&CutRow| Value::Text(c.2.to_string())),
    ])
}
