//! The data, read back; the rules, on scenes worked out by hand.

use super::*;
use crate::config::station_words::Access;
use std::collections::{BTreeMap, BTreeSet};

fn pilot() -> Profile {
    embedded("cn-county-pilot-2024").unwrap()
}

/// A utilisation of exactly so many per cent: 100 MWh possible.
fn at(percent: f64) -> Utilisation {
    Utilisation::of(&[InOperation { energy_kwh: percent * 1000.0, rated_kw: 100.0, hours: 1000.0 }]).unwrap().unwrap()
}

#[test]
fn every_profile_reads_and_no_weak_fact_has_a_value() {
    assert_eq!(EMBEDDED.len(), 14);
    for (name, text) in EMBEDDED {
        let p = Profile::parse(text, name).unwrap();
        assert_eq!(p.name, *name);
        for f in &p.facts {
            assert_eq!(f.mark.has_no_value(), f.value.is_none(), "{name} {}", f.key);
            assert!(f.value.is_none() || !f.sources.is_empty(), "{name} {}", f.key);
            assert!(!f.text_zh.is_empty(), "{name} {}", f.key);
        }
        for s in &p.sources {
            assert!(!s.title.is_empty() && !s.address.is_empty(), "{name} {}", s.id);
        }
        // what it reads is what it writes: a JSON form that gives the same profile back
        let back: Profile = serde_json::from_value(serde_json::to_value(&p).unwrap()).unwrap();
        assert_eq!(Profile { toml: String::new(), ..p }, back, "{name}");
    }
}

/// PROGRAMME 1.4, as it stands there: class, year, per cent for 1,000, 1,200 and 1,500 (ten thousand yuan).
const TABLE: [(&str, u16, [f64; 3]); 9] = [
    ("first", 2024, [2.0, 3.0, 5.0]),
    ("first", 2025, [2.5, 3.5, 5.5]),
    ("first", 2026, [3.0, 4.0, 6.0]),
    ("second", 2024, [1.0, 2.0, 4.0]),
    ("second", 2025, [1.5, 2.5, 4.5]),
    ("second", 2026, [2.0, 3.0, 5.0]),
    ("third", 2024, [0.5, 1.0, 2.0]),
    ("third", 2025, [1.0, 1.5, 2.5]),
    ("third", 2026, [1.5, 2.0, 3.0]),
];
const YUAN: [u64; 3] = [10_000_000, 12_000_000, 15_000_000];

#[test]
fn the_tier_table_is_read_back_cell_by_cell_with_its_edges() {
    let p = pilot();
    let r = p.reward.as_ref().unwrap();
    for (class, year, percents) in TABLE {
        for (i, percent) in percents.into_iter().enumerate() {
            // exactly at the threshold it is paid
            let t = tier(r, class, year, at(percent)).unwrap();
            assert_eq!((t.amount_yuan, t.reached), (YUAN[i], Some(percent)), "{class} {year} {percent}");
            assert_eq!(t.next.map(|n| (n.percent, n.amount_yuan)), percents.get(i + 1).map(|n| (*n, YUAN[i + 1])));
            assert_eq!(t.class_assumed, year != 2024);
            // a thousandth of a per cent below, 1 kWh of 100,000, it is not, and 1 kWh lacks
            let below = tier(r, class, year, at(percent - 0.001)).unwrap();
            assert_eq!(below.amount_yuan, if i == 0 { 0 } else { YUAN[i - 1] }, "{class} {year} {percent}");
            assert!((below.next.unwrap().short_kwh - 1.0).abs() < 1e-6, "{below:?}");
        }
        assert_eq!(tier(r, class, year, at(0.0)).unwrap().amount_yuan, 0);
        assert_eq!(tier(r, class, year, at(100.0)).unwrap().next, None);
    }
    for (class, year, what) in [("fourth", 2024, "no class \"fourth\""), ("first", 2027, "no year 2027")] {
        assert!(tier(r, class, year, at(1.0)).unwrap_err().what().contains(what));
    }
}

