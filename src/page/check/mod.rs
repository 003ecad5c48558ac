//! The data report as one HTML page, in English and Chinese, that opens offline. No script, no outside reference.
//!
//! It puts the [`facts`] into `maps/check/page.html.j2`, which escapes them.

pub mod facts;
pub mod json;
mod map;

use self::facts::{CheckFacts, ClassFacts, FieldFacts, LayerCounts, PlacedIssue, classes_with_lines};
use self::map::{CheckMap, check_map};
use super::base::{CHECK, Notices, Press};
use super::i18n::{Texts, class_name, shown};
use super::report::MOST_ROWS;
use crate::error::Result;
use crate::files::lang::{Both, Lang};
use crate::files::messages::{both, both_cleaned, both_places};
use crate::files::text::{NONE, clean, grouped, km1, percent};
use crate::issue::{Issue, IssueCode, Layer, Severity};
use crate::read::InputFile;
use crate::setup::steps::Step;
use minijinja::{Value, context};

/// Rows of the table of places.
const MOST_PLACES: usize = 60;
/// Width of a full bar, px.
const BAR: u64 = 90;

/// Makes the page; it opens in a language, and is the same bytes for the same facts.
///
/// # Errors
/// Internal, when the template and its texts do not fit each other.
pub fn check_html(facts: &CheckFacts<'_>, lang: Lang) -> Result<String> {
    let press = Press::new(&CHECK)?;
    let placed = facts.placed();
    let figures = context! {
        head => head(facts),
        error => facts.error.map(|e| context! {
            what => both_cleaned(e.what(), 2000),
            at => both_places(e.location(), 600),
            next => (!e.next().is_empty()).then(|| both_cleaned(e.next(), 600)),
            code => e.exit_code(),
        }),
        steps => facts.steps.iter().take(MOST_ROWS).map(step).collect::<Vec<_>>(),
        layers => facts.layers().iter().map(layer).collect::<Vec<_>>(),
        issues => issues(facts),
        places => places(facts, &placed),
        fields => fields(&facts.fields(), press.texts()),
        unused => unused(facts),
        roads => roads(facts),
        duplicates => duplicates(&placed),
        inputs => inputs(facts, press.texts()),
    };
    let unnamed = || Notices { name: shown(facts.input), ..Notices::default() };
    press.print(lang, &facts.region.map_or_else(unnamed, Notices::from), None, figures)
}

/// One thing to do.
fn step(s: &Step) -> Value {
    context! { must => s.must, what => both_cleaned(&s.what, 1000), next => both_cleaned(&s.next, 600) }
}

fn head(facts: &CheckFacts<'_>) -> Value {
    let layers = facts.layers();
    let count = |f: fn(&LayerCounts) -> u64| grouped(layers.iter().map(f).sum());
    let of_layer = |layer: Layer| layers.iter().find(|l| l.layer == layer).map_or(0, |l| l.kept);
    let roads = facts.roads();
    context! {
        input => clean(facts.input, 300),
        limit => facts.limit.map_or(NONE.to_owned(), share_text),
        read => count(|l| l.read),
        kept => count(|l| l.kept),
        refused => count(|l| l.refused),
        any_refused => layers.iter().any(|l| l.refused > 0),
        left_out => count(|l| l.left_out),
        warnings => grouped(facts.issues.of_severity(Severity::Warning)),
        any_warnings => facts.issues.of_severity(Severity::Warning) > 0,
        notes => grouped(facts.issues.of_severity(Severity::Note)),
        complete => facts.inputs.is_some(),
        counties => grouped(of_layer(Layer::Counties)),
        stations => grouped(of_layer(Layer::Stations)),
        settlements => grouped(of_layer(Layer::Settlements)),
        road => roads.as_ref().map_or(NONE.to_owned(), |r| km1(r.all().mm)),
        road_read => roads.as_ref().map_or(NONE.to_owned(), |r| km1(r.read_mm)),
        files => facts.files.len(),
    }
}

