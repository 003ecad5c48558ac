//! Where to build, for the report: the plan in one sentence, its questions, its sites in order, what it changes in each county, and what
//! less and more would cover.

use super::MOST_ROWS;
use super::demand::{minutes, whole};
use super::head::county;
use super::plan_chart::{self, CurveOf, PlanCurve};
use super::{plan_corridors, plan_counting, plan_flows, plan_ways, plan_years};
use crate::balance::StationDay;
use crate::config::Service;
use crate::config::demand::Day;
use crate::config::plan::{Extent, NewStation, Objective, PlanAsked};
use crate::files::lang::Both;
use crate::files::text::{NONE, at_most_percent, fixed, grouped, km1, percent, shown_share};
use crate::page::county::Pages;
use crate::page::funding::range;
use crate::page::i18n::{criterion_label, shown};
use crate::plan::{CandidateKind, PlanAlternative, PlanCounty, PlanStage, SitePlan, least_used};
use crate::results::Run;
use crate::tables::plan::{SiteRow, rows};
use minijinja::{Value, context};

/// The plan with what was asked, as everything here needs it.
struct Told<'a> {
    o: &'a Run<'a>,
    pages: &'a Pages,
    plan: &'a SitePlan,
    asked: &'a PlanAsked,
}

/// The section; none where no plan was asked for.
pub fn plan(o: &Run<'_>, pages: &Pages) -> Value {
    let (Some(plan), Some(asked)) = (&o.plan, &o.criteria.plan) else { return Value::from(()) };
    let t = Told { o, pages, plan, asked };
    let (value, bound, _) = plan.quality();
    let sites = rows(o.results);
    let shown_sites: Vec<Value> = sites.iter().take(MOST_ROWS).map(|r| t.site(r)).collect();
    let loads = || plan.loads.iter().flatten();
    context! {
        none => plan.steps.is_empty(),
        one => plan.steps.len() == 1,
        n => grouped(plan.steps.len() as u64),
        cost => plan.cost().map(|c| t.money(c)),
        covered => amount(asked.objective, value),
        all => amount(asked.objective, plan.in_gap[0]),
        reachable => amount(asked.objective, plan.in_gap[1]),
        share => percent(value, plan.in_gap[0]),
        what => what(asked.objective),
        best => value == bound, swaps => asked.service == Service::Swap, assigned => asked.counting.is_assigned(),
        gap => at_most_percent(plan.short_of_best()[0], plan.short_of_best()[1]),
        ways => plan_ways::told(plan, asked.objective),
        flows => plan_flows::told(plan, asked),
        lacking => plan_counting::lacking(asked),
        candidates => grouped((plan.candidates.len() - plan.off_road.len()) as u64),
        service => Both::from(asked.service.names()),
        within => criterion_label(o.criteria.serving.all[asked.criterion]),
        limit => t.limit(),
        least => plan.least_sites.map(grouped),
        firsts => t.firsts(),
        in_any_order => t.in_any_order(),
        sites => shown_sites,
        loads => loads().next().is_some(),
        holiday => loads().any(|l| l.day == Day::Holiday),
        capped => sites.len() > MOST_ROWS,
        shown => grouped(sites.len().min(MOST_ROWS) as u64),
        unit => unit(asked.objective),
        counties => t.counties(),
        sunk => t.sunk(),
        corridors => plan_corridors::corridors(plan),
        years => plan_years::years(plan, asked),
        curve => plan_chart::chart(&curve(plan, asked)),
        money_curve => money_curve(plan, asked).map(|c| plan_chart::chart(&c)),
        any_lost => plan.lost.iter().any(Option::is_some),
        others => t.others(),
        reduction => reduction(plan, asked.objective),
        made => t.made(),
    }
}

