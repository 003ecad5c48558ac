//! One more station in the largest gap, by hand and against the whole balance with that station among the others.

use crate::oracles::{Dice, random_roads};
use crate::scene::{Scene, Solved, at};
use chargegap::internals::balance::{Balance, BalanceGround, CountyTrial, TrialPlace, compute};
use chargegap::internals::config::RegionFile;
use chargegap::internals::config::criteria::Criterion;
use chargegap::internals::config::demand::{Day, Demand};
use chargegap::internals::config::{Service, Services};
use chargegap::internals::coverage::{Coverage, Stretches, dead_stretches};
use chargegap::internals::demand::CountyBasis;
use chargegap::internals::network::{Draft, Placed, RoadNetwork, SnapIndex, split_at};
use chargegap::internals::place::{SettlementOut, Site, Snapped, StationOut};
use chargegap::internals::read::road::Names;
use chargegap::internals::read::settlement::Settlement;
use chargegap::internals::read::station::Station;
use chargegap::internals::space::LonLat;

/// Every hour alike, everything delivered, and a car that needs 30 kWh a day of public charging in one session.
const EVEN: &str = "[demand]\nreach_km = 1\n[demand.holiday]\nfactor = 2\n[demand.classes.private_car]\nkm_day = 100\nper_km = 0.3\n\
                    public_share = 1\nsession_kwh = 30\n[supply]\nefficiency = 1\n";

fn demand(more: &str) -> Demand {
    let hours = vec![(1.0 / 24.0).to_string(); 24].join(", ");
    let text = format!("{EVEN}{more}\n[demand.hourly]\nprivate_car = [{hours}]\n");
    Demand::of(&RegionFile::parse(&text, "r").unwrap(), 1_000_000, 50_000_000).unwrap().unwrap()
}

struct Case {
    network: RoadNetwork,
    names: Names,
    sites: Vec<Site>,
    stations: Vec<StationOut>,
    settlements: Vec<SettlementOut>,
    placed: Vec<Placed>,
    stretches: Stretches,
}

fn out(station: Station, county: u32) -> StationOut {
    StationOut { station, county: Some(county), snapped: None, used: true, reason: "".into(), duplicate_of: None, ghost: false }
}

fn settlement(at: LonLat, cars: f64, county: u32) -> SettlementOut {
    let mut s = Settlement { at, name: format!("of {cars}"), population: Some(1), ..Settlement::default() };
    s.vehicles[0] = Some(cars);
    SettlementOut { settlement: s, county, snapped: Some(Snapped { at, distance_mm: 0 }), nearest: Default::default() }
}

impl Case {
    /// A drawing with settlements of so many cars where its points are.
    fn of(solved: Solved, cars: &[f64]) -> Self {
        let stretches = Stretches::new(vec![solved.stretches(1_000_000)]);
        let of =
            |(p, cars): (&Placed, &f64)| settlement(solved.network.node(solved.network.edges()[p.edge as usize].tail), *cars, 0);
        let settlements = solved.others.iter().zip(cars).map(of).collect();
        let stations = solved.sites.iter().map(|_| out(Station { charging: true, ..Station::default() }, 0)).collect();
        let Solved { network, names, sites, others: placed, .. } = solved;
        Self { network, names, sites, stations, settlements, placed, stretches }
    }

    fn balance(&self, demand: &Demand, counties: usize) -> Balance {
        let basis = vec![CountyBasis::default(); counties];
        compute(&BalanceGround {
            demand,
            basis: &basis,
            network: &self.network,
            sites: &self.sites,
            stations: &self.stations,
            settlements: &self.settlements,
            traffic: &[],
            placed: &self.placed,
            radius_mm: 100_000,
            stretches: &self.stretches,
            headline: 0,
            names: &self.names,
            planned: &[],
            has_rows: &|_| true,
        })
        .unwrap()
    }

    fn trial(&self, demand: &Demand) -> Option<CountyTrial> {
        self.balance(demand, 1).counties.remove(0).trial
    }
}

/// A straight road of 40 cells, 4.5 km, without a station; a node in its middle.
fn road() -> Scene {
    let half = "-".repeat(19);
    Scene::draw(&format!("+{half}+{half}+"))
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs().max(1.0)
}

