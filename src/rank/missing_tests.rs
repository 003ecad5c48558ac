//! What a blank cell may do and may not: to the county itself, to the others, and to who is paid.

use super::select::select;
use super::stand_tests::{evidence, only};
use super::{Assessment, CountyFigures, Evidence, INDICATORS, RankSettings, assess, stand};
use crate::config::goalposts::Goalpost;
use crate::config::method_words::{Aggregation, Direction, Normalisation};
use crate::config::rank_table::{HowTogether, IndicatorTable, JointTable, Missing, UncertaintyTable};
use crate::config::round_file::SelectTable;
use crate::config::{RankTable, RoadClass};
use crate::issue::Issues;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Columns of the county table of these tests: two figures, what one of them is divided by, and the cost.
const COLUMNS: [&str; 4] = ["lorries", "area", "visitors", "cost"];
/// A blank in the table's column of people.
const RESIDENTS: usize = COLUMNS.len();
/// Our indicators that count here.
const OURS: [(&str, f64); 3] =
    [("gap_share_class_weighted", 0.3), ("longest_dead_stretch_km", 0.2), ("charging_stations_per_10000_people", 0.2)];

fn indicator(key: &str, denominator: Option<&str>, direction: Direction, weight: f64) -> IndicatorTable {
    IndicatorTable {
        key: key.to_owned(),
        column: None,
        direction,
        unit: String::new(),
        denominator: denominator.map(str::to_owned),
        together: denominator.is_none().then_some(HowTogether::Sum),
        pillar: "own".to_owned(),
        weight,
        en: String::new(),
        zh: String::new(),
        source: String::new(),
    }
}

fn table(missing: Missing, fixed: bool) -> RankTable {
    let weight = |key: &str| OURS.iter().find(|o| o.0 == key).map_or(0.0, |o| o.1);
    let mut table = RankTable {
        weights: INDICATORS.iter().map(|d| (d.key.to_owned(), weight(d.key))).collect(),
        indicators: vec![
            indicator("lorries", Some("area"), Direction::HigherIsWorse, 0.2),
            indicator("visitors", Some("population"), Direction::LowerIsWorse, 0.1),
        ],
        uncertainty: UncertaintyTable { draws: 0, ..UncertaintyTable::default() },
        ..RankTable::default()
    };
    table.method.missing = missing;
    if fixed {
        let posts = OURS.iter().map(|o| o.0).chain(["lorries", "visitors"]);
        let ends = [[0.1, 0.8], [2.0, 40.0], [0.0, 900.0], [0.5, 4.0], [0.0, 0.5]];
        table.goalposts = posts.zip(ends).map(|(key, ends)| (key.to_owned(), Goalpost::Ends(ends))).collect();
    }
    table
}

/// A county of six numbers, cells of the table among them.
fn county(i: usize, cells: &[u8; 8]) -> (CountyFigures, BTreeMap<String, f64>) {
    let [gap, longest, stations, residents, lorries, area, visitors, cost] = cells.map(u64::from);
    let mut f = CountyFigures { code: format!("{}{i:04}", 11 + i % 2), ..CountyFigures::default() };
    (f.road_mm[RoadClass::Local.index()], f.gap_mm[RoadClass::Local.index()]) = (100_000_000, gap % 101 * 1_000_000);
    (f.longest_stretch_mm, f.charging_stations) = (longest % 60 * 1_000_000, stations % 7);
    (f.people, f.residents) = (1 + residents, Some(10 + residents * 3));
    let values = [lorries % 9, 1 + area % 3, visitors % 50, cost % 12].map(|v| v as f64);
    (f, COLUMNS.map(str::to_owned).into_iter().zip(values).collect())
}

