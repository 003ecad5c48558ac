//! Power as people write it, with its unit: `22 kW`, `22kVA`, `0.022 MW`, `2x22 kW`, `3x22kW;50 kW`, `DC 60kW`, `120千瓦`.
//!
//! One parser for every format. What a row of digits means is not decided here: a table judges its columns as a whole and
//! hands its judgement in ([`read`]); a value that stands alone, as in OpenStreetMap, is judged by itself ([`read_alone`]).

use super::fields::MOST_KW;
use super::power_words::{Token, Unit, tokens};

/// What a text says of the power of guns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Power {
    /// Highest power of one gun, kW.
    pub kw: f64,
    /// Number of guns, where the text says it: two in `2x22 kW`. A piece without a number counts as one beside such that have one.
    pub guns: Option<u32>,
    /// Power of all guns together, kW; none for a list that does not say how many guns have each (`22;50 kW`).
    pub total_kw: Option<f64>,
    /// Some of it was given in kVA and taken as kW.
    pub from_kva: bool,
}

impl Power {
    /// What has to be told of a text that was read: kVA taken as kW.
    pub fn told(&self, text: &str) -> Option<String> {
        self.from_kva.then(|| format!("\"{text}\": kVA were taken as kW"))
    }
}

/// Power of a gun over which a number without a unit may be in watts.
const MOST_BARE_KW: f64 = 1000.0;
/// No list of guns is longer.
const MOST_GUNS: u32 = 1000;
/// Powers that a gun can have, kW (trucks are charged by over 3,000); decides between two readings of `22.000 W`.
const LIKELY_KW: std::ops::RangeInclusive<f64> = 1.0..=4000.0;

/// What a row of digits means.
enum Digits {
    Value(f64),
    No,
    Doubted(String),
}

/// Reads a text whose digits `digits` turns into a number. Without a unit it is in kW.
///
/// ```
/// use chargegap::internals::read::{fields::signed, power};
/// let two = power::read("2×22kVA", signed).unwrap();
/// assert_eq!((two.kw, two.guns, two.total_kw, two.from_kva), (22.0, Some(2), Some(44.0), true));
/// assert_eq!(power::read("３５０ｋＷ DC", signed).unwrap().kw, 350.0);
/// assert_eq!(power::read("400 V", signed).unwrap_err(), "\"400 V\" is not a power");
/// ```
///
/// # Errors
/// The sentence that says what is not understood.
pub fn read(text: &str, digits: impl Fn(&str) -> Option<f64>) -> Result<Power, String> {
    read_in(text, Unit::Kilowatt, digits)
}

/// Reads a text as [`read`] does; without a unit it is in `bare`.
///
/// # Errors
/// The sentence that says what is not understood.
pub fn read_in(text: &str, bare: Unit, digits: impl Fn(&str) -> Option<f64>) -> Result<Power, String> {
    // A table may write numbers in ways that are not known here; it judges nothing but whole numbers.
    let number = |c: char| c.is_numeric() || matches!(c, '.' | ',' | '．' | '，' | '\'' | '’' | ' ' | 'e' | 'E');
    let plain = Some(text.trim()).filter(|t| t.chars().all(number));
    if let Some(kw) = plain.and_then(&digits).map(|v| v * bare.kw()).filter(|kw| (0.0..=MOST_KW).contains(kw)) {
        return Ok(Power { kw, guns: None, total_kw: Some(kw), from_kva: bare.is_apparent() });
    }
    let value = |run: &str, _: Option<Unit>| digits(run).map_or(Digits::No, Digits::Value);
    Reading { text, bare, value: &value }.power()
}

/// Reads a text that stands alone in no column. A comma or point with one, two or over three digits behind it is a decimal mark;
/// with three, the one reading counts that a gun can have. What is left in doubt is not guessed: `22.000` and `50000` without unit.
///
/// ```
/// use chargegap::internals::read::power::read_alone;
/// assert_eq!(["3,7 kW", "0,022 MW", "22.000 W"].map(|t| read_alone(t).unwrap().kw), [3.7, 22.0, 22.0]);
/// assert!(read_alone("22.000").is_err() && read_alone("50000").is_err());
/// ```
///
/// # Errors
/// The sentence that says what is not understood, or in doubt.
pub fn read_alone(text: &str) -> Result<Power, String> {
    Reading { text, bare: Unit::Kilowatt, value: &alone }.power()
}

