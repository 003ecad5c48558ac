//! Tables of the report as plain values for its template.

use super::report::MOST_ROWS;
use super::text::{grouped, km, percent, plain};
use crate::config::RoadClass;
use crate::config::criteria::Service;
use crate::issue::Severity;
use crate::outcome::{Outcome, SettlementOut};
use crate::rank::INDICATORS;
use serde_json::{Value, json};

/// Dead stretches shown.
const MOST_STRETCHES: usize = 12;
/// Settlements shown.
pub const MOST_SETTLEMENTS: usize = 15;

/// A class in English and Chinese.
pub fn class_words(class: RoadClass) -> (&'static str, &'static str) {
    match class {
        RoadClass::Motorway => ("motorway", "高速公路"),
        RoadClass::Trunk => ("trunk", "国道"),
        RoadClass::Primary => ("primary", "省道"),
        RoadClass::Secondary => ("secondary", "县道"),
        RoadClass::Tertiary => ("tertiary", "乡道"),
        RoadClass::Local => ("local", "村道及街道"),
        RoadClass::Service => ("service", "内部道路"),
        RoadClass::Track => ("track", "机耕路"),
    }
}

/// Rows of the ranking, and how many more there are.
pub fn ranking(o: &Outcome) -> (Value, Option<usize>) {
    let rows = o.ranking.rows.iter().take(MOST_ROWS).map(|r| {
        let (county, f) = (&o.counties[r.county], &o.figures[r.county]);
        let reasons: Vec<Value> = r
            .reasons
            .iter()
            .map(|x| {
                let d = &INDICATORS[x.indicator];
                json!({ "en": d.en, "zh": d.zh, "points": format!("{:+.1}", x.points), "dir": if x.points >= 0.0 { "up" } else { "down" } })
            })
            .collect();
        let people = if f.people > 0 { format!("{} / {}", grouped(f.people_in_gap as f64, 0), grouped(f.people as f64, 0)) } else { "–".to_owned() };
        json!({
            "rank": r.rank.map_or("–".to_owned(), |v| v.to_string()),
            "tied": r.tied,
            "code": plain(&county.code),
            "name": plain(&county.name),
            "name_zh": plain(&county.name_zh),
            "score": r.score.map_or("–".to_owned(), |v| format!("{v:.1}")),
            "bar": r.score.map_or(0, |v| (v * 0.6).round() as i64),
            "gap_km": km(f.gap_total_mm(), 1),
            "gap_share": percent(f.gap_total_mm(), f.road_total_mm()),
            "longest_km": km(f.longest_stretch_mm, 1),
            "stations": f.charging_stations,
            "people": people,
            "reasons": reasons,
            "not_rankable": r.not_rankable,
        })
    });
    (rows.collect(), o.ranking.rows.len().checked_sub(MOST_ROWS).filter(|n| *n > 0))
}

/// The ledger of each service; one row a county and one for all.
pub fn ledgers(o: &Outcome) -> Value {
    let labels: Vec<String> = o.criteria.all.iter().map(|c| c.label()).collect();
    let of = |service: Service| {
        let (en, zh) = match service {
            Service::Charging => ("Charging", "充电"),
            Service::Swap => ("Battery swap", "换电"),
        };
        let mut rows: Vec<Value> = (0..o.counties.len()).take(MOST_ROWS).map(|i| ledger_row(o, service, &[i])).collect();
        let all: Vec<usize> = (0..o.counties.len()).collect();
        rows.push(ledger_row(o, service, &all));
        if let Some(last) = rows.last_mut() {
            last["sum"] = json!(true);
        }
        json!({
            "en": en, "zh": zh, "criteria": labels, "rows": rows,
            "none": !o.sites.iter().any(|s| s.offers(service)),
            "more": o.counties.len().checked_sub(MOST_ROWS).filter(|n| *n > 0),
        })
    };
    Service::ALL.into_iter().map(of).collect()
}

fn ledger_row(o: &Outcome, service: Service, counties: &[usize]) -> Value {
    let sum = |f: &dyn Fn(usize) -> u64| -> u64 { counties.iter().map(|i| f(*i)).sum() };
    let road = sum(&|i| o.ledger.road_mm(i));
    let gaps: Vec<Value> = (0..o.criteria.all.len())
        .map(|c| {
            let gap = sum(&|i| o.ledger.total(i, service, c).gap_mm);
            json!({ "km": km(gap, 3), "share": percent(gap, road) })
        })
        .collect();
    let first = &o.counties[counties[0]];
    json!({
        "name": plain(&first.name), "name_zh": plain(&first.name_zh), "sum": false,
        "road": km(road, 3), "gaps": gaps,
        "covered": km(sum(&|i| o.ledger.total(i, service, o.criteria.headline).covered_mm), 3),
        "excluded": km(sum(&|i| o.ledger.excluded_mm[i]), 3),
    })
}

