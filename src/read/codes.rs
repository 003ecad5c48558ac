//! Codes of counties as spreadsheets leave them: without their leading zeros, as `1.10101E+05`, with the prefix of a census.

use std::collections::BTreeSet;

/// A code of a table, beside those that there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// As it stands, known or not.
    Same(String),
    /// Another form of a code that there is.
    Written(String),
    /// A spreadsheet made a number of it; this is the code that there is.
    MadeNumber(String),
    /// A spreadsheet made a number of it, and its last digits are lost.
    Lost,
}

impl Known {
    /// Looks a code up among those that there are.
    pub fn of(code: &str, known: &BTreeSet<&str>) -> Self {
        let code = code.trim();
        if known.contains(code) {
            return Self::Same(code.to_owned());
        }
        // The Census Bureau's GEO_ID: summary level, variant, `US`, code.
        if let Some((_, after)) = code.split_once("US").filter(|(level, after)| is_digits(level) && known.contains(after)) {
            return Self::Written(after.to_owned());
        }
        let plain = match exponent(code) {
            Some(Some(digits)) => digits,
            Some(None) => return Self::Lost,
            None => code.trim_end_matches(".0").to_owned(),
        };
        match near(&plain, known) {
            Some(found) => Self::MadeNumber(found),
            None => Self::Same(plain),
        }
    }

    /// The code of a list of which nobody may be left out untold; `restored` hears of one that the list has in another form.
    ///
    /// # Errors
    /// The sentence that `written`, as it stands in the list, has lost digits.
    pub fn listed(self, written: &str, restored: impl FnOnce(&str)) -> Result<String, String> {
        match self {
            Self::Same(code) => Ok(code),
            Self::Lost => Err(format!("the code {written} is a rounded number: its last digits are lost")),
            Self::Written(found) | Self::MadeNumber(found) => {
                restored(&found);
                Ok(found)
            }
        }
    }

    /// The code, if there is one.
    pub fn code(self) -> Option<String> {
        match self {
            Self::Same(code) | Self::Written(code) | Self::MadeNumber(code) => Some(code),
            Self::Lost => None,
        }
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The code that digits mean: with leading zeros that they lost, or without some that the known codes lost.
fn near(digits: &str, known: &BTreeSet<&str>) -> Option<String> {
    if known.contains(digits) {
        return Some(digits.to_owned());
    }
    if !is_digits(digits) {
        return None;
    }
    let widths: BTreeSet<usize> = known.iter().map(|c| c.len()).filter(|w| *w > digits.len() && *w <= 12).collect();
    let padded = widths.into_iter().map(|width| format!("{digits:0>width$}")).filter(|c| known.contains(c.as_str()));
    let bare = known.get(digits.trim_start_matches('0')).filter(|c| !c.is_empty()).map(|c| (*c).to_owned());
    let mut all = padded.chain(bare);
    all.next().filter(|_| all.next().is_none()) // two counties that it could be are none
}

/// The digits of `1.10101E+05`; inner none where it gives fewer digits than the number has, outer none for another text.
fn exponent(text: &str) -> Option<Option<String>> {
    let (mantissa, power) = text.split_once(['e', 'E'])?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power: usize = power.trim_start_matches('+').parse().ok().filter(|p| *p <= 18)?;
    if whole.len() != 1 || !is_digits(whole) || (!fraction.is_empty() && !is_digits(fraction)) {
        return None;
    }
    let given = fraction.trim_end_matches('0').len();
    // `1.1E+05` may be 110000 or what was rounded to it: a code is not guessed at.
    Some((given == power).then(|| format!("{whole}{}", &fraction[..power])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeros_come_back_and_digits_are_not_guessed_at() {
        let known = BTreeSet::from(["01001", "53019"]);
        let of = |code: &str| Known::of(code, &known);
        let number = |code: &str| Known::MadeNumber(code.to_owned());
        assert_eq!(of("01001"), Known::Same("01001".to_owned()));
        assert_eq!((of("1001"), of("53019.0"), of("1001.0")), (number("01001"), number("53019"), number("01001")));
        assert_eq!(of("5.3019E+04"), number("53019"));
        assert_eq!((of("5.3E+04"), of("5E4")), (Known::Lost, Known::Lost));
        assert_eq!(of("0500000US01001"), Known::Written("01001".to_owned()));
        assert_eq!(
            (of("99"), of("Total"), of("")),
            (Known::Same("99".into()), Known::Same("Total".into()), Known::Same("".into()))
        );
        // The polygons may be what lost its zeros.
        assert_eq!(Known::of("01001", &BTreeSet::from(["1001"])), number("1001"));
        // It can be either of two.
        assert_eq!(Known::of("1001", &BTreeSet::from(["01001", "001001"])), Known::Same("1001".into()));
        assert_eq!(Known::of("0", &BTreeSet::from(["1001"])), Known::Same("0".into()));
    }
}