#[test]
fn classes_have_the_bounds_that_they_name() {
    let p = pilot();
    let r = p.reward.as_ref().unwrap();
    let of = |penetration| match class_of(r, penetration).unwrap() {
        ClassOf::Class(name) => name,
        ClassOf::NoTier => "no tier".to_owned(),
    };
    for (penetration, class) in [
        (0.0, "no tier"),
        (13.999, "no tier"),
        (14.0, "third"),
        (25.0, "third"),
        (25.001, "second"),
        (35.0, "second"),
        (35.001, "first"),
        (44.999, "first"),
        (45.0, "no tier"),
        (100.0, "no tier"),
    ] {
        assert_eq!(of(penetration), class, "{penetration}");
    }
    assert!(class_of(r, 0.312).is_ok() && class_of(r, -1.0).is_err() && class_of(r, f64::NAN).is_err());
}

#[test]
fn three_years_at_the_top_are_the_cap() {
    let p = pilot();
    let r = p.reward.as_ref().unwrap();
    let top: Vec<Tier> = [2024, 2025, 2026].map(|year| tier(r, "first", year, at(6.0)).unwrap()).into();
    assert_eq!(total_yuan(&p, &top), 45_000_000);
    let four: Vec<Tier> = top.iter().chain(&top[..1]).cloned().collect();
    assert_eq!(total_yuan(&p, &four), 45_000_000);
    // the example of guide::programme: second class; 3 %, 2 %, 1 % in the three years: 12 + 10 + 0 million
    assert_eq!(class_of(r, 31.2).unwrap(), ClassOf::Class("second".to_owned()));
    let of = |energy_kwh, hours| Utilisation::of(&[InOperation { energy_kwh, rated_kw: 1920.0, hours }]).unwrap().unwrap();
    let years = [(2024, 115_200.0, 2000.0, 3.0), (2025, 336_384.0, 8760.0, 2.0), (2026, 168_192.0, 8760.0, 1.0)].map(
        |(year, energy, hours, percent)| {
            let u = of(energy, hours);
            assert_eq!(u.percent(), percent, "{year}");
            tier(r, "second", year, u).unwrap()
        },
    );
    let to_next = years[0].next.unwrap();
    assert_eq!((to_next.percent, to_next.amount_yuan, to_next.short_kwh.round()), (4.0, 15_000_000, 38_400.0));
    assert_eq!(years.clone().map(|t| t.amount_yuan), [12_000_000, 10_000_000, 0]);
    assert_eq!(total_yuan(&p, &years), 22_000_000);
}

#[test]
fn kinds_of_counties_are_in_their_codes() {
    let of = |code| Kind::of_adcode(code).map(Kind::as_str);
    for (code, kind) in [
        ("500151", Some("district")), // 铜梁区: the units of 5001 run beyond 20
        ("500231", Some("county")),   // 垫江县
        ("440781", Some("county_level_city")),
        ("620123", Some("county")),
        ("440103", Some("district")),
        ("522301", Some("county_level_city")), // 兴义市, in an autonomous prefecture
        ("469001", Some("county_level_city")), // 五指山市, under its province
        ("420528", Some("county")),
        ("500000", None),
        ("500200", None),
        ("53065", None),
        ("US5306", None),
    ] {
        assert_eq!(of(code), kind, "{code}");
    }
}

fn member(code: &str, stock: Option<f64>) -> Member {
    let figures = stock.map(|s| ("prefecture_car_stock".to_owned(), s)).into_iter().collect();
    let facts = BTreeMap::from([("other_central_funding".to_owned(), false)]);
    Member { code: code.to_owned(), kind: Kind::of_adcode(code), figures, facts }
}

#[test]
fn a_gate_is_met_or_not_or_cannot_be_told() {
    let (first, second) = (pilot(), embedded("cn-county-pilot-2025").unwrap());
    let alone = |p: &Profile, m: Member| eligibility(p, &Applicant { members: vec![m], lead: None }).unwrap();
    // 200,000 cars are enough in 2024 and too few in 2025, where 250,000 are asked for; bounds included
    assert_eq!(alone(&first, member("620123", Some(200_000.0))), Eligibility::Eligible);
    assert_eq!(alone(&second, member("620123", Some(250_000.0))), Eligibility::Eligible);
    for (p, stock) in [(&first, 199_999.0), (&second, 249_999.0)] {
        let Eligibility::NotEligible(why) = alone(p, member("620123", Some(stock))) else { panic!("{stock}") };
        assert_eq!((why.len(), why[0].gate.as_str()), (1, "prefecture_car_stock"));
        assert!(why[0].because.contains(&stock.to_string()), "{why:?}");
    }
    let unknown = vec![("prefecture_car_stock".to_owned(), "620123".to_owned())];
    assert_eq!(alone(&first, member("620123", None)), Eligibility::CannotBeTold(unknown));
    // a district is not eligible, whatever is not known
    let Eligibility::NotEligible(why) = alone(&first, member("500151", None)) else { panic!() };
    assert_eq!((why[0].gate.as_str(), why[0].because.as_str()), ("kind", "a district cannot apply"));
    // money from elsewhere
    let mut funded = member("620123", Some(300_000.0));
    funded.facts.insert("other_central_funding".to_owned(), true);
    assert!(matches!(alone(&second, funded), Eligibility::NotEligible(why) if why[0].gate == "other_central_funding"));
}

