//! What the regions and the register say beside the day and the rules of the round: days that cannot be read, stations that open later and serve all
//! the same, and settings that decide what counts in one region and not in the next. A round without a date holds no day against it.

use super::inputs::{Region, Together};
use crate::config::accept::is_real_day;
use crate::config::{Criteria, RoundFile};
use crate::error::path_text;
use crate::place::onto_road::not_qualifying;
use crate::read::date::day;
use crate::read::station::Station;
use crate::results::faults::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// The faults of days, where the round has one, and of settings.
pub fn faults(file: &RoundFile, all: &Together, criteria: &Criteria) -> Vec<Fault> {
    let mut faults = settings(&all.regions);
    let Some(date) = file.round.date.as_deref() else { return faults };
    let odd = all.applicants.iter().filter(|a| !a.applied.is_empty() && !is_real_day(&a.applied));
    let odd: Vec<[String; 2]> = odd.map(|a| [a.written.clone(), a.applied.clone()]).collect();
    if let Some(spec) = file.applicants.as_ref().filter(|_| !odd.is_empty()) {
        faults.push(Fault::day_not_read(&path_text(&spec.path), date, &odd));
    }
    let serve = |s: &&Station| !s.opened.trim().is_empty() && not_qualifying(s, &criteria.serving).is_none();
    let (mut unread, mut later) = (ByFile::new(), ByFile::new());
    let Some(of_round) = day(date) else { return faults };
    for s in all.stations.iter().filter(serve) {
        let list = match day(&s.opened) {
            None => &mut unread,
            Some(opened) if opened > of_round => &mut later,
            Some(_) => continue,
        };
        let file = s.source.file.as_deref().unwrap_or_default();
        list.entry(file).or_default().push([s.id.clone(), s.opened.trim().to_owned()]);
    }
    faults.extend(unread.iter().map(|(file, list)| Fault::day_not_read(file, date, list)));
    faults.extend(later.iter().map(|(file, list)| Fault::station_opens_later(file, date, list)));
    faults
}

/// Stations by the file that they are from, each with its day.
type ByFile<'s> = BTreeMap<&'s str, Vec<[String; 2]>>;

/// Settings that are not the same in all regions. How a file writes its classes or its guns is its own; which of them count is not.
fn settings(regions: &[Region]) -> Vec<Fault> {
    let has_stations = |r: &Region| r.file.stations.as_ref().is_some_and(|s| s.path.is_some()) || r.file.osm.is_some();
    let opened_by = |r: &Region| {
        let by = r.file.stations.as_ref().and_then(|s| s.opened_by.clone());
        has_stations(r).then(|| by.unwrap_or_else(|| "-".to_owned()))
    };
    let reading = |r: &Region| Criteria::from_region(&r.file).ok().map(|c| c.reading);
    let classes = |r: &Region| {
        let names: Vec<&str> = reading(r)?.classes.iter().map(|c| c.as_str()).collect();
        Some(names.join(" "))
    };
    let speeds = |r: &Region| {
        let kmh = r.file.roads.as_ref()?.speeds_kmh.iter().map(|(class, kmh)| format!("{} {kmh}", class.as_str()));
        Some(kmh.collect::<Vec<_>>().join(" "))
    };
    type Says<'f> = &'f dyn Fn(&Region) -> Option<String>;
    let keys: [(&str, Says<'_>); 3] =
        [("[stations] opened_by", &opened_by), ("[roads] use", &classes), ("[roads] speeds_kmh", &speeds)];
    let one = |(key, says): (&str, Says<'_>)| {
        let all: Vec<[String; 2]> = regions.iter().filter_map(|r| Some([r.path.clone(), says(r)?])).collect();
        let kinds: BTreeSet<&String> = all.iter().map(|[_, value]| value).collect();
        (kinds.len() > 1).then(|| Fault::regions_differ(key, &all))
    };
    keys.into_iter().filter_map(one).collect()
}
