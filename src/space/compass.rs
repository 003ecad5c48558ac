//! The eight points of the compass.

use super::{LocalFrame, LonLat};

const POINTS: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];

/// The point of the compass that lies nearest to the way from one position to another; none where they are one.
pub fn compass(from: LonLat, to: LonLat) -> Option<&'static str> {
    let [east, north] = LocalFrame::at(from).to_metres(to);
    let eighth = (east.atan2(north).to_degrees() / 45.0).round() as i64;
    (from != to).then(|| POINTS[eighth.rem_euclid(8) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_the_compass() {
        let at = |lon, lat| LonLat::new(lon, lat).unwrap();
        let from = |lon, lat| compass(at(0.0, 0.0), at(lon, lat));
        let all = [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (1.0, -1.0), (0.0, -1.0), (-1.0, -1.0), (-1.0, 0.0), (-1.0, 1.0)];
        assert_eq!(all.map(|(lon, lat)| from(lon, lat)), POINTS.map(Some));
        assert_eq!((from(0.1, 1.0), from(0.0, 0.0)), (Some("N"), None));
        // at 60° a degree of longitude is half as long: 27° from north
        assert_eq!(compass(at(10.0, 60.0), at(11.0, 61.0)), Some("NE"));
        // over the date line
        assert_eq!(compass(at(179.9, 0.0), at(-179.9, 0.0)), Some("E"));
    }
}