/// A setting as a percentage, no decimals that are not there.
fn share_text(share: f64) -> String {
    let text = format!("{:.3}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// What a code says, as part of a row.
fn said(code: IssueCode) -> Both {
    Both::new(code.en().trim_end_matches('.'), code.zh())
}

fn layer(l: &LayerCounts) -> Value {
    let code = |(code, n): &(IssueCode, u64)| {
        context! { code => code.as_str(), what => said(*code), count => grouped(*n) }
    };
    context! {
        layer => l.layer.as_str(),
        read => grouped(l.read),
        kept => grouped(l.kept),
        left_out => grouped(l.left_out),
        refused => grouped(l.refused),
        any => l.refused > 0,
        share => percent(l.refused, l.read),
        by => l.by_code.iter().map(code).collect::<Vec<_>>(),
    }
}

fn issues(facts: &CheckFacts<'_>) -> Vec<Value> {
    let row = |((layer, code), (count, mm)): ((Layer, IssueCode), (u64, u64))| {
        context! {
            layer => layer.as_str(),
            code => code.as_str(),
            what => Both::new(code.en(), code.zh()),
            severity => code.severity().as_str(),
            count => grouped(count),
            km => if mm > 0 { km1(mm) } else { String::new() },
            next => both(code.next()),
        }
    };
    let mut all: Vec<_> = facts.issues.by_code().into_iter().collect();
    all.sort_by_key(|((layer, code), _)| (code.severity(), *layer, *code));
    all.into_iter().map(row).collect()
}

/// The map and the table beside it: where refused and doubted records stand.
fn places(facts: &CheckFacts<'_>, placed: &[PlacedIssue<'_>]) -> Value {
    let map = facts.inputs.and_then(|inputs| check_map(inputs, placed));
    let mut rows: Vec<&PlacedIssue<'_>> = placed.iter().filter(|p| p.issue.code.severity() != Severity::Note).collect();
    rows.sort_by_key(|p| p.issue.code.severity());
    let row = |p: &&PlacedIssue<'_>| {
        let i = p.issue;
        context! {
            place => place(i),
            layer => i.layer.as_str(),
            file => i.at.file.as_deref().map_or(String::new(), |f| clean(f, 300)),
            severity => i.code.severity().as_str(),
            message => both_cleaned(&i.message, 300),
            at => p.at.map_or(String::new(), |at| format!("{:.5}, {:.5}", at.lon(), at.lat())),
        }
    };
    let of = |severity: Severity| facts.issues.of_severity(severity);
    context! {
        svg => map.as_ref().map(|m| m.svg.as_str()),
        shown => grouped(map.as_ref().map_or(0, |m| m.shown)),
        beyond => map.as_ref().filter(|m| m.beyond > 0).map(|m| grouped(m.beyond)),
        roads_cut => map.as_ref().is_some_and(|m: &CheckMap| m.roads_cut),
        doubted => grouped(of(Severity::Refused) + of(Severity::Warning)),
        rows => rows.iter().take(MOST_PLACES).map(row).collect::<Vec<_>>(),
        all => rows.len(),
        all_text => grouped(rows.len() as u64),
        rows_shown => rows.len().min(MOST_PLACES),
    }
}

/// Feature, line, id and field of an issue as far as they are known, in English and Chinese.
fn place(i: &Issue) -> Both {
    let number =
        |n: Option<u64>, en: &str, zh: [&str; 2]| n.map(|n| Both::new(format!("{en} {n}"), format!("{}{n}{}", zh[0], zh[1])));
    let text = |t: &Option<String>, en: &str, zh: &str| {
        let t = t.as_deref().map(|t| clean(t, 120));
        t.map(|t| Both::new(format!("{en} {t}"), format!("{zh} {t}")))
    };
    let parts = [
        number(i.at.feature, "feature", ["第 ", " 个要素"]),
        number(i.at.line, "line", ["第 ", " 行"]),
        text(&i.at.id, "id", "编号"),
        text(&i.at.field, "field", "字段"),
    ];
    let known: Vec<Both> = parts.into_iter().flatten().collect();
    Both::join(&known, [", ", "，"])
}

/// Columns that nothing used, by layer; a star at those that look like ours.
fn unused(facts: &CheckFacts<'_>) -> Vec<Value> {
    let all = facts.unused_columns();
    let of = |layer: &Layer| {
        let mut names: Vec<String> = all
            .iter()
            .filter(|u| u.layer == *layer)
            .take(MOST_ROWS)
            .map(|u| clean(&u.column, 80) + if u.like_ours { " *" } else { "" })
            .collect();
        let further = all.iter().filter(|u| u.layer == *layer).count() - names.len();
        if further > 0 {
            names.push(format!("… (+ {})", grouped(further as u64)));
        }
        names
    };
    let layers = Layer::ALL.iter().map(|layer| (layer, of(layer))).filter(|(_, names)| !names.is_empty());
    layers.map(|(layer, names)| context! { layer => layer.as_str(), columns => names.join(" · ") }).collect()
}