#[test]
fn joint_applications_have_one_lead_and_may_take_districts_in() {
    let (first, second) = (pilot(), embedded("cn-county-pilot-2025").unwrap());
    let of = |codes: &[&str], lead: Option<&str>| Applicant {
        members: codes.iter().map(|c| member(c, Some(300_000.0))).collect(),
        lead: lead.map(str::to_owned),
    };
    // Cili with Sangzhi, and a district with them
    let joint = of(&["430821", "430822", "430802"], Some("430821"));
    assert_eq!(eligibility(&second, &joint).unwrap(), Eligibility::Eligible);
    assert!(
        matches!(eligibility(&first, &joint).unwrap(), Eligibility::NotEligible(why) if why.len() == 1 && why[0].gate == "joint")
    );
    let led = of(&["430821", "430802"], Some("430802"));
    assert!(
        matches!(eligibility(&second, &led).unwrap(), Eligibility::NotEligible(why) if why[0].because == "a district cannot lead a joint application")
    );
    for (applicant, what) in [
        (of(&["430821", "430822"], None), "has no lead county"),
        (of(&["430821", "430822"], Some("430102")), "is not among"),
        (of(&["430821", "430821"], Some("430821")), "stands twice"),
        (of(&[], None), "without a county"),
    ] {
        assert!(eligibility(&second, &applicant).unwrap_err().what().contains(what), "{what}");
    }
}

fn station(total_kw: Option<f64>, points: Option<u32>, point_kw: Option<f64>) -> Offer {
    Offer { charging: true, total_kw, points, point_kw, access: Access::Public, availability: Some(100.0), ..Offer::default() }
}

