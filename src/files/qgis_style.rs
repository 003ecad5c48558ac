//! How QGIS draws a layer: small styles written by hand, in a GeoPackage and as `.qml` beside a layer. QGIS finds both by itself.
//!
//! Classes are rules with an "all others" at the end, because a feature without a value would not be drawn by a plain classification.
//!
//! # References
//! QGIS 3, `QgsRuleBasedRenderer::create` and `QgsSymbolLayerUtils` (the XML).

use super::palette::{CHARGING, DISTANCES, GAP, SCORES, SITE, SWAP, UNKNOWN};
#[cfg(feature = "gpkg")]
use super::schema::Column;

/// A style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Style {
    name: &'static str,
    qml: String,
    /// The column that it looks at.
    #[cfg_attr(not(feature = "gpkg"), allow(dead_code))]
    column: Option<String>,
}

/// What is written beside features, and down to which scale all of it is drawn.
#[derive(Clone, Copy, Default)]
struct Extent {
    /// Column with the name that is written.
    label: Option<&'static str>,
    /// Whether features are drawn from [`FROM_SCALE`] on only.
    large_scales_only: bool,
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
    /// Colour, width in mm; on a white edge, so that it shows on every ground.
    Cased(&'static str, &'static str),
    /// Colour, size in mm.
    Dot(&'static str, &'static str),
    /// Shape, colour, size in mm.
    Mark(&'static str, &'static str, &'static str),
}

/// A rule: which features (none: all others), label, look.
type StyleRule = (Option<String>, String, Symbol);

/// Roads without service are drawn, and names written, from this scale on: on a map of a country they would be a red wall.
const FROM_SCALE: &str = "4000000";
/// No value.
const GREY: &str = "#e1e4e6";

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
        let rules = SCORES.iter().enumerate().map(class).chain([others]).collect::<Vec<_>>();
        Self::within("counties by score", Some(column), &rules, Extent { label: Some("name"), large_scales_only: false })
    }

    /// Roads without service: red lines, by service, from a scale on.
    pub fn gaps(service: &str) -> Self {
        let s = quoted(service);
        let rule = |word: &str, label: &str, symbol| (Some(format!("{s} = '{word}'")), label.to_owned(), symbol);
        let rules = [
            rule("charging", "no charging station 无充电站", Symbol::Cased(GAP, "0.5")),
            rule("swap", "no swap station 无换电站", Symbol::Broken(SWAP, "0.4", "dash")),
            (None, "other services 其他服务".to_owned(), Symbol::Broken(UNKNOWN, "0.4", "dot")),
        ];
        Self::within("gaps", Some(service), &rules, Extent { label: None, large_scales_only: true })
    }

    /// Pieces of road by how far their farthest point is from a station, by the columns of the ways from both ends, in km; `limits_km` in
    /// ascending order, redder and broader beyond the last; dashed where there is no way.
    pub fn coverage([tail, head]: [&str; 2], limits_km: [f64; 4]) -> Self {
        let (t, h) = (quoted(tail), quoted(head));
        let far = format!("if(\"oneway\", {h} + \"length_km\", ({t} + {h} + \"length_km\") / 2)");
        let widths = ["0.26", "0.26", "0.36", "0.46"];
        let class = |(i, width): (usize, &'static str)| {
            let to = limits_km[i];
            let from = i.checked_sub(1).map(|i| limits_km[i]);
            let above = from.map_or(String::new(), |from| format!("{far} > {from} AND "));
            let label = from.map_or_else(|| format!("≤ {to} km"), |from| format!("{from}–{to} km"));
            (Some(format!("{above}{far} <= {to}")), label, Symbol::Line(DISTANCES[i], width))
        };
        let last = limits_km[3];
        let beyond = (Some(format!("{far} > {last}")), format!("> {last} km"), Symbol::Line(GAP, "0.56"));
        let none = (None, "no way to a station 无法到达".to_owned(), Symbol::Broken(UNKNOWN, "0.4", "dot"));
        Self::of(
            "distance to a station",
            Some(head),
            &widths.into_iter().enumerate().map(class).chain([beyond, none]).collect::<Vec<_>>(),
        )
    }

    /// Stations by what they offer, those that do not count apart; with the column of `hydrogen` where there is one.
    pub fn stations(hydrogen: bool) -> Self {
        let used = |which: &str| Some(format!("\"used\" AND {which}"));
        let mut rules = vec![
            (Some("NOT \"used\"".to_owned()), "not counted 未计入".to_owned(), Symbol::Mark("cross2", "#6b747c", "1.8")),
            (used("\"swap\""), "battery swap 换电站".to_owned(), Symbol::Mark("diamond", SWAP, "2.8")),
        ];
        if hydrogen {
            let look = Symbol::Mark("square", "#0072b2", "2.4");
            rules.push((used("NOT \"charging\" AND \"hydrogen\""), "hydrogen 加氢站".to_owned(), look));
        }
        rules.push((None, "charging 充电站".to_owned(), Symbol::Dot(CHARGING, "2.2")));
        Self::of("stations", Some("used"), &rules)
    }

    /// Sites of a plan: stars with their names.
    pub fn sites(label: &'static str) -> Self {
        let star = [(None, String::new(), Symbol::Mark("star", SITE, "4"))];
        Self::within("sites", Some(label), &star, Extent { label: Some(label), large_scales_only: false })
    }

    /// Places of which nothing more is to be told: dots.
    pub fn places() -> Self {
        Self::of("places", None, &[(None, String::new(), Symbol::Dot(CHARGING, "2"))])
    }

    /// Issues by how grave they are: what was refused as a cross, what is to be looked at as a triangle.
    pub fn issues(severity: &str) -> Self {
        let s = quoted(severity);
        let rules = [
            (Some(format!("{s} = 'refused'")), "refused 未采用".to_owned(), Symbol::Mark("cross2", GAP, "2.4")),
            (Some(format!("{s} = 'warning'")), "look at it 需核对".to_owned(), Symbol::Mark("triangle", "#c27803", "2.4")),
            (None, "note 提示".to_owned(), Symbol::Dot(UNKNOWN, "1.6")),
        ];
        Self::of("issues by severity", Some(severity), &rules)
    }

    /// Settlements: small dots, red where a column is true.
    pub fn settlements(in_gap: &str) -> Self {
        let within = (Some(quoted(in_gap)), "in a gap 在缺口内".to_owned(), Symbol::Dot(GAP, "1.2"));
        Self::of("settlements", Some(in_gap), &[within, (None, "others 其他".to_owned(), Symbol::Dot(UNKNOWN, "0.8"))])
    }

    /// Townships by the power that is short, larger for more, and by whether a station is in them.
    pub fn townships(short_kw: &str, has_charging: &str) -> Self {
        let (kw, has) = (quoted(short_kw), quoted(has_charging));
        let rule = |which: String, label: &str, size| (Some(which), label.to_owned(), Symbol::Dot(GAP, size));
        let rules = [
            rule(format!("{kw} >= 500"), "500 kW short or more 缺口 500 kW 及以上", "4"),
            rule(format!("{kw} >= 100 AND {kw} < 500"), "100–500 kW", "3"),
            rule(format!("{kw} >= 10 AND {kw} < 100"), "10–100 kW", "2.2"),
            (Some(format!("{kw} < 10 AND NOT {has}")), "no station in it 无充电站".to_owned(), Symbol::Dot("#c27803", "1.8")),
            (Some(format!("{kw} IS NULL")), "demand not known 需求未知".to_owned(), Symbol::Dot("#8c8c8c", "1.8")),
            (None, "others 其他".to_owned(), Symbol::Dot(CHARGING, "1.4")),
        ];
        Self::of("townships", Some(short_kw), &rules)
    }

    /// Charging stations by the wait on the holiday, larger for longer.
    pub fn station_loads(wait_min: &str) -> Self {
        let wait = quoted(wait_min);
        let rules = [
            (Some(format!("{wait} >= 30")), "wait 30 min or more 排队 30 分钟及以上".to_owned(), Symbol::Dot(GAP, "3.4")),
            (Some(format!("{wait} >= 5 AND {wait} < 30")), "5–30 min".to_owned(), Symbol::Dot("#c27803", "2.8")),
            (None, "others 其他".to_owned(), Symbol::Dot(CHARGING, "2.2")),
        ];
        Self::of("station loads", Some(wait_min), &rules)
    }

    /// Roads by their verdict: told apart by the line, not by colour alone.
    pub fn corridors(verdict: &str) -> Self {
        let v = quoted(verdict);
        let rules = [
            (Some(format!("{v} = 'met'")), "met 达到".to_owned(), Symbol::Line(CHARGING, "0.7")),
            (Some(format!("{v} = 'not_met'")), "not met 未达到".to_owned(), Symbol::Broken(GAP, "0.9", "dash")),
            (None, "cannot be told 无法判断".to_owned(), Symbol::Broken(UNKNOWN, "0.7", "dot")),
        ];
        Self::of("corridors by verdict", Some(verdict), &rules)
    }

    /// The longest ways without a station: those that are too long, the rest, and those with stations that cannot be told.
    pub fn corridor_gaps(too_long: &str, unknown_count: &str) -> Self {
        let (long, unknown) = (quoted(too_long), quoted(unknown_count));
        let known = |which: &str| Some(format!("NOT {unknown} AND {which}"));
        let rules = [
            (known(&long), "too long 超过规定".to_owned(), Symbol::Line(GAP, "1.6")),
            (known(&format!("NOT {long}")), "within the rule 符合规定".to_owned(), Symbol::Line(CHARGING, "1.2")),
            (None, "others 其他".to_owned(), Symbol::Broken(UNKNOWN, "1", "dot")),
        ];
        Self::of("longest ways", Some(too_long), &rules)
    }

    fn of(name: &'static str, column: Option<&str>, rules: &[StyleRule]) -> Self {
        Self::within(name, column, rules, Extent::default())
    }

    fn within(name: &'static str, column: Option<&str>, rules: &[StyleRule], extent: Extent) -> Self {
        let single = rules.len() == 1;
        let (kind, geometry) = match rules.first().map(|r| r.2) {
            Some(Symbol::Dot(..) | Symbol::Mark(..)) | None => ("marker", 0),
            Some(Symbol::Line(..) | Symbol::Broken(..) | Symbol::Cased(..)) => ("line", 1),
            Some(Symbol::Fill(_)) => ("fill", 2),
        };
        let mut s = format!(
            "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n<qgis version=\"3.16.0\" \
             styleCategories=\"Symbology|Labeling|Rendering\" labelsEnabled=\"{}\" {}>\n<renderer-v2 type=\"{}\" symbollevels=\"0\" enableorderby=\"0\" forceraster=\"0\">\n",
            u8::from(extent.label.is_some()),
            extent.scales(),
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
            "</symbols>\n</renderer-v2>\n{}<blendMode>0</blendMode>\n<featureBlendMode>0</featureBlendMode>\n\
             <layerGeometryType>{geometry}</layerGeometryType>\n</qgis>\n",
            extent.labels()
        );
        Self { name, qml: s, column: column.map(str::to_owned) }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// It as QGIS reads it.
    pub fn qml(&self) -> &str {
        &self.qml
    }

    /// It as a part of a project: attributes of the layer, and what stands in it.
    #[cfg(feature = "gpkg")]
    pub(crate) fn of_layer(&self) -> (&str, &str) {
        let whole = self.qml.split_once("<qgis ").and_then(|(_, rest)| rest.split_once(">\n"));
        let (attributes, inner) = whole.unwrap_or_default();
        // what says the version and the parts of a style is of no use in a project
        let attributes = attributes.find("labelsEnabled").map_or("", |at| &attributes[at..]);
        (attributes, inner.strip_suffix("</qgis>\n").unwrap_or(inner))
    }

    /// Whether a layer has the column that it looks at.
    #[cfg(feature = "gpkg")]
    pub(crate) fn suits(&self, columns: &[Column]) -> bool {
        self.column.as_ref().is_none_or(|c| columns.iter().any(|column| column.name == *c))
    }
}

