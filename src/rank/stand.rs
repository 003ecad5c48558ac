//! The ranking as things are: who is eligible, which indicators are used, the index, a total order, and the reasons.
//!
//! # References
//! OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008; the steps are those of [`super::composite`].

use super::choose::choose;
use super::composite::{
    Composite, Group, Imputation, Lacking, Leaf, Points, Step, Tree, UnitTable, ValueColumn, build, ranks, six,
};
use super::cost::CostRule;
use super::evidence::{Evidence, JointMember};
use super::figures::CountyFigures;
use super::indicator::INDICATORS;
use super::missing;
use super::ranking::{RankRow, Ranking, Reason, Used};
use super::settings::{IndicatorDef, IndicatorOrigin, RankSettings};
use crate::config::method_words::Normalisation;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeMap;

/// The nominal ranking with what it was made of.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The ranking.
    pub ranking: Ranking,
    /// Units that are ranked (county indices), in the order of the composite's rows.
    pub units: Vec<usize>,
    /// Indicators that are used, in the order of the tree's leaves.
    pub leaves: Vec<usize>,
    /// The composite; none where no indicator can tell the counties apart.
    pub composite: Option<Composite>,
}

/// Ranks the units of some evidence; rank 1 is the greatest shortfall.
///
/// # Errors
/// Usage and input, from the method: a value that a mean cannot take, say. What can be left out is, and is an issue.
pub fn stand(evidence: &Evidence, settings: &RankSettings, issues: &mut Issues) -> Result<Standing> {
    check_codes(evidence, settings)?;
    let given = evidence;
    let (evidence, members) = given.joined(&settings.table)?;
    let figures = evidence.nominal();
    let mut rows: Vec<RankRow> = figures.iter().enumerate().map(|(i, f)| row(i, f, &evidence, settings)).collect();
    exclude(&mut rows, (given, &evidence), &members, settings, issues);
    exclude_all_without_stations(&mut rows, (&evidence, figures), settings, issues);
    let units: Vec<usize> = (0..rows.len()).filter(|i| rows[*i].not_rankable.is_none()).collect();
    let (mut indicators, tree, leaves) = choose(&rows, &units, &evidence, settings, issues);
    let provinces = evidence.provinces(settings);
    let table = table_of(&rows, &units, &leaves, &evidence, settings);
    let composite = if leaves.is_empty() { None } else { Some(build(&table, &tree, &settings.method)?) };
    for u in &units {
        rows[*u].lacks = leaves.iter().copied().filter(|i| rows[*u].values[*i].is_none()).collect();
    }
    let mut ranked = units.clone();
    if let Some(c) = &composite {
        for (unit, why) in &c.not_ranked {
            let row = &mut rows[units[*unit]];
            let why = missing::reason(why, row, settings);
            row.not_rankable = Some(why.clone());
            not_ranked(issues, &evidence.units[row.county].code, &why);
        }
        ranked.retain(|i| rows[*i].not_rankable.is_none());
        fill(&mut rows, c, (&units, &leaves), &mut indicators);
    }
    for i in &ranked {
        rows[*i].score = rows[*i].score.or(Some(0.0));
    }
    let adds_up = composite.as_ref().is_none_or(|c| c.contributions(0).kind == Points::AddUp);
    explain(&mut rows, &indicators);
    order(&mut rows, figures, &provinces);
    if let Some(c) = &composite {
        missing::set_ends(&mut rows, (&table, &tree), c, &units, figures)?;
    }
    let pillars = pillars_of(composite.as_ref(), &tree);
    let scales = missing::scales(&rows, &units, &leaves, settings, &evidence);
    let ranking = Ranking { indicators, pillars, adds_up, rows, scales, open: Vec::new() };
    Ok(Standing { ranking, units, leaves, composite })
}

fn row(county: usize, f: &CountyFigures, evidence: &Evidence, settings: &RankSettings) -> RankRow {
    let n = settings.indicators.len();
    RankRow {
        county,
        values: settings.indicators.iter().map(|d| value_of(d, f, evidence, county, settings)).collect(),
        scaled: vec![None; n],
        points: vec![0.0; n],
        per_unit: vec![None; n],
        ..RankRow::default()
    }
}

