//! The sentences of the report in English and Chinese, and the markup that holds both. It chooses no language: the page does.

use crate::config::RoadClass;
use crate::config::criteria::Criterion;
use crate::error::{Error, Result};
use crate::files::text::{clean, names, xml};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, ErrorKind};
use std::collections::BTreeMap;

const TEXTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/report/texts.toml"));
const ROUND_TEXTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/round/texts.toml"));
/// Longest text from data that is shown, characters.
pub const LONGEST: usize = 120;

/// Every sentence, by key.
pub struct Texts(BTreeMap<String, [String; 2]>);

impl Texts {
    /// Reads the table that is built in.
    ///
    /// # Errors
    /// Internal, when the table is not well-formed.
    pub fn load() -> Result<Self> {
        // one table, so that a key that stands in both is refused
        toml::from_str(&format!("{TEXTS}\n{ROUND_TEXTS}"))
            .map(Self)
            .map_err(|e| Error::internal(format!("the texts of the report cannot be read: {e}")))
    }

    /// English and Chinese of a key.
    pub fn get(&self, key: &str) -> Option<[&str; 2]> {
        self.0.get(key).map(|[en, zh]| [en.as_str(), zh.as_str()])
    }

    /// The same, or the word itself where it has none.
    pub fn word<'a>(&'a self, prefix: &str, word: &'a str) -> [&'a str; 2] {
        self.get(&format!("{prefix}{word}")).unwrap_or([word, word])
    }
}

/// How a page marks what is in one language.
#[derive(Clone, Copy, Debug)]
pub struct Markup {
    en: &'static str,
    zh: &'static str,
    end: &'static str,
    /// Around names, which are in no language for certain.
    name: &'static str,
}

impl Markup {
    /// Elements with a class, for the style of the run report.
    pub const PLAIN: Self = Self {
        en: "<span class=\"en\" lang=\"en\">",
        zh: "<span class=\"zh\" lang=\"zh-Hans\">",
        end: "</span>",
        name: "<span class=\"en\">",
    };
    /// The same in fewer bytes, for pages of which there are thousands; their style goes by the language of `i`.
    pub const SHORT: Self = Self { en: "<i lang=en>", zh: "<i lang=zh-Hans>", end: "</i>", name: "<i lang=en>" };
}

/// Gives a template `t(key, …)`, `both(en, zh)` and `name(en, zh)`.
pub fn add_functions(env: &mut Environment<'_>, texts: Texts, markup: Markup) {
    env.add_function("t", move |key: &str, args: Kwargs| -> std::result::Result<Value, minijinja::Error> {
        let unknown = |what: String| minijinja::Error::new(ErrorKind::InvalidOperation, what);
        let [en, zh] = texts.get(key).ok_or_else(|| unknown(format!("no text \"{key}\"")))?;
        let mut values = BTreeMap::new();
        for name in args.args() {
            values.insert(name, escaped(&args.get::<Value>(name)?));
        }
        let fill = |text: &str| fill(text, &values).map_err(|slot| unknown(format!("text \"{key}\" lacks {{{slot}}}")));
        Ok(Value::from_safe_string(markup.spans(&fill(en)?, &fill(zh)?)))
    });
    let both = move |en: &str, zh: &str| Value::from_safe_string(markup.spans(&xml(en, 4000), &xml(zh, 4000)));
    env.add_function("both", both);
    env.add_function("name", move |en: &str, zh: &str| Value::from_safe_string(markup.named(en, zh)));
}

fn escaped(value: &Value) -> String {
    let text = value.to_string();
    if value.is_safe() { text } else { xml(&text, 4000) }
}

/// Fills `{slots}` of a text in one pass, so that what is filled in is never looked at again. `Err` names a missing value.
fn fill(text: &str, values: &BTreeMap<&str, String>) -> std::result::Result<String, String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').ok_or_else(|| after.to_owned())?;
        out.push_str(&xml_keep_spaces(before));
        out.push_str(values.get(slot).ok_or_else(|| slot.to_owned())?);
        rest = after;
    }
    out.push_str(&xml_keep_spaces(rest));
    Ok(out)
}

