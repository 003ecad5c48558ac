//! What new stations would change for counties of a round, tried on a piece of the network: as a run over all of it has it, and as a full
//! round with the stations among the input has it.

use crate::round_scene::{Laid, Point, Scene, code};
use crate::toy::root;
use chargegap::internals::config::accept::AcceptTable;
use chargegap::internals::config::rank_table::CounterfactualTable;
use chargegap::internals::config::{RegionFile, RoundFile};
use chargegap::internals::files::table::Table;
use chargegap::internals::measure::Timings;
use chargegap::internals::prepared::ground;
use chargegap::internals::results::Results;
use chargegap::internals::round::run::{RoundOptions, run};
use chargegap::internals::round::work::Work;
use chargegap::internals::run::analyse;
use chargegap::internals::tables::counterfactuals;
use chargegap::internals::whatif::counterfactual::{Counterfactual, UnitPlace};
use std::path::Path;

fn rounded(file: &RoundFile, work: &Path, merge_only: bool) -> Results {
    let options = RoundOptions { strict: true, merge_only, threads: 2, ..RoundOptions::whole(&|_| {}) };
    let mut file = file.clone();
    loop {
        let done = run(&file, &Work::open(work).unwrap(), &options, &mut Timings::default()).unwrap();
        if let Some(round) = done.round {
            return *round;
        }
        let more: Vec<AcceptTable> = done.faults.open().map(|f| f.acceptance().unwrap()).collect();
        assert!(!more.is_empty());
        file.accept.extend(more); // that nobody is named is a matter of the file's reader
    }
}

/// `counterfactuals.csv`.
fn table(r: &Results) -> String {
    let table: Table<'_, _> = counterfactuals::table();
    let mut out = Vec::new();
    table.csv(&mut out, counterfactuals::rows(r)).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_round_of_one_region_says_what_the_run_says() {
    let mut region = RegionFile::read(&root().join("datasets/chongqing-northeast-synthetic/region.toml")).unwrap();
    region.rank.uncertainty.draws = 0;
    let named = ["500238", "500229", "500101", "500236"].map(str::to_owned).to_vec();
    region.rank.counterfactuals = CounterfactualTable { stations: 2, counties: Some(named), ..CounterfactualTable::default() };
    let options = ground::Options { strict: false, on_stage: &|_| {} };
    let of_run = table(&analyse(&region, &options, &mut Timings::default()).unwrap());
    // two stations for each of the four, and the head
    assert_eq!(of_run.lines().count(), 9, "{of_run}");

    let text = "[round]\nid = \"one\"\nsigned_by = \"Director\"\n[regions]\nfiles = [\"region.toml\"]\n";
    let mut file = RoundFile::parse(text, "round.toml").unwrap();
    (file.folder, file.name) = (region.folder.clone(), "round.toml".to_owned());
    (file.criteria, file.rank) = (region.criteria.clone(), region.rank.clone());
    let work = tempfile::tempdir().unwrap();
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| table(&rounded(&file, work.path(), false))), of_run, "{threads} threads");
    }
    // rows come from several machines and are only put together: it says the same
    assert_eq!(table(&rounded(&file, work.path(), true)), of_run);
}

/// Where a unit of these counties stands in a round.
fn stands(r: &Results, unit: usize, members: &[usize]) -> UnitPlace {
    let row = r.assessment.ranking.of(unit).unwrap();
    let sum = |f: &dyn Fn(usize) -> u64| members.iter().map(|m| f(*m)).sum();
    UnitPlace {
        rank: row.rank.unwrap(),
        score: row.score.unwrap(),
        gap_mm: sum(&|m| r.figures()[m].gap_total_mm()),
        people_in_gap: sum(&|m| r.figures()[m].people_in_gap),
    }
}

/// A full round with the first so many stations of a counterfactual in the table of one of the regions.
fn with_stations(scene: &Scene, laid: &Laid, c: &Counterfactual, count: usize) -> Results {
    let mut scene = scene.clone();
    scene.rank = scene.rank.replace("[rank.counterfactuals]", "[rank.counterfactuals]\nmost = 0");
    let new = c.steps[..count].iter().enumerate().map(|(i, s)| Point {
        id: format!("new{i}"),
        at: (s.at.lon(), s.at.lat()),
        rest: "charging,,120,,,public,open,".to_owned(),
    });
    scene.regions[3].stations.extend(new); // whichever: a station counts where it stands
    scene.write(laid.dir.path());
    rounded(&RoundFile::read(&laid.path("round.toml")).unwrap(), &laid.path("work"), false)
}

