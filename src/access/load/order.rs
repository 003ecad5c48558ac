//! An order of stations in which those that share places stand close to each other.

use super::Ways;
use super::envelope::Envelope;
use std::collections::VecDeque;

/// Stations in the order of a breadth-first walk over shared places, from an end of each part (Cuthill and McKee, without degrees): linear
/// in the pairs.
pub(super) fn near_each_other(pairs: &Ways, stations: usize) -> Vec<u32> {
    let places = places_of(pairs, stations);
    let mut walk = Walk { pairs, places: &places, met: vec![0; stations], been: vec![0; pairs.places()], turn: 0 };
    let (mut list, mut done) = (Vec::with_capacity(stations), vec![false; stations]);
    for station in 0..stations as u32 {
        if done[station as usize] {
            continue;
        }
        // who is met last, twice over, is an end
        let far = |walk: &mut Walk<'_>, from: u32| walk.from(from).last().copied().unwrap_or(from);
        let end = far(&mut walk, station);
        let end = far(&mut walk, end);
        for met in walk.from(end) {
            done[met as usize] = true;
            list.push(met);
        }
    }
    list
}

/// The places of each station.
fn places_of(pairs: &Ways, stations: usize) -> Vec<Vec<u32>> {
    let mut places = vec![Vec::new(); stations];
    for place in 0..pairs.places() {
        for pair in pairs.of(place) {
            places[pairs.station(pair) as usize].push(place as u32); // no more places than are numbered
        }
    }
    places
}

/// Walks; who was met is known by the number of the walk, so that nothing needs to be cleared.
struct Walk<'a> {
    pairs: &'a Ways,
    places: &'a [Vec<u32>],
    met: Vec<u32>,
    been: Vec<u32>,
    turn: u32,
}

impl Walk<'_> {
    /// All stations that hang together with one, nearest first.
    fn from(&mut self, station: u32) -> Vec<u32> {
        self.turn += 1;
        self.met[station as usize] = self.turn;
        let (mut list, mut queue) = (Vec::new(), VecDeque::from([station]));
        while let Some(station) = queue.pop_front() {
            list.push(station);
            for place in &self.places[station as usize] {
                if std::mem::replace(&mut self.been[*place as usize], self.turn) == self.turn {
                    continue;
                }
                for pair in self.pairs.of(*place as usize) {
                    let next = self.pairs.station(pair);
                    if std::mem::replace(&mut self.met[next as usize], self.turn) != self.turn {
                        queue.push_back(next);
                    }
                }
            }
        }
        list
    }
}

/// Room for the matrix of stations in this order (`rank` of each station); `None` where it would take more than `most` numbers.
pub(super) fn envelope(pairs: &Ways, rank: &[u32], most: usize) -> Option<Envelope> {
    let mut first: Vec<usize> = (0..rank.len()).collect();
    for place in 0..pairs.places() {
        let ranks = || pairs.of(place).map(|p| rank[pairs.station(p) as usize] as usize);
        let least = ranks().min().unwrap_or(0);
        for r in ranks() {
            first[r] = first[r].min(least);
        }
    }
    let size: usize = first.iter().enumerate().map(|(row, first)| row - first + 1).sum();
    (size <= most).then(|| Envelope::new(first))
}