#[test]
fn a_settlement_without_a_charger_fills_the_new_station() {
    // 10 cars × 100 km × 0.3 kWh/km = 300 kWh a day, 10 sessions of 30 kWh; 12.5 kW in any hour, twice that on the holiday
    // (the settlement is beyond 1 km of the middle of the dead stretch, so that the station beside it serves more)
    let t = Case::of(road().point(2.0, 0.0).solve(), &[10.0]).trial(&demand("")).unwrap();
    assert_eq!((t.place, t.names[0].as_str(), t.guns, t.rated_kw), (TrialPlace::Settlement, "of 10", 4, 480.0));
    let [day, holiday] = [Day::Ordinary, Day::Holiday].map(|d| *t.on(d).unwrap());
    assert!(close(day.kwh, 300.0, 1e-6) && close(day.new_kwh, 300.0, 1e-6) && close(day.sessions, 10.0, 1e-6), "{day:?}");
    assert!(close(day.utilisation, 300.0 / (480.0 * 24.0), 1e-6));
    assert!(close(day.short_kw.unwrap()[0], 12.5, 1e-6) && day.short_kw.unwrap()[1] == 0.0 && close(day.less_kw, 12.5, 1e-6));
    assert!(close(holiday.kwh, 600.0, 1e-6) && holiday.short_kw.is_some_and(|kw| close(kw[0], 25.0, 1e-6) && kw[1] == 0.0));
    // 10 sessions of half an hour (60 kW, the car) in 24 hours at four guns: nobody waits for long
    assert!(day.wait_min.unwrap() < 0.01);
}

#[test]
fn what_the_new_station_cannot_give_stays_short() {
    // 12,000 kWh a day are 500 kW; one gun of 60 kW gives 60
    let t = Case::of(road().point(2.0, 0.0).solve(), &[400.0]).trial(&demand("[demand.trial]\nguns = 1\ngun_kw = 60\n")).unwrap();
    let day = t.on(Day::Ordinary).unwrap();
    let short = day.short_kw.unwrap();
    assert!(close(short[0], 500.0, 1e-6) && close(short[1], 440.0, 1e-6) && close(day.less_kw, 60.0, 1e-6));
    // a driver gives up at two hours: of sessions of 0.5 h, all alike, 0.5 × u ÷ (2 × (1 − u)) = 2 at u = 8/9, of 1,440 kWh a day; the way of
    // 0.2 km takes some of the two hours
    assert!(close(day.kwh, 1280.0, 1e-3) && close(day.kwh / 1440.0, day.utilisation, 1e-12), "{day:?}");
}

#[test]
fn of_two_places_the_one_that_serves_more_is_told_and_the_dead_stretch_where_both_do_the_same() {
    let d = demand("");
    // nodes at cells 0, 20 and 40: a settlement at 2 is within 1 km of the first, and not of the middle of the dead stretch
    let far = Case::of(road().point(2.0, 0.0).solve(), &[10.0]).trial(&d).unwrap();
    assert_eq!((far.place, far.at), (TrialPlace::Settlement, at(0.0, 0.0)));
    // a road of 6 cells is one dead stretch whose middle is as near to either end: the tail, where the settlement is too
    let near = Case::of(Scene::draw("+-----+").point(1.0, 0.0).solve(), &[10.0]).trial(&d).unwrap();
    assert_eq!((near.place, near.at), (TrialPlace::DeadStretch, at(0.0, 0.0)));
    // nobody asks for anything: it delivers nothing, and that is said
    let none = Case::of(road().point(2.0, 0.0).solve(), &[0.0]).trial(&d).unwrap();
    let day = none.on(Day::Ordinary).unwrap();
    assert_eq!((day.kwh, day.utilisation, day.wait_min, day.short_kw, day.less_kw), (0.0, 0.0, None, Some([0.0; 2]), 0.0));
}

#[test]
fn none_is_tried_where_none_is_asked_for_or_there_is_no_place() {
    assert_eq!(Case::of(road().point(2.0, 0.0).solve(), &[10.0]).trial(&demand("[demand.trial]\nguns = 0\n")), None);
    let mut bare = Case::of(road().solve(), &[]);
    bare.stretches = Stretches::default();
    assert_eq!(bare.trial(&demand("")), None);
}

