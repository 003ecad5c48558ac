//! What if: a station more or less, a road closed or opened, with distances, ledger and gaps brought up to date where they
//! change and nowhere else. What comes out is what a full run on the changed input has, to the bit.
//!
//! A new station stands on a node, so candidates are put into the network before it is frozen ([`crate::network::split_at`]).

use crate::config::criteria::{Criterion, Metric};
use crate::config::{ByService, Service, Services};
use crate::coverage::{Ledger, METRICS, Stretch, dead_stretches, gap_on, gap_on_edge, longest_stretch_mm};
use crate::engine::{Live, Reach, Seed};
use crate::error::{Error, Result};
use crate::network::{Edge, NO_COUNTY, RoadNetwork};
use crate::place::Site;
use crate::space::LonLat;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// A network with its coverage, open to change.
#[derive(Debug)]
pub struct WhatIf {
    network: RoadNetwork,
    criteria: Vec<Criterion>,
    services: Services,
    sites: Vec<Site>,
    ledger: Ledger,
    /// By service and metric; empty for services that are not searched.
    live: ByService<Vec<Live>>,
    at_node: EdgesAtNode,
    in_county: Vec<Vec<u32>>,
    closed: FxHashSet<u32>,
    /// County, service and criterion whose gaps the last change touched.
    touched: BTreeSet<(u32, Service, usize)>,
}

impl WhatIf {
    /// Computes charging and swap once; `excluded_mm` is the length of islands by county, as in [`Ledger::compute`].
    pub fn new(network: RoadNetwork, sites: Vec<Site>, criteria: Vec<Criterion>, excluded_mm: Vec<u64>) -> Self {
        Self::new_for(network, sites, Services::default(), criteria, excluded_mm)
    }

    /// Computes these services once, and keeps them up to date.
    pub fn new_for(
        network: RoadNetwork,
        sites: Vec<Site>,
        services: Services,
        criteria: Vec<Criterion>,
        excluded_mm: Vec<u64>,
    ) -> Self {
        let live: ByService<Vec<Live>> = services.table(|service| {
            let seeds: Vec<Seed> = sites.iter().filter(|s| s.offers(service)).map(|s| Seed::at(s.node, s.station)).collect();
            METRICS.map(|metric| Live::new(network.arcs_to(metric), &seeds)).into()
        });
        let reach = |service: Service, metric: Metric| live[service as usize][metric as usize].reach();
        let mut in_county = vec![Vec::new(); excluded_mm.len()];
        for (i, e) in (0u32..).zip(network.edges()).filter(|(_, e)| e.county != NO_COUNTY) {
            in_county[e.county as usize].push(i);
        }
        let ledger = Ledger::compute_from(&network, services, &reach, &criteria, excluded_mm);
        let at_node = EdgesAtNode::new(&network);
        let (closed, touched) = (FxHashSet::default(), BTreeSet::new());
        Self { network, criteria, services, sites, ledger, live, at_node, in_county, closed, touched }
    }

    /// The network; added roads come last, closed ones stay in the list.
    pub fn network(&self) -> &RoadNetwork {
        &self.network
    }

    /// The ledger as things are.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The stations as they are.
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Nearest stations of a service by a metric, as things are.
    pub fn reach(&self, service: Service, metric: Metric) -> &Reach {
        self.live[service as usize][metric as usize].reach()
    }

