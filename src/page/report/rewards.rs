//! What new facilities are expected to earn, for the report: who may apply and what is not known, then year by year the utilisation with what it
//! was divided by and the reward; of those that count, of those in doubt with them, and of both with the station that was tried.

use super::MOST_ROWS;
use super::head::county;
use crate::county::{CountyReward, Expected, Judged, RewardFigures};
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed, grouped};
use crate::page::county::Pages;
use crate::page::i18n::shown;
use crate::page::rank_words::gate_name;
use crate::programme::{ClassOf, Eligibility, Forecast, Profile};
use crate::results::Run;
use crate::tables::rewards as table;
use minijinja::{Value, context};

/// Longest text of a programme that is shown, characters.
const LONGEST: usize = 600;

/// The rows; none where there are none.
pub(super) fn rewards(o: &Run<'_>, judged: &Judged, pages: &Pages) -> Value {
    if judged.rewards.is_empty() {
        return Value::from(());
    }
    let all = || judged.rewards.iter().take(MOST_ROWS);
    let figures = || all().filter_map(|r| r.figures.as_ref());
    let years: Vec<Value> = all().filter_map(|r| years(o, pages, r)).collect();
    context! {
        who => all().map(|r| who(o, pages, r)).collect::<Vec<_>>(),
        says => judged.programmes.iter().map(says).collect::<Vec<_>>(),
        years, capped => judged.rewards.len() > MOST_ROWS, shown => grouped(MOST_ROWS as u64), n => grouped(judged.rewards.len() as u64),
        // without anything in doubt both ways are the same, and are shown once
        doubt => figures().any(|f| f.in_doubt > 0),
        swaps => figures().any(|f| f.swap_stations > 0),
    }
}

/// What a programme pays, for which utilisation, by which source, and what is assumed; what it does not publish.
fn says(p: &Profile) -> Value {
    let both = |en: &str, zh: &str| Both::clean(en, if zh.is_empty() { en } else { zh }, LONGEST);
    let sources = p.reward.iter().flat_map(|r| &r.sources).filter_map(|id| p.sources.iter().find(|s| s.id == *id));
    let source: Vec<String> =
        sources.map(|s| shown([s.title.as_str(), &s.number, &s.date].map(str::trim).join(" ").trim())).collect();
    let rows = p.reward.iter().flat_map(|r| r.classes.iter().filter_map(|name| Some((name, r.class.get(name)?, &r.years))));
    let row = |(name, class, years): (&String, &crate::programme::Class, &Vec<u16>)| {
        let year = |y: &u16| {
            class
                .percent
                .get(&y.to_string())
                .map(|list| context! { year => *y, at => list.iter().map(|p| format!("{p} %")).collect::<Vec<_>>() })
        };
        context! { class => class_name(name), bounds => class.bounds_text(), years => years.iter().filter_map(year).collect::<Vec<_>>() }
    };
    context! {
        name => shown(&p.name), title => both(&p.title, &p.title_zh), version => shown(&p.version), any => p.reward.is_some(),
        metric => p.reward.as_ref().map(|r| both(&r.metric, &r.metric_zh)),
        class_by => p.reward.as_ref().map(|r| both(&r.class_by, &r.class_by_zh)),
        assumption => p.reward.as_ref().filter(|r| !r.assumption.is_empty()).map(|r| both(&r.assumption, &r.assumption_zh)),
        source => source.join("; "), mark => p.reward.as_ref().map(|r| Both::from(r.mark.meaning())),
        amounts => p.reward.iter().flat_map(|r| &r.amounts_yuan).map(|yuan| grouped(*yuan)).collect::<Vec<_>>(),
        rows => rows.map(row).collect::<Vec<_>>(),
        not_published => p.not_published.iter().map(|u| both(&u.text, &u.text_zh)).collect::<Vec<_>>(),
    }
}

/// A utilisation in per cent with two decimals, never rounded up: at 1 % there is a step.
pub(crate) fn utilisation(percent: f64) -> String {
    format!("{} %", fixed((percent * 100.0 + 1e-7).floor() / 100.0, 2))
}

/// A class by its word in the programme.
pub(crate) fn class_name(word: &str) -> Both {
    if word == "no_tier" {
        return Both::new("no tier", "无档");
    }
    let known = [("first", "第一档"), ("second", "第二档"), ("third", "第三档")];
    let zh = known.into_iter().find(|(en, _)| *en == word).map(|(_, zh)| zh.to_owned());
    Both::new(shown(word), zh.unwrap_or_else(|| shown(word)))
}

/// Whether it may apply, and why not or what is missing.
fn eligible(r: &CountyReward) -> (Both, Vec<Both>) {
    match &r.eligibility {
        Eligibility::Eligible => (Both::new("eligible", "符合申报条件"), Vec::new()),
        Eligibility::NotEligible(list) => (
            Both::new("not eligible, because", "不符合，因为"),
            list.iter().map(|no| of_county(r, &no.code, Both::new(shown(&no.because), shown(&no.because_zh)))).collect(),
        ),
        Eligibility::CannotBeTold(list) => {
            let field = |(gate, code): &(String, String)| {
                of_county(r, code, gate_name(&r.programme, gate).unwrap_or_else(|| Both::same(shown(gate))))
            };
            (Both::new("cannot be told, missing:", "无法判断，缺少："), list.iter().map(field).collect())
        }
    }
}

