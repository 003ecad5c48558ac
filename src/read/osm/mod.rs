//! OpenStreetMap extracts (`.osm.pbf`, `.osm`, `.osm.gz`): roads, county-like boundaries, chargers and places from one file.
//!
//! Three passes over the file: relations, ways, nodes. Only the nodes that something needs are kept, in two flat
//! lists; never a map of all nodes. Blocks are decoded in parallel and the results sorted by id, so the number of
//! threads shows nowhere.

mod block;
mod boundary;
mod chargers;
mod charging;
mod drafts;
mod driving;
mod element;
#[cfg(test)]
mod forge;
mod in_service;
mod levels;
mod passes;
mod pbf;
mod positions;
mod routes;
mod sites;
mod source;
mod tags;
mod ways;
mod wire;
pub mod xml;

use self::passes::TaggedPoint;
use self::source::OsmSource;
use super::left_out::Beside;
use super::settlement::Settlement;
use super::{Inputs, WantedLayers};
use crate::config::Reading;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use std::collections::BTreeMap;
use std::path::Path;

/// The file's class values to ours, as in `[roads.classes]`.
pub type ClassMap = BTreeMap<String, String>;

/// Reads the wanted layers of an extract. `shown` names the file in messages.
///
/// # Errors
/// Input, when the file is damaged or cut short, or no boundary of the `admin_level` asked for closes.
pub fn read_osm(
    path: &Path,
    shown: &str,
    wanted: WantedLayers,
    admin_level: Option<u8>,
    classes: &ClassMap,
    reading: &Reading,
    issues: &mut Issues,
) -> Result<Inputs> {
    read_osm_beside(path, shown, (wanted, &[]), admin_level, classes, reading, issues)
}

/// The same, where stations of other files stand at these places: those at roads that are left out are told.
///
/// # Errors
/// As [`read_osm`].
pub fn read_osm_beside(
    path: &Path,
    shown: &str,
    (wanted, near): (WantedLayers, &[LonLat]),
    admin_level: Option<u8>,
    classes: &ClassMap,
    reading: &Reading,
    issues: &mut Issues,
) -> Result<Inputs> {
    let at = Location::file(shown);
    let mut source = OsmSource::open(path, &at)?;
    let relations = passes::relations(&mut source, wanted)?;
    let mut ways = passes::ways(&mut source, &relations, wanted, &at)?;
    let numbered = routes::give_numbers(&relations.routes, &mut ways.roads);
    let needed = passes::nodes(&mut source, &ways, &relations.chargers, wanted)?;

    if let Some(remark) = source.remark() {
        let what = format!("the server that made the extract says that it is not whole: {remark}");
        issues.push(Layer::Roads, IssueCode::CutShort, at.clone(), what);
    }

    let mut inputs = Inputs::default();
    let extract = charging::Extract { relations: &relations, ways: &ways, needed: &needed, at: &at, today: source.day() };
    if wanted.stations {
        inputs.stations = charging::stations(&extract, issues);
    }
    inputs.candidates = sites::candidates(&extract, wanted.candidates, issues);
    let places: Vec<LonLat> = inputs.stations.iter().map(|s| s.at).chain(near.iter().copied()).collect();
    // Boundaries are chosen by the roads they hold, so roads are always cut out, even when another file supplies them.
    let mut unused = Issues::default();
    let roads = {
        let own = if wanted.roads { &mut *issues } else { &mut unused };
        drafts::note((relations.restrictions, numbered), &ways, &needed, &at, own);
        let mut beside = Beside::new(&places);
        let roads = drafts::roads(&ways.roads, &needed, (classes, &mut beside), reading, &at, own);
        beside.tell(&roads, &at, own);
        roads
    };
    if wanted.counties {
        let shapes = boundary::shapes(&relations.boundaries, &ways.boundaries, &needed, &at);
        inputs.counties = levels::choose(shapes, admin_level, roads.all_points(), &at, issues)?;
    }
    if wanted.settlements {
        inputs.settlements = settlements(&needed.places, &at, issues);
    }
    if wanted.roads {
        inputs.roads = roads;
    }
    Ok(inputs)
}

