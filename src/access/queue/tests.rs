//! Published and exact values, and an exact M/D/c that shares nothing with the formulas.

use super::*;
use proptest::prelude::*;

/// To nine decimals, as the values to check against are given.
fn nine(x: f64) -> String {
    format!("{x:.9}")
}

#[test]
fn erlang_by_published_values() {
    assert_eq!(nine(erlang_b(12.0, 15)), "0.085729249");
    // Wolfram's help (30 an hour, 5 minutes: 2.5 erlangs; six servers for 90 % at once), R's queueing, and three computed ones
    let c = |a, c| format!("{:.6}", erlang_c(a, c).unwrap());
    assert_eq!(
        [c(2.5, 5), c(2.5, 6), c(3.0, 4), c(6.0, 8), c(8.0, 10)],
        ["0.130371", "0.047445", "0.509434", "0.356981", "0.409180"]
    );
    assert_eq!(format!("{:.5}", erlang_c(0.5 / 0.7, 2).unwrap()), "0.18797");
    // M/M/2, 5 an hour, 6 minutes: C = 0.1, and a wait of 0.1 × 0.1 h ÷ (2 − 0.5) = 1/150 h
    let two = Queue::new(2, 0.1, 1.0).unwrap();
    assert!((two.waits(5.0).unwrap() - 0.1).abs() < 1e-15 && (two.wait_h(5.0).unwrap() - 1.0 / 150.0).abs() < 1e-16);
    // one server: B = a ÷ (1 + a), C = ρ, p₀ = 1 − ρ
    assert_eq!((erlang_b(3.0, 1), erlang_c(0.25, 1)), (0.75, Some(0.25)));
    assert!((empty_m_m_c(0.25, 1).unwrap() - 0.75).abs() < 1e-15);
}

#[test]
fn ends_of_the_scale() {
    assert_eq!((erlang_b(0.0, 3), erlang_b(0.0, 0), erlang_b(5.0, 0)), (0.0, 1.0, 1.0));
    assert_eq!((erlang_c(0.0, 3), erlang_c(3.0, 3), erlang_c(0.0, 0)), (Some(0.0), None, None));
    let queue = Queue::new(4, 0.5, 0.0).unwrap();
    assert_eq!((queue.capacity_h(), queue.utilisation(6.0), queue.utilisation(9.0)), (8.0, 0.75, 1.125));
    assert_eq!((queue.wait_h(0.0), queue.wait_h(8.0), queue.wait_h(80.0)), (Some(0.0), None, None));
    assert!(queue.wait_h(8.0_f64.next_down()).unwrap() > 1e12);
    // no servers: nothing is ever served, not even nobody
    let none = Queue::new(0, 0.5, 0.0).unwrap();
    assert_eq!((none.wait_h(0.0), none.utilisation(0.0), none.utilisation(1.0)), (None, 0.0, f64::INFINITY));
    for (service, cs2) in
        [(0.0, 0.0), (-1.0, 0.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0), (1.0, -0.1), (1.0, f64::NAN), (1.0, f64::INFINITY)]
    {
        assert_eq!(Queue::new(1, service, cs2), None);
    }
}

/// A million servers: where load is 1 − 10/√c of them C follows Halfin and Whitt, C → 1 ÷ (1 + β Φ(β) ÷ φ(β)).
#[test]
fn many_servers() {
    // β = 1: Φ = 0.841344746, φ = 0.241970725 ⇒ 1 ÷ 4.477054 = 0.223361; the error falls as 1 ÷ √c
    let c = erlang_c(1e6 - 1e3, 1_000_000).unwrap();
    assert!((c - 0.223_361).abs() < 3e-4, "{c}");
    let huge = Queue::new(1_000_000, 0.5, 0.5).unwrap();
    let (wait, slope) = huge.wait_and_slope(1.998e6).unwrap();
    assert!(wait > 0.0 && slope > 0.0);
    assert_eq!(huge.wait_h(10.0), Some(0.0)); // below what a number can hold
}