/// Counties with some cells blank already.
fn world(cells: &[[u8; 8]], blanks: &[(usize, usize)]) -> Evidence {
    let (figures, columns): (Vec<_>, Vec<_>) = cells.iter().enumerate().map(|(i, c)| county(i, c)).unzip();
    let mut e = evidence(figures);
    e.residents_given = true;
    e.units.iter_mut().zip(columns).for_each(|(u, c)| u.columns = c);
    for (county, cell) in blanks {
        blank(&mut e, *county % cells.len(), *cell);
    }
    e
}

fn blank(e: &mut Evidence, county: usize, cell: usize) {
    if cell == RESIDENTS {
        e.figures.iter_mut().for_each(|list| list[county].residents = None);
    } else {
        e.units[county].columns.remove(COLUMNS[cell]);
    }
}

fn ranked(e: &Evidence, table: &RankTable) -> Assessment {
    assess(e, &RankSettings::from_table(table).unwrap(), &mut Issues::default()).unwrap()
}

fn rank(a: &Assessment, county: usize) -> Option<u32> {
    a.ranking.of(county).unwrap().rank
}

fn score_bits(a: &Assessment, county: usize) -> Option<u64> {
    a.ranking.of(county).unwrap().score.map(f64::to_bits)
}

fn used(a: &Assessment) -> Vec<&str> {
    a.ranking.indicators.iter().filter(|u| u.weight > 0.0).map(|u| u.def.key.as_str()).collect()
}

/// Who is paid, by county.
fn paid(e: &Evidence, table: &RankTable, a: &Assessment, asked: &SelectTable) -> Vec<bool> {
    let settings = RankSettings::from_table(table).unwrap();
    select(asked, &a.ranking, e, &settings).iter().map(|c| c.why.is_selected()).collect()
}

#[derive(Clone, Debug)]
struct Case {
    cells: Vec<[u8; 8]>,
    before: Vec<(usize, usize)>,
    blanked: Vec<(usize, usize)>,
    table: RankTable,
    asked: SelectTable,
}

impl Case {
    /// The counties before and after more cells are blanked.
    fn worlds(&self) -> [Evidence; 2] {
        let after: Vec<(usize, usize)> = self.before.iter().chain(&self.blanked).copied().collect();
        [world(&self.cells, &self.before), world(&self.cells, &after)]
    }

    /// Counties that are blanked, with all that apply with them.
    fn own(&self) -> BTreeSet<usize> {
        let n = self.cells.len();
        let mut own: BTreeSet<usize> = self.blanked.iter().map(|(c, _)| c % n).collect();
        if !self.table.joint.is_empty() && (own.contains(&0) || own.contains(&2)) {
            own.extend([0, 2]);
        }
        own
    }
}

fn policy() -> impl Strategy<Value = Missing> {
    prop_oneof![3 => Just(Missing::OwnBounds), 1 => Just(Missing::NotRankable)]
}

fn blanks(most: usize) -> impl Strategy<Value = Vec<(usize, usize)>> {
    prop::collection::vec((0_usize..64, 0_usize..=RESIDENTS), 0..most)
}

prop_compose! {
    /// Quotas, places and a budget in any combination.
    fn selection()(
        quotas in prop::option::of((0_usize..4, 0_usize..4)),
        places in prop::option::of(0_usize..5),
        budget in prop::option::weighted(0.8, 0_u32..40),
        skip in any::<bool>(),
    ) -> SelectTable {
        SelectTable {
            places,
            quotas: quotas.map(|(a, b)| BTreeMap::from([("11".to_owned(), a), ("12".to_owned(), b)])),
            budget: budget.map(f64::from),
            cost_column: budget.map(|_| "cost".to_owned()),
            skip,
            ..SelectTable::default()
        }
    }
}

