//! `report.html`: one file that opens offline, English and Chinese, without any script.
//!
//! The template and style stand in `maps/`; here the figures are put into words and numbers for it.

use super::chart::gap_chart;
use super::report_tables as tables;
use super::text::{grouped, km, percent, plain};
use crate::config::criteria::Service;
use crate::error::{Error, Result};
use crate::outcome::Outcome;
use crate::rank::{INDICATORS, TIE_RULE};
use minijinja::{AutoEscape, Environment};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const TEMPLATE: &str = include_str!("../../maps/report.html.j2");
const STYLE: &str = include_str!("../../maps/report.css");

/// Rows of long tables; the rest is in the CSV files.
pub(super) const MOST_ROWS: usize = 200;

/// The report. `map` is the text of `map.svg`.
///
/// # Errors
/// Internal, when the template does not fit the figures.
pub fn report_html(o: &Outcome, map: &str) -> Result<String> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::Html);
    let fail = |e: minijinja::Error| Error::internal(format!("the report's template: {e:#}"));
    env.add_template("report.html", TEMPLATE).map_err(fail)?;
    let template = env.get_template("report.html").map_err(fail)?;
    template.render(minijinja::value::Serde(context(o, map))).map_err(fail)
}

/// The style's fingerprint for the content security policy: only this style may apply, and no script at all.
fn style_hash() -> String {
    format!("sha256-{}", base64(&Sha256::digest(STYLE.as_bytes())))
}

/// RFC 4648 base64; 32 bytes are all it is ever given.
fn base64(bytes: &[u8]) -> String {
    const SET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0u32, |n, b| (n << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let six = (n >> (18 - 6 * i)) as usize & 63;
            out.push(if i <= chunk.len() { char::from(SET[six]) } else { '=' });
        }
    }
    out
}

fn context(o: &Outcome, map: &str) -> Value {
    let (ranking, ranking_more) = tables::ranking(o);
    json!({
        "style": STYLE,
        "style_hash": style_hash(),
        "version": env!("CARGO_PKG_VERSION"),
        "region": {
            "name": plain(&o.region.name),
            "name_zh": plain(o.region.name_zh.as_deref().unwrap_or_default()),
            "synthetic": o.region.synthetic,
            "attribution": o.region.attribution.iter().map(|a| plain(a)).collect::<Vec<_>>(),
            "map_review_number": o.region.map_review_number.as_deref().map(plain),
        },
        "headline": o.criteria.headline_criterion().label(),
        "cards": cards(o),
        "map": map,
        "ranking": ranking,
        "ranking_more": ranking_more,
        "tie_rule": TIE_RULE,
        "indicators": indicators(o),
        "chart": gap_chart(o),
        "ledgers": tables::ledgers(o),
        "classes": tables::classes(o),
        "balance": balance(o),
        "stretches": tables::stretches(o),
        "settlements": tables::settlements(o),
        "settlements_note": settlements_note(o),
        "issues": tables::issues(o),
        "inputs": o.inputs.iter().map(|f| json!({ "path": plain(&f.path), "role": f.role, "bytes": grouped(f.bytes as f64, 0), "sha256": f.sha256 })).collect::<Vec<_>>(),
    })
}

