//! Which stations might not be there: those that an analysis of uncertainty takes away to see what changes.

use crate::config::station_words::{Access, Status};
use crate::place::StationOut;
use crate::read::station::Station;

/// Indices of used stations that are in doubt, in rising order: flagged as the double of another, flagged as a ghost, or with neither
/// access nor status known in a layer where most stations know one of them.
///
/// Stations that are not used are never listed: taking them away changes nothing.
pub fn doubtful_of(stations: &[StationOut], most_speak: bool) -> Vec<usize> {
    let doubtful = |s: &StationOut| s.duplicate_of.is_some() || s.ghost || (most_speak && silent(&s.station));
    (0..stations.len()).filter(|i| stations[*i].used && doubtful(&stations[*i])).collect()
}

fn silent(s: &Station) -> bool {
    s.access == Access::Unknown && s.status == Status::Unknown
}

/// Whether most stations say who may use them, or whether they are open.
pub fn most_speak<'s>(stations: impl Iterator<Item = &'s Station>) -> bool {
    let (speak, all) = stations.fold((0u64, 0u64), |(speak, all), s| (speak + u64::from(!silent(s)), all + 1));
    2 * speak > all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(access: Access, status: Status) -> StationOut {
        let station = Station { access, status, ..Station::default() };
        StationOut { station, county: Some(0), snapped: None, used: true, reason: "".into(), duplicate_of: None, ghost: false }
    }

    #[test]
    fn doubles_ghosts_and_those_of_which_nothing_is_said() {
        let good = || station(Access::Public, Status::Unknown);
        let mut all = vec![good(), good(), good(), station(Access::Unknown, Status::Unknown), good(), good()];
        all[1].duplicate_of = Some("0".to_owned());
        all[2].ghost = true;
        (all[4].ghost, all[4].used) = (true, false);
        assert_eq!(doubtful_of(&all, true), [1, 2, 3]);
        // a layer that never says who may use a station is no reason to doubt each of them
        let mute = vec![station(Access::Unknown, Status::Unknown); 3];
        assert!(doubtful_of(&mute, most_speak(mute.iter().map(|s| &s.station))).is_empty());
    }
}
