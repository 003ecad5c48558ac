//! Where the given roads are cut: an end of a road that may be none, as the road may go on where no data is. It knows no rules.

use crate::network::{NO_COUNTY, RoadNetwork};
use crate::space::{LocalFrame, LonLat};

/// Roads that were clipped to the counties end on their outer border, or as far before it as their points are apart, metres.
const NEAR_BORDER_M: f64 = 150.0;

/// See the head of the module.
pub struct Cut<'a> {
    network: &'a RoadNetwork,
    locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
    /// By node: how many edges end there, as far as two, and whether one of them lies in no county.
    ends: Vec<(u8, bool)>,
}

impl<'a> Cut<'a> {
    /// Of a network, with the county at a position.
    pub fn new(network: &'a RoadNetwork, locate: &'a (dyn Fn(LonLat) -> u32 + Sync)) -> Self {
        let mut ends = vec![(0u8, false); network.node_count()];
        for e in network.edges() {
            for v in [e.tail, e.head] {
                let (n, outside) = &mut ends[v as usize];
                *n = n.saturating_add(1);
                *outside |= e.county == NO_COUNTY;
            }
        }
        Self { network, locate, ends }
    }

    /// Whether the road may go on beyond a node: nothing does in the network, and it lies outside all counties or on their outer border.
    pub fn goes_on(&self, node: u32) -> bool {
        let (n, outside) = self.ends[node as usize];
        n <= 1 && (outside || self.at_outer_border(self.network.node(node)))
    }

    fn at_outer_border(&self, at: LonLat) -> bool {
        let [east, north] = LocalFrame::at(at).degrees_of(NEAR_BORDER_M);
        (0..16).map(|k| f64::from(k) * std::f64::consts::PI / 8.0).any(|angle| {
            let beside = LonLat::new(at.lon() + east * angle.cos(), at.lat() + north * angle.sin());
            beside.is_ok_and(|beside| (self.locate)(beside) == NO_COUNTY)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RoadClass;
    use crate::network::{Draft, Edge};
    use crate::read::road::Roads;

    /// `0 ── 1 ── 2 ── 3` along the equator, 0.1° each, with a spur `1 ── 4` to the north.
    fn network(counties: [u32; 4]) -> (RoadNetwork, Vec<u32>) {
        let mut draft = Draft::from_roads(&Roads::default()).unwrap();
        let at = [(0.0, 0.0), (0.1, 0.0), (0.2, 0.0), (0.3, 0.0), (0.1, 0.05)];
        draft.nodes = at.iter().map(|(lon, lat)| LonLat::new(*lon, *lat).unwrap()).collect();
        for ((tail, head), county) in [(0, 1), (1, 2), (2, 3), (1, 4)].into_iter().zip(counties) {
            draft.edges.push(Edge::between((tail, head), (11_000_000, 0), RoadClass::Trunk, false, county));
        }
        let mut nodes = vec![0, 1, 2, 3, 4];
        (draft.freeze(&mut nodes, &mut []), nodes)
    }

    #[test]
    fn a_road_may_go_on_where_the_given_ones_end_outside_or_on_the_outer_border() {
        // counties as far as 0.3° east and from 0.001° west; the border between the two at 0.15° does not matter
        let locate = |p: LonLat| match p.lon() {
            lon if !(-0.001..=0.3001).contains(&lon) => NO_COUNTY,
            lon => u32::from(lon > 0.15),
        };
        let (net, nodes) = network([0, 0, 1, 0]);
        let cut = Cut::new(&net, &locate);
        // 0 ends 111 m before the border and 3 11 m before it; 1 and 2 go on, and 4 ends in the middle of a county
        assert_eq!(nodes.iter().map(|v| cut.goes_on(*v)).collect::<Vec<_>>(), [true, false, false, true, false]);
        // roads that go on beyond the counties: the end of them is one, wherever it lies, and what ends 222 m inside is an end
        let far = |p: LonLat| if (-0.002..=0.25).contains(&p.lon()) { 0 } else { NO_COUNTY };
        let (net, nodes) = network([0, 0, NO_COUNTY, 0]);
        let cut = Cut::new(&net, &far);
        assert_eq!(nodes.iter().map(|v| cut.goes_on(*v)).collect::<Vec<_>>(), [false, false, false, true, false]);
    }
}