/// Road classes over all counties, charging, headline.
pub fn classes(o: &Outcome) -> Value {
    let rows = RoadClass::ALL.into_iter().filter_map(|class| {
        let cells = || (0..o.counties.len()).map(|i| o.ledger.cell(i, Service::Charging, o.criteria.headline, class));
        let road: u64 = (0..o.counties.len()).map(|i| o.ledger.class_mm(i, class)).sum();
        let (covered, gap) = (cells().map(|c| c.covered_mm).sum::<u64>(), cells().map(|c| c.gap_mm).sum::<u64>());
        let (en, zh) = class_words(class);
        (road > 0).then(|| json!({ "en": en, "zh": zh, "road": km(road, 3), "covered": km(covered, 3), "gap": km(gap, 3), "share": percent(gap, road) }))
    });
    rows.collect()
}

/// The longest dead stretches for charging at the headline distance.
pub fn stretches(o: &Outcome) -> Value {
    let mut list: Vec<_> =
        o.stretches.iter().filter(|s| s.service == Service::Charging && s.criterion == o.criteria.headline).collect();
    list.sort_by(|a, b| b.length_mm.cmp(&a.length_mm).then(a.county.cmp(&b.county)).then_with(|| a.line.cmp(&b.line)));
    let rows = list.into_iter().take(MOST_STRETCHES).map(|s| {
        let county = &o.counties[s.county as usize];
        let (class_en, class_zh) = class_words(s.class);
        json!({
            "road": plain(o.names.get(s.name)), "class_en": class_en, "class_zh": class_zh,
            "name": plain(&county.name), "name_zh": plain(&county.name_zh),
            "km": km(s.length_mm, 1), "worst": s.worst.map(|w| km(w.into(), 1)),
        })
    });
    rows.collect()
}

/// Settlements beyond the headline distance, the most people first.
pub fn settlements(o: &Outcome) -> Value {
    let limit = o.criteria.headline_criterion().limit();
    let beyond = |s: &&SettlementOut| s.snapped.is_some() && s.nearest[0].is_none_or(|n| n.distance_mm > limit);
    let mut list: Vec<&SettlementOut> = o.settlements.iter().filter(beyond).collect();
    let distance = |s: &SettlementOut| s.nearest[0].map_or(u32::MAX, |n| n.distance_mm);
    list.sort_by(|a, b| {
        (b.settlement.population, distance(b))
            .cmp(&(a.settlement.population, distance(a)))
            .then_with(|| a.settlement.id.cmp(&b.settlement.id))
    });
    let rows = list.into_iter().take(MOST_SETTLEMENTS).map(|s| {
        let county = &o.counties[s.county as usize];
        json!({
            "name": plain(&s.settlement.name), "name_zh": plain(&s.settlement.name_zh),
            "county": { "name": plain(&county.name), "name_zh": plain(&county.name_zh) },
            "people": s.settlement.population.map_or("–".to_owned(), |p| grouped(p as f64, 0)),
            "km": s.nearest[0].map(|n| km(n.distance_mm.into(), 1)),
            "min": s.nearest[0].map_or("–".to_owned(), |n| format!("{:.0}", f64::from(n.time_ms) / 60_000.0)),
        })
    });
    rows.collect()
}

/// Issues by layer and kind.
pub fn issues(o: &Outcome) -> Value {
    let mut list: Vec<_> = o.issues.by_code().into_iter().collect();
    list.sort_by_key(|((layer, code), _)| (code.severity(), *layer, *code));
    let rows = list.into_iter().map(|((layer, code), (count, mm))| {
        let zh = match code.severity() {
            Severity::Refused => "拒收",
            Severity::Warning => "警告",
            Severity::Note => "备注",
        };
        json!({
            "severity": code.severity().as_str(), "severity_zh": zh, "layer": layer.as_str(), "code": code.as_str().replace('_', " "),
            "zh": code.zh(), "count": grouped(count as f64, 0), "km": if mm > 0 { km(mm, 1) } else { String::new() }, "next": code.next(),
        })
    });
    rows.collect()
}
