//! `diff.html`: what changed between two rounds and why, for people: money first.

use super::base::{DIFF, Notices, Press};
use super::i18n::shown;
use crate::error::Result;
use crate::files::lang::{Both, Lang};
use crate::files::text::grouped;
use crate::results::applied::ListChange;
use crate::results::causes::{Cause, Causes, CountyCauses};
use crate::results::hand_funded::HandFundedTold;
use crate::results::money::{Funding, written, written_change};
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
    let moved: Vec<&CountyCauses> = {
        let mut moved: Vec<&CountyCauses> = c.counties.iter().filter(|x| x.moved() != 0).collect();
        moved.sort_by_key(|x| (std::cmp::Reverse(x.moved().abs()), x.code.clone()));
        moved
    };
    let came_or_went = |word: &str| c.counties.iter().filter(|x| status(x) == word).collect::<Vec<_>>();
    let rows = |list: Vec<&CountyCauses>| list.into_iter().take(MOST).map(|x| row(c, x)).collect::<Vec<_>>();
    let stayed = c.counties.iter().filter(|x| status(x) == "stayed").count();
    let figures = context! {
        old => side(old), new => side(new),
        money => money(c),
        order => Cause::ALL.map(|x| context! { name => Both::new(x.as_str(), x.zh()), differs => c.differ.contains(&x), summary => summary(c, x) }).to_vec(),
        list => c.joined.iter().cloned().chain(c.list.iter().flat_map(ListChange::lines)).map(|b| Both::clean(&b.en, &b.zh, 700)).collect::<Vec<_>>(),
        accepted => c.accepted.all.iter().map(|f| f.said()).map(|b| Both::clean(&b.en, &b.zh, 700)).collect::<Vec<_>>(),
        though => c.funded_though.iter().map(HandFundedTold::said).map(|b| Both::clean(&b.en, &b.zh, 700)).collect::<Vec<_>>(),
        came => rows(came_or_went("came")), went => rows(came_or_went("went")),
        moved_all => grouped(moved.len() as u64), stayed => grouped(stayed as u64),
        moved => rows(moved),
        stations_all => grouped(c.stations.len() as u64), stations_elsewhere => grouped(c.stations_elsewhere as u64),
        undated => grouped(c.stations.iter().filter(|s| !s.dated && s.gained[0] > 0).count() as u64),
        stations => c.stations.iter().take(MOST).map(|s| context! {
            name => shown(words::name_of(s)), change => Both::new(s.change.as_str(), s.change.zh()), county => s.county.clone().unwrap_or_else(|| "–".to_owned()),
            opened => shown(&s.station.opened), dated => s.dated, same => s.same_place_as.as_deref().map(shown), fields => s.fields.join(", "),
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

/// Money in all, and the counties whose funding is another, by what became of it.
fn money(c: &Causes) -> Value {
    let m = &c.money;
    let unknown = || Both::new("unknown", "未知");
    let sum = |v: Option<u64>| v.map_or_else(unknown, |v| Both::same(written(v as i64)));
    let change = |v: Option<i64>| v.map_or_else(unknown, |v| Both::same(written_change(v)));
    let currency = |i: usize| if m.currencies[i].is_empty() { String::new() } else { format!(" ({})", shown(&m.currencies[i])) };
    let kind = |kind: Funding| {
        let (all, words) = (m.of_kind(kind), kind.words());
        let with: Vec<&CountyCauses> = c.counties.iter().filter(|x| x.money().funding() == kind).collect();
        let listed = if kind == Funding::Kept { Vec::new() } else { with.into_iter().take(MOST).map(|x| row(c, x)).collect() };
        context! { name => Both::from(words), counties => grouped(all.counties), change => change(all.change), kept => kind == Funding::Kept, rows => listed }
    };
    context! {
        any => !m.is_nothing(), no_sums => m.without_sums(), same => m.same_money(),
        old => sum(m.given[0]), new => sum(m.given[1]), change => change(m.change()), currency_old => currency(0), currency_new => currency(1),
        kinds => Funding::TOLD.into_iter().filter(|k| m.of_kind(*k).counties > 0).map(kind).collect::<Vec<_>>(),
    }
}

/// How many counties a cause moved, and how far on the average.
fn summary(c: &Causes, cause: Cause) -> Value {
    let moved: Vec<i64> = c.counties.iter().filter_map(|x| x.moved_by(cause)).filter(|m| *m != 0).collect();
    let sum: i64 = moved.iter().map(|m| m.abs()).sum();
    let mean = if moved.is_empty() { "–".to_owned() } else { format!("{:.1}", sum as f64 / moved.len() as f64) };
    let scores = c.counties.iter().filter_map(|x| x.points_by(cause)).filter(|p| p.abs() > 5e-7).count();
    let results = c.counties.iter().filter(|x| x.selected_by() == Some(cause)).count();
    let money = c.counties.iter().filter(|x| x.money_by(cause).is_some_and(|m| m != 0)).count();
    context! { money => grouped(money as u64), results => grouped(results as u64), moved => grouped(moved.len() as u64), mean, scores => grouped(scores as u64) }
}

fn row(all: &Causes, x: &CountyCauses) -> Value {
    let [old, new] = x.ends();
    let rank =
        |s: Option<crate::results::causes::CountyStand>| s.and_then(|s| s.rank).map_or("–".to_owned(), |r| r.to_string());
    let said = words::sentence(all, x);
    // a cause in which the rounds do not differ has no column
    let by = Cause::ALL
        .into_iter()
        .filter(|c| all.differ.contains(c))
        .map(|c| x.moved_by(c).map_or("–".to_owned(), |m| if m == 0 { "0".to_owned() } else { format!("{m:+}") }));
    let change = x.moved();
    let m = x.money();
    let sum = |v: Option<u64>| v.map_or_else(|| "?".to_owned(), |v| written(v as i64));
    context! {
        code => shown(&x.code), old_code => x.old_code.as_deref().map(shown).unwrap_or_default(),
        name => shown(&x.name), name_zh => shown(&x.name_zh),
        money_old => sum(m.amounts()[0]), money_new => sum(m.amounts()[1]), money_change => m.change().map_or_else(|| "?".to_owned(), written_change),
        funding => Both::from(m.funding().words()), no_money => m.funding() == Funding::Neither, unknown => m.unknown(),
        old => rank(old), new => rank(new),
        change => if change == 0 { "0".to_owned() } else { format!("{change:+}") }, by => by.collect::<Vec<_>>(), said => Both::clean(&said.en, &said.zh, 700),
    }
}