#[test]
fn the_table_of_m_m_c_k() {
    let row = |arrivals, rate: f64, servers, places| {
        let f = m_m_c_k(arrivals, 1.0 / rate, servers, places);
        [f.empty, f.blocked, f.waiting, f.wait_h].map(nine)
    };
    assert_eq!(row(8.0, 2.0, 5, 12), ["0.014318089", "0.025623219", "1.213706067", "0.155702867"]);
    assert_eq!(row(4.0, 1.0, 5, 8), ["0.016800022", "0.073400414", "0.518390424", "0.139863656"]);
    assert_eq!(row(10.0, 2.0, 4, 6), ["0.007214113", "0.293542993", "0.821920382", "0.116344006"]);
}

#[test]
fn ends_of_m_m_c_k() {
    assert_eq!(m_m_c_k(0.0, 1.0, 2, 5), Finite { empty: 1.0, blocked: 0.0, waiting: 0.0, wait_h: 0.0 });
    assert_eq!(m_m_c_k(3.0, 1.0, 0, 5), Finite { empty: 0.0, blocked: 1.0, waiting: 5.0, wait_h: f64::INFINITY });
    assert_eq!(m_m_c_k(3.0, 1.0, 2, 0).blocked, 1.0);
    // a hundred times what can be served, room for 100,000: full but for one in a hundred; who enters waits for 99,998 others and himself
    let full = m_m_c_k(200.0, 1.0, 2, 100_000);
    assert!((full.blocked - 0.99).abs() < 1e-12 && (full.wait_h - 49_999.0).abs() < 0.1, "{full:?}");
}

#[test]
fn the_table_of_swap_stations() {
    let rows = [(6.0, 1.0, 13, 13), (6.0, 1.5, 13, 13), (12.0, 1.0, 20, 21), (10.0, 1.0, 8, 13)];
    let lost = rows.map(|(arrivals, recharge, chargers, packs)| nine(swap_blocked(arrivals, recharge, chargers, packs)));
    assert_eq!(lost, ["0.005217924", "0.054392748", "0.005843042", "0.230938617"]);
    // more chargers than packs are of no use; none of either: everybody is lost
    assert_eq!(swap_blocked(6.0, 1.0, 20, 13), swap_blocked(6.0, 1.0, 13, 13));
    assert_eq!((swap_blocked(6.0, 1.0, 8, 0), swap_blocked(6.0, 1.0, 0, 8), swap_blocked(0.0, 1.0, 8, 13)), (1.0, 1.0, 0.0));
}

/// Exact wait of M/D/c in service times: the chain of numbers present, a service time apart. Who is in service now is gone by then, and who
/// came in between is still there: N′ = max(N − c, 0) + Poisson(a). Solved by elimination without subtraction (Grassmann, Taksar, Heyman).
fn exact_m_d_c(servers: usize, utilisation: f64) -> f64 {
    const STATES: usize = 240;
    let offered = utilisation * servers as f64;
    let mut poisson = vec![(-offered).exp()];
    for k in 1..STATES {
        poisson.push(poisson[k - 1] * offered / k as f64);
    }
    // the last state takes the tail
    let row = |from: usize| -> Vec<f64> {
        let stay = from.saturating_sub(servers);
        (0..STATES).map(|to| if to < stay { 0.0 } else { poisson[to - stay] }).collect()
    };
    let mut p: Vec<Vec<f64>> = (0..STATES).map(row).collect();
    for n in (1..STATES).rev() {
        let (above, below) = p.split_at_mut(n);
        let down: f64 = below[0][..n].iter().sum();
        for row in above {
            let share = row[n] / down;
            if share > 0.0 {
                row[..n].iter_mut().zip(&below[0]).for_each(|(to, step)| *to += share * step);
            }
            row[n] = share;
        }
    }
    let mut of: Vec<f64> = vec![1.0];
    for n in 1..STATES {
        of.push(of.iter().zip(&p).map(|(of, row)| of * row[n]).sum());
    }
    let all: f64 = of.iter().sum();
    let waiting: f64 = of.iter().enumerate().skip(servers).map(|(n, p)| p * (n - servers) as f64).sum();
    waiting / all / offered // Little, in service times
}

/// Wait of M/D/c in service times by the formula.
fn by_formula(servers: u32, utilisation: f64) -> f64 {
    let queue = Queue::new(servers, 1.0, 0.0).unwrap();
    queue.wait_h(utilisation * f64::from(servers)).unwrap()
}