/// Value of an indicator; none where it means nothing.
pub(super) fn value_of(
    def: &IndicatorDef,
    f: &CountyFigures,
    evidence: &Evidence,
    unit: usize,
    settings: &RankSettings,
) -> Option<f64> {
    if let Some(value) = settings.table.value_by_hand(&evidence.units[unit].code, &def.key) {
        return Some(value);
    }
    let value = match &def.from {
        IndicatorOrigin::Ours(i) if INDICATORS[*i].per_head && evidence.heads(f).is_none() => None,
        IndicatorOrigin::Ours(i) => (INDICATORS[*i].value)(f, &settings.weights.classes),
        // of counties that apply together, as the indicator says
        IndicatorOrigin::Column { .. } if evidence.units[unit].together.contains_key(&def.key) => {
            evidence.units[unit].together[&def.key]
        }
        IndicatorOrigin::Column { column, denominator } => {
            let columns = &evidence.units[unit].columns;
            let by = match denominator.as_deref() {
                None => Some(1.0),
                Some("population") => evidence.heads(f).map(|people| people as f64),
                Some("road_km") => Some(crate::space::units::km(f.road_total_mm())),
                Some(other) => columns.get(other).copied(),
            };
            columns.get(column).copied().zip(by.filter(|by| *by > 0.0)).map(|(v, by)| v / by)
        }
    };
    value.filter(|v| v.is_finite())
}

/// Codes that the rules name must be counties of this run: a slip would leave one out in silence.
///
/// # Errors
/// Usage, for the first that is none.
pub fn check_codes(evidence: &Evidence, settings: &RankSettings) -> Result<()> {
    let rules = &settings.table.eligibility;
    let only = rules.only.iter().flatten().map(|c| ("rank.eligibility.only", c));
    for (key, code) in only.chain(rules.except.keys().map(|c| ("rank.eligibility.except", c))) {
        if !evidence.units.iter().any(|u| u.code == *code) {
            let what = format!("no county has the code {code}");
            let next = "give the codes of counties of this run";
            return Err(Error::usage(what, next).at(Location::default().field(key)));
        }
    }
    Ok(())
}

/// Says of each county that may not be ranked why; the evidence is that of the counties, and that of applications put together.
fn exclude(
    rows: &mut [RankRow],
    (given, evidence): (&Evidence, &Evidence),
    members: &BTreeMap<usize, JointMember>,
    settings: &RankSettings,
    issues: &mut Issues,
) {
    let rules = &settings.table.eligibility;
    for row in rows {
        let (unit, f) = (&evidence.units[row.county], &evidence.nominal()[row.county]);
        let member = members.get(&row.county);
        row.joint = member.map(|m| m.name.clone());
        let road_km = crate::space::units::km(f.road_total_mm());
        // An application stands and falls with each of its counties.
        let lead = member.map_or(row.county, |m| m.lead);
        let together = || members.iter().filter(|(_, m)| m.lead == lead).map(|(u, _)| *u).chain([row.county]);
        let code = |u: usize| evidence.units[u].code.as_str();
        let outside = |u: &usize| rules.only.as_ref().is_some_and(|only| !only.iter().any(|c| c == code(*u)));
        let why = if let Some(m) = member.filter(|m| m.lead != row.county) {
            Some(format!("it applies with {} ({})", evidence.units[m.lead].code, m.name))
        } else if f.road_total_mm() == 0 {
            Some("it has no road".to_owned())
        } else if let Some(u) = together().find(outside) {
            let whose = if u == row.county { "it".to_owned() } else { format!("{} of its application", code(u)) };
            Some(format!("{whose} is not among the counties of this round"))
        } else if let Some((u, why)) = together().find_map(|u| Some((u, excepted(code(u), settings)?))) {
            Some(if u == row.county { why } else { format!("{} of its application: {why}", code(u)) })
        } else if rules.min_road_km.is_some_and(|km| road_km < km) {
            Some(format!("it has {road_km:.1} km of road, less than {} km", rules.min_road_km.unwrap_or(0.0)))
        } else if let Some((trust, least)) = unit.trust.zip(rules.min_trust).filter(|(trust, least)| trust < least) {
            Some(format!("its inputs are trusted {trust:.0} of 100, less than {least}"))
        } else {
            let costs = settings.table.lines.iter().filter_map(|l| l.cost_header());
            let unknown = |column| Some((CostRule::Column(column).unknown((given, &settings.table), row.county)?, column));
            let why = costs.into_iter().find_map(unknown).map(|(u, column)| {
                let whose = if u == row.county { "it".to_owned() } else { format!("{} of its application", code(u)) };
                format!("what {whose} costs is not known (column \"{column}\")")
            });
            if let Some(why) = why.as_ref().filter(|_| !settings.before_bounds) {
                let at = Location::default().id(unit.code.as_str());
                issues.push(Layer::Ranking, IssueCode::CostUnknown, at, format!("{why}: the county is ranked, and never funded"));
            }
            why.filter(|_| settings.before_bounds)
        };
        if let Some(why) = &why {
            not_ranked(issues, &unit.code, why);
        }
        row.not_rankable = why;
    }
}

