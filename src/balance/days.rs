//! One day: what is asked for hour by hour, who drives where, what stations give, what is short.

use super::hold::hold;
use super::problem::{Rows, mixes, powers, queues};
use super::{BalanceGround, Reach};
use crate::access::load::{Assignment, Effort, LoadProblem, equilibrium, shares, shortage};
use crate::config::demand::Day;
use crate::config::vehicle_class::ByClass;
use crate::demand::{PlaceDemand, day_demand, worst_hour};
use crate::error::Result;
use crate::place::SettlementOut;
use rayon::prelude::*;

/// What a charging station gives on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SiteDay {
    /// Energy delivered, kWh.
    pub kwh: f64,
    /// Sessions over the day.
    pub sessions: f64,
    /// Sessions an hour in the worst hour.
    pub sessions_h: f64,
    /// Arrivals over capacity in the worst hour, 0 to 1.
    pub utilisation: f64,
    /// Mean wait in the worst hour, hours; none where nobody comes.
    pub wait_h: Option<f64>,
}

/// What a place lacks on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct PlaceDay {
    /// What cannot be served in the worst hour whatever drivers choose, kW.
    pub short_kw: f64,
    /// Of it, what has no charger within reach, kW.
    pub no_charger_kw: f64,
    /// Energy that stays unserved over the day where everybody chooses for himself, kWh.
    pub unserved_kwh: f64,
    /// Sessions served in the worst hour.
    pub served_h: f64,
    /// Their waits together, hours an hour.
    pub waits_h: f64,
}

/// A day of the whole region.
pub(super) struct RegionDay {
    pub day: Day,
    /// By settlement, then by place of through traffic.
    pub asked: Vec<PlaceDemand>,
    /// The same; nothing of those without a road, which nobody can leave by road.
    pub places: Vec<PlaceDay>,
    /// By charger.
    pub sites: Vec<SiteDay>,
    pub worst_hour: usize,
    /// Relative gap of the equilibria, the largest, and their mean excess, the largest, seconds.
    pub gap: [f64; 2],
}

/// One hour that was solved.
struct Hour {
    /// kWh a session by row.
    kwh: Vec<f64>,
    found: Assignment,
}

pub(super) fn of(g: &BalanceGround<'_>, reach: &Reach, day: Day, factor: f64) -> Result<RegionDay> {
    let of = |s: &SettlementOut| {
        let vehicles: ByClass<f64> = s.settlement.vehicles.map(|v| v.unwrap_or(0.0));
        day_demand(&vehicles, g.demand, factor)
    };
    let through = g.traffic.iter().map(|t| t.asked(g.demand, factor));
    let asked: Vec<PlaceDemand> = g.settlements.iter().map(of).chain(through).collect();
    let on_road: Vec<PlaceDemand> = reach.settlement.iter().map(|i| asked[*i as usize]).collect();
    let total = asked.iter().fold(PlaceDemand::default(), |a, b| a.plus(b));
    let (worst, _) = worst_hour(&total, g.demand);
    let (rows, mixes) = (Rows::of(reach, &on_road), mixes(reach, &on_road));
    let solve = |hour: usize| {
        let (sessions, kwh) = rows.sessions(g, &on_road, hour);
        let queues = queues(g, reach, (&mixes, hour))?;
        let problem = LoadProblem::new(&sessions, &rows.pairs, &queues, g.demand.unserved_cost_h)?;
        let mut found = equilibrium(&problem, effort(&rows));
        hold(reach, &rows, &kwh, &mut found);
        Ok(Hour { kwh, found })
    };
    let hours: Vec<Hour> = (0..24).into_par_iter().map(solve).collect::<Result<_>>()?;
    let mut places = vec![PlaceDay::default(); asked.len()];
    without_road(g, (&asked, worst), &mut places);
    short(g, reach, (&rows, &on_road), (&mixes, worst), &mut places)?;
    served(reach, &rows, (&hours, worst), &mut places);
    let gaps = hours.iter().filter_map(|h| h.found.gap);
    let gap = gaps.fold([0.0, 0.0], |most, g| [f64::max(most[0], g.relative), f64::max(most[1], g.mean_excess_s)]);
    Ok(RegionDay { day, sites: sites(reach, &rows, (&hours, worst)), asked, places, worst_hour: worst, gap })
}

