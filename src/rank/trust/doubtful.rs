//! Which stations might not be there: those that an analysis of uncertainty takes away to see what changes.

use crate::outcome::StationOut;
use crate::read::station::{Access, Status};

/// Indices of used stations that are in doubt, in rising order: flagged as the double of another, flagged as a ghost, or with neither
/// access nor status known in a layer where most stations know one of them.
///
/// Stations that are not used are never listed: taking them away changes nothing.
pub fn doubtful_stations(stations: &[StationOut]) -> Vec<usize> {
    let silent = |s: &StationOut| s.station.access == Access::Unknown && s.station.status == Status::Unknown;
    let used = || stations.iter().filter(|s| s.used);
    let judged = 2 * used().filter(|s| !silent(s)).count() > used().count();
    let doubtful = |s: &StationOut| s.duplicate_of.is_some() || s.ghost || (judged && silent(s));
    (0..stations.len()).filter(|i| stations[*i].used && doubtful(&stations[*i])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::station::Station;

    fn station(access: Access, status: Status) -> StationOut {
        let station = Station { access, status, ..Station::default() };
        StationOut { station, county: Some(0), snapped: None, used: true, reason: "", duplicate_of: None, ghost: false }
    }

    #[test]
    fn doubles_ghosts_and_those_of_which_nothing_is_said() {
        let good = || station(Access::Public, Status::Unknown);
        let mut all = vec![good(), good(), good(), station(Access::Unknown, Status::Unknown), good(), good()];
        all[1].duplicate_of = Some("0".to_owned());
        all[2].ghost = true;
        (all[4].ghost, all[4].used) = (true, false);
        assert_eq!(doubtful_stations(&all), [1, 2, 3]);
        // a layer that never says who may use a station is no reason to doubt each of them
        let mute = vec![station(Access::Unknown, Status::Unknown); 3];
        assert!(doubtful_stations(&mute).is_empty());
    }
}
