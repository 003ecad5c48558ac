//! What only the network of all regions can say of the counties of a round: `[demand]` and `[programme]`. Loads hang on drivers far beyond a
//! shard, so shards know nothing of it; it is asked once, when all shards are there, and kept in the work folder under the fingerprint of
//! everything that it was made from.

use super::ground::NetworkSource;
use super::inputs::Together;
use super::plan::Plan;
use super::work::Work;
use crate::config::{Criteria, RoundFile};
use crate::county::{Needs, NeedsAsked, Standing, WholeNetwork, needs as ask};
use crate::demand;
use crate::error::Result;
use crate::files::whole_file::write_whole;
use crate::input;
use crate::issue::{Issue, Issues};
use crate::network::CountyIndex;
use crate::plan::{self, CountyOffer, OfferGround};
use crate::prepared::ground::Ground;
use crate::programme::{self, Profile};
use crate::read::hex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Its bytes change with this number, where they do without a new version of the program.
const KEPT_VERSION: u32 = 10;

/// What it is made from.
pub struct NeedsFrom<'a> {
    /// The round, with codes brought up to date.
    pub file: &'a RoundFile,
    /// Criteria.
    pub criteria: &'a Criteria,
    /// The layers.
    pub all: &'a Together,
    /// The network.
    pub ground: &'a Ground,
    /// The shards: who takes part, and who lies where.
    pub plan: &'a Plan,
    /// What the network was made from.
    pub network: &'a NetworkSource,
    /// Bytes that may be in memory, about.
    pub max_memory: Option<u64>,
}

/// Where it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NeedsOrigin {
    /// The round asks for nothing of it.
    #[default]
    NotAsked,
    /// The network was asked.
    Computed,
    /// It was kept from before.
    Kept,
}

/// What was found, by the numbers of the shards, and what is to be told about it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct RoundNeeds {
    /// What was found.
    pub needs: Needs,
    /// Counties with plans of their own, by the numbers of the shards, where `[plan] funding` names budgets.
    #[serde(default)]
    pub offers: Vec<CountyOffer>,
    /// What was found about the inputs.
    pub issues: Vec<Issue>,
    /// Where it comes from.
    #[serde(skip)]
    pub origin: NeedsOrigin,
}

/// Asks the network, or takes what one of the work folders has; what is new is kept in the first. `stage` is told the name of each stage when
/// it begins. Nothing is done where the round asks for neither demand nor programmes.
///
/// # Errors
/// Usage and input of programmes; internal, where demand and ways do not fit together.
pub fn of_round(from: &NeedsFrom<'_>, works: &[&Work], stage: &dyn Fn(&'static str)) -> Result<RoundNeeds> {
    let profiles = programme::of_region(&from.file.whole())?;
    if from.criteria.demand.is_none() && profiles.is_empty() && !funds(from.criteria) {
        return Ok(RoundNeeds::default());
    }
    let print = print(from, &profiles);
    if let Some(kept) = works.iter().find_map(|w| open(&path_of(w.path(), &print), &print)) {
        return Ok(RoundNeeds { origin: NeedsOrigin::Kept, ..kept });
    }
    super::run::room_for(from.ground.draft.edges.len(), from.max_memory)?;
    stage("whole network");
    let made = make(from, &profiles, stage)?;
    if let Some(work) = works.first() {
        keep(work.path(), &print, &made);
    }
    Ok(made)
}

/// Whether counties are to be funded with plans of their own.
fn funds(criteria: &Criteria) -> bool {
    criteria.plan.as_ref().is_some_and(|p| !p.funding.is_empty())
}

/// Plans of the counties that take part, by the numbers of the shards.
fn offers(
    from: &NeedsFrom<'_>,
    standing: Standing<'_>,
    (members, index): (&[u32], &CountyIndex),
    found: &Needs,
) -> Result<Vec<CountyOffer>> {
    let Some(asked) = from.criteria.plan.as_ref().filter(|_| funds(from.criteria)) else { return Ok(Vec::new()) };
    plan::refuse_not_counting(asked, &from.criteria.serving)?;
    let wanted = plan::counties_of(asked, standing.codes)?;
    let place = |county: &u32| members.binary_search(county).ok();
    // who does not take part is not funded
    let members: Vec<(u32, u32)> = wanted.iter().filter_map(|c| Some((*c, place(c)? as u32))).collect();
    let numbers: Vec<u32> = members.iter().map(|m| m.0).collect();
    let ground = OfferGround {
        asked,
        standing,
        draft: &from.ground.draft,
        given: &plan::given(&from.all.candidates, &|at| index.locate(at)),
        members: &numbers,
        locate: &|at| index.locate(at),
        needs: found,
    };
    let by_shard = |((_, i), mut offer): ((u32, u32), CountyOffer)| {
        offer.county = i;
        offer.sites.iter_mut().for_each(|s| s.site.county = Some(i));
        offer
    };
    Ok(members.iter().copied().zip(plan::county_offers(&ground)?).map(by_shard).collect())
}

