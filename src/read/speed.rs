//! What a `maxspeed` says, as mappers write it.

/// Speed limits in km/h that a `maxspeed` names by country and kind of road, as the countries' own rules have them
/// for a car on a dry day (wiki: Key:maxspeed and Default speed limits).
///
/// China: Regulation for the Implementation of the Road Traffic Safety Law, articles 45 (one lane a direction: 50 in
/// towns, 70 elsewhere; the 30 and 40 of roads without a centre line are not told apart) and 78 (motorways 120). It sets
/// nothing for `CN:trunk`, so that is not understood. Great Britain: national limits of 60 and 70 mph, 30 mph where lit.
const BY_RULE: &[(&str, f64)] = &[
    ("AT:motorway", 130.0),
    ("AT:rural", 100.0),
    ("AT:trunk", 100.0),
    ("AT:urban", 50.0),
    ("CH:motorway", 120.0),
    ("CH:rural", 80.0),
    ("CH:trunk", 100.0),
    ("CH:urban", 50.0),
    ("CN:motorway", 120.0),
    ("CN:rural", 70.0),
    ("CN:urban", 50.0),
    ("CZ:motorway", 130.0),
    ("CZ:rural", 90.0),
    ("CZ:urban", 50.0),
    ("DE:living_street", 7.0),
    ("DE:rural", 100.0),
    ("DE:urban", 50.0),
    ("DK:motorway", 130.0),
    ("DK:rural", 80.0),
    ("DK:urban", 50.0),
    ("FR:motorway", 130.0),
    ("FR:rural", 80.0),
    ("FR:urban", 50.0),
    ("GB:motorway", 70.0 * KMH_A_MPH),
    ("GB:nsl_dual", 70.0 * KMH_A_MPH),
    ("GB:nsl_restricted", 30.0 * KMH_A_MPH),
    ("GB:nsl_single", 60.0 * KMH_A_MPH),
    ("HU:motorway", 130.0),
    ("HU:rural", 90.0),
    ("HU:trunk", 110.0),
    ("HU:urban", 50.0),
    ("IT:motorway", 130.0),
    ("IT:rural", 90.0),
    ("IT:trunk", 110.0),
    ("IT:urban", 50.0),
    ("NO:rural", 80.0),
    ("NO:urban", 50.0),
    ("PL:motorway", 140.0),
    ("PL:rural", 90.0),
    ("PL:urban", 50.0),
    ("RO:motorway", 130.0),
    ("RO:rural", 90.0),
    ("RO:trunk", 100.0),
    ("RO:urban", 50.0),
    ("RU:living_street", 20.0),
    ("RU:motorway", 110.0),
    ("RU:rural", 90.0),
    ("RU:urban", 60.0),
];

/// Kilometres an hour in a mile an hour.
const KMH_A_MPH: f64 = 1.609_344;

/// Kilometres an hour in a knot.
const KMH_A_KNOT: f64 = 1.852;

/// A `maxspeed` in km/h: the lowest of a list such as `50;70`. `Ok(None)` where it sets no number, and the text where it,
/// or a part of it, is not understood. A comma parts no values (wiki: Semi-colon value separator), nor is it a decimal mark: what
/// `50,5` or `50,30` means is not guessed.
pub fn speed_kmh(text: &str) -> Result<Option<f64>, &str> {
    let mut lowest: Option<f64> = None;
    for part in text.split([';', '|']) {
        if let Some(v) = one_speed_kmh(part.trim()).ok_or(text)? {
            lowest = Some(lowest.map_or(v, |l| l.min(v)));
        }
    }
    Ok(lowest)
}

/// One `maxspeed` in km/h, `Some(None)` where it sets no number, and `None` where it is not understood.
fn one_speed_kmh(text: &str) -> Option<Option<f64>> {
    if let Some(v) = with_unit(text) {
        return Some(Some(v));
    }
    // `none` is said of motorways without a limit, and of tracks by those who mean that no sign stands there
    const NOTHING: &[&str] =
        &["", "none", "no", "unlimited", "signals", "variable", "default", "implicit", "national", "unknown", "unposted"];
    if NOTHING.contains(&text.to_ascii_lowercase().as_str()) {
        return Some(None);
    }
    if text == "walk" {
        return Some(Some(WALK_KMH));
    }
    let (country, rule) = text.split_once(':')?;
    let country = if country == "UK" { "GB" } else { country };
    if !(2..=5).contains(&country.len()) || !country.bytes().all(|b| b.is_ascii_uppercase() || b == b'-') {
        return None;
    }
    if let Ok(i) = BY_RULE.binary_search_by(|r| r.0.split_once(':').unwrap_or_default().cmp(&(country, rule))) {
        return Some(Some(BY_RULE[i].1));
    }
    if matches!(rule, "walk" | "living_street") {
        return Some(Some(WALK_KMH));
    }
    // DE:zone:30, DE:zone30, DE:30, FR:zone30, GB:zone20 (in miles)
    let number = rule.strip_prefix("zone").map_or(rule, |r| r.trim_start_matches([':', ' ']));
    let scale = if country == "GB" && !number.ends_with(char::is_alphabetic) { KMH_A_MPH } else { 1.0 };
    with_unit(number).map(|v| Some(v * scale))
}

