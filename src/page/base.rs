//! What every page has in common: the frame around it, its style and the policy that allows this style and nothing else, the
//! language in which it opens, and the notices that must stand on it. One place fills every template.
//!
//! A page is a folder below `maps/`: a template that extends `maps/base.html.j2`, a style that is added to `maps/style.css`, and
//! texts that are added to `maps/texts.toml`.

use super::i18n::{Texts, add_functions, shown};
use super::stack::{quoted, stacked};
use crate::config::region_file::RegionTable;
use crate::error::{Error, Result};
use crate::files::lang::Lang;
use crate::files::text::{base64, clean};
use crate::page::svg::sheet::LONGEST_NUMBER;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};
use std::sync::Arc;

macro_rules! maps {
    ($($part:literal),+) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/", $($part),+))
    };
}

/// The frame that every template extends.
const BASE: &str = maps!("base.html.j2");
/// Macros that several templates use.
const PARTS: &str = maps!("parts.html.j2");
/// Templates that pages share.
#[cfg(test)]
pub(crate) const SHARED_TEMPLATES: [&str; 2] = [BASE, PARTS];
/// The style that every page begins with.
const STYLE: &str = maps!("style.css");
/// Longest line of attribution, characters.
const LONGEST_NOTICE: usize = 400;

/// A page that we make.
#[derive(Debug)]
pub(crate) struct PageKind {
    /// Its folder below `maps/`.
    pub(crate) name: &'static str,
    pub(crate) template: &'static str,
    style: &'static str,
    /// Its own texts.
    pub(crate) texts: &'static str,
    /// Its scripts, in the order in which they run; every page but that of the map has none.
    pub(crate) scripts: &'static [&'static [&'static str]],
}

macro_rules! kind {
    ($name:literal) => {
        kind!($name, &[])
    };
    ($name:literal, $scripts:expr) => {
        PageKind {
            name: $name,
            template: maps!($name, "/page.html.j2"),
            style: maps!($name, "/style.css"),
            texts: maps!($name, "/texts.toml"),
            scripts: $scripts,
        }
    };
}

/// The report of a run.
pub(crate) static REPORT: PageKind = kind!("report");
/// The page of a round.
pub(crate) static ROUND: PageKind = kind!("round");
/// The page of a county.
pub(crate) static COUNTY: PageKind = kind!("county");
/// The pages of the counties near a line.
pub(crate) static LINE: PageKind = kind!("line");
/// The page of an applicant that no region has.
pub(crate) static APPLICANT: PageKind = kind!("applicant");
/// What was found in the layers.
pub(crate) static CHECK: PageKind = kind!("check");
/// What changed between two rounds.
pub(crate) static DIFF: PageKind = kind!("diff");

/// The map to look around in: a library, and our own files as one script.
pub(crate) static LIVE: PageKind = kind!("map", &[&[maps!("vendor/maplibre-gl.js")], &OWN_SCRIPTS]);
/// The scripts of the map; each adds to what those before it have made.
const OWN_SCRIPTS: [&str; 9] = [
    maps!("map/start.js"),
    maps!("map/words.js"),
    maps!("map/data.js"),
    maps!("map/state.js"),
    maps!("map/roads.js"),
    maps!("map/layers.js"),
    maps!("map/lists.js"),
    maps!("map/panel.js"),
    maps!("map/main.js"),
];

/// What must stand on a page about a region.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notices {
    /// Name of the region, English.
    pub(crate) name: String,
    /// Name of the region, Chinese.
    pub(crate) name_zh: String,
    /// Whether anything is made up.
    pub(crate) synthetic: bool,
    /// Sources, as they want to be named.
    pub(crate) attribution: Vec<String>,
    /// Review number of the boundaries.
    pub(crate) review_number: Option<String>,
}

impl From<&RegionTable> for Notices {
    fn from(t: &RegionTable) -> Self {
        Self {
            name: shown(&t.name),
            name_zh: t.name_zh.as_deref().map_or(String::new(), shown),
            synthetic: t.synthetic,
            attribution: t.attribution.iter().map(|a| clean(a, LONGEST_NOTICE)).filter(|a| !a.is_empty()).collect(),
            review_number: t.map_review_number.as_deref().map(|n| clean(n, LONGEST_NUMBER)).filter(|n| !n.is_empty()),
        }
    }
}

/// The page that a page belongs to and leads back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Home {
    href: &'static str,
    text: &'static str,
}