impl Told<'_> {
    fn money(&self, sum: u64) -> String {
        format!("{} {}", grouped(sum), shown(&self.asked.currency)).trim_end().to_owned()
    }

    /// How much may be built.
    fn limit(&self) -> Both {
        match self.asked.extent {
            Extent::Sites(1) => Both::new("the limit of 1 site", "1 座站点的限额"),
            Extent::Sites(n) => {
                let n = grouped(n.into());
                Both::new(format!("the limit of {n} sites"), format!("{n} 座站点的限额"))
            }
            Extent::Budget(sum) => {
                let sum = self.money(sum);
                Both::new(format!("the budget of {sum}"), format!("{sum} 的预算"))
            }
            Extent::Corridors => Both::new("the fewest sites along the roads", "路线沿线的最少站点数"),
            Extent::Cover(thousandths) => {
                let share = fixed(f64::from(thousandths) / 10.0, if thousandths % 10 == 0 { 0 } else { 1 });
                let en = format!("the fewest sites for {share} % of what candidates can cover");
                Both::new(en, format!("覆盖候选点可覆盖量 {share} % 的最少站点数"))
            }
        }
    }

    /// What the same limit would cover at least and at most if no county came first.
    fn in_any_order(&self) -> Value {
        let point = self.plan.curve.iter().find(|p| p.limit == self.plan.limit);
        let [least, most] = point.map(|p| [p.value, p.bound].map(|n| amount(self.asked.objective, n))).unwrap_or_default();
        if point.is_some() {
            context! { least, most }
        } else {
            Value::from(())
        }
    }

    /// What was done for each county that comes first, and why its gap is not closed.
    fn firsts(&self) -> Vec<Value> {
        let (mut before, mut all) = (0, Vec::new());
        for (number, stage) in self.plan.stages.iter().enumerate() {
            let chosen = |site: u32| self.plan.candidates[site as usize].locked != Some(true);
            let sites = self.plan.steps.iter().filter(|s| s.stage as usize <= number && chosen(s.site)).count();
            if let Some(of) = stage.county {
                let own = self.plan.counties.iter().find(|c| c.county == of);
                let beyond = own.map_or(0, |c| c.beyond_mm);
                all.push(context! {
                    county => county(self.o, self.pages, of as usize),
                    closed => stage.value == stage.reachable,
                    covered => amount(self.asked.objective, stage.value),
                    reachable => amount(self.asked.objective, stage.reachable),
                    sites => grouped((sites - before) as u64),
                    one => sites - before == 1,
                    why => self.why_open(stage),
                    beyond => (beyond > 0).then(|| km1(beyond)),
                });
            }
            before = sites;
        }
        all
    }

    /// Why a county is not closed that comes first: what stops the plan from covering all that its candidates can.
    fn why_open(&self, stage: &PlanStage) -> Both {
        let budget = matches!(self.asked.extent, Extent::Budget(_));
        let out = self.plan.candidates.iter().any(|c| c.locked == Some(false) || (budget && c.cost.is_none()));
        let left = match self.asked.extent {
            Extent::Sites(n) => stage.taken < n.into(),
            Extent::Budget(_) => false,
            Extent::Cover(_) | Extent::Corridors => stage.taken < self.plan.steps.len() as u64,
        };
        let reason = if out && left {
            ["only candidates that are locked out reach the rest", "其余部分仅有被锁定排除的候选点可覆盖"]
        } else if out {
            [
                "that is the most within the limit without candidates that are locked out or have no cost",
                "在限额内且不计被锁定排除或无造价的候选点时，这是最大值",
            ]
        } else {
            let limit = self.limit();
            return Both::new(format!("{} is used up", limit.en), format!("{}已用尽", limit.zh));
        };
        Both::from(reason)
    }

    fn site(&self, r: &SiteRow<'_>) -> Value {
        let (objective, s) = (self.asked.objective, r.station);
        let on = |day: Day| r.loads.iter().find(|l| l.day == day);
        // of a swap station the share of its swaps that are turned away
        let share = |l: &StationDay| match l.swaps {
            Some(s) if s.asked > 0.0 => shown_share(s.turned_away / s.asked),
            Some(_) => NONE.to_owned(),
            None => shown_share(l.power_utilisation),
        };
        let used = |l: Option<&StationDay>| l.map_or(NONE.to_owned(), share);
        let wait = |l: Option<&StationDay>| minutes(l.and_then(|l| l.wait_min));
        let (plain, busy) = (on(Day::Ordinary), on(Day::Holiday));
        let named = r.site.names.iter().any(|n| !n.is_empty());
        let [name, name_zh] = if named { r.site.names.each_ref().map(|n| shown(n)) } else { [shown(&r.site.id), String::new()] };
        context! {
            order => r.order,
            name, name_zh,
            county => r.site.county.map(|c| county(self.o, self.pages, c as usize)),
            origin => Both::from(r.site.kind.names()),
            size => size(s),
            cost => r.cost.map_or(NONE.to_owned(), grouped),
            cost_up_to => r.cost_up_to.map_or(NONE.to_owned(), grouped),
            adds => amount(objective, r.step.gain),
            covered => amount(objective, r.step.covered),
            share => percent(r.step.covered, r.in_gap),
            way => plan_ways::way(self.plan, objective, r.in_gap - r.step.covered),
            first => r.for_county.is_some(),
            lost => range(objective, r.lost.map_or([None; 2], |l| l.map(Some))),
            roads => (!r.for_roads.is_empty()).then(|| shown(&r.for_roads.join(", "))),
            year => r.year.map(|y| y.to_string()),
            used => used(plain), used_holiday => used(busy),
            wait => wait(plain), wait_holiday => wait(busy),
        }
    }

    /// Plans that cover nearly as much.
    fn others(&self) -> Vec<Value> {
        let value = self.plan.quality().0;
        let one = |a: &PlanAlternative| {
            let [gone, instead] = other_sites(self.plan, a);
            context! {
                covered => amount(self.asked.objective, a.value),
                less => at_most_percent(value.saturating_sub(a.value), value),
                sites => grouped(a.candidates.len() as u64),
                elsewhere => grouped(a.others as u64),
                gone => named(self.plan, &gone),
                instead => named(self.plan, &instead),
            }
        };
        self.plan.alternatives.iter().map(one).collect()
    }

    fn counties(&self) -> Value {
        let all = &self.plan.counties;
        let row = |c: &PlanCounty| context! { ..county(self.o, self.pages, c.county as usize), ..self.cells(c) };
        let known = |of: fn(&PlanCounty) -> Option<u64>| all.iter().map(of).sum::<Option<u64>>();
        let short = all.iter().filter_map(|c| c.short_kw).reduce(|[a, b], s| [a + s[0], b + s[1]]);
        let sum = |of: &dyn Fn(&PlanCounty) -> u64| all.iter().map(of).sum::<u64>();
        let both = |of: &dyn Fn(&PlanCounty) -> [u64; 2]| [sum(&|c| of(c)[0]), sum(&|c| of(c)[1])];
        let total = PlanCounty {
            sites: sum(&|c| c.sites.into()) as u32,
            cost: known(|c| c.cost),
            gap_mm: both(&|c| c.gap_mm),
            beyond_mm: sum(&|c| c.beyond_mm),
            people_in_gap: both(&|c| c.people_in_gap),
            settlements_in_gap: both(&|c| c.settlements_in_gap),
            short_kw: short,
            reward_yuan: [known(|c| c.reward_yuan[0]), known(|c| c.reward_yuan[1])],
            weighed: sum(&|c| c.weighed),
            thin: all.iter().filter_map(|c| c.thin).reduce(|[a, b], t| [a + t[0], b + t[1]]),
            ways_mm: plan_ways::of_all(all, self.asked.objective),
            ..PlanCounty::default()
        };
        context! {
            rows => all.iter().take(MOST_ROWS).map(row).collect::<Vec<_>>(),
            total => self.cells(&total),
            short => all.iter().any(|c| c.short_kw.is_some()),
            ways => all.iter().any(|c| c.ways_mm.is_some()),
            thin => all.iter().any(|c| c.thin.is_some()),
            way_head => plan_ways::head(self.asked.objective),
            reward => all.iter().any(|c| c.reward_yuan.iter().any(Option::is_some)),
            capped => all.len() > MOST_ROWS,
            shown => grouped(all.len().min(MOST_ROWS) as u64),
            n => grouped(all.len() as u64),
        }
    }

    /// Counties that expect less reward with the plan, each with its sites, the least used first.
    fn sunk(&self) -> Vec<Value> {
        let one = |c: &PlanCounty| {
            let [before, after] = c.sunk_yuan()?;
            let named = |(k, used): (usize, f64)| format!("{} ({})", k + 1, shown_share(used));
            let sites: Vec<String> = least_used(self.plan, c).into_iter().map(named).collect();
            let by: Vec<String> = c.sunk_by.iter().map(|k| (k + 1).to_string()).collect();
            Some(context! {
                county => county(self.o, self.pages, c.county as usize),
                before => grouped(before), after => grouped(after), sites => sites.join(", "),
                by => (!by.is_empty()).then(|| by.join(", ")),
                year => self.plan.reward_year.filter(|_| c.reward_yuan[1].is_none()),
            })
        };
        self.plan.counties.iter().filter_map(one).collect()
    }

    fn cells(&self, c: &PlanCounty) -> Value {
        let [gap, settlements, people, short, reward] = changes(c);
        context! {
            sites => grouped(c.sites.into()),
            cost => c.cost.map_or(NONE.to_owned(), grouped),
            beyond => km1(c.beyond_mm),
            gap, settlements, people, short, reward,
            way => plan_ways::change(c, self.asked.objective),
            thin => plan_counting::change(c, self.asked.objective),
        }
    }

    /// How candidates were made.
    fn made(&self) -> Value {
        let count = |kind: CandidateKind| self.plan.candidates.iter().filter(|c| c.kind == kind).count();
        let part = |kind: CandidateKind| {
            let (n, [en, zh]) = (count(kind), kind.names());
            (n > 0).then(|| Both::new(format!("{} {en}", grouped(n as u64)), format!("{zh} {} 个", grouped(n as u64))))
        };
        let parts: Vec<Both> = CandidateKind::ALL.into_iter().filter_map(part).collect();
        let off = self.plan.off_road.len() as u64;
        context! {
            n => grouped(self.plan.candidates.len() as u64),
            parts => Both::list(&parts),
            apart => self.plan.apart_m.map(|m| grouped(m.round().max(0.0) as u64)),
            off => (off > 0).then(|| grouped(off)),
        }
    }
}

