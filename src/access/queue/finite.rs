//! Queues with so many places and no more: guns with a yard that fills up, and packs of a swap station.

/// What is found in the long run in a queue with room for so many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finite {
    /// Share of time that it stands empty, p₀.
    pub empty: f64,
    /// Share of time that it is full, p_K, and so the share of arrivals that go away.
    pub blocked: f64,
    /// Mean number of customers who wait, Lq.
    pub waiting: f64,
    /// Mean wait of those who enter, hours: Wq = Lq ÷ (λ·(1 − p_K)).
    pub wait_h: f64,
}

/// M/M/c/K: `servers` servers, room for `places` customers in all (those served among them), who comes when it is full goes away.
///
/// pₙ₊₁ = pₙ·a ÷ min(n + 1, c), put together from the most likely number of customers to both sides, so that nothing overflows. Any load
/// has an answer. Time linear in `places`. Without arrivals it is empty; without servers, or without places, it is full.
///
/// # Units
/// Arrivals an hour; mean service time in hours.
///
/// # References
/// Kendall 1953; Gross, Shortle, Thompson, Harris, *Fundamentals of Queueing Theory*, 4th ed. 2008, section 2.5.
pub fn m_m_c_k(arrivals_h: f64, service_h: f64, servers: u32, places: u32) -> Finite {
    let offered = arrivals_h * service_h;
    if places == 0 || (servers == 0 && offered > 0.0) {
        return Finite {
            empty: f64::from(u8::from(places == 0)),
            blocked: 1.0,
            waiting: f64::from(places),
            wait_h: f64::INFINITY,
        };
    }
    let rising = |n: u32| offered / f64::from(n.min(servers).max(1)); // pₙ ÷ pₙ₋₁
    // ratios fall with n: the largest pₙ stands where they pass 1
    let most = (1..=places).take_while(|n| rising(*n) > 1.0).last().unwrap_or(0);
    let mut p = vec![1.0; places as usize + 1];
    for n in (0..most).rev() {
        p[n as usize] = p[n as usize + 1] / rising(n + 1);
    }
    for n in most + 1..=places {
        p[n as usize] = p[n as usize - 1] * rising(n);
    }
    let all: f64 = p.iter().sum();
    let waiting: f64 = p.iter().zip(0u32..).map(|(p, n)| p * f64::from(n.saturating_sub(servers))).sum::<f64>() / all;
    let (empty, blocked) = (p[0] / all, p[places as usize] / all);
    let enters: f64 = p[..places as usize].iter().sum::<f64>() / all; // not 1 − p_K, which loses its digits near 1
    let wait_h = if waiting > 0.0 { waiting / (arrivals_h * enters) } else { 0.0 };
    Finite { empty, blocked, waiting, wait_h }
}

/// Swap station as M/M/k/S: the share of customers who find no full pack and are lost, in the long run.
///
/// The station owns `packs` packs beside those in cars, and charges up to `chargers` of the empty ones at once. It is M/M/c/K with empty packs
/// for customers: c = chargers, K = packs. With as many chargers as packs it is Erlang B, exact for any distribution of recharge times; with
/// fewer it is exact for exponential times only. 1 without packs or without chargers.
///
/// # Units
/// Arrivals an hour; mean recharge time of a pack in hours.
///
/// # References
/// Tan, Sun, Tsang, *Queueing network models for electric vehicle charging station with battery swapping*, IEEE SmartGridComm 2014.
pub fn swap_blocked(arrivals_h: f64, recharge_h: f64, chargers: u32, packs: u32) -> f64 {
    m_m_c_k(arrivals_h, recharge_h, chargers, packs).blocked
}