/// Nobody is ranked by coverage where there is none at all: with no charging station in reach of any county, the longest road would
/// make the first place. Columns of the county table and what demand asks for, where they weigh, still tell counties apart.
fn exclude_all_without_stations(
    rows: &mut [RankRow],
    (evidence, figures): (&Evidence, &[CountyFigures]),
    settings: &RankSettings,
    issues: &mut Issues,
) {
    let bare = |f: &CountyFigures| f.charging_stations == 0 && f.gap_mm == f.road_mm;
    let by_others = |d: &IndicatorDef| d.weight > 0.0 && (d.is_of_demand() || matches!(d.from, IndicatorOrigin::Column { .. }));
    if !figures.iter().all(bare) || settings.indicators.iter().any(by_others) {
        return;
    }
    for row in rows.iter_mut().filter(|r| r.not_rankable.is_none()) {
        let why = "no charging station is within reach of any county, so coverage cannot tell them apart";
        not_ranked(issues, &evidence.units[row.county].code, why);
        row.not_rankable = Some(why.to_owned());
    }
}

/// Why a county may not be ranked, by the rules or by hand.
fn excepted(code: &str, settings: &RankSettings) -> Option<String> {
    settings.table.eligibility.except.get(code).cloned().or_else(|| settings.table.excluded_by_hand(code))
}

fn not_ranked(issues: &mut Issues, code: &str, why: &str) {
    let at = Location::default().id(code);
    issues.push(Layer::Ranking, IssueCode::NotRankable, at, format!("the county is not ranked: {why}"));
}

/// The tree of some indicators: pillars in the order in which they first come, then the index.
pub(super) fn tree_of(settings: &RankSettings, leaves: &[usize], weight: &[f64]) -> Tree {
    let mut tree = Tree::default();
    for &i in leaves {
        let def = &settings.indicators[i];
        let parent = tree.groups.iter().position(|g| g.key == def.pillar).unwrap_or_else(|| {
            tree.groups.push(Group { key: def.pillar.clone(), parent: None, weight: 0.0, aggregate: None });
            tree.groups.len() - 1
        });
        tree.groups[parent].weight += weight[i];
        let (key, direction, goalposts) = (def.key.clone(), def.direction, def.goalposts);
        tree.leaves.push(Leaf { key, parent, weight: weight[i], direction, denominator: None, goalposts });
    }
    let index = tree.groups.len();
    for group in &mut tree.groups {
        group.weight = settings.table.pillars.get(&group.key).copied().unwrap_or(group.weight);
        group.parent = Some(index);
    }
    if tree.groups.iter().all(|g| g.weight == 0.0) {
        tree.groups.iter_mut().for_each(|g| g.weight = 1.0); // all that is left weighs nothing against what is not there
    }
    // Keys of leaves and groups must differ, and an indicator may bear the name of a pillar.
    tree.groups.push(Group { key: "score".to_owned(), parent: None, weight: 1.0, aggregate: None });
    tree
}

pub(super) fn table_of(
    rows: &[RankRow],
    units: &[usize],
    leaves: &[usize],
    evidence: &Evidence,
    settings: &RankSettings,
) -> UnitTable {
    let column = |i: &usize| ValueColumn {
        key: settings.indicators[*i].key.clone(),
        unit: settings.indicators[*i].unit.clone(),
        values: units.iter().map(|u| rows[*u].values[*i]).collect(),
        extra: false,
    };
    table(leaves.iter().map(column).collect(), units, evidence, settings)
}

/// A table of the units with these columns.
pub(super) fn table(columns: Vec<ValueColumn>, units: &[usize], evidence: &Evidence, settings: &RankSettings) -> UnitTable {
    let province = |u: &usize| Some(settings.province(&evidence.units[*u].code)).filter(|p| !p.is_empty()).map(str::to_owned);
    UnitTable {
        codes: units.iter().map(|u| evidence.units[*u].code.clone()).collect(),
        groups: units.iter().map(province).collect(),
        columns,
    }
}

