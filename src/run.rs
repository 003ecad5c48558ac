//! The straight path of a run, read top to bottom: read, build, one piece, compute, put together, rank, try new stations. Each stage is
//! a plain function of the ones before; what is special to a run is that its piece is the whole network, without a bound.

use crate::config::criteria::Criterion;
use crate::config::rank_table::JointTable;
use crate::config::region_file::notices;
use crate::config::{Criteria, Output, RankTable, RegionFile, Serving};
use crate::county::people;
use crate::county::{
    Computed, CountyResult, Needs, NeedsAsked, PeopleRaster, Piece, Scene, Standing, Wanted, check_joint, compute, needs,
    newest_month,
};
use crate::demand::{self, CountyBasis};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::measure::Timings;
use crate::network::{self, CountyIndex, Draft};
use crate::place::candidates::tell_outside;
use crate::place::neighbours;
use crate::place::onto_road::{locate, refuse_swapped, tell_beyond};
use crate::place::shift::refuse_shifted;
use crate::plan::{self, Funding, FundingRules, OfferGround, PlanGround, SitePlan};
use crate::prepared::border_issues;
use crate::prepared::ground::{Balance, Ground, Options, build};
use crate::programme::{self, ProgrammeTold};
use crate::rank::RankSettings;
use crate::read::candidate::Candidate;
use crate::read::flows::Flow;
use crate::read::road::Names;
use crate::read::traffic::Count;
use crate::results::{Facts, Given, LayerTotals, Results, Whole, put_together};
use crate::tables::CHOICES;
use crate::whatif::counterfactual::{self, Ranked};

/// Runs every stage.
///
/// # Errors
/// Input and usage from the readers; internal when the books do not close, and then nothing may be written.
pub fn analyse(region: &RegionFile, options: &Options<'_>, timings: &mut Timings) -> Result<Results> {
    RankSettings::from_table(&region.rank)?.check_demand(region.demand.is_some())?; // before hours of reading
    crate::programme::of_region(region)?;
    let (ground, index) = build(region, options, timings)?;
    analyse_ground(ground, &index, options, timings)
}

/// Runs the stages that are left when a region was prepared.
///
/// # Errors
/// As [`analyse`].
pub fn analyse_prepared(ground: Ground, options: &Options<'_>, timings: &mut Timings) -> Result<Results> {
    timings.start("index");
    (options.on_stage)("index");
    let index = CountyIndex::new(&ground.counties);
    analyse_ground(ground, &index, options, timings)
}