/// A text that is being read.
struct Reading<'a> {
    text: &'a str,
    bare: Unit,
    value: &'a dyn Fn(&str, Option<Unit>) -> Digits,
}

/// A piece of a list: so many guns of so much.
struct Piece {
    guns: Option<u32>,
    kw: f64,
}

/// A piece before its digits are read.
struct Written<'t> {
    /// Digits of the power.
    power: &'t str,
    unit: Option<Unit>,
    guns: Option<&'t str>,
    /// `22x2`, without a unit: which of them is the power is not said.
    either: bool,
}

impl Reading<'_> {
    fn power(&self) -> Result<Power, String> {
        let tokens = tokens(self.text).ok_or_else(|| self.no())?;
        let mut written = Vec::new();
        for piece in tokens.split(|t| matches!(t, Token::Next | Token::Plus)) {
            written.extend(self.written(piece)?);
        }
        inherit(&mut written);
        let from_kva = written.iter().any(|w| w.unit.unwrap_or(self.bare).is_apparent());
        let pieces = written.iter().map(|w| self.piece(w)).collect::<Result<Vec<_>, _>>()?;
        let kw = pieces.iter().map(|p| p.kw).reduce(f64::max).ok_or_else(|| self.no())?;
        let counted = pieces.iter().any(|p| p.guns.is_some());
        let guns = || pieces.iter().map(|p| p.guns.unwrap_or(1)).sum();
        let adds_up = counted || pieces.len() == 1 || !tokens.contains(&Token::Next);
        let sum = || pieces.iter().map(|p| p.kw * f64::from(p.guns.unwrap_or(1))).sum();
        Ok(Power { kw, guns: counted.then(guns), total_kw: adds_up.then(sum), from_kva })
    }

    fn no(&self) -> String {
        format!("\"{}\" is not a power", self.text.trim())
    }

    /// The forms that a piece may have; `None` for one that holds words alone.
    fn written<'t>(&self, piece: &'t [Token]) -> Result<Option<Written<'t>>, String> {
        use Token::{Number, Times, Unit};
        let plain = |power, unit| Written { power, unit, guns: None, either: false };
        Ok(Some(match piece {
            [] => return Ok(None),
            [Number(power)] => plain(power, None),
            [Number(power), Unit(unit)] => plain(power, Some(*unit)),
            [Number(guns), Times, Number(power)] => Written { power, unit: None, guns: Some(guns), either: true },
            [Number(guns), Times, Number(power), Unit(unit)] | [Number(power), Unit(unit), Times, Number(guns)] => {
                Written { power, unit: Some(*unit), guns: Some(guns), either: false }
            }
            _ => return Err(self.no()),
        }))
    }

    fn piece(&self, w: &Written<'_>) -> Result<Piece, String> {
        let scale = w.unit.unwrap_or(self.bare).kw();
        let kw = match (self.value)(w.power, w.unit) {
            Digits::Value(v) => v * scale,
            Digits::No => return Err(self.no()),
            Digits::Doubted(why) => return Err(why),
        };
        let guns = w.guns.map(|g| g.parse::<u32>().ok().filter(|g| (1..=MOST_GUNS).contains(g)).ok_or_else(|| self.no()));
        let guns = guns.transpose()?;
        if w.either && w.unit.is_none() && guns.is_some_and(|g| f64::from(g) > kw) {
            let text = self.text.trim();
            return Err(format!("\"{text}\" does not say which number is the power; write it with its unit (2x22 kW)"));
        }
        if (0.0..=MOST_KW).contains(&kw) { Ok(Piece { guns, kw }) } else { Err(self.no()) }
    }
}

