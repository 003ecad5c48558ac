//! Numbered routes mapped as relations (`type=route`, `route=road`): the number of each, and what roads have it by that. Roads that say
//! a number themselves keep theirs; a relation adds to them.

use super::element::{MemberKind, RelationMember, TagList};
use super::ways::RoadWays;
use crate::read::road_reference::{reference, references};
use rustc_hash::FxHashMap;

/// A numbered route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// OSM id.
    pub id: i64,
    /// Its number in the one spelling.
    pub number: String,
    /// Its ways.
    pub ways: Vec<i64>,
}

/// A relation that is a numbered route of roads with ways of its own. Relations of relations only name routes that are there by themselves.
pub fn route(id: i64, members: &[RelationMember<'_>], tags: TagList<'_>) -> Option<Route> {
    let is_road = tags.get("type") == Some("route") && tags.get("route") == Some("road");
    let number = is_road.then(|| number(tags)).flatten()?;
    // a way to or from the route is not the route
    let own = |m: &&RelationMember<'_>| m.kind == MemberKind::Way && !matches!(m.role, "link" | "connection" | "alternative");
    let ways: Vec<i64> = members.iter().filter(own).map(|m| m.id).collect();
    (!ways.is_empty()).then_some(Route { id, number, ways })
}

/// `ref=G318`; bare digits need the network: `US:US` + `2` is `US 2`, `US:WA` + `20` is `WA 20`, `US:WA:Ferry` + `3` is `CR 3`.
fn number(tags: TagList<'_>) -> Option<String> {
    let said = tags.get("ref")?.trim();
    if let Some(whole) = reference(said) {
        return Some(whole);
    }
    let mut parts = tags.get("network")?.split(':');
    let (country, network, below) = (parts.next()?, parts.next()?, parts.next());
    if country != "US" {
        return None; // elsewhere the number says its network itself
    }
    let branch = below.filter(|b| ["Business", "Alternate", "Bypass", "Spur", "Truck", "Loop"].contains(b));
    let network = if below.is_some() && branch.is_none() { "CR" } else { network };
    reference(&format!("{network} {said} {}", branch.unwrap_or_default()))
}

/// Gives roads the numbers of the routes that they are in, where they do not say them themselves; how many roads got one.
pub fn give_numbers(routes: &[Route], roads: &mut RoadWays) -> u64 {
    let mut of_way: FxHashMap<i64, Vec<&str>> = FxHashMap::default();
    for route in routes {
        route.ways.iter().for_each(|way| of_way.entry(*way).or_default().push(&route.number));
    }
    if of_way.is_empty() {
        return 0;
    }
    roads.add_numbers(|id, texts| {
        let mut new = of_way.get(&id)?.clone();
        let known: Vec<String> = texts.into_iter().flat_map(references).collect();
        new.sort_unstable();
        new.dedup();
        new.retain(|n| !known.iter().any(|k| k == n));
        (!new.is_empty()).then(|| new.join(";"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_a_number_with_its_network_or_none() {
        for (tags, want) in [
            (&[("ref", "G318")][..], Some("G318")),
            (&[("ref", "318国道")], Some("G318")),
            (&[("ref", "2"), ("network", "US:US")], Some("US 2")),
            (&[("ref", "90"), ("network", "US:I")], Some("I 90")),
            (&[("ref", "20"), ("network", "US:WA")], Some("WA 20")),
            (&[("ref", "2"), ("network", "US:US:Business")], Some("US 2 BUS")),
            (&[("ref", "3"), ("network", "US:WA:Ferry")], Some("CR 3")),
            (&[("ref", "2")], None),
            (&[("ref", "2"), ("network", "IN:NH")], None),
            (&[("network", "US:US")], None),
            (&[("ref", "")], None),
        ] {
            assert_eq!(number(TagList(tags)).as_deref(), want, "{tags:?}");
        }
        let member = |id, role| RelationMember { id, kind: MemberKind::Way, role };
        let members =
            [member(7, ""), member(8, "link"), member(9, "forward"), RelationMember { kind: MemberKind::Node, ..member(1, "") }];
        let of = |tags| route(5, &members, TagList(tags));
        let g318 = of(&[("type", "route"), ("route", "road"), ("ref", "G318")]);
        assert_eq!(g318, Some(Route { id: 5, number: "G318".into(), ways: vec![7, 9] }));
        assert_eq!(of(&[("type", "route"), ("route", "bus"), ("ref", "G318")]), None);
        assert_eq!(route(5, &members[1..2], TagList(&[("type", "route"), ("route", "road"), ("ref", "G318")])), None);
    }

    #[test]
    fn roads_keep_what_they_say_and_get_what_they_do_not() {
        let mut roads = RoadWays::default();
        let mut road = |id, more: &[(&str, &str)]| {
            let tags: Vec<(&str, &str)> = [("highway", "primary")].into_iter().chain(more.iter().copied()).collect();
            roads.push(id, &[1, 2], TagList(&tags));
        };
        road(1, &[("name", "High Street"), ("ref", "A5")]);
        road(2, &[]);
        road(3, &[("ref", "G 318")]);
        road(4, &[("name", "Main Street")]);
        road(5, &[("name", "Main Street")]);
        let route = |id, number: &str, ways: &[i64]| Route { id, number: number.into(), ways: ways.to_vec() };
        let routes = [route(1, "G318", &[1, 2, 3, 4]), route(2, "A5", &[1, 99]), route(3, "G42", &[2]), route(4, "G318", &[4])];
        assert_eq!(give_numbers(&routes, &mut roads), 3); // 1, 2 and 4
        let text = |i: u32| roads.texts.get(i).to_owned();
        let seen: Vec<_> = roads.list().iter().map(|w| (w.id, text(w.name), text(w.reference))).collect();
        let want = |id, name: &str, reference: &str| (id, name.to_owned(), reference.to_owned());
        assert_eq!(
            seen,
            [
                want(1, "High Street", "A5;G318"),
                want(2, "G318;G42", ""), // a road without a name is called by its number
                want(3, "G 318", ""),
                want(4, "Main Street", "G318"),
                want(5, "Main Street", ""),
            ]
        );
    }
}