    /// County, service and criterion whose gaps the last change touched; all other stretches are what they were.
    pub fn touched(&self) -> impl Iterator<Item = (u32, Service, usize)> + '_ {
        self.touched.iter().copied()
    }

    /// The dead stretches of a county, as things are.
    pub fn stretches(&self, county: u32, service: Service, criterion: usize) -> Vec<Stretch> {
        let edges = self.open_edges(county);
        let limit = self.criteria[criterion];
        dead_stretches(&self.network, self.reach(service, limit.metric()), service, (criterion, limit), county, &edges)
    }

    /// Length of the longest of them, millimetres; quicker than the list.
    pub fn longest_mm(&self, county: u32, service: Service, criterion: usize) -> u64 {
        let edges = self.open_edges(county);
        let limit = self.criteria[criterion];
        longest_stretch_mm(&self.network, self.reach(service, limit.metric()), limit, &edges)
    }

    /// The edges of a county that are not closed.
    fn open_edges(&self, county: u32) -> Vec<u32> {
        self.in_county[county as usize].iter().copied().filter(|e| !self.closed.contains(e)).collect()
    }

    /// Puts a station on a node.
    ///
    /// # Errors
    /// Usage, when its number is taken or there is no such node.
    pub fn add_station(&mut self, site: Site) -> Result<()> {
        if site.node as usize >= self.network.node_count() {
            let what = format!("station {} stands on node {}, which is not there", site.station, site.node);
            return Err(Error::usage(what, format!("the network has {} nodes", self.network.node_count())));
        }
        if self.sites.iter().any(|s| s.station == site.station) {
            return Err(Error::usage(format!("there is a station {} already", site.station), "give it another number"));
        }
        self.touched.clear();
        self.sites.push(site);
        self.offer(site, site.offers, true);
        Ok(())
    }

    /// Takes a station away.
    ///
    /// # Errors
    /// Usage, when there is none of that number.
    pub fn remove_station(&mut self, station: u32) -> Result<()> {
        let at = self.place_of(station)?;
        self.touched.clear();
        let site = self.sites.remove(at);
        self.offer(site, site.offers, false);
        Ok(())
    }

    /// Changes what a station offers, as when its chargers are replaced or its power falls below what counts.
    ///
    /// # Errors
    /// Usage, when there is none of that number.
    pub fn rerate_station(&mut self, station: u32, offers: Services) -> Result<()> {
        let at = self.place_of(station)?;
        self.touched.clear();
        let old = self.sites[at];
        self.sites[at].offers = offers;
        self.offer(old, offers.without(old.offers), true);
        self.offer(old, old.offers.without(offers), false);
        Ok(())
    }

    /// Closes a road, by the number of its edge.
    ///
    /// # Errors
    /// Usage, when it is closed already or not there.
    pub fn close_road(&mut self, edge: u32) -> Result<()> {
        if edge as usize >= self.network.edges().len() || !self.closed.insert(edge) {
            return Err(Error::usage(format!("road {edge} is closed or not there"), "give one that is open"));
        }
        self.touched.clear();
        let e = self.network.edges()[edge as usize];
        let (live, criteria) = (&self.live, &self.criteria);
        self.ledger
            .leave(&e, |service, c| gap_on(&e, live[service as usize][criteria[c].metric() as usize].reach(), criteria[c]));
        self.touch_all(&e);
        self.drive(&e, false);
        Ok(())
    }

    /// Opens a road that was closed.
    ///
    /// # Errors
    /// Usage, when it is not closed.
    pub fn reopen_road(&mut self, edge: u32) -> Result<()> {
        if !self.closed.remove(&edge) {
            return Err(Error::usage(format!("road {edge} is not closed"), "give one that is"));
        }
        self.touched.clear();
        self.open(edge);
        Ok(())
    }

    /// Builds a road between two nodes along a line and returns its number.
    ///
    /// # Errors
    /// Usage, when a node is not there, the line has no two positions, or the county is not in the ledger.
    pub fn add_road(&mut self, edge: Edge, line: &[LonLat]) -> Result<u32> {
        let county = edge.county == NO_COUNTY || (edge.county as usize) < self.ledger.counties();
        if edge.tail.max(edge.head) as usize >= self.network.node_count() || line.len() < 2 || !county {
            return Err(Error::usage("the new road has a node or county that is not there, or no line", "join two nodes"));
        }
        self.touched.clear();
        let number = self.network.push_edge(edge, line);
        self.at_node.push(number, &edge);
        if edge.county != NO_COUNTY {
            self.in_county[edge.county as usize].push(number);
        }
        self.open(number);
        Ok(number)
    }

    fn place_of(&self, station: u32) -> Result<usize> {
        let at = self.sites.iter().position(|s| s.station == station);
        at.ok_or_else(|| Error::usage(format!("there is no station {station}"), "give the number of one"))
    }

    /// Adds a site to the services named, or takes it away from them.
    fn offer(&mut self, site: Site, services: Services, add: bool) {
        let seed = Seed::at(site.node, site.station);
        for service in services.and(self.services).iter() {
            for metric in METRICS {
                let (to, from) = (self.network.arcs_to(metric), self.network.arcs_from(metric));
                let live = &mut self.live[service as usize][metric as usize];
                if add {
                    live.add(to, seed)
                } else {
                    live.remove(to, from, seed)
                }
                self.rebook(service, metric);
            }
        }
    }

    /// Takes an edge that is in the list into distances and ledger.
    fn open(&mut self, edge: u32) {
        let e = self.network.edges()[edge as usize];
        self.closed.insert(edge); // not in the ledger while the others are booked anew
        self.drive(&e, true);
        self.closed.remove(&edge);
        let (live, criteria) = (&self.live, &self.criteria);
        self.ledger
            .enter(&e, |service, c| gap_on(&e, live[service as usize][criteria[c].metric() as usize].reach(), criteria[c]));
        self.touch_all(&e);
    }

    /// Opens or closes the arcs of an edge.
    fn drive(&mut self, e: &Edge, open: bool) {
        for service in self.services.iter() {
            for metric in METRICS {
                let weight = if metric == Metric::Distance { e.length_mm } else { e.time_ms };
                let ways = [Some((e.tail, e.head, weight)), (!e.oneway).then_some((e.head, e.tail, weight))];
                for arc in ways.into_iter().flatten() {
                    let (to, from) = (self.network.arcs_to(metric), self.network.arcs_from(metric));
                    let live = &mut self.live[service as usize][metric as usize];
                    if open {
                        live.open(to, from, arc)
                    } else {
                        live.close(to, from, arc)
                    }
                    self.rebook(service, metric);
                }
            }
        }
    }

    /// Books the edges anew whose ends cost something else than before.
    fn rebook(&mut self, service: Service, metric: Metric) {
        let live = &self.live[service as usize][metric as usize];
        let mut edges: Vec<u32> = live.changed().into_iter().flat_map(|v| self.at_node.of(v)).collect();
        edges.sort_unstable();
        edges.dedup();
        for edge in edges.into_iter().filter(|e| !self.closed.contains(e)) {
            let e = &self.network.edges()[edge as usize];
            for (c, criterion) in self.criteria.iter().enumerate().filter(|(_, c)| c.metric() == metric) {
                let old = gap_on_edge(e, live.cost_before(e.tail), live.cost_before(e.head), *criterion);
                let new = gap_on(e, live.reach(), *criterion);
                // the worst cost of a stretch changes with those of its ends even where its length does not
                if e.county != NO_COUNTY && (old.is_some() || new.is_some()) {
                    self.touched.insert((e.county, service, c));
                }
                if old != new {
                    self.ledger.rebook(e, service, c, (old, new));
                }
            }
        }
    }

    fn touch_all(&mut self, e: &Edge) {
        let columns = self.services.iter().flat_map(|s| (0..self.criteria.len()).map(move |c| (e.county, s, c)));
        self.touched.extend(columns.filter(|_| e.county != NO_COUNTY));
    }
}

