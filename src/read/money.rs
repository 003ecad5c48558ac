//! Whole amounts of money as people write them: `350000`, `35万元`, `¥ 350,000`.

use crate::config::station_words::half_width;

/// More money than any site costs.
pub const MOST_MONEY: u64 = 1_000_000_000_000;

/// Signs and words of money around a number.
const MARKS: &[&str] = &["us$", "usd", "cny", "rmb", "eur", "yuan", "人民币", "美元", "元", "¥", "€", "$"];
/// Sizes behind a number, and how many single units one of them is.
const SIZES: &[(&str, f64)] = &[("百万", 1e6), ("千", 1e3), ("万", 1e4), ("亿", 1e8)];

/// Why an amount is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoMoney {
    /// No number, below 0, or more than anybody has.
    Odd,
    /// A part of a unit is left.
    Fraction,
}

/// An amount in whole units by `digits`, which reads the number itself; `factor` is that of the column, for a cell that says no size.
///
/// ```
/// use chargegap::internals::read::money::{NoMoney, amount};
/// let digits = |text: &str| text.trim().parse().ok();
/// assert_eq!(amount("35万元", 1.0, &digits), Ok(350_000));
/// assert_eq!(amount("12.35", 10_000.0, &digits), Ok(123_500));
/// assert_eq!(amount("12.5", 1.0, &digits), Err(NoMoney::Fraction));
/// ```
///
/// # Errors
/// Why it is none.
pub fn amount(text: &str, factor: f64, digits: &dyn Fn(&str) -> Option<f64>) -> Result<u64, NoMoney> {
    let plain: String =
        text.chars().map(half_width).flat_map(char::to_lowercase).map(|c| if c == '￥' { '¥' } else { c }).collect();
    let mut number = plain.trim();
    let mut said = false;
    while let Some(rest) = MARKS.iter().find_map(|m| number.strip_prefix(m).or_else(|| number.strip_suffix(m))) {
        (number, said) = (rest.trim(), true);
    }
    let size = SIZES.iter().find_map(|(word, size)| Some((number.strip_suffix(word)?.trim(), *size)));
    let (number, factor) = match size {
        Some((number, size)) => (number, size),
        None => (number, if said { 1.0 } else { factor }),
    };
    let value = digits(number).ok_or(NoMoney::Odd)? * factor;
    let whole = value.round();
    if !(0.0..=MOST_MONEY as f64).contains(&value) {
        return Err(NoMoney::Odd);
    }
    // 12.35 × 10,000 is not 123,500 to the last bit
    let near = if factor > 1.0 { 1e-6 * factor } else { 0.0 };
    if (value - whole).abs() > near { Err(NoMoney::Fraction) } else { Ok(whole as u64) } // exact: whole and far below 2^53
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_write_them() {
        let of = |text: &str, factor: f64| amount(text, factor, &|t| crate::read::fields::signed(t));
        for (text, factor, want) in [
            ("350000", 1.0, Ok(350_000)),
            ("350,000", 1.0, Ok(350_000)),
            ("0", 1.0, Ok(0)),
            ("35", 1e4, Ok(350_000)),
            ("12.3457", 1e4, Ok(123_457)),
            ("12.34567", 1e4, Err(NoMoney::Fraction)), // 0.7 of a yuan
            ("35万元", 1.0, Ok(350_000)),
            ("35 万", 1e4, Ok(350_000)), // the cell goes before its column
            ("350000元", 1e4, Ok(350_000)),
            ("￥350,000.00", 1.0, Ok(350_000)),
            ("人民币 3.5亿元", 1.0, Ok(350_000_000)),
            ("€ 12 600", 1.0, Ok(12_600)),
            ("12.5", 1.0, Err(NoMoney::Fraction)),
            ("-5", 1.0, Err(NoMoney::Odd)),
            ("-5万元", 1.0, Err(NoMoney::Odd)),
            ("1e13", 1.0, Err(NoMoney::Odd)),
            ("much", 1.0, Err(NoMoney::Odd)),
            ("元", 1.0, Err(NoMoney::Odd)),
            ("", 1.0, Err(NoMoney::Odd)),
            ("inf", 1.0, Err(NoMoney::Odd)),
            ("35-40万元", 1.0, Err(NoMoney::Odd)),
        ] {
            assert_eq!(of(text, factor), want, "{text} × {factor}");
        }
    }
}