#[test]
fn m_d_c_beside_the_exact_values() {
    let exact = [
        (1, 0.5, "0.500000000", 0.0),
        (2, 0.7, "0.493610463", -0.41),
        (2, 0.9, "2.146923215", -0.11),
        (4, 0.8, "0.386094931", -0.17),
        (5, 0.5, "0.030653194", -0.54),
        (8, 0.75, "0.096859783", -0.08),
        (10, 0.9, "0.344582050", 0.28),
    ];
    for (servers, utilisation, want, off) in exact {
        let wait = exact_m_d_c(servers, utilisation);
        assert_eq!(nine(wait), want, "{servers} servers");
        let percent = 100.0 * (by_formula(servers as u32, utilisation) / wait - 1.0);
        assert!(percent.abs() < 0.6 && (percent - off).abs() < 0.006, "{servers} servers: {percent} % off");
    }
}

#[test]
fn m_d_c_when_hardly_anybody_comes() {
    // the exact ratio to M/M/c at ρ = 0.05, and what the formula alone would say
    for (servers, exact, alone) in [(2, 0.64, 1.02), (4, 0.77, 1.79), (8, 0.87, 2.91)] {
        let c = f64::from(servers);
        let m_m_c = Queue::new(servers, 1.0, 1.0).unwrap().wait_h(0.05 * c).unwrap();
        let ratio = exact_m_d_c(servers as usize, 0.05) / m_m_c;
        assert!((ratio - exact).abs() < 0.005, "{servers}: {ratio}");
        let unbounded = 0.5 * (1.0 + 19.0 * (c - 1.0) * ((4.0 + 5.0 * c).sqrt() - 2.0) / (16.0 * c));
        assert!((unbounded - alone).abs() < 0.005, "{servers}: {unbounded}");
        assert_eq!(cosmetatos(0.05, servers), c / (c + 1.0));
    }
    // The exact ratio falls from c ÷ (c + 1) to a half: the bound is never below it.
    for servers in [2u32, 3, 5, 8, 12] {
        let c = f64::from(servers);
        for percent in [2, 5, 10, 20, 40, 60, 80] {
            let rho = f64::from(percent) / 100.0;
            let m_m_c = Queue::new(servers, 1.0, 1.0).unwrap().wait_h(rho * c).unwrap();
            let ratio = exact_m_d_c(servers as usize, rho) / m_m_c;
            assert!((0.5..=c / (c + 1.0)).contains(&ratio), "{servers} servers, {rho}: {ratio}");
            // from 1.3 % too short (12 servers, 0.6) to 15 % too long (5 servers, 0.2, where the bound ends)
            let off = cosmetatos(rho, servers) / ratio - 1.0;
            assert!((-0.013..0.151).contains(&off), "{servers} servers, {rho}: {off}");
        }
        assert_eq!((cosmetatos(0.0, servers), cosmetatos(1.0, servers)), (c / (c + 1.0), 0.5));
    }
}

/// By the mean of the distribution of service times.
#[test]
fn between_constant_and_exponential_and_beyond() {
    let wait = |cs2| Queue::new(3, 0.5, cs2).unwrap().wait_h(4.0).unwrap();
    assert!((wait(0.25) - (0.25 * wait(1.0) + 0.75 * wait(0.0))).abs() < 1e-15);
    assert!((wait(3.0) - 2.0 * wait(1.0)).abs() < 1e-15);
    // one server: Pollaczek and Khinchine, ρ·s·(1 + cs²) ÷ 2(1 − ρ), with ρ = 0.8 and s = 0.2: 0.4 × (1 + cs²)
    for cs2 in [0.0, 0.3, 1.0, 4.0] {
        assert!((Queue::new(1, 0.2, cs2).unwrap().wait_h(4.0).unwrap() - 0.4 * (1.0 + cs2)).abs() < 1e-14);
    }
}

fn queues() -> impl Strategy<Value = (Queue, f64)> {
    let spread = prop_oneof![Just(0.0), Just(1.0), 0.0..3.0];
    (1u32..40, 0.05..3.0, spread, 0.001..0.999).prop_map(|(c, s, cs2, rho)| {
        let queue = Queue::new(c, s, cs2).unwrap();
        (queue, rho * queue.capacity_h())
    })
}

