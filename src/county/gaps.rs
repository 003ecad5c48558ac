//! Dead stretches of counties, checked against the ledger.

use crate::config::region_file::GapOutput;
use crate::config::{ByService, Criteria, Service, Services};
use crate::coverage::{Coverage, Ledger, Stretch, Stretches, dead_stretches};
use crate::error::{Error, Result};
use crate::network::RoadNetwork;
use rayon::prelude::*;

/// Longest dead stretch of each county at the headline distance, by service; millimetres.
pub type Longest = Vec<ByService<u64>>;

/// Dead stretches of the counties `asked` for, of every service and criterion, checked against the ledger; those that are not to be
/// written are dropped again.
pub fn stretches(
    network: &RoadNetwork,
    coverage: &Coverage,
    (criteria, offered): (&Criteria, Services),
    (codes, asked): (&[&str], &[usize]),
    ledger: &Ledger,
    by_county: &[Vec<u32>],
) -> Result<(Stretches, Longest)> {
    // With no station at all the gap is the whole network; the ledger says so, and lines would only repeat the roads.
    let wanted = |service: Service, c: usize| {
        c == criteria.serving.headline || (criteria.writing.gap_output == GapOutput::All && offered.has(service))
    };
    let tasks: Vec<(Service, usize, usize)> = criteria
        .serving
        .services
        .iter()
        .flat_map(|s| (0..criteria.serving.all.len()).filter(move |c| wanted(s, *c)).map(move |c| (s, c)))
        .flat_map(|(s, c)| asked.iter().map(move |county| (s, c, *county)))
        .collect();
    // Sum, longest, and the stretches themselves where they are asked for.
    let lists: Vec<(u64, u64, Vec<Stretch>)> = tasks
        .par_iter()
        .map(|&(service, c, county)| {
            let reach = coverage.reach(service, criteria.serving.all[c].metric());
            let list = dead_stretches(network, reach, service, (c, criteria.serving.all[c]), county as u32, &by_county[county]);
            let sum = list.iter().map(|s| s.length_mm).sum();
            let longest = list.first().map_or(0, |s| s.length_mm);
            (sum, longest, if offered.has(service) { list } else { Vec::new() })
        })
        .collect();
    let mut longest = vec![ByService::default(); codes.len()];
    for (&(service, c, county), (sum, first_mm, _)) in tasks.iter().zip(&lists) {
        let want = ledger.total(county, service, c).gap_mm;
        if *sum != want {
            return Err(Error::internal(format!(
                "the dead stretches of county {} add up to {sum} mm and its ledger to {want} mm ({}, {})",
                codes[county],
                service.as_str(),
                criteria.serving.all[c].label()
            )));
        }
        if c == criteria.serving.headline {
            longest[county][service as usize] = *first_mm;
        }
    }
    Ok((Stretches::new(lists.into_iter().map(|l| l.2).collect()), longest))
}