/// Our own text, whose spaces at the ends matter beside what is filled in.
fn xml_keep_spaces(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

impl Markup {
    /// Two languages, of which the page shows one; one of them alone where they are the same.
    fn spans(self, en: &str, zh: &str) -> String {
        if en == zh {
            return en.to_owned();
        }
        let Self { en: first, zh: second, end, .. } = self;
        format!("{first}{en}{end}{second}{zh}{end}")
    }

    /// A name from data, isolated from the direction of what is around it; in English with the Chinese name beside it.
    fn named(self, en: &str, zh: &str) -> String {
        let (first, second) = names(en, zh, "–");
        let bdi = |text: &str, attributes: &str| format!("<bdi{attributes}>{}</bdi>", xml(text, LONGEST));
        if second.is_empty() {
            return bdi(first, "");
        }
        let en = bdi(first, "") + " " + &bdi(second, " class=\"alt\" lang=\"zh-Hans\"");
        // the name says its language itself
        let chinese = self.zh.replace(" lang=\"zh-Hans\"", "");
        format!("{}{en}{end}{chinese}{}{end}", self.name, bdi(second, " lang=\"zh-Hans\""), end = self.end)
    }
}

/// Text from data for the template, which escapes it.
pub fn shown(text: &str) -> String {
    clean(text, LONGEST)
}

/// English and Chinese name of a road class.
pub fn class_names(class: RoadClass) -> [&'static str; 2] {
    match class {
        RoadClass::Motorway => ["motorway", "高速公路"],
        RoadClass::Trunk => ["trunk", "国道、快速路"],
        RoadClass::Primary => ["primary", "省道"],
        RoadClass::Secondary => ["secondary", "县道"],
        RoadClass::Tertiary => ["tertiary", "乡道"],
        RoadClass::Local => ["local", "村道、居住区道路"],
        RoadClass::Service => ["service", "内部道路"],
        RoadClass::Track => ["track", "机耕道"],
    }
}

/// English and Chinese label of a criterion: `10 km`, `10 公里`.
pub fn criterion_labels(criterion: Criterion) -> [String; 2] {
    let en = criterion.label();
    let zh = en.replace("km", "公里").replace("min", "分钟");
    [en, zh]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_text_and_slots_for_every_key() {
        let texts = Texts::load().unwrap();
        assert!(texts.0.len() > 100);
        for (key, [en, zh]) in &texts.0 {
            assert!(!en.trim().is_empty() && !zh.trim().is_empty(), "{key}");
            assert!(en.is_ascii() || en.chars().all(|c| !('\u{4e00}'..='\u{9fff}').contains(&c)), "{key}");
        }
        let layers = crate::issue::Layer::ALL.iter().map(|l| format!("layer_{}", l.as_str()));
        let parts = crate::rank::trust::PARTS.iter().map(|p| format!("trust_{}", p.key));
        let factors = ["service_distance", "stations", "normalisation", "outliers", "weights", "goalposts", "aggregation"];
        let bands = ["certain", "contested", "out"].map(|b| format!("band_{b}"));
        let ours = factors.map(|f| format!("factor_{f}")).into_iter().chain(bands);
        for key in layers.chain(parts).chain(ours).chain(["refused", "warning", "note"].map(str::to_owned)) {
            assert!(texts.get(&key).is_some(), "{key}");
        }
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let values = BTreeMap::from([("a", "{b} {a}".to_owned()), ("b", "x".to_owned())]);
        assert_eq!(fill("<1> {a}, {b}", &values).unwrap(), "&lt;1&gt; {b} {a}, x");
        assert_eq!(fill("{c}", &values), Err("c".to_owned()));
    }

    #[test]
    fn names_are_isolated_and_escaped() {
        let name = |en: &str, zh: &str| Markup::PLAIN.named(en, zh);
        assert_eq!(name("<b>\u{202e}", ""), "<bdi>&lt;b&gt;</bdi>");
        assert!(name("Wuxi", "巫溪县").contains("<bdi class=\"alt\" lang=\"zh-Hans\">巫溪县</bdi>"));
        assert_eq!(name("", ""), "<bdi>–</bdi>");
    }
}
