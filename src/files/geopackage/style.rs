//! How QGIS draws a layer: a table `layer_styles`, in which QGIS looks by itself, and small styles written by hand.
//!
//! Classes are rules with an "all others" at the end, because a feature without a value would not be drawn by a plain classification.
//!
//! # References
//! QGIS 3, `QgsOgrProviderMetadata::saveStyle` (the table), `QgsRuleBasedRenderer::create` and `QgsSymbolLayerUtils` (the XML).

use super::standard::{About, GEOMETRY, quoted, register};
use crate::files::schema::Column;
use rusqlite::{Connection, params};

/// A style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    name: &'static str,
    qml: String,
    /// The column that it looks at.
    column: Option<String>,
}

/// How a symbol looks.
#[derive(Clone, Copy)]
enum Symbol {
    /// Colour inside.
    Fill(&'static str),
    /// Colour, width in mm.
    Line(&'static str, &'static str),
    /// The same, dashed (`dash`) or dotted (`dot`).
    Broken(&'static str, &'static str, &'static str),
    /// Colour, size in mm.
    Dot(&'static str, &'static str),
}

/// A rule: which features (none: all others), label, look.
type StyleRule = (Option<String>, String, Symbol);

const RAMP: [&str; 5] = ["254,240,217", "253,204,138", "252,141,89", "227,74,51", "179,0,0"];
const GREY: &str = "225,228,230";
const RED: &str = "163,18,15";

impl Style {
    /// Counties in five classes of a column from 0 to 100, darker for more; grey where there is no value.
    pub fn counties_by_score(column: &str) -> Self {
        let c = quoted(column);
        let class = |(i, colour): (usize, &&'static str)| {
            let (from, to) = (i * 20, i * 20 + 20);
            let below = if to == 100 { "<=" } else { "<" };
            (Some(format!("{c} >= {from} AND {c} {below} {to}")), format!("{from}–{to}"), Symbol::Fill(colour))
        };
        let others = (None, "no value 无数据".to_owned(), Symbol::Fill(GREY));
        Self::of("counties by score", Some(column), &RAMP.iter().enumerate().map(class).chain([others]).collect::<Vec<_>>())
    }

    /// Roads without service: red lines.
    pub fn gaps() -> Self {
        Self::of("gaps", None, &[(None, String::new(), Symbol::Line(RED, "0.5"))])
    }

    /// Pieces of road by how far their farthest point is from a station, by the columns of the ways from both ends, in km; `limits_km` in
    /// ascending order, redder and broader beyond the last; dashed where there is no way.
    pub fn coverage([tail, head]: [&str; 2], limits_km: [f64; 4]) -> Self {
        let (t, h) = (quoted(tail), quoted(head));
        let far = format!("if(\"oneway\", {h} + \"length_km\", ({t} + {h} + \"length_km\") / 2)");
        let looks = [("0,95,115", "0.26"), ("95,158,160", "0.26"), ("233,196,106", "0.36"), ("231,111,81", "0.46")];
        let class = |(i, look): (usize, (&'static str, &'static str))| {
            let to = limits_km[i];
            let from = i.checked_sub(1).map(|i| limits_km[i]);
            let above = from.map_or(String::new(), |from| format!("{far} > {from} AND "));
            let label = from.map_or_else(|| format!("≤ {to} km"), |from| format!("{from}–{to} km"));
            (Some(format!("{above}{far} <= {to}")), label, Symbol::Line(look.0, look.1))
        };
        let last = limits_km[3];
        let beyond = (Some(format!("{far} > {last}")), format!("> {last} km"), Symbol::Line(RED, "0.56"));
        let none = (None, "no way to a station 无法到达".to_owned(), Symbol::Broken("91,103,113", "0.4", "dot"));
        Self::of(
            "distance to a station",
            Some(head),
            &looks.into_iter().enumerate().map(class).chain([beyond, none]).collect::<Vec<_>>(),
        )
    }

    /// Stations: dots.
    pub fn stations() -> Self {
        Self::of("stations", None, &[(None, String::new(), Symbol::Dot("0,95,115", "2"))])
    }

    /// Settlements: small dots, red where a column is true.
    pub fn settlements(in_gap: &str) -> Self {
        let within = (Some(quoted(in_gap)), "in a gap 在缺口内".to_owned(), Symbol::Dot(RED, "1.2"));
        Self::of("settlements", Some(in_gap), &[within, (None, "others 其他".to_owned(), Symbol::Dot("91,103,113", "0.8"))])
    }

    /// Townships by the power that is short, larger for more, and by whether a station is in them.
    pub fn townships(short_kw: &str, has_charging: &str) -> Self {
        let (kw, has) = (quoted(short_kw), quoted(has_charging));
        let rule = |which: String, label: &str, size| (Some(which), label.to_owned(), Symbol::Dot(RED, size));
        let rules = [
            rule(format!("{kw} >= 500"), "500 kW short or more 缺口 500 kW 及以上", "4"),
            rule(format!("{kw} >= 100 AND {kw} < 500"), "100–500 kW", "3"),
            rule(format!("{kw} >= 10 AND {kw} < 100"), "10–100 kW", "2.2"),
            (Some(format!("{kw} < 10 AND NOT {has}")), "no station in it 无充电站".to_owned(), Symbol::Dot("194,120,3", "1.8")),
            (Some(format!("{kw} IS NULL")), "demand not known 需求未知".to_owned(), Symbol::Dot("140,140,140", "1.8")),
            (None, "others 其他".to_owned(), Symbol::Dot("0,95,115", "1.4")),
        ];
        Self::of("townships", Some(short_kw), &rules)
    }

    /// Charging stations by the wait on the holiday, larger for longer.
    pub fn station_loads(wait_min: &str) -> Self {
        let wait = quoted(wait_min);
        let rules = [
            (Some(format!("{wait} >= 30")), "wait 30 min or more 排队 30 分钟及以上".to_owned(), Symbol::Dot(RED, "3.4")),
            (Some(format!("{wait} >= 5 AND {wait} < 30")), "5–30 min".to_owned(), Symbol::Dot("194,120,3", "2.8")),
            (None, "others 其他".to_owned(), Symbol::Dot("0,95,115", "2.2")),
        ];
        Self::of("station loads", Some(wait_min), &rules)
    }

    /// Roads by their verdict: told apart by the line, not by colour alone.
    pub fn corridors(verdict: &str) -> Self {
        let v = quoted(verdict);
        let rules = [
            (Some(format!("{v} = 'met'")), "met 达到".to_owned(), Symbol::Line("0,95,115", "0.7")),
            (Some(format!("{v} = 'not_met'")), "not met 未达到".to_owned(), Symbol::Broken(RED, "0.9", "dash")),
            (None, "cannot be told 无法判断".to_owned(), Symbol::Broken("91,103,113", "0.7", "dot")),
        ];
        Self::of("corridors by verdict", Some(verdict), &rules)
    }

    /// The longest ways without a station: those that are too long, the rest, and those with stations that cannot be told.
    pub fn corridor_gaps(too_long: &str, unknown_count: &str) -> Self {
        let (long, unknown) = (quoted(too_long), quoted(unknown_count));
        let known = |which: &str| Some(format!("NOT {unknown} AND {which}"));
        let rules = [
            (known(&long), "too long 超过规定".to_owned(), Symbol::Line(RED, "1.6")),
            (known(&format!("NOT {long}")), "within the rule 符合规定".to_owned(), Symbol::Line("0,95,115", "1.2")),
            (None, "others 其他".to_owned(), Symbol::Broken("91,103,113", "1", "dot")),
        ];
        Self::of("longest ways", Some(too_long), &rules)
    }

    fn of(name: &'static str, column: Option<&str>, rules: &[StyleRule]) -> Self {
        let single = rules.len() == 1;
        let (kind, geometry) = match rules.first().map(|r| r.2) {
            Some(Symbol::Dot(..)) | None => ("marker", 0),
            Some(Symbol::Line(..) | Symbol::Broken(..)) => ("line", 1),
            Some(Symbol::Fill(_)) => ("fill", 2),
        };
        let mut s = format!(
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.16.0\" styleCategories=\"Symbology\">\n\
             <renderer-v2 type=\"{}\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\">\n",
            if single { "singleSymbol" } else { "RuleRenderer" }
        );
        if !single {
            s += &rules_xml(rules);
        }
        s += "<symbols>\n";
        for (i, (_, _, symbol)) in rules.iter().enumerate() {
            let layer = symbol.xml();
            s += &format!(
                "<symbol type=\"{kind}\" name=\"{i}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">{layer}</symbol>\n"
            );
        }
        s += &format!(
            "</symbols>\n</renderer-v2>\n<blendMode>0</blendMode>\n<featureBlendMode>0</featureBlendMode>\n\
             <layerGeometryType>{geometry}</layerGeometryType>\n</qgis>\n"
        );
        Self { name, qml: s, column: column.map(str::to_owned) }
    }

    /// Whether a layer has the column that it looks at.
    pub(crate) fn suits(&self, columns: &[Column]) -> bool {
        self.column.as_ref().is_none_or(|c| columns.iter().any(|column| column.name == *c))
    }
}

/// Saves styles as the defaults of their tables; makes the table of styles, unless there is none to save.
pub(crate) fn save(db: &Connection, styles: &[(&str, Style)], last_change: &str) -> rusqlite::Result<()> {
    if styles.is_empty() {
        return Ok(());
    }
    db.execute_batch(
        "CREATE TABLE layer_styles (\"id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, \"f_table_catalog\" TEXT(256), \
         \"f_table_schema\" TEXT(256), \"f_table_name\" TEXT(256), \"f_geometry_column\" TEXT(256), \"styleName\" TEXT(30), \
         \"styleQML\" TEXT, \"styleSLD\" TEXT, \"useAsDefault\" BOOLEAN, \"description\" TEXT, \"owner\" TEXT(30), \
         \"ui\" TEXT(30), \"update_time\" DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')))",
    )?;
    register(db, &About::styles(last_change), None)?;
    let mut put = db.prepare("INSERT INTO layer_styles VALUES (NULL, '', '', ?, ?, ?, ?, '', 1, ?, '', NULL, ?)")?;
    for (table, style) in styles {
        put.execute(params![table, GEOMETRY, style.name, style.qml, style.name, last_change])?;
    }
    Ok(())
}

fn rules_xml(rules: &[StyleRule]) -> String {
    // Keys must differ within a style, nothing else is asked of them.
    let key = |n: usize| format!("{{00000000-0000-4000-8000-{n:012}}}");
    let mut s = format!("<rules key=\"{}\">\n", key(0));
    for (i, (which, label, _)) in rules.iter().enumerate() {
        let (filter, label) = (attribute(which.as_deref().unwrap_or("ELSE")), attribute(label));
        s += &format!("<rule key=\"{}\" symbol=\"{i}\" filter=\"{filter}\" label=\"{label}\"/>\n", key(i + 1));
    }
    s + "</rules>\n"
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Symbol {
    fn xml(self) -> String {
        let rgb = |c: &str| format!("{c},255");
        let (class, props): (&str, Vec<(&str, String)>) = match self {
            Self::Fill(colour) => {
                let edge = ("outline_color", rgb("139,149,158"));
                let plain =
                    [("style", "solid"), ("outline_style", "solid"), ("outline_width", "0.1"), ("outline_width_unit", "MM")];
                ("SimpleFill", [("color", rgb(colour)), edge].into_iter().chain(owned(plain)).collect())
            }
            Self::Line(colour, width) => ("SimpleLine", line_props(rgb(colour), width, "solid")),
            Self::Broken(colour, width, style) => ("SimpleLine", line_props(rgb(colour), width, style)),
            Self::Dot(colour, size) => {
                let plain = [
                    ("name", "circle"),
                    ("outline_style", "solid"),
                    ("outline_width", "0.1"),
                    ("size", size),
                    ("size_unit", "MM"),
                ];
                let colours = [("color", rgb(colour)), ("outline_color", rgb("255,255,255"))];
                ("SimpleMarker", colours.into_iter().chain(owned(plain)).collect())
            }
        };
        let props: String = props.iter().map(|(k, v)| format!("<prop k=\"{k}\" v=\"{v}\"/>")).collect();
        format!("<layer class=\"{class}\" pass=\"0\" locked=\"0\" enabled=\"1\">{props}</layer>")
    }
}

fn line_props(colour: String, width: &'static str, style: &'static str) -> Vec<(&'static str, String)> {
    let plain = [
        ("line_width", width),
        ("line_width_unit", "MM"),
        ("line_style", style),
        ("capstyle", if style == "solid" { "round" } else { "flat" }),
        ("joinstyle", "round"),
    ];
    [("line_color", colour)].into_iter().chain(owned(plain)).collect()
}

fn owned<const N: usize>(pairs: [(&'static str, &'static str); N]) -> impl Iterator<Item = (&'static str, String)> {
    pairs.into_iter().map(|(k, v)| (k, v.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_xml_whose_rules_have_their_symbols() {
        let hostile = "a\"<&>'b";
        let all = [
            (Style::counties_by_score(hostile), 6, "2"),
            (Style::gaps(), 0, "1"),
            (Style::stations(), 0, "0"),
            (Style::settlements(hostile), 2, "0"),
            (Style::townships(hostile, hostile), 6, "0"),
            (Style::station_loads(hostile), 3, "0"),
            (Style::corridors(hostile), 3, "1"),
        ];
        let coverage = Style::coverage(["t_km", "h_km"], [2.5, 5.0, 10.0, 20.0]);
        assert_eq!(coverage.qml.matches("<rule key").count(), 6);
        assert!(
            coverage.qml.contains("(&quot;t_km&quot; + &quot;h_km&quot; + &quot;length_km&quot;) / 2) &gt; 5 AND"),
            "{}",
            coverage.qml
        );
        for (style, rules, geometry) in all {
            assert!(style.name.len() <= 30); // what the column holds
            let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
            let doc = roxmltree::Document::parse_with_options(&style.qml, options).unwrap();
            let named = |name: &'static str| doc.descendants().filter(move |n| n.has_tag_name(name)).collect::<Vec<_>>();
            assert_eq!(named("rule").len(), rules);
            assert_eq!(named("symbol").len(), rules.max(1));
            for (rule, symbol) in named("rule").iter().zip(named("symbol")) {
                assert_eq!(rule.attribute("symbol"), symbol.attribute("name"));
            }
            if let [first, .., last] = named("rule")[..] {
                // a quoted name has its quotation marks twice
                assert!(first.attribute("filter").unwrap().starts_with("\"a\"\"<&>'b\""));
                assert_eq!(last.attribute("filter"), Some("ELSE"));
            }
            assert_eq!(named("layerGeometryType")[0].text(), Some(geometry));
        }
    }
}