/// Counties of row 0 lie in the first region, those of row 1 in the second. The first two counties apply jointly across the border.
#[test]
fn a_county_at_the_border_stands_where_a_full_round_with_the_station_has_it() {
    let mut scene = Scene::new(5, 10);
    // counties of some 50 km with a station or two, and a distance that reaches well into the next ones
    scene.criteria = scene.criteria.replace("[2, 5]", "[5, 15]").replace("headline_km = 5", "headline_km = 15");
    for region in &mut scene.regions {
        region.stations = region.stations.iter().step_by(5).cloned().collect();
    }
    let joint = format!("[[rank.joint]]\nname = \"both\"\nlead = \"{}\"\nmembers = [\"{}\"]\n", code(0, 0), code(0, 1));
    let named = [code(2, 1), code(4, 0), code(0, 1)].map(|c| format!("\"{c}\"")).join(", ");
    scene.rank = format!("[rank.uncertainty]\ndraws = 0\n{joint}[rank.counterfactuals]\nstations = 2\ncounties = [{named}]\n");
    let laid = scene.laid();
    let r = rounded(&RoundFile::read(&laid.path("round.toml")).unwrap(), &laid.path("work"), false);
    let units: Vec<String> = r.counterfactuals.iter().map(|c| r.members[c.county].county.code.clone()).collect();
    assert_eq!(units, [code(2, 1), code(4, 0), code(0, 0)]);
    // a station of one county serves roads of others, else the piece would need no more than the county
    let mut of_others = 0;
    for c in &r.counterfactuals {
        let members = if c.county == 0 { vec![0, 5] } else { vec![c.county] };
        assert_eq!(c.before, stands(&r, c.county, &members));
        for k in 1..=c.steps.len() {
            let full = with_stations(&scene, &laid, c, k);
            assert!(full.counterfactuals.is_empty());
            assert_eq!(c.steps[k - 1].after(), stands(&full, c.county, &members), "{} with {k}", r.members[c.county].county.code);
            let changed = |i: &usize| full.figures()[*i].gap_total_mm() != r.figures()[*i].gap_total_mm();
            of_others += (0..20).filter(|i| !members.contains(i)).filter(changed).count();
        }
        assert!(c.steps[0].score < c.before.score);
    }
    assert!(of_others > 0);
}

#[test]
fn a_round_tries_no_stations_unless_its_file_says_so() {
    let scene = Scene::new(6, 6);
    let laid = scene.laid();
    let file = RoundFile::read(&laid.path("round.toml")).unwrap();
    assert!(rounded(&file, &laid.path("work"), false).counterfactuals.is_empty());
    // the table without keys: those near the line that [select] stands for; and the folder holds what verify asks of it
    let asks = Scene { rank: "[rank.uncertainty]\ndraws = 20\n[rank.counterfactuals]\n".to_owned(), ..scene };
    asks.write(laid.dir.path());
    laid.json("round round.toml -o out --work work");
    assert_eq!(laid.says("verify out").0, 0);
    let files = laid.tree("out");
    let text = String::from_utf8(files["counterfactuals.csv"].clone()).unwrap();
    let first = text.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let page = String::from_utf8(files[&format!("counties/{first}.html")].clone()).unwrap();
    assert!(page.contains("What new stations would change") && page.contains("With 1 new public 120 kW station"));
    let without = "[output]\nwithout = [\"counterfactuals\", \"county_pages\"]\n";
    let round = asks.round_toml().replace("[output]\n", without);
    std::fs::write(laid.path("round.toml"), round).unwrap();
    laid.json("round round.toml -o less --work work");
    let files = laid.tree("less");
    assert!(!files.contains_key("counterfactuals.csv") && !files.keys().any(|f| f.starts_with("counties/")));
    assert!(!String::from_utf8(files["round.html"].clone()).unwrap().contains("counties&#x2f;"));
    assert_eq!(laid.says("verify less").0, 0);
}
