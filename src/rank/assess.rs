//! The ranking with what surrounds it: how far each place moves when the choices behind it do, who is above the lines for
//! certain, which choice matters, and what the ranking owes to each indicator.

use super::composite::{Group, Lacking, Leaf, Method, Problem, Step, StepLog, Tree, UnitTable, ValueColumn, build, six, usable};
use super::cost::{CostRule, UNKNOWN};
use super::evidence::{Evidence, StationSet};
use super::missing::open_places;
use super::ranking::Ranking;
use super::settings::RankSettings;
use super::stand::{Standing, stand, table, value_of};
use super::uncertainty::{
    BudgetRule, Factor, FactorKind, LeftOut, Line, LineKind, Lines, Model, ModelParts, Replicates, Reversal, Scope, Sensitivity,
    SensitivitySettings, Settings, StandIn, Uncertainty, Variant, leave_out, rank_reversal, sensitivity,
};
use crate::config::method_words::{Aggregation, Normalisation, Weighting};
use crate::config::rank_table::{LineTable, OutlierTable};
use crate::error::{ErrorClass, Result};
use crate::issue::Issues;

/// Above so many counties rank reversal is not tried one by one: each try makes the whole index anew.
const MOST_REVERSALS: usize = 400;
/// Examples of rank reversal that are kept.
const EXAMPLES: usize = 50;

/// A ranking that can be defended.
#[derive(Clone, Debug, Default)]
pub struct Assessment {
    /// The ranking as things are.
    pub ranking: Ranking,
    /// What each step of the method changed, in order.
    pub steps: Vec<StepLog>,
    /// How sure it is; none without draws, or where nothing can be varied.
    pub sureness: Option<Sureness>,
}

/// How sure a ranking is. Units are county indices everywhere.
#[derive(Clone, Debug)]
pub struct Sureness {
    /// What was varied: name of the factor and its levels.
    pub factors: Vec<(String, Vec<String>)>,
    /// Ranges of ranks and chances at the lines.
    pub ranges: Uncertainty,
    /// Which factor moves the ranks.
    pub sensitivity: Option<Sensitivity>,
    /// The ranking without one indicator or pillar.
    pub left_out: Vec<LeftOut>,
    /// Whether a third county decides between two; none where there are too many to try.
    pub reversal: Option<Reversal>,
}

/// Ranks the counties and finds out how sure that is.
///
/// # Errors
/// Usage and input, from the method, the lines and what is varied.
pub fn assess(evidence: &Evidence, settings: &RankSettings, issues: &mut Issues) -> Result<Assessment> {
    let mut standing = stand(evidence, settings, issues)?;
    super::by_hand::tell(settings, issues);
    standing.ranking.open = open_places(&standing, settings);
    let sureness = match &standing.composite {
        Some(_) if settings.table.uncertainty.draws > 0 && standing.ranking.rows.iter().any(|r| r.rank.is_some()) => {
            Some(sureness(evidence, settings, &standing)?)
        }
        _ => None,
    };
    let steps = standing.composite.map(|c| c.log).unwrap_or_default();
    Ok(Assessment { ranking: standing.ranking, steps, sureness })
}

fn sureness(evidence: &Evidence, settings: &RankSettings, standing: &Standing) -> Result<Sureness> {
    let given = evidence;
    let (evidence, _) = given.joined(&settings.table)?;
    let asked = &settings.table.uncertainty;
    let varied = Varied { evidence: &evidence, settings, standing };
    let model = varied.model()?;
    let mut lines = lines_of(given, settings);
    lines.open = vec![false; evidence.units.len()];
    standing.ranking.rows.iter().for_each(|r| lines.open[r.county] = r.is_relative());
    let ranges = Uncertainty::run(&model, &Settings { draws: asked.draws, seed: asked.seed }, &lines)?;
    let sensitivity = if asked.samples > 0 && model.dimensions() > 0 {
        let samples = SensitivitySettings { samples: asked.samples, seed: asked.seed, units: Vec::new() };
        Some(sensitivity(&model, &samples)?)
    } else {
        None
    };
    let left_out = leave_out(&model, &lines)?;
    let reversal = match varied.reversal() {
        Err(e) if e.class() == ErrorClass::Internal => return Err(e),
        // A method that cannot do without a county (principal components of three) cannot be tried so.
        tried => tried.unwrap_or(None),
    };
    let factors = model.factors().iter().map(|f| (f.key.clone(), levels_of(&f.kind))).collect();
    Ok(Sureness { factors, ranges, sensitivity, left_out, reversal })
}

/// The ranking under other choices.
struct Varied<'a> {
    evidence: &'a Evidence,
    settings: &'a RankSettings,
    standing: &'a Standing,
}