#[test]
fn a_station_counts_or_not_or_it_cannot_be_told() {
    // AFIR 2027, core: 600 kW in all, 2 points of 150 kW
    let p = embedded("eu-afir-cars-2027").unwrap();
    let filter = &p.rule("core").unwrap().filter;
    let missing = |fields: &[&'static str]| Answer::CannotBeTold(fields.iter().map(|f| Missing::Field(f)).collect());
    let no = |tests: &[Test]| Answer::No(tests.iter().copied().collect());
    for (offer, want) in [
        (Offer { each_point: vec![Offered { count: 2, kw: 150.0 }], ..station(Some(600.0), None, None) }, Answer::Yes),
        (
            Offer {
                each_point: vec![Offered { count: 1, kw: 350.0 }, Offered { count: 9, kw: 50.0 }],
                ..station(Some(800.0), None, None)
            },
            no(&[Test::Points]),
        ),
        (station(Some(599.9), Some(4), Some(300.0)), Answer::No([Test::TotalKw].into())),
        // four points, the strongest of 300 kW: one at least, four at most
        (station(Some(600.0), Some(4), Some(300.0)), missing(&["power of each point"])),
        (station(Some(600.0), Some(1), Some(300.0)), no(&[Test::Points])),
        (station(Some(600.0), Some(4), Some(149.0)), no(&[Test::Points])),
        // AFDC: points and no power
        (station(None, Some(4), None), missing(&["total_kw", "power_kw"])),
        (station(None, Some(1), None), no(&[Test::Points])),
        // 3 points of at most 150 kW are 450 kW at most; one of 600 kW is enough by itself, and of the second nothing is known
        (station(None, Some(3), Some(150.0)), no(&[Test::TotalKw])),
        (station(None, None, Some(600.0)), missing(&["points"])),
        (station(None, None, None), missing(&["points", "power_kw", "total_kw"])),
        (Offer { access: Access::Unknown, ..station(None, Some(1), None) }, no(&[Test::Points])),
        (Offer { access: Access::Private, ..station(Some(600.0), None, None) }, no(&[Test::Access])),
        (Offer { charging: false, swap: true, ..station(Some(600.0), None, None) }, no(&[Test::Service])),
    ] {
        assert_eq!(qualifies(&p, filter, &offer), want, "{offer:?}");
    }
    // trucks have to be named
    let trucks = embedded("eu-afir-trucks-2027").unwrap();
    let filter = &trucks.rule("core").unwrap().filter;
    let two = Offer { each_point: vec![Offered { count: 2, kw: 350.0 }], ..station(Some(2800.0), None, None) };
    assert_eq!(qualifies(&trucks, filter, &two), missing(&["trucks"]));
    assert_eq!(qualifies(&trucks, filter, &Offer { trucks: Some(true), ..two.clone() }), Answer::Yes);
    assert_eq!(qualifies(&trucks, filter, &Offer { trucks: Some(false), ..two }), no(&[Test::Vehicle]));
}

#[test]
fn points_that_add_up_to_the_whole_are_all_of_the_power() {
    use crate::read::{equipment::Equipment, station::Station};
    // NEVI with ports of 150 kW: four of direct current
    let values = BTreeMap::from([("port_kw".to_owned(), 150.0), ("uptime".to_owned(), 97.0)]);
    let p = embedded("us-nevi-2023").unwrap().with_values(&values, "r").unwrap();
    let filter = &p.rule("corridors").unwrap().filter;
    let of = |n: u32, kw: f64, total_kw: Option<f64>| {
        let equipment = Equipment { dc_points: Some(n), availability: Some(0.99), ..Equipment::default() };
        let (points, power_kw) = (Some(n), Some(kw));
        let sockets = "CCS1".to_owned();
        let s = Station {
            charging: true,
            points,
            power_kw,
            total_kw,
            access: Access::Public,
            sockets,
            equipment,
            ..Station::default()
        };
        qualifies(&p, filter, &Offer::of(&s))
    };
    let each = Answer::CannotBeTold([Missing::Field("power of each point")].into());
    let no = Answer::No([Test::Points].into());
    // 4 × 150 = 600: each has 150; of 500 one at least is weaker, and how many is not said
    assert_eq!([of(4, 150.0, Some(600.0)), of(4, 150.0, Some(500.0)), of(4, 150.0, None)], [Answer::Yes, each.clone(), each]);
    // three are too few, and four of 120 kW too weak
    assert_eq!([of(3, 150.0, Some(450.0)), of(4, 120.0, Some(480.0))], [no.clone(), no]);
    // 7.36 kW × 3 = 22.08, written as 22
    let alike =
        |total_kw| Offer::of(&Station { points: Some(3), power_kw: Some(7.36), total_kw, ..Station::default() }).each_point;
    assert_eq!((alike(Some(22.0)).len(), alike(Some(20.0)).len(), alike(None).len()), (1, 0, 0));
}

#[test]
fn what_the_user_has_to_set_is_named_and_can_be_set() {
    // NEVI: four ports, of a power (K) and an uptime (K) that nobody has set
    let p = embedded("us-nevi-2023").unwrap();
    let rule = p.rule("corridors").unwrap();
    let value = |key: &str| Missing::Value(key.to_owned());
    let four = Offer { dc_points: Some(4), ..station(None, Some(6), Some(150.0)) };
    assert_eq!(qualifies(&p, &rule.filter, &four), Answer::CannotBeTold([value("port_kw"), value("uptime")].into()));
    // three ports fail whatever their power is
    assert_eq!(qualifies(&p, &rule.filter, &station(None, Some(3), None)), Answer::No([Test::Points].into()));
    let values = BTreeMap::from([("port_kw".to_owned(), 0.0), ("uptime".to_owned(), 97.0)]);
    let set = p.clone().with_values(&values, "r").unwrap();
    assert_eq!(set.fact("uptime").unwrap().mark, Mark::User);
    assert_eq!(qualifies(&set, &rule.filter, &four), Answer::Yes);
    // three of direct current beside three of alternating current are three; how many of four are direct current has to be known
    let three = Offer { dc_points: Some(3), ..station(None, Some(6), Some(150.0)) };
    assert_eq!(qualifies(&set, &rule.filter, &three), Answer::No([Test::Points].into()));
    let dc_points = Answer::CannotBeTold([Missing::Field("dc_points")].into());
    assert_eq!(qualifies(&set, &rule.filter, &station(None, Some(4), Some(150.0))), dc_points);
    // of four points of 50 kW and more each is direct current, of four of 22 kW none has to be
    let each = |kw| Offer { each_point: vec![Offered { count: 4, kw }], ..station(None, None, None) };
    assert_eq!(qualifies(&set, &rule.filter, &each(50.0)), Answer::Yes);
    assert_eq!(qualifies(&set, &rule.filter, &Offer { dc_points: Some(0), ..each(22.0) }), Answer::No([Test::Points].into()));
    for (key, value, what) in [
        ("spacing", 80.0, "has a value with a source"),
        ("sapcing", 80.0, "has no fact"),
        ("uptime", 101.0, "cannot be meant"),
        ("port_kw", -1.0, "cannot be meant"),
    ] {
        let e = p.clone().with_values(&BTreeMap::from([(key.to_owned(), value)]), "r").unwrap_err();
        assert!(e.what().contains(what) && e.location().field == Some(format!("programme.values.us-nevi-2023.{key}")), "{e}");
    }
    // off the road: a mile itself counts; at the road it counts whatever the limit is
    assert_eq!(near_enough(&p, rule.off_road.as_deref(), 1_609_344), Answer::Yes);
    assert_eq!(near_enough(&p, rule.off_road.as_deref(), 1_609_345), Answer::No([Test::OffRoad].into()));
    let open = embedded("us-nevi-2025").unwrap();
    assert_eq!(near_enough(&open, Some("off_road"), 0), Answer::Yes);
    assert_eq!(near_enough(&open, Some("off_road"), 1), Answer::CannotBeTold([value("off_road")].into()));
}

const KM: u64 = 1_000_000;

fn both<T>(without: T, with: T) -> Both<T> {
    Both { without, with }
}

#[test]
fn gaps_are_judged_both_ways() {
    let p = embedded("us-nevi-2023").unwrap();
    let rule = p.rule("corridors").unwrap();
    let why: BTreeSet<Missing> = [Missing::Field("power_kw")].into();
    let of = |without: &[u64], with: &[u64]| gap(&p, rule, both(without, with), why.clone());
    // 50 miles are 80,467,200 mm; the limit itself is met
    let v = of(&[80_467_200], &[40 * KM]);
    assert_eq!((v.met, v.missing.len(), v.measure.asked), (Met::Met, 0, Some(80_467_200.0)));
    let v = of(&[80_467_201], &[80_467_200]);
    assert_eq!((v.met, v.both), (Met::CannotBeTold, both(Met::NotMet, Met::Met)));
    assert_eq!((v.missing, v.measure.found), (why.clone(), both(Some(80_467_201.0), Some(80_467_200.0))));
    assert_eq!(of(&[90 * KM], &[81 * KM]).met, Met::NotMet);
    // a spacing that is not set: nothing can be told, but the longest way is
    let open = embedded("us-nevi-2025").unwrap();
    let v = gap(&open, open.rule("corridors").unwrap(), both(&[90 * KM], &[81 * KM]), BTreeSet::new());
    assert_eq!((v.met, v.measure.found.with), (Met::CannotBeTold, Some(81e6)));
    assert_eq!(v.missing, [Missing::Value("spacing".to_owned())].into());
    // half of the length: intervals of 50, 50 and 100 km, of which 100 of 200 km lie in some of at most 60
    let afir = embedded("eu-afir-cars-2027").unwrap();
    let half = afir.rule("comprehensive").unwrap();
    let v = gap(&afir, half, both(&[50 * KM, 50 * KM, 100 * KM], &[50 * KM, 50 * KM, 100 * KM]), BTreeSet::new());
    assert_eq!((v.met, v.measure.found.without, v.measure.unit), (Met::Met, Some(50.0), "%"));
    assert_eq!(gap(&afir, half, both(&[101 * KM, 99 * KM], &[50 * KM, 51 * KM, 102 * KM]), BTreeSet::new()).met, Met::NotMet);
}

#[test]
fn places_units_and_vehicles_are_judged_both_ways() {
    // townships: 3 of 20 without, none if the unknown ones count
    let p = embedded("cn-township-coverage").unwrap();
    let count = |without| Count { units: 20, without };
    let townships = p.rule("townships").unwrap();
    let access: BTreeSet<Missing> = [Missing::Field("access")].into();
    let v = each(&p, townships, Some(both(count(3), count(0))), access.clone());
    assert_eq!((v.met, v.both, v.missing), (Met::CannotBeTold, both(Met::NotMet, Met::Met), access.clone()));
    assert_eq!(each(&p, townships, Some(both(count(3), count(1))), access.clone()).met, Met::NotMet);
    assert_eq!(each(&p, townships, Some(both(count(0), count(0))), access).met, Met::Met);
    let v = each(&p, townships, None, BTreeSet::new());
    assert_eq!((v.met, v.missing), (Met::CannotBeTold, [Missing::Figure("units".to_owned())].into()));

    // places: no radius is published; 10 km set by the user
    let places = p.rule("places").unwrap();
    let far = both(Some(10 * KM + 1), Some(10 * KM));
    let v = reach(&p, places, far, BTreeSet::new());
    assert_eq!((v.met, v.missing), (Met::CannotBeTold, [Missing::Value("radius".to_owned())].into()));
    let set = p.clone().with_values(&BTreeMap::from([("radius".to_owned(), 10.0)]), "r").unwrap();
    assert_eq!(reach(&set, places, far, BTreeSet::new()).both, both(Met::NotMet, Met::Met));
    let nowhere = reach(&set, places, both(Some(u64::MAX), Some(u64::MAX)), BTreeSet::new());
    assert_eq!((nowhere.met, nowhere.measure.found.with), (Met::NotMet, None));

    // vehicles: 1,000 BEV and 500 PHEV ask for 1,300 + 400 = 1,700 kW
    let p = embedded("eu-afir-cars-2025").unwrap();
    let fleet = p.rule("fleet").unwrap();
    let cars = |list: &[(&str, f64)]| list.iter().map(|(k, n)| ((*k).to_owned(), *n)).collect::<BTreeMap<_, _>>();
    let all = cars(&[("bev", 1000.0), ("phev", 500.0)]);
    assert_eq!(ratio(&p, fleet, both(1700.0, 1700.0), &all, BTreeSet::new()).met, Met::Met);
    assert_eq!(ratio(&p, fleet, both(1699.0, 1700.0), &all, BTreeSet::new()).both, both(Met::NotMet, Met::Met));
    // hybrids not given: 1,299 kW do not even do for the others, 1,300 might
    let some = cars(&[("bev", 1000.0)]);
    assert_eq!(ratio(&p, fleet, both(1299.0, 1299.0), &some, BTreeSet::new()).met, Met::NotMet);
    let v = ratio(&p, fleet, both(1300.0, 1300.0), &some, BTreeSet::new());
    assert_eq!((v.met, v.missing), (Met::CannotBeTold, [Missing::Figure("vehicles (phev)".to_owned())].into()));
}

#[test]
fn a_profile_with_something_missing_is_refused_by_name() {
    let (_, text) = EMBEDDED.iter().find(|(n, _)| *n == "cn-county-pilot-2024").unwrap();
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        let e = Profile::parse(&text.replacen(from, to, 1), "own.toml").unwrap_err();
        assert_eq!((e.exit_code(), e.location().file.as_deref()), (2, Some("own.toml")));
        assert!(e.location().line.is_some(), "{e}");
        (e.what().to_owned(), e.location().field.clone().unwrap_or_default())
    };
    for (from, to, what, field) in [
        ("2025 = [1.5, 2.5, 4.5]\n", "", "class \"second\" has no thresholds for 2025", "reward.class.second.percent"),
        (
            "\"first\", \"second\", \"third\"",
            "\"first\", \"second\", \"third\", \"fourth\"",
            "class \"fourth\" is missing",
            "reward.classes",
        ),
        (
            "\"first\", \"second\", \"third\"",
            "\"first\", \"second\"",
            "class \"third\" is not in reward.classes",
            "reward.class.third",
        ),
        (
            "years = [2024, 2025, 2026]",
            "years = [2024, 2025]",
            "class \"first\" has thresholds for 2026",
            "reward.class.first.percent.2026",
        ),
        ("2024 = [0.5, 1, 2]", "2024 = [0.5, 2, 1]", "do not rise", "reward.class.third.percent.2024"),
        ("2024 = [0.5, 1, 2]", "2024 = [0.5, 1]", "are not 3 as the amounts are", "reward.class.third.percent.2024"),
        ("2024 = [0.5, 1, 2]", "2024 = [0.5, 1, 200]", "do not rise", "reward.class.third.percent.2024"),
        ("above = 25\n", "at_least = 25\n", "have a penetration in common", "reward.class.third"),
        ("above = 25\n", "", "no lower or no upper bound", "reward.class.second"),
        ("above = 25\nat_most = 35", "above = 35\nat_most = 25", "bounds are crossed", "reward.class.second"),
        ("cap = \"cap_yuan\"", "cap = \"cap_yen\"", "there is no fact \"cap_yen\"", "reward.cap"),
        ("cap = \"cap_yuan\"", "cap = \"pile_kw\"", "\"pile_kw\" is measured in \"kW\"", "reward.cap"),
        ("point_kw = \"pile_kw\"", "point_kw = \"open_to_all\"", "is measured in \"\"", "counts.point_kw"),
        ("sources = [\"S19\"]", "sources = [\"S99\"]", "there is no source \"S99\"", "facts[2].sources[0]"),
        ("mark = \"H\"", "mark = \"K\"", "has mark K and a value", "facts[0].mark"),
        ("mark = \"H\"\n", "", "missing field", "facts[0]"),
        ("value = 70\n", "", "has mark H and no value", "facts[0].key"),
        ("value = 70\n", "value = -70\n", "cannot be meant", "facts[0].value"),
        ("key = \"counties_passed\"", "key = \"quota_counties\"", "two facts are called", "facts[1].key"),
        ("access = [\"public\"]", "access = [\"pubic\"]", "\"pubic\" is not known here", "counts.access[0]"),
        ("shape = \"each\"\n", "shape = \"reach\"\n", "has no limit", "rules[0].shape"),
        ("unit = \"township\"\n", "unit = \"township\"\nlimit = \"pile_kw\"\n", "does not know limit", "rules[0].limit"),
        ("unit = \"township\"\n", "unit = \"cell\"\n", "has no cell", "rules[0].shape"),
        ("format = 1", "format = 2", "profiles of format 2 are not known", "format"),
        ("name = \"cn-county-pilot-2024\"", "name = \"My Programme\"", "is no name of a programme", "name"),
        ("alone = [\"county\"", "alone = [\"countie\"", "unknown variant", "gates.alone[0]"),
        ("class_year = 2024\n", "", "missing field \"class_year\"", "reward"),
    ] {
        let (said, at) = refused(from, to);
        assert!(said.contains(what) && at == field, "{from}: {said} at {at}");
    }
    // a value of the user's own
    let own =
        text.replacen("mark = \"K\"", "mark = \"user\"", 1).replacen("name = \"cn-county-pilot-2024\"", "name = \"own\"", 1);
    let files = [("own.toml".into(), own)];
    let mine = Programmes::with_files(&files).unwrap();
    assert!(mine.is_own("own") && mine.names().len() == 15 && mine.get("own").is_ok());
    assert!(Programmes::with_files(&[files[0].clone(), files[0].clone()]).unwrap_err().what().contains("two files hold"));
    assert_eq!(mine.get("us-nevi-2032").unwrap_err().next(), "did you mean \"us-nevi-2023\"?");
}