/// Walking pace, km/h.
const WALK_KMH: f64 = 6.0;

/// A number with or without its unit: `50`, `50 kmh`, `50kph`, `30 MPH`, `30 knots`.
fn with_unit(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let scale = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "km/h" | "kmh" | "kph" | "kmph" | "km/hr" | "kmh-1" => 1.0,
        "mph" | "mi/h" => KMH_A_MPH,
        "knots" | "knot" | "kn" => KMH_A_KNOT,
        _ => return None,
    };
    let value = number.parse::<f64>().ok().filter(|v| *v > 0.0 && *v < 400.0)?;
    Some(value * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_have_units() {
        assert_eq!(speed_kmh("50"), Ok(Some(50.0)));
        assert_eq!(speed_kmh("30 mph"), Ok(Some(48.28032)));
        assert_eq!(speed_kmh("none"), Ok(None));
        assert_eq!(speed_kmh("fast"), Err("fast"));
    }

    #[test]
    fn of_a_list_of_speeds_the_lowest_counts() {
        // in any place of the list, and in its own unit: 30 mph are 48.28 km/h
        assert_eq!(["70;50", "50;70", "70;50;60"].map(speed_kmh), [Ok(Some(50.0)); 3]);
        assert_eq!(["30 mph;50", "50;30 mph"].map(speed_kmh), [Ok(Some(48.28032)); 2]);
        assert_eq!(speed_kmh("signals; 90"), Ok(Some(90.0)));
        assert_eq!(speed_kmh("50;fast"), Err("50;fast"));
    }

    #[test]
    fn a_comma_parts_no_speeds_and_no_digits() {
        assert_eq!(["50;30", "50; 30", "30;50", "50 ; 30"].map(speed_kmh), [Ok(Some(30.0)); 4]);
        for odd in ["50,5", "50,30", "50 , 30", "50, 30", "30 mph, 50", "50,5;30", "50,", ",50", "1,000"] {
            assert_eq!(speed_kmh(odd), Err(odd));
        }
    }

    #[test]
    fn speeds_by_rule_are_those_of_the_country() {
        assert_eq!(
            [speed_kmh("CN:urban"), speed_kmh("CN:rural"), speed_kmh("CN:motorway")].map(Result::unwrap),
            [Some(50.0), Some(70.0), Some(120.0)]
        );
        assert_eq!(speed_kmh("CN:trunk"), Err("CN:trunk")); // the law sets none
        assert_eq!(speed_kmh("GB:nsl_single"), Ok(Some(96.56064))); // 60 mph
        assert!(BY_RULE.is_sorted_by(|a, b| a.0 < b.0)); // it is searched by halves
    }

    #[test]
    fn speeds_are_read_as_mappers_write_them() {
        let kmh = |t| speed_kmh(t).unwrap().unwrap();
        assert_eq!(["50 kmh", "50kph", "50 km/h", "50km/h", "DE:50", "50 KM/H"].map(kmh), [50.0; 6]);
        assert_eq!(["30 mph", "30mph", "30 MPH", "GB:30", "UK:zone30"].map(kmh), [48.28032; 5]); // 30 × 1.609344
        assert_eq!(kmh("30 knots"), 55.56); // 30 × 1.852
        assert_eq!(["DE:zone:30", "DE:zone30", "FR:zone30", "AT:zone:30"].map(kmh), [30.0; 4]);
        assert_eq!(kmh("UK:motorway"), 70.0 * 1.609_344);
        assert_eq!(["walk", "DE:walk", "DE:living_street", "FR:walk"].map(kmh), [6.0, 6.0, 7.0, 6.0]);
        assert_eq!(["none", "signals", "No", "implicit", ""].map(speed_kmh), [Ok(None); 5]);
        for odd in ["fifty", "50 furlongs", "de:urban", "-50", "0", "DE:zone", "DE:autobahn", "1e3", "50 mp"] {
            assert_eq!(speed_kmh(odd), Err(odd));
        }
    }
}