impl Varied<'_> {
    fn model(&self) -> Result<Model> {
        let asked = &self.settings.table.uncertainty;
        let (normalisations, outliers) = (self.normalisations(), self.outliers());
        let (mut variants, mut stand_ins) = (Vec::new(), Vec::new());
        for figures in 0..self.evidence.figures.len() {
            for normalisation in &normalisations {
                for treat in &outliers {
                    variants.push(self.variant(figures, *normalisation, *treat)?);
                    stand_ins.extend(self.stand_in(*normalisation));
                }
            }
        }
        let even = |n: usize| vec![1.0 / n as f64; n];
        let mut factors = Vec::new();
        let mut choice = |key: &str, levels: Vec<String>| {
            if levels.len() > 1 {
                let probabilities = even(levels.len());
                factors.push(Factor { key: key.to_owned(), kind: FactorKind::Choice { levels, probabilities } });
            }
        };
        choice("service_distance", self.evidence.distances_mm.iter().map(|mm| format!("{} km", f64::from(*mm) / 1e6)).collect());
        choice("stations", self.evidence.stations.iter().map(|s: &StationSet| s.as_str().to_owned()).collect());
        choice("normalisation", normalisations.iter().map(word).collect());
        choice("outliers", outliers.iter().map(|t| if t.is_some() { "treated" } else { "as they are" }.to_owned()).collect());
        if asked.weights_spread > 0.0 {
            factors.push(Factor { key: "weights".to_owned(), kind: FactorKind::Weights { spread: asked.weights_spread } });
        }
        if asked.goalposts_spread > 0.0 && variants.iter().any(|v| v.bounded) {
            let kind = FactorKind::Goalposts { spread: asked.goalposts_spread };
            factors.push(Factor { key: "goalposts".to_owned(), kind });
        }
        let own = self.aggregation();
        let means: Vec<Aggregation> = [own].into_iter().chain(asked.aggregate.iter().copied().filter(|a| *a != own)).collect();
        if means.len() > 1 && own != Aggregation::Copeland {
            factors.push(Factor {
                key: "aggregation".to_owned(),
                kind: FactorKind::Aggregation { levels: means, scope: Scope::Index },
            });
        }
        let ranked = |i: usize| self.standing.ranking.of(i).is_some_and(|r| r.rank.is_some());
        let parts = ModelParts {
            tree: self.tree(),
            units: self.evidence.units.len(),
            variants,
            factors,
            ties: self.ties(),
            rankable: (0..self.evidence.units.len()).map(ranked).collect(),
            replicates: Replicates { count: asked.draws.max(1), seed: asked.seed },
        };
        Model::with_stand_ins(parts, stand_ins)
    }

    /// What stands in for a missing value on a scale, where counties stand by their own bounds.
    fn stand_in(&self, how: Normalisation) -> Option<StandIn> {
        let lacking = match self.settings.method.lacking {
            Lacking::Lowest | Lacking::BelowLowest if how.is_relative() => Lacking::BelowLowest,
            Lacking::Lowest | Lacking::BelowLowest => Lacking::Lowest,
            Lacking::Carry | Lacking::NotRanked | Lacking::Highest => return None,
        };
        Some(StandIn { lacking, scale: self.settings.method.scale })
    }

    /// The tree as it was used, with the weights that were used.
    fn tree(&self) -> Tree {
        let Some(c) = &self.standing.composite else { return Tree::default() };
        let mut tree = c.tree.clone();
        let weight = |key: &str| c.weight(key).unwrap_or(0.0);
        tree.leaves.iter_mut().for_each(|l| l.weight = weight(&l.key));
        tree.groups.iter_mut().filter(|g| g.parent.is_some()).for_each(|g| g.weight = weight(&g.key));
        let how = self.aggregation();
        tree.groups.iter_mut().for_each(|g| g.aggregate = g.aggregate.or(Some(how)));
        tree
    }

    fn aggregation(&self) -> Aggregation {
        let how = |s: &Step| if let Step::Aggregate(how) = s { Some(*how) } else { None };
        self.settings.method.steps.iter().find_map(how).unwrap_or(Aggregation::Arithmetic)
    }

    fn normalisations(&self) -> Vec<Normalisation> {
        let how = |s: &Step| if let Step::Normalise(how) = s { Some(*how) } else { None };
        let own = self.settings.method.steps.iter().find_map(how).unwrap_or(Normalisation::MinMax);
        let others = self.settings.table.uncertainty.normalise.iter().copied().filter(|n| *n != own);
        [own].into_iter().chain(others).collect()
    }

    /// Treatments of outliers, the method's own first.
    fn outliers(&self) -> Vec<Option<OutlierTable>> {
        let own = self.settings.table.method.outliers;
        if self.settings.table.uncertainty.outliers {
            vec![own, if own.is_some() { None } else { Some(OutlierTable::default()) }]
        } else {
            vec![own]
        }
    }

    /// All units, those that win ties first: longer gap, then lower code.
    fn ties(&self) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.evidence.units.len()).collect();
        let nominal = self.evidence.nominal();
        all.sort_by(|a, b| {
            let gap = |i: usize| nominal[i].gap_total_mm();
            gap(*b).cmp(&gap(*a)).then_with(|| self.evidence.units[*a].code.cmp(&self.evidence.units[*b].code))
        });
        all
    }

    /// The columns under some figures, normalised so. An indicator that is the same for all there stands in the middle of the
    /// scale, where it moves nobody.
    fn variant(&self, figures: usize, how: Normalisation, outliers: Option<OutlierTable>) -> Result<Variant> {
        let n = self.evidence.units.len();
        let bounded =
            matches!(how, Normalisation::MinMax | Normalisation::Goalposts) && self.settings.method.scale == (0.0, 100.0);
        let mut columns = Vec::with_capacity(self.standing.leaves.len() * n);
        for column in self.normalised(figures, &self.standing.units, how, outliers)? {
            let mut all = vec![f64::NAN; n];
            for (unit, value) in self.standing.units.iter().zip(column) {
                all[*unit] = value.unwrap_or(f64::NAN);
            }
            columns.extend(all);
        }
        Ok(Variant { columns, bounded })
    }

    fn normalised(
        &self,
        figures: usize,
        units: &[usize],
        how: Normalisation,
        outliers: Option<OutlierTable>,
    ) -> Result<Vec<Vec<Option<f64>>>> {
        let (table, mut tree) = self.flat(figures, units);
        let flat = self.flat_ones(&table, &tree, how);
        for (leaf, _) in &flat {
            tree.leaves[*leaf].weight = 0.0;
        }
        if flat.len() == tree.leaves.len() {
            return Ok(table.columns.iter().map(|c| self.flat_column(&c.values)).collect());
        }
        // Only the columns are wanted, so no weights are found from them, and what is missing stays so.
        let method = Method {
            steps: self.steps(how, outliers),
            weighting: Weighting::Given,
            lacking: Lacking::Carry,
            ..self.settings.method.clone()
        };
        let mut columns = build(&table, &tree, &method)?.normalised;
        for (leaf, _) in flat {
            columns[leaf] = self.flat_column(&table.columns[leaf].values);
        }
        Ok(columns)
    }

    /// An indicator that is the same for all, or that nobody has: in the middle of the scale. Where something stands in for a value that
    /// is missing, it does here too.
    fn flat_column(&self, values: &[Option<f64>]) -> Vec<Option<f64>> {
        let stands_in = self.settings.method.lacking != Lacking::Carry;
        values.iter().map(|v| Some(50.0).filter(|_| v.is_some() || !stands_in)).collect()
    }

    /// Indicators of a table that cannot be put on a scale: of goalposts, one that is the same for all can.
    fn flat_ones(&self, table: &UnitTable, tree: &Tree, how: Normalisation) -> Vec<(usize, Problem)> {
        let mut all = usable(table, tree);
        all.retain(|(_, problem)| how.is_relative() || !matches!(problem, Problem::Constant(_)));
        all
    }

    /// The used indicators under some figures, all in one group: only their columns are wanted.
    fn flat(&self, figures: usize, units: &[usize]) -> (UnitTable, Tree) {
        let list = &self.evidence.figures[figures];
        let defs = || self.standing.leaves.iter().map(|i| &self.settings.indicators[*i]);
        let column = |def: &super::IndicatorDef| ValueColumn {
            key: def.key.clone(),
            unit: def.unit.clone(),
            values: units.iter().map(|u| value_of(def, &list[*u], self.evidence, *u, self.settings)).collect(),
            extra: false,
        };
        let leaf = |def: &super::IndicatorDef| Leaf {
            key: def.key.clone(),
            parent: 0,
            weight: 1.0,
            direction: def.direction,
            denominator: None,
            goalposts: def.goalposts,
        };
        let index = Group { key: "score".to_owned(), parent: None, weight: 1.0, aggregate: None };
        let tree = Tree { leaves: defs().map(leaf).collect(), groups: vec![index] };
        (table(defs().map(column).collect(), units, self.evidence, self.settings), tree)
    }

    /// The method's steps with another scale and treatment, put together by arithmetic means.
    fn steps(&self, how: Normalisation, outliers: Option<OutlierTable>) -> Vec<Step> {
        let treat = outliers.map(|o| Step::Treat { skew: o.skew, kurtosis: o.kurtosis, winsorise: o.winsorise });
        let before = self
            .settings
            .method
            .steps
            .iter()
            .copied()
            .filter(|s| !matches!(s, Step::Treat { .. } | Step::Normalise(_) | Step::Aggregate(_) | Step::Screen(_)));
        before.chain(treat).chain([Step::Normalise(how), Step::Aggregate(Aggregation::Arithmetic)]).collect()
    }

    /// Takes out each ranked county in turn and makes the whole index of the others anew.
    fn reversal(&self) -> Result<Option<Reversal>> {
        let ranked: Vec<usize> = self
            .standing
            .units
            .iter()
            .copied()
            .filter(|u| self.standing.ranking.of(*u).is_some_and(|r| r.rank.is_some()))
            .collect();
        if ranked.len() > MOST_REVERSALS || ranked.len() < 3 {
            return Ok(None);
        }
        let order = self.ties();
        let ties: Vec<usize> = order.iter().filter_map(|u| ranked.iter().position(|r| r == u)).collect();
        let tree = self.tree();
        let scores = |kept: &[usize]| {
            let units: Vec<usize> = kept.iter().map(|k| ranked[*k]).collect();
            self.scores(&tree, &units)
        };
        let mut found = rank_reversal(ranked.len(), &ties, EXAMPLES, scores)?;
        for example in &mut found.examples {
            (example.removed, example.above, example.below) =
                (ranked[example.removed], ranked[example.above], ranked[example.below]);
        }
        Ok(Some(found))
    }

    /// The index of some units by the method, as if there were no others; an indicator that is the same for all of them is left out.
    fn scores(&self, tree: &Tree, units: &[usize]) -> Result<Vec<f64>> {
        let (table, _) = self.flat(0, units);
        let mut tree = tree.clone();
        let steady = self.settings.method.steady;
        for (leaf, problem) in usable(&table, &tree) {
            let kept = match problem {
                Problem::Constant(_) => self.settings.is_fixed() || table.columns[leaf].values.contains(&None),
                Problem::AllMissing => self.settings.method.lacking != Lacking::Carry,
                _ => false,
            };
            if !(steady && kept) {
                tree.leaves[leaf].weight = 0.0;
            }
        }
        for g in 0..tree.groups.len() - 1 {
            if tree.leaves.iter().filter(|l| l.parent == g).all(|l| l.weight == 0.0) {
                tree.groups[g].weight = 0.0;
            }
        }
        if tree.leaves.iter().all(|l| l.weight == 0.0) {
            return Ok(vec![0.0; units.len()]);
        }
        let index = build(&table, &tree, &self.settings.method)?;
        Ok(index.index().iter().map(|v| six(v.unwrap_or(0.0))).collect())
    }
}

