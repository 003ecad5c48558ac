//! Coordinate systems: from what a region file or a layer declares to WGS 84 degrees, by `proj4rs`.
//!
//! No grid shifts: systems of a datum that has no published shift to WGS 84 are read with a warning.

use super::guard::guarded;
use super::record::FileCrs;
use crate::space::Datum;
use proj4rs::Proj;

/// Codes whose degrees are WGS 84 at our tolerance: WGS 84 in two and three dimensions, CGCS2000 (equal within
/// centimetres), NAD 83 and ETRS 89 (within some 2 m today).
const SAME_AS_WGS84: &[(u32, &str)] =
    &[(4326, "WGS 84"), (4979, "WGS 84"), (4490, "CGCS2000"), (4480, "CGCS2000"), (4269, "NAD83"), (4258, "ETRS89")];

/// Datum names in well-known text that mean the same.
const SAME_NAMES: &[&str] = &[
    "wgs1984",
    "wgs84",
    "worldgeodeticsystem1984",
    "chinageodeticcoordinatesystem2000",
    "chinageodetic2000",
    "china2000",
    "cgcs2000",
    "northamericandatum1983",
    "northamerican1983",
    "nad83",
    "etrs1989",
    "europeanterrestrialreferencesystem1989",
];

/// A coordinate system, ready to take positions to degrees.
#[derive(Debug)]
pub struct System {
    /// For people: `EPSG:4548`, `WGS 84`.
    pub label: String,
    /// Whether positions may be off by tens of metres, because the datum's shift to WGS 84 is not known.
    pub doubtful: bool,
    projection: Option<Box<(Proj, Proj)>>,
}

impl System {
    /// WGS 84 longitude and latitude in degrees, what a file without a word about it is taken to hold.
    pub fn wgs84() -> Self {
        Self::plain("WGS 84")
    }

    /// Degrees as they are.
    fn plain(label: impl Into<String>) -> Self {
        Self { label: label.into(), doubtful: false, projection: None }
    }

    /// What `crs = "…"` in a region file means: `EPSG:4548`, `4548`, `WGS84`, `CGCS2000`, `OGC:CRS84`, a PROJ string or
    /// well-known text.
    ///
    /// # Errors
    /// A sentence that says what is not understood.
    pub fn from_word(word: &str) -> Result<Self, String> {
        let word = word.trim();
        if let Some(code) = epsg_code(word) {
            return Self::from_epsg(code);
        }
        if let Some(datum) = Datum::from_word(word) {
            return match datum.is_shifted() {
                false => Ok(Self::plain(datum.label())),
                true => Err(format!("\"{word}\" is a datum, not a coordinate system: write datum = \"{}\"", datum.as_str())),
            };
        }
        if word.to_ascii_uppercase().ends_with("CRS84") {
            return Ok(Self::plain("WGS 84 (CRS84)"));
        }
        if word.contains("+proj") {
            return Self::from_proj(word, "PROJ string");
        }
        if word.contains('[') {
            return Self::from_wkt(word);
        }
        Err(format!("the coordinate system \"{word}\" is not known: write EPSG:n, WGS84 or CGCS2000"))
    }

    /// What a layer's own declaration means.
    ///
    /// # Errors
    /// A sentence that says what is not understood.
    pub fn from_file(crs: &FileCrs) -> Result<Self, String> {
        match crs {
            FileCrs::Epsg(code) => Self::from_epsg(*code),
            FileCrs::Wkt(text) => Self::from_wkt(text),
            FileCrs::Name(name) => Self::from_word(name),
        }
    }

    fn from_epsg(code: u32) -> Result<Self, String> {
        if let Some((_, name)) = SAME_AS_WGS84.iter().find(|(c, _)| *c == code) {
            return Ok(Self::plain(format!("EPSG:{code} {name}")));
        }
        let definition = u16::try_from(code).ok().and_then(crs_definitions::from_code);
        let Some(definition) = definition else {
            return Err(format!("EPSG:{code} is not in the register that chargegap carries"));
        };
        Self::from_proj(definition.proj4, &format!("EPSG:{code}"))
    }

    fn from_wkt(text: &str) -> Result<Self, String> {
        let head: String = text.trim_start().chars().take(8).collect::<String>().to_ascii_uppercase();
        let name = first_name(text);
        if head.starts_with("GEOGCS") || head.starts_with("GEOGCRS") || head.starts_with("GEODCRS") {
            // The datum's name decides: the shape of its ellipsoid says nothing about where it lies.
            let all = plain_name(text);
            if SAME_NAMES.iter().any(|n| all.contains(n)) && all.contains("greenwich") {
                return Ok(Self::plain(name));
            }
        }
        // The parser descends as deep as the text nests, and a file must not be able to exhaust the stack.
        if nesting(text) > DEEPEST {
            return Err(format!("the coordinate system \"{name}\" is not read: it nests deeper than any does"));
        }
        let proj = guarded(|| proj4wkt::wkt_to_projstring(text).map_err(|e| e.to_string()))
            .unwrap_or_else(|| Err("it makes no sense".to_owned()))
            .map_err(|e| format!("the coordinate system \"{name}\" is not read: {e}"))?;
        let mut system = Self::from_proj(&proj, &name)?;
        let all = plain_name(text);
        system.doubtful = !text.to_ascii_uppercase().contains("TOWGS84") && !SAME_NAMES.iter().any(|n| all.contains(n));
        Ok(system)
    }

