//! Puts the results of all shards together and adds what a round has of its own: who is selected, and what its counties were made from. It
//! looks at results by county, so that it makes no difference who made them, when, or in which order.

use super::borders;
use super::compute::Failed;
use super::inputs::Together;
use super::list::FoundShard;
use super::needs::RoundNeeds;
use super::plan::Plan;
use crate::config::region_file::RegionTable;
use crate::config::{Criteria, RankTable, RoundFile};
use crate::county::{CountyResult, newest_month};
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Layer};
use crate::network::NO_COUNTY;
use crate::plan::{CountyOffer, Funding, FundingRules, fund};
use crate::prepared::ground::{Balance, Ground};
use crate::programme::ProgrammeTold;
use crate::rank::limits;
use crate::rank::select::{Choice, Why, select};
use crate::read::InputFile;
use crate::results::by_hand::BeforeHand;
use crate::results::faults::Faults;
use crate::results::{self, Facts, FinishedShard, LayerTotals, Results, RoundPart, ShardRecord, put_together};

/// What is put together.
pub struct MergeInputs<'a> {
    /// As asked for, with codes brought up to date.
    pub file: &'a RoundFile,
    /// Criteria.
    pub criteria: &'a Criteria,
    /// The layers.
    pub all: &'a Together,
    /// The network.
    pub ground: &'a Ground,
    /// The shards.
    pub plan: &'a Plan,
    /// Counties that could not be computed.
    pub failed: &'a [Failed],
    /// The network's files, and what it was made from.
    pub network: &'a super::ground::NetworkSource,
}

/// Puts a round together; `needs` is what its network says beside the shards.
///
/// # Errors
/// Input, when rows are missing or damaged; as the ranking.
pub fn merge(given: &MergeInputs<'_>, found: Vec<Option<FoundShard>>, needs: RoundNeeds) -> Result<Results> {
    let MergeInputs { file, criteria, all, ground, plan, failed, network } = given;
    let whole = file.whole();
    let mut issues = all.issues.clone();
    issues.absorb(ground.issues.clone());
    let RoundNeeds { needs, offers, issues: told, .. } = needs;
    issues.extend(told);
    let found = all_rows(given, found)?;
    found.iter().for_each(|(_, result)| issues.extend(result.issues.iter().cloned()));
    let own = balance(given);
    let outside = borders::tell_candidates(all, &mut issues);
    let facts = Facts { candidates: [all.candidates.len(), outside], ..facts(given) };
    borders::tell(given, &found.iter().map(|(_, result)| result).collect::<Vec<_>>(), own.outside_mm, &mut issues);
    let mut rank = file.rank.clone();
    for f in *failed {
        let county = &all.counties[plan.shards[f.shard].county as usize];
        let reason = format!("it could not be computed: {}", f.why);
        issues.push(Layer::Counties, IssueCode::CountyFailed, county.source.clone(), reason.clone());
        rank.eligibility.except.insert(county.code.clone(), reason);
    }
    let part = |(s, (done, result)): (&super::plan::Shard, (Option<FinishedShard>, CountyResult))| {
        let shard = ShardRecord { print: s.print.clone(), parts: s.parts.clone(), done };
        (all.counties[s.county as usize].clone(), result, Some(shard))
    };
    let parts = plan.shards.iter().zip(found).map(part).collect();
    let given = results::Given {
        region: RegionTable {
            synthetic: all.synthetic,
            attribution: all.attribution.clone(),
            map_review_number: all.map_review_number.clone(),
            ..whole.region
        },
        criteria: (*criteria).clone(),
        output: file.output(crate::tables::CHOICES)?,
        rank,
        inputs: files(all, network),
        parts,
        layer: LayerTotals { read_mm: ground.books.read_mm, newest: newest_month(all.stations.iter()) },
        raster: all.raster.read(),
        balance: own,
        facts,
        issues,
        needs,
        programme: ProgrammeTold::of(&file.whole())?,
        plan: None,
        funding: None,
        whole: None,
    };
    let fit = |table: &mut RankTable, evidence: &_, issues: &mut _| limits::fit(table, evidence, &file.name, issues);
    let mut results = put_together(given, &fit)?;
    let choices = select(&file.select, &results.assessment.ranking, &results.evidence, &results.settings);
    results.funding = funding(&results, file, offers, &choices)?;
    let before = BeforeHand::of(&file.select, &results.evidence, &results.settings)?;
    results.round = Some(Box::new(RoundPart {
        file: (*file).clone(),
        choices,
        before,
        recoded: all.recoded.clone(),
        regions: all.regions.iter().map(|r| r.path.clone()).collect(),
        applicants: all.applicants.clone(),
        gates: all.gates.clone(),
        list: all.list.clone(),
        faults: Faults::default(),
        reach_m: plan.reach_m,
        network_key: network.key.clone(),
    }));
    Ok(results)
}

