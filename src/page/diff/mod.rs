//! `diff.html`: what changed between two rounds and why, for people.

use super::base::{DIFF, Notices, Press};
use super::i18n::shown;
use crate::error::Result;
use crate::files::lang::{Both, Lang};
use crate::files::text::grouped;
use crate::results::causes::{Cause, Causes, CountyCauses};
use crate::tables::cause_words as words;
use crate::tables::causes::status;
use minijinja::{Value, context};

/// Rows of a table that are shown; the rest is in the CSV files.
const MOST: usize = 100;

/// One of the two rounds, as its folder says.
#[derive(Clone, Copy, Debug)]
pub struct DiffSide<'a> {
    /// Name of the folder.
    pub name: &'a str,
    /// Its manifest.
    pub manifest: &'a serde_json::Value,
}

/// Makes the page, which opens in a language.
///
/// # Errors
/// Internal, when the template does not fit.
pub fn html(c: &Causes, [old, new]: [DiffSide<'_>; 2], lang: Lang) -> Result<String> {
    let with = |word: &str| c.counties.iter().filter(|x| status(x) == word).collect::<Vec<_>>();
    let mut moved: Vec<&CountyCauses> = c.counties.iter().filter(|x| places(x) != 0).collect();
    moved.sort_by_key(|x| (std::cmp::Reverse(places(x).abs()), x.code.clone()));
    let rows = |list: Vec<&CountyCauses>| list.into_iter().take(MOST).map(|x| row(c, x)).collect::<Vec<_>>();
    let figures = context! {
        old => side(old), new => side(new),
        order => Cause::ALL.map(|x| context! { name => Both::new(x.as_str(), x.zh()), differs => c.differ.contains(&x), summary => summary(c, x) }).to_vec(),
        entered => rows(with("in")), left => rows(with("out")), came => rows(with("came")), went => rows(with("went")),
        moved_all => grouped(moved.len() as u64),
        stayed => grouped(c.counties.iter().filter(|x| places(x) == 0 && !["came", "went"].contains(&status(x))).count() as u64),
        moved => rows(moved),
        stations_all => grouped(c.stations.len() as u64),
        stations => c.stations.iter().take(MOST).map(|s| context! {
            name => shown(words::name_of(s)), change => Both::new(s.change.as_str(), s.change.zh()), county => s.county.clone().unwrap_or_else(|| "–".to_owned()),
            opened => shown(&s.station.opened), fields => s.fields.join(", "),
            gained => grouped(s.gained[0]), people => grouped(s.gained[1]), lost => grouped(s.lost[0]), people_lost => grouped(s.lost[1]),
        }).collect::<Vec<_>>(),
    };
    let synthetic = c.ends.iter().any(|r| r.region.synthetic);
    let notices = Notices { synthetic, ..Notices::from(&c.ends[1].region) };
    Press::new(&DIFF)?.print(lang, &notices, None, figures)
}

fn side(f: DiffSide<'_>) -> Value {
    let text = |v: &serde_json::Value| shown(v.as_str().unwrap_or_default());
    let name = f.manifest["region"]["name"].as_str().unwrap_or_default();
    let year =
        f.manifest["round"]["year"].as_u64().map(|y| y.to_string()).filter(|y| !name.contains(y.as_str())).unwrap_or_default();
    context! { id => text(&f.manifest["round"]["id"]), name => text(&f.manifest["region"]["name"]), year, folder => shown(f.name) }
}

fn places(x: &CountyCauses) -> i64 {
    let rank = |s: Option<crate::results::causes::CountyStand>| s.and_then(|s| s.rank).map(i64::from);
    let [old, new] = x.ends();
    rank(new).zip(rank(old)).map_or(0, |(n, o)| n - o)
}

/// How many counties a cause moved, and how far on the average.
fn summary(c: &Causes, cause: Cause) -> Value {
    let moved: Vec<i64> = c.counties.iter().filter_map(|x| x.moved_by(cause)).filter(|m| *m != 0).collect();
    let sum: i64 = moved.iter().map(|m| m.abs()).sum();
    let mean = if moved.is_empty() { "–".to_owned() } else { format!("{:.1}", sum as f64 / moved.len() as f64) };
    let scores = c.counties.iter().filter_map(|x| x.points_by(cause)).filter(|p| p.abs() > 5e-7).count();
    let results = c.counties.iter().filter(|x| x.selected_by() == Some(cause)).count();
    context! { results => grouped(results as u64), moved => grouped(moved.len() as u64), mean, scores => grouped(scores as u64) }
}

fn row(all: &Causes, x: &CountyCauses) -> Value {
    let [old, new] = x.ends();
    let rank =
        |s: Option<crate::results::causes::CountyStand>| s.and_then(|s| s.rank).map_or("–".to_owned(), |r| r.to_string());
    let said = words::sentence(all, x);
    let by = Cause::ALL.map(|c| x.moved_by(c).map_or("–".to_owned(), |m| if m == 0 { "0".to_owned() } else { format!("{m:+}") }));
    let change = places(x);
    context! {
        code => shown(&x.code), old_code => x.old_code.as_deref().map(shown).unwrap_or_default(),
        name => shown(&x.name), name_zh => shown(&x.name_zh), old => rank(old), new => rank(new),
        change => if change == 0 { "0".to_owned() } else { format!("{change:+}") }, by => by.to_vec(), said => Both::clean(&said.en, &said.zh, 400),
    }
}
