//! Days as people and programs write them: `2019-05-01`, `2019/5/1`, `20190501`, `2019年5月`, `01.05.2019`, `15/06/2021`, and the serial
//! numbers that a spreadsheet makes of them. What can be two days (`03/05/2021`) is none.

/// A year, a month and a day; what is not said is the first.
pub type Day = (u32, u32, u32);

/// The first and last year that a station, a register or a round can have.
const YEARS: std::ops::RangeInclusive<u32> = 1990..=2100;
/// The year in which this was written. What is to come and what is past goes by it where the data say no day of their own, so that no
/// clock is read.
pub const THIS_YEAR: u32 = 2026;
/// Days of a spreadsheet's calendar before 1970-01-01: day 1 is 1900-01-01, and 1900 counts as a leap year.
const SERIAL_OF_1970: i64 = 25_569;

/// The day of a text.
///
/// ```
/// use chargegap::internals::read::date::day;
/// assert_eq!(day("01.05.2019"), Some((2019, 5, 1)));
/// assert_eq!(day("2019/5"), Some((2019, 5, 1)));
/// assert_eq!(day("43586"), Some((2019, 5, 1))); // a spreadsheet's serial number
/// assert_eq!(day("03/05/2021"), None); // March or May
/// ```
pub fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let number = |s: &str| s.parse::<u32>().ok();
    let (year, month, day) = match parts.as_slice() {
        [whole, ..] if whole.len() == 8 => (number(whole.get(..4)?)?, number(whole.get(4..6)?)?, number(whole.get(6..)?)?),
        [serial] | [serial, _] if serial.len() == 5 && text.starts_with(serial) => return of_serial(serial.parse().ok()?),
        [year, rest @ ..] if year.len() == 4 => {
            let part = |i: usize| rest.get(i).map_or(Some(1), |p| number(p));
            (number(year)?, part(0)?, part(1)?)
        }
        [a, b, year, ..] if year.len() == 4 && a.len() <= 2 && b.len() <= 2 => {
            let (a, b, year) = (number(a)?, number(b)?, number(year)?);
            match text.contains('.') {
                true => (year, b, a), // points stand between day, month and year
                false if a > 12 || a == b => (year, b, a),
                false if b > 12 => (year, a, b),
                false => return None,
            }
        }
        [month, year] if year.len() == 4 && month.len() <= 2 => (number(year)?, number(month)?, 1),
        _ => return None,
    };
    (YEARS.contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// Whether a text that is a day says which, and not a month or a year alone.
///
/// ```
/// use chargegap::internals::read::date::says_day;
/// assert!(says_day("2019/5/1") && says_day("01.05.2019") && says_day("43586"));
/// assert!(!says_day("2019年5月") && !says_day("2019"));
/// ```
pub fn says_day(text: &str) -> bool {
    let parts: Vec<usize> = text.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|n| *n > 0).collect();
    matches!(parts[..], [8, ..] | [5] | [5, _] | [4, _, _, ..] | [1 | 2, _, 4, ..])
}

/// Whether a text that is no day would be one, had its year four digits: `21-03-05`, `05/03/21`.
pub fn has_short_year(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split(['-', '/', '.', '年', '月', '日']).filter(|p| !p.is_empty()).collect();
    let short = |p: &&str| p.len() <= 2 && p.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(short)
}

/// The day of a number of seconds since 1970.
pub fn of_seconds(seconds: i64) -> Option<Day> {
    of_serial(seconds.div_euclid(86_400).checked_add(SERIAL_OF_1970)?)
}

/// The day of a serial number, by the days of the civil calendar (Hinnant, "chrono-compatible low-level date algorithms").
fn of_serial(serial: i64) -> Option<Day> {
    let z = serial.clamp(-10_000_000, 10_000_000) - SERIAL_OF_1970 + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    let year = u32::try_from(year).ok().filter(|y| YEARS.contains(y))?;
    Some((year, month as u32, day as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_two_digits_is_none() {
        for text in ["21-03-05", "05/03/21", "05.03.21", "1/2/99", "21年3月5日"] {
            assert_eq!((day(text), has_short_year(text)), (None, true), "{text}");
        }
        for text in ["2021-03-05", "", "soon", "03/05/2021", "21-03", "1.5"] {
            assert!(!has_short_year(text), "{text}");
        }
        assert_eq!(of_seconds(1_750_000_000), Some((2025, 6, 15))); // 15 June 2025, 15:06:40 UTC
        assert_eq!((of_seconds(0), of_seconds(i64::MAX), of_seconds(i64::MIN)), (None, None, None));
    }

    #[test]
    fn days_in_every_spelling() {
        let first_of_may = Some((2019, 5, 1));
        for text in ["2019-05-01", "2019/5/1", "20190501", "2019年5月1日", "01.05.2019", "1.5.2019", "2019.5", "43586", "43586.5"]
        {
            assert_eq!(day(text), first_of_may, "{text}");
        }
        assert_eq!(day("2019-05-01T10:00:00Z"), first_of_may);
        assert_eq!(day("05/2019"), first_of_may);
        assert_eq!((day("15/06/2021"), day("06/15/2021")), (Some((2021, 6, 15)), Some((2021, 6, 15))));
        assert_eq!(day("05/05/2021"), Some((2021, 5, 5)));
        assert_eq!(day("2019"), Some((2019, 1, 1)));
        // 29 February 2020, and the days around the end of a year
        assert_eq!(["43890", "43830", "43831"].map(day), [Some((2020, 2, 29)), Some((2019, 12, 31)), Some((2020, 1, 1))]);
        for text in
            ["", "soon", "03/05/2021", "1066-10-14", "2021-13", "31.13.2020", "99", "12345", "99999", "二〇二一年", "20a1"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