fn settlements(places: &[TaggedPoint], at: &Location, issues: &mut Issues) -> Vec<Settlement> {
    issues.count_mut(Layer::Settlements).read += places.len() as u64;
    issues.count_mut(Layer::Settlements).used += places.len() as u64;
    places
        .iter()
        .map(|p| {
            let here = at.clone().id(format!("node/{}", p.id));
            let population = p.tags.get("population").and_then(|text| {
                let value = super::fields::whole(text, super::fields::MOST_PEOPLE);
                if value.is_none() {
                    let what = format!("\"{text}\" is not a number of people");
                    issues.push(Layer::Settlements, IssueCode::BadNumber, here.clone().field("population"), what);
                }
                value
            });
            let text = |key: &str| p.tags.get(key).unwrap_or_default().to_owned();
            let english = p.tags.get("name:en").map(str::to_owned);
            Settlement {
                id: format!("node/{}", p.id),
                name: english.unwrap_or_else(|| text("name")),
                name_zh: boundary::chinese(&p.tags),
                at: p.at,
                population: population.map(u64::from).filter(|v| *v > 0),
                vehicles: Default::default(),
                kind: text("place"),
                source: here.on_ground(p.at),
            }
        })
        .collect()
}

/// The error of a file that cannot be decoded.
fn damaged(what: impl std::fmt::Display, at: &Location) -> Error {
    Error::input(format!("the OSM extract cannot be read: {what}"), "fetch or cut the extract again").at(at.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::candidate_kinds::CandidateKinds;
    use crate::config::{Criteria, RegionFile};
    use crate::test_support::shared;

    fn read(bytes: &[u8]) -> Result<(Inputs, Issues)> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let mut issues = Issues::default();
        let kinds = crate::config::candidate_kinds::KINDS.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
        let candidates = CandidateKinds::of_words(&kinds).unwrap();
        let all = WantedLayers { counties: true, roads: true, stations: true, settlements: true, candidates };
        let inputs = read_osm(file.path(), "x.osm.pbf", all, None, &ClassMap::new(), &criteria.reading, &mut issues)?;
        Ok((inputs, issues))
    }

    fn isle_of_man() -> Vec<u8> {
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/isle-of-man/isle-of-man.osm.pbf")).unwrap()
    }

    #[test]
    fn the_isle_of_man_has_its_roads_parishes_and_chargers() {
        let (inputs, issues) = read(&isle_of_man()).unwrap();
        // Counted with osmium outside this program: 2 chargers; 24 boundaries of level 8.
        assert_eq!(inputs.stations.len(), 2);
        assert_eq!(inputs.counties.len(), 24);
        assert!(inputs.settlements.iter().any(|s| s.name == "Douglas"));
        // 749 places of all kinds, 256 of them closed; 6 nodes and 14 areas sell fuel
        let fuel = inputs.candidates.iter().filter(|c| c.kind == "fuel");
        let ways = fuel.filter(|c| c.id.starts_with("way/")).count();
        let count = issues.count(Layer::Candidates);
        assert_eq!((count.read, count.used, inputs.candidates.len(), ways), (749, 493, 493, 14));
        assert_eq!(issues.refused(Layer::Roads), 0);
    }

    #[test]
    fn every_cut_is_an_error_and_never_a_panic() {
        let whole = isle_of_man();
        for n in (0..whole.len()).step_by(whole.len() / 40) {
            if let Err(e) = read(&whole[..n]) {
                assert_eq!(e.location().file.as_deref(), Some("x.osm.pbf"), "{e}");
            }
        }
    }

    #[test]
    fn flipped_bytes_are_errors_and_never_panics() {
        let whole = isle_of_man();
        let mut seed = 11u64;
        for _ in 0..30 {
            let mut bytes = whole.clone();
            for _ in 0..4 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let i = (seed >> 33) as usize % bytes.len();
                bytes[i] ^= 1 << (seed % 8);
            }
            let _ = read(&bytes); // either is right; a panic is not
        }
    }

    /// The elements of an extract as XML, written by other hands than those that read it.
    fn as_xml(path: &Path) -> String {
        use element::{Element, Kinds, MemberKind, TagList};
        use std::fmt::Write;
        let escaped = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\n', "&#10;");
        let tags = |tags: TagList<'_>| -> String {
            tags.iter().map(|(k, v)| format!("<tag k=\"{}\" v=\"{}\"/>", escaped(k), escaped(v))).collect()
        };
        let mut out = "<?xml version=\"1.0\"?><osm version=\"0.6\">".to_owned();
        let read = |e: Element<'_>, out: &mut String| {
            let _ = match e {
                Element::Node { id, e7, tags: t } => {
                    let (lon, lat) = (f64::from(e7.0) / 1e7, f64::from(e7.1) / 1e7);
                    write!(out, "<node id=\"{id}\" lon=\"{lon:.7}\" lat=\"{lat:.7}\">{}</node>", tags(t))
                }
                Element::Way { id, refs, tags: t } => {
                    let refs: String = refs.iter().map(|r| format!("<nd ref=\"{r}\"/>")).collect();
                    write!(out, "<way id=\"{id}\">{refs}{}</way>", tags(t))
                }
                Element::Centre { .. } => Ok(()),
                Element::Relation { id, members, tags: t } => {
                    let kind = |k| match k {
                        MemberKind::Node => "node",
                        MemberKind::Way => "way",
                        MemberKind::Relation => "relation",
                    };
                    let member = |m: &element::RelationMember<'_>| {
                        format!("<member type=\"{}\" ref=\"{}\" role=\"{}\"/>", kind(m.kind), m.id, escaped(m.role))
                    };
                    let members: String = members.iter().map(member).collect();
                    write!(out, "<relation id=\"{id}\">{members}{}</relation>", tags(t))
                }
            };
        };
        OsmSource::open(path, &Location::default())
            .unwrap()
            .fold(Kinds::ALL, read, |part: String| {
                out.push_str(&part);
                Ok(())
            })
            .unwrap();
        out + "</osm>"
    }

    #[test]
    fn the_isle_of_man_in_xml_is_the_isle_of_man() {
        let pbf = isle_of_man();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &pbf).unwrap();
        let ((a, a_issues), (b, b_issues)) = (read(&pbf).unwrap(), read(as_xml(file.path()).as_bytes()).unwrap());
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
        assert_eq!(a_issues.sorted(), b_issues.sorted());
    }

    #[test]
    fn chargers_and_driving_rules_are_the_same_in_both_formats() {
        let nodes: String =
            (1..9).map(|i| format!("<node id='{i}' lat='0.00{i}' lon='0.0{i}'><tag k='ref' v='{i}'/></node>")).collect();
        let station = [("amenity", "parking;charging_station"), ("capacity", "2x2"), ("socket:type2:output", "2x22 kVA")];
        let parts = [
            "<osm>".to_owned(),
            nodes,
            "<node id='10' lat='0.002' lon='0.02'><tag k='barrier' v='bollard'/></node>".to_owned(),
            "<node id='11' lat='0.01' lon='0.01'><tag k='man_made' v='charge_point'/></node>".to_owned(),
            "<node id='12' lat='0.01' lon='0.01'><tag k='disused:amenity' v='charging_station'/></node>".to_owned(),
            way(1, &[1, 10, 3], &[("highway", "primary"), ("motor_vehicle:backward", "no"), ("maxspeed:forward", "70")]),
            way(2, &[3, 4, 99], &[("highway", "secondary"), ("oneway:motorcar", "-1")]),
            way(3, &[4, 5, 6, 4], &station),
            way(4, &[98, 99], &station),
            way(5, &[7, 8], &[]),
            "<relation id='6'><member type='way' ref='5' role=''/><member type='node' ref='11' role=''/>\
             <tag k='amenity' v='charging_station'/></relation>"
                .to_owned(),
            "<relation id='7'><member type='way' ref='3' role=''/><tag k='amenity' v='charging_station'/></relation></osm>"
                .to_owned(),
        ];
        let xml = parts.concat();
        let ((a, a_issues), (b, b_issues)) = (read(xml.as_bytes()).unwrap(), read(&forge::of_xml(&xml)).unwrap());
        assert_eq!(format!("{a:?}"), format!("{b:?}"));
        assert_eq!(a_issues.sorted(), b_issues.sorted());
        // way/3, node/12 that is no more, and relation/6 with its point; way/4 has no nodes and relation/7 is around way/3
        let ids: Vec<&str> = a.stations.iter().map(|s| s.id.as_str()).collect();
        assert_eq!(ids, ["node/12", "way/3", "relation/6"]);
        assert_eq!((a.roads.list().len(), a.roads.ends().len()), (2, 1));
    }

    /// Reads a network drawn in XML: nodes 1 to 4, a hundredth of a degree (1.113 km) apart on the equator.
    fn drawn(ways_and_relations: &str) -> (Inputs, Issues) {
        let nodes: String = (1..5).map(|i| format!("<node id='{i}' lat='0' lon='0.0{i}'/>")).collect();
        read(format!("<osm>{nodes}{ways_and_relations}</osm>").as_bytes()).unwrap()
    }

    fn way(id: u32, refs: &[u32], tags: &[(&str, &str)]) -> String {
        let refs: String = refs.iter().map(|r| format!("<nd ref='{r}'/>")).collect();
        let tags: String = tags.iter().map(|(k, v)| format!("<tag k='{k}' v='{v}'/>")).collect();
        format!("<way id='{id}'>{refs}{tags}</way>")
    }

    #[test]
    fn ferries_turns_and_lorries_are_noted_and_change_nothing() {
        //  1 ══ 2 ══ 3 ~~ 4     two roads and a ferry; the ferry for walkers counts for nothing
        let restriction = "<relation id='1'><member type='way' ref='1' role='from'/>\
                           <tag k='type' v='restriction'/><tag k='restriction' v='no_left_turn'/></relation>";
        let parts = [
            way(1, &[1, 2], &[("highway", "primary"), ("hgv", "no")]),
            way(2, &[2, 3], &[("highway", "primary"), ("maxweight", "3.5")]),
            way(3, &[3, 4], &[("route", "ferry")]),
            way(4, &[3, 4], &[("route", "ferry"), ("motor_vehicle", "no")]),
            restriction.to_owned(),
        ];
        let (inputs, issues) = drawn(&parts.concat());
        assert_eq!(inputs.roads.read_mm, 2 * 1_113_195); // two hundredths of a degree on the equator
        let notes = issues.by_code();
        let count = |code| notes.get(&(Layer::Roads, code)).copied();
        assert_eq!(count(IssueCode::FerryLeftOut), Some((1, 0)));
        assert_eq!(count(IssueCode::TurnRestrictionIgnored), Some((1, 0)));
        assert_eq!(count(IssueCode::LorryLimitIgnored), Some((2, 0)));
        assert!(issues.sorted().iter().any(|i| i.message.contains("1 ferry lines of 1.1 km")));
        assert_eq!(issues.refused(Layer::Roads), 0);
    }

    #[test]
    fn a_loose_surface_slows_only_where_no_limit_is_tagged_and_the_class_is_faster() {
        let (inputs, _) = drawn(
            &[
                way(1, &[1, 2], &[("highway", "primary"), ("surface", "gravel")]),
                way(2, &[2, 3], &[("highway", "primary"), ("surface", "gravel"), ("maxspeed", "60")]),
                way(3, &[3, 4], &[("highway", "residential"), ("surface", "gravel")]),
                way(4, &[4, 1], &[("highway", "primary"), ("surface", "asphalt")]),
            ]
            .concat(),
        );
        let speeds: Vec<f32> = inputs.roads.list().iter().map(|r| r.speed_kmh).collect();
        assert_eq!(speeds, [40.0, 60.0, 35.0, 65.0]); // primary 65, local 35 by class
    }

    #[test]
    fn ways_that_would_fill_the_memory_are_refused() {
        // One road that runs three million times over one node: 3 MB that pack to some kB and would be kept as 24 MB.
        let refs = forge::bytes(8, &[&[2][..], &vec![0; 3_000_000]].concat());
        let road = [forge::number(1, 1), forge::packed(2, &[1]), forge::packed(3, &[2]), refs].concat();
        let bomb = forge::one_block(&forge::block(&["highway", "primary"], &[forge::bytes(3, &road)]));
        assert!(bomb.len() < 60_000);
        assert!(read(&bomb).unwrap_err().to_string().contains("more nodes than a file of its size"));
    }

    #[test]
    fn real_xml_is_read() {
        let Some(path) = shared("osm-small/north-bayreuth.osm.gz") else { return };
        let (inputs, issues) = read(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(inputs.settlements.len(), 70); // counted with pyosmium outside this program
        assert!(inputs.roads.list().len() > 686); // likewise, without links
        assert_eq!(issues.refused(Layer::Roads), 0);
    }

    #[test]
    fn deliberately_broken_elements_never_panic() {
        let Some(folder) = shared("malformed/osm-testdata-grid/grid/data") else { return };
        let below = |p: std::path::PathBuf| std::fs::read_dir(p).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
        let mut n = 0;
        for case in below(folder).flat_map(below) {
            if let Ok(bytes) = std::fs::read(case.join("data.osm")) {
                n += 1;
                if let Err(e) = read(&bytes) {
                    assert_eq!(e.location().file.as_deref(), Some("x.osm.pbf"), "{e}");
                }
            }
        }
        assert!(n > 100);
    }
}
