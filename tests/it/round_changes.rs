//! Rounds: a changed input redoes the counties that it touches and no others, and the result is that of a fresh round.
//!
//! Surroundings reach 5 km (the longest distance) + 2 × 1 km (the farther of the two snapping distances) + 0.2 km = 7.2 km beyond what
//! a county has, in cells of 0.05° (5.5 km by 5.0 km here): 3 columns and 2 rows beyond its own cells, of which the outermost are those
//! where a road ends on the border. From the border that is at most 4 columns, 0.20°, and at least 7.2 km, 0.065° of latitude.
//! So of counties of 0.5°, a change in the middle (0.25° from each border) touches its county only; one 0.01° from a corner of
//! four counties touches these four, and the next are 0.49° away.

use crate::round_scene::{CORNER, Laid, Point, SIDE, Scene, assert_same, code, codes, computed};
use serde_json::Value;

/// The middle of a county.
fn middle(column: usize, row: usize) -> (f64, f64) {
    (CORNER.0 + (column as f64 + 0.5) * SIDE, CORNER.1 + (row as f64 + 0.5) * SIDE)
}

/// Just inside a county at its north-east corner.
fn corner(column: usize, row: usize) -> (f64, f64) {
    (CORNER.0 + (column as f64 + 1.0) * SIDE - 0.01, CORNER.1 + (row as f64 + 1.0) * SIDE - 0.01)
}

struct Changes {
    scene: Scene,
    laid: Laid,
}

impl Changes {
    fn new(seed: u64) -> Self {
        let mut scene = Scene::new(seed, 10);
        // two stations whose places are known, on roads that are there
        for (id, at) in [("inner", middle(1, 1)), ("outer", corner(2, 1))] {
            let near = nearest_road_point(&scene, at);
            let rest = "charging,4,120,yes,X,public,open,2024-01".to_owned();
            scene.regions[1].stations.push(Point { id: id.to_owned(), at: near, rest });
        }
        let laid = scene.laid();
        assert_eq!(computed(&laid.json("round round.toml -o out")), codes());
        Self { scene, laid }
    }

    /// Writes the scene, does the round again, and holds it against a fresh one.
    fn redo(&self, when: &str, want: &[String]) -> Value {
        self.scene.write(self.laid.dir.path());
        let done = self.laid.json("round round.toml -o out --overwrite");
        assert_eq!(computed(&done), want, "{when}");
        assert_eq!(done["kept"], 20 - want.len(), "{when}");
        let _ = std::fs::remove_dir_all(self.laid.path("unbroken-work"));
        assert_same(&self.laid.unbroken(), &self.laid.tree("out"), when);
        done
    }
}

/// The vertex of a road that is nearest to a place.
fn nearest_road_point(scene: &Scene, at: (f64, f64)) -> (f64, f64) {
    let far = |p: &(f64, f64)| (p.0 - at.0).powi(2) + (p.1 - at.1).powi(2);
    let all = scene.regions.iter().flat_map(|r| &r.roads).flat_map(|r| &r.line);
    let near = all.min_by(|a, b| far(a).total_cmp(&far(b))).unwrap();
    assert!(far(near).sqrt() < 0.045, "a lattice step is 0.05°");
    *near
}

fn list(counties: &[(usize, usize)]) -> Vec<String> {
    let mut codes: Vec<String> = counties.iter().map(|(c, r)| code(*c, *r)).collect();
    codes.sort();
    codes
}

fn parts(done: &Value) -> Vec<(&str, u64)> {
    let changed = done["changed"].as_array().unwrap();
    changed.iter().map(|c| (c["part"].as_str().unwrap(), c["counties"].as_u64().unwrap())).collect()
}

#[test]
fn nothing_changed_nothing_is_done() {
    let c = Changes::new(50);
    let done = c.redo("nothing", &[]);
    assert!(parts(&done).is_empty(), "{done}");
}

#[test]
fn a_station_in_the_middle_concerns_its_county_only() {
    let mut c = Changes::new(51);
    let own = list(&[(1, 1)]);
    let station = |c: &mut Changes| c.scene.regions[1].stations.iter().position(|s| s.id == "inner").unwrap();
    let i = station(&mut c);
    c.scene.regions[1].stations[i].at.0 += 0.002; // 200 m to the east
    assert_eq!(parts(&c.redo("moved", &own)), [("stations", 1)]);
    let taken = c.scene.regions[1].stations.remove(i);
    c.redo("removed", &own);
    // another region's file may hold it as well as its own: it is the same place, and the rows name the file
    c.scene.regions[3].stations.insert(0, taken.clone());
    c.redo("added to another file", &own);
    c.scene.regions[3].stations.remove(0);
    // back where it was moved to: the rows of that state are still there
    c.scene.regions[1].stations.push(taken);
    c.redo("back", &[]);
}