/// Candidates of the plan that another plan has not, and of that those that the plan has not, by number.
fn other_sites(plan: &SitePlan, other: &PlanAlternative) -> [Vec<u32>; 2] {
    let own: Vec<u32> = plan.steps.iter().map(|s| s.site).collect();
    let gone = own.iter().filter(|s| !other.candidates.contains(s)).copied().collect();
    [gone, other.candidates.iter().filter(|s| !own.contains(s)).copied().collect()]
}

/// Candidates by their id, and their name where they have one.
fn named(plan: &SitePlan, list: &[u32]) -> Vec<Value> {
    let one = |i: &u32| {
        let c = &plan.candidates[*i as usize];
        context! { id => shown(&c.id), name => shown(&c.names[0]), name_zh => shown(&c.names[1]), named => c.names.iter().any(|n| !n.is_empty()) }
    };
    list.iter().map(one).collect()
}

/// What a plan changes in a county, without it and with it: road, settlements and people in the gap, kW short, reward.
pub fn changes(c: &PlanCounty) -> [String; 5] {
    let change = |[a, b]: [String; 2]| format!("{a} → {b}");
    let none = || [NONE.to_owned(), NONE.to_owned()];
    [
        change(c.gap_mm.map(km1)),
        change(c.settlements_in_gap.map(grouped)),
        change(c.people_in_gap.map(grouped)),
        change(c.short_kw.map_or_else(none, |s| s.map(whole))),
        change(c.reward_yuan.map(|v| v.map_or(NONE.to_owned(), grouped))),
    ]
}