/// A reason with the county that it is of, where several apply together.
fn of_county(r: &CountyReward, code: &str, said: Both) -> Both {
    if r.joint.is_none() { said } else { Both::new(format!("{code}: {}", said.en), format!("{code}：{}", said.zh)) }
}

/// Money, none of who may not apply: the reason stands beside it.
fn money(r: &CountyReward, yuan: u64) -> String {
    if r.may_not_apply() { NONE.to_owned() } else { grouped(yuan) }
}

fn only_if(r: &CountyReward) -> bool {
    matches!(r.eligibility, Eligibility::CannotBeTold(_))
}

/// A county: whether it may apply, its class, its facilities, what is not known, all years together.
fn who(o: &Run<'_>, pages: &Pages, r: &CountyReward) -> Value {
    let (eligible, reasons) = eligible(r);
    let figures = r.figures.as_ref();
    let class = match figures.map(|f| &f.class) {
        Some(Some(ClassOf::Class(name))) => class_name(name),
        Some(Some(ClassOf::NoTier)) => class_name("no_tier"),
        Some(None) => Both::new("cannot be told", "无法判断"),
        None => Both::new("see its lead", "见牵头县"),
    };
    let untold = figures.iter().flat_map(|f| &f.untold).map(|u| Both::from(u.names()));
    let stations = figures.iter().flat_map(|f| &f.missing).map(|m| Both::new(shown(&m[0]), shown(&m[1])));
    let lacks: Vec<Both> = untold.chain(stations).collect();
    let some = |of: fn(&RewardFigures) -> u64| figures.map(of).filter(|n| *n > 0).map(grouped);
    let total = |e: Option<&Expected>| {
        let one = |f: Option<&Forecast>| f.map_or(NONE.to_owned(), |f| money(r, f.total_yuan));
        [one(e.and_then(|e| e.forecast.as_ref())), one(e.and_then(|e| e.with_trial.as_ref()).map(|(_, f)| f))]
    };
    let [sure, may] = [total(figures.map(|f| &f.expected.without)), total(figures.map(|f| &f.expected.with))];
    let piles = figures.and_then(|f| f.piles.as_ref()).map(|p| [p.without.known(), p.with.known()].map(|n| fixed(n, 1)));
    context! {
        programme => shown(&r.programme), joint => r.joint.as_ref().map(|j| shown(&j.name)),
        penetration => figures.and_then(|f| f.nev_penetration).map(|p| format!("{p} %")),
        eligible, because => Both::join(&reasons, ["; ", "；"]), reasons => reasons.len(), class,
        missing => Both::join(&lacks, ["; ", "；"]), lacks => lacks.len(),
        facilities => figures.map(|f| grouped(f.facilities)), swap => some(|f| f.swap_stations), planned => some(|f| f.planned), past => some(|f| f.planned_past),
        in_doubt => some(|f| f.in_doubt), undated => some(|f| f.undated), unloaded => some(|f| f.unloaded),
        piles => piles.as_ref().map(|p| p[0].clone()), piles_if => piles.filter(|p| p[0] != p[1]).map(|p| p[1].clone()),
        swap_piles => figures.filter(|f| f.swap_stations > 0).and_then(|f| f.swap_equivalent).map(|n| fixed(n, 1)),
        differ => sure != may, total => sure[0].clone(), total_with => sure[1].clone(), total_if => may[0].clone(), total_with_if => may[1].clone(),
        only_if => only_if(r) && [&sure, &may].into_iter().flatten().any(|t| t != NONE),
        ..county(o, pages, r.county as usize)
    }
}

/// The years of a county; none where nothing is expected of it.
fn years(o: &Run<'_>, pages: &Pages, r: &CountyReward) -> Option<Value> {
    let figures = r.figures.as_ref()?;
    let years: Vec<u16> = table::rows(o.members.get(r.county as usize)?, r).into_iter().filter_map(|(.., year)| year).collect();
    let tier = |f: Option<&Forecast>, year: u16| -> Value {
        let tier = f.and_then(|f| f.years.iter().find(|y| y.year == year)).and_then(|y| y.tier.as_ref());
        tier.map_or(Value::from(()), |t| {
            context! {
                utilisation => utilisation(t.utilisation.percent()),
                energy => grouped(t.utilisation.energy_kwh.round() as u64),
                possible => grouped(t.utilisation.possible_kwh.round() as u64),
                yuan => money(r, t.amount_yuan),
                next => t.next.map(|n| fixed(n.percent, 2)), short => t.next.map(|n| grouped(n.short_kwh.ceil() as u64)),
            }
        })
    };
    let both = |e: &Expected, year: u16| [tier(e.forecast.as_ref(), year), tier(e.with_trial.as_ref().map(|(_, f)| f), year)];
    let row = |&year: &u16| {
        let [sure, sure_with] = both(&figures.expected.without, year);
        let [may, may_with] = both(&figures.expected.with, year);
        let range = figures.range(Some(year), false).filter(|range| !range.is_one());
        context! {
            year, sure, sure_with, may, may_with, told => r.may_not_apply() || figures.is_told(Some(year), false),
            least => range.map(|range| money(r, range.least_yuan)), most => range.map(|range| money(r, range.most_yuan)),
        }
    };
    let rows: Vec<Value> = years.iter().map(row).collect();
    (!rows.is_empty()).then(
        || context! { programme => shown(&r.programme), only_if => only_if(r), rows, ..county(o, pages, r.county as usize) },
    )
}