proptest! {
    #![proptest_config(crate::test_support::cases(600))]
    /// Waits rise with arrivals, faster and faster in their sum, and end at capacity; the slope is their slope and the integral's slope they.
    #[test]
    fn slopes_and_integrals((queue, arrivals) in queues()) {
        let step = arrivals.min(queue.capacity_h() - arrivals) * 1e-5;
        let wait = |a: f64| queue.wait_h(a).unwrap();
        let (now, slope) = queue.wait_and_slope(arrivals).unwrap();
        let by_hand = (wait(arrivals + step) - wait(arrivals - step)) / (2.0 * step);
        // not where the slope steps
        if (queue.bound_h() - arrivals).abs() > 2.0 * step {
            prop_assert!((slope - by_hand).abs() <= 1e-6 * slope + 1e-9, "{slope} {by_hand}");
        }
        let area = |a: f64| queue.wait_integral(a).unwrap();
        // the area of a strip of a thousandth of the arrivals, by Simpson's rule on 32 parts
        let (from, n) = (arrivals * 0.999, 32);
        let h = (arrivals - from) / f64::from(n);
        let sum: f64 = (0..=n).map(|i| {
            let weight = if i == 0 || i == n { 1.0 } else if i % 2 == 1 { 4.0 } else { 2.0 };
            weight * wait(from + h * f64::from(i))
        }).sum();
        let strip = area(arrivals) - area(from);
        prop_assert!((strip - sum * h / 3.0).abs() <= 1e-6 * strip + 1e-12 * f64::from(1 + queue.servers()), "{strip} {}", sum * h / 3.0);
        prop_assert!(now >= 0.0 && slope >= 0.0 && wait(arrivals + step) >= now);
        prop_assert!(area(arrivals) <= now * arrivals + 1e-12);
        prop_assert_eq!(queue.wait_h(queue.capacity_h()), None);
        prop_assert!(queue.waits(arrivals).unwrap() <= 1.0);
    }

    /// C goes to 1 and the wait beyond all bounds as capacity is reached, and a queue that may grow long is one without end.
    #[test]
    fn near_capacity((queue, _) in queues()) {
        let near = queue.capacity_h() * (1.0 - 1e-9);
        prop_assert!(queue.waits(near).unwrap() > 1.0 - 1e-6);
        prop_assert!(queue.wait_h(near).unwrap() > 1e6 * queue.service_h());
        let (arrivals, c) = (queue.capacity_h() * 0.6, queue.servers());
        let long = m_m_c_k(arrivals, queue.service_h(), c, c + 200);
        let endless = Queue::new(c, queue.service_h(), 1.0).unwrap().wait_h(arrivals).unwrap();
        prop_assert!((long.wait_h - endless).abs() < 1e-9 * endless + 1e-15, "{} {endless}", long.wait_h);
        prop_assert!((long.empty / empty_m_m_c(arrivals * queue.service_h(), c).unwrap() - 1.0).abs() < 1e-9);
    }

    /// M/M/c/K by the definition, in plain sums; with no room to wait it is Erlang B; all of it adds up.
    #[test]
    fn finite_queues(c in 1u32..9, more in 0u32..9, offered in 0.01f64..20.0) {
        let k = c + more;
        let mut p = vec![1.0f64];
        for n in 1..=k {
            p.push(p[n as usize - 1] * offered / f64::from(n.min(c)));
        }
        let all: f64 = p.iter().sum();
        let got = m_m_c_k(offered * 2.0, 0.5, c, k);
        prop_assert!((got.empty - 1.0 / all).abs() < 1e-12 && (got.blocked - p[k as usize] / all).abs() < 1e-12);
        let waiting: f64 = (c..=k).map(|n| p[n as usize] * f64::from(n - c)).sum::<f64>() / all;
        prop_assert!((got.waiting - waiting).abs() < 1e-12);
        prop_assert!((got.wait_h * offered * 2.0 * (1.0 - got.blocked) - waiting).abs() < 1e-11);
        prop_assert!((m_m_c_k(offered * 2.0, 0.5, c, c).blocked - erlang_b(offered, c)).abs() < 1e-14);
        // packs: more arrivals lose more, one pack or charger more loses fewer
        let lost = |arrivals: f64, chargers, packs| swap_blocked(arrivals, 1.0, chargers, packs);
        prop_assert!(lost(offered, c, k) < lost(offered * 1.1, c, k) + 1e-15);
        prop_assert!(lost(offered, c, k + 1) <= lost(offered, c, k) + 1e-15 && lost(offered, c + 1, k) <= lost(offered, c, k) + 1e-15);
    }
}
