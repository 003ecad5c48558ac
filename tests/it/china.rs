//! All counties of China: polygons read and indexed, the 2020 census joined by code. Skipped where ../shared is missing.

use chargegap::internals::config::named_columns::NamedColumns;
use chargegap::internals::config::region_file::{CountyTable, LayerTable};
use chargegap::internals::issue::{IssueCode, Issues, Layer};
use chargegap::internals::network::CountyIndex;
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::{county_table, layers};
use chargegap::internals::space::LonLat;
use std::path::PathBuf;

fn file(path: PathBuf) -> SourceFile {
    SourceFile { shown: path.file_name().unwrap().to_string_lossy().into_owned(), path }
}

#[test]
fn the_census_of_2020_joins_all_counties_but_those_with_a_reason() {
    let Some(data) = crate::test_support::shared("china-counties") else { return };
    let mut issues = Issues::default();
    let since = std::time::Instant::now();
    let polygons = [file(data.join("district_epsg4490.geojson"))];
    let (mut counties, origins) = layers::read_counties(&polygons, &LayerTable::default(), &mut issues).unwrap();
    let read_s = since.elapsed().as_secs_f64();
    let index = CountyIndex::new(&counties);
    println!("{} counties read in {read_s:.2} s, indexed in {:.2} s", counties.len(), since.elapsed().as_secs_f64() - read_s);
    println!("{}", origins[0].crs);
    assert_eq!(counties.len(), 2891);
    // Seven boundary lines stand among the polygons: listed, not fatal.
    assert_eq!(issues.by_code()[&(Layer::Counties, IssueCode::WrongGeometry)].0, 7);
    assert_eq!(counties[index.locate(LonLat::new(109.4636, 31.0182).unwrap()) as usize].code, "500236"); // Fengjie

    let table = file(data.join("census_county_2020_v1.xlsx"));
    let with = |crosswalk: Option<&SourceFile>, counties: &mut Vec<_>| {
        let mut issues = Issues::default();
        county_table::join(&CountyTable::default(), &NamedColumns::default(), (&table, crosswalk), counties, &mut issues)
            .unwrap();
        issues
    };
    let issues = with(None, &mut counties);
    let joined = counties.iter().filter(|c| c.population.is_some()).count();
    let of = |issues: &Issues, code| issues.by_code().get(&(Layer::Counties, code)).map_or(0, |c| c.0);
    println!("by code alone: {joined} joined, {} counties without a row", of(&issues, IssueCode::CountyWithoutRow));
    // Our reference join has 2,824; the four cities without districts (Dongguan, Zhongshan, Jiayuguan, Danzhou) join too,
    // by the row of the city.
    assert_eq!(joined, 2824 + 4);
    assert_eq!(of(&issues, IssueCode::CountyWithoutRow), 63);
    let reference = csv::Reader::from_path(data.join("county_table.csv")).unwrap().into_records().map(|r| r.unwrap());
    for row in reference.filter(|r| !r[6].is_empty()) {
        let county = counties.iter().find(|c| c.code == row[0]).unwrap();
        assert_eq!(county.population, Some(row[6].parse::<f64>().unwrap() as u64), "{}", &row[0]);
    }

    let crosswalk = file(PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/datasets/china-crosswalk/recodings-2020-2023.csv")));
    for c in &mut counties {
        c.population = None;
    }
    let issues = with(Some(&crosswalk), &mut counties);
    let without: Vec<&str> = counties.iter().filter(|c| c.population.is_none()).map(|c| c.code.as_str()).collect();
    println!("with the crosswalk: {} joined; without a row: {}", counties.len() - without.len(), without.join(" "));
    // Left: Taiwan, Hong Kong, Macau, Kinmen (not in this census), islands and places under other authorities, and two
    // districts cut out of others.
    let elsewhere = |c: &&&str| !["71", "81", "82"].iter().any(|p| c.starts_with(p));
    let rest: Vec<&&str> = without.iter().filter(elsewhere).collect();
    assert_eq!(
        rest,
        [&"330113", &"330114", &"350527", &"460321", &"460322", &"629700", &"629800", &"629900", &"659011", &"659012"]
    );
    let people: u64 = counties.iter().filter_map(|c| c.population).sum();
    println!("{people} people in counties, {} rows of the census without a county", of(&issues, IssueCode::RowWithoutCounty));
}