/// What a station is: guns and their power, or bays and packs.
fn size(s: NewStation) -> Both {
    if s.bays > 0 {
        let [bays, packs] = [grouped(s.bays.into()), grouped(s.packs.into())];
        let bay = if s.bays == 1 { "bay" } else { "bays" };
        return Both::new(format!("{bays} {bay}, {packs} packs"), format!("{bays} 工位，{packs} 块电池"));
    }
    let kw = fixed(s.gun_kw, if s.gun_kw.fract() == 0.0 { 0 } else { 1 });
    Both::same(format!("{} × {kw}", s.guns))
}

/// So much of the objective, in the unit that is shown: a kilometre has one decimal.
pub(crate) fn amount(objective: Objective, units: u64) -> String {
    match objective {
        Objective::Road | Objective::Farthest => km1(units),
        Objective::Distance | Objective::SettlementDistance => grouped((units + 500_000) / 1_000_000),
        Objective::People | Objective::Settlements => grouped(units),
        Objective::Energy | Objective::Flows => grouped((units + 500) / 1000),
    }
}

/// What is counted, behind a number.
pub(crate) fn what(objective: Objective) -> Both {
    Both::from(match objective {
        Objective::Road => ["km of road", "公里道路"],
        Objective::People => ["people", "人"],
        Objective::Settlements => ["settlements", "个居民点"],
        Objective::Energy => ["kWh a day", "千瓦时/日"],
        Objective::Distance => ["person-km", "人·公里"],
        Objective::SettlementDistance => ["settlement-km", "居民点·公里"],
        Objective::Farthest => ["km", "公里"],
        Objective::Flows => ["vehicles a day", "辆/日"],
    })
}

