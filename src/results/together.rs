//! Results of counties put together: trust, evidence, ranking, equity. It looks at results by county, so that it makes no difference who
//! made them, when, or in which order.

use super::{Facts, Member, Results, RoundPart, ShardRecord, Whole};
use crate::config::demand::Demand;
use crate::config::region_file::RegionTable;
use crate::config::{Criteria, Output, RankTable, Serving};
use crate::county::people::RasterCells;
use crate::county::{CountyResult, FiguresAt, LATEST_MONTH, Needs, of_balance};
use crate::error::Result;
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::counties_of;
use crate::plan::{Funding, SitePlan};
use crate::prepared::ground::Balance;
use crate::programme::ProgrammeTold;
use crate::rank::{CountyFigures, Evidence, RankSettings, StationSet, Unit, assess, equity, trust};
use crate::read::InputFile;
use crate::read::county::County;
use crate::space::LonLat;

/// What is known of the whole layers and bears on the trust in a county.
#[derive(Clone, Copy, Debug)]
pub struct LayerTotals {
    /// Road read, millimetres.
    pub read_mm: u64,
    /// Newest month in which a station opened.
    pub newest: Option<u32>,
}

/// What is put together.
pub struct Given {
    /// Name and notices.
    pub region: RegionTable,
    /// Criteria.
    pub criteria: Criteria,
    /// Which files are written.
    pub output: Output,
    /// How counties are to be ranked.
    pub rank: RankTable,
    /// Files read.
    pub inputs: Vec<InputFile>,
    /// Counties by code, each with its result (an empty one where it could not be computed) and, in a round, its shard.
    pub parts: Vec<(County, CountyResult, Option<ShardRecord>)>,
    /// What the whole layers say.
    pub layer: LayerTotals,
    /// What was read of rasters.
    pub raster: Option<RasterCells>,
    /// Where every millimetre of road went; that in ledgers is added here.
    pub balance: Balance,
    /// Counts for the manifest.
    pub facts: Facts,
    /// What was found so far, by layer; issues of counties among them.
    pub issues: Issues,
    /// What only a whole network can say of its counties; its balances are handed to them here.
    pub needs: Needs,
    /// What was asked of programmes; none where none is named.
    pub programme: Option<ProgrammeTold>,
    /// The plan of sites; none where none is asked for.
    pub plan: Option<SitePlan>,
    /// Counties with plans of their own, and which to fund.
    pub funding: Option<Funding>,
    /// The network of a run.
    pub whole: Option<Box<Whole>>,
}

/// Puts results together and ranks. What a round adds is filled in by the round, and counterfactuals by who has a network.
///
/// # Errors
/// As the ranking; internal, when the balance of road does not close.
pub fn put_together(given: Given, fit: &dyn Fn(&mut RankTable, &Evidence, &mut Issues) -> Result<()>) -> Result<Results> {
    let Given {
        region,
        criteria,
        output,
        mut rank,
        inputs,
        parts,
        layer,
        raster,
        mut balance,
        facts,
        mut issues,
        needs,
        programme,
        plan,
        funding,
        whole,
    } = given;
    let members: Vec<Member> = {
        let found = of_roads(&issues);
        let part = |(i, (county, result, shard)): (usize, (County, CountyResult, Option<ShardRecord>))| {
            let result = CountyResult { balance: needs.balance.counties.get(i).cloned(), ..result };
            member(county, result, shard, (layer, found), criteria.demand.as_ref())
        };
        parts.into_iter().enumerate().map(part).collect()
    };
    tell_too_many_people(&members, &mut issues);
    balance.ledger_mm = members.iter().map(|m| m.result.road_total_mm()).sum();
    balance.check()?;
    let evidence = evidence(&members, &criteria.serving).varied(&rank.uncertainty)?;
    fit(&mut rank, &evidence, &mut issues)?;
    let settings = RankSettings::from_table(&rank)?;
    let assessment = assess(&evidence, &settings, &mut issues)?;
    let line_mm = criteria.serving.headline_criterion().limit();
    look_up_counties(&members, &mut issues);
    let equity = equity::reach(members.iter().map(|m| &m.result.ways), line_mm)?;
    Ok(Results {
        region,
        criteria,
        output,
        settings,
        inputs,
        members,
        evidence,
        assessment,
        counterfactuals: Vec::new(),
        equity,
        raster,
        balance,
        facts,
        issues,
        needs,
        programme,
        plan,
        funding,
        whole,
        round: None::<Box<RoundPart>>,
    })
}