/// Random roads with stations of one gun and settlements in two counties.
fn random(seed: u64) -> Option<Case> {
    let roads = random_roads(seed);
    if roads.list().is_empty() {
        return None;
    }
    let mut dice = Dice::new(seed + 815);
    let mut draft = Draft::from_roads(&roads).unwrap();
    let index = SnapIndex::new(&draft);
    let place = |dice: &mut Dice| at(dice.roll(600) as f64 / 100.0, dice.roll(600) as f64 / 100.0);
    let positions: Vec<LonLat> = (0..dice.roll(5)).map(|_| place(&mut dice)).collect();
    let settled: Vec<LonLat> = (0..1 + dice.roll(9)).map(|_| place(&mut dice)).collect();
    let snaps = |of: &[LonLat]| of.iter().map(|p| index.nearest(*p, 5000.0).unwrap()).collect::<Vec<_>>();
    let (of_stations, of_settlements) = (snaps(&positions), snaps(&settled));
    let (mut nodes, mut placed) = split_at(&mut draft, &of_stations, &of_settlements);
    let network = draft.freeze(&mut nodes, &mut placed);
    let offers = Services::of(&[Service::Charging]);
    let sites: Vec<Site> = (0u32..).zip(nodes).map(|(station, node)| Site { station, node, offers }).collect();
    let gun = || Station { charging: true, points: Some(1), power_kw: Some(60.0), ..Station::default() };
    let stations = sites.iter().map(|_| out(gun(), 0)).collect();
    let settlements = settled.iter().map(|p| settlement(*p, dice.roll(60) as f64, dice.roll(2) as u32)).collect();
    let coverage = Coverage::compute_for(&network, &sites, offers);
    let limit = Criterion::Distance(200_000);
    let edges: Vec<u32> = (0..network.edges().len() as u32).collect();
    let reach = coverage.reach(Service::Charging, limit.metric());
    let stretches = Stretches::new(vec![dead_stretches(&network, reach, Service::Charging, (0, limit), 0, &edges)]);
    Some(Case { network, names: Names::default(), sites, stations, settlements, placed, stretches })
}

#[test]
fn it_is_what_the_whole_balance_says_with_the_station_among_the_others() {
    let d = demand("[demand.trial]\nguns = 2\ngun_kw = 60\n").clone();
    let d = Demand { reach_mm: 300_000, ..d };
    let (mut tried, mut busy, mut apart) = (0, 0, 0);
    for case in (0..60).filter_map(random) {
        let before = case.balance(&d, 2);
        for county in 0..2 {
            let Some(trial) = &before.counties[county].trial else { continue };
            let node = (0..case.network.node_count() as u32).find(|v| case.network.node(*v) == trial.at).unwrap();
            let new = Station { charging: true, points: Some(2), power_kw: Some(60.0), ..Station::default() };
            let (mut sites, mut stations) = (case.sites.clone(), case.stations.clone());
            let offers = Services::of(&[Service::Charging]);
            sites.push(Site { station: stations.len() as u32, node, offers });
            stations.push(out(new, county as u32));
            let names = Names::default();
            let basis = vec![CountyBasis::default(); 2];
            let with = compute(&BalanceGround {
                demand: &d,
                basis: &basis,
                network: &case.network,
                sites: &sites,
                stations: &stations,
                settlements: &case.settlements,
                traffic: &[],
                placed: &case.placed,
                radius_mm: 100_000,
                stretches: &case.stretches,
                headline: 0,
                names: &names,
                planned: &[],
                has_rows: &|_| true,
            })
            .unwrap();
            let load = with.loads.last().unwrap();
            for day in [Day::Ordinary, Day::Holiday] {
                let found = trial.on(day).unwrap();
                let whole = load.days.iter().find(|l| l.day == day).unwrap();
                // loads are unique, and where waits are flat the search ends early
                assert!(close(found.kwh, whole.kwh, 0.02), "{found:?} {whole:?}");
                assert!(close(found.utilisation, whole.power_utilisation, 0.02));
                let short = |b: &Balance, c: usize| b.counties[c].days.iter().find(|x| x.day == day).unwrap().short_kw;
                // a county without a settlement asks for nothing that anybody knows
                let Some(kw) = found.short_kw else {
                    assert!(!before.counties[county].is_known());
                    continue;
                };
                assert!(close(kw[0], short(&before, county), 1e-6));
                assert!(close(kw[1], short(&with, county), 1e-6), "{found:?}");
                let all = |b: &Balance| short(b, 0) + short(b, 1);
                assert!(close(found.less_kw, all(&before) - all(&with), 1e-6));
                assert!(found.new_kwh <= found.kwh && found.less_kw >= 0.0);
                tried += 1;
                busy += usize::from(found.kwh > 1.0);
                apart += usize::from(found.new_kwh + 1.0 < found.kwh);
            }
        }
    }
    assert!(tried > 100 && busy > 50 && apart > 10, "{tried} {busy} {apart}");
}