/// Its unit in the head of a table.
pub(crate) fn unit(objective: Objective) -> Both {
    Both::from(match objective {
        Objective::Road => ["km", "公里"],
        Objective::People => ["people", "人"],
        Objective::Settlements => ["settlements", "个"],
        Objective::Energy => ["kWh/day", "千瓦时/日"],
        Objective::Distance => ["person-km", "人·公里"],
        Objective::SettlementDistance => ["settlement-km", "居民点·公里"],
        Objective::Farthest => ["km", "公里"],
        Objective::Flows => ["vehicles/day", "辆/日"],
    })
}

/// What the chart draws.
fn curve(plan: &SitePlan, asked: &PlanAsked) -> PlanCurve {
    PlanCurve {
        points: plan.curve.clone(),
        steps: plan.steps.iter().map(|s| [s.taken, s.covered]).collect(),
        objective: asked.objective,
        money: matches!(asked.extent, Extent::Budget(_)).then(|| asked.currency.clone()),
        of: CurveOf::Plan,
    }
}

/// The same against money, where that is no limit and all costs are known; what the sites cost as candidates.
fn money_curve(plan: &SitePlan, asked: &PlanAsked) -> Option<PlanCurve> {
    let mut taken = 0;
    let step = |s: &crate::plan::PlanStep| {
        taken += plan.candidates[s.site as usize].cost.unwrap_or(0);
        [taken, s.covered]
    };
    let steps = plan.steps.iter().map(step).collect();
    let points = plan.money.clone();
    let curve = PlanCurve { points, steps, objective: asked.objective, money: Some(asked.currency.clone()), of: CurveOf::Plan };
    (!plan.money.is_empty()).then_some(curve)
}

fn reduction(plan: &SitePlan, objective: Objective) -> Value {
    let [added, merged, sites] = plan.reduction.map(grouped);
    let of = match objective {
        Objective::Road => ["pieces of road, cut where the reach of a candidate ends,", "段道路（在候选点可达范围边界处切分）"],
        _ => ["settlements", "个居民点"],
    };
    context! { added, merged, sites, of => Both::from(of) }
}
