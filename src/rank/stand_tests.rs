//! Worked examples of the ranking as things are.

use super::{CountyFigures, Evidence, RankSettings, StationSet, Unit, stand};
use super::{INDICATORS, RankRow, Standing};
use crate::config::goalposts::Goalpost;
use crate::config::method_words::Normalisation;
use crate::config::rank_table::{HowTogether, IndicatorTable, JointTable, LineTable, Missing};
use crate::config::{RankTable, RoadClass};
use crate::issue::Issues;

pub(super) fn county(code: &str, road_km: u64, gap_km: u64) -> CountyFigures {
    let mut f = CountyFigures { code: code.to_owned(), ..CountyFigures::default() };
    f.road_mm[RoadClass::Local.index()] = road_km * 1_000_000;
    f.gap_mm[RoadClass::Local.index()] = gap_km * 1_000_000;
    f
}

pub(super) fn evidence(figures: Vec<CountyFigures>) -> Evidence {
    let unit = |f: &CountyFigures| Unit { code: f.code.clone(), name: f.code.clone(), ..Unit::default() };
    Evidence {
        units: figures.iter().map(unit).collect(),
        distances_mm: vec![10_000_000],
        stations: vec![StationSet::All],
        figures: vec![figures],
        residents_given: false,
    }
}

pub(super) fn only(key: &str) -> RankTable {
    let weights = INDICATORS.iter().map(|d| (d.key.to_owned(), if d.key == key { 1.0 } else { 0.0 })).collect();
    RankTable { weights, ..RankTable::default() }
}

fn ranked(figures: Vec<CountyFigures>, table: &RankTable, issues: &mut Issues) -> Standing {
    stand(&evidence(figures), &RankSettings::from_table(table).unwrap(), issues).unwrap()
}

fn codes(s: &Standing, figures: &[CountyFigures]) -> Vec<String> {
    s.ranking.rows.iter().map(|r: &RankRow| figures[r.county].code.clone()).collect()
}

#[test]
fn min_max_runs_from_nought_to_a_hundred() {
    // gap shares 0.2, 0.6, 1.0 ⇒ scores 0, 50, 100
    let figures = vec![county("a", 10, 2), county("b", 10, 6), county("c", 10, 10)];
    let r = ranked(figures, &only("gap_share_class_weighted"), &mut Issues::default()).ranking;
    let got: Vec<_> = r.rows.iter().map(|r| (r.county, r.rank, r.score)).collect();
    assert_eq!(got, [(2, Some(1), Some(100.0)), (1, Some(2), Some(50.0)), (0, Some(3), Some(0.0))]);
    // 100 points over a range of 0.8 ⇒ 125 points for a share of 1
    assert!((r.rows[0].per_unit[0].unwrap() - 125.0).abs() < 1e-9);
}

#[test]
fn ties_go_to_the_longer_gap_then_the_lower_code() {
    // b, d and e have half of their roads in a gap; that of e is longer, and its code the highest
    let figures = vec![county("d", 10, 5), county("b", 10, 5), county("e", 20, 10), county("c", 10, 0)];
    let s = ranked(figures.clone(), &only("gap_share_class_weighted"), &mut Issues::default());
    assert_eq!(codes(&s, &figures), ["e", "b", "d", "c"]);
    assert_eq!(s.ranking.rows.iter().map(|r| r.tied).collect::<Vec<_>>(), [true, true, true, false]);
}

