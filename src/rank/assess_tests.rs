//! How sure a ranking is, on counties whose places can be worked out.

use super::stand_tests::{county, evidence, only};
use super::{Evidence, RankSettings, StationSet, assess};
use crate::config::RankTable;
use crate::config::rank_table::{LineTable, UncertaintyTable};
use crate::issue::Issues;

/// Nothing varies but what the evidence has two of.
fn still() -> UncertaintyTable {
    UncertaintyTable {
        draws: 400,
        weights_spread: 0.0,
        goalposts_spread: 0.0,
        normalise: Vec::new(),
        aggregate: Vec::new(),
        ..UncertaintyTable::default()
    }
}

fn line(places: usize) -> LineTable {
    LineTable { name: "first".to_owned(), places: Some(places), ..LineTable::default() }
}

/// With all stations a is before b, without the doubtful ones b is before a; c is always last.
fn two_worlds() -> Evidence {
    let mut e = evidence(vec![county("a", 10, 8), county("b", 10, 7), county("c", 10, 1)]);
    e.stations.push(StationSet::Trusted);
    e.figures.push(vec![county("a", 10, 8), county("b", 10, 9), county("c", 10, 1)]);
    e
}

#[test]
fn a_place_that_rests_on_doubtful_stations_is_contested() {
    let table = RankTable { uncertainty: still(), lines: vec![line(1)], ..only("gap_share_class_weighted") };
    let got = assess(&two_worlds(), &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap();
    let sure = got.sureness.unwrap();
    assert_eq!(sure.factors, [("stations".to_owned(), vec!["all".to_owned(), "trusted".to_owned()])]);
    // Both worlds are equally likely: of 400 draws 200 ± 50 (five standard deviations of a coin) put a first.
    let chances = &sure.ranges.lines[0].units;
    assert!((150..=250).contains(&chances[0].above), "{}", chances[0].above);
    assert_eq!(chances[0].above + chances[1].above, 400);
    let bands: Vec<&str> = chances.iter().map(|c| c.band.as_str()).collect();
    assert_eq!(bands, ["contested", "contested", "out"]);
    let ranges: Vec<_> = sure.ranges.units.iter().map(|u| (u.nominal, u.low, u.high)).collect();
    assert_eq!(ranges, [(1, 1, 2), (2, 1, 2), (3, 3, 3)]);
    // the only factor is all of it
    let index = sure.sensitivity.unwrap().mean_change.factors[0];
    assert!((index.total.unwrap() - 1.0).abs() < 0.3, "{index:?}");
}

#[test]
fn ties_go_to_the_longer_gap_in_every_draw_too() {
    // b, d and e have half of their roads in a gap; that of e is longer, and its code the highest
    let figures = vec![county("d", 10, 5), county("b", 10, 5), county("e", 20, 10), county("c", 10, 0)];
    let table = RankTable { uncertainty: still(), lines: vec![line(1)], ..only("gap_share_class_weighted") };
    let got = assess(&evidence(figures), &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap();
    let sure = got.sureness.unwrap();
    assert_eq!(sure.ranges.units.iter().map(|u| (u.nominal, u.low, u.high)).collect::<Vec<_>>(), [3, 2, 1, 4].map(|r| (r, r, r)));
}

#[test]
fn the_uncertain_model_gives_the_ranking_where_nothing_is_varied() {
    let mut figures: Vec<_> = (0..40u64).map(|i| county(&format!("{:06}", 500_000 + i), 50 + i, (i * i * 7) % 50)).collect();
    for (i, f) in (0u64..).zip(&mut figures) {
        (f.longest_stretch_mm, f.charging_stations) = ((i * 37 % 11) * 1_000_000, i % 5);
        (f.people, f.people_in_gap, f.settlements) = (100 + i, (i * 13) % 90, 3);
    }
    let table = RankTable { lines: vec![line(10)], ..RankTable::default() };
    let got = assess(&evidence(figures), &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap();
    let sure = got.sureness.unwrap();
    for u in &sure.ranges.units {
        assert_eq!(got.ranking.of(u.unit).unwrap().rank, Some(u32::from(u.nominal)), "unit {}", u.unit);
        assert!(u.low <= u.median && u.median <= u.high);
    }
    // ten places in every draw
    let above: u32 = sure.ranges.lines[0].units.iter().map(|c| c.above).sum();
    assert_eq!(above, 10 * sure.ranges.draws);
    let reversal = sure.reversal.unwrap();
    assert_eq!(reversal.removed, 40);
}

#[test]
fn lines_that_do_not_fit_are_refused_by_name() {
    let table = RankTable { lines: vec![line(4)], ..only("gap_share_class_weighted") };
    let err = assess(&two_worlds(), &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap_err();
    assert!(err.to_string().contains("first"), "{err}");
    let none = LineTable { name: "none".to_owned(), ..LineTable::default() };
    let table = RankTable { lines: vec![none], ..RankTable::default() };
    assert!(RankSettings::from_table(&table).unwrap_err().to_string().contains("one or more of places, quota and budget"));
    // what only a control character tells apart is one name in a table
    let named = |name: &str| LineTable { name: name.to_owned(), ..line(1) };
    for names in [["a", "a\n"], ["b", "\u{7}"]] {
        let table = RankTable { lines: names.map(named).to_vec(), ..RankTable::default() };
        assert!(RankSettings::from_table(&table).unwrap_err().to_string().contains("rank.lines[1].name"));
    }
    let paid = |(name, column): (&str, &str)| LineTable {
        name: name.to_owned(),
        budget: Some(1.0),
        cost_column: Some(column.to_owned()),
        ..LineTable::default()
    };
    let table =
        |columns: [&str; 2]| RankTable { lines: ["a", "b"].into_iter().zip(columns).map(paid).collect(), ..RankTable::default() };
    assert!(RankSettings::from_table(&table(["p\nq", "pq"])).unwrap_err().to_string().contains("rank.lines[1].cost_column"));
    assert!(RankSettings::from_table(&table(["p\nq", "p\nq"])).is_ok());
}

#[test]
fn points_and_principal_components_can_be_varied_too() {
    use crate::config::method_words::Weighting;
    let mut e = two_worlds();
    for (i, f) in e.figures.iter_mut().flatten().enumerate() {
        f.longest_stretch_mm = (i as u64 * 7 % 5) * 1_000_000;
    }
    for weighting in [Weighting::Points(3), Weighting::Pca, Weighting::Equal] {
        let weights = [("gap_share_class_weighted", 2.0), ("longest_dead_stretch_km", 1.0)];
        let weights = super::INDICATORS.iter().map(|d| {
            let weight = weights.iter().find(|w| w.0 == d.key).map_or(0.0, |w| w.1);
            (d.key.to_owned(), weight)
        });
        let mut table = RankTable { weights: weights.collect(), lines: vec![line(1)], ..RankTable::default() };
        table.method.weighting = Some(weighting);
        let got = assess(&e, &RankSettings::from_table(&table).unwrap(), &mut Issues::default()).unwrap();
        for u in &got.sureness.unwrap().ranges.units {
            assert_eq!(got.ranking.of(u.unit).unwrap().rank, Some(u32::from(u.nominal)), "{weighting:?}");
        }
    }
}