fn word(n: &Normalisation) -> String {
    serde_json::to_value(n).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn levels_of(kind: &FactorKind) -> Vec<String> {
    match kind {
        FactorKind::Weights { spread } => vec![format!("±{:.0} %", spread * 100.0)],
        FactorKind::Goalposts { spread } => vec![format!("±{:.0} % of the range", spread * 100.0)],
        FactorKind::Choice { levels, .. } => levels.clone(),
        FactorKind::Aggregation { levels, .. } => levels.iter().map(|a| format!("{a:?}").to_lowercase()).collect(),
    }
}

/// The lines of the settings over the counties, not yet put together.
fn lines_of(evidence: &Evidence, settings: &RankSettings) -> Lines {
    let budget = |line: &LineTable, total: f64| {
        let cost = |unit: usize| match CostRule::of_line(line).of((evidence, &settings.table), unit) {
            UNKNOWN => f64::INFINITY,
            known => known as f64 / 100.0,
        };
        let costs = (0..evidence.units.len()).map(cost).collect();
        let rule = if line.skip { BudgetRule::SkipAndGoOn } else { BudgetRule::StopAtFirst };
        LineKind::Budget { costs, total, rule }
    };
    let kind = |line: &LineTable| -> LineKind {
        let places = line.places.map(LineKind::Places);
        let quota = line
            .quota
            .as_ref()
            .map(|quota| LineKind::Quota { group_of: evidence.provinces(settings), places: quota.clone().into_iter().collect() });
        let mut all: Vec<LineKind> =
            [places, quota, line.budget.map(|total| budget(line, total))].into_iter().flatten().collect();
        if all.len() == 1 { all.remove(0) } else { LineKind::Together(all) }
    };
    let (certain, out) = (settings.table.uncertainty.certain, settings.table.uncertainty.out);
    let lines = settings.table.lines.iter().map(|l| Line { key: l.name.clone(), kind: kind(l) }).collect();
    Lines { lines, certain, out, ..Lines::default() }
}
