//! Everybody to the nearest station, whoever waits there.

use super::{Assignment, LoadProblem, StationLoad};

/// Sends the demand of each place to the station with the least travel time; of equals the lower number. Stations without servers count
/// too: who stands nearest to one finds nothing.
///
/// Where arrivals reach capacity there is no wait; what is beyond it is turned away, from each place in proportion to what it sends, and
/// counts as unserved there. A place without a station is unserved. The cost of staying unserved plays no part in who goes where; it does in
/// the gap.
pub fn nearest(problem: &LoadProblem<'_>) -> Assignment {
    let pairs = problem.pairs;
    let choice = |place: usize| pairs.of(place).min_by(|a, b| pairs.travel_h[*a].total_cmp(&pairs.travel_h[*b]));
    let choices: Vec<Option<usize>> = (0..pairs.places()).map(choice).collect();
    let mut flow_h = vec![0.0; pairs.len()];
    for (choice, demand) in choices.iter().zip(problem.demand_h) {
        if let Some(pair) = choice {
            flow_h[*pair] = *demand;
        }
    }
    let loads: Vec<StationLoad> =
        problem.arrivals(&flow_h).iter().zip(problem.stations).map(|(a, q)| StationLoad::of(*a, q)).collect();
    let mut unserved_h = problem.demand_h.to_vec();
    for (place, choice) in choices.iter().enumerate() {
        if let Some(pair) = choice {
            let load = &loads[pairs.station[*pair] as usize];
            let lost = if load.turned_away_h > 0.0 { flow_h[*pair] * (load.turned_away_h / load.arrivals_h) } else { 0.0 };
            flow_h[*pair] -= lost;
            unserved_h[place] = lost;
        }
    }
    let busy = |l: &StationLoad| l.wait_h.is_none() && l.arrivals_h > 0.0;
    let gap = (!loads.iter().any(busy)).then(|| {
        let waits: Vec<f64> = loads.iter().map(|l| l.wait_h.unwrap_or(f64::INFINITY)).collect();
        problem.gap(&flow_h, &unserved_h, &waits)
    });
    Assignment { flow_h, unserved_h, stations: loads, gap, sweeps: 1 }
}