/// Takes scores, points and scaled values from the composite.
fn fill(rows: &mut [RankRow], c: &Composite, (units, leaves): (&[usize], &[usize]), indicators: &mut [Used]) {
    for (leaf, i) in leaves.iter().enumerate() {
        indicators[*i].weight = c.effective[leaf];
    }
    let steps = &c.method.steps;
    let straight = steps.contains(&Step::Normalise(Normalisation::MinMax))
        && !steps.iter().any(|s| {
            matches!(
                s,
                Step::Treat { .. } | Step::Impute(Imputation::GroupMean | Imputation::GroupMedian | Imputation::GroupLeast)
            )
        });
    for (unit, county) in units.iter().enumerate().filter(|(u, _)| !c.not_ranked.contains_key(u)) {
        let row = &mut rows[*county];
        let given = c.contributions(unit);
        for (leaf, i) in leaves.iter().enumerate() {
            row.points[*i] = six(given.points[leaf].unwrap_or(0.0));
            let stood_in = row.values[*i].is_none() && c.method.lacking != Lacking::Carry;
            row.scaled[*i] = c.normalised[leaf][unit].map(six).filter(|_| !stood_in);
            let used = &indicators[*i];
            let known = straight && (row.values[*i].is_some() || c.method.lacking == Lacking::Carry);
            let range = used.max.zip(used.min).map(|(max, min)| max - min).filter(|r| *r > 0.0 && known);
            // A point of the scale is worth the share of the points that the value has; known where points add up.
            let a_point = given.points[leaf].zip(c.normalised[leaf][unit]).filter(|(_, v)| *v > 0.0).map(|(p, v)| p / v);
            let a_point = a_point.or(Some(used.weight)).filter(|_| given.kind == Points::AddUp);
            let per_scale = (c.method.scale.1 - c.method.scale.0) * used.def.direction.sign();
            row.per_unit[*i] = range.zip(a_point).map(|(r, p)| p * per_scale / r);
        }
        row.score = Some(match given.kind {
            Points::AddUp => six(row.points.iter().sum()),
            Points::WithoutValue => six(c.index()[unit].unwrap_or(0.0)),
        });
    }
}

/// Points above or below the mean of all, largest first.
fn explain(rows: &mut [RankRow], indicators: &[Used]) {
    let ranked = rows.iter().filter(|r| r.score.is_some()).count().max(1) as f64;
    let mean: Vec<f64> = (0..indicators.len())
        .map(|i| rows.iter().filter(|r| r.score.is_some()).map(|r| r.points[i]).sum::<f64>() / ranked)
        .collect();
    for row in rows.iter_mut().filter(|r| r.score.is_some()) {
        let used = indicators.iter().enumerate().filter(|(_, u)| u.weight > 0.0);
        let mut reasons: Vec<Reason> = used.map(|(i, _)| Reason { indicator: i, points: six(row.points[i] - mean[i]) }).collect();
        reasons.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()).then(a.indicator.cmp(&b.indicator)));
        row.reasons = reasons;
    }
}

/// Puts the rows in order and numbers them, in all and within each province.
fn order(rows: &mut [RankRow], figures: &[CountyFigures], provinces: &[String]) {
    let scores: Vec<Option<f64>> = rows.iter().map(|r| r.score).collect();
    let gaps: Vec<f64> = rows.iter().map(|r| figures[r.county].gap_total_mm() as f64).collect();
    let codes: Vec<String> = rows.iter().map(|r| figures[r.county].code.clone()).collect();
    for (row, place) in rows.iter_mut().zip(ranks(&scores, &gaps, &codes)) {
        row.rank = place.map(|p| p.rank);
        row.tied = place.is_some_and(|p| p.tied);
    }
    rows.sort_by(|a, b| {
        let key = |r: &RankRow| r.rank.unwrap_or(u32::MAX);
        key(a).cmp(&key(b)).then_with(|| figures[a.county].code.cmp(&figures[b.county].code))
    });
    let mut count: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows.iter_mut().filter(|r| r.rank.is_some()) {
        let n = count.entry(provinces[row.county].as_str()).or_insert(0);
        *n += 1;
        row.rank_in_province = Some(*n);
    }
}

fn pillars_of(composite: Option<&Composite>, tree: &Tree) -> Vec<(String, f64)> {
    let Some(c) = composite else { return Vec::new() };
    let pillars = tree.groups.iter().filter(|g| g.parent.is_some());
    pillars.map(|g| (g.key.clone(), c.weight(&g.key).unwrap_or(0.0))).collect()
}