fn analyse_ground(ground: Ground, index: &CountyIndex, options: &Options<'_>, timings: &mut Timings) -> Result<Results> {
    let timings = std::cell::RefCell::new(timings);
    let stage = |name| {
        timings.borrow_mut().start(name);
        (options.on_stage)(name);
    };
    let (criteria, settings) = (Criteria::from_region(&ground.region)?, RankSettings::from_table(&ground.region.rank)?);
    settings.check_demand(criteria.demand.is_some())?;
    let output = ground.region.output(CHOICES)?;
    let wanted = wanted(&criteria.serving, &ground.region.rank, &output)?;
    ground.issues.check_refused_share(criteria.reading.max_refused_share, options.strict)?;
    let Ground {
        region,
        counties,
        stations,
        settlements,
        candidates,
        counts,
        flows,
        files,
        mut issues,
        draft,
        names,
        overlap,
        books,
    } = ground;

    stage("layers");
    refuse_swapped(&stations, index)?;
    check_joint(&counties.iter().map(|c| c.code.clone()).collect::<Vec<_>>(), &region.rank.joint)?;
    let declared = region.stations.as_ref().is_some_and(|s| s.datum.is_some());
    refuse_shifted(&stations, &draft, declared, &mut issues)?;
    let newest = newest_month(stations.iter());
    let stations = locate(stations, |s| s.at, index);
    let mut settlements = locate(settlements, |s| s.at, index);
    let vehicles = criteria.demand.as_ref().map(|demand| demand::assign(&counties, &mut settlements, demand, &mut issues));
    let codes: Vec<String> = counties.iter().map(|c| c.code.clone()).collect();
    let criteria = plan::weighed(criteria, &settlements, &codes, &mut issues);
    let near_m = f64::from(criteria.serving.headline_criterion().limit()) / 1000.0;
    tell_beyond(&stations, &draft, &|at| index.border_within(at, near_m), &criteria.serving, &mut issues);
    let outside = tell_outside(&candidates, index, &mut issues);
    neighbours::tell_apart(&settings.table.joint, &counties, &mut issues);
    let mut raster = people::cells(&region, index)?;
    // a plan needs the bare network again, without the stations as nodes
    let bare = criteria.plan.is_some().then(|| draft.clone());

    let piece = Piece {
        criteria: &criteria,
        layer: None,
        codes,
        others: false,
        excluded_mm: books.islands_mm.clone(),
        draft,
        names: &names,
        stations,
        settlements,
        raster: raster.as_mut().map(|r| PeopleRaster { cells: r.take(), counties: vec![true; counties.len()] }),
        bounded: false,
        wanted,
    };
    let Computed { results, scene, issues: found } = compute(piece, &stage)?;
    issues.absorb(found);
    let whole = region.counties.as_ref().is_none_or(|c| c.only.is_none());
    note_findings(&mut issues, (&overlap, whole), &scene, &results);

    let given = (vehicles.as_deref(), counts.as_slice());
    let (needs, planned) = needs_of(&region, (&scene, &names), given, (bare, index, (&candidates, &flows)), &stage, &mut issues)?;
    issues.extend(needs.issues.iter().cloned());
    if options.strict {
        programme::strict_fit(issues.sorted())?;
    }

    stage("rank");
    let mut balance = Balance::of_roads(&books, scene.ledger.outside_mm);
    balance.one_way_trap_mm = Some(network::one_way_traps(&scene.network));
    let given = Given {
        region: notices(&region),
        criteria,
        output,
        rank: region.rank.clone(),
        inputs: files,
        parts: counties.into_iter().zip(results).map(|(county, result)| (county, result, None)).collect(),
        layer: LayerTotals { read_mm: books.read_mm, newest },
        raster,
        balance,
        facts: Facts { candidates: [candidates.len(), outside], ..Facts::of_run(&scene) },
        issues,
        needs,
        programme: ProgrammeTold::of(&region)?,
        plan: planned.0,
        funding: planned.1,
        whole: Some(Box::new(Whole { scene, names })),
    };
    let mut results = put_together(given, &|_, _, _| Ok(()))?;
    if results.settings.table.counterfactuals.stations > 0 && results.output.wants("counterfactuals") {
        stage("what if");
        try_stations(&mut results, index)?;
    }
    timings.borrow_mut().stop();
    Ok(results)
}

/// The plan of sites, and counties with plans of their own.
type Planned = (Option<SitePlan>, Option<Funding>);