prop_compose! {
    /// Some counties by a method; cells are drawn from few numbers now and then, so that there are ties and constant columns.
    fn case(fixed: bool)(
        coarse in any::<bool>(),
        cells in prop::collection::vec(any::<[u8; 8]>(), 3..9),
        before in blanks(4),
        blanked in blanks(5),
        missing in policy(),
        geometric in any::<bool>(),
        scale in 0_usize..4,
        joint in prop::bool::weighted(0.2),
        asked in selection(),
    ) -> Case {
        let cells = cells.into_iter().map(|c| if coarse { c.map(|v| v % 3) } else { c }).collect();
        let mut table = table(missing, fixed);
        table.method.aggregate = geometric.then_some(Aggregation::Geometric);
        if !fixed {
            let ways = [Normalisation::MinMax, Normalisation::MinMax, Normalisation::Rank, Normalisation::DistanceToReference];
            table.method.normalise = Some(ways[scale]);
        }
        if joint {
            let members = vec![format!("{}0002", 11)];
            table.joint.push(JointTable { name: "x".to_owned(), lead: "110000".to_owned(), members });
        }
        Case { cells, before, blanked, table, asked }
    }
}

/// One county of the case, which all cells that are blanked belong to; of its application, where it is in one, it is the lead.
fn of_one(mut case: Case, county: usize) -> (Case, usize) {
    let county = county % case.cells.len();
    case.blanked.iter_mut().for_each(|b| b.0 = county);
    let lead = if case.own().contains(&0) { 0 } else { county };
    (case, lead)
}

proptest! {
    #![proptest_config(crate::test_support::cases(600))]

    /// (a) With goalposts no other score changes by a bit, nor do its points.
    #[test]
    fn between_goalposts_a_blank_moves_no_other_score(case in case(true)) {
        let [before, after] = case.worlds().map(|e| ranked(&e, &case.table));
        prop_assert_eq!(used(&before), used(&after));
        for i in (0..case.cells.len()).filter(|i| !case.own().contains(i)) {
            prop_assert_eq!(score_bits(&before, i), score_bits(&after, i), "county {}", i);
            prop_assert_eq!(&before.ranking.of(i).unwrap().points, &after.ranking.of(i).unwrap().points);
        }
    }

    /// (b) On a relative scale the indicators stay, the ends are those of counties with values, and whoever moved is listed.
    #[test]
    fn on_a_relative_scale_the_indicators_stay_and_whoever_moved_is_listed(case in case(false)) {
        let worlds = case.worlds();
        let [before, after] = [0, 1].map(|k| ranked(&worlds[k], &case.table));
        let (was, is): (BTreeSet<&str>, BTreeSet<&str>) = (used(&before).into_iter().collect(), used(&after).into_iter().collect());
        prop_assert!(was.is_subset(&is), "{:?} {:?}", was, is);
        // what is new was the same in every county, and so not used
        for key in is.difference(&was) {
            let i = before.ranking.indicators.iter().position(|u| u.def.key == *key).unwrap();
            prop_assert_eq!(before.ranking.indicators[i].min, before.ranking.indicators[i].max);
        }
        for s in &after.ranking.scales {
            let of = |county: usize| after.ranking.of(county).unwrap().values[s.indicator];
            let leads = |c: &usize| after.ranking.of(*c).unwrap().joint.is_none() || *c == 0;
            let values: Vec<f64> = (0..case.cells.len()).filter(leads).filter_map(of).collect();
            prop_assert_eq!((s.low, s.high), (values.iter().copied().reduce(f64::min), values.iter().copied().reduce(f64::max)));
            if let Some((low, high)) = s.counties {
                prop_assert_eq!((of(low), of(high)), (s.low, s.high));
            }
        }
        if was != is {
            return Ok(());
        }
        let listed: BTreeSet<usize> = after.ranking.open.iter().map(|o| o.county).collect();
        let others: Vec<usize> = (0..case.cells.len())
            .filter(|i| !case.own().contains(i) && rank(&before, *i).is_some() && rank(&after, *i).is_some())
            .collect();
        for a in &others {
            for b in others.iter().filter(|b| *b > a) {
                let above = |x: &Assessment| rank(x, *a) < rank(x, *b);
                if above(&before) != above(&after) {
                    prop_assert!(listed.contains(a) && listed.contains(b), "{} and {} changed places: {:?}", a, b, listed);
                }
            }
        }
    }

    /// (c) Between goalposts a county never gains a place or money by blanks of its own.
    #[test]
    fn between_goalposts_a_blank_gains_nothing((case, own) in (case(true), 0_usize..64).prop_map(|(c, i)| of_one(c, i))) {
        gains_nothing(&case, own)?;
    }

    /// (c) Nor does it on a relative scale, where its value may have held an end.
    #[test]
    fn on_a_relative_scale_a_blank_gains_nothing((case, own) in (case(false), 0_usize..64).prop_map(|(c, i)| of_one(c, i))) {
        gains_nothing(&case, own)?;
    }

    /// The model behind the ranges stands where the ranking does, and the line of the selection where the selection does.
    #[test]
    fn ranges_and_lines_go_by_the_same_rules(case in prop_oneof![case(true), case(false)]) {
        let mut table = case.table.clone();
        table.uncertainty = UncertaintyTable { draws: 3, samples: 0, ..UncertaintyTable::default() };
        table.lines = case.asked.line().into_iter().collect();
        let [e, _] = case.worlds();
        super::limits::take_off(&mut table, &e, "", &mut Issues::default()).unwrap();
        table.lines.retain(|l| !l.quota.as_ref().is_some_and(BTreeMap::is_empty));
        let a = ranked(&e, &table);
        let Some(sure) = &a.sureness else { return Ok(()) };
        let of = |place: u16| a.ranking.rows[usize::from(place) - 1].score.unwrap();
        let score = |unit: usize| a.ranking.of(unit).unwrap().score.unwrap();
        for u in &sure.ranges.units {
            // scores of six decimals are sums of rounded points here and rounded sums there
            prop_assert!((score(u.unit) - of(u.nominal)).abs() < 1e-5, "county {}: {:?}", u.unit, u);
        }
        if sure.ranges.units.iter().any(|u| rank(&a, u.unit) != Some(u32::from(u.nominal))) {
            return Ok(());
        }
        let settings = RankSettings::from_table(&table).unwrap();
        let choices = select(&case.asked, &a.ranking, &e, &settings);
        for chance in sure.ranges.lines.iter().flat_map(|l| &l.units) {
            let selected = choices[chance.unit].why == super::select::Why::Selected;
            prop_assert_eq!(chance.nominal, selected, "county {}: {:?}", chance.unit, choices[chance.unit]);
        }
    }
}

