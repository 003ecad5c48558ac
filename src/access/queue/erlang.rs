//! Erlang's two formulas and the empty system.

/// Erlang B: the share of arrivals that find all servers at work and are lost (M/G/c/c, any service times). 1 without servers.
///
/// B₀ = 1, Bₖ = a·Bₖ₋₁ ÷ (k + a·Bₖ₋₁): no term grows, so that it holds for any number of servers; time linear in it.
///
/// # Units
/// `offered` in erlangs, 0 or more.
///
/// # References
/// Erlang 1917; the recursion: Jagerman, *Bell Syst. Tech. J.* 53(3), 1974.
pub fn erlang_b(offered: f64, servers: u32) -> f64 {
    let mut b = 1.0;
    for k in 1..=servers {
        let ab = offered * b;
        b = ab / (f64::from(k) + ab);
    }
    b
}

/// Erlang C: the share of arrivals that have to wait in M/M/c. `None` where the offered load reaches the servers.
///
/// C = c·B ÷ (c − a + a·B) with Erlang's B.
///
/// # Units
/// `offered` in erlangs, 0 or more.
///
/// # References
/// Erlang 1917; Cooper, *Introduction to Queueing Theory*, 1981, section 3.
pub fn erlang_c(offered: f64, servers: u32) -> Option<f64> {
    let (b, c) = (erlang_b(offered, servers), f64::from(servers));
    (offered < c).then(|| c * b / ((c - offered) + offered * b))
}

/// ln of 1 ÷ p₀, where p₀ is the share of time that M/M/c stands empty; `None` where the offered load reaches the servers.
///
/// 1 ÷ p₀ = Σ aᵏ ÷ k! (k = 0 … c) + aᶜ ÷ c! × a ÷ (c − a), all terms above 0; the logarithm fits where p₀ does not. Absolute error about
/// 10⁻¹⁶ × (1 + c).
pub(super) fn ln_inverse_empty(offered: f64, servers: u32) -> Option<f64> {
    let c = f64::from(servers);
    if offered >= c {
        return None;
    }
    let (mut sum, mut term, mut ln_scale) = (1.0, 1.0, 0.0);
    for k in 1..=servers {
        term *= offered / f64::from(k);
        sum += term;
        if sum > 1e200 {
            (sum, term, ln_scale) = (sum * 1e-200, term * 1e-200, ln_scale + 1e200_f64.ln());
        }
    }
    Some((sum + term * offered / (c - offered)).ln() + ln_scale)
}

/// The share of time that M/M/c stands empty, p₀; `None` where the offered load reaches the servers.
///
/// # Units
/// `offered` in erlangs, 0 or more.
pub fn empty_m_m_c(offered: f64, servers: u32) -> Option<f64> {
    ln_inverse_empty(offered, servers).map(|l| (-l).exp())
}