/// What the scene says beside coverage: what places ask for, how it stands against the programmes that the region names, and, where a plan is
/// asked for, where to build on the bare network.
fn needs_of(
    region: &RegionFile,
    (scene, names): (&Scene, &Names),
    (basis, counts): (Option<&[CountyBasis]>, &[Count]),
    (bare, index, (candidates, flows)): (Option<Draft>, &CountyIndex, (&[Candidate], &[Flow])),
    stage: &dyn Fn(&'static str),
    issues: &mut Issues,
) -> Result<(Needs, Planned)> {
    let profiles = programme::of_region(region)?;
    let corridors = programme::corridors_asked(region, &profiles);
    let asked = NeedsAsked {
        basis,
        counts,
        profiles: &profiles,
        corridors: corridors.as_ref(),
        table: &region.programme,
        joint: &region.rank.joint,
        locate: &|at| index.locate(at),
        has_rows: &|_| true,
    };
    let found = needs(&Standing::of(scene, names), &asked, stage)?;
    let (Some(plan_asked), Some(draft)) = (&scene.criteria.plan, bare) else { return Ok((found, (None, None))) };
    stage("plan");
    let ground = PlanGround {
        asked: plan_asked,
        scene,
        draft: &draft,
        names,
        given: plan::given(candidates, &|at| index.locate(at)),
        flows,
        locate: &|at| index.locate(at),
        needs: (&asked, &found),
    };
    let plan = plan::plan(&ground, issues)?;
    let funding = funding_of(&ground, (scene, names), &region.rank.joint)?;
    Ok((found, (Some(plan), funding)))
}

/// Which counties to fund with plans of their own, where `[plan] funding` names budgets.
fn funding_of(g: &PlanGround<'_>, (scene, names): (&Scene, &Names), joint: &[JointTable]) -> Result<Option<Funding>> {
    if g.asked.funding.is_empty() {
        return Ok(None);
    }
    let members = plan::counties_of(g.asked, &scene.codes)?;
    let offers = plan::county_offers(&OfferGround {
        asked: g.asked,
        standing: Standing::of(scene, names),
        draft: g.draft,
        given: &g.given,
        members: &members,
        locate: g.locate,
        needs: g.needs.1,
    })?;
    let codes: Vec<&str> = members.iter().map(|c| scene.codes[*c as usize].as_str()).collect();
    let rules = FundingRules::of(&codes, joint, &|_| String::new(), None);
    plan::fund(offers, &g.asked.funding, rules).map(Some)
}

/// The figures that `[rank]` asks for.
fn wanted(criteria: &Serving, rank: &RankTable, output: &Output) -> Result<Wanted> {
    let asked = &rank.uncertainty;
    let mut wanted = Wanted::all(criteria, output);
    for km in asked.distances_km.iter().flatten().filter(|_| asked.draws > 0) {
        let limit = Criterion::Distance((km * 1e6).round() as u32);
        if !wanted.distances.iter().any(|c| criteria.all[*c] == limit) {
            let at = Location::default().field("rank.uncertainty.distances_km");
            return Err(Error::usage(format!("{km} km is not among criteria.distances_km"), "name some of those").at(at));
        }
    }
    if let Some(named) = &asked.distances_km {
        let chosen = |c: &usize| named.iter().any(|km| Criterion::Distance((km * 1e6).round() as u32) == criteria.all[*c]);
        wanted.distances.retain(|c| *c == criteria.headline || chosen(c));
    }
    wanted.distances.truncate(if asked.draws == 0 { 1 } else { usize::MAX });
    wanted.trusted = asked.draws > 0 && asked.doubtful_stations;
    Ok(wanted)
}

/// Tells what is odd about the counties; `whole` when nobody asked for some of them only.
fn note_findings(issues: &mut Issues, (overlap, whole): (&network::Overlap, bool), scene: &Scene, results: &[CountyResult]) {
    let code = |c: u32| scene.codes[c as usize].as_str();
    border_issues::overlaps(overlap.iter().map(|((a, b), mm)| ([code(*a), code(*b)], *mm)), issues);
    let roadless = results.iter().filter(|r| r.road_total_mm() == 0);
    border_issues::without_road(roadless.map(|r| r.code.as_str()), issues);
    let inside_mm = results.iter().map(CountyResult::road_total_mm).sum();
    border_issues::outside([scene.ledger.outside_mm, inside_mm], whole, issues);
    for service in scene.criteria.serving.services.iter().filter(|s| !scene.sites.iter().any(|x| x.offers(*s))) {
        let what = format!("no usable station offers {}", service.names()[0]);
        issues.push(Layer::Stations, IssueCode::NoStation, Default::default(), what);
    }
}

/// What new stations would change for the counties that `[rank.counterfactuals]` asks for.
fn try_stations(results: &mut Results, index: &CountyIndex) -> Result<()> {
    let Some(whole) = &results.whole else { return Ok(()) };
    let ranked = Ranked { evidence: &results.evidence, settings: &results.settings, assessment: &results.assessment };
    let asked = counterfactual::asked(ranked, &mut results.issues)?;
    if counterfactual::fits(whole.scene.network.node_count(), counterfactual::is_asked(ranked), &mut results.issues) {
        let units: Vec<Option<usize>> = (0..results.members.len()).map(Some).collect();
        let locate = |at| index.locate(at);
        let ground = counterfactual::TrialGround { scene: &whole.scene, units: &units, locate: &locate, names: &whole.names };
        results.counterfactuals = counterfactual::find(ground, ranked, &asked)?;
    }
    Ok(())
}