fn gains_nothing(case: &Case, own: usize) -> Result<(), TestCaseError> {
    let [before, after] = case.worlds();
    let [was, is] = [&before, &after].map(|e| ranked(e, &case.table));
    let place = |a: &Assessment| rank(a, own).unwrap_or(u32::MAX);
    prop_assert!(place(&is) >= place(&was), "county {} rose from {} to {}", own, place(&was), place(&is));
    let [had, has] = [(&before, &was), (&after, &is)].map(|(e, a)| paid(e, &case.table, a, &case.asked)[own]);
    prop_assert!(had || !has, "county {} is paid for want of a value", own);
    Ok(())
}

/// Three counties and one figure of the table, 0 to 10, at weight 1; the gap shares at weight 1 too.
fn small(missing: Missing, fixed: bool, lorries: [Option<f64>; 3]) -> Assessment {
    let mut t = only("gap_share_class_weighted");
    t.indicators = vec![indicator("lorries", None, Direction::HigherIsWorse, 1.0)];
    t.method.missing = missing;
    t.uncertainty.draws = 0;
    if fixed {
        t.goalposts = [("gap_share_class_weighted", [0.0, 1.0]), ("lorries", [0.0, 10.0])]
            .map(|(key, ends)| (key.to_owned(), Goalpost::Ends(ends)))
            .into();
    }
    // gap shares 0, 0.5, 1
    let mut e =
        evidence([("110001", 0), ("110002", 5), ("110003", 10)].map(|(c, g)| super::stand_tests::county(c, 10, g)).into());
    for (u, v) in e.units.iter_mut().zip(lorries) {
        u.columns.extend(v.map(|v| ("lorries".to_owned(), v)));
    }
    ranked(&e, &t)
}