/// Fields by layer.
fn fields(all: &[FieldFacts], texts: &Texts) -> Vec<Value> {
    let row = |f: &FieldFacts| {
        let one = |(word, n): &(String, u64)| {
            let (text, n) = (texts.word("value_", &clean(word, 40)), grouped(*n));
            Both::new(format!("{} {n}", text.en), format!("{} {n}", text.zh))
        };
        let mut words: Vec<Both> = f.values.iter().take(8).map(one).collect();
        if f.values.len() > 8 {
            words.push(Both::same("…"));
        }
        let full = (f.filled * BAR).checked_div(f.of).unwrap_or(0);
        context! {
            field => f.field, name => texts.word("field_", f.field),
            filled => grouped(f.filled),
            of => grouped(f.of),
            share => percent(f.filled, f.of),
            bar => full.max(u64::from(f.filled > 0)),
            words => Both::list(&words),
        }
    };
    Layer::ALL
        .iter()
        .map(|layer| (layer, all.iter().filter(|f| f.layer == *layer).map(row).collect::<Vec<_>>()))
        .filter(|(_, rows)| !rows.is_empty())
        .map(|(layer, rows)| context! { layer => layer.as_str(), rows })
        .collect()
}

fn roads(facts: &CheckFacts<'_>) -> Value {
    let row = |i: &&Issue| {
        context! {
            code => i.code.as_str(), why => said(i.code), what => both_cleaned(&i.message, 200), count => grouped(i.count), km => km1(i.length_mm),
        }
    };
    let left_out = facts.roads_left_out();
    let rows: Vec<Value> = left_out.iter().take(MOST_ROWS).map(row).collect();
    let sum = facts.roads().map(|r| {
        let all = r.all();
        let cells = |c: ClassFacts| {
            context! {
                lines => grouped(c.lines), km => km1(c.mm), share => percent(c.mm, all.mm),
                bar => (u128::from(c.mm) * u128::from(BAR) / u128::from(all.mm.max(1))) as u64,
                one_way => percent(c.one_way_mm, c.mm), named => percent(c.named_mm, c.mm),
            }
        };
        let named = |(class, c)| context! { name => class_name(class), ..cells(c) };
        context! {
            classes => classes_with_lines(&r).map(named).collect::<Vec<_>>(),
            all => cells(all),
            read => km1(r.read_mm), left_out => km1(r.left_out_mm),
        }
    });
    context! { sum, left_out => rows, left_out_all => left_out.len(), left_out_all_text => grouped(left_out.len() as u64) }
}

fn duplicates(placed: &[PlacedIssue<'_>]) -> Value {
    let is_double = |p: &&PlacedIssue<'_>| matches!(p.issue.code, IssueCode::DuplicateId | IssueCode::DuplicateStation);
    let all: Vec<&PlacedIssue<'_>> = placed.iter().filter(is_double).collect();
    let row = |p: &&PlacedIssue<'_>| {
        context! {
            layer => p.issue.layer.as_str(), what => said(p.issue.code),
            at => both_places(&p.issue.at, 300), message => both_cleaned(&p.issue.message, 300),
        }
    };
    context! {
        all => all.len(), all_text => grouped(all.len() as u64), shown => all.len().min(MOST_PLACES),
        rows => all.iter().take(MOST_PLACES).map(row).collect::<Vec<_>>(),
    }
}

fn inputs(facts: &CheckFacts<'_>, texts: &Texts) -> Value {
    let or_none = |text: &str| if text.is_empty() { NONE.to_owned() } else { clean(text, 200) };
    let file = |f: &InputFile| {
        context! {
            path => clean(&f.path, 400),
            roles => f.role.split('+').map(|word| texts.word("layer_", word)).collect::<Vec<_>>(),
            bytes => grouped(f.bytes),
            sha256 => f.sha256.get(..12).map_or_else(|| NONE.to_owned(), |s| format!("{s}…")),
            format => or_none(&f.format),
            crs => or_none(&f.crs),
        }
    };
    context! {
        files => facts.files.iter().take(MOST_ROWS).map(file).collect::<Vec<_>>(),
        all => facts.files.len(),
        shown => facts.files.len().min(MOST_ROWS),
    }
}
