//! A profile for people: every fact with its mark and sources, the rules, the table of the reward, what is not published.

use super::list::Programmes;
use super::profile::{Fact, Mark, Profile, Value};
use super::rule::{Filter, Rule};
use crate::error::{Result, printable};
use crate::files::lang::Lang;
use crate::files::units::{unit_names, with_unit};
use std::fmt::Write;

/// A text of two languages; English where the other is not given.
fn pick<'a>(lang: Lang, en: &'a str, zh: &'a str) -> &'a str {
    if lang == Lang::Zh && !zh.is_empty() { zh } else { en }
}

/// The list of profiles: name, title, and how much of each is to be set.
///
/// # Errors
/// Usage, where a profile cannot be read.
pub fn list_text(programmes: &Programmes, lang: Lang) -> Result<String> {
    let mut s = String::new();
    for name in programmes.names() {
        let p = programmes.get(name)?;
        let own = if programmes.is_own(name) { pick(lang, " (own file)", "（自有文件）") } else { "" };
        let unset = p.unset().count();
        let open = match (unset, lang) {
            (0, _) => String::new(),
            (n, Lang::En) => format!("; {n} to be set by the user"),
            (n, Lang::Zh) => format!("；{n} 项由用户设定"),
        };
        let _ = writeln!(s, "{:<22} {}{own}{open}", printable(name), printable(pick(lang, &p.title, &p.title_zh)));
    }
    Ok(s)
}

/// All of a profile.
pub fn text(p: &Profile, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let mut s = format!("{}  {}\n", p.name, pick(lang, &p.title, &p.title_zh));
    let data = if zh { "数据版本" } else { "data of" };
    let _ = write!(s, "{data} {}", p.version);
    if let Some(from) = &p.from {
        let _ = write!(s, "{} {from}", if zh { "；自" } else { "; from" });
    }
    if let Some(until) = &p.until {
        let _ = write!(s, "{} {until}", if zh { "；至" } else { "; until" });
    }
    s += "\n";
    facts(p, lang, &mut s);
    gates(p, lang, &mut s);
    reward(p, lang, &mut s);
    rules(p, lang, &mut s);
    if !p.not_published.is_empty() {
        s += if zh { "\n未公布，或数据不含\n" } else { "\nnot published, or not in data\n" };
        for n in &p.not_published {
            let _ = writeln!(s, "  - {}", pick(lang, &n.text, &n.text_zh));
        }
    }
    s += if zh { "\n来源\n" } else { "\nsources\n" };
    for source in &p.sources {
        let more: Vec<&str> =
            [&source.number, &source.date, &source.address].into_iter().map(String::as_str).filter(|t| !t.is_empty()).collect();
        let _ = writeln!(s, "  {:<5}{}; {}", source.id, source.title, more.join("; "));
    }
    s += if zh { "\n可信度\n" } else { "\nmarks\n" };
    for mark in Mark::ALL.into_iter().filter(|m| p.facts.iter().any(|f| f.mark == *m)) {
        let [en, chinese] = mark.meaning();
        let _ = writeln!(s, "  {:<5}{}", mark.as_str(), pick(lang, en, chinese));
    }
    printable(&s)
}

/// The value with its unit.
fn value(f: &Fact, lang: Lang) -> String {
    match &f.value {
        None => {
            pick(lang, "set by the user", "由用户设定").to_owned()
                + &if f.unit.is_empty() { String::new() } else { format!(" ({})", unit_names(&f.unit).of(lang)) }
        }
        Some(Value::Words(words)) => words.clone(),
        Some(Value::Number(n)) if f.unit == "%" => format!("{n} %"),
        Some(Value::Number(n)) => with_unit(grouped(*n), &f.unit).of(lang).to_owned(),
    }
}

/// A number with a comma between thousands.
fn grouped(n: f64) -> String {
    let text = n.to_string();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    rest.map_or(out.clone(), |rest| format!("{out}.{rest}"))
}

fn facts(p: &Profile, lang: Lang, s: &mut String) {
    *s += pick(lang, "\nfacts: value, mark, sources\n", "\n事实：数值、可信度、来源\n");
    for f in &p.facts {
        let sources = if f.sources.is_empty() { "–".to_owned() } else { f.sources.join(" ") };
        let _ = writeln!(s, "  {:<24} {:<22} {:<4} {sources}", f.key, value(f, lang), f.mark.as_str());
        let _ = writeln!(s, "      {}", pick(lang, &f.text, &f.text_zh));
    }
}