fn scores(a: &Assessment) -> Vec<Option<f64>> {
    (0..a.ranking.rows.len()).map(|i| a.ranking.of(i).unwrap().score).collect()
}

#[test]
fn the_worked_example_of_the_notes() {
    // Goalposts: gap 0, 50, 100; lorries 40, –, 80. The second: (50 + 0)/2 = 25, at the other end (50 + 100)/2 = 75.
    let lorries = [Some(4.0), None, Some(8.0)];
    let a = small(Missing::OwnBounds, true, lorries);
    assert_eq!(scores(&a), [Some(20.0), Some(25.0), Some(90.0)]);
    let ends = a.ranking.of(1).unwrap().ends.unwrap();
    assert_eq!((ends.low, ends.high, ends.rank_high, ends.relative), (25.0, 75.0, 2, false));
    assert!(a.ranking.open.is_empty());
    // Relative: lorries run from 4 to 8: 0, –, 100. By the low end the second has 25; it is placed as if it had 0 and the others 100
    // in that indicator: (50 − 100)/2 = −25.
    let a = small(Missing::OwnBounds, false, lorries);
    assert_eq!(scores(&a), [Some(0.0), Some(-25.0), Some(100.0)]);
    let ends = a.ranking.of(1).unwrap().ends.unwrap();
    assert_eq!((ends.low, ends.high, ends.rank_high, ends.relative), (25.0, 75.0, 2, true));
    // and so with no value at all it is the last, though the first has no point
    assert_eq!(a.ranking.rows.iter().map(|r| r.county).collect::<Vec<_>>(), [2, 0, 1]);
    // the others: not ranked, least favourable (4 ⇒ 0 points), median (6 ⇒ 50), mean (6)
    for (policy, want) in [
        (Missing::NotRankable, None),
        (Missing::LeastFavourableOfProvince, Some(25.0)),
        (Missing::MedianOfProvince, Some(50.0)),
        (Missing::MeanOfProvince, Some(50.0)),
        (Missing::Carry, Some(50.0)),
    ] {
        let a = small(policy, false, lorries);
        assert_eq!(scores(&a), [Some(0.0), want, Some(100.0)], "{policy:?}");
        assert_eq!(a.ranking.of(1).unwrap().lacks, [INDICATORS.len()], "{policy:?}");
    }
}

#[test]
fn the_scale_of_one_who_held_its_end_helps_nobody() {
    // Lorries 0, 5, 10 and gap 0.5, 0, 1 would be: first 0 + 50, second 50 + 0, third. Without its 0 the scale of the others runs
    // from 5: the second would fall to 0, and the first be above it by saying nothing.
    let gaps = |lorries: [Option<f64>; 3]| {
        let a = small(Missing::OwnBounds, false, lorries);
        (0..3).map(|i| rank(&a, i).unwrap()).collect::<Vec<_>>()
    };
    // gap 0, 50, 100; lorries 6, 0, 10 of 0..10: 60, 0, 100 ⇒ 30, 25, 100
    assert_eq!(gaps([Some(6.0), Some(0.0), Some(10.0)]), [2, 3, 1]);
    // without the 0: 6 ⇒ 0, so the first has 0, and the second must stay behind it
    assert_eq!(gaps([Some(6.0), None, Some(10.0)]), [2, 3, 1]);
}