#[test]
fn default_weights_add_up_to_one_and_points_to_the_score() {
    let sum: f64 = INDICATORS.iter().map(|i| i.weight).sum();
    assert!((sum - 1.0).abs() < 1e-12);
    let mut a = county("a", 10, 2);
    a.longest_stretch_mm = 5_000_000;
    a.charging_stations = 3;
    let mut issues = Issues::default();
    let r = ranked(vec![a, county("b", 30, 20)], &RankTable::default(), &mut issues).ranking;
    for row in &r.rows {
        let sum: f64 = row.points.iter().sum();
        assert!((sum - row.score.unwrap()).abs() < 1e-9);
        assert_eq!(row.reasons.len(), 3); // gap share, longest stretch, stations per road
    }
    // no people, no settlements: those indicators are named as left out and the others take their weight
    assert!(issues.sorted().iter().any(|i| i.message.starts_with("people_in_gap_share cannot be computed")));
    assert!((r.indicators.iter().map(|u| u.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    // roads 0.30 + 0.15 of the 0.55 that is left
    assert!((r.pillars[0].1 - 0.45 / 0.55).abs() < 1e-12, "{:?}", r.pillars);
}

#[test]
fn settlements_stand_in_for_unknown_people() {
    let mut a = county("a", 10, 2);
    (a.settlements, a.settlements_in_gap) = (4, 1);
    let mut b = county("b", 10, 2);
    (b.settlements, b.settlements_in_gap, b.people) = (4, 3, 100);
    let mut table = RankTable::default();
    table.method.missing = Missing::LeaveOut;
    let used = |figures: [&CountyFigures; 2], table: &RankTable| -> Vec<String> {
        let r = ranked(figures.map(Clone::clone).to_vec(), table, &mut Issues::default()).ranking;
        r.indicators.iter().filter(|u| u.weight > 0.0).map(|u| u.def.key.clone()).collect()
    };
    assert_eq!(used([&a, &b], &table), ["settlements_in_gap_share"]);
    // what a alone lacks takes nothing from b: both keep the indicator, which b alone has; and where nobody has people, settlements do
    let usual = RankTable::default();
    assert_eq!(used([&a, &b], &usual), ["people_in_gap_share", "charging_stations_per_10000_people"]);
    b.people = 0;
    assert_eq!(used([&a, &b], &usual), ["settlements_in_gap_share"]);
}

#[test]
fn a_county_without_road_is_not_ranked() {
    let r = ranked(vec![county("a", 0, 0), county("b", 2, 1)], &only("gap_share_class_weighted"), &mut Issues::default()).ranking;
    assert_eq!(r.rows[0].rank, Some(1));
    assert_eq!(r.rows[1].rank, None);
    assert!(r.rows[1].not_rankable.is_some());
}

#[test]
fn without_a_station_in_reach_of_any_county_nobody_is_ranked() {
    let bare = || vec![county("a", 10, 10), county("b", 20, 20)];
    let mut issues = Issues::default();
    let r = ranked(bare(), &RankTable::default(), &mut issues).ranking;
    assert!(r.rows.iter().all(|r| r.rank.is_none() && r.score.is_none() && r.not_rankable.is_some()));
    assert_eq!(issues.sorted().len(), 2);
    // one kilometre that is covered, or one station, and there is something to go by
    let covered = |f: &mut CountyFigures| f.gap_mm[RoadClass::Local.index()] -= 1_000_000;
    let station = |f: &mut CountyFigures| f.charging_stations = 1;
    for change in [covered as fn(&mut CountyFigures), station] {
        let mut figures = bare();
        change(&mut figures[0]);
        let r = ranked(figures, &RankTable::default(), &mut Issues::default()).ranking;
        assert!(r.rows.iter().all(|r| r.rank.is_some()));
    }
}

#[test]
fn provinces_are_counted_by_themselves() {
    // shares 1.0 (province 50), 0.5 (51), 0.4 (50): places 1, 2, 3 in all, 1, 1, 2 within
    let figures = vec![county("500001", 10, 10), county("500002", 10, 4), county("510001", 10, 5)];
    let r = ranked(figures, &only("gap_share_class_weighted"), &mut Issues::default()).ranking;
    assert_eq!(
        r.rows.iter().map(|r| (r.county, r.rank_in_province)).collect::<Vec<_>>(),
        [(0, Some(1)), (2, Some(1)), (1, Some(2))]
    );
}

#[test]
fn counties_that_apply_together_are_one() {
    // a and b together: 10 of 20 km ⇒ 0.5, between c (0.4) and d (0.6)
    let figures = vec![county("a", 10, 10), county("b", 10, 0), county("c", 10, 4), county("d", 10, 6)];
    let mut table = only("gap_share_class_weighted");
    table.joint.push(JointTable { name: "A and B".to_owned(), lead: "b".to_owned(), members: vec!["a".to_owned()] });
    let s = ranked(figures.clone(), &table, &mut Issues::default());
    assert_eq!(codes(&s, &figures), ["d", "b", "c", "a"]);
    assert_eq!(s.ranking.rows[1].score, Some(50.0));
    assert_eq!(s.ranking.rows[3].not_rankable.as_deref(), Some("it applies with b (A and B)"));
    table.joint[0].members = vec!["x".to_owned()];
    let settings = RankSettings::from_table(&table).unwrap();
    let err = stand(&evidence(figures), &settings, &mut Issues::default()).unwrap_err();
    assert!(err.to_string().contains("no county has the code x"), "{err}");
}

#[test]
fn who_is_not_eligible_is_out_with_the_reason() {
    let figures = vec![county("a", 10, 2), county("b", 10, 6), county("c", 10, 9)];
    let mut table = only("gap_share_class_weighted");
    table.eligibility.except.insert("c".to_owned(), "it was funded last year".to_owned());
    let r = ranked(figures, &table, &mut Issues::default()).ranking;
    // without c the shares run from 0.2 to 0.6: b has 100 points
    assert_eq!(r.rows.iter().map(|r| r.score).collect::<Vec<_>>(), [Some(100.0), Some(0.0), None]);
    assert_eq!(r.rows[2].not_rankable.as_deref(), Some("it was funded last year"));
}

#[test]
fn a_county_whose_cost_is_not_known_is_ranked_and_at_no_line() {
    let mut e = evidence(vec![county("a", 10, 2), county("b", 10, 6)]);
    e.units[0].columns.insert("cost".to_owned(), 3.0);
    let line =
        LineTable { name: "x".to_owned(), budget: Some(5.0), cost_column: Some("cost".to_owned()), ..LineTable::default() };
    let table = RankTable { lines: vec![line], ..only("gap_share_class_weighted") };
    let s = stand(&e, &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap();
    // b has the greater shortfall, and its scale still counts for a
    assert_eq!([0, 1].map(|i| s.ranking.of(i).unwrap().rank), [Some(2), Some(1)]);
    let mut issues = Issues::default();
    let settings = RankSettings::from_table(&table).unwrap();
    let lines = super::assess(&e, &settings, &mut issues).unwrap().sureness.unwrap().ranges.lines;
    assert_eq!(lines[0].units.iter().map(|u| (u.nominal, u.above)).collect::<Vec<_>>(), [(true, 1000), (false, 0)]);
    let want = "what it costs is not known (column \"cost\"): the county is ranked, and never funded";
    assert!(issues.sorted().iter().any(|i| i.message == want));
    // folders of before say that it is not ranked
    let before = RankSettings::of_finished(&table, true).unwrap();
    let s = stand(&e, &before, &mut Issues::default()).unwrap();
    assert_eq!(s.ranking.of(1).unwrap().not_rankable.as_deref(), Some("what it costs is not known (column \"cost\")"));
}

#[test]
fn what_a_county_lacks_is_left_out_or_carried() {
    // b has no people: left out, people_in_gap_share goes for both; carried, a is judged by it and b is not
    let mut a = county("a", 10, 2);
    (a.people, a.people_in_gap) = (10, 10);
    let mut c = county("c", 10, 4);
    (c.people, c.people_in_gap) = (10, 0);
    let figures = vec![a, county("b", 10, 6), c];
    let weights = [("gap_share_class_weighted", 0.5), ("people_in_gap_share", 0.5)];
    let weights = INDICATORS.iter().map(|d| (d.key.to_owned(), weights.iter().find(|w| w.0 == d.key).map_or(0.0, |w| w.1)));
    let mut table = RankTable { weights: weights.collect(), ..RankTable::default() };
    table.method.missing = Missing::LeaveOut;
    let left = ranked(figures.clone(), &table, &mut Issues::default()).ranking;
    // gap shares 0.2, 0.6, 0.4 ⇒ 0, 100, 50
    let scores = |r: &super::Ranking| (0..3).map(|i| r.of(i).unwrap().score.unwrap()).collect::<Vec<_>>();
    assert_eq!(scores(&left), [0.0, 100.0, 50.0]);
    table.method.missing = Missing::Carry;
    let carried = ranked(figures, &table, &mut Issues::default()).ranking;
    // a: (0 + 100) / 2, b: 100 alone, c: (50 + 0) / 2
    assert_eq!(scores(&carried), [50.0, 100.0, 25.0]);
}

#[test]
fn an_unknown_name_is_refused_with_a_suggestion() {
    let table = RankTable { weights: [("longest_dead_strech_km".to_owned(), 1.0)].into(), ..RankTable::default() };
    let err = RankSettings::from_table(&table).unwrap_err().to_string();
    assert!(err.contains("did you mean \"longest_dead_stretch_km\""), "{err}");
    let table = RankTable { pillars: [("road".to_owned(), 1.0)].into(), ..RankTable::default() };
    let err = RankSettings::from_table(&table).unwrap_err().to_string();
    assert!(err.contains("did you mean \"roads\""), "{err}");
}

#[test]
fn an_application_falls_with_a_county_that_is_not_eligible() {
    let figures = vec![county("a", 10, 10), county("b", 10, 0), county("c", 10, 4), county("d", 10, 6)];
    let mut table = only("gap_share_class_weighted");
    table.joint.push(JointTable { name: "A and B".to_owned(), lead: "b".to_owned(), members: vec!["a".to_owned()] });
    table.eligibility.except.insert("a".to_owned(), "it was funded last year".to_owned());
    let r = ranked(figures.clone(), &table, &mut Issues::default()).ranking;
    assert_eq!(r.of(1).unwrap().not_rankable.as_deref(), Some("a of its application: it was funded last year"));
    table.eligibility.except = [("x".to_owned(), String::new())].into();
    let err = stand(&evidence(figures), &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap_err();
    assert!(err.to_string().contains("no county has the code x"), "{err}");
}

#[test]
fn totals_add_up_in_an_application_and_prices_do_not() {
    // lorries a head of 10 + 30 lorries and 100 + 100 people ⇒ 0.2; gdp_per_head has no sum
    let mut e = evidence(vec![county("a", 10, 1), county("b", 10, 2), county("c", 10, 3)]);
    for (u, lorries) in [(0, 10.0), (1, 30.0), (2, 5.0)] {
        let columns = [("lorries", lorries), ("heads", 100.0), ("gdp_per_head", 4.0)];
        e.units[u].columns = columns.map(|(k, v)| (k.to_owned(), v)).into();
    }
    let own = |key: &str, denominator: Option<&str>| IndicatorTable {
        key: key.to_owned(),
        column: None,
        direction: crate::config::method_words::Direction::HigherIsWorse,
        unit: String::new(),
        denominator: denominator.map(str::to_owned),
        together: None,
        pillar: "people".to_owned(),
        weight: 1.0,
        en: String::new(),
        zh: String::new(),
        source: String::new(),
    };
    let mut table = only("gap_share_class_weighted");
    table.indicators = vec![own("lorries", Some("heads")), own("gdp_per_head", None)];
    table.joint.push(JointTable { name: "x".to_owned(), lead: "a".to_owned(), members: vec!["b".to_owned()] });
    let (joined, _) = e.joined(&table).unwrap();
    let of_a: Vec<(&str, f64)> = joined.units[0].columns.iter().map(|(k, v)| (k.as_str(), *v)).collect();
    assert_eq!(of_a, [("heads", 200.0), ("lorries", 40.0)]);
    // nobody says whether it adds up, so nobody ranks by it; a finished folder that was made so stays
    let told = RankSettings::from_table(&table).unwrap_err().to_string();
    for want in
        ["rank.indicators[1].together", "\"x\" is a joint application", "key = \"gdp_per_head\" a line together = \"sum\""]
    {
        assert!(told.contains(want), "{told}");
    }
    assert!(RankSettings::of_finished(&table, false).is_ok());
    // one that weighs nothing needs nothing, and what has a denominator is added up already
    table.weights.insert("gdp_per_head".to_owned(), 0.0);
    assert!(RankSettings::from_table(&table).is_ok());
    table.indicators[0].together = Some(HowTogether::Mean);
    assert!(RankSettings::from_table(&table).unwrap_err().to_string().contains("leave `together` out"));
}

#[test]
fn values_of_an_application_are_put_together_as_the_indicator_says() {
    // 10 and 30 of one column, by four indicators at once; c has 5
    use crate::config::rank_table::HowTogether::{Highest, Lowest, Mean, Sum};
    let mut e = evidence(vec![county("a", 10, 1), county("b", 10, 2), county("c", 10, 3)]);
    for (u, lorries) in [(0, 10.0), (1, 30.0), (2, 5.0)] {
        e.units[u].columns = [("lorries".to_owned(), lorries)].into();
    }
    let one = |how: HowTogether| IndicatorTable {
        key: format!("{how:?}").to_lowercase(),
        column: Some("lorries".to_owned()),
        direction: crate::config::method_words::Direction::HigherIsWorse,
        unit: String::new(),
        denominator: None,
        together: Some(how),
        pillar: "people".to_owned(),
        weight: 1.0,
        en: String::new(),
        zh: String::new(),
        source: String::new(),
    };
    let mut table = only("gap_share_class_weighted");
    table.indicators = [Sum, Mean, Highest, Lowest].map(one).to_vec();
    table.joint.push(JointTable { name: "x".to_owned(), lead: "a".to_owned(), members: vec!["b".to_owned()] });
    let own = |e: &Evidence, unit: usize| -> Vec<Option<f64>> {
        let s = stand(e, &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap();
        s.ranking.of(unit).unwrap().values[INDICATORS.len()..].to_vec()
    };
    assert_eq!(own(&e, 0), [40.0, 20.0, 30.0, 10.0].map(Some));
    assert_eq!(own(&e, 2), [Some(5.0); 4], "a county by itself has its own");
    // where one of them lacks it, the application does: not the highest of those that are there
    e.units[1].columns.clear();
    assert_eq!(own(&e, 0), [None; 4]);
}

#[test]
fn what_would_do_nothing_is_refused() {
    let refused = |table: &RankTable| RankSettings::from_table(table).unwrap_err().to_string();
    let mut table =
        RankTable { pillars: ["roads", "people", "supply"].map(|p| (p.to_owned(), 0.0)).into(), ..RankTable::default() };
    assert!(refused(&table).contains("all weights are 0"));
    table.pillars.clear();
    table.goalposts.insert("longest_dead_stretch_km".to_owned(), Goalpost::Ends([0.0, 50.0]));
    table.method.normalise = Some(Normalisation::Rank);
    assert!(refused(&table).contains("does not use goalposts"));
    // where nothing is said, goalposts are what they are used for, and every indicator needs them
    table.method.normalise = None;
    assert!(refused(&table).contains("\"gap_share_class_weighted\" has no goalposts"));
    table.goalposts.clear();
    table.lines = vec![LineTable { name: "x".to_owned(), places: Some(1), skip: true, ..LineTable::default() }];
    assert!(refused(&table).contains("has a cost or skip, and no budget"));
    table.lines.clear();
    table.eligibility.min_trust = Some(f64::NAN);
    assert!(refused(&table).contains("rank.eligibility.min_trust"));
    table.eligibility.min_trust = None;
    table.method.weighting = Some(crate::config::method_words::Weighting::Points(100));
    assert!(refused(&table).contains("add up to 1, not to 100"));
}