/// A name as SQL.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

impl Extent {
    /// Attributes of the scales at which the layer is drawn.
    fn scales(self) -> String {
        let limited = u8::from(self.large_scales_only);
        format!("hasScaleBasedVisibilityFlag=\"{limited}\" minScale=\"{FROM_SCALE}\" maxScale=\"0\"")
    }

    /// Names beside features: dark on a white edge, only at scales at which there is room.
    fn labels(self) -> String {
        let Some(column) = self.label else { return String::new() };
        format!(
            "<labeling type=\"simple\">\n<settings calloutType=\"simple\">\n\
             <text-style fieldName=\"{column}\" isExpression=\"0\" fontSize=\"8\" fontSizeUnit=\"Point\" textColor=\"34,48,60,255\" \
             fontFamily=\"Noto Sans CJK SC\"><text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" \
             bufferColor=\"255,255,255,255\"/></text-style>\n\
             <rendering scaleVisibility=\"1\" scaleMin=\"{FROM_SCALE}\" scaleMax=\"1\"/>\n</settings>\n</labeling>\n"
        )
    }
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

/// A text of XML.
pub(crate) fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

impl Symbol {
    /// Its layers, the lowest first.
    fn xml(self) -> String {
        let Self::Cased(colour, width) = self else { return self.layer() };
        Self::Line("#ffffff", "1").layer() + &Self::Line(colour, width).layer()
    }

