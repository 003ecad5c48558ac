//! The same network with stations and settlements in the order of their ids: sums of floating numbers and the steps of an assignment depend
//! on the order in which they are taken, and what is found must not depend on the order of rows, nor on who reads them.

use super::needs::Standing;
use crate::network::Placed;
use crate::place::{SettlementOut, Site, StationOut};
use crate::read::ids::natural;
use crate::space::LonLat;

/// Stations and settlements by id; those of a network that has them so already are borrowed.
pub(super) struct Ordered<'a> {
    from: Standing<'a>,
    own: Option<Own>,
}

struct Own {
    stations: Vec<StationOut>,
    sites: Vec<Site>,
    settlements: Vec<SettlementOut>,
    placed: Vec<Placed>,
}

impl<'a> Ordered<'a> {
    pub(super) fn of(from: &Standing<'a>) -> Self {
        let stations = order(from.stations, |s| (&s.station.id, s.station.at));
        let settlements = order(from.settlements, |s| (&s.settlement.id, s.settlement.at));
        let is_so = stations.is_sorted() && settlements.is_sorted();
        Self { from: *from, own: (!is_so).then(|| Own::of(from, &stations, &settlements)) }
    }

    pub(super) fn standing(&self) -> Standing<'_> {
        match &self.own {
            None => self.from,
            Some(Own { stations, sites, settlements, placed }) => Standing { stations, sites, settlements, placed, ..self.from },
        }
    }
}

impl Own {
    fn of(from: &Standing<'_>, stations: &[usize], settlements: &[usize]) -> Self {
        let mut number = vec![0u32; stations.len()];
        (0u32..).zip(stations).for_each(|(new, old)| number[*old] = new);
        let mut sites: Vec<Site> = from.sites.iter().map(|s| Site { station: number[s.station as usize], ..*s }).collect();
        sites.sort_by_key(|s| s.station);
        // where those on a road lie among the placed
        let mut place = 0;
        let places: Vec<Option<usize>> = from
            .settlements
            .iter()
            .map(|s| {
                let here = s.snapped.map(|_| place);
                place += usize::from(s.snapped.is_some());
                here
            })
            .collect();
        let renumbered = |i: &usize| {
            let mut s = from.settlements[*i].clone();
            s.nearest.iter_mut().flatten().for_each(|n| n.station = number[n.station as usize]);
            s
        };
        Self {
            stations: stations.iter().map(|i| from.stations[*i].clone()).collect(),
            sites,
            settlements: settlements.iter().map(renumbered).collect(),
            placed: settlements.iter().filter_map(|i| from.placed.get(places[*i]?).copied()).collect(),
        }
    }
}

/// Numbers in the order of ids, then of places; of equals the one that was read first.
fn order<T>(list: &[T], of: impl Fn(&T) -> (&String, LonLat)) -> Vec<usize> {
    let key = |i: &usize| {
        let (id, at) = of(&list[*i]);
        (natural(id), at)
    };
    let mut all: Vec<usize> = (0..list.len()).collect();
    all.sort_by_cached_key(key);
    all
}
