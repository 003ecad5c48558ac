//! The sentences of the pages in English and Chinese, and the markup that holds both. It chooses no language: the page does.

use super::base::PageKind;
use crate::config::RoadClass;
use crate::config::criteria::Criterion;
use crate::error::{Error, Result};
use crate::files::lang::Both;
use crate::files::text::{clean, names, xml};
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, ErrorKind, context};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Texts that more than one page uses.
pub(crate) const SHARED: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/texts.toml"));
/// Longest text from data that is shown, characters.
pub const LONGEST: usize = 120;

/// Every sentence of a page, by key.
#[derive(Debug)]
pub(crate) struct Texts(pub(crate) BTreeMap<String, Both>);

impl Texts {
    /// Reads those that all pages share and those of one page, which are built in.
    ///
    /// # Errors
    /// Internal, when a table is not well-formed.
    pub(crate) fn load(kind: &PageKind) -> Result<Self> {
        // one table, so that a key that stands in both is refused
        toml::from_str(&format!("{SHARED}\n{}", kind.texts))
            .map(Self)
            .map_err(|e| Error::internal(format!("the texts of the page {} cannot be read: {e}", kind.name)))
    }

    /// The text of a key, or the word itself where it has none.
    pub(crate) fn word(&self, prefix: &str, word: &str) -> Both {
        self.0.get(&format!("{prefix}{word}")).cloned().unwrap_or_else(|| Both::same(word))
    }
}

/// Around English, around Chinese, and their end: short, since some pages are thousands. The style shows one of the two.
const EN: &str = "<i lang=en>";
const ZH: &str = "<i lang=zh-Hans>";
const END: &str = "</i>";

/// Gives a template `t(key, …)`, `both(text)` and `name(en, zh)`. What is filled into a text may be in both languages itself.
pub(crate) fn add_functions(env: &mut Environment<'_>, texts: &Arc<Texts>) {
    let texts = Arc::clone(texts);
    env.add_function("t", move |key: &str, args: Kwargs| -> std::result::Result<Value, minijinja::Error> {
        let unknown = |what: String| minijinja::Error::new(ErrorKind::InvalidOperation, what);
        let text = texts.0.get(key).ok_or_else(|| unknown(format!("no text \"{key}\"")))?;
        let (mut en, mut zh) = (BTreeMap::new(), BTreeMap::new());
        for name in args.args() {
            let value = args.get::<Value>(name)?;
            let [first, second] = both_of(&value).unwrap_or_else(|| [escaped(&value), escaped(&value)]);
            en.insert(name, first);
            zh.insert(name, second);
        }
        let fill = |text: &str, values| fill(text, values).map_err(|slot| unknown(format!("text \"{key}\" lacks {{{slot}}}")));
        Ok(Value::from_safe_string(spans(&fill(&text.en, &en)?, &fill(&text.zh, &zh)?)))
    });
    env.add_function("both", |text: &Value| -> std::result::Result<Value, minijinja::Error> {
        let none = || minijinja::Error::new(ErrorKind::InvalidOperation, format!("{text} is not in both languages"));
        let [en, zh] = both_of(text).ok_or_else(none)?;
        Ok(Value::from_safe_string(spans(&en, &zh)))
    });
    env.add_function("name", |en: &str, zh: &str| Value::from_safe_string(named(en, zh)));
}

impl From<Both> for Value {
    fn from(text: Both) -> Self {
        context! { en => text.en, zh => text.zh }
    }
}

/// A text in both languages, escaped; `None` for another value.
fn both_of(value: &Value) -> Option<[String; 2]> {
    let part = |key: &str| value.get_attr(key).ok().filter(|v| !v.is_undefined()).map(|v| escaped(&v));
    Some([part("en")?, part("zh")?])
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

/// Two languages, of which the page shows one; one of them alone where they are the same.
fn spans(en: &str, zh: &str) -> String {
    if en == zh { en.to_owned() } else { format!("{EN}{en}{END}{ZH}{zh}{END}") }
}

/// A name from data, isolated from the direction of what is around it; in English with the Chinese name beside it.
fn named(en: &str, zh: &str) -> String {
    let (first, second) = names(en, zh, "–");
    let bdi = |text: &str, attributes: &str| format!("<bdi{attributes}>{}</bdi>", xml(text, LONGEST));
    if second.is_empty() {
        return bdi(first, "");
    }
    let en = bdi(first, "") + " " + &bdi(second, " class=\"alt\" lang=\"zh-Hans\"");
    spans(&en, &bdi(second, ""))
}

/// Text from data for the template, which escapes it.
pub fn shown(text: &str) -> String {
    clean(text, LONGEST)
}

/// Name of a road class.
pub(crate) fn class_name(class: RoadClass) -> Both {
    Both::from(match class {
        RoadClass::Motorway => ["motorway", "高速公路"],
        RoadClass::Trunk => ["trunk", "国道、快速路"],
        RoadClass::Primary => ["primary", "省道"],
        RoadClass::Secondary => ["secondary", "县道"],
        RoadClass::Tertiary => ["tertiary", "乡道"],
        RoadClass::Local => ["local", "村道、居住区道路"],
        RoadClass::Service => ["service", "内部道路"],
        RoadClass::Track => ["track", "机耕道"],
    })
}

/// Label of a criterion: `10 km`, `10 公里`.
pub(crate) fn criterion_label(criterion: Criterion) -> Both {
    let en = criterion.label();
    let zh = en.replace("km", "公里").replace("min", "分钟");
    Both { en, zh }
}

/// Names that we give and that a user may have written: cleaned for a page.
pub(crate) fn shown_both(en: &str, zh: &str) -> Both {
    Both::clean(en, zh, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        let values = BTreeMap::from([("a", "{b} {a}".to_owned()), ("b", "x".to_owned())]);
        assert_eq!(fill("<1> {a}, {b}", &values).unwrap(), "&lt;1&gt; {b} {a}, x");
        assert_eq!(fill("{c}", &values), Err("c".to_owned()));
    }

    #[test]
    fn names_are_isolated_and_escaped() {
        assert_eq!(named("<b>\u{202e}", ""), "<bdi>&lt;b&gt;</bdi>");
        assert!(named("Wuxi", "巫溪县").contains("<bdi class=\"alt\" lang=\"zh-Hans\">巫溪县</bdi>"));
        assert_eq!(named("", ""), "<bdi>–</bdi>");
    }
}