/// A piece without a unit has that of the next piece with one, else of the last: `22/50 kW`, `11000;22000 W`.
fn inherit(pieces: &mut [Written<'_>]) {
    let mut unit = pieces.iter().rev().find_map(|p| p.unit);
    for piece in pieces.iter_mut().rev() {
        unit = piece.unit.or(unit);
        piece.unit = unit;
    }
}

/// What digits mean that stand alone in no column.
fn alone(run: &str, unit: Option<Unit>) -> Digits {
    let run: String = run.chars().filter(|c| !matches!(c, ' ' | '\'')).collect();
    let doubt = |a: &str, b: &str| {
        Digits::Doubted(format!(
            "\"{run}\" may be {a} or {b} and stands alone; it was not guessed: write it with its unit (22 kW)"
        ))
    };
    let value = match readings(&run) {
        (None, None) => return Digits::No,
        (Some(v), None) | (None, Some(v)) => v,
        (Some(decimal), Some(whole)) => {
            let Some(unit) = unit else { return doubt(&format!("{decimal} kW"), &format!("{whole} W or kW")) };
            let likely = |v: f64| LIKELY_KW.contains(&(v * unit.kw()));
            match (likely(decimal), likely(whole)) {
                (true, false) => decimal,
                (false, true) => whole,
                _ => return doubt(&decimal.to_string(), &whole.to_string()),
            }
        }
    };
    if unit.is_none() && value > MOST_BARE_KW {
        return doubt(&format!("{value} kW"), &format!("{value} W"));
    }
    Digits::Value(value)
}

/// A row of digits with its mark as the decimal mark, and with it as the mark of thousands, as far as either is possible.
fn readings(run: &str) -> (Option<f64>, Option<f64>) {
    let number = |text: String| text.parse::<f64>().ok();
    let without = |mark: char| run.replace(mark, "");
    let (point, comma) = (run.rfind('.'), run.rfind(','));
    let mark = match (point, comma) {
        (None, None) => return (number(run.to_owned()), None),
        (Some(p), Some(c)) => {
            // the last mark is that of decimals, the others are of thousands
            let (decimal, thousands) = if p > c { ('.', ',') } else { (',', '.') };
            let fits = run.matches(decimal).count() == 1 && in_threes(run.split(decimal).next().unwrap_or_default(), thousands);
            return (fits.then(|| number(without(thousands).replace(decimal, "."))).flatten(), None);
        }
        (Some(_), None) => '.',
        (None, Some(_)) => ',',
    };
    let whole = in_threes(run, mark).then(|| number(without(mark))).flatten();
    let decimal = (run.matches(mark).count() == 1).then(|| number(run.replace(mark, "."))).flatten();
    (decimal, whole)
}

/// Whether digits are set apart in threes: `1.500`, `22,080`; not `0,022`.
fn in_threes(run: &str, mark: char) -> bool {
    let mut groups = run.split(mark);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && !first.starts_with('0') && groups.all(|g| g.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::fields::signed;

    fn kw(text: &str) -> f64 {
        read(text, signed).unwrap_or_else(|e| panic!("{e}")).kw
    }

    #[test]
    fn one_power_in_every_spelling() {
        // all of them 22 kW
        for text in [
            "22",
            "22 kW",
            "22KW",
            "22 kw",
            "22kVA",
            "22 kva",
            "0.022 MW",
            "22000 W",
            "22,000 W",
            "22 000 W",
            "22.0 kW",
            "22 千瓦",
            "22000瓦",
            "0.022兆瓦",
            "２２ｋＷ",
            "２２　千瓦",
            "22 kW (AC)",
            "AC 22kW",
            "max. 22 kW",
            "up to 22 kW",
            "22 кВт",
            "~22 kW",
            "22 kW;",
            "22 kilowatts",
            "22kW/枪",
            "交流22kW",
            "22 kW per plug",
            "11-22 kW",
            "11 – 22 kW",
            "22kW AC",
        ] {
            assert!((kw(text) - 22.0).abs() < 1e-9, "{text}: {}", kw(text));
        }
        assert_eq!(["350kW DC", "DC 60kW", "直流120kW", "0 kW", "1.5MW"].map(kw), [350.0, 60.0, 120.0, 0.0, 1500.0]);
    }

    #[test]
    fn lists_have_the_highest_gun_and_say_how_many() {
        let of = |text: &str| {
            let p = read(text, signed).unwrap();
            (p.kw, p.guns, p.total_kw)
        };
        assert_eq!(of("2x22 kW"), (22.0, Some(2), Some(44.0)));
        assert_eq!(["2×22", "2*22", "2 x 22kW", "22kW x2", "22kW*2", "２×２２ｋＷ"].map(of), [(22.0, Some(2), Some(44.0)); 6]);
        assert_eq!(of("3x22kW;50 kW"), (50.0, Some(4), Some(116.0))); // 3 × 22 + 50
        assert_eq!(of("1x43kW, 2x 11kW"), (43.0, Some(3), Some(65.0)));
        assert_eq!(of("22;50"), (50.0, None, None)); // how many have 22 is not said
        assert_eq!(of("22 kW/50 kW"), (50.0, None, None));
        assert_eq!(of("22+11 kW"), (22.0, None, Some(33.0)));
        assert_eq!(of("11000/22000 W"), (22.0, None, None)); // one unit for both
        assert_eq!(of("22 kW | 11 kW"), (22.0, None, None));
        assert_eq!(of("50x7 kW"), (7.0, Some(50), Some(350.0)));
        assert_eq!(of("60kW、120kW"), (120.0, None, None));
    }

    #[test]
    fn what_is_no_power_is_refused_whole() {
        for text in [
            "400 V",
            "32 A",
            "many",
            "",
            "kW",
            "60 kWh",
            "千瓦时",
            "-22 kW",
            "22 kW (2x11 kW)",
            "3x32A",
            "1e9 kW",
            "22 33 kW",
            "2x2x22 kW",
            "60千瓦时",
            "0x22 kW",
            "22 kW type 2",
            "DC",
        ] {
            assert_eq!(read(text, signed), Err(format!("\"{text}\" is not a power")), "{text}");
        }
        assert!(read("120*2", signed).unwrap_err().contains("does not say which"));
    }

    #[test]
    fn the_column_decides_what_digits_mean() {
        let german = |t: &str| t.replace('.', "").replace(',', ".").parse::<f64>().ok();
        assert_eq!(read("2x22,08 kW", german).unwrap().kw, 22.08);
        assert_eq!(read("1.500 W", german).unwrap().kw, 1.5);
        assert_eq!(read_in("22000", Unit::Watt, signed).unwrap().kw, 22.0);
        assert_eq!(read_in("22 kW", Unit::Watt, signed).unwrap().kw, 22.0);
    }

    #[test]
    fn a_value_alone_is_read_where_it_can_mean_one_thing_and_doubted_else() {
        let kw = |t: &str| read_alone(t).map(|p| (p.kw * 1e6).round() / 1e6);
        assert_eq!(["3,7 kW", "1,4 kW", "0,022 MW", "11,0 kW", "22"].map(kw), [3.7, 1.4, 22.0, 11.0, 22.0].map(Ok));
        // 22 W and 22 MW are no power of a gun; 1'500 W is a thousand and a half in any country
        assert_eq!(
            ["22.000 W", "22,000 W", "22,080 kW", "22.080 kW", "1'500 W"].map(kw),
            [22.0, 22.0, 22.08, 22.08, 1.5].map(Ok)
        );
        assert_eq!(["22+11+3,7 kW", "7,4;22", "3.7kW;7,4kW", "1.234,5 W"].map(kw), [22.0, 22.0, 7.4, 1.2345].map(Ok));
        for text in ["22.000", "22,000", "50000", "1,500 kW", "1.500 kW", "22.000;11"] {
            assert!(kw(text).unwrap_err().contains("may be"), "{text}");
        }
        for text in ["1,2,3 kW", "1.2.3", "22.000,000.0"] {
            assert!(kw(text).unwrap_err().contains("is not a power"), "{text}");
        }
    }
}
