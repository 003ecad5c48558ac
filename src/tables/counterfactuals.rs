//! `counterfactuals.csv`: what new charging stations would change for a county.

use crate::files::schema::{Column, Kind, Value};
use crate::results::Outcome;
use crate::whatif::counterfactual::{Counterfactual, Step};

/// Columns: a row a county and number of new stations.
pub fn columns() -> Vec<Column> {
    use Kind::{Integer, Text};
    let mut columns = vec![
        Column::new(
            "county_code",
            "county",
            Text,
            "",
            "County code as text; of a joint application its lead",
            "县代码（文本，联合申报为牵头县）",
        ),
        Column::new("county_name", "cty_name", Text, "", "County name", "县名").or_null("not known"),
        Column::new(
            "stations",
            "stations",
            Integer,
            "count",
            "New charging stations; each row has those of the row before and one more",
            "新增充电站数（逐行累加）",
        ),
    ];
    columns.extend(change_columns());
    columns.extend([
        Column::new(
            "stations_at",
            "at_wkt",
            Text,
            "",
            "Where the new stations stand: nodes of the network, as a WKT MULTIPOINT of longitude and latitude",
            "新增站点位置（路网节点，WKT MULTIPOINT）",
        ),
        Column::new(
            "roads",
            "roads",
            Text,
            "",
            "Road of each new station, separated by semicolons; `unnamed` where it has no name",
            "新增站点所在道路（分号分隔，unnamed 为无名道路）",
        ),
        Column::new("sentence", "sentence", Text, "", "The change in one sentence", "英文说明"),
        Column::new("sentence_zh", "sentence_z", Text, "", "The change in one sentence, in Chinese", "中文说明"),
    ]);
    columns
}

/// Place, score, gap and people, each as things are and with the stations.
fn change_columns() -> [Column; 8] {
    use Kind::{Integer, Real};
    let both = |name: &str, alias: &str, kind, unit, en: &str, zh: &str| {
        let of = |when: &str, letter: &str, en_when: &str, zh_when: &str| {
            let (name, alias) = (format!("{name}_{when}"), format!("{alias}_{letter}"));
            Column::new(&name, &alias, kind, unit, format!("{en}, {en_when}"), format!("{zh}（{zh_when}）"))
        };
        [of("before", "b", "as things are", "现状"), of("after", "a", "with the new stations", "新增后")]
    };
    let gap = "Road beyond the headline distance of every charging station";
    let people = "People beyond it; those of a raster are not counted anew and stay the same";
    let [a, b] = both("rank", "rank", Integer, "", "Place, all counties being ranked anew", "名次（全部重新排名）");
    let [c, d] = both("score", "score", Real, "points", "Score", "得分");
    let [e, f] = both("gap_km", "gap_km", Real, "km", gap, "缺口道路长度");
    let [g, h] = both("people_in_gap", "ppl_gap", Integer, "people", people, "缺口人口（栅格人口不重新统计）");
    [a, b, c, d, e, f, g, h]
}

/// Rows of `counterfactuals.csv`.
pub fn rows(o: &Outcome) -> impl Iterator<Item = Vec<Value>> + '_ {
    o.counterfactuals.iter().flat_map(move |c| (1..=c.steps.len()).map(move |n| row(o, c, &c.steps[..n])))
}

fn row(o: &Outcome, c: &Counterfactual, steps: &[Step]) -> Vec<Value> {
    let Some(last) = steps.last() else { return Vec::new() };
    let (county, before, after) = (&o.counties[c.county], &c.before, last);
    // Seven decimals: a station read from there stands on the very node.
    let points: Vec<String> = steps.iter().map(|s| format!("{:.7} {:.7}", s.at.lon(), s.at.lat())).collect();
    let road = |s: &Step| if s.road.is_empty() { "unnamed".to_owned() } else { s.road.clone() };
    let whole = |n: u64| Value::Integer(n as i64);
    vec![
        Value::Text(county.code.clone()),
        Value::text_or_null(&county.name),
        whole(steps.len() as u64),
        whole(before.rank.into()),
        whole(after.rank.into()),
        Value::Real(before.score),
        Value::Real(after.score),
        Value::km(before.gap_mm),
        Value::km(after.gap_mm),
        whole(before.people_in_gap),
        whole(after.people_in_gap),
        Value::Text(format!("MULTIPOINT ({})", points.join(", "))),
        Value::Text(steps.iter().map(road).collect::<Vec<_>>().join("; ")),
        Value::Text(last.sentence_en.clone()),
        Value::Text(last.sentence_zh.clone()),
    ]
}