#[test]
fn a_station_in_a_corner_concerns_the_four_counties_that_meet_there() {
    let mut c = Changes::new(52);
    let four = list(&[(2, 1), (3, 1), (2, 2), (3, 2)]);
    let i = c.scene.regions[1].stations.iter().position(|s| s.id == "outer").unwrap();
    c.scene.regions[1].stations[i].rest = "swap,2,,,X,public,open,2024-01".to_owned();
    assert_eq!(parts(&c.redo("another kind", &four)), [("stations", 4)]);
    c.scene.regions[1].stations.remove(i);
    c.redo("removed", &four);
}

#[test]
fn a_road_concerns_the_counties_it_is_near() {
    let mut c = Changes::new(53);
    // a road that lies within 0.14° of the middle of its county: at least 0.11° from each border; the cells that it touches
    // begin at least 0.1° from the border, so that surroundings of 4 columns may hold them: the county for sure, its four
    // neighbours and those at its corners perhaps, and nobody further
    let (mx, my) = middle(2, 2);
    let near = |line: &[(f64, f64)]| line.iter().all(|(x, y)| (x - mx).abs() < 0.14 && (y - my).abs() < 0.14);
    let roads = &mut c.scene.regions[2].roads;
    let i = roads.iter().position(|r| near(&r.line)).unwrap();
    roads.remove(i);
    c.scene.write(c.laid.dir.path());
    let done = c.laid.json("round round.toml -o out --overwrite");
    let redone = computed(&done);
    let around = list(&[(1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2), (1, 3), (2, 3), (3, 3)]);
    assert!(redone.contains(&code(2, 2)) && redone.iter().all(|c| around.contains(c)), "{redone:?}");
    assert_eq!(done["kept"], 20 - redone.len());
    assert!(parts(&done).iter().all(|(part, n)| *part == "roads" && *n as usize == redone.len()), "{done}");
    assert_same(&c.laid.unbroken(), &c.laid.tree("out"), "a road less");
}

#[test]
fn a_settlement_concerns_its_county_only_wherever_it_lies() {
    let mut c = Changes::new(54);
    for (column, row) in [(0, 0), (2, 1)] {
        // a hundred metres off the road: the county has road there, so its surroundings stay as they are
        let (x, y) = nearest_road_point(&c.scene, corner(column, row));
        let rest = "New village,800,village".to_owned();
        let inside = (x.min(corner(column, row).0 + 0.009), y.min(corner(column, row).1 + 0.009));
        c.scene.regions[row].settlements.push(Point { id: format!("new{column}"), at: inside, rest });
        let done = c.redo("a village more", &list(&[(column, row)]));
        assert_eq!(parts(&done), [("settlements", 1)]);
    }
}

#[test]
fn what_concerns_the_ranking_only_computes_nothing() {
    let mut c = Changes::new(55);
    let before = c.laid.tree("out");
    c.scene.regions[0].table[2].1 += 12_345;
    c.redo("a county has more people", &[]);
    c.scene.rank += "[rank.weights]\ngap_share_class_weighted = 0.9\n";
    c.redo("weights", &[]);
    c.scene.select = "budget = 9000\ncost_column = \"price\"\nskip = true\nquotas = { 51 = 1, 53 = 3 }\n".to_owned();
    c.redo("quotas, budget and costs", &[]);
    let after = c.laid.tree("out");
    for file in ["figures.csv", "ranking.csv", "selection.csv"] {
        assert!(before[file] != after[file], "{file} shows the change");
    }
    assert!(before["shards.csv"] == after["shards.csv"]);
}

#[test]
fn another_question_computes_everything_and_the_old_rows_come_back_with_the_old_one() {
    let mut c = Changes::new(56);
    let before = c.laid.tree("out");
    let asked = c.scene.criteria.clone();
    c.scene.criteria = asked.replace("[2, 5]", "[5]");
    assert_eq!(parts(&c.redo("another distance", &codes())), [("criteria", 20)]);
    c.scene.criteria = asked;
    c.redo("the first one again", &[]);
    assert_same(&before, &c.laid.tree("out"), "the first one again");
}