/// Which edges end at a node.
#[derive(Debug)]
struct EdgesAtNode {
    first: Vec<u32>,
    edges: Vec<u32>,
    added: FxHashMap<u32, Vec<u32>>,
}

impl EdgesAtNode {
    fn new(network: &RoadNetwork) -> Self {
        let mut first = vec![0u32; network.node_count() + 1];
        for v in network.edges().iter().flat_map(|e| [e.tail, e.head]) {
            first[v as usize] += 1;
        }
        let mut end = 0;
        for f in &mut first {
            end += *f;
            *f = end;
        }
        let mut edges = vec![0; end as usize];
        for (i, e) in (0u32..).zip(network.edges()) {
            for v in [e.tail, e.head] {
                first[v as usize] -= 1;
                edges[first[v as usize] as usize] = i;
            }
        }
        Self { first, edges, added: FxHashMap::default() }
    }

    fn push(&mut self, number: u32, e: &Edge) {
        for v in [e.tail, e.head] {
            self.added.entry(v).or_default().push(number);
        }
    }

    fn of(&self, v: u32) -> impl Iterator<Item = u32> {
        let read = &self.edges[self.first[v as usize] as usize..self.first[v as usize + 1] as usize];
        read.iter().chain(self.added.get(&v).into_iter().flatten()).copied()
    }
}