fn make(from: &NeedsFrom<'_>, profiles: &[Profile], stage: &dyn Fn(&'static str)) -> Result<RoundNeeds> {
    let NeedsFrom { file, criteria, all, ground, plan, .. } = from;
    let members: Vec<u32> = plan.shards.iter().map(|s| s.county).collect();
    let has_rows = |county: u32| members.binary_search(&county).is_ok();
    let stations = all.stations.iter().cloned().zip(plan.county_of_station.iter().copied()).collect();
    let mut settlements: Vec<_> = all.settlements.iter().cloned().zip(plan.county_of_settlement.iter().copied()).collect();
    let mut issues = Issues::default();
    let basis = criteria.demand.as_ref().map(|demand| demand::assign(&all.counties, &mut settlements, demand, &mut issues));
    let codes = all.counties.iter().map(|c| c.code.clone()).collect();
    let network = (ground.draft.clone(), &ground.names);
    let whole = WholeNetwork::new(network, codes, stations, settlements, criteria, &has_rows);
    let region = file.whole();
    let corridors = programme::corridors_asked(&region, profiles);
    let index = CountyIndex::new(&all.counties);
    let asked = NeedsAsked {
        basis: basis.as_deref(),
        counts: &all.counts,
        profiles,
        corridors: corridors.as_ref(),
        table: &region.programme,
        joint: &file.rank.joint,
        locate: &|at| index.locate(at),
        has_rows: &has_rows,
    };
    let needs = ask(&whole.standing(), &asked, stage)?;
    let offers = offers(from, whole.standing(), (&members, &index), &needs)?;
    let needs = needs.of_counties(&members);
    // of counties that take no part nothing is told
    let here: BTreeSet<&str> = members.iter().map(|c| all.counties[*c as usize].code.as_str()).collect();
    let told = |i: &&Issue| i.at.id.as_deref().is_none_or(|id| here.contains(id));
    let issues = issues.sorted().into_iter().chain(&needs.issues).filter(told).cloned().collect();
    Ok(RoundNeeds { needs, offers, issues, origin: NeedsOrigin::Computed })
}

/// Fingerprint of everything that bears on it. Shapes of counties do by who lies in which; of the criteria all do that are asked for.
fn print(from: &NeedsFrom<'_>, profiles: &[Profile]) -> String {
    let NeedsFrom { file, criteria, all, plan, network, .. } = from;
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    add(format!("chargegap {} needs {KEPT_VERSION}", env!("CARGO_PKG_VERSION")).as_bytes());
    add(network.key.as_bytes());
    add(format!("{:?} {:?} {:?}", criteria.serving, criteria.demand, criteria.plan).as_bytes());
    add(format!("{profiles:?} {:?} {:?}", file.programme, file.rank.joint).as_bytes());
    for (station, county) in all.stations.iter().zip(&plan.county_of_station) {
        add(&serde_json::to_vec(&(station, county)).unwrap_or_default());
    }
    for (settlement, county) in all.settlements.iter().zip(&plan.county_of_settlement) {
        add(&serde_json::to_vec(&(settlement, county)).unwrap_or_default());
    }
    for c in &all.counties {
        add(&serde_json::to_vec(&(&c.code, &c.name, c.population, &c.columns, &c.source)).unwrap_or_default());
    }
    if funds(criteria) {
        add(&serde_json::to_vec(&all.candidates).unwrap_or_default());
    }
    all.counts.iter().for_each(|c| add(&serde_json::to_vec(c).unwrap_or_default()));
    plan.shards.iter().for_each(|s| add(&s.county.to_le_bytes()));
    hex(&hash.finalize())
}

const BEGINS: &str = "needs-";

fn path_of(work: &Path, print: &str) -> PathBuf {
    work.join(format!("{BEGINS}{}.json", &print[..16]))
}

/// What is kept under a fingerprint: a line with it and the SHA-256 of the rest, then the rest. None where it is not there, damaged, or of
/// something else.
fn open(path: &Path, print: &str) -> Option<RoundNeeds> {
    let bytes = path.is_file().then(|| input::whole(path, "read what the network says", input::MOST_WHOLE).ok())??;
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let (head, rest) = (bytes.get(..end)?, bytes.get(end + 1..)?);
    let whose = format!("{print} {}", hex(&Sha256::digest(rest)));
    (head == whose.as_bytes()).then(|| serde_json::from_slice(rest).ok())?
}