/// Says of every issue which county it lies in: by where it stands, or by the county that it is about.
fn look_up_counties(members: &[Member], issues: &mut Issues) {
    let mut at: Vec<LonLat> = issues.on_ground().filter_map(|e7| LonLat::try_from(e7).ok()).collect();
    at.sort_unstable();
    at.dedup();
    let counties: Vec<&County> = members.iter().map(|m| &m.county).collect();
    let found = counties_of(&counties, &at);
    let code = |i: usize| counties[i].code.clone();
    issues.look_up(|issue| {
        let about = issue.at.id.as_ref().filter(|_| issue.layer == Layer::Counties);
        let own = about.and_then(|id| counties.binary_search_by(|c| c.code.cmp(id)).ok());
        let stands = || at.binary_search(&LonLat::try_from(issue.at.ground_e7?).ok()?).ok().and_then(|k| found[k]);
        own.or_else(stands).map(code)
    });
}

/// Settlements may hold people who live elsewhere by the register, but not many more than the county has.
const MOST_OF_RESIDENTS: f64 = 1.2;

/// Tells of counties whose settlements hold more people than live in them: a city's whole built-up area, as GeoNames counts it, or a wrong
/// unit.
fn tell_too_many_people(members: &[Member], issues: &mut Issues) {
    for m in members {
        let in_settlements = m.result.figures.first().map_or(0, |f| f.all.settlement_people);
        let Some(residents) = m.county.population.filter(|r| in_settlements as f64 > MOST_OF_RESIDENTS * *r as f64) else {
            continue;
        };
        let what = format!(
            "the settlements of {} hold {in_settlements} people, and the county table says that {residents} live there",
            m.county.name
        );
        let at = m.county.source.clone().id(m.county.code.as_str());
        issues.push(Layer::Settlements, IssueCode::PeopleExceedResidents, at, what);
    }
}

/// Length of road of unknown class, and ends that stop short, in the whole road layer.
fn of_roads(issues: &Issues) -> (u64, u64) {
    let by_code = issues.by_code();
    let of = |code| by_code.get(&(Layer::Roads, code)).copied().unwrap_or_default();
    (of(IssueCode::UnknownClass).1, of(IssueCode::NearEnd).0)
}

fn member(
    county: County,
    mut result: CountyResult,
    shard: Option<ShardRecord>,
    (layer, roads): (LayerTotals, (u64, u64)),
    asked: Option<&Demand>,
) -> Member {
    let demand = result.balance.as_ref().zip(asked).map(|(b, asked)| of_balance(b, asked));
    for set in result.figures.iter_mut().flat_map(|set| [Some(&mut set.all), set.trusted.as_mut()]).flatten() {
        (set.residents, set.demand) = (county.population, demand);
    }
    let older = layer.newest.map_or(0, |n| LATEST_MONTH - n);
    let evidence = trust::InputCounts {
        all_road_mm: layer.read_mm,
        all_unclassed_mm: roads.0,
        all_near_ends: roads.1,
        people_by_area: result.people.is_some() || county.population.is_some(),
        median_age_months: result.trust.median_age_months.map(|m| m - f64::from(older)),
        ..result.trust.clone()
    };
    Member { county, result, trust: trust::trust(&evidence), shard }
}

/// Figures of all counties under every service distance and station set, the headline first.
fn evidence(members: &[Member], criteria: &Serving) -> Evidence {
    let first = members.iter().find(|m| !m.result.figures.is_empty());
    let distances_mm: Vec<u32> = first.map_or_else(
        || vec![criteria.headline_criterion().limit()],
        |m| m.result.figures.iter().map(|s| s.distance_mm).collect(),
    );
    let doubtful = members.iter().any(|m| m.result.doubtful || m.result.figures.iter().any(|s| s.trusted.is_some()));
    let stations = if doubtful { vec![StationSet::All, StationSet::Trusted] } else { vec![StationSet::All] };
    let sets = distances_mm.iter().flat_map(|mm| stations.iter().map(move |set| (*mm, *set)));
    let figures = sets.map(|(mm, set)| members.iter().map(|m| figures_of(m, mm, set)).collect()).collect();
    let unit = |m: &Member| Unit {
        code: m.county.code.clone(),
        name: m.county.name.clone(),
        name_zh: m.county.name_zh.clone(),
        columns: m.county.columns.clone(),
        together: Default::default(),
        trust: m.trust.score,
        doubt: m.trust.doubts.first().copied().unwrap_or_default().to_owned(),
    };
    let residents_given = members.iter().any(|m| m.county.population_asked);
    Evidence { units: members.iter().map(unit).collect(), distances_mm, stations, figures, residents_given }
}

fn figures_of(m: &Member, distance_mm: u32, set: StationSet) -> CountyFigures {
    let nothing = || CountyFigures { code: m.county.code.clone(), residents: m.county.population, ..CountyFigures::default() };
    let of = |s: &FiguresAt| match set {
        StationSet::Trusted => s.trusted.clone().unwrap_or_else(|| s.all.clone()),
        StationSet::All => s.all.clone(),
    };
    m.result.figures.iter().find(|s| s.distance_mm == distance_mm).map_or_else(nothing, of)
}