/// Which counties are funded with plans of their own, within the places and quotas of `[select]`. Who is not ranked has no plan that could be
/// funded, nor who is not funded by hand; of a joint application that is said of its lead.
fn funding(r: &Results, file: &RoundFile, mut offers: Vec<CountyOffer>, choices: &[Choice]) -> Result<Option<Funding>> {
    let Some(asked) = r.criteria.plan.as_ref().filter(|p| !p.funding.is_empty()) else { return Ok(None) };
    let codes: Vec<String> = offers.iter().map(|o| r.members[o.county as usize].county.code.clone()).collect();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let province = |code: &str| r.settings.province(code).to_owned();
    let rules = FundingRules::of(&codes, &r.settings.table.joint, &province, Some(&file.select));
    let ranked = |unit: usize| r.assessment.ranking.of(unit).is_some_and(|row| row.rank.is_some());
    let withheld = |unit: usize| choices.get(unit).is_some_and(|c| c.why == Why::Withheld);
    for unit in &rules.units {
        let lead = r.members.iter().position(|m| m.county.code == unit.lead);
        if lead.is_none_or(|i| !ranked(i) || withheld(i)) {
            unit.offers.iter().for_each(|o| offers[*o as usize].sites.clear());
        }
    }
    fund(offers, &asked.funding, rules).map(Some)
}

/// All files that a round was made from, by path.
pub fn files(all: &Together, network: &super::ground::NetworkSource) -> Vec<InputFile> {
    let mut files = all.files.clone();
    files.extend(network.files.iter().filter(|f| !all.files.iter().any(|g| g.path == f.path)).cloned());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// The rows of every shard; nothing in their place where one could not be computed.
fn all_rows(given: &MergeInputs<'_>, found: Vec<Option<FoundShard>>) -> Result<Vec<(Option<FinishedShard>, CountyResult)>> {
    let MergeInputs { all, plan, failed, .. } = given;
    let code = |i: usize| all.counties[plan.shards[i].county as usize].code.clone();
    let gone = |i: &usize| found[*i].is_none() && !failed.iter().any(|f| f.shard == *i);
    let missing: Vec<usize> = (0..plan.shards.len()).filter(gone).collect();
    if !missing.is_empty() {
        let (n, of) = (missing.len(), plan.shards.len());
        let all: Vec<String> = missing.iter().map(|i| code(*i)).collect();
        let what = format!("the rows of {n} of {of} counties are missing or damaged: {}", all.join(", "));
        return Err(Error::input(
            what,
            "run `chargegap round` with each --shard again, on the same inputs; what is whole is kept",
        ));
    }
    let nothing = |i| (None, CountyResult { code: code(i), ..CountyResult::default() });
    Ok(found.into_iter().enumerate().map(|(i, f)| f.map_or_else(|| nothing(i), |(done, row)| (Some(done), row))).collect())
}

/// Whether a county takes part and could be computed.
fn has_result(given: &MergeInputs<'_>, county: u32) -> bool {
    let shard = given.plan.shards.binary_search_by_key(&county, |s| s.county);
    shard.is_ok_and(|i| given.failed.iter().all(|f| f.shard != i))
}

fn balance(given: &MergeInputs<'_>) -> Balance {
    let (mut outside_mm, mut without_result_mm) = (0, 0);
    for e in &given.ground.draft.edges {
        match e.county {
            NO_COUNTY => outside_mm += u64::from(e.length_mm),
            c if has_result(given, c) => {}
            _ => without_result_mm += u64::from(e.length_mm),
        }
    }
    Balance { without_result_mm, ..Balance::of_roads(&given.ground.books, outside_mm) }
}

fn facts(given: &MergeInputs<'_>) -> Facts {
    let MergeInputs { ground, plan, .. } = given;
    let counts = |of: &[u32]| {
        let outside = of.iter().filter(|c| **c == NO_COUNTY).count();
        let part = |c: &&u32| **c != NO_COUNTY && plan.shards.binary_search_by_key(*c, |s| s.county).is_err();
        [of.len(), outside, of.iter().filter(part).count()]
    };
    Facts {
        stations: counts(&plan.county_of_station),
        settlements: counts(&plan.county_of_settlement),
        network: [ground.draft.nodes.len(), ground.draft.edges.len()],
        ..Facts::default()
    }
}

/// Brings the codes that a ranking names up to date.
pub fn recode(table: &mut RankTable, new: &dyn Fn(&str) -> String) {
    if let Some(only) = &mut table.eligibility.only {
        only.iter_mut().for_each(|c| *c = new(c));
    }
    table.eligibility.except = std::mem::take(&mut table.eligibility.except).into_iter().map(|(c, why)| (new(&c), why)).collect();
    if let Some(tried) = &mut table.counterfactuals.counties {
        tried.iter_mut().for_each(|c| *c = new(c));
    }
    table.overrides.iter_mut().for_each(|o| o.county = new(&o.county));
    for joint in &mut table.joint {
        joint.lead = new(&joint.lead);
        joint.members.iter_mut().for_each(|c| *c = new(c));
    }
}