/// Keeps it, and removes what earlier inputs left; that it cannot be kept costs time and nothing else.
fn keep(work: &Path, print: &str, made: &RoundNeeds) {
    let Ok(rest) = serde_json::to_vec(made) else { return };
    let head = format!("{print} {}\n", hex(&Sha256::digest(&rest)));
    let path = path_of(work, print);
    let kept = write_whole(&path, "what the network says", |out| {
        out.write_all(head.as_bytes())?;
        out.write_all(&rest)
    });
    if kept.is_err() {
        return;
    }
    for entry in std::fs::read_dir(work).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(BEGINS) && name.ends_with(".json") && entry.path() != path {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::print_scene::{Laid, scene};
    use super::*;
    use crate::read::traffic::Count;

    const FILE: &str =
        "[round]\nid = \"r\"\n[regions]\nfiles = [\"*\"]\n[demand]\nreach_km = 5\n[programme]\nprofiles = [\"uk-msa\"]\n";

    /// The fingerprint of what is asked of a scene.
    fn asked(text: &str, mut laid: Laid, key: &str) -> String {
        let file = RoundFile::parse(text, "round.toml").unwrap();
        laid.criteria = Criteria::from_region(&file.whole()).unwrap();
        let network = NetworkSource { key: key.to_owned(), files: Vec::new() };
        let plan = laid.plan();
        let Laid { ground, all, criteria, .. } = &laid;
        let from = NeedsFrom { file: &file, criteria, all, ground, plan: &plan, network: &network, max_memory: None };
        print(&from, &programme::of_region(&file.whole()).unwrap())
    }

    #[test]
    fn all_that_bears_on_it_is_in_the_fingerprint() {
        let base = asked(FILE, scene().laid(), "n");
        assert_eq!(asked(FILE, scene().laid(), "n"), base);
        // how counties are ranked and selected is not
        for more in ["[select]\nplaces = 1\n", "[rank.uncertainty]\ndraws = 7\n", "[output]\nwithout = [\"gpkg\"]\n"] {
            assert_eq!(asked(&format!("{FILE}{more}"), scene().laid(), "n"), base, "{more}");
        }
        for (old, new) in [
            ("reach_km = 5", "reach_km = 6"),
            ("reach_km = 5", "reach_km = 5\nper_1000_people = { bus = 1 }"),
            ("reach_km = 5", "reach_km = 5\n[supply]\nefficiency = 0.9"),
            ("reach_km = 5", "reach_km = 5\n[criteria]\nsettlement_radius_km = 2.9"),
            ("uk-msa", "us-nevi-2025"),
            ("[\"uk-msa\"]", "[\"uk-msa\"]\nroads = [\"M 1\"]"),
            ("[\"uk-msa\"]", "[\"uk-msa\"]\n[[rank.joint]]\nname = \"j\"\nlead = \"0101\"\nmembers = [\"0101\", \"0102\"]"),
        ] {
            assert!(FILE.contains(old));
            assert_ne!(asked(&FILE.replace(old, new), scene().laid(), "n"), base, "{new}");
        }
        assert_ne!(asked(FILE, scene().laid(), "m"), base);
        // figures and facts alone, under the same programmes
        let both = "[\"cn-county-pilot-2024\", \"cn-county-pilot-2025\"]\n[programme.figures.01]\nnev_penetration = ";
        let given = |more: &str| asked(&FILE.replace("[\"uk-msa\"]", &format!("{both}{more}")), scene().laid(), "n");
        let three = given("3\n");
        assert_eq!(given("3\n"), three);
        let fact = |code: &str, so: bool| given(&format!("3\n[programme.facts.{code}]\nother_central_funding = {so}\n"));
        let all = [
            three,
            given("4\n"),
            fact("01", true),
            fact("01", false),
            fact("0101", true),
            given("3\nprefecture_car_stock = 3\n"),
        ];
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        type Change = (&'static str, fn(&mut Laid));
        let changes: [Change; 7] = [
            ("a count", |l| l.all.counts.push(Count { road: "G318".to_owned(), ..Count::default() })),
            ("a station", |l| l.all.stations[2].points = Some(5)),
            ("a settlement", |l| l.all.settlements[2].population = Some(701)),
            ("vehicles", |l| l.all.settlements[0].vehicles[1] = None),
            ("people of a county", |l| l.all.counties[2].population = Some(1001)),
            ("a column of a county", |l| l.all.counties[2].columns.extend([("gdp".to_owned(), 2.0)])),
            ("one station less", |l| drop(l.all.stations.pop())),
        ];
        for (what, change) in changes {
            let mut laid = scene().laid();
            change(&mut laid);
            assert_ne!(asked(FILE, laid, "n"), base, "{what}");
        }
    }
}