/// The key figures at the top.
fn cards(o: &Outcome) -> Value {
    let n = o.counties.len();
    let sum = |f: &dyn Fn(usize) -> u64| -> u64 { (0..n).map(f).sum() };
    let road = sum(&|i| o.ledger.road_mm(i));
    let gap = sum(&|i| o.ledger.total(i, Service::Charging, o.criteria.headline).gap_mm);
    let label = o.criteria.headline_criterion().label();
    let used = o.stations.iter().filter(|s| s.used).count();
    let swap = o.stations.iter().filter(|s| s.used && s.station.swap).count();
    let (people, beyond) = (o.figures.iter().map(|f| f.people).sum(), o.figures.iter().map(|f| f.people_in_gap).sum());
    let (places, places_beyond): (u64, u64) =
        (o.figures.iter().map(|f| f.settlements).sum(), o.figures.iter().map(|f| f.settlements_in_gap).sum());
    let longest = o.longest_mm.iter().map(|l| l[0]).max().unwrap_or(0);
    let mut cards = vec![
        json!({ "value": format!("{} km", km(road, 0)), "en": "of road", "zh": "道路里程", "note_en": format!("in {n} counties"), "note_zh": format!("{n} 个县") }),
        json!({ "gap": true, "value": percent(gap, road), "en": format!("of it beyond {label}"), "zh": format!("超过 {label}"), "note_en": format!("{} km without a charger in reach", km(gap, 0)), "note_zh": format!("{} 公里无充电站可达", km(gap, 0)) }),
        json!({ "value": grouped(used as f64, 0), "en": "stations counted", "zh": "计入站点", "note_en": format!("of {} read; {swap} offer battery swap", o.stations.len()), "note_zh": format!("共读入 {} 个；其中换电 {swap} 个", o.stations.len()) }),
        json!({ "gap": true, "value": format!("{places_beyond} / {places}"), "en": "settlements beyond", "zh": "距离外居民点", "note_en": format!("farther than {label} by road"), "note_zh": format!("路网距离超过 {label}") }),
        json!({ "gap": true, "value": format!("{} km", km(longest, 1)), "en": "longest dead stretch", "zh": "最长空白路段", "note_en": "without a break, in one county", "note_zh": "同一县内连续" }),
    ];
    if people > 0 {
        cards.push(json!({ "gap": true, "value": percent(beyond, people), "en": "of known people beyond", "zh": "距离外人口占比", "note_en": format!("{} of {}", grouped(beyond as f64, 0), grouped(people as f64, 0)), "note_zh": format!("{} / {} 人", grouped(beyond as f64, 0), grouped(people as f64, 0)) }));
    }
    Value::Array(cards)
}

fn indicators(o: &Outcome) -> Value {
    let number = |v: Option<f64>| v.map_or("–".to_owned(), |v| grouped(v, if v.abs() < 10.0 { 3 } else { 1 }));
    let row = |u: &crate::rank::Used| {
        let d = &INDICATORS[u.indicator];
        let used = if u.weight > 0.0 { format!("{:.3}", u.weight) } else { "–".to_owned() };
        json!({ "key": d.key, "en": d.en, "zh": d.zh, "unit": d.unit, "asked": format!("{:.2}", o.weights.indicators[u.indicator]), "used": used, "min": number(u.min), "max": number(u.max) })
    };
    o.ranking.indicators.iter().map(row).collect()
}

fn balance(o: &Outcome) -> Value {
    let b = &o.balance;
    let row = |en: &str, zh: &str, mm: u64, sum: bool| json!({ "en": en, "zh": zh, "km": km(mm, 3), "sum": sum });
    json!([
        row("in the ledger of a county", "计入各县台账", b.ledger_mm, false),
        row("left out by class, or closed to motor vehicles", "按等级排除或禁止机动车", b.left_out_mm, false),
        row("drawn twice on the same line, counted once", "同线重复绘制（仅计一次）", b.repeated_mm, false),
        row("pieces cut off from the network", "孤立路段", b.islands_mm, false),
        row("outside every county", "县界外", b.outside_mm, false),
        row("read", "读入合计", b.read_mm, true),
    ])
}

fn settlements_note(o: &Outcome) -> Value {
    let all: u64 = o.figures.iter().map(|f| f.settlements_in_gap).sum();
    json!({
        "en": format!("The {} with the most people are shown, of {all}; all are in settlements.geojson.", all.min(tables::MOST_SETTLEMENTS as u64)),
        "zh": format!("按人口列出前 {} 个，共 {all} 个；全部见 settlements.geojson。", all.min(tables::MOST_SETTLEMENTS as u64)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_known_bytes() {
        assert_eq!(base64(b"Man"), "TWFu");
        assert_eq!(base64(b"Ma"), "TWE=");
        assert_eq!(base64(b"M"), "TQ==");
    }
}