#[test]
fn a_profile_is_shown_with_all_that_it_holds() {
    use crate::files::lang::Lang;
    for (name, _) in EMBEDDED {
        let p = embedded(name).unwrap();
        for lang in [Lang::En, Lang::Zh] {
            let shown = text(&p, lang);
            let keys = p.facts.iter().map(|f| f.key.as_str()).chain(p.rules.iter().map(|r| r.name.as_str()));
            keys.chain(p.sources.iter().map(|s| s.title.as_str())).for_each(|k| assert!(shown.contains(k), "{name} {k}"));
            let said = p.not_published.iter().map(|n| if lang == Lang::Zh { &n.text_zh } else { &n.text });
            said.for_each(|t| assert!(!t.is_empty() && shown.contains(t.as_str()), "{name} {t}"));
        }
    }
    let shown = text(&pilot(), Lang::En);
    for part in
        ["45,000,000 yuan", "second 25 % < p ≤ 35 % 2025", "assumed: the classes are those of 2024", "set by the user (kW)"]
    {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    let listed = list_text(&Programmes::default(), Lang::En).unwrap();
    assert_eq!(listed.lines().count(), 14);
    assert!(
        listed.contains(
            "us-nevi-2025           NEVI formula programme, interim final guidance of August 2025; 4 to be set by the user"
        ),
        "{listed}"
    );
}