fn gates(p: &Profile, lang: Lang, s: &mut String) {
    let Some(g) = &p.gates else { return };
    *s += pick(lang, "\nwho may apply\n", "\n申报条件\n");
    let _ = writeln!(s, "  {}  ({} {})", pick(lang, &g.text, &g.text_zh), g.mark.as_str(), g.sources.join(" "));
    for l in &g.least {
        let bound = p.fact(&l.at_least).map(|f| value(f, lang)).unwrap_or_default();
        let _ = writeln!(s, "  {} ≥ {bound}", pick(lang, &l.text, &l.text_zh));
    }
    for n in &g.never {
        let _ = writeln!(s, "  {}  ({} {})", pick(lang, &n.text, &n.text_zh), n.mark.as_str(), n.sources.join(" "));
    }
}

fn reward(p: &Profile, lang: Lang, s: &mut String) {
    let Some(r) = &p.reward else { return };
    *s += pick(lang, "\nreward a year, by utilisation at or above\n", "\n年度奖励：利用率达到或超过\n");
    let _ = writeln!(s, "  {}  ({} {})", pick(lang, &r.metric, &r.metric_zh), r.mark.as_str(), r.sources.join(" "));
    let amounts: Vec<String> = r.amounts_yuan.iter().map(|a| format!("{:>12}", grouped(*a as f64))).collect();
    let _ = writeln!(s, "  {:<28}{}  {}", "", amounts.concat(), pick(lang, "yuan", "元"));
    for name in &r.classes {
        let Some(class) = r.class.get(name) else { continue };
        for year in &r.years {
            let row = class.percent.get(&year.to_string()).into_iter().flatten();
            let cells: Vec<String> = row.map(|v| format!("{:>12}", format!("{v} %"))).collect();
            let label = format!("{} {} {year}", pick(lang, name, &class.name_zh), class.bounds_text());
            let _ = writeln!(s, "  {label:<28}{}", cells.concat());
        }
    }
    let _ = writeln!(s, "  p: {}", pick(lang, &r.class_by, &r.class_by_zh));
    if !r.assumption.is_empty() {
        let _ = writeln!(s, "  {}{}", pick(lang, "assumed: ", "假定："), pick(lang, &r.assumption, &r.assumption_zh));
    }
    if let Some(cap) = p.fact(&r.cap) {
        let _ = writeln!(s, "  {}{}", pick(lang, "at most ", "合计不超过 "), value(cap, lang));
    }
}

fn rules(p: &Profile, lang: Lang, s: &mut String) {
    if p.rules.is_empty() {
        return;
    }
    *s += pick(lang, "\nrules\n", "\n规则\n");
    for r in &p.rules {
        let [en, zh] = r.shape.meaning();
        let _ = writeln!(s, "  {} ({}: {})", r.name, r.shape.as_str(), pick(lang, en, zh));
        let _ = writeln!(s, "      {}", pick(lang, &r.text, &r.text_zh));
        if let Some(roads) = &r.roads {
            let _ = writeln!(s, "      {}{roads}", pick(lang, "roads: ", "道路："));
        }
        let named = named(p, r, lang);
        if !named.is_empty() {
            let _ = writeln!(s, "      {}", named.join("; "));
        }
        let words = words(&r.filter);
        if !words.is_empty() {
            let _ = writeln!(s, "      {}{}", pick(lang, "counts: ", "计入："), words.join("; "));
        }
    }
}

/// The facts that a rule names, with their values.
fn named(p: &Profile, r: &Rule, lang: Lang) -> Vec<String> {
    let one = |(key, fact): (String, &str)| Some(format!("{key} = {}", value(p.fact(fact)?, lang)));
    r.named().into_iter().filter_map(one).collect()
}

/// What a filter asks for beside facts.
fn words(f: &Filter) -> Vec<String> {
    let list = |name: &str, words: &[String]| (!words.is_empty()).then(|| format!("{name} {}", words.join(" or ")));
    let flag = |name: &str, asked: Option<bool>| asked.map(|yes| format!("{name} {}", if yes { "yes" } else { "no" }));
    let vehicle = f.vehicle.map(|v| format!("vehicle {}", if v == super::VehicleKind::Truck { "truck" } else { "car" }));
    [
        list("services", &f.services),
        list("access", &f.access),
        vehicle,
        flag("dc", f.dc),
        flag("certified", f.certified),
        flag("trailer", f.trailer),
    ]
    .into_iter()
    .flatten()
    .collect()
}
