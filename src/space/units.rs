//! Integer units: millimetres and milliseconds, so that sums do not depend on their order.

/// Millimetres in a kilometre.
pub const MM_PER_KM: u64 = 1_000_000;
/// Milliseconds in a minute.
pub const MS_PER_MIN: u64 = 60_000;

/// Kilometres with the millimetre as the sixth decimal, for writing.
///
/// ```
/// assert_eq!(chargegap::internals::space::units::km(1_234_567), 1.234567);
/// ```
pub fn km(mm: u64) -> f64 {
    mm as f64 / MM_PER_KM as f64
}

/// Minutes with four decimals, for writing.
pub fn minutes(ms: u64) -> f64 {
    (ms as f64 / 6.0).round() / 10_000.0
}

/// Millimetres of a length in kilometres as written by [`km`]; `None` if negative or not finite.
pub fn mm_of_km(km: f64) -> Option<u64> {
    let mm = (km * MM_PER_KM as f64).round();
    (mm.is_finite() && (0.0..9e15).contains(&mm)).then_some(mm as u64)
}

/// An amount of money in hundredths, to the nearest, so that no sum depends on its order: 0.29 are 29, though a hundred times its
/// double is a little less. Not a number counts as nothing; what does not fit, as the most that does.
pub fn hundredths(money: f64) -> i64 {
    (money * 100.0).round() as i64
}

/// Whether an amount of money is one of whole hundredths, as it is counted: 0.0045 would count as nothing.
///
/// ```
/// use chargegap::internals::space::units::is_hundredths;
/// assert!(is_hundredths(0.29) && is_hundredths(9000.0) && is_hundredths(1234567.89));
/// assert!(!is_hundredths(0.0045) && !is_hundredths(9000.004));
/// ```
pub fn is_hundredths(money: f64) -> bool {
    let n = money * 100.0;
    (n - n.round()).abs() <= 1e-6 + 1e-12 * n.abs()
}

/// Travel time in milliseconds over a length at a speed; at least 1 ms for any length above zero.
///
/// # Units
/// `length_mm` millimetres, `speed_kmh` kilometres an hour (must be above zero), result milliseconds.
pub fn travel_ms(length_mm: u32, speed_kmh: f64) -> u32 {
    if length_mm == 0 {
        return 0;
    }
    let ms = (f64::from(length_mm) * 3.6 / speed_kmh).round();
    (ms as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_kilometre_at_sixty_takes_one_minute() {
        assert_eq!(travel_ms(1_000_000, 60.0), 60_000);
        assert_eq!(minutes(60_000), 1.0);
    }

    #[test]
    fn kilometres_round_trip_to_the_millimetre() {
        for mm in [0, 1, 999_999, 1_000_001, 42_076_110_555, 9_007_199_254] {
            assert_eq!(mm_of_km(km(mm)), Some(mm));
        }
        assert_eq!(mm_of_km(-1.0), None);
        assert_eq!(mm_of_km(f64::NAN), None);
    }

    #[test]
    fn money_goes_to_the_nearest_hundredth() {
        // as doubles, 100 · 0.29 is 28.999999999999996 and 100 · 1.1 is 110.00000000000001
        assert_eq!([0.29, 1.1, 0.0, -0.29].map(hundredths), [29, 110, 0, -29]);
        assert_eq!([0.004, 0.006].map(hundredths), [0, 1]);
        assert!((0..100_000).all(|n| hundredths(n as f64 / 100.0) == n));
        assert_eq!([f64::NAN, f64::INFINITY].map(hundredths), [0, i64::MAX]);
    }
}
