//! Where flows start and go: rows of the table against settlements that stand on a road.

use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::place::SettlementOut;
use crate::plan::site_plan::PlanGround;
use crate::read::flows::Flow;
use std::collections::{BTreeMap, BTreeSet};

/// Flows by settlements.
#[derive(Default)]
pub(in crate::plan) struct FlowPlaces {
    /// Settlements of the places, by their place in the list, rising.
    pub settlements: Vec<usize>,
    /// Flows between places, by number, each with its thousandths of a vehicle a day.
    flows: Vec<(u32, u32, u64)>,
    /// Rows of the table that count.
    pub rows: usize,
}

/// Settlements by a text, by their place in the list.
type ByText<'a> = BTreeMap<&'a str, Vec<usize>>;

/// Settlements by what a table may call them.
struct Called<'a> {
    settlements: &'a [SettlementOut],
    by_id: ByText<'a>,
    by_name: ByText<'a>,
}

impl<'a> Called<'a> {
    fn new(settlements: &'a [SettlementOut]) -> Self {
        let (mut by_id, mut by_name) = (ByText::default(), ByText::default());
        for (i, SettlementOut { settlement: s, .. }) in settlements.iter().enumerate() {
            by_id.entry(s.id.as_str()).or_default().push(i);
            let names = BTreeSet::from([s.name.as_str(), s.name_zh.as_str()]);
            names.into_iter().filter(|n| !n.is_empty()).for_each(|n| by_name.entry(n).or_default().push(i));
        }
        Self { settlements, by_id, by_name }
    }

    /// The settlement: by id, else by a name that no other one has.
    fn find(&self, text: &str) -> std::result::Result<usize, String> {
        let found = self.by_id.get(text).or_else(|| self.by_name.get(text));
        match found.map(Vec::as_slice) {
            None | Some([]) => Err(format!("no settlement has the id or name \"{text}\"")),
            Some([one]) if self.settlements[*one].snapped.is_none() => Err(format!("no road is near the settlement \"{text}\"")),
            Some([one]) => Ok(*one),
            Some(more) => Err(format!("{} settlements are called \"{text}\"", more.len())),
        }
    }
}

impl FlowPlaces {
    /// Of the flows that were read; rows that name no settlement are told and left out.
    ///
    /// # Errors
    /// Input, where no row is left.
    pub fn of(flows: &[Flow], settlements: &[SettlementOut], issues: &mut Issues) -> Result<Self> {
        let called = Called::new(settlements);
        let mut pairs: Vec<(usize, usize, u64)> = Vec::new();
        for flow in flows {
            let ends = called.find(&flow.origin).and_then(|o| Ok((o, called.find(&flow.destination)?)));
            match ends {
                Ok((o, d)) if flow.vehicles >= 0.001 => pairs.push((o, d, (flow.vehicles * 1e3).round() as u64)),
                Ok(_) => {
                    let what = format!("no vehicles go from {} to {}", flow.origin, flow.destination);
                    issues.push(Layer::Plan, IssueCode::FlowNotUsed, flow.at.clone(), what);
                }
                Err(what) => issues.push(Layer::Plan, IssueCode::FlowNotUsed, flow.at.clone(), what),
            }
        }
        if pairs.is_empty() {
            let next = "give rows with an origin and a destination that are settlements by id or name, and vehicles a day";
            return Err(
                Error::input("no row of the table of flows can be used", next).at(Location::default().field("plan.flows.path"))
            );
        }
        let all: BTreeSet<usize> = pairs.iter().flat_map(|(o, d, _)| [*o, *d]).collect();
        let settlements: Vec<usize> = all.into_iter().collect();
        let number = |i: usize| settlements.binary_search(&i).unwrap_or(0) as u32;
        let flows = pairs.iter().map(|(o, d, w)| (number(*o), number(*d), *w)).collect();
        Ok(Self { flows, rows: pairs.len(), settlements })
    }

    /// The flows between nodes, where `nodes` are those of the places.
    pub fn pairs(&self, nodes: &[u32]) -> Vec<(u32, u32, u64)> {
        self.flows.iter().map(|(o, d, w)| (nodes[*o as usize], nodes[*d as usize], *w)).collect()
    }

    /// By node the first place there.
    pub fn at(&self, nodes: &[u32]) -> BTreeMap<u32, u32> {
        nodes.iter().enumerate().rev().map(|(k, node)| (*node, k as u32)).collect()
    }

    /// Ids and names of the places.
    pub fn named(&self, g: &PlanGround<'_>) -> Vec<[String; 2]> {
        let of = |i: &usize| &g.scene.settlements[*i].settlement;
        let name = |s: &crate::read::settlement::Settlement| if s.name.is_empty() { s.id.clone() } else { s.name.clone() };
        self.settlements.iter().map(of).map(|s| [s.id.clone(), name(s)]).collect()
    }
}
