//! Stations and settlements find their county and their road, or an issue says why not.

use super::{SettlementOut, Snapped, StationOut};
use crate::config::ByService;
use crate::config::station_words::Status;
use crate::config::{Service, Serving};
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{CountyIndex, Draft, NO_COUNTY, Snap, nearest_of_all};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::space::LonLat;
use rayon::prelude::*;

/// Stops when most stations would lie in a county if longitude and latitude were exchanged, and do not as they stand.
///
/// # Errors
/// Input, with that sentence.
pub fn refuse_swapped(stations: &[Station], counties: &CountyIndex) -> Result<()> {
    let inside = |at: LonLat| counties.locate(at) != NO_COUNTY;
    let swapped = |at: LonLat| LonLat::new(at.lat(), at.lon()).is_ok_and(inside);
    let as_read = stations.iter().filter(|s| inside(s.at)).count();
    let exchanged = stations.iter().filter(|s| swapped(s.at)).count();
    if exchanged > as_read && exchanged * 2 > stations.len() {
        let at = stations.first().map(|s| s.source.clone()).unwrap_or_default();
        return Err(Error::input(
            format!("{exchanged} of {} stations would lie in a county if longitude and latitude were exchanged, {as_read} as they stand", stations.len()),
            "exchange the two columns, or map `lon` and `lat` in [stations] fields",
        )
        .at(at));
    }
    Ok(())
}

/// Each with the county that it lies in, or [`NO_COUNTY`].
pub fn locate<T: Send>(list: Vec<T>, at: impl Fn(&T) -> LonLat + Sync, counties: &CountyIndex) -> Vec<(T, u32)> {
    list.into_par_iter().map(|x| (counties.locate(at(&x)), x)).map(|(county, x)| (x, county)).collect()
}

/// Judges and snaps every station of the county given with it. The second list has the snap and number of each one used.
pub fn place_stations(
    stations: Vec<Station>,
    county_of: &[u32],
    roads: &Draft,
    serving: &Serving,
    issues: &mut Issues,
) -> (Vec<StationOut>, Vec<(Snap, usize)>) {
    let at: Vec<LonLat> = stations.iter().map(|s| s.at).collect();
    let found = county_of.iter().copied().zip(nearest_of_all(roads, &at, serving.max_snap_m));
    let mut snaps = Vec::new();
    let mut out = Vec::with_capacity(stations.len());
    for (i, (station, (county, snap))) in stations.into_iter().zip(found).enumerate() {
        let inside = county != NO_COUNTY;
        let mut say = |code, what: String| issues.push(Layer::Stations, code, station.source.clone(), what);
        let reason = match (not_qualifying(&station, serving), &snap) {
            (Some((reason, what)), _) => {
                if inside || snap.is_some() {
                    say(IssueCode::StationNotQualifying, what);
                } else {
                    say(IssueCode::StationOutside, "outside every county, and far from every road".to_owned());
                }
                reason
            }
            (None, None) if inside => {
                say(IssueCode::StationNotSnapped, format!("no road within {} m", serving.max_snap_m));
                "too_far_from_road"
            }
            (None, None) => {
                say(IssueCode::StationOutside, "outside every county, and far from every road".to_owned());
                "outside"
            }
            (None, Some(snap)) => {
                if !inside {
                    say(IssueCode::StationOutside, "outside every county; it serves roads across the border".to_owned());
                }
                snaps.push((*snap, i));
                ""
            }
        };
        out.push(StationOut {
            station,
            county: inside.then_some(county),
            snapped: snap.map(|s| Snapped { at: s.at, distance_mm: s.distance_mm }),
            used: reason.is_empty(),
            reason: reason.into(),
            duplicate_of: None,
            ghost: false,
        });
    }
    (out, snaps)
}

/// Tells of stations near a county, as `near` says, that qualify and that no road of the layer leads to. They cannot be seen in what
/// counties yield: whatever they serve counts as gap.
pub fn tell_beyond(
    stations: &[(Station, u32)],
    roads: &Draft,
    near: &(dyn Fn(LonLat) -> bool + Sync),
    serving: &Serving,
    issues: &mut Issues,
) {
    let outside = |(s, county): &&(Station, u32)| *county == NO_COUNTY && not_qualifying(s, serving).is_none() && near(s.at);
    let at: Vec<LonLat> = stations.par_iter().filter(outside).map(|(s, _)| s.at).collect();
    let found = nearest_of_all(roads, &at, serving.max_snap_m);
    let beyond = found.iter().filter(|snap| snap.is_none()).count() as u64;
    if beyond > 0 {
        let label = serving.headline_criterion().label();
        let what = format!(
            "{beyond} stations lie within {label} of a county as the crow flies, but no road of the layer leads to them: what they serve counts as gap"
        );
        issues.push_many(Layer::Stations, IssueCode::StationsBeyondRoads, Default::default(), what, beyond, 0);
    }
}

/// Why a station does not qualify, as a word and as a sentence; none where it does.
pub fn not_qualifying(s: &Station, serving: &Serving) -> Option<(&'static str, String)> {
    if !serving.access.contains(&s.access) {
        return Some(("access", format!("access is {}", s.access.as_str())));
    }
    if !serving.status.contains(&s.status) {
        return Some(("status", format!("status is {}", s.status.as_str())));
    }
    if !s.charging && !s.swap && !serving.services.has(Service::Hydrogen) {
        return Some(("service", "it gives out hydrogen only, which [criteria] services does not name".to_owned()));
    }
    let enough = s.power_kw.or(s.total_kw).is_some_and(|kw| kw >= serving.min_power_kw);
    if serving.min_power_kw > 0.0 && s.charging && !s.swap && !enough {
        return Some(("power", format!("power is unknown or under {} kW", serving.min_power_kw)));
    }
    None
}

/// Whether a station is planned and would be used if it were there, as far as status goes.
pub fn would_be_used(s: &StationOut, serving: &Serving) -> bool {
    let Some(status) = serving.status.first().filter(|_| !s.used && s.snapped.is_some() && s.station.status == Status::Planned)
    else {
        return false;
    };
    not_qualifying(&Station { status: *status, ..s.station.clone() }, serving).is_none()
}

/// Places every settlement that lies in a county. The second list has the snaps of those that met a road, in order.
pub fn place_settlements(
    settlements: Vec<Settlement>,
    county_of: &[u32],
    roads: &Draft,
    serving: &Serving,
    issues: &mut Issues,
) -> (Vec<SettlementOut>, Vec<Snap>) {
    let at: Vec<LonLat> = settlements.iter().map(|s| s.at).collect();
    let found = county_of.iter().copied().zip(nearest_of_all(roads, &at, serving.settlement_max_snap_m));
    let (mut out, mut snaps) = (Vec::new(), Vec::new());
    for (settlement, (county, snap)) in settlements.into_iter().zip(found) {
        let mut say = |code, what: String| issues.push(Layer::Settlements, code, settlement.source.clone(), what);
        if county == NO_COUNTY {
            say(IssueCode::SettlementOutside, format!("\"{}\" lies outside every county", settlement.name));
            continue;
        }
        match snap {
            Some(s) => snaps.push(s),
            None => say(
                IssueCode::SettlementNotSnapped,
                format!("\"{}\" has no road within {} m", settlement.name, serving.settlement_max_snap_m),
            ),
        }
        let snapped = snap.map(|s| Snapped { at: s.at, distance_mm: s.distance_mm });
        out.push(SettlementOut { settlement, county, snapped, nearest: ByService::default() });
    }
    (out, snaps)
}