/// How hard an equilibrium is looked for: a gap of one in a million, and more sweeps where they cost little. Sparse chains of stations that
/// are nearly alike need some thousand.
fn effort(rows: &Rows) -> Effort {
    const PAIRS_SWEPT: usize = 100_000_000;
    let sweeps = PAIRS_SWEPT / rows.pairs.len().max(1);
    Effort { gap: 1e-6, sweeps: sweeps.clamp(200, 20_000) as u32 }
}

/// Settlements that no road leads from: all that they ask for is short.
fn without_road(g: &BalanceGround<'_>, (asked, worst): (&[PlaceDemand], usize), places: &mut [PlaceDay]) {
    for ((place, asked), settlement) in places.iter_mut().zip(asked).zip(g.settlements) {
        if settlement.snapped.is_none() {
            let kw: f64 = asked.in_hour(g.demand, worst).iter().sum();
            (place.short_kw, place.no_charger_kw, place.unserved_kwh) = (kw, kw, asked.plug_total_kwh());
        }
    }
}

/// What cannot be served in the worst hour, by the largest flow of energy. What a part of the cut lacks is shared by the fixed rule of [`shares`]: no
/// place lacks less on a day with more.
fn short(
    g: &BalanceGround<'_>,
    reach: &Reach,
    (rows, on_road): (&Rows, &[PlaceDemand]),
    (mixes, worst): (&[PlaceDemand], usize),
    places: &mut [PlaceDay],
) -> Result<()> {
    let (sessions, kwh) = rows.sessions(g, on_road, worst);
    let asked_kw: Vec<f64> = sessions.iter().zip(&kwh).map(|(sessions, kwh)| sessions * kwh).collect();
    let powers = powers(g, reach, (mixes, worst))?;
    let problem = LoadProblem::new(&asked_kw, &rows.pairs, &powers, g.demand.unserved_cost_h)?;
    for part in shortage(&problem).short {
        for (row, kw) in part.places.iter().zip(shares(&problem, &part)) {
            let place = &mut places[reach.settlement[rows.rows[*row as usize].0 as usize] as usize];
            place.short_kw += kw;
            place.no_charger_kw += if part.stations.is_empty() { kw } else { 0.0 };
        }
    }
    Ok(())
}

/// What stays unserved over the day, and waits in the worst hour.
fn served(reach: &Reach, rows: &Rows, (hours, worst): (&[Hour], usize), places: &mut [PlaceDay]) {
    for (hour, solved) in hours.iter().enumerate() {
        for (row, (place, _)) in rows.rows.iter().enumerate() {
            let place = &mut places[reach.settlement[*place as usize] as usize];
            place.unserved_kwh += solved.found.unserved_h[row] * solved.kwh[row];
            if hour != worst {
                continue;
            }
            for pair in rows.pairs.of(row) {
                let flow = solved.found.flow_h[pair];
                place.served_h += flow;
                place.waits_h += flow * solved.found.stations[rows.pairs.station(pair) as usize].wait_h.unwrap_or(0.0);
            }
        }
    }
}

/// What each charger gives.
fn sites(reach: &Reach, rows: &Rows, (hours, worst): (&[Hour], usize)) -> Vec<SiteDay> {
    let mut all = vec![SiteDay::default(); reach.chargers.len()];
    for solved in hours {
        for row in 0..rows.rows.len() {
            for pair in rows.pairs.of(row) {
                let (site, flow) = (&mut all[rows.pairs.station(pair) as usize], solved.found.flow_h[pair]);
                (site.kwh, site.sessions) = (site.kwh + flow * solved.kwh[row], site.sessions + flow);
            }
        }
    }
    for (site, load) in all.iter_mut().zip(&hours[worst].found.stations) {
        site.sessions_h = load.arrivals_h;
        site.utilisation = load.utilisation;
        site.wait_h = load.wait_h.filter(|_| load.arrivals_h > 0.0);
    }
    all
}
