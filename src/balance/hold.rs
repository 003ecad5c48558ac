//! No station gives more than its power. Queues count sessions of the mix of vehicles within reach of a station; where those who come to a station take more than
//! that mix (trucks at a station beside a depot), so many sessions would be more energy than it has. Then every one of them is served the share
//! that the power gives, and the rest of it stays unserved.

use super::Reach;
use super::problem::Rows;
use crate::access::load::Assignment;

/// Holds an hour's flows to the power of the stations; `kwh` is the energy of a session by row.
pub(super) fn hold(reach: &Reach, rows: &Rows, kwh: &[f64], found: &mut Assignment) {
    let mut energy = vec![0.0; reach.chargers.len()];
    let pairs = |row: usize| rows.pairs.of(row).map(move |pair| (row, pair));
    for (row, pair) in (0..rows.rows.len()).flat_map(pairs) {
        energy[rows.pairs.station(pair) as usize] += found.flow_h[pair] * kwh[row];
    }
    let share = |(energy, c): (&f64, &super::Charger)| {
        let most = c.guns.delivered_kw();
        if *energy > most * (1.0 + 1e-9) { most / energy } else { 1.0 }
    };
    let shares: Vec<f64> = energy.iter().zip(&reach.chargers).map(share).collect();
    if shares.iter().all(|s| *s >= 1.0) {
        return;
    }
    for (row, pair) in (0..rows.rows.len()).flat_map(pairs) {
        let served = found.flow_h[pair] * shares[rows.pairs.station(pair) as usize];
        found.unserved_h[row] += found.flow_h[pair] - served;
        found.flow_h[pair] = served;
    }
}
