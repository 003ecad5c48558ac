//! `round.html`: the round on one page, for planners and for those who must defend it. Figures as text for `maps/round/page.html.j2`.

use super::rules::rules;
use super::{RoundBook, needs};
use crate::config::Service;
use crate::config::accept::AcceptTable;
use crate::error::Result;
use crate::files::lang::{Both, Lang};
use crate::files::text::{clean, fixed, grouped, km1, percent};
use crate::page::applicant;
use crate::page::base::{Notices, Press, ROUND};
use crate::page::county::{Book, below};
use crate::page::funding::funding;
use crate::page::i18n::{criterion_label, shown};
use crate::page::live_link;
use crate::page::rank_words::{line_name, steps};
use crate::page::report::places as report_places;
use crate::page::report::roads::stand_ins;
use crate::page::report::sure::{bands as bands_of, lines_of};
use crate::rank::select::Why;
use crate::rank::uncertainty::LineOut;
use crate::rank::{RankRow, TIE_RULE};
use crate::results::Round;
use crate::results::eligible::not_held;
use crate::results::faults::Fault;
use crate::space::units::km;
use crate::tables::{overrides, provinces};
use minijinja::{Value, context};

/// Counties shown that just missed it.
const CLOSEST: usize = 30;

/// The page, with a map in it; it opens in a language, and is the same bytes for the same round.
///
/// # Errors
/// Internal, when the template and its texts do not fit each other.
pub fn round_html(b: &RoundBook<'_>, map: &str, lang: Lang) -> Result<String> {
    let r = b.r;
    let closest = closest(b);
    let figures = context! {
        map, live => live_link::href(&r, ""), linked => r.output.wants("county_pages"),
        head => head(r),
        cards => cards(b),
        rules => rules(r),
        selected => b.r.assessment.ranking.rows.iter().filter(|row| r.part.choices[row.county].why.is_selected()).map(|row| one(b, row)).collect::<Vec<_>>(),
        closest => closest.iter().take(CLOSEST).map(|(short, row)| missed(b, *short, row)).collect::<Vec<_>>(),
        provinces => provinces(b),
        funding => funding(&r, &|i| b.named(i, &below())),
        demand => needs::demand(b),
        programmes => needs::programmes(b),
        method => steps(&r.assessment.steps, &r.assessment.ranking),
        tie_rule => TIE_RULE,
        sure => sure(b),
        left => left(b),
        issues => report_places::issues(&r.issues),
        all => (0..r.members.len()).map(|i| b.named(i, &below())).collect::<Vec<_>>(),
    };
    Press::new(&ROUND)?.print(lang, &Notices::from(&r.region), None, figures)
}

fn head(r: Round<'_>) -> Value {
    let distances: Vec<Both> = r.criteria.serving.all.iter().map(|c| criterion_label(*c)).collect();
    let t = &r.part.file.round;
    let own = ["chargegap's own; no official scoring table with weights is known", "chargegap 自定；目前没有已知的官方评分表"];
    let typed = |text: &Option<String>, or: [&str; 2]| text.as_deref().map_or(Both::from(or), |t| Both::same(shown(t)));
    context! {
        id => shown(&t.id), year => t.year.map_or(String::new(), |y| format!("({y})")),
        profile => typed(&t.profile, ["chargegap default", "chargegap 默认"]),
        source => typed(&t.profile_source, own),
        file => shown(&r.part.file.name),
        signed_by => t.signed_by.as_deref().map(shown).filter(|s| !s.is_empty()),
        day => t.date.as_deref().map(shown),
        asked => r.part.file.select.is_asked(),
        faults => r.part.faults.accepted().map(fault).collect::<Vec<_>>(),
        by_hand_moved => overrides::only_moved(r),
        by_hand => overrides::told(overrides::rows(r)).into_iter().map(|row| {
            let said = overrides::sentence(&row);
            context! { code => shown(&row.unit.code), name => shown(&row.unit.name), name_zh => shown(&row.unit.name_zh), said => Both::clean(&said.en, &said.zh, 600) }
        }).collect::<Vec<_>>(),
        gates => r.eligible().map(|all| context! { said => all.sentence(), reasons => all.reasons() }),
        though => r.funded_though().into_iter().map(|h| Both::clean(&h.said.en, &h.said.zh, 600)).collect::<Vec<_>>(),
        stand_ins => stand_ins(&r),
        not_held => not_held(&r.issues).map(|said| Both::clean(&said.en, &said.zh, 600)),
        label => criterion_label(r.criteria.serving.headline_criterion()), list => Both::list(&distances),
    }
}

/// A fault that the round goes on with, and who answers for it.
fn fault((f, a): (&Fault, &AcceptTable)) -> Value {
    let what = Both::clean(&f.what.en, &f.what.zh, 400);
    context! { what, code => f.code.as_str(), print => f.print(), by => shown(&a.by), on => shown(&a.on), reason => clean(&a.reason, 400) }
}

/// The figures at the top.
fn cards(b: &RoundBook<'_>) -> Value {
    let r = b.r;
    let selected: Vec<usize> = (0..r.members.len()).filter(|i| r.part.choices[*i].why.is_selected()).collect();
    let provinces: std::collections::BTreeSet<&str> = selected.iter().map(|i| b.province(*i)).filter(|p| !p.is_empty()).collect();
    let road: u64 = r.members.iter().map(|m| m.result.road_total_mm()).sum();
    let gap: u64 = r.members.iter().map(|m| m.result.total(Service::Charging, r.criteria.serving.headline).gap_mm).sum();
    let people = |of: fn(&crate::rank::CountyFigures) -> u64| r.evidence.nominal().iter().map(of).sum::<u64>();
    let ranked = b.view.ranked().len() as u64;
    let spent: u64 = selected.iter().filter_map(|i| r.part.choices[*i].cost).sum();
    context! {
        counties => grouped(r.members.len() as u64), ranked => grouped(ranked), not_ranked => grouped(r.members.len() as u64 - ranked),
        selected => grouped(selected.len() as u64), provinces => grouped(provinces.len() as u64), any_province => !provinces.is_empty(),
        budget => r.part.file.select.budget.map(amount), spent => Book::money(Some(spent)),
        currency => r.part.file.select.currency.as_deref().map_or(String::new(), |c| format!(" ({})", shown(c))),
        road => km1(road), gap => km1(gap), gap_share => percent(gap, road),
        people_gap => grouped(people(|f| f.people_in_gap)), people => grouped(people(|f| f.people)),
    }
}