#[test]
fn methods_without_ends_do_not_rank_who_lacks_a_value() {
    let mut t = only("gap_share_class_weighted");
    t.indicators = vec![indicator("lorries", None, Direction::HigherIsWorse, 1.0)];
    let mut e = evidence([("a", 1), ("b", 5), ("c", 9), ("d", 4)].map(|(c, g)| super::stand_tests::county(c, 10, g)).into());
    for (u, v) in e.units.iter_mut().zip([3.0, 1.0, 2.0]) {
        u.columns.insert("lorries".to_owned(), v);
    }
    for (normalise, aggregate) in
        [(Normalisation::ZScore, Aggregation::Arithmetic), (Normalisation::MinMax, Aggregation::Copeland)]
    {
        (t.method.normalise, t.method.aggregate) = (Some(normalise), Some(aggregate));
        let s = stand(&e, &RankSettings::from_table(&t).unwrap(), &mut Issues::default()).unwrap();
        let row = s.ranking.of(3).unwrap();
        let why = "it has no value of lorries, and under this method it has no bounds to stand by";
        assert_eq!((row.rank, row.not_rankable.as_deref()), (None, Some(why)), "{normalise:?}");
        assert_eq!(s.ranking.rows.iter().filter(|r| r.rank.is_some()).count(), 3);
    }
}

#[test]
fn what_would_move_a_fixed_score_is_refused_with_the_reason() {
    use crate::config::method_words::Weighting;
    use crate::config::rank_table::OutlierTable;
    let refused = |change: fn(&mut RankTable)| {
        let mut t = table(Missing::OwnBounds, true);
        change(&mut t);
        RankSettings::from_table(&t).unwrap_err().to_string()
    };
    for (key, change) in [
        ("rank.method.weighting", (|t| t.method.weighting = Some(Weighting::Pca)) as fn(&mut RankTable)),
        ("rank.method.outliers", |t| t.method.outliers = Some(OutlierTable::default())),
        ("rank.uncertainty.outliers", |t| t.uncertainty.outliers = true),
        ("rank.method.aggregate", |t| t.method.aggregate = Some(Aggregation::Copeland)),
        ("rank.method.missing", |t| t.method.missing = Missing::MedianOfProvince),
        ("rank.method.missing", |t| t.method.missing = Missing::MeanOfProvince),
        ("rank.method.missing", |t| t.method.missing = Missing::LeastFavourableOfProvince),
        ("rank.method.missing", |t| t.method.missing = Missing::LeaveOut),
    ] {
        let told = refused(change);
        assert!(told.contains(key) && told.contains("a score is the same whoever takes part"), "{told}");
    }
    assert!(refused(|t| drop(t.goalposts.remove("lorries"))).contains("\"lorries\" has no goalposts"));
    assert!(refused(|t| drop(t.goalposts.insert("lorry".to_owned(), Goalpost::Ends([0.0, 1.0])))).contains("lorries"));
    let upside_down = |t: &mut RankTable| drop(t.goalposts.insert("lorries".to_owned(), Goalpost::Ends([1.0, 0.0])));
    assert!(refused(upside_down).contains("not a lower and an upper end"));
}

#[test]
fn goalposts_keep_a_constant_indicator_and_count_what_lies_beyond() {
    // lorries 12 everywhere, goalposts 0 and 10: 100 points each, cut at the upper end
    let a = small(Missing::OwnBounds, true, [Some(12.0), Some(12.0), Some(12.0)]);
    assert_eq!(scores(&a), [Some(50.0), Some(75.0), Some(100.0)]);
    let lorries = a.ranking.scales.last().unwrap();
    assert_eq!((lorries.below, lorries.above, lorries.lacking, lorries.counties), (0, 3, 0, None));
    // relative, it is left out as before
    assert_eq!(scores(&small(Missing::OwnBounds, false, [Some(12.0); 3])), [Some(0.0), Some(50.0), Some(100.0)]);
    // nobody has a value: the indicator keeps its weight, and all stand by the end with the fewest points
    assert_eq!(scores(&small(Missing::OwnBounds, true, [None; 3])), [Some(0.0), Some(25.0), Some(50.0)]);
}