    fn from_proj(definition: &str, label: &str) -> Result<Self, String> {
        let proj = |definition: &str| {
            guarded(|| Proj::from_proj_string(definition).map_err(|e| e.to_string()))
                .unwrap_or_else(|| Err("it makes no sense".to_owned()))
                .map_err(|e| format!("the coordinate system {label} cannot be computed: {e}"))
        };
        let (from, to) = (proj(definition)?, proj("+proj=longlat +datum=WGS84 +no_defs")?);
        let known = ["+towgs84", "+datum=WGS84", "+datum=NAD83", "+ellps=GRS80", "+ellps=WGS84", "+nadgrids=@null"];
        let doubtful = !known.iter().any(|k| definition.contains(k));
        Ok(Self { label: label.to_owned(), doubtful, projection: Some(Box::new((from, to))) })
    }

    /// Longitude and latitude in degrees of a position in this system.
    ///
    /// # Errors
    /// A sentence, when the position cannot be projected back.
    pub fn to_degrees(&self, x: f64, y: f64) -> Result<(f64, f64), String> {
        let Some(pair) = &self.projection else { return Ok((x, y)) };
        let (from, to) = (&pair.0, &pair.1);
        let mut point = if from.is_latlong() { (x.to_radians(), y.to_radians(), 0.0) } else { (x, y, 0.0) };
        match guarded(|| proj4rs::transform::transform(from, to, &mut point)) {
            Some(Ok(())) if point.0.is_finite() && point.1.is_finite() => Ok((point.0.to_degrees(), point.1.to_degrees())),
            Some(Ok(())) | None => Err(format!("({x}, {y}) is no position in {}", self.label)),
            Some(Err(e)) => Err(format!("({x}, {y}) is no position in {}: {e}", self.label)),
        }
    }
}

/// The code of `EPSG:4548`, `epsg::4548`, `urn:ogc:def:crs:EPSG::4548` or a bare `4548`.
fn epsg_code(word: &str) -> Option<u32> {
    if let Ok(code) = word.parse() {
        return Some(code);
    }
    let upper = word.to_ascii_uppercase();
    let at = upper.find("EPSG")?;
    upper[at..].rsplit([':', '/']).next()?.parse().ok()
}

/// The first quoted word of well-known text.
fn first_name(text: &str) -> String {
    text.split('"').nth(1).unwrap_or("unnamed").replace('_', " ").chars().take(80).collect()
}

/// More levels than well-known text of any coordinate system has.
const DEEPEST: usize = 32;

/// How deep the brackets of a text nest at most, those in quotes counted too.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for b in text.bytes() {
        match b {
            b'[' | b'(' => depth += 1,
            b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Letters and digits only, in lower case.
fn plain_name(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_stay_as_they_are() {
        for word in ["EPSG:4326", "4490", "urn:ogc:def:crs:OGC:1.3:CRS84", "CGCS2000", "wgs84", "urn:ogc:def:crs:EPSG::4269"] {
            let system = System::from_word(word).unwrap();
            assert_eq!(system.to_degrees(109.5, 31.0), Ok((109.5, 31.0)), "{word}");
            assert!(!system.doubtful);
        }
    }

    /// Found by fuzzing: `proj4rs` cuts the value inside a letter of two bytes.
    #[test]
    fn an_angle_with_letters_in_it_is_refused() {
        assert!(System::from_word("+proj=lcc +lon_0=1\u{0}00ŗ'000\"").unwrap_err().contains("makes no sense"));
    }

    /// Made with PROJ (pyproj 3) from 109.4636° E, 31.0182° N in EPSG:4490.
    #[test]
    fn projected_systems_agree_with_proj() {
        let want = (109.4636, 31.0182);
        for (word, x, y) in [
            ("EPSG:3857", 12185432.2124, 3635112.9855),
            ("EPSG:32649", 353345.5043, 3432632.3536),
            ("EPSG:4545", 639760.6657, 3433912.1392),
        ] {
            let system = System::from_word(word).unwrap();
            let (lon, lat) = system.to_degrees(x, y).unwrap();
            assert!((lon - want.0).abs() < 1e-8 && (lat - want.1).abs() < 1e-8, "{word}: {lon} {lat}");
        }
    }

    #[test]
    fn old_chinese_systems_are_doubtful_and_unknown_ones_refused() {
        assert!(System::from_word("EPSG:4610").unwrap().doubtful); // Xian 1980
        assert!(System::from_word("EPSG:999999").unwrap_err().contains("register"));
        assert!(System::from_word("gcj02").unwrap_err().contains("datum ="));
        assert!(System::from_word("moon").is_err());
    }

    #[test]
    fn text_of_a_prj_file() {
        let wkt = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        assert_eq!(System::from_wkt(wkt).unwrap().to_degrees(109.5, 31.0), Ok((109.5, 31.0)));
        let wkt = r#"PROJCS["CGCS2000_3_Degree_GK_CM_108E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",108.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
        let system = System::from_wkt(wkt).unwrap();
        let (lon, lat) = system.to_degrees(500_000.0, 3_432_000.0).unwrap();
        assert!((lon - 108.0).abs() < 1e-9 && (lat - 31.0).abs() < 0.1, "{lon} {lat}");
        assert!(!system.doubtful);
    }
}