/// Money as it was typed.
pub(crate) fn amount(money: f64) -> String {
    fixed(money, if money.fract() == 0.0 { 0 } else { 2 })
}

/// Where a county stands at each line. A line of the office is named beside its band, also where it is the only one: who is above it for certain may
/// not be selected at all.
fn bands(b: &RoundBook<'_>, county: usize) -> Vec<Value> {
    let of_selection = matches!(lines_of(&b.view), [line] if line.key == "selection");
    let name = |line: &LineOut| Value::from(if of_selection { Both::same("") } else { line_name(&line.key) });
    bands_of(&b.view, county, name)
}

fn one(b: &RoundBook<'_>, row: &RankRow) -> Value {
    let bands = bands(b, row.county);
    let province = b.province_name(b.province(row.county));
    let cost = Book::money(b.r.part.choices[row.county].cost);
    context! { county => b.named(row.county, &below()), bands, cost, joint => row.joint.as_deref().map(shown), province }
}

/// Ranked counties that were not selected, by the points that they lack to the last one selected of those they compete with; ties
/// by place.
fn closest<'b>(b: &'b RoundBook<'_>) -> Vec<(f64, &'b RankRow)> {
    let missed = b.view.ranked().iter().filter(|row| !b.r.part.choices[row.county].why.is_selected());
    let mut all: Vec<(f64, &RankRow)> =
        missed.filter_map(|row| Some((b.short(row.county, b.rival(row.county)?)?, row))).collect();
    // Who has more points than the last selected was passed over for the money: those come by place, before all that lack points.
    all.sort_by(|x, y| x.0.max(0.0).total_cmp(&y.0.max(0.0))); // stable: places stay in order
    all
}

fn missed(b: &RoundBook<'_>, short: f64, row: &RankRow) -> Value {
    let why = Both::from(crate::tables::selection::why(&b.r, row.county));
    let rival = b.rival(row.county).map(|rival| b.named(rival.county(), &below()));
    let bands = bands(b, row.county);
    context! { county => b.named(row.county, &below()), short => fixed(short, 2), why, rival, bands }
}

fn provinces(b: &RoundBook<'_>) -> Vec<Value> {
    let sums = provinces::rows(b.r);
    if sums.iter().all(|p| p.province.is_empty()) {
        return Vec::new(); // codes name no provinces
    }
    let one = |p: &crate::tables::provinces::ProvinceSum<'_>| {
        context! {
            code => shown(p.province), name => b.province_name(p.province),
            counties => grouped(p.counties), ranked => grouped(p.ranked), quota => p.quota.map(|q| grouped(q as u64)),
            funded => grouped(p.funded), places => grouped(p.places_used), any => p.funded + p.places_used > 0, best => p.best_rank.map(|n| grouped(n.into())),
            cost => Book::money(p.cost), last => p.last_score.map(|s| fixed(s, 2)),
            road => km1(p.road_mm), gap => km1(p.gap_mm), share => percent(p.gap_mm, p.road_mm),
        }
    };
    sums.iter().map(one).collect()
}

fn sure(b: &RoundBook<'_>) -> Value {
    let Some(s) = b.view.sureness() else { return Value::from(()) };
    let table = &b.r.settings.table.uncertainty;
    context! {
        draws => grouped(s.ranges.draws.into()), lines => s.ranges.lines.len(),
        certain => fixed(table.certain * 100.0, 0), out => fixed(table.out * 100.0, 0),
    }
}

/// What is in no county's figures, and which counties have none.
fn left(b: &RoundBook<'_>) -> Value {
    let (r, f) = (b.r, &b.r.facts);
    let failed = (0..r.members.len()).filter(|i| r.members[*i].shard.as_ref().is_none_or(|s| s.done.is_none()));
    let told = |i: usize| context! { county => b.named(i, &below()), why => Both::from(crate::tables::selection::why(&r, i)) };
    let (length, b) = (|mm: u64| fixed(km(mm), 1), &r.balance);
    let unranked = r.part.choices.iter().filter(|c| matches!(c.why, Why::NotRanked)).count() as u64;
    let applicants = r.part.applicants.len() as u64;
    let without = applicant::without_county(r).map(|(i, row)| {
        let why = Both::clean(&row.why[0], &row.why[1], 400);
        context! { href => applicant::page_name(i), code => shown(&row.applicant.written), name => shown(&row.applicant.name), why }
    });
    context! {
        applicants => (applicants > 0).then(|| grouped(applicants)), without => without.collect::<Vec<_>>(),
        failed => failed.map(told).collect::<Vec<_>>(), unranked => grouped(unranked), any_unranked => unranked > 0,
        stations => grouped(f.stations[1] as u64), all_stations => grouped(f.stations[0] as u64), part => grouped(f.stations[2] as u64),
        places => grouped(f.settlements[1] as u64),
        read => length(b.read_mm), by_class => length(b.left_out_mm), twice => length(b.repeated_mm), cut => length(b.islands_mm),
        outside => length(b.outside_mm),
    }
}