    fn layer(self) -> String {
        let (class, props): (&str, Vec<(&str, String)>) = match self {
            Self::Fill(colour) => {
                let edge = ("outline_color", rgb("#8b959e"));
                let plain =
                    [("style", "solid"), ("outline_style", "solid"), ("outline_width", "0.1"), ("outline_width_unit", "MM")];
                ("SimpleFill", [("color", rgb(colour)), edge].into_iter().chain(owned(plain)).collect())
            }
            Self::Line(colour, width) | Self::Cased(colour, width) => ("SimpleLine", line_props(rgb(colour), width, "solid")),
            Self::Broken(colour, width, style) => ("SimpleLine", line_props(rgb(colour), width, style)),
            Self::Dot(colour, size) => ("SimpleMarker", mark_props("circle", rgb(colour), size)),
            Self::Mark(shape, colour, size) => ("SimpleMarker", mark_props(shape, rgb(colour), size)),
        };
        let props: String = props.iter().map(|(k, v)| format!("<prop k=\"{k}\" v=\"{v}\"/>")).collect();
        format!("<layer class=\"{class}\" pass=\"0\" locked=\"0\" enabled=\"1\">{props}</layer>")
    }
}

/// A colour of the palette as QGIS writes it: red, green, blue and how opaque it is.
fn rgb(hex: &str) -> String {
    let part = |i: usize| hex.get(i..i + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or_default();
    format!("{},{},{},255", part(1), part(3), part(5))
}

fn mark_props(shape: &'static str, colour: String, size: &'static str) -> Vec<(&'static str, String)> {
    let plain = [("name", shape), ("outline_style", "solid"), ("outline_width", "0.1"), ("size", size), ("size_unit", "MM")];
    // a cross has no inside
    let edge = if shape == "cross2" { colour.clone() } else { "255,255,255,255".to_owned() };
    [("color", colour), ("outline_color", edge)].into_iter().chain(owned(plain)).collect()
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
            (Style::gaps(hostile), 3, "1"),
            (Style::places(), 0, "0"),
            (Style::settlements(hostile), 2, "0"),
            (Style::townships(hostile, hostile), 6, "0"),
            (Style::station_loads(hostile), 3, "0"),
            (Style::corridors(hostile), 3, "1"),
            (Style::issues(hostile), 3, "0"),
        ];
        let labels = |style: &Style| style.qml.matches("<labeling").count();
        assert_eq!([labels(&all[0].0), labels(&all[1].0), labels(&Style::sites("label"))], [1, 0, 1]);
        assert_eq!([true, false].map(|h| Style::stations(h).qml.matches("<rule key").count()), [4, 3]);
        // roads without service on a white edge, and not on a map of a country
        assert!(all[1].0.qml.contains("hasScaleBasedVisibilityFlag=\"1\" minScale=\"4000000\""));
        assert_eq!(all[1].0.qml.matches("255,255,255,255").count(), 1);
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