impl Home {
    /// The page of a round, one folder above.
    pub(crate) const ROUND_ABOVE: Self = Self { href: "../round.html", text: "to_round" };
    /// The report of a run, one folder above.
    pub(crate) const REPORT_ABOVE: Self = Self { href: "../report.html", text: "to_report" };
    /// The page of a round, in the same folder.
    pub(crate) const ROUND_BESIDE: Self = Self { href: "round.html", text: "to_round" };
    /// The report of a run, in the same folder.
    pub(crate) const REPORT_BESIDE: Self = Self { href: "report.html", text: "to_report" };
}

/// A page made ready to be filled, many times where there are many.
pub(crate) struct Press {
    kind: &'static PageKind,
    env: Environment<'static>,
    texts: Arc<Texts>,
    css: String,
    scripts: Vec<String>,
}

impl Press {
    /// For one kind of page.
    ///
    /// # Errors
    /// Internal, when a template or a table of texts is not well-formed.
    pub(crate) fn new(kind: &'static PageKind) -> Result<Self> {
        let texts = Arc::new(Texts::load(kind)?);
        let mut env = Environment::new();
        env.set_auto_escape_callback(|_| AutoEscape::Html);
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        add_functions(&mut env, &texts);
        for (name, text) in [("base", BASE), ("parts", PARTS), (kind.name, kind.template)] {
            env.add_template(name, text).map_err(|e| not_made(name, &e))?;
        }
        let scripts: Vec<String> = kind.scripts.iter().map(|parts| script(parts)).collect();
        let css = format!("{STYLE}{}", kind.style);
        Ok(Self { kind, env, texts, css, scripts })
    }

    /// Texts of the page.
    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Fills the page; what is filled in is escaped. The same bytes for the same figures.
    ///
    /// # Errors
    /// Internal, when the template and its texts do not fit each other.
    pub(crate) fn print(&self, lang: Lang, notices: &Notices, home: Option<Home>, figures: Value) -> Result<String> {
        let page = context! {
            css => CSS, policy => POLICY, scripts => self.scripts.iter().cloned().map(Value::from).collect::<Vec<_>>(), version => env!("CARGO_PKG_VERSION"),
            lang => lang.tag(), zh => lang == Lang::Zh,
            home => home.map(|h| context! { href => h.href, text => h.text }),
            name => notices.name.as_str(), name_zh => notices.name_zh.as_str(), synthetic => notices.synthetic,
            attribution => notices.attribution.clone(), review_number => notices.review_number.clone(),
        };
        let filled = self.env.get_template(self.kind.name).and_then(|t| t.render(context! { page, ..figures }));
        let filled = filled.map_err(|e| not_made(self.kind.name, &e))?;
        // scripts are not looked into: the map has its own layout for narrow screens
        let (filled, narrow) = if self.scripts.is_empty() { stacked(&filled) } else { (filled, String::new()) };
        let (css, policy) = style_and_policy(&format!("{}{narrow}{}", self.css, running_head(notices)), &self.scripts);
        // nothing of the data can stand in these places: quotes and signs of tags are escaped there
        let filled = filled.replacen(&format!("content=\"{POLICY}\""), &format!("content=\"{policy}\""), 1);
        Ok(filled.replacen(&format!("<style>{CSS}</style>"), &format!("<style>{css}</style>"), 1))
    }
}

/// The name of the region at the head of every sheet of paper.
fn running_head(notices: &Notices) -> String {
    let name = [&notices.name, &notices.name_zh].into_iter().filter(|n| !n.is_empty()).map(|n| quoted(n)).collect::<Vec<_>>();
    if name.is_empty() {
        return String::new();
    }
    format!("@media print{{@page{{@top-left{{content:\"{}\"}}}}}}", name.join("  "))
}

/// What stands in a page in place of its style and of its policy until the names of its columns are known.
const CSS: &str = "css";
const POLICY: &str = "policy";

fn not_made(name: &str, e: &minijinja::Error) -> Error {
    Error::internal(format!("the page {name} cannot be made: {e:#}"))
}

/// The style and the policy that allows it and these scripts. An HTML parser reads CRLF as LF, so the hashes are of that.
fn style_and_policy(style: &str, scripts: &[String]) -> (String, String) {
    let css = style.replace("\r\n", "\n");
    let hash = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())));
    let style_src = format!("style-src {}; img-src data:", hash(&css));
    let allowed = if scripts.is_empty() {
        style_src
    } else {
        let hashes: Vec<String> = scripts.iter().map(|s| hash(s)).collect();
        format!("script-src {}; {style_src}; worker-src blob:; connect-src 'none'", hashes.join(" "))
    };
    (css, format!("default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"))
}

/// Parts of a script as one, without the line that names a map of its sources: nobody fetches that.
fn script(parts: &[&str]) -> String {
    let whole = parts.concat().replace("\r\n", "\n");
    whole.lines().filter(|line| !line.starts_with("//# sourceMappingURL=")).collect::<Vec<_>>().join("\n")
}
